package org.pontoon.engine.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Arrays;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

class BridgeSamplerTest {

    @ParameterizedTest
    @EnumSource
    void cloudsAndSinglePointsGiveTheSameBytesOnAnyNumberOfThreads(Covariance covariance) {
        for (int dimension : new int[] {1, 3, 16, 33, 50}) {
            LightBridge bridge = TestClouds.bridge(7, dimension, covariance, 0.3, dimension);
            BridgeSampler sampler = new BridgeSampler(bridge);
            try (PointCloud x = TestClouds.blobs(300, dimension, 0, 5);
                    TileScheduler one = new TileScheduler(1);
                    TileScheduler three = new TileScheduler(3)) {
                for (TileScheduler scheduler : new TileScheduler[] {one, three}) {
                    BridgeTransport transport = new BridgeTransport(bridge, scheduler);
                    try (PointCloud drawn = transport.sample(x, 3, 77);
                            PointCloud mean = transport.mean(x);
                            PointCloud middle = transport.sampleAt(x, 0.4, 2, 78)) {
                        float[] point = new float[dimension];
                        float[] y = new float[dimension];
                        for (int n = 0; n < x.size(); n++) {
                            x.copyPoint(n, point, 0);
                            for (int j = 0; j < 3; j++) {
                                sampler.sample(77, n * 3L + j, point, 0, y, 0);
                                assertRow(drawn, n * 3 + j, y);
                            }
                            sampler.mean(point, 0, y, 0);
                            assertRow(mean, n, y);
                            sampler.sampleAt(0.4, 78, n * 2L + 1, point, 0, y, 0);
                            assertRow(middle, n * 2 + 1, y);
                        }
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void segmentsAndBuffersGiveTheBytesOfArraysAtAnyOffset(Covariance covariance) {
        for (int dimension : new int[] {1, 3, 16, 33, 50}) {
            BridgeSampler sampler = new BridgeSampler(TestClouds.bridge(7, dimension, covariance, 0.3, dimension));
            float[] x = TestClouds.floats(TestClouds.point(dimension, 1));
            float[] y = new float[dimension];
            int bytes = 4 * dimension;
            try (Arena arena = Arena.ofConfined()) {
                for (int at : new int[] {0, 1, 4, 7, 64}) {
                    MemorySegment from = arena.allocate(at + bytes);
                    MemorySegment to = arena.allocate(at + bytes);
                    MemorySegment.copy(x, 0, from, ValueLayout.JAVA_FLOAT_UNALIGNED, at, dimension);
                    UnsafeBuffer heap = new UnsafeBuffer(from.toArray(ValueLayout.JAVA_BYTE));
                    UnsafeBuffer direct = new UnsafeBuffer(to.asByteBuffer());

                    sampler.sample(5, 6, x, 0, y, 0);
                    sampler.sample(5, 6, from, at, to, at);
                    assertFloats(to, at, y);
                    to.fill((byte) 0);
                    sampler.sample(5, 6, heap, at, direct, at);
                    assertFloats(to, at, y);

                    sampler.mean(x, 0, y, 0);
                    sampler.mean(from, at, to, at);
                    assertFloats(to, at, y);
                    to.fill((byte) 0);
                    sampler.mean(heap, at, direct, at);
                    assertFloats(to, at, y);

                    sampler.sampleAt(0.3, 5, 6, x, 0, y, 0);
                    sampler.sampleAt(0.3, 5, 6, from, at, to, at);
                    assertFloats(to, at, y);
                    to.fill((byte) 0);
                    sampler.sampleAt(0.3, 5, 6, heap, at, direct, at);
                    assertFloats(to, at, y);
                    sampler.sampleAt(0.3, 5, 6, heap, at, heap, at);
                    assertThat(heap.getFloat(at)).as("in place").isEqualTo(y[0]);
                }
            }
        }
    }

    private static void assertFloats(MemorySegment memory, long offset, float[] expected) {
        assertThat(memory.asSlice(offset).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED)).isEqualTo(expected);
    }

    @Test
    void pointsThatDoNotFitTheirMemoryAndClosedMemoryAreRefused() {
        BridgeSampler sampler = new BridgeSampler(TestClouds.bridge(2, 5, Covariance.DIAGONAL, 0.3, 1));
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[23]);
        sampler.mean(buffer, 3, buffer, 0);
        for (int offset : new int[] {-1, 4, 23, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> sampler.mean(buffer, offset, buffer, 0)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> sampler.sample(1, 1, buffer, 0, buffer, offset)).isInstanceOf(IndexOutOfBoundsException.class);
        }
        Arena arena = Arena.ofConfined();
        MemorySegment segment = arena.allocate(23);
        assertThatThrownBy(() -> sampler.sample(1, 1, segment, 0, segment, 4)).isInstanceOf(IndexOutOfBoundsException.class);
        arena.close();
        assertThatThrownBy(() -> sampler.mean(segment, 0, segment, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aWarmUpChangesNoAnswerAndGivesUpAtItsLimit() {
        LightBridge bridge = TestClouds.bridge(7, 20, Covariance.DIAGONAL, 0.3, 1);
        BridgeSampler sampler = new BridgeSampler(bridge);
        float[] x = TestClouds.floats(TestClouds.point(20, 1));
        float[] cold = new float[20];
        float[] hot = new float[20];
        sampler.sample(3, 4, x, 0, cold, 0);
        WarmUp nothing = sampler.warmUp(Duration.ZERO);
        assertThat(nothing.compiled()).isFalse();
        assertThat(nothing.calls()).isZero();
        WarmUp warm = sampler.warmUp(Duration.ofSeconds(20));
        assertThat(warm.calls()).isPositive();
        sampler.sample(3, 4, x, 0, hot, 0);
        assertThat(hot).isEqualTo(cold);
    }

    private static void assertRow(PointCloud cloud, int row, float[] expected) {
        float[] got = new float[expected.length];
        cloud.copyPoint(row, got, 0);
        assertThat(got).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void meansAndDriftsAgreeWithTheFloat64Formulas(Covariance covariance) {
        LightBridge bridge = TestClouds.bridge(6, 20, covariance, 0.5, 3);
        try (PointCloud x = TestClouds.blobs(200, 20, 0, 5); TileScheduler scheduler = new TileScheduler(2)) {
            BridgeTransport transport = new BridgeTransport(bridge, scheduler);
            try (PointCloud mean = transport.mean(x)) {
                compare(x, mean, bridge::conditionalMean);
            }
            for (double t : new double[] {0, 0.25, 0.9, 0.9999, 1}) {
                try (PointCloud drift = transport.drift(x, t)) {
                    compare(x, drift, p -> bridge.drift(p, t));
                }
            }
        }
    }

    private static void compare(PointCloud x, PointCloud got, java.util.function.UnaryOperator<double[]> truth) {
        for (int n = 0; n < x.size(); n++) {
            double[] point = new double[x.dimension()];
            for (int d = 0; d < point.length; d++) {
                point[d] = x.get(n, d);
            }
            double[] expected = truth.apply(point);
            for (int d = 0; d < point.length; d++) {
                assertThat((double) got.get(n, d)).isCloseTo(expected[d], within(2e-4 * (1 + Math.abs(expected[d]))));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void drawsHaveTheMomentsOfThePlan(Covariance covariance) {
        LightBridge bridge = TestClouds.bridge(4, 3, covariance, 0.5, 12);
        double[] x = TestClouds.point(3, 2);
        int draws = 200_000;
        BridgeSampler sampler = new BridgeSampler(bridge);
        sampler.condition(TestClouds.floats(x), 0);
        float[] y = new float[3];
        double[] sum = new double[3];
        double[] squares = new double[9];
        double[] mean = bridge.conditionalMean(x);
        double[] covarianceMatrix = bridge.conditionalCovariance(x);
        for (int i = 0; i < draws; i++) {
            sampler.draw(5, i, y, 0);
            for (int a = 0; a < 3; a++) {
                sum[a] += y[a] - mean[a];
                for (int b = 0; b < 3; b++) {
                    squares[a * 3 + b] += (y[a] - mean[a]) * (y[b] - mean[b]);
                }
            }
        }
        for (int a = 0; a < 3; a++) {
            assertThat(sum[a] / draws).isCloseTo(0, within(5 * Math.sqrt(covarianceMatrix[a * 4] / draws)));
            for (int b = 0; b < 3; b++) {
                double scale = Math.sqrt(covarianceMatrix[a * 4] * covarianceMatrix[b * 4]);
                assertThat(squares[a * 3 + b] / draws).isCloseTo(covarianceMatrix[a * 3 + b], within(0.02 * scale));
            }
        }
    }

    @Test
    void timeZeroIsThePointAndTimeOneTheDraw() {
        LightBridge bridge = TestClouds.bridge(4, 5, Covariance.DIAGONAL, 0.5, 12);
        BridgeSampler sampler = new BridgeSampler(bridge);
        float[] x = TestClouds.floats(TestClouds.point(5, 3));
        float[] y = new float[5];
        float[] end = new float[5];
        sampler.sampleAt(0, 9, 4, x, 0, y, 0);
        assertThat(y).isEqualTo(x);
        sampler.sampleAt(1, 9, 4, x, 0, y, 0);
        sampler.sample(9, 4, x, 0, end, 0);
        assertThat(y).isEqualTo(end);
        assertThatThrownBy(() -> sampler.sampleAt(-0.1, 1, 1, x, 0, y, 0)).hasMessageContaining("time is -0.1");
    }

    @Test
    void exactPathsHaveTheBridgesVarianceAtEveryTime() {
        // one component: X_t is Gaussian with a known variance
        LightBridge bridge = LightBridge.diagonal(0.5, new double[1], new double[] {3}, new double[] {1.7655644371}).build();
        int paths = 40_000;
        int steps = 4;
        double[] sum = new double[steps + 1];
        double[] squares = new double[steps + 1];
        try (PointCloud x = PointCloud.allocate(paths, 1); TileScheduler scheduler = new TileScheduler(2)) {
            int[] next = {0};
            new BridgeTransport(bridge, scheduler).paths(x, steps, PathMethod.BROWNIAN_BRIDGE, 4, (point, path) -> {
                assertThat(point).isEqualTo(next[0]++);
                for (int i = 0; i <= steps; i++) {
                    sum[i] += path[i];
                    squares[i] += path[i] * path[i];
                }
            });
            assertThat(next[0]).isEqualTo(paths);
        }
        for (int i = 0; i <= steps; i++) {
            double t = (double) i / steps;
            // from 0: mean t r, variance t^2 eps S + eps t (1 - t)
            double variance = t * t * 0.5 * 1.7655644371 + 0.5 * t * (1 - t);
            double mean = sum[i] / paths;
            assertThat(mean).isCloseTo(3 * t, within(5 * Math.sqrt(variance / paths) + 1e-6));
            assertThat(squares[i] / paths - mean * mean).isCloseTo(variance, within(0.03 * variance + 1e-6));
        }
    }

    @Test
    void eulerPathsApproachTheExactLawAsTheStepShrinks() {
        LightBridge bridge = LightBridge.diagonal(0.5, new double[1], new double[] {3}, new double[] {1.7655644371}).build();
        double[] errors = new double[2];
        int[] grids = {4, 32};
        for (int g = 0; g < 2; g++) {
            int steps = grids[g];
            double[] moments = new double[2];
            int paths = 60_000;
            try (PointCloud x = PointCloud.allocate(paths, 1); TileScheduler scheduler = new TileScheduler(2)) {
                new BridgeTransport(bridge, scheduler).paths(x, steps, PathMethod.EULER_MARUYAMA, 4, (point, path) -> {
                    moments[0] += path[steps];
                    moments[1] += path[steps] * path[steps];
                });
            }
            double mean = moments[0] / paths;
            errors[g] = Math.abs(moments[1] / paths - mean * mean - 0.5 * 1.7655644371);
        }
        assertThat(errors[1]).isLessThan(errors[0] / 3);
    }

    @Test
    void farPointsAreOutOfSupport() {
        try (PointCloud x = TestClouds.blobs(500, 2, 0, 1); PointCloud y = TestClouds.blobs(500, 2, 1,
            2); TileScheduler one = new TileScheduler(
                1)) {
            LightBridge bridge = BridgeTrainer.on(TrainingOptions.builder().components(5).steps(500).build(), x, y).fit(one,
                org.pontoon.engine.parallel.Progress.NONE).bridge();
            int out = 0;
            for (int n = 0; n < 500; n++) {
                out += bridge.isOutOfSupport(new double[] {x.get(n, 0), x.get(n, 1)}) ? 1 : 0;
            }
            assertThat(out).isLessThanOrEqualTo(1);
            for (double[] far : new double[][] {{40, 0}, {-40, 0}, {0, 40}, {0, -40}, {30, -30}}) {
                assertThat(bridge.isOutOfSupport(far)).as(Arrays.toString(far)).isTrue();
            }
        }
    }

    @Test
    void badInputIsNamed() {
        LightBridge bridge = TestClouds.bridge(2, 3, Covariance.DIAGONAL, 0.5, 1);
        try (PointCloud x = TestClouds.blobs(10, 3, 0, 1); PointCloud wide = TestClouds.blobs(10, 4, 0, 1);
                TileScheduler one = new TileScheduler(1)) {
            BridgeTransport transport = new BridgeTransport(bridge, one);
            assertThatThrownBy(() -> transport.mean(wide)).hasMessageContaining("source has dimension 4, expected 3");
            assertThatThrownBy(() -> transport.sample(x, 0, 1)).hasMessageContaining("samples per point is 0");
            assertThatThrownBy(() -> transport.sampleAt(x, 2, 1, 1)).hasMessageContaining("time is 2.0");
            assertThatThrownBy(() -> transport.paths(x, 0, PathMethod.BROWNIAN_BRIDGE, 1, (n, p) -> {})).hasMessageContaining("steps is 0");
            x.set(3, 1, Float.NEGATIVE_INFINITY);
            assertThatThrownBy(() -> transport.mean(x)).hasMessageContaining("source holds -Infinity at row 3, column 1");
        }
    }
}
