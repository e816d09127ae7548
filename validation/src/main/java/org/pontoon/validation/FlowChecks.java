package org.pontoon.validation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

import org.pontoon.engine.flow.Divergence;
import org.pontoon.engine.flow.Flow;
import org.pontoon.engine.flow.FlowOptions;
import org.pontoon.engine.flow.FlowResult;
import org.pontoon.engine.flow.Functional;
import org.pontoon.engine.flow.InteractionEnergy;
import org.pontoon.engine.flow.ParticleFlow;
import org.pontoon.engine.flow.Potential;
import org.pontoon.engine.flow.PotentialEnergy;
import org.pontoon.engine.flow.Scheme;
import org.pontoon.engine.flow.Snapshot;
import org.pontoon.engine.flow.diffusion.Langevin;
import org.pontoon.engine.flow.diffusion.OrnsteinUhlenbeck;
import org.pontoon.engine.flow.jko.Grid;
import org.pontoon.engine.flow.jko.SwJkoGaussian;
import org.pontoon.engine.flow.jko.SwJkoGrid;
import org.pontoon.engine.flow.jko.SwJkoOptions;
import org.pontoon.engine.flow.jko.SwJkoParticles;
import org.pontoon.engine.flow.sliced.SlicedFlow;
import org.pontoon.engine.flow.sliced.SlicedFlowOptions;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.KernelEntropy;
import org.pontoon.engine.transport.Precision;

/** Langevin dynamics, sliced-Wasserstein schemes and flows, and interaction energies against their exact laws. */
final class FlowChecks {

    private static final int PARTICLES = 40_000;
    private static final double[] UNIT = {1, 0, 0, 1};

    private FlowChecks() {
    }

    static List<Check> all(long seed, TileScheduler scheduler) {
        List<Check> rows = new ArrayList<>();
        rows.addAll(langevin(seed, scheduler));
        rows.addAll(slicedSchemes(scheduler));
        rows.addAll(slicedFlow(seed, scheduler));
        rows.addAll(divergences(scheduler));
        rows.addAll(interaction(seed, scheduler));
        return rows;
    }

    private static List<Check> langevin(long seed, TileScheduler scheduler) {
        Checks checks = new Checks("Langevin and Ornstein-Uhlenbeck D=3");
        RandomProblem random = new RandomProblem(seed, 20);
        double[] a = random.covariance(3, 0.3);
        double[] m = random.normals(3, 1);
        GaussianFlow start = new GaussianFlow(random.normals(3, 1), random.covariance(3, 0.3));
        OrnsteinUhlenbeck process = new OrnsteinUhlenbeck(a, m);
        Checks.Worst moments = checks.worst("moments of the process, t = 0.1 to 5", 1e-12);
        for (double t : new double[] {0.1, 0.7, 5}) {
            GaussianFlow exact = start.ornsteinUhlenbeck(a, m, t);
            moments.equal(exact.mean(), process.mean(start.mean(), t)).equal(exact.covariance(), process.covariance(start.covariance(), t));
        }
        moments.relative();
        checks.equal("stationary variance of unadjusted steps, a = 2, h = 0.1, 400 steps", 1 / 1.8, unadjustedVariance(), 1e-12);
        double h = 0.4 / Arrays.stream(Matrices.eigenvalues(Matrices.of(a, 3, 3))).max().orElseThrow();
        GaussianFlow law = start;
        for (int k = 0; k < 10; k++) {
            law = law.langevinStep(a, m, h);
        }
        sampled(checks, "unadjusted steps: exact discrete moments", random, start, law,
            cloud -> end(Langevin.unadjusted(cloud, Potential.quadratic(a, m), seed, scheduler), h, 10));
        sampled(checks, "samples of the process at t = 0.7", random, start, start.ornsteinUhlenbeck(a, m, 0.7),
            cloud -> end(process.flow(cloud, seed, scheduler), 0.7, 1));
        GaussianFlow goal = new GaussianFlow(m, Matrices.rows(Matrices.inverse(Matrices.of(a, 3, 3))));
        sampled(checks, "adjusted steps keep exp(-V)", random, goal, goal,
            cloud -> end(Langevin.adjusted(cloud, Potential.quadratic(a, m), seed, scheduler), h, 10));
        double[] warm = start.covariance();
        for (int d = 0; d < 3; d++) {
            warm[4 * d] += 3;
        }
        sampled(checks, "heat adds 2 t", random, start, new GaussianFlow(start.mean(), warm),
            cloud -> end(OrnsteinUhlenbeck.heat(3).flow(cloud, seed, scheduler), 1.5, 1));
        return checks.rows();
    }

    private static double unadjustedVariance() {
        GaussianFlow law = new GaussianFlow(new double[1], new double[] {3});
        for (int k = 0; k < 400; k++) {
            law = law.langevinStep(new double[] {2}, new double[1], 0.1);
        }
        return law.covariance()[0];
    }

    /** What is done to a cloud; the result is closed by whoever asks. */
    private interface Motion {
        PointCloud move(PointCloud cloud);
    }

    private static FlowResult run(Scheme scheme, double stepSize, int steps) {
        try (scheme) {
            return new Flow(FlowOptions.of(stepSize, steps)).run(scheme, Progress.NONE);
        }
    }

    private static PointCloud end(Scheme scheme, double stepSize, int steps) {
        return run(scheme, stepSize, steps).last().toUnweightedCloud();
    }

    /** Makes steps and looks at the scheme after each. */
    private static void follow(Scheme scheme, double stepSize, int steps, Runnable look) {
        new Flow(FlowOptions.of(stepSize, steps)).run(scheme, (done, total) -> {
            if (done > 0) {
                look.run();
            }
            return true;
        });
    }

    /** Moves a sample of a law, and compares mean and covariance with those of another. */
    private static void sampled(Checks checks, String name, RandomProblem random, GaussianFlow from, GaussianFlow to, Motion motion) {
        int n = from.mean().length;
        double[] root = Matrices.rows(Matrices.cholesky(Matrices.of(from.covariance(), n, n)));
        double[] rows = random.normals(PARTICLES * n, 1);
        double[] drawn = new double[rows.length];
        for (int i = 0; i < PARTICLES; i++) {
            for (int d = 0; d < n; d++) {
                drawn[i * n + d] = from.mean()[d];
                for (int e = 0; e <= d; e++) {
                    drawn[i * n + d] += root[d * n + e] * rows[i * n + e];
                }
            }
        }
        Checks.Worst worst = checks.worst(name, 5);
        try (PointCloud start = RandomProblem.cloud(drawn, n); PointCloud cloud = motion.move(start)) {
            for (int d = 0; d < n; d++) {
                Estimate.Mean mean = new Estimate.Mean();
                for (int i = 0; i < PARTICLES; i++) {
                    mean.add(cloud.get(i, d));
                }
                worst.statistical(to.mean()[d], mean.estimate());
                for (int e = 0; e <= d; e++) {
                    Estimate.Mean product = new Estimate.Mean();
                    for (int i = 0; i < PARTICLES; i++) {
                        product.add((cloud.get(i, d) - to.mean()[d]) * (cloud.get(i, e) - to.mean()[e]));
                    }
                    worst.statistical(to.covariance()[d * n + e], product.estimate());
                }
            }
        }
        worst.standardErrors();
    }

    private static List<Check> slicedSchemes(TileScheduler scheduler) {
        Checks checks = new Checks("sliced-Wasserstein JKO D=2");
        double[] origin = new double[2];
        SwJkoOptions options = new SwJkoOptions(64, 60, 1e-13, 1);
        GaussianFlow start = new GaussianFlow(new double[] {2, 2}, new double[] {4, 0, 0, 4});
        SwJkoGaussian isotropic = new SwJkoGaussian(start.mean(), start.covariance(), Potential.quadratic(UNIT, origin), options);
        Checks.Worst reference = checks.worst("affine flow, isotropic: the Wasserstein scheme with steps of D tau", 1e-12);
        GaussianFlow[] law = {start};
        follow(isotropic, 0.2, 40, () -> {
            law[0] = law[0].wassersteinStep(UNIT, origin, 0.2);
            reference.equal(law[0].mean(), isotropic.mean()).equal(law[0].covariance(), isotropic.covariance())
                .equal(law[0].freeEnergy(UNIT, origin), isotropic.functional());
        });
        reference.relative();
        double[] a = {2, 0.6, 0.6, 0.4};
        law[0] = new GaussianFlow(new double[] {1, -1}, new double[] {1, -0.3, -0.3, 2});
        SwJkoGaussian anisotropic = new SwJkoGaussian(law[0].mean(), law[0].covariance(), Potential.quadratic(a, origin), options);
        Checks.Worst fixedPoint = checks.worst("affine flow, anisotropic: fixed point of the first-order condition", 1e-9);
        follow(anisotropic, 0.2, 3, () -> {
            law[0] = law[0].slicedStep(a, origin, 0.1, 96);
            fixedPoint.equal(law[0].mean(), anisotropic.mean()).equal(law[0].covariance(), anisotropic.covariance());
        });
        fixedPoint.relative();
        Grid grid = Grid.cube(2, -4, 7, 80);
        double[] c = grid.centres();
        double[] weights = new double[grid.size()];
        Arrays.setAll(weights,
            i -> Math.exp(-((c[i] - 1.5) * (c[i] - 1.5) + (c[weights.length + i] - 1.5) * (c[weights.length + i] - 1.5)) / 3));
        SwJkoGrid cells = new SwJkoGrid(grid, weights, Potential.quadratic(UNIT, origin), new SwJkoOptions(48, 60, 1e-4, 1),
            scheduler);
        law[0] = new GaussianFlow(new double[] {1.5, 1.5}, new double[] {1.5, 0, 0, 1.5});
        Checks.Worst gap = checks.worst("weights on a grid of 80 x 80, 5 steps: mean, covariance, free energy", 1e-2);
        follow(cells, 0.2, 5, () -> {
            law[0] = law[0].wassersteinStep(UNIT, origin, 0.2);
            gap.equal(law[0].mean(), cells.mean()).equal(law[0].covariance(), cells.covariance())
                .equal(law[0].freeEnergy(UNIT, origin), cells.functional());
        });
        gap.relative();
        particles(checks, scheduler);
        Grid line = Grid.cube(1, -8, 8, 800);
        SwJkoGrid onLine = new SwJkoGrid(line, Arrays.stream(line.centres()).map(x -> Math.exp(-x * x / 4.5)).toArray(),
            Potential.quadratic(new double[] {1}, new double[1]), new SwJkoOptions(1, 200, 1e-7, 1), scheduler);
        law[0] = new GaussianFlow(new double[1], new double[] {2.25});
        Checks.Worst lineGap = checks.worst("weights on a line of 800 cells: the Wasserstein scheme", 1e-3);
        follow(onLine, 0.1, 5, () -> {
            law[0] = law[0].wassersteinStep(new double[] {1}, new double[1], 0.1);
            lineGap.equal(law[0].covariance(), onLine.covariance());
        });
        lineGap.relative();
        return checks.rows();
    }

    /** The authors' example by 1000 particles. */
    private static void particles(Checks checks, TileScheduler scheduler) {
        double[] rows = new RandomProblem(1, 23).normals(2 * 1000, 2);
        for (int i = 0; i < rows.length; i++) {
            rows[i] += 2;
        }
        KernelEntropy entropy = KernelEntropy.whitened(KernelEntropy.scottBandwidth(1, 1000, 2), Precision.FLOAT32);
        Functional functional = Functional.weightedSum(List.<Functional>of(new PotentialEnergy(Potential.quadratic(UNIT, new double[2])),
            x -> entropy.gradient(x, scheduler)), 1, 1);
        try (PointCloud start = RandomProblem.cloud(rows, 2);
                SwJkoParticles scheme = new SwJkoParticles(start, functional, new SwJkoOptions(60, 40, 1e-4, 1), scheduler)) {
            SwJkoGaussian exact = new SwJkoGaussian(new double[] {mean(start, 0), mean(start, 1)}, covariance(start),
                Potential.quadratic(UNIT, new double[2]), new SwJkoOptions(64, 60, 1e-13, 1));
            Checks.Worst gap = checks.worst("1000 particles, whitened kernel entropy, 40 steps: mean, covariance, free energy", 1e-2);
            List<Double> times = IntStream.rangeClosed(1, 40).mapToObj(k -> 0.2 * k).toList();
            FlowResult result = new Flow(FlowOptions.builder().stepSize(0.2).steps(40).snapshotTimes(times).build()).run(scheme,
                Progress.NONE);
            Iterator<Snapshot> states = result.snapshots().iterator();
            follow(exact, 0.2, 40, () -> {
                Snapshot state = states.next();
                try (PointCloud now = state.toUnweightedCloud()) {
                    gap.equal(exact.mean(), new double[] {mean(now, 0), mean(now, 1)}).equal(exact.covariance(), covariance(now))
                        .equal(exact.functional(), result.values()[state.step()]);
                }
            });
            gap.relative();
        }
    }

    private static double[] covariance(PointCloud cloud) {
        double[] covariance = new double[4];
        double[] mean = {mean(cloud, 0), mean(cloud, 1)};
        for (int n = 0; n < cloud.size(); n++) {
            for (int k = 0; k < 4; k++) {
                covariance[k] += (cloud.get(n, k / 2) - mean[k / 2]) * (cloud.get(n, k % 2) - mean[k % 2]) / cloud.size();
            }
        }
        return covariance;
    }

    private static List<Check> slicedFlow(long seed, TileScheduler scheduler) {
        Checks checks = new Checks("sliced-Wasserstein flow D=2");
        RandomProblem random = new RandomProblem(seed, 21);
        double[] from = random.normals(2 * 2000, 0.5);
        for (int i = 0; i < from.length; i++) {
            from[i] += 3;
        }
        try (PointCloud start = RandomProblem.cloud(from, 2); PointCloud target = RandomProblem.cloud(random.normals(2 * 3000, 1.5), 2)) {
            Checks.Worst mean = checks.worst("mean after 40 steps: (1 - h / D)^40 of its way left", 1e-5);
            double factor = Math.pow(1 - 0.1 / 2, 40);
            try (PointCloud end = end(new SlicedFlow(start, target, new SlicedFlowOptions(30, 0, 0, seed), scheduler), 0.1, 40)) {
                for (int d = 0; d < 2; d++) {
                    mean.equal(mean(target, d) + factor * (mean(start, d) - mean(target, d)), mean(end, d));
                }
                mean.relative();
                double s = 1.5 + (0.5 - 1.5) * Math.exp(-0.1 * 40 / 2);
                checks.equal("standard deviation at t = 4", s, deviation(end, 0), 5e-2);
            }
            SlicedFlow noisy = new SlicedFlow(target, target, new SlicedFlowOptions(30, 0.3, 0, seed), scheduler);
            try (PointCloud end = end(noisy, 0.1, 120)) {
                double own = deviation(target, 0);
                checks.equal("stationary deviation with entropy, lambda = 0.3", (own + Math.sqrt(own * own + 2.4)) / 2, deviation(end, 0),
                    5e-2);
            }
        }
        return checks.rows();
    }

    /** Points with weights stand for Gaussians on the line, so that there is no sampling error. */
    private static List<Check> divergences(TileScheduler scheduler) {
        Checks checks = new Checks("f-divergences by density ratios D=1");
        double square = 0.25;
        try (PointCloud start = line(1, 0.5); PointCloud target = line(0, 1)) {
            Functional divergence = new Divergence(Divergence.Kind.KULLBACK_LEIBLER, target, Math.sqrt(square), Precision.FLOAT64,
                scheduler);
            float[] end = run(new ParticleFlow(start, divergence), 0.02, 100).last().points();
            double mean = 1;
            double factor = 1;
            for (int k = 0; k < 100; k++) {
                mean -= 0.02 * mean / (1 + square);
                factor *= 1 + 0.02 * (1 / (0.5 * factor * factor + square) - 1 / (1 + square));
            }
            Checks.Worst law = checks.worst("Kullback-Leibler: particles of a Gaussian follow the smoothed OU process, t = 2", 1e-5);
            for (int n = 0; n < end.length; n++) {
                if (Math.abs(start.get(n, 0) - 1) < 2.5) {
                    law.equal(mean + factor * (start.get(n, 0) - 1), end[n]);
                }
            }
            law.relative();
        }
        return checks.rows();
    }

    private static PointCloud line(double mean, double variance) {
        int count = 500;
        PointCloud cloud = PointCloud.allocate(count, 1);
        float[] weights = new float[count];
        for (int n = 0; n < count; n++) {
            double z = 7 * ((2 * n + 1.0) / count - 1);
            cloud.set(n, 0, (float) (mean + Math.sqrt(variance) * z));
            weights[n] = (float) (14.0 / count * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI));
        }
        return cloud.withWeights(weights);
    }

    private static double mean(PointCloud cloud, int d) {
        double sum = 0;
        for (int n = 0; n < cloud.size(); n++) {
            sum += cloud.get(n, d) / (double) cloud.size();
        }
        return sum;
    }

    private static double deviation(PointCloud cloud, int d) {
        double mean = mean(cloud, d);
        double sum = 0;
        for (int n = 0; n < cloud.size(); n++) {
            sum += (cloud.get(n, d) - mean) * (cloud.get(n, d) - mean) / cloud.size();
        }
        return Math.sqrt(sum);
    }

    private static List<Check> interaction(long seed, TileScheduler scheduler) {
        Checks checks = new Checks("interaction energies D=2");
        RandomProblem random = new RandomProblem(seed, 22);
        try (PointCloud start = RandomProblem.cloud(random.normals(2 * 1000, 0.25), 2)) {
            InteractionEnergy quartic = InteractionEnergy.of(InteractionEnergy.Kernel.QUARTIC, scheduler);
            checks.worst("quartic: forces by moments and by pairs", 1e-13)
                .equal(InteractionEnergy.quarticOverPairs(scheduler).at(start).points(), quartic.at(start).points()).relative();
            FlowResult result = run(new ParticleFlow(start, quartic), 0.1, 400);
            checks.equal("quartic: energy at t = 40", -1.0 / 12, result.values()[400], 1e-6);
            try (PointCloud end = result.last().toUnweightedCloud()) {
                Checks.Worst radius = checks.worst("quartic: radius of every particle", 1e-4);
                for (int n = 0; n < end.size(); n++) {
                    radius.equal(1 / Math.sqrt(3), Math.hypot(end.get(n, 0) - mean(end, 0), end.get(n, 1) - mean(end, 1)));
                }
                radius.relative();
            }
        }
        int size = 200;
        InteractionEnergy logarithmic = InteractionEnergy.of(InteractionEnergy.Kernel.LOGARITHMIC, scheduler);
        double[] x = random.points(2 * size, 1, 0.25);
        double h = 0.0025;
        double end = (size - 1) / (2.0 * size);
        double expected = end + (secondMoment(x) - end) * Math.exp(-2);
        for (int k = 0; k < 400; k++) {
            double[] slope = slope(logarithmic, x);
            double[] ahead = added(x, slope, -h * size);
            x = added(added(x, slope, -h / 2 * size), slope(logarithmic, ahead), -h / 2 * size);
        }
        checks.equal("logarithmic: second moment at t = 1, by Heun's steps", expected, secondMoment(x), 1e-4);
        return checks.rows();
    }

    private static double[] slope(InteractionEnergy energy, double[] rows) {
        try (PointCloud cloud = RandomProblem.cloud(rows, 2)) {
            return energy.at(cloud).points();
        }
    }

    private static double[] added(double[] x, double[] direction, double factor) {
        double[] sum = new double[x.length];
        Arrays.setAll(sum, i -> x[i] + factor * direction[i]);
        return sum;
    }

    private static double secondMoment(double[] rows) {
        double[] mean = new double[2];
        double sum = 0;
        for (int i = 0; i < rows.length; i++) {
            mean[i % 2] += rows[i] / (rows.length / 2.0);
        }
        for (int i = 0; i < rows.length; i++) {
            sum += (rows[i] - mean[i % 2]) * (rows[i] - mean[i % 2]) / (rows.length / 2.0);
        }
        return sum;
    }
}
