package org.pontoon.engine.flow;

import org.pontoon.engine.memory.PointCloud;

/** Clouds as float64 columns, coordinate d of point n at {@code d N + n}. */
final class Columns {

    private Columns() {
    }

    static double[] of(PointCloud cloud) {
        double[] columns = new double[Math.multiplyExact(cloud.size(), cloud.dimension())];
        read(cloud, columns, new float[cloud.size()]);
        return columns;
    }

    /** Reads a cloud into columns; the scratch holds one of them. */
    static void read(PointCloud cloud, double[] columns, float[] scratch) {
        int size = cloud.size();
        for (int d = 0; d < cloud.dimension(); d++) {
            cloud.copyColumn(d, 0, scratch, 0, size);
            for (int n = 0; n < size; n++) {
                columns[d * size + n] = scratch[n];
            }
        }
    }

    /** Writes columns into a cloud, rounded; the scratch holds one of them. */
    static void write(double[] columns, PointCloud cloud, float[] scratch) {
        int size = cloud.size();
        for (int d = 0; d < cloud.dimension(); d++) {
            for (int n = 0; n < size; n++) {
                scratch[n] = (float) columns[d * size + n];
                if (!Float.isFinite(scratch[n])) {
                    throw new IllegalStateException("the particles diverge: coordinate " + d + " of particle " + n + " is " + scratch[n]
                        + "; a shorter step may help");
                }
            }
            cloud.setColumn(d, 0, scratch, 0, size);
        }
    }

    /** Root mean square distance from the mean; 1 where all points agree. */
    static double spread(double[] columns, int dimension) {
        int size = columns.length / dimension;
        double square = 0;
        for (int d = 0; d < dimension; d++) {
            double mean = 0;
            for (int n = 0; n < size; n++) {
                mean += columns[d * size + n];
            }
            mean /= size;
            for (int n = 0; n < size; n++) {
                double gap = columns[d * size + n] - mean;
                square += gap * gap;
            }
        }
        return square > 0 ? Math.sqrt(square / size) : 1;
    }
}
