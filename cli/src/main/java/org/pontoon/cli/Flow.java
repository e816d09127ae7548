package org.pontoon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

import org.pontoon.cli.report.BadInput;
import org.pontoon.cli.report.Console;
import org.pontoon.cli.report.FlowPicture;
import org.pontoon.cli.report.Interrupted;
import org.pontoon.cli.report.Picture;
import org.pontoon.cli.report.Plot;
import org.pontoon.cli.report.ProgressBar;
import org.pontoon.cli.report.Table;
import org.pontoon.engine.file.NpyArray;
import org.pontoon.engine.file.NpyFile;
import org.pontoon.engine.flow.FlowOptions;
import org.pontoon.engine.flow.FlowResult;
import org.pontoon.engine.flow.Functional;
import org.pontoon.engine.flow.ParticleFlow;
import org.pontoon.engine.flow.SinkhornFunctional;
import org.pontoon.engine.flow.Snapshot;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.MeasureLoss;
import org.pontoon.engine.transport.Precision;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pontoon flow}. */
@Command(name = "flow", mixinStandardHelpOptions = true, sortOptions = false, description = "Lets the points of X flow down a "
    + "loss towards Y.", footer = {"", "For example: pontoon flow sinkhorn disk heart --out out/flow"})
final class Flow implements Callable<Integer> {

    private static final int PANEL = 300;
    private static final int ACROSS = 3;

    private final Console console;

    @Mixin
    private LossOptions options;

    @Option(names = "--learning-rate", paramLabel = "R", defaultValue = "0.05", description = "Length of a step in time (default: "
        + "${DEFAULT-VALUE}).")
    private double learningRate;

    @Option(names = "--steps", paramLabel = "N", defaultValue = "101", description = "Evaluations of the loss, the start included (default: "
        + "${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--momentum", paramLabel = "M", defaultValue = "0", description = "Share of the last move that the next one repeats "
        + "(default: ${DEFAULT-VALUE}).")
    private double momentum;

    @Option(names = "--adaptive", description = "Halve a step that would raise the loss.")
    private boolean adaptive;

    @Option(names = "--snapshots", paramLabel = "T,T,...", split = ",", defaultValue = "0,.25,.5,1,2,5", description = "Times to keep "
        + "(default: ${DEFAULT-VALUE}).")
    private double[] snapshots;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where points-TIME.npy, flow.png, loss.csv and the like go.")
    private Path out;

    @Mixin
    private CommonOptions common;

    Flow(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        common.apply(console);
        options.check();
        FlowOptions integration = integration();
        List<PointCloud> clouds = options.clouds(common.seed);
        try (PointCloud x = clouds.get(0); PointCloud y = clouds.get(1); TileScheduler scheduler = common.scheduler()) {
            console.claimDirectory(out);
            Functional functional = functional(options.make(Precision.FLOAT32, common.seed), y, scheduler);
            FlowResult result;
            try (ProgressBar progress = console.progress("flow")) {
                result = new ParticleFlow(integration).run(x, functional, progress);
            }
            if (result.status() == FlowResult.Status.CANCELLED) {
                throw new Interrupted("interrupted after step " + result.evaluations() + " of " + steps + "; nothing was written");
            }
            report(result, functional, write(result, x, y));
        }
        return Pontoon.DONE;
    }

    /** Transport costs are descended as all others, {@code |x - y|^p / p}. */
    private static Functional functional(MeasureLoss loss, PointCloud y, TileScheduler scheduler) {
        Functional functional = Functional.towards(loss, y, scheduler);
        return loss instanceof ProjectedWasserstein projected ? Functional.weightedSum(List.of(functional), 1 / projected.p()) : functional;
    }

    private FlowOptions integration() {
        BadInput.unless(learningRate > 0 && learningRate < Double.POSITIVE_INFINITY, "--learning-rate is %s, expected a positive number",
            learningRate);
        BadInput.unless(steps >= 1, "--steps is %d, expected at least 1", steps);
        BadInput.unless(momentum >= 0 && momentum < 1, "--momentum is %s, expected at least 0 and less than 1", momentum);
        for (int i = 0; i < snapshots.length; i++) {
            BadInput.unless(snapshots[i] >= 0 && snapshots[i] < Double.POSITIVE_INFINITY && (i == 0 || snapshots[i] > snapshots[i - 1]),
                "--snapshots holds %s at place %d, expected rising times from 0", snapshots[i], i + 1);
        }
        return FlowOptions.builder().learningRate(learningRate).steps(steps).momentum(momentum).adaptive(adaptive)
            .snapshotTimes(Arrays.stream(snapshots).boxed().toList()).build();
    }

    private List<String> write(FlowResult result, PointCloud x, PointCloud y) throws IOException {
        List<String> files = new ArrayList<>();
        for (Snapshot snapshot : result.snapshots()) {
            writePoints("points-" + FlowPicture.time(snapshot.time()) + ".npy", snapshot, x, files);
        }
        writePoints("points-last.npy", result.last(), x, files);
        Table table = new Table("").column("step").column("time").column("loss");
        for (int i = 0; i < result.times().length; i++) {
            table.row(i, result.times()[i], result.losses()[i]);
        }
        table.write(out, "loss");
        for (String ending : List.of(".md", ".csv", ".json")) {
            files.add(out.resolve("loss" + ending).toString());
        }
        String title = options.title();
        List<Plot> panels = new FlowPicture(x, y).panels(result, false);
        if (!panels.isEmpty()) {
            Picture picture = new Picture(title, PANEL, PANEL).columns(Math.min(ACROSS, panels.size()));
            panels.forEach(picture::add);
            writePicture("flow", picture, files);
        }
        writePicture("loss", new Picture(title + ": loss over time", 2 * PANEL, PANEL).add(FlowPicture.losses(result)), files);
        return files;
    }

    private void writePoints(String name, Snapshot snapshot, PointCloud x, List<String> files) throws IOException {
        Path file = out.resolve(name);
        NpyFile.write(file, NpyArray.of(snapshot.points(), x.size(), x.dimension()));
        files.add(file.toString());
    }

    private void writePicture(String name, Picture picture, List<String> files) throws IOException {
        for (String ending : List.of(".png", ".svg")) {
            Path file = out.resolve(name + ending);
            picture.write(file);
            files.add(file.toString());
        }
    }

    private void report(FlowResult result, Functional functional, List<String> files) {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("loss", options.loss().toString());
        summary.put("status", result.status().name().toLowerCase(Locale.ROOT));
        summary.put("steps", result.evaluations());
        summary.put("time", result.last().time());
        summary.put("firstValue", result.losses()[0]);
        summary.put("value", result.last().loss());
        if (functional instanceof SinkhornFunctional sinkhorn) {
            summary.put("iterations", sinkhorn.iterations());
            summary.put("marginalError", sinkhorn.largestMarginalError());
            summary.put("unconvergedSteps", sinkhorn.unconverged());
            if (sinkhorn.unconverged() > 0) {
                console.remark(sinkhorn.unconverged() + " of " + sinkhorn.calls() + " steps did not converge to the tolerance");
            }
        }
        summary.put("seconds", result.seconds());
        summary.put("files", files);
        console.report(summary);
    }
}
