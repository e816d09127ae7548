package org.pontoon.engine.internal.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.pontoon.engine.internal.scalar.PointTile;

/** The loops on lanes; what they do stands at the door of the same name. */
public final class DiagonalForms {

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int L = VectorSupport.LANES;
    private static final int BLOCK_ROWS = 5;
    private static final boolean WIDE = VectorSupport.MANY_REGISTERS;

    private DiagonalForms() {
    }

    public static void forward(float[] slope, float[] curve, int stride, int components, int dimension, float[] columns, float[] logits) {
        int k = 0;
        for (; k <= components - BLOCK_ROWS; k += BLOCK_ROWS) {
            int o = k * PointTile.SIZE;
            int b = 0;
            if (WIDE) {
                for (; b < PointTile.SIZE; b += 4 * L) {
                    forward5x4(slope, curve, k * stride, stride, columns, b, dimension, logits, o + b, PointTile.SIZE);
                }
            }
            for (; b < PointTile.SIZE; b += 2 * L) {
                forward5x2(slope, curve, k * stride, stride, columns, b, dimension, logits, o + b, PointTile.SIZE);
            }
        }
        for (; k < components; k++) {
            for (int b = 0; b < PointTile.SIZE; b += 4 * L) {
                forward1x4(slope, curve, k * stride, columns, b, dimension, logits, k * PointTile.SIZE + b);
            }
        }
    }

    public static void backward(float[] weights, int components, int points, float[] rows, int rowStride, int stride, float[] first,
            float[] second) {
        int k = 0;
        for (; k <= components - BLOCK_ROWS; k += BLOCK_ROWS) {
            int w = k * PointTile.SIZE;
            int d = 0;
            if (WIDE) {
                for (; d <= stride - 2 * L; d += 2 * L) {
                    backward5x2(weights, w, rows, d, rowStride, points, first, second, k * stride + d, stride);
                }
            }
            for (; d < stride; d += L) {
                backward5x1(weights, w, rows, d, rowStride, points, first, second, k * stride + d, stride);
            }
        }
        for (; k < components; k++) {
            int d = 0;
            for (; d <= stride - 2 * L; d += 2 * L) {
                backward1x2(weights, k * PointTile.SIZE, rows, d, rowStride, points, first, second, k * stride + d);
            }
            for (; d < stride; d += L) {
                backward1x1(weights, k * PointTile.SIZE, rows, d, rowStride, points, first, second, k * stride + d);
            }
        }
    }

    // The blocks are written out: C2 keeps accumulators in registers only as plain locals. Letters name vectors, digits components.

    private static void forward5x4(float[] slope, float[] curve, int k0, int stride, float[] x, int x0, int steps, float[] o, int o0,
            int oRow) {
        int o1 = o0 + oRow;
        int o2 = o1 + oRow;
        int o3 = o2 + oRow;
        int o4 = o3 + oRow;
        FloatVector a0 = FloatVector.fromArray(F, o, o0);
        FloatVector b0 = FloatVector.fromArray(F, o, o0 + L);
        FloatVector c0 = FloatVector.fromArray(F, o, o0 + 2 * L);
        FloatVector d0 = FloatVector.fromArray(F, o, o0 + 3 * L);
        FloatVector a1 = FloatVector.fromArray(F, o, o1);
        FloatVector b1 = FloatVector.fromArray(F, o, o1 + L);
        FloatVector c1 = FloatVector.fromArray(F, o, o1 + 2 * L);
        FloatVector d1 = FloatVector.fromArray(F, o, o1 + 3 * L);
        FloatVector a2 = FloatVector.fromArray(F, o, o2);
        FloatVector b2 = FloatVector.fromArray(F, o, o2 + L);
        FloatVector c2 = FloatVector.fromArray(F, o, o2 + 2 * L);
        FloatVector d2 = FloatVector.fromArray(F, o, o2 + 3 * L);
        FloatVector a3 = FloatVector.fromArray(F, o, o3);
        FloatVector b3 = FloatVector.fromArray(F, o, o3 + L);
        FloatVector c3 = FloatVector.fromArray(F, o, o3 + 2 * L);
        FloatVector d3 = FloatVector.fromArray(F, o, o3 + 3 * L);
        FloatVector a4 = FloatVector.fromArray(F, o, o4);
        FloatVector b4 = FloatVector.fromArray(F, o, o4 + L);
        FloatVector c4 = FloatVector.fromArray(F, o, o4 + 2 * L);
        FloatVector d4 = FloatVector.fromArray(F, o, o4 + 3 * L);
        int xi = x0;
        for (int i = k0; i < k0 + steps; i++) {
            FloatVector xa = FloatVector.fromArray(F, x, xi);
            FloatVector xb = FloatVector.fromArray(F, x, xi + L);
            FloatVector xc = FloatVector.fromArray(F, x, xi + 2 * L);
            FloatVector xd = FloatVector.fromArray(F, x, xi + 3 * L);
            FloatVector c = FloatVector.broadcast(F, curve[i]);
            FloatVector s = FloatVector.broadcast(F, slope[i]);
            a0 = c.fma(xa, s).fma(xa, a0);
            b0 = c.fma(xb, s).fma(xb, b0);
            c0 = c.fma(xc, s).fma(xc, c0);
            d0 = c.fma(xd, s).fma(xd, d0);
            c = FloatVector.broadcast(F, curve[i + stride]);
            s = FloatVector.broadcast(F, slope[i + stride]);
            a1 = c.fma(xa, s).fma(xa, a1);
            b1 = c.fma(xb, s).fma(xb, b1);
            c1 = c.fma(xc, s).fma(xc, c1);
            d1 = c.fma(xd, s).fma(xd, d1);
            c = FloatVector.broadcast(F, curve[i + 2 * stride]);
            s = FloatVector.broadcast(F, slope[i + 2 * stride]);
            a2 = c.fma(xa, s).fma(xa, a2);
            b2 = c.fma(xb, s).fma(xb, b2);
            c2 = c.fma(xc, s).fma(xc, c2);
            d2 = c.fma(xd, s).fma(xd, d2);
            c = FloatVector.broadcast(F, curve[i + 3 * stride]);
            s = FloatVector.broadcast(F, slope[i + 3 * stride]);
            a3 = c.fma(xa, s).fma(xa, a3);
            b3 = c.fma(xb, s).fma(xb, b3);
            c3 = c.fma(xc, s).fma(xc, c3);
            d3 = c.fma(xd, s).fma(xd, d3);
            c = FloatVector.broadcast(F, curve[i + 4 * stride]);
            s = FloatVector.broadcast(F, slope[i + 4 * stride]);
            a4 = c.fma(xa, s).fma(xa, a4);
            b4 = c.fma(xb, s).fma(xb, b4);
            c4 = c.fma(xc, s).fma(xc, c4);
            d4 = c.fma(xd, s).fma(xd, d4);
            xi += PointTile.SIZE;
        }
        a0.intoArray(o, o0);
        b0.intoArray(o, o0 + L);
        c0.intoArray(o, o0 + 2 * L);
        d0.intoArray(o, o0 + 3 * L);
        a1.intoArray(o, o1);
        b1.intoArray(o, o1 + L);
        c1.intoArray(o, o1 + 2 * L);
        d1.intoArray(o, o1 + 3 * L);
        a2.intoArray(o, o2);
        b2.intoArray(o, o2 + L);
        c2.intoArray(o, o2 + 2 * L);
        d2.intoArray(o, o2 + 3 * L);
        a3.intoArray(o, o3);
        b3.intoArray(o, o3 + L);
        c3.intoArray(o, o3 + 2 * L);
        d3.intoArray(o, o3 + 3 * L);
        a4.intoArray(o, o4);
        b4.intoArray(o, o4 + L);
        c4.intoArray(o, o4 + 2 * L);
        d4.intoArray(o, o4 + 3 * L);
    }

    private static void forward5x2(float[] slope, float[] curve, int k0, int stride, float[] x, int x0, int steps, float[] o, int o0,
            int oRow) {
        int o1 = o0 + oRow;
        int o2 = o1 + oRow;
        int o3 = o2 + oRow;
        int o4 = o3 + oRow;
        FloatVector a0 = FloatVector.fromArray(F, o, o0);
        FloatVector b0 = FloatVector.fromArray(F, o, o0 + L);
        FloatVector a1 = FloatVector.fromArray(F, o, o1);
        FloatVector b1 = FloatVector.fromArray(F, o, o1 + L);
        FloatVector a2 = FloatVector.fromArray(F, o, o2);
        FloatVector b2 = FloatVector.fromArray(F, o, o2 + L);
        FloatVector a3 = FloatVector.fromArray(F, o, o3);
        FloatVector b3 = FloatVector.fromArray(F, o, o3 + L);
        FloatVector a4 = FloatVector.fromArray(F, o, o4);
        FloatVector b4 = FloatVector.fromArray(F, o, o4 + L);
        int xi = x0;
        for (int i = k0; i < k0 + steps; i++) {
            FloatVector xa = FloatVector.fromArray(F, x, xi);
            FloatVector xb = FloatVector.fromArray(F, x, xi + L);
            FloatVector c = FloatVector.broadcast(F, curve[i]);
            FloatVector s = FloatVector.broadcast(F, slope[i]);
            a0 = c.fma(xa, s).fma(xa, a0);
            b0 = c.fma(xb, s).fma(xb, b0);
            c = FloatVector.broadcast(F, curve[i + stride]);
            s = FloatVector.broadcast(F, slope[i + stride]);
            a1 = c.fma(xa, s).fma(xa, a1);
            b1 = c.fma(xb, s).fma(xb, b1);
            c = FloatVector.broadcast(F, curve[i + 2 * stride]);
            s = FloatVector.broadcast(F, slope[i + 2 * stride]);
            a2 = c.fma(xa, s).fma(xa, a2);
            b2 = c.fma(xb, s).fma(xb, b2);
            c = FloatVector.broadcast(F, curve[i + 3 * stride]);
            s = FloatVector.broadcast(F, slope[i + 3 * stride]);
            a3 = c.fma(xa, s).fma(xa, a3);
            b3 = c.fma(xb, s).fma(xb, b3);
            c = FloatVector.broadcast(F, curve[i + 4 * stride]);
            s = FloatVector.broadcast(F, slope[i + 4 * stride]);
            a4 = c.fma(xa, s).fma(xa, a4);
            b4 = c.fma(xb, s).fma(xb, b4);
            xi += PointTile.SIZE;
        }
        a0.intoArray(o, o0);
        b0.intoArray(o, o0 + L);
        a1.intoArray(o, o1);
        b1.intoArray(o, o1 + L);
        a2.intoArray(o, o2);
        b2.intoArray(o, o2 + L);
        a3.intoArray(o, o3);
        b3.intoArray(o, o3 + L);
        a4.intoArray(o, o4);
        b4.intoArray(o, o4 + L);
    }

    private static void forward1x4(float[] slope, float[] curve, int k0, float[] x, int x0, int steps, float[] o, int o0) {
        FloatVector a0 = FloatVector.fromArray(F, o, o0);
        FloatVector b0 = FloatVector.fromArray(F, o, o0 + L);
        FloatVector c0 = FloatVector.fromArray(F, o, o0 + 2 * L);
        FloatVector d0 = FloatVector.fromArray(F, o, o0 + 3 * L);
        int xi = x0;
        for (int i = k0; i < k0 + steps; i++) {
            FloatVector xa = FloatVector.fromArray(F, x, xi);
            FloatVector xb = FloatVector.fromArray(F, x, xi + L);
            FloatVector xc = FloatVector.fromArray(F, x, xi + 2 * L);
            FloatVector xd = FloatVector.fromArray(F, x, xi + 3 * L);
            FloatVector c = FloatVector.broadcast(F, curve[i]);
            FloatVector s = FloatVector.broadcast(F, slope[i]);
            a0 = c.fma(xa, s).fma(xa, a0);
            b0 = c.fma(xb, s).fma(xb, b0);
            c0 = c.fma(xc, s).fma(xc, c0);
            d0 = c.fma(xd, s).fma(xd, d0);
            xi += PointTile.SIZE;
        }
        a0.intoArray(o, o0);
        b0.intoArray(o, o0 + L);
        c0.intoArray(o, o0 + 2 * L);
        d0.intoArray(o, o0 + 3 * L);
    }

    private static void backward5x2(float[] w, int w0, float[] x, int x0, int xRow, int points, float[] first, float[] second, int o0,
            int stride) {
        int o1 = o0 + stride;
        int o2 = o1 + stride;
        int o3 = o2 + stride;
        int o4 = o3 + stride;
        FloatVector a0 = FloatVector.fromArray(F, first, o0);
        FloatVector aa0 = FloatVector.fromArray(F, second, o0);
        FloatVector b0 = FloatVector.fromArray(F, first, o0 + L);
        FloatVector bb0 = FloatVector.fromArray(F, second, o0 + L);
        FloatVector a1 = FloatVector.fromArray(F, first, o1);
        FloatVector aa1 = FloatVector.fromArray(F, second, o1);
        FloatVector b1 = FloatVector.fromArray(F, first, o1 + L);
        FloatVector bb1 = FloatVector.fromArray(F, second, o1 + L);
        FloatVector a2 = FloatVector.fromArray(F, first, o2);
        FloatVector aa2 = FloatVector.fromArray(F, second, o2);
        FloatVector b2 = FloatVector.fromArray(F, first, o2 + L);
        FloatVector bb2 = FloatVector.fromArray(F, second, o2 + L);
        FloatVector a3 = FloatVector.fromArray(F, first, o3);
        FloatVector aa3 = FloatVector.fromArray(F, second, o3);
        FloatVector b3 = FloatVector.fromArray(F, first, o3 + L);
        FloatVector bb3 = FloatVector.fromArray(F, second, o3 + L);
        FloatVector a4 = FloatVector.fromArray(F, first, o4);
        FloatVector aa4 = FloatVector.fromArray(F, second, o4);
        FloatVector b4 = FloatVector.fromArray(F, first, o4 + L);
        FloatVector bb4 = FloatVector.fromArray(F, second, o4 + L);
        int xi = x0;
        for (int i = w0; i < w0 + points; i++) {
            FloatVector xa = FloatVector.fromArray(F, x, xi);
            FloatVector xaa = xa.mul(xa);
            FloatVector xb = FloatVector.fromArray(F, x, xi + L);
            FloatVector xbb = xb.mul(xb);
            FloatVector s = FloatVector.broadcast(F, w[i]);
            a0 = s.fma(xa, a0);
            aa0 = s.fma(xaa, aa0);
            b0 = s.fma(xb, b0);
            bb0 = s.fma(xbb, bb0);
            s = FloatVector.broadcast(F, w[i + PointTile.SIZE]);
            a1 = s.fma(xa, a1);
            aa1 = s.fma(xaa, aa1);
            b1 = s.fma(xb, b1);
            bb1 = s.fma(xbb, bb1);
            s = FloatVector.broadcast(F, w[i + 2 * PointTile.SIZE]);
            a2 = s.fma(xa, a2);
            aa2 = s.fma(xaa, aa2);
            b2 = s.fma(xb, b2);
            bb2 = s.fma(xbb, bb2);
            s = FloatVector.broadcast(F, w[i + 3 * PointTile.SIZE]);
            a3 = s.fma(xa, a3);
            aa3 = s.fma(xaa, aa3);
            b3 = s.fma(xb, b3);
            bb3 = s.fma(xbb, bb3);
            s = FloatVector.broadcast(F, w[i + 4 * PointTile.SIZE]);
            a4 = s.fma(xa, a4);
            aa4 = s.fma(xaa, aa4);
            b4 = s.fma(xb, b4);
            bb4 = s.fma(xbb, bb4);
            xi += xRow;
        }
        a0.intoArray(first, o0);
        aa0.intoArray(second, o0);
        b0.intoArray(first, o0 + L);
        bb0.intoArray(second, o0 + L);
        a1.intoArray(first, o1);
        aa1.intoArray(second, o1);
        b1.intoArray(first, o1 + L);
        bb1.intoArray(second, o1 + L);
        a2.intoArray(first, o2);
        aa2.intoArray(second, o2);
        b2.intoArray(first, o2 + L);
        bb2.intoArray(second, o2 + L);
        a3.intoArray(first, o3);
        aa3.intoArray(second, o3);
        b3.intoArray(first, o3 + L);
        bb3.intoArray(second, o3 + L);
        a4.intoArray(first, o4);
        aa4.intoArray(second, o4);
        b4.intoArray(first, o4 + L);
        bb4.intoArray(second, o4 + L);
    }

    private static void backward5x1(float[] w, int w0, float[] x, int x0, int xRow, int points, float[] first, float[] second, int o0,
            int stride) {
        int o1 = o0 + stride;
        int o2 = o1 + stride;
        int o3 = o2 + stride;
        int o4 = o3 + stride;
        FloatVector a0 = FloatVector.fromArray(F, first, o0);
        FloatVector aa0 = FloatVector.fromArray(F, second, o0);
        FloatVector a1 = FloatVector.fromArray(F, first, o1);
        FloatVector aa1 = FloatVector.fromArray(F, second, o1);
        FloatVector a2 = FloatVector.fromArray(F, first, o2);
        FloatVector aa2 = FloatVector.fromArray(F, second, o2);
        FloatVector a3 = FloatVector.fromArray(F, first, o3);
        FloatVector aa3 = FloatVector.fromArray(F, second, o3);
        FloatVector a4 = FloatVector.fromArray(F, first, o4);
        FloatVector aa4 = FloatVector.fromArray(F, second, o4);
        int xi = x0;
        for (int i = w0; i < w0 + points; i++) {
            FloatVector xa = FloatVector.fromArray(F, x, xi);
            FloatVector xaa = xa.mul(xa);
            FloatVector s = FloatVector.broadcast(F, w[i]);
            a0 = s.fma(xa, a0);
            aa0 = s.fma(xaa, aa0);
            s = FloatVector.broadcast(F, w[i + PointTile.SIZE]);
            a1 = s.fma(xa, a1);
            aa1 = s.fma(xaa, aa1);
            s = FloatVector.broadcast(F, w[i + 2 * PointTile.SIZE]);
            a2 = s.fma(xa, a2);
            aa2 = s.fma(xaa, aa2);
            s = FloatVector.broadcast(F, w[i + 3 * PointTile.SIZE]);
            a3 = s.fma(xa, a3);
            aa3 = s.fma(xaa, aa3);
            s = FloatVector.broadcast(F, w[i + 4 * PointTile.SIZE]);
            a4 = s.fma(xa, a4);
            aa4 = s.fma(xaa, aa4);
            xi += xRow;
        }
        a0.intoArray(first, o0);
        aa0.intoArray(second, o0);
        a1.intoArray(first, o1);
        aa1.intoArray(second, o1);
        a2.intoArray(first, o2);
        aa2.intoArray(second, o2);
        a3.intoArray(first, o3);
        aa3.intoArray(second, o3);
        a4.intoArray(first, o4);
        aa4.intoArray(second, o4);
    }

    private static void backward1x2(float[] w, int w0, float[] x, int x0, int xRow, int points, float[] first, float[] second, int o0) {
        FloatVector a0 = FloatVector.fromArray(F, first, o0);
        FloatVector aa0 = FloatVector.fromArray(F, second, o0);
        FloatVector b0 = FloatVector.fromArray(F, first, o0 + L);
        FloatVector bb0 = FloatVector.fromArray(F, second, o0 + L);
        int xi = x0;
        for (int i = w0; i < w0 + points; i++) {
            FloatVector xa = FloatVector.fromArray(F, x, xi);
            FloatVector xaa = xa.mul(xa);
            FloatVector xb = FloatVector.fromArray(F, x, xi + L);
            FloatVector xbb = xb.mul(xb);
            FloatVector s = FloatVector.broadcast(F, w[i]);
            a0 = s.fma(xa, a0);
            aa0 = s.fma(xaa, aa0);
            b0 = s.fma(xb, b0);
            bb0 = s.fma(xbb, bb0);
            xi += xRow;
        }
        a0.intoArray(first, o0);
        aa0.intoArray(second, o0);
        b0.intoArray(first, o0 + L);
        bb0.intoArray(second, o0 + L);
    }

    private static void backward1x1(float[] w, int w0, float[] x, int x0, int xRow, int points, float[] first, float[] second, int o0) {
        FloatVector a0 = FloatVector.fromArray(F, first, o0);
        FloatVector aa0 = FloatVector.fromArray(F, second, o0);
        int xi = x0;
        for (int i = w0; i < w0 + points; i++) {
            FloatVector xa = FloatVector.fromArray(F, x, xi);
            FloatVector xaa = xa.mul(xa);
            FloatVector s = FloatVector.broadcast(F, w[i]);
            a0 = s.fma(xa, a0);
            aa0 = s.fma(xaa, aa0);
            xi += xRow;
        }
        a0.intoArray(first, o0);
        aa0.intoArray(second, o0);
    }
}
