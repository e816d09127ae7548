package org.pontoon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.file.BridgeFile;
import org.pontoon.engine.file.NpyFile;
import org.pontoon.engine.memory.PointCloud;

/** Fits and transports of data that is large, small or far apart. */
class FitCasesTest {

    @TempDir
    private Path directory;

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    private String copy(String name) throws IOException {
        return Cases.copy(name, directory).toString();
    }

    @Test
    void clustersAThousandApartKeepTheirShares() throws IOException {
        String x = copy("modes-x.npy");
        assertThat(Run.of("fit", "--source", x, "--target", copy("modes-y.npy"), "--out", path("m.npz")).code()).isZero();
        assertThat(Run.of("transport", "--model", path("m.npz"), "--source", x, "--out", path("o.npy")).code()).isZero();
        try (PointCloud moved = NpyFile.readCloud(directory.resolve("o.npy"))) {
            int far = 0;
            double sum = 0;
            double squares = 0;
            for (int n = 0; n < moved.size(); n++) {
                double y = moved.get(n, 0);
                if (y > 500) {
                    far++;
                } else {
                    sum += y;
                    squares += y * y;
                }
            }
            int near = moved.size() - far;
            assertThat(far).isBetween(650, 750);
            assertThat(Math.sqrt(squares / near - Math.pow(sum / near, 2))).isBetween(0.8, 1.2);
        }
    }

    @Test
    void anEpsilonThatTheArithmeticCannotResolveIsRemarkedOn() throws IOException {
        Run run = Run.of("fit", "--source", copy("modes-x.npy"), "--target", copy("modes-y.npy"), "--out", path("m.npz"), "--epsilon",
            "1e-6",
            "--steps", "50");
        assertThat(run.code()).isZero();
        assertThat(run.err()).contains("epsilon 1.000e-06 is 4.8e-12 of the square of the spread, 458.2 in column 0 of the target",
            "raise epsilon "
                + "to");
    }

    @Test
    void aFarPointHasAFiniteAnswerOrIsRefused() throws IOException {
        Run.of("fit", "--source", copy("pair-x.npy"), "--target", copy("pair-y.npy"), "--out", path("m.npz"), "--steps", "500");
        try (PointCloud far = PointCloud.ofRows(new float[][] {{0, 0}, {3e38f, -3e38f}})) {
            CloudFiles.write(directory.resolve("far.npy"), far);
        }
        LightBridge bridge = BridgeFile.read(directory.resolve("m.npz"));
        double[] mean = bridge.conditionalMean(new double[] {3e38f, -3e38f});
        assertThat(Run.of("transport", "--model", path("m.npz"), "--source", path("far.npy"), "--out", path("o.npy"), "--mean").code())
            .isZero();
        try (PointCloud moved = NpyFile.readCloud(directory.resolve("o.npy"))) {
            assertThat((double) moved.get(1, 0)).isFinite().isCloseTo(mean[0], withinPercentage(1e-3));
            assertThat((double) moved.get(1, 1)).isFinite().isCloseTo(mean[1], withinPercentage(1e-3));
        }
        BridgeFile.write(directory.resolve("wide.npz"),
            LightBridge.diagonal(0.1, new double[1], new double[2], new double[] {2, 2}).build());
        for (String kind : new String[] {"--mean", "--time=.5", "--samples=2"}) {
            Run refused = Run.of("transport", "--model", path("wide.npz"), "--source", path("far.npy"), "--out", path("refused.npy"), kind);
            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err()).contains("row 1 is so far away that its answer overflows");
        }
        assertThat(Run.of("path", "--model", path("wide.npz"), "--source", path("far.npy"), "--out", path("refused.npy")).code())
            .isEqualTo(2);
        assertThat(directory.resolve("refused.npy")).doesNotExist();
    }
}
