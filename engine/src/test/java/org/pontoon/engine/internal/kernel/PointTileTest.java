package org.pontoon.engine.internal.kernel;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.memory.Floats;
import org.pontoon.engine.memory.PointCloud;

@Tag("widths")
@Tag("widths-small")
class PointTileTest {

    private static final int SIZE = PointTile.SIZE;
    private static final int POINTS = 90;

    static IntStream dimensions() {
        return IntStream.concat(IntStream.rangeClosed(1, 70), IntStream.of(128, 513));
    }

    static IntStream fullDimensions() {
        return IntStream.rangeClosed(1, 20);
    }

    @ParameterizedTest
    @MethodSource("dimensions")
    void gatheredRowsAreTheChosenPoints(int dimension) {
        int stride = PointCloud.paddedSize(dimension);
        float[] points = Floats.random(dimension, POINTS * stride, 5f);
        int first = 5;
        int[] indices = new SplittableRandom(dimension).ints(first + SIZE, 0, POINTS).toArray();
        try (Arena arena = Arena.ofConfined()) {
            // the segment ends with the last row: a read behind it is out of bounds
            MemorySegment segment = arena.allocate(4L * points.length);
            MemorySegment.copy(points, 0, segment, ValueLayout.JAVA_FLOAT, 0, points.length);
            indices[first + 3] = POINTS - 1;
            indices[first + 4] = 0;
            for (int rowStride : new int[] {stride, stride + 16, stride + 48}) {
                float[] expected = nan(SIZE * rowStride);
                for (int b = 0; b < SIZE; b++) {
                    System.arraycopy(points, indices[first + b] * stride, expected, b * rowStride, stride);
                }
                for (MemorySegment source : new MemorySegment[] {segment, MemorySegment.ofArray(points)}) {
                    float[] rows = nan(SIZE * rowStride);
                    org.pontoon.engine.internal.vector.PointTile.gather(source, stride, indices, first, rows, rowStride);
                    Floats.assertSameBits("dimension " + dimension + ", row stride " + rowStride, rows, expected);
                    float[] byScalars = nan(SIZE * rowStride);
                    org.pontoon.engine.internal.scalar.PointTile.gather(source, stride, indices, first, byScalars, rowStride);
                    Floats.assertSameBits("scalars, dimension " + dimension + ", row stride " + rowStride, byScalars, expected);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dimensions")
    void columnsAreTheRowsTransposed(int dimension) {
        for (int rowStride : new int[] {dimension, PointCloud.paddedSize(dimension), PointCloud.paddedSize(dimension) + 16}) {
            float[] rows = nan(SIZE * rowStride);
            float[] expected = nan(SIZE * dimension + 3);
            float[] values = Floats.hostile(dimension, SIZE * dimension);
            for (int b = 0; b < SIZE; b++) {
                for (int d = 0; d < dimension; d++) {
                    rows[b * rowStride + d] = values[b * dimension + d];
                    expected[d * SIZE + b] = values[b * dimension + d];
                }
            }
            float[] before = rows.clone();
            float[] columns = nan(SIZE * dimension + 3);
            org.pontoon.engine.internal.vector.PointTile.transpose(rows, rowStride, dimension, columns);
            Floats.assertSameBits("dimension " + dimension + ", row stride " + rowStride, columns, expected);
            Floats.assertSameBits("rows", rows, before);
            float[] byScalars = nan(SIZE * dimension + 3);
            org.pontoon.engine.internal.scalar.PointTile.transpose(rows, rowStride, 0, dimension, byScalars);
            Floats.assertSameBits("scalars, dimension " + dimension + ", row stride " + rowStride, byScalars, expected);
        }
    }

    @ParameterizedTest
    @MethodSource("fullDimensions")
    void productsAreTheFeaturesOfEveryPoint(int dimension) {
        checkProducts(dimension, Floats.random(dimension, SIZE * dimension, 5f));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 15, 16, 17})
    void hostileValuesAreOnlyMultiplied(int dimension) {
        checkProducts(dimension, Floats.hostile(dimension, SIZE * dimension));
    }

    private static void checkProducts(int dimension, float[] points) {
        QuadraticFeatures features = new QuadraticFeatures(dimension, true);
        int count = features.count() - 1;
        for (int rowStride : new int[] {count, PointCloud.paddedSize(count), PointCloud.paddedSize(count) + 16}) {
            float[] rows = nan(SIZE * rowStride);
            float[] columns = nan(SIZE * count);
            float[] expectedRows = nan(SIZE * rowStride);
            float[] expectedColumns = new float[SIZE * count];
            float[] of = new float[count + 1];
            for (int b = 0; b < SIZE; b++) {
                System.arraycopy(points, b * dimension, rows, b * rowStride, dimension);
                features.ofPoint(points, b * dimension, new float[dimension], of);
                System.arraycopy(of, 0, expectedRows, b * rowStride, count);
                for (int f = 0; f < count; f++) {
                    expectedColumns[f * SIZE + b] = of[f];
                }
            }
            org.pontoon.engine.internal.vector.PointTile.transpose(rows, rowStride, dimension, columns);
            PointTile.products(dimension, rows, rowStride, columns);
            Floats.assertSameBits("rows, dimension " + dimension + ", stride " + rowStride, rows, expectedRows);
            Floats.assertSameBits("columns, dimension " + dimension + ", stride " + rowStride, columns, expectedColumns);
        }
    }

    @Test
    void anIndexThatNoPointHasIsRefused() {
        float[] rows = new float[SIZE * 16];
        int[] indices = new int[SIZE];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment points = arena.allocate(4 * 16 * 10L);
            for (int bad : new int[] {10, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                indices[SIZE - 1] = bad;
                assertThatThrownBy(() -> org.pontoon.engine.internal.vector.PointTile.gather(points, 16, indices, 0, rows, 16))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            }
        }
    }

    @Test
    void compilationDoesNotChangeTheBits() {
        int dimension = 17;
        int stride = 32;
        MemorySegment points = MemorySegment.ofArray(Floats.random(1, POINTS * stride, 5f));
        int[] indices = new SplittableRandom(1).ints(SIZE, 0, POINTS).toArray();
        float[] rows = new float[SIZE * 176];
        float[] columns = new float[SIZE * 170];
        Floats.assertSameBitsWhenHot("columns", 2_000, () -> {
            org.pontoon.engine.internal.vector.PointTile.gather(points, stride, indices, 0, rows, 176);
            org.pontoon.engine.internal.vector.PointTile.transpose(rows, 176, dimension, columns);
            PointTile.products(dimension, rows, 176, columns);
            return columns;
        });
    }

    private static float[] nan(int length) {
        float[] values = new float[length];
        Arrays.fill(values, Float.NaN);
        return values;
    }
}
