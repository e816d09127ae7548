package org.pontoon.engine.transport;

import java.util.Arrays;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * The Wasserstein costs {@code W_p^p} that come from sorting: on a line, over many lines, along the worst line. No root is taken. Weights
 * count in proportion: each cloud is brought to total mass 1.
 */
public sealed interface ProjectedWasserstein extends Loss {

    /**
     * Returns the exponent of the cost.
     *
     * @return at least 1
     */
    double p();

    /**
     * Returns the gradient in the points of the first cloud of the distance {@code W_p}, which stays in range where that of its power does
     * not.
     *
     * @param x first cloud
     * @param y second cloud, same dimension
     * @param scheduler runs the directions
     * @return N x D, row-major
     * @throws IllegalArgumentException as {@link #measure}
     */
    double[] distanceGradient(PointCloud x, PointCloud y, TileScheduler scheduler);

    /**
     * Tells whether derivatives of the power {@code W_p^p} are sure to be in the range of the numbers that they are computed in.
     *
     * @param distance what was found for {@code W_p}
     * @return true if they are
     */
    default boolean powerHasGradient(double distance) {
        double size = p() * Math.pow(distance, p() - 1);
        double most = this instanceof Sliced ? 1e25 : 1e250;
        return p() == 1 || p() == 2 || distance == 0 || size <= most && size >= 1 / most;
    }

    /**
     * Of clouds in one dimension.
     *
     * @param p exponent, at least 1 and finite
     */
    record Line(double p) implements ProjectedWasserstein {

        /**
         * Makes a loss.
         *
         * @throws IllegalArgumentException if p is out of range
         */
        public Line {
            Wasserstein1D.requireExponent(p);
        }

        @Override
        public LossResult measure(PointCloud x, PointCloud y, Derivatives derivatives, TileScheduler scheduler, Progress progress) {
            Wasserstein1D solver = solve(x, y);
            LossGradient gradient = gradientAlong(solver, x, y, new float[] {1}, p, derivatives);
            return LossResult.of(solver.cost(p), gradient, 0);
        }

        /**
         * Returns the sorted samples, which also know the plan and the potentials.
         *
         * @param x first cloud, in one dimension
         * @param y second cloud, the same
         * @return a solver that belongs to the caller
         * @throws IllegalArgumentException as {@link #measure}
         */
        public Wasserstein1D solve(PointCloud x, PointCloud y) {
            y.requireDimension(x.dimension(), "second cloud").requireFinite("second cloud");
            x.requireDimension(1, "first cloud").requireFinite("first cloud");
            return ProjectedWasserstein.solve(x, y, new float[] {1});
        }

        @Override
        public double[] distanceGradient(PointCloud x, PointCloud y, TileScheduler scheduler) {
            return distanceGradientAlong(solve(x, y), new float[] {1}, p, x.size());
        }
    }

    /**
     * Mean over orthonormal blocks of directions; the error is the mean's standard error.
     *
     * @param p exponent, at least 1 and finite
     * @param projections number of directions, at least 1
     * @param seed of the directions
     */
    record Sliced(double p, int projections, long seed) implements ProjectedWasserstein {

        /**
         * Makes a loss.
         *
         * @throws IllegalArgumentException if a number is out of range
         */
        public Sliced {
            Wasserstein1D.requireExponent(p);
            requireProjections(projections);
        }

        /**
         * Returns cost and distance with their standard errors.
         *
         * @param x first cloud
         * @param y second cloud, same dimension
         * @param scheduler runs the directions
         * @return what {@link SlicedWasserstein#cost} does
         * @throws IllegalArgumentException as {@link #measure}
         */
        public SlicedResult result(PointCloud x, PointCloud y, TileScheduler scheduler) {
            return new SlicedWasserstein(scheduler).cost(x, y, directions(x), p);
        }

        private SlicedDirections directions(PointCloud x) {
            return SlicedDirections.orthonormal(seed, projections, x.dimension());
        }

        @Override
        public LossResult measure(PointCloud x, PointCloud y, Derivatives derivatives, TileScheduler scheduler, Progress progress) {
            if (derivatives == Derivatives.NONE) {
                SlicedResult cost = result(x, y, scheduler);
                return LossResult.of(cost.mean(), null, cost.standardError());
            }
            SlicedWasserstein solver = new SlicedWasserstein(scheduler);
            try (PointCloud slope = PointCloud.allocate(x.size(), x.dimension())) {
                SlicedResult cost = solver.pointGradient(x, y, directions(x), p, slope);
                double[] weights = {};
                if (derivatives == Derivatives.POINTS_AND_WEIGHTS) {
                    weights = new double[x.size()];
                    solver.weightGradient(x, y, directions(x), p, weights);
                    scale(weights, Measure.weightPerMass(x));
                }
                return LossResult.of(cost.mean(), new LossGradient(cost.mean(), rows(slope), weights), cost.standardError());
            }
        }

        @Override
        public double[] distanceGradient(PointCloud x, PointCloud y, TileScheduler scheduler) {
            try (PointCloud slope = PointCloud.allocate(x.size(), x.dimension())) {
                new SlicedWasserstein(scheduler).distanceGradient(x, y, directions(x), p, slope);
                return rows(slope);
            }
        }

        private static double[] rows(PointCloud slope) {
            float[] rows = slope.toRows();
            double[] points = new double[rows.length];
            for (int k = 0; k < points.length; k++) {
                points[k] = rows[k];
            }
            return points;
        }
    }

    /**
     * Greatest over directions, by ascent from the best of some: a local maximum, whose error is not known.
     *
     * @param p exponent, at least 1 and finite
     * @param projections number of directions to start from, at least 1
     * @param seed of the directions
     * @param maxIterations limit of accepted steps, not negative
     */
    record MaxSliced(double p, int projections, long seed, int maxIterations) implements ProjectedWasserstein {

        /**
         * Makes a loss.
         *
         * @throws IllegalArgumentException if a number is out of range
         */
        public MaxSliced {
            Wasserstein1D.requireExponent(p);
            requireProjections(projections);
            if (maxIterations < 0) {
                throw new IllegalArgumentException("maxIterations is " + maxIterations + ", expected at least 0");
            }
        }

        /**
         * Returns how the ascent ended, and where.
         *
         * @param x first cloud
         * @param y second cloud, same dimension
         * @param progress hears of accepted steps; where it says no, the ascent ends
         * @return what {@link MaxSlicedWasserstein#ascend} does
         * @throws IllegalArgumentException as {@link #measure}
         */
        public MaxSlicedWasserstein.Result result(PointCloud x, PointCloud y, Progress progress) {
            SlicedDirections starts = SlicedDirections.random(seed, projections, x.dimension());
            return MaxSlicedWasserstein.ascend(x, y, starts, p, maxIterations, progress);
        }

        @Override
        public LossResult measure(PointCloud x, PointCloud y, Derivatives derivatives, TileScheduler scheduler, Progress progress) {
            return measure(x, y, result(x, y, progress), derivatives);
        }

        /**
         * Measures along the direction where an ascent ended.
         *
         * @param x first cloud
         * @param y second cloud, same dimension
         * @param ascent its result for them
         * @param derivatives which ones are wanted
         * @return the loss
         */
        public LossResult measure(PointCloud x, PointCloud y, MaxSlicedWasserstein.Result ascent, Derivatives derivatives) {
            LossGradient gradient = null;
            if (derivatives != Derivatives.NONE) {
                Wasserstein1D solver = ProjectedWasserstein.solve(x, y, ascent.direction());
                gradient = gradientAlong(solver, x, y, ascent.direction(), p, derivatives);
            }
            LossResult.Status status = ascent.converged() ? LossResult.Status.CONVERGED
                : ascent.iterations() < maxIterations ? LossResult.Status.CANCELLED : LossResult.Status.MAX_ITERATIONS;
            double value = gradient == null ? ascent.cost() : gradient.value();
            return new LossResult(value, gradient, Double.NaN, ascent.iterations(), status);
        }

        @Override
        public double[] distanceGradient(PointCloud x, PointCloud y, TileScheduler scheduler) {
            return distanceGradient(x, y, result(x, y, Progress.NONE));
        }

        /**
         * Returns the gradient of the distance where an ascent ended.
         *
         * @param x first cloud
         * @param y second cloud, same dimension
         * @param ascent its result for them
         * @return N x D, row-major
         */
        public double[] distanceGradient(PointCloud x, PointCloud y, MaxSlicedWasserstein.Result ascent) {
            return distanceGradientAlong(ProjectedWasserstein.solve(x, y, ascent.direction()), ascent.direction(), p, x.size());
        }
    }

    private static void requireProjections(int projections) {
        if (projections < 1) {
            throw new IllegalArgumentException("projections is " + projections + ", expected at least 1");
        }
    }

    private static Wasserstein1D solve(PointCloud x, PointCloud y, float[] direction) {
        return new Wasserstein1D().solve(project(x, direction), MaxSlicedWasserstein.weights(x), project(y, direction),
            MaxSlicedWasserstein.weights(y));
    }

    /** Cost and gradient along one direction, which is held fixed (envelope theorem); null where none is wanted. */
    private static LossGradient gradientAlong(Wasserstein1D line, PointCloud x, PointCloud y, float[] direction, double p,
            Derivatives derivatives) {
        if (derivatives == Derivatives.NONE) {
            return null;
        }
        double[] slopes = new double[x.size()];
        line.pointGradient(p, slopes);
        double[] weights = {};
        if (derivatives == Derivatives.POINTS_AND_WEIGHTS) {
            weights = new double[x.size()];
            line.weightGradient(p, weights, new double[y.size()]);
            scale(weights, Measure.weightPerMass(x));
        }
        return new LossGradient(line.cost(p), outer(slopes, direction), weights);
    }

    private static double[] distanceGradientAlong(Wasserstein1D line, float[] direction, double p, int size) {
        double[] slopes = new double[size];
        line.distanceGradient(p, slopes);
        return outer(slopes, direction);
    }

    private static void scale(double[] values, double factor) {
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
    }

    private static double[] outer(double[] slopes, float[] direction) {
        int dimension = direction.length;
        double[] points = new double[Math.multiplyExact(slopes.length, dimension)];
        for (int k = 0; k < points.length; k++) {
            points[k] = slopes[k / dimension] * direction[k % dimension];
        }
        return points;
    }

    /** By pieces of 1024: single points take long until every layer of their access is compiled. */
    private static float[] project(PointCloud cloud, float[] direction) {
        float[] projected = new float[cloud.size()];
        float[] column = new float[1024];
        double[] sums = new double[column.length];
        for (int from = 0; from < projected.length; from += sums.length) {
            int count = Math.min(sums.length, projected.length - from);
            Arrays.fill(sums, 0);
            for (int d = 0; d < direction.length; d++) {
                cloud.copyColumn(d, from, column, 0, count);
                addScaled(direction[d], column, sums);
            }
            for (int n = 0; n < count; n++) {
                projected[from + n] = (float) sums[n];
            }
        }
        return projected;
    }

    private static void addScaled(double factor, float[] column, double[] sums) {
        for (int n = 0; n < sums.length; n++) {
            sums[n] += factor * column[n];
        }
    }
}
