package org.pontoon.engine.internal.kernel;

/**
 * Sums of a Gaussian kernel times three or four columns at once, for velocities in the plane and in space: one sweep where {@link
 * PairGaussian} would take one for the sum and one for the gradient. The exponential is that of {@link PairGaussian}, with its error.
 */
public final class PairColumns {

    /** Columns of a sweep at least. */
    public static final int LEAST = org.pontoon.engine.internal.scalar.PairColumns.LEAST;

    /** Columns of a sweep at most. */
    public static final int MOST = 4;
    private static final Tier[] TIERS = {Tier.of("PairColumns, 3", () -> primer(LEAST)), Tier.of("PairColumns, 4", () -> primer(MOST))};

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
        Tier tier = TIERS[count - LEAST];
        if (tier.vector) {
            org.pontoon.engine.internal.vector.PairColumns.gaussian(squares, at, points, columns, columnsAt, stride, count, lanes, lanesAt);
            return;
        }
        tier.scalar((32L + 2 * count) * points);
        org.pontoon.engine.internal.scalar.PairColumns.gaussian(squares, at, points, columns, columnsAt, stride, count, lanes, lanesAt);
    }

    private static Runnable primer(int count) {
        int points = 256;
        float[] squares = new float[2 * points];
        float[] columns = new float[count * points];
        float[] lanes = new float[2 * count * 16];
        return () -> org.pontoon.engine.internal.vector.PairColumns.gaussian(squares, 0, points, columns, 0, points, count, lanes, 0);
    }
}
