package org.pontoon.engine.internal.scalar;

/** The scalar twins of the loops of the same names. */
public final class DiagonalMixture {

    private DiagonalMixture() {
    }

    public static void coefficients(float[] location, float[] logScale, int at, int stride, float epsilon, float[] sourceSlope,
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

    public static void gradients(float[] sourceFirst, float[] sourceSecond, float[] targetFirst, float[] targetSecond,
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
