package org.pontoon.engine.internal.kernel;

import java.util.Arrays;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.pontoon.engine.internal.vector.VectorSupport;

/**
 * Products of rows with rows, {@code out[a][b] += sum_i p[a][i] q[b][i]}, and their column by column counterpart {@code out[i] = sum_a
 * p[a][i] q[a][i]}: for few long rows, where {@link MatrixProduct} would need one side transposed.
 *
 * <p>A product of two rows is 16 chains of fused multiply-adds, one for each virtual lane, whose sum goes to float64; 4 x 4 products share
 * their loads. Bits depend on neither the width nor the blocking.
 */
public final class RowProduct {

    /** Rows of a block on either side. */
    public static final int BLOCK = 4;
    private static final int CHAINS = BLOCK * BLOCK * VectorSupport.VIRTUAL_LANES;

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int L = VectorSupport.LANES;
    private static final int V = VectorSupport.VIRTUAL_LANES;

    private RowProduct() {
    }

    /**
     * Goes on with the chains of four rows times any number of rows.
     *
     * @param p left rows; element (a, i) lies at {@code pStart + a * pRow + i}, a from 0 to 3
     * @param pStart index of its first element
     * @param pRow distance between its rows
     * @param q right rows, the same; rows up to the next multiple of 4 are read
     * @param qStart index of its first element
     * @param qRow distance between its rows
     * @param qRows number of its rows
     * @param count length of a row, a multiple of 16
     * @param chains 16 chains of 4 x 4 products for each four rows of q, see {@link #chains}
     */
    public static void accumulate(float[] p, int pStart, int pRow, float[] q, int qStart, int qRow, int qRows, int count, float[] chains) {
        for (int b = 0; b < qRows; b += BLOCK) {
            for (int lane = 0; lane < V; lane += L) {
                block(p, pStart + lane, pRow, q, qStart + b * qRow + lane, qRow, count, chains, b / BLOCK * CHAINS + lane);
            }
        }
    }

    /**
     * The scalar twin of {@link #accumulate}: same arguments, same bits.
     *
     * @param p left rows
     * @param pStart index of its first element
     * @param pRow distance between its rows
     * @param q right rows
     * @param qStart index of its first element
     * @param qRow distance between its rows
     * @param qRows number of its rows
     * @param count length of a row
     * @param chains the chains
     */
    public static void scalarAccumulate(float[] p, int pStart, int pRow, float[] q, int qStart, int qRow, int qRows, int count,
            float[] chains) {
        for (int a = 0; a < BLOCK; a++) {
            for (int b = 0; b < qRows; b++) {
                int at = b / BLOCK * CHAINS + (a * BLOCK + b % BLOCK) * V;
                for (int i = 0; i < count; i++) {
                    chains[at + i % V] = Math.fma(p[pStart + a * pRow + i], q[qStart + b * qRow + i], chains[at + i % V]);
                }
            }
        }
    }

    /**
     * Adds the sums of one left row's chains to an array.
     *
     * @param chains the chains
     * @param a the left row, 0 to 3
     * @param qRows number of right rows
     * @param out receives the sums
     * @param outStart where to start
     */
    public static void addSums(float[] chains, int a, int qRows, double[] out, int outStart) {
        for (int b = 0; b < qRows; b++) {
            out[outStart + b] += sum(chains, b / BLOCK * CHAINS + (a * BLOCK + b % BLOCK) * V);
        }
    }

    /**
     * Returns how many chains four rows times some rows need.
     *
     * @param qRows number of right rows
     * @return length of an array of chains
     */
    public static int chains(int qRows) {
        return (qRows + BLOCK - 1) / BLOCK * CHAINS;
    }

    /**
     * Multiplies a row by another and by a number, {@code out[i] = p[i] (q[i] factor)}.
     *
     * @param p a row
     * @param pStart index of its first element
     * @param q another
     * @param qStart index of its first element
     * @param factor a number
     * @param count length of a row, a multiple of 16
     * @param out receives the products
     * @param outStart where to start
     */
    public static void multiply(float[] p, int pStart, float[] q, int qStart, float factor, int count, float[] out, int outStart) {
        for (int i = 0; i < count; i += L) {
            FloatVector.fromArray(F, p, pStart + i).mul(FloatVector.fromArray(F, q, qStart + i).mul(factor)).intoArray(out, outStart + i);
        }
    }

    /**
     * Computes {@code out[i] = sum_a p[a][i] q[a][i]}, a chain in the order of a.
     *
     * @param p rows; element (a, i) lies at {@code a * row + i}
     * @param q rows, the same
     * @param row distance between rows of both
     * @param rows number of rows
     * @param count length of a row, a multiple of 16
     * @param out receives the sums
     * @param outStart where to start
     */
    public static void columns(float[] p, float[] q, int row, int rows, int count, float[] out, int outStart) {
        int i = 0;
        for (; i <= count - 4 * L; i += 4 * L) {
            FloatVector a = FloatVector.zero(F);
            FloatVector b = a;
            FloatVector c = a;
            FloatVector d = a;
            for (int at = i; at < rows * row; at += row) {
                a = FloatVector.fromArray(F, p, at).fma(FloatVector.fromArray(F, q, at), a);
                b = FloatVector.fromArray(F, p, at + L).fma(FloatVector.fromArray(F, q, at + L), b);
                c = FloatVector.fromArray(F, p, at + 2 * L).fma(FloatVector.fromArray(F, q, at + 2 * L), c);
                d = FloatVector.fromArray(F, p, at + 3 * L).fma(FloatVector.fromArray(F, q, at + 3 * L), d);
            }
            a.intoArray(out, outStart + i);
            b.intoArray(out, outStart + i + L);
            c.intoArray(out, outStart + i + 2 * L);
            d.intoArray(out, outStart + i + 3 * L);
        }
        for (; i < count; i += L) {
            FloatVector a = FloatVector.zero(F);
            for (int at = i; at < rows * row; at += row) {
                a = FloatVector.fromArray(F, p, at).fma(FloatVector.fromArray(F, q, at), a);
            }
            a.intoArray(out, outStart + i);
        }
    }

    /**
     * The scalar twin of {@link #columns}: same arguments, same bits.
     *
     * @param p rows
     * @param q rows
     * @param row distance between rows of both
     * @param rows number of rows
     * @param count length of a row
     * @param out receives the sums
     * @param outStart where to start
     */
    public static void scalarColumns(float[] p, float[] q, int row, int rows, int count, float[] out, int outStart) {
        Arrays.fill(out, outStart, outStart + count, 0f);
        for (int a = 0; a < rows; a++) {
            for (int i = 0; i < count; i++) {
                out[outStart + i] = Math.fma(p[a * row + i], q[a * row + i], out[outStart + i]);
            }
        }
    }

    private static float sum(float[] lanes, int at) {
        return ((lanes[at] + lanes[at + 8]) + (lanes[at + 4] + lanes[at + 12])
            + ((lanes[at + 2] + lanes[at + 10]) + (lanes[at + 6] + lanes[at + 14])))
            + (((lanes[at + 1] + lanes[at + 9]) + (lanes[at + 5] + lanes[at + 13]))
                + ((lanes[at + 3] + lanes[at + 11]) + (lanes[at + 7] + lanes[at + 15])));
    }

    // Written out: C2 keeps sums in registers only as plain locals, and the letters name the columns of a row.

    private static void block(float[] p, int p0, int pRow, float[] q, int q0, int qRow, int count, float[] o, int o0) {
        FloatVector a0 = FloatVector.fromArray(F, o, o0);
        FloatVector b0 = FloatVector.fromArray(F, o, o0 + V);
        FloatVector c0 = FloatVector.fromArray(F, o, o0 + 2 * V);
        FloatVector d0 = FloatVector.fromArray(F, o, o0 + 3 * V);
        FloatVector a1 = FloatVector.fromArray(F, o, o0 + 4 * V);
        FloatVector b1 = FloatVector.fromArray(F, o, o0 + 5 * V);
        FloatVector c1 = FloatVector.fromArray(F, o, o0 + 6 * V);
        FloatVector d1 = FloatVector.fromArray(F, o, o0 + 7 * V);
        FloatVector a2 = FloatVector.fromArray(F, o, o0 + 8 * V);
        FloatVector b2 = FloatVector.fromArray(F, o, o0 + 9 * V);
        FloatVector c2 = FloatVector.fromArray(F, o, o0 + 10 * V);
        FloatVector d2 = FloatVector.fromArray(F, o, o0 + 11 * V);
        FloatVector a3 = FloatVector.fromArray(F, o, o0 + 12 * V);
        FloatVector b3 = FloatVector.fromArray(F, o, o0 + 13 * V);
        FloatVector c3 = FloatVector.fromArray(F, o, o0 + 14 * V);
        FloatVector d3 = FloatVector.fromArray(F, o, o0 + 15 * V);
        for (int i = 0; i < count; i += V) {
            FloatVector qa = FloatVector.fromArray(F, q, q0 + i);
            FloatVector qb = FloatVector.fromArray(F, q, q0 + qRow + i);
            FloatVector qc = FloatVector.fromArray(F, q, q0 + 2 * qRow + i);
            FloatVector qd = FloatVector.fromArray(F, q, q0 + 3 * qRow + i);
            FloatVector s = FloatVector.fromArray(F, p, p0 + i);
            a0 = s.fma(qa, a0);
            b0 = s.fma(qb, b0);
            c0 = s.fma(qc, c0);
            d0 = s.fma(qd, d0);
            s = FloatVector.fromArray(F, p, p0 + pRow + i);
            a1 = s.fma(qa, a1);
            b1 = s.fma(qb, b1);
            c1 = s.fma(qc, c1);
            d1 = s.fma(qd, d1);
            s = FloatVector.fromArray(F, p, p0 + 2 * pRow + i);
            a2 = s.fma(qa, a2);
            b2 = s.fma(qb, b2);
            c2 = s.fma(qc, c2);
            d2 = s.fma(qd, d2);
            s = FloatVector.fromArray(F, p, p0 + 3 * pRow + i);
            a3 = s.fma(qa, a3);
            b3 = s.fma(qb, b3);
            c3 = s.fma(qc, c3);
            d3 = s.fma(qd, d3);
        }
        a0.intoArray(o, o0);
        b0.intoArray(o, o0 + V);
        c0.intoArray(o, o0 + 2 * V);
        d0.intoArray(o, o0 + 3 * V);
        a1.intoArray(o, o0 + 4 * V);
        b1.intoArray(o, o0 + 5 * V);
        c1.intoArray(o, o0 + 6 * V);
        d1.intoArray(o, o0 + 7 * V);
        a2.intoArray(o, o0 + 8 * V);
        b2.intoArray(o, o0 + 9 * V);
        c2.intoArray(o, o0 + 10 * V);
        d2.intoArray(o, o0 + 11 * V);
        a3.intoArray(o, o0 + 12 * V);
        b3.intoArray(o, o0 + 13 * V);
        c3.intoArray(o, o0 + 14 * V);
        d3.intoArray(o, o0 + 15 * V);
    }
}
