package org.pontoon.engine.internal.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The loops on lanes; what they do stands at the door of the same name. */
public final class MatrixProduct {

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int L = VectorSupport.LANES;
    private static final int BLOCK_ROWS = 5;
    private static final boolean WIDE = VectorSupport.MANY_REGISTERS;

    private MatrixProduct() {
    }

    public static void accumulate(float[] p, int pStart, int pRow, int pStep, float[] q, int qStart, int qRow, int rows, int columns,
            int steps,
            float[] out, int outStart, int outRow) {
        int r = 0;
        for (; r <= rows - BLOCK_ROWS; r += BLOCK_ROWS) {
            int pr = pStart + r * pRow;
            int or = outStart + r * outRow;
            int c = 0;
            if (WIDE) {
                for (; c <= columns - 4 * L; c += 4 * L) {
                    block5x4(p, pr, pRow, pStep, q, qStart + c, qRow, steps, out, or + c, outRow);
                }
            }
            for (; c <= columns - 2 * L; c += 2 * L) {
                block5x2(p, pr, pRow, pStep, q, qStart + c, qRow, steps, out, or + c, outRow);
            }
            for (; c < columns; c += L) {
                block5x1(p, pr, pRow, pStep, q, qStart + c, qRow, steps, out, or + c, outRow);
            }
        }
        for (; r < rows; r++) {
            int pr = pStart + r * pRow;
            int or = outStart + r * outRow;
            int c = 0;
            for (; c <= columns - 4 * L; c += 4 * L) {
                block1x4(p, pr, pStep, q, qStart + c, qRow, steps, out, or + c);
            }
            for (; c < columns; c += L) {
                block1x1(p, pr, pStep, q, qStart + c, qRow, steps, out, or + c);
            }
        }
    }

    // The blocks are written out: C2 keeps accumulators in registers only as plain locals, and the letters name the vectors of a row.

    private static void block5x4(float[] p, int p0, int pRow, int pStep, float[] q, int q0, int qRow, int steps, float[] o, int o0,
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
        int pi = p0;
        int qi = q0;
        for (int i = 0; i < steps; i++) {
            FloatVector qa = FloatVector.fromArray(F, q, qi);
            FloatVector qb = FloatVector.fromArray(F, q, qi + L);
            FloatVector qc = FloatVector.fromArray(F, q, qi + 2 * L);
            FloatVector qd = FloatVector.fromArray(F, q, qi + 3 * L);
            FloatVector s = FloatVector.broadcast(F, p[pi]);
            a0 = s.fma(qa, a0);
            b0 = s.fma(qb, b0);
            c0 = s.fma(qc, c0);
            d0 = s.fma(qd, d0);
            s = FloatVector.broadcast(F, p[pi + pRow]);
            a1 = s.fma(qa, a1);
            b1 = s.fma(qb, b1);
            c1 = s.fma(qc, c1);
            d1 = s.fma(qd, d1);
            s = FloatVector.broadcast(F, p[pi + 2 * pRow]);
            a2 = s.fma(qa, a2);
            b2 = s.fma(qb, b2);
            c2 = s.fma(qc, c2);
            d2 = s.fma(qd, d2);
            s = FloatVector.broadcast(F, p[pi + 3 * pRow]);
            a3 = s.fma(qa, a3);
            b3 = s.fma(qb, b3);
            c3 = s.fma(qc, c3);
            d3 = s.fma(qd, d3);
            s = FloatVector.broadcast(F, p[pi + 4 * pRow]);
            a4 = s.fma(qa, a4);
            b4 = s.fma(qb, b4);
            c4 = s.fma(qc, c4);
            d4 = s.fma(qd, d4);
            pi += pStep;
            qi += qRow;
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

    private static void block5x2(float[] p, int p0, int pRow, int pStep, float[] q, int q0, int qRow, int steps, float[] o, int o0,
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
        int pi = p0;
        int qi = q0;
        for (int i = 0; i < steps; i++) {
            FloatVector qa = FloatVector.fromArray(F, q, qi);
            FloatVector qb = FloatVector.fromArray(F, q, qi + L);
            FloatVector s = FloatVector.broadcast(F, p[pi]);
            a0 = s.fma(qa, a0);
            b0 = s.fma(qb, b0);
            s = FloatVector.broadcast(F, p[pi + pRow]);
            a1 = s.fma(qa, a1);
            b1 = s.fma(qb, b1);
            s = FloatVector.broadcast(F, p[pi + 2 * pRow]);
            a2 = s.fma(qa, a2);
            b2 = s.fma(qb, b2);
            s = FloatVector.broadcast(F, p[pi + 3 * pRow]);
            a3 = s.fma(qa, a3);
            b3 = s.fma(qb, b3);
            s = FloatVector.broadcast(F, p[pi + 4 * pRow]);
            a4 = s.fma(qa, a4);
            b4 = s.fma(qb, b4);
            pi += pStep;
            qi += qRow;
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

    private static void block5x1(float[] p, int p0, int pRow, int pStep, float[] q, int q0, int qRow, int steps, float[] o, int o0,
            int oRow) {
        FloatVector a0 = FloatVector.fromArray(F, o, o0);
        FloatVector a1 = FloatVector.fromArray(F, o, o0 + oRow);
        FloatVector a2 = FloatVector.fromArray(F, o, o0 + 2 * oRow);
        FloatVector a3 = FloatVector.fromArray(F, o, o0 + 3 * oRow);
        FloatVector a4 = FloatVector.fromArray(F, o, o0 + 4 * oRow);
        int pi = p0;
        int qi = q0;
        for (int i = 0; i < steps; i++) {
            FloatVector qa = FloatVector.fromArray(F, q, qi);
            a0 = FloatVector.broadcast(F, p[pi]).fma(qa, a0);
            a1 = FloatVector.broadcast(F, p[pi + pRow]).fma(qa, a1);
            a2 = FloatVector.broadcast(F, p[pi + 2 * pRow]).fma(qa, a2);
            a3 = FloatVector.broadcast(F, p[pi + 3 * pRow]).fma(qa, a3);
            a4 = FloatVector.broadcast(F, p[pi + 4 * pRow]).fma(qa, a4);
            pi += pStep;
            qi += qRow;
        }
        a0.intoArray(o, o0);
        a1.intoArray(o, o0 + oRow);
        a2.intoArray(o, o0 + 2 * oRow);
        a3.intoArray(o, o0 + 3 * oRow);
        a4.intoArray(o, o0 + 4 * oRow);
    }

    private static void block1x4(float[] p, int p0, int pStep, float[] q, int q0, int qRow, int steps, float[] o, int o0) {
        FloatVector a = FloatVector.fromArray(F, o, o0);
        FloatVector b = FloatVector.fromArray(F, o, o0 + L);
        FloatVector c = FloatVector.fromArray(F, o, o0 + 2 * L);
        FloatVector d = FloatVector.fromArray(F, o, o0 + 3 * L);
        int pi = p0;
        int qi = q0;
        for (int i = 0; i < steps; i++) {
            FloatVector s = FloatVector.broadcast(F, p[pi]);
            a = s.fma(FloatVector.fromArray(F, q, qi), a);
            b = s.fma(FloatVector.fromArray(F, q, qi + L), b);
            c = s.fma(FloatVector.fromArray(F, q, qi + 2 * L), c);
            d = s.fma(FloatVector.fromArray(F, q, qi + 3 * L), d);
            pi += pStep;
            qi += qRow;
        }
        a.intoArray(o, o0);
        b.intoArray(o, o0 + L);
        c.intoArray(o, o0 + 2 * L);
        d.intoArray(o, o0 + 3 * L);
    }

    private static void block1x1(float[] p, int p0, int pStep, float[] q, int q0, int qRow, int steps, float[] o, int o0) {
        FloatVector a = FloatVector.fromArray(F, o, o0);
        int pi = p0;
        int qi = q0;
        for (int i = 0; i < steps; i++) {
            a = FloatVector.broadcast(F, p[pi]).fma(FloatVector.fromArray(F, q, qi), a);
            pi += pStep;
            qi += qRow;
        }
        a.intoArray(o, o0);
    }
}
