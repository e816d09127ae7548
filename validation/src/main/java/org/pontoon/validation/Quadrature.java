package org.pontoon.validation;

import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;

import org.ejml.data.DMatrixRMaj;

/** Integrals that are exact, or exact to rounding, for the integrands they are used on. */
final class Quadrature {

    private static final int LEGENDRE = 32;
    private static final double[] NODES = new double[LEGENDRE];
    private static final double[] WEIGHTS = new double[LEGENDRE];

    static {
        for (int i = 0; i < LEGENDRE; i++) {
            double x = Math.cos(Math.PI * (i + 0.75) / (LEGENDRE + 0.5));
            double slope = 0;
            for (int newton = 0; newton < 20; newton++) {
                double p = 1;
                double before = 0;
                for (int n = 1; n <= LEGENDRE; n++) {
                    double next = ((2 * n - 1) * x * p - (n - 1) * before) / n;
                    before = p;
                    p = next;
                }
                slope = LEGENDRE * (x * p - before) / (x * x - 1);
                x -= p / slope;
            }
            NODES[i] = 0.5 * (1 + x);
            WEIGHTS[i] = 1 / ((1 - x * x) * slope * slope);
        }
    }

    private Quadrature() {
    }

    /** Integral over [0, 1] by Gauss-Legendre with 32 nodes, for smooth functions. */
    static double unitInterval(DoubleUnaryOperator f) {
        double sum = 0;
        for (int i = 0; i < LEGENDRE; i++) {
            sum += WEIGHTS[i] * f.applyAsDouble(NODES[i]);
        }
        return sum;
    }

    /** Integral over the line by the trapezoid rule, for smooth functions that vanish to rounding at both ends of [low, high]. */
    static double line(DoubleUnaryOperator f, double low, double high, int intervals) {
        double step = (high - low) / intervals;
        double sum = 0;
        for (int i = 0; i <= intervals; i++) {
            sum += f.applyAsDouble(low + i * step);
        }
        return sum * step;
    }

    /** E f(X) for X ~ N(mean, covariance), exact for polynomials of degree 3: the mean of f at mean ± sqrt(D) L e_i, L L' = covariance. */
    static double gaussian(ToDoubleFunction<double[]> f, double[] mean, double[] covariance) {
        int n = mean.length;
        DMatrixRMaj l = Matrices.cholesky(Matrices.of(covariance, n, n));
        double sum = 0;
        for (int i = 0; i < n; i++) {
            for (int sign = -1; sign <= 1; sign += 2) {
                double[] point = mean.clone();
                for (int d = 0; d < n; d++) {
                    point[d] += sign * Math.sqrt(n) * l.get(d, i);
                }
                sum += f.applyAsDouble(point);
            }
        }
        return sum / (2 * n);
    }
}
