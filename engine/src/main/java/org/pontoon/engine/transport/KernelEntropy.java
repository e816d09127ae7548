package org.pontoon.engine.transport;

import java.util.Arrays;
import java.util.Objects;

import org.pontoon.engine.internal.kernel.CholeskyFactor;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * The negative entropy {@code sum_i a_i log f(x_i)} of a cloud by way of its kernel density {@code f = sum_j a_j N(x_j, B)}, each point's
 * own term included, with its exact gradient. In O(N) memory. The kernel's covariance B is one of two:
 *
 * <p>{@code B = h^2 I}, by the constructor, with the gradient {@code a_i sum_j a_j (1 / f_i + 1 / f_j) grad K(x_i - x_j)} (Carrillo, Craig,
 * Patacchini 2019, "A blob method for diffusion"). The density of N(m, S) is N(m, S + B), so that this entropy is not the one of the
 * Gaussian, and its flow in a potential of curvature a ends too narrow: at
 * {@code a = 1 / (s + h^2) + h^2 / (s + h^2)^2}, which is {@code s = (1 + sqrt(1 + 4 a h^2)) / (2 a) - h^2 = (1 - a^2 h^4 + O(a^3 h^6)) / a}
 * for every eigenvalue a of the potential's Hessian, and at 0 from {@code a h^2 = 2} on: nothing resists a collapse along directions that
 * are narrow beside h.
 *
 * <p>{@code B = h^2 S}, by {@link #whitened}, where S is the cloud's own covariance and is differentiated as well. Under an affine map this
 * entropy changes by {@code -log |det|} exactly, whatever the cloud, so {@code sum_i grad_i (x_i - m)' = -I}: a flow in a quadratic
 * potential of Hessian A can only end at the covariance {@code A^-1}, for every N and h, and cannot collapse. The value is corrected by
 * {@code D (log(1 + h^2) - h^2 / (1 + h^2)) / 2}, the smoothing's error on Gaussians. Where points are so few that kernels do not overlap,
 * what remains of the gradient is that of the Gaussian of covariance S.
 *
 * <p>Immutable and thread-safe; the same bits for any number of threads.
 */
public final class KernelEntropy {

    private final double bandwidth;
    private final Precision precision;
    private final boolean whitened;

    /**
     * Makes an entropy whose kernel is the same in all directions.
     *
     * @param bandwidth h, standard deviation of the kernel in the unit of the coordinates
     * @param precision of the sums over pairs
     * @throws IllegalArgumentException if the bandwidth is not positive and finite
     */
    public KernelEntropy(double bandwidth, Precision precision) {
        this(bandwidth, precision, false);
    }

    private KernelEntropy(double bandwidth, Precision precision, boolean whitened) {
        if (!(bandwidth > 0) || bandwidth == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("bandwidth is " + bandwidth + ", expected positive and finite");
        }
        this.bandwidth = bandwidth;
        this.precision = Objects.requireNonNull(precision, "precision");
        this.whitened = whitened;
    }

    /**
     * Makes an entropy whose kernel has the shape of the cloud.
     *
     * @param bandwidth h, standard deviation of the kernel in units of the cloud's own; {@link #scottBandwidth} of deviation 1 is a choice
     * @param precision of the sums over pairs
     * @return the entropy
     * @throws IllegalArgumentException if the bandwidth is not positive and finite
     */
    public static KernelEntropy whitened(double bandwidth, Precision precision) {
        return new KernelEntropy(bandwidth, precision, true);
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
     * @throws IllegalArgumentException if a value is not finite, or the kernel has the shape of the cloud and its covariance is singular
     */
    public LossGradient gradient(PointCloud x, TileScheduler scheduler) {
        Measure a = Measure.of(x, "cloud");
        if (!whitened) {
            return gradient(x, a.weights(), scheduler);
        }
        int dimension = x.dimension();
        double[] rows = a.rows(a.mean());
        double[][] factor = covariance(rows, a, dimension);
        if (!CholeskyFactor.factorise(factor)) {
            throw new IllegalArgumentException("covariance of the cloud of " + x.size() + " points in dimension " + dimension
                + " is singular, expected points that span all directions");
        }
        float[] white = new float[rows.length];
        for (int i = 0; i < rows.length; i += dimension) {
            solveTransposed(factor, rows, i);
            for (int k = i; k < i + dimension; k++) {
                white[k] = (float) rows[k];
            }
        }
        LossGradient isotropic;
        try (PointCloud cloud = PointCloud.ofRows(white, x.size(), dimension)) {
            isotropic = gradient(cloud, a.weights(), scheduler);
        }
        return affine(isotropic, rows, factor, a);
    }

    /** Turns the isotropic kernel's answer for the whitened cloud into the answer for the cloud. */
    private LossGradient affine(LossGradient isotropic, double[] rows, double[][] factor, Measure a) {
        int dimension = factor.length;
        double[] slope = isotropic.points();
        // what the kernel's shape adds: Q = -(A I + sum_i g_i z_i') / 2 is the derivative in the whitened covariance
        double[][] shape = new double[dimension][dimension];
        double logRoot = 0;
        for (int d = 0; d < dimension; d++) {
            logRoot += Math.log(factor[d][d]);
            shape[d][d] = 1;
        }
        for (int i = 0; i < rows.length; i += dimension) {
            for (int d = 0; d < dimension; d++) {
                for (int e = 0; e < dimension; e++) {
                    // symmetric but for rounding
                    shape[d][e] += 0.5 * (slope[i + d] * rows[i + e] + slope[i + e] * rows[i + d]) / a.mass();
                }
            }
        }
        double trace = 0;
        for (int d = 0; d < dimension; d++) {
            trace += shape[d][d];
        }
        double square = bandwidth * bandwidth;
        double shift = 0.5 * dimension * (Math.log1p(square) - square / (1 + square)) - logRoot;
        double[] score = isotropic.weights();
        double[] product = new double[dimension];
        for (int n = 0; n < score.length; n++) {
            int at = n * dimension;
            double form = 0;
            for (int d = 0; d < dimension; d++) {
                product[d] = 0;
                for (int e = 0; e < dimension; e++) {
                    product[d] += shape[d][e] * rows[at + e];
                }
                form += product[d] * rows[at + d];
            }
            for (int d = 0; d < dimension; d++) {
                slope[at + d] -= a.weights()[n] * product[d];
            }
            solve(factor, slope, at);
            score[n] += shift - 0.5 * (form - trace);
        }
        return new LossGradient(isotropic.value() + shift * a.mass(), slope, score);
    }

    private static double[][] covariance(double[] rows, Measure a, int dimension) {
        double[][] sum = new double[dimension][dimension];
        for (int n = 0; n < a.size(); n++) {
            int at = n * dimension;
            double weight = a.weights()[n] / a.mass();
            for (int d = 0; d < dimension; d++) {
                for (int e = d; e < dimension; e++) {
                    sum[d][e] += weight * rows[at + d] * rows[at + e];
                }
            }
        }
        return sum;
    }

    /** Solves {@code U' z = x} in place, at an offset. */
    private static void solveTransposed(double[][] u, double[] x, int at) {
        for (int d = 0; d < u.length; d++) {
            x[at + d] /= u[d][d];
            for (int e = d + 1; e < u.length; e++) {
                x[at + e] -= u[d][e] * x[at + d];
            }
        }
    }

    /** Solves {@code U x = z} in place, at an offset. */
    private static void solve(double[][] u, double[] z, int at) {
        for (int d = u.length - 1; d >= 0; d--) {
            for (int e = d + 1; e < u.length; e++) {
                z[at + d] -= u[d][e] * z[at + e];
            }
            z[at + d] /= u[d][d];
        }
    }

    private LossGradient gradient(PointCloud x, double[] weights, TileScheduler scheduler) {
        int size = weights.length;
        int dimension = x.dimension();
        double logScale = -0.5 * dimension * Math.log(2 * Math.PI * bandwidth * bandwidth);
        PairKernel kernel = PairKernel.gaussian(bandwidth);
        PairSums pairs = PairSums.of(precision, scheduler, x, x);
        double[] density = new double[size];
        double[] slope = new double[Math.multiplyExact(size, dimension)];
        pairs.kernelSums(kernel, weights, density, slope);
        double[] inverse = new double[size];
        Arrays.setAll(inverse, i -> density[i] > 0 ? weights[i] / density[i] : 0);
        double[] score = new double[size];
        double[] otherSlope = new double[slope.length];
        pairs.kernelSums(kernel, inverse, score, otherSlope);
        double value = 0;
        for (int i = 0; i < size; i++) {
            double weight = weights[i];
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
