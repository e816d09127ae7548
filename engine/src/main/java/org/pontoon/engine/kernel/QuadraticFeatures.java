package org.pontoon.engine.kernel;

import jdk.incubator.vector.FloatVector;
import org.pontoon.engine.simd.VectorSupport;

/**
 * The features of a point in which a Gaussian mixture's logits are linear: {@code [x, x_d x_d, 1]} for diagonal and
 * {@code [x, x_i x_j (i <= j), 1]} for full quadratic forms. Immutable and safe for any thread.
 */
public final class QuadraticFeatures {

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
     * Writes the features of one point.
     *
     * @param x the point
     * @param offset where it starts
     * @param features receives {@link #count()} values
     */
    public void ofPoint(float[] x, int offset, float[] features) {
        System.arraycopy(x, offset, features, 0, dimension);
        features[dimension + quadratics] = 1f;
        if (!full) {
            squares(features, dimension);
            return;
        }
        int at = dimension;
        for (int i = 0; i < dimension; i++) {
            for (int j = i; j < dimension; j++) {
                features[at++] = features[i] * features[j];
            }
        }
    }

    /** Squares the first values into the next ones; by hand, because C2 leaves a loop over two parts of one array scalar. */
    private static void squares(float[] features, int dimension) {
        int d = 0;
        for (; d <= dimension - VectorSupport.LANES; d += VectorSupport.LANES) {
            FloatVector x = FloatVector.fromArray(VectorSupport.FLOATS, features, d);
            x.mul(x).intoArray(features, dimension + d);
        }
        for (; d < dimension; d++) {
            features[dimension + d] = features[d] * features[d];
        }
    }
}
