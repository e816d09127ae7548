package org.pontoon.engine.transport;

import java.util.Arrays;

import org.pontoon.engine.internal.kernel.DoubleMath;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * Sums over pairs in float64, by direct differences of the clouds' float32 coordinates: the truth beside the float32 sums.
 *
 * <p>Every tile of rows meets the y side in stretches of {@value #POINTS} points. Loops run over one stretch at a time, a quantity a loop,
 * over arrays that are all indexed alike, so that C2 vectorizes them. The squared distances of few points of many coordinates are kept from
 * one sweep to the next: up to {@value #MOST_KEPT} of them, a megabyte.
 */
final class DoublePairSums implements PairSums {

    private static final int ROWS = 64;
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
                int count = s.points(start, weights);
                for (int i = 0; i < s.rows; i++) {
                    double[] squares = s.squaredDistances(i, count);
                    if (sums != null) {
                        kernel.weightedValues(squares, s.value, s.term, s.spare, count);
                        s.sum[i] += sum(s.term, count);
                    }
                    if (gradient != null) {
                        kernel.weightedSlopes(squares, s.value, s.term, s.spare, count);
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
                int count = s.points(start, bias);
                for (int i = 0; i < s.rows; i++) {
                    double[] squares = s.squaredDistances(i, count);
                    s.exponents(squares, p, epsilon, 0, count);
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
                        s.costSlopes(squares, p, count);
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
            s.points(reference, potential);
            for (int i = 0; i < s.rows; i++) {
                least[i] = cost(s.squaredDistances(i, 1)[0], p) - potential[reference];
            }
            for (int start = 0; start < y.size(); start += s.stretch) {
                int count = s.points(start, potential);
                for (int i = 0; i < s.rows; i++) {
                    double[] squares = s.squaredDistances(i, count);
                    for (int j = 0; j < count; j++) {
                        double u = (least[i] + s.value[j] - cost(squares[j], p)) / epsilon;
                        double share = side.weights()[start + j] / side.mass();
                        double excess = share * smallExpm1(u);
                        s.term[j] = excess + share;
                        s.sum[i] += excess;
                    }
                    if (gradient != null) {
                        s.costSlopes(squares, p, count);
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
                int count = s.points(start, beta);
                for (int i = 0; i < s.rows; i++) {
                    double a = alpha[s.first + i];
                    if (a == Double.NEGATIVE_INFINITY) {
                        continue;
                    }
                    double[] squares = s.squaredDistances(i, count);
                    s.exponents(squares, p, epsilon, a, count);
                    exponentials(s.term, 0, count);
                    s.sum[i] += sum(s.term, count);
                    if (applied != null) {
                        addRows(s.term, values, start, count, valueCount, applied, (s.first + i) * valueCount);
                    }
                    if (gradient != null) {
                        s.costSlopes(squares, p, count);
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
                int count = s.points(start, weights);
                for (int i = 0; i < s.rows; i++) {
                    double[] squares = s.squaredDistances(i, count);
                    for (int j = 0; j < count; j++) {
                        s.term[j] = s.value[j] * kernel.excess(squares[j]);
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
                int count = s.points(start, none);
                for (int i = 0; i < s.rows; i++) {
                    double[] squares = s.squaredDistances(i, count);
                    s.exponents(squares, p, epsilon, alpha[s.first + i], count);
                    for (int j = 0; j < count; j++) {
                        s.term[j] -= peaks[start + j];
                    }
                    DoubleMath.exp(s.term, 0, count);
                    for (int j = 0; j < count; j++) {
                        s.term[j] *= shares[start + j];
                    }
                    s.sum[i] += sum(s.term, count);
                    s.costSlopes(squares, p, count);
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

    private static double cost(double square, int p) {
        return p == 2 ? square / 2 : Math.sqrt(square);
    }

    /** What a worker needs for one tile of rows against one stretch of points. */
    private final class Scratch {

        private final int dimension;
        private final int stretch = Math.min(POINTS, y.size());
        private final float[] column = new float[Math.max(ROWS, stretch)];
        /** Coordinates by row, and by coordinate and point: arrays of their own, for C2's sake and for that of the cache's sets. */
        private final double[][] row;
        private final double[][] point;
        /** Squared distances of two rows: which, and of how many points. */
        private final double[] square = new double[stretch];
        private final double[] nextSquare = new double[stretch];
        private int computed;
        private int computedPoints;
        /** What the caller has for each point of the stretch. */
        private final double[] value = new double[stretch];
        private final double[] term = new double[stretch];
        private final double[] spare = new double[stretch];
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
            this.row = new double[most][dimension];
            this.point = new double[dimension][stretch];
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
                    row[i][d] = column[i] - xOrigin[d];
                }
            }
            if (unknown) {
                keep();
                known[rowTile] = true;
                loads = differences;
            }
            Arrays.fill(sum, 0, rows, 0);
            if (differences) {
                Arrays.fill(gradient, 0);
            }
        }

        private void keep() {
            for (int from = 0; from < y.size(); from += stretch) {
                int count = load(from);
                for (int i = 0; i < rows; i++) {
                    System.arraycopy(computedSquares(i, count), 0, kept, (first + i) * y.size() + from, count);
                }
            }
        }

        /** Goes to a stretch of points, takes their values along, and returns how many they are. */
        int points(int from, double[] values) {
            int count = load(from);
            System.arraycopy(values, from, value, 0, count);
            return count;
        }

        private int load(int from) {
            start = from;
            computed = -1;
            int count = Math.min(stretch, y.size() - from);
            for (int d = 0; loads && d < dimension; d++) {
                y.copyColumn(d, from, column, 0, count);
                place(column, yOrigin[d], point[d], count);
            }
            return count;
        }

        /** Squared distances of a row to the first points of the stretch; good until those of another row are asked for. */
        double[] squaredDistances(int i, int count) {
            if (kept == null) {
                return computedSquares(i, count);
            }
            System.arraycopy(kept, (first + i) * y.size() + start, square, 0, count);
            return square;
        }

        /** Two rows at a time, the second one in advance: coordinates of points are then read half as often. */
        private double[] computedSquares(int i, int count) {
            int even = i & -2;
            if (computed != even || computedPoints < count) {
                computed = even;
                computedPoints = count;
                SquaredDistances.between(row[even], row[Math.min(even + 1, rows - 1)], point, dimension, square, nextSquare, count);
            }
            return i == even ? square : nextSquare;
        }

        /** term = shift + value - C / epsilon. */
        void exponents(double[] squares, int p, double epsilon, double shift, int count) {
            if (p == 2) {
                squareExponents(squares, 0.5 / epsilon, shift, value, term, count);
            } else {
                rootExponents(squares, 1 / epsilon, shift, value, term, count);
            }
        }

        /** From factors of the plan to factors of x - y in the gradient of the cost: itself for p = 2, over the distance for p = 1. */
        void costSlopes(double[] squares, int p, int count) {
            if (p == 1) {
                overDistance(squares, term, count);
            }
        }

        /** Adds {@code sum_j term_j (x_i - y_j)} to the row's gradient. */
        void addDifferences(int i, int count) {
            for (int d = 0; d < dimension; d++) {
                gradient[i * dimension + d] += weightedDifferences(term, row[i][d], point[d], count);
            }
        }

        void rescale(int i, double factor, boolean differences) {
            sum[i] *= factor;
            for (int d = 0; differences && d < dimension; d++) {
                gradient[i * dimension + d] *= factor;
            }
        }
    }

    // each loop is a method of its own, so that C2 has small work to do and sees arrays that are indexed alike

    private static void place(float[] column, double origin, double[] point, int count) {
        for (int j = 0; j < count; j++) {
            point[j] = column[j] - origin;
        }
    }

    private static void squareExponents(double[] squares, double factor, double shift, double[] bias, double[] term, int count) {
        for (int j = 0; j < count; j++) {
            term[j] = shift + bias[j] - squares[j] * factor;
        }
    }

    private static void rootExponents(double[] squares, double factor, double shift, double[] bias, double[] term, int count) {
        for (int j = 0; j < count; j++) {
            term[j] = shift + bias[j] - Math.sqrt(squares[j]) * factor;
        }
    }

    private static void overDistance(double[] squares, double[] term, int count) {
        for (int j = 0; j < count; j++) {
            term[j] /= Math.max(Math.sqrt(squares[j]), PairKernel.NO_DISTANCE);
        }
    }

    private static double weightedDifferences(double[] term, double xd, double[] point, int count) {
        double a = 0;
        double b = 0;
        double c = 0;
        double e = 0;
        int j = 0;
        for (; j < count - 3; j += 4) {
            a += term[j] * (xd - point[j]);
            b += term[j + 1] * (xd - point[j + 1]);
            c += term[j + 2] * (xd - point[j + 2]);
            e += term[j + 3] * (xd - point[j + 3]);
        }
        for (; j < count; j++) {
            a += term[j] * (xd - point[j]);
        }
        return a + b + (c + e);
    }
}
