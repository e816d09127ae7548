package org.pontoon.engine.transport;

import java.util.Arrays;

import org.pontoon.engine.internal.kernel.DoubleMath;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * Sums over the pairs of a given cost matrix, in float64: any cost, at O(N M) memory, which is the caller's. There are no points, so there
 * are no kernels of differences and no gradients, and the exponent p says nothing.
 *
 * <p>Every tile of rows meets the other side in stretches of {@value #POINTS} points, which are copied out: seen from the columns, a
 * stretch is a transposed block of the matrix.
 */
final class DensePairSums implements PairSums {

    private static final int ROWS = 32;
    private static final int POINTS = 256;

    private final TileScheduler scheduler;
    private final double[] costs;
    private final int rows;
    private final int columns;
    private final boolean transposed;
    private final Scratch[] scratch;

    /** Of N x M costs, row-major and finite, which are not copied. */
    DensePairSums(TileScheduler scheduler, double[] costs, int rows, int columns) {
        this(scheduler, costs, rows, columns, false);
        if (costs.length != (long) rows * columns) {
            throw new IllegalArgumentException("the cost matrix has " + costs.length + " values, expected " + rows + " x " + columns);
        }
        for (int k = 0; k < costs.length; k++) {
            if (!Double.isFinite(costs[k])) {
                throw new IllegalArgumentException(
                    "the cost matrix holds " + costs[k] + " at row " + k / columns + ", column " + k % columns
                        + ", expected finite costs");
            }
        }
    }

    private DensePairSums(TileScheduler scheduler, double[] costs, int rows, int columns, boolean transposed) {
        this.scheduler = scheduler;
        this.costs = costs;
        this.rows = rows;
        this.columns = columns;
        this.transposed = transposed;
        this.scratch = new Scratch[scheduler.threads()];
    }

    @Override
    public PairSums transposed() {
        return new DensePairSums(scheduler, costs, rows, columns, !transposed);
    }

    @Override
    public void kernelSums(PairKernel kernel, double[] weights, double[] sums, double[] gradient) {
        throw new UnsupportedOperationException("a cost matrix has no differences of points, which a kernel is of");
    }

    @Override
    public void logSumExp(int p, double epsilon, double[] bias, double[] result, double[] gradient) {
        requireNone(gradient);
        scheduler.run(rowTiles(), (rowTile, worker) -> {
            Scratch s = begin(rowTile, worker);
            Arrays.fill(s.max, Double.NEGATIVE_INFINITY);
            for (int start = 0; start < points(); start += POINTS) {
                int count = s.load(start);
                for (int i = 0; i < s.count; i++) {
                    s.exponents(i, epsilon, 0, bias, start, count);
                    double max = DoublePairSums.max(s.term, count);
                    if (max == Double.NEGATIVE_INFINITY) {
                        continue;
                    }
                    if (max > s.max[i]) {
                        s.sum[i] *= DoubleMath.exp(s.max[i] - max);
                        s.max[i] = max;
                    }
                    DoublePairSums.exponentials(s.term, s.max[i], count);
                    s.sum[i] += DoublePairSums.sum(s.term, count);
                }
            }
            for (int i = 0; i < s.count; i++) {
                result[s.first + i] = s.max[i] + Math.log(s.sum[i]);
            }
        });
    }

    @Override
    public void flatSoftMinimum(int p, double epsilon, Marginal side, double[] potential, double[] result, double[] gradient) {
        requireNone(gradient);
        int reference = side.first();
        double logMass = Math.log(side.mass());
        scheduler.run(rowTiles(), (rowTile, worker) -> {
            Scratch s = begin(rowTile, worker);
            for (int i = 0; i < s.count; i++) {
                s.max[i] = cost(s.first + i, reference) - potential[reference];
            }
            for (int start = 0; start < points(); start += POINTS) {
                int count = s.load(start);
                for (int i = 0; i < s.count; i++) {
                    for (int j = 0; j < count; j++) {
                        double u = (s.max[i] + potential[start + j] - s.block[i * POINTS + j]) / epsilon;
                        s.sum[i] += side.weights()[start + j] / side.mass() * DoublePairSums.smallExpm1(u);
                    }
                }
            }
            for (int i = 0; i < s.count; i++) {
                result[s.first + i] = s.max[i] - epsilon * (Math.log1p(s.sum[i]) + logMass);
            }
        });
    }

    private double cost(int output, int point) {
        return transposed ? costs[point * columns + output] : costs[output * columns + point];
    }

    @Override
    public void planSums(int p, double epsilon, double[] alpha, double[] beta, double[] values, int valueCount, double[] applied,
            double[] rowSums, double[] gradient) {
        requireNone(gradient);
        if (applied != null) {
            Arrays.fill(applied, 0);
        }
        scheduler.run(rowTiles(), (rowTile, worker) -> {
            Scratch s = begin(rowTile, worker);
            for (int start = 0; start < points(); start += POINTS) {
                int count = s.load(start);
                for (int i = 0; i < s.count; i++) {
                    double a = alpha[s.first + i];
                    if (a == Double.NEGATIVE_INFINITY) {
                        continue;
                    }
                    s.exponents(i, epsilon, a, beta, start, count);
                    DoublePairSums.exponentials(s.term, 0, count);
                    s.sum[i] += DoublePairSums.sum(s.term, count);
                    if (applied != null) {
                        DoublePairSums.addRows(s.term, values, start, count, valueCount, applied, (s.first + i) * valueCount);
                    }
                }
            }
            if (rowSums != null) {
                System.arraycopy(s.sum, 0, rowSums, s.first, s.count);
            }
        });
    }

    private static void requireNone(double[] gradient) {
        // iterations over no coordinates bring arrays without a place
        if (gradient != null && gradient.length > 0) {
            throw new UnsupportedOperationException("a cost matrix has no gradient in points");
        }
    }

    /** Points of the side that has a result each, and of the other. */
    private int outputs() {
        return transposed ? columns : rows;
    }

    private int points() {
        return transposed ? rows : columns;
    }

    private int rowTiles() {
        return (outputs() + ROWS - 1) / ROWS;
    }

    private Scratch begin(int rowTile, int worker) {
        if (scratch[worker] == null) {
            scratch[worker] = new Scratch();
        }
        scratch[worker].begin(rowTile * ROWS);
        return scratch[worker];
    }

    /** What a worker needs for one tile of rows against one stretch of points. */
    private final class Scratch {

        private final double[] block = new double[ROWS * POINTS];
        private final double[] term = new double[POINTS];
        private final double[] max = new double[ROWS];
        private final double[] sum = new double[ROWS];
        private int first;
        private int count;

        void begin(int firstOutput) {
            first = firstOutput;
            count = Math.min(ROWS, outputs() - first);
            Arrays.fill(sum, 0);
        }

        /** Copies a stretch of costs and returns how many points it has. */
        int load(int start) {
            int stretch = Math.min(POINTS, points() - start);
            if (transposed) {
                for (int j = 0; j < stretch; j++) {
                    int at = (start + j) * columns + first;
                    for (int i = 0; i < count; i++) {
                        block[i * POINTS + j] = costs[at + i];
                    }
                }
            } else {
                for (int i = 0; i < count; i++) {
                    System.arraycopy(costs, (first + i) * columns + start, block, i * POINTS, stretch);
                }
            }
            return stretch;
        }

        /** term = shift + bias - C / epsilon. */
        void exponents(int i, double epsilon, double shift, double[] bias, int start, int stretch) {
            double factor = 1 / epsilon;
            int at = i * POINTS;
            for (int j = 0; j < stretch; j++) {
                term[j] = shift + bias[start + j] - block[at + j] * factor;
            }
        }
    }
}
