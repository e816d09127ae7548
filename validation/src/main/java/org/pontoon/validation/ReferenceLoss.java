package org.pontoon.validation;

import java.util.Arrays;

import org.ejml.data.DMatrixRMaj;

/**
 * The training objective of a light bridge and its gradients on two batches, in float64 and written straight from their definition
 * (Korotin, Gushchin, Burnaev 2024, "Light Schrödinger Bridge", eq. 12):
 *
 * <pre>
 *   L = mean_x log c(x) - mean_y log v(y)
 *   log c(x) = log sum_k exp(l_k(x)),   l_k(x) = log alpha_k + (x' S_k x + 2 r_k' x) / (2 epsilon)
 *   log v(y) = log sum_k alpha_k N(y | r_k, epsilon S_k)
 * </pre>
 *
 * <p>With w = softmax_k l_k(x), q = softmax_k [log alpha_k + log N(y | r_k, epsilon S_k)] and u = S_k^-1 (y - r_k) the gradients are
 *
 * <pre>
 *   dL / dlog alpha_k = mean_x w_k - mean_y q_k
 *   dL / dr_k         = mean_x [w_k x] / epsilon - mean_y [q_k u] / epsilon
 *   dL / dS_k         = mean_x [w_k x x'] / (2 epsilon) - mean_y [q_k u u'] / (2 epsilon) + mean_y [q_k] S_k^-1 / 2
 * </pre>
 *
 * <p>the last one for symmetric S_k; for diagonal S_k its diagonal. It shares no code with the engine. Immutable and safe for any thread.
 */
public final class ReferenceLoss {

    private final double epsilon;
    private final int dimension;
    private final double[] source;
    private final double[] target;

    /**
     * Holds two batches, which need not be of one size.
     *
     * @param epsilon entropic parameter, positive
     * @param dimension number of coordinates D
     * @param source source points, shape (n, D) row-major, n at least 1
     * @param target target points, shape (m, D) row-major, m at least 1
     * @throws IllegalArgumentException if a batch is empty or not a multiple of D, or epsilon is not positive
     */
    public ReferenceLoss(double epsilon, int dimension, double[] source, double[] target) {
        if (!(epsilon > 0)) {
            throw new IllegalArgumentException("epsilon is " + epsilon + ", expected positive");
        }
        if (dimension < 1 || source.length == 0 || target.length == 0 || source.length % dimension != 0 || target.length % dimension != 0) {
            throw new IllegalArgumentException("batches have " + source.length + " and " + target.length
                + " values, expected positive multiples of the dimension " + dimension);
        }
        this.epsilon = epsilon;
        this.dimension = dimension;
        this.source = source.clone();
        this.target = target.clone();
    }

    /**
     * The objective and its derivatives.
     *
     * @param loss L
     * @param logWeights dL / dlog alpha_k, K values
     * @param locations dL / dr_k, shape (K, D)
     * @param scales dL / dS_k, shape (K, D) for diagonal and (K, D, D), symmetric, for full S_k
     */
    public record Gradient(double loss, double[] logWeights, double[] locations, double[] scales) {
    }

    /**
     * Evaluates for diagonal S_k.
     *
     * @param logWeights log alpha_k, K values
     * @param locations r_k, shape (K, D)
     * @param scales diagonals of S_k, shape (K, D), positive
     * @return objective and gradient
     */
    public Gradient diagonal(double[] logWeights, double[] locations, double[] scales) {
        int k = logWeights.length;
        double[] full = new double[k * dimension * dimension];
        for (int i = 0; i < k * dimension; i++) {
            full[i * dimension + i % dimension] = scales[i];
        }
        Gradient g = full(logWeights, locations, full);
        double[] diagonal = new double[k * dimension];
        for (int i = 0; i < diagonal.length; i++) {
            diagonal[i] = g.scales[i * dimension + i % dimension];
        }
        return new Gradient(g.loss, g.logWeights, g.locations, diagonal);
    }

    /**
     * Evaluates for full S_k.
     *
     * @param logWeights log alpha_k, K values
     * @param locations r_k, shape (K, D)
     * @param scales S_k, shape (K, D, D), symmetric positive definite
     * @return objective and gradient
     * @throws IllegalArgumentException if an S_k is not positive definite
     */
    public Gradient full(double[] logWeights, double[] locations, double[] scales) {
        int components = logWeights.length;
        int square = dimension * dimension;
        DMatrixRMaj[] inverses = new DMatrixRMaj[components];
        double[] logDeterminants = new double[components];
        for (int k = 0; k < components; k++) {
            double[] s = Arrays.copyOfRange(scales, k * square, (k + 1) * square);
            DMatrixRMaj m = Matrices.of(s, dimension, dimension);
            inverses[k] = Matrices.inverse(m);
            logDeterminants[k] = Matrices.logDeterminant(m);
        }
        double[] weightGradient = new double[components];
        double[] locationGradient = new double[components * dimension];
        double[] scaleGradient = new double[components * square];
        double[] logits = new double[components];
        double[] x = new double[dimension];

        int sources = source.length / dimension;
        double meanLogC = 0;
        for (int n = 0; n < sources; n++) {
            System.arraycopy(source, n * dimension, x, 0, dimension);
            for (int k = 0; k < components; k++) {
                double sum = 0;
                for (int i = 0; i < dimension; i++) {
                    double sx = 0;
                    for (int j = 0; j < dimension; j++) {
                        sx += scales[k * square + i * dimension + j] * x[j];
                    }
                    sum += x[i] * (sx + 2 * locations[k * dimension + i]);
                }
                logits[k] = logWeights[k] + sum / (2 * epsilon);
            }
            meanLogC += softmax(logits) / sources;
            for (int k = 0; k < components; k++) {
                double w = logits[k] / sources;
                weightGradient[k] += w;
                for (int i = 0; i < dimension; i++) {
                    locationGradient[k * dimension + i] += w * x[i] / epsilon;
                    for (int j = 0; j < dimension; j++) {
                        scaleGradient[k * square + i * dimension + j] += w * x[i] * x[j] / (2 * epsilon);
                    }
                }
            }
        }

        int targets = target.length / dimension;
        double meanLogV = 0;
        double[][] solved = new double[components][];
        for (int n = 0; n < targets; n++) {
            for (int k = 0; k < components; k++) {
                for (int i = 0; i < dimension; i++) {
                    x[i] = target[n * dimension + i] - locations[k * dimension + i];
                }
                solved[k] = Matrices.multiply(inverses[k], x);
                double sum = logDeterminants[k] + dimension * Math.log(2 * Math.PI * epsilon);
                for (int i = 0; i < dimension; i++) {
                    sum += x[i] * solved[k][i] / epsilon;
                }
                logits[k] = logWeights[k] - 0.5 * sum;
            }
            meanLogV += softmax(logits) / targets;
            for (int k = 0; k < components; k++) {
                double q = logits[k] / targets;
                double[] u = solved[k];
                weightGradient[k] -= q;
                for (int i = 0; i < dimension; i++) {
                    locationGradient[k * dimension + i] -= q * u[i] / epsilon;
                    for (int j = 0; j < dimension; j++) {
                        scaleGradient[k * square + i * dimension + j] += 0.5 * q * (inverses[k].get(i, j) - u[i] * u[j] / epsilon);
                    }
                }
            }
        }
        return new Gradient(meanLogC - meanLogV, weightGradient, locationGradient, scaleGradient);
    }

    /**
     * Turns the derivative by a symmetric matrix S = L L' into that by its lower triangular factor, 2 tril(G L).
     *
     * @param gradient G = dL / dS, shape (D, D), symmetric
     * @param factor L, shape (D, D), lower triangular
     * @param dimension D
     * @return dL / dL, shape (D, D), lower triangular
     */
    public static double[] choleskyGradient(double[] gradient, double[] factor, int dimension) {
        double[] product = Matrices
            .rows(Matrices.multiply(Matrices.of(gradient, dimension, dimension), Matrices.of(factor, dimension, dimension)));
        for (int i = 0; i < dimension; i++) {
            for (int j = 0; j < dimension; j++) {
                product[i * dimension + j] *= j <= i ? 2 : 0;
            }
        }
        return product;
    }

    /** Replaces logits by their softmax and returns their log-sum-exp. */
    private static double softmax(double[] logits) {
        double most = Double.NEGATIVE_INFINITY;
        for (double l : logits) {
            most = Math.max(most, l);
        }
        double sum = 0;
        for (double l : logits) {
            sum += Math.exp(l - most);
        }
        double log = most + Math.log(sum);
        for (int k = 0; k < logits.length; k++) {
            logits[k] = Math.exp(logits[k] - log);
        }
        return log;
    }
}
