package org.pontoon.engine.transport;

import org.pontoon.engine.memory.PointCloud;

/**
 * The cosine distance {@code 1 - <x, y> / (|x| |y|)} without a matrix: it is half the squared distance of the directions {@code x / |x|}
 * and {@code y / |y|}, so every loss whose cost is |x - y|^2 / 2 measures it between clouds of directions. Those are float32, which bears
 * distances down to some 1e-7.
 */
public final class CosineMetric {

    private CosineMetric() {
    }

    /**
     * Divides every point by its length.
     *
     * @param cloud points, none of them at the origin
     * @param name what the cloud is called in a message
     * @return directions with the weights of the points, a cloud that owns its memory
     * @throws IllegalArgumentException if a point is the origin, naming its row, or a value is not finite
     */
    public static PointCloud directions(PointCloud cloud, String name) {
        cloud.requireFinite(name);
        int dimension = cloud.dimension();
        float[] rows = cloud.toRows();
        for (int n = 0; n < cloud.size(); n++) {
            double length = length(rows, n * dimension, dimension);
            if (length == 0) {
                throw new IllegalArgumentException("row " + n + " of " + name + " is 0, expected points with a direction");
            }
            for (int d = 0; d < dimension; d++) {
                rows[n * dimension + d] = (float) (rows[n * dimension + d] / length);
            }
        }
        PointCloud directions = PointCloud.ofRows(rows, cloud.size(), dimension);
        if (cloud.hasWeights()) {
            float[] weights = new float[cloud.size()];
            for (int n = 0; n < weights.length; n++) {
                weights[n] = cloud.weight(n);
            }
            directions.withWeights(weights);
        }
        return directions;
    }

    /**
     * Turns a gradient in directions into the one in the points: what is left of it across the direction, over the length.
     *
     * @param cloud the points
     * @param gradient in their directions, N x D row-major
     * @return gradient in the points, N x D row-major
     * @throws IndexOutOfBoundsException if the gradient is too short
     */
    public static double[] pointGradient(PointCloud cloud, double[] gradient) {
        int dimension = cloud.dimension();
        float[] rows = cloud.toRows();
        double[] result = new double[rows.length];
        for (int n = 0; n < cloud.size(); n++) {
            int at = n * dimension;
            double length = length(rows, at, dimension);
            double along = 0;
            for (int d = 0; d < dimension; d++) {
                along += gradient[at + d] * rows[at + d] / length;
            }
            for (int d = 0; d < dimension; d++) {
                result[at + d] = (gradient[at + d] - along * rows[at + d] / length) / length;
            }
        }
        return result;
    }

    private static double length(float[] rows, int at, int dimension) {
        double square = 0;
        for (int d = 0; d < dimension; d++) {
            square += (double) rows[at + d] * rows[at + d];
        }
        return Math.sqrt(square);
    }
}
