package org.pontoon.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.pontoon.engine.memory.Floats;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

class DoublePairSumsTest {

    private static final TileScheduler ONE = new TileScheduler(1);
    private static final TileScheduler TWO = new TileScheduler(2);

    @AfterAll
    static void close() {
        ONE.close();
        TWO.close();
    }

    static Stream<PairKernel> kernels() {
        return PairKernelTest.kernels();
    }

    private static PointCloud cloud(long seed, int size, int dimension) {
        return PointCloud.ofRows(Floats.random(seed, size * dimension, 1f), size, dimension);
    }

    private static double[] numbers(long seed, int count, double scale) {
        Random random = new Random(seed);
        double[] values = new double[count];
        Arrays.setAll(values, k -> scale * (2 * random.nextDouble() - 1));
        return values;
    }

    private static void assertSame(double[] actual, double[] expected) {
        double scale = Arrays.stream(expected).map(Math::abs).max().orElse(0);
        for (int k = 0; k < expected.length; k++) {
            assertThat(actual[k]).as("value %d", k).isCloseTo(expected[k], within(1e-13 * (1 + scale)));
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void kernelSumsAreThoseOfTheDenseMatrix(PairKernel kernel) {
        try (PointCloud x = cloud(1, 70, 3); PointCloud y = cloud(2, 300, 3)) {
            double[] weights = numbers(3, 300, 1);
            double[] sums = new double[70];
            double[] gradient = new double[210];
            new DoublePairSums(TWO, x, y).kernelSums(kernel, weights, sums, gradient);
            double[] expectedSums = new double[70];
            double[] expectedGradient = new double[210];
            new DensePairs(x, y).kernelSums(kernel, weights, expectedSums, expectedGradient);
            assertSame(sums, expectedSums);
            assertSame(gradient, expectedGradient);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1,1,1,.1", "2,1,17,2,.01", "1,33,1,2,.5", "2,64,257,3,.001", "1,65,600,3,.01", "2,31,513,5,1", "1,40,30,17,.2"})
    void logSumExpIsThatOfTheDenseMatrix(int p, int n, int m, int dimension, double epsilon) {
        try (PointCloud x = cloud(4, n, dimension); PointCloud y = cloud(5, m, dimension)) {
            double[] bias = numbers(6, m, 3);
            bias[m / 2] = m > 1 ? Double.NEGATIVE_INFINITY : 0;
            double[] result = new double[n];
            double[] gradient = new double[n * dimension];
            new DoublePairSums(TWO, x, y).logSumExp(p, epsilon, bias, result, gradient);
            double[] expectedResult = new double[n];
            double[] expectedGradient = new double[n * dimension];
            new DensePairs(x, y).logSumExp(p, epsilon, bias, expectedResult, expectedGradient);
            assertSame(result, expectedResult);
            assertSame(gradient, expectedGradient);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1,1,1", "2,33,300,3", "1,70,257,2"})
    void productsWithThePlanAreThoseOfTheDenseMatrix(int p, int n, int m, int dimension) {
        try (PointCloud x = cloud(7, n, dimension); PointCloud y = cloud(8, m, dimension)) {
            double[] alpha = numbers(9, n, 1);
            double[] beta = numbers(10, m, 1);
            alpha[n / 2] = n > 1 ? Double.NEGATIVE_INFINITY : 0;
            double[] values = numbers(11, 2 * m, 1);
            double[] applied = new double[2 * n];
            double[] rowSums = new double[n];
            double[] gradient = new double[n * dimension];
            new DoublePairSums(TWO, x, y).planSums(p, 0.3, alpha, beta, values, 2, applied, rowSums, gradient);
            double[] expectedApplied = new double[2 * n];
            double[] expectedSums = new double[n];
            double[] expectedGradient = new double[n * dimension];
            new DensePairs(x, y).planSums(p, 0.3, alpha, beta, values, 2, expectedApplied, expectedSums, expectedGradient);
            assertSame(applied, expectedApplied);
            assertSame(rowSums, expectedSums);
            assertSame(gradient, expectedGradient);
        }
    }

    @Test
    void aRowWithoutPartnersIsMinusInfinityWithoutGradient() {
        try (PointCloud x = cloud(1, 2, 2); PointCloud y = cloud(2, 3, 2)) {
            double[] bias = new double[3];
            Arrays.fill(bias, Double.NEGATIVE_INFINITY);
            double[] result = new double[2];
            double[] gradient = new double[4];
            new DoublePairSums(ONE, x, y).logSumExp(2, 1, bias, result, gradient);
            assertThat(result).containsOnly(Double.NEGATIVE_INFINITY);
            assertThat(gradient).containsOnly(0);
        }
    }

    @Test
    void theOtherSideIsTheTransposedMatrix() {
        try (PointCloud x = cloud(1, 50, 2); PointCloud y = cloud(2, 40, 2)) {
            double[] weights = numbers(3, 50, 1);
            double[] transposed = new double[40];
            double[] direct = new double[40];
            new DoublePairSums(ONE, x, y).transposed().kernelSums(PairKernel.energy(), weights, transposed, null);
            new DoublePairSums(ONE, y, x).kernelSums(PairKernel.energy(), weights, direct, null);
            assertThat(transposed).isEqualTo(direct);
        }
    }

    @Test
    void originsAreSubtractedWithoutRounding() {
        try (PointCloud x = PointCloud.ofRows(new float[][] {{1e6f}}); PointCloud y = PointCloud.ofRows(new float[][] {{-3e6f}})) {
            double[] sums = new double[1];
            new DoublePairSums(ONE, x, new double[] {1e6 - 0.1}, y, new double[] {-3e6 + 0.1}).kernelSums(PairKernel.energy(),
                new double[] {1}, sums, null);
            assertThat(sums[0]).isCloseTo(-0.2, within(1e-9));
        }
    }

    @Test
    void everyNumberOfThreadsGivesTheSameBits() {
        try (PointCloud x = cloud(1, 700, 3); PointCloud y = cloud(2, 500, 3)) {
            double[] bias = numbers(3, 500, 1);
            double[] one = new double[700];
            double[] two = new double[700];
            double[] gradientOne = new double[2100];
            double[] gradientTwo = new double[2100];
            new DoublePairSums(ONE, x, y).logSumExp(1, 0.05, bias, one, gradientOne);
            PairSums shared = new DoublePairSums(TWO, x, y);
            for (int round = 0; round < 5; round++) {
                shared.logSumExp(1, 0.05, bias, two, gradientTwo);
                assertThat(two).isEqualTo(one);
                assertThat(gradientTwo).isEqualTo(gradientOne);
            }
        }
    }
}
