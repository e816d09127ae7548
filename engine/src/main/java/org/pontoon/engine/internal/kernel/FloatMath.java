package org.pontoon.engine.internal.kernel;

/**
 * Elementary functions in float32: one scalar truth each, and a vector loop over arrays that gives the same bits.
 *
 * <p>Methods are stateless and safe for any thread. Ranges and errors: see the package.
 */
public final class FloatMath {

    private static final Tier EXP = Tier.of("FloatMath.exp", FloatMath::expPrimer);
    private static final Tier SIN_COS_PI = Tier.of("FloatMath.sinCosPi", FloatMath::sinCosPiPrimer);
    private static final Tier BOX_MULLER = Tier.of("FloatMath.boxMuller", FloatMath::boxMullerPrimer);

    private FloatMath() {
    }

    /**
     * Exponential function.
     *
     * @param x the argument, not NaN
     * @return e to the x; 0 below -87, infinity above 88.7
     */
    public static float exp(float x) {
        return org.pontoon.engine.internal.scalar.FloatMath.exp(x);
    }

    /**
     * Exponential of every value, in place; the bits of {@link #exp(float)}.
     *
     * @param values the arguments, replaced by the results
     * @param offset first value
     * @param count number of values
     */
    public static void exp(float[] values, int offset, int count) {
        if (EXP.vector) {
            org.pontoon.engine.internal.vector.FloatMath.exp(values, offset, count);
            return;
        }
        EXP.scalar(60L * count);
        org.pontoon.engine.internal.scalar.FloatMath.exp(values, offset, count);
    }

    /**
     * Natural logarithm.
     *
     * @param x a positive normal number
     * @return ln x
     */
    public static float log(float x) {
        return org.pontoon.engine.internal.scalar.FloatMath.log(x);
    }

    /**
     * Sine of pi times x.
     *
     * @param x from -2^20 to 2^20
     * @return sin(pi x)
     */
    public static float sinPi(float x) {
        return org.pontoon.engine.internal.scalar.FloatMath.sinPi(x);
    }

    /**
     * Cosine of pi times x.
     *
     * @param x from -2^20 to 2^20
     * @return cos(pi x)
     */
    public static float cosPi(float x) {
        return org.pontoon.engine.internal.scalar.FloatMath.cosPi(x);
    }

    /**
     * Sine and cosine of pi times every value; the bits of {@link #sinPi} and {@link #cosPi}. Who divides frequencies by pi beforehand
     * needs no reduction by a rounded pi, however large the angles.
     *
     * @param x the arguments, from -2^20 to 2^20
     * @param xStart first argument
     * @param sines receives the sines; may be x itself with the same start
     * @param sineStart where to start
     * @param cosines receives the cosines; may be x itself with the same start
     * @param cosineStart where to start
     * @param count number of values
     */
    public static void sinCosPi(float[] x, int xStart, float[] sines, int sineStart, float[] cosines, int cosineStart, int count) {
        if (SIN_COS_PI.vector) {
            org.pontoon.engine.internal.vector.FloatMath.sinCosPi(x, xStart, sines, sineStart, cosines, cosineStart, count);
            return;
        }
        SIN_COS_PI.scalar(120L * count);
        org.pontoon.engine.internal.scalar.FloatMath.sinCosPi(x, xStart, sines, sineStart, cosines, cosineStart, count);
    }

    /**
     * Turns pairs of random words into pairs of independent standard normals (Box and Muller 1958), in place of a helper so that the
     * compiler sees one loop.
     *
     * @param radius words that choose the radius, in blocks of 16
     * @param angle words that choose the angle
     * @param count number of pairs, a multiple of 16
     * @param normals receives, for every block of 16 pairs, 16 cosines and then 16 sines
     * @param offset where in normals to start
     */
    public static void boxMuller(int[] radius, int[] angle, int count, float[] normals, int offset) {
        if (BOX_MULLER.vector) {
            org.pontoon.engine.internal.vector.FloatMath.boxMuller(radius, angle, count, normals, offset);
            return;
        }
        BOX_MULLER.scalar(200L * count);
        org.pontoon.engine.internal.scalar.FloatMath.boxMuller(radius, angle, count, normals, offset);
    }

    // The loops have no branches, but what vectors leave over has: the arguments take them all.

    private static Runnable expPrimer() {
        float[] arguments = arguments(100);
        float[] values = new float[arguments.length];
        return () -> {
            System.arraycopy(arguments, 0, values, 0, values.length);
            org.pontoon.engine.internal.vector.FloatMath.exp(values, 0, values.length);
        };
    }

    private static Runnable sinCosPiPrimer() {
        float[] x = arguments(0.5f);
        float[] sines = new float[x.length];
        float[] cosines = new float[x.length];
        return () -> org.pontoon.engine.internal.vector.FloatMath.sinCosPi(x, 0, sines, 0, cosines, 0, x.length);
    }

    private static float[] arguments(float step) {
        float[] arguments = new float[319];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = (i % 3 - 1) * step;
        }
        return arguments;
    }

    private static Runnable boxMullerPrimer() {
        int[] words = new int[320];
        float[] normals = new float[640];
        return () -> org.pontoon.engine.internal.vector.FloatMath.boxMuller(words, words, 256, normals, 0);
    }
}
