package org.pontoon.engine.transport;

import java.util.Arrays;

import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * Sinkhorn's iterations for one problem at a time: annealing, then polishing at the final epsilon until the marginal error is small.
 *
 * <p>Between two measures the sides alternate and {@link Anderson} mixes their composition; a measure against itself has one potential and
 * takes the mean of the old one and its update, which contracts by a half at any epsilon because the Gibbs kernel is positive definite. The
 * error costs nothing: every sweep tells by how much the plan of the potentials it started from misses its marginal. Sweeps near the end
 * carry the gradient along, so that the last one need not be done twice.
 *
 * <p>Where a plan is peaked, alternation takes long and goes on over the {@link ActivePairs} alone, with sets collected afresh as the
 * potentials move, until the error there is half the tolerance; a sweep over all pairs has the last word. Between hard marginals, mixing
 * and {@link SemiDualNewton} take turns there, whenever the one is slow.
 */
final class SinkhornLoop {

    /** An iteration this close to the tolerance may be the last and computes the gradient too. */
    private static final double NEARLY = 4;
    /** So many iterations without a new least error, near that of rounding, and what is left is rounding. */
    private static final int PATIENCE = 50;
    private static final double NEAR_ROUNDING = 100;
    /** Of float32, in units of that of float64. */
    private static final double FLOAT_ROUNDING = 0x1p29;
    /** Iterations at the final epsilon before active pairs are tried: collecting them costs about as much as one. */
    private static final int FIRST_ATTEMPT = 3;
    /** Below so many pairs a sweep over all of them is over at once. */
    static final long FEW_PAIRS = 1 << 18;
    /** Where there are few pairs, so many iterations are waited for before all of them are taken for active. */
    private static final int SLOW = 30;
    /** In so many mixed iterations over a set, or steps of Newton's method, the error should halve; else the other method gets its turn. */
    private static final int MIXED = 100;
    private static final int NEWTON = 10;
    /** What a conjugated gradient costs, in iterations over the same pairs. */
    private static final double GRADIENT_COST = 0.3;
    /** What an active pair may cost, in pairs of a sweep over all. */
    private static final int ACTIVE_COST = 16;
    /** Pairs left out weigh this much, in log, less than the error that is asked for. */
    private static final double LEFT_OUT = 5;
    /** So often may a set that met the tolerance by itself not meet it among all pairs; then it is rounding that they differ by. */
    private static final int MOST_MISSES = 3;

    private final int p;
    private final double[] epsilons;
    private final double epsilon;
    private final double tolerance;
    private final int maxIterations;
    private final int dimension;
    private final double rounding;
    private final Progress progress;
    private final TileScheduler scheduler;
    private int sweeps;
    private int activeIterations;
    private double activeWork;
    private boolean cancelled;
    private boolean stalled;

    /** The last of the epsilons is the one to solve for; rounding is the relative error of an entry of the plan that it may cause. */
    SinkhornLoop(int p, double[] epsilons, double tolerance, int maxIterations, int dimension, double rounding,
            Progress progress, TileScheduler scheduler) {
        this.p = p;
        this.epsilons = epsilons;
        this.epsilon = epsilons[epsilons.length - 1];
        this.tolerance = tolerance;
        this.maxIterations = maxIterations;
        this.dimension = dimension;
        this.rounding = rounding;
        this.progress = progress;
        this.scheduler = scheduler;
    }

    int sweeps() {
        return sweeps;
    }

    /** Iterations over active pairs alone. */
    int activeIterations() {
        return activeIterations;
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

    /**
     * Solves between two measures, from a potential of the rows, which is overwritten. Warm: without annealing; without costs: over all
     * pairs throughout. Rough sums, if any, do for as long as the error is well above their rounding.
     */
    Cross cross(PairSums sums, PairSums rough, PairCosts costs, Marginal x, Marginal y, double[] f, boolean warm) {
        boolean exact = rough == null || warm;
        PairSums[] sides = sides(exact ? sums : rough);
        int n = x.weights().length;
        int m = y.weights().length;
        double[] g = new double[m];
        double[] softmin = new double[n];
        double[] image = new double[n];
        double[] xBias = new double[n];
        double[] yBias = new double[m];
        int iterations = 0;
        for (int level = 0; level < epsilons.length - 1 && !warm && iterations < maxIterations - 1 && goOn(iterations); level++) {
            softmin(sides[1], epsilons[level], f, x, xBias, g, null);
            scale(g, y.damping(epsilons[level]), g);
            softmin(sides[0], epsilons[level], g, y, yBias, softmin, null);
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
        Active active = new Active(costs, x, y, iterations);
        double error = warm ? 0 : Double.POSITIVE_INFINITY;
        while (true) {
            boolean last = !goOn(iterations) || iterations + activeWork >= maxIterations - 1 || patience.lost();
            boolean sloped = last || error <= NEARLY * tolerance;
            if (!exact && (sloped || error <= roughest())) {
                exact = true;
                sides = sides(sums);
                anderson = new Anderson(x.weights());
            }
            softmin(sides[1], epsilon, f, x, xBias, g, sloped ? ySlope : null);
            scale(g, y.damping(epsilon), g);
            softmin(sides[0], epsilon, g, y, yBias, softmin, sloped ? xSlope : null);
            scale(softmin, x.damping(epsilon), image);
            error = x.error(f, softmin, epsilon);
            iterations++;
            patience.note(error);
            if (last || sloped && error <= tolerance) {
                System.arraycopy(f, 0, before, 0, n);
                return new Cross(before, image, g, x.marginal(f, softmin, epsilon), xSlope, ySlope, error, iterations);
            }
            shift(image, constant(x, image, y, g));
            if (error > NEARLY * tolerance && active.polish(f, image, g, softmin, iterations)) {
                error = active.error;
                anderson = new Anderson(x.weights());
            } else {
                anderson.step(f, image, error);
            }
        }
    }

    private static PairSums[] sides(PairSums sums) {
        return new PairSums[] {sums, sums.transposed()};
    }

    /** The error at which sums in float32 have done what they can. */
    private double roughest() {
        return NEAR_ROUNDING * rounding * FLOAT_ROUNDING;
    }

    /** The part of a problem between two measures that is solved over active pairs. */
    private final class Active {

        private final PairCosts costs;
        private final Marginal x;
        private final Marginal y;
        private final double[] xBias;
        private final double[] yBias;
        private int attempt;
        private int misses;
        private double error;

        Active(PairCosts costs, Marginal x, Marginal y, int iterations) {
            this.costs = costs;
            this.x = x;
            this.y = y;
            this.xBias = new double[x.weights().length];
            this.yBias = new double[y.weights().length];
            this.attempt = costs == null ? Integer.MAX_VALUE : iterations + (pairs() > FEW_PAIRS ? FIRST_ATTEMPT : SLOW);
        }

        private long pairs() {
            return (long) x.weights().length * y.weights().length;
        }

        /**
         * Iterates over active pairs, set after set, from the image on, and leaves the last image in f; or does nothing and says so, where
         * it is too early or there are too many such pairs.
         */
        boolean polish(double[] f, double[] image, double[] g, double[] softmin, int iterations) {
            if (iterations < attempt || misses > MOST_MISSES) {
                return false;
            }
            boolean any = false;
            boolean strayed = true;
            while (strayed && !cancelled && iterations + activeWork < maxIterations - 1) {
                ActivePairs pairs = collect(f, image, g);
                if (pairs == null) {
                    attempt = 4 * iterations;
                    break;
                }
                any = true;
                activeWork++;
                strayed = iterate(pairs, f, image, g, softmin, iterations);
            }
            if (any) {
                System.arraycopy(image, 0, f, 0, f.length);
                misses++;
            }
            return any;
        }

        /** At the larger of the two potentials every row and every column has a pair that carries some of its weight. */
        private ActivePairs collect(double[] before, double[] f, double[] g) {
            double[] larger = new double[f.length];
            Arrays.setAll(larger, i -> Math.max(before[i], f[i]));
            double kept = pairs() <= FEW_PAIRS ? Double.POSITIVE_INFINITY : LEFT_OUT - Math.log(Math.max(tolerance, Math.ulp(1.0)));
            return ActivePairs.of(costs, scheduler, epsilon, larger, g, kept, Math.max(pairs() / ACTIVE_COST, FEW_PAIRS));
        }

        /** Iterates over one set, and tells whether the potentials strayed from it before the error was small. */
        private boolean iterate(ActivePairs pairs, double[] f, double[] image, double[] g, double[] softmin, int iterations) {
            Anderson anderson = new Anderson(x.weights());
            SemiDualNewton newton = null;
            Patience patience = new Patience();
            System.arraycopy(image, 0, f, 0, f.length);
            double work = (double) ACTIVE_COST * pairs.size() / Math.max(pairs(), ACTIVE_COST * FEW_PAIRS);
            double halved = Double.POSITIVE_INFINITY;
            int turn = 0;
            while (true) {
                bias(f, x, xBias);
                pairs.columns(xBias, g);
                scale(g, y.damping(epsilon), g);
                bias(g, y, yBias);
                pairs.rows(yBias, softmin);
                scale(softmin, x.damping(epsilon), image);
                error = x.error(f, softmin, epsilon);
                activeIterations++;
                activeWork += work;
                patience.note(error);
                shift(image, constant(x, image, y, g));
                if (error <= tolerance / 2 || patience.lost() || iterations + activeWork >= maxIterations - 1 || !goOn(iterations)) {
                    return false;
                }
                if (pairs.strayed(f, x, g, y) > error / 4) {
                    return true;
                }
                if (error <= halved / 2 || halved == Double.POSITIVE_INFINITY) {
                    halved = error;
                    turn = 0;
                } else if (++turn >= (newton == null ? MIXED : NEWTON) && x.hard() && y.hard()) {
                    newton = newton == null ? new SemiDualNewton(pairs, x, y, epsilon) : null;
                    anderson = new Anderson(x.weights());
                    turn = 0;
                    halved = error;
                }
                if (newton == null) {
                    anderson.step(f, image, error);
                } else {
                    activeWork += newton.step(f, g, error) * GRADIENT_COST * work;
                }
            }
        }

        private void bias(double[] potential, Marginal side, double[] bias) {
            for (int j = 0; j < potential.length; j++) {
                bias[j] = side.logWeights()[j] + potential[j] / epsilon;
            }
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
    Self self(PairSums sums, PairSums rough, Marginal x, double[] f, boolean warm) {
        int n = x.weights().length;
        double[] softmin = new double[n];
        double[] image = new double[n];
        double[] bias = new double[n];
        double[] slope = new double[n * dimension];
        Anderson anderson = new Anderson(x.weights());
        Patience patience = new Patience();
        boolean exact = rough == null || warm;
        double error = warm ? 0 : Double.POSITIVE_INFINITY;
        int iterations = 0;
        while (true) {
            boolean last = !goOn(iterations) || iterations >= maxIterations - 1 || patience.lost();
            boolean sloped = last || error <= NEARLY * tolerance;
            if (!exact && (sloped || error <= roughest())) {
                exact = true;
                anderson = new Anderson(x.weights());
            }
            softmin(exact ? sums : rough, epsilon, f, x, bias, softmin, sloped ? slope : null);
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
