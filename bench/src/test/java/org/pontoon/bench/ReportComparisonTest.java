package org.pontoon.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportComparisonTest {

    @TempDir
    private Path folder;

    private static String result(String name, double score, String error, String unit) {
        return String.format(Locale.ROOT,
            "{\"benchmark\": \"org.pontoon.bench.%s\", \"params\": {\"dimension\": \"50\"}, \"primaryMetric\": "
                + "{\"score\": %s, \"scoreError\": %s, \"scoreUnit\": \"%s\"}}",
            name, score, error, unit);
    }

    private Path report(String name, String... results) throws IOException {
        Path jmh = Files.createDirectories(folder.resolve(name).resolve("jmh"));
        Files.writeString(jmh.resolve("suite.json"), "[" + String.join(", ", results) + "]");
        return folder.resolve(name);
    }

    @Test
    void onlyWhatExceedsTheNoiseHasChanged() throws IOException {
        Path before = report("a", result("A.faster", 10, "1", "us/op"), result("B.noisy", 10, "6", "us/op"), result("C.little", 10, "0.1",
            "us/op"), result("D.rate", 10, "1", "ops/s"), result("E.gone", 1, "0.1", "us/op"), result("F.alone", 10, "\"NaN\"", "us/op"));
        Path after = report("b", result("A.faster", 5, "1", "us/op"), result("B.noisy", 5, "1", "us/op"), result("C.little", 10.5, "0.1",
            "us/op"), result("D.rate", 5, "1", "ops/s"), result("F.alone", 5, "\"NaN\"", "us/op"), result("G.new", 5, "1", "us/op"));
        List<ReportComparison.Row> rows = ReportComparison.compare(before, after).rows();
        assertThat(rows).extracting(ReportComparison.Row::verdict).containsExactly(ReportComparison.Verdict.FASTER,
            ReportComparison.Verdict.SAME, ReportComparison.Verdict.SAME, ReportComparison.Verdict.SLOWER, ReportComparison.Verdict.GONE,
            ReportComparison.Verdict.SAME, ReportComparison.Verdict.NEW);
        assertThat(rows.getFirst().benchmark()).isEqualTo("A.faster dimension=50");
        assertThat(rows.getFirst().speedup()).isEqualTo(2);
        assertThat(rows.get(3).speedup()).isEqualTo(0.5);
    }

    @Test
    void suitesThatOneReportLacksAreNamedOnce() throws IOException {
        Path before = report("old", result("A.a", 1, "0.1", "us/op"));
        Files.writeString(before.resolve("jmh").resolve("removed.json"), "[" + result("B.b", 1, "0.1", "us/op") + "]");
        Path after = report("new", result("A.a", 1, "0.1", "us/op"));
        Path latency = Files.createDirectories(after.resolve("latency"));
        Files.writeString(latency.resolve("latency.json"),
            "{\"operations\": [{\"name\": \"mean\", \"latency\": {\"p50\": 0.4, \"p99\": 1, \"p999\": 2}}]}");
        ReportComparison.Outcome outcome = ReportComparison.compare(before, after);
        assertThat(outcome.rows()).hasSize(1);
        assertThat(outcome.onlyBefore()).containsExactly("removed");
        assertThat(outcome.onlyAfter()).containsExactly("latency");
        assertThat(outcome.count(ReportComparison.Verdict.SAME)).isEqualTo(1);
        // latencies have no interval, so none of them counts as changed
        assertThat(ReportComparison.compare(after, after).rows()).extracting(ReportComparison.Row::benchmark).contains("latency mean p999");
    }

    @Test
    void whatIsNoReportIsRefused() throws IOException {
        Path good = report("good", result("A.a", 1, "0.1", "us/op"));
        assertThatIllegalArgumentException().isThrownBy(() -> ReportComparison.compare(good, folder)).withMessageContaining("no report");
        Files.writeString(folder.resolve("good").resolve("jmh").resolve("bad.json"), "{\"a\": 1}");
        assertThatIllegalArgumentException().isThrownBy(() -> ReportComparison.compare(good, good)).withMessageContaining("bad.json");
    }
}
