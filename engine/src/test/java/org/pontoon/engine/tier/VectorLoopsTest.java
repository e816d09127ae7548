package org.pontoon.engine.tier;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.KernelNorm;
import org.pontoon.engine.transport.PairKernel;
import org.pontoon.engine.transport.Precision;

class VectorLoopsTest {

    @Test
    void aLossIsWarmedUpOnceAndSaysWhatWasCompiled() {
        float[] points = new float[300];
        for (int k = 0; k < points.length; k++) {
            points[k] = (float) Math.sin(k);
        }
        try (TileScheduler scheduler = new TileScheduler(1); PointCloud cloud = PointCloud.ofRows(points, 100, 3)) {
            KernelNorm loss = new KernelNorm(PairKernel.inverseMultiquadric(0.7), Precision.FLOAT32);
            double before = loss.value(cloud, cloud, scheduler);
            VectorLoops.WarmUp warmUp = VectorLoops.warmUp(() -> loss.gradient(cloud, cloud, scheduler), Duration.ofMinutes(5));
            assertThat(VectorLoops.hindrance()).isNull();
            assertThat(warmUp.compiled()).isTrue();
            assertThat(warmUp.loops()).allMatch(loop -> loop.endsWith(": vectors"));
            assertThat(warmUp.seconds()).isPositive();
            assertThat(loss.value(cloud, cloud, scheduler)).isEqualTo(before);
            assertThat(VectorLoops.warmUp(() -> loss.gradient(cloud, cloud, scheduler), Duration.ofMinutes(5)).loops()).isEmpty();
        }
    }

    @Test
    void whereThereIsNoTimeItSaysSo() {
        assertThat(VectorLoops.warmUp(() -> {
        }, Duration.ZERO).loops()).isEmpty();
    }
}
