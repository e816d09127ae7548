package org.pontoon.engine.internal.kernel;

import java.util.Arrays;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.pontoon.engine.internal.vector.VectorSupport;

/**
 * Log-sum-exp over tiles of points, in base 2 and with signs turned: the terms are {@code 2^-(c + b)} with costs c and biases b that are not
 * negative, so that the order of exponents is the order of their bits, and a row is summed relative to a reference near its least exponent.
 *
 * <p>A reference holds for many tiles: {@link #least} finds it on a row's first tile, {@link #sums} tells the least exponent that it met, and
 * only where that lies more than {@value #MARGIN} below the reference has the tile to be done again with a lower one. Above the reference
 * by more than 100, a term counts as 2^-100. The absolute error of an exponent, which is the relative error of its term, is at most
 * {@code 2^-24 (c + b)} for each rounding: three in all, and the reference's subtraction is exact nearby.
 */
public final class PairLogSumExp {

    /** How far below a row's reference an exponent may lie. */
    public static final int MARGIN = 60;

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final VectorSpecies<Integer> I = VectorSupport.INTS;
    private static final int L = VectorSupport.LANES;
    private static final int V = VectorSupport.VIRTUAL_LANES;
    private static final int HUGE_BITS = Float.floatToRawIntBits(Float.MAX_VALUE);

    private PairLogSumExp() {
    }

    /**
     * Finds the least exponent of two rows, in 16 lanes.
     *
     * @param squares squared distances, below 0 by rounding at most, of row 0 from {@code at}, of row 1 from {@code at + points}
     * @param at where row 0 starts
     * @param points padded number of points, a multiple of 16
     * @param biases b, at least 0; infinite for padding
     * @param biasesAt where they start
     * @param roots whether the cost c is the square or its root
     * @param lanes receives 16 values of row 0 and 16 of row 1, at most the largest float
     */
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
                least0 = least0.lanewise(VectorOperators.MIN, d0.add(b).reinterpretAsInts()); // allowed: on integers
                least1 = least1.lanewise(VectorOperators.MIN, d1.add(b).reinterpretAsInts()); // allowed: on integers
            }
            least0.reinterpretAsFloats().intoArray(lanes, lane);
            least1.reinterpretAsFloats().intoArray(lanes, V + lane);
        }
    }

    /**
     * Sums the terms of two rows relative to their references, {@code 2^-(c + b - reference)}, in 16 virtual lanes: each a chain in point
     * order.
     *
     * @param squares squared distances of row 0 from {@code at}, of row 1 from {@code at + points}
     * @param at where row 0 starts
     * @param points padded number of points, a multiple of 16
     * @param biases b, at least 0; infinite for padding
     * @param biasesAt where they start
     * @param first reference of row 0
     * @param second reference of row 1
     * @param roots whether the cost c is the square or its root
     * @param terms receives the terms where the squares are, or null
     * @param slopes receives each term over its cost, or null; only with terms
     * @param lanes receives 16 sums and 16 least exponents of row 0, then the same of row 1; sums are good where the least exponents of the
     *            row are not more than {@value #MARGIN} below its reference
     */
    public static void sums(float[] squares, int at, int points, float[] biases, int biasesAt, float first, float second, boolean roots,
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
                if (roots) {
                    d0 = d0.lanewise(VectorOperators.SQRT);
                }
                FloatVector x0 = d0.add(b);
                least0 = least0.lanewise(VectorOperators.MIN, x0.reinterpretAsInts()); // allowed: on integers
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
                sum0 = sum0.add(k0);
                if (terms != null) {
                    k0.intoArray(terms, at + n);
                    if (slopes != null) {
                        k0.div(d0.reinterpretAsInts().lanewise(VectorOperators.MAX, PairExponential.NEAREST_BITS) // allowed: on integers
                            .reinterpretAsFloats()).intoArray(slopes, at + n);
                    }
                }
                FloatVector d1 = FloatVector.fromArray(F, squares, at + points + n);
                if (roots) {
                    d1 = d1.lanewise(VectorOperators.SQRT);
                }
                FloatVector x1 = d1.add(b);
                least1 = least1.lanewise(VectorOperators.MIN, x1.reinterpretAsInts()); // allowed: on integers
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
                sum1 = sum1.add(k1);
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

    /**
     * The scalar twin of {@link #least}: same arguments, same bits.
     *
     * @param squares squared distances of two rows
     * @param at where row 0 starts
     * @param points padded number of points
     * @param biases b
     * @param biasesAt where they start
     * @param roots whether the cost c is the square or its root
     * @param lanes receives 16 values of row 0 and 16 of row 1
     */
    public static void scalarLeast(float[] squares, int at, int points, float[] biases, int biasesAt, boolean roots, float[] lanes) {
        Arrays.fill(lanes, 0, 2 * V, Float.MAX_VALUE);
        for (int row = 0; row < 2; row++) {
            for (int n = 0; n < points; n++) {
                float q = squares[at + row * points + n];
                int lane = row * V + n % V;
                lanes[lane] = Math.min(lanes[lane], (roots ? (float) Math.sqrt(q) : q) + biases[biasesAt + n]);
            }
        }
    }

    /**
     * The scalar twin of {@link #sums}: same arguments, same bits.
     *
     * @param squares squared distances of two rows
     * @param at where row 0 starts
     * @param points padded number of points
     * @param biases b
     * @param biasesAt where they start
     * @param first reference of row 0
     * @param second reference of row 1
     * @param roots whether the cost c is the square or its root
     * @param terms receives the terms, or null
     * @param slopes receives each term over its cost, or null
     * @param lanes receives 16 sums and 16 least exponents of row 0, then the same of row 1
     */
    public static void scalarSums(float[] squares, int at, int points, float[] biases, int biasesAt, float first, float second,
            boolean roots, float[] terms, float[] slopes, float[] lanes) {
        for (int row = 0; row < 2; row++) {
            Arrays.fill(lanes, 2 * row * V, (2 * row + 1) * V, 0f);
            Arrays.fill(lanes, (2 * row + 1) * V, (2 * row + 2) * V, Float.MAX_VALUE);
            for (int n = 0; n < points; n++) {
                int q = at + row * points + n;
                int lane = 2 * row * V + n % V;
                float cost = roots ? (float) Math.sqrt(squares[q]) : squares[q];
                float exponent = cost + biases[biasesAt + n];
                float k = PairExponential.power(exponent - (row == 0 ? first : second));
                lanes[lane] += k;
                lanes[V + lane] = Math.min(lanes[V + lane], exponent);
                if (terms != null) {
                    terms[q] = k;
                    if (slopes != null) {
                        slopes[q] = k / PairExponential.nearest(cost);
                    }
                }
            }
        }
    }
}
