package org.pontoon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.cli.report.Pixels;
import org.pontoon.engine.file.NpyArray;
import org.pontoon.engine.file.NpyFile;

/** Numbers whose size, offset or weight is out of the ordinary: right values by their commands, or a word that says why not. */
class NumberCasesTest {

    private static final double ENERGY = 0.11430475646;

    @TempDir
    private static Path directory;

    @BeforeAll
    static void copyCases() throws IOException {
        for (String name : List.of("offset-x", "offset-y", "pair-x", "pair-y", "line-x", "line-y", "weights-small",
            "pair-hausdorff-gradient")) {
            Cases.copy(name + ".npy", directory);
        }
    }

    private static Path file(String name) {
        return directory.resolve(name);
    }

    /** A command whose words that end like a file's name are files of the directory. */
    private static Run run(String line) {
        List<Object> words = new ArrayList<>();
        for (String word : (line + " --json").split(" +")) {
            words.add(word.matches(".*\\.(npy|npz|csv|png)") || word.startsWith("out-") ? file(word) : word);
        }
        return Run.of(words.toArray());
    }

    private static double value(String line) {
        return (double) run("distance " + line).done().json().get("value");
    }

    private static double[] numbers(String name) throws IOException {
        return NpyFile.read(file(name)).toDoubles();
    }

    /** Writes the values of a file, changed, in float64 and under another name. */
    private static void change(String from, String to, DoubleUnaryOperator change) throws IOException {
        NpyFile.write(file(to), NpyArray.of(Arrays.stream(numbers(from)).map(change).toArray(), NpyFile.read(file(from)).shape()));
    }

    private static void assertClose(double[] actual, double[] expected, double tolerance) {
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        for (int k = 0; k < expected.length; k++) {
            assertThat(actual[k]).as("entry %d", k).isCloseTo(expected[k], within(tolerance * largest));
        }
    }

    @Test
    void anOffsetOfAMillionCostsNoBits() {
        double expected = 0.00138311162259;
        assertThat(value("energy offset-x.npy offset-y.npy")).isCloseTo(expected, within(1e-6 * expected));
        double sinkhorn = 3.09532725e-05;
        assertThat(value("sinkhorn offset-x.npy offset-y.npy --blur .01")).isCloseTo(sinkhorn, within(1e-4 * sinkhorn));
    }

    @Test
    void anOffsetCostsNoBitsInAnyKindOfFile() throws IOException {
        double expected = value("energy offset-x.npy offset-y.npy");
        StringBuilder text = new StringBuilder();
        double[] rows = numbers("offset-x.npy");
        int dimension = NpyFile.read(file("offset-x.npy")).shape()[1];
        for (int k = 0; k < rows.length; k++) {
            text.append(rows[k]).append((k + 1) % dimension == 0 ? "\n" : ",");
        }
        Files.writeString(file("offset.csv"), text);
        assertThat(value("energy offset.csv offset-y.npy")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"energy, 1, 0", "gaussian --blur B, 0, -1", "laplacian --blur B, 0, -1", "likelihood --blur B, 0, -1",
        "hausdorff --blur B, 2, 1", "hausdorff --p 1 --blur B, 1, 0", "sinkhorn --blur B, 2, 1", "sinkhorn-biased --p 1 --blur B, 1, 0",
        "sinkhorn --blur B --reach R, 2, 1", "sliced, 1, 1", "sliced --p 3, 1, 2", "max-sliced --projections 5, 1, 1"})
    void unitsDoNotMatter(String loss, int degree, int degreeOfGradient) throws IOException {
        double expected = value(loss.replace("B", ".3").replace("R", "1") + " pair-x.npy pair-y.npy --gradient g.npy");
        double[] slope = numbers("g.npy");
        for (double unit : new double[] {1e-50, 1e-30, 1e30, 1e50}) {
            change("pair-x.npy", "x.npy", v -> v * unit);
            change("pair-y.npy", "y.npy", v -> v * unit);
            double found = value(loss.replace("B", Double.toString(.3 * unit)).replace("R", Double.toString(unit))
                + " x.npy y.npy --gradient s.npy");
            double size = expected * Math.pow(unit, degree);
            assertThat(found).as("unit %s", unit).isCloseTo(size, within(2e-5 * size));
            double factor = Math.pow(unit, degreeOfGradient);
            assertClose(Arrays.stream(numbers("s.npy")).map(v -> v / factor).toArray(), slope, 1e-3);
        }
    }

    @Test
    void flowsKeepTheOffsetOfTheirFiles() throws IOException {
        change("pair-x.npy", "near-x.npy", v -> v);
        change("pair-y.npy", "near-y.npy", v -> v);
        change("pair-x.npy", "far-x.npy", v -> v + 3e7);
        change("pair-y.npy", "far-y.npy", v -> v + 3e7);
        run("flow energy near-x.npy near-y.npy --steps 5 --out out-near").done();
        run("flow energy far-x.npy far-y.npy --steps 5 --out out-far").done();
        double[] near = numbers("out-near/points-last.npy");
        double[] far = Arrays.stream(numbers("out-far/points-last.npy")).map(v -> v - 3e7).toArray();
        assertClose(far, near, 1e-5);
    }

    @Test
    void aFlowOfTinyCoordinatesIsRefused() throws IOException {
        change("pair-x.npy", "tiny-x.npy", v -> v * 1e-50);
        Run run = run("flow energy tiny-x.npy tiny-x.npy --out out-tiny");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("tiny-x.npy", "E-50").hasLineCount(1);
    }

    @Test
    void filesInFloat32KeepTheirBits() throws IOException {
        change("pair-x.npy", "wide-x.npy", v -> (float) v);
        change("pair-y.npy", "wide-y.npy", v -> (float) v);
        NpyFile.write(file("narrow-x.npy"), NpyArray.of(NpyFile.read(file("wide-x.npy")).toFloats(), 30, 2));
        NpyFile.write(file("narrow-y.npy"), NpyArray.of(NpyFile.read(file("wide-y.npy")).toFloats(), 40, 2));
        assertThat(value("energy narrow-x.npy narrow-y.npy")).isEqualTo(value("energy wide-x.npy wide-y.npy"));
    }

    @Test
    void aFitSaysWhatFloat32Loses() {
        Run run = run("fit --source offset-x.npy --target offset-y.npy --components 2 --steps 5 --out offset.npz --quiet");
        assertThat(run.code()).isZero();
        run = run("fit --source offset-x.npy --target offset-y.npy --components 2 --steps 5 --out offset.npz");
        assertThat(run.err()).contains("offset-x.npy: column 0 spreads over", "steps of 0.0625");
        run = run("fit --source pair-x.npy --target pair-y.npy --components 2 --steps 5 --out pair.npz");
        assertThat(run.err()).doesNotContain("float32");
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-46, 1e39, 6.8e-46, 5e-324, 1e308})
    void weightsAreNormalisedBeforeTheyAreNarrowed(double weight) throws IOException {
        double[] weights = new double[30];
        Arrays.fill(weights, weight);
        NpyFile.write(file("w.npy"), NpyArray.of(weights, 30));
        Files.writeString(file("w.csv"), (weight + "\n").repeat(30));
        for (String name : List.of("w.npy", "w.csv")) {
            assertThat(value("energy pair-x.npy pair-y.npy --weights-x " + name)).isCloseTo(ENERGY, within(1e-6 * ENERGY));
        }
        Run fit = run("fit --source pair-x.npy --target pair-y.npy --weights-source w.npy --components 2 --steps 5 --out w.npz --quiet");
        assertThat(fit.code()).isZero();
    }

    @Test
    void smallWeightsOfTheCaseAreWeights() {
        assertThat(value("energy pair-x.npy pair-y.npy --weights-x weights-small.npy")).isCloseTo(ENERGY, within(1e-6 * ENERGY));
    }

    @Test
    void weightsWhoseSumCountsMustFitFloat32() throws IOException {
        for (double weight : new double[] {1e-46, 1e39}) {
            double[] weights = new double[30];
            Arrays.fill(weights, weight);
            NpyFile.write(file("w.npy"), NpyArray.of(weights, 30));
            Run run = run("distance sinkhorn pair-x.npy pair-y.npy --reach 1 --weights-x w.npy");
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err()).contains("w.npy", Double.toString(weight), "float32").hasLineCount(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"100, 46.3529371112, false", "200, 46.6753472855, true", "540, 46.8794957922, true"})
    void highPowersHaveRoots(int p, double expected, boolean infinite) throws IOException {
        Run run = run("distance wasserstein-1d line-x.npy line-y.npy --p " + p + " --gradient line.npy");
        assertThat(run.code()).isZero();
        Map<String, Object> json = run.json();
        assertThat((double) json.get("value")).isCloseTo(expected, within(1e-9 * expected));
        assertThat(json.get("power").equals("Infinity")).isEqualTo(infinite);
        assertThat(json).containsEntry("gradientOf", infinite ? "value" : "power");
        assertThat(run.err().contains("power")).isEqualTo(infinite);
        assertThat(Arrays.stream(numbers("line.npy")).sum()).isFinite().isNotZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"wasserstein-1d", "sliced", "max-sliced"})
    void gradientsOfRootsAreThoseOfDifferences(String loss) throws IOException {
        String options = " line-y.npy --projections 3 --p 300".replace(loss.equals("wasserstein-1d") ? "--projections 3 " : " --p", loss
            .equals("wasserstein-1d") ? "" : " --p");
        run("distance " + loss + " line-x.npy" + options + " --gradient g.npy");
        double[] slope = numbers("g.npy");
        int most = IntStream.range(0, slope.length).reduce((i, j) -> Math.abs(slope[i]) > Math.abs(slope[j]) ? i : j).orElseThrow();
        double[] values = new double[2];
        for (int side = 0; side < 2; side++) {
            double[] moved = numbers("line-x.npy");
            // of what float32 holds
            moved[most] = (float) moved[most] + (side == 0 ? -0x1p-8 : 0x1p-8);
            NpyFile.write(file("moved.npy"), NpyArray.of(moved, moved.length, 1));
            values[side] = (double) run("distance " + loss + " moved.npy" + options).json().get("value");
        }
        assertThat(slope[most]).isCloseTo((values[1] - values[0]) / 0x1p-7, within(1e-2));
    }

    @ParameterizedTest
    @ValueSource(ints = {540, 3000})
    void highPowersOfProjectionsHaveRoots(int p) throws IOException {
        for (String loss : List.of("sliced", "max-sliced")) {
            Map<String, Object> json = run("distance " + loss + " line-x.npy line-y.npy --projections 4 --p " + p).json();
            double line = (double) run("distance wasserstein-1d line-x.npy line-y.npy --p " + p).json().get("value");
            assertThat((double) json.get("value")).isCloseTo(line, within(1e-6 * line));
            assertThat(json).containsEntry("power", "Infinity");
            Run wide = run("distance " + loss + " pair-x.npy pair-y.npy --projections 20 --gradient g.npy --p " + p);
            assertThat(wide.code()).isZero();
            assertThat((double) wide.json().get("value")).isBetween(1.0, 4.0);
            if (wide.json().get("gradientOf").equals("value")) {
                assertThat(Arrays.stream(numbers("g.npy")).map(Math::abs).max().orElseThrow()).isBetween(1e-6, 2.0);
            }
        }
    }

    @Test
    void powersThatVanishHaveRoots() throws IOException {
        change("line-x.npy", "small-x.npy", v -> (float) (v * 1e-3));
        change("line-y.npy", "small-y.npy", v -> (float) (v * 1e-3));
        Run run = run("distance wasserstein-1d small-x.npy small-y.npy --p 540");
        assertThat((double) run.json().get("value")).isCloseTo(0.0468794957922, within(1e-6));
        assertThat(run.json()).containsEntry("power", 0.0);
        assertThat(run.err()).contains("power");
    }

    @Test
    void theEnergyDistanceIsTwiceTheKernelNorm() {
        Map<String, Object> json = run("distance energy pair-x.npy pair-y.npy").done().json();
        assertThat((double) json.get("value")).isCloseTo(ENERGY, within(1e-6 * ENERGY));
        assertThat((double) json.get("energyDistance")).isEqualTo(2 * (double) json.get("value"));
        assertThat(Run.of("distance", "--help").out()).contains("half the energy distance");
    }

    @ParameterizedTest
    @ValueSource(strings = {"float32", "float64"})
    void softmaxesAddUpToOneAtAnyBlur(String precision) throws IOException {
        run("distance hausdorff pair-x.npy pair-y.npy --blur 1e-8 --gradient h.npy --precision " + precision).done();
        double[] slope = numbers("h.npy");
        double[] expected = numbers("pair-hausdorff-gradient.npy");
        for (int k = 0; k < expected.length; k++) {
            assertThat(slope[k]).isCloseTo(expected[k], within(1e-5));
        }
        // every sample pulls its nearest centre
        double epsilon = 1e-16;
        run("distance likelihood pair-x.npy pair-y.npy --blur 1e-8 --gradient h.npy --precision " + precision).done();
        double[] x = numbers("pair-x.npy");
        double[] y = numbers("pair-y.npy");
        double[] nearest = new double[x.length];
        for (int j = 0; j < 40; j++) {
            int sample = 2 * j;
            int centre = IntStream.range(0, 30).boxed().min((i, k) -> Double.compare(square(x, 2 * i, y, sample), square(x, 2 * k, y,
                sample))).orElseThrow();
            for (int d = 0; d < 2; d++) {
                nearest[2 * centre + d] += (x[2 * centre + d] - y[sample + d]) / 40 / epsilon;
            }
        }
        assertClose(numbers("h.npy"), nearest, 1e-5);
    }

    private static double square(double[] x, int i, double[] y, int j) {
        return (x[i] - y[j]) * (x[i] - y[j]) + (x[i + 1] - y[j + 1]) * (x[i + 1] - y[j + 1]);
    }

    /** Half the squared distance of the means is the limit for p = 2, and what kernels that wide are made of. */
    @ParameterizedTest
    @ValueSource(strings = {"float32", "float64"})
    void wideBlursDoNotCancel(String precision) {
        double means = 0.1160152508457;
        String pair = " pair-x.npy pair-y.npy --precision " + precision + " --blur ";
        assertThat(value("hausdorff" + pair + "1e8")).isCloseTo(means, within(1e-6 * means));
        assertThat(value("hausdorff --p 1" + pair + "1e8")).isCloseTo(ENERGY, within(1e-6 * ENERGY));
        assertThat(value("gaussian" + pair + "1e8")).isCloseTo(means * 1e-16, within(1e-22 * means));
        assertThat(value("laplacian" + pair + "1e8")).isCloseTo(ENERGY * 1e-8, within(1e-14 * ENERGY));
    }

    @Test
    void aFlowThatRunsAwayFails() {
        Run run = run("flow likelihood disk heart --out out-away");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("the flow diverges at step ", "the loss rose from 3.9", "--adaptive", "1/blur^2 = 400",
            "below 0.005");
        assertThat(run("flow sinkhorn disk heart --points 50 --learning-rate 3 --out out-away").err())
            .contains("the flow diverges at step ");
        assertThat(run("flow free-energy disk --scheme ula --learning-rate 3 --points 50 --out out-away").err())
            .contains("the flow diverges at step ");
    }

    @Test
    void aFlowWithStepsThatFitFalls() {
        for (String steps : List.of("--adaptive", "--learning-rate .004")) {
            Map<String, Object> json = run("flow likelihood disk heart --points 60 --steps 31 --overwrite --out out-fits " + steps).done()
                .json();
            assertThat((double) json.get("value")).isLessThan((double) json.get("firstValue"));
        }
    }

    @Test
    void theLowByteOfAPictureCounts() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
        image.getRaster().setPixel(0, 0, new int[] {65535});
        image.getRaster().setPixel(1, 0, new int[] {65535 - 3});
        ImageIO.write(image, "png", file("deep.png").toFile());
        assertThat(Pixels.readDarkness(file("deep.png")).masses()).containsExactly(0, 1 - 65532 / 65535.0);
        assertThat(run("distance energy deep.png deep.png").code()).isZero();
    }

    @Test
    void greyIsAsDarkAsTheSameColour() throws IOException {
        for (int type : new int[] {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY}) {
            int most = type == BufferedImage.TYPE_BYTE_GRAY ? 255 : 65535;
            BufferedImage image = new BufferedImage(1, 1, type);
            image.getRaster().setPixel(0, 0, new int[] {most / 255 * 128});
            ImageIO.write(image, "png", file("grey.png").toFile());
            assertThat(Pixels.read(file("grey.png")).rgb()).containsExactly(0x808080);
            assertThat(Pixels.readDarkness(file("grey.png")).masses()[0]).isCloseTo(127 / 255.0, within(1e-12));
        }
    }
}
