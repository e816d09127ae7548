package org.pontoon.cli;

import java.util.Arrays;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.LossGradient;
import org.pontoon.engine.transport.MaxSlicedWasserstein;
import org.pontoon.engine.transport.MeasureLoss;
import org.pontoon.engine.transport.SlicedDirections;
import org.pontoon.engine.transport.SlicedResult;
import org.pontoon.engine.transport.SlicedWasserstein;
import org.pontoon.engine.transport.Wasserstein1D;

/** The Wasserstein costs {@code W_p^p} that come from sorting: on a line, over many lines, along the worst line. No root is taken. */
sealed interface ProjectedWasserstein extends MeasureLoss {

    /** Points that leave their cloud at once: single ones take long until every layer of their access is compiled. */
    int PIECE = 1024;

    /** Exponent of the cost. */
    double p();

    /**
     * The gradient in the first cloud of the distance {@code W_p}, which stays in range where that of its power does not; without a value and
     * without derivatives in the weights.
     */
    double[] distanceGradient(PointCloud x, PointCloud y, TileScheduler scheduler);

    /** Whether derivatives of the power {@code W_p^p} are sure to be in the range of the numbers that they are computed in. */
    default boolean powerHasGradient(double distance) {
        double size = p() * Math.pow(distance, p() - 1);
        double most = this instanceof Sliced ? 1e25 : 1e250;
        return p() == 1 || p() == 2 || distance == 0 || size <= most && size >= 1 / most;
    }

    /** Of clouds in one dimension. */
    record Line(double p) implements ProjectedWasserstein {

        @Override
        public double value(PointCloud x, PointCloud y, TileScheduler scheduler) {
            return solve(x, y).cost(p);
        }

        /** The sorted samples, which also know the plan and the potentials. */
        Wasserstein1D solve(PointCloud x, PointCloud y) {
            return ProjectedWasserstein.solve(x, y, new float[] {1});
        }

        @Override
        public LossGradient gradient(PointCloud x, PointCloud y, TileScheduler scheduler) {
            return along(x, y, new float[] {1}, p);
        }

        @Override
        public double[] distanceGradient(PointCloud x, PointCloud y, TileScheduler scheduler) {
            return distanceAlong(x, y, new float[] {1}, p);
        }
    }

    /** Mean over directions. */
    record Sliced(double p, int projections, long seed) implements ProjectedWasserstein {

        SlicedResult result(PointCloud x, PointCloud y, TileScheduler scheduler) {
            return new SlicedWasserstein(scheduler).cost(x, y, directions(x), p);
        }

        private SlicedDirections directions(PointCloud x) {
            return SlicedDirections.orthonormal(seed, projections, x.dimension());
        }

        @Override
        public double value(PointCloud x, PointCloud y, TileScheduler scheduler) {
            return result(x, y, scheduler).mean();
        }

        @Override
        public LossGradient gradient(PointCloud x, PointCloud y, TileScheduler scheduler) {
            try (PointCloud slope = PointCloud.allocate(x.size(), x.dimension())) {
                double cost = new SlicedWasserstein(scheduler).pointGradient(x, y, directions(x), p, slope).mean();
                return new LossGradient(cost, rows(slope), new double[x.size()]);
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

    /** Greatest over directions, by ascent from the best of some. */
    record MaxSliced(double p, int projections, long seed, int maxIterations) implements ProjectedWasserstein {

        MaxSlicedWasserstein.Result result(PointCloud x, PointCloud y) {
            return MaxSlicedWasserstein.ascend(x, y, SlicedDirections.random(seed, projections, x.dimension()), p, maxIterations);
        }

        /** Gradient where an ascent ended. */
        LossGradient gradient(PointCloud x, PointCloud y, MaxSlicedWasserstein.Result result) {
            return along(x, y, result.direction(), p);
        }

        @Override
        public double value(PointCloud x, PointCloud y, TileScheduler scheduler) {
            return result(x, y).cost();
        }

        @Override
        public LossGradient gradient(PointCloud x, PointCloud y, TileScheduler scheduler) {
            return gradient(x, y, result(x, y));
        }

        @Override
        public double[] distanceGradient(PointCloud x, PointCloud y, TileScheduler scheduler) {
            return distanceGradient(x, y, result(x, y));
        }

        /** Gradient of the distance where an ascent ended. */
        double[] distanceGradient(PointCloud x, PointCloud y, MaxSlicedWasserstein.Result result) {
            return distanceAlong(x, y, result.direction(), p);
        }
    }

    private static Wasserstein1D solve(PointCloud x, PointCloud y, float[] direction) {
        return new Wasserstein1D().solve(project(x, direction), weights(x), project(y, direction), weights(y));
    }

    /** Cost and gradient along one direction, which is held fixed (envelope theorem). */
    private static LossGradient along(PointCloud x, PointCloud y, float[] direction, double p) {
        Wasserstein1D line = solve(x, y, direction);
        double[] slopes = new double[x.size()];
        line.pointGradient(p, slopes);
        return new LossGradient(line.cost(p), outer(slopes, direction), new double[x.size()]);
    }

    private static double[] distanceAlong(PointCloud x, PointCloud y, float[] direction, double p) {
        double[] slopes = new double[x.size()];
        solve(x, y, direction).distanceGradient(p, slopes);
        return outer(slopes, direction);
    }

    private static double[] outer(double[] slopes, float[] direction) {
        int dimension = direction.length;
        double[] points = new double[Math.multiplyExact(slopes.length, dimension)];
        for (int k = 0; k < points.length; k++) {
            points[k] = slopes[k / dimension] * direction[k % dimension];
        }
        return points;
    }

    private static float[] project(PointCloud cloud, float[] direction) {
        float[] projected = new float[cloud.size()];
        float[] column = new float[PIECE];
        double[] sums = new double[PIECE];
        for (int from = 0; from < projected.length; from += PIECE) {
            int count = Math.min(PIECE, projected.length - from);
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

    private static float[] weights(PointCloud cloud) {
        if (!cloud.hasWeights()) {
            return null;
        }
        float[] weights = new float[cloud.size()];
        for (int n = 0; n < weights.length; n++) {
            weights[n] = cloud.weight(n);
        }
        return weights;
    }
}
