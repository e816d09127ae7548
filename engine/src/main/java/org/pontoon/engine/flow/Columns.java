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

    /** Copies a cloud and its weights. */
    static PointCloud copy(PointCloud cloud) {
        PointCloud copy = PointCloud.ofRows(cloud.toRows(), cloud.size(), cloud.dimension());
        if (cloud.hasWeights()) {
            float[] weights = new float[cloud.size()];
            for (int n = 0; n < weights.length; n++) {
                weights[n] = cloud.weight(n);
            }
            copy.withWeights(weights);
        }
        return copy;
    }

    /** Turns columns into rows, rounded, of the first so many points. */
    static float[] rows(double[] columns, int stride, int size) {
        int dimension = columns.length / stride;
        float[] rows = new float[Math.multiplyExact(size, dimension)];
        for (int d = 0; d < dimension; d++) {
            for (int n = 0; n < size; n++) {
                rows[n * dimension + d] = (float) columns[d * stride + n];
            }
        }
        return rows;
    }

    /** Where a functional's slopes draw particles, {@code -gradient_i / weight_i}; 0 for those without weight. */
    static float[] velocity(double[] gradient, double[] weights) {
        float[] velocity = new float[gradient.length];
        int dimension = gradient.length / weights.length;
        for (int k = 0; k < velocity.length; k++) {
            double weight = weights[k / dimension];
            velocity[k] = weight > 0 ? (float) (-gradient[k] / weight) : 0;
        }
        return velocity;
    }

    /** Refuses weights, for a scheme whose particles count alike. */
    static PointCloud requireUnweighted(PointCloud cloud, String name) {
        if (cloud.hasWeights()) {
            throw new IllegalArgumentException(name + " has weights, expected none: its points weigh the same");
        }
        return cloud;
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
