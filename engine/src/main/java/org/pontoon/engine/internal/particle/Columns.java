package org.pontoon.engine.internal.particle;

import org.pontoon.engine.memory.PointCloud;

/** Clouds as float64 columns, coordinate d of point n at {@code d N + n}. */
public final class Columns {

    private Columns() {
    }

    /**
     * Reads a cloud.
     *
     * @param cloud N x D
     * @return its columns
     */
    public static double[] of(PointCloud cloud) {
        double[] columns = new double[Math.multiplyExact(cloud.size(), cloud.dimension())];
        read(cloud, columns, new float[cloud.size()]);
        return columns;
    }

    /**
     * Reads the weights of a cloud.
     *
     * @param cloud the cloud
     * @return one for each point; 1/N each where it has none
     */
    public static double[] weights(PointCloud cloud) {
        double[] weights = new double[cloud.size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = cloud.mass(i);
        }
        return weights;
    }

    /**
     * Copies a cloud and its weights.
     *
     * @param cloud the cloud
     * @return the copy, the caller's to close
     */
    public static PointCloud copy(PointCloud cloud) {
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

    /**
     * Turns columns into rows, rounded.
     *
     * @param columns coordinates
     * @param stride distance of a column from the next one
     * @param size number of points, at most the stride
     * @return size x D, row-major
     */
    public static float[] rows(double[] columns, int stride, int size) {
        int dimension = columns.length / stride;
        float[] rows = new float[Math.multiplyExact(size, dimension)];
        for (int d = 0; d < dimension; d++) {
            for (int n = 0; n < size; n++) {
                rows[n * dimension + d] = (float) columns[d * stride + n];
            }
        }
        return rows;
    }

    /**
     * Tells where a functional's slopes draw particles, {@code -gradient_i / weight_i}.
     *
     * @param gradient N x D row-major
     * @param weights N values
     * @return N x D row-major, 0 for particles without weight
     */
    public static float[] velocity(double[] gradient, double[] weights) {
        float[] velocity = new float[gradient.length];
        int dimension = gradient.length / weights.length;
        for (int k = 0; k < velocity.length; k++) {
            double weight = weights[k / dimension];
            velocity[k] = weight > 0 ? (float) (-gradient[k] / weight) : 0;
        }
        return velocity;
    }

    /**
     * Refuses weights, for a scheme whose particles count alike.
     *
     * @param cloud the cloud
     * @param name what it is called in the message
     * @return the cloud
     * @throws IllegalArgumentException if it has weights
     */
    public static PointCloud requireUnweighted(PointCloud cloud, String name) {
        if (cloud.hasWeights()) {
            throw new IllegalArgumentException(name + " has weights, expected none: its points weigh the same");
        }
        return cloud;
    }

    /**
     * Reads a cloud into columns.
     *
     * @param cloud N x D
     * @param columns receives them
     * @param scratch N values
     */
    public static void read(PointCloud cloud, double[] columns, float[] scratch) {
        int size = cloud.size();
        for (int d = 0; d < cloud.dimension(); d++) {
            cloud.copyColumn(d, 0, scratch, 0, size);
            for (int n = 0; n < size; n++) {
                columns[d * size + n] = scratch[n];
            }
        }
    }

    /**
     * Writes columns into a cloud, rounded.
     *
     * @param columns coordinates
     * @param cloud receives them, N x D
     * @param scratch N values
     * @throws IllegalStateException if float32 does not hold one, naming the particle
     */
    public static void write(double[] columns, PointCloud cloud, float[] scratch) {
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

    /**
     * Computes the root mean square distance of points from their mean.
     *
     * @param columns coordinates
     * @param dimension D
     * @return the distance; 1 where all points agree
     */
    public static double spread(double[] columns, int dimension) {
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
