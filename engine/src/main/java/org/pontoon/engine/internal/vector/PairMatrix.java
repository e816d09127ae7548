package org.pontoon.engine.internal.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The loops on lanes; what they do stands at the door of the same name. */
public final class PairMatrix {

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int L = VectorSupport.LANES;

    private PairMatrix() {
    }

    public static void squares(float[] x, int xStart, int xStride, int columns, float[] y, int yStart, int yStride, int rows, int dimension,
            float[] out) {
        for (int j = 0; j < rows; j++) {
            int row = j * columns;
            for (int d = 0; d < dimension; d++) {
                squaresOfRow(x, xStart + d * xStride, columns, y[yStart + d * yStride + j], d == 0, out, row);
            }
        }
    }

    private static void squaresOfRow(float[] x, int at, int columns, float y, boolean first, float[] out, int row) {
        for (int i = 0; i < columns; i += L) {
            FloatVector z = FloatVector.fromArray(F, x, at + i).sub(y);
            FloatVector sum = first ? FloatVector.zero(F) : FloatVector.fromArray(F, out, row + i);
            z.fma(z, sum).intoArray(out, row + i);
        }
    }

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
}
