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

    /** The first point of any weight. */
    int first() {
        int first = 0;
        while (weights[first] == 0) {
            first++;
        }
        return first;
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

    /** rho KL(marginal | weights) of a marginal given by its densities less 1; 0 for a hard marginal, which has to be met. */
    double penalty(double[] excesses) {
        if (hard()) {
            return 0;
        }
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * entropy(excesses[i]);
        }
        return rho * sum;
    }

    /** (1 + u) log(1 + u) - u, without the cancellation that a large rho would show. */
    private static double entropy(double u) {
        if (Math.abs(u) < 1e-3) {
            return u * u * (1.0 / 2 - u * (1.0 / 6 - u * (1.0 / 12 - u * (1.0 / 20 - u * (1.0 / 30 - u / 42)))));
        }
        return u <= -1 ? 1 : (1 + u) * Math.log1p(u) - u;
    }

    /** Densities, less 1, of the marginal of a plan whose block update of this side was the last. */
    double[] excesses(double[] potential) {
        double[] excesses = new double[weights.length];
        for (int i = 0; i < weights.length; i++) {
            excesses[i] = Math.expm1(-potential[i] / rho);
        }
        return excesses;
    }

    /** By how much the mass of such a marginal exceeds that of the weights: exact where the potential is far below rho. */
    double excess(double[] potential) {
        if (hard()) {
            return 0;
        }
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * Math.expm1(-potential[i] / rho);
        }
        return sum;
    }

    /** Masses of the points in a plan whose block update of this side was the last. */
    double[] masses(double[] potential) {
        double[] masses = new double[weights.length];
        for (int i = 0; i < weights.length; i++) {
            masses[i] = weights[i] * density(potential[i]);
        }
        return masses;
    }

    /** Logarithm of their sum. */
    double logMassAsked(double[] potential) {
        double relative = excess(potential) / mass;
        if (Math.abs(relative) <= 0.5) {
            return Math.log(mass) + Math.log1p(relative);
        }
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < weights.length; i++) {
            least = weights[i] > 0 ? Math.min(least, potential[i]) : least;
        }
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * Math.exp((least - potential[i]) / rho);
        }
        return Math.log(sum) - least / rho;
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

    /** Densities, less 1, of the plan's marginal, from the potential that made the plan and the soft minimum of the other side's. */
    double[] excesses(double[] potential, double[] softmin, double epsilon) {
        double[] excesses = new double[weights.length];
        for (int i = 0; i < weights.length; i++) {
            excesses[i] = weights[i] == 0 ? 0 : Math.expm1((potential[i] - softmin[i]) / epsilon);
        }
        return excesses;
    }

    /** The marginal of densities given less 1. */
    double[] marginal(double[] excesses) {
        double[] marginal = new double[weights.length];
        for (int i = 0; i < weights.length; i++) {
            marginal[i] = weights[i] * (1 + excesses[i]);
        }
        return marginal;
    }

    /** Its mass less that of the weights. */
    double excessMass(double[] excesses) {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * excesses[i];
        }
        return sum;
    }
}
