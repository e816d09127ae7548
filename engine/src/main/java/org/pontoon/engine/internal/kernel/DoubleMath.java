package org.pontoon.engine.internal.kernel;

/**
 * Elementary functions in float64: a scalar truth, and a vector loop over arrays that gives the same bits.
 *
 * <p>Methods are stateless and safe for any thread. Ranges and errors: see the package.
 */
public final class DoubleMath {

    private static final Tier TIER = Tier.of("DoubleMath", DoubleMath::primer);

    private DoubleMath() {
    }

    /**
     * Exponential function.
     *
     * @param x the argument, not NaN
     * @return e to the x; 0 below -708, infinity above 709
     */
    public static double exp(double x) {
        return org.pontoon.engine.internal.scalar.DoubleMath.exp(x);
    }

    /**
     * Exponential of every value, in place; the bits of {@link #exp(double)}.
     *
     * @param values the arguments, replaced by the results
     * @param offset first value
     * @param count number of values
     */
    public static void exp(double[] values, int offset, int count) {
        if (TIER.vector) {
            org.pontoon.engine.internal.vector.DoubleMath.exp(values, offset, count);
            return;
        }
        TIER.scalar(100L * count);
        org.pontoon.engine.internal.scalar.DoubleMath.exp(values, offset, count);
    }

    private static Runnable primer() {
        double[] arguments = new double[127];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = (i % 3 - 1) * 750;
        }
        double[] values = new double[arguments.length];
        return () -> {
            System.arraycopy(arguments, 0, values, 0, values.length);
            org.pontoon.engine.internal.vector.DoubleMath.exp(values, 0, values.length);
        };
    }
}
