package org.pontoon.validation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.KernelNorm;
import org.pontoon.engine.transport.Loss;
import org.pontoon.engine.transport.LossGradient;
import org.pontoon.engine.transport.MixtureLikelihood;
import org.pontoon.engine.transport.PairKernel;
import org.pontoon.engine.transport.Precision;
import org.pontoon.engine.transport.Sinkhorn;
import org.pontoon.engine.transport.SinkhornOptions;
import org.pontoon.engine.transport.SinkhornResult;
import org.pontoon.engine.transport.SoftHausdorff;

/** Kernel norms, likelihood, Hausdorff and Sinkhorn: golden values, Gaussian closed forms, laws, derivatives and the slow cases. */
final class TransportChecks {

    private static final double INFINITY = Double.POSITIVE_INFINITY;
    /** float64 with golden values of twelve digits. */
    private static final double GOLDEN = 1e-11;
    private static final double SINGLE = 1e-5;
    /** Weights are float32: sums that should be 1 are off by some 2^-24. */
    private static final double WEIGHTS = 2e-7;

    private TransportChecks() {
    }

    static List<Check> all(long seed, TileScheduler scheduler) {
        List<Check> rows = new ArrayList<>();
        for (Precision precision : Precision.values()) {
            rows.addAll(golden(precision, scheduler));
        }
        rows.addAll(gaussians(scheduler));
        for (Precision precision : Precision.values()) {
            rows.addAll(laws(precision, seed, scheduler));
        }
        rows.addAll(derivatives(seed, scheduler));
        rows.addAll(slow(scheduler));
        return rows;
    }

    private static SinkhornOptions.Builder options(Precision precision, int p, double blur, double reach) {
        return SinkhornOptions.builder().p(p).blur(blur).reach(reach).precision(precision).maxIterations(20_000)
            .tolerance(precision == Precision.FLOAT64 ? 1e-12 : 2e-6);
    }

    private static PointCloud cloud(int dimension, double[] rows, double... weights) {
        PointCloud cloud = RandomProblem.cloud(rows, dimension);
        if (weights.length > 0) {
            float[] values = new float[weights.length];
            for (int n = 0; n < values.length; n++) {
                values[n] = (float) weights[n];
            }
            cloud.withWeights(values);
        }
        return cloud;
    }

    /** Three points against two in the plane, with weights that are not uniform; values from an independent float64 computation. */
    static List<Check> golden(Precision precision, TileScheduler scheduler) {
        Checks checks = new Checks("Golden values " + precision.name().toLowerCase(Locale.ROOT));
        double bound = precision == Precision.FLOAT64 ? GOLDEN : SINGLE;
        double rough = Math.max(bound, 1e-9);
        try (PointCloud x = cloud(2, new double[] {0, 0, 1, 0, 0, 1}, .5, .25, .25); PointCloud y = cloud(2, new double[] {1, 1, .5, .5},
            .75, .25); PointCloud pair = cloud(1, new double[] {0, 1})) {
            LossGradient energy = new KernelNorm(PairKernel.energy(), precision).gradient(x, y, scheduler);
            checks.equal("energy, half the distance", 0.6111359120657514, energy.value(), bound);
            gradient(checks, "energy, gradient", energy, -.22855339059327, -.125, -.1875, bound);
            LossGradient gaussian = new KernelNorm(PairKernel.gaussian(0.5), precision).gradient(x, y, scheduler);
            checks.equal("Gaussian kernel, s = 0.5", 0.4543669873694789, gaussian.value(), bound);
            gradient(checks, "Gaussian kernel, gradient", gaussian, -.05177567700766, -.02626162119406, -.14290748285171, bound);
            checks.equal("mixture likelihood, s = 0.5", 2.1746643771377294, new MixtureLikelihood(0.5, precision).value(x, y, scheduler),
                bound);
            double[][] cases = {{2, .5, INFINITY, .603149625614, .458753988350, -.3568821663, -.0327669126, -.2353509211},
                {2, .1, INFINITY, .564657615543, .556647335966, -.375, 0, -.25},
                {1, .5, INFINITY, 1.074163651222, .769744158117, -.3143502768, -.0167196588, -.2289230600},
                {2, .5, .5, .377674308405, .252068535140, -.0889628523, -.0114454099, -.1307993657}};
            for (double[] c : cases) {
                SinkhornOptions.Builder options = options(precision, (int) c[0], c[1], c[2]);
                String name = String.format(Locale.ROOT, "p = %d, blur = %s%s", (int) c[0], c[1],
                    c[2] < INFINITY ? ", reach = " + c[2] : "");
                checks.equal("entropic transport, " + name, c[3],
                    new Sinkhorn(options.debias(false).build()).value(x, y, scheduler), bound);
                LossGradient divergence = new Sinkhorn(options.debias(true).build()).gradient(x, y, scheduler);
                checks.equal("Sinkhorn divergence, " + name, c[4], divergence.value(), bound);
                gradient(checks, "its gradient, " + name, divergence, c[5], c[6], c[7], rough);
            }
            double[][] twoPoints = {{INFINITY, .3798854930417}, {1, .3568172160491}};
            for (double[] c : twoPoints) {
                checks.equal("two points, rho " + (c[0] < INFINITY ? "1" : "infinite"), c[1],
                    new Sinkhorn(options(precision, 1, 1, c[0]).debias(false).build()).value(pair, pair, scheduler), bound);
            }
        }
        return checks.rows();
    }

    private static void gradient(Checks checks, String name, LossGradient got, double diagonal, double along, double across, double bound) {
        checks.worst(name, bound).equal(new double[] {diagonal, diagonal, along, across, across, along}, got.points()).relative();
    }

    /** Gaussian measures on grids so fine that sums are integrals to far below the rounding of the weights. */
    static List<Check> gaussians(TileScheduler scheduler) {
        Checks checks = new Checks("Sinkhorn between Gaussians");
        double[] zero = {0};
        double[] one = {1};
        double[] half = {0.5};
        double[] narrow = {0.64};
        double epsilon = 0.36;
        checks.equal("quadratic recursion against the closed form, line", GaussianTransport.balancedCost(epsilon, zero, one, half, narrow),
            new GaussianTransport(epsilon, zero, one, 1, INFINITY, half, narrow, 1, INFINITY).cost(), 1e-13);
        double[] m0 = {0.3, -0.2};
        double[] m1 = {-0.4, 0.5};
        double[] a = {1.1, 0.3, 0.3, 0.7};
        double[] b = {0.8, -0.2, -0.2, 1.2};
        checks.equal("quadratic recursion against the closed form, plane", GaussianTransport.balancedCost(0.8, m0, a, m1, b),
            new GaussianTransport(0.8, m0, a, 1, INFINITY, m1, b, 1, INFINITY).cost(), 1e-13);
        checks.equal("quadratic recursion against a float64 grid of 180 points", .97779443372 / 2,
            new GaussianTransport(epsilon, zero, one, 1, INFINITY, half, narrow, 1, INFINITY).cost(), 1e-7);
        try (PointCloud x = grid(zero, one, 1, 7.5, 70); PointCloud y = grid(half, narrow, 1, 6.5, 70);
                PointCloud heavy = grid(half, narrow, 1.7, 6.5, 70)) {
            compare(checks, "line, balanced", x, zero, one, 1, INFINITY, y, half, narrow, 1, INFINITY, epsilon, scheduler);
            compare(checks, "line, unbalanced, masses 1 and 1.7", x, zero, one, 1, 1.2, heavy, half, narrow, 1.7, 1.2, epsilon, scheduler);
            compare(checks, "line, first marginal hard", x, zero, one, 1, INFINITY, heavy, half, narrow, 1.7, 0.8, epsilon, scheduler);
        }
        try (PointCloud x = grid(m0, a, 1, 6.2, 20); PointCloud y = grid(m1, b, 1, 6.4, 20);
                PointCloud light = grid(m1, b, 0.6, 6.4, 20)) {
            compare(checks, "plane, balanced", x, m0, a, 1, INFINITY, y, m1, b, 1, INFINITY, 0.8, scheduler);
            compare(checks, "plane, unbalanced, masses 1 and 0.6", x, m0, a, 1, 2, light, m1, b, 0.6, 2, 0.8, scheduler);
        }
        return checks.rows();
    }

    private static void compare(Checks checks, String name, PointCloud x, double[] m0, double[] a, double massX, double rhoX, PointCloud y,
            double[] m1, double[] b, double massY, double rhoY, double epsilon, TileScheduler scheduler) {
        SinkhornOptions.Builder options = SinkhornOptions.builder().blur(Math.sqrt(epsilon)).reachX(Math.sqrt(rhoX)).reachY(Math.sqrt(rhoY))
            .precision(Precision.FLOAT64).tolerance(1e-11).maxIterations(5000);
        GaussianTransport truth = new GaussianTransport(epsilon, m0, a, massX, rhoX, m1, b, massY, rhoY);
        Sinkhorn solver = new Sinkhorn(options.debias(false).build());
        SinkhornResult result = solver.solve(x, y, scheduler);
        checks.equal("cost, " + name, truth.cost(), result.value(), WEIGHTS);
        checks.equal("mass of the plan, " + name, truth.mass(), Arrays.stream(solver.plan(x, y, result, scheduler).rowSums()).sum(),
            WEIGHTS);
        Checks.Worst potential = checks.worst("potential within two deviations, " + name, WEIGHTS * 10);
        boolean free = rhoX == INFINITY && rhoY == INFINITY;
        double[] point = new double[m0.length];
        double offset = Double.NaN;
        for (int n = 0; n < x.size(); n++) {
            double distance = 0;
            for (int d = 0; d < point.length; d++) {
                point[d] = x.get(n, d);
                distance = Math.max(distance, Math.abs(point[d] - m0[d]));
            }
            if (distance <= 2) {
                double expected = truth.potential(point);
                if (Double.isNaN(offset)) {
                    // between hard marginals potentials have a free constant
                    offset = free ? expected - result.f()[n] : 0;
                }
                potential.equal(expected, result.f()[n] + offset);
            }
        }
        potential.relative();
        if (rhoX == rhoY) {
            checks.equal("divergence, " + name, GaussianTransport.divergence(epsilon, m0, a, massX, m1, b, massY, rhoX),
                new Sinkhorn(options.debias(true).build()).value(x, y, scheduler), WEIGHTS);
        }
    }

    /** A Gaussian measure as points of a regular grid with the density for weights. */
    private static PointCloud grid(double[] mean, double[] covariance, double mass, double extent, int perSide) {
        int n = mean.length;
        int size = n == 1 ? perSide : perSide * perSide;
        double[] rows = new double[size * n];
        double[] weights = new double[size];
        double[] precision = Matrices.rows(Matrices.inverse(Matrices.of(covariance, n, n)));
        double total = 0;
        for (int k = 0; k < size; k++) {
            double[] z = new double[n];
            for (int d = 0; d < n; d++) {
                int index = d == 0 ? k % perSide : k / perSide;
                rows[k * n + d] = (float) (mean[d] + extent * (2.0 * index / (perSide - 1) - 1));
                z[d] = rows[k * n + d] - mean[d];
            }
            double form = 0;
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    form += z[i] * precision[i * n + j] * z[j];
                }
            }
            weights[k] = Math.exp(-form / 2);
            total += weights[k];
        }
        for (int k = 0; k < size; k++) {
            weights[k] *= mass / total;
        }
        return cloud(n, rows, weights);
    }

    /** What holds for any clouds. */
    static List<Check> laws(Precision precision, long seed, TileScheduler scheduler) {
        Checks checks = new Checks("Laws of transport " + precision.name().toLowerCase(Locale.ROOT));
        double bound = precision == Precision.FLOAT64 ? 1e-9 : SINGLE;
        Checks.Worst shifted = checks.worst("S(a, a + d) = |d|^2 / 2, blurs and weights, D = 1 to 20", bound);
        Checks.Worst pull = checks.worst("its gradient is -a_i d", bound);
        Checks.Worst symmetric = checks.worst("S(a, b) = S(b, a)", bound);
        Checks.Worst scaled = checks.worst("S of lengths times c is c^p S", bound);
        double self = 0;
        double least = INFINITY;
        int[] dimensions = {1, 2, 3, 7, 20};
        for (int i = 0; i < dimensions.length; i++) {
            int dimension = dimensions[i];
            RandomProblem random = new RandomProblem(seed, 40 + i);
            int size = 30;
            // coordinates of few bits: the shift is exact
            double[] rows = coarse(random.normals(size * dimension, 1));
            double[] shift = coarse(random.normals(dimension, 1));
            double[] weights = normalised(random.uniforms(size, 0.2, 1));
            double[] moved = new double[rows.length];
            double[] movedWeights = new double[size];
            double square = 0;
            for (double s : shift) {
                square += s * s / 2;
            }
            double mass = 0;
            for (double w : weights) {
                mass += (float) w;
            }
            for (int n = 0; n < size; n++) {
                // in another order: the solver is not to see that the clouds are the same
                int to = (n + 11) % size;
                movedWeights[to] = weights[n];
                for (int d = 0; d < dimension; d++) {
                    moved[to * dimension + d] = rows[n * dimension + d] + shift[d];
                }
            }
            double blur = 0.5 * Math.sqrt(dimension) * (1 + i % 3);
            try (PointCloud x = cloud(dimension, rows, weights); PointCloud y = cloud(dimension, moved, movedWeights);
                    PointCloud same = cloud(dimension, shifted(moved, shift), movedWeights);
                    PointCloud other = cloud(dimension, coarse(random.normals(40 * dimension, 1.3)),
                        normalised(random.uniforms(40, 0.2, 1)))) {
                Loss divergence = new Sinkhorn(options(precision, 2, blur, INFINITY).build());
                LossGradient translation = divergence.gradient(x, y, scheduler);
                // float32 weights whose sum is 1 but for their rounding are taken for such of sum 1
                shifted.equal(square, translation.value());
                for (int k = 0; k < rows.length; k++) {
                    pull.equal(-x.weight(k / dimension) / mass * shift[k % dimension], translation.points()[k]);
                }
                for (int p = 1; p <= 2; p++) {
                    Loss relaxed = new Sinkhorn(options(precision, p, blur, 2).build());
                    double there = relaxed.value(x, other, scheduler);
                    symmetric.equal(there, relaxed.value(other, x, scheduler));
                    least = Math.min(least, there);
                    try (PointCloud x2 = times(x, 3); PointCloud other2 = times(other, 3)) {
                        Loss larger = new Sinkhorn(options(precision, p, 3 * blur, 6).build());
                        scaled.equal(Math.pow(3, p) * there, larger.value(x2, other2, scheduler));
                    }
                    self = Math.max(self, Math.abs(relaxed.value(x, same, scheduler)));
                }
            }
        }
        shifted.relative();
        pull.relative();
        symmetric.relative();
        scaled.relative();
        checks.residual("S(a, a) in another order", self, bound / 10);
        checks.residual("S(a, b) below 0", Math.max(0, -least), 0);
        return checks.rows();
    }

    private static PointCloud times(PointCloud cloud, double factor) {
        double[] rows = new double[cloud.size() * cloud.dimension()];
        double[] weights = new double[cloud.size()];
        for (int k = 0; k < rows.length; k++) {
            rows[k] = factor * cloud.get(k / cloud.dimension(), k % cloud.dimension());
        }
        Arrays.setAll(weights, cloud::weight);
        return cloud(cloud.dimension(), rows, weights);
    }

    private static double[] shifted(double[] rows, double[] back) {
        double[] result = rows.clone();
        Arrays.setAll(result, k -> rows[k] - back[k % back.length]);
        return result;
    }

    private static double[] coarse(double[] values) {
        return Arrays.stream(values).map(v -> Math.rint(v * 1024) / 1024).toArray();
    }

    private static double[] normalised(double[] values) {
        double sum = Arrays.stream(values).sum();
        return Arrays.stream(values).map(v -> v / sum).toArray();
    }

    /** Gradients by finite differences of the values, at points and weights that are float32, so with long steps. */
    static List<Check> derivatives(long seed, TileScheduler scheduler) {
        Checks checks = new Checks("Gradients of losses");
        Precision precision = Precision.FLOAT64;
        RandomProblem random = new RandomProblem(seed, 50);
        double[] rows = coarse(random.normals(5 * 2, 1));
        double[] weights = {0x1.2p-3, 0x1.8p-2, 0x1.2p-3, 0x1p-3, 0x1.cp-3};
        try (PointCloud y = cloud(2, coarse(random.normals(6 * 2, 1)), normalised(random.uniforms(6, 0.2, 1)))) {
            List<Loss> losses = List.of(new KernelNorm(PairKernel.energy(), precision),
                new KernelNorm(PairKernel.gaussian(0.7), precision), new KernelNorm(PairKernel.laplacian(0.7), precision),
                new KernelNorm(PairKernel.inverseMultiquadric(0.7), precision), new MixtureLikelihood(0.7, precision),
                new SoftHausdorff(1, 0.7, precision), new SoftHausdorff(2, 0.7, precision),
                new Sinkhorn(options(precision, 1, 0.7, INFINITY).build()), new Sinkhorn(options(precision, 2, 0.7, INFINITY).build()),
                new Sinkhorn(options(precision, 2, 0.7, 1).build()), new Sinkhorn(options(precision, 2, 0.7, 1).debias(false).build()));
            String[] names = {"energy", "Gaussian", "Laplacian", "inverse multiquadric", "mixture likelihood", "Hausdorff p = 1",
                "Hausdorff p = 2", "Sinkhorn p = 1", "Sinkhorn p = 2", "Sinkhorn p = 2, reach 1", "unbalanced transport p = 2, reach 1"};
            for (int k = 0; k < names.length; k++) {
                Loss loss = losses.get(k);
                double[] numeric = FiniteDifferences.gradient(at -> {
                    try (PointCloud x = cloud(2, at, weights)) {
                        return loss.value(x, y, scheduler);
                    }
                }, rows, 0x1p-9);
                try (PointCloud x = cloud(2, rows, weights)) {
                    LossGradient gradient = loss.gradient(x, y, scheduler);
                    checks.worst(names[k] + ", points", 1e-6).equal(numeric, gradient.points()).relative();
                    Checks.Worst byWeight = checks.worst(names[k] + ", weights", 1e-6);
                    for (int i = 0; i + 1 < weights.length; i++) {
                        byWeight.equal(alongWeights(loss, rows, weights, i, y, scheduler),
                            gradient.weights()[i] - gradient.weights()[i + 1]);
                    }
                    byWeight.relative();
                }
            }
        }
        return checks.rows();
    }

    /** By moving mass from a point to its predecessor, which balanced transport allows. */
    private static double alongWeights(Loss loss, double[] rows, double[] weights, int to, PointCloud y, TileScheduler scheduler) {
        return FiniteDifferences.derivative(mass -> {
            double[] changed = weights.clone();
            changed[to] += mass;
            changed[to + 1] -= mass;
            try (PointCloud x = cloud(2, rows, changed)) {
                return loss.value(x, y, scheduler);
            }
        }, 0, 0x1p-10);
    }

    /** Problems on which plain alternation, or annealing alone, is still far off after thousands of iterations. */
    static List<Check> slow(TileScheduler scheduler) {
        Checks checks = new Checks("Slow Sinkhorn problems");
        try (PointCloud x = cloud(1, new double[] {0, 1}); PointCloud y = cloud(1, new double[] {0, 1, 2, 3})) {
            Sinkhorn solver = new Sinkhorn(options(Precision.FLOAT64, 2, Math.sqrt(0.05), INFINITY).debias(false).build());
            SinkhornResult result = solver.solve(x, y, scheduler);
            checks.equal("blocks coupled by e^-10: twice the linear cost", 1.5000226989, 2 * result.linearCost(), 1e-9);
            checks.residual("its column error", columnError(solver, x, y, result, scheduler), 1e-9);
        }
        // |x - y|^2 / 2 is the table's cost [[0, 1, 4], [2, 1, 0]] but for a function of y with the mean 25/2
        try (PointCloud x = cloud(1, new double[] {0, 1}, 2, 2); PointCloud y = cloud(1, new double[] {-1.5, .5, 4.5}, 1, 1, 2)) {
            for (double epsilon : new double[] {.001, .05}) {
                Sinkhorn solver = new Sinkhorn(options(Precision.FLOAT64, 2, Math.sqrt(epsilon), INFINITY).debias(false).build());
                SinkhornResult result = solver.solve(x, y, scheduler);
                checks.equal("mass 4, epsilon " + epsilon + ": cost", 1 + epsilon * (12 - 4 * Math.log(2)), result.value() - 12.5, 1e-8);
                checks.residual("its column error, epsilon " + epsilon, columnError(solver, x, y, result, scheduler), 1e-9);
            }
        }
        return checks.rows();
    }

    private static double columnError(Sinkhorn solver, PointCloud x, PointCloud y, SinkhornResult result, TileScheduler scheduler) {
        double[] sums = solver.plan(x, y, result, scheduler).columnSums();
        double error = 0;
        double mass = 0;
        for (int j = 0; j < sums.length; j++) {
            double weight = y.mass(j);
            error += Math.abs(sums[j] - weight);
            mass += weight;
        }
        return error / mass;
    }
}
