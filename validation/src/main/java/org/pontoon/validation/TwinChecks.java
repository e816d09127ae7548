package org.pontoon.validation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.ejml.data.DMatrixRMaj;
import org.pontoon.engine.bridge.BridgeTransport;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

/** The benchmark pair against its own definition, and the metrics on answers whose score is known. */
final class TwinChecks {

    private static final double SIGMAS = 5;

    private TwinChecks() {
    }

    static List<Check> all(long seed, TileScheduler scheduler) {
        List<Check> rows = new ArrayList<>();
        for (MixturePair.Difficulty difficulty : MixturePair.Difficulty.values()) {
            rows.addAll(definition(MixturePair.of(difficulty, 4, 1, seed), new RandomProblem(seed, 20 + difficulty.ordinal())));
        }
        rows.addAll(metrics(MixturePair.of(MixturePair.Difficulty.HARD, 3, 1, seed), scheduler));
        return rows;
    }

    /** The bridge against the plan and the drift as they follow from the potential. */
    static List<Check> definition(MixturePair pair, RandomProblem random) {
        Checks checks = new Checks("Mixture pair " + pair.difficulty().name().toLowerCase(Locale.ROOT));
        LightBridge bridge = pair.bridge();
        int n = pair.dimension();
        double epsilon = pair.epsilon();
        Checks.Worst mean = checks.worst("conditional mean from the potential", 1e-10);
        Checks.Worst covariance = checks.worst("conditional covariance from the potential", 1e-10);
        Checks.Worst drift = checks.worst("drift = epsilon grad log sum_n p_n N(x | mu_n, Sigma_n + epsilon (1-t) I)", 1e-10);
        for (int i = 0; i < 10; i++) {
            double[] x = random.normals(n, 0.5);
            double[] weights = responsibilities(pair, x, epsilon);
            double[] expected = new double[n];
            DMatrixRMaj second = new DMatrixRMaj(n, n);
            for (int k = 0; k < weights.length; k++) {
                DMatrixRMaj precision = Matrices.inverse(Matrices.of(pair.potentialCovariance(k), n, n));
                DMatrixRMaj conditional = Matrices.inverse(Matrices.combine(1, precision, 1 / epsilon, Matrices.identity(n)));
                double[] target = Matrices.multiply(precision, pair.potentialMean(k));
                for (int d = 0; d < n; d++) {
                    target[d] += x[d] / epsilon;
                }
                DMatrixRMaj m = Matrices.multiply(conditional, Matrices.column(target));
                for (int d = 0; d < n; d++) {
                    expected[d] += weights[k] * m.get(d);
                }
                second = Matrices.combine(1, second, weights[k], Matrices.combine(1, conditional, 1, Matrices.multiplyTransposed(m, m)));
            }
            DMatrixRMaj e = Matrices.column(expected);
            mean.equal(expected, bridge.conditionalMean(x));
            covariance.equal(Matrices.rows(Matrices.combine(1, second, -1, Matrices.multiplyTransposed(e, e))),
                bridge.conditionalCovariance(x));
            double t = random.uniform(0, 1);
            drift.equal(drift(pair, x, t), bridge.drift(x, t));
        }
        mean.relative();
        covariance.relative();
        drift.relative();
        return checks.rows();
    }

    /** softmax of log N(x | mu_n, Sigma_n + variance I); the weights of the potential are equal. */
    private static double[] responsibilities(MixturePair pair, double[] x, double variance) {
        int n = pair.dimension();
        double[] logits = new double[MixturePair.COMPONENTS];
        double most = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < logits.length; k++) {
            DMatrixRMaj c = Matrices.combine(1, Matrices.of(pair.potentialCovariance(k), n, n), variance, Matrices.identity(n));
            double[] mean = pair.potentialMean(k);
            double[] solved = Matrices.multiply(Matrices.inverse(c), gap(x, mean));
            logits[k] = -0.5 * Matrices.logDeterminant(c);
            for (int d = 0; d < n; d++) {
                logits[k] -= 0.5 * (x[d] - mean[d]) * solved[d];
            }
            most = Math.max(most, logits[k]);
        }
        double total = 0;
        for (int k = 0; k < logits.length; k++) {
            logits[k] = Math.exp(logits[k] - most);
            total += logits[k];
        }
        for (int k = 0; k < logits.length; k++) {
            logits[k] /= total;
        }
        return logits;
    }

    private static double[] drift(MixturePair pair, double[] x, double t) {
        int n = pair.dimension();
        double variance = pair.epsilon() * (1 - t);
        double[] weights = responsibilities(pair, x, variance);
        double[] drift = new double[n];
        for (int k = 0; k < weights.length; k++) {
            DMatrixRMaj c = Matrices.combine(1, Matrices.of(pair.potentialCovariance(k), n, n), variance, Matrices.identity(n));
            double[] pull = Matrices.multiply(Matrices.inverse(c), gap(pair.potentialMean(k), x));
            for (int d = 0; d < n; d++) {
                drift[d] += pair.epsilon() * weights[k] * pull[d];
            }
        }
        return drift;
    }

    private static double[] gap(double[] a, double[] b) {
        double[] gap = a.clone();
        for (int d = 0; d < gap.length; d++) {
            gap[d] -= b[d];
        }
        return gap;
    }

    /** The metrics, where their values are known: the truth scores 0, its mean alone 100, and a wrong model the same by every route. */
    static List<Check> metrics(MixturePair pair, TileScheduler scheduler) {
        Checks checks = new Checks("Metrics on the mixture pair");
        LightBridge truth = pair.bridge();
        int n = pair.dimension();
        Estimate variance = pair.targetVariance(1, 1 << 17, scheduler);
        try (PointCloud points = pair.source(2, 1000)) {
            checks.residual("exact cBW2^2-UVP of the truth, %", UnexplainedVariance.conditional(truth, truth, points, variance.value(),
                scheduler).value(), 1e-9);
            checks.statistical("cBW2^2-UVP of the target's mean as the answer, %", 100, meanScore(pair, points, variance.value()), SIGMAS);
        }
        LightBridge wrong = perturbed(truth);
        try (PointCloud points = pair.source(8, 200)) {
            double exact = UnexplainedVariance.conditional(wrong, truth, points, variance.value(), scheduler).value();
            double sampled = UnexplainedVariance.conditional(new BridgeTransport(wrong, scheduler)::sample, truth, points, 1000, 9,
                variance.value(), scheduler).value();
            double floor = UnexplainedVariance.conditional(new BridgeTransport(truth, scheduler)::sample, truth, points, 1000, 10,
                variance.value(), scheduler).value();
            checks.residual("cBW2^2-UVP of the truth from 1000 samples per point (the noise floor), %", floor, 0.3);
            checks.equal("cBW2^2-UVP of a wrong model from 1000 samples per point, %", exact, sampled, 0.1);
        }
        int draws = 20_000;
        Estimate divergence = pair.divergence(wrong, 3, draws, scheduler);
        try (MixturePair.Pairs pairs = pair.pairs(3, draws)) {
            double excess = wrong.objective(pairs.source(), pairs.target(), scheduler).value()
                - truth.objective(pairs.source(), pairs.target(), scheduler).value();
            checks.equal("KL(plan || model) = excess of the objective on the same pairs", divergence.value(), excess, 1e-9);
        }
        Estimate path = pair.pathDivergence(wrong, 4, draws, scheduler);
        checks.statistical("KL of the processes, by Girsanov, = KL of the plans", 0, new Estimate(path.value() - divergence.value(),
            Math.hypot(path.standardError(), divergence.standardError())), SIGMAS);
        try (PointCloud target = pair.target(5, 50_000); MixturePair.Pairs pairs = pair.pairs(6, 50_000)) {
            checks.residual("BW2^2-UVP between two draws of the target, %", UnexplainedVariance.marginal(pairs.target(), target), 0.05);
            UnexplainedVariance.Moments moments = UnexplainedVariance.Moments.of(target, 0, target.size());
            double trace = 0;
            for (int d = 0; d < n; d++) {
                trace += moments.covariance()[d * n + d];
            }
            checks.statistical("variance of the target, two streams", variance.value(),
                new Estimate(trace, variance.standardError() * Math.sqrt(1 + (1 << 17) / 50_000.0)), SIGMAS);
        }
        return checks.rows();
    }

    /** The score of the constant answer E y with no spread: |m(x) - E y|^2 / 2 + tr C(x) / 2, whose mean is half the target's variance. */
    private static Estimate meanScore(MixturePair pair, PointCloud points, double variance) {
        int n = pair.dimension();
        double[] centre = new double[n];
        try (PointCloud many = pair.source(7, 20_000)) {
            for (int i = 0; i < many.size(); i++) {
                double[] m = pair.bridge().conditionalMean(point(many, i));
                for (int d = 0; d < n; d++) {
                    centre[d] += m[d] / many.size();
                }
            }
        }
        Estimate.Mean score = new Estimate.Mean();
        for (int i = 0; i < points.size(); i++) {
            double[] x = point(points, i);
            score.add(100 * BuresWasserstein.halfSquaredDistance(centre, new double[n * n], pair.bridge().conditionalMean(x),
                pair.bridge().conditionalCovariance(x)) / (0.5 * variance));
        }
        return score.estimate();
    }

    static double[] point(PointCloud cloud, int n) {
        double[] x = new double[cloud.dimension()];
        for (int d = 0; d < x.length; d++) {
            x[d] = cloud.get(n, d);
        }
        return x;
    }

    /** A bridge near the given one: its locations shrunk, its weights tilted. */
    static LightBridge perturbed(LightBridge bridge) {
        double[] weights = bridge.logWeights();
        double[] locations = bridge.locations();
        for (int k = 0; k < weights.length; k++) {
            weights[k] += 0.3 * k;
        }
        for (int i = 0; i < locations.length; i++) {
            locations[i] *= 0.97;
        }
        return LightBridge.full(bridge.epsilon(), weights, locations, bridge.scales()).build();
    }
}
