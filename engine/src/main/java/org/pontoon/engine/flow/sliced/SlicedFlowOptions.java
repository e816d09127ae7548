package org.pontoon.engine.flow.sliced;

/**
 * How a sliced-Wasserstein flow is made. Steps of more than D in time overshoot.
 *
 * @param directions how many directions of projection at least, drawn anew for every step
 * @param entropy factor lambda of the entropy, 0 for a flow without noise
 * @param quantiles knots of the maps that are kept for points that have not been seen, 0 to keep none
 * @param seed seed of directions and noise
 */
public record SlicedFlowOptions(int directions, double entropy, int quantiles, long seed) {

    /** Checks the ranges. */
    public SlicedFlowOptions {
        if (directions < 1) {
            throw new IllegalArgumentException("directions is " + directions + ", expected at least 1");
        }
        if (!(entropy >= 0) || entropy == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("entropy is " + entropy + ", expected finite and not negative");
        }
        if (quantiles < 0) {
            throw new IllegalArgumentException("quantiles is " + quantiles + ", expected at least 0");
        }
    }
}
