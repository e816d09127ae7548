package org.pontoon.engine.internal.vector;

import static org.pontoon.engine.internal.scalar.PairLogSumExp.V;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.pontoon.engine.internal.scalar.PairExponential;

/** The loops on lanes; what they do stands at the door of the same name. */
public final class PairLogSumExp {

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final VectorSpecies<Integer> I = VectorSupport.INTS;
    private static final int L = VectorSupport.LANES;
    private static final int HUGE_BITS = Float.floatToRawIntBits(Float.MAX_VALUE);

    private PairLogSumExp() {
    }

    public static void least(float[] squares, int at, int points, float[] biases, int biasesAt, boolean roots, float[] lanes) {
        for (int lane = 0; lane < V; lane += L) {
            IntVector least0 = IntVector.broadcast(I, HUGE_BITS);
            IntVector least1 = least0;
            for (int n = lane; n < points; n += V) {
                FloatVector b = FloatVector.fromArray(F, biases, biasesAt + n);
                FloatVector d0 = FloatVector.fromArray(F, squares, at + n);
                FloatVector d1 = FloatVector.fromArray(F, squares, at + points + n);
                if (roots) {
                    d0 = d0.lanewise(VectorOperators.SQRT);
                    d1 = d1.lanewise(VectorOperators.SQRT);
                }
                least0 = d0.add(b).reinterpretAsInts().lanewise(VectorOperators.MIN, least0); // allowed: on integers
                least1 = d1.add(b).reinterpretAsInts().lanewise(VectorOperators.MIN, least1); // allowed: on integers
            }
            least0.reinterpretAsFloats().intoArray(lanes, lane);
            least1.reinterpretAsFloats().intoArray(lanes, V + lane);
        }
    }

    public static void sums(float[] squares, int at, int points, float[] biases, int biasesAt, float first, float second, boolean roots,
            float[] terms, float[] slopes, float[] lanes) {
        if (roots) {
            sumsOfRoots(squares, at, points, biases, biasesAt, first, second, terms, slopes, lanes);
        } else {
            sumsOfSquares(squares, at, points, biases, biasesAt, first, second, terms, slopes, lanes);
        }
    }

    // Two methods: where C2 had seen both in one, the loop over squares was an eighth slower.

    private static void sumsOfSquares(float[] squares, int at, int points, float[] biases, int biasesAt, float first, float second,
            float[] terms, float[] slopes, float[] lanes) {
        FloatVector reference0 = FloatVector.broadcast(F, first);
        FloatVector reference1 = FloatVector.broadcast(F, second);
        for (int lane = 0; lane < V; lane += L) {
            FloatVector sum0 = FloatVector.zero(F);
            FloatVector sum1 = sum0;
            IntVector least0 = IntVector.broadcast(I, HUGE_BITS);
            IntVector least1 = least0;
            for (int n = lane; n < points; n += V) {
                FloatVector b = FloatVector.fromArray(F, biases, biasesAt + n);
                FloatVector d0 = FloatVector.fromArray(F, squares, at + n);
                FloatVector x0 = d0.add(b);
                least0 = x0.reinterpretAsInts().lanewise(VectorOperators.MIN, least0); // allowed: on integers
                FloatVector e0 = x0.sub(reference0).reinterpretAsInts().lanewise(VectorOperators.MIN, PairExponential.MOST_BITS) // allowed: on integers
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
                sum0 = k0.add(sum0);
                if (terms != null) {
                    k0.intoArray(terms, at + n);
                    if (slopes != null) {
                        k0.div(d0.reinterpretAsInts().lanewise(VectorOperators.MAX, PairExponential.NEAREST_BITS) // allowed: on integers
                            .reinterpretAsFloats()).intoArray(slopes, at + n);
                    }
                }
                FloatVector d1 = FloatVector.fromArray(F, squares, at + points + n);
                FloatVector x1 = d1.add(b);
                least1 = x1.reinterpretAsInts().lanewise(VectorOperators.MIN, least1); // allowed: on integers
                FloatVector e1 = x1.sub(reference1).reinterpretAsInts().lanewise(VectorOperators.MIN, PairExponential.MOST_BITS) // allowed: on integers
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
                sum1 = k1.add(sum1);
                if (terms != null) {
                    k1.intoArray(terms, at + points + n);
                    if (slopes != null) {
                        k1.div(d1.reinterpretAsInts().lanewise(VectorOperators.MAX, PairExponential.NEAREST_BITS) // allowed: on integers
                            .reinterpretAsFloats()).intoArray(slopes, at + points + n);
                    }
                }
            }
            sum0.intoArray(lanes, lane);
            least0.reinterpretAsFloats().intoArray(lanes, V + lane);
            sum1.intoArray(lanes, 2 * V + lane);
            least1.reinterpretAsFloats().intoArray(lanes, 3 * V + lane);
        }
    }

    private static void sumsOfRoots(float[] squares, int at, int points, float[] biases, int biasesAt, float first, float second,
            float[] terms, float[] slopes, float[] lanes) {
        FloatVector reference0 = FloatVector.broadcast(F, first);
        FloatVector reference1 = FloatVector.broadcast(F, second);
        for (int lane = 0; lane < V; lane += L) {
            FloatVector sum0 = FloatVector.zero(F);
            FloatVector sum1 = sum0;
            IntVector least0 = IntVector.broadcast(I, HUGE_BITS);
            IntVector least1 = least0;
            for (int n = lane; n < points; n += V) {
                FloatVector b = FloatVector.fromArray(F, biases, biasesAt + n);
                FloatVector d0 = FloatVector.fromArray(F, squares, at + n).lanewise(VectorOperators.SQRT);
                FloatVector x0 = d0.add(b);
                least0 = x0.reinterpretAsInts().lanewise(VectorOperators.MIN, least0); // allowed: on integers
                FloatVector e0 = x0.sub(reference0).reinterpretAsInts().lanewise(VectorOperators.MIN, PairExponential.MOST_BITS) // allowed: on integers
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
                sum0 = k0.add(sum0);
                if (terms != null) {
                    k0.intoArray(terms, at + n);
                    if (slopes != null) {
                        k0.div(d0.reinterpretAsInts().lanewise(VectorOperators.MAX, PairExponential.NEAREST_BITS) // allowed: on integers
                            .reinterpretAsFloats()).intoArray(slopes, at + n);
                    }
                }
                FloatVector d1 = FloatVector.fromArray(F, squares, at + points + n).lanewise(VectorOperators.SQRT);
                FloatVector x1 = d1.add(b);
                least1 = x1.reinterpretAsInts().lanewise(VectorOperators.MIN, least1); // allowed: on integers
                FloatVector e1 = x1.sub(reference1).reinterpretAsInts().lanewise(VectorOperators.MIN, PairExponential.MOST_BITS) // allowed: on integers
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
                sum1 = k1.add(sum1);
                if (terms != null) {
                    k1.intoArray(terms, at + points + n);
                    if (slopes != null) {
                        k1.div(d1.reinterpretAsInts().lanewise(VectorOperators.MAX, PairExponential.NEAREST_BITS) // allowed: on integers
                            .reinterpretAsFloats()).intoArray(slopes, at + points + n);
                    }
                }
            }
            sum0.intoArray(lanes, lane);
            least0.reinterpretAsFloats().intoArray(lanes, V + lane);
            sum1.intoArray(lanes, 2 * V + lane);
            least1.reinterpretAsFloats().intoArray(lanes, 3 * V + lane);
        }
    }
}
