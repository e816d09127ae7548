package org.pontoon.engine.internal.kernel;

/**
 * Softmax over mixture components for a tile of points: logits become weighted responsibilities, in place.
 *
 * <p>Lanes are points, so the sum over components is one chain in component order and needs no fold.
 */
public final class Responsibilities {

    private static final Tier TIER = Tier.of("Responsibilities", Responsibilities::primer);
    private static final Tier SUMS = Tier.of("Responsibilities.addSums", Responsibilities::sumsPrimer);

    private Responsibilities() {
    }

    /**
     * Replaces logits by {@code weights[b] * softmax over k}.
     *
     * @param logits component-major (components, points): element (k, b) lies at {@code k * points + b}; finite
     * @param components number of components, at least 1
     * @param points number of points, a multiple of 16
     * @param weights weight of each point
     */
    public static void softmax(float[] logits, int components, int points, float[] weights) {
        if (TIER.vector) {
            org.pontoon.engine.internal.vector.Responsibilities.softmax(logits, components, points, weights);
            return;
        }
        TIER.scalar(100L * components * points);
        org.pontoon.engine.internal.scalar.Responsibilities.softmax(logits, components, points, weights);
    }

    /**
     * Sums the weighted responsibilities of every component: 16 virtual lanes in point order, folded pairwise.
     *
     * @param weights component-major (components, points), as {@link #softmax} leaves them
     * @param components number of components
     * @param points number of points, a multiple of 16
     * @param sums receives one sum per component, added to what is there
     * @param lanes scratch, 16 floats
     */
    public static void addSums(float[] weights, int components, int points, float[] sums, float[] lanes) {
        if (SUMS.vector) {
            org.pontoon.engine.internal.vector.Responsibilities.addSums(weights, components, points, sums, lanes);
            return;
        }
        SUMS.scalar(10L * components * points);
        org.pontoon.engine.internal.scalar.Responsibilities.addSums(weights, components, points, sums, lanes);
    }

    private static Runnable primer() {
        int components = 10;
        int points = 32;
        float[] logits = new float[components * points];
        float[] weights = new float[points];
        return () -> org.pontoon.engine.internal.vector.Responsibilities.softmax(logits, components, points, weights);
    }

    private static Runnable sumsPrimer() {
        int components = 4;
        float[] weights = new float[components * PointTile.SIZE];
        float[] sums = new float[components];
        float[] lanes = new float[16];
        return () -> org.pontoon.engine.internal.vector.Responsibilities.addSums(weights, components, PointTile.SIZE, sums, lanes);
    }
}
