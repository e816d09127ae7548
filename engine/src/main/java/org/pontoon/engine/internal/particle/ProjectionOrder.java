package org.pontoon.engine.internal.particle;

import java.util.Arrays;

import org.pontoon.engine.sort.FloatSorter;

/**
 * Projects points on a direction and finds their order there, by float32 keys. Points whose projections agree in float32 keep the order of
 * their numbers, which changes no matching by more than that rounding. One thread's own.
 */
public final class ProjectionOrder {

    /** Where each point lies on the direction. */
    public final double[] projections;
    /** Numbers of the points, by rising projection. */
    public final int[] order;
    private final float[] keys;
    private final FloatSorter sorter = new FloatSorter();

    /**
     * Makes room.
     *
     * @param points how many points
     */
    public ProjectionOrder(int points) {
        projections = new double[points];
        order = new int[points];
        keys = new float[points];
    }

    /**
     * Projects points and finds their order.
     *
     * @param columns coordinates, coordinate d of point n at d N + n
     * @param directions row-major
     * @param at where the direction starts among them
     * @param dimension D
     */
    public void sort(double[] columns, double[] directions, int at, int dimension) {
        int count = order.length;
        Arrays.fill(projections, 0);
        for (int d = 0; d < dimension; d++) {
            addScaled(directions[at + d], columns, d * count, projections);
        }
        for (int n = 0; n < count; n++) {
            keys[n] = (float) projections[n];
        }
        sorter.argsort(keys, 0, count, order);
    }

    /**
     * Adds a multiple of a column.
     *
     * @param factor the multiple
     * @param from columns
     * @param at where the column starts
     * @param to is added to
     */
    public static void addScaled(double factor, double[] from, int at, double[] to) {
        for (int n = 0; n < to.length; n++) {
            to[n] += factor * from[at + n];
        }
    }
}
