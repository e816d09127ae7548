package org.pontoon.bench;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.pontoon.engine.sort.FloatSorter;

/**
 * The sorts beside {@link Arrays#sort(float[])} on one thread. One operation copies the input and sorts the copy; {@code copy} is that part
 * alone. {@code bench/peers/sort_vqsort.cpp} times vqsort at the same sizes.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsPrepend = {ForkFlags.VECTOR, ForkFlags.TIER, ForkFlags.EXPORTS, ForkFlags.UNSAFE}, jvmArgs = {ForkFlags.COLLECTOR,
    ForkFlags.LEAST_HEAP, ForkFlags.MOST_HEAP})
@State(Scope.Thread)
public class SortBenchmark {

    /** Number of values. */
    @Param({"64", "1000", "10000", "100000", "1000000", "10000000"})
    public int count;

    /** How the input is made. */
    @Param({"random", "sorted", "reversed", "few", "sawtooth"})
    public String input;

    private final FloatSorter sorter = new FloatSorter();
    private float[] values;
    private float[] work;
    private int[] order;

    /** Called by JMH. */
    public SortBenchmark() {
    }

    /** Makes the input. */
    @Setup(Level.Trial)
    public void setUp() {
        Random random = new Random(42);
        values = new float[count];
        work = new float[count];
        order = new int[count];
        for (int i = 0; i < count; i++) {
            values[i] = switch (input) {
                case "random" -> (float) random.nextGaussian();
                case "sorted" -> i;
                case "reversed" -> -i;
                case "few" -> random.nextInt(5);
                case "sawtooth" -> i % (count / 10 + 1);
                default -> throw new IllegalArgumentException("input is " + input);
            };
        }
    }

    /**
     * The engine's sort of values alone.
     *
     * @return the sorted values
     */
    @Benchmark
    public float[] sort() {
        System.arraycopy(values, 0, work, 0, count);
        sorter.sort(work, 0, count);
        return work;
    }

    /**
     * The engine's sort of values with their positions.
     *
     * @return the positions
     */
    @Benchmark
    public int[] sortWithOrder() {
        System.arraycopy(values, 0, work, 0, count);
        sorter.sortWithOrder(work, 0, count, order);
        return order;
    }

    /**
     * The JDK's sort.
     *
     * @return the sorted values
     */
    @Benchmark
    public float[] library() {
        System.arraycopy(values, 0, work, 0, count);
        Arrays.sort(work);
        return work;
    }

    /**
     * The copy that every operation begins with.
     *
     * @return the copy
     */
    @Benchmark
    public float[] copy() {
        System.arraycopy(values, 0, work, 0, count);
        return work;
    }

    /** Checks both sorts against the JDK's, and the positions. */
    @TearDown
    public void stop() {
        Checks.sorted(values, sort(), 0, count);
        int[] positions = sortWithOrder();
        Checks.sorted(values, work, 0, count);
        for (int i = 0; i < count; i++) {
            if (values[positions[i]] != work[i]) {
                throw new IllegalStateException("position " + positions[i] + " at " + i + " holds " + values[positions[i]] + ", expected "
                    + work[i]);
            }
        }
    }
}
