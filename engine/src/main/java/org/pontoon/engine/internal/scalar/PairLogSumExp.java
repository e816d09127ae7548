package org.pontoon.engine.internal.scalar;

import java.util.Arrays;

/** The scalar twins of the loops of the same names. */
public final class PairLogSumExp {

    public static final int V = Lanes.VIRTUAL;

    private PairLogSumExp() {
    }

    public static void least(float[] squares, int at, int points, float[] biases, int biasesAt, boolean roots, float[] lanes) {
        float[][] scratch = Scratch.of(2, points);
        float[] x = scratch[0];
        float[] b = scratch[1];
        for (int row = 0; row < 2; row++) {
            System.arraycopy(squares, at + row * points, x, 0, points);
            System.arraycopy(biases, biasesAt, b, 0, points);
            if (roots) {
                PairExponential.roots(x, points);
            }
            add(x, b, points);
            Lanes.least(x, b, points, lanes, row * V);
        }
    }

    private static void add(float[] x, float[] b, int points) {
        for (int n = 0; n < points; n++) {
            x[n] += b[n];
        }
    }

    public static void sums(float[] squares, int at, int points, float[] biases, int biasesAt, float first, float second,
            boolean roots, float[] terms, float[] slopes, float[] lanes) {
        float[][] scratch = Scratch.of(5, points);
        float[] b = scratch[0];
        float[] cost = scratch[1];
        float[] x = scratch[2];
        float[] k = scratch[3];
        float[] rounded = scratch[4];
        Arrays.fill(lanes, 0, 4 * V, 0f);
        System.arraycopy(biases, biasesAt, b, 0, points);
        for (int row = 0; row < 2; row++) {
            int q = at + row * points;
            System.arraycopy(squares, q, cost, 0, points);
            if (roots) {
                PairExponential.roots(cost, points);
            }
            exponents(cost, b, row == 0 ? first : second, x, k, points);
            PairExponential.bound(k, points);
            PairExponential.powers(k, rounded, points);
            Lanes.add(k, points, lanes, 2 * row * V);
            Lanes.least(x, rounded, points, lanes, (2 * row + 1) * V);
            if (terms != null) {
                System.arraycopy(k, 0, terms, q, points);
                if (slopes != null) {
                    PairExponential.divide(k, cost, points);
                    System.arraycopy(k, 0, slopes, q, points);
                }
            }
        }
    }

    private static void exponents(float[] cost, float[] b, float reference, float[] x, float[] relative, int points) {
        for (int n = 0; n < points; n++) {
            x[n] = cost[n] + b[n];
            relative[n] = cost[n] + b[n] - reference;
        }
    }
}
