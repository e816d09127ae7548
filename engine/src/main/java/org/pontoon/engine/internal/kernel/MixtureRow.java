package org.pontoon.engine.internal.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.pontoon.engine.internal.kernel.FloatMath;
import org.pontoon.engine.internal.vector.VectorSupport;

/**
 * A mixture at one point: the latency path. Lanes are components for the logits and coordinates for the maps, so nothing needs a fold.
 *
 * <p>Strides are multiples of 16 and at least the count they stride over; padding holds finite numbers.
 */
public final class MixtureRow {

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int L = VectorSupport.LANES;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private MixtureRow() {
    }

    /**
     * Evaluates {@code logits[k] = sum_f coefficients[f][k] features[f]}, in four interleaved chains per component.
     *
     * @param coefficients feature-major (features, components), rows of {@code stride} floats; fastest where aligned to 64 bytes
     * @param stride padded number of components
     * @param features the point's features
     * @param count number of features
     * @param logits receives {@code stride} values
     */
    public static void logits(MemorySegment coefficients, int stride, float[] features, int count, float[] logits) {
        long row = (long) stride * Float.BYTES;
        for (int k = 0; k < stride; k += L) {
            FloatVector a = FloatVector.zero(F);
            FloatVector b = FloatVector.zero(F);
            FloatVector c = FloatVector.zero(F);
            FloatVector d = FloatVector.zero(F);
            int f = 0;
            long at = (long) k * Float.BYTES;
            for (; f <= count - 4; f += 4) {
                a = FloatVector.fromMemorySegment(F, coefficients, at, ORDER).fma(FloatVector.broadcast(F, features[f]), a);
                b = FloatVector.fromMemorySegment(F, coefficients, at + row, ORDER).fma(FloatVector.broadcast(F, features[f + 1]), b);
                c = FloatVector.fromMemorySegment(F, coefficients, at + 2 * row, ORDER).fma(FloatVector.broadcast(F, features[f + 2]), c);
                d = FloatVector.fromMemorySegment(F, coefficients, at + 3 * row, ORDER).fma(FloatVector.broadcast(F, features[f + 3]), d);
                at += 4 * row;
            }
            for (; f < count; f++) {
                a = FloatVector.fromMemorySegment(F, coefficients, at, ORDER).fma(FloatVector.broadcast(F, features[f]), a);
                at += row;
            }
            a.add(b).add(c.add(d)).intoArray(logits, k);
        }
    }

    /**
     * The scalar twin of {@link #logits}: same arguments, same bits.
     *
     * @param coefficients feature-major (features, components)
     * @param stride padded number of components
     * @param features the point's features
     * @param count number of features
     * @param logits receives {@code stride} values
     */
    public static void scalarLogits(MemorySegment coefficients, int stride, float[] features, int count, float[] logits) {
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

    /**
     * Replaces logits by their softmax, summed in the order of the components, and lists the components whose weight is not 0.
     *
     * @param logits {@code stride} logits, replaced by weights; padding, far below the others, becomes 0
     * @param components number of components, at least 1
     * @param stride padded number of components
     * @param active receives the numbers of the components whose weight is not 0, ascending; {@code components} values are written to
     * @return how many these are
     */
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

    /**
     * The scalar twin of {@link #softmax}: same arguments, same bits.
     *
     * @param logits logits, replaced by weights
     * @param components number of components
     * @param stride padded number of components
     * @param active receives the numbers of the components whose weight is not 0
     * @return how many these are
     */
    public static int scalarSoftmax(float[] logits, int components, int stride, int[] active) {
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

    /**
     * Evaluates the weighted mean of diagonal affine maps: {@code out[d] = offset[d] + sum_k w_k shift[k][d] + x[d] sum_k w_k slope[k][d]},
     * over the components listed.
     *
     * @param weights w_k
     * @param active numbers of the components to add up, in this order: in high dimensions nearly all weights are 0
     * @param count how many
     * @param shift shifts (components, dimension), rows of {@code stride} floats
     * @param slope slopes, same layout
     * @param stride padded dimension
     * @param offset added, {@code stride} floats
     * @param x the point, {@code stride} floats
     * @param out receives {@code stride} floats
     */
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

    /**
     * The scalar twin of {@link #affine}: same arguments, same bits.
     *
     * @param weights w_k
     * @param active numbers of the components to add up
     * @param count how many
     * @param shift shifts
     * @param slope slopes
     * @param stride padded dimension
     * @param offset added
     * @param x the point
     * @param out receives {@code stride} floats
     */
    public static void scalarAffine(float[] weights, int[] active, int count, float[] shift, float[] slope, int stride, float[] offset,
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

    /**
     * Adds {@code shift[d] + slope[d] x[d] + spread[d] z[d]} to every coordinate.
     *
     * @param shift one component's shift
     * @param slope its slope
     * @param spread its standard deviations
     * @param at where the component starts in all three
     * @param stride padded dimension
     * @param x the point
     * @param z standard normals
     * @param out changed in place
     */
    public static void addDraw(float[] shift, float[] slope, float[] spread, int at, int stride, float[] x, float[] z, float[] out) {
        for (int d = 0; d < stride; d += L) {
            FloatVector y = FloatVector.fromArray(F, out, d).add(FloatVector.fromArray(F, shift, at + d));
            y = FloatVector.fromArray(F, slope, at + d).fma(FloatVector.fromArray(F, x, d), y);
            FloatVector.fromArray(F, spread, at + d).fma(FloatVector.fromArray(F, z, d), y).intoArray(out, d);
        }
    }

    /**
     * The scalar twin of {@link #addDraw}: same arguments, same bits.
     *
     * @param shift one component's shift
     * @param slope its slope
     * @param spread its standard deviations
     * @param at where the component starts in all three
     * @param stride padded dimension
     * @param x the point
     * @param z standard normals
     * @param out changed in place
     */
    public static void scalarAddDraw(float[] shift, float[] slope, float[] spread, int at, int stride, float[] x, float[] z, float[] out) {
        for (int d = 0; d < stride; d++) {
            float y = Math.fma(slope[at + d], x[d], out[d] + shift[at + d]);
            out[d] = Math.fma(spread[at + d], z[d], y);
        }
    }

    /**
     * Adds a scaled matrix-vector product: {@code out[i] += scale * sum_j matrix[j][i] x[j]}.
     *
     * @param matrix transposed matrix, row j at {@code at + j * stride}
     * @param at where it starts
     * @param stride padded dimension
     * @param dimension number of coordinates
     * @param scale factor
     * @param x the vector
     * @param out changed in place
     */
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

    /**
     * The scalar twin of {@link #addProduct}: same arguments, same bits.
     *
     * @param matrix transposed matrix
     * @param at where it starts
     * @param stride padded dimension
     * @param dimension number of coordinates
     * @param scale factor
     * @param x the vector
     * @param out changed in place
     */
    public static void scalarAddProduct(float[] matrix, int at, int stride, int dimension, float scale, float[] x, float[] out) {
        for (int i = 0; i < stride; i++) {
            float sum = 0f;
            for (int j = 0; j < dimension; j++) {
                sum = Math.fma(matrix[at + j * stride + i], x[j], sum);
            }
            out[i] = Math.fma(sum, scale, out[i]);
        }
    }

    /**
     * Tells whether all values are finite.
     *
     * @param values the values
     * @param stride how many, a multiple of 16
     * @return false if one is NaN or infinite
     */
    public static boolean isFinite(float[] values, int stride) {
        boolean finite = true;
        for (int d = 0; d < stride; d += L) {
            finite &= FloatVector.fromArray(F, values, d).test(VectorOperators.IS_FINITE).allTrue();
        }
        return finite;
    }

    /**
     * The scalar twin of {@link #isFinite}.
     *
     * @param values the values
     * @param stride how many
     * @return false if one is NaN or infinite
     */
    public static boolean scalarIsFinite(float[] values, int stride) {
        boolean finite = true;
        for (int d = 0; d < stride; d++) {
            finite &= Float.isFinite(values[d]);
        }
        return finite;
    }
}
