package org.pontoon.cli.reproduce;

import org.pontoon.bench.PeakProbe;
import org.pontoon.cli.report.Picture;
import org.pontoon.cli.report.Plot;
import org.pontoon.cli.report.ProgressBar;
import org.pontoon.cli.report.Table;
import org.pontoon.engine.bridge.BridgeTrainer;
import org.pontoon.engine.bridge.TrainingOptions;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.simd.CounterRandom;

/** Time of a training step as the dimension grows, against what the machine could do at best. */
final class Speed implements Experiment {

    private static final int[] DIMENSIONS = {50, 100, 512, 1000};
    private static final int ROWS = 6000;
    private static final int COMPONENTS = 10;
    private static final int BATCH = 128;
    /** Fused multiply-adds per coordinate, component and pair of samples: four for the logits, four for the gradients. */
    private static final double PER_COORDINATE = 8;
    private static final long SOURCE_STREAM = 2200;
    private static final int ROUNDS = 3;

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
        Table table = new Table("A training step, K = " + COMPONENTS + ", B = " + BATCH).column("D").column("threads")
            .column("published ms", "%.1f").column("official-code ms").column("ms", "%.4f").column("GFMA/s", "%.1f")
            .column("peak GFMA/s", "%.1f").column("% of peak", "%.0f");
        double[] peaks = new double[threads.length];
        for (int i = 0; i < threads.length; i++) {
            peaks[i] = PeakProbe.fmaPeak(threads[i]);
        }
        double[] x = new double[DIMENSIONS.length];
        double[][] times = new double[threads.length][DIMENSIONS.length];
        double[][] limits = new double[threads.length][DIMENSIONS.length];
        for (int d = 0; d < DIMENSIONS.length; d++) {
            x[d] = DIMENSIONS[d];
            double work = PER_COORDINATE * COMPONENTS * DIMENSIONS[d] * BATCH;
            try (PointCloud source = cloud(setting.seed(), DIMENSIONS[d], false);
                    PointCloud target = cloud(setting.seed(), DIMENSIONS[d], true)) {
                for (int i = 0; i < threads.length; i++) {
                    double seconds = secondsPerStep(setting, source, target, threads[i]);
                    times[i][d] = 1e3 * seconds;
                    limits[i][d] = 1e3 * work / peaks[i];
                    table.row(DIMENSIONS[d], threads[i], published(DIMENSIONS[d]), DIMENSIONS[d] == 50 ? "3.2 to 4.3" : null, 1e3 * seconds,
                        1e-9 * work / seconds, 1e-9 * peaks[i], 100 * work / seconds / peaks[i]);
                }
            }
        }
        table.note(
            "GFMA: 1e9 fused multiply-adds, counted as 8 K D for each of the B pairs of samples; drawing the minibatch, exponentials "
                + "and the optimiser are not counted but take their time. The peak is that of independent multiply-adds in registers, "
                + "measured in this run. "
                + "Data: " + ROWS + " points of a Gaussian with a decaying spectrum on each side. Best of " + ROUNDS + " rounds.");
        table.note("Published: seconds for 10,000 steps on 4 CPU cores over 10,000 (table 3). Official code: run by us, one thread.");
        Plot panel = new Plot("").axes("dimension D", "milliseconds a step").logarithmic(true, true);
        Plot.Ink[] inks = {Plot.Ink.BLUE, Plot.Ink.VERMILION};
        for (int i = 0; i < threads.length; i++) {
            String name = threads[i] == 1 ? "1 thread" : threads[i] + " threads";
            panel.line(name, x, times[i], inks[i]).reference(i == 0 ? "multiply-adds at the measured peak" : null, x, limits[i], inks[i]);
        }
        return new Results().table("speed", table).picture("speed",
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

    /** Best of some rounds, each the difference of a long and a short fit, which leaves out what comes before the first step. */
    private static double secondsPerStep(Setting setting, PointCloud source, PointCloud target, int threads) {
        int steps = setting.quick() ? 200 : Math.clamp(2_000_000 / source.dimension() / threads, 1000, 8000);
        try (TileScheduler scheduler = new TileScheduler(threads);
                ProgressBar progress = setting.console().progress("D=" + source.dimension() + ", " + threads + " threads")) {
            fit(setting, source, target, scheduler, steps, progress);
            double best = Double.POSITIVE_INFINITY;
            for (int round = 0; round < ROUNDS; round++) {
                double part = fit(setting, source, target, scheduler, steps / 10, progress);
                double whole = fit(setting, source, target, scheduler, steps, progress);
                best = Math.min(best, (whole - part) / (steps - steps / 10));
                setting.console().checkInterrupted();
            }
            return best;
        }
    }

    private static double fit(Setting setting, PointCloud source, PointCloud target, TileScheduler scheduler, int steps,
            ProgressBar progress) {
        TrainingOptions options = TrainingOptions.builder().components(COMPONENTS).batch(BATCH).steps(steps).seed(setting.seed()).build();
        return BridgeTrainer.on(options, source, target).fit(scheduler, progress).seconds();
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
