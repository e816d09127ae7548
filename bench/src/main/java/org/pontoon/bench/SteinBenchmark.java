package org.pontoon.bench;

import java.util.Arrays;
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
import org.pontoon.engine.flow.Potential;
import org.pontoon.engine.flow.descent.SteinVariationalDescent;
import org.pontoon.engine.internal.kernel.PairGaussian;
import org.pontoon.engine.internal.kernel.PairTile;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * A step of Stein variational gradient descent with the median bandwidth on one thread, beside the pair engine's three sweeps for a Gaussian
 * sum with its gradient over as many pairs.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsPrepend = {ForkFlags.VECTOR, ForkFlags.TIER, ForkFlags.EXPORTS, ForkFlags.UNSAFE}, jvmArgs = {ForkFlags.COLLECTOR,
    ForkFlags.LEAST_HEAP, ForkFlags.MOST_HEAP})
public class SteinBenchmark {

    private static final int TILE = 512;
    private static final int LANES = 16;

    /** Particles, rounded up to tiles of 512. */
    @Param("10240")
    public int particles;

    /** Dimension. */
    @Param({"2", "3"})
    public int dimension;

    private PointCloud cloud;
    private TileScheduler scheduler;
    private SteinVariationalDescent flow;
    private float[] rows;
    private float[] tile;
    private float[] weights;
    private float[] squares;
    private float[] lanes;

    /** Called by JMH. */
    public SteinBenchmark() {
    }

    /** Makes particles and a tile of them. */
    @Setup
    public void start() {
        particles = (particles + TILE - 1) / TILE * TILE;
        cloud = Synthetic.source(particles, dimension);
        scheduler = new TileScheduler(1);
        double[] identity = new double[dimension * dimension];
        for (int d = 0; d < dimension; d++) {
            identity[d * (dimension + 1)] = 1;
        }
        flow = new SteinVariationalDescent(cloud, Potential.quadratic(identity, new double[dimension]), null, scheduler);
        rows = cloud.toRows();
        tile = Arrays.copyOf(rows, TILE * dimension);
        weights = new float[TILE];
        Arrays.fill(weights, 1f);
        squares = new float[PairTile.ROWS * TILE];
        lanes = new float[2 * PairTile.ROWS * LANES];
    }

    /** Makes a step. */
    @Benchmark
    public void step() {
        flow.step(0, 1, 1e-6);
    }

    /**
     * Sums the kernel and its gradient over all pairs, of which a tile stands for all.
     *
     * @return the sums
     */
    @Benchmark
    public double pairs() {
        PairGaussian gaussian = new PairGaussian();
        double sum = 0;
        for (int from = 0; from < particles; from += TILE) {
            for (int row = 0; row < particles; row += PairTile.ROWS) {
                PairTile.squares(rows, row * dimension, dimension, tile, TILE, 2f, squares);
                for (int pair = 0; pair < 2; pair++) {
                    Arrays.fill(lanes, 0, 2 * LANES, 0f);
                    gaussian.sums(squares, 2 * pair * TILE, TILE, weights, 0, true, lanes, 0);
                    sum += PairTile.fold(lanes, 0) + PairTile.fold(lanes, LANES);
                }
                for (int d = 0; d < dimension; d += 2) {
                    int count = Math.min(2, dimension - d);
                    PairTile.differences(rows, row * dimension, dimension, tile, TILE, squares, d, count, lanes);
                    for (int k = 0; k < count * PairTile.ROWS; k++) {
                        sum += PairTile.fold(lanes, k * LANES);
                    }
                }
            }
        }
        return sum;
    }

    /** Closes what is open. */
    @TearDown
    public void stop() {
        cloud.requireFinite("particles after the last step");
        scheduler.close();
        cloud.close();
    }
}
