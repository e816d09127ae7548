package org.pontoon.engine.internal.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.pontoon.engine.internal.vector.VectorSupport;

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

    static final float SQRT_HALF = 0.70710678f;
    static final int SQRT_HALF_BITS = 0x3f3504f3;
    static final float LOG9 = 7.0376836292E-2f;
    static final float LOG8 = -1.1514610310E-1f;
    static final float LOG7 = 1.1676998740E-1f;
    static final float LOG6 = -1.2420140846E-1f;
    static final float LOG5 = 1.4249322787E-1f;
    static final float LOG4 = -1.6668057665E-1f;
    static final float LOG3 = 2.0000714765E-1f;
    static final float LOG2 = -2.4999993993E-1f;
    static final float LOG1 = 3.3333331174E-1f;
    static final float LN2_HIGH = 0.693359375f;
    static final float LN2_LOW = -2.12194440e-4f;

    static final float SIN1 = 3.14159265f;
    static final float SIN3 = -5.16771278f;
    static final float SIN5 = 2.55016404f;
    static final float SIN7 = -0.599264529f;
    static final float SIN9 = 0.0821458866f;
    static final float COS2 = -4.93480220f;
    static final float COS4 = 4.05871213f;
    static final float COS6 = -1.33526277f;
    static final float COS8 = 0.235330630f;
    static final float COS10 = -0.0258068913f;

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int LANES = VectorSupport.LANES;

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
     * Exponential of every value, in place; the bits of {@link #exp(float)}.
     *
     * @param values the arguments, replaced by the results
     * @param offset first value
     * @param count number of values
     */
    public static void exp(float[] values, int offset, int count) {
        FloatVector zero = FloatVector.zero(F);
        FloatVector infinity = FloatVector.broadcast(F, Float.POSITIVE_INFINITY);
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            FloatVector x = FloatVector.fromArray(F, values, offset + i);
            FloatVector t = x.fma(LOG2_E, ROUNDING);
            FloatVector n = t.sub(ROUNDING);
            FloatVector r = n.lanewise(VectorOperators.FMA, MINUS_LN2_LOW, n.lanewise(VectorOperators.FMA, MINUS_LN2_HIGH, x));
            FloatVector p = r.lanewise(VectorOperators.FMA, EXP7, EXP6);
            p = p.fma(r, FloatVector.broadcast(F, EXP5));
            p = p.fma(r, FloatVector.broadcast(F, EXP4));
            p = p.fma(r, FloatVector.broadcast(F, EXP3));
            p = p.fma(r, FloatVector.broadcast(F, EXP2));
            p = p.fma(r.mul(r), r).add(1f);
            IntVector bits = p.reinterpretAsInts().add(t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23));
            bits.reinterpretAsFloats().blend(zero, x.compare(VectorOperators.LT, EXP_LEAST))
                .blend(infinity, x.compare(VectorOperators.GT, EXP_MOST))
                .intoArray(values, offset + i);
        }
        for (; i < count; i++) {
            values[offset + i] = exp(values[offset + i]);
        }
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

    /**
     * Sine and cosine of pi times every value; the bits of {@link #sinPi} and {@link #cosPi}. Who divides frequencies by pi beforehand
     * needs no reduction by a rounded pi, however large the angles.
     *
     * @param x the arguments, from -2^20 to 2^20
     * @param xStart first argument
     * @param sines receives the sines; may be x itself with the same start
     * @param sineStart where to start
     * @param cosines receives the cosines; may be x itself with the same start
     * @param cosineStart where to start
     * @param count number of values
     */
    public static void sinCosPi(float[] x, int xStart, float[] sines, int sineStart, float[] cosines, int cosineStart, int count) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            FloatVector v = FloatVector.fromArray(F, x, xStart + i);
            FloatVector t = v.fma(2f, ROUNDING);
            FloatVector f = t.sub(ROUNDING).lanewise(VectorOperators.FMA, -0.5f, v);
            FloatVector g = f.mul(f);
            FloatVector s = g.fma(SIN9, SIN7);
            s = s.fma(g, FloatVector.broadcast(F, SIN5));
            s = s.fma(g, FloatVector.broadcast(F, SIN3));
            s = s.fma(g, FloatVector.broadcast(F, SIN1)).mul(f);
            FloatVector c = g.fma(COS10, COS8);
            c = c.fma(g, FloatVector.broadcast(F, COS6));
            c = c.fma(g, FloatVector.broadcast(F, COS4));
            c = c.fma(g, FloatVector.broadcast(F, COS2));
            c = c.fma(g, FloatVector.broadcast(F, 1f));
            IntVector q = t.reinterpretAsInts();
            VectorMask<Float> odd = q.and(1).compare(VectorOperators.NE, 0).cast(F);
            IntVector sinSign = q.lanewise(VectorOperators.LSHL, 30).and(0x80000000);
            IntVector cosSign = q.add(1).lanewise(VectorOperators.LSHL, 30).and(0x80000000);
            s.blend(c, odd).reinterpretAsInts().lanewise(VectorOperators.XOR, sinSign).reinterpretAsFloats()
                .intoArray(sines, sineStart + i);
            c.blend(s, odd).reinterpretAsInts().lanewise(VectorOperators.XOR, cosSign).reinterpretAsFloats()
                .intoArray(cosines, cosineStart + i);
        }
        for (; i < count; i++) {
            float v = x[xStart + i];
            sines[sineStart + i] = sinPi(v);
            cosines[cosineStart + i] = cosPi(v);
        }
    }

    /**
     * Turns pairs of random words into pairs of independent standard normals (Box and Muller 1958), in place of a helper so that the
     * compiler sees one loop.
     *
     * @param radius words that choose the radius, in blocks of 16
     * @param angle words that choose the angle
     * @param count number of pairs, a multiple of 16
     * @param normals receives, for every block of 16 pairs, 16 cosines and then 16 sines
     * @param offset where in normals to start
     */
    public static void boxMuller(int[] radius, int[] angle, int count, float[] normals, int offset) {
        for (int i = 0; i < count; i += LANES) {
            FloatVector u = ((FloatVector) IntVector.fromArray(VectorSupport.INTS, radius, i).lanewise(VectorOperators.LSHR, 1)
                .convert(VectorOperators.I2F, 0)).fma(0x1p-31f, 0x1p-32f);
            IntVector bits = u.reinterpretAsInts();
            IntVector e = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
            FloatVector m = bits.sub(e.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats().sub(1f);
            FloatVector ef = (FloatVector) e.convert(VectorOperators.I2F, 0);
            FloatVector z = m.mul(m);
            FloatVector p = m.fma(LOG9, LOG8);
            p = p.fma(m, FloatVector.broadcast(F, LOG7));
            p = p.fma(m, FloatVector.broadcast(F, LOG6));
            p = p.fma(m, FloatVector.broadcast(F, LOG5));
            p = p.fma(m, FloatVector.broadcast(F, LOG4));
            p = p.fma(m, FloatVector.broadcast(F, LOG3));
            p = p.fma(m, FloatVector.broadcast(F, LOG2));
            p = p.fma(m, FloatVector.broadcast(F, LOG1));
            p = p.mul(m).mul(z);
            p = ef.lanewise(VectorOperators.FMA, LN2_LOW, p);
            p = z.lanewise(VectorOperators.FMA, -0.5f, p);
            FloatVector log = ef.lanewise(VectorOperators.FMA, LN2_HIGH, m.add(p));
            FloatVector r = log.mul(-2f).lanewise(VectorOperators.SQRT);

            FloatVector v = ((FloatVector) IntVector.fromArray(VectorSupport.INTS, angle, i).convert(VectorOperators.I2F, 0)).mul(0x1p-31f);
            FloatVector t = v.fma(2f, ROUNDING);
            FloatVector f = t.sub(ROUNDING).lanewise(VectorOperators.FMA, -0.5f, v);
            FloatVector g = f.mul(f);
            FloatVector s = g.fma(SIN9, SIN7);
            s = s.fma(g, FloatVector.broadcast(F, SIN5));
            s = s.fma(g, FloatVector.broadcast(F, SIN3));
            s = s.fma(g, FloatVector.broadcast(F, SIN1)).mul(f);
            FloatVector c = g.fma(COS10, COS8);
            c = c.fma(g, FloatVector.broadcast(F, COS6));
            c = c.fma(g, FloatVector.broadcast(F, COS4));
            c = c.fma(g, FloatVector.broadcast(F, COS2));
            c = c.fma(g, FloatVector.broadcast(F, 1f));
            IntVector q = t.reinterpretAsInts();
            VectorMask<Float> odd = q.and(1).compare(VectorOperators.NE, 0).cast(F);
            IntVector sinSign = q.lanewise(VectorOperators.LSHL, 30).and(0x80000000);
            IntVector cosSign = q.add(1).lanewise(VectorOperators.LSHL, 30).and(0x80000000);
            FloatVector sine = s.blend(c, odd).reinterpretAsInts().lanewise(VectorOperators.XOR, sinSign).reinterpretAsFloats();
            FloatVector cosine = c.blend(s, odd).reinterpretAsInts().lanewise(VectorOperators.XOR, cosSign).reinterpretAsFloats();
            int at = offset + 2 * (i & -VectorSupport.VIRTUAL_LANES) + (i & VectorSupport.VIRTUAL_LANES - 1);
            r.mul(cosine).intoArray(normals, at);
            r.mul(sine).intoArray(normals, at + VectorSupport.VIRTUAL_LANES);
        }
    }
}
