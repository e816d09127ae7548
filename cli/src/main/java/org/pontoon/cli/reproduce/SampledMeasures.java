package org.pontoon.cli.reproduce;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.pontoon.cli.report.FlowPicture;
import org.pontoon.cli.report.Interrupted;
import org.pontoon.cli.report.Picture;
import org.pontoon.cli.report.ProgressBar;
import org.pontoon.cli.report.Table;
import org.pontoon.engine.flow.FlowOptions;
import org.pontoon.engine.flow.FlowResult;
import org.pontoon.engine.flow.Functional;
import org.pontoon.engine.flow.ParticleFlow;
import org.pontoon.engine.flow.SinkhornFunctional;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.random.CounterRandom;
import org.pontoon.engine.random.Density;
import org.pontoon.engine.random.Shape;
import org.pontoon.engine.transport.EnergyDistance;
import org.pontoon.engine.transport.KernelNorm;
import org.pontoon.engine.transport.LossGradient;
import org.pontoon.engine.transport.MixtureLikelihood;
import org.pontoon.engine.transport.PairKernel;
import org.pontoon.engine.transport.Precision;
import org.pontoon.engine.transport.Sinkhorn;
import org.pontoon.engine.transport.SinkhornOptions;
import org.pontoon.engine.transport.SoftHausdorff;

/** The gallery of Feydy's notebook "Gradient flows between sampled measures": one flow for each loss, from the same source. */
final class SampledMeasures implements Experiment {

    private static final int POINTS = 200;
    private static final long SOURCE_STREAM = 2400;
    private static final long TARGET_STREAM = 2401;
    private static final Density SOURCE = Shape.DISK.placed(0.44, 0.03, 0.5);
    private static final Density TARGET = Shape.MOONS.placed(0.74, 0.27, 0.02);
    private static final double WIDTH = 0.1;
    private static final int PANEL = 168;

    /** A loss with the name and the settings that a reader of the picture needs. */
    private record Entry(String name, String settings, Functional functional) {
    }

    @Override
    public String name() {
        return "sampled-measures";
    }

    @Override
    public String description() {
        return "gradient flows between sampled measures, Feydy's gallery: 11 losses, 200 points, 100 steps of .05";
    }

    @Override
    public Results run(Setting setting) {
        FlowOptions options = FlowOptions.builder().build();
        int count = setting.count(POINTS, POINTS / 4);
        Table table = new Table("Flows of " + count + " particles, " + options.steps() + " steps of " + options.stepSize())
            .column("loss").column("settings").column("first value", "%.5f").column("last value", "%.5f")
            .column("energy distance to the target at the end", "%.5f").column("iterations a step", "%.1f").column("seconds", "%.3f");
        try (PointCloud x = SOURCE.sample(2, count, CounterRandom.key(setting.seed(), SOURCE_STREAM));
                PointCloud y = TARGET.sample(2, count, CounterRandom.key(setting.seed(), TARGET_STREAM));
                PointCloud fresh = TARGET.sample(2, count, CounterRandom.key(setting.seed(), TARGET_STREAM + 1))) {
            List<Entry> entries = entries(y, setting.scheduler());
            Picture picture = new Picture("Gradient flows between sampled measures", PANEL, PANEL + 12)
                .columns(options.snapshotTimes().size());
            List<String> headings = new ArrayList<>();
            FlowPicture panels = new FlowPicture(x, y).range(0, 1, 0, 1);
            try (ProgressBar progress = setting.console().progress("flows")) {
                for (int k = 0; k < entries.size(); k++) {
                    Entry entry = entries.get(k);
                    if (!progress.advance(k, entries.size())) {
                        throw new Interrupted("interrupted after " + k + " of " + entries.size() + " flows");
                    }
                    FlowResult result = setting.run(options, new ParticleFlow(x, entry.functional));
                    headings.add(entry.name + (entry.settings.isEmpty() ? "" : ", " + entry.settings));
                    panels.panels(result, true).forEach(picture::add);
                    table.row(entry.name, entry.settings, result.values()[0], result.values()[result.steps()],
                        energyDistance(result, y, setting.scheduler()), iterations(entry.functional), result.seconds());
                }
            }
            picture.headings(headings);
            table.note(String.format(Locale.ROOT,
                "Energy distance: 2 E|X-Y| - E|X-X'| - E|Y-Y'|; %.5f at the start, %.5f between two samples of the target.",
                EnergyDistance.between(x, y, setting.scheduler()), EnergyDistance.between(y, fresh, setting.scheduler())));
            table.note("The spring pulls particle i to target i. Arrows: velocities, to the scale of each flow's start. The likelihood is "
                + "multiplied by the square of its width, which makes its velocity a length.");
            table.note("Source: J. Feydy, \"Gradient flows between sampled measures\", whose densities are pictures; these are shapes.");
            if (setting.quick()) {
                table.note("A quick run: a quarter of the particles.");
            }
            return new Results().table(name(), table).picture(name(), picture);
        }
    }

    private static List<Entry> entries(PointCloud y, TileScheduler scheduler) {
        Precision precision = Precision.FLOAT32;
        SinkhornOptions.Builder tight = SinkhornOptions.builder().tolerance(1e-4).precision(precision);
        return List.of(
            new Entry("Springs", "to matched points", spring(y)),
            new Entry("Gaussian kernel", "s = 0.1", Functional.towards(new KernelNorm(PairKernel.gaussian(0.1), precision), y, scheduler)),
            new Entry("Gaussian kernel", "s = 0.5", Functional.towards(new KernelNorm(PairKernel.gaussian(0.5), precision), y, scheduler)),
            new Entry("Laplacian kernel", "s = 0.5",
                Functional.towards(new KernelNorm(PairKernel.laplacian(0.5), precision), y, scheduler)),
            new Entry("Half the energy distance", "", Functional.towards(new KernelNorm(PairKernel.energy(), precision), y, scheduler)),
            new Entry("Mixture likelihood", "s = " + WIDTH, Functional.weightedSum(
                List.of(Functional.towards(new MixtureLikelihood(WIDTH, precision), y, scheduler)), WIDTH * WIDTH)),
            new Entry("Soft Hausdorff", "p = 2, blur = 0.1", Functional.towards(new SoftHausdorff(2, 0.1, precision), y, scheduler)),
            new Entry("Sinkhorn divergence", "p = 1, blur = 0.05",
                new SinkhornFunctional(new Sinkhorn(tight.p(1).blur(0.05).build()), y, scheduler)),
            new Entry("Sinkhorn divergence", "p = 2, blur = 0.05",
                new SinkhornFunctional(new Sinkhorn(tight.p(2).build()), y, scheduler)),
            new Entry("Entropic transport, biased", "p = 2, blur = 0.1",
                new SinkhornFunctional(new Sinkhorn(tight.blur(0.1).debias(false).build()), y, scheduler)),
            new Entry("Unbalanced Sinkhorn divergence", "p = 2, blur = 0.05, reach = 0.3",
                new SinkhornFunctional(new Sinkhorn(tight.blur(0.05).debias(true).reach(0.3).build()), y, scheduler)));
    }

    /** Half the mean squared distance between points of the same number. */
    static Functional spring(PointCloud y) {
        return x -> {
            int dimension = x.dimension();
            double[] points = new double[x.size() * dimension];
            double[] weights = new double[x.size()];
            double value = 0;
            for (int k = 0; k < points.length; k++) {
                double z = x.get(k / dimension, k % dimension) - y.get(k / dimension, k % dimension);
                points[k] = z / x.size();
                weights[k / dimension] += z * z / 2;
            }
            for (double w : weights) {
                value += w / x.size();
            }
            return new LossGradient(value, points, weights);
        };
    }

    private static double energyDistance(FlowResult result, PointCloud y, TileScheduler scheduler) {
        try (PointCloud end = PointCloud.ofRows(result.last().points(), y.size(), 2)) {
            return EnergyDistance.between(end, y, scheduler);
        }
    }

    private static Double iterations(Functional functional) {
        return functional instanceof SinkhornFunctional sinkhorn ? (double) sinkhorn.iterations() / sinkhorn.calls() : null;
    }
}
