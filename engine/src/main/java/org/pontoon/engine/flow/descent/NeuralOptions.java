package org.pontoon.engine.flow.descent;

import java.util.List;
import java.util.Objects;

import org.pontoon.engine.flow.descent.SobolevOptions.Reaction;

/**
 * How {@link NeuralSobolevDescent} goes. Mroueh and Rigotti's experiments have 800 steps of 0.0125 in time.
 *
 * @param reaction how mass moves; default WEIGHTS
 * @param alpha weight of the variance in the discrepancy, and of the reaction; default 0.6. 0 is Sobolev descent and only goes without a
 *     reaction
 * @param reactionRatio length of a reaction step over alpha times that of an advection step; default 1, which is what the equation says
 * @param hidden units of the critic's hidden layers, multiples of 16; default 64 and 64. The authors' code has 64, 1024 and 64
 * @param batch points of each side in a minibatch, a multiple of 128; default 512
 * @param startup how often the critic is trained before the first step; default 200
 * @param training how often it is trained before every other step; default 20
 * @param learningRate Adam's learning rate at the start; it falls as a cosine to a tenth of that at the end of the run; default 1e-3
 * @param seed of the critic's weights, minibatches, births and deaths; default 0
 */
public record NeuralOptions(Reaction reaction, double alpha, double reactionRatio, List<Integer> hidden, int batch, int startup,
        int training,
        double learningRate, long seed) {

    /** Checks the ranges. */
    public NeuralOptions {
        Objects.requireNonNull(reaction, "reaction");
        requirePositive(reactionRatio, "reaction ratio");
        requirePositive(learningRate, "learning rate");
        requirePositive(startup, "startup");
        requirePositive(training, "training");
        if (!(alpha >= 0) || alpha == Double.POSITIVE_INFINITY || alpha == 0 && reaction != Reaction.NONE) {
            throw new IllegalArgumentException("alpha is " + alpha + " with reaction " + reaction
                + ", expected positive and finite, or 0 without a reaction");
        }
        if (batch < NeuralCritic.TILE || batch % NeuralCritic.TILE != 0) {
            throw new IllegalArgumentException("batch is " + batch + ", expected a multiple of " + NeuralCritic.TILE);
        }
        hidden = List.copyOf(hidden);
        if (hidden.isEmpty() || hidden.stream().anyMatch(units -> units < 1 || units % NeuralCritic.LANES != 0)) {
            throw new IllegalArgumentException("hidden layers have " + hidden + " units, expected at least one layer and multiples of "
                + NeuralCritic.LANES);
        }
    }

    private static void requirePositive(double value, String name) {
        if (!(value > 0) || value == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(name + " is " + value + ", expected positive and finite");
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

        private Reaction reaction = Reaction.WEIGHTS;
        private double alpha = 0.6;
        private double reactionRatio = 1;
        private List<Integer> hidden = List.of(64, 64);
        private int batch = 512;
        private int startup = 200;
        private int training = 20;
        private double learningRate = 1e-3;
        private long seed;

        private Builder() {
        }

        /**
         * Chooses how mass moves.
         *
         * @param value the reaction
         * @return this builder
         */
        public Builder reaction(Reaction value) {
            reaction = value;
            return this;
        }

        /**
         * Sets the weight of the variance, and of the reaction.
         *
         * @param value not negative; 0 only without a reaction
         * @return this builder
         */
        public Builder alpha(double value) {
            alpha = value;
            return this;
        }

        /**
         * Sets the length of a reaction step over alpha times that of an advection step.
         *
         * @param value positive
         * @return this builder
         */
        public Builder reactionRatio(double value) {
            reactionRatio = value;
            return this;
        }

        /**
         * Sets the units of the critic's hidden layers.
         *
         * @param value multiples of 16, at least one
         * @return this builder
         */
        public Builder hidden(List<Integer> value) {
            hidden = value;
            return this;
        }

        /**
         * Sets the number of points of each side in a minibatch.
         *
         * @param value a multiple of 128
         * @return this builder
         */
        public Builder batch(int value) {
            batch = value;
            return this;
        }

        /**
         * Sets how often the critic is trained before the first step.
         *
         * @param value at least 1
         * @return this builder
         */
        public Builder startup(int value) {
            startup = value;
            return this;
        }

        /**
         * Sets how often the critic is trained before every other step.
         *
         * @param value at least 1
         * @return this builder
         */
        public Builder training(int value) {
            training = value;
            return this;
        }

        /**
         * Sets Adam's learning rate.
         *
         * @param value positive
         * @return this builder
         */
        public Builder learningRate(double value) {
            learningRate = value;
            return this;
        }

        /**
         * Sets the seed of the critic's weights, minibatches, births and deaths.
         *
         * @param value any
         * @return this builder
         */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /**
         * Builds the options.
         *
         * @return the options
         * @throws IllegalArgumentException if one is out of range
         */
        public NeuralOptions build() {
            return new NeuralOptions(reaction, alpha, reactionRatio, hidden, batch, startup, training, learningRate, seed);
        }
    }
}
