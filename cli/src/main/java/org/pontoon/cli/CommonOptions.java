package org.pontoon.cli;

import org.pontoon.cli.report.BadInput;
import org.pontoon.cli.report.Console;
import org.pontoon.engine.parallel.TileScheduler;

import picocli.CommandLine.Option;

/** The options that every command has. */
final class CommonOptions {

    @Option(names = "--seed", paramLabel = "N", defaultValue = "42", description = "Seed of all random numbers; the same seed "
        + "gives the same bytes (default: ${DEFAULT-VALUE}).")
    long seed;

    @Option(names = "--threads", paramLabel = "N", description = "Number of threads (default: all cores). It never changes a result.")
    private Integer threads;

    @Option(names = "--json", description = "Print one JSON object on standard output and nothing else there.")
    private boolean json;

    @Option(names = "--quiet", description = "Show no progress and no remarks.")
    private boolean quiet;

    /** Tells the console what was asked for; every command begins with this. */
    void apply(Console console) {
        BadInput.unless(threads == null || threads >= 1 && threads <= 1024, "--threads is %d, expected 1 to 1024", threads);
        console.use(json, quiet);
    }

    int threads() {
        return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    }

    TileScheduler scheduler() {
        return new TileScheduler(threads());
    }
}
