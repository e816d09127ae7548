package org.pontoon.engine.transport;

import java.util.Arrays;

import org.pontoon.engine.random.CounterRandom;

/**
 * Some entries of a transport plan, row after row: those of row i lie from {@code rowStarts[i]} up to {@code rowStarts[i + 1]}.
 *
 * @param rowStarts N + 1 positions
 * @param columns point of the second cloud of every entry
 * @param masses mass of every entry, positive
 */
public record SparsePlan(int[] rowStarts, int[] columns, double[] masses) {

    static final long DRAW_STREAM = 32;

    /**
     * Puts entries that come in any order into rows; within a row they keep their order.
     *
     * @param rowCount N
     * @param rows point of the first cloud of every entry, below N
     * @param columns point of the second cloud of every entry
     * @param masses mass of every entry, positive
     * @return the plan
     * @throws IndexOutOfBoundsException if there is no such row, or an array is too short
     */
    public static SparsePlan ofEntries(int rowCount, int[] rows, int[] columns, double[] masses) {
        int[] starts = new int[rowCount + 1];
        for (int row : rows) {
            starts[row + 1]++;
        }
        for (int i = 0; i < rowCount; i++) {
            starts[i + 1] += starts[i];
        }
        int[] next = Arrays.copyOf(starts, rowCount);
        int[] sortedColumns = new int[rows.length];
        double[] sortedMasses = new double[rows.length];
        for (int k = 0; k < rows.length; k++) {
            int to = next[rows[k]]++;
            sortedColumns[to] = columns[k];
            sortedMasses[to] = masses[k];
        }
        return new SparsePlan(starts, sortedColumns, sortedMasses);
    }

    /**
     * Returns the row of every entry.
     *
     * @return points of the first cloud, in rising order
     */
    public int[] rows() {
        int[] rows = new int[columns.length];
        for (int i = 0; i < rowStarts.length - 1; i++) {
            Arrays.fill(rows, rowStarts[i], rowStarts[i + 1], i);
        }
        return rows;
    }

    /**
     * Averages values at the second cloud's points over every row: its coordinates give the barycentric map.
     *
     * @param values M x V, row-major
     * @param valueCount V, at least 1
     * @return N x V means, row-major
     * @throws IllegalArgumentException if a row has no entries
     */
    public double[] means(double[] values, int valueCount) {
        double[] means = new double[Math.multiplyExact(rowStarts.length - 1, valueCount)];
        for (int i = 0; i < rowStarts.length - 1; i++) {
            double total = mass(i);
            for (int k = rowStarts[i]; k < rowStarts[i + 1]; k++) {
                for (int v = 0; v < valueCount; v++) {
                    means[i * valueCount + v] += masses[k] / total * values[columns[k] * valueCount + v];
                }
            }
        }
        return means;
    }

    /**
     * Draws points of the second cloud from every row.
     *
     * @param samples how many for each point of the first cloud, at least 1
     * @param seed of the draws
     * @return indices of points of the second cloud, N x samples; draw s of point i is a function of the seed, i and s
     * @throws IllegalArgumentException if there are no samples, or a row has no entries
     */
    public int[] draws(int samples, long seed) {
        if (samples < 1) {
            throw new IllegalArgumentException("samples is " + samples + ", expected at least 1");
        }
        int[] drawn = new int[Math.multiplyExact(rowStarts.length - 1, samples)];
        long key = CounterRandom.key(seed, DRAW_STREAM);
        for (int i = 0; i < rowStarts.length - 1; i++) {
            double total = mass(i);
            for (int s = 0; s < samples; s++) {
                int index = i * samples + s;
                double level = CounterRandom.uniform(key, index) * total;
                int k = rowStarts[i];
                for (double sum = masses[k]; sum <= level && k < rowStarts[i + 1] - 1; sum += masses[k]) {
                    k++;
                }
                drawn[index] = columns[k];
            }
        }
        return drawn;
    }

    /** Mass of a row, which must have some. */
    private double mass(int row) {
        double sum = 0;
        for (int k = rowStarts[row]; k < rowStarts[row + 1]; k++) {
            sum += masses[k];
        }
        if (!(sum > 0)) {
            throw new IllegalArgumentException("point " + row + " of the first cloud has no mass in the plan, which takes it nowhere");
        }
        return sum;
    }

    /**
     * Returns how many entries there are.
     *
     * @return a count
     */
    public int size() {
        return columns.length;
    }
}
