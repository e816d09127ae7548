package org.pontoon.cli.reproduce;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import org.pontoon.cli.report.Picture;
import org.pontoon.cli.report.Plot;
import org.pontoon.cli.report.ProgressBar;
import org.pontoon.cli.report.Table;
import org.pontoon.engine.flow.Flow;
import org.pontoon.engine.flow.FlowOptions;
import org.pontoon.engine.flow.FlowResult;
import org.pontoon.engine.flow.Functional;
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
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.random.CounterRandom;
import org.pontoon.engine.transport.EnergyDistance;
import org.pontoon.engine.transport.KernelEntropy;
import org.pontoon.engine.transport.Precision;
import org.pontoon.validation.GaussianFlow;

/** The Fokker-Planck equation by sliced-Wasserstein JKO schemes and Langevin steps (Bonet et al. 2022; Mokrov et al. 2021). */
final class FokkerPlanck implements Experiment {

    private static final long STREAM = 2800;
    private static final double[] UNIT = {1, 0, 0, 1};
    private static final double[] ORIGIN = {0, 0};
    private static final int STEPS = 40;
    private static final double TAU = 0.1;
    private static final int[] TIMES = {5, 10, 20, 40};
    private static final double LANGEVIN_STEP = 1e-3;
    private static final double OU_TIME = 0.9;
    private static final int[] DIMENSIONS = {2, 4, 6, 8, 10, 12};
    private static final int PARTICLES = 1000;
    /** Medians over problems of log10 SymKL at t = 0.9, from the result files beside the paper's code. */
    private static final double[] PUBLISHED_EM_1K = {-1.22, -.39, .08, .38, .58, .72};
    private static final double[] PUBLISHED_EM_50K = {-2.20, -.99, -.30, .12, .39, .58};
    private static final double[] PUBLISHED_ICNN = {-2.39, -2.08, -2.11, -1.99, -1.87, -1.72};

    /** Mean and covariance with the free energy at one time. */
    private record State(int step, GaussianFlow law, double energy) {
    }

    @Override
    public String name() {
        return "fokker-planck";
    }

    @Override
    public String description() {
        return "Fokker-Planck equation: SW-JKO by particles, grid and affine maps, Langevin, exact references; dimensions 2 to 12";
    }

    @Override
    public Results run(Setting setting) {
        Picture picture = new Picture("Fokker-Planck equations", 330, 300);
        Picture curves = new Picture("Langevin and SW-JKO at t = 0.9, random matrices", 860, 340);
        Results results = new Results();
        try (ProgressBar progress = setting.console().progress("schemes")) {
            progress.advance(0, 4);
            results.table("fokker-planck-isotropic", isotropic(setting, picture));
            progress.advance(1, 4);
            results.table("fokker-planck-dimensions", dimensions(setting, curves));
            progress.advance(3, 4);
            results.table("fokker-planck-mixture", mixture(setting, picture));
            progress.advance(4, 4);
        }
        return results.picture(name(), picture).picture(name() + "-dimensions", curves);
    }

    /** The notebook's example: N((2, 2), 4 I) to N(0, I). */
    private static Table isotropic(Setting setting, Picture picture) {
        Table table = new Table("SW-JKO from N((2, 2), 4 I) to N(0, I), tau = 0.1").column("scheme").column("t", "%.1f")
            .column("mean", "%.6f").column("variance", "%.6f").column("free energy", "%.6f").column("SymKL to the exact scheme", "%.2e")
            .column("seconds to t = 4", "%.2f");
        GaussianFlow exact = new GaussianFlow(new double[] {2, 2}, new double[] {4, 0, 0, 4});
        GaussianFlow[] laws = new GaussianFlow[STEPS + 1];
        laws[0] = exact;
        for (int k = 1; k <= STEPS; k++) {
            laws[k] = laws[k - 1].wassersteinStep(UNIT, ORIGIN, 2 * TAU);
        }
        Plot energies = new Plot("free energy").axes("t", "distance from its minimum").logarithmic(false, true);
        Plot divergences = new Plot("distance from N(0, I)").axes("t", "SymKL of the fitted Gaussian").logarithmic(false, true);
        State[] reference = new State[STEPS + 1];
        for (int k = 0; k <= STEPS; k++) {
            reference[k] = new State(k, laws[k], laws[k].freeEnergy(UNIT, ORIGIN));
        }
        int steps = setting.count(STEPS, 10);
        rows(table, "exact", reference, laws, null);
        for (String scheme : List.of("affine maps", "particles", "grid", "forward Euler")) {
            long began = System.nanoTime();
            State[] states = switch (scheme) {
                case "affine maps" -> affine(steps);
                case "particles" -> particles(setting, steps, false);
                case "grid" -> grid(setting, steps);
                default -> particles(setting, steps, true);
            };
            double seconds = (System.nanoTime() - began) * 1e-9;
            rows(table, scheme, states, laws, seconds);
            if (!scheme.startsWith("affine")) {
                Plot.Ink ink = scheme.startsWith("grid") ? Plot.Ink.GREEN : scheme.startsWith("forward") ? Plot.Ink.ORANGE : Plot.Ink.BLUE;
                curve(energies, scheme, states, ink, true);
                curve(divergences, scheme, states, ink, false);
            }
        }
        curve(energies, "exact SW-JKO", reference, Plot.Ink.BLACK, true);
        curve(divergences, "exact SW-JKO", reference, Plot.Ink.BLACK, false);
        picture.add(energies).add(divergences);
        table.note(
            "Exact: the scheme on Gaussians, which is the Wasserstein scheme with steps of D tau. 1000 particles, standardised at the "
                + "start: kernel density of the cloud's own shape, whose covariance is right for any bandwidth (0.32 of the cloud's "
                + "deviations here); 60 directions, residual 1e-4. Forward Euler: the same functional, D times as fast. The grid "
                + "covers [-4, 8]^2 as published, and cuts the start's tails.");
        table.note(
            "Published: free energy about -1.1 at t = 0.5, read off a figure; minutes on a GPU for generators, hours on a CPU for the "
                + "grid, by an estimate from its operations.");
        return table;
    }

    private static State[] affine(int steps) {
        SwJkoGaussian scheme = new SwJkoGaussian(new double[] {2, 2}, new double[] {4, 0, 0, 4}, Potential.quadratic(UNIT, ORIGIN),
            new SwJkoOptions(64, 50, 1e-13,
                1));
        State[] states = new State[steps + 1];
        new Flow(FlowOptions.of(2 * TAU, steps)).run(scheme, (done, total) -> {
            states[(int) done] = new State((int) done, new GaussianFlow(scheme.mean(), scheme.covariance()), scheme.functional());
            return true;
        });
        return states;
    }

    private static State[] grid(Setting setting, int steps) {
        Grid grid = Grid.cube(2, -4, 8, 100);
        double[] c = grid.centres();
        double[] weights = new double[grid.size()];
        Arrays.setAll(weights, i -> Math.exp(-(square(c[i] - 2) + square(c[weights.length + i] - 2)) / 8));
        SwJkoGrid scheme = new SwJkoGrid(grid, weights, Potential.quadratic(UNIT, ORIGIN), new SwJkoOptions(64, 60, 1e-4,
            setting.seed()), setting.scheduler());
        State[] states = new State[steps + 1];
        new Flow(FlowOptions.of(2 * TAU, steps)).run(scheme, (done, total) -> {
            setting.console().checkInterrupted();
            states[(int) done] = new State((int) done, new GaussianFlow(scheme.mean(), scheme.covariance()), scheme.functional());
            return true;
        });
        return states;
    }

    private static double square(double x) {
        return x * x;
    }

    /** Potential and entropy of 1000 particles whose law is near a Gaussian. */
    private static Functional freeEnergy(Potential potential, Setting setting) {
        double bandwidth = KernelEntropy.scottBandwidth(1, PARTICLES, potential.dimension());
        return freeEnergy(potential, KernelEntropy.whitened(bandwidth, Precision.FLOAT32), setting);
    }

    private static Functional freeEnergy(Potential potential, KernelEntropy entropy, Setting setting) {
        return Functional.weightedSum(List.<Functional>of(new PotentialEnergy(potential), x -> entropy.gradient(x, setting.scheduler())), 1,
            1);
    }

    /** The scheme, or forward Euler steps of the same functional at D times the speed. */
    private static State[] particles(Setting setting, int steps, boolean euler) {
        Functional functional = freeEnergy(Potential.quadratic(UNIT, ORIGIN), setting);
        State[] states = new State[steps + 1];
        int perStep = euler ? 8 : 1;
        List<Double> times = IntStream.rangeClosed(0, steps).mapToObj(k -> 2 * TAU * k).toList();
        try (PointCloud start = standardNormals(2, 2, 2, CounterRandom.key(setting.seed(), STREAM))) {
            Scheme scheme = euler ? new ParticleFlow(start, functional)
                : new SwJkoParticles(start, functional, new SwJkoOptions(60, 40, 1e-4, setting.seed()), setting.scheduler());
            FlowResult result = setting.run(new FlowOptions(2 * TAU / perStep, perStep * steps, false, times), scheme);
            for (int k = 0; k <= steps; k++) {
                Snapshot state = result.snapshots().get(k);
                states[k] = new State(k, fit(state), result.values()[state.step()]);
            }
        }
        return states;
    }

    /** Normals with exactly this mean and {@code deviation^2 I}, so that no sampling error stands beside the scheme's. */
    private static PointCloud standardNormals(int dimension, double mean, double deviation, long seed) {
        PointCloud cloud = normals(PARTICLES, dimension, 0, 1, seed);
        double[][] columns = new double[dimension][];
        for (int d = 0; d < dimension; d++) {
            double[] own = column(cloud, d);
            double middle = Arrays.stream(own).average().orElseThrow();
            Arrays.setAll(own, n -> own[n] - middle);
            for (int e = 0; e < d; e++) {
                double[] other = columns[e];
                double along = dot(own, other) / PARTICLES;
                Arrays.setAll(own, n -> own[n] - along * other[n]);
            }
            double length = Math.sqrt(dot(own, own) / PARTICLES);
            Arrays.setAll(own, n -> own[n] / length);
            columns[d] = own;
            for (int n = 0; n < PARTICLES; n++) {
                cloud.set(n, d, (float) (mean + deviation * own[n]));
            }
        }
        return cloud;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int n = 0; n < a.length; n++) {
            sum += a[n] * b[n];
        }
        return sum;
    }

    private static void rows(Table table, String scheme, State[] states, GaussianFlow[] laws, Double seconds) {
        for (int time : TIMES) {
            if (time < states.length) {
                State state = states[time];
                double[] mean = state.law.mean();
                double[] covariance = state.law.covariance();
                table.row(scheme, time * TAU, Arrays.stream(mean).average().orElseThrow(), 0.5 * (covariance[0] + covariance[3]),
                    state.energy, seconds == null ? null : Math.max(0, state.law.symmetricDivergence(laws[time])),
                    time == states.length - 1 ? seconds : null);
            }
        }
    }

    private static void curve(Plot plot, String label, State[] states, Plot.Ink ink, boolean energy) {
        GaussianFlow goal = new GaussianFlow(ORIGIN, UNIT);
        double least = goal.freeEnergy(UNIT, ORIGIN);
        double[] x = new double[states.length];
        double[] y = new double[states.length];
        for (int k = 0; k < states.length; k++) {
            x[k] = k * TAU;
            y[k] = Math.max(1e-8, energy ? Math.abs(states[k].energy - least) : states[k].law.symmetricDivergence(goal));
        }
        if (label.startsWith("exact")) {
            plot.reference(label, x, y, ink);
        } else {
            plot.curve(label, x, y, ink);
        }
    }

    /** Langevin steps and schemes to the time of Mokrov's experiment, with random matrices. */
    private static Table dimensions(Setting setting, Picture picture) {
        Table table = new Table("log10 SymKL to the exact Ornstein-Uhlenbeck law at t = 0.9, from N(0, I)").column("D")
            .column("Langevin 1k", "%.2f").column("Langevin 50k", "%.2f").column("exact samples 50k", "%.2f")
            .column("W2-JKO, exact", "%.2f").column("SW-JKO, affine", "%.2f").column("SW-JKO, particles 1k", "%.2f")
            .column("particles to affine", "%.2f")
            .column("seconds: Langevin 50k", "%.2f").column("affine", "%.2f").column("particles", "%.2f")
            .column("published: EM 1k").column("EM 50k").column("ICNN-JKO");
        int count = setting.count(DIMENSIONS.length, 2);
        double[][] curves = new double[6][count];
        double[] axis = new double[count];
        for (int i = 0; i < count; i++) {
            setting.console().checkInterrupted();
            int n = DIMENSIONS[i];
            long seed = CounterRandom.key(setting.seed(), STREAM + 1 + i);
            double[] matrix = randomMatrix(n, seed);
            double[] centre = new double[n];
            Arrays.setAll(centre, d -> CounterRandom.normal(seed, 1L << 40 | d));
            GaussianFlow start = new GaussianFlow(new double[n], identity(n));
            GaussianFlow exact = start.ornsteinUhlenbeck(matrix, centre, OU_TIME);
            Potential potential = Potential.quadratic(matrix, centre);
            double small = langevin(setting, potential, 1000, seed, exact);
            long began = System.nanoTime();
            double large = langevin(setting, potential, setting.count(50_000, 10_000), seed, exact);
            double langevinSeconds = (System.nanoTime() - began) * 1e-9;
            double sampled;
            try (PointCloud cloud = normals(setting.count(50_000, 10_000), n, 0, 1, seed)) {
                sampled = distance(
                    fit(setting.run(FlowOptions.of(OU_TIME, 1), new OrnsteinUhlenbeck(matrix, centre).flow(cloud, seed, setting
                        .scheduler())).last()),
                    exact);
            }
            GaussianFlow wasserstein = start;
            int steps = 9;
            for (int k = 0; k < steps; k++) {
                wasserstein = wasserstein.wassersteinStep(matrix, centre, OU_TIME / steps);
            }
            // D tau is the Wasserstein scheme's step
            SwJkoOptions options = new SwJkoOptions(Math.max(96, 20 * n), 60, 1e-10, setting.seed());
            began = System.nanoTime();
            SwJkoGaussian affine = new SwJkoGaussian(start.mean(), start.covariance(), Potential.quadratic(matrix, centre), options);
            setting.run(FlowOptions.of(OU_TIME / steps, steps), affine);
            double affineSeconds = (System.nanoTime() - began) * 1e-9;
            GaussianFlow affineLaw = new GaussianFlow(affine.mean(), affine.covariance());
            double affineGap = distance(affineLaw, exact);
            began = System.nanoTime();
            GaussianFlow particleLaw = scheme(setting, matrix, centre, n, seed, steps);
            double particleGap = distance(particleLaw, exact);
            double particleSeconds = (System.nanoTime() - began) * 1e-9;
            table.row(n, small, large, sampled, distance(wasserstein, exact), affineGap, particleGap, distance(particleLaw, affineLaw),
                langevinSeconds, affineSeconds, particleSeconds, PUBLISHED_EM_1K[i], PUBLISHED_EM_50K[i], PUBLISHED_ICNN[i]);
            axis[i] = n;
            double[] values = {small, large, affineGap, particleGap, PUBLISHED_EM_50K[i], PUBLISHED_ICNN[i]};
            for (int c = 0; c < values.length; c++) {
                curves[c][i] = values[c];
            }
        }
        picture.add(new Plot("").axes("dimension", "log10 SymKL").line("Langevin 1k", axis, curves[0], Plot.Ink.SKY)
            .line("Langevin 50k", axis, curves[1], Plot.Ink.PURPLE).line("SW-JKO affine", axis, curves[2], Plot.Ink.BLACK)
            .line("SW-JKO particles 1k", axis, curves[3], Plot.Ink.BLUE)
            .reference("published EM 50k", axis, curves[4], Plot.Ink.PURPLE)
            .reference("published ICNN-JKO", axis, curves[5], Plot.Ink.VERMILION));
        table
            .note("SymKL of the Gaussian fitted to the particles; the published numbers are of a kernel density, whose own error dominates "
                + "theirs above D = 2. One problem a row, of this seed; published: medians over problems.");
        table.note(
            "A is Q (1 1' + diag(u)) Q' with Q random orthogonal and u uniform, as scikit-learn's make_spd_matrix. SW-JKO has steps of "
                + "0.1 / D: where A is not isotropic its limit is another flow than the Wasserstein one, most of its distance here.");
        table.note(
            "The particles of SW-JKO start from standardised normals, Langevin's from a sample. Their kernel density has the shape of "
                + "the cloud, at Scott's bandwidth; where kernels hardly overlap, above D = 6, its entropy is that of the fitted Gaussian.");
        return table;
    }

    private static double langevin(Setting setting, Potential potential, int count, long seed, GaussianFlow exact) {
        try (PointCloud cloud = normals(count, potential.dimension(), 0, 1, seed)) {
            return distance(
                fit(setting.run(FlowOptions.of(LANGEVIN_STEP, (int) Math.round(OU_TIME / LANGEVIN_STEP)), Langevin.unadjusted(cloud,
                    potential, setting.seed(), setting.scheduler())).last()),
                exact);
        }
    }

    private static GaussianFlow scheme(Setting setting, double[] matrix, double[] centre, int n, long seed, int steps) {
        SwJkoOptions options = new SwJkoOptions(96, 60, 1e-3, setting.seed());
        try (PointCloud start = standardNormals(n, 0, 1, seed)) {
            return fit(setting.run(FlowOptions.of(OU_TIME / steps, steps), new SwJkoParticles(start, freeEnergy(Potential.quadratic(matrix,
                centre), setting), options, setting.scheduler())).last());
        }
    }

    private static double distance(GaussianFlow law, GaussianFlow exact) {
        return Math.log10(Math.max(1e-16, law.symmetricDivergence(exact)));
    }

    private static double[] identity(int n) {
        double[] identity = new double[n * n];
        for (int d = 0; d < n; d++) {
            identity[d * n + d] = 1;
        }
        return identity;
    }

    /** {@code Q (1 1' + diag(u)) Q'} by Householder reflections of random vectors. */
    private static double[] randomMatrix(int n, long seed) {
        double[] a = new double[n * n];
        Arrays.fill(a, 1);
        for (int d = 0; d < n; d++) {
            a[d * n + d] += CounterRandom.uniform(seed, 1L << 41 | d);
        }
        for (int r = 0; r < n; r++) {
            double[] v = new double[n];
            double norm = 0;
            for (int d = 0; d < n; d++) {
                v[d] = CounterRandom.normal(seed, 1L << 42 | (long) r * n + d);
                norm += v[d] * v[d];
            }
            double[] product = new double[n];
            double form = 0;
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    product[i] += a[i * n + j] * v[j];
                }
                form += v[i] * product[i];
            }
            for (int i = 0; i < n; i++) {
                for (int j = 0; j <= i; j++) {
                    a[i * n + j] += -2 / norm * (v[i] * product[j] + product[i] * v[j]) + 4 / (norm * norm) * form * v[i] * v[j];
                    a[j * n + i] = a[i * n + j];
                }
            }
        }
        return a;
    }

    /** Five unit Gaussians in the plane from N(0, 16 I): adjusted Langevin as the truth, the scheme by particles and on a grid. */
    private static Table mixture(Setting setting, Picture picture) {
        double[] means = new double[10];
        for (int i = 0; i < 10; i++) {
            means[i] = -5 + 10 * CounterRandom.uniform(CounterRandom.key(setting.seed(), STREAM + 50), i);
        }
        Potential potential = Potential.gaussianMixture(new double[] {1, 1, 1, 1, 1}, means, 1);
        Table table = new Table("Five Gaussians from N(0, 16 I), t = 4").column("method").column("free energy", "%.5f")
            .column("energy distance to the target", "%.5f").column("seconds", "%.2f");
        int count = 2000;
        long seed = CounterRandom.key(setting.seed(), STREAM + 51);
        try (PointCloud target = sample(means, count, seed + 1); PointCloud other = sample(means, count, seed + 2);
                PointCloud langevin = normals(count, 2, 0, 4, seed)) {
            table.row("a sample of the target", null, EnergyDistance.between(other, target, setting.scheduler()), null);
            long began = System.nanoTime();
            Scheme dynamics = Langevin.unadjusted(langevin, potential, setting.seed(), setting.scheduler());
            try (PointCloud end = setting.run(FlowOptions.of(0.01, 800), dynamics).last().toUnweightedCloud()) {
                table.row("Langevin, 2000 particles, to 2 t", null, EnergyDistance.between(end, target, setting.scheduler()),
                    (System.nanoTime() - began) * 1e-9);
            }
            began = System.nanoTime();
            int steps = setting.count(STEPS, 10);
            FlowOptions integration = FlowOptions.of(2 * TAU, steps);
            // the kernel is narrower than one Gaussian, not than the cloud of five
            try (PointCloud start = normals(PARTICLES, 2, 0, 4, seed + 3)) {
                FlowResult result = setting.run(integration, new SwJkoParticles(start, freeEnergy(potential,
                    new KernelEntropy(0.4, Precision.FLOAT32), setting), new SwJkoOptions(60, 30, 1e-3, setting.seed()),
                    setting.scheduler()));
                try (PointCloud end = result.last().toUnweightedCloud()) {
                    table.row("SW-JKO, 1000 particles", result.values()[steps], EnergyDistance.between(end, target, setting.scheduler()),
                        (System.nanoTime() - began) * 1e-9);
                    picture
                        .add(new Plot("five Gaussians").equalAspect().cloud("target", column(target, 0), column(target, 1), Plot.Ink.GREY)
                            .cloud("particles", column(end, 0), column(end, 1), Plot.Ink.BLUE));
                }
            }
            began = System.nanoTime();
            Grid grid = Grid.cube(2, -10, 10, 100);
            double[] c = grid.centres();
            double[] weights = new double[grid.size()];
            Arrays.setAll(weights, i -> Math.exp(-(square(c[i]) + square(c[weights.length + i])) / 32));
            FlowResult result = setting.run(integration, new SwJkoGrid(grid, weights, potential, new SwJkoOptions(64, 100, 1e-3, setting
                .seed()), setting.scheduler()));
            table.row("SW-JKO, grid of 100 x 100, " + result.unconverged() + " of " + steps + " steps not within 1e-3",
                result.values()[steps],
                null, (System.nanoTime() - began) * 1e-9);
        }
        table.note(
            "The free energy is the divergence KL(rho | target), whose minimum is 0; that of particles is biased by the kernel density.");
        return table;
    }

    private static PointCloud sample(double[] means, int count, long seed) {
        PointCloud cloud = normals(count, 2, 0, 1, seed);
        for (int n = 0; n < count; n++) {
            int k = CounterRandom.uniformInt(CounterRandom.key(seed, 1), n, means.length / 2);
            cloud.set(n, 0, cloud.get(n, 0) + (float) means[2 * k]);
            cloud.set(n, 1, cloud.get(n, 1) + (float) means[2 * k + 1]);
        }
        return cloud;
    }

    private static double[] column(PointCloud cloud, int d) {
        double[] values = new double[cloud.size()];
        Arrays.setAll(values, n -> cloud.get(n, d));
        return values;
    }

    private static PointCloud normals(int count, int dimension, double mean, double deviation, long seed) {
        PointCloud cloud = PointCloud.allocate(count, dimension);
        long key = CounterRandom.key(seed, 0);
        for (int n = 0; n < count; n++) {
            for (int d = 0; d < dimension; d++) {
                cloud.set(n, d, (float) (mean + deviation * CounterRandom.normal(key, (long) n * dimension + d)));
            }
        }
        return cloud;
    }

    private static GaussianFlow fit(Snapshot state) {
        try (PointCloud cloud = state.toUnweightedCloud()) {
            return fit(cloud);
        }
    }

    /** The Gaussian with a cloud's mean and covariance. */
    private static GaussianFlow fit(PointCloud cloud) {
        int n = cloud.dimension();
        double[] mean = new double[n];
        double[] covariance = new double[n * n];
        for (int i = 0; i < cloud.size(); i++) {
            for (int d = 0; d < n; d++) {
                mean[d] += cloud.get(i, d) / (double) cloud.size();
            }
        }
        for (int i = 0; i < cloud.size(); i++) {
            for (int d = 0; d < n; d++) {
                for (int e = 0; e < n; e++) {
                    covariance[d * n + e] += (cloud.get(i, d) - mean[d]) * (cloud.get(i, e) - mean[e]) / cloud.size();
                }
            }
        }
        return new GaussianFlow(mean, covariance);
    }
}
