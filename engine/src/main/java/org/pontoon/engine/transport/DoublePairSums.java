package org.pontoon.engine.transport;

import java.util.Arrays;

import org.pontoon.engine.internal.kernel.DoubleMath;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * Sums over pairs in float64, by direct differences of the clouds' float32 coordinates: the truth beside the float32 sums.
 *
 * <p>Every tile of rows meets the y side in stretches of {@value #POINTS} points. Loops run over one stretch at a time, a quantity a loop,
 * so that C2 vectorizes them. The squared distances of few points of many coordinates are kept from one sweep to the next: up to
 * {@value #MOST_KEPT} of them, a megabyte.
 */
final class DoublePairSums implements PairSums {

    private static final int ROWS = 32;
    private static final int POINTS = 256;
    /** So many squared distances stay in the second-level cache. */
    private static final int MOST_KEPT = 1 << 17;
    /** Below so many coordinates a squared distance is computed as fast as it is read. */
    private static final int FEW_COORDINATES = 8;
    /** From so many on, float32 sums, which keep nothing, are slower. */
    private static final int MANY_COORDINATES = 128;

    private final TileScheduler scheduler;
    private final PointCloud x;
    private final PointCloud y;
    private final double[] xOrigin;
    private final double[] yOrigin;
    /** Squared distances, N x M, of those tiles of rows that are known; null where none are kept. */
    private final double[] kept;
    private final boolean[] known;
    private final Scratch[] scratch;

    DoublePairSums(TileScheduler scheduler, PointCloud x, PointCloud y) {
        this(scheduler, x, new double[x.dimension()], y, new double[y.dimension()]);
    }

    /** Origins are subtracted from the coordinates before anything else, without rounding to float32. */
    DoublePairSums(TileScheduler scheduler, PointCloud x, double[] xOrigin, PointCloud y, double[] yOrigin) {
        this.scheduler = scheduler;
        this.x = x;
        this.y = y;
        this.xOrigin = xOrigin;
        this.yOrigin = yOrigin;
        boolean keeps = x.dimension() >= FEW_COORDINATES && (long) x.size() * y.size() <= MOST_KEPT;
        this.kept = keeps ? new double[x.size() * y.size()] : null;
        this.known = new boolean[rowTiles()];
        this.scratch = new Scratch[scheduler.threads()];
    }

    /** Whether sweeps after the first are faster here than in float32. */
    static boolean faster(PointCloud x, PointCloud y) {
        return x.dimension() >= MANY_COORDINATES && (long) x.size() * y.size() <= MOST_KEPT;
    }

    @Override
    public PairSums transposed() {
        return new DoublePairSums(scheduler, y, yOrigin, x, xOrigin);
    }

    @Override
    public void kernelSums(PairKernel kernel, double[] weights, double[] sums, double[] gradient) {
        int dimension = x.dimension();
        scheduler.run(rowTiles(), (rowTile, worker) -> {
            Scratch s = rows(rowTile, worker, gradient != null);
            for (int start = 0; start < y.size(); start += s.stretch) {
                int count = s.points(start);
                for (int i = 0; i < s.rows; i++) {
                    s.squaredDistances(i, count);
                    if (sums != null) {
                        s.kernelTerms(kernel, weights, start, count);
                        s.sum[i] += sum(s.term, count);
                    }
                    if (gradient != null) {
                        s.slopeTerms(kernel, weights, start, count);
                        s.addDifferences(i, count);
                    }
                }
            }
            if (sums != null) {
                System.arraycopy(s.sum, 0, sums, s.first, s.rows);
            }
            if (gradient != null) {
                System.arraycopy(s.gradient, 0, gradient, s.first * dimension, s.rows * dimension);
            }
        });
    }

    @Override
    public void logSumExp(int p, double epsilon, double[] bias, double[] result, double[] gradient) {
        int dimension = x.dimension();
        double[] sums = new double[x.size()];
        softmaxes(p, epsilon, bias, result, sums, gradient);
        for (int i = 0; i < sums.length; i++) {
            result[i] += Math.log(sums[i]);
            for (int d = 0; gradient != null && d < dimension; d++) {
                gradient[i * dimension + d] = sums[i] == 0 ? 0 : gradient[i * dimension + d] / sums[i];
            }
        }
    }

    /** The greatest exponent of every row, and the sums of the exponentials relative to it, of them and of dC/dx with their weights. */
    private void softmaxes(int p, double epsilon, double[] bias, double[] peaks, double[] sums, double[] gradient) {
        int dimension = x.dimension();
        scheduler.run(rowTiles(), (rowTile, worker) -> {
            Scratch s = rows(rowTile, worker, gradient != null);
            Arrays.fill(s.max, Double.NEGATIVE_INFINITY);
            for (int start = 0; start < y.size(); start += s.stretch) {
                int count = s.points(start);
                for (int i = 0; i < s.rows; i++) {
                    s.squaredDistances(i, count);
                    s.exponents(p, epsilon, 0, bias, start, count);
                    double max = max(s.term, count);
                    if (max == Double.NEGATIVE_INFINITY) {
                        continue;
                    }
                    if (max > s.max[i]) {
                        s.rescale(i, DoubleMath.exp(s.max[i] - max), gradient != null);
                        s.max[i] = max;
                    }
                    exponentials(s.term, s.max[i], count);
                    s.sum[i] += sum(s.term, count);
                    if (gradient != null) {
                        s.costSlopes(p, count);
                        s.addDifferences(i, count);
                    }
                }
            }
            System.arraycopy(s.max, 0, peaks, s.first, s.rows);
            System.arraycopy(s.sum, 0, sums, s.first, s.rows);
            if (gradient != null) {
                System.arraycopy(s.gradient, 0, gradient, s.first * dimension, s.rows * dimension);
            }
        });
    }

    @Override
    public void flatSoftMinimum(int p, double epsilon, Marginal side, double[] potential, double[] result, double[] gradient) {
        int dimension = x.dimension();
        int reference = side.first();
        double logMass = Math.log(side.mass());
        scheduler.run(rowTiles(), (rowTile, worker) -> {
            Scratch s = rows(rowTile, worker, gradient != null);
            double[] least = new double[s.rows];
            s.points(reference);
            for (int i = 0; i < s.rows; i++) {
                s.squaredDistances(i, 1);
                least[i] = s.cost(p, 0) - potential[reference];
            }
            for (int start = 0; start < y.size(); start += s.stretch) {
                int count = s.points(start);
                for (int i = 0; i < s.rows; i++) {
                    s.squaredDistances(i, count);
                    for (int j = 0; j < count; j++) {
                        double u = (least[i] + potential[start + j] - s.cost(p, j)) / epsilon;
                        double share = side.weights()[start + j] / side.mass();
                        double excess = share * smallExpm1(u);
                        s.term[j] = excess + share;
                        s.sum[i] += excess;
                    }
                    if (gradient != null) {
                        s.costSlopes(p, count);
                        s.addDifferences(i, count);
                    }
                }
            }
            for (int i = 0; i < s.rows; i++) {
                result[s.first + i] = least[i] - epsilon * (Math.log1p(s.sum[i]) + logMass);
                for (int d = 0; gradient != null && d < dimension; d++) {
                    gradient[(s.first + i) * dimension + d] = s.gradient[i * dimension + d] / (1 + s.sum[i]);
                }
            }
        });
    }

    /** exp(u) - 1 to within rounding for an exponent below an eighth, where the JDK's costs ten times as much. */
    static double smallExpm1(double u) {
        if (Math.abs(u) > 0.125) {
            return Math.expm1(u);
        }
        double tail = u * (1.0 / 5040 + u * (1.0 / 40320 + u * (1.0 / 362880 + u / 3628800)));
        return u * (1 + u * (1.0 / 2 + u * (1.0 / 6 + u * (1.0 / 24 + u * (1.0 / 120 + u * (1.0 / 720 + tail))))));
    }

    @Override
    public void planSums(int p, double epsilon, double[] alpha, double[] beta, double[] values, int valueCount, double[] applied,
            double[] rowSums, double[] gradient) {
        int dimension = x.dimension();
        if (applied != null) {
            Arrays.fill(applied, 0);
        }
        scheduler.run(rowTiles(), (rowTile, worker) -> {
            Scratch s = rows(rowTile, worker, gradient != null);
            for (int start = 0; start < y.size(); start += s.stretch) {
                int count = s.points(start);
                for (int i = 0; i < s.rows; i++) {
                    double a = alpha[s.first + i];
                    if (a == Double.NEGATIVE_INFINITY) {
                        continue;
                    }
                    s.squaredDistances(i, count);
                    s.exponents(p, epsilon, a, beta, start, count);
                    exponentials(s.term, 0, count);
                    s.sum[i] += sum(s.term, count);
                    if (applied != null) {
                        addRows(s.term, values, start, count, valueCount, applied, (s.first + i) * valueCount);
                    }
                    if (gradient != null) {
                        s.costSlopes(p, count);
                        s.addDifferences(i, count);
                    }
                }
            }
            if (rowSums != null) {
                System.arraycopy(s.sum, 0, rowSums, s.first, s.rows);
            }
            if (gradient != null) {
                System.arraycopy(s.gradient, 0, gradient, s.first * dimension, s.rows * dimension);
            }
        });
    }

    /**
     * Weighted sums of a kernel less its value at the origin, right to the last bits however wide the kernel is.
     *
     * @param sums receives {@code sum_j w_j (k(x_i - y_j) - k(0))}, N values
     */
    void excessSums(PairKernel kernel, double[] weights, double[] sums) {
        scheduler.run(rowTiles(), (rowTile, worker) -> {
            Scratch s = rows(rowTile, worker, false);
            for (int start = 0; start < y.size(); start += s.stretch) {
                int count = s.points(start);
                for (int i = 0; i < s.rows; i++) {
                    s.squaredDistances(i, count);
                    for (int j = 0; j < count; j++) {
                        s.term[j] = weights[start + j] * kernel.excess(s.square[j]);
                    }
                    s.sum[i] += sum(s.term, count);
                }
            }
            System.arraycopy(s.sum, 0, sums, s.first, s.rows);
        });
    }

    /**
     * Sums with the softmaxes over the x side that each y_j takes, {@code s_ij = exp(bias_i - C_p(x_i, y_j) / epsilon) / sum_k ...}. They add
     * up to 1 over i however large, and so however rounded, the exponents are: every exponent is seen from the greatest of its y_j, and both
     * are made of the same operations.
     *
     * @param bias N values; -infinity leaves a point out of the softmax
     * @param alpha the same, or what takes its place in the sums of points that are left out
     * @param weights w, M values
     * @param rowSums receives {@code sum_j w_j s_ij}, N values
     * @param gradient receives {@code sum_j w_j s_ij dC_p/dx_i}, N x D
     */
    void softmaxSums(int p, double epsilon, double[] bias, double[] alpha, double[] weights, double[] rowSums, double[] gradient) {
        double[] peaks = new double[y.size()];
        double[] shares = new double[y.size()];
        new DoublePairSums(scheduler, y, yOrigin, x, xOrigin).softmaxes(p, epsilon, bias, peaks, shares, null);
        for (int j = 0; j < shares.length; j++) {
            shares[j] = weights[j] / shares[j];
        }
        double[] none = new double[y.size()];
        scheduler.run(rowTiles(), (rowTile, worker) -> {
            Scratch s = rows(rowTile, worker, true);
            for (int start = 0; start < y.size(); start += s.stretch) {
                int count = s.points(start);
                for (int i = 0; i < s.rows; i++) {
                    s.squaredDistances(i, count);
                    s.exponents(p, epsilon, alpha[s.first + i], none, start, count);
                    for (int j = 0; j < count; j++) {
                        s.term[j] -= peaks[start + j];
                    }
                    DoubleMath.exp(s.term, 0, count);
                    for (int j = 0; j < count; j++) {
                        s.term[j] *= shares[start + j];
                    }
                    s.sum[i] += sum(s.term, count);
                    s.costSlopes(p, count);
                    s.addDifferences(i, count);
                }
            }
            System.arraycopy(s.sum, 0, rowSums, s.first, s.rows);
            System.arraycopy(s.gradient, 0, gradient, s.first * x.dimension(), s.rows * x.dimension());
        });
    }

    static void addRows(double[] factor, double[] values, int start, int count, int valueCount, double[] applied, int at) {
        for (int j = 0; j < count; j++) {
            for (int v = 0; v < valueCount; v++) {
                applied[at + v] += factor[j] * values[(start + j) * valueCount + v];
            }
        }
    }

    static void exponentials(double[] term, double max, int count) {
        for (int j = 0; j < count; j++) {
            term[j] -= max;
        }
        DoubleMath.exp(term, 0, count);
    }

    static double max(double[] term, int count) {
        double max = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < count; j++) {
            max = Math.max(max, term[j]);
        }
        return max;
    }

    /** Four chains, because one would wait for every addition. */
    static double sum(double[] term, int count) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int j = 0;
        for (; j < count - 3; j += 4) {
            a += term[j];
            b += term[j + 1];
            c += term[j + 2];
            d += term[j + 3];
        }
        for (; j < count; j++) {
            a += term[j];
        }
        return a + b + (c + d);
    }

    private int rowTiles() {
        return (x.size() + ROWS - 1) / ROWS;
    }

    /** The worker's scratch, with a tile's rows at hand and its sums at zero; differences of points only where they are asked for. */
    private Scratch rows(int rowTile, int worker, boolean differences) {
        if (scratch[worker] == null) {
            scratch[worker] = new Scratch(x.dimension());
        }
        scratch[worker].begin(rowTile, differences);
        return scratch[worker];
    }

    /** What a worker needs for one tile of rows against one stretch of points. */
    private final class Scratch {

        private final int dimension;
        private final int stretch = Math.min(POINTS, y.size());
        private final float[] column = new float[Math.max(ROWS, stretch)];
        private final double[] row;
        private final double[] point;
        private final double[] square = new double[stretch];
        private final double[] term = new double[stretch];
        private final double[] max = new double[ROWS];
        private final double[] sum = new double[ROWS];
        private final double[] gradient;
        private int first;
        private int rows;
        private int start;
        private boolean loads;

        Scratch(int dimension) {
            int most = Math.min(ROWS, x.size());
            this.dimension = dimension;
            this.row = new double[most * dimension];
            this.point = new double[stretch * dimension];
            this.gradient = new double[most * dimension];
        }

        void begin(int rowTile, boolean differences) {
            first = rowTile * ROWS;
            rows = Math.min(ROWS, x.size() - first);
            boolean unknown = kept != null && !known[rowTile];
            loads = kept == null || unknown || differences;
            for (int d = 0; loads && d < dimension; d++) {
                x.copyColumn(d, first, column, 0, rows);
                for (int i = 0; i < rows; i++) {
                    row[i * dimension + d] = column[i] - xOrigin[d];
                }
            }
            if (unknown) {
                keep();
                known[rowTile] = true;
                loads = differences;
            }
            Arrays.fill(sum, 0);
            if (differences) {
                Arrays.fill(gradient, 0);
            }
        }

        private void keep() {
            for (int from = 0; from < y.size(); from += stretch) {
                int count = points(from);
                for (int i = 0; i < rows; i++) {
                    computeSquares(i, count);
                    System.arraycopy(square, 0, kept, (first + i) * y.size() + from, count);
                }
            }
        }

        /** Goes to a stretch of points and returns how many they are. */
        int points(int from) {
            start = from;
            int count = Math.min(stretch, y.size() - from);
            for (int d = 0; loads && d < dimension; d++) {
                y.copyColumn(d, from, column, 0, count);
                for (int j = 0; j < count; j++) {
                    point[d * stretch + j] = column[j] - yOrigin[d];
                }
            }
            return count;
        }

        void squaredDistances(int i, int count) {
            if (kept != null) {
                System.arraycopy(kept, (first + i) * y.size() + start, square, 0, count);
            } else {
                computeSquares(i, count);
            }
        }

        private void computeSquares(int i, int count) {
            Arrays.fill(square, 0, count, 0);
            for (int d = 0; d < dimension; d++) {
                double xd = row[i * dimension + d];
                int at = d * stretch;
                for (int j = 0; j < count; j++) {
                    double z = xd - point[at + j];
                    square[j] += z * z;
                }
            }
        }

        double cost(int p, int j) {
            return p == 2 ? square[j] / 2 : Math.sqrt(square[j]);
        }

        /** term = shift + bias - C / epsilon. */
        void exponents(int p, double epsilon, double shift, double[] bias, int start, int count) {
            if (p == 2) {
                double factor = 0.5 / epsilon;
                for (int j = 0; j < count; j++) {
                    term[j] = shift + bias[start + j] - square[j] * factor;
                }
            } else {
                double factor = 1 / epsilon;
                for (int j = 0; j < count; j++) {
                    term[j] = shift + bias[start + j] - Math.sqrt(square[j]) * factor;
                }
            }
        }

        void kernelTerms(PairKernel kernel, double[] weights, int start, int count) {
            for (int j = 0; j < count; j++) {
                term[j] = weights[start + j] * kernel.value(square[j]);
            }
        }

        void slopeTerms(PairKernel kernel, double[] weights, int start, int count) {
            for (int j = 0; j < count; j++) {
                term[j] = weights[start + j] * kernel.slope(square[j]);
            }
        }

        /** From factors of the plan to factors of x - y in the gradient of the cost: itself for p = 2, over the distance for p = 1. */
        void costSlopes(int p, int count) {
            if (p == 1) {
                for (int j = 0; j < count; j++) {
                    term[j] = square[j] == 0 ? 0 : term[j] / Math.sqrt(square[j]);
                }
            }
        }

        /** Adds {@code sum_j term_j (x_i - y_j)} to the row's gradient. */
        void addDifferences(int i, int count) {
            for (int d = 0; d < dimension; d++) {
                double xd = row[i * dimension + d];
                int at = d * stretch;
                double a = 0;
                double b = 0;
                int j = 0;
                for (; j < count - 1; j += 2) {
                    a += term[j] * (xd - point[at + j]);
                    b += term[j + 1] * (xd - point[at + j + 1]);
                }
                if (j < count) {
                    a += term[j] * (xd - point[at + j]);
                }
                gradient[i * dimension + d] += a + b;
            }
        }

        void rescale(int i, double factor, boolean differences) {
            sum[i] *= factor;
            for (int d = 0; differences && d < dimension; d++) {
                gradient[i * dimension + d] *= factor;
            }
        }
    }
}
