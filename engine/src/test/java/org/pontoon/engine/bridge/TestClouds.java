package org.pontoon.engine.bridge;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.random.CounterRandom;

/** Seeded clouds and bridges for tests. */
final class TestClouds {

    private TestClouds() {
    }

    /** Points from a few separated Gaussian blobs around a shifted centre. */
    static PointCloud blobs(int size, int dimension, double shift, long seed) {
        PointCloud cloud = PointCloud.allocate(size, dimension);
        long key = CounterRandom.key(seed, 100);
        for (int n = 0; n < size; n++) {
            int blob = CounterRandom.uniformInt(key, 1L << 40 | n, 3);
            for (int d = 0; d < dimension; d++) {
                double centre = shift + 1.5 * CounterRandom.normal(key, 1L << 41 | blob * 10_000L + d);
                cloud.set(n, d, (float) (centre + 0.4 * CounterRandom.normal(key, (long) n * dimension + d)));
            }
        }
        return cloud;
    }

    static LightBridge bridge(int components, int dimension, Covariance covariance, double epsilon, long seed) {
        long key = CounterRandom.key(seed, 200);
        double[] logWeights = new double[components];
        double[] locations = new double[components * dimension];
        int square = covariance == Covariance.FULL ? dimension * dimension : dimension;
        double[] scales = new double[components * square];
        double[] means = new double[dimension];
        double[] others = new double[dimension];
        long i = 0;
        for (int k = 0; k < components; k++) {
            logWeights[k] = 0.5 * CounterRandom.normal(key, i++);
            for (int d = 0; d < dimension; d++) {
                locations[k * dimension + d] = CounterRandom.normal(key, i++);
            }
            if (covariance == Covariance.DIAGONAL) {
                for (int d = 0; d < dimension; d++) {
                    scales[k * dimension + d] = Math.exp(0.7 * CounterRandom.normal(key, i++));
                }
            } else {
                double[][] l = new double[dimension][dimension];
                for (int a = 0; a < dimension; a++) {
                    for (int b = 0; b <= a; b++) {
                        l[a][b] = a == b ? Math.exp(0.3 * CounterRandom.normal(key, i++)) : 0.4 * CounterRandom.normal(key, i++)
                            / Math.sqrt(dimension);
                    }
                }
                for (int a = 0; a < dimension; a++) {
                    for (int b = 0; b < dimension; b++) {
                        for (int c = 0; c <= Math.min(a, b); c++) {
                            scales[k * square + a * dimension + b] += l[a][c] * l[b][c];
                        }
                    }
                }
            }
        }
        for (int d = 0; d < dimension; d++) {
            means[d] = CounterRandom.normal(key, i++);
            others[d] = CounterRandom.normal(key, i++);
        }
        LightBridge.Builder builder = covariance == Covariance.DIAGONAL ? LightBridge.diagonal(epsilon, logWeights, locations, scales)
            : LightBridge.full(epsilon, logWeights, locations, scales);
        return builder.means(means, others).build();
    }

    static double[] point(int dimension, long seed) {
        double[] x = new double[dimension];
        for (int d = 0; d < dimension; d++) {
            x[d] = 1.3 * CounterRandom.normal(CounterRandom.key(seed, 300), d);
        }
        return x;
    }

    static float[] floats(double[] x) {
        float[] f = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            f[i] = (float) x[i];
        }
        return f;
    }
}
