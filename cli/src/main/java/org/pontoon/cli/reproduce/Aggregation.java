package org.pontoon.cli.reproduce;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.pontoon.cli.report.Interrupted;
import org.pontoon.cli.report.Picture;
import org.pontoon.cli.report.Plot;
import org.pontoon.cli.report.ProgressBar;
import org.pontoon.cli.report.Table;
import org.pontoon.engine.flow.FlowOptions;
import org.pontoon.engine.flow.FlowResult;
import org.pontoon.engine.flow.Functional;
import org.pontoon.engine.flow.InteractionEnergy;
import org.pontoon.engine.flow.ParticleFlow;
import org.pontoon.engine.flow.Potential;
import org.pontoon.engine.flow.PotentialEnergy;
import org.pontoon.engine.flow.Snapshot;
import org.pontoon.engine.flow.jko.SwJkoOptions;
import org.pontoon.engine.flow.jko.SwJkoParticles;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.random.CounterRandom;

/** Aggregation equations in the plane, whose ends are known: a ring, a disk, an annulus (Carrillo et al. 2022; Bonet et al. 2022). */
final class Aggregation implements Experiment {

    private static final int PARTICLES = 1000;
    private static final int QUICK_PARTICLES = 300;
    private static final long STREAM = 2600;
    private static final int PANEL = 190;

    /** An energy, how its flow is integrated, and what is known of the end. */
    private record Entry(String name, Functional functional, double deviation, double step, List<Double> times, double energy,
            double inner, double outer, double[] circles, String published) {
    }

    @Override
    public String name() {
        return "aggregation";
    }

    @Override
    public String description() {
        return "aggregation equations in the plane: ring, disk and annulus, energies against -1/12, 3/8 and the annulus's";
    }

    @Override
    public Results run(Setting setting) {
        int count = setting.count(PARTICLES, QUICK_PARTICLES);
        InteractionEnergy quartic = InteractionEnergy.of(InteractionEnergy.Kernel.QUARTIC, setting.scheduler());
        InteractionEnergy logarithmic = InteractionEnergy.of(InteractionEnergy.Kernel.LOGARITHMIC, setting.scheduler());
        double ring = 1 / Math.sqrt(3);
        // disk of radius 1 and density 1 / pi; annulus between 1/2 and 5^1/2 / 2 of the same density
        List<Entry> entries = List.of(
            new Entry("|x|^4/4 - |x|^2/2", quartic, 0.25, 0.05, List.of(0., 5., 10., 40.), -1.0 / 12, ring, ring, new double[] {ring},
                "-0.0833 particles, -0.0829 on a grid"),
            new Entry("|x|^2/2 - log|x|", logarithmic, 0.25, 0.0025, List.of(0., 0.25, 1., 5.), 0.375, 0, 1, new double[] {1}, "0.375"),
            new Entry("|x|^2/2 - log|x|, V = -log|x|/4", Functional.weightedSum(
                List.of(logarithmic, new PotentialEnergy(Potential.logarithmic(2, 0.25))), 1, 1), 0.25, 0.0025,
                List.of(0., 0.25, 1., 5.), annulusEnergy(), 0.5, Math.sqrt(1.25), new double[] {0.5, Math.sqrt(1.25)}, ""));
        Table table = new Table("Ends of aggregation flows, " + count + " particles").column("energy W").column("scheme").column("time")
            .column("energy", "%.8f").column("exact", "%.8f").column("published").column("least radius", "%.6f")
            .column("exact inner", "%.6f")
            .column("greatest radius", "%.6f").column("exact outer", "%.6f").column("seconds", "%.2f");
        Picture picture = new Picture("Aggregation flows", PANEL, PANEL + 12).columns(4);
        try (ProgressBar progress = setting.console().progress("flows")) {
            for (int k = 0; k < entries.size(); k++) {
                Entry entry = entries.get(k);
                if (!progress.advance(k, entries.size() + 1)) {
                    throw new Interrupted("interrupted after " + k + " of " + entries.size() + " flows");
                }
                try (PointCloud start = normals(count, entry.deviation, setting.seed())) {
                    double end = entry.times.getLast();
                    FlowOptions options = FlowOptions.builder().stepSize(entry.step).steps((int) Math.round(end / entry.step))
                        .snapshotTimes(entry.times).build();
                    FlowResult result = setting.run(options, new ParticleFlow(start, entry.functional));
                    double[] radii = radii(result.last().points());
                    table.row(entry.name, "Euler, step " + entry.step, end, result.values()[result.steps()], entry.energy, entry.published,
                        radii[0],
                        entry.inner, radii[radii.length - 1], entry.outer, result.seconds());
                    for (Snapshot snapshot : result.snapshots()) {
                        picture.add(panel(entry, snapshot));
                    }
                }
            }
            try (PointCloud start = normals(count, 0.25, setting.seed())) {
                schemeRow(setting, table, start, quartic, ring);
            }
        }
        table.note("Exact: the limits of infinitely many particles. The logarithm of finitely many, which do not act on themselves, lies a "
            + "little lower. Times are the Wasserstein gradient flow's; the scheme's own time runs D = 2 times as fast.");
        table
            .note("The radius of the quartic ring is 3^(-1/2) = 0.577; 0.5, often quoted, is that of the line. Published: the notebooks of "
                + "Bonet et al., read off their figures.");
        return new Results().table(name(), table).picture(name(), picture);
    }

    /** The sliced-Wasserstein JKO scheme to the same time as the published run: 200 steps of 0.05. */
    private static void schemeRow(Setting setting, Table table, PointCloud start, Functional quartic, double ring) {
        SwJkoOptions options = new SwJkoOptions(50, 50, 1e-6, setting.seed());
        FlowResult result = setting.run(FlowOptions.of(0.1, 400), new SwJkoParticles(start, quartic, options, setting.scheduler()));
        double[] radii = radii(result.last().points());
        table.row("|x|^4/4 - |x|^2/2", "SW-JKO, tau 0.05", result.last().time(), result.values()[400], -1.0 / 12, "-0.0833", radii[0], ring,
            radii[radii.length - 1], ring, result.seconds());
    }

    /** Of density 1 / pi between the radii 1/2 and 5^1/2 / 2, by Simpson's rule over shells of the enclosed mass. */
    private static double annulusEnergy() {
        int steps = 2000;
        double inner = 0.5;
        double outer = Math.sqrt(1.25);
        double second = 0;
        double logarithms = 0;
        double potential = 0;
        for (int k = 0; k <= steps; k++) {
            double r = inner + (outer - inner) * k / steps;
            double factor = (k == 0 || k == steps ? 1 : k % 2 == 1 ? 4 : 2) * (outer - inner) / steps / 3 * 2 * r;
            second += factor * r * r;
            // mean of log|x - y| over pairs: log of the larger radius, and each pair once
            logarithms += 2 * factor * (r * r - inner * inner) * Math.log(r);
            potential -= factor * Math.log(r) / 4;
        }
        // half of E|x - y|^2 / 2 is m2 / 2
        return second / 2 - logarithms / 2 + potential;
    }

    private static PointCloud normals(int count, double deviation, long seed) {
        PointCloud cloud = PointCloud.allocate(count, 2);
        long key = CounterRandom.key(seed, STREAM);
        for (int n = 0; n < count; n++) {
            for (int d = 0; d < 2; d++) {
                cloud.set(n, d, (float) (deviation * CounterRandom.normal(key, 2L * n + d)));
            }
        }
        return cloud;
    }

    /** Distances from the mean, rising. */
    private static double[] radii(float[] rows) {
        double[] mean = new double[2];
        for (int i = 0; i < rows.length; i++) {
            mean[i % 2] += 2.0 * rows[i] / rows.length;
        }
        double[] radii = new double[rows.length / 2];
        Arrays.setAll(radii, n -> Math.hypot(rows[2 * n] - mean[0], rows[2 * n + 1] - mean[1]));
        Arrays.sort(radii);
        return radii;
    }

    private static Plot panel(Entry entry, Snapshot snapshot) {
        Plot plot = new Plot(String.format(Locale.ROOT, "%s: t = %s", entry.outer == entry.inner ? "quartic"
            : entry.inner == 0 ? "logarithmic" : "with potential", snapshot.time())).bare().equalAspect().range(-1.3, 1.3, -1.3, 1.3);
        double[] x = new double[snapshot.points().length / 2];
        double[] y = new double[x.length];
        for (int n = 0; n < x.length; n++) {
            x[n] = snapshot.points()[2 * n];
            y[n] = snapshot.points()[2 * n + 1];
        }
        plot.cloud("particles", x, y, Plot.Ink.BLUE);
        for (double radius : entry.circles) {
            double[] cx = new double[181];
            double[] cy = new double[181];
            for (int i = 0; i <= 180; i++) {
                cx[i] = radius * Math.cos(Math.PI * i / 90);
                cy[i] = radius * Math.sin(Math.PI * i / 90);
            }
            plot.reference("exact limit", cx, cy, Plot.Ink.VERMILION);
        }
        return plot;
    }
}
