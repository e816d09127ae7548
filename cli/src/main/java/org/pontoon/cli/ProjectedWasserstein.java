package org.pontoon.cli;

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

    /** Exponent of the cost. */
    double p();

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
                float[] rows = slope.toRows();
                double[] points = new double[rows.length];
                for (int k = 0; k < points.length; k++) {
                    points[k] = rows[k];
                }
                return new LossGradient(cost, points, new double[x.size()]);
            }
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
    }

    private static Wasserstein1D solve(PointCloud x, PointCloud y, float[] direction) {
        return new Wasserstein1D().solve(project(x, direction), weights(x), project(y, direction), weights(y));
    }

    /** Cost and gradient along one direction, which is held fixed (envelope theorem). */
    private static LossGradient along(PointCloud x, PointCloud y, float[] direction, double p) {
        Wasserstein1D line = solve(x, y, direction);
        double[] slopes = new double[x.size()];
        line.pointGradient(p, slopes);
        int dimension = direction.length;
        double[] points = new double[Math.multiplyExact(x.size(), dimension)];
        for (int k = 0; k < points.length; k++) {
            points[k] = slopes[k / dimension] * direction[k % dimension];
        }
        return new LossGradient(line.cost(p), points, new double[x.size()]);
    }

    private static float[] project(PointCloud cloud, float[] direction) {
        float[] projected = new float[cloud.size()];
        for (int n = 0; n < projected.length; n++) {
            double sum = 0;
            for (int d = 0; d < direction.length; d++) {
                sum += (double) direction[d] * cloud.get(n, d);
            }
            projected[n] = (float) sum;
        }
        return projected;
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
