package org.pontoon.engine.flow.diffusion;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pontoon.engine.flow.Moments;
import org.pontoon.engine.flow.Potential;
import org.pontoon.engine.memory.AllocatedBytes;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

@Tag("allocation")
class LangevinAllocationTest {

    @Test
    void stepsAllocateNothing() {
        Potential potential = Potential.quadratic(new double[] {2, 0.5, 0.5, 1}, new double[] {1, -1});
        try (PointCloud cloud = Moments.normals(600, 2, 0, 1, 1); TileScheduler one = new TileScheduler(1)) {
            Langevin unadjusted = Langevin.unadjusted(cloud, potential, 1, one);
            Langevin adjusted = Langevin.adjusted(cloud, potential, 1, one);
            KineticLangevin kinetic = new KineticLangevin(cloud, potential, 1, 1, one);
            int[] step = {0};
            AllocatedBytes.assertNoneWhenHot("a step without, one with a test and one with momenta", 1000, () -> {
                unadjusted.step(step[0], Integer.MAX_VALUE, 0.1);
                kinetic.step(step[0], Integer.MAX_VALUE, 0.1);
                adjusted.step(step[0]++, Integer.MAX_VALUE, 0.1);
            });
        }
    }

    @Test
    void stepsWithBirthsAndDeathsAllocateNothing() {
        Potential potential = Potential.quadratic(new double[] {2, 0.5, 0.5, 1}, new double[] {1, -1});
        try (PointCloud cloud = Moments.normals(300, 2, 0, 1, 1); TileScheduler one = new TileScheduler(1)) {
            BirthDeathLangevin flow = new BirthDeathLangevin(cloud, potential, 0.3, 1, one);
            int[] step = {0};
            AllocatedBytes.assertNoneWhenHot("a step", 300, () -> flow.step(step[0]++, Integer.MAX_VALUE, 0.01));
        }
    }
}
