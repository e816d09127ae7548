package org.pontoon.engine.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pontoon.engine.bridge.BridgeSampler;
import org.pontoon.engine.bridge.BridgeTrainer;
import org.pontoon.engine.bridge.BridgeTransport;
import org.pontoon.engine.bridge.Covariance;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.bridge.TrainingOptions;
import org.pontoon.engine.memory.Floats;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.LossGradient;
import org.pontoon.engine.transport.Precision;
import org.pontoon.engine.transport.Sinkhorn;
import org.pontoon.engine.transport.SinkhornOptions;

/** Nobody can tell from a result when its loops changed tiers: all switches are thrown at random moments, by another thread. */
class TierFlipTest {

    private static final int FLIPS = 200;

    @AfterEach
    void leaveTheTwins() {
        Tier.setAll(false);
    }

    /** Computes with each tier, and then again and again while the tiers change, and expects the same bits every time. */
    private static void check(Supplier<double[]> work) {
        Tier.setAll(false);
        double[] expected = work.get();
        Tier.setAll(true);
        assertThat(work.get()).isEqualTo(expected);
        AtomicLong flips = new AtomicLong();
        Thread flipper = Thread.ofPlatform().daemon().start(() -> {
            SplittableRandom random = new SplittableRandom(1);
            while (!Thread.currentThread().isInterrupted()) {
                Tier.setAll(random.nextBoolean());
                flips.incrementAndGet();
                LockSupport.parkNanos(random.nextLong(1_000_000));
            }
        });
        try {
            do {
                assertThat(work.get()).isEqualTo(expected);
            } while (flips.get() < FLIPS);
        } finally {
            flipper.interrupt();
            join(flipper);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PointCloud cloud(int size, int dimension, long seed) {
        float[][] rows = new float[size][];
        Arrays.setAll(rows, n -> Floats.random(seed * size + n, dimension, 1f));
        return PointCloud.ofRows(rows);
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }

    private static double[] joined(double first, double[] rest) {
        double[] all = Arrays.copyOf(rest, rest.length + 1);
        all[rest.length] = first;
        return all;
    }

    private static LightBridge fit(Covariance covariance, PointCloud source, PointCloud target, TileScheduler scheduler) {
        TrainingOptions options = TrainingOptions.builder().epsilon(0.1).components(5).covariance(covariance).steps(60).build();
        return BridgeTrainer.on(options, source, target).fit(scheduler, Progress.NONE).bridge();
    }

    @ParameterizedTest
    @EnumSource
    void fitsAndTransports(Covariance covariance) {
        try (PointCloud source = cloud(300, 19, 1);
                PointCloud target = cloud(400, 19, 2);
                TileScheduler scheduler = new TileScheduler(2)) {
            check(() -> {
                try (PointCloud moved = new BridgeTransport(fit(covariance, source, target, scheduler), scheduler).sample(source, 1, 42)) {
                    return doubles(moved.toRows());
                }
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void sinkhornDivergences(Precision precision) {
        try (PointCloud source = cloud(150, 3, 1); PointCloud target = cloud(130, 3, 2); TileScheduler scheduler = new TileScheduler(2)) {
            for (int p = 1; p <= 2; p++) {
                SinkhornOptions options = SinkhornOptions.builder().p(p).blur(0.1).precision(precision).build();
                check(() -> {
                    LossGradient gradient = new Sinkhorn(options).gradient(source, target, scheduler);
                    return joined(gradient.value(), gradient.points());
                });
            }
        }
    }

    @Test
    void samplers() {
        try (PointCloud source = cloud(300, 19, 1);
                PointCloud target = cloud(400, 19, 2);
                TileScheduler scheduler = new TileScheduler(1)) {
            for (Covariance covariance : Covariance.values()) {
                BridgeSampler sampler = new BridgeSampler(fit(covariance, source, target, scheduler));
                float[] x = Floats.random(3, 19, 1f);
                check(() -> {
                    float[] y = new float[3 * 19 * 200];
                    for (int i = 0; i < 200; i++) {
                        sampler.sample(7, i, x, 0, y, 57 * i);
                        sampler.mean(y, 57 * i, y, 57 * i + 19);
                        sampler.sampleAt(0.3, 7, i, x, 0, y, 57 * i + 38);
                    }
                    return doubles(y);
                });
            }
        }
    }
}
