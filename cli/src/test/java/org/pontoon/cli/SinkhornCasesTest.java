package org.pontoon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pontoon.engine.file.NpyArray;
import org.pontoon.engine.file.NpyFile;

/** Cases of entropic transport that used to fail: a small blur, data of a large spread, a blur or a reach far above the costs. */
class SinkhornCasesTest {

    @TempDir
    private Path directory;

    private Map<String, Object> distance(String loss, String x, String y, String options) throws IOException {
        List<Object> line = new ArrayList<>(List.of("distance", loss, Cases.copy(x, directory), Cases.copy(y, directory), "--json"));
        line.addAll(List.of(options.split(" ")));
        return Run.of(line.toArray()).done().json();
    }

    @ParameterizedTest
    @CsvSource({
        "sinkhorn-biased, sinkhorn-7x11,  --blur .01,            1.5816594140573,   1e-6",
        "sinkhorn-biased, sinkhorn-13x17, --blur .01,            1.0954789075808,   1e-6",
        "sinkhorn,        scale100,       --p 2,                 4601.182004,       1e-6",
        "sinkhorn,        offset,         --blur .01,            3.09532725e-05,    1e-4",
        "sinkhorn,        pair,           --blur 1e6,            0.1160152508457,   1e-6",
        "sinkhorn,        pair,           --blur 1e8,            0.1160152508457,   1e-6",
        "sinkhorn,        pair,           --blur .3 --reach 1e5, 0.50740098,        1e-6",
        "sinkhorn,        pair,           --blur .3 --reach 1e6, 0.50740098,        1e-6",
        "sinkhorn,        pair,           --blur .3 --reach 1e7, 0.50740098,        1e-6"})
    void valuesAreRight(String loss, String name, String options, double expected, double tolerance) throws IOException {
        Map<String, Object> json = distance(loss, name + "-x.npy", name + "-y.npy", options);
        assertThat(json).containsEntry("status", "converged");
        assertThat((double) json.get("value")).isCloseTo(expected, withinPercentage(100 * tolerance));
        assertThat((double) json.get("gap")).isGreaterThanOrEqualTo(0);
    }

    @ParameterizedTest
    @CsvSource({"1e5", "1e6", "1e7"})
    void aLongReachLeavesNoGap(String reach) throws IOException {
        assertThat((double) distance("sinkhorn", "pair-x.npy", "pair-y.npy", "--blur .3 --reach " + reach).get("gap")).isLessThan(1e-5);
    }

    @Test
    void theGradientIsFinite() throws IOException {
        Path gradient = directory.resolve("g.npy");
        distance("sinkhorn-biased", "sinkhorn-7x11-x.npy", "sinkhorn-7x11-y.npy", "--blur .01 --gradient " + gradient);
        for (double slope : NpyFile.read(gradient).toDoubles()) {
            assertThat(slope).isFinite();
        }
    }

    /** Between a cloud and itself, whatever the order, there is nothing. */
    @ParameterizedTest
    @CsvSource({"1e6", "1e8"})
    void aCloudIsNowhereFromItself(String blur) throws IOException {
        float[] rows = NpyFile.read(Cases.copy("pair-x.npy", directory)).toFloats();
        float[] reversed = new float[rows.length];
        int dimension = 2;
        for (int k = 0; k < rows.length; k += dimension) {
            System.arraycopy(rows, k, reversed, rows.length - dimension - k, dimension);
        }
        Path other = directory.resolve("reversed.npy");
        NpyFile.write(other, NpyArray.of(reversed, rows.length / dimension, dimension));
        Map<String, Object> json = Run.of("distance", "sinkhorn", directory.resolve("pair-x.npy"), other, "--blur", blur, "--json").done()
            .json();
        assertThat((double) json.get("value")).isCloseTo(0, within(1e-12));
    }

    @Test
    void hardProblemsAreHeldAgainstTheirBounds() {
        Map<String, Object> json = Run.of("validate", "--sinkhorn", 5, "--largest", 30, "--json").done().json();
        assertThat(((Number) json.get("problems")).intValue()).isEqualTo(5);
        assertThat(((Number) json.get("converged")).intValue()).isEqualTo(5);
        assertThat(((Number) json.get("wrong")).intValue()).isZero();
        assertThat(Run.of("validate", "--largest", 30).code()).isEqualTo(2);
    }
}
