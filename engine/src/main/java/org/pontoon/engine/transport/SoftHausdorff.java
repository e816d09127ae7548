package org.pontoon.engine.transport;

import java.util.Objects;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * The debiased, symmetric soft Hausdorff distance (Feydy and Trouvé 2018, "Global divergences between measures"): {@code 1/2 <a, smin_b -
 * smin_a> + 1/2 <b, smin_a - smin_b>} with the soft minimum {@code smin_b(x) = -epsilon log sum_j b_j exp(-C(x, y_j) / epsilon)} of the
 * distance to a cloud and {@code epsilon = blur^p}. It tends to averaged distances to the nearest neighbour as the blur falls, and to the
 * kernel norm of -C as it grows.
 *
 * <p>Weights are those of the clouds as they are, 1/N where there are none.
 *
 * <p>Immutable and thread-safe; the same bits for any number of threads.
 */
public final class SoftHausdorff implements MeasureLoss {

    private final int p;
    private final double epsilon;
    private final Precision precision;

    /**
     * Makes a loss.
     *
     * @param p 1 for the cost |x - y|, 2 for |x - y|^2 / 2
     * @param blur a positive length
     * @param precision of the sums over pairs
     * @throws IllegalArgumentException if p or the blur is out of range
     */
    public SoftHausdorff(int p, double blur, Precision precision) {
        SinkhornOptions.requireExponent(p);
        this.p = p;
        this.epsilon = p == 1 ? blur : blur * blur;
        if (!(blur > 0) || !(epsilon > 0) || epsilon == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("blur is " + blur + ", expected positive and finite, its square too");
        }
        this.precision = Objects.requireNonNull(precision, "precision");
    }

    @Override
    public double value(PointCloud x, PointCloud y, TileScheduler scheduler) {
        return new Pass(x, y, false, scheduler).value();
    }

    @Override
    public LossGradient gradient(PointCloud x, PointCloud y, TileScheduler scheduler) {
        return new Pass(x, y, true, scheduler).gradient();
    }

    /** Soft minima of both clouds at the points of both, as logarithms of sums: smin is -epsilon times these. */
    private final class Pass {

        private final int dimension;
        private final Measure a;
        private final Measure b;
        private final PairSums xx;
        private final PairSums xy;
        private final double[] aAtX;
        private final double[] bAtX;
        private final double[] aAtY;
        private final double[] bAtY;
        private final double[] ownSlope;
        private final double[] otherSlope;

        Pass(PointCloud x, PointCloud y, boolean withGradient, TileScheduler scheduler) {
            y.requireDimension(x.dimension(), "second cloud");
            this.dimension = x.dimension();
            this.a = Measure.of(x, "first cloud");
            this.b = Measure.of(y, "second cloud");
            this.xx = PairSums.of(precision, scheduler, x, x);
            this.xy = PairSums.of(precision, scheduler, x, y);
            this.ownSlope = withGradient ? new double[Math.multiplyExact(x.size(), dimension)] : null;
            this.otherSlope = withGradient ? new double[ownSlope.length] : null;
            this.aAtX = logSums(xx, a, x.size(), ownSlope);
            this.bAtX = logSums(xy, b, x.size(), otherSlope);
            this.aAtY = logSums(xy.transposed(), a, y.size(), null);
            this.bAtY = logSums(PairSums.of(precision, scheduler, y, y), b, y.size(), null);
        }

        private double[] logSums(PairSums sums, Measure support, int size, double[] slope) {
            double[] result = new double[size];
            sums.logSumExp(p, epsilon, support.logWeights(), result, slope);
            return result;
        }

        double value() {
            double sum = 0;
            for (int i = 0; i < a.size(); i++) {
                sum += a.weights()[i] * (aAtX[i] - bAtX[i]);
            }
            for (int j = 0; j < b.size(); j++) {
                sum += b.weights()[j] * (bAtY[j] - aAtY[j]);
            }
            return epsilon / 2 * sum;
        }

        LossGradient gradient() {
            double[] points = new double[ownSlope.length];
            double[] weights = new double[a.size()];
            SoftMinimum.addSupport(xx, p, epsilon, a, a, aAtX, -0.5, points, weights);
            SoftMinimum.addSupport(xy, p, epsilon, a, b, aAtY, 0.5, points, weights);
            for (int i = 0; i < a.size(); i++) {
                weights[i] = epsilon * ((aAtX[i] - bAtX[i]) / 2 - weights[i]);
                for (int k = i * dimension; k < (i + 1) * dimension; k++) {
                    points[k] += a.weights()[i] / 2 * (otherSlope[k] - ownSlope[k]);
                }
            }
            return new LossGradient(value(), points, weights);
        }
    }
}
