package org.pontoon.engine.internal.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.pontoon.engine.internal.scalar.FloatMath;

/** The loops on lanes; what they do stands at the door of the same name. */
public final class DiagonalMixture {

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int L = VectorSupport.LANES;

    private DiagonalMixture() {
    }

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
}
