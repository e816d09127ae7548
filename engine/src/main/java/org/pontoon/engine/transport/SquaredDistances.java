package org.pontoon.engine.transport;

/**
 * Squared distances of two points to many, in float64 and by direct differences: plain loops that C2 turns into vectors.
 *
 * <p>Every distance is one chain of fused multiply-adds in the order of the coordinates, whatever the blocking. Four coordinates a loop, of
 * two rows: then arithmetic is what takes the time and no longer the loads and stores, .036 ns a pair and coordinate with 512 bits, which is
 * what one subtraction and one fused multiply-add take.
 */
final class SquaredDistances {

    private static final int BLOCK = 4;

    private SquaredDistances() {
    }

    /**
     * Computes squared distances.
     *
     * @param x first point
     * @param z second point, perhaps the first one again
     * @param y coordinates of the others, by coordinate and point: arrays of their own, which C2 knows not to overlap
     * @param dimension of all points, at least 1
     * @param xs receives the squared distances of x
     * @param zs receives those of z, another array
     * @param count how many of the others
     */
    static void between(double[] x, double[] z, double[][] y, int dimension, double[] xs, double[] zs, int count) {
        int d = (dimension - 1) % BLOCK + 1;
        switch (d) {
            case 1 -> set(x[0], z[0], y[0], xs, zs, count);
            case 2 -> set(x[0], x[1], z[0], z[1], y[0], y[1], xs, zs, count);
            case 3 -> set(x[0], x[1], x[2], z[0], z[1], z[2], y[0], y[1], y[2], xs, zs, count);
            default -> set(x[0], x[1], x[2], x[3], z[0], z[1], z[2], z[3], y[0], y[1], y[2], y[3], xs, zs, count);
        }
        for (; d < dimension; d += BLOCK) {
            add(x[d], x[d + 1], x[d + 2], x[d + 3], z[d], z[d + 1], z[d + 2], z[d + 3], y[d], y[d + 1], y[d + 2], y[d + 3], xs, zs, count);
        }
    }

    private static void set(double x0, double z0, double[] y0, double[] xs, double[] zs, int count) {
        for (int j = 0; j < count; j++) {
            double s0 = x0 - y0[j];
            double t0 = z0 - y0[j];
            xs[j] = s0 * s0;
            zs[j] = t0 * t0;
        }
    }

    private static void set(double x0, double x1, double z0, double z1, double[] y0, double[] y1, double[] xs, double[] zs, int count) {
        for (int j = 0; j < count; j++) {
            double s0 = x0 - y0[j];
            double s1 = x1 - y1[j];
            double t0 = z0 - y0[j];
            double t1 = z1 - y1[j];
            xs[j] = Math.fma(s1, s1, s0 * s0);
            zs[j] = Math.fma(t1, t1, t0 * t0);
        }
    }

    private static void set(double x0, double x1, double x2, double z0, double z1, double z2, double[] y0, double[] y1, double[] y2,
            double[] xs, double[] zs, int count) {
        for (int j = 0; j < count; j++) {
            double s0 = x0 - y0[j];
            double s1 = x1 - y1[j];
            double s2 = x2 - y2[j];
            double t0 = z0 - y0[j];
            double t1 = z1 - y1[j];
            double t2 = z2 - y2[j];
            xs[j] = Math.fma(s2, s2, Math.fma(s1, s1, s0 * s0));
            zs[j] = Math.fma(t2, t2, Math.fma(t1, t1, t0 * t0));
        }
    }

    private static void set(double x0, double x1, double x2, double x3, double z0, double z1, double z2, double z3, double[] y0,
            double[] y1, double[] y2, double[] y3, double[] xs, double[] zs, int count) {
        for (int j = 0; j < count; j++) {
            double s0 = x0 - y0[j];
            double s1 = x1 - y1[j];
            double s2 = x2 - y2[j];
            double s3 = x3 - y3[j];
            double t0 = z0 - y0[j];
            double t1 = z1 - y1[j];
            double t2 = z2 - y2[j];
            double t3 = z3 - y3[j];
            xs[j] = Math.fma(s3, s3, Math.fma(s2, s2, Math.fma(s1, s1, s0 * s0)));
            zs[j] = Math.fma(t3, t3, Math.fma(t2, t2, Math.fma(t1, t1, t0 * t0)));
        }
    }

    private static void add(double x0, double x1, double x2, double x3, double z0, double z1, double z2, double z3, double[] y0,
            double[] y1, double[] y2, double[] y3, double[] xs, double[] zs, int count) {
        for (int j = 0; j < count; j++) {
            double s0 = x0 - y0[j];
            double s1 = x1 - y1[j];
            double s2 = x2 - y2[j];
            double s3 = x3 - y3[j];
            double t0 = z0 - y0[j];
            double t1 = z1 - y1[j];
            double t2 = z2 - y2[j];
            double t3 = z3 - y3[j];
            xs[j] = Math.fma(s3, s3, Math.fma(s2, s2, Math.fma(s1, s1, Math.fma(s0, s0, xs[j]))));
            zs[j] = Math.fma(t3, t3, Math.fma(t2, t2, Math.fma(t1, t1, Math.fma(t0, t0, zs[j]))));
        }
    }
}
