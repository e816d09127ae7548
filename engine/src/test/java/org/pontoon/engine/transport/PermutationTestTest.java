package org.pontoon.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.random.CounterRandom;

class PermutationTestTest {

    private static final TileScheduler ONE = new TileScheduler(1);
    private static final TileScheduler THREE = new TileScheduler(3);

    @AfterAll
    static void close() {
        ONE.close();
        THREE.close();
    }

    static Stream<PairKernel> kernels() {
        return PairKernelTest.kernels();
    }

    private static PointCloud normals(long seed, int size, int dimension, double shift, double scale) {
        float[] rows = new float[size * dimension];
        for (int k = 0; k < rows.length; k++) {
            rows[k] = (float) (scale * (shift + CounterRandom.normal(seed, k)));
        }
        return PointCloud.ofRows(rows, size, dimension);
    }

    private static PermutationTest.Result run(PairKernel kernel, PointCloud x, PointCloud y, int permutations, long seed) {
        return new PermutationTest(kernel, permutations, seed).run(x, y, ONE, Progress.NONE);
    }

    /** Statistics of all ways to choose the first sample from the pooled points, by the kernel norm itself. */
    private static double[] enumerated(PairKernel kernel, PointCloud x, PointCloud y) {
        int n = x.size() + y.size();
        int dimension = x.dimension();
        float[] pooled = Arrays.copyOf(x.toRows(), n * dimension);
        System.arraycopy(y.toRows(), 0, pooled, x.size() * dimension, y.size() * dimension);
        List<Double> values = new ArrayList<>();
        for (int subset = 0; subset < 1 << n; subset++) {
            if (Integer.bitCount(subset) != x.size()) {
                continue;
            }
            float[] first = new float[x.size() * dimension];
            float[] second = new float[y.size() * dimension];
            int f = 0;
            int s = 0;
            for (int i = 0; i < n; i++) {
                for (int d = 0; d < dimension; d++) {
                    if ((subset >> i & 1) == 1) {
                        first[f++] = pooled[i * dimension + d];
                    } else {
                        second[s++] = pooled[i * dimension + d];
                    }
                }
            }
            try (PointCloud a = PointCloud.ofRows(first, x.size(), dimension); PointCloud b = PointCloud.ofRows(second, y.size(),
                dimension)) {
                values.add(new KernelNorm(kernel, Precision.FLOAT64).value(a, b, ONE));
            }
        }
        return values.stream().mapToDouble(v -> v).sorted().toArray();
    }

    @ParameterizedTest
    @MethodSource("kernels")
    @Tag("widths")
    void observedStatisticIsTheKernelNorm(PairKernel kernel) {
        try (PointCloud x = normals(1, 150, 3, 0, 1); PointCloud y = normals(2, 97, 3, .5, 1)) {
            double expected = new KernelNorm(kernel, Precision.FLOAT64).value(x, y, ONE);
            assertThat(run(kernel, x, y, 10, 1).value()).isCloseTo(expected, within(2e-6 * Math.abs(expected)));
        }
    }

    /** Permutations are found among the enumerated ones, each about as often as the others, and p is the share that reaches the observed. */
    @ParameterizedTest
    @CsvSource({"3, 5", "4, 4", "1, 6"})
    void tinySamplesHaveTheEnumeratedDistribution(int n, int m) {
        PairKernel kernel = PairKernel.energy();
        int permutations = 20_000;
        try (PointCloud x = normals(3, n, 2, 0, 1); PointCloud y = normals(4, m, 2, 1, 1)) {
            double[] all = enumerated(kernel, x, y);
            PermutationTest.Result result = run(kernel, x, y, permutations, 7);
            double observed = new KernelNorm(kernel, Precision.FLOAT64).value(x, y, ONE);
            double exact = Arrays.stream(all).filter(v -> v >= observed * (1 - 1e-9)).count() / (double) all.length;
            assertThat(result.pValue()).isCloseTo(exact, within(4 * Math.sqrt(exact * (1 - exact) / permutations) + 1e-4));
            int at = 0;
            int[] counts = new int[all.length];
            for (double value : result.nullValues()) {
                while (at < all.length - 1 && value - all[at] > all[at + 1] - value) {
                    at++;
                }
                assertThat(value).isCloseTo(all[at], within(2e-6 * all[all.length - 1]));
                counts[at]++;
            }
            // values that differ by rounding alone (a sample and its complement) share their counts
            double step = (double) permutations / all.length;
            for (int from = 0, to = 0; from < all.length; from = to) {
                int count = 0;
                for (to = from; to < all.length && all[to] - all[from] < 1e-5 * all[all.length - 1]; to++) {
                    count += counts[to];
                }
                assertThat((double) count).isCloseTo(step * (to - from), within(5 * Math.sqrt(step * (to - from))));
            }
        }
    }

    /** Two hundred tests of samples of one distribution: p is uniform on its grid, by the Kolmogorov-Smirnov statistic. */
    @ParameterizedTest
    @MethodSource("kernels")
    void pIsUniformUnderTheNull(PairKernel kernel) {
        int tests = 200;
        double[] p = new double[tests];
        for (int t = 0; t < tests; t++) {
            try (PointCloud x = normals(100 + 2 * t, 20, 2, 0, 1); PointCloud y = normals(101 + 2 * t, 30, 2, 0, 1)) {
                p[t] = run(kernel, x, y, 199, t).pValue();
            }
        }
        Arrays.sort(p);
        double most = 0;
        for (int t = 0; t < tests; t++) {
            most = Math.max(most, Math.max((t + 1.0) / tests - p[t], p[t] - (double) t / tests));
        }
        // exceeded with a probability of .001 by a distribution that is uniform
        assertThat(most).isLessThan(1.95 / Math.sqrt(tests) + .005);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shiftedCloudsGetTheLeastPossibleP(PairKernel kernel) {
        try (PointCloud x = normals(5, 200, 3, 0, 1); PointCloud y = normals(6, 150, 3, 1, 1)) {
            PermutationTest.Result result = run(kernel, x, y, 999, 1);
            assertThat(result.pValue()).isEqualTo(.001);
            assertThat(result.value()).isGreaterThan(result.nullQuantile(1));
            assertThat(result.nullValues()).isSorted().hasSize(999);
            assertThat(result.nullQuantile(.5)).isEqualTo(result.nullValues()[499]);
        }
    }

    /** Two points each, in pairs: half of the permutations are the observed one or its complement, and rounding must not part them. */
    @Test
    void dealtOutAlikeCountsAsEqual() {
        try (PointCloud x = PointCloud.ofRows(new float[] {0.1f, 0.3f}, 2, 1); PointCloud y = PointCloud.ofRows(new float[] {7.7f, 8.1f}, 2,
            1)) {
            double p = run(PairKernel.energy(), x, y, 6000, 3).pValue();
            assertThat(p).isCloseTo(1 / 3.0, within(.03));
        }
        try (PointCloud x = PointCloud.ofRows(new float[] {1, 1, 1}, 3, 1)) {
            assertThat(run(PairKernel.energy(), x, x, 50, 3).pValue()).isEqualTo(1);
        }
    }

    /** A kernel far wider than the data is a parabola of the distance: its statistic is half the squared distance of means over s squared. */
    @ParameterizedTest
    @CsvSource({"1e3", "1e6", "1e30"})
    void veryWideKernelsDoNotCancel(double bandwidth) {
        try (PointCloud x = PointCloud.ofRows(new float[] {0, 1, 2}, 3, 1); PointCloud y = PointCloud.ofRows(new float[] {3, 5}, 2, 1)) {
            double expected = 4.5 / (bandwidth * bandwidth);
            assertThat(run(PairKernel.gaussian(bandwidth), x, y, 9, 3).value()).isCloseTo(expected, within(2e-5 * expected));
        }
    }

    @Test
    @Tag("widths")
    void sameBitsForAnyNumberOfThreads() {
        try (PointCloud x = normals(8, 130, 4, 0, 1); PointCloud y = normals(9, 301, 4, .1, 1)) {
            PermutationTest test = new PermutationTest(PairKernel.gaussian(1), 130, 5);
            PermutationTest.Result one = test.run(x, y, ONE, Progress.NONE);
            PermutationTest.Result three = test.run(x, y, THREE, Progress.NONE);
            assertThat(three.value()).isEqualTo(one.value());
            assertThat(three.nullValues()).isEqualTo(one.nullValues());
            assertThat(run(PairKernel.gaussian(1), x, y, 130, 6).nullValues()).isNotEqualTo(one.nullValues());
        }
    }

    @Test
    void aScaleOfTheDataChangesNothing() {
        double[] p = new double[3];
        for (int k = 0; k < 3; k++) {
            double scale = k == 0 ? 1 : k == 1 ? 0x1p100 : 0x1p-100;
            try (PointCloud x = normals(10, 60, 2, 0, scale); PointCloud y = normals(11, 60, 2, .2, scale)) {
                p[k] = run(PairKernel.energy(), x, y, 499, 5).pValue();
            }
        }
        assertThat(p).containsOnly(p[0]);
    }

    @Test
    void whatCannotBeTestedIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new PermutationTest(PairKernel.energy(), 0, 1))
            .withMessageContaining("permutations is 0");
        try (PointCloud x = normals(8, 3, 1, 0, 1).withWeights(new float[] {1, 2, 1}); PointCloud y = normals(8, 3, 1, 0, 1)) {
            assertThatIllegalArgumentException().isThrownBy(() -> run(PairKernel.energy(), x, y, 5, 1))
                .withMessage("point 1 of the first cloud weighs 2.0, point 0 1.0, but a permutation test exchanges points and expects equal"
                    + " weights");
            PermutationTest test = new PermutationTest(PairKernel.energy(), 5, 1);
            assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> test.run(y, y, ONE, (done, total) -> false));
        }
    }
}
