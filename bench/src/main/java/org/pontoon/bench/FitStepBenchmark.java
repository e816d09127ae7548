package org.pontoon.bench;

import java.util.concurrent.Semaphore;
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
import org.pontoon.engine.bridge.BridgeTrainer;
import org.pontoon.engine.bridge.Covariance;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.bridge.TrainingOptions;
import org.pontoon.engine.bridge.TrainingResult;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * One step of a fit, the drawing of its minibatches included, in the midst of a long fit of {@link BridgeTrainer} on synthetic clouds of
 * 6071 points.
 *
 * <p>The fit runs in a thread of its own and stops at every {@value #STEPS}th step, where it hands out a checkpoint, until the benchmark
 * lets it go on: an invocation is that many steps and two hand-overs between threads (some ten microseconds in all), without the
 * preparation before and the evaluation after a fit. A step allocates nothing; the bytes reported are the copies that the checkpoint makes,
 * shared out over the steps.
 *
 * <p>At the end the objective on all points must be better than after the first {@value #STEPS} steps.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsPrepend = {ForkFlags.VECTOR, ForkFlags.TIER, ForkFlags.EXPORTS, ForkFlags.UNSAFE}, jvmArgs = {ForkFlags.COLLECTOR,
    ForkFlags.LEAST_HEAP, ForkFlags.MOST_HEAP})
public class FitStepBenchmark {

    /** Steps in an invocation. */
    public static final int STEPS = 500;

    /** Number of coordinates D. */
    @Param({"50", "100", "512", "1000"})
    public int dimension;

    /** Number of components K. */
    @Param("10")
    public int components;

    /** Points of each side in a step. */
    @Param("128")
    public int batch;

    /** Shape of S: diagonal, or full with its D (D + 1) / 2 numbers. */
    @Param("DIAGONAL")
    public Covariance covariance;

    /** Threads of the scheduler. */
    @Param({"1", "2"})
    public int threads;

    private final Semaphore released = new Semaphore(0);
    private final Semaphore done = new Semaphore(0);
    private PointCloud source;
    private PointCloud target;
    private TileScheduler scheduler;
    private Thread fitter;
    private double firstObjective;
    private volatile boolean stopping;
    private volatile TrainingResult result;
    private volatile Throwable failure;

    /** Called by JMH. */
    public FitStepBenchmark() {
    }

    /** Makes the data and starts the fit. */
    @Setup
    public void start() {
        source = Synthetic.source(Synthetic.POINTS, dimension);
        target = Synthetic.target(Synthetic.POINTS, dimension);
        scheduler = new TileScheduler(threads);
        TrainingOptions.Builder options = TrainingOptions.builder().components(components).batch(batch).covariance(covariance);
        TrainingResult first = BridgeTrainer.on(options.steps(STEPS).build(), source, target).fit(scheduler, (n, total) -> true);
        firstObjective = objective(first.bridge());
        BridgeTrainer trainer = BridgeTrainer.on(options.steps(Integer.MAX_VALUE).build(), source, target).checkpoint(STEPS, state -> {
            if (!stopping) {
                done.release();
                released.acquireUninterruptibly();
            }
        });
        fitter = Thread.ofPlatform().name("fit").start(() -> {
            try {
                result = trainer.fit(scheduler, (n, total) -> !stopping);
            } catch (RuntimeException | Error e) {
                failure = e;
            } finally {
                done.release();
            }
        });
        awaitSteps();
    }

    /** Does {@value #STEPS} steps. */
    @Benchmark
    @OperationsPerInvocation(STEPS)
    public void step() {
        released.release();
        awaitSteps();
    }

    private void awaitSteps() {
        done.acquireUninterruptibly();
        if (failure != null) {
            throw new IllegalStateException("the fit failed", failure);
        }
    }

    /**
     * Ends the fit and checks what it came to.
     *
     * @throws InterruptedException never, unless JMH gives up
     */
    @TearDown
    public void stop() throws InterruptedException {
        stopping = true;
        released.release();
        fitter.join();
        double last = objective(result.bridge());
        scheduler.close();
        source.close();
        target.close();
        if (!(last < firstObjective)) {
            throw new IllegalStateException("the objective is " + last + " after " + result.steps() + " steps, expected less than the "
                + firstObjective + " after " + STEPS);
        }
    }

    private double objective(LightBridge bridge) {
        return bridge.objective(source, target, scheduler).value();
    }
}
