package org.pontoon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.file.ArrayDescription;
import org.pontoon.engine.file.NpyArray;
import org.pontoon.engine.file.NpyFile;
import org.pontoon.engine.memory.PointCloud;

class CloudFilesTest {

    private static final Consumer<String> REMARKS = line -> {
    };

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
        try (PointCloud cloud = CloudFiles.read(file, REMARKS)) {
            assertThat(cloud.toRows()).isEqualTo(rows);
            assertThat(cloud.size()).isEqualTo(2);
        }
        assertThat(CloudFiles.describe(file, REMARKS)).hasSize(1).first().extracting(ArrayDescription::shape).isEqualTo(List.of(2L, 3L));
        assertThat(folder.toFile().list()).containsExactly(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cloud.txt", "cloud", "npy", "cloud.npy.gz"})
    void anotherEndingIsRefusedEverywhere(String name) {
        Path file = folder.resolve(name);
        String message = file + " is of no known kind, expected a name that ends in .npy, .npz or .csv";
        try (PointCloud cloud = PointCloud.allocate(1, 1)) {
            assertThatIllegalArgumentException().isThrownBy(() -> CloudFiles.read(file, REMARKS)).withMessage(message);
            assertThatIllegalArgumentException().isThrownBy(() -> CloudFiles.write(file, cloud)).withMessage(message);
            assertThatIllegalArgumentException().isThrownBy(() -> CloudFiles.requireWritable(file)).withMessage(message);
            assertThatIllegalArgumentException().isThrownBy(() -> CloudFiles.describe(file, REMARKS)).withMessage(message);
        }
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cloud.npy", "cloud.npz", "cloud.csv"})
    void aMissingFileIsNamed(String name) {
        Path file = folder.resolve(name);
        assertThatIllegalArgumentException().isThrownBy(() -> CloudFiles.read(file, REMARKS))
            .withMessageStartingWith(file + " does not exist");
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
        "1, 2\n 3 ,4.\n+5,0.6e1", "\n  \nx,y\n1,2\n \t \n3,4\n5,6\n"})
    void csvIsReadWithAndWithoutAHeader(String text) throws IOException {
        try (PointCloud cloud = CloudFiles.read(csv(text), REMARKS)) {
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
        try (PointCloud cloud = CloudFiles.read(file, REMARKS)) {
            assertThat(cloud.toRows()).isEqualTo(rows);
        }
    }

    @Test
    void badCsvIsRefusedWithLineAndColumn() throws IOException {
        refuses("1,2\n3,4,5\n", "line 2 has 3 columns, expected 2 as in line 1");
        refuses("x,y\n\n1,2\n3\n", "line 4 has 1 columns, expected 2 as in line 1");
        refuses("1,2\n3,abc\n", "line 2, column 2 holds 'abc', expected a number");
        refuses("1,2\n3,\n", "line 2, column 2 is empty, expected a number");
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
    void aFirstLineIsAHeaderOnlyIfNothingInItCouldBeANumber() throws IOException {
        for (String cell : new String[] {"NA", "n/a", "null", "None", "-", "?", "abc", "1.5m", "12O", "0x1p3"}) {
            refuses(cell + ",2\n3,4\n", "line 1, column 1 holds '" + cell + "', expected a number (a header has no numbers in it)");
            refuses("2," + cell + "\n3,4\n", "line 1, column 2 holds '" + cell + "', expected a number");
        }
        refuses("NA,NA\n3,4\n", "line 1, column 1 holds 'NA', expected a number");
        refuses("NA\n3\n", "line 1, column 1 holds 'NA', expected a number");
        refuses("12O\n130\n", "line 1, column 1 holds '12O', expected a number");
        refuses("\"\"\n3\n", "line 1, column 1 is empty, expected a number");
        refuses("1,2,\n3,4,\n", "line 1, column 3 is empty, expected a number");
        refuses("x,y,\n1,2,\n", "line 1, column 3 is empty", "no line may end in a separator");
        refuses(",x,y\n0,1,2\n1,3,4\n", "line 1, column 1 is empty", "index=False");
        refuses(",0,1\n0,1.5,2\n1,3,4\n", "line 1, column 1 is empty", "index=False");
        refuses("\"\",\"V1\",\"V2\"\n\"1\",1,2\n\"2\",3,4\n", "line 1, column 1 is empty", "row.names=FALSE");
    }

    @Test
    void anotherSeparatorIsNamed() throws IOException {
        refuses("1;2\n3;4\n", "line 1: the columns seem to be separated by ';', expected ',' between columns");
        refuses("x;y\n1;2\n", "line 1: the columns seem to be separated by ';', expected ','");
        refuses("x;y\n1,5;2,5\n", "line 1: the columns seem to be separated by ';' and the decimals by ',', expected ',' between");
        refuses("-1,5;2,5\n3,5;4,5\n", "line 1: the columns seem to be separated by ';' and the decimals by ','", "'.' in numbers");
        refuses("1\t2\n3\t4\n", "line 1: the columns seem to be separated by tabs");
        refuses("x\ty\n1,5\t2\n", "line 1: the columns seem to be separated by tabs and the decimals by ','");
        refuses("1.0e+00 2.0e+00\n", "line 1: the columns seem to be separated by spaces");
        refuses("  1   2\n  3   4\n", "line 1: the columns seem to be separated by spaces");
        refuses("1|2\n3|4\n", "line 1: the columns seem to be separated by '|'");
    }

    @Test
    void whatAFirstLineIsTakenForIsRemarked() throws IOException {
        assertThat(remarks("x,y\n1,2\n")).containsExactly("line 1 is taken for a header (x, y)");
        assertThat(remarks("\n\n# x,y,z,u,v,w\n1,2,3,4,5,6\n")).containsExactly("line 3 is taken for a header (# x, y, z, u, v, ...)");
        assertThat(remarks("nan,x\n1,2\n")).containsExactly("line 1 is taken for a header (nan, x)");
        String counted = "line 1 is taken for a point, though it counts 0, 1, ... like the header that pandas writes where columns have no "
            + "names; if it is one, delete it (pandas: to_csv(header=False))";
        assertThat(remarks("0,1,2\n3,4,5\n")).containsExactly(counted);
        assertThat(remarks("0,1\n3,4.5\n")).containsExactly(counted);
        assertThat(remarks("0\n4.5\n")).containsExactly(counted);
        assertThat(remarks("0,1\n1,1\n")).as("a lattice").isEmpty();
        assertThat(remarks("0.0,1.0\n1.5,1\n")).isEmpty();
        assertThat(remarks("0,1,2\n")).as("a single point").isEmpty();
    }

    private List<String> remarks(String text) throws IOException {
        List<String> remarks = new ArrayList<>();
        Path file = csv(text);
        CloudFiles.read(file, line -> remarks.add(line.replace(file + ": ", ""))).close();
        return remarks;
    }

    @Test
    void aDirectoryIsNoCsvFile() throws IOException {
        Path directory = Files.createDirectory(folder.resolve("d.csv"));
        assertThatIllegalArgumentException().isThrownBy(() -> CloudFiles.read(directory, REMARKS))
            .withMessage(directory + " is a directory, expected a .csv file");
    }

    @Test
    void bytesThatAreNoTextAreRefused() throws IOException {
        Path file = folder.resolve("cloud.csv");
        NpyFile.write(file, NpyArray.of(new float[5000], 5000));
        assertThatIllegalArgumentException().isThrownBy(() -> CloudFiles.read(file, REMARKS)).withMessageStartingWith(file.toString())
            .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n", "\0"));
    }

    private void refuses(String text, String... expected) throws IOException {
        Path file = csv(text);
        assertThatIllegalArgumentException().isThrownBy(() -> CloudFiles.read(file, REMARKS)).withMessageStartingWith(file.toString())
            .satisfies(e -> assertThat(e.getMessage()).contains(expected).doesNotContain("\n"));
    }

    private Path csv(String text) throws IOException {
        return Files.writeString(folder.resolve("cloud.csv"), text);
    }
}
