package org.pontoon.engine.internal.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.pontoon.engine.internal.vector.VectorSupport;

/**
 * Packs tiles of {@value #SIZE} points out of a large matrix, twice: row-major (point, feature) for sums over points, and feature-major
 * (feature, point) for sums over features. The two products of a mixture fit read a tile in these two directions.
 */
public final class PointTile {

    /** Points in a tile. */
    public static final int SIZE = 64;

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int L = VectorSupport.LANES;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int BLOCK = 8;
    // allowed: no kernel that runs beside it gets slower (measured)
    private static final VectorSpecies<Float> EIGHT = FloatVector.SPECIES_256;
    private static final VectorShuffle<Float> LOW = VectorShuffle.fromValues(EIGHT, 0, 8, 1, 9, 2, 10, 3, 11);
    private static final VectorShuffle<Float> HIGH = VectorShuffle.fromValues(EIGHT, 4, 12, 5, 13, 6, 14, 7, 15);

    private PointTile() {
    }

    /**
     * Copies points into a row-major tile, whole padded rows at a time.
     *
     * @param points row-major float32 matrix in native order
     * @param pointStride distance between its rows, in floats: a multiple of 16; all of a row is copied
     * @param indices rows to take
     * @param first position in indices of the tile's first point; {@value #SIZE} entries are read
     * @param rows receives the tile
     * @param rowStride distance between the tile's rows, at least pointStride
     */
    public static void gather(MemorySegment points, int pointStride, int[] indices, int first, float[] rows, int rowStride) {
        for (int b = 0; b < SIZE; b++) {
            long from = 4L * indices[first + b] * pointStride;
            int row = b * rowStride;
            for (int d = 0; d < pointStride; d += L) {
                FloatVector.fromMemorySegment(F, points, from + 4L * d, ORDER).intoArray(rows, row + d);
            }
        }
    }

    /**
     * The scalar twin of {@link #gather}: same arguments, same bits.
     *
     * @param points row-major float32 matrix in native order
     * @param pointStride distance between its rows, in floats
     * @param indices rows to take
     * @param first position in indices of the tile's first point
     * @param rows receives the tile
     * @param rowStride distance between the tile's rows
     */
    public static void scalarGather(MemorySegment points, int pointStride, int[] indices, int first, float[] rows, int rowStride) {
        for (int b = 0; b < SIZE; b++) {
            for (int d = 0; d < pointStride; d++) {
                rows[b * rowStride + d] = points.get(FLOAT, 4L * ((long) indices[first + b] * pointStride + d));
            }
        }
    }

    /**
     * Writes the feature-major twin of a row-major tile's first columns.
     *
     * @param rows row-major tile
     * @param rowStride distance between its rows
     * @param dimension number of columns to transpose
     * @param columns receives them: column d starts at {@code d * SIZE}
     */
    public static void transpose(float[] rows, int rowStride, int dimension, float[] columns) {
        int blocked = L >= BLOCK ? dimension / BLOCK * BLOCK : 0;
        if (blocked > 0) {
            transposeBlocks(rows, rowStride, columns, blocked);
        }
        scalarTranspose(rows, rowStride, blocked, dimension, columns);
    }

    /**
     * The scalar twin of {@link #transpose}, which also finishes the columns that do not fill a block.
     *
     * @param rows row-major tile
     * @param rowStride distance between its rows
     * @param from first column to transpose
     * @param to end of the columns, exclusive
     * @param columns receives them
     */
    public static void scalarTranspose(float[] rows, int rowStride, int from, int to, float[] columns) {
        for (int d = from; d < to; d++) {
            int row = d;
            for (int c = d * SIZE; c < (d + 1) * SIZE; c++) {
                columns[c] = rows[row];
                row += rowStride;
            }
        }
    }

    /** Transposes blocks of 8 by 8: three rounds, each of which interleaves rows i and i + 4. */
    private static void transposeBlocks(float[] rows, int stride, float[] columns, int dimension) {
        for (int b = 0; b < SIZE; b += BLOCK) {
            for (int d = 0; d < dimension; d += BLOCK) {
                int r = b * stride + d;
                FloatVector a0 = FloatVector.fromArray(EIGHT, rows, r);
                FloatVector a1 = FloatVector.fromArray(EIGHT, rows, r + stride);
                FloatVector a2 = FloatVector.fromArray(EIGHT, rows, r + 2 * stride);
                FloatVector a3 = FloatVector.fromArray(EIGHT, rows, r + 3 * stride);
                FloatVector a4 = FloatVector.fromArray(EIGHT, rows, r + 4 * stride);
                FloatVector a5 = FloatVector.fromArray(EIGHT, rows, r + 5 * stride);
                FloatVector a6 = FloatVector.fromArray(EIGHT, rows, r + 6 * stride);
                FloatVector a7 = FloatVector.fromArray(EIGHT, rows, r + 7 * stride);
                FloatVector b0 = a0.rearrange(LOW, a4);
                FloatVector b1 = a0.rearrange(HIGH, a4);
                FloatVector b2 = a1.rearrange(LOW, a5);
                FloatVector b3 = a1.rearrange(HIGH, a5);
                FloatVector b4 = a2.rearrange(LOW, a6);
                FloatVector b5 = a2.rearrange(HIGH, a6);
                FloatVector b6 = a3.rearrange(LOW, a7);
                FloatVector b7 = a3.rearrange(HIGH, a7);
                a0 = b0.rearrange(LOW, b4);
                a1 = b0.rearrange(HIGH, b4);
                a2 = b1.rearrange(LOW, b5);
                a3 = b1.rearrange(HIGH, b5);
                a4 = b2.rearrange(LOW, b6);
                a5 = b2.rearrange(HIGH, b6);
                a6 = b3.rearrange(LOW, b7);
                a7 = b3.rearrange(HIGH, b7);
                int c = d * SIZE + b;
                a0.rearrange(LOW, a4).intoArray(columns, c);
                a0.rearrange(HIGH, a4).intoArray(columns, c + SIZE);
                a1.rearrange(LOW, a5).intoArray(columns, c + 2 * SIZE);
                a1.rearrange(HIGH, a5).intoArray(columns, c + 3 * SIZE);
                a2.rearrange(LOW, a6).intoArray(columns, c + 4 * SIZE);
                a2.rearrange(HIGH, a6).intoArray(columns, c + 5 * SIZE);
                a3.rearrange(LOW, a7).intoArray(columns, c + 6 * SIZE);
                a3.rearrange(HIGH, a7).intoArray(columns, c + 7 * SIZE);
            }
        }
    }

    /**
     * Appends all products of two coordinates to a tile whose first D columns are set, in both layouts: {@code x_i x_j} for i up to j, by
     * rising i and then j.
     *
     * @param dimension D
     * @param rows row-major tile, {@code rowStride} at least D + D (D + 1) / 2
     * @param rowStride distance between its rows
     * @param columns feature-major tile
     */
    public static void products(int dimension, float[] rows, int rowStride, float[] columns) {
        int f = dimension;
        for (int i = 0; i < dimension; i++) {
            for (int j = i; j < dimension; j++, f++) {
                for (int b = 0; b < SIZE; b += L) {
                    FloatVector.fromArray(F, columns, i * SIZE + b).mul(FloatVector.fromArray(F, columns, j * SIZE + b)).intoArray(columns,
                        f
                            * SIZE + b);
                }
            }
        }
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
