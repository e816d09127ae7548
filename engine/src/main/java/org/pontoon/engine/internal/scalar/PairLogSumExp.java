package org.pontoon.engine.internal.scalar;

import java.util.Arrays;

/** The scalar twins of the loops of the same names. */
public final class PairLogSumExp {

    public static final int V = Lanes.VIRTUAL;

    private PairLogSumExp() {
    }

    public static void least(float[] squares, int at, int points, float[] biases, int biasesAt, boolean roots, float[] lanes) {
        Arrays.fill(lanes, 0, 2 * V, Float.MAX_VALUE);
        for (int row = 0; row < 2; row++) {
            for (int n = 0; n < points; n++) {
                float q = squares[at + row * points + n];
                int lane = row * V + n % V;
                lanes[lane] = Math.min(lanes[lane], (roots ? (float) Math.sqrt(q) : q) + biases[biasesAt + n]);
            }
        }
    }

    public static void sums(float[] squares, int at, int points, float[] biases, int biasesAt, float first, float second,
            boolean roots, float[] terms, float[] slopes, float[] lanes) {
        for (int row = 0; row < 2; row++) {
            Arrays.fill(lanes, 2 * row * V, (2 * row + 1) * V, 0f);
            Arrays.fill(lanes, (2 * row + 1) * V, (2 * row + 2) * V, Float.MAX_VALUE);
            for (int n = 0; n < points; n++) {
                int q = at + row * points + n;
                int lane = 2 * row * V + n % V;
                float cost = roots ? (float) Math.sqrt(squares[q]) : squares[q];
                float exponent = cost + biases[biasesAt + n];
                float k = PairExponential.power(exponent - (row == 0 ? first : second));
                lanes[lane] += k;
                lanes[V + lane] = Math.min(lanes[V + lane], exponent);
                if (terms != null) {
                    terms[q] = k;
                    if (slopes != null) {
                        slopes[q] = k / PairExponential.nearest(cost);
                    }
                }
            }
        }
    }
}
