package org.pontoon.engine.internal.vector;

import static org.pontoon.engine.internal.scalar.RowProduct.BLOCK;
import static org.pontoon.engine.internal.scalar.RowProduct.CHAINS;
import static org.pontoon.engine.internal.scalar.RowProduct.V;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The loops on lanes; what they do stands at the door of the same name. */
public final class RowProduct {

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int L = VectorSupport.LANES;

    private RowProduct() {
    }

    public static void accumulate(float[] p, int pStart, int pRow, float[] q, int qStart, int qRow, int qRows, int count, float[] chains) {
        for (int b = 0; b < qRows; b += BLOCK) {
            for (int lane = 0; lane < V; lane += L) {
                block(p, pStart + lane, pRow, q, qStart + b * qRow + lane, qRow, count, chains, b / BLOCK * CHAINS + lane);
            }
        }
    }

    public static void multiply(float[] p, int pStart, float[] q, int qStart, float factor, int count, float[] out, int outStart) {
        for (int i = 0; i < count; i += L) {
            FloatVector.fromArray(F, p, pStart + i).mul(FloatVector.fromArray(F, q, qStart + i).mul(factor)).intoArray(out, outStart + i);
        }
    }

    public static void columns(float[] p, float[] q, int row, int rows, int count, float[] out, int outStart) {
        int i = 0;
        for (; i <= count - 4 * L; i += 4 * L) {
            FloatVector a = FloatVector.zero(F);
            FloatVector b = a;
            FloatVector c = a;
            FloatVector d = a;
            for (int at = i; at < rows * row; at += row) {
                a = FloatVector.fromArray(F, p, at).fma(FloatVector.fromArray(F, q, at), a);
                b = FloatVector.fromArray(F, p, at + L).fma(FloatVector.fromArray(F, q, at + L), b);
                c = FloatVector.fromArray(F, p, at + 2 * L).fma(FloatVector.fromArray(F, q, at + 2 * L), c);
                d = FloatVector.fromArray(F, p, at + 3 * L).fma(FloatVector.fromArray(F, q, at + 3 * L), d);
            }
            a.intoArray(out, outStart + i);
            b.intoArray(out, outStart + i + L);
            c.intoArray(out, outStart + i + 2 * L);
            d.intoArray(out, outStart + i + 3 * L);
        }
        for (; i < count; i += L) {
            FloatVector a = FloatVector.zero(F);
            for (int at = i; at < rows * row; at += row) {
                a = FloatVector.fromArray(F, p, at).fma(FloatVector.fromArray(F, q, at), a);
            }
            a.intoArray(out, outStart + i);
        }
    }

    // Written out: C2 keeps sums in registers only as plain locals, and the letters name the columns of a row.

    private static void block(float[] p, int p0, int pRow, float[] q, int q0, int qRow, int count, float[] o, int o0) {
        FloatVector a0 = FloatVector.fromArray(F, o, o0);
        FloatVector b0 = FloatVector.fromArray(F, o, o0 + V);
        FloatVector c0 = FloatVector.fromArray(F, o, o0 + 2 * V);
        FloatVector d0 = FloatVector.fromArray(F, o, o0 + 3 * V);
        FloatVector a1 = FloatVector.fromArray(F, o, o0 + 4 * V);
        FloatVector b1 = FloatVector.fromArray(F, o, o0 + 5 * V);
        FloatVector c1 = FloatVector.fromArray(F, o, o0 + 6 * V);
        FloatVector d1 = FloatVector.fromArray(F, o, o0 + 7 * V);
        FloatVector a2 = FloatVector.fromArray(F, o, o0 + 8 * V);
        FloatVector b2 = FloatVector.fromArray(F, o, o0 + 9 * V);
        FloatVector c2 = FloatVector.fromArray(F, o, o0 + 10 * V);
        FloatVector d2 = FloatVector.fromArray(F, o, o0 + 11 * V);
        FloatVector a3 = FloatVector.fromArray(F, o, o0 + 12 * V);
        FloatVector b3 = FloatVector.fromArray(F, o, o0 + 13 * V);
        FloatVector c3 = FloatVector.fromArray(F, o, o0 + 14 * V);
        FloatVector d3 = FloatVector.fromArray(F, o, o0 + 15 * V);
        for (int i = 0; i < count; i += V) {
            FloatVector qa = FloatVector.fromArray(F, q, q0 + i);
            FloatVector qb = FloatVector.fromArray(F, q, q0 + qRow + i);
            FloatVector qc = FloatVector.fromArray(F, q, q0 + 2 * qRow + i);
            FloatVector qd = FloatVector.fromArray(F, q, q0 + 3 * qRow + i);
            FloatVector s = FloatVector.fromArray(F, p, p0 + i);
            a0 = s.fma(qa, a0);
            b0 = s.fma(qb, b0);
            c0 = s.fma(qc, c0);
            d0 = s.fma(qd, d0);
            s = FloatVector.fromArray(F, p, p0 + pRow + i);
            a1 = s.fma(qa, a1);
            b1 = s.fma(qb, b1);
            c1 = s.fma(qc, c1);
            d1 = s.fma(qd, d1);
            s = FloatVector.fromArray(F, p, p0 + 2 * pRow + i);
            a2 = s.fma(qa, a2);
            b2 = s.fma(qb, b2);
            c2 = s.fma(qc, c2);
            d2 = s.fma(qd, d2);
            s = FloatVector.fromArray(F, p, p0 + 3 * pRow + i);
            a3 = s.fma(qa, a3);
            b3 = s.fma(qb, b3);
            c3 = s.fma(qc, c3);
            d3 = s.fma(qd, d3);
        }
        a0.intoArray(o, o0);
        b0.intoArray(o, o0 + V);
        c0.intoArray(o, o0 + 2 * V);
        d0.intoArray(o, o0 + 3 * V);
        a1.intoArray(o, o0 + 4 * V);
        b1.intoArray(o, o0 + 5 * V);
        c1.intoArray(o, o0 + 6 * V);
        d1.intoArray(o, o0 + 7 * V);
        a2.intoArray(o, o0 + 8 * V);
        b2.intoArray(o, o0 + 9 * V);
        c2.intoArray(o, o0 + 10 * V);
        d2.intoArray(o, o0 + 11 * V);
        a3.intoArray(o, o0 + 12 * V);
        b3.intoArray(o, o0 + 13 * V);
        c3.intoArray(o, o0 + 14 * V);
        d3.intoArray(o, o0 + 15 * V);
    }
}
