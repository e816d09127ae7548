package org.pontoon.engine.bridge;

import java.util.List;

/**
 * What a fit ends with.
 *
 * @param bridge the fitted bridge: the last one, or the best one on held-out points where there were any
 * @param state where the fit stopped, to go on from
 * @param steps number of steps done in all
 * @param seconds wall time of this call, preparation included
 * @param status how it ended
 * @param usage mean responsibility of each component over recent target batches, K values
 * @param remarks what about the data stands in the way of a good fit, each with its cause and what would help; mostly empty
 */
public record TrainingResult(LightBridge bridge, TrainingState state, int steps, double seconds, Status status, double[] usage,
        List<String> remarks) {

    /** How a fit ended. A fixed number of stochastic steps has no convergence test of its own: look at the objective. */
    public enum Status {
        /** All steps were done. */
        COMPLETED,
        /** The held-out objective stopped improving. */
        STOPPED_EARLY,
        /** The progress callback said no. */
        CANCELLED
    }

    /**
     * Counts the components that explain at least one target point in a thousand.
     *
     * @return a count, at most K
     */
    public int activeComponents() {
        int active = 0;
        for (double u : usage) {
            if (u >= 1e-3) {
                active++;
            }
        }
        return active;
    }
}
