package org.pontoon.engine.flow.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.flow.FlowResult;
import org.pontoon.engine.flow.Moments;
import org.pontoon.engine.flow.Potential;
import org.pontoon.engine.flow.Runs;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

class KineticLangevinTest {

    private static final TileScheduler SCHEDULER = new TileScheduler(2);
    private static final int N = 40_000;

    @AfterAll
    static void close() {
        SCHEDULER.close();
    }

    /** Of curvature 2 the variance is 1/2 for every stable step; unadjusted steps of 0.9 would have 5. */
    @ParameterizedTest
    @ValueSource(doubles = {0.05, 0.4, 0.9, 1.2})
    void positionsHaveTheirExactLawForAnyStep(double h) {
        Potential bowl = Potential.quadratic(new double[] {2}, new double[] {3});
        try (PointCloud start = Moments.normals(N, 1, 3, Math.sqrt(0.5), 2);
                PointCloud end = Runs.end(new KineticLangevin(start, bowl, 1, 7, SCHEDULER), h, 60)) {
            Moments moments = Moments.of(end);
            assertThat(moments.mean()[0]).isCloseTo(3, within(4 * Math.sqrt(0.5 / N)));
            assertThat(moments.covariance()[0]).isCloseTo(0.5, within(4 * 0.5 * Math.sqrt(2.0 / N)));
        }
    }

    /** The mean and covariance of (X, P) make linear steps; they are followed from a start that is far from the stationary law. */
    @Test
    void stepsHaveTheirExactDiscreteMoments() {
        double h = 0.3;
        double gamma = 0.8;
        double a = 2;
        double kept = Math.exp(-gamma * h);
        Potential bowl = Potential.quadratic(new double[] {a}, new double[] {0});
        try (PointCloud start = Moments.normals(N, 1, 4, 0.5, 2)) {
            FlowResult result = Runs.of(new KineticLangevin(start, bowl, gamma, 7, SCHEDULER), h, 5);
            double x = Moments.of(start).mean()[0];
            double p = 0;
            for (int k = 0; k < 5; k++) {
                p -= h / 2 * a * x;
                x += h / 2 * p;
                p *= kept;
                x += h / 2 * p;
                p -= h / 2 * a * x;
            }
            try (PointCloud end = result.last().toUnweightedCloud()) {
                double deviation = Math.sqrt(Moments.of(end).covariance()[0]);
                assertThat(Moments.of(end).mean()[0]).isCloseTo(x, within(4 * deviation / Math.sqrt(N)));
            }
            double momentum = 0;
            for (float v : result.last().velocity()) {
                momentum += v / (double) N;
            }
            assertThat(momentum).isCloseTo(p, within(4 * Math.sqrt(result.values()[5] / N)));
            assertThat(result.values()[0]).isCloseTo(1, within(4 * Math.sqrt(2.0 / N)));
        }
    }

    @Test
    void sameBitsForAnyNumberOfThreadsAndOthersForAnotherSeed() {
        Potential potential = Potential.gaussianMixture(new double[] {1, 3}, new double[] {-2, 0, 1, 2, 0, -1}, 0.8);
        try (PointCloud start = Moments.normals(1000, 3, 0, 1, 4); TileScheduler one = new TileScheduler(1);
                TileScheduler three = new TileScheduler(3)) {
            float[] first = Runs.of(new KineticLangevin(start, potential, 1, 1, one), 0.1, 20).last().points();
            assertThat(Runs.of(new KineticLangevin(start, potential, 1, 1, three), 0.1, 20).last().points()).isEqualTo(first);
            assertThat(Runs.of(new KineticLangevin(start, potential, 1, 2, one), 0.1, 20).last().points()).isNotEqualTo(first);
        }
    }

    @Test
    void badInputIsRefused() {
        Potential bowl = Potential.quadratic(new double[] {4}, new double[] {0});
        try (PointCloud start = Moments.normals(3, 1, 0, 1, 1); PointCloud plane = Moments.normals(3, 2, 0, 1, 1)) {
            assertThatIllegalArgumentException().isThrownBy(() -> new KineticLangevin(start, bowl, 0, 1, SCHEDULER))
                .withMessageContaining("friction is 0.0");
            assertThatIllegalArgumentException().isThrownBy(() -> new KineticLangevin(plane, bowl, 1, 1, SCHEDULER))
                .withMessageContaining("start of the flow has dimension 2");
            // beyond 2 / sqrt(4) steps have no stationary law
            assertThatIllegalStateException().isThrownBy(() -> Runs.of(new KineticLangevin(start, bowl, 1, 1, SCHEDULER), 2, 500))
                .withMessageContaining("diverge");
        }
    }
}
