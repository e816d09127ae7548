package org.pontoon.engine.internal.kernel;

/**
 * Sums of a Gaussian kernel times three or four columns at once, for velocities in the plane and in space: one sweep where {@link
 * PairGaussian} would take one for the sum and one for the gradient. The exponential is that of {@link PairGaussian}, with its error.
 */
public final class PairColumns {

    /** Columns of a sweep at least. */
    public static final int LEAST = org.pontoon.engine.internal.vector.PairColumns.LEAST;

    /** Columns of a sweep at most. */
    public static final int MOST = 4;
    private static final Tier TIER = Tier.of("PairColumns", PairColumns::primer);

    private PairColumns() {
    }

    /**
     * Sums {@code 2^-q_n c_n} over a tile for two rows of squares and each of the columns, in 16 virtual lanes: each a chain in point order.
     *
     * @param squares q of row 0 from {@code at}, of row 1 from {@code at + points}, not negative
     * @param at where row 0 starts
     * @param points padded number of points, a multiple of 16
     * @param columns c; a column starts every {@code stride} floats; 0 for padding
     * @param columnsAt where the first one starts
     * @param stride from one column to the next
     * @param count number of columns, {@value #LEAST} or {@value #MOST}
     * @param lanes receives (2 rows, columns, 16)
     * @param lanesAt where
     */
    public static void gaussian(float[] squares, int at, int points, float[] columns, int columnsAt, int stride, int count,
            float[] lanes, int lanesAt) {
        if (TIER.vector) {
            org.pontoon.engine.internal.vector.PairColumns.gaussian(squares, at, points, columns, columnsAt, stride, count, lanes, lanesAt);
            return;
        }
        TIER.scalar(1000);
        org.pontoon.engine.internal.scalar.PairColumns.gaussian(squares, at, points, columns, columnsAt, stride, count, lanes, lanesAt);
    }

    private static Runnable primer() {
        return () -> {
        };
    }
}
