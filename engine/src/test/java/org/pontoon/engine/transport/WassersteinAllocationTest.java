package org.pontoon.engine.transport;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pontoon.engine.memory.AllocatedBytes;
import org.pontoon.engine.memory.Floats;

@Tag("allocation")
class WassersteinAllocationTest {

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
}
