package org.pontoon.engine.internal.scalar;

/** The scalar twins of the loops of the same names. */
public final class Adam {

    public static final float BETA1 = 0.9f;
    public static final float BETA2 = 0.999f;
    public static final float TINY = 1e-8f;

    private Adam() {
    }

    public static void step(float[] parameters, float[] gradient, float[] first, float[] second, double learningRate, long step) {
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

    public static float rate(double learningRate, long step) {
        return (float) (learningRate / (1 - StrictMath.pow(0.9, step)));
    }

    public static float correction(long step) {
        return (float) (1 / (1 - StrictMath.pow(0.999, step)));
    }
}
