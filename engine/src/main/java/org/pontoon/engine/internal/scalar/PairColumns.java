package org.pontoon.engine.internal.scalar;

import java.util.Arrays;

/** The scalar twins of the loops of the same names. */
public final class PairColumns {

    public static final int V = Lanes.VIRTUAL;

    private PairColumns() {
    }

    public static void gaussian(float[] squares, int at, int points, float[] columns, int columnsAt, int stride, int count,
            float[] lanes, int lanesAt) {
        Arrays.fill(lanes, lanesAt, lanesAt + 2 * count * V, 0f);
        for (int row = 0; row < 2; row++) {
            for (int n = 0; n < points; n++) {
                float k = PairExponential.power(squares[at + row * points + n]);
                for (int c = 0; c < count; c++) {
                    int lane = lanesAt + (row * count + c) * V + n % V;
                    lanes[lane] = Math.fma(k, columns[columnsAt + c * stride + n], lanes[lane]);
                }
            }
        }
    }
}
