package org.pontoon.engine.flow;

import java.util.List;

/**
 * How a flow went.
 *
 * @param options what was asked for
 * @param snapshots states at the times asked for, as far as the flow came, each at the first state not before its time
 * @param last the last state that was evaluated (and, with adaptive steps, kept)
 * @param times time of every state, in order; steps that were undone are left out
 * @param losses value of the functional at every state
 * @param evaluations how often the functional was evaluated, undone steps included
 * @param status how it ended
 * @param seconds wall time
 */
public record FlowResult(FlowOptions options, List<Snapshot> snapshots, Snapshot last, double[] times, double[] losses, int evaluations,
        Status status, double seconds) {

    /** How a flow ends. */
    public enum Status {
        /** All evaluations were made. */
        COMPLETED,
        /** Adaptive steps became so short that nothing moves any more. */
        STALLED,
        /** The progress callback said no. */
        CANCELLED
    }
}
