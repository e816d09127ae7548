package org.pontoon.cli.reproduce;

import java.util.Locale;

import org.pontoon.bench.PeakProbe;
import org.pontoon.bench.StepTimer;
import org.pontoon.bench.Timings;
import org.pontoon.cli.report.Picture;
import org.pontoon.cli.report.Plot;
import org.pontoon.cli.report.ProgressBar;
import org.pontoon.cli.report.Table;
import org.pontoon.engine.bridge.BridgeTrainer;
import org.pontoon.engine.bridge.TrainingOptions;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.random.CounterRandom;

/** Time of a training step as the dimension grows, against what the machine could do at best. */
final class Speed implements Experiment {

    private static final int[] DIMENSIONS = {50, 100, 512, 1000};
    private static final int ROWS = 6000;
    private static final int COMPONENTS = 10;
    private static final int BATCH = 128;
    /** Fused multiply-adds per coordinate, component and pair of samples: four for the logits, four for the gradients. */
    private static final double PER_COORDINATE = 8;
    private static final long SOURCE_STREAM = 2200;
    private static final int ROUNDS = 5;
    /** How often a time that cannot be believed is taken again, and the machine's peak with it. */
    private static final int ATTEMPTS = 3;
    /** What is not compiled by then never will be. */
    private static final double WARM_SECONDS = 120;

    @Override
    public String name() {
        return "speed";
    }

    @Override
    public String description() {
        return "time of a training step at D = 50, 100, 512, 1000, one thread and all, against the machine's measured peak";
    }

    @Override
    public Results run(Setting setting) {
        int all = setting.scheduler().threads();
        int[] threads = all == 1 ? new int[] {1} : new int[] {1, all};
        double[] peaks = new double[threads.length];
        for (int i = 0; i < threads.length; i++) {
            peaks[i] = PeakProbe.fmaPeak(threads[i]);
        }
        Timings[][] timings = new Timings[DIMENSIONS.length][threads.length];
        for (int d = 0; d < DIMENSIONS.length; d++) {
            try (PointCloud source = cloud(setting.seed(), DIMENSIONS[d], false);
                    PointCloud target = cloud(setting.seed(), DIMENSIONS[d], true)) {
                for (int i = 0; i < threads.length; i++) {
                    timings[d][i] = measure(setting, source, target, threads[i], work(d) / peaks[i]);
                    for (int again = 1; !timings[d][i].isMeasured() && again < ATTEMPTS; again++) {
                        PeakProbe.forget();
                        peaks[i] = Math.max(peaks[i], PeakProbe.fmaPeak(threads[i]));
                        timings[d][i] = measure(setting, source, target, threads[i], work(d) / peaks[i]);
                    }
                }
            }
        }
        return results(threads, timings, peaks);
    }

    /** Multiply-adds of a step. */
    private static double work(int d) {
        return PER_COORDINATE * COMPONENTS * DIMENSIONS[d] * BATCH;
    }

    /** Reports times by dimension and number of threads; one that was not measured is no number, and a failure. */
    static Results results(int[] threads, Timings[][] timings, double[] peaks) {
        Table table = new Table("A training step, K = " + COMPONENTS + ", B = " + BATCH).column("D").column("threads")
            .column("published ms", "%.1f").column("official-code ms").column("ms", "%.4f").column("least", "%.4f").column("most", "%.4f")
            .column("GFMA/s", "%.1f").column("peak GFMA/s", "%.1f").column("% of peak", "%.0f");
        Results results = new Results();
        double[] x = new double[DIMENSIONS.length];
        double[][] times = new double[threads.length][DIMENSIONS.length];
        double[][] limits = new double[threads.length][DIMENSIONS.length];
        for (int d = 0; d < DIMENSIONS.length; d++) {
            x[d] = DIMENSIONS[d];
            String official = DIMENSIONS[d] == 50 ? "3.2 to 4.3" : null;
            for (int i = 0; i < threads.length; i++) {
                Timings time = timings[d][i];
                times[i][d] = 1e3 * time.median();
                limits[i][d] = 1e3 * work(d) / peaks[i];
                if (time.isMeasured()) {
                    double rate = work(d) / time.median();
                    table.row(DIMENSIONS[d], threads[i], published(DIMENSIONS[d]), official, 1e3 * time.median(), 1e3 * time.least(),
                        1e3 * time.most(), 1e-9 * rate, 1e-9 * peaks[i], 100 * rate / peaks[i]);
                } else {
                    table.row(DIMENSIONS[d], threads[i], published(DIMENSIONS[d]), official, null, null, null, null, 1e-9 * peaks[i], null);
                    results.failure(String.format(Locale.ROOT, "not measured: a step at D = %d on %d thread%s: %s", DIMENSIONS[d],
                        threads[i], threads[i] == 1 ? "" : "s", time.fault()));
                }
            }
        }
        table.note(
            "GFMA: 1e9 fused multiply-adds, counted as 8 K D for each of the B pairs of samples; drawing the minibatch, exponentials "
                + "and the optimiser are not counted but take their time. The peak is that of independent multiply-adds in registers, "
                + "measured in this run. "
                + "Data: " + ROWS + " points of a Gaussian with a decaying spectrum on each side. Medians of " + ROUNDS
                + " fits, with the least and the most; a fit's steps are timed from its first to its last, in compiled code.");
        results.failures().forEach(table::note);
        table.note("Published: seconds for 10,000 steps on 4 CPU cores over 10,000 (table 3). Official code: run by us, one thread.");
        Plot panel = new Plot("").axes("dimension D", "milliseconds a step").logarithmic(true, true);
        Plot.Ink[] inks = {Plot.Ink.BLUE, Plot.Ink.VERMILION};
        for (int i = 0; i < threads.length; i++) {
            String name = threads[i] == 1 ? "1 thread" : threads[i] + " threads";
            panel.line(name, x, times[i], inks[i]).reference(i == 0 ? "multiply-adds at the measured peak" : null, x, limits[i], inks[i]);
        }
        return results.table("speed", table).picture("speed",
            new Picture("Light Schrödinger bridge: time of a training step", 620, 420).add(panel));
    }

    private static Double published(int dimension) {
        return switch (dimension) {
            case 50 -> 6.5;
            case 100 -> 6.6;
            case 1000 -> 14.6;
            default -> null;
        };
    }

    /** Times the steps of some fits, once their code is compiled. */
    private static Timings measure(Setting setting, PointCloud source, PointCloud target, int threads, double limit) {
        int steps = setting.quick() ? Math.clamp(50_000 / source.dimension() / threads, 200, 1000)
            : Math.clamp(2_000_000 / source.dimension() / threads, 1000, 8000);
        try (TileScheduler scheduler = new TileScheduler(threads);
                ProgressBar progress = setting.console().progress("D=" + source.dimension() + ", " + threads + " threads")) {
            long end = System.nanoTime() + (long) (WARM_SECONDS * 1e9);
            while (!fit(setting, source, target, scheduler, steps, progress).isHot()) {
                setting.console().checkInterrupted();
                if (System.nanoTime() > end) {
                    return new Timings(Double.NaN, Double.NaN, Double.NaN, String.format(Locale.ROOT,
                        "its code is not compiled after %.0f s", WARM_SECONDS));
                }
            }
            double[] seconds = new double[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                seconds[round] = fit(setting, source, target, scheduler, steps, progress).secondsPerStep();
                setting.console().checkInterrupted();
            }
            return Timings.of(seconds, limit);
        }
    }

    private static StepTimer fit(Setting setting, PointCloud source, PointCloud target, TileScheduler scheduler, int steps,
            ProgressBar progress) {
        TrainingOptions options = TrainingOptions.builder().components(COMPONENTS).batch(BATCH).steps(steps).seed(setting.seed()).build();
        StepTimer timer = new StepTimer(progress);
        BridgeTrainer.on(options, source, target).fit(scheduler, timer);
        return timer;
    }

    /** Coordinates of falling scale, like principal components: standard deviation 3 / sqrt(1 + d / 4), the target's shifted and wider. */
    private static PointCloud cloud(long seed, int dimension, boolean target) {
        PointCloud cloud = PointCloud.allocate(ROWS, dimension);
        long key = CounterRandom.key(seed, SOURCE_STREAM + (target ? 1 : 0));
        CounterRandom random = new CounterRandom();
        int padded = (ROWS + CounterRandom.NORMAL_BLOCK - 1) / CounterRandom.NORMAL_BLOCK * CounterRandom.NORMAL_BLOCK;
        float[] column = new float[padded];
        for (int d = 0; d < dimension; d++) {
            random.fillNormals(key, (long) d * padded, column, 0, padded);
            double scale = 3 / Math.sqrt(1 + d / 4.0) * (target ? 1.2 : 1);
            for (int n = 0; n < ROWS; n++) {
                column[n] = (float) (scale * (column[n] + (target ? 0.5 : 0)));
            }
            cloud.setColumn(d, 0, column, 0, ROWS);
        }
        return cloud;
    }
}
