package org.pontoon.engine.transport;

import java.util.Arrays;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.random.CounterRandom;

/**
 * The plan {@code pi_ij = a_i b_j exp((f_i + g_j - C_ij) / epsilon)} of a {@link SinkhornResult}, computed on demand from the clouds and the
 * potentials: never N x M numbers at once, but where the name says dense. Between hard marginals the rows are met to rounding, the columns
 * to the result's marginal error.
 *
 * <p>Not thread-safe: one call at a time.
 */
public final class TransportPlan {

    private static final int ROWS = 32;
    /** Entries of a row this far, in log, below its largest are never drawn. */
    private static final double LEFT_OUT = 40;

    private final SinkhornOptions options;
    private final Measure a;
    private final Measure b;
    private final Frame frame;
    private final double[] alpha;
    private final double[] beta;
    private final TileScheduler scheduler;
    private final PairSums sums;

    TransportPlan(SinkhornOptions options, Measure a, Measure b, SinkhornResult result, TileScheduler scheduler) {
        this.options = options;
        this.a = a;
        this.b = b;
        this.frame = Frame.of(a, b, options.p() == 2 && options.balanced());
        this.scheduler = scheduler;
        this.alpha = logFactors(a, result.f(), frame.xOrigin(), 1);
        this.beta = logFactors(b, result.g(), frame.yOrigin(), -1);
        this.sums = PairSums.of(options.precision(), scheduler, a.cloud(), frame.xOrigin(), b.cloud(), frame.yOrigin());
    }

    private double[] logFactors(Measure measure, double[] potential, double[] origin, int side) {
        double[] factors = potential.clone();
        frame.translate(factors, measure.rows(origin), side, -1);
        double[] logWeights = measure.logWeights();
        for (int i = 0; i < factors.length; i++) {
            factors[i] = logWeights[i] + factors[i] / options.epsilon();
        }
        return factors;
    }

    /**
     * Multiplies the plan by values at the second cloud's points.
     *
     * @param values M x V, row-major
     * @param valueCount V, at least 1
     * @return {@code sum_j pi_ij values_j}, N x V
     * @throws IllegalArgumentException if the number of values is wrong
     */
    public double[] apply(double[] values, int valueCount) {
        return product(sums, alpha, beta, values, valueCount);
    }

    /**
     * Multiplies the transposed plan by values at the first cloud's points.
     *
     * @param values N x V, row-major
     * @param valueCount V, at least 1
     * @return {@code sum_i pi_ij values_i}, M x V
     * @throws IllegalArgumentException if the number of values is wrong
     */
    public double[] applyTransposed(double[] values, int valueCount) {
        return product(sums.transposed(), beta, alpha, values, valueCount);
    }

    private double[] product(PairSums pairs, double[] rows, double[] columns, double[] values, int valueCount) {
        if (valueCount < 1 || values.length != (long) columns.length * valueCount) {
            throw new IllegalArgumentException("values has " + values.length + " numbers, expected " + columns.length + " x " + valueCount
                + ", at least one each");
        }
        double[] applied = new double[Math.multiplyExact(rows.length, valueCount)];
        pairs.planSums(options.p(), options.epsilon(), rows, columns, values, valueCount, applied, null, null);
        return applied;
    }

    /**
     * Sums the rows of the plan.
     *
     * @return the mass that leaves every point of the first cloud, N values
     */
    public double[] rowSums() {
        double[] result = new double[alpha.length];
        sums.planSums(options.p(), options.epsilon(), alpha, beta, null, 0, null, result, null);
        return result;
    }

    /**
     * Sums the columns of the plan.
     *
     * @return the mass that reaches every point of the second cloud, M values
     */
    public double[] columnSums() {
        double[] result = new double[beta.length];
        sums.transposed().planSums(options.p(), options.epsilon(), beta, alpha, null, 0, null, result, null);
        return result;
    }

    /**
     * Extends the potential f to any points (Pooladian and Niles-Weed 2021): at the first cloud's own, it is f.
     *
     * @param points where, of the clouds' dimension
     * @return f there
     * @throws IllegalArgumentException if the dimension differs or a value is not finite
     */
    public double[] potentialX(PointCloud points) {
        return potential(points, a, frame.xOrigin(), b, frame.yOrigin(), beta, 1, options.rhoX());
    }

    /**
     * Extends the potential g to any points.
     *
     * @param points where, of the clouds' dimension
     * @return g there
     * @throws IllegalArgumentException if the dimension differs or a value is not finite
     */
    public double[] potentialY(PointCloud points) {
        return potential(points, b, frame.yOrigin(), a, frame.xOrigin(), alpha, -1, options.rhoY());
    }

    private double[] potential(PointCloud points, Measure from, double[] fromOrigin, Measure to, double[] toOrigin, double[] bias, int side,
            double rho) {
        check(points, from);
        double[] result = new double[points.size()];
        PairSums.of(options.precision(), scheduler, points, fromOrigin, to.cloud(), toOrigin).logSumExp(options.p(), options.epsilon(),
            bias,
            result, null);
        double factor = -options.epsilon() * Marginal.of(from, rho).damping(options.epsilon());
        Arrays.setAll(result, i -> factor * result[i]);
        frame.translate(result, Measure.rows(points, fromOrigin), side, 1);
        return result;
    }

    /**
     * The entropic map of any points: the mean of the second cloud under the plan's conditional distribution, which for p = 2 is the
     * entropic Brenier map {@code x - grad f(x)} (Pooladian and Niles-Weed 2021, "Entropic estimation of optimal transport maps").
     *
     * @param points where, of the clouds' dimension
     * @return their images, row-major
     * @throws IllegalArgumentException if the dimension differs or a value is not finite
     */
    public double[] mapX(PointCloud points) {
        return map(points, a, frame.xOrigin(), b, frame.yOrigin(), beta);
    }

    /**
     * The entropic map from the second cloud's side.
     *
     * @param points where, of the clouds' dimension
     * @return their images, row-major
     * @throws IllegalArgumentException if the dimension differs or a value is not finite
     */
    public double[] mapY(PointCloud points) {
        return map(points, b, frame.yOrigin(), a, frame.xOrigin(), alpha);
    }

    private double[] map(PointCloud points, Measure from, double[] fromOrigin, Measure to, double[] toOrigin, double[] bias) {
        check(points, from);
        int dimension = points.dimension();
        PairSums pairs = PairSums.of(options.precision(), scheduler, points, fromOrigin, to.cloud(), toOrigin);
        double[] logSums = new double[points.size()];
        double[] image = new double[Math.multiplyExact(points.size(), dimension)];
        if (options.p() == 2) {
            pairs.logSumExp(2, options.epsilon(), bias, logSums, image);
            double[] rows = Measure.rows(points, fromOrigin);
            Arrays.setAll(image, k -> rows[k] - image[k]);
        } else {
            pairs.logSumExp(1, options.epsilon(), bias, logSums, null);
            Arrays.setAll(logSums, i -> -logSums[i]);
            pairs.planSums(1, options.epsilon(), logSums, bias, to.rows(toOrigin), dimension, image, null, null);
        }
        Arrays.setAll(image, k -> image[k] + toOrigin[k % dimension]);
        return image;
    }

    private static void check(PointCloud points, Measure side) {
        points.requireDimension(side.cloud().dimension(), "cloud of points");
        points.requireFinite("cloud of points");
    }

    /**
     * Finds the largest entries of every row, in float64.
     *
     * @param count how many of each row, at least 1
     * @return at most so many entries a row, by falling mass; entries of mass 0 are left out
     * @throws IllegalArgumentException if the count is below 1
     */
    public SparsePlan largestPerRow(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("count is " + count + ", expected at least 1");
        }
        int kept = Math.min(count, b.size());
        return entries(Double.NEGATIVE_INFINITY, kept, true);
    }

    /**
     * Finds all entries above a threshold, in float64.
     *
     * @param threshold a mass, positive
     * @return the entries, every row by rising column
     * @throws IllegalArgumentException if the threshold is not positive
     */
    public SparsePlan above(double threshold) {
        if (!(threshold > 0)) {
            throw new IllegalArgumentException("threshold is " + threshold + ", expected positive");
        }
        return entries(Math.log(threshold), b.size(), false);
    }

    /**
     * Draws points of the second cloud from the plan's conditional distributions, by its entries in float64; what weighs less than 1e-17 of
     * a row's largest entry is left out.
     *
     * @param samples how many for each point of the first cloud, at least 1
     * @param seed of the draws
     * @return indices of points of the second cloud, N x samples; draw s of point i is a function of the seed, i and s
     * @throws IllegalArgumentException if there are no samples
     */
    public int[] draws(int samples, long seed) {
        if (samples < 1) {
            throw new IllegalArgumentException("samples is " + samples + ", expected at least 1");
        }
        int[] drawn = new int[Math.multiplyExact(a.size(), samples)];
        long key = CounterRandom.key(seed, SparsePlan.DRAW_STREAM);
        PairCosts costs = costs();
        double slack = costs.rounding() / options.epsilon();
        scheduler.run((a.size() + ROWS - 1) / ROWS, (tile, worker) -> {
            PairCosts.Sweep sweep = costs.new Sweep();
            double[] exponents = new double[b.size()];
            for (int i = tile * ROWS; i < Math.min((tile + 1) * ROWS, a.size()); i++) {
                // relative to the row's largest: its factor, 0 where the point has no mass, cancels
                conditional(i, costs, sweep, slack, exponents);
                double total = exponents[exponents.length - 1];
                for (int s = 0; s < samples; s++) {
                    long index = (long) i * samples + s;
                    drawn[(int) index] = reaching(exponents, CounterRandom.uniform(key, index) * total);
                }
            }
        });
        return drawn;
    }

    /** Cumulative masses of a row, relative to its largest. */
    private void conditional(int i, PairCosts costs, PairCosts.Sweep sweep, double slack, double[] sums) {
        exponents(i, 0, sweep, sums);
        double largest = Arrays.stream(sums).max().orElseThrow();
        double most = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < sums.length; j++) {
            sums[j] = sums[j] > largest - LEFT_OUT - 2 * slack ? beta[j] - costs.cost(i, j) / options.epsilon() : Double.NEGATIVE_INFINITY;
            most = Math.max(most, sums[j]);
        }
        double sum = 0;
        for (int j = 0; j < sums.length; j++) {
            sum += Math.exp(sums[j] - most);
            sums[j] = sum;
        }
    }

    /** The first index whose sum is above the level, which is below the last one. */
    private static int reaching(double[] sums, double level) {
        int low = 0;
        int high = sums.length - 1;
        while (low < high) {
            int middle = low + high >>> 1;
            if (sums[middle] > level) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private PairCosts costs() {
        return new PairCosts(options.p(), a.rows(frame.xOrigin()), b.rows(frame.yOrigin()), frame.shift().length);
    }

    /** Exponents of a row, in float32, with a shift of their own. */
    private void exponents(int i, double shift, PairCosts.Sweep sweep, double[] exponents) {
        Arrays.fill(exponents, Double.NEGATIVE_INFINITY);
        double[] everything = {Double.POSITIVE_INFINITY};
        sweep.below(new int[] {i}, 1, everything, beta, (r, j, cost) -> exponents[j] = shift + beta[j] - cost / options.epsilon());
    }

    /**
     * Writes out the plan, in float64.
     *
     * @return N x M masses, row-major
     * @throws ArithmeticException if that is more than an array holds
     */
    public double[] densePlan() {
        double[] plan = new double[Math.multiplyExact(a.size(), b.size())];
        SparsePlan entries = entries(Double.NEGATIVE_INFINITY, b.size(), false);
        for (int i = 0; i < a.size(); i++) {
            for (int k = entries.rowStarts()[i]; k < entries.rowStarts()[i + 1]; k++) {
                plan[i * b.size() + entries.columns()[k]] = entries.masses()[k];
            }
        }
        return plan;
    }

    private SparsePlan entries(double logThreshold, int perRow, boolean sorted) {
        PairCosts costs = costs();
        double slack = costs.rounding() / options.epsilon();
        int tiles = (a.size() + ROWS - 1) / ROWS;
        Row[] rows = new Row[a.size()];
        scheduler.run(tiles, (tile, worker) -> {
            PairCosts.Sweep sweep = costs.new Sweep();
            double[] exponents = new double[b.size()];
            for (int i = tile * ROWS; i < Math.min((tile + 1) * ROWS, a.size()); i++) {
                rows[i] = row(i, logThreshold, perRow, sorted, costs, sweep, slack, exponents);
            }
        });
        int[] starts = new int[rows.length + 1];
        for (int i = 0; i < rows.length; i++) {
            starts[i + 1] = Math.addExact(starts[i], rows[i].columns.length);
        }
        int[] columns = new int[starts[rows.length]];
        double[] masses = new double[columns.length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i].columns, 0, columns, starts[i], rows[i].columns.length);
            System.arraycopy(rows[i].masses, 0, masses, starts[i], rows[i].masses.length);
        }
        return new SparsePlan(starts, columns, masses);
    }

    /** Entries of a row: those that float32, give or take its rounding, does not rule out are computed in float64. */
    private Row row(int i, double logThreshold, int perRow, boolean sorted, PairCosts costs, PairCosts.Sweep sweep, double slack,
            double[] exponents) {
        exponents(i, alpha[i], sweep, exponents);
        double least = (sorted ? Row.leastOfLargest(exponents, perRow) : logThreshold) - 2 * slack;
        for (int j = 0; j < exponents.length; j++) {
            exponents[j] = exponents[j] > least ? alpha[i] + beta[j] - costs.cost(i, j) / options.epsilon() : Double.NEGATIVE_INFINITY;
        }
        return sorted ? Row.largest(exponents, perRow) : Row.above(exponents, logThreshold);
    }

    /** Entries of one row. */
    private record Row(int[] columns, double[] masses) {

        static Row above(double[] exponents, double logThreshold) {
            int[] columns = new int[exponents.length];
            int count = 0;
            for (int j = 0; j < exponents.length; j++) {
                if (exponents[j] > logThreshold) {
                    columns[count++] = j;
                }
            }
            return of(columns, count, exponents);
        }

        static Row largest(double[] exponents, int most) {
            int[] columns = new int[most];
            return of(columns, order(exponents, columns), exponents);
        }

        /** The least of the so many largest, -infinity where there are not so many. */
        static double leastOfLargest(double[] exponents, int most) {
            int[] columns = new int[most];
            return order(exponents, columns) < most ? Double.NEGATIVE_INFINITY : exponents[columns[most - 1]];
        }

        /** Writes the columns of the largest in falling order, and returns how many they are. */
        private static int order(double[] exponents, int[] columns) {
            int most = columns.length;
            int count = 0;
            for (int j = 0; j < exponents.length; j++) {
                if (exponents[j] == Double.NEGATIVE_INFINITY || count == most && exponents[j] <= exponents[columns[count - 1]]) {
                    continue;
                }
                int at = count < most ? count++ : most - 1;
                for (; at > 0 && exponents[columns[at - 1]] < exponents[j]; at--) {
                    columns[at] = columns[at - 1];
                }
                columns[at] = j;
            }
            return count;
        }

        /** Masses of the columns, less those that underflow. */
        private static Row of(int[] columns, int count, double[] exponents) {
            double[] masses = new double[count];
            int positive = 0;
            for (int k = 0; k < count; k++) {
                double mass = Math.exp(exponents[columns[k]]);
                if (mass > 0) {
                    columns[positive] = columns[k];
                    masses[positive++] = mass;
                }
            }
            return new Row(Arrays.copyOf(columns, positive), Arrays.copyOf(masses, positive));
        }
    }
}
