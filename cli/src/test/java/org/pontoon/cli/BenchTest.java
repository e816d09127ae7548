package org.pontoon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pontoon.bench.BenchReport;
import org.pontoon.bench.Chart;

/** Command bench, without running a benchmark. */
class BenchTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "fits; no suite 'fits'; losses",
        "fit nothing; no suite 'nothing'; scaling",
        "fit --host My.Host; 'My.Host'; lower-case",
        "fit --include (; --include; (",
        "fit --include nosuchbenchmark --host x; nosuchbenchmark; fit",
        "fit --slow; --slow; bench",
        "compare absent absent; absent; no report",
        "compare absent; B; compare"})
    void badInputIsNamed(String line, String first, String second) {
        Run run = Run.of((Object[]) ("bench " + line).split(" "));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains(first).contains(second).hasLineCount(1);
    }

    @Test
    void reportsDoNotGoIntoAFile() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        Run run = Run.of("bench", "fit", "--out", file.toString());
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("file").contains("directory");
    }

    @Test
    void comparisonCountsAndNamesSuitesOfOneReport() throws IOException {
        Path before = report("before", "fit", 10);
        report("before", "sort", 1);
        Path after = report("after", "fit", 5);
        report("after", "losses", 1);
        Run run = Run.of("bench", "compare", before.toString(), after.toString());
        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("1 faster, 0 slower, 0 the same within 10 %, 0 undecided").contains("| A.a ")
            .contains("suites only in A: sort").contains("suites only in B: losses");
    }

    @Test
    void comparisonTellsByItsExitCodeWhatIsSlowerOrUndecided() throws IOException {
        Path ten = report("ten", "fit", 10);
        Path twenty = report("twenty", "fit", 20);
        Path near = report("near", "fit", 10.5);
        assertThat(Run.of("bench", "compare", ten, ten).code()).isZero();
        assertThat(Run.of("bench", "compare", ten, near).code()).isZero();
        assertThat(Run.of("bench", "compare", ten, near, "--within", 3).code()).isEqualTo(1);
        assertThat(Run.of("bench", "compare", ten, twenty).code()).isEqualTo(1);
        Path alone = report("alone", "fit", 10);
        Path file = alone.resolve("jmh/fit.json");
        Files.writeString(file, Files.readString(file).replaceAll("\"rawData\": .*?]]", "\"rawData\": [[999]]"));
        Run undecided = Run.of("bench", "compare", ten, alone);
        assertThat(undecided.code()).isEqualTo(3);
        assertThat(undecided.out()).contains("undecided", "a single measurement in B", "1 undecided");
        assertThat(Run.of("bench", "compare", ten, near, "--within", 0).err()).contains("--within is 0");
    }

    private Path report(String name, String suite, double score) throws IOException {
        Path report = directory.resolve(name);
        Files.writeString(Files.createDirectories(report.resolve("jmh")).resolve(suite + ".json"), String.format(Locale.ROOT,
            "[{\"benchmark\": \"org.pontoon.bench.A.a\", \"primaryMetric\": {\"score\": %s, \"scoreError\": 0.1, \"scoreUnit\": "
                + "\"us/op\", \"rawData\": [[%2$s, %2$s], [%3$s, %2$s], [%2$s, %2$s]]}}]",
            score, score, 1.001 * score));
        return report;
    }

    @Test
    void chartsOfEveryKindAreDrawn() throws IOException {
        double[] x = {1, 10, 100};
        double[] y = {3, 2, 1};
        Chart.Panel lines = new Chart.Panel("lines", "threads", "ns", true, false, List.of(), List.of(new Chart.Series("a",
            Chart.Style.LINE, x, y), new Chart.Series("b", Chart.Style.CURVE, x, y),
            new Chart.Series("best", Chart.Style.REFERENCE, x,
                y)));
        Chart.Panel rows = new Chart.Panel("", "ms", "", false, false, List.of("one", "two", "three"), List.of(new Chart.Series("a",
            Chart.Style.MARKS, y, new double[] {0, 1, 2})));
        for (Chart.Panel panel : List.of(lines, rows)) {
            Path file = directory.resolve("chart.svg");
            ReportChart.paint(new Chart("chart", BenchReport.Suite.FIT, "Title", List.of(panel, panel)), file);
            assertThat(file).content().startsWith("<?xml").contains("</svg").doesNotContain("NaN");
        }
    }
}
