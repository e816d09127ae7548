package org.pontoon.engine.transport;

/**
 * A mean over directions.
 *
 * @param mean mean of the one-dimensional costs: {@code SW_p^p}, or a squared sliced energy distance; no root is taken
 * @param standardError standard deviation of the costs over the square root of their number: the Monte Carlo error where directions are
 *        independent, above it for orthonormal blocks, without meaning for a quadrature; NaN for a single direction
 * @param directions number of directions
 */
public record SlicedResult(double mean, double standardError, int directions) {

    /**
     * Returns the root that turns the mean of costs into a distance.
     *
     * @param p exponent of the cost, at least 1
     * @return {@code SW_p}
     */
    public double distance(double p) {
        Wasserstein1D.requireExponent(p);
        return Wasserstein1D.root(mean, p);
    }

    static SlicedResult of(double[] costs, int count) {
        double mean = 0;
        for (int l = 0; l < count; l++) {
            mean += costs[l];
        }
        mean /= count;
        double squares = 0;
        for (int l = 0; l < count; l++) {
            squares += (costs[l] - mean) * (costs[l] - mean);
        }
        return new SlicedResult(mean, Math.sqrt(squares / (count - 1.0) / count), count);
    }
}
