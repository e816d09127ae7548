package org.pontoon.engine.flow;

/** {@code -strength log |x|}. */
record LogarithmicPotential(int dimension, double strength) implements Potential {

    private static final double MIN_SQUARE = 1e-35;

    LogarithmicPotential {
        if (dimension < 1) {
            throw new IllegalArgumentException("dimension is " + dimension + ", expected at least 1");
        }
        if (!Double.isFinite(strength)) {
            throw new IllegalArgumentException("strength is " + strength + ", expected a finite number");
        }
    }

    @Override
    public void evaluate(double[] points, int stride, int count, double[] values, double[] gradient) {
        for (int n = 0; n < count; n++) {
            double square = 0;
            for (int d = 0; d < dimension; d++) {
                square += points[d * stride + n] * points[d * stride + n];
            }
            square = Math.max(square, MIN_SQUARE);
            if (values != null) {
                values[n] = -0.5 * strength * Math.log(square);
            }
            for (int d = 0; gradient != null && d < dimension; d++) {
                gradient[d * stride + n] = -strength * points[d * stride + n] / square;
            }
        }
    }
}
