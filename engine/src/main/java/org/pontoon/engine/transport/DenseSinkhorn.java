package org.pontoon.engine.transport;

import java.util.Arrays;
import java.util.Objects;

import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * Entropic optimal transport for costs of any kind, given as a matrix: {@link Sinkhorn}'s problem and iterations, in float64, at the O(N M)
 * memory of the matrix. There is no debiased divergence, which would need the costs within each side.
 *
 * <p>Lengths are in the unit of the costs, whatever those are: p is 1, so that epsilon is the blur and rho the reach.
 *
 * <p>Immutable and thread-safe; the same bits for any number of threads. Costs and weights are read for as long as it is used.
 */
public final class DenseSinkhorn {

    private static final double[] NONE = {};

    private final SinkhornOptions options;
    private final double[] costs;
    private final Marginal x;
    private final Marginal y;

    /**
     * Makes a solver.
     *
     * @param options what to solve: p = 1, without debiasing; the precision is float64 whatever they say
     * @param costs N x M, row-major, finite, of either sign
     * @param a N weights of the rows, finite, not negative, not all 0
     * @param b M weights of the columns; between hard marginals of the same sum within 1e-4, to which they are brought
     * @throws IllegalArgumentException if the options, sizes or values are not so
     */
    public DenseSinkhorn(SinkhornOptions options, double[] costs, double[] a, double[] b) {
        if (options.p() != 1 || options.debias()) {
            throw new IllegalArgumentException("a cost matrix expects p = 1 and no debiasing, found p = " + options.p() + " and debias "
                + options.debias());
        }
        this.options = options;
        this.costs = costs;
        double massA = requireWeights(a, "rows");
        double massB = requireWeights(b, "columns");
        double factor = 1;
        if (options.balanced()) {
            if (Math.abs(massA - massB) > Measure.MASS_TOLERANCE * Math.max(massA, massB)) {
                throw new IllegalArgumentException("the rows have mass " + massA + ", the columns " + massB
                    + ", but transport between hard marginals expects equal masses (within " + Measure.MASS_TOLERANCE + " of them)");
            }
            factor = massA / massB;
        }
        double scale = factor;
        this.x = marginal(a.clone(), massA, options.rhoX());
        this.y = marginal(Arrays.stream(b).map(w -> w * scale).toArray(), massB * scale, options.rhoY());
    }

    private static double requireWeights(double[] weights, String name) {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            if (!(weights[i] >= 0) || weights[i] == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException("weight " + i + " of the " + name + " is " + weights[i]
                    + ", expected a finite value of at least 0");
            }
            sum += weights[i];
        }
        if (!(sum > 0)) {
            throw new IllegalArgumentException("all weights of the " + name + " are 0, expected a positive sum");
        }
        return sum;
    }

    private static Marginal marginal(double[] weights, double sum, double rho) {
        double mass = Math.abs(sum - 1) <= Measure.UNIT_TOLERANCE ? 1 : sum;
        if (mass != sum) {
            Arrays.setAll(weights, i -> weights[i] / sum);
        }
        return new Marginal(weights, Arrays.stream(weights).map(Math::log).toArray(), mass, rho);
    }

    /**
     * Solves from scratch.
     *
     * @param scheduler runs the tiles
     * @param progress hears of every iteration; where it says no, one more ends the work
     * @return the result; its gradients have weights, but no points
     * @throws IllegalArgumentException if the matrix has another size, a cost is not finite, or the blur is below 1e-16 of the largest
     */
    public SinkhornResult solve(TileScheduler scheduler, Progress progress) {
        Objects.requireNonNull(progress, "progress");
        int n = x.weights().length;
        int m = y.weights().length;
        PairSums sums = new DensePairSums(scheduler, costs, n, m);
        PairCosts pairs = new PairCosts(costs, n, m);
        double low = Arrays.stream(costs).min().orElseThrow();
        double high = Arrays.stream(costs).max().orElseThrow();
        double largest = Math.max(Math.abs(low), Math.abs(high));
        Sinkhorn.requireResolved(options, largest);
        double[] epsilons = Sinkhorn.epsilons(options, options.diameter() > 0 ? options.diameter() : high - low);
        double epsilon = options.epsilon();
        SinkhornLoop loop = new SinkhornLoop(1, epsilons, options.tolerance(), options.maxIterations(), 0, largest, 0x1p-53, progress,
            scheduler);
        SinkhornLoop.Cross cross = loop.cross(sums, null, epsilon > largest ? null : pairs, x, y, new double[n], false);
        double[] f = cross.f();
        double[] g = cross.g();
        double dual = x.dual(f) + y.dual(g) - epsilon * (x.excess(f) + x.mass() * (1 - y.mass()));
        double linear = linearCost(cross.before(), g);
        double primal = primal(cross.before(), g, x.hard(), y.hard());
        if (!options.balanced() && x.mass() == y.mass()) {
            // at a long reach it costs less to meet soft marginals than to miss them by a little
            primal = Math.min(primal, primal(cross.before(), g, true, true));
        }
        // far from converged, masses may be beyond float64, and there is no bound
        double gap = Double.isNaN(primal) ? Double.POSITIVE_INFINITY : Math.max(0, primal - dual);
        LossGradient byRows = weightGradient(dual, x, y, f);
        LossGradient byColumns = weightGradient(dual, y, x, g);
        if (options.balanced()) {
            double constant = (dot(x, f) - dot(y, g)) / (2 * x.mass());
            Arrays.setAll(f, i -> f[i] - constant);
            Arrays.setAll(g, j -> g[j] + constant);
        }
        SinkhornResult.Status status = loop.cancelled() ? SinkhornResult.Status.CANCELLED
            : cross.error() <= options.tolerance() ? SinkhornResult.Status.CONVERGED
                : loop.stalled() ? SinkhornResult.Status.STALLED : SinkhornResult.Status.MAX_ITERATIONS;
        return new SinkhornResult(options, dual, linear, dual, gap, f, g, NONE, NONE, byRows, byColumns, cross.error(), cross.iterations(),
            cross.activeIterations(), cross.newtonSteps(), loop.sweeps(), status, epsilons, 0x1p-53 * largest / epsilon);
    }

    private static double dot(Marginal side, double[] values) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += side.weights()[i] * values[i];
        }
        return sum;
    }

    private double entry(double[] f, double[] g, int i, int j) {
        return x.weights()[i] * y.weights()[j] * Math.exp((f[i] + g[j] - costs[i * g.length + j]) / options.epsilon());
    }

    private double linearCost(double[] f, double[] g) {
        double sum = 0;
        for (int i = 0; i < f.length; i++) {
            for (int j = 0; j < g.length; j++) {
                sum += entry(f, g, i, j) * costs[i * g.length + j];
            }
        }
        return sum;
    }

    /**
     * The primal objective of a plan that meets marginals, the hard ones at least: rows that are too heavy are shrunk, then columns, and what is missing is
     * filled up by the product of what both miss (Altschuler, Weed and Rigollet 2017, algorithm 2). A side that need not be met takes what comes.
     */
    private double primal(double[] f, double[] g, boolean meetsX, boolean meetsY) {
        int n = f.length;
        int m = g.length;
        double[] rowFactor = new double[n];
        double[] rows = new double[n];
        double[] columns = new double[m];
        for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int j = 0; j < m; j++) {
                sum += entry(f, g, i, j);
            }
            boolean exact = meetsX && !meetsY;
            rowFactor[i] = !meetsX || sum == 0 ? 1 : exact ? x.weights()[i] / sum : Math.min(1, x.weights()[i] / sum);
            for (int j = 0; j < m; j++) {
                columns[j] += rowFactor[i] * entry(f, g, i, j);
            }
        }
        double[] columnFactor = new double[m];
        for (int j = 0; j < m; j++) {
            columnFactor[j] = !meetsY || columns[j] == 0 ? 1
                : meetsX ? Math.min(1, y.weights()[j] / columns[j]) : y.weights()[j] / columns[j];
            columns[j] *= columnFactor[j];
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
                rows[i] += rowFactor[i] * columnFactor[j] * entry(f, g, i, j);
            }
        }
        double[] missingRows = missing(x, rows, meetsX && meetsY);
        double[] missingColumns = missing(y, columns, meetsX && meetsY);
        double missing = Arrays.stream(missingColumns).sum();
        double objective = (meetsX ? 0 : x.penalty(excesses(x, rows))) + (meetsY ? 0 : y.penalty(excesses(y, columns)))
            + options.epsilon() * x.mass() * y.mass();
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
                double filled = missing == 0 ? 0 : missingRows[i] * missingColumns[j] / missing;
                double mass = rowFactor[i] * columnFactor[j] * entry(f, g, i, j) + filled;
                if (mass > 0) {
                    objective += mass * (costs[i * m + j]
                        + options.epsilon() * (Math.log(mass / x.weights()[i] / y.weights()[j]) - 1));
                }
            }
        }
        return objective;
    }

    /** What is missing of a marginal where both are met. */
    private static double[] missing(Marginal side, double[] sums, boolean met) {
        double[] missing = new double[sums.length];
        if (met) {
            Arrays.setAll(missing, i -> Math.max(0, side.weights()[i] - sums[i]));
        }
        return missing;
    }

    private static double[] excesses(Marginal side, double[] sums) {
        double[] excesses = new double[sums.length];
        Arrays.setAll(excesses, i -> side.weights()[i] == 0 ? 0 : sums[i] / side.weights()[i] - 1);
        return excesses;
    }

    /** Derivative in one side's weights by the envelope theorem; of mean zero between hard marginals, which keep the mass. */
    private LossGradient weightGradient(double value, Marginal side, Marginal other, double[] potential) {
        double epsilon = options.epsilon();
        double[] weights = new double[potential.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = side.hard() ? potential[i] + epsilon * (other.mass() - 1)
                : side.rho() + epsilon * other.mass() - (side.rho() + epsilon) * side.density(potential[i]);
        }
        if (options.balanced()) {
            double mean = dot(side, weights) / side.mass();
            Arrays.setAll(weights, i -> weights[i] - mean);
        }
        return new LossGradient(value, NONE, weights);
    }

    /**
     * Finds the largest entries of every row of a result's plan.
     *
     * @param result of this solver
     * @param count how many of each row, at least 1
     * @return at most so many entries a row, by falling mass; entries of mass 0 are left out
     * @throws IllegalArgumentException if the count is below 1
     */
    public SparsePlan largestPerRow(SinkhornResult result, int count) {
        if (count < 1) {
            throw new IllegalArgumentException("count is " + count + ", expected at least 1");
        }
        int n = x.weights().length;
        int m = y.weights().length;
        int[] starts = new int[n + 1];
        int[] columns = new int[Math.multiplyExact(n, Math.min(count, m))];
        double[] masses = new double[columns.length];
        for (int i = 0; i < n; i++) {
            int size = 0;
            int from = starts[i];
            for (int j = 0; j < m; j++) {
                double mass = entry(result.f(), result.g(), i, j);
                if (mass == 0 || size == count && mass <= masses[from + size - 1]) {
                    continue;
                }
                int at = from + (size < count ? size++ : size - 1);
                for (; at > from && masses[at - 1] < mass; at--) {
                    masses[at] = masses[at - 1];
                    columns[at] = columns[at - 1];
                }
                masses[at] = mass;
                columns[at] = j;
            }
            starts[i + 1] = from + size;
        }
        return new SparsePlan(starts, Arrays.copyOf(columns, starts[n]), Arrays.copyOf(masses, starts[n]));
    }

    /**
     * Sums up a result's plan.
     *
     * @param result of this solver
     * @return its mass
     */
    public double mass(SinkhornResult result) {
        double sum = 0;
        for (int i = 0; i < result.f().length; i++) {
            for (int j = 0; j < result.g().length; j++) {
                sum += entry(result.f(), result.g(), i, j);
            }
        }
        return sum;
    }
}
