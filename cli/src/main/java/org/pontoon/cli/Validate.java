package org.pontoon.cli;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

import org.pontoon.cli.report.Console;
import org.pontoon.cli.report.ProgressBar;
import org.pontoon.cli.report.Table;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.validation.Check;
import org.pontoon.validation.ValidationReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code pontoon validate}. */
@Command(name = "validate", mixinStandardHelpOptions = true, description = "Holds the engine against closed forms; exit code "
    + "1 if one fails.")
final class Validate implements Callable<Integer> {

    private final Console console;

    @Mixin
    private CommonOptions common;

    Validate(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        common.apply(console);
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
}
