package org.pontoon.bench;

import java.time.Duration;
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
import org.pontoon.engine.bridge.BridgeSampler;
import org.pontoon.engine.bridge.BridgeSlice;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.memory.PointCloud;

/**
 * One point at a time through a bridge of 10 components: the latency path. Mean times, back to back: no latency of a service (that is
 * measured open-loop, elsewhere). Points rotate through a thousand rows, draws through their indices.
 *
 * <p>Warmed up by the sampler itself, as a service would. Draws made by cold code must be the same bytes when made again by hot code, and means must be those of {@link LightBridge} up to
 * rounding.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsPrepend = {ForkFlags.VECTOR, ForkFlags.TIER, ForkFlags.EXPORTS, ForkFlags.UNSAFE}, jvmArgs = {ForkFlags.COLLECTOR,
    ForkFlags.LEAST_HEAP, ForkFlags.MOST_HEAP})
public class SamplerBenchmark {

    private static final int ROWS = 1024;
    private static final long SEED = 42;

    /** Number of coordinates D. */
    @Param({"50", "512"})
    public int dimension;

    private LightBridge bridge;
    private BridgeSampler sampler;
    private BridgeSlice slice;
    private double[][] points;
    private float[] rows;
    private float[] y;
    private float[] cold;
    private int next;

    /** Called by JMH. */
    public SamplerBenchmark() {
    }

    /** Makes the data, draws cold, and warms up. */
    @Setup
    public void start() {
        bridge = Synthetic.bridge(dimension, 10);
        sampler = new BridgeSampler(bridge);
        y = new float[dimension];
        try (PointCloud source = Synthetic.source(ROWS, dimension)) {
            rows = source.toRows();
        }
        slice = bridge.at(0.5);
        points = new double[ROWS][dimension];
        for (int n = 0; n < ROWS; n++) {
            for (int d = 0; d < dimension; d++) {
                points[n][d] = rows[n * dimension + d];
            }
        }
        cold = answers();
        sampler.warmUp(Duration.ofSeconds(30));
    }

    /**
     * Draws from the conditional plan of a point.
     *
     * @return the draw
     */
    @Benchmark
    public float[] sample() {
        int n = next++;
        sampler.sample(SEED, n & Integer.MAX_VALUE, rows, (n & ROWS - 1) * dimension, y, 0);
        return y;
    }

    /**
     * Maps a point to its conditional mean.
     *
     * @return the mean
     */
    @Benchmark
    public float[] mean() {
        int n = next++;
        sampler.mean(rows, (n & ROWS - 1) * dimension, y, 0);
        return y;
    }

    /**
     * Draws the position of a point at time 1/2.
     *
     * @return the position
     */
    @Benchmark
    public float[] sampleAt() {
        int n = next++;
        sampler.sampleAt(0.5, SEED, n & Integer.MAX_VALUE, rows, (n & ROWS - 1) * dimension, y, 0);
        return y;
    }

    /**
     * Evaluates the drift at time 1/2, in float64: the truth, not a latency path, and it allocates.
     *
     * @return the drift
     */
    @Benchmark
    public double[] driftDouble() {
        return slice.drift(points[next++ & ROWS - 1]);
    }

    /** Checks the answers. */
    @TearDown
    public void check() {
        float[] hot = answers();
        Checks.sameBits("hot answer", cold, hot);
        float[] x = new float[dimension];
        float[] mean = new float[dimension];
        for (int n = 0; n < 16; n++) {
            System.arraycopy(rows, n * dimension, x, 0, dimension);
            System.arraycopy(hot, (3 * n + 1) * dimension, mean, 0, dimension);
            Checks.near("mean of row " + n, exactMean(bridge, x), mean, 1e-3);
        }
    }

    private float[] answers() {
        float[] answers = new float[3 * 16 * dimension];
        for (int n = 0; n < 16; n++) {
            sampler.sample(SEED, n, rows, n * dimension, answers, 3 * n * dimension);
            sampler.mean(rows, n * dimension, answers, (3 * n + 1) * dimension);
            sampler.sampleAt(0.5, SEED, n, rows, n * dimension, answers, (3 * n + 2) * dimension);
        }
        return answers;
    }

    static float[] exactMean(LightBridge bridge, float[] point) {
        double[] x = new double[point.length];
        for (int d = 0; d < x.length; d++) {
            x[d] = point[d];
        }
        double[] mean = bridge.conditionalMean(x);
        float[] result = new float[x.length];
        for (int d = 0; d < x.length; d++) {
            result[d] = (float) mean[d];
        }
        return result;
    }
}
