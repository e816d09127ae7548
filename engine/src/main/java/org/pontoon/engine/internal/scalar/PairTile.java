package org.pontoon.engine.internal.scalar;

import java.util.Arrays;

/** The scalar twins of the loops of the same names. */
public final class PairTile {

    /** Rows of a step. */
    public static final int ROWS = 4;

    /** Points of a panel; tiles are padded to whole panels. */
    public static final int PANEL = 2 * Lanes.VIRTUAL;
    public static final int V = Lanes.VIRTUAL;

    private PairTile() {
    }

    public static void squares(float[] rows, int rowsAt, int dimension, float[] tile, int points, float factor, float[] squares) {
        float[][] scratch = Scratch.of(ROWS + 1, points);
        float[] y = scratch[ROWS];
        for (int d = 0; d < dimension; d++) {
            copyColumn(tile, d, dimension, y, points);
            int x = rowsAt + ROWS * d;
            if (d == 0) {
                startSquares(y, rows[x], rows[x + 1], rows[x + 2], rows[x + 3], scratch[0], scratch[1], scratch[2], scratch[3], points);
            } else {
                addSquares(y, rows[x], rows[x + 1], rows[x + 2], rows[x + 3], scratch[0], scratch[1], scratch[2], scratch[3], points);
            }
        }
        for (int r = 0; r < ROWS; r++) {
            if (factor != 1f) {
                scale(scratch[r], factor, points);
            }
            System.arraycopy(scratch[r], 0, squares, r * points, points);
        }
    }

    /** Coordinate d of all points, a panel's at a time. */
    private static void copyColumn(float[] tile, int d, int dimension, float[] y, int points) {
        for (int n = 0; n < points; n += PANEL) {
            System.arraycopy(tile, n * dimension + d * PANEL, y, n, PANEL);
        }
    }

    private static void startSquares(float[] y, float x0, float x1, float x2, float x3, float[] s0, float[] s1, float[] s2, float[] s3,
            int points) {
        for (int n = 0; n < points; n++) {
            float u0 = y[n] - x0;
            float u1 = y[n] - x1;
            float u2 = y[n] - x2;
            float u3 = y[n] - x3;
            s0[n] = u0 * u0;
            s1[n] = u1 * u1;
            s2[n] = u2 * u2;
            s3[n] = u3 * u3;
        }
    }

    private static void addSquares(float[] y, float x0, float x1, float x2, float x3, float[] s0, float[] s1, float[] s2, float[] s3,
            int points) {
        for (int n = 0; n < points; n++) {
            float u0 = y[n] - x0;
            float u1 = y[n] - x1;
            float u2 = y[n] - x2;
            float u3 = y[n] - x3;
            s0[n] = Math.fma(u0, u0, s0[n]);
            s1[n] = Math.fma(u1, u1, s1[n]);
            s2[n] = Math.fma(u2, u2, s2[n]);
            s3[n] = Math.fma(u3, u3, s3[n]);
        }
    }

    private static void scale(float[] values, float factor, int points) {
        for (int n = 0; n < points; n++) {
            values[n] *= factor;
        }
    }

    public static void products(float[] rows, int rowsAt, int dimension, float[] tile, int points, float[] rowNorms, int rowNormsAt,
            float[] norms, int normsAt, float[] squares) {
        float[][] scratch = Scratch.of(ROWS + 1, points);
        float[] y = scratch[ROWS];
        for (int r = 0; r < ROWS; r++) {
            Arrays.fill(scratch[r], 0, points, rowNorms[rowNormsAt + r]);
        }
        for (int d = 0; d < dimension; d++) {
            copyColumn(tile, d, dimension, y, points);
            int x = rowsAt + ROWS * d;
            addProducts(y, rows[x], rows[x + 1], rows[x + 2], rows[x + 3], scratch[0], scratch[1], scratch[2], scratch[3], points);
        }
        System.arraycopy(norms, normsAt, y, 0, points);
        for (int r = 0; r < ROWS; r++) {
            add(scratch[r], y, points);
            System.arraycopy(scratch[r], 0, squares, r * points, points);
        }
    }

    private static void addProducts(float[] y, float x0, float x1, float x2, float x3, float[] s0, float[] s1, float[] s2, float[] s3,
            int points) {
        for (int n = 0; n < points; n++) {
            s0[n] = Math.fma(x0, y[n], s0[n]);
            s1[n] = Math.fma(x1, y[n], s1[n]);
            s2[n] = Math.fma(x2, y[n], s2[n]);
            s3[n] = Math.fma(x3, y[n], s3[n]);
        }
    }

    private static void add(float[] values, float[] terms, int points) {
        for (int n = 0; n < points; n++) {
            values[n] += terms[n];
        }
    }

    public static void differences(float[] rows, int rowsAt, int dimension, float[] tile, int points, float[] coefficients,
            int first, int count, float[] lanes) {
        float[][] scratch = Scratch.of(2, points);
        float[] y = scratch[0];
        float[] u = scratch[1];
        Arrays.fill(lanes, 0, count * ROWS * V, 0f);
        for (int d = 0; d < count; d++) {
            copyColumn(tile, first + d, dimension, y, points);
            for (int r = 0; r < ROWS; r++) {
                subtract(y, rows[rowsAt + ROWS * (first + d) + r], u, points);
                Lanes.addProducts(coefficients, r * points, u, 0, points, lanes, (d * ROWS + r) * V);
            }
        }
    }

    private static void subtract(float[] y, float x, float[] u, int points) {
        for (int n = 0; n < points; n++) {
            u[n] = y[n] - x;
        }
    }

    public static void pointDifferences(float[] rows, int rowsAt, int stride, float[] points, int count, float[] coefficients,
            int padded, float[] sums) {
        float[][] scratch = Scratch.of(2 * ROWS + 1, stride);
        float[] y = scratch[2 * ROWS];
        for (int r = 0; r < ROWS; r++) {
            Arrays.fill(scratch[r], 0, stride, 0f);
            System.arraycopy(rows, rowsAt + r * stride, scratch[ROWS + r], 0, stride);
        }
        for (int n = 0; n < count; n++) {
            System.arraycopy(points, n * stride, y, 0, stride);
            addDifferences(y, coefficients[n], scratch[4], scratch[0], coefficients[padded + n], scratch[5], scratch[1], stride);
            addDifferences(y, coefficients[2 * padded + n], scratch[6], scratch[2], coefficients[3 * padded + n], scratch[7], scratch[3],
                stride);
        }
        for (int r = 0; r < ROWS; r++) {
            System.arraycopy(scratch[r], 0, sums, r * stride, stride);
        }
    }

    private static void addDifferences(float[] y, float c0, float[] x0, float[] s0, float c1, float[] x1, float[] s1, int stride) {
        for (int d = 0; d < stride; d++) {
            s0[d] = Math.fma(c0, y[d] - x0[d], s0[d]);
            s1[d] = Math.fma(c1, y[d] - x1[d], s1[d]);
        }
    }
}
