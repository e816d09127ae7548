package org.pontoon.engine.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pontoon.engine.internal.buffer.AgronaBuffers;

/**
 * N points in D dimensions, float32, off-heap, one column per coordinate, with optional weights.
 *
 * <p>A cloud made by {@link #allocate(int, int)} or one of the {@code of} methods owns its memory: every column starts on a 64-byte
 * boundary and is padded with zeros to a multiple of {@value #PADDING} floats; {@link #close()} frees it, and any later access throws
 * {@link IllegalStateException}. A cloud made by {@link #wrap(MemorySegment, int, int, long)} is a view of memory that belongs to its
 * caller (a mapped Fortran-ordered {@code .npy} file, say) and never frees it.
 *
 * <p>Thread-safety: any number of threads may read; a write needs the caller's own ordering against every other access.
 */
public final class PointCloud implements AutoCloseable {

    /** Every owned column is padded to a multiple of this many floats (one 64-byte cache line). */
    public static final int PADDING = 16;

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final UnsafeBuffer[] NO_BUFFERS = {};
    private static final ThreadLocal<float[]> BLOCK = ThreadLocal.withInitial(() -> new float[1024]);

    private final Arena arena;
    private final MemorySegment columns;
    private final int size;
    private final int dimension;
    private final long stride;
    private final List<UnsafeBuffer> lent = new ArrayList<>(0);
    private MemorySegment weights;
    private volatile boolean closed;

    private PointCloud(Arena arena, MemorySegment columns, int size, int dimension, long stride) {
        this.arena = arena;
        this.columns = columns;
        this.size = size;
        this.dimension = dimension;
        this.stride = stride;
    }

    /**
     * Allocates a cloud of zeros.
     *
     * @param size number of points, at least 1
     * @param dimension number of coordinates, at least 1
     * @return the cloud, owner of its memory
     * @throws IllegalArgumentException if a size is below 1
     */
    public static PointCloud allocate(int size, int dimension) {
        checkShape(size, dimension);
        long stride = paddedSize(size);
        Arena arena = Arena.ofShared();
        try {
            MemorySegment columns = arena.allocate(Math.multiplyExact(Math.multiplyExact(stride, dimension), (long) Float.BYTES), 64);
            return new PointCloud(arena, columns, size, dimension, stride);
        } catch (Throwable t) {
            arena.close();
            throw t;
        }
    }

    /**
     * Copies a row-major matrix.
     *
     * @param rows values of shape (size, dimension), row after row
     * @param size number of points
     * @param dimension number of coordinates
     * @return a cloud that owns its memory
     * @throws IllegalArgumentException if the array's length is not size times dimension
     */
    public static PointCloud ofRows(float[] rows, int size, int dimension) {
        checkShape(size, dimension);
        if (rows.length != (long) size * dimension) {
            throw new IllegalArgumentException("rows has " + rows.length + " values, expected " + size + " x " + dimension);
        }
        PointCloud cloud = allocate(size, dimension);
        for (int d = 0; d < dimension; d++) {
            long at = d * cloud.stride;
            for (int n = 0; n < size; n++) {
                cloud.columns.setAtIndex(FLOAT, at + n, rows[n * dimension + d]);
            }
        }
        return cloud;
    }

    /**
     * Copies a matrix given as an array of rows.
     *
     * @param rows the points, all of one length
     * @return a cloud that owns its memory
     * @throws IllegalArgumentException if there is no row or the rows differ in length
     */
    public static PointCloud ofRows(float[][] rows) {
        checkShape(rows.length, rows.length == 0 ? 1 : rows[0].length);
        int dimension = rows[0].length;
        for (int n = 0; n < rows.length; n++) {
            if (rows[n].length != dimension) {
                throw new IllegalArgumentException("row " + n + " has " + rows[n].length + " values, expected " + dimension);
            }
        }
        PointCloud cloud = allocate(rows.length, dimension);
        for (int n = 0; n < rows.length; n++) {
            for (int d = 0; d < dimension; d++) {
                cloud.columns.setAtIndex(FLOAT, d * cloud.stride + n, rows[n][d]);
            }
        }
        return cloud;
    }

    /**
     * Views memory of the caller's as a cloud, without a copy. The memory must stay alive and readable by every thread that uses the cloud.
     *
     * @param columns float32 values in native byte order; coordinate d of point n lies at index {@code d * stride + n}
     * @param size number of points
     * @param dimension number of coordinates
     * @param stride distance between columns, in floats, at least {@code size}
     * @return a view; closing it frees nothing
     * @throws IllegalArgumentException if the segment is too small for the shape
     */
    public static PointCloud wrap(MemorySegment columns, int size, int dimension, long stride) {
        checkShape(size, dimension);
        if (stride < size) {
            throw new IllegalArgumentException("stride is " + stride + " floats, expected at least the " + size + " points of a column");
        }
        long needed = Math.multiplyExact(Math.addExact(Math.multiplyExact(stride, (long) dimension - 1), (long) size), (long) Float.BYTES);
        if (columns.byteSize() < needed) {
            throw new IllegalArgumentException("segment has " + columns.byteSize() + " bytes, expected at least " + needed + " for " + size
                + " x " + dimension);
        }
        return new PointCloud(null, columns, size, dimension, stride);
    }

    /**
     * Returns the least multiple of {@link #PADDING} that holds so many floats.
     *
     * @param size a count of floats, not negative
     * @return the padded count
     */
    public static int paddedSize(int size) {
        return Math.addExact(size, PADDING - 1) & -PADDING;
    }

    /**
     * Returns the number of points N.
     *
     * @return N, at least 1
     */
    public int size() {
        return size;
    }

    /**
     * Returns the number of coordinates D.
     *
     * @return D, at least 1
     */
    public int dimension() {
        return dimension;
    }

    /**
     * Returns one coordinate of one point.
     *
     * @param point row, from 0
     * @param coordinate column, from 0
     * @return the value
     * @throws IndexOutOfBoundsException if there is no such point or coordinate
     * @throws IllegalStateException if the cloud is closed
     */
    public float get(int point, int coordinate) {
        checkOpen();
        Objects.checkIndex(point, size);
        Objects.checkIndex(coordinate, dimension);
        return columns.getAtIndex(FLOAT, coordinate * stride + point);
    }

    /**
     * Sets one coordinate of one point.
     *
     * @param point row, from 0
     * @param coordinate column, from 0
     * @param value the new value
     * @throws IndexOutOfBoundsException if there is no such point or coordinate
     * @throws IllegalStateException if the cloud is closed
     */
    public void set(int point, int coordinate, float value) {
        checkOpen();
        Objects.checkIndex(point, size);
        Objects.checkIndex(coordinate, dimension);
        columns.setAtIndex(FLOAT, coordinate * stride + point, value);
    }

    /**
     * Returns one coordinate of all points, as memory of exactly {@code 4 * size()} bytes.
     *
     * @param coordinate column, from 0
     * @return the column, native byte order
     * @throws IndexOutOfBoundsException if there is no such coordinate
     * @throws IllegalStateException if the cloud is closed
     */
    public MemorySegment column(int coordinate) {
        checkOpen();
        Objects.checkIndex(coordinate, dimension);
        return columns.asSlice(coordinate * stride * Float.BYTES, (long) size * Float.BYTES);
    }

    /**
     * Returns a view of one column for code that speaks Agrona. {@link #close()} empties every view it has lent, so that a late access
     * throws {@link IndexOutOfBoundsException} instead of reading freed memory (as long as Agrona's bounds checks are on, which is their
     * default).
     *
     * @param coordinate column, from 0
     * @return a buffer of {@code 4 * size()} bytes, native byte order
     * @throws IndexOutOfBoundsException if there is no such coordinate
     * @throws IllegalStateException if the cloud is closed, or the column does not fit a buffer of under 2 GiB
     */
    public DirectBuffer columnBuffer(int coordinate) {
        MemorySegment column = column(coordinate);
        if (!column.isNative() || column.byteSize() > Integer.MAX_VALUE) {
            throw new IllegalStateException("column " + coordinate + " has " + column.byteSize()
                + " bytes; a buffer view takes native memory of under 2 GiB");
        }
        UnsafeBuffer buffer = AgronaBuffers.view(column.asByteBuffer());
        synchronized (lent) {
            checkOpen();
            lent.add(buffer);
        }
        return buffer;
    }

    /**
     * Copies one point.
     *
     * @param point row, from 0
     * @param destination receives {@code dimension()} values
     * @param offset where in the destination to start
     * @throws IndexOutOfBoundsException if there is no such point or the destination is too short
     * @throws IllegalStateException if the cloud is closed
     */
    public void copyPoint(int point, float[] destination, int offset) {
        checkOpen();
        Objects.checkIndex(point, size);
        Objects.checkFromIndexSize(offset, dimension, destination.length);
        for (int d = 0; d < dimension; d++) {
            destination[offset + d] = columns.getAtIndex(FLOAT, d * stride + point);
        }
    }

    /**
     * Overwrites one point.
     *
     * @param point row, from 0
     * @param source holds {@code dimension()} values
     * @param offset where in the source to start
     * @throws IndexOutOfBoundsException if there is no such point or the source is too short
     * @throws IllegalStateException if the cloud is closed
     */
    public void setPoint(int point, float[] source, int offset) {
        checkOpen();
        Objects.checkIndex(point, size);
        Objects.checkFromIndexSize(offset, dimension, source.length);
        for (int d = 0; d < dimension; d++) {
            columns.setAtIndex(FLOAT, d * stride + point, source[offset + d]);
        }
    }

    /**
     * Copies a stretch of one column into heap memory: how kernels pack their tiles.
     *
     * @param coordinate column, from 0
     * @param firstPoint first row
     * @param destination receives the values
     * @param offset where in the destination to start
     * @param count number of values
     * @throws IndexOutOfBoundsException if the stretch or the destination is too short
     * @throws IllegalStateException if the cloud is closed
     */
    public void copyColumn(int coordinate, int firstPoint, float[] destination, int offset, int count) {
        checkOpen();
        Objects.checkIndex(coordinate, dimension);
        Objects.checkFromIndexSize(firstPoint, count, size);
        MemorySegment.copy(columns, FLOAT, (coordinate * stride + firstPoint) * Float.BYTES, destination, offset, count);
    }

    /**
     * Overwrites a stretch of one column from heap memory.
     *
     * @param coordinate column, from 0
     * @param firstPoint first row
     * @param source holds the values
     * @param offset where in the source to start
     * @param count number of values
     * @throws IndexOutOfBoundsException if the stretch or the source is too short
     * @throws IllegalStateException if the cloud is closed
     */
    public void setColumn(int coordinate, int firstPoint, float[] source, int offset, int count) {
        checkOpen();
        Objects.checkIndex(coordinate, dimension);
        Objects.checkFromIndexSize(firstPoint, count, size);
        MemorySegment.copy(source, offset, columns, FLOAT, (coordinate * stride + firstPoint) * Float.BYTES, count);
    }

    /**
     * Copies the cloud out as a row-major matrix.
     *
     * @return size() * dimension() values, row after row
     * @throws IllegalStateException if the cloud is closed
     */
    public float[] toRows() {
        float[] rows = new float[Math.multiplyExact(size, dimension)];
        float[] column = new float[size];
        for (int d = 0; d < dimension; d++) {
            copyColumn(d, 0, column, 0, size);
            for (int n = 0; n < size; n++) {
                rows[n * dimension + d] = column[n];
            }
        }
        return rows;
    }

    /**
     * Gives every point a weight (copied). Without weights all points count alike.
     *
     * @param values one weight per point: finite, not negative, not all zero
     * @return this cloud
     * @throws IllegalArgumentException if the number of weights or one of them is wrong
     * @throws IllegalStateException if the cloud is closed or only a view
     */
    public PointCloud withWeights(float[] values) {
        checkOpen();
        if (arena == null) {
            throw new IllegalStateException("a wrapped cloud cannot hold weights; copy it first");
        }
        if (values.length != size) {
            throw new IllegalArgumentException("weights has " + values.length + " values, expected one for each of " + size + " points");
        }
        double total = 0;
        for (int n = 0; n < size; n++) {
            if (!(values[n] >= 0) || values[n] == Float.POSITIVE_INFINITY) {
                throw new IllegalArgumentException("weight of point " + n + " is " + values[n] + ", expected a finite value of at least 0");
            }
            total += values[n];
        }
        if (!(total > 0)) {
            throw new IllegalArgumentException("all " + size + " weights are 0, expected a positive sum");
        }
        if (weights == null) {
            weights = arena.allocate((long) paddedSize(size) * Float.BYTES, 64);
        }
        MemorySegment.copy(values, 0, weights, FLOAT, 0, size);
        return this;
    }

    /**
     * Tells whether the points carry weights.
     *
     * @return true if they do
     */
    public boolean hasWeights() {
        return weights != null;
    }

    /**
     * Returns the weight of one point, 1 where the cloud has none.
     *
     * @param point row, from 0
     * @return the weight as it was given (not normalised)
     * @throws IndexOutOfBoundsException if there is no such point
     * @throws IllegalStateException if the cloud is closed
     */
    public float weight(int point) {
        checkOpen();
        Objects.checkIndex(point, size);
        return weights == null ? 1f : weights.getAtIndex(FLOAT, point);
    }

    /**
     * Returns the mass of one point as a measure has it: its weight, 1/N where the cloud has none.
     *
     * @param point row, from 0
     * @return the mass, not normalised
     * @throws IndexOutOfBoundsException if there is no such point
     * @throws IllegalStateException if the cloud is closed
     */
    public double mass(int point) {
        return weights == null ? weight(point) / (double) size : weight(point);
    }

    /**
     * Refuses NaN and infinity: the door at which bad numbers stop.
     *
     * @param name what the cloud is called in the message
     * @return this cloud
     * @throws IllegalArgumentException naming the first row and column, in row order, that is not finite
     * @throws IllegalStateException if the cloud is closed
     */
    public PointCloud requireFinite(String name) {
        checkOpen();
        int firstRow = Integer.MAX_VALUE;
        int firstColumn = -1;
        for (int d = 0; d < dimension; d++) {
            int row = firstNotFinite(d, Math.min(size, firstRow));
            if (row < firstRow) {
                firstRow = row;
                firstColumn = d;
            }
        }
        if (firstColumn >= 0) {
            throw new IllegalArgumentException(
                name + " holds " + get(firstRow, firstColumn) + " at row " + firstRow + ", column " + firstColumn
                    + " (counted from 0), expected finite values");
        }
        return this;
    }

    /** By blocks on the heap: single floats in a segment are slow until C2 has compiled every layer of their access. */
    private int firstNotFinite(int coordinate, int end) {
        float[] block = BLOCK.get();
        for (int first = 0; first < end; first += block.length) {
            int count = Math.min(block.length, end - first);
            copyColumn(coordinate, first, block, 0, count);
            int at = firstNotFinite(block, count);
            if (at < count) {
                return first + at;
            }
        }
        return Integer.MAX_VALUE;
    }

    private static int firstNotFinite(float[] values, int count) {
        for (int n = 0; n < count; n++) {
            if (!Float.isFinite(values[n])) {
                return n;
            }
        }
        return count;
    }

    /**
     * Refuses a cloud of another dimension.
     *
     * @param expected the dimension that is needed
     * @param name what the cloud is called in the message
     * @return this cloud
     * @throws IllegalArgumentException if the dimension differs
     */
    public PointCloud requireDimension(int expected, String name) {
        if (dimension != expected) {
            throw new IllegalArgumentException(name + " has dimension " + dimension + ", expected " + expected);
        }
        return this;
    }

    /** Frees the memory of an owned cloud and empties every buffer it has lent; closing again does nothing. */
    @Override
    public void close() {
        UnsafeBuffer[] views = NO_BUFFERS;
        synchronized (lent) {
            if (closed) {
                return;
            }
            closed = true;
            views = lent.toArray(NO_BUFFERS);
            lent.clear();
        }
        for (UnsafeBuffer view : views) {
            view.wrap(0, 0);
        }
        if (arena != null) {
            arena.close();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the cloud of " + size + " x " + dimension + " is closed");
        }
    }

    private static void checkShape(int size, int dimension) {
        if (size < 1) {
            throw new IllegalArgumentException("cloud has " + size + " rows, expected at least 1");
        }
        if (dimension < 1) {
            throw new IllegalArgumentException("cloud has " + dimension + " columns, expected at least 1");
        }
    }

    @Override
    public String toString() {
        return "PointCloud[" + size + " x " + dimension + (weights == null ? "" : ", weighted") + (closed ? ", closed" : "") + "]";
    }
}
