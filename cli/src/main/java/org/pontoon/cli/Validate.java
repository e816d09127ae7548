package org.pontoon.cli;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

import org.pontoon.cli.report.BadInput;
import org.pontoon.cli.report.Console;
import org.pontoon.cli.report.ProgressBar;
import org.pontoon.cli.report.Table;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.Precision;
import org.pontoon.validation.Check;
import org.pontoon.validation.SinkhornTrial;
import org.pontoon.validation.ValidationReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pontoon validate}. */
@Command(name = "validate", mixinStandardHelpOptions = true, description = "Holds the engine against closed forms; exit code "
    + "1 if one fails.")
final class Validate implements Callable<Integer> {

    private final Console console;

    @Option(names = "--sinkhorn", paramLabel = "N", description = "Instead, solve N random problems of entropic transport that are hard (small "
        + "and huge blurs and reaches, far clusters, outliers, lattices, duplicates) and hold the values against certain bounds.")
    private Integer problems;

    @Option(names = "--largest", paramLabel = "M", description = "Points of the largest clouds of these problems (default: 200).")
    private Integer largest;

    @Option(names = "--precision", paramLabel = "T", description = "Arithmetic of these problems' sums, float32 or float64 (default: float64).")
    private Precision precision;

    @Mixin
    private CommonOptions common;

    Validate(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        common.apply(console);
        if (problems != null) {
            return solve();
        }
        BadInput.unless(largest == null && precision == null, "--largest and --precision say nothing without --sinkhorn");
        ValidationReport report;
        try (TileScheduler scheduler = common.scheduler(); ProgressBar progress = console.progress("validate")) {
            report = ValidationReport.run(common.seed, scheduler, progress);
        }
        console.checkInterrupted();
        Table table = new Table("").column("group").column("quantity").column("expected", "%.9g").column("got", "%.9g").column("measure")
            .column("error", "%.2g").column("bound", "%.2g").column("pass");
        for (Check check : report.checks()) {
            table.row(check.group(), check.quantity(), check.expected(), check.got(),
                check.measure().name().toLowerCase(Locale.ROOT).replace('_', ' '), check.error(), check.bound(),
                check.pass() ? "yes" : "NO");
        }
        int checks = report.checks().size();
        int failures = report.failures().size();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("checks", checks);
        result.put("failures", failures);
        result.put("passed", report.passed());
        result.put("seconds", report.seconds());
        result.put("rows", table.records());
        console.report(result, table.markdown() + String.format(Locale.ROOT, "%n%n%d of %d pass, %.1f s", checks - failures, checks,
            report.seconds()));
        if (!report.passed()) {
            console.error(failures + " of " + checks + " checks fail");
            return Pontoon.FAILED;
        }
        return Pontoon.DONE;
    }

    /** Problems from the seed on; fails where a value lies outside of its bounds, or more than one in fifty does not converge. */
    private int solve() {
        BadInput.unless(problems >= 1, "--sinkhorn is %d, expected at least 1", problems);
        BadInput.unless(largest == null || largest >= 5, "--largest is %d, expected at least 5", largest);
        Precision sums = precision == null ? Precision.FLOAT64 : precision;
        double tolerance = sums == Precision.FLOAT64 ? 1e-6 : 1e-4;
        Table table = new Table("").column("seed").column("problem").column("value", "%.9g").column("least", "%.9g").column("most", "%.9g")
            .column("gap", "%.2g").column("marginal error", "%.2g").column("iterations").column("seconds", "%.2f").column("verdict");
        int converged = 0;
        int wrong = 0;
        int vague = 0;
        double seconds = 0;
        double slowest = 0;
        try (TileScheduler scheduler = common.scheduler(); ProgressBar progress = console.progress("validate")) {
            for (int k = 0; k < problems && progress.advance(k, problems); k++) {
                SinkhornTrial trial = SinkhornTrial.run(common.seed + k, largest == null ? 200 : largest, sums, scheduler);
                boolean truthful = trial.truthful(tolerance);
                converged += trial.converged() ? 1 : 0;
                wrong += truthful ? 0 : 1;
                vague += trial.uncertainty() <= tolerance ? 0 : 1;
                seconds += trial.seconds();
                slowest = Math.max(slowest, trial.seconds());
                table.row(trial.seed(), trial.problem(), trial.result().value(), trial.lower(), trial.upper(), trial.result().gap(),
                    trial.result().marginalError(), trial.result().iterations() + trial.result().activeIterations(), trial.seconds(),
                    truthful ? trial.converged() ? "right" : "not converged" : "WRONG");
            }
        }
        console.checkInterrupted();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("problems", problems);
        result.put("converged", converged);
        result.put("wrong", wrong);
        result.put("uncertain", vague);
        result.put("slowest", slowest);
        result.put("seconds", seconds);
        result.put("rows", table.records());
        console.report(result, table.markdown() + String.format(Locale.ROOT,
            "%n%n%d of %d converge, %d wrong, %d whose truth is known to less than %.0e; %.1f s, the slowest %.1f s", converged, problems,
            wrong,
            vague, tolerance, seconds, slowest));
        if (wrong > 0 || converged < 0.98 * problems) {
            console.error(wrong + " of " + problems + " problems have a wrong value, " + (problems - converged) + " do not converge");
            return Pontoon.FAILED;
        }
        return Pontoon.DONE;
    }
}
