package org.pontoon.cli.reproduce;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.pontoon.cli.report.BadInput;
import org.pontoon.cli.report.Picture;
import org.pontoon.cli.report.Plot;
import org.pontoon.cli.report.ProgressBar;
import org.pontoon.cli.report.Table;
import org.pontoon.engine.bridge.BridgeTrainer;
import org.pontoon.engine.bridge.BridgeTransport;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.bridge.TrainingOptions;
import org.pontoon.engine.bridge.TrainingResult;
import org.pontoon.engine.file.NpyFile;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.random.CounterRandom;
import org.pontoon.engine.transport.EnergyDistance;
import org.pontoon.engine.transport.Sinkhorn;
import org.pontoon.engine.transport.SinkhornOptions;
import org.pontoon.engine.transport.SinkhornResult;
import org.pontoon.engine.transport.SparsePlan;

/** Interpolation between days of single-cell measurements (paper, section 5.3 and table 3). */
final class SingleCell implements Experiment {

    /** Fit from one day to another, predict a day between them. Official: objective of the authors' code, mean over the seeds. */
    record Task(int start, int end, int held, double time, double officialObjective50, double officialObjective100) {

        double officialObjective(int dimension) {
            return dimension == 50 ? officialObjective50 : officialObjective100;
        }

        String title() {
            return "day " + start + " → " + end + ", day " + held + " held out";
        }
    }

    static final List<Task> TASKS = List.of(new Task(2, 4, 3, 0.5, 801, 1812), new Task(3, 7, 4, 0.25, 916, 2086));
    private static final int[] DIMENSIONS = {50, 100};
    private static final int SEEDS = 5;
    private static final int STEPS = 10_000;
    private static final int DRAWN = 2500;

    /** Solver, half the energy distance at D = 50 and 100, and seconds (paper, table 3; light-bridge matching paper for its own rows). */
    private static final String[][] PUBLISHED = {
        {"Sinkhorn, V100", "2.34", "90", "2.24", "150"},
        {"Langevin EgNOT, V100", "2.39 ± .06", "1140", "2.32 ± .15", "1140"},
        {"Minimax ENOT, V100", "2.44 ± .13", "2580", "2.24 ± .13", "2700"},
        {"IPF, V100", "3.14 ± .27", "480", "2.86 ± .26", "480"},
        {"DSBM, V100", "2.46 ± .1", "396", "2.35 ± .1", "396"},
        {"SF2M-Sink, V100", "2.66 ± .18", "504", "2.52 ± .17", "504"},
        {"LightSB-M, independent, 4 cores", "2.347 ± .11", "58", "2.174 ± .08", "60"},
        {"LightSB, 4 cores", "2.31 ± .27", "65", "2.16 ± .26", "66"}};

    @Override
    public String name() {
        return "msci";
    }

    @Override
    public String description() {
        return "single-cell days in D = 50 and 100, one between them held out: half the energy distance; --data holds full_cite_pcas_D_day_N.npy";
    }

    @Override
    public boolean needsData() {
        return true;
    }

    @Override
    public Results run(Setting setting) throws IOException {
        Table runs = new Table("Every run").column("D").column("task").column("seed").column("scale", "%.3f")
            .column("half energy distance", "%.3f")
            .column("mixture of the ends", "%.3f").column("objective", "%.2f").column("official-code objective", "%.0f")
            .column("active components").column("seconds", "%.2f");
        Picture picture = new Picture("Single cells: a day that the bridge has not seen", 330, 270).columns(3);
        Mean[] distances = {new Mean(), new Mean()};
        Mean[] baselines = {new Mean(), new Mean()};
        Mean[] seconds = {new Mean(), new Mean()};
        DiscreteBridges discrete = new DiscreteBridges(setting);
        for (int i = 0; i < DIMENSIONS.length; i++) {
            for (Task task : TASKS) {
                try (Days days = Days.read(setting.data(), DIMENSIONS[i], task)) {
                    double baseline = days.baseline(task.time, setting.scheduler());
                    discrete.run(i, days, task);
                    for (int n = 0; n < setting.count(SEEDS, 1); n++) {
                        long seed = setting.seed() + n;
                        TrainingResult result = fit(setting, days, seed, "D=" + DIMENSIONS[i] + " day " + task.held + " seed " + seed,
                            setting.count(STEPS, STEPS / 5));
                        LightBridge bridge = result.bridge();
                        double objective = bridge.objective(days.scaledStart, days.scaledEnd, setting.scheduler()).value();
                        try (PointCloud predicted = predict(setting, bridge, days, task.time, seed)) {
                            double distance = EnergyDistance.unbiasedHalf(predicted, days.held, setting.scheduler());
                            runs.row(DIMENSIONS[i], task.title(), seed, days.scale, distance, baseline, objective,
                                task.officialObjective(DIMENSIONS[i]), result.activeComponents(), result.seconds());
                            distances[i].add(distance);
                            baselines[i].add(baseline);
                            seconds[i].add(result.seconds());
                            if (i == 0 && n == 0) {
                                draw(picture, days, predicted, task);
                            }
                        }
                        setting.console().checkInterrupted();
                    }
                }
            }
        }
        return new Results().table("msci", summary(setting, distances, baselines, seconds, discrete)).table("msci-runs", runs)
            .table("msci-sinkhorn", discrete.runs).picture("msci", picture);
    }

    static TrainingResult fit(Setting setting, Days days, long seed, String activity, int steps) {
        TrainingOptions options = TrainingOptions.builder().steps(steps).seed(seed).build();
        return setting.fit(activity, BridgeTrainer.on(options, days.scaledStart, days.scaledEnd));
    }

    static PointCloud predict(Setting setting, LightBridge bridge, Days days, double time, long seed) {
        try (PointCloud scaled = new BridgeTransport(bridge, setting.scheduler()).sampleAt(days.scaledStart, time, 1, seed)) {
            return Days.times(scaled, days.scale);
        }
    }

    private static Table summary(Setting setting, Mean[] distances, Mean[] baselines, Mean[] seconds, DiscreteBridges discrete) {
        Table table = new Table("Half the energy distance between the predicted and the held-out day, mean over both tasks")
            .column("solver")
            .column("D=50").column("seconds").column("D=100").column("seconds ");
        for (String[] row : PUBLISHED) {
            table.row((Object[]) row);
        }
        table.row("LightSB, official code run by us", "2.31", "32 to 43", "2.16", null);
        table.row("mixture of the two ends (no model)", baselines[0].text(), null, baselines[1].text(), null);
        table.row("Pontoon, Sinkhorn with Brownian bridges", discrete.distances[0].textWithDeviation(), discrete.seconds[0].median(),
            discrete.distances[1].textWithDeviation(), discrete.seconds[1].median());
        table.row("Pontoon, LightSB, " + setting.scheduler().threads() + (setting.scheduler().threads() == 1 ? " thread" : " threads"),
            distances[0].textWithDeviation(), seconds[0].median(), distances[1].textWithDeviation(), seconds[1].median());
        table.note(
            "Half the energy distance: E|X-Y| - E|X-X'|/2 - E|Y-Y'|/2 over distinct pairs, in the units of the files. ± is the standard deviation "
                + "over tasks and seeds; our seconds are the median. The first rows are published numbers.");
        table.note(
            "The mixture of the ends draws a cell of the first day with probability 1 - t and one of the last day with t. It knows nothing "
                + "of the dynamics and still equals the published solvers: this metric tells little about quality.");
        if (setting.quick()) {
            table.note("A quick run: one seed, a fifth of the steps, ten times the marginal error.");
        }
        return table;
    }

    private static void draw(Picture picture, Days days, PointCloud predicted, Task task) {
        double[] range = range(days.start, days.end, days.held);
        picture.add(panel("given: days " + task.start + " and " + task.end, range)
            .cloud("first day", column(days.start, 0), column(days.start, 1), Plot.Ink.SKY)
            .cloud("last day", column(days.end, 0), column(days.end, 1), Plot.Ink.ORANGE));
        picture.add(panel("held out: day " + task.held, range)
            .cloud("held-out day", column(days.held, 0), column(days.held, 1), Plot.Ink.GREY));
        picture.add(panel(String.format(Locale.ROOT, "predicted: t = %s", task.time), range)
            .cloud("predicted day", column(predicted, 0), column(predicted, 1), Plot.Ink.BLUE));
    }

    static Plot panel(String title, double[] range) {
        return new Plot(title).axes("PC 1", "PC 2").equalAspect().range(range[0], range[1], range[2], range[3]);
    }

    static double[] range(PointCloud... clouds) {
        double[] range = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
        for (PointCloud cloud : clouds) {
            for (int d = 0; d < 2; d++) {
                double[] values = column(cloud, d);
                Arrays.sort(values);
                // A handful of outliers would squeeze everything else into a corner.
                range[2 * d] = Math.min(range[2 * d], values[values.length / 500]);
                range[2 * d + 1] = Math.max(range[2 * d + 1], values[values.length - 1 - values.length / 500]);
            }
        }
        for (int d = 0; d < 2; d++) {
            double margin = 0.08 * (range[2 * d + 1] - range[2 * d]);
            range[2 * d] -= margin;
            range[2 * d + 1] += margin;
        }
        return range;
    }

    static double[] column(PointCloud cloud, int coordinate) {
        int stride = (cloud.size() + DRAWN - 1) / DRAWN;
        double[] values = new double[(cloud.size() + stride - 1) / stride];
        for (int n = 0; n < values.length; n++) {
            values[n] = cloud.get(n * stride, coordinate);
        }
        return values;
    }

    /**
     * The paper's first baseline: the entropic plan between the cells of the two days by Sinkhorn, an end for each start from the plan's
     * rows, and a Brownian bridge between them.
     */
    private static final class DiscreteBridges {

        private static final double EPSILON = 0.1;
        /** Entries of a row that an end is drawn from. */
        private static final int LARGEST = 100;
        private static final double TOLERANCE = 0.001;
        private static final long ENDS = 2300;
        private static final long NOISE = 2301;

        private final Setting setting;
        private final Mean[] distances = {new Mean(), new Mean()};
        private final Mean[] seconds = {new Mean(), new Mean()};
        private final Table runs = new Table("Sinkhorn between the days, epsilon = " + EPSILON).column("D").column("task").column("seed")
            .column("half energy distance", "%.3f").column("iterations").column("on active pairs").column("marginal error", "%.2g")
            .column("status")
            .column("mass that is drawn from", "%.5f").column("seconds", "%.2f");

        DiscreteBridges(Setting setting) {
            this.setting = setting;
            runs.note("Ends are drawn from the " + LARGEST + " largest entries of a row.");
        }

        void run(int index, Days days, Task task) {
            long began = System.nanoTime();
            Sinkhorn solver = new Sinkhorn(SinkhornOptions.builder().blur(Math.sqrt(EPSILON)).debias(false)
                .tolerance(setting.quick() ? 10 * TOLERANCE : TOLERANCE).build());
            SinkhornResult result;
            try (ProgressBar progress = setting.console().progress("D=" + DIMENSIONS[index] + " day " + task.held + " Sinkhorn")) {
                result = solver.solve(days.scaledStart, days.scaledEnd, null, setting.scheduler(), progress);
            }
            setting.console().checkInterrupted();
            SparsePlan plan = solver.plan(days.scaledStart, days.scaledEnd, result, setting.scheduler()).largestPerRow(LARGEST);
            double drawn = Arrays.stream(plan.masses()).sum();
            double elapsed = (System.nanoTime() - began) * 1e-9;
            seconds[index].add(elapsed);
            for (int n = 0; n < setting.count(SEEDS, 1); n++) {
                long seed = setting.seed() + n;
                try (PointCloud scaled = bridge(plan, days, task.time, seed); PointCloud predicted = Days.times(scaled, days.scale)) {
                    double distance = EnergyDistance.unbiasedHalf(predicted, days.held, setting.scheduler());
                    distances[index].add(distance);
                    runs.row(DIMENSIONS[index], task.title(), seed, distance, result.iterations(), result.activeIterations(),
                        result.marginalError(),
                        result.status().name().toLowerCase(Locale.ROOT).replace('_', ' '), drawn, elapsed);
                }
            }
        }

        /** One point of the bridge for every cell of the first day. */
        private static PointCloud bridge(SparsePlan plan, Days days, double time, long seed) {
            long ends = CounterRandom.key(seed, ENDS);
            long noise = CounterRandom.key(seed, NOISE);
            int dimension = days.scaledStart.dimension();
            double deviation = Math.sqrt(EPSILON * time * (1 - time));
            float[] from = new float[dimension];
            float[] to = new float[dimension];
            PointCloud cloud = PointCloud.allocate(days.scaledStart.size(), dimension);
            for (int n = 0; n < cloud.size(); n++) {
                days.scaledStart.copyPoint(n, from, 0);
                days.scaledEnd.copyPoint(plan.columns()[end(plan, n, CounterRandom.uniform(ends, n))], to, 0);
                for (int d = 0; d < dimension; d++) {
                    from[d] = (float) ((1 - time) * from[d] + time * to[d]
                        + deviation * CounterRandom.normal(noise, (long) n * dimension + d));
                }
                cloud.setPoint(n, from, 0);
            }
            return cloud;
        }

        /** The entry of a row at which its running sum passes a share of the whole. */
        private static int end(SparsePlan plan, int row, double share) {
            double left = 0;
            for (int k = plan.rowStarts()[row]; k < plan.rowStarts()[row + 1]; k++) {
                left += plan.masses()[k];
            }
            left *= share;
            int last = plan.rowStarts()[row + 1] - 1;
            int entry = plan.rowStarts()[row];
            for (; entry < last && left >= plan.masses()[entry]; entry++) {
                left -= plan.masses()[entry];
            }
            return entry;
        }
    }

    /** Three days of one dimension, as in the files and divided by their common scale. */
    record Days(PointCloud start, PointCloud end, PointCloud held, PointCloud scaledStart, PointCloud scaledEnd, double scale)
            implements AutoCloseable {

        static Days read(Path directory, int dimension, Task task) throws IOException {
            PointCloud start = day(directory, dimension, task.start);
            PointCloud end = day(directory, dimension, task.end);
            PointCloud held = day(directory, dimension, task.held);
            double scale = scale(start, end, held);
            return new Days(start, end, held, times(start, 1 / scale), times(end, 1 / scale), scale);
        }

        private static PointCloud day(Path directory, int dimension, int day) throws IOException {
            Path file = directory.resolve("full_cite_pcas_" + dimension + "_day_" + day + ".npy");
            BadInput.unless(Files.exists(file), "there is no file %s; --data names the directory of the paper's single-cell files", file);
            PointCloud cloud = NpyFile.readCloud(file);
            BadInput.unless(cloud.dimension() == dimension, "%s has dimension %d, expected %d", file, cloud.dimension(), dimension);
            return cloud;
        }

        /** The paper's code: mean over coordinates of the standard deviation over the cells of all three days. */
        private static double scale(PointCloud... clouds) {
            int dimension = clouds[0].dimension();
            double total = 0;
            for (int d = 0; d < dimension; d++) {
                double count = 0;
                double sum = 0;
                double squares = 0;
                for (PointCloud cloud : clouds) {
                    float[] column = new float[cloud.size()];
                    cloud.copyColumn(d, 0, column, 0, column.length);
                    for (double v : column) {
                        sum += v;
                        squares += v * v;
                    }
                    count += column.length;
                }
                total += Math.sqrt(squares / count - sum / count * (sum / count));
            }
            return total / dimension;
        }

        static PointCloud times(PointCloud cloud, double factor) {
            PointCloud result = PointCloud.allocate(cloud.size(), cloud.dimension());
            float[] column = new float[cloud.size()];
            for (int d = 0; d < cloud.dimension(); d++) {
                cloud.copyColumn(d, 0, column, 0, column.length);
                for (int n = 0; n < column.length; n++) {
                    column[n] = (float) (factor * column[n]);
                }
                result.setColumn(d, 0, column, 0, column.length);
            }
            return result;
        }

        /** Half the energy distance of the mixture of the ends: the distance is quadratic in the measures, so no sampling is needed. */
        double baseline(double time, TileScheduler scheduler) {
            return (1 - time) * EnergyDistance.unbiasedHalf(start, held, scheduler)
                + time * EnergyDistance.unbiasedHalf(end, held, scheduler)
                - time * (1 - time) * EnergyDistance.unbiasedHalf(start, end, scheduler);
        }

        @Override
        public void close() {
            start.close();
            end.close();
            held.close();
            scaledStart.close();
            scaledEnd.close();
        }
    }

    /** Mean and standard deviation. */
    private static final class Mean {

        private final List<Double> values = new ArrayList<>();

        void add(double value) {
            values.add(value);
        }

        private double mean() {
            return values.stream().mapToDouble(v -> v).average().orElse(Double.NaN);
        }

        String median() {
            return String.format(Locale.ROOT, "%.2f", values.stream().sorted().skip(values.size() / 2).findFirst().orElse(Double.NaN));
        }

        String text() {
            return String.format(Locale.ROOT, "%.2f", mean());
        }

        String textWithDeviation() {
            double mean = mean();
            double squares = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
            return String.format(Locale.ROOT, "%.3f ± %.2f", mean, values.size() < 2 ? 0 : Math.sqrt(squares / (values.size() - 1)));
        }
    }
}
