package org.pontoon.engine.internal.kernel;

/**
 * The sum of squared differences of two stretches of floats, in float64, where every difference is exact or rounded once, and its slopes.
 * Eight chains are folded in a fixed order, so that every width of vectors gives the bits of the scalar twin. The methods keep no state.
 */
public final class SquaredDifferences {

    /** Whole vectors and some more. */
    private static final int PRIMED = 519;
    private static final Tier SUM = Tier.of("SquaredDifferences.sum", SquaredDifferences::sumPrimer);
    private static final Tier SLOPES = Tier.of("SquaredDifferences.slopes", SquaredDifferences::slopesPrimer);
    private static final Tier COPY = Tier.of("SquaredDifferences.copyFinite", SquaredDifferences::copyPrimer);

    private SquaredDifferences() {
    }

    /**
     * Returns the sum of {@code (x_i - y_i)^2}.
     *
     * @param xs holds the first stretch
     * @param xAt where it starts
     * @param ys holds the second stretch
     * @param yAt where it starts
     * @param count length of both
     * @return the sum, 0 for nothing
     * @throws IndexOutOfBoundsException if an array is too short
     */
    public static double sum(float[] xs, int xAt, float[] ys, int yAt, int count) {
        if (SUM.vector) {
            return org.pontoon.engine.internal.vector.SquaredDifferences.sum(xs, xAt, ys, yAt, count);
        }
        SUM.scalar(2L * count);
        return org.pontoon.engine.internal.scalar.SquaredDifferences.sum(xs, xAt, ys, yAt, count);
    }

    /**
     * Replaces the first stretch by {@code (x_i - y_i) factor}, the gradient of a share of the sum, in float32.
     *
     * @param xs holds the first stretch
     * @param xAt where it starts
     * @param ys holds the second stretch
     * @param yAt where it starts
     * @param count length of both
     * @param factor what differences are multiplied by
     * @throws IndexOutOfBoundsException if an array is too short
     */
    public static void slopes(float[] xs, int xAt, float[] ys, int yAt, int count, float factor) {
        if (SLOPES.vector) {
            org.pontoon.engine.internal.vector.SquaredDifferences.slopes(xs, xAt, ys, yAt, count, factor);
            return;
        }
        SLOPES.scalar(2L * count);
        org.pontoon.engine.internal.scalar.SquaredDifferences.slopes(xs, xAt, ys, yAt, count, factor);
    }

    /**
     * Copies values and says whether all of them are finite.
     *
     * @param from the values
     * @param to receives the first of them, all that are asked for
     * @param count how many
     * @return whether there is neither NaN nor an infinity among them
     * @throws IndexOutOfBoundsException if an array is too short
     */
    public static boolean copyFinite(float[] from, float[] to, int count) {
        if (COPY.vector) {
            return org.pontoon.engine.internal.vector.SquaredDifferences.copyFinite(from, to, count);
        }
        COPY.scalar(count);
        return org.pontoon.engine.internal.scalar.SquaredDifferences.copyFinite(from, to, count);
    }

    private static Runnable sumPrimer() {
        float[] values = new float[PRIMED];
        return () -> org.pontoon.engine.internal.vector.SquaredDifferences.sum(values, 0, values, 0, PRIMED);
    }

    private static Runnable slopesPrimer() {
        float[] values = new float[PRIMED];
        return () -> org.pontoon.engine.internal.vector.SquaredDifferences.slopes(values, 0, values, 0, PRIMED, 1f);
    }

    private static Runnable copyPrimer() {
        float[] values = new float[PRIMED];
        float[] copy = new float[PRIMED];
        return () -> org.pontoon.engine.internal.vector.SquaredDifferences.copyFinite(values, copy, PRIMED);
    }
}
