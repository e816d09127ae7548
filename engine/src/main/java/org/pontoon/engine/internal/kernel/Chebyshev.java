package org.pontoon.engine.internal.kernel;

/**
 * Chebyshev polynomials of many points of an interval: what turns a cloud into weights on a lattice, and values on a lattice into values at
 * the points of a cloud.
 *
 * <p>Polynomials are matrices with a row for each degree; point i is column i.
 */
public final class Chebyshev {

    private static final Tier TIER = Tier.of("Chebyshev", Chebyshev::primer);

    private Chebyshev() {
    }

    /**
     * Returns how many polynomials it takes to write {@code exp(i z t)}, |t| at most 1, with an error of about a given size: the terms of
     * its series are twice the Bessel functions J_n(z), which fall ever faster once n exceeds z.
     *
     * @param z largest frequency times half of the interval
     * @param error what the first term that is left out may be
     * @return a number of polynomials, at least 2
     */
    public static int degrees(double z, double error) {
        int n = Math.max(2, (int) Math.ceil(Math.abs(z)));
        while (2 * Math.abs(bessel(n, z)) > error) {
            n++;
        }
        return n;
    }

    /** J_n(z) of Bessel's integral; the rule of equal steps over a period errs by less than J of their number minus n. */
    private static double bessel(int n, double z) {
        int steps = 4 * n + 32;
        double sum = 0;
        for (int k = 0; k < steps; k++) {
            double t = 2 * Math.PI * k / steps;
            sum += Math.cos(n * t - z * Math.sin(t));
        }
        return sum / steps;
    }

    /**
     * Computes polynomials 0 to degrees - 1 of points. The recurrence runs in float64, since its errors grow with the degree. Points outside
     * of the interval count as its ends.
     *
     * @param x coordinates
     * @param start index of the first
     * @param count number of points, a multiple of 16
     * @param centre middle of the interval
     * @param halfWidth half of its length
     * @param degrees number of polynomials, at least 2
     * @param out polynomial a of point i goes to {@code outStart + a * outRow + i}
     * @param outStart where to start
     * @param outRow distance between polynomials
     * @param factors what every polynomial of point i is multiplied by, count values, or null for 1
     */
    public static void polynomials(float[] x, int start, int count, double centre, double halfWidth, int degrees, float[] out, int outStart,
            int outRow, double[] factors) {
        if (TIER.vector) {
            org.pontoon.engine.internal.vector.Chebyshev.polynomials(x, start, count, centre, halfWidth, degrees, out, outStart, outRow,
                factors);
            return;
        }
        TIER.scalar(2L * count * degrees);
        org.pontoon.engine.internal.scalar.Chebyshev.polynomials(x, start, count, centre, halfWidth, degrees, out, outStart, outRow,
            factors);
    }

    private static Runnable primer() {
        int count = 32;
        int degrees = 17;
        float[] x = new float[count];
        double[] factors = new double[count];
        float[] out = new float[count * degrees];
        return () -> {
            org.pontoon.engine.internal.vector.Chebyshev.polynomials(x, 0, count, 0, 1, degrees, out, 0, count, factors);
            org.pontoon.engine.internal.vector.Chebyshev.polynomials(x, 0, count, 0, 1, degrees, out, 0, count, null);
        };
    }
}
