package org.pontoon.bench;

import java.util.Arrays;

import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.random.CounterRandom;

/**
 * Data for the benchmarks, the same on every machine: clouds with the spectrum of the paper's single-cell data (the standard deviation of
 * coordinate i falls as (i + 1)^-0.7, and their mean is 1, as after that experiment's scaling), bridges between them, and uniform clouds.
 */
final class Synthetic {

    /** Points of the paper's first source cloud. */
    static final int POINTS = 6071;

    private static final long SEED = 20260101;
    private static final int CLUSTERS = 5;

    private Synthetic() {
    }

    /** Standard deviation of each coordinate. */
    static double[] spectrum(int dimension) {
        double[] deviations = new double[dimension];
        double sum = 0;
        for (int d = 0; d < dimension; d++) {
            deviations[d] = Math.pow(d + 1, -0.7);
            sum += deviations[d];
        }
        for (int d = 0; d < dimension; d++) {
            deviations[d] *= dimension / sum;
        }
        return deviations;
    }

    /** A Gaussian cloud. */
    static PointCloud source(int size, int dimension) {
        return cloud(size, dimension, 1, 0, 0);
    }

    /** A shifted mixture of five Gaussians. */
    static PointCloud target(int size, int dimension) {
        return cloud(size, dimension, 2, 0.7, 0.3);
    }

    /** Points uniform in the unit cube. */
    static PointCloud cube(int size, int dimension, long stream) {
        long key = CounterRandom.key(SEED, 400 + stream);
        PointCloud cloud = PointCloud.allocate(size, dimension);
        for (int n = 0; n < size; n++) {
            for (int d = 0; d < dimension; d++) {
                cloud.set(n, d, CounterRandom.uniformInt(key, (long) n * dimension + d, 1 << 24) * 0x1p-24f);
            }
        }
        return cloud;
    }

    private static PointCloud cloud(int size, int dimension, long stream, double clusterSpread, double shift) {
        double[] deviations = spectrum(dimension);
        long centres = CounterRandom.key(SEED, 100 + stream);
        int block = dimension + CounterRandom.NORMAL_BLOCK - 1 & -CounterRandom.NORMAL_BLOCK;
        CounterRandom random = new CounterRandom();
        float[] normals = new float[block];
        PointCloud cloud = PointCloud.allocate(size, dimension);
        for (int n = 0; n < size; n++) {
            random.fillNormals(CounterRandom.key(SEED, stream), (long) n * block, normals, 0, block);
            int cluster = n % CLUSTERS;
            for (int d = 0; d < dimension; d++) {
                double centre = clusterSpread * CounterRandom.normal(centres, (long) d * CLUSTERS + cluster) + shift;
                normals[d] = (float) (deviations[d] * (Math.sqrt(1 - clusterSpread * clusterSpread) * normals[d] + centre));
            }
            cloud.setPoint(n, normals, 0);
        }
        return cloud;
    }

    /** A bridge that was not fitted: locations on the target's clusters, S near a tenth. */
    static LightBridge bridge(int dimension, int components) {
        double[] locations = new double[components * dimension];
        double[] scales = new double[components * dimension];
        long key = CounterRandom.key(SEED, 200);
        float[] point = new float[dimension];
        try (PointCloud target = target(components, dimension)) {
            for (int k = 0; k < components; k++) {
                target.copyPoint(k, point, 0);
                for (int d = 0; d < dimension; d++) {
                    locations[k * dimension + d] = point[d];
                    scales[k * dimension + d] = 0.1 + 0.05 * CounterRandom.uniform(key, (long) k * dimension + d);
                }
            }
        }
        double[] logWeights = new double[components];
        Arrays.fill(logWeights, -Math.log(components));
        return LightBridge.diagonal(0.1, logWeights, locations, scales).build();
    }

    /** Standard normals. */
    static float[] normals(int count, long stream) {
        float[] values = new float[count];
        long key = CounterRandom.key(SEED, 300 + stream);
        for (int i = 0; i < count; i++) {
            values[i] = CounterRandom.normal(key, i);
        }
        return values;
    }
}
