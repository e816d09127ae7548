package org.pontoon.engine.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

/** Points far outside the source: finite and right where the answer is, refused where it overflows. */
class FarPointsTest {

    private static final int DIMENSION = 3;

    /** Two components: the first one wins to the right, the second one to the left. */
    private static LightBridge bridge(Covariance covariance) {
        double[] logWeights = {0, 0};
        double[] locations = {1, 0, 0, -1, 0, 0};
        if (covariance == Covariance.DIAGONAL) {
            return LightBridge.diagonal(0.1, logWeights, locations, new double[] {0.5, 1, 2, 0.5, 1, 2}).build();
        }
        double[] scales = {0.5, 0.25, 0, 0.25, 1, 0, 0, 0, 2, 0.5, 0.25, 0, 0.25, 1, 0, 0, 0, 2};
        return LightBridge.full(0.1, logWeights, locations, scales).build();
    }

    @ParameterizedTest
    @EnumSource
    void farPointsHaveTheirOwnAnswer(Covariance covariance) {
        LightBridge bridge = bridge(covariance);
        try (TileScheduler scheduler = new TileScheduler(2);
                PointCloud x = PointCloud.ofRows(new float[][] {{3e38f, -3e38f, 1}, {-1e25f, 2, 1e20f}, {2e19f, 0, 0}, {1, 1, 1}})) {
            BridgeTransport transport = new BridgeTransport(bridge, scheduler);
            BridgeSampler sampler = new BridgeSampler(bridge);
            try (PointCloud mean = transport.mean(x);
                    PointCloud drawn = transport.sample(x, 1, 7);
                    PointCloud half = transport.sampleAt(x, 0.5, 1, 7);
                    PointCloud drift = transport.drift(x, 0.5)) {
                for (int n = 0; n < x.size(); n++) {
                    float[] row = new float[DIMENSION];
                    x.copyPoint(n, row, 0);
                    double[] point = {row[0], row[1], row[2]};
                    double[] truth = bridge.conditionalMean(point);
                    double[] speed = bridge.drift(point, 0.5);
                    float[] single = new float[DIMENSION];
                    sampler.mean(row, 0, single, 0);
                    assertThat(sampler.isAnswerFinite()).isTrue();
                    for (int d = 0; d < DIMENSION; d++) {
                        assertThat((double) mean.get(n, d)).isCloseTo(truth[d], within(1e-5 + 1e-5 * Math.abs(truth[d])));
                        assertThat((double) drift.get(n, d)).isCloseTo(speed[d], within(1e-4 + 1e-5 * Math.abs(speed[d])));
                        assertThat(single[d]).isEqualTo(mean.get(n, d));
                        // a draw lies within some deviations of the mean, sqrt(epsilon S) each
                        assertThat((double) drawn.get(n, d)).isCloseTo(truth[d], within(3 + 1e-5 * Math.abs(truth[d])));
                        double middle = 0.5 * (point[d] + truth[d]);
                        assertThat((double) half.get(n, d)).isCloseTo(middle, within(3 + 1e-5 * Math.abs(middle)));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerThatOverflowsIsRefusedWithItsRow(Covariance covariance) {
        LightBridge bridge = bridge(covariance);
        float[][] rows = new float[1000][DIMENSION];
        rows[700][2] = 3e38f;
        rows[300][2] = -3e38f;
        for (int threads : new int[] {1, 2}) {
            try (TileScheduler scheduler = new TileScheduler(threads); PointCloud x = PointCloud.ofRows(rows)) {
                BridgeTransport transport = new BridgeTransport(bridge, scheduler);
                String message = "row 300 is so far away that its answer overflows";
                assertThatThrownBy(() -> transport.mean(x)).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
                assertThatThrownBy(() -> transport.sample(x, 3, 1)).hasMessage(message);
                assertThatThrownBy(() -> transport.sampleAt(x, 0.5, 1, 1)).hasMessage(message);
                for (PathMethod method : PathMethod.values()) {
                    assertThatThrownBy(() -> transport.paths(x, 8, method, 1, (n, path) -> assertThat(path).doesNotContain(Float.NaN)))
                        .hasMessage(message);
                }
            }
        }
        BridgeSampler sampler = new BridgeSampler(bridge);
        float[] y = new float[DIMENSION];
        sampler.mean(rows[300], 0, y, 0);
        assertThat(sampler.isAnswerFinite()).isFalse();
        sampler.mean(new float[] {Float.NaN, 0, 0}, 0, y, 0);
        assertThat(sampler.isAnswerFinite()).isFalse();
        sampler.mean(new float[] {1, 2, 3}, 0, y, 0);
        assertThat(sampler.isAnswerFinite()).isTrue();
    }

    @Test
    void evenFloat64HasAnEnd() {
        LightBridge bridge = bridge(Covariance.DIAGONAL);
        double[] far = {1e200, 0, 0};
        String message = "the point is so far away that its answer overflows";
        assertThatThrownBy(() -> bridge.conditionalMean(far)).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
        assertThatThrownBy(() -> bridge.logPotential(far)).hasMessage(message);
        assertThatThrownBy(() -> bridge.drift(far, 0.5)).hasMessage(message);
        assertThat(bridge.conditionalMean(new double[] {1e100, 0, 0})[0]).isEqualTo(0.5e100);
    }
}
