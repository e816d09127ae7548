package org.pontoon.engine.internal.kernel;

/**
 * One step of Adam (Kingma and Ba 2015) over a flat vector of parameters, with PyTorch's defaults: decay rates .9 and .999, and 1e-8 added
 * outside the root.
 */
public final class Adam {

    private static final Tier TIER = Tier.of("Adam", Adam::primer);

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
        if (TIER.vector) {
            org.pontoon.engine.internal.vector.Adam.step(parameters, gradient, first, second, learningRate, step);
            return;
        }
        TIER.scalar(100L * parameters.length);
        org.pontoon.engine.internal.scalar.Adam.step(parameters, gradient, first, second, learningRate, step);
    }

    private static Runnable primer() {
        float[] parameters = new float[1024];
        float[] gradient = new float[1024];
        float[] first = new float[1024];
        float[] second = new float[1024];
        return () -> org.pontoon.engine.internal.vector.Adam.step(parameters, gradient, first, second, 1e-3, 1);
    }
}
