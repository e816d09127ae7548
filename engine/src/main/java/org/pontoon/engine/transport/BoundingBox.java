package org.pontoon.engine.transport;

import java.util.Arrays;

import org.pontoon.engine.memory.PointCloud;

/**
 * The axis-parallel box around clouds: the usual measure of their extent.
 *
 * @param low least coordinates, D values
 * @param high greatest coordinates, D values
 */
public record BoundingBox(double[] low, double[] high) {

    /**
     * Returns the box around both clouds.
     *
     * @param x first cloud
     * @param y second cloud, same dimension
     * @return the box
     * @throws IllegalArgumentException if dimensions differ or a value is not finite
     */
    public static BoundingBox of(PointCloud x, PointCloud y) {
        y.requireDimension(x.dimension(), "second cloud");
        double[] none = new double[x.dimension()];
        return of(x.requireFinite("first cloud"), none, y.requireFinite("second cloud"), none);
    }

    /** The box around both clouds, each seen from an origin of its own. */
    static BoundingBox of(PointCloud x, double[] xOrigin, PointCloud y, double[] yOrigin) {
        double[] low = new double[x.dimension()];
        double[] high = new double[x.dimension()];
        Arrays.fill(low, Double.POSITIVE_INFINITY);
        Arrays.fill(high, Double.NEGATIVE_INFINITY);
        BoundingBox box = new BoundingBox(low, high);
        box.add(x, xOrigin);
        box.add(y, yOrigin);
        return box;
    }

    private void add(PointCloud cloud, double[] origin) {
        float[] column = new float[cloud.size()];
        for (int d = 0; d < low.length; d++) {
            cloud.copyColumn(d, 0, column, 0, column.length);
            for (float c : column) {
                low[d] = Math.min(low[d], c - origin[d]);
                high[d] = Math.max(high[d], c - origin[d]);
            }
        }
    }

    /**
     * Returns the length of the diagonal, which is never below the diameter of what is in the box.
     *
     * @return a length, 0 where all points coincide
     */
    public double diagonal() {
        double square = 0;
        for (int d = 0; d < low.length; d++) {
            square += (high[d] - low[d]) * (high[d] - low[d]);
        }
        return Math.sqrt(square);
    }
}
