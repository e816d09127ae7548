package org.pontoon.engine.bridge;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

import org.pontoon.engine.internal.kernel.MixtureRow;
import org.pontoon.engine.internal.kernel.QuadraticFeatures;
import org.pontoon.engine.memory.PointCloud;

/**
 * A mixture of affine maps in float32, laid out for {@link MixtureRow}: logits quadratic in the centred point, and per component a map
 * {@code shift_k + slope_k x}. The plan, and the drift at each time, are such mixtures. Where float32 does not reach, the same in float64 from
 * the bridge. Immutable and safe for any thread.
 */
final class PackedMixture {

    /** Logit bias of padding components: their softmax weight is exactly zero. */
    private static final float NEVER = -1e30f;
    private static final int CACHE_LINE = 64;
    /** Between this epsilon and its inverse the coefficients of the features, S / epsilon, have room in float32. */
    private static final double LEAST_EPSILON = 1e-30;

    private final LightBridge bridge;
    /** The bridge at the time of a drift; null for the plan. */
    private final BridgeSlice slice;
    /** Whether no point has an answer in float32. */
    final boolean beyondFloat;
    final int components;
    final int dimension;
    final int stride;
    final boolean full;
    final QuadraticFeatures features;
    final int componentStride;
    /** Feature-major. */
    final float[] coefficients;
    /** The same again: across two cache lines, as in most arrays, each of its vectors would take twice as long to load. */
    final MemorySegment aligned;
    final float[] shift;
    /** (K, D) rows of stride floats, or transposed (K, D, D) for full covariance. */
    final float[] slope;
    /** Subtracted from points that come in, added to maps that go out. */
    final float[] origin;
    final float[] offset;

    private PackedMixture(LightBridge bridge, BridgeSlice slice) {
        this.bridge = bridge;
        this.slice = slice;
        this.beyondFloat = bridge.epsilon() < LEAST_EPSILON || bridge.epsilon() > 1 / LEAST_EPSILON;
        this.components = bridge.components();
        this.dimension = bridge.dimension();
        this.full = bridge.covariance() == Covariance.FULL;
        this.stride = PointCloud.paddedSize(dimension);
        this.features = new QuadraticFeatures(dimension, full);
        this.componentStride = PointCloud.paddedSize(components);
        this.coefficients = new float[Math.multiplyExact(features.count(), componentStride)];
        this.aligned = Arena.ofAuto().allocate((long) coefficients.length * Float.BYTES, CACHE_LINE);
        this.shift = new float[components * stride];
        this.slope = new float[Math.multiplyExact(components * stride, full ? dimension : 1)];
        this.origin = new float[stride];
        this.offset = new float[stride];
        for (int k = components; k < componentStride; k++) {
            set(features.count() - 1, k, NEVER);
        }
    }

    /** The conditional plan: weights w_k(x), maps r_k + S_k x. */
    static PackedMixture plan(LightBridge bridge) {
        PackedMixture m = new PackedMixture(bridge, null);
        double[] half = new double[m.dimension];
        double[] s = new double[m.dimension];
        for (int d = 0; d < m.dimension; d++) {
            m.origin[d] = (float) bridge.sourceMean(d);
            m.offset[d] = (float) bridge.targetMean(d);
        }
        for (int k = 0; k < m.components; k++) {
            for (int d = 0; d < m.dimension; d++) {
                s[d] = bridge.eigenvalue(k, d);
                half[d] = s[d] / (2 * bridge.epsilon());
                m.setLinear(k, d, bridge.location(k, d) / bridge.epsilon());
                m.shift[k * m.stride + d] = (float) bridge.location(k, d);
            }
            m.setQuadratics(bridge, k, half);
            m.setSlope(bridge, k, s);
            m.setBias(k, bridge.logWeight(k));
        }
        return m.align();
    }

    /** The drift at one time: weights softmax(omega)_k, maps d_k. */
    static PackedMixture drift(LightBridge bridge, double t) {
        BridgeSlice slice = bridge.at(t);
        PackedMixture m = new PackedMixture(bridge, slice);
        double[] quadratic = new double[m.dimension];
        double[] slope = new double[m.dimension];
        double[] rotated = new double[m.dimension];
        double[] linear = new double[m.dimension];
        for (int d = 0; d < m.dimension; d++) {
            m.origin[d] = (float) ((1 - t) * bridge.sourceMean(d) + t * bridge.targetMean(d));
            m.offset[d] = (float) (bridge.targetMean(d) - bridge.sourceMean(d));
        }
        for (int k = 0; k < m.components; k++) {
            for (int d = 0; d < m.dimension; d++) {
                quadratic[d] = slice.quadratic(k, d);
                slope[d] = (bridge.eigenvalue(k, d) - 1) * slice.inverseLambda(k, d);
                rotated[d] = slice.linear(k, d);
                linear[d] = 0;
            }
            bridge.addUnrotated(k, rotated, 1, linear);
            for (int d = 0; d < m.dimension; d++) {
                m.setLinear(k, d, linear[d]);
                m.shift[k * m.stride + d] = (float) (linear[d] * bridge.epsilon());
            }
            m.setQuadratics(bridge, k, quadratic);
            m.setSlope(bridge, k, slope);
            m.setBias(k, slice.bias(k));
        }
        return m.align();
    }

    private PackedMixture align() {
        MemorySegment.copy(coefficients, 0, aligned, ValueLayout.JAVA_FLOAT, 0, coefficients.length);
        return this;
    }

    private void set(int feature, int k, double value) {
        coefficients[feature * componentStride + k] = (float) value;
    }

    private void setLinear(int k, int d, double value) {
        set(d, k, value);
    }

    private void setBias(int k, double value) {
        set(features.count() - 1, k, value);
    }

    private void setQuadratics(LightBridge bridge, int k, double[] spectrum) {
        int f = dimension;
        for (int i = 0; i < dimension; i++) {
            if (!full) {
                set(f++, k, spectrum[i]);
                continue;
            }
            for (int j = i; j < dimension; j++, f++) {
                set(f, k, (i == j ? 1 : 2) * bridge.spectral(k, i, j, spectrum));
            }
        }
    }

    private void setSlope(LightBridge bridge, int k, double[] spectrum) {
        if (!full) {
            for (int d = 0; d < dimension; d++) {
                slope[k * stride + d] = (float) spectrum[d];
            }
            return;
        }
        for (int i = 0; i < dimension; i++) {
            for (int j = 0; j < dimension; j++) {
                slope[(k * dimension + j) * stride + i] = (float) bridge.spectral(k, i, j, spectrum);
            }
        }
    }

    /** Adds one component's map of a centred point, without its shift, times a factor. */
    void addSlope(int k, float factor, float[] centred, float[] out) {
        MixtureRow.addProduct(slope, k * dimension * stride, stride, dimension, factor, centred, out);
    }

    /** Sets the weights of the components at a centred point from float64 logits; NaN where even these overflow. */
    int weightsInDouble(double[] centred, double[] logits, double[] scratch, float[] weights, int[] active) {
        if (slice == null) {
            bridge.planLogits(centred, logits, scratch);
        } else {
            slice.logits(centred, logits, scratch);
        }
        LightBridge.softmax(logits);
        Arrays.fill(weights, 0f);
        int count = 0;
        for (int k = 0; k < components; k++) {
            weights[k] = (float) logits[k];
            if (weights[k] != 0f) {
                active[count++] = k;
            }
        }
        return count;
    }

    /** Evaluates the weighted mean of the maps of the components listed, with the offset, at a centred point in float64. */
    void meanInDouble(float[] weights, int[] active, int count, double[] centred, double[] scratch, double[] sum, float[] out) {
        for (int d = 0; d < dimension; d++) {
            sum[d] = offset[d];
        }
        for (int i = 0; i < count; i++) {
            int k = active[i];
            if (slice == null) {
                bridge.componentMean(k, centred, scratch);
                for (int d = 0; d < dimension; d++) {
                    sum[d] += weights[k] * scratch[d];
                }
            } else {
                slice.componentDrift(k, centred, scratch);
                bridge.addUnrotated(k, scratch, weights[k], sum);
            }
        }
        for (int d = 0; d < dimension; d++) {
            out[d] = (float) sum[d];
        }
    }

    /** Evaluates the weighted mean of the maps of the components listed, with the offset, at a centred point. */
    void mean(float[] weights, int[] active, int count, float[] centred, float[] out) {
        if (!full) {
            MixtureRow.affine(weights, active, count, shift, slope, stride, offset, centred, out);
            return;
        }
        System.arraycopy(offset, 0, out, 0, stride);
        for (int i = 0; i < count; i++) {
            int k = active[i];
            for (int d = 0; d < dimension; d++) {
                out[d] = Math.fma(weights[k], shift[k * stride + d], out[d]);
            }
            addSlope(k, weights[k], centred, out);
        }
    }
}
