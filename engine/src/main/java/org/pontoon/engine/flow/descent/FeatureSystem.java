package org.pontoon.engine.flow.descent;

import java.util.Arrays;

import org.pontoon.engine.feature.FeatureMap;
import org.pontoon.engine.feature.RandomFeatures;
import org.pontoon.engine.internal.kernel.CholeskyFactor;
import org.pontoon.engine.internal.kernel.MatrixProduct;
import org.pontoon.engine.internal.kernel.SymmetricProduct;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.parallel.TileTask;

/**
 * The linear system of a flow in feature space, {@code w = T^-1 (mu(p) - mu(q))} with {@code T = c D + alpha (C - gamma mu mu^T / A) +
 * lambda I}: mean features mu, second moments C and Gramian of derivatives D of a weighted cloud q of mass A.
 *
 * <p>Points go through in batches: first tiles write the features of a batch, scaled by the square roots of the weights, then every 64 x 64
 * block of a product is added to by one worker. No block depends on who computes it, so the bits do not depend on the number of threads.
 * Not thread-safe; allocates nothing once made.
 */
final class FeatureSystem {

    private static final int PANEL = SymmetricProduct.PANEL;
    private static final int BLOCK = PANEL * PANEL;
    private static final int TILE = FeatureMap.TILE;
    private static final int BATCH = 4 * TILE;
    /** How often a ridge that is too small is multiplied by ten before the system is given up. */
    private static final int RAISES = 12;
    private static final double INFINITE = Double.POSITIVE_INFINITY;
    /** Room of a grid on either side, as a share of what it must hold. */
    private static final double MARGIN = 0.1;

    final int size;
    final int dimension;
    final int stride;
    /** Coordinate d of point i at d * stride + i. */
    final float[] x;
    /** Weights, not negative. */
    final double[] weights;
    /** What {@link #evaluate} finds: the function and its gradient, laid out as x. */
    final float[] potential;
    final float[] gradient;
    final double[] mean;
    /** The solution and, once solved, the ridge that it took. */
    final double[] solution;
    double ridge;

    private final FeatureMap map;
    private final TileScheduler scheduler;
    private final int count;
    private final int panels;
    private final int tiles;
    private final float[] roots;
    private final float[] values;
    private final float[] slopes;
    private final float[] tileMeans;
    private final double[] second;
    private final double[] gram;
    private final int[] blockRow;
    private final int[] blockColumn;
    private final double[][] factors;
    private final double[][] system;
    private final float[] coefficients;
    private final Scratch[] scratch;
    private final TileTask featureTask = this::features;
    private final TileTask productTask = this::product;
    private final TileTask systemTask = this::systemRows;
    private final TileTask evaluateTask = this::evaluateTile;

    private int batch;
    private int batchPoints;
    private boolean withSecond;
    private boolean withGram;
    private boolean wantPotential;
    private boolean wantGradient;
    private double gramFactor;
    private double alpha;
    private double centring;
    /** The way by a lattice, while it is the faster one. */
    private boolean byGrid;
    private FeatureGrid grid;
    private boolean fresh;
    /** Least and most of both coordinates: of the points, and of the next grid before it gets its margin. */
    private final double[] box = new double[4];
    private final double[] expected = {INFINITE, -INFINITE, INFINITE, -INFINITE};

    private static final class Scratch {
        private final float[] block = new float[BLOCK];
        private final float[] evaluation;
        private final float[] values = new float[TILE];
        private final float[] gradient;

        Scratch(FeatureMap map) {
            evaluation = new float[map.scratchSize()];
            gradient = new float[TILE * map.dimension()];
        }
    }

    /**
     * Makes a system.
     *
     * @param map the features
     * @param x positions, laid out as {@link #x}
     * @param weights weights
     * @param byGrid whether a {@link FeatureGrid} may be used where it is faster: right-hand sides must then be differences of mean
     *     features of the points and of those {@link #expect expected}
     * @param scheduler runs the tiles
     */
    FeatureSystem(FeatureMap map, float[] x, double[] weights, boolean byGrid, TileScheduler scheduler) {
        this.byGrid = byGrid && map instanceof RandomFeatures && map.dimension() == 2;
        this.map = map;
        this.scheduler = scheduler;
        this.size = weights.length;
        this.dimension = map.dimension();
        this.stride = PointCloud.paddedSize(size);
        this.x = x;
        this.weights = weights;
        this.potential = new float[stride];
        this.gradient = new float[dimension * stride];
        this.count = map.count();
        this.panels = map.panels();
        this.tiles = (size + TILE - 1) / TILE;
        int batchRows = Math.min(BATCH, tiles * TILE);
        this.roots = new float[BATCH];
        this.values = new float[Math.multiplyExact(panels * PANEL, batchRows)];
        this.slopes = new float[Math.multiplyExact(values.length, map.slopes())];
        this.tileMeans = new float[Math.multiplyExact(tiles, panels * PANEL)];
        int blocks = panels * (panels + 1) / 2;
        this.second = new double[Math.multiplyExact(blocks, BLOCK)];
        this.gram = new double[second.length];
        this.blockRow = new int[blocks];
        this.blockColumn = new int[blocks];
        for (int c = 0, b = 0; c < panels; c++) {
            for (int r = 0; r <= c; r++, b++) {
                blockRow[b] = r;
                blockColumn[b] = c;
            }
        }
        this.mean = new double[count];
        this.solution = new double[count];
        this.coefficients = new float[panels * PANEL];
        this.factors = new double[count][count];
        this.system = new double[count][count];
        for (int j = 0; j < count; j++) {
            for (int k = j; k < count; k++) {
                factors[j][k] = map.slopeFactor(j, k);
            }
        }
        this.scratch = new Scratch[scheduler.threads()];
        for (int w = 0; w < scratch.length; w++) {
            scratch[w] = new Scratch(map);
        }
    }

    /** Sums up the mean features and, where asked for, C and D, over the points as they lie in x with their weights. */
    void moments(boolean secondMoments, boolean gramian) {
        if (onGrid()) {
            grid.moments(this);
            fresh = true;
            return;
        }
        fresh = false;
        withSecond = secondMoments;
        withGram = gramian;
        Arrays.fill(tileMeans, 0f);
        if (secondMoments) {
            Arrays.fill(second, 0);
        }
        if (gramian) {
            Arrays.fill(gram, 0);
        }
        for (batch = 0; batch < size; batch += BATCH) {
            batchPoints = Math.min(BATCH, size - batch);
            for (int i = 0; i < batchPoints; i++) {
                roots[i] = (float) Math.sqrt(weights[batch + i]);
            }
            scheduler.run(panels * ((batchPoints + TILE - 1) / TILE), featureTask);
            int products = (secondMoments ? 1 : 0) + (gramian ? 1 : 0);
            scheduler.run(products * blockRow.length, productTask);
        }
        Arrays.fill(mean, 0);
        for (int tile = 0; tile < tiles; tile++) {
            for (int j = 0; j < count; j++) {
                mean[j] += tileMeans[tile * panels * PANEL + j];
            }
        }
    }

    private void features(int number, int worker) {
        int panel = number % panels;
        int first = number / panels * TILE;
        int points = Math.min(TILE, batchPoints - first);
        int rows = values.length / (panels * PANEL);
        int at = (panel * rows + first) * PANEL;
        float[] scale = scratch[worker].values;
        System.arraycopy(roots, first, scale, 0, points);
        map.fill(panel, x, batch + first, stride, points, scale, values, at, withGram ? slopes : null, at, values.length);
        MatrixProduct.accumulate(scale, 0, 0, 1, values, at, PANEL, 1, PANEL, points, tileMeans,
            ((batch + first) / TILE * panels + panel) * PANEL, PANEL);
    }

    private void product(int number, int worker) {
        boolean gramian = number >= blockRow.length || !withSecond;
        int b = number % blockRow.length;
        int rows = values.length / (panels * PANEL);
        int p = blockRow[b] * rows * PANEL;
        int q = blockColumn[b] * rows * PANEL;
        int columns = Math.min(PANEL, count - blockColumn[b] * PANEL + 15 & -16);
        boolean diagonal = p == q;
        float[] block = scratch[worker].block;
        if (gramian) {
            for (int s = 0; s < map.slopes(); s++) {
                int at = s * values.length;
                SymmetricProduct.add(slopes, at + p, slopes, at + q, columns, batchPoints, diagonal, block, gram, b * BLOCK);
            }
        } else {
            SymmetricProduct.add(values, p, values, q, columns, batchPoints, diagonal, block, second, b * BLOCK);
        }
    }

    /**
     * Solves the system for a right-hand side, raising the ridge tenfold as often as it takes.
     *
     * @return {@code <rightHandSide, w>}, the squared discrepancy
     */
    double solve(double gramFactor, double alpha, boolean centred, double ridge, double[] rightHandSide) {
        this.gramFactor = gramFactor;
        this.alpha = alpha;
        this.centring = centred ? 1 / mass() : 0;
        this.ridge = ridge;
        if (gramFactor == 0 && alpha == 0) {
            for (int j = 0; j < count; j++) {
                solution[j] = rightHandSide[j] / ridge;
            }
            return finish(rightHandSide);
        }
        if (fresh) {
            grid.products(gramFactor, alpha);
        }
        for (int raise = 0; raise <= RAISES; raise++) {
            if (fresh ? grid.solve(centring, this.ridge, rightHandSide, solution) : solveDirectly(rightHandSide)) {
                return finish(rightHandSide);
            }
            this.ridge *= 10;
        }
        throw new IllegalStateException("the system of " + count + " features is singular even with a ridge of " + this.ridge
            + "; are the positions finite?");
    }

    private boolean solveDirectly(double[] rightHandSide) {
        scheduler.run(panels, systemTask);
        if (!CholeskyFactor.factorise(system)) {
            return false;
        }
        System.arraycopy(rightHandSide, 0, solution, 0, count);
        CholeskyFactor.solve(system, solution);
        return true;
    }

    /** Says where points may get to, so that the first grid reaches so far. */
    void expect(PointCloud cloud) {
        for (int d = 0; byGrid && d < 2; d++) {
            for (int i = 0; i < cloud.size(); i++) {
                expected[2 * d] = Math.min(expected[2 * d], cloud.get(i, d));
                expected[2 * d + 1] = Math.max(expected[2 * d + 1], cloud.get(i, d));
            }
        }
    }

    /** Whether the points lie in a grid; makes one for them, with room to move, where there is none yet. */
    boolean onGrid() {
        if (!byGrid) {
            return false;
        }
        for (int d = 0; d < 2; d++) {
            float least = Float.POSITIVE_INFINITY;
            float most = Float.NEGATIVE_INFINITY;
            for (int i = d * stride; i < d * stride + size; i++) {
                least = Math.min(least, x[i]);
                most = Math.max(most, x[i]);
            }
            box[2 * d] = least;
            box[2 * d + 1] = most;
        }
        if (grid == null || !grid.holds(box)) {
            for (int d = 0; d < 2; d++) {
                expected[2 * d] = Math.min(expected[2 * d], box[2 * d]);
                expected[2 * d + 1] = Math.max(expected[2 * d + 1], box[2 * d + 1]);
                double room = MARGIN * (expected[2 * d + 1] - expected[2 * d]);
                box[2 * d] = expected[2 * d] - room;
                box[2 * d + 1] = expected[2 * d + 1] + room;
            }
            grid = FeatureGrid.of((RandomFeatures) map, box, size, scheduler);
            byGrid = grid != null;
        }
        return byGrid;
    }

    /** Puts back a solution that was found before. */
    void restore(double[] earlier) {
        for (int j = 0; j < count; j++) {
            solution[j] = earlier[j];
            coefficients[j] = (float) earlier[j];
        }
    }

    private double finish(double[] rightHandSide) {
        double square = 0;
        for (int j = 0; j < count; j++) {
            square += rightHandSide[j] * solution[j];
            coefficients[j] = (float) solution[j];
        }
        return square;
    }

    private void systemRows(int panel, int worker) {
        int end = Math.min(count, (panel + 1) * PANEL);
        for (int c = panel; c < panels; c++) {
            int b = c * (c + 1) / 2 + panel;
            for (int j = panel * PANEL; j < end; j++) {
                double[] row = system[j];
                int at = b * BLOCK + (j - panel * PANEL) * PANEL - c * PANEL;
                for (int k = Math.max(j, c * PANEL); k < Math.min(count, (c + 1) * PANEL); k++) {
                    double value = 0;
                    if (gramFactor != 0) {
                        value = gramFactor * factors[j][k] * gram[at + k];
                    }
                    if (alpha != 0) {
                        value += alpha * (second[at + k] - centring * mean[j] * mean[k]);
                    }
                    row[k] = value;
                }
            }
        }
        for (int j = panel * PANEL; j < end; j++) {
            system[j][j] += ridge;
        }
    }

    /** An element of D after {@link #moments}, j at most k. */
    double gramian(int j, int k) {
        return factors[j][k] * gram[index(j, k)];
    }

    /** An element of C after {@link #moments}, j at most k. */
    double secondMoment(int j, int k) {
        return second[index(j, k)];
    }

    private static int index(int j, int k) {
        int c = k / PANEL;
        return (c * (c + 1) / 2 + j / PANEL) * BLOCK + j % PANEL * PANEL + k % PANEL;
    }

    double mass() {
        double sum = 0;
        for (double a : weights) {
            sum += a;
        }
        return sum;
    }

    /** Computes {@code u = <w, phi>} and its gradient at the points as they lie in x, for the last solution. */
    void evaluate(boolean potentialToo, boolean gradientToo) {
        if (onGrid()) {
            grid.evaluate(this, solution, potentialToo, gradientToo);
            return;
        }
        wantPotential = potentialToo;
        wantGradient = gradientToo;
        scheduler.run(tiles, evaluateTask);
    }

    private void evaluateTile(int tile, int worker) {
        Scratch s = scratch[worker];
        int first = tile * TILE;
        int points = Math.min(TILE, size - first);
        map.evaluate(coefficients, x, first, stride, points, s.evaluation, wantPotential ? s.values : null,
            wantGradient ? s.gradient : null);
        if (wantPotential) {
            System.arraycopy(s.values, 0, potential, first, points);
        }
        for (int d = 0; wantGradient && d < dimension; d++) {
            System.arraycopy(s.gradient, d * TILE, gradient, d * stride + first, points);
        }
    }
}
