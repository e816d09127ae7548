package org.pontoon.engine.internal.kernel;

/**
 * A tile of a kernel's matrix, rows of points y by columns of points x, written out so that {@link MatrixProduct} can multiply it by
 * several vectors at once: for flows whose velocity at a point is a sum of kernel values times D + 1 quantities. One dimension, one sum
 * and one more of each cost less here than another sweep over the pairs.
 */
public final class PairMatrix {

    private static final Tier SQUARES = Tier.of("PairMatrix.squares", PairMatrix::squaresPrimer);
    private static final Tier MULTIQUADRIC = Tier.of("PairMatrix.inverseMultiquadric", PairMatrix::multiquadricPrimer);

    private PairMatrix() {
    }

    /**
     * Computes squared distances, each a chain in coordinate order.
     *
     * @param x columns; coordinate d of point i lies at {@code xStart + d * xStride + i}
     * @param xStart index of its first element
     * @param xStride distance between coordinates
     * @param columns number of points x, a multiple of 16
     * @param y rows; coordinate d of point j lies at {@code yStart + d * yStride + j}
     * @param yStart index of its first element
     * @param yStride distance between coordinates
     * @param rows number of points y
     * @param dimension D, at least 1
     * @param out receives {@code |x_i - y_j|^2} at {@code j * columns + i}
     */
    public static void squares(float[] x, int xStart, int xStride, int columns, float[] y, int yStart, int yStride, int rows, int dimension,
            float[] out) {
        if (SQUARES.vector) {
            org.pontoon.engine.internal.vector.PairMatrix.squares(x, xStart, xStride, columns, y, yStart, yStride, rows, dimension, out);
            return;
        }
        SQUARES.scalar(3L * rows * columns * dimension);
        org.pontoon.engine.internal.scalar.PairMatrix.squares(x, xStart, xStride, columns, y, yStart, yStride, rows, dimension, out);
    }

    /**
     * Turns squares into Gaussians {@code exp(-factor q)}, in place; 0 where the exponent is below -87.
     *
     * @param squares the squares q
     * @param count number of them
     * @param factor positive
     */
    public static void gaussian(float[] squares, int count, float factor) {
        for (int k = 0; k < count; k++) {
            squares[k] *= -factor;
        }
        FloatMath.exp(squares, 0, count);
    }

    /**
     * Turns squares into inverse multiquadrics {@code (1 + factor q)^(-1/2)} and their cubes.
     *
     * @param squares the squares q, replaced by the kernel
     * @param cubes receives its third powers
     * @param count number of them
     * @param factor positive
     */
    public static void inverseMultiquadric(float[] squares, float[] cubes, int count, float factor) {
        if (MULTIQUADRIC.vector) {
            org.pontoon.engine.internal.vector.PairMatrix.inverseMultiquadric(squares, cubes, count, factor);
            return;
        }
        MULTIQUADRIC.scalar(8L * count);
        org.pontoon.engine.internal.scalar.PairMatrix.inverseMultiquadric(squares, cubes, count, factor);
    }

    private static Runnable squaresPrimer() {
        int columns = 256;
        float[] x = new float[2 * columns];
        float[] out = new float[2 * columns];
        return () -> org.pontoon.engine.internal.vector.PairMatrix.squares(x, 0, columns, columns, x, 0, columns, 2, 2, out);
    }

    private static Runnable multiquadricPrimer() {
        int count = 263;
        float[] squares = new float[count];
        float[] cubes = new float[count];
        return () -> org.pontoon.engine.internal.vector.PairMatrix.inverseMultiquadric(squares, cubes, count, 1f);
    }
}
