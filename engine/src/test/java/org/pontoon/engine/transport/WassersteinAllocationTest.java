package org.pontoon.engine.transport;

import java.util.Arrays;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pontoon.engine.memory.AllocatedBytes;
import org.pontoon.engine.memory.Floats;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

@Tag("allocation")
class WassersteinAllocationTest {

    /** A {@link SlicedResult}: that is what a sliced call may leave. */
    private static final int RESULT = 48;

    @Test
    void problemsOnTheLineMakeNoGarbage() {
        Wasserstein1D solver = new Wasserstein1D();
        float[] x = Floats.random(1, 500, 1f);
        float[] y = Floats.random(2, 300, 1f);
        double[] f = new double[500];
        double[] g = new double[300];
        AllocatedBytes.assertNoneWhenHot("cost and gradients", 500, () -> {
            solver.solve(x, null, y, null).cost(2);
            solver.pointGradient(2, f);
            solver.potentials(2, f, g);
        });
    }

    @Test
    void weightedProblemsOnTheLineAndTheCircleMakeNoGarbage() {
        Wasserstein1D solver = new Wasserstein1D();
        float[] x = positive(1, 300);
        float[] y = positive(2, 200);
        float[] a = positive(3, 300);
        float[] b = positive(4, 200);
        double[] f = new double[300];
        double[] g = new double[200];
        AllocatedBytes.assertNoneWhenHot("weighted cost, gradients, distances, quantiles", 500, () -> {
            solver.solve(x, a, y, b).cost(2);
            solver.pointGradient(1.5, f);
            solver.weightGradient(2, f, g);
            solver.distance(Double.POSITIVE_INFINITY);
            solver.energyDistance();
            solver.sourceQuantile(0.3);
        });
        AllocatedBytes.assertNoneWhenHot("cost on a circle", 200, () -> solver.solve(x, a, y, b).circleCost(2, 4));
    }

    @Test
    void slicedProblemsLeaveNothingButTheirResult() {
        try (TileScheduler scheduler = new TileScheduler(1); PointCloud x = cloud(1, 300); PointCloud y = cloud(2, 300);
                PointCloud weighted = cloud(3, 200).withWeights(positive(4, 200)); PointCloud slope = PointCloud.allocate(300, 3)) {
            SlicedWasserstein sliced = new SlicedWasserstein(scheduler);
            SlicedDirections directions = SlicedDirections.orthonormal(1, 12, 3);
            double[] gradient = new double[300];
            AllocatedBytes.assertAtMostWhenHot("sliced cost", RESULT, 100, () -> sliced.cost(x, y, directions, 2));
            AllocatedBytes.assertAtMostWhenHot("sliced gradient", RESULT, 100, () -> sliced.pointGradient(x, y, directions, 2, slope));
            AllocatedBytes.assertAtMostWhenHot("weighted gradient", RESULT, 100,
                () -> sliced.pointGradient(x, weighted, directions, 2, slope));
            AllocatedBytes.assertAtMostWhenHot("weights' gradient", RESULT, 100,
                () -> sliced.weightGradient(x, weighted, directions, 2, gradient));
            AllocatedBytes.assertAtMostWhenHot("sliced energy distance", RESULT, 100, () -> sliced.energyDistance(x, weighted, directions));
            SlicedSupport support = new SlicedSupport(x, directions, scheduler);
            double[] a = new double[300];
            double[] b = new double[300];
            Arrays.setAll(a, i -> 1 + i % 5);
            Arrays.setAll(b, i -> 1 + i % 7);
            AllocatedBytes.assertAtMostWhenHot("weights' gradient with kept orders", RESULT, 100,
                () -> support.weightGradient(a, support, b, 2, gradient));
        }
    }

    private static PointCloud cloud(long seed, int size) {
        return PointCloud.ofRows(Floats.random(seed, 3 * size, 1f), size, 3);
    }

    private static float[] positive(long seed, int count) {
        float[] values = Floats.random(seed, count, 1f);
        for (int i = 0; i < count; i++) {
            values[i] = Math.abs(values[i]) + 0.01f;
        }
        return values;
    }
}
