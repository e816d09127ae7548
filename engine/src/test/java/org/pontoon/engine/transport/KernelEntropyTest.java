package org.pontoon.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.random.CounterRandom;

class KernelEntropyTest {

    private static final TileScheduler SCHEDULER = new TileScheduler(2);
    private static final int LINE = 4000;

    @AfterAll
    static void close() {
        SCHEDULER.close();
    }

    private static PointCloud normals(int size, int dimension, long seed) {
        PointCloud cloud = PointCloud.allocate(size, dimension);
        for (int n = 0; n < size; n++) {
            for (int d = 0; d < dimension; d++) {
                cloud.set(n, d, CounterRandom.normal(CounterRandom.key(seed, 3), (long) n * dimension + d));
            }
        }
        return cloud;
    }

    /** Equispaced points of N(3, s) by weight, so that there is no sampling error. */
    private static PointCloud gaussianLine(double variance) {
        PointCloud cloud = PointCloud.allocate(LINE, 1);
        float[] weights = new float[LINE];
        for (int n = 0; n < LINE; n++) {
            double z = 7 * ((2 * n + 1.0) / LINE - 1);
            cloud.set(n, 0, (float) (3 + Math.sqrt(variance) * z));
            weights[n] = (float) (14.0 / LINE * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI));
        }
        return cloud.withWeights(weights);
    }

    /** Sum of grad_i (x_i - m)', which vanishes with the potential's a s where a flow ends. */
    private static double virial(PointCloud cloud, double[] slope, int row, int column) {
        double[] mean = Measure.of(cloud, "cloud").mean();
        double sum = 0;
        for (int n = 0; n < cloud.size(); n++) {
            sum += slope[n * cloud.dimension() + row] * (cloud.get(n, column) - mean[column]);
        }
        return sum;
    }

    @ParameterizedTest
    @CsvSource({"1, 0.3", "2, 0.3", "0.5, 0.8", "4, 0.5"})
    void fixedKernelEndsAtTheVarianceOfTheFormula(double curvature, double bandwidth) {
        double s = (1 + Math.sqrt(1 + 4 * curvature * bandwidth * bandwidth)) / (2 * curvature) - bandwidth * bandwidth;
        try (PointCloud line = gaussianLine(s)) {
            LossGradient found = new KernelEntropy(bandwidth, Precision.FLOAT64).gradient(line, SCHEDULER);
            assertThat(virial(line, found.points(), 0, 0)).isCloseTo(-curvature * s, within(2e-6));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.4, 1.5})
    void valueOfTheShapedKernelIsTheGaussians(double bandwidth) {
        try (PointCloud line = gaussianLine(0.49)) {
            double value = KernelEntropy.whitened(bandwidth, Precision.FLOAT64).gradient(line, SCHEDULER).value();
            assertThat(value).isCloseTo(-0.5 * Math.log(2 * Math.PI * Math.E * 0.49), within(2e-6));
        }
    }

    /** For every cloud, not only Gaussian ones: few points in many dimensions, too. */
    @ParameterizedTest
    @CsvSource({"300, 2, 0.3", "40, 12, 0.7", "15, 1, 0.05"})
    void virialOfTheShapedKernelIsExact(int size, int dimension, double bandwidth) {
        try (PointCloud cloud = normals(size, dimension, 5)) {
            for (int n = 0; n < size; n++) {
                cloud.set(n, 0, cloud.get(n, 0) * cloud.get(n, 0) * cloud.get(n, dimension - 1));
            }
            LossGradient found = KernelEntropy.whitened(bandwidth, Precision.FLOAT32).gradient(cloud, SCHEDULER);
            for (int d = 0; d < dimension; d++) {
                for (int e = 0; e < dimension; e++) {
                    assertThat(virial(cloud, found.points(), d, e)).isCloseTo(d == e ? -1 : 0, within(1e-5));
                }
            }
        }
    }

    /** Central differences, but for the float32 of the whitened points. */
    @Test
    void gradientOfTheShapedKernelIsThatOfItsValue() {
        KernelEntropy entropy = KernelEntropy.whitened(0.6, Precision.FLOAT64);
        float h = 1f / 64;
        float[] weights = {0.25f, 0.5f, 1, 0.125f, 0.375f, 0.75f, 0.5f};
        try (PointCloud cloud = normals(7, 2, 9).withWeights(weights)) {
            LossGradient found = entropy.gradient(cloud, SCHEDULER);
            for (int k = 0; k < 14; k++) {
                float at = cloud.get(k / 2, k % 2);
                double[] values = new double[4];
                for (int side = 0; side < 4; side++) {
                    cloud.set(k / 2, k % 2, at + h * new float[] {1, -1, 2, -2}[side]);
                    values[side] = entropy.gradient(cloud, SCHEDULER).value();
                }
                cloud.set(k / 2, k % 2, at);
                double expected = (8 * (values[0] - values[1]) - (values[2] - values[3])) / (12 * h);
                assertThat(found.points()[k]).isCloseTo(expected, within(1e-4));
            }
            for (int n = 0; n < 7; n++) {
                double[] values = new double[2];
                for (int side = 0; side < 2; side++) {
                    float[] moved = weights.clone();
                    moved[n] += h / 8 * (1 - 2 * side);
                    values[side] = entropy.gradient(cloud.withWeights(moved), SCHEDULER).value();
                }
                assertThat(found.weights()[n]).isCloseTo((values[0] - values[1]) / (h / 4), within(5e-4));
            }
        }
    }

    @Test
    void affineMapsShiftTheShapedKernelsValueByTheLogarithmOfTheirDeterminant() {
        KernelEntropy entropy = KernelEntropy.whitened(0.4, Precision.FLOAT64);
        try (PointCloud cloud = normals(120, 3, 7); PointCloud mapped = PointCloud.allocate(120, 3)) {
            double[][] map = {{2, 0.5, 0}, {0, 0.01, 0}, {1, 1, 30}};
            for (int n = 0; n < 120; n++) {
                for (int d = 0; d < 3; d++) {
                    double sum = 5;
                    for (int e = 0; e < 3; e++) {
                        sum += map[d][e] * cloud.get(n, e);
                    }
                    mapped.set(n, d, (float) sum);
                }
            }
            assertThat(entropy.gradient(mapped, SCHEDULER).value())
                .isCloseTo(entropy.gradient(cloud, SCHEDULER).value() - Math.log(2 * 0.01 * 30), within(1e-4));
        }
    }

    @Test
    void singularCovarianceIsRefused() {
        try (PointCloud flat = normals(50, 3, 7); PointCloud few = normals(3, 3, 8)) {
            for (int n = 0; n < 50; n++) {
                flat.set(n, 2, 0.5f);
            }
            KernelEntropy entropy = KernelEntropy.whitened(0.4, Precision.FLOAT32);
            assertThatIllegalArgumentException().isThrownBy(() -> entropy.gradient(flat, SCHEDULER))
                .withMessageContaining("50 points in dimension 3 is singular");
            assertThatIllegalArgumentException().isThrownBy(() -> entropy.gradient(few, SCHEDULER)).withMessageContaining("singular");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> KernelEntropy.whitened(-1, Precision.FLOAT32))
            .withMessageContaining("bandwidth is -1.0");
    }

    @Test
    void sameBitsForAnyNumberOfThreads() {
        KernelEntropy entropy = KernelEntropy.whitened(0.4, Precision.FLOAT32);
        try (PointCloud cloud = normals(700, 3, 7); TileScheduler one = new TileScheduler(1); TileScheduler three = new TileScheduler(3)) {
            LossGradient a = entropy.gradient(cloud, one);
            LossGradient b = entropy.gradient(cloud, three);
            assertThat(a.value()).isEqualTo(b.value());
            assertThat(a.points()).isEqualTo(b.points());
            assertThat(a.weights()).isEqualTo(b.weights());
        }
    }
}
