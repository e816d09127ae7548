package org.pontoon.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;

/** Known answers, laws and edges of Sinkhorn's problem; what all losses have in common is in {@link MeasureLossTest}. */
class SinkhornTest {

    private static final TileScheduler ONE = new TileScheduler(1);
    private static final TileScheduler TWO = new TileScheduler(2);
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    @AfterAll
    static void close() {
        ONE.close();
        TWO.close();
    }

    private static SinkhornOptions.Builder options(int p, double blur) {
        return SinkhornOptions.builder().p(p).blur(blur).tolerance(1e-13).precision(Precision.FLOAT64);
    }

    private static SinkhornResult solve(SinkhornOptions.Builder options, PointCloud x, PointCloud y) {
        SinkhornResult result = new Sinkhorn(options.build()).solve(x, y, TWO);
        assertThat(result.status()).as("error %s", result.marginalError()).isEqualTo(SinkhornResult.Status.CONVERGED);
        return result;
    }

    @ParameterizedTest
    @CsvSource({"2,.5,Infinity,.603149625614,.458753988350,-.3568821663,-.0327669126,-.2353509211",
        "2,.1,Infinity,.564657615543,.556647335966,-.375,0,-.25",
        "1,.5,Infinity,1.074163651222,.769744158117,-.3143502768,-.0167196588,-.2289230600",
        "2,.5,.5,.377674308405,.252068535140,-.0889628523,-.0114454099,-.1307993657"})
    void goldenValues(int p, double blur, double reach, double cost, double divergence, double first, double second, double third) {
        try (PointCloud x = SampledMeasures.goldenX(); PointCloud y = SampledMeasures.goldenY()) {
            SinkhornResult biased = solve(options(p, blur).reach(reach).debias(false), x, y);
            assertThat(biased.value()).isCloseTo(cost, within(1e-11));
            assertThat(biased.dual()).isEqualTo(biased.value());
            assertThat(biased.gap()).isBetween(0.0, 1e-11);
            SinkhornResult result = solve(options(p, blur).reach(reach), x, y);
            assertThat(result.value()).isCloseTo(divergence, within(1e-11));
            assertThat(result.gradientX().points()).containsExactly(new double[] {first, first, second, third, third, second},
                within(1e-9));
        }
    }

    @Test
    void goldenMassOfTheUnbalancedPlan() {
        try (PointCloud x = SampledMeasures.goldenX(); PointCloud y = SampledMeasures.goldenY()) {
            Sinkhorn sinkhorn = new Sinkhorn(options(2, 0.5).reach(0.5).build());
            SinkhornResult result = sinkhorn.solve(x, y, ONE);
            double[] rows = sinkhorn.plan(x, y, result, ONE).rowSums();
            assertThat(Arrays.stream(rows).sum()).isCloseTo(0.496434255461, within(1e-11));
            for (int i = 0; i < rows.length; i++) {
                assertThat(rows[i]).isCloseTo(x.weight(i) * Math.exp(-result.f()[i] / 0.25), within(1e-13));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"Infinity,.36552928931500,.3798854930417", "1,.3220535748,.3568172160491"})
    void goldenTwoPoints(double reach, double same, double cost) {
        try (PointCloud x = SampledMeasures.line(0, 1)) {
            Sinkhorn sinkhorn = new Sinkhorn(options(1, 1).reach(reach).debias(false).build());
            SinkhornResult result = sinkhorn.solve(x, x, ONE);
            double other = same / Math.E;
            assertThat(result.value()).isCloseTo(cost, within(1e-12));
            assertThat(result.linearCost()).isCloseTo(2 * other, within(1e-10));
            assertThat(sinkhorn.plan(x, x, result, ONE).densePlan()).containsExactly(new double[] {same, other, other, same},
                within(1e-10));
        }
    }

    /** The balanced plan depends on the costs up to functions of x alone and y alone; the costs of these points differ so from the table's. */
    @ParameterizedTest
    @CsvSource({".001,1.0092274,1e-6", ".05,1.4613706,1e-6"})
    void goldenMassFour(double epsilon, double expected, double error) {
        try (PointCloud x = SampledMeasures.line(0, 1).withWeights(new float[] {2, 2});
                PointCloud y = SampledMeasures.line(-1.5f, 0.5f, 4.5f).withWeights(new float[] {1, 1, 2})) {
            SinkhornOptions.Builder options = options(2, Math.sqrt(epsilon)).debias(false).tolerance(1e-9);
            SinkhornResult result = solve(options, x, y);
            // C_ij = |x_i - y_j|^2 / 2 + v_j with v = (-9/8, 7/8, -49/8), so <v, b> = -25/2
            assertThat(result.linearCost() - 12.5).isCloseTo(1, within(1e-6));
            assertThat(result.value() - 12.5).isCloseTo(1 + epsilon * (12 - 4 * Math.log(2)), within(1e-8));
            assertThat(result.value() - 12.5).isCloseTo(expected, within(error));
            assertThat(columnError(options, x, y, result)).isLessThan(1e-9);
        }
    }

    private static double columnError(SinkhornOptions.Builder options, PointCloud x, PointCloud y, SinkhornResult result) {
        double[] sums = new Sinkhorn(options.build()).plan(x, y, result, ONE).columnSums();
        float[] weights = SampledMeasures.weightsOf(y);
        double error = 0;
        double mass = 0;
        for (int j = 0; j < sums.length; j++) {
            error += Math.abs(sums[j] - weights[j]);
            mass += weights[j];
        }
        return error / mass;
    }

    /** Two blocks of the plan are coupled by exp(-10) only. */
    @Test
    void goldenSlowPair() {
        try (PointCloud x = SampledMeasures.line(0, 1); PointCloud y = SampledMeasures.line(0, 1, 2, 3)) {
            SinkhornOptions.Builder options = options(2, Math.sqrt(0.05)).debias(false).tolerance(1e-9);
            SinkhornResult result = solve(options, x, y);
            assertThat(2 * result.linearCost()).isCloseTo(1.5000226989, within(1e-9));
            assertThat(columnError(options, x, y, result)).isLessThan(1e-9);
            assertThat(result.iterations()).isLessThan(40);
        }
    }

    @Test
    void gaussiansOnAGridHaveTheClosedForm() {
        int size = 180;
        float[] grid = new float[size];
        float[] a = new float[size];
        float[] b = new float[size];
        for (int i = 0; i < size; i++) {
            grid[i] = (float) (-6 + 13.0 * i / (size - 1));
            a[i] = (float) Math.exp(-grid[i] * grid[i] / 2);
            b[i] = (float) Math.exp(-(grid[i] - 0.5) * (grid[i] - 0.5) / (2 * 0.64));
        }
        normalize(a);
        normalize(b);
        try (PointCloud x = SampledMeasures.line(grid).withWeights(a); PointCloud y = SampledMeasures.line(grid).withWeights(b)) {
            // the cost |x - y|^2 doubles the value; weights are float32
            assertThat(2 * solve(options(2, 0.6).debias(false), x, y).value()).isCloseTo(0.97779443372, within(1e-7));
            double variance = 0.36;
            double dab = Math.sqrt(4 * 0.64 + variance * variance);
            double daa = Math.sqrt(4 + variance * variance);
            double dbb = Math.sqrt(4 * 0.64 * 0.64 + variance * variance);
            double expected = 0.25 + 1 + 0.64 - (dab - daa / 2 - dbb / 2) - 1.64
                + variance * (Math.log(dab + variance) - Math.log(daa + variance) / 2 - Math.log(dbb + variance) / 2);
            assertThat(2 * solve(options(2, 0.6), x, y).value()).isCloseTo(expected, within(1e-7));
        }
    }

    private static void normalize(float[] weights) {
        double sum = 0;
        for (float w : weights) {
            sum += w;
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) (weights[i] / sum);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,.5,3", "1,.01,200", "2,.1,40", "3,.05,150", "3,2,20", "10,.7,70"})
    void aShiftedMeasureIsAtHalfItsSquaredShift(int dimension, double blur, int size) {
        float[] shift = new float[dimension];
        double square = 0;
        for (int d = 0; d < dimension; d++) {
            shift[d] = 0.25f * (d + 1) - 0.75f;
            square += shift[d] * shift[d];
        }
        for (double tolerance : new double[] {1e-3, 1e-12}) {
            try (PointCloud x = SampledMeasures.weighted(size, size, dimension, 1); PointCloud y = SampledMeasures.moved(x, 1, shift)) {
                SinkhornResult result = solve(options(2, blur).tolerance(tolerance), x, y);
                assertThat(result.value()).isCloseTo(square / 2, within(1e-12));
                for (int k = 0; k < size * dimension; k++) {
                    double expected = -x.weight(k / dimension) * shift[k % dimension];
                    assertThat(result.gradientX().points()[k]).isCloseTo(expected, within(1e-13));
                    assertThat(result.gradientY().points()[k]).isCloseTo(-expected, within(1e-13));
                }
            }
        }
    }

    @Test
    void aReorderedShiftedMeasureIsAtHalfItsSquaredShift() {
        try (PointCloud x = SampledMeasures.cloud(1, 60, 2, 1); PointCloud y = SampledMeasures.moved(x, 1, 3, -1);
                PointCloud reordered = SampledMeasures.reordered(y, shuffled(60))) {
            SinkhornResult result = solve(options(2, 0.1).tolerance(1e-7), x, reordered);
            assertThat(result.value()).isCloseTo(5, within(1e-6));
            assertThat(result.gradientX().points()[0]).isCloseTo(-3.0 / 60, within(1e-8));
        }
    }

    /** Reordered, so that the clouds are not seen to be the same; clusters hardly exchange mass at the smaller blurs. */
    @Test
    void theTranslationLawHoldsForRandomCloudsWeightsAndBlurs() {
        SplittableRandom random = new SplittableRandom(2026);
        for (int trial = 0; trial < 60; trial++) {
            int dimension = trial % 6 == 5 ? 10 : 1 + random.nextInt(4);
            int size = 5 + random.nextInt(60);
            double blur = Math.pow(10, random.nextDouble(-2, -0.3)) * Math.sqrt(dimension);
            float[] shift = new float[dimension];
            double square = 0;
            for (int d = 0; d < dimension; d++) {
                shift[d] = Math.round(4096 * random.nextDouble(-1, 1)) / 4096f;
                square += shift[d] * shift[d];
            }
            try (PointCloud x = random.nextBoolean() ? SampledMeasures.weighted(trial, size, dimension, 0.5)
                : SampledMeasures.cloud(trial, size, dimension, 0.5); PointCloud y = SampledMeasures.moved(x, 1, shift);
                    PointCloud reordered = SampledMeasures.reordered(y, reversed(size))) {
                SinkhornResult result = solve(options(2, blur).tolerance(1e-10), x, reordered);
                double mass = Measure.of(x, "x").mass();
                assertThat(result.value()).as("D %d, N %d, blur %s", dimension, size, blur).isCloseTo(mass * square / 2, within(1e-9));
                for (int k = 0; k < size * dimension; k++) {
                    double weight = x.hasWeights() ? x.weight(k / dimension) : 1.0 / size;
                    assertThat(result.gradientX().points()[k]).isCloseTo(-weight * shift[k % dimension], within(1e-9 * weight));
                }
            }
        }
    }

    /** Large enough for the start in float32, and for few pairs at the smaller blur. */
    @ParameterizedTest
    @CsvSource({"2,.3,Infinity", "2,.02,Infinity", "1,.2,.5"})
    void aStartInFloat32LeadsToTheSolutionInFloat64(int p, double blur, double reach) {
        try (PointCloud x = SampledMeasures.weighted(21, 600, 2, 1); PointCloud y = SampledMeasures.weighted(22, 500, 2, 1)) {
            SinkhornResult cold = solve(options(p, blur).reach(reach).tolerance(1e-9), x, y);
            SinkhornResult warm = new Sinkhorn(cold.options()).solve(x, y, cold, ONE, Progress.NONE);
            assertThat(warm.status()).isEqualTo(SinkhornResult.Status.CONVERGED);
            assertThat(warm.iterations()).isLessThanOrEqualTo(2);
            assertThat(warm.value()).isCloseTo(cold.value(), within(1e-10));
            assertThat(cold.f()).containsExactly(warm.f(), within(1e-7));
            SinkhornResult again = new Sinkhorn(cold.options()).solve(x, y, ONE);
            assertThat(again.f()).isEqualTo(cold.f());
            assertThat(again.gradientX().points()).isEqualTo(cold.gradientX().points());
        }
    }

    private static int[] reversed(int size) {
        int[] order = new int[size];
        Arrays.setAll(order, i -> size - 1 - i);
        return order;
    }

    private static int[] shuffled(int size) {
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            order[i] = (7 * i + 3) % size;
        }
        return order;
    }

    @ParameterizedTest
    @CsvSource({"1,Infinity", "2,Infinity", "1,.7", "2,.7"})
    void laws(int p, double reach) {
        try (PointCloud x = SampledMeasures.weighted(1, 40, 2, 1); PointCloud y = SampledMeasures.weighted(2, 30, 2, 1.5);
                PointCloud xScaled = SampledMeasures.moved(x, 4, 0); PointCloud yScaled = SampledMeasures.moved(y, 4, 0);
                PointCloud xMoved = SampledMeasures.moved(x, 1, 64, 128); PointCloud yMoved = SampledMeasures.moved(y, 1, 64, 128)) {
            SinkhornResult result = solve(options(p, 0.2).reach(reach), x, y);
            assertThat(result.value()).isPositive();
            assertThat(solve(options(p, 0.2).reach(reach), y, x).value()).isCloseTo(result.value(), within(1e-12));
            assertThat(solve(options(p, 0.8).reach(4 * reach), xScaled, yScaled).value())
                .isCloseTo(Math.pow(4, p) * result.value(), within(1e-10));
            assertThat(solve(options(p, 0.2).reach(reach), xMoved, yMoved).value()).isCloseTo(result.value(), within(1e-10));
            assertThat(solve(options(p, 0.2).reach(reach), turned(x), turned(y)).value()).isCloseTo(result.value(), within(1e-12));
            LossGradient fromY = solve(options(p, 0.2).reach(reach), y, x).gradientX();
            assertThat(result.gradientY().points()).containsExactly(fromY.points(), within(1e-11));
            assertThat(result.gradientY().weights()).containsExactly(fromY.weights(), within(1e-10));
        }
    }

    /** By a right angle, which is exact. */
    private static PointCloud turned(PointCloud cloud) {
        PointCloud turned = SampledMeasures.copy(cloud);
        for (int i = 0; i < cloud.size(); i++) {
            turned.set(i, 0, -cloud.get(i, 1));
            turned.set(i, 1, cloud.get(i, 0));
        }
        return turned;
    }

    @ParameterizedTest
    @CsvSource({"1,Infinity,Infinity", "2,Infinity,Infinity", "2,.7,.7", "1,.5,2", "2,.7,Infinity", "1,Infinity,.7"})
    void theValueLiesWithinTheGapHoweverFarFromConverged(int p, double reachX, double reachY) {
        try (PointCloud x = SampledMeasures.weighted(3, 50, 2, 1); PointCloud y = SampledMeasures.weighted(4, 40, 2, 1)) {
            SinkhornOptions.Builder options = options(p, 0.1).reachX(reachX).reachY(reachY).debias(false);
            double value = solve(options, x, y).value();
            double slack = 1e-12 * (1 + Math.abs(value));
            for (int iterations : new int[] {1, 2, 4, 8, 16, 32}) {
                SinkhornResult early = new Sinkhorn(options.maxIterations(iterations).build()).solve(x, y, ONE);
                assertThat(early.iterations()).isLessThanOrEqualTo(iterations);
                assertThat(early.dual()).isLessThanOrEqualTo(value + slack);
                assertThat(early.dual() + early.gap()).isGreaterThanOrEqualTo(value - slack);
            }
        }
    }

    @Test
    void linearCostIsThatOfTheDensePlan() {
        try (PointCloud x = SampledMeasures.weighted(5, 30, 3, 1); PointCloud y = SampledMeasures.weighted(6, 20, 3, 1)) {
            for (SinkhornOptions.Builder options : new SinkhornOptions.Builder[] {options(1, 0.3), options(2, 0.3),
                options(2, 0.3).reach(0.5),
                options(1, 0.3).reachX(0.5)}) {
                SinkhornResult result = solve(options, x, y);
                double[] plan = new Sinkhorn(options.build()).plan(x, y, result, ONE).densePlan();
                double[] costs = DenseMatrices.denseCosts(result.options().p(), x, y);
                double cost = 0;
                for (int k = 0; k < plan.length; k++) {
                    cost += plan[k] * costs[k];
                }
                assertThat(result.linearCost()).isCloseTo(cost, within(1e-11));
            }
        }
    }

    @Test
    void aLongReachIsAlmostBalanced() {
        try (PointCloud x = SampledMeasures.weighted(7, 20, 2, 1); PointCloud y = SampledMeasures.weighted(8, 25, 2, 1)) {
            double balanced = solve(options(2, 0.3), x, y).value();
            assertThat(solve(options(2, 0.3).reach(1e3), x, y).value()).isCloseTo(balanced, within(1e-5));
            assertThat(solve(options(2, 0.3).reach(1e6), x, y).value()).isCloseTo(balanced, within(1e-9));
        }
    }

    @ParameterizedTest
    @CsvSource({"10,10,1e-10", "1e3,1e3,1e-7", "1e3,Infinity,1e-6", "Infinity,30,1e-10", "1e5,1e5,1e-3"})
    void measuresOfUnlikeMassMeetAtALongReach(double reachX, double reachY, double tolerance) {
        try (PointCloud x = SampledMeasures.cloud(9, 20, 2, 1); PointCloud y = SampledMeasures.cloud(10, 25, 2, 1)) {
            float[] weights = new float[25];
            Arrays.fill(weights, 0.5f);
            y.withWeights(weights);
            SinkhornResult result = solve(options(2, 0.3).reachX(reachX).reachY(reachY).tolerance(tolerance), x, y);
            // potentials of the size of rho round to a tolerance of about rho / epsilon ulps
            assertThat(result.iterations()).isLessThan(100);
        }
    }

    @Test
    void limitsInTheBlur() {
        try (PointCloud x = SampledMeasures.weighted(11, 12, 2, 1); PointCloud y = SampledMeasures.weighted(12, 15, 2, 1)) {
            double energy = new KernelNorm(PairKernel.energy(), Precision.FLOAT64).value(x, y, ONE);
            assertThat(solve(options(1, 1e5), x, y).value()).isCloseTo(energy, within(1e-4));
            double[] mx = Measure.of(x, "x").mean();
            double[] my = Measure.of(y, "y").mean();
            double shift = Math.hypot(mx[0] - my[0], mx[1] - my[1]);
            assertThat(solve(options(2, 1e3), x, y).value()).isCloseTo(shift * shift / 2, within(1e-5));
        }
        try (PointCloud x = SampledMeasures.line(0, 1); PointCloud y = SampledMeasures.line(0, 1, 2, 3)) {
            assertThat(solve(options(1, 0.01).tolerance(1e-9), x, y).value()).isCloseTo(1, within(1e-2));
            assertThat(solve(options(2, 0.05).tolerance(1e-9), x, y).value()).isCloseTo(0.75, within(1e-2));
        }
    }

    @Test
    void aSmallBlurIsExactTransport() {
        try (PointCloud x = SampledMeasures.goldenX(); PointCloud y = SampledMeasures.goldenY()) {
            assertThat(solve(options(1, 0.01).tolerance(1e-9), x, y).linearCost()).isCloseTo(1.0303300858899, within(1e-8));
            assertThat(2 * solve(options(2, 0.02).tolerance(1e-9), x, y).linearCost()).isCloseTo(1.125, within(1e-8));
        }
        // unsorted, with a tie and a weight of 0: every move has length 1
        try (PointCloud x = SampledMeasures.line(2, 0, 0.5f, 2).withWeights(new float[] {0.1f, 0.4f, 0, 0.5f});
                PointCloud y = SampledMeasures.line(3, -1, 1).withWeights(new float[] {0.25f, 0.25f, 0.5f})) {
            assertThat(solve(options(1, 0.01).tolerance(1e-9), x, y).linearCost()).isCloseTo(1, within(1e-6));
            assertThat(2 * solve(options(2, 0.1).tolerance(1e-9), x, y).linearCost()).isCloseTo(1, within(1e-6));
        }
    }

    @Test
    void aSmallBlurFindsTheBestAssignment() {
        int[][] permutations = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
        for (int seed = 0; seed < 8; seed++) {
            try (PointCloud x = SampledMeasures.cloud(100 + seed, 3, 2, 1); PointCloud y = SampledMeasures.cloud(200 + seed, 3, 2, 1)) {
                double[] costs = DenseMatrices.denseCosts(2, x, y);
                double best = INFINITY;
                for (int[] permutation : permutations) {
                    best = Math.min(best, (costs[permutation[0]] + costs[3 + permutation[1]] + costs[6 + permutation[2]]) / 3);
                }
                assertThat(solve(options(2, 0.02).debias(false).tolerance(1e-6), x, y).linearCost()).isCloseTo(best, within(1e-3));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1,.01", "2,.01", "1,10", "2,10"})
    void singlePointsAreAtTheirCost(int p, double blur) {
        try (PointCloud x = SampledMeasures.line(1); PointCloud y = SampledMeasures.line(4)) {
            double cost = p == 1 ? 3 : 4.5;
            SinkhornResult result = solve(options(p, blur), x, y);
            assertThat(result.value()).isCloseTo(cost, within(1e-12));
            assertThat(result.dual()).isCloseTo(cost, within(1e-12));
            assertThat(result.linearCost()).isCloseTo(cost, within(1e-12));
            assertThat(result.gradientX().points()[0]).isCloseTo(p == 1 ? -1 : -3, within(1e-12));
        }
    }

    @Test
    void annealedAndFixedBlurHaveOneSolution() {
        try (PointCloud x = SampledMeasures.weighted(13, 40, 2, 1); PointCloud y = SampledMeasures.weighted(14, 30, 2, 1)) {
            SinkhornResult annealed = solve(options(1, 0.2).scaling(0.8), x, y);
            SinkhornResult fixed = solve(options(1, 0.2).diameter(0.1), x, y);
            assertThat(annealed.epsilons()).hasSizeGreaterThan(8);
            assertThat(fixed.epsilons()).containsExactly(0.2);
            assertThat(fixed.value()).isCloseTo(annealed.value(), within(1e-12));
            assertThat(fixed.f()).containsExactly(annealed.f(), within(1e-11));
            assertThat(fixed.g()).containsExactly(annealed.g(), within(1e-11));
        }
    }

    @ParameterizedTest
    @CsvSource({"1,Infinity", "2,Infinity", "2,.5"})
    void aResultIsAWarmStart(int p, double reach) {
        try (PointCloud x = SampledMeasures.weighted(15, 40, 2, 1); PointCloud y = SampledMeasures.weighted(16, 30, 2, 1);
                PointCloud moved = SampledMeasures.moved(x, 1, 0x1p-10f)) {
            Sinkhorn sinkhorn = new Sinkhorn(options(p, 0.2).reach(reach).tolerance(1e-6).build());
            SinkhornResult cold = sinkhorn.solve(x, y, ONE);
            SinkhornResult again = sinkhorn.solve(x, y, cold, ONE, Progress.NONE);
            assertThat(again.iterations()).isLessThanOrEqualTo(2);
            assertThat(again.value()).isCloseTo(cold.value(), within(1e-9));
            SinkhornResult near = sinkhorn.solve(moved, y, cold, ONE, Progress.NONE);
            assertThat(near.sweeps()).isLessThan(cold.sweeps());
            assertThat(near.value()).isCloseTo(sinkhorn.solve(moved, y, ONE).value(), within(1e-9));
            assertThatIllegalArgumentException().isThrownBy(() -> sinkhorn.solve(y, x, cold, ONE, Progress.NONE))
                .withMessageContaining("40");
        }
    }

    @Test
    void cancelledWorkSaysSo() {
        try (PointCloud x = SampledMeasures.cloud(17, 40, 2, 1); PointCloud y = SampledMeasures.cloud(18, 30, 2, 1)) {
            for (int allowed : new int[] {0, 1, 5, 9}) {
                int[] calls = {0};
                SinkhornResult result = new Sinkhorn(options(2, 0.05).build()).solve(x, y, null, ONE,
                    (done, total) -> calls[0]++ < allowed);
                assertThat(result.status()).isEqualTo(SinkhornResult.Status.CANCELLED);
                assertThat(calls[0]).isEqualTo(allowed + 1);
                assertThat(result.value()).isFinite();
            }
        }
    }

    @Test
    void aResultThatDidNotConvergeSaysSo() {
        try (PointCloud x = SampledMeasures.cloud(17, 40, 2, 1); PointCloud y = SampledMeasures.cloud(18, 30, 2, 1)) {
            SinkhornResult result = new Sinkhorn(options(2, 0.02).maxIterations(8).build()).solve(x, y, ONE);
            assertThat(result.status()).isEqualTo(SinkhornResult.Status.MAX_ITERATIONS);
            assertThat(result.iterations()).isEqualTo(8);
            assertThat(result.marginalError()).isGreaterThan(1e-13);
        }
    }

    @Test
    void cloudsFarFromTheOriginAndHugeShiftsAreSolved() {
        try (PointCloud x = SampledMeasures.cloud(19, 30, 2, 1); PointCloud y = SampledMeasures.cloud(20, 30, 2, 1);
                PointCloud far = SampledMeasures.moved(y, 1, 1024)) {
            SinkhornResult near = solve(options(2, 0.1), x, y);
            SinkhornResult shifted = solve(options(2, 0.1), x, far);
            double[] mx = Measure.of(x, "x").mean();
            double[] my = Measure.of(y, "y").mean();
            double expected = near.value() + 1024 * (my[0] - mx[0] + my[1] - mx[1]) + 1024 * 1024;
            assertThat(shifted.value()).isCloseTo(expected, within(1e-9));
            assertThat(shifted.iterations()).isCloseTo(near.iterations(), within(5));
        }
    }

    @Test
    void aRelativeBlurIsAFractionOfTheDiagonal() {
        try (PointCloud x = PointCloud.ofRows(new float[][] {{0, 0}, {3, 0}}); PointCloud y = PointCloud.ofRows(new float[][] {{0, 4}})) {
            assertThat(SinkhornOptions.builder().relativeBlur(0.1, x, y).build().blur()).isCloseTo(0.5, within(1e-15));
            assertThatIllegalArgumentException().isThrownBy(() -> SinkhornOptions.builder().relativeBlur(0.1, y, y))
                .withMessageContaining("coincide");
        }
    }

    @Test
    void roundingIsAnnounced() {
        try (PointCloud x = SampledMeasures.line(0, 1); PointCloud y = SampledMeasures.line(0, 2)) {
            assertThat(solve(options(1, 0.5), x, y).rounding()).isCloseTo(0x1p-53 * 4, within(1e-20));
        }
    }

    /** POT's stabilisation test: two humps on 100 bins; at a blur far below a bin the divergent last iterate was what one got. */
    @Test
    void aBlurFarBelowTheBinsOfAHistogramIsReached() {
        float[] bins = new float[100];
        float[] first = new float[100];
        float[] second = new float[100];
        double firstSum = 0;
        double secondSum = 0;
        for (int k = 0; k < 100; k++) {
            bins[k] = k;
            firstSum += Math.exp(-(k - 30) * (k - 30) / 200.0);
            secondSum += Math.exp(-(k - 40) * (k - 40) / 200.0);
        }
        for (int k = 0; k < 100; k++) {
            first[k] = (float) (Math.exp(-(k - 30) * (k - 30) / 200.0) / firstSum);
            second[k] = (float) (Math.exp(-(k - 40) * (k - 40) / 200.0) / secondSum);
        }
        try (PointCloud x = PointCloud.ofRows(bins, 100, 1).withWeights(first);
                PointCloud y = PointCloud.ofRows(bins, 100, 1).withWeights(second)) {
            SinkhornOptions options = SinkhornOptions.builder().blur(Math.sqrt(5e-5)).debias(false).tolerance(1e-6)
                .precision(Precision.FLOAT64).build();
            SinkhornResult result = new Sinkhorn(options).solve(x, y, TWO);
            assertThat(result.status()).isEqualTo(SinkhornResult.Status.CONVERGED);
            assertThat(result.value()).isCloseTo(49.66, within(0.005));
            SinkhornResult early = new Sinkhorn(
                SinkhornOptions.builder().blur(Math.sqrt(5e-5)).debias(false).tolerance(1e-6).maxIterations(20)
                    .precision(Precision.FLOAT64).build())
                .solve(x, y, TWO);
            assertThat(early.status()).isEqualTo(SinkhornResult.Status.MAX_ITERATIONS);
            assertThat(early.dual()).isLessThanOrEqualTo(result.value() + 1e-9);
            assertThat(early.dual() + early.gap()).isGreaterThanOrEqualTo(result.value() - 1e-9);
        }
    }

    /** Where float64 cannot tell what a plan holds, a refusal names the blur that it can. */
    @Test
    void aBlurBelowTheRoundingOfTheCostsIsRefused() {
        try (PointCloud x = PointCloud.ofRows(new float[] {0, 1, 2}, 3, 1); PointCloud y = PointCloud.ofRows(new float[] {0, 5, 9}, 3, 1)) {
            Sinkhorn sharp = new Sinkhorn(SinkhornOptions.builder().blur(1e-9).build());
            assertThatIllegalArgumentException().isThrownBy(() -> sharp.solve(x, y, ONE))
                .withMessageContaining("blur is 1.0E-9, expected at least")
                .withMessageContaining("solved exactly");
        }
    }

    /** All iterations count, those over active pairs too; one more goes back to the best of them. */
    @Test
    void iterationsOfEveryKindCountTowardsTheLimit() {
        try (PointCloud x = SampledMeasures.weighted(3, 60, 2, 1); PointCloud y = SampledMeasures.weighted(4, 70, 2, 1)) {
            for (int most : new int[] {30, 60, 100}) {
                SinkhornResult result = new Sinkhorn(
                    SinkhornOptions.builder().blur(0.001).debias(false).tolerance(1e-13).maxIterations(most)
                        .precision(Precision.FLOAT64).build())
                    .solve(x, y, TWO);
                assertThat(result.iterations() + result.activeIterations()).isLessThanOrEqualTo(most + 1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY, 1e-200})
    void blursThatMakeNoSenseAreRefused(double blur) {
        assertThatIllegalArgumentException().isThrownBy(() -> SinkhornOptions.builder().blur(blur).build())
            .withMessageContaining("" + blur);
    }

    @Test
    void optionsThatMakeNoSenseAreRefused() {
        SinkhornOptions.Builder fresh = SinkhornOptions.builder();
        assertThatIllegalArgumentException().isThrownBy(() -> SinkhornOptions.builder().p(3).build()).withMessageContaining("3");
        assertThatIllegalArgumentException().isThrownBy(() -> SinkhornOptions.builder().scaling(1).build()).withMessageContaining("1.0");
        assertThatIllegalArgumentException().isThrownBy(() -> SinkhornOptions.builder().reachX(0).build()).withMessageContaining("first");
        assertThatIllegalArgumentException().isThrownBy(() -> SinkhornOptions.builder().reachY(-1).build()).withMessageContaining("second");
        assertThatIllegalArgumentException().isThrownBy(() -> SinkhornOptions.builder().tolerance(-1).build())
            .withMessageContaining("-1.0");
        assertThatIllegalArgumentException().isThrownBy(() -> SinkhornOptions.builder().maxIterations(0).build())
            .withMessageContaining("0");
        assertThatIllegalArgumentException().isThrownBy(() -> SinkhornOptions.builder().diameter(INFINITY).build())
            .withMessageContaining("diameter");
        assertThat(fresh.build().balanced()).isTrue();
    }
}
