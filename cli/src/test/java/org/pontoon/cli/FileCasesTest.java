package org.pontoon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.cli.report.Pixels;
import org.pontoon.engine.file.NpyArray;
import org.pontoon.engine.file.NpyFile;

/** What commands read and what they write over: the cases of files, each by its command. */
@DisabledOnOs(OS.WINDOWS)
class FileCasesTest {

    @TempDir
    private Path folder;
    private Path x;
    private Path y;

    @BeforeEach
    void copyPair() throws IOException {
        x = Cases.copy("pair-x.npy", folder);
        y = Cases.copy("pair-y.npy", folder);
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    /** The command must end with exit code 2 and one line. */
    private static String refused(Object... args) {
        Run run = Run.of(args);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.code()).isEqualTo(2);
        return run.err();
    }

    private Path model() throws IOException {
        Path model = file("model.npz");
        if (!Files.exists(model)) {
            Run.of("fit", "--source", x, "--target", y, "--out", model, "--components", 2, "--steps", 200).done();
        }
        return model;
    }

    private TreeSet<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            TreeSet<String> names = new TreeSet<>();
            files.forEach(file -> names.add(file.getFileName().toString()));
            return names;
        }
    }

    // F: first lines

    @Test
    void aFirstRowWithAMissingValueIsNoHeader() throws IOException {
        Path csv = Cases.copy("first-row-missing.csv", folder);
        assertThat(refused("info", csv)).isEqualTo(
            "pontoon: " + csv + " line 1, column 1 holds 'NA', expected a number (a header has no numbers in it)\n");
        assertThat(refused("distance", "energy", csv, csv)).contains("line 1, column 1 holds 'NA'");
    }

    @Test
    void aNumberedHeaderIsRemarked() throws IOException {
        Path csv = Cases.copy("numbered-header.csv", folder);
        for (Run run : List.of(Run.of("info", csv), Run.of("distance", "energy", csv, csv, "--json"))) {
            assertThat(run.code()).isZero();
            assertThat(run.err()).contains(csv + ": line 1 is taken for a point", "to_csv(header=False)");
        }
        Run.of("info", csv, "--quiet").done();
    }

    @Test
    void aHeaderIsRemarked() throws IOException {
        Path csv = Files.writeString(file("x.csv"), "left,right\n1,2\n3,4\n");
        assertThat(Run.of("info", csv, "--json").err()).isEqualTo(csv + ": line 1 is taken for a header (left, right)\n");
        assertThat(
            Run.of("fit", "--source", csv, "--target", y, "--out", file("m.npz"), "--components", 2, "--steps", 10, "--weights-source",
                Files.writeString(file("w.csv"), "weight\n1\n2\n")).err())
            .contains("x.csv: line 1 is taken for a header (left, right)", "w.csv: line 1 is taken for a header (weight)");
    }

    @Test
    void semicolonsAreNamed() throws IOException {
        Path csv = Cases.copy("semicolons.csv", folder);
        assertThat(refused("info", csv))
            .isEqualTo("pontoon: " + csv + " line 1: the columns seem to be separated by ';' and the decimals by"
                + " ',', expected ',' between columns and '.' in numbers\n");
    }

    // G: outputs that are inputs

    @ParameterizedTest
    @ValueSource(strings = {"x.npz", "./x.npz", "a/../x.npz", "soft.npz", "hard.npz", "a/soft.npz", "loop/x.npz"})
    void anOutputIsNeverTheFileOfAnInput(String name) throws IOException {
        model();
        Files.copy(model(), file("x.npz"));
        Files.createDirectory(file("a"));
        Files.createSymbolicLink(file("soft.npz"), Path.of("x.npz"));
        Files.createSymbolicLink(file("a/soft.npz"), Path.of("../x.npz"));
        Files.createSymbolicLink(file("loop"), Path.of("."));
        Files.createLink(file("hard.npz"), file("x.npz"));
        byte[] before = Files.readAllBytes(file("x.npz"));
        TreeSet<String> files = names(folder);
        Path in = file("x.npz");
        Path out = file(name);
        assertThat(refused("transport", "--model", in, "--source", x, "--out", out)).isEqualTo(
            "pontoon: --model and --out are the same file " + out + ", expected an output of its own\n");
        assertThat(refused("fit", "--source", x, "--target", y, "--warm-start", in, "--out", out)).contains("--warm-start and --out");
        assertThat(refused("fit", "--source", in, "--target", y, "--out", out)).contains("--source and --out");
        assertThat(refused("fit", "--source", x, "--target", y, "--weights-target", in, "--checkpoint", out, "--out", file("m.npz")))
            .contains("--weights-target and --checkpoint");
        assertThat(Files.readAllBytes(file("x.npz"))).isEqualTo(before);
        assertThat(names(folder)).isEqualTo(files);
    }

    @Test
    void everyCommandGuardsItsInputs() throws IOException {
        byte[] before = Files.readAllBytes(x);
        assertThat(refused("fit", "--source", x, "--target", y, "--out", x, "--steps", 50))
            .contains("--source and --out are the same file");
        assertThat(refused("distance", "energy", x, y, "--gradient", x)).contains("X and --gradient are the same file");
        assertThat(refused("distance", "energy", x, y, "--gradient", y)).contains("Y and --gradient are the same file");
        assertThat(refused("path", "--model", model(), "--source", x, "--out", x)).contains("--source and --out");
        assertThat(refused("transport", "--model", model(), "--source", x, "--out", x)).contains("--source and --out");
        assertThat(refused("path", "--model", model(), "--source", x, "--out", file("p.npy"), "--plot", x)).contains("--source and --plot");
        assertThat(Files.readAllBytes(x)).isEqualTo(before);
    }

    @Test
    void outputsAreNoFilesOfEachOther() throws IOException {
        for (String name : List.of("m.npz", "M.npz", "nothing/../m.npz")) {
            assertThat(refused("fit", "--source", x, "--target", y, "--out", file("m.npz"), "--checkpoint", file(name)))
                .contains("--out and --checkpoint are the same file");
        }
        assertThat(names(folder)).containsExactly("pair-x.npy", "pair-y.npy");
    }

    @Test
    void aModelAndACheckpointAreArchives() {
        assertThat(refused("fit", "--source", x, "--target", y, "--out", file("m.txt"), "--steps", 50))
            .isEqualTo("pontoon: --out is " + file("m.txt") + ", expected a name that ends in .npz\n");
        assertThat(refused("fit", "--source", x, "--target", y, "--out", file("m.npz"), "--checkpoint", file("c"), "--steps", 50))
            .isEqualTo("pontoon: --checkpoint is " + file("c") + ", expected a name that ends in .npz\n");
    }

    // H, and folders of results

    private Object[] flow(Path out, Object... more) {
        List<Object> args = new ArrayList<>(List.of("flow", "energy", "disk", "heart", "--points", 50, "--out", out, "--quiet"));
        args.addAll(List.of(more));
        return args.toArray();
    }

    @Test
    void aDirectoryHidesNoShape() throws IOException {
        Path heart = Files.createDirectory(Path.of("heart"));
        try {
            Path out = file("heart");
            String first = Run.of(flow(out, "--steps", 3)).done().out();
            byte[] points = Files.readAllBytes(out.resolve("points-last.npy"));
            assertThat(first).contains("completed");
            Run.of(flow(out, "--steps", 3)).done();
            assertThat(Files.readAllBytes(out.resolve("points-last.npy"))).isEqualTo(points);
        } finally {
            Files.delete(heart);
        }
        assertThat(refused("info", folder)).contains("of no known kind");
        assertThat(refused("distance", "energy", folder, y)).contains("of no known kind");
    }

    @Test
    void resultsOfTwoCommandLinesAreNeverMixed() throws IOException {
        Path out = file("out");
        Run.of(flow(out, "--steps", 11, "--snapshots", "0,.25,.5")).done();
        Files.writeString(out.resolve("notes.txt"), "mine");
        TreeSet<String> before = names(out);
        assertThat(before).contains("points-0.25.npy", "pontoon-run.txt");
        assertThat(refused(flow(out, "--steps", 11, "--snapshots", "0,.5")))
            .contains(out + " holds the results of 'pontoon flow energy disk "
                + "heart --points 50 --out " + out + " --steps 11 --snapshots 0,.25,.5', expected another folder or --overwrite");
        assertThat(names(out)).isEqualTo(before);
        Run.of(flow(out, "--steps", 11, "--snapshots", "0,.5", "--overwrite", "--threads", 1)).done();
        before.remove("points-0.25.npy");
        assertThat(names(out)).isEqualTo(before).contains("notes.txt");
        // how many threads, and what is printed, says nothing about results
        Run.of(flow(out, "--steps", 11, "--snapshots", "0,.5", "--threads", 2, "--json")).done();
    }

    @Test
    void whatPontoonDidNotWriteIsNeitherReplacedNorCleared() throws IOException {
        Path out = Files.createDirectory(file("out"));
        Files.writeString(out.resolve("loss.csv"), "mine");
        for (String option : List.of("--adaptive", "--overwrite")) {
            assertThat(refused(flow(out, option))).contains(out + " holds loss.csv, which is in the way and in no record of a run");
        }
        Files.delete(out.resolve("loss.csv"));
        Run.of(flow(out, "--steps", 3)).done();
        Path mine = Files.writeString(out.resolve("points-7.npy"), "mine");
        assertThat(refused(flow(out, "--steps", 3))).contains("holds points-7.npy");
        assertThat(refused(flow(out, "--steps", 4, "--overwrite"))).contains("holds points-7.npy");
        assertThat(mine).hasContent("mine");
        Files.delete(mine);
        Files.move(out.resolve("loss.md"), file("loss.md"));
        Files.createSymbolicLink(out.resolve("loss.md"), file("loss.md"));
        assertThat(refused(flow(out, "--steps", 4, "--overwrite"))).contains("holds loss.md");
        Files.delete(out.resolve("loss.md"));
        Files.writeString(out.resolve("pontoon-run.txt"), "a diary\n../pair-x.npy\n");
        assertThat(refused(flow(out, "--steps", 4, "--overwrite"))).contains("pontoon-run.txt is no record of a run");
        Files.writeString(out.resolve("pontoon-run.txt"), "pontoon flow\n../pair-x.npy\n");
        assertThat(refused(flow(out, "--steps", 4, "--overwrite"))).contains("in no record of a run");
        assertThat(x).exists();
    }

    /** What a process that was killed while it wrote leaves: results that the record does not list yet. */
    @Test
    void aRunThatWasKilledWhileItWroteIsRepeatedOrCleared() throws IOException {
        Path out = file("out");
        Run.of(flow(out, "--steps", 3)).done();
        Path record = out.resolve("pontoon-run.txt");
        String unfinished = Files.readAllLines(record).getFirst() + "\n(unfinished)\n";
        TreeSet<String> before = names(out);
        Files.writeString(record, unfinished);
        Files.writeString(out.resolve("points-9.npy"), "of the run before");
        Run.of(flow(out, "--steps", 3)).done();
        assertThat(names(out)).isEqualTo(before);
        Files.writeString(record, unfinished);
        assertThat(refused(flow(out, "--steps", 4))).contains("--overwrite");
        Run.of(flow(out, "--steps", 4, "--snapshots", "0,.05", "--overwrite")).done();
        before.add("points-0.05.npy");
        assertThat(names(out)).isEqualTo(before);
        assertThat(record).content().doesNotContain("unfinished").contains("--steps 4", "points-0.05.npy");
    }

    @Test
    void anInputAmongTheResultsIsNotCleared() throws IOException {
        Path out = file("out");
        Run.of(flow(out, "--steps", 3)).done();
        Path last = out.resolve("points-last.npy");
        byte[] before = Files.readAllBytes(last);
        assertThat(refused("flow", "energy", last, "heart", "--out", out, "--overwrite"))
            .isEqualTo("pontoon: X is " + last + ", which the results would replace\n");
        assertThat(Files.readAllBytes(last)).isEqualTo(before);
    }

    @Test
    void anExperimentKeepsToItsOwnFolder() throws IOException {
        new Pixels(4, 4, new int[16]).write(file("a.png"));
        assertThat(refused("reproduce", "color-transfer", file("a.png"), file("a.png"), "--out", folder, "--quick"))
            .contains(folder + " holds a.png, which is in the way");
        assertThat(file("a.png")).exists();
    }

    // I and J: arrays of other shapes and types

    @Test
    void weightsMayLieInAnArchive() throws IOException {
        Path weights = Cases.copy("weights.npz", folder);
        assertThat((double) Run.of("distance", "energy", x, y, "--weights-x", weights, "--json").done().json().get("value"))
            .isCloseTo(0.11430475646, offset(1e-7));
        Path two = Cases.copy("weights.npz", folder);
        assertThat(refused("distance", "energy", x, y, "--weights-y", two))
            .contains("weights.npz has 30 weights, expected one for each of");
    }

    @Test
    void holdingOutNamesTheWeightsThatAreLeft() throws IOException {
        float[] one = new float[40];
        one[3] = 1;
        Path weights = file("one.npy");
        NpyFile.write(weights, NpyArray.of(one, 40));
        assertThat(refused("fit", "--source", x, "--target", y, "--components", 2, "--weights-target", weights, "--hold-out", ".2", "--out",
            file("m.npz"))).contains("--hold-out 0.2 leaves only points of weight 0 in " + weights + " to fit");
        assertThat(refused("fit", "--source", x, "--target", y, "--components", 2, "--weights-target", weights, "--hold-out", ".8", "--out",
            file("m.npz"))).contains("--hold-out 0.8 ", weights.toString());
        assertThat(refused("flow", "usd", x, y, "--weights-y", weights, "--out", file("out"))).contains("--hold-out", weights.toString());
    }

    @Test
    void vectorsAndIntegersAreClouds() throws IOException {
        Path vector = Cases.copy("vector-x.npy", folder);
        Path line = Cases.copy("line-x.npy", folder);
        assertThat((double) Run.of("distance", "wasserstein-1d", vector, Cases.copy("line-y.npy", folder), "--json").done().json()
            .get("value")).isCloseTo(24.2333674845, offset(2.4e-5));
        assertThat((double) Run.of("distance", "wasserstein-1d", line, Cases.copy("integers-y.npy", folder), "--json").done().json()
            .get("value")).isCloseTo(2.48997991960, offset(2.5e-6));
        assertThat(refused("distance", "energy", vector, y)).contains("pair-y.npy has dimension 2, expected the 1 of");
        assertThat(Run.of("info", vector).done().out()).contains("(30)");
    }

    // M: answers beyond float32

    @Test
    void aPointWhoseAnswerOverflowsIsRefusedByItsRow() throws IOException {
        Path far = file("far.npy");
        NpyFile.write(far, NpyArray.of(new float[] {0, 0, 1, 1, 3e38f, -3e38f, 1e30f, 1e30f}, 4, 2));
        // a bridge to a wide cloud moves far points further than float32 reaches
        float[] wide = NpyFile.read(y).toFloats();
        for (int k = 0; k < wide.length; k++) {
            wide[k] *= 10;
        }
        Path target = file("wide.npy");
        NpyFile.write(target, NpyArray.of(wide, wide.length / 2, 2));
        Path stretching = file("stretching.npz");
        Run.of("fit", "--source", x, "--target", target, "--out", stretching, "--components", 2, "--steps", 3000, "--quiet").done();
        Path out = file("o.npy");
        String message = "pontoon: " + far + " row 2 is so far away that its answer overflows\n";
        for (Object[] more : new Object[][] {{"--mean"}, {"--samples", 3}, {"--time", .5}, {"--mean", "--time", .5}}) {
            List<Object> args = new ArrayList<>(List.of("transport", "--model", stretching, "--source", far, "--out", out));
            args.addAll(List.of(more));
            assertThat(refused(args.toArray())).isEqualTo(message);
        }
        for (String method : List.of("bridge", "euler")) {
            assertThat(refused("path", "--model", stretching, "--source", far, "--out", out, "--method", method, "--quiet"))
                .isEqualTo(message);
        }
        assertThat(out).doesNotExist();
    }

    // nothing half-written

    /** A limit on the size of files stands for a disk that is full. */
    @Test
    @Tag("process")
    void aDiskThatIsFullLeavesTheOldFileAndNothingHalfWritten() throws IOException, InterruptedException {
        Path cloud = Run.cloud(file("cloud.npy"), 20_000, 2, 0, 1);
        for (String name : List.of("o.npy", "o.npz", "o.csv")) {
            Files.writeString(file(name), "old");
            Path log = file("log");
            Process process = new ProcessBuilder("bash", "-c", "ulimit -f 100; exec \"$@\"", "bash",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:-UsePerfData", "--add-modules",
                "jdk.incubator.vector", "--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), Pontoon.class.getName(), "transport", "--model", model().toString(), "--source",
                cloud.toString(), "--out", file(name).toString()).redirectErrorStream(true).redirectOutput(log.toFile()).start();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(log).content().contains("pontoon: " + file(name) + ": ");
            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(file(name)).hasContent("old");
        }
        assertThat(names(folder)).noneMatch(name -> name.endsWith(".partial"));
    }
}
