package org.pontoon.engine.flow;

import java.util.Arrays;
import java.util.stream.IntStream;

import org.pontoon.engine.internal.particle.Columns;
import org.pontoon.engine.memory.PointCloud;

/**
 * A potential V on R^D with its gradient, in float64: the energy {@code E V(x)}, or the target density {@code exp(-V)} up to a factor.
 * Points come in columns: coordinate d of point n stands at {@code d * stride + n}.
 *
 * <p>Implementations are stateless: several threads evaluate tiles at once.
 */
public interface Potential {

    /**
     * Returns the dimension.
     *
     * @return D, at least 1
     */
    int dimension();

    /**
     * Evaluates the potential at some points.
     *
     * @param points columns of the points
     * @param stride distance of a column from the next one
     * @param count number of points, at most the stride
     * @param values receives V, or null
     * @param gradient receives the gradient in columns of the same stride, or null
     */
    void evaluate(double[] points, int stride, int count, double[] values, double[] gradient);

    /**
     * Makes the quadratic potential {@code (x - m)' A (x - m) / 2}, of which exp(-V) is the Gaussian N(m, A^-1).
     *
     * @param matrix A, D x D row-major, symmetric
     * @param centre m, D values
     * @return the potential
     * @throws IllegalArgumentException if the matrix has another shape, is not symmetric or a value is not finite
     */
    static QuadraticPotential quadratic(double[] matrix, double[] centre) {
        return new QuadraticPotential(matrix, centre);
    }

    /**
     * Makes the potential {@code |x|^2 / 2} of the standard Gaussian.
     *
     * @param dimension D
     * @return the potential
     * @throws IllegalArgumentException if the dimension is below 1
     */
    static QuadraticPotential standardGaussian(int dimension) {
        double[] unit = new double[dimension * dimension];
        for (int d = 0; d < dimension; d++) {
            unit[d * (dimension + 1)] = 1;
        }
        return quadratic(unit, new double[dimension]);
    }

    /**
     * Makes the potential {@code -log sum_k w_k N(x; m_k, s^2 I)} of a mixture of Gaussians, normalised: the integral of exp(-V) is 1.
     *
     * @param weights w, K positive values, normalised here
     * @param means m, K x D row-major
     * @param deviation s, positive
     * @return the potential
     * @throws IllegalArgumentException if the shapes do not fit or a value is out of range
     */
    static Potential gaussianMixture(double[] weights, double[] means, double deviation) {
        return new MixturePotential(weights, means, deviation);
    }

    /**
     * Makes the potential of the Gaussian with a cloud's mean and covariance.
     *
     * @param cloud the points, without weights or with; more than D of them
     * @return the potential
     * @throws IllegalArgumentException if the covariance is singular or a coordinate not finite
     */
    static QuadraticPotential gaussian(PointCloud cloud) {
        return QuadraticPotential.fit(cloud);
    }

    /**
     * Makes the potential of a kernel density estimate: the normalised mixture of Gaussians of one deviation at a cloud's points. Points
     * without weight are left out. An evaluation takes time in proportion to the cloud's size.
     *
     * @param cloud the points, without weights or with
     * @param deviation of the Gaussians, positive
     * @return the potential
     * @throws IllegalArgumentException if a coordinate is not finite or the deviation out of range
     */
    static Potential kernelDensity(PointCloud cloud, double deviation) {
        cloud.requireFinite("cloud of the density");
        double[] weights = Columns.weights(cloud);
        int[] weighty = IntStream.range(0, weights.length).filter(i -> weights[i] > 0).toArray();
        double[] means = new double[weighty.length * cloud.dimension()];
        Arrays.setAll(means, k -> cloud.get(weighty[k / cloud.dimension()], k % cloud.dimension()));
        return gaussianMixture(Arrays.stream(weighty).mapToDouble(i -> weights[i]).toArray(), means, deviation);
    }

    /**
     * Makes the potential {@code -s log |x|}, which for s &gt; 0 pushes away from the origin; a point at the origin stays.
     *
     * @param dimension D
     * @param strength s
     * @return the potential
     * @throws IllegalArgumentException if the dimension is below 1 or the strength not finite
     */
    static Potential logarithmic(int dimension, double strength) {
        return new LogarithmicPotential(dimension, strength);
    }
}
