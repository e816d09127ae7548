package org.pontoon.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.memory.Floats;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

/** Losses of clouds that are large, tiny, or far from the length that a loss looks at. */
class ExtremeScalesTest {

    private static final TileScheduler TWO = new TileScheduler(2);
    private static final int N = 40;
    private static final int M = 60;

    @AfterAll
    static void close() {
        TWO.close();
    }

    private static PointCloud cloud(long seed, int size, float shift, double unit) {
        float[] rows = Floats.random(seed, 3 * size, 1f);
        for (int k = 0; k < rows.length; k++) {
            rows[k] = (float) ((rows[k] + shift) * unit);
        }
        return PointCloud.ofRows(rows, size, 3);
    }

    private static PointCloud x(double unit) {
        return cloud(1, N, 0, unit);
    }

    private static PointCloud y(double unit) {
        return cloud(2, M, 0.5f, unit);
    }

    private record Case(Loss loss, int degree) {
    }

    private static List<Case> losses(double unit, Precision precision) {
        List<Case> cases = new ArrayList<>();
        cases.add(new Case(new KernelNorm(PairKernel.energy(), precision), 1));
        cases.add(new Case(new KernelNorm(PairKernel.gaussian(0.3 * unit, unit), precision), 0));
        cases.add(new Case(new KernelNorm(PairKernel.laplacian(0.3 * unit), precision), 0));
        cases.add(new Case(new KernelNorm(PairKernel.inverseMultiquadric(0.3 * unit), precision), 0));
        cases.add(new Case(new MixtureLikelihood(0.3 * unit, precision), 0));
        cases.add(new Case(new SoftHausdorff(1, 0.3 * unit, precision), 1));
        cases.add(new Case(new SoftHausdorff(2, 0.3 * unit, precision), 2));
        return cases;
    }

    @ParameterizedTest
    @CsvSource({"1e25, FLOAT32", "1e25, FLOAT64", "1e-25, FLOAT32", "1e-25, FLOAT64", "1e-35, FLOAT32", "1e36, FLOAT64"})
    void lossesScaleWithTheirClouds(double unit, Precision precision) {
        List<Case> ordinary = losses(1, precision);
        List<Case> scaled = losses(unit, precision);
        try (PointCloud x = x(1); PointCloud y = y(1); PointCloud u = x(unit); PointCloud v = y(unit)) {
            for (int k = 0; k < ordinary.size(); k++) {
                LossGradient expected = ordinary.get(k).loss.gradient(x, y, TWO);
                LossGradient found = scaled.get(k).loss.gradient(u, v, TWO);
                double factor = Math.pow(unit, scaled.get(k).degree);
                assertThat(found.value()).as("%d", k).isCloseTo(expected.value() * factor, within(3e-5 * factor * expected.value()));
                assertClose(found.points(), expected.points(), factor / unit, 1e-4);
                assertClose(found.weights(), expected.weights(), factor, 1e-4);
            }
        }
    }

    private static double[] lessMean(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        return Arrays.stream(values).map(v -> v - mean).toArray();
    }

    private static void assertClose(double[] found, double[] expected, double factor, double tolerance) {
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        for (int k = 0; k < found.length; k++) {
            assertThat(found[k] / factor).isCloseTo(expected[k], within(tolerance * largest));
        }
    }

    @ParameterizedTest
    @CsvSource({"1e25, 2", "1e-30, 2", "1e-40, 1", "1e25, 3", "1e-35, 7", "1e30, 20"})
    void slicedDistancesScaleWithTheirClouds(double unit, double p) {
        SlicedDirections directions = SlicedDirections.random(3, 12, 3);
        try (PointCloud x = x(1); PointCloud y = y(1); PointCloud u = x(unit); PointCloud v = y(unit); PointCloud slope = PointCloud
            .allocate(N, 3); PointCloud other = PointCloud.allocate(N, 3)) {
            SlicedWasserstein sliced = new SlicedWasserstein(TWO);
            SlicedResult expected = sliced.distanceGradient(x, y, directions, p, slope);
            SlicedResult found = sliced.distanceGradient(u, v, directions, p, other);
            assertThat(found.distance()).isCloseTo(expected.distance() * unit, within(1e-4 * unit));
            assertThat(found.distanceError()).isCloseTo(expected.distanceError() * unit, within(1e-4 * unit));
            for (int n = 0; n < N; n++) {
                assertThat(other.get(n, 1)).isCloseTo(slope.get(n, 1), within(1e-3f));
            }
            MaxSlicedWasserstein.Result ascent = MaxSlicedWasserstein.ascend(u, v, directions, p, 3);
            assertThat(ascent.distance()).isCloseTo(MaxSlicedWasserstein.ascend(x, y, directions, p, 3).distance() * unit,
                within(1e-3 * unit));
        }
    }

    @Test
    void theGradientOfADistanceIsThatOfItsPower() {
        SlicedDirections directions = SlicedDirections.random(3, 12, 3);
        for (double p : new double[] {1, 2, 3.5}) {
            for (boolean matched : new boolean[] {false, true}) {
                try (PointCloud x = x(1); PointCloud y = matched ? cloud(2, N, 0.5f, 1) : y(1); PointCloud slope = PointCloud.allocate(N,
                    3); PointCloud power = PointCloud.allocate(N, 3)) {
                    SlicedWasserstein sliced = new SlicedWasserstein(TWO);
                    double distance = sliced.distanceGradient(x, y, directions, p, slope).distance();
                    assertThat(sliced.pointGradient(x, y, directions, p, power).distance()).isEqualTo(distance);
                    double factor = p * Math.pow(distance, p - 1);
                    for (int n = 0; n < N; n++) {
                        assertThat(slope.get(n, 2) * factor).isCloseTo(power.get(n, 2), within(1e-6));
                    }
                }
            }
        }
    }

    @Test
    void gradientsBeyondTheirNumbersAreRefused() {
        SlicedDirections directions = SlicedDirections.random(3, 12, 3);
        try (PointCloud x = x(1e6); PointCloud y = y(1e6); PointCloud slope = PointCloud.allocate(N, 3)) {
            assertThatIllegalArgumentException().isThrownBy(() -> new SlicedWasserstein(TWO).pointGradient(x, y, directions, 9, slope))
                .withMessageContaining("9.0").withMessageContaining("float32");
            Wasserstein1D line = new Wasserstein1D().solve(new float[] {1e6f, 0}, null, new float[] {0, 3e6f}, null);
            assertThatIllegalArgumentException().isThrownBy(() -> line.pointGradient(60, new double[2])).withMessageContaining("60.0");
            assertThatIllegalArgumentException().isThrownBy(() -> line.weightGradient(60, new double[2], new double[2]));
            assertThatIllegalArgumentException().isThrownBy(() -> line.circleCost(60, 1e7));
        }
        float[] far = new float[3 * 8];
        Arrays.fill(far, 3e38f);
        try (PointCloud u = PointCloud.ofRows(far, 8, 3); PointCloud v = PointCloud.allocate(8, 3)) {
            SlicedDirections diagonal = SlicedDirections.of(new float[] {0.57735f, 0.57735f, 0.57735f}, 3);
            assertThatIllegalArgumentException().isThrownBy(() -> new SlicedWasserstein(TWO).cost(u, v, diagonal, 2))
                .withMessageContaining("float32");
        }
    }

    @Test
    void rootsOnTheLineAreRightForEveryPower() {
        Wasserstein1D line = new Wasserstein1D();
        float[] u = {0, 0, 3};
        float[] v = {0, 2, 7};
        for (double p : new double[] {1, 2, 3, 200, 700, 5000}) {
            for (double unit : new double[] {1, 0x1p-60, 0x1p60}) {
                float[] us = {0, 0, (float) (u[2] * unit)};
                float[] vs = {0, (float) (v[1] * unit), (float) (v[2] * unit)};
                double expected = 4 * unit * Math.pow((1 + Math.pow(0.5, p)) / 3, 1 / p);
                assertThat(line.solve(us, null, vs, null).distance(p)).isCloseTo(expected, within(1e-12 * expected));
                // the moves are 0, 2 and 4, each of a third
                double[] slope = new double[3];
                line.distanceGradient(p, slope);
                assertThat(slope[2]).isCloseTo(-Math.pow(4 * unit / expected, p - 1) / 3, within(1e-9));
                assertThat(slope[0] + slope[1]).isCloseTo(-Math.pow(2 * unit / expected, p - 1) / 3, within(1e-9));
            }
        }
        assertThat(line.solve(u, null, u, null).distance(300)).isZero();
    }

    /** The softmaxes of each sample add up to its weight whatever the blur, so that their derivatives in the weights add up, too. */
    @ParameterizedTest
    @ValueSource(doubles = {1e-1, 1e-3, 1e-5, 1e-8, 1e-12, 1e-100})
    void softmaxesAddUpToOne(double deviation) {
        try (PointCloud x = x(1); PointCloud y = y(1)) {
            for (Precision precision : Precision.values()) {
                double[] weights = new MixtureLikelihood(deviation, precision).gradient(x, y, TWO).weights();
                assertThat(Arrays.stream(weights).sum() / N).isCloseTo(-1, within(1e-4));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void aPointWithoutWeightHasNoShareInSharpSoftmaxes(Precision precision) {
        float[] weights = new float[N];
        Arrays.fill(weights, 1f / (N - 1));
        weights[7] = 0;
        try (PointCloud x = x(1).withWeights(weights); PointCloud y = y(1)) {
            double[] points = new SoftHausdorff(2, 1e-6, precision).gradient(x, y, TWO).points();
            assertThat(points[21]).isZero();
            assertThat(Arrays.stream(points).allMatch(Double::isFinite)).isTrue();
        }
    }

    @Test
    void costsBeyondFloat64AreRefused() {
        try (PointCloud x = x(1e30); PointCloud y = y(1e30)) {
            assertThatIllegalArgumentException().isThrownBy(() -> new SoftHausdorff(2, 1e-130, Precision.FLOAT64).value(x, y, TWO))
                .withMessageContaining("greater blur");
            assertThatIllegalArgumentException().isThrownBy(() -> new MixtureLikelihood(1e-130, Precision.FLOAT32).gradient(x, y, TWO))
                .withMessageContaining("greater blur");
        }
    }

    /** Half the squared distance of the means, and half the energy distance, with weights that add up to 1 but for their rounding. */
    @ParameterizedTest
    @EnumSource(Precision.class)
    void aWideBlurDoesNotCancel(Precision precision) {
        float[] weights = Floats.random(4, N, 1f);
        double total = 0;
        for (float w : weights) {
            total += Math.abs(w);
        }
        for (int n = 0; n < N; n++) {
            weights[n] = (float) (Math.abs(weights[n]) / total);
        }
        try (PointCloud x = x(1).withWeights(weights); PointCloud y = y(1)) {
            double[] means = Measure.of(x, "x").mean();
            double[] others = Measure.of(y, "y").mean();
            double half = 0;
            for (int d = 0; d < 3; d++) {
                half += (means[d] - others[d]) * (means[d] - others[d]) / 2;
            }
            LossGradient energy = new KernelNorm(PairKernel.energy(), Precision.FLOAT64).gradient(x, y, TWO);
            for (double blur : new double[] {1e6, 1e8, 1e12}) {
                assertThat(new SoftHausdorff(2, blur, precision).value(x, y, TWO)).isCloseTo(half, within(1e-6 * half));
                LossGradient roots = new SoftHausdorff(1, blur, precision).gradient(x, y, TWO);
                assertThat(roots.value()).isCloseTo(energy.value(), within(2e-6 * energy.value()));
                assertClose(roots.points(), energy.points(), 1, 1e-4);
                // but for a constant, since the means in it are taken under weights brought to the sum 1
                assertClose(lessMean(roots.weights()), lessMean(energy.weights()), 1, 1e-4);
                double kernel = new KernelNorm(PairKernel.gaussian(blur), precision).value(x, y, TWO) * blur * blur;
                assertThat(kernel).isCloseTo(half, within(1e-6 * half));
                double multiquadric = new KernelNorm(PairKernel.inverseMultiquadric(blur), precision).value(x, y, TWO) * blur * blur;
                assertThat(multiquadric).isCloseTo(half, within(1e-6 * half));
            }
        }
    }

    /** Where the wide path takes over, nothing jumps. */
    @ParameterizedTest
    @EnumSource(Precision.class)
    void theWidePathMeetsTheOther(Precision precision) {
        double bound = precision == Precision.FLOAT32 ? 1e-3 : 2e-8;
        try (PointCloud x = x(1); PointCloud y = y(1)) {
            double edge = BoundingBox.of(x, y).diagonal() * (precision == Precision.FLOAT32 ? Math.sqrt(512) : 0x1p10 / Math.sqrt(2));
            LossGradient below = new SoftHausdorff(2, edge * 0.9999, precision).gradient(x, y, TWO);
            LossGradient above = new SoftHausdorff(2, edge * 1.0001, precision).gradient(x, y, TWO);
            assertThat(above.value()).isCloseTo(below.value(), within(bound * below.value()));
            assertClose(above.weights(), below.weights(), 1, bound);
            assertClose(above.points(), below.points(), 1, bound);
        }
    }

    /** And where the sharp one does. */
    @ParameterizedTest
    @EnumSource(Precision.class)
    void theSharpPathMeetsTheOther(Precision precision) {
        try (PointCloud x = x(1); PointCloud y = cloud(2, M, 30, 1)) {
            // all costs are about 1000 apart
            double deviation = Math.sqrt(1350 / (precision == Precision.FLOAT32 ? 0x1p10 : 0x1p20));
            for (double factor : new double[] {0.5, 2}) {
                double[] weights = new MixtureLikelihood(deviation * factor, precision).gradient(x, y, TWO).weights();
                assertThat(Arrays.stream(weights).sum() / N).isCloseTo(-1, within(precision == Precision.FLOAT32 ? 1e-3 : 1e-9));
            }
        }
    }
}
