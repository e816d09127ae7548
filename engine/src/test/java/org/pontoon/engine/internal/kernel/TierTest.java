package org.pontoon.engine.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;

class TierTest {

    private static final long MUCH = 1L << 40;

    private Object waste;

    private static void await(Tier tier) throws InterruptedException {
        while (!tier.vector) {
            Thread.sleep(1);
        }
    }

    @Test
    void aLoopIsSwitchedToOnceItsCallsAllocateNothing() throws InterruptedException {
        Tier tier = Tier.of("idle", () -> () -> {
        });
        assertThat(tier.vector).isFalse();
        tier.scalar(MUCH);
        await(tier);
        assertThat(tier).hasToString("idle: vectors");
    }

    @Test
    void aLoopThatStillAllocatesIsCalledAgain() throws InterruptedException {
        int[] left = {300};
        Tier tier = Tier.of("slow to compile", () -> () -> {
            if (left[0] > 0) {
                left[0]--;
                waste = new long[64];
            }
        });
        tier.scalar(MUCH);
        await(tier);
        assertThat(left[0]).isZero();
    }

    @Test
    void workThatIsNotWorthItPrimesNothing() throws InterruptedException {
        CountDownLatch primed = new CountDownLatch(1);
        Tier tier = Tier.of("rarely used", () -> {
            primed.countDown();
            return () -> {
            };
        });
        for (int k = 0; k < 1000; k++) {
            tier.scalar(1);
        }
        assertThat(primed.await(50, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(tier.vector).isFalse();
    }

    @Test
    void primingHasAThreadOfItsOwnThatKeepsNoProcessAlive() throws InterruptedException {
        AtomicReference<Thread> thread = new AtomicReference<>();
        Tier tier = Tier.of("watched", () -> {
            thread.set(Thread.currentThread());
            return () -> {
            };
        });
        tier.scalar(MUCH);
        await(tier);
        assertThat(thread.get().isDaemon()).isTrue();
        assertThat(thread.get()).isNotSameAs(Thread.currentThread());
        thread.get().join();
    }

    @Test
    void loopsArePrimedInTheOrderInWhichTheyWereAskedFor() throws InterruptedException {
        StringBuilder order = new StringBuilder();
        CountDownLatch go = new CountDownLatch(1);
        Tier first = Tier.of("first", () -> () -> {
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Tier second = Tier.of("second", () -> {
            order.append("second ");
            return () -> {
            };
        });
        Tier third = Tier.of("third", () -> {
            order.append("third");
            return () -> {
            };
        });
        first.scalar(MUCH);
        second.scalar(MUCH);
        third.scalar(MUCH);
        assertThat(second.vector || third.vector).isFalse();
        go.countDown();
        await(third);
        assertThat(order).hasToString("second third");
    }

    @Test
    void whoKnowsOfManyCallsAsksAtOnceAndWaits() {
        Tier used = Tier.of("used", () -> () -> {
        });
        Tier other = Tier.of("other", () -> () -> {
        });
        other.scalar(1);
        assertThat(Tier.prime(() -> used.scalar(1), TimeUnit.MINUTES.toNanos(1)).compiled()).isTrue();
        assertThat(used.vector).isTrue();
        assertThat(other.vector).isFalse();
        assertThat(Tier.prime(() -> {
        }, 0).compiled()).isTrue();
    }

    @Test
    void aLoopThatIsNotCompiledByTheLimitIsSaidNotToBe() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        Tier slow = Tier.of("slow", () -> () -> {
            if (go.getCount() > 0) {
                waste = new long[64];
            }
        });
        assertThat(Tier.prime(() -> slow.scalar(1), TimeUnit.MILLISECONDS.toNanos(20)).compiled()).isFalse();
        go.countDown();
        assertThat(Tier.prime(() -> slow.scalar(1), TimeUnit.MINUTES.toNanos(1)).compiled()).isTrue();
        assertThat(slow.vector).isTrue();
    }

    @Test
    void aTwinThatRunsFirstInThePrimingCallsIsPrimedToo() {
        Tier[] made = new Tier[1];
        assertThat(Tier.prime(() -> {
            made[0] = Tier.of("made", () -> () -> {
            });
            made[0].scalar(1);
        }, TimeUnit.MINUTES.toNanos(1)).compiled()).isTrue();
        assertThat(made[0].vector).isTrue();
    }
}
