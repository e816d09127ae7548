package org.pontoon.engine.internal.kernel;

import org.pontoon.engine.internal.vector.VectorSupport;

/**
 * Accumulated products of small matrices, {@code out[r][c] += sum_i p(r, i) * q[i][c]}: the forward and the backward product of a mixture
 * fit are both of this form.
 *
 * <p>The left matrix is read one scalar at a time with free strides (so it may be transposed for nothing), the right one and the result
 * row by row in vectors. A block of 5 rows and 4 vectors (20 accumulators) stays in the 32 registers of AVX-512; machines with 16 registers
 * take 5 rows and 2 vectors. Every output element is one chain of fused multiply-adds in the order of i, whatever the blocking, so results
 * are the same bits at every width and equal the scalar twin's.
 *
 * <p>Columns are computed in whole groups of {@link VectorSupport#VIRTUAL_LANES}; rows of q and out must be readable and writable up to
 * that.
 */
public final class MatrixProduct {

    private static final Tier TIER = Tier.of("MatrixProduct", MatrixProduct::primer);

    private MatrixProduct() {
    }

    /**
     * Adds a product to a matrix.
     *
     * @param p left matrix; element (r, i) lies at {@code pStart + r * pRow + i * pStep}
     * @param pStart index of its first element
     * @param pRow distance between rows of p
     * @param pStep distance between steps of p
     * @param q right matrix; element (i, c) lies at {@code qStart + i * qRow + c}
     * @param qStart index of its first element
     * @param qRow distance between rows of q
     * @param rows number of rows of the result
     * @param columns number of columns of the result, a multiple of 16
     * @param steps length of the inner sum
     * @param out result; element (r, c) lies at {@code outStart + r * outRow + c}
     * @param outStart index of its first element
     * @param outRow distance between rows of the result
     */
    public static void accumulate(float[] p, int pStart, int pRow, int pStep, float[] q, int qStart, int qRow, int rows, int columns,
            int steps,
            float[] out, int outStart, int outRow) {
        if (TIER.vector) {
            org.pontoon.engine.internal.vector.MatrixProduct.accumulate(p, pStart, pRow, pStep, q, qStart, qRow, rows, columns, steps, out,
                outStart, outRow);
            return;
        }
        TIER.scalar(4L * rows * columns * steps);
        org.pontoon.engine.internal.scalar.MatrixProduct.accumulate(p, pStart, pRow, pStep, q, qStart, qRow, rows, columns, steps, out,
            outStart, outRow);
    }

    private static Runnable primer() {
        int columns = 112;
        float[] p = new float[6 * 32];
        float[] q = new float[32 * columns];
        float[] out = new float[6 * columns];
        return () -> org.pontoon.engine.internal.vector.MatrixProduct.accumulate(p, 0, 32, 1, q, 0, columns, 6, columns, 32, out, 0,
            columns);
    }
}
