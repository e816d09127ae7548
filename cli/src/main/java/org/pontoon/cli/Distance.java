package org.pontoon.cli;

import java.io.IOException;
import java.nio.file.Path;
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
import org.pontoon.engine.transport.Precision;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pontoon distance}. */
@Command(name = "distance", mixinStandardHelpOptions = true, sortOptions = false, description = "Measures a loss between two "
    + "clouds of points.", footer = {"", "Exit code 3: the iterations did not converge; the result and its gap are written all the same."})
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
        pair.check();
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
            Measurement found;
            try (ProgressBar progress = console.iterations("distance")) {
                found = Measurement.of(options.make(loss, Precision.FLOAT64, common.seed, x, y), x, y, gradient != null, progress,
                    scheduler);
            }
            summary.putAll(found.entries());
            double seconds = (System.nanoTime() - began) * 1e-9;
            console.checkInterrupted();
            if (gradient != null) {
                NpyFile.write(gradient, NpyArray.of(found.gradient().points(), x.size(), x.dimension()));
                summary.put("gradient", gradient.toString());
            }
            summary.put("seconds", seconds);
            console.report(summary);
            if (found.remark() != null) {
                console.remark(found.remark());
                return Pontoon.NOT_CONVERGED;
            }
        }
        return Pontoon.DONE;
    }
}
