package org.pontoon.cli.reproduce;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.pontoon.cli.report.Picture;
import org.pontoon.cli.report.Plot;
import org.pontoon.cli.report.ProgressBar;
import org.pontoon.cli.report.Table;
import org.pontoon.engine.flow.FlowOptions;
import org.pontoon.engine.flow.FlowResult;
import org.pontoon.engine.flow.Snapshot;
import org.pontoon.engine.flow.sliced.SlicedFlow;
import org.pontoon.engine.flow.sliced.SlicedFlowOptions;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.random.CounterRandom;
import org.pontoon.engine.random.Shape;
import org.pontoon.engine.transport.EnergyDistance;

/** Sliced-Wasserstein flows from a Gaussian to a mixture of ten Gaussians and to shapes (Liutkus et al. 2019). */
final class SlicedFlows implements Experiment {

    private static final int PARTICLES = 5000;
    private static final int QUICK_PARTICLES = 1000;
    private static final int DIRECTIONS = 30;
    private static final int QUANTILES = 100;
    private static final int[] SHOWN = {0, 5, 20, 100};
    private static final int DRAWN = 2500;
    private static final int PANEL = 190;
    private static final long STREAM = 2700;

    /** A target, by name, with the flow's entropy. */
    private record Entry(String name, double entropy, Sampler target) {
    }

    /** Draws a sample of a law. */
    private interface Sampler {
        PointCloud draw(int count, long seed);
    }

    @Override
    public String name() {
        return "sliced-flow";
    }

    @Override
    public String description() {
        return "sliced-Wasserstein flows to ten Gaussians and to shapes, with entropy and without, and points they have not seen";
    }

    @Override
    public Results run(Setting setting) {
        int count = setting.count(PARTICLES, QUICK_PARTICLES);
        List<Entry> entries = List.of(new Entry("ten Gaussians", 0, SlicedFlows::gaussians),
            new Entry("ten Gaussians", 1e-4, SlicedFlows::gaussians), new Entry("ten Gaussians", 0.1, SlicedFlows::gaussians),
            new Entry("heart", 0, (n, seed) -> centred(Shape.HEART, n, seed)), new Entry("moons", 0, (n, seed) -> centred(Shape.MOONS, n,
                seed)));
        Table table = new Table(String.format(Locale.ROOT, "Sliced-Wasserstein flows of %d particles, %d directions, %d steps of 1", count,
            DIRECTIONS, SHOWN[SHOWN.length - 1])).column("target").column("lambda").column("first SW_2^2", "%.5f")
            .column("last SW_2^2", "%.6f").column("energy distance of seen points", "%.5f").column("of unseen points", "%.5f")
            .column("its floor", "%.5f").column("seconds", "%.2f");
        Picture picture = new Picture("Sliced-Wasserstein flows", PANEL, PANEL + 12).columns(SHOWN.length + 1);
        List<String> headings = new ArrayList<>();
        try (ProgressBar progress = setting.console().progress("flows")) {
            for (int k = 0; k < entries.size(); k++) {
                progress.advance(k, entries.size());
                Entry entry = entries.get(k);
                headings
                    .add(entry.name + (entry.entropy == 0 ? ", no entropy" : String.format(Locale.ROOT, ", lambda = %.4f", entry.entropy)));
                flow(setting, entry, count, table, picture);
            }
        }
        picture.headings(headings);
        table.note(
            "Energy distance to a fresh sample of the target: 2 E|X-Y| - E|X-X'| - E|Y-Y'|; its floor: between two samples. With entropy "
                + "the flow's end is wider than the target, on purpose.");
        table
            .note("Unseen points follow the frozen flow through " + QUANTILES + " quantiles a direction. The paper (5000 particles, 50,000 "
                + "points, 30 directions, step 1, lambda 1e-4) gives pictures and no numbers for this target.");
        return new Results().table(name(), table).picture(name(), picture);
    }

    private static void flow(Setting setting, Entry entry, int count, Table table, Picture picture) {
        long seed = CounterRandom.key(setting.seed(), STREAM);
        try (PointCloud start = normals(count, seed + 1); PointCloud unseen = normals(count, seed + 2);
                PointCloud target = entry.target.draw(count, seed + 3); PointCloud fresh = entry.target.draw(count, seed + 4)) {
            SlicedFlow flow = new SlicedFlow(start, target, new SlicedFlowOptions(DIRECTIONS, entry.entropy, QUANTILES, setting.seed()),
                setting.scheduler());
            int steps = SHOWN[SHOWN.length - 1];
            FlowResult result = setting.run(new FlowOptions(1, steps, false, Arrays.stream(SHOWN).mapToObj(k -> (double) k).toList()),
                flow);
            for (Snapshot state : result.snapshots()) {
                try (PointCloud now = state.toCloud()) {
                    picture.add(panel("step " + state.step(), target).cloud("particles", column(now, 0), column(now, 1), Plot.Ink.BLUE));
                }
            }
            try (PointCloud seen = result.last().toUnweightedCloud(); PointCloud moved = flow.apply(unseen, seed + 5)) {
                picture.add(panel("unseen, step " + steps, target).cloud("unseen particles", column(moved, 0), column(moved, 1),
                    Plot.Ink.GREEN));
                table.row(entry.name, entry.entropy, result.values()[0], result.values()[steps - 1],
                    EnergyDistance.between(seen, fresh, setting.scheduler()),
                    EnergyDistance.between(moved, fresh, setting.scheduler()), EnergyDistance.between(target, fresh, setting.scheduler()),
                    result.seconds());
            }
        }
    }

    private static Plot panel(String title, PointCloud target) {
        return new Plot(title).bare().equalAspect().range(-6, 6, -6, 6).cloud("target", column(target, 0), column(target, 1),
            Plot.Ink.GREY);
    }

    private static double[] column(PointCloud cloud, int d) {
        double[] values = new double[Math.min(DRAWN, cloud.size())];
        for (int n = 0; n < values.length; n++) {
            values[n] = cloud.get(n, d);
        }
        return values;
    }

    private static PointCloud normals(int count, long seed) {
        PointCloud cloud = PointCloud.allocate(count, 2);
        for (int n = 0; n < count; n++) {
            for (int d = 0; d < 2; d++) {
                cloud.set(n, d, CounterRandom.normal(CounterRandom.key(seed, 0), 2L * n + d));
            }
        }
        return cloud;
    }

    /** Ten Gaussians of deviation 0.35 on a circle of radius 4. */
    private static PointCloud gaussians(int count, long seed) {
        PointCloud cloud = normals(count, seed);
        for (int n = 0; n < count; n++) {
            double angle = 0.2 * Math.PI * CounterRandom.uniformInt(CounterRandom.key(seed, 1), n, 10);
            cloud.set(n, 0, (float) (4 * Math.cos(angle) + 0.35 * cloud.get(n, 0)));
            cloud.set(n, 1, (float) (4 * Math.sin(angle) + 0.35 * cloud.get(n, 1)));
        }
        return cloud;
    }

    /** A shape of the unit square, blown up around the origin. */
    private static PointCloud centred(Shape shape, int count, long seed) {
        PointCloud cloud = shape.sample(2, count, seed);
        for (int n = 0; n < count; n++) {
            for (int d = 0; d < 2; d++) {
                cloud.set(n, d, 10 * (cloud.get(n, d) - 0.5f));
            }
        }
        return cloud;
    }
}
