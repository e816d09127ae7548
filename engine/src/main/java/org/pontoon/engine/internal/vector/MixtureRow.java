package org.pontoon.engine.internal.vector;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The loops on lanes; what they do stands at the door of the same name. */
public final class MixtureRow {

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int L = VectorSupport.LANES;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private MixtureRow() {
    }

    public static void logits(float[] coefficients, MemorySegment aligned, int stride, float[] features, int count, float[] logits) {
        long row = (long) stride * Float.BYTES;
        for (int k = 0; k < stride; k += L) {
            FloatVector a = FloatVector.zero(F);
            FloatVector b = FloatVector.zero(F);
            FloatVector c = FloatVector.zero(F);
            FloatVector d = FloatVector.zero(F);
            int f = 0;
            long at = (long) k * Float.BYTES;
            for (; f <= count - 4; f += 4) {
                a = FloatVector.fromMemorySegment(F, aligned, at, ORDER).fma(FloatVector.broadcast(F, features[f]), a);
                b = FloatVector.fromMemorySegment(F, aligned, at + row, ORDER).fma(FloatVector.broadcast(F, features[f + 1]), b);
                c = FloatVector.fromMemorySegment(F, aligned, at + 2 * row, ORDER).fma(FloatVector.broadcast(F, features[f + 2]), c);
                d = FloatVector.fromMemorySegment(F, aligned, at + 3 * row, ORDER).fma(FloatVector.broadcast(F, features[f + 3]), d);
                at += 4 * row;
            }
            for (; f < count; f++) {
                a = FloatVector.fromMemorySegment(F, aligned, at, ORDER).fma(FloatVector.broadcast(F, features[f]), a);
                at += row;
            }
            a.add(b).add(c.add(d)).intoArray(logits, k);
        }
    }

    public static int softmax(float[] logits, int components, int stride, int[] active) {
        // as integers, because C2 compares floats with branches, and these follow no pattern
        int most = Integer.MIN_VALUE;
        for (int k = 0; k < components; k++) {
            most = Math.max(most, order(Float.floatToRawIntBits(logits[k])));
        }
        float greatest = Float.intBitsToFloat(order(most));
        for (int k = 0; k < stride; k += L) {
            FloatVector.fromArray(F, logits, k).sub(greatest).intoArray(logits, k);
        }
        FloatMath.exp(logits, 0, stride);
        float sum = 0f;
        int count = 0;
        for (int k = 0; k < components; k++) {
            sum += logits[k];
            active[count] = k;
            // one more unless all bits are 0
            int bits = Float.floatToRawIntBits(logits[k]);
            count += (bits | -bits) >>> 31;
        }
        float scale = 1f / sum;
        for (int k = 0; k < stride; k += L) {
            FloatVector.fromArray(F, logits, k).mul(scale).intoArray(logits, k);
        }
        return count;
    }

    /** Maps a float's bits to an integer in the same order, and back. */
    private static int order(int bits) {
        return bits ^ bits >> 31 >>> 1;
    }

    public static void affine(float[] weights, int[] active, int count, float[] shift, float[] slope, int stride, float[] offset, float[] x,
            float[] out) {
        for (int d = 0; d < stride; d += L) {
            FloatVector a = FloatVector.fromArray(F, offset, d);
            FloatVector b = FloatVector.zero(F);
            for (int i = 0; i < count; i++) {
                int k = active[i];
                int at = k * stride + d;
                FloatVector w = FloatVector.broadcast(F, weights[k]);
                a = w.fma(FloatVector.fromArray(F, shift, at), a);
                b = w.fma(FloatVector.fromArray(F, slope, at), b);
            }
            b.fma(FloatVector.fromArray(F, x, d), a).intoArray(out, d);
        }
    }

    public static void addDraw(float[] shift, float[] slope, float[] spread, int at, int stride, float[] x, float[] z, float[] out) {
        for (int d = 0; d < stride; d += L) {
            FloatVector y = FloatVector.fromArray(F, out, d).add(FloatVector.fromArray(F, shift, at + d));
            y = FloatVector.fromArray(F, slope, at + d).fma(FloatVector.fromArray(F, x, d), y);
            FloatVector.fromArray(F, spread, at + d).fma(FloatVector.fromArray(F, z, d), y).intoArray(out, d);
        }
    }

    public static void addProduct(float[] matrix, int at, int stride, int dimension, float scale, float[] x, float[] out) {
        for (int i = 0; i < stride; i += L) {
            FloatVector sum = FloatVector.zero(F);
            int row = at + i;
            for (int j = 0; j < dimension; j++) {
                sum = FloatVector.fromArray(F, matrix, row).fma(FloatVector.broadcast(F, x[j]), sum);
                row += stride;
            }
            sum.fma(FloatVector.broadcast(F, scale), FloatVector.fromArray(F, out, i)).intoArray(out, i);
        }
    }

    public static boolean isFinite(float[] values, int stride) {
        boolean finite = true;
        for (int d = 0; d < stride; d += L) {
            finite &= FloatVector.fromArray(F, values, d).test(VectorOperators.IS_FINITE).allTrue();
        }
        return finite;
    }
}
