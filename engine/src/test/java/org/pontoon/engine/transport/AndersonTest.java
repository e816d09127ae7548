package org.pontoon.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;

import org.junit.jupiter.api.Test;

class AndersonTest {

    private static double[] weights(int size) {
        double[] weights = new double[size];
        Arrays.fill(weights, 1.0 / size);
        return weights;
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElseThrow();
    }

    /** A diagonal linear map towards 0 with as many different rates as it has values. */
    private static double[] image(double[] x) {
        double[] image = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            image[i] = x[i] * (0.9 + 0.099 * i / x.length);
        }
        return image;
    }

    @Test
    void aLinearMapOfFewRatesIsSolvedInAsManySteps() {
        double[] x = {1, -2, 3, 1, 1, -1};
        Anderson anderson = new Anderson(weights(6));
        for (int step = 0; step < 8; step++) {
            double[] image = image(x);
            anderson.step(x, image, largest(x));
        }
        assertThat(largest(x)).isLessThan(1e-6);
    }

    @Test
    void aPointOfWeightZeroFollowsTheOthers() {
        double[] weights = {0.5, 0.5, 0};
        double[] x = {1, 1, 1};
        Anderson anderson = new Anderson(weights);
        for (int step = 0; step < 4; step++) {
            double[] image = {0.9 * x[0], 0.95 * x[1], 0.5 * (x[0] + x[1])};
            anderson.step(x, image, Math.abs(x[0]) + Math.abs(x[1]));
        }
        assertThat(largest(x)).isLessThan(1e-10);
    }

    @Test
    void aStepThatRaisesTheErrorIsTakenBack() {
        double[] x = {1, 2};
        Anderson anderson = new Anderson(weights(2));
        anderson.step(x, new double[] {0.5, 1.5}, 1);
        double[] image = {0.25, 1};
        anderson.step(x, image, 0.5);
        assertThat(x).isNotEqualTo(image);
        anderson.step(x, new double[] {7, -5}, 2);
        assertThat(x).containsExactly(image);
        anderson.step(x, new double[] {3, 4}, 2);
        assertThat(x).containsExactly(3, 4);
    }

    @Test
    void manyStepsAlongOneLineStayOnIt() {
        double[] x = {1, 2};
        Anderson anderson = new Anderson(weights(2));
        for (int step = 0; step < 50; step++) {
            anderson.step(x, new double[] {0.9 * x[0] + 1e-17 * step, 0.9 * x[1] - 1e-17 * step}, Math.abs(x[0]));
            assertThat(largest(x)).isLessThan(3);
        }
        assertThat(largest(x)).isLessThan(1e-14);
    }

    @Test
    void aPointThatStaysPutIsHarmless() {
        double[] x = {1, 2};
        Anderson anderson = new Anderson(weights(2));
        for (int step = 0; step < 20; step++) {
            anderson.step(x, x.clone(), 0);
            assertThat(x).containsExactly(1, 2);
        }
    }
}
