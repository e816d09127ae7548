package org.pontoon.engine.internal.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Packs tiles of {@value #SIZE} points out of a large matrix, twice: row-major (point, feature) for sums over points, and feature-major
 * (feature, point) for sums over features. The two products of a mixture fit read a tile in these two directions.
 */
public final class PointTile {

    /** Points in a tile. */
    public static final int SIZE = org.pontoon.engine.internal.scalar.PointTile.SIZE;
    private static final Tier TIER = Tier.of("PointTile", PointTile::primer);
    private static final Tier PRODUCTS = Tier.of("PointTile.products", PointTile::productsPrimer);

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
        if (TIER.vector) {
            org.pontoon.engine.internal.vector.PointTile.gather(points, pointStride, indices, first, rows, rowStride);
            return;
        }
        TIER.scalar(4L * SIZE * pointStride);
        org.pontoon.engine.internal.scalar.PointTile.gather(points, pointStride, indices, first, rows, rowStride);
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
        if (TIER.vector) {
            org.pontoon.engine.internal.vector.PointTile.transpose(rows, rowStride, dimension, columns);
            return;
        }
        TIER.scalar(20L * SIZE * dimension);
        org.pontoon.engine.internal.scalar.PointTile.transpose(rows, rowStride, dimension, columns);
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
        if (PRODUCTS.vector) {
            org.pontoon.engine.internal.vector.PointTile.products(dimension, rows, rowStride, columns);
            return;
        }
        PRODUCTS.scalar(20L * SIZE * dimension * dimension);
        org.pontoon.engine.internal.scalar.PointTile.products(dimension, rows, rowStride, columns);
    }

    private static Runnable primer() {
        int stride = 16;
        MemorySegment points = Arena.ofAuto().allocate(4L * stride * SIZE, 64);
        int[] indices = new int[SIZE];
        float[] rows = new float[SIZE * stride];
        float[] columns = new float[SIZE * stride];
        return () -> {
            org.pontoon.engine.internal.vector.PointTile.gather(points, stride, indices, 0, rows, stride);
            org.pontoon.engine.internal.vector.PointTile.transpose(rows, stride, stride, columns);
        };
    }

    private static Runnable productsPrimer() {
        int dimension = 4;
        int stride = 16;
        float[] rows = new float[SIZE * stride];
        float[] columns = new float[SIZE * stride];
        return () -> org.pontoon.engine.internal.vector.PointTile.products(dimension, rows, stride, columns);
    }
}
