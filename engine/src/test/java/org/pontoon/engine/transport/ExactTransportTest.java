package org.pontoon.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.ExactTransportResult.Status;

/** Exact transport against closed forms, properties, and its own certificate. */
class ExactTransportTest {

    private static final TileScheduler ONE = new TileScheduler(1);
    private static final TileScheduler TWO = new TileScheduler(2);
    private static final TileScheduler THREE = new TileScheduler(3);

    @AfterAll
    static void close() {
        ONE.close();
        TWO.close();
        THREE.close();
    }

    private static PointCloud normal(long seed, int size, int dimension) {
        Random random = new Random(seed);
        float[] rows = new float[size * dimension];
        for (int k = 0; k < rows.length; k++) {
            rows[k] = (float) random.nextGaussian();
        }
        return PointCloud.ofRows(rows, size, dimension);
    }

    /** Weights of no common measure, some of them 0, of sum 1 but for their rounding. */
    private static float[] oddWeights(long seed, int size) {
        Random random = new Random(seed);
        double[] weights = new double[size];
        double sum = 0;
        for (int i = 0; i < size; i++) {
            weights[i] = i % 7 == 3 ? 0 : random.nextDouble();
            sum += weights[i];
        }
        float[] normalised = new float[size];
        for (int i = 0; i < size; i++) {
            normalised[i] = (float) (weights[i] / sum);
        }
        return normalised;
    }

    private static double cost(PointCloud x, int i, PointCloud y, int j, double p) {
        double square = 0;
        for (int d = 0; d < x.dimension(); d++) {
            double z = (double) x.get(i, d) - y.get(j, d);
            square += z * z;
        }
        return Math.pow(square, p / 2);
    }

    /** Solves and holds everything in the result against the definition. */
    private static ExactTransportResult solve(double p, PointCloud x, PointCloud y) {
        ExactTransportResult result = new ExactTransport(p).solve(x, y, TWO);
        assertThat(result.status()).isEqualTo(Status.OPTIMAL);
        double scale = check(result, p, x, y);
        assertThat(result.gap()).isBetween(-1e-13 * scale, 1e-13 * scale);
        return result;
    }

    /** Holds plan, potentials and bounds against their definition, whatever the status; returns the scale of their rounding. */
    private static double check(ExactTransportResult result, double p, PointCloud x, PointCloud y) {
        Measure a = Measure.of(x, "x");
        Measure b = Measure.of(y, "y").matching(a, "test");
        SparsePlan plan = result.plan();
        assertThat(plan.size()).isLessThanOrEqualTo(x.size() + y.size() - 1);
        double[] left = new double[x.size()];
        double[] arrived = new double[y.size()];
        double power = 0;
        for (int i = 0; i < x.size(); i++) {
            for (int k = plan.rowStarts()[i]; k < plan.rowStarts()[i + 1]; k++) {
                assertThat(plan.masses()[k]).isPositive();
                assertThat(k == plan.rowStarts()[i] || plan.columns()[k] > plan.columns()[k - 1]).isTrue();
                left[i] += plan.masses()[k];
                arrived[plan.columns()[k]] += plan.masses()[k];
                power += plan.masses()[k] * cost(x, i, y, plan.columns()[k], p);
            }
        }
        assertThat(left).containsExactly(a.weights(), within(1e-14 * a.mass()));
        assertThat(arrived).containsExactly(b.weights(), within(1e-14 * a.mass()));
        assertThat(result.marginalError()).isBetween(0.0, 2e-14 * a.mass());
        assertThat(result.power()).isCloseTo(power, within(1e-13 * power));
        assertThat(result.value()).isCloseTo(Math.pow(power, 1 / p), within(1e-13 * Math.pow(power, 1 / p)));

        double[] f = result.f();
        double[] g = result.g();
        double size = power;
        for (double v : f) {
            size = Math.max(size, Math.abs(v));
        }
        for (double v : g) {
            size = Math.max(size, Math.abs(v));
        }
        assertThat(a.dot(f)).isCloseTo(0, within(1e-14 * size * a.mass()));
        assertThat(a.dot(f) + b.dot(g)).isCloseTo(result.dual(), within(1e-14 * size * Math.max(1, a.mass())));
        assertThat(result.gap()).isCloseTo(result.power() - result.dual(), within(1e-15 * size * Math.max(1, a.mass())));
        double worst = 0;
        for (int i = 0; i < x.size(); i++) {
            for (int j = 0; j < y.size(); j++) {
                worst = Math.max(worst, f[i] + g[j] - cost(x, i, y, j, p));
            }
        }
        assertThat(worst).isLessThanOrEqualTo(1e-14 * size);
        assertThat(result.largestViolation()).isBetween(0.0, 1e-14 * size);
        return size * Math.max(1, a.mass());
    }

    @ParameterizedTest
    @CsvSource({"1, 1.0303300858899", "2, 1.125", "3, 1.2954951288348662"})
    void goldenCosts(double p, double expected) {
        try (PointCloud x = SampledMeasures.goldenX(); PointCloud y = SampledMeasures.goldenY()) {
            ExactTransportResult result = solve(p, x, y);
            assertThat(result.power()).isCloseTo(expected, within(1e-13));
            assertThat(result.value()).isCloseTo(Math.pow(expected, 1 / p), within(1e-13));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 1.5, 2, 3, 7})
    void onTheLineItIsTheSortedPlan(double p) {
        for (int size : new int[] {1, 2, 9, 60}) {
            try (PointCloud x = normal(size, size, 1); PointCloud y = normal(size + 1, 37, 1).withWeights(oddWeights(size, 37))) {
                ExactTransportResult result = solve(p, x, y);
                float[] ys = y.toRows();
                double expected = new Wasserstein1D().solve(x.toRows(), null, ys, oddWeights(size, 37)).cost(p);
                assertThat(result.power()).isCloseTo(expected, within(1e-12 * expected));
            }
        }
    }

    @Test
    void noPermutationIsCheaper() {
        for (int seed = 0; seed < 20; seed++) {
            try (PointCloud x = normal(seed, 6, 2); PointCloud y = normal(100 + seed, 6, 2)) {
                double p = 1 + seed % 4 / 2.0;
                assertThat(solve(p, x, y).power()).isCloseTo(cheapest(x, y, p, new int[6], 0, 0) / 6, within(1e-14));
            }
        }
    }

    private static double cheapest(PointCloud x, PointCloud y, double p, int[] chosen, int depth, int taken) {
        if (depth == chosen.length) {
            return 0;
        }
        double least = Double.POSITIVE_INFINITY;
        for (int j = 0; j < chosen.length; j++) {
            if ((taken >> j & 1) == 0) {
                least = Math.min(least, cost(x, depth, y, j, p) + cheapest(x, y, p, chosen, depth + 1, taken | 1 << j));
            }
        }
        return least;
    }

    @Test
    void unequalSizesWeightsAndZeroWeightsAreSolved() {
        for (double p : new double[] {1, 2, 2.5}) {
            try (PointCloud x = normal(1, 70, 3).withWeights(oddWeights(1, 70)); PointCloud y = normal(2, 113, 3).withWeights(oddWeights(2,
                113)); PointCloud even = normal(3, 42, 3)) {
                solve(p, x, y);
                solve(p, x, even);
                solve(p, even, y);
                PointCloud few = SampledMeasures.reordered(y, new int[] {0, 1, 2, 4, 5, 6});
                float[] weights = {1, 0, 2, 0, 3, 6};
                few.withWeights(weights);
                PointCloud mass = SampledMeasures.reordered(x, new int[] {8, 9, 11, 12}).withWeights(new float[] {4, 4, 0, 4});
                solve(p, mass, few);
                few.close();
                mass.close();
            }
        }
    }

    @Test
    void aPointFarAwayWithoutWeightDisturbsNothing() {
        try (PointCloud x = normal(1, 30, 2); PointCloud y = normal(2, 30, 2); PointCloud far = SampledMeasures.reordered(y,
            new int[] {0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29})) {
            float[] weights = SampledMeasures.weightsOf(far);
            weights[0] = 0;
            far.withWeights(weights);
            far.set(0, 0, 1e6f);
            assertThat(solve(2, x, far).power()).isCloseTo(solve(2, x, y).power(), within(1e-9));
        }
    }

    @Test
    void equalMeasuresAreAtZero() {
        for (double p : new double[] {1, 2, 3, 50}) {
            try (PointCloud x = normal(5, 120, 2).withWeights(oddWeights(5, 120))) {
                Integer[] order = new Integer[120];
                Arrays.setAll(order, i -> i);
                java.util.Collections.shuffle(Arrays.asList(order), new Random(1));
                PointCloud shuffled = SampledMeasures.reordered(x, Arrays.stream(order).mapToInt(i -> i).toArray());
                for (PointCloud y : new PointCloud[] {x, shuffled}) {
                    ExactTransportResult result = solve(p, x, y);
                    assertThat(result.value()).isZero();
                    assertThat(result.power()).isZero();
                    assertThat(result.gap()).isZero();
                    assertThat(result.gradientX().points()).containsOnly(0);
                }
                shuffled.close();
            }
        }
    }

    @Test
    void clusteredDuplicatedAndCoincidentPointsAreSolved() {
        for (double p : new double[] {1, 2, 4}) {
            try (PointCloud one = SampledMeasures.line(3); PointCloud other = SampledMeasures.line(7, 7, 7);
                    PointCloud same = SampledMeasures.line(3, 3, 3, 3)) {
                assertThat(solve(p, one, other).value()).isCloseTo(4, within(1e-14));
                assertThat(solve(p, other, same).value()).isCloseTo(4, within(1e-14));
                assertThat(solve(p, one, same).value()).isZero();
            }
            // every point has its equal, but the masses differ
            try (PointCloud x = SampledMeasures.line(0, 1, 5).withWeights(new float[] {0.5f, 0.25f, 0.25f});
                    PointCloud y = SampledMeasures.line(0, 1, 5).withWeights(new float[] {0.25f, 0.25f, 0.5f})) {
                double expected = p == 1 ? 1.25 : 0.25 * (1 + Math.pow(4, p));
                assertThat(solve(p, x, y).power()).isCloseTo(expected, within(1e-13 * expected));
            }
        }
    }

    @Test
    void latticesWithTheirTiesAreSolvedExactly() {
        // a square of k x k points moved by one step: p = 1 moves one column along each row, p > 1 all points
        int k = 15;
        float[] rows = new float[2 * k * k];
        float[] moved = new float[2 * k * k];
        for (int i = 0; i < k * k; i++) {
            rows[2 * i] = i % k;
            rows[2 * i + 1] = i / k;
            moved[2 * i] = i % k + 1;
            moved[2 * i + 1] = i / k;
        }
        try (PointCloud x = PointCloud.ofRows(rows, k * k, 2); PointCloud y = PointCloud.ofRows(moved, k * k, 2)) {
            for (double p : new double[] {1, 1.5, 2, 3}) {
                assertThat(solve(p, x, y).power()).isCloseTo(1, within(1e-14));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 2, 4})
    void clustersFarApartKeepTheirSmallMoves(double p) {
        // two clusters of spread 1 at a distance of a million, of equal mass in both clouds: the sum of two small problems
        try (PointCloud x = normal(1, 80, 2); PointCloud y = normal(2, 80, 2)) {
            double near = halves(p, x, y, 0) + halves(p, x, y, 40);
            for (int i = 40; i < 80; i++) {
                x.set(i, 0, x.get(i, 0) * 64 + (1 << 26));
                y.set(i, 0, y.get(i, 0) * 64 + (1 << 26));
            }
            double far = halves(p, x, y, 0) + halves(p, x, y, 40);
            assertThat(far).isNotEqualTo(near);
            ExactTransportResult result = new ExactTransport(p).solve(x, y, ONE);
            assertThat(result.status()).isEqualTo(Status.OPTIMAL);
            assertThat(result.power()).isCloseTo(far, within(1e-12 * far));
        }
    }

    private static double halves(double p, PointCloud x, PointCloud y, int from) {
        int dimension = x.dimension();
        try (PointCloud xs = PointCloud.ofRows(Arrays.copyOfRange(x.toRows(), from * dimension, (from + 40) * dimension), 40, dimension);
                PointCloud ys = PointCloud.ofRows(Arrays.copyOfRange(y.toRows(), from * dimension, (from + 40) * dimension), 40,
                    dimension)) {
            return new ExactTransport(p).solve(xs, ys, ONE).power() / 2;
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 2, 3})
    void clustersOfUnequalMassSendTheDifferenceAcross(double p) {
        try (PointCloud x = normal(3, 100, 2); PointCloud y = normal(4, 100, 2)) {
            for (int i = 0; i < 100; i++) {
                x.set(i, 0, x.get(i, 0) + (i < 50 ? 0 : 1e4f));
                y.set(i, 0, y.get(i, 0) + (i < 30 ? 0 : 1e4f));
            }
            assertThat(solve(p, x, y).power()).isCloseTo(0.2 * Math.pow(1e4, p), within(2e-3 * Math.pow(1e4, p)));
        }
    }

    @Test
    void manyPointsThatCrowdAroundOneAreSolved() {
        // all nearest neighbours are the same few points
        try (PointCloud x = normal(3, 300, 2); PointCloud y = normal(4, 280, 2); PointCloud one = PointCloud.allocate(300, 2)) {
            for (int j = 0; j < 280; j++) {
                y.set(j, 0, y.get(j, 0) * 1e-3f + 2);
                y.set(j, 1, y.get(j, 1) * 30);
            }
            for (double p : new double[] {1, 2}) {
                solve(p, x, y);
                double expected = 0;
                for (int i = 0; i < 300; i++) {
                    expected += cost(x, i, one, 0, p) / 300;
                }
                assertThat(solve(p, x, one).power()).isCloseTo(expected, within(1e-13 * expected));
            }
        }
    }

    @Test
    void anOutlierIsPaidForOnce() {
        try (PointCloud x = normal(3, 100, 3); PointCloud y = normal(4, 100, 3)) {
            x.set(17, 1, 1e5f);
            ExactTransportResult result = solve(2, x, y);
            assertThat(result.power()).isCloseTo(1e8, within(1e4));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1e-20", "1, 1e20", "1, 1e-3", "2, 1e-20", "2, 1e18", "3, 1e-20", "3, 1e20", "5, 1e-6"})
    void theDistanceScalesWithTheData(double p, double factor) {
        try (PointCloud x = normal(7, 90, 3); PointCloud y = normal(8, 110, 3); PointCloud xs = SampledMeasures.moved(x, factor, 0);
                PointCloud ys = SampledMeasures.moved(y, factor, 0)) {
            double value = solve(p, x, y).value();
            ExactTransportResult scaled = new ExactTransport(p).solve(xs, ys, ONE);
            assertThat(scaled.status()).isEqualTo(Status.OPTIMAL);
            // float32 coordinates round
            assertThat(scaled.value() / factor).isCloseTo(value, within(1e-6 * value));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 2, 3})
    void dataFarFromTheOriginIsSolvedAsItIsNearIt(double p) {
        try (PointCloud x = SampledMeasures.weighted(7, 90, 2, 8); PointCloud y = SampledMeasures.weighted(8, 70, 2, 8)) {
            for (PointCloud cloud : new PointCloud[] {x, y}) {
                for (int i = 0; i < cloud.size(); i++) {
                    cloud.set(i, 0, Math.round(cloud.get(i, 0) * 8) / 8f);
                    cloud.set(i, 1, Math.round(cloud.get(i, 1) * 8) / 8f);
                }
            }
            double power = solve(p, x, y).power();
            try (PointCloud xs = SampledMeasures.moved(x, 1, 1 << 20, -(1 << 20)); PointCloud ys = SampledMeasures.moved(y, 1, 1 << 20,
                -(1 << 20))) {
                assertThat(solve(p, xs, ys).power()).isCloseTo(power, within(1e-13 * power));
            }
        }
    }

    @Test
    void translationsAddTheirSquare() {
        try (PointCloud x = SampledMeasures.weighted(1, 60, 2, 1); PointCloud y = SampledMeasures.moved(x, 1, 3, -4)) {
            ExactTransportResult result = solve(2, x, y);
            assertThat(result.value()).isEqualTo(5);
            for (int i = 0; i < 60; i++) {
                assertThat(result.gradientX().points()[2 * i]).isCloseTo(-6 * x.weight(i), within(1e-15));
                assertThat(result.gradientX().points()[2 * i + 1]).isCloseTo(8 * x.weight(i), within(1e-15));
            }
            assertThat(solve(1, x, y).value()).isCloseTo(5, within(1e-14));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 2, 3})
    void sidesMayBeExchanged(double p) {
        try (PointCloud x = normal(1, 50, 4).withWeights(oddWeights(1, 50)); PointCloud y = normal(2, 60, 4)) {
            ExactTransportResult result = solve(p, x, y);
            ExactTransportResult exchanged = new ExactTransport(p).solve(y, SampledMeasures.copy(x), ONE);
            assertThat(exchanged.power()).isCloseTo(result.power(), within(1e-6 * result.power()));
            assertThat(exchanged.gradientX().points()).containsExactly(result.gradientY().points(), within(1e-6));
        }
    }

    @ParameterizedTest
    @CsvSource({"200, 2", "540, 2", "1000, 3", "1e5, 2"})
    void largeExponentsTendToTheGreatestMove(double p, int dimension) {
        try (PointCloud x = normal(1, 60, dimension); PointCloud y = normal(2, 60, dimension)) {
            // an equal pair far away, whose powers drown all others
            x.set(0, 0, 1e4f);
            y.set(5, 0, 1e4f);
            for (int d = 1; d < dimension; d++) {
                y.set(5, d, x.get(0, d));
            }
            ExactTransportResult result = new ExactTransport(p).solve(x, y, ONE);
            assertThat(result.status()).isEqualTo(Status.OPTIMAL);
            double bottleneck = bottleneck(x, y);
            assertThat(result.value()).isLessThanOrEqualTo(bottleneck * (1 + 1e-12))
                .isGreaterThanOrEqualTo(bottleneck * Math.pow(60, -1 / p) * (1 - 1e-12));
        }
    }

    /** The least distance within which every point of x can be matched, by augmenting paths. */
    private static double bottleneck(PointCloud x, PointCloud y) {
        int n = x.size();
        double[] distances = new double[n * n];
        for (int k = 0; k < n * n; k++) {
            distances[k] = cost(x, k / n, y, k % n, 1);
        }
        double[] sorted = distances.clone();
        Arrays.sort(sorted);
        int low = 0;
        int high = sorted.length - 1;
        while (low < high) {
            int middle = low + high >>> 1;
            int[] match = new int[n];
            Arrays.fill(match, -1);
            boolean all = true;
            for (int i = 0; i < n && all; i++) {
                all = augment(i, distances, sorted[middle], match, new boolean[n]);
            }
            if (all) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return sorted[low];
    }

    private static boolean augment(int i, double[] distances, double most, int[] match, boolean[] seen) {
        int n = match.length;
        for (int j = 0; j < n; j++) {
            if (!seen[j] && distances[i * n + j] <= most) {
                seen[j] = true;
                if (match[j] < 0 || augment(match[j], distances, most, match, seen)) {
                    match[j] = i;
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void powersBeyondDoubleAreInfiniteAndTheDistanceIsNot() {
        try (PointCloud x = SampledMeasures.line(0, 100, 50); PointCloud y = SampledMeasures.line(300, 200, 275)) {
            ExactTransportResult result = new ExactTransport(200).solve(x, y, ONE);
            assertThat(result.power()).isInfinite();
            assertThat(result.value()).isCloseTo(225 * Math.pow((1 + 2 * Math.pow(200.0 / 225, 200)) / 3, 1.0 / 200), within(1e-10));
            assertThat(result.status()).isEqualTo(Status.OPTIMAL);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 5})
    void aCancelledSolveBoundsTheTruth(int reports) {
        for (double p : new double[] {1, 2}) {
            try (PointCloud x = normal(11, 700, 2).withWeights(oddWeights(11, 700)); PointCloud y = normal(12, 600, 2)) {
                double truth = new ExactTransport(p).solve(x, y, ONE).power();
                AtomicInteger heard = new AtomicInteger();
                Progress impatient = (done, total) -> heard.incrementAndGet() <= reports;
                ExactTransportResult result = new ExactTransport(p).solve(x, y, ONE, impatient);
                check(result, p, x, y);
                assertThat(result.status()).isEqualTo(Status.CANCELLED);
                assertThat(heard.get()).isEqualTo(reports + 1);
                assertThat(result.gap()).isPositive();
                assertThat(truth).isBetween(result.dual(), result.power());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 100, 1000, 5000})
    void theLimitOnIterationsHolds(long most) {
        try (PointCloud x = normal(21, 500, 2); PointCloud y = normal(22, 500, 2)) {
            ExactTransportResult truth = new ExactTransport(2).solve(x, y, ONE);
            assertThat(truth.iterations()).isBetween(500L, 100_000L);
            ExactTransportResult result = new ExactTransport(2, most).solve(x, y, ONE);
            check(result, 2, x, y);
            assertThat(result.iterations()).isLessThanOrEqualTo(most);
            assertThat(truth.power()).isBetween(result.dual(), result.power() * (1 + 1e-13));
            assertThat(result.status()).isEqualTo(truth.iterations() <= most ? Status.OPTIMAL : Status.MAX_ITERATIONS);
        }
    }

    @Test
    void progressIsHeardOfAndNeverBeyondItsTotal() {
        try (PointCloud x = normal(21, 800, 2); PointCloud y = normal(22, 800, 2)) {
            AtomicInteger calls = new AtomicInteger();
            long[] last = {-1};
            new ExactTransport(1).solve(x, y, ONE, (done, total) -> {
                assertThat(done).isBetween(last[0], total);
                last[0] = done;
                calls.incrementAndGet();
                return true;
            });
            assertThat(calls.get()).isGreaterThan(1);
        }
    }

    @Test
    void everyNumberOfThreadsGivesTheSameBits() {
        try (PointCloud x = normal(31, 600, 3).withWeights(oddWeights(31, 600)); PointCloud y = normal(32, 550, 3)) {
            ExactTransportResult one = new ExactTransport(2).solve(x, y, ONE);
            for (TileScheduler scheduler : new TileScheduler[] {TWO, THREE}) {
                ExactTransportResult other = new ExactTransport(2).solve(x, y, scheduler);
                assertThat(other.value()).isEqualTo(one.value());
                assertThat(other.iterations()).isEqualTo(one.iterations());
                assertThat(other.f()).isEqualTo(one.f());
                assertThat(other.g()).isEqualTo(one.g());
                assertThat(other.plan().columns()).isEqualTo(one.plan().columns());
                assertThat(other.plan().masses()).isEqualTo(one.plan().masses());
            }
        }
    }

    @Test
    void aMatrixOfTheSameCostsHasTheSameSolution() {
        for (double p : new double[] {1, 2, 3}) {
            try (PointCloud x = normal(41, 60, 3).withWeights(oddWeights(41, 60)); PointCloud y = normal(42, 45, 3)) {
                double[] costs = new double[60 * 45];
                for (int k = 0; k < costs.length; k++) {
                    costs[k] = cost(x, k / 45, y, k % 45, p);
                }
                Measure a = Measure.of(x, "x");
                ExactTransportResult points = solve(p, x, y);
                ExactTransportResult dense = dense(costs, a.weights(), Measure.of(y, "y").weights());
                assertThat(dense.power()).isCloseTo(points.power(), within(1e-13 * points.power()));
                assertThat(dense.value()).isEqualTo(dense.power());
                assertThat(dense.plan().columns()).isEqualTo(points.plan().columns());
                assertThat(dense.gap()).isBetween(-1e-13, 1e-13);
                assertThat(dense.gradientX().points()).isEmpty();
                assertThat(dense.gradientX().weights()).isEqualTo(dense.f());
                for (int k = 0; k < costs.length; k++) {
                    assertThat(dense.f()[k / 45] + dense.g()[k % 45]).isLessThanOrEqualTo(costs[k] + 1e-13);
                    costs[k] += 1e3 * (k / 45) - 7e2 * (k % 45) - 1e5;
                }
                ExactTransportResult shifted = dense(costs, a.weights(), Measure.of(y, "y").weights());
                assertThat(shifted.plan().columns()).isEqualTo(points.plan().columns());
            }
        }
    }

    private static ExactTransportResult dense(double[] costs, double[] a, double[] b) {
        ExactTransportResult result = ExactTransport.solveDense(costs, a, b, ExactTransport.DEFAULT_MAX_ITERATIONS, TWO, Progress.NONE);
        assertThat(result.status()).isEqualTo(Status.OPTIMAL);
        return result;
    }

    @Test
    void knownMatricesAreSolved() {
        ExactTransportResult result = dense(new double[] {0, 1, 4, 2, 1, 0}, new double[] {2, 2}, new double[] {1, 1, 2});
        assertThat(result.power()).isEqualTo(1);
        assertThat(result.plan().rowStarts()).containsExactly(0, 2, 3);
        assertThat(result.plan().columns()).containsExactly(0, 1, 2);
        assertThat(result.plan().masses()).containsExactly(1, 1, 2);
        assertThat(dense(new double[] {-3}, new double[] {0.5}, new double[] {0.5}).power()).isEqualTo(-1.5);
        assertThat(dense(new double[] {5, 5, 5, 5}, new double[] {1, 3}, new double[] {2, 2}).power()).isEqualTo(20);
        assertThat(dense(new double[] {0, 1e300, 1e300, 0}, new double[] {0.25, 0.75}, new double[] {0.75, 0.25}).power())
            .isCloseTo(0.5e300, within(1e287));
        ExactTransportResult tiny = dense(new double[] {0, 1, 4, 2, 1, 0}, new double[] {1e-310, 3e-310}, new double[] {1e-310, 2e-310,
            1e-310});
        assertThat(tiny.power()).isEqualTo(2e-310);
        assertThat(tiny.plan().masses()).containsExactly(1e-310, 2e-310, 1e-310);
        assertThat(dense(new double[] {1, 0, 0, 1}, new double[] {1, 0}, new double[] {0, 1}).power()).isZero();
    }

    @Test
    void badArgumentsAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ExactTransport(0.5)).withMessageContaining("p is 0.5");
        assertThatIllegalArgumentException().isThrownBy(() -> new ExactTransport(Double.NaN)).withMessageContaining("NaN");
        assertThatIllegalArgumentException().isThrownBy(() -> new ExactTransport(2, 0)).withMessageContaining("max iterations is 0");
        double[] two = {1, 1};
        assertThatIllegalArgumentException().isThrownBy(() -> dense(new double[3], two, two)).withMessageContaining("3 values")
            .withMessageContaining("2 x 2");
        assertThatIllegalArgumentException().isThrownBy(() -> dense(new double[] {0, 1, Double.NaN, 0}, two, two)).withMessageContaining(
            "row 1, column 0 is NaN");
        assertThatIllegalArgumentException().isThrownBy(() -> dense(new double[4], two, new double[] {1, -1})).withMessageContaining(
            "weight 1 of the columns is -1.0");
        assertThatIllegalArgumentException().isThrownBy(() -> dense(new double[4], new double[2], two)).withMessageContaining("rows")
            .withMessageContaining("0.0");
        assertThatIllegalArgumentException().isThrownBy(() -> dense(new double[4], two, new double[] {1, 2})).withMessageContaining(
            "mass 2.0").withMessageContaining("3.0");
        assertThatIllegalArgumentException().isThrownBy(() -> dense(new double[] {-1.7e308, 1.7e308, 0, 0}, two, two))
            .withMessageContaining("range");
    }

    @Test
    void halfAMillionPairsOfEqualCostsEnd() {
        try (PointCloud x = normal(1, 700, 1); PointCloud y = normal(2, 700, 1)) {
            for (int i = 0; i < 700; i++) {
                x.set(i, 0, i % 3);
                y.set(i, 0, i % 4);
            }
            // a third each of 0, 1, 2 (234, 233, 233 points) to a quarter each of 0 to 3 (175 each)
            double expected = new Wasserstein1D().solve(x.toRows(), null, y.toRows(), null).cost(1);
            assertThat(solve(1, x, y).power()).isCloseTo(expected, within(1e-13));
        }
    }
}
