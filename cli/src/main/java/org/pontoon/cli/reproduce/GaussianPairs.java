package org.pontoon.cli.reproduce;

import java.util.Arrays;
import java.util.Locale;

import org.pontoon.cli.report.Picture;
import org.pontoon.cli.report.Plot;
import org.pontoon.cli.report.Table;
import org.pontoon.engine.bridge.BridgeObjective;
import org.pontoon.engine.bridge.BridgeTrainer;
import org.pontoon.engine.bridge.BridgeTransport;
import org.pontoon.engine.bridge.Covariance;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.bridge.TrainingOptions;
import org.pontoon.engine.bridge.TrainingResult;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.random.CounterRandom;
import org.pontoon.validation.GaussianBridge;

/** Bridges fitted to samples of Gaussians, against the closed form of the Gaussian Schrödinger bridge, as N and D grow. */
final class GaussianPairs implements Experiment {

    private static final int[] DIMENSIONS = {2, 8, 32};
    private static final int[] SIZES = {300, 1000, 3000, 10_000, 30_000};
    private static final double EPSILON = 0.5;
    private static final int STEPS = 3000;
    private static final int BATCH = 256;
    private static final int TEST_POINTS = 2000;
    private static final int SAMPLES = 3;
    private static final int MEASURES = 10;
    private static final long PROBLEM_STREAM = 2300;
    private static final long SAMPLE_STREAM = 2310;

    /** What is fitted to what. */
    private enum Model {
        /** One component is the exact form; diagonal covariances on both sides. */
        DIAGONAL(1, Covariance.DIAGONAL),
        /** One component, any covariances. */
        FULL(1, Covariance.FULL),
        /** More components than needed. */
        FIVE(5, Covariance.DIAGONAL);

        private final int components;
        private final Covariance covariance;

        Model(int components, Covariance covariance) {
            this.components = components;
            this.covariance = covariance;
        }

        String title() {
            return "K = " + components + ", " + covariance.name().toLowerCase(Locale.ROOT) + " S";
        }
    }

    @Override
    public String name() {
        return "gaussian";
    }

    @Override
    public String description() {
        return "bridges fitted to samples of Gaussians against the closed form, D = 2, 8, 32, N = 300 to 30,000";
    }

    @Override
    public Results run(Setting setting) {
        Table table = new Table("Fitted bridges against the closed form, epsilon = " + EPSILON).column("model").column("D").column("N")
            .column("S", "%.4f").column("r", "%.4f").column("plan mean", "%.4f").column("its floor", "%.4f")
            .column("plan covariance", "%.4f")
            .column("drift at t = .5", "%.4f").column("drift at t = 1", "%.4f").column("entropic value", "%.4f")
            .column("its s.e.", "%.4f").column("seconds", "%.2f");
        Picture picture = new Picture("Fitted bridges between Gaussians: error of the plan's mean", 350, 340);
        int dimensions = setting.count(DIMENSIONS.length, 2);
        int sizes = setting.count(SIZES.length, 3);
        Plot.Ink[] inks = {Plot.Ink.BLUE, Plot.Ink.VERMILION, Plot.Ink.GREEN};
        for (Model model : Model.values()) {
            Plot panel = new Plot(model.title()).axes("points N", "relative error").logarithmic(true, true);
            for (int d = 0; d < dimensions; d++) {
                double[] x = new double[sizes];
                double[] fitted = new double[sizes];
                double[] floor = new double[sizes];
                for (int s = 0; s < sizes; s++) {
                    x[s] = SIZES[s];
                    double[] errors = row(table, setting, model, DIMENSIONS[d], SIZES[s]);
                    fitted[s] = errors[0];
                    floor[s] = errors[1];
                }
                panel.line("D = " + DIMENSIONS[d], x, fitted, inks[d]).reference(d == 0 ? "closed form of the samples' moments" : null, x,
                    floor,
                    inks[d]);
            }
            picture.add(panel);
        }
        table.note(
            "Errors are relative: S and r in the Frobenius norm (one component only); plan mean, plan covariance and drift as root mean "
                + "squares over " + TEST_POINTS + " points of the true bridge. The floor is the closed form with the moments of the same "
                + "samples in place of the true ones: what N points can tell. The entropic value is the dual bound on the samples, its "
                + "error absolute, beside its own standard error. Root mean squares over " + SAMPLES
                + " independent samples of each size.");
        table.note("Fit: " + STEPS + " steps at learning rate 0.01, then " + STEPS + " at 0.001 from there; batch " + BATCH + ".");
        if (setting.quick()) {
            table.note("A quick run: D up to 8, N up to 3000.");
        }
        return new Results().table("gaussian", table).picture("gaussian", picture);
    }

    /** Fits to several samples, measures, adds a row; returns the error of the plan's mean and its floor. */
    private static double[] row(Table table, Setting setting, Model model, int dimension, int size) {
        double[] squares = new double[MEASURES];
        for (int sample = 0; sample < SAMPLES; sample++) {
            double[] measured = measure(setting, model, dimension, size, setting.seed() + 1000L * sample);
            for (int i = 0; i < MEASURES; i++) {
                squares[i] += measured[i] * measured[i] / SAMPLES;
            }
        }
        double[] m = Arrays.stream(squares).map(Math::sqrt).toArray();
        boolean one = model.components == 1;
        table.row(model.title(), dimension, size, one ? (Double) m[0] : null, one ? (Double) m[1] : null, m[2], m[3], m[4], m[5], m[6],
            m[7],
            m[8], m[9]);
        return new double[] {m[2], m[3]};
    }

    /** Errors of S, r, plan mean, its floor, plan covariance, drift at two times, value; the value's standard error, and seconds. */
    private static double[] measure(Setting setting, Model model, int dimension, int size, long seed) {
        Problem problem = Problem.of(setting.seed(), dimension, model.covariance);
        GaussianBridge truth = problem.bridge();
        try (PointCloud source = problem.draw(seed, false, size); PointCloud target = problem.draw(seed, true, size);
                PointCloud points = problem.draw(seed + 1, false, TEST_POINTS)) {
            String activity = model.title() + " D=" + dimension + " N=" + size;
            TrainingResult coarse = setting.fit(activity, BridgeTrainer.on(options(model, 0.01, seed), source, target));
            TrainingResult result = setting.fit(activity, BridgeTrainer.on(options(model, 0.001, seed + 1), source, target)
                .startFrom(coarse.bridge()));
            LightBridge bridge = result.bridge();
            BridgeObjective objective = bridge.objective(source, target, setting.scheduler());
            GaussianBridge fromSamples = Problem.ofMoments(source, target, model.covariance);
            Errors plan = new Errors();
            Errors floor = new Errors();
            Errors spread = new Errors();
            double[] planCovariance = truth.planCovariance();
            for (int n = 0; n < TEST_POINTS; n++) {
                double[] x = point(points, n);
                double[] expected = truth.planMean(x);
                plan.add(bridge.conditionalMean(x), expected, truth.location());
                floor.add(fromSamples.planMean(x), expected, truth.location());
                if (n % 20 == 0) {
                    spread.add(bridge.conditionalCovariance(x), planCovariance, null);
                }
            }
            boolean one = model.components == 1;
            return new double[] {one ? relative(squareScale(bridge), truth.scale()) : Double.NaN,
                one ? relative(location(bridge), truth.location()) : Double.NaN, plan.relative(), floor.relative(), spread.relative(),
                driftError(setting, bridge, truth, model, points, 0.5), driftError(setting, bridge, truth, model, points, 1),
                objective.dualBound() - truth.weakCost(), EPSILON * objective.standardError(), coarse.seconds() + result.seconds()};
        }
    }

    /** Along the true bridge: at its exact positions at one time. */
    private static double driftError(Setting setting, LightBridge bridge, GaussianBridge truth, Model model, PointCloud starts,
            double time) {
        LightBridge exact = truth.toBridge(model.covariance);
        Errors errors = new Errors();
        try (PointCloud positions = new BridgeTransport(exact, setting.scheduler()).sampleAt(starts, time, 1, setting.seed())) {
            for (int n = 0; n < positions.size(); n++) {
                double[] x = point(positions, n);
                errors.add(bridge.drift(x, time), exact.drift(x, time), null);
            }
        }
        return errors.relative();
    }

    private static double[] point(PointCloud cloud, int n) {
        double[] x = new double[cloud.dimension()];
        for (int d = 0; d < x.length; d++) {
            x[d] = cloud.get(n, d);
        }
        return x;
    }

    private static TrainingOptions options(Model model, double learningRate, long seed) {
        return TrainingOptions.builder().epsilon(EPSILON).components(model.components).covariance(model.covariance).steps(STEPS)
            .batch(BATCH)
            .learningRate(learningRate).initialScale(1).seed(seed).build();
    }

    private static double[] squareScale(LightBridge bridge) {
        int dimension = bridge.dimension();
        if (bridge.covariance() == Covariance.FULL) {
            return bridge.scales();
        }
        double[] square = new double[dimension * dimension];
        for (int d = 0; d < dimension; d++) {
            square[d * dimension + d] = bridge.scales()[d];
        }
        return square;
    }

    /** r in the caller's coordinates: the plan's mean at the origin. */
    private static double[] location(LightBridge bridge) {
        return bridge.conditionalMean(new double[bridge.dimension()]);
    }

    private static double relative(double[] got, double[] expected) {
        Errors errors = new Errors();
        errors.add(got, expected, null);
        return errors.relative();
    }

    /** Root mean square of a difference over that of what is expected. */
    private static final class Errors {

        private double difference;
        private double size;

        void add(double[] got, double[] expected, double[] origin) {
            for (int i = 0; i < got.length; i++) {
                double gap = got[i] - expected[i];
                double value = expected[i] - (origin == null ? 0 : origin[i]);
                difference += gap * gap;
                size += value * value;
            }
        }

        double relative() {
            return Math.sqrt(difference / size);
        }
    }

    /** Two Gaussians, each with a factor L of its covariance L L'. */
    private record Problem(int dimension, double[] sourceMean, double[] sourceFactor, double[] targetMean, double[] targetFactor) {

        static Problem of(long seed, int dimension, Covariance covariance) {
            long key = CounterRandom.key(CounterRandom.key(seed, PROBLEM_STREAM), dimension);
            double[] source = new double[dimension];
            double[] target = new double[dimension];
            for (int d = 0; d < dimension; d++) {
                target[d] = 2 * CounterRandom.uniform(key, d) - 1;
            }
            return new Problem(dimension, source, factor(CounterRandom.key(key, 1), dimension, covariance), target,
                factor(CounterRandom.key(key, 2), dimension, covariance));
        }

        /** A factor whose covariance has eigenvalues about 0.3 to 2.5. */
        private static double[] factor(long key, int dimension, Covariance covariance) {
            double[] factor = new double[dimension * dimension];
            for (int i = 0; i < dimension; i++) {
                factor[i * dimension + i] = 0.6 + 0.8 * CounterRandom.uniform(key, i);
                for (int j = 0; j < i && covariance == Covariance.FULL; j++) {
                    factor[i * dimension + j] = 0.5 / Math.sqrt(dimension) * CounterRandom.normal(key, 1000L + i * dimension + j);
                }
            }
            return factor;
        }

        GaussianBridge bridge() {
            return GaussianBridge.between(sourceMean, square(sourceFactor), targetMean, square(targetFactor), EPSILON);
        }

        private double[] square(double[] factor) {
            double[] covariance = new double[factor.length];
            for (int i = 0; i < dimension; i++) {
                for (int j = 0; j < dimension; j++) {
                    for (int k = 0; k <= Math.min(i, j); k++) {
                        covariance[i * dimension + j] += factor[i * dimension + k] * factor[j * dimension + k];
                    }
                }
            }
            return covariance;
        }

        PointCloud draw(long seed, boolean target, int size) {
            long key = CounterRandom.key(CounterRandom.key(seed, SAMPLE_STREAM + (target ? 1 : 0)), dimension);
            PointCloud cloud = PointCloud.allocate(size, dimension);
            double[] z = new double[dimension];
            for (int n = 0; n < size; n++) {
                for (int d = 0; d < dimension; d++) {
                    z[d] = CounterRandom.normal(key, (long) n * dimension + d);
                }
                double[] point = apply(target ? targetMean : sourceMean, target ? targetFactor : sourceFactor, z);
                for (int d = 0; d < dimension; d++) {
                    cloud.set(n, d, (float) point[d]);
                }
            }
            return cloud;
        }

        private double[] apply(double[] mean, double[] factor, double[] z) {
            double[] point = mean.clone();
            for (int i = 0; i < dimension; i++) {
                for (int j = 0; j <= i; j++) {
                    point[i] += factor[i * dimension + j] * z[j];
                }
            }
            return point;
        }

        /** The closed form between the empirical moments of two clouds. */
        static GaussianBridge ofMoments(PointCloud source, PointCloud target, Covariance covariance) {
            return GaussianBridge.between(mean(source), covariance(source, covariance), mean(target), covariance(target, covariance),
                EPSILON);
        }

        private static double[] mean(PointCloud cloud) {
            double[] mean = new double[cloud.dimension()];
            for (int n = 0; n < cloud.size(); n++) {
                for (int d = 0; d < mean.length; d++) {
                    mean[d] += cloud.get(n, d) / (double) cloud.size();
                }
            }
            return mean;
        }

        private static double[] covariance(PointCloud cloud, Covariance shape) {
            int dimension = cloud.dimension();
            double[] mean = mean(cloud);
            double[] sums = new double[dimension * dimension];
            float[] point = new float[dimension];
            for (int n = 0; n < cloud.size(); n++) {
                cloud.copyPoint(n, point, 0);
                for (int i = 0; i < dimension; i++) {
                    for (int j = 0; j < dimension; j++) {
                        if (i == j || shape == Covariance.FULL) {
                            sums[i * dimension + j] += (point[i] - mean[i]) * (point[j] - mean[j]) / (cloud.size() - 1.0);
                        }
                    }
                }
            }
            return sums;
        }
    }
}
