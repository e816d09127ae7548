package org.pontoon.engine.internal.kernel;

/**
 * The features of a point in which a Gaussian mixture's logits are linear: {@code [x, x_d x_d, 1]} for diagonal and
 * {@code [x, x_i x_j (i <= j), 1]} for full quadratic forms. Immutable and safe for any thread.
 */
public final class QuadraticFeatures {

    private static final Tier TIER = Tier.of("QuadraticFeatures", QuadraticFeatures::primer);

    private final int dimension;
    private final boolean full;
    private final int quadratics;

    /**
     * Describes the features.
     *
     * @param dimension number of coordinates D, at least 1
     * @param full whether to form all products of two coordinates, or the squares only
     */
    public QuadraticFeatures(int dimension, boolean full) {
        this.dimension = dimension;
        this.full = full;
        this.quadratics = full ? Math.multiplyExact(dimension, dimension + 1) / 2 : dimension;
    }

    /**
     * Returns the number of features, the constant included.
     *
     * @return D + Q + 1
     */
    public int count() {
        return dimension + quadratics + 1;
    }

    /**
     * Returns the number of quadratic features Q.
     *
     * @return D, or D (D + 1) / 2
     */
    public int quadratics() {
        return quadratics;
    }

    /**
     * Writes the features of one point, relative to an origin; the first D of them are the difference itself.
     *
     * @param x the point
     * @param offset where it starts
     * @param origin subtracted from it, D values
     * @param features receives {@link #count()} values
     */
    public void ofPoint(float[] x, int offset, float[] origin, float[] features) {
        centre(x, offset, origin, dimension, features);
        features[dimension + quadratics] = 1f;
        if (full) {
            org.pontoon.engine.internal.scalar.QuadraticFeatures.products(dimension, features);
        }
    }

    /**
     * Writes a point relative to an origin, and behind it the squares.
     *
     * @param x the point
     * @param offset where it starts
     * @param origin subtracted from it
     * @param dimension D
     * @param features receives 2 D values; neither x nor origin
     */
    public static void centre(float[] x, int offset, float[] origin, int dimension, float[] features) {
        if (TIER.vector) {
            org.pontoon.engine.internal.vector.QuadraticFeatures.centre(x, offset, origin, dimension, features);
            return;
        }
        TIER.scalar(2L * dimension);
        org.pontoon.engine.internal.scalar.QuadraticFeatures.centre(x, offset, origin, dimension, features);
    }

    private static Runnable primer() {
        int dimension = 315;
        float[] x = new float[dimension];
        float[] features = new float[2 * dimension];
        return () -> {
            org.pontoon.engine.internal.vector.QuadraticFeatures.centre(x, 0, x, dimension, features);
            org.pontoon.engine.internal.vector.QuadraticFeatures.centre(x, 0, x, 3, features);
        };
    }
}
