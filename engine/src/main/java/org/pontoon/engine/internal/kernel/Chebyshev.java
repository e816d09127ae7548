package org.pontoon.engine.internal.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.pontoon.engine.internal.vector.VectorSupport;

/**
 * Chebyshev polynomials of many points of an interval: what turns a cloud into weights on a lattice, and values on a lattice into values at
 * the points of a cloud.
 *
 * <p>Polynomials are matrices with a row for each degree; point i is column i.
 */
public final class Chebyshev {

    private static final int L = VectorSupport.LANES;
    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final VectorSpecies<Double> D = VectorSupport.DOUBLES;

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
        DoubleVector one = DoubleVector.broadcast(D, 1);
        DoubleVector minusOne = DoubleVector.broadcast(D, -1);
        double scale = 1 / halfWidth;
        for (int i = 0; i < count; i += L) {
            // two vectors at a time, or every step would wait for the one before
            FloatVector points = FloatVector.fromArray(F, x, start + i);
            DoubleVector s = ((DoubleVector) points.convertShape(VectorOperators.F2D, D, 0)).sub(centre).mul(scale);
            DoubleVector t = ((DoubleVector) points.rearrange(VectorSupport.UPPER_HALF).convertShape(VectorOperators.F2D, D, 0))
                .sub(centre).mul(scale);
            s = s.blend(minusOne, s.compare(VectorOperators.LT, -1)).blend(one, s.compare(VectorOperators.GT, 1));
            t = t.blend(minusOne, t.compare(VectorOperators.LT, -1)).blend(one, t.compare(VectorOperators.GT, 1));
            DoubleVector s2 = s.add(s);
            DoubleVector t2 = t.add(t);
            DoubleVector sBefore = factors == null ? one : DoubleVector.fromArray(D, factors, i);
            DoubleVector tBefore = factors == null ? one : DoubleVector.fromArray(D, factors, i + L / 2);
            s = s.mul(sBefore);
            t = t.mul(tBefore);
            int at = outStart + i;
            ((FloatVector) sBefore.convertShape(VectorOperators.D2F, F, 0)).blend(((FloatVector) tBefore
                .convertShape(VectorOperators.D2F, F, 0)).rearrange(VectorSupport.UPPER_HALF), VectorSupport.UPPER_LANES)
                .intoArray(out, at);
            for (int a = 1; a < degrees; a++) {
                at += outRow;
                ((FloatVector) s.convertShape(VectorOperators.D2F, F, 0)).blend(((FloatVector) t.convertShape(VectorOperators.D2F, F, 0))
                    .rearrange(VectorSupport.UPPER_HALF), VectorSupport.UPPER_LANES).intoArray(out, at);
                DoubleVector sNext = s2.fma(s, sBefore.neg());
                DoubleVector tNext = t2.fma(t, tBefore.neg());
                sBefore = s;
                tBefore = t;
                s = sNext;
                t = tNext;
            }
        }
    }

    /**
     * The scalar twin of {@link #polynomials}: same arguments, same bits.
     *
     * @param x coordinates
     * @param start index of the first
     * @param count number of points
     * @param centre middle of the interval
     * @param halfWidth half of its length
     * @param degrees number of polynomials
     * @param out receives the polynomials
     * @param outStart where to start
     * @param outRow distance between polynomials
     * @param factors factors of points, or null
     */
    public static void scalarPolynomials(float[] x, int start, int count, double centre, double halfWidth, int degrees, float[] out,
            int outStart, int outRow, double[] factors) {
        double scale = 1 / halfWidth;
        for (int i = 0; i < count; i++) {
            double t = Math.clamp((x[start + i] - centre) * scale, -1, 1);
            double twice = t + t;
            double before = factors == null ? 1 : factors[i];
            t *= before;
            out[outStart + i] = (float) before;
            for (int a = 1; a < degrees; a++) {
                out[outStart + a * outRow + i] = (float) t;
                double next = Math.fma(twice, t, -before);
                before = t;
                t = next;
            }
        }
    }
}
