package org.pontoon.engine.flow.descent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pontoon.engine.feature.RandomFeatures;
import org.pontoon.engine.feature.RandomFeatures.Spectrum;
import org.pontoon.engine.flow.Moments;
import org.pontoon.engine.internal.kernel.CholeskyFactor;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

/** Holds the way by a lattice to sums over the points in float64. */
@Tag("widths-small")
class FeatureGridTest {

    private static final TileScheduler ONE = new TileScheduler(1);
    private static final int COUNT = 150;
    private static final RandomFeatures MAP = RandomFeatures.draw(Spectrum.GAUSSIAN, 2, COUNT, 3, 0.5);

    /** Points of a cloud twice as long as wide, with weights. */
    private static FeatureSystem system(int size, boolean byGrid, TileScheduler scheduler) {
        try (PointCloud cloud = Moments.normals(size, 2, 0.3, 0.3, 5)) {
            float[] x = MAP.columns(cloud, "cloud");
            double[] weights = new double[size];
            for (int i = 0; i < size; i++) {
                x[i] = Math.clamp(x[i], -0.6f, 1.2f);
                x[PointCloud.paddedSize(size) + i] = 0.5f * Math.clamp(x[PointCloud.paddedSize(size) + i], -0.6f, 1.2f);
                weights[i] = (1 + i % 7) / (4.0 * size);
            }
            return new FeatureSystem(MAP, x, weights, byGrid, scheduler);
        }
    }

    private static double[] delta(double[] mean) {
        double[] delta = MAP.gaussianMean(new double[] {0.1, 0.2}, 0.3);
        for (int j = 0; j < COUNT; j++) {
            delta[j] -= mean[j];
        }
        return delta;
    }

    @ParameterizedTest
    @CsvSource({"1, 0.6, true", "1, 0, false", "0, 1, true", "1, 2, false"})
    void agreesWithSumsInFloat64(double gramFactor, double alpha, boolean centred) {
        int size = 1501;
        FeatureSystem system = system(size, true, ONE);
        system.moments(alpha != 0, gramFactor != 0);
        assertThat(system.onGrid()).isTrue();
        double[][] phi = new double[COUNT][size];
        double[][] slope = new double[COUNT][size];
        double[] mean = new double[COUNT];
        for (int j = 0; j < COUNT; j++) {
            for (int i = 0; i < size; i++) {
                double angle = MAP.frequency(j, 0) * system.x[i] + MAP.frequency(j, 1) * system.x[system.stride + i] + MAP.phase(j);
                phi[j][i] = Math.sqrt(2.0 / COUNT) * Math.cos(angle);
                slope[j][i] = -Math.sqrt(2.0 / COUNT) * Math.sin(angle);
                mean[j] += system.weights[i] * phi[j][i];
            }
            assertThat(system.mean[j]).isCloseTo(mean[j], within(1e-6));
        }
        double ridge = 1e-2;
        double[][] t = new double[COUNT][COUNT];
        for (int j = 0; j < COUNT; j++) {
            for (int k = j; k < COUNT; k++) {
                for (int i = 0; i < size; i++) {
                    t[j][k] += system.weights[i] * (alpha * phi[j][i] * phi[k][i] + gramFactor * MAP.slopeFactor(j, k) * slope[j][i]
                        * slope[k][i]);
                }
                t[j][k] -= centred ? alpha * mean[j] * mean[k] / system.mass() : 0;
            }
            t[j][j] += ridge;
        }
        double[] w = delta(mean);
        assertThat(CholeskyFactor.factorise(t)).isTrue();
        CholeskyFactor.solve(t, w);
        double[] delta = delta(system.mean);
        double square = system.solve(gramFactor, alpha, centred, ridge, delta);
        double expectedSquare = 0;
        for (int j = 0; j < COUNT; j++) {
            expectedSquare += w[j] * delta[j];
        }
        assertThat(square).isCloseTo(expectedSquare, within(1e-5 * expectedSquare));
        system.evaluate(true, true);
        double steepest = 0;
        for (int i = 0; i < size; i++) {
            double u = 0;
            double[] gradient = new double[2];
            for (int j = 0; j < COUNT; j++) {
                u += w[j] * phi[j][i];
                gradient[0] += w[j] * slope[j][i] * MAP.frequency(j, 0);
                gradient[1] += w[j] * slope[j][i] * MAP.frequency(j, 1);
            }
            steepest = Math.max(steepest, Math.hypot(gradient[0], gradient[1]));
            assertThat(system.potential[i]).isCloseTo((float) u, within(2e-5f));
            assertThat(system.gradient[i]).isCloseTo((float) gradient[0], within(1e-4f));
            assertThat(system.gradient[system.stride + i]).isCloseTo((float) gradient[1], within(1e-4f));
        }
        assertThat(steepest).isGreaterThan(1);
    }

    @Test
    void bitsDoNotDependOnThreads() {
        try (TileScheduler three = new TileScheduler(3)) {
            FeatureSystem[] systems = {system(3000, true, ONE), system(3000, true, three)};
            for (FeatureSystem system : systems) {
                system.moments(true, true);
                system.solve(1, 0.6, true, 1e-2, delta(system.mean));
                system.evaluate(true, true);
                assertThat(system.onGrid()).isTrue();
            }
            assertThat(systems[1].solution).isEqualTo(systems[0].solution);
            assertThat(systems[1].potential).isEqualTo(systems[0].potential);
            assertThat(systems[1].gradient).isEqualTo(systems[0].gradient);
        }
    }

    /** Points that leave the lattice get a wider one, points that leave any that would pay get none. */
    @Test
    void latticesFollowThePoints() {
        FeatureSystem system = system(2000, true, ONE);
        FeatureSystem direct = system(2000, false, ONE);
        for (float shift : new float[] {0, 1, 0.5f, 300}) {
            for (FeatureSystem s : new FeatureSystem[] {system, direct}) {
                s.x[3] += shift;
                s.moments(true, true);
                s.solve(1, 0.6, true, 1e-2, delta(s.mean));
                s.evaluate(true, true);
            }
            assertThat(system.onGrid()).isEqualTo(shift < 300);
            for (int i = 0; i < 2000; i++) {
                assertThat(system.potential[i]).isCloseTo(direct.potential[i], within(2e-5f));
            }
        }
    }

    @Test
    void pointsOnALineAndFewPointsAreServed() {
        FeatureSystem system = system(600, true, ONE);
        FeatureSystem direct = system(600, false, ONE);
        for (FeatureSystem s : new FeatureSystem[] {system, direct}) {
            Arrays.fill(s.x, s.stride, s.stride + 600, 0.25f);
            s.moments(true, true);
            s.solve(1, 0.6, true, 1e-2, delta(s.mean));
            s.evaluate(false, true);
        }
        assertThat(system.onGrid()).isTrue();
        for (int k = 0; k < 600; k++) {
            assertThat(system.gradient[k]).isCloseTo(direct.gradient[k], within(1e-4f));
        }
        FeatureSystem few = system(8, true, ONE);
        few.moments(true, true);
        assertThat(few.onGrid()).isFalse();
    }
}
