package org.pontoon.engine.internal.scalar;

/**
 * Elementary functions in float64: a scalar truth, and a vector loop over arrays that gives the same bits.
 *
 * <p>Methods are stateless and safe for any thread. Ranges and errors: see the package.
 */
public final class DoubleMath {

    /** Arguments of exp below this give zero. */
    public static final double EXP_LEAST = -708;

    /** Arguments of exp above this give infinity. */
    public static final double EXP_MOST = 709;
    public static final double LOG2_E = 1.4426950408889634;
    public static final double MINUS_LN2_HIGH = -0.6931471805599453;
    public static final double MINUS_LN2_LOW = -2.3190468138462996e-17;

    /** Adding this rounds to the nearest integer and leaves that integer in the low bits. */
    public static final double ROUNDING = 0x1.8p52;

    // reciprocal factorials: what is left out is below 5e-18 on [-ln 2 / 2, ln 2 / 2]
    public static final double EXP13 = 1.6059043836821613e-10;
    public static final double EXP12 = 2.08767569878681e-09;
    public static final double EXP11 = 2.505210838544172e-08;
    public static final double EXP10 = 2.755731922398589e-07;
    public static final double EXP9 = 2.7557319223985893e-06;
    public static final double EXP8 = 2.48015873015873e-05;
    public static final double EXP7 = 0.0001984126984126984;
    public static final double EXP6 = 0.001388888888888889;
    public static final double EXP5 = 0.008333333333333333;
    public static final double EXP4 = 0.041666666666666664;
    public static final double EXP3 = 0.16666666666666666;
    public static final double EXP2 = 0.5;

    private static final int STRETCH = 256;
    private static final ThreadLocal<double[][]> SCRATCH = ThreadLocal.withInitial(() -> new double[3][STRETCH]);

    private DoubleMath() {
    }

    /**
     * Exponential function.
     *
     * @param x the argument, not NaN
     * @return e to the x; 0 below -708, infinity above 709
     */
    public static double exp(double x) {
        if (x < EXP_LEAST) {
            return 0;
        }
        if (x > EXP_MOST) {
            return Double.POSITIVE_INFINITY;
        }
        double t = Math.fma(x, LOG2_E, ROUNDING);
        double n = t - ROUNDING;
        double r = Math.fma(n, MINUS_LN2_LOW, Math.fma(n, MINUS_LN2_HIGH, x));
        double p = Math.fma(EXP13, r, EXP12);
        p = Math.fma(p, r, EXP11);
        p = Math.fma(p, r, EXP10);
        p = Math.fma(p, r, EXP9);
        p = Math.fma(p, r, EXP8);
        p = Math.fma(p, r, EXP7);
        p = Math.fma(p, r, EXP6);
        p = Math.fma(p, r, EXP5);
        p = Math.fma(p, r, EXP4);
        p = Math.fma(p, r, EXP3);
        p = Math.fma(p, r, EXP2);
        p = Math.fma(p, r * r, r) + 1;
        return Double.longBitsToDouble(Double.doubleToRawLongBits(p) + (Double.doubleToRawLongBits(t) << 52));
    }

    /** In two loops, of which C2 turns the first into vectors, over stretches copied out so that its arrays are indexed alike. */
    public static void exp(double[] values, int offset, int count) {
        double[][] scratch = SCRATCH.get();
        for (int from = 0; from < count; from += STRETCH) {
            int size = Math.min(STRETCH, count - from);
            System.arraycopy(values, offset + from, scratch[0], 0, size);
            polynomials(scratch[0], scratch[1], scratch[2], size);
            scale(scratch[0], scratch[1], scratch[2], values, offset + from, size);
        }
    }

    private static void polynomials(double[] x, double[] polynomial, double[] rounded, int count) {
        for (int i = 0; i < count; i++) {
            double t = Math.fma(x[i], LOG2_E, ROUNDING);
            double n = t - ROUNDING;
            double r = Math.fma(n, MINUS_LN2_LOW, Math.fma(n, MINUS_LN2_HIGH, x[i]));
            double p = Math.fma(EXP13, r, EXP12);
            p = Math.fma(p, r, EXP11);
            p = Math.fma(p, r, EXP10);
            p = Math.fma(p, r, EXP9);
            p = Math.fma(p, r, EXP8);
            p = Math.fma(p, r, EXP7);
            p = Math.fma(p, r, EXP6);
            p = Math.fma(p, r, EXP5);
            p = Math.fma(p, r, EXP4);
            p = Math.fma(p, r, EXP3);
            p = Math.fma(p, r, EXP2);
            polynomial[i] = Math.fma(p, r * r, r) + 1;
            rounded[i] = t;
        }
    }

    private static void scale(double[] x, double[] polynomial, double[] rounded, double[] values, int offset, int count) {
        for (int i = 0; i < count; i++) {
            long bits = Double.doubleToRawLongBits(polynomial[i]) + (Double.doubleToRawLongBits(rounded[i]) << 52);
            double power = Double.longBitsToDouble(bits);
            values[offset + i] = x[i] < EXP_LEAST ? 0 : x[i] > EXP_MOST ? Double.POSITIVE_INFINITY : power;
        }
    }
}
