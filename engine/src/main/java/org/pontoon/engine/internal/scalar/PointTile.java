package org.pontoon.engine.internal.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The scalar twins of the loops of the same names. */
public final class PointTile {

    /** Points in a tile. */
    public static final int SIZE = 64;

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private PointTile() {
    }

    public static void gather(MemorySegment points, int pointStride, int[] indices, int first, float[] rows, int rowStride) {
        for (int b = 0; b < SIZE; b++) {
            MemorySegment.copy(points, FLOAT, 4L * indices[first + b] * pointStride, rows, b * rowStride, pointStride);
        }
    }

    public static void transpose(float[] rows, int rowStride, int dimension, float[] columns) {
        transpose(rows, rowStride, 0, dimension, columns);
    }

    /** Transposes columns in [from, to): what vectors leave over. */
    public static void transpose(float[] rows, int rowStride, int from, int to, float[] columns) {
        for (int d = from; d < to; d++) {
            int row = d;
            for (int c = d * SIZE; c < (d + 1) * SIZE; c++) {
                columns[c] = rows[row];
                row += rowStride;
            }
        }
    }

    public static void products(int dimension, float[] rows, int rowStride, float[] columns) {
        int f = dimension;
        for (int i = 0; i < dimension; i++) {
            for (int j = i; j < dimension; j++, f++) {
                for (int b = 0; b < SIZE; b++) {
                    columns[f * SIZE + b] = columns[i * SIZE + b] * columns[j * SIZE + b];
                }
            }
        }
        rowProducts(dimension, rows, rowStride);
    }

    /** The products in the row-major tile, whose rows are no multiple of a vector. */
    public static void rowProducts(int dimension, float[] rows, int rowStride) {
        for (int b = 0; b < SIZE; b++) {
            int row = b * rowStride;
            int at = row + dimension;
            for (int i = 0; i < dimension; i++) {
                float xi = rows[row + i];
                for (int j = i; j < dimension; j++) {
                    rows[at++] = xi * rows[row + j];
                }
            }
        }
    }
}
