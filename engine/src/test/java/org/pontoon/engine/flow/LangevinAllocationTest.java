package org.pontoon.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

@Tag("allocation")
class LangevinAllocationTest {

    private static final long DEADLINE_NANOS = 60_000_000_000L;
    private static final com.sun.management.ThreadMXBean THREADS = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void stepsAllocateNothing() {
        Langevin sampler = new Langevin(Potential.quadratic(new double[] {2, 0.5, 0.5, 1}, new double[] {1, -1}), 0.1, 1);
        try (PointCloud cloud = Moments.normals(600, 2, 0, 1, 1); TileScheduler one = new TileScheduler(1)) {
            long[] step = {0};
            long end = System.nanoTime() + DEADLINE_NANOS;
            long bytes;
            do {
                long before = THREADS.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 1000; i++) {
                    sampler.unadjusted(cloud, step[0]++, 1, one);
                    sampler.adjusted(cloud, step[0]++, 1, one);
                }
                bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
            } while (bytes != 0 && System.nanoTime() < end);
            assertThat(bytes).isZero();
        }
    }
}
