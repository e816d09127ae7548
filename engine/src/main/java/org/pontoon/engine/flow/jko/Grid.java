package org.pontoon.engine.flow.jko;

import java.util.Collections;
import java.util.List;

/**
 * A box cut into equal cells. Cells are numbered with the last coordinate running fastest.
 *
 * @param lower least coordinates, D values
 * @param upper greatest coordinates, D values
 * @param cells number of cells along each coordinate, D values
 */
public record Grid(List<Double> lower, List<Double> upper, List<Integer> cells) {

    private static final int MAX_CELLS = 1 << 24;

    /** Checks the ranges. */
    public Grid {
        lower = List.copyOf(lower);
        upper = List.copyOf(upper);
        cells = List.copyOf(cells);
        if (lower.isEmpty() || lower.size() != upper.size() || lower.size() != cells.size()) {
            throw new IllegalArgumentException(
                "grid has " + lower.size() + " lower and " + upper.size() + " upper bounds and " + cells.size()
                    + " counts, expected as many of each, at least one");
        }
        long size = 1;
        for (int d = 0; d < cells.size(); d++) {
            if (!(upper.get(d) > lower.get(d)) || !Double.isFinite(upper.get(d) - lower.get(d))) {
                throw new IllegalArgumentException("grid runs from " + lower.get(d) + " to " + upper.get(d) + " along coordinate " + d
                    + ", expected finite rising bounds");
            }
            if (cells.get(d) < 1 || (size *= cells.get(d)) > MAX_CELLS) {
                throw new IllegalArgumentException("grid has " + cells + " cells, expected at least 1 along each coordinate and at most "
                    + MAX_CELLS + " in all");
            }
        }
    }

    /**
     * Makes a cube's grid.
     *
     * @param dimension D
     * @param lower least coordinate
     * @param upper greatest coordinate
     * @param cells number of cells along each coordinate
     * @return the grid
     */
    public static Grid cube(int dimension, double lower, double upper, int cells) {
        return new Grid(Collections.nCopies(dimension, lower), Collections.nCopies(dimension, upper),
            Collections.nCopies(dimension, cells));
    }

    /**
     * Returns the dimension.
     *
     * @return D
     */
    public int dimension() {
        return cells.size();
    }

    /**
     * Returns the number of cells.
     *
     * @return N
     */
    public int size() {
        return cells.stream().reduce(1, (a, b) -> a * b);
    }

    /**
     * Returns the volume of a cell.
     *
     * @return a positive number
     */
    public double cellVolume() {
        double volume = 1;
        for (int d = 0; d < dimension(); d++) {
            volume *= (upper.get(d) - lower.get(d)) / cells.get(d);
        }
        return volume;
    }

    /** The shortest side of a cell. */
    double leastWidth() {
        double least = Double.POSITIVE_INFINITY;
        for (int d = 0; d < dimension(); d++) {
            least = Math.min(least, (upper.get(d) - lower.get(d)) / cells.get(d));
        }
        return least;
    }

    /**
     * Returns the middles of the cells.
     *
     * @return D columns of N values
     */
    public double[] centres() {
        int size = size();
        double[] columns = new double[Math.multiplyExact(size, dimension())];
        int run = 1;
        for (int d = dimension() - 1; d >= 0; d--) {
            double width = (upper.get(d) - lower.get(d)) / cells.get(d);
            for (int i = 0; i < size; i++) {
                columns[d * size + i] = lower.get(d) + (i / run % cells.get(d) + 0.5) * width;
            }
            run *= cells.get(d);
        }
        return columns;
    }
}
