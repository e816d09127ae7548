package org.pontoon.engine.internal.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.pontoon.engine.internal.kernel.FloatMath;
import org.pontoon.engine.internal.vector.VectorSupport;

/**
 * The elementwise ends of a light bridge's training step with diagonal S: parameters to logit coefficients, and feature sums to gradients
 * (Korotin, Gushchin, Burnaev 2024, the loss of eq. 12 in closed form).
 *
 * <p>All arrays are (components, dimension) with rows of one stride, a multiple of 16 and at least D; a call works on the row that starts
 * at a given index. Padding holds finite numbers, and its gradient is zero.
 */
public final class DiagonalMixture {

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int L = VectorSupport.LANES;

    private DiagonalMixture() {
    }

    /**
     * Writes one component's logit coefficients for the source side, {@code (x' S x + 2 r' x) / (2 epsilon)}, and for the target side,
     * {@code log N(y | r, epsilon S)}, without the constant terms; and the constant terms coordinate by coordinate.
     *
     * @param location r
     * @param logScale log S
     * @param at index of the component's row in all arrays
     * @param stride length of the row
     * @param epsilon entropic parameter
     * @param sourceSlope receives r / epsilon
     * @param sourceCurve receives S / (2 epsilon)
     * @param targetSlope receives r / (epsilon S)
     * @param targetCurve receives -1 / (2 epsilon S)
     * @param inverse receives 1 / S
     * @param terms receives log S + r^2 / (epsilon S)
     */
    public static void coefficients(float[] location, float[] logScale, int at, int stride, float epsilon, float[] sourceSlope,
            float[] sourceCurve, float[] targetSlope, float[] targetCurve, float[] inverse, float[] terms) {
        float inverseEpsilon = 1f / epsilon;
        float half = 0.5f / epsilon;
        for (int i = at; i < at + stride; i += L) {
            FloatVector x = FloatVector.fromArray(F, logScale, i);
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
            FloatVector loc = FloatVector.fromArray(F, location, i);
            FloatVector h = loc.mul(inverseEpsilon);
            FloatVector g = h.mul(invS);
            invS.intoArray(inverse, i);
            h.intoArray(sourceSlope, i);
            g.intoArray(targetSlope, i);
            g.fma(loc, x).intoArray(terms, i);
            FloatVector.broadcast(F, half).div(invS).intoArray(sourceCurve, i);
            invS.mul(-half).intoArray(targetCurve, i);
        }
    }

    /**
     * The scalar twin of {@link #coefficients}: same arguments, same bits.
     *
     * @param location r
     * @param logScale log S
     * @param at index of the component's row
     * @param stride length of the row
     * @param epsilon entropic parameter
     * @param sourceSlope receives r / epsilon
     * @param sourceCurve receives S / (2 epsilon)
     * @param targetSlope receives r / (epsilon S)
     * @param targetCurve receives -1 / (2 epsilon S)
     * @param inverse receives 1 / S
     * @param terms receives log S + r^2 / (epsilon S)
     */
    public static void scalarCoefficients(float[] location, float[] logScale, int at, int stride, float epsilon, float[] sourceSlope,
            float[] sourceCurve, float[] targetSlope, float[] targetCurve, float[] inverse, float[] terms) {
        float inverseEpsilon = 1f / epsilon;
        float half = 0.5f / epsilon;
        for (int i = at; i < at + stride; i++) {
            float invS = FloatMath.exp(-logScale[i]);
            float h = location[i] * inverseEpsilon;
            float g = h * invS;
            inverse[i] = invS;
            sourceSlope[i] = h;
            targetSlope[i] = g;
            terms[i] = Math.fma(g, location[i], logScale[i]);
            sourceCurve[i] = half / invS;
            targetCurve[i] = invS * -half;
        }
    }

    /**
     * Turns one component's sums over a batch into gradients of the loss.
     *
     * @param sourceFirst sums of w x over the source batch
     * @param sourceSecond sums of w x^2
     * @param targetFirst sums of q y over the target batch
     * @param targetSecond sums of q y^2
     * @param targetWeight sum of q over the target batch
     * @param location r
     * @param inverse 1 / S
     * @param at index of the component's row in all arrays
     * @param dimension D
     * @param epsilon entropic parameter
     * @param byLocation receives dL/dr
     * @param byLogScale receives dL/dlog S
     */
    public static void gradients(float[] sourceFirst, float[] sourceSecond, float[] targetFirst, float[] targetSecond, float targetWeight,
            float[] location, float[] inverse, int at, int dimension, float epsilon, float[] byLocation, float[] byLogScale) {
        float inverseEpsilon = 1f / epsilon;
        float half = 0.5f / epsilon;
        float halfWeight = 0.5f * targetWeight;
        int end = at + dimension;
        int padded = at + (dimension + VectorSupport.VIRTUAL_LANES - 1 & -VectorSupport.VIRTUAL_LANES);
        for (int i = at; i < padded; i += L) {
            FloatVector r = FloatVector.fromArray(F, location, i);
            FloatVector invS = FloatVector.fromArray(F, inverse, i);
            FloatVector sy = FloatVector.fromArray(F, targetFirst, i);
            FloatVector u = r.lanewise(VectorOperators.FMA, -targetWeight, sy);
            FloatVector.fromArray(F, sourceFirst, i).sub(u.mul(invS)).mul(inverseEpsilon).intoArray(byLocation, i);
            // sum q (y - r)^2 = sum q y^2 - r (sum q y + u), with u = sum q y - r sum q
            FloatVector square = FloatVector.fromArray(F, targetSecond, i).sub(r.mul(sy.add(u)));
            FloatVector own = FloatVector.fromArray(F, sourceSecond, i).div(invS);
            own.sub(square.mul(invS)).lanewise(VectorOperators.FMA, half, halfWeight).intoArray(byLogScale, i);
        }
        // the padding's gradient stays zero, so that the optimiser never moves it
        for (int i = end; i < padded; i++) {
            byLocation[i] = 0f;
            byLogScale[i] = 0f;
        }
    }

    /**
     * The scalar twin of {@link #gradients}: same arguments, same bits.
     *
     * @param sourceFirst sums of w x
     * @param sourceSecond sums of w x^2
     * @param targetFirst sums of q y
     * @param targetSecond sums of q y^2
     * @param targetWeight sum of q
     * @param location r
     * @param inverse 1 / S
     * @param at index of the component's row
     * @param dimension D
     * @param epsilon entropic parameter
     * @param byLocation receives dL/dr
     * @param byLogScale receives dL/dlog S
     */
    public static void scalarGradients(float[] sourceFirst, float[] sourceSecond, float[] targetFirst, float[] targetSecond,
            float targetWeight,
            float[] location, float[] inverse, int at, int dimension, float epsilon, float[] byLocation, float[] byLogScale) {
        float inverseEpsilon = 1f / epsilon;
        float half = 0.5f / epsilon;
        float halfWeight = 0.5f * targetWeight;
        for (int i = at; i < at + dimension; i++) {
            float r = location[i];
            float invS = inverse[i];
            float sy = targetFirst[i];
            float u = Math.fma(r, -targetWeight, sy);
            byLocation[i] = (sourceFirst[i] - u * invS) * inverseEpsilon;
            float square = targetSecond[i] - r * (sy + u);
            float own = sourceSecond[i] / invS;
            byLogScale[i] = Math.fma(own - square * invS, half, halfWeight);
        }
    }
}
