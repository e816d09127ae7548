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
import org.pontoon.engine.bridge.BridgeTransport;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.sort.FloatSorter;
import org.pontoon.engine.sort.SortedRuns;
import org.pontoon.engine.transport.KernelNorm;
import org.pontoon.engine.transport.Loss;
import org.pontoon.engine.transport.LossGradient;
import org.pontoon.engine.transport.MixtureLikelihood;
import org.pontoon.engine.transport.PairKernel;
import org.pontoon.engine.transport.Precision;

/**
 * What threads bring: the same work on more of them (strong scaling), and work that grows with them (weak scaling). Steps of a fit scale in
 * {@link FitStepBenchmark}.
 *
 * <p>At the end the answers must be those of one thread, bit for bit.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsPrepend = {ForkFlags.VECTOR, ForkFlags.TIER, ForkFlags.EXPORTS, ForkFlags.UNSAFE}, jvmArgs = {ForkFlags.COLLECTOR,
    ForkFlags.LEAST_HEAP, ForkFlags.MOST_HEAP})
public class ScalingBenchmark {

    /** Points of each cloud for one thread's sums over pairs. */
    static final int PAIR_POINTS = 4000;
    /** Points for one thread's transport. */
    static final int TRANSPORT_POINTS = 20_000;
    /** Rows for one thread's sorts. */
    static final int ROWS = 64;
    /** Values in a row. */
    static final int ROW_VALUES = 10_000;
    static final int PAIR_DIMENSION = 3;
    static final int TRANSPORT_DIMENSION = 50;

    private static final long SEED = 42;

    /** How the work goes with the threads. */
    public enum Growth {
        /** It stays. */
        STRONG,
        /** It grows in proportion. */
        WEAK;

        /** How many times one thread's work it is. */
        int times(int threads) {
            return this == STRONG ? 1 : threads;
        }

        /** Points whose pairs are so many times one thread's, nearly. */
        int pairPoints(int threads) {
            return (int) Math.round(PAIR_POINTS * Math.sqrt(times(threads)));
        }
    }

    /** Threads of the scheduler. */
    @Param({"1", "2"})
    public int threads;

    /** How the work goes with them. */
    @Param({"STRONG", "WEAK"})
    public Growth growth;

    private final Loss gaussian = new KernelNorm(PairKernel.gaussian(0.2), Precision.FLOAT32);
    private final Loss mixture = new MixtureLikelihood(0.2, Precision.FLOAT32);
    private TileScheduler scheduler;
    private PointCloud x;
    private PointCloud y;
    private PointCloud source;
    private BridgeTransport transport;
    private FloatSorter[] sorters;
    private float[] unsorted;
    private float[] sorted;

    /** Called by JMH. */
    public ScalingBenchmark() {
    }

    /** Makes the data. */
    @Setup
    public void start() {
        scheduler = new TileScheduler(threads);
        int pairPoints = growth.pairPoints(threads);
        x = Synthetic.cube(pairPoints, PAIR_DIMENSION, 1);
        y = Synthetic.cube(pairPoints, PAIR_DIMENSION, 2);
        source = Synthetic.source(TRANSPORT_POINTS * growth.times(threads), TRANSPORT_DIMENSION);
        transport = transport(scheduler);
        sorters = SortedRuns.sorters(threads);
        unsorted = Synthetic.normals(ROWS * growth.times(threads) * ROW_VALUES, 1);
        sorted = new float[unsorted.length];
    }

    private static BridgeTransport transport(TileScheduler scheduler) {
        return new BridgeTransport(Synthetic.bridge(TRANSPORT_DIMENSION, 10), scheduler);
    }

    /**
     * The Gaussian kernel norm with its gradient.
     *
     * @return both
     */
    @Benchmark
    public LossGradient pairSums() {
        return gaussian.gradient(x, y, scheduler);
    }

    /**
     * The likelihood of a mixture with its gradient.
     *
     * @return both
     */
    @Benchmark
    public LossGradient logSumExp() {
        return mixture.gradient(x, y, scheduler);
    }

    /**
     * Sorts of rows, the copying of their input included.
     *
     * @return the sorted rows
     */
    @Benchmark
    public float[] sortRows() {
        int rows = unsorted.length / ROW_VALUES;
        scheduler.run(rows, (row, worker) -> System.arraycopy(unsorted, row * ROW_VALUES, sorted, row * ROW_VALUES, ROW_VALUES));
        SortedRuns.sortRows(sorted, rows, ROW_VALUES, ROW_VALUES, sorters, scheduler);
        return sorted;
    }

    /**
     * One draw for every point through a bridge of 10 components.
     *
     * @return one coordinate
     */
    @Benchmark
    public float transport() {
        try (PointCloud drawn = transport.sample(source, 1, SEED)) {
            return drawn.get(0, 0);
        }
    }

    /** Checks the answers against one thread's and frees the memory. */
    @TearDown
    public void stop() {
        try (TileScheduler one = new TileScheduler(1)) {
            for (Loss loss : new Loss[] {gaussian, mixture}) {
                LossGradient expected = loss.gradient(x, y, one);
                LossGradient actual = loss.gradient(x, y, scheduler);
                Checks.sameBits("loss", expected.value(), actual.value());
                for (int i = 0; i < expected.points().length; i++) {
                    Checks.sameBits("gradient at " + i, expected.points()[i], actual.points()[i]);
                }
            }
            try (PointCloud expected = transport(one).sample(source, 1, SEED); PointCloud actual = transport.sample(source, 1, SEED)) {
                Checks.sameBits("drawn points", expected.toRows(), actual.toRows());
            }
            float[] rows = sortRows();
            for (int row = 0; row < rows.length / ROW_VALUES; row++) {
                Checks.sorted(unsorted, rows, row * ROW_VALUES, ROW_VALUES);
            }
        }
        scheduler.close();
        x.close();
        y.close();
        source.close();
    }
}
