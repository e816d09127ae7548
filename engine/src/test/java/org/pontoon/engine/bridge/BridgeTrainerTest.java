package org.pontoon.engine.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.random.CounterRandom;

class BridgeTrainerTest {

    private static PointCloud source;
    private static PointCloud target;
    private static TileScheduler one;

    @BeforeAll
    static void open() {
        source = TestClouds.blobs(600, 5, 0, 1);
        target = TestClouds.blobs(800, 5, 2, 2);
        one = new TileScheduler(1);
    }

    @AfterAll
    static void close() {
        source.close();
        target.close();
        one.close();
    }

    private static TrainingOptions.Builder options() {
        return TrainingOptions.builder().components(4).steps(600).epsilon(0.2);
    }

    @ParameterizedTest
    @EnumSource
    void fittingLowersTheObjectiveAndMovesTheSourceOntoTheTarget(Covariance covariance) {
        TrainingResult result = BridgeTrainer.on(options().steps(2000).covariance(covariance).build(), source, target).fit(one,
            Progress.NONE);
        assertThat(result.status()).isEqualTo(TrainingResult.Status.COMPLETED);
        assertThat(result.steps()).isEqualTo(2000);
        TrainingResult short_ = BridgeTrainer.on(options().steps(1).covariance(covariance).build(), source, target).fit(one, Progress.NONE);
        assertThat(result.bridge().objective(source, target, one).value()).isLessThan(short_.bridge().objective(source, target, one).value()
            - 1);
        try (PointCloud moved = new BridgeTransport(result.bridge(), one).sample(source, 1, 3)) {
            for (int d = 0; d < 5; d++) {
                assertThat(mean(moved, d)).isCloseTo(mean(target, d), within(0.25));
            }
        }
        double total = 0;
        for (double u : result.usage()) {
            total += u;
        }
        assertThat(total).isCloseTo(1, within(1e-3));
    }

    private static double mean(PointCloud cloud, int coordinate) {
        double sum = 0;
        for (int n = 0; n < cloud.size(); n++) {
            sum += cloud.get(n, coordinate);
        }
        return sum / cloud.size();
    }

    @Test
    void aGaussianPairIsFittedToItsClosedForm() {
        int n = 20_000;
        long key = CounterRandom.key(5, 1);
        try (PointCloud x = PointCloud.allocate(n, 1); PointCloud y = PointCloud.allocate(n, 1)) {
            for (int i = 0; i < n; i++) {
                x.set(i, 0, CounterRandom.normal(key, i));
                y.set(i, 0, 3 + 2 * CounterRandom.normal(key, 1_000_000 + i));
            }
            TrainingOptions o = TrainingOptions.builder().components(1).epsilon(0.5).steps(6000).sourceBatch(512).targetBatch(512)
                .learningRate(3e-3).build();
            LightBridge bridge = BridgeTrainer.on(o, x, y).fit(one, Progress.NONE).bridge();
            // N(0, 1) to N(3, 4) at epsilon .5: S = 1.7655644, E[y | 0] = 3
            assertThat(bridge.scales()[0]).isCloseTo(1.7655644, within(0.04));
            assertThat(bridge.conditionalMean(new double[] {0})[0]).isCloseTo(3, within(0.06));
        }
    }

    @Test
    void threadsDoNotChangeABit() {
        TrainingOptions small = options().build();
        // large enough to be shared between threads
        TrainingOptions large = TrainingOptions.builder().components(10).steps(12).sourceBatch(300).targetBatch(200).build();
        TrainingOptions full = options().covariance(Covariance.FULL).steps(30).build();
        try (PointCloud x = TestClouds.blobs(400, 300, 0, 1);
                PointCloud y = TestClouds.blobs(420, 300, 1, 2);
                PointCloud fx = TestClouds.blobs(400, 25, 0, 1);
                PointCloud fy = TestClouds.blobs(420, 25, 1, 2)) {
            for (int threads : new int[] {2, 3}) {
                try (TileScheduler many = new TileScheduler(threads)) {
                    assertThat(BridgeTrainer.on(small, source, target).fit(many, Progress.NONE).state()).isEqualTo(BridgeTrainer.on(small,
                        source, target).fit(one, Progress.NONE).state());
                    assertThat(BridgeTrainer.on(large, x, y).fit(many, Progress.NONE).state())
                        .isEqualTo(BridgeTrainer.on(large, x, y).fit(one,
                            Progress.NONE).state());
                    assertThat(BridgeTrainer.on(full, fx, fy).fit(many, Progress.NONE).state())
                        .isEqualTo(BridgeTrainer.on(full, fx, fy).fit(
                            one, Progress.NONE).state());
                }
            }
        }
    }

    @Test
    @Tag("widths")
    void vectorWidthDoesNotChangeABit() {
        LightBridge bridge = BridgeTrainer.on(options().steps(200).build(), source, target).fit(one, Progress.NONE).bridge();
        long hash = 0;
        for (double v : bridge.locations()) {
            hash = 31 * hash + Double.doubleToLongBits(v);
        }
        for (double v : bridge.scales()) {
            hash = 31 * hash + Double.doubleToLongBits(v);
        }
        assertThat(hash).as("the same at 128, 256 and 512 bits").isEqualTo(WIDTH_HASH);
    }

    private static final long WIDTH_HASH = -8329916823069879529L;

    @ParameterizedTest
    @EnumSource
    void aResumedFitEndsInTheBytesOfAnUnbrokenOne(Covariance covariance) {
        TrainingOptions o = options().covariance(covariance).steps(700).reviveDeadComponents(true).build();
        List<TrainingState> checkpoints = new ArrayList<>();
        TrainingState whole = BridgeTrainer.on(o, source, target).holdOut(target, source, 100, 100).checkpoint(130, checkpoints::add)
            .fit(one,
                Progress.NONE)
            .state();
        assertThat(checkpoints).hasSize(5);
        for (TrainingState checkpoint : checkpoints) {
            TrainingResult resumed = BridgeTrainer.on(o, source, target).holdOut(target, source, 100, 100).resume(checkpoint).fit(one,
                Progress.NONE);
            assertThat(resumed.state()).isEqualTo(whole);
        }
    }

    @Test
    void progressHearsAndCancels() {
        List<Long> heard = new ArrayList<>();
        TrainingResult cancelled = BridgeTrainer.on(options().steps(1_000_000).build(), source, target).fit(one, (done, total) -> {
            assertThat(total).isEqualTo(1_000_000);
            heard.add(done);
            return heard.size() < 4;
        });
        assertThat(cancelled.status()).isEqualTo(TrainingResult.Status.CANCELLED);
        assertThat(cancelled.steps()).isLessThan(1_000_000);
        assertThat(heard).isSorted();
    }

    @Test
    void aHeldOutObjectiveStopsEarlyAndKeepsTheBest() {
        try (PointCloud few = TestClouds.blobs(25, 5, 2, 2); PointCloud fewSource = TestClouds.blobs(25, 5, 0, 1)) {
            TrainingOptions o = options().components(20).steps(50_000).learningRate(0.02).build();
            TrainingResult result = BridgeTrainer.on(o, fewSource, few).holdOut(source, target, 50, 5).fit(one, Progress.NONE);
            assertThat(result.status()).isEqualTo(TrainingResult.Status.STOPPED_EARLY);
            assertThat(result.steps()).isLessThan(50_000);
            assertThat(result.bridge().objective(source, target, one).value()).isEqualTo(result.state().bestObjective());
        }
    }

    @Test
    void theLastParametersAreJudgedOnHeldOutPointsToo() {
        // an objective that still falls: the end is better than any evaluation every 400 steps saw
        TrainingOptions o = options().steps(1100).build();
        TrainingResult plain = BridgeTrainer.on(o, source, target).fit(one, Progress.NONE);
        TrainingResult judged = BridgeTrainer.on(o, source, target).holdOut(source, target, 400, 100).fit(one, Progress.NONE);
        double end = plain.bridge().objective(source, target, one).value();
        assertThat(judged.state().bestObjective()).isGreaterThan(end);
        assertThat(judged.bridge().objective(source, target, one).value()).isEqualTo(end);
    }

    @Test
    void pointsWithoutWeightDoNotWidenTheSupport() {
        float[] rows = source.toRows();
        float[] more = Arrays.copyOf(rows, rows.length + rows.length / 50 / 5 * 5);
        float[] weights = new float[more.length / 5];
        Arrays.fill(weights, 0, rows.length / 5, 1f);
        for (int k = rows.length; k < more.length; k++) {
            more[k] = 30 * more[k - rows.length];
        }
        try (PointCloud plain = PointCloud.ofRows(more, weights.length, 5); PointCloud weighted = plain.withWeights(weights)) {
            LightBridge bridge = BridgeTrainer.on(options().steps(300).build(), weighted, target).fit(one, Progress.NONE).bridge();
            double highest = IntStream.range(0, rows.length / 5).mapToDouble(n -> bridge.supportScore(point(rows, n))).max().orElseThrow();
            assertThat(bridge.supportThreshold()).isLessThanOrEqualTo(highest);
            assertThat(IntStream.range(rows.length / 5, weights.length).filter(n -> bridge.isOutOfSupport(point(more, n)))).isNotEmpty();
        }
    }

    private static double[] point(float[] rows, int n) {
        double[] x = new double[5];
        Arrays.setAll(x, d -> rows[5 * n + d]);
        return x;
    }

    @Test
    void aWarmStartTakesOverTheBridgeWhateverTheDataIsCentredOn() {
        LightBridge first = BridgeTrainer.on(options().steps(1500).build(), source, target).fit(one, Progress.NONE).bridge();
        try (PointCloud half = TestClouds.blobs(300, 5, 0, 1); PointCloud otherHalf = TestClouds.blobs(200, 5, 2, 2)) {
            TrainingOptions o = options().steps(1).learningRate(1e-9).build();
            LightBridge again = BridgeTrainer.on(o, half, otherHalf).startFrom(first).fit(one, Progress.NONE).bridge();
            assertThat(again.sourceMean()).isNotEqualTo(first.sourceMean());
            double[] x = {0.3, -0.2, 0.1, 0.4, 0};
            assertThat(again.conditionalMean(x)).containsExactly(first.conditionalMean(x), within(2e-4));
        }
        assertThatThrownBy(() -> BridgeTrainer.on(options().components(5).build(), source, target).startFrom(first)).hasMessageContaining(
            "K=5");
    }

    @Test
    void endlessStreamsFitLikeClouds() {
        long key = CounterRandom.key(1, 2);
        BatchSource x = (step, count, rows) -> fill(key, step, 0, 1, rows);
        BatchSource y = (step, count, rows) -> fill(key, step, 3, 2, rows);
        TrainingOptions o = TrainingOptions.builder().components(1).epsilon(0.5).steps(4000).learningRate(3e-3).batch(200).build();
        LightBridge bridge = BridgeTrainer.on(o, x, y, 1).fit(one, Progress.NONE).bridge();
        assertThat(bridge.scales()[0]).isCloseTo(1.7655644, within(0.08));
        BatchSource bad = (step, count, rows) -> rows[1] = step == 3 ? Float.NaN : 0;
        assertThatThrownBy(() -> BridgeTrainer.on(o, x, bad, 1).fit(one, Progress.NONE)).isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("target stream gave NaN in the batch of step 3 at row 1");
    }

    private static void fill(long key, long step, double mean, double deviation, float[] rows) {
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) (mean + deviation * CounterRandom.normal(key, ((step + 1) << 24) + (long) (mean * 1000) * 10_000 + i));
        }
    }

    @Test
    void badInputIsNamed() {
        try (PointCloud row = TestClouds.blobs(1, 5, 0, 1); PointCloud wide = TestClouds.blobs(50, 6, 0,
            1); PointCloud hole = TestClouds.blobs(50,
                5, 0, 1)) {
            assertThatThrownBy(() -> BridgeTrainer.on(options().build(), source, wide)).hasMessageContaining(
                "target has dimension 6, expected 5");
            assertThatThrownBy(() -> BridgeTrainer.on(options().build(), row, target)).hasMessageContaining(
                "source has 1 row, expected at least 2");
            assertThatThrownBy(() -> BridgeTrainer.on(options().components(51).build(), source, hole)).hasMessageContaining(
                "components is 51, expected at most the 50 rows of the target");
            hole.set(17, 3, Float.NaN);
            assertThatThrownBy(() -> BridgeTrainer.on(options().build(), hole, target)).hasMessageContaining(
                "source holds NaN at row 17, column 3");
        }
        assertThatThrownBy(() -> options().epsilon(0).build()).hasMessageContaining("epsilon is 0.0");
        assertThatThrownBy(() -> options().steps(0).build()).hasMessageContaining("steps is 0, expected at least 1");
        TrainingState state = BridgeTrainer.on(options().steps(3).build(), source, target).fit(one, Progress.NONE).state();
        assertThatThrownBy(() -> BridgeTrainer.on(options().components(5).build(), source, target).resume(state)).hasMessageContaining(
            "checkpoint is of step 3");
        assertThatThrownBy(() -> BridgeTrainer.on(options().seed(5).build(), source, target).resume(state)).hasMessageContaining("seed=5");
        assertThatThrownBy(() -> BridgeTrainer.on(options().build(), target, source).resume(state)).hasMessageContaining("other clouds");
    }

    @Test
    void absurdLearningRatesFailClearlyOrStayFinite() {
        TrainingOptions o = options().learningRate(1e6).steps(50).build();
        try {
            LightBridge bridge = BridgeTrainer.on(o, source, target).fit(one, Progress.NONE).bridge();
            assertThat(bridge.locations()).doesNotContain(Double.NaN);
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageContaining("lower the learning rate");
        }
    }
}
