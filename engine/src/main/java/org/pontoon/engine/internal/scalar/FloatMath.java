package org.pontoon.engine.internal.scalar;

/**
 * Elementary functions in float32: one scalar truth each, and a vector loop over arrays that gives the same bits.
 *
 * <p>Methods are stateless and safe for any thread. Ranges and errors: see the package.
 */
public final class FloatMath {

    /** 1 / ln 2. */
    public static final float LOG2_E = 1.44269504f;

    /** High part of ln 2, exact in few bits, negated. */
    public static final float MINUS_LN2_HIGH = -0.693145752f;

    /** Low part of ln 2, negated. */
    public static final float MINUS_LN2_LOW = -1.42860677e-6f;

    /** Adding this rounds a float to the nearest integer and leaves that integer in its low bits. */
    public static final float ROUNDING = 12582912f;

    /** Arguments of exp below this give zero. */
    public static final float EXP_LEAST = -87f;

    /** Arguments of exp above this give infinity. */
    public static final float EXP_MOST = 88.7f;

    /** Coefficient of r^7 in exp. */
    public static final float EXP7 = 1.9875691500E-4f;

    /** Coefficient of r^6 in exp. */
    public static final float EXP6 = 1.3981999507E-3f;

    /** Coefficient of r^5 in exp. */
    public static final float EXP5 = 8.3334519073E-3f;

    /** Coefficient of r^4 in exp. */
    public static final float EXP4 = 4.1665795894E-2f;

    /** Coefficient of r^3 in exp. */
    public static final float EXP3 = 1.6666665459E-1f;

    /** Coefficient of r^2 in exp. */
    public static final float EXP2 = 5.0000001201E-1f;
    public static final float SQRT_HALF = 0.70710678f;
    public static final int SQRT_HALF_BITS = 0x3f3504f3;
    public static final float LOG9 = 7.0376836292E-2f;
    public static final float LOG8 = -1.1514610310E-1f;
    public static final float LOG7 = 1.1676998740E-1f;
    public static final float LOG6 = -1.2420140846E-1f;
    public static final float LOG5 = 1.4249322787E-1f;
    public static final float LOG4 = -1.6668057665E-1f;
    public static final float LOG3 = 2.0000714765E-1f;
    public static final float LOG2 = -2.4999993993E-1f;
    public static final float LOG1 = 3.3333331174E-1f;
    public static final float LN2_HIGH = 0.693359375f;
    public static final float LN2_LOW = -2.12194440e-4f;
    public static final float SIN1 = 3.14159265f;
    public static final float SIN3 = -5.16771278f;
    public static final float SIN5 = 2.55016404f;
    public static final float SIN7 = -0.599264529f;
    public static final float SIN9 = 0.0821458866f;
    public static final float COS2 = -4.93480220f;
    public static final float COS4 = 4.05871213f;
    public static final float COS6 = -1.33526277f;
    public static final float COS8 = 0.235330630f;
    public static final float COS10 = -0.0258068913f;

    private FloatMath() {
    }

    /**
     * Exponential function.
     *
     * @param x the argument, not NaN
     * @return e to the x; 0 below -87, infinity above 88.7
     */
    public static float exp(float x) {
        if (x < EXP_LEAST) {
            return 0f;
        }
        if (x > EXP_MOST) {
            return Float.POSITIVE_INFINITY;
        }
        float t = Math.fma(x, LOG2_E, ROUNDING);
        float n = t - ROUNDING;
        float r = Math.fma(n, MINUS_LN2_LOW, Math.fma(n, MINUS_LN2_HIGH, x));
        float p = Math.fma(EXP7, r, EXP6);
        p = Math.fma(p, r, EXP5);
        p = Math.fma(p, r, EXP4);
        p = Math.fma(p, r, EXP3);
        p = Math.fma(p, r, EXP2);
        p = Math.fma(p, r * r, r) + 1f;
        return Float.intBitsToFloat(Float.floatToRawIntBits(p) + (Float.floatToRawIntBits(t) << 23));
    }

    /**
     * Natural logarithm.
     *
     * @param x a positive normal number
     * @return ln x
     */
    public static float log(float x) {
        int bits = Float.floatToRawIntBits(x);
        int e = (bits - SQRT_HALF_BITS) >> 23;
        float m = Float.intBitsToFloat(bits - (e << 23)) - 1f;
        float z = m * m;
        float p = Math.fma(LOG9, m, LOG8);
        p = Math.fma(p, m, LOG7);
        p = Math.fma(p, m, LOG6);
        p = Math.fma(p, m, LOG5);
        p = Math.fma(p, m, LOG4);
        p = Math.fma(p, m, LOG3);
        p = Math.fma(p, m, LOG2);
        p = Math.fma(p, m, LOG1);
        p = p * m * z;
        p = Math.fma((float) e, LN2_LOW, p);
        p = Math.fma(-0.5f, z, p);
        return Math.fma((float) e, LN2_HIGH, m + p);
    }

    /**
     * Sine of pi times x.
     *
     * @param x from -2^20 to 2^20
     * @return sin(pi x)
     */
    public static float sinPi(float x) {
        return quarterTurns(x, 0);
    }

    /**
     * Cosine of pi times x.
     *
     * @param x from -2^20 to 2^20
     * @return cos(pi x)
     */
    public static float cosPi(float x) {
        return quarterTurns(x, 1);
    }

    private static float quarterTurns(float x, int shift) {
        float t = Math.fma(x, 2f, ROUNDING);
        float f = Math.fma(t - ROUNDING, -0.5f, x);
        int q = Float.floatToRawIntBits(t) + shift;
        float g = f * f;
        float y = (q & 1) == 0 ? sinPolynomial(f, g) : cosPolynomial(g);
        return Float.intBitsToFloat(Float.floatToRawIntBits(y) ^ (q << 30 & 0x80000000));
    }

    static float sinPolynomial(float f, float g) {
        return Math.fma(Math.fma(Math.fma(Math.fma(SIN9, g, SIN7), g, SIN5), g, SIN3), g, SIN1) * f;
    }

    static float cosPolynomial(float g) {
        return Math.fma(Math.fma(Math.fma(Math.fma(Math.fma(COS10, g, COS8), g, COS6), g, COS4), g, COS2), g, 1f);
    }

    public static void exp(float[] values, int offset, int count) {
        for (int i = offset; i < offset + count; i++) {
            values[i] = exp(values[i]);
        }
    }

    public static void sinCosPi(float[] x, int xStart, float[] sines, int sineStart, float[] cosines, int cosineStart, int count) {
        for (int i = 0; i < count; i++) {
            float v = x[xStart + i];
            sines[sineStart + i] = sinPi(v);
            cosines[cosineStart + i] = cosPi(v);
        }
    }

    public static void boxMuller(int[] radius, int[] angle, int count, float[] normals, int offset) {
        for (int i = 0; i < count; i++) {
            float u = Math.fma((float) (radius[i] >>> 1), 0x1p-31f, 0x1p-32f);
            float r = (float) Math.sqrt(log(u) * -2f);
            float v = angle[i] * 0x1p-31f;
            int at = offset + 2 * (i & -Lanes.VIRTUAL) + (i & Lanes.VIRTUAL - 1);
            normals[at] = r * cosPi(v);
            normals[at + Lanes.VIRTUAL] = r * sinPi(v);
        }
    }
}
