package org.pontoon.engine.transport;

import java.util.Objects;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * The debiased, symmetric soft Hausdorff distance (Feydy and Trouvé 2018, "Global divergences between measures"): {@code 1/2 <a, smin_b -
 * smin_a> + 1/2 <b, smin_a - smin_b>} with the soft minimum {@code smin_b(x) = -epsilon log sum_j b_j exp(-C(x, y_j) / epsilon)} of the
 * distance to a cloud and {@code epsilon = blur^p}. It tends to averaged distances to the nearest neighbour as the blur falls, and to the
 * kernel norm of -C as it grows.
 *
 * <p>Weights are those of the clouds as they are, 1/N where there are none. Where epsilon is far above all costs, masses within 1e-4 of each
 * other count as equal, and sums are of what exponentials lack to 1, in float64; where it is far below them, softmaxes are.
 *
 * <p>Immutable and thread-safe; the same bits for any number of threads.
 */
public final class SoftHausdorff implements Loss {

    private final int p;
    private final double blur;
    private final double epsilon;
    private final Precision precision;

    /**
     * Makes a loss.
     *
     * @param p 1 for the cost |x - y|, 2 for |x - y|^2 / 2
     * @param blur a positive length
     * @param precision of the sums over pairs
     * @throws IllegalArgumentException if p or the blur is out of range
     */
    public SoftHausdorff(int p, double blur, Precision precision) {
        SinkhornOptions.requireExponent(p);
        this.p = p;
        this.blur = blur;
        this.epsilon = p == 1 ? blur : blur * blur;
        if (!(blur > 0) || !(epsilon > 0) || epsilon == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("blur is " + blur + ", expected positive and finite, its square too");
        }
        this.precision = Objects.requireNonNull(precision, "precision");
    }

    @Override
    public LossResult measure(PointCloud x, PointCloud y, Derivatives derivatives, TileScheduler scheduler, Progress progress) {
        boolean withGradient = derivatives != Derivatives.NONE;
        Pass pass = new Pass(x, y, withGradient, scheduler);
        LossGradient gradient = withGradient ? pass.gradient() : null;
        return LossResult.of(withGradient ? gradient.value() : pass.value(), gradient, 0);
    }

    /** Soft minima of both clouds at the points of both, as logarithms of sums: smin is -epsilon times these. */
    private final class Pass {

        private final TileScheduler scheduler;
        private final Precision arithmetic;
        private final boolean flat;
        private final int dimension;
        private final Measure a;
        private final Measure b;
        private final PairSums xx;
        private final PairSums xy;
        private final double[] ownSlope;
        private final double[] otherSlope;
        // logarithms of sums less those of the masses where flat
        private final double[] aAtX;
        private final double[] bAtX;
        private final double[] aAtY;
        private final double[] bAtY;
        /** The difference of the logarithms of the masses that was left out above. */
        private final double offset;

        Pass(PointCloud x, PointCloud y, boolean withGradient, TileScheduler scheduler) {
            y.requireDimension(x.dimension(), "second cloud");
            double most = SoftMinimum.mostExponent(x, y, p, epsilon);
            this.scheduler = scheduler;
            this.arithmetic = SoftMinimum.precision(precision, most);
            this.flat = SoftMinimum.isFlat(arithmetic, most);
            this.dimension = x.dimension();
            this.a = Measure.of(x, "first cloud");
            Measure second = Measure.of(y, "second cloud");
            boolean same = SoftMinimum.sameMass(a, second);
            this.b = flat && same ? second.matching(a, "a wide kernel") : second;
            this.offset = flat && !same ? Math.log(a.mass() / b.mass()) : 0;
            this.xx = PairSums.of(arithmetic, scheduler, x, x);
            this.xy = PairSums.of(arithmetic, scheduler, x, y);
            this.ownSlope = withGradient ? new double[Math.multiplyExact(x.size(), dimension)] : null;
            this.otherSlope = withGradient ? new double[ownSlope.length] : null;
            this.aAtX = flat ? flatLogs(a, a, ownSlope) : logSums(xx, a, x.size(), ownSlope);
            this.bAtX = flat ? flatLogs(a, b, otherSlope) : logSums(xy, b, x.size(), otherSlope);
            this.aAtY = flat ? flatLogs(b, a, null) : logSums(xy.transposed(), a, y.size(), null);
            this.bAtY = flat ? flatLogs(b, b, null) : logSums(PairSums.of(arithmetic, scheduler, y, y), b, y.size(), null);
        }

        private double[] logSums(PairSums sums, Measure support, int size, double[] slope) {
            double[] result = new double[size];
            sums.logSumExp(p, epsilon, support.logWeights(), result, slope);
            return result;
        }

        /** The same less the logarithm of the support's mass. */
        private double[] flatLogs(Measure at, Measure support, double[] slope) {
            if (slope != null) {
                logSums(support == a ? xx : xy, support, at.size(), slope);
            }
            double[] result = excess(at, support, support.weights());
            for (int i = 0; i < result.length; i++) {
                result[i] = Math.log1p(result[i] / support.mass());
            }
            return result;
        }

        /** Weighted sums of {@code exp(-C / epsilon) - 1}. */
        private double[] excess(Measure at, Measure support, double[] weights) {
            double[] result = new double[at.size()];
            new DoublePairSums(scheduler, at.cloud(), support.cloud()).excessSums(p == 1 ? PairKernel.laplacian(blur)
                : PairKernel.gaussian(blur), weights, result);
            return result;
        }

        double value() {
            double sum = 0;
            for (int i = 0; i < a.size(); i++) {
                sum += a.weights()[i] * (offset + (aAtX[i] - bAtX[i]));
            }
            for (int j = 0; j < b.size(); j++) {
                sum += b.weights()[j] * (bAtY[j] - aAtY[j] - offset);
            }
            return epsilon / 2 * sum;
        }

        LossGradient gradient() {
            double[] points = new double[ownSlope.length];
            double[] weights = new double[a.size()];
            addSupport(xx, a, aAtX, -0.5, points, weights);
            addSupport(xy, b, aAtY, 0.5, points, weights);
            double[] support = flat ? flatSupport() : weights;
            for (int i = 0; i < a.size(); i++) {
                weights[i] = epsilon * ((offset + (aAtX[i] - bAtX[i])) / 2 - support[i]);
                for (int k = i * dimension; k < (i + 1) * dimension; k++) {
                    points[k] += a.weights()[i] / 2 * (otherSlope[k] - ownSlope[k]);
                }
            }
            return new LossGradient(value(), points, weights);
        }

        private void addSupport(PairSums sums, Measure at, double[] logs, double factor, double[] points, double[] weights) {
            double[] logSums = logs.clone();
            for (int j = 0; flat && j < logSums.length; j++) {
                logSums[j] += Math.log(a.mass());
            }
            SoftMinimum.addSupport(sums, arithmetic, scheduler, p, epsilon, a, at, logSums, factor, points, weights);
        }

        /** What the soft minima of a owe to a's weights, less the part in which both are 1. */
        private double[] flatSupport() {
            double[] own = flatShares(a, aAtX);
            double[] other = flatShares(b, aAtY);
            for (int i = 0; i < own.length; i++) {
                own[i] = (other[i] - own[i] + (offset == 0 ? 0 : b.mass() - a.mass())) / (2 * a.mass());
            }
            return own;
        }

        /** {@code sum_j b_j (e_ij - u_j) / (1 + u_j)} with e the excess of a pair and u its mean over a, whose log1p is given. */
        private double[] flatShares(Measure at, double[] logs) {
            double[] shares = new double[at.size()];
            double common = 0;
            for (int j = 0; j < shares.length; j++) {
                shares[j] = at.weights()[j] / Math.exp(logs[j]);
                common += shares[j] * Math.expm1(logs[j]);
            }
            double[] sums = excess(a, at, shares);
            for (int i = 0; i < sums.length; i++) {
                sums[i] -= common;
            }
            return sums;
        }
    }
}
