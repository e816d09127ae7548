package org.pontoon.engine.transport;

/**
 * What {@link ExactTransport} found, with a certificate that anybody can check: a plan that meets the marginals and potentials that stay below
 * the costs bound the optimal cost from both sides, whatever happened on the way.
 *
 * <p>Where {@code W_p^p} is beyond the range of double, as 1e200 to the power of 2 is, {@code power}, {@code dual}, {@code gap} and
 * potentials are infinite, or 0; {@code value} and plan are right.
 *
 * @param value {@code W_p}, the p-th root of {@code power}; for a matrix of costs {@code power} itself
 * @param power {@code W_p^p = <plan, C>}: the cost of the plan, an upper bound
 * @param plan at most N + M - 1 entries, every row by rising column; its mass is that of the first measure
 * @param f potential at the first measure's points, N values, fixed by a weighted mean of zero
 * @param g potential at the second measure's points, M values
 * @param dual {@code <a, f> + <b, g>}, a lower bound of the optimal cost
 * @param gap {@code power - dual}, which of an optimal plan is rounding; below 0 by rounding at most
 * @param largestViolation the largest {@code f_i + g_j - C_ij} over all pairs, 0 if none is positive, by a float64 sweep over potentials and
 *     costs in the coordinates the problem was solved in. Rounding at most, whatever the status
 * @param marginalError L1 error of the plan's marginals, both together
 * @param gradientX gradient of {@code power} in the first cloud's points and weights by the envelope theorem: the plan's mean of the
 *     costs' gradients, and f. Points that coincide at p = 1 pull nowhere, and where several plans or potentials are optimal, one of them
 *     counts. Without points for a matrix of costs
 * @param gradientY the same in the second cloud; its weights' part is g less its weighted mean
 * @param iterations pivots of the network simplex method
 * @param status how it ended
 */
public record ExactTransportResult(double value, double power, SparsePlan plan, double[] f, double[] g, double dual, double gap,
        double largestViolation, double marginalError, LossGradient gradientX, LossGradient gradientY, long iterations, Status status) {

    /** How the solver ended. */
    public enum Status {
        /** No arc would make the plan cheaper: it is optimal to rounding. */
        OPTIMAL,
        /** The iterations allowed were over before: the gap tells how far off the value may be. */
        MAX_ITERATIONS,
        /** The progress callback said no: the gap tells how far off the value may be. */
        CANCELLED
    }
}
