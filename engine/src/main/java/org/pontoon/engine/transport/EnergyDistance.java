package org.pontoon.engine.transport;

import java.util.Arrays;
import java.util.Objects;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * The energy distance between two clouds (Székely and Rizzo 2013), {@code 2 E|X-Y| - E|X-X'| - E|Y-Y'|}, in O(N M) time and O(N + M) memory,
 * without a root: scipy's {@code energy_distance}, on the line, is the root of this. Half of it is the {@link KernelNorm} of the energy
 * kernel. In float32, distances are from direct differences and their sums
 * float64: relative error about 1e-6.
 *
 * <p>Weights count in proportion: each cloud is brought to total mass 1.
 */
public final class EnergyDistance implements Loss {

    private final Precision precision;

    /**
     * Makes a loss, whose value is that of {@link #between} where the precision is float32.
     *
     * @param precision of the sums over pairs
     */
    public EnergyDistance(Precision precision) {
        this.precision = Objects.requireNonNull(precision, "precision");
    }

    @Override
    public LossResult measure(PointCloud x, PointCloud y, Derivatives derivatives, TileScheduler scheduler, Progress progress) {
        Means means = new Means(x, y, precision, scheduler);
        if (derivatives == Derivatives.NONE) {
            return LossResult.of(means.combine(1, 1), null, 0);
        }
        LossGradient gradient = means.gradient();
        return LossResult.of(gradient.value(), gradient, 0);
    }

    /**
     * Returns the energy distance of the two measures, over all pairs, a point with itself included: zero for equal clouds, never negative
     * beyond rounding.
     *
     * @param x first cloud, with or without weights
     * @param y second cloud, same dimension
     * @param scheduler runs the tiles
     * @return the energy distance
     * @throws IllegalArgumentException if dimensions differ or a value is not finite
     */
    public static double between(PointCloud x, PointCloud y, TileScheduler scheduler) {
        return new Means(x, y, Precision.FLOAT32, scheduler).combine(1, 1);
    }

    /**
     * Returns half of the unbiased estimate from two independent samples, as the light-bridge paper's code reports it:
     * {@code E|X-Y| - E|X-X'| / 2 - E|Y-Y'| / 2} over pairs of distinct points; it may be slightly negative. With weights a, pairs of distinct
     * points count by {@code a_i a_k / (1 - sum a_i^2)}.
     *
     * @param x first cloud, at least two points with a weight above 0
     * @param y second cloud, the same, same dimension
     * @param scheduler runs the tiles
     * @return half the estimate of the energy distance
     * @throws IllegalArgumentException if dimensions differ, a cloud has one point or a value is not finite
     */
    public static double unbiasedHalf(PointCloud x, PointCloud y, TileScheduler scheduler) {
        Means means = new Means(x, y, Precision.FLOAT32, scheduler);
        if (Means.points(means.a) < 2 || Means.points(means.b) < 2) {
            throw new IllegalArgumentException("clouds have " + Means.points(means.a) + " and " + Means.points(means.b)
                + " points with a weight, expected at least 2 each");
        }
        return 0.5 * means.combine(Means.distinct(means.a), Means.distinct(means.b));
    }

    /** Means of distances under weights that are float32 as the clouds have them, or 1, so that nothing rounds before the totals divide. */
    private static final class Means {

        private final TileScheduler scheduler;
        private final Precision precision;
        private final PointCloud x;
        private final PointCloud y;
        private final double[] a;
        private final double[] b;

        Means(PointCloud x, PointCloud y, Precision precision, TileScheduler scheduler) {
            this.x = x.requireFinite("first cloud");
            this.y = y.requireDimension(x.dimension(), "second cloud").requireFinite("second cloud");
            this.precision = precision;
            this.scheduler = scheduler;
            this.a = new double[x.size()];
            this.b = new double[y.size()];
            Arrays.setAll(a, x::weight);
            Arrays.setAll(b, y::weight);
        }

        /** How many points count. */
        private static int points(double[] weights) {
            return (int) Arrays.stream(weights).filter(w -> w > 0).count();
        }

        /** The share of pairs of distinct points among all. */
        private static double distinct(double[] weights) {
            double total = Arrays.stream(weights).sum();
            return 1 - Arrays.stream(weights).map(w -> w / total * (w / total)).sum();
        }

        /** {@code 2 E|X-Y| - E|X-X'| - E|Y-Y'|}, the last two over shares of all pairs. */
        double combine(double sharePairsX, double sharePairsY) {
            return 2 * mean(x, a, y, b) - mean(x, a, x, a) / sharePairsX - mean(y, b, y, b) / sharePairsY;
        }

        /** The derivatives of {@code 2 E|X-Y| - E|X-X'|}, both totals of weights among what changes. */
        LossGradient gradient() {
            double totalX = Arrays.stream(a).sum();
            double totalY = Arrays.stream(b).sum();
            double[] ownSlope = new double[Math.multiplyExact(x.size(), x.dimension())];
            double[] otherSlope = new double[ownSlope.length];
            double[] own = sums(x, x, a, ownSlope);
            double[] other = sums(x, y, b, otherSlope);
            double ownMean = mean(a, a, own);
            double otherMean = mean(a, b, other);
            for (int k = 0; k < ownSlope.length; k++) {
                ownSlope[k] = 2 * a[k / x.dimension()] / totalX * (ownSlope[k] / totalX - otherSlope[k] / totalY);
            }
            double perWeight = 2 * Measure.weightPerMass(x) / totalX;
            for (int i = 0; i < own.length; i++) {
                own[i] = perWeight * (own[i] / totalX - other[i] / totalY + ownMean - otherMean);
            }
            return new LossGradient(2 * otherMean - ownMean - mean(y, b, y, b), ownSlope, own);
        }

        private double mean(PointCloud rows, double[] rowWeights, PointCloud columns, double[] columnWeights) {
            return mean(rowWeights, columnWeights, sums(rows, columns, columnWeights, null));
        }

        private double[] sums(PointCloud rows, PointCloud columns, double[] columnWeights, double[] slope) {
            double[] sums = new double[rows.size()];
            PairSums.of(precision, scheduler, rows, columns).kernelSums(PairKernel.energy(), columnWeights, sums, slope);
            return sums;
        }

        private static double mean(double[] rowWeights, double[] columnWeights, double[] sums) {
            double sum = 0;
            for (int i = 0; i < sums.length; i++) {
                sum -= rowWeights[i] * sums[i];
            }
            return sum / Arrays.stream(rowWeights).sum() / Arrays.stream(columnWeights).sum();
        }
    }
}
