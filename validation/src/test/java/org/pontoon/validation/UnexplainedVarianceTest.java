package org.pontoon.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

class UnexplainedVarianceTest {

    @Test
    void momentsOfAFewPoints() {
        try (PointCloud cloud = PointCloud.ofRows(new float[][] {{9, 9}, {1, 2}, {3, 2}, {5, 8}})) {
            UnexplainedVariance.Moments moments = UnexplainedVariance.Moments.of(cloud, 1, 3);
            assertThat(moments.mean()).containsExactly(new double[] {3, 4}, within(1e-14));
            assertThat(moments.covariance()).containsExactly(new double[] {4, 6, 6, 12}, within(1e-14));
            assertThatThrownBy(() -> UnexplainedVariance.Moments.of(cloud, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void shiftedSamplesScoreTheirShift() {
        try (PointCloud target = PointCloud.ofRows(new float[][] {{0, 0}, {2, 0}, {0, 2}, {2, 2}, {1, 1}});
                PointCloud model = PointCloud.ofRows(new float[][] {{1, 0}, {3, 0}, {1, 2}, {3, 2}, {2, 1}})) {
            // the shift is 1, each variance 1
            assertThat(UnexplainedVariance.marginal(model, target)).isCloseTo(100 * 0.5 / (0.5 * 2), within(1e-10));
        }
    }

    @Test
    void shiftedBridgeScoresItsShift() {
        // one component, r off by (0.3, 0.4): half of 0.25 over half of the variance 10
        LightBridge truth = LightBridge.diagonal(1, new double[1], new double[] {1, 2}, new double[] {0.5, 2}).build();
        LightBridge model = LightBridge.diagonal(1, new double[1], new double[] {1.3, 2.4}, new double[] {0.5, 2}).build();
        try (PointCloud points = PointCloud.ofRows(new float[][] {{0, 0}, {1, -1}, {3, 2}});
                TileScheduler scheduler = new TileScheduler(1)) {
            Estimate exact = UnexplainedVariance.conditional(model, truth, points, 10, scheduler);
            assertThat(exact.value()).isCloseTo(2.5, within(1e-10));
            assertThat(exact.standardError()).isCloseTo(0, within(1e-10));
            // "samples" that have the model's moments exactly
            Estimate sampled = UnexplainedVariance.conditional((source, count, seed) -> fourCorners(model, source), truth, points, 4, 0, 10,
                scheduler);
            assertThat(sampled.value()).isCloseTo(2.5, within(1e-4));
        }
    }

    private static PointCloud fourCorners(LightBridge model, PointCloud source) {
        PointCloud result = PointCloud.allocate(4 * source.size(), 2);
        for (int n = 0; n < source.size(); n++) {
            double[] mean = model.conditionalMean(TwinChecks.point(source, n));
            double[] covariance = model.conditionalCovariance(TwinChecks.point(source, n));
            for (int j = 0; j < 4; j++) {
                // variance of ±1 over four points with n - 1 is 4/3
                double a = Math.sqrt(0.75 * covariance[0]) * (j % 2 == 0 ? 1 : -1);
                double b = Math.sqrt(0.75 * covariance[3]) * (j / 2 == 0 ? 1 : -1);
                result.setPoint(4 * n + j, new float[] {(float) (mean[0] + a), (float) (mean[1] + b)}, 0);
            }
        }
        return result;
    }

    @Test
    void dimensionsAreChecked() {
        LightBridge line = LightBridge.diagonal(1, new double[1], new double[1], new double[] {1}).build();
        try (PointCloud points = PointCloud.ofRows(new float[][] {{0, 0}}); TileScheduler scheduler = new TileScheduler(1)) {
            assertThatThrownBy(() -> UnexplainedVariance.conditional(line, line, points, 1, scheduler)).hasMessageContaining(
                "points has dimension 2, expected 1");
        }
    }
}
