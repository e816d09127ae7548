package org.pontoon.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.random.CounterRandom;

class FisherRaoFlowsTest {

    private static final TileScheduler ONE = new TileScheduler(1);

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.3, 1, 4})
    void gaussiansInterpolatePrecisions(double time) {
        int size = 2001;
        double[] x = new double[size];
        double[] weights = new double[size];
        double[] volumes = new double[size];
        double[] potentials = new double[size];
        Arrays.fill(volumes, 0.01);
        for (int i = 0; i < size; i++) {
            x[i] = -10 + 0.01 * i;
            weights[i] = 0.01 * Math.exp(-(x[i] + 1) * (x[i] + 1) / 2) / Math.sqrt(2 * Math.PI);
            potentials[i] = 2 * (x[i] - 2) * (x[i] - 2);
        }
        double[] moved = FisherRao.weights(weights, volumes, potentials, time);
        double share = Math.exp(-time);
        double precision = share + 4 * (1 - share);
        double mean = (-share + 8 * (1 - share)) / precision;
        double first = 0;
        double second = 0;
        for (int i = 0; i < size; i++) {
            first += moved[i] * x[i];
            second += moved[i] * x[i] * x[i];
        }
        assertThat(Arrays.stream(moved).sum()).isCloseTo(Arrays.stream(weights).sum(), within(1e-12));
        assertThat(first).isCloseTo(mean, within(1e-3));
        assertThat(1 / (second - first * first)).isCloseTo(precision, within(1e-3 * precision));
    }

    @Test
    void badSupportsAreRefused() {
        assertThatThrownBy(() -> FisherRao.weights(new double[] {1, 0}, new double[] {1, 1}, new double[2], 1)).hasMessageContaining(
            "point 1 has weight 0");
        assertThatThrownBy(() -> FisherRao.weights(new double[2], new double[1], new double[2], 1)).hasMessageContaining("1 volumes");
        assertThatThrownBy(() -> FisherRao.weights(new double[] {1}, new double[] {1}, new double[1], -1))
            .hasMessageContaining("time is -1");
    }

    private static PointCloud unevenModes(int size) {
        float[] rows = new float[size];
        for (int i = 0; i < size; i++) {
            rows[i] = (i < size / 10 ? 3 : -3) + 0.5f * CounterRandom.normal(9, i);
        }
        return PointCloud.ofRows(rows, size, 1);
    }

    private static double shareOnTheRight(PointCloud cloud) {
        int right = 0;
        for (int i = 0; i < cloud.size(); i++) {
            right += cloud.get(i, 0) > 0 ? 1 : 0;
        }
        return (double) right / cloud.size();
    }

    @Test
    void birthsAndDeathsBalanceModesThatDiffusionDoesNot() {
        Potential modes = Potential.gaussianMixture(new double[] {0.4, 0.6}, new double[] {-3, 3}, 0.5);
        try (PointCloud diffused = unevenModes(1000); PointCloud balanced = unevenModes(1000)) {
            new Langevin(modes, 0.02, 5).unadjusted(diffused, 0, 300, ONE);
            new BirthDeathLangevin(modes, 0.02, 0.2, 5, ONE).run(balanced, 0, 300);
            assertThat(shareOnTheRight(diffused)).isCloseTo(0.1, within(0.01));
            assertThat(shareOnTheRight(balanced)).isCloseTo(0.6, within(0.06));
        }
    }

    @Test
    void bitsDoNotDependOnThreads() {
        Potential modes = Potential.gaussianMixture(new double[] {0.4, 0.6}, new double[] {-3, 3}, 0.5);
        try (PointCloud one = unevenModes(600); PointCloud three = unevenModes(600); TileScheduler scheduler = new TileScheduler(3)) {
            new BirthDeathLangevin(modes, 0.02, 0.2, 5, ONE).run(one, 0, 5);
            new BirthDeathLangevin(modes, 0.02, 0.2, 5, scheduler).run(three, 0, 5);
            assertThat(three.toRows()).isEqualTo(one.toRows());
        }
        assertThatThrownBy(() -> new BirthDeathLangevin(modes, 0.02, -1, 5, ONE)).hasMessageContaining("bandwidth is -1");
    }
}
