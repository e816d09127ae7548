package org.pontoon.engine.flow;

import java.util.Objects;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.LossGradient;
import org.pontoon.engine.transport.Sinkhorn;
import org.pontoon.engine.transport.SinkhornResult;

/**
 * A Sinkhorn loss against a fixed cloud along a flow: every call starts from the potentials of the last one, which a small step has hardly
 * changed, and needs a fraction of its iterations. Not thread-safe.
 */
public final class SinkhornFunctional implements Functional {

    private final Sinkhorn solver;
    private final PointCloud target;
    private final TileScheduler scheduler;
    private SinkhornResult last;
    private long iterations;
    private int calls;
    private int unconverged;
    private double largestError;

    /**
     * Makes a functional that has not been asked yet.
     *
     * @param solver what to solve
     * @param target second cloud, read for as long as the functional is used
     * @param scheduler runs the tiles
     */
    public SinkhornFunctional(Sinkhorn solver, PointCloud target, TileScheduler scheduler) {
        this.solver = Objects.requireNonNull(solver, "solver");
        this.target = Objects.requireNonNull(target, "target");
        this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
    }

    @Override
    public LossGradient at(PointCloud x) {
        last = solver.solve(x, target, last, scheduler, Progress.NONE);
        calls++;
        iterations += last.iterations();
        largestError = Math.max(largestError, last.marginalError());
        unconverged += converged() ? 0 : 1;
        return last.gradientX();
    }

    @Override
    public boolean converged() {
        return last == null || last.status() == SinkhornResult.Status.CONVERGED;
    }

    /**
     * Returns what the last call found.
     *
     * @return the result, null before the first call
     */
    public SinkhornResult last() {
        return last;
    }

    /**
     * Returns how many calls there were.
     *
     * @return not negative
     */
    public int calls() {
        return calls;
    }

    /**
     * Returns the iterations of all calls together.
     *
     * @return not negative
     */
    public long iterations() {
        return iterations;
    }

    /**
     * Returns how many calls ended without meeting the tolerance.
     *
     * @return not negative
     */
    public int unconverged() {
        return unconverged;
    }

    /**
     * Returns the largest marginal error that a call ended with.
     *
     * @return L1 error relative to the mass
     */
    public double largestMarginalError() {
        return largestError;
    }
}
