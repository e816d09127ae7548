package org.pontoon.engine.internal.vector;

import static org.pontoon.engine.internal.scalar.FloatMath.COS10;
import static org.pontoon.engine.internal.scalar.FloatMath.COS2;
import static org.pontoon.engine.internal.scalar.FloatMath.COS4;
import static org.pontoon.engine.internal.scalar.FloatMath.COS6;
import static org.pontoon.engine.internal.scalar.FloatMath.COS8;
import static org.pontoon.engine.internal.scalar.FloatMath.EXP2;
import static org.pontoon.engine.internal.scalar.FloatMath.EXP3;
import static org.pontoon.engine.internal.scalar.FloatMath.EXP4;
import static org.pontoon.engine.internal.scalar.FloatMath.EXP5;
import static org.pontoon.engine.internal.scalar.FloatMath.EXP6;
import static org.pontoon.engine.internal.scalar.FloatMath.EXP7;
import static org.pontoon.engine.internal.scalar.FloatMath.EXP_LEAST;
import static org.pontoon.engine.internal.scalar.FloatMath.EXP_MOST;
import static org.pontoon.engine.internal.scalar.FloatMath.LN2_HIGH;
import static org.pontoon.engine.internal.scalar.FloatMath.LN2_LOW;
import static org.pontoon.engine.internal.scalar.FloatMath.LOG1;
import static org.pontoon.engine.internal.scalar.FloatMath.LOG2;
import static org.pontoon.engine.internal.scalar.FloatMath.LOG2_E;
import static org.pontoon.engine.internal.scalar.FloatMath.LOG3;
import static org.pontoon.engine.internal.scalar.FloatMath.LOG4;
import static org.pontoon.engine.internal.scalar.FloatMath.LOG5;
import static org.pontoon.engine.internal.scalar.FloatMath.LOG6;
import static org.pontoon.engine.internal.scalar.FloatMath.LOG7;
import static org.pontoon.engine.internal.scalar.FloatMath.LOG8;
import static org.pontoon.engine.internal.scalar.FloatMath.LOG9;
import static org.pontoon.engine.internal.scalar.FloatMath.MINUS_LN2_HIGH;
import static org.pontoon.engine.internal.scalar.FloatMath.MINUS_LN2_LOW;
import static org.pontoon.engine.internal.scalar.FloatMath.ROUNDING;
import static org.pontoon.engine.internal.scalar.FloatMath.SIN1;
import static org.pontoon.engine.internal.scalar.FloatMath.SIN3;
import static org.pontoon.engine.internal.scalar.FloatMath.SIN5;
import static org.pontoon.engine.internal.scalar.FloatMath.SIN7;
import static org.pontoon.engine.internal.scalar.FloatMath.SIN9;
import static org.pontoon.engine.internal.scalar.FloatMath.SQRT_HALF_BITS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The loops on lanes; what they do stands at the door of the same name. */
public final class FloatMath {

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int LANES = F.length();

    private FloatMath() {
    }

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
            values[offset + i] = org.pontoon.engine.internal.scalar.FloatMath.exp(values[offset + i]);
        }
    }

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
            sines[sineStart + i] = org.pontoon.engine.internal.scalar.FloatMath.sinPi(v);
            cosines[cosineStart + i] = org.pontoon.engine.internal.scalar.FloatMath.cosPi(v);
        }
    }

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
