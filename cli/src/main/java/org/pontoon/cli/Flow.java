package org.pontoon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;

import org.pontoon.cli.DescentOptions.Descent;
import org.pontoon.cli.FunctionalFlow.Kind;
import org.pontoon.cli.LossOptions.Loss;
import org.pontoon.cli.report.BadInput;
import org.pontoon.cli.report.Console;
import org.pontoon.cli.report.FlowPicture;
import org.pontoon.cli.report.Interrupted;
import org.pontoon.cli.report.Picture;
import org.pontoon.cli.report.Plot;
import org.pontoon.cli.report.ProgressBar;
import org.pontoon.cli.report.ResultFolder;
import org.pontoon.cli.report.Table;
import org.pontoon.engine.file.NpyArray;
import org.pontoon.engine.file.NpyFile;
import org.pontoon.engine.flow.FlowOptions;
import org.pontoon.engine.flow.FlowResult;
import org.pontoon.engine.flow.Functional;
import org.pontoon.engine.flow.ParticleFlow;
import org.pontoon.engine.flow.SinkhornFunctional;
import org.pontoon.engine.flow.Snapshot;
import org.pontoon.engine.flow.SobolevResult.State;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.BoundingBox;
import org.pontoon.engine.transport.ExactTransport;
import org.pontoon.engine.transport.ExactTransportResult;
import org.pontoon.engine.transport.LossGradient;
import org.pontoon.engine.transport.MaxSlicedWasserstein;
import org.pontoon.engine.transport.MeasureLoss;
import org.pontoon.engine.transport.Precision;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pontoon flow}. */
@Command(name = "flow", mixinStandardHelpOptions = true, sortOptions = false, description = "Lets the points of X flow towards "
    + "Y: down a loss, or by a descent in feature space; or down a functional that needs no Y.", footer = {"",
        "For example: pontoon flow sinkhorn disk heart --out out/flow",
        "         or: pontoon flow usd disk heart --points 1000 --out out/usd",
        "         or: pontoon flow free-energy moons --scheme sw-jko --out out/free-energy", "",
        "Exit code 3: the iterations of some step did not converge; everything is written all the same."})
final class Flow implements Callable<Integer> {

    private static final int PANEL = 300;
    private static final int ACROSS = 3;
    private static final String RESULTS = "{points-*.npy,weights-*.npy,loss.md,loss.csv,loss.json,loss.png,loss.svg,mmd.md,mmd.csv,"
        + "mmd.json,flow.png,flow.svg}";

    private final Console console;

    /** For shell completion. */
    static final class Names implements Iterable<String> {

        @Override
        public Iterator<String> iterator() {
            return Stream.of(Loss.values(), Descent.values(), Kind.values()).flatMap(Stream::of).map(Object::toString).iterator();
        }
    }

    @Parameters(index = "0", paramLabel = "FLOW", completionCandidates = Names.class, description = "The loss to descend: "
        + LossOptions.NAMES + "; or " + DescentOptions.NAMES + "; or " + FunctionalFlow.NAMES + ".")
    private String name;

    @Parameters(index = "1", paramLabel = "X", description = "First cloud (N, D): " + CloudPair.NAMES + ".")
    private Path first;

    @Parameters(index = "2", arity = "0..1", paramLabel = "Y", description = "Second cloud (M, D), where the flow has one.")
    private Path second;

    @Mixin
    private CloudPair pair;

    @Mixin
    private LossOptions options;

    @Mixin
    private DescentOptions descentOptions;

    @Mixin
    private FunctionalFlow.Options functionalOptions;

    @Option(names = "--learning-rate", paramLabel = "R", defaultValue = "0.05", description = "Length of a step in time (default: "
        + "${DEFAULT-VALUE}).")
    private double learningRate;

    @Option(names = "--steps", paramLabel = "N", defaultValue = "101", description = "States of the flow, the start included (default: "
        + "${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--momentum", paramLabel = "M", defaultValue = "0", description = "Share of the last move that the next one repeats "
        + "(default: ${DEFAULT-VALUE}).")
    private double momentum;

    @Option(names = "--adaptive", description = "Halve a step that would raise the loss; ksd always does.")
    private boolean adaptive;

    @Option(names = "--snapshots", paramLabel = "T,T,...", split = ",", defaultValue = "0,.25,.5,1,2,5", description = "Times to keep "
        + "(default: ${DEFAULT-VALUE}).")
    private double[] snapshots;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where points-TIME.npy, flow.png, loss.csv and the like go; "
        + "of descents also weights-TIME.npy and mmd.csv.")
    private Path out;

    @Option(names = "--overwrite", description = ResultFolder.OVERWRITE)
    private boolean overwrite;

    @Mixin
    private CommonOptions common;

    Flow(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        common.apply(console);
        pair.check(console);
        Kind kind = named(Kind.values());
        if (kind != null) {
            return descendFunctional(kind);
        }
        functionalOptions.checkNone(name);
        Loss loss = named(Loss.values());
        BadInput.unless(second != null || loss == null && named(Descent.values()) == null, "%s needs a second cloud, expected X and Y",
            name);
        if (loss != null) {
            return descendLoss(loss);
        }
        Descent descent = named(Descent.values());
        if (descent == null) {
            throw new BadInput("there is no flow '" + name + "', expected one of " + String.join(", ", new Names()));
        }
        descend(descent);
        return Pontoon.DONE;
    }

    private ResultFolder folder() {
        return ResultFolder.claim(out, RESULTS, overwrite, console);
    }

    private <T> T named(T[] values) {
        return Stream.of(values).filter(value -> value.toString().equalsIgnoreCase(name)).findFirst().orElse(null);
    }

    private int descendLoss(Loss loss) throws IOException {
        options.check(loss);
        descentOptions.checkNone(name);
        FlowOptions integration = integration();
        List<PointCloud> clouds = options.read(loss, pair, first, second, common.seed, false);
        try (PointCloud x = clouds.get(0); PointCloud y = clouds.get(1); TileScheduler scheduler = common.scheduler()) {
            ResultFolder folder = folder();
            remarkCurvature(loss, x, y);
            MeasureLoss measure = options.make(loss, Precision.FLOAT32, common.seed, null, x, y);
            Functional functional = functional(measure, y, scheduler);
            FlowResult result;
            try (ProgressBar progress = console.progress("flow")) {
                result = new ParticleFlow(integration).run(x, scaled(functional, loss), progress);
            }
            if (result.status() == FlowResult.Status.CANCELLED) {
                throw interrupted();
            }
            remarkRise(result);
            return report(loss, result, functional, BoundingBox.of(x, y).diagonal(),
                folder.write(to -> write(result, x, new FlowPicture(x, y))));
        }
    }

    /** A mixture's likelihood is as curved as its narrowest bell. */
    private void remarkCurvature(Loss loss, PointCloud x, PointCloud y) {
        double width = options.width(null, x, y);
        if (loss == Loss.LIKELIHOOD && !adaptive && learningRate > 2 * width * width) {
            console.remark(String.format(Locale.ROOT,
                "the likelihood's curvature is up to 1/blur^2 = %s, and steps of more than twice the "
                    + "inverse throw points away: --adaptive, or a --learning-rate below %s, keeps them",
                (float) (1 / (width * width)), (float) (2 * width * width)));
        }
    }

    /** Says so where a flow that goes downhill ended higher than it began. */
    private void remarkRise(FlowResult result) {
        double begin = result.losses()[0];
        if (result.last().loss() > begin + 0.01 * Math.abs(begin)) {
            console.remark("the loss rose from " + begin + " to " + result.last().loss() + ": steps are too long for it; --adaptive or a "
                + "--learning-rate below " + learningRate + " may help");
        }
    }

    private int descendFunctional(Kind kind) throws IOException {
        options.checkNone(name, kind.isDivergence() || kind.hasPotential() && second != null, true);
        descentOptions.checkNone(name);
        FlowOptions integration = integration();
        FunctionalFlow.check(kind, functionalOptions, pair, second, integration);
        List<PointCloud> clouds = second == null ? pair.readFirst(first, common.seed, !kind.hasPotential())
            : pair.read(first, second, common.seed, true);
        PointCloud y = second == null ? null : clouds.get(1);
        try (PointCloud x = clouds.get(0); y; TileScheduler scheduler = common.scheduler()) {
            ResultFolder folder = folder();
            FunctionalFlow flow = new FunctionalFlow(kind, functionalOptions, integration, options.blur(x, y), options.projections(),
                common.seed, scheduler);
            FlowResult result;
            try (ProgressBar progress = console.progress("flow")) {
                result = flow.run(x, y, progress);
            }
            if (result.status() == FlowResult.Status.CANCELLED) {
                throw interrupted();
            }
            Map<String, Object> summary = new LinkedHashMap<>();
            summary.put("flow", kind.toString());
            summary.putAll(flow.summary());
            putResult(summary, result);
            try (PointCloud end = PointCloud.ofRows(result.last().points(), x.size(), x.dimension())) {
                // where there is no second cloud, the start stands behind the particles
                FlowPicture picture = y == null ? new FlowPicture(end, x, "start") : new FlowPicture(x, y);
                summary.put("files", folder.write(to -> write(result, x, picture)));
            }
            console.report(summary);
            return summary.get("unconvergedSteps") instanceof Integer unconverged && unconverged > 0 ? notConverged(unconverged + " of "
                + result.evaluations() + " steps did not meet their tolerance; what may help: a smaller --learning-rate") : Pontoon.DONE;
        }
    }

    private int notConverged(String remark) {
        console.remark(remark);
        return Pontoon.NOT_CONVERGED;
    }

    private Interrupted interrupted() {
        return new Interrupted("interrupted before step " + steps + "; nothing was written");
    }

    private void descend(Descent descent) throws IOException {
        options.checkNone(name, descent.hasDensity(), false);
        descentOptions.check(descent);
        FlowOptions integration = integration();
        BadInput.unless(steps >= 2, "--steps is %d, expected at least 2 for %s, the start included", steps, name);
        BadInput.unless(momentum == 0 || descent == Descent.KSD, "--momentum says nothing to %s", name);
        BadInput.unless(!adaptive || !descent.countsAlike() && !descentOptions.neural(), "--adaptive says nothing to %s", descentOptions
            .neural() ? name + " with a neural critic" : name);
        BadInput.unless(!pair.weighsFirst() || !descent.countsAlike(), "--weights-x says nothing to %s, whose particles count alike", name);
        List<PointCloud> clouds = pair.read(first, second, common.seed, !descentOptions.freeMass());
        try (PointCloud x = clouds.get(0); PointCloud y = clouds.get(1); TileScheduler scheduler = common.scheduler()) {
            try (Inputs.Split split = Inputs.split(y, descentOptions.holdOut(), common.seed, 1, second, pair.secondWeights())) {
                ResultFolder folder = folder();
                DescentFlow flow = new DescentFlow(descent, descentOptions, integration, common.seed, scheduler);
                try (ProgressBar progress = console.progress("flow")) {
                    if (!flow.run(x, split, options.blur(x, y), progress)) {
                        throw interrupted();
                    }
                }
                Map<String, Object> summary = new LinkedHashMap<>();
                summary.put("flow", descent.toString());
                summary.putAll(flow.summary());
                if ((double) summary.get("mmd") > (double) summary.get("firstMmd")) {
                    console.remark("the particles are farther from Y than they began: a --learning-rate below " + learningRate
                        + " may help");
                }
                summary.put("files", folder.write(to -> write(flow, x, y)));
                console.report(summary);
            }
        }
    }

    private static Functional functional(MeasureLoss loss, PointCloud y, TileScheduler scheduler) {
        return switch (loss) {
            case ProjectedWasserstein.MaxSliced maximum -> new IteratedFunctional(x -> {
                MaxSlicedWasserstein.Result result = maximum.result(x, y);
                return new IteratedFunctional.Step(maximum.gradient(x, y, result), result.converged() ? null
                    : Measurement.unconverged(result, maximum));
            });
            case ExactTransport exact -> new IteratedFunctional(x -> {
                ExactTransportResult result = exact.solve(x, y, scheduler);
                return new IteratedFunctional.Step(result.gradientX(), result.status() == ExactTransportResult.Status.OPTIMAL ? null
                    : Measurement.unconverged(result, exact.maxIterations()));
            });
            default -> Functional.towards(loss, y, scheduler);
        };
    }

    /** Transport costs are descended as all others, {@code |x - y|^p / p}. */
    private Functional scaled(Functional functional, Loss loss) {
        return loss.isWasserstein() ? Functional.weightedSum(List.of(functional), 1 / options.exponent()) : functional;
    }

    /** A loss towards a fixed cloud that takes iterations, with a count of those that did not converge. */
    private static final class IteratedFunctional implements Functional {

        private final Function<PointCloud, Step> loss;
        private int calls;
        private int unconverged;
        private String remark;

        /** A gradient, and why it is not what was asked for, null where it is. */
        record Step(LossGradient gradient, String unconverged) {
        }

        IteratedFunctional(Function<PointCloud, Step> loss) {
            this.loss = loss;
        }

        @Override
        public LossGradient at(PointCloud x) {
            Step step = loss.apply(x);
            calls++;
            if (step.unconverged != null) {
                unconverged++;
                remark = step.unconverged;
            }
            return step.gradient;
        }
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

    private List<Path> write(FlowResult result, PointCloud x, FlowPicture picture) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Snapshot snapshot : result.snapshots()) {
            writePoints("points-" + FlowPicture.time(snapshot.time()), snapshot.points(), x, files);
        }
        writePoints("points-last", result.last().points(), x, files);
        Table table = new Table("").column("step").column("time").column("loss");
        for (int i = 0; i < result.times().length; i++) {
            table.row(i, result.times()[i], result.losses()[i]);
        }
        writeTable("loss", table, files);
        writePictures(picture.panels(result, false), FlowPicture.losses(result), files);
        return files;
    }

    private List<Path> write(DescentFlow flow, PointCloud x, PointCloud y) throws IOException {
        List<Path> files = new ArrayList<>();
        for (State state : flow.snapshots()) {
            writeState(FlowPicture.time(state.time()), state, x, files);
        }
        writeState("last", flow.last(), x, files);
        writeTable("mmd", flow.distances(), files);
        if (flow.losses() != null) {
            writeTable("loss", flow.losses(), files);
        }
        writePictures(flow.panels(x, y), flow.lossPlot(), files);
        return files;
    }

    private void writePictures(List<Plot> panels, Plot losses, List<Path> files) throws IOException {
        String title = name + " flow, " + first.getFileName() + (second == null ? "" : " to " + second.getFileName());
        if (!panels.isEmpty()) {
            Picture picture = new Picture(title, PANEL, PANEL).columns(Math.min(ACROSS, panels.size()));
            panels.forEach(picture::add);
            writePicture("flow", picture, files);
        }
        if (losses != null) {
            writePicture("loss", new Picture(title + ": loss over time", 2 * PANEL, PANEL).add(losses), files);
        }
    }

    private void writeState(String when, State state, PointCloud x, List<Path> files) throws IOException {
        writePoints("points-" + when, state.points(), x, files);
        float[] weights = new float[x.size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) state.weights()[i];
        }
        write("weights-" + when, NpyArray.of(weights, weights.length), files);
    }

    private void writePoints(String file, float[] points, PointCloud x, List<Path> files) throws IOException {
        write(file, pair.placement() == null ? NpyArray.of(points, x.size(), x.dimension())
            : NpyArray.of(pair.placement().putBack(points), x.size(), x.dimension()), files);
    }

    private void write(String file, NpyArray array, List<Path> files) throws IOException {
        Path path = out.resolve(file + ".npy");
        NpyFile.write(path, array);
        files.add(path);
    }

    private void writeTable(String file, Table table, List<Path> files) throws IOException {
        table.write(out, file);
        for (String ending : List.of(".md", ".csv", ".json")) {
            files.add(out.resolve(file + ending));
        }
    }

    private void writePicture(String file, Picture picture, List<Path> files) throws IOException {
        for (String ending : List.of(".png", ".svg")) {
            Path path = out.resolve(file + ending);
            picture.write(path);
            files.add(path);
        }
    }

    private int report(Loss loss, FlowResult result, Functional functional, double diagonal, List<String> files) {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("loss", loss.toString());
        putResult(summary, result);
        if (functional instanceof SinkhornFunctional sinkhorn) {
            summary.put("iterations", sinkhorn.iterations());
            summary.put("marginalError", sinkhorn.largestMarginalError());
            summary.put("unconvergedSteps", sinkhorn.unconverged());
        }
        if (functional instanceof IteratedFunctional iterated) {
            summary.put("unconvergedSteps", iterated.unconverged);
        }
        summary.put("files", files);
        console.report(summary);
        return switch (functional) {
            case SinkhornFunctional sinkhorn when sinkhorn.unconverged() > 0 ->
                notConverged(sinkhorn.unconverged() + " of " + sinkhorn.calls()
                    + " steps did not converge to the tolerance; " + Measurement.help(sinkhorn.last().options(), sinkhorn.last().status(),
                        sinkhorn.largestMarginalError(), diagonal, 1,
                        "clouds' diameter"));
            case IteratedFunctional iterated when iterated.unconverged > 0 -> notConverged(iterated.unconverged + " of " + iterated.calls
                + " steps did not converge, the last of them: " + iterated.remark);
            default -> Pontoon.DONE;
        };
    }

    private static void putResult(Map<String, Object> summary, FlowResult result) {
        summary.put("status", result.status().name().toLowerCase(Locale.ROOT));
        summary.put("steps", result.evaluations());
        summary.put("time", result.last().time());
        summary.put("firstValue", result.losses()[0]);
        summary.put("value", result.last().loss());
        summary.put("seconds", result.seconds());
    }
}
