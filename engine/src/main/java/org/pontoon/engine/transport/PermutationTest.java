package org.pontoon.engine.transport;

import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CancellationException;

import org.pontoon.engine.internal.kernel.DoubleMath;
import org.pontoon.engine.internal.kernel.MatrixProduct;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.random.CounterRandom;

/**
 * The permutation test of whether two samples come from one distribution, by the kernel norm of their difference (Gretton et al. 2012, "A
 * kernel two-sample test"); with the energy kernel it is the test of Székely and Rizzo 2004. The statistic is {@link KernelNorm}'s value
 * for points of equal weight, and its null distribution that of the same points dealt out anew to samples of the same sizes.
 *
 * <p>With signed labels z, which add up to 0, the statistic is {@code -1/2 z' D z}, {@code D_ij = k(0) - k(x_i - x_j)}. The samples are
 * pooled, every entry of D above the diagonal is computed once, in float64, and multiplied, in float32, by the labels of all permutations
 * at once: n^2/2 kernel values and n^2/2 fused multiply-adds a permutation, for n = N + M points, in n bytes a permutation.
 *
 * <p>A statistic within 4e-6 of the observed one counts as equal to it, as rounding may part what is the same sample dealt out alike: a p
 * value is never too small for it.
 *
 * <p>Immutable and thread-safe; the same bits for any number of threads.
 */
public final class PermutationTest {

    private static final long STREAM = 31;
    /** Rows of a tile: twelve blocks of the matrix product. */
    private static final int ROWS = 60;
    /** Points of a stretch, whose products are added up in float32. */
    private static final int POINTS = 128;
    /** Distance between rows, no power of two: those would share sets of the first-level cache. */
    private static final int STRIDE = POINTS + 16;
    /** Permutations whose labels lie side by side. */
    private static final int PANEL = 64;
    /** Labels up to here are whole numbers in float32. */
    private static final int MOST_POINTS = 1 << 24;
    private static final double SAME = 0x1p-18;
    /** Below this, {@code 1 - exp(-t)} cancels; the first terms of its series do not. */
    private static final double SMALL = 1e-3;
    /** Tiles between two reports of progress, for each thread. */
    private static final int TILES_PER_REPORT = 4;

    private final PairKernel kernel;
    private final int permutations;
    private final long seed;

    /**
     * Makes a test.
     *
     * @param kernel k
     * @param permutations how often the points are dealt out anew, at least 1
     * @param seed of the permutations
     * @throws IllegalArgumentException if there is no permutation
     */
    public PermutationTest(PairKernel kernel, int permutations, long seed) {
        if (permutations < 1) {
            throw new IllegalArgumentException("permutations is " + permutations + ", expected at least 1");
        }
        this.kernel = Objects.requireNonNull(kernel, "kernel");
        this.permutations = permutations;
        this.seed = seed;
    }

    /**
     * What a test found.
     *
     * @param value the observed statistic
     * @param pValue {@code (1 + permutations with at least this value) / (1 + permutations)}, which is valid as it stands: under the null
     *     hypothesis it is at most alpha with probability at most alpha
     * @param nullValues statistics of the permutations, in rising order
     */
    public record Result(double value, double pValue, double[] nullValues) {

        /**
         * Returns a quantile of the null distribution: the least of its values that a share of them does not exceed.
         *
         * @param level share, in (0, 1]
         * @return the value
         * @throws IllegalArgumentException if the level is out of range
         */
        public double nullQuantile(double level) {
            if (!(level > 0 && level <= 1)) {
                throw new IllegalArgumentException("level is " + level + ", expected above 0 and at most 1");
            }
            return nullValues[Math.max(0, (int) Math.ceil(level * nullValues.length) - 1)];
        }
    }

    /**
     * Tests two samples.
     *
     * @param x first sample; weights, if any, must be equal
     * @param y second sample, same dimension
     * @param scheduler runs the tiles
     * @param progress hears of tiles done
     * @return the result
     * @throws IllegalArgumentException if dimensions differ, a value is not finite, weights are not equal, or the samples have more than
     *     16,777,216 points
     * @throws CancellationException if the progress said no
     */
    public Result run(PointCloud x, PointCloud y, TileScheduler scheduler, Progress progress) {
        y.requireDimension(x.dimension(), "second cloud");
        requireSample(x, "first cloud");
        requireSample(y, "second cloud");
        if ((long) x.size() + y.size() > MOST_POINTS) {
            throw new IllegalArgumentException("the clouds have " + ((long) x.size() + y.size()) + " points, expected at most "
                + MOST_POINTS);
        }
        Objects.requireNonNull(progress, "progress");
        double[] statistics = new Pass(x, y, scheduler).statistics(progress);
        double observed = statistics[0];
        double[] nullValues = Arrays.copyOfRange(statistics, 1, permutations + 1);
        Arrays.sort(nullValues);
        double least = observed - SAME * Math.max(Math.abs(observed), Arrays.stream(nullValues).map(Math::abs).average().orElse(0));
        int reached = 0;
        for (double value : nullValues) {
            if (value >= least) {
                reached++;
            }
        }
        return new Result(observed, (1.0 + reached) / (1 + permutations), nullValues);
    }

    private static void requireSample(PointCloud cloud, String name) {
        cloud.requireFinite(name);
        for (int n = 1; cloud.hasWeights() && n < cloud.size(); n++) {
            if (cloud.weight(n) != cloud.weight(0)) {
                throw new IllegalArgumentException("point " + n + " of the " + name + " weighs " + cloud.weight(n) + ", point 0 "
                    + cloud.weight(0) + ", but a permutation test exchanges points and expects equal weights");
            }
        }
    }

    /** One run: the pooled points, and labels of the samples as observed (number 0) and of every permutation. */
    private final class Pass {

        private final TileScheduler scheduler;
        private final int size;
        private final int firstSize;
        private final float[][] columns;
        /** Whether point i is in the first sample of permutation c, at {@code i * PANEL + c} of each panel. */
        private final byte[][] inFirst;
        /** Labels of the two samples, without their common factor: whole numbers whose sum over all points is 0. */
        private final float firstLabel;
        private final float secondLabel;
        /** A power of two that no entry of D exceeds: entries are taken relative to it. */
        private final double most;
        private final double scale;
        private final double[][] partial;
        private final Tile[] tiles;

        Pass(PointCloud x, PointCloud y, TileScheduler scheduler) {
            this.scheduler = scheduler;
            this.firstSize = x.size();
            this.size = x.size() + y.size();
            this.columns = new float[x.dimension()][size];
            for (int d = 0; d < columns.length; d++) {
                x.copyColumn(d, 0, columns[d], 0, x.size());
                y.copyColumn(d, 0, columns[d], x.size(), y.size());
            }
            int divisor = greatestCommonDivisor(x.size(), y.size());
            this.firstLabel = y.size() / divisor;
            this.secondLabel = -x.size() / divisor;
            double weight = (double) divisor / x.size() / y.size();
            this.most = new Tile().mostDrop(BoundingBox.of(x, y).diagonal());
            this.scale = -weight * weight / 2 * most;
            this.inFirst = new byte[permutations / PANEL + 1][];
            this.partial = new double[(size + ROWS - 1) / ROWS][];
            this.tiles = new Tile[scheduler.threads()];
        }

        double[] statistics(Progress progress) {
            scheduler.run(inFirst.length, (panel, worker) -> deal(panel));
            int step = TILES_PER_REPORT * scheduler.threads();
            for (int done = 0; done < partial.length; done += step) {
                if (!progress.advance(done, partial.length)) {
                    throw new CancellationException("the permutation test was cancelled");
                }
                int first = done;
                scheduler.run(Math.min(step, partial.length - done), (tile, worker) -> {
                    if (tiles[worker] == null) {
                        tiles[worker] = new Tile();
                    }
                    partial[first + tile] = tiles[worker].forms((first + tile) * ROWS);
                });
            }
            progress.advance(partial.length, partial.length);
            double[] statistics = new double[permutations + 1];
            for (double[] forms : partial) {
                for (int c = 0; c < statistics.length; c++) {
                    statistics[c] += scale * forms[c];
                }
            }
            return statistics;
        }

        /** Draws the first samples of one panel, each uniform among the subsets of its size (Knuth, algorithm 3.4.2 S). */
        private void deal(int panel) {
            byte[] labels = new byte[size * PANEL];
            for (int c = 0; c < PANEL && panel * PANEL + c <= permutations; c++) {
                int number = panel * PANEL + c;
                long key = CounterRandom.key(CounterRandom.key(seed, STREAM), number);
                int wanted = firstSize;
                for (int i = 0; i < size && wanted > 0; i++) {
                    if (number == 0 || CounterRandom.uniformInt(key, i, size - i) < wanted) {
                        labels[i * PANEL + c] = 1;
                        wanted--;
                    }
                }
            }
            inFirst[panel] = labels;
        }

        /** What a worker needs for one tile of rows against the points from the tile's first on. */
        private final class Tile {

            private final double[] squares = new double[POINTS];
            private final double[] exponents = new double[POINTS];
            private final double[] exponentials = new double[POINTS];
            private final double[] drops = new double[POINTS];
            private final float[] matrix = new float[ROWS * STRIDE];
            private final float[] labels = new float[POINTS * PANEL];
            private final float[] product = new float[ROWS * PANEL];

            /** Quadratic forms of the labels over the pairs (i, j), i in the tile and j at least i, each counted twice. */
            double[] forms(int first) {
                double[] forms = new double[inFirst.length * PANEL];
                int rows = Math.min(ROWS, size - first);
                for (int start = first; start < size; start += POINTS) {
                    int count = Math.min(POINTS, size - start);
                    for (int r = 0; r < rows; r++) {
                        row(first + r, start, count, r * STRIDE);
                    }
                    for (int panel = 0; panel < inFirst.length; panel++) {
                        byte[] chosen = inFirst[panel];
                        label(chosen, start * PANEL, count * PANEL);
                        Arrays.fill(product, 0);
                        MatrixProduct.accumulate(matrix, 0, STRIDE, 1, labels, 0, PANEL, rows, PANEL, count, product, 0, PANEL);
                        for (int r = 0; r < rows; r++) {
                            add(chosen, (first + r) * PANEL, r * PANEL, forms, panel * PANEL);
                        }
                    }
                }
                return forms;
            }

            private void label(byte[] chosen, int at, int count) {
                float step = firstLabel - secondLabel;
                for (int k = 0; k < count; k++) {
                    labels[k] = chosen[at + k] * step + secondLabel;
                }
            }

            private void add(byte[] chosen, int chosenAt, int productAt, double[] forms, int formsAt) {
                double step = firstLabel - secondLabel;
                for (int c = 0; c < PANEL; c++) {
                    forms[formsAt + c] += product[productAt + c] * (chosen[chosenAt + c] * step + secondLabel);
                }
            }

            double mostDrop(double distance) {
                squares[0] = distance * distance;
                drops(1);
                return drops[0] == 0 ? 1 : Math.scalb(1.0, Math.getExponent(drops[0]) + 1);
            }

            /** Twice the row's entries right of the diagonal, 0 on it and left of it. */
            private void row(int i, int start, int count, int at) {
                Arrays.fill(squares, 0, count, 0);
                for (float[] column : columns) {
                    double coordinate = column[i];
                    for (int j = 0; j < count; j++) {
                        double z = coordinate - column[start + j];
                        squares[j] += z * z;
                    }
                }
                drops(count);
                for (int j = 0; j < count; j++) {
                    matrix[at + j] = start + j > i ? (float) (2 * drops[j] / most) : 0;
                }
            }

            /** The kernel's value at the origin less that at each distance, without cancellation. */
            private void drops(int count) {
                if (kernel.profile() == PairKernel.Profile.ENERGY) {
                    for (int j = 0; j < count; j++) {
                        drops[j] = Math.sqrt(squares[j]);
                    }
                    return;
                }
                Arrays.fill(drops, 0, count, 0);
                double share = 1.0 / kernel.bandwidths().size();
                for (double s : kernel.bandwidths()) {
                    switch (kernel.profile()) {
                        case GAUSSIAN -> {
                            for (int j = 0; j < count; j++) {
                                exponents[j] = -0.5 / (s * s) * squares[j];
                            }
                            addExponentials(count, share);
                        }
                        case LAPLACIAN -> {
                            for (int j = 0; j < count; j++) {
                                exponents[j] = -Math.sqrt(squares[j]) / s;
                            }
                            addExponentials(count, share);
                        }
                        default -> {
                            for (int j = 0; j < count; j++) {
                                double q = squares[j] / (s * s);
                                double root = Math.sqrt(1 + q);
                                drops[j] += share * q / (root * (1 + root));
                            }
                        }
                    }
                }
            }

            private void addExponentials(int count, double share) {
                System.arraycopy(exponents, 0, exponentials, 0, count);
                DoubleMath.exp(exponentials, 0, count);
                for (int j = 0; j < count; j++) {
                    double t = -exponents[j];
                    drops[j] += share * (t < SMALL ? t * (1 - t / 2 * (1 - t / 3 * (1 - t / 4))) : 1 - exponentials[j]);
                }
            }
        }
    }

    private static int greatestCommonDivisor(int a, int b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }
}
