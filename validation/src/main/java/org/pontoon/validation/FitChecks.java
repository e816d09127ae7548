package org.pontoon.validation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.ejml.data.DMatrixRMaj;
import org.pontoon.engine.bridge.BatchSource;
import org.pontoon.engine.bridge.BridgeTrainer;
import org.pontoon.engine.bridge.CompletePlan;
import org.pontoon.engine.bridge.Covariance;
import org.pontoon.engine.bridge.GaussianMixture;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.bridge.TrainingOptions;
import org.pontoon.engine.bridge.TrainingResult;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.random.CounterRandom;

/** The float32 trainer against a float64 one on the same batches, and fits against what they should converge to. */
final class FitChecks {

    private FitChecks() {
    }

    static List<Check> all(long seed, TileScheduler scheduler) {
        List<Check> rows = new ArrayList<>();
        for (Covariance covariance : Covariance.values()) {
            rows.addAll(trajectory(covariance, seed, scheduler));
        }
        rows.addAll(gaussianPairs(seed, scheduler));
        rows.addAll(mixturePair(seed, scheduler));
        return rows;
    }

    /** Points of the standard normal or of two clusters, a function of (key, step). */
    private static BatchSource batches(long key, int dimension, boolean clusters) {
        return (step, count, rows) -> {
            long batch = CounterRandom.key(key, step);
            for (int i = 0; i < count * dimension; i++) {
                float z = CounterRandom.normal(batch, i);
                int cluster = i / dimension % 2;
                rows[i] = clusters ? 0.6f * z + (cluster == 0 ? 1.5f : -1f) : z;
            }
        };
    }

    /** Some steps of the engine's trainer, and as many of Adam in float64 with the published gradients, on the same batches. */
    private static List<Check> trajectory(Covariance covariance, long seed, TileScheduler scheduler) {
        Checks checks = new Checks("Trainer " + covariance.name().toLowerCase(Locale.ROOT));
        int n = 3;
        int components = 4;
        int steps = 100;
        int batch = 64;
        BatchSource sourceInUnits = batches(CounterRandom.key(seed, 50), n, false);
        BatchSource targetInUnits = batches(CounterRandom.key(seed, 51), n, true);
        // the trainer's steps are lengths in the spread of the data, which is 1 here
        double spread = 0.5 * (spread(sourceInUnits, n) + spread(targetInUnits, n));
        BatchSource source = over(spread, sourceInUnits);
        BatchSource target = over(spread, targetInUnits);
        TrainingOptions.Builder options = TrainingOptions.builder().epsilon(0.4).components(components).covariance(covariance).batch(batch)
            .learningRate(0.01).seed(seed);
        // one step, to learn where the trainer puts the origins
        LightBridge origins = BridgeTrainer.on(options.steps(1).build(), source, target, n).fit(scheduler, Progress.NONE).bridge();
        TrainedParameters at = TrainedParameters.random(covariance, n, components, 0.4, new RandomProblem(seed, 52));
        LightBridge start = at.bridge(origins.sourceMean(), origins.targetMean());
        TrainingResult result = BridgeTrainer.on(options.steps(steps).build(), source, target, n).startFrom(start)
            .fit(scheduler, Progress.NONE);
        TrainedParameters end = ReferenceAdam.run(at, steps, 0.01, step -> new ReferenceLoss(0.4, n,
            centred(source, step, batch, n, origins.sourceMean()), centred(target, step, batch, n, origins.targetMean())));
        LightBridge got = result.bridge();
        checks.worst("log alpha after 100 steps of Adam", 1e-4)
            .equal(withoutMean(end.logWeights()), withoutMean(got.logWeights())).relative();
        checks.worst("r after 100 steps", 1e-4).equal(end.locations(), got.locations()).relative();
        checks.worst("S after 100 steps", 1e-4).equal(end.scales(), got.scales()).relative();
        return checks.rows();
    }

    /** Mean over the coordinates of the mean absolute deviations of the batch that a fit begins with, times sqrt(pi / 2). */
    private static double spread(BatchSource stream, int dimension) {
        int count = 4096;
        float[] rows = new float[count * dimension];
        stream.fill(-1, count, rows);
        double[] means = new double[dimension];
        for (int i = 0; i < rows.length; i++) {
            means[i % dimension] += (double) rows[i] / count;
        }
        double sum = 0;
        for (int i = 0; i < rows.length; i++) {
            sum += Math.abs(rows[i] - means[i % dimension]);
        }
        return Math.sqrt(Math.PI / 2) * sum / rows.length;
    }

    private static BatchSource over(double factor, BatchSource stream) {
        return (step, count, rows) -> {
            stream.fill(step, count, rows);
            for (int i = 0; i < rows.length; i++) {
                rows[i] = (float) (rows[i] / factor);
            }
        };
    }

    private static double[] centred(BatchSource stream, long step, int count, int dimension, double[] mean) {
        float[] rows = new float[count * dimension];
        stream.fill(step, count, rows);
        double[] result = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            result[i] = rows[i] - mean[i % dimension];
        }
        return result;
    }

    private static double[] withoutMean(double[] values) {
        double mean = Arrays.stream(values).average().orElse(0);
        return Arrays.stream(values).map(v -> v - mean).toArray();
    }

    /**
     * One component on samples of two Gaussians. With one component the objective depends on the samples' first two moments alone, so
     * the fit's limit is the closed form between Gaussians of those moments; and as the samples grow, that goes to the closed form between
     * the Gaussians themselves, its divergence falling as one over their number.
     */
    private static List<Check> gaussianPairs(long seed, TileScheduler scheduler) {
        Checks checks = new Checks("Fit on Gaussian pairs");
        int n = 3;
        RandomProblem random = new RandomProblem(seed, 60);
        GaussianChecks.Problem p = GaussianChecks.Problem.random(random, Covariance.FULL, n, 0.5);
        int[] sizes = {250, 1000, 4000};
        double[] logSizes = new double[sizes.length];
        double[] logDivergences = new double[sizes.length];
        for (int i = 0; i < sizes.length; i++) {
            int repeats = 4;
            double divergence = 0;
            for (int repeat = 0; repeat < repeats; repeat++) {
                try (PointCloud x = SamplingChecks.gaussian(p.sourceMean(), p.sourceCovariance(), sizes[i], random);
                        PointCloud y = SamplingChecks.gaussian(p.targetMean(), p.targetCovariance(), sizes[i], random)) {
                    LightBridge fitted = fitAll(Covariance.FULL, x, y, 0.5, scheduler);
                    divergence += p.solution().divergence(fitted) / repeats;
                    if (repeat == 0 && i == 1) {
                        againstMoments(checks, "full S", ofMoments(x, y, 0.5, false), fitted);
                        completePlan(checks, ofMoments(x, y, 0.5, false), x, fitted, scheduler);
                        LightBridge diagonal = fitAll(Covariance.DIAGONAL, x, y, 0.5, scheduler);
                        againstMoments(checks, "diagonal S", ofMoments(x, y, 0.5, true), diagonal);
                    }
                }
            }
            logSizes[i] = Math.log(sizes[i]);
            logDivergences[i] = Math.log(divergence);
        }
        checks.equal("order of KL(closed form || fit) in the number of samples", -1, SamplingChecks.slope(logSizes, logDivergences), 0.5);
        TrainingOptions options = TrainingOptions.builder().epsilon(0.5).components(1).covariance(Covariance.FULL).steps(4000)
            .learningRate(0.005).initialScale(1).seed(seed).build();
        try (PointCloud x = SamplingChecks.gaussian(p.sourceMean(), p.sourceCovariance(), 20_000, random);
                PointCloud y = SamplingChecks.gaussian(p.targetMean(), p.targetCovariance(), 20_000, random)) {
            LightBridge fitted = BridgeTrainer.on(options, x, y).fit(scheduler, Progress.NONE).bridge();
            checks.residual("KL(closed form || fit), minibatches of 128 from 20,000 samples", p.solution().divergence(fitted), 0.03);
        }
        return checks.rows();
    }

    private static void againstMoments(Checks checks, String shape, GaussianBridge limit, LightBridge fitted) {
        checks.residual("KL(closed form of the samples' moments || fit), " + shape, limit.divergence(fitted), 1e-6);
        checks.worst("S of the fit on all samples, " + shape, 5e-4).equal(limit.scale(), GaussianBridge.slope(fitted)).relative();
        checks.worst("E[y | 0] of the fit on all samples, " + shape, 5e-4)
            .equal(limit.location(), fitted.conditionalMean(new double[fitted.dimension()])).relative();
    }

    /** With one component on either side the complete plan is the Gaussian of the samples' moments. */
    private static void completePlan(Checks checks, GaussianBridge limit, PointCloud x, LightBridge fitted, TileScheduler scheduler) {
        GaussianMixture marginal = GaussianMixture.fit(x, 1, Covariance.FULL, 10, 1e-9, 0, scheduler, Progress.NONE);
        CompletePlan plan = new CompletePlan(marginal, fitted);
        Checks.Worst density = checks.worst("log-density of the complete plan", 1e-3);
        for (int i = 0; i < 10; i++) {
            double[] from = TwinChecks.point(x, i);
            double[] to = TwinChecks.point(x, i + 10);
            density.equal(limit.sourceLogDensity(from) + limit.planLogDensity(from, to), plan.logDensity(from, to));
        }
        density.relative();
    }

    /** Full batches, so that nothing but the samples is random: large steps, then smaller and smaller ones. */
    private static LightBridge fitAll(Covariance covariance, PointCloud x, PointCloud y, double epsilon, TileScheduler scheduler) {
        TrainingOptions.Builder options = TrainingOptions.builder().epsilon(epsilon).components(1).covariance(covariance)
            .sourceBatch(x.size()).targetBatch(y.size()).initialScale(1).steps(400);
        LightBridge fitted = null;
        for (double rate : new double[] {0.05, 0.005, 0.0005}) {
            BridgeTrainer trainer = BridgeTrainer.on(options.learningRate(rate).build(), x, y);
            fitted = (fitted == null ? trainer : trainer.startFrom(fitted)).fit(scheduler, Progress.NONE).bridge();
        }
        return fitted;
    }

    /** The closed form between Gaussians with the moments of two clouds; with diagonal covariances if asked for. */
    private static GaussianBridge ofMoments(PointCloud x, PointCloud y, double epsilon, boolean diagonal) {
        double[][] covariances = new double[2][];
        double[][] means = new double[2][];
        for (int side = 0; side < 2; side++) {
            PointCloud cloud = side == 0 ? x : y;
            UnexplainedVariance.Moments moments = UnexplainedVariance.Moments.of(cloud, 0, cloud.size());
            int n = cloud.dimension();
            DMatrixRMaj c = Matrices.of(moments.covariance(), n, n);
            // the objective sees the biased covariance
            covariances[side] = Matrices.rows(Matrices.combine((cloud.size() - 1.0) / cloud.size(), c, 0, c));
            for (int i = 0; i < n * n; i++) {
                if (diagonal && i / n != i % n) {
                    covariances[side][i] = 0;
                }
            }
            means[side] = moments.mean();
        }
        return GaussianBridge.between(means[0], covariances[0], means[1], covariances[1], epsilon);
    }

    /** The paper's fifty components on the benchmark pair with five, for a fifth of its steps. */
    private static List<Check> mixturePair(long seed, TileScheduler scheduler) {
        Checks checks = new Checks("Fit on the mixture pair D=2");
        MixturePair pair = MixturePair.of(MixturePair.Difficulty.EASY, 2, 1, seed);
        TrainingOptions options = TrainingOptions.builder().epsilon(1).components(50).steps(2000).learningRate(0.01).initialScale(0.1)
            .seed(seed).build();
        LightBridge fitted = BridgeTrainer.on(options, pair.sourceBatches(0), pair.targetBatches(0), 2).fit(scheduler, Progress.NONE)
            .bridge();
        Estimate variance = pair.targetVariance(1, 1 << 16, scheduler);
        try (PointCloud points = pair.source(2, 1000)) {
            checks.residual("exact cBW2^2-UVP, %",
                UnexplainedVariance.conditional(fitted, pair.bridge(), points, variance.value(), scheduler).value(), 0.5);
        }
        checks.residual("KL(plan || fit)", pair.divergence(fitted, 3, 10_000, scheduler).value(), 0.05);
        return checks.rows();
    }
}
