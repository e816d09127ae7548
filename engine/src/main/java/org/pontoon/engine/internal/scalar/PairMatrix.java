package org.pontoon.engine.internal.scalar;

/** The scalar twins of the loops of the same names. */
public final class PairMatrix {

    private PairMatrix() {
    }

    public static void squares(float[] x, int xStart, int xStride, int columns, float[] y, int yStart, int yStride, int rows,
            int dimension, float[] out) {
        for (int j = 0; j < rows; j++) {
            for (int i = 0; i < columns; i++) {
                float sum = 0f;
                for (int d = 0; d < dimension; d++) {
                    float z = x[xStart + d * xStride + i] - y[yStart + d * yStride + j];
                    sum = Math.fma(z, z, sum);
                }
                out[j * columns + i] = sum;
            }
        }
    }
}
