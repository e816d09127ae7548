package org.pontoon.engine.internal.scalar;

import java.util.Arrays;

/** The scalar twins of the loops of the same names. */
public final class PairMatrix {

    private PairMatrix() {
    }

    public static void squares(float[] x, int xStart, int xStride, int columns, float[] y, int yStart, int yStride, int rows,
            int dimension, float[] out) {
        float[][] scratch = Scratch.of(2, columns);
        float[] z = scratch[0];
        float[] sum = scratch[1];
        for (int j = 0; j < rows; j++) {
            Arrays.fill(sum, 0, columns, 0f);
            for (int d = 0; d < dimension; d++) {
                System.arraycopy(x, xStart + d * xStride, z, 0, columns);
                addSquares(z, y[yStart + d * yStride + j], sum, columns);
            }
            System.arraycopy(sum, 0, out, j * columns, columns);
        }
    }

    private static void addSquares(float[] x, float y, float[] sum, int columns) {
        for (int i = 0; i < columns; i++) {
            float z = x[i] - y;
            sum[i] = Math.fma(z, z, sum[i]);
        }
    }

    public static void inverseMultiquadric(float[] squares, float[] cubes, int count, float factor) {
        for (int k = 0; k < count; k++) {
            float value = 1f / (float) Math.sqrt(Math.fma(squares[k], factor, 1f));
            squares[k] = value;
            cubes[k] = value * value * value;
        }
    }
}
