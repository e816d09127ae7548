package org.pontoon.engine.internal.scalar;

/**
 * Constants of the exponential 2^-e inside the pair loops, which repeat its few lines: a helper that returns a vector is not reliably
 * inlined. With the exponent in base 2 the reduction e = n - r, |r| at most 1/2, is exact; the polynomial in r, exactly 1 at 0, has a
 * relative error of 9.2e-8 (Remez, free coefficients rounded to float32), the whole at most 1.7e-7 of the value.
 */
public final class PairExponential {

    /** Adding this rounds a float to the nearest integer and leaves that integer in its low bits. */
    public static final float ROUNDING = 12582912f;
    /** Bits of the largest exponent e; a larger one counts as this, and its power is 2^-100. */
    public static final int MOST_BITS = Float.floatToRawIntBits(100f);
    /** Bits of the smallest distance to divide by: a direction of points nearer than this is shorter than 1, and 0 at 0. */
    public static final int NEAREST_BITS = Float.floatToRawIntBits(1e-18f);
    public static final float C5 = 0.0013264727f;
    public static final float C4 = 0.009671513f;
    public static final float C3 = 0.055507336f;
    public static final float C2 = 0.24022242f;
    public static final float C1 = 0.693147f;

    private PairExponential() {
    }

    /**
     * Scalar truth.
     *
     * @param exponent e, above -120, not NaN
     * @return 2^-e, but 2^-100 where e is above 100
     */
    public static float power(float exponent) {
        // the order of bits is the order of floats among positive numbers, and puts negative ones below them
        return powerWithin(Float.intBitsToFloat(Math.min(Float.floatToRawIntBits(exponent), MOST_BITS)));
    }

    /**
     * The same without a bound.
     *
     * @param e exponent, between -120 and 120
     * @return 2^-e
     */
    public static float powerWithin(float e) {
        float t = e + ROUNDING;
        float r = t - ROUNDING - e;
        float p = Math.fma(r, C5, C4);
        p = Math.fma(p, r, C3);
        p = Math.fma(p, r, C2);
        p = Math.fma(p, r, C1);
        p = Math.fma(p, r, 1f);
        return Float.intBitsToFloat(Float.floatToRawIntBits(p) - (Float.floatToRawIntBits(t) << 23));
    }

    /**
     * Bounds a distance from below, to divide by it.
     *
     * @param distance not negative
     * @return at least 1e-18
     */
    public static float nearest(float distance) {
        return Float.intBitsToFloat(Math.max(Float.floatToRawIntBits(distance), NEAREST_BITS));
    }
}
