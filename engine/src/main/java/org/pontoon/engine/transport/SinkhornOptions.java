package org.pontoon.engine.transport;

import java.util.Objects;

import org.pontoon.engine.memory.PointCloud;

/**
 * What {@link Sinkhorn} solves and how. Names and meanings are GeomLoss's: lengths, not costs. {@link Conventions} converts from POT and
 * OTT.
 *
 * @param p 1 for the cost |x - y|, 2 for |x - y|^2 / 2; default 2
 * @param blur length below which transport is blurred, {@code epsilon = blur^p}; default 0.05
 * @param scaling ratio between successive blurs while annealing from the diameter, in (0, 1); default 0.5
 * @param reachX length beyond which mass of the first cloud is rather left behind, {@code rho = reach^p}; infinite for a hard marginal,
 *     which is the default
 * @param reachY the same for the second cloud
 * @param debias whether the value is the Sinkhorn divergence (default) rather than the entropic transport cost
 * @param tolerance L1 error of the marginals, relative to the mass, at which to stop; default 1e-3
 * @param maxIterations most iterations of each problem (between the clouds, and each against itself): alternations over all pairs or
 *     over active ones, and conjugate gradients of Newton's method; default 10000
 * @param precision of the sums over pairs; default float32. Where costs are so large in epsilons that float32 cannot tell whether the
 *     tolerance is met, the last sums are in float64 all the same
 * @param diameter where annealing starts; 0, the default, for the diagonal of the clouds' bounding box
 */
public record SinkhornOptions(int p, double blur, double scaling, double reachX, double reachY, boolean debias, double tolerance,
        int maxIterations, Precision precision, double diameter) {

    /** Checks the ranges. */
    public SinkhornOptions {
        requireExponent(p);
        if (!(blur > 0) || blur == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("blur is " + blur + ", expected positive and finite (without blur, transport is offered in"
                + " one dimension only)");
        }
        double epsilon = p == 1 ? blur : blur * blur;
        if (epsilon == 0 || epsilon == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("blur is " + blur + ", whose square is " + epsilon);
        }
        if (!(scaling > 0 && scaling < 1)) {
            throw new IllegalArgumentException("scaling is " + scaling + ", expected a ratio between 0 and 1");
        }
        requirePositive(reachX, "reach of the first cloud");
        requirePositive(reachY, "reach of the second cloud");
        if (!(tolerance >= 0) || tolerance == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("tolerance is " + tolerance + ", expected finite and not negative");
        }
        if (maxIterations < 1) {
            throw new IllegalArgumentException("maximum of iterations is " + maxIterations + ", expected at least 1");
        }
        Objects.requireNonNull(precision, "precision");
        if (!(diameter >= 0) || diameter == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("diameter is " + diameter + ", expected finite and not negative");
        }
    }

    static void requireExponent(int p) {
        if (p != 1 && p != 2) {
            throw new IllegalArgumentException("p is " + p + ", expected 1 or 2");
        }
    }

    private static void requirePositive(double value, String name) {
        if (!(value > 0)) {
            throw new IllegalArgumentException(name + " is " + value + ", expected positive, infinite for a hard marginal");
        }
    }

    /**
     * Returns the entropic regularisation.
     *
     * @return {@code blur^p}
     */
    public double epsilon() {
        return power(blur);
    }

    /**
     * Returns the price of leaving mass of the first cloud behind.
     *
     * @return {@code reachX^p}
     */
    public double rhoX() {
        return power(reachX);
    }

    /**
     * Returns the price of leaving mass of the second cloud without a source.
     *
     * @return {@code reachY^p}
     */
    public double rhoY() {
        return power(reachY);
    }

    /**
     * Tells whether both marginals are hard.
     *
     * @return true if both reaches are infinite
     */
    public boolean balanced() {
        return rhoX() == Double.POSITIVE_INFINITY && rhoY() == Double.POSITIVE_INFINITY;
    }

    private double power(double length) {
        return p == 1 ? length : length * length;
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

        private int p = 2;
        private double blur = 0.05;
        private double scaling = 0.5;
        private double reachX = Double.POSITIVE_INFINITY;
        private double reachY = Double.POSITIVE_INFINITY;
        private boolean debias = true;
        private double tolerance = 1e-3;
        private int maxIterations = 10_000;
        private Precision precision = Precision.FLOAT32;
        private double diameter;

        private Builder() {
        }

        /**
         * Sets the exponent of the cost.
         *
         * @param value 1 or 2
         * @return this builder
         */
        public Builder p(int value) {
            p = value;
            return this;
        }

        /**
         * Sets the blur.
         *
         * @param value a positive length
         * @return this builder
         */
        public Builder blur(double value) {
            blur = value;
            return this;
        }

        /**
         * Sets the blur as a fraction of the diagonal of two clouds' bounding box.
         *
         * @param fraction positive, 0.05 say
         * @param x first cloud
         * @param y second cloud
         * @return this builder
         * @throws IllegalArgumentException if all points coincide, or coordinates are not finite
         */
        public Builder relativeBlur(double fraction, PointCloud x, PointCloud y) {
            double diagonal = BoundingBox.of(x, y).diagonal();
            if (diagonal == 0) {
                throw new IllegalArgumentException("all points coincide, so no blur is a fraction of their diameter; set it as a length");
            }
            return blur(fraction * diagonal);
        }

        /**
         * Sets the ratio of successive blurs.
         *
         * @param value between 0 and 1
         * @return this builder
         */
        public Builder scaling(double value) {
            scaling = value;
            return this;
        }

        /**
         * Relaxes both marginals.
         *
         * @param value a positive length, infinite for none
         * @return this builder
         */
        public Builder reach(double value) {
            return reachX(value).reachY(value);
        }

        /**
         * Relaxes the first cloud's marginal.
         *
         * @param value a positive length, infinite for none
         * @return this builder
         */
        public Builder reachX(double value) {
            reachX = value;
            return this;
        }

        /**
         * Relaxes the second cloud's marginal.
         *
         * @param value a positive length, infinite for none
         * @return this builder
         */
        public Builder reachY(double value) {
            reachY = value;
            return this;
        }

        /**
         * Chooses between the divergence and the transport cost.
         *
         * @param value true for the divergence
         * @return this builder
         */
        public Builder debias(boolean value) {
            debias = value;
            return this;
        }

        /**
         * Sets the marginal error at which to stop.
         *
         * @param value not negative
         * @return this builder
         */
        public Builder tolerance(double value) {
            tolerance = value;
            return this;
        }

        /**
         * Sets the most iterations.
         *
         * @param value at least 1
         * @return this builder
         */
        public Builder maxIterations(int value) {
            maxIterations = value;
            return this;
        }

        /**
         * Sets the arithmetic of the sums.
         *
         * @param value a precision
         * @return this builder
         */
        public Builder precision(Precision value) {
            precision = value;
            return this;
        }

        /**
         * Sets the length where annealing starts.
         *
         * @param value not negative, 0 to measure the clouds
         * @return this builder
         */
        public Builder diameter(double value) {
            diameter = value;
            return this;
        }

        /**
         * Builds the options.
         *
         * @return the options
         * @throws IllegalArgumentException if one is out of range
         */
        public SinkhornOptions build() {
            return new SinkhornOptions(p, blur, scaling, reachX, reachY, debias, tolerance, maxIterations, precision, diameter);
        }
    }
}
