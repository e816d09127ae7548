package org.pontoon.engine.flow;

import java.util.List;

/**
 * How {@link Flow} drives a scheme. The defaults are those of Feydy's notebook "Gradient flows between sampled measures": 100 steps of 0.05,
 * looked at six times.
 *
 * @param stepSize length of a step in time, the largest one where steps are adaptive; default 0.05
 * @param steps number of steps; default 100, which reach time 5
 * @param adaptive whether a step that raises what is descended is undone and tried again at half its length; lengths recover by a tenth a
 *     step, and a step ends where a snapshot is due. Default no
 * @param snapshotTimes when to keep the state, rising, not negative; the last state is kept in any case; default 0, 0.25, 0.5, 1, 2 and 5
 */
public record FlowOptions(double stepSize, int steps, boolean adaptive, List<Double> snapshotTimes) {

    /** Checks the ranges. */
    public FlowOptions {
        if (!(stepSize > 0) || stepSize == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("step size is " + stepSize + ", expected positive and finite");
        }
        if (steps < 0) {
            throw new IllegalArgumentException("steps is " + steps + ", expected at least 0");
        }
        snapshotTimes = List.copyOf(snapshotTimes);
        double last = -1;
        for (double time : snapshotTimes) {
            if (!(time >= 0 && time > last) || time == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException("snapshot times are " + snapshotTimes + ", expected rising ones from 0");
            }
            last = time;
        }
    }

    /**
     * Makes options for steps of one length, without snapshots before the last state.
     *
     * @param stepSize length of a step in time, positive
     * @param steps number of steps, not negative
     * @return the options
     */
    public static FlowOptions of(double stepSize, int steps) {
        return new FlowOptions(stepSize, steps, false, List.of());
    }

    /**
     * Starts from the defaults.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects options; see the record's components. */
    public static final class Builder {

        private double stepSize = 0.05;
        private int steps = 100;
        private boolean adaptive;
        private List<Double> snapshotTimes = List.of(0., .25, .5, 1., 2., 5.);

        private Builder() {
        }

        /**
         * Sets the length of a step.
         *
         * @param value positive
         * @return this builder
         */
        public Builder stepSize(double value) {
            stepSize = value;
            return this;
        }

        /**
         * Sets the number of steps.
         *
         * @param value at least 0
         * @return this builder
         */
        public Builder steps(int value) {
            steps = value;
            return this;
        }

        /**
         * Chooses between steps of one length and adaptive ones.
         *
         * @param value true for adaptive ones
         * @return this builder
         */
        public Builder adaptive(boolean value) {
            adaptive = value;
            return this;
        }

        /**
         * Sets when to keep the state.
         *
         * @param values rising, not negative
         * @return this builder
         */
        public Builder snapshotTimes(List<Double> values) {
            snapshotTimes = values;
            return this;
        }

        /**
         * Builds the options.
         *
         * @return the options
         * @throws IllegalArgumentException if one is out of range
         */
        public FlowOptions build() {
            return new FlowOptions(stepSize, steps, adaptive, snapshotTimes);
        }
    }
}
