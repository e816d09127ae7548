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
 * <p>Annealing first takes one iteration for every epsilon, which is all that most problems need. Where the error at the final epsilon shows
 * that this has lost the solution, it goes back to the last epsilon at which the error was small and from there solves each to an error of
 * {@value #LEVEL_ERROR}, or {@value #ACTIVE_LEVEL_ERROR} where that is cheap: potentials then never have to travel further than a few epsilon.
 *
 * <p>Where a plan is peaked, alternation takes long and goes on over the {@link ActivePairs} alone, with sets collected afresh as the
 * potentials move, until the error there is half of what is asked for; a sweep over all pairs has the last word. There {@link
 * SemiDualNewton} takes over wherever alternation would need more iterations than it costs. A problem of few pairs is active as a whole.
 */
final class SinkhornLoop {

    /** An iteration this close to the tolerance may be the last and computes the gradient too. */
    private static final double NEARLY = 4;
    /** The error to which an epsilon is solved on the way down. */
    private static final double LEVEL_ERROR = 0.02;
    /** Over active pairs, where Newton's method is cheap: what is left unsolved would have further to travel at every smaller epsilon. */
    private static final double ACTIVE_LEVEL_ERROR = 0.001;
    /** Above this error, after the first iterations at the final epsilon, annealing has lost the solution. */
    private static final double LOST = 0.3;
    /** Iterations by which it is told how many are left. */
    private static final int OUTLOOK = 12;
    /** So many iterations without a new least error, near that of rounding, and what is left is rounding. */
    private static final int PATIENCE = 50;
    private static final double NEAR_ROUNDING = 100;
    /** Bounds of rounding are seldom reached: alternation in float32, which is cheap, goes on to this share of them. */
    private static final double ROUGHEST = 1.0 / 16;
    /** Near the bound, so many rough iterations without a new least error, and what is left is rounding. */
    private static final int ROUGH_PATIENCE = 3;
    /** Where the bound is large, near means this. */
    private static final double NOISY = 0.01;
    /** Far from the bound, so many of them. */
    private static final int LONG_ROUGH_PATIENCE = 10;
    /** Iterations at an epsilon before active pairs are tried: collecting them costs about as much as one. */
    private static final int FIRST_ATTEMPT = 3;
    /** Below so many pairs a sweep over all of them is over at once. */
    static final long FEW_PAIRS = 1 << 18;
    /** Where there are few pairs, so many iterations are waited for before all of them are taken for active. */
    private static final int SLOW = 30;
    /** Iterations by which the speed of alternation over active pairs is judged. */
    private static final int WINDOW = 6;
    /** Alternation over all pairs that would need so many more iterations is worth active pairs that cost more than it does. */
    private static final double CRAWL = 60;
    /** In so many iterations over active pairs the error must halve, or annealing has lost the solution. */
    private static final int PROBATION = 300;
    /** In so many steps of Newton's method the error should halve; else alternation gets its turn. */
    private static final int NEWTON = 10;
    /** What an active pair may cost, in pairs of a sweep over all. */
    private static final int ACTIVE_COST = 16;
    /** An epsilon so many times the largest cost leaves exponents that only their difference from zero tells apart. */
    static final double FLAT = 32;
    /** Pairs left out weigh this much, in log, less than the error that is asked for. */
    private static final double LEFT_OUT = 5;
    /** So often may a set that met the error asked for by itself not meet it among all pairs; then it is rounding that they differ by. */
    private static final int MOST_MISSES = 3;

    private final int p;
    private final double[] epsilons;
    private final double epsilon;
    private final double tolerance;
    private final int maxIterations;
    private final int dimension;
    private final double largestCost;
    private final double unit;
    private final Progress progress;
    private final TileScheduler scheduler;
    private int sweeps;
    private int done;
    private boolean cancelled;
    private boolean stalled;

    /**
     * Prepares for problems of one kind.
     *
     * @param p exponent of the cost
     * @param epsilons to anneal through, the last one the one to solve for
     * @param tolerance of the marginals
     * @param maxIterations of each problem, of all kinds
     * @param dimension of the points
     * @param largestCost a bound of the costs
     * @param unit relative rounding of the exact sums
     * @param progress is told of every iteration
     * @param scheduler runs the tiles
     */
    SinkhornLoop(int p, double[] epsilons, double tolerance, int maxIterations, int dimension, double largestCost, double unit,
            Progress progress, TileScheduler scheduler) {
        this.p = p;
        this.epsilons = epsilons;
        this.epsilon = epsilons[epsilons.length - 1];
        this.tolerance = tolerance;
        this.maxIterations = maxIterations;
        this.dimension = dimension;
        this.largestCost = largestCost;
        this.unit = unit;
        this.progress = progress;
        this.scheduler = scheduler;
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
     * @param excesses densities, less 1, of the rows' marginal of the plan of (before, g)
     * @param xSlope average of dC/dx in every row of the plan
     * @param ySlope average of dC/dy in every column of the plan
     * @param error of the rows, relative L1
     * @param iterations over all pairs, annealing included
     * @param activeIterations over active pairs
     * @param newtonSteps over active pairs
     */
    record Cross(double[] before, double[] f, double[] g, double[] excesses, double[] xSlope, double[] ySlope, double error,
            int iterations, int activeIterations, int newtonSteps) {
    }

    /**
     * Where a measure against itself ended.
     *
     * @param f the potential of both sides
     * @param excess by which the mass of its plan exceeds the measure's
     * @param slope average of dC/dx in every row of the plan
     * @param error of its marginals, relative L1
     * @param iterations done
     */
    record Self(double[] f, double excess, double[] slope, double error, int iterations) {
    }

    /** What the sums of a problem are taken with: roughly while the error is well above that arithmetic's rounding, else exactly. */
    private final class Arithmetic {

        private final PairSums exact;
        private final PairSums rough;
        private final PairSums exactTransposed;
        private final PairSums roughTransposed;
        private boolean roughly;

        Arithmetic(PairSums exact, PairSums rough, boolean roughly, boolean transposed) {
            this.exact = exact;
            this.rough = rough;
            this.exactTransposed = transposed ? exact.transposed() : null;
            this.roughTransposed = transposed && rough != null ? rough.transposed() : null;
            this.roughly = roughly && rough != null;
        }

        PairSums rows() {
            return roughly ? rough : exact;
        }

        PairSums columns() {
            return roughly ? roughTransposed : exactTransposed;
        }

        /**
         * Whether sums in float32 have done what they can; if so, they are left.
         *
         * @param eps of the iterations
         * @param error where they stand
         * @param since iterations without a new least error
         * @param enough whether anything else ends them
         */
        boolean refined(double eps, double error, int since, boolean enough) {
            double noise = 0x1p-24 * largestCost / eps;
            boolean near = error <= Math.min(NEAR_ROUNDING * noise, Math.max(noise, NOISY));
            if (roughly && (enough || error <= ROUGHEST * noise || since >= (near ? ROUGH_PATIENCE : LONG_ROUGH_PATIENCE))) {
                roughly = false;
                return true;
            }
            return false;
        }

        void again() {
            roughly = rough != null;
        }
    }

    /**
     * Solves between two measures, from a potential of the rows, which is overwritten. Warm: without annealing; without costs: over all
     * pairs throughout. Rough sums, if any, do for as long as the error is well above their rounding.
     */
    Cross cross(PairSums sums, PairSums rough, PairCosts costs, Marginal x, Marginal y, double[] f, boolean warm) {
        done = 0;
        return new Between(new Arithmetic(sums, rough, !warm, true), costs, x, y, f).solve(warm);
    }

    /** A problem between two measures. */
    private final class Between {

        private final Arithmetic sums;
        private final PairCosts costs;
        private final Marginal x;
        private final Marginal y;
        private final double[] f;
        private final double[] g;
        private final double[] softmin;
        private final double[] image;
        private final double[] xBias;
        private final double[] yBias;
        private final double[] xSlope;
        private final double[] ySlope;
        private final double[] best;
        private double bestDual = Double.NEGATIVE_INFINITY;
        private double error = Double.POSITIVE_INFINITY;
        private ActivePairs all;
        private int iterations;
        private int activeIterations;
        private int newtonSteps;

        Between(Arithmetic sums, PairCosts costs, Marginal x, Marginal y, double[] f) {
            int n = x.weights().length;
            int m = y.weights().length;
            this.sums = sums;
            this.costs = costs;
            this.x = x;
            this.y = y;
            this.f = f;
            this.g = new double[m];
            this.softmin = new double[n];
            this.image = new double[n];
            this.xBias = new double[n];
            this.yBias = new double[m];
            this.xSlope = new double[n * dimension];
            this.ySlope = new double[m * dimension];
            this.best = new double[n];
        }

        Cross solve(boolean warm) {
            int last = epsilons.length - 1;
            int sound = -1;
            double[] start = f.clone();
            for (int level = 0; level < last && !warm && goOn(); level++) {
                sweep(epsilons[level], false);
                if (error <= LEVEL_ERROR) {
                    sound = level;
                }
                System.arraycopy(image, 0, f, 0, f.length);
                if (sound == level) {
                    System.arraycopy(f, 0, start, 0, f.length);
                }
            }
            if (x.hard() && y.hard()) {
                shift(f, constant(x, f, y, g));
            }
            if (!level(epsilon, tolerance, true, !warm)) {
                System.arraycopy(start, 0, f, 0, f.length);
                sums.again();
                for (int level = sound + 1; level < last && goOn(); level++) {
                    level(epsilons[level], LEVEL_ERROR, false, false);
                }
                level(epsilon, tolerance, true, false);
            }
            double[] before = f.clone();
            return new Cross(before, image, g, x.excesses(f, softmin, epsilon), xSlope, ySlope, error, iterations, activeIterations,
                newtonSteps);
        }

        private long pairs() {
            return (long) x.weights().length * y.weights().length;
        }

        /** One iteration over all pairs: the columns' update g of f, the rows' of that in the image, and the error of the plan of (f, g). */
        private void sweep(double eps, boolean sloped) {
            softmin(sums.columns(), eps, f, x, xBias, g, sloped ? ySlope : null);
            scale(g, y.damping(eps), g);
            softmin(sums.rows(), eps, g, y, yBias, softmin, sloped ? xSlope : null);
            scale(softmin, x.damping(eps), image);
            error = x.error(f, softmin, eps);
            iterations++;
            done++;
            if (!sloped) {
                shift(image, constant(x, image, y, g));
            }
        }

        /**
         * Solves at an epsilon from f on, which it leaves there, with g, softmin and image of its last iteration over all pairs: at the final
         * epsilon; on the way down it may end with active pairs. Tells whether the problem was worth going on with, if that is in question.
         */
        private boolean level(double eps, double asked, boolean end, boolean doubtful) {
            Anderson anderson = new Anderson(x.weights());
            Patience patience = new Patience(end ? asked : 0);
            boolean few = pairs() <= FEW_PAIRS && costs != null;
            int attempt = few && !doubtful ? iterations + 1 : iterations + (few ? SLOW : FIRST_ATTEMPT);
            int first = iterations;
            int misses = 0;
            double began = Double.POSITIVE_INFINITY;
            boolean wide = false;
            error = doubtful || iterations > 0 ? Double.POSITIVE_INFINITY : 0;
            while (true) {
                boolean over = !goOn() || patience.lost();
                boolean sloped = end && (over || error <= NEARLY * asked);
                if (sums.refined(eps, end ? error : asked, patience.since, sloped)) {
                    anderson = new Anderson(x.weights());
                    patience = new Patience(end ? asked : 0);
                }
                sweep(eps, sloped);
                patience.note(error);
                if (end) {
                    noteDual();
                }
                if (over || error <= asked && (sloped || !end)) {
                    return finish(end, asked);
                }
                if (sloped) {
                    shift(image, constant(x, image, y, g));
                }
                int here = iterations - first;
                began = here == 1 ? error : began;
                boolean crawls = here > WINDOW && !(Math.log(error / asked) * (here - 1) <= CRAWL * Math.log(began / error));
                boolean due = iterations >= attempt || crawls && !wide;
                boolean polished = false;
                if (costs != null && due && misses <= MOST_MISSES && error > (end ? NEARLY : 1) * asked) {
                    Active active = new Active(eps, asked, end, doubtful, crawls);
                    polished = active.polish();
                    wide |= crawls;
                    attempt = polished ? iterations : 4 * iterations;
                    misses += polished ? 1 : 0;
                    if (active.lost) {
                        return false;
                    }
                    if (polished && !end && active.met) {
                        return true;
                    }
                }
                if (doubtful && !polished && here >= FIRST_ATTEMPT && error > LOST) {
                    return false;
                }
                if (polished) {
                    anderson = new Anderson(x.weights());
                    patience = new Patience(end ? asked : 0);
                } else {
                    anderson.step(f, image, error);
                }
            }
        }

        /** The last iteration is the best one, but for rounding, unless steps without a guard have lost a better one. */
        private boolean finish(boolean end, double asked) {
            if (!end) {
                System.arraycopy(image, 0, f, 0, f.length);
                return true;
            }
            // both ways round, because either may be NaN where the iterations have run away
            if (!(error <= asked) && !(dual() >= bestDual - 1e-9 * Math.abs(bestDual))) {
                System.arraycopy(best, 0, f, 0, f.length);
                sweep(epsilon, true);
            }
            return true;
        }

        /** Of (f, g), where g is f's update. */
        private double dual() {
            return x.dual(f) + y.dual(g) - epsilon * y.excess(g);
        }

        private void noteDual() {
            double dual = dual();
            if (dual > bestDual) {
                bestDual = dual;
                System.arraycopy(f, 0, best, 0, f.length);
            }
        }

        /** The part of a problem that is solved over active pairs. */
        private final class Active {

            private final double eps;
            private final double asked;
            private final boolean doubtful;
            private final boolean wide;
            private final boolean end;
            private int mark = activeIterations;
            private double markError = 2;
            private boolean direct;
            private boolean met;
            private boolean lost;

            /** Doubtful: gives up soon; wide: sets may cost more than a sweep over all pairs, as Newton's method is worth it. */
            Active(double eps, double asked, boolean end, boolean doubtful, boolean wide) {
                this.eps = eps;
                this.end = end;
                this.doubtful = doubtful;
                this.wide = wide;
                this.asked = end ? asked / 2 : Math.min(asked, ACTIVE_LEVEL_ERROR);
            }

            /**
             * Iterates over active pairs, set after set, from the image on, and leaves the last image in f; or does nothing and says so, where
             * there are too many such pairs.
             */
            boolean polish() {
                boolean any = false;
                boolean strayed = true;
                while (strayed && !lost && !cancelled && done < maxIterations - 1) {
                    ActivePairs pairs = collect();
                    if (pairs == null) {
                        break;
                    }
                    any = true;
                    strayed = iterate(pairs);
                }
                if (any) {
                    System.arraycopy(image, 0, f, 0, f.length);
                }
                return any;
            }

            /** At the larger of the two potentials every row and every column has a pair that carries some of its weight. */
            private ActivePairs collect() {
                if (pairs() <= FEW_PAIRS) {
                    all = all == null ? ActivePairs.all(costs, scheduler, eps) : all.at(eps);
                    return all;
                }
                double[] larger = new double[f.length];
                Arrays.setAll(larger, i -> Math.max(f[i], image[i]));
                double kept = LEFT_OUT - Math.log(Math.max(asked, Math.ulp(1.0)));
                return ActivePairs.of(costs, scheduler, eps, larger, g, kept,
                    Math.max(pairs() / ACTIVE_COST, wide ? ActivePairs.MOST_OF_FEW : FEW_PAIRS));
            }

            /** Iterates over one set, and tells whether the potentials strayed from it before the error was small. */
            private boolean iterate(ActivePairs pairs) {
                Anderson anderson = new Anderson(x.weights());
                Patience patience = new Patience(end ? asked : 0);
                Newton newton = new Newton(pairs);
                System.arraycopy(image, 0, f, 0, f.length);
                double halved = Double.POSITIVE_INFINITY;
                double window = Double.POSITIVE_INFINITY;
                int turn = 0;
                while (true) {
                    bias(f, x, xBias);
                    pairs.columns(xBias, g);
                    scale(g, y.damping(eps), g);
                    bias(g, y, yBias);
                    pairs.rows(yBias, softmin);
                    scale(softmin, x.damping(eps), image);
                    error = x.error(f, softmin, eps);
                    activeIterations++;
                    done++;
                    patience.note(error);
                    shift(image, constant(x, image, y, g));
                    met = error <= asked;
                    if (met || patience.lost() || !goOn()) {
                        return false;
                    }
                    if (pairs.strayed(f, x, g, y) > error / 4) {
                        return true;
                    }
                    if (doubtful && activeIterations - mark >= PROBATION) {
                        lost = error > markError / 2;
                        mark = activeIterations;
                        markError = error;
                        if (lost) {
                            return false;
                        }
                    }
                    if (turn == 0 && !direct) {
                        window = error;
                    }
                    turn++;
                    if (direct) {
                        if (error <= halved / 2) {
                            halved = error;
                            turn = 0;
                        }
                        direct = turn < NEWTON && newton.step();
                        if (!direct) {
                            anderson = new Anderson(x.weights());
                            turn = 0;
                            System.arraycopy(image, 0, f, 0, f.length);
                        }
                    } else {
                        anderson.step(f, image, error);
                        // where annealing has not lost the solution, alternation mostly arrives: a step that costs much waits as long
                        int look = (int) (doubtful ? Math.max(WINDOW, newton.cost()) : WINDOW);
                        if (turn > look) {
                            // so many more iterations at the present speed, or a step that takes longer but goes further
                            double speed = Math.log(window / error) / look;
                            direct = !(speed > 0 && Math.log(error / asked) <= newton.cost() * speed);
                            halved = error;
                            turn = 0;
                        }
                    }
                }
            }

            private void bias(double[] potential, Marginal side, double[] bias) {
                for (int j = 0; j < potential.length; j++) {
                    bias[j] = side.logWeights()[j] + potential[j] / eps;
                }
            }

            /** Newton's method on the side of fewer points. */
            private final class Newton {

                private final ActivePairs pairs;
                private final boolean onRows;
                private SemiDualNewton newton;

                Newton(ActivePairs pairs) {
                    this.pairs = pairs;
                    this.onRows = x.weights().length <= y.weights().length;
                }

                double cost() {
                    return newton().cost();
                }

                /** From the image on, whose last update is free. */
                boolean step() {
                    int before = newton().gradients();
                    System.arraycopy(image, 0, f, 0, f.length);
                    boolean risen;
                    if (onRows) {
                        Active.this.bias(f, x, xBias);
                        pairs.columns(xBias, g);
                        scale(g, y.damping(eps), g);
                        risen = newton.step(f, g, maxIterations - done);
                    } else {
                        scale(softmin, x.damping(eps), f);
                        risen = newton.step(g, f, maxIterations - done);
                    }
                    newtonSteps++;
                    activeIterations += newton.gradients() - before;
                    done += newton.gradients() - before;
                    return risen;
                }

                private SemiDualNewton newton() {
                    if (newton == null) {
                        double longest = pairs.margin() < Double.POSITIVE_INFINITY ? pairs.margin() * eps / 2 : costs.largest();
                        newton = onRows ? new SemiDualNewton(pairs, x, y, eps, longest)
                            : new SemiDualNewton(pairs.transposed(), y, x, eps, longest);
                    }
                    return newton;
                }
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
            return (x.logMassAsked(f) - y.logMassAsked(g)) / (1 / x.rho() + 1 / y.rho());
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
    Self self(PairSums exact, PairSums rough, Marginal x, double[] f, boolean warm) {
        int n = x.weights().length;
        double[] softmin = new double[n];
        double[] image = new double[n];
        double[] bias = new double[n];
        double[] slope = new double[n * dimension];
        Arithmetic sums = new Arithmetic(exact, rough, !warm, false);
        done = 0;
        Anderson anderson = new Anderson(x.weights());
        Patience patience = new Patience(tolerance);
        double error = warm ? 0 : Double.POSITIVE_INFINITY;
        int iterations = 0;
        while (true) {
            boolean last = !goOn() || patience.lost();
            boolean sloped = last || error <= NEARLY * tolerance;
            if (sums.refined(epsilon, error, patience.since, sloped)) {
                anderson = new Anderson(x.weights());
                patience = new Patience(tolerance);
            }
            softmin(sums.rows(), epsilon, f, x, bias, softmin, sloped ? slope : null);
            error = x.error(f, softmin, epsilon);
            iterations++;
            done++;
            patience.note(error);
            if (last || sloped && error <= tolerance) {
                return new Self(f, x.excessMass(x.excesses(f, softmin, epsilon)), slope, error, iterations);
            }
            double half = x.damping(epsilon) / 2;
            for (int i = 0; i < n; i++) {
                image[i] = f[i] / 2 + half * softmin[i];
            }
            anderson.step(f, image, error);
        }
    }

    /** Gives up on an error that stays above its least, and tells how long it will take to fall as far as is asked. */
    private final class Patience {

        private final double asked;
        private final double[] recent = new double[OUTLOOK];
        private double least = Double.POSITIVE_INFINITY;
        private int since;
        private int count;

        Patience(double asked) {
            this.asked = asked;
        }

        void note(double error) {
            since = error < least ? 0 : since + 1;
            least = Math.min(least, error);
            // where the slot's old value is that of the iteration so many before
            double before = recent[count % OUTLOOK];
            recent[count % OUTLOOK] = error;
            count++;
            double speed = Math.log(before / error) / OUTLOOK;
            if (count > OUTLOOK && speed > 0 && asked > 0) {
                progress.expect(done + (long) Math.clamp(Math.log(error / asked) / speed, 0, maxIterations - done));
            }
        }

        boolean lost() {
            boolean lost = since >= PATIENCE && least <= NEAR_ROUNDING * unit * largestCost / epsilon;
            stalled |= lost;
            return lost;
        }
    }

    /** Whether another iteration may follow the next one. */
    private boolean goOn() {
        if (!cancelled && !progress.advance(done, maxIterations)) {
            cancelled = true;
        }
        return !cancelled && done < maxIterations - 1;
    }

    /** {@code -epsilon log sum_j b_j exp((potential_j - C_ij) / epsilon)}. */
    private void softmin(PairSums sums, double eps, double[] potential, Marginal side, double[] bias, double[] result, double[] slope) {
        sweeps++;
        if (eps >= FLAT * largestCost) {
            sums.flatSoftMinimum(p, eps, side, potential, result, slope);
            return;
        }
        for (int j = 0; j < potential.length; j++) {
            bias[j] = side.logWeights()[j] + potential[j] / eps;
        }
        sums.logSumExp(p, eps, bias, result, slope);
        scale(result, -eps, result);
    }

    private static void scale(double[] values, double factor, double[] scaled) {
        for (int i = 0; i < values.length; i++) {
            scaled[i] = factor * values[i];
        }
    }
}
