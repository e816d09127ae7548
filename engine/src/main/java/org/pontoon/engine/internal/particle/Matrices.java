package org.pontoon.engine.internal.particle;

/** What small matrices and vectors that users give must be. */
public final class Matrices {

    private Matrices() {
    }

    /**
     * Refuses numbers that are not finite.
     *
     * @param values the numbers
     * @param name what they are called in the message
     * @throws IllegalArgumentException naming the first one
     */
    public static void requireFinite(double[] values, String name) {
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new IllegalArgumentException(name + " has " + values[i] + " at " + i + ", expected a finite number");
            }
        }
    }

    /**
     * Refuses a matrix that is not symmetric but for rounding.
     *
     * @param matrix n x n values, row-major
     * @param n its size
     * @param name what it is called in the message
     * @throws IllegalArgumentException if it has another shape, is not symmetric or a value is not finite
     */
    public static void requireSymmetric(double[] matrix, int n, String name) {
        if (n < 1 || matrix.length != n * n) {
            throw new IllegalArgumentException(name + " has " + matrix.length + " values, expected " + n + " x " + n);
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double a = matrix[i * n + j];
                double b = matrix[j * n + i];
                if (!Double.isFinite(a) || !(Math.abs(a - b) <= 1e-9 * (Math.abs(a) + Math.abs(b)))) {
                    throw new IllegalArgumentException(name + " has " + a + " and " + b + " at (" + i + ", " + j
                        + ") and its mirror image, expected finite and symmetric");
                }
            }
        }
    }
}
