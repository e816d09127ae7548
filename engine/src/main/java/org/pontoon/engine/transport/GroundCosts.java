package org.pontoon.engine.transport;

import java.util.Arrays;

import org.pontoon.engine.memory.PointCloud;

/**
 * Costs of exact transport, N x M of them, in float64: computed in blocks where points are given, read where a matrix is. A cost is {@code
 * (base / scale)^exponent}, where the base is a squared distance or an entry of the matrix. Bases are compared where powers of them would
 * overflow, and the scale is chosen such that those of the costs that matter are near 1.
 *
 * <p>The loops are plain Java that C2 turns into vectors, indexed alike in every array for that reason. A cost has the same bits alone, in a
 * block and transposed. Safe for any number of threads but for {@link #scale(double)}.
 */
abstract class GroundCosts {

    /** Columns of a block, which with a few coordinates stays in the first-level cache. */
    static final int BLOCK = 512;
    /** Costs end here, so that differences of them are finite. */
    private static final double MOST = 1e300;

    private final double exponent;
    private double scale = 1;

    GroundCosts(double exponent) {
        this.exponent = exponent;
    }

    abstract int rows();

    abstract int columns();

    /** Writes the bases of a row for the columns of a block. */
    abstract void bases(int row, int block, double[] bases);

    abstract double base(int row, int column);

    /** The same with rows for columns, at the present scale. */
    abstract GroundCosts transposed();

    int blocks() {
        return (columns() + BLOCK - 1) / BLOCK;
    }

    int blockSize(int block) {
        return Math.min(BLOCK, columns() - block * BLOCK);
    }

    double exponent() {
        return exponent;
    }

    double scale() {
        return scale;
    }

    /** Chooses the base that costs 1. */
    void scale(double newScale) {
        scale = newScale;
    }

    /** What a cost of 1 stands for: infinite or 0 beyond the range of double. */
    double unit() {
        return Math.pow(scale, exponent);
    }

    /** Writes the costs of a row for the columns of a block. */
    void costs(int row, int block, double[] costs) {
        bases(row, block, costs);
        raise(costs, blockSize(block));
    }

    double cost(int row, int column) {
        double[] cost = {base(row, column)};
        raise(cost, 1);
        return cost[0];
    }

    private void raise(double[] values, int count) {
        double inverse = 1 / scale;
        if (exponent == 1) {
            for (int k = 0; k < count; k++) {
                values[k] *= inverse;
            }
        } else if (exponent == 0.5) {
            for (int k = 0; k < count; k++) {
                values[k] = Math.sqrt(values[k] * inverse);
            }
        } else if (exponent == 1.5) {
            for (int k = 0; k < count; k++) {
                double z = values[k] * inverse;
                values[k] = Math.min(z * Math.sqrt(z), MOST);
            }
        } else {
            for (int k = 0; k < count; k++) {
                values[k] = Math.min(Math.pow(values[k] * inverse, exponent), MOST);
            }
        }
    }

    /** Squared distances between points. */
    static final class OfPoints extends GroundCosts {

        private final double[][][] x;
        private final double[][][] y;
        private final int rows;
        private final int columns;
        private final int dimension;

        /**
         * Of {@code |x - y|^p} between some points of two clouds, each seen from an origin.
         *
         * @param p exponent
         * @param x cloud of the rows
         * @param xPoints which of its points
         * @param xOrigin subtracted from them
         * @param y cloud of the columns
         * @param yPoints which of its points
         * @param yOrigin subtracted from them
         */
        OfPoints(double p, PointCloud x, int[] xPoints, double[] xOrigin, PointCloud y, int[] yPoints, double[] yOrigin) {
            this(p / 2, blocks(x, xPoints, xOrigin), xPoints.length, blocks(y, yPoints, yOrigin), yPoints.length, x.dimension());
        }

        private OfPoints(double exponent, double[][][] x, int rows, double[][][] y, int columns, int dimension) {
            super(exponent);
            this.x = x;
            this.y = y;
            this.rows = rows;
            this.columns = columns;
            this.dimension = dimension;
        }

        /** Coordinates by block, coordinate and point. */
        private static double[][][] blocks(PointCloud cloud, int[] points, double[] origin) {
            double[][][] blocks = new double[(points.length + BLOCK - 1) / BLOCK][origin.length][];
            float[] column = new float[cloud.size()];
            for (int d = 0; d < origin.length; d++) {
                cloud.copyColumn(d, 0, column, 0, column.length);
                for (int t = 0; t < blocks.length; t++) {
                    double[] block = new double[Math.min(BLOCK, points.length - t * BLOCK)];
                    for (int k = 0; k < block.length; k++) {
                        block[k] = column[points[t * BLOCK + k]] - origin[d];
                    }
                    blocks[t][d] = block;
                }
            }
            return blocks;
        }

        @Override
        int rows() {
            return rows;
        }

        @Override
        int columns() {
            return columns;
        }

        @Override
        GroundCosts transposed() {
            GroundCosts transposed = new OfPoints(exponent(), y, columns, x, rows, dimension);
            transposed.scale(scale());
            return transposed;
        }

        @Override
        void bases(int row, int block, double[] bases) {
            double[][] a = x[row / BLOCK];
            int at = row % BLOCK;
            double[][] b = y[block];
            int d = 0;
            if (dimension >= 4) {
                set(a[0][at], a[1][at], a[2][at], a[3][at], b[0], b[1], b[2], b[3], bases);
                for (d = 4; d + 4 <= dimension; d += 4) {
                    add(a[d][at], a[d + 1][at], a[d + 2][at], a[d + 3][at], b[d], b[d + 1], b[d + 2], b[d + 3], bases);
                }
            } else {
                set(a[0][at], b[0], bases);
                d = 1;
            }
            for (; d < dimension; d++) {
                add(a[d][at], b[d], bases);
            }
        }

        @Override
        double base(int row, int column) {
            double[][] a = x[row / BLOCK];
            double[][] b = y[column / BLOCK];
            int i = row % BLOCK;
            int j = column % BLOCK;
            double sum = 0;
            int d = 0;
            // the order of the blocks
            for (; d + 4 <= dimension; d += 4) {
                double s = b[d][j] - a[d][i];
                double t = b[d + 1][j] - a[d + 1][i];
                double u = b[d + 2][j] - a[d + 2][i];
                double v = b[d + 3][j] - a[d + 3][i];
                sum += s * s + t * t + (u * u + v * v);
            }
            for (; d < dimension; d++) {
                double s = b[d][j] - a[d][i];
                sum += s * s;
            }
            return sum;
        }

        private static void set(double a, double[] b, double[] sums) {
            for (int k = 0; k < b.length; k++) {
                double s = b[k] - a;
                sums[k] = s * s;
            }
        }

        private static void add(double a, double[] b, double[] sums) {
            for (int k = 0; k < b.length; k++) {
                double s = b[k] - a;
                sums[k] += s * s;
            }
        }

        private static void set(double a0, double a1, double a2, double a3, double[] b0, double[] b1, double[] b2, double[] b3,
                double[] sums) {
            for (int k = 0; k < b0.length; k++) {
                double s = b0[k] - a0;
                double t = b1[k] - a1;
                double u = b2[k] - a2;
                double v = b3[k] - a3;
                sums[k] = s * s + t * t + (u * u + v * v);
            }
        }

        private static void add(double a0, double a1, double a2, double a3, double[] b0, double[] b1, double[] b2, double[] b3,
                double[] sums) {
            for (int k = 0; k < b0.length; k++) {
                double s = b0[k] - a0;
                double t = b1[k] - a1;
                double u = b2[k] - a2;
                double v = b3[k] - a3;
                sums[k] += s * s + t * t + (u * u + v * v);
            }
        }
    }

    /** Entries of a matrix, less an offset for each row and each column, which change the costs of all plans alike. */
    static final class OfMatrix extends GroundCosts {

        private final double[] matrix;
        private final Offsets offsets;
        private final int[] rows;
        private final int[] columns;
        private final boolean turned;

        /**
         * Of some rows and columns.
         *
         * @param matrix row-major
         * @param offsets of its rows and columns
         * @param rows which
         * @param columns which
         */
        OfMatrix(double[] matrix, Offsets offsets, int[] rows, int[] columns) {
            this(matrix, offsets, rows, columns, false);
        }

        private OfMatrix(double[] matrix, Offsets offsets, int[] rows, int[] columns, boolean turned) {
            super(1);
            this.matrix = matrix;
            this.offsets = offsets;
            this.rows = rows;
            this.columns = columns;
            this.turned = turned;
        }

        @Override
        int rows() {
            return rows.length;
        }

        @Override
        int columns() {
            return columns.length;
        }

        @Override
        GroundCosts transposed() {
            GroundCosts transposed = new OfMatrix(matrix, offsets, columns, rows, !turned);
            transposed.scale(scale());
            return transposed;
        }

        @Override
        void bases(int row, int block, double[] bases) {
            int first = block * BLOCK;
            int size = blockSize(block);
            for (int k = 0; k < size; k++) {
                bases[k] = base(row, first + k);
            }
        }

        @Override
        double base(int row, int column) {
            int i = turned ? columns[column] : rows[row];
            int j = turned ? rows[row] : columns[column];
            return matrix[i * offsets.columns.length + j] - offsets.rows[i] - offsets.columns[j];
        }
    }

    /**
     * The least entry of every row, and then of every column: less these, entries are not negative, and 0 somewhere in every row and column.
     *
     * @param rows N values
     * @param columns M values
     */
    record Offsets(double[] rows, double[] columns) {

        static Offsets of(double[] matrix, int n, int m) {
            double[] rows = new double[n];
            double[] columns = new double[m];
            Arrays.fill(columns, Double.POSITIVE_INFINITY);
            for (int i = 0; i < n; i++) {
                double least = Double.POSITIVE_INFINITY;
                for (int j = 0; j < m; j++) {
                    least = Math.min(least, matrix[i * m + j]);
                }
                rows[i] = least;
                for (int j = 0; j < m; j++) {
                    columns[j] = Math.min(columns[j], matrix[i * m + j] - least);
                }
            }
            return new Offsets(rows, columns);
        }
    }
}
