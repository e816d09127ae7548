package org.pontoon.engine.internal.scalar;

/** The scalar twins of the loops of the same names. */
public final class DiagonalForms {

    private DiagonalForms() {
    }

    public static void forward(float[] slope, float[] curve, int stride, int components, int dimension, float[] columns,
            float[] logits) {
        float[][] scratch = Scratch.of(2, PointTile.SIZE);
        float[] x = scratch[0];
        float[] sum = scratch[1];
        for (int k = 0; k < components; k++) {
            System.arraycopy(logits, k * PointTile.SIZE, sum, 0, PointTile.SIZE);
            for (int d = 0; d < dimension; d++) {
                System.arraycopy(columns, d * PointTile.SIZE, x, 0, PointTile.SIZE);
                addForm(curve[k * stride + d], slope[k * stride + d], x, sum);
            }
            System.arraycopy(sum, 0, logits, k * PointTile.SIZE, PointTile.SIZE);
        }
    }

    private static void addForm(float curve, float slope, float[] x, float[] sum) {
        for (int b = 0; b < PointTile.SIZE; b++) {
            sum[b] = Math.fma(Math.fma(curve, x[b], slope), x[b], sum[b]);
        }
    }

    public static void backward(float[] weights, int components, int points, float[] rows, int rowStride, int stride, float[] first,
            float[] second) {
        float[][] scratch = Scratch.of(3, stride);
        float[] x = scratch[0];
        float[] one = scratch[1];
        float[] two = scratch[2];
        for (int k = 0; k < components; k++) {
            System.arraycopy(first, k * stride, one, 0, stride);
            System.arraycopy(second, k * stride, two, 0, stride);
            for (int b = 0; b < points; b++) {
                System.arraycopy(rows, b * rowStride, x, 0, stride);
                addMoments(weights[k * PointTile.SIZE + b], x, one, two, stride);
            }
            System.arraycopy(one, 0, first, k * stride, stride);
            System.arraycopy(two, 0, second, k * stride, stride);
        }
    }

    private static void addMoments(float w, float[] x, float[] one, float[] two, int stride) {
        for (int d = 0; d < stride; d++) {
            one[d] = Math.fma(w, x[d], one[d]);
            two[d] = Math.fma(w, x[d] * x[d], two[d]);
        }
    }
}
