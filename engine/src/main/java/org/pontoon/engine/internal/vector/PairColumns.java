package org.pontoon.engine.internal.vector;

import static org.pontoon.engine.internal.scalar.PairColumns.LEAST;
import static org.pontoon.engine.internal.scalar.PairColumns.V;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.pontoon.engine.internal.scalar.PairExponential;

/** The loops on lanes; what they do stands at the door of the same name. */
public final class PairColumns {

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int L = VectorSupport.LANES;

    private PairColumns() {
    }

    public static void gaussian(float[] squares, int at, int points, float[] columns, int columnsAt, int stride, int count,
            float[] lanes, int lanesAt) {
        if (count == LEAST) {
            gaussianOfThree(squares, at, points, columns, columnsAt, stride, lanes, lanesAt);
        } else {
            gaussianOfFour(squares, at, points, columns, columnsAt, stride, lanes, lanesAt);
        }
    }

    private static void gaussianOfThree(float[] squares, int at, int points, float[] columns, int columnsAt, int stride, float[] lanes,
            int lanesAt) {
        for (int lane = 0; lane < V; lane += L) {
            FloatVector a0 = FloatVector.zero(F);
            FloatVector a1 = a0;
            FloatVector a2 = a0;
            FloatVector b0 = a0;
            FloatVector b1 = a0;
            FloatVector b2 = a0;
            for (int n = lane; n < points; n += V) {
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
                FloatVector c = FloatVector.fromArray(F, columns, columnsAt + n);
                a0 = k0.fma(c, a0);
                b0 = k1.fma(c, b0);
                c = FloatVector.fromArray(F, columns, columnsAt + stride + n);
                a1 = k0.fma(c, a1);
                b1 = k1.fma(c, b1);
                c = FloatVector.fromArray(F, columns, columnsAt + 2 * stride + n);
                a2 = k0.fma(c, a2);
                b2 = k1.fma(c, b2);
            }
            a0.intoArray(lanes, lanesAt + lane);
            a1.intoArray(lanes, lanesAt + V + lane);
            a2.intoArray(lanes, lanesAt + 2 * V + lane);
            b0.intoArray(lanes, lanesAt + 3 * V + lane);
            b1.intoArray(lanes, lanesAt + 4 * V + lane);
            b2.intoArray(lanes, lanesAt + 5 * V + lane);
        }
    }

    private static void gaussianOfFour(float[] squares, int at, int points, float[] columns, int columnsAt, int stride, float[] lanes,
            int lanesAt) {
        for (int lane = 0; lane < V; lane += L) {
            FloatVector a0 = FloatVector.zero(F);
            FloatVector a1 = a0;
            FloatVector a2 = a0;
            FloatVector a3 = a0;
            FloatVector b0 = a0;
            FloatVector b1 = a0;
            FloatVector b2 = a0;
            FloatVector b3 = a0;
            for (int n = lane; n < points; n += V) {
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
                FloatVector c = FloatVector.fromArray(F, columns, columnsAt + n);
                a0 = k0.fma(c, a0);
                b0 = k1.fma(c, b0);
                c = FloatVector.fromArray(F, columns, columnsAt + stride + n);
                a1 = k0.fma(c, a1);
                b1 = k1.fma(c, b1);
                c = FloatVector.fromArray(F, columns, columnsAt + 2 * stride + n);
                a2 = k0.fma(c, a2);
                b2 = k1.fma(c, b2);
                c = FloatVector.fromArray(F, columns, columnsAt + 3 * stride + n);
                a3 = k0.fma(c, a3);
                b3 = k1.fma(c, b3);
            }
            a0.intoArray(lanes, lanesAt + lane);
            a1.intoArray(lanes, lanesAt + V + lane);
            a2.intoArray(lanes, lanesAt + 2 * V + lane);
            a3.intoArray(lanes, lanesAt + 3 * V + lane);
            b0.intoArray(lanes, lanesAt + 4 * V + lane);
            b1.intoArray(lanes, lanesAt + 5 * V + lane);
            b2.intoArray(lanes, lanesAt + 6 * V + lane);
            b3.intoArray(lanes, lanesAt + 7 * V + lane);
        }
    }
}
