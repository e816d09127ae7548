package org.pontoon.validation;

import java.util.Arrays;

import org.ejml.data.DMatrixRMaj;
import org.pontoon.engine.bridge.Covariance;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.random.CounterRandom;

/** Random inputs for checks: a sequence of numbers that is a function of the seed. */
final class RandomProblem {

    private final long key;
    private long next;

    RandomProblem(long seed, long stream) {
        // one key further down than the engine's own streams of this seed
        this.key = CounterRandom.key(CounterRandom.key(seed, -1), stream);
    }

    double uniform(double low, double high) {
        return low + (high - low) * CounterRandom.uniform(key, next++);
    }

    double[] normals(int count, double deviation) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = deviation * CounterRandom.normal(key, next++);
        }
        return values;
    }

    double[] uniforms(int count, double low, double high) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = uniform(low, high);
        }
        return values;
    }

    /** A symmetric positive definite matrix with eigenvalues from about low upwards. */
    double[] covariance(int dimension, double low) {
        DMatrixRMaj m = Matrices.of(normals(dimension * dimension, 1 / Math.sqrt(dimension)), dimension, dimension);
        return Matrices.rows(Matrices.combine(1, Matrices.multiplyTransposed(m, m), low, Matrices.identity(dimension)));
    }

    double[] diagonalCovariance(int dimension, double low, double high) {
        double[] m = new double[dimension * dimension];
        for (int d = 0; d < dimension; d++) {
            m[d * dimension + d] = uniform(low, high);
        }
        return m;
    }

    /** Points rounded to float32, as doubles. */
    double[] points(int count, int dimension, double deviation) {
        double[] values = normals(count * dimension, deviation);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) values[i];
        }
        return values;
    }

    /** A bridge whose components compete: locations of the spread of the data, origins away from zero. */
    LightBridge bridge(Covariance covariance, int dimension, int components, double epsilon) {
        double[] logWeights = normals(components, 0.5);
        double[] locations = normals(components * dimension, 1);
        double[] source = normals(dimension, 1);
        double[] target = normals(dimension, 1);
        if (covariance == Covariance.DIAGONAL) {
            return LightBridge.diagonal(epsilon, logWeights, locations, uniforms(components * dimension, 0.3, 1.5)).means(source, target)
                .build();
        }
        double[] scales = new double[components * dimension * dimension];
        for (int k = 0; k < components; k++) {
            System.arraycopy(covariance(dimension, 0.3), 0, scales, k * dimension * dimension, dimension * dimension);
        }
        return LightBridge.full(epsilon, logWeights, locations, scales).means(source, target).build();
    }

    static PointCloud cloud(double[] rows, int dimension) {
        float[] values = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
            values[i] = (float) rows[i];
        }
        return PointCloud.ofRows(values, rows.length / dimension, dimension);
    }

    static double[] row(double[] rows, int n, int dimension) {
        return Arrays.copyOfRange(rows, n * dimension, (n + 1) * dimension);
    }
}
