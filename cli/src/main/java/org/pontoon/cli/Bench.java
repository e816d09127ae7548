package org.pontoon.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

import org.pontoon.bench.BenchReport;
import org.pontoon.bench.ReportComparison;
import org.pontoon.cli.report.BadInput;
import org.pontoon.cli.report.Console;
import org.pontoon.cli.report.Machine;
import org.pontoon.cli.report.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pontoon bench}. */
@Command(name = "bench", mixinStandardHelpOptions = true, description = "Runs JMH suites on this machine and writes a report; "
    + "'bench compare A B' tells what changed between two reports.")
final class Bench implements Callable<Integer> {

    private final Console console;

    @Parameters(arity = "0..*", paramLabel = "SUITE", description = "Suites to run: fit, transport, sampler, drift, losses, sinkhorn, "
        + "sort, wasserstein, flows, kernels, scaling, latency, cold, peers, facts (default: all but facts).")
    private List<String> suites;

    @Option(names = "--quick", description = "A first look in ten minutes: one fork, short iterations, fewer parameters. "
        + "Not to be quoted.")
    private boolean quick;

    @Option(names = "--plan", description = "Only tell what would be measured, and how long it would take.")
    private boolean plan;

    @Option(names = "--host", paramLabel = "LABEL", description = "Neutral name of this machine, as in epyc-genoa-2c (default: from the "
        + "processor's name and the number of cores).")
    private String host;

    @Option(names = "--include", paramLabel = "REGEX", defaultValue = "", description = "Only benchmarks whose name contains this.")
    private String include;

    @Option(names = "--out", paramLabel = "DIR", defaultValue = "perf-reports", description = "Where the report's folder is made "
        + "(default: ${DEFAULT-VALUE}).")
    private Path out;

    @Mixin
    private CommonOptions common;

    Bench(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        common.apply(console);
        BenchReport.Request request;
        try {
            List<BenchReport.Suite> chosen = suites == null ? BenchReport.defaultSuites()
                : BenchReport.suites(String.join(",", suites));
            request = new BenchReport.Request(host == null ? machine() : host, chosen, include, Map.of(), quick
                ? BenchReport.Settings.QUICK
                : BenchReport.Settings.FULL, out, "");
        } catch (IllegalArgumentException e) {
            throw new BadInput(e.getMessage(), e);
        }
        if (plan) {
            return plan(request);
        }
        long begin = System.nanoTime();
        Path report = BenchReport.run(request, ReportChart::paint, console::remark);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("report", report.toString());
        result.put("seconds", (System.nanoTime() - begin) * 1e-9);
        console.report(result, Files.readString(report.resolve("REPORT.md")) + System.lineSeparator() + "written: " + report);
        return Pontoon.DONE;
    }

    private int plan(BenchReport.Request request) {
        List<BenchReport.Planned> suitesToRun = BenchReport.plan(request);
        Table table = new Table("").column("suite").column("benchmarks", "%d").column("minutes", "%.1f");
        for (BenchReport.Planned suite : suitesToRun) {
            table.row(suite.suite(), suite.benchmarks(), suite.seconds() / 60);
        }
        int benchmarks = suitesToRun.stream().mapToInt(BenchReport.Planned::benchmarks).sum();
        double seconds = suitesToRun.stream().mapToDouble(BenchReport.Planned::seconds).sum();
        BenchReport.Settings settings = request.settings();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("benchmarks", benchmarks);
        result.put("seconds", seconds);
        result.put("suites", table.records());
        console.report(result, String.format(Locale.ROOT, "%s%n%d benchmarks, %.0f minutes: at most %d forks of %d warm-up and %d measured "
            + "iterations of %d ms", table.markdown(), benchmarks, seconds / 60, settings.forks(), settings.warmUps(),
            settings
                .iterations(),
            settings.milliseconds()));
        return Pontoon.DONE;
    }

    /** The processor's name without its maker's ornaments, and the number of cores. */
    private static String machine() {
        String name = String.valueOf(Machine.describe().get("processor")).toLowerCase(Locale.ROOT)
            .replaceAll("\\((r|tm)\\)|processor|cpu", " ")
            .replaceAll("@.*", "").replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
        return (name.isEmpty() ? "machine" : name) + "-" + Runtime.getRuntime().availableProcessors() + "c";
    }

    /** {@code pontoon bench compare}. */
    @Command(name = "compare", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "What changed between two reports, beyond noise: faster, slower, the same within a tolerance, or undecided.",
        "Exit code 1 where something is slower, 3 where nothing is but something is undecided."})
    static final class Compare implements Callable<Integer> {

        /** Exit code of a question that stays open, as of an iteration that did not converge. */
        private static final int UNDECIDED = 3;

        private final Console console;

        @Parameters(index = "0", paramLabel = "A", description = "Folder of the first report.")
        private Path before;

        @Parameters(index = "1", paramLabel = "B", description = "Folder of the second report.")
        private Path after;

        @Option(names = "--within", paramLabel = "PERCENT", defaultValue = "10", description = "Times that differ by no more are the same "
            + "(default: ${DEFAULT-VALUE}).")
        private double within;

        @Option(names = "--all", description = "All rows: also those that are the same, or undecided and "
            + "alike by the look of it, latencies, and what only one report has.")
        private boolean all;

        @Mixin
        private CommonOptions common;

        Compare(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() throws IOException {
            common.apply(console);
            BadInput.unless(within > 0 && within <= 1000, "--within is %s, expected more than 0 and at most 1000 per cent", within);
            ReportComparison.Outcome outcome;
            try {
                outcome = ReportComparison.compare(before, after, within / 100);
            } catch (IllegalArgumentException e) {
                throw new BadInput(e.getMessage(), e);
            }
            Table table = new Table("").column("benchmark").column("unit").column("A", "%.4g").column("±", "%.2g").column("B", "%.4g")
                .column("±", "%.2g").column("times as fast", "%.3g").column("from", "%.3g").column("to", "%.3g").column("verdict")
                .column("why");
            for (ReportComparison.Row row : outcome.rows()) {
                if (all || isWorthALook(row)) {
                    List<Object> cells = new ArrayList<>(List.of(row.benchmark(), row.unit()));
                    for (double number : new double[] {row.before(), row.beforeError(), row.after(), row.afterError(), row.speedup(), row
                        .least(), row.most()}) {
                        cells.add(Double.isNaN(number) ? null : number);
                    }
                    cells.add(row.verdict().name().toLowerCase(Locale.ROOT));
                    cells.add(row.why().isEmpty() ? null : row.why());
                    table.row(cells.toArray());
                }
            }
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("benchmarks", outcome.rows().size());
            result.put("withinPercent", within);
            for (ReportComparison.Verdict verdict : ReportComparison.Verdict.values()) {
                result.put(verdict.name().toLowerCase(Locale.ROOT), outcome.count(verdict));
            }
            result.put("suitesOnlyInA", outcome.onlyBefore());
            result.put("suitesOnlyInB", outcome.onlyAfter());
            result.put("rows", table.records());
            console.report(result, (table.records().isEmpty() ? "" : table.markdown() + System.lineSeparator()) + summary(outcome));
            return outcome.count(ReportComparison.Verdict.SLOWER) > 0 ? Pontoon.FAILED
                : outcome.count(ReportComparison.Verdict.UNDECIDED) > 0 ? UNDECIDED : Pontoon.DONE;
        }

        private boolean isWorthALook(ReportComparison.Row row) {
            return switch (row.verdict()) {
                case FASTER, SLOWER -> true;
                case UNDECIDED -> Double.isNaN(row.least()) || !(Math.max(row.speedup(), 1 / row.speedup()) <= 1 + within / 100);
                default -> false;
            };
        }

        private String summary(ReportComparison.Outcome outcome) {
            StringBuilder text = new StringBuilder(String.format(Locale.ROOT,
                "%d benchmarks: %d faster, %d slower, %d the same within %s %%, %d undecided, %d latencies listed, %d only in A, %d only in B",
                outcome.rows().size(), outcome.count(ReportComparison.Verdict.FASTER), outcome.count(ReportComparison.Verdict.SLOWER),
                outcome.count(ReportComparison.Verdict.SAME), Double.toString(within).replaceAll("\\.0$", ""),
                outcome.count(ReportComparison.Verdict.UNDECIDED), outcome.count(
                    ReportComparison.Verdict.LISTED),
                outcome.count(ReportComparison.Verdict.GONE), outcome.count(ReportComparison.Verdict.NEW)));
            if (!outcome.onlyBefore().isEmpty()) {
                text.append(System.lineSeparator()).append("suites only in A: ").append(String.join(", ", outcome.onlyBefore()));
            }
            if (!outcome.onlyAfter().isEmpty()) {
                text.append(System.lineSeparator()).append("suites only in B: ").append(String.join(", ", outcome.onlyAfter()));
            }
            return text.toString();
        }
    }
}
