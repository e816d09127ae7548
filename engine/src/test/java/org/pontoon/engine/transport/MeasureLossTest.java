package org.pontoon.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;

/** What every loss between measures has to keep. */
class MeasureLossTest {

    private static final TileScheduler ONE = new TileScheduler(1);
    private static final TileScheduler TWO = new TileScheduler(2);

    @AfterAll
    static void close() {
        ONE.close();
        TWO.close();
    }

    /**
     * A loss, with a name, whether it is zero for equal measures, whether its masses have to agree, in how many dimensions it is at most, and
     * what its value and its derivatives lose where its arithmetic is float32, or it is found by ascent.
     */
    record Case(String name, Loss loss, boolean divergence, boolean equalMasses, int dimensions, double valueError, double slopeError) {

        Case(String name, Loss loss, boolean divergence, boolean equalMasses) {
            this(name, loss, divergence, equalMasses, Integer.MAX_VALUE, 0, 0);
        }

        PointCloud weighted(long seed, int size, int dimension) {
            return SampledMeasures.weighted(seed, size, Math.min(dimension, dimensions), 1);
        }

        PointCloud cloud(long seed, int size, int dimension) {
            return SampledMeasures.cloud(seed, size, Math.min(dimension, dimensions), 1);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Case projected(String name, Loss loss, int dimensions, double slopeError) {
        return new Case(name, loss, true, false, dimensions, slopeError == 0 ? 0 : 1e-6, slopeError);
    }

    private static Case sinkhorn(String name, boolean divergence, Precision precision, SinkhornOptions.Builder builder) {
        double tolerance = precision == Precision.FLOAT64 ? 1e-13 : 1e-6;
        SinkhornOptions options = builder.tolerance(tolerance).precision(precision).build();
        return new Case("Sinkhorn " + name, new Sinkhorn(options), divergence, options.balanced());
    }

    private static SinkhornOptions.Builder options(int p, double blur) {
        return SinkhornOptions.builder().p(p).blur(blur);
    }

    static Stream<Case> losses() {
        return Stream.concat(losses(Precision.FLOAT64), projections());
    }

    /** Losses that sort projections, which know no other precision. */
    private static Stream<Case> projections() {
        return Stream.of(
            projected("line p=1", new ProjectedWasserstein.Line(1), 1, 0), projected("line p=2", new ProjectedWasserstein.Line(2), 1, 0),
            projected("line p=2.5", new ProjectedWasserstein.Line(2.5), 1, 0),
            projected("sliced p=2", new ProjectedWasserstein.Sliced(2, 7, 5), Integer.MAX_VALUE, 3e-4),
            projected("sliced p=2.5", new ProjectedWasserstein.Sliced(2.5, 7, 5), Integer.MAX_VALUE, 3e-4),
            projected("max-sliced p=2 of its starts", new ProjectedWasserstein.MaxSliced(2, 7, 5, 0), Integer.MAX_VALUE, 3e-4),
            // where an ascent ends is no smooth function of the points
            projected("max-sliced p=2", new ProjectedWasserstein.MaxSliced(2, 7, 5, 1000), Integer.MAX_VALUE, 2e-3));
    }

    static Stream<Case> losses(Precision f) {
        return Stream.concat(
            PairKernelTest.kernels().map(k -> new Case(k.toString(), new KernelNorm(k, f), true, k.profile() == PairKernel.Profile.ENERGY)),
            Stream.of(new Case("energy distance", new EnergyDistance(f), true, false),
                new Case("mixture likelihood", new MixtureLikelihood(0.4, f), false, false),
                new Case("exact p=1", new ExactTransport(1), true, true), new Case("exact p=2", new ExactTransport(2), true, true),
                new Case("exact p=2.5", new ExactTransport(2.5), true, true),
                new Case("soft Hausdorff p=1", new SoftHausdorff(1, 0.3, f), true, false),
                new Case("soft Hausdorff p=2", new SoftHausdorff(2, 0.4, f), true, false),
                sinkhorn("p=2", true, f, options(2, 0.4)), sinkhorn("p=1", true, f, options(1, 0.3)),
                sinkhorn("p=2 biased", false, f, options(2, 0.4).debias(false)),
                sinkhorn("p=1 biased", false, f, options(1, 0.3).debias(false)),
                sinkhorn("p=2 unbalanced", true, f, options(2, 0.4).reach(0.6)),
                sinkhorn("p=1 unbalanced", true, f, options(1, 0.3).reach(0.5)),
                sinkhorn("p=2 unbalanced biased", false, f, options(2, 0.4).reach(0.6).debias(false)),
                sinkhorn("p=2 two reaches", false, f, options(2, 0.4).reachX(0.5).reachY(2)),
                sinkhorn("p=2 first side relaxed", false, f, options(2, 0.4).reachX(0.6).debias(false)),
                sinkhorn("p=1 second side relaxed", false, f, options(1, 0.3).reachY(0.6).debias(false)),
                sinkhorn("p=1 second side relaxed, debiased", false, f, options(1, 0.3).reachY(0.6))));
    }

    private static double value(Case c, PointCloud x, PointCloud y) {
        return c.loss.value(x, y, ONE);
    }

    /** Central differences of two steps, extrapolated: the error is of fourth order. */
    private interface AtStep {
        double value(float step);
    }

    private static double derivative(AtStep f) {
        float h = 0x1p-8f;
        double fine = (f.value(h) - f.value(-h)) / (2 * h);
        double coarse = (f.value(2 * h) - f.value(-2 * h)) / (4 * h);
        return (4 * fine - coarse) / 3;
    }

    @ParameterizedTest
    @MethodSource("losses")
    void theGradientInPointsIsThatOfFiniteDifferences(Case c) {
        // no two projections nearer than a step, because there costs along lines have a kink
        checkPoints(c, c.weighted(11, 6, 3), c.weighted(12, 5, 3));
        checkPoints(c, c.weighted(11, 6, 2), c.weighted(12, 5, 2));
        // no two nearer than a step, because |x - y| has a kink
        checkPoints(c, SampledMeasures.line(-0.75f, -0.25f, 0, 0.5f), SampledMeasures.line(-1, -0.5f, 0.125f, 0.625f, 1));
    }

    private static void checkPoints(Case c, PointCloud cloud, PointCloud other) {
        try (PointCloud x = cloud; PointCloud y = other) {
            LossGradient gradient = c.loss.gradient(x, y, TWO);
            assertThat(gradient.value()).isCloseTo(value(c, x, y), within(1e-14 + c.valueError));
            for (int k = 0; k < gradient.points().length; k++) {
                int i = k / x.dimension();
                int d = k % x.dimension();
                float at = x.get(i, d);
                double expected = derivative(step -> {
                    x.set(i, d, at + step / 4);
                    double value = value(c, x, y);
                    x.set(i, d, at);
                    return value;
                }) * 4;
                assertThat(gradient.points()[k]).as("point %d, coordinate %d", i, d).isCloseTo(expected, within(1e-6 + c.slopeError));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void theGradientInWeightsIsThatOfFiniteDifferences(Case c) {
        try (PointCloud x = c.weighted(3, 5, 2); PointCloud y = c.weighted(4, 6, 2)) {
            LossGradient gradient = c.loss.gradient(x, y, TWO);
            float[] weights = SampledMeasures.weightsOf(x);
            for (int k = 0; k < weights.length; k++) {
                int i = k;
                int other = c.equalMasses ? (i + 1) % weights.length : -1;
                double expected = derivative(step -> {
                    float[] changed = weights.clone();
                    changed[i] += step;
                    if (other >= 0) {
                        changed[other] -= step;
                    }
                    x.withWeights(changed);
                    double value = value(c, x, y);
                    x.withWeights(weights);
                    return value;
                });
                double actual = gradient.weights()[i] - (other >= 0 ? gradient.weights()[other] : 0);
                assertThat(actual).as("weight %d", i).isCloseTo(expected, within(1e-6 + c.slopeError));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void aMeasureIsAtZeroFromItself(Case c) {
        if (!c.divergence) {
            return;
        }
        try (PointCloud x = c.weighted(5, 40, 3); PointCloud copy = SampledMeasures.copy(x);
                PointCloud reversed = SampledMeasures.reordered(x, reversal(40))) {
            for (PointCloud y : new PointCloud[] {x, copy, reversed}) {
                LossGradient gradient = c.loss.gradient(x, y, TWO);
                assertThat(gradient.value()).isCloseTo(0, within(2e-15 + c.valueError));
                assertThat(gradient.points()).containsExactly(new double[gradient.points().length], within(1e-12 + c.slopeError));
            }
        }
    }

    private static int[] reversal(int size) {
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            order[i] = size - 1 - i;
        }
        return order;
    }

    @ParameterizedTest
    @MethodSource("losses")
    void orderDoesNotMatter(Case c) {
        try (PointCloud x = c.weighted(6, 30, 2); PointCloud y = c.weighted(7, 20, 2);
                PointCloud xr = SampledMeasures.reordered(x, reversal(30)); PointCloud yr = SampledMeasures.reordered(y, reversal(20))) {
            LossGradient gradient = c.loss.gradient(x, y, ONE);
            LossGradient reversed = c.loss.gradient(xr, yr, ONE);
            assertThat(reversed.value()).isCloseTo(gradient.value(), within(1e-13 + c.valueError));
            int dimension = x.dimension();
            for (int i = 0; i < 30; i++) {
                for (int d = 0; d < dimension; d++) {
                    assertThat(reversed.points()[i * dimension + d]).as("point %d, coordinate %d", i, d)
                        .isCloseTo(gradient.points()[(29 - i) * dimension + d], within(1e-12 + c.slopeError));
                }
                assertThat(reversed.weights()[i]).as("weight %d", i).isCloseTo(gradient.weights()[29 - i], within(1e-10 + c.slopeError));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void aPointOfWeightZeroIsNotThere(Case c) {
        try (PointCloud x = c.weighted(8, 7, 2); PointCloud y = c.weighted(9, 6, 2);
                PointCloud xz = SampledMeasures.reordered(x, new int[] {0, 1, 2, 3, 4, 5, 6, 3});
                PointCloud yz = SampledMeasures.reordered(y, new int[] {0, 1, 2, 3, 4, 5, 5})) {
            float[] xWeights = SampledMeasures.weightsOf(xz);
            float[] yWeights = SampledMeasures.weightsOf(yz);
            xWeights[7] = 0;
            yWeights[6] = 0;
            xz.set(7, 0, 5f);
            yz.set(6, yz.dimension() - 1, -3f);
            xz.withWeights(xWeights);
            yz.withWeights(yWeights);
            LossGradient gradient = c.loss.gradient(x, y, ONE);
            LossGradient with = c.loss.gradient(xz, yz, ONE);
            assertThat(with.value()).isCloseTo(gradient.value(), within(1e-13 + c.valueError));
            int coordinates = 7 * x.dimension();
            for (int k = 0; k < coordinates; k++) {
                assertThat(with.points()[k]).as("coordinate %d", k).isCloseTo(gradient.points()[k], within(1e-12 + c.slopeError));
            }
            for (int k = coordinates; k < with.points().length; k++) {
                assertThat(with.points()[k]).as("coordinate %d", k).isZero();
            }
            for (int i = 0; i < 7; i++) {
                assertThat(with.weights()[i]).as("weight %d", i).isCloseTo(gradient.weights()[i], within(1e-10 + c.slopeError));
            }
            assertThat(with.weights()[7]).isFinite();
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void aPointMayBeSplit(Case c) {
        try (PointCloud x = c.weighted(10, 7, 2); PointCloud y = c.weighted(11, 6, 2);
                PointCloud split = SampledMeasures.reordered(x, new int[] {0, 1, 2, 3, 4, 5, 6, 3})) {
            float[] weights = SampledMeasures.weightsOf(split);
            weights[3] *= 0.25f;
            weights[7] *= 0.75f;
            split.withWeights(weights);
            assertThat(value(c, split, y)).isCloseTo(value(c, x, y), within(1e-13 + c.valueError));
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void everyNumberOfThreadsGivesTheSameBits(Case c) {
        try (PointCloud x = c.weighted(12, 150, 3); PointCloud y = c.weighted(13, 70, 3)) {
            LossGradient one = c.loss.gradient(x, y, ONE);
            LossGradient two = c.loss.gradient(x, y, TWO);
            assertThat(two.value()).isEqualTo(one.value());
            assertThat(two.points()).isEqualTo(one.points());
            assertThat(two.weights()).isEqualTo(one.weights());
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void pointsWithoutWeightsWeighOneOverTheirNumber(Case c) {
        float[] weights = new float[8];
        Arrays.fill(weights, 0.125f);
        try (PointCloud x = c.cloud(14, 8, 2); PointCloud y = c.weighted(15, 6, 2); PointCloud same = c.cloud(14, 8, 2)) {
            same.withWeights(weights);
            LossGradient without = c.loss.gradient(x, y, ONE);
            LossGradient with = c.loss.gradient(same, y, ONE);
            assertThat(without.value()).isCloseTo(with.value(), within(1e-14 + c.valueError));
            assertThat(without.points()).containsExactly(with.points(), within(1e-12 + c.slopeError));
            assertThat(without.weights()).containsExactly(with.weights(), within(1e-10 + c.slopeError));
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void whatIsWantedDoesNotChangeWhatIsFound(Case c) {
        try (PointCloud x = c.weighted(16, 9, 2); PointCloud y = c.weighted(17, 8, 2)) {
            LossResult all = c.loss.measure(x, y, Loss.Derivatives.POINTS_AND_WEIGHTS, ONE, Progress.NONE);
            LossResult points = c.loss.measure(x, y, Loss.Derivatives.POINTS, ONE, Progress.NONE);
            LossResult value = c.loss.measure(x, y, Loss.Derivatives.NONE, ONE, Progress.NONE);
            assertThat(points.gradient().points()).isEqualTo(all.gradient().points());
            assertThat(points.gradient().value()).isEqualTo(points.value()).isEqualTo(all.value());
            assertThat(value.value()).isCloseTo(all.value(), within(1e-14 + c.valueError));
            assertThat(all.gradient().weights()).hasSize(9);
            assertThat(all.error()).isNotNegative();
            assertThat(all.status()).isEqualTo(points.status()).isEqualTo(value.status()).isNotEqualTo(LossResult.Status.CANCELLED);
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void degenerateCloudsHaveFiniteResults(Case c) {
        try (PointCloud one = SampledMeasures.line(0.5f); PointCloud other = SampledMeasures.line(2f);
                PointCloud same = SampledMeasures.line(0.5f, 0.5f, 0.5f); PointCloud twice = SampledMeasures.line(0.5f, 1f, 1f, 0.5f)) {
            PointCloud[] clouds = {one, other, same, twice};
            for (PointCloud x : clouds) {
                for (PointCloud y : clouds) {
                    LossGradient gradient = c.loss.gradient(x, y, ONE);
                    assertThat(gradient.value()).isFinite();
                    assertThat(Arrays.stream(gradient.points()).allMatch(Double::isFinite)).isTrue();
                    assertThat(Arrays.stream(gradient.weights()).allMatch(Double::isFinite)).isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void cloudsThatDoNotFitAreRefused(Case c) {
        try (PointCloud x = SampledMeasures.cloud(1, 3, 2, 1); PointCloud y = SampledMeasures.cloud(2, 3, 3, 1);
                PointCloud good = c.cloud(1, 3, 2); PointCloud bad = c.cloud(3, 3, 2)) {
            bad.set(1, bad.dimension() - 1, Float.NEGATIVE_INFINITY);
            assertThatIllegalArgumentException().isThrownBy(() -> value(c, x, y)).withMessageContaining("second cloud")
                .withMessageContaining(
                    "3");
            assertThatIllegalArgumentException().isThrownBy(() -> value(c, good, bad)).withMessageContaining("second cloud")
                .withMessageContaining("row 1, column " + (bad.dimension() - 1));
            assertThatIllegalArgumentException().isThrownBy(() -> c.loss.gradient(bad, good, ONE)).withMessageContaining("first cloud");
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void massesThatMustAgreeAreChecked(Case c) {
        try (PointCloud x = c.cloud(1, 4, 2).withWeights(new float[] {1, 1, 1, 1});
                PointCloud y = c.cloud(2, 4, 2);
                PointCloud almost = c.cloud(2, 4, 2).withWeights(new float[] {0.25f, 0.25f, 0.25f, 0.250001f})) {
            if (c.equalMasses) {
                assertThatIllegalArgumentException().isThrownBy(() -> value(c, x, y)).withMessageContaining("4.0").withMessageContaining(
                    "1.0");
            } else {
                assertThat(value(c, x, y)).isFinite();
            }
            assertThat(value(c, y, almost)).isFinite();
        }
    }
}
