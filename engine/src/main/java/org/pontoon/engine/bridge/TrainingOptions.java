package org.pontoon.engine.bridge;

import java.util.Objects;

/**
 * How a bridge is fitted. Defaults are the paper's (appendix C and D) and its official code's. Epsilon is in the square of the data's units,
 * and nothing else has any: the data times c with epsilon times c^2 gives the same bridge times c.
 *
 * @param epsilon entropic parameter, the Wiener variance over [0, 1]; default 0.1
 * @param components number of mixture components K; default 10
 * @param covariance shape of S_k; default diagonal
 * @param steps number of optimiser steps; default 10,000
 * @param sourceBatch source points per step, at most all there are; default 128
 * @param targetBatch target points per step, at most all there are; default 128
 * @param learningRate Adam's step size, for r in units of the data's spread (the mean of the coordinates' mean absolute deviations times
 *     sqrt(pi / 2), 1 for standard normal points), for log S as it stands, and for log alpha over epsilon in the square of those units, as in
 *     the official code, yet not below learningRate itself nor above 0.2; default 0.01
 * @param initialScale S at the start, times the identity; S has no units: a component begins with the covariance epsilon S; default 0.1
 * @param seed chooses the initial locations and the minibatches; default 42
 * @param reviveDeadComponents whether components that explain almost no target point are replaced by halves of busy ones, until four fifths
 *     of the steps are done; default true, see {@link BridgeTrainer}
 */
public record TrainingOptions(double epsilon, int components, Covariance covariance, int steps, int sourceBatch, int targetBatch,
        double learningRate, double initialScale, long seed, boolean reviveDeadComponents) {

    /** Checks the ranges. */
    public TrainingOptions {
        requirePositive(epsilon, "epsilon");
        requirePositive(learningRate, "learning rate");
        requirePositive(initialScale, "initial scale");
        requireAtLeastOne(components, "components");
        requireAtLeastOne(steps, "steps");
        requireAtLeastOne(sourceBatch, "source batch");
        requireAtLeastOne(targetBatch, "target batch");
        Objects.requireNonNull(covariance, "covariance");
    }

    private static void requirePositive(double value, String name) {
        if (!(value > 0) || value == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(name + " is " + value + ", expected positive and finite");
        }
    }

    private static void requireAtLeastOne(int value, String name) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ", expected at least 1");
        }
    }

    /**
     * Returns the same options with another number of steps.
     *
     * @param value at least 1
     * @return other options
     */
    public TrainingOptions withSteps(int value) {
        return new TrainingOptions(epsilon, components, covariance, value, sourceBatch, targetBatch, learningRate, initialScale, seed,
            reviveDeadComponents);
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

        private double epsilon = 0.1;
        private int components = 10;
        private Covariance covariance = Covariance.DIAGONAL;
        private int steps = 10_000;
        private int sourceBatch = 128;
        private int targetBatch = 128;
        private double learningRate = 0.01;
        private double initialScale = 0.1;
        private long seed = 42;
        private boolean reviveDeadComponents = true;

        private Builder() {
        }

        /**
         * Sets the entropic parameter.
         *
         * @param value positive
         * @return this builder
         */
        public Builder epsilon(double value) {
            epsilon = value;
            return this;
        }

        /**
         * Sets the number of components.
         *
         * @param value at least 1
         * @return this builder
         */
        public Builder components(int value) {
            components = value;
            return this;
        }

        /**
         * Sets the shape of S_k.
         *
         * @param value diagonal or full
         * @return this builder
         */
        public Builder covariance(Covariance value) {
            covariance = value;
            return this;
        }

        /**
         * Sets the number of steps.
         *
         * @param value at least 1
         * @return this builder
         */
        public Builder steps(int value) {
            steps = value;
            return this;
        }

        /**
         * Sets both batch sizes.
         *
         * @param value points per step and side, at least 1
         * @return this builder
         */
        public Builder batch(int value) {
            sourceBatch = value;
            targetBatch = value;
            return this;
        }

        /**
         * Sets the source batch size.
         *
         * @param value at least 1
         * @return this builder
         */
        public Builder sourceBatch(int value) {
            sourceBatch = value;
            return this;
        }

        /**
         * Sets the target batch size.
         *
         * @param value at least 1
         * @return this builder
         */
        public Builder targetBatch(int value) {
            targetBatch = value;
            return this;
        }

        /**
         * Sets the learning rate.
         *
         * @param value positive
         * @return this builder
         */
        public Builder learningRate(double value) {
            learningRate = value;
            return this;
        }

        /**
         * Sets S at the start.
         *
         * @param value positive
         * @return this builder
         */
        public Builder initialScale(double value) {
            initialScale = value;
            return this;
        }

        /**
         * Sets the seed.
         *
         * @param value any
         * @return this builder
         */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /**
         * Switches the revival of dead components.
         *
         * @param value whether to revive
         * @return this builder
         */
        public Builder reviveDeadComponents(boolean value) {
            reviveDeadComponents = value;
            return this;
        }

        /**
         * Builds the options.
         *
         * @return the options
         * @throws IllegalArgumentException if one is out of range
         */
        public TrainingOptions build() {
            return new TrainingOptions(epsilon, components, covariance, steps, sourceBatch, targetBatch, learningRate, initialScale, seed,
                reviveDeadComponents);
        }
    }
}
