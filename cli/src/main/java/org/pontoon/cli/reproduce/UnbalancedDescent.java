package org.pontoon.cli.reproduce;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

import org.pontoon.cli.report.Interrupted;
import org.pontoon.cli.report.Picture;
import org.pontoon.cli.report.Plot;
import org.pontoon.cli.report.ProgressBar;
import org.pontoon.cli.report.Shades;
import org.pontoon.cli.report.Table;
import org.pontoon.engine.feature.MeanFeatures;
import org.pontoon.engine.feature.RandomFeatures;
import org.pontoon.engine.feature.RandomFeatures.Spectrum;
import org.pontoon.engine.flow.Flow;
import org.pontoon.engine.flow.FlowOptions;
import org.pontoon.engine.flow.FlowResult;
import org.pontoon.engine.flow.Scheme;
import org.pontoon.engine.flow.Snapshot;
import org.pontoon.engine.flow.descent.NeuralOptions;
import org.pontoon.engine.flow.descent.NeuralSobolevDescent;
import org.pontoon.engine.flow.descent.SobolevDescent;
import org.pontoon.engine.flow.descent.SobolevOptions;
import org.pontoon.engine.flow.descent.SobolevOptions.Reaction;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.random.CounterRandom;
import org.pontoon.engine.random.Density;
import org.pontoon.engine.transport.KernelNorm;
import org.pontoon.engine.transport.PairKernel;
import org.pontoon.engine.transport.Precision;

/** The four synthetic tasks of Mroueh and Rigotti (2020), "Unbalanced Sobolev Descent", with the flow in closed form and with a neural critic. */
final class UnbalancedDescent implements Experiment {

    private static final long STREAM = 2500;
    private static final double STEP = 0.025;
    private static final int STEPS = 400;
    private static final int FEATURES = 300;
    /** Steps of a flow with a neural critic over those of the others: as many as the authors make. */
    private static final int NEURAL_STEPS = 2;
    /** Narrow enough to tell the modes apart, wide enough for the engine's lattice: with 0.15 beside it a step takes thrice as long. */
    private static final double BANDWIDTH = 0.25;
    private static final double RIDGE = 1e-2;
    /** The metric's kernel is exp(-|z|^2). */
    private static final double METRIC = Math.sqrt(0.5);
    private static final int RECORDS = 40;
    /** Shares of the run at which the paper shows its clouds: 0, 100, 200, 400 and 800 of 800 iterations. */
    private static final int[] SHOWN = {0, 5, 10, 20, 40};
    private static final int PANEL = 150;
    /** Pictures reach from -EDGE to EDGE, are smoothed by BLUR and have PIXELS x PIXELS points. */
    private static final double EDGE = 1.15;
    private static final double BLUR = 0.035;
    private static final int PIXELS = 280;
    private static final int PROBES = 300;
    /** A distance that all flows reach well before rounding and the ridge stop them. */
    private static final double THRESHOLD = 0.01;

    /** Curves in the order of the paper's: Sobolev descent, births and deaths, weights. */
    private record Task(String name, int points, double alpha, double weightRatio, PointCloud start, PointCloud target, PointCloud heldOut,
            double[][] published) implements AutoCloseable {

        @Override
        public void close() {
            start.close();
            target.close();
            heldOut.close();
        }
    }

    private record Curve(String name, boolean neural, Reaction reaction, double ratio, double[] published, Plot.Ink ink) {
    }

    @Override
    public String name() {
        return "usd";
    }

    @Override
    public String description() {
        return "unbalanced Sobolev descent, four tasks in the plane: plain, with births and deaths, with weights, and with a neural critic";
    }

    @Override
    public Results run(Setting setting) {
        Table table = new Table("Unbalanced Sobolev descent with " + FEATURES + " random Fourier features: RFF-MMD along the flow")
            .column("task").column("flow").column("reaction step / (alpha x step)", "%.1f").column("start", "%.4f").column("1/8", "%.4f")
            .column("1/4", "%.4f").column("1/2", "%.4f").column("end", "%.4f").column("end, held-out target", "%.4f")
            .column("end, exact kernel", "%.4f").column("effective points", "%.0f")
            .column("seconds", "%.2f");
        Table sooner = new Table("How much sooner than Sobolev descent").column("task").column("flow")
            .column("reaction step / (alpha x step)", "%.1f").column("time to " + THRESHOLD, "%.2f").column("times sooner", "%.2f")
            .column("end of Sobolev descent", "%.5f").column("time to it", "%.2f").column("times sooner ", "%.2f")
            .column("held-out target then", "%.4f").column("held-out target at the end of Sobolev descent", "%.4f");
        Results results = new Results();
        Picture curves = new Picture("MMD over time", 460, 290).columns(2);
        long seed = CounterRandom.key(setting.seed(), STREAM);
        try (ProgressBar progress = setting.console().progress("flows")) {
            for (int number = 0; number < 4; number++) {
                try (Task task = task(number, setting, CounterRandom.key(seed, number))) {
                    run(task, number, setting, progress, table, sooner, curves, results);
                }
            }
        }
        table.note(String.format(Locale.ROOT,
            "%d steps of %.3f in time; critic: orthogonal features of bandwidth %s, ridge %.0e. RFF-MMD: 300 "
                + "features of exp(-|z|^2), the same draw for all flows, against the samples that the flow is drawn to, as published; "
                + "\"held-out\" against other samples of the target, \"exact kernel\" without random features.",
            setting.count(STEPS, STEPS / 4),
            STEP * STEPS / setting.count(STEPS, STEPS / 4), BANDWIDTH, RIDGE));
        table.note(
            "\"neural critic\": layers of 64 and 64 units instead of their 64, 1024 and 64, trained 20 times before a step on minibatches "
                + "of 512, " + NEURAL_STEPS + " steps for one of the others.");
        table.note("\"published\" at iterations 0, 100, 200, 400 and 800 of the authors' neural code, read off their figures; every figure "
            + "has its own draw of the metric. A reaction step of 1 is what the equation says; the larger ones are those of their code.");
        table.note(
            "In closed form the mean features approach the target's as exp(-t) whatever alpha is, but for the ridge: with the step of "
                + "the equation a reaction gains only what the ridge holds up. Most of the published gain is the larger reaction step.");
        table
            .note("Heart, disk, cat and weights are formulas here, pictures in the paper. Source: Mroueh and Rigotti, \"Unbalanced Sobolev "
                + "Descent\", NeurIPS 2020.");
        table.note(
            "Bandwidth and ridge were chosen by their results on these four tasks; smaller ridges often let the weights collapse onto few "
                + "particles.");
        table.note("The pictures show mass per area, on the scale of the target.");
        if (setting.quick()) {
            table.note(
                "A quick run: a quarter of the steps and of the particles. With such steps the reaction as in the authors' code may not "
                    + "settle.");
        }
        sooner.note(
            "Times between records are interpolated in the logarithm; the held-out distance is that of the record that ends the interval. Where "
                + "nothing is said, the distance is never reached: at the end of Sobolev descent all flows stand still, probably (not tested apart) "
                + "for the ridge and the number of particles that still count, of which a large reaction step leaves fewer.");
        return results.table(name(), table).table("usd-times", sooner).picture("usd-mmd", curves);
    }

    private static void run(Task task, int number, Setting setting, ProgressBar progress, Table table, Table sooner, Picture curves,
            Results results) {
        int steps = setting.count(STEPS, STEPS / 4);
        double length = STEPS * STEP;
        List<Double> times = new ArrayList<>();
        for (int k = 0; k <= RECORDS; k++) {
            times.add(length * k / RECORDS);
        }
        RandomFeatures features = RandomFeatures.draw(Spectrum.ORTHOGONAL_GAUSSIAN, 2, FEATURES,
            CounterRandom.key(setting.seed(), STREAM + 1), BANDWIDTH);
        MeanFeatures metric = new MeanFeatures(RandomFeatures.draw(Spectrum.GAUSSIAN, 2, FEATURES,
            CounterRandom.key(setting.seed(), STREAM + 2), METRIC));
        double[] targetMean = metric.of(task.target, true, setting.scheduler());
        double[] heldOutMean = metric.of(task.heldOut, true, setting.scheduler());
        List<Curve> flows = List.of(
            new Curve("Sobolev descent", false, Reaction.NONE, 1, task.published[0], Plot.Ink.GREY),
            new Curve("births and deaths", false, Reaction.BIRTH_DEATH, 1, null, Plot.Ink.BLUE),
            new Curve("births and deaths", false, Reaction.BIRTH_DEATH, 10 / task.alpha, task.published[1], Plot.Ink.SKY),
            new Curve("weights", false, Reaction.WEIGHTS, 1, null, Plot.Ink.VERMILION),
            new Curve("weights", false, Reaction.WEIGHTS, task.weightRatio, task.published[2], Plot.Ink.ORANGE),
            new Curve("births and deaths, neural critic", true, Reaction.BIRTH_DEATH, 10 / task.alpha, null, Plot.Ink.GREEN),
            new Curve("weights, neural critic", true, Reaction.WEIGHTS, task.weightRatio, null, Plot.Ink.PURPLE));
        Plot plot = new Plot(task.name).axes("time", "RFF-MMD").logarithmic(false, true);
        Picture clouds = new Picture(task.name, PANEL, PANEL).columns(SHOWN.length + 1);
        List<String> headings = new ArrayList<>();
        double darkest = darkest(task.target);
        double slowest = 0;
        double end = 0;
        double endHeldOut = 0;
        for (Curve flow : flows) {
            String activity = task.name + ", " + flow.name;
            int done = (number * flows.size() + flows.indexOf(flow)) * steps;
            int all = flow.neural ? NEURAL_STEPS * steps : steps;
            FlowResult result = new Flow(new FlowOptions(length / all, all, false, times)).run(scheme(task, flow, features, setting),
                (step, of) -> progress.advance(done + step * steps / all, 4 * flows.size() * steps));
            if (result.status() == FlowResult.Status.CANCELLED) {
                throw new Interrupted("interrupted in " + activity);
            }
            double[] heldOut = result.snapshots().stream().mapToDouble(s -> with(s, c -> MeanFeatures.distance(heldOutMean,
                metric.of(c, true, setting.scheduler())))).toArray();
            double[] distances = result.snapshots().stream().mapToDouble(s -> with(s, c -> MeanFeatures.distance(targetMean,
                metric.of(c, true, setting.scheduler())))).toArray();
            double reached = timeTo(THRESHOLD, distances) * length / RECORDS;
            if (flow.reaction == Reaction.NONE) {
                slowest = reached;
                end = distances[RECORDS];
                endHeldOut = heldOut[RECORDS];
            }
            double atEnd = flow.reaction == Reaction.NONE ? length : timeTo(end, distances) * length / RECORDS;
            sooner.row(task.name, flow.name, flow.ratio, reached, slowest / reached, end, atEnd, length / atEnd,
                Double.isNaN(atEnd) ? Double.NaN : heldOut[(int) Math.ceil(atEnd / length * RECORDS - 1e-9)], endHeldOut);
            double[] shown = Arrays.stream(SHOWN).mapToDouble(k -> distances[k]).toArray();
            table.row(task.name, flow.name, flow.ratio, shown[0], shown[1], shown[2], shown[3], shown[4],
                heldOut[RECORDS],
                with(result.last(), c -> Math.sqrt(Math.max(0, 2 * new KernelNorm(PairKernel.gaussian(METRIC), Precision.FLOAT32).value(c,
                    task.target, setting.scheduler())))),
                result.last().effectiveSize(), result.seconds());
            if (flow.published != null) {
                double[] p = flow.published;
                table.row(task.name, flow.name + ", published", flow.reaction == Reaction.NONE ? null : flow.ratio, p[0], p[1], p[2], p[3],
                    p[4],
                    null, null, null, null);
            }
            plot.curve(flow.ratio == 1 ? flow.name : flow.name + ", as in their code",
                times.stream().mapToDouble(t -> t).toArray(), distances, flow.ink);
            headings.add(flow.ratio == 1 ? flow.name : String.format(Locale.ROOT, "%s, reaction step %.1f times alpha x step", flow.name,
                flow.ratio));
            for (int k : SHOWN) {
                Snapshot state = result.snapshots().get(k);
                clouds.add(panel(String.format(Locale.ROOT, "t = %.2f", state.time()), state.points(), state.weights(), darkest));
            }
            clouds.add(panel("target", task.target.toRows(), weights(task.target), darkest));
        }
        curves.add(plot);
        results.picture(
            "usd-" + task.name.replace(", ", "-").replace(" x ", "-").replace(" to ", "-").replace(' ', '-').toLowerCase(Locale.ROOT),
            clouds.headings(headings));
    }

    private static Scheme scheme(Task task, Curve flow, RandomFeatures features, Setting setting) {
        if (flow.neural) {
            NeuralOptions options = NeuralOptions.builder().reaction(flow.reaction).reactionRatio(flow.ratio).alpha(task.alpha)
                .seed(setting.seed()).build();
            return new NeuralSobolevDescent(task.start, task.target, options, setting.scheduler());
        }
        SobolevOptions options = SobolevOptions.builder().reaction(flow.reaction).reactionRatio(flow.ratio).alpha(task.alpha).ridge(RIDGE)
            .seed(setting.seed()).build();
        return new SobolevDescent(task.start, task.target, features, options, setting.scheduler());
    }

    /** Number of records until a distance is reached, logarithms between records interpolated; NaN if it never is. */
    private static double timeTo(double threshold, double[] distances) {
        for (int k = 0; k < distances.length; k++) {
            if (distances[k] <= threshold) {
                return k == 0 ? 0 : k - Math.log(threshold / distances[k]) / Math.log(distances[k - 1] / distances[k]);
            }
        }
        return Double.NaN;
    }

    private static double with(Snapshot state, ToDoubleFunction<PointCloud> measure) {
        try (PointCloud cloud = state.toCloud()) {
            return measure.applyAsDouble(cloud);
        }
    }

    private static double[] weights(PointCloud cloud) {
        double[] weights = new double[cloud.size()];
        Arrays.setAll(weights, cloud::weight);
        return weights;
    }

    /** Mass per area, on the scale of the target. */
    private static Plot panel(String title, float[] points, double[] weights, double darkest) {
        return new Plot(title).image(Shades.density(points, weights, -EDGE, EDGE, BLUR, darkest, PIXELS)).range(-2, PIXELS + 2, -2,
            PIXELS + 2);
    }

    /** Twice the mean density where there is mass: the mean of the density under itself, from pairs near each other. */
    private static double darkest(PointCloud target) {
        double sum = 0;
        double total = 0;
        int size = target.size();
        for (int i = 0; i < size; i += Math.max(1, size / PROBES)) {
            double here = 0;
            for (int j = 0; j < size; j++) {
                double square = Math.pow((double) target.get(i, 0) - target.get(j, 0), 2) + Math.pow((double) target.get(i, 1) - target
                    .get(j, 1), 2);
                here += i == j ? 0 : target.weight(j) * Math.exp(-0.5 * square / (BLUR * BLUR));
            }
            sum += target.weight(i) * here;
            total += target.weight(i);
        }
        double mass = Arrays.stream(weights(target)).sum();
        return 1.5 * sum / total / mass / (2 * Math.PI * BLUR * BLUR);
    }

    private static Task task(int number, Setting setting, long seed) {
        return switch (number) {
            case 0 -> {
                int count = setting.count(4000, 1000);
                yield new Task("Gaussian to mixture", count, 0.6, 1e-3 / 0.6e-4, gaussian(count, seed), mixture(count, seed, 1),
                    mixture(count, seed, 2), new double[][] {{.5430, .0814, .0590, .0475, .0377}, {.5421, .0553, .0307, .0124, .0031},
                        {.5419, .0705, .0245, .0138, .0021}});
            }
            case 1 -> {
                int count = setting.count(2000, 500);
                yield new Task("Gaussian to circles", count, 0.6, 1e-3 / 0.6e-4, gaussian(count, seed), circles(count, seed, 1),
                    circles(count, seed, 2), new double[][] {{.4530, .0615, .0399, .0282, .0213}, {.4545, .0461, .0204, .0046, .0022},
                        {.4570, .0799, .0144, .0063, .0007}});
            }
            case 2 -> {
                int count = setting.count(4000, 1000);
                yield new Task("disk to heart, spiral weights", count, 0.8, 1e-3 / 0.8e-4, sample(UnbalancedDescent::disk, count, seed, 0),
                    weigh(sample(UnbalancedDescent::heart, count, seed, 1), UnbalancedDescent::spiral),
                    weigh(sample(UnbalancedDescent::heart, count, seed, 2), UnbalancedDescent::spiral),
                    new double[][] {{.1905, .0365, .0205, .0081, .0019}, {.1972, .0118, .0023, .0018, .0010},
                        {.1780, .0084, .0033, .0012, .0011}});
            }
            default -> {
                int count = setting.count(4000, 1000);
                yield new Task("cat to heart, gradient weights", count, 0.8, 1e-3 / 0.8e-4, sample(UnbalancedDescent::cat, count, seed, 0),
                    weigh(sample(UnbalancedDescent::heart, count, seed, 1), UnbalancedDescent::gradient),
                    weigh(sample(UnbalancedDescent::heart, count, seed, 2), UnbalancedDescent::gradient),
                    new double[][] {{.2836, .1569, .1025, .0442, .0073}, {.2831, .0467, .0116, .0019, .0008},
                        {.3000, .0360, .0075, .0007, .0008}});
            }
        };
    }

    private static PointCloud gaussian(int count, long seed) {
        return points(count, seed, 0, (i, z) -> new double[] {0.1 * z[0], 0.1 * z[1]});
    }

    /** Eight normals on a circle of radius .75. */
    private static PointCloud mixture(int count, long seed, int stream) {
        return points(count, seed, stream, (i, z) -> {
            double angle = Math.PI / 4 * (i % 8);
            return new double[] {0.75 * Math.cos(angle) + 0.075 * z[0], 0.75 * Math.sin(angle) + 0.075 * z[1]};
        });
    }

    /** Two circles with noise. */
    private static PointCloud circles(int count, long seed, int stream) {
        return points(count, seed, stream, (i, z) -> {
            double angle = 4 * Math.PI * (i / 2) / count;
            double radius = i % 2 == 0 ? 0.9 : 0.45;
            return new double[] {radius * Math.cos(angle) + 0.05 * z[0], radius * Math.sin(angle) + 0.05 * z[1]};
        });
    }

    @FunctionalInterface
    private interface Maker {
        double[] point(int number, double[] normals);
    }

    private static PointCloud points(int count, long seed, int stream, Maker maker) {
        long key = CounterRandom.key(seed, stream);
        float[] rows = new float[2 * count];
        for (int i = 0; i < count; i++) {
            double[] p = maker.point(i, new double[] {CounterRandom.normal(key, 2L * i), CounterRandom.normal(key, 2L * i + 1)});
            rows[2 * i] = (float) p[0];
            rows[2 * i + 1] = (float) p[1];
        }
        return PointCloud.ofRows(rows, count, 2);
    }

    /** A function of a point in [-1, 1] x [-1, 1]. */
    @FunctionalInterface
    private interface Field {
        double at(double x, double y);
    }

    private static PointCloud sample(Field shape, int count, long seed, int stream) {
        Density density = p -> shape.at(2 * p[0] - 1, 2 * p[1] - 1);
        PointCloud cloud = density.sample(2, count, CounterRandom.key(seed, stream));
        for (int i = 0; i < count; i++) {
            for (int d = 0; d < 2; d++) {
                cloud.set(i, d, 2 * cloud.get(i, d) - 1);
            }
        }
        return cloud;
    }

    /** Weights by a field, scaled to the sum 1. */
    private static PointCloud weigh(PointCloud cloud, Field field) {
        float[] weights = new float[cloud.size()];
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) field.at(cloud.get(i, 0), cloud.get(i, 1));
            sum += weights[i];
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] /= (float) sum;
        }
        return cloud.withWeights(weights);
    }

    private static double disk(double x, double y) {
        return x * x + y * y < 0.8 * 0.8 ? 1 : 0;
    }

    private static double heart(double x, double y) {
        double u = 1.25 * x;
        double v = 1.25 * y + 0.12;
        double disk = u * u + v * v - 1;
        return disk * disk * disk < u * u * v * v * v ? 1 : 0;
    }

    /** A head with two ears, and a body to its lower right. */
    private static double cat(double x, double y) {
        boolean head = (x + 0.35) * (x + 0.35) + (y - 0.35) * (y - 0.35) < 0.3 * 0.3;
        double ear = Math.abs(x + 0.35);
        boolean ears = y > 0.45 && y < 0.85 && ear > 0.08 && ear < 0.3 && y < 0.85 - 2.5 * Math.abs(ear - 0.2);
        boolean body = (x - 0.05) * (x - 0.05) / 0.2 + (y + 0.4) * (y + 0.4) / 0.18 < 1;
        double swing = y + 0.35 - 0.25 * Math.sin(6 * x);
        boolean tail = x > 0.4 && x < 0.9 && Math.abs(swing) < 0.07;
        return head || ears || body || tail ? 1 : 0;
    }

    /** Three arms. */
    private static double spiral(double x, double y) {
        return 0.5 + 0.5 * Math.cos(3 * Math.atan2(y, x) - 8 * Math.hypot(x, y));
    }

    private static double gradient(double x, double y) {
        return (x + 1) / 2;
    }
}
