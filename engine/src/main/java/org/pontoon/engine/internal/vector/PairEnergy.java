package org.pontoon.engine.internal.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.pontoon.engine.internal.scalar.PairExponential;

/** The loops on lanes; what they do stands at the door of the same name. */
public final class PairEnergy {

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int L = VectorSupport.LANES;
    private static final int V = VectorSupport.VIRTUAL_LANES;

    private PairEnergy() {
    }

    public static void sums(float[] squares, int at, int points, float[] weights, int weightsAt, boolean slopes, float[] lanes,
            int lanesAt) {
        for (int lane = 0; lane < V; lane += L) {
            FloatVector sum0 = FloatVector.fromArray(F, lanes, lanesAt + lane);
            FloatVector sum1 = FloatVector.fromArray(F, lanes, lanesAt + V + lane);
            for (int n = lane; n < points; n += V) {
                FloatVector w = FloatVector.fromArray(F, weights, weightsAt + n);
                FloatVector d0 = FloatVector.fromArray(F, squares, at + n).lanewise(VectorOperators.SQRT);
                sum0 = d0.fma(w, sum0);
                if (slopes) {
                    w.div(d0.reinterpretAsInts().lanewise(VectorOperators.MAX, PairExponential.NEAREST_BITS) // allowed: on integers
                        .reinterpretAsFloats()).intoArray(squares, at + n);
                }
                FloatVector d1 = FloatVector.fromArray(F, squares, at + points + n).lanewise(VectorOperators.SQRT);
                sum1 = d1.fma(w, sum1);
                if (slopes) {
                    w.div(d1.reinterpretAsInts().lanewise(VectorOperators.MAX, PairExponential.NEAREST_BITS) // allowed: on integers
                        .reinterpretAsFloats()).intoArray(squares, at + points + n);
                }
            }
            sum0.intoArray(lanes, lanesAt + lane);
            sum1.intoArray(lanes, lanesAt + V + lane);
        }
    }
}
