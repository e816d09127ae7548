package org.pontoon.engine.transport;

import java.util.Objects;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * Half the squared kernel norm of the difference of two measures (maximum mean discrepancy, Gretton et al. 2012): {@code 1/2 sum a_i a_k
 * k(x_i - x_k) - sum a_i b_j k(x_i - y_j) + 1/2 sum b_j b_l k(y_j - y_l)}. With the energy kernel it is half the energy distance of Székely
 * and Rizzo; {@link EnergyDistance} has their normalisation. Values below about 1e-7 of the squared mass are rounding in float32.
 *
 * <p>Weights are those of the clouds as they are, 1/N where there are none. The energy kernel, only conditionally positive definite, needs
 * equal masses; within 1e-4 the second is rescaled to the first.
 *
 * <p>Immutable and thread-safe; the same bits for any number of threads.
 */
public final class KernelNorm implements MeasureLoss {

    private final PairKernel kernel;
    private final Precision precision;

    /**
     * Makes a loss.
     *
     * @param kernel k
     * @param precision of the sums over pairs
     */
    public KernelNorm(PairKernel kernel, Precision precision) {
        this.kernel = Objects.requireNonNull(kernel, "kernel");
        this.precision = Objects.requireNonNull(precision, "precision");
    }

    @Override
    public double value(PointCloud x, PointCloud y, TileScheduler scheduler) {
        return compute(x, y, false, scheduler).value();
    }

    @Override
    public LossGradient gradient(PointCloud x, PointCloud y, TileScheduler scheduler) {
        return compute(x, y, true, scheduler);
    }

    private LossGradient compute(PointCloud x, PointCloud y, boolean withGradient, TileScheduler scheduler) {
        y.requireDimension(x.dimension(), "second cloud");
        Measure a = Measure.of(x, "first cloud");
        Measure b = Measure.of(y, "second cloud");
        if (kernel.profile() == PairKernel.Profile.ENERGY) {
            b = b.matching(a, "the energy kernel");
        }
        int size = withGradient ? Math.multiplyExact(a.size(), x.dimension()) : 0;
        double[] ownSlope = withGradient ? new double[size] : null;
        double[] otherSlope = withGradient ? new double[size] : null;
        double[] xx = sums(a, a, ownSlope, scheduler);
        double[] xy = sums(a, b, otherSlope, scheduler);
        double[] yy = sums(b, b, null, scheduler);
        double value = a.dot(xx) / 2 - a.dot(xy) + b.dot(yy) / 2;
        for (int k = 0; k < size; k++) {
            ownSlope[k] = a.weights()[k / x.dimension()] * (ownSlope[k] - otherSlope[k]);
        }
        for (int i = 0; i < a.size(); i++) {
            xx[i] -= xy[i];
        }
        return new LossGradient(value, ownSlope, xx);
    }

    private double[] sums(Measure rows, Measure columns, double[] slope, TileScheduler scheduler) {
        double[] sums = new double[rows.size()];
        PairSums.of(precision, scheduler, rows.cloud(), columns.cloud()).kernelSums(kernel, columns.weights(), sums, slope);
        return sums;
    }
}
