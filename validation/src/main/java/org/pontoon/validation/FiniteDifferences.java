package org.pontoon.validation;

import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;

/**
 * Derivatives by central differences of fourth order, float64: {@code (8 [f(x + h) - f(x - h)] - [f(x + 2h) - f(x - 2h)]) / 12h}. The
 * error is a multiple of h^4, and of the function's own rounding divided by h.
 */
public final class FiniteDifferences {

    private FiniteDifferences() {
    }

    /**
     * Differentiates a function of one number.
     *
     * @param f the function, defined on [at - 2 step, at + 2 step]
     * @param at where
     * @param step h, positive
     * @return f'(at)
     */
    public static double derivative(DoubleUnaryOperator f, double at, double step) {
        double near = f.applyAsDouble(at + step) - f.applyAsDouble(at - step);
        double far = f.applyAsDouble(at + 2 * step) - f.applyAsDouble(at - 2 * step);
        return (8 * near - far) / (12 * step);
    }

    /**
     * Differentiates a function of several numbers by each of them.
     *
     * @param f the function
     * @param at where; not changed
     * @param step h, positive
     * @return the gradient, as many values as the function takes
     */
    public static double[] gradient(ToDoubleFunction<double[]> f, double[] at, double step) {
        double[] gradient = new double[at.length];
        double[] point = at.clone();
        for (int i = 0; i < at.length; i++) {
            int coordinate = i;
            gradient[i] = derivative(v -> {
                point[coordinate] = v;
                return f.applyAsDouble(point);
            }, at[i], step);
            point[i] = at[i];
        }
        return gradient;
    }

    /**
     * Differentiates a vector field.
     *
     * @param f the field, from n values to m values
     * @param at where; not changed
     * @param step h, positive
     * @return the Jacobian, shape (m, n) row-major
     */
    public static double[] jacobian(UnaryOperator<double[]> f, double[] at, double step) {
        int columns = at.length;
        double[][] byColumn = new double[columns][];
        for (int j = 0; j < columns; j++) {
            double[][] values = new double[4][];
            double[] offsets = {step, -step, 2 * step, -2 * step};
            for (int o = 0; o < 4; o++) {
                double[] point = at.clone();
                point[j] += offsets[o];
                values[o] = f.apply(point);
            }
            byColumn[j] = new double[values[0].length];
            for (int i = 0; i < byColumn[j].length; i++) {
                byColumn[j][i] = (8 * (values[0][i] - values[1][i]) - (values[2][i] - values[3][i])) / (12 * step);
            }
        }
        double[] jacobian = new double[byColumn[0].length * columns];
        for (int i = 0; i < byColumn[0].length; i++) {
            for (int j = 0; j < columns; j++) {
                jacobian[i * columns + j] = byColumn[j][i];
            }
        }
        return jacobian;
    }
}
