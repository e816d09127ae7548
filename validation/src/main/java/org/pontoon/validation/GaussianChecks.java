package org.pontoon.validation;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.ejml.data.DMatrixRMaj;
import org.pontoon.engine.bridge.Covariance;
import org.pontoon.engine.bridge.LightBridge;

/** Bridges of one component against the closed form between Gaussians. */
final class GaussianChecks {

    private static final double EXACT = 1e-10;
    private static final double[] TIMES = {0, 0.25, 0.5, 0.75, 1};

    /** A problem with its closed form. */
    record Problem(double[] sourceMean, double[] sourceCovariance, double[] targetMean, double[] targetCovariance,
            GaussianBridge solution) {

        static Problem of(double[] m0, double[] a, double[] m1, double[] b, double epsilon) {
            return new Problem(m0, a, m1, b, GaussianBridge.between(m0, a, m1, b, epsilon));
        }

        static Problem random(RandomProblem random, Covariance covariance, int dimension, double epsilon) {
            double[] a = covariance == Covariance.FULL ? random.covariance(dimension, 0.3) : random.diagonalCovariance(dimension, 0.3, 3);
            double[] b = covariance == Covariance.FULL ? random.covariance(dimension, 0.3) : random.diagonalCovariance(dimension, 0.3, 3);
            return of(random.normals(dimension, 1), a, random.normals(dimension, 1), b, epsilon);
        }
    }

    private GaussianChecks() {
    }

    static List<Check> all(long seed) {
        RandomProblem random = new RandomProblem(seed, 1);
        List<Check> rows = new ArrayList<>();
        Problem line = Problem.of(new double[] {0}, new double[] {1}, new double[] {3}, new double[] {4}, 0.5);
        rows.addAll(closedForm("Gaussian D=1", line, line.solution.toBridge(Covariance.DIAGONAL), random));
        Problem diagonal = Problem.random(random, Covariance.DIAGONAL, 4, 0.3);
        rows.addAll(closedForm("Gaussian D=4 diagonal", diagonal, diagonal.solution.toBridge(Covariance.DIAGONAL), random));
        Problem full = Problem.random(random, Covariance.FULL, 5, 0.7);
        rows.addAll(closedForm("Gaussian D=5 full", full, full.solution.toBridge(Covariance.FULL), random));
        return rows;
    }

    /** Everything that one bridge of one component answers in float64, against the closed form. */
    static List<Check> closedForm(String group, Problem p, LightBridge bridge, RandomProblem random) {
        Checks checks = new Checks(group);
        GaussianBridge truth = p.solution;
        int n = truth.dimension();
        double[] points = random.points(8, n, 2);
        Checks.Worst mean = checks.worst("plan mean", EXACT);
        Checks.Worst covariance = checks.worst("plan covariance", EXACT);
        Checks.Worst density = checks.worst("plan log-density", EXACT);
        Checks.Worst reverse = checks.worst("log p0(x) plan(y|x) = log p1(y) reversed plan(x|y)", EXACT);
        GaussianBridge reversed = truth.reversed();
        LightBridge backwards = reversed.toBridge(bridge.covariance());
        for (int i = 0; i < 8; i++) {
            double[] x = RandomProblem.row(points, i, n);
            double[] y = RandomProblem.row(points, (i + 3) % 8, n);
            mean.equal(truth.planMean(x), bridge.conditionalMean(x));
            covariance.equal(truth.planCovariance(), bridge.conditionalCovariance(x));
            density.equal(truth.planLogDensity(x, y), bridge.planLogDensity(x, y));
            reverse.equal(truth.sourceLogDensity(x) + bridge.planLogDensity(x, y),
                reversed.sourceLogDensity(y) + backwards.planLogDensity(y, x));
        }
        mean.relative();
        covariance.relative();
        density.relative();
        reverse.relative();
        marginals(checks, p, bridge);
        Checks.Worst drift = checks.worst("drift, t = 0 to 1", EXACT);
        Checks.Worst slope = checks.worst("drift's Jacobian, t = 0 to 1", EXACT);
        for (double t : TIMES) {
            for (int i = 0; i < 8; i++) {
                double[] x = RandomProblem.row(points, i, n);
                drift.equal(truth.drift(x, t), bridge.drift(x, t));
                slope.equal(truth.driftSlope(t), bridge.at(t).jacobian(x));
            }
        }
        drift.relative();
        slope.relative();
        double loss = Quadrature.gaussian(bridge::logNormalizer, p.sourceMean, p.sourceCovariance)
            - Quadrature.gaussian(bridge::logPotential, p.targetMean, p.targetCovariance);
        checks.equal("objective L*", truth.optimalLoss(), loss, EXACT);
        double squares = Quadrature.gaussian(GaussianChecks::squaredNorm, p.sourceMean, p.sourceCovariance)
            + Quadrature.gaussian(GaussianChecks::squaredNorm, p.targetMean, p.targetCovariance);
        double bound = 0.5 * squares - bridge.epsilon() * loss;
        checks.equal("entropic cost, weak form, from the dual bound", truth.weakCost(), bound, EXACT);
        double entropy = 0.5 * (n * Math.log(2 * Math.PI * Math.E) + Matrices.logDeterminant(Matrices.of(p.targetCovariance, n, n)));
        checks.equal("entropic cost, KL form", truth.entropicCost(), bound + bridge.epsilon() * entropy, EXACT);
        double energy = Quadrature.unitInterval(t -> 0.5
            * Quadrature.gaussian(x -> squaredNorm(bridge.drift(x, t)), truth.marginalMean(t), truth.marginalCovariance(t)));
        checks.equal("control energy, by quadrature", truth.controlEnergy(), energy, 1e-9);
        return checks.rows();
    }

    /** X_t = (1 - t) x + t y + sqrt(epsilon t (1 - t)) z with y from the bridge's plan. */
    private static void marginals(Checks checks, Problem p, LightBridge bridge) {
        int n = bridge.dimension();
        DMatrixRMaj slope = Matrices.of(FiniteDifferences.jacobian(bridge::conditionalMean, p.sourceMean, 1), n, n);
        DMatrixRMaj noise = Matrices.of(bridge.conditionalCovariance(p.sourceMean), n, n);
        double[] end = bridge.conditionalMean(p.sourceMean);
        Checks.Worst mean = checks.worst("marginal mean, t = 0 to 1", EXACT);
        Checks.Worst covariance = checks.worst("marginal covariance, t = 0 to 1", EXACT);
        for (double t : TIMES) {
            mean.equal(p.solution.marginalMean(t),
                IntStream.range(0, n).mapToDouble(d -> (1 - t) * p.sourceMean[d] + t * end[d]).toArray());
            DMatrixRMaj map = Matrices.combine(1 - t, Matrices.identity(n), t, slope);
            DMatrixRMaj moved = Matrices.multiplyTransposed(Matrices.multiply(map, Matrices.of(p.sourceCovariance, n, n)), map);
            DMatrixRMaj spread = Matrices.combine(t * t, noise, bridge.epsilon() * t * (1 - t), Matrices.identity(n));
            covariance.equal(p.solution.marginalCovariance(t), Matrices.rows(Matrices.combine(1, moved, 1, spread)));
        }
        mean.relative();
        covariance.relative();
    }

    static double squaredNorm(double[] x) {
        double sum = 0;
        for (double v : x) {
            sum += v * v;
        }
        return sum;
    }
}
