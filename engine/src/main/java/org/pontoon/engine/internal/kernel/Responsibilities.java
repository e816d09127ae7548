package org.pontoon.engine.internal.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.pontoon.engine.internal.kernel.FloatMath;
import org.pontoon.engine.internal.vector.VectorSupport;

/**
 * Softmax over mixture components for a tile of points: logits become weighted responsibilities, in place.
 *
 * <p>Lanes are points, so the sum over components is one chain in component order and needs no fold.
 */
public final class Responsibilities {

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int L = VectorSupport.LANES;

    private Responsibilities() {
    }

    /**
     * Replaces logits by {@code weights[b] * softmax over k}.
     *
     * @param logits component-major (components, points): element (k, b) lies at {@code k * points + b}; finite
     * @param components number of components, at least 1
     * @param points number of points, a multiple of 16
     * @param weights weight of each point
     */
    public static void softmax(float[] logits, int components, int points, float[] weights) {
        int end = components * points;
        for (int b = 0; b < points; b += L) {
            FloatVector most = FloatVector.fromArray(F, logits, b);
            for (int at = b + points; at < end; at += points) {
                FloatVector l = FloatVector.fromArray(F, logits, at);
                most = most.blend(l, l.compare(VectorOperators.GT, most));
            }
            FloatVector sum = FloatVector.zero(F);
            for (int at = b; at < end; at += points) {
                FloatVector x = FloatVector.fromArray(F, logits, at).sub(most);
                FloatVector t = x.fma(FloatMath.LOG2_E, FloatMath.ROUNDING);
                FloatVector n = t.sub(FloatMath.ROUNDING);
                FloatVector r = n.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_HIGH, x);
                r = n.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_LOW, r);
                FloatVector p = r.fma(FloatMath.EXP7, FloatMath.EXP6);
                p = p.fma(r, FloatVector.broadcast(F, FloatMath.EXP5));
                p = p.fma(r, FloatVector.broadcast(F, FloatMath.EXP4));
                p = p.fma(r, FloatVector.broadcast(F, FloatMath.EXP3));
                p = p.fma(r, FloatVector.broadcast(F, FloatMath.EXP2));
                p = p.fma(r.mul(r), r).add(1f);
                IntVector bits = p.reinterpretAsInts().add(t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23));
                FloatVector e = bits.reinterpretAsFloats().blend(0f, x.compare(VectorOperators.LT, FloatMath.EXP_LEAST));
                sum = sum.add(e);
                e.intoArray(logits, at);
            }
            FloatVector scale = FloatVector.fromArray(F, weights, b).div(sum);
            for (int at = b; at < end; at += points) {
                FloatVector.fromArray(F, logits, at).mul(scale).intoArray(logits, at);
            }
        }
    }

    /**
     * The scalar twin of {@link #softmax}: same arguments, same bits.
     *
     * @param logits component-major (components, points)
     * @param components number of components, at least 1
     * @param points number of points
     * @param weights weight of each point
     */
    public static void scalarSoftmax(float[] logits, int components, int points, float[] weights) {
        int end = components * points;
        for (int b = 0; b < points; b++) {
            float most = logits[b];
            for (int at = b + points; at < end; at += points) {
                most = logits[at] > most ? logits[at] : most;
            }
            float sum = 0f;
            for (int at = b; at < end; at += points) {
                float e = FloatMath.exp(logits[at] - most);
                sum += e;
                logits[at] = e;
            }
            float scale = weights[b] / sum;
            for (int at = b; at < end; at += points) {
                logits[at] *= scale;
            }
        }
    }

    /**
     * Sums the weighted responsibilities of every component: 16 virtual lanes in point order, folded pairwise.
     *
     * @param weights component-major (components, points), as {@link #softmax} leaves them
     * @param components number of components
     * @param points number of points, a multiple of 16
     * @param sums receives one sum per component, added to what is there
     * @param lanes scratch, 16 floats
     */
    public static void addSums(float[] weights, int components, int points, float[] sums, float[] lanes) {
        for (int k = 0; k < components; k++) {
            int end = (k + 1) * points;
            for (int lane = 0; lane < VectorSupport.VIRTUAL_LANES; lane += L) {
                FloatVector sum = FloatVector.zero(F);
                for (int at = k * points + lane; at < end; at += VectorSupport.VIRTUAL_LANES) {
                    sum = sum.add(FloatVector.fromArray(F, weights, at));
                }
                sum.intoArray(lanes, lane);
            }
            sums[k] += fold(lanes);
        }
    }

    /**
     * The scalar twin of {@link #addSums}: same arguments, same bits.
     *
     * @param weights component-major weights
     * @param components number of components
     * @param points number of points
     * @param sums receives one sum per component, added to what is there
     * @param lanes scratch, 16 floats
     */
    public static void scalarAddSums(float[] weights, int components, int points, float[] sums, float[] lanes) {
        for (int k = 0; k < components; k++) {
            for (int lane = 0; lane < VectorSupport.VIRTUAL_LANES; lane++) {
                float sum = 0f;
                for (int b = lane; b < points; b += VectorSupport.VIRTUAL_LANES) {
                    sum += weights[k * points + b];
                }
                lanes[lane] = sum;
            }
            sums[k] += fold(lanes);
        }
    }

    /** Adds 16 lanes in a fixed tree: halves onto halves. */
    private static float fold(float[] lanes) {
        for (int half = VectorSupport.VIRTUAL_LANES / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                lanes[i] += lanes[i + half];
            }
        }
        return lanes[0];
    }
}
