package org.pontoon.engine.transport;

import java.util.Arrays;
import java.util.Objects;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * Entropic optimal transport between clouds, balanced or not, and its debiased divergence, in O(N + M) memory.
 *
 * <p>The transport cost is {@code OT(a, b) = min <pi, C> + epsilon KL(pi | a x b) + rho_x KL(pi 1 | a) + rho_y KL(pi' 1 | b)} and the
 * Sinkhorn divergence {@code S = OT(a, b) - OT(a, a) / 2 - OT(b, b) / 2 + epsilon (m_a - m_b)^2 / 2} (Feydy et al. 2019, "Interpolating
 * between optimal transport and MMD using Sinkhorn divergences"; Séjourné et al. 2019 for the unbalanced one), each self term at its own
 * cloud's reach. Where the reaches differ (semi-relaxed transport above all), the debiased value between equal clouds is not 0: the self
 * terms relax both of their marginals alike, and what is between the clouds does not; it is no divergence then.
 *
 * <p>Everything happens in the log domain, potentials in float64; asked for float64, iterations far from the end still take their sums in
 * float32. Annealing from the clouds' diameter is followed by iterations at the final blur until the marginals are met to the tolerance;
 * {@link SinkhornResult#status()} tells whether they were. A plan between the clouds that is carried by few pairs, as at a small blur or in
 * many dimensions, is iterated over those alone, and only checked against all: balanced, semi-relaxed and unbalanced alike, with Newton's
 * method for slow cases that are balanced. There are at most {@value ActivePairs#MOST_PER_POINT} such pairs for each point, or
 * {@value ActivePairs#MOST_OF_FEW} in all, of 40 bytes each.
 *
 * <p>Weights are those of the clouds as they are, 1/N where there are none. Two hard marginals need equal masses; within 1e-4 the second is
 * rescaled to the first.
 *
 * <p>Immutable and thread-safe; the same bits for any number of threads.
 */
public final class Sinkhorn implements Loss {

    private static final double[] NONE = {};
    /** Relative error of a plan's entries, by rounding in float64, beyond which they say nothing. */
    private static final double MOST_ROUNDING = 0.25;

    private final SinkhornOptions options;

    /**
     * Makes a solver.
     *
     * @param options what to solve
     */
    public Sinkhorn(SinkhornOptions options) {
        this.options = Objects.requireNonNull(options, "options");
    }

    /**
     * Returns what this solves.
     *
     * @return the options
     */
    public SinkhornOptions options() {
        return options;
    }

    @Override
    public LossResult measure(PointCloud x, PointCloud y, Derivatives derivatives, TileScheduler scheduler, Progress progress) {
        return solve(x, y, null, scheduler, progress).toLossResult();
    }

    /**
     * Solves from scratch.
     *
     * @param x first cloud, N points
     * @param y second cloud, M points of the same dimension
     * @param scheduler runs the tiles
     * @return the result
     * @throws IllegalArgumentException if dimensions differ, a value is not finite, masses differ where they must not, or the blur is below
     *     1e-8 of the clouds' diagonal (1e-16 for p = 1)
     */
    public SinkhornResult solve(PointCloud x, PointCloud y, TileScheduler scheduler) {
        return solve(x, y, null, scheduler, Progress.NONE);
    }

    /**
     * Solves from the potentials of a similar problem: the clouds of a flow's last step, or another blur.
     *
     * @param x first cloud, N points
     * @param y second cloud, M points of the same dimension
     * @param start result for clouds of as many points, from which to go on without annealing; null to start from scratch
     * @param scheduler runs the tiles
     * @param progress hears of every iteration; where it says no, one more ends the work
     * @return the result
     * @throws IllegalArgumentException if dimensions differ, a value is not finite, masses differ where they must not, or the start does
     *     not fit
     */
    public SinkhornResult solve(PointCloud x, PointCloud y, SinkhornResult start, TileScheduler scheduler, Progress progress) {
        y.requireDimension(x.dimension(), "second cloud");
        Measure a = Measure.of(x, "first cloud");
        Measure b = Measure.of(y, "second cloud");
        if (options.balanced()) {
            b = b.matching(a, "transport between hard marginals");
        }
        checkStart(start, a, b);
        return new Solution(a, b, start, progress, scheduler).result();
    }

    /**
     * Opens the plan of a result: products, marginals, largest entries, maps.
     *
     * @param x the first cloud that was solved for
     * @param y the second
     * @param result of this solver for them
     * @param scheduler runs the tiles
     * @return the plan, which computes on demand and reads the clouds for as long as it is used
     * @throws IllegalArgumentException if the result does not fit the clouds
     */
    public TransportPlan plan(PointCloud x, PointCloud y, SinkhornResult result, TileScheduler scheduler) {
        y.requireDimension(x.dimension(), "second cloud");
        Measure a = Measure.of(x, "first cloud");
        Measure b = Measure.of(y, "second cloud");
        if (options.balanced()) {
            b = b.matching(a, "transport between hard marginals");
        }
        checkStart(result, a, b);
        return new TransportPlan(options, a, b, result, scheduler);
    }

    private static void checkStart(SinkhornResult start, Measure a, Measure b) {
        if (start != null && (start.f().length != a.size() || start.g().length != b.size())) {
            throw new IllegalArgumentException("the result has potentials at " + start.f().length + " and " + start.g().length
                + " points, the clouds have " + a.size() + " and " + b.size());
        }
    }

    /** Refuses a blur at which float64 cannot tell what a plan holds: its iterations would end anywhere, without a sign of it. */
    static void requireResolved(SinkhornOptions options, double largestCost) {
        double least = 0x1p-53 * largestCost / MOST_ROUNDING;
        if (options.epsilon() < least) {
            throw new IllegalArgumentException("blur is " + options.blur() + ", expected at least "
                + (float) (options.p() == 1 ? least : Math.sqrt(least)) + " for costs of up to " + (float) largestCost
                + ": below, float64 cannot tell what a plan holds; without any blur, transport is solved exactly");
        }
    }

    /** Blurs from the diameter down, each a scaling of the one before, and the final one. */
    static double[] epsilons(SinkhornOptions options, double diameter) {
        int levels = 0;
        for (double blur = diameter * options.scaling(); blur > options.blur(); blur *= options.scaling()) {
            levels++;
        }
        double[] epsilons = new double[levels + 1];
        double blur = diameter;
        for (int k = 0; k < levels; k++) {
            blur *= options.scaling();
            epsilons[k] = options.p() == 1 ? blur : blur * blur;
        }
        epsilons[levels] = options.epsilon();
        return epsilons;
    }

    /** One solve: the problem between the clouds, each against itself, and what follows from the three. */
    private final class Solution {

        private final Measure a;
        private final Measure b;
        private final Marginal x;
        private final Marginal y;
        private final Frame frame;
        private final double[] xRows;
        private final double[] yRows;
        private final double[] epsilons;
        private final double largestCost;
        private final Precision precision;
        private final double rounding;
        private final double epsilon = options.epsilon();
        private final SinkhornLoop loop;
        private final SinkhornLoop.Cross cross;
        private final SinkhornLoop.Self xx;
        private final SinkhornLoop.Self yy;
        private final boolean equal;

        Solution(Measure a, Measure b, SinkhornResult start, Progress progress, TileScheduler scheduler) {
            this.a = a;
            this.b = b;
            this.x = Marginal.of(a, options.rhoX());
            this.y = Marginal.of(b, options.rhoY());
            boolean separateMeans = options.p() == 2 && options.balanced();
            this.frame = Frame.of(a, b, separateMeans);
            this.xRows = a.rows(frame.xOrigin());
            this.yRows = b.rows(frame.yOrigin());
            double diagonal = BoundingBox.of(a.cloud(), frame.xOrigin(), b.cloud(), frame.yOrigin()).diagonal();
            this.epsilons = epsilons(options, options.diameter() > 0 ? options.diameter() : diagonal);
            this.largestCost = options.p() == 1 ? diagonal : diagonal * diagonal / 2;
            requireResolved(options, largestCost);
            boolean float32 = options.precision() == Precision.FLOAT32 && epsilon <= largestCost
                && !DoublePairSums.faster(a.cloud(), b.cloud())
                && (options.tolerance() == 0 || 0x1p-24 * largestCost / epsilon <= options.tolerance());
            this.precision = float32 ? Precision.FLOAT32 : Precision.FLOAT64;
            double unit = float32 ? 0x1p-24 : 0x1p-53;
            this.rounding = unit * largestCost / epsilon;
            this.loop = new SinkhornLoop(options.p(), epsilons, options.tolerance(), options.maxIterations(), a.cloud().dimension(),
                largestCost, unit, progress, scheduler);
            this.equal = options.rhoX() == options.rhoY() && sameMeasures();
            PairSums sums = sums(a, frame.xOrigin(), b, frame.yOrigin(), scheduler);
            if (options.debias()) {
                boolean startSelf = start != null && start.faa().length > 0;
                this.xx = loop.self(sums(a, frame.xOrigin(), a, frame.xOrigin(), scheduler),
                    rough(a, frame.xOrigin(), a, frame.xOrigin(), scheduler), x,
                    startSelf ? start.faa().clone() : new double[a.size()], startSelf);
                this.yy = equal ? xx
                    : loop.self(sums(b, frame.yOrigin(), b, frame.yOrigin(), scheduler),
                        rough(b, frame.yOrigin(), b, frame.yOrigin(), scheduler), y,
                        startSelf ? start.gbb().clone() : new double[b.size()], startSelf);
            } else {
                this.xx = null;
                this.yy = null;
            }
            PairCosts costs = epsilon > largestCost ? null : new PairCosts(options.p(), xRows, yRows, a.cloud().dimension());
            this.cross = loop.cross(sums, rough(a, frame.xOrigin(), b, frame.yOrigin(), scheduler), costs, x, y,
                initialPotential(start, separateMeans), start != null || equal && xx != null);
        }

        private PairSums sums(Measure first, double[] firstOrigin, Measure second, double[] secondOrigin, TileScheduler scheduler) {
            return PairSums.of(precision, scheduler, first.cloud(), firstOrigin, second.cloud(), secondOrigin);
        }

        /** Sums in float32, to go most of the way to a solution in float64; null where that is the precision, or it would not pay. */
        private PairSums rough(Measure first, double[] firstOrigin, Measure second, double[] secondOrigin, TileScheduler scheduler) {
            boolean pays = precision == Precision.FLOAT64 && epsilon <= largestCost
                && (long) first.size() * second.size() > SinkhornLoop.FEW_PAIRS;
            return pays ? PairSums.of(Precision.FLOAT32, scheduler, first.cloud(), firstOrigin, second.cloud(), secondOrigin) : null;
        }

        /** Equal clouds in equal order, up to a shift where only the centred problem counts: the divergence is then exactly that shift's. */
        private boolean sameMeasures() {
            if (!Arrays.equals(a.weights(), b.weights())) {
                return false;
            }
            double[] xo = frame.xOrigin();
            double[] yo = frame.yOrigin();
            for (int k = 0; k < xRows.length; k++) {
                int d = k % xo.length;
                double ulps = 4 * Math.ulp(Math.max(Math.abs(xRows[k]) + Math.abs(xo[d]), Math.abs(yo[d])));
                if (Math.abs(xRows[k] - yRows[k]) > ulps) {
                    return false;
                }
            }
            return true;
        }

        private double[] initialPotential(SinkhornResult start, boolean separateMeans) {
            double[] f = new double[a.size()];
            if (start != null) {
                System.arraycopy(start.f(), 0, f, 0, f.length);
                frame.translate(f, xRows, 1, -1);
            } else if (equal && xx != null) {
                System.arraycopy(xx.f(), 0, f, 0, f.length);
            } else if (separateMeans) {
                // the limit of a large epsilon, up to a constant
                int dimension = frame.shift().length;
                for (int k = 0; k < xRows.length; k++) {
                    f[k / dimension] += xRows[k] * xRows[k] / 2;
                }
            }
            return f;
        }

        SinkhornResult result() {
            double[] xMasses = x.masses(cross.f());
            double excess = x.excess(cross.f());
            double dual = x.dual(cross.f()) + y.dual(cross.g()) - epsilon * (excess + x.mass() * (1 - y.mass()));
            double primal = primalBound();
            // far from converged, masses may be beyond float64, and there is no bound
            double gap = Double.isNaN(primal) ? Double.POSITIVE_INFINITY : Math.max(0, primal - dual);
            double shiftCost = frame.shiftCost() * x.mass();
            double value = dual + shiftCost;
            double error = cross.error();
            if (options.debias()) {
                error = Math.max(error, Math.max(xx.error(), yy.error()));
                value = shiftCost + (equal ? 0
                    : x.dualDifference(cross.f(), xx.f()) + y.dualDifference(cross.g(), yy.f())
                        - epsilon * (excess - (xx.excess() + yy.excess() - (options.balanced() ? 0 : x.mass() - y.mass())) / 2));
            }
            double[] f = cross.f();
            double[] g = cross.g();
            LossGradient xGradient = gradient(value, x, y, f, xMasses, cross.xSlope(), xx, 1);
            LossGradient yGradient = gradient(value, y, x, g, y.masses(g), cross.ySlope(), yy, -1);
            double linearCost = linearCost();
            if (options.balanced()) {
                double constant = (a.dot(f) - b.dot(g)) / (2 * x.mass());
                Arrays.setAll(f, i -> f[i] - constant);
                Arrays.setAll(g, j -> g[j] + constant);
                frame.translate(f, xRows, 1, 1);
                frame.translate(g, yRows, -1, 1);
            }
            SinkhornResult.Status status = loop.cancelled() ? SinkhornResult.Status.CANCELLED
                : error <= options.tolerance() ? SinkhornResult.Status.CONVERGED
                    : loop.stalled() ? SinkhornResult.Status.STALLED : SinkhornResult.Status.MAX_ITERATIONS;
            return new SinkhornResult(options, value, linearCost, dual + shiftCost, gap, f, g, xx == null ? NONE : xx.f(),
                yy == null ? NONE : yy.f(), xGradient, yGradient, error, cross.iterations(), cross.activeIterations(), cross.newtonSteps(),
                loop.sweeps(), status,
                epsilons, rounding);
        }

        /** Gradient in one side's points and weights, by the envelope theorem. */
        private LossGradient gradient(double value, Marginal side, Marginal other, double[] potential, double[] masses, double[] slope,
                SinkhornLoop.Self self, int sign) {
            int dimension = frame.shift().length;
            double[] points = new double[slope.length];
            double[] weights = new double[masses.length];
            for (int i = 0; i < masses.length; i++) {
                double selfMass = self == null ? 0 : side.weights()[i] * side.density(self.f()[i]);
                for (int d = 0; d < dimension; d++) {
                    int k = i * dimension + d;
                    double own = equal && self != null ? 0 : masses[i] * slope[k] - (self == null ? 0 : selfMass * self.slope()[k]);
                    points[k] = own + sign * masses[i] * frame.shift()[d];
                }
                weights[i] = weightDerivative(side, other, potential[i], self == null ? null : self.f()[i]);
            }
            if (options.balanced()) {
                // the potentials of the clouds' own coordinates differ from the frame's by a linear function
                frame.translate(weights, sign > 0 ? xRows : yRows, sign, 1);
                double mean = 0;
                for (int i = 0; i < weights.length; i++) {
                    mean += side.weights()[i] * weights[i] / side.mass();
                }
                for (int i = 0; i < weights.length; i++) {
                    weights[i] -= mean;
                }
            }
            return new LossGradient(value, points, weights);
        }

        private double weightDerivative(Marginal side, Marginal other, double potential, Double self) {
            if (equal && self != null) {
                return 0;
            }
            if (side.hard()) {
                return self == null ? potential + epsilon * (other.mass() - 1) : potential - self;
            }
            double rho = side.rho();
            return self == null ? rho + epsilon * other.mass() - (rho + epsilon) * side.density(potential)
                : -(rho + epsilon) * side.density(self) * Math.expm1((self - potential) / rho);
        }

        /** Of the plan of (before, g), by Euler's theorem for the cost, homogeneous of degree p: {@code p C = x dC/dx + y dC/dy}. */
        private double linearCost() {
            double[] columns = y.masses(cross.g());
            double[] rows = x.marginal(cross.excesses());
            double sum = weightedDot(rows, xRows, cross.xSlope()) + weightedDot(columns, yRows, cross.ySlope());
            double cost = sum / options.p();
            for (int d = 0; d < frame.shift().length; d++) {
                cost += frame.shift()[d] * (moment(rows, xRows, d) - moment(columns, yRows, d));
            }
            return cost + frame.shiftCost() * Arrays.stream(columns).sum();
        }

        private double moment(double[] masses, double[] rows, int d) {
            double sum = 0;
            for (int i = 0; i < masses.length; i++) {
                sum += masses[i] * rows[i * frame.shift().length + d];
            }
            return sum;
        }

        private static double weightedDot(double[] masses, double[] u, double[] v) {
            int dimension = u.length / masses.length;
            double sum = 0;
            for (int i = 0; i < masses.length; i++) {
                double dot = 0;
                for (int k = i * dimension; k < (i + 1) * dimension; k++) {
                    dot += u[k] * v[k];
                }
                sum += masses[i] * dot;
            }
            return sum;
        }

        /**
         * The primal objective of a plan that meets the hard marginals, or the soft one of the rows where that is less. The plan of
         * (before, g) misses at most that of the rows: it is shrunk until no row exceeds its weight, and what is missing is spread in
         * proportion to the columns' weights. The objective is convex, so it is bounded by that of the two parts, either of which follows
         * from marginals and moments in O(N + M).
         */
        private double primalBound() {
            double[] rows = x.marginal(cross.excesses());
            double[] columns = y.masses(cross.g());
            double[] columnExcesses = y.excesses(cross.g());
            double entropy = 0;
            for (int i = 0; i < rows.length; i++) {
                entropy += rows[i] * cross.before()[i];
            }
            for (int j = 0; j < columns.length; j++) {
                entropy += columns[j] * cross.g()[j];
            }
            double missed = x.penalty(cross.excesses());
            double plan = entropy - epsilon * (y.excess(cross.g()) + y.mass() * (1 - x.mass())) + y.penalty(columnExcesses);
            double share = 1;
            for (int i = 0; i < rows.length; i++) {
                share = rows[i] > 0 ? Math.min(share, x.weights()[i] / rows[i]) : share;
            }
            share *= 1 - 1e-12;
            double met = share * plan + (1 - share) * remainder(rows, columns, share);
            // at a long reach it costs less to meet a soft marginal than to miss it by a little
            return x.hard() ? met : Math.min(plan + missed, met);
        }

        private double remainder(double[] rows, double[] columns, double share) {
            int dimension = frame.shift().length;
            double[] mean = new double[dimension];
            double spread = 0;
            for (int j = 0; j < columns.length; j++) {
                for (int d = 0; d < dimension; d++) {
                    double c = yRows[j * dimension + d];
                    mean[d] += y.weights()[j] / y.mass() * c;
                    spread += y.weights()[j] / y.mass() * c * c;
                }
            }
            for (double m : mean) {
                spread -= m * m;
            }
            double total = 0;
            double cost = 0;
            double entropy = 0;
            for (int i = 0; i < rows.length; i++) {
                double missing = Math.max(0, (x.weights()[i] - share * rows[i]) / (1 - share));
                if (missing == 0) {
                    continue;
                }
                double square = spread;
                for (int d = 0; d < dimension; d++) {
                    double z = xRows[i * dimension + d] - mean[d];
                    square += z * z;
                }
                total += missing;
                // Jensen's inequality for p = 1, exact for p = 2
                cost += missing * (options.p() == 1 ? Math.sqrt(square) : square / 2);
                entropy += missing * Math.log(missing / x.weights()[i]);
            }
            entropy += -total * Math.log(y.mass()) - total + x.mass() * y.mass();
            double[] excesses = new double[columns.length];
            Arrays.fill(excesses, total / y.mass() - 1);
            return cost + epsilon * entropy + y.penalty(excesses);
        }
    }
}
