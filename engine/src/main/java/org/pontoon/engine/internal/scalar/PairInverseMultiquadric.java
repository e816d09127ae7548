package org.pontoon.engine.internal.scalar;

/** The scalar twins of the loops of the same names. */
public final class PairInverseMultiquadric {

    private PairInverseMultiquadric() {
    }

    public static void sums(float[] squares, int at, int points, float[] weights, int weightsAt, boolean slopes, float[] lanes,
            int lanesAt) {
        float[][] scratch = Scratch.of(2, points);
        float[] k = scratch[0];
        float[] s = scratch[1];
        for (int row = 0; row < 2; row++) {
            int q = at + row * points;
            int lane = lanesAt + row * Lanes.VIRTUAL;
            System.arraycopy(squares, q, k, 0, points);
            System.arraycopy(weights, weightsAt, s, 0, points);
            divide(k, s, points);
            Lanes.add(s, points, lanes, lane);
            if (slopes) {
                divideAgain(k, s, points);
                System.arraycopy(k, 0, squares, q, points);
            }
        }
    }

    /** Turns squares into 1 + q, and weights into those over its root. */
    private static void divide(float[] q, float[] w, int points) {
        for (int n = 0; n < points; n++) {
            q[n] += 1f;
            w[n] /= (float) Math.sqrt(q[n]);
        }
    }

    private static void divideAgain(float[] s, float[] k, int points) {
        for (int n = 0; n < points; n++) {
            s[n] = k[n] / s[n];
        }
    }
}
