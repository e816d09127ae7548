package org.pontoon.engine.internal.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.pontoon.engine.internal.scalar.PairExponential;
import org.pontoon.engine.internal.vector.VectorSupport;

/**
 * The distance {@code sqrt(q)}, whose negative is the energy kernel; its slope is 1 / sqrt(q). Both within one unit in the last place.
 */
public final class PairEnergy implements PairProfile {

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int L = VectorSupport.LANES;
    private static final int V = VectorSupport.VIRTUAL_LANES;

    /** The kernel. */
    public PairEnergy() {
        // no state
    }

    @Override
    public void sums(float[] squares, int at, int points, float[] weights, int weightsAt, boolean slopes, float[] lanes,
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

    @Override
    public void scalarSums(float[] squares, int at, int points, float[] weights, int weightsAt, boolean slopes, float[] lanes,
            int lanesAt) {
        for (int row = 0; row < 2; row++) {
            for (int n = 0; n < points; n++) {
                int q = at + row * points + n;
                float w = weights[weightsAt + n];
                int lane = lanesAt + row * V + n % V;
                float d = (float) Math.sqrt(squares[q]);
                lanes[lane] = Math.fma(d, w, lanes[lane]);
                if (slopes) {
                    squares[q] = w / PairExponential.nearest(d);
                }
            }
        }
    }
}
