package org.pontoon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.file.NpyFile;

/** {@code flow} down functionals that need no second cloud, divergences and the sliced-Wasserstein flow. */
class FunctionalFlowTest {

    @TempDir
    private static Path directory;

    private static Map<String, Object> flow(String line, Path out) {
        Object[] words = ("flow " + line + " --json --out " + out).split(" +");
        Run run = Run.of(words);
        Map<String, Object> json = run.json();
        // steps of sw-jko that did not meet their tolerance are written all the same, and said
        boolean converged = (double) json.getOrDefault("unconvergedSteps", 0.0) == 0;
        assertThat(run.code()).isEqualTo(converged ? 0 : 3);
        assertThat(run.err().isEmpty()).isEqualTo(converged);
        return json;
    }

    private static double[] moments(Path file, int coordinate) throws IOException {
        float[] values = NpyFile.read(file).toFloats();
        double sum = 0;
        double square = 0;
        for (int k = coordinate; k < values.length; k += 2) {
            sum += values[k] * 2 / values.length;
            square += (double) values[k] * values[k] * 2 / values.length;
        }
        return new double[] {sum, square - sum * sum};
    }

    @ParameterizedTest
    @ValueSource(strings = {"potential ring", "potential ring moons", "potential ring moons --blur .2", "entropy ring",
        "entropy ring --scheme sw-jko --projections 10", "free-energy ring", "free-energy ring moons --scheme ula",
        "free-energy ring --scheme mala", "free-energy ring --scheme kinetic", "quartic ring", "logarithmic ring",
        "distance ring --scheme sw-jko", "distance left",
        "kullback-leibler ring moons --blur .15", "reverse-kullback-leibler ring disk --blur .2", "chi-squared ring disk --blur .3",
        "jensen-shannon ring moons --blur .1", "hellinger ring moons", "sliced-flow ring moons --projections 20"})
    void functionalsFall(String line) throws IOException {
        Path out = directory.resolve(line.replaceAll("[^a-z]", ""));
        Map<String, Object> json = flow(line + " --points 80 --steps 9 --learning-rate .02 --snapshots 0,.1", out);
        assertThat(json).containsEntry("flow", line.split(" ")[0]).containsEntry("status", "completed").containsEntry("steps", 9.0)
            .containsKeys("seconds", "files");
        assertThat((double) json.get("value")).isLessThan((double) json.get("firstValue"));
        assertThat((double) json.get("time")).isCloseTo(0.16, within(1e-12));
        for (String name : new String[] {"points-0.npy", "points-0.1.npy", "points-last.npy", "loss.csv", "flow.png", "flow.svg",
            "loss.png"}) {
            assertThat(out.resolve(name)).isNotEmptyFile();
        }
        assertThat(Files.readAllLines(out.resolve("loss.csv"))).hasSize(10).startsWith("step,time,loss");
        if (line.contains("mala")) {
            assertThat((double) json.get("acceptance")).isBetween(0.9, 1.0);
        }
    }

    /** All schemes of the free energy go to the standard Gaussian at one speed: the variance of Ornstein and Uhlenbeck's process. */
    @ParameterizedTest
    @ValueSource(strings = {"euler", "sw-jko", "ula", "mala"})
    void schemesOfTheFreeEnergyAgree(String scheme) throws IOException {
        Path out = directory.resolve("scheme-" + scheme);
        boolean noise = scheme.endsWith("la");
        flow("free-energy disk --points " + (noise ? 4000 : 300) + " --steps 21 --learning-rate .05 --snapshots 0 --scheme " + scheme, out);
        double[] start = moments(out.resolve("points-0.npy"), 0);
        double[] end = moments(out.resolve("points-last.npy"), 0);
        assertThat(end[0]).isCloseTo(start[0] * Math.exp(-1), within(noise ? 0.07 : 0.02));
        assertThat(end[1]).isCloseTo(1 + (start[1] - 1) * Math.exp(-2), within(0.08));
    }

    @Test
    void slicedFlowComesToItsTarget() throws IOException {
        Path out = directory.resolve("sliced");
        Map<String, Object> json = flow("sliced-flow disk heart --steps 31 --learning-rate .5 --projections 20 --points 100", out);
        assertThat((double) json.get("value")).isLessThan(0.05 * (double) json.get("firstValue"));
        Map<String, Object> noisy = flow("sliced-flow disk heart --steps 31 --learning-rate .5 --entropy .01 --points 100", directory
            .resolve("noisy"));
        assertThat((double) noisy.get("value")).isGreaterThan(2 * (double) json.get("value"));
    }

    @Test
    void sameBytesForAnyNumberOfThreads() throws IOException {
        byte[][] bytes = new byte[2][];
        for (int i = 0; i < 2; i++) {
            Path out = directory.resolve("threads-" + i);
            flow("free-energy ring --scheme sw-jko --steps 4 --points 150 --threads " + (1 + 2 * i), out);
            bytes[i] = Files.readAllBytes(out.resolve("points-last.npy"));
        }
        assertThat(bytes[0]).isEqualTo(bytes[1]);
    }
}
