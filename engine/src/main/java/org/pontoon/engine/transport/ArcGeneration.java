package org.pontoon.engine.transport;

import java.util.Arrays;

import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.ExactTransportResult.Status;

/**
 * Exact transport by generation of arcs: {@link NetworkSimplex} solves the problem over few arcs (at first each point's nearest neighbours on
 * the other side), a sweep over all N x M pairs finds the arcs of negative reduced cost, the worst of every point become known, and so on until
 * there are none. That is the shortlist idea of Gottschlich and Schuhmacher (2014) with the sweep in vectors; memory is O(N + M).
 *
 * <p>Mass that no known arc carries takes a detour of cost 1. When the known arcs have done what they can, what still takes it is matched
 * greedily, and those arcs become known too. So the scale of the costs matters: it starts near the largest distance to a nearest neighbour, and
 * grows to what the greedy arcs cost. Where in the end the plan's longest arc is still far below it, as large exponents make it, the scale
 * comes down to that arc. So rounding is relative to the costs that the plan is made of, not to the largest there are.
 *
 * <p>Sweeps take turns: the worst arcs of every row, then of every column. Rows alone crowd on the same few columns, and clouds of different
 * shapes took two to three times as many sweeps.
 *
 * <p>The same bits for any number of threads. Not thread-safe.
 */
final class ArcGeneration {

    private static final int ROWS = 32;
    /** Arcs that a point may get in a sweep: measured, 6 take more sweeps and 20 more pivots. */
    private static final int PER_ROW = 10;
    private static final int MOST_PER_POINT = 64;
    private static final long PIVOTS_BETWEEN_REPORTS = 1024;
    private static final long PAIRS_BETWEEN_REPORTS = 1L << 26;
    /** Pivots for each point after which rounding is cleared from the potentials. */
    private static final int PIVOTS_BEFORE_REFRESH = 20;
    /** Rounds without gain after which violations below so many tolerances are taken for rounding. */
    private static final int PATIENCE = 3;
    private static final double NOISE = 16;
    /** Below this cost of the plan's longest arc the scale comes down. */
    private static final double SMALL = 0x1p-20;
    private static final int REFINEMENTS = 8;

    private final GroundCosts costs;
    private final NetworkSimplex simplex;
    private final double mass;
    private final long maxIterations;
    private final TileScheduler scheduler;
    private final Progress progress;
    private final double[][] scratch;
    private final Arcs[] found;
    private Status stopped;
    private double raise = 4;
    private boolean matched;
    private boolean byColumns;
    private double[] f;
    private double[] g;
    private double violation;
    /** The largest violation that pricing found last. */
    private double worst;

    /** The best arcs of some rows. */
    private static final class Arcs {

        private final int[] counts = new int[ROWS];
        private final int[] columns = new int[ROWS * PER_ROW];
        private final double[] costs = new double[ROWS * PER_ROW];
        private final double[] keys = new double[PER_ROW];
        private final double[] least = new double[ROWS];

        /** Takes an arc in among the best of its row, and returns the key that the next one has to be below. */
        double insert(int row, int column, double cost, double key, double limit) {
            int first = row * PER_ROW;
            int count = counts[row];
            int at = count < PER_ROW ? count : PER_ROW - 1;
            counts[row] = at + 1;
            for (; at > 0 && keys[at - 1] > key; at--) {
                keys[at] = keys[at - 1];
                columns[first + at] = columns[first + at - 1];
                costs[first + at] = costs[first + at - 1];
            }
            keys[at] = key;
            columns[first + at] = column;
            costs[first + at] = cost;
            return counts[row] < PER_ROW ? limit : keys[PER_ROW - 1];
        }
    }

    /**
     * Prepares a problem.
     *
     * @param costs whose scale this chooses
     * @param supply of the rows
     * @param demand of the columns
     * @param maxIterations pivots that there may be
     * @param scheduler runs the sweeps
     * @param progress hears of pivots
     */
    ArcGeneration(GroundCosts costs, long[] supply, long[] demand, long maxIterations, TileScheduler scheduler, Progress progress) {
        this.costs = costs;
        this.simplex = new NetworkSimplex(supply, demand);
        this.mass = Arrays.stream(supply).asDoubleStream().sum();
        this.maxIterations = maxIterations;
        this.scheduler = scheduler;
        this.progress = progress;
        this.scratch = new double[scheduler.threads()][GroundCosts.BLOCK];
        this.found = new Arcs[(Math.max(costs.rows(), costs.columns()) + ROWS - 1) / ROWS];
        Arrays.setAll(found, t -> new Arcs());
    }

    NetworkSimplex simplex() {
        return simplex;
    }

    /** Potential of the rows, where a cost of 1 is 1. */
    double[] f() {
        return f;
    }

    double[] g() {
        return g;
    }

    /** The largest {@code f_i + g_j - C_ij} of all pairs, 0 if none is positive. */
    double violation() {
        return violation;
    }

    /**
     * Solves.
     *
     * @param near costs by which the nearest neighbours are chosen, between the same points
     * @return how it ended
     */
    Status solve(GroundCosts near) {
        report();
        seed(near);
        int idle = 0;
        int refinements = 0;
        while (stopped == null) {
            boolean solved = pivot();
            simplex.refresh();
            if (stopped != null) {
                break;
            }
            if (solved && simplex.detours()) {
                matchDetours();
                continue;
            }
            long arcs = price();
            if (stopped == null && arcs == 0 && solved) {
                double longest = longest();
                if (longest == 0 || refinements++ == REFINEMENTS || Math.pow(longest / costs.scale(), costs.exponent()) >= SMALL) {
                    stopped = Status.OPTIMAL;
                } else {
                    matched = true;
                    raise = Math.pow(4, 1 / costs.exponent());
                    rescale(longest * raise);
                }
            }
            // violations of a few roundings that bring nothing, time and again, are rounding themselves
            idle = simplex.takeGain() > simplex.tolerance() * mass || worst > NOISE * simplex.tolerance() ? 0 : idle + 1;
            if (idle > PATIENCE) {
                simplex.loosen();
            }
        }
        // the largest f that goes with the tree's g is the tree's own where that is optimal, and a lower bound's in any case
        g = targets();
        Conjugate conjugate = conjugate(costs, g, scheduler);
        f = conjugate.potential;
        violation = conjugate.violation;
        return stopped;
    }

    /** Makes arcs known over which all that takes the detour could travel: from each row to the nearest columns that are still free. */
    private void matchDetours() {
        long[] supply = simplex.unservedSupply();
        long[] demand = simplex.unservedDemand();
        int[] rows = new int[supply.length + demand.length];
        int[] columns = new int[rows.length];
        int count = 0;
        double longest = 0;
        for (int i = 0; i < supply.length && stopped == null; i++) {
            for (; supply[i] > 0; count++) {
                int j = nearestFree(i, demand);
                long amount = Math.min(supply[i], demand[j]);
                supply[i] -= amount;
                demand[j] -= amount;
                rows[count] = i;
                columns[count] = j;
                longest = Math.max(longest, costs.base(i, j));
            }
            if (i % ROWS == ROWS - 1) {
                report();
            }
        }
        double scale = powerOfTwoAbove(longest * Math.pow(4, 1 / costs.exponent()));
        if (matched) {
            // it has known such arcs before, and rather took the detour
            rescale(costs.scale() * raise);
            raise *= raise;
        } else if (scale > costs.scale()) {
            rescale(scale);
        }
        matched = true;
        for (int k = 0; k < count; k++) {
            simplex.add(rows[k], columns[k], costs.cost(rows[k], columns[k]));
        }
    }

    private int nearestFree(int row, long[] demand) {
        double[] bases = scratch[0];
        double least = Double.POSITIVE_INFINITY;
        int nearest = -1;
        for (int b = 0; b < costs.blocks(); b++) {
            costs.bases(row, b, bases);
            int first = b * GroundCosts.BLOCK;
            int size = costs.blockSize(b);
            for (int k = 0; k < size; k++) {
                if (bases[k] < least && demand[first + k] > 0) {
                    least = bases[k];
                    nearest = first + k;
                }
            }
        }
        return nearest;
    }

    private void rescale(double scale) {
        costs.scale(scale);
        simplex.reprice(costs);
    }

    /** Base of the longest arc that carries mass. */
    private double longest() {
        double[] longest = new double[1];
        simplex.flows((i, j, amount) -> longest[0] = Math.max(longest[0], costs.base(i, j)));
        return longest[0];
    }

    private boolean pivot() {
        long most = (long) PIVOTS_BEFORE_REFRESH * (costs.rows() + costs.columns());
        for (long done = 0; done < most; done += PIVOTS_BETWEEN_REPORTS) {
            report();
            if (stopped != null) {
                return false;
            }
            if (simplex.run(Math.min(PIVOTS_BETWEEN_REPORTS, maxIterations - simplex.pivots()))) {
                return true;
            }
            if (simplex.pivots() >= maxIterations) {
                stopped = Status.MAX_ITERATIONS;
                return false;
            }
        }
        return false;
    }

    /** Runs tiles of rows, so many at a time that progress hears of it; once it has said no, no more of them. */
    private void sweep(int rows, int columns, RowTask task) {
        int tiles = (rows + ROWS - 1) / ROWS;
        int step = Math.clamp(PAIRS_BETWEEN_REPORTS / ((long) ROWS * columns), 1, tiles);
        for (int first = 0; first < tiles && stopped == null; first += step) {
            run(first, Math.min(first + step, tiles), rows, task);
            if (first + step < tiles) {
                report();
            }
        }
    }

    private void run(int first, int last, int rows, RowTask task) {
        scheduler.run(last - first, (tile, worker) -> {
            int from = (first + tile) * ROWS;
            for (int row = from; row < Math.min(from + ROWS, rows); row++) {
                task.run(row, worker);
            }
        });
    }

    private void report() {
        int points = costs.rows() + costs.columns();
        long done = simplex.pivots();
        // random clouds take about as many as expected
        if (!progress.advance(done, Math.max((long) (points * Math.log(points)), done + points))) {
            stopped = Status.CANCELLED;
        }
    }

    /** The work on a row. */
    private interface RowTask {
        void run(int row, int worker);
    }

    /** Makes the nearest neighbours known, and chooses a scale that most mass can travel at. */
    private void seed(GroundCosts near) {
        int n = costs.rows();
        int m = costs.columns();
        sweep(n, m, (row, worker) -> nearest(near, row, scratch[worker]));
        int[][] byRow = taken(n);
        GroundCosts turned = near.transposed();
        sweep(m, n, (row, worker) -> nearest(turned, row, scratch[worker]));
        if (stopped != null) {
            costs.scale(powerOfTwoAbove(costs.base(0, 0)));
            return;
        }
        int[][] byColumn = taken(m);
        double largest = 0;
        for (int i = 0; i < n; i++) {
            largest = Math.max(largest, costs.base(i, byRow[i][0]));
        }
        for (int j = 0; j < m; j++) {
            largest = Math.max(largest, costs.base(byColumn[j][0], j));
        }
        if (largest == 0) {
            // every point has an equal: what there is to move goes a distance that is not known yet
            for (int j = 0; j < m; j++) {
                double base = costs.base(0, j);
                largest = base > 0 && (largest == 0 || base < largest) ? base : largest;
            }
        }
        costs.scale(powerOfTwoAbove(largest * Math.pow(4, 1 / costs.exponent())));
        for (int i = 0; i < n; i++) {
            for (int j : byRow[i]) {
                simplex.add(i, j, costs.cost(i, j));
            }
        }
        for (int j = 0; j < m; j++) {
            for (int i : byColumn[j]) {
                simplex.add(i, j, costs.cost(i, j));
            }
        }
    }

    /** Such a scale does not round. */
    private static double powerOfTwoAbove(double base) {
        return base == 0 ? 1 : Math.scalb(1.0, Math.clamp(Math.getExponent(base) + 1, Double.MIN_EXPONENT + 1, Double.MAX_EXPONENT - 1));
    }

    private int[][] taken(int rows) {
        int[][] columns = new int[rows][];
        for (int i = 0; i < rows; i++) {
            Arcs arcs = found[i / ROWS];
            int first = i % ROWS * PER_ROW;
            columns[i] = Arrays.copyOfRange(arcs.columns, first, first + arcs.counts[i % ROWS]);
        }
        return columns;
    }

    private void nearest(GroundCosts near, int row, double[] bases) {
        Arcs arcs = found[row / ROWS];
        arcs.counts[row % ROWS] = 0;
        double limit = Double.POSITIVE_INFINITY;
        for (int block = 0; block < near.blocks(); block++) {
            near.bases(row, block, bases);
            int first = block * GroundCosts.BLOCK;
            int size = near.blockSize(block);
            for (int k = 0; k < size; k++) {
                if (bases[k] < limit) {
                    limit = arcs.insert(row % ROWS, first + k, bases[k], bases[k], limit);
                }
            }
        }
    }

    /** Prices all pairs, makes the worst violations of every row known, or of every column, and returns how many they are. */
    private long price() {
        boolean turned = byColumns;
        byColumns = !byColumns;
        GroundCosts priced = turned ? costs.transposed() : costs;
        int n = priced.rows();
        double[] own = turned ? targets() : sources();
        double[] other = turned ? sources() : targets();
        double tolerance = simplex.tolerance();
        sweep(n, priced.columns(), (row, worker) -> price(priced, row, own[row] - tolerance, other, scratch[worker]));
        if (stopped != null) {
            return 0;
        }
        long sum = 0;
        worst = 0;
        for (int i = 0; i < n; i++) {
            Arcs arcs = found[i / ROWS];
            if (arcs.counts[i % ROWS] > 0) {
                sum += arcs.counts[i % ROWS];
                worst = Math.max(worst, own[i] - arcs.least[i % ROWS]);
            }
        }
        simplex.keep(Math.clamp(MOST_PER_POINT * ((long) n + priced.columns()) - sum, 0, Integer.MAX_VALUE / 2));
        for (int i = 0; i < n; i++) {
            Arcs arcs = found[i / ROWS];
            int first = i % ROWS * PER_ROW;
            for (int k = first; k < first + arcs.counts[i % ROWS]; k++) {
                simplex.add(turned ? arcs.columns[k] : i, turned ? i : arcs.columns[k], arcs.costs[k]);
            }
        }
        return sum;
    }

    private void price(GroundCosts priced, int row, double below, double[] other, double[] block) {
        Arcs arcs = found[row / ROWS];
        arcs.counts[row % ROWS] = 0;
        double limit = below;
        for (int b = 0; b < priced.blocks(); b++) {
            priced.costs(row, b, block);
            int first = b * GroundCosts.BLOCK;
            int size = priced.blockSize(b);
            for (int k = 0; k < size; k++) {
                double key = block[k] - other[first + k];
                if (key < limit) {
                    limit = arcs.insert(row % ROWS, first + k, block[k], key, limit);
                }
            }
        }
        arcs.least[row % ROWS] = arcs.keys[0];
    }

    private double[] sources() {
        double[] potential = new double[costs.rows()];
        Arrays.setAll(potential, simplex::f);
        return potential;
    }

    private double[] targets() {
        double[] potential = new double[costs.columns()];
        Arrays.setAll(potential, simplex::g);
        return potential;
    }

    /**
     * The largest potential that goes with another, and how far their sum exceeds a cost, by rounding.
     *
     * @param potential {@code min_j C_ij - other_j} of every row
     * @param violation the largest {@code potential_i + other_j - C_ij}, 0 if none is positive
     */
    record Conjugate(double[] potential, double violation) {}

    /** Looks at every pair of rows and columns, in float64. */
    static Conjugate conjugate(GroundCosts costs, double[] other, TileScheduler scheduler) {
        int n = costs.rows();
        double[] potential = new double[n];
        double[] worst = new double[n];
        double[][] blocks = new double[scheduler.threads()][GroundCosts.BLOCK];
        double[][] rows = new double[scheduler.threads()][costs.columns()];
        scheduler.run((n + ROWS - 1) / ROWS, (tile, worker) -> {
            double[] row = rows[worker];
            for (int i = tile * ROWS; i < Math.min((tile + 1) * ROWS, n); i++) {
                for (int b = 0; b < costs.blocks(); b++) {
                    costs.costs(i, b, blocks[worker]);
                    System.arraycopy(blocks[worker], 0, row, b * GroundCosts.BLOCK, costs.blockSize(b));
                }
                potential[i] = largestBelow(row, other);
                worst[i] = violation(row, potential[i], other);
            }
        });
        return new Conjugate(potential, Arrays.stream(worst).max().orElse(0));
    }

    private static double largestBelow(double[] costs, double[] potential) {
        double least = Double.POSITIVE_INFINITY;
        for (int j = 0; j < costs.length; j++) {
            double difference = costs[j] - potential[j];
            if (difference < least) {
                least = difference;
            }
        }
        return least;
    }

    private static double violation(double[] costs, double own, double[] potential) {
        double most = 0;
        for (int j = 0; j < costs.length; j++) {
            double excess = own + potential[j] - costs[j];
            if (excess > most) {
                most = excess;
            }
        }
        return most;
    }
}
