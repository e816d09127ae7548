package org.pontoon.validation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

import org.pontoon.engine.bridge.BridgeSlice;
import org.pontoon.engine.bridge.Covariance;
import org.pontoon.engine.bridge.LightBridge;

/** Equations that every light bridge satisfies, on random bridges of several components. */
final class IdentityChecks {

    private static final double EXACT = 1e-11;

    private IdentityChecks() {
    }

    static List<Check> all(long seed) {
        List<Check> rows = new ArrayList<>();
        for (Covariance covariance : Covariance.values()) {
            RandomProblem random = new RandomProblem(seed, 10 + covariance.ordinal());
            LightBridge bridge = random.bridge(covariance, 4, 5, 0.4);
            String name = covariance.name().toLowerCase(Locale.ROOT);
            rows.addAll(equations("Bridge equations " + name, bridge, random));
            rows.addAll(gauges("Gauges " + name, bridge, random));
        }
        RandomProblem random = new RandomProblem(seed, 12);
        rows.addAll(integrals(random.bridge(Covariance.DIAGONAL, 1, 3, 0.5), random));
        return rows;
    }

    /**
     * d/dt log phi + (epsilon / 2) lap log phi + (epsilon / 2) |grad log phi|^2 = 0, with the time derivative by finite differences, and
     * the relations between potential, normaliser, plan and drift.
     */
    static List<Check> equations(String group, LightBridge bridge, RandomProblem random) {
        Checks checks = new Checks(group);
        int n = bridge.dimension();
        double epsilon = bridge.epsilon();
        double step = 2e-4;
        double residual = 0;
        Checks.Worst drift = checks.worst("drift = epsilon grad log phi_t, finite differences", 1e-7);
        Checks.Worst jacobian = checks.worst("Jacobian of the drift, finite differences", 1e-7);
        for (int i = 0; i < 50; i++) {
            double[] x = random.normals(n, 1.5);
            double t = random.uniform(0.01, 0.99);
            BridgeSlice slice = bridge.at(t);
            double[] g = slice.drift(x);
            double[] j = slice.jacobian(x);
            double laplacian = 0;
            for (int d = 0; d < n; d++) {
                laplacian += j[d * n + d] / epsilon;
            }
            double inTime = FiniteDifferences.derivative(s -> bridge.at(s).logPotential(x), t, step);
            double gradient = GaussianChecks.squaredNorm(g) / (2 * epsilon);
            double sum = inTime + 0.5 * epsilon * laplacian + gradient;
            residual = Math.max(residual, Math.abs(sum) / Math.max(1, Math.abs(inTime) + gradient));
            double[] byPotential = FiniteDifferences.gradient(slice::logPotential, x, step);
            for (int d = 0; d < n; d++) {
                drift.equal(epsilon * byPotential[d], g[d]);
            }
            jacobian.equal(FiniteDifferences.jacobian(slice::drift, x, step), j);
        }
        checks.residual("Hamilton-Jacobi-Bellman residual of log phi_t, over its terms", residual, 1e-7);
        drift.relative();
        jacobian.relative();

        Checks.Worst plan = checks.worst("log plan(y|x) = log v(y) + <x,y>/epsilon - log c(x)", EXACT);
        Checks.Worst start = checks.worst("log phi_0(x) from log c(x)", EXACT);
        Checks.Worst end = checks.worst("log phi_1(y) from log v(y)", EXACT);
        Checks.Worst mean = checks.worst("x + g(x, 0) = E[y|x]", EXACT);
        Checks.Worst covariance = checks.worst("Cov[y|x] = epsilon (I + dg/dx(x, 0))", EXACT);
        for (int i = 0; i < 20; i++) {
            double[] x = random.normals(n, 1.5);
            double[] y = random.normals(n, 1.5);
            double inner = 0;
            double[] moved = bridge.drift(x, 0);
            double[] spread = bridge.at(0).jacobian(x);
            for (int d = 0; d < n; d++) {
                inner += x[d] * y[d] / epsilon;
                moved[d] += x[d];
                spread[d * n + d] += 1;
            }
            for (int k = 0; k < spread.length; k++) {
                spread[k] *= epsilon;
            }
            plan.equal(bridge.logPotential(y) + inner - bridge.logNormalizer(x), bridge.planLogDensity(x, y));
            start.equal(bridge.logNormalizer(x) - GaussianChecks.squaredNorm(x) / (2 * epsilon) - 0.5 * n * Math.log(2 * Math.PI * epsilon),
                bridge.at(0).logPotential(x));
            end.equal(bridge.logPotential(y) + GaussianChecks.squaredNorm(y) / (2 * epsilon), bridge.at(1).logPotential(y));
            mean.equal(bridge.conditionalMean(x), moved);
            covariance.equal(bridge.conditionalCovariance(x), spread);
        }
        plan.relative();
        start.relative();
        end.relative();
        mean.relative();
        covariance.relative();
        return checks.rows();
    }

    /** Changes of the parameters that leave the bridge as it is. */
    static List<Check> gauges(String group, LightBridge bridge, RandomProblem random) {
        Checks checks = new Checks(group);
        int n = bridge.dimension();
        double epsilon = bridge.epsilon();
        double[] weights = bridge.logWeights();
        for (int k = 0; k < weights.length; k++) {
            weights[k] += 7;
        }
        LightBridge heavier = with(bridge, epsilon, weights, bridge.locations(), bridge.sourceMean(), bridge.targetMean());
        LightBridge moved = moved(bridge, random.normals(n, 1), random.normals(n, 1));
        double scale = 2.5;
        double[] locations = divided(bridge.locations(), scale);
        LightBridge smaller = with(bridge, epsilon / (scale * scale), bridge.logWeights(), locations, divided(bridge.sourceMean(), scale),
            divided(bridge.targetMean(), scale));

        Checks.Worst constant = checks.worst("constant added to log alpha", EXACT);
        Checks.Worst plan = checks.worst("both origins moved: plan log-density", EXACT);
        Checks.Worst potentials = checks.worst("both origins moved: log v, log c, log phi_t up to one constant", EXACT);
        Checks.Worst drift = checks.worst("both origins moved: drift and conditional mean", EXACT);
        Checks.Worst scaled = checks.worst("x, y, r over s and epsilon over s^2: drift, log-density", EXACT);
        double offset = moved.logNormalizer(new double[n]) - bridge.logNormalizer(new double[n]);
        for (int i = 0; i < 20; i++) {
            double[] x = random.normals(n, 1.5);
            double[] y = random.normals(n, 1.5);
            double t = random.uniform(0, 1);
            constant.equal(bridge.planLogDensity(x, y), heavier.planLogDensity(x, y)).equal(bridge.drift(x, t), heavier.drift(x, t))
                .equal(bridge.logPotential(y) + 7, heavier.logPotential(y)).equal(bridge.logNormalizer(x) + 7, heavier.logNormalizer(x));
            plan.equal(bridge.planLogDensity(x, y), moved.planLogDensity(x, y));
            potentials.equal(bridge.logNormalizer(x) + offset, moved.logNormalizer(x)).equal(bridge.logPotential(y) + offset,
                moved.logPotential(y)).equal(bridge.at(t).logPotential(x) + offset, moved.at(t).logPotential(x));
            drift.equal(bridge.drift(x, t), moved.drift(x, t)).equal(bridge.conditionalMean(x), moved.conditionalMean(x));
            scaled.equal(divided(bridge.drift(x, t), scale), smaller.drift(divided(x, scale), t))
                .equal(bridge.planLogDensity(x, y) + n * Math.log(scale), smaller.planLogDensity(divided(x, scale), divided(y, scale)));
        }
        constant.relative();
        plan.relative();
        potentials.relative();
        drift.relative();
        scaled.relative();
        return checks.rows();
    }

    private static double[] divided(double[] x, double by) {
        double[] result = x.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] /= by;
        }
        return result;
    }

    private static LightBridge with(LightBridge b, double epsilon, double[] weights, double[] locations, double[] source, double[] target) {
        return (b.covariance() == Covariance.DIAGONAL ? LightBridge.diagonal(epsilon, weights, locations, b.scales())
            : LightBridge.full(epsilon, weights, locations, b.scales())).means(source, target).build();
    }

    /**
     * The same bridge with its source origin moved by a and its target origin by b: r' = r + S a - b and
     * log alpha' = log alpha + (a' S a + 2 r' a) / 2 epsilon, with r before the move.
     */
    private static LightBridge moved(LightBridge bridge, double[] a, double[] b) {
        int n = bridge.dimension();
        double[] weights = bridge.logWeights();
        double[] locations = bridge.locations();
        double[] scales = bridge.scales();
        double[] source = bridge.sourceMean();
        double[] target = bridge.targetMean();
        boolean diagonal = bridge.covariance() == Covariance.DIAGONAL;
        for (int k = 0; k < weights.length; k++) {
            double[] stretched = new double[n];
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    stretched[i] += diagonal ? i == j ? scales[k * n + i] * a[i] : 0 : scales[(k * n + i) * n + j] * a[j];
                }
                weights[k] += a[i] * (stretched[i] + 2 * locations[k * n + i]) / (2 * bridge.epsilon());
            }
            for (int i = 0; i < n; i++) {
                locations[k * n + i] += stretched[i] - b[i];
            }
        }
        for (int i = 0; i < n; i++) {
            source[i] += a[i];
            target[i] += b[i];
        }
        return with(bridge, bridge.epsilon(), weights, locations, source, target);
    }

    /** Integrals of a bridge on the line. */
    static List<Check> integrals(LightBridge bridge, RandomProblem random) {
        Checks checks = new Checks("Integrals D=1");
        double epsilon = bridge.epsilon();
        Checks.Worst mass = checks.worst("plan(.|x) integrates to 1", EXACT);
        Checks.Worst mean = checks.worst("its mean", EXACT);
        Checks.Worst variance = checks.worst("its variance", EXACT);
        Checks.Worst heat = checks.worst("phi_t(x) = E phi_1(x + sqrt(epsilon (1 - t)) z)", EXACT);
        for (int i = 0; i < 5; i++) {
            double[] x = random.normals(1, 1.5);
            double centre = bridge.conditionalMean(x)[0];
            DoubleUnaryOperator density = y -> Math.exp(bridge.planLogDensity(x, new double[] {y}));
            mass.equal(1, Quadrature.line(density, centre - 20, centre + 20, 4000));
            mean.equal(centre, Quadrature.line(y -> y * density.applyAsDouble(y), centre - 20, centre + 20, 4000));
            variance.equal(bridge.conditionalCovariance(x)[0],
                Quadrature.line(y -> (y - centre) * (y - centre) * density.applyAsDouble(y), centre - 20, centre + 20, 4000));
            double t = random.uniform(0.1, 0.9);
            double level = bridge.at(t).logPotential(x);
            double spread = epsilon * (1 - t);
            double integral = Quadrature.line(y -> Math.exp(bridge.at(1).logPotential(new double[] {y}) - level
                - (y - x[0]) * (y - x[0]) / (2 * spread)) / Math.sqrt(2 * Math.PI * spread), x[0] - 40, x[0] + 40, 16000);
            heat.equal(level, level + Math.log(integral));
        }
        mass.relative();
        mean.relative();
        variance.relative();
        heat.relative();

        // p_t = phi_t times the backward potential of a source N(0, 1)
        Checks.Worst total = checks.worst("p_t = phi_t E[N(.|x, t epsilon) / phi_0(x)] integrates to 1", 1e-9);
        Checks.Worst centre = checks.worst("its mean is (1 - t) E x + t E y", 1e-9);
        int cells = 600;
        double[] nodes = new double[cells];
        double[] logs = new double[cells];
        double meanTarget = 0;
        for (int i = 0; i < cells; i++) {
            nodes[i] = -9 + 18.0 * i / (cells - 1);
            double[] x = {nodes[i]};
            double density = Math.exp(-0.5 * nodes[i] * nodes[i]) / Math.sqrt(2 * Math.PI) * 18 / (cells - 1);
            meanTarget += density * bridge.conditionalMean(x)[0];
            logs[i] = Math.log(density) - bridge.at(0).logPotential(x);
        }
        for (double t : new double[] {0.2, 0.5, 0.8}) {
            BridgeSlice slice = bridge.at(t);
            DoubleUnaryOperator density = x -> {
                double level = slice.logPotential(new double[] {x});
                double sum = 0;
                for (int i = 0; i < cells; i++) {
                    sum += Math.exp(level + logs[i] - (x - nodes[i]) * (x - nodes[i]) / (2 * t * epsilon));
                }
                return sum / Math.sqrt(2 * Math.PI * t * epsilon);
            };
            total.equal(1, Quadrature.line(density, -20, 20, 1000));
            centre.equal(t * meanTarget, Quadrature.line(x -> x * density.applyAsDouble(x), -20, 20, 1000));
        }
        total.relative();
        centre.relative();
        return checks.rows();
    }
}
