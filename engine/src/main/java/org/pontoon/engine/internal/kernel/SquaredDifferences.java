package org.pontoon.engine.internal.kernel;

import java.util.Objects;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.pontoon.engine.internal.vector.VectorSupport;

/**
 * The sum of squared differences of two stretches of floats, in float64, where every difference is exact or rounded once, and its slopes.
 * Eight chains are folded in a fixed order, so that every width of vectors gives the bits of the scalar twin. The methods keep no state.
 */
public final class SquaredDifferences {

    private static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);
    private static final VectorSpecies<Integer> I = VectorSupport.INTS;
    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final Tier TIER = Tier.of("SquaredDifferences", SquaredDifferences::primer);

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
        if (TIER.vector) {
            return org.pontoon.engine.internal.vector.SquaredDifferences.sum(xs, xAt, ys, yAt, count);
        }
        TIER.scalar(1000);
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
        if (TIER.vector) {
            org.pontoon.engine.internal.vector.SquaredDifferences.slopes(xs, xAt, ys, yAt, count, factor);
            return;
        }
        TIER.scalar(1000);
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
        Objects.checkFromIndexSize(0, count, from.length);
        Objects.checkFromIndexSize(0, count, to.length);
        IntVector largest = IntVector.zero(I);
        int i = 0;
        for (; i <= count - I.length(); i += I.length()) {
            FloatVector v = FloatVector.fromArray(F, from, i);
            // allowed: on integers it is one instruction
            largest = largest.max(v.reinterpretAsInts().and(Integer.MAX_VALUE));
            v.intoArray(to, i);
        }
        boolean finite = largest.compare(VectorOperators.LT, INFINITY).allTrue();
        for (; i < count; i++) {
            finite &= Float.isFinite(from[i]);
            to[i] = from[i];
        }
        return finite;
    }

    private static Runnable primer() {
        return () -> {
        };
    }
}
