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
    private static final float MOST = 100f;
    private static final float NEAREST = 1e-18f;
    public static final float C5 = 0.0013264727f;
    public static final float C4 = 0.009671513f;
    public static final float C3 = 0.055507336f;
    public static final float C2 = 0.24022242f;
    public static final float C1 = 0.693147f;

    private PairExponential() {
    }

    /** Bounds exponents by 100, in place. */
    public static void bound(float[] e, int count) {
        for (int n = 0; n < count; n++) {
            e[n] = Math.min(e[n], MOST);
        }
    }

    /** Replaces exponents e, between -120 and 120, by powers 2^-e: in two loops, of which C2 turns the first into vectors. */
    public static void powers(float[] e, float[] rounded, int count) {
        polynomials(e, rounded, count);
        scale(e, rounded, count);
    }

    private static void polynomials(float[] e, float[] rounded, int count) {
        for (int n = 0; n < count; n++) {
            float t = e[n] + ROUNDING;
            float r = t - ROUNDING - e[n];
            float p = Math.fma(r, C5, C4);
            p = Math.fma(p, r, C3);
            p = Math.fma(p, r, C2);
            p = Math.fma(p, r, C1);
            e[n] = Math.fma(p, r, 1f);
            rounded[n] = t;
        }
    }

    private static void scale(float[] p, float[] rounded, int count) {
        for (int n = 0; n < count; n++) {
            p[n] = Float.intBitsToFloat(Float.floatToRawIntBits(p[n]) - (Float.floatToRawIntBits(rounded[n]) << 23));
        }
    }

    /** Divides values by distances, bounded from below. */
    static void divide(float[] values, float[] distances, int count) {
        for (int n = 0; n < count; n++) {
            values[n] /= Math.max(distances[n], NEAREST);
        }
    }

    /** Replaces squares by distances. */
    static void roots(float[] squares, int count) {
        for (int n = 0; n < count; n++) {
            squares[n] = (float) Math.sqrt(squares[n]);
        }
    }

    /** Multiplies values by others. */
    static void multiply(float[] values, float[] factors, int count) {
        for (int n = 0; n < count; n++) {
            values[n] *= factors[n];
        }
    }
}
