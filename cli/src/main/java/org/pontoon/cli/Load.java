package org.pontoon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

import org.HdrHistogram.Histogram;
import org.pontoon.cli.report.BadInput;
import org.pontoon.cli.report.Console;
import org.pontoon.cli.report.ResultFolder;
import org.pontoon.service.Idle;
import org.pontoon.service.LatencyFiles;
import org.pontoon.service.LatencySummary;
import org.pontoon.service.LoadGenerator;
import org.pontoon.service.LoadOptions;
import org.pontoon.service.ServiceException;
import org.pontoon.service.ServiceOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pontoon load}. */
@Command(name = "load", mixinStandardHelpOptions = true, sortOptions = false, description = "Offers requests to a running 'pontoon "
    + "serve' on a fixed schedule, and measures how long after they were due the answers come.")
final class Load implements Callable<Integer> {

    private final Console console;

    @Option(names = "--rate", paramLabel = "R", defaultValue = "50000", description = "Requests a second (default: ${DEFAULT-VALUE}); "
        + "0 for as many as come back, which measures throughput and no latency.")
    private double rate;

    @Option(names = "--requests", paramLabel = "N", description = "How many to measure (default: what 10 seconds hold).")
    private Long requests;

    @Option(names = "--warm-up", paramLabel = "N", defaultValue = "100000", description = "Requests before them that do not count "
        + "(default: ${DEFAULT-VALUE}).")
    private long warmUp;

    @Option(names = "--model", paramLabel = "NAME", defaultValue = "default", description = "Name of the model (default: "
        + "${DEFAULT-VALUE}).")
    private String model;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "1", description = "Points to a request (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(names = "--mean", description = "Means instead of samples.")
    private boolean mean;

    @Option(names = "--check", paramLabel = "MODEL.npz", description = "Hold every answer against this bridge, bit by bit.")
    private Path check;

    @Option(names = "--echo", description = "In turns of a second, offer the same messages to the server's echo ('serve --echo').")
    private boolean echo;

    @Option(names = "--channel", paramLabel = "CHANNEL", defaultValue = ServiceOptions.IPC, description = "Aeron channel of the "
        + "server's requests (default: ${DEFAULT-VALUE}).")
    private String channel;

    @Option(names = "--stream", paramLabel = "N", defaultValue = "" + ServiceOptions.STREAM, description = "Aeron stream of the "
        + "server's requests (default: ${DEFAULT-VALUE}).")
    private int stream;

    @Option(names = "--aeron-dir", paramLabel = "DIR", description = "The media driver's directory (default: pontoon-USER in shared "
        + "memory).")
    private Path directory;

    @Option(names = "--idle", paramLabel = "HOW", defaultValue = "yielding", description = "What to do while nothing is due: busy_spin, "
        + "yielding or parking (default: ${DEFAULT-VALUE}).")
    private Idle idle;

    @Option(names = "--out", paramLabel = "DIR", description = "Write all distributions there (.hgrm) and a picture of them (.svg).")
    private Path out;

    @Option(names = "--overwrite", description = ResultFolder.OVERWRITE)
    private boolean overwrite;

    @Mixin
    private CommonOptions common;

    Load(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        common.apply(console);
        ResultFolder folder = out == null ? null : ResultFolder.claim(out, LatencyFiles.NAMES, overwrite, console);
        long count = requests != null ? requests : Math.max(1, (long) (10 * (rate == 0 ? 100_000 : rate)));
        LoadOptions options = new LoadOptions(directory == null ? ServiceOptions.defaultDirectory() : directory, channel, stream, model,
            rate, count, warmUp, batch, mean, idle, echo, check == null ? null : Inputs.bridge(check), Duration.ofSeconds(5));
        LoadGenerator.Result result;
        try {
            result = LoadGenerator.run(options);
        } catch (ServiceException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
        if (folder != null) {
            Map<String, Histogram> histograms = new LinkedHashMap<>();
            histograms.put("translate", result.histogram());
            if (result.echoHistogram() != null) {
                histograms.put("echo", result.echoHistogram());
            }
            histograms.put("nothing", result.nothingHistogram());
            String title = "Latency from when a request was due to its answer, "
                + (rate == 0 ? "as many as come back" : (long) rate + " requests a second");
            folder.write(to -> LatencyFiles.write(to, title, histograms));
        }
        console.report(json(result), table(result));
        BadInput.unless(rate == 0 || result.answers().perSecond() > 0.99 * rate || !result.isFlawless(),
            "--rate is %s, but only %.0f a second were answered", rate, result.answers().perSecond());
        return result.isFlawless() ? Pontoon.DONE : Pontoon.FAILED;
    }

    private static Map<String, Object> json(LoadGenerator.Result result) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("translate", result.answers().toMap());
        if (result.echoes() != null) {
            json.put("echo", result.echoes().toMap());
        }
        json.put("nothing", result.nothing().toMap());
        json.put("sent", result.sent());
        json.put("answered", result.answered());
        json.put("lost", result.lost());
        json.put("refused", result.refused());
        json.put("wrong", result.wrong());
        json.put("unexpected", result.unexpected());
        json.put("sentLate", result.late());
        return json;
    }

    private static String table(LoadGenerator.Result result) {
        return LatencySummary.HEADER + "\n" + result.answers().row() + "\n" + (result.echoes() == null ? "" : result.echoes().row() + "\n")
            + result.nothing().row() + "\n\nsent " + result.sent() + ", answered " + result.answered() + ", lost " + result.lost()
            + ", refused " + result.refused() + ", wrong " + result.wrong() + ", unexpected " + result.unexpected()
            + ", sent over 1 ms late "
            + result.late();
    }
}
