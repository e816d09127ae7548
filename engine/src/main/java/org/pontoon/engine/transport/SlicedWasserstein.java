package org.pontoon.engine.transport;

import java.util.Arrays;
import java.util.Objects;

import org.pontoon.engine.internal.kernel.MatrixProduct;
import org.pontoon.engine.internal.kernel.SquaredDifferences;
import org.pontoon.engine.internal.scalar.Lanes;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.parallel.TileTask;
import org.pontoon.engine.sort.FloatSorter;

/**
 * Sliced Wasserstein distances: the mean of one-dimensional costs {@code W_p^p} between the projections of two weighted clouds (Rabin et al.
 * 2011; Bonneel et al. 2015), their gradients for points and weights, and the sliced energy distance, all in O(L N (D + log N)).
 *
 * <p>Weights count in proportion: each cloud is brought to total mass 1, and clouds of different masses are not refused. Where only weights
 * change from call to call, as on a grid, {@link SlicedSupport} sorts once.
 *
 * <p>Projections are float32 chains of fused multiply-adds, costs and their sums float64: relative error about 1e-6. Directions are tiles of
 * a fixed size, folded in order, so that any number of threads gives the same bits.
 *
 * <p>An instance holds the projected clouds' scratch, which grows to the largest problem and stays; a call allocates its result and nothing
 * that grows with the clouds once it is warm. One call at a time.
 */
public final class SlicedWasserstein {

    /** Directions of a tile: the rows of a block of {@link MatrixProduct}. */
    private static final int TILE = 5;
    private static final int PANEL = 64;
    /** Points of a coordinate that leave their cloud at once: a call into its segment takes long until it is compiled. */
    private static final int STRETCH = 64 * PANEL;
    /** Projections whose gradients wait for their turn in the fold, at most (floats). */
    private static final int ROUND_FLOATS = 1 << 22;

    private final TileScheduler scheduler;
    private final Worker[] workers;
    private final TileTask costTile = this::costTile;
    private final TileTask gradientTile = this::gradientTile;
    private final Packed x = new Packed();
    private final Packed y = new Packed();
    private float[] shares = new float[0];
    private float[] gradient = new float[0];
    private double[] costs = new double[0];
    private double[] weightShares = new double[0];
    // the call in progress
    private SlicedDirections directions;
    private Question question;
    private double p;
    /** What distances are multiplied by before powers are taken. */
    private double factor;
    private int first;
    private int last;
    private PointCloud result;

    private enum Question {
        COST, DISTANCE, POINT_GRADIENT, DISTANCE_GRADIENT, WEIGHT_GRADIENT, ENERGY;

        boolean wantsPoints() {
            return this == POINT_GRADIENT || this == DISTANCE_GRADIENT;
        }

        boolean wantsGradient() {
            return wantsPoints() || this == WEIGHT_GRADIENT;
        }
    }

    /**
     * Makes an instance.
     *
     * @param scheduler runs the directions
     */
    public SlicedWasserstein(TileScheduler scheduler) {
        this.scheduler = scheduler;
        this.workers = new Worker[scheduler.threads()];
        Arrays.setAll(workers, i -> new Worker());
    }

    /** A cloud, coordinate-major within panels of points, so that a panel's projections find it in the cache. */
    private static final class Packed {

        private final float[] stretch = new float[STRETCH];
        private float[] panels = new float[0];
        private float[] weights;
        private float[] weightStore = new float[0];
        private int size;
        private int padded;

        void pack(PointCloud cloud, String name) {
            int dimension = cloud.dimension();
            size = cloud.size();
            padded = Math.ceilDiv(size, PANEL) * PANEL;
            int needed = Math.multiplyExact(padded, dimension);
            if (panels.length < needed) {
                panels = new float[needed];
            }
            for (int start = 0; start < padded; start += STRETCH) {
                int points = Math.min(STRETCH, size - start);
                Arrays.fill(stretch, points, STRETCH, 0f);
                for (int d = 0; d < dimension; d++) {
                    cloud.copyColumn(d, start, stretch, 0, points);
                    if (!areFinite(stretch, points)) {
                        cloud.requireFinite(name);
                    }
                    spread(Math.min(STRETCH, padded - start), start * dimension + d * PANEL, dimension * PANEL);
                }
            }
            weights = null;
            if (cloud.hasWeights()) {
                if (weightStore.length != size) {
                    weightStore = new float[size];
                }
                weights = weightStore;
                for (int i = 0; i < size; i++) {
                    weights[i] = cloud.weight(i);
                }
            }
        }

        private static boolean areFinite(float[] values, int count) {
            boolean finite = true;
            for (int i = 0; i < count; i++) {
                finite &= Math.abs(values[i]) <= Float.MAX_VALUE;
            }
            return finite;
        }

        /** Copies a stretch of a coordinate to its place in every panel. */
        private void spread(int points, int at, int panel) {
            for (int from = 0, to = at; from < points; from += PANEL, to += panel) {
                System.arraycopy(stretch, from, panels, to, PANEL);
            }
        }

        /** Projects the points on some directions; row r of the result starts at r * padded. */
        void project(SlicedDirections directions, int first, int count, float[] out) {
            int dimension = directions.dimension();
            for (int start = 0; start < padded; start += PANEL) {
                for (int r = 0; r < count; r++) {
                    Arrays.fill(out, r * padded + start, r * padded + start + PANEL, 0f);
                }
                MatrixProduct.accumulate(directions.rows(), first * dimension, dimension, 1, panels, start * dimension, PANEL, count, PANEL,
                    dimension, out, start, padded);
            }
        }
    }

    /** Scratch of one thread. */
    private static final class Worker {

        private final FloatSorter sorter = new FloatSorter();
        private final Wasserstein1D solver = new Wasserstein1D();
        private float[] xs = new float[0];
        private float[] ys = new float[0];
        private float[] xRow = new float[0];
        private float[] yRow = new float[0];
        private int[] order = new int[0];
        private double[] slopes = new double[0];
        private double[] potentials = new double[0];

        void grow(Packed x, Packed y) {
            if (xs.length < TILE * x.padded) {
                xs = new float[Math.multiplyExact(TILE, x.padded)];
                order = new int[x.padded];
                slopes = new double[x.padded];
                xRow = new float[x.padded];
            }
            if (ys.length < TILE * y.padded) {
                ys = new float[Math.multiplyExact(TILE, y.padded)];
                potentials = new double[y.padded];
                yRow = new float[y.padded];
            }
        }
    }

    /**
     * Returns the sliced cost {@code SW_p^p}.
     *
     * @param source cloud x, with or without weights
     * @param target cloud y, same dimension
     * @param along the directions
     * @param exponent p, at least 1 and finite
     * @return mean and standard error over the directions, and their roots, which are right where the powers leave the range of float64
     * @throws IllegalArgumentException if dimensions differ, p is below 1, a value is not finite or projections overflow float32
     */
    public SlicedResult cost(PointCloud source, PointCloud target, SlicedDirections along, double exponent) {
        Wasserstein1D.requireExponent(exponent);
        SlicedResult cost = answer(source, target, along, exponent, 1, Question.COST);
        return Wasserstein1D.leavesRange(cost.mean(), exponent) ? answer(source, target, along, exponent, 1, Question.DISTANCE) : cost;
    }

    /**
     * Returns the sliced cost and its gradient for the points of x.
     *
     * @param source cloud x, with or without weights
     * @param target cloud y, same dimension
     * @param along the directions
     * @param exponent p, at least 1 and finite
     * @param receiver receives the gradient, N x D
     * @return mean and standard error of the cost
     * @throws IllegalArgumentException if dimensions differ, the receiver has another shape than x, p is below 1, a value is not finite or
     *     the gradient is beyond the range of float32, as {@link #distanceGradient} is not
     */
    public SlicedResult pointGradient(PointCloud source, PointCloud target, SlicedDirections along, double exponent, PointCloud receiver) {
        Wasserstein1D.requireExponent(exponent);
        SlicedResult cost = pointGradient(source, target, along, exponent, 1, Question.POINT_GRADIENT, receiver);
        // squares and distances of float32 have slopes in float32
        if (exponent != 1 && exponent != 2) {
            try {
                receiver.requireFinite("gradient");
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                    "the gradient of SW_p^p for p = " + exponent + " is beyond the range of float32, expected "
                        + "a lesser p or shorter distances; that of SW_p, its root, is in range",
                    e);
            }
        }
        return cost;
    }

    /**
     * Returns the sliced cost, and the gradient of its root {@code SW_p} for the points of x, which stays in range where that of the cost does
     * not.
     *
     * @param source cloud x, with or without weights
     * @param target cloud y, same dimension
     * @param along the directions
     * @param exponent p, at least 1 and finite
     * @param receiver receives the gradient, N x D; zeros where the distance is 0
     * @return mean and standard error of the cost
     * @throws IllegalArgumentException if dimensions differ, the receiver has another shape than x, p is below 1 or a value is not finite
     */
    public SlicedResult distanceGradient(PointCloud source, PointCloud target, SlicedDirections along, double exponent,
            PointCloud receiver) {
        SlicedResult cost = cost(source, target, along, exponent);
        pointGradient(source, target, along, exponent, cost.distance() == 0 ? 1 : 1 / cost.distance(), Question.DISTANCE_GRADIENT,
            receiver);
        return cost;
    }

    /** Slopes at distances that are multiplied by a factor: 1 for the cost, for the distance its inverse. */
    private SlicedResult pointGradient(PointCloud source, PointCloud target, SlicedDirections along, double exponent, double inverse,
            Question asked, PointCloud receiver) {
        receiver.requireDimension(source.dimension(), "gradient");
        if (receiver.size() != source.size()) {
            throw new IllegalArgumentException("gradient has " + receiver.size() + " points, expected " + source.size());
        }
        result = receiver;
        return answer(source, target, along, exponent, inverse, asked);
    }

    /**
     * Returns the sliced cost and its gradient for the weights of x as they were given (1 where the cloud has none): the mean of the
     * one-dimensional potentials, each less its weighted mean, over the total weight.
     *
     * @param source cloud x, with or without weights
     * @param target cloud y, same dimension
     * @param along the directions
     * @param exponent p, at least 1 and finite
     * @param receiver receives a value for each point of x
     * @return mean and standard error of the cost
     * @throws IllegalArgumentException if dimensions differ, p is below 1, a value is not finite or a power is beyond the range of float64
     * @throws IndexOutOfBoundsException if the receiver is too short
     */
    public SlicedResult weightGradient(PointCloud source, PointCloud target, SlicedDirections along, double exponent, double[] receiver) {
        Wasserstein1D.requireExponent(exponent);
        Objects.checkFromIndexSize(0, source.size(), receiver.length);
        SlicedResult cost = answer(source, target, along, exponent, 1, Question.WEIGHT_GRADIENT);
        System.arraycopy(weightShares, 0, receiver, 0, source.size());
        return cost;
    }

    /**
     * Returns the squared sliced energy distance, the mean of {@code 2 E|X-Y| - E|X-X'| - E|Y-Y'|} over projections, in O(N log N) each.
     * Over all directions it is the energy distance of the clouds times {@code Gamma(D/2) / (sqrt(pi) Gamma((D+1)/2))}.
     *
     * @param source cloud x, with or without weights
     * @param target cloud y, same dimension
     * @param along the directions
     * @return mean and standard error over the directions
     * @throws IllegalArgumentException if dimensions differ or a value is not finite
     */
    public SlicedResult energyDistance(PointCloud source, PointCloud target, SlicedDirections along) {
        return answer(source, target, along, 1, 1, Question.ENERGY);
    }

    private SlicedResult answer(PointCloud source, PointCloud target, SlicedDirections along, double exponent, double inverse,
            Question asked) {
        target.requireDimension(source.dimension(), "second cloud");
        if (along.dimension() != source.dimension()) {
            throw new IllegalArgumentException("directions have dimension " + along.dimension() + ", expected " + source.dimension());
        }
        x.pack(source, "first cloud");
        y.pack(target, "second cloud");
        for (Worker worker : workers) {
            worker.grow(x, y);
        }
        directions = along;
        question = asked;
        p = exponent;
        factor = inverse;
        int count = along.count();
        if (costs.length < count) {
            costs = new double[count];
        }
        int round = roundOf(count);
        prepare(source.dimension(), round);
        for (first = 0; first < count; first += round) {
            last = Math.min(count, first + round);
            scheduler.run(Math.ceilDiv(last - first, TILE), costTile);
            if (asked.wantsGradient()) {
                scheduler.run(x.padded / PANEL, gradientTile);
            }
        }
        directions = null;
        result = null;
        // a squared energy distance is a square whatever p
        SlicedResult found = asked == Question.DISTANCE ? SlicedResult.ofDistances(costs, count, exponent)
            : SlicedResult.of(costs, count, asked == Question.ENERGY ? 2 : exponent);
        if (!(found.mean() < Double.POSITIVE_INFINITY) && (exponent == 1 || exponent == 2)) {
            throw new IllegalArgumentException("projections of the clouds are beyond the range of float32, expected lesser coordinates");
        }
        return found;
    }

    /** Distance of the directions' rows of gradients: whole multiples of 4 KB would share a set of the first-level cache. */
    private int shareRow() {
        return x.padded + Lanes.VIRTUAL;
    }

    /** How many directions leave their gradients before they are folded: does not look at the number of threads. */
    private int roundOf(int count) {
        if (!question.wantsGradient()) {
            return count;
        }
        int fit = ROUND_FLOATS / shareRow() / TILE * TILE;
        return Math.min(count, Math.max(TILE, fit));
    }

    private void prepare(int dimension, int round) {
        if (!question.wantsGradient()) {
            return;
        }
        int needed = Math.multiplyExact(Math.ceilDiv(round, TILE) * TILE, shareRow());
        if (shares.length < needed) {
            shares = new float[needed];
        }
        if (question.wantsPoints()) {
            int size = Math.multiplyExact(x.padded, dimension);
            if (gradient.length < size) {
                gradient = new float[size];
            }
        } else {
            if (weightShares.length < x.padded) {
                weightShares = new double[x.padded];
            }
            Arrays.fill(weightShares, 0, x.padded, 0);
        }
    }

    /** Projects the clouds on a tile of directions and answers the question for each. */
    private void costTile(int tile, int number) {
        Worker worker = workers[number];
        int from = first + tile * TILE;
        int count = Math.min(TILE, last - from);
        x.project(directions, from, count, worker.xs);
        y.project(directions, from, count, worker.ys);
        for (int r = 0; r < count; r++) {
            int share = (from - first + r) * shareRow();
            boolean matched = x.size == y.size && x.weights == null && y.weights == null;
            if (matched && question == Question.COST) {
                worker.sorter.sort(worker.xs, r * x.padded, x.size);
                worker.sorter.sort(worker.ys, r * y.padded, y.size);
                costs[from + r] = Wasserstein1D.matchedCost(worker.xs, r * x.padded, worker.ys, r * y.padded, x.size, p, 1);
            } else if (matched && question.wantsPoints()) {
                worker.sorter.sortWithOrder(worker.xs, r * x.padded, x.size, worker.order);
                worker.sorter.sort(worker.ys, r * y.padded, y.size);
                costs[from + r] = Wasserstein1D.matchedCost(worker.xs, r * x.padded, worker.ys, r * y.padded, x.size, p, factor);
                matchedSlopes(worker.xs, r * x.padded, worker.ys, r * y.padded, x.size, p, factor, 1.0 / directions.count(),
                    worker.order, worker.xRow);
                // in the cache first: scattered stores to rows that have left it cost more than a copy
                System.arraycopy(worker.xRow, 0, shares, share, x.size);
            } else {
                solve(worker, r, from + r, share);
            }
        }
    }

    /** The general case: weights, or clouds of two sizes. */
    private void solve(Worker worker, int r, int direction, int share) {
        System.arraycopy(worker.xs, r * x.padded, worker.xRow, 0, x.size);
        System.arraycopy(worker.ys, r * y.padded, worker.yRow, 0, y.size);
        Wasserstein1D solver = worker.solver.solve(worker.xRow, x.size, x.weights, worker.yRow, y.size, y.weights);
        // gradients first: they sort with positions, and the cost is then read off
        if (question.wantsPoints()) {
            solver.slopes(p, factor, worker.slopes);
        } else if (question == Question.WEIGHT_GRADIENT) {
            solver.weightGradient(p, worker.slopes, worker.potentials);
        }
        costs[direction] = switch (question) {
            case ENERGY -> solver.energyDistance();
            case DISTANCE -> solver.distance(p);
            default -> solver.cost(p);
        };
        if (!question.wantsGradient()) {
            return;
        }
        for (int i = 0; i < x.size; i++) {
            shares[share + i] = (float) (worker.slopes[i] / directions.count());
        }
    }

    /** Writes a direction's gradients in the order of the points; xs is overwritten. */
    private static void matchedSlopes(float[] xs, int xAt, float[] ys, int yAt, int count, double p, double factor, double share,
            int[] order, float[] out) {
        double perPoint = share / count;
        if (p == 2 && 2 * perPoint * factor <= Float.MAX_VALUE) {
            // in vectors, and then to where they belong: twice as fast as both at once
            SquaredDifferences.slopes(xs, xAt, ys, yAt, count, (float) (2 * perPoint * factor));
            for (int i = 0; i < count; i++) {
                out[order[i]] = xs[xAt + i];
            }
            return;
        }
        for (int i = 0; i < count; i++) {
            out[order[i]] = (float) (perPoint * Wasserstein1D.slope(((double) xs[xAt + i] - ys[yAt + i]) * factor, p));
        }
    }

    /** Folds the gradients of a round of directions into a panel of points, in the order of the directions. */
    private void gradientTile(int panel, int worker) {
        int start = panel * PANEL;
        int points = Math.min(PANEL, x.size - start);
        int round = last - first;
        if (question == Question.WEIGHT_GRADIENT) {
            for (int l = 0; l < round; l++) {
                for (int i = 0; i < points; i++) {
                    weightShares[start + i] += shares[l * shareRow() + start + i];
                }
            }
            return;
        }
        int dimension = directions.dimension();
        if (first == 0) {
            Arrays.fill(gradient, start * dimension, (start + PANEL) * dimension, 0f);
        }
        MatrixProduct.accumulate(directions.rows(), first * dimension, 1, dimension, shares, start, shareRow(), dimension, PANEL, round,
            gradient, start * dimension, PANEL);
        if (last == directions.count()) {
            for (int d = 0; d < dimension; d++) {
                if (question == Question.DISTANCE_GRADIENT) {
                    overExponent(start * dimension + d * PANEL);
                }
                result.setColumn(d, start, gradient, start * dimension + d * PANEL, points);
            }
        }
    }

    /** Slopes of the distance are those of the cost at relative distances, over p. */
    private void overExponent(int from) {
        for (int i = from; i < from + PANEL; i++) {
            gradient[i] /= (float) p;
        }
    }
}
