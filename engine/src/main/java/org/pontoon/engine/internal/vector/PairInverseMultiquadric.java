package org.pontoon.engine.internal.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The loops on lanes; what they do stands at the door of the same name. */
public final class PairInverseMultiquadric {

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int L = VectorSupport.LANES;
    private static final int V = VectorSupport.VIRTUAL_LANES;

    private PairInverseMultiquadric() {
    }

    public static void sums(float[] squares, int at, int points, float[] weights, int weightsAt, boolean slopes, float[] lanes,
            int lanesAt) {
        for (int lane = 0; lane < V; lane += L) {
            FloatVector sum0 = FloatVector.fromArray(F, lanes, lanesAt + lane);
            FloatVector sum1 = FloatVector.fromArray(F, lanes, lanesAt + V + lane);
            for (int n = lane; n < points; n += V) {
                FloatVector w = FloatVector.fromArray(F, weights, weightsAt + n);
                FloatVector s0 = FloatVector.fromArray(F, squares, at + n).add(1f);
                FloatVector k0 = w.div(s0.lanewise(VectorOperators.SQRT));
                sum0 = k0.add(sum0);
                if (slopes) {
                    k0.div(s0).intoArray(squares, at + n);
                }
                FloatVector s1 = FloatVector.fromArray(F, squares, at + points + n).add(1f);
                FloatVector k1 = w.div(s1.lanewise(VectorOperators.SQRT));
                sum1 = k1.add(sum1);
                if (slopes) {
                    k1.div(s1).intoArray(squares, at + points + n);
                }
            }
            sum0.intoArray(lanes, lanesAt + lane);
            sum1.intoArray(lanes, lanesAt + V + lane);
        }
    }
}
