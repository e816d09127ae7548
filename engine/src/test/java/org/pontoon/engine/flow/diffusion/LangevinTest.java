package org.pontoon.engine.flow.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pontoon.engine.flow.Flow;
import org.pontoon.engine.flow.FlowOptions;
import org.pontoon.engine.flow.FlowResult;
import org.pontoon.engine.flow.Moments;
import org.pontoon.engine.flow.Potential;
import org.pontoon.engine.flow.Runs;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;

class LangevinTest {

    private static final int N = 40_000;
    private static final double[] A = {2, 0.5, 0.5, 1};
    private static final double[] M = {1, -1};
    private static final TileScheduler SCHEDULER = new TileScheduler(2);

    @AfterAll
    static void close() {
        SCHEDULER.close();
    }

    /** {@code m <- m* + (I - h A)(m - m*)} and {@code S <- (I - h A) S (I - h A) + 2 h I}. */
    @Test
    @Tag("widths")
    void unadjustedStepsHaveTheirExactDiscreteMoments() {
        double h = 0.2;
        double[] map = {1 - h * A[0], -h * A[1], -h * A[2], 1 - h * A[3]};
        try (PointCloud cloud = Moments.normals(N, 2, 3, 0.5, 1)) {
            Moments start = Moments.of(cloud);
            double[] m = start.mean().clone();
            double[] s = start.covariance().clone();
            for (int k = 0; k < 6; k++) {
                double x = m[0] - M[0];
                double y = m[1] - M[1];
                m = new double[] {M[0] + map[0] * x + map[1] * y, M[1] + map[2] * x + map[3] * y};
                double[] t = product(product(map, s), map);
                s = new double[] {t[0] + 2 * h, t[1], t[2], t[3] + 2 * h};
            }
            Moments end = end(Langevin.unadjusted(cloud, Potential.quadratic(A, M), 5, SCHEDULER), h, 6);
            for (int d = 0; d < 2; d++) {
                assertThat(end.mean()[d]).isCloseTo(m[d], within(4 * Math.sqrt(s[3 * d] / N)));
                assertThat(end.covariance()[3 * d]).isCloseTo(s[3 * d], within(4 * s[3 * d] * Math.sqrt(2.0 / N)));
            }
            assertThat(end.covariance()[1]).isCloseTo(s[1], within(4 * Math.sqrt((s[0] * s[3] + s[1] * s[1]) / N)));
        }
    }

    private static Moments end(Langevin flow, double h, int steps) {
        try (PointCloud end = Runs.end(flow, h, steps)) {
            return Moments.of(end);
        }
    }

    private static double[] product(double[] a, double[] b) {
        return new double[] {a[0] * b[0] + a[1] * b[2], a[0] * b[1] + a[1] * b[3], a[2] * b[0] + a[3] * b[2], a[2] * b[1] + a[3] * b[3]};
    }

    /** The unadjusted variance at a = 2, h = 0.4 would be 1 / (2 (1 - 0.4)) = 0.83, the adjusted one is 1/2. */
    @Test
    void adjustedStepsHaveNoBias() {
        Potential potential = Potential.quadratic(new double[] {2}, new double[] {0});
        try (PointCloud cloud = Moments.normals(N, 1, 0, Math.sqrt(0.5), 2)) {
            FlowResult result = Runs.of(Langevin.adjusted(cloud, potential, 7, SCHEDULER), 0.4, 30);
            double[] taken = result.quantity("acceptance");
            assertThat(taken[0]).isNaN();
            assertThat(Arrays.stream(taken).skip(1)).allMatch(share -> share > 0.7 && share < 0.99);
            try (PointCloud end = result.last().toUnweightedCloud()) {
                assertThat(Moments.of(end).covariance()[0]).isCloseTo(0.5, within(4 * 0.5 * Math.sqrt(2.0 / N)));
            }
        }
    }

    @Test
    void mixtureIsSampledWithItsMoments() {
        Potential potential = Potential.gaussianMixture(new double[] {1, 3}, new double[] {-2, 0, 2, 0}, 1);
        try (PointCloud cloud = Moments.normals(10_000, 2, 0, 2, 3)) {
            Moments end = end(Langevin.adjusted(cloud, potential, 9, SCHEDULER), 0.3, 150);
            assertThat(end.mean()[0]).isCloseTo(1, within(0.1));
            assertThat(end.covariance()[0]).isCloseTo(4, within(0.25));
            assertThat(end.covariance()[3]).isCloseTo(1, within(4 * Math.sqrt(2e-4)));
        }
    }

    @Test
    @Tag("widths")
    void sameBitsForAnyNumberOfThreads() {
        Potential potential = Potential.gaussianMixture(new double[] {1, 3}, new double[] {-2, 0, 1, 2, 0, -1}, 0.8);
        try (PointCloud start = Moments.normals(1000, 3, 0, 1, 4); TileScheduler one = new TileScheduler(1);
                TileScheduler three = new TileScheduler(3)) {
            float[] before = start.toRows();
            FlowResult a = Runs.of(Langevin.unadjusted(start, potential, 1, one), 0.1, 20);
            FlowResult b = Runs.of(Langevin.unadjusted(start, potential, 1, three), 0.1, 20);
            assertThat(a.last().points()).isEqualTo(b.last().points());
            FlowResult c = Runs.of(Langevin.adjusted(start, potential, 1, one), 0.1, 20);
            FlowResult d = Runs.of(Langevin.adjusted(start, potential, 1, three), 0.1, 20);
            assertThat(c.last().points()).isEqualTo(d.last().points());
            assertThat(c.values()).isEqualTo(d.values());
            assertThat(start.toRows()).as("the start is copied").isEqualTo(before);
        }
    }

    @Test
    void progressCancels() {
        try (PointCloud start = Moments.normals(10, 2, 0, 1, 4)) {
            Langevin flow = Langevin.unadjusted(start, Potential.quadratic(A, M), 1, SCHEDULER);
            FlowResult result = new Flow(FlowOptions.of(0.1, 20)).run(flow, (done, total) -> done < 3);
            assertThat(result.status()).isEqualTo(FlowResult.Status.CANCELLED);
            assertThat(result.steps()).isEqualTo(3);
            assertThatIllegalArgumentException().isThrownBy(() -> new Flow(FlowOptions.builder().adaptive(true).build()).run(flow,
                Progress.NONE)).withMessageContaining("Langevin cannot undo steps");
        }
    }

    @Test
    void badInputIsRefused() {
        Potential potential = Potential.quadratic(A, M);
        assertThatIllegalArgumentException().isThrownBy(() -> Potential.quadratic(new double[] {1, 2, 0, 1}, M))
            .withMessageContaining("symmetric");
        assertThatIllegalArgumentException().isThrownBy(() -> Potential.gaussianMixture(new double[] {1, 0}, new double[4], 1))
            .withMessageContaining("weight 1 is 0.0");
        try (PointCloud cloud = Moments.normals(3, 3, 0, 1, 1); PointCloud wild = Moments.normals(3, 2, 0, 1, 1)) {
            assertThatIllegalArgumentException().isThrownBy(() -> Langevin.unadjusted(cloud, potential, 1, SCHEDULER))
                .withMessageContaining("start of the flow");
            assertThatIllegalStateException().isThrownBy(() -> Runs.of(Langevin.unadjusted(wild, potential, 1, SCHEDULER), 10, 100))
                .withMessageContaining("diverge");
            wild.set(1, 1, Float.NaN);
            assertThatIllegalArgumentException().isThrownBy(() -> Langevin.adjusted(wild, potential, 1, SCHEDULER))
                .withMessageContaining("NaN");
        }
    }
}
