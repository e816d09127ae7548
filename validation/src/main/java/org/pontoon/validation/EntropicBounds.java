package org.pontoon.validation;

import java.util.Arrays;

/**
 * Certain bounds of an entropic transport cost, from any pair of potentials: the dual objective is a lower one; the primal objective of
 * their plan, once it has been made to meet the hard marginals (Altschuler, Weed and Rigollet 2017, "Near-linear time approximation
 * algorithms for optimal transport via Sinkhorn iteration", algorithm 2), is an upper one. Written from the definitions in float64, pair by
 * pair; it shares no code with the engine's solver.
 *
 * @param lower the dual objective
 * @param upper the primal objective
 */
record EntropicBounds(double lower, double upper) {

    /**
     * Computes the bounds for measures of mass 1.
     *
     * @param p exponent of the cost {@code |x - y|^p / p}, 1 or 2
     * @param epsilon regularisation
     * @param rhoX price of missing the first marginal, infinite for a hard one
     * @param rhoY the same for the second
     * @param x points, N x D
     * @param y points, M x D
     * @param a weights, N, that add up to 1
     * @param b weights, M, that add up to 1
     * @param f potential, N
     * @param g potential, M
     */
    static EntropicBounds of(int p, double epsilon, double rhoX, double rhoY, double[][] x, double[][] y, double[] a, double[] b,
            double[] f,
            double[] g) {
        int n = a.length;
        int m = b.length;
        boolean hardX = rhoX == Double.POSITIVE_INFINITY;
        boolean hardY = rhoY == Double.POSITIVE_INFINITY;
        // densities of the plan and of its marginals, less 1: nothing cancels where epsilon is huge
        double[] rows = new double[n];
        double excess = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
                rows[i] += b[j] * Math.expm1((f[i] + g[j] - cost(p, x[i], y[j])) / epsilon);
            }
            excess += a[i] * rows[i];
        }
        double lower = side(a, f, rhoX) + side(b, g, rhoY) - epsilon * excess;
        double[] keptRows = new double[n];
        for (int i = 0; i < n; i++) {
            keptRows[i] = hardX ? Math.min(1, 1 / (1 + rows[i])) : 1;
        }
        double[] columns = new double[m];
        for (int j = 0; j < m; j++) {
            for (int i = 0; i < n; i++) {
                double density = Math.exp((f[i] + g[j] - cost(p, x[i], y[j])) / epsilon);
                columns[j] += a[i] * density * keptRows[i];
            }
        }
        double[] keptColumns = new double[m];
        for (int j = 0; j < m; j++) {
            keptColumns[j] = hardY ? Math.min(1, 1 / columns[j]) : 1;
        }
        double[] shortRows = new double[n];
        double[] shortColumns = new double[m];
        double missing = 0;
        for (int i = 0; i < n; i++) {
            double row = 0;
            for (int j = 0; j < m; j++) {
                double density = Math.exp((f[i] + g[j] - cost(p, x[i], y[j])) / epsilon);
                double kept = density * keptRows[i] * keptColumns[j];
                row += b[j] * kept;
                shortColumns[j] += a[i] * kept;
            }
            shortRows[i] = hardX ? Math.max(0, 1 - row) : 0;
            missing += a[i] * shortRows[i];
        }
        for (int j = 0; j < m; j++) {
            shortColumns[j] = hardY ? Math.max(0, 1 - shortColumns[j]) : hardX ? missing : 0;
        }
        if (!hardX && hardY) {
            missing = 0;
            for (int j = 0; j < m; j++) {
                missing += b[j] * shortColumns[j];
            }
            Arrays.fill(shortRows, missing);
        }
        double upper = 0;
        double[] madeRows = new double[n];
        double[] madeColumns = new double[m];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
                double cost = cost(p, x[i], y[j]);
                double exponent = (f[i] + g[j] - cost) / epsilon;
                double filled = missing > 0 ? shortRows[i] * shortColumns[j] / missing : 0;
                double kept = keptRows[i] * keptColumns[j];
                // exp(t) k - 1 without cancellation where both factors are close to 1
                double less = Math.expm1(exponent) * kept + (kept - 1) + filled;
                double weight = a[i] * b[j];
                upper += weight * ((1 + less) * cost + epsilon * entropy(less));
                madeRows[i] += b[j] * less;
                madeColumns[j] += a[i] * less;
            }
        }
        upper += penalty(a, madeRows, rhoX) + penalty(b, madeColumns, rhoY);
        return new EntropicBounds(lower, upper);
    }

    static double cost(int p, double[] x, double[] y) {
        double square = 0;
        for (int d = 0; d < x.length; d++) {
            square += (x[d] - y[d]) * (x[d] - y[d]);
        }
        return p == 1 ? Math.sqrt(square) : square / 2;
    }

    private static double side(double[] weights, double[] potential, double rho) {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * (rho == Double.POSITIVE_INFINITY ? potential[i] : -rho * Math.expm1(-potential[i] / rho));
        }
        return sum;
    }

    private static double penalty(double[] weights, double[] excesses, double rho) {
        if (rho == Double.POSITIVE_INFINITY) {
            return 0;
        }
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * entropy(excesses[i]);
        }
        return rho * sum;
    }

    /** (1 + u) log(1 + u) - u. */
    private static double entropy(double u) {
        if (Math.abs(u) < 1e-4) {
            return u * u * (0.5 - u * (1.0 / 6 - u / 12));
        }
        return u <= -1 ? 1 : (1 + u) * Math.log1p(u) - u;
    }
}
