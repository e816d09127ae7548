package org.pontoon.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

class TransportPlanTest {

    private static final int N = 40;
    private static final int M = 30;
    private static final TileScheduler ONE = new TileScheduler(1);
    private static final TileScheduler TWO = new TileScheduler(2);
    private static final PointCloud X = SampledMeasures.weighted(1, N, 2, 1);
    private static final PointCloud Y = SampledMeasures.moved(SampledMeasures.weighted(2, M, 2, 1), 1, 2, -1);

    @AfterAll
    static void close() {
        X.close();
        Y.close();
        ONE.close();
        TWO.close();
    }

    static Stream<SinkhornOptions> options() {
        return Stream.of(options(1, 0.3).build(), options(2, 0.3).build(), options(1, 0.3).reach(0.6).build(),
            options(2, 0.3).reachY(0.7).build());
    }

    private static SinkhornOptions.Builder options(int p, double blur) {
        return SinkhornOptions.builder().p(p).blur(blur).tolerance(1e-13).debias(false).precision(Precision.FLOAT64);
    }

    private static TransportPlan plan(SinkhornOptions options, TileScheduler scheduler) {
        Sinkhorn sinkhorn = new Sinkhorn(options);
        return sinkhorn.plan(X, Y, sinkhorn.solve(X, Y, scheduler), scheduler);
    }

    /** The definition, from potentials in the clouds' own coordinates. */
    private static double[] reference(SinkhornOptions options) {
        SinkhornResult result = new Sinkhorn(options).solve(X, Y, ONE);
        double[] costs = DenseMatrices.denseCosts(options.p(), X, Y);
        double[] plan = new double[N * M];
        for (int k = 0; k < plan.length; k++) {
            plan[k] = X.weight(k / M) * Y.weight(k % M)
                * Math.exp((result.f()[k / M] + result.g()[k % M] - costs[k]) / options.epsilon());
        }
        return plan;
    }

    @ParameterizedTest
    @MethodSource("options")
    void productsAndSumsAreThoseOfTheDenseMatrix(SinkhornOptions options) {
        double[] expected = reference(options);
        TransportPlan plan = plan(options, TWO);
        assertThat(plan.densePlan()).containsExactly(expected, within(1e-12));
        double[] values = new double[M * 2];
        double[] applied = new double[N * 2];
        double[] rows = new double[N];
        double[] columns = new double[M];
        Arrays.setAll(values, Math::sin);
        for (int k = 0; k < expected.length; k++) {
            rows[k / M] += expected[k];
            columns[k % M] += expected[k];
            applied[k / M * 2] += expected[k] * values[k % M * 2];
            applied[k / M * 2 + 1] += expected[k] * values[k % M * 2 + 1];
        }
        assertThat(plan.rowSums()).containsExactly(rows, within(1e-12));
        assertThat(plan.columnSums()).containsExactly(columns, within(1e-12));
        assertThat(plan.apply(values, 2)).containsExactly(applied, within(1e-12));
        double[] ones = new double[N];
        Arrays.fill(ones, 1);
        assertThat(plan.applyTransposed(ones, 1)).containsExactly(columns, within(1e-12));
    }

    @ParameterizedTest
    @MethodSource("options")
    void potentialsAtTheCloudsOwnPointsAreTheResults(SinkhornOptions options) {
        SinkhornResult result = new Sinkhorn(options).solve(X, Y, ONE);
        TransportPlan plan = new Sinkhorn(options).plan(X, Y, result, ONE);
        assertThat(plan.potentialX(X)).containsExactly(result.f(), within(1e-11));
        assertThat(plan.potentialY(Y)).containsExactly(result.g(), within(1e-11));
    }

    @ParameterizedTest
    @MethodSource("options")
    void mapsAtTheCloudsOwnPointsAreBarycentres(SinkhornOptions options) {
        TransportPlan plan = plan(options, TWO);
        double[] yRows = Measure.rows(Y, new double[2]);
        double[] xRows = Measure.rows(X, new double[2]);
        double[] toY = plan.apply(yRows, 2);
        double[] toX = plan.applyTransposed(xRows, 2);
        double[] rows = plan.rowSums();
        double[] columns = plan.columnSums();
        Arrays.setAll(toY, k -> toY[k] / rows[k / 2]);
        Arrays.setAll(toX, k -> toX[k] / columns[k / 2]);
        assertThat(plan.mapX(X)).containsExactly(toY, within(1e-12));
        assertThat(plan.mapY(Y)).containsExactly(toX, within(1e-12));
    }

    @Test
    void theMapIsAGradientAtAnyPoint() {
        TransportPlan plan = plan(options(2, 0.3).build(), ONE);
        float h = 0x1p-8f;
        try (PointCloud at = PointCloud.ofRows(new float[][] {{0.25f, 3}}); PointCloud around = PointCloud.ofRows(new float[][] {{0.25f + h,
            3}, {0.25f - h, 3}, {0.25f, 3 + h}, {0.25f, 3 - h}})) {
            double[] map = plan.mapX(at);
            double[] f = plan.potentialX(around);
            assertThat(map[0]).isCloseTo(0.25 - (f[0] - f[1]) / (2 * h), within(1e-4));
            assertThat(map[1]).isCloseTo(3 - (f[2] - f[3]) / (2 * h), within(1e-4));
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "3", "30", "100"})
    void largestEntriesOfEveryRow(int count) {
        double[] expected = reference(options(1, 0.3).build());
        SparsePlan largest = plan(options(1, 0.3).build(), TWO).largestPerRow(count);
        int kept = Math.min(count, M);
        assertThat(largest.size()).isEqualTo(N * kept);
        for (int i = 0; i < N; i++) {
            double[] row = Arrays.copyOfRange(expected, i * M, (i + 1) * M);
            double[] sorted = row.clone();
            Arrays.sort(sorted);
            assertThat(largest.rowStarts()[i]).isEqualTo(i * kept);
            for (int k = 0; k < kept; k++) {
                assertThat(largest.masses()[i * kept + k]).isCloseTo(sorted[M - 1 - k], within(1e-12));
                assertThat(row[largest.columns()[i * kept + k]]).isCloseTo(sorted[M - 1 - k], within(1e-12));
            }
        }
    }

    @Test
    void entriesAboveAThreshold() {
        double[] expected = reference(options(2, 0.3).build());
        SparsePlan sparse = plan(options(2, 0.3).build(), TWO).above(1e-4);
        assertThat(sparse.size()).isEqualTo((int) Arrays.stream(expected).filter(v -> v > 1e-4).count());
        for (int i = 0; i < N; i++) {
            for (int k = sparse.rowStarts()[i]; k < sparse.rowStarts()[i + 1]; k++) {
                assertThat(sparse.masses()[k]).isCloseTo(expected[i * M + sparse.columns()[k]], within(1e-12));
                assertThat(k == sparse.rowStarts()[i] || sparse.columns()[k] > sparse.columns()[k - 1]).isTrue();
            }
        }
    }

    @Test
    void everyNumberOfThreadsGivesTheSameBits() {
        TransportPlan one = plan(options(2, 0.3).build(), ONE);
        TransportPlan two = plan(options(2, 0.3).build(), TWO);
        assertThat(two.rowSums()).isEqualTo(one.rowSums());
        assertThat(two.mapX(Y)).isEqualTo(one.mapX(Y));
        assertThat(two.above(1e-5).masses()).isEqualTo(one.above(1e-5).masses());
    }

    @Test
    void whatDoesNotFitIsRefused() {
        TransportPlan plan = plan(options(2, 0.3).build(), ONE);
        assertThatIllegalArgumentException().isThrownBy(() -> plan.apply(new double[M + 1], 1)).withMessageContaining("31");
        assertThatIllegalArgumentException().isThrownBy(() -> plan.apply(new double[0], 0)).withMessageContaining("0");
        assertThatIllegalArgumentException().isThrownBy(() -> plan.largestPerRow(0)).withMessageContaining("0");
        assertThatIllegalArgumentException().isThrownBy(() -> plan.above(0)).withMessageContaining("0.0");
        try (PointCloud line = SampledMeasures.line(1)) {
            assertThatIllegalArgumentException().isThrownBy(() -> plan.mapX(line)).withMessageContaining("dimension 1");
        }
        SinkhornResult result = new Sinkhorn(options(2, 0.3).build()).solve(X, Y, ONE);
        assertThatIllegalArgumentException().isThrownBy(() -> new Sinkhorn(options(2, 0.3).build()).plan(Y, X, result, ONE))
            .withMessageContaining("40");
    }

    /** Frequencies of 4000 draws of every row against its entries: Pearson's statistic of all rows together. */
    @ParameterizedTest
    @MethodSource("options")
    void drawsFollowTheRows(SinkhornOptions options) {
        double[] expected = reference(options);
        int samples = 4000;
        int[] drawn = plan(options, TWO).draws(samples, 11);
        double statistic = 0;
        int cells = 0;
        for (int i = 0; i < N; i++) {
            int[] counts = new int[M];
            for (int s = 0; s < samples; s++) {
                counts[drawn[i * samples + s]]++;
            }
            double mass = Arrays.stream(expected, i * M, (i + 1) * M).sum();
            double rest = 0;
            int restCount = 0;
            for (int j = 0; j < M; j++) {
                double mean = mass == 0 ? 0 : samples * expected[i * M + j] / mass;
                if (mean >= 5) {
                    statistic += (counts[j] - mean) * (counts[j] - mean) / mean;
                    cells++;
                } else {
                    rest += mean;
                    restCount += counts[j];
                }
            }
            if (mass > 0) {
                assertThat((double) restCount).isCloseTo(rest, within(5 * Math.sqrt(rest) + 3));
            }
        }
        assertThat(statistic).isLessThan(cells + 5 * Math.sqrt(2 * cells));
    }

    @Test
    void drawsAreFunctionsOfTheSeed() {
        SinkhornOptions options = options(2, 1e-3).tolerance(1e-3).build();
        int[] drawn = plan(options, ONE).draws(3, 5);
        assertThat(plan(options, TWO).draws(3, 5)).isEqualTo(drawn);
        assertThat(drawn).hasSize(3 * N);
        assertThatIllegalArgumentException().isThrownBy(() -> plan(options, ONE).draws(0, 5)).withMessageContaining("samples is 0");
    }

    @Test
    void sparsePlansMapAndDraw() {
        SparsePlan plan = SparsePlan.ofEntries(3, new int[] {2, 0, 2, 1}, new int[] {1, 0, 2, 2}, new double[] {.1, .3, .3, .3});
        assertThat(plan.rowStarts()).containsExactly(0, 1, 2, 4);
        assertThat(plan.rows()).containsExactly(0, 1, 2, 2);
        assertThat(plan.columns()).containsExactly(0, 2, 1, 2);
        assertThat(plan.means(new double[] {1, 2, 4}, 1)).containsExactly(new double[] {1, 4, 3.5}, within(1e-15));
        int[] drawn = plan.draws(4000, 3);
        assertThat(drawn).startsWith(0).endsWith(plan.draws(4000, 3)[11999]);
        assertThat((double) Arrays.stream(drawn, 8000, 12000).filter(j -> j == 1).count()).isCloseTo(1000, within(140.0));
        assertThat(Arrays.stream(drawn, 8000, 12000)).containsOnly(1, 2);
        SparsePlan hollow = SparsePlan.ofEntries(2, new int[] {0}, new int[] {0}, new double[] {1});
        assertThatIllegalArgumentException().isThrownBy(() -> hollow.means(new double[] {1}, 1)).withMessageContaining("point 1 ");
        assertThatIllegalArgumentException().isThrownBy(() -> hollow.draws(1, 1)).withMessageContaining("nowhere");
    }
}
