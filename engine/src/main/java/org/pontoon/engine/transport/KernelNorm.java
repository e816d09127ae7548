package org.pontoon.engine.transport;

import java.util.Objects;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * Half the squared kernel norm of the difference of two measures (maximum mean discrepancy, Gretton et al. 2012): {@code 1/2 sum a_i a_k
 * k(x_i - x_k) - sum a_i b_j k(x_i - y_j) + 1/2 sum b_j b_l k(y_j - y_l)}. With the energy kernel it is half the energy distance of Székely
 * and Rizzo; {@link EnergyDistance} has their normalisation. Values below about 1e-7 of the squared mass are rounding in float32, unless the
 * kernel is a thousand times wider than the clouds: then masses within 1e-4 of each other count as equal, and sums are of what the kernel
 * lacks to its value at the origin, in float64.
 *
 * <p>Weights are those of the clouds as they are, 1/N where there are none. The energy kernel, only conditionally positive definite, needs
 * equal masses; within 1e-4 the second is rescaled to the first.
 *
 * <p>Immutable and thread-safe; the same bits for any number of threads.
 */
public final class KernelNorm implements Loss {

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
    public LossResult measure(PointCloud x, PointCloud y, Derivatives derivatives, TileScheduler scheduler, Progress progress) {
        LossGradient found = compute(x, y, derivatives != Derivatives.NONE, scheduler);
        return LossResult.of(found.value(), derivatives == Derivatives.NONE ? null : found, 0);
    }

    private LossGradient compute(PointCloud x, PointCloud y, boolean withGradient, TileScheduler scheduler) {
        y.requireDimension(x.dimension(), "second cloud");
        Measure a = Measure.of(x, "first cloud");
        Measure b = Measure.of(y, "second cloud");
        if (kernel.profile() == PairKernel.Profile.ENERGY) {
            b = b.matching(a, "the energy kernel");
        }
        boolean flat = isFlat(x, y);
        // what sums lack where the kernel's value at the origin is left out of them
        double surplus = 0;
        if (flat && SoftMinimum.sameMass(a, b)) {
            b = b.matching(a, "a wide kernel");
        } else if (flat) {
            surplus = a.mass() - b.mass();
        }
        int size = withGradient ? Math.multiplyExact(a.size(), x.dimension()) : 0;
        double[] ownSlope = withGradient ? new double[size] : null;
        double[] otherSlope = withGradient ? new double[size] : null;
        double[] xx = sums(a, a, ownSlope, flat, scheduler);
        double[] xy = sums(a, b, otherSlope, flat, scheduler);
        double[] yy = sums(b, b, null, flat, scheduler);
        double value = a.dot(xx) / 2 - a.dot(xy) + b.dot(yy) / 2 + surplus * surplus / 2;
        for (int k = 0; k < size; k++) {
            ownSlope[k] = a.weights()[k / x.dimension()] * (ownSlope[k] - otherSlope[k]);
        }
        for (int i = 0; i < a.size(); i++) {
            xx[i] -= xy[i] - surplus;
        }
        return new LossGradient(value, ownSlope, xx);
    }

    /** Whether the kernel is so wide that what tells its values from that at the origin is lost in rounding. */
    private boolean isFlat(PointCloud x, PointCloud y) {
        double narrowest = Double.POSITIVE_INFINITY;
        for (double s : kernel.bandwidths()) {
            narrowest = Math.min(narrowest, s);
        }
        // the box only where the kernel may be one
        if (kernel.bandwidths().isEmpty()) {
            return false;
        }
        double relative = BoundingBox.of(x, y).diagonal() / narrowest;
        return SoftMinimum.isFlat(precision, kernel.profile() == PairKernel.Profile.LAPLACIAN ? relative : relative * relative);
    }

    private double[] sums(Measure rows, Measure columns, double[] slope, boolean flat, TileScheduler scheduler) {
        double[] sums = new double[rows.size()];
        if (flat) {
            new DoublePairSums(scheduler, rows.cloud(), columns.cloud()).excessSums(kernel, columns.weights(), sums);
        }
        if (!flat || slope != null) {
            PairSums.of(precision, scheduler, rows.cloud(), columns.cloud()).kernelSums(kernel, columns.weights(), flat ? null : sums,
                slope);
        }
        return sums;
    }
}
