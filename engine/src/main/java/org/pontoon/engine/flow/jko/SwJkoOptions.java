package org.pontoon.engine.flow.jko;

import java.util.List;

/**
 * How the steps of a sliced-Wasserstein JKO scheme are made. A step of length h in the time of the Wasserstein gradient flow is one of
 * {@code tau = h / D} in the scheme's, because {@code SW_2^2} is about {@code W_2^2 / D} between near measures: where the dynamics is
 * isotropic both run alike.
 *
 * @param directions how many directions of projection at least
 * @param iterations how many iterations a step may take
 * @param tolerance what the last iteration's residual may be; see the class that reads it
 * @param seed seed of the directions
 */
public record SwJkoOptions(int directions, int iterations, double tolerance, long seed) {

    /** What every such scheme tells of its steps, beside the functional. */
    static final List<String> QUANTITIES = List.of("loss", "movement", "residual", "iterations");

    /** Checks the ranges. */
    public SwJkoOptions {
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
