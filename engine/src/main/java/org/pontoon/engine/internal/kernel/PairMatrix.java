package org.pontoon.engine.internal.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.pontoon.engine.internal.kernel.FloatMath;
import org.pontoon.engine.internal.vector.VectorSupport;

/**
 * A tile of a kernel's matrix, rows of points y by columns of points x, written out so that {@link MatrixProduct} can multiply it by
 * several vectors at once: for flows whose velocity at a point is a sum of kernel values times D + 1 quantities. One dimension, one sum
 * and one more of each cost less here than another sweep over the pairs.
 */
public final class PairMatrix {

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int L = VectorSupport.LANES;
    private static final Tier TIER = Tier.of("PairMatrix", PairMatrix::primer);

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
        if (TIER.vector) {
            org.pontoon.engine.internal.vector.PairMatrix.squares(x, xStart, xStride, columns, y, yStart, yStride, rows, dimension, out);
            return;
        }
        TIER.scalar(1000);
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
        int k = 0;
        for (; k <= count - L; k += L) {
            FloatVector value = FloatVector.broadcast(F, 1f)
                .div(FloatVector.fromArray(F, squares, k).fma(factor, 1f).lanewise(VectorOperators.SQRT));
            value.intoArray(squares, k);
            value.mul(value).mul(value).intoArray(cubes, k);
        }
        for (; k < count; k++) {
            float value = 1f / (float) Math.sqrt(Math.fma(squares[k], factor, 1f));
            squares[k] = value;
            cubes[k] = value * value * value;
        }
    }

    private static Runnable primer() {
        return () -> {
        };
    }
}
