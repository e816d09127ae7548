package org.pontoon.engine.internal.scalar;

/**
 * Arrays into which loops copy stretches of others, so that all they read and write is indexed alike: each thread has its own, and a loop
 * that calls another one leaves it the numbers it does not use.
 */
final class Scratch {

    private static final int MOST = 10;
    private static final ThreadLocal<float[][]> ARRAYS = ThreadLocal.withInitial(() -> new float[MOST][0]);

    private Scratch() {
    }

    /** This thread's arrays, the first of them at least so long; what they hold is left from earlier loops. */
    static float[][] of(int arrays, int length) {
        float[][] all = ARRAYS.get();
        for (int k = 0; k < arrays; k++) {
            if (all[k].length < length) {
                all[k] = new float[length];
            }
        }
        return all;
    }
}
