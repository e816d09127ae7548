package org.pontoon.engine.bridge;

/**
 * Eigenvalues and eigenvectors of a small symmetric matrix by cyclic Jacobi rotations, in float64. Written here because the engine takes
 * no third-party numerics; it runs once per component when a model is built, never in a loop. Stateless.
 */
public final class SymmetricEigen {

    private static final int MOST_SWEEPS = 60;

    private SymmetricEigen() {
    }

    /**
     * Decomposes a = q diag(values) q'.
     *
     * @param a row-major (n, n), symmetric; overwritten with its diagonal form
     * @param n its size
     * @param q receives the eigenvectors as columns, row-major
     * @param values receives the eigenvalues, in no order
     */
    public static void decompose(double[] a, int n, double[] q, double[] values) {
        double norm = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                q[i * n + j] = i == j ? 1 : 0;
                norm += a[i * n + j] * a[i * n + j];
            }
        }
        for (int sweep = 0; sweep < MOST_SWEEPS; sweep++) {
            double off = 0;
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < i; j++) {
                    off += a[i * n + j] * a[i * n + j];
                }
            }
            if (off <= 1e-32 * norm) {
                break;
            }
            for (int i = 0; i < n - 1; i++) {
                for (int j = i + 1; j < n; j++) {
                    rotate(a, n, q, i, j);
                }
            }
        }
        for (int i = 0; i < n; i++) {
            values[i] = a[i * n + i];
        }
    }

    private static void rotate(double[] a, int n, double[] q, int i, int j) {
        double apq = a[i * n + j];
        if (apq == 0) {
            return;
        }
        double theta = (a[j * n + j] - a[i * n + i]) / (2 * apq);
        double t = Math.copySign(1, theta) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        double c = 1 / Math.sqrt(t * t + 1);
        double s = t * c;
        for (int k = 0; k < n; k++) {
            double x = a[k * n + i];
            double y = a[k * n + j];
            a[k * n + i] = c * x - s * y;
            a[k * n + j] = s * x + c * y;
        }
        for (int k = 0; k < n; k++) {
            double x = a[i * n + k];
            double y = a[j * n + k];
            a[i * n + k] = c * x - s * y;
            a[j * n + k] = s * x + c * y;
            double u = q[k * n + i];
            double v = q[k * n + j];
            q[k * n + i] = c * u - s * v;
            q[k * n + j] = s * u + c * v;
        }
    }
}
