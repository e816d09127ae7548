package org.pontoon.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.data.Offset.offset;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

    private static final Table TABLE = new Table("Title").column("name").column("value", "%.2f").column("count")
        .row("a|b", 1.234, 5).row("with, comma", null, 10).row("ε", Double.NaN, 7).note("A note.");

    @Test
    void markdownLinesUp() {
        assertThat(TABLE.markdown()).isEqualTo("""
            ### Title

            | name        | value | count |
            | ----------- | ----: | ----: |
            | a\\|b        |  1.23 |     5 |
            | with, comma |     – |    10 |
            | ε           |     – |     7 |

            A note.""");
    }

    @Test
    void csvHoldsEveryDigitAndQuotesWhatItMust() {
        assertThat(TABLE.csv()).isEqualTo("name,value,count\na|b,1.234,5\n\"with, comma\",,10\nε,NaN,7\n");
    }

    @Test
    void recordsBecomeJson() {
        assertThat(JsonReader.value(Json.of(TABLE.records()))).isEqualTo(List.of(mapOf("name", "a|b", "value", 1.234, "count", 5.0),
            mapOf("name", "with, comma", "value", null, "count", 10.0), mapOf("name", "ε", "value", null, "count", 7.0)));
    }

    @Test
    void rowOfAnotherLengthIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Table("").column("a").row(1, 2));
    }

    @Test
    void tableIsWrittenInThreeForms(@TempDir Path directory) throws IOException {
        TABLE.write(directory, "t");
        assertThat(directory.resolve("t.md")).content().startsWith("### Title");
        assertThat(directory.resolve("t.csv")).content().startsWith("name,");
        assertThat(JsonReader.value(Files.readString(directory.resolve("t.json")))).isInstanceOf(List.class);
    }

    private static Map<String, Object> mapOf(Object... entries) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < entries.length; i += 2) {
            map.put((String) entries[i], entries[i + 1]);
        }
        return map;
    }

    @Test
    void jsonEscapesAndKeepsOrder() {
        Map<String, Object> value = mapOf("z", List.of(1, 2L, 3.5f), "a", "quote \" backslash \\ line\nbreak \u0001 ε \uD83D\uDE00", "none",
            null, "yes", true, "empty", List.of(), "map", Map.of(), "small", 1e-300, "infinite", Double.POSITIVE_INFINITY);
        Map<String, Object> back = JsonReader.object(Json.of(value));
        assertThat(back.keySet()).containsExactlyElementsOf(value.keySet());
        assertThat(back).containsEntry("a", value.get("a")).containsEntry("small", 1e-300).containsEntry("infinite", null)
            .containsEntry("z", List.of(1.0, 2.0, 3.5)).containsEntry("empty", List.of()).containsEntry("map", Map.of());
        assertThat(Json.of(value)).doesNotContain("\n");
    }

    @Test
    void numbersAreShort() {
        assertThat(List.of(Text.of(0.0), Text.of(1.0), Text.of(123456.789), Text.of(1e-7), Text.of(0.1), Text.of(-2.5f), Text.of(1e9),
            Text.of(Double.NaN), Text.of(Double.NEGATIVE_INFINITY), Text.of(42), Text.of(List.of(1, 2.5)))).containsExactly("0", "1",
                "123457",
                "1e-07", "0.1", "-2.5", "1e+09", "–", "-infinity", "42", "1, 2.5");
    }

    @Test
    void progressLineTellsShareAndTimeLeft() {
        assertThat(ProgressBar.line("fit", 5000, 10_000, 0, 2))
            .isEqualTo("fit  [############------------]  50 %  5000/10000  2.0 s, 2.0 s left");
        // a resumed run has done only half of what is shown
        assertThat(ProgressBar.line("fit", 5000, 10_000, 4000, 2)).endsWith("2.0 s, 10.0 s left");
        assertThat(ProgressBar.line("fit", 10, 10, 0, 125)).endsWith("100 %  10/10  2:05 min");
        assertThat(ProgressBar.line("fit", 1, 2, 0, 7200)).endsWith("2:00 h, 2:00 h left");
        assertThat(ProgressBar.line("fit", 0, 0, 0, 0)).contains("100 %");
    }

    @Test
    void iterationsToAToleranceHaveNoPercentage() throws Exception {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (ProgressBar bar = new ProgressBar("distance", new PrintStream(err, true, StandardCharsets.UTF_8), true, () -> false, false)) {
            Thread.sleep(250);
            bar.advance(21, 1000);
        }
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("distance  iteration 21 of at most 1000").doesNotContain("%", "left");
    }

    @Test
    void barIsDrawnOnATerminalAndWipedAway() throws InterruptedException {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (ProgressBar bar = new ProgressBar("fit", new PrintStream(err, true, StandardCharsets.UTF_8), true, () -> false, true)) {
            assertThat(bar.advance(1, 10)).isTrue();
            Thread.sleep(250);
            bar.advance(2, 10);
        }
        String shown = err.toString(StandardCharsets.UTF_8);
        assertThat(shown).startsWith("\rfit  [##").endsWith("\r").doesNotContain("\n");
    }

    @Test
    void shortWorkLeavesNoTraceInALog() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (ProgressBar bar = new ProgressBar("fit", new PrintStream(err, true, StandardCharsets.UTF_8), false, () -> false, true)) {
            bar.advance(1, 2);
            bar.advance(2, 2);
        }
        assertThat(err.size()).isZero();
    }

    @Test
    void interruptedConsoleCancelsWork() {
        Console console = new Console(System.out, System.err, false);
        console.use(false, true);
        try (ProgressBar bar = console.progress("fit")) {
            assertThat(bar.advance(1, 2)).isTrue();
            console.interrupt();
            assertThat(bar.advance(1, 2)).isFalse();
        }
    }

    @Test
    void projectionOfThePlaneIsThePlane() {
        Projection projection = Projection.ofTwo(List.of(new float[] {1, 2}), 2);
        assertThat(projection.first(new float[] {3, 4}, 0)).isEqualTo(3);
        assertThat(projection.second(new float[] {3, 4}, 0)).isEqualTo(4);
    }

    @Test
    void projectionFindsThePrincipalAxes() {
        List<float[]> points = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            double a = 5 * Math.sin(i * 0.7);
            double b = 2 * Math.cos(i * 1.3);
            // a along (0, .6, .8), b along (1, 0, 0), next to nothing along the third direction
            points.add(new float[] {(float) b, (float) (0.6 * a), (float) (0.8 * a)});
        }
        Projection projection = Projection.ofTwo(points, 3);
        float[] point = {2, 3, 4};
        double shift = projection.first(new float[] {0, 0, 0}, 0);
        assertThat(projection.first(point, 0) - shift).isCloseTo(5, offset(0.05));
        assertThat(projection.firstName()).isEqualTo("principal axis 1");
    }

    private static Picture picture() {
        double[] x = new double[2000];
        double[] y = new double[2000];
        Arrays.setAll(x, i -> Math.cos(i * 0.37));
        Arrays.setAll(y, i -> Math.sin(i * 0.11));
        double[] pathX = {0, 1, Double.NaN, 1, 2};
        double[] pathY = {0, 1, Double.NaN, 0, 1};
        return new Picture("A title", 240, 220)
            .add(new Plot("left").equalAspect().axes("x", "y").cloud("cloud", x, y, Plot.Ink.GREY).paths("paths", pathX, pathY,
                Plot.Ink.BLUE))
            .add(new Plot("right").logarithmic(true, true).line("line", new double[] {1, 10, 100}, new double[] {1, Double.NaN, 0.1},
                Plot.Ink.VERMILION).reference("reference", new double[] {1, 100}, new double[] {2, 0.2}, Plot.Ink.GREY));
    }

    @Test
    void pictureHasTwicePixelsAsPng(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("p.png");
        picture().write(file);
        var image = ImageIO.read(file.toFile());
        assertThat(image.getWidth()).isEqualTo(2 * 480);
        assertThat(image.getHeight()).isEqualTo(2 * (34 + 220 + 30));
    }

    @Test
    void svgHoldsACloudAsOneImageAndTextAsShapes(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("p.SVG");
        picture().write(file);
        String svg = Files.readString(file);
        assertThat(svg).contains("viewBox=\"0 0 480 284\"", "data:image/png;base64,").doesNotContain("<text");
        assertThat(svg.split("<image").length - 1).isEqualTo(1);
        assertThat(svg.length()).isLessThan(400_000);
    }

    @Test
    void samePictureSameBytes(@TempDir Path directory) throws IOException {
        for (String ending : List.of(".png", ".svg")) {
            picture().write(directory.resolve("a" + ending));
            picture().write(directory.resolve("b" + ending));
            assertThat(Files.readAllBytes(directory.resolve("a" + ending))).isEqualTo(Files.readAllBytes(directory.resolve("b" + ending)));
        }
    }

    @Test
    void layerWithUnequalCoordinatesIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Plot("").cloud("a", new double[1], new double[2], Plot.Ink.BLUE));
        assertThatIllegalArgumentException().isThrownBy(() -> picture().write(Path.of("p.gif"))).withMessageContaining("p.gif");
    }
}
