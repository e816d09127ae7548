package org.pontoon.engine.feature;

import java.util.Arrays;

import org.pontoon.engine.internal.kernel.SymmetricProduct;

/**
 * Normalised Hermite polynomials {@code He_n(x) / sqrt(n!)}, n from 1 to m, of points on the line: orthonormal under the standard normal,
 * under which they diagonalise the second moments and the Gramian of derivatives, {@code diag(n)}. One of them, n = 1, is the linear
 * feature. Plain Java: these are for exact answers, not for speed.
 *
 * <p>In D dimensions the features are those of each coordinate by itself, m / D each.
 */
public final class HermiteFeatures implements FeatureMap {

    private static final int PANEL = SymmetricProduct.PANEL;

    private final int dimension;
    private final int degree;

    /**
     * Makes features.
     *
     * @param dimension D, at least 1
     * @param degree highest degree, at least 1
     * @throws IllegalArgumentException if a number is below 1
     */
    public HermiteFeatures(int dimension, int degree) {
        if (dimension < 1 || degree < 1) {
            throw new IllegalArgumentException("dimension is " + dimension + " and degree " + degree + ", expected at least 1");
        }
        this.dimension = dimension;
        this.degree = degree;
    }

    @Override
    public int dimension() {
        return dimension;
    }

    @Override
    public int count() {
        return Math.multiplyExact(dimension, degree);
    }

    @Override
    public double reach() {
        return 1e6;
    }

    @Override
    public int slopes() {
        return dimension;
    }

    @Override
    public double slopeFactor(int j, int k) {
        return 1;
    }

    @Override
    public int scratchSize() {
        return 0;
    }

    /** He_n(x) / sqrt(n!) by the recurrence of the normalised polynomials. */
    private static double polynomial(int n, double x) {
        double before = 0;
        double value = 1;
        for (int k = 1; k <= n; k++) {
            double next = (x * value - Math.sqrt(k - 1) * before) / Math.sqrt(k);
            before = value;
            value = next;
        }
        return value;
    }

    @Override
    public void fill(int panel, float[] x, int start, int stride, int points, float[] scale, float[] values, int valuesStart,
            float[] slopes, int slopesStart, int slopesStride) {
        Arrays.fill(values, valuesStart, valuesStart + points * PANEL, 0f);
        for (int d = 0; slopes != null && d < dimension; d++) {
            Arrays.fill(slopes, slopesStart + d * slopesStride, slopesStart + d * slopesStride + points * PANEL, 0f);
        }
        for (int j = 0; j < PANEL && panel * PANEL + j < count(); j++) {
            int d = (panel * PANEL + j) / degree;
            int n = (panel * PANEL + j) % degree + 1;
            for (int i = 0; i < points; i++) {
                double at = x[start + d * stride + i];
                values[valuesStart + i * PANEL + j] = (float) (scale[i] * polynomial(n, at));
                if (slopes != null) {
                    slopes[slopesStart + d * slopesStride + i * PANEL + j] = (float) (scale[i] * Math.sqrt(n) * polynomial(n - 1, at));
                }
            }
        }
    }

    @Override
    public void evaluate(float[] coefficients, float[] x, int start, int stride, int points, float[] scratch, float[] values,
            float[] gradient) {
        for (int i = 0; i < points; i++) {
            double sum = 0;
            for (int d = 0; d < dimension; d++) {
                double at = x[start + d * stride + i];
                double slope = 0;
                for (int n = 1; n <= degree; n++) {
                    double w = coefficients[d * degree + n - 1];
                    sum += w * polynomial(n, at);
                    slope += w * Math.sqrt(n) * polynomial(n - 1, at);
                }
                if (gradient != null) {
                    gradient[d * TILE + i] = (float) slope;
                }
            }
            if (values != null) {
                values[i] = (float) sum;
            }
        }
    }
}
