package org.pontoon.cli.reproduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pontoon.cli.Pontoon;
import org.pontoon.cli.report.JsonReader;
import org.pontoon.cli.report.Pixels;
import org.pontoon.engine.file.NpyArray;
import org.pontoon.engine.file.NpyFile;
import org.pontoon.engine.random.CounterRandom;

class ExperimentsTest {

    private static String run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int code = Pontoon.run(args, new PrintStream(out, true, StandardCharsets.UTF_8), System.err);
        assertThat(code).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void namesAreListed() {
        assertThat(run("reproduce")).contains("swiss-roll", "msci", "eot-benchmark", "gaussian", "sampled-measures",
            "color-transfer", "usd", "usd-color", "usd-msci", "fokker-planck", "aggregation", "sliced-flow", "speed");
        assertThat(JsonReader.object(run("reproduce", "--json"))).containsKey("experiments");
    }

    @Test
    void rollHasTheMomentsOfItsFormula() {
        int count = 100_000;
        float[] rows = new float[2 * count];
        SwissRoll.roll(7).fill(3, count, rows);
        double x = 0;
        double square = 0;
        for (int n = 0; n < count; n++) {
            x += rows[2 * n] / (double) count;
            square += (rows[2 * n] * rows[2 * n] + rows[2 * n + 1] * rows[2 * n + 1]) / (double) count;
        }
        // E t cos t = 2 (over a length of 3 pi, from the parts t sin t + cos t) and E t^2, each over 7.5 and with the noise
        double mean = (4.5 * Math.PI * Math.sin(4.5 * Math.PI) - 1.5 * Math.PI * Math.sin(1.5 * Math.PI)) / (3 * Math.PI) / 7.5;
        double norm = ((Math.pow(4.5 * Math.PI, 3) - Math.pow(1.5 * Math.PI, 3)) / (9 * Math.PI) + 2 * 0.64) / 7.5 / 7.5;
        assertThat(x).isCloseTo(mean, offset(0.01));
        assertThat(square).isCloseTo(norm, offset(0.02));
    }

    @Test
    void batchesAreFunctionsOfTheStep() {
        float[] a = new float[64];
        float[] b = new float[64];
        SwissRoll.gaussian(7).fill(5, 32, a);
        SwissRoll.gaussian(7).fill(5, 32, b);
        assertThat(a).isEqualTo(b);
        SwissRoll.gaussian(7).fill(6, 32, b);
        assertThat(a).isNotEqualTo(b);
    }

    /** Days that drift along the first axis: the held-out day lies where a straight bridge puts it. */
    @Test
    void singleCellExperimentRunsOnFilesOfItsShape(@TempDir Path directory) throws IOException {
        for (int dimension : new int[] {50, 100}) {
            for (int day : new int[] {2, 3, 4, 7}) {
                float[] rows = new float[200 * dimension];
                for (int i = 0; i < rows.length; i++) {
                    rows[i] = 3 * CounterRandom.normal(day, i) + (i % dimension == 0 ? 4 * day : 0);
                }
                NpyFile.write(directory.resolve("full_cite_pcas_" + dimension + "_day_" + day + ".npy"), NpyArray.of(rows, 200, dimension));
            }
        }
        Path unbalanced = directory.resolve("unbalanced");
        run("reproduce", "usd-msci", "--quick", "--quiet", "--data", directory.toString(), "--out", unbalanced.toString());
        assertThat(Files.readString(unbalanced.resolve("usd-msci.md"))).contains("first day", "mixture of the ends", "USD, weights",
            "USD, births and deaths", "LightSB", "unbalanced Sinkhorn");
        assertThat(Files.readAllLines(unbalanced.resolve("usd-msci.csv"))).hasSize(17);
        assertThat(unbalanced.resolve("usd-msci.png")).isNotEmptyFile();
        Path out = directory.resolve("out");
        String json = run("reproduce", "msci", "--quick", "--json", "--quiet", "--data", directory.toString(), "--out", out.toString());
        assertThat(JsonReader.object(json)).containsEntry("experiment", "msci").containsKeys("seconds", "tables", "files");
        for (String name : List.of("msci.md", "msci.csv", "msci.json", "msci-runs.md", "msci.png", "msci.svg")) {
            assertThat(out.resolve(name)).isNotEmptyFile();
        }
        assertThat(Files.readString(out.resolve("msci.md"))).contains("LightSB, 4 cores", "2.31 ± .27", "mixture of the two ends",
            "Pontoon, ");
    }

    @Test
    void galleryOfSampledMeasuresIsDrawn(@TempDir Path out) throws IOException {
        run("reproduce", "sampled-measures", "--quick", "--quiet", "--out", out.toString());
        assertThat(out.resolve("sampled-measures.png")).isNotEmptyFile();
        assertThat(out.resolve("sampled-measures.svg")).isNotEmptyFile();
        assertThat(Files.readAllLines(out.resolve("sampled-measures.csv"))).hasSize(12);
    }

    /** A picture of reds and a palette of blues: the moved picture is blue. */
    @Test
    void coloursAreTransferred(@TempDir Path directory) throws IOException {
        int[] reds = new int[400];
        int[] blues = new int[400];
        for (int k = 0; k < 400; k++) {
            reds[k] = 150 + CounterRandom.uniformInt(1, k, 100) << 16;
            blues[k] = 150 + CounterRandom.uniformInt(2, k, 100);
        }
        new Pixels(20, 20, reds).write(directory.resolve("reds.png"));
        new Pixels(20, 20, blues).write(directory.resolve("blues.png"));
        Path out = directory.resolve("out");
        run("reproduce", "color-transfer", directory.resolve("reds.png").toString(), directory.resolve("blues.png").toString(), "--quick",
            "--quiet", "--out", out.toString());
        Pixels after = Pixels.read(out.resolve("after.png"));
        assertThat(after.width()).isEqualTo(20);
        for (int rgb : after.rgb()) {
            assertThat(rgb >> 16).isLessThan(30);
            assertThat(rgb & 0xFF).isGreaterThan(130);
        }
        assertThat(out.resolve("color-transfer.png")).isNotEmptyFile();
        assertThat(out.resolve("color-transfer.svg")).isNotEmptyFile();
    }

    /** Half reds and half greens, a quarter blues and three quarters yellows: every method that balances mass ends near B. */
    @Test
    void coloursAreTransferredByFlows(@TempDir Path directory) throws IOException {
        int[] before = new int[400];
        int[] palette = new int[400];
        for (int k = 0; k < 400; k++) {
            int shade = 150 + CounterRandom.uniformInt(1, k, 100);
            before[k] = k < 200 ? shade << 16 : shade << 8;
            palette[k] = k < 100 ? shade : shade << 16 | shade << 8;
        }
        new Pixels(20, 20, before).write(directory.resolve("before.png"));
        new Pixels(20, 20, palette).write(directory.resolve("palette.png"));
        Path out = directory.resolve("out");
        run("reproduce", "usd-color", directory.resolve("before.png").toString(), directory.resolve("palette.png").toString(), "--quick",
            "--quiet", "--out", out.toString());
        List<String> lines = Files.readAllLines(out.resolve("usd-color.csv"));
        assertThat(lines).hasSize(10);
        double start = Double.parseDouble(lines.get(1).split(",")[1]);
        assertThat(lines.get(7)).startsWith("unbalanced Sinkhorn");
        for (String line : List.of(lines.get(3), lines.get(4), lines.get(5), lines.get(6), lines.get(8))) {
            String[] cells = line.split(",(?=([^\"]*\"[^\"]*\")*[^\"]*$)");
            assertThat(Double.parseDouble(cells[1])).as(line).isLessThan(0.3 * start);
        }
        for (String file : List.of("usd-color.png", "usd-color.svg", "usd-color-palettes.png", "usd-color-usd-births-and-deaths.png",
            "usd-color-unbalanced-sinkhorn.png")) {
            assertThat(out.resolve(file)).isNotEmptyFile();
        }
    }
}
