package org.pontoon.validation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.pontoon.engine.bridge.BridgeTransport;
import org.pontoon.engine.bridge.Covariance;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.bridge.PathMethod;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

/** The float32 transport: samples, positions and paths against exact moments, drift and mean against float64. */
final class SamplingChecks {

    /** Of some dozens of comparisons in a row, the worst lies beyond five standard errors once in about 10,000 runs. */
    private static final double SIGMAS = 5;
    private static final int DRAWS = 40_000;

    private SamplingChecks() {
    }

    static List<Check> all(long seed, TileScheduler scheduler) {
        List<Check> rows = new ArrayList<>();
        for (Covariance covariance : Covariance.values()) {
            RandomProblem random = new RandomProblem(seed, 30 + covariance.ordinal());
            LightBridge bridge = random.bridge(covariance, 3, 4, 0.4);
            String name = covariance.name().toLowerCase(Locale.ROOT);
            rows.addAll(samples("Samples " + name, bridge, new BridgeTransport(bridge, scheduler), random, seed));
            LightBridge wide = random.bridge(covariance, 50, 10, 0.1);
            rows.addAll(singlePrecision("Float32 " + name + " D=50", wide, new BridgeTransport(wide, scheduler), random));
        }
        rows.addAll(gaussianMarginals(new RandomProblem(seed, 32), seed, scheduler));
        rows.addAll(eulerMaruyama(seed, scheduler));
        return rows;
    }

    /** Given one start x: y, X_t and a path against the conditional plan's moments and its characteristic function. */
    static List<Check> samples(String group, LightBridge truth, BridgeTransport transport, RandomProblem random, long seed) {
        Checks checks = new Checks(group);
        int n = truth.dimension();
        double epsilon = truth.epsilon();
        double[] x = random.points(1, n, 1);
        double[] mean = truth.conditionalMean(x);
        double[] covariance = truth.conditionalCovariance(x);
        double[][] waves = new double[6][];
        for (int i = 0; i < waves.length; i++) {
            waves[i] = random.normals(n, 1);
        }
        try (PointCloud start = RandomProblem.cloud(x, n)) {
            try (PointCloud y = transport.sample(start, DRAWS, seed)) {
                moments(checks, "y given x", y, mean, covariance);
                waves(checks, "y given x", y, truth, x, 1, waves);
            }
            for (double t : new double[] {0.3, 0.8}) {
                double[] at = new double[n];
                double[] spread = covariance.clone();
                for (int i = 0; i < n; i++) {
                    at[i] = (1 - t) * x[i] + t * mean[i];
                    for (int j = 0; j < n; j++) {
                        spread[i * n + j] = t * t * covariance[i * n + j] + (i == j ? epsilon * t * (1 - t) : 0);
                    }
                }
                try (PointCloud position = transport.sampleAt(start, t, DRAWS, seed + 1)) {
                    moments(checks, "X_t given x, t=" + t, position, at, spread);
                    waves(checks, "X_t given x, t=" + t, position, truth, x, t, waves);
                }
            }
        }
        brownianPaths(checks, truth, transport, x, seed + 2);
        return checks.rows();
    }

    /** Worst of all first and second moments, in standard errors. */
    private static void moments(Checks checks, String quantity, PointCloud cloud, double[] mean, double[] covariance) {
        int n = cloud.dimension();
        Estimate.Mean[] first = means(n);
        Estimate.Mean[] second = means(n * n);
        double[] gap = new double[n];
        float[] rows = cloud.toRows();
        for (int row = 0; row < cloud.size(); row++) {
            for (int d = 0; d < n; d++) {
                gap[d] = rows[row * n + d] - mean[d];
                first[d].add(gap[d] + mean[d]);
            }
            for (int i = 0; i < n; i++) {
                for (int j = 0; j <= i; j++) {
                    second[i * n + j].add(gap[i] * gap[j]);
                }
            }
        }
        Checks.Worst means = checks.worst("mean of " + quantity, SIGMAS);
        Checks.Worst covariances = checks.worst("covariance of " + quantity, SIGMAS);
        for (int i = 0; i < n; i++) {
            means.statistical(mean[i], first[i].estimate());
            for (int j = 0; j <= i; j++) {
                covariances.statistical(covariance[i * n + j], second[i * n + j].estimate());
            }
        }
        means.standardErrors();
        covariances.standardErrors();
    }

    private static Estimate.Mean[] means(int count) {
        Estimate.Mean[] means = new Estimate.Mean[count];
        for (int i = 0; i < count; i++) {
            means[i] = new Estimate.Mean();
        }
        return means;
    }

    /**
     * The characteristic function at time t: that of the mixture at t u, times exp(i (1 - t) u'x) and exp(-epsilon t (1 - t) |u|^2 / 2). It
     * sees what two moments do not: which components were drawn, and how often.
     */
    private static void waves(Checks checks, String quantity, PointCloud cloud, LightBridge truth, double[] x, double t, double[][] waves) {
        int n = cloud.dimension();
        Checks.Worst worst = checks.worst("characteristic function of " + quantity, SIGMAS);
        double[] weights = truth.planWeights(x);
        double[] locations = truth.locations();
        double[] source = truth.sourceMean();
        double[] target = truth.targetMean();
        float[] rows = cloud.toRows();
        for (double[] u : waves) {
            double cosine = 0;
            double sine = 0;
            for (int k = 0; k < weights.length; k++) {
                double phase = 0;
                double decay = 0.5 * truth.epsilon() * t * (1 - t) * GaussianChecks.squaredNorm(u);
                for (int i = 0; i < n; i++) {
                    double mean = locations[k * n + i] + target[i];
                    for (int j = 0; j < n; j++) {
                        double s = scale(truth, k, i, j);
                        mean += s * (x[j] - source[j]);
                        decay += 0.5 * t * t * truth.epsilon() * u[i] * s * u[j];
                    }
                    phase += u[i] * ((1 - t) * x[i] + t * mean);
                }
                cosine += weights[k] * Math.exp(-decay) * Math.cos(phase);
                sine += weights[k] * Math.exp(-decay) * Math.sin(phase);
            }
            Estimate.Mean cosines = new Estimate.Mean();
            Estimate.Mean sines = new Estimate.Mean();
            for (int row = 0; row < cloud.size(); row++) {
                double phase = 0;
                for (int d = 0; d < n; d++) {
                    phase += u[d] * rows[row * n + d];
                }
                cosines.add(Math.cos(phase));
                sines.add(Math.sin(phase));
            }
            worst.statistical(cosine, cosines.estimate()).statistical(sine, sines.estimate());
        }
        worst.standardErrors();
    }

    private static double scale(LightBridge bridge, int k, int i, int j) {
        int n = bridge.dimension();
        if (bridge.covariance() == Covariance.FULL) {
            return bridge.scales()[(k * n + i) * n + j];
        }
        return i == j ? bridge.scales()[k * n + i] : 0;
    }

    /** Cov(X_s, X_t | x) = s t Cov(y | x) + epsilon s (1 - t) I for s at most t, along exact paths of five steps. */
    private static void brownianPaths(Checks checks, LightBridge truth, BridgeTransport transport, double[] x, long seed) {
        int n = truth.dimension();
        int steps = 5;
        int size = DRAWS / 2;
        double[] mean = truth.conditionalMean(x);
        double[] covariance = truth.conditionalCovariance(x);
        Estimate.Mean[] first = means((steps + 1) * n);
        Estimate.Mean[] second = means((steps + 1) * (steps + 1) * n);
        float[] rows = new float[size * n];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) x[i % n];
        }
        try (PointCloud start = PointCloud.ofRows(rows, size, n)) {
            transport.paths(start, steps, PathMethod.BROWNIAN_BRIDGE, seed, (point, path) -> {
                for (int j = 0; j <= steps; j++) {
                    for (int d = 0; d < n; d++) {
                        first[j * n + d].add(path[j * n + d]);
                        for (int i = 1; i <= j; i++) {
                            double a = path[i * n + d] - meanAt(x, mean, d, (double) i / steps);
                            double b = path[j * n + d] - meanAt(x, mean, d, (double) j / steps);
                            second[(i * (steps + 1) + j) * n + d].add(a * b);
                        }
                    }
                }
            });
        }
        Checks.Worst means = checks.worst("mean along exact paths", SIGMAS);
        Checks.Worst covariances = checks.worst("covariance between times of exact paths", SIGMAS);
        for (int d = 0; d < n; d++) {
            for (int j = 1; j <= steps; j++) {
                double t = (double) j / steps;
                means.statistical(meanAt(x, mean, d, t), first[j * n + d].estimate());
                for (int i = 1; i <= j; i++) {
                    double s = (double) i / steps;
                    covariances.statistical(s * t * covariance[d * n + d] + truth.epsilon() * s * (1 - t),
                        second[(i * (steps + 1) + j) * n + d].estimate());
                }
            }
        }
        means.standardErrors();
        covariances.standardErrors();
    }

    private static double meanAt(double[] x, double[] mean, int d, double t) {
        return (1 - t) * x[d] + t * mean[d];
    }

    /** A cloud of the source moved to time t by the closed form's bridge, against the closed form's marginal. */
    private static List<Check> gaussianMarginals(RandomProblem random, long seed, TileScheduler scheduler) {
        Checks checks = new Checks("Gaussian marginals by samples");
        int n = 3;
        GaussianChecks.Problem p = GaussianChecks.Problem.random(random, Covariance.FULL, n, 0.7);
        BridgeTransport transport = new BridgeTransport(p.solution().toBridge(Covariance.FULL), scheduler);
        try (PointCloud source = gaussian(p.sourceMean(), p.sourceCovariance(), DRAWS, random)) {
            for (double t : new double[] {0.25, 0.75, 1}) {
                try (PointCloud at = transport.sampleAt(source, t, 1, seed + 3)) {
                    moments(checks, "X_t, t=" + t, at, p.solution().marginalMean(t), p.solution().marginalCovariance(t));
                }
            }
        }
        return checks.rows();
    }

    /** Draws from N(mean, covariance). */
    static PointCloud gaussian(double[] mean, double[] covariance, int size, RandomProblem random) {
        int n = mean.length;
        double[] l = Matrices.rows(Matrices.cholesky(Matrices.of(covariance, n, n)));
        double[] rows = new double[size * n];
        for (int row = 0; row < size; row++) {
            double[] z = random.normals(n, 1);
            for (int i = 0; i < n; i++) {
                double value = mean[i];
                for (int j = 0; j <= i; j++) {
                    value += l[i * n + j] * z[j];
                }
                rows[row * n + i] = value;
            }
        }
        return RandomProblem.cloud(rows, n);
    }

    /** Float32 answers on whole clouds against the float64 answers at the same points; the drift up to t = 1 itself. */
    static List<Check> singlePrecision(String group, LightBridge truth, BridgeTransport transport, RandomProblem random) {
        Checks checks = new Checks(group);
        int n = truth.dimension();
        // 2^-24 times the size of the logits (some hundreds here), times the spread of the components
        double bound = 2e-3;
        int size = 64;
        double[] points = random.points(size, n, 1.5);
        try (PointCloud cloud = RandomProblem.cloud(points, n)) {
            Checks.Worst mean = checks.worst("conditional mean", bound);
            try (PointCloud got = transport.mean(cloud)) {
                for (int row = 0; row < size; row++) {
                    mean.equal(truth.conditionalMean(RandomProblem.row(points, row, n)), TwinChecks.point(got, row));
                }
            }
            mean.relative();
            for (double t : new double[] {0.5, 0.99, 0.9999, 1}) {
                Checks.Worst drift = checks.worst("drift at t=" + t, bound);
                try (PointCloud got = transport.drift(cloud, t)) {
                    for (int row = 0; row < size; row++) {
                        drift.equal(truth.drift(RandomProblem.row(points, row, n), t), TwinChecks.point(got, row));
                    }
                }
                drift.relative();
            }
        }
        return checks.rows();
    }

    /**
     * Euler-Maruyama on a bridge of one component: the scheme maps Gaussians to Gaussians, so its mean and variance at t = 1 follow from a
     * recursion on the engine's drift. The recursion's error falls as the step; the engine's paths agree with the recursion at every step
     * size.
     */
    static List<Check> eulerMaruyama(long seed, TileScheduler scheduler) {
        Checks checks = new Checks("Euler-Maruyama D=1");
        double end = 0.25;
        GaussianBridge truth = GaussianBridge.between(new double[] {0}, new double[] {1}, new double[] {3}, new double[] {end}, 0.5);
        LightBridge bridge = truth.toBridge(Covariance.DIAGONAL);
        BridgeTransport transport = new BridgeTransport(bridge, scheduler);
        double[] logSteps = new double[6];
        double[] logErrors = new double[6];
        for (int i = 0; i < 6; i++) {
            int steps = 16 << i;
            logSteps[i] = Math.log(1.0 / steps);
            logErrors[i] = Math.log(Math.abs(recursion(bridge, steps)[1] - end));
        }
        checks.equal("order in the step of the variance at t = 1", 1, slope(logSteps, logErrors), 0.05);
        double[] stepsTaken = new double[3];
        double[] sampleErrors = new double[3];
        double[] schemeErrors = new double[3];
        Checks.Worst means = checks.worst("mean at t = 1 of paths of 2, 4 and 8 steps, as the scheme gives it", SIGMAS);
        Checks.Worst variances = checks.worst("variance at t = 1 of paths of 2, 4 and 8 steps, as the scheme gives it", SIGMAS);
        try (PointCloud source = gaussian(new double[] {0}, new double[] {1}, DRAWS, new RandomProblem(seed, 33))) {
            for (int i = 0; i < 3; i++) {
                int steps = 2 << i;
                double[] expected = recursion(bridge, steps);
                Estimate.Mean mean = new Estimate.Mean();
                Estimate.Mean variance = new Estimate.Mean();
                transport.paths(source, steps, PathMethod.EULER_MARUYAMA, seed + i, (point, path) -> {
                    mean.add(path[steps]);
                    variance.add((path[steps] - expected[0]) * (path[steps] - expected[0]));
                });
                means.statistical(expected[0], mean.estimate());
                variances.statistical(expected[1], variance.estimate());
                stepsTaken[i] = Math.log(1.0 / steps);
                sampleErrors[i] = Math.log(Math.abs(variance.value() - end));
                schemeErrors[i] = Math.log(Math.abs(expected[1] - end));
            }
        }
        means.standardErrors();
        variances.standardErrors();
        checks.equal("order in the step of the variance at t = 1, from those paths", slope(stepsTaken, schemeErrors),
            slope(stepsTaken, sampleErrors), 0.25);
        return checks.rows();
    }

    /** Mean and variance at t = 1 of the scheme started in N(0, 1). */
    private static double[] recursion(LightBridge bridge, int steps) {
        double mean = 0;
        double variance = 1;
        for (int i = 0; i < steps; i++) {
            double t = (double) i / steps;
            double intercept = bridge.drift(new double[] {0}, t)[0];
            double slope = bridge.drift(new double[] {1}, t)[0] - intercept;
            mean += (intercept + slope * mean) / steps;
            variance = (1 + slope / steps) * (1 + slope / steps) * variance + bridge.epsilon() / steps;
        }
        return new double[] {mean, variance};
    }

    /** Least-squares slope. */
    static double slope(double[] x, double[] y) {
        double meanX = 0;
        double meanY = 0;
        for (int i = 0; i < x.length; i++) {
            meanX += x[i] / x.length;
            meanY += y[i] / x.length;
        }
        double products = 0;
        double squares = 0;
        for (int i = 0; i < x.length; i++) {
            products += (x[i] - meanX) * (y[i] - meanY);
            squares += (x[i] - meanX) * (x[i] - meanX);
        }
        return products / squares;
    }
}
