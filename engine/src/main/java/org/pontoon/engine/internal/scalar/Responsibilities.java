package org.pontoon.engine.internal.scalar;

import java.util.Arrays;

/** The scalar twins of the loops of the same names. */
public final class Responsibilities {

    private Responsibilities() {
    }

    public static void softmax(float[] logits, int components, int points, float[] weights) {
        float[][] scratch = Scratch.of(2, points);
        float[] most = scratch[0];
        float[] sum = scratch[1];
        System.arraycopy(logits, 0, most, 0, points);
        Arrays.fill(sum, 0, points, 0f);
        for (int k = 1; k < components; k++) {
            for (int b = 0; b < points; b++) {
                most[b] = logits[k * points + b] > most[b] ? logits[k * points + b] : most[b];
            }
        }
        for (int k = 0; k < components; k++) {
            for (int b = 0; b < points; b++) {
                float e = FloatMath.exp(logits[k * points + b] - most[b]);
                sum[b] += e;
                logits[k * points + b] = e;
            }
        }
        for (int b = 0; b < points; b++) {
            sum[b] = weights[b] / sum[b];
        }
        for (int k = 0; k < components; k++) {
            for (int b = 0; b < points; b++) {
                logits[k * points + b] *= sum[b];
            }
        }
    }

    public static void addSums(float[] weights, int components, int points, float[] sums, float[] lanes) {
        for (int k = 0; k < components; k++) {
            for (int lane = 0; lane < Lanes.VIRTUAL; lane++) {
                float sum = 0f;
                for (int b = lane; b < points; b += Lanes.VIRTUAL) {
                    sum += weights[k * points + b];
                }
                lanes[lane] = sum;
            }
            sums[k] += fold(lanes);
        }
    }

    /** Adds 16 lanes in a fixed tree: halves onto halves. */
    public static float fold(float[] lanes) {
        for (int half = Lanes.VIRTUAL / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                lanes[i] += lanes[i + half];
            }
        }
        return lanes[0];
    }
}
