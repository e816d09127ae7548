package org.pontoon.engine.flow.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.pontoon.engine.flow.Moments;
import org.pontoon.engine.flow.Runs;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

class OrnsteinUhlenbeckTest {

    private static final double[] A = {2, 0.5, 0.5, 1};
    private static final double[] M = {1, -1};

    @Test
    void momentsSolveTheirEquations() {
        OrnsteinUhlenbeck process = new OrnsteinUhlenbeck(A, M);
        double[] m0 = {3, 2};
        double[] s0 = {1, 0.2, 0.2, 3};
        double h = 1e-5;
        double[] m = process.mean(m0, 0.7);
        double[] s = process.covariance(s0, 0.7);
        double[] later = process.mean(m0, 0.7 + h);
        double[] earlier = process.mean(m0, 0.7 - h);
        double[] wider = process.covariance(s0, 0.7 + h);
        double[] narrower = process.covariance(s0, 0.7 - h);
        for (int i = 0; i < 2; i++) {
            double drift = -A[2 * i] * (m[0] - M[0]) - A[2 * i + 1] * (m[1] - M[1]);
            assertThat((later[i] - earlier[i]) / (2 * h)).isCloseTo(drift, within(1e-8));
            for (int j = 0; j < 2; j++) {
                double slope = (i == j ? 2 : 0) - A[2 * i] * s[j] - A[2 * i + 1] * s[2 + j] - s[2 * i] * A[j] - s[2 * i + 1] * A[2 + j];
                assertThat((wider[2 * i + j] - narrower[2 * i + j]) / (2 * h)).isCloseTo(slope, within(1e-8));
            }
        }
        assertThat(process.mean(m0, 0)).containsExactly(m0, within(1e-14));
        assertThat(process.covariance(s0, 60)).containsExactly(new double[] {1 / 1.75, -0.5 / 1.75, -0.5 / 1.75, 2 / 1.75}, within(1e-12));
    }

    @Test
    void samplesHaveTheMoments() {
        int n = 40_000;
        OrnsteinUhlenbeck process = new OrnsteinUhlenbeck(A, M);
        try (PointCloud cloud = Moments.normals(n, 2, 3, 0.5, 1); TileScheduler scheduler = new TileScheduler(2)) {
            Moments start = Moments.of(cloud);
            Moments end;
            try (PointCloud last = Runs.end(process.flow(cloud, 4, scheduler), 0.3, 1)) {
                end = Moments.of(last);
            }
            double[] m = process.mean(start.mean(), 0.3);
            double[] s = process.covariance(start.covariance(), 0.3);
            for (int d = 0; d < 2; d++) {
                assertThat(end.mean()[d]).isCloseTo(m[d], within(4 * Math.sqrt(s[3 * d] / n)));
                assertThat(end.covariance()[3 * d]).isCloseTo(s[3 * d], within(4 * s[3 * d] * Math.sqrt(2.0 / n)));
            }
            assertThat(end.covariance()[1]).isCloseTo(s[1], within(4 * Math.sqrt((s[0] * s[3] + s[1] * s[1]) / n)));
        }
    }

    @Test
    void heatAddsTwiceTheTime() {
        int n = 40_000;
        OrnsteinUhlenbeck heat = OrnsteinUhlenbeck.heat(2);
        assertThat(heat.covariance(new double[] {1, 0.5, 0.5, 2}, 0.75)).containsExactly(2.5, 0.5, 0.5, 3.5);
        try (PointCloud start = Moments.normals(n, 2, 0, 1, 1); TileScheduler one = new TileScheduler(1);
                TileScheduler three = new TileScheduler(3); PointCloud a = Runs.end(heat.flow(start, 4, one), 0.5, 3);
                PointCloud b = Runs.end(heat.flow(start, 4, three), 0.5, 3)) {
            assertThat(a.toRows()).isEqualTo(b.toRows());
            assertThat(Moments.of(a).covariance()[0]).isCloseTo(4, within(4 * 4 * Math.sqrt(2.0 / n)));
        }
    }

    @Test
    void badInputIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new OrnsteinUhlenbeck(new double[] {1, 2, 2, 1}, M))
            .withMessageContaining("eigenvalue");
        assertThatIllegalArgumentException().isThrownBy(() -> new OrnsteinUhlenbeck(new double[] {1}, M)).withMessageContaining("2 x 2");
        OrnsteinUhlenbeck process = new OrnsteinUhlenbeck(A, M);
        assertThatIllegalArgumentException().isThrownBy(() -> process.mean(M, -1)).withMessageContaining("-1");
        assertThatIllegalArgumentException().isThrownBy(() -> process.covariance(M, 1)).withMessageContaining("expected 4");
    }
}
