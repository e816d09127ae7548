package org.pontoon.engine.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SequencedMap;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pontoon.engine.bridge.BridgeTrainer;
import org.pontoon.engine.bridge.Covariance;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.bridge.TrainingOptions;
import org.pontoon.engine.bridge.TrainingResult;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;

class BridgeFileTest {

    @TempDir
    Path directory;

    private static TrainingResult fit(Covariance covariance) {
        float[][] x = new float[40][2];
        float[][] y = new float[40][2];
        SplittableRandom random = new SplittableRandom(1);
        for (int n = 0; n < 40; n++) {
            for (int d = 0; d < 2; d++) {
                x[n][d] = (float) random.nextGaussian();
                y[n][d] = (float) (2 + random.nextGaussian());
            }
        }
        TrainingOptions options = TrainingOptions.builder().components(3).steps(20).covariance(covariance).build();
        try (PointCloud source = PointCloud.ofRows(x); PointCloud target = PointCloud.ofRows(y); TileScheduler one = new TileScheduler(1)) {
            return BridgeTrainer.on(options, source, target).fit(one, Progress.NONE);
        }
    }

    @Test
    void bridgesAndCheckpointsComeBackAsTheyWere() throws IOException {
        for (Covariance covariance : Covariance.values()) {
            TrainingResult result = fit(covariance);
            Path bridge = directory.resolve(covariance + ".npz");
            Path state = directory.resolve(covariance + "-state.npz");
            BridgeFile.write(bridge, result.bridge());
            BridgeFile.writeState(state, result.state());
            assertThat(BridgeFile.read(bridge)).isEqualTo(result.bridge());
            assertThat(BridgeFile.readState(state)).isEqualTo(result.state());
            assertThat(NpzFile.read(bridge).keySet()).contains("log_alpha", "r", "S", "epsilon");
        }
    }

    @Test
    void otherVersionsAndOtherFilesAreRefusedByName() throws IOException {
        LightBridge bridge = fit(Covariance.DIAGONAL).bridge();
        Path file = directory.resolve("b.npz");
        BridgeFile.write(file, bridge);
        SequencedMap<String, NpyArray> arrays = NpzFile.read(file);
        assertThatThrownBy(() -> BridgeFile.readState(file)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(
            "b.npz: not a pontoon.checkpoint file");
        arrays.put("version", NpyArray.scalar(2L));
        NpzFile.write(file, arrays);
        assertThatThrownBy(() -> BridgeFile.read(file)).hasMessageContaining("b.npz: pontoon.bridge version 2, expected version 1");
        arrays.put("version", NpyArray.scalar(1L));
        arrays.put("S", NpyArray.of(new double[6], 2, 3));
        NpzFile.write(file, arrays);
        assertThatThrownBy(() -> BridgeFile.read(file)).hasMessageContaining("S has shape (2, 3), expected");
        arrays.remove("S");
        NpzFile.write(file, arrays);
        assertThatThrownBy(() -> BridgeFile.read(file)).hasMessageContaining("array 'S' is missing");
        arrays.put("S", NpyArray.of(new double[6], 3, 2));
        NpzFile.write(file, arrays);
        assertThatThrownBy(() -> BridgeFile.read(file)).hasMessageContaining("b.npz: component 0 has an S with eigenvalue 0.0");
        assertThatThrownBy(() -> BridgeFile.read(directory.resolve("none.npz"))).hasMessageContaining("none.npz");
    }

    @Test
    void mutatedModelsAreReadOrRefusedButNeverAnythingElse() throws IOException {
        Path file = directory.resolve("b.npz");
        BridgeFile.write(file, fit(Covariance.FULL).bridge());
        byte[] bytes = Files.readAllBytes(file);
        SplittableRandom random = new SplittableRandom(20);
        for (int i = 0; i < 2000; i++) {
            byte[] mutated = bytes.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                mutated[random.nextInt(mutated.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(file, mutated);
            try {
                BridgeFile.read(file);
            } catch (IllegalArgumentException | IOException e) {
                assertThat(e.getMessage()).contains("b.npz");
            }
        }
    }
}
