package org.pontoon.engine.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;

class LiveBridgeTest {

    private static final int DIMENSION = 20;

    private static LightBridge bridge(long seed, Covariance covariance) {
        return TestClouds.bridge(1 + (int) (seed % 7), DIMENSION, covariance, 0.3, seed);
    }

    @Test
    void readersSeeAReplacementAtTheirNextRequest() {
        LightBridge first = bridge(1, Covariance.DIAGONAL);
        LightBridge second = bridge(2, Covariance.FULL);
        LiveBridge live = new LiveBridge(first);
        LiveBridge.Reader reader = live.reader();
        BridgeSampler before = reader.sampler();
        assertThat(reader.sampler()).isSameAs(before);
        assertThat(reader.version()).isEqualTo(1);
        assertThat(live.replace(second)).isEqualTo(2);
        assertThat(live.bridge()).isSameAs(second);
        assertThat(live.version()).isEqualTo(2);
        assertThat(before.bridge()).as("a sampler keeps its bridge").isSameAs(first);
        assertThat(reader.version()).as("of the last sampler").isEqualTo(1);
        assertThat(reader.sampler().bridge()).isSameAs(second);
        assertThat(reader.version()).isEqualTo(2);
    }

    @Test
    void aBridgeOfAnotherDimensionIsRefusedAndTheOldOneStays() {
        LiveBridge live = new LiveBridge(bridge(1, Covariance.DIAGONAL));
        LightBridge wider = TestClouds.bridge(2, DIMENSION + 1, Covariance.DIAGONAL, 0.3, 1);
        assertThatThrownBy(() -> live.replace(wider)).isInstanceOf(IllegalArgumentException.class)
            .hasMessage("the new bridge has dimension 21, expected that of the old one, 20");
        assertThatThrownBy(() -> live.replace(null)).isInstanceOf(NullPointerException.class);
        assertThat(live.version()).isEqualTo(1);
    }

    /** Every answer under a storm of replacements is wholly that of one version, and versions never go back. */
    @Test
    void answersAreNeverTornWhileBridgesAreReplaced() throws InterruptedException, ExecutionException {
        int bridges = 6;
        float[] x = TestClouds.floats(TestClouds.point(DIMENSION, 1));
        LightBridge[] all = new LightBridge[bridges];
        float[][] answers = new float[bridges][DIMENSION];
        for (int i = 0; i < bridges; i++) {
            all[i] = bridge(i, i % 3 == 0 ? Covariance.FULL : Covariance.DIAGONAL);
            new BridgeSampler(all[i]).sample(7, 8, x, 0, answers[i], 0);
        }
        LiveBridge live = new LiveBridge(all[0]);
        AtomicBoolean stop = new AtomicBoolean();
        CountDownLatch unread = new CountDownLatch(2);
        Callable<Long> reading = () -> {
            LiveBridge.Reader reader = live.reader();
            float[] y = new float[DIMENSION];
            long last = 0;
            long seen = 0;
            while (!stop.get()) {
                reader.sampler().sample(7, 8, x, 0, y, 0);
                long version = reader.version();
                assertThat(version >= last).isTrue();
                assertThat(Arrays.equals(y, answers[(int) ((version - 1) % bridges)])).as("answer of version %d", version).isTrue();
                seen += version == last ? 0 : 1;
                if (seen == 2 && version != last) {
                    unread.countDown();
                }
                last = version;
            }
            return seen;
        };
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<Long>> readers = new ArrayList<>(List.of(threads.submit(reading), threads.submit(reading)));
            // both readers see some of them, however late they come
            for (int i = 1; i < 5000 || unread.getCount() > 0 && readers.stream().noneMatch(Future::isDone); i++) {
                live.replace(all[i % bridges]);
                if (i % 16 == 0) {
                    Thread.yield();
                }
            }
            stop.set(true);
            for (Future<Long> reader : readers) {
                assertThat(reader.get()).isPositive();
            }
        }
    }
}
