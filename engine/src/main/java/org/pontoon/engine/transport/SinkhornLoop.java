package org.pontoon.engine.transport;

import org.pontoon.engine.parallel.Progress;

/**
 * Sinkhorn's iterations for one problem at a time: annealing, then polishing at the final epsilon until the marginal error is small.
 *
 * <p>Between two measures the sides alternate and {@link Anderson} mixes their composition; a measure against itself has one potential and
 * takes the mean of the old one and its update, which contracts by a half at any epsilon because the Gibbs kernel is positive definite. The
 * error costs nothing: every sweep tells by how much the plan of the potentials it started from misses its marginal. Sweeps near the end
 * carry the gradient along, so that the last one need not be done twice.
 */
final class SinkhornLoop {

    /** An iteration this close to the tolerance may be the last and computes the gradient too. */
    private static final double NEARLY = 4;
    /** So many iterations without a new least error, near that of rounding, and what is left is rounding. */
    private static final int PATIENCE = 50;
    private static final double NEAR_ROUNDING = 100;

    private final int p;
    private final double[] epsilons;
    private final double epsilon;
    private final double tolerance;
    private final int maxIterations;
    private final int dimension;
    private final double rounding;
    private final Progress progress;
    private int sweeps;
    private boolean cancelled;
    private boolean stalled;

    /** The last of the epsilons is the one to solve for; rounding is the relative error of an entry of the plan that it may cause. */
    SinkhornLoop(int p, double[] epsilons, double tolerance, int maxIterations, int dimension, double rounding,
            Progress progress) {
        this.p = p;
        this.epsilons = epsilons;
        this.epsilon = epsilons[epsilons.length - 1];
        this.tolerance = tolerance;
        this.maxIterations = maxIterations;
        this.dimension = dimension;
        this.rounding = rounding;
        this.progress = progress;
    }

    int sweeps() {
        return sweeps;
    }

    boolean cancelled() {
        return cancelled;
    }

    /** Whether a problem was left because its error had stopped falling. */
    boolean stalled() {
        return stalled;
    }

    /**
     * Where a problem between two measures ended. The plan of (before, g) has g's marginal exact; that of (f, g) has f's.
     *
     * @param before potential of the rows before the last update
     * @param f potential of the rows
     * @param g potential of the columns
     * @param rows marginal of the plan of (before, g)
     * @param xSlope average of dC/dx in every row of the plan
     * @param ySlope average of dC/dy in every column of the plan
     * @param error of the rows, relative L1
     * @param iterations done, annealing included
     */
    record Cross(double[] before, double[] f, double[] g, double[] rows, double[] xSlope, double[] ySlope, double error, int iterations) {
    }

    /**
     * Where a measure against itself ended.
     *
     * @param f the potential of both sides
     * @param mass of its plan
     * @param slope average of dC/dx in every row of the plan
     * @param error of its marginals, relative L1
     * @param iterations done
     */
    record Self(double[] f, double mass, double[] slope, double error, int iterations) {
    }

    /** Solves between two measures, from a potential of the rows, which is overwritten; warm: without annealing. */
    Cross cross(PairSums sums, Marginal x, Marginal y, double[] f, boolean warm) {
        PairSums transposed = sums.transposed();
        int n = x.weights().length;
        int m = y.weights().length;
        double[] g = new double[m];
        double[] softmin = new double[n];
        double[] image = new double[n];
        double[] xBias = new double[n];
        double[] yBias = new double[m];
        int iterations = 0;
        for (int level = 0; level < epsilons.length - 1 && !warm && iterations < maxIterations - 1 && goOn(iterations); level++) {
            softmin(transposed, epsilons[level], f, x, xBias, g, null);
            scale(g, y.damping(epsilons[level]), g);
            softmin(sums, epsilons[level], g, y, yBias, softmin, null);
            scale(softmin, x.damping(epsilons[level]), f);
            shift(f, constant(x, f, y, g));
            iterations++;
        }
        if (x.hard() && y.hard()) {
            shift(f, constant(x, f, y, g));
        }
        Anderson anderson = new Anderson(x.weights());
        double[] xSlope = new double[n * dimension];
        double[] ySlope = new double[m * dimension];
        double[] before = new double[n];
        Patience patience = new Patience();
        double error = warm ? 0 : Double.POSITIVE_INFINITY;
        while (true) {
            boolean last = !goOn(iterations) || iterations >= maxIterations - 1 || patience.lost();
            boolean sloped = last || error <= NEARLY * tolerance;
            softmin(transposed, epsilon, f, x, xBias, g, sloped ? ySlope : null);
            scale(g, y.damping(epsilon), g);
            softmin(sums, epsilon, g, y, yBias, softmin, sloped ? xSlope : null);
            scale(softmin, x.damping(epsilon), image);
            error = x.error(f, softmin, epsilon);
            iterations++;
            patience.note(error);
            if (last || sloped && error <= tolerance) {
                System.arraycopy(f, 0, before, 0, n);
                return new Cross(before, image, g, x.marginal(f, softmin, epsilon), xSlope, ySlope, error, iterations);
            }
            shift(image, constant(x, image, y, g));
            anderson.step(f, image, error);
        }
    }

    /**
     * A constant to add to f and take from g. Between hard marginals any will do, and this one keeps the mean of f at zero: the map moves
     * constants to themselves, so that mixing would let them drift. Otherwise it is the one that raises the dual most (Séjourné, Vialard
     * and Peyré 2022, "Faster unbalanced optimal transport"): at a long reach, alternation would take rho / epsilon iterations to find it.
     */
    private static double constant(Marginal x, double[] f, Marginal y, double[] g) {
        if (!x.hard() || !y.hard()) {
            return Math.log(x.massAsked(f) / y.massAsked(g)) / (1 / x.rho() + 1 / y.rho());
        }
        double sum = 0;
        for (int i = 0; i < f.length; i++) {
            sum += x.weights()[i] * f[i];
        }
        return -sum / x.mass();
    }

    private static void shift(double[] values, double constant) {
        for (int i = 0; i < values.length; i++) {
            values[i] += constant;
        }
    }

    /** Solves a measure against itself at the final epsilon, from a potential, which is overwritten; warm: one that may be it already. */
    Self self(PairSums sums, Marginal x, double[] f, boolean warm) {
        int n = x.weights().length;
        double[] softmin = new double[n];
        double[] image = new double[n];
        double[] bias = new double[n];
        double[] slope = new double[n * dimension];
        Anderson anderson = new Anderson(x.weights());
        Patience patience = new Patience();
        double error = warm ? 0 : Double.POSITIVE_INFINITY;
        int iterations = 0;
        while (true) {
            boolean last = !goOn(iterations) || iterations >= maxIterations - 1 || patience.lost();
            boolean sloped = last || error <= NEARLY * tolerance;
            softmin(sums, epsilon, f, x, bias, softmin, sloped ? slope : null);
            error = x.error(f, softmin, epsilon);
            iterations++;
            patience.note(error);
            if (last || sloped && error <= tolerance) {
                double mass = 0;
                for (double r : x.marginal(f, softmin, epsilon)) {
                    mass += r;
                }
                return new Self(f, mass, slope, error, iterations);
            }
            double half = x.damping(epsilon) / 2;
            for (int i = 0; i < n; i++) {
                image[i] = f[i] / 2 + half * softmin[i];
            }
            anderson.step(f, image, error);
        }
    }

    /** Gives up on an error that stays above its least. */
    private final class Patience {

        private double least = Double.POSITIVE_INFINITY;
        private int since;

        void note(double error) {
            since = error < least ? 0 : since + 1;
            least = Math.min(least, error);
        }

        boolean lost() {
            boolean lost = since >= PATIENCE && least <= NEAR_ROUNDING * rounding;
            stalled |= lost;
            return lost;
        }
    }

    private boolean goOn(int iterations) {
        if (!cancelled && !progress.advance(iterations, maxIterations)) {
            cancelled = true;
        }
        return !cancelled;
    }

    /** {@code -epsilon log sum_j b_j exp((potential_j - C_ij) / epsilon)}. */
    private void softmin(PairSums sums, double eps, double[] potential, Marginal side, double[] bias, double[] result, double[] slope) {
        for (int j = 0; j < potential.length; j++) {
            bias[j] = side.logWeights()[j] + potential[j] / eps;
        }
        sums.logSumExp(p, eps, bias, result, slope);
        scale(result, -eps, result);
        sweeps++;
    }

    private static void scale(double[] values, double factor, double[] scaled) {
        for (int i = 0; i < values.length; i++) {
            scaled[i] = factor * values[i];
        }
    }
}
