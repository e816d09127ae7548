package org.pontoon.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

import org.pontoon.cli.DescentOptions.Descent;
import org.pontoon.cli.report.FlowPicture;
import org.pontoon.cli.report.Plot;
import org.pontoon.cli.report.ProgressBar;
import org.pontoon.cli.report.Table;
import org.pontoon.engine.feature.RandomFeatures;
import org.pontoon.engine.flow.FlowOptions;
import org.pontoon.engine.flow.FlowResult;
import org.pontoon.engine.flow.MeanFeatures;
import org.pontoon.engine.flow.NeuralSobolevDescent;
import org.pontoon.engine.flow.ParticleFlow;
import org.pontoon.engine.flow.Potential;
import org.pontoon.engine.flow.Snapshot;
import org.pontoon.engine.flow.SobolevDescent;
import org.pontoon.engine.flow.SobolevResult;
import org.pontoon.engine.flow.SobolevResult.State;
import org.pontoon.engine.flow.SteinDiscrepancy;
import org.pontoon.engine.flow.SteinVariationalDescent;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.PairKernel;

/**
 * One run of a descent in feature space or towards a density: what became of the particles, and how far they are, in random features, from
 * the part of Y that the flow saw and from the part that it did not.
 */
final class DescentFlow {

    /** Steps of Stein variational descent between two looks at the progress. */
    private static final int STRIDE = 16;

    private final Descent descent;
    private final DescentOptions options;
    private final FlowOptions integration;
    private final long seed;
    private final TileScheduler scheduler;
    private final Map<String, Object> summary = new LinkedHashMap<>();
    private final Table table = new Table("").column("time").column("step").column("mmd", "%.5f").column("mmdHeldOut", "%.5f")
        .column("mass", "%.4f").column("effectivePoints", "%.0f");
    private final List<State> snapshots = new ArrayList<>();
    private State last;
    private Table losses;
    private Plot lossPlot;
    private FlowResult.Status status = FlowResult.Status.COMPLETED;

    DescentFlow(Descent descent, DescentOptions options, FlowOptions integration, long seed, TileScheduler scheduler) {
        this.descent = descent;
        this.options = options;
        this.integration = integration;
        this.seed = seed;
        this.scheduler = scheduler;
    }

    /**
     * Runs the flow.
     *
     * @param blur width of the mixture of Gaussians at the points of Y that is the density, null for one Gaussian
     * @return false if it was interrupted
     */
    boolean run(PointCloud x, Inputs.Split y, Double blur, ProgressBar progress) {
        long began = System.nanoTime();
        if (descent.hasDensity()) {
            Potential density = blur == null ? Potential.gaussian(y.kept()) : Potential.kernelDensity(y.kept(), blur);
            if (descent == Descent.SVGD) {
                stein(x, density, progress);
            } else {
                kernelStein(x, density, DescentOptions.positiveMedian(y.kept(), y.kept()), progress);
            }
        } else if (options.neural()) {
            neural(x, y.kept(), progress);
        } else {
            features(x, y, progress);
        }
        double seconds = (System.nanoTime() - began) * 1e-9;
        if (status == FlowResult.Status.CANCELLED) {
            return false;
        }
        measure(y, seconds);
        return true;
    }

    private void features(PointCloud x, Inputs.Split y, ProgressBar progress) {
        RandomFeatures map = options.features(x, y.kept(), seed);
        SobolevDescent flow = new SobolevDescent(map, options.sobolev(descent, integration, seed));
        SobolevResult result;
        if (options.freeMass()) {
            double mass = Arrays.stream(weights(y.kept())).sum();
            if (y.kept().hasWeights()) {
                mass += Arrays.stream(weights(y.heldOut())).sum();
            }
            double[] mean = new MeanFeatures(map).of(y.kept(), true, scheduler);
            for (int j = 0; j < mean.length; j++) {
                mean[j] *= mass;
            }
            result = flow.run(x, mean, scheduler, progress);
        } else {
            result = flow.run(x, y.kept(), scheduler, progress);
        }
        status = result.status();
        snapshots.addAll(result.snapshots());
        last = result.last();
        losses = new Table("").column("step").column("time").column("distance").column("mass");
        for (int k = 0; k < result.times().length; k++) {
            losses.row(k, result.times()[k], result.distances()[k], result.masses()[k]);
        }
        lossPlot = curve("distance of the critic's mean features", result.times(), result.distances());
        summary.put("firstValue", result.distances()[0]);
        summary.put("value", result.distances()[result.distances().length - 1]);
        summary.put("largestRidge", result.largestRidge());
    }

    private void neural(PointCloud x, PointCloud y, ProgressBar progress) {
        NeuralSobolevDescent.Result result = new NeuralSobolevDescent(options.neural(descent, integration, seed)).run(x, y, scheduler,
            progress);
        status = result.status();
        snapshots.addAll(result.snapshots());
        last = result.last();
        double[] values = result.discrepancies();
        losses = new Table("").column("step").column("time").column("discrepancy");
        for (int k = 0; k < values.length; k++) {
            losses.row(k, result.times()[k], values[k]);
        }
        summary.put("critic", DescentOptions.Critic.NEURAL.toString());
        if (values.length > 0) {
            lossPlot = curve("squared discrepancy that the critic attains", Arrays.copyOf(result.times(), values.length), values);
            summary.put("firstValue", values[0]);
            summary.put("value", values[values.length - 1]);
        }
    }

    /** The curvature of the discrepancy is the density's squared, so that no length of a step would do for all: they adapt. */
    private void kernelStein(PointCloud x, Potential density, double median, ProgressBar progress) {
        FlowOptions adaptive = new FlowOptions(integration.learningRate(), integration.steps(), integration.momentum(), true,
            integration.snapshotTimes());
        double bandwidth = options.bandwidth() == null ? median : options.bandwidth();
        FlowResult result = new ParticleFlow(adaptive).run(x, new SteinDiscrepancy(density, PairKernel.gaussian(bandwidth), scheduler),
            progress);
        status = result.status();
        double[] weights = weights(x);
        int[] own = IntStream.range(0, x.size()).toArray();
        for (Snapshot snapshot : result.snapshots()) {
            snapshots.add(new State(snapshot.time(), snapshot.step(), snapshot.points(), weights, own));
        }
        last = new State(result.last().time(), result.last().step(), result.last().points(), weights, own);
        losses = new Table("").column("step").column("time").column("loss");
        for (int k = 0; k < result.times().length; k++) {
            losses.row(k, result.times()[k], result.losses()[k]);
        }
        lossPlot = curve("half the squared kernel Stein discrepancy", result.times(), result.losses());
        summary.put("firstValue", result.losses()[0]);
        summary.put("value", result.last().loss());
    }

    private void stein(PointCloud x, Potential density, ProgressBar progress) {
        PairKernel kernel = options.bandwidth() == null ? null : PairKernel.gaussian(options.bandwidth());
        SteinVariationalDescent flow = new SteinVariationalDescent(density, kernel, scheduler);
        double step = integration.learningRate();
        int steps = integration.steps() - 1;
        List<Double> times = integration.snapshotTimes();
        double[] weights = weights(x);
        int[] own = IntStream.range(0, x.size()).toArray();
        try (PointCloud cloud = PointCloud.ofRows(x.toRows(), x.size(), x.dimension())) {
            int done = 0;
            while (true) {
                while (snapshots.size() < times.size() && done * step >= times.get(snapshots.size()) - 1e-9 * step) {
                    snapshots.add(new State(done * step, done, cloud.toRows(), weights, own));
                }
                if (!progress.advance(done, steps)) {
                    status = FlowResult.Status.CANCELLED;
                    return;
                }
                if (done == steps) {
                    break;
                }
                int until = Math.min(steps, done + STRIDE);
                if (snapshots.size() < times.size()) {
                    until = (int) Math.min(until, Math.max(done + 1, Math.ceil(times.get(snapshots.size()) / step - 1e-9)));
                }
                flow.run(cloud, step, until - done);
                done = until;
            }
            last = new State(done * step, done, cloud.toRows(), weights, own);
        }
    }

    private static Plot curve(String name, double[] times, double[] values) {
        boolean positive = Arrays.stream(values).allMatch(v -> v > 0);
        return new Plot("").axes("time", name).logarithmic(false, positive).curve(null, times, values, Plot.Ink.BLUE);
    }

    private static double[] weights(PointCloud cloud) {
        double[] weights = new double[cloud.size()];
        Arrays.setAll(weights, i -> cloud.hasWeights() ? cloud.weight(i) : 1.0 / weights.length);
        return weights;
    }

    /** Puts the distances into the table and the summary. */
    private void measure(Inputs.Split y, double seconds) {
        MeanFeatures metric = DescentOptions.metric(y.kept(), seed);
        double[] seen = metric.of(y.kept(), true, scheduler);
        double[] heldOut = metric.of(y.heldOut(), true, scheduler);
        List<State> states = new ArrayList<>(snapshots);
        if (states.isEmpty() || states.getLast().step() != last.step()) {
            states.add(last);
        }
        for (State state : states) {
            double mass = 0;
            double square = 0;
            for (double w : state.weights()) {
                mass += w;
                square += w * w;
            }
            double[] mean;
            try (PointCloud cloud = state.toCloud()) {
                mean = metric.of(cloud, true, scheduler);
            }
            double effective = mass * mass / square;
            double training = MeanFeatures.distance(mean, seen);
            double unseen = MeanFeatures.distance(mean, heldOut);
            table.row(state.time(), state.step(), training, unseen, mass, effective);
            if (state == states.getFirst()) {
                summary.put("firstMmd", training);
            }
            if (state == states.getLast()) {
                summary.put("mmd", training);
                summary.put("mmdHeldOut", unseen);
                summary.put("mass", mass);
                summary.put("effectivePoints", effective);
            }
        }
        summary.put("status", status.name().toLowerCase(Locale.ROOT));
        summary.put("steps", last.step());
        summary.put("time", last.time());
        summary.put("seconds", seconds);
        table
            .note("Distances are the norms of differences of mean random Fourier features, 300 of a Gaussian kernel whose bandwidth is the "
                + "median distance in Y, from the part of Y that the flow saw and from the part that it did not.");
    }

    /** States at the times that were asked for. */
    List<State> snapshots() {
        return snapshots;
    }

    State last() {
        return last;
    }

    /** Distances in the random features of the metric. */
    Table distances() {
        return table;
    }

    /** What was descended in every step; null where it has no name. */
    Table losses() {
        return losses;
    }

    Plot lossPlot() {
        return lossPlot;
    }

    Map<String, Object> summary() {
        return summary;
    }

    /** A panel for each snapshot. */
    List<Plot> panels(PointCloud x, PointCloud y) {
        FlowPicture picture = new FlowPicture(x, y);
        return snapshots.stream().map(s -> picture.panel("t = " + FlowPicture.time(s.time()), s.points(), s.weights())).toList();
    }
}
