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
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.Precision;
import org.pontoon.engine.transport.Sinkhorn;
import org.pontoon.engine.transport.SinkhornOptions;
import org.pontoon.engine.transport.SinkhornResult;
import org.pontoon.engine.transport.TransportPlan;

/**
 * The debiased Sinkhorn divergence of two clouds of as many points, uniform in the unit cube, with its gradient, and products with the plan
 * of its result; one thread, quadratic cost, blur 0.05 times the root of D over 3.
 *
 * <p>At the end the divergence of the first points in float32 must be that in float64, and the plan's product with ones must be its row
 * sums and, within the tolerance, the weights.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsPrepend = {ForkFlags.VECTOR, ForkFlags.TIER, ForkFlags.EXPORTS, ForkFlags.UNSAFE}, jvmArgs = {ForkFlags.COLLECTOR,
    ForkFlags.LEAST_HEAP, ForkFlags.MOST_HEAP})
public class SinkhornBenchmark {

    /** Iterations of {@link #iterations()}. */
    public static final int ITERATIONS = 10;
    /** Values of each point in {@link #planApply()}. */
    public static final int VALUES = 8;
    /** Sweeps over all pairs that these iterations take. */
    static final int SWEEPS = 2 * ITERATIONS;

    private static final int CHECKED = 200;

    /** Number of coordinates D. */
    @Param({"3", "50"})
    public int dimension;

    /** Number of points N of each cloud. */
    @Param("2000")
    public int points;

    private PointCloud x;
    private PointCloud y;
    private TileScheduler scheduler;
    private Sinkhorn converging;
    private Sinkhorn counting;
    private TransportPlan plan;
    private double[] values;

    /** Called by JMH. */
    public SinkhornBenchmark() {
    }

    private SinkhornOptions.Builder options() {
        return SinkhornOptions.builder().blur(0.05 * Math.sqrt(dimension / 3.0));
    }

    /** Makes the clouds and solves once, for the plan. */
    @Setup
    public void start() {
        x = Synthetic.cube(points, dimension, 1);
        y = Synthetic.cube(points, dimension, 2);
        scheduler = new TileScheduler(1);
        converging = new Sinkhorn(options().build());
        counting = new Sinkhorn(options().debias(false).tolerance(0).maxIterations(ITERATIONS).build());
        plan = converging.plan(x, y, converging.solve(x, y, scheduler), scheduler);
        values = new double[points * VALUES];
        Arrays.fill(values, 1);
    }

    /**
     * The divergence and its gradients, to a marginal error of 1e-3.
     *
     * @return the result
     */
    @Benchmark
    public SinkhornResult divergence() {
        return converging.solve(x, y, scheduler);
    }

    /**
     * {@value #ITERATIONS} iterations without debiasing: what a sweep over all pairs costs.
     *
     * @return the result
     */
    @Benchmark
    public SinkhornResult iterations() {
        return counting.solve(x, y, scheduler);
    }

    /**
     * The plan's product with {@value #VALUES} values of each point.
     *
     * @return the product
     */
    @Benchmark
    public double[] planApply() {
        return plan.apply(values, VALUES);
    }

    /** Checks the answers and frees the memory. */
    @TearDown
    public void stop() {
        double[] product = plan.apply(values, VALUES);
        double[] sums = plan.rowSums();
        double missing = 0;
        for (int n = 0; n < points; n++) {
            Checks.near("row " + n + " of the plan", sums[n], product[n * VALUES], 1e-4);
            missing += Math.abs(sums[n] - 1.0 / points);
        }
        if (!(missing < 1e-2)) {
            throw new IllegalStateException("the plan's rows miss their weights by " + missing + " in all, expected less than 0.01");
        }
        int sweeps = counting.solve(x, y, scheduler).sweeps();
        if (sweeps != SWEEPS) {
            throw new IllegalStateException(ITERATIONS + " iterations take " + sweeps + " sweeps, expected " + SWEEPS);
        }
        int some = Math.min(CHECKED, points);
        try (PointCloud u = Synthetic.cube(some, dimension, 1); PointCloud v = Synthetic.cube(some, dimension, 2)) {
            Checks.near("divergence of " + some + " points", new Sinkhorn(options().precision(Precision.FLOAT64).build())
                .value(u, v, scheduler), converging.value(u, v, scheduler), 1e-2);
        }
        scheduler.close();
        x.close();
        y.close();
    }
}
