package org.pontoon.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** Makes the charts of a report from what was measured. Pure data: it draws nothing. */
final class ReportCharts {

    private static final String DIMENSION = "dimension D";
    /** Ratio of values from which an axis is logarithmic. */
    private static final double WIDE = 10;

    private ReportCharts() {
    }

    /**
     * Returns the charts that the measurements suffice for: lines need two points.
     *
     * @param run what was measured
     * @return charts in the order of the report
     */
    static List<Chart> of(RecordedRun run) {
        List<Chart> charts = new ArrayList<>();
        fit(run, charts);
        for (BenchReport.Suite suite : List.of(BenchReport.Suite.TRANSPORT, BenchReport.Suite.SAMPLER, BenchReport.Suite.DRIFT)) {
            points(run, suite, charts);
        }
        losses(run, charts);
        sinkhorn(run, charts);
        sort(run, charts);
        times(run, BenchReport.Suite.WASSERSTEIN, "Two samples of 1,000,000, and 10,000 points along 100 directions", "ms", 1e3, charts);
        times(run, BenchReport.Suite.FLOWS, "One step on one thread", "µs", 1e6, charts);
        twins(run, charts);
        scaling(run, charts);
        latency(run, charts);
        coldCommands(run, charts);
        firstCalls(run, charts);
        peerFits(run, charts);
        peerLosses(run, charts);
        peerPairs(run, charts);
        peerSorts(run, charts);
        return charts;
    }

    /** Lines over a parameter, one for each label, in the order of the rows; labels with a single point are left out. */
    private static List<Chart.Series> lines(List<ReportText.Row> rows, Function<ReportText.Row, String> label, String parameter,
            ToDoubleFunction<ReportText.Row> value) {
        Map<String, TreeMap<Double, Double>> points = new LinkedHashMap<>();
        for (ReportText.Row row : rows) {
            points.computeIfAbsent(label.apply(row), l -> new TreeMap<>()).put(Double.valueOf(row.parameters().get(parameter)), value
                .applyAsDouble(row));
        }
        List<Chart.Series> lines = new ArrayList<>();
        points.forEach((name, values) -> {
            if (values.size() > 1) {
                lines.add(series(name, Chart.Style.LINE, values));
            }
        });
        return lines;
    }

    private static Chart.Series series(String label, Chart.Style style, Map<Double, Double> points) {
        return new Chart.Series(label, style, doubles(points.keySet()), doubles(points.values()));
    }

    private static double[] doubles(Collection<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Rows of a condition, but none whose code was not compiled. */
    private static List<ReportText.Row> where(List<ReportText.Row> rows, Predicate<ReportText.Row> condition) {
        return rows.stream().filter(ReportText.Row::isHot).filter(condition).toList();
    }

    private static boolean has(ReportText.Row row, String parameter, String value) {
        return value.equals(row.parameters().get(parameter));
    }

    private static String method(ReportText.Row row) {
        return row.benchmark().substring(row.benchmark().indexOf('.') + 1);
    }

    /** Seconds that a row's multiply-adds take at the limit of its threads, times a scale; empty where it is not known. */
    private static List<Chart.Series> limit(RecordedRun run, List<ReportText.Row> rows, String label, String parameter,
            ToDoubleFunction<ReportText.Row> value) {
        Map<Integer, ReportText.Peak> peaks = run.bestPeaks();
        TreeMap<Double, Double> points = new TreeMap<>();
        for (ReportText.Row row : rows) {
            ReportText.fraction(row, peaks).filter(ReportText::isShare)
                .ifPresent(fraction -> points.put(Double.valueOf(row.parameters().get(parameter)), value
                    .applyAsDouble(row) * fraction));
        }
        return points.size() > 1 ? List.of(series(label, Chart.Style.REFERENCE, points)) : List.of();
    }

    private static List<Chart.Series> joined(List<Chart.Series> first, List<Chart.Series> second) {
        List<Chart.Series> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    private static void fit(RecordedRun run, List<Chart> charts) {
        List<ReportText.Row> rows = where(run.rows(BenchReport.Suite.FIT), r -> has(r, "covariance", "DIAGONAL"));
        ToDoubleFunction<ReportText.Row> micros = r -> r.secondsPerOperation() * 1e6;
        List<Chart.Series> lines = lines(rows, r -> threads(r.threads()), "dimension", micros);
        if (!lines.isEmpty()) {
            charts.add(new Chart("fit", BenchReport.Suite.FIT, "One step of a fit, K = 10, batches of 128", List.of(new Chart.Panel("",
                DIMENSION, "µs a step", true, true, List.of(), joined(lines, limit(run, where(rows, r -> r.threads() == 1),
                    "limit, 1 thread", "dimension", micros))))));
        }
    }

    private static String threads(int count) {
        return count == 1 ? "1 thread" : count + " threads";
    }

    /** Nanoseconds for each point over the dimension, on one thread. */
    private static void points(RecordedRun run, BenchReport.Suite suite, List<Chart> charts) {
        List<ReportText.Row> rows = where(run.rows(suite), r -> r.threads() == 1);
        String fewest = rows.stream().map(r -> r.parameters().get("points")).filter(p -> p != null).findFirst().orElse(null);
        rows = where(rows, r -> fewest == null || has(r, "points", fewest));
        ToDoubleFunction<ReportText.Row> nanos = r -> 1e9 / r.rate().orElse(Double.NaN);
        List<Chart.Series> lines = lines(rows, ReportCharts::method, "dimension", nanos);
        if (!lines.isEmpty()) {
            charts.add(new Chart(suite.label(), suite, suite.title() + ", K = 10, one thread", List.of(new Chart.Panel("", DIMENSION,
                "ns a point", true, true, List.of(), lines))));
        }
    }

    private static double nanosPerPair(ReportText.Row row) {
        return 1e9 / row.rate().orElse(Double.NaN);
    }

    private static void losses(RecordedRun run, List<Chart> charts) {
        List<ReportText.Row> rows = where(run.rows(BenchReport.Suite.LOSSES), r -> r.benchmark().equals("LossBenchmark.gradient"));
        List<Chart.Panel> panels = new ArrayList<>();
        overParameter(run, where(rows, r -> has(r, "points", "2000")), "dimension", "N = M = 2000", DIMENSION, panels);
        overParameter(run, where(rows, r -> has(r, "dimension", "3")), "points", "D = 3", "points N = M", panels);
        if (!panels.isEmpty()) {
            charts
                .add(new Chart("losses", BenchReport.Suite.LOSSES, "A pair of points in a sweep, value and gradient, one thread", panels));
        }
    }

    private static void overParameter(RecordedRun run, List<ReportText.Row> rows, String parameter, String title, String axis,
            List<Chart.Panel> panels) {
        List<Chart.Series> lines = lines(rows, r -> words(r.parameters().get("loss")), parameter, ReportCharts::nanosPerPair);
        if (!lines.isEmpty()) {
            panels.add(new Chart.Panel(title, axis, "ns a pair", true, true, List.of(), joined(lines, limit(run, where(rows, r -> has(r,
                "loss", "GAUSSIAN")), "limit, Gaussian", parameter, ReportCharts::nanosPerPair))));
        }
    }

    /** A constant's name as words: "log sum exp". */
    private static String words(String constant) {
        String text = constant.toLowerCase(Locale.ROOT).replace('_', ' ');
        return text.equals("log sum exp") ? "log-sum-exp" : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private static void sinkhorn(RecordedRun run, List<Chart> charts) {
        List<ReportText.Row> rows = where(run.rows(BenchReport.Suite.SINKHORN), r -> r.rate().isPresent());
        Function<ReportText.Row, String> label = r -> method(r).equals("iterations") ? "iteration: a sweep" : "plan applied to 8 values";
        List<Chart.Panel> panels = new ArrayList<>();
        List<Chart.Series> overPoints = lines(where(rows, r -> has(r, "dimension", "3")), label, "points", ReportCharts::nanosPerPair);
        List<Chart.Series> overDimension = lines(where(rows, r -> has(r, "points", "2000")), label, "dimension",
            ReportCharts::nanosPerPair);
        if (!overPoints.isEmpty()) {
            panels.add(new Chart.Panel("D = 3", "points N = M", "ns a pair", true, true, List.of(), overPoints));
        }
        if (!overDimension.isEmpty()) {
            panels.add(new Chart.Panel("N = M = 2000", DIMENSION, "ns a pair", true, true, List.of(), overDimension));
        }
        if (!panels.isEmpty()) {
            charts.add(new Chart("sinkhorn", BenchReport.Suite.SINKHORN, "Entropic transport, a pair of points, one thread", panels));
        }
    }

    private static void sort(RecordedRun run, List<Chart> charts) {
        List<ReportText.Row> rows = where(run.rows(BenchReport.Suite.SORT), r -> has(r, "input", "random") && !method(r).equals("copy"));
        List<Chart.Series> lines = lines(rows, r -> switch (method(r)) {
            case "sort" -> "values";
            case "sortWithOrder" -> "values with positions";
            case "library" -> "Arrays.sort";
            default -> method(r);
        }, "count", r -> 1e9 / r.rate().orElse(Double.NaN));
        if (!lines.isEmpty()) {
            charts.add(new Chart("sort", BenchReport.Suite.SORT, "Sorting normal float32 values, one thread", List.of(new Chart.Panel("",
                "values", "ns a value", true, true, List.of(), lines))));
        }
    }

    /** Times of benchmarks on one thread, one row each. */
    private static void times(RecordedRun run, BenchReport.Suite suite, String title, String unit, double scale, List<Chart> charts) {
        Map<String, Double> values = new LinkedHashMap<>();
        for (ReportText.Row row : where(run.rows(suite), r -> r.threads() == 1)) {
            values.put(row.benchmark().replace("Benchmark", "") + distinguishing(row, run.rows(suite)), row.secondsPerOperation() * scale);
        }
        bars(suite.label(), suite, title, unit, values, Map.of(), charts);
    }

    /** Parameters in which rows of the same benchmark differ. */
    private static String distinguishing(ReportText.Row row, List<ReportText.Row> rows) {
        StringBuilder text = new StringBuilder();
        row.parameters().forEach((name, value) -> {
            if (!name.equals("threads") && rows.stream().anyMatch(r -> r.benchmark().equals(row.benchmark()) && !value.equals(r.parameters()
                .get(name)))) {
                text.append(text.isEmpty() ? " " : ", ").append(name).append(' ').append(value);
            }
        });
        return text.toString();
    }

    /** One mark in a row of its own for each value, the first row on top; ours and others' in two colours. */
    private static void bars(String name, BenchReport.Suite suite, String title, String axis, Map<String, Double> ours,
            Map<String, Double> others, List<Chart> charts) {
        if (ours.size() + others.size() < 2) {
            return;
        }
        List<String> labels = new ArrayList<>(ours.keySet());
        labels.addAll(others.keySet());
        List<String> fromBelow = labels.reversed();
        List<Chart.Series> series = new ArrayList<>();
        series.add(marks("Pontoon", ours, fromBelow));
        if (!others.isEmpty()) {
            series.add(marks("peers", others, fromBelow));
        }
        double[] all = DoubleStream.concat(ours.values().stream().mapToDouble(v -> v), others.values().stream().mapToDouble(v -> v))
            .sorted()
            .toArray();
        boolean wide = all[all.length - 1] > WIDE * all[0];
        charts.add(new Chart(name, suite, title, List.of(new Chart.Panel("", axis, "", wide, false, fromBelow, series))));
    }

    private static Chart.Series marks(String label, Map<String, Double> values, List<String> rows) {
        return new Chart.Series(label, Chart.Style.MARKS, doubles(values.values()), values.keySet().stream().mapToDouble(rows::indexOf)
            .toArray());
    }

    /** How many times as fast as its scalar twin each kernel is. */
    private static void twins(RecordedRun run, List<Chart> charts) {
        List<ReportText.Row> rows = where(run.rows(BenchReport.Suite.KERNELS), r -> true);
        Set<String> names = new LinkedHashSet<>();
        Map<String, Map<String, Double>> byDimension = new LinkedHashMap<>();
        for (ReportText.Row row : rows) {
            for (ReportText.Row scalar : rows) {
                if (scalar.benchmark().equals(row.benchmark() + "Scalar") && scalar.parameters().equals(row.parameters())) {
                    String dimension = row.parameters().getOrDefault("dimension", row.parameters().get("fullDimension"));
                    names.add(method(row));
                    byDimension.computeIfAbsent(dimension == null ? "no dimension" : "D = " + dimension, d -> new LinkedHashMap<>())
                        .put(method(row), scalar.secondsPerOperation() / row.secondsPerOperation());
                }
            }
        }
        if (names.isEmpty()) {
            return;
        }
        List<String> fromBelow = List.copyOf(names).reversed();
        List<Chart.Series> series = new ArrayList<>();
        byDimension.forEach((label, values) -> series.add(marks(label, values, fromBelow)));
        series.add(new Chart.Series("as fast as the twin", Chart.Style.REFERENCE, new double[] {1, 1}, new double[] {-0.5, names.size()
            - 0.5}));
        charts.add(new Chart("kernels", BenchReport.Suite.KERNELS, "Kernels, times as fast as their scalar twins", List.of(new Chart.Panel(
            "", "times as fast", "", true, false, fromBelow, series))));
    }

    private static void scaling(RecordedRun run, List<Chart> charts) {
        List<ReportText.Row> all = run.rows(BenchReport.Suite.SCALING);
        Map<String, Double> alone = new LinkedHashMap<>();
        where(all, r -> !has(r, "growth", "WEAK") && r.threads() == 1).forEach(r -> alone.put(r.benchmark(), r.secondsPerOperation()));
        List<ReportText.Row> rows = where(all, r -> alone.containsKey(r.benchmark()));
        List<ReportText.Row> strong = where(rows, r -> !has(r, "growth", "WEAK"));
        List<ReportText.Row> weak = where(rows, r -> r.benchmark().startsWith("ScalingBenchmark.") && (has(r, "growth", "WEAK") || r
            .threads() == 1));
        ToDoubleFunction<ReportText.Row> speedUp = r -> alone.get(r.benchmark()) / r.secondsPerOperation();
        List<Chart.Panel> panels = new ArrayList<>();
        List<Chart.Series> strongLines = lines(strong, ReportCharts::operation, "threads", speedUp);
        if (!strongLines.isEmpty()) {
            double[] ends = ends(strongLines);
            panels.add(new Chart.Panel("the same work", "threads", "times as fast as one thread", true, true, List.of(), joined(
                strongLines, List.of(new Chart.Series("ideal", Chart.Style.REFERENCE, ends, ends)))));
        }
        List<Chart.Series> weakLines = lines(weak, ReportCharts::operation, "threads", r -> 100 * speedUp.applyAsDouble(r));
        if (!weakLines.isEmpty()) {
            panels.add(new Chart.Panel("work in proportion to the threads", "threads", "efficiency, %", true, false, List.of(), joined(
                weakLines, List.of(new Chart.Series("ideal", Chart.Style.REFERENCE, ends(weakLines), new double[] {100, 100})))));
        }
        if (!panels.isEmpty()) {
            charts.add(new Chart("scaling", BenchReport.Suite.SCALING, "Scaling with threads", panels));
        }
    }

    private static String operation(ReportText.Row row) {
        return switch (method(row)) {
            case "pairSums" -> "pair sums";
            case "logSumExp" -> "log-sum-exp";
            case "sortRows" -> "sorts of rows";
            case "step" -> "step of a fit";
            default -> method(row);
        };
    }

    private static double[] ends(List<Chart.Series> lines) {
        return new double[] {lines.stream().flatMapToDouble(l -> Arrays.stream(l.x())).min().orElse(1), lines.stream().flatMapToDouble(
            l -> Arrays.stream(l.x())).max().orElse(1)};
    }

    private static void latency(RecordedRun run, List<Chart> charts) {
        List<Chart.Panel> panels = new ArrayList<>();
        for (Map<String, Object> operation : run.latency()) {
            panels.add(new Chart.Panel(operation.get("name").toString(), "one call in so many is slower (100: p99)",
                "µs from when it was due",
                true, true, List.of(), List.of(curve("the call", operation.get("latencyCurve")), curve("doing nothing on the same schedule",
                    operation.get("nothingCurve")))));
        }
        if (!panels.isEmpty()) {
            charts.add(new Chart("latency", BenchReport.Suite.LATENCY, "Latency of one translation in process, K = 10", panels));
        }
    }

    private static Chart.Series curve(String label, Object points) {
        TreeMap<Double, Double> values = new TreeMap<>();
        for (Object point : RecordedRun.list(points)) {
            List<Object> pair = RecordedRun.list(point);
            // a loop that does nothing may be on time to the nanosecond, for which a logarithm has no place
            values.put(RecordedRun.number(pair.get(0)), Math.max(1e-3, RecordedRun.number(pair.get(1))));
        }
        return series(label, Chart.Style.CURVE, values);
    }

    /** Medians of whole processes: a row for each command, in which its peers stand beside it. */
    private static void coldCommands(RecordedRun run, List<Chart> charts) {
        List<Map<String, Object>> rows = ColdText.rows(run.cold(), "commands");
        List<String> fromBelow = rows.stream().map(row -> row.get("command").toString()).toList().reversed();
        Map<String, List<double[]>> points = new LinkedHashMap<>();
        for (Map<String, Object> row : rows) {
            for (Map<String, Object> contender : ColdText.rows(row, "contenders")) {
                String who = contender.get("who").toString().replaceAll(",.*", "");
                points.computeIfAbsent(who, w -> new ArrayList<>()).add(new double[] {median(contender.get("seconds")), fromBelow.indexOf(
                    row.get("command").toString())});
            }
        }
        List<Chart.Series> series = points.entrySet().stream().map(e -> new Chart.Series(e.getKey(), Chart.Style.MARKS, column(e.getValue(),
            0), column(e.getValue(), 1))).toList();
        if (rows.size() > 1) {
            charts.add(new Chart("cold", BenchReport.Suite.COLD, "Whole processes, from files to a result, one thread", List.of(
                new Chart.Panel("", "s, median", "", true, false, fromBelow, series))));
        }
    }

    /** Ratios of first calls beside the bar. */
    private static void firstCalls(RecordedRun run, List<Chart> charts) {
        List<Map<String, Object>> rows = ColdText.rows(run.cold(), "calls").stream().filter(row -> !row.containsKey("largestNanos"))
            .toList();
        if (rows.size() < 2) {
            return;
        }
        List<String> fromBelow = rows.stream().map(ColdText::name).toList().reversed();
        Map<String, Double> ratios = new LinkedHashMap<>();
        rows.forEach(row -> ratios.put(ColdText.name(row), ColdText.ratio(row)));
        Chart.Series bar = new Chart.Series("bar", Chart.Style.REFERENCE, new double[] {FirstCalls.BAR, FirstCalls.BAR}, new double[] {-0.5,
            rows.size() - 0.5});
        charts.add(new Chart("cold-first-calls", BenchReport.Suite.COLD, "First calls in fresh JVMs, over those in plain Java", List.of(
            new Chart.Panel("", "tiers as they come / plain Java, of medians", "", true, false, fromBelow, List.of(marks("first call",
                ratios, fromBelow), bar)))));
    }

    private static double[] column(List<double[]> points, int index) {
        return points.stream().mapToDouble(point -> point[index]).toArray();
    }

    /** Medians of the fits in turn. */
    private static void peerFits(RecordedRun run, List<Chart> charts) {
        run.peers().forEach((file, content) -> {
            if (content instanceof Map<?, ?> json && json.get("fits") != null) {
                Map<String, List<Double>> times = new LinkedHashMap<>();
                for (Object entry : RecordedRun.list(json.get("fits"))) {
                    Map<String, Object> fit = RecordedRun.map(entry);
                    if (RecordedRun.number(fit.get("round")) >= 0) {
                        times.computeIfAbsent(fit.get("contender").toString(), c -> new ArrayList<>()).add(1e6 * RecordedRun.number(fit.get(
                            "secondsPerStep")));
                    }
                }
                Map<String, Double> ours = new LinkedHashMap<>();
                Map<String, Double> others = new LinkedHashMap<>();
                times.forEach((name, values) -> (name.startsWith("pontoon") ? ours : others).put(name, PeerComparison.median(values.stream()
                    .mapToDouble(Double::doubleValue).sorted().toArray())));
                bars(file.replace(".json", "").replaceAll("[^a-z0-9]+", "-"), BenchReport.Suite.PEERS,
                    "One step of a fit in turn with peers, "
                        + "K = 10, one thread",
                    "µs a step, median", ours, others, charts);
            }
        });
    }

    /** Medians of the losses in turn, which {@link LossComparison} writes. */
    private static void peerLosses(RecordedRun run, List<Chart> charts) {
        Map<String, Double> ours = new LinkedHashMap<>();
        Map<String, Double> others = new LinkedHashMap<>();
        for (Map<String, Object> row : peerRows(run, "losses.json")) {
            String name = row.get("name").toString();
            (name.startsWith("pontoon") ? ours : others).put(name, 1e3 * median(row.get("seconds")));
        }
        bars("peers-losses", BenchReport.Suite.PEERS, "Losses in turn with peers, D = 3, one thread", "ms, median", ours, others, charts);
    }

    /** The loops over pairs in turn, which {@link PairPeerBenchmark} writes. */
    private static void peerPairs(RecordedRun run, List<Chart> charts) {
        Map<String, TreeMap<Double, Double>> lines = new LinkedHashMap<>();
        for (Map<String, Object> row : peerRows(run, "pairs.json")) {
            if (row.get("kernel").equals("gaussian")) {
                Map<String, String> contenders = new LinkedHashMap<>();
                contenders.put("Pontoon", "engine");
                contenders.put("C, AVX-512", "c");
                contenders.put("a scalar loop", "scalar");
                contenders.forEach((name, field) -> {
                    if (!RecordedRun.list(row.get(field)).isEmpty()) {
                        lines.computeIfAbsent(name, n -> new TreeMap<>()).put(RecordedRun.number(row.get("dimension")), median(row.get(
                            field)));
                    }
                });
            }
        }
        List<Chart.Series> series = lines.entrySet().stream().filter(e -> e.getValue().size() > 1).map(e -> series(e.getKey(),
            Chart.Style.LINE, e.getValue())).toList();
        if (!series.isEmpty()) {
            charts.add(new Chart("peers-pairs", BenchReport.Suite.PEERS, "Gaussian sums over pairs in turn with C, one thread", List.of(
                new Chart.Panel("", DIMENSION, "ns a pair, median", true, true, List.of(), series))));
        }
    }

    /** Sorts and distances on the line in turn, which {@link WassersteinComparison} writes. */
    private static void peerSorts(RecordedRun run, List<Chart> charts) {
        Map<String, Double> ours = new LinkedHashMap<>();
        Map<String, Double> others = new LinkedHashMap<>();
        for (Map<String, Object> row : peerRows(run, "wasserstein.json")) {
            String task = row.get("task").toString();
            String who = row.get("who").toString();
            // the shorter sorts would crowd it
            if (!task.startsWith("sort") || task.contains("1,000,000")) {
                (who.startsWith("Pontoon") ? ours : others).put(task + ": " + who, 1e3 * median(row.get("seconds")));
            }
        }
        bars("peers-wasserstein", BenchReport.Suite.PEERS, "Sorts and Wasserstein distances in turn with peers, one thread", "ms, median",
            ours, others, charts);
    }

    /** Rows of what a comparison wrote, none where it did not run. */
    private static List<Map<String, Object>> peerRows(RecordedRun run, String file) {
        return run.peers().get(file) instanceof Map<?, ?> json ? RecordedRun.list(json.get("rows")).stream().map(RecordedRun::map).toList()
            : List.of();
    }

    private static double median(Object numbers) {
        return PeerComparison.median(RecordedRun.list(numbers).stream().mapToDouble(RecordedRun::number).sorted().toArray());
    }
}
