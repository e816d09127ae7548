package org.pontoon.validation;

import org.ejml.data.DMatrixRMaj;

/** The Wasserstein distance between Gaussians, float64. */
public final class BuresWasserstein {

    private BuresWasserstein() {
    }

    /**
     * Returns the optimal transport cost between two Gaussians for the cost |x - y|^2 / 2: half of the squared Wasserstein distance, as the
     * entropic transport benchmark uses it (Gushchin, Kolesov, Mokrov, Karpikova, Spiridonov, Burnaev, Korotin 2023, "Building the bridge
     * of Schrödinger"),
     *
     * <pre>
     *   (1/2) |m0 - m1|^2 + (1/2) tr A + (1/2) tr B - tr (A^(1/2) B A^(1/2))^(1/2)
     * </pre>
     *
     * <p>The last trace is the sum of the singular values of U'L for any factors A = L L' and B = U U'.
     *
     * @param firstMean m0, D values
     * @param firstCovariance A, shape (D, D) row-major, symmetric positive semi-definite
     * @param secondMean m1, D values
     * @param secondCovariance B, shape (D, D) row-major, symmetric positive semi-definite
     * @return the cost, at least 0 up to rounding, in squared units of the coordinates
     * @throws IllegalArgumentException if the shapes differ
     */
    public static double halfSquaredDistance(double[] firstMean, double[] firstCovariance, double[] secondMean, double[] secondCovariance) {
        int n = firstMean.length;
        if (secondMean.length != n || firstCovariance.length != n * n || secondCovariance.length != n * n) {
            throw new IllegalArgumentException("means have " + n + " and " + secondMean.length + " values, covariances "
                + firstCovariance.length + " and " + secondCovariance.length + ", expected D and D x D");
        }
        double sum = 0;
        for (int d = 0; d < n; d++) {
            double gap = firstMean[d] - secondMean[d];
            sum += 0.5 * (gap * gap + firstCovariance[d * n + d] + secondCovariance[d * n + d]);
        }
        DMatrixRMaj a = Matrices.of(firstCovariance, n, n);
        DMatrixRMaj l = Matrices.cholesky(a);
        if (l == null) {
            l = Matrices.spectral(a, v -> Math.sqrt(Math.max(0, v)));
        }
        // L'BL has the eigenvalues of A^(1/2) B A^(1/2)
        DMatrixRMaj inner = Matrices.multiply(Matrices.multiply(Matrices.transpose(l), Matrices.of(secondCovariance, n, n)), l);
        for (double v : Matrices.eigenvalues(Matrices.combine(0.5, inner, 0.5, Matrices.transpose(inner)))) {
            sum -= Math.sqrt(Math.max(0, v));
        }
        return sum;
    }
}
