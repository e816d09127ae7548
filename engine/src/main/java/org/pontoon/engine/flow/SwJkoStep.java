package org.pontoon.engine.flow;

/**
 * How one step of a sliced-Wasserstein JKO scheme went.
 *
 * @param time time at its end
 * @param functional value of the functional there
 * @param movement squared sliced distance from the step's start
 * @param iterations how many iterations were made
 * @param residual the last iteration's residual
 * @param converged whether that is within the tolerance
 */
public record SwJkoStep(double time, double functional, double movement, int iterations, double residual, boolean converged) {
}
