package org.pontoon.engine.internal.kernel;

import java.util.Arrays;

/**
 * Cholesky factorisation {@code A = U^T U} of a symmetric positive definite matrix, in place and in float64, and solutions with it. Rows
 * are arrays of their own and the inner loops run along them four rows at a time, a form that C2 vectorizes by itself; the additions to
 * an element keep their order, so that the bits do not depend on the width.
 */
public final class CholeskyFactor {

    private CholeskyFactor() {
    }

    /**
     * Factorises.
     *
     * @param a rows of the matrix; only elements on and right of the diagonal are read, and are replaced by U
     * @return whether the matrix is positive definite as far as float64 can tell; if not, a is left half done
     */
    public static boolean factorise(double[][] a) {
        int size = a.length;
        for (int i = 0; i < size; i++) {
            double[] row = a[i];
            double before = row[i];
            int k = 0;
            for (; k <= i - 4; k += 4) {
                subtract(row, i, size, a[k], a[k + 1], a[k + 2], a[k + 3]);
            }
            for (; k < i; k++) {
                subtract(row, i, size, a[k]);
            }
            double pivot = row[i];
            // a pivot that has lost all its digits is rounding, whatever its sign
            if (!(pivot > 1e-14 * before) || pivot == Double.POSITIVE_INFINITY) {
                return false;
            }
            double scale = 1 / Math.sqrt(pivot);
            for (int j = i; j < size; j++) {
                row[j] *= scale;
            }
        }
        return true;
    }

    /**
     * Solves {@code A x = b}.
     *
     * @param u the factor
     * @param b the right-hand side, replaced by the solution
     */
    public static void solve(double[][] u, double[] b) {
        int size = u.length;
        for (int i = 0; i < size; i++) {
            double[] row = u[i];
            double value = b[i] / row[i];
            b[i] = value;
            for (int j = i + 1; j < size; j++) {
                b[j] = Math.fma(-value, row[j], b[j]);
            }
        }
        for (int i = size - 1; i >= 0; i--) {
            double[] row = u[i];
            double sum = b[i];
            for (int j = i + 1; j < size; j++) {
                sum = Math.fma(-row[j], b[j], sum);
            }
            b[i] = sum / row[i];
        }
    }

    /**
     * Copies a row-major matrix into rows, to be factorised.
     *
     * @param matrix size x size values
     * @param size its size
     * @return the rows
     */
    public static double[][] rows(double[] matrix, int size) {
        double[][] rows = new double[size][];
        for (int i = 0; i < size; i++) {
            rows[i] = Arrays.copyOfRange(matrix, i * size, (i + 1) * size);
        }
        return rows;
    }

    /**
     * Computes the logarithm of the determinant of A.
     *
     * @param u the factor
     * @return {@code log det A}
     */
    public static double logDeterminant(double[][] u) {
        double sum = 0;
        for (int i = 0; i < u.length; i++) {
            sum += 2 * Math.log(u[i][i]);
        }
        return sum;
    }

    /**
     * Computes the inverse of A.
     *
     * @param u the factor
     * @return {@code A^-1}, row-major; symmetric but for rounding
     */
    public static double[] inverse(double[][] u) {
        int size = u.length;
        double[] inverse = new double[size * size];
        double[] column = new double[size];
        for (int j = 0; j < size; j++) {
            Arrays.fill(column, 0);
            column[j] = 1;
            solve(u, column);
            for (int i = 0; i < size; i++) {
                inverse[i * size + j] = column[i];
            }
        }
        return inverse;
    }

    private static void subtract(double[] row, int first, int size, double[] u0, double[] u1, double[] u2, double[] u3) {
        double s0 = -u0[first];
        double s1 = -u1[first];
        double s2 = -u2[first];
        double s3 = -u3[first];
        for (int j = first; j < size; j++) {
            row[j] = Math.fma(s3, u3[j], Math.fma(s2, u2[j], Math.fma(s1, u1[j], Math.fma(s0, u0[j], row[j]))));
        }
    }

    private static void subtract(double[] row, int first, int size, double[] u0) {
        double s0 = -u0[first];
        for (int j = first; j < size; j++) {
            row[j] = Math.fma(s0, u0[j], row[j]);
        }
    }
}
