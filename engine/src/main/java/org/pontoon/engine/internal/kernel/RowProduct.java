package org.pontoon.engine.internal.kernel;

import org.pontoon.engine.internal.scalar.Lanes;

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
    private static final int V = Lanes.VIRTUAL;
    private static final Tier CHAIN = Tier.of("RowProduct.accumulate", RowProduct::chainPrimer);
    private static final Tier MULTIPLY = Tier.of("RowProduct.multiply", RowProduct::multiplyPrimer);
    private static final Tier COLUMNS = Tier.of("RowProduct.columns", RowProduct::columnsPrimer);

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
        if (CHAIN.vector) {
            org.pontoon.engine.internal.vector.RowProduct.accumulate(p, pStart, pRow, q, qStart, qRow, qRows, count, chains);
            return;
        }
        CHAIN.scalar(2L * BLOCK * qRows * count);
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
        if (MULTIPLY.vector) {
            org.pontoon.engine.internal.vector.RowProduct.multiply(p, pStart, q, qStart, factor, count, out, outStart);
            return;
        }
        MULTIPLY.scalar(2L * count);
        org.pontoon.engine.internal.scalar.RowProduct.multiply(p, pStart, q, qStart, factor, count, out, outStart);
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
        if (COLUMNS.vector) {
            org.pontoon.engine.internal.vector.RowProduct.columns(p, q, row, rows, count, out, outStart);
            return;
        }
        COLUMNS.scalar(2L * rows * count);
        org.pontoon.engine.internal.scalar.RowProduct.columns(p, q, row, rows, count, out, outStart);
    }

    private static float sum(float[] lanes, int at) {
        return ((lanes[at] + lanes[at + 8]) + (lanes[at + 4] + lanes[at + 12])
            + ((lanes[at + 2] + lanes[at + 10]) + (lanes[at + 6] + lanes[at + 14])))
            + (((lanes[at + 1] + lanes[at + 9]) + (lanes[at + 5] + lanes[at + 13]))
                + ((lanes[at + 3] + lanes[at + 11]) + (lanes[at + 7] + lanes[at + 15])));
    }

    private static Runnable chainPrimer() {
        int count = 256;
        float[] rows = new float[BLOCK * count];
        float[] chains = new float[CHAINS];
        return () -> org.pontoon.engine.internal.vector.RowProduct.accumulate(rows, 0, count, rows, 0, count, BLOCK, count, chains);
    }

    private static Runnable multiplyPrimer() {
        int count = 512;
        float[] row = new float[count];
        return () -> org.pontoon.engine.internal.vector.RowProduct.multiply(row, 0, row, 0, 1f, count, row, 0);
    }

    private static Runnable columnsPrimer() {
        int count = 11 * V;
        int rows = 16;
        float[] p = new float[rows * count];
        float[] out = new float[count];
        return () -> org.pontoon.engine.internal.vector.RowProduct.columns(p, p, count, rows, count, out, 0);
    }
}
