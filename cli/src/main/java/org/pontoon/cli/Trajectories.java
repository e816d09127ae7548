package org.pontoon.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

import org.pontoon.cli.report.BadInput;
import org.pontoon.cli.report.Console;
import org.pontoon.cli.report.Picture;
import org.pontoon.cli.report.ProgressBar;
import org.pontoon.engine.bridge.BridgeTransport;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.bridge.PathMethod;
import org.pontoon.engine.file.NpyFile;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pontoon path}. */
@Command(name = "path", mixinStandardHelpOptions = true, sortOptions = false, description = "Draws one trajectory of a fitted "
    + "bridge for each source point.")
final class Trajectories implements Callable<Integer> {

    private enum Method {
        BRIDGE(PathMethod.BROWNIAN_BRIDGE), EULER(PathMethod.EULER_MARUYAMA);

        private final PathMethod method;

        Method(PathMethod method) {
            this.method = method;
        }
    }

    private final Console console;

    @Option(names = "--model", required = true, paramLabel = "MODEL.npz", description = "The fitted bridge.")
    private Path model;

    @Option(names = "--source", required = true, paramLabel = "X", description = "Start points (N, D).")
    private Path source;

    @Option(names = "--out", required = true, paramLabel = "P.npy", description = "The trajectories, shape (N, steps + 1, D).")
    private Path out;

    @Option(names = "--steps", paramLabel = "N", defaultValue = "50", description = "Time steps (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--method", paramLabel = "METHOD", defaultValue = "bridge", description = "bridge: exact at every step; "
        + "euler: Euler-Maruyama along the drift (default: ${DEFAULT-VALUE}).")
    private Method method;

    @Option(names = "--plot", paramLabel = "FILE", description = "A picture of the first trajectories, .png or .svg: the two "
        + "coordinates, or the "
        + "two principal axes where there are more.")
    private Path plot;

    @Mixin
    private CommonOptions common;

    Trajectories(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        common.apply(console);
        BadInput.unless(steps >= 1, "--steps is %d, expected at least 1", steps);
        console.claim(out);
        BadInput.unless(out.toString().toLowerCase(Locale.ROOT).endsWith(".npy"), "--out is %s, expected a name that ends in .npy", out);
        if (plot != null) {
            console.claim(plot);
            BadInput.unless(Picture.isPictureName(plot), "--plot is %s, expected a name that ends in .png or .svg", plot);
        }
        long began = System.nanoTime();
        LightBridge bridge = Inputs.bridge(model);
        try (PointCloud x = Inputs.cloud(source, bridge.dimension(), model.toString(), console);
                TileScheduler scheduler = common.scheduler()) {
            Inputs.remarkPrecision(source, console);
            Inputs.requireWithinReach(x, bridge, scheduler, source);
            PathPicture picture = plot == null ? null : new PathPicture(x.size(), steps + 1, x.dimension());
            draw(new BridgeTransport(bridge, scheduler), x, picture);
            if (picture != null) {
                picture.write(plot, bridge);
            }
            Map<String, Object> summary = new LinkedHashMap<>();
            summary.put("out", out.toString());
            summary.put("shape", List.of(x.size(), steps + 1, x.dimension()));
            summary.put("method", method.name().toLowerCase(Locale.ROOT));
            if (plot != null) {
                summary.put("plot", plot.toString());
            }
            summary.put("seconds", (System.nanoTime() - began) * 1e-9);
            console.report(summary);
        }
        return Pontoon.DONE;
    }

    private void draw(BridgeTransport transport, PointCloud x, PathPicture picture) throws IOException {
        int length = Math.multiplyExact(steps + 1, x.dimension());
        try (ProgressBar progress = console.progress("path");
                NpyFile.Writer writer = NpyFile.writer(out, x.size(), steps + 1, x.dimension())) {
            transport.paths(x, steps, method.method, common.seed, (point, path) -> {
                Inputs.requireFinite(path, length, point, source);
                try {
                    writer.write(path, 0, length);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                if (picture != null) {
                    picture.offer(point, Arrays.copyOf(path, length));
                }
                progress.advance(point + 1, x.size());
                console.checkInterrupted();
            });
            writer.commit();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
