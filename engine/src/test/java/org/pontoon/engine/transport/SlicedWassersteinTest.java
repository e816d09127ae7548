package org.pontoon.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.memory.Floats;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

@Tag("widths")
class SlicedWassersteinTest {

    private static PointCloud cloud(long seed, int size, int dimension) {
        Random random = new Random(seed);
        float[] rows = new float[size * dimension];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) random.nextGaussian();
        }
        return PointCloud.ofRows(rows, size, dimension);
    }

    private static PointCloud moved(PointCloud cloud, float... delta) {
        float[] rows = cloud.toRows();
        for (int i = 0; i < rows.length; i++) {
            rows[i] += delta[i % delta.length];
        }
        return PointCloud.ofRows(rows, cloud.size(), cloud.dimension());
    }

    private static float[] weights(long seed, int count) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextFloat() + 0.1f;
        }
        return values;
    }

    /** Sliced cost in float64 throughout, by the definition; the gradient of each point where asked. */
    private static double truth(PointCloud x, PointCloud y, SlicedDirections directions, double p, double[] gradient) {
        double mean = 0;
        int n = x.size();
        int dimension = x.dimension();
        for (int l = 0; l < directions.count(); l++) {
            float[] theta = directions.direction(l);
            Integer[] i = order(x, theta);
            Integer[] j = order(y, theta);
            for (int k = 0; k < n; k++) {
                double d = dot(x, i[k], theta) - dot(y, j[k], theta);
                mean += Math.pow(Math.abs(d), p) / n / directions.count();
                for (int c = 0; c < dimension; c++) {
                    gradient[i[k] * dimension + c] += p * Math.signum(d) * Math.pow(Math.abs(d), p - 1) * theta[c] / n / directions.count();
                }
            }
        }
        return mean;
    }

    private static Integer[] order(PointCloud cloud, float[] theta) {
        Integer[] order = new Integer[cloud.size()];
        Arrays.setAll(order, k -> k);
        Arrays.sort(order, Comparator.comparingDouble(k -> dot(cloud, k, theta)));
        return order;
    }

    private static double dot(PointCloud cloud, int point, float[] theta) {
        double sum = 0;
        for (int d = 0; d < theta.length; d++) {
            sum += (double) theta[d] * cloud.get(point, d);
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 1.5, 2, 3})
    void costAndGradientAreTheDefinition(double p) {
        try (TileScheduler scheduler = new TileScheduler(2); PointCloud x = cloud(1, 100, 3); PointCloud y = cloud(2, 100, 3);
                PointCloud gradient = PointCloud.allocate(100, 3)) {
            SlicedDirections directions = SlicedDirections.random(7, 11, 3);
            double[] expected = new double[300];
            double truth = truth(x, y, directions, p, expected);
            SlicedWasserstein sliced = new SlicedWasserstein(scheduler);
            SlicedResult cost = sliced.cost(x, y, directions, p);
            assertThat(cost.mean()).isCloseTo(truth, within(1e-6 * truth));
            assertThat(cost.distance()).isCloseTo(Math.pow(truth, 1 / p), within(1e-6));
            assertThat(cost.standardError()).isPositive();
            assertThat(sliced.pointGradient(x, y, directions, p, gradient)).isEqualTo(cost);
            float[] found = gradient.toRows();
            for (int i = 0; i < 300; i++) {
                assertThat((double) found[i]).isCloseTo(expected[i], within(1e-6));
            }
            // equal weights go the general way and end at the same place
            float[] equal = new float[100];
            Arrays.fill(equal, 2f);
            assertThat(sliced.pointGradient(x.withWeights(equal), y, directions, p, gradient).mean()).isCloseTo(truth,
                within(1e-6 * truth));
            found = gradient.toRows();
            for (int i = 0; i < 300; i++) {
                assertThat((double) found[i]).isCloseTo(expected[i], within(1e-6));
            }
        }
    }

    @Test
    void translationCostsItsMeanSquareAlongTheDirections() {
        try (TileScheduler scheduler = new TileScheduler(1); PointCloud x = cloud(1, 500, 2); PointCloud y = moved(x, 3, -1)) {
            SlicedResult result = new SlicedWasserstein(scheduler).cost(x, y, SlicedDirections.equispaced(16), 2);
            assertThat(result.mean()).isCloseTo(5, within(1e-5));
            assertThat(new SlicedWasserstein(scheduler).cost(x, x, SlicedDirections.equispaced(16), 2).mean()).isZero();
        }
    }

    @Test
    void orthonormalBlocksAverageToTheIdentity() {
        SlicedDirections directions = SlicedDirections.orthonormal(3, 14, 7);
        for (int i = 0; i < 7; i++) {
            for (int j = 0; j < 7; j++) {
                double sum = 0;
                for (int l = 0; l < 14; l++) {
                    sum += (double) directions.direction(l)[i] * directions.direction(l)[j] / 14;
                }
                assertThat(sum).isCloseTo(i == j ? 1.0 / 7 : 0, within(1e-7));
            }
        }
    }

    @Test
    void weightGradientIsACentralDifference() {
        try (TileScheduler scheduler = new TileScheduler(2); PointCloud x = cloud(1, 40, 2); PointCloud y = cloud(2, 31, 2)) {
            SlicedDirections directions = SlicedDirections.equispaced(9);
            SlicedWasserstein sliced = new SlicedWasserstein(scheduler);
            float[] weights = weights(3, 40);
            double[] gradient = new double[40];
            sliced.weightGradient(x.withWeights(weights), y, directions, 2, gradient);
            for (int i = 0; i < 40; i++) {
                float[] up = weights.clone();
                float[] down = weights.clone();
                up[i] += 0x1p-13f;
                down[i] -= 0x1p-13f;
                double numeric = (sliced.cost(x.withWeights(up), y, directions, 2).mean()
                    - sliced.cost(x.withWeights(down), y, directions, 2).mean()) / ((double) up[i] - down[i]);
                assertThat(gradient[i]).isCloseTo(numeric, within(1e-6));
            }
        }
    }

    @Test
    void threadsDoNotChangeABit() {
        try (PointCloud x = cloud(1, 1000, 5); PointCloud y = cloud(2, 1000, 5); PointCloud one = PointCloud.allocate(1000, 5);
                PointCloud other = PointCloud.allocate(1000, 5)) {
            SlicedDirections directions = SlicedDirections.orthonormal(5, 33, 5);
            SlicedResult first;
            try (TileScheduler scheduler = new TileScheduler(1)) {
                first = new SlicedWasserstein(scheduler).pointGradient(x, y, directions, 2, one);
            }
            for (int threads = 2; threads <= 4; threads++) {
                try (TileScheduler scheduler = new TileScheduler(threads)) {
                    assertThat(new SlicedWasserstein(scheduler).pointGradient(x, y, directions, 2, other)).isEqualTo(first);
                    Floats.assertSameBits(threads + " threads", other.toRows(), one.toRows());
                }
            }
        }
    }

    @Test
    void energyDistanceAgreesWithAllPairs() {
        try (TileScheduler scheduler = new TileScheduler(2); PointCloud x = cloud(1, 200, 2);
                PointCloud y = moved(cloud(2, 150, 2), 1, 0)) {
            SlicedResult sliced = new SlicedWasserstein(scheduler).energyDistance(x, y, SlicedDirections.equispaced(400));
            // Gamma(1) / (sqrt(pi) Gamma(3/2)) = 2 / pi
            assertThat(sliced.mean()).isCloseTo(EnergyDistance.between(x, y, scheduler) * 2 / Math.PI, within(1e-4));
        }
    }

    @Test
    void ascentFindsTheDirectionOfTheShift() {
        try (PointCloud x = cloud(1, 400, 6); PointCloud y = moved(x, 0, 0, 2, 0, 0, 1)) {
            MaxSlicedWasserstein.Result result = MaxSlicedWasserstein.ascend(x, y, SlicedDirections.random(1, 8, 6), 2, 200);
            assertThat(result.cost()).isCloseTo(5, within(1e-4)).isGreaterThanOrEqualTo(result.startCost());
            assertThat(Math.abs(result.direction()[2])).isCloseTo((float) (2 / Math.sqrt(5)), within(1e-2f));
            assertThat(MaxSlicedWasserstein.ascend(x, y, SlicedDirections.random(1, 8, 6), 2, 0).iterations()).isZero();
        }
    }

    @Test
    void badInputIsRefused() {
        try (TileScheduler scheduler = new TileScheduler(1); PointCloud x = cloud(1, 10, 2); PointCloud y = cloud(2, 10, 3)) {
            SlicedWasserstein sliced = new SlicedWasserstein(scheduler);
            SlicedDirections directions = SlicedDirections.equispaced(3);
            assertThatThrownBy(() -> sliced.cost(x, y, directions, 2)).hasMessage("second cloud has dimension 3, expected 2");
            assertThatThrownBy(() -> sliced.cost(y, y, directions, 2)).hasMessage("directions have dimension 2, expected 3");
            assertThatThrownBy(() -> sliced.cost(x, x, directions, 0.9)).hasMessageContaining("p is 0.9");
            assertThatThrownBy(() -> sliced.pointGradient(x, x, directions, 2, y)).hasMessageContaining("gradient has dimension 3");
            assertThatThrownBy(() -> SlicedDirections.random(1, 0, 2)).hasMessage("there are 0 directions, expected at least 1");
            assertThatThrownBy(() -> SlicedDirections.of(new float[0], 2)).hasMessageContaining("0 directions");
            assertThatThrownBy(() -> SlicedDirections.of(new float[] {1, 0, 1}, 2)).hasMessageContaining("3 values");
            assertThatThrownBy(() -> SlicedDirections.of(new float[] {1, 1}, 2)).hasMessageContaining("direction 0 has length 1.41");
            assertThatThrownBy(() -> MaxSlicedWasserstein.ascend(x, x, directions, 2, -1)).hasMessageContaining("maxIterations is -1");
            x.set(3, 1, Float.NaN);
            assertThatThrownBy(() -> sliced.cost(x, x, directions, 2)).hasMessageContaining("row 3, column 1");
        }
    }
}
