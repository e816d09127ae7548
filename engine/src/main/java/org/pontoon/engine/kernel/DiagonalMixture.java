package org.pontoon.engine.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.pontoon.engine.simd.FloatMath;
import org.pontoon.engine.simd.VectorSupport;

/**
 * The elementwise ends of a light bridge's training step with diagonal S: parameters to logit coefficients, and feature sums to gradients
 * (Korotin, Gushchin, Burnaev 2024, the loss of eq. 12 in closed form).
 *
 * <p>Arrays per coordinate are (components, dimension) with rows of {@code stride} floats, stride a multiple of 16 and at least D; feature
 * rows are those of {@link QuadraticFeatures}. Padding holds finite numbers and is never read as a result.
 */
public final class DiagonalMixture {

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int L = VectorSupport.LANES;

    private DiagonalMixture() {
    }

    /**
     * Writes one component's logit coefficients for the source side, {@code (x' S x + 2 r' x) / (2 epsilon)}, and for the target side,
     * {@code log N(y | r, epsilon S)}, without the constant terms; and the terms that depend on the coordinate alone.
     *
     * @param location r of all components
     * @param logScale log S of all components
     * @param at index of the component's first value in both
     * @param dimension D
     * @param epsilon entropic parameter
     * @param source receives the coefficients of x at {@code to}, and those of x squared at {@code to + D}
     * @param target the same for y
     * @param to index of the component's first coefficient in both
     * @param inverse receives 1 / S, same layout as logScale
     * @param terms scratch, receives log S + r^2 / (epsilon S) per coordinate, at least D rounded up to 16 floats
     */
    public static void coefficients(float[] location, float[] logScale, int at, int dimension, float epsilon, float[] source, float[] target,
            int to, float[] inverse, float[] terms) {
        float inverseEpsilon = 1f / epsilon;
        float half = 0.5f / epsilon;
        // linear coefficients first: their last vector reaches into the quadratic ones, which then overwrite it
        for (int d = 0; d < dimension; d += L) {
            FloatVector x = FloatVector.fromArray(F, logScale, at + d);
            FloatVector minus = x.neg();
            FloatVector t = minus.fma(FloatMath.LOG2_E, FloatMath.ROUNDING);
            FloatVector n = t.sub(FloatMath.ROUNDING);
            FloatVector r = n.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_HIGH, minus);
            r = n.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_LOW, r);
            FloatVector p = r.fma(FloatMath.EXP7, FloatMath.EXP6);
            p = p.fma(r, FloatVector.broadcast(F, FloatMath.EXP5));
            p = p.fma(r, FloatVector.broadcast(F, FloatMath.EXP4));
            p = p.fma(r, FloatVector.broadcast(F, FloatMath.EXP3));
            p = p.fma(r, FloatVector.broadcast(F, FloatMath.EXP2));
            p = p.fma(r.mul(r), r).add(1f);
            IntVector bits = p.reinterpretAsInts().add(t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23));
            FloatVector invS = bits.reinterpretAsFloats();
            FloatVector loc = FloatVector.fromArray(F, location, at + d);
            FloatVector h = loc.mul(inverseEpsilon);
            FloatVector g = h.mul(invS);
            invS.intoArray(inverse, at + d);
            h.intoArray(source, to + d);
            g.intoArray(target, to + d);
            g.fma(loc, x).intoArray(terms, d);
        }
        for (int d = 0; d < dimension; d += L) {
            FloatVector invS = FloatVector.fromArray(F, inverse, at + d);
            FloatVector.broadcast(F, half).div(invS).intoArray(source, to + dimension + d);
            invS.mul(-half).intoArray(target, to + dimension + d);
        }
    }

    /**
     * The scalar twin of {@link #coefficients}: same arguments, same bits.
     *
     * @param location r of all components
     * @param logScale log S of all components
     * @param at index of the component's first value in both
     * @param dimension D
     * @param epsilon entropic parameter
     * @param source receives the source coefficients
     * @param target receives the target coefficients
     * @param to index of the component's first coefficient in both
     * @param inverse receives 1 / S
     * @param terms receives log S + r^2 / (epsilon S)
     */
    public static void scalarCoefficients(float[] location, float[] logScale, int at, int dimension, float epsilon, float[] source,
            float[] target, int to, float[] inverse, float[] terms) {
        float inverseEpsilon = 1f / epsilon;
        float half = 0.5f / epsilon;
        for (int d = 0; d < dimension; d++) {
            float invS = FloatMath.exp(-logScale[at + d]);
            float h = location[at + d] * inverseEpsilon;
            float g = h * invS;
            inverse[at + d] = invS;
            source[to + d] = h;
            target[to + d] = g;
            terms[d] = Math.fma(g, location[at + d], logScale[at + d]);
            source[to + dimension + d] = half / invS;
            target[to + dimension + d] = invS * -half;
        }
    }

    /**
     * Turns one component's sums over a batch into gradients of the loss.
     *
     * @param source sums of w x at {@code from} and of w x^2 at {@code from + D}, over the source batch
     * @param target sums of q y and q y^2 over the target batch
     * @param from index of the component's first sum in both
     * @param targetWeight sum of q over the target batch
     * @param location r of all components
     * @param inverse 1 / S of all components
     * @param at index of the component's first value in both
     * @param dimension D
     * @param epsilon entropic parameter
     * @param byLocation receives dL/dr, rows like location's
     * @param byLogScale receives dL/dlog S at the same index
     */
    public static void gradients(float[] source, float[] target, int from, float targetWeight, float[] location, float[] inverse, int at,
            int dimension, float epsilon, float[] byLocation, float[] byLogScale) {
        float inverseEpsilon = 1f / epsilon;
        float half = 0.5f / epsilon;
        float halfWeight = 0.5f * targetWeight;
        for (int d = 0; d < dimension; d += L) {
            FloatVector r = FloatVector.fromArray(F, location, at + d);
            FloatVector invS = FloatVector.fromArray(F, inverse, at + d);
            FloatVector sy = FloatVector.fromArray(F, target, from + d);
            FloatVector u = r.lanewise(VectorOperators.FMA, -targetWeight, sy);
            FloatVector.fromArray(F, source, from + d).sub(u.mul(invS)).mul(inverseEpsilon).intoArray(byLocation, at + d);
            // sum q (y - r)^2 = sum q y^2 - r (sum q y + u), with u = sum q y - r sum q
            FloatVector square = FloatVector.fromArray(F, target, from + dimension + d).sub(r.mul(sy.add(u)));
            FloatVector own = FloatVector.fromArray(F, source, from + dimension + d).div(invS);
            own.sub(square.mul(invS)).lanewise(VectorOperators.FMA, half, halfWeight).intoArray(byLogScale, at + d);
        }
        // the padding's gradient stays zero, so that the optimiser never moves it
        int padded = dimension + VectorSupport.VIRTUAL_LANES - 1 & -VectorSupport.VIRTUAL_LANES;
        for (int d = dimension; d < padded; d++) {
            byLocation[at + d] = 0f;
            byLogScale[at + d] = 0f;
        }
    }

    /**
     * The scalar twin of {@link #gradients}: same arguments, same bits.
     *
     * @param source sums over the source batch
     * @param target sums over the target batch
     * @param from index of the component's first sum in both
     * @param targetWeight sum of q over the target batch
     * @param location r of all components
     * @param inverse 1 / S of all components
     * @param at index of the component's first value in both
     * @param dimension D
     * @param epsilon entropic parameter
     * @param byLocation receives dL/dr
     * @param byLogScale receives dL/dlog S
     */
    public static void scalarGradients(float[] source, float[] target, int from, float targetWeight, float[] location, float[] inverse, int at,
            int dimension, float epsilon, float[] byLocation, float[] byLogScale) {
        float inverseEpsilon = 1f / epsilon;
        float half = 0.5f / epsilon;
        float halfWeight = 0.5f * targetWeight;
        for (int d = 0; d < dimension; d++) {
            float r = location[at + d];
            float invS = inverse[at + d];
            float sy = target[from + d];
            float u = Math.fma(r, -targetWeight, sy);
            byLocation[at + d] = (source[from + d] - u * invS) * inverseEpsilon;
            float square = target[from + dimension + d] - r * (sy + u);
            float own = source[from + dimension + d] / invS;
            byLogScale[at + d] = Math.fma(own - square * invS, half, halfWeight);
        }
    }
}
