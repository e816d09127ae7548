package org.pontoon.engine.internal.scalar;

/** The scalar twins of the loops of the same names. */
public final class MatrixProduct {

    private static final int ROWS = 4;

    private MatrixProduct() {
    }

    public static void accumulate(float[] p, int pStart, int pRow, int pStep, float[] q, int qStart, int qRow, int rows, int columns,
            int steps, float[] out, int outStart, int outRow) {
        float[][] sums = Scratch.of(ROWS + 1, columns);
        float[] x = sums[ROWS];
        for (int r = 0; r < rows; r += ROWS) {
            int here = Math.min(ROWS, rows - r);
            for (int k = 0; k < here; k++) {
                System.arraycopy(out, outStart + (r + k) * outRow, sums[k], 0, columns);
            }
            for (int i = 0; i < steps; i++) {
                System.arraycopy(q, qStart + i * qRow, x, 0, columns);
                int at = pStart + r * pRow + i * pStep;
                for (int k = 0; k < here; k++) {
                    add(p[at + k * pRow], x, sums[k], columns);
                }
            }
            for (int k = 0; k < here; k++) {
                System.arraycopy(sums[k], 0, out, outStart + (r + k) * outRow, columns);
            }
        }
    }

    private static void add(float factor, float[] x, float[] sum, int columns) {
        for (int c = 0; c < columns; c++) {
            sum[c] = Math.fma(factor, x[c], sum[c]);
        }
    }
}
