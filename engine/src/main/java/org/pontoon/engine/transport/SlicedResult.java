package org.pontoon.engine.transport;

/**
 * A mean over directions.
 *
 * @param mean mean of the one-dimensional costs: {@code SW_p^p}, or a squared sliced energy distance; no root is taken. Infinite or 0 where
 *        it leaves the range of float64, as the distance does not
 * @param standardError standard deviation of the costs over the square root of their number: the Monte Carlo error where directions are
 *        independent, above it for orthonormal blocks, without meaning for a quadrature; NaN for a single direction
 * @param directions number of directions
 * @param distance the root that turns the mean into a distance, {@code SW_p}
 * @param distanceError the standard error of the distance, to first order that of the mean over the derivative of the power
 */
public record SlicedResult(double mean, double standardError, int directions, double distance, double distanceError) {

    /** Of costs that are p-th powers. */
    static SlicedResult of(double[] costs, int count, double p) {
        double mean = mean(costs, count);
        double error = error(costs, count, mean);
        double distance = Wasserstein1D.root(mean, p);
        return new SlicedResult(mean, error, count, distance, mean == 0 ? error : distance * (error / mean) / p);
    }

    /** Of distances whose p-th powers leave the range of float64: powers are taken relative to the greatest. The array is overwritten. */
    static SlicedResult ofDistances(double[] distances, int count, double p) {
        double greatest = 0;
        for (int l = 0; l < count; l++) {
            greatest = Math.max(greatest, distances[l]);
        }
        if (greatest == 0) {
            return of(distances, count, p);
        }
        for (int l = 0; l < count; l++) {
            distances[l] = Math.pow(distances[l] / greatest, p);
        }
        double mean = mean(distances, count);
        double relative = error(distances, count, mean) / mean;
        double distance = greatest * Math.pow(mean, 1 / p);
        double power = Math.pow(distance, p);
        return new SlicedResult(power, relative == 0 ? 0 : power * relative, count, distance, distance * relative / p);
    }

    private static double mean(double[] costs, int count) {
        double mean = 0;
        for (int l = 0; l < count; l++) {
            mean += costs[l];
        }
        return mean / count;
    }

    private static double error(double[] costs, int count, double mean) {
        // seen in a power of two near the mean, which rounds nothing, squares stay in range wherever costs do
        double unit = Math.scalb(1.0, Math.clamp(-Math.getExponent(mean), -1000, 1000));
        double squares = 0;
        for (int l = 0; l < count; l++) {
            double gap = (costs[l] - mean) * unit;
            squares += gap * gap;
        }
        return Math.sqrt(squares / (count - 1.0) / count) / unit;
    }
}
