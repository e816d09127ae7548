package org.pontoon.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What changed between two reports of {@link BenchReport}, beyond noise: a benchmark counts as changed where the 99.9 % intervals of the two
 * scores are apart and they differ by more than a tenth.
 */
public final class ReportComparison {

    private static final double LEAST_CHANGE = 1.1;

    private ReportComparison() {
    }

    /** How a benchmark went. */
    public enum Verdict {
        /** Faster beyond noise. */
        FASTER,
        /** Slower beyond noise. */
        SLOWER,
        /** No difference that the intervals show. */
        SAME,
        /** Only in the first report. */
        GONE,
        /** Only in the second report. */
        NEW
    }

    /**
     * One benchmark in both reports.
     *
     * @param benchmark class, method and parameters
     * @param unit unit of both scores
     * @param before score in the first report, NaN if it is not there
     * @param beforeError half of its 99.9 % interval, NaN where one iteration gave none
     * @param after score in the second report, NaN if it is not there
     * @param afterError half of its interval
     * @param speedup how many times as fast the second is, NaN where one is missing
     * @param verdict what to make of it
     */
    public record Row(String benchmark, String unit, double before, double beforeError, double after, double afterError, double speedup,
            Verdict verdict) {
    }

    private record Score(double value, double error, String unit) {

        /** Higher is better for a throughput. */
        boolean isRate() {
            return unit.startsWith("ops/");
        }
    }

    /**
     * What came of a comparison.
     *
     * @param rows a row for each benchmark of the suites that both reports have, by suite and name
     * @param onlyBefore suites that only the first report has
     * @param onlyAfter suites that only the second report has
     */
    public record Outcome(List<Row> rows, List<String> onlyBefore, List<String> onlyAfter) {

        /**
         * Counts the benchmarks of a verdict.
         *
         * @param verdict a verdict
         * @return how many rows have it
         */
        public int count(Verdict verdict) {
            return (int) rows.stream().filter(row -> row.verdict() == verdict).count();
        }
    }

    /**
     * Compares two reports. Suites that one of them lacks are named and no more; of latencies, which have no interval, the percentiles are
     * set side by side.
     *
     * @param before folder of the first
     * @param after folder of the second
     * @return what changed
     * @throws IllegalArgumentException if a folder is no report
     * @throws IOException if a file cannot be read
     */
    public static Outcome compare(Path before, Path after) throws IOException {
        SortedMap<String, SortedMap<String, Score>> first = suites(before);
        SortedMap<String, SortedMap<String, Score>> second = suites(after);
        List<Row> rows = new ArrayList<>();
        for (String suite : first.keySet()) {
            if (second.containsKey(suite)) {
                TreeSet<String> all = new TreeSet<>(first.get(suite).keySet());
                all.addAll(second.get(suite).keySet());
                for (String benchmark : all) {
                    rows.add(row(benchmark, first.get(suite).get(benchmark), second.get(suite).get(benchmark)));
                }
            }
        }
        return new Outcome(rows, without(first, second), without(second, first));
    }

    private static List<String> without(SortedMap<String, ?> these, SortedMap<String, ?> those) {
        return these.keySet().stream().filter(suite -> !those.containsKey(suite)).toList();
    }

    private static Row row(String benchmark, Score a, Score b) {
        if (a == null || b == null || !a.unit().equals(b.unit())) {
            Score there = b == null ? a : b;
            double before = a == null ? Double.NaN : a.value();
            double after = b == null ? Double.NaN : b.value();
            return new Row(benchmark, there.unit(), before, Double.NaN, after, Double.NaN, Double.NaN, b == null ? Verdict.GONE
                : Verdict.NEW);
        }
        double speedup = a.isRate() ? b.value() / a.value() : a.value() / b.value();
        // an interval that is not known is no evidence
        boolean apart = Math.abs(a.value() - b.value()) > a.error() + b.error();
        Verdict verdict = !apart || speedup < LEAST_CHANGE && speedup > 1 / LEAST_CHANGE ? Verdict.SAME
            : speedup > 1 ? Verdict.FASTER : Verdict.SLOWER;
        return new Row(benchmark, a.unit(), a.value(), a.error(), b.value(), b.error(), speedup, verdict);
    }

    /** Scores of a report by suite and benchmark. */
    private static SortedMap<String, SortedMap<String, Score>> suites(Path report) throws IOException {
        Path jmh = report.resolve("jmh");
        Path latency = report.resolve("latency").resolve("latency.json");
        SortedMap<String, SortedMap<String, Score>> suites = new TreeMap<>();
        if (Files.isDirectory(jmh)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(jmh, "*.json")) {
                for (Path file : files) {
                    read(file, suites.computeIfAbsent(file.getFileName().toString().replace(".json", ""), suite -> new TreeMap<>()));
                }
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
        if (Files.exists(latency)) {
            readLatency(latency, suites.computeIfAbsent("latency", suite -> new TreeMap<>()));
        }
        if (suites.isEmpty()) {
            throw new IllegalArgumentException(report + " is no report, expected a folder with a folder jmh or latency in it");
        }
        return suites;
    }

    private static void readLatency(Path file, SortedMap<String, Score> scores) throws IOException {
        try {
            for (Object entry : RecordedRun.list(Json.parseObject(Files.readString(file)).get("operations"))) {
                Map<String, Object> operation = RecordedRun.map(entry);
                Map<String, Object> summary = RecordedRun.map(operation.get("latency"));
                for (String percentile : List.of("p50", "p99", "p999")) {
                    scores.put("latency " + operation.get("name") + " " + percentile, new Score(RecordedRun.number(summary.get(percentile)),
                        Double.NaN, "µs"));
                }
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + " is not what the latency rig writes: " + e.getMessage(), e);
        }
    }

    private static void read(Path file, SortedMap<String, Score> scores) throws IOException {
        try {
            for (Object entry : (List<?>) Json.parse(Files.readString(file))) {
                Map<?, ?> result = (Map<?, ?>) entry;
                Map<?, ?> metric = (Map<?, ?>) result.get("primaryMetric");
                StringBuilder name = new StringBuilder(((String) result.get("benchmark")).replaceAll(".*\\.(\\w+\\.\\w+)$", "$1"));
                if (result.get("params") instanceof Map<?, ?> parameters) {
                    new TreeMap<>(parameters).forEach((key, value) -> name.append(' ').append(key).append('=').append(value));
                }
                Object error = metric.get("scoreError");
                scores.put(name.toString(), new Score((Double) metric.get("score"), error instanceof Double d ? d : Double.NaN,
                    (String) metric.get("scoreUnit")));
            }
        } catch (ClassCastException | NullPointerException | IllegalArgumentException e) {
            throw new IllegalArgumentException(file + " is not what JMH writes: " + e.getMessage(), e);
        }
    }
}
