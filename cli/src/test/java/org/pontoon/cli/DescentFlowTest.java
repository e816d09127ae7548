package org.pontoon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.file.NpyArray;
import org.pontoon.engine.file.NpyFile;

/** {@code flow usd} and its kin. */
class DescentFlowTest {

    @TempDir
    private static Path directory;

    private static Map<String, Object> flow(String line, Path out) {
        Object[] words = ("flow " + line + " --json --out " + out).split(" +");
        return Run.of(words).done().json();
    }

    @ParameterizedTest
    @ValueSource(strings = {"usd", "birth-death", "sobolev", "mmd --learning-rate .3", "mmd --learning-rate .3 --noise .05",
        "svgd", "svgd --blur .1 --bandwidths .2", "ksd", "usd --free-mass --adaptive --reaction-ratio 5 --bandwidths .1,.3",
        "usd --critic neural", "birth-death --critic neural --alpha .4 --reaction-ratio 3", "sobolev --critic neural"})
    void descentsComeNearer(String line) throws IOException {
        Path out = directory.resolve(line.replaceAll("[^a-z]", ""));
        Map<String, Object> json = flow(line + " disk heart --points 150 --features 60 --steps 31 --snapshots 0,.5,1.5".replace(
            "--features 60", line.matches("(svgd|ksd).*|.*neural.*") ? "" : "--features 60"), out);
        assertThat(json).containsEntry("flow", line.split(" ")[0]).containsEntry("status", "completed").containsKeys("seconds", "files");
        assertThat((double) json.get("mmd")).isLessThan(0.9 * (double) json.get("firstMmd"));
        assertThat((double) json.get("mmdHeldOut")).isPositive();
        for (String name : List.of("points-0.npy", "weights-0.npy", "points-last.npy", "weights-last.npy", "mmd.md", "mmd.csv", "mmd.json",
            "flow.png", "flow.svg")) {
            assertThat(out.resolve(name)).isNotEmptyFile();
        }
        assertThat(Files.readAllLines(out.resolve("mmd.csv"))).hasSizeGreaterThan(2).startsWith(
            "time,step,mmd,mmdHeldOut,mass,effectivePoints");
        assertThat(Files.exists(out.resolve("loss.csv"))).isEqualTo(!line.startsWith("svgd"));
        assertThat(NpyFile.read(out.resolve("points-last.npy")).shape()).containsExactly(150, 2);
        double mass = 0;
        for (float w : NpyFile.read(out.resolve("weights-last.npy")).toFloats()) {
            mass += w;
        }
        assertThat((double) json.get("mass")).isCloseTo(mass, within(1e-5));
        assertThat(mass).isCloseTo(1, within(line.contains("free") ? 0.2 : 1e-5));
    }

    /** Twice the mass a third of the way further: without conservation both are taken on. */
    @Test
    void freeMassGoesToTheTargets() throws IOException {
        float[] weights = new float[80];
        Arrays.fill(weights, 2f / 80);
        Path file = directory.resolve("double.npy");
        NpyFile.write(file, NpyArray.of(weights, 80));
        Path x = Run.cloud(directory.resolve("fx.npy"), 80, 2, 0, 1);
        Path y = Run.cloud(directory.resolve("fy.npy"), 80, 2, 0.3, 2);
        Map<String, Object> json = flow("usd " + x + " " + y + " --free-mass --weights-y " + file + " --ridge 1e-4", directory.resolve(
            "free"));
        assertThat((double) json.get("mass")).isCloseTo(2, within(0.05));
    }

    @ParameterizedTest
    @CsvSource({"left right", "cloud3 cloud3"})
    void anyDimensionWillDo(String clouds) throws IOException {
        String line = clouds;
        if (clouds.startsWith("cloud")) {
            line = Run.cloud(directory.resolve("x3.npy"), 60, 3, 0, 1) + " " + Run.cloud(directory.resolve("y3.npy"), 60, 3, 1, 2);
        }
        for (String flow : List.of("usd", "svgd", "ksd")) {
            Path out = directory.resolve(flow + clouds.hashCode());
            assertThat(flow(flow + " " + line + " --points 60 --steps 4 --snapshots 0,.1", out)).containsEntry("steps", 3.0);
            assertThat(out.resolve("flow.png")).isNotEmptyFile();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"usd", "birth-death", "svgd", "ksd", "usd --critic neural"})
    void sameBytesForAnyNumberOfThreads(String flow) throws IOException {
        byte[][] last = new byte[2][];
        for (int i = 0; i < 2; i++) {
            Path out = directory.resolve("threads" + flow.replace(' ', '-') + i);
            flow(flow + " ring moons --steps 4 --points 600 --snapshots 0 --threads " + (1 + 2 * i), out);
            last[i] = Files.readAllBytes(out.resolve("points-last.npy"));
        }
        assertThat(last[0]).isEqualTo(last[1]);
    }

    /** A snapshot that falls between the looks at the progress is exactly at its step. */
    @Test
    void snapshotsOfSteinDescentAreAtTheirTimes() throws IOException {
        Path out = directory.resolve("stein");
        flow("svgd disk heart --steps 41 --learning-rate .05 --snapshots .05,.35,1,2", out);
        assertThat(Files.readAllLines(out.resolve("mmd.csv"))).satisfies(lines -> assertThat(lines.stream().skip(1).map(
            l -> l.split(",")[1])).containsExactly("1", "7", "20", "40"));
    }
}
