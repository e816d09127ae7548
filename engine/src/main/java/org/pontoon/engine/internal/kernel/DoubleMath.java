package org.pontoon.engine.internal.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.pontoon.engine.internal.vector.VectorSupport;

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

    private static final double LOG2_E = 1.4426950408889634;
    private static final double MINUS_LN2_HIGH = -0.6931471805599453;
    private static final double MINUS_LN2_LOW = -2.3190468138462996e-17;
    /** Adding this rounds to the nearest integer and leaves that integer in the low bits. */
    private static final double ROUNDING = 0x1.8p52;
    // reciprocal factorials: what is left out is below 5e-18 on [-ln 2 / 2, ln 2 / 2]
    private static final double EXP13 = 1.6059043836821613e-10;
    private static final double EXP12 = 2.08767569878681e-09;
    private static final double EXP11 = 2.505210838544172e-08;
    private static final double EXP10 = 2.755731922398589e-07;
    private static final double EXP9 = 2.7557319223985893e-06;
    private static final double EXP8 = 2.48015873015873e-05;
    private static final double EXP7 = 0.0001984126984126984;
    private static final double EXP6 = 0.001388888888888889;
    private static final double EXP5 = 0.008333333333333333;
    private static final double EXP4 = 0.041666666666666664;
    private static final double EXP3 = 0.16666666666666666;
    private static final double EXP2 = 0.5;

    private static final VectorSpecies<Double> F = VectorSupport.DOUBLES;
    private static final int LANES = F.length();

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

    /**
     * Exponential of every value, in place; the bits of {@link #exp(double)}.
     *
     * @param values the arguments, replaced by the results
     * @param offset first value
     * @param count number of values
     */
    public static void exp(double[] values, int offset, int count) {
        DoubleVector zero = DoubleVector.zero(F);
        DoubleVector infinity = DoubleVector.broadcast(F, Double.POSITIVE_INFINITY);
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            DoubleVector x = DoubleVector.fromArray(F, values, offset + i);
            DoubleVector t = x.lanewise(VectorOperators.FMA, LOG2_E, ROUNDING);
            DoubleVector n = t.sub(ROUNDING);
            DoubleVector r = n.lanewise(VectorOperators.FMA, MINUS_LN2_LOW, n.lanewise(VectorOperators.FMA, MINUS_LN2_HIGH, x));
            DoubleVector p = r.lanewise(VectorOperators.FMA, EXP13, EXP12);
            p = p.fma(r, DoubleVector.broadcast(F, EXP11));
            p = p.fma(r, DoubleVector.broadcast(F, EXP10));
            p = p.fma(r, DoubleVector.broadcast(F, EXP9));
            p = p.fma(r, DoubleVector.broadcast(F, EXP8));
            p = p.fma(r, DoubleVector.broadcast(F, EXP7));
            p = p.fma(r, DoubleVector.broadcast(F, EXP6));
            p = p.fma(r, DoubleVector.broadcast(F, EXP5));
            p = p.fma(r, DoubleVector.broadcast(F, EXP4));
            p = p.fma(r, DoubleVector.broadcast(F, EXP3));
            p = p.fma(r, DoubleVector.broadcast(F, EXP2));
            p = p.fma(r.mul(r), r).add(1);
            LongVector bits = p.reinterpretAsLongs().add(t.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52));
            bits.reinterpretAsDoubles().blend(zero, x.compare(VectorOperators.LT, EXP_LEAST))
                .blend(infinity, x.compare(VectorOperators.GT, EXP_MOST))
                .intoArray(values, offset + i);
        }
        for (; i < count; i++) {
            values[offset + i] = exp(values[offset + i]);
        }
    }
}
