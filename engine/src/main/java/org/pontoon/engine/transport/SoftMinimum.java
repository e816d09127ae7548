package org.pontoon.engine.transport;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * Soft minima {@code smin(z) = -epsilon log sum_i a_i exp(-C(x_i, z) / epsilon)}: which arithmetic bears their exponents, and their
 * derivatives in their support, the x_i, a softmax normalised over the support, not over the points z where it is taken, so that it needs a
 * pass of its own.
 */
final class SoftMinimum {

    /** Exponents up to this are within the float32 sums' clamped factors. */
    private static final double MOST_FLOAT = 1e28;
    private static final double MOST_DOUBLE = 1e300;
    /** Masses that differ by less are meant to be equal. */
    private static final double SAME_MASS = 1e-4;

    private SoftMinimum() {
    }

    /** The greatest cost between clouds, but for a factor of 4 at most, over epsilon: none of their exponents is greater. */
    static double mostExponent(PointCloud x, PointCloud y, int p, double epsilon) {
        double length = BoundingBox.of(x, y).diagonal();
        double most = p == 1 ? length / epsilon : length / epsilon * length / 2;
        if (!(most <= MOST_DOUBLE) || !(1 / epsilon < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("the clouds' box has a diagonal of " + length + ", whose cost over an epsilon of " + epsilon
                + " is beyond the range of float64, expected a greater blur");
        }
        return most;
    }

    /** The precision that was asked for, or float64 where exponents are beyond the range of float32. */
    static Precision precision(Precision wanted, double mostExponent) {
        return mostExponent > MOST_FLOAT ? Precision.FLOAT64 : wanted;
    }

    /** Whether the logarithms of sums lie so close to that of the mass that what tells them from it is lost in rounding. */
    static boolean isFlat(Precision precision, double mostExponent) {
        return mostExponent < (precision == Precision.FLOAT32 ? 0x1p-10 : 0x1p-20);
    }

    /** Whether masses are meant to be the same. */
    static boolean sameMass(Measure a, Measure b) {
        return Math.abs(b.mass() - a.mass()) <= SAME_MASS * Math.max(a.mass(), b.mass());
    }

    /** Logarithms from which on rounding of exponents shows in a softmax. */
    private static double sharp(Precision precision) {
        return precision == Precision.FLOAT32 ? 0x1p10 : 0x1p20;
    }

    /**
     * Adds the derivative of {@code factor sum_j b_j smin(y_j)} in the points of the support, and {@code factor / -epsilon} times that in
     * its weights.
     *
     * @param sums pairs of the support (rows) and the points y where the soft minimum is taken
     * @param precision theirs
     * @param support a, x
     * @param at b, y
     * @param logSums {@code log sum_i a_i exp(-C(x_i, y_j) / epsilon)}
     */
    static void addSupport(PairSums sums, Precision precision, TileScheduler scheduler, int p, double epsilon, Measure support, Measure at,
            double[] logSums, double factor, double[] points, double[] weights) {
        // a point of weight 0 has no gradient, but its weight has a derivative
        double[] bias = support.logWeights();
        double[] alpha = bias.clone();
        for (int i = 0; i < alpha.length; i++) {
            alpha[i] = support.weights()[i] > 0 ? alpha[i] : 0;
        }
        double largest = 0;
        for (int j = 0; j < logSums.length; j++) {
            largest = Math.max(largest, at.weights()[j] > 0 ? Math.abs(logSums[j]) : 0);
        }
        double[] masses = new double[alpha.length];
        double[] slope = new double[points.length];
        if (largest > sharp(precision)) {
            new DoublePairSums(scheduler, support.cloud(), at.cloud()).softmaxSums(p, epsilon, bias, alpha, at.weights(), masses, slope);
        } else {
            double[] beta = at.logWeights();
            for (int j = 0; j < beta.length; j++) {
                beta[j] -= logSums[j];
            }
            sums.planSums(p, epsilon, alpha, beta, null, 0, null, masses, slope);
        }
        int dimension = points.length / alpha.length;
        for (int i = 0; i < alpha.length; i++) {
            boolean present = support.weights()[i] > 0;
            for (int k = i * dimension; k < (i + 1) * dimension && present; k++) {
                points[k] += factor * slope[k];
            }
            weights[i] += factor * (present ? masses[i] / support.weights()[i] : masses[i]);
        }
    }
}
