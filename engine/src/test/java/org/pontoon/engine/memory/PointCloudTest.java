package org.pontoon.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PointCloudTest {

    /** Three points in two dimensions. */
    private static PointCloud small() {
        return PointCloud.ofRows(new float[][] {{1f, 2f}, {3f, 4f}, {5f, 6f}});
    }

    private static MemorySegment segmentOf(float... values) {
        return MemorySegment.ofArray(values);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "1,5", "15,2", "16,2", "17,2", "100,3", "1000,7", "4098,1"})
    void columnsStartOnCacheLinesAndArePaddedWithZeros(int size, int dimension) {
        float[] rows = Floats.random(1, size * dimension, 9f);
        float[] weights = Floats.random(2, size, 1f);
        for (int n = 0; n < size; n++) {
            weights[n] = Math.abs(weights[n]) + 0.1f;
        }
        try (PointCloud cloud = PointCloud.ofRows(rows, size, dimension).withWeights(weights)) {
            int padded = PointCloud.paddedSize(size);
            for (int d = 0; d < dimension; d++) {
                MemorySegment column = cloud.column(d);
                assertThat(column.byteSize()).isEqualTo(4L * size);
                assertThat(column.address() % 64).isZero();
                assertThat(column.address()).isEqualTo(cloud.column(0).address() + 4L * padded * d);
                UnsafeBuffer raw = new UnsafeBuffer(column.address(), 4 * padded);
                for (int n = 0; n < padded; n++) {
                    float value = raw.getFloat(4 * n, ByteOrder.nativeOrder());
                    assertThat(Float.floatToRawIntBits(value)).isEqualTo(n < size ? Float.floatToRawIntBits(rows[n * dimension + d]) : 0);
                }
            }
        }
    }

    @Test
    void aNewCloudHoldsZeros() {
        try (PointCloud cloud = PointCloud.allocate(33, 3)) {
            assertThat(cloud.size()).isEqualTo(33);
            assertThat(cloud.dimension()).isEqualTo(3);
            assertThat(cloud.toRows()).hasSize(99).containsOnly(0f);
            assertThat(cloud.hasWeights()).isFalse();
            assertThat(cloud.weight(32)).isEqualTo(1f);
        }
    }

    @Test
    void paddedSizesAreTheNextMultiplesOfSixteen() {
        int[] sizes = {0, 1, 15, 16, 17, 31, 32, 33, Integer.MAX_VALUE - 15};
        int[] padded = {0, 16, 16, 16, 32, 32, 32, 48, Integer.MAX_VALUE - 15};
        for (int i = 0; i < sizes.length; i++) {
            assertThat(PointCloud.paddedSize(sizes[i])).isEqualTo(padded[i]);
        }
        assertThatThrownBy(() -> PointCloud.paddedSize(Integer.MAX_VALUE)).isInstanceOf(ArithmeticException.class);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "17,1", "1,17", "100,3", "257,65"})
    void rowsComeOutAsTheyWentIn(int size, int dimension) {
        float[] rows = Floats.hostile(3, size * dimension);
        try (PointCloud cloud = PointCloud.ofRows(rows, size, dimension)) {
            Floats.assertSameBits("rows", cloud.toRows(), rows);
            float[] point = new float[dimension + 2];
            float[] column = new float[size + 3];
            for (int n = 0; n < size; n++) {
                cloud.copyPoint(n, point, 1);
                for (int d = 0; d < dimension; d++) {
                    assertThat(point[1 + d]).isEqualTo(rows[n * dimension + d]).isEqualTo(cloud.get(n, d));
                }
            }
            assertThat(point[0]).isZero();
            assertThat(point[dimension + 1]).isZero();
            for (int d = 0; d < dimension; d++) {
                cloud.copyColumn(d, 0, column, 2, size);
                for (int n = 0; n < size; n++) {
                    assertThat(column[2 + n]).isEqualTo(rows[n * dimension + d]);
                }
            }
        }
    }

    @Test
    void everyWayToWriteReachesTheSamePlace() {
        float[] rows = Floats.random(4, 50 * 3, 1f);
        try (PointCloud byValue = PointCloud.allocate(50, 3);
                PointCloud byPoint = PointCloud.allocate(50, 3);
                PointCloud byColumn = PointCloud.allocate(50, 3);
                PointCloud bySegment = PointCloud.allocate(50, 3)) {
            float[] column = new float[30];
            for (int n = 0; n < 50; n++) {
                byPoint.setPoint(n, rows, 3 * n);
                for (int d = 0; d < 3; d++) {
                    byValue.set(n, d, rows[3 * n + d]);
                    bySegment.column(d).setAtIndex(ValueLayout.JAVA_FLOAT, n, rows[3 * n + d]);
                }
            }
            for (int d = 0; d < 3; d++) {
                for (int start = 0; start < 50; start += 25) {
                    for (int i = 0; i < 25; i++) {
                        column[5 + i] = rows[3 * (start + i) + d];
                    }
                    byColumn.setColumn(d, start, column, 5, 25);
                }
            }
            for (PointCloud cloud : List.of(byValue, byPoint, byColumn, bySegment)) {
                Floats.assertSameBits("rows", cloud.toRows(), rows);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0,3,0 rows", "-1,3,-1 rows", "3,0,0 columns", "3,-2,-2 columns"})
    void emptyShapesAreRefused(int size, int dimension, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> PointCloud.allocate(size, dimension)).withMessageContaining(message);
        assertThatIllegalArgumentException().isThrownBy(() -> PointCloud.ofRows(new float[0], size, dimension))
            .withMessageContaining(message);
        assertThatIllegalArgumentException().isThrownBy(() -> PointCloud.wrap(segmentOf(1f), size, dimension, 16))
            .withMessageContaining(message);
    }

    @Test
    void wrongArraysAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> PointCloud.ofRows(new float[5], 2, 3)).withMessageContaining("5 values")
            .withMessageContaining("2 x 3");
        assertThatIllegalArgumentException().isThrownBy(() -> PointCloud.ofRows(new float[0], 65_536, 65_536))
            .withMessageContaining("0 values");
        assertThatIllegalArgumentException().isThrownBy(() -> PointCloud.ofRows(new float[0][])).withMessageContaining("0 rows");
        assertThatIllegalArgumentException().isThrownBy(() -> PointCloud.ofRows(new float[][] {{}})).withMessageContaining("0 columns");
        assertThatIllegalArgumentException().isThrownBy(() -> PointCloud.ofRows(new float[][] {{1f, 2f}, {3f}}))
            .withMessageContaining("row 1")
            .withMessageContaining("expected 2");
    }

    @Test
    void whatNoMachineHoldsIsRefused() {
        assertThatThrownBy(() -> PointCloud.allocate(Integer.MAX_VALUE, 1)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> PointCloud.allocate(Integer.MAX_VALUE - 15, Integer.MAX_VALUE)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> PointCloud.allocate(1 << 30, 1 << 20)).isInstanceOf(OutOfMemoryError.class);
    }

    static Stream<Named<ThrowingCallable>> callsOutOfBounds() {
        PointCloud cloud = small();
        float[] four = new float[4];
        return Stream.of(Named.of("get, point 3", () -> cloud.get(3, 0)), Named.of("get, point -1", () -> cloud.get(-1, 0)),
            Named.of("get, coordinate 2", () -> cloud.get(0, 2)), Named.of("get, coordinate -1", () -> cloud.get(0, -1)),
            Named.of("set, point 3", () -> cloud.set(3, 0, 1f)), Named.of("set, coordinate 2", () -> cloud.set(0, 2, 1f)),
            Named.of("set, coordinate -1", () -> cloud.set(2, -1, 1f)), Named.of("column 2", () -> cloud.column(2)),
            Named.of("column -1", () -> cloud.column(-1)), Named.of("column buffer 2", () -> cloud.columnBuffer(2)),
            Named.of("copy point 3", () -> cloud.copyPoint(3, four, 0)), Named.of("copy point to 3", () -> cloud.copyPoint(0, four, 3)),
            Named.of("copy point to -1", () -> cloud.copyPoint(0, four, -1)), Named.of("set point 3", () -> cloud.setPoint(3, four, 0)),
            Named.of("set point from 3", () -> cloud.setPoint(0, four, 3)),
            Named.of("copy column 2", () -> cloud.copyColumn(2, 0, four, 0, 1)),
            Named.of("copy column from 1, 3 values", () -> cloud.copyColumn(0, 1, four, 0, 3)),
            Named.of("copy column from -1", () -> cloud.copyColumn(1, -1, four, 0, 1)),
            Named.of("copy column, -1 values", () -> cloud.copyColumn(1, 0, four, 0, -1)),
            Named.of("copy column, to 2, 3 values", () -> cloud.copyColumn(0, 0, four, 2, 3)),
            Named.of("copy column, to -1", () -> cloud.copyColumn(0, 0, four, -1, 3)),
            Named.of("set column 2", () -> cloud.setColumn(2, 0, four, 0, 1)),
            Named.of("set column from 1, 3 values", () -> cloud.setColumn(0, 1, four, 0, 3)),
            Named.of("set column, source from 2, 3 values", () -> cloud.setColumn(0, 0, four, 2, 3)),
            Named.of("weight of point 3", () -> cloud.weight(3)), Named.of("weight of point -1", () -> cloud.weight(-1)));
    }

    @ParameterizedTest
    @MethodSource("callsOutOfBounds")
    void whatIsNotThereIsRefused(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static List<Named<ThrowingCallable>> everyAccess(PointCloud cloud) {
        float[] three = new float[3];
        return List.of(Named.of("get", () -> cloud.get(0, 0)), Named.of("set", () -> cloud.set(0, 0, 1f)), Named.of("column", () -> cloud
            .column(0)), Named.of("columnBuffer", () -> cloud.columnBuffer(0)), Named.of("copyPoint", () -> cloud.copyPoint(0, three, 0)),
            Named
                .of("setPoint", () -> cloud.setPoint(0, three, 0)),
            Named.of("copyColumn", () -> cloud.copyColumn(0, 0, three, 0, 3)), Named.of(
                "setColumn", () -> cloud.setColumn(0, 0, three, 0, 3)),
            Named.of("toRows", cloud::toRows), Named.of("withWeights",
                () -> cloud.withWeights(new float[] {1f, 1f, 1f})),
            Named.of("weight", () -> cloud.weight(0)), Named.of("requireFinite",
                () -> cloud.requireFinite("it")));
    }

    static Stream<Named<ThrowingCallable>> accessesToAClosedCloud() {
        PointCloud owned = small();
        PointCloud weighted = small().withWeights(new float[] {1f, 2f, 3f});
        PointCloud wrapped = PointCloud.wrap(segmentOf(1f, 2f, 3f, 4f, 5f, 6f), 3, 2, 3);
        return Stream.of(owned, weighted, wrapped).flatMap(cloud -> {
            String name = cloud == owned ? "owned: " : cloud == weighted ? "weighted: " : "wrapped: ";
            cloud.close();
            return everyAccess(cloud).stream().map(call -> Named.of(name + call.getName(), call.getPayload()));
        });
    }

    @ParameterizedTest
    @MethodSource("accessesToAClosedCloud")
    void aClosedCloudRefusesEveryAccess(ThrowingCallable access) {
        assertThatIllegalStateException().isThrownBy(access);
    }

    @Test
    void closingAgainDoesNothing() {
        PointCloud cloud = small();
        assertThat(cloud).hasToString("PointCloud[3 x 2]");
        cloud.close();
        cloud.close();
        assertThat(cloud).hasToString("PointCloud[3 x 2, closed]");
        assertThat(cloud.size()).isEqualTo(3);
        assertThat(cloud.dimension()).isEqualTo(2);
    }

    @Test
    void columnsDieWithTheirCloud() {
        PointCloud cloud = small();
        MemorySegment column = cloud.column(1);
        assertThat(column.getAtIndex(ValueLayout.JAVA_FLOAT, 2)).isEqualTo(6f);
        cloud.close();
        assertThatIllegalStateException().isThrownBy(() -> column.getAtIndex(ValueLayout.JAVA_FLOAT, 2));
    }

    @Test
    void lentBuffersShowTheColumnAndAreEmptiedByClose() {
        PointCloud cloud = small();
        DirectBuffer first = cloud.columnBuffer(0);
        DirectBuffer second = cloud.columnBuffer(1);
        DirectBuffer secondAgain = cloud.columnBuffer(1);
        assertThat(second.capacity()).isEqualTo(12);
        assertThat(second.getFloat(8)).isEqualTo(6f);
        cloud.set(2, 1, 7f);
        assertThat(second.getFloat(8)).isEqualTo(7f);
        assertThat(secondAgain.getFloat(8)).isEqualTo(7f);
        assertThat(first.getFloat(8)).isEqualTo(5f);
        assertThatThrownBy(() -> second.getFloat(12)).isInstanceOf(IndexOutOfBoundsException.class);
        cloud.close();
        for (DirectBuffer buffer : List.of(first, second, secondAgain)) {
            assertThat(buffer.capacity()).isZero();
            assertThatThrownBy(() -> buffer.getFloat(0)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> buffer.getByte(0)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> buffer.getBytes(0, new byte[4])).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void wrappedMemoryIsSharedNotCopied() {
        float[] memory = {1f, 2f, 3f, -1f, 4f, 5f, 6f};
        PointCloud cloud = PointCloud.wrap(segmentOf(memory), 3, 2, 4);
        assertThat(cloud.toRows()).containsExactly(1f, 4f, 2f, 5f, 3f, 6f);
        cloud.set(0, 1, 9f);
        assertThat(memory[4]).isEqualTo(9f);
        memory[0] = 8f;
        assertThat(cloud.get(0, 0)).isEqualTo(8f);
        assertThat(memory[3]).isEqualTo(-1f);
        assertThat(cloud.column(1).byteSize()).isEqualTo(12);
        cloud.close();
        assertThat(memory).containsExactly(8f, 2f, 3f, -1f, 9f, 5f, 6f);
    }

    @Test
    void wrappedMemoryNeedNotBeAligned() {
        MemorySegment bytes = MemorySegment.ofArray(new byte[4 * 6 + 1]).asSlice(1);
        PointCloud cloud = PointCloud.wrap(bytes, 3, 2, 3);
        cloud.setColumn(1, 0, new float[] {1f, 2f, 3f}, 0, 3);
        cloud.set(2, 0, 4f);
        assertThat(cloud.toRows()).containsExactly(0f, 1f, 0f, 2f, 4f, 3f);
        cloud.close();
    }

    @Test
    void closingAWrappedCloudLeavesItsMemoryAlive() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(64);
            PointCloud cloud = PointCloud.wrap(memory, 4, 4, 4);
            DirectBuffer buffer = cloud.columnBuffer(3);
            cloud.close();
            assertThat(memory.getAtIndex(ValueLayout.JAVA_FLOAT, 15)).isZero();
            assertThat(buffer.capacity()).isZero();
        }
    }

    @Test
    void aWrappedCloudDiesWithItsMemory() {
        PointCloud cloud;
        try (Arena arena = Arena.ofConfined()) {
            cloud = PointCloud.wrap(arena.allocate(64), 4, 4, 4);
            assertThat(cloud.get(3, 3)).isZero();
        }
        assertThatIllegalStateException().isThrownBy(() -> cloud.get(3, 3));
        cloud.close();
    }

    @Test
    void segmentsThatAreTooSmallAreRefused() {
        // the last column needs no padding
        assertThat(PointCloud.wrap(segmentOf(new float[7]), 3, 2, 4).get(2, 1)).isZero();
        assertThatIllegalArgumentException().isThrownBy(() -> PointCloud.wrap(segmentOf(new float[6]), 3, 2, 4))
            .withMessageContaining("24 bytes")
            .withMessageContaining("28");
        assertThatIllegalArgumentException().isThrownBy(() -> PointCloud.wrap(segmentOf(new float[9]), 3, 2, 2))
            .withMessageContaining("stride");
        assertThatIllegalArgumentException().isThrownBy(() -> PointCloud.wrap(segmentOf(new float[9]), 3, 2, -4))
            .withMessageContaining("stride");
        assertThatThrownBy(() -> PointCloud.wrap(segmentOf(new float[9]), 3, 3, Long.MAX_VALUE / 2))
            .isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> PointCloud.wrap(segmentOf(new float[9]), 3, 2, Long.MAX_VALUE / 4))
            .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void readOnlyMemoryCannotBeWritten() {
        PointCloud cloud = PointCloud.wrap(segmentOf(1f, 2f).asReadOnly(), 2, 1, 2);
        assertThat(cloud.get(1, 0)).isEqualTo(2f);
        assertThatThrownBy(() -> cloud.set(1, 0, 3f)).isInstanceOf(IllegalArgumentException.class);
        cloud.close();
    }

    @Test
    void bufferViewsNeedNativeMemory() {
        assertThatIllegalStateException().isThrownBy(() -> PointCloud.wrap(segmentOf(1f), 1, 1, 1).columnBuffer(0))
            .withMessageContaining("native memory");
    }

    @Test
    void indicesBeyondTwoGigabytesAreReached(@TempDir Path folder) throws IOException {
        // a file with holes takes no room
        long stride = 1_200_000_000L;
        int size = 1_100_000_000;
        long bytes = 4 * (2 * stride + size);
        try (FileChannel channel = FileChannel.open(folder.resolve("sparse"), StandardOpenOption.CREATE_NEW, StandardOpenOption.SPARSE,
            StandardOpenOption.READ, StandardOpenOption.WRITE);
                Arena arena = Arena.ofShared()) {
            MemorySegment memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
            try (PointCloud cloud = PointCloud.wrap(memory, size, 3, stride)) {
                int last = size - 1;
                cloud.set(last, 2, 5f);
                cloud.setPoint(last - 1, new float[] {1f, 2f, 3f}, 0);
                cloud.setColumn(1, last - 3, new float[] {7f, 8f}, 0, 2);
                ValueLayout.OfFloat layout = ValueLayout.JAVA_FLOAT_UNALIGNED;
                assertThat(memory.getAtIndex(layout, 2 * stride + last)).isEqualTo(5f);
                assertThat(memory.getAtIndex(layout, stride + last - 1)).isEqualTo(2f);
                assertThat(memory.getAtIndex(layout, stride + last - 2)).isEqualTo(8f);
                float[] point = new float[3];
                cloud.copyPoint(last - 1, point, 0);
                assertThat(point).containsExactly(1f, 2f, 3f);
                float[] column = new float[4];
                cloud.copyColumn(2, last - 3, column, 0, 4);
                assertThat(column).containsExactly(0f, 0f, 3f, 5f);
                cloud.copyColumn(1, last - 3, column, 0, 4);
                assertThat(column).containsExactly(7f, 8f, 2f, 0f);
                assertThat(cloud.column(2).getAtIndex(layout, last)).isEqualTo(5f);
                assertThat(cloud.get(last, 2)).isEqualTo(5f);
                assertThatIllegalStateException().isThrownBy(() -> cloud.columnBuffer(2)).withMessageContaining("2 GiB");
                assertThatThrownBy(cloud::toRows).isInstanceOf(ArithmeticException.class);
            }
        }
    }

    @Test
    void weightsAreCopiedAndKept() {
        float[] weights = {0f, 2.5f, -0f};
        try (PointCloud cloud = small()) {
            assertThat(cloud.withWeights(weights)).isSameAs(cloud);
            weights[1] = 9f;
            assertThat(cloud.hasWeights()).isTrue();
            assertThat(cloud.weight(0)).isZero();
            assertThat(cloud.weight(1)).isEqualTo(2.5f);
            assertThat(cloud).hasToString("PointCloud[3 x 2, weighted]");
            cloud.withWeights(new float[] {1f, 2f, 3f});
            assertThat(cloud.weight(2)).isEqualTo(3f);
            assertThat(cloud.toRows()).containsExactly(1f, 2f, 3f, 4f, 5f, 6f);
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {-1f, -Float.MIN_VALUE, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void badWeightsAreRefusedByPoint(float bad) {
        try (PointCloud cloud = small()) {
            assertThatIllegalArgumentException().isThrownBy(() -> cloud.withWeights(new float[] {1f, bad, bad}))
                .withMessageContaining("point 1").withMessageContaining(Float.toString(bad));
            assertThat(cloud.hasWeights()).isFalse();
        }
    }

    @Test
    void weightsThatWeighNothingOrDoNotFitAreRefused() {
        try (PointCloud cloud = small()) {
            assertThatIllegalArgumentException().isThrownBy(() -> cloud.withWeights(new float[3]))
                .withMessageContaining("all 3 weights are 0");
            assertThatIllegalArgumentException().isThrownBy(() -> cloud.withWeights(new float[2])).withMessageContaining("2 values");
            assertThatIllegalArgumentException().isThrownBy(() -> cloud.withWeights(new float[0])).withMessageContaining("0 values");
            // the sum of the largest weights is no reason to refuse them
            cloud.withWeights(new float[] {Float.MAX_VALUE, Float.MAX_VALUE, Float.MIN_VALUE});
        }
        assertThatIllegalStateException().isThrownBy(() -> PointCloud.wrap(segmentOf(1f), 1, 1, 1).withWeights(new float[] {1f}))
            .withMessageContaining("wrapped");
    }

    @Test
    void theFirstBadNumberInRowOrderIsNamed() {
        try (PointCloud cloud = PointCloud.ofRows(Floats.random(5, 100 * 4, 1f), 100, 4)) {
            assertThat(cloud.requireFinite("source")).isSameAs(cloud);
            cloud.set(60, 0, Float.NaN);
            assertRefused(cloud, "NaN at row 60, column 0");
            cloud.set(40, 3, Float.POSITIVE_INFINITY);
            assertRefused(cloud, "Infinity at row 40, column 3");
            cloud.set(40, 1, Float.NEGATIVE_INFINITY);
            assertRefused(cloud, "-Infinity at row 40, column 1");
            cloud.set(41, 0, Float.NaN);
            assertRefused(cloud, "-Infinity at row 40, column 1");
            cloud.set(0, 2, Float.NaN);
            assertRefused(cloud, "NaN at row 0, column 2");
        }
    }

    private static void assertRefused(PointCloud cloud, String what) {
        assertThatIllegalArgumentException().isThrownBy(() -> cloud.requireFinite("source")).withMessageContaining("source holds " + what);
    }

    @Test
    void thePaddingOfWrappedMemoryMayHoldAnything() {
        PointCloud cloud = PointCloud.wrap(segmentOf(1f, Float.NaN, 2f, Float.NaN), 1, 2, 2);
        cloud.requireFinite("cloud");
        cloud.close();
    }

    @Test
    void anotherDimensionIsRefused() {
        try (PointCloud cloud = small()) {
            assertThat(cloud.requireDimension(2, "target")).isSameAs(cloud);
            assertThatIllegalArgumentException().isThrownBy(() -> cloud.requireDimension(3, "target")).withMessage(
                "target has dimension 2, expected 3");
        }
    }

    @Test
    void manyThreadsReadTheSame() throws Exception {
        int size = 1000;
        float[] rows = Floats.random(6, size * 3, 1f);
        try (PointCloud cloud = PointCloud.ofRows(rows, size, 3); ExecutorService pool = Executors.newFixedThreadPool(4)) {
            List<Future<Integer>> results = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                int reader = t;
                results.add(pool.submit(() -> {
                    int wrong = 0;
                    float[] column = new float[size];
                    DirectBuffer buffer = cloud.columnBuffer(reader % 3);
                    for (int round = 0; round < 200; round++) {
                        int d = (reader + round) % 3;
                        cloud.copyColumn(d, 0, column, 0, size);
                        for (int n = 0; n < size; n++) {
                            wrong += column[n] == rows[3 * n + d] && cloud.get(n, d) == column[n] ? 0 : 1;
                            wrong += buffer.getFloat(4 * n) == rows[3 * n + reader % 3] ? 0 : 1;
                        }
                    }
                    return wrong;
                }));
            }
            for (Future<Integer> result : results) {
                assertThat(result.get()).isZero();
            }
        }
    }

    @Test
    void aCloseUnderReadersIsAnExceptionForThem() throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            for (int round = 0; round < 100; round++) {
                PointCloud cloud = PointCloud.ofRows(Floats.random(round, 64 * 2, 1f), 64, 2);
                CountDownLatch reading = new CountDownLatch(2);
                List<Future<Throwable>> ends = new ArrayList<>();
                for (int t = 0; t < 2; t++) {
                    boolean single = t == 0;
                    ends.add(pool.submit(() -> {
                        float[] column = new float[64];
                        try {
                            while (true) {
                                if (single) {
                                    column[0] = cloud.get(5, 1);
                                } else {
                                    cloud.copyColumn(1, 0, column, 0, 64);
                                }
                                reading.countDown();
                            }
                        } catch (RuntimeException e) {
                            return e;
                        }
                    }));
                }
                reading.await();
                cloud.close();
                for (Future<Throwable> end : ends) {
                    assertThat(end.get()).isInstanceOf(IllegalStateException.class);
                }
            }
        }
    }
}
