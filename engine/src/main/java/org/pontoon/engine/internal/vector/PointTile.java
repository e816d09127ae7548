package org.pontoon.engine.internal.vector;

import static org.pontoon.engine.internal.scalar.PointTile.SIZE;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** The loops on lanes; what they do stands at the door of the same name. */
public final class PointTile {

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int L = VectorSupport.LANES;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int BLOCK = 8;

    // allowed: no kernel that runs beside it gets slower (measured)
    private static final VectorSpecies<Float> EIGHT = FloatVector.SPECIES_256;
    private static final VectorShuffle<Float> LOW = VectorShuffle.fromValues(EIGHT, 0, 8, 1, 9, 2, 10, 3, 11);
    private static final VectorShuffle<Float> HIGH = VectorShuffle.fromValues(EIGHT, 4, 12, 5, 13, 6, 14, 7, 15);

    private PointTile() {
    }

    public static void gather(MemorySegment points, int pointStride, int[] indices, int first, float[] rows, int rowStride) {
        for (int b = 0; b < SIZE; b++) {
            long from = 4L * indices[first + b] * pointStride;
            int row = b * rowStride;
            for (int d = 0; d < pointStride; d += L) {
                FloatVector.fromMemorySegment(F, points, from + 4L * d, ORDER).intoArray(rows, row + d);
            }
        }
    }

    public static void transpose(float[] rows, int rowStride, int dimension, float[] columns) {
        int blocked = L >= BLOCK ? dimension / BLOCK * BLOCK : 0;
        if (blocked > 0) {
            transposeBlocks(rows, rowStride, columns, blocked);
        }
        org.pontoon.engine.internal.scalar.PointTile.transpose(rows, rowStride, blocked, dimension, columns);
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

    public static void products(int dimension, float[] rows, int rowStride, float[] columns) {
        int f = dimension;
        for (int i = 0; i < dimension; i++) {
            for (int j = i; j < dimension; j++, f++) {
                for (int b = 0; b < SIZE; b += L) {
                    FloatVector x = FloatVector.fromArray(F, columns, i * SIZE + b);
                    x.mul(FloatVector.fromArray(F, columns, j * SIZE + b)).intoArray(columns, f * SIZE + b);
                }
            }
        }
        org.pontoon.engine.internal.scalar.PointTile.rowProducts(dimension, rows, rowStride);
    }
}
