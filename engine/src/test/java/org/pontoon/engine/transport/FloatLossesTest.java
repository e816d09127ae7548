package org.pontoon.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

/** Losses on float32 sums, held against float64. */
@Tag("widths")
class FloatLossesTest {

    private static final TileScheduler ONE = new TileScheduler(1);
    private static final TileScheduler TWO = new TileScheduler(2);

    @AfterAll
    static void close() {
        ONE.close();
        TWO.close();
    }

    record Pair(MeasureLossTest.Case single, MeasureLossTest.Case exact) {
        @Override
        public String toString() {
            return single.name();
        }
    }

    static Stream<Pair> losses() {
        List<Pair> pairs = new ArrayList<>();
        List<MeasureLossTest.Case> exact = MeasureLossTest.losses(Precision.FLOAT64).toList();
        MeasureLossTest.losses(Precision.FLOAT32).forEach(c -> pairs.add(new Pair(c, exact.get(pairs.size()))));
        return pairs.stream();
    }

    @ParameterizedTest
    @MethodSource("losses")
    void valuesAndGradientsAreThoseOfDoubles(Pair pair) {
        for (int dimension : new int[] {1, 2, 3, 20}) {
            try (PointCloud x = SampledMeasures.weighted(1, 130, dimension, 1);
                    PointCloud y = SampledMeasures.weighted(2, 70, dimension, 1.2)) {
                LossGradient single = pair.single.loss().gradient(x, y, TWO);
                LossGradient exact = pair.exact.loss().gradient(x, y, TWO);
                // values are differences of terms of the size of the clouds
                assertThat(single.value()).isCloseTo(exact.value(), within(1e-6 * Math.max(1, Math.abs(exact.value()))));
                for (int k = 0; k < exact.points().length; k++) {
                    double scale = x.weight(k / dimension) * (1 + Math.abs(exact.points()[k] / x.weight(k / dimension)));
                    assertThat(single.points()[k]).isCloseTo(exact.points()[k], within(5e-5 * scale));
                }
                for (int i = 0; i < exact.weights().length; i++) {
                    assertThat(single.weights()[i]).isCloseTo(exact.weights()[i], within(5e-5 * (1 + Math.abs(exact.weights()[i]))));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void everyNumberOfThreadsGivesTheSameBits(Pair pair) {
        try (PointCloud x = SampledMeasures.weighted(3, 150, 3, 1); PointCloud y = SampledMeasures.weighted(4, 70, 3, 1)) {
            LossGradient one = pair.single.loss().gradient(x, y, ONE);
            LossGradient two = pair.single.loss().gradient(x, y, TWO);
            assertThat(two.value()).isEqualTo(one.value());
            assertThat(two.points()).isEqualTo(one.points());
            assertThat(two.weights()).isEqualTo(one.weights());
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void aMeasureIsAtZeroFromItself(Pair pair) {
        if (!pair.single.divergence()) {
            return;
        }
        try (PointCloud x = SampledMeasures.weighted(5, 100, 3, 1); PointCloud copy = SampledMeasures.copy(x)) {
            assertThat(pair.single.loss().value(x, x, TWO)).isZero();
            assertThat(pair.single.loss().value(x, copy, TWO)).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"2,.5,Infinity,.603149625614,.458753988350,-.3568821663,-.0327669126,-.2353509211",
        "2,.1,Infinity,.564657615543,.556647335966,-.375,0,-.25",
        "1,.5,Infinity,1.074163651222,.769744158117,-.3143502768,-.0167196588,-.2289230600",
        "2,.5,.5,.377674308405,.252068535140,-.0889628523,-.0114454099,-.1307993657"})
    void goldenTransport(int p, double blur, double reach, double cost, double divergence, double first, double second, double third) {
        try (PointCloud x = SampledMeasures.goldenX(); PointCloud y = SampledMeasures.goldenY()) {
            SinkhornOptions.Builder options = SinkhornOptions.builder().p(p).blur(blur).reach(reach).tolerance(1e-6);
            SinkhornResult result = new Sinkhorn(options.build()).solve(x, y, TWO);
            assertThat(result.status()).isEqualTo(SinkhornResult.Status.CONVERGED);
            assertThat(result.dual()).isCloseTo(cost, within(1e-6 * cost));
            assertThat(result.value()).isCloseTo(divergence, within(1e-6 * divergence));
            assertThat(result.gradientX().points()).containsExactly(new double[] {first, first, second, third, third, second},
                within(1e-6));
        }
    }

    @Test
    void goldenLosses() {
        try (PointCloud x = SampledMeasures.goldenX(); PointCloud y = SampledMeasures.goldenY()) {
            assertThat(new KernelNorm(PairKernel.energy(), Precision.FLOAT32).value(x, y, TWO)).isCloseTo(0.6111359120657514, within(5e-7));
            assertThat(new KernelNorm(PairKernel.gaussian(0.5), Precision.FLOAT32).value(x, y, TWO)).isCloseTo(0.4543669873694789,
                within(5e-7));
            assertThat(new MixtureLikelihood(0.5, Precision.FLOAT32).value(x, y, TWO)).isCloseTo(2.1746643771377294, within(2e-6));
        }
    }

    @ParameterizedTest
    @CsvSource({"1,.5,3", "1,.01,200", "2,.1,40", "3,.05,150", "3,2,20", "10,.7,70", "64,.5,50"})
    void aShiftedMeasureIsAtHalfItsSquaredShift(int dimension, double blur, int size) {
        float[] shift = new float[dimension];
        double square = 0;
        for (int d = 0; d < dimension; d++) {
            shift[d] = 0.25f * (d % 7 + 1) - 0.75f;
            square += shift[d] * shift[d];
        }
        try (PointCloud x = SampledMeasures.weighted(size, size, dimension, 1); PointCloud y = SampledMeasures.moved(x, 1, shift)) {
            SinkhornResult result = new Sinkhorn(SinkhornOptions.builder().blur(blur).build()).solve(x, y, TWO);
            assertThat(result.status()).isEqualTo(SinkhornResult.Status.CONVERGED);
            assertThat(result.value()).isCloseTo(square / 2, within(1e-12));
            for (int k = 0; k < size * dimension; k++) {
                assertThat(result.gradientX().points()[k]).isCloseTo(-x.weight(k / dimension) * shift[k % dimension], within(1e-13));
            }
        }
    }

    @Test
    void cloudsOfManyTilesConvergeToTheDoubles() {
        try (PointCloud x = SampledMeasures.cloud(6, 900, 3, 1); PointCloud y = SampledMeasures.cloud(7, 700, 3, 1)) {
            SinkhornOptions.Builder options = SinkhornOptions.builder().blur(0.1);
            SinkhornResult single = new Sinkhorn(options.build()).solve(x, y, TWO);
            SinkhornResult exact = new Sinkhorn(options.precision(Precision.FLOAT64).build()).solve(x, y, TWO);
            assertThat(single.status()).isEqualTo(SinkhornResult.Status.CONVERGED);
            assertThat(single.iterations()).isCloseTo(exact.iterations(), within(1));
            assertThat(single.value()).isCloseTo(exact.value(), within(1e-6));
            assertThat(single.linearCost()).isCloseTo(exact.linearCost(), within(1e-4 * exact.linearCost()));
        }
    }

    @ParameterizedTest
    @CsvSource({"1,.05,1e-12", "2,.05,1e-12", "2,1e-4,1e-3"})
    void aToleranceBelowTheRoundingOfFloat32IsMetInFloat64(int p, double blur, double tolerance) {
        try (PointCloud x = SampledMeasures.cloud(10, 60, 2, 1); PointCloud y = SampledMeasures.cloud(11, 50, 2, 1)) {
            SinkhornOptions.Builder options = SinkhornOptions.builder().p(p).blur(blur).tolerance(tolerance);
            SinkhornResult result = new Sinkhorn(options.build()).solve(x, y, TWO);
            SinkhornResult exact = new Sinkhorn(options.precision(Precision.FLOAT64).build()).solve(x, y, TWO);
            assertThat(result.status()).isEqualTo(SinkhornResult.Status.CONVERGED);
            assertThat(result.value()).isEqualTo(exact.value());
        }
    }

    @ParameterizedTest
    @CsvSource({"1,.05", "2,.05"})
    void aToleranceBelowTheRoundingOfFloat64Stalls(int p, double blur) {
        try (PointCloud x = SampledMeasures.cloud(10, 60, 2, 1); PointCloud y = SampledMeasures.cloud(11, 50, 2, 1)) {
            SinkhornResult result = new Sinkhorn(SinkhornOptions.builder().p(p).blur(blur).tolerance(1e-20).build()).solve(x, y, TWO);
            assertThat(result.status()).isEqualTo(SinkhornResult.Status.STALLED);
            assertThat(result.rounding()).isGreaterThan(1e-20);
            assertThat(result.value()).isPositive();
        }
    }

    @Test
    void theBitsAreTheSameAtEveryWidth() {
        try (PointCloud x = SampledMeasures.weighted(8, 300, 3, 1); PointCloud y = SampledMeasures.weighted(9, 200, 3, 1)) {
            SinkhornResult result = new Sinkhorn(SinkhornOptions.builder().blur(0.1).build()).solve(x, y, TWO);
            assertThat(Double.doubleToRawLongBits(result.value())).isEqualTo(4586709270847767370L);
        }
    }
}
