package org.pontoon.engine.flow;

import java.util.Arrays;
import java.util.stream.IntStream;

import org.pontoon.engine.memory.PointCloud;

/**
 * The particles at one time of a flow.
 *
 * @param step number of steps before
 * @param time when
 * @param points where they are, N x D row-major
 * @param weights what they weigh, N values, as they are; without weights 1/N each
 * @param velocity where each is drawn, N x D row-major, 0 for points without weight; empty where the scheme does not know
 * @param ancestors the particle of the start that each descends from, N values; where nobody is born, each is its own
 */
public record Snapshot(int step, double time, float[] points, double[] weights, float[] velocity, int[] ancestors) {

    private static final float[] UNKNOWN = {};

    /**
     * Takes particles that do not know their velocities, and of which nobody is born.
     *
     * @param step number of steps before
     * @param time when
     * @param points where they are, N x D row-major
     * @param weights what they weigh, N values
     */
    public Snapshot(int step, double time, float[] points, double[] weights) {
        this(step, time, points, weights, UNKNOWN, IntStream.range(0, weights.length).toArray());
    }

    /**
     * Takes particles that all weigh the same.
     *
     * @param step number of steps before
     * @param time when
     * @param points where they are, N x D row-major
     * @param size N
     */
    public Snapshot(int step, double time, float[] points, int size) {
        this(step, time, points, alike(size));
    }

    private static double[] alike(int size) {
        double[] weights = new double[size];
        Arrays.fill(weights, 1.0 / size);
        return weights;
    }

    /**
     * Adds velocities.
     *
     * @param velocities N x D row-major
     * @return the same state with them
     */
    public Snapshot withVelocity(float[] velocities) {
        return new Snapshot(step, time, points, weights, velocities, ancestors);
    }

    /**
     * Adds descents.
     *
     * @param parents the particle of the start that each descends from, N values
     * @return the same state with them
     */
    public Snapshot withAncestors(int[] parents) {
        return new Snapshot(step, time, points, weights, velocity, parents);
    }

    /**
     * Adds up the weights.
     *
     * @return the mass
     */
    public double mass() {
        double sum = 0;
        for (double w : weights) {
            sum += w;
        }
        return sum;
    }

    /**
     * Tells how many points of equal weights would be as good for a mean as these.
     *
     * @return the squared mass over the sum of squared weights, N where all weigh the same
     */
    public double effectiveSize() {
        double squares = 0;
        for (double w : weights) {
            squares += w * w;
        }
        return mass() * mass() / squares;
    }

    /**
     * Copies the points into a cloud, without their weights.
     *
     * @return the cloud, the caller's to close
     */
    public PointCloud toUnweightedCloud() {
        return PointCloud.ofRows(points, weights.length, points.length / weights.length);
    }

    /**
     * Copies the particles into a cloud.
     *
     * @return a weighted cloud, the caller's to close
     * @throws IllegalArgumentException if all weights vanish in float32
     */
    public PointCloud toCloud() {
        PointCloud cloud = toUnweightedCloud();
        float[] rounded = new float[weights.length];
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = (float) weights[i];
        }
        try {
            return cloud.withWeights(rounded);
        } catch (IllegalArgumentException e) {
            cloud.close();
            throw e;
        }
    }
}
