package org.pontoon.engine.flow;

import java.util.Objects;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.Loss;
import org.pontoon.engine.transport.LossGradient;
import org.pontoon.engine.transport.LossResult;

/** A loss against a fixed cloud, measured anew in every call; made by {@link Functional#towards}. Not thread-safe. */
public final class LossFunctional implements Functional {

    private final Loss loss;
    private final PointCloud target;
    private final TileScheduler scheduler;
    private boolean converged = true;
    private LossResult lastUnconverged;

    LossFunctional(Loss loss, PointCloud target, TileScheduler scheduler) {
        this.loss = Objects.requireNonNull(loss, "loss");
        this.target = Objects.requireNonNull(target, "target");
        this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
    }

    @Override
    public LossGradient at(PointCloud x) {
        LossResult result = loss.measure(x, target, Loss.Derivatives.POINTS, scheduler, Progress.NONE);
        converged = result.converged();
        lastUnconverged = converged ? lastUnconverged : result;
        return result.gradient();
    }

    @Override
    public boolean converged() {
        return converged;
    }

    /**
     * Returns what was found by the last call whose iterations did not meet their tolerance.
     *
     * @return the result, null where there was no such call
     */
    public LossResult lastUnconverged() {
        return lastUnconverged;
    }
}
