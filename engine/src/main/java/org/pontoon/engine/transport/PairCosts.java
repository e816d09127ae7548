package org.pontoon.engine.transport;

import org.pontoon.engine.internal.kernel.PairTile;

/**
 * Costs of single pairs, for those who pick pairs out of all: {@code C_1 = |x - y|} or {@code C_2 = |x - y|^2 / 2}. A float32 sweep over
 * tiles tells which pairs may matter, and those get their cost in float64. Or those of a given matrix, which are looked up.
 *
 * <p>Safe for any number of threads, with a {@link Sweep} each.
 */
final class PairCosts {

    /** Floats of a tile that should stay in the first-level cache. */
    private static final int CACHED = 8192;
    private static final int MOST_POINTS = 512;

    private final int p;
    private final double[] x;
    private final double[] y;
    private final int dimension;
    private final int points;
    private final float[][] tiles;
    /** Given costs, rows x columns, or null where they are of points. */
    private final double[] matrix;
    private final int rows;
    private final int columns;

    /** Of exponent p, between points given row-major, N x D and M x D, which are read for as long as this is used. */
    PairCosts(int p, double[] x, double[] y, int dimension) {
        this.p = p;
        this.x = x;
        this.y = y;
        this.dimension = dimension;
        this.matrix = null;
        this.rows = x.length / dimension;
        this.columns = y.length / dimension;
        this.points = Math.clamp(CACHED / dimension & -PairTile.PANEL, PairTile.PANEL, MOST_POINTS);
        this.tiles = new float[(columns() + points - 1) / points][];
        for (int t = 0; t < tiles.length; t++) {
            int count = Math.min(points, columns() - t * points);
            tiles[t] = new float[(count + PairTile.PANEL - 1 & -PairTile.PANEL) * dimension];
            for (int k = 0; k < count * dimension; k++) {
                int n = k / dimension;
                int d = k % dimension;
                tiles[t][(n / PairTile.PANEL * dimension + d) * PairTile.PANEL
                    + n % PairTile.PANEL] = (float) y[t * points * dimension + k];
            }
        }
    }

    /** Of a matrix, row-major, which is read for as long as this is used. */
    PairCosts(double[] matrix, int rows, int columns) {
        this.p = 1;
        this.x = null;
        this.y = null;
        this.dimension = 0;
        this.points = 0;
        this.tiles = null;
        this.matrix = matrix;
        this.rows = rows;
        this.columns = columns;
    }

    int rows() {
        return rows;
    }

    int columns() {
        return columns;
    }

    /** The cost between two points. */
    double cost(int i, int j) {
        if (matrix != null) {
            return matrix[i * columns + j];
        }
        int at = i * dimension;
        int by = j * dimension;
        double first = 0;
        double second = 0;
        double third = 0;
        double fourth = 0;
        int d = 0;
        // four chains, because one would wait for every addition
        for (; d < dimension - 3; d += 4) {
            double a = x[at + d] - y[by + d];
            double b = x[at + d + 1] - y[by + d + 1];
            double c = x[at + d + 2] - y[by + d + 2];
            double e = x[at + d + 3] - y[by + d + 3];
            first += a * a;
            second += b * b;
            third += c * c;
            fourth += e * e;
        }
        for (; d < dimension; d++) {
            double a = x[at + d] - y[by + d];
            first += a * a;
        }
        double square = first + second + (third + fourth);
        return p == 1 ? Math.sqrt(square) : square / 2;
    }

    /** How far the costs of a sweep may be off by rounding: that of the coordinates, of every term and of the sum. */
    double rounding() {
        if (matrix != null) {
            return 0;
        }
        double length = largestNorm(x) + largestNorm(y);
        double square = (dimension + 4) * 0x1p-24 * length * length;
        return p == 1 ? Math.sqrt(square) : square / 2;
    }

    /** A bound of all costs. */
    double largest() {
        if (matrix != null) {
            double largest = 0;
            for (double cost : matrix) {
                largest = Math.max(largest, Math.abs(cost));
            }
            return largest;
        }
        double length = largestNorm(x) + largestNorm(y);
        return p == 1 ? length : length * length / 2;
    }

    private double largestNorm(double[] rows) {
        double largest = 0;
        for (int k = 0; k < rows.length; k += dimension) {
            double square = 0;
            for (int d = 0; d < dimension; d++) {
                square += rows[k + d] * rows[k + d];
            }
            largest = Math.max(largest, square);
        }
        return Math.sqrt(largest);
    }

    /** What is done with a pair. */
    interface Found {

        /** The row is one of those swept, 0 to 3; the cost is rounded to float32. */
        void pair(int row, int j, double cost);
    }

    /** One thread's sweep over the columns, for up to four rows at a time. */
    final class Sweep {

        private final float[] group = new float[PairTile.ROWS * dimension];
        private final float[] squares = new float[PairTile.ROWS * points];

        /**
         * Finds, by rising columns in every row, the pairs that cost less than {@code row_i + column_j}, but for the rounding of float32.
         *
         * @param rows which they are, at most four
         * @param count how many
         * @param row a number for each of them
         * @param column a number for every column
         * @param found is told
         */
        void below(int[] rows, int count, double[] row, double[] column, Found found) {
            if (matrix != null) {
                belowInMatrix(rows, count, row, column, found);
                return;
            }
            for (int r = 0; r < PairTile.ROWS; r++) {
                int from = rows[Math.min(r, count - 1)] * dimension;
                for (int d = 0; d < dimension; d++) {
                    group[d * PairTile.ROWS + r] = (float) x[from + d];
                }
            }
            for (int t = 0; t < tiles.length; t++) {
                int padded = tiles[t].length / dimension;
                PairTile.squares(group, 0, dimension, tiles[t], padded, 1, squares);
                int first = t * points;
                int here = Math.min(points, columns() - first);
                for (int r = 0; r < count; r++) {
                    for (int n = 0; n < here; n++) {
                        double most = row[r] + column[first + n];
                        double square = squares[r * padded + n];
                        if (p == 1 ? most > 0 && square < most * most : square < 2 * most) {
                            found.pair(r, first + n, p == 1 ? Math.sqrt(square) : square / 2);
                        }
                    }
                }
            }
        }

        private void belowInMatrix(int[] rows, int count, double[] row, double[] column, Found found) {
            for (int r = 0; r < count; r++) {
                for (int j = 0; j < columns; j++) {
                    double cost = matrix[rows[r] * columns + j];
                    if (cost < row[r] + column[j]) {
                        found.pair(r, j, cost);
                    }
                }
            }
        }
    }
}
