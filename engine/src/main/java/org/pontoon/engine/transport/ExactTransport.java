package org.pontoon.engine.transport;

import java.util.Arrays;
import java.util.Objects;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * Exact optimal transport between weighted clouds in any dimension: {@code W_p^p = min <pi, C>} over plans between the weights, with {@code
 * C_ij = |x_i - y_j|^p}, p at least 1. The network simplex method over few arcs, which sweeps over all pairs complete until no pair is left
 * that would make the plan cheaper (Peyré and Cuturi 2019, section 3.5; Gottschlich and Schuhmacher 2014). On the line {@link Wasserstein1D}
 * takes a sort.
 *
 * <p>Costs are float64, computed on the way in O(N + M) memory: at most some 2 kB for each point. Weights are those of the clouds as they are, 1/N
 * where there are none; masses must be equal, and within 1e-4 the second is rescaled to the first. Inside, weights are whole multiples of
 * 2^-60 of the mass, so flows do not round; a weight below that counts as 0. Points of weight zero have potentials and no part in the plan.
 * Rounding is that of the largest cost that carries mass: where such a move carries next to nothing and all others are shorter by orders of
 * magnitude, the value has fewer digits, and the gap tells how many. Unlike {@link Sinkhorn}'s, costs are whole powers, without 1/p.
 *
 * <p>As a {@link Loss} it is the cost {@code W_p^p}, which is differentiable where the distance is not.
 *
 * <p>Immutable and thread-safe; the same bits for any number of threads. The sweeps run on all of the scheduler's threads, pivots on the
 * caller's alone.
 */
public final class ExactTransport implements Loss {

    /** Iterations that a solver without a limit of its own may take: hours. */
    public static final long DEFAULT_MAX_ITERATIONS = 1_000_000_000L;

    /** Above this exponent, powers of a factor below 4 may overflow. */
    private static final double LARGE_EXPONENT = 100;

    /** Binary digits of an origin, below those of the largest coordinate less it. */
    private static final int MIDDLE_DIGITS = 20;
    private static final double[] NONE = {};

    private final double p;
    private final long maxIterations;

    /**
     * Makes a solver.
     *
     * @param p exponent, at least 1 and finite
     * @throws IllegalArgumentException if it is not so
     */
    public ExactTransport(double p) {
        this(p, DEFAULT_MAX_ITERATIONS);
    }

    /**
     * Makes a solver that stops after so many iterations.
     *
     * @param p exponent, at least 1 and finite
     * @param maxIterations pivots that there may be, at least 1; random clouds take about (N + M) log(N + M)
     * @throws IllegalArgumentException if one is not so
     */
    public ExactTransport(double p, long maxIterations) {
        if (!(p >= 1) || p == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("p is " + p + ", expected a finite number of at least 1");
        }
        requireIterations(maxIterations);
        this.p = p;
        this.maxIterations = maxIterations;
    }

    private static void requireIterations(long maxIterations) {
        if (maxIterations < 1) {
            throw new IllegalArgumentException("max iterations is " + maxIterations + ", expected at least 1");
        }
    }

    /**
     * Returns the exponent.
     *
     * @return p
     */
    public double p() {
        return p;
    }

    /**
     * Returns the limit.
     *
     * @return pivots that there may be
     */
    public long maxIterations() {
        return maxIterations;
    }

    @Override
    public LossResult measure(PointCloud x, PointCloud y, Derivatives derivatives, TileScheduler scheduler, Progress progress) {
        ExactTransportResult result = solve(x, y, scheduler, progress);
        LossResult.Status status = switch (result.status()) {
            case OPTIMAL -> LossResult.Status.CONVERGED;
            case MAX_ITERATIONS -> LossResult.Status.MAX_ITERATIONS;
            case CANCELLED -> LossResult.Status.CANCELLED;
        };
        return new LossResult(result.power(), result.gradientX(), Math.max(0, result.gap()), result.iterations(), status);
    }

    /**
     * Solves.
     *
     * @param x first cloud, N points
     * @param y second cloud, M points of the same dimension
     * @param scheduler runs the sweeps
     * @return the result
     * @throws IllegalArgumentException if dimensions differ, a value is not finite, or masses differ
     */
    public ExactTransportResult solve(PointCloud x, PointCloud y, TileScheduler scheduler) {
        return solve(x, y, scheduler, Progress.NONE);
    }

    /**
     * Solves, and tells how it goes.
     *
     * @param x first cloud, N points
     * @param y second cloud, M points of the same dimension
     * @param scheduler runs the sweeps
     * @param progress hears of iterations done, of those expected; where it says no, the plan so far is filled up and bounded
     * @return the result
     * @throws IllegalArgumentException if dimensions differ, a value is not finite, or masses differ
     */
    public ExactTransportResult solve(PointCloud x, PointCloud y, TileScheduler scheduler, Progress progress) {
        y.requireDimension(x.dimension(), "second cloud");
        Measure a = Measure.of(x, "first cloud");
        Measure b = Measure.of(y, "second cloud").matching(a, "exact transport");
        Objects.requireNonNull(progress, "progress");
        // at p = 2 the plan is the same between clouds that are each seen from an origin of their own, and at any p neighbours are found there
        double[] xMiddle = middle(a);
        double[] yMiddle = middle(b);
        double[] zero = new double[x.dimension()];
        double[] xOrigin = p == 2 ? xMiddle : zero;
        double[] yOrigin = p == 2 ? yMiddle : zero;
        ExactSolution solution = new ExactSolution(a.weights(), b.weights(),
            (rows, columns) -> new GroundCosts.OfPoints(p, x, rows, xOrigin, y, columns, yOrigin),
            (rows, columns) -> new GroundCosts.OfPoints(2, x, rows, xMiddle, y, columns, yMiddle), maxIterations, scheduler, progress);
        if (p == 2) {
            translate(solution.f(), x, xOrigin, yOrigin, solution.unit());
            translate(solution.g(), y, yOrigin, xOrigin, solution.unit());
        }
        return result(solution, a, b);
    }

    /**
     * Solves for costs of any kind, given as a matrix.
     *
     * @param costs N x M, row-major, finite, of either sign
     * @param a N weights of the rows, finite, not negative, not all 0
     * @param b M weights of the columns, of the same sum within 1e-4, to which they are brought
     * @param maxIterations pivots that there may be, at least 1
     * @param scheduler runs the sweeps
     * @param progress hears of iterations done, of those expected; where it says no, the plan so far is filled up and bounded
     * @return the result; its value is the power, the optimal cost, and its gradients have no points
     * @throws IllegalArgumentException if sizes do not fit, a value is not so, or masses differ
     */
    public static ExactTransportResult solveDense(double[] costs, double[] a, double[] b, long maxIterations, TileScheduler scheduler,
            Progress progress) {
        requireIterations(maxIterations);
        Objects.requireNonNull(progress, "progress");
        if (costs.length != (long) a.length * b.length) {
            throw new IllegalArgumentException("costs has " + costs.length + " values, expected " + a.length + " x " + b.length
                + ", one for each weight of the rows and each of the columns");
        }
        double massA = requireWeights(a, "rows");
        double massB = requireWeights(b, "columns");
        if (Math.abs(massA - massB) > Measure.MASS_TOLERANCE * Math.max(massA, massB)) {
            throw new IllegalArgumentException("the rows have mass " + massA + ", the columns " + massB
                + ", but exact transport expects equal masses (within " + Measure.MASS_TOLERANCE + " of them)");
        }
        requireCosts(costs, b.length);
        double[] matched = massA == massB ? b : Arrays.stream(b).map(w -> w * (massA / massB)).toArray();
        GroundCosts.Offsets offsets = GroundCosts.Offsets.of(costs, a.length, b.length);
        ExactSolution.Costs reduced = (rows, columns) -> new GroundCosts.OfMatrix(costs, offsets, rows, columns);
        ExactSolution solution = new ExactSolution(a, matched, reduced, reduced, maxIterations, scheduler, progress);
        for (int i = 0; i < a.length; i++) {
            solution.f()[i] += offsets.rows()[i] / solution.unit();
        }
        for (int j = 0; j < b.length; j++) {
            solution.g()[j] += offsets.columns()[j] / solution.unit();
        }
        SparsePlan plan = solution.plan();
        double power = 0;
        for (int i = 0; i < a.length; i++) {
            for (int k = plan.rowStarts()[i]; k < plan.rowStarts()[i + 1]; k++) {
                power += plan.masses()[k] * costs[i * b.length + plan.columns()[k]];
            }
        }
        return result(solution, a, matched, power, power, NONE, NONE);
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
        if (!(sum > 0) || sum == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("the " + weights.length + " weights of the " + name + " have the sum " + sum
                + ", expected a positive finite one");
        }
        return sum;
    }

    private static void requireCosts(double[] costs, int columns) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < costs.length; k++) {
            if (!Double.isFinite(costs[k])) {
                throw new IllegalArgumentException("cost of row " + k / columns + ", column " + k % columns + " is " + costs[k]
                    + ", expected a finite value");
            }
            least = Math.min(least, costs[k]);
            most = Math.max(most, costs[k]);
        }
        if (most - least > Double.MAX_VALUE / 4) {
            throw new IllegalArgumentException("costs reach from " + least + " to " + most + ", expected a range below "
                + Double.MAX_VALUE / 4);
        }
    }

    /** The mean, rounded to few enough digits that subtracting it does not round; 0 in a coordinate that all points share. */
    private static double[] middle(Measure measure) {
        double[] mean = measure.mean();
        float[] column = new float[measure.size()];
        for (int d = 0; d < mean.length; d++) {
            measure.cloud().copyColumn(d, 0, column, 0, column.length);
            double most = 0;
            for (float value : column) {
                most = Math.max(most, Math.abs(value - mean[d]));
            }
            if (most > 0) {
                double step = Math.scalb(1.0, Math.getExponent(most) - MIDDLE_DIGITS);
                mean[d] = Math.rint(mean[d] / step) * step;
            }
        }
        return mean;
    }

    /** Adds to a potential of centred points what the cost {@code |x - y|^2} of the points themselves has in addition. */
    private static void translate(double[] potential, PointCloud cloud, double[] own, double[] other, double unit) {
        double[] rows = Measure.rows(cloud, own);
        for (int i = 0; i < potential.length; i++) {
            double sum = 0;
            for (int d = 0; d < own.length; d++) {
                double shift = own[d] - other[d];
                sum += 2 * rows[i * own.length + d] * shift + shift * shift / 2;
            }
            potential[i] += sum / unit;
        }
    }

    private ExactTransportResult result(ExactSolution solution, Measure a, Measure b) {
        int dimension = a.cloud().dimension();
        double[] origin = new double[dimension];
        double[] x = a.rows(origin);
        double[] y = b.rows(origin);
        SparsePlan plan = solution.plan();
        double[] squares = new double[plan.size()];
        double longest = 0;
        for (int i = 0; i < a.size(); i++) {
            for (int k = plan.rowStarts()[i]; k < plan.rowStarts()[i + 1]; k++) {
                squares[k] = square(x, i * dimension, y, plan.columns()[k] * dimension, dimension);
                longest = Math.max(longest, squares[k]);
            }
        }
        // powers relative to the longest do not overflow; a power of two does not round
        double scale = longest == 0 ? 1 : p <= LARGE_EXPONENT ? Math.scalb(1.0, Math.getExponent(longest)) : longest;
        double sum = 0;
        double[] gradientX = new double[x.length];
        double[] gradientY = new double[y.length];
        for (int i = 0; i < a.size(); i++) {
            for (int k = plan.rowStarts()[i]; k < plan.rowStarts()[i + 1]; k++) {
                double mass = plan.masses()[k];
                sum += mass * power(squares[k] / scale, p / 2);
                double slope = mass * p * power(Math.sqrt(squares[k]), p - 1);
                addSlopes(x, i * dimension, y, plan.columns()[k] * dimension, dimension, slope / Math.sqrt(squares[k]), gradientX,
                    gradientY);
            }
        }
        double power = times(sum, power(scale, p / 2));
        double value = Math.sqrt(scale) * (p == 1 ? sum : p == 2 ? Math.sqrt(sum) : Math.pow(sum, 1 / p));
        return result(solution, a.weights(), b.weights(), value, power, gradientX, gradientY);
    }

    private static double square(double[] x, int xAt, double[] y, int yAt, int dimension) {
        double square = 0;
        for (int d = 0; d < dimension; d++) {
            double z = x[xAt + d] - y[yAt + d];
            square += z * z;
        }
        return square;
    }

    private static void addSlopes(double[] x, int xAt, double[] y, int yAt, int dimension, double factor, double[] gradientX,
            double[] gradientY) {
        for (int d = 0; d < dimension; d++) {
            double z = x[xAt + d] - y[yAt + d];
            // where points coincide, the factor is no number
            double slope = z == 0 ? 0 : factor * z;
            gradientX[xAt + d] += slope;
            gradientY[yAt + d] -= slope;
        }
    }

    private static double power(double value, double exponent) {
        return exponent == 1 ? value : exponent == 0.5 ? Math.sqrt(value) : exponent == 0 ? 1 : Math.pow(value, exponent);
    }

    private static ExactTransportResult result(ExactSolution solution, double[] a, double[] b, double value, double power,
            double[] pointsX, double[] pointsY) {
        double[] f = solution.f();
        double[] g = solution.g();
        double unit = solution.unit();
        double mean = mean(a, f);
        Arrays.setAll(f, i -> times(f[i] - mean, unit));
        Arrays.setAll(g, j -> times(g[j] + mean, unit));
        double gap = times(solution.gap(), unit);
        double meanG = mean(b, g);
        return new ExactTransportResult(value, power, solution.plan(), f, g, power - gap, gap, times(solution.violation(), unit),
            marginalError(solution.plan(), a, b), new LossGradient(power, pointsX, f.clone()),
            new LossGradient(power, pointsY, Arrays.stream(g).map(v -> v - meanG).toArray()), solution.iterations(), solution.status());
    }

    private static double mean(double[] weights, double[] values) {
        double sum = 0;
        double mass = 0;
        for (int i = 0; i < weights.length; i++) {
            // a potential may be infinite
            sum += weights[i] == 0 ? 0 : weights[i] * values[i];
            mass += weights[i];
        }
        return sum / mass;
    }

    /** A product that is 0 where the value is, whatever the unit. */
    private static double times(double value, double unit) {
        return value == 0 ? 0 : value * unit;
    }

    private static double marginalError(SparsePlan plan, double[] a, double[] b) {
        double error = 0;
        double[] arrived = new double[b.length];
        for (int i = 0; i < a.length; i++) {
            double left = 0;
            for (int k = plan.rowStarts()[i]; k < plan.rowStarts()[i + 1]; k++) {
                left += plan.masses()[k];
                arrived[plan.columns()[k]] += plan.masses()[k];
            }
            error += Math.abs(left - a[i]);
        }
        for (int j = 0; j < b.length; j++) {
            error += Math.abs(arrived[j] - b[j]);
        }
        return error;
    }
}
