package org.pontoon.engine.flow.descent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.flow.FlowResult;
import org.pontoon.engine.flow.Potential;
import org.pontoon.engine.flow.Runs;
import org.pontoon.engine.flow.diffusion.BirthDeathLangevin;
import org.pontoon.engine.flow.diffusion.Langevin;
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

    /** Steps are as exact as the whole, also where weights are too small for numbers in between; the free energy falls. */
    @Test
    void stepsMakeTheSameWay() {
        Potential far = Potential.quadratic(new double[] {1}, new double[] {30});
        float[] x = new float[401];
        float[] weights = new float[x.length];
        double[] volumes = new double[x.length];
        double[] exact = new double[x.length];
        double[] potentials = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = -5 + 0.1f * i;
            weights[i] = (float) (0.1 * Math.exp(-Math.min(x[i] * x[i] / 2, 80)));
            exact[i] = weights[i];
            volumes[i] = 0.1;
            potentials[i] = 0.5 * (x[i] - 30.0) * (x[i] - 30.0);
        }
        try (PointCloud start = PointCloud.ofRows(x, x.length, 1).withWeights(weights)) {
            FlowResult result = Runs.of(new FisherRao(start, volumes, far), 0.5, 8);
            assertThat(result.last().weights()).containsExactly(FisherRao.weights(exact, volumes, potentials, 4), within(1e-12));
            for (int k = 1; k <= 8; k++) {
                assertThat(result.values()[k]).isLessThan(result.values()[k - 1]);
            }
            assertThatThrownBy(() -> new FisherRao(start, new double[2], far)).hasMessageContaining("2 volumes");
        }
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
        try (PointCloud start = unevenModes(1000); PointCloud diffused = Runs.end(Langevin.unadjusted(start, modes, 5, ONE), 0.02, 300)) {
            FlowResult result = Runs.of(new BirthDeathLangevin(start, modes, 0.2, 5, ONE), 0.02, 300);
            PointCloud balanced = result.last().toUnweightedCloud();
            assertThat(shareOnTheRight(diffused)).isCloseTo(0.1, within(0.01));
            assertThat(shareOnTheRight(balanced)).isCloseTo(0.6, within(0.06));
            for (int parent : result.last().ancestors()) {
                assertThat(parent).isBetween(0, 999);
            }
            balanced.close();
        }
    }

    @Test
    void bitsDoNotDependOnThreads() {
        Potential modes = Potential.gaussianMixture(new double[] {0.4, 0.6}, new double[] {-3, 3}, 0.5);
        try (PointCloud start = unevenModes(600); TileScheduler scheduler = new TileScheduler(3)) {
            assertThat(Runs.of(new BirthDeathLangevin(start, modes, 0.2, 5, scheduler), 0.02, 5).last().points()).isEqualTo(
                Runs.of(new BirthDeathLangevin(start, modes, 0.2, 5, ONE), 0.02, 5).last().points());
            assertThatThrownBy(() -> new BirthDeathLangevin(start, modes, -1, 5, ONE)).hasMessageContaining("bandwidth is -1");
            float[] weights = new float[600];
            Arrays.fill(weights, 1);
            start.withWeights(weights);
            assertThatThrownBy(() -> new BirthDeathLangevin(start, modes, 1, 5, ONE)).hasMessageContaining("has weights, expected none");
        }
    }
}
