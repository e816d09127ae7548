package org.pontoon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.file.BridgeFile;
import org.pontoon.engine.file.NpyArray;
import org.pontoon.engine.file.NpyFile;
import org.pontoon.engine.file.NpzFile;
import org.pontoon.engine.memory.PointCloud;

/** Fit, transport, path and info on small clouds. */
class BridgeCommandsTest {

    @TempDir
    private Path directory;
    private Path x;
    private Path y;
    private Path model;

    @BeforeEach
    void writeClouds() throws IOException {
        x = Run.cloud(directory.resolve("x.npy"), 300, 3, 0, 1);
        y = Run.cloud(directory.resolve("y.npy"), 400, 3, 2, 2);
        model = directory.resolve("model.npz");
    }

    /** A small fit; options given replace those of the same name. */
    private Run fit(Path out, Object... more) {
        List<Object> args = new ArrayList<>(List.of("--components", 4, "--steps", 400, "--batch", 32));
        for (Object option : more) {
            int at = args.indexOf(option);
            if (at >= 0) {
                args.subList(at, at + 2).clear();
            }
        }
        args.addAll(List.of("--source", x, "--target", y, "--out", out, "--json"));
        args.addAll(List.of(more));
        args.addFirst("fit");
        return Run.of(args.toArray());
    }

    private byte[] bytesOfFit(String name, Object... more) throws IOException {
        Path out = directory.resolve(name);
        fit(out, more).done();
        return Files.readAllBytes(out);
    }

    private static PointCloud read(Path file) throws IOException {
        return NpyFile.readCloud(file);
    }

    private static double mean(PointCloud cloud) {
        double sum = 0;
        for (float value : cloud.toRows()) {
            sum += value;
        }
        return sum / cloud.size() / cloud.dimension();
    }

    @Test
    void fitReportsWhatItDid() {
        Map<String, Object> json = fit(model).done().json();
        assertThat(json).containsKeys("model", "steps", "seconds", "secondsPerStep", "objective", "objectiveStandardError", "dualBound",
            "activeComponents");
        assertThat(json).containsEntry("steps", 400.0).containsEntry("status", "completed").containsEntry("dimension", 3.0)
            .containsEntry("components", 4.0).containsEntry("covariance", "diagonal").containsEntry("epsilon", 0.1);
        assertThat((Double) json.get("objective")).isFinite();
        assertThat((Double) json.get("activeComponents")).isBetween(1.0, 4.0);
    }

    @Test
    void withoutJsonPeopleReadLines() {
        Run run = Run.of("fit", "--source", x, "--target", y, "--out", model, "--steps", 20).done();
        assertThat(run.out()).contains("seconds per step", "dual bound", "active components");
    }

    @Test
    void transportMovesTheSourceOntoTheTarget() throws IOException {
        fit(model).done();
        Path out = directory.resolve("moved.npy");
        Map<String, Object> json = Run.of("transport", "--model", model, "--source", x, "--out", out, "--samples", 3, "--json").done()
            .json();
        assertThat(json).containsEntry("points", 300.0).containsEntry("samples", 3.0).containsEntry("time", 1.0)
            .containsEntry("kind", "sample")
            .containsKeys("outOfSupport", "seconds");
        try (PointCloud moved = read(out)) {
            assertThat(moved.size()).isEqualTo(900);
            assertThat(moved.dimension()).isEqualTo(3);
            assertThat(mean(moved)).isBetween(1.7, 2.3);
        }
    }

    @Test
    void meanIsTheBarycentricMapAndRunsStraight() throws IOException {
        fit(model).done();
        Path end = directory.resolve("end.npy");
        Path half = directory.resolve("half.npy");
        Run.of("transport", "--model", model, "--source", x, "--out", end, "--mean", "--json").done();
        Run.of("transport", "--model", model, "--source", x, "--out", half, "--mean", "--time", 0.5).done();
        LightBridge bridge = BridgeFile.read(model);
        try (PointCloud source = read(x); PointCloud ends = read(end); PointCloud halves = read(half)) {
            double[] point = {source.get(7, 0), source.get(7, 1), source.get(7, 2)};
            double[] expected = bridge.conditionalMean(point);
            for (int d = 0; d < 3; d++) {
                assertThat((double) ends.get(7, d)).isCloseTo(expected[d], offset(1e-4));
                assertThat(halves.get(7, d)).isCloseTo((source.get(7, d) + ends.get(7, d)) / 2, offset(1e-5f));
            }
        }
    }

    @Test
    void timeZeroIsTheSourceItself() throws IOException {
        fit(model).done();
        Path out = directory.resolve("start.npy");
        Run.of("transport", "--model", model, "--source", x, "--out", out, "--time", 0).done();
        assertThat(NpyFile.read(out)).isEqualTo(NpyFile.read(x));
    }

    @Test
    void pointsOutOfSupportAreCounted() throws IOException {
        fit(model).done();
        Path far = Run.cloud(directory.resolve("far.npy"), 20, 3, 1000, 3);
        assertThat(Run.of("transport", "--model", model, "--source", far, "--out", directory.resolve("o.npy"), "--json").done().json())
            .containsEntry("outOfSupport", 20.0);
    }

    @Test
    void csvAndNpzGoInAndOut() throws IOException {
        fit(model).done();
        Path csv = directory.resolve("out.csv");
        Path npz = directory.resolve("out.npz");
        Path npy = directory.resolve("out.npy");
        Run.of("transport", "--model", model, "--source", x, "--out", csv).done();
        Run.of("transport", "--model", model, "--source", x, "--out", npz).done();
        Run.of("transport", "--model", model, "--source", x, "--out", npy).done();
        try (PointCloud a = CloudFiles.read(csv, Assertions::fail); PointCloud b = NpzFile.readCloud(npz); PointCloud c = read(npy)) {
            assertThat(a.toRows()).isEqualTo(c.toRows());
            assertThat(b.toRows()).isEqualTo(c.toRows());
        }
    }

    @Test
    void bothPathMethodsWriteTrajectoriesThatStartAtTheSource() throws IOException {
        fit(model).done();
        NpyArray source = NpyFile.read(x);
        for (String method : List.of("bridge", "euler")) {
            Path out = directory.resolve(method + ".npy");
            Map<String, Object> json = Run
                .of("path", "--model", model, "--source", x, "--out", out, "--steps", 8, "--method", method, "--json")
                .done().json();
            assertThat(json).containsEntry("shape", List.of(300.0, 9.0, 3.0)).containsEntry("method", method);
            NpyArray paths = NpyFile.read(out);
            assertThat(paths.shape()).containsExactly(300, 9, 3);
            float[] values = paths.toFloats();
            double ends = 0;
            for (int n = 0; n < 300; n++) {
                for (int d = 0; d < 3; d++) {
                    assertThat(values[n * 27 + d]).isEqualTo(source.toFloats()[n * 3 + d]);
                    ends += values[n * 27 + 24 + d] / 900;
                }
            }
            assertThat(ends).isBetween(1.6, 2.4);
        }
    }

    @Test
    void lastPointOfAnExactPathIsTheSampleOfTransport() throws IOException {
        fit(model).done();
        Path paths = directory.resolve("paths.npy");
        Path moved = directory.resolve("moved.npy");
        Run.of("path", "--model", model, "--source", x, "--out", paths, "--steps", 4).done();
        Run.of("transport", "--model", model, "--source", x, "--out", moved).done();
        float[] path = NpyFile.read(paths).toFloats();
        float[] end = NpyFile.read(moved).toFloats();
        for (int n = 0; n < 300; n++) {
            assertThat(path[n * 15 + 12]).isEqualTo(end[n * 3]);
        }
    }

    @Test
    void pathsAreDrawnInBothFormats() throws IOException {
        fit(model).done();
        for (String name : List.of("p.png", "p.svg")) {
            Path picture = directory.resolve(name);
            Run.of("path", "--model", model, "--source", x, "--out", directory.resolve("p.npy"), "--steps", 5, "--plot", picture).done();
            assertThat(Files.size(picture)).isGreaterThan(5000);
        }
        assertThat(Files.readString(directory.resolve("p.svg"))).contains("<svg", "</svg");
    }

    @Test
    void sameBytesWhateverTheThreads() throws IOException {
        byte[] one = bytesOfFit("one.npz", "--threads", 1);
        assertThat(bytesOfFit("two.npz", "--threads", 2)).isEqualTo(one);
        Files.write(model, one);
        Path a = directory.resolve("a.npy");
        Path b = directory.resolve("b.npy");
        for (String command : List.of("transport", "path")) {
            Run.of(command, "--model", model, "--source", x, "--out", a, "--threads", 1).done();
            Run.of(command, "--model", model, "--source", x, "--out", b, "--threads", 2).done();
            assertThat(Files.readAllBytes(b)).isEqualTo(Files.readAllBytes(a));
        }
    }

    @Test
    void anotherSeedGivesAnotherBridge() throws IOException {
        assertThat(bytesOfFit("a.npz", "--seed", 1)).isEqualTo(bytesOfFit("b.npz", "--seed", 1))
            .isNotEqualTo(bytesOfFit("c.npz", "--seed", 2));
    }

    @Test
    void resumedFitHasTheBytesOfAnUnbrokenOne() throws IOException {
        byte[] unbroken = bytesOfFit("whole.npz");
        Path checkpoint = directory.resolve("state.npz");
        bytesOfFit("part.npz", "--steps", 150, "--checkpoint", checkpoint, "--checkpoint-every", 50, "--resume");
        Run resumed = fit(model, "--checkpoint", checkpoint, "--resume");
        assertThat(resumed.code()).isZero();
        assertThat(resumed.err()).contains("resuming", "from step 150");
        assertThat(Files.readAllBytes(model)).isEqualTo(unbroken);
        assertThat(resumed.json()).containsEntry("steps", 400.0);
    }

    @Test
    void resumedFitWithHeldOutPointsHasTheBytesOfAnUnbrokenOne() throws IOException {
        Object[] heldOut = {"--hold-out", 0.2, "--evaluate-every", 20, "--patience", 100};
        byte[] unbroken = bytesOfFit("whole.npz", heldOut);
        Path checkpoint = directory.resolve("state.npz");
        Object[] part = {"--hold-out", 0.2, "--evaluate-every", 20, "--patience", 100, "--checkpoint", checkpoint, "--checkpoint-every", 30,
            "--steps", 210};
        bytesOfFit("part.npz", part);
        Run resumed = fit(model, "--hold-out", 0.2, "--evaluate-every", 20, "--patience", 100, "--checkpoint", checkpoint, "--resume");
        assertThat(resumed.code()).isZero();
        assertThat(Files.readAllBytes(model)).isEqualTo(unbroken);
    }

    @Test
    void fitStopsEarlyWhenHeldOutPointsNoLongerImprove() {
        Map<String, Object> json = fit(model, "--hold-out", 0.25, "--evaluate-every", 10, "--patience", 2, "--learning-rate", 0.3,
            "--steps",
            20_000).done().json();
        assertThat(json).containsEntry("status", "stopped early").containsKey("heldOutObjective");
        assertThat((Double) json.get("steps")).isLessThan(20_000);
    }

    @Test
    void warmStartGoesOnFromABridge() {
        fit(model, "--steps", 1500, "--epsilon", 0.5).done();
        Map<String, Object> cold = fit(directory.resolve("cold.npz"), "--steps", 10, "--epsilon", 0.5).done().json();
        Map<String, Object> warm = fit(directory.resolve("warm.npz"), "--steps", 10, "--epsilon", 0.5, "--warm-start", model).done().json();
        assertThat((Double) warm.get("objective")).isLessThan((Double) cold.get("objective") - 0.1);
    }

    @Test
    void weightsMoveTheTarget() throws IOException {
        // half of the target lies at 2, half at -2; all weight goes to the latter
        float[] rows = new float[400 * 3];
        float[] weights = new float[400];
        for (int n = 0; n < 400; n++) {
            weights[n] = n % 2;
            for (int d = 0; d < 3; d++) {
                rows[3 * n + d] = (n % 2 == 0 ? 2 : -2) + 0.1f * (n * 7 + d * 3) % 5 / 5;
            }
        }
        NpyFile.write(y, NpyArray.of(rows, 400, 3));
        Path file = directory.resolve("weights.csv");
        StringBuilder text = new StringBuilder();
        for (float weight : weights) {
            text.append(weight).append('\n');
        }
        Files.writeString(file, text.toString(), StandardCharsets.US_ASCII);
        fit(model, "--weights-target", file, "--steps", 1500).done();
        Path out = directory.resolve("moved.npy");
        Run.of("transport", "--model", model, "--source", x, "--out", out, "--mean").done();
        try (PointCloud moved = read(out)) {
            assertThat(mean(moved)).isBetween(-2.6, -1.4);
        }
    }

    @Test
    void deadComponentsAreRevivedUnlessToldOtherwise() throws IOException {
        Object[] common = {"--components", 30, "--steps", 1200, "--learning-rate", 0.1};
        byte[] byDefault = bytesOfFit("default.npz", common);
        assertThat(bytesOfFit("revive.npz", "--revive", "--components", 30, "--steps", 1200, "--learning-rate", 0.1)).isEqualTo(byDefault);
        assertThat(bytesOfFit("not.npz", "--no-revive", "--components", 30, "--steps", 1200, "--learning-rate", 0.1))
            .isNotEqualTo(byDefault);
    }

    @Test
    void batchesMayDifferAndCovarianceMayBeFull() throws IOException {
        Map<String, Object> json = fit(model, "--covariance", "full", "--source-batch", 20, "--target-batch", 50).done().json();
        assertThat(json).containsEntry("covariance", "full");
        assertThat(BridgeFile.read(model).scales()).hasSize(4 * 3 * 3);
    }

    @Test
    void infoNamesArraysBridgesAndCheckpoints() {
        Path checkpoint = directory.resolve("state.npz");
        fit(model, "--checkpoint", checkpoint, "--checkpoint-every", 100).done();
        assertThat(Run.of("info", x).done().out()).contains("<f4", "(300, 3)");
        assertThat(Run.of("info", model).done().out()).contains("log_alpha", "(4, 3)", "K = 4, diagonal covariance");
        assertThat(Run.of("info", checkpoint).done().out()).contains("a checkpoint of step 400");
        Map<String, Object> json = Run.of("info", model, "--json").done().json();
        assertThat(json).containsKeys("file", "bytes", "arrays", "bridge");
    }
}
