package org.pontoon.engine.internal.particle;

import org.pontoon.engine.random.CounterRandom;

/** Unit directions whose second moment is exactly {@code mean theta theta' = I / D}, row-major L x D. */
public final class Directions {

    private Directions() {
    }

    /**
     * Makes directions: the one there is on the line, equispaced angles in the plane, which integrate smooth functions of the angle with
     * spectral accuracy, and random orthonormal blocks above.
     *
     * @param dimension D
     * @param atLeast how many are wanted; rounded up to what makes the second moment exact
     * @param key names what turns the angles or draws the blocks
     * @return the directions, L x D row-major
     */
    public static double[] of(int dimension, int atLeast, long key) {
        if (dimension == 1) {
            return new double[] {1};
        }
        return dimension == 2 ? angles(Math.max(2, atLeast), CounterRandom.uniform(key, 0)) : blocks(dimension, atLeast, key);
    }

    /**
     * Makes the angles {@code pi (l + shift) / L} of half a turn.
     *
     * @param count L
     * @param shift in steps from one to the next
     * @return the directions, L x 2 row-major
     */
    public static double[] angles(int count, double shift) {
        double[] rows = new double[2 * count];
        for (int l = 0; l < count; l++) {
            double angle = Math.PI * (l + shift) / count;
            rows[2 * l] = Math.cos(angle);
            rows[2 * l + 1] = Math.sin(angle);
        }
        return rows;
    }

    /** Rows of random orthogonal matrices, by Gram and Schmidt's process on normals. */
    private static double[] blocks(int dimension, int atLeast, long key) {
        int blocks = (atLeast + dimension - 1) / dimension;
        double[] rows = new double[Math.multiplyExact(blocks * dimension, dimension)];
        for (int row = 0; row < blocks * dimension; row++) {
            int at = row * dimension;
            for (int d = 0; d < dimension; d++) {
                rows[at + d] = CounterRandom.normal(key, at + d);
            }
            // twice is enough
            for (int pass = 0; pass < 2; pass++) {
                for (int other = row - row % dimension; other < row; other++) {
                    double along = 0;
                    for (int d = 0; d < dimension; d++) {
                        along += rows[at + d] * rows[other * dimension + d];
                    }
                    for (int d = 0; d < dimension; d++) {
                        rows[at + d] -= along * rows[other * dimension + d];
                    }
                }
                normalize(rows, at, dimension);
            }
        }
        return rows;
    }

    private static void normalize(double[] rows, int at, int dimension) {
        double square = 0;
        for (int d = 0; d < dimension; d++) {
            square += rows[at + d] * rows[at + d];
        }
        double factor = 1 / Math.sqrt(square);
        for (int d = 0; d < dimension; d++) {
            rows[at + d] *= factor;
        }
    }
}
