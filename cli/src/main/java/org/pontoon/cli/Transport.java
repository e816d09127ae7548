package org.pontoon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

import org.pontoon.cli.report.BadInput;
import org.pontoon.cli.report.Console;
import org.pontoon.engine.bridge.BridgeTransport;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pontoon transport}. */
@Command(name = "transport", mixinStandardHelpOptions = true, sortOptions = false, description = "Moves points along a fitted "
    + "bridge: draws from the conditional plan, from the bridge at a time, or takes the mean.")
final class Transport implements Callable<Integer> {

    private final Console console;

    @Option(names = "--model", required = true, paramLabel = "MODEL.npz", description = "The fitted bridge.")
    private Path model;

    @Option(names = "--source", required = true, paramLabel = "X", description = "Source points (N, D).")
    private Path source;

    @Option(names = "--out", required = true, paramLabel = "Y", description = "The moved points (N * samples, D), .npy, .npz or .csv.")
    private Path out;

    @Option(names = "--time", paramLabel = "T", defaultValue = "1", description = "Time within [0, 1] (default: "
        + "${DEFAULT-VALUE}, the target).")
    private double time;

    @Option(names = "--samples", paramLabel = "S", defaultValue = "1", description = "Samples for each point; sample j of "
        + "point n is row n * S + j (default: ${DEFAULT-VALUE}).")
    private int samples;

    @Option(names = "--mean", description = "The mean instead of a sample: the barycentric map.")
    private boolean mean;

    @Mixin
    private CommonOptions common;

    Transport(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        common.apply(console);
        BadInput.unless(time >= 0 && time <= 1, "--time is %s, expected a time within [0, 1]", time);
        BadInput.unless(samples >= 1, "--samples is %d, expected at least 1", samples);
        BadInput.unless(!mean || samples == 1, "--mean has one value for each point, expected no --samples beside it");
        Inputs.claimCloud(out, console);
        long began = System.nanoTime();
        LightBridge bridge = Inputs.bridge(model);
        try (PointCloud x = Inputs.cloud(source, bridge.dimension(), model.toString(), console);
                TileScheduler scheduler = common.scheduler()) {
            Inputs.remarkPrecision(source, console);
            BadInput.unless((long) x.size() * samples <= Integer.MAX_VALUE - 16,
                "--samples is %d, expected at most %d for the %d points of %s",
                samples, (Integer.MAX_VALUE - 16) / x.size(), x.size(), source);
            Inputs.requireWithinReach(x, bridge, scheduler, source);
            try (PointCloud y = move(new BridgeTransport(bridge, scheduler), x)) {
                console.checkInterrupted();
                requireFinite(y);
                CloudFiles.write(out, y);
                Map<String, Object> summary = new LinkedHashMap<>();
                summary.put("out", out.toString());
                summary.put("points", x.size());
                summary.put("dimension", x.dimension());
                summary.put("time", time);
                summary.put("kind", mean ? "mean" : "sample");
                summary.put("samples", samples);
                summary.put("outOfSupport", outOfSupport(bridge, x, scheduler));
                summary.put("seconds", (System.nanoTime() - began) * 1e-9);
                console.report(summary);
            }
        }
        return Pontoon.DONE;
    }

    private PointCloud move(BridgeTransport transport, PointCloud x) {
        if (mean) {
            PointCloud end = transport.mean(x);
            return time == 1 ? end : between(x, end);
        }
        return time == 1 ? transport.sample(x, samples, common.seed) : transport.sampleAt(x, time, samples, common.seed);
    }

    private void requireFinite(PointCloud y) {
        float[] point = new float[y.dimension()];
        for (int n = 0; n < y.size(); n++) {
            y.copyPoint(n, point, 0);
            Inputs.requireFinite(point, point.length, n / samples, source);
        }
    }

    /** The mean of the bridge at a time lies on the line between a point and its mean at the end. */
    private PointCloud between(PointCloud x, PointCloud end) {
        for (int n = 0; n < x.size(); n++) {
            for (int d = 0; d < x.dimension(); d++) {
                end.set(n, d, (float) ((1 - time) * x.get(n, d) + time * end.get(n, d)));
            }
        }
        return end;
    }

    private static int outOfSupport(LightBridge bridge, PointCloud x, TileScheduler scheduler) {
        int tile = 256;
        int[] counts = new int[(x.size() + tile - 1) / tile];
        scheduler.run(counts.length, (t, worker) -> {
            float[] row = new float[x.dimension()];
            double[] point = new double[row.length];
            for (int n = t * tile; n < Math.min(x.size(), (t + 1) * tile); n++) {
                x.copyPoint(n, row, 0);
                for (int d = 0; d < row.length; d++) {
                    point[d] = row[d];
                }
                counts[t] += bridge.isOutOfSupport(point) ? 1 : 0;
            }
        });
        int total = 0;
        for (int count : counts) {
            total += count;
        }
        return total;
    }
}
