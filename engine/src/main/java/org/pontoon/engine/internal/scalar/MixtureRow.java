package org.pontoon.engine.internal.scalar;

import java.lang.foreign.MemorySegment;

/** The scalar twins of the loops of the same names. */
public final class MixtureRow {

    private MixtureRow() {
    }

    public static void logits(float[] coefficients, MemorySegment aligned, int stride, float[] features, int count, float[] logits) {
        for (int k = 0; k < stride; k++) {
            logits[k] = logit(coefficients, k, stride, features, count);
        }
    }

    private static float logit(float[] coefficients, int at, int stride, float[] features, int count) {
        float a = 0f;
        float b = 0f;
        float c = 0f;
        float d = 0f;
        int f = 0;
        int i = at;
        for (; f <= count - 4; f += 4) {
            a = Math.fma(coefficients[i], features[f], a);
            b = Math.fma(coefficients[i + stride], features[f + 1], b);
            c = Math.fma(coefficients[i + 2 * stride], features[f + 2], c);
            d = Math.fma(coefficients[i + 3 * stride], features[f + 3], d);
            i += 4 * stride;
        }
        for (; f < count; f++) {
            a = Math.fma(coefficients[i], features[f], a);
            i += stride;
        }
        return a + b + (c + d);
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
        // four sums side by side: one by itself waits for its additions, and reads a whole cache line for each number
        for (int i = 0; i < stride; i += 4) {
            addFour(matrix, at + i, stride, dimension, scale, x, out, i);
        }
    }

    private static void addFour(float[] matrix, int at, int stride, int dimension, float scale, float[] x, float[] out, int i) {
        float a = 0f;
        float b = 0f;
        float c = 0f;
        float d = 0f;
        int from = at;
        for (int j = 0; j < dimension; j++) {
            float factor = x[j];
            a = Math.fma(matrix[from], factor, a);
            b = Math.fma(matrix[from + 1], factor, b);
            c = Math.fma(matrix[from + 2], factor, c);
            d = Math.fma(matrix[from + 3], factor, d);
            from += stride;
        }
        out[i] = Math.fma(a, scale, out[i]);
        out[i + 1] = Math.fma(b, scale, out[i + 1]);
        out[i + 2] = Math.fma(c, scale, out[i + 2]);
        out[i + 3] = Math.fma(d, scale, out[i + 3]);
    }

    public static boolean isFinite(float[] values, int stride) {
        boolean finite = true;
        for (int d = 0; d < stride; d++) {
            finite &= Float.isFinite(values[d]);
        }
        return finite;
    }
}
