package org.pontoon.engine.internal.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.pontoon.engine.internal.scalar.PairExponential;
import org.pontoon.engine.internal.vector.VectorSupport;

/**
 * The Gaussian kernel {@code 2^-q} of {@link PairGaussian} where q is known to be at most 120, because the kernel is wide for its points:
 * without bounding q, a twelfth of the loop. The same bits for q up to 100, and a relative error of at most 1.7e-7 beyond.
 */
public final class PairWideGaussian implements PairProfile {

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int L = VectorSupport.LANES;
    private static final int V = VectorSupport.VIRTUAL_LANES;

    /** The kernel. */
    public PairWideGaussian() {
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
                FloatVector e0 = FloatVector.fromArray(F, squares, at + n);
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
                FloatVector e1 = FloatVector.fromArray(F, squares, at + points + n);
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

    @Override
    public void scalarSums(float[] squares, int at, int points, float[] weights, int weightsAt, boolean slopes, float[] lanes,
            int lanesAt) {
        for (int row = 0; row < 2; row++) {
            for (int n = 0; n < points; n++) {
                int q = at + row * points + n;
                float w = weights[weightsAt + n];
                int lane = lanesAt + row * V + n % V;
                float k = PairExponential.powerWithin(squares[q]);
                lanes[lane] = Math.fma(k, w, lanes[lane]);
                if (slopes) {
                    squares[q] = k * w;
                }
            }
        }
    }
}
