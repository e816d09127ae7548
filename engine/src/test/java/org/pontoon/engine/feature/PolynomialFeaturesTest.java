package org.pontoon.engine.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pontoon.engine.memory.Floats;

class PolynomialFeaturesTest {

    @Test
    void monomialsComeByDegree() {
        PolynomialFeatures map = new PolynomialFeatures(2, 3);
        float[] x = {2, 3};
        float[] values = new float[64];
        float[] slopes = new float[128];
        map.fill(0, x, 0, 1, 1, new float[] {1}, values, 0, slopes, 0, 64);
        assertThat(map.count()).isEqualTo(9);
        assertThat(Arrays.copyOf(values, 10)).containsExactly(2, 3, 4, 6, 9, 8, 12, 18, 27, 0);
        assertThat(Arrays.copyOf(slopes, 9)).containsExactly(1, 0, 4, 3, 0, 12, 12, 9, 0);
        assertThat(Arrays.copyOfRange(slopes, 64, 73)).containsExactly(0, 1, 0, 2, 6, 0, 4, 12, 27);
    }

    @ParameterizedTest
    @CsvSource({"1,5,5", "3,1,3", "3,2,9", "4,4,69", "16,2,152"})
    void functionsAreSumsOfTheirFeatures(int dimension, int degree, int count) {
        PolynomialFeatures map = new PolynomialFeatures(dimension, degree);
        assertThat(map.count()).isEqualTo(count);
        float[] w = Floats.random(1, map.panels() * 64, 1f);
        Arrays.fill(w, count, w.length, 0f);
        float[] x = Floats.random(2, dimension * 32, 1f);
        float[] u = new float[FeatureMap.TILE];
        float[] gradient = new float[dimension * FeatureMap.TILE];
        map.evaluate(w, x, 0, 32, 17, new float[map.scratchSize()], u, gradient);
        float[] ones = new float[17];
        Arrays.fill(ones, 2f);
        for (int i = 0; i < 17; i++) {
            double sum = 0;
            double[] slope = new double[dimension];
            for (int panel = 0; panel < map.panels(); panel++) {
                float[] values = new float[17 * 64];
                float[] slopes = new float[dimension * 17 * 64];
                map.fill(panel, x, 0, 32, 17, ones, values, 0, slopes, 0, 17 * 64);
                for (int j = 0; j < 64; j++) {
                    sum += 0.5 * w[panel * 64 + j] * values[i * 64 + j];
                    for (int d = 0; d < dimension; d++) {
                        slope[d] += 0.5 * w[panel * 64 + j] * slopes[d * 17 * 64 + i * 64 + j];
                    }
                }
            }
            assertThat((double) u[i]).isCloseTo(sum, within(1e-5 * (1 + Math.abs(sum))));
            for (int d = 0; d < dimension; d++) {
                assertThat((double) gradient[d * FeatureMap.TILE + i]).isCloseTo(slope[d], within(1e-5 * (1 + Math.abs(slope[d]))));
            }
        }
    }

    @Test
    void badNumbersAreRefused() {
        assertThatThrownBy(() -> new PolynomialFeatures(0, 1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("0");
        assertThatThrownBy(() -> new PolynomialFeatures(2, 0)).hasMessageContaining("degree 0");
        assertThatThrownBy(() -> new PolynomialFeatures(300, 2)).hasMessageContaining("20000 monomials");
    }
}
