package org.pontoon.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.pontoon.engine.memory.Floats;
import org.pontoon.engine.memory.PointCloud;

class CosineMetricTest {

    @Test
    void halfTheSquaredDistanceOfDirectionsIsTheCosineDistance() {
        try (PointCloud x = PointCloud.ofRows(Floats.random(1, 60, 5f), 20,
            3); PointCloud y = PointCloud.ofRows(Floats.random(2, 30, 1e-20f),
                10, 3); PointCloud u = CosineMetric.directions(x, "X"); PointCloud v = CosineMetric.directions(y, "Y")) {
            double[] costs = DenseMatrices.denseCosts(2, u, v);
            for (int k = 0; k < costs.length; k++) {
                int i = k / 10;
                int j = k % 10;
                double dot = 0;
                double xx = 0;
                double yy = 0;
                for (int d = 0; d < 3; d++) {
                    dot += (double) x.get(i, d) * y.get(j, d);
                    xx += (double) x.get(i, d) * x.get(i, d);
                    yy += (double) y.get(j, d) * y.get(j, d);
                }
                assertThat(costs[k]).isCloseTo(1 - dot / Math.sqrt(xx) / Math.sqrt(yy), within(3e-7));
            }
        }
    }

    /** Of {@code sum_i <c_i, x_i / |x_i|>}, by central differences. */
    @Test
    void gradientIsThatOfTheDirections() {
        double[] slopes = {1, -2, .5, .25, 3, -1};
        float[] rows = {1, 2, -1, .5f, .25f, 2};
        try (PointCloud x = PointCloud.ofRows(rows, 2, 3)) {
            double[] gradient = CosineMetric.pointGradient(x, slopes);
            for (int k = 0; k < rows.length; k++) {
                double h = 1e-3;
                double difference = 0;
                for (int sign = -1; sign <= 1; sign += 2) {
                    double[] moved = new double[6];
                    for (int l = 0; l < 6; l++) {
                        moved[l] = rows[l] + (l == k ? sign * h : 0);
                    }
                    for (int i = 0; i < 2; i++) {
                        double length = Math.sqrt(moved[3 * i] * moved[3 * i] + moved[3 * i + 1] * moved[3 * i + 1] + moved[3 * i + 2]
                            * moved[3 * i + 2]);
                        for (int d = 0; d < 3; d++) {
                            difference += sign * slopes[3 * i + d] * moved[3 * i + d] / length / (2 * h);
                        }
                    }
                }
                assertThat(gradient[k]).isCloseTo(difference, within(1e-5));
            }
        }
    }

    @Test
    void theOriginHasNoDirection() {
        try (PointCloud x = PointCloud.ofRows(new float[] {1, 2, 0, 0}, 2, 2)) {
            assertThatIllegalArgumentException().isThrownBy(() -> CosineMetric.directions(x, "x.npy"))
                .withMessage("row 1 of x.npy is 0, expected points with a direction");
        }
    }

    @Test
    void weightsStay() {
        try (PointCloud x = PointCloud.ofRows(new float[] {1, 2, 3, 0}, 2, 2).withWeights(new float[] {.25f, .75f});
                PointCloud u = CosineMetric.directions(x, "X")) {
            assertThat(u.weight(1)).isEqualTo(.75f);
            assertThat(u.get(1, 0)).isEqualTo(1);
        }
    }
}
