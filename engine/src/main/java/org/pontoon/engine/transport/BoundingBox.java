package org.pontoon.engine.transport;

import java.util.Arrays;

import org.pontoon.engine.memory.PointCloud;

/** The axis-parallel box around clouds. */
record BoundingBox(double[] low, double[] high) {

    static BoundingBox of(PointCloud x, PointCloud y) {
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

    double diagonal() {
        double square = 0;
        for (int d = 0; d < low.length; d++) {
            square += (high[d] - low[d]) * (high[d] - low[d]);
        }
        return Math.sqrt(square);
    }
}
