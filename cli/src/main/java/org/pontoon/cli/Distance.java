package org.pontoon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

import org.pontoon.cli.report.BadInput;
import org.pontoon.cli.report.Console;
import org.pontoon.cli.report.ProgressBar;
import org.pontoon.engine.file.NpyArray;
import org.pontoon.engine.file.NpyFile;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.LossGradient;
import org.pontoon.engine.transport.MaxSlicedWasserstein;
import org.pontoon.engine.transport.MeasureLoss;
import org.pontoon.engine.transport.Precision;
import org.pontoon.engine.transport.Sinkhorn;
import org.pontoon.engine.transport.SinkhornResult;
import org.pontoon.engine.transport.SlicedResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pontoon distance}. */
@Command(name = "distance", mixinStandardHelpOptions = true, sortOptions = false, description = "Measures a loss between two "
    + "clouds of points.")
final class Distance implements Callable<Integer> {

    private final Console console;

    @Parameters(index = "0", paramLabel = "LOSS", completionCandidates = LossOptions.Names.class, description = LossOptions.NAMES
        + " (value is W_p, power is W_p^p).")
    private LossOptions.Loss loss;

    @Parameters(index = "1", paramLabel = "X", description = "First cloud (N, D): " + CloudPair.NAMES + ".")
    private Path first;

    @Parameters(index = "2", paramLabel = "Y", description = "Second cloud (M, D).")
    private Path second;

    @Mixin
    private CloudPair pair;

    @Mixin
    private LossOptions options;

    @Option(names = "--gradient", paramLabel = "G.npy", description = "Write the derivative in the points of X, shape (N, D): of the value, or of the "
        + "power where there is one.")
    private Path gradient;

    @Mixin
    private CommonOptions common;

    Distance(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        common.apply(console);
        pair.check(console);
        options.check(loss);
        if (gradient != null) {
            BadInput.unless(gradient.toString().toLowerCase(Locale.ROOT).endsWith(".npy"),
                "--gradient is %s, expected a name that ends in .npy", gradient);
            console.claim(gradient);
        }
        List<PointCloud> clouds = options.read(loss, pair, first, second, common.seed);
        try (PointCloud x = clouds.get(0); PointCloud y = clouds.get(1); TileScheduler scheduler = common.scheduler()) {
            Map<String, Object> summary = new LinkedHashMap<>();
            summary.put("loss", loss.toString());
            long began = System.nanoTime();
            LossGradient slope = measure(options.make(loss, Precision.FLOAT64, common.seed), x, y, scheduler, summary);
            double seconds = (System.nanoTime() - began) * 1e-9;
            console.checkInterrupted();
            if (gradient != null) {
                NpyFile.write(gradient, NpyArray.of(slope.points(), x.size(), x.dimension()));
                summary.put("gradient", gradient.toString());
            }
            summary.put("seconds", seconds);
            console.report(summary);
        }
        return Pontoon.DONE;
    }

    /** Puts the results into the summary; the gradient is null unless it is asked for. */
    private LossGradient measure(MeasureLoss loss, PointCloud x, PointCloud y, TileScheduler scheduler, Map<String, Object> summary) {
        if (loss instanceof Sinkhorn sinkhorn) {
            SinkhornResult result;
            try (ProgressBar progress = console.iterations("distance")) {
                result = sinkhorn.solve(x, y, null, progress, scheduler);
            }
            summary.put("value", result.value());
            summary.put("linearCost", result.linearCost());
            summary.put("dual", result.dual());
            summary.put("gap", result.gap());
            summary.put("marginalError", result.marginalError());
            summary.put("iterations", result.iterations());
            summary.put("status", result.status().name().toLowerCase(Locale.ROOT).replace('_', ' '));
            console.checkInterrupted();
            if (result.status() != SinkhornResult.Status.CONVERGED) {
                console.remark("not converged: the marginal error is " + result.marginalError() + ", above the tolerance of "
                    + result.options().tolerance());
            }
            return result.gradientX();
        }
        if (loss instanceof ProjectedWasserstein projected) {
            return measure(projected, x, y, scheduler, summary);
        }
        if (gradient == null) {
            summary.put("value", loss.value(x, y, scheduler));
            return null;
        }
        LossGradient result = loss.gradient(x, y, scheduler);
        summary.put("value", result.value());
        return result;
    }

    private LossGradient measure(ProjectedWasserstein loss, PointCloud x, PointCloud y, TileScheduler scheduler,
            Map<String, Object> summary) {
        Map<String, Object> details = new LinkedHashMap<>();
        double power = switch (loss) {
            case ProjectedWasserstein.Line line -> line.value(x, y, scheduler);
            case ProjectedWasserstein.Sliced sliced -> {
                SlicedResult result = sliced.result(x, y, scheduler);
                details.put("standardError", result.standardError());
                yield result.mean();
            }
            case ProjectedWasserstein.MaxSliced maximum -> {
                MaxSlicedWasserstein.Result result = maximum.result(x, y);
                List<Float> direction = new ArrayList<>();
                for (float v : result.direction()) {
                    direction.add(v);
                }
                details.put("direction", direction);
                details.put("iterations", result.iterations());
                details.put("status", result.converged() ? "converged" : "max iterations");
                yield result.cost();
            }
        };
        summary.put("value", Math.pow(Math.max(0, power), 1 / loss.p()));
        summary.put("power", power);
        summary.putAll(details);
        return gradient == null ? null : loss.gradient(x, y, scheduler);
    }
}
