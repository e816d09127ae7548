package org.pontoon.validation;

import java.util.Arrays;
import java.util.List;

import org.pontoon.engine.feature.HermiteFeatures;
import org.pontoon.engine.feature.PolynomialFeatures;
import org.pontoon.engine.feature.RandomFeatures;
import org.pontoon.engine.flow.Flow;
import org.pontoon.engine.flow.FlowOptions;
import org.pontoon.engine.flow.FlowResult;
import org.pontoon.engine.flow.Functional;
import org.pontoon.engine.flow.ParticleFlow;
import org.pontoon.engine.flow.Potential;
import org.pontoon.engine.flow.Scheme;
import org.pontoon.engine.flow.descent.FisherRao;
import org.pontoon.engine.flow.descent.SobolevDescent;
import org.pontoon.engine.flow.descent.SobolevOptions;
import org.pontoon.engine.flow.descent.SobolevOptions.Integrator;
import org.pontoon.engine.flow.descent.SobolevOptions.Method;
import org.pontoon.engine.flow.descent.SteinDiscrepancy;
import org.pontoon.engine.flow.descent.SteinVariationalDescent;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.KernelNorm;
import org.pontoon.engine.transport.PairKernel;
import org.pontoon.engine.transport.Precision;

/** Flows in feature space, Fisher-Rao flows and Stein discrepancies against their exact laws. */
final class FeatureFlowChecks {

    private static final int POINTS = 400;

    private FeatureFlowChecks() {
    }

    static List<Check> all(long seed, TileScheduler scheduler) {
        Checks checks = new Checks("Flows in feature space");
        RandomProblem random = new RandomProblem(seed, 40);
        try (PointCloud start = RandomProblem.cloud(random.points(POINTS, 2, 0.5), 2);
                PointCloud target = RandomProblem.cloud(random.points(POINTS, 2, 0.8), 2)) {
            laws(checks, start, target, seed, scheduler);
        }
        hermite(checks, scheduler);
        fisherRao(checks);
        linearFeatures(checks, scheduler);
        stein(checks, scheduler);
        steinCovariance(checks, random, scheduler);
        energyQuantiles(checks, scheduler);
        return checks.rows();
    }

    private static FlowResult run(Scheme scheme, double stepSize, int steps) {
        try (scheme) {
            return new Flow(FlowOptions.of(stepSize, steps)).run(scheme, Progress.NONE);
        }
    }

    /** The linear feature between normals of variance 1: the distance falls at the rate {@code (1 + alpha) / (1 + alpha + lambda)}. */
    private static void linearFeatures(Checks checks, TileScheduler scheduler) {
        try (PointCloud normal = normalOnGrid()) {
            for (double alpha : new double[] {0, 0.6, 2}) {
                SobolevOptions.Builder options = SobolevOptions.builder().integrator(Integrator.HEUN).ridge(0.5);
                FlowResult r = run(new SobolevDescent(normal, new double[] {0.8}, new PolynomialFeatures(1, 1),
                    (alpha == 0 ? options.method(Method.SOBOLEV)
                        : options.alpha(alpha)).build(),
                    scheduler), 0.02, 50);
                checks.equal("rate of the linear feature, alpha " + alpha, (1 + alpha) / (1.5 + alpha),
                    -Math.log(r.values()[50] / r.values()[0]), 1e-3);
            }
        }
    }

    /** Kernel x.y + 1, target N(0, I), mirrored particles: {@code (I + (S^-1 - I) e^-2t)^-1}, Euler's steps extrapolated. */
    private static void steinCovariance(Checks checks, RandomProblem random, TileScheduler scheduler) {
        int size = 60;
        double[] half = random.points(size / 2, 2, 0.7);
        float[] rows = new float[2 * size];
        for (int i = 0; i < size / 2; i++) {
            rows[2 * i] = (float) half[2 * i];
            rows[2 * i + 1] = (float) (half[2 * i] + 2 * half[2 * i + 1]);
            rows[2 * size - 2 - 2 * i] = -rows[2 * i];
            rows[2 * size - 1 - 2 * i] = -rows[2 * i + 1];
        }
        double[] start = covariance(rows);
        double determinant = start[0] * start[2] - start[1] * start[1];
        double share = Math.exp(-1.4);
        double a = 1 + (start[2] / determinant - 1) * share;
        double b = -start[1] / determinant * share;
        double c = 1 + (start[0] / determinant - 1) * share;
        double[] law = {c / (a * c - b * b), -b / (a * c - b * b), a / (a * c - b * b)};
        Potential normal = Potential.quadratic(new double[] {1, 0, 0, 1}, new double[2]);
        double[][] ends = new double[2][];
        for (int k = 0; k < 2; k++) {
            try (PointCloud particles = PointCloud.ofRows(rows, size, 2)) {
                ends[k] = covariance(run(SteinVariationalDescent.bilinear(particles, normal, scheduler), 0.7 / (1000 << k), 1000 << k)
                    .last().points());
            }
        }
        double worst = 0;
        for (int k = 0; k < 3; k++) {
            worst = Math.max(worst, Math.abs(2 * ends[1][k] - ends[0][k] - law[k]));
        }
        checks.equal("SVGD with the kernel x.y + 1: distance of the covariance from its law", 0, worst, 1e-5);
    }

    private static double[] covariance(float[] rows) {
        double[] sums = new double[3];
        for (int i = 0; i < rows.length; i += 2) {
            sums[0] += 2.0 * rows[i] * rows[i] / rows.length;
            sums[1] += 2.0 * rows[i] * rows[i + 1] / rows.length;
            sums[2] += 2.0 * rows[i + 1] * rows[i + 1] / rows.length;
        }
        return sums;
    }

    /** MMD flow of the kernel -|x - y| towards an atom: quantiles s fall at speed 2 (1 - s). */
    private static void energyQuantiles(Checks checks, TileScheduler scheduler) {
        int size = 20;
        float[] x = new float[size];
        for (int i = 0; i < size; i++) {
            x[i] = 1 + 0.1f * i;
        }
        try (PointCloud start = PointCloud.ofRows(x, size, 1); PointCloud atom = PointCloud.ofRows(new float[1], 1, 1)) {
            float[] last = run(new ParticleFlow(start, Functional.towards(new KernelNorm(PairKernel.energy(), Precision.FLOAT64), atom,
                scheduler)), 0.01, 40).last().points();
            double worst = 0;
            for (int i = 0; i < size; i++) {
                worst = Math.max(worst, Math.abs(last[i] - (x[i] - 0.8 * (1 - (i + 0.5) / size))));
            }
            checks.equal("MMD flow of the energy kernel on the line: distance of the quantiles from their law", 0, worst, 1e-4);
        }
    }

    /** {@code d|delta|^2/dt = -2 (|delta|^2 - lambda <delta, w>)}, by Simpson's rule over two steps. */
    private static void laws(Checks checks, PointCloud start, PointCloud target, long seed, TileScheduler scheduler) {
        RandomFeatures map = RandomFeatures.draw(RandomFeatures.Spectrum.GAUSSIAN, 2, 60, seed, 0.7);
        double ridge = 0.01;
        for (Method method : List.of(Method.SOBOLEV, Method.UNBALANCED, Method.FISHER)) {
            FlowResult r = run(new SobolevDescent(start, target, map, SobolevOptions.builder().method(method).integrator(Integrator.HEUN)
                .ridge(ridge).build(), scheduler), 0.01, 3);
            double[] d = r.values();
            double[] slopes = new double[3];
            Arrays.setAll(slopes, k -> -2 * (d[k] * d[k] - ridge * r.quantity("discrepancy")[k + 1]));
            checks.equal(method + ": ratio of the descent of MMD^2 to its law", 1,
                (d[2] * d[2] - d[0] * d[0]) / 0.02 / ((slopes[0] + 4 * slopes[1] + slopes[2]) / 6), 1e-4);
        }
        RandomFeatures few = RandomFeatures.draw(RandomFeatures.Spectrum.GAUSSIAN, 2, 16, seed, 0.7);
        FlowResult r = run(
            new SobolevDescent(start, target, few, SobolevOptions.builder().integrator(Integrator.HEUN).ridge(1e-9).build(), scheduler),
            0.02, 50);
        checks.equal("MMD(1) / MMD(0) without ridge, e^-1", Math.exp(-1), r.values()[50] / r.values()[0], 1e-3);
        checks.equal("mass that is conserved", r.quantity("mass")[0], r.quantity("mass")[50], 1e-6);
    }

    /** N(0, 1) and N(.8, 1): {@code sum .8^(2n) / (n! (n + alpha))}. */
    private static void hermite(Checks checks, TileScheduler scheduler) {
        int degree = 12;
        double[] mean = new double[degree];
        double value = 1;
        for (int n = 1; n <= degree; n++) {
            value *= 0.8 / Math.sqrt(n);
            mean[n - 1] = value;
        }
        try (PointCloud normal = normalOnGrid()) {
            for (double alpha : new double[] {0, 0.6, 1}) {
                double series = 0;
                double term = 1;
                for (int n = 1; n < 40; n++) {
                    term *= 0.64 / n;
                    series += term / (n + alpha);
                }
                SobolevOptions.Builder options = SobolevOptions.builder().ridge(1e-9);
                FlowResult r = run(
                    new SobolevDescent(normal, mean, new HermiteFeatures(1, degree), (alpha == 0 ? options.method(Method.SOBOLEV)
                        : options.alpha(alpha)).build(), scheduler),
                    1e-3, 1);
                checks.equal("Sobolev-Fisher discrepancy of two normals, alpha " + alpha, series, r.quantity("discrepancy")[1], 1e-5);
            }
        }
    }

    private static PointCloud normalOnGrid() {
        int size = 1601;
        float[] x = new float[size];
        float[] weights = new float[size];
        for (int i = 0; i < size; i++) {
            x[i] = -8 + 0.01f * i;
            weights[i] = (float) (0.01 * Math.exp(-0.5 * x[i] * x[i]) / Math.sqrt(2 * Math.PI));
        }
        return PointCloud.ofRows(x, size, 1).withWeights(weights);
    }

    /** From N(-1, 1) to N(2, 1/4): precisions, and precisions times means, are interpolated. */
    private static void fisherRao(Checks checks) {
        int size = 2001;
        double[] weights = new double[size];
        double[] volumes = new double[size];
        double[] potentials = new double[size];
        Arrays.fill(volumes, 0.01);
        for (int i = 0; i < size; i++) {
            double x = -10 + 0.01 * i;
            weights[i] = 0.01 * Math.exp(-(x + 1) * (x + 1) / 2) / Math.sqrt(2 * Math.PI);
            potentials[i] = 2 * (x - 2) * (x - 2);
        }
        double share = Math.exp(-0.7);
        double[] moved = FisherRao.weights(weights, volumes, potentials, 0.7);
        double mean = 0;
        double square = 0;
        for (int i = 0; i < size; i++) {
            double x = -10 + 0.01 * i;
            mean += moved[i] * x;
            square += moved[i] * x * x;
        }
        double precision = share + 4 * (1 - share);
        checks.equal("Fisher-Rao between Gaussians: precision", precision, 1 / (square - mean * mean), 1e-3);
        checks.equal("Fisher-Rao between Gaussians: mean", (8 * (1 - share) - share) / precision, mean, 1e-3);
    }

    /** One particle under N(0, I): {@code (|x|^2 + D / s^2) / 2}. */
    private static void stein(Checks checks, TileScheduler scheduler) {
        Potential normal = Potential.quadratic(new double[] {1, 0, 0, 1}, new double[2]);
        try (PointCloud one = PointCloud.ofRows(new float[] {0.5f, -1}, 1, 2)) {
            checks.equal("kernel Stein discrepancy of one particle", (1.25 + 2 / 0.49) / 2,
                new SteinDiscrepancy(normal, PairKernel.gaussian(0.7), scheduler).at(one).value(), 1e-9);
        }
    }
}
