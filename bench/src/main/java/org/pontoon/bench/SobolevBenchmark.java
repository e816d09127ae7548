package org.pontoon.bench;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.pontoon.engine.feature.RandomFeatures;
import org.pontoon.engine.flow.Flow;
import org.pontoon.engine.flow.FlowOptions;
import org.pontoon.engine.flow.FlowResult;
import org.pontoon.engine.flow.descent.SobolevDescent;
import org.pontoon.engine.flow.descent.SobolevOptions;
import org.pontoon.engine.internal.kernel.SymmetricProduct;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * A step of unbalanced Sobolev descent with weights in the plane, and the two symmetric products that are most of its arithmetic by
 * themselves: m (m + 1) / 2 fused multiply-adds per point each.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsPrepend = {ForkFlags.VECTOR, ForkFlags.TIER, ForkFlags.EXPORTS, ForkFlags.UNSAFE}, jvmArgs = {ForkFlags.COLLECTOR,
    ForkFlags.LEAST_HEAP, ForkFlags.MOST_HEAP})
public class SobolevBenchmark {

    /** Steps in an invocation. */
    public static final int STEPS = 20;

    /** Particles. */
    @Param("4000")
    public int particles;

    /** Features m. */
    @Param("300")
    public int features;

    /** Threads of the scheduler. */
    @Param({"1", "2"})
    public int threads;

    private PointCloud start;
    private PointCloud target;
    private TileScheduler scheduler;
    private RandomFeatures map;
    private FlowResult result;

    /** Called by JMH. */
    public SobolevBenchmark() {
    }

    /** Makes clouds and features. */
    @Setup
    public void start() {
        start = Synthetic.source(particles, 2);
        target = Synthetic.target(particles, 2);
        scheduler = new TileScheduler(threads);
        map = RandomFeatures.draw(RandomFeatures.Spectrum.GAUSSIAN, 2, features, 1, 0.5);
    }

    /**
     * Makes {@value #STEPS} steps.
     *
     * @return the result
     */
    @Benchmark
    @OperationsPerInvocation(STEPS)
    public FlowResult step() {
        SobolevOptions options = SobolevOptions.builder().ridge(1e-2).build();
        result = new Flow(FlowOptions.of(0.05, STEPS)).run(new SobolevDescent(start, target, map, options, scheduler), Progress.NONE);
        return result;
    }

    /** Input of the symmetric products, which run on one thread. */
    @State(Scope.Benchmark)
    public static class Panels {

        /** Particles. */
        @Param("4000")
        public int particles;

        /** Features m. */
        @Param("300")
        public int features;

        private float[] panels;
        private float[] block;
        private double[] blocks;

        /** Called by JMH. */
        public Panels() {
        }

        /** Makes the panels. */
        @Setup
        public void start() {
            int count = (features + SymmetricProduct.PANEL - 1) / SymmetricProduct.PANEL;
            panels = new float[count * particles * SymmetricProduct.PANEL];
            for (int k = 0; k < panels.length; k++) {
                panels[k] = (k * 31 % 1000 - 500) * 1e-4f;
            }
            block = new float[SymmetricProduct.PANEL * SymmetricProduct.PANEL];
            blocks = new double[count * (count + 1) / 2 * block.length];
        }

        /** Adds the product of the panels with themselves. */
        void addProduct() {
            int panel = SymmetricProduct.PANEL;
            int count = (features + panel - 1) / panel;
            for (int c = 0, b = 0; c < count; c++) {
                int columns = Math.min(panel, features - c * panel + 15 & -16);
                for (int r = 0; r <= c; r++, b++) {
                    SymmetricProduct.add(panels, r * particles * panel, panels, c * particles * panel, columns, particles, r == c, block,
                        blocks, b * block.length);
                }
            }
        }

        /** Checks the first entry of the diagonal. */
        @TearDown
        public void stop() {
            Arrays.fill(blocks, 0);
            addProduct();
            double expected = 0;
            for (int n = 0; n < particles; n++) {
                double value = panels[n * SymmetricProduct.PANEL];
                expected += value * value;
            }
            Checks.near("first entry of the product", expected, blocks[0], 1e-4);
        }
    }

    /**
     * Computes two symmetric products on one thread.
     *
     * @param input what to multiply
     * @return the sums
     */
    @Benchmark
    public double[] products(Panels input) {
        input.addProduct();
        input.addProduct();
        return input.blocks;
    }

    /** Closes what is open and checks that the flow came nearer. */
    @TearDown
    public void stop() {
        scheduler.close();
        start.close();
        target.close();
        if (result != null && !(result.values()[STEPS] < result.values()[0])) {
            throw new IllegalStateException(
                "the distance is " + result.values()[STEPS] + " after " + STEPS + " steps, expected less than "
                    + result.values()[0]);
        }
    }
}
