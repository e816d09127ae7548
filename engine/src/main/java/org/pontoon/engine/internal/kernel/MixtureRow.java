package org.pontoon.engine.internal.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A mixture at one point: the latency path. Lanes are components for the logits and coordinates for the maps, so nothing needs a fold.
 *
 * <p>Strides are multiples of 16 and at least the count they stride over; padding holds finite numbers.
 */
public final class MixtureRow {

    /** Coordinates in what primes the plain loops: twenty of the widest vectors. */
    private static final int PRIMED = 320;

    private static final Tier LOGITS = Tier.of("MixtureRow.logits", MixtureRow::logitsPrimer);
    private static final Tier SOFTMAX = Tier.of("MixtureRow.softmax", MixtureRow::softmaxPrimer);
    private static final Tier AFFINE = Tier.of("MixtureRow.affine", MixtureRow::affinePrimer);
    private static final Tier DRAW = Tier.of("MixtureRow.addDraw", MixtureRow::drawPrimer);
    private static final Tier PRODUCT = Tier.of("MixtureRow.addProduct", MixtureRow::productPrimer);
    private static final Tier FINITE = Tier.of("MixtureRow.isFinite", MixtureRow::finitePrimer);

    private MixtureRow() {
    }

    /**
     * Evaluates {@code logits[k] = sum_f coefficients[f][k] features[f]}, in four interleaved chains per component.
     *
     * @param coefficients feature-major (features, components), rows of {@code stride} floats
     * @param aligned the same numbers, fastest where aligned to 64 bytes: vectors read these
     * @param stride padded number of components
     * @param features the point's features
     * @param count number of features
     * @param logits receives {@code stride} values
     */
    public static void logits(float[] coefficients, MemorySegment aligned, int stride, float[] features, int count, float[] logits) {
        if (LOGITS.vector) {
            org.pontoon.engine.internal.vector.MixtureRow.logits(coefficients, aligned, stride, features, count, logits);
            return;
        }
        LOGITS.scalar((long) stride * count);
        org.pontoon.engine.internal.scalar.MixtureRow.logits(coefficients, aligned, stride, features, count, logits);
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
        if (SOFTMAX.vector) {
            return org.pontoon.engine.internal.vector.MixtureRow.softmax(logits, components, stride, active);
        }
        SOFTMAX.scalar(20L * stride);
        return org.pontoon.engine.internal.scalar.MixtureRow.softmax(logits, components, stride, active);
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
        if (AFFINE.vector) {
            org.pontoon.engine.internal.vector.MixtureRow.affine(weights, active, count, shift, slope, stride, offset, x, out);
            return;
        }
        AFFINE.scalar(2L * count * stride);
        org.pontoon.engine.internal.scalar.MixtureRow.affine(weights, active, count, shift, slope, stride, offset, x, out);
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
        if (DRAW.vector) {
            org.pontoon.engine.internal.vector.MixtureRow.addDraw(shift, slope, spread, at, stride, x, z, out);
            return;
        }
        DRAW.scalar(3L * stride);
        org.pontoon.engine.internal.scalar.MixtureRow.addDraw(shift, slope, spread, at, stride, x, z, out);
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
        if (PRODUCT.vector) {
            org.pontoon.engine.internal.vector.MixtureRow.addProduct(matrix, at, stride, dimension, scale, x, out);
            return;
        }
        PRODUCT.scalar((long) stride * dimension);
        org.pontoon.engine.internal.scalar.MixtureRow.addProduct(matrix, at, stride, dimension, scale, x, out);
    }

    /**
     * Tells whether all values are finite.
     *
     * @param values the values
     * @param stride how many, a multiple of 16
     * @return false if one is NaN or infinite
     */
    public static boolean isFinite(float[] values, int stride) {
        if (FINITE.vector) {
            return org.pontoon.engine.internal.vector.MixtureRow.isFinite(values, stride);
        }
        FINITE.scalar(stride);
        return org.pontoon.engine.internal.scalar.MixtureRow.isFinite(values, stride);
    }

    private static Runnable logitsPrimer() {
        int stride = 16;
        int count = 79;
        MemorySegment aligned = Arena.ofAuto().allocate((long) count * stride * Float.BYTES, 64);
        float[] features = new float[count];
        float[] logits = new float[stride];
        return () -> org.pontoon.engine.internal.vector.MixtureRow.logits(null, aligned, stride, features, count, logits);
    }

    private static Runnable softmaxPrimer() {
        int components = 30;
        int stride = 32;
        float[] start = new float[stride];
        for (int k = 0; k < stride; k++) {
            start[k] = k < components ? k % 3 * -60f : -1e30f;
        }
        float[] logits = new float[stride];
        int[] active = new int[components];
        return () -> {
            System.arraycopy(start, 0, logits, 0, stride);
            org.pontoon.engine.internal.vector.MixtureRow.softmax(logits, components, stride, active);
        };
    }

    private static Runnable affinePrimer() {
        int stride = 48;
        int[] active = new int[10];
        float[] row = new float[stride];
        float[] out = new float[stride];
        return () -> org.pontoon.engine.internal.vector.MixtureRow.affine(row, active, active.length, row, row, stride, row, row, out);
    }

    private static Runnable drawPrimer() {
        float[] row = new float[PRIMED];
        float[] out = new float[PRIMED];
        return () -> org.pontoon.engine.internal.vector.MixtureRow.addDraw(row, row, row, 0, PRIMED, row, row, out);
    }

    private static Runnable productPrimer() {
        int stride = 32;
        float[] matrix = new float[stride * stride];
        float[] x = new float[stride];
        float[] out = new float[stride];
        return () -> org.pontoon.engine.internal.vector.MixtureRow.addProduct(matrix, 0, stride, stride, 1f, x, out);
    }

    private static Runnable finitePrimer() {
        float[] values = new float[PRIMED];
        return () -> org.pontoon.engine.internal.vector.MixtureRow.isFinite(values, PRIMED);
    }
}
