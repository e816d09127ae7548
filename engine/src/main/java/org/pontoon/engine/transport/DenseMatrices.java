package org.pontoon.engine.transport;

import java.util.function.DoubleUnaryOperator;

import org.pontoon.engine.memory.PointCloud;

/** Whole matrices over pairs, in float64, for those who ask for them: O(N M) memory, which nothing else in this package takes. */
public final class DenseMatrices {

    private DenseMatrices() {
    }

    /**
     * Writes out the costs.
     *
     * @param p 1 for |x - y|, 2 for |x - y|^2 / 2
     * @param x cloud of the rows
     * @param y cloud of the columns
     * @return N x M costs, row-major
     * @throws IllegalArgumentException if p is neither, dimensions differ or a value is not finite
     * @throws ArithmeticException if the matrix is more than an array holds
     */
    public static double[] denseCosts(int p, PointCloud x, PointCloud y) {
        SinkhornOptions.requireExponent(p);
        return dense(x, y, square -> p == 1 ? Math.sqrt(square) : square / 2);
    }

    /**
     * Writes out a kernel matrix.
     *
     * @param kernel k
     * @param x cloud of the rows
     * @param y cloud of the columns
     * @return N x M values {@code k(x_i - y_j)}, row-major
     * @throws IllegalArgumentException if dimensions differ or a value is not finite
     * @throws ArithmeticException if the matrix is more than an array holds
     */
    public static double[] denseKernel(PairKernel kernel, PointCloud x, PointCloud y) {
        return dense(x, y, kernel::value);
    }

    private static double[] dense(PointCloud x, PointCloud y, DoubleUnaryOperator ofSquaredDistance) {
        y.requireDimension(x.dimension(), "second cloud");
        int dimension = x.dimension();
        double[] origin = new double[dimension];
        double[] rows = Measure.rows(x.requireFinite("first cloud"), origin);
        double[] columns = Measure.rows(y.requireFinite("second cloud"), origin);
        double[] matrix = new double[Math.multiplyExact(x.size(), y.size())];
        for (int i = 0; i < x.size(); i++) {
            for (int j = 0; j < y.size(); j++) {
                double square = 0;
                for (int d = 0; d < dimension; d++) {
                    double z = rows[i * dimension + d] - columns[j * dimension + d];
                    square += z * z;
                }
                matrix[i * y.size() + j] = ofSquaredDistance.applyAsDouble(square);
            }
        }
        return matrix;
    }
}
