package org.pontoon.engine.internal.vector;

import static org.pontoon.engine.internal.scalar.DoubleMath.EXP10;
import static org.pontoon.engine.internal.scalar.DoubleMath.EXP11;
import static org.pontoon.engine.internal.scalar.DoubleMath.EXP12;
import static org.pontoon.engine.internal.scalar.DoubleMath.EXP13;
import static org.pontoon.engine.internal.scalar.DoubleMath.EXP2;
import static org.pontoon.engine.internal.scalar.DoubleMath.EXP3;
import static org.pontoon.engine.internal.scalar.DoubleMath.EXP4;
import static org.pontoon.engine.internal.scalar.DoubleMath.EXP5;
import static org.pontoon.engine.internal.scalar.DoubleMath.EXP6;
import static org.pontoon.engine.internal.scalar.DoubleMath.EXP7;
import static org.pontoon.engine.internal.scalar.DoubleMath.EXP8;
import static org.pontoon.engine.internal.scalar.DoubleMath.EXP9;
import static org.pontoon.engine.internal.scalar.DoubleMath.EXP_LEAST;
import static org.pontoon.engine.internal.scalar.DoubleMath.EXP_MOST;
import static org.pontoon.engine.internal.scalar.DoubleMath.LOG2_E;
import static org.pontoon.engine.internal.scalar.DoubleMath.MINUS_LN2_HIGH;
import static org.pontoon.engine.internal.scalar.DoubleMath.MINUS_LN2_LOW;
import static org.pontoon.engine.internal.scalar.DoubleMath.ROUNDING;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The loops on lanes; what they do stands at the door of the same name. */
public final class DoubleMath {

    private static final VectorSpecies<Double> F = VectorSupport.DOUBLES;
    private static final int LANES = F.length();

    private DoubleMath() {
    }

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
            values[offset + i] = org.pontoon.engine.internal.scalar.DoubleMath.exp(values[offset + i]);
        }
    }
}
