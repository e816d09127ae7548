package org.pontoon.validation;

import org.ejml.data.DMatrixRMaj;

/**
 * Laws of flows that stay Gaussian, float64: of Ornstein-Uhlenbeck processes, of unadjusted Langevin steps, and of the steps of Jordan,
 * Kinderlehrer and Otto in the 2-Wasserstein and the sliced-Wasserstein space, all for {@code V(x) = (x - m*)' A (x - m*) / 2}.
 *
 * @param mean D values
 * @param covariance D x D row-major
 */
public record GaussianFlow(double[] mean, double[] covariance) {

    /** Copies and checks. */
    public GaussianFlow {
        mean = mean.clone();
        covariance = Matrices.rows(Matrices.covariance(covariance, mean.length, "covariance"));
    }

    /**
     * Returns the mean.
     *
     * @return D values
     */
    @Override
    public double[] mean() {
        return mean.clone();
    }

    /**
     * Returns the covariance.
     *
     * @return D x D row-major
     */
    @Override
    public double[] covariance() {
        return covariance.clone();
    }

    private int dimension() {
        return mean.length;
    }

    private DMatrixRMaj matrix(double[] rows) {
        return Matrices.of(rows, dimension(), dimension());
    }

    /** {@code centre + map (mean - centre)} and {@code map S map' + noise}. */
    private GaussianFlow moved(DMatrixRMaj map, double[] centre, DMatrixRMaj noise) {
        double[] gap = new double[dimension()];
        for (int d = 0; d < gap.length; d++) {
            gap[d] = mean[d] - centre[d];
        }
        double[] next = Matrices.multiply(map, gap);
        for (int d = 0; d < gap.length; d++) {
            next[d] += centre[d];
        }
        DMatrixRMaj spread = Matrices.multiplyTransposed(Matrices.multiply(map, matrix(covariance)), map);
        return new GaussianFlow(next, symmetric(Matrices.combine(1, spread, 1, noise)));
    }

    private static double[] symmetric(DMatrixRMaj a) {
        return Matrices.rows(Matrices.combine(0.5, a, 0.5, Matrices.transpose(a)));
    }

    /**
     * The law of the Langevin diffusion after a time.
     *
     * @param matrix A, D x D row-major, symmetric and positive definite
     * @param centre m*
     * @param time not negative
     * @return {@code N(m* + e^-tA (m - m*), e^-tA S e^-tA + A^-1 (I - e^-2tA))}
     */
    public GaussianFlow ornsteinUhlenbeck(double[] matrix, double[] centre, double time) {
        DMatrixRMaj a = matrix(matrix);
        return moved(Matrices.spectral(a, v -> Math.exp(-time * v)), centre, Matrices.spectral(a, v -> -Math.expm1(-2 * time * v) / v));
    }

    /**
     * The law after one unadjusted Langevin step.
     *
     * @param matrix A
     * @param centre m*
     * @param step h
     * @return {@code N(m* + (I - hA)(m - m*), (I - hA) S (I - hA) + 2 h I)}
     */
    public GaussianFlow langevinStep(double[] matrix, double[] centre, double step) {
        DMatrixRMaj identity = Matrices.identity(dimension());
        return moved(Matrices.combine(1, identity, -step, matrix(matrix)), centre, Matrices.combine(2 * step, identity, 0, identity));
    }

    /**
     * The law after one step of the 2-Wasserstein JKO scheme, which minimises {@code W_2^2(mu, mu_k) / (2 tau) + KL(mu | exp(-V))}.
     *
     * @param matrix A, which commutes with the covariance
     * @param centre m*
     * @param step tau
     * @return the minimum, by eigenvalues {@code s = (s_k + sqrt(s_k^2 + 4 tau (1 + tau a))) / (2 (1 + tau a))} of square roots
     * @throws IllegalArgumentException if A and the covariance do not commute
     */
    public GaussianFlow wassersteinStep(double[] matrix, double[] centre, double step) {
        DMatrixRMaj a = matrix(matrix);
        DMatrixRMaj s = matrix(covariance);
        DMatrixRMaj difference = Matrices.combine(1, Matrices.multiply(a, s), -1, Matrices.multiply(s, a));
        if (Matrices.trace(Matrices.multiplyTransposed(difference, difference)) > 1e-20 * Matrices.trace(a) * Matrices.trace(s)) {
            throw new IllegalArgumentException("matrix and covariance do not commute");
        }
        DMatrixRMaj damped = Matrices.spectral(a, v -> 1 / (1 + step * v));
        // s^2 = s_k^2 / c^2 * ..., written with matrices that commute: root = (s_k + (s_k^2 + 4 tau C)^(1/2)) C^-1 / 2, C = I + tau A
        DMatrixRMaj c = Matrices.combine(1, Matrices.identity(dimension()), step, a);
        DMatrixRMaj inner = Matrices.spectral(Matrices.combine(1, s, 4 * step, c), Math::sqrt);
        DMatrixRMaj root = Matrices.multiply(Matrices.combine(0.5, Matrices.spectral(s, Math::sqrt), 0.5, inner), damped);
        GaussianFlow shifted = moved(damped, centre, s);
        return new GaussianFlow(shifted.mean, symmetric(Matrices.multiplyTransposed(root, root)));
    }

    /**
     * The law after one step of the sliced-Wasserstein JKO scheme in the plane, by the damped fixed-point iteration of its first-order
     * condition {@code S^-1 = A + mean_theta theta theta' (1 - sigma_k / sigma) / tau}.
     *
     * @param matrix A
     * @param centre m*
     * @param step tau
     * @param angles number of equispaced angles
     * @return the minimum
     * @throws IllegalStateException if the iteration does not converge
     */
    public GaussianFlow slicedStep(double[] matrix, double[] centre, double step, int angles) {
        if (dimension() != 2) {
            throw new IllegalArgumentException("dimension is " + dimension() + ", expected 2");
        }
        DMatrixRMaj a = matrix(matrix);
        DMatrixRMaj map = Matrices.inverse(Matrices.combine(1, Matrices.identity(2), 2 * step, a));
        double[] nextMean = moved(map, centre, matrix(covariance)).mean;
        DMatrixRMaj s = matrix(covariance);
        double residual = Double.POSITIVE_INFINITY;
        for (int iteration = 0; iteration < 100_000 && residual > 1e-14; iteration++) {
            // theta theta' sigma_k / sigma pulls, theta theta' holds: the isotropic equation with matrices in the places of numbers
            DMatrixRMaj pull = new DMatrixRMaj(2, 2);
            for (int l = 0; l < angles; l++) {
                double x = Math.cos(Math.PI * l / angles);
                double y = Math.sin(Math.PI * l / angles);
                double ratio = deviation(covariance, x, y) / deviation(s.data, x, y) / angles;
                pull.add(0, 0, ratio * x * x);
                pull.add(0, 1, ratio * x * y);
                pull.add(1, 0, ratio * x * y);
                pull.add(1, 1, ratio * y * y);
            }
            DMatrixRMaj left = Matrices.combine(0.5 / step, Matrices.identity(2), 1, a);
            DMatrixRMaj gap = Matrices.combine(1, Matrices.combine(1, left, -1 / step, pull), -1, Matrices.inverse(s));
            residual = Math.sqrt(Matrices.trace(Matrices.multiplyTransposed(gap, gap)));
            DMatrixRMaj move = Matrices.multiply(Matrices.multiply(s, gap), s);
            double damping = 0.3 / (1 + 1 / step * Matrices.trace(s));
            s = Matrices.of(symmetric(Matrices.combine(1, s, -damping, move)), 2, 2);
        }
        if (!(residual < 1e-11)) {
            throw new IllegalStateException("the fixed point of the sliced step was not found: residual " + residual);
        }
        return new GaussianFlow(nextMean, Matrices.rows(s));
    }

    private static double deviation(double[] s, double x, double y) {
        return Math.sqrt(x * x * s[0] + 2 * x * y * s[1] + y * y * s[3]);
    }

    /**
     * The symmetric Kullback-Leibler divergence KL(0|1) + KL(1|0) from another Gaussian.
     *
     * @param other the other
     * @return a number that is not negative but for rounding
     */
    public double symmetricDivergence(GaussianFlow other) {
        DMatrixRMaj p = Matrices.inverse(matrix(covariance));
        DMatrixRMaj q = Matrices.inverse(matrix(other.covariance));
        double sum = Matrices.trace(Matrices.multiply(q, matrix(covariance)))
            + Matrices.trace(Matrices.multiply(p, matrix(other.covariance)))
            - 2 * dimension();
        for (int i = 0; i < dimension(); i++) {
            for (int j = 0; j < dimension(); j++) {
                sum += (mean[i] - other.mean[i]) * (p.get(i, j) + q.get(i, j)) * (mean[j] - other.mean[j]);
            }
        }
        return sum / 2;
    }

    /**
     * The free energy {@code E V + E log rho}.
     *
     * @param matrix A
     * @param centre m*
     * @return its value
     */
    public double freeEnergy(double[] matrix, double[] centre) {
        DMatrixRMaj a = matrix(matrix);
        double sum = Matrices.trace(Matrices.multiply(a, matrix(covariance))) - dimension() * Math.log(2 * Math.PI * Math.E)
            - Matrices.logDeterminant(matrix(covariance));
        for (int i = 0; i < dimension(); i++) {
            for (int j = 0; j < dimension(); j++) {
                sum += (mean[i] - centre[i]) * a.get(i, j) * (mean[j] - centre[j]);
            }
        }
        return sum / 2;
    }
}
