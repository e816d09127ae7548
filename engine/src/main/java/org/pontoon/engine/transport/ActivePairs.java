package org.pontoon.engine.transport;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

import org.pontoon.engine.internal.kernel.DoubleMath;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * The pairs that carry a peaked plan, with their costs, once by row and once by column: those whose log density {@code (f_i + g_j - C_ij) /
 * epsilon} is above a cut-off (Schmitzer 2019, "Stabilized sparse scaling algorithms for entropy regularized transport problems"). Soft
 * minima over them cost a few operations a pair, however many dimensions there are.
 *
 * <p>What is left out stays below {@code exp(-kept)} of the product measure while no two potentials have risen by more than the cut-off's
 * margin together; {@link #strayed} tells how many may have. There are never more than {@value #MOST_PER_POINT} pairs for each point of
 * the two clouds, or {@value #MOST_OF_FEW} where that is more, at 24 bytes a pair: O(N + M) memory. Where so many do not reach, there is
 * no set, and the sums over all pairs have to do.
 *
 * <p>Balanced or not: the set only replaces soft minima. The same bits for any number of threads. Not thread-safe.
 */
final class ActivePairs {

    static final int MOST_PER_POINT = 32;
    static final int MOST_OF_FEW = 1 << 22;
    /** Rows that stand for all when the size of a set is estimated. */
    private static final int SAMPLED_ROWS = 32;
    /** Margins, in log density, that are tried for a set: the widest that fits is taken. */
    private static final double MARGIN_STEP = 10;
    private static final int MARGINS = 12;
    private static final int ROWS = 64;
    private static final int GROUP = 4;

    private final TileScheduler scheduler;
    private final Index byRow;
    private final Index byColumn;
    private final double epsilon;
    private final double inverse;
    private final double margin;
    private final double[] f;
    private final double[] g;
    private final double[][] scratch;
    private double[] planByRow;
    private double[] planByColumn;

    /** Pairs of every row, from starts[i] up to starts[i + 1]: the other point and the cost. */
    private record Index(int[] starts, int[] others, double[] costs) {

        int largestTile() {
            int largest = 0;
            for (int i = 0; i < starts.length - 1; i += ROWS) {
                largest = Math.max(largest, starts[Math.min(i + ROWS, starts.length - 1)] - starts[i]);
            }
            return largest;
        }
    }

    private ActivePairs(TileScheduler scheduler, Index byRow, Index byColumn, double epsilon, double margin, double[] f, double[] g) {
        this.scheduler = scheduler;
        this.byRow = byRow;
        this.byColumn = byColumn;
        this.epsilon = epsilon;
        this.inverse = 1 / epsilon;
        this.margin = margin;
        this.f = f;
        this.g = g;
        int terms = Math.max(byRow.largestTile(), byColumn.largestTile());
        this.scratch = new double[scheduler.threads()][terms];
    }

    /**
     * Collects the pairs of a plan. A point whose mass in the plan of (f, g) is not below its weight has a pair.
     *
     * @param costs of all pairs
     * @param scheduler runs the tiles
     * @param epsilon of the plan
     * @param f potential of the rows
     * @param g potential of the columns
     * @param kept pairs of a log density above -kept must be there, now and within the margin
     * @param most pairs that there may be, beside the O(N + M) of the class
     * @return the pairs, or null if they were too many
     */
    static ActivePairs of(PairCosts costs, TileScheduler scheduler, double epsilon, double[] f, double[] g, double kept, long most) {
        int n = costs.rows();
        int m = costs.columns();
        long limit = Math.min(most, Math.max(MOST_OF_FEW, (long) MOST_PER_POINT * (n + m)));
        int step = Math.max(1, n / SAMPLED_ROWS);
        long[] counts = count(costs, scheduler, epsilon, f, g, kept, step);
        double share = (double) ((n + step - 1) / step) / n;
        int margins = 0;
        while (margins < MARGINS && counts[margins] <= 0.75 * share * limit) {
            margins++;
        }
        return margins == 0 ? null : collect(costs, scheduler, epsilon, f, g, kept, margins * MARGIN_STEP, limit);
    }

    /** All pairs, N x M of them, for a problem that is small. */
    static ActivePairs all(PairCosts costs, TileScheduler scheduler, double epsilon) {
        int n = costs.rows();
        int m = costs.columns();
        int[] starts = new int[n + 1];
        int[] others = new int[Math.multiplyExact(n, m)];
        double[] all = new double[others.length];
        for (int i = 0; i < n; i++) {
            starts[i + 1] = starts[i] + m;
            for (int j = 0; j < m; j++) {
                others[i * m + j] = j;
                all[i * m + j] = costs.cost(i, j);
            }
        }
        Index byRow = new Index(starts, others, all);
        return new ActivePairs(scheduler, byRow, transposed(byRow, m), epsilon, Double.POSITIVE_INFINITY, new double[n], new double[m]);
    }

    /** The same pairs at another epsilon: for a set of all pairs, which no potential strays from. */
    ActivePairs at(double other) {
        return new ActivePairs(scheduler, byRow, byColumn, other, margin, f, g);
    }

    /** The same pairs with the sides exchanged. */
    ActivePairs transposed() {
        return new ActivePairs(scheduler, byColumn, byRow, epsilon, margin, g, f);
    }

    /** Counts the pairs of every so many rows within the margins. */
    private static long[] count(PairCosts costs, TileScheduler scheduler, double epsilon, double[] f, double[] g, double kept, int step) {
        int sampled = (costs.rows() + step - 1) / step;
        long[][] counts = new long[(sampled + GROUP - 1) / GROUP][MARGINS];
        scheduler.run(counts.length, (tile, worker) -> {
            PairCosts.Sweep sweep = costs.new Sweep();
            int[] rows = new int[GROUP];
            double[] most = new double[GROUP];
            for (int k = tile * GROUP; k < Math.min((tile + 1) * GROUP, sampled); k++) {
                rows[k % GROUP] = k * step;
                most[k % GROUP] = f[k * step] + (kept + MARGINS * MARGIN_STEP) * epsilon;
            }
            sweep.below(rows, Math.min(GROUP, sampled - tile * GROUP), most, g, (r, j, cost) -> {
                double below = (cost - f[rows[r]] - g[j]) / epsilon - kept;
                counts[tile][(int) Math.clamp(below / MARGIN_STEP, 0, MARGINS - 1)]++;
            });
        });
        long[] total = new long[MARGINS];
        long sum = 0;
        for (int k = 0; k < MARGINS; k++) {
            for (long[] tile : counts) {
                sum += tile[k];
            }
            total[k] = sum;
        }
        return total;
    }

    private static ActivePairs collect(PairCosts all, TileScheduler scheduler, double epsilon, double[] f, double[] g, double kept,
            double margin, long limit) {
        int n = all.rows();
        Rows[] tiles = new Rows[(n + ROWS - 1) / ROWS];
        AtomicLong total = new AtomicLong();
        scheduler.run(tiles.length, (tile, worker) -> {
            // beyond the limit all is in vain, whichever tile it is that notices
            if (total.get() <= limit) {
                tiles[tile] = new Rows(all, epsilon, tile * ROWS, f, g, kept + margin);
                total.addAndGet(tiles[tile].size);
            }
        });
        if (total.get() > limit) {
            return null;
        }
        int[] starts = new int[n + 1];
        int[] others = new int[(int) total.get()];
        double[] costs = new double[others.length];
        int at = 0;
        for (int i = 0; i < n; i++) {
            if (i % ROWS == 0) {
                System.arraycopy(tiles[i / ROWS].others, 0, others, at, tiles[i / ROWS].size);
                System.arraycopy(tiles[i / ROWS].costs, 0, costs, at, tiles[i / ROWS].size);
            }
            at += tiles[i / ROWS].counts[i % ROWS];
            starts[i + 1] = at;
        }
        Index byRow = new Index(starts, others, costs);
        return new ActivePairs(scheduler, byRow, transposed(byRow, all.columns()), epsilon, margin, f.clone(), g.clone());
    }

    private static Index transposed(Index index, int columns) {
        int[] starts = new int[columns + 1];
        for (int j : index.others) {
            starts[j + 1]++;
        }
        for (int j = 0; j < columns; j++) {
            starts[j + 1] += starts[j];
        }
        int[] next = Arrays.copyOf(starts, columns);
        int[] others = new int[index.others.length];
        double[] costs = new double[others.length];
        for (int i = 0; i < index.starts.length - 1; i++) {
            for (int k = index.starts[i]; k < index.starts[i + 1]; k++) {
                int to = next[index.others[k]]++;
                others[to] = i;
                costs[to] = index.costs[k];
            }
        }
        return new Index(starts, others, costs);
    }

    /** The pairs of one tile of rows. */
    private static final class Rows {

        private final int[] counts = new int[ROWS];
        private int[] others = new int[0];
        private double[] costs = new double[0];
        private int size;

        Rows(PairCosts all, double epsilon, int firstRow, double[] f, double[] g, double cut) {
            PairCosts.Sweep sweep = all.new Sweep();
            Row[] found = {new Row(), new Row(), new Row(), new Row()};
            int[] group = new int[found.length];
            double[] most = new double[found.length];
            int rows = Math.min(ROWS, all.rows() - firstRow);
            for (int from = 0; from < rows; from += found.length) {
                int count = Math.min(found.length, rows - from);
                for (int r = 0; r < count; r++) {
                    group[r] = firstRow + from + r;
                    most[r] = f[group[r]] + cut * epsilon;
                    found[r].count = 0;
                }
                sweep.below(group, count, most, g, (r, j, cost) -> found[r].add(j, all.cost(group[r], j)));
                for (int r = 0; r < count; r++) {
                    append(from + r, found[r]);
                }
            }
        }

        private void append(int row, Row found) {
            counts[row] = found.count;
            if (size + found.count > others.length) {
                int room = size + found.count + others.length / 2;
                others = Arrays.copyOf(others, room);
                costs = Arrays.copyOf(costs, room);
            }
            System.arraycopy(found.others, 0, others, size, found.count);
            System.arraycopy(found.costs, 0, costs, size, found.count);
            size += found.count;
        }
    }

    /** The pairs of one row while they are being found. */
    private static final class Row {

        private int[] others = new int[64];
        private double[] costs = new double[64];
        private int count;

        void add(int other, double cost) {
            if (count == others.length) {
                others = Arrays.copyOf(others, 2 * count);
                costs = Arrays.copyOf(costs, 2 * count);
            }
            others[count] = other;
            costs[count++] = cost;
        }
    }

    /** The columns that have a pair with a row. */
    int[] columnsOf(int row) {
        return Arrays.copyOfRange(byRow.others, byRow.starts[row], byRow.starts[row + 1]);
    }

    /** How far, in log density below what must be there, pairs are in the set. */
    double margin() {
        return margin;
    }

    /** How many pairs there are. */
    long size() {
        return byRow.others.length;
    }

    /** The share of points whose potential has risen so far that pairs that were left out may matter to them. */
    double strayed(double[] newF, Marginal x, double[] newG, Marginal y) {
        // a constant that goes from one side to the other changes no pair
        double constant = (rise(f, newF, x) - rise(g, newG, y)) / 2;
        return strayed(f, newF, x, constant) + strayed(g, newG, y, -constant);
    }

    private static double rise(double[] from, double[] to, Marginal side) {
        double sum = 0;
        for (int i = 0; i < from.length; i++) {
            sum += side.weights()[i] * (to[i] - from[i]);
        }
        return sum / side.mass();
    }

    private double strayed(double[] from, double[] to, Marginal side, double constant) {
        double strayed = 0;
        for (int i = 0; i < from.length; i++) {
            if (to[i] - from[i] - constant > margin * epsilon) {
                strayed += side.weights()[i];
            }
        }
        return strayed / side.mass();
    }

    /**
     * Soft minima of the rows, {@code -epsilon log sum_j exp(bias_j - C_ij / epsilon)} over the active pairs.
     *
     * @param bias M values; -infinity leaves a point out
     * @param softmin receives N values; where a row has no pair, it stays as it is
     */
    void rows(double[] bias, double[] softmin) {
        softmin(byRow, bias, softmin);
    }

    /** The same for the columns. */
    void columns(double[] bias, double[] softmin) {
        softmin(byColumn, bias, softmin);
    }

    /**
     * Computes the plan {@code exp(alpha_i + beta_j - C_ij / epsilon)} and keeps it, at another 16 bytes a pair.
     *
     * @param alpha N values, -infinity for none of the mass
     * @param beta M values, the same
     * @param rowSums receives N sums
     * @param columnSums receives M sums
     */
    void plan(double[] alpha, double[] beta, double[] rowSums, double[] columnSums) {
        if (planByRow == null) {
            planByRow = new double[byRow.others.length];
            planByColumn = new double[byColumn.others.length];
        }
        plan(byRow, alpha, beta, planByRow, rowSums);
        plan(byColumn, beta, alpha, planByColumn, columnSums);
    }

    private void plan(Index index, double[] own, double[] other, double[] plan, double[] sums) {
        scheduler.run((sums.length + ROWS - 1) / ROWS, (tile, worker) -> {
            int last = Math.min((tile + 1) * ROWS, sums.length);
            int begin = index.starts[tile * ROWS];
            for (int i = tile * ROWS; i < last; i++) {
                for (int k = index.starts[i]; k < index.starts[i + 1]; k++) {
                    plan[k] = own[i] + other[index.others[k]] - index.costs[k] * inverse;
                }
            }
            DoubleMath.exp(plan, begin, index.starts[last] - begin);
            for (int i = tile * ROWS; i < last; i++) {
                sums[i] = 0;
                for (int k = index.starts[i]; k < index.starts[i + 1]; k++) {
                    sums[i] += plan[k];
                }
            }
        });
    }

    /**
     * The matrix {@code I - D W W' D} on and right of its diagonal, for {@code W_ij = scale_j pi_ij} and D the diagonal of the rows' scale:
     * with roots of the sums' inverses for scales, the normalised Laplacian of the plan that was kept.
     */
    double[][] laplacian(double[] rowScale, double[] columnScale) {
        int n = rowScale.length;
        double[][] matrix = new double[n][n];
        double[][] columns = dense(byColumn, planByColumn, columnScale, rowScale);
        // a tile's rows have sums of their own, each in the order of the columns
        scheduler.run((n + ROWS - 1) / ROWS, (tile, worker) -> {
            for (int i = tile * ROWS; i < Math.min((tile + 1) * ROWS, n); i++) {
                double[] row = matrix[i];
                for (int k = byRow.starts[i]; k < byRow.starts[i + 1]; k++) {
                    int j = byRow.others[k];
                    subtract(row, i, planByRow[k] * columnScale[j] * rowScale[i], columns[j], byColumn, j);
                }
                row[i] += 1;
            }
        });
        return matrix;
    }

    /** A factor of the Laplacian of the plan that was kept, with edges to the ground added. */
    LaplacianFactor factor(double[] rowGround, double[] columnGround) {
        return new LaplacianFactor(byRow.starts, byRow.others, planByRow, columnGround.length, rowGround, columnGround);
    }

    /** Columns as arrays over the rows where they are full, else as they are in the index. */
    private static double[][] dense(Index index, double[] plan, double[] ownScale, double[] otherScale) {
        double[][] columns = new double[ownScale.length][];
        for (int j = 0; j < columns.length; j++) {
            columns[j] = new double[index.starts[j + 1] - index.starts[j]];
            for (int k = 0; k < columns[j].length; k++) {
                int at = index.starts[j] + k;
                columns[j][k] = plan[at] * ownScale[j] * otherScale[index.others[at]];
            }
        }
        return columns;
    }

    private static void subtract(double[] row, int first, double factor, double[] column, Index index, int j) {
        if (factor == 0) {
            return;
        }
        if (column.length == row.length) {
            for (int i = first; i < row.length; i++) {
                row[i] -= factor * column[i];
            }
            return;
        }
        int start = index.starts[j];
        for (int k = 0; k < column.length; k++) {
            int i = index.others[start + k];
            if (i >= first) {
                row[i] -= factor * column[k];
            }
        }
    }

    /** Multiplies the plan that was kept by M values. */
    void multiply(double[] values, double[] product) {
        multiply(byRow, planByRow, values, product);
    }

    /** Multiplies the transposed plan by N values. */
    void multiplyTransposed(double[] values, double[] product) {
        multiply(byColumn, planByColumn, values, product);
    }

    private void multiply(Index index, double[] plan, double[] values, double[] product) {
        scheduler.run((product.length + ROWS - 1) / ROWS, (tile, worker) -> {
            for (int i = tile * ROWS; i < Math.min((tile + 1) * ROWS, product.length); i++) {
                double sum = 0;
                for (int k = index.starts[i]; k < index.starts[i + 1]; k++) {
                    sum += plan[k] * values[index.others[k]];
                }
                product[i] = sum;
            }
        });
    }

    private void softmin(Index index, double[] bias, double[] softmin) {
        scheduler.run((softmin.length + ROWS - 1) / ROWS, (tile, worker) -> {
            int last = Math.min((tile + 1) * ROWS, softmin.length);
            double[] terms = scratch[worker];
            int begin = index.starts[tile * ROWS];
            for (int i = tile * ROWS; i < last; i++) {
                terms(index, i, bias, terms, begin, softmin);
            }
            DoubleMath.exp(terms, 0, index.starts[last] - begin);
            for (int i = tile * ROWS; i < last; i++) {
                double sum = 0;
                for (int k = index.starts[i] - begin; k < index.starts[i + 1] - begin; k++) {
                    sum += terms[k];
                }
                if (sum > 0) {
                    softmin[i] -= epsilon * Math.log(sum);
                }
            }
        });
    }

    /** Exponents of a row less the largest, which is left in the result. */
    private void terms(Index index, int row, double[] bias, double[] terms, int begin, double[] softmin) {
        double most = Double.NEGATIVE_INFINITY;
        int end = index.starts[row + 1];
        for (int k = index.starts[row]; k < end; k++) {
            double term = bias[index.others[k]] - index.costs[k] * inverse;
            terms[k - begin] = term;
            most = Math.max(most, term);
        }
        if (most == Double.NEGATIVE_INFINITY) {
            return;
        }
        for (int k = index.starts[row] - begin; k < end - begin; k++) {
            terms[k] -= most;
        }
        softmin[row] = -epsilon * most;
    }
}
