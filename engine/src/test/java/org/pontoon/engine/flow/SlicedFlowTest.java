package org.pontoon.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

class SlicedFlowTest {

    private static final TileScheduler SCHEDULER = new TileScheduler(2);

    @AfterAll
    static void close() {
        SCHEDULER.close();
    }

    private static SlicedFlowOptions options(double step, double entropy, int quantiles) {
        return new SlicedFlowOptions(step, 30, entropy, quantiles, 3);
    }

    /** The mean's distance from the target's shrinks by 1 - h / D a step, also towards a sample of another size. */
    @Test
    void meanObeysItsExactLaw() {
        try (PointCloud start = Moments.normals(500, 3, 2, 1, 1); PointCloud target = Moments.normals(700, 3, -1, 0.5, 2)) {
            double[] before = Moments.of(start).mean();
            double[] goal = Moments.of(target).mean();
            SlicedFlow flow = new SlicedFlow(start, target, options(0.5, 0, 0), SCHEDULER);
            for (int k = 0; k < 8; k++) {
                flow.step();
            }
            double factor = Math.pow(1 - 0.5 / 3, 8);
            try (PointCloud end = flow.particles()) {
                for (int d = 0; d < 3; d++) {
                    assertThat(Moments.of(end).mean()[d]).isCloseTo(goal[d] + factor * (before[d] - goal[d]), within(1e-6));
                }
            }
        }
    }

    /** {@code s = (s* + sqrt(s*^2 + 4 lambda D)) / 2}. */
    @Test
    void entropyWidensTheStationaryLaw() {
        try (PointCloud start = Moments.normals(3000, 2, 0, 0.5, 1); PointCloud target = Moments.normals(3000, 2, 0, 1, 2)) {
            SlicedFlow flow = new SlicedFlow(start, target, options(0.1, 0.2, 0), SCHEDULER);
            for (int k = 0; k < 150; k++) {
                flow.step();
            }
            double goal = Math.sqrt(Moments.of(target).covariance()[0]);
            try (PointCloud end = flow.particles()) {
                double expected = (goal + Math.sqrt(goal * goal + 1.6)) / 2;
                assertThat(Math.sqrt(Moments.of(end).covariance()[0])).isCloseTo(expected, within(4e-2));
            }
        }
    }

    @Test
    void distanceFallsToTheTarget() {
        try (PointCloud start = Moments.normals(400, 2, 3, 0.3, 1); PointCloud target = Moments.normals(400, 2, 0, 1, 2)) {
            SlicedFlow flow = new SlicedFlow(start, target, options(1, 0, 0), SCHEDULER);
            double first = flow.step();
            double last = first;
            for (int k = 0; k < 60; k++) {
                last = flow.step();
            }
            assertThat(first).isGreaterThan(4);
            assertThat(last).isLessThan(2e-3);
        }
    }

    @Test
    void frozenFlowMovesSeenPointsAsTheyMovedAndUnseenOnesLikeThem() {
        try (PointCloud start = Moments.normals(1000, 2, 3, 0.5, 1); PointCloud target = Moments.normals(1000, 2, 0, 1, 2);
                PointCloud unseen = Moments.normals(1000, 2, 3, 0.5, 9)) {
            SlicedFlow flow = new SlicedFlow(start, target, options(1, 0, 1000), SCHEDULER);
            SlicedFlow coarse = new SlicedFlow(start, target, options(1, 0, 100), SCHEDULER);
            flow.step();
            for (int k = 0; k < 20; k++) {
                coarse.step();
            }
            try (PointCloud first = flow.particles(); PointCloud again = flow.apply(start, 1); PointCloud end = coarse.particles();
                    PointCloud other = coarse.apply(unseen, 1)) {
                float[] rows = again.toRows();
                for (int i = 0; i < 2000; i++) {
                    assertThat(rows[i]).isCloseTo(first.get(i / 2, i % 2), within(1e-4f));
                }
                Moments moments = Moments.of(other);
                assertThat(moments.mean()[0]).isCloseTo(0, within(0.1));
                assertThat(moments.covariance()[0]).isCloseTo(Moments.of(end).covariance()[0], within(0.12));
            }
        }
    }

    @Test
    void sameBitsForAnyNumberOfThreads() {
        try (PointCloud start = Moments.normals(500, 3, 3, 0.5, 1); PointCloud target = Moments.normals(300, 3, 0, 1, 2);
                TileScheduler one = new TileScheduler(1)) {
            SlicedFlow a = new SlicedFlow(start, target, options(1, 0.01, 50), one);
            SlicedFlow b = new SlicedFlow(start, target, options(1, 0.01, 50), SCHEDULER);
            for (int k = 0; k < 3; k++) {
                assertThat(a.step()).isEqualTo(b.step());
            }
            try (PointCloud x = a.particles(); PointCloud y = b.particles(); PointCloud u = a.apply(target, 2);
                    PointCloud v = b.apply(target, 2)) {
                assertThat(x.toRows()).isEqualTo(y.toRows());
                assertThat(u.toRows()).isEqualTo(v.toRows());
            }
        }
    }

    @Test
    void badInputIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> options(0, 0, 0)).withMessageContaining("step is 0");
        assertThatIllegalArgumentException().isThrownBy(() -> options(1, -1, 0)).withMessageContaining("entropy is -1");
        try (PointCloud start = Moments.normals(5, 3, 3, 0.5, 1); PointCloud target = Moments.normals(5, 2, 0, 1, 2);
                PointCloud same = Moments.normals(4, 3, 0, 1, 2)) {
            assertThatIllegalArgumentException().isThrownBy(() -> new SlicedFlow(start, target, options(1, 0, 0), SCHEDULER))
                .withMessageContaining("target of the flow");
            SlicedFlow flow = new SlicedFlow(start, same, options(1, 0, 0), SCHEDULER);
            assertThatIllegalStateException().isThrownBy(() -> flow.apply(same, 1)).withMessageContaining("no maps");
        }
    }
}
