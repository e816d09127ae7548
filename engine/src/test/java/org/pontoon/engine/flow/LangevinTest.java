package org.pontoon.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pontoon.engine.memory.PointCloud;
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
            new Langevin(Potential.quadratic(A, M), h, 5).unadjusted(cloud, 0, 6, SCHEDULER);
            for (int k = 0; k < 6; k++) {
                double x = m[0] - M[0];
                double y = m[1] - M[1];
                m = new double[] {M[0] + map[0] * x + map[1] * y, M[1] + map[2] * x + map[3] * y};
                double[] t = product(product(map, s), map);
                s = new double[] {t[0] + 2 * h, t[1], t[2], t[3] + 2 * h};
            }
            Moments end = Moments.of(cloud);
            for (int d = 0; d < 2; d++) {
                assertThat(end.mean()[d]).isCloseTo(m[d], within(4 * Math.sqrt(s[3 * d] / N)));
                assertThat(end.covariance()[3 * d]).isCloseTo(s[3 * d], within(4 * s[3 * d] * Math.sqrt(2.0 / N)));
            }
            assertThat(end.covariance()[1]).isCloseTo(s[1], within(4 * Math.sqrt((s[0] * s[3] + s[1] * s[1]) / N)));
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
            double taken = new Langevin(potential, 0.4, 7).adjusted(cloud, 0, 30, SCHEDULER);
            assertThat(taken).isBetween(0.7, 0.99);
            assertThat(Moments.of(cloud).covariance()[0]).isCloseTo(0.5, within(4 * 0.5 * Math.sqrt(2.0 / N)));
            assertThat(new Langevin(potential, 0.4, 7).adjusted(cloud, 0, 0, SCHEDULER)).isEqualTo(1);
        }
    }

    @Test
    void mixtureIsSampledWithItsMoments() {
        Potential potential = Potential.gaussianMixture(new double[] {1, 3}, new double[] {-2, 0, 2, 0}, 1);
        try (PointCloud cloud = Moments.normals(10_000, 2, 0, 2, 3)) {
            new Langevin(potential, 0.3, 9).adjusted(cloud, 0, 150, SCHEDULER);
            Moments end = Moments.of(cloud);
            assertThat(end.mean()[0]).isCloseTo(1, within(0.1));
            assertThat(end.covariance()[0]).isCloseTo(4, within(0.25));
            assertThat(end.covariance()[3]).isCloseTo(1, within(4 * Math.sqrt(2e-4)));
        }
    }

    @Test
    @Tag("widths")
    void sameBitsForAnyNumberOfThreadsAndForStepsInTwoCalls() {
        Potential potential = Potential.gaussianMixture(new double[] {1, 3}, new double[] {-2, 0, 1, 2, 0, -1}, 0.8);
        try (PointCloud a = Moments.normals(1000, 3, 0, 1, 4); PointCloud b = Moments.normals(1000, 3, 0, 1, 4);
                TileScheduler one = new TileScheduler(1); TileScheduler three = new TileScheduler(3)) {
            new Langevin(potential, 0.1, 1).unadjusted(a, 3, 20, one);
            new Langevin(potential, 0.1, 1).unadjusted(b, 3, 20, three);
            assertThat(a.toRows()).isEqualTo(b.toRows());
            double taken = new Langevin(potential, 0.1, 1).adjusted(a, 3, 20, one);
            assertThat(new Langevin(potential, 0.1, 1).adjusted(b, 3, 20, three)).isEqualTo(taken);
            assertThat(a.toRows()).isEqualTo(b.toRows());
            Langevin sampler = new Langevin(potential, 0.1, 1);
            sampler.unadjusted(a, 100, 20, one);
            sampler.unadjusted(b, 100, 8, three);
            sampler.unadjusted(b, 108, 12, three);
            float[] rows = b.toRows();
            // positions are rounded once more in between
            assertThat(a.toRows()).satisfies(expected -> {
                for (int i = 0; i < rows.length; i++) {
                    assertThat(rows[i]).isCloseTo(expected[i], within(1e-5f));
                }
            });
        }
    }

    @Test
    void badInputIsRefused() {
        Potential potential = Potential.quadratic(A, M);
        assertThatIllegalArgumentException().isThrownBy(() -> new Langevin(potential, 0, 1)).withMessageContaining("step is 0.0");
        assertThatIllegalArgumentException().isThrownBy(() -> Potential.quadratic(new double[] {1, 2, 0, 1}, M))
            .withMessageContaining("symmetric");
        assertThatIllegalArgumentException().isThrownBy(() -> Potential.gaussianMixture(new double[] {1, 0}, new double[4], 1))
            .withMessageContaining("weight 1 is 0.0");
        Langevin sampler = new Langevin(potential, 0.1, 1);
        try (PointCloud cloud = Moments.normals(3, 3, 0, 1, 1); PointCloud wild = Moments.normals(3, 2, 0, 1, 1)) {
            assertThatIllegalArgumentException().isThrownBy(() -> sampler.unadjusted(cloud, 0, 1, SCHEDULER))
                .withMessageContaining("particles");
            assertThatIllegalArgumentException().isThrownBy(() -> sampler.adjusted(wild, -1, 1, SCHEDULER)).withMessageContaining("-1");
            assertThatIllegalStateException().isThrownBy(() -> new Langevin(potential, 10, 1).unadjusted(wild, 0, 100, SCHEDULER))
                .withMessageContaining("diverge");
            wild.set(1, 1, Float.NaN);
            assertThatIllegalArgumentException().isThrownBy(() -> sampler.unadjusted(wild, 0, 1, SCHEDULER)).withMessageContaining("NaN");
        }
    }
}
