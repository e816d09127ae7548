package org.pontoon.engine.transport;

import java.util.Arrays;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;

/**
 * The max-sliced Wasserstein distance (Deshpande et al. 2019): the greatest cost {@code W_p^p} over all directions, sought by ascent on the
 * sphere from the best of given directions. The problem is not concave: the result is a local maximum and a lower bound. Weights count in
 * proportion: each cloud is brought to total mass 1.
 */
public final class MaxSlicedWasserstein {

    private static final double ENOUGH = 1e-9;
    private static final int HALVINGS = 30;
    private static final double MOST_COST = 1e140;
    /** Points that are projected at once: as many as stay in the first-level cache, coordinate after coordinate in the order of memory. */
    private static final int PIECE = 512;

    private MaxSlicedWasserstein() {
    }

    /**
     * What the ascent found.
     *
     * @param cost the cost {@code W_p^p} along the direction; infinite or 0 where it leaves the range of float64, as the distance does not
     * @param direction unit vector, D values
     * @param startCost the best cost among the given directions
     * @param iterations accepted steps
     * @param converged whether the last step gained less than 1e-9 of the cost; if not, the limit of iterations ended the ascent
     * @param distance the root {@code W_p} of the cost
     */
    public record Result(double cost, float[] direction, double startCost, int iterations, boolean converged, double distance) {}

    /**
     * Seeks the greatest cost.
     *
     * @param source cloud x, with or without weights
     * @param target cloud y, same dimension
     * @param starts directions, of which the best is where the ascent starts
     * @param p exponent, at least 1 and finite
     * @param maxIterations limit of accepted steps, not negative; 0 takes the best start
     * @return direction, cost and how the ascent ended
     * @throws IllegalArgumentException if dimensions differ, p is below 1, the limit is negative or a value is not finite
     */
    public static Result ascend(PointCloud source, PointCloud target, SlicedDirections starts, double p, int maxIterations) {
        return ascend(source, target, starts, p, maxIterations, Progress.NONE);
    }

    /**
     * Seeks the greatest cost, and tells how it goes.
     *
     * @param source cloud x, with or without weights
     * @param target cloud y, same dimension
     * @param starts directions, of which the best is where the ascent starts
     * @param p exponent, at least 1 and finite
     * @param maxIterations limit of accepted steps, not negative; 0 takes the best start
     * @param progress hears of accepted steps; where it says no, the ascent ends before its limit, not converged
     * @return direction, cost and how the ascent ended
     * @throws IllegalArgumentException if dimensions differ, p is below 1, the limit is negative or a value is not finite
     */
    public static Result ascend(PointCloud source, PointCloud target, SlicedDirections starts, double p, int maxIterations,
            Progress progress) {
        Wasserstein1D.requireExponent(p);
        if (maxIterations < 0) {
            throw new IllegalArgumentException("maxIterations is " + maxIterations + ", expected at least 0");
        }
        target.requireDimension(source.dimension(), "second cloud");
        if (starts.dimension() != source.dimension()) {
            throw new IllegalArgumentException("directions have dimension " + starts.dimension() + ", expected " + source.dimension());
        }
        source.requireFinite("first cloud");
        target.requireFinite("second cloud");
        return new Ascent(source, target, p, progress).run(starts, maxIterations);
    }

    private static final class Ascent {

        private final Wasserstein1D solver = new Wasserstein1D();
        private final Progress progress;
        private final double p;
        private final int dimension;
        private final float[][] x;
        private final float[][] y;
        private final float[] xWeights;
        private final float[] yWeights;
        private final float[] xs;
        private final float[] ys;
        private final double[] sums = new double[PIECE];
        private final double[] xSlopes;
        private final double[] ySlopes;
        /** Whether powers may leave the range of float64, so that roots are compared. */
        private boolean roots;

        Ascent(PointCloud source, PointCloud target, double p, Progress progress) {
            this.progress = progress;
            this.p = p;
            dimension = source.dimension();
            x = columns(source);
            y = columns(target);
            xWeights = weights(source);
            yWeights = weights(target);
            xs = new float[source.size()];
            ys = new float[target.size()];
            xSlopes = new double[source.size()];
            ySlopes = new double[target.size()];
        }

        Result run(SlicedDirections starts, int maxIterations) {
            Result result = climb(starts, maxIterations);
            if (roots || !mayLeaveRange(result)) {
                return result;
            }
            roots = true;
            return climb(starts, maxIterations);
        }

        private boolean mayLeaveRange(Result result) {
            // squares of a gradient, which is as large as the cost, must be in range, too
            boolean inRange = result.startCost >= 1 / MOST_COST && result.cost <= MOST_COST;
            return p != 1 && p != 2 && !inRange;
        }

        private Result climb(SlicedDirections starts, int maxIterations) {
            double best = Double.NEGATIVE_INFINITY;
            double[] theta = null;
            for (int l = 0; l < starts.count(); l++) {
                double[] start = new double[dimension];
                for (int d = 0; d < dimension; d++) {
                    start[d] = starts.rows()[l * dimension + d];
                }
                double cost = measure(start);
                if (cost > best) {
                    best = cost;
                    theta = start;
                }
            }
            double startCost = best;
            double step = 1;
            int iterations = 0;
            boolean converged = false;
            while (iterations < maxIterations && !converged && progress.advance(iterations, maxIterations)) {
                double[] uphill = gradient(theta);
                double length = length(uphill);
                converged = true;
                for (int halving = 0; halving < HALVINGS && length > 0; halving++) {
                    double[] next = new double[dimension];
                    for (int d = 0; d < dimension; d++) {
                        // up the slope: the distance is to grow
                        next[d] = theta[d] + step * uphill[d] / length;
                    }
                    double norm = length(next);
                    for (int d = 0; d < dimension; d++) {
                        next[d] /= norm;
                    }
                    double cost = measure(next);
                    if (cost > best) {
                        // a root gains the p-th part of what its power does
                        converged = cost - best <= ENOUGH / (roots ? p : 1) * best;
                        best = cost;
                        theta = next;
                        iterations++;
                        step *= 2;
                        break;
                    }
                    step /= 2;
                }
            }
            float[] direction = new float[dimension];
            for (int d = 0; d < dimension; d++) {
                direction[d] = (float) theta[d];
            }
            double distance = roots ? best : Wasserstein1D.root(best, p);
            return new Result(roots ? Math.pow(best, p) : best, direction, roots ? Math.pow(startCost, p) : startCost, iterations,
                converged,
                distance);
        }

        /** What is to be as great as it can be: the cost along a direction, or its root. */
        private double measure(double[] theta) {
            project(x, theta, xs);
            project(y, theta, ys);
            solver.solve(xs, xWeights, ys, yWeights);
            return roots ? solver.distance(p) : solver.cost(p);
        }

        /** Gradient of the measure along the sphere, with the plan held fixed (envelope theorem). */
        private double[] gradient(double[] theta) {
            measure(theta);
            if (roots) {
                solver.distanceGradient(p, xSlopes);
                solver.targetDistanceGradient(p, ySlopes);
            } else {
                solver.slopes(p, 1, xSlopes);
                solver.targetGradient(p, ySlopes);
            }
            double[] gradient = new double[dimension];
            double along = 0;
            for (int d = 0; d < dimension; d++) {
                gradient[d] = dot(x[d], xSlopes) + dot(y[d], ySlopes);
                along += gradient[d] * theta[d];
            }
            for (int d = 0; d < dimension; d++) {
                gradient[d] -= along * theta[d];
            }
            return gradient;
        }

        private void project(float[][] columns, double[] theta, float[] out) {
            for (int from = 0; from < out.length; from += PIECE) {
                int count = Math.min(PIECE, out.length - from);
                Arrays.fill(sums, 0);
                for (int d = 0; d < theta.length; d++) {
                    addScaled(theta[d], columns[d], from, count, sums);
                }
                for (int i = 0; i < count; i++) {
                    out[from + i] = (float) sums[i];
                }
            }
        }

        private static void addScaled(double factor, float[] column, int from, int count, double[] to) {
            for (int i = 0; i < count; i++) {
                to[i] += factor * column[from + i];
            }
        }

        private static double dot(float[] u, double[] v) {
            double sum = 0;
            for (int i = 0; i < u.length; i++) {
                sum += u[i] * v[i];
            }
            return sum;
        }

        private static double length(double[] v) {
            double square = 0;
            for (double value : v) {
                square += value * value;
            }
            return Math.sqrt(square);
        }

        private static float[][] columns(PointCloud cloud) {
            float[][] columns = new float[cloud.dimension()][cloud.size()];
            for (int d = 0; d < columns.length; d++) {
                cloud.copyColumn(d, 0, columns[d], 0, cloud.size());
            }
            return columns;
        }
    }

    /** As the clouds have them, null for equal ones. */
    static float[] weights(PointCloud cloud) {
        if (!cloud.hasWeights()) {
            return null;
        }
        float[] weights = new float[cloud.size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = cloud.weight(i);
        }
        return weights;
    }
}
