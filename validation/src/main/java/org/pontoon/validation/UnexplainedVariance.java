package org.pontoon.validation;

import java.util.Arrays;

import org.ejml.data.DMatrixRMaj;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.random.CounterRandom;

/**
 * The unexplained variance percentages of the entropic transport benchmark (Gushchin et al. 2023, "Building the bridge of Schrödinger"):
 * how far the first two moments of a model lie from the truth, in percent of the target's variance. Perfect is 0; a model that always
 * answers with the target's mean scores 100.
 */
public final class UnexplainedVariance {

    /** Points whose samples are held at a time: at most this many floats. */
    private static final int CHUNK_FLOATS = 1 << 22;

    private UnexplainedVariance() {
    }

    /** A model that draws from its conditional plan. */
    @FunctionalInterface
    public interface ConditionalSampler {

        /**
         * Draws targets for every source point.
         *
         * @param source source points, shape (N, D)
         * @param samplesPerPoint draws per point
         * @param seed the draws are a function of it
         * @return draw j of point n in row {@code n * samplesPerPoint + j}
         */
        PointCloud sample(PointCloud source, int samplesPerPoint, long seed);
    }

    /**
     * Computes the conditional percentage (cBW2^2-UVP) from closed-form moments on both sides: 100 times the mean over points x of the
     * Gaussian transport cost between plan(. | x) and model(. | x), see {@link BuresWasserstein}, over half the target's variance.
     *
     * @param model the model
     * @param truth the exact solution
     * @param points test points, shape (N, D)
     * @param targetVariance trace of the target's covariance
     * @param scheduler runs the points
     * @return the percentage, its standard error that of a mean over the points
     * @throws IllegalArgumentException if dimensions differ
     */
    public static Estimate conditional(LightBridge model, LightBridge truth, PointCloud points, double targetVariance,
            TileScheduler scheduler) {
        points.requireDimension(model.dimension(), "points").requireDimension(truth.dimension(), "points");
        return mean(points, targetVariance, scheduler, (n, x) -> BuresWasserstein.halfSquaredDistance(model.conditionalMean(x),
            model.conditionalCovariance(x), truth.conditionalMean(x), truth.conditionalCovariance(x)));
    }

    /**
     * Computes the conditional percentage (cBW2^2-UVP) as the benchmark does, with the model's moments from samples. Its noise floor is
     * what a sampler of the truth scores.
     *
     * @param model draws from the model's conditional plan
     * @param truth the exact solution
     * @param points test points, shape (N, D)
     * @param samplesPerPoint draws per point, 1000 in the benchmark, at least 2
     * @param seed seed of the draws
     * @param targetVariance trace of the target's covariance
     * @param scheduler runs the points
     * @return the percentage, its standard error that of a mean over the points
     * @throws IllegalArgumentException if dimensions differ
     */
    public static Estimate conditional(ConditionalSampler model, LightBridge truth, PointCloud points, int samplesPerPoint, long seed,
            double targetVariance, TileScheduler scheduler) {
        int dimension = truth.dimension();
        points.requireDimension(dimension, "points");
        int chunk = Math.max(1, CHUNK_FLOATS / (samplesPerPoint * dimension));
        Estimate.Mean total = new Estimate.Mean();
        float[] row = new float[dimension];
        for (int first = 0; first < points.size(); first += chunk) {
            int size = Math.min(chunk, points.size() - first);
            try (PointCloud part = PointCloud.allocate(size, dimension)) {
                for (int n = 0; n < size; n++) {
                    points.copyPoint(first + n, row, 0);
                    part.setPoint(n, row, 0);
                }
                try (PointCloud samples = model.sample(part, samplesPerPoint, CounterRandom.key(seed, first))) {
                    samples.requireDimension(dimension, "samples");
                    total.add(sum(part, targetVariance, scheduler, (n, x) -> {
                        Moments moments = Moments.of(samples, n * samplesPerPoint, samplesPerPoint);
                        return BuresWasserstein.halfSquaredDistance(moments.mean, moments.covariance, truth.conditionalMean(x),
                            truth.conditionalCovariance(x));
                    }));
                }
            }
        }
        return total.estimate();
    }

    /**
     * Computes the unconditional percentage (BW2^2-UVP) between samples of the model and of the target, 100,000 each in the benchmark.
     *
     * @param model samples of the model
     * @param target samples of the target
     * @return the percentage
     * @throws IllegalArgumentException if dimensions differ
     */
    public static double marginal(PointCloud model, PointCloud target) {
        target.requireDimension(model.dimension(), "target");
        Moments a = Moments.of(model, 0, model.size());
        Moments b = Moments.of(target, 0, target.size());
        double variance = 0;
        for (int d = 0; d < target.dimension(); d++) {
            variance += b.covariance[d * target.dimension() + d];
        }
        return 100 * BuresWasserstein.halfSquaredDistance(a.mean, a.covariance, b.mean, b.covariance) / (0.5 * variance);
    }

    private interface PointFunction {

        double of(int n, double[] x);
    }

    private static Estimate mean(PointCloud points, double targetVariance, TileScheduler scheduler, PointFunction f) {
        return sum(points, targetVariance, scheduler, f).estimate();
    }

    private static Estimate.Mean sum(PointCloud points, double targetVariance, TileScheduler scheduler, PointFunction f) {
        double[] values = new double[points.size()];
        scheduler.run(points.size(), (n, worker) -> {
            double[] x = new double[points.dimension()];
            for (int d = 0; d < x.length; d++) {
                x[d] = points.get(n, d);
            }
            values[n] = 100 * f.of(n, x) / (0.5 * targetVariance);
        });
        Estimate.Mean mean = new Estimate.Mean();
        Arrays.stream(values).forEach(mean::add);
        return mean;
    }

    /** Mean and unbiased covariance of consecutive points of a cloud. */
    record Moments(double[] mean, double[] covariance) {

        static Moments of(PointCloud cloud, int first, int count) {
            if (count < 2) {
                throw new IllegalArgumentException("moments of " + count + " samples asked for, expected at least 2");
            }
            int dimension = cloud.dimension();
            double[] mean = new double[dimension];
            DMatrixRMaj centred = new DMatrixRMaj(dimension, count);
            float[] column = new float[count];
            for (int d = 0; d < dimension; d++) {
                cloud.copyColumn(d, first, column, 0, count);
                double sum = 0;
                for (float v : column) {
                    sum += v;
                }
                mean[d] = sum / count;
                for (int n = 0; n < count; n++) {
                    centred.set(d, n, column[n] - mean[d]);
                }
            }
            DMatrixRMaj covariance = Matrices.multiplyTransposed(centred, centred);
            return new Moments(mean, Matrices.rows(Matrices.combine(1.0 / (count - 1), covariance, 0, covariance)));
        }
    }
}
