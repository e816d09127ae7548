package org.pontoon.engine.transport;

/**
 * Some entries of a transport plan, row after row: those of row i lie from {@code rowStarts[i]} up to {@code rowStarts[i + 1]}.
 *
 * @param rowStarts N + 1 positions
 * @param columns point of the second cloud of every entry
 * @param masses mass of every entry, positive
 */
public record SparsePlan(int[] rowStarts, int[] columns, double[] masses) {

    /**
     * Returns how many entries there are.
     *
     * @return a count
     */
    public int size() {
        return columns.length;
    }
}
