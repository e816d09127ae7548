package org.pontoon.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

/** Known answers of the losses without transport, and what they tend to. */
class GoldenLossesTest {

    private static final TileScheduler ONE = new TileScheduler(1);

    @AfterAll
    static void close() {
        ONE.close();
    }

    @Test
    void goldenKernelNorms() {
        try (PointCloud x = SampledMeasures.goldenX(); PointCloud y = SampledMeasures.goldenY()) {
            LossGradient energy = new KernelNorm(PairKernel.energy(), Precision.FLOAT64).gradient(x, y, ONE);
            assertThat(energy.value()).isCloseTo(0.6111359120657514, within(1e-14));
            assertThat(energy.points()).containsExactly(new double[] {-.22855339059327, -.22855339059327, -.125, -.1875, -.1875, -.125},
                within(1e-13));
            LossGradient gaussian = new KernelNorm(PairKernel.gaussian(0.5), Precision.FLOAT64).gradient(x, y, ONE);
            assertThat(gaussian.value()).isCloseTo(0.4543669873694789, within(1e-14));
            assertThat(gaussian.points()).containsExactly(new double[] {-.05177567700766, -.05177567700766, -.02626162119406,
                -.14290748285171, -.14290748285171, -.02626162119406}, within(1e-13));
        }
    }

    @Test
    void goldenMixtureLikelihood() {
        try (PointCloud x = SampledMeasures.goldenX(); PointCloud y = SampledMeasures.goldenY()) {
            assertThat(new MixtureLikelihood(0.5, Precision.FLOAT64).value(x, y, ONE)).isCloseTo(2.1746643771377294, within(1e-14));
        }
    }

    @Test
    void theEnergyOfALineIsTheSquareOfTheDifferenceOfItsDistributions() {
        try (PointCloud x = SampledMeasures.line(0, 1); PointCloud y = SampledMeasures.line(0, 1, 2, 3)) {
            KernelNorm energy = new KernelNorm(PairKernel.energy(), Precision.FLOAT64);
            assertThat(energy.value(x, y, ONE)).isCloseTo(0.375, within(1e-15));
            assertThat(2 * energy.value(x, y, ONE)).isCloseTo(EnergyDistance.between(x, y, ONE), within(1e-6));
        }
    }

    @Test
    void aBroadGaussianSeesTheMeansOnly() {
        try (PointCloud x = SampledMeasures.weighted(1, 20, 2, 1); PointCloud y = SampledMeasures.weighted(2, 30, 2, 1)) {
            double[] mx = Measure.of(x, "x").mean();
            double[] my = Measure.of(y, "y").mean();
            double square = (mx[0] - my[0]) * (mx[0] - my[0]) + (mx[1] - my[1]) * (mx[1] - my[1]);
            double s = 1e3;
            assertThat(s * s * new KernelNorm(PairKernel.gaussian(s), Precision.FLOAT64).value(x, y, ONE)).isCloseTo(square / 2,
                within(1e-5));
        }
    }

    @Test
    void softHausdorffLiesBetweenNearestNeighboursAndTheKernelNorm() {
        try (PointCloud x = SampledMeasures.line(0, 1); PointCloud y = SampledMeasures.line(0.25f, 3)) {
            // nearest neighbours: 1/4 and 3/4 from x, 1/4 and 2 from y
            assertThat(new SoftHausdorff(1, 1e-3, Precision.FLOAT64).value(x, y, ONE)).isCloseTo((0.5 + 1.125) / 2, within(1e-9));
            double energy = new KernelNorm(PairKernel.energy(), Precision.FLOAT64).value(x, y, ONE);
            assertThat(new SoftHausdorff(1, 1e6, Precision.FLOAT64).value(x, y, ONE)).isCloseTo(energy, within(1e-5));
        }
    }

    @Test
    void farSamplesDoNotUnderflow() {
        try (PointCloud x = SampledMeasures.line(0); PointCloud y = SampledMeasures.line(1000)) {
            MixtureLikelihood likelihood = new MixtureLikelihood(0.5, Precision.FLOAT64);
            assertThat(likelihood.value(x, y, ONE)).isCloseTo(2e6, within(1e-6));
            assertThat(likelihood.gradient(x, y, ONE).points()[0]).isCloseTo(-4000, within(1e-9));
        }
    }

    @Test
    void theLikelihoodsGradientInItsSamplesIsThatOfFiniteDifferences() {
        try (PointCloud x = SampledMeasures.weighted(3, 6, 2, 1); PointCloud y = SampledMeasures.weighted(4, 5, 2, 1)) {
            MixtureLikelihood likelihood = new MixtureLikelihood(0.4, Precision.FLOAT64);
            LossGradient gradient = likelihood.sampleGradient(x, y, ONE);
            assertThat(gradient.value()).isEqualTo(likelihood.value(x, y, ONE));
            float h = 0x1p-10f;
            for (int k = 0; k < 10; k++) {
                float at = y.get(k / 2, k % 2);
                y.set(k / 2, k % 2, at + h);
                double up = likelihood.value(x, y, ONE);
                y.set(k / 2, k % 2, at - h);
                double down = likelihood.value(x, y, ONE);
                y.set(k / 2, k % 2, at);
                assertThat(gradient.points()[k]).isCloseTo((up - down) / (2 * h), within(1e-5));
            }
            float[] weights = SampledMeasures.weightsOf(y);
            double sum = 0;
            for (int j = 0; j < 5; j++) {
                sum += weights[j] * gradient.weights()[j];
            }
            assertThat(sum).isCloseTo(gradient.value(), within(1e-13));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY, 1e-200})
    void scalesThatMakeNoSenseAreRefused(double scale) {
        assertThatIllegalArgumentException().isThrownBy(() -> new MixtureLikelihood(scale, Precision.FLOAT64)).withMessageContaining(""
            + scale);
        assertThatIllegalArgumentException().isThrownBy(() -> new SoftHausdorff(2, scale, Precision.FLOAT64))
            .withMessageContaining("" + scale);
    }

    @Test
    void denseMatricesHoldTheirDefinitions() {
        try (PointCloud x = SampledMeasures.line(0, 3); PointCloud y = SampledMeasures.line(1)) {
            assertThat(DenseMatrices.denseCosts(1, x, y)).containsExactly(1, 2);
            assertThat(DenseMatrices.denseCosts(2, x, y)).containsExactly(0.5, 2);
            assertThat(DenseMatrices.denseKernel(PairKernel.energy(), x, y)).containsExactly(-1, -2);
            assertThatIllegalArgumentException().isThrownBy(() -> DenseMatrices.denseCosts(3, x, y)).withMessageContaining("3");
        }
    }
}
