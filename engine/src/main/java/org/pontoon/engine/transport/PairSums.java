package org.pontoon.engine.transport;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * Sums over all pairs of two clouds, row by row, in O(N + M) memory: what every loss of this package is made of.
 *
 * <p>The x side has N points (rows), the y side M. The cost is {@code C_1 = |x - y|} or {@code C_2 = |x - y|^2 / 2}; the direction
 * {@code z / |z|} is 0 at the origin. Arrays over points are row-major and may be null where said. The same bits come out for any number of
 * threads. Not thread-safe: one sweep at a time on one instance.
 */
sealed interface PairSums permits DensePairSums, DoublePairSums, FloatPairSums {

    /**
     * Makes sums of a precision, of clouds seen from origins of their own.
     *
     * @param precision of the arithmetic
     * @param scheduler runs the tiles
     * @param x cloud of the rows
     * @param xOrigin subtracted from x
     * @param y cloud of the columns
     * @param yOrigin subtracted from y
     * @return the sums
     */
    static PairSums of(Precision precision, TileScheduler scheduler, PointCloud x, double[] xOrigin, PointCloud y, double[] yOrigin) {
        return switch (precision) {
            case FLOAT64 -> new DoublePairSums(scheduler, x, xOrigin, y, yOrigin);
            case FLOAT32 -> new FloatPairSums(scheduler, x, xOrigin, y, yOrigin);
        };
    }

    /**
     * Makes sums of a precision.
     *
     * @param precision of the arithmetic
     * @param scheduler runs the tiles
     * @param x cloud of the rows
     * @param y cloud of the columns
     * @return the sums
     */
    static PairSums of(Precision precision, TileScheduler scheduler, PointCloud x, PointCloud y) {
        return of(precision, scheduler, x, new double[x.dimension()], y, new double[y.dimension()]);
    }

    /**
     * Weighted sums of a kernel.
     *
     * @param kernel k
     * @param weights w, M values of any sign
     * @param sums receives {@code sum_j w_j k(x_i - y_j)}, N values, or null
     * @param gradient receives {@code d/dx_i} of it, N x D, or null
     */
    void kernelSums(PairKernel kernel, double[] weights, double[] sums, double[] gradient);

    /**
     * Log-sum-exp over the y side.
     *
     * @param p 1 or 2
     * @param epsilon positive
     * @param bias M values; -infinity leaves a point out
     * @param result receives {@code log sum_j exp(bias_j - C_p(x_i, y_j) / epsilon)}, N values, -infinity where every bias is
     * @param gradient receives the softmax average of {@code dC_p/dx_i}, N x D, or null
     */
    void logSumExp(int p, double epsilon, double[] bias, double[] result, double[] gradient);

    /**
     * Soft minima {@code -epsilon log sum_j w_j exp((potential_j - C_ij) / epsilon)} for an epsilon far above costs and potentials, without
     * the cancellation of a logarithm close to that of the mass: relative to the exponent of the first point of any weight, all others are
     * small, and it is their difference from zero that is summed, in float64.
     *
     * @param p 1 or 2
     * @param epsilon positive
     * @param side weights of the M points
     * @param potential M values
     * @param result receives N values
     * @param gradient receives the softmax average of {@code dC_p/dx_i}, N x D, or null
     */
    void flatSoftMinimum(int p, double epsilon, Marginal side, double[] potential, double[] result, double[] gradient);

    /**
     * Products with the plan {@code pi_ij = exp(alpha_i + beta_j - C_p(x_i, y_j) / epsilon)}.
     *
     * @param p 1 or 2
     * @param epsilon positive
     * @param alpha N values, -infinity for none of the mass
     * @param beta M values, the same
     * @param values M x V, or null
     * @param valueCount V
     * @param applied receives {@code pi values}, N x V; null where values is
     * @param rowSums receives {@code sum_j pi_ij}, N values, or null
     * @param gradient receives {@code sum_j pi_ij dC_p/dx_i}, N x D, or null
     */
    void planSums(int p, double epsilon, double[] alpha, double[] beta, double[] values, int valueCount, double[] applied,
            double[] rowSums, double[] gradient);

    /**
     * The same pairs with the sides exchanged.
     *
     * @return sums over x for every y
     */
    PairSums transposed();
}
