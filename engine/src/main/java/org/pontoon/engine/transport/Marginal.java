package org.pontoon.engine.transport;

/**
 * One side of an entropic transport problem: weights, their sum, and the price rho of missing them (infinite for a hard marginal).
 *
 * @param weights a
 * @param logWeights log a
 * @param mass sum of a
 * @param rho price of a Kullback-Leibler divergence of the marginal to a
 */
record Marginal(double[] weights, double[] logWeights, double mass, double rho) {

    static Marginal of(Measure measure, double rho) {
        return new Marginal(measure.weights(), measure.logWeights(), measure.mass(), rho);
    }

    boolean hard() {
        return rho == Double.POSITIVE_INFINITY;
    }

    /** What a block update multiplies the soft minimum by, 1 for a hard marginal. */
    double damping(double epsilon) {
        return 1 / (1 + epsilon / rho);
    }

    /** Density of the marginal of the plan in these weights at the optimum. */
    double density(double potential) {
        return Math.exp(-potential / rho);
    }

    /** The marginal's part of the dual objective. */
    double dual(double[] potential) {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * (hard() ? potential[i] : -rho * Math.expm1(-potential[i] / rho));
        }
        return sum;
    }

    /** The dual part of one potential less that of another, without cancellation at a large rho. */
    double dualDifference(double[] potential, double[] other) {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            double difference = potential[i] - other[i];
            sum += weights[i] * (hard() ? difference : -rho * density(other[i]) * Math.expm1(-difference / rho));
        }
        return sum;
    }

    /** rho KL(marginal | weights); 0 for a hard marginal, which has to be met. */
    double penalty(double[] marginal) {
        if (hard()) {
            return 0;
        }
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            double m = marginal[i];
            sum += (m == 0 ? 0 : m * Math.log(m / weights[i])) - m + weights[i];
        }
        return rho * sum;
    }

    /** Masses of the points in a plan whose block update of this side was the last. */
    double[] masses(double[] potential) {
        double[] masses = new double[weights.length];
        for (int i = 0; i < weights.length; i++) {
            masses[i] = weights[i] * density(potential[i]);
        }
        return masses;
    }

    /** Their sum. */
    double massAsked(double[] potential) {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * density(potential[i]);
        }
        return sum;
    }

    /** L1 distance, relative to the mass, of the plan's marginal from the one that the potential asks for. */
    double error(double[] potential, double[] softmin, double epsilon) {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                sum += weights[i] * Math.abs(Math.exp((potential[i] - softmin[i]) / epsilon) - density(potential[i]));
            }
        }
        return sum / mass;
    }

    /** The plan's marginal, from the potential that made the plan and the soft minimum of the other side's. */
    double[] marginal(double[] potential, double[] softmin, double epsilon) {
        double[] marginal = new double[weights.length];
        for (int i = 0; i < weights.length; i++) {
            marginal[i] = weights[i] == 0 ? 0 : weights[i] * Math.exp((potential[i] - softmin[i]) / epsilon);
        }
        return marginal;
    }
}
