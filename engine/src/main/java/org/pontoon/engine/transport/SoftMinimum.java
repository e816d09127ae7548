package org.pontoon.engine.transport;

/**
 * Derivatives of soft minima {@code smin(z) = -epsilon log sum_i a_i exp(-C(x_i, z) / epsilon)} in their support, the x_i: a softmax
 * normalised over the support, not over the points z where it is taken, so it needs a pass of its own.
 */
final class SoftMinimum {

    private SoftMinimum() {
    }

    /**
     * Adds the derivative of {@code factor sum_j b_j smin(y_j)} in the points of the support, and {@code factor / -epsilon} times that in
     * its weights.
     *
     * @param sums pairs of the support (rows) and the points y where the soft minimum is taken
     * @param support a, x
     * @param at b, y
     * @param logSums {@code log sum_i a_i exp(-C(x_i, y_j) / epsilon)}
     */
    static void addSupport(PairSums sums, int p, double epsilon, Measure support, Measure at, double[] logSums, double factor,
            double[] points,
            double[] weights) {
        // a point of weight 0 has no gradient, but its weight has a derivative
        double[] alpha = new double[support.size()];
        for (int i = 0; i < alpha.length; i++) {
            alpha[i] = support.weights()[i] > 0 ? Math.log(support.weights()[i]) : 0;
        }
        double[] beta = at.logWeights();
        for (int j = 0; j < beta.length; j++) {
            beta[j] -= logSums[j];
        }
        double[] masses = new double[alpha.length];
        double[] slope = new double[points.length];
        sums.planSums(p, epsilon, alpha, beta, null, 0, null, masses, slope);
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
