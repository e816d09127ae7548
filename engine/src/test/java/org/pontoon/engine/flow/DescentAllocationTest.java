package org.pontoon.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.flow.SobolevOptions.Reaction;
import org.pontoon.engine.flow.SobolevOptions.Scheme;
import org.pontoon.engine.kernel.RandomFeatures;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

@Tag("allocation")
class DescentAllocationTest {

    private static final long DEADLINE_NANOS = 20_000_000_000L;
    private static final com.sun.management.ThreadMXBean THREADS = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @EnumSource(Reaction.class)
    void stepsOfSobolevDescentAllocateNothing(Reaction reaction) {
        hot(SobolevOptions.builder().reaction(reaction).noise(reaction == Reaction.NONE ? 0.01 : 0));
    }

    @ParameterizedTest
    @EnumSource(Scheme.class)
    void otherSchemesAllocateNothing(Scheme scheme) {
        hot(SobolevOptions.builder().scheme(scheme).adaptive(scheme != Scheme.EULER));
    }

    private static void hot(SobolevOptions.Builder options) {
        RandomFeatures map = RandomFeatures.draw(RandomFeatures.Spectrum.GAUSSIAN, 2, 70, 1, 0.7);
        int steps = 2000;
        try (PointCloud start = Moments.normals(300, 2, 0, 0.5, 1); PointCloud target = Moments.normals(300, 2, 1, 0.7, 2);
                TileScheduler one = new TileScheduler(1)) {
            long end = System.nanoTime() + DEADLINE_NANOS;
            List<Long> windows = new ArrayList<>();
            long[] before = new long[1];
            do {
                windows.clear();
                new SobolevDescent(map, options.step(1e-3).steps(steps).ridge(1e-2).build()).run(start, target, one, (step, of) -> {
                    if (step % 500 == 0) {
                        long now = THREADS.getCurrentThreadAllocatedBytes();
                        windows.add(now - before[0]);
                        before[0] = THREADS.getCurrentThreadAllocatedBytes();
                    }
                    return true;
                });
            } while (windows.getLast() != 0 && System.nanoTime() < end);
            assertThat(windows.getLast()).as("bytes of the last 500 steps").isZero();
        }
    }

    /** Dimensions 2 and 3 go in columns, dimension 4 by way of a matrix, dimension 0 stands for the bilinear kernel. */
    @ParameterizedTest
    @ValueSource(ints = {0, 2, 3, 4})
    void stepsOfSteinDescentAllocateNothing(int kind) {
        int dimension = kind == 0 ? 2 : kind;
        Potential normal = Potential.gaussianMixture(new double[] {1, 2}, new double[2 * dimension], 1);
        try (PointCloud particles = Moments.normals(300, dimension, 0, 1, 1); TileScheduler one = new TileScheduler(1)) {
            SteinVariationalDescent flow = kind == 0 ? SteinVariationalDescent.bilinear(normal, one)
                : new SteinVariationalDescent(normal, null, one);
            long end = System.nanoTime() + DEADLINE_NANOS;
            long few;
            long many;
            do {
                few = bytes(flow, particles, 1);
                many = bytes(flow, particles, 101);
            } while (many != few && System.nanoTime() < end);
            assertThat(many).as("bytes of 101 steps, and of one").isEqualTo(few);
        }
    }

    @ParameterizedTest
    @EnumSource(Reaction.class)
    void stepsOfNeuralDescentAllocateNothing(Reaction reaction) {
        NeuralOptions options = NeuralOptions.builder().reaction(reaction).hidden(List.of(16, 16)).batch(128).startup(1).training(2)
            .step(1e-3).steps(800).build();
        try (PointCloud start = Moments.normals(300, 2, 0, 0.5, 1); PointCloud target = Moments.normals(300, 2, 1, 0.7, 2);
                TileScheduler one = new TileScheduler(1)) {
            long end = System.nanoTime() + DEADLINE_NANOS;
            List<Long> windows = new ArrayList<>();
            long[] before = new long[1];
            do {
                windows.clear();
                new NeuralSobolevDescent(options).run(start, target, one, (step, of) -> {
                    if (step % 200 == 0) {
                        windows.add(THREADS.getCurrentThreadAllocatedBytes() - before[0]);
                        before[0] = THREADS.getCurrentThreadAllocatedBytes();
                    }
                    return true;
                });
            } while (windows.getLast() != 0 && System.nanoTime() < end);
            assertThat(windows.getLast()).as("bytes of the last 200 steps").isZero();
        }
    }

    private static long bytes(SteinVariationalDescent flow, PointCloud particles, int steps) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        flow.run(particles, 1e-4, steps);
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
