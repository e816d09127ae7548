package org.pontoon.engine.internal.scalar;

import java.util.Objects;

/** The scalar twins of the loops of the same names. */
public final class SquaredDifferences {

    public static final int CHAINS = 8;
    private static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

    private SquaredDifferences() {
    }

    public static double sum(float[] xs, int xAt, float[] ys, int yAt, int count) {
        Objects.checkFromIndexSize(xAt, count, xs.length);
        Objects.checkFromIndexSize(yAt, count, ys.length);
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        double e = 0;
        double f = 0;
        double g = 0;
        double h = 0;
        int whole = count & -Lanes.VIRTUAL;
        for (int i = 0; i < whole; i += CHAINS) {
            a += square(xs[xAt + i], ys[yAt + i]);
            b += square(xs[xAt + i + 1], ys[yAt + i + 1]);
            c += square(xs[xAt + i + 2], ys[yAt + i + 2]);
            d += square(xs[xAt + i + 3], ys[yAt + i + 3]);
            e += square(xs[xAt + i + 4], ys[yAt + i + 4]);
            f += square(xs[xAt + i + 5], ys[yAt + i + 5]);
            g += square(xs[xAt + i + 6], ys[yAt + i + 6]);
            h += square(xs[xAt + i + 7], ys[yAt + i + 7]);
        }
        double sum = a + b + (c + d) + (e + f + (g + h));
        for (int i = whole; i < count; i++) {
            sum += square(xs[xAt + i], ys[yAt + i]);
        }
        return sum;
    }

    private static double square(float x, float y) {
        double difference = (double) x - y;
        return difference * difference;
    }

    public static void slopes(float[] xs, int xAt, float[] ys, int yAt, int count, float factor) {
        Objects.checkFromIndexSize(xAt, count, xs.length);
        Objects.checkFromIndexSize(yAt, count, ys.length);
        for (int i = 0; i < count; i++) {
            xs[xAt + i] = (xs[xAt + i] - ys[yAt + i]) * factor;
        }
    }

    public static boolean copyFinite(float[] from, float[] to, int count) {
        Objects.checkFromIndexSize(0, count, from.length);
        Objects.checkFromIndexSize(0, count, to.length);
        System.arraycopy(from, 0, to, 0, count);
        int largest = 0;
        for (int i = 0; i < count; i++) {
            largest = Math.max(largest, Float.floatToRawIntBits(from[i]) & Integer.MAX_VALUE);
        }
        return largest < INFINITY;
    }
}
