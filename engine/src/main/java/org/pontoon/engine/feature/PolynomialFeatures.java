package org.pontoon.engine.feature;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.pontoon.engine.internal.kernel.SymmetricProduct;

/**
 * All monomials of degree 1 to p in D coordinates, {@code (D + p)! / (D! p!) - 1} of them, by degree and then in falling order of the first
 * exponents. Flows in these features match moments: with degree 1 the flow to another mean is a translation, with degree 2 Gaussians stay
 * Gaussian. Plain Java: these are for exact answers, not for speed.
 */
public final class PolynomialFeatures implements FeatureMap {

    private static final int PANEL = SymmetricProduct.PANEL;
    private static final int MOST = 20_000;

    private final int dimension;
    private final int degree;
    /** Exponents, a row for each monomial. */
    private final int[][] exponents;

    /**
     * Makes features.
     *
     * @param dimension D, at least 1
     * @param degree p, at least 1
     * @throws IllegalArgumentException if a number is below 1 or there are more than 20,000 monomials
     */
    public PolynomialFeatures(int dimension, int degree) {
        if (dimension < 1 || degree < 1) {
            throw new IllegalArgumentException("dimension is " + dimension + " and degree " + degree + ", expected at least 1");
        }
        double count = 1;
        for (int k = 1; k <= degree && count <= MOST + 1.5; k++) {
            count *= (double) (dimension + k) / k;
        }
        if (count > MOST + 1.5) {
            throw new IllegalArgumentException(
                "degree " + degree + " in " + dimension + " dimensions has more than " + MOST + " monomials");
        }
        this.dimension = dimension;
        this.degree = degree;
        List<int[]> rows = new ArrayList<>();
        for (int d = 1; d <= degree; d++) {
            add(new int[dimension], 0, d, rows);
        }
        this.exponents = rows.toArray(int[][]::new);
    }

    private static void add(int[] row, int coordinate, int left, List<int[]> rows) {
        if (coordinate == row.length - 1) {
            row[coordinate] = left;
            rows.add(row.clone());
            return;
        }
        for (int e = left; e >= 0; e--) {
            row[coordinate] = e;
            add(row, coordinate + 1, left - e, rows);
        }
    }

    @Override
    public int dimension() {
        return dimension;
    }

    @Override
    public int count() {
        return exponents.length;
    }

    /** Powers up to here leave room in float32 for sums of squares. */
    @Override
    public double reach() {
        return Math.pow(1e15, 1.0 / degree);
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

    /** A monomial, or its derivative by a coordinate where that is not negative. */
    private static double monomial(int[] exponents, float[] x, int at, int stride, int by) {
        double value = 1;
        for (int d = 0; d < exponents.length; d++) {
            int exponent = exponents[d];
            if (d == by) {
                value *= exponent--;
            }
            for (int e = 0; e < exponent; e++) {
                value *= x[at + d * stride];
            }
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
            int[] row = exponents[panel * PANEL + j];
            for (int i = 0; i < points; i++) {
                values[valuesStart + i * PANEL + j] = (float) (scale[i] * monomial(row, x, start + i, stride, -1));
                for (int d = 0; slopes != null && d < dimension; d++) {
                    if (row[d] > 0) {
                        slopes[slopesStart + d * slopesStride + i * PANEL + j] = (float) (scale[i] * monomial(row, x, start + i, stride,
                            d));
                    }
                }
            }
        }
    }

    @Override
    public void evaluate(float[] coefficients, float[] x, int start, int stride, int points, float[] scratch, float[] values,
            float[] gradient) {
        for (int i = 0; i < points; i++) {
            if (values != null) {
                values[i] = (float) sum(coefficients, x, start + i, stride, -1);
            }
            for (int d = 0; gradient != null && d < dimension; d++) {
                gradient[d * TILE + i] = (float) sum(coefficients, x, start + i, stride, d);
            }
        }
    }

    private double sum(float[] coefficients, float[] x, int at, int stride, int by) {
        double sum = 0;
        for (int j = 0; j < exponents.length; j++) {
            sum += by >= 0 && exponents[j][by] == 0 ? 0 : coefficients[j] * monomial(exponents[j], x, at, stride, by);
        }
        return sum;
    }
}
