package org.pontoon.engine.internal.scalar;

/**
 * The 16 virtual lanes in which every sum that crosses lanes is taken, whatever the machine's width: layouts are padded to them, and they are
 * folded in one order.
 */
public final class Lanes {

    /** Virtual lanes: all layouts are padded to this many floats whatever the machine's width. */
    public static final int VIRTUAL = 16;

    private Lanes() {
    }

    /** Goes on with 16 sums of values: written out, because C2 would not turn sums of 16 into vectors, and locals stay in registers. */
    static void add(float[] values, int count, float[] lanes, int at) {
        float a = lanes[at];
        float b = lanes[at + 1];
        float c = lanes[at + 2];
        float d = lanes[at + 3];
        float e = lanes[at + 4];
        float f = lanes[at + 5];
        float g = lanes[at + 6];
        float h = lanes[at + 7];
        float i = lanes[at + 8];
        float j = lanes[at + 9];
        float k = lanes[at + 10];
        float l = lanes[at + 11];
        float m = lanes[at + 12];
        float o = lanes[at + 13];
        float p = lanes[at + 14];
        float q = lanes[at + 15];
        for (int n = 0; n <= count - VIRTUAL; n += VIRTUAL) {
            a += values[n];
            b += values[n + 1];
            c += values[n + 2];
            d += values[n + 3];
            e += values[n + 4];
            f += values[n + 5];
            g += values[n + 6];
            h += values[n + 7];
            i += values[n + 8];
            j += values[n + 9];
            k += values[n + 10];
            l += values[n + 11];
            m += values[n + 12];
            o += values[n + 13];
            p += values[n + 14];
            q += values[n + 15];
        }
        lanes[at] = a;
        lanes[at + 1] = b;
        lanes[at + 2] = c;
        lanes[at + 3] = d;
        lanes[at + 4] = e;
        lanes[at + 5] = f;
        lanes[at + 6] = g;
        lanes[at + 7] = h;
        lanes[at + 8] = i;
        lanes[at + 9] = j;
        lanes[at + 10] = k;
        lanes[at + 11] = l;
        lanes[at + 12] = m;
        lanes[at + 13] = o;
        lanes[at + 14] = p;
        lanes[at + 15] = q;
    }

    /** Goes on with 16 sums of products. */
    static void addProducts(float[] x, int xAt, float[] y, int yAt, int count, float[] lanes, int at) {
        float a = lanes[at];
        float b = lanes[at + 1];
        float c = lanes[at + 2];
        float d = lanes[at + 3];
        float e = lanes[at + 4];
        float f = lanes[at + 5];
        float g = lanes[at + 6];
        float h = lanes[at + 7];
        float i = lanes[at + 8];
        float j = lanes[at + 9];
        float k = lanes[at + 10];
        float l = lanes[at + 11];
        float m = lanes[at + 12];
        float o = lanes[at + 13];
        float p = lanes[at + 14];
        float q = lanes[at + 15];
        for (int n = 0; n <= count - VIRTUAL; n += VIRTUAL) {
            a = Math.fma(x[xAt + n], y[yAt + n], a);
            b = Math.fma(x[xAt + n + 1], y[yAt + n + 1], b);
            c = Math.fma(x[xAt + n + 2], y[yAt + n + 2], c);
            d = Math.fma(x[xAt + n + 3], y[yAt + n + 3], d);
            e = Math.fma(x[xAt + n + 4], y[yAt + n + 4], e);
            f = Math.fma(x[xAt + n + 5], y[yAt + n + 5], f);
            g = Math.fma(x[xAt + n + 6], y[yAt + n + 6], g);
            h = Math.fma(x[xAt + n + 7], y[yAt + n + 7], h);
            i = Math.fma(x[xAt + n + 8], y[yAt + n + 8], i);
            j = Math.fma(x[xAt + n + 9], y[yAt + n + 9], j);
            k = Math.fma(x[xAt + n + 10], y[yAt + n + 10], k);
            l = Math.fma(x[xAt + n + 11], y[yAt + n + 11], l);
            m = Math.fma(x[xAt + n + 12], y[yAt + n + 12], m);
            o = Math.fma(x[xAt + n + 13], y[yAt + n + 13], o);
            p = Math.fma(x[xAt + n + 14], y[yAt + n + 14], p);
            q = Math.fma(x[xAt + n + 15], y[yAt + n + 15], q);
        }
        lanes[at] = a;
        lanes[at + 1] = b;
        lanes[at + 2] = c;
        lanes[at + 3] = d;
        lanes[at + 4] = e;
        lanes[at + 5] = f;
        lanes[at + 6] = g;
        lanes[at + 7] = h;
        lanes[at + 8] = i;
        lanes[at + 9] = j;
        lanes[at + 10] = k;
        lanes[at + 11] = l;
        lanes[at + 12] = m;
        lanes[at + 13] = o;
        lanes[at + 14] = p;
        lanes[at + 15] = q;
    }

    /** Finds the least of each lane's values by laying halves onto halves, which no order can change; the values are lost. */
    static void least(float[] values, float[] upper, int count, float[] lanes, int at) {
        int rest = count;
        while (rest > VIRTUAL) {
            int half = rest + VIRTUAL >> 1 & -VIRTUAL;
            System.arraycopy(values, half, upper, 0, rest - half);
            lower(values, upper, rest - half);
            rest = half;
        }
        for (int lane = 0; lane < VIRTUAL; lane++) {
            lanes[at + lane] = count == 0 ? Float.MAX_VALUE : Math.min(values[lane], Float.MAX_VALUE);
        }
    }

    private static void lower(float[] values, float[] bounds, int count) {
        for (int n = 0; n < count; n++) {
            values[n] = Math.min(values[n], bounds[n]);
        }
    }
}
