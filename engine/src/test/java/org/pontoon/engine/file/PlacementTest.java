package org.pontoon.engine.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.memory.PointCloud;

class PlacementTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"<f8,false", "<f8,true", ">f8,false", ">f8,true"})
    void valuesArePlacedBeforeTheyAreRounded(String dtype, boolean fortranOrder) throws IOException {
        int rows = 9000;
        double[] values = new double[rows * 3];
        for (int n = 0; n < rows; n++) {
            for (int d = 0; d < 3; d++) {
                values[fortranOrder ? d * rows + n : n * 3 + d] = value(n, d);
            }
        }
        Path file = folder.resolve("x.npy");
        Files.write(file, NpyBytes.npy(dtype, fortranOrder, "(" + rows + ", 3)", NpyBytes.doubles(dtype.startsWith("<")
            ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN, values)));
        ColumnRanges ranges = NpyFile.readRanges(file);
        assertThat(ranges.exact()).isFalse();
        assertThat(ranges.low()).containsExactly(1e9, -1e-60, 5);
        assertThat(ranges.high()).containsExactly(1e9 + 8999.0 / 1024, 8998e-60, 5);
        Placement placement = new Placement(new double[] {1e9, 0, 5}, 0x1p-10);
        try (PointCloud cloud = NpyFile.readCloud(file, placement)) {
            float[] placed = cloud.toRows();
            double[] back = placement.putBack(placed);
            for (int n = 0; n < rows; n++) {
                assertThat(placed[3 * n]).isEqualTo(n);
                assertThat(back[3 * n]).isEqualTo(value(n, 0));
                assertThat(back[3 * n + 2]).isEqualTo(5);
            }
        }
    }

    private static double value(int n, int d) {
        return d == 0 ? 1e9 + n / 1024.0 : d == 1 ? (n - 1) * 1e-60 : 5;
    }

    @Test
    void archivesAreReadAlike() throws IOException {
        Path file = folder.resolve("x.npz");
        LinkedHashMap<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("x", NpyArray.of(new double[] {1e300, 3e300, 2e300, 1e300}, 2, 2));
        NpzFile.write(file, arrays);
        assertThat(NpzFile.readRanges(file).high()).containsExactly(2e300, 3e300);
        try (PointCloud cloud = NpzFile.readCloud(file, new Placement(new double[2], Math.scalb(1.0, 996)))) {
            assertThat(cloud.get(1, 0)).isEqualTo(2 * cloud.get(0, 0));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> NpzFile.readCloud(file, Placement.none(2))).withMessageContaining("1.0E300")
            .withMessageContaining("float32");
        assertThatIllegalArgumentException().isThrownBy(() -> NpzFile.readCloud(file, Placement.none(3)))
            .withMessageContaining("2 columns");
        arrays.put("y", NpyArray.scalar(1L));
        NpzFile.write(file, arrays);
        assertThatIllegalArgumentException().isThrownBy(() -> NpzFile.readRanges(file)).withMessageContaining("2 arrays");
    }

    @Test
    void infinityHasNoRange() throws IOException {
        Path file = folder.resolve("x.npy");
        NpyFile.write(file, NpyArray.of(new double[] {1, 2, Double.NEGATIVE_INFINITY, 4}, 2, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> NpyFile.readRanges(file)).withMessageContaining("row 1, column 0");
    }

    @Test
    void float32IsExact() throws IOException {
        Path file = folder.resolve("x.npy");
        NpyFile.write(file, NpyArray.of(new float[] {1, 2, 3, 4}, 2, 2));
        ColumnRanges ranges = NpyFile.readRanges(file);
        assertThat(ranges.exact()).isTrue();
        assertThat(ranges.low()).containsExactly(1, 2);
        assertThat(ranges.high()).containsExactly(3, 4);
        try (PointCloud cloud = NpyFile.readCloud(file, new Placement(new double[] {1, 1}, 2))) {
            assertThat(cloud.toRows()).containsExactly(0, 0.5f, 1, 1.5f);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, 3, Double.NaN, Double.POSITIVE_INFINITY})
    void aUnitIsAPowerOfTwo(double unit) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Placement(new double[1], unit)).withMessageContaining("power of two");
    }
}
