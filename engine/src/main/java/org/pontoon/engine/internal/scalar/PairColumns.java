package org.pontoon.engine.internal.scalar;

import java.util.Arrays;

/** The scalar twins of the loops of the same names. */
public final class PairColumns {

    /** Columns of a sweep at least. */
    public static final int LEAST = 3;
    public static final int V = Lanes.VIRTUAL;

    private PairColumns() {
    }

    public static void gaussian(float[] squares, int at, int points, float[] columns, int columnsAt, int stride, int count,
            float[] lanes, int lanesAt) {
        float[][] scratch = Scratch.of(2, points);
        float[] k = scratch[0];
        Arrays.fill(lanes, lanesAt, lanesAt + 2 * count * V, 0f);
        for (int row = 0; row < 2; row++) {
            System.arraycopy(squares, at + row * points, k, 0, points);
            PairExponential.bound(k, points);
            PairExponential.powers(k, scratch[1], points);
            for (int c = 0; c < count; c++) {
                Lanes.addProducts(k, 0, columns, columnsAt + c * stride, points, lanes, lanesAt + (row * count + c) * V);
            }
        }
    }
}
