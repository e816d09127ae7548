package org.pontoon.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

class BenchReportTest {

    private static final Map<Integer, ReportText.Peak> PEAKS = Map.of(1, new ReportText.Peak(1, 50e9, 2e9, 20e9));

    private static ReportText.Row row(String benchmark, Map<String, String> parameters, double seconds) {
        return new ReportText.Row(benchmark, parameters, seconds * 1e9, Double.NaN, "ns/op", seconds, 0.02, 0.02);
    }

    private static Map<String, String> step(int dimension) {
        return Map.of("dimension", Integer.toString(dimension), "components", "10", "batch", "128", "covariance", "DIAGONAL", "threads",
            "1");
    }

    @Test
    void tableStatesRatesAndTheirShareOfThePeak() {
        // 8 x 10 x 50 x 128 multiply-adds in 20.48 us are 25 G a second
        String table = ReportText.results(
            List.of(row("FitStepBenchmark.step", step(50), 20.48e-6), row("KernelBenchmark.exp", Map.of(), 1e-6)),
            PEAKS);
        assertThat(table.lines().toList()).hasSize(4);
        assertThat(table).contains("| 25.00 GFMA/s | 50.0 % FMA |").contains("| 1.024 Gexp/s | 51.2 % exp |")
            .contains("| 20480 |  | ns/op | 0 |");
    }

    @Test
    void aTimeInCodeThatWasNotCompiledHasNoRateAndIsNamed() {
        ReportText.Row cold = new ReportText.Row("SamplerBenchmark.mean", Map.of("dimension", "50"), 30_000, Double.NaN, "ns/op", 30e-6,
            81_000, 80_000);
        assertThat(cold.isHot()).isFalse();
        assertThat(ReportText.results(List.of(cold), PEAKS)).contains("| 81000 | not compiled | |\n").doesNotContain("Mpoint/s");
        RecordedRun run = new RecordedRun(Map.of("settings", Map.of("name", "quick"), "cpu", Map.of()), Map.of(
            BenchReport.Suite.SAMPLER, List.of(cold, row("SamplerBenchmark.sample", Map.of("dimension", "50"), 1e-6))), List.of(),
            Map.of(), Map.of());
        assertThat(ReportText.limits(run)).anySatisfy(line -> assertThat(line).startsWith("Not compiled: 1 of 2 benchmarks"));
    }

    @Test
    void moreThanAllOfALimitIsNotMeasured() {
        List<ReportText.Row> rows = List.of(row("KernelBenchmark.exp", Map.of(), 1e-7));
        assertThat(ReportText.results(rows, PEAKS)).contains("| not measured: exp |").doesNotContain("%");
        RecordedRun run = new RecordedRun(Map.of("settings", Map.of("name", "full"), "cpu", Map.of(), "peaksBefore", List.of(PEAKS.get(1)
            .toMap())), Map.of(BenchReport.Suite.KERNELS, rows), List.of(), Map.of(), Map.of());
        assertThat(ReportText.limits(run)).anySatisfy(line -> assertThat(line).startsWith("Not measured: 1 shares"));
        assertThat(ReportText.share(53.19)).isEqualTo("a share that was not measured");
        assertThat(ReportText.share(-0.1)).isEqualTo("a share that was not measured");
        assertThat(ReportText.shareOfOne(Double.NaN)).isEqualTo("not measured");
        assertThat(ReportText.share(0.44)).isEqualTo("44.0 %");
    }

    @Test
    void noPeakForOtherNumbersOfThreads() {
        assertThat(ReportText.fraction(row("FitStepBenchmark.step", Map.of("dimension", "50", "components", "10", "batch", "128", "threads",
            "2"), 1e-5), PEAKS)).isEmpty();
    }

    @Test
    void kernelsStandBesideTheirTwins() {
        List<ReportText.Row> rows = List.of(row("KernelBenchmark.adam", Map.of("dimension", "50"), 1e-7),
            row("KernelBenchmark.adamScalar", Map
                .of("dimension", "50"), 4e-7),
            row("KernelBenchmark.exp", Map.of(), 1e-6));
        assertThat(ReportText.twins(rows)).contains("| KernelBenchmark.adam | dimension=50 | 100.0 ns | 400.0 ns | 4.000 |").doesNotContain(
            "KernelBenchmark.exp");
        assertThat(ReportText.twins(List.of())).isEmpty();
    }

    @Test
    void stepIsSplitIntoItsKernels() {
        List<ReportText.Row> rows = List.of(row("FitStepBenchmark.step", step(50), 20e-6), row("KernelBenchmark.forwardForms", Map.of(
            "dimension", "50"), 2e-6), row("KernelBenchmark.adam", Map.of("dimension", "50"), 1e-6), row("KernelBenchmark.adam",
                Map.of(
                    "dimension", "1000"),
                1e-3));
        assertThat(ReportText.stepBudget(rows)).contains("| forwardForms | 4 | 8.000 µs | 40.0 % |")
            .contains("| adam | 1 | 1.000 µs | 5.0 % |")
            .contains("| 11.00 µs | 55.0 % |");
        assertThat(ReportText.stepBudget(rows.subList(1, 4))).isEmpty();
        // kernels that took longer by themselves than in the step leave no rest
        assertThat(ReportText.stepBudget(List.of(row("FitStepBenchmark.step", step(50), 20e-6), row("KernelBenchmark.forwardForms", Map.of(
            "dimension", "50"), 6e-6)))).contains("| the rest | | not measured").doesNotContain("| -4");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1234, 1.234, 12.34, 123.4, 1234, -1.234})
    void numbersHaveFourDigits(double value) {
        String text = ReportText.number(value);
        assertThat(text.replaceAll("[-.]", "").replaceAll("^0+", "")).hasSize(4);
        assertThat(Double.parseDouble(text)).isEqualTo(value);
    }

    @Test
    void reportNamesItsSetUpAndItsLimits() {
        Map<String, Object> environment = new LinkedHashMap<>(Environment.capture());
        environment.put("host", "test-1c");
        environment.put("begun", "2026-01-01T00:00:00Z");
        environment.put("commit", "abc");
        environment.put("loadBefore", 3.0);
        environment.put("loadAfter", 2.0);
        environment.put("settings",
            Map.of("name", "quick", "forks", 1, "warmUps", 2, "iterations", 3, "milliseconds", 4, "jvmOptions", List.of(
                "-Xmx1g")));
        environment.put("peaksBefore", List.of(PEAKS.get(1).toMap()));
        environment.put("remarks", List.of("Peers: torch left out."));
        environment.put("suites", List.of(Map.of("name", "kernels", "seconds", 12.0)));
        environment.put("seconds", 60.0);
        RecordedRun run = new RecordedRun(environment, Map.of(BenchReport.Suite.KERNELS, List.of(row("KernelBenchmark.exp", Map.of(),
            1e-6))), List.of(), Map.of(), Map.of());
        String text = ReportText.report(run, Map.of(BenchReport.Suite.KERNELS, List.of("kernels")));
        assertThat(text).contains("# test-1c").contains("| commit | abc |").contains("`-Xmx1g`").contains("not to be quoted")
            .contains("not idle").contains("KernelBenchmark.exp").contains("![kernels](charts/kernels.svg)").contains("torch left out")
            .contains("kernels 12 s; 60 s in all").contains("Not in this report: fit, transport,");
        // what goes into the file beside it
        assertThat(Json.parseObject(Json.write(environment))).containsKey("cpu");
    }

    @Test
    void environmentNamesNoFolder() {
        assertThat(Json.write(Environment.capture())).doesNotContain(System.getProperty("user.home")).doesNotContain(System.getProperty(
            "java.home"));
    }

    @Test
    void rawResultsLoseThePathOfTheJava() {
        assertThat(BenchReport.withoutPaths("{\"forks\" : 1, \"jvm\" : \"/somewhere/bin/java\", \"jvmArgs\" : []}")).isEqualTo(
            "{\"forks\" : 1, \"jvm\" : \"java\", \"jvmArgs\" : []}");
    }

    @Test
    void reportsAreNeverWrittenOver(@TempDir Path folder) throws IOException {
        Path first = BenchReport.newFolder(folder.resolve("reports"), "day-host");
        Path second = BenchReport.newFolder(folder.resolve("reports"), "day-host");
        assertThat(first).isDirectory().hasFileName("day-host");
        assertThat(second).isDirectory().hasFileName("day-host-2");
    }

    @Test
    void optionsAreRead() {
        BenchReport.Request request = BenchReport.parse("--host", "epyc-2c", "--quick", "--suite", "fit,kernels", "--include", "step",
            "--param",
            "dimension=50,1000", "--param", "threads=1", "--out", "elsewhere", "--commit", "abc");
        assertThat(request.host()).isEqualTo("epyc-2c");
        assertThat(request.suites()).containsExactly(BenchReport.Suite.FIT, BenchReport.Suite.KERNELS);
        assertThat(request.settings()).isEqualTo(BenchReport.Settings.QUICK);
        assertThat(request.parameters()).containsEntry("dimension", List.of("50", "1000")).containsEntry("threads", List.of("1"));
        assertThat(request.folder()).isEqualTo(Path.of("elsewhere"));
        assertThat(BenchReport.parse("--host", "x").suites()).doesNotContain(BenchReport.Suite.FACTS).contains(BenchReport.Suite.PEERS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--host", "--host My.Host", "--host x --suite nothing", "--host x --param dimension", "--host x --slow",
        "--host x --include ("})
    void wrongOptionsAreRefused(String line) {
        assertThatIllegalArgumentException().isThrownBy(() -> BenchReport.parse(line.isEmpty() ? new String[0] : line.split(" ")));
    }

    @ParameterizedTest
    @EnumSource(value = BenchReport.Suite.class, names = {"LATENCY", "COLD", "PEERS"}, mode = EnumSource.Mode.EXCLUDE)
    void everyPartOfASuiteFindsBenchmarksWhoseWorkIsKnown(BenchReport.Suite suite) {
        Map<String, String> parameters = Map.of("dimension", "50", "components", "10", "batch", "128", "points", "6071", "fullDimension",
            "50", "count", "64", "features", "300", "particles", "4000");
        List<String> all = BenchmarkList.defaultList()
            .getAll(OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT), List.of())
            .stream().map(BenchmarkListEntry::getUsername).toList();
        for (boolean quick : new boolean[] {true, false}) {
            List<SuitePlan.Part> parts = SuitePlan.of(suite, quick, 2);
            assertThat(parts).isNotEmpty();
            for (SuitePlan.Part part : parts) {
                assertThat(all).as(part.toString()).anyMatch(name -> part.pattern().matcher(name).find());
            }
            all.stream().filter(name -> parts.stream().anyMatch(part -> part.pattern().matcher(name).find())).forEach(name -> Work.of(name
                .substring("org.pontoon.bench.".length()), parameters).ifPresent(work -> assertThat(work.count()).as(name).isPositive()));
        }
    }

    @Test
    void planFitsIntoItsTime() {
        BenchReport.Request full = BenchReport.parse("--host", "x");
        BenchReport.Request quick = BenchReport.parse("--host", "x", "--quick");
        double[] minutes = new double[2];
        for (BenchReport.Suite suite : BenchReport.defaultSuites()) {
            BenchReport.Planned planned = SuitePlan.plan(suite, full, 2);
            assertThat(planned.benchmarks()).as(suite.label()).isPositive();
            minutes[0] += planned.seconds() / 60;
            minutes[1] += SuitePlan.plan(suite, quick, 2).seconds() / 60;
        }
        assertThat(minutes[0]).isLessThan(66);
        assertThat(minutes[1]).isLessThan(10.5);
        assertThat(SuitePlan.plan(BenchReport.Suite.FIT, BenchReport.parse("--host", "x", "--quick", "--include", "nothing"), 2)
            .benchmarks()).isZero();
        assertThat(SuitePlan.plan(BenchReport.Suite.FIT, BenchReport.parse("--host", "x", "--quick", "--param", "dimension=7"), 2)
            .benchmarks()).isOne();
    }

    @Test
    void threadCountsDouble() {
        assertThat(SuitePlan.threadCounts(1)).containsExactly(1);
        assertThat(SuitePlan.threadCounts(2)).containsExactly(1, 2);
        assertThat(SuitePlan.threadCounts(12)).containsExactly(1, 2, 4, 8, 12);
        assertThat(SuitePlan.of(BenchReport.Suite.SCALING, true, 1)).hasSize(2);
    }

    @Test
    void anAnswerThatDiffersFailsTheRun() {
        assertThatIllegalStateException().isThrownBy(() -> Checks.sameBits("x", new float[] {0f}, new float[] {-0f}));
        assertThatIllegalStateException().isThrownBy(() -> Checks.near("x", 1, Double.NaN, 1));
        assertThatIllegalStateException().isThrownBy(() -> Checks.near("x", new float[] {1f, 100f}, new float[] {1.2f, 100f}, 1e-3));
        Checks.near("x", new float[] {1f, 100f}, new float[] {1.2f, 100f}, 1e-2);
    }

    @Test
    void syntheticSpectrumHasMeanOne() {
        double sum = 0;
        for (double deviation : Synthetic.spectrum(200)) {
            sum += deviation;
        }
        assertThat(sum / 200).isCloseTo(1, within(1e-12));
    }
}
