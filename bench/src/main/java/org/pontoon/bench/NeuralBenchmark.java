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
import org.pontoon.engine.flow.Flow;
import org.pontoon.engine.flow.FlowOptions;
import org.pontoon.engine.flow.FlowResult;
import org.pontoon.engine.flow.descent.NeuralOptions;
import org.pontoon.engine.flow.descent.NeuralSobolevDescent;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * A step of unbalanced Sobolev descent with a neural critic, weights and 4000 particles in the plane: 20 trainings of the critic on 512 points
 * of each side, its gradient and its values at the particles. A training takes 9 x 512 multiply-adds for each weight between hidden layers,
 * so that it is 1.2 Gflop for the layers of the authors.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsPrepend = {ForkFlags.VECTOR, ForkFlags.TIER, ForkFlags.EXPORTS, ForkFlags.UNSAFE}, jvmArgs = {ForkFlags.COLLECTOR,
    ForkFlags.LEAST_HEAP, ForkFlags.MOST_HEAP})
public class NeuralBenchmark {

    /** Steps in an invocation. */
    public static final int STEPS = 4;

    private static final int POINTS = 4000;

    /** Units of the hidden layers. */
    @Param({"64-64", "64-1024-64"})
    public String hidden;

    /** Threads of the scheduler. */
    @Param({"1", "2"})
    public int threads;

    private PointCloud start;
    private PointCloud target;
    private TileScheduler scheduler;
    private NeuralOptions options;
    private FlowResult result;

    /** Called by JMH. */
    public NeuralBenchmark() {
    }

    /** Makes clouds. */
    @Setup
    public void start() {
        start = Synthetic.source(POINTS, 2);
        target = Synthetic.target(POINTS, 2);
        scheduler = new TileScheduler(threads);
        options = NeuralOptions.builder().hidden(Arrays.stream(hidden.split("-")).map(Integer::valueOf).toList())
            .startup(20).build();
    }

    /**
     * Makes {@value #STEPS} steps from a critic of random weights.
     *
     * @return the result
     */
    @Benchmark
    @OperationsPerInvocation(STEPS)
    public FlowResult step() {
        result = new Flow(FlowOptions.of(0.0125, STEPS)).run(new NeuralSobolevDescent(start, target, options, scheduler), Progress.NONE);
        return result;
    }

    /** Closes what is open and checks that the critic learns. */
    @TearDown
    public void stop() {
        scheduler.close();
        start.close();
        target.close();
        if (result != null && !(result.values()[STEPS - 1] > 0)) {
            throw new IllegalStateException(
                "the critic attains " + result.values()[STEPS - 1] + ", expected a positive discrepancy");
        }
    }
}
