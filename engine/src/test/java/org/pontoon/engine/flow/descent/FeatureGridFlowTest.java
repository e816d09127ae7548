package org.pontoon.engine.flow.descent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pontoon.engine.feature.FeatureMap;
import org.pontoon.engine.feature.RandomFeatures;
import org.pontoon.engine.feature.RandomFeatures.Spectrum;
import org.pontoon.engine.flow.Flow;
import org.pontoon.engine.flow.FlowOptions;
import org.pontoon.engine.flow.FlowResult;
import org.pontoon.engine.flow.Moments;
import org.pontoon.engine.flow.Runs;
import org.pontoon.engine.flow.descent.SobolevOptions.Integrator;
import org.pontoon.engine.flow.descent.SobolevOptions.Reaction;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;

/** Holds flows that may use a lattice to the same flows over the points. */
class FeatureGridFlowTest {

    private static final TileScheduler ONE = new TileScheduler(1);
    private static final RandomFeatures MAP = RandomFeatures.draw(Spectrum.GAUSSIAN, 2, 150, 3, 0.5);

    /** The same features, which no lattice knows. */
    private record OverPoints(RandomFeatures map) implements FeatureMap {

        @Override
        public int dimension() {
            return map.dimension();
        }

        @Override
        public int count() {
            return map.count();
        }

        @Override
        public double reach() {
            return map.reach();
        }

        @Override
        public int slopes() {
            return map.slopes();
        }

        @Override
        public double slopeFactor(int j, int k) {
            return map.slopeFactor(j, k);
        }

        @Override
        public void fill(int panel, float[] x, int start, int stride, int points, float[] scale, float[] values, int valuesStart,
                float[] slopes, int slopesStart, int slopesStride) {
            map.fill(panel, x, start, stride, points, scale, values, valuesStart, slopes, slopesStart, slopesStride);
        }

        @Override
        public void evaluate(float[] coefficients, float[] x, int start, int stride, int points, float[] scratch, float[] values,
                float[] gradient) {
            map.evaluate(coefficients, x, start, stride, points, scratch, values, gradient);
        }

        @Override
        public int scratchSize() {
            return map.scratchSize();
        }
    }

    @Test
    void flowsByEitherWayAgree() {
        try (PointCloud start = Moments.normals(800, 2, 0, 0.1, 1); PointCloud target = Moments.normals(800, 2, 0.4, 0.3, 2)) {
            SobolevOptions options = SobolevOptions.builder().ridge(1e-3).build();
            FlowResult byGrid = Runs.of(new SobolevDescent(start, target, MAP, options, ONE), 0.05, 60);
            FlowResult direct = Runs.of(new SobolevDescent(start, target, new OverPoints(MAP), options, ONE), 0.05, 60);
            assertThat(byGrid.values()[60]).isCloseTo(direct.values()[60], within(2e-4));
        }
    }

    /** Mean features of a measure far from the particles lie outside of what features do where the particles are. */
    @Test
    void exactMeanFeaturesFarAwayAreFollowedAsOverThePoints() {
        double[] far = MAP.gaussianMean(new double[] {2, 1.5}, 0.3);
        SobolevOptions options = SobolevOptions.builder().ridge(1e-3).build();
        try (PointCloud start = Moments.normals(800, 2, 0, 0.1, 1)) {
            FlowResult result = Runs.of(new SobolevDescent(start, far, MAP, options, ONE), 0.02, 20);
            FlowResult direct = Runs.of(new SobolevDescent(start, far, new OverPoints(MAP), options, ONE), 0.02, 20);
            assertThat(result.values()).containsExactly(direct.values(), within(1e-6));
            for (int k = 0; k < 1600; k++) {
                assertThat(result.last().points()[k]).isCloseTo(direct.last().points()[k], within(1e-5f));
            }
        }
    }

    /** Noise, births and overshooting steps take particles out of the first lattice, which reaches to the samples, and of later ones. */
    @ParameterizedTest
    @CsvSource({"EULER, WEIGHTS, false, 0", "EULER, BIRTH_DEATH, false, 0.3", "EULER, NONE, false, 0.3", "STRANG, WEIGHTS, true, 0",
        "HEUN, WEIGHTS, true, 0"})
    void samplesAreFollowedAsOverThePoints(Integrator integrator, Reaction reaction, boolean adaptive, double noise) {
        SobolevOptions options = SobolevOptions.builder().ridge(1e-2).integrator(integrator).reaction(reaction).noise(noise).build();
        Flow flow = new Flow(new FlowOptions(adaptive ? 2 : 0.02, adaptive ? 2 : 20, adaptive, List.of()));
        try (PointCloud start = Moments.normals(2000, 2, 0, 0.2, 1); PointCloud target = Moments.normals(500, 2, 0.7, 0.2, 2)) {
            FlowResult result = flow.run(new SobolevDescent(start, target, MAP, options, ONE), Progress.NONE);
            FlowResult direct = flow.run(new SobolevDescent(start, target, new OverPoints(MAP), options, ONE), Progress.NONE);
            assertThat(result.last().points()).as("a lattice was used").isNotEqualTo(direct.last().points());
            if (adaptive) {
                assertThat(direct.times()[2]).as("a step was shortened").isLessThan(4);
            }
            // steps that overshoot so far double a difference again and again
            assertThat(result.values()).containsExactly(direct.values(), within(adaptive ? 5e-4 : 5e-6));
        }
    }
}
