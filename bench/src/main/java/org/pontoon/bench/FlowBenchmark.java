package org.pontoon.bench;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.pontoon.engine.flow.Functional;
import org.pontoon.engine.flow.InteractionEnergy;
import org.pontoon.engine.flow.Potential;
import org.pontoon.engine.flow.PotentialEnergy;
import org.pontoon.engine.flow.diffusion.Langevin;
import org.pontoon.engine.flow.jko.Grid;
import org.pontoon.engine.flow.jko.SwJkoGrid;
import org.pontoon.engine.flow.jko.SwJkoOptions;
import org.pontoon.engine.flow.jko.SwJkoParticles;
import org.pontoon.engine.flow.sliced.SlicedFlow;
import org.pontoon.engine.flow.sliced.SlicedFlowOptions;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.KernelEntropy;
import org.pontoon.engine.transport.LossGradient;
import org.pontoon.engine.transport.Precision;

/**
 * One step of each flow in the plane, on one thread: SW-JKO towards the standard Gaussian on a grid of 50 x 50 with 32 directions and by
 * 1000 particles with 60, both from the same start in every invocation; the sliced-Wasserstein flow of 5000 particles along 30 directions;
 * unadjusted Langevin steps of 100,000 particles; and the forces of the quartic interaction energy of 2000 particles by moments and over
 * pairs. Every state holds its answer against the exact law.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsPrepend = {ForkFlags.VECTOR, ForkFlags.TIER, ForkFlags.EXPORTS, ForkFlags.UNSAFE}, jvmArgs = {ForkFlags.COLLECTOR,
    ForkFlags.LEAST_HEAP, ForkFlags.MOST_HEAP})
public class FlowBenchmark {

    /** Langevin steps in an invocation. */
    public static final int STEPS = 10;

    private static final double TAU = 0.1;
    private static final double[] UNIT = {1, 0, 0, 1};
    private static final Potential GAUSSIAN = Potential.quadratic(UNIT, new double[2]);

    /** Called by JMH. */
    public FlowBenchmark() {
    }

    /** Deviation of a step of the JKO scheme with steps of 2 tau from a deviation s: what SW-JKO has in the plane. */
    private static double stepped(double s) {
        double step = 2 * TAU;
        return (s + Math.sqrt(s * s + 4 * step * (1 + step))) / (2 * (1 + step));
    }

    /** A scheme on a grid, at its start in every invocation. */
    @State(Scope.Thread)
    public static class Cells {

        private final TileScheduler scheduler = new TileScheduler(1);
        private SwJkoGrid scheme;

        /** Called by JMH. */
        public Cells() {
        }

        /** Makes the scheme, from N(0, 2.25 I). */
        @Setup(Level.Invocation)
        public void start() {
            Grid grid = Grid.cube(2, -6, 6, 50);
            double[] c = grid.centres();
            double[] weights = new double[grid.size()];
            Arrays.setAll(weights, i -> Math.exp(-(c[i] * c[i] + c[weights.length + i] * c[weights.length + i]) / 4.5));
            scheme = new SwJkoGrid(grid, weights, GAUSSIAN, new SwJkoOptions(32, 60, 1e-4, 1), scheduler);
        }

        /** Checks the variance and closes. */
        @TearDown
        public void check() {
            double s = stepped(1.5);
            Checks.near("variance of a step on the grid", s * s, scheme.covariance()[0], 2e-2);
            scheduler.close();
        }
    }

    /** A scheme of particles, at its start in every invocation. */
    @State(Scope.Thread)
    public static class Particles {

        private final TileScheduler scheduler = new TileScheduler(1);
        private final PointCloud start = Synthetic.target(1000, 2);
        private SwJkoParticles scheme;

        /** Called by JMH. */
        public Particles() {
        }

        /** Makes the scheme. */
        @Setup(Level.Invocation)
        public void start() {
            KernelEntropy entropy = KernelEntropy.whitened(KernelEntropy.scottBandwidth(1, 1000, 2), Precision.FLOAT32);
            Functional energy = new PotentialEnergy(GAUSSIAN);
            Functional functional = Functional.weightedSum(List.of(energy, x -> entropy.gradient(x, scheduler)), 1, 1);
            scheme = new SwJkoParticles(start, functional, new SwJkoOptions(60, 40, 1e-3, 1), scheduler);
        }

        /** Checks the mean, which contracts by 1 / (1 + 2 tau), and closes. */
        @TearDown(Level.Invocation)
        public void check() {
            try (PointCloud end = scheme.snapshot(1, 0).toCloud()) {
                Checks.near("mean of a step of particles", 1, 1 + mean(end) - mean(start) / (1 + 2 * TAU), 1e-2);
            }
            scheme.close();
        }

        /** Closes. */
        @TearDown
        public void close() {
            start.close();
            scheduler.close();
        }
    }

    private static double mean(PointCloud cloud) {
        double sum = 0;
        for (int n = 0; n < cloud.size(); n++) {
            sum += cloud.get(n, 0) / (double) cloud.size();
        }
        return sum;
    }

    /** A sliced-Wasserstein flow that goes on. */
    @State(Scope.Thread)
    public static class Sliced {

        private final TileScheduler scheduler = new TileScheduler(1);
        private final PointCloud start = Synthetic.source(5000, 2);
        private final PointCloud target = Synthetic.target(5000, 2);
        private final SlicedFlow flow = new SlicedFlow(start, target, new SlicedFlowOptions(30, 0, 0, 1), scheduler);
        private final double[] row = new double[1];
        private int steps;

        /** Called by JMH. */
        public Sliced() {
        }

        /** Checks the mean, whose distance shrinks by 1 - h / D a step, and closes. */
        @TearDown
        public void check() {
            try (PointCloud end = flow.snapshot(steps, 0).toCloud()) {
                double factor = Math.pow(1 - 0.1 / 2, steps);
                Checks.near("mean of the sliced flow", 1, 1 + mean(end) - mean(target) - factor * (mean(start) - mean(target)), 1e-5);
            }
            start.close();
            target.close();
            scheduler.close();
        }
    }

    /** Particles in Langevin's dynamics, which go on. */
    @State(Scope.Thread)
    public static class Diffusion {

        private final TileScheduler scheduler = new TileScheduler(1);
        private final PointCloud start = Synthetic.source(100_000, 2);
        private final Langevin dynamics = Langevin.unadjusted(start, GAUSSIAN, 1, scheduler);
        private int step;

        /** Called by JMH. */
        public Diffusion() {
        }

        /** Checks the stationary variance, 1 / (1 - h / 2), and closes. */
        @TearDown
        public void check() {
            double square = 0;
            float[] points = dynamics.snapshot(step, 0).points();
            for (int k = 0; k < points.length; k += 2) {
                square += points[k] * points[k] / (double) start.size();
            }
            Checks.near("stationary second moment", 1 / (1 - 0.05), square, 3e-2);
            start.close();
            scheduler.close();
        }
    }

    /** Particles that interact. */
    @State(Scope.Thread)
    public static class Interacting {

        private final TileScheduler scheduler = new TileScheduler(1);
        private final PointCloud particles = Synthetic.source(2000, 2);
        private final InteractionEnergy exact = InteractionEnergy.of(InteractionEnergy.Kernel.QUARTIC, scheduler);
        private final InteractionEnergy pairs = InteractionEnergy.quarticOverPairs(scheduler);

        /** Called by JMH. */
        public Interacting() {
        }

        /** Checks one against the other. */
        @Setup
        public void check() {
            Checks.near("forces by moments", pairs.at(particles).points(), exact.at(particles).points(), 1e-12);
        }

        /** Closes. */
        @TearDown
        public void close() {
            particles.close();
            scheduler.close();
        }
    }

    /**
     * Makes a step of the SW-JKO scheme on a grid, to a residual of 1e-4.
     *
     * @param cells the scheme
     * @return whether it converged
     */
    @Benchmark
    public boolean gridStep(Cells cells) {
        cells.scheme.step(0, 1, 2 * TAU);
        return cells.scheme.converged();
    }

    /**
     * Makes a step of the SW-JKO scheme by particles, to a residual of 1e-3.
     *
     * @param particles the scheme
     * @return whether it converged
     */
    @Benchmark
    public boolean particlesStep(Particles particles) {
        particles.scheme.step(0, 1, 2 * TAU);
        return particles.scheme.converged();
    }

    /**
     * Makes a step of the sliced-Wasserstein flow.
     *
     * @param sliced the flow
     * @return the squared distance
     */
    @Benchmark
    public double slicedFlowStep(Sliced sliced) {
        sliced.flow.measure(sliced.steps, Integer.MAX_VALUE);
        sliced.flow.read(sliced.row);
        sliced.flow.step(sliced.steps++, Integer.MAX_VALUE, 0.1);
        return sliced.row[0];
    }

    /**
     * Makes {@value #STEPS} unadjusted Langevin steps.
     *
     * @param diffusion the particles
     */
    @Benchmark
    @OperationsPerInvocation(STEPS)
    public void langevinStep(Diffusion diffusion) {
        for (int k = 0; k < STEPS; k++) {
            diffusion.dynamics.step(diffusion.step++, Integer.MAX_VALUE, 0.1);
        }
    }

    /**
     * Computes forces by moments.
     *
     * @param state the particles
     * @return value and gradient
     */
    @Benchmark
    public LossGradient interactionByMoments(Interacting state) {
        return state.exact.at(state.particles);
    }

    /**
     * Computes the same over pairs.
     *
     * @param state the particles
     * @return value and gradient
     */
    @Benchmark
    public LossGradient interactionOverPairs(Interacting state) {
        return state.pairs.at(state.particles);
    }
}
