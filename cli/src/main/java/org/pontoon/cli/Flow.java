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
import java.util.stream.Stream;

import org.pontoon.cli.LossOptions.LossName;
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
import org.pontoon.engine.flow.LossFunctional;
import org.pontoon.engine.flow.ParticleFlow;
import org.pontoon.engine.flow.Scheme;
import org.pontoon.engine.flow.SinkhornFunctional;
import org.pontoon.engine.flow.Snapshot;
import org.pontoon.engine.flow.descent.SobolevDescent;
import org.pontoon.engine.flow.jko.SwJkoParticles;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.BoundingBox;
import org.pontoon.engine.transport.Loss;
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
            return Stream.of(LossName.values(), FlowTable.values()).flatMap(Stream::of).map(Object::toString).iterator();
        }
    }

    @Parameters(index = "0", paramLabel = "FLOW", completionCandidates = Names.class, description = "The loss to descend: "
        + LossOptions.NAMES + "; or " + FlowTable.DESCENTS + "; or " + FlowTable.FUNCTIONALS + ".")
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
    private FlowTable.Options schemeOptions;

    @Option(names = {"--learning-rate",
        "--step-size"}, paramLabel = "R", defaultValue = "0.05", description = "Length of a step in time (default: "
            + "${DEFAULT-VALUE}).")
    private double learningRate;

    @Option(names = "--steps", paramLabel = "N", defaultValue = "101", description = "States of the flow, the start included (default: "
        + "${DEFAULT-VALUE}).")
    private int steps;

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
        LossName loss = named(LossName.values());
        FlowTable flow = named(FlowTable.values());
        if (loss == null && flow == null) {
            throw new BadInput("there is no flow '" + name + "', expected one of " + String.join(", ", new Names()));
        }
        return loss == null ? run(flow) : run(loss);
    }

    private <T> T named(T[] values) {
        return Stream.of(values).filter(value -> value.toString().equalsIgnoreCase(name)).findFirst().orElse(null);
    }

    private FlowOptions integration(boolean adapts) {
        BadInput.unless(learningRate > 0 && learningRate < Double.POSITIVE_INFINITY, "--learning-rate is %s, expected a positive number",
            learningRate);
        BadInput.unless(steps >= 1, "--steps is %d, expected at least 1", steps);
        double momentum = schemeOptions.momentum();
        BadInput.unless(momentum >= 0 && momentum < 1, "--momentum is %s, expected at least 0 and less than 1", momentum);
        for (int i = 0; i < snapshots.length; i++) {
            BadInput.unless(snapshots[i] >= 0 && snapshots[i] < Double.POSITIVE_INFINITY && (i == 0 || snapshots[i] > snapshots[i - 1]),
                "--snapshots holds %s at place %d, expected rising times from 0", snapshots[i], i + 1);
        }
        // the line counts states
        return new FlowOptions(learningRate, steps - 1, adaptive || adapts, Arrays.stream(snapshots).boxed().toList());
    }

    /** Runs a scheme to its end and closes it. */
    private FlowResult drive(Scheme scheme, FlowOptions integration) {
        FlowResult result;
        try (scheme; ProgressBar progress = console.progress("flow")) {
            result = new org.pontoon.engine.flow.Flow(integration).run(scheme, progress);
        }
        if (result.status() == FlowResult.Status.CANCELLED) {
            throw new Interrupted("interrupted before step " + steps + "; nothing was written");
        }
        return result;
    }

    private int run(LossName loss) throws IOException {
        schemeOptions.checkNone(name);
        BadInput.unless(second != null, "%s needs a second cloud, expected X and Y", name);
        options.check(loss);
        descentOptions.checkNone(name);
        FlowOptions integration = integration(false);
        List<PointCloud> clouds = options.read(loss, pair, first, second, common.seed, false);
        try (PointCloud x = clouds.get(0); PointCloud y = clouds.get(1); TileScheduler scheduler = common.scheduler()) {
            ResultFolder folder = ResultFolder.claim(out, RESULTS, overwrite, console);
            remarkCurvature(loss, x, y);
            Loss measure = options.make(loss, Precision.FLOAT32, common.seed, null, x, y);
            Functional functional = Functional.towards(measure, y, scheduler);
            FlowResult result = drive(new ParticleFlow(x, scaled(functional, loss), schemeOptions.momentum()), integration);
            remarkRise(result);
            return report(loss, measure, result, functional, BoundingBox.of(x, y).diagonal(),
                folder.write(to -> write(result, "loss", new FlowPicture(x, y), null)));
        }
    }

    private int run(FlowTable flow) throws IOException {
        flow.check(schemeOptions, pair, second != null, adaptive, descentOptions.neural());
        options.checkNone(name, flow.hasBlur(second != null), !flow.isDescent());
        if (flow.isDescent()) {
            descentOptions.check(flow);
            BadInput.unless(steps >= 2, "--steps is %d, expected at least 2 for %s, the start included", steps, name);
        } else {
            descentOptions.checkNone(name);
        }
        FlowOptions integration = integration(flow.adapts());
        List<PointCloud> clouds = second == null ? pair.readFirst(first, common.seed, flow.isInvariant())
            : pair.read(first, second, common.seed, !descentOptions.freeMass());
        try (PointCloud x = clouds.get(0); PointCloud y = second == null ? null : clouds.get(1);
                TileScheduler scheduler = common.scheduler();
                Inputs.Split split = !flow.isDescent() ? null
                    : Inputs.split(y, descentOptions.holdOut(), common.seed, 1, second, pair.secondWeights())) {
            ResultFolder folder = ResultFolder.claim(out, RESULTS, overwrite, console);
            FlowTable.Given given = new FlowTable.Given(x, split == null ? y : split.kept(), split == null ? 1 : split.mass(),
                options.blur(x,
                    y),
                options.projections(), schemeOptions, descentOptions, common.seed, scheduler);
            Map<String, Object> summary = given.summary();
            summary.put("flow", flow.toString());
            Scheme scheme = flow.scheme(given);
            FlowResult result = drive(scheme, integration);
            MeanFeatureReport distances = split == null ? null : new MeanFeatureReport(result, split, common.seed, scheduler);
            summarise(flow, scheme, result, distances, summary);
            // where there is no second cloud, the start stands behind the particles
            try (PointCloud end = PointCloud.ofRows(result.last().points(), x.size(), x.dimension())) {
                FlowPicture picture = y == null ? new FlowPicture(end, x, "start") : new FlowPicture(x, y);
                summary.put("files", folder.write(to -> write(result, flow.axis(), picture, distances)));
            }
            console.report(summary);
            return result.unconverged() == 0 ? Pontoon.DONE : notConverged(result.unconverged() + " of " + result.steps()
                + " steps did not meet their tolerance; what may help: a smaller --learning-rate");
        }
    }

    private void summarise(FlowTable flow, Scheme scheme, FlowResult result, MeanFeatureReport distances, Map<String, Object> summary) {
        if (scheme instanceof SwJkoParticles) {
            summary.put("unconvergedSteps", result.unconverged());
        }
        double[] taken = result.quantities().getOrDefault("acceptance", new double[0]);
        Arrays.stream(taken).filter(share -> !Double.isNaN(share)).average().ifPresent(mean -> summary.put("acceptance", mean));
        if (scheme instanceof SobolevDescent descent) {
            summary.put("largestRidge", descent.largestRidge());
        }
        if (descentOptions.neural()) {
            summary.put("critic", DescentOptions.Critic.NEURAL.toString());
        }
        putResult(summary, result, flow.isDescent());
        if (distances != null) {
            distances.put(summary);
            if (distances.rises()) {
                console.remark("the particles are farther from Y than they began: a --learning-rate below " + learningRate + " may help");
            }
        }
    }

    /** A mixture's likelihood is as curved as its narrowest bell. */
    private void remarkCurvature(LossName loss, PointCloud x, PointCloud y) {
        double width = options.width(null, x, y);
        if (loss == LossName.LIKELIHOOD && !adaptive && learningRate > 2 * width * width) {
            console.remark(String.format(Locale.ROOT,
                "the likelihood's curvature is up to 1/blur^2 = %s, and steps of more than twice the "
                    + "inverse throw points away: --adaptive, or a --learning-rate below %s, keeps them",
                (float) (1 / (width * width)), (float) (2 * width * width)));
        }
    }

    /** Says so where a flow that goes downhill ended higher than it began. */
    private void remarkRise(FlowResult result) {
        double begin = result.values()[0];
        double end = result.values()[result.steps()];
        if (end > begin + 0.01 * Math.abs(begin)) {
            console.remark("the loss rose from " + begin + " to " + end + ": steps are too long for it; --adaptive or a "
                + "--learning-rate below " + learningRate + " may help");
        }
    }

    private int notConverged(String remark) {
        console.remark(remark);
        return Pontoon.NOT_CONVERGED;
    }

    /** Transport costs are descended as all others, {@code |x - y|^p / p}. */
    private Functional scaled(Functional functional, LossName loss) {
        return loss.isWasserstein() ? Functional.weightedSum(List.of(functional), 1 / options.exponent()) : functional;
    }

    private List<Path> write(FlowResult result, String axis, FlowPicture picture, MeanFeatureReport distances) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Snapshot snapshot : result.snapshots()) {
            writeState(FlowPicture.time(snapshot.time()), snapshot, distances != null, files);
        }
        writeState("last", result.last(), distances != null, files);
        if (distances != null) {
            writeTable("mmd", distances.table(), files);
        }
        if (result.values().length > 0) {
            writeTable("loss", losses(result), files);
        }
        writePictures(distances == null ? picture.panels(result, false) : picture.panels(result),
            result.values().length == 0 ? null : FlowPicture.losses(result, axis), files);
        return files;
    }

    /** What was descended, and the mass where a scheme tells it, at every state where it is known. */
    private static Table losses(FlowResult result) {
        String value = result.quantities().keySet().iterator().next();
        Table table = new Table("").column("step").column("time").column(value);
        double[] masses = result.quantities().get("mass");
        if (masses != null) {
            table.column("mass");
        }
        for (int k = 0; k <= result.steps(); k++) {
            if (masses != null) {
                table.row(k, result.times()[k], result.values()[k], masses[k]);
            } else if (!Double.isNaN(result.values()[k])) {
                table.row(k, result.times()[k], result.values()[k]);
            }
        }
        return table;
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

    private void writeState(String when, Snapshot state, boolean weighted, List<Path> files) throws IOException {
        int size = state.weights().length;
        float[] points = state.points();
        int dimension = points.length / size;
        write("points-" + when, pair.placement() == null ? NpyArray.of(points, size, dimension)
            : NpyArray.of(pair.placement().putBack(points), size, dimension), files);
        if (weighted) {
            float[] weights = new float[size];
            for (int i = 0; i < size; i++) {
                weights[i] = (float) state.weights()[i];
            }
            write("weights-" + when, NpyArray.of(weights, size), files);
        }
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

    private int report(LossName loss, Loss measure, FlowResult result, Functional functional, double diagonal, List<String> files) {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("loss", loss.toString());
        putResult(summary, result, false);
        if (functional instanceof SinkhornFunctional sinkhorn) {
            summary.put("iterations", sinkhorn.iterations());
            summary.put("marginalError", sinkhorn.largestMarginalError());
        }
        if (loss.iterates()) {
            summary.put("unconvergedSteps", result.unconverged());
        }
        summary.put("files", files);
        console.report(summary);
        if (result.unconverged() == 0) {
            return Pontoon.DONE;
        }
        String which = result.unconverged() + " of " + (result.steps() + 1) + " steps did not converge";
        return notConverged(switch (functional) {
            case SinkhornFunctional sinkhorn -> which + " to the tolerance; " + Measurement.help(sinkhorn.last().options(), sinkhorn.last()
                .status(), sinkhorn.largestMarginalError(), diagonal, 1, "clouds' diameter");
            case LossFunctional repeated -> which + ", the last of them: " + Measurement.unconverged(measure, repeated.lastUnconverged());
            default -> which;
        });
    }

    private static void putResult(Map<String, Object> summary, FlowResult result, boolean descent) {
        summary.put("status", result.status().name().toLowerCase(Locale.ROOT));
        // of losses the line counts states
        summary.put("steps", descent ? result.steps() : result.steps() + 1);
        summary.put("time", result.last().time());
        double[] known = Arrays.stream(result.values()).filter(value -> !Double.isNaN(value)).toArray();
        if (known.length > 0) {
            summary.put("firstValue", known[0]);
            summary.put("value", known[known.length - 1]);
        }
        summary.put("seconds", result.seconds());
    }
}
