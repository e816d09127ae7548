package org.pontoon.engine.internal.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.pontoon.engine.internal.vector.VectorSupport;

/**
 * One step of Adam (Kingma and Ba 2015) over a flat vector of parameters, with PyTorch's defaults: decay rates .9 and .999, and 1e-8 added
 * outside the root.
 */
public final class Adam {

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int L = VectorSupport.LANES;
    private static final float BETA1 = 0.9f;
    private static final float BETA2 = 0.999f;
    private static final float TINY = 1e-8f;

    private Adam() {
    }

    /**
     * Moves the parameters against the gradient.
     *
     * @param parameters the parameters, changed in place; all arrays have one length, a multiple of 16
     * @param gradient the gradient
     * @param first running mean of the gradient, changed in place, zeros before the first step
     * @param second running mean of its square, likewise
     * @param learningRate step size
     * @param step number of this step, from 1
     */
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

    /**
     * The scalar twin of {@link #step}: same arguments, same bits.
     *
     * @param parameters the parameters
     * @param gradient the gradient
     * @param first running mean of the gradient
     * @param second running mean of its square
     * @param learningRate step size
     * @param step number of this step, from 1
     */
    public static void scalarStep(float[] parameters, float[] gradient, float[] first, float[] second, double learningRate, long step) {
        float rate = rate(learningRate, step);
        float correction = correction(step);
        for (int i = 0; i < parameters.length; i++) {
            float g = gradient[i];
            float m = Math.fma(g, 1 - BETA1, first[i] * BETA1);
            float v = Math.fma(g * (1 - BETA2), g, second[i] * BETA2);
            first[i] = m;
            second[i] = v;
            float root = (float) Math.sqrt(v * correction) + TINY;
            parameters[i] -= m * rate / root;
        }
    }

    private static float rate(double learningRate, long step) {
        return (float) (learningRate / (1 - StrictMath.pow(0.9, step)));
    }

    private static float correction(long step) {
        return (float) (1 / (1 - StrictMath.pow(0.999, step)));
    }
}
