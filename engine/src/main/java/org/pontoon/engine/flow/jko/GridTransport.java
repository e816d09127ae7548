package org.pontoon.engine.flow.jko;

import java.util.Arrays;

import org.pontoon.engine.internal.particle.ProjectionOrder;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.parallel.TileTask;

/**
 * The squared sliced distance between two vectors of weights on one grid, and its derivative in the first. On a direction every cell's
 * weight is shared between the two bins of a cell's width on whose middles its own projects between; the distance of the bins is
 * {@code W_2^2 = 2 int dx int_G(x)^F(x) (G^-1(s) - x) ds} by the midpoint rule over the gaps between bins, with the quantile function of G
 * interpolated linearly between those midpoints. So each bin of G counts as spread over its width: moves of less than a bin cost what they
 * should, where a distance between atoms would hold the weights in their places.
 *
 * <p>The derivative in a bin is the suffix sum of those in the cumulative weights, and a cell's is interpolated from its bins'. Cumulative
 * weights are summed from the nearer end, so that tails keep their relative precision. Not thread-safe; allocates nothing once it is warm.
 */
final class GridTransport {

    private static final int MAX_GROUPS = 32;

    private final int size;
    private final int dimension;
    private final int count;
    private final int groups;
    private final double[] columns;
    private final double[] directions;
    private final double width;
    private final double[] origins;
    private final int bins;
    private final double[][] sums;
    private final double[] costs;
    private final Scratch[] scratch;
    private final TileScheduler scheduler;
    private final TileTask task = this::group;
    private double[] weights;
    private double[] reference;

    /** Middles of the cells in columns, and the width of the bins. */
    GridTransport(double[] columns, int dimension, double width, double[] directions, TileScheduler scheduler) {
        this.size = columns.length / dimension;
        this.dimension = dimension;
        this.count = directions.length / dimension;
        this.groups = Math.min(count, MAX_GROUPS);
        this.columns = columns;
        this.directions = directions;
        this.width = width;
        this.origins = new double[count];
        double[] projections = new double[size];
        double longest = 0;
        for (int l = 0; l < count; l++) {
            project(l, projections);
            double least = Arrays.stream(projections).min().orElseThrow();
            longest = Math.max(longest, Arrays.stream(projections).max().orElseThrow() - least);
            origins[l] = least;
        }
        this.bins = (int) Math.ceil(longest / width) + 2;
        this.sums = new double[groups][size];
        this.costs = new double[groups];
        this.scratch = new Scratch[scheduler.threads()];
        this.scheduler = scheduler;
    }

    private void project(int l, double[] projections) {
        Arrays.fill(projections, 0);
        for (int d = 0; d < dimension; d++) {
            ProjectionOrder.addScaled(directions[l * dimension + d], columns, d * size, projections);
        }
    }

    /**
     * Computes the distance between two vectors of weights of sum 1.
     *
     * @param a the first
     * @param b the second
     * @param derivative receives the derivative in a, up to a constant
     * @return the squared distance
     */
    double distance(double[] a, double[] b, double[] derivative) {
        weights = a;
        reference = b;
        scheduler.run(groups, task);
        Arrays.fill(derivative, 0);
        double cost = 0;
        for (int g = 0; g < groups; g++) {
            ProjectionOrder.addScaled(1.0 / count, sums[g], 0, derivative);
            cost += costs[g];
        }
        return cost / count;
    }

    private void group(int group, int worker) {
        if (scratch[worker] == null) {
            scratch[worker] = new Scratch(size, bins);
        }
        Scratch s = scratch[worker];
        double[] sum = sums[group];
        Arrays.fill(sum, 0);
        double cost = 0;
        for (int l = (int) ((long) count * group / groups); l < (long) count * (group + 1) / groups; l++) {
            project(l, s.positions);
            Arrays.fill(s.a, 0);
            Arrays.fill(s.b, 0);
            for (int i = 0; i < size; i++) {
                double position = (s.positions[i] - origins[l]) / width;
                int bin = (int) position;
                double right = position - bin;
                s.positions[i] = position;
                s.a[bin] += (1 - right) * weights[i];
                s.a[bin + 1] += right * weights[i];
                s.b[bin] += (1 - right) * reference[i];
                s.b[bin + 1] += right * reference[i];
            }
            for (int j = 0; j < bins; j++) {
                s.x[j] = j * width;
            }
            cost += s.half(s.slopes);
            s.reverse();
            cost += s.half(s.tailSlopes);
            // cumulative weight k from the left is 1 less the tail behind it
            double[] potential = s.a;
            potential[bins - 1] = 0;
            for (int k = bins - 2; k >= 0; k--) {
                potential[k] = potential[k + 1] + s.slopes[k] - s.tailSlopes[bins - 2 - k];
            }
            for (int i = 0; i < size; i++) {
                int bin = (int) s.positions[i];
                sum[i] += potential[bin] + (s.positions[i] - bin) * (potential[bin + 1] - potential[bin]);
            }
        }
        costs[group] = cost;
    }

    /** One direction's bins, of one worker. */
    private static final class Scratch {

        final double[] x;
        final double[] a;
        final double[] b;
        final double[] slopes;
        final double[] tailSlopes;
        final double[] positions;

        Scratch(int size, int bins) {
            x = new double[bins];
            a = new double[bins];
            b = new double[bins];
            slopes = new double[bins];
            tailSlopes = new double[bins];
            positions = new double[size];
        }

        void reverse() {
            for (int i = 0, j = x.length - 1; i <= j; i++, j--) {
                double y = -x[i];
                x[i] = -x[j];
                x[j] = y;
                y = a[i];
                a[i] = a[j];
                a[j] = y;
                y = b[i];
                b[i] = b[j];
                b[j] = y;
            }
        }

        /** Derivatives in the cumulative weights up to one half, 0 for the others, and what these gaps add to the distance. */
        double half(double[] derivative) {
            int gaps = x.length - 1;
            Arrays.fill(derivative, 0);
            double cost = 0;
            double own = 0;
            double other = 0;
            // the piece of the quantile function between the knots (low, lowAt) and (high, highAt), and its integral up to low
            double low = 0;
            double lowAt = x[0];
            double high = gaps > 0 ? b[0] : 0;
            double highAt = gaps > 0 ? 0.5 * (x[0] + x[1]) : x[0];
            double integral = 0;
            double area = 0;
            int knot = 0;
            for (int k = 0; k < gaps; k++) {
                own += a[k];
                // this gap is the other half's
                if (own > 0.5) {
                    break;
                }
                double middle = 0.5 * (x[k] + x[k + 1]);
                area += b[k] * (k == 0 ? 0.5 * (x[0] + middle) : 0.25 * (x[k - 1] + 2 * x[k] + x[k + 1]));
                other += b[k];
                while (own > high && knot < gaps - 1) {
                    integral += (high - low) * 0.5 * (lowAt + highAt);
                    knot++;
                    low = high;
                    lowAt = highAt;
                    high += b[knot];
                    highAt = 0.5 * (x[knot] + x[knot + 1]);
                }
                double share = high > low ? Math.min(1, (own - low) / (high - low)) : 1;
                double quantile = lowAt + share * (highAt - lowAt);
                double gap = 2 * (x[k + 1] - x[k]);
                derivative[k] = gap * (quantile - middle);
                double whole = integral + (own - low) * 0.5 * (lowAt + quantile);
                cost += gap * (whole - area - middle * (own - other));
            }
            return cost;
        }
    }
}
