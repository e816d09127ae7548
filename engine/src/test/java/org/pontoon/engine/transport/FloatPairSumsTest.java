package org.pontoon.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

/** Holds the float32 sums against those in float64. */
@Tag("widths")
class FloatPairSumsTest {

    private static final PairKernel[] KERNELS = {PairKernel.gaussian(0.5), PairKernel.laplacian(0.5), PairKernel.energy(),
        PairKernel.inverseMultiquadric(0.5), PairKernel.gaussian(0.2, 0.5, 1), PairKernel.laplacian(2, 0.3)};

    private final TileScheduler scheduler = new TileScheduler(1);

    @AfterEach
    void close() {
        scheduler.close();
    }

    private static PointCloud cloud(long seed, int size, int dimension, double scale, double shift) {
        Random random = new Random(seed);
        float[] rows = new float[size * dimension];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) (shift + scale * random.nextGaussian() / Math.sqrt(dimension));
        }
        return PointCloud.ofRows(rows, size, dimension);
    }

    private static double[] normals(long seed, int length) {
        Random random = new Random(seed);
        double[] values = new double[length];
        for (int i = 0; i < length; i++) {
            values[i] = random.nextGaussian();
        }
        return values;
    }

    private static void assertNear(String what, double[] actual, double[] expected, double tolerance) {
        double size = 0;
        double error = 0;
        for (int i = 0; i < actual.length; i++) {
            size = Math.max(size, Math.abs(expected[i]));
            error = Math.max(error, Math.abs(actual[i] - expected[i]));
        }
        assertThat(error).as(what).isLessThanOrEqualTo(tolerance * size);
    }

    @Test
    void kernelSumsAndGradientsAreThoseOfFloat64() {
        for (int dimension : new int[] {1, 2, 3, 4, 5, 8, 9, 17, 50, 200}) {
            int n = dimension > 16 ? 66 : 131;
            int m = dimension > 16 ? 130 : 1031;
            PointCloud x = cloud(1, n, dimension, 1, 7);
            PointCloud y = cloud(2, m, dimension, 1, 7);
            double[] weights = normals(3, m);
            for (int j = 0; j < m; j++) {
                weights[j] = 0.5 + 0.1 * weights[j];
            }
            for (PairKernel kernel : KERNELS) {
                double[] sums = new double[n];
                double[] gradient = new double[n * dimension];
                double[] expectedSums = new double[n];
                double[] expectedGradient = new double[n * dimension];
                PairSums floats = new FloatPairSums(scheduler, x, y);
                floats.kernelSums(kernel, weights, sums, gradient);
                new DoublePairSums(scheduler, x, y).kernelSums(kernel, weights, expectedSums, expectedGradient);
                assertNear(kernel + " sums, D = " + dimension, sums, expectedSums, 5e-7);
                assertNear(kernel + " gradient, D = " + dimension, gradient, expectedGradient, 2e-6);
                double[] alone = new double[n];
                floats.kernelSums(kernel, weights, alone, null);
                assertThat(alone).isEqualTo(sums);
            }
        }
    }

    @Test
    void logSumExpAndPlanAreThoseOfFloat64() {
        for (int dimension : new int[] {1, 2, 3, 5, 10, 50}) {
            int n = 67;
            int m = 1031;
            PointCloud x = cloud(1, n, dimension, 1, -3);
            PointCloud y = cloud(2, m, dimension, 1, -3);
            for (int p = 1; p <= 2; p++) {
                for (double epsilon : new double[] {1, 0.05, 0.002}) {
                    double[] bias = normals(3, m);
                    for (int j = 0; j < m; j++) {
                        bias[j] *= 0.2 / epsilon;
                    }
                    bias[7] = Double.NEGATIVE_INFINITY;
                    double tolerance = 3e-6 + 5e-7 / epsilon;
                    int valueCount = dimension == 10 ? 11 : 2;
                    assertSweepsAgree(new FloatPairSums(scheduler, x, y), new DoublePairSums(scheduler, x, y), n, dimension, p, epsilon,
                        bias,
                        valueCount, tolerance);
                }
            }
        }
    }

    private static void assertSweepsAgree(PairSums floats, PairSums doubles, int n, int dimension, int p, double epsilon, double[] bias,
            int valueCount, double tolerance) {
        String what = "p = " + p + ", epsilon = " + epsilon + ", D = " + dimension;
        double[] result = new double[n];
        double[] gradient = new double[n * dimension];
        double[] expected = new double[n];
        double[] expectedGradient = new double[n * dimension];
        floats.logSumExp(p, epsilon, bias, result, gradient);
        doubles.logSumExp(p, epsilon, bias, expected, expectedGradient);
        for (int i = 0; i < n; i++) {
            assertThat(result[i]).as(what).isCloseTo(expected[i], within(tolerance));
        }
        assertNear(what + ", gradient", gradient, expectedGradient, tolerance);
        double[] alone = new double[n];
        floats.logSumExp(p, epsilon, bias, alone, null);
        assertThat(alone).isEqualTo(result);

        double[] alpha = new double[n];
        for (int i = 0; i < n; i++) {
            alpha[i] = -expected[i];
        }
        alpha[n - 1] = Double.NEGATIVE_INFINITY;
        double[] values = normals(4, bias.length * valueCount);
        double[] applied = new double[n * valueCount];
        double[] expectedApplied = new double[n * valueCount];
        double[] rowSums = new double[n];
        double[] expectedSums = new double[n];
        floats.planSums(p, epsilon, alpha, bias, values, valueCount, applied, rowSums, gradient);
        doubles.planSums(p, epsilon, alpha, bias, values, valueCount, expectedApplied, expectedSums, expectedGradient);
        assertThat(rowSums[n - 1]).isZero();
        assertNear(what + ", row sums", rowSums, expectedSums, tolerance);
        assertNear(what + ", applied", applied, expectedApplied, tolerance);
        double[] again = new double[n * valueCount];
        floats.planSums(p, epsilon, alpha, bias, normals(5, values.length), valueCount, again, null, null);
        floats.planSums(p, epsilon, alpha, bias, values, valueCount, again, null, null);
        assertThat(again).isEqualTo(applied);
        assertNear(what + ", gradient of the plan", gradient, expectedGradient, tolerance);
    }

    @Test
    void referencesFollowExponentsThatFallTileByTile() {
        int m = 5000;
        float[] rows = new float[m];
        for (int j = 0; j < m; j++) {
            rows[j] = 1 - j / (float) m;
        }
        PointCloud x = PointCloud.ofRows(new float[] {0f, 0.5f, 1f}, 3, 1);
        PointCloud y = PointCloud.ofRows(rows, m, 1);
        for (int p = 1; p <= 2; p++) {
            assertSweepsAgree(new FloatPairSums(scheduler, x, y), new DoublePairSums(scheduler, x, y), 3, 1, p, 1e-3,
                new double[m], 1, 1e-3);
        }
    }

    @Test
    void aSweepOverNothingIsMinusInfinity() {
        PointCloud x = cloud(1, 5, 2, 1, 0);
        PairSums sums = new FloatPairSums(scheduler, x, x);
        double[] bias = new double[5];
        Arrays.fill(bias, Double.NEGATIVE_INFINITY);
        double[] result = new double[5];
        double[] gradient = new double[10];
        Arrays.fill(gradient, 1);
        sums.logSumExp(2, 1, bias, result, gradient);
        assertThat(result).containsOnly(Double.NEGATIVE_INFINITY);
        assertThat(gradient).containsOnly(0);
        double[] rowSums = {1, 1, 1, 1, 1};
        sums.planSums(2, 1, new double[5], bias, null, 0, null, rowSums, null);
        assertThat(rowSums).containsOnly(0);
    }

    @Test
    void firstTilesWithoutMassDoNotMatter() {
        PointCloud x = cloud(1, 5, 3, 1, 0);
        PointCloud y = cloud(2, 1500, 3, 1, 0);
        double[] bias = new double[1500];
        Arrays.fill(bias, 0, 1400, Double.NEGATIVE_INFINITY);
        assertSweepsAgree(new FloatPairSums(scheduler, x, y), new DoublePairSums(scheduler, x, y), 5, 3, 2, 0.1, bias, 1, 1e-5);
    }

    @Test
    void transposedExchangesTheSides() {
        PointCloud x = cloud(1, 70, 3, 1, 0);
        PointCloud y = cloud(2, 600, 3, 1, 0);
        double[] weights = normals(3, 70);
        double[] sums = new double[600];
        double[] expected = new double[600];
        double[] gradient = new double[1800];
        double[] expectedGradient = new double[1800];
        new FloatPairSums(scheduler, x, y).transposed().kernelSums(KERNELS[0], weights, sums, gradient);
        new FloatPairSums(scheduler, y, x).kernelSums(KERNELS[0], weights, expected, expectedGradient);
        assertThat(sums).isEqualTo(expected);
        assertThat(gradient).isEqualTo(expectedGradient);
    }

    @Test
    void originsAreSubtractedBeforeRounding() {
        PointCloud x = cloud(1, 40, 2, 1e-3, 1000);
        PointCloud y = cloud(2, 50, 2, 1e-3, -500);
        double[] xOrigin = {1000, 1000};
        double[] yOrigin = {-500, -500};
        double[] weights = new double[50];
        Arrays.fill(weights, 0.02);
        PairKernel kernel = PairKernel.laplacian(1e-3);
        double[] sums = new double[40];
        double[] expected = new double[40];
        double[] gradient = new double[80];
        double[] expectedGradient = new double[80];
        new FloatPairSums(scheduler, x, xOrigin, y, yOrigin).kernelSums(kernel, weights, sums, gradient);
        new DoublePairSums(scheduler, x, xOrigin, y, yOrigin).kernelSums(kernel, weights, expected, expectedGradient);
        assertNear("sums", sums, expected, 1e-6);
        assertNear("gradient", gradient, expectedGradient, 1e-6);
    }

    @Test
    void coincidingPointsHaveKernelOneAndNoDirection() {
        for (int dimension : new int[] {1, 3, 12}) {
            float[] rows = new float[40 * dimension];
            Arrays.fill(rows, 123.456f);
            PointCloud x = PointCloud.ofRows(rows, 40, dimension);
            double[] ones = new double[40];
            Arrays.fill(ones, 1);
            for (PairKernel kernel : KERNELS) {
                double[] sums = new double[40];
                double[] gradient = new double[40 * dimension];
                new FloatPairSums(scheduler, x, x).kernelSums(kernel, ones, sums, gradient);
                assertThat(sums).containsOnly(kernel.profile() == PairKernel.Profile.ENERGY ? -0.0 : 40);
                for (double g : gradient) {
                    assertThat(g).isZero();
                }
            }
        }
    }

    @Test
    void hugeAndTinyCloudsAreSummedAsWell() {
        for (double scale : new double[] {1e-35, 1e30, 1e38}) {
            PointCloud x = cloud(1, 20, 2, scale, 0);
            PointCloud y = cloud(2, 30, 2, scale, 0);
            double[] weights = new double[30];
            Arrays.fill(weights, 1);
            for (PairKernel kernel : new PairKernel[] {PairKernel.energy(), PairKernel.gaussian(scale), PairKernel.laplacian(scale)}) {
                double[] sums = new double[20];
                double[] expected = new double[20];
                double[] gradient = new double[40];
                double[] expectedGradient = new double[40];
                new FloatPairSums(scheduler, x, y).kernelSums(kernel, weights, sums, gradient);
                new DoublePairSums(scheduler, x, y).kernelSums(kernel, weights, expected, expectedGradient);
                assertNear(kernel + " sums", sums, expected, 1e-6);
                assertNear(kernel + " gradient", gradient, expectedGradient, 1e-6);
            }
        }
    }

    @Test
    void bitsDependNeitherOnThreadsNorOnWidth() {
        CRC32C first = new CRC32C();
        for (int threads = 1; threads <= 3; threads++) {
            CRC32C crc = new CRC32C();
            try (TileScheduler shared = new TileScheduler(threads)) {
                for (int dimension : new int[] {1, 3, 11}) {
                    PointCloud x = cloud(1, 200, dimension, 1, 0);
                    PointCloud y = cloud(2, 700, dimension, 1, 0);
                    PairSums sums = new FloatPairSums(shared, x, y);
                    double[] result = new double[200];
                    double[] gradient = new double[200 * dimension];
                    for (PairKernel kernel : KERNELS) {
                        sums.kernelSums(kernel, normals(3, 700), result, gradient);
                        update(crc, result);
                        update(crc, gradient);
                    }
                    for (int p = 1; p <= 2; p++) {
                        sums.planSums(p, 0.01, new double[200], normals(3, 700), normals(4, 700), 1, new double[200], result, gradient);
                        update(crc, result);
                        update(crc, gradient);
                    }
                }
            }
            if (threads == 1) {
                first = crc;
                assertThat(Long.toHexString(crc.getValue())).isEqualTo("67280ab7");
            }
            assertThat(crc.getValue()).isEqualTo(first.getValue());
        }
    }

    /** Rounded to float: exp and log of the JDK may differ in the last bit of a double from machine to machine. */
    private static void update(CRC32C crc, double[] values) {
        for (double value : values) {
            int bits = Float.floatToIntBits((float) value);
            for (int shift = 0; shift < 32; shift += 8) {
                crc.update(bits >>> shift);
            }
        }
    }
}
