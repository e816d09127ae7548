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
import org.pontoon.engine.bridge.BridgeSampler;
import org.pontoon.engine.bridge.BridgeTransport;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * A whole cloud through a bridge of 10 components: draws, means, positions at time 1/2. Allocating and freeing the result counts.
 *
 * <p>At the end some rows must be the bytes that {@link BridgeSampler} gives for them, and the means those of {@link LightBridge} up to
 * rounding.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsPrepend = {ForkFlags.VECTOR, ForkFlags.TIER, ForkFlags.EXPORTS, ForkFlags.UNSAFE}, jvmArgs = {ForkFlags.COLLECTOR,
    ForkFlags.LEAST_HEAP, ForkFlags.MOST_HEAP})
public class TransportBenchmark {

    private static final long SEED = 42;

    /** Number of points N. */
    @Param({"6071", "50000"})
    public int points;

    /** Number of coordinates D. */
    @Param({"50", "512"})
    public int dimension;

    /** Threads of the scheduler. */
    @Param({"1", "2"})
    public int threads;

    private PointCloud source;
    private LightBridge bridge;
    private TileScheduler scheduler;
    private BridgeTransport transport;

    /** Called by JMH. */
    public TransportBenchmark() {
    }

    /** Makes the data. */
    @Setup
    public void start() {
        source = Synthetic.source(points, dimension);
        bridge = Synthetic.bridge(dimension, 10);
        scheduler = new TileScheduler(threads);
        transport = new BridgeTransport(bridge, scheduler);
    }

    /**
     * Draws once for every point.
     *
     * @return one coordinate
     */
    @Benchmark
    public float sample() {
        try (PointCloud y = transport.sample(source, 1, SEED)) {
            return y.get(0, 0);
        }
    }

    /**
     * Maps every point to its conditional mean.
     *
     * @return one coordinate
     */
    @Benchmark
    public float mean() {
        try (PointCloud y = transport.mean(source)) {
            return y.get(0, 0);
        }
    }

    /**
     * Draws the position at time 1/2 once for every point.
     *
     * @return one coordinate
     */
    @Benchmark
    public float sampleAt() {
        try (PointCloud y = transport.sampleAt(source, 0.5, 1, SEED)) {
            return y.get(0, 0);
        }
    }

    /** Checks some rows and frees the memory. */
    @TearDown
    public void stop() {
        BridgeSampler sampler = new BridgeSampler(bridge);
        float[] x = new float[dimension];
        float[] expected = new float[dimension];
        float[] actual = new float[dimension];
        try (PointCloud drawn = transport.sample(source, 1, SEED);
                PointCloud means = transport.mean(source);
                PointCloud half = transport.sampleAt(source, 0.5, 1, SEED)) {
            for (int n = 0; n < points; n += 97) {
                source.copyPoint(n, x, 0);
                sampler.sample(SEED, n, x, 0, expected, 0);
                drawn.copyPoint(n, actual, 0);
                Checks.sameBits("sample of row " + n, expected, actual);
                sampler.sampleAt(0.5, SEED, n, x, 0, expected, 0);
                half.copyPoint(n, actual, 0);
                Checks.sameBits("position of row " + n, expected, actual);
                means.copyPoint(n, actual, 0);
                Checks.near("mean of row " + n, SamplerBenchmark.exactMean(bridge, x), actual, 1e-3);
            }
        }
        scheduler.close();
        source.close();
    }
}
