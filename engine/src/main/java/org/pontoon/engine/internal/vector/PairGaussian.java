package org.pontoon.engine.internal.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.pontoon.engine.internal.scalar.PairExponential;

/** The loops on lanes; what they do stands at the door of the same name. */
public final class PairGaussian {

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int L = VectorSupport.LANES;
    private static final int V = VectorSupport.VIRTUAL_LANES;

    private PairGaussian() {
    }

    public static void sums(float[] squares, int at, int points, float[] weights, int weightsAt, boolean slopes, float[] lanes,
            int lanesAt) {
        for (int lane = 0; lane < V; lane += L) {
            FloatVector sum0 = FloatVector.fromArray(F, lanes, lanesAt + lane);
            FloatVector sum1 = FloatVector.fromArray(F, lanes, lanesAt + V + lane);
            for (int n = lane; n < points; n += V) {
                FloatVector w = FloatVector.fromArray(F, weights, weightsAt + n);
                FloatVector e0 = FloatVector.fromArray(F, squares, at + n).reinterpretAsInts()
                    .lanewise(VectorOperators.MIN, PairExponential.MOST_BITS) // allowed: on integers
                    .reinterpretAsFloats();
                FloatVector t0 = e0.add(PairExponential.ROUNDING);
                FloatVector r0 = t0.sub(PairExponential.ROUNDING).sub(e0);
                FloatVector p0 = r0.fma(PairExponential.C5, PairExponential.C4);
                p0 = p0.fma(r0, FloatVector.broadcast(F, PairExponential.C3));
                p0 = p0.fma(r0, FloatVector.broadcast(F, PairExponential.C2));
                p0 = p0.fma(r0, FloatVector.broadcast(F, PairExponential.C1));
                p0 = p0.fma(r0, FloatVector.broadcast(F, 1f));
                FloatVector k0 = p0.reinterpretAsInts().sub(t0.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
                    .reinterpretAsFloats();
                sum0 = k0.fma(w, sum0);
                if (slopes) {
                    k0.mul(w).intoArray(squares, at + n);
                }
                FloatVector e1 = FloatVector.fromArray(F, squares, at + points + n).reinterpretAsInts()
                    .lanewise(VectorOperators.MIN, PairExponential.MOST_BITS) // allowed: on integers
                    .reinterpretAsFloats();
                FloatVector t1 = e1.add(PairExponential.ROUNDING);
                FloatVector r1 = t1.sub(PairExponential.ROUNDING).sub(e1);
                FloatVector p1 = r1.fma(PairExponential.C5, PairExponential.C4);
                p1 = p1.fma(r1, FloatVector.broadcast(F, PairExponential.C3));
                p1 = p1.fma(r1, FloatVector.broadcast(F, PairExponential.C2));
                p1 = p1.fma(r1, FloatVector.broadcast(F, PairExponential.C1));
                p1 = p1.fma(r1, FloatVector.broadcast(F, 1f));
                FloatVector k1 = p1.reinterpretAsInts().sub(t1.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
                    .reinterpretAsFloats();
                sum1 = k1.fma(w, sum1);
                if (slopes) {
                    k1.mul(w).intoArray(squares, at + points + n);
                }
            }
            sum0.intoArray(lanes, lanesAt + lane);
            sum1.intoArray(lanes, lanesAt + V + lane);
        }
    }
}
