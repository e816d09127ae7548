package org.pontoon.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;

import com.google.ortools.Loader;
import com.google.ortools.graph.MinCostFlow;
import com.google.ortools.graph.MinCostFlowBase;
import com.google.ortools.linearsolver.MPConstraint;
import com.google.ortools.linearsolver.MPSolver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.ExactTransportResult.Status;

/** Exact transport against other people's solvers: OR-Tools (integer flows, linear programs) and values of POT's {@code emd2}. */
class ExactTransportJudgesTest {

    private static final TileScheduler ONE = new TileScheduler(1);

    @BeforeAll
    static void loadJudges() {
        Loader.loadNativeLibraries();
    }

    @AfterAll
    static void close() {
        ONE.close();
    }

    /** The points of a square of so many units a side, drawn at random, so that many coincide and squared distances are whole numbers. */
    private static PointCloud lattice(long seed, int size, int dimension, int side) {
        Random random = new Random(seed);
        float[] rows = new float[size * dimension];
        for (int k = 0; k < rows.length; k++) {
            rows[k] = random.nextInt(side);
        }
        return PointCloud.ofRows(rows, size, dimension);
    }

    private static float[] wholeWeights(long seed, int size) {
        Random random = new Random(seed);
        float[] weights = new float[size];
        int sum = 0;
        for (int i = 1; i < size; i++) {
            weights[i] = random.nextInt(20);
            sum += (int) weights[i];
        }
        weights[0] = 20 * size - sum;
        return weights;
    }

    private static long square(PointCloud x, int i, PointCloud y, int j) {
        long square = 0;
        for (int d = 0; d < x.dimension(); d++) {
            long z = (long) (x.get(i, d) - y.get(j, d));
            square += z * z;
        }
        return square;
    }

    @ParameterizedTest
    @CsvSource({"150, 150, 2, 10", "200, 120, 2, 1000", "120, 120, 20, 4", "90, 130, 3, 100000"})
    void integerFlowsCostTheSame(int n, int m, int dimension, int side) {
        try (PointCloud x = lattice(n, n, dimension, side); PointCloud y = lattice(m + 1, m, dimension, side)) {
            float[] a = wholeWeights(5, n);
            float[] b = wholeWeights(6, m);
            // the same mass on both sides
            b[0] += 20 * (n - m);
            x.withWeights(a);
            if (b[0] < 0) {
                a[0] -= b[0];
                b[0] = 0;
                x.withWeights(a);
            }
            y.withWeights(b);
            MinCostFlow judge = new MinCostFlow();
            for (int i = 0; i < n; i++) {
                judge.setNodeSupply(i, (long) a[i]);
                for (int j = 0; j < m; j++) {
                    judge.addArcWithCapacityAndUnitCost(i, n + j, Math.min((long) a[i], (long) b[j]), square(x, i, y, j));
                }
            }
            for (int j = 0; j < m; j++) {
                judge.setNodeSupply(n + j, (long) -b[j]);
            }
            assertThat(judge.solve()).isEqualTo(MinCostFlowBase.Status.OPTIMAL);
            double expected = judge.getOptimalCost();
            ExactTransportResult result = new ExactTransport(2).solve(x, y, ONE);
            assertThat(result.status()).isEqualTo(Status.OPTIMAL);
            assertThat(result.power()).isCloseTo(expected, within(1e-13 * expected));
        }
    }

    @Test
    void linearProgramsCostTheSame() {
        Random random = new Random(9);
        for (int trial = 0; trial < 12; trial++) {
            int n = 1 + random.nextInt(18);
            int m = 1 + random.nextInt(18);
            double[] a = shares(random, n);
            double[] b = shares(random, m);
            double[] costs = new double[n * m];
            for (int k = 0; k < costs.length; k++) {
                costs[k] = random.nextGaussian();
            }
            ExactTransportResult result = ExactTransport.solveDense(costs, a, b, 100_000, ONE, Progress.NONE);
            assertThat(result.status()).isEqualTo(Status.OPTIMAL);
            assertThat(result.power()).isCloseTo(program(costs, a, b), within(1e-9));
        }
    }

    private static double[] shares(Random random, int size) {
        double[] shares = new double[size];
        double sum = 0;
        for (int i = 0; i < size; i++) {
            shares[i] = random.nextDouble();
            sum += shares[i];
        }
        for (int i = 0; i < size; i++) {
            shares[i] /= sum;
        }
        return shares;
    }

    private static double program(double[] costs, double[] a, double[] b) {
        MPSolver judge = MPSolver.createSolver("GLOP");
        MPConstraint[] rows = new MPConstraint[a.length];
        MPConstraint[] columns = new MPConstraint[b.length];
        for (int i = 0; i < a.length; i++) {
            rows[i] = judge.makeConstraint(a[i], a[i]);
        }
        // the last marginal follows from the others but for rounding, which would make the program infeasible
        for (int j = 0; j < b.length - 1; j++) {
            columns[j] = judge.makeConstraint(b[j], b[j]);
        }
        columns[b.length - 1] = judge.makeConstraint(0, 2);
        for (int k = 0; k < costs.length; k++) {
            var mass = judge.makeNumVar(0, 2, "");
            rows[k / b.length].setCoefficient(mass, 1);
            columns[k % b.length].setCoefficient(mass, 1);
            judge.objective().setCoefficient(mass, costs[k]);
        }
        assertThat(judge.solve()).isEqualTo(MPSolver.ResultStatus.OPTIMAL);
        return judge.objective().value();
    }

    /** Numbers in [0, 1) of 24 bits: the generator of Numerical Recipes, which Python writes in one line as well. */
    private static final class Numbers {

        private long state;

        Numbers(long seed) {
            state = seed;
        }

        float next() {
            state = state * 1664525 + 1013904223 & 0xFFFFFFFFL;
            return (state >> 8) * 0x1p-24f;
        }

        PointCloud cloud(int size, int dimension) {
            float[] rows = new float[size * dimension];
            for (int k = 0; k < rows.length; k++) {
                rows[k] = next();
            }
            return PointCloud.ofRows(rows, size, dimension);
        }

        /** Whole numbers below 16, one in 16 of them 0. */
        double[] weights(int size) {
            double[] weights = new double[size];
            for (int i = 0; i < size; i++) {
                weights[i] = Math.floor(16 * next());
            }
            return weights;
        }
    }

    /** POT 0.9.7, {@code ot.emd2} with {@code numItermax=10**7}, on float64 costs of the same float32 points. */
    @ParameterizedTest
    @CsvSource({"100, 100, 2, 1, false, 0.12170037098012484", "100, 100, 2, 2, false, 0.019383723298508466",
        "200, 130, 5, 2, true, 0.1213063198673486", "150, 150, 50, 1, false, 2.336198890786335",
        "90, 160, 3, 3, true, 0.008245917034663871", "300, 7, 2, 1.5, true, 0.15405891226543098",
        "80, 80, 10, 4, false, 0.41701410324016286"})
    void valuesOfPotAreFound(int n, int m, int dimension, double p, boolean weighted, double expected) {
        Numbers numbers = new Numbers(n + m + dimension);
        try (PointCloud x = numbers.cloud(n, dimension); PointCloud y = numbers.cloud(m, dimension)) {
            double power;
            if (weighted) {
                // in whole numbers times the other side's sum, which float32 holds, masses agree
                double[] a = numbers.weights(n);
                double[] b = numbers.weights(m);
                double massA = sum(a);
                double massB = sum(b);
                x.withWeights(times(a, massB));
                y.withWeights(times(b, massA));
                power = new ExactTransport(p).solve(x, y, ONE).power() / (massA * massB);
            } else {
                power = new ExactTransport(p).solve(x, y, ONE).power();
            }
            assertThat(power).isCloseTo(expected, within(1e-12 * expected));
        }
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double v : values) {
            sum += v;
        }
        return sum;
    }

    private static float[] times(double[] values, double factor) {
        float[] products = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            products[i] = (float) (values[i] * factor);
        }
        return products;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void assignmentsOfManyTiesCostTheSame(int side) {
        int n = 250;
        try (PointCloud x = lattice(1, n, 2, side); PointCloud y = lattice(2, n, 2, side)) {
            MinCostFlow judge = new MinCostFlow();
            for (int i = 0; i < n; i++) {
                judge.setNodeSupply(i, 1);
                judge.setNodeSupply(n + i, -1);
                for (int j = 0; j < n; j++) {
                    judge.addArcWithCapacityAndUnitCost(i, n + j, 1, square(x, i, y, j));
                }
            }
            assertThat(judge.solve()).isEqualTo(MinCostFlowBase.Status.OPTIMAL);
            double expected = (double) judge.getOptimalCost() / n;
            assertThat(new ExactTransport(2).solve(x, y, ONE).power()).isCloseTo(expected, within(1e-13 * Math.max(1, expected)));
        }
    }
}
