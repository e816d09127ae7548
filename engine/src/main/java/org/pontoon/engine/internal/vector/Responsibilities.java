package org.pontoon.engine.internal.vector;

import static org.pontoon.engine.internal.scalar.Responsibilities.fold;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.pontoon.engine.internal.scalar.FloatMath;

/** The loops on lanes; what they do stands at the door of the same name. */
public final class Responsibilities {

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int L = VectorSupport.LANES;

    private Responsibilities() {
    }

    public static void softmax(float[] logits, int components, int points, float[] weights) {
        int end = components * points;
        for (int b = 0; b < points; b += L) {
            FloatVector most = FloatVector.fromArray(F, logits, b);
            for (int at = b + points; at < end; at += points) {
                FloatVector l = FloatVector.fromArray(F, logits, at);
                most = l.blend(most, l.compare(VectorOperators.GT, most).not());
            }
            FloatVector sum = FloatVector.zero(F);
            for (int at = b; at < end; at += points) {
                FloatVector x = FloatVector.fromArray(F, logits, at).sub(most);
                FloatVector t = x.fma(FloatMath.LOG2_E, FloatMath.ROUNDING);
                FloatVector n = t.sub(FloatMath.ROUNDING);
                FloatVector r = n.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_HIGH, x);
                r = n.lanewise(VectorOperators.FMA, FloatMath.MINUS_LN2_LOW, r);
                FloatVector p = r.fma(FloatMath.EXP7, FloatMath.EXP6);
                p = p.fma(r, FloatVector.broadcast(F, FloatMath.EXP5));
                p = p.fma(r, FloatVector.broadcast(F, FloatMath.EXP4));
                p = p.fma(r, FloatVector.broadcast(F, FloatMath.EXP3));
                p = p.fma(r, FloatVector.broadcast(F, FloatMath.EXP2));
                p = p.fma(r.mul(r), r).add(1f);
                IntVector bits = p.reinterpretAsInts().add(t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23));
                FloatVector e = bits.reinterpretAsFloats().blend(0f, x.compare(VectorOperators.LT, FloatMath.EXP_LEAST));
                sum = e.add(sum);
                e.intoArray(logits, at);
            }
            FloatVector scale = FloatVector.fromArray(F, weights, b).div(sum);
            for (int at = b; at < end; at += points) {
                FloatVector.fromArray(F, logits, at).mul(scale).intoArray(logits, at);
            }
        }
    }

    public static void addSums(float[] weights, int components, int points, float[] sums, float[] lanes) {
        for (int k = 0; k < components; k++) {
            int end = (k + 1) * points;
            for (int lane = 0; lane < VectorSupport.VIRTUAL_LANES; lane += L) {
                FloatVector sum = FloatVector.zero(F);
                for (int at = k * points + lane; at < end; at += VectorSupport.VIRTUAL_LANES) {
                    sum = FloatVector.fromArray(F, weights, at).add(sum);
                }
                sum.intoArray(lanes, lane);
            }
            sums[k] += fold(lanes);
        }
    }
}
