package org.pontoon.engine.internal.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** The scalar twins of the loops of the same names. */
public final class MixtureRow {

    private MixtureRow() {
    }

    public static void logits(MemorySegment coefficients, int stride, float[] features, int count, float[] logits) {
        float[] chains = new float[4];
        int interleaved = count & -4;
        for (int k = 0; k < stride; k++) {
            Arrays.fill(chains, 0f);
            for (int f = 0; f < count; f++) {
                int chain = f < interleaved ? f & 3 : 0;
                float coefficient = coefficients.getAtIndex(ValueLayout.JAVA_FLOAT, (long) f * stride + k);
                chains[chain] = Math.fma(coefficient, features[f], chains[chain]);
            }
            logits[k] = chains[0] + chains[1] + (chains[2] + chains[3]);
        }
    }

    public static int softmax(float[] logits, int components, int stride, int[] active) {
        float most = logits[0];
        for (int k = 1; k < components; k++) {
            most = logits[k] > most ? logits[k] : most;
        }
        float sum = 0f;
        int count = 0;
        for (int k = 0; k < stride; k++) {
            logits[k] = FloatMath.exp(logits[k] - most);
            if (k < components) {
                sum += logits[k];
                active[count] = k;
                count += logits[k] == 0f ? 0 : 1;
            }
        }
        float scale = 1f / sum;
        for (int k = 0; k < stride; k++) {
            logits[k] *= scale;
        }
        return count;
    }

    public static void affine(float[] weights, int[] active, int count, float[] shift, float[] slope, int stride, float[] offset,
            float[] x, float[] out) {
        for (int d = 0; d < stride; d++) {
            float a = offset[d];
            float b = 0f;
            for (int i = 0; i < count; i++) {
                int k = active[i];
                a = Math.fma(weights[k], shift[k * stride + d], a);
                b = Math.fma(weights[k], slope[k * stride + d], b);
            }
            out[d] = Math.fma(b, x[d], a);
        }
    }

    public static void addDraw(float[] shift, float[] slope, float[] spread, int at, int stride, float[] x, float[] z, float[] out) {
        for (int d = 0; d < stride; d++) {
            float y = Math.fma(slope[at + d], x[d], out[d] + shift[at + d]);
            out[d] = Math.fma(spread[at + d], z[d], y);
        }
    }

    public static void addProduct(float[] matrix, int at, int stride, int dimension, float scale, float[] x, float[] out) {
        for (int i = 0; i < stride; i++) {
            float sum = 0f;
            for (int j = 0; j < dimension; j++) {
                sum = Math.fma(matrix[at + j * stride + i], x[j], sum);
            }
            out[i] = Math.fma(sum, scale, out[i]);
        }
    }

    public static boolean isFinite(float[] values, int stride) {
        boolean finite = true;
        for (int d = 0; d < stride; d++) {
            finite &= Float.isFinite(values[d]);
        }
        return finite;
    }
}
