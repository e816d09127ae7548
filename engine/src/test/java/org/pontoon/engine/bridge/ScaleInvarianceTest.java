package org.pontoon.engine.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.random.CounterRandom;

/** Points times c and epsilon times c squared give the same bridge times c, and clusters far apart keep their shares. */
class ScaleInvarianceTest {

    private static final int DIMENSION = 3;
    private static TileScheduler one;

    @BeforeAll
    static void open() {
        one = new TileScheduler(1);
    }

    @AfterAll
    static void close() {
        one.close();
    }

    private static TrainingOptions.Builder options(Covariance covariance, double unit) {
        return TrainingOptions.builder().components(5).covariance(covariance).steps(1500).epsilon(0.1 * unit * unit);
    }

    private static PointCloud scaled(PointCloud cloud, double factor) {
        PointCloud result = PointCloud.allocate(cloud.size(), cloud.dimension());
        for (int n = 0; n < cloud.size(); n++) {
            for (int d = 0; d < cloud.dimension(); d++) {
                result.set(n, d, (float) (cloud.get(n, d) * factor));
            }
        }
        return result;
    }

    private static TrainingResult fit(TrainingOptions options, PointCloud x, PointCloud y) {
        return BridgeTrainer.on(options, x, y).fit(one, Progress.NONE);
    }

    @ParameterizedTest
    @CsvSource({"DIAGONAL,1e-30", "DIAGONAL,1e-19", "DIAGONAL,1e-6", "DIAGONAL,.001", "DIAGONAL,.1", "DIAGONAL,3", "DIAGONAL,1000",
        "DIAGONAL,1e6", "DIAGONAL,1e19", "DIAGONAL,1e30", "FULL,1e-30", "FULL,.001", "FULL,7", "FULL,1e6", "FULL,1e30"})
    void aFitDoesNotDependOnUnits(Covariance covariance, double unit) {
        try (PointCloud x = TestClouds.blobs(500, DIMENSION, 0, 1);
                PointCloud y = TestClouds.blobs(600, DIMENSION, 2, 2);
                PointCloud scaledX = scaled(x, unit);
                PointCloud scaledY = scaled(y, unit)) {
            TrainingResult plain = fit(options(covariance, 1).build(), x, y);
            TrainingResult result = fit(options(covariance, unit).build(), scaledX, scaledY);
            assertThat(result.activeComponents()).isEqualTo(plain.activeComponents()).isGreaterThan(1);
            // densities of y have the unit of its volume
            assertThat(result.bridge().objective(scaledX, scaledY, one).value() - DIMENSION * Math.log(unit))
                .isCloseTo(plain.bridge().objective(x, y, one).value(), within(2e-3));
            BridgeTransport first = new BridgeTransport(plain.bridge(), one);
            BridgeTransport second = new BridgeTransport(result.bridge(), one);
            for (double t : new double[] {0.5, 1}) {
                try (PointCloud mean = first.mean(x);
                        PointCloud scaledMean = second.mean(scaledX);
                        PointCloud drawn = first.sampleAt(x, t, 1, 5);
                        PointCloud scaledDrawn = second.sampleAt(scaledX, t, 1, 5);
                        PointCloud drift = first.drift(x, t);
                        PointCloud scaledDrift = second.drift(scaledX, t)) {
                    assertThat(distance(mean, scaledMean, unit)).isLessThan(2e-3);
                    assertThat(distance(drift, scaledDrift, unit)).isLessThan(0.02);
                    // a draw or two may choose another component
                    assertThat(distance(drawn, scaledDrawn, unit)).isLessThan(0.2);
                }
            }
        }
    }

    /** Root of the mean squared distance. */
    private static double distance(PointCloud plain, PointCloud scaled, double unit) {
        double sum = 0;
        for (int n = 0; n < plain.size(); n++) {
            for (int d = 0; d < plain.dimension(); d++) {
                double u = plain.get(n, d) - scaled.get(n, d) / unit;
                sum += u * u;
            }
        }
        return Math.sqrt(sum / plain.size());
    }

    @ParameterizedTest
    @EnumSource
    void inUnitsOfAPowerOfTwoNotABitDiffers(Covariance covariance) {
        double unit = 0x1p-20;
        try (PointCloud x = TestClouds.blobs(300, DIMENSION, 0, 1);
                PointCloud y = TestClouds.blobs(300, DIMENSION, 2, 2);
                PointCloud scaledX = scaled(x, unit);
                PointCloud scaledY = scaled(y, unit)) {
            LightBridge plain = fit(options(covariance, 1).steps(300).build(), x, y).bridge();
            LightBridge result = fit(options(covariance, unit).steps(300).build(), scaledX, scaledY).bridge();
            assertThat(result.scales()).isEqualTo(plain.scales());
            assertThat(result.logWeights()).isEqualTo(plain.logWeights());
            for (int i = 0; i < plain.locations().length; i++) {
                assertThat(result.locations()[i]).isEqualTo(unit * plain.locations()[i]);
            }
        }
    }

    /** Normal points, a share of them in each of several clusters along the first axis. */
    private static PointCloud clusters(int size, int dimension, double gap, double[] shares, long seed) {
        PointCloud cloud = PointCloud.allocate(size, dimension);
        long key = CounterRandom.key(seed, 1);
        for (int n = 0; n < size; n++) {
            int cluster = 0;
            for (double below = shares[0]; (n + 0.5) / size > below; below += shares[cluster]) {
                cluster++;
            }
            for (int d = 0; d < dimension; d++) {
                cloud.set(n, d, (float) (CounterRandom.normal(key, (long) n * dimension + d) + (d == 0 ? cluster * gap : 0)));
            }
        }
        return cloud;
    }

    @ParameterizedTest
    @CsvSource({"DIAGONAL,1,100,.3 .7", "DIAGONAL,1,1000,.3 .7", "FULL,1,1000,.3 .7", "DIAGONAL,1,1000,.2 .3 .5", "DIAGONAL,20,1000,.3 .7",
        "DIAGONAL,1,1000,.1 .9"})
    void clustersFarApartKeepTheirSharesAndShapes(Covariance covariance, int dimension, double gap, String list) {
        double[] shares = Stream.of(list.split(" ")).mapToDouble(Double::parseDouble).toArray();
        try (PointCloud x = clusters(1000, dimension, 0, new double[] {1}, 1); PointCloud y = clusters(1000, dimension, gap, shares, 2)) {
            TrainingResult result = fit(TrainingOptions.builder().covariance(covariance).build(), x, y);
            try (PointCloud moved = new BridgeTransport(result.bridge(), one).sample(x, 1, 3)) {
                double[] squares = new double[shares.length];
                int[] counts = new int[shares.length];
                for (int n = 0; n < moved.size(); n++) {
                    int cluster = (int) Math.clamp(Math.rint(moved.get(n, 0) / gap), 0, shares.length - 1);
                    counts[cluster]++;
                    squares[cluster] += Math.pow(moved.get(n, 0) - cluster * gap, 2);
                }
                for (int c = 0; c < shares.length; c++) {
                    assertThat(counts[c]).as("points in cluster %d", c).isCloseTo((int) (1000 * shares[c]), within(25));
                    assertThat(Math.sqrt(squares[c] / counts[c])).as("deviation of cluster %d", c).isCloseTo(1, within(0.25));
                }
            }
        }
    }

    @Test
    void aFitInStagesResumesToTheSameBytes() {
        try (PointCloud x = clusters(300, 2, 0, new double[] {1}, 1); PointCloud y = clusters(300, 2, 500, new double[] {0.4, 0.6}, 2)) {
            TrainingOptions o = TrainingOptions.builder().components(4).steps(1300).build();
            List<TrainingState> checkpoints = new ArrayList<>();
            TrainingState whole = BridgeTrainer.on(o, x, y).holdOut(y, x, 100, 100).checkpoint(170, checkpoints::add)
                .fit(one, Progress.NONE)
                .state();
            assertThat(checkpoints).hasSize(7);
            for (TrainingState checkpoint : checkpoints) {
                assertThat(BridgeTrainer.on(o, x, y).holdOut(y, x, 100, 100).resume(checkpoint).fit(one, Progress.NONE).state())
                    .isEqualTo(whole);
            }
        }
    }

    @Test
    void aWarmStartFromABridgeOfFarClustersKeepsTheirShares() {
        try (PointCloud x = clusters(500, 1, 0, new double[] {1}, 1); PointCloud y = clusters(500, 1, 1000, new double[] {0.3, 0.7}, 2)) {
            TrainingOptions o = TrainingOptions.builder().steps(3000).build();
            LightBridge late = fit(o, x, y).bridge();
            LightBridge again = BridgeTrainer.on(TrainingOptions.builder().steps(500).build(), x, y).startFrom(late).fit(one, Progress.NONE)
                .bridge();
            try (PointCloud moved = new BridgeTransport(again, one).sample(x, 1, 3)) {
                int far = 0;
                for (int n = 0; n < moved.size(); n++) {
                    far += moved.get(n, 0) > 500 ? 1 : 0;
                }
                assertThat(far).isCloseTo(350, within(15));
            }
        }
    }

    @Test
    void whatStandsInTheWayOfAFitIsNamed() {
        TrainingOptions o = TrainingOptions.builder().components(2).steps(20).build();
        try (PointCloud x = clusters(200, 3, 0, new double[] {1}, 1); PointCloud y = clusters(200, 3, 5, new double[] {0.5, 0.5}, 2)) {
            assertThat(fit(o, x, y).remarks()).isEmpty();
            assertThat(fit(TrainingOptions.builder().components(2).steps(20).epsilon(1e-9).build(), x, y).remarks()).singleElement()
                .asString()
                .startsWith("epsilon 1.000e-09 is ").contains("in column 0 of the target: float32", "raise epsilon to ");
            for (int n = 0; n < x.size(); n++) {
                x.set(n, 1, 1e6f + x.get(n, 1));
                y.set(n, 2, 1e-5f * y.get(n, 2));
            }
            assertThat(fit(o, x, y).remarks()).hasSize(2)
                .anySatisfy(r -> assertThat(r).startsWith("column 1 of the source varies by 1.08 about ")
                    .contains("float32 has steps of 0.0625"))
                .anySatisfy(r -> assertThat(r)
                    .startsWith("column 2 of the target spreads by ").endsWith("scale the columns alike"));
            for (int n = 0; n < x.size(); n++) {
                for (int d = 0; d < 3; d++) {
                    y.set(n, d, 4);
                }
                x.set(n, 1, 0);
            }
            TrainingResult equal = fit(o, x, y);
            assertThat(equal.remarks()).containsExactly("all points of the target are equal");
            assertThat(equal.bridge().conditionalMean(new double[3])).containsExactly(new double[] {4, 4, 4}, within(0.1));
            // nothing but epsilon has a length
            assertThat(fit(o, y, y).bridge().conditionalMean(new double[] {4, 4, 4})).containsExactly(new double[] {4, 4, 4}, within(0.1));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-200, 1e-12, 1e4, 1e12})
    void anEpsilonOfAnySizeGivesAFiniteFit(double epsilon) {
        try (PointCloud x = clusters(300, 2, 0, new double[] {1}, 1); PointCloud y = clusters(300, 2, 4, new double[] {0.5, 0.5}, 2)) {
            TrainingOptions o = TrainingOptions.builder().components(4).epsilon(epsilon).steps(5000).build();
            try (PointCloud moved = new BridgeTransport(fit(o, x, y).bridge(), one).sample(x, 1, 3)) {
                double sum = 0;
                double squares = 0;
                for (int n = 0; n < moved.size(); n++) {
                    sum += moved.get(n, 0);
                    squares += moved.get(n, 0) * moved.get(n, 0);
                }
                double mean = sum / moved.size();
                assertThat(mean).isCloseTo(2, within(0.5));
                assertThat(Math.sqrt(squares / moved.size() - mean * mean)).isCloseTo(Math.sqrt(5), within(0.5));
            }
        }
    }
}
