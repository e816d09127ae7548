package org.pontoon.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PotentialTest {

    static Stream<Potential> potentials() {
        return Stream.of(Potential.quadratic(new double[] {2, 0.5, 0.5, 1}, new double[] {1, -1}),
            Potential.gaussianMixture(new double[] {1, 2, 0.5}, new double[] {0, 0, 2, 1, -1, 3}, 0.7));
    }

    @ParameterizedTest
    @MethodSource("potentials")
    void gradientIsThatOfTheValues(Potential potential) {
        double[] points = {0.3, -1.2, 2.5, 0, 1.1, 0.4, -0.7, 0};
        double[] gradient = new double[8];
        double[] values = new double[4];
        potential.evaluate(points, 4, 3, values, gradient);
        double h = 1e-5;
        for (int i : new int[] {0, 1, 2, 4, 5, 6}) {
            double[] above = new double[4];
            double[] below = new double[4];
            points[i] += h;
            potential.evaluate(points, 4, 3, above, null);
            points[i] -= 2 * h;
            potential.evaluate(points, 4, 3, below, null);
            points[i] += h;
            assertThat(gradient[i]).isCloseTo((above[i % 4] - below[i % 4]) / (2 * h), within(1e-8));
        }
        assertThat(gradient[3]).isZero();
    }

    @Test
    void mixtureOfOneIsTheNormalisedGaussian() {
        double[] value = new double[1];
        Potential.gaussianMixture(new double[] {5}, new double[] {1, 2}, 0.5).evaluate(new double[] {1.5, 2}, 1, 1, value, null);
        assertThat(value[0]).isCloseTo(0.5 + Math.log(2 * Math.PI * 0.25), within(1e-14));
    }

    @Test
    void standardGaussianIsHalfTheSquare() {
        QuadraticPotential potential = Potential.standardGaussian(2);
        double[] values = new double[1];
        double[] gradient = new double[2];
        potential.evaluate(new double[] {3, -4}, 1, 1, values, gradient);
        assertThat(values).containsExactly(12.5);
        assertThat(gradient).containsExactly(3, -4);
        assertThat(potential.matrix()).containsExactly(1, 0, 0, 1);
        assertThat(potential.centre()).containsExactly(0, 0);
    }
}
