package org.pontoon.engine.flow;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.random.CounterRandom;

/** Mean and covariance of a cloud, and clouds of normals. */
public record Moments(double[] mean, double[] covariance) {

    public static Moments of(PointCloud cloud) {
        int dimension = cloud.dimension();
        double[] mean = new double[dimension];
        double[] covariance = new double[dimension * dimension];
        for (int n = 0; n < cloud.size(); n++) {
            for (int d = 0; d < dimension; d++) {
                mean[d] += cloud.get(n, d) / (double) cloud.size();
            }
        }
        for (int n = 0; n < cloud.size(); n++) {
            for (int d = 0; d < dimension; d++) {
                for (int e = 0; e < dimension; e++) {
                    covariance[d * dimension + e] += (cloud.get(n, d) - mean[d]) * (cloud.get(n, e) - mean[e]) / cloud.size();
                }
            }
        }
        return new Moments(mean, covariance);
    }

    public static PointCloud normals(int size, int dimension, double mean, double deviation, long seed) {
        PointCloud cloud = PointCloud.allocate(size, dimension);
        long key = CounterRandom.key(seed, 77);
        for (int n = 0; n < size; n++) {
            for (int d = 0; d < dimension; d++) {
                cloud.set(n, d, (float) (mean + deviation * CounterRandom.normal(key, (long) n * dimension + d)));
            }
        }
        return cloud;
    }
}
