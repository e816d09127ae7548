package org.pontoon.engine.internal.vector;

import static org.pontoon.engine.internal.scalar.SymmetricProduct.PANEL;
import static org.pontoon.engine.internal.scalar.SymmetricProduct.STEPS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The loops on lanes; what they do stands at the door of the same name. */
public final class SymmetricProduct {

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int L = VectorSupport.LANES;
    private static final boolean WIDE = VectorSupport.MANY_REGISTERS;

    private SymmetricProduct() {
    }

    public static void add(float[] p, int pStart, float[] q, int qStart, int columns, int steps, boolean diagonal, float[] block,
            double[] out, int outStart) {
        for (int first = 0; first < steps; first += STEPS) {
            int count = Math.min(STEPS, steps - first);
            int pAt = pStart + first * PANEL;
            int qAt = qStart + first * PANEL;
            int rows = diagonal ? columns : PANEL;
            for (int r = 0; r < rows; r += 4) {
                int c = diagonal ? r & -VectorSupport.VIRTUAL_LANES : 0;
                if (WIDE) {
                    for (; c <= columns - 4 * L; c += 4 * L) {
                        block4x4(p, pAt + r, q, qAt + c, count, block, r * PANEL + c);
                    }
                }
                for (; c <= columns - 2 * L; c += 2 * L) {
                    block4x2(p, pAt + r, q, qAt + c, count, block, r * PANEL + c);
                }
                for (; c < columns; c += L) {
                    block4x1(p, pAt + r, q, qAt + c, count, block, r * PANEL + c);
                }
            }
            flush(block, out, outStart);
        }
    }

    private static void flush(float[] block, double[] out, int outStart) {
        for (int k = 0; k < PANEL * PANEL; k++) {
            out[outStart + k] += block[k];
        }
    }

    // The blocks are written out: C2 keeps sums in registers only as plain locals, and the letters name the vectors of a row.

    private static void block4x4(float[] p, int p0, float[] q, int q0, int steps, float[] o, int o0) {
        FloatVector zero = FloatVector.zero(F);
        FloatVector a0 = zero;
        FloatVector b0 = zero;
        FloatVector c0 = zero;
        FloatVector d0 = zero;
        FloatVector a1 = zero;
        FloatVector b1 = zero;
        FloatVector c1 = zero;
        FloatVector d1 = zero;
        FloatVector a2 = zero;
        FloatVector b2 = zero;
        FloatVector c2 = zero;
        FloatVector d2 = zero;
        FloatVector a3 = zero;
        FloatVector b3 = zero;
        FloatVector c3 = zero;
        FloatVector d3 = zero;
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
            s = FloatVector.broadcast(F, p[pi + 1]);
            a1 = s.fma(qa, a1);
            b1 = s.fma(qb, b1);
            c1 = s.fma(qc, c1);
            d1 = s.fma(qd, d1);
            s = FloatVector.broadcast(F, p[pi + 2]);
            a2 = s.fma(qa, a2);
            b2 = s.fma(qb, b2);
            c2 = s.fma(qc, c2);
            d2 = s.fma(qd, d2);
            s = FloatVector.broadcast(F, p[pi + 3]);
            a3 = s.fma(qa, a3);
            b3 = s.fma(qb, b3);
            c3 = s.fma(qc, c3);
            d3 = s.fma(qd, d3);
            pi += PANEL;
            qi += PANEL;
        }
        a0.intoArray(o, o0);
        b0.intoArray(o, o0 + L);
        c0.intoArray(o, o0 + 2 * L);
        d0.intoArray(o, o0 + 3 * L);
        a1.intoArray(o, o0 + PANEL);
        b1.intoArray(o, o0 + PANEL + L);
        c1.intoArray(o, o0 + PANEL + 2 * L);
        d1.intoArray(o, o0 + PANEL + 3 * L);
        a2.intoArray(o, o0 + 2 * PANEL);
        b2.intoArray(o, o0 + 2 * PANEL + L);
        c2.intoArray(o, o0 + 2 * PANEL + 2 * L);
        d2.intoArray(o, o0 + 2 * PANEL + 3 * L);
        a3.intoArray(o, o0 + 3 * PANEL);
        b3.intoArray(o, o0 + 3 * PANEL + L);
        c3.intoArray(o, o0 + 3 * PANEL + 2 * L);
        d3.intoArray(o, o0 + 3 * PANEL + 3 * L);
    }

    private static void block4x2(float[] p, int p0, float[] q, int q0, int steps, float[] o, int o0) {
        FloatVector zero = FloatVector.zero(F);
        FloatVector a0 = zero;
        FloatVector b0 = zero;
        FloatVector a1 = zero;
        FloatVector b1 = zero;
        FloatVector a2 = zero;
        FloatVector b2 = zero;
        FloatVector a3 = zero;
        FloatVector b3 = zero;
        int pi = p0;
        int qi = q0;
        for (int i = 0; i < steps; i++) {
            FloatVector qa = FloatVector.fromArray(F, q, qi);
            FloatVector qb = FloatVector.fromArray(F, q, qi + L);
            FloatVector s = FloatVector.broadcast(F, p[pi]);
            a0 = s.fma(qa, a0);
            b0 = s.fma(qb, b0);
            s = FloatVector.broadcast(F, p[pi + 1]);
            a1 = s.fma(qa, a1);
            b1 = s.fma(qb, b1);
            s = FloatVector.broadcast(F, p[pi + 2]);
            a2 = s.fma(qa, a2);
            b2 = s.fma(qb, b2);
            s = FloatVector.broadcast(F, p[pi + 3]);
            a3 = s.fma(qa, a3);
            b3 = s.fma(qb, b3);
            pi += PANEL;
            qi += PANEL;
        }
        a0.intoArray(o, o0);
        b0.intoArray(o, o0 + L);
        a1.intoArray(o, o0 + PANEL);
        b1.intoArray(o, o0 + PANEL + L);
        a2.intoArray(o, o0 + 2 * PANEL);
        b2.intoArray(o, o0 + 2 * PANEL + L);
        a3.intoArray(o, o0 + 3 * PANEL);
        b3.intoArray(o, o0 + 3 * PANEL + L);
    }

    private static void block4x1(float[] p, int p0, float[] q, int q0, int steps, float[] o, int o0) {
        FloatVector a0 = FloatVector.zero(F);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        int pi = p0;
        int qi = q0;
        for (int i = 0; i < steps; i++) {
            FloatVector qa = FloatVector.fromArray(F, q, qi);
            a0 = FloatVector.broadcast(F, p[pi]).fma(qa, a0);
            a1 = FloatVector.broadcast(F, p[pi + 1]).fma(qa, a1);
            a2 = FloatVector.broadcast(F, p[pi + 2]).fma(qa, a2);
            a3 = FloatVector.broadcast(F, p[pi + 3]).fma(qa, a3);
            pi += PANEL;
            qi += PANEL;
        }
        a0.intoArray(o, o0);
        a1.intoArray(o, o0 + PANEL);
        a2.intoArray(o, o0 + 2 * PANEL);
        a3.intoArray(o, o0 + 3 * PANEL);
    }
}
