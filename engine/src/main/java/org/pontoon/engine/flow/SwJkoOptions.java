package org.pontoon.engine.flow;

/**
 * How the steps of a sliced-Wasserstein JKO scheme are made. Its time runs D times as fast as the Wasserstein gradient flow's where the
 * dynamics is isotropic, because {@code SW_2^2} is about {@code W_2^2 / D} between near measures.
 *
 * @param step length tau of a step
 * @param directions how many directions of projection at least
 * @param iterations how many iterations a step may take
 * @param tolerance what the last iteration's residual may be; see the class that reads it
 * @param seed seed of the directions
 */
public record SwJkoOptions(double step, int directions, int iterations, double tolerance, long seed) {

    /** Checks the ranges. */
    public SwJkoOptions {
        if (!(step > 0) || step == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("step is " + step + ", expected positive and finite");
        }
        if (directions < 1) {
            throw new IllegalArgumentException("directions is " + directions + ", expected at least 1");
        }
        if (iterations < 1) {
            throw new IllegalArgumentException("iterations is " + iterations + ", expected at least 1");
        }
        if (!(tolerance > 0) || tolerance == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("tolerance is " + tolerance + ", expected positive and finite");
        }
    }
}
