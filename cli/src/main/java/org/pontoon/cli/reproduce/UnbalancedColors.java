package org.pontoon.cli.reproduce;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.pontoon.cli.report.Interrupted;
import org.pontoon.cli.report.Picture;
import org.pontoon.cli.report.Pixels;
import org.pontoon.cli.report.Plot;
import org.pontoon.cli.report.ProgressBar;
import org.pontoon.cli.report.Table;
import org.pontoon.engine.feature.MeanFeatures;
import org.pontoon.engine.feature.RandomFeatures;
import org.pontoon.engine.feature.RandomFeatures.Spectrum;
import org.pontoon.engine.flow.Flow;
import org.pontoon.engine.flow.FlowOptions;
import org.pontoon.engine.flow.FlowResult;
import org.pontoon.engine.flow.Snapshot;
import org.pontoon.engine.flow.descent.SobolevDescent;
import org.pontoon.engine.flow.descent.SobolevOptions;
import org.pontoon.engine.flow.descent.SobolevOptions.Reaction;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.random.CounterRandom;
import org.pontoon.engine.transport.EnergyDistance;
import org.pontoon.engine.transport.Precision;
import org.pontoon.engine.transport.Sinkhorn;
import org.pontoon.engine.transport.SinkhornOptions;
import org.pontoon.engine.transport.SinkhornResult;
import org.pontoon.engine.transport.SparsePlan;
import org.pontoon.engine.transport.TransportPlan;

/**
 * Colour transfer by flows that may create and remove mass, against transport (Mroueh and Rigotti 2020, section 6): samples of the colours
 * of one image are moved to those of another, and every pixel takes the displacement of the sample nearest to it.
 */
final class UnbalancedColors implements Experiment {

    private static final long STREAM = 2700;
    private static final int SAMPLE = 1500;
    private static final int FEATURES = 300;
    private static final double[] SHARES = {0.5, 1};
    private static final int STEPS = 200;
    private static final double LENGTH = 10;
    private static final double RIDGE = 1e-2;
    private static final double REACTION = 5;
    private static final double REACH = 0.3;
    private static final int WIDTH = 290;

    /** Where a method puts the samples of A, and what they weigh then. */
    private record Moved(String name, float[] points, double[] weights, double seconds) {
    }

    @Override
    public String name() {
        return "usd-color";
    }

    @Override
    public String description() {
        return "colour transfer by unbalanced Sobolev descent against transport: usd-color A.png B.png, or two drawn scenes";
    }

    @Override
    public int files() {
        return 2;
    }

    @Override
    public Results run(Setting setting) {
        List<Path> files = setting.files();
        Pixels a = files.isEmpty() ? ColorTransfer.Scene.NOON.draw(setting.seed()) : Pixels.read(files.get(0));
        Pixels b = files.isEmpty() ? ColorTransfer.Scene.DUSK.draw(setting.seed()) : Pixels.read(files.get(1));
        int count = setting.count(SAMPLE, SAMPLE / 5);
        long key = CounterRandom.key(setting.seed(), STREAM);
        try (PointCloud x = ColorTransfer.sample(a, count, CounterRandom.key(key, 0));
                PointCloud y = ColorTransfer.sample(b, count, CounterRandom.key(key, 1));
                PointCloud heldOut = ColorTransfer.sample(b, count, CounterRandom.key(key, 2))) {
            double median = MeanFeatures.medianDistance(y, y);
            Scores scores = new Scores(x, y, heldOut, Math.max(median, 0.05), setting);
            Picture picture = new Picture("Colour transfer with and without conservation of mass", WIDTH, WIDTH * 3 / 4).columns(5);
            Results results = new Results().table(name(), scores.table).picture(name(), picture);
            scores.row("A as it is", x.toRows(), null, a, null);
            scores.row("other samples of B", heldOut.toRows(), null, null, null);
            List<Moved> all = flows(x, y, setting);
            all.addAll(transports(x, y, setting));
            all.add(nearest(x, y));
            int[] sampleOf = nearestSamples(a, x);
            Picture palettes = new Picture("Colours in the plane of red and blue", WIDTH, WIDTH).columns(5);
            picture.add(new Plot("A").image(a)).add(new Plot("B").image(b));
            palettes.add(ColorTransfer.palette("A", x)).add(ColorTransfer.palette("B", y));
            for (Moved moved : all) {
                Pixels image = recoloured(a, x, moved.points, sampleOf);
                scores.row(moved.name, moved.points, moved.weights, image, moved.seconds);
                picture.add(new Plot(moved.name).image(image));
                try (PointCloud cloud = PointCloud.ofRows(moved.points, count, 3)) {
                    palettes.add(ColorTransfer.palette(moved.name, cloud));
                }
                results.image("usd-color-" + moved.name.replaceAll("[^a-zA-Z]+", "-").toLowerCase(Locale.ROOT), image);
            }
            return results.picture("usd-color-palettes", palettes);
        }
    }

    private static List<Moved> flows(PointCloud x, PointCloud y, Setting setting) {
        double median = Math.max(MeanFeatures.medianDistance(x, y), 0.05);
        RandomFeatures features = RandomFeatures.draw(Spectrum.ORTHOGONAL_GAUSSIAN, 3, FEATURES, CounterRandom.key(setting.seed(),
            STREAM + 1), Arrays.stream(SHARES).map(share -> share * median).toArray());
        List<Moved> moved = new ArrayList<>();
        try (ProgressBar progress = setting.console().progress("flows")) {
            for (Reaction reaction : List.of(Reaction.NONE, Reaction.WEIGHTS, Reaction.BIRTH_DEATH)) {
                SobolevOptions options = SobolevOptions.builder().reaction(reaction).reactionRatio(reaction == Reaction.NONE ? 1 : REACTION)
                    .ridge(RIDGE).seed(setting.seed()).build();
                FlowResult result = new Flow(FlowOptions.of(LENGTH / STEPS, STEPS)).run(new SobolevDescent(x, y, features, options, setting
                    .scheduler()), (step, of) -> progress.advance(moved.size() * STEPS + step, 3 * STEPS));
                if (result.status() == FlowResult.Status.CANCELLED) {
                    throw new Interrupted("interrupted in the flows");
                }
                moved.add(new Moved(switch (reaction) {
                    case NONE -> "Sobolev descent";
                    case WEIGHTS -> "USD, weights";
                    case BIRTH_DEATH -> "USD, births and deaths";
                }, reaction == Reaction.BIRTH_DEATH ? byAncestor(x, result.last()) : result.last().points(), result.last().weights(),
                    result.seconds()));
            }
        }
        return moved;
    }

    /**
     * Puts the points of a state into the places of their ancestors. One with several descendants keeps the first, the others take the
     * places of samples that have none, nearest first come, so that every sample of A has a colour to go to.
     */
    private static float[] byAncestor(PointCloud x, Snapshot state) {
        int count = x.size();
        float[] placed = new float[3 * count];
        boolean[] taken = new boolean[count];
        boolean[] settled = new boolean[count];
        for (int i = 0; i < count; i++) {
            int place = state.ancestors()[i];
            if (!taken[place]) {
                System.arraycopy(state.points(), 3 * i, placed, 3 * place, 3);
                taken[place] = true;
                settled[i] = true;
            }
        }
        for (int i = 0; i < count; i++) {
            if (settled[i]) {
                continue;
            }
            int best = -1;
            double least = Double.POSITIVE_INFINITY;
            for (int place = 0; place < count; place++) {
                double square = 0;
                for (int d = 0; d < 3; d++) {
                    double z = x.get(place, d) - x.get(state.ancestors()[i], d);
                    square += z * z;
                }
                if (!taken[place] && square < least) {
                    least = square;
                    best = place;
                }
            }
            System.arraycopy(state.points(), 3 * i, placed, 3 * best, 3);
            taken[best] = true;
        }
        return placed;
    }

    private static List<Moved> transports(PointCloud x, PointCloud y, Setting setting) {
        List<Moved> moved = new ArrayList<>();
        moved.add(entropic("Sinkhorn", x, y, SinkhornOptions.builder().blur(0.05), setting));
        moved.add(entropic("unbalanced Sinkhorn", x, y, SinkhornOptions.builder().blur(0.05).reach(REACH), setting));
        long began = System.nanoTime();
        Sinkhorn solver = new Sinkhorn(
            SinkhornOptions.builder().blur(0.01).tolerance(1e-2).debias(false).precision(Precision.FLOAT32).build());
        SinkhornResult result = solver.solve(x, y, setting.scheduler());
        SparsePlan plan = solver.plan(x, y, result, setting.scheduler()).largestPerRow(1);
        setting.console().checkInterrupted();
        float[] points = new float[3 * x.size()];
        for (int n = 0; n < x.size(); n++) {
            if (plan.rowStarts()[n] < plan.rowStarts()[n + 1]) {
                y.copyPoint(plan.columns()[plan.rowStarts()[n]], points, 3 * n);
            } else {
                x.copyPoint(n, points, 3 * n);
            }
        }
        moved.add(new Moved("near-exact transport", points, null, (System.nanoTime() - began) * 1e-9));
        return moved;
    }

    /** The debiased entropic map; where mass may be left behind, samples weigh what the plan moves of them. */
    private static Moved entropic(String name, PointCloud x, PointCloud y, SinkhornOptions.Builder options, Setting setting) {
        long began = System.nanoTime();
        Sinkhorn solver = new Sinkhorn(options.tolerance(1e-3).debias(false).precision(Precision.FLOAT32).build());
        TransportPlan across = solver.plan(x, y, solver.solve(x, y, setting.scheduler()), setting.scheduler());
        TransportPlan self = solver.plan(x, x, solver.solve(x, x, setting.scheduler()), setting.scheduler());
        setting.console().checkInterrupted();
        double[] to = across.mapX(x);
        double[] from = self.mapX(x);
        float[] points = new float[to.length];
        for (int k = 0; k < points.length; k++) {
            points[k] = (float) (x.get(k / 3, k % 3) + to[k] - from[k]);
        }
        return new Moved(name, points, solver.options().balanced() ? null : across.rowSums(), (System.nanoTime() - began) * 1e-9);
    }

    private static Moved nearest(PointCloud x, PointCloud y) {
        long began = System.nanoTime();
        float[] points = new float[3 * x.size()];
        float[] rows = y.toRows();
        for (int n = 0; n < x.size(); n++) {
            System.arraycopy(rows, 3 * nearest(rows, x.get(n, 0), x.get(n, 1), x.get(n, 2)), points, 3 * n, 3);
        }
        return new Moved("nearest colour", points, null, (System.nanoTime() - began) * 1e-9);
    }

    private static int nearest(float[] rows, float red, float green, float blue) {
        int best = 0;
        float least = Float.POSITIVE_INFINITY;
        for (int k = 0; k < rows.length; k += 3) {
            float u = rows[k] - red;
            float v = rows[k + 1] - green;
            float w = rows[k + 2] - blue;
            float square = u * u + v * v + w * w;
            if (square < least) {
                least = square;
                best = k / 3;
            }
        }
        return best;
    }

    private static int[] nearestSamples(Pixels image, PointCloud x) {
        float[] rows = x.toRows();
        int[] samples = new int[image.rgb().length];
        for (int k = 0; k < samples.length; k++) {
            int rgb = image.rgb()[k];
            samples[k] = nearest(rows, (rgb >> 16 & 0xFF) / 255f, (rgb >> 8 & 0xFF) / 255f, (rgb & 0xFF) / 255f);
        }
        return samples;
    }

    /** Moves every pixel as its nearest sample moves. */
    private static Pixels recoloured(Pixels image, PointCloud x, float[] points, int[] sampleOf) {
        int[] rgb = new int[sampleOf.length];
        for (int k = 0; k < rgb.length; k++) {
            int n = sampleOf[k];
            int old = image.rgb()[k];
            rgb[k] = ColorTransfer.color((old >> 16 & 0xFF) / 255.0 + points[3 * n] - x.get(n, 0), (old >> 8 & 0xFF) / 255.0 + points[3 * n
                + 1] - x.get(n, 1), (old & 0xFF) / 255.0 + points[3 * n + 2] - x.get(n, 2));
        }
        return new Pixels(image.width(), image.height(), rgb);
    }

    /** The table of distances to B. */
    private static final class Scores {

        private final Setting setting;
        private final MeanFeatures metric;
        private final double[] seen;
        private final double[] unseen;
        private final PointCloud heldOut;
        private final Table table = new Table("Colours of B given to A").column("method").column("MMD", "%.4f").column("MMD, held out",
            "%.4f").column("MMD of the image, held out", "%.4f").column("energy distance of the image, held out", "%.5f").column(
                "effective samples", "%.0f")
            .column("seconds", "%.2f");

        Scores(PointCloud x, PointCloud y, PointCloud heldOut, double bandwidth, Setting setting) {
            this.setting = setting;
            this.heldOut = heldOut;
            this.metric = new MeanFeatures(RandomFeatures.draw(Spectrum.GAUSSIAN, 3, FEATURES, CounterRandom.key(setting.seed(),
                STREAM + 2), bandwidth));
            this.seen = metric.of(y, true, setting.scheduler());
            this.unseen = metric.of(heldOut, true, setting.scheduler());
            table.note(String.format(Locale.ROOT, "%d colours sampled from each image; MMD: %d random features of a Gaussian kernel of "
                + "bandwidth %.2f, the median distance in B, between the moved and weighted samples of A and the sample of B that the methods "
                + "saw, and another one. The image takes each pixel along with the sample nearest to it and knows no weights.", x.size(),
                FEATURES, bandwidth));
            table.note(String.format(Locale.ROOT,
                "Flows: alpha 0.6, %.0f in time, reaction step %.0f times alpha x step, ridge %.0e. Sinkhorn: "
                    + "debiased entropic maps of blur 0.05, unbalanced with reach %.1f, its samples weighted by the mass that is moved; near-exact "
                    + "transport: blur 0.01 and the largest entry of each row.",
                LENGTH, REACTION, RIDGE, REACH));
            table.note(
                "Length, reaction step and ridge of the flows were chosen by their MMD to the sample seen, on these two scenes; held out, "
                    + "most methods are as near as another sample of B is.");
            table
                .note("Source: Mroueh and Rigotti, \"Unbalanced Sobolev Descent\", NeurIPS 2020, which shows pictures and claims the least "
                    + "MMD for the flow; its images are not ours.");
        }

        void row(String name, float[] points, double[] weights, Pixels image, Double seconds) {
            int count = points.length / 3;
            double[] masses = weights == null ? new double[count] : weights;
            if (weights == null) {
                Arrays.fill(masses, 1.0 / count);
            }
            double sum = 0;
            double square = 0;
            float[] rounded = new float[count];
            for (int i = 0; i < count; i++) {
                sum += masses[i];
                square += masses[i] * masses[i];
                rounded[i] = (float) masses[i];
            }
            double[] mean;
            try (PointCloud cloud = PointCloud.ofRows(points, count, 3).withWeights(rounded)) {
                mean = metric.of(cloud, true, setting.scheduler());
            }
            Double imageDistance = null;
            Double energy = null;
            if (image != null) {
                try (PointCloud z = ColorTransfer.sample(image, heldOut.size(), CounterRandom.key(setting.seed(), STREAM + 3))) {
                    imageDistance = MeanFeatures.distance(metric.of(z, true, setting.scheduler()), unseen);
                    energy = EnergyDistance.between(z, heldOut, setting.scheduler());
                }
            }
            table.row(name, MeanFeatures.distance(mean, seen), MeanFeatures.distance(mean, unseen), imageDistance, energy,
                sum * sum / square,
                seconds);
        }
    }
}
