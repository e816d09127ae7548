package org.pontoon.engine.internal.kernel;

import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pontoon.engine.memory.AllocatedBytes;
import org.pontoon.engine.memory.Floats;

/** The pair kernels allocate nothing when hot, all of them in turn in one JVM. */
@Tag("allocation")
class PairAllocationTest {

    private static final int POINTS = 128;

    @Test
    void pairKernelsAllocateNothing() {
        float[] squares = new float[4 * POINTS];
        float[] terms = new float[4 * POINTS];
        float[] slopes = new float[4 * POINTS];
        float[] lanes = new float[4 * 48];
        float[] rows = Floats.random(1, 4 * 48, 1f);
        float[] tile = Floats.random(2, 48 * POINTS, 1f);
        float[] weights = new float[POINTS];
        List<PairProfile> profiles = List.of(org.pontoon.engine.internal.vector.PairGaussian::sums,
            org.pontoon.engine.internal.vector.PairWideGaussian::sums, org.pontoon.engine.internal.vector.PairLaplacian::sums,
            org.pontoon.engine.internal.vector.PairEnergy::sums, org.pontoon.engine.internal.vector.PairInverseMultiquadric::sums);
        AllocatedBytes.assertNoneWhenHot("pair kernels", 500, () -> {
            for (int dimension = 1; dimension < 5; dimension++) {
                org.pontoon.engine.internal.vector.PairTile.squares(rows, 0, dimension, tile, POINTS, 0.5f, squares);
                org.pontoon.engine.internal.vector.PairTile.differences(rows, 0, dimension, tile, POINTS, squares, 0,
                    Math.min(2, dimension), lanes);
                for (int kernel = 0; kernel < profiles.size(); kernel++) {
                    org.pontoon.engine.internal.vector.PairTile.squares(rows, 0, dimension, tile, POINTS, 1f, squares);
                    profiles.get(kernel).sums(squares, 0, POINTS, weights, 0, dimension > 2, lanes, 0);
                }
                org.pontoon.engine.internal.vector.PairTile.squares(rows, 0, dimension, tile, POINTS, 1f, squares);
                boolean roots = dimension % 2 == 0;
                org.pontoon.engine.internal.vector.PairLogSumExp.least(squares, 0, POINTS, weights, 0, roots, lanes);
                org.pontoon.engine.internal.vector.PairLogSumExp.sums(squares, 0, POINTS, weights, 0, 0f, 0f, roots,
                    dimension > 2 ? terms : null,
                    dimension == 4 ? slopes : null,
                    lanes);
            }
            org.pontoon.engine.internal.vector.PairTile.products(rows, 0, 48, tile, POINTS, weights, 0, weights, 0, squares);
            org.pontoon.engine.internal.vector.PairTile.pointDifferences(rows, 0, 48, tile, POINTS, terms, POINTS, lanes);
        });
    }
}
