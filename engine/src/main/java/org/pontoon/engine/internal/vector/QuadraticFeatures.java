package org.pontoon.engine.internal.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The loops on lanes; what they do stands at the door of the same name. */
public final class QuadraticFeatures {

    private static final VectorSpecies<Float> F = VectorSupport.FLOATS;
    private static final int L = VectorSupport.LANES;

    private QuadraticFeatures() {
    }

    public static void centre(float[] x, int offset, float[] origin, int dimension, float[] features) {
        if (dimension < L) {
            org.pontoon.engine.internal.scalar.QuadraticFeatures.centre(x, offset, origin, dimension, features);
            return;
        }
        // the last vector overlaps the one before it: scalars after vectors would take longer than all the rest
        for (int d = 0; d < dimension; d += L) {
            int at = Math.min(d, dimension - L);
            FloatVector centred = FloatVector.fromArray(F, x, offset + at).sub(FloatVector.fromArray(F, origin, at));
            centred.intoArray(features, at);
            centred.mul(centred).intoArray(features, dimension + at);
        }
    }
}
