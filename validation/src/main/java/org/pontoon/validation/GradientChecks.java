package org.pontoon.validation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

import org.pontoon.engine.bridge.Covariance;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

/** The engine's objective and the published gradients against finite differences. */
final class GradientChecks {

    private static final double STEP = 2e-4;
    private static final double BOUND = 1e-7;

    private GradientChecks() {
    }

    static List<Check> all(long seed, TileScheduler scheduler) {
        List<Check> rows = new ArrayList<>();
        rows.addAll(gradients(Covariance.DIAGONAL, 3, 4, new RandomProblem(seed, 2), scheduler));
        rows.addAll(gradients(Covariance.FULL, 3, 3, new RandomProblem(seed, 3), scheduler));
        return rows;
    }

    static List<Check> gradients(Covariance covariance, int dimension, int components, RandomProblem random, TileScheduler scheduler) {
        Checks checks = new Checks("Gradients " + covariance.name().toLowerCase(Locale.ROOT));
        TrainedParameters at = TrainedParameters.random(covariance, dimension, components, random.uniform(0.2, 0.6), random);
        double[] x = random.points(17, dimension, 1);
        double[] y = random.points(13, dimension, 1.5);
        ReferenceLoss.Gradient gradient = at.gradient(new ReferenceLoss(at.epsilon(), dimension, x, y));
        try (PointCloud source = RandomProblem.cloud(x, dimension); PointCloud target = RandomProblem.cloud(y, dimension)) {
            checks.equal("objective against the definition", gradient.loss(), at.bridge().objective(source, target, scheduler).value(),
                1e-10);
            compare(checks, "dL/dlog alpha", gradient.logWeights(), at.logWeights(), at::withLogWeights, source, target, scheduler);
            compare(checks, "dL/dr", gradient.locations(), at.locations(), at::withLocations, source, target, scheduler);
            compare(checks, covariance == Covariance.DIAGONAL ? "dL/dlog S" : "dL/dL, S = LL'", at.factorGradient(gradient.scales()),
                at.factors(), at::withFactors, source, target, scheduler);
        }
        return checks.rows();
    }

    /** The published gradient against finite differences of the engine's objective. */
    private static void compare(Checks checks, String quantity, double[] formula, double[] at, Function<double[], TrainedParameters> with,
            PointCloud source, PointCloud target, TileScheduler scheduler) {
        double[] differences = FiniteDifferences.gradient(v -> with.apply(v).bridge().objective(source, target, scheduler).value(), at,
            STEP);
        Checks.Worst worst = checks.worst(quantity + ": published formula, finite differences of the objective", BOUND);
        worst.equal(formula, differences).relative();
    }
}
