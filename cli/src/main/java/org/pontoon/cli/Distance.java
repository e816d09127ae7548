package org.pontoon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
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
import org.pontoon.engine.file.Placement;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.CosineMetric;
import org.pontoon.engine.transport.DenseSinkhorn;
import org.pontoon.engine.transport.ExactTransport;
import org.pontoon.engine.transport.ExactTransportResult;
import org.pontoon.engine.transport.Loss;
import org.pontoon.engine.transport.PermutationTest;
import org.pontoon.engine.transport.Precision;
import org.pontoon.engine.transport.ProjectedWasserstein;
import org.pontoon.engine.transport.Sinkhorn;
import org.pontoon.engine.transport.SinkhornResult;
import org.pontoon.engine.transport.SparsePlan;
import org.pontoon.engine.transport.Wasserstein1D;
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
    private LossOptions.LossName loss;

    @Parameters(index = "1", arity = "0..1", paramLabel = "X", description = "First cloud (N, D): " + CloudPair.NAMES
        + ". Or a batch of them (B, N, D), "
        + ".npy or .npz.")
    private Path first;

    @Parameters(index = "2", arity = "0..1", paramLabel = "Y", description = "Second cloud (M, D), or a batch (B, M, D). A "
        + "cloud beside a batch serves for "
        + "all of its problems.")
    private Path second;

    @Mixin
    private CloudPair pair;

    @Mixin
    private LossOptions options;

    @Option(names = "--metric", paramLabel = "METRIC", description = "euclidean, or cosine: the cost of hausdorff, sinkhorn and "
        + "sinkhorn-biased with p = 2 is then 1 - cos, as points are divided by their lengths (default: euclidean).")
    private Metric metric;

    @Option(names = "--cost", paramLabel = "C.npy", description = "A dense matrix of costs (N, M), of any kind, in place of X and Y: for "
        + "sinkhorn-biased, where epsilon is the blur and rho the reach, in the unit of the costs, and for wasserstein, whose value is the "
        + "cost.")
    private Path cost;

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
        pair.check(console);
        options.check(loss);
        plan.check(loss);
        check();
        claimOutputs();
        if (cost != null) {
            return measureCosts();
        }
        return CloudBatch.is(first) || CloudBatch.is(second) ? measureBatch() : measurePair();
    }

    private void check() {
        PlanFiles.requireEnding("--gradient", gradient, ".npy");
        BadInput.unless(permutations == null || loss.isKernelNorm(), "--permutations does not apply to %s, expected energy, gaussian or "
            + "laplacian", loss);
        BadInput.unless(permutations == null || permutations >= 1, "--permutations is %d, expected at least 1", permutations);
        if (cost != null) {
            checkCosts();
            return;
        }
        BadInput.unless(second != null, "%s is between two clouds, expected X and Y", loss);
        BadInput.unless(!cosine() || (loss.isSinkhorn() || loss == LossOptions.LossName.HAUSDORFF) && options.exponent() == 2,
            "--metric cosine is for hausdorff, sinkhorn and sinkhorn-biased with --p 2, whose cost it is");
    }

    private void checkCosts() {
        BadInput.unless(first == null, "--cost stands in place of X and Y, expected no %s beside it", first);
        BadInput.unless(loss == LossOptions.LossName.SINKHORN_BIASED || loss == LossOptions.LossName.WASSERSTEIN,
            "--cost is for sinkhorn-biased and wasserstein: %s needs more than the costs between both sides", loss);
        options.checkCosts("--cost");
        plan.checkCosts("--cost");
        LossOptions.refuse("--metric", metric, "--cost");
        LossOptions.refuse("--gradient", gradient, "--cost, which has no points");
    }

    private int measureCosts() throws IOException {
        NpyArray matrix = Inputs.array(cost);
        int[] shape = matrix.shape();
        BadInput.unless(shape.length == 2 && matrix.size() > 0, "%s has shape %s, expected a matrix of costs (N, M)", cost, matrix
            .shapeText());
        double[] costs = matrix.toDoubles();
        for (int k = 0; k < costs.length; k++) {
            BadInput.unless(Double.isFinite(costs[k]), "%s holds %s at row %d, column %d, expected finite costs", cost, costs[k],
                k / shape[1], k
                    % shape[1]);
        }
        double[] a = Inputs.weights(pair.weights(0), shape[0], "rows of " + cost, options.balanced(), console);
        double[] b = Inputs.weights(pair.weights(1), shape[1], "columns of " + cost, options.balanced(), console);
        try (TileScheduler scheduler = common.scheduler()) {
            Map<String, Object> summary = new LinkedHashMap<>();
            summary.put("loss", loss.toString());
            long began = System.nanoTime();
            DenseSinkhorn entropic = loss.isSinkhorn() ? new DenseSinkhorn(options.sinkhornOfCosts(), costs, a, b) : null;
            Measurement found;
            try (ProgressBar progress = console.iterations("distance")) {
                found = entropic != null
                    ? Measurement.transport(entropic.solve(scheduler, progress), false).withHelp(range(costs), 1, "costs' range")
                    : Measurement.exact(ExactTransport.solveDense(costs, a, b, options.pivots(), scheduler, progress), options.pivots(),
                        false);
            }
            double seconds = (System.nanoTime() - began) * 1e-9;
            console.checkInterrupted();
            summary.putAll(found.entries());
            // a cost is no power of a distance
            summary.remove("power");
            if (entropic != null) {
                SinkhornResult result = found.transport();
                SparsePlan entries = plan.hasPlan() ? entropic.largestPerRow(result, plan.top()) : null;
                plan.write(entries, plan.hasPlan() ? entropic.mass(result) : 0, result.f(), result.g(), summary);
            } else {
                ExactTransportResult result = found.exact();
                plan.write(result.plan(), Arrays.stream(result.plan().masses()).sum(), result.f(), result.g(), summary);
            }
            summary.put("seconds", seconds);
            console.report(summary);
            return found.unconverged() == null ? Pontoon.DONE : notConverged(found.unconverged());
        }
    }

    private static double range(double[] values) {
        DoubleSummaryStatistics statistics = Arrays.stream(values).summaryStatistics();
        return statistics.getMax() - statistics.getMin();
    }

    private boolean cosine() {
        return metric == Metric.COSINE;
    }

    private void claimOutputs() {
        List<Path> outputs = new ArrayList<>(plan.files());
        if (gradient != null) {
            outputs.add(gradient);
        }
        outputs.forEach(console::claim);
    }

    private int measurePair() throws IOException {
        List<PointCloud> clouds = cosine() ? pair.read(first, second, common.seed, options.balanced(), true, false)
            : options.read(loss, pair, first, second, common.seed, true);
        Placement placement = pair.placement();
        try (PointCloud given = clouds.get(0); PointCloud target = clouds.get(1); PointCloud x = compared(given, first);
                PointCloud y = compared(
                    target, second);
                TileScheduler scheduler = common.scheduler()) {
            Map<String, Object> summary = new LinkedHashMap<>();
            summary.put("loss", loss.toString());
            long began = System.nanoTime();
            Loss measure = options.make(loss, Precision.FLOAT64, common.seed, lengths(placement), x, y);
            Measurement found;
            try (ProgressBar progress = console.iterations("distance")) {
                found = measured(measure, given, x, y, placement, progress, scheduler);
            }
            summary.putAll(found.entries());
            double seconds = (System.nanoTime() - began) * 1e-9;
            console.checkInterrupted();
            if (permutations != null) {
                test(x, y, placement, scheduler, summary);
                seconds = (System.nanoTime() - began) * 1e-9;
            }
            if (gradient != null) {
                write(found.slopes(), summary, given.size(), given.dimension());
            }
            if (!plan.files().isEmpty()) {
                PlanFiles.Units units = new PlanFiles.Units(lengths(placement), degree());
                if (measure instanceof Sinkhorn sinkhorn) {
                    plan.write(sinkhorn.plan(x, y, found.transport(), scheduler), found.transport(), x, y, units, common.seed, summary);
                } else if (measure instanceof ProjectedWasserstein.Line line) {
                    Wasserstein1D solved = line.solve(x, y);
                    double[] f = new double[x.size()];
                    double[] g = new double[y.size()];
                    solved.potentials(line.p(), f, g);
                    Wasserstein1D.Plan entries = solved.plan();
                    plan.write(SparsePlan.ofEntries(x.size(), entries.source(), entries.target(), entries.mass()), f, g, x, y, units,
                        common.seed, summary);
                } else {
                    plan.write(found.exact().plan(), found.exact().f(), found.exact().g(), x, y, units, common.seed, summary);
                }
            }
            summary.put("seconds", seconds);
            found.remarks().forEach(console::remark);
            console.report(summary);
            return found.unconverged() == null ? Pontoon.DONE : notConverged(found.unconverged());
        }
    }

    /** The cloud that the loss compares: the points' directions, or the points. */
    private PointCloud compared(PointCloud cloud, Path file) {
        return cosine() ? CosineMetric.directions(cloud, file.toString()) : cloud;
    }

    /** The placement of what is compared: directions have neither origin nor unit. */
    private Placement lengths(Placement placement) {
        return cosine() ? null : placement;
    }

    private double degree() {
        return cosine() ? 0 : options.degree(loss);
    }

    /** Measures between what is compared; in the points as they were given, and in the units of the files. */
    private Measurement measured(Loss measure, PointCloud given, PointCloud x, PointCloud y, Placement placement, Progress progress,
            TileScheduler scheduler) {
        Measurement found = Measurement.of(measure, x, y, gradient != null, progress, scheduler).withHelp(lengths(placement), x, y);
        return (cosine() && gradient != null ? found.withSlopes(CosineMetric.pointGradient(given, found.slopes())) : found)
            .inFileUnits(loss, placement, degree());
    }

    private void write(double[] slopes, Map<String, Object> summary, int... shape) throws IOException {
        NpyFile.write(gradient, NpyArray.of(slopes, shape));
        summary.put("gradient", gradient.toString());
    }

    private int notConverged(String remark) {
        console.remark(remark);
        return Pontoon.NOT_CONVERGED;
    }

    private void test(PointCloud x, PointCloud y, Placement placement, TileScheduler scheduler, Map<String, Object> summary) {
        PermutationTest test = new PermutationTest(options.kernel(loss, placement, x, y), permutations, common.seed);
        try (ProgressBar progress = console.progress("permutations")) {
            PermutationTest.Result result = test.run(x, y, scheduler, progress);
            summary.put("pValue", result.pValue());
            summary.put("permutations", permutations);
            summary.put("nullMedian", result.nullQuantile(0.5));
            summary.put("null95", result.nullQuantile(0.95));
            summary.put("null99", result.nullQuantile(0.99));
            new InFileUnits(placement, degree()).restore(summary, "nullMedian", "null95", "null99");
        } catch (CancellationException e) {
            throw new Interrupted("interrupted");
        }
    }

    private int measureBatch() throws IOException {
        plan.check("a batch", false);
        LossOptions.refuse("--permutations", permutations, "a batch");
        boolean normalised = options.balanced();
        CloudBatch x = CloudBatch.read(first, pair, 0, common.seed, normalised);
        CloudBatch y = CloudBatch.read(second, pair, 1, common.seed, normalised);
        try (TileScheduler scheduler = common.scheduler()) {
            DistanceBatch batch = new DistanceBatch(x, y, !cosine());
            BadInput.unless(loss != LossOptions.LossName.WASSERSTEIN_1D || x.dimension() == 1, "%s has dimension %d, expected 1 for %s",
                first,
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
                    System.arraycopy(found.get(k).slopes(), 0, slopes, k * length, length);
                }
                write(slopes, summary, batch.count(), x.size(), x.dimension());
            }
            summary.put("seconds", seconds);
            console.report(summary);
            found.stream().flatMap(each -> each.remarks().stream()).distinct().forEach(console::remark);
            List<String> unconverged = found.stream().map(Measurement::unconverged).filter(Objects::nonNull).toList();
            return unconverged.isEmpty() ? Pontoon.DONE
                : notConverged(unconverged.size() + " of " + batch.count() + " problems did not converge, the first of them: "
                    + unconverged.getFirst());
        }
    }

    private Measurement problem(PointCloud given, PointCloud target, Placement placement, TileScheduler scheduler) {
        try (PointCloud x = compared(given, first); PointCloud y = compared(target, second)) {
            Loss measure = options.make(loss, Precision.FLOAT64, common.seed, lengths(placement), x, y);
            return measured(measure, given, x, y, placement, Progress.NONE, scheduler);
        }
    }
}
