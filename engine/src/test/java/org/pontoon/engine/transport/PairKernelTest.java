package org.pontoon.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PairKernelTest {

    static Stream<PairKernel> kernels() {
        return Stream.of(PairKernel.gaussian(0.5), PairKernel.laplacian(0.7), PairKernel.energy(), PairKernel.inverseMultiquadric(0.3),
            PairKernel.gaussian(0.2, 1), PairKernel.laplacian(0.1, 0.5, 2), PairKernel.inverseMultiquadric(1, 3));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void theSlopeIsTwiceTheDerivativeInTheSquaredDistance(PairKernel kernel) {
        for (double square : new double[] {1e-3, 0.1, 0.7, 2, 9}) {
            double h = 1e-5 * square;
            double difference = (kernel.value(square + h) - kernel.value(square - h)) / h;
            assertThat(kernel.slope(square)).isCloseTo(difference, within(1e-8 * (1 + Math.abs(difference))));
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void manyValuesAndSlopesAreThoseOfOne(PairKernel kernel) {
        double[] squares = {0, 1e-12, 0.01, 0.3, 1, 2.5, 7, 40, 900, 1e-45, 3, 0};
        double[] weights = {1, 2, 3, 0.5, 0, 1e-3, 7, 1, 1, 1, -2, 0};
        double[] values = new double[squares.length];
        double[] slopes = new double[squares.length];
        kernel.weightedValues(squares, weights, values, new double[squares.length], squares.length);
        kernel.weightedSlopes(squares, weights, slopes, new double[squares.length], squares.length);
        for (int j = 0; j < squares.length; j++) {
            double value = weights[j] * kernel.value(squares[j]);
            assertThat(values[j]).isCloseTo(value, within(1e-13 * Math.abs(value) + 1e-300));
            if (squares[j] > 0) {
                double slope = weights[j] * kernel.slope(squares[j]);
                assertThat(slopes[j]).isCloseTo(slope, within(1e-13 * Math.abs(slope) + 1e-300));
            }
            assertThat(slopes[j] * 0).isZero();
        }
    }

    @Test
    void aKinkHasSlopeZero() {
        assertThat(PairKernel.energy().slope(0)).isZero();
        assertThat(PairKernel.laplacian(2).slope(0)).isZero();
        assertThat(PairKernel.gaussian(2).slope(0)).isEqualTo(-0.25);
    }

    @Test
    void severalBandwidthsAreAveraged() {
        assertThat(PairKernel.gaussian(1, 2).value(1.3))
            .isEqualTo((PairKernel.gaussian(1).value(1.3) + PairKernel.gaussian(2).value(1.3)) / 2);
    }

    @Test
    void bandwidthsThatMakeNoSenseAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> PairKernel.gaussian(0)).withMessageContaining("0.0");
        assertThatIllegalArgumentException().isThrownBy(() -> PairKernel.laplacian(-1)).withMessageContaining("-1.0");
        assertThatIllegalArgumentException().isThrownBy(() -> PairKernel.gaussian(1, Double.NaN)).withMessageContaining("NaN");
        assertThatIllegalArgumentException().isThrownBy(PairKernel::gaussian).withMessageContaining("at least one");
        assertThatIllegalArgumentException().isThrownBy(() -> new PairKernel(PairKernel.Profile.ENERGY, List.of(1.0)))
            .withMessageContaining("none");
    }
}
