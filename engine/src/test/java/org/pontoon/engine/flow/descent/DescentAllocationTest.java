package org.pontoon.engine.flow.descent;

import java.lang.management.ManagementFactory;
import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.feature.RandomFeatures;
import org.pontoon.engine.flow.Flow;
import org.pontoon.engine.flow.FlowOptions;
import org.pontoon.engine.flow.Moments;
import org.pontoon.engine.flow.Potential;
import org.pontoon.engine.flow.descent.SobolevOptions.Integrator;
import org.pontoon.engine.flow.descent.SobolevOptions.Reaction;
import org.pontoon.engine.memory.AllocatedBytes;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;

@Tag("allocation")
class DescentAllocationTest {

    private static final com.sun.management.ThreadMXBean THREADS = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Bytes of the last so many steps that were reported. */
    private static final class LastSteps implements Progress {

        private final int count;
        private long before;
        private long bytes;

        private LastSteps(int count) {
            this.count = count;
        }

        @Override
        public boolean advance(long step, long of) {
            if (step % count == 0) {
                long now = THREADS.getCurrentThreadAllocatedBytes();
                bytes = now - before;
                before = now;
            }
            return true;
        }
    }

    @ParameterizedTest
    @EnumSource(Reaction.class)
    void stepsOfSobolevDescentAllocateNothing(Reaction reaction) {
        hot(SobolevOptions.builder().reaction(reaction).noise(reaction == Reaction.NONE ? 0.01 : 0), false);
    }

    @ParameterizedTest
    @EnumSource(Integrator.class)
    void otherIntegratorsAllocateNothing(Integrator integrator) {
        hot(SobolevOptions.builder().integrator(integrator), integrator != Integrator.EULER);
    }

    private static void hot(SobolevOptions.Builder options, boolean adaptive) {
        RandomFeatures map = RandomFeatures.draw(RandomFeatures.Spectrum.GAUSSIAN, 2, 70, 1, 0.7);
        int steps = 2000;
        try (PointCloud start = Moments.normals(300, 2, 0, 0.5, 1); PointCloud target = Moments.normals(300, 2, 1, 0.7, 2);
                TileScheduler one = new TileScheduler(1)) {
            LastSteps last = new LastSteps(500);
            Flow flow = new Flow(new FlowOptions(1e-3, steps, adaptive, List.of()));
            AllocatedBytes.assertNoneInAWindowWhenHot("the last 500 steps of a run", () -> {
                flow.run(new SobolevDescent(start, target, map, options.ridge(1e-2).build(), one), last);
                return last.bytes;
            });
        }
    }

    /** Dimensions 2 and 3 go in columns, dimension 4 by way of a matrix, dimension 0 stands for the bilinear kernel. */
    @ParameterizedTest
    @ValueSource(ints = {0, 2, 3, 4})
    void stepsOfSteinDescentAllocateNothing(int kind) {
        int dimension = kind == 0 ? 2 : kind;
        Potential normal = Potential.gaussianMixture(new double[] {1, 2}, new double[2 * dimension], 1);
        try (PointCloud particles = Moments.normals(300, dimension, 0, 1, 1); TileScheduler one = new TileScheduler(1)) {
            SteinVariationalDescent flow = kind == 0 ? SteinVariationalDescent.bilinear(particles, normal, one)
                : new SteinVariationalDescent(particles, normal, null, one);
            AllocatedBytes.assertNoneInAWindowWhenHot("100 steps", () -> bytes(flow));
        }
    }

    @ParameterizedTest
    @EnumSource(Reaction.class)
    void stepsOfNeuralDescentAllocateNothing(Reaction reaction) {
        NeuralOptions options = NeuralOptions.builder().reaction(reaction).hidden(List.of(16, 16)).batch(128).startup(1).training(2)
            .build();
        try (PointCloud start = Moments.normals(300, 2, 0, 0.5, 1); PointCloud target = Moments.normals(300, 2, 1, 0.7, 2);
                TileScheduler one = new TileScheduler(1)) {
            LastSteps last = new LastSteps(200);
            AllocatedBytes.assertNoneInAWindowWhenHot("the last 200 steps of a run", () -> {
                new Flow(FlowOptions.of(1e-3, 800)).run(new NeuralSobolevDescent(start, target, options, one), last);
                return last.bytes;
            });
        }
    }

    private static long bytes(SteinVariationalDescent flow) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int k = 0; k < 100; k++) {
            flow.step(k, 100, 1e-4);
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
