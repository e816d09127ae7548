package org.pontoon.cli.reproduce;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.pontoon.cli.report.Interrupted;
import org.pontoon.cli.report.Picture;
import org.pontoon.cli.report.Plot;
import org.pontoon.cli.report.ProgressBar;
import org.pontoon.cli.report.Table;
import org.pontoon.cli.reproduce.SingleCell.Days;
import org.pontoon.cli.reproduce.SingleCell.Task;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.bridge.TrainingResult;
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
 * A day of single-cell measurements that lies between two given ones, by unbalanced Sobolev descent stopped half-way (Mroueh and Rigotti
 * 2020, section 6), against a bridge, unbalanced transport and predictors that know nothing.
 */
final class UnbalancedCells implements Experiment {

    private static final long STREAM = 2800;
    private static final int DIMENSION = 50;
    private static final int FEATURES = 300;
    private static final int METRIC_FEATURES = 2000;
    private static final double[] SHARES = {0.5, 1};
    private static final double RIDGE = 1e-3;
    private static final int STEPS = 80;
    private static final double LENGTH = 4;
    private static final double ALPHA = 0.2;
    /** Of a reaction step to alpha times an advection step. */
    private static final double REACTION = 2;
    private static final int QUICK_CELLS = 500;
    private static final int FIT_STEPS = 10_000;
    /** Waddington-OT's defaults; distances are squared and divided by their median. */
    private static final double WOT_EPSILON = 0.05;
    private static final double WOT_FIRST = 1;
    private static final double WOT_LAST = 50;
    private static final int LARGEST = 100;

    @Override
    public String name() {
        return "usd-msci";
    }

    @Override
    public String description() {
        return "a held-out single-cell day by unbalanced Sobolev descent, LightSB and unbalanced Sinkhorn; --data as for msci";
    }

    @Override
    public boolean needsData() {
        return true;
    }

    @Override
    public Results run(Setting setting) throws IOException {
        Table table = new Table("A day between two days, held out").column("task").column("predictor").column("normalised MMD", "%.3f")
            .column("normalised energy distance", "%.3f").column("MMD", "%.4f").column("half energy distance", "%.3f")
            .column("time of the flow",
                "%.2f")
            .column("effective cells", "%.0f").column("seconds", "%.2f");
        Picture picture = new Picture("Single cells: a day that nobody was shown", 300, 270).columns(4);
        for (Task task : SingleCell.TASKS) {
            try (Days whole = Days.read(setting.data(), DIMENSION, task); Days days = setting.quick() ? some(whole) : whole) {
                new Run(task, days, setting, table, picture).all();
            }
        }
        table.note(String.format(Locale.ROOT,
            "MMD: %d random features of exp(-|z|^2 / D) on coordinates divided by the common scale; half the "
                + "energy distance: E|X-Y| - E|X-X'|/2 - E|Y-Y'|/2 in the units of the files. Both are divided, where normalised, by their value between "
                + "the two given days.",
            METRIC_FEATURES));
        table.note(String.format(Locale.ROOT,
            "Flows: %d features of bandwidths 0.5 and 1 times the median distance, ridge %.0e, alpha %.1f, "
                + "reaction step %.0f times alpha x step. The prediction is the last state that is nearer, in MMD, to the first day than to the "
                + "last one; it knows nothing of when the held-out day is. "
                + "The energy distance takes as many cells drawn by weight.",
            FEATURES, RIDGE, ALPHA, REACTION));
        table.note(
            "The reaction step and the length of the flows were changed once after a quick run on these days, whose flows had ended after "
                + "a few steps; its held-out figures had been seen by then.");
        table.note("Unbalanced Sinkhorn interpolates as Waddington-OT does: epsilon 0.05, lambda 1 and 50, costs divided by their median, "
            + "pairs drawn by the plan over the column sums to the power 1 - t. It, LightSB and the mixture of the ends are told t.");
        table.note(
            "On other data (Schiebinger et al. 2019, 35 intervals) Mroueh and Rigotti report a normalised MMD of 0.795 ± 0.236, and 1.018 "
                + "± 0.277 for Waddington-OT; the first day itself scores 0.912 there and the last one 0.879.");
        if (setting.quick()) {
            table.note("A quick run: " + QUICK_CELLS + " cells of each day, a tenth of the bridge's steps.");
        }
        return new Results().table(name(), table).picture(name(), picture);
    }

    private static Days some(Days days) {
        return new Days(some(days.start()), some(days.end()), some(days.held()), some(days.scaledStart()), some(days.scaledEnd()), days
            .scale());
    }

    /** Cells at equal intervals. */
    private static PointCloud some(PointCloud cloud) {
        int count = Math.min(QUICK_CELLS, cloud.size());
        PointCloud part = PointCloud.allocate(count, cloud.dimension());
        float[] point = new float[cloud.dimension()];
        for (int n = 0; n < count; n++) {
            cloud.copyPoint((int) ((long) n * cloud.size() / count), point, 0);
            part.setPoint(n, point, 0);
        }
        return part;
    }

    /** One task. */
    private static final class Run {

        private final Task task;
        private final Days days;
        private final Setting setting;
        private final Table table;
        private final Picture picture;
        private final MeanFeatures metric;
        private final double[] startMean;
        private final double[] endMean;
        private final double[] heldMean;
        private final double span;
        private final double energySpan;

        Run(Task task, Days days, Setting setting, Table table, Picture picture) {
            this.task = task;
            this.days = days;
            this.setting = setting;
            this.table = table;
            this.picture = picture;
            this.metric = new MeanFeatures(
                RandomFeatures.draw(Spectrum.GAUSSIAN, DIMENSION, METRIC_FEATURES, CounterRandom.key(setting.seed(),
                    STREAM), Math.sqrt(0.5 * DIMENSION)));
            this.startMean = metric.of(days.scaledStart(), true, setting.scheduler());
            this.endMean = metric.of(days.scaledEnd(), true, setting.scheduler());
            try (PointCloud held = Days.times(days.held(), 1 / days.scale())) {
                this.heldMean = metric.of(held, true, setting.scheduler());
            }
            this.span = MeanFeatures.distance(startMean, endMean);
            this.energySpan = EnergyDistance.unbiasedHalf(days.start(), days.end(), setting.scheduler());
        }

        void all() {
            double[] range = SingleCell.range(days.start(), days.end(), days.held());
            draw("first day " + task.start(), days.start(), range, Plot.Ink.SKY);
            draw("last day " + task.end(), days.end(), range, Plot.Ink.ORANGE);
            draw("held-out day " + task.held(), days.held(), range, Plot.Ink.GREY);
            ends();
            flow("Sobolev descent", Reaction.NONE, null);
            flow("USD, weights", Reaction.WEIGHTS, null);
            flow("USD, births and deaths", Reaction.BIRTH_DEATH, range);
            bridge();
            transport();
        }

        private void draw(String title, PointCloud cloud, double[] range, Plot.Ink ink) {
            picture.add(SingleCell.panel(title, range).cloud(null, SingleCell.column(cloud, 0), SingleCell.column(cloud, 1), ink));
        }

        private void row(String name, double distance, double energy, Double time, Double effective, Double seconds) {
            table.row(task.title(), name, distance / span, energy / energySpan, distance, energy, time, effective, seconds);
        }

        private void ends() {
            double fromStart = EnergyDistance.unbiasedHalf(days.start(), days.held(), setting.scheduler());
            double fromEnd = EnergyDistance.unbiasedHalf(days.end(), days.held(), setting.scheduler());
            row("first day", MeanFeatures.distance(startMean, heldMean), fromStart, null, null, null);
            row("last day", MeanFeatures.distance(endMean, heldMean), fromEnd, null, null, null);
            double t = task.time();
            double[] mixed = new double[startMean.length];
            Arrays.setAll(mixed, j -> (1 - t) * startMean[j] + t * endMean[j]);
            // both are quadratic in the measures: no sampling is needed
            row("mixture of the ends", MeanFeatures.distance(mixed, heldMean), days.baseline(t, setting.scheduler()), null, null, null);
        }

        private void flow(String name, Reaction reaction, double[] range) {
            double median = MeanFeatures.medianDistance(days.scaledStart(), days.scaledEnd());
            RandomFeatures features = RandomFeatures.draw(Spectrum.ORTHOGONAL_GAUSSIAN, DIMENSION, FEATURES,
                CounterRandom.key(setting.seed(),
                    STREAM + 1),
                Arrays.stream(SHARES).map(share -> share * median).toArray());
            List<Double> times = new ArrayList<>();
            for (int k = 0; k <= STEPS; k++) {
                times.add(LENGTH * k / STEPS);
            }
            SobolevOptions options = SobolevOptions.builder().reaction(reaction).reactionRatio(reaction == Reaction.NONE ? 1 : REACTION)
                .alpha(ALPHA).ridge(RIDGE).seed(setting.seed()).build();
            FlowResult result;
            try (ProgressBar progress = setting.console().progress(task.title() + ", " + name)) {
                result = new Flow(new FlowOptions(LENGTH / STEPS, STEPS, false, times)).run(new SobolevDescent(days.scaledStart(),
                    days.scaledEnd(), features, options, setting.scheduler()), progress);
            }
            if (result.status() == FlowResult.Status.CANCELLED) {
                throw new Interrupted("interrupted in " + name);
            }
            Snapshot middle = middle(result);
            try (PointCloud scaled = middle.toCloud(); PointCloud cells = drawn(middle); PointCloud predicted = Days.times(cells, days
                .scale())) {
                row(name, MeanFeatures.distance(metric.of(scaled, true, setting.scheduler()), heldMean),
                    EnergyDistance.unbiasedHalf(predicted,
                        days.held(), setting.scheduler()),
                    middle.time(), middle.effectiveSize(), result.seconds());
                if (range != null) {
                    draw("predicted by births and deaths", predicted, range, Plot.Ink.BLUE);
                }
            }
        }

        /** As many cells of equal weights, drawn systematically, so that all predictors are measured by samples of one size. */
        private static PointCloud drawn(Snapshot state) {
            int size = state.weights().length;
            int dimension = state.points().length / size;
            double mass = state.mass();
            float[] rows = new float[state.points().length];
            int from = 0;
            double until = state.weights()[0];
            for (int n = 0; n < size; n++) {
                while (from < size - 1 && until < (n + 0.5) / size * mass) {
                    until += state.weights()[++from];
                }
                System.arraycopy(state.points(), from * dimension, rows, n * dimension, dimension);
            }
            return PointCloud.ofRows(rows, size, dimension);
        }

        /** The last state before the one that is nearer to the last day than to the first one. */
        private Snapshot middle(FlowResult result) {
            Snapshot before = result.snapshots().getFirst();
            for (Snapshot state : result.snapshots()) {
                double[] mean;
                try (PointCloud cloud = state.toCloud()) {
                    mean = metric.of(cloud, true, setting.scheduler());
                }
                if (MeanFeatures.distance(mean, startMean) > MeanFeatures.distance(mean, endMean)) {
                    return before;
                }
                before = state;
            }
            return before;
        }

        private void bridge() {
            TrainingResult result = SingleCell.fit(setting, days, setting.seed(), task.title() + ", LightSB",
                setting.count(FIT_STEPS, FIT_STEPS / 10));
            LightBridge bridge = result.bridge();
            try (PointCloud predicted = SingleCell.predict(setting, bridge, days, task.time(), setting.seed())) {
                measured("LightSB", predicted, result.seconds());
            }
        }

        private void measured(String name, PointCloud predicted, double seconds) {
            try (PointCloud scaled = Days.times(predicted, 1 / days.scale())) {
                row(name, MeanFeatures.distance(metric.of(scaled, true, setting.scheduler()), heldMean),
                    EnergyDistance.unbiasedHalf(predicted,
                        days.held(), setting.scheduler()),
                    null, null, seconds);
            }
        }

        private void transport() {
            long began = System.nanoTime();
            double median = MeanFeatures.medianDistance(days.start(), days.end());
            SinkhornOptions options = SinkhornOptions.builder().blur(Math.sqrt(WOT_EPSILON)).reachX(Math.sqrt(WOT_FIRST)).reachY(Math.sqrt(
                WOT_LAST)).debias(false).precision(Precision.FLOAT32).tolerance(1e-3).build();
            Sinkhorn solver = new Sinkhorn(options);
            // half the square of these is the square over the median
            try (PointCloud x = Days.times(days.start(), Math.sqrt(2) / median);
                    PointCloud y = Days.times(days.end(), Math.sqrt(2) / median)) {
                SinkhornResult result;
                try (ProgressBar progress = setting.console().progress(task.title() + ", unbalanced Sinkhorn")) {
                    result = solver.solve(x, y, null, setting.scheduler(), progress);
                }
                setting.console().checkInterrupted();
                TransportPlan plan = solver.plan(x, y, result, setting.scheduler());
                try (PointCloud predicted = drawn(plan.largestPerRow(LARGEST), plan.columnSums())) {
                    measured("unbalanced Sinkhorn", predicted, (System.nanoTime() - began) * 1e-9);
                }
            }
        }

        /** As many pairs as there are cells on the first day, each a point on its straight line. */
        private PointCloud drawn(SparsePlan plan, double[] columnSums) {
            double t = task.time();
            double[] until = new double[plan.masses().length];
            double sum = 0;
            for (int k = 0; k < until.length; k++) {
                sum += plan.masses()[k] / Math.pow(columnSums[plan.columns()[k]], 1 - t);
                until[k] = sum;
            }
            int size = days.start().size();
            int dimension = days.start().dimension();
            long key = CounterRandom.key(setting.seed(), STREAM + 2);
            float[] from = new float[dimension];
            float[] to = new float[dimension];
            PointCloud cloud = PointCloud.allocate(size, dimension);
            int row = 0;
            int entry = 0;
            for (int n = 0; n < size; n++) {
                // systematic: one draw in every n-th part of the mass, so that entries come in order
                double at = (n + CounterRandom.uniform(key, n)) / size * sum;
                while (entry < until.length - 1 && until[entry] < at) {
                    entry++;
                }
                while (plan.rowStarts()[row + 1] <= entry) {
                    row++;
                }
                days.start().copyPoint(row, from, 0);
                days.end().copyPoint(plan.columns()[entry], to, 0);
                for (int d = 0; d < dimension; d++) {
                    from[d] = (float) ((1 - t) * from[d] + t * to[d]);
                }
                cloud.setPoint(n, from, 0);
            }
            return cloud;
        }
    }
}
