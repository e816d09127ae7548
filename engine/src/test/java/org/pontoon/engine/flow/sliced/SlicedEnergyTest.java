package org.pontoon.engine.flow.sliced;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.pontoon.engine.flow.Functional;
import org.pontoon.engine.flow.Moments;
import org.pontoon.engine.flow.Runs;
import org.pontoon.engine.flow.jko.SwJkoOptions;
import org.pontoon.engine.flow.jko.SwJkoParticles;
import org.pontoon.engine.internal.particle.Directions;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.random.Stream;
import org.pontoon.engine.transport.KernelEntropy;
import org.pontoon.engine.transport.LossGradient;
import org.pontoon.engine.transport.Precision;
import org.pontoon.engine.transport.SlicedDirections;
import org.pontoon.engine.transport.SlicedWasserstein;

class SlicedEnergyTest {

    private static final TileScheduler SCHEDULER = new TileScheduler(2);

    @AfterAll
    static void close() {
        SCHEDULER.close();
    }

    @Test
    void valueAndGradientAreHalfThoseOfTheSquaredSlicedDistance() {
        double[] rows = Directions.of(3, 30, Stream.SLICED_ENERGY.key(1));
        float[] directions = new float[rows.length];
        for (int k = 0; k < rows.length; k++) {
            directions[k] = (float) rows[k];
        }
        try (PointCloud x = Moments.normals(400, 3, 0, 1, 1); PointCloud y = Moments.normals(300, 3, 1, 2, 2);
                PointCloud slope = PointCloud.allocate(400, 3)) {
            double distance = new SlicedWasserstein(SCHEDULER).pointGradient(x, y, SlicedDirections.of(directions, 3), 2, slope).mean();
            LossGradient found = new SlicedEnergy(400, y, 30, 1, SCHEDULER).at(x);
            assertThat(found.value()).isCloseTo(distance / 2, within(1e-5));
            for (int k = 0; k < found.points().length; k++) {
                assertThat(found.points()[k]).isCloseTo(slope.get(k / 3, k % 3) / 2, within(1e-7));
            }
        }
    }

    /**
     * With entropy at a factor, steps of the SW-JKO scheme between isotropic Gaussians of one shape: {@code (s - s_k) / (D tau) + (s - s*) / D
     * - lambda / s = 0}, and {@code (m - m_k) / (D tau) + (m - m*) / D = 0}. The target is the particles' own start, moved and widened.
     */
    @Test
    void implicitStepsOfDistanceAndEntropyHaveTheirClosedForm() {
        int size = 500;
        double tau = 0.4;
        double lambda = 0.1;
        try (PointCloud x = Moments.normals(size, 2, 0, 1, 1); PointCloud y = PointCloud.allocate(size, 2)) {
            for (int n = 0; n < size; n++) {
                y.set(n, 0, 3 + 1.5f * x.get(n, 0));
                y.set(n, 1, -1 + 1.5f * x.get(n, 1));
            }
            KernelEntropy entropy = KernelEntropy.whitened(KernelEntropy.scottBandwidth(1, size, 2), Precision.FLOAT32);
            Functional functional = Functional.weightedSum(List.<Functional>of(new SlicedEnergy(size, y, 60, 1, SCHEDULER),
                c -> entropy.gradient(c, SCHEDULER)), 1, lambda);
            Moments start = Moments.of(x);
            Moments goal = Moments.of(y);
            double spread = Math.sqrt(start.covariance()[0] + start.covariance()[3]);
            double s = spread;
            double mean = start.mean()[0];
            try (SwJkoParticles flow = new SwJkoParticles(x, functional, new SwJkoOptions(60, 60, 1e-5, 1), SCHEDULER)) {
                for (int k = 0; k < 15; k++) {
                    double c = 2 * tau;
                    // for both coordinates together lambda counts twice
                    double half = (s / c + 1.5 * spread / 2) / (2 * (1 / c + 0.5));
                    s = half + Math.sqrt(half * half + 2 * lambda / (1 / c + 0.5));
                    mean = (mean / c + goal.mean()[0] / 2) / (1 / c + 0.5);
                }
                try (PointCloud end = Runs.end(flow, 2 * tau, 15)) {
                    Moments found = Moments.of(end);
                    assertThat(found.mean()[0]).isCloseTo(mean, within(1e-3));
                    assertThat(Math.sqrt(found.covariance()[0] + found.covariance()[3])).isCloseTo(s, within(1e-2 * s));
                }
            }
        }
    }

    @Test
    void sameBitsForAnyNumberOfThreads() {
        try (PointCloud x = Moments.normals(90, 3, 0, 1, 1); PointCloud y = Moments.normals(70, 3, 1, 2, 2);
                TileScheduler one = new TileScheduler(1); TileScheduler three = new TileScheduler(3)) {
            LossGradient a = new SlicedEnergy(90, y, 40, 1, one).at(x);
            LossGradient b = new SlicedEnergy(90, y, 40, 1, three).at(x);
            assertThat(a.value()).isEqualTo(b.value());
            assertThat(a.points()).isEqualTo(b.points());
        }
    }

    @Test
    void badInputIsRefused() {
        try (PointCloud y = Moments.normals(5, 2, 0, 1, 4); PointCloud other = Moments.normals(4, 2, 0, 1, 4);
                PointCloud weighted = Moments.normals(2, 2, 0, 1, 4).withWeights(new float[] {1, 2})) {
            assertThatIllegalArgumentException().isThrownBy(() -> new SlicedEnergy(0, y, 3, 1, SCHEDULER)).withMessageContaining(
                "0 particles");
            assertThatIllegalArgumentException().isThrownBy(() -> new SlicedEnergy(2, weighted, 3, 1, SCHEDULER))
                .withMessageContaining("weights");
            assertThatIllegalArgumentException().isThrownBy(() -> new SlicedEnergy(5, y, 3, 1, SCHEDULER).at(other))
                .withMessageContaining("4 points, expected 5");
        }
    }
}
