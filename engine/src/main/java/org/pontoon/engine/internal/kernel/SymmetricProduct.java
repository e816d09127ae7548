package org.pontoon.engine.internal.kernel;

/**
 * Blocks of a sum of outer products, {@code out[r][c] += sum_i p[i][r] q[i][c]} with p and q panels of {@value #PANEL} columns of one
 * matrix: a symmetric product {@code A^T A} is the sum of its blocks on and above the diagonal.
 *
 * <p>Products are added in float32 over {@value #STEPS} rows at a time, which leave q's panel in the first-level cache and 4 x 4 vectors
 * of sums in registers (4 x 2 where there are only 16), and then once into float64. Every element is a chain of fused multiply-adds in
 * the order of i, so that bits depend on neither the width nor the blocking.
 */
public final class SymmetricProduct {

    /** Columns of a panel and of a block. */
    public static final int PANEL = org.pontoon.engine.internal.scalar.SymmetricProduct.PANEL;

    /** Rows that are added up in float32 before they go to float64. */
    public static final int STEPS = org.pontoon.engine.internal.scalar.SymmetricProduct.STEPS;
    private static final Tier TIER = Tier.of("SymmetricProduct", SymmetricProduct::primer);

    private SymmetricProduct() {
    }

    /**
     * Adds to one block.
     *
     * @param p panel of the block's rows; element (i, r) lies at {@code pStart + i * 64 + r}
     * @param pStart index of its first element
     * @param q panel of the block's columns, the same
     * @param qStart index of its first element
     * @param columns number of columns of the block that are wanted, a multiple of 16; the others are unspecified
     * @param steps number of rows i
     * @param diagonal whether p and q are the same panel: then elements left of the diagonal are unspecified
     * @param block scratch of 64 x 64 floats
     * @param out the block, row-major 64 x 64
     * @param outStart index of its first element
     */
    public static void add(float[] p, int pStart, float[] q, int qStart, int columns, int steps, boolean diagonal, float[] block,
            double[] out, int outStart) {
        if (TIER.vector) {
            org.pontoon.engine.internal.vector.SymmetricProduct.add(p, pStart, q, qStart, columns, steps, diagonal, block, out, outStart);
            return;
        }
        TIER.scalar(4L * PANEL * columns * steps);
        org.pontoon.engine.internal.scalar.SymmetricProduct.add(p, pStart, q, qStart, columns, steps, diagonal, block, out, outStart);
    }

    private static Runnable primer() {
        float[] panel = new float[PANEL * 32];
        float[] block = new float[PANEL * PANEL];
        double[] out = new double[PANEL * PANEL];
        return () -> {
            org.pontoon.engine.internal.vector.SymmetricProduct.add(panel, 0, panel, 0, PANEL, 32, true, block, out, 0);
            org.pontoon.engine.internal.vector.SymmetricProduct.add(panel, 0, panel, 0, 48, 32, false, block, out, 0);
        };
    }
}
