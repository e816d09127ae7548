package org.pontoon.engine.transport;

/**
 * What {@link Sinkhorn} found. Potentials are relative to the product of the measures, {@code pi_ij = a_i b_j exp((f_i + g_j - C_ij) /
 * epsilon)}; between hard marginals they are fixed up to a constant, chosen such that {@code <a, f> = <b, g>}.
 *
 * @param options what was solved
 * @param value the Sinkhorn divergence, or the transport cost {@code dual} where debiasing is off. A negative divergence beyond rounding
 *     shows that the iterations have not converged, or unequal reaches
 * @param linearCost {@code <pi, C>}, without entropy or penalties
 * @param dual dual objective at the potentials, a lower bound of the entropic transport cost {@code <pi, C> + epsilon KL(pi | a x b) +
 *     rho_x KL(pi 1 | a) + rho_y KL(pi' 1 | b)}, however far from converged
 * @param gap upper bound less lower bound of that cost: the cost of a plan that meets the hard marginals, less {@code dual}. Certain but
 *     loose: that plan is the one found, shrunk by its worst row and filled up with the product of the marginals, so that one point whose
 *     mass is far off costs a transport of everything. The error of the value is mostly smaller by orders of magnitude
 * @param f potential at the first cloud's points, N values
 * @param g potential at the second cloud's points, M values
 * @param faa potential of the first cloud against itself, N values, or none without debiasing
 * @param gbb potential of the second cloud against itself, M values, or none without debiasing
 * @param gradientX gradient of the value in the first cloud's points and weights, by the envelope theorem. Between hard marginals the mass
 *     is fixed: the derivative in the weights has mean zero over the measure
 * @param gradientY the same in the second cloud
 * @param marginalError L1 error of the marginals relative to the mass, the largest of the problems solved, measured before the last update,
 *     which does not raise it
 * @param iterations between the clouds, annealing included, of two sweeps over all N x M pairs each
 * @param activeIterations between the clouds in addition, over the few pairs that carry a peaked plan: alternations and conjugate gradients
 * @param newtonSteps steps of Newton's method among them
 * @param sweeps over N x M, N x N or M x M pairs, in all
 * @param status how it ended
 * @param epsilons the annealing schedule, its last value the one solved for
 * @param rounding estimate of the largest relative error of an entry of the plan by rounding alone, {@code max C / epsilon} units of the
 *     precision; tolerances below it may be out of reach
 */
public record SinkhornResult(SinkhornOptions options, double value, double linearCost, double dual, double gap, double[] f, double[] g,
        double[] faa, double[] gbb, LossGradient gradientX, LossGradient gradientY, double marginalError, int iterations,
        int activeIterations, int newtonSteps, int sweeps,
        Status status, double[] epsilons, double rounding) {

    /** How the iterations ended. */
    public enum Status {
        /** The marginal error fell to the tolerance. */
        CONVERGED,
        /** The error stopped falling before the tolerance, as it does at the precision's rounding. */
        STALLED,
        /** The error was still falling when the iterations allowed were over. */
        MAX_ITERATIONS,
        /** The progress callback said no. */
        CANCELLED
    }

    /**
     * Returns what a {@link Loss} says of this: the error is the gap, of a divergence unknown, since its self terms have no bounds.
     *
     * @return value and gradient in the first cloud
     */
    public LossResult toLossResult() {
        LossResult.Status ended = switch (status) {
            case CONVERGED -> LossResult.Status.CONVERGED;
            case STALLED -> LossResult.Status.STALLED;
            case MAX_ITERATIONS -> LossResult.Status.MAX_ITERATIONS;
            case CANCELLED -> LossResult.Status.CANCELLED;
        };
        return new LossResult(value, gradientX, options.debias() ? Double.NaN : gap, iterations, ended);
    }
}
