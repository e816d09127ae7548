package org.pontoon.engine.flow.descent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.pontoon.engine.feature.FeatureMap;
import org.pontoon.engine.feature.RandomFeatures;
import org.pontoon.engine.internal.kernel.Chebyshev;
import org.pontoon.engine.internal.kernel.CholeskyFactor;
import org.pontoon.engine.internal.kernel.MatrixProduct;
import org.pontoon.engine.internal.kernel.RowProduct;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.parallel.TileTask;

/**
 * Random Fourier features over a rectangle of the plane by way of a lattice: what many points ask of m features is asked of few nodes and
 * of fewer functions.
 *
 * <p>Over a rectangle, waves of bounded frequency are polynomials of a degree not much above the waves' number of radians (the Bessel
 * functions of {@link Chebyshev#degrees}). A cloud therefore integrates products of two features as its Chebyshev moments do, and those
 * as signed weights on the n1 x n2 Chebyshev nodes. On the nodes the m features are almost dependent: an orthonormal basis Q of r rows
 * leaves less than {@value #REST} of any feature vector, which counts squared in the critic. So {@code C = Q^T H_C Q} and {@code D = Q^T
 * H_D Q} with products of r functions over n1 n2 nodes, and the system is solved in r unknowns; what a right-hand side has outside of Q
 * meets the ridge alone.
 *
 * <p>Tables hold for a rectangle; points must lie in it, and so must what the right-hand side is made of. Of a right-hand side outside of
 * Q's span, {@link #solve} keeps everything but {@link #evaluate} sees nothing: over the rectangle the critic lacks up to {@value #REST}
 * of its norm over the ridge. Mean features of points in the rectangle leave the span by {@value #REST} at most, others by anything.
 * Not thread-safe; nothing is allocated once made.
 */
final class FeatureGrid {

    /** Largest error of a product of two features, as a share of its amplitude. */
    static final double ERROR = 1e-6;
    /** What the basis may leave of a vector of features, whose norm is about 1. */
    static final double REST = 1e-5;
    /** Polynomials along an axis at most: beyond, the direct way is the faster one. */
    private static final int MAX_DEGREES = 64;
    private static final int TILE = FeatureMap.TILE;
    /** Points whose moments are added up in float32. */
    private static final int CHUNK = 4 * TILE;
    /** Distances between rows of polynomials: 16 more than a power of two, which would put all rows into the same sets of the cache. */
    private static final int CHUNK_ROW = CHUNK + 16;
    private static final int TILE_ROW = TILE + 16;
    private static final int ROWS = RowProduct.BLOCK;

    /** One side of the rectangle. */
    private static final class Axis {
        private final double centre;
        private final double halfWidth;
        /** Number of polynomials and of nodes for products of features, and of polynomials for one feature. */
        private final int degrees;
        private final int fieldDegrees;
        private final double[] nodes;
        /** Degrees, rounded up to 16: distance between rows of what follows. */
        private final int width;
        private final int fieldWidth;
        /** Coefficient a of what is 1 in node k and 0 in the others, a row for each a. */
        private final float[] transform;
        /** Only the coefficients that one feature needs, a row for each k. */
        private final float[] toField;

        Axis(double least, double most, double frequency) {
            centre = 0.5 * (least + most);
            // a quarter of the shortest wave at least: points may lie on a line
            halfWidth = Math.max(0.5 * (most - least), 0.5 / Math.max(frequency, 1e-3));
            degrees = Chebyshev.degrees(2 * frequency * halfWidth, ERROR);
            fieldDegrees = Math.min(degrees, Chebyshev.degrees(frequency * halfWidth, ERROR));
            fieldWidth = fieldDegrees + 15 & -16;
            nodes = nodes(degrees);
            width = degrees + 15 & -16;
            transform = new float[degrees * width];
            toField = new float[degrees * fieldWidth];
            for (int a = 0; a < degrees; a++) {
                for (int k = 0; k < degrees; k++) {
                    float value = (float) ((a == 0 ? 1 : 2) * Math.cos(Math.PI * a * (k + 0.5) / degrees) / degrees);
                    transform[a * width + k] = value;
                    if (a < fieldDegrees) {
                        toField[k * fieldWidth + a] = value;
                    }
                }
            }
        }

        double[] nodes(int count) {
            double[] at = new double[count];
            Arrays.setAll(at, k -> centre + halfWidth * Math.cos(Math.PI * (k + 0.5) / count));
            return at;
        }

        boolean holds(double least, double most) {
            return least >= centre - halfWidth && most <= centre + halfWidth;
        }
    }

    /** A worker's own memory. */
    private static final class Scratch {
        private final float[] first;
        private final float[] second;
        private final float[] product;
        private final float[] chains;
        private final double[] weights = new double[CHUNK];

        Scratch(int degrees, int nodes, int rank) {
            chains = new float[RowProduct.chains(Math.max(degrees, rank))];
            first = new float[degrees * CHUNK_ROW];
            second = new float[degrees * CHUNK_ROW];
            product = new float[Math.max(degrees * TILE_ROW, ROWS * nodes)];
        }
    }

    /** Number of functions of the basis. */
    final int rank;

    private final RandomFeatures map;
    private final TileScheduler scheduler;
    private final Axis first;
    private final Axis second;
    private final int nodes;
    /** Number of nodes, rounded up to 16. */
    private final int width;
    /** Q, a row for each function, and the same with a row for each feature. */
    private final double[][] basis;
    private final double[][] basisColumns;
    /** Functions on the nodes and their derivatives along both axes: rows of {@code 3 width}. */
    private final float[] rows;
    private final double[][] products;
    private final double[] functionMean;
    private final double[][] system;
    private final double[] reduced;
    private final double[] right;
    private final float[] moments;
    private final float[] half;
    private final float[] nodeWeights;
    private final float[] weights;
    private final double[] chunkMoments;
    private final float[] coefficients;
    private final float[] nodeValues;
    private final float[] fields;
    private final float[] halfField;
    private final Scratch[] scratch;
    private final TileTask momentTask = this::momentChunk;
    private final TileTask productTask = this::productRows;
    private final TileTask fieldTask = this::fieldTile;

    private FeatureSystem cloud;
    private double gramFactor;
    private double alpha;
    private boolean wantPotential;
    private boolean wantGradient;

    private FeatureGrid(RandomFeatures map, Axis first, Axis second, double[][] basis, int points, TileScheduler scheduler) {
        this.map = map;
        this.scheduler = scheduler;
        this.first = first;
        this.second = second;
        this.basis = basis;
        this.rank = basis.length;
        this.nodes = first.degrees * second.degrees;
        this.width = nodes + 15 & -16;
        this.basisColumns = new double[map.count()][rank];
        for (int r = 0; r < rank; r++) {
            for (int j = 0; j < map.count(); j++) {
                basisColumns[j][r] = basis[r][j];
            }
        }
        this.rows = functions();
        this.products = new double[rank][rank];
        this.functionMean = new double[rank];
        this.system = new double[rank][rank];
        this.reduced = new double[rank];
        this.right = new double[rank];
        this.moments = new float[nodes];
        this.half = new float[first.degrees * second.width];
        this.nodeWeights = new float[half.length];
        this.weights = new float[ROWS * width];
        this.chunkMoments = new double[(points + CHUNK - 1) / CHUNK * nodes];
        this.coefficients = new float[rank];
        this.nodeValues = new float[3 * width];
        this.fields = new float[3 * first.fieldDegrees * second.fieldWidth];
        this.halfField = new float[first.degrees * second.fieldWidth];
        this.scratch = new Scratch[scheduler.threads()];
        for (int w = 0; w < scratch.length; w++) {
            scratch[w] = new Scratch(Math.max(first.degrees, second.degrees) + ROWS - 1 & -ROWS, width, rank);
        }
    }

    /**
     * Makes a grid for a rectangle, or returns null where the direct way is the better one.
     *
     * @param map features in the plane
     * @param box least and most of the first and of the second coordinate
     * @param points number of points of the clouds to come
     * @param scheduler runs the tiles
     */
    static FeatureGrid of(RandomFeatures map, double[] box, int points, TileScheduler scheduler) {
        double[] frequency = new double[2];
        for (int j = 0; j < map.count(); j++) {
            for (int d = 0; d < 2; d++) {
                frequency[d] = Math.max(frequency[d], Math.abs(map.frequency(j, d)));
            }
        }
        for (int d = 0; d < 2; d++) {
            if (!(frequency[d] * (box[2 * d + 1] - box[2 * d]) < MAX_DEGREES)) {
                return null;
            }
        }
        Axis first = new Axis(box[0], box[1], frequency[0]);
        Axis second = new Axis(box[2], box[3], frequency[1]);
        double nodes = (double) first.degrees * second.degrees;
        // multiply-adds of a step: of the two symmetric products, and of the products with polynomials and between functions on the nodes
        double direct = 1.0 * points * map.count() * map.count();
        double polynomial = 4 * nodes * points;
        if (first.degrees > MAX_DEGREES || second.degrees > MAX_DEGREES || polynomial > direct) {
            return null;
        }
        double[][] basis = basis(map, first, second);
        double rank = basis.length;
        return polynomial + 1.5 * nodes * rank * rank > direct ? null : new FeatureGrid(map, first, second, basis, points, scheduler);
    }

    /** Whether it may be used for points of a rectangle. */
    boolean holds(double[] box) {
        return first.holds(box[0], box[1]) && second.holds(box[2], box[3]);
    }

    /** Values (or a derivative) of the features in a product of nodes, a row for each feature. */
    private static double[][] waves(RandomFeatures map, double[] x, double[] y, int derivative) {
        double[][] waves = new double[map.count()][x.length * y.length];
        double[] cosines = new double[y.length];
        double[] sines = new double[y.length];
        for (int j = 0; j < waves.length; j++) {
            double amplitude = Math.sqrt(2.0 / map.count()) * (derivative == 0 ? 1 : -map.frequency(j, derivative - 1));
            for (int l = 0; l < y.length; l++) {
                cosines[l] = amplitude * Math.cos(map.frequency(j, 1) * y[l]);
                sines[l] = amplitude * Math.sin(map.frequency(j, 1) * y[l]);
            }
            for (int k = 0; k < x.length; k++) {
                double angle = map.frequency(j, 0) * x[k] + map.phase(j);
                double c = Math.cos(angle);
                double s = Math.sin(angle);
                for (int l = 0; l < y.length; l++) {
                    waves[j][k * y.length + l] = derivative == 0 ? c * cosines[l] - s * sines[l] : s * cosines[l] + c * sines[l];
                }
            }
        }
        return waves;
    }

    /**
     * An orthonormal basis of what the features do in the rectangle, by Gram and Schmidt over the nodes' vectors of features, always of the
     * node of which most is left.
     */
    private static double[][] basis(RandomFeatures map, Axis first, Axis second) {
        int count = map.count();
        double[][] left = waves(map, first.nodes(first.fieldDegrees), second.nodes(second.fieldDegrees), 0);
        int nodes = left[0].length;
        List<double[]> basis = new ArrayList<>();
        double[] square = new double[nodes];
        double[] dot = new double[nodes];
        for (double[] wave : left) {
            for (int k = 0; k < nodes; k++) {
                square[k] += wave[k] * wave[k];
            }
        }
        while (basis.size() < Math.min(nodes, count)) {
            int pivot = 0;
            for (int k = 1; k < nodes; k++) {
                pivot = square[k] > square[pivot] ? k : pivot;
            }
            if (square[pivot] <= REST * REST) {
                break;
            }
            double[] vector = new double[count];
            for (int j = 0; j < count; j++) {
                vector[j] = left[j][pivot];
            }
            // twice is enough
            for (int pass = 0; pass < 2; pass++) {
                for (double[] earlier : basis) {
                    double along = 0;
                    for (int j = 0; j < count; j++) {
                        along += vector[j] * earlier[j];
                    }
                    axpy(vector, -along, earlier, count);
                }
            }
            double norm = 0;
            for (double v : vector) {
                norm += v * v;
            }
            norm = Math.sqrt(norm);
            Arrays.fill(dot, 0);
            for (int j = 0; j < count; j++) {
                vector[j] /= norm;
                axpy(dot, vector[j], left[j], nodes);
            }
            Arrays.fill(square, 0);
            for (int j = 0; j < count; j++) {
                subtract(left[j], vector[j], dot, square);
            }
            basis.add(vector);
        }
        return basis.toArray(double[][]::new);
    }

    private static void subtract(double[] values, double factor, double[] other, double[] square) {
        for (int k = 0; k < values.length; k++) {
            double v = Math.fma(-factor, other[k], values[k]);
            values[k] = v;
            square[k] = Math.fma(v, v, square[k]);
        }
    }

    /** The basis' functions and their derivatives on the nodes. */
    private float[] functions() {
        int count = map.count();
        float[] out = new float[Math.multiplyExact(rank + ROWS - 1 & -ROWS, 3 * width)];
        float[] q = new float[rank * count];
        for (int k = 0; k < q.length; k++) {
            q[k] = (float) basis[k / count][k % count];
        }
        float[] waves = new float[count * width];
        for (int derivative = 0; derivative < 3; derivative++) {
            double[][] exact = waves(map, first.nodes, second.nodes, derivative);
            for (int j = 0; j < count; j++) {
                for (int k = 0; k < nodes; k++) {
                    waves[j * width + k] = (float) exact[j][k];
                }
            }
            MatrixProduct.accumulate(q, 0, count, 1, waves, 0, width, rank, width, count, out, derivative * width, 3 * width);
        }
        return out;
    }

    /** Weights on the nodes for the cloud as it lies, and its mean features. */
    void moments(FeatureSystem cloud) {
        this.cloud = cloud;
        int chunks = (cloud.size + CHUNK - 1) / CHUNK;
        scheduler.run(chunks, momentTask);
        int n1 = first.degrees;
        int n2 = second.degrees;
        for (int k = 0; k < nodes; k++) {
            double sum = 0;
            for (int chunk = 0; chunk < chunks; chunk++) {
                sum += chunkMoments[chunk * nodes + k];
            }
            moments[k] = (float) sum;
        }
        // what a coefficient weighs to what a node weighs: the transposes of both transforms
        int row = second.width;
        Arrays.fill(half, 0f);
        MatrixProduct.accumulate(moments, 0, n2, 1, second.transform, 0, row, n1, row, n2, half, 0, row);
        Arrays.fill(nodeWeights, 0f);
        MatrixProduct.accumulate(first.transform, 0, 1, first.width, half, 0, row, n1, row, n1, nodeWeights, 0, row);
        for (int k = 0; k < n1; k++) {
            System.arraycopy(nodeWeights, k * row, weights, k * n2, n2);
        }
        Arrays.fill(functionMean, 0);
        float[] chains = scratch[0].chains;
        Arrays.fill(chains, 0, RowProduct.chains(rank), 0f);
        RowProduct.accumulate(weights, 0, width, rows, 0, 3 * width, rank, width, chains);
        RowProduct.addSums(chains, 0, rank, functionMean, 0);
        expand(functionMean, cloud.mean);
    }

    // without offsets, C2 sees that the loop may run in vectors
    private static void axpy(double[] sum, double factor, double[] values, int count) {
        for (int k = 0; k < count; k++) {
            sum[k] = Math.fma(factor, values[k], sum[k]);
        }
    }

    /** Of functions of the basis to features, {@code Q^T v}. */
    private void expand(double[] v, double[] out) {
        Arrays.fill(out, 0);
        for (int r = 0; r < rank; r++) {
            axpy(out, v[r], basis[r], out.length);
        }
    }

    /** Of features to functions of the basis, {@code Q v}. */
    private void project(double[] v, double[] out) {
        Arrays.fill(out, 0);
        for (int j = 0; j < v.length; j++) {
            axpy(out, v[j], basisColumns[j], rank);
        }
    }

    private void momentChunk(int chunk, int worker) {
        Scratch s = scratch[worker];
        int at = chunk * CHUNK;
        int count = Math.min(CHUNK, cloud.size - at);
        System.arraycopy(cloud.weights, at, s.weights, 0, count);
        Arrays.fill(s.weights, count, CHUNK, 0);
        int points = polynomials(s, at, CHUNK, first.degrees, second.degrees, s.weights);
        Arrays.fill(chunkMoments, chunk * nodes, (chunk + 1) * nodes, 0);
        for (int a = 0; a < first.degrees; a += ROWS) {
            Arrays.fill(s.chains, 0, RowProduct.chains(second.degrees), 0f);
            RowProduct.accumulate(s.first, a * CHUNK_ROW, CHUNK_ROW, s.second, 0, CHUNK_ROW, second.degrees, points, s.chains);
            for (int r = a; r < Math.min(a + ROWS, first.degrees); r++) {
                RowProduct.addSums(s.chains, r - a, second.degrees, chunkMoments, chunk * nodes + r * second.degrees);
            }
        }
    }

    /** Polynomials of both coordinates of points, the first with weights; how many points these are, rounded up to 16. */
    private int polynomials(Scratch s, int at, int most, int firstDegrees, int secondDegrees, double[] weights) {
        int points = Math.min(most, cloud.size - at) + 15 & -16;
        Chebyshev.polynomials(cloud.x, at, points, first.centre, first.halfWidth, firstDegrees, s.first, 0, most + 16,
            weights);
        Chebyshev.polynomials(cloud.x, cloud.stride + at, points, second.centre, second.halfWidth, secondDegrees, s.second, 0, most + 16,
            null);
        return points;
    }

    /** Adds up the system's products for the last moments. */
    void products(double gramFactor, double alpha) {
        this.gramFactor = gramFactor;
        this.alpha = alpha;
        scheduler.run((rank + ROWS - 1) / ROWS, productTask);
    }

    private void productRows(int number, int worker) {
        Scratch s = scratch[worker];
        int r = number * ROWS;
        int height = Math.min(ROWS, rank - r);
        Arrays.fill(s.chains, 0, RowProduct.chains(rank - r), 0f);
        for (int field = 0; field < 3; field++) {
            float factor = (float) (field == 0 ? alpha : gramFactor);
            if (factor != 0) {
                for (int k = 0; k < ROWS; k++) {
                    int at = (r + k) * 3 * width + field * width;
                    RowProduct.multiply(rows, at, weights, 0, factor, width, s.product, k * width);
                }
                RowProduct.accumulate(s.product, 0, width, rows, r * 3 * width + field * width, 3 * width, rank - r, width, s.chains);
            }
        }
        for (int k = r; k < r + height; k++) {
            Arrays.fill(products[k], 0);
            RowProduct.addSums(s.chains, k - r, rank - r, products[k], r);
        }
    }

    /** Solves the system; false if it is singular with this ridge. */
    boolean solve(double centring, double ridge, double[] rightHandSide, double[] solution) {
        for (int j = 0; j < rank; j++) {
            double mean = alpha * centring * functionMean[j];
            for (int k = j; k < rank; k++) {
                system[j][k] = products[j][k] - mean * functionMean[k];
            }
        }
        for (int j = 0; j < rank; j++) {
            system[j][j] += ridge;
        }
        if (!CholeskyFactor.factorise(system)) {
            return false;
        }
        project(rightHandSide, right);
        System.arraycopy(right, 0, reduced, 0, rank);
        CholeskyFactor.solve(system, reduced);
        // w = Q^T y + (b - Q^T Q b) / ridge
        for (int r = 0; r < rank; r++) {
            reduced[r] -= right[r] / ridge;
        }
        expand(reduced, solution);
        for (int j = 0; j < solution.length; j++) {
            solution[j] += rightHandSide[j] / ridge;
        }
        return true;
    }

    /** Computes the function of given coefficients of the features and its gradient at the points as they lie. */
    void evaluate(FeatureSystem cloud, double[] solution, boolean potential, boolean gradient) {
        this.cloud = cloud;
        wantPotential = potential;
        wantGradient = gradient;
        project(solution, reduced);
        for (int r = 0; r < rank; r++) {
            coefficients[r] = (float) reduced[r];
        }
        int from = potential ? 0 : width;
        int to = gradient ? 3 * width : width;
        Arrays.fill(nodeValues, 0f);
        MatrixProduct.accumulate(coefficients, 0, rank, 1, rows, from, 3 * width, 1, to - from, rank, nodeValues, from, to);
        for (int field = potential ? 0 : 1; field < (gradient ? 3 : 1); field++) {
            transform(field);
        }
        scheduler.run((cloud.size + TILE - 1) / TILE, fieldTask);
    }

    /** Chebyshev coefficients of a field on the nodes, only those that a single feature needs. */
    private void transform(int field) {
        int n1 = first.degrees;
        int n2 = second.degrees;
        int m1 = first.fieldDegrees;
        int m2 = second.fieldWidth;
        Arrays.fill(halfField, 0f);
        MatrixProduct.accumulate(nodeValues, field * width, n2, 1, second.toField, 0, m2, n1, m2, n2, halfField, 0, m2);
        Arrays.fill(fields, field * m1 * m2, (field + 1) * m1 * m2, 0f);
        MatrixProduct.accumulate(first.toField, 0, 1, first.fieldWidth, halfField, 0, m2, m1, m2, n1, fields, field * m1 * m2, m2);
    }

    private void fieldTile(int tile, int worker) {
        Scratch s = scratch[worker];
        int at = tile * TILE;
        int m1 = first.fieldDegrees;
        int m2 = second.fieldDegrees;
        int points = polynomials(s, at, TILE, m1, m2, null);
        for (int field = wantPotential ? 0 : 1; field < (wantGradient ? 3 : 1); field++) {
            Arrays.fill(s.product, 0, m1 * TILE_ROW, 0f);
            MatrixProduct.accumulate(fields, field * m1 * second.fieldWidth, second.fieldWidth, 1, s.second, 0, TILE_ROW, m1, points, m2,
                s.product, 0, TILE_ROW);
            float[] out = field == 0 ? cloud.potential : cloud.gradient;
            RowProduct.columns(s.first, s.product, TILE_ROW, m1, points, out, field == 0 ? at : (field - 1) * cloud.stride + at);
        }
    }
}
