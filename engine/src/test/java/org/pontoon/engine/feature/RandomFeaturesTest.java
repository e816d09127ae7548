package org.pontoon.engine.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.feature.RandomFeatures.Spectrum;
import org.pontoon.engine.internal.kernel.SymmetricProduct;
import org.pontoon.engine.memory.Floats;

class RandomFeaturesTest {

    private static final int PANEL = SymmetricProduct.PANEL;
    private static final int STRIDE = 272;

    private static float[] ones() {
        float[] scale = new float[FeatureMap.TILE];
        Arrays.fill(scale, 1f);
        return scale;
    }

    private static double[] features(FeatureMap map, float[] x, int points) {
        double[] all = new double[points * map.count()];
        float[] values = new float[points * PANEL];
        for (int panel = 0; panel < map.panels(); panel++) {
            map.fill(panel, x, 0, STRIDE, points, ones(), values, 0, null, 0, 0);
            for (int i = 0; i < points; i++) {
                for (int j = panel * PANEL; j < Math.min(map.count(), (panel + 1) * PANEL); j++) {
                    all[i * map.count() + j] = values[i * PANEL + j - panel * PANEL];
                }
            }
        }
        return all;
    }

    @ParameterizedTest
    @EnumSource
    void innerProductsEstimateTheKernel(Spectrum spectrum) {
        double bandwidth = 0.7;
        RandomFeatures map = RandomFeatures.draw(spectrum, 3, 20_000, 5, bandwidth);
        float[] x = Floats.random(1, 3 * STRIDE, 0.6f);
        double[] phi = features(map, x, 8);
        for (int i = 0; i < 8; i++) {
            for (int k = 0; k < 8; k++) {
                double square = 0;
                for (int d = 0; d < 3; d++) {
                    double z = x[d * STRIDE + i] - x[d * STRIDE + k];
                    square += z * z;
                }
                double kernel = spectrum == Spectrum.LAPLACIAN ? Math.exp(-Math.sqrt(square) / bandwidth)
                    : Math.exp(-square / (2 * bandwidth * bandwidth));
                double dot = 0;
                for (int j = 0; j < map.count(); j++) {
                    dot += phi[i * map.count() + j] * phi[k * map.count() + j];
                }
                // the largest of 36 normal errors of sd 0.007
                assertThat(dot).as("pair %d, %d", i, k).isCloseTo(kernel, within(0.025));
            }
        }
    }

    @Test
    void orthogonalFrequenciesAreOrthogonalWithinTheirBlocks() {
        RandomFeatures map = RandomFeatures.draw(Spectrum.ORTHOGONAL_GAUSSIAN, 5, 23, 2, 1.0, 3.0);
        for (int j = 0; j < 23; j++) {
            for (int k = j / 5 * 5; k < j; k++) {
                assertThat(map.slopeFactor(j, k)).isCloseTo(0, within(1e-5));
            }
            assertThat(map.slopeFactor(j, j)).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 15, 16, 17, 64, 100, 255, 256})
    @Tag("widths")
    @Tag("widths-small")
    void valuesAndGradientsAreThoseOfFloat64(int points) {
        RandomFeatures map = RandomFeatures.draw(Spectrum.GAUSSIAN, 3, 70, 9, 0.5, 2.0);
        float[] x = Floats.random(2, 1 + 3 * STRIDE, 2f);
        float[] w = Arrays.copyOf(Floats.random(3, 70, 1f), 128);
        float[] values = new float[FeatureMap.TILE];
        float[] gradient = new float[3 * FeatureMap.TILE];
        map.evaluate(w, x, 1, STRIDE, points, new float[map.scratchSize()], values, gradient);
        for (int i = 0; i < points; i++) {
            double[] at = {x[1 + i], x[1 + STRIDE + i], x[1 + 2 * STRIDE + i]};
            // the mean features of a Gaussian of no width are the features
            double[] phi = map.gaussianMean(at, 0);
            double u = 0;
            for (int j = 0; j < 70; j++) {
                u += w[j] * phi[j];
            }
            assertThat((double) values[i]).isCloseTo(u, within(3e-6));
            for (int d = 0; d < 3; d++) {
                double h = 1e-4;
                double difference = 0;
                for (int side = -1; side <= 1; side += 2) {
                    double[] moved = at.clone();
                    moved[d] += side * h;
                    double[] there = map.gaussianMean(moved, 0);
                    for (int j = 0; j < 70; j++) {
                        difference += side * w[j] * there[j] / (2 * h);
                    }
                }
                assertThat((double) gradient[d * FeatureMap.TILE + i]).isCloseTo(difference, within(3e-5));
            }
        }
    }

    @Test
    @Tag("widths")
    @Tag("widths-small")
    void theBitsAreTheSameAtEveryWidth() {
        RandomFeatures map = RandomFeatures.draw(Spectrum.ORTHOGONAL_GAUSSIAN, 3, 70, 9, 0.5, 2.0);
        float[] x = Floats.random(2, 3 * STRIDE, 2f);
        float[] panel = new float[256 * PANEL];
        float[] slopes = new float[256 * PANEL];
        map.fill(1, x, 0, STRIDE, 250, Floats.random(4, 256, 1f), panel, 0, slopes, 0, 0);
        assertThat(Floats.checksum(panel) + Floats.checksum(slopes)).isEqualTo("1307e0a514a14abb");
        float[] values = new float[FeatureMap.TILE];
        float[] gradient = new float[3 * FeatureMap.TILE];
        map.evaluate(Arrays.copyOf(Floats.random(3, 70, 1f), 128), x, 0, STRIDE, 250, new float[map.scratchSize()], values, gradient);
        assertThat(Floats.checksum(Arrays.copyOf(values, 250)) + Floats.checksum(Arrays.copyOf(gradient, 250)))
            .isEqualTo("fdea2dfe808495ba");
    }

    @Test
    void meanOfGaussianIsTheLimitOfSamples() {
        RandomFeatures map = RandomFeatures.draw(Spectrum.GAUSSIAN, 1, 40, 3, 0.5);
        double[] mean = map.gaussianMean(new double[] {0.3}, 0.4);
        // midpoint rule over +-8 deviations
        double[] sum = new double[40];
        int n = 4000;
        for (int i = 0; i < n; i++) {
            double z = -8 + 16 * (i + 0.5) / n;
            double density = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) * 16 / n;
            double[] phi = map.gaussianMean(new double[] {0.3 + 0.4 * z}, 0);
            for (int j = 0; j < 40; j++) {
                sum[j] += density * phi[j];
            }
        }
        for (int j = 0; j < 40; j++) {
            assertThat(mean[j]).isCloseTo(sum[j], within(1e-10));
        }
    }

    @Test
    void badNumbersAreRefused() {
        assertThatThrownBy(() -> RandomFeatures.draw(Spectrum.GAUSSIAN, 2, 10, 0, 1, Double.NaN)).isInstanceOf(
            IllegalArgumentException.class).hasMessageContaining("bandwidth is NaN");
        assertThatThrownBy(() -> RandomFeatures.draw(Spectrum.GAUSSIAN, 2, 0, 0, 1)).hasMessageContaining("0 features");
        assertThatThrownBy(() -> RandomFeatures.of(2, new double[3], new double[2])).hasMessageContaining("3 frequencies");
        assertThatThrownBy(() -> RandomFeatures.of(1, new double[] {Double.NaN}, new double[1])).hasMessageContaining("frequency is NaN");
    }
}
