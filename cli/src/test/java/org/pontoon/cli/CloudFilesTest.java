package org.pontoon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.file.ArrayDescription;
import org.pontoon.engine.file.NpyArray;
import org.pontoon.engine.file.NpyFile;
import org.pontoon.engine.memory.PointCloud;

class CloudFilesTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"cloud.npy", "cloud.npz", "cloud.csv", "CLOUD.NPY"})
    void aCloudOfEveryKindIsReadBack(String name) throws IOException {
        float[] rows = {1, -2.5f, 0.1f, 1e-30f, Float.MAX_VALUE, -0f};
        Path file = folder.resolve(name);
        CloudFiles.requireWritable(file);
        assertThat(folder).isEmptyDirectory();
        try (PointCloud cloud = PointCloud.ofRows(rows, 2, 3)) {
            CloudFiles.write(file, cloud);
        }
        try (PointCloud cloud = CloudFiles.read(file)) {
            assertThat(cloud.toRows()).isEqualTo(rows);
            assertThat(cloud.size()).isEqualTo(2);
        }
        assertThat(CloudFiles.describe(file)).hasSize(1).first().extracting(ArrayDescription::shape).isEqualTo(List.of(2L, 3L));
        assertThat(folder.toFile().list()).containsExactly(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cloud.txt", "cloud", "npy", "cloud.npy.gz"})
    void anotherEndingIsRefusedEverywhere(String name) {
        Path file = folder.resolve(name);
        String message = file + " is of no known kind, expected a name that ends in .npy, .npz or .csv";
        try (PointCloud cloud = PointCloud.allocate(1, 1)) {
            assertThatIllegalArgumentException().isThrownBy(() -> CloudFiles.read(file)).withMessage(message);
            assertThatIllegalArgumentException().isThrownBy(() -> CloudFiles.write(file, cloud)).withMessage(message);
            assertThatIllegalArgumentException().isThrownBy(() -> CloudFiles.requireWritable(file)).withMessage(message);
            assertThatIllegalArgumentException().isThrownBy(() -> CloudFiles.describe(file)).withMessage(message);
        }
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cloud.npy", "cloud.npz", "cloud.csv"})
    void aMissingFileIsNamed(String name) {
        Path file = folder.resolve(name);
        assertThatIllegalArgumentException().isThrownBy(() -> CloudFiles.read(file)).withMessageStartingWith(file + " does not exist");
    }

    @Test
    void anOutputThatCannotBeWrittenIsKnownBeforehand() {
        Path file = folder.resolve("missing").resolve("cloud.npy");
        assertThatThrownBy(() -> CloudFiles.requireWritable(file)).isInstanceOf(IOException.class)
            .hasMessage(file + ": there is no directory " + file.getParent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1,2\n3,4\n5,6\n", "x,y\n1,2\n3,4\n5,6", "\"x, first\",y\r\n1,2\r\n3,4\r\n5,6\r\n",
        "\ufeffx,y\n1,2\n\n3,4\n5,6\n\n",
        "1, 2\n 3 ,4.\n+5,0.6e1", "1,\n1,2\n3,4\n5,6\n"})
    void csvIsReadWithAndWithoutAHeader(String text) throws IOException {
        try (PointCloud cloud = CloudFiles.read(csv(text))) {
            assertThat(cloud.toRows()).containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(cloud.dimension()).isEqualTo(2);
        }
    }

    @Test
    void aLargeCsvIsReadBackExactly() throws IOException {
        float[] rows = new float[30_000];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Float.intBitsToFloat(i * 70_001 & 0xbfffffff);
        }
        Path file = folder.resolve("cloud.csv");
        try (PointCloud cloud = PointCloud.ofRows(rows, 10_000, 3)) {
            CloudFiles.write(file, cloud);
        }
        try (PointCloud cloud = CloudFiles.read(file)) {
            assertThat(cloud.toRows()).isEqualTo(rows);
        }
    }

    @Test
    void badCsvIsRefusedWithLineAndColumn() throws IOException {
        refuses("1,2\n3,4,5\n", "line 2 has 3 columns, expected 2 as in line 1");
        refuses("x,y\n\n1,2\n3\n", "line 4 has 1 columns, expected 2 as in line 1");
        refuses("1,2\n3,abc\n", "line 2, column 2 holds 'abc', expected a number");
        refuses("1,2\n3,\n", "line 2, column 2 holds '', expected a number");
        refuses("1,2\n0x1p3,4\n", "line 2, column 1 holds '0x1p3', expected a number");
        refuses("1,2\n3f,4\n", "line 2, column 1 holds '3f', expected a number");
        refuses("1,2\n3,1.2.3\n", "line 2, column 2 holds '1.2.3', expected a number");
        refuses("nan,2\n3,4\n", "line 1, column 1 holds 'nan', expected a finite number");
        refuses("1,2\n3,-Infinity\n", "line 2, column 2 holds '-Infinity', expected a finite number");
        refuses("1,2\n3,1e39\n", "line 2, column 2 holds '1e39', expected a finite number of at most 3.4028235E38");
        refuses("1,2\n3,\"a\nb\"\n", "line 2, column 2 holds 'a?b', expected a number");
        refuses("", "has zero rows of numbers");
        refuses("x,y\n", "has zero rows of numbers");
        refuses("1,2\n3,\"4\n", "is not a .csv file: Unclosed quoted field");
    }

    @Test
    void aDirectoryIsNoCsvFile() throws IOException {
        Path directory = Files.createDirectory(folder.resolve("d.csv"));
        assertThatIllegalArgumentException().isThrownBy(() -> CloudFiles.read(directory))
            .withMessage(directory + " is a directory, expected a .csv file");
    }

    @Test
    void bytesThatAreNoTextAreRefused() throws IOException {
        Path file = folder.resolve("cloud.csv");
        NpyFile.write(file, NpyArray.of(new float[5000], 5000));
        assertThatIllegalArgumentException().isThrownBy(() -> CloudFiles.read(file)).withMessageStartingWith(file.toString())
            .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n", "\0"));
    }

    private void refuses(String text, String expected) throws IOException {
        Path file = csv(text);
        assertThatIllegalArgumentException().isThrownBy(() -> CloudFiles.read(file)).withMessageStartingWith(file.toString())
            .withMessageContaining(expected).satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    private Path csv(String text) throws IOException {
        return Files.writeString(folder.resolve("cloud.csv"), text);
    }
}
