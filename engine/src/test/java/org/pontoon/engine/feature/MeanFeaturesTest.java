package org.pontoon.engine.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

class MeanFeaturesTest {

    private static final TileScheduler ONE = new TileScheduler(1);

    @Test
    void mediansAreOfDistancesBetweenDistinctPoints() {
        try (PointCloud line = PointCloud.ofRows(new float[] {0, 1, 3}, 3, 1); PointCloud far = PointCloud.ofRows(new float[] {10}, 1, 1)) {
            assertThat(MeanFeatures.medianDistance(line, line)).isEqualTo(2);
            assertThat(MeanFeatures.medianDistance(line, far)).isEqualTo(9);
            assertThat(MeanFeatures.medianDistance(far, far)).isZero();
            assertThat(MeanFeatures.usualBandwidth(line, far)).isEqualTo(9);
            assertThat(MeanFeatures.usualBandwidth(far, far)).isOne();
        }
    }

    /** Of linear features the mean is the cloud's own, times its mass. */
    @Test
    void massesScaleWhatWeightsShare() {
        MeanFeatures metric = new MeanFeatures(new PolynomialFeatures(1, 1));
        try (PointCloud cloud = PointCloud.ofRows(new float[] {1, 5}, 2, 1).withWeights(new float[] {3, 1})) {
            assertThat(metric.of(cloud, true, ONE)).containsExactly(new double[] {2}, within(1e-6));
            assertThat(metric.of(cloud, false, ONE)).containsExactly(new double[] {8}, within(1e-6));
            assertThat(metric.of(cloud, 0.5, ONE)).containsExactly(new double[] {1}, within(1e-6));
        }
    }
}
