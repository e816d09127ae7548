package org.pontoon.engine.internal.kernel;

/**
 * Log-sum-exp over tiles of points, in base 2 and with signs turned: the terms are {@code 2^-(c + b)} with costs c and biases b that are not
 * negative, so that the order of exponents is the order of their bits, and a row is summed relative to a reference near its least exponent.
 *
 * <p>A reference holds for many tiles: {@link #least} finds it on a row's first tile, {@link #sums} tells the least exponent that it met, and
 * only where that lies more than {@value #MARGIN} below the reference has the tile to be done again with a lower one. Above the reference
 * by more than 100, a term counts as 2^-100. The absolute error of an exponent, which is the relative error of its term, is at most
 * {@code 2^-24 (c + b)} for each rounding: three in all, and the reference's subtraction is exact nearby.
 */
public final class PairLogSumExp {

    /** How far below a row's reference an exponent may lie. */
    public static final int MARGIN = 60;
    private static final Tier LEAST = Tier.of("PairLogSumExp.least", PairLogSumExp::leastPrimer);
    private static final Tier SUMS_OF_SQUARES = Tier.of("PairLogSumExp.sums, squares", () -> sumsPrimer(false));
    private static final Tier SUMS_OF_ROOTS = Tier.of("PairLogSumExp.sums, roots", () -> sumsPrimer(true));

    private PairLogSumExp() {
    }

    /**
     * Finds the least exponent of two rows, in 16 lanes.
     *
     * @param squares squared distances, below 0 by rounding at most, of row 0 from {@code at}, of row 1 from {@code at + points}
     * @param at where row 0 starts
     * @param points padded number of points, a multiple of 16
     * @param biases b, at least 0; infinite for padding
     * @param biasesAt where they start
     * @param roots whether the cost c is the square or its root
     * @param lanes receives 16 values of row 0 and 16 of row 1, at most the largest float
     */
    public static void least(float[] squares, int at, int points, float[] biases, int biasesAt, boolean roots, float[] lanes) {
        if (LEAST.vector) {
            org.pontoon.engine.internal.vector.PairLogSumExp.least(squares, at, points, biases, biasesAt, roots, lanes);
            return;
        }
        LEAST.scalar(6L * points);
        org.pontoon.engine.internal.scalar.PairLogSumExp.least(squares, at, points, biases, biasesAt, roots, lanes);
    }

    /**
     * Sums the terms of two rows relative to their references, {@code 2^-(c + b - reference)}, in 16 virtual lanes: each a chain in point
     * order.
     *
     * @param squares squared distances of row 0 from {@code at}, of row 1 from {@code at + points}
     * @param at where row 0 starts
     * @param points padded number of points, a multiple of 16
     * @param biases b, at least 0; infinite for padding
     * @param biasesAt where they start
     * @param first reference of row 0
     * @param second reference of row 1
     * @param roots whether the cost c is the square or its root
     * @param terms receives the terms where the squares are, or null
     * @param slopes receives each term over its cost, or null; only with terms
     * @param lanes receives 16 sums and 16 least exponents of row 0, then the same of row 1; sums are good where the least exponents of the
     *            row are not more than {@value #MARGIN} below its reference
     */
    public static void sums(float[] squares, int at, int points, float[] biases, int biasesAt, float first, float second, boolean roots,
            float[] terms, float[] slopes, float[] lanes) {
        Tier tier = roots ? SUMS_OF_ROOTS : SUMS_OF_SQUARES;
        if (tier.vector) {
            org.pontoon.engine.internal.vector.PairLogSumExp.sums(squares, at, points, biases, biasesAt, first, second, roots, terms,
                slopes, lanes);
            return;
        }
        tier.scalar(40L * points);
        org.pontoon.engine.internal.scalar.PairLogSumExp.sums(squares, at, points, biases, biasesAt, first, second, roots, terms, slopes,
            lanes);
    }

    private static Runnable leastPrimer() {
        int points = 256;
        float[] squares = new float[2 * points];
        float[] lanes = new float[32];
        return () -> {
            org.pontoon.engine.internal.vector.PairLogSumExp.least(squares, 0, points, squares, 0, false, lanes);
            org.pontoon.engine.internal.vector.PairLogSumExp.least(squares, 0, points, squares, 0, true, lanes);
        };
    }

    /** Slopes over squares are none that anybody asks for. */
    private static Runnable sumsPrimer(boolean roots) {
        int points = 128;
        float[] squares = new float[2 * points];
        float[] terms = new float[2 * points];
        float[] slopes = new float[2 * points];
        float[] lanes = new float[64];
        return () -> {
            org.pontoon.engine.internal.vector.PairLogSumExp.sums(squares, 0, points, squares, 0, 0f, 0f, roots, null, null, lanes);
            org.pontoon.engine.internal.vector.PairLogSumExp.sums(squares, 0, points, squares, 0, 0f, 0f, roots, terms, null, lanes);
            if (roots) {
                org.pontoon.engine.internal.vector.PairLogSumExp.sums(squares, 0, points, squares, 0, 0f, 0f, true, terms, slopes, lanes);
            }
        };
    }
}
