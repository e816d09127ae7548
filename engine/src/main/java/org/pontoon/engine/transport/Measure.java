package org.pontoon.engine.transport;

import java.util.Arrays;

import org.pontoon.engine.memory.PointCloud;

/** A cloud as a measure: its weights in float64, 1/N each where the cloud has none. */
final class Measure {

    /** Weights are float32, so sums of masses that are meant to agree differ by their rounding. */
    static final double MASS_TOLERANCE = 1e-4;
    /** A mass this close to 1 is 1: weights in float32 that were made to add up to it hardly ever do. */
    static final double UNIT_TOLERANCE = 1e-7;

    private final PointCloud cloud;
    private final double[] weights;
    private final double mass;

    private Measure(PointCloud cloud, double[] weights, double mass) {
        this.cloud = cloud;
        this.weights = weights;
        this.mass = mass;
    }

    private static double sum(double[] weights) {
        double sum = 0;
        for (double w : weights) {
            sum += w;
        }
        return sum;
    }

    private static double[] scaled(double[] weights, double factor) {
        return factor == 1 ? weights : Arrays.stream(weights).map(w -> w * factor).toArray();
    }

    static Measure of(PointCloud cloud, String name) {
        cloud.requireFinite(name);
        double[] weights = new double[cloud.size()];
        Arrays.setAll(weights, cloud::mass);
        double mass = sum(weights);
        return Math.abs(mass - 1) <= UNIT_TOLERANCE ? new Measure(cloud, scaled(weights, 1 / mass), 1) : new Measure(cloud, weights, mass);
    }

    /** What one unit of mass is in the weights that {@link PointCloud#weight} returns: N of them, each 1, where the cloud has none. */
    static double weightPerMass(PointCloud cloud) {
        return cloud.hasWeights() ? 1 : cloud.size();
    }

    PointCloud cloud() {
        return cloud;
    }

    int size() {
        return weights.length;
    }

    double[] weights() {
        return weights;
    }

    double mass() {
        return mass;
    }

    /** Returns this measure with the other's mass, which it must have but for rounding. */
    Measure matching(Measure other, String why) {
        if (Math.abs(mass - other.mass) > MASS_TOLERANCE * Math.max(mass, other.mass)) {
            throw new IllegalArgumentException("the first cloud has mass " + other.mass + ", the second " + mass + ", but " + why
                + " expects equal masses (within " + MASS_TOLERANCE + " of them)");
        }
        return mass == other.mass ? this : new Measure(cloud, scaled(weights, other.mass / mass), other.mass);
    }

    /** Logarithms of the weights, -infinity for 0. */
    double[] logWeights() {
        return Arrays.stream(weights).map(Math::log).toArray();
    }

    double dot(double[] values) {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * values[i];
        }
        return sum;
    }

    double[] mean() {
        int dimension = cloud.dimension();
        double[] mean = new double[dimension];
        double total = sum(weights);
        float[] column = new float[size()];
        for (int d = 0; d < dimension; d++) {
            cloud.copyColumn(d, 0, column, 0, size());
            double sum = 0;
            for (int i = 0; i < column.length; i++) {
                sum += weights[i] * column[i];
            }
            // not by the mass: the mean of a constant is that constant
            mean[d] = sum / total;
        }
        return mean;
    }

    /** Coordinates less an origin, row-major. */
    static double[] rows(PointCloud cloud, double[] origin) {
        int dimension = cloud.dimension();
        double[] rows = new double[Math.multiplyExact(cloud.size(), dimension)];
        float[] column = new float[cloud.size()];
        for (int d = 0; d < dimension; d++) {
            cloud.copyColumn(d, 0, column, 0, column.length);
            for (int i = 0; i < column.length; i++) {
                rows[i * dimension + d] = column[i] - origin[d];
            }
        }
        return rows;
    }

    double[] rows(double[] origin) {
        return rows(cloud, origin);
    }
}
