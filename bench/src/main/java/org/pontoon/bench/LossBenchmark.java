package org.pontoon.bench;

import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.KernelNorm;
import org.pontoon.engine.transport.Loss;
import org.pontoon.engine.transport.LossGradient;
import org.pontoon.engine.transport.MixtureLikelihood;
import org.pontoon.engine.transport.PairKernel;
import org.pontoon.engine.transport.Precision;

/**
 * Losses between two clouds of as many points, uniform in the unit cube, on one thread: kernel norms, which are sums over three matrices of
 * pairs, and the likelihood of a mixture, which is a log-sum-exp over one. Bandwidths grow as the root of D, so that a kernel sees as many
 * points in every dimension.
 *
 * <p>At the end the first points' loss in float32 must be that in float64, and the whole loss the one of the first call, bit for bit.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsPrepend = {ForkFlags.VECTOR, ForkFlags.TIER, ForkFlags.EXPORTS, ForkFlags.UNSAFE}, jvmArgs = {ForkFlags.COLLECTOR,
    ForkFlags.LEAST_HEAP, ForkFlags.MOST_HEAP})
public class LossBenchmark {

    private static final int CHECKED = 400;
    private static final double BANDWIDTH = 0.2;

    /** The loss. */
    public enum LossName {
        /** Kernel norm of the Gaussian kernel. */
        GAUSSIAN,
        /** Kernel norm of the Laplacian kernel. */
        LAPLACIAN,
        /** Kernel norm of the energy kernel, half the energy distance. */
        ENERGY,
        /** Kernel norm of the inverse multiquadric. */
        INVERSE_MULTIQUADRIC,
        /** Negative log-likelihood under the mixture of Gaussians at the first cloud's points. */
        LOG_SUM_EXP;

        private Loss of(int dimension, Precision precision) {
            double bandwidth = BANDWIDTH * Math.sqrt(dimension);
            return switch (this) {
                case GAUSSIAN -> new KernelNorm(PairKernel.gaussian(bandwidth), precision);
                case LAPLACIAN -> new KernelNorm(PairKernel.laplacian(bandwidth), precision);
                case ENERGY -> new KernelNorm(PairKernel.energy(), precision);
                case INVERSE_MULTIQUADRIC -> new KernelNorm(PairKernel.inverseMultiquadric(bandwidth), precision);
                case LOG_SUM_EXP -> new MixtureLikelihood(bandwidth, precision);
            };
        }
    }

    /** The loss. */
    @Param({"GAUSSIAN", "LAPLACIAN", "ENERGY", "INVERSE_MULTIQUADRIC", "LOG_SUM_EXP"})
    public LossName loss;

    /** Number of coordinates D. */
    @Param({"3", "50"})
    public int dimension;

    /** Number of points N of each cloud. */
    @Param("2000")
    public int points;

    private PointCloud x;
    private PointCloud y;
    private TileScheduler scheduler;
    private Loss measured;
    private double first;

    /** Called by JMH. */
    public LossBenchmark() {
    }

    /** Makes the clouds. */
    @Setup
    public void start() {
        x = Synthetic.cube(points, dimension, 1);
        y = Synthetic.cube(points, dimension, 2);
        scheduler = new TileScheduler(1);
        measured = loss.of(dimension, Precision.FLOAT32);
        first = measured.value(x, y, scheduler);
    }

    /**
     * The loss alone.
     *
     * @return the loss
     */
    @Benchmark
    public double value() {
        return measured.value(x, y, scheduler);
    }

    /**
     * The loss and its gradient in the first cloud's points and weights.
     *
     * @return both
     */
    @Benchmark
    public LossGradient gradient() {
        return measured.gradient(x, y, scheduler);
    }

    /** Checks the answers and frees the memory. */
    @TearDown
    public void stop() {
        Checks.sameBits("loss", first, measured.value(x, y, scheduler));
        int some = Math.min(CHECKED, points);
        try (PointCloud u = Synthetic.cube(some, dimension, 1); PointCloud v = Synthetic.cube(some, dimension, 2)) {
            LossGradient expected = loss.of(dimension, Precision.FLOAT64).gradient(u, v, scheduler);
            LossGradient actual = measured.gradient(u, v, scheduler);
            Checks.near("loss of " + some + " points", expected.value(), actual.value(), 1e-3);
            Checks.near("gradient of " + some + " points", expected.points(), actual.points(), 1e-3);
        }
        scheduler.close();
        x.close();
        y.close();
    }
}
