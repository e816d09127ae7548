package org.pontoon.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.pontoon.engine.simd.VectorSupport;

/**
 * Packs points as the features in which a Gaussian mixture's logits are linear: {@code [x, x_d x_d, 1]} for diagonal and
 * {@code [x, x_i x_j (i <= j), 1]} for full quadratic forms.
 *
 * <p>A tile of {@value #TILE} points is held twice, because the two products of a fit read it in two directions: row-major (point, feature)
 * for sums over points, and feature-major (feature, point) for sums over features. Instances are immutable and safe for any thread; the
 * arrays are the caller's.
 */
public final class QuadraticFeatures {

    /** Points in a tile. */
    public static final int TILE = 64;

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int L = VectorSupport.LANES;

    private final int dimension;
    private final boolean full;
    private final int quadratics;
    private final int count;
    private final int rowStride;

    /**
     * Describes the features of points.
     *
     * @param dimension number of coordinates D, at least 1
     * @param full whether to form all products of two coordinates, or the squares only
     */
    public QuadraticFeatures(int dimension, boolean full) {
        this.dimension = dimension;
        this.full = full;
        this.quadratics = full ? Math.multiplyExact(dimension, dimension + 1) / 2 : dimension;
        this.count = dimension + quadratics + 1;
        this.rowStride = Math.addExact(count, VectorSupport.VIRTUAL_LANES - 1) & -VectorSupport.VIRTUAL_LANES;
        Math.multiplyExact(rowStride + VectorSupport.VIRTUAL_LANES, TILE);
    }

    /**
     * Returns the number of features, the constant included.
     *
     * @return D + Q + 1
     */
    public int count() {
        return count;
    }

    /**
     * Returns the number of quadratic features Q.
     *
     * @return D, or D (D + 1) / 2
     */
    public int quadratics() {
        return quadratics;
    }

    /**
     * Returns the distance between rows of a row-major tile, and the padded length of a vector of coefficients.
     *
     * @return the feature count, rounded up to a multiple of 16
     */
    public int rowStride() {
        return rowStride;
    }

    /**
     * Returns the length that a row-major tile needs, slack for whole vectors included.
     *
     * @return number of floats
     */
    public int rowTileLength() {
        return TILE * rowStride + VectorSupport.VIRTUAL_LANES;
    }

    /**
     * Returns the length that a feature-major tile needs.
     *
     * @return number of floats
     */
    public int columnTileLength() {
        return TILE * count;
    }

    /**
     * Copies points into the linear part of a row-major tile; missing points are zeros.
     *
     * @param points row-major float32 matrix in native order
     * @param pointStride distance between its rows, in floats: a multiple of 16, at least D
     * @param indices rows to take
     * @param first position in indices of the tile's first point
     * @param pointCount number of points in the tile, at most {@value #TILE}
     * @param rows receives the tile
     */
    public void gather(MemorySegment points, int pointStride, int[] indices, int first, int pointCount, float[] rows) {
        for (int b = 0; b < TILE; b++) {
            int row = b * rowStride;
            if (b < pointCount) {
                long from = (long) indices[first + b] * pointStride * Float.BYTES;
                for (int d = 0; d < dimension; d += L) {
                    FloatVector.fromMemorySegment(F, points, from + 4L * d, ByteOrder.nativeOrder()).intoArray(rows, row + d);
                }
            } else {
                for (int d = 0; d < dimension; d++) {
                    rows[row + d] = 0f;
                }
            }
        }
    }

    /**
     * Copies points into the linear part of a row-major tile; missing points are zeros.
     *
     * @param points row-major matrix (n, D)
     * @param first its row that becomes the tile's first point
     * @param pointCount number of points in the tile, at most {@value #TILE}
     * @param shift subtracted from every point, D values
     * @param rows receives the tile
     */
    public void copy(float[] points, int first, int pointCount, float[] shift, float[] rows) {
        for (int b = 0; b < TILE; b++) {
            int row = b * rowStride;
            if (b < pointCount) {
                int from = (first + b) * dimension;
                for (int d = 0; d < dimension; d++) {
                    rows[row + d] = points[from + d] - shift[d];
                }
            } else {
                for (int d = 0; d < dimension; d++) {
                    rows[row + d] = 0f;
                }
            }
        }
    }

    /**
     * Completes a tile whose linear part is set: the quadratic and constant features of the rows, and the whole feature-major twin.
     *
     * @param rows row-major tile, {@link #rowTileLength()} floats
     * @param columns receives the feature-major tile, {@link #columnTileLength()} floats
     */
    public void complete(float[] rows, float[] columns) {
        transpose(rows, columns);
        int constant = (count - 1) * TILE;
        for (int b = 0; b < TILE; b++) {
            columns[constant + b] = 1f;
        }
        if (full) {
            products(rows, columns);
        } else {
            squares(rows, columns);
        }
        for (int b = 0; b < TILE; b++) {
            int row = b * rowStride;
            rows[row + count - 1] = 1f;
            for (int f = count; f < rowStride; f++) {
                rows[row + f] = 0f;
            }
        }
    }

    private void transpose(float[] rows, float[] columns) {
        int stride = rowStride;
        for (int b = 0; b < TILE; b += 8) {
            int r0 = b * stride;
            int r1 = r0 + stride;
            int r2 = r1 + stride;
            int r3 = r2 + stride;
            int r4 = r3 + stride;
            int r5 = r4 + stride;
            int r6 = r5 + stride;
            int r7 = r6 + stride;
            for (int d = 0; d < dimension; d++) {
                int c = d * TILE + b;
                columns[c] = rows[r0 + d];
                columns[c + 1] = rows[r1 + d];
                columns[c + 2] = rows[r2 + d];
                columns[c + 3] = rows[r3 + d];
                columns[c + 4] = rows[r4 + d];
                columns[c + 5] = rows[r5 + d];
                columns[c + 6] = rows[r6 + d];
                columns[c + 7] = rows[r7 + d];
            }
        }
    }

    private void squares(float[] rows, float[] columns) {
        int end = dimension * TILE;
        for (int i = 0; i < end; i += L) {
            FloatVector x = FloatVector.fromArray(F, columns, i);
            x.mul(x).intoArray(columns, end + i);
        }
        for (int b = 0; b < TILE; b++) {
            int row = b * rowStride;
            int to = row + dimension;
            // the tail one by one, because a whole vector would reach into the next row
            int whole = dimension / L * L;
            for (int d = whole; d < dimension; d++) {
                rows[to + d] = rows[row + d] * rows[row + d];
            }
            for (int d = 0; d < whole; d += L) {
                FloatVector x = FloatVector.fromArray(F, rows, row + d);
                x.mul(x).intoArray(rows, to + d);
            }
        }
    }

    private void products(float[] rows, float[] columns) {
        int f = dimension;
        for (int i = 0; i < dimension; i++) {
            for (int j = i; j < dimension; j++, f++) {
                for (int b = 0; b < TILE; b += L) {
                    FloatVector.fromArray(F, columns, i * TILE + b).mul(FloatVector.fromArray(F, columns, j * TILE + b))
                        .intoArray(columns, f * TILE + b);
                }
            }
        }
        for (int b = 0; b < TILE; b++) {
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

    /**
     * Writes the features of one point: what every row of a tile holds, and the scalar twin of the tile's packing.
     *
     * @param x the point
     * @param offset where it starts
     * @param features receives {@link #count()} values
     */
    public void ofPoint(float[] x, int offset, float[] features) {
        System.arraycopy(x, offset, features, 0, dimension);
        int at = dimension;
        for (int i = 0; i < dimension; i++) {
            int last = full ? dimension - 1 : i;
            for (int j = i; j <= last; j++) {
                features[at++] = features[i] * features[j];
            }
        }
        features[at] = 1f;
    }
}
