package org.pontoon.bench;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.SlicedDirections;
import org.pontoon.engine.transport.SlicedWasserstein;
import org.pontoon.engine.transport.Wasserstein1D;

/**
 * Squared W2 in one dimension, two samples of a million, and sliced, two clouds of 10,000 points in 50 dimensions along 100 directions; one
 * thread. {@code bench/peers/wasserstein_numpy.py} times numpy and POT on the same shapes.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 3, jvmArgsPrepend = {ForkFlags.VECTOR, ForkFlags.TIER, ForkFlags.EXPORTS, ForkFlags.UNSAFE}, jvmArgs = {ForkFlags.COLLECTOR,
    ForkFlags.LEAST_HEAP, ForkFlags.MOST_HEAP})
@State(Scope.Thread)
public class WassersteinBenchmark {

    /** Values of a sample on the line. */
    static final int SAMPLES = 1_000_000;
    static final int POINTS = 10_000;
    static final int DIRECTIONS = 100;
    private static final int DIMENSION = 50;

    private final Wasserstein1D solver = new Wasserstein1D();
    private final SlicedDirections directions = SlicedDirections.random(1, DIRECTIONS, DIMENSION);
    private TileScheduler scheduler;
    private SlicedWasserstein sliced;
    private float[] first;
    private float[] second;
    private PointCloud source;
    private PointCloud target;
    private PointCloud gradient;

    /** Called by JMH. */
    public WassersteinBenchmark() {
    }

    /** Draws the samples. */
    @Setup
    public void setUp() {
        scheduler = new TileScheduler(1);
        sliced = new SlicedWasserstein(scheduler);
        first = normals(1, SAMPLES);
        second = normals(2, SAMPLES);
        source = PointCloud.ofRows(normals(3, POINTS * DIMENSION), POINTS, DIMENSION);
        target = PointCloud.ofRows(normals(4, POINTS * DIMENSION), POINTS, DIMENSION);
        gradient = PointCloud.allocate(POINTS, DIMENSION);
    }

    private static float[] normals(long seed, int count) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static float[] projected(PointCloud cloud, float[] direction) {
        float[] values = new float[cloud.size()];
        for (int n = 0; n < values.length; n++) {
            double sum = 0;
            for (int d = 0; d < direction.length; d++) {
                sum += (double) direction[d] * cloud.get(n, d);
            }
            values[n] = (float) sum;
        }
        return values;
    }

    /** Mean squared difference of the sorted values. */
    private static double plainCost(float[] a, float[] b) {
        Arrays.sort(a);
        Arrays.sort(b);
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
        }
        return sum / a.length;
    }

    /** Checks the answers against plain sorts, and frees the clouds. */
    @TearDown
    public void tearDown() {
        Checks.near("cost on the line", plainCost(first.clone(), second.clone()), line(), 1e-5);
        double expected = 0;
        for (int l = 0; l < directions.count(); l++) {
            expected += plainCost(projected(source, directions.direction(l)), projected(target, directions.direction(l)))
                / directions.count();
        }
        Checks.near("sliced cost", expected, slicedCost(), 1e-4);
        Checks.sameBits("sliced cost beside its gradient", slicedCost(), slicedGradient());
        source.close();
        target.close();
        gradient.close();
        scheduler.close();
    }

    /**
     * One dimension, with all that plan and gradients need.
     *
     * @return the cost
     */
    @Benchmark
    public double line() {
        return solver.solve(first, null, second, null).cost(2);
    }

    /**
     * The sliced cost.
     *
     * @return the cost
     */
    @Benchmark
    public double slicedCost() {
        return sliced.cost(source, target, directions, 2).mean();
    }

    /**
     * The sliced cost with its gradient for the points.
     *
     * @return the cost
     */
    @Benchmark
    public double slicedGradient() {
        return sliced.pointGradient(source, target, directions, 2, gradient).mean();
    }
}
