package org.pontoon.engine.internal.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The loops on lanes; what they do stands at the door of the same name. */
public final class Chebyshev {

    private static final int L = VectorSupport.LANES;
    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final VectorSpecies<Double> D = VectorSupport.DOUBLES;

    private Chebyshev() {
    }

    public static void polynomials(float[] x, int start, int count, double centre, double halfWidth, int degrees, float[] out, int outStart,
            int outRow, double[] factors) {
        DoubleVector one = DoubleVector.broadcast(D, 1);
        DoubleVector minusOne = DoubleVector.broadcast(D, -1);
        double scale = 1 / halfWidth;
        for (int i = 0; i < count; i += L) {
            // two vectors at a time, or every step would wait for the one before
            FloatVector points = FloatVector.fromArray(F, x, start + i);
            DoubleVector s = ((DoubleVector) points.convertShape(VectorOperators.F2D, D, 0)).sub(centre).mul(scale);
            DoubleVector t = ((DoubleVector) points.rearrange(VectorSupport.UPPER_HALF).convertShape(VectorOperators.F2D, D, 0))
                .sub(centre).mul(scale);
            s = s.blend(minusOne, s.compare(VectorOperators.LT, -1)).blend(one, s.compare(VectorOperators.GT, 1));
            t = t.blend(minusOne, t.compare(VectorOperators.LT, -1)).blend(one, t.compare(VectorOperators.GT, 1));
            DoubleVector s2 = s.add(s);
            DoubleVector t2 = t.add(t);
            DoubleVector sBefore = factors == null ? one : DoubleVector.fromArray(D, factors, i);
            DoubleVector tBefore = factors == null ? one : DoubleVector.fromArray(D, factors, i + L / 2);
            s = s.mul(sBefore);
            t = t.mul(tBefore);
            int at = outStart + i;
            ((FloatVector) sBefore.convertShape(VectorOperators.D2F, F, 0)).blend(((FloatVector) tBefore
                .convertShape(VectorOperators.D2F, F, 0)).rearrange(VectorSupport.UPPER_HALF), VectorSupport.UPPER_LANES)
                .intoArray(out, at);
            for (int a = 1; a < degrees; a++) {
                at += outRow;
                ((FloatVector) s.convertShape(VectorOperators.D2F, F, 0)).blend(((FloatVector) t.convertShape(VectorOperators.D2F, F, 0))
                    .rearrange(VectorSupport.UPPER_HALF), VectorSupport.UPPER_LANES).intoArray(out, at);
                DoubleVector sNext = s2.fma(s, sBefore.neg());
                DoubleVector tNext = t2.fma(t, tBefore.neg());
                sBefore = s;
                tBefore = t;
                s = sNext;
                t = tNext;
            }
        }
    }
}
