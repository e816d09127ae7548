package org.pontoon.engine.internal.scalar;

/** The scalar twins of the loops of the same names. */
public final class Chebyshev {

    private Chebyshev() {
    }

    public static void polynomials(float[] x, int start, int count, double centre, double halfWidth, int degrees, float[] out,
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
