package org.pontoon.engine.internal.scalar;

/** The scalar twins of the loops of the same names. */
public final class QuadraticFeatures {

    private QuadraticFeatures() {
    }

    public static void centre(float[] x, int offset, float[] origin, int dimension, float[] features) {
        for (int d = 0; d < dimension; d++) {
            float centred = x[offset + d] - origin[d];
            features[d] = centred;
            features[dimension + d] = centred * centred;
        }
    }

    /** Writes all products of two of the first values over the squares behind them. */
    public static void products(int dimension, float[] features) {
        int at = dimension;
        for (int i = 0; i < dimension; i++) {
            float centred = features[i];
            for (int j = i; j < dimension; j++) {
                features[at++] = centred * features[j];
            }
        }
    }
}
