package org.pontoon.cli.reproduce;

import java.util.Locale;

import org.pontoon.cli.report.Picture;
import org.pontoon.cli.report.Plot;
import org.pontoon.cli.report.Table;
import org.pontoon.engine.bridge.BatchSource;
import org.pontoon.engine.bridge.BridgeObjective;
import org.pontoon.engine.bridge.BridgeTrainer;
import org.pontoon.engine.bridge.BridgeTransport;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.bridge.PathMethod;
import org.pontoon.engine.bridge.TrainingOptions;
import org.pontoon.engine.bridge.TrainingResult;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.random.CounterRandom;
import org.pontoon.engine.transport.EnergyDistance;

/** A Gaussian to a Swiss roll in the plane (paper, section 5.1 and figure 2). */
final class SwissRoll implements Experiment {

    private static final double[] EPSILONS = {0.002, 0.01, 0.1};
    private static final double[] LEARNING_RATES = {3e-4, 1e-3, 1e-3};
    private static final int COMPONENTS = 500;
    private static final int STEPS = 20_000;

    private static final long SOURCE_STREAM = 2000;
    private static final long ROLL_STREAM = 2100;
    /** Stream of points that no fit has seen, beside those of the training batches. */
    private static final int TEST = 50;
    private static final int EVALUATED = 10_000;

    /** Where the drawn trajectories begin: within, on and outside of the bulk of the source. */
    private static final double[][] STARTS = {{0, 0.1}, {-1.9, 0.9}, {1.2, 2}, {1.5, -1.7}, {-0.9, -0.4}};
    private static final int PATHS_PER_START = 6;
    private static final int PATH_STEPS = 200;
    private static final int DRAWN = 4000;

    @Override
    public String name() {
        return "swiss-roll";
    }

    @Override
    public String description() {
        return "Gaussian to Swiss roll in the plane, K = 500, epsilon .002, .01, .1: trajectories and energy distance";
    }

    @Override
    public Results run(Setting setting) {
        Table table = new Table("Gaussian to Swiss roll, K = " + COMPONENTS).column("epsilon", "%.3f").column("learning rate", "%.4f")
            .column("steps").column("seconds", "%.2f").column("ms a step", "%.3f").column("objective", "%.4f").column("± s.e.", "%.4f")
            .column("dual bound", "%.5f").column("active components").column("energy distance", "%.5f").column("its floor", "%.5f");
        try (PointCloud x = points(setting.seed(), false, 0); PointCloud y = points(setting.seed(), true, 0);
                PointCloud other = points(setting.seed(), true, 1)) {
            double floor = EnergyDistance.between(y, other, setting.scheduler());
            Picture picture = new Picture("Light Schrödinger bridges from a Gaussian to a Swiss roll", 330, 345);
            picture.add(panel("source and target").cloud("target", column(y, 0), column(y, 1), Plot.Ink.GREY)
                .cloud("source", column(x, 0), column(x, 1), Plot.Ink.SKY));
            for (int i = 0; i < EPSILONS.length; i++) {
                TrainingResult result = fit(setting, i);
                LightBridge bridge = result.bridge();
                BridgeTransport transport = new BridgeTransport(bridge, setting.scheduler());
                BridgeObjective objective = bridge.objective(x, y, setting.scheduler());
                try (PointCloud mapped = transport.sample(x, 1, setting.seed())) {
                    double distance = EnergyDistance.between(mapped, y, setting.scheduler());
                    table.row(EPSILONS[i], LEARNING_RATES[i], result.steps(), result.seconds(), 1e3 * result.seconds() / result.steps(),
                        objective.value(), objective.standardError(), objective.dualBound(), result.activeComponents(), distance, floor);
                    picture.add(trajectories(setting, transport, EPSILONS[i], y));
                }
            }
            table.note(
                "Objective and dual bound: on " + EVALUATED + " fresh points a side. Energy distance: 2 E|X-Y| - E|X-X'| - E|Y-Y'| between "
                    + EVALUATED + " mapped points and as many of the target; its floor: between two independent samples of the target.");
            table.note("Published: a few minutes for any of the paper's experiments on 4 CPU cores; no numbers are given for this one.");
            if (setting.quick()) {
                table.note("A quick run: a tenth of the paper's steps.");
            }
            return new Results().table("swiss-roll", table).picture("swiss-roll", picture);
        }
    }

    private static TrainingResult fit(Setting setting, int i) {
        TrainingOptions options = TrainingOptions.builder().epsilon(EPSILONS[i]).components(COMPONENTS).learningRate(LEARNING_RATES[i])
            .steps(setting.count(STEPS, STEPS / 10)).seed(setting.seed()).build();
        BridgeTrainer trainer = BridgeTrainer.on(options, gaussian(setting.seed()), roll(setting.seed()), 2);
        return setting.fit(String.format(Locale.ROOT, "epsilon %.3f", EPSILONS[i]), trainer);
    }

    /** The source N(0, I). */
    static BatchSource gaussian(long seed) {
        long key = CounterRandom.key(seed, SOURCE_STREAM);
        return (step, count, rows) -> {
            long batch = CounterRandom.key(key, step);
            for (int i = 0; i < 2 * count; i++) {
                rows[i] = CounterRandom.normal(batch, i);
            }
        };
    }

    /**
     * The target as the paper's code takes it from scikit-learn's {@code make_swiss_roll(noise=0.8)}: t uniform over [1.5 pi, 4.5 pi],
     * (t cos t, t sin t) with noise 0.8, over 7.5.
     */
    static BatchSource roll(long seed) {
        long key = CounterRandom.key(seed, ROLL_STREAM);
        return (step, count, rows) -> {
            long angles = CounterRandom.key(CounterRandom.key(key, 0), step);
            long noise = CounterRandom.key(CounterRandom.key(key, 1), step);
            for (int n = 0; n < count; n++) {
                double t = 1.5 * Math.PI * (1 + 2 * CounterRandom.uniform(angles, n));
                rows[2 * n] = (float) ((t * Math.cos(t) + 0.8 * CounterRandom.normal(noise, 2L * n)) / 7.5);
                rows[2 * n + 1] = (float) ((t * Math.sin(t) + 0.8 * CounterRandom.normal(noise, 2L * n + 1)) / 7.5);
            }
        };
    }

    /** Points that no fit has seen. */
    private static PointCloud points(long seed, boolean target, int sample) {
        float[] rows = new float[2 * EVALUATED];
        long own = CounterRandom.key(seed, TEST + sample);
        (target ? roll(own) : gaussian(own)).fill(0, EVALUATED, rows);
        return PointCloud.ofRows(rows, EVALUATED, 2);
    }

    private static Plot trajectories(Setting setting, BridgeTransport transport, double epsilon, PointCloud y) {
        int count = STARTS.length * PATHS_PER_START;
        double[] pathX = new double[count * (PATH_STEPS + 2)];
        double[] pathY = new double[pathX.length];
        double[] startX = new double[STARTS.length];
        double[] startY = new double[STARTS.length];
        double[] endX = new double[count];
        double[] endY = new double[count];
        try (PointCloud starts = PointCloud.allocate(count, 2)) {
            for (int n = 0; n < count; n++) {
                double[] start = STARTS[n / PATHS_PER_START];
                starts.set(n, 0, (float) start[0]);
                starts.set(n, 1, (float) start[1]);
                startX[n / PATHS_PER_START] = start[0];
                startY[n / PATHS_PER_START] = start[1];
            }
            transport.paths(starts, PATH_STEPS, PathMethod.BROWNIAN_BRIDGE, setting.seed(), (n, path) -> {
                int at = n * (PATH_STEPS + 2);
                for (int t = 0; t <= PATH_STEPS; t++) {
                    pathX[at + t] = path[2 * t];
                    pathY[at + t] = path[2 * t + 1];
                }
                pathX[at + PATH_STEPS + 1] = Double.NaN;
                pathY[at + PATH_STEPS + 1] = Double.NaN;
                endX[n] = path[2 * PATH_STEPS];
                endY[n] = path[2 * PATH_STEPS + 1];
            });
        }
        return panel(String.format(Locale.ROOT, "ε = %s", epsilon)).cloud("target", column(y, 0), column(y, 1), Plot.Ink.GREY)
            .paths("trajectories", pathX, pathY, Plot.Ink.BLUE).marks("end points", endX, endY, Plot.Ink.VERMILION, 4.5)
            .marks("start points", startX, startY, Plot.Ink.BLACK, 7);
    }

    private static Plot panel(String title) {
        return new Plot(title).equalAspect().range(-2.4, 2.4, -2.15, 2.45);
    }

    private static double[] column(PointCloud cloud, int coordinate) {
        double[] values = new double[Math.min(DRAWN, cloud.size())];
        for (int n = 0; n < values.length; n++) {
            values[n] = cloud.get(n, coordinate);
        }
        return values;
    }
}
