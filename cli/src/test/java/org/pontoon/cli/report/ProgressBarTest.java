package org.pontoon.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.Sinkhorn;
import org.pontoon.engine.transport.SinkhornOptions;
import org.pontoon.engine.transport.SinkhornResult;

class ProgressBarTest {

    @Test
    void iterationsToAToleranceTellWhenTheyWillGetThere() {
        assertThat(ProgressBar.iterations("distance", 40, 10_000, 0, 60, 20)).isEqualTo(
            "distance  iteration 40 of at most 10000  20.0 s, about 10.0 s left");
        assertThat(ProgressBar.iterations("distance", 40, 10_000, 20, 60, 5)).endsWith("5.0 s, about 5.0 s left");
        assertThat(ProgressBar.iterations("distance", 40, 10_000, 0, 0, 20)).endsWith("20.0 s");
        assertThat(ProgressBar.iterations("distance", 40, 10_000, 0, 30, 20)).endsWith("20.0 s");
        assertThat(ProgressBar.iterations("distance", 0, 10_000, 0, 30, 20)).endsWith("20.0 s");
    }

    @Test
    void sinkhornExpectsAboutAsManyIterationsAsItMakes() {
        float[] points = new float[120];
        for (int k = 0; k < points.length; k++) {
            points[k] = (float) Math.sin(3 + 7.3 * k);
        }
        float[] moved = points.clone();
        for (int k = 0; k < moved.length; k++) {
            moved[k] = 0.8f * moved[k] + 0.3f * (k % 2);
        }
        long[] expected = new long[1];
        try (PointCloud x = PointCloud.ofRows(points, 60, 2); PointCloud y = PointCloud.ofRows(moved, 60, 2);
                TileScheduler one = new TileScheduler(1)) {
            Progress progress = new Progress() {
                @Override
                public boolean advance(long done, long total) {
                    return true;
                }

                @Override
                public void expect(long units) {
                    expected[0] = units;
                }
            };
            SinkhornOptions options = SinkhornOptions.builder().blur(0.2).debias(false).tolerance(1e-10).build();
            SinkhornResult result = new Sinkhorn(options).solve(x, y, null, one, progress);
            assertThat(result.status()).isEqualTo(SinkhornResult.Status.CONVERGED);
            long made = result.iterations() + result.activeIterations();
            assertThat(expected[0]).isBetween(made - 5, made + 5);
        }
    }
}
