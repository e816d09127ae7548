package org.pontoon.engine.internal.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.pontoon.engine.internal.scalar.Lanes;
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
    public static final int BLOCK = org.pontoon.engine.internal.scalar.RowProduct.BLOCK;
    private static final int CHAINS = BLOCK * BLOCK * Lanes.VIRTUAL;
    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int L = VectorSupport.LANES;
    private static final int V = Lanes.VIRTUAL;
    private static final Tier TIER = Tier.of("RowProduct", RowProduct::primer);

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
        if (TIER.vector) {
            org.pontoon.engine.internal.vector.RowProduct.accumulate(p, pStart, pRow, q, qStart, qRow, qRows, count, chains);
            return;
        }
        TIER.scalar(1000);
        org.pontoon.engine.internal.scalar.RowProduct.accumulate(p, pStart, pRow, q, qStart, qRow, qRows, count, chains);
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
        if (TIER.vector) {
            org.pontoon.engine.internal.vector.RowProduct.columns(p, q, row, rows, count, out, outStart);
            return;
        }
        TIER.scalar(1000);
        org.pontoon.engine.internal.scalar.RowProduct.columns(p, q, row, rows, count, out, outStart);
    }

    private static float sum(float[] lanes, int at) {
        return ((lanes[at] + lanes[at + 8]) + (lanes[at + 4] + lanes[at + 12])
            + ((lanes[at + 2] + lanes[at + 10]) + (lanes[at + 6] + lanes[at + 14])))
            + (((lanes[at + 1] + lanes[at + 9]) + (lanes[at + 5] + lanes[at + 13]))
                + ((lanes[at + 3] + lanes[at + 11]) + (lanes[at + 7] + lanes[at + 15])));
    }

    private static Runnable primer() {
        return () -> {
        };
    }
}
