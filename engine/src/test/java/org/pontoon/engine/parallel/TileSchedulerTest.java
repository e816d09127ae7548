package org.pontoon.engine.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TileSchedulerTest {

    /** Counts what ran, and notices two calls that share a worker number. */
    private static final class Watch implements TileTask {

        private final AtomicIntegerArray runs;
        private final AtomicIntegerArray busy;
        private final AtomicInteger collisions = new AtomicInteger();

        private Watch(int tiles, int threads) {
            runs = new AtomicIntegerArray(tiles);
            busy = new AtomicIntegerArray(threads);
        }

        @Override
        public void run(int tile, int worker) {
            if (!busy.compareAndSet(worker, 0, 1)) {
                collisions.getAndIncrement();
            }
            runs.getAndIncrement(tile);
            for (int i = 0; i < (tile & 7) * 20; i++) {
                Thread.onSpinWait();
            }
            busy.set(worker, 0);
        }

        private void assertEveryTileRan(int times) {
            for (int tile = 0; tile < runs.length(); tile++) {
                assertThat(runs.get(tile)).as("runs of tile %s of %s", tile, runs.length()).isEqualTo(times);
            }
            assertThat(collisions).hasValue(0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void everyTileRunsOnceOnAWorkerOfItsOwn(int threads) {
        try (TileScheduler scheduler = new TileScheduler(threads)) {
            assertThat(scheduler.threads()).isEqualTo(threads);
            for (int tiles : new int[] {0, 1, 2, 3, 4, 5, 7, 64, 1000, 20_011}) {
                Watch watch = new Watch(tiles, threads);
                scheduler.run(tiles, watch);
                watch.assertEveryTileRan(1);
                scheduler.run(tiles, watch);
                watch.assertEveryTileRan(2);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void aHundredThousandShortRunsLoseNothing(int threads) {
        int rounds = 100_000;
        int tiles = 4;
        long[] sums = new long[tiles];
        AtomicInteger failures = new AtomicInteger();
        Watch watch = new Watch(tiles, threads);
        // plain writes, made visible by the end of each run
        TileTask add = (tile, worker) -> {
            if (!watch.busy.compareAndSet(worker, 0, 1)) {
                failures.getAndIncrement();
            }
            sums[tile] += tile + 1;
            watch.busy.set(worker, 0);
        };
        try (TileScheduler scheduler = new TileScheduler(threads)) {
            for (int round = 1; round <= rounds; round++) {
                scheduler.run(tiles, add);
                if (sums[0] != round || sums[1] != 2L * round || sums[2] != 3L * round || sums[3] != 4L * round) {
                    failures.getAndIncrement();
                }
            }
        }
        assertThat(failures).hasValue(0);
        assertThat(sums).containsExactly(rounds, 2L * rounds, 3L * rounds, 4L * rounds);
    }

    @Test
    void pausesOfEveryLengthLoseNoTile() {
        // workers doze off after about 100 microseconds: runs begin before, at and after that moment
        try (TileScheduler scheduler = new TileScheduler(3)) {
            Watch watch = new Watch(9, 3);
            int rounds = 4_000;
            for (int round = 0; round < rounds; round++) {
                long end = System.nanoTime() + round % 160 * 1_000L;
                while (System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
                scheduler.run(9, watch);
            }
            watch.assertEveryTileRan(rounds);
        }
    }

    @Test
    void workersTakePart() {
        try (TileScheduler scheduler = new TileScheduler(3)) {
            // every tile waits for the others, so three threads are needed
            for (int round = 0; round < 20; round++) {
                CountDownLatch all = new CountDownLatch(3);
                AtomicInteger workers = new AtomicInteger();
                scheduler.run(3, (tile, worker) -> {
                    workers.getAndAdd(1 << worker);
                    all.countDown();
                    await(all);
                });
                assertThat(workers).hasValue(7);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void aFailureComesOutAndTheSchedulerGoesOn(int threads) {
        try (TileScheduler scheduler = new TileScheduler(threads)) {
            for (int round = 0; round < 200; round++) {
                int bad = round % 50;
                RuntimeException exception = new UnsupportedOperationException("tile " + bad);
                assertThatThrownBy(() -> scheduler.run(50, (tile, worker) -> {
                    if (tile == bad) {
                        throw exception;
                    }
                })).isSameAs(exception);
                Error error = new AssertionError("tile " + bad);
                assertThatThrownBy(() -> scheduler.run(50, (tile, worker) -> {
                    if (tile == bad) {
                        throw error;
                    }
                })).isSameAs(error);
                Watch watch = new Watch(50, threads);
                scheduler.run(50, watch);
                watch.assertEveryTileRan(1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void aCheckedExceptionThatWasSmuggledOutComesOutToo(int threads) {
        try (TileScheduler scheduler = new TileScheduler(threads)) {
            for (int round = 0; round < 50; round++) {
                for (boolean onCaller : new boolean[] {true, false}) {
                    CountDownLatch all = new CountDownLatch(threads);
                    assertThatThrownBy(() -> scheduler.run(threads, (tile, worker) -> {
                        all.countDown();
                        await(all);
                        if (threads == 1 || onCaller == (worker == 0)) {
                            throwAny(new IOException("tile"));
                        }
                    })).isInstanceOf(IOException.class);
                }
                Watch watch = new Watch(50, threads);
                scheduler.run(50, watch);
                watch.assertEveryTileRan(1);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void throwAny(Throwable e) throws T {
        throw (T) e;
    }

    @Test
    void tilesAfterAFailureAreSkipped() {
        try (TileScheduler scheduler = new TileScheduler(1)) {
            List<Integer> ran = new ArrayList<>();
            assertThatThrownBy(() -> scheduler.run(10, (tile, worker) -> {
                ran.add(tile);
                if (tile == 3) {
                    throw new IllegalArgumentException("three");
                }
            })).hasMessage("three");
            assertThat(ran).containsExactly(0, 1, 2, 3);
        }
        try (TileScheduler scheduler = new TileScheduler(2)) {
            AtomicInteger ran = new AtomicInteger();
            assertThatThrownBy(() -> scheduler.run(1_000_000, (tile, worker) -> {
                ran.getAndIncrement();
                throw new IllegalArgumentException("all");
            })).hasMessage("all");
            assertThat(ran).hasValueLessThan(1_000);
        }
    }

    @Test
    void theLowestOfSeveralFailuresComesOut() {
        try (TileScheduler scheduler = new TileScheduler(2)) {
            for (int round = 0; round < 50; round++) {
                CountDownLatch bothBegan = new CountDownLatch(2);
                CountDownLatch secondFails = new CountDownLatch(1);
                assertThatThrownBy(() -> scheduler.run(2, (tile, worker) -> {
                    bothBegan.countDown();
                    await(bothBegan);
                    if (tile == 0) {
                        await(secondFails);
                        Thread.yield();
                    } else {
                        secondFails.countDown();
                    }
                    throw new IllegalArgumentException("tile " + tile);
                })).hasMessage("tile 0");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void aTileMayNotCallBack(int threads) {
        try (TileScheduler scheduler = new TileScheduler(threads); TileScheduler other = new TileScheduler(2)) {
            AtomicInteger refused = new AtomicInteger();
            AtomicInteger inner = new AtomicInteger();
            CountDownLatch all = new CountDownLatch(threads);
            scheduler.run(threads, (tile, worker) -> {
                all.countDown();
                await(all);
                try {
                    scheduler.run(2, (t, w) -> inner.getAndIncrement());
                } catch (IllegalStateException e) {
                    assertThat(e).hasMessageContaining("called back");
                    refused.getAndIncrement();
                }
                // another scheduler is no matter
                other.run(3, (t, w) -> inner.getAndIncrement());
            });
            assertThat(refused).hasValue(threads);
            assertThat(inner).hasValue(3 * threads);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void aClosedSchedulerRefusesToRun(int threads) {
        TileScheduler scheduler = new TileScheduler(threads);
        scheduler.run(10, (tile, worker) -> {});
        scheduler.close();
        scheduler.close();
        AtomicInteger ran = new AtomicInteger();
        for (int tiles : new int[] {0, 1, 10}) {
            assertThatIllegalStateException().isThrownBy(() -> scheduler.run(tiles, (tile, worker) -> ran.getAndIncrement()))
                .withMessageContaining("closed");
        }
        assertThat(ran).hasValue(0);
    }

    @Test
    void closingWithoutARunIsFine() {
        new TileScheduler(3).close();
        TileScheduler.ofAllCores().close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aCallerWhoWaitedWhileTheSchedulerWasClosedIsRefused(int threads) throws Exception {
        for (int round = 0; round < 20; round++) {
            TileScheduler scheduler = new TileScheduler(threads);
            CountDownLatch began = new CountDownLatch(1);
            CountDownLatch end = new CountDownLatch(1);
            AtomicInteger ran = new AtomicInteger();
            Thread first = Thread.ofPlatform().start(() -> scheduler.run(2, (tile, worker) -> {
                began.countDown();
                await(end);
                ran.getAndIncrement();
            }));
            began.await();
            Thread closer = Thread.ofPlatform().start(scheduler::close);
            waitUntilBlocked(closer);
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread second = Thread.ofPlatform().start(() -> {
                try {
                    scheduler.run(2, (tile, worker) -> ran.getAndAdd(100));
                } catch (RuntimeException e) {
                    thrown.set(e);
                }
            });
            waitUntilBlocked(second);
            end.countDown();
            for (Thread thread : List.of(first, closer, second)) {
                thread.join();
            }
            assertThat(ran).hasValue(2);
            assertThat(thrown.get()).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
        }
    }

    private static void waitUntilBlocked(Thread thread) throws InterruptedException {
        while (thread.getState() != Thread.State.WAITING) {
            Thread.sleep(1);
        }
    }

    @Test
    void closeWaitsForTheRunThatIsUnderWay() throws Exception {
        TileScheduler scheduler = new TileScheduler(2);
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger ran = new AtomicInteger();
        Thread caller = Thread.ofPlatform().start(() -> scheduler.run(100, (tile, worker) -> {
            began.countDown();
            await(end);
            ran.getAndIncrement();
        }));
        began.await();
        Thread closer = Thread.ofPlatform().start(scheduler::close);
        waitUntilBlocked(closer);
        assertThat(ran).hasValue(0);
        end.countDown();
        closer.join();
        assertThat(ran).hasValue(100);
        caller.join();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void callersTakeTurns(int threads) throws ExecutionException, InterruptedException {
        int callers = 3;
        int rounds = 2_000;
        AtomicIntegerArray underWay = new AtomicIntegerArray(callers);
        AtomicInteger wrong = new AtomicInteger();
        try (TileScheduler scheduler = new TileScheduler(threads); ExecutorService pool = Executors.newFixedThreadPool(callers)) {
            List<Future<Long>> results = new ArrayList<>();
            for (int c = 0; c < callers; c++) {
                int caller = c;
                results.add(pool.submit(() -> {
                    long[] sums = new long[5];
                    for (int round = 0; round < rounds; round++) {
                        scheduler.run(5, (tile, worker) -> {
                            underWay.getAndIncrement(caller);
                            for (int other = 0; other < callers; other++) {
                                if (other != caller && underWay.get(other) != 0) {
                                    wrong.getAndIncrement();
                                }
                            }
                            sums[tile] += tile;
                            underWay.getAndDecrement(caller);
                        });
                    }
                    return sums[1] + sums[2] + sums[3] + sums[4];
                }));
            }
            for (Future<Long> result : results) {
                assertThat(result.get()).isEqualTo(10L * rounds);
            }
        }
        assertThat(wrong).hasValue(0);
    }

    @Test
    void anInterruptNeitherStopsARunNorGetsLost() {
        try (TileScheduler scheduler = new TileScheduler(2)) {
            Thread.currentThread().interrupt();
            Watch watch = new Watch(100, 2);
            scheduler.run(100, watch);
            assertThat(Thread.interrupted()).isTrue();
            watch.assertEveryTileRan(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void aSchedulerNeedsAThread(int threads) {
        assertThatIllegalArgumentException().isThrownBy(() -> new TileScheduler(threads)).withMessageContaining(Integer.toString(threads));
    }

    @Test
    void allCoresAreAsManyAsTheMachineHas() {
        try (TileScheduler scheduler = TileScheduler.ofAllCores()) {
            assertThat(scheduler.threads()).isEqualTo(Runtime.getRuntime().availableProcessors());
        }
    }

    @Test
    void silentProgressNeverCancels() {
        assertThat(Progress.NONE.advance(0, 10)).isTrue();
        assertThat(Progress.NONE.advance(10, 10)).isTrue();
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(5, TimeUnit.MINUTES)) {
                throw new IllegalStateException("nobody came");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
