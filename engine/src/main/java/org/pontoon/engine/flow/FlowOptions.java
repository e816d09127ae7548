package org.pontoon.engine.flow;

import java.util.List;

/**
 * How a flow is integrated. The defaults are those of Feydy's notebook "Gradient flows between sampled measures": explicit Euler over 101
 * steps of 0.05, looked at six times.
 *
 * @param learningRate length of a step in time, the largest one where steps are adaptive; default 0.05
 * @param steps how often the functional is evaluated, the start included; default 101, which reaches time 5
 * @param momentum share of the last move that the next one repeats (heavy ball), from 0, the default, to less than 1
 * @param adaptive whether a step that raises the functional is undone and tried again at half its length; lengths recover by a tenth a
 *     step. Default no
 * @param snapshotTimes when to keep points and velocities, rising, not negative; the last state is kept in any case
 */
public record FlowOptions(double learningRate, int steps, double momentum, boolean adaptive, List<Double> snapshotTimes) {

    /** Checks the ranges. */
    public FlowOptions {
        if (!(learningRate > 0) || learningRate == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("learning rate is " + learningRate + ", expected positive and finite");
        }
        if (steps < 1) {
            throw new IllegalArgumentException("steps is " + steps + ", expected at least 1");
        }
        if (!(momentum >= 0 && momentum < 1)) {
            throw new IllegalArgumentException("momentum is " + momentum + ", expected at least 0 and less than 1");
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
     * Starts from the defaults.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects options; see the record's components. */
    public static final class Builder {

        private double learningRate = 0.05;
        private int steps = 101;
        private double momentum;
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
        public Builder learningRate(double value) {
            learningRate = value;
            return this;
        }

        /**
         * Sets the number of evaluations.
         *
         * @param value at least 1
         * @return this builder
         */
        public Builder steps(int value) {
            steps = value;
            return this;
        }

        /**
         * Sets the momentum.
         *
         * @param value at least 0 and less than 1
         * @return this builder
         */
        public Builder momentum(double value) {
            momentum = value;
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
         * Sets when to keep points and velocities.
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
            return new FlowOptions(learningRate, steps, momentum, adaptive, snapshotTimes);
        }
    }
}
