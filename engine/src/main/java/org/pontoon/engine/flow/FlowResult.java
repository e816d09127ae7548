package org.pontoon.engine.flow;

import java.util.List;
import java.util.Map;

/**
 * How a flow went, whatever moved.
 *
 * @param options what was asked for
 * @param snapshots states at the times asked for, as far as the flow came, each at the first state not before its time
 * @param last the last state
 * @param times time of every state, the start included
 * @param quantities what {@link Scheme#quantities} names, at every state, in their order
 * @param undone how many adaptive steps were undone; they are in none of the lists
 * @param unconverged how many states are behind iterations that did not meet their tolerance, of steps or of what is descended
 * @param status how it ended
 * @param seconds wall time
 */
public record FlowResult(FlowOptions options, List<Snapshot> snapshots, Snapshot last, double[] times, Map<String, double[]> quantities,
        int undone, int unconverged, Status status, double seconds) {

    /** How a flow ends. */
    public enum Status {
        /** All steps were made. */
        COMPLETED,
        /** Adaptive steps became so short that nothing moves any more. */
        STALLED,
        /** The progress callback said no. */
        CANCELLED
    }

    /**
     * Returns how many steps were made.
     *
     * @return one less than there are states
     */
    public int steps() {
        return times.length - 1;
    }

    /**
     * Returns what was descended at every state: the first of the quantities.
     *
     * @return one value for each state; none where it has no value
     */
    public double[] values() {
        return quantities.isEmpty() ? new double[0] : quantities.values().iterator().next();
    }

    /**
     * Returns one quantity at every state.
     *
     * @param name one of those of the scheme
     * @return one value for each state
     * @throws IllegalArgumentException if there is none of the name
     */
    public double[] quantity(String name) {
        double[] found = quantities.get(name);
        if (found == null) {
            throw new IllegalArgumentException("the flow has no quantity '" + name + "', expected one of " + quantities.keySet());
        }
        return found;
    }
}
