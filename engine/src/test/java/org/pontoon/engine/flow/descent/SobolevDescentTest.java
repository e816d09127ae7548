package org.pontoon.engine.flow.descent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.feature.HermiteFeatures;
import org.pontoon.engine.feature.MeanFeatures;
import org.pontoon.engine.feature.PolynomialFeatures;
import org.pontoon.engine.feature.RandomFeatures;
import org.pontoon.engine.feature.RandomFeatures.Spectrum;
import org.pontoon.engine.flow.Flow;
import org.pontoon.engine.flow.FlowOptions;
import org.pontoon.engine.flow.FlowResult;
import org.pontoon.engine.flow.Runs;
import org.pontoon.engine.flow.Snapshot;
import org.pontoon.engine.flow.descent.SobolevOptions.Integrator;
import org.pontoon.engine.flow.descent.SobolevOptions.Method;
import org.pontoon.engine.flow.descent.SobolevOptions.Reaction;
import org.pontoon.engine.internal.particle.BirthDeath;
import org.pontoon.engine.internal.particle.Columns;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;

/** Holds flows in feature space to their exact laws. */
class SobolevDescentTest {

    private static final TileScheduler ONE = new TileScheduler(1);

    private static PointCloud gaussian(int size, long seed, double mean, double deviation) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] rows = new float[2 * size];
        for (int k = 0; k < rows.length; k++) {
            rows[k] = (float) (mean + deviation * random.nextGaussian());
        }
        return PointCloud.ofRows(rows, size, 2);
    }

    private static PointCloud weighted(PointCloud cloud, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] weights = new float[cloud.size()];
        float sum = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) random.nextDouble(0.2, 1);
            sum += weights[i];
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] /= sum;
        }
        return cloud.withWeights(weights);
    }

    /** The standard normal on a fine grid. */
    private static PointCloud normalOnGrid() {
        int size = 1601;
        float[] x = new float[size];
        float[] w = new float[size];
        for (int i = 0; i < size; i++) {
            x[i] = -8 + 0.01f * i;
            w[i] = (float) (0.01 * Math.exp(-0.5 * x[i] * x[i]) / Math.sqrt(2 * Math.PI));
        }
        return PointCloud.ofRows(x, size, 1).withWeights(w);
    }

    private static RandomFeatures features(int count) {
        return RandomFeatures.draw(Spectrum.GAUSSIAN, 2, count, 4, 0.7);
    }

    @Test
    void gramianOfDerivativesIsAHadamardProduct() {
        RandomFeatures map = features(100);
        try (PointCloud cloud = weighted(gaussian(1500, 1, 0.2, 1), 2)) {
            FeatureSystem system = new FeatureSystem(map, map.columns(cloud, "cloud"), Columns.weights(cloud), false,
                ONE);
            system.moments(true, true);
            double[][] gramian = new double[100][100];
            double[][] second = new double[100][100];
            double[] mean = new double[100];
            for (int i = 0; i < 1500; i++) {
                double a = cloud.weight(i);
                double[] at = {cloud.get(i, 0), cloud.get(i, 1)};
                double[] phi = map.gaussianMean(at, 0);
                double[][] slope = new double[2][];
                for (int d = 0; d < 2; d++) {
                    double[] left = at.clone();
                    double[] right = at.clone();
                    left[d] -= 1e-5;
                    right[d] += 1e-5;
                    double[] l = map.gaussianMean(left, 0);
                    double[] r = map.gaussianMean(right, 0);
                    slope[d] = new double[100];
                    Arrays.setAll(slope[d], j -> (r[j] - l[j]) / 2e-5);
                }
                for (int j = 0; j < 100; j++) {
                    mean[j] += a * phi[j];
                    for (int k = j; k < 100; k++) {
                        second[j][k] += a * phi[j] * phi[k];
                        gramian[j][k] += a * (slope[0][j] * slope[0][k] + slope[1][j] * slope[1][k]);
                    }
                }
            }
            double largest = 0;
            double largestSecond = 0;
            for (int j = 0; j < 100; j++) {
                largest = Math.max(largest, gramian[j][j]);
                largestSecond = Math.max(largestSecond, second[j][j]);
            }
            for (int j = 0; j < 100; j++) {
                assertThat(system.mean[j]).isCloseTo(mean[j], within(1e-7));
                for (int k = j; k < 100; k++) {
                    assertThat(system.gramian(j, k)).isCloseTo(gramian[j][k], within(1e-6 * largest));
                    assertThat(system.secondMoment(j, k)).isCloseTo(second[j][k], within(1e-6 * largestSecond));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"SOBOLEV,true,0.01", "UNBALANCED,true,0.01", "UNBALANCED,false,0.01", "UNBALANCED,true,0.1", "FISHER,true,0.05"})
    void distanceFallsAsTheLawSays(Method method, boolean conserveMass, double ridge) {
        try (PointCloud start = weighted(gaussian(400, 1, 0, 0.5), 3); PointCloud target = gaussian(400, 2, 0.6, 0.8)) {
            FlowResult r = Runs
                .of(new SobolevDescent(start, target, features(60), SobolevOptions.builder().method(method).integrator(Integrator.HEUN)
                    .ridge(ridge).conserveMass(conserveMass).build(), ONE), 0.01, 3);
            double[] slopes = new double[3];
            Arrays.setAll(slopes, k -> -2 * (r.values()[k] * r.values()[k] - ridge * r.quantity("discrepancy")[k + 1]));
            double simpson = (slopes[0] + 4 * slopes[1] + slopes[2]) / 6;
            double difference = (r.values()[2] * r.values()[2] - r.values()[0] * r.values()[0]) / 0.02;
            assertThat(difference / simpson).isCloseTo(1, within(1e-4));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SOBOLEV", "UNBALANCED"})
    void withoutRidgeTheErrorFallsExponentially(Method method) {
        try (PointCloud start = gaussian(400, 1, 0, 0.5); PointCloud target = gaussian(400, 2, 0.3, 0.5)) {
            double[] error = new double[3];
            int[] steps = {40, 80, 160};
            for (int k = 0; k < 3; k++) {
                FlowResult r = Runs.of(new SobolevDescent(start, target, features(16), SobolevOptions.builder().method(method)
                    .ridge(1e-9).build(), ONE), 2.0 / steps[k], steps[k]);
                error[k] = Math.abs(r.values()[steps[k]] / r.values()[0] - Math.exp(-2));
            }
            assertThat(error[0]).isLessThan(0.05);
            assertThat(error[1] / error[0]).isCloseTo(0.5, within(0.1));
            assertThat(error[2] / error[1]).isCloseTo(0.5, within(0.1));
            FlowResult heun = Runs
                .of(new SobolevDescent(start, target, features(16), SobolevOptions.builder().method(method).integrator(Integrator.HEUN)
                    .ridge(1e-9).build(), ONE), 0.05, 40);
            FlowResult finer = Runs.of(new SobolevDescent(start, target, features(16),
                SobolevOptions.builder().method(method).integrator(Integrator.HEUN).ridge(1e-9).build(), ONE), 0.025, 80);
            double coarse = Math.abs(heun.values()[40] / heun.values()[0] - Math.exp(-2));
            double fine = Math.abs(finer.values()[80] / finer.values()[0] - Math.exp(-2));
            assertThat(coarse).isLessThan(2e-3);
            assertThat(fine / coarse).isCloseTo(0.25, within(0.12));
        }
    }

    @ParameterizedTest
    @CsvSource({"0,0.758907", "0.6,0.492601", "1,0.400751"})
    void discrepancyBetweenNormalsIsTheHermiteSeries(double alpha, double expected) {
        int degree = 12;
        double[] target = new double[degree];
        double value = 1;
        for (int n = 1; n <= degree; n++) {
            value *= 0.8 / Math.sqrt(n);
            target[n - 1] = value;
        }
        SobolevOptions.Builder options = SobolevOptions.builder().ridge(1e-9);
        try (PointCloud q = normalOnGrid()) {
            FlowResult r = Runs
                .of(new SobolevDescent(q, target, new HermiteFeatures(1, degree), (alpha == 0 ? options.method(Method.SOBOLEV)
                    : options.alpha(alpha)).build(), ONE), 1e-3, 1);
            assertThat(r.quantity("discrepancy")[1]).isCloseTo(expected, within(1e-5));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.2, 0.6, 2})
    void linearFeaturesApproachAtTheirRate(double alpha) {
        double ridge = 0.5;
        try (PointCloud q = normalOnGrid()) {
            FlowResult r = Runs.of(new SobolevDescent(q, new double[] {0.7}, new HermiteFeatures(1, 1),
                SobolevOptions.builder().integrator(Integrator.HEUN).alpha(alpha).ridge(ridge).build(), ONE), 0.02, 50);
            double rate = (1 + alpha) / (1 + alpha + ridge);
            assertThat(Math.log(r.values()[0] / r.values()[50])).isCloseTo(rate, within(1e-3));
        }
    }

    @Test
    void massStaysOrGrowsByTheMeanPotential() {
        RandomFeatures map = features(40);
        try (PointCloud start = weighted(gaussian(300, 1, 0, 0.5), 3); PointCloud target = gaussian(300, 2, 0.4, 0.5)) {
            float[] heavy = new float[300];
            Arrays.fill(heavy, 0.01f);
            target.withWeights(heavy);
            FlowResult kept = Runs.of(new SobolevDescent(start, target, map, SobolevOptions.builder().build(), ONE), 0.05, 50);
            for (double mass : kept.quantity("mass")) {
                assertThat(mass).isCloseTo(kept.quantity("mass")[0], within(1e-6));
            }
            double ridge = 1e-3;
            FlowResult free = Runs.of(new SobolevDescent(start, target, map, SobolevOptions.builder().conserveMass(false).build(), ONE),
                1e-3, 1);
            FeatureSystem system = new FeatureSystem(map, map.columns(start, "start"), Columns.weights(start), false,
                ONE);
            system.moments(true, true);
            double[] delta = new MeanFeatures(map).of(target, false, ONE);
            for (int j = 0; j < delta.length; j++) {
                delta[j] -= system.mean[j];
            }
            system.solve(1, 0.6, false, ridge, delta);
            system.evaluate(true, false);
            double growth = 0;
            for (int i = 0; i < 300; i++) {
                growth += 0.6 * system.weights[i] * system.potential[i];
            }
            assertThat((free.quantity("mass")[1] - free.quantity("mass")[0]) / 1e-3 / growth).isCloseTo(1, within(0.02));
            FlowResult grown = Runs.of(new SobolevDescent(start, target, map, SobolevOptions.builder().conserveMass(false).build(), ONE),
                0.05, 200);
            assertThat(grown.quantity("mass")[200]).isCloseTo(3, within(0.02));
        }
    }

    @ParameterizedTest
    @EnumSource
    void distancesFallForEveryMethod(Method method) {
        try (PointCloud start = gaussian(300, 1, 0, 0.3); PointCloud target = gaussian(300, 2, 0.3, 0.4)) {
            for (Integrator integrator : Integrator.values()) {
                FlowResult r = new Flow(FlowOptions.builder().stepSize(0.05).steps(40).adaptive(true).snapshotTimes(List.of()).build())
                    .run(new SobolevDescent(start, target, features(40), SobolevOptions.builder().method(method).integrator(integrator)
                        .build(), ONE), Progress.NONE);
                assertThat(r.status()).isEqualTo(FlowResult.Status.COMPLETED);
                for (int k = 1; k < r.values().length; k++) {
                    assertThat(r.values()[k]).isLessThanOrEqualTo(r.values()[k - 1] * (1 + 1e-9));
                }
                assertThat(r.values()[40]).isLessThan(0.7 * r.values()[0]);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void bitsDoNotDependOnThreads(Reaction reaction) {
        FlowResult[] results = new FlowResult[3];
        for (int threads = 1; threads <= 3; threads++) {
            try (PointCloud start = gaussian(1300, 1, 0, 0.3); PointCloud target = gaussian(700, 2, 0.3, 0.4);
                    TileScheduler scheduler = new TileScheduler(threads)) {
                results[threads - 1] = Runs.of(
                    new SobolevDescent(start, target, features(130), SobolevOptions.builder().reaction(reaction).build(), scheduler), 0.05,
                    4);
            }
        }
        for (FlowResult r : results) {
            assertThat(r.values()).isEqualTo(results[0].values());
            assertThat(r.last().points()).isEqualTo(results[0].last().points());
            assertThat(r.last().weights()).isEqualTo(results[0].last().weights());
        }
    }

    @Test
    void birthsAndDeathsKeepNumberAndComeNear() {
        try (PointCloud start = gaussian(500, 1, 0, 0.3); PointCloud target = gaussian(500, 2, 0.5, 0.3)) {
            FlowResult r = new Flow(FlowOptions.builder().stepSize(0.05).steps(100).snapshotTimes(List.of(0.0, 1.0)).build()).run(
                new SobolevDescent(start, target, features(60), SobolevOptions.builder().reaction(Reaction.BIRTH_DEATH).build(), ONE),
                Progress.NONE);
            assertThat(r.values()[100]).isLessThan(0.02 * r.values()[0]);
            assertThat(r.snapshots()).extracting(Snapshot::step).containsExactly(0, 20);
            assertThat(r.last().weights()).hasSize(500).containsOnly(r.last().weights()[0]);
        }
    }

    @Test
    void netBirthsAreAsExpected() {
        int count = 100_000;
        double[] rates = new double[count];
        for (int i = 0; i < count; i++) {
            rates[i] = i % 2 == 0 ? 0.3 : -0.3;
        }
        int[] parents = new int[count];
        new BirthDeath(7).resample(rates, 0, parents);
        int even = 0;
        for (int parent : parents) {
            even += parent % 2 == 0 ? 1 : 0;
        }
        double p = 1 - Math.exp(-0.3);
        // the variance of births among the even and of deaths among the odd, each half of the particles
        double sigma = Math.sqrt(count * p * (1 - p)) / 2;
        assertThat((double) even).isCloseTo(count * (1 + p) / 2, within(4 * sigma));
        Arrays.fill(rates, -1000);
        assertThatThrownBy(() -> new BirthDeath(7).resample(rates, 3, parents)).isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("die in step 4");
    }

    @ParameterizedTest
    @ValueSource(doubles = {10, 1e4, 1e12, 1e300})
    void absurdStepsEndFiniteOrFailClearly(double step) {
        try (PointCloud start = gaussian(100, 1, 0, 0.3); PointCloud target = gaussian(100, 2, 3, 0.4)) {
            for (Reaction reaction : Reaction.values()) {
                try {
                    FlowResult r = Runs.of(
                        new SobolevDescent(start, target, features(30), SobolevOptions.builder().reaction(reaction).build(), ONE), step, 5);
                    for (float v : r.last().points()) {
                        assertThat(v).isFinite();
                    }
                    for (double w : r.last().weights()) {
                        assertThat(w).isFinite().isNotNegative();
                    }
                } catch (IllegalStateException e) {
                    assertThat(e).hasMessageContaining("step");
                }
            }
        }
    }

    @Test
    void badInputIsRefused() {
        SobolevOptions plain = SobolevOptions.builder().build();
        RandomFeatures map = features(30);
        try (PointCloud two = gaussian(10, 1, 0, 1); PointCloud one = PointCloud.allocate(3, 1); PointCloud far = gaussian(10, 1, 1e9, 1)) {
            assertThatThrownBy(() -> new SobolevDescent(one, two, map, plain, ONE)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("dimension 1");
            assertThatThrownBy(() -> new SobolevDescent(two, new double[3], map, plain, ONE))
                .hasMessageContaining("3 mean features, expected 30");
            assertThatThrownBy(() -> new SobolevDescent(far, two, map, plain, ONE)).hasMessageContaining("row 0");
            PointCloud uneven = weighted(gaussian(10, 1, 0, 1), 2);
            assertThatThrownBy(
                () -> Runs.of(
                    new SobolevDescent(uneven, two, features(30), SobolevOptions.builder().reaction(Reaction.BIRTH_DEATH).build(), ONE),
                    0.05, 200))
                .hasMessageContaining("expected equal ones");
            uneven.close();
            two.set(3, 1, Float.NaN);
            assertThatThrownBy(() -> new SobolevDescent(two, two, map, plain, ONE)).hasMessageContaining("row 3, column 1");
        }
        assertThatThrownBy(() -> SobolevOptions.builder().ridge(0).build()).hasMessageContaining("ridge is 0");
        assertThatThrownBy(() -> SobolevOptions.builder().reaction(Reaction.BIRTH_DEATH).conserveMass(false).build()).hasMessageContaining(
            "expected EULER");
    }

    @Test
    void randomFeatureDistanceOfGaussiansIsNearItsClosedForm() {
        // bandwidth 1 of exp(-|z|^2): N(0, .01 I) against N((.5, 0), .04 I)
        double[] means = {0, 0.5};
        double[] variances = {0.01, 0.04};
        double square = 0;
        for (int a = 0; a < 2; a++) {
            for (int b = 0; b < 2; b++) {
                double s = 0.5 + variances[a] + variances[b];
                double d = means[a] - means[b];
                square += (a == b ? 1 : -1) * 0.5 / s * Math.exp(-d * d / (2 * s));
            }
        }
        double estimate = 0;
        for (int draw = 0; draw < 20; draw++) {
            RandomFeatures map = RandomFeatures.draw(Spectrum.GAUSSIAN, 2, 300, draw, Math.sqrt(0.5));
            double d = MeanFeatures.distance(map.gaussianMean(new double[] {0, 0}, 0.1), map.gaussianMean(new double[] {0.5, 0}, 0.2));
            estimate += d * d / 20;
        }
        assertThat(Math.sqrt(estimate)).isCloseTo(Math.sqrt(square), within(0.02));
    }

    /** A grid of weights stays a Gaussian: advection moves it, the reaction tilts it. Rate (1 + alpha s) / (1 + alpha s + lambda). */
    @ParameterizedTest
    @CsvSource({"SOBOLEV, 0, 0.5", "UNBALANCED, 0.6, 0.5", "UNBALANCED, 2, 0.5", "UNBALANCED, 0.6, 1e-6"})
    void linearFeaturesDecayAtTheirRate(Method method, double alpha, double ridge) {
        try (PointCloud normal = normalOnGrid()) {
            SobolevOptions.Builder options = SobolevOptions.builder().method(method).integrator(Integrator.HEUN).ridge(ridge);
            FlowResult r = Runs.of(new SobolevDescent(normal, new double[] {0.8}, new PolynomialFeatures(1, 1),
                (alpha > 0 ? options.alpha(alpha) : options).build(), ONE), 0.02, 50);
            double rate = (1 + alpha) / (1 + alpha + ridge);
            assertThat(r.values()[50] / r.values()[0]).isCloseTo(Math.exp(-rate), within(1e-3 * Math.exp(-rate)));
        }
    }

    /** Features of degree 2 without a ridge: raw first and second moments go to the target's as e^-t. */
    @Test
    void quadraticFeaturesMatchMoments() {
        try (PointCloud start = gaussian(300, 1, 0, 0.5); PointCloud target = gaussian(300, 2, 0.4, 1)) {
            PolynomialFeatures map = new PolynomialFeatures(2, 2);
            FlowResult r = Runs.of(new SobolevDescent(start, target, map, SobolevOptions.builder().integrator(Integrator.HEUN).ridge(1e-9)
                .build(), ONE), 0.02, 100);
            double[] before = new MeanFeatures(map).of(start, true, ONE);
            double[] goal = new MeanFeatures(map).of(target, true, ONE);
            try (PointCloud last = r.last().toCloud()) {
                double[] after = new MeanFeatures(map).of(last, true, ONE);
                for (int j = 0; j < 5; j++) {
                    assertThat(after[j]).isCloseTo(goal[j] + (before[j] - goal[j]) * Math.exp(-2), within(2e-4));
                }
            }
        }
    }

    /** Particles on a point between two atoms see no slope there, but under noise they do. */
    @Test
    void noiseLeavesASaddle() {
        PointCloud start = PointCloud.ofRows(new float[40], 20, 2);
        PointCloud target = PointCloud.ofRows(new float[] {-1, 0, 1, 0}, 2, 2);
        // symmetric features: cosines without a phase
        RandomFeatures map = RandomFeatures.of(2, new double[] {1, 0, 0, 1, 2, 0}, new double[3]);
        try (start; target) {
            for (double noise : new double[] {0, 0.3}) {
                FlowResult r = Runs.of(new SobolevDescent(start, target, map, SobolevOptions.builder().method(Method.MMD).noise(noise)
                    .build(), ONE), 0.3, 300);
                double last = r.values()[300] / r.values()[0];
                if (noise == 0) {
                    assertThat(last).isEqualTo(1);
                } else {
                    assertThat(last).isLessThan(0.05);
                }
            }
        }
    }

    @Test
    void noiseIsRefusedWhereItHasNoPlace() {
        assertThatThrownBy(() -> SobolevOptions.builder().noise(-1).build()).hasMessageContaining("noise is -1");
        try (PointCloud x = gaussian(10, 1, 0, 1)) {
            for (SobolevOptions.Builder options : List.of(SobolevOptions.builder().noise(1), SobolevOptions.builder().reaction(
                Reaction.BIRTH_DEATH))) {
                SobolevDescent flow = new SobolevDescent(x, x, features(30), options.build(), ONE);
                assertThatThrownBy(() -> new Flow(FlowOptions.builder().adaptive(true).build()).run(flow, Progress.NONE))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("adaptive steps");
            }
        }
        assertThatThrownBy(() -> SobolevOptions.builder().noise(1).integrator(Integrator.HEUN).build()).hasMessageContaining("HEUN");
        assertThatThrownBy(() -> SobolevOptions.builder().noise(1).method(Method.FISHER).build()).hasMessageContaining("FISHER");
    }
}
