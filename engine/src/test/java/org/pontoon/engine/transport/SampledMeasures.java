package org.pontoon.engine.transport;

import java.util.SplittableRandom;

import org.pontoon.engine.memory.PointCloud;

/** Clouds for tests whose coordinates and weights are small multiples of powers of two, so that steps and shifts of them are exact. */
final class SampledMeasures {

    private static final float GRID = 0x1p-12f;
    private static final int MASS = 1 << 12;

    private SampledMeasures() {
    }

    /** Coordinates in [-scale, scale). */
    static PointCloud cloud(long seed, int size, int dimension, double scale) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] rows = new float[size * dimension];
        for (int k = 0; k < rows.length; k++) {
            rows[k] = Math.round(random.nextDouble(-scale, scale) / GRID) * GRID;
        }
        return PointCloud.ofRows(rows, size, dimension);
    }

    /** The same with weights of sum 1, none of them 0. */
    static PointCloud weighted(long seed, int size, int dimension, double scale) {
        return cloud(seed, size, dimension, scale).withWeights(weights(seed + 1, size));
    }

    static float[] weights(long seed, int size) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] parts = new int[size];
        int left = MASS;
        for (int i = 0; i < size; i++) {
            parts[i] = MASS / (2 * size);
            left -= parts[i];
        }
        for (; left > 0; left--) {
            parts[random.nextInt(1 + random.nextInt(size))]++;
        }
        float[] weights = new float[size];
        for (int i = 0; i < size; i++) {
            weights[i] = (float) parts[i] / MASS;
        }
        return weights;
    }

    static float[] weightsOf(PointCloud cloud) {
        float[] weights = new float[cloud.size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = cloud.hasWeights() ? cloud.weight(i) : 1f / cloud.size();
        }
        return weights;
    }

    static PointCloud copy(PointCloud cloud) {
        PointCloud copy = PointCloud.ofRows(cloud.toRows(), cloud.size(), cloud.dimension());
        return cloud.hasWeights() ? copy.withWeights(weightsOf(cloud)) : copy;
    }

    /** A copy moved by a vector and multiplied by a factor. */
    static PointCloud moved(PointCloud cloud, double factor, float... shift) {
        PointCloud copy = copy(cloud);
        for (int i = 0; i < cloud.size(); i++) {
            for (int d = 0; d < cloud.dimension(); d++) {
                copy.set(i, d, (float) (factor * cloud.get(i, d) + shift[d % shift.length]));
            }
        }
        return copy;
    }

    /** A copy of the points in another order. */
    static PointCloud reordered(PointCloud cloud, int[] order) {
        PointCloud copy = PointCloud.allocate(order.length, cloud.dimension());
        float[] weights = new float[order.length];
        float[] point = new float[cloud.dimension()];
        float[] old = weightsOf(cloud);
        for (int k = 0; k < order.length; k++) {
            cloud.copyPoint(order[k], point, 0);
            copy.setPoint(k, point, 0);
            weights[k] = old[order[k]];
        }
        return copy.withWeights(weights);
    }

    /** The cloud of the specification's golden values. */
    static PointCloud goldenX() {
        return PointCloud.ofRows(new float[][] {{0, 0}, {1, 0}, {0, 1}}).withWeights(new float[] {0.5f, 0.25f, 0.25f});
    }

    /** The other one. */
    static PointCloud goldenY() {
        return PointCloud.ofRows(new float[][] {{1, 1}, {0.5f, 0.5f}}).withWeights(new float[] {0.75f, 0.25f});
    }

    static PointCloud line(float... points) {
        return PointCloud.ofRows(points, points.length, 1);
    }
}
