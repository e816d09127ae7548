package org.pontoon.engine.flow;

import java.util.Arrays;

import org.pontoon.engine.internal.kernel.CholeskyFactor;
import org.pontoon.engine.internal.particle.Columns;
import org.pontoon.engine.internal.particle.Matrices;
import org.pontoon.engine.memory.PointCloud;

/** The potential {@code (x - m)' A (x - m) / 2}, of which exp(-V) is the Gaussian N(m, A^-1). Immutable and thread-safe. */
public final class QuadraticPotential implements Potential {

    /** A covariance with an eigenvalue below this share of its trace counts as singular. */
    private static final double FLAT = 1e-10;

    private final double[] matrix;
    private final double[] centre;

    QuadraticPotential(double[] matrix, double[] centre) {
        this.matrix = matrix.clone();
        this.centre = centre.clone();
        Matrices.requireSymmetric(this.matrix, centre.length, "matrix of the potential");
        Matrices.requireFinite(this.centre, "centre of the potential");
    }

    /**
     * Returns the matrix.
     *
     * @return A, D x D row-major
     */
    public double[] matrix() {
        return matrix.clone();
    }

    /**
     * Returns the centre.
     *
     * @return m, D values
     */
    public double[] centre() {
        return centre.clone();
    }

    /** The Gaussian with a cloud's mean and covariance. */
    static QuadraticPotential fit(PointCloud cloud) {
        cloud.requireFinite("cloud of the density");
        int dimension = cloud.dimension();
        double[] weights = Columns.weights(cloud);
        double mass = Arrays.stream(weights).sum();
        double[] mean = new double[dimension];
        for (int i = 0; i < weights.length; i++) {
            for (int d = 0; d < dimension; d++) {
                mean[d] += weights[i] / mass * cloud.get(i, d);
            }
        }
        double[] covariance = new double[dimension * dimension];
        for (int i = 0; i < weights.length; i++) {
            for (int d = 0; d < dimension; d++) {
                for (int e = 0; e < dimension; e++) {
                    covariance[d * dimension + e] += weights[i] / mass * (cloud.get(i, d) - mean[d]) * (cloud.get(i, e) - mean[e]);
                }
            }
        }
        double trace = 0;
        for (int d = 0; d < dimension; d++) {
            trace += covariance[d * (dimension + 1)];
        }
        double[] ridged = covariance.clone();
        for (int d = 0; d < dimension; d++) {
            ridged[d * (dimension + 1)] -= FLAT * trace;
        }
        double[][] factor = CholeskyFactor.rows(covariance, dimension);
        if (!CholeskyFactor.factorise(CholeskyFactor.rows(ridged, dimension)) || !CholeskyFactor.factorise(factor)) {
            throw new IllegalArgumentException("the covariance of the density's " + weights.length
                + " points is singular, expected points that span all " + dimension + " dimensions");
        }
        double[] precision = CholeskyFactor.inverse(factor);
        for (int d = 0; d < dimension; d++) {
            for (int e = 0; e < d; e++) {
                precision[d * dimension + e] = precision[e * dimension + d];
            }
        }
        return new QuadraticPotential(precision, mean);
    }

    @Override
    public int dimension() {
        return centre.length;
    }

    @Override
    public void evaluate(double[] points, int stride, int count, double[] values, double[] gradient) {
        int dimension = centre.length;
        if (values != null) {
            Arrays.fill(values, 0, count, 0);
        }
        for (int d = 0; d < dimension; d++) {
            if (gradient != null) {
                Arrays.fill(gradient, d * stride, d * stride + count, 0);
            }
            for (int e = 0; e < dimension; e++) {
                double a = matrix[d * dimension + e];
                if (gradient != null) {
                    addScaled(points, e * stride, centre[e], a, gradient, d * stride, count);
                }
                if (values != null) {
                    addProducts(points, d * stride, centre[d], e * stride, centre[e], 0.5 * a, values, count);
                }
            }
        }
    }

    private static void addScaled(double[] points, int at, double centre, double factor, double[] sum, int sumAt, int count) {
        for (int n = 0; n < count; n++) {
            sum[sumAt + n] += factor * (points[at + n] - centre);
        }
    }

    private static void addProducts(double[] points, int at, double centre, int otherAt, double otherCentre, double factor, double[] sum,
            int count) {
        for (int n = 0; n < count; n++) {
            sum[n] += factor * (points[at + n] - centre) * (points[otherAt + n] - otherCentre);
        }
    }
}
