package org.pontoon.engine.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pontoon.engine.memory.AllocatedBytes;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

@Tag("allocation")
class FitAndSampleAllocationTest {

    private static final com.sun.management.ThreadMXBean THREADS = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void aFitStepAllocatesNothing() {
        try (PointCloud x = TestClouds.blobs(600, 50, 0, 1);
                PointCloud y = TestClouds.blobs(700, 50, 1, 2);
                TrainingPoints source = TrainingPoints.of(x, 128, 1);
                TrainingPoints target = TrainingPoints.of(y, 128, 2);
                TileScheduler one = new TileScheduler(1)) {
            TrainingOptions options = TrainingOptions.builder().build();
            TrainingStep step = new TrainingStep(options, 50, source, target, one);
            LightBridge start = TestClouds.bridge(10, 50, Covariance.DIAGONAL, 0.1, 1);
            for (int k = 0; k < 10; k++) {
                step.set(k, 0, GoldenNumbers.row(start.locations(), k, 50), GoldenNumbers.row(start.scales(), k, 50));
            }
            int[] number = {0};
            AllocatedBytes.assertNoneWhenHot("a fit step", 2000, () -> step.run(number[0]++));
        }
    }

    @ParameterizedTest
    @EnumSource
    void samplesMeansAndPositionsAllocateNothing(Covariance covariance) {
        BridgeSampler sampler = new BridgeSampler(TestClouds.bridge(10, 20, covariance, 0.1, 1));
        float[] x = TestClouds.floats(TestClouds.point(20, 1));
        float[] y = new float[20];
        long[] index = {0};
        AllocatedBytes.assertNoneWhenHot("a translation", 20_000, () -> {
            sampler.sample(index[0] / 1000, index[0]++, x, 0, y, 0);
            sampler.mean(x, 0, y, 0);
            sampler.sampleAt(0.5, 1, index[0], x, 0, y, 0);
        });
    }

    @Test
    void translationsBetweenBuffersBySamplersOfALiveBridgeAllocateNothing() {
        LiveBridge live = new LiveBridge(TestClouds.bridge(10, 50, Covariance.DIAGONAL, 0.1, 1));
        LiveBridge.Reader reader = live.reader();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(800);
            UnsafeBuffer buffer = new UnsafeBuffer(memory.asByteBuffer());
            long[] index = {0};
            AllocatedBytes.assertNoneWhenHot("a translation between buffers", 20_000, () -> {
                BridgeSampler sampler = reader.sampler();
                sampler.sample(1, index[0]++, memory, 0, memory, 400);
                sampler.mean(memory, 8, memory, 404);
                sampler.sampleAt(0.5, 1, index[0], memory, 0, memory, 400);
                sampler.sample(1, index[0]++, buffer, 0, buffer, 400);
                sampler.mean(buffer, 8, buffer, 404);
                sampler.sampleAt(0.5, 1, index[0], buffer, 0, buffer, 400);
            });
        }
    }

    @Test
    void aWarmSamplerAllocatesNothingFromItsFirstCallOn() {
        BridgeSampler sampler = new BridgeSampler(TestClouds.bridge(10, 50, Covariance.DIAGONAL, 0.1, 1));
        float[] x = TestClouds.floats(TestClouds.point(50, 1));
        float[] y = new float[50];
        WarmUp warm = sampler.warmUp(AllocatedBytes.DEADLINE);
        assertThat(warm.compiled()).as("%s", warm).isTrue();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 1000; i++) {
            sampler.sample(1, i, x, 0, y, 0);
            sampler.mean(x, 0, y, 0);
        }
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isZero();
    }
}
