package org.pontoon.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;

class DenseSinkhornTest {

    private static final int N = 30;
    private static final int M = 21;
    private static final TileScheduler ONE = new TileScheduler(1);
    private static final TileScheduler THREE = new TileScheduler(3);
    private static final PointCloud X = SampledMeasures.weighted(1, N, 2, 1);
    private static final PointCloud Y = SampledMeasures.moved(SampledMeasures.weighted(2, M, 2, 1), 1, 2, -1);

    @AfterAll
    static void close() {
        X.close();
        Y.close();
        ONE.close();
        THREE.close();
    }

    private static SinkhornOptions.Builder options(double epsilon) {
        return SinkhornOptions.builder().p(1).blur(epsilon).debias(false).tolerance(1e-10).precision(Precision.FLOAT64);
    }

    private static double[] weights(PointCloud cloud) {
        return Measure.of(cloud, "cloud").weights();
    }

    private static SinkhornResult solve(SinkhornOptions options, double[] costs, TileScheduler scheduler) {
        return new DenseSinkhorn(options, costs, weights(X), weights(Y)).solve(scheduler, Progress.NONE);
    }

    @ParameterizedTest
    @CsvSource({"1, .3, Infinity, Infinity", "2, .3, Infinity, Infinity", "1, .01, Infinity, Infinity", "2, .02, Infinity, Infinity",
        "2, .3, 1, 1", "1, .3, .5, Infinity", "2, .3, Infinity, .7", "2, 40, Infinity, Infinity"})
    void costsOfPointsHaveTheResultOfThePoints(int p, double blur, double reachX, double reachY) {
        SinkhornOptions ofPoints = SinkhornOptions.builder().p(p).blur(blur).reachX(reachX).reachY(reachY).debias(false).tolerance(1e-10)
            .precision(Precision.FLOAT64).build();
        SinkhornResult expected = new Sinkhorn(ofPoints).solve(X, Y, ONE);
        SinkhornOptions options = options(ofPoints.epsilon()).reachX(ofPoints.rhoX()).reachY(ofPoints.rhoY()).build();
        SinkhornResult found = solve(options, DenseMatrices.denseCosts(p, X, Y), THREE);
        assertThat(found.status()).isEqualTo(SinkhornResult.Status.CONVERGED);
        assertThat(found.value()).isCloseTo(expected.value(), within(1e-8));
        assertThat(found.linearCost()).isCloseTo(expected.linearCost(), within(1e-7));
        // as far as the iterations' tolerance and the rounding of the largest exponent go
        assertThat(found.gap()).isLessThan(1e-6);
        if (ofPoints.epsilon() > 1e-3) {
            // below, groups of points are coupled so weakly that potentials may move against each other within the tolerance
            assertThat(found.f()).containsExactly(expected.f(), within(1e-6));
            assertThat(found.g()).containsExactly(expected.g(), within(1e-6));
            assertThat(found.gradientX().weights()).containsExactly(expected.gradientX().weights(), within(1e-6));
        }
        assertThat(found.gradientX().points()).isEmpty();
    }

    /** With negative costs, all shifted alike: the value moves by the shift, the plan stays. */
    @Test
    void aShiftOfTheCostsShiftsTheValue() {
        double[] costs = DenseMatrices.denseCosts(2, X, Y);
        double[] shifted = Arrays.stream(costs).map(c -> c - 5).toArray();
        SinkhornResult found = solve(options(.1).build(), shifted, ONE);
        assertThat(found.value()).isCloseTo(solve(options(.1).build(), costs, ONE).value() - 5, within(1e-9));
        assertThat(found.gap()).isLessThan(1e-7);
    }

    /** Where the iterations are cut off, the plan that is filled up bounds the value from above. */
    @ParameterizedTest
    @CsvSource({"1", "2", "4"})
    void theGapHoldsTheValueAlsoWhereIterationsEnd(int iterations) {
        double[] costs = DenseMatrices.denseCosts(2, X, Y);
        double value = solve(options(.02).build(), costs, ONE).value();
        SinkhornResult cut = solve(options(.02).maxIterations(iterations).build(), costs, ONE);
        assertThat(cut.status()).isEqualTo(SinkhornResult.Status.MAX_ITERATIONS);
        assertThat(value).isBetween(cut.dual() - 1e-9, cut.dual() + cut.gap() + 1e-9);
    }

    @Test
    void largestEntriesAreThoseOfThePlan() {
        SinkhornOptions options = options(.1).build();
        double[] costs = DenseMatrices.denseCosts(2, X, Y);
        DenseSinkhorn solver = new DenseSinkhorn(options, costs, weights(X), weights(Y));
        SinkhornResult result = solver.solve(ONE, Progress.NONE);
        SparsePlan all = solver.largestPerRow(result, 1000);
        SparsePlan three = solver.largestPerRow(result, 3);
        assertThat(Arrays.stream(all.masses()).sum()).isCloseTo(solver.mass(result), within(1e-12));
        for (int i = 0; i < N; i++) {
            double sum = 0;
            for (int k = all.rowStarts()[i]; k < all.rowStarts()[i + 1]; k++) {
                sum += all.masses()[k];
                assertThat(k == all.rowStarts()[i] || all.masses()[k] <= all.masses()[k - 1]).isTrue();
            }
            assertThat(sum).isCloseTo(weights(X)[i], within(1e-9));
            assertThat(three.rowStarts()[i + 1] - three.rowStarts()[i]).isLessThanOrEqualTo(3);
            for (int k = 0; k < three.rowStarts()[i + 1] - three.rowStarts()[i]; k++) {
                assertThat(three.columns()[three.rowStarts()[i] + k]).isEqualTo(all.columns()[all.rowStarts()[i] + k]);
            }
        }
    }

    @Test
    void sameBitsForAnyNumberOfThreads() {
        double[] costs = DenseMatrices.denseCosts(1, X, Y);
        assertThat(solve(options(.03).build(), costs, THREE).f()).isEqualTo(solve(options(.03).build(), costs, ONE).f());
    }

    @Test
    void whatCannotBeSolvedIsRefused() {
        double[] costs = new double[4];
        double[] half = {.5, .5};
        assertThatIllegalArgumentException().isThrownBy(() -> new DenseSinkhorn(options(1).debias(true).build(), costs, half, half))
            .withMessageContaining("no debiasing");
        assertThatIllegalArgumentException().isThrownBy(() -> new DenseSinkhorn(options(1).build(), costs, half, new double[] {1, 1}))
            .withMessageContaining("expects equal masses");
        assertThatIllegalArgumentException().isThrownBy(() -> new DenseSinkhorn(options(1).build(), costs, half, new double[] {-1, 2}))
            .withMessageContaining("weight 0 of the columns is -1.0");
        assertThatIllegalArgumentException().isThrownBy(() -> new DenseSinkhorn(options(1).build(), new double[5], half, half).solve(ONE,
            Progress.NONE)).withMessageContaining("5 values, expected 2 x 2");
    }

    /** The limit of a wide blur is the cost of the product measure, and nothing of it is lost in rounding. */
    @Test
    void aBlurFarAboveTheCostsDoesNotCancel() {
        double[] costs = {1, 2, 5, 3, 4, 1};
        double[] a = {0.25, 0.75};
        double[] b = {0.2, 0.3, 0.5};
        double mean = 0;
        for (int k = 0; k < costs.length; k++) {
            mean += a[k / 3] * b[k % 3] * costs[k];
        }
        try (TileScheduler scheduler = new TileScheduler(1)) {
            for (double blur : new double[] {1e9, 1e12, 1e15}) {
                SinkhornOptions options = SinkhornOptions.builder().p(1).blur(blur).debias(false).precision(Precision.FLOAT64).build();
                SinkhornResult result = new DenseSinkhorn(options, costs, a, b).solve(scheduler, Progress.NONE);
                assertThat(result.status()).isEqualTo(SinkhornResult.Status.CONVERGED);
                assertThat(result.value()).isCloseTo(mean, within(1e-8));
            }
        }
    }

    @Test
    void aLongReachLeavesNoGap() {
        double[] costs = {1, 2, 5, 3, 4, 1};
        double[] a = {0.25, 0.75};
        double[] b = {0.25, 0.25, 0.5};
        try (TileScheduler scheduler = new TileScheduler(1)) {
            for (double reach : new double[] {1e10, 1e12, 1e14}) {
                SinkhornOptions options = SinkhornOptions.builder().p(1).blur(0.1).reach(reach).debias(false).tolerance(1e-6)
                    .precision(Precision.FLOAT64).build();
                SinkhornResult result = new DenseSinkhorn(options, costs, a, b).solve(scheduler, Progress.NONE);
                assertThat(result.status()).isEqualTo(SinkhornResult.Status.CONVERGED);
                assertThat(result.gap()).isLessThan(1e-4);
            }
        }
    }

    /** There it would end anywhere, with a marginal error of nothing. */
    @Test
    void aBlurBelowTheRoundingOfTheCostsIsRefused() {
        SinkhornOptions options = SinkhornOptions.builder().p(1).blur(1e-20).debias(false).build();
        DenseSinkhorn sharp = new DenseSinkhorn(options, new double[] {1, 2, 3, 5}, new double[] {0.5, 0.5}, new double[] {0.5, 0.5});
        try (TileScheduler scheduler = new TileScheduler(1)) {
            assertThatIllegalArgumentException().isThrownBy(() -> sharp.solve(scheduler, Progress.NONE))
                .withMessageContaining("blur is 1.0E-20, expected at least").withMessageContaining("solved exactly");
        }
    }
}
