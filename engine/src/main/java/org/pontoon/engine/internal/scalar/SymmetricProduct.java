package org.pontoon.engine.internal.scalar;

import java.util.Arrays;

/** The scalar twins of the loops of the same names. */
public final class SymmetricProduct {

    /** Columns of a panel and of a block. */
    public static final int PANEL = 64;

    /** Rows that are added up in float32 before they go to float64. */
    public static final int STEPS = 256;

    private SymmetricProduct() {
    }

    public static void add(float[] p, int pStart, float[] q, int qStart, int columns, int steps, boolean diagonal, float[] block,
            double[] out, int outStart) {
        int rows = diagonal ? columns : PANEL;
        for (int first = 0; first < steps; first += STEPS) {
            int count = Math.min(STEPS, steps - first);
            Arrays.fill(block, 0, rows * PANEL, 0f);
            MatrixProduct.accumulate(p, pStart + first * PANEL, 1, PANEL, q, qStart + first * PANEL, PANEL, rows, columns, count, block, 0,
                PANEL);
            for (int r = 0; r < rows; r++) {
                for (int c = r * PANEL; c < r * PANEL + columns; c++) {
                    out[outStart + c] += block[c];
                }
            }
        }
    }
}
