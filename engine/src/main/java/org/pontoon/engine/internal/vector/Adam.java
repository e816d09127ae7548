package org.pontoon.engine.internal.vector;

import static org.pontoon.engine.internal.scalar.Adam.BETA1;
import static org.pontoon.engine.internal.scalar.Adam.BETA2;
import static org.pontoon.engine.internal.scalar.Adam.TINY;
import static org.pontoon.engine.internal.scalar.Adam.correction;
import static org.pontoon.engine.internal.scalar.Adam.rate;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The loops on lanes; what they do stands at the door of the same name. */
public final class Adam {

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int L = VectorSupport.LANES;

    private Adam() {
    }

    public static void step(float[] parameters, float[] gradient, float[] first, float[] second, double learningRate, long step) {
        float rate = rate(learningRate, step);
        float correction = correction(step);
        for (int i = 0; i < parameters.length; i += L) {
            FloatVector g = FloatVector.fromArray(F, gradient, i);
            FloatVector m = FloatVector.fromArray(F, first, i).mul(BETA1);
            m = g.lanewise(VectorOperators.FMA, 1 - BETA1, m);
            FloatVector v = FloatVector.fromArray(F, second, i).mul(BETA2);
            v = g.mul(1 - BETA2).fma(g, v);
            m.intoArray(first, i);
            v.intoArray(second, i);
            FloatVector root = v.mul(correction).lanewise(VectorOperators.SQRT).add(TINY);
            FloatVector.fromArray(F, parameters, i).sub(m.mul(rate).div(root)).intoArray(parameters, i);
        }
    }
}
