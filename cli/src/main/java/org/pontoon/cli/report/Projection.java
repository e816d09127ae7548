package org.pontoon.cli.report;

import java.util.List;

/** A projection of points onto a plane that can be drawn: the two coordinates they have, or the two principal axes of a sample. */
public final class Projection {

    private static final int ITERATIONS = 60;
    private static final int SAMPLE = 2000;

    private final double[] mean;
    private final double[][] axes;
    private final boolean principal;

    private Projection(double[] mean, double[][] axes, boolean principal) {
        this.mean = mean;
        this.axes = axes;
        this.principal = principal;
    }

    /**
     * Chooses a plane.
     *
     * @param points sample of points, one array of D values each
     * @param dimension D
     * @return the coordinates themselves for D of at most 2, else the principal axes of the sample
     */
    public static Projection ofTwo(List<float[]> points, int dimension) {
        double[] mean = new double[dimension];
        double[][] axes = new double[2][dimension];
        if (dimension <= 2) {
            axes[0][0] = 1;
            axes[1][dimension - 1] = 1;
            return new Projection(mean, axes, false);
        }
        for (float[] point : points) {
            for (int d = 0; d < dimension; d++) {
                mean[d] += point[d] / points.size();
            }
        }
        double[] found = new double[dimension];
        for (int axis = 0; axis < 2; axis++) {
            axes[axis] = principalAxis(points, mean, axis == 0 ? found : axes[0], dimension);
        }
        return new Projection(mean, axes, true);
    }

    /** Power iteration on the covariance, kept orthogonal to an axis that is already known. */
    private static double[] principalAxis(List<float[]> points, double[] mean, double[] known, int dimension) {
        int stride = (points.size() + SAMPLE - 1) / SAMPLE;
        double[] axis = new double[dimension];
        for (int d = 0; d < dimension; d++) {
            // Any start with a share of every axis will do; this one depends on nothing.
            axis[d] = 1 + 1.0 / (d + 2);
        }
        double[] centred = new double[dimension];
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            double[] next = new double[dimension];
            for (int n = 0; n < points.size(); n += stride) {
                float[] point = points.get(n);
                for (int d = 0; d < dimension; d++) {
                    centred[d] = point[d] - mean[d];
                }
                double along = dot(centred, axis);
                for (int d = 0; d < dimension; d++) {
                    next[d] += along * centred[d];
                }
            }
            double overlap = dot(next, known);
            for (int d = 0; d < dimension; d++) {
                next[d] -= overlap * known[d];
            }
            double norm = Math.sqrt(dot(next, next));
            if (!(norm > 0)) {
                return axis;
            }
            for (int d = 0; d < dimension; d++) {
                axis[d] = next[d] / norm;
            }
        }
        // The sign is free: the largest entry is positive.
        int largest = 0;
        for (int d = 1; d < dimension; d++) {
            largest = Math.abs(axis[d]) > Math.abs(axis[largest]) ? d : largest;
        }
        double sign = Math.signum(axis[largest]);
        for (int d = 0; d < dimension; d++) {
            axis[d] *= sign;
        }
        return axis;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int d = 0; d < a.length; d++) {
            sum += a[d] * b[d];
        }
        return sum;
    }

    /**
     * Names the first axis.
     *
     * @return a title for a plot
     */
    public String firstName() {
        return principal ? "principal axis 1" : "x₁";
    }

    /**
     * Names the second axis.
     *
     * @return a title for a plot
     */
    public String secondName() {
        return principal ? "principal axis 2" : "x₂";
    }

    /**
     * Projects a point onto the first axis.
     *
     * @param points holds the point
     * @param offset where it begins
     * @return the coordinate
     */
    public double first(float[] points, int offset) {
        return project(0, points, offset);
    }

    /**
     * Projects a point onto the second axis.
     *
     * @param points holds the point
     * @param offset where it begins
     * @return the coordinate
     */
    public double second(float[] points, int offset) {
        return project(1, points, offset);
    }

    /**
     * Projects points onto the first axis.
     *
     * @param points one array each
     * @return the coordinates
     */
    public double[] first(List<float[]> points) {
        return points.stream().mapToDouble(point -> project(0, point, 0)).toArray();
    }

    /**
     * Projects points onto the second axis.
     *
     * @param points one array each
     * @return the coordinates
     */
    public double[] second(List<float[]> points) {
        return points.stream().mapToDouble(point -> project(1, point, 0)).toArray();
    }

    private double project(int axis, float[] points, int offset) {
        double sum = 0;
        for (int d = 0; d < mean.length; d++) {
            sum += axes[axis][d] * (points[offset + d] - mean[d]);
        }
        return sum;
    }
}
