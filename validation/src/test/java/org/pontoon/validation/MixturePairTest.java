package org.pontoon.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.validation.MixturePair.Difficulty;

class MixturePairTest {

    private static final TileScheduler SCHEDULER = new TileScheduler(2);

    @AfterAll
    static void close() {
        SCHEDULER.close();
    }

    @ParameterizedTest
    @EnumSource
    void drawsAreAFunctionOfStreamAndRow(Difficulty difficulty) {
        MixturePair pair = MixturePair.of(difficulty, 5, 1, 3);
        float[] batch = new float[70 * 5];
        MixturePair.Batches batches = pair.targetBatches(8);
        try (PointCloud all = pair.target(8, 210); PointCloud few = pair.target(8, 7); PointCloud other = pair.target(9, 7)) {
            assertThat(few.toRows()).isEqualTo(Arrays.copyOf(all.toRows(), 35)).isNotEqualTo(other.toRows());
            // out of order, and other than in blocks of the implementation
            for (int step : new int[] {2, 0, 1}) {
                batches.fill(step, 70, batch);
                assertThat(batch).isEqualTo(Arrays.copyOfRange(all.toRows(), step * 350, (step + 1) * 350));
            }
            batches.fill(-1, 70, batch);
            assertThat(Arrays.copyOf(batch, 35)).isNotEqualTo(few.toRows());
        }
    }

    @Test
    void parametersDependOnTheSeedAlone() {
        MixturePair pair = MixturePair.of(Difficulty.HARD, 4, 1, 3);
        assertThat(MixturePair.of(Difficulty.HARD, 4, 10, 3).potentialCovariance(2)).isEqualTo(pair.potentialCovariance(2));
        assertThat(MixturePair.of(Difficulty.HARD, 4, 1, 4).potentialMean(2)).isNotEqualTo(pair.potentialMean(2));
        assertThat(MixturePair.of(Difficulty.HARD, 4, 1, 3).bridge()).isEqualTo(pair.bridge());
    }

    @ParameterizedTest
    @CsvSource({"EASY, 2", "HARD, 2", "EASY, 40", "HARD, 40"})
    void potentialIsAsDescribed(Difficulty difficulty, int dimension) {
        MixturePair pair = MixturePair.of(difficulty, dimension, 0.1, 11);
        for (int k = 0; k < MixturePair.COMPONENTS; k++) {
            assertThat(GaussianChecks.squaredNorm(pair.potentialMean(k))).isCloseTo(25, within(1e-9));
            double[] spectrum = Matrices.eigenvalues(Matrices.of(pair.potentialCovariance(k), dimension, dimension));
            for (double v : spectrum) {
                if (difficulty == Difficulty.EASY) {
                    assertThat(v).isCloseTo(0.02, within(1e-15));
                } else {
                    assertThat(v).isBetween(0.01 - 1e-12, 0.1 + 1e-12);
                }
            }
            if (difficulty == Difficulty.HARD) {
                assertThat(Arrays.stream(spectrum).max().orElseThrow()).isGreaterThan(1.05 * Arrays.stream(spectrum).min().orElseThrow());
            }
        }
    }

    /** (y - E[y|x]) and its square, against the closed form, over pairs; the block of 64 rows and the padding to 16 and 32 both occur. */
    @ParameterizedTest
    @CsvSource({"EASY, 2, 1", "EASY, 17, 0.1", "HARD, 3, 1", "HARD, 33, 10"})
    void pairsFollowThePlan(Difficulty difficulty, int dimension, double epsilon) {
        MixturePair pair = MixturePair.of(difficulty, dimension, epsilon, 5);
        Estimate.Mean[] first = new Estimate.Mean[dimension];
        Estimate.Mean[] second = new Estimate.Mean[dimension];
        Estimate.Mean[] spread = new Estimate.Mean[dimension];
        for (int d = 0; d < dimension; d++) {
            first[d] = new Estimate.Mean();
            second[d] = new Estimate.Mean();
            spread[d] = new Estimate.Mean();
        }
        try (MixturePair.Pairs pairs = pair.pairs(0, 4001)) {
            for (int n = 0; n < pairs.source().size(); n++) {
                double[] x = TwinChecks.point(pairs.source(), n);
                double[] y = TwinChecks.point(pairs.target(), n);
                double[] mean = pair.bridge().conditionalMean(x);
                double[] covariance = pair.bridge().conditionalCovariance(x);
                for (int d = 0; d < dimension; d++) {
                    int next = (d + 1) % dimension;
                    first[d].add(y[d] - mean[d]);
                    second[d].add((y[d] - mean[d]) * (y[next] - mean[next]) - covariance[d * dimension + next]);
                    spread[d].add(x[d] * x[d] - MixturePair.SOURCE_VARIANCE);
                }
            }
        }
        for (int d = 0; d < dimension; d++) {
            assertThat(Math.abs(first[d].value()) / first[d].estimate().standardError()).isLessThan(5);
            assertThat(Math.abs(second[d].value()) / second[d].estimate().standardError()).isLessThan(5);
            assertThat(Math.abs(spread[d].value()) / spread[d].estimate().standardError()).isLessThan(5);
        }
    }

    @Test
    void truthDivergesFromItselfByNothing() {
        MixturePair pair = MixturePair.of(Difficulty.HARD, 3, 1, 5);
        assertThat(pair.divergence(pair.bridge(), 0, 1000, SCHEDULER)).isEqualTo(new Estimate(0, 0));
        assertThat(pair.pathDivergence(pair.bridge(), 0, 1000, SCHEDULER)).isEqualTo(new Estimate(0, 0));
    }

    @Test
    void estimatesDoNotDependOnThreads() {
        MixturePair pair = MixturePair.of(Difficulty.EASY, 2, 1, 5);
        try (TileScheduler alone = new TileScheduler(1)) {
            assertThat(pair.targetVariance(0, 20_000, alone)).isEqualTo(pair.targetVariance(0, 20_000, SCHEDULER));
        }
    }

    @Test
    void targetVarianceIsThatOfASphereOfRadiusFive() {
        for (int dimension : new int[] {2, 16}) {
            Estimate variance = MixturePair.of(Difficulty.EASY, dimension, 1, 42).targetVariance(0, 1 << 15, SCHEDULER);
            assertThat(variance.value()).isBetween(5.0, 27.0);
            assertThat(variance.standardError()).isBetween(1e-4, 0.2);
        }
    }

    @Test
    void badInputIsRefused() {
        assertThatThrownBy(() -> MixturePair.of(Difficulty.EASY, 0, 1, 1)).hasMessageContaining("dimension is 0");
        assertThatThrownBy(() -> MixturePair.of(Difficulty.EASY, 2, -1, 1)).hasMessageContaining("epsilon is -1.0");
        MixturePair pair = MixturePair.of(Difficulty.EASY, 2, 1, 1);
        assertThatThrownBy(() -> pair.divergence(MixturePair.of(Difficulty.EASY, 3, 1, 1).bridge(), 0, 10, SCHEDULER)).hasMessageContaining(
            "dimension 3, expected 2");
        assertThatThrownBy(() -> pair.pathDivergence(MixturePair.of(Difficulty.EASY, 2, 2, 1).bridge(), 0, 10, SCHEDULER))
            .hasMessageContaining("epsilon 2.0, expected 1.0");
    }
}
