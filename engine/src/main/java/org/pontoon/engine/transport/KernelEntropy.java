package org.pontoon.engine.transport;

import java.util.Arrays;
import java.util.Objects;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * The negative entropy {@code sum_i a_i log f(x_i)} of a cloud by way of its kernel density {@code f = sum_j a_j N(x_j, h^2 I)}, each point's
 * own term included, with its exact gradient {@code a_i sum_j a_j (1 / f_i + 1 / f_j) grad K_h(x_i - x_j)}. In O(N) memory.
 *
 * <p>The density of a Gaussian of variance s^2 has variance s^2 + h^2, so a flow of this entropy ends too narrow where h is not small.
 *
 * <p>Immutable and thread-safe; the same bits for any number of threads.
 */
public final class KernelEntropy {

    private final double bandwidth;
    private final Precision precision;

    /**
     * Makes an entropy.
     *
     * @param bandwidth h, standard deviation of the kernel in the unit of the coordinates
     * @param precision of the sums over pairs
     * @throws IllegalArgumentException if the bandwidth is not positive and finite
     */
    public KernelEntropy(double bandwidth, Precision precision) {
        if (!(bandwidth > 0) || bandwidth == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("bandwidth is " + bandwidth + ", expected positive and finite");
        }
        this.bandwidth = bandwidth;
        this.precision = Objects.requireNonNull(precision, "precision");
    }

    /**
     * Returns the bandwidth of Scott's rule, {@code deviation N^(-1 / (D + 4))}.
     *
     * @param deviation standard deviation of the cloud
     * @param size N
     * @param dimension D
     * @return h
     */
    public static double scottBandwidth(double deviation, int size, int dimension) {
        return deviation * Math.pow(size, -1.0 / (dimension + 4));
    }

    /**
     * Computes the negative entropy and its gradient.
     *
     * @param x the cloud; without weights every point weighs 1/N
     * @param scheduler runs the tiles
     * @return the value and its derivative in every coordinate and every weight
     * @throws IllegalArgumentException if a value is not finite
     */
    public LossGradient gradient(PointCloud x, TileScheduler scheduler) {
        Measure a = Measure.of(x, "cloud");
        int dimension = x.dimension();
        double logScale = -0.5 * dimension * Math.log(2 * Math.PI * bandwidth * bandwidth);
        PairKernel kernel = PairKernel.gaussian(bandwidth);
        PairSums pairs = PairSums.of(precision, scheduler, x, x);
        double[] density = new double[a.size()];
        double[] slope = new double[Math.multiplyExact(a.size(), dimension)];
        pairs.kernelSums(kernel, a.weights(), density, slope);
        double[] inverse = new double[a.size()];
        Arrays.setAll(inverse, i -> density[i] > 0 ? a.weights()[i] / density[i] : 0);
        double[] score = new double[a.size()];
        double[] otherSlope = new double[slope.length];
        pairs.kernelSums(kernel, inverse, score, otherSlope);
        double value = 0;
        for (int i = 0; i < a.size(); i++) {
            double weight = a.weights()[i];
            double own = density[i] > 0 ? 1 / density[i] : 0;
            double logarithm = weight > 0 ? Math.log(density[i]) + logScale : 0;
            value += weight * logarithm;
            score[i] += logarithm;
            for (int k = i * dimension; k < (i + 1) * dimension; k++) {
                slope[k] = weight * (slope[k] * own + otherSlope[k]);
            }
        }
        return new LossGradient(value, slope, score);
    }
}
