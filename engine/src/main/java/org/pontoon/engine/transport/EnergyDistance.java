package org.pontoon.engine.transport;

import java.util.Arrays;

import org.pontoon.engine.kernel.PairDistance;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * The energy distance between two clouds (Székely and Rizzo 2013), weights ignored, in O(N M) time and O(N + M) memory. Distances are
 * float32 from direct differences, their sums float64: relative error about 1e-6.
 */
public final class EnergyDistance {

    private static final int ROWS = 64;
    private static final int POINTS = 256;
    private static final int LANES = 16;

    private EnergyDistance() {
    }

    /**
     * Returns the squared energy distance of the two empirical measures, {@code 2 E|X-Y| - E|X-X'| - E|Y-Y'|} over all pairs, a point with
     * itself included: zero for equal clouds, never negative beyond rounding.
     *
     * @param x first cloud
     * @param y second cloud, same dimension
     * @param scheduler runs the tiles
     * @return the squared distance
     * @throws IllegalArgumentException if dimensions differ or a value is not finite
     */
    public static double between(PointCloud x, PointCloud y, TileScheduler scheduler) {
        check(x, y);
        double n = x.size();
        double m = y.size();
        return 2 * sum(x, y, scheduler) / (n * m) - sum(x, x, scheduler) / (n * n) - sum(y, y, scheduler) / (m * m);
    }

    /**
     * Returns the unbiased estimate from two independent samples, in the half form that the light-bridge paper's code reports:
     * {@code E|X-Y| - E|X-X'| / 2 - E|Y-Y'| / 2} over pairs of distinct points; it may be slightly negative.
     *
     * @param x first cloud, at least two points
     * @param y second cloud, at least two points, same dimension
     * @param scheduler runs the tiles
     * @return the estimate
     * @throws IllegalArgumentException if dimensions differ, a cloud has one point or a value is not finite
     */
    public static double unbiasedHalf(PointCloud x, PointCloud y, TileScheduler scheduler) {
        check(x, y);
        if (x.size() < 2 || y.size() < 2) {
            throw new IllegalArgumentException("clouds have " + x.size() + " and " + y.size() + " points, expected at least 2 each");
        }
        double n = x.size();
        double m = y.size();
        return sum(x, y, scheduler) / (n * m) - 0.5 * sum(x, x, scheduler) / (n * (n - 1)) - 0.5 * sum(y, y, scheduler) / (m * (m - 1));
    }

    private static void check(PointCloud x, PointCloud y) {
        y.requireDimension(x.dimension(), "second cloud");
        x.requireFinite("first cloud");
        y.requireFinite("second cloud");
    }

    /** Sum of |x_i - y_j| over all pairs. */
    private static double sum(PointCloud x, PointCloud y, TileScheduler scheduler) {
        int dimension = x.dimension();
        int rowTiles = (x.size() + ROWS - 1) / ROWS;
        double[] partial = new double[rowTiles];
        float[][] tiles = new float[scheduler.threads()][];
        scheduler.run(rowTiles, (rowTile, worker) -> {
            if (tiles[worker] == null) {
                tiles[worker] = new float[dimension * POINTS];
            }
            float[] tile = tiles[worker];
            int first = rowTile * ROWS;
            int rows = Math.min(ROWS, x.size() - first);
            float[] points = new float[rows * dimension];
            for (int i = 0; i < rows; i++) {
                x.copyPoint(first + i, points, i * dimension);
            }
            float[] weights = new float[POINTS];
            float[] lanes = new float[LANES];
            double total = 0;
            for (int start = 0; start < y.size(); start += POINTS) {
                int count = Math.min(POINTS, y.size() - start);
                for (int d = 0; d < dimension; d++) {
                    y.copyColumn(d, start, tile, d * POINTS, count);
                    // padding weighs nothing, but 0 times the distance of a stale point may be NaN
                    Arrays.fill(tile, d * POINTS + count, (d + 1) * POINTS, tile[d * POINTS]);
                }
                for (int j = 0; j < POINTS; j++) {
                    weights[j] = j < count ? 1f : 0f;
                }
                for (int i = 0; i < rows; i++) {
                    Arrays.fill(lanes, 0f);
                    PairDistance.add(points, i * dimension, tile, POINTS, dimension, weights, lanes);
                    for (float lane : lanes) {
                        total += lane;
                    }
                }
            }
            partial[rowTile] = total;
        });
        double total = 0;
        for (double p : partial) {
            total += p;
        }
        return total;
    }
}
