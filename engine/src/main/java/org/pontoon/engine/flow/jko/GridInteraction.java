package org.pontoon.engine.flow.jko;

import org.pontoon.engine.flow.InteractionEnergy;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.parallel.TileTask;

/**
 * The interaction potential {@code sum_j W(x_i - x_j) rho_j} of weights on a grid, from a table of W over the differences between cells. A
 * cell's own term is W(0), or, where that is infinite, the mean over pairs of places in the cell. O(N^2) time for N cells, O(2^D N) memory.
 * Allocates nothing; the same bits for any number of threads. One call at a time.
 */
final class GridInteraction {

    /** Intervals of a difference within a cell, even, so that none has its middle at 0. */
    private static final int PARTS = 16;

    private final double[] table;
    private final int[] lineAt;
    private final int line;
    private final int centre;
    private final TileScheduler scheduler;
    private final TileTask task = this::line;
    private double[] weights;
    private double[] potential;

    GridInteraction(Grid grid, InteractionEnergy.Kernel kernel, TileScheduler scheduler) {
        this.scheduler = scheduler;
        int dimension = grid.dimension();
        this.line = grid.cells().get(dimension - 1);
        double[] widths = new double[dimension];
        int[] strides = new int[dimension];
        int entries = 1;
        int middle = 0;
        for (int d = dimension - 1; d >= 0; d--) {
            widths[d] = (grid.upper().get(d) - grid.lower().get(d)) / grid.cells().get(d);
            strides[d] = entries;
            middle += (grid.cells().get(d) - 1) * entries;
            entries = Math.multiplyExact(entries, 2 * grid.cells().get(d) - 1);
        }
        this.centre = middle;
        this.table = new double[entries];
        for (int k = 0; k < entries; k++) {
            double square = 0;
            for (int d = 0; d < dimension; d++) {
                int difference = k / strides[d] % (2 * grid.cells().get(d) - 1) - (grid.cells().get(d) - 1);
                square += difference * widths[d] * difference * widths[d];
            }
            table[k] = square > 0 || kernel.at(0) == 0 ? kernel.at(square) : withinCell(kernel, widths);
        }
        this.lineAt = new int[grid.size() / line];
        for (int a = 0; a < lineAt.length; a++) {
            int rest = a;
            for (int d = dimension - 2; d >= 0; d--) {
                lineAt[a] += rest % grid.cells().get(d) * strides[d];
                rest /= grid.cells().get(d);
            }
        }
    }

    /** Mean of W over two independent uniform places in a cell, whose difference has a triangular density. */
    private static double withinCell(InteractionEnergy.Kernel kernel, double[] widths) {
        int points = 1;
        for (int d = 0; d < widths.length; d++) {
            points = Math.multiplyExact(points, PARTS);
        }
        double sum = 0;
        double mass = 0;
        for (int k = 0; k < points; k++) {
            double square = 0;
            double weight = 1;
            int rest = k;
            for (double width : widths) {
                double share = (2 * (rest % PARTS) + 1.0) / PARTS - 1;
                rest /= PARTS;
                square += share * width * share * width;
                weight *= 1 - Math.abs(share);
            }
            sum += weight * kernel.at(square);
            mass += weight;
        }
        return sum / mass;
    }

    /** Writes the potential of weights. */
    void potential(double[] rho, double[] receiver) {
        weights = rho;
        potential = receiver;
        scheduler.run(lineAt.length, task);
    }

    private void line(int a, int worker) {
        int to = a * line;
        for (int i = to; i < to + line; i++) {
            potential[i] = 0;
        }
        for (int b = 0; b < lineAt.length; b++) {
            int at = centre + lineAt[a] - lineAt[b];
            for (int j = 0; j < line; j++) {
                addScaled(weights[b * line + j], table, at - j, potential, to, line);
            }
        }
    }

    private static void addScaled(double factor, double[] from, int at, double[] to, int first, int count) {
        for (int i = 0; i < count; i++) {
            to[first + i] += factor * from[at + i];
        }
    }
}
