package org.pontoon.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pontoon.bench.ReportComparison.Verdict;

class ReportComparisonTest {

    @TempDir
    private Path folder;

    /** A result as JMH writes it; forks as "1 2 3 | 2 3 4". */
    private static String result(String name, String unit, String forks) {
        return result(name, unit, forks, 0);
    }

    private static String result(String name, String unit, String forks, double bytes) {
        double[][] raw = Arrays.stream(forks.split("[|]")).map(fork -> Arrays.stream(fork.strip().split(" ")).mapToDouble(
            Double::parseDouble).toArray()).toArray(double[][]::new);
        double score = Arrays.stream(raw).flatMapToDouble(Arrays::stream).average().orElseThrow();
        return String.format(Locale.ROOT,
            "{\"benchmark\": \"org.pontoon.bench.%s\", \"params\": {\"dimension\": \"50\"}, \"primaryMetric\": "
                + "{\"score\": %s, \"scoreError\": \"NaN\", \"scoreUnit\": \"%s\", \"rawData\": %s}, \"secondaryMetrics\": "
                + "{\"gc.alloc.rate.norm\": {\"score\": %s}}}",
            name, Double.isNaN(score) ? "\"NaN\"" : Double.toString(score), unit, Arrays.deepToString(raw).replace("NaN", "\"NaN\""),
            bytes);
    }

    private Path report(String name, String... results) throws IOException {
        Path jmh = Files.createDirectories(folder.resolve(name).resolve("jmh"));
        Files.writeString(jmh.resolve("suite.json"), "[" + String.join(", ", results) + "]");
        return folder.resolve(name);
    }

    /** Compares two results of one benchmark. */
    private ReportComparison.Row compare(String before, String after) throws IOException {
        return ReportComparison.compare(report("a", before), report("b", after), 0.1).rows().getFirst();
    }

    private ReportComparison.Verdict verdict(String before, String after) throws IOException {
        return compare(result("A.a", "us/op", before), result("A.a", "us/op", after)).verdict();
    }

    @Test
    void forksThatAgreeDecide() throws IOException {
        String ten = "10 10.1 | 9.9 10 | 10.1 10";
        assertThat(verdict(ten, "5 5.1 | 5 5 | 5.1 5")).isEqualTo(Verdict.FASTER);
        assertThat(verdict(ten, "20 20 | 21 20 | 20 20.5")).isEqualTo(Verdict.SLOWER);
        assertThat(verdict(ten, "10.2 10.2 | 10.1 10.2 | 10.1 10.2")).isEqualTo(Verdict.SAME);
        ReportComparison.Row rate = compare(result("A.a", "ops/s", ten), result("A.a", "ops/s", "20 20 | 21 20 | 20 20.5"));
        assertThat(rate.verdict()).isEqualTo(Verdict.FASTER);
        assertThat(rate.benchmark()).isEqualTo("A.a dimension=50");
        assertThat(rate.speedup()).isCloseTo(2.02, within(0.02));
        assertThat(rate.least()).isBetween(1.8, rate.speedup());
        assertThat(rate.most()).isBetween(rate.speedup(), 2.2);
    }

    /** The textbook's numbers: Welch's interval of two samples of logarithms, three values each. */
    @Test
    void intervalIsThatOfWelch() throws IOException {
        ReportComparison.Row row = compare(result("A.a", "us/op", "8 | 10 | 12.5"), result("A.a", "us/op", "4 | 5 | 6.25"));
        // both deviations are log 1.25 of three, so there are four degrees of freedom
        double half = 2.776 * Math.sqrt(2 * Math.pow(Math.log(1.25), 2) / 3);
        assertThat(row.speedup()).isCloseTo(2, within(1e-12));
        assertThat(row.least()).isCloseTo(2 * Math.exp(-half), within(1e-12));
        assertThat(row.most()).isCloseTo(2 * Math.exp(half), within(1e-12));
        assertThat(row.verdict()).isEqualTo(Verdict.FASTER);
    }

    @Test
    void scatteredForksDecideNothing() throws IOException {
        // iterations agree to a per mille, starts of the JVM do not
        ReportComparison.Row row = compare(result("A.a", "us/op", "5 5 5 | 15 15 15 | 9 9 9"), result("A.a", "us/op",
            "4 4 4 | 12 12 12 | 8 8 8"));
        assertThat(row.verdict()).isEqualTo(Verdict.UNDECIDED);
        assertThat(row.why()).contains("times as fast").doesNotContain("one fork");
        assertThat(verdict("10 10 | 10 10 | 10 10", "10 10 | 12 12 | 9 9")).isEqualTo(Verdict.UNDECIDED);
    }

    @Test
    void aSingleMeasurementDecidesNothingHoweverFarApart() throws IOException {
        ReportComparison.Row row = compare(result("A.a", "us/op", "0.3"), result("A.a", "us/op", "999"));
        assertThat(row.verdict()).isEqualTo(Verdict.UNDECIDED);
        assertThat(row.why()).isEqualTo("a single measurement in A, a single measurement in B");
        assertThat(row.speedup()).isCloseTo(0.3 / 999, within(1e-12));
        assertThat(row.least()).isNaN();
    }

    @Test
    void oneForkDecidesOnlyBeyondTheScatterOfStarts() throws IOException {
        assertThat(verdict("10 10.1 10", "13 13.1 13")).isEqualTo(Verdict.UNDECIDED);
        assertThat(verdict("10 10.1 10", "10 10.1 10")).isEqualTo(Verdict.UNDECIDED);
        assertThat(compare(result("A.a", "us/op", "10 10.1 10"), result("A.a", "us/op", "10 10.1 10")).why()).endsWith("one fork");
        assertThat(verdict("10 10.1 10", "15 15.1 15")).isEqualTo(Verdict.SLOWER);
        assertThat(verdict("0.3 0.3 0.31", "999 998 999")).isEqualTo(Verdict.SLOWER);
    }

    @Test
    void whatIsNoTimeIsUndecided() throws IOException {
        for (String bad : List.of("NaN NaN NaN", "10 NaN 10", "0 0 0", "-1 -1 -1")) {
            ReportComparison.Row row = compare(result("A.a", "us/op", "10 10 10"), result("A.a", "us/op", bad));
            assertThat(row.verdict()).as(bad).isEqualTo(Verdict.UNDECIDED);
            assertThat(row.why()).as(bad).isEqualTo("a score that is no positive number in B");
        }
        assertThat(compare(result("A.a", "us/op", "10 10"), result("A.a", "ns/op", "10 10")).why()).isEqualTo("in us/op in A");
    }

    @Test
    void whatWasNotCompiledIsUndecided() throws IOException {
        String hot = result("SamplerBenchmark.mean", "ns/op", "300 300 | 301 300 | 299 300");
        String cold = result("SamplerBenchmark.mean", "ns/op", "30000 30100 | 30000 30000 | 30000 29900", 81_000);
        assertThat(compare(hot, cold).why()).isEqualTo("not compiled in B");
        assertThat(compare(hot, hot).verdict()).isEqualTo(Verdict.SAME);
    }

    @Test
    void whatOneReportLacksIsNotJudged() throws IOException {
        Path before = report("a", result("A.a", "us/op", "10 10"), result("E.gone", "us/op", "1 1"));
        Path after = report("b", result("A.a", "us/op", "10 10"), result("G.new", "us/op", "5 5"));
        assertThat(ReportComparison.compare(before, after, 0.1).rows()).extracting(ReportComparison.Row::verdict).containsExactly(
            Verdict.UNDECIDED, Verdict.GONE, Verdict.NEW);
    }

    @Test
    void theToleranceIsTheCallers() throws IOException {
        Path before = report("a", result("A.a", "us/op", "10 10 | 10 10 | 10.01 10"));
        Path after = report("b", result("A.a", "us/op", "10.5 10.5 | 10.5 10.5 | 10.5 10.51"));
        assertThat(ReportComparison.compare(before, after, 0.1).count(Verdict.SAME)).isEqualTo(1);
        assertThat(ReportComparison.compare(before, after, 0.03).count(Verdict.SLOWER)).isEqualTo(1);
        assertThatIllegalArgumentException().isThrownBy(() -> ReportComparison.compare(before, after, Double.NaN)).withMessageContaining(
            "tolerance");
    }

    @Test
    void suitesThatOneReportLacksAreNamedOnce() throws IOException {
        Path before = report("old", result("A.a", "us/op", "1 1 | 1 1"));
        Files.writeString(before.resolve("jmh").resolve("removed.json"), "[" + result("B.b", "us/op", "1 1 | 1 1") + "]");
        Path after = report("new", result("A.a", "us/op", "1 1 | 1 1"));
        Path latency = Files.createDirectories(after.resolve("latency"));
        Files.writeString(latency.resolve("latency.json"),
            "{\"operations\": [{\"name\": \"mean\", \"latency\": {\"p50\": 0.4, \"p99\": 1, \"p999\": 2}}]}");
        ReportComparison.Outcome outcome = ReportComparison.compare(before, after, 0.1);
        assertThat(outcome.rows()).hasSize(1);
        assertThat(outcome.onlyBefore()).containsExactly("removed");
        assertThat(outcome.onlyAfter()).containsExactly("latency");
        assertThat(outcome.count(Verdict.SAME)).isEqualTo(1);
        // latencies have no interval: they are set side by side
        assertThat(ReportComparison.compare(after, after, 0.1).count(Verdict.LISTED)).isEqualTo(3);
        assertThat(ReportComparison.compare(after, after, 0.1).rows()).extracting(ReportComparison.Row::benchmark)
            .contains("latency mean p999");
    }

    @Test
    void whatIsNoReportIsRefused() throws IOException {
        Path good = report("good", result("A.a", "us/op", "1 1 | 1 1"));
        assertThatIllegalArgumentException().isThrownBy(() -> ReportComparison.compare(good, folder, 0.1))
            .withMessageContaining("no report");
        Files.writeString(folder.resolve("good").resolve("jmh").resolve("bad.json"), "{\"a\": 1}");
        assertThatIllegalArgumentException().isThrownBy(() -> ReportComparison.compare(good, good, 0.1)).withMessageContaining("bad.json");
    }
}
