package org.pontoon.engine.internal.kernel;

/**
 * Diagonal quadratic forms of many components over a tile of points, and their adjoint: the two products of a light bridge's training step
 * with diagonal S.
 *
 * <p>Squares are formed in registers, so a tile holds its coordinates only. Blocks are 5 components by 4 vectors (forward) or by 2 vectors
 * of both sums (backward): 20 accumulators of the 32 registers of AVX-512, and half of that where there are 16. Every output element is one
 * chain of fused multiply-adds in the order of coordinates or points, so results are the scalar twins' bits at every width.
 *
 * <p>Coefficients and sums are (components, D), rows of {@code stride} floats, a multiple of 16; tiles are those of {@link PointTile}.
 */
public final class DiagonalForms {

    private static final Tier TIER = Tier.of("DiagonalForms", DiagonalForms::primer);

    private DiagonalForms() {
    }

    /**
     * Adds to every logit {@code sum_d x_d (slope[k][d] + curve[k][d] x_d)}.
     *
     * @param slope linear coefficients
     * @param curve quadratic coefficients
     * @param stride distance between rows of both
     * @param components number of components
     * @param dimension D
     * @param columns feature-major tile
     * @param logits component-major (components, {@link PointTile#SIZE}), changed in place
     */
    public static void forward(float[] slope, float[] curve, int stride, int components, int dimension, float[] columns, float[] logits) {
        if (TIER.vector) {
            org.pontoon.engine.internal.vector.DiagonalForms.forward(slope, curve, stride, components, dimension, columns, logits);
            return;
        }
        TIER.scalar(8L * PointTile.SIZE * components * dimension);
        org.pontoon.engine.internal.scalar.DiagonalForms.forward(slope, curve, stride, components, dimension, columns, logits);
    }

    /**
     * Adds to the sums of every component {@code sum_b w[k][b] x_b} and {@code sum_b w[k][b] x_b^2}.
     *
     * @param weights component-major (components, {@link PointTile#SIZE})
     * @param components number of components
     * @param points number of points to count, at most {@link PointTile#SIZE}
     * @param rows row-major tile
     * @param rowStride distance between its rows, at least stride
     * @param stride distance between rows of the sums; all of a row is computed
     * @param first sums of w x, changed in place
     * @param second sums of w x^2, changed in place
     */
    public static void backward(float[] weights, int components, int points, float[] rows, int rowStride, int stride, float[] first,
            float[] second) {
        if (TIER.vector) {
            org.pontoon.engine.internal.vector.DiagonalForms.backward(weights, components, points, rows, rowStride, stride, first, second);
            return;
        }
        TIER.scalar(8L * points * components * stride);
        org.pontoon.engine.internal.scalar.DiagonalForms.backward(weights, components, points, rows, rowStride, stride, first, second);
    }

    private static Runnable primer() {
        int components = 6;
        int stride = 48;
        int steps = 5;
        float[] slope = new float[components * stride];
        float[] curve = new float[components * stride];
        float[] tile = new float[PointTile.SIZE * stride];
        float[] logits = new float[components * PointTile.SIZE];
        return () -> {
            org.pontoon.engine.internal.vector.DiagonalForms.forward(slope, curve, stride, components, steps, tile, logits);
            org.pontoon.engine.internal.vector.DiagonalForms.backward(logits, components, steps, tile, stride, stride, slope, curve);
        };
    }
}
