package org.pontoon.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Turns measurements into the Markdown of a report. Pure text: it runs nothing. */
final class ReportText {

    /** Below this, bytes per operation are the harness's own noise. */
    private static final double NO_BYTES = 0.1;
    /** A limit is a measurement too, good to some percent. */
    private static final double MOST_SHARE = 1.02;

    private ReportText() {
    }

    /**
     * One measured benchmark.
     *
     * @param benchmark class and method
     * @param parameters its parameters
     * @param score mean
     * @param error half of the 99.9 % confidence interval, NaN where there are too few measurements
     * @param unit of score and error
     * @param secondsPerOperation the score in seconds
     * @param bytes bytes allocated per operation, the median over iterations; NaN where not measured
     * @param leastBytes the least of any iteration; NaN where not measured
     */
    record Row(String benchmark, Map<String, String> parameters, double score, double error, String unit, double secondsPerOperation,
            double bytes, double leastBytes) {

        int threads() {
            return Integer.parseInt(parameters.getOrDefault("threads", "1"));
        }

        /** Whether it ran compiled, by what it left on the heap. */
        boolean isHot() {
            return !Garbage.isBoxing(benchmark, bytes, leastBytes, secondsPerOperation, threads());
        }

        /** Rate of work per second, empty where no work is counted. */
        Optional<Double> rate() {
            return Work.of(benchmark, parameters).map(w -> w.count() / secondsPerOperation);
        }
    }

    /**
     * The machine's yardsticks for a number of threads.
     *
     * @param threads number of threads
     * @param fma multiply-adds per second
     * @param exp exponentials per second
     * @param bandwidth bytes per second
     */
    record Peak(int threads, double fma, double exp, double bandwidth) {

        /** The higher of two, yardstick by yardstick. */
        Peak max(Peak other) {
            return new Peak(threads, Math.max(fma, other.fma), Math.max(exp, other.exp), Math.max(bandwidth, other.bandwidth));
        }

        /** Yardstick of a limit, in what {@link Work#demand()} is counted in, per second. */
        double of(Work.Limit limit) {
            return switch (limit) {
                case FMA -> fma;
                case EXP -> exp;
                case MEMORY -> bandwidth;
                case NONE -> Double.NaN;
            };
        }

        Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("threads", threads);
            map.put("fmaPerSecond", fma);
            map.put("expPerSecond", exp);
            map.put("triadBytesPerSecond", bandwidth);
            return map;
        }
    }

    /**
     * A share of a limit of the machine. What is not positive, or far above the limit, is no share: the time was not measured, or the limit
     * was not reached when it was.
     */
    static boolean isShare(double fraction) {
        return fraction > 0 && fraction <= MOST_SHARE;
    }

    /** A share of a limit in percent, or that it is none. */
    static String share(double fraction) {
        return isShare(fraction) ? percent(fraction) : "a share that was not measured";
    }

    /** A share of a limit as a fraction of one, or that it is none. */
    static String shareOfOne(double fraction) {
        return isShare(fraction) ? String.format(Locale.ROOT, "%.2f", fraction) : "not measured";
    }

    /** Share of the machine's limit for its threads that a row reaches, empty where it is held against none. */
    static Optional<Double> fraction(Row row, Map<Integer, Peak> peaks) {
        Peak peak = peaks.get(row.threads());
        Optional<Work> work = Work.of(row.benchmark(), row.parameters());
        if (peak == null || work.isEmpty() || work.get().limit() == Work.Limit.NONE) {
            return Optional.empty();
        }
        return Optional.of(work.get().demand() / row.secondsPerOperation() / peak.of(work.get().limit()));
    }

    /** The table of some rows. */
    static String results(List<Row> rows, Map<Integer, Peak> peaks) {
        StringBuilder out = new StringBuilder();
        out.append(
            "| benchmark | parameters | score | error | unit | B/op | rate | of the limit |\n|---|---|---:|---:|---|---:|---:|---:|\n");
        for (Row row : rows) {
            out.append("| ").append(row.benchmark()).append(" | ").append(parameters(row.parameters())).append(" | ")
                .append(number(row.score())).append(" | ").append(Double.isNaN(row.error()) ? "" : "± " + number(row.error())).append(" | ")
                .append(row.unit()).append(" | ").append(bytes(row.bytes())).append(" | ");
            if (!row.isHot()) {
                out.append("not compiled | |\n");
                continue;
            }
            Optional<Work> work = Work.of(row.benchmark(), row.parameters());
            row.rate().ifPresent(rate -> out.append(number(rate * work.get().unit().scale())).append(' ').append(work.get().unit().rate()));
            out.append(" | ");
            fraction(row, peaks).ifPresent(f -> out.append(isShare(f) ? percent(f) : "not measured:").append(' ').append(work.get().limit()
                .label()));
            out.append(" |\n");
        }
        return out.toString();
    }

    /** Kernels beside their scalar twins; empty where there are no such pairs. */
    static String twins(List<Row> rows) {
        Map<String, Row> byName = new LinkedHashMap<>();
        for (Row row : rows) {
            byName.put(row.benchmark() + parameters(row.parameters()), row);
        }
        StringBuilder out = new StringBuilder();
        for (Row row : rows) {
            Row scalar = byName.get(row.benchmark() + "Scalar" + parameters(row.parameters()));
            if (scalar != null) {
                out.append("| ").append(row.benchmark()).append(" | ").append(parameters(row.parameters())).append(" | ")
                    .append(time(row.secondsPerOperation())).append(" | ").append(time(scalar.secondsPerOperation())).append(" | ")
                    .append(number(scalar.secondsPerOperation() / row.secondsPerOperation())).append(" |\n");
            }
        }
        return out.isEmpty() ? "" : "| kernel | parameters | vector | scalar twin | times |\n|---|---|---:|---:|---:|\n" + out;
    }

    /**
     * Where the time of a training step on one thread goes, by the times of its kernels on their own; empty where fit or kernels were not
     * measured at the same dimension.
     */
    static String stepBudget(List<Row> rows) {
        Map<Integer, Row> steps = new TreeMap<>();
        for (Row row : rows) {
            if (row.benchmark().equals("FitStepBenchmark.step") && row.threads() == 1
                && row.parameters().entrySet().containsAll(Map.of("components",
                    "10", "batch", "128", "covariance", "DIAGONAL").entrySet())) {
                steps.put(Integer.parseInt(row.parameters().get("dimension")), row);
            }
        }
        StringBuilder out = new StringBuilder();
        steps.forEach((dimension, step) -> {
            // 128 points a side are four tiles of 64
            Map<String, Double> parts = new LinkedHashMap<>();
            part(rows, dimension, parts, "forwardForms", 4);
            part(rows, dimension, parts, "backwardForms", 4);
            part(rows, dimension, parts, "softmax", 4);
            part(rows, dimension, parts, "gather", 4);
            part(rows, dimension, parts, "transpose", 4);
            part(rows, dimension, parts, "coefficients", 1);
            part(rows, dimension, parts, "gradients", 1);
            part(rows, dimension, parts, "adam", 1);
            if (parts.isEmpty()) {
                return;
            }
            double rest = step.secondsPerOperation() - parts.values().stream().mapToDouble(Double::doubleValue).sum();
            out.append("D = ").append(dimension).append(": a step takes ").append(time(step
                .secondsPerOperation()))
                .append(".\n\n| part | calls | time | share |\n")
                .append("|---|---:|---:|---:|\n");
            for (Map.Entry<String, Double> part : parts.entrySet()) {
                out.append("| ").append(part.getKey()).append(" | ").append(time(part.getValue())).append(" | ")
                    .append(percent(part.getValue() / step.secondsPerOperation())).append(" |\n");
            }
            if (rest <= 0) {
                out.append("| the rest | | not measured: the kernels alone took longer than the step | |\n\n");
                return;
            }
            out.append("| the rest: drawing minibatches, folding tiles, memory that the kernels alone find in a nearer cache | | ")
                .append(time(
                    rest))
                .append(" | ").append(percent(rest / step.secondsPerOperation())).append(" |\n\n");
        });
        return out.toString();
    }

    private static void part(List<Row> rows, int dimension, Map<String, Double> parts, String kernel, int calls) {
        for (Row row : rows) {
            if (row.benchmark().equals("KernelBenchmark." + kernel)
                && row.parameters().get("dimension").equals(Integer.toString(dimension))) {
                parts.put(kernel + " | " + calls, calls * row.secondsPerOperation());
            }
        }
    }

    /** The table of yardsticks. */
    static String peaks(Map<Integer, Peak> before, Map<Integer, Peak> after) {
        StringBuilder out = new StringBuilder("| threads | when | GFMA/s | Gexp/s | triad GB/s |\n|---:|---|---:|---:|---:|\n");
        before.forEach((threads, peak) -> {
            peak(out, peak, "before");
            if (after.containsKey(threads)) {
                peak(out, after.get(threads), "after");
            }
        });
        return out.toString();
    }

    private static void peak(StringBuilder out, Peak peak, String when) {
        out.append("| ").append(peak.threads()).append(" | ").append(when).append(" | ").append(number(peak.fma() * 1e-9)).append(" | ")
            .append(number(peak.exp() * 1e-9)).append(" | ").append(number(peak.bandwidth() * 1e-9)).append(" |\n");
    }

    /**
     * Writes the whole report.
     *
     * @param run what was measured
     * @param charts names of the charts that lie in its folder, by suite
     * @return Markdown
     */
    static String report(RecordedRun run, Map<BenchReport.Suite, List<String>> charts) {
        Map<String, Object> environment = run.environment();
        Map<Integer, Peak> best = run.bestPeaks();
        StringBuilder out = new StringBuilder();
        out.append("# ").append(environment.get("host")).append(", ").append(environment.get("begun")).append("\n\n");
        out.append("How to read this, and how to run it again: [../README.md](../README.md). All of the set-up: [environment.json](")
            .append("environment.json).\n\n## Set-up\n\n| | |\n|---|---|\n");
        setUp(out, environment);
        out.append("\n## The machine's limits, measured in this run\n\n").append(peaks(run.peaks("peaksBefore"), run.peaks("peaksAfter")));
        out.append("\nPercentages below are of the higher of the two.\n");
        for (BenchReport.Suite suite : BenchReport.Suite.values()) {
            if (run.has(suite)) {
                out.append("\n## ").append(suite.title()).append(" (").append(suite.label()).append(")\n\n");
                for (String chart : charts.getOrDefault(suite, List.of())) {
                    out.append("![").append(chart).append("](charts/").append(chart).append(".svg)\n\n");
                }
                out.append(switch (suite) {
                    case LATENCY -> latency(run.latency());
                    case COLD -> ColdText.text(run.cold());
                    case PEERS -> peers(run);
                    default -> results(run.rows(suite), best);
                });
            }
        }
        List<Row> all = run.suites().values().stream().flatMap(List::stream).filter(Row::isHot).toList();
        section(out, "Kernels beside their scalar twins", twins(all));
        section(out, "Where a step's time goes", stepBudget(all));
        out.append("\n## Limits of this report\n\n");
        limits(run).forEach(line -> out.append("- ").append(line).append('\n'));
        return out.toString();
    }

    private static void setUp(StringBuilder out, Map<String, Object> environment) {
        Map<String, Object> cpu = RecordedRun.map(environment.get("cpu"));
        Map<String, Object> jdk = RecordedRun.map(environment.get("jdk"));
        Map<String, Object> system = RecordedRun.map(environment.get("system"));
        Map<String, Object> settings = RecordedRun.map(environment.get("settings"));
        line(out, "commit", environment.get("commit"));
        line(out, "processor", cpu.get("model") + ", " + whole(cpu.get("processors")) + " processors" + (Boolean.TRUE.equals(cpu.get(
            "virtual")) ? ", virtual machine" : "") + ", governor " + cpu.get("governor"));
        line(out, "caches", joined(cpu.get("caches"), ", "));
        line(out, "vectors", jdk.get("vectors"));
        line(out, "system", system.get("name") + " " + system.get("kernel") + ", transparent huge pages " + system.get(
            "transparentHugePages"));
        line(out, "JDK", jdk.get("version") + ", " + jdk.get("vendor"));
        line(out, "JVM options", "`" + joined(settings.get("jvmOptions"), " ") + "`");
        line(out, "settings",
            settings.get("name") + ": at most " + whole(settings.get("forks")) + " forks, " + whole(settings.get("warmUps"))
                + " warm-up and " + whole(settings.get("iterations")) + " measured iterations of " + whole(settings.get("milliseconds"))
                + " ms");
        line(out, "load average", String.format(Locale.ROOT, "%.2f before, %.2f after", RecordedRun.number(environment.get("loadBefore")),
            RecordedRun.number(environment.get("loadAfter"))));
        if (environment.get("suites") != null) {
            List<String> suites = new ArrayList<>();
            for (Object entry : RecordedRun.list(environment.get("suites"))) {
                Map<String, Object> suite = RecordedRun.map(entry);
                suites.add(suite.get("name") + " " + whole(suite.get("seconds")) + " s");
            }
            line(out, "suites", String.join(", ", suites) + "; " + whole(environment.get("seconds")) + " s in all");
        }
    }

    private static String whole(Object number) {
        return String.format(Locale.ROOT, "%.0f", RecordedRun.number(number));
    }

    private static String joined(Object values, String separator) {
        return String.join(separator, RecordedRun.list(values).stream().map(Object::toString).toList());
    }

    private static void line(StringBuilder out, String name, Object value) {
        out.append("| ").append(name).append(" | ").append(value).append(" |\n");
    }

    private static void section(StringBuilder out, String title, String body) {
        if (!body.isEmpty()) {
            out.append("\n## ").append(title).append("\n\n").append(body.stripTrailing()).append('\n');
        }
    }

    /** What a reader must know before believing a number. */
    static List<String> limits(RecordedRun run) {
        Map<String, Object> environment = run.environment();
        List<String> lines = new ArrayList<>();
        String settings = RecordedRun.map(environment.get("settings")).get("name").toString();
        if (!settings.equals(BenchReport.Settings.FULL.name())) {
            lines.add("Measured with the " + settings + " settings, for fewer parameters: a first look, not to be quoted.");
        }
        List<String> missing = Stream.of(BenchReport.Suite.values()).filter(s -> !run.has(s)).map(BenchReport.Suite::label).toList();
        if (!missing.isEmpty()) {
            lines.add("Not in this report: " + String.join(", ", missing) + ".");
        }
        for (Object remark : RecordedRun.list(environment.getOrDefault("remarks", List.of()))) {
            lines.add(remark.toString());
        }
        List<Row> rows = run.suites().values().stream().flatMap(List::stream).toList();
        long cold = rows.stream().filter(row -> !row.isHot()).count();
        if (cold > 0) {
            lines.add("Not compiled: " + cold + " of " + rows.size()
                + " benchmarks made an object of each vector for more than a hundredth "
                + "of their time, even when they were run again with a longer warm-up. Their times say nothing; charts leave them out.");
        }
        Map<Integer, Peak> peaks = run.bestPeaks();
        long beyond = rows.stream().filter(Row::isHot).flatMap(row -> fraction(row, peaks).stream()).filter(f -> !isShare(f)).count();
        if (beyond > 0) {
            lines
                .add("Not measured: " + beyond + " shares of a limit would be more than all of it. Something else ran when the limits were "
                    + "probed, or when the benchmarks were timed.");
        }
        if (RecordedRun.number(environment.get("loadBefore")) > 0.5) {
            lines.add("The machine was not idle when the run began.");
        }
        if (Boolean.TRUE.equals(RecordedRun.map(environment.get("cpu")).get("virtual"))) {
            lines.add("A virtual machine: clock, neighbours and the share of caches are not ours to fix; hardware counters are not read.");
        }
        if (!run.rows(BenchReport.Suite.FIT).isEmpty() || !run.rows(BenchReport.Suite.SCALING).isEmpty()) {
            lines.add("Bytes of FitStepBenchmark are its checkpoint's, taken every " + FitStepBenchmark.STEPS + " steps.");
        }
        return lines;
    }

    /** Latencies, each beside those of the loop that does nothing, and calls back to back. */
    static String latency(List<Map<String, Object>> operations) {
        StringBuilder out = new StringBuilder("One translation in process, K = 10, from when it was due; beside it, in turn and on the ")
            .append("same schedule, a loop that does nothing.");
        if (operations.getFirst().containsKey("clockNanos")) {
            out.append(String.format(Locale.ROOT, " A reading of the clock takes %.1f ns, and is in every latency of both.", RecordedRun
                .number(operations.getFirst().get("clockNanos"))));
        }
        out.append("\n\n")
            .append(
                "| what | count | per second | p50 µs | p90 | p99 | p99.9 | p99.99 | max |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|\n");
        for (Map<String, Object> operation : operations) {
            latencyRow(out, operation.get("name").toString(), RecordedRun.map(operation.get("latency")));
            latencyRow(out, "nothing beside it", RecordedRun.map(operation.get("nothing")));
        }
        out.append("\n| back to back | calls | ns a call | calls per second | B a call | |\n|---|---:|---:|---:|---:|---|\n");
        for (Map<String, Object> operation : operations) {
            double nanos = RecordedRun.number(operation.get("nanosPerCall"));
            double calls = RecordedRun.number(operation.get("calls"));
            double bytes = RecordedRun.number(operation.get("bytes")) / calls;
            out.append("| ").append(operation.get("name")).append(" | ").append(whole(calls)).append(" | ").append(number(nanos)).append(
                " | ").append(whole(1e9 / nanos)).append(" | ").append(number(bytes)).append(" | ")
                .append(Garbage.isBoxing("LatencyRig.call", bytes, bytes, nanos * 1e-9, 1) ? "not compiled |\n" : "|\n");
        }
        return out.toString();
    }

    private static void latencyRow(StringBuilder out, String name, Map<String, Object> summary) {
        out.append("| ").append(name).append(" | ").append(whole(summary.get("count"))).append(" | ")
            .append(whole(summary.get("perSecond")));
        for (String percentile : List.of("p50", "p90", "p99", "p999", "p9999", "max")) {
            out.append(String.format(Locale.ROOT, " | %.2f", RecordedRun.number(summary.get(percentile))));
        }
        out.append(" |\n");
    }

    private static String peers(RecordedRun run) {
        StringBuilder out = new StringBuilder("Pontoon and its peers took turns; raw output in [peers](peers).\n");
        for (String file : run.peers().keySet()) {
            run.peerText(file).ifPresent(text -> out.append('\n').append(file.endsWith(".md") ? text.strip() : "```\n" + text.strip()
                + "\n```").append('\n'));
        }
        return out.toString();
    }

    /** Parameters as "dimension=50, threads=1". */
    static String parameters(Map<String, String> parameters) {
        List<String> parts = new ArrayList<>();
        parameters.forEach((name, value) -> parts.add(name + "=" + value));
        return String.join(", ", parts);
    }

    /** Four significant digits. */
    static String number(double value) {
        if (value == 0 || Double.isNaN(value)) {
            return Double.isNaN(value) ? "" : "0";
        }
        int digits = Math.clamp(3 - (int) Math.floor(Math.log10(Math.abs(value))), 0, 9);
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    /** A time with the unit that suits it. */
    static String time(double seconds) {
        double size = Math.abs(seconds);
        if (size >= 1) {
            return number(seconds) + " s";
        }
        if (size >= 1e-3) {
            return number(seconds * 1e3) + " ms";
        }
        return size >= 1e-6 ? number(seconds * 1e6) + " µs" : number(seconds * 1e9) + " ns";
    }

    static String percent(double fraction) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * fraction);
    }

    private static String bytes(double bytes) {
        return Double.isNaN(bytes) ? "" : Math.abs(bytes) < NO_BYTES ? "0" : number(bytes);
    }
}
