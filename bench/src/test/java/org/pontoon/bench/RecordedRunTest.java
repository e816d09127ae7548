package org.pontoon.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Text and charts of a run that was recorded: resources are what a quick run wrote, with fewer benchmarks. */
class RecordedRunTest {

    @TempDir
    private Path folder;

    private final Map<String, Chart> charts = new HashMap<>();

    @BeforeEach
    void copyRecording() throws IOException, URISyntaxException {
        Path recording = Path.of(RecordedRunTest.class.getResource("recording").toURI());
        Files.walkFileTree(recording, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path copy = folder.resolve(recording.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Writes the report and returns its text. */
    private String report() throws IOException {
        charts.clear();
        BenchReport.write(folder, (chart, file) -> {
            charts.put(chart.name(), chart);
            Files.writeString(file, "");
        });
        return Files.readString(folder.resolve("REPORT.md"));
    }

    private static void delete(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            try (var files = Files.list(path)) {
                for (Path file : files.toList()) {
                    delete(file);
                }
            }
        }
        Files.delete(path);
    }

    @Test
    void everySuiteHasItsSectionChartAndLimit() throws IOException {
        String text = report();
        assertThat(text).contains("## Losses between clouds: sums over pairs, log-sum-exp (losses)", "![losses](charts/losses.svg)",
            "| LossBenchmark.gradient |", "% FMA |", "% exp |", "## Latency (latency)", "| nothing beside it | ", "p99.99",
            "## Cold starts (cold)", "| distance sliced, ", "auto / scalar", "## In turn with peers (peers)", "numpy, tuned", "C/Pontoon",
            "suites | ", "not to be quoted");
        assertThat(text).contains("Not in this report:").contains(", drift,").doesNotContain("NaN").doesNotContain("null");
        assertThat(charts).containsKeys("fit", "losses", "sinkhorn", "sort", "wasserstein", "kernels", "scaling", "latency", "cold",
            "cold-first-calls",
            "peers-synthetic-d50", "peers-losses", "peers-pairs");
    }

    @Test
    void chartsHoldFiniteNumbersAndUnits() throws IOException {
        report();
        for (Chart chart : charts.values()) {
            assertThat(chart.title()).isNotBlank();
            for (Chart.Panel panel : chart.panels()) {
                assertThat(panel.x()).as(chart.name()).isNotBlank();
                assertThat(panel.series()).as(chart.name()).isNotEmpty();
                for (Chart.Series series : panel.series()) {
                    assertThat(series.x()).as(chart.name()).hasSameSizeAs(series.y());
                    assertThat(Arrays.stream(series.x()).allMatch(v -> Double.isFinite(v) && (!panel.logarithmicX() || v > 0))).as(
                        chart.name()).isTrue();
                    assertThat(Arrays.stream(series.y()).allMatch(v -> Double.isFinite(v) && (!panel.logarithmicY() || v > 0))).as(
                        chart.name()).isTrue();
                }
            }
        }
    }

    @Test
    void scalingIsRelativeToOneThread() throws IOException {
        report();
        for (Chart.Series series : charts.get("scaling").panels().getFirst().series()) {
            assertThat(series.x()).as(series.label()).containsExactly(1, 2);
            assertThat(series.y()[0]).as(series.label()).isEqualTo(1);
        }
    }

    @Test
    void latencyCurvesRiseAndStandBesideNothing() throws IOException {
        report();
        for (Chart.Panel panel : charts.get("latency").panels()) {
            assertThat(panel.series()).hasSize(2);
            for (Chart.Series series : panel.series()) {
                assertThat(series.y()).isSorted();
            }
        }
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        delete(folder.resolve("latency"));
        delete(folder.resolve("cold"));
        delete(folder.resolve("peers"));
        Files.delete(folder.resolve("jmh").resolve("sort.json"));
        String text = report();
        assertThat(text).contains("latency, cold, peers").contains("sort,").doesNotContain("## Latency").doesNotContain("## Sorts");
        assertThat(charts).doesNotContainKeys("latency", "cold", "sort", "peers-pairs");
    }

    @Test
    void remarksOfARunThatBrokeOffAreKept() throws IOException {
        Path file = folder.resolve("environment.json");
        Map<String, Object> environment = Json.parseObject(Files.readString(file));
        List<Object> remarks = new ArrayList<>(List.of("Broken off: suite fit: failed", "Peers: torch: left out, no Python with torch."));
        environment.put("remarks", remarks);
        Files.writeString(file, Json.write(environment));
        assertThat(report()).contains("- Broken off: suite fit: failed\n").contains("- Peers: torch: left out");
    }

    @Test
    void rowsAreThoseOfJmh() {
        List<ReportText.Row> rows = RecordedRun.rows("""
            [{"benchmark": "org.pontoon.bench.A.b", "params": {"threads": "2"}, "primaryMetric": {"score": 2.0, "scoreError": "NaN",
              "scoreUnit": "us/op"}, "secondaryMetrics": {"gc.alloc.rate.norm": {"score": 9.0, "rawData": [[1.0, 20.0, 2.0]]}}},
             {"benchmark": "org.pontoon.bench.A.c", "primaryMetric": {"score": 4.0, "scoreError": 1.0, "scoreUnit": "ops/ms"}}]""");
        assertThat(rows).hasSize(2);
        assertThat(rows.getFirst().benchmark()).isEqualTo("A.b");
        assertThat(rows.getFirst().threads()).isEqualTo(2);
        assertThat(rows.getFirst().error()).isNaN();
        assertThat(rows.getFirst().bytes()).isEqualTo(2);
        assertThat(rows.getLast().secondsPerOperation()).isEqualTo(0.25e-3);
        assertThatIllegalArgumentException().isThrownBy(() -> RecordedRun.rows("{}"));
        assertThatIllegalArgumentException().isThrownBy(() -> RecordedRun.rows(
            "[{\"benchmark\": \"a.b.c\", \"primaryMetric\": {\"score\": 1, \"scoreUnit\": \"weeks/op\"}}]"));
    }
}
