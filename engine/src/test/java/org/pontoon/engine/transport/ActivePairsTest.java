package org.pontoon.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;

class ActivePairsTest {

    private static final TileScheduler ONE = new TileScheduler(1);
    private static final TileScheduler TWO = new TileScheduler(2);
    private static final double INFINITY = Double.POSITIVE_INFINITY;
    private static final long ALL = Long.MAX_VALUE;

    @AfterAll
    static void close() {
        ONE.close();
        TWO.close();
    }

    private static double[] numbers(long seed, int size, double scale) {
        return new SplittableRandom(seed).doubles(size, -scale, scale).toArray();
    }

    @ParameterizedTest
    @Tag("widths-small")
    @CsvSource({"1,1,1,1", "1,2,40,30", "2,1,70,130", "2,3,129,65", "2,20,33,4", "1,100,5,200"})
    void pairsAreThoseAboveTheCutOffAndTheirSoftMinimaAreTheScalarOnes(int p, int dimension, int n, int m) {
        double epsilon = 0.05;
        PairCosts costs = new PairCosts(p, numbers(1, n * dimension, 1), numbers(2, m * dimension, 1), dimension);
        double typical = p == 2 ? dimension / 3.0 : Math.sqrt(dimension / 1.5);
        double[] f = Arrays.stream(numbers(3, n, 0.2)).map(v -> v + typical / 2).toArray();
        double[] g = Arrays.stream(numbers(4, m, 0.2)).map(v -> v + typical / 2).toArray();
        ActivePairs pairs = ActivePairs.of(costs, TWO, epsilon, f, g, 3, ALL);
        long count = 0;
        for (int i = 0; i < n; i++) {
            int[] columns = pairs.columnsOf(i);
            count += columns.length;
            for (int j = 0; j < m; j++) {
                double density = (f[i] + g[j] - costs.cost(i, j)) / epsilon + 3 + pairs.margin();
                // but for rounding in float32
                if (Math.abs(density) > 1e-3) {
                    assertThat(Arrays.binarySearch(columns, j) >= 0).isEqualTo(density > 0);
                }
            }
        }
        assertThat(pairs.size()).isEqualTo(count);
        double[] bias = numbers(5, m, 3);
        bias[0] = Double.NEGATIVE_INFINITY;
        double[] rows = new double[n];
        Arrays.fill(rows, 7);
        pairs.rows(bias, rows);
        double[] columnSums = new double[m];
        for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int j : pairs.columnsOf(i)) {
                sum += Math.exp(bias[j] - costs.cost(i, j) / epsilon);
                columnSums[j] += Math.exp(f[i] - costs.cost(i, j) / epsilon);
            }
            assertThat(rows[i]).isCloseTo(sum == 0 ? 7 : -epsilon * Math.log(sum), within(1e-13));
        }
        double[] columns = new double[m];
        pairs.columns(f, columns);
        for (int j = 0; j < m; j++) {
            assertThat(columns[j]).isCloseTo(columnSums[j] == 0 ? 0 : -epsilon * Math.log(columnSums[j]), within(1e-13));
        }
    }

    @Test
    void productsWithThePlanAreTheScalarOnes() {
        int n = 130;
        int m = 70;
        PairCosts costs = new PairCosts(2, numbers(1, n * 3, 1), numbers(2, m * 3, 1), 3);
        ActivePairs pairs = ActivePairs.of(costs, TWO, 0.5, new double[n], new double[m], 100, ALL);
        double[] alpha = numbers(3, n, 2);
        double[] beta = numbers(4, m, 2);
        alpha[7] = Double.NEGATIVE_INFINITY;
        double[] u = numbers(5, n, 1);
        double[] v = numbers(6, m, 1);
        double[] expected = new double[n];
        double[] transposed = new double[m];
        double[] rowSums = new double[n];
        double[] columnSums = new double[m];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
                double mass = Math.exp(alpha[i] + beta[j] - costs.cost(i, j) / 0.5);
                rowSums[i] += mass;
                columnSums[j] += mass;
                expected[i] += mass * v[j];
                transposed[j] += mass * u[i];
            }
        }
        double[] rows = new double[n];
        double[] columns = new double[m];
        pairs.plan(alpha, beta, rows, columns);
        assertThat(rows).containsExactly(rowSums, within(1e-11));
        assertThat(columns).containsExactly(columnSums, within(1e-11));
        pairs.multiply(v, rows);
        assertThat(rows).containsExactly(expected, within(1e-11));
        pairs.multiplyTransposed(u, columns);
        assertThat(columns).containsExactly(transposed, within(1e-11));
    }

    @Test
    void tooManyPairsAreNoSet() {
        PairCosts costs = new PairCosts(2, numbers(1, 300, 1), numbers(2, 300, 1), 3);
        double[] zero = new double[100];
        assertThat(ActivePairs.of(costs, ONE, 1, zero, zero, 3, 14_000).size()).isEqualTo(10_000);
        assertThat(ActivePairs.of(costs, ONE, 1, zero, zero, 3, 10_000 - 1)).isNull();
    }

    @Test
    void potentialsThatRiseBeyondTheMarginStray() {
        PairCosts costs = new PairCosts(2, numbers(1, 30, 1), numbers(2, 30, 1), 3);
        Marginal side = new Marginal(new double[] {.5, 0, .5, 0, 0, 0, 0, 0, 0, 0}, new double[10], 1, INFINITY);
        ActivePairs pairs = ActivePairs.of(costs, ONE, 0.5, new double[10], new double[10], 3, ALL);
        double[] higher = new double[10];
        higher[0] = 0.7 * pairs.margin();
        higher[1] = 100 * pairs.margin();
        assertThat(pairs.strayed(new double[10], side, new double[10], side)).isZero();
        assertThat(pairs.strayed(higher, side, new double[10], side)).isEqualTo(0.5);
        assertThat(pairs.strayed(higher, side, higher, side)).isEqualTo(1);
        // what one side gains and the other one loses changes no pair
        double[] up = new double[10];
        double[] down = new double[10];
        Arrays.fill(up, 3 * pairs.margin());
        Arrays.fill(down, -3 * pairs.margin());
        assertThat(pairs.strayed(up, side, down, side)).isZero();
    }

    /** Peaked plans, with weights of zero, points twice and a point that is far from all. */
    @ParameterizedTest
    @CsvSource({"2,20,.15,Infinity,Infinity", "2,3,.03,Infinity,Infinity", "1,20,.02,Infinity,Infinity", "2,20,.15,2,2",
        "2,20,.15,2,Infinity"})
    void aPeakedPlanIsOptimalAmongAllPairs(int p, int dimension, double blur, double reachX, double reachY) {
        try (PointCloud x = hard(1, 600, dimension); PointCloud y = hard(2, 520, dimension)) {
            SinkhornOptions options = SinkhornOptions.builder().p(p).blur(blur).reachX(reachX).reachY(reachY).debias(false).tolerance(1e-6)
                .precision(Precision.FLOAT64).build();
            Measure a = Measure.of(x, "x");
            Measure b = Measure.of(y, "y");
            SinkhornLoop.Cross active = cross(options, a, b, ONE);
            assertThat(active.error()).isLessThanOrEqualTo(1e-6);
            // one more update of either side, by the scalar sums over all pairs, changes nothing
            double[] g = update(options, y, x, a, active.before(), Marginal.of(b, options.rhoY()));
            double[] f = update(options, x, y, b, g, Marginal.of(a, options.rhoX()));
            assertThat(active.g()).containsExactly(g, within(1e-12));
            assertThat(active.f()).containsExactly(f, within(1e-12));
            double error = 0;
            for (int i = 0; i < f.length; i++) {
                error += a.weights()[i] * Math.abs(Math.expm1((active.before()[i] - f[i]) * (1 / options.epsilon() + 1 / options.rhoX())));
            }
            assertThat(error).isLessThan(1.1e-6);
            SinkhornLoop.Cross again = cross(options, a, b, TWO);
            assertThat(again.f()).isEqualTo(active.f());
            assertThat(again.g()).isEqualTo(active.g());
            assertThat(again.ySlope()).isEqualTo(active.ySlope());
        }
    }

    private static double[] update(SinkhornOptions options, PointCloud to, PointCloud from, Measure weights, double[] potential,
            Marginal side) {
        double[] bias = weights.logWeights();
        Arrays.setAll(bias, j -> bias[j] + potential[j] / options.epsilon());
        double[] logSums = new double[to.size()];
        new DensePairs(to, from).logSumExp(options.p(), options.epsilon(), bias, logSums, new double[to.size() * to.dimension()]);
        return Arrays.stream(logSums).map(v -> -options.epsilon() * side.damping(options.epsilon()) * v).toArray();
    }

    private static SinkhornLoop.Cross cross(SinkhornOptions options, Measure a, Measure b, TileScheduler scheduler) {
        int dimension = a.cloud().dimension();
        double[] origin = new double[dimension];
        SinkhornLoop loop = new SinkhornLoop(options.p(), Sinkhorn.epsilons(options, 10), options.tolerance(), 10_000, dimension, 50,
            0x1p-53,
            Progress.NONE, scheduler);
        SinkhornLoop.Cross cross = loop.cross(PairSums.of(options.precision(), scheduler, a.cloud(), b.cloud()), null,
            new PairCosts(options.p(), a.rows(origin), b.rows(origin), dimension), Marginal.of(a, options.rhoX()),
            Marginal.of(b, options.rhoY()), new double[a.size()], false);
        assertThat(cross.activeIterations()).isPositive();
        return cross;
    }

    private static PointCloud hard(long seed, int size, int dimension) {
        PointCloud cloud = SampledMeasures.weighted(seed, size, dimension, 1);
        float[] weights = SampledMeasures.weightsOf(cloud);
        float[] point = new float[dimension];
        for (int i = 0; i < 20; i++) {
            cloud.copyPoint(i, point, 0);
            cloud.setPoint(i + 20, point, 0);
            weights[i + 41] += weights[i + 60];
            weights[i + 60] = 0;
        }
        cloud.set(100, 0, 2);
        return cloud.withWeights(weights);
    }
}
