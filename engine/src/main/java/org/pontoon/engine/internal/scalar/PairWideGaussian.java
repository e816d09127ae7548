package org.pontoon.engine.internal.scalar;

/** The scalar twins of the loops of the same names. */
public final class PairWideGaussian {

    private PairWideGaussian() {
    }

    public static void sums(float[] squares, int at, int points, float[] weights, int weightsAt, boolean slopes, float[] lanes,
            int lanesAt) {
        float[][] scratch = Scratch.of(2, points);
        float[] k = scratch[0];
        float[] w = scratch[1];
        for (int row = 0; row < 2; row++) {
            int q = at + row * points;
            int lane = lanesAt + row * Lanes.VIRTUAL;
            System.arraycopy(squares, q, k, 0, points);
            PairExponential.powers(k, w, points);
            Lanes.addProducts(k, 0, weights, weightsAt, points, lanes, lane);
            if (slopes) {
                System.arraycopy(weights, weightsAt, w, 0, points);
                PairExponential.multiply(k, w, points);
                System.arraycopy(k, 0, squares, q, points);
            }
        }
    }
}
