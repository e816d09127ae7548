package org.pontoon.engine.transport;

import java.util.Random;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pontoon.engine.memory.AllocatedBytes;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

/** Whole sweeps over pairs in float32 allocate nothing when hot: every kernel, both costs, with gradients and without, in one JVM. */
@Tag("allocation")
class PairSumsAllocationTest {

    private static final int SIZE = 70;

    private static PointCloud cloud(long seed, int dimension) {
        Random random = new Random(seed);
        float[] rows = new float[SIZE * dimension];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = random.nextFloat();
        }
        return PointCloud.ofRows(rows, SIZE, dimension);
    }

    @Test
    void sweepsAllocateNothing() {
        PairKernel[] kernels = {PairKernel.gaussian(0.5), PairKernel.gaussian(0.01), PairKernel.laplacian(0.5), PairKernel.energy(),
            PairKernel.inverseMultiquadric(0.5), PairKernel.gaussian(0.2, 1)};
        int[] dimensions = {1, 2, 3, 5, 12, 40};
        double[] weights = new double[SIZE];
        double[] sums = new double[SIZE];
        double[] gradient = new double[SIZE * 40];
        double[] values = new double[SIZE * 40];
        double[] applied = new double[SIZE * 40];
        try (TileScheduler scheduler = new TileScheduler(1)) {
            PairSums[][] all = new PairSums[dimensions.length][kernels.length];
            for (int d = 0; d < dimensions.length; d++) {
                for (int k = 0; k < kernels.length; k++) {
                    all[d][k] = new FloatPairSums(scheduler, cloud(1, dimensions[d]), cloud(2, dimensions[d]));
                }
            }
            AllocatedBytes.assertNoneWhenHot("sweeps over pairs", 20, () -> {
                for (int d = 0; d < all.length; d++) {
                    for (int k = 0; k < kernels.length; k++) {
                        all[d][k].kernelSums(kernels[k], weights, sums, null);
                        all[d][k].kernelSums(kernels[k], weights, sums, gradient);
                        all[d][k].logSumExp(1 + k % 2, 0.1, weights, sums, null);
                        all[d][k].logSumExp(1 + k % 2, 0.1, weights, sums, gradient);
                        all[d][k].planSums(1 + k % 2, 0.1, weights, weights, null, 0, null, sums, gradient);
                        all[d][k].planSums(1 + k % 2, 0.1, weights, weights, values, dimensions[d], applied, sums, null);
                    }
                }
            });
        }
    }
}
