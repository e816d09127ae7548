package org.pontoon.engine.transport;

import java.util.Arrays;
import java.util.Objects;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * Negative log-likelihood of the second cloud under a mixture of Gaussians of one standard deviation s, centred at the points of the first
 * and weighted by them, without the normalising constant: {@code -sum_j b_j log sum_i a_i exp(-|x_i - y_j|^2 / (2 s^2))}. It is an
 * asymmetric soft Hausdorff distance over s squared.
 *
 * <p>Weights are those of the clouds as they are, 1/N where there are none.
 *
 * <p>Immutable and thread-safe; the same bits for any number of threads.
 */
public final class MixtureLikelihood implements Loss {

    private static final double PROBABILITY = 1e-6;

    private final double epsilon;
    private final Precision precision;

    /**
     * Makes a loss.
     *
     * @param deviation s, positive
     * @param precision of the sums over pairs
     * @throws IllegalArgumentException if s is out of range
     */
    public MixtureLikelihood(double deviation, Precision precision) {
        this.epsilon = deviation * deviation;
        if (!(deviation > 0) || !(epsilon > 0) || epsilon == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("standard deviation is " + deviation + ", expected positive and finite, its square too");
        }
        this.precision = Objects.requireNonNull(precision, "precision");
    }

    @Override
    public LossResult measure(PointCloud x, PointCloud y, Derivatives derivatives, TileScheduler scheduler, Progress progress) {
        Pass pass = new Pass(x, y, scheduler);
        double value = pass.value(null);
        if (derivatives == Derivatives.NONE) {
            return LossResult.of(value, null, 0);
        }
        double[] points = new double[Math.multiplyExact(x.size(), x.dimension())];
        double[] weights = new double[x.size()];
        pass.responsibilities(points, weights);
        for (int k = 0; k < points.length; k++) {
            points[k] /= epsilon;
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] = -weights[i];
        }
        return LossResult.of(value, new LossGradient(value, points, weights), 0);
    }

    /**
     * Computes the loss and its gradient in the second cloud.
     *
     * @param x centres of the mixture
     * @param y the samples
     * @param scheduler runs the tiles
     * @return value and gradient, in y's points and weights
     * @throws IllegalArgumentException if dimensions differ or a value is not finite
     */
    public LossGradient sampleGradient(PointCloud x, PointCloud y, TileScheduler scheduler) {
        Pass pass = new Pass(x, y, scheduler);
        double[] points = new double[Math.multiplyExact(y.size(), y.dimension())];
        double value = pass.value(points);
        for (int k = 0; k < points.length; k++) {
            points[k] *= pass.b.weights()[k / y.dimension()] / epsilon;
        }
        return new LossGradient(value, points, Arrays.stream(pass.logDensity).map(l -> -l).toArray());
    }

    private final class Pass {

        private final TileScheduler scheduler;
        private final Precision arithmetic;
        private final boolean flat;
        private final Measure a;
        private final Measure b;
        private final PairSums sums;
        private final double[] logDensity;

        Pass(PointCloud x, PointCloud y, TileScheduler scheduler) {
            y.requireDimension(x.dimension(), "second cloud");
            double most = SoftMinimum.mostExponent(x, y, 2, epsilon);
            this.scheduler = scheduler;
            this.arithmetic = SoftMinimum.precision(precision, most);
            this.flat = SoftMinimum.isFlat(arithmetic, most);
            this.a = Measure.of(x, "first cloud");
            this.b = Measure.of(y, "second cloud");
            this.sums = PairSums.of(arithmetic, scheduler, x, y);
            this.logDensity = new double[y.size()];
        }

        double value(double[] sampleSlope) {
            sums.transposed().logSumExp(2, epsilon, a.logWeights(), logDensity, sampleSlope);
            return flat ? flatValue() : -b.dot(logDensity);
        }

        /** Of densities so close to their greatest that their logarithms would be all rounding. */
        private double flatValue() {
            double[] lack = new double[b.size()];
            new DoublePairSums(scheduler, b.cloud(), a.cloud()).excessSums(PairKernel.gaussian(Math.sqrt(epsilon)), a.weights(), lack);
            // a mass that is 1 but for the rounding of weights is 1
            double logMass = Math.abs(a.mass() - 1) < PROBABILITY ? 0 : Math.log(a.mass());
            double sum = 0;
            for (int j = 0; j < lack.length; j++) {
                sum -= b.weights()[j] * (logMass + Math.log1p(lack[j] / a.mass()));
            }
            return sum;
        }

        void responsibilities(double[] slope, double[] perWeight) {
            SoftMinimum.addSupport(sums, arithmetic, scheduler, 2, epsilon, a, b, logDensity, 1, slope, perWeight);
        }
    }
}
