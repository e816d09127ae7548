package org.pontoon.engine.internal.kernel;

/**
 * A radial kernel k, from scaled squared distances to weighted sums over a tile. A new kernel is a new implementation of this interface,
 * the door to a single loop over two rows and to its scalar twin, and a line where its scale is chosen.
 *
 * <p>Squares come from {@link PairTile#squares} with the factor that makes the kernel's own length 1. The slope is g in
 * {@code grad k(z) = -G g(q) z}, with the constant G left to the caller, so that a kernel's slope costs as little as it can.
 *
 * <p>Implementations have no state and are safe for any thread.
 */
public interface PairProfile {

    /**
     * Adds {@code w_n k(q_n)} over a tile for two rows, in 16 virtual lanes: each a chain in point order.
     *
     * @param squares q, below 0 by rounding at most, of row 0 from {@code at}, of row 1 from {@code at + points}; if slopes, replaced by
     *            {@code w_n g(q_n)}
     * @param at where row 0 starts
     * @param points padded number of points, a multiple of 16
     * @param weights w, 0 for padding
     * @param weightsAt where they start
     * @param slopes whether to replace the squares by weighted slopes
     * @param lanes 16 running sums of row 0 and 16 of row 1, changed in place
     * @param lanesAt where they start
     */
    void sums(float[] squares, int at, int points, float[] weights, int weightsAt, boolean slopes, float[] lanes, int lanesAt);

    /**
     * Makes what calls a profile's loop on lanes, with slopes and without.
     *
     * @param lanes the loop
     * @return the call, on small arrays of its own
     */
    static Runnable primer(PairProfile lanes) {
        int points = 192;
        float[] squares = new float[2 * points];
        float[] weights = new float[points];
        float[] sums = new float[32];
        return () -> {
            lanes.sums(squares, 0, points, weights, 0, false, sums, 0);
            lanes.sums(squares, 0, points, weights, 0, true, sums, 0);
        };
    }
}
