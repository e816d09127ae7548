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
import org.pontoon.engine.bridge.BridgeSlice;
import org.pontoon.engine.bridge.BridgeTransport;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * The drift of a bridge of 10 components at 6071 positions at once. Allocating and freeing the result counts.
 *
 * <p>At the end some rows must be those of {@link BridgeSlice} up to rounding.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsPrepend = {ForkFlags.VECTOR, ForkFlags.TIER, ForkFlags.EXPORTS, ForkFlags.UNSAFE}, jvmArgs = {ForkFlags.COLLECTOR,
    ForkFlags.LEAST_HEAP, ForkFlags.MOST_HEAP})
public class DriftBenchmark {

    private static final int POINTS = Synthetic.POINTS;

    /** Number of coordinates D. */
    @Param({"50", "512"})
    public int dimension;

    /** Threads of the scheduler. */
    @Param({"1", "2"})
    public int threads;

    /** Time in [0, 1]. */
    @Param("0.5")
    public double time;

    private PointCloud positions;
    private LightBridge bridge;
    private TileScheduler scheduler;
    private BridgeTransport transport;

    /** Called by JMH. */
    public DriftBenchmark() {
    }

    /** Makes the data. */
    @Setup
    public void start() {
        positions = Synthetic.source(POINTS, dimension);
        bridge = Synthetic.bridge(dimension, 10);
        scheduler = new TileScheduler(threads);
        transport = new BridgeTransport(bridge, scheduler);
    }

    /**
     * Evaluates the drift of the whole cloud.
     *
     * @return one coordinate
     */
    @Benchmark
    public float batch() {
        try (PointCloud drift = transport.drift(positions, time)) {
            return drift.get(0, 0);
        }
    }

    /** Checks the answers and frees the memory. */
    @TearDown
    public void stop() {
        BridgeSlice slice = bridge.at(time);
        float[] expected = new float[dimension];
        float[] actual = new float[dimension];
        double[] position = new double[dimension];
        try (PointCloud drift = transport.drift(positions, time)) {
            for (int n = 0; n < POINTS; n += 97) {
                for (int d = 0; d < dimension; d++) {
                    position[d] = positions.get(n, d);
                }
                double[] exact = slice.drift(position);
                for (int d = 0; d < dimension; d++) {
                    expected[d] = (float) exact[d];
                }
                drift.copyPoint(n, actual, 0);
                Checks.near("drift of row " + n, expected, actual, 1e-3);
            }
        }
        scheduler.close();
        positions.close();
    }
}
