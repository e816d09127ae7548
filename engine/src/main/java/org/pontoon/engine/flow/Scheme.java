package org.pontoon.engine.flow;

import java.util.List;

/**
 * What moves a cloud: a state, and the step that makes the next one of it. {@link Flow} drives it: the driver owns the number of steps and
 * their length, time, progress, cancellation, snapshots, adaptive steps and the result, so that a new flow is this contract and no more.
 *
 * <p>For the state before step k, from 0, the driver calls {@link #measure measure(k, K)}, then {@link #read}, where wanted {@link
 * #snapshot}, and {@link #step step(k, K, h)}; after the last step it measures and reads once more, with k = K. Random numbers are functions
 * of (seed, stream, k, index), so that the number of a step is all that a scheme needs to know of the past. Time is that of the Wasserstein
 * gradient flow, or of the process.
 *
 * <p>A constructor copies what moves; its arguments come in the order start, target or what is descended, options, seed, scheduler. A scheme
 * belongs to one thread at a time, and spreads its work by the scheduler that it was given. A step allocates nothing unless it says so.
 */
public interface Scheme extends AutoCloseable {

    /**
     * Names what can be read off a state.
     *
     * @return the names, first that of what the flow descends; empty, as here, where that has no value
     */
    default List<String> quantities() {
        return List.of();
    }

    /**
     * Finds out about the present state: what {@link #read} tells, and what the next step needs if there is one.
     *
     * @param step how many steps led to this state
     * @param of how many there will be
     * @throws IllegalStateException if the flow diverges
     */
    default void measure(int step, int of) {
    }

    /**
     * Reads the {@link #quantities} off the state that was measured last.
     *
     * @param row receives them, in their order; NaN for one that this state does not have
     */
    default void read(double[] row) {
    }

    /**
     * Makes a step.
     *
     * @param step its number, from 0
     * @param of number of steps of the run, for schedules
     * @param duration length of the step in time, positive
     * @throws IllegalStateException if the flow diverges
     */
    void step(int step, int of, double duration);

    /**
     * Tells whether the iterations behind the present state met their tolerance: those of the step that led to it, or those that measured it.
     *
     * @return false if they did not; true where there are none
     */
    default boolean converged() {
        return true;
    }

    /**
     * Copies the present state.
     *
     * @param step how many steps led to it
     * @param time its time
     * @return the copy
     */
    Snapshot snapshot(int step, double time);

    /** Frees what the scheme holds outside of the heap. */
    @Override
    default void close() {
    }

    /** A scheme whose steps can be undone, which adaptive steps need. */
    interface Reversible extends Scheme {

        /** Keeps the present state, which has been measured; one at a time. */
        void save();

        /** Goes back to the state that was kept, as often as need be. */
        void restore();

        /**
         * Tells how exactly what is descended is known.
         *
         * @return the share of its value that may be rounding: a step that raises it by less has not gone uphill
         */
        double rounding();
    }
}
