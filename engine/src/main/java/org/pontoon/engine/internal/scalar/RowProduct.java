package org.pontoon.engine.internal.scalar;

import java.util.Arrays;

/** The scalar twins of the loops of the same names. */
public final class RowProduct {

    /** Rows of a block on either side. */
    public static final int BLOCK = 4;
    public static final int CHAINS = BLOCK * BLOCK * Lanes.VIRTUAL;
    public static final int V = Lanes.VIRTUAL;

    private RowProduct() {
    }

    public static void accumulate(float[] p, int pStart, int pRow, float[] q, int qStart, int qRow, int qRows, int count,
            float[] chains) {
        for (int a = 0; a < BLOCK; a++) {
            for (int b = 0; b < qRows; b++) {
                int at = b / BLOCK * CHAINS + (a * BLOCK + b % BLOCK) * V;
                for (int i = 0; i < count; i++) {
                    chains[at + i % V] = Math.fma(p[pStart + a * pRow + i], q[qStart + b * qRow + i], chains[at + i % V]);
                }
            }
        }
    }

    public static void columns(float[] p, float[] q, int row, int rows, int count, float[] out, int outStart) {
        Arrays.fill(out, outStart, outStart + count, 0f);
        for (int a = 0; a < rows; a++) {
            for (int i = 0; i < count; i++) {
                out[outStart + i] = Math.fma(p[a * row + i], q[a * row + i], out[outStart + i]);
            }
        }
    }
}
