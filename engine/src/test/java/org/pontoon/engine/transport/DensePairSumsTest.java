package org.pontoon.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pontoon.engine.memory.Floats;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

class DensePairSumsTest {

    private static final TileScheduler ONE = new TileScheduler(1);
    private static final TileScheduler THREE = new TileScheduler(3);

    @AfterAll
    static void close() {
        ONE.close();
        THREE.close();
    }

    private static PointCloud cloud(long seed, int size) {
        return PointCloud.ofRows(Floats.random(seed, size * 3, 1f), size, 3);
    }

    private static double[] biases(long seed, int count) {
        Random random = new Random(seed);
        double[] values = new double[count];
        Arrays.setAll(values, k -> k % 7 == 3 ? Double.NEGATIVE_INFINITY : 4 * random.nextDouble() - 2);
        return values;
    }

    private static void assertSame(double[] actual, double[] expected) {
        for (int k = 0; k < expected.length; k++) {
            if (expected[k] == Double.NEGATIVE_INFINITY) {
                assertThat(actual[k]).isEqualTo(expected[k]);
            } else {
                assertThat(actual[k]).as("value %d", k).isCloseTo(expected[k], within(1e-12 * (1 + Math.abs(expected[k]))));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 70, 300, .1", "2, 70, 300, .01", "2, 1, 1, 1", "1, 33, 256, 1e-3", "2, 257, 31, 1e4"})
    void sumsAreThoseOfThePointsThatTheCostsAreOf(int p, int n, int m, double epsilon) {
        try (PointCloud x = cloud(1, n); PointCloud y = cloud(2, m)) {
            PairSums dense = new DensePairSums(THREE, DenseMatrices.denseCosts(p, x, y), n, m);
            PairSums points = new DoublePairSums(ONE, x, y);
            compare(dense, points, p, epsilon, n, m);
            compare(dense.transposed(), points.transposed(), p, epsilon, m, n);
            compare(dense.transposed().transposed(), points, p, epsilon, n, m);
        }
    }

    private static void compare(PairSums dense, PairSums points, int p, double epsilon, int n, int m) {
        double[] bias = biases(5, m);
        double[] alpha = biases(6, n);
        double[] values = new double[2 * m];
        Arrays.setAll(values, Math::sin);
        double[][] results = new double[6][];
        for (int k = 0; k < 2; k++) {
            PairSums sums = k == 0 ? dense : points;
            results[k] = new double[n];
            results[2 + k] = new double[n];
            results[4 + k] = new double[2 * n];
            sums.logSumExp(p, epsilon, bias, results[k], null);
            sums.planSums(p, epsilon, alpha, bias, values, 2, results[4 + k], results[2 + k], null);
        }
        assertSame(results[0], results[1]);
        assertSame(results[2], results[3]);
        assertSame(results[4], results[5]);
    }

    @Test
    void noBiasLeavesNothing() {
        double[] result = new double[2];
        double[] none = {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY};
        new DensePairSums(ONE, new double[6], 2, 3).logSumExp(2, 1, none, result, null);
        assertThat(result).containsOnly(Double.NEGATIVE_INFINITY);
    }

    @Test
    void costsMayBeNegativeAndHuge() {
        double[] result = new double[2];
        double[] costs = {-1e300, 1e300, 5, 3};
        new DensePairSums(ONE, costs, 2, 2).logSumExp(2, 1, new double[2], result, null);
        assertThat(result[0]).isEqualTo(1e300);
        assertThat(result[1]).isCloseTo(Math.log(Math.exp(-5) + Math.exp(-3)), within(1e-15));
    }

    @Test
    void sameBitsForAnyNumberOfThreads() {
        double[] costs = new double[333 * 222];
        Arrays.setAll(costs, k -> Math.sin(k * 0.37));
        double[][] results = new double[2][222];
        for (int k = 0; k < 2; k++) {
            new DensePairSums(k == 0 ? ONE : THREE, costs, 333, 222).transposed().logSumExp(1, .01, biases(7, 333), results[k], null);
        }
        assertThat(results[1]).isEqualTo(results[0]);
    }

    @Test
    void whatIsNoCostMatrixIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new DensePairSums(ONE, new double[5], 2, 3))
            .withMessage("the cost matrix has 5 values, expected 2 x 3");
        assertThatIllegalArgumentException().isThrownBy(() -> new DensePairSums(ONE, new double[] {0, 1, 2, Double.NaN}, 2, 2))
            .withMessage("the cost matrix holds NaN at row 1, column 1, expected finite costs");
        PairSums sums = new DensePairSums(ONE, new double[1], 1, 1);
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> sums.kernelSums(PairKernel.energy(), new double[1],
            new double[1], null));
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> sums.logSumExp(1, 1, new double[1], new double[1],
            new double[1]));
    }
}
