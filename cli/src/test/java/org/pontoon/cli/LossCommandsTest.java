package org.pontoon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pontoon.cli.report.Pixels;
import org.pontoon.engine.file.NpyArray;
import org.pontoon.engine.file.NpyFile;

/** {@code distance} and {@code flow}. */
class LossCommandsTest {

    @TempDir
    private static Path directory;

    /** The clouds of the golden values: three points against two in the plane, with weights that are not uniform. */
    @BeforeAll
    static void writeGolden() throws IOException {
        NpyFile.write(file("x.npy"), NpyArray.of(new float[] {0, 0, 1, 0, 0, 1}, 3, 2));
        NpyFile.write(file("y.npy"), NpyArray.of(new float[] {1, 1, .5f, .5f}, 2, 2));
        NpyFile.write(file("a.npy"), NpyArray.of(new float[] {.5f, .25f, .25f}, 3));
        NpyFile.write(file("b.npy"), NpyArray.of(new float[] {.75f, .25f}, 2));
        NpyFile.write(file("a4.npy"), NpyArray.of(new float[] {2, 1, 1}, 3));
    }

    private static Path file(String name) {
        return directory.resolve(name);
    }

    private static Map<String, Object> golden(String loss, String options, String weights) {
        String line = String.join(" ", "distance", loss, file("x.npy").toString(), file("y.npy").toString(), "--weights-x",
            file(weights).toString(), "--weights-y", file("b.npy").toString(), options, "--json").strip();
        return Run.of((Object[]) line.split(" +")).done().json();
    }

    @ParameterizedTest
    @CsvSource({
        "energy,                              0.6111359120657514",
        "gaussian --blur .5,                  0.4543669873694789",
        "likelihood --blur .5,                2.1746643771377294",
        "sinkhorn-biased --blur .5,           0.603149625614",
        "sinkhorn --blur .5,                  0.458753988350",
        "sinkhorn --blur .1,                  0.556647335966",
        "sinkhorn --p 1 --blur .5,            0.769744158117",
        "sinkhorn --blur .5 --reach .5,       0.252068535140",
        "sinkhorn-biased --blur .5 --reach .5, 0.377674308405"})
    void goldenValues(String loss, double expected) {
        String[] words = loss.split(" ", 2);
        Map<String, Object> json = golden(words[0], (words.length > 1 ? words[1] : "") + (words[0].startsWith("sink") ? " --tolerance 1e-12"
            : ""), "a.npy");
        assertThat(json).containsEntry("loss", words[0]).containsKey("seconds");
        assertThat((double) json.get("value")).isCloseTo(expected, within(1e-9));
        if (words[0].startsWith("sink")) {
            assertThat(json).containsEntry("status", "converged").containsKeys("dual", "gap", "marginalError", "iterations", "linearCost");
        }
    }

    /** Unsorted points with a tie and a weight of zero: every move has length 1, so the cost is 1 for every p. */
    @ParameterizedTest
    @CsvSource({"1", "2", "3.5"})
    void exactTransportOnTheLine(double p) throws IOException {
        NpyFile.write(file("lx.npy"), NpyArray.of(new float[] {2, 0, .5f, 2}, 4, 1));
        NpyFile.write(file("la.npy"), NpyArray.of(new float[] {.1f, .4f, 0, .5f}, 4));
        NpyFile.write(file("ly.npy"), NpyArray.of(new float[] {3, -1, 1}, 3, 1));
        NpyFile.write(file("lb.npy"), NpyArray.of(new float[] {.25f, .25f, .5f}, 3));
        Map<String, Object> json = Run.of("distance", "wasserstein-1d", file("lx.npy"), file("ly.npy"), "--weights-x", file("la.npy"),
            "--weights-y", file("lb.npy"), "--p", p, "--gradient", file("lg.npy"), "--json").done().json();
        assertThat((double) json.get("value")).isCloseTo(1, within(1e-6));
        assertThat((double) json.get("power")).isCloseTo(1, within(1e-6));
        assertThat(NpyFile.read(file("lg.npy")).shape()).containsExactly(4, 1);
    }

    /** A shift by d costs (theta d)^p along theta: |d|^2 / D in the mean over orthonormal directions, |d| along the worst one. */
    @Test
    void slicedDistancesOfAShift() throws IOException {
        float[] rows = new float[60];
        float[] moved = new float[60];
        for (int k = 0; k < 60; k++) {
            rows[k] = k * 37 % 64 / 16f;
            moved[k] = rows[k] + (k % 3 == 0 ? 0.75f : k % 3 == 1 ? -0.5f : 0.25f);
        }
        NpyFile.write(file("s.npy"), NpyArray.of(rows, 20, 3));
        NpyFile.write(file("t.npy"), NpyArray.of(moved, 20, 3));
        double square = 0.75 * 0.75 + 0.25 + 0.0625;
        Map<String, Object> sliced = Run.of("distance", "sliced", file("s.npy"), file("t.npy"), "--projections", 99, "--json").done()
            .json();
        assertThat((double) sliced.get("power")).isCloseTo(square / 3, within(1e-5));
        assertThat((double) sliced.get("value")).isCloseTo(Math.sqrt(square / 3), within(1e-5));
        assertThat(sliced).containsKey("standardError");
        Map<String, Object> worst = Run.of("distance", "max-sliced", file("s.npy"), file("t.npy"), "--json", "--gradient",
            file("worst.npy")).done().json();
        assertThat((double) worst.get("value")).isCloseTo(Math.sqrt(square), within(1e-4));
        assertThat(worst).containsEntry("status", "converged").containsKeys("direction", "iterations");
        float[] slope = NpyFile.read(file("worst.npy")).toFloats();
        assertThat(slope[0]).isCloseTo(-2 * 0.75f / 20, within(1e-3f));
    }

    @Test
    void weightsAreNormalisedUnlessThereIsAReach() {
        assertThat(golden("energy", "", "a4.npy").get("value")).isEqualTo(golden("energy", "", "a.npy").get("value"));
        assertThat(golden("sinkhorn", "--reach .5", "a4.npy").get("value"))
            .isNotEqualTo(golden("sinkhorn", "--reach .5", "a.npy").get("value"));
    }

    @Test
    void gradientIsWritten() throws IOException {
        golden("energy", "--gradient " + file("g.npy"), "a.npy");
        NpyArray gradient = NpyFile.read(file("g.npy"));
        assertThat(gradient.shape()).containsExactly(3, 2);
        float[] values = gradient.toFloats();
        assertThat(values[0]).isCloseTo(-.22855339059327f, within(1e-7f));
        assertThat(values[2]).isCloseTo(-.125f, within(1e-7f));
        assertThat(values[3]).isCloseTo(-.1875f, within(1e-7f));
    }

    @Test
    void unfinishedIterationsAreSaid() {
        Run run = Run.of("distance", "sinkhorn", "disk", "heart", "--points", 30, "--tolerance", "0", "--json");
        assertThat(run.code()).isEqualTo(3);
        assertThat(run.json()).containsEntry("status", "stalled").containsKeys("value", "gap", "marginalError");
        assertThat(run.err()).contains("not converged", "--tolerance ");
    }

    @Test
    void flowWritesSnapshotsPicturesAndTable() throws IOException {
        Path out = file("flow");
        Map<String, Object> json = Run.of("flow", "sinkhorn", "disk", "heart", "--points", 30, "--steps", 11, "--snapshots", "0,.25,.5",
            "--out", out, "--json").done().json();
        assertThat(json).containsEntry("loss", "sinkhorn").containsEntry("status", "completed").containsEntry("unconvergedSteps", 0.0);
        assertThat((double) json.get("value")).isLessThan((double) json.get("firstValue"));
        for (String name : new String[] {"points-0.npy", "points-0.25.npy", "points-0.5.npy", "points-last.npy", "flow.png", "flow.svg",
            "loss.png", "loss.svg", "loss.md", "loss.csv", "loss.json"}) {
            assertThat(out.resolve(name)).isNotEmptyFile();
        }
        assertThat(NpyFile.read(out.resolve("points-0.25.npy")).shape()).containsExactly(30, 2);
        assertThat(Files.readAllLines(out.resolve("loss.csv"))).hasSize(12).startsWith("step,time,loss");
    }

    @ParameterizedTest
    @CsvSource({"energy left gap", "gaussian --blur .3 wide.npy wide.npy", "hausdorff picture.png ring",
        "laplacian --momentum .5 disk disks",
        "likelihood --blur .3 --adaptive cross moons", "sinkhorn-biased --p 1 --reach .5 square crescent",
        "wasserstein-1d --p 3 left right", "sliced --projections 10 ring heart", "max-sliced disks heart"})
    void everyLossFlowsInAnyDimension(String line) throws IOException {
        Run.cloud(file("wide.npy"), 25, 5, 0, 3);
        int[] rgb = new int[64];
        Arrays.fill(rgb, 0, 32, 0xFFFFFF);
        new Pixels(8, 8, rgb).write(file("picture.png"));
        Path out = file("flow-" + line.hashCode());
        Object[] args = (line + " --points 25 --steps 3 --snapshots 0,.1 --json --out " + out).split(" ");
        Object[] all = new Object[args.length + 1];
        all[0] = "flow";
        for (int i = 0; i < args.length; i++) {
            all[i + 1] = Files.exists(file(args[i].toString())) ? file(args[i].toString()) : args[i];
        }
        assertThat(Run.of(all).done().json()).containsEntry("steps", 3.0);
        assertThat(out.resolve("flow.png")).isNotEmptyFile();
    }

    @Test
    void sameBytesForAnyNumberOfThreads() throws IOException {
        byte[][] last = new byte[2][];
        for (int i = 0; i < 2; i++) {
            Path out = file("threads" + i);
            Run.of("flow", "sinkhorn", "ring", "moons", "--steps", 4, "--points", 150, "--threads", 1 + 2 * i, "--out", out, "--quiet")
                .done();
            last[i] = Files.readAllBytes(out.resolve("points-last.npy"));
        }
        assertThat(last[0]).isEqualTo(last[1]);
    }

    @Test
    void darkPixelsCarryTheMassAndTransparentOnesNone() throws IOException {
        Pixels pixels = new Pixels(2, 2, new int[] {0x000000, 0xFFFFFF, 0x808080, 0xFFFFFF});
        pixels.write(file("four.png"));
        assertThat(Pixels.read(file("four.png")).rgb()).isEqualTo(pixels.rgb());
        double[] mass = pixels.darkness();
        assertThat(mass[0]).isCloseTo(0.498, within(1e-3));
        assertThat(mass[2]).isEqualTo(1);
        assertThat(mass[1] + mass[3]).isZero();
    }
}
