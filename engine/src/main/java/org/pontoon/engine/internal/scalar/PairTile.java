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

    public static void products(float[] rows, int rowsAt, int dimension, float[] tile, int points, float[] rowNorms, int rowNormsAt,
            float[] norms, int normsAt, float[] squares) {
        for (int r = 0; r < ROWS; r++) {
            for (int n = 0; n < points; n++) {
                float sum = rowNorms[rowNormsAt + r];
                for (int d = 0; d < dimension; d++) {
                    sum = Math.fma(rows[rowsAt + ROWS * d + r], tile[(n / PANEL * dimension + d) * PANEL + n % PANEL], sum);
                }
                squares[r * points + n] = sum + norms[normsAt + n];
            }
        }
    }

    public static void squares(float[] rows, int rowsAt, int dimension, float[] tile, int points, float factor, float[] squares) {
        for (int r = 0; r < ROWS; r++) {
            for (int n = 0; n < points; n++) {
                float s = 0;
                for (int d = 0; d < dimension; d++) {
                    float u = tile[(n / PANEL * dimension + d) * PANEL + n % PANEL] - rows[rowsAt + ROWS * d + r];
                    s = Math.fma(u, u, s);
                }
                squares[r * points + n] = s * factor;
            }
        }
    }

    public static void differences(float[] rows, int rowsAt, int dimension, float[] tile, int points, float[] coefficients,
            int first, int count, float[] lanes) {
        Arrays.fill(lanes, 0, count * ROWS * V, 0f);
        for (int d = 0; d < count; d++) {
            for (int r = 0; r < ROWS; r++) {
                float x = rows[rowsAt + ROWS * (first + d) + r];
                for (int n = 0; n < points; n++) {
                    int lane = (d * ROWS + r) * V + n % V;
                    float y = tile[(n / PANEL * dimension + first + d) * PANEL + n % PANEL];
                    lanes[lane] = Math.fma(coefficients[r * points + n], y - x, lanes[lane]);
                }
            }
        }
    }

    public static void pointDifferences(float[] rows, int rowsAt, int stride, float[] points, int count, float[] coefficients,
            int padded, float[] sums) {
        Arrays.fill(sums, 0, ROWS * stride, 0f);
        for (int r = 0; r < ROWS; r++) {
            for (int n = 0; n < count; n++) {
                for (int d = 0; d < stride; d++) {
                    float u = points[n * stride + d] - rows[rowsAt + r * stride + d];
                    sums[r * stride + d] = Math.fma(coefficients[r * padded + n], u, sums[r * stride + d]);
                }
            }
        }
    }
}
