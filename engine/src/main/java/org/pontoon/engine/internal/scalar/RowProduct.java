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
        for (int b = 0; b < qRows; b++) {
            for (int a = 0; a < BLOCK; a++) {
                int at = b / BLOCK * CHAINS + (a * BLOCK + b % BLOCK) * V;
                Lanes.addProducts(p, pStart + a * pRow, q, qStart + b * qRow, count, chains, at);
            }
        }
    }

    public static void multiply(float[] p, int pStart, float[] q, int qStart, float factor, int count, float[] out, int outStart) {
        for (int i = 0; i < count; i++) {
            out[outStart + i] = p[pStart + i] * (q[qStart + i] * factor);
        }
    }

    public static void columns(float[] p, float[] q, int row, int rows, int count, float[] out, int outStart) {
        float[][] scratch = Scratch.of(3, count);
        float[] sum = scratch[2];
        Arrays.fill(sum, 0, count, 0f);
        for (int a = 0; a < rows; a++) {
            System.arraycopy(p, a * row, scratch[0], 0, count);
            System.arraycopy(q, a * row, scratch[1], 0, count);
            addProducts(scratch[0], scratch[1], sum, count);
        }
        System.arraycopy(sum, 0, out, outStart, count);
    }

    private static void addProducts(float[] p, float[] q, float[] sum, int count) {
        for (int i = 0; i < count; i++) {
            sum[i] = Math.fma(p[i], q[i], sum[i]);
        }
    }
}
