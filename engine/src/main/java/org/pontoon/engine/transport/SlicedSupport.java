package org.pontoon.engine.transport;

import java.util.Arrays;
import java.util.Objects;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.parallel.TileTask;
import org.pontoon.engine.sort.FloatSorter;

/**
 * Points that stay where they are, such as the cells of a grid, with their orders along some directions: sliced Wasserstein costs between
 * weights on such points, and their gradients for the weights, without sorting again (Bonet, Courty, Septier, Drumetz 2022, section 4, where
 * the weights are what moves). A call is O(L N) for L directions; the orders take 8 L N bytes.
 *
 * <p>Weights count in proportion: each vector is brought to sum 1. Projections are float32, costs and sums float64. Directions are folded in
 * groups whose number does not depend on the threads, so that any number of them gives the same bits.
 *
 * <p>A call allocates its result and nothing that grows with the points once it is warm. One call at a time.
 */
public final class SlicedSupport {

    private static final int MOST_GROUPS = 32;

    private final SlicedDirections directions;
    private final TileScheduler scheduler;
    private final int size;
    private final float[][] projections;
    private final int[][] orders;
    private final double[] costs;
    private final double[][] sums;
    private final Worker[] workers;
    private final TileTask task = this::group;
    // the call in progress
    private double[] weights;
    private SlicedSupport other;
    private double[] otherWeights;
    private double p;
    private boolean wantsGradient;
    private boolean wantsDistances;

    /** Scratch of one thread. */
    private static final class Worker {

        private final Wasserstein1D solver = new Wasserstein1D();
        private double[] slopes = new double[0];
        private double[] potentials = new double[0];

        void grow(int size, int otherSize) {
            if (slopes.length < size) {
                slopes = new double[size];
            }
            if (potentials.length < otherSize) {
                potentials = new double[otherSize];
            }
        }
    }

    /**
     * Sorts points along directions.
     *
     * @param points N x D; weights are not looked at
     * @param directions L unit vectors of dimension D
     * @param scheduler runs the directions, here and in the calls
     * @throws IllegalArgumentException if dimensions differ or a value is not finite
     */
    public SlicedSupport(PointCloud points, SlicedDirections directions, TileScheduler scheduler) {
        points.requireFinite("points");
        if (directions.dimension() != points.dimension()) {
            throw new IllegalArgumentException("directions have dimension " + directions.dimension() + ", expected " + points.dimension());
        }
        this.directions = directions;
        this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
        this.size = points.size();
        int count = directions.count();
        this.projections = new float[count][];
        this.orders = new int[count][];
        this.costs = new double[count];
        this.sums = new double[Math.min(count, MOST_GROUPS)][0];
        this.workers = new Worker[scheduler.threads()];
        Arrays.setAll(workers, i -> new Worker());
        float[][] columns = new float[points.dimension()][size];
        for (int d = 0; d < columns.length; d++) {
            points.copyColumn(d, 0, columns[d], 0, size);
        }
        FloatSorter[] sorters = new FloatSorter[scheduler.threads()];
        Arrays.setAll(sorters, i -> new FloatSorter());
        scheduler.run(count, (l, worker) -> {
            float[] line = new float[size];
            for (int d = 0; d < columns.length; d++) {
                addScaled(directions.rows()[l * columns.length + d], columns[d], line);
            }
            orders[l] = new int[size];
            sorters[worker].sortWithOrder(line, 0, size, orders[l]);
            projections[l] = line;
        });
    }

    private static void addScaled(float factor, float[] from, float[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] = Math.fma(factor, from[i], to[i]);
        }
    }

    /**
     * Returns the number of points.
     *
     * @return N
     */
    public int size() {
        return size;
    }

    /**
     * Returns the sliced cost {@code SW_p^p} between weights on these points and weights on others.
     *
     * @param a a weight for each of these points, finite, not negative, not all zero
     * @param target the other points, sorted along the same directions; this support itself where both weights live on it
     * @param b a weight for each of the other points
     * @param exponent p, at least 1 and finite
     * @return mean and standard error over the directions, and their roots, which are right where the powers leave the range of float64
     * @throws IllegalArgumentException if the directions are not the same, p is below 1, or weights are too many, too few or not so
     */
    public SlicedResult cost(double[] a, SlicedSupport target, double[] b, double exponent) {
        return answer(a, target, b, exponent, null);
    }

    /**
     * Returns the sliced cost and its gradient for the weights a as they were given: the mean of the one-dimensional potentials, each less
     * its weighted mean, over the total weight.
     *
     * @param a a weight for each of these points, finite, not negative, not all zero
     * @param target the other points, sorted along the same directions; this support itself where both weights live on it
     * @param b a weight for each of the other points
     * @param exponent p, at least 1 and finite
     * @param gradient receives a value for each of these points
     * @return mean and standard error of the cost
     * @throws IllegalArgumentException if the directions are not the same, p is below 1, weights are too many, too few or not so, or
     *     a power is beyond the range of float64
     * @throws IndexOutOfBoundsException if the gradient is too short
     */
    public SlicedResult weightGradient(double[] a, SlicedSupport target, double[] b, double exponent, double[] gradient) {
        Objects.checkFromIndexSize(0, size, gradient.length);
        return answer(a, target, b, exponent, gradient);
    }

    private SlicedResult answer(double[] a, SlicedSupport target, double[] b, double exponent, double[] gradient) {
        Wasserstein1D.requireExponent(exponent);
        if (target.directions != directions && !Arrays.equals(target.directions.rows(), directions.rows())) {
            throw new IllegalArgumentException("the other points are sorted along " + target.directions.count()
                + " other directions, expected the same " + directions.count() + " directions for both");
        }
        for (Worker worker : workers) {
            worker.grow(size, target.size);
        }
        wantsDistances = false;
        weights = a;
        other = target;
        otherWeights = b;
        p = exponent;
        wantsGradient = gradient != null;
        if (wantsGradient && sums[0].length < size) {
            for (int g = 0; g < sums.length; g++) {
                sums[g] = new double[size];
            }
        }
        SlicedResult result;
        try {
            scheduler.run(sums.length, task);
            result = SlicedResult.of(costs, costs.length, p);
            if (!wantsGradient && Wasserstein1D.leavesRange(result.mean(), p)) {
                wantsDistances = true;
                scheduler.run(sums.length, task);
                result = SlicedResult.ofDistances(costs, costs.length, p);
            }
        } finally {
            weights = null;
            other = null;
            otherWeights = null;
        }
        if (wantsGradient) {
            Arrays.fill(gradient, 0, size, 0);
            for (double[] sum : sums) {
                for (int i = 0; i < size; i++) {
                    gradient[i] += sum[i] / costs.length;
                }
            }
        }
        return result;
    }

    private void group(int group, int number) {
        Worker worker = workers[number];
        double[] sum = sums[group];
        Arrays.fill(sum, 0);
        int count = costs.length;
        for (int l = (int) ((long) count * group / sums.length); l < (long) count * (group + 1) / sums.length; l++) {
            Wasserstein1D solver = worker.solver.solveSorted(projections[l], orders[l], weights, other.projections[l], other.orders[l],
                otherWeights);
            costs[l] = wantsDistances ? solver.distance(p) : solver.cost(p);
            if (wantsGradient) {
                solver.weightGradient(p, worker.slopes, worker.potentials);
                for (int i = 0; i < size; i++) {
                    sum[i] += worker.slopes[i];
                }
            }
        }
    }
}
