package org.pontoon.engine.transport;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * An approximate Cholesky factor of the Laplacian of a weighted graph, as a preconditioner (Kyng and Sachdeva 2016, "Approximate Gaussian
 * elimination for Laplacians"; Gao, Kyng and Spielman 2023, "Robust and practical solution of Laplacian equations by approximate
 * elimination"). Eliminating a vertex joins all of its neighbours; here, a sample of as many edges as it had neighbours less one, with the
 * right mean, stands for that clique, so that the factor has about as many entries as the graph has edges. Conjugate gradients then take
 * some thirty iterations, however many orders of magnitude the weights span.
 *
 * <p>The sample is drawn from a fixed seed by one thread: the same graph gives the same bits. Not thread-safe.
 */
final class LaplacianFactor {

    private static final long SEED = 42;
    /** An edge that is so much lighter than what both of its ends carry is left to the iterations that this preconditions. */
    private static final double LIGHT = 1e-8;

    private final int[] rank;
    private final int[] starts;
    private final double[] pivots;
    private final double[] values;
    private int[] to;
    private double[] ratio;

    /** Edges of the vertices that are not eliminated yet, each at the end that comes first. */
    private static final class Edges {

        private final int[] head;
        private int[] next;
        private int[] to;
        private double[] weight;
        private int count;

        Edges(int vertices, int room) {
            this.head = new int[vertices];
            Arrays.fill(head, -1);
            this.next = new int[room];
            this.to = new int[room];
            this.weight = new double[room];
        }

        void add(int u, int v, double w) {
            if (count == to.length) {
                int room = count + count / 2 + 16;
                next = Arrays.copyOf(next, room);
                to = Arrays.copyOf(to, room);
                weight = Arrays.copyOf(weight, room);
            }
            int first = Math.min(u, v);
            to[count] = Math.max(u, v);
            weight[count] = w;
            next[count] = head[first];
            head[first] = count++;
        }
    }

    /**
     * Factorises the Laplacian of a bipartite graph with an edge to the ground from every vertex.
     *
     * @param starts where each row's edges begin; one more than rows
     * @param others the columns that edges lead to
     * @param weights of the edges, not negative
     * @param columns how many there are
     * @param rowGround weights of the rows' edges to the ground, added to the diagonal
     * @param columnGround the same for columns
     */
    LaplacianFactor(int[] starts, int[] others, double[] weights, int columns, double[] rowGround, double[] columnGround) {
        int rows = starts.length - 1;
        int ground = rows + columns;
        this.rank = ranks(starts, others, rows, columns);
        double[] columnSums = new double[columns];
        for (int k = 0; k < others.length; k++) {
            columnSums[others[k]] += weights[k];
        }
        Edges edges = new Edges(ground + 1, ground + 1);
        for (int i = 0; i < rows; i++) {
            double sum = 0;
            for (int k = starts[i]; k < starts[i + 1]; k++) {
                sum += weights[k];
            }
            for (int k = starts[i]; k < starts[i + 1]; k++) {
                if (weights[k] > LIGHT * Math.min(sum, columnSums[others[k]])) {
                    edges.add(rank[i], rank[rows + others[k]], weights[k]);
                }
            }
            if (rowGround[i] > 0) {
                edges.add(rank[i], ground, rowGround[i]);
            }
        }
        for (int j = 0; j < columns; j++) {
            if (columnGround[j] > 0) {
                edges.add(rank[rows + j], ground, columnGround[j]);
            }
        }
        this.starts = new int[ground + 2];
        this.pivots = new double[ground + 1];
        this.values = new double[ground + 1];
        this.to = new int[edges.count];
        this.ratio = new double[edges.count];
        eliminate(edges);
    }

    /** Vertices of few edges first; the ground last, which every sum leaves at zero. */
    private static int[] ranks(int[] starts, int[] others, int rows, int columns) {
        int[] degree = new int[rows + columns];
        for (int i = 0; i < rows; i++) {
            degree[i] = starts[i + 1] - starts[i];
        }
        for (int j : others) {
            degree[rows + j]++;
        }
        long[] keys = new long[degree.length];
        Arrays.setAll(keys, v -> (long) degree[v] << 32 | v);
        Arrays.sort(keys);
        int[] rank = new int[degree.length];
        for (int r = 0; r < keys.length; r++) {
            rank[(int) keys[r]] = r;
        }
        return rank;
    }

    private void eliminate(Edges edges) {
        int vertices = pivots.length;
        SplittableRandom random = new SplittableRandom(SEED);
        int[] place = new int[vertices];
        Arrays.fill(place, -1);
        int[] neighbours = new int[64];
        double[] weights = new double[64];
        long[] keys = new long[64];
        double[] sums = new double[64];
        int size = 0;
        for (int v = 0; v < vertices; v++) {
            starts[v] = size;
            int count = 0;
            for (int e = edges.head[v]; e >= 0; e = edges.next[e]) {
                int u = edges.to[e];
                if (place[u] < 0) {
                    if (count == neighbours.length) {
                        neighbours = Arrays.copyOf(neighbours, 2 * count);
                        weights = Arrays.copyOf(weights, 2 * count);
                        keys = new long[2 * count];
                        sums = new double[2 * count];
                    }
                    place[u] = count;
                    neighbours[count] = u;
                    weights[count++] = 0;
                }
                weights[place[u]] += edges.weight[e];
            }
            for (int k = 0; k < count; k++) {
                place[neighbours[k]] = -1;
                // by weight, as far as the upper half of its bits tells, and in the order of discovery
                keys[k] = Double.doubleToRawLongBits(weights[k]) & -1L << 32 | k;
            }
            Arrays.sort(keys, 0, count);
            double sum = 0;
            for (int k = 0; k < count; k++) {
                sum += weights[(int) keys[k]];
                sums[k] = sum;
            }
            pivots[v] = sum;
            if (size + count > to.length) {
                to = Arrays.copyOf(to, size + count + size / 2);
                ratio = Arrays.copyOf(ratio, to.length);
            }
            for (int k = 0; k < count; k++) {
                int own = (int) keys[k];
                to[size] = neighbours[own];
                ratio[size++] = weights[own] / sum;
                double heavier = sum - sums[k];
                if (k + 1 < count && heavier > 0) {
                    int partner = above(sums, k + 1, count, sums[k] + random.nextDouble() * heavier);
                    double weight = weights[own] * (heavier / sum);
                    if (weight > 0) {
                        edges.add(neighbours[own], neighbours[(int) keys[partner]], weight);
                    }
                }
            }
        }
        starts[vertices] = size;
    }

    /** The first place whose sum is above a value, the last one at the latest. */
    private static int above(double[] sums, int from, int to, double value) {
        int low = from;
        int high = to - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sums[middle] > value) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /**
     * Solves for the rows, with zeros on the right-hand side of the columns, approximately. Where the graph has no ground, the solution is
     * one of many.
     *
     * @param right one value a row
     * @param solution receives one value a row
     */
    void solve(double[] right, double[] solution) {
        double[] b = values;
        Arrays.fill(b, 0);
        for (int i = 0; i < right.length; i++) {
            b[rank[i]] = right[i];
        }
        int vertices = pivots.length;
        for (int v = 0; v < vertices; v++) {
            double value = b[v];
            for (int k = starts[v]; k < starts[v + 1]; k++) {
                b[to[k]] += value * ratio[k];
            }
            b[v] = pivots[v] > 0 ? value / pivots[v] : 0;
        }
        for (int v = vertices - 1; v >= 0; v--) {
            double value = b[v];
            for (int k = starts[v]; k < starts[v + 1]; k++) {
                value += ratio[k] * b[to[k]];
            }
            b[v] = value;
        }
        for (int i = 0; i < right.length; i++) {
            solution[i] = b[rank[i]];
        }
    }
}
