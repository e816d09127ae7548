package org.pontoon.engine.internal.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.pontoon.engine.internal.vector.VectorSupport;

/**
 * The features of a point in which a Gaussian mixture's logits are linear: {@code [x, x_d x_d, 1]} for diagonal and
 * {@code [x, x_i x_j (i <= j), 1]} for full quadratic forms. Immutable and safe for any thread.
 */
public final class QuadraticFeatures {

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int L = VectorSupport.LANES;

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
        if (dimension < L) {
            centre(x, offset, origin, features);
        } else {
            // the last vector overlaps the one before it: scalars after vectors would take longer than all the rest
            for (int d = 0; d < dimension; d += L) {
                int at = Math.min(d, dimension - L);
                FloatVector centred = FloatVector.fromArray(F, x, offset + at).sub(FloatVector.fromArray(F, origin, at));
                centred.intoArray(features, at);
                centred.mul(centred).intoArray(features, dimension + at);
            }
        }
        complete(features);
    }

    /**
     * The scalar twin of {@link #ofPoint}: same arguments, same bits.
     *
     * @param x the point
     * @param offset where it starts
     * @param origin subtracted from it, D values
     * @param features receives {@link #count()} values
     */
    public void scalarOfPoint(float[] x, int offset, float[] origin, float[] features) {
        centre(x, offset, origin, features);
        complete(features);
    }

    private void centre(float[] x, int offset, float[] origin, float[] features) {
        for (int d = 0; d < dimension; d++) {
            float centred = x[offset + d] - origin[d];
            features[d] = centred;
            features[dimension + d] = centred * centred;
        }
    }

    /** Adds the constant, and where all products are wanted writes them over the squares. */
    private void complete(float[] features) {
        features[dimension + quadratics] = 1f;
        if (!full) {
            return;
        }
        int at = dimension;
        for (int i = 0; i < dimension; i++) {
            for (int j = i; j < dimension; j++) {
                features[at++] = features[i] * features[j];
            }
        }
    }
}
