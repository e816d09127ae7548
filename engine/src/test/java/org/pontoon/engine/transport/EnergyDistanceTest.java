package org.pontoon.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pontoon.engine.memory.Floats;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

@Tag("widths")
class EnergyDistanceTest {

    private static final TileScheduler ONE = new TileScheduler(1);
    private static final TileScheduler TWO = new TileScheduler(2);
    private static final TileScheduler THREE = new TileScheduler(3);

    @AfterAll
    static void close() {
        ONE.close();
        TWO.close();
        THREE.close();
    }

    private static PointCloud cloud(long seed, int size, int dimension, float shift) {
        float[] rows = Floats.random(seed, size * dimension, 3f);
        for (int i = 0; i < rows.length; i++) {
            rows[i] += shift;
        }
        return PointCloud.ofRows(rows, size, dimension);
    }

    /** Sum of distances, each in double. */
    private static double naiveSum(PointCloud x, PointCloud y) {
        double sum = 0;
        for (int i = 0; i < x.size(); i++) {
            for (int j = 0; j < y.size(); j++) {
                double square = 0;
                for (int d = 0; d < x.dimension(); d++) {
                    double u = (double) x.get(i, d) - y.get(j, d);
                    square += u * u;
                }
                sum += Math.sqrt(square);
            }
        }
        return sum;
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "1,2,3", "2,17,2", "63,64,3", "64,65,1", "65,63,5", "255,256,2", "256,257,2", "257,100,16", "500,300,33",
        "1000,31,3"})
    void theSumsAreThoseOfDoubles(int n, int m, int dimension) {
        try (PointCloud x = cloud(1, n, dimension, 0f); PointCloud y = cloud(2, m, dimension, 0.5f)) {
            double xy = naiveSum(x, y);
            double xx = naiveSum(x, x);
            double yy = naiveSum(y, y);
            double scale = 2 * xy / ((double) n * m);
            assertThat(EnergyDistance.between(x, y, TWO)).isCloseTo(scale - xx / ((double) n * n) - yy / ((double) m * m),
                within(1e-6 * scale));
            if (n > 1 && m > 1) {
                assertThat(EnergyDistance.unbiasedHalf(x, y, TWO))
                    .isCloseTo(xy / ((double) n * m) - 0.5 * xx / (n * (n - 1.0)) - 0.5 * yy / (m
                        * (m - 1.0)), within(1e-6 * scale));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1,2", "64,64", "100,300", "700,513"})
    void everyNumberOfThreadsGivesTheSameBits(int n, int m) {
        try (PointCloud x = cloud(3, n, 3, 0f); PointCloud y = cloud(4, m, 3, 0.1f)) {
            double expected = EnergyDistance.between(x, y, ONE);
            for (int round = 0; round < 20; round++) {
                assertThat(Double.doubleToRawLongBits(EnergyDistance.between(x, y, TWO))).isEqualTo(Double.doubleToRawLongBits(expected));
                assertThat(Double.doubleToRawLongBits(EnergyDistance.between(x, y, THREE))).isEqualTo(Double.doubleToRawLongBits(expected));
            }
        }
    }

    @Test
    void theBitsAreTheSameAtEveryWidth() {
        try (PointCloud x = cloud(5, 777, 3, 0f); PointCloud y = cloud(6, 333, 3, 0.25f)) {
            assertThat(Double.doubleToRawLongBits(EnergyDistance.between(x, y, TWO))).isEqualTo(4588017192068077824L);
            assertThat(Double.doubleToRawLongBits(EnergyDistance.unbiasedHalf(x, y, TWO))).isEqualTo(4581021833239918592L);
        }
    }

    @Test
    void aCloudIsAtDistanceZeroFromItself() {
        for (int size : new int[] {1, 2, 100, 300}) {
            try (PointCloud x = cloud(7, size, 4, 0f); PointCloud copy = PointCloud.ofRows(x.toRows(), size, 4)) {
                assertThat(EnergyDistance.between(x, x, TWO)).isZero();
                assertThat(EnergyDistance.between(x, copy, TWO)).isZero();
            }
        }
    }

    @Test
    void aRearrangedCloudIsAlmostAtDistanceZero() {
        try (PointCloud x = cloud(8, 300, 2, 0f); PointCloud y = PointCloud.allocate(300, 2)) {
            float[] point = new float[2];
            for (int n = 0; n < 300; n++) {
                x.copyPoint(n, point, 0);
                y.setPoint(299 - n, point, 0);
            }
            assertThat(EnergyDistance.between(x, y, TWO)).isCloseTo(0, within(5e-6));
        }
    }

    @Test
    void twoPointsAreTwiceTheirDistanceApart() {
        try (PointCloud x = PointCloud.ofRows(new float[][] {{1f, 2f}}); PointCloud y = PointCloud.ofRows(new float[][] {{4f, 6f}})) {
            assertThat(EnergyDistance.between(x, y, ONE)).isEqualTo(10);
            assertThat(EnergyDistance.between(y, x, ONE)).isEqualTo(10);
        }
    }

    @Test
    void cloudsOfOnePointEachRepeatedAreTwiceTheirDistanceApart() {
        for (int size : new int[] {2, 16, 65, 257}) {
            float[] rows = new float[size];
            Arrays.fill(rows, 3f);
            try (PointCloud x = PointCloud.ofRows(rows, size, 1); PointCloud y = PointCloud.allocate(size, 1)) {
                assertThat(EnergyDistance.between(x, y, TWO)).isEqualTo(6);
                assertThat(EnergyDistance.unbiasedHalf(x, y, TWO)).isEqualTo(3);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1e15", "1e25", "1e30", "3e38", "-1e30"})
    void aTightCloudFarAwayIsAtDistanceZeroFromItself(float where) {
        float[] rows = new float[2 * 70];
        Arrays.fill(rows, where);
        try (PointCloud x = PointCloud.ofRows(rows, 70, 2)) {
            assertThat(EnergyDistance.between(x, x, TWO)).isZero();
        }
    }

    @Test
    void weightsCountAsRepetitionsDo() {
        try (PointCloud x = cloud(9, 20, 2, 0f); PointCloud y = cloud(10, 30, 2, 1f); PointCloud repeated = PointCloud.allocate(40, 2)) {
            float[] weights = new float[20];
            float[] point = new float[2];
            for (int i = 0; i < 40; i++) {
                int from = i < 20 ? i : i < 30 ? 3 : 7;
                weights[from] += 5f;
                x.copyPoint(from, point, 0);
                repeated.setPoint(i, point, 0);
            }
            double expected = EnergyDistance.between(repeated, y, ONE);
            x.withWeights(weights);
            assertThat(EnergyDistance.between(x, y, ONE)).isCloseTo(expected, within(1e-6 * expected));
        }
    }

    @Test
    void halfOfItIsTheKernelNorm() {
        try (PointCloud x = cloud(9, 70, 3, 0f); PointCloud y = cloud(10, 30, 3, 1f)) {
            double half = new KernelNorm(PairKernel.energy(), Precision.FLOAT64).value(x, y, ONE);
            assertThat(EnergyDistance.between(x, y, ONE)).isCloseTo(2 * half, within(1e-6 * half));
        }
    }

    @ParameterizedTest
    @CsvSource({"1e25", "1e-25", "1e-38"})
    void itScalesWithTheCoordinates(float factor) {
        try (PointCloud x = cloud(9, 70, 3, 0f); PointCloud y = cloud(10, 30, 3, 1f)) {
            double expected = factor * EnergyDistance.between(x, y, ONE);
            double half = factor * EnergyDistance.unbiasedHalf(x, y, ONE);
            for (PointCloud cloud : new PointCloud[] {x, y}) {
                for (int n = 0; n < cloud.size(); n++) {
                    for (int d = 0; d < 3; d++) {
                        cloud.set(n, d, cloud.get(n, d) * factor);
                    }
                }
            }
            assertThat(EnergyDistance.between(x, y, ONE)).isCloseTo(expected, within(1e-5 * expected));
            assertThat(EnergyDistance.unbiasedHalf(x, y, ONE)).isCloseTo(half, within(1e-5 * half));
        }
    }

    @Test
    void cloudsThatDoNotFitAreRefused() {
        try (PointCloud x = cloud(1, 3, 2, 0f); PointCloud y = cloud(2, 3, 4, 0f); PointCloud one = cloud(3, 1, 2,
            0f); PointCloud bad = cloud(4, 3,
                2, 0f)) {
            bad.set(2, 1, Float.NaN);
            assertThatIllegalArgumentException().isThrownBy(() -> EnergyDistance.between(x, y, ONE)).withMessageContaining("second cloud")
                .withMessageContaining("4");
            assertThatIllegalArgumentException().isThrownBy(() -> EnergyDistance.unbiasedHalf(x, one, ONE))
                .withMessageContaining("1 points");
            assertThatIllegalArgumentException().isThrownBy(() -> EnergyDistance.unbiasedHalf(one, x, ONE))
                .withMessageContaining("1 and 3");
            assertThatIllegalArgumentException().isThrownBy(() -> EnergyDistance.between(bad, x, ONE)).withMessageContaining("first cloud")
                .withMessageContaining("row 2, column 1");
            assertThatIllegalArgumentException().isThrownBy(() -> EnergyDistance.between(x, bad, ONE))
                .withMessageContaining("second cloud");
        }
    }

    @Test
    void aClosedCloudIsRefused() {
        PointCloud closed = cloud(1, 3, 2, 0f);
        closed.close();
        try (PointCloud x = cloud(2, 3, 2, 0f)) {
            assertThatIllegalStateException().isThrownBy(() -> EnergyDistance.between(x, closed, TWO));
            assertThatIllegalStateException().isThrownBy(() -> EnergyDistance.between(closed, x, TWO));
        }
    }
}
