package org.pontoon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.file.NpyArray;
import org.pontoon.engine.file.NpyFile;
import org.pontoon.engine.file.NpzFile;
import org.pontoon.engine.random.CounterRandom;

/** What {@code distance} tells beside the value: unfinished iterations, plans, tests, batches, lengths relative to the data. */
class DistanceOptionsTest {

    private static final int N = 12;
    private static final int M = 17;
    private static final int D = 2;
    private static final int B = 4;

    @TempDir
    private static Path directory;

    @BeforeAll
    static void write() throws IOException {
        for (String side : new String[] {"x", "y"}) {
            boolean first = side.equals("x");
            int size = first ? N : M;
            double[] points = new double[B * size * D];
            double[] weights = new double[B * size];
            for (int k = 0; k < points.length; k++) {
                // the last two problems are far from the origin, and small
                double unit = k / size / D == 3 ? 1e-25 : 1;
                points[k] = (k / size / D == 2 ? 1e6 : 0) + unit * (CounterRandom.normal(first ? 1 : 2, k) + (first ? 0 : 1));
            }
            for (int k = 0; k < weights.length; k++) {
                weights[k] = .5 + k * 7 % 5;
            }
            NpyFile.write(file("batch-" + side + ".npy"), NpyArray.of(points, B, size, D));
            NpyFile.write(file("line-" + side + ".npy"), NpyArray.of(points, B, size * D, 1));
            NpyFile.write(file("weights-" + side + ".npy"), NpyArray.of(weights, B, size));
            for (int b = 0; b < B; b++) {
                NpyFile.write(file(side + b + ".npy"), NpyArray.of(slice(points, b), size, D));
                NpyFile.write(file("line-" + side + b + ".npy"), NpyArray.of(slice(points, b), size * D, 1));
                NpyFile.write(file("weights-" + side + b + ".npy"), NpyArray.of(slice(weights, b), size));
            }
        }
    }

    private static double[] slice(double[] values, int b) {
        int length = values.length / B;
        return Arrays.copyOfRange(values, b * length, (b + 1) * length);
    }

    private static Path file(String name) {
        return directory.resolve(name);
    }

    /** Runs a command whose file names are those of the directory. */
    private static Run run(String line) {
        List<Object> args = new ArrayList<>();
        for (String word : line.split(" +")) {
            boolean isFile = word.endsWith(".npy") || word.endsWith(".npz") || word.startsWith("out-");
            args.add(isFile && !word.startsWith("/") ? file(word) : word);
        }
        args.add("--json");
        return Run.of(args.toArray());
    }

    private static Map<String, Object> json(String line) {
        return run(line).done().json();
    }

    private static double value(String line) {
        return (double) json(line).get("value");
    }

    private static double[] numbers(String name) throws IOException {
        return NpyFile.read(file(name)).toDoubles();
    }

    private static double[] array(String archive, String name) throws IOException {
        return NpzFile.read(file(archive), name).toDoubles();
    }

    private static double diagonal(String... clouds) throws IOException {
        double square = 0;
        for (int d = 0; d < D; d++) {
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (String cloud : clouds) {
                double[] points = numbers(cloud);
                for (int k = d; k < points.length; k += D) {
                    low = Math.min(low, points[k]);
                    high = Math.max(high, points[k]);
                }
            }
            square += (high - low) * (high - low);
        }
        return Math.sqrt(square);
    }

    // Iterations that do not converge

    @Test
    void whatDidNotConvergeIsWrittenWithCode3AndAdvice() throws IOException {
        Run run = run("distance sinkhorn-biased x0.npy y0.npy --blur 1e-4 --max-iterations 4 --gradient g3.npy --plan p3.npz");
        assertThat(run.code()).isEqualTo(3);
        assertThat(run.json()).containsEntry("status", "max iterations")
            .containsKeys("value", "gap", "iterations", "activeIterations", "sweeps", "gradient", "plan");
        assertThat(file("g3.npy")).isNotEmptyFile();
        assertThat(file("p3.npz")).isNotEmptyFile();
        String blur = String.format(Locale.ROOT, "--blur %.2g (1 %% of the clouds' diameter", .01 * diagonal("x0.npy", "y0.npy"));
        assertThat(run.err()).hasLineCount(1).contains("--max-iterations 40", blur);
        assertThat(run("distance sinkhorn-biased x0.npy y0.npy --blur 1e-4 --max-iterations 4 --quiet").code()).isEqualTo(3);
    }

    @Test
    void whatRoundingStopsIsAdvisedToAskForLessOrForFloat64() {
        Run run = run("distance sinkhorn x0.npy y0.npy --blur .5 --tolerance 0 --precision float32");
        assertThat(run.code()).isEqualTo(3);
        assertThat(run.json()).containsEntry("status", "stalled");
        assertThat(run.err()).contains("--precision float64", "--tolerance ").doesNotContain("--max-iterations");
        assertThat(run("distance sinkhorn x0.npy y0.npy --blur .5 --tolerance 0").err()).doesNotContain("--precision");
    }

    @Test
    void anAscentThatDidNotConvergeHasCode3() {
        Run run = run("distance max-sliced x0.npy y0.npy --projections 1 --max-iterations 1");
        assertThat(run.code()).isEqualTo(3);
        assertThat(run.json()).containsEntry("status", "max iterations").containsEntry("iterations", 1.0).containsKey("value");
        assertThat(run.err()).contains("--max-iterations 10");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sinkhorn x0.npy y0.npy --blur .01 --max-iterations 1", "max-sliced x0.npy y0.npy --max-iterations 1 "
        + "--projections 1"})
    void aFlowWhoseStepsDoNotConvergeHasCode3AndWritesAllTheSame(String line) {
        String out = "out-" + line.hashCode();
        Run run = run("flow " + line + " --steps 3 --out " + out);
        assertThat(run.code()).isEqualTo(3);
        assertThat((double) run.json().get("unconvergedSteps")).isPositive();
        assertThat(run.err()).contains("--max-iterations 10");
        assertThat(file(out).resolve("points-last.npy")).isNotEmptyFile();
    }

    @ParameterizedTest
    @ValueSource(strings = {"distance", "flow"})
    void helpListsTheCode(String command) {
        assertThat(Run.of(command, "--help").out()).contains("Exit code 3");
        assertThat(Run.of("--help").out()).contains("3 iterations did not");
    }

    // Lengths

    @ParameterizedTest
    @ValueSource(strings = {"gaussian", "laplacian", "likelihood", "hausdorff", "sinkhorn", "sinkhorn-biased"})
    void aPercentageIsOfTheDiagonalOfBothClouds(String loss) throws IOException {
        double blur = 20 * diagonal("x0.npy", "y0.npy") / 100;
        assertThat(value("distance " + loss + " x0.npy y0.npy --blur 20%"))
            .isCloseTo(value("distance " + loss + " x0.npy y0.npy --blur " + blur), within(1e-9));
    }

    @Test
    void reachesMayBeRelativeAndOneForEachSide() throws IOException {
        double diagonal = diagonal("x0.npy", "y0.npy");
        String problem = "distance sinkhorn-biased x0.npy y0.npy --blur .3 ";
        double both = value(problem + "--reach 40%");
        assertThat(both).isCloseTo(value(problem + "--reach " + .4 * diagonal), within(1e-9));
        assertThat(both).isEqualTo(value(problem + "--reach-x 40% --reach-y 40%"));
        double first = value(problem + "--reach-x " + .4 * diagonal);
        double second = value("distance sinkhorn-biased y0.npy x0.npy --blur .3 --reach-y " + .4 * diagonal);
        assertThat(first).isCloseTo(second, within(1e-6));
        // a relaxed marginal costs no more than a hard one, and two of them no more than one
        assertThat(value(problem)).isGreaterThan(first);
        assertThat(first).isGreaterThan(both);
        assertThat(value(problem + "--reach 1 --reach-y 2")).isEqualTo(value(problem + "--reach-x 1 --reach-y 2"));
    }

    @Test
    void aFlowTakesAPercentageToo() {
        for (String flow : new String[] {"gaussian x0.npy y0.npy", "svgd x0.npy y0.npy"}) {
            String out = "out-percent-" + flow.hashCode();
            json("flow " + flow + " --blur 10% --steps 2 --out " + out);
        }
    }

    // Plans

    @Test
    void planPotentialsAndMapAgree() throws IOException {
        double blur = .5;
        Map<String, Object> json = json("distance sinkhorn x0.npy y0.npy --blur " + blur + " --tolerance 1e-10 --weights-x weights-x0.npy"
            + " --plan plan.npz --top-k 99 --potentials potentials.npz --map map.npy");
        double[] x = numbers("x0.npy");
        double[] y = numbers("y0.npy");
        double[] a = numbers("weights-x0.npy");
        double total = Arrays.stream(a).sum();
        double[] f = array("potentials.npz", "f");
        double[] g = array("potentials.npz", "g");
        assertThat(NpzFile.read(file("potentials.npz"))).containsOnlyKeys("f", "g", "faa", "gbb");
        double[] rows = array("plan.npz", "rows");
        double[] columns = array("plan.npz", "columns");
        double[] values = array("plan.npz", "values");
        assertThat(array("plan.npz", "shape")).containsExactly(N, M);
        assertThat(json).containsEntry("planEntries", (double) N * M);
        assertThat((double) json.get("planShare")).isCloseTo(1, within(1e-9));
        double[] rowSums = new double[N];
        double[] means = new double[N * D];
        for (int k = 0; k < values.length; k++) {
            int i = (int) rows[k];
            int j = (int) columns[k];
            double cost = 0;
            for (int d = 0; d < D; d++) {
                cost += (x[i * D + d] - y[j * D + d]) * (x[i * D + d] - y[j * D + d]) / 2;
                means[i * D + d] += values[k] * y[j * D + d];
            }
            assertThat(values[k]).isCloseTo(a[i] / total / M * Math.exp((f[i] + g[j] - cost) / (blur * blur)), within(1e-8));
            rowSums[i] += values[k];
        }
        double[] map = numbers("map.npy");
        for (int i = 0; i < N; i++) {
            assertThat(rowSums[i]).isCloseTo(a[i] / total, within(1e-8));
            assertThat(map[i * D]).isCloseTo(means[i * D] / rowSums[i], within(1e-8));
        }
    }

    @Test
    void topKKeepsTheLargestOfEachRowAndSaysTheirShare() throws IOException {
        Map<String, Object> json = json("distance sinkhorn-biased x0.npy y0.npy --blur 1 --plan top.npz --top-k 3 --potentials biased.npz");
        assertThat(json).containsEntry("planEntries", 3.0 * N);
        assertThat((double) json.get("planShare")).isBetween(3.0 / M, .99).isCloseTo(Arrays.stream(array("top.npz", "values")).sum(),
            within(1e-6));
        assertThat(NpzFile.read(file("biased.npz"))).containsOnlyKeys("f", "g");
    }

    @Test
    void drawsArePointsOfYWhoseMeanIsTheMap() throws IOException {
        json("distance sinkhorn x0.npy y0.npy --blur .7 --draws draws.npy --samples 3000 --map means.npy --seed 5");
        double[] map = numbers("means.npy");
        NpyArray drawn = NpyFile.read(file("draws.npy"));
        assertThat(drawn.shape()).containsExactly(N * 3000, D);
        double[] points = drawn.toDoubles();
        List<Double> coordinates = Arrays.stream(numbers("y0.npy")).boxed().toList();
        for (int i = 0; i < N; i++) {
            double sum = 0;
            for (int s = 0; s < 3000; s++) {
                sum += points[(i * 3000 + s) * D];
            }
            assertThat(coordinates).contains(points[i * 3000 * D]);
            assertThat(sum / 3000).isCloseTo(map[i * D], within(.1));
        }
        json("distance sinkhorn x0.npy y0.npy --blur .7 --draws again.npy --samples 3000 --seed 5 --threads 1");
        assertThat(file("again.npy")).hasSameBinaryContentAs(file("draws.npy"));
    }

    /** Points a million away are mapped to there, and drawn from there. */
    @Test
    void mapsAndDrawsAreWhereTheFilesAre() throws IOException {
        for (String problem : new String[] {"sinkhorn x2.npy y2.npy --blur .5", "wasserstein-1d line-x2.npy line-y2.npy"}) {
            json("distance " + problem + " --map far.npy --draws fardraws.npy --potentials far.npz");
            List<Double> coordinates = Arrays.stream(numbers("y2.npy")).boxed().toList();
            double low = coordinates.stream().mapToDouble(c -> c).min().orElseThrow();
            double high = coordinates.stream().mapToDouble(c -> c).max().orElseThrow();
            for (double mapped : numbers("far.npy")) {
                assertThat(mapped).isBetween(low - 1e-6, high + 1e-6);
            }
            for (double drawn : numbers("fardraws.npy")) {
                assertThat(coordinates).anyMatch(c -> Math.abs(c - drawn) < 1e-6);
            }
        }
        json("distance wasserstein-1d line-x3.npy line-y3.npy --potentials small.npz --map small.npy");
        double dual = Arrays.stream(array("small.npz", "f")).average().orElseThrow() + Arrays.stream(array("small.npz", "g")).average()
            .orElseThrow();
        double power = (double) json("distance wasserstein-1d line-x3.npy line-y3.npy").get("power");
        assertThat(dual).isPositive().isCloseTo(power, within(1e-9 * power));
    }

    @Test
    void thePlanOnTheLineIsExact() throws IOException {
        double p = 3;
        Map<String, Object> json = json("distance wasserstein-1d line-x0.npy line-y0.npy --p 3 --plan line.npz --potentials linef.npz"
            + " --map linemap.npy --draws linedraws.npy");
        double[] x = numbers("line-x0.npy");
        double[] y = numbers("line-y0.npy");
        double[] rows = array("line.npz", "rows");
        double[] columns = array("line.npz", "columns");
        double[] values = array("line.npz", "values");
        double cost = 0;
        double[] map = new double[x.length];
        for (int k = 0; k < values.length; k++) {
            cost += values[k] * Math.pow(Math.abs(x[(int) rows[k]] - y[(int) columns[k]]), p);
            map[(int) rows[k]] += values[k] * x.length * y[(int) columns[k]];
        }
        double power = (double) json.get("power");
        assertThat(cost).isCloseTo(power, within(1e-9));
        double dual = Arrays.stream(array("linef.npz", "f")).average().orElseThrow() + Arrays.stream(array("linef.npz", "g")).average()
            .orElseThrow();
        assertThat(dual).isCloseTo(power, within(1e-9));
        assertThat(numbers("linemap.npy")).containsExactly(map, within(1e-9));
        assertThat(NpyFile.read(file("linedraws.npy")).shape()).containsExactly(x.length, 1);
    }

    /** Values by POT's network simplex, of the cost |x - y|^2 / 2. */
    @ParameterizedTest
    @CsvSource({"sinkhorn-7x11, 1.5814950949", "sinkhorn-13x17, 1.0952632865", "scale100, 4601.183219"})
    void exactTransportHasTheJudgesValues(String name, double half) throws IOException {
        Path x = Cases.copy(name + "-x.npy", directory);
        Path y = Cases.copy(name + "-y.npy", directory);
        Map<String, Object> json = json("distance wasserstein " + x + " " + y + " --plan exact.npz --potentials exactf.npz");
        double power = (double) json.get("power");
        assertThat(power / 2).isCloseTo(half, within(1e-9 * half));
        assertThat((double) json.get("value")).isCloseTo(Math.sqrt(power), within(1e-12 * power));
        assertThat(json).containsEntry("status", "optimal").containsKeys("dual", "gap", "largestViolation", "marginalError", "iterations");
        double[] rows = array("exact.npz", "rows");
        double[] columns = array("exact.npz", "columns");
        double[] values = array("exact.npz", "values");
        double[] from = NpyFile.read(x).toDoubles();
        double[] to = NpyFile.read(y).toDoubles();
        int dimension = NpyFile.read(x).shape()[1];
        double cost = 0;
        for (int k = 0; k < values.length; k++) {
            for (int d = 0; d < dimension; d++) {
                cost += values[k] * Math.pow(from[(int) rows[k] * dimension + d] - to[(int) columns[k] * dimension + d], 2);
            }
        }
        assertThat(cost).isCloseTo(power, within(1e-9 * power));
        double dual = Arrays.stream(array("exactf.npz", "f")).average().orElseThrow() + Arrays.stream(array("exactf.npz", "g")).average()
            .orElseThrow();
        assertThat(dual).isCloseTo(power, within(1e-9 * power));
    }

    @Test
    void exactTransportOnTheLineIsThatOfSorting() throws IOException {
        for (int b = 0; b < B; b++) {
            Map<String, Object> any = json(
                "distance wasserstein line-x" + b + ".npy line-y" + b + ".npy --p 3 --gradient any.npy --map any.npy.npy");
            Map<String, Object> sorted = json("distance wasserstein-1d line-x" + b + ".npy line-y" + b
                + ".npy --p 3 --gradient sorted.npy --map sorted.npy.npy");
            double value = (double) sorted.get("value");
            assertThat((double) any.get("value")).isCloseTo(value, within(1e-12 * value));
            for (String file : new String[] {".npy", ".npy.npy"}) {
                double[] expected = numbers("sorted" + file);
                double scale = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
                assertThat(numbers("any" + file)).containsExactly(expected, within(1e-9 * scale));
            }
        }
    }

    @Test
    void pivotsMayBeLimited() throws IOException {
        Run run = run("distance wasserstein x0.npy y0.npy --max-iterations 3");
        assertThat(run.code()).isEqualTo(3);
        assertThat(run.json()).containsEntry("status", "max iterations");
        double power = (double) json("distance wasserstein x0.npy y0.npy").get("power");
        assertThat((double) run.json().get("power")).isGreaterThan(power);
        assertThat((double) run.json().get("power") - (double) run.json().get("gap")).isLessThan(power);
        assertThat(run.err()).contains("--max-iterations 30");
        json("flow wasserstein x0.npy y0.npy --steps 3 --p 1 --out out-exact");
        assertThat(run("flow wasserstein x0.npy y0.npy --steps 3 --max-iterations 2 --out out-pivots").code()).isEqualTo(3);
    }

    // Cosine

    @Test
    void cosineIsTheCostOfDirections() throws IOException {
        NpyFile.write(file("directions-x.npy"), directions("x0.npy"));
        NpyFile.write(file("directions-y.npy"), directions("y0.npy"));
        for (String loss : new String[] {"sinkhorn", "sinkhorn-biased", "hausdorff"}) {
            assertThat(value("distance " + loss + " x0.npy y0.npy --metric cosine --blur .3"))
                .isCloseTo(value("distance " + loss + " directions-x.npy directions-y.npy --blur .3"), within(1e-6));
        }
    }

    private static NpyArray directions(String cloud) throws IOException {
        double[] points = numbers(cloud);
        for (int k = 0; k < points.length; k += D) {
            double length = Math.hypot(points[k], points[k + 1]);
            points[k] /= length;
            points[k + 1] /= length;
        }
        return NpyArray.of(points, points.length / D, D);
    }

    @Test
    void cosinesGradientIsInThePointsThemselves() throws IOException {
        json("distance sinkhorn x0.npy y0.npy --metric cosine --blur .3 --tolerance 1e-9 --gradient cosine.npy");
        double[] gradient = numbers("cosine.npy");
        double[] x = numbers("x0.npy");
        double h = 1e-2;
        for (int k = 0; k < 4; k++) {
            double difference = 0;
            for (int sign = -1; sign <= 1; sign += 2) {
                double[] moved = x.clone();
                moved[k] += sign * h;
                NpyFile.write(file("moved.npy"), NpyArray.of(moved, N, D));
                difference += sign * value("distance sinkhorn moved.npy y0.npy --metric cosine --blur .3 --tolerance 1e-9") / (2 * h);
            }
            assertThat(gradient[k]).isCloseTo(difference, within(1e-4));
        }
    }

    @Test
    void aPointWithoutDirectionIsRefusedByItsRow() throws IOException {
        NpyFile.write(file("zero.npy"), NpyArray.of(new float[] {1, 2, 0, 0}, 2, 2));
        Run run = run("distance sinkhorn zero.npy y0.npy --metric cosine");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("row 1 of", "zero.npy is 0");
    }

    // A matrix of costs

    @Test
    void aMatrixOfCostsHasTheValuesOfItsPoints() throws IOException {
        double[] x = numbers("x0.npy");
        double[] y = numbers("y0.npy");
        double[] costs = new double[N * M];
        for (int k = 0; k < costs.length; k++) {
            for (int d = 0; d < D; d++) {
                costs[k] += Math.pow(x[k / M * D + d] - y[k % M * D + d], 2) / 2;
            }
        }
        NpyFile.write(file("costs.npy"), NpyArray.of(costs, N, M));
        String weights = " --weights-x weights-x0.npy --weights-y weights-y0.npy --tolerance 1e-10 --top-k 2";
        for (String reach : new String[] {"", " --reach 1"}) {
            Map<String, Object> points = json("distance sinkhorn-biased x0.npy y0.npy --blur .3" + weights + reach
                + " --plan ofpoints.npz --potentials fofpoints.npz");
            // epsilon is the blur
            Map<String, Object> matrix = json("distance sinkhorn-biased --cost costs.npy --blur .09" + weights + reach
                + " --plan ofcosts.npz --potentials fofcosts.npz");
            for (String name : new String[] {"value", "linearCost", "planShare"}) {
                assertThat((double) matrix.get(name)).as(name).isCloseTo((double) points.get(name), within(1e-6));
            }
            assertThat(matrix).containsEntry("status", "converged").containsKeys("dual", "gap", "marginalError", "iterations");
            assertThat(array("ofcosts.npz", "columns")).isEqualTo(array("ofpoints.npz", "columns"));
            assertThat(array("ofcosts.npz", "values")).containsExactly(array("ofpoints.npz", "values"), within(1e-6));
            assertThat(array("fofcosts.npz", "f")).containsExactly(array("fofpoints.npz", "f"), within(1e-6));
        }
        Map<String, Object> exact = json("distance wasserstein --cost costs.npy --weights-x weights-x0.npy --plan exactcosts.npz");
        assertThat((double) exact.get("value"))
            .isCloseTo((double) json("distance wasserstein x0.npy y0.npy --weights-x weights-x0.npy").get(
                "power") / 2, within(1e-6));
        assertThat(exact).doesNotContainKey("power").containsEntry("status", "optimal");
        Run cut = run("distance sinkhorn-biased --cost costs.npy --blur 1e-3 --max-iterations 3");
        assertThat(cut.code()).isEqualTo(3);
        assertThat(cut.err()).contains("--max-iterations 30", "(1 % of the costs' range");
    }

    // Batches

    @ParameterizedTest
    @CsvSource({"energy, ''", "gaussian, --blur 30%", "laplacian, --blur .5", "likelihood, --blur .5", "hausdorff, --blur .5",
        "sinkhorn, --blur .5", "sinkhorn-biased, --blur 20% --metric cosine", "sinkhorn, --blur .5 --reach 2", "wasserstein, --p 1",
        "wasserstein-1d, --p 3",
        "sliced, --projections 20", "max-sliced, --projections 20"})
    void aBatchHasTheBitsOfItsProblems(String loss, String options) throws IOException {
        String prefix = loss.equals("wasserstein-1d") ? "line-" : "";
        String weights = prefix.isEmpty() ? " --weights-x weights-x.npy --weights-y weights-y.npy " : " ";
        String x = prefix.isEmpty() ? "batch-x.npy" : "line-x.npy";
        String y = prefix.isEmpty() ? "batch-y.npy" : "line-y.npy";
        String line = "distance " + loss + " " + x + " " + y + weights + options + " --gradient batch.npy";
        List<Object> values = values(json(line + " --threads 1"), "values");
        double[] slopes = numbers("batch.npy");
        assertThat(NpyFile.read(file("batch.npy")).shape()).containsExactly(B, prefix.isEmpty() ? N : N * D, prefix.isEmpty() ? D : 1);
        assertThat(values(json(line + " --threads 3"), "values")).isEqualTo(values);
        assertThat(numbers("batch.npy")).isEqualTo(slopes);
        for (int b = 0; b < B; b++) {
            String single = prefix.isEmpty() ? " --weights-x weights-x" + b + ".npy --weights-y weights-y" + b + ".npy " : " ";
            Map<String, Object> json = json(
                "distance " + loss + " " + prefix + "x" + b + ".npy " + prefix + "y" + b + ".npy" + single + options
                    + " --gradient single.npy");
            assertThat(values.get(b)).isEqualTo(json.get("value"));
            assertThat(numbers("single.npy")).isEqualTo(slice(slopes, b));
        }
    }

    private static List<Object> values(Map<String, Object> json, String name) {
        return new ArrayList<>((List<?>) json.get(name));
    }

    @Test
    void oneCloudServesForAllProblems() throws IOException {
        List<Object> values = values(json("distance energy batch-x.npy y1.npy --weights-y weights-y1.npy"), "values");
        List<Object> turned = values(json("distance energy y1.npy batch-x.npy --weights-x weights-y1.npy --gradient turned.npy"), "values");
        assertThat(NpyFile.read(file("turned.npy")).shape()).containsExactly(B, M, D);
        for (int b = 0; b < B; b++) {
            assertThat(values.get(b)).isEqualTo(json("distance energy x" + b + ".npy y1.npy --weights-y weights-y1.npy").get("value"));
            assertThat((double) turned.get(b)).isCloseTo((double) values.get(b), within(1e-7 * (1 + (double) values.get(b))));
        }
        NpyFile.write(file("one.npy"), NpyArray.of(numbers("y1.npy"), 1, M, D));
        assertThat(values(json("distance energy batch-x.npy one.npy --weights-y weights-y1.npy"), "values")).isEqualTo(values);
    }

    @Test
    void aBatchSaysHowManyDidNotConverge() {
        Run run = run("distance sinkhorn batch-x.npy batch-y.npy --blur .5 --max-iterations 2");
        assertThat(run.code()).isEqualTo(3);
        Map<String, Object> expected = new LinkedHashMap<>();
        // seen from this blur the small problem is one point
        expected.put("converged", 1.0);
        expected.put("max iterations", B - 1.0);
        assertThat(run.json()).containsEntry("status", expected).containsEntry("problems", (double) B);
        assertThat(run.err()).contains(B - 1 + " of " + B + " problems did not converge", "--max-iterations 20");
    }

    // The permutation test

    @Test
    void permutationsTellCloudsApart() {
        Map<String, Object> json = json("distance energy x0.npy y0.npy --permutations 999");
        assertThat(json).containsEntry("value", json("distance energy x0.npy y0.npy").get("value")).containsEntry("permutations", 999.0);
        assertThat((double) json.get("pValue")).isLessThan(.05);
        assertThat((double) json.get("nullMedian")).isLessThan((double) json.get("null95"));
        assertThat((double) json.get("null99")).isBetween((double) json.get("null95"), (double) json.get("value") * 2);
        assertThat((double) json("distance gaussian x0.npy x0.npy --permutations 99 --blur 1").get("pValue")).isEqualTo(1);
        assertThat(json("distance laplacian x0.npy y0.npy --permutations 50 --blur 1 --threads 3").get("pValue"))
            .isEqualTo(json("distance laplacian x0.npy y0.npy --permutations 50 --blur 1 --threads 1").get("pValue"));
    }

    @Test
    void refusedTogether() throws IOException {
        for (String[] refused : new String[][] {
            {"energy x0.npy y0.npy --plan p.npz", "--plan", "energy"},
            {"sinkhorn x0.npy y0.npy --plan p.npy", "--plan", ".npz"},
            {"sinkhorn x0.npy y0.npy --map m.npz", "--map", ".npy"},
            {"sinkhorn x0.npy y0.npy --top-k 3", "--top-k", "--plan"},
            {"sinkhorn x0.npy y0.npy --samples 3", "--samples", "--draws"},
            {"sinkhorn x0.npy y0.npy --plan p.npz --top-k 0", "--top-k is 0"},
            {"wasserstein-1d line-x0.npy line-y0.npy --plan p.npz --top-k 2", "--top-k"},
            {"sinkhorn x0.npy y0.npy --map m.npy --draws m.npy", "--map and --draws are the same file"},
            {"sinkhorn batch-x.npy y0.npy --plan p.npz", "--plan", "batch"},
            {"energy batch-x.npy y0.npy --permutations 5", "--permutations", "batch"},
            {"sinkhorn x0.npy y0.npy --permutations 5", "--permutations", "sinkhorn"},
            {"energy x0.npy y0.npy --permutations 0", "--permutations is 0"},
            {"energy x0.npy y0.npy --permutations 5 --weights-x weights-x0.npy", "equal weights"},
            {"energy x0.npy y0.npy --metric cosine", "--metric"},
            {"sinkhorn x0.npy y0.npy --metric cosine --p 1", "--metric"},
            {"energy x0.npy y0.npy --reach-x 1", "--reach-x", "energy"},
            {"energy x0.npy y0.npy --max-iterations 1", "--max-iterations", "energy"},
            {"sinkhorn x0.npy y0.npy --max-iterations 0", "--max-iterations is 0"},
            {"sinkhorn x0.npy y0.npy --blur 5m", "--blur", "'5m' is neither a number nor a percentage"},
            {"sinkhorn x0.npy y0.npy --blur -5%", "--blur is -5.0%"},
            {"sinkhorn x0.npy y0.npy --reach-y 0", "--reach-y is 0.0"},
            {"energy batch-x.npy batch-three.npy", "batch-three.npy has 3 clouds", "expected the 4 of"},
            {"energy batch-x.npy line-y.npy", "dimension"},
            {"wasserstein-1d batch-x.npy batch-y.npy", "expected 1"},
            {"energy batch-x.npy batch-y.npy --weights-x weights-y.npy", "weights-y.npy has shape (4, 17), expected (12,) or (4, 12)"},
            {"energy batch-nan.npy batch-y.npy", "batch-nan.npy holds NaN at problem 1, row 2, column 1"},
            {"sinkhorn-biased x0.npy y0.npy --cost x0.npy", "--cost stands in place of X and Y"},
            {"sinkhorn --cost x0.npy", "--cost is for sinkhorn-biased and wasserstein", "sinkhorn needs more"},
            {"sinkhorn-biased --cost x0.npy --blur 5%", "--cost", "without %"},
            {"sinkhorn-biased --cost x0.npy --p 1", "--p", "--cost"},
            {"sinkhorn-biased --cost x0.npy --map m.npy", "--map", "--cost"},
            {"wasserstein --cost x0.npy --gradient m.npy", "--gradient", "no points"},
            {"wasserstein --cost batch-x.npy", "batch-x.npy has shape (4, 12, 2), expected a matrix of costs (N, M)"},
            {"wasserstein --cost x0.npy --weights-x weights-y0.npy", "weights-y0.npy has 17 weights", "12 rows of"},
            {"energy x0.npy", "expected X and Y"},
            {"gaussian same.npy same.npy --blur 5%", "--blur is 5.0%", "coincide"}}) {
            NpyFile.write(file("batch-three.npy"), NpyArray.of(new float[3 * M * D], 3, M, D));
            NpyFile.write(file("same.npy"), NpyArray.of(new float[4], 2, 2));
            double[] points = numbers("batch-x.npy");
            points[1 * N * D + 2 * D + 1] = Double.NaN;
            NpyFile.write(file("batch-nan.npy"), NpyArray.of(points, B, N, D));
            Run run = run("distance " + refused[0]);
            assertThat(run.code()).as(refused[0]).isEqualTo(2);
            assertThat(run.err()).hasLineCount(1).contains(Arrays.copyOfRange(refused, 1, refused.length));
            for (String output : new String[] {"p.npz", "p.npy", "m.npy", "m.npz"}) {
                assertThat(Files.exists(file(output))).isFalse();
            }
        }
    }
}
