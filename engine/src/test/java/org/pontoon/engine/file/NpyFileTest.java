package org.pontoon.engine.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.memory.PointCloud;

class NpyFileTest {

    private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
    private static final ByteOrder BIG = ByteOrder.BIG_ENDIAN;

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0}, Fortran order {1}, shape ({2}, {3})")
    @CsvSource({"<f4,false,3,2", "<f4,true,3,2", ">f4,false,3,2", ">f4,true,3,2", "<f8,false,3,2", "<f8,true,3,2", ">f8,false,3,2",
        ">f8,true,3,2", "<f4,false,1,1", "<f4,false,1,7", "<f4,false,7,1", ">f8,true,1,7", "<f4,false,1000,50", "<f8,true,20000,3",
        "<f4,false,40,3000", ">f4,false,3,40000", "<f4,false,2,5000000", "<f8,false,1,5000000"})
    void aCloudIsReadAlikeInEveryLayout(String dtype, boolean fortranOrder, int rows, int columns) throws IOException {
        float[] values = random(rows * columns);
        float[] stored = fortranOrder ? transpose(values, rows, columns) : values;
        ByteOrder order = dtype.startsWith("<") ? LITTLE : BIG;
        double[] wide = new double[stored.length];
        Arrays.setAll(wide, i -> stored[i]);
        Path file = write(NpyBytes.npy(dtype, fortranOrder, "(" + rows + ", " + columns + ")",
            dtype.endsWith("4") ? NpyBytes.floats(order, stored) : NpyBytes.doubles(order, wide)));
        try (PointCloud cloud = NpyFile.readCloud(file)) {
            assertThat(cloud.size()).isEqualTo(rows);
            assertThat(cloud.dimension()).isEqualTo(columns);
            assertThat(cloud.toRows()).isEqualTo(values);
        }
        NpyArray array = NpyFile.read(file);
        assertThat(array.shape()).containsExactly(rows, columns);
        assertThat(array.toFloats()).isEqualTo(values);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void everyFormatVersionIsRead(int version) throws IOException {
        Path file = write(NpyBytes.npy(version, "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }",
            NpyBytes.floats(LITTLE, 1f, 2f)));
        assertThat(NpyFile.read(file).toFloats()).containsExactly(1f, 2f);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }",
        "{'shape':(2L,1L),'descr':\"<f4\",'fortran_order':False}",
        "{ 'fortran_order' : False , 'descr' : '<f4' , 'shape' : ( 2 , 1 , ) , } ",
        "{\"descr\": \"f4\", \"fortran_order\": False, \"shape\": (2, 1)}"})
    void everySpellingThatNumpyHasWrittenIsRead(String dictionary) throws IOException {
        Path file = write(NpyBytes.npy(1, dictionary, NpyBytes.floats(ByteOrder.nativeOrder(), 1f, 2f)));
        assertThat(NpyFile.read(file).toFloats()).containsExactly(1f, 2f);
    }

    @Test
    void theHeaderIsByteForByteNumpys() {
        String header = new String(NpyHeader.bytes("<f4", 3, 2), StandardCharsets.ISO_8859_1);
        assertThat(header)
            .isEqualTo("\u0093NUMPY\u0001\u0000v\u0000{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }" + " ".repeat(58)
                + "\n");
        assertThat(header).hasSize(128);
        assertThat(new String(NpyHeader.bytes("<U1"), StandardCharsets.ISO_8859_1))
            .isEqualTo("\u0093NUMPY\u0001\u0000v\u0000{'descr': '<U1', 'fortran_order': False, 'shape': (), }" + " ".repeat(62) + "\n");
        assertThat(new String(NpyHeader.bytes("<f8", 10), StandardCharsets.ISO_8859_1)).contains("'shape': (10,), }");
    }

    @ParameterizedTest
    @CsvSource({"1,1", "3,2", "16,16", "1000,50", "20,20000", "2,5000000"})
    void aWrittenCloudIsReadBack(int rows, int columns) throws IOException {
        float[] values = random(rows * columns);
        Path file = folder.resolve("cloud.npy");
        try (PointCloud cloud = PointCloud.ofRows(values, rows, columns)) {
            NpyFile.writeCloud(file, cloud);
        }
        byte[] bytes = Files.readAllBytes(file);
        assertThat(bytes).hasSize(128 + 4 * values.length);
        assertThat(Arrays.copyOfRange(bytes, 128, bytes.length)).isEqualTo(NpyBytes.floats(LITTLE, values));
        try (PointCloud cloud = NpyFile.readCloud(file)) {
            assertThat(cloud.toRows()).isEqualTo(values);
        }
    }

    @Test
    void aFortranOrderedFileOfNativeFloatsIsMappedAndOutlivesItsReplacement() throws IOException {
        float[] values = random(300 * 4);
        String dtype = ByteOrder.nativeOrder() == LITTLE ? "<f4" : ">f4";
        Path file = write(NpyBytes.npy(dtype, true, "(300, 4)", NpyBytes.floats(ByteOrder.nativeOrder(), transpose(values, 300, 4))));
        PointCloud cloud = NpyFile.readCloud(file);
        assertThat(cloud.column(1).isMapped()).isTrue();
        assertThat(cloud.column(1).isReadOnly()).isTrue();
        try (PointCloud other = PointCloud.allocate(2, 2)) {
            NpyFile.writeCloud(file, other);
        }
        assertThat(cloud.toRows()).isEqualTo(values);
        cloud.close();
    }

    @Test
    void aSingleColumnIsMappedWhateverItsOrder() throws IOException {
        Path file = write(NpyBytes.npy("=f4", false, "(3, 1)", NpyBytes.floats(ByteOrder.nativeOrder(), 1, 2, 3)));
        PointCloud cloud = NpyFile.readCloud(file);
        assertThat(cloud.column(0).isMapped()).isTrue();
        assertThat(cloud.toRows()).containsExactly(1, 2, 3);
    }

    @Test
    void theOtherLayoutsGiveACloudThatOwnsItsMemory() throws IOException {
        Path file = write(NpyBytes.npy("<f4", false, "(3, 2)", NpyBytes.floats(LITTLE, 1, 2, 3, 4, 5, 6)));
        PointCloud cloud = NpyFile.readCloud(file);
        assertThat(cloud.column(0).isMapped()).isFalse();
        cloud.set(0, 0, 7);
        cloud.close();
        assertThatThrownBy(() -> cloud.get(0, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void readingACloudTakesNoHeapForItsValues() throws IOException {
        float[] values = random(20_000 * 50);
        Path file = write(NpyBytes.npy("<f4", false, "(20000, 50)", NpyBytes.floats(LITTLE, values)));
        NpyFile.readCloud(file).close();
        long before = allocated();
        NpyFile.readCloud(file).close();
        assertThat(allocated() - before).isLessThan(400_000);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"|b1,INT32,'0,1,1'", "|i1,INT32,'0,-1,2'", "|u1,INT32,'0,255,2'", "<i2,INT32,'0,-1,2'", "<u2,INT32,'0,65535,2'",
        "<i4,INT32,'0,-1,2'", "<u4,INT64,'0,4294967295,2'", "<i8,INT64,'0,-1,2'", ">i2,INT32,'0,-1,512'", ">i4,INT32,'0,-1,33554432'",
        ">u4,INT64,'0,4294967295,33554432'"})
    void integersAreReadExactly(String dtype, NpyArray.Type type, String expected) throws IOException {
        int size = dtype.charAt(2) - '0';
        byte[] values = new byte[3 * size];
        Arrays.fill(values, size, 2 * size, (byte) -1);
        values[2 * size] = 2;
        NpyArray array = NpyFile.read(write(NpyBytes.npy(dtype, false, "(3,)", values)));
        assertThat(array.type()).isEqualTo(type);
        assertThat(array.toLongs()).isEqualTo(Arrays.stream(expected.split(",")).mapToLong(Long::parseLong).toArray());
    }

    @Test
    void textsAreReadInBothByteOrders() throws IOException {
        String text = "Schrödinger 🌉";
        int[] characters = Arrays.copyOf(text.codePoints().toArray(), 20);
        for (ByteOrder order : List.of(LITTLE, BIG)) {
            String dtype = order == LITTLE ? "<U20" : ">U20";
            assertThat(NpyFile.read(write(NpyBytes.npy(dtype, false, "()", NpyBytes.ints(order, characters)))).asText()).isEqualTo(text);
        }
        assertThatIllegalArgumentException()
            .isThrownBy(() -> NpyFile.read(write(NpyBytes.npy("<U1", false, "()", NpyBytes.ints(LITTLE, 0x110000)))))
            .withMessageContaining("0x110000");
    }

    @Test
    void manyAxesInFortranOrderAreReadInRowOrder() throws IOException {
        double[] stored = new double[2 * 3 * 4];
        double[] expected = new double[stored.length];
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 3; j++) {
                for (int k = 0; k < 4; k++) {
                    stored[i + 2 * (j + 3 * k)] = 100 * i + 10 * j + k;
                    expected[(i * 3 + j) * 4 + k] = 100 * i + 10 * j + k;
                }
            }
        }
        NpyArray array = NpyFile.read(write(NpyBytes.npy("<f8", true, "(2, 3, 4)", NpyBytes.doubles(LITTLE, stored))));
        assertThat(array).isEqualTo(NpyArray.of(expected, 2, 3, 4));
    }

    @Test
    void anArrayOfEveryTypeIsReadBack() throws IOException {
        List<NpyArray> arrays = List.of(NpyArray.of(new double[] {1, -0.0, Double.NaN, 1e300}, 2, 2),
            NpyArray.of(new float[] {1, 2, Float.NEGATIVE_INFINITY}, 3), NpyArray.of(new int[] {1, Integer.MIN_VALUE}, 1, 2, 1),
            NpyArray.of(new long[] {1, Long.MIN_VALUE}, 2), NpyArray.of(new String[] {"", "a", "🌉🌉"}, 3), NpyArray.scalar(3.5),
            NpyArray.scalar(7L), NpyArray.scalar("pontoon"), NpyArray.scalar(""), NpyArray.of(new double[0], 0, 3),
            NpyArray.of(random(100_000), 10, 10_000));
        Path file = folder.resolve("array.npy");
        for (NpyArray array : arrays) {
            NpyFile.write(file, array);
            assertThat(NpyFile.read(file)).isEqualTo(array);
        }
    }

    @Test
    void trajectoriesAreWrittenBlockByBlock() throws IOException {
        float[] values = random(5 * 40 * 3);
        Path file = folder.resolve("paths.npy");
        try (NpyFile.Writer writer = NpyFile.writer(file, 5, 40, 3)) {
            for (int at = 0; at < values.length; at += 7) {
                writer.write(values, at, Math.min(7, values.length - at));
            }
            assertThat(file).doesNotExist();
            writer.commit();
        }
        assertThat(NpyFile.read(file)).isEqualTo(NpyArray.of(values, 5, 40, 3));
        assertThat(folder).isDirectoryNotContaining("glob:**.partial");
    }

    @Test
    void tooFewOrTooManyTrajectoriesGiveNoFile() throws IOException {
        Path file = folder.resolve("paths.npy");
        try (NpyFile.Writer writer = NpyFile.writer(file, 2, 2)) {
            writer.write(new float[3], 0, 3);
            assertThatThrownBy(writer::commit).isInstanceOf(IllegalStateException.class).hasMessageContaining("4")
                .hasMessageContaining("3");
            assertThatThrownBy(() -> writer.write(new float[2], 0, 2)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> writer.write(new float[2], 1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThat(folder).isEmptyDirectory();
        assertThatIllegalArgumentException().isThrownBy(() -> NpyFile.writer(file, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> NpyFile.writer(file, Long.MAX_VALUE, 4));
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aHeaderIsDescribedWithoutItsValues() throws IOException {
        Path file = write(NpyBytes.npy(">c16", true, "(3, 0, 5)", new byte[0]));
        assertThat(NpyFile.describe(file)).isEqualTo(new ArrayDescription("", ">c16", List.of(3L, 0L, 5L), true, 128));
        assertThat(NpyFile.describe(file).shapeText()).isEqualTo("(3, 0, 5)");
        NpyFile.write(file, NpyArray.of(new float[7], 7));
        assertThat(NpyFile.describe(file).shapeText()).isEqualTo("(7,)");
        assertThat(NpyFile.describe(file).dtype()).isEqualTo("<f4");
    }

    @Test
    void aMissingFileIsNamed() {
        refusesCloud(folder.resolve("missing.npy"), "missing.npy does not exist");
        refusesCloud(folder, "is a directory");
    }

    @Test
    void aFileOfAnotherKindIsRefused() throws IOException {
        refusesCloud(write(new byte[0]), "is not an .npy file", "it is empty");
        refusesCloud(write("1,2\n3,4\n".getBytes(StandardCharsets.UTF_8)), "is not an .npy file", "31 2c 32 0a 33 2c", "93 4e 55 4d 50 59");
        refusesCloud(write(new byte[] {(byte) 0x93, 'N', 'U'}), "is not an .npy file");
        byte[] later = cloudBytes();
        later[6] = 4;
        refusesCloud(write(later), "version 4.0", "expected 1.0, 2.0 or 3.0");
    }

    @Test
    void aTruncatedFileIsRefusedWithBothLengths() throws IOException {
        byte[] bytes = cloudBytes();
        refusesCloud(write(Arrays.copyOf(bytes, 7)), "ends inside its .npy header: 7 bytes");
        refusesCloud(write(Arrays.copyOf(bytes, 9)), "ends inside its .npy header: 9 bytes");
        refusesCloud(write(Arrays.copyOf(bytes, 100)), "ends inside its .npy header: 100 bytes", "at least 128");
        refusesCloud(write(Arrays.copyOf(bytes, bytes.length - 1)), "has 23 bytes of values, expected 24", "truncated");
        refusesCloud(write(Arrays.copyOf(bytes, bytes.length + 3)), "has 27 bytes of values, expected 24");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<i3", "<f2", "<c8", "|b8", "<U4", "|S4", "<M8[ns]", "<f", "f48", "<f16"})
    void aCloudOfAnotherElementTypeIsRefused(String dtype) throws IOException {
        refusesCloud(write(NpyBytes.npy(dtype, false, "(3, 2)", new byte[24])), "dtype " + dtype,
            "expected float32, float64, bool or integers");
    }

    @ParameterizedTest
    @CsvSource({"|b1,'0,1,1'", "|i1,'0,-1,127'", "|u1,'0,255,127'", "<i2,'0,-1,32767'", "<u2,'0,65535,32767'", ">i2,'0,-1,-129'",
        "<i4,'0,-1,2147483647'", "<u4,'0,4294967295,2147483647'", ">u4,'0,4294967295,4294967167'", "<i8,'0,-1,9223372036854775807'",
        "<u8,'0,18446744073709551615,9223372036854775807'", ">i8,'0,-1,-129'"})
    void aCloudOfIntegersIsReadToTheNearestFloat(String dtype, String expected) throws IOException {
        int size = dtype.charAt(2) - '0';
        byte[] values = new byte[3 * size];
        Arrays.fill(values, size, 3 * size, (byte) 0xff);
        // the largest, or where the first byte counts most one that is not the same backwards
        values[3 * size - 1] = 0x7f;
        float[] floats = new float[3];
        String[] numbers = expected.split(",");
        for (int i = 0; i < 3; i++) {
            floats[i] = Float.parseFloat(numbers[i]);
        }
        for (boolean fortranOrder : new boolean[] {false, true}) {
            try (PointCloud cloud = NpyFile.readCloud(write(NpyBytes.npy(dtype, fortranOrder, "(1, 3)", values)))) {
                assertThat(cloud.toRows()).containsExactly(floats);
            }
            try (PointCloud cloud = NpzFile.readCloud(Files.write(folder.resolve("cloud.npz"),
                NpzFileTest.zip(true, "x.npy", NpyBytes.npy(dtype, fortranOrder, "(3, 1)", values))))) {
                assertThat(cloud.toRows()).containsExactly(floats);
            }
        }
    }

    @Test
    void anIntegerBetweenTwoFloatsIsRoundedToTheNearest() throws IOException {
        byte[] values = NpyBytes.longs(ByteOrder.LITTLE_ENDIAN, (1 << 24) + 1, (1 << 24) + 3, 1L << 62);
        for (String dtype : new String[] {"<i8", "<u8"}) {
            try (PointCloud cloud = NpyFile.readCloud(write(NpyBytes.npy(dtype, false, "(3,)", values)))) {
                assertThat(cloud.toRows()).containsExactly(0x1p24f, 0x1.000004p24f, 0x1p62f);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<f4", "<f8", ">f4"})
    void aVectorIsACloudOnTheLine(String dtype) throws IOException {
        ByteOrder order = dtype.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        byte[] values = dtype.endsWith("4") ? NpyBytes.floats(order, 3, -1, 2) : NpyBytes.doubles(order, 3, -1, 2);
        try (PointCloud cloud = NpyFile.readCloud(write(NpyBytes.npy(dtype, false, "(3,)", values)))) {
            assertThat(cloud.size()).isEqualTo(3);
            assertThat(cloud.dimension()).isEqualTo(1);
            assertThat(cloud.toRows()).containsExactly(3, -1, 2);
        }
        refusesCloud(write(NpyBytes.npy(dtype, false, "(0,)", new byte[0])), "zero rows");
        refusesCloud(write(NpyBytes.npy(dtype, false, "(4,)", values)), "bytes of values, expected");
    }

    @Test
    void pickledObjectsAreNeverRead() throws IOException {
        Path file = write(NpyBytes.npy("|O", false, "(3, 2)", new byte[24]));
        refusesCloud(file, "pickled Python objects", "never read");
        refusesArray(file, "pickled Python objects", "never read");
    }

    @Test
    void aStructuredTypeIsRefused() throws IOException {
        Path file = write(
            NpyBytes.npy(1, "{'descr': [('x', '<f4'), ('y', '<f4')], 'fortran_order': False, 'shape': (3,), }", new byte[24]));
        refusesArray(file, "structured dtype [('x', '<f4')");
    }

    @Test
    void anArrayWithoutRowsAndColumnsIsNoCloud() throws IOException {
        refusesCloud(write(NpyBytes.npy("<f4", false, "(1, 2, 3)", new byte[24])), "has shape (1, 2, 3), expected two axes (N, D)");
        refusesCloud(write(NpyBytes.npy("<f4", false, "()", new byte[4])), "has shape (), expected two axes (N, D)");
        refusesCloud(write(NpyBytes.npy("<f4", false, "(0, 2)", new byte[0])), "zero rows");
        refusesCloud(write(NpyBytes.npy("<f4", false, "(2, 0)", new byte[0])), "zero columns");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(4611686018427387904, 4611686018427387904)", "(2147483647, 2147483647)", "(9223372036854775807, 1)",
        "(2000000000, 1000)", "(65536, 65536)"})
    void anAbsurdShapeIsRefusedBeforeAnythingIsAllocated(String shape) throws IOException {
        Path file = write(NpyBytes.npy("<f4", false, shape, new byte[24]));
        refusesCloud(file, shape);
        refusesArray(file, shape);
    }

    @Test
    void anAbsurdHeaderLengthIsRefused() throws IOException {
        byte[] bytes = NpyBytes.npy(2, "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }", new byte[24]);
        Arrays.fill(bytes, 8, 12, (byte) 0xff);
        refusesCloud(write(bytes), "header of 4294967295 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{}", "{'descr': '<f4'}", "{'descr': '<f4', 'fortran_order': False}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), 'more': 1}",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (3, 2)}",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (3, 2)}", "{'descr': '<f4', 'fortran_order': False, 'shape': [3, 2]}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-3, 2)}", "{'descr': '<f4', 'fortran_order': False, 'shape': (3 2)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (6)}", "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2)} x",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3,, 2)}", "{'descr': '<f4' 'fortran_order': False, 'shape': (3, 2)}",
        "{'descr': '<', 'fortran_order': False, 'shape': (3, 2)}", "{'descr': '', 'fortran_order': False, 'shape': (3, 2)}",
        "{'descr': '<f4, 'fortran_order': False, 'shape': (3, 2)}", "{'descr': 4, 'fortran_order': False, 'shape': (3, 2)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 2)}"})
    void aDamagedHeaderIsRefused(String dictionary) throws IOException {
        refusesCloud(write(NpyBytes.npy(1, dictionary, new byte[24])), "damaged .npy header", "expected");
    }

    @Test
    void moreAxesThanNumpyHasAreRefused() throws IOException {
        refusesArray(write(NpyBytes.npy("<f4", false, "(" + "1, ".repeat(65) + ")", new byte[4])), "at most 64 axes");
    }

    @ParameterizedTest(name = "{0}, Fortran order {1}")
    @CsvSource({"<f4,false", "<f4,true", ">f4,true", "<f8,false", ">f8,true"})
    void valuesThatAreNotFiniteAreRefusedWithRowAndColumn(String dtype, boolean fortranOrder) throws IOException {
        int rows = 40_000;
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            float[] values = random(rows * 2);
            values[2 * 31_234 + 1] = (float) bad;
            float[] stored = fortranOrder ? transpose(values, rows, 2) : values;
            double[] wide = new double[stored.length];
            Arrays.setAll(wide, i -> stored[i]);
            ByteOrder order = dtype.startsWith("<") ? LITTLE : BIG;
            Path file = write(NpyBytes.npy(dtype, fortranOrder, "(" + rows + ", 2)",
                dtype.endsWith("4") ? NpyBytes.floats(order, stored) : NpyBytes.doubles(order, wide)));
            refusesCloud(file, "holds " + bad + " at row 31234, column 1 (counted from 0), expected finite values");
        }
    }

    @Test
    void valuesBeyondFloat32AreRefusedWithRowAndColumn() throws IOException {
        Path file = write(NpyBytes.npy("<f8", false, "(3, 2)", NpyBytes.doubles(LITTLE, 1, 2, 3, -1e39, 5, 6)));
        refusesCloud(file, "holds -1.0E39 at row 1, column 1 (counted from 0), expected at most 3.4028235E38 in magnitude (float32)");
        NpyFile.readCloud(write(NpyBytes.npy("<f8", false, "(1, 2)", NpyBytes.doubles(LITTLE, Float.MAX_VALUE, 1e-300)))).close();
    }

    @Test
    void anElementTypeThatNoArrayHasIsRefused() throws IOException {
        for (String dtype : List.of("<u8", "<f2", "<c16", "|S3", "|V8", "<U0", "<U99999999")) {
            refusesArray(write(NpyBytes.npy(dtype, false, "(1,)", new byte[8])), "dtype " + dtype, "expected float32, float64");
        }
        refusesArray(write(NpyBytes.npy("<U2", false, "(9,)", new byte[8])), "has 8 bytes of values, expected 72");
    }

    @Test
    void controlCharactersOfAFileStayOutOfTheMessage() throws IOException {
        Path file = write(NpyBytes.npy(1, "{'descr': '<f4\n\r\u0007', 'fortran_order': False, 'shape': (3, 2), }", new byte[24]));
        refusesCloud(file, "<f4\\u000a\\u000d\\u0007");
    }

    private byte[] cloudBytes() {
        return NpyBytes.npy("<f4", false, "(3, 2)", NpyBytes.floats(LITTLE, 1, 2, 3, 4, 5, 6));
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("cloud.npy"), bytes);
    }

    private static void refusesCloud(Path file, String... parts) {
        assertThatIllegalArgumentException().isThrownBy(() -> NpyFile.readCloud(file)).withMessageStartingWith(file.toString())
            .satisfies(e -> assertThat(e.getMessage()).contains(parts).doesNotContain("\n"));
    }

    private static void refusesArray(Path file, String... parts) {
        assertThatIllegalArgumentException().isThrownBy(() -> NpyFile.read(file)).withMessageStartingWith(file.toString())
            .satisfies(e -> assertThat(e.getMessage()).contains(parts).doesNotContain("\n"));
    }

    private static float[] random(int count) {
        SplittableRandom random = new SplittableRandom(7);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return values;
    }

    private static float[] transpose(float[] values, int rows, int columns) {
        float[] transposed = new float[values.length];
        for (int n = 0; n < rows; n++) {
            for (int d = 0; d < columns; d++) {
                transposed[d * rows + n] = values[n * columns + d];
            }
        }
        return transposed;
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
