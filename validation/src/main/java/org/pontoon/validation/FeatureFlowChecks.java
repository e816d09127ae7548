package org.pontoon.validation;

import java.util.Arrays;
import java.util.List;

import org.pontoon.engine.flow.FisherRao;
import org.pontoon.engine.flow.Potential;
import org.pontoon.engine.flow.SobolevDescent;
import org.pontoon.engine.flow.SobolevOptions;
import org.pontoon.engine.flow.SobolevOptions.Method;
import org.pontoon.engine.flow.SobolevOptions.Scheme;
import org.pontoon.engine.flow.SobolevResult;
import org.pontoon.engine.flow.SteinDiscrepancy;
import org.pontoon.engine.kernel.HermiteFeatures;
import org.pontoon.engine.kernel.RandomFeatures;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.PairKernel;

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
        stein(checks, scheduler);
        return checks.rows();
    }

    /** {@code d|delta|^2/dt = -2 (|delta|^2 - lambda <delta, w>)}, by Simpson's rule over two steps. */
    private static void laws(Checks checks, PointCloud start, PointCloud target, long seed, TileScheduler scheduler) {
        RandomFeatures map = RandomFeatures.draw(RandomFeatures.Spectrum.GAUSSIAN, 2, 60, seed, 0.7);
        double ridge = 0.01;
        for (Method method : List.of(Method.SOBOLEV, Method.UNBALANCED, Method.FISHER)) {
            SobolevResult r = new SobolevDescent(map, SobolevOptions.builder().method(method).scheme(Scheme.HEUN).step(0.01).steps(3)
                .ridge(ridge).build()).run(start, target, scheduler, Progress.NONE);
            double[] d = r.distances();
            double[] slopes = new double[3];
            Arrays.setAll(slopes, k -> -2 * (d[k] * d[k] - ridge * r.discrepancies()[k]));
            checks.equal(method + ": ratio of the descent of MMD^2 to its law", 1,
                (d[2] * d[2] - d[0] * d[0]) / 0.02 / ((slopes[0] + 4 * slopes[1] + slopes[2]) / 6), 1e-4);
        }
        RandomFeatures few = RandomFeatures.draw(RandomFeatures.Spectrum.GAUSSIAN, 2, 16, seed, 0.7);
        SobolevResult r = new SobolevDescent(few, SobolevOptions.builder().scheme(Scheme.HEUN).step(0.02).steps(50).ridge(1e-9).build())
            .run(
                start, target, scheduler, Progress.NONE);
        checks.equal("MMD(1) / MMD(0) without ridge, e^-1", Math.exp(-1), r.distances()[50] / r.distances()[0], 1e-3);
        checks.equal("mass that is conserved", r.masses()[0], r.masses()[50], 1e-6);
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
                SobolevOptions.Builder options = SobolevOptions.builder().ridge(1e-9).steps(1).step(1e-3);
                SobolevResult r = new SobolevDescent(new HermiteFeatures(1, degree), (alpha == 0 ? options.method(Method.SOBOLEV)
                    : options.alpha(alpha)).build()).run(normal, mean, scheduler, Progress.NONE);
                checks.equal("Sobolev-Fisher discrepancy of two normals, alpha " + alpha, series, r.discrepancies()[0], 1e-5);
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
