package org.pontoon.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What changed between two reports of {@link BenchReport}, beyond noise.
 *
 * <p>Each benchmark's ratio of times gets a 95 % interval: Welch's, on the logarithms of the forks' means. Iterations of one fork share the
 * code that C2 made and where it lies, which is drawn anew with each start, so a fork counts as one measurement. Where a report has one fork
 * only, its iterations take their place, and the interval is widened by the third that starts were seen to differ by.
 *
 * <p>Faster or slower is what leaves 1 outside its interval and lies beyond the tolerance; the same is what has its whole interval within
 * the tolerance. All else is undecided: absence of evidence is not evidence of sameness.
 */
public final class ReportComparison {

    /** How many times as long a start of the JVM may take as another. */
    private static final double STARTS = 4.0 / 3;
    private static final double ROUNDING = 1e-9;
    /** Student's t, two-sided 95 %, for 1, 2, ... degrees of freedom. */
    private static final double[] STUDENT = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
        2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042};

    private ReportComparison() {
    }

    /** How a benchmark went. */
    public enum Verdict {
        /** Faster beyond noise. */
        FASTER,
        /** Slower beyond noise. */
        SLOWER,
        /** No difference beyond the tolerance, and that is known. */
        SAME,
        /** The measurements do not tell. */
        UNDECIDED,
        /** Set side by side, not judged: a percentile of a latency, of which there is one. */
        LISTED,
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
     * @param beforeError half of JMH's 99.9 % interval of it, NaN where one iteration gave none
     * @param after score in the second report, NaN if it is not there
     * @param afterError half of JMH's interval of it
     * @param speedup how many times as fast the second is, NaN where that cannot be said
     * @param least lower end of the 95 % interval of the speedup, NaN where there is none
     * @param most upper end
     * @param verdict what to make of it
     * @param why the reason where it is undecided, else empty
     */
    public record Row(String benchmark, String unit, double before, double beforeError, double after, double afterError, double speedup,
            double least, double most, Verdict verdict, String why) {

        private static Row of(String benchmark, Score a, Score b, double speedup, double least, double most, Verdict verdict, String why) {
            return new Row(benchmark, (b == null ? a : b).unit, a == null ? Double.NaN : a.value, a == null ? Double.NaN : a.error,
                b == null ? Double.NaN : b.value, b == null ? Double.NaN : b.error, speedup, least, most, verdict, why);
        }
    }

    /**
     * A benchmark in one report.
     *
     * @param value JMH's score
     * @param error half of its interval
     * @param unit of both
     * @param forks measured iterations, one array for each fork
     * @param isHot whether it was compiled
     * @param isLatency whether it is a percentile, which has no repeats
     */
    private record Score(double value, double error, String unit, double[][] forks, boolean isHot, boolean isLatency) {

        /** Higher is better for a throughput. */
        boolean isRate() {
            return unit.startsWith("ops/");
        }

        /** Why nothing can be said about it, empty where something can. */
        String fault() {
            if (!isHot) {
                return "not compiled";
            }
            if (!(value > 0)
                || Arrays.stream(forks).flatMapToDouble(Arrays::stream).anyMatch(v -> !(v > 0 && v < Double.POSITIVE_INFINITY))) {
                return "a score that is no positive number";
            }
            return Arrays.stream(forks).mapToInt(fork -> fork.length).sum() < 2 ? "a single measurement" : "";
        }
    }

    /** Logarithms of independent measurements. */
    private record Sample(double mean, double squaredError, int count) {

        static Sample of(double[] values) {
            double mean = Arrays.stream(values).map(Math::log).average().orElseThrow();
            double squares = Arrays.stream(values).map(v -> (Math.log(v) - mean) * (Math.log(v) - mean)).sum();
            return new Sample(mean, squares / (values.length - 1) / values.length, values.length);
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
     * @param tolerance relative difference up to which two times are the same, above 0; .1 is ten per cent
     * @return what changed
     * @throws IllegalArgumentException if a folder is no report, or the tolerance is not positive
     * @throws IOException if a file cannot be read
     */
    public static Outcome compare(Path before, Path after, double tolerance) throws IOException {
        if (!(tolerance > 0 && tolerance < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("tolerance is " + tolerance + ", expected a positive number");
        }
        SortedMap<String, SortedMap<String, Score>> first = suites(before);
        SortedMap<String, SortedMap<String, Score>> second = suites(after);
        List<Row> rows = new ArrayList<>();
        for (String suite : first.keySet()) {
            if (second.containsKey(suite)) {
                TreeSet<String> all = new TreeSet<>(first.get(suite).keySet());
                all.addAll(second.get(suite).keySet());
                for (String benchmark : all) {
                    rows.add(row(benchmark, first.get(suite).get(benchmark), second.get(suite).get(benchmark), 1 + tolerance));
                }
            }
        }
        return new Outcome(rows, without(first, second), without(second, first));
    }

    private static List<String> without(SortedMap<String, ?> these, SortedMap<String, ?> those) {
        return these.keySet().stream().filter(suite -> !those.containsKey(suite)).toList();
    }

    private static Row row(String benchmark, Score a, Score b, double tolerated) {
        if (a == null || b == null) {
            return Row.of(benchmark, a, b, Double.NaN, Double.NaN, Double.NaN, b == null ? Verdict.GONE : Verdict.NEW, "");
        }
        if (!a.unit.equals(b.unit)) {
            return Row.of(benchmark, a, b, Double.NaN, Double.NaN, Double.NaN, Verdict.UNDECIDED, "in " + a.unit + " in A");
        }
        double ratio = a.isRate() ? b.value / a.value : a.value / b.value;
        if (a.isLatency) {
            return Row.of(benchmark, a, b, ratio, Double.NaN, Double.NaN, Verdict.LISTED, "");
        }
        String fault = Stream.of(a.fault().isEmpty() ? "" : a.fault() + " in A", b.fault().isEmpty() ? "" : b.fault() + " in B").filter(
            text -> !text.isEmpty()).reduce((x, y) -> x + ", " + y).orElse("");
        if (!fault.isEmpty()) {
            return Row.of(benchmark, a, b, Double.isFinite(ratio) && ratio > 0 ? ratio : Double.NaN, Double.NaN, Double.NaN,
                Verdict.UNDECIDED, fault);
        }
        boolean starts = a.forks.length > 1 && b.forks.length > 1;
        Sample x = Sample.of(starts ? means(a.forks) : Arrays.stream(a.forks).flatMapToDouble(Arrays::stream).toArray());
        Sample y = Sample.of(starts ? means(b.forks) : Arrays.stream(b.forks).flatMapToDouble(Arrays::stream).toArray());
        double middle = a.isRate() ? y.mean - x.mean : x.mean - y.mean;
        double half = halfWidth(x, y) + (starts ? 0 : Math.log(STARTS));
        double speedup = Math.exp(middle);
        double least = Math.exp(middle - half);
        double most = Math.exp(middle + half);
        Verdict verdict = Verdict.UNDECIDED;
        if (least > 1 && speedup > tolerated) {
            verdict = Verdict.FASTER;
        } else if (most < 1 && speedup < 1 / tolerated) {
            verdict = Verdict.SLOWER;
        } else if (least >= 1 / tolerated && most <= tolerated) {
            verdict = Verdict.SAME;
        }
        return Row.of(benchmark, a, b, speedup, least, most, verdict, verdict != Verdict.UNDECIDED ? ""
            : String.format(Locale.ROOT, "%.3g to %.3g times as fast%s", least, most, starts ? "" : ", one fork"));
    }

    private static double[] means(double[][] forks) {
        return Arrays.stream(forks).mapToDouble(fork -> Arrays.stream(fork).average().orElse(Double.NaN)).toArray();
    }

    /** Half of Welch's interval of the difference of two means. */
    private static double halfWidth(Sample x, Sample y) {
        double square = x.squaredError + y.squaredError;
        if (square == 0) {
            return 0;
        }
        double freedom = square * square / (x.squaredError * x.squaredError / (x.count - 1) + y.squaredError * y.squaredError / (y.count
            - 1));
        return STUDENT[Math.clamp((int) (freedom + ROUNDING), 1, STUDENT.length) - 1] * Math.sqrt(square);
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
                        Double.NaN, "µs", new double[0][], true, true));
                }
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + " is not what the latency rig writes: " + e.getMessage(), e);
        }
    }

    private static void read(Path file, SortedMap<String, Score> scores) throws IOException {
        try {
            for (Object entry : RecordedRun.list(Json.parse(Files.readString(file)))) {
                Map<String, Object> result = RecordedRun.map(entry);
                ReportText.Row row = RecordedRun.row(result);
                StringBuilder name = new StringBuilder(row.benchmark());
                new TreeMap<>(row.parameters()).forEach((key, value) -> name.append(' ').append(key).append('=').append(value));
                double[][] forks = Arrays.stream(RecordedRun.forks(RecordedRun.map(result.get("primaryMetric")))).filter(
                    fork -> fork.length > 0).toArray(double[][]::new);
                scores.put(name.toString(), new Score(row.score(), row.error(), row.unit(), forks, row.isHot(), false));
            }
        } catch (ClassCastException | NullPointerException | IllegalArgumentException e) {
            throw new IllegalArgumentException(file + " is not what JMH writes: " + e.getMessage(), e);
        }
    }
}
