package org.pontoon.engine.flow.sliced;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.pontoon.engine.flow.FlowResult;
import org.pontoon.engine.flow.Moments;
import org.pontoon.engine.flow.Runs;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

class SlicedFlowTest {

    private static final TileScheduler SCHEDULER = new TileScheduler(2);

    @AfterAll
    static void close() {
        SCHEDULER.close();
    }

    private static SlicedFlowOptions options(double entropy, int quantiles) {
        return new SlicedFlowOptions(30, entropy, quantiles, 3);
    }

    /** The mean's distance from the target's shrinks by 1 - h / D a step, also towards a sample of another size. */
    @Test
    void meanObeysItsExactLaw() {
        try (PointCloud start = Moments.normals(500, 3, 2, 1, 1); PointCloud target = Moments.normals(700, 3, -1, 0.5, 2)) {
            double[] before = Moments.of(start).mean();
            double[] goal = Moments.of(target).mean();
            double factor = Math.pow(1 - 0.5 / 3, 8);
            try (PointCloud end = Runs.end(new SlicedFlow(start, target, options(0, 0), SCHEDULER), 0.5, 8)) {
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
            double goal = Math.sqrt(Moments.of(target).covariance()[0]);
            try (PointCloud end = Runs.end(new SlicedFlow(start, target, options(0.2, 0), SCHEDULER), 0.1, 150)) {
                double expected = (goal + Math.sqrt(goal * goal + 1.6)) / 2;
                assertThat(Math.sqrt(Moments.of(end).covariance()[0])).isCloseTo(expected, within(4e-2));
            }
        }
    }

    @Test
    void distanceFallsToTheTarget() {
        try (PointCloud start = Moments.normals(400, 2, 3, 0.3, 1); PointCloud target = Moments.normals(400, 2, 0, 1, 2)) {
            double[] distances = Runs.of(new SlicedFlow(start, target, options(0, 0), SCHEDULER), 1, 60).values();
            assertThat(distances[0]).isGreaterThan(4);
            assertThat(distances[60]).isLessThan(2e-3);
        }
    }

    @Test
    void frozenFlowMovesSeenPointsAsTheyMovedAndUnseenOnesLikeThem() {
        try (PointCloud start = Moments.normals(1000, 2, 3, 0.5, 1); PointCloud target = Moments.normals(1000, 2, 0, 1, 2);
                PointCloud unseen = Moments.normals(1000, 2, 3, 0.5, 9)) {
            SlicedFlow flow = new SlicedFlow(start, target, options(0, 1000), SCHEDULER);
            SlicedFlow coarse = new SlicedFlow(start, target, options(0, 100), SCHEDULER);
            try (PointCloud first = Runs.end(flow, 1, 1); PointCloud again = flow.apply(start, 1); PointCloud end = Runs.end(coarse, 1, 20);
                    PointCloud other = coarse.apply(unseen, 1)) {
                float[] rows = again.toRows();
                // between neighbours that float32 hardly tells apart a map is as steep as their goals are far from each other
                for (int i = 0; i < 2000; i++) {
                    assertThat(rows[i]).isCloseTo(first.get(i / 2, i % 2), within(1e-3f));
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
            SlicedFlow a = new SlicedFlow(start, target, options(0.01, 50), one);
            SlicedFlow b = new SlicedFlow(start, target, options(0.01, 50), SCHEDULER);
            FlowResult first = Runs.of(a, 1, 3);
            FlowResult second = Runs.of(b, 1, 3);
            assertThat(first.values()).isEqualTo(second.values());
            assertThat(first.last().points()).isEqualTo(second.last().points());
            try (PointCloud u = a.apply(target, 2);
                    PointCloud v = b.apply(target, 2)) {
                assertThat(u.toRows()).isEqualTo(v.toRows());
            }
        }
    }

    @Test
    void badInputIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> options(-1, 0)).withMessageContaining("entropy is -1");
        try (PointCloud start = Moments.normals(5, 3, 3, 0.5, 1); PointCloud target = Moments.normals(5, 2, 0, 1, 2);
                PointCloud same = Moments.normals(4, 3, 0, 1, 2)) {
            assertThatIllegalArgumentException().isThrownBy(() -> new SlicedFlow(start, target, options(0, 0), SCHEDULER))
                .withMessageContaining("target of the flow");
            SlicedFlow flow = new SlicedFlow(start, same, options(0, 0), SCHEDULER);
            assertThatIllegalStateException().isThrownBy(() -> flow.apply(same, 1)).withMessageContaining("no maps");
        }
    }

    /** Seed 1's second step must not have the directions of seed 2's first: they would tell the same distance. */
    @Test
    void replicatesOfNeighbouringSeedsShareNoDirections() {
        try (PointCloud start = Moments.normals(400, 3, 3, 0.3, 1); PointCloud target = Moments.normals(400, 3, 0, 1, 2)) {
            FlowResult first = Runs.of(new SlicedFlow(start, target, new SlicedFlowOptions(3, 0, 0, 1), SCHEDULER), 0.5, 1);
            try (PointCloud moved = first.last().toUnweightedCloud()) {
                double[] same = Runs.of(new SlicedFlow(moved, target, new SlicedFlowOptions(3, 0, 0, 2), SCHEDULER), 0.5, 0).values();
                assertThat(Math.abs(same[0] / first.values()[1] - 1)).isGreaterThan(1e-5);
            }
        }
    }
}
