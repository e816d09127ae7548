package org.pontoon.engine.flow.jko;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.flow.Flow;
import org.pontoon.engine.flow.FlowOptions;
import org.pontoon.engine.flow.FlowResult;
import org.pontoon.engine.flow.Functional;
import org.pontoon.engine.flow.InteractionEnergy;
import org.pontoon.engine.flow.Moments;
import org.pontoon.engine.flow.Potential;
import org.pontoon.engine.flow.PotentialEnergy;
import org.pontoon.engine.flow.Runs;
import org.pontoon.engine.flow.Scheme;
import org.pontoon.engine.internal.particle.Columns;
import org.pontoon.engine.internal.particle.Directions;
import org.pontoon.engine.internal.particle.SlicedMatching;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.random.CounterRandom;
import org.pontoon.engine.transport.KernelEntropy;
import org.pontoon.engine.transport.LossGradient;
import org.pontoon.engine.transport.Precision;

/** The example of the authors' notebook, m_0 = (2, 2), S_0 = 4 I, A = I, tau = 0.1, and others. */
class SwJkoTest {

    private static final double[] UNIT = {1, 0, 0, 1};
    private static final double[] ORIGIN = {0, 0};
    private static final TileScheduler SCHEDULER = new TileScheduler(2);

    @AfterAll
    static void close() {
        SCHEDULER.close();
    }

    private static SwJkoOptions options(int directions, int iterations, double tolerance) {
        return new SwJkoOptions(directions, iterations, tolerance, 1);
    }

    @ParameterizedTest
    @CsvSource({"5, 0.803755, 1.518921, -1.090934", "10, 0.323011, 1.094215, -1.729363", "20, 0.0521681, 1.003237, -1.835150",
        "40, 0.00136076, 1.0000039, -1.837875"})
    void affineFlowHasTheReferenceValues(int steps, double mean, double variance, double functional) {
        SwJkoGaussian flow = new SwJkoGaussian(new double[] {2, 2}, new double[] {4, 0, 0, 4}, Potential.quadratic(UNIT, ORIGIN),
            options(64, 50, 1e-13));
        FlowResult result = Runs.of(flow, 0.2, steps);
        assertThat(result.unconverged()).isZero();
        assertThat(flow.mean()).containsExactly(new double[] {mean, mean}, within(1e-6));
        assertThat(flow.covariance()).containsExactly(new double[] {variance, 0, 0, variance}, within(1e-6));
        assertThat(result.values()[steps]).isCloseTo(functional, within(1e-6));
        assertThat(result.times()[steps]).isCloseTo(0.2 * steps, within(1e-12));
        try (PointCloud state = result.last().toCloud()) {
            assertThat(state.size()).isEqualTo(4);
            assertThat(Moments.of(state).mean()).containsExactly(flow.mean(), within(1e-6));
            assertThat(Moments.of(state).covariance()).containsExactly(flow.covariance(), within(1e-6));
        }
    }

    /** Isotropic in any dimension: the JKO scheme with steps of D tau. */
    @Test
    void isotropicStepsAreThoseOfTheWassersteinScheme() {
        double[] matrix = new double[25];
        double[] covariance = new double[25];
        for (int d = 0; d < 5; d++) {
            matrix[6 * d] = 0.7;
            covariance[6 * d] = 2.25;
        }
        SwJkoGaussian flow = new SwJkoGaussian(new double[] {1, 2, 3, 4, 5}, covariance, Potential.quadratic(matrix, new double[5]),
            options(10, 50, 1e-13));
        double s = 1.5;
        for (int k = 0; k < 7; k++) {
            s = (s + Math.sqrt(s * s + 4 * 0.5 * (1 + 0.5 * 0.7))) / (2 * (1 + 0.5 * 0.7));
        }
        Runs.of(flow, 0.5, 7);
        assertThat(flow.covariance()[6]).isCloseTo(s * s, within(1e-12));
        assertThat(flow.mean()[4]).isCloseTo(5 * Math.pow(1 / 1.35, 7), within(1e-12));
    }

    /** The residual of the first-order condition at other angles than the scheme's own. */
    @Test
    void anisotropicCovarianceSolvesItsEquation() {
        double[] matrix = {2, 0.6, 0.6, 0.4};
        double[] start = {1, -0.3, -0.3, 2};
        SwJkoGaussian flow = new SwJkoGaussian(ORIGIN, start, Potential.quadratic(matrix, ORIGIN), options(96, 50, 1e-13));
        Runs.of(flow, 0.2, 1);
        double[] s = flow.covariance();
        double determinant = s[0] * s[3] - s[1] * s[2];
        double[] residual = {matrix[0] - s[3] / determinant, matrix[1] + s[1] / determinant, matrix[2] + s[2] / determinant,
            matrix[3] - s[0] / determinant};
        double[] angles = Directions.angles(1000, 0.3);
        for (int l = 0; l < 1000; l++) {
            double x = angles[2 * l];
            double y = angles[2 * l + 1];
            double ratio = Math.sqrt((x * x * start[0] + 2 * x * y * start[1] + y * y * start[3])
                / (x * x * s[0] + 2 * x * y * s[1] + y * y * s[3]));
            double factor = (1 - ratio) / (0.1 * 1000);
            residual[0] += factor * x * x;
            residual[1] += factor * x * y;
            residual[2] += factor * x * y;
            residual[3] += factor * y * y;
        }
        assertThat(residual).containsExactly(new double[4], within(1e-11));
    }

    /** To the end of the notebook's example: mean and every entry of the covariance within 1 % of the exact scheme's, the energy, too. */
    @Test
    void particlesFollowTheGaussianFlow() {
        PointCloud start = Moments.normals(600, 2, 2, 2, 1);
        Functional functional = freeEnergy(Potential.quadratic(UNIT, ORIGIN), 600);
        Moments first = Moments.of(start);
        SwJkoGaussian exact = new SwJkoGaussian(first.mean(), first.covariance(), Potential.quadratic(UNIT, ORIGIN),
            options(64, 50, 1e-12));
        GaussianStates expected = new GaussianStates(exact, 0.2, 40);
        try (start; SwJkoParticles flow = new SwJkoParticles(start, functional, options(60, 40, 1e-4), SCHEDULER)) {
            FlowResult result = new Flow(FlowOptions.builder().stepSize(0.2).steps(40).snapshotTimes(times(0.2, 40)).build()).run(flow,
                Progress.NONE);
            for (int k = 1; k <= 40; k++) {
                // near the end each step gains less than the residual
                assertThat(result.values()[k]).isLessThan(result.values()[k - 1] + 1e-6);
                try (PointCloud now = result.snapshots().get(k).toUnweightedCloud()) {
                    Moments moments = Moments.of(now);
                    double variance = expected.covariances.get(k)[0];
                    assertThat(moments.mean()).containsExactly(expected.means.get(k), within(1e-2 * Math.sqrt(variance)));
                    assertThat(moments.covariance()).containsExactly(expected.covariances.get(k), within(1e-2 * variance));
                }
            }
            assertThat(result.values()[40]).isCloseTo(exact.functional(), within(1e-2));
        }
    }

    private static List<Double> times(double step, int steps) {
        return IntStream.rangeClosed(0, steps).mapToObj(k -> k * step).toList();
    }

    /** Moments of all states of a flow among Gaussians. */
    private static final class GaussianStates {

        private final List<double[]> means = new ArrayList<>();
        private final List<double[]> covariances = new ArrayList<>();

        GaussianStates(SwJkoGaussian flow, double step, int steps) {
            new Flow(FlowOptions.of(step, steps)).run(flow, (done, total) -> {
                means.add(flow.mean());
                return covariances.add(flow.covariance());
            });
        }
    }

    /** Kernels hardly overlap there; what is left are 500 points, which match their own past as 12 dimensions let them. */
    @Test
    void particlesInManyDimensionsFollowTheGaussianFlow() {
        int dimension = 12;
        double[] matrix = new double[dimension * dimension];
        for (int d = 0; d < dimension; d++) {
            for (int e = 0; e < dimension; e++) {
                matrix[d * dimension + e] = (d == e ? 0.2 : 0) + 1.0;
            }
        }
        PointCloud start = Moments.normals(500, dimension, 0, 1, 2);
        Moments first = Moments.of(start);
        SwJkoOptions options = new SwJkoOptions(96, 60, 1e-3, 1);
        SwJkoGaussian exact = new SwJkoGaussian(first.mean(), first.covariance(), Potential.quadratic(matrix, new double[dimension]),
            options);
        try (start; SwJkoParticles flow = new SwJkoParticles(start, freeEnergy(Potential.quadratic(matrix, new double[dimension]), 500),
            options, SCHEDULER)) {
            Runs.of(exact, 0.1, 9);
            try (PointCloud end = Runs.end(flow, 0.1, 9)) {
                assertThat(Moments.of(end).covariance()).containsExactly(exact.covariance(), within(6e-2));
            }
        }
    }

    private static Functional freeEnergy(Potential potential, int size) {
        KernelEntropy entropy = KernelEntropy.whitened(KernelEntropy.scottBandwidth(1, size, potential.dimension()), Precision.FLOAT32);
        return Functional.weightedSum(List.<Functional>of(new PotentialEnergy(potential), x -> entropy.gradient(x, SCHEDULER)), 1, 1);
    }

    /** Without entropy, one step of the potential alone is the exact proximal one: x / (1 + D tau a). */
    @Test
    void particlesInAPotentialAloneContract() {
        try (PointCloud start = Moments.normals(300, 3, 1, 1, 4);
                SwJkoParticles flow = new SwJkoParticles(start,
                    new PotentialEnergy(Potential.quadratic(new double[] {2, 0, 0, 0, 2, 0, 0, 0, 2}, new double[3])),
                    options(30, 200, 1e-7), SCHEDULER)) {
            FlowResult result = Runs.of(flow, 0.3, 1);
            assertThat(result.unconverged()).isZero();
            try (PointCloud end = result.last().toUnweightedCloud()) {
                for (int n = 0; n < 300; n++) {
                    assertThat(end.get(n, 1)).isCloseTo(start.get(n, 1) / 1.6f, within(1e-5f));
                }
            }
        }
    }

    @Test
    void gridFollowsTheGaussianFlow() {
        Grid grid = Grid.cube(2, -5, 8, 50);
        double[] c = grid.centres();
        double[] weights = new double[grid.size()];
        Arrays.setAll(weights, i -> Math.exp(-((c[i] - 2) * (c[i] - 2) + (c[weights.length + i] - 2) * (c[weights.length + i] - 2)) / 4.5));
        SwJkoGaussian exact = new SwJkoGaussian(new double[] {2, 2}, new double[] {2.25, 0, 0, 2.25}, Potential.quadratic(UNIT, ORIGIN),
            options(64, 50, 1e-12));
        SwJkoGrid flow = new SwJkoGrid(grid, weights, Potential.quadratic(UNIT, ORIGIN), options(32, 60, 1e-4), SCHEDULER);
        Runs.of(exact, 0.2, 6);
        FlowResult result = Runs.of(flow, 0.2, 6);
        assertThat(result.unconverged()).isZero();
        for (int k = 2; k <= 6; k++) {
            assertThat(result.values()[k]).isLessThan(result.values()[k - 1]);
        }
        assertThat(flow.mean()).containsExactly(exact.mean(), within(1e-2));
        // cells of 0.26
        assertThat(flow.covariance()).containsExactly(exact.covariance(), within(3e-2));
        assertThat(result.values()[6]).isCloseTo(exact.functional(), within(1e-2));
        assertThat(result.last().weights()).isEqualTo(flow.weights());
        assertThat(result.last().points()[1]).isEqualTo((float) c[grid.size()]);
        assertThat(Arrays.stream(flow.weights()).sum()).isCloseTo(1, within(1e-12));
    }

    /** What the moments and pairs of atoms in the cells' middles have. */
    @Test
    void interactionOfAGridIsThatOfItsCells() {
        Grid grid = new Grid(List.of(-1.0, 0.0, 0.0), List.of(1.0, 3.0, 0.5), List.of(4, 5, 3));
        double[] weights = random(grid.size(), 5);
        double[] c = grid.centres();
        float[] rows = new float[3 * 60];
        float[] masses = new float[60];
        for (int i = 0; i < 60; i++) {
            masses[i] = (float) weights[i];
            weights[i] = masses[i];
            for (int d = 0; d < 3; d++) {
                rows[3 * i + d] = (float) c[60 * d + i];
            }
        }
        double[] found = new double[60];
        try (PointCloud cloud = PointCloud.ofRows(rows, 60, 3).withWeights(masses)) {
            for (InteractionEnergy.Kernel kernel : InteractionEnergy.Kernel.values()) {
                new GridInteraction(grid, kernel, SCHEDULER).potential(weights, found);
                double[] expected = InteractionEnergy.of(kernel, SCHEDULER).at(cloud).weights();
                for (int i = 0; i < 60; i++) {
                    double own = kernel == InteractionEnergy.Kernel.LOGARITHMIC ? weights[i] * logWithinCell(0.5, 0.6, 1 / 6.0) : 0;
                    assertThat(found[i] - own).isCloseTo(expected[i], within(own == 0 ? 1e-6 : 3e-4));
                }
            }
        }
    }

    /** {@code E |z|^2 / 2 - log |z|} of the difference of two uniform points, sampled. */
    private static double logWithinCell(double... widths) {
        double sum = 0;
        int count = 20_000;
        for (int k = 0; k < count; k++) {
            double square = 0;
            for (int d = 0; d < widths.length; d++) {
                double gap = widths[d] * (CounterRandom.uniform(9, 6L * k + 2 * d) - CounterRandom.uniform(9, 6L * k + 2 * d + 1));
                square += gap * gap;
            }
            sum += 0.5 * (square - Math.log(square));
        }
        return sum / count;
    }

    /** The scheme's energy falls, and it ends where {@code lambda log rho + W * rho} is constant. */
    @Test
    void gridWithInteractionEndsAtItsGibbsMeasure() {
        Grid grid = Grid.cube(1, -1.5, 1.5, 60);
        double lambda = 0.1;
        double[] start = Arrays.stream(grid.centres()).map(x -> Math.exp(-(x - 0.1) * (x - 0.1) / 0.3)).toArray();
        SwJkoGrid flow = new SwJkoGrid(grid, start, null, InteractionEnergy.Kernel.QUARTIC, lambda, new SwJkoOptions(1, 200, 1e-5, 1),
            SCHEDULER);
        double[] energies = Runs.of(flow, 1, 40).values();
        for (int k = 1; k <= 40; k++) {
            assertThat(energies[k]).isLessThan(energies[k - 1] + 1e-9);
        }
        double[] weights = flow.weights();
        double[] potential = new double[60];
        new GridInteraction(grid, InteractionEnergy.Kernel.QUARTIC, SCHEDULER).potential(weights, potential);
        double level = lambda * Math.log(weights[30]) + potential[30];
        for (int i = 10; i < 50; i++) {
            assertThat(lambda * Math.log(weights[i]) + potential[i]).isCloseTo(level, within(5e-3));
        }
        assertThat(flow.mean()[0]).isCloseTo(0.1, within(1e-2));
    }

    /** On the line the scheme is the Wasserstein one. */
    @Test
    void gridOnTheLineIsTheWassersteinScheme() {
        Grid grid = Grid.cube(1, -8, 8, 400);
        double[] c = grid.centres();
        SwJkoGrid flow = new SwJkoGrid(grid, Arrays.stream(c).map(x -> Math.exp(-x * x / 4.5)).toArray(),
            Potential.quadratic(new double[] {1}, new double[1]), options(1, 100, 1e-6), SCHEDULER);
        double s = 1.5;
        for (int k = 0; k < 5; k++) {
            s = (s + Math.sqrt(s * s + 0.4 * 1.1)) / 2.2;
        }
        assertThat(Runs.of(flow, 0.1, 5).unconverged()).isZero();
        assertThat(flow.covariance()[0]).isCloseTo(s * s, within(2e-3));
    }

    @Test
    void derivativeOfTheGridsDistanceIsThatOfItsValue() {
        Grid grid = Grid.cube(2, 0, 1, 6);
        int n = grid.size();
        GridTransport transport = new GridTransport(grid.centres(), 2, grid.leastWidth(), Directions.of(2, 7, 3), SCHEDULER);
        double[] a = random(n, 1);
        double[] b = random(n, 2);
        double[] derivative = new double[n];
        double[] other = new double[n];
        assertThat(transport.distance(a, b, derivative)).isGreaterThan(0);
        double h = 1e-6;
        for (int i = 1; i < n; i++) {
            // mass moves between cells, so that the sum stays 1
            a[i] += h;
            a[0] -= h;
            double above = transport.distance(a, b, other);
            a[i] -= 2 * h;
            a[0] += 2 * h;
            double below = transport.distance(a, b, other);
            a[i] += h;
            a[0] -= h;
            assertThat(derivative[i] - derivative[0]).isCloseTo((above - below) / (2 * h), within(1e-6));
        }
        assertThat(transport.distance(b, b, derivative)).isCloseTo(0, within(1e-15));
        for (double value : derivative) {
            assertThat(value).isCloseTo(derivative[0], within(1e-12));
        }
    }

    private static double[] random(int n, long seed) {
        double[] weights = new double[n];
        Arrays.setAll(weights, i -> 0.1 + CounterRandom.uniform(seed, i));
        double sum = Arrays.stream(weights).sum();
        Arrays.setAll(weights, i -> weights[i] / sum);
        return weights;
    }

    /** The gradient in the points, {@code 2 / N (x / D - b)}, with targets of as many points and of fewer. */
    @ParameterizedTest
    @ValueSource(ints = {40, 24})
    void gradientOfTheSlicedDistanceIsThatOfItsValue(int targetSize) {
        try (PointCloud x = Moments.normals(40, 3, 0, 1, 1); PointCloud y = Moments.normals(targetSize, 3, 1, 2, 2)) {
            SlicedMatching matching = new SlicedMatching(40, 3, Directions.of(3, 9, 5), SCHEDULER);
            matching.target(Columns.of(y));
            double[] points = Columns.of(x);
            double[] pull = new double[points.length];
            double[] other = new double[points.length];
            matching.match(points, pull);
            for (int k = 0; k < points.length; k += 7) {
                double h = 1e-6;
                points[k] += h;
                double above = matching.match(points, other);
                points[k] -= 2 * h;
                double below = matching.match(points, other);
                points[k] += h;
                assertThat(2.0 / 40 * (points[k] / 3 - pull[k])).isCloseTo((above - below) / (2 * h), within(1e-6));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void secondMomentOfTheDirectionsIsIsotropic(int dimension) {
        double[] rows = Directions.of(dimension, 20, 3);
        int count = rows.length / dimension;
        for (int d = 0; d < dimension; d++) {
            for (int e = 0; e < dimension; e++) {
                double sum = 0;
                for (int l = 0; l < count; l++) {
                    sum += rows[l * dimension + d] * rows[l * dimension + e] / count;
                }
                assertThat(sum).isCloseTo(d == e ? 1.0 / dimension : 0, within(1e-14));
            }
        }
    }

    @Test
    void sameBitsForAnyNumberOfThreads() {
        Functional functional = new PotentialEnergy(Potential.quadratic(UNIT, ORIGIN));
        Grid grid = Grid.cube(2, -4, 4, 20);
        double[] weights = random(grid.size(), 5);
        try (PointCloud start = Moments.normals(300, 2, 1, 1, 4); TileScheduler one = new TileScheduler(1);
                TileScheduler three = new TileScheduler(3);
                SwJkoParticles a = new SwJkoParticles(start, functional, options(40, 20, 1e-6), one);
                SwJkoParticles b = new SwJkoParticles(start, functional, options(40, 20, 1e-6), three)) {
            SwJkoGrid c = new SwJkoGrid(grid, weights, Potential.quadratic(UNIT, ORIGIN), options(40, 20, 1e-6), one);
            SwJkoGrid d = new SwJkoGrid(grid, weights, Potential.quadratic(UNIT, ORIGIN), options(40, 20, 1e-6), three);
            for (List<Scheme> pair : List.of(List.<Scheme>of(a, b), List.<Scheme>of(c, d))) {
                FlowResult first = Runs.of(pair.get(0), 0.2, 2);
                FlowResult second = Runs.of(pair.get(1), 0.2, 2);
                first.quantities().forEach((name, values) -> assertThat(second.quantity(name)).isEqualTo(values));
                assertThat(first.last().points()).isEqualTo(second.last().points());
                assertThat(first.last().weights()).isEqualTo(second.last().weights());
            }
        }
    }

    @Test
    void badInputIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> options(0, 1, 1)).withMessageContaining("directions is 0");
        assertThatIllegalArgumentException().isThrownBy(() -> Grid.cube(2, 1, 1, 5)).withMessageContaining("rising");
        assertThatIllegalArgumentException().isThrownBy(() -> Grid.cube(3, 0, 1, 1000)).withMessageContaining("in all");
        SwJkoOptions options = options(4, 4, 1e-3);
        Grid grid = Grid.cube(2, 0, 1, 2);
        Potential potential = Potential.quadratic(UNIT, ORIGIN);
        assertThatIllegalArgumentException().isThrownBy(() -> new SwJkoGrid(grid, new double[3], potential, options, SCHEDULER))
            .withMessageContaining("expected one for each of 4 cells");
        assertThatIllegalArgumentException().isThrownBy(() -> new SwJkoGrid(grid, new double[4], null, null, 0, options, SCHEDULER))
            .withMessageContaining("factor of the entropy is 0.0");
        assertThatIllegalArgumentException().isThrownBy(() -> new SwJkoGrid(grid, new double[4], potential, options, SCHEDULER))
            .withMessageContaining("are 0");
        assertThatIllegalArgumentException()
            .isThrownBy(() -> new SwJkoGrid(grid, new double[] {1, -1, 1, 1}, potential, options, SCHEDULER))
            .withMessageContaining("weight 1 is -1");
        assertThatIllegalArgumentException()
            .isThrownBy(() -> new SwJkoGaussian(ORIGIN, new double[] {1, 0, 0, -1}, Potential.quadratic(UNIT, ORIGIN), options))
            .withMessageContaining("positive definite");
        try (PointCloud weighted = Moments.normals(3, 2, 0, 1, 1).withWeights(new float[] {1, 1, 1})) {
            assertThatIllegalArgumentException()
                .isThrownBy(() -> new SwJkoParticles(weighted, x -> new LossGradient(0, new double[6], null), options, SCHEDULER))
                .withMessageContaining("weights");
        }
    }
}
