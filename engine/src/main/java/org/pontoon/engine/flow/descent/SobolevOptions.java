package org.pontoon.engine.flow.descent;

import java.util.Objects;

import org.pontoon.engine.flow.Flow;

/**
 * How a flow in feature space goes.
 *
 * @param method the linear system; default UNBALANCED
 * @param reaction how mass moves; default WEIGHTS
 * @param integrator how a step is made; default EULER
 * @param alpha weight of the reaction in the discrepancy; default 0.6, as in Mroueh and Rigotti's first experiments
 * @param reactionRatio length of a reaction step over alpha times that of an advection step; default 1, which is what the equation says.
 *     The authors' code has 16.7 and 12.5 with weights and 10 / alpha with births and deaths
 * @param ridge lambda, in the unit of squared features; default 1e-3
 * @param conserveMass whether the total mass stays, else it goes wherever the target's is; default yes
 * @param noise standard deviation, at the start, of the noise that is added to a point where its velocity is looked up, but not to the point
 *     itself (noise injection of Arbel et al. 2019, "Maximum Mean Discrepancy Gradient Flow", algorithm 1); it halves every tenth of the
 *     run, as in the authors' code. Default 0
 * @param seed of births, deaths and noise; default 0
 */
public record SobolevOptions(Method method, Reaction reaction, Integrator integrator, double alpha, double reactionRatio, double ridge,
        boolean conserveMass, double noise, long seed) {

    /** What system a step solves: {@code T = c D + alpha (C - mu mu^T) + lambda I}. */
    public enum Method {
        /** {@code T = I}: the flow of half the squared maximum mean discrepancy (Arbel et al. 2019). Weights stay. */
        MMD,
        /** {@code T = D + lambda I}: Sobolev descent (Mroueh, Sercu and Raj 2019). Weights stay. */
        SOBOLEV,
        /** {@code T = D + alpha (C - mu mu^T) + lambda I}: unbalanced Sobolev descent (Mroueh and Rigotti 2020). */
        UNBALANCED,
        /** {@code T = alpha (C - mu mu^T) + lambda I}: a regularised density ratio; only mass moves. */
        FISHER
    }

    /** How mass moves in UNBALANCED. */
    public enum Reaction {
        /** Not at all: the critic of the unbalanced system moves points only, the authors' baseline. */
        NONE,
        /** Points carry weights. */
        WEIGHTS,
        /** Points of equal weights are born and die; their number stays. */
        BIRTH_DEATH
    }

    /** How a step is made of advection and reaction. */
    public enum Integrator {
        /** Advection, then the reaction with the same critic at the new points: first order. */
        EULER,
        /** Euler to the end of the step and the mean of both slopes: second order, two systems a step. */
        HEUN,
        /** Half a reaction, advection, half a reaction with one critic: first order with a smaller error of the splitting. */
        STRANG
    }

    /** Checks the ranges. */
    public SobolevOptions {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(reaction, "reaction");
        Objects.requireNonNull(integrator, "integrator");
        requirePositive(ridge, "ridge");
        requirePositive(alpha, "alpha");
        requirePositive(reactionRatio, "reaction ratio");
        if (reaction == Reaction.BIRTH_DEATH && (integrator != Integrator.EULER || !conserveMass)) {
            throw new IllegalArgumentException("births and deaths with " + (conserveMass ? "integrator " + integrator
                : "mass that is not conserved") + ", expected EULER steps that conserve mass");
        }
        if (!(noise >= 0) || noise == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("noise is " + noise + ", expected at least 0 and finite");
        }
        if (noise > 0 && (integrator != Integrator.EULER || !advects(method))) {
            throw new IllegalArgumentException("noise " + noise + " with " + (integrator != Integrator.EULER ? "integrator " + integrator
                : "method " + method) + ", expected EULER steps that move points");
        }
    }

    private static void requirePositive(double value, String name) {
        if (!(value > 0) || value == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(name + " is " + value + ", expected positive and finite");
        }
    }

    /** Whether points move. */
    boolean advects() {
        return advects(method);
    }

    private static boolean advects(Method method) {
        return method != Method.FISHER;
    }

    /** Whether points carry weights that change. */
    boolean weighs() {
        return method == Method.FISHER || method == Method.UNBALANCED && reaction == Reaction.WEIGHTS;
    }

    /** Whether points are born and die. */
    boolean resamples() {
        return method == Method.UNBALANCED && reaction == Reaction.BIRTH_DEATH;
    }

    /** Weight of D in the system. */
    double gramFactor() {
        return method == Method.SOBOLEV || method == Method.UNBALANCED ? 1 : 0;
    }

    /** Weight of C in the system. */
    double secondFactor() {
        return method == Method.UNBALANCED || method == Method.FISHER ? alpha : 0;
    }

    /** The ridge of the system. */
    double systemRidge() {
        return method == Method.MMD ? 1 : ridge;
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

        private Method method = Method.UNBALANCED;
        private Reaction reaction = Reaction.WEIGHTS;
        private Integrator integrator = Integrator.EULER;
        private double alpha = 0.6;
        private double reactionRatio = 1;
        private double ridge = 1e-3;
        private boolean conserveMass = true;
        private double noise;
        private long seed;

        private Builder() {
        }

        /**
         * Chooses the system.
         *
         * @param value the method
         * @return this builder
         */
        public Builder method(Method value) {
            method = value;
            return this;
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
         * Chooses how a step is made.
         *
         * @param value the integrator
         * @return this builder
         */
        public Builder integrator(Integrator value) {
            integrator = value;
            return this;
        }

        /**
         * Sets the weight of the reaction.
         *
         * @param value positive
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
         * Sets the ridge.
         *
         * @param value positive
         * @return this builder
         */
        public Builder ridge(double value) {
            ridge = value;
            return this;
        }

        /**
         * Chooses whether the total mass stays.
         *
         * @param value true if it does
         * @return this builder
         */
        public Builder conserveMass(boolean value) {
            conserveMass = value;
            return this;
        }

        /**
         * Sets the noise at the start.
         *
         * @param value not negative, in the unit of the coordinates
         * @return this builder
         */
        public Builder noise(double value) {
            noise = value;
            return this;
        }

        /**
         * Sets the seed of births, deaths and noise.
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
        public SobolevOptions build() {
            return new SobolevOptions(method, reaction, integrator, alpha, reactionRatio, ridge, conserveMass, noise, seed);
        }
    }
}
