package org.pontoon.engine.transport;

import java.util.Arrays;
import java.util.Objects;

import org.pontoon.engine.random.CounterRandom;

/**
 * Unit vectors to project on, the same for the same arguments. An instance is immutable.
 */
public final class SlicedDirections {

    private static final double UNIT = 1e-4;

    private final float[] rows;
    private final int count;
    private final int dimension;

    private SlicedDirections(float[] rows, int count, int dimension) {
        this.rows = rows;
        this.count = count;
        this.dimension = dimension;
    }

    /**
     * Draws independent directions, uniform on the sphere.
     *
     * @param seed the seed; direction l does not depend on how many are drawn
     * @param count number of directions, at least 1
     * @param dimension D, at least 1
     * @return the directions
     * @throws IllegalArgumentException if a number is below 1
     */
    public static SlicedDirections random(long seed, int count, int dimension) {
        float[] rows = allocate(count, dimension);
        for (int l = 0; l < count; l++) {
            normalised(draw(seed, l, dimension), rows, l * dimension);
        }
        return new SlicedDirections(rows, count, dimension);
    }

    /**
     * Draws blocks of D orthonormal directions, each block uniform and independent of the others; the last one may be cut off. Over whole
     * blocks the mean of {@code theta theta^T} is the identity over D, which takes most of the noise out of sliced costs.
     *
     * @param seed the seed
     * @param count number of directions, at least 1
     * @param dimension D, at least 1
     * @return the directions
     * @throws IllegalArgumentException if a number is below 1
     */
    public static SlicedDirections orthonormal(long seed, int count, int dimension) {
        float[] rows = allocate(count, dimension);
        double[][] block = new double[dimension][];
        for (int l = 0; l < count; l++) {
            int k = l % dimension;
            double[] v = draw(seed, l, dimension);
            // Gram-Schmidt, twice for orthogonality to the last bit
            for (int pass = 0; pass < 2; pass++) {
                for (int i = 0; i < k; i++) {
                    subtract(dot(v, block[i]), block[i], v);
                }
                scale(v);
            }
            block[k] = v;
            normalised(v, rows, l * dimension);
        }
        return new SlicedDirections(rows, count, dimension);
    }

    /**
     * Returns equispaced directions of the half circle, {@code (cos(pi l / L), sin(pi l / L))}: in two dimensions the best quadrature, since
     * opposite directions give the same projections.
     *
     * @param count number of directions L, at least 1
     * @return the directions, D = 2
     * @throws IllegalArgumentException if the count is below 1
     */
    public static SlicedDirections equispaced(int count) {
        float[] rows = allocate(count, 2);
        for (int l = 0; l < count; l++) {
            rows[2 * l] = (float) Math.cos(Math.PI * l / count);
            rows[2 * l + 1] = (float) Math.sin(Math.PI * l / count);
        }
        return new SlicedDirections(rows, count, 2);
    }

    /**
     * Takes directions of the caller's, copied.
     *
     * @param rows unit vectors, one after the other
     * @param dimension D, at least 1
     * @return the directions
     * @throws IllegalArgumentException if there is no direction, the length is no multiple of D, or one is not of length 1 within 1e-4
     */
    public static SlicedDirections of(float[] rows, int dimension) {
        int count = dimension < 1 ? 0 : rows.length / dimension;
        allocate(count, dimension);
        if (rows.length != count * dimension) {
            throw new IllegalArgumentException("directions have " + rows.length + " values, expected a multiple of the dimension "
                + dimension);
        }
        for (int l = 0; l < count; l++) {
            double square = 0;
            for (int d = 0; d < dimension; d++) {
                square += (double) rows[l * dimension + d] * rows[l * dimension + d];
            }
            if (!(Math.abs(Math.sqrt(square) - 1) <= UNIT)) {
                throw new IllegalArgumentException("direction " + l + " has length " + Math.sqrt(square) + ", expected 1");
            }
        }
        return new SlicedDirections(rows.clone(), count, dimension);
    }

    /**
     * Returns the number of directions.
     *
     * @return L, at least 1
     */
    public int count() {
        return count;
    }

    /**
     * Returns the number of coordinates.
     *
     * @return D, at least 1
     */
    public int dimension() {
        return dimension;
    }

    /**
     * Returns one direction.
     *
     * @param index number of the direction, from 0
     * @return a copy, D values
     * @throws IndexOutOfBoundsException if there is no such direction
     */
    public float[] direction(int index) {
        Objects.checkIndex(index, count);
        return Arrays.copyOfRange(rows, index * dimension, (index + 1) * dimension);
    }

    /** All directions, row after row; not to be written to. */
    float[] rows() {
        return rows;
    }

    private static float[] allocate(int count, int dimension) {
        if (dimension < 1) {
            throw new IllegalArgumentException("dimension is " + dimension + ", expected at least 1");
        }
        if (count < 1) {
            throw new IllegalArgumentException("there are " + count + " directions, expected at least 1");
        }
        return new float[Math.multiplyExact(count, dimension)];
    }

    private static double[] draw(long seed, int stream, int dimension) {
        long key = CounterRandom.key(seed, stream);
        double[] v = new double[dimension];
        for (int d = 0; d < dimension; d++) {
            v[d] = CounterRandom.normal(key, d);
        }
        return v;
    }

    private static void subtract(double factor, double[] from, double[] v) {
        for (int d = 0; d < v.length; d++) {
            v[d] -= factor * from[d];
        }
    }

    private static double dot(double[] u, double[] v) {
        double sum = 0;
        for (int d = 0; d < u.length; d++) {
            sum += u[d] * v[d];
        }
        return sum;
    }

    private static void scale(double[] v) {
        double length = Math.sqrt(dot(v, v));
        for (int d = 0; d < v.length; d++) {
            v[d] /= length;
        }
    }

    private static void normalised(double[] v, float[] rows, int at) {
        scale(v);
        for (int d = 0; d < v.length; d++) {
            rows[at + d] = (float) v[d];
        }
    }
}
