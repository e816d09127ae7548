package org.pontoon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;

import org.pontoon.cli.report.BadInput;
import org.pontoon.cli.report.Console;
import org.pontoon.cli.report.Interrupted;
import org.pontoon.cli.report.ProgressBar;
import org.pontoon.engine.file.NpyArray;
import org.pontoon.engine.file.NpyFile;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.CosineMetric;
import org.pontoon.engine.transport.MeasureLoss;
import org.pontoon.engine.transport.PermutationTest;
import org.pontoon.engine.transport.Precision;
import org.pontoon.engine.transport.Sinkhorn;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pontoon distance}. */
@Command(name = "distance", mixinStandardHelpOptions = true, sortOptions = false, description = "Measures a loss between two "
    + "clouds of points, or between those of two batches, problem by problem.", footer = {"",
        "For example: pontoon distance sinkhorn x.npy y.npy --blur 5%% --plan plan.npz --map moved.npy",
        "         or: pontoon distance energy x.npy y.npy --permutations 1000", "",
        "Exit code 3: the iterations did not converge; the result and its gap are written all the same."})
final class Distance implements Callable<Integer> {

    /** What is between two points. */
    enum Metric {
        EUCLIDEAN, COSINE
    }

    private final Console console;

    @Parameters(index = "0", paramLabel = "LOSS", completionCandidates = LossOptions.Names.class, description = LossOptions.NAMES
        + " (value is W_p, power is W_p^p).")
    private LossOptions.Loss loss;

    @Parameters(index = "1", paramLabel = "X", description = "First cloud (N, D): " + CloudPair.NAMES + ". Or a batch of them (B, N, D), "
        + ".npy or .npz.")
    private Path first;

    @Parameters(index = "2", paramLabel = "Y", description = "Second cloud (M, D), or a batch (B, M, D). A cloud beside a batch serves for "
        + "all of its problems.")
    private Path second;

    @Mixin
    private CloudPair pair;

    @Mixin
    private LossOptions options;

    @Option(names = "--metric", paramLabel = "METRIC", description = "euclidean, or cosine: the cost of hausdorff, sinkhorn and "
        + "sinkhorn-biased with p = 2 is then 1 - cos, as points are divided by their lengths (default: euclidean).")
    private Metric metric;

    @Option(names = "--gradient", paramLabel = "G.npy", description = "Write the derivative in the points of X, shape (N, D), or (B, N, D) of "
        + "a batch: of the value, or of the power where there is one.")
    private Path gradient;

    @Mixin
    private PlanFiles plan;

    @Option(names = "--permutations", paramLabel = "P", description = "Test whether both clouds come from one distribution, by so many "
        + "permutations of their points: for energy, gaussian and laplacian, and points of equal weight.")
    private Integer permutations;

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
        plan.check(loss);
        check();
        claimOutputs();
        return CloudBatch.is(first) || CloudBatch.is(second) ? measureBatch() : measurePair();
    }

    private void check() {
        PlanFiles.requireEnding("--gradient", gradient, ".npy");
        BadInput.unless(permutations == null || loss.isKernelNorm(), "--permutations says nothing to %s, expected energy, gaussian or "
            + "laplacian", loss);
        BadInput.unless(permutations == null || permutations >= 1, "--permutations is %d, expected at least 1", permutations);
        BadInput.unless(!cosine() || (loss.isSinkhorn() || loss == LossOptions.Loss.HAUSDORFF) && options.exponent() == 2,
            "--metric cosine is for hausdorff, sinkhorn and sinkhorn-biased with --p 2, whose cost it is");
    }

    private boolean cosine() {
        return metric == Metric.COSINE;
    }

    private void claimOutputs() {
        List<Path> outputs = new ArrayList<>(plan.files());
        if (gradient != null) {
            outputs.add(gradient);
        }
        for (int i = 0; i < outputs.size(); i++) {
            Path output = outputs.get(i).toAbsolutePath().normalize();
            for (Path other : outputs.subList(0, i)) {
                BadInput.unless(!output.equals(other.toAbsolutePath().normalize()),
                    "two outputs are called %s, expected names of their own",
                    outputs.get(i));
            }
            console.claim(outputs.get(i));
        }
    }

    private int measurePair() throws IOException {
        List<PointCloud> clouds = options.read(loss, pair, first, second, common.seed);
        try (PointCloud given = clouds.get(0); PointCloud target = clouds.get(1); PointCloud x = compared(given, first);
                PointCloud y = compared(
                    target, second);
                TileScheduler scheduler = common.scheduler()) {
            Map<String, Object> summary = new LinkedHashMap<>();
            summary.put("loss", loss.toString());
            long began = System.nanoTime();
            MeasureLoss measure = options.make(loss, Precision.FLOAT64, common.seed, x, y);
            Measurement found;
            try (ProgressBar progress = console.iterations("distance")) {
                found = Measurement.of(measure, x, y, gradient != null, progress, scheduler);
            }
            summary.putAll(found.entries());
            double seconds = (System.nanoTime() - began) * 1e-9;
            console.checkInterrupted();
            if (permutations != null) {
                test(x, y, scheduler, summary);
                seconds = (System.nanoTime() - began) * 1e-9;
            }
            if (gradient != null) {
                write(slope(found, given), summary, given.size(), given.dimension());
            }
            if (measure instanceof Sinkhorn sinkhorn) {
                plan.write(() -> sinkhorn.plan(x, y, found.transport(), scheduler), found.transport(), x, y, common.seed, summary);
            } else if (measure instanceof ProjectedWasserstein.Line line && !plan.files().isEmpty()) {
                plan.write(line.solve(x, y), line.p(), x, y, common.seed, summary);
            }
            summary.put("seconds", seconds);
            console.report(summary);
            return found.remark() == null ? Pontoon.DONE : notConverged(found.remark());
        }
    }

    /** The cloud that the loss compares: the points' directions, or a view of the points. */
    private PointCloud compared(PointCloud cloud, Path file) {
        return cosine() ? CosineMetric.directions(cloud, file.toString()) : cloud;
    }

    private double[] slope(Measurement found, PointCloud given) {
        double[] points = found.gradient().points();
        return cosine() ? CosineMetric.pointGradient(given, points) : points;
    }

    private void write(double[] slopes, Map<String, Object> summary, int... shape) throws IOException {
        NpyFile.write(gradient, NpyArray.of(slopes, shape));
        summary.put("gradient", gradient.toString());
    }

    private int notConverged(String remark) {
        console.remark(remark);
        return Pontoon.NOT_CONVERGED;
    }

    private void test(PointCloud x, PointCloud y, TileScheduler scheduler, Map<String, Object> summary) {
        PermutationTest test = new PermutationTest(options.kernel(loss, x, y), permutations, common.seed);
        try (ProgressBar progress = console.progress("permutations")) {
            PermutationTest.Result result = test.run(x, y, scheduler, progress);
            summary.put("pValue", result.pValue());
            summary.put("permutations", permutations);
            summary.put("nullMedian", result.nullQuantile(0.5));
            summary.put("null95", result.nullQuantile(0.95));
            summary.put("null99", result.nullQuantile(0.99));
        } catch (CancellationException e) {
            throw new Interrupted("interrupted");
        }
    }

    private int measureBatch() throws IOException {
        plan.check("a batch", false);
        LossOptions.refuse("--permutations", permutations, "a batch");
        boolean normalised = options.balanced();
        try (CloudBatch x = CloudBatch.read(first, pair, 0, common.seed, normalised);
                CloudBatch y = CloudBatch.read(second, pair, 1, common.seed, normalised); TileScheduler scheduler = common.scheduler()) {
            DistanceBatch batch = new DistanceBatch(x, y);
            BadInput.unless(loss != LossOptions.Loss.WASSERSTEIN_1D || x.dimension() == 1, "%s has dimension %d, expected 1 for %s", first,
                x.dimension(), loss);
            Map<String, Object> summary = new LinkedHashMap<>();
            summary.put("loss", loss.toString());
            summary.put("problems", batch.count());
            long began = System.nanoTime();
            List<Measurement> found;
            try (ProgressBar progress = console.progress("distance")) {
                found = batch.measure(this::problem, scheduler, progress);
            }
            summary.putAll(DistanceBatch.summary(found));
            double seconds = (System.nanoTime() - began) * 1e-9;
            console.checkInterrupted();
            if (gradient != null) {
                int length = Math.multiplyExact(x.size(), x.dimension());
                double[] slopes = new double[Math.multiplyExact(batch.count(), length)];
                for (int k = 0; k < batch.count(); k++) {
                    System.arraycopy(found.get(k).gradient().points(), 0, slopes, k * length, length);
                }
                write(slopes, summary, batch.count(), x.size(), x.dimension());
            }
            summary.put("seconds", seconds);
            console.report(summary);
            List<String> remarks = found.stream().map(Measurement::remark).filter(Objects::nonNull).toList();
            return remarks.isEmpty() ? Pontoon.DONE
                : notConverged(remarks.size() + " of " + batch.count() + " problems did not converge, the first of them: "
                    + remarks.getFirst());
        }
    }

    /** One problem of a batch; its gradient is in the points as they were given. */
    private Measurement problem(PointCloud given, PointCloud target, TileScheduler scheduler) {
        try (PointCloud x = compared(given, first); PointCloud y = compared(target, second)) {
            Measurement found = Measurement.of(options.make(loss, Precision.FLOAT64, common.seed, x, y), x, y, gradient != null,
                Progress.NONE, scheduler);
            return cosine() && gradient != null ? found.withPointGradient(slope(found, given)) : found;
        }
    }
}
