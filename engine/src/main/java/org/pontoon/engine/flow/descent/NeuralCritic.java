package org.pontoon.engine.flow.descent;

import java.util.Arrays;

import org.pontoon.engine.internal.kernel.Adam;
import org.pontoon.engine.internal.kernel.MatrixProduct;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.parallel.TileTask;
import org.pontoon.engine.random.CounterRandom;
import org.pontoon.engine.random.Stream;

/**
 * A network u with hidden layers that is trained on minibatches of p and q to maximise {@code 2 (E_p u - E_q u) - E_q |grad u|^2 - alpha
 * Var_q u}, whose greatest value is the squared Sobolev-Fisher discrepancy of the two.
 *
 * <p>The activation is {@code s(z) = (z + sqrt(z^2 + 1)) / 2}, a smooth ReLU without exponentials. Gradients are written out. With {@code z_l
 * = W_l a_(l-1) + b_l}, {@code a_l = s(z_l)} and {@code u = v . a_L}, a reverse sweep gives {@code d_L = s'(z_L) o v}, {@code d_(l-1) =
 * s'(z_(l-1)) o W_l^T d_l} and {@code grad u = W_1^T d_1}. The derivative of the penalty on that gradient takes a tangent sweep from {@code
 * t_0}, the derivative of the objective by grad u: {@code y_l = W_l t_(l-1)}, {@code t_l = s'(z_l) o y_l}; and a second reverse sweep for
 * {@code s''}.
 *
 * <p>Points lie in rows, so that every product is a {@link MatrixProduct} without a transpose but those of the weights. Tiles of a minibatch
 * have sums of their own, which are added in order: the same bits for any number of threads. Elementwise loops are plain, C2 makes vectors
 * of them. Not thread-safe; allocates nothing once made.
 */
final class NeuralCritic {

    /** Points of a tile; minibatches are whole tiles. */
    static final int TILE = 128;
    /** Hidden layers are multiples of it. */
    static final int LANES = 16;

    private static final int BLOCK = 1024;

    /** What training pursues: {@code E_p u - E_q u} of the last minibatch. */
    double gap;
    /** What holds it back: {@code E_q |grad u|^2 + alpha Var_q u} of the last minibatch. */
    double norm;
    /** Coordinate, weights and biases layer after layer, then v; the weights of layer l lie in n_(l-1) rows of n_l. */
    final float[] parameters;
    /** Derivative of minus half the objective over the last minibatch. */
    final float[] gradient;

    private final int dimension;
    private final int depth;
    /** Units of every layer, the input's padded to 16. */
    private final int[] units;
    /** Units of the layer before that are not padding. */
    private final int[] steps;
    private final int[] weightsAt;
    private final int[] biasesAt;
    private final int outputAt;
    private final float[] first;
    private final float[] second;
    /** Weights by units of the layer, and v as the first of 16 columns. */
    private final float[][] transposed;
    private final float[] output;
    private final double alpha;
    private final int batch;
    private final long sampleKey;
    private final TileScheduler scheduler;
    private final Tile[] tiles;
    private final Tile[] evaluation;
    private final int[] chosen;
    private final TileTask sweepTask = this::sweep;
    private final TileTask gradientTask = this::differentiate;
    private final TileTask sumTask = this::sum;
    private final TileTask evaluateTask = this::evaluate;
    private double meanOfQ;
    private long trained;

    private float[] x;
    private int size;
    private int stride;
    private float[] values;
    private float[] slopes;

    /** Some points with what the sweeps leave behind at every layer. */
    private final class Tile {

        /** a, that of the input first. */
        private final float[][] value = rows();
        /** s'(z). */
        private final float[][] slope = rows();
        /** d, grad u first. */
        private final float[][] error = rows();
        private final float[] function = new float[TILE * LANES];
        private final float[][] tangent;
        /** Derivatives of the objective by z. */
        private final float[][] adjoint;
        private final float[] sweep;
        private final float[] sums;

        Tile(boolean trains) {
            tangent = trains ? rows() : null;
            adjoint = trains ? rows() : null;
            sweep = trains ? new float[TILE * Arrays.stream(units).max().orElseThrow()] : null;
            sums = trains ? new float[parameters.length] : null;
        }

        private float[][] rows() {
            float[][] rows = new float[depth + 1][];
            Arrays.setAll(rows, l -> new float[TILE * units[l]]);
            return rows;
        }

        /** Computes u and its gradient at the inputs. */
        void sweep() {
            for (int l = 1; l <= depth; l++) {
                for (int i = 0; i < TILE; i++) {
                    System.arraycopy(parameters, biasesAt[l], value[l], i * units[l], units[l]);
                }
                multiply(value[l - 1], l, value[l]);
                activate(value[l], slope[l]);
            }
            Arrays.fill(function, 0f);
            MatrixProduct.accumulate(value[depth], 0, units[depth], 1, output, 0, LANES, TILE, LANES, units[depth], function, 0, LANES);
            for (int i = 0; i < TILE; i++) {
                System.arraycopy(parameters, outputAt, error[depth], i * units[depth], units[depth]);
            }
            scale(error[depth], slope[depth]);
            for (int l = depth; l >= 1; l--) {
                multiplyBack(error[l], l, error[l - 1]);
                if (l > 1) {
                    scale(error[l - 1], slope[l - 1]);
                }
            }
        }

        /** Adds the product with the weights of a layer. */
        private void multiply(float[] from, int l, float[] to) {
            MatrixProduct.accumulate(from, 0, units[l - 1], 1, parameters, weightsAt[l], units[l], TILE, units[l], steps[l], to, 0,
                units[l]);
        }

        /** Computes the product with the transposed weights of a layer. */
        private void multiplyBack(float[] from, int l, float[] to) {
            Arrays.fill(to, 0, TILE * units[l - 1], 0f);
            MatrixProduct.accumulate(from, 0, units[l], 1, transposed[l], 0, units[l - 1], TILE, units[l - 1], units[l], to, 0,
                units[l - 1]);
        }

        /** Adds the products over points of what enters a layer with derivatives by what leaves it. */
        private void addWeights(float[] in, float[] out, int l) {
            MatrixProduct.accumulate(in, 0, 1, units[l - 1], out, 0, units[l], steps[l], units[l], TILE, sums, weightsAt[l], units[l]);
        }

        /** Derivatives by the parameters where the objective only has u in it. */
        void differentiateTarget() {
            Arrays.fill(sums, 0f);
            float factor = -1f / batch;
            for (int l = depth; l >= 1; l--) {
                multiplied(error[l], factor, adjoint[l]);
                addWeights(value[l - 1], adjoint[l], l);
                addRows(adjoint[l], units[l], sums, biasesAt[l]);
            }
            for (int i = 0; i < TILE; i++) {
                addRow(value[depth], i * units[depth], factor, units[depth], sums, outputAt);
            }
        }

        /** Derivatives by the parameters where it has the square of u and its gradient, too. */
        void differentiateSource() {
            Arrays.fill(sums, 0f);
            multiplied(error[0], 1f / batch, tangent[0]);
            for (int l = 1; l <= depth; l++) {
                Arrays.fill(tangent[l], 0f);
                multiply(tangent[l - 1], l, tangent[l]);
                bend(error[l], slope[l], tangent[l], adjoint[l]);
            }
            for (int i = 0; i < TILE; i++) {
                float factor = (float) ((1 + alpha * (function[i * LANES] - meanOfQ)) / batch);
                addRow(error[depth], i * units[depth], factor, units[depth], adjoint[depth], i * units[depth]);
                addRow(value[depth], i * units[depth], factor, units[depth], sums, outputAt);
            }
            addRows(tangent[depth], units[depth], sums, outputAt);
            for (int l = depth; l >= 1; l--) {
                if (l < depth) {
                    multiplyBack(adjoint[l + 1], l + 1, sweep);
                    addScaled(sweep, slope[l], adjoint[l]);
                }
                addWeights(value[l - 1], adjoint[l], l);
                addWeights(tangent[l - 1], error[l], l);
                addRows(adjoint[l], units[l], sums, biasesAt[l]);
            }
        }
    }

    /**
     * Makes a critic of random weights.
     *
     * @param dimension D, of points that are about of unit size
     * @param hidden units of the hidden layers, multiples of 16
     * @param batch points of each side in a minibatch, a multiple of {@value #TILE}
     * @param alpha weight of the variance
     * @param seed chooses weights and minibatches
     * @param scheduler runs the tiles
     */
    NeuralCritic(int dimension, int[] hidden, int batch, double alpha, long seed, TileScheduler scheduler) {
        this.dimension = dimension;
        this.depth = hidden.length;
        this.batch = batch;
        this.alpha = alpha;
        this.scheduler = scheduler;
        this.units = new int[depth + 1];
        this.steps = new int[depth + 1];
        this.weightsAt = new int[depth + 1];
        this.biasesAt = new int[depth + 1];
        units[0] = dimension + LANES - 1 & -LANES;
        int end = 0;
        for (int l = 1; l <= depth; l++) {
            units[l] = hidden[l - 1];
            steps[l] = l == 1 ? dimension : units[l - 1];
            weightsAt[l] = end;
            biasesAt[l] = weightsAt[l] + steps[l] * units[l];
            end = biasesAt[l] + units[l];
        }
        this.outputAt = end;
        this.parameters = new float[end + units[depth]];
        this.gradient = new float[parameters.length];
        this.first = new float[parameters.length];
        this.second = new float[parameters.length];
        this.transposed = new float[depth + 1][];
        for (int l = 1; l <= depth; l++) {
            transposed[l] = new float[units[l] * units[l - 1]];
        }
        this.output = new float[units[depth] * LANES];
        this.sampleKey = Stream.CRITIC_BATCHES.key(seed);
        this.chosen = new int[2 * batch];
        this.tiles = new Tile[2 * batch / TILE];
        Arrays.setAll(tiles, t -> new Tile(true));
        this.evaluation = new Tile[scheduler.threads()];
        Arrays.setAll(evaluation, w -> new Tile(false));
        draw(Stream.CRITIC_WEIGHTS.key(seed));
    }

    /** Uniform weights and biases within 1 over the root of the units before, as PyTorch draws them. */
    private void draw(long key) {
        for (int l = 1; l <= depth; l++) {
            double bound = 1 / Math.sqrt(steps[l]);
            for (int k = weightsAt[l]; k < biasesAt[l] + units[l]; k++) {
                parameters[k] = (float) (bound * (2 * CounterRandom.uniform(key, k) - 1));
            }
        }
        for (int k = outputAt; k < parameters.length; k++) {
            parameters[k] = (float) ((2 * CounterRandom.uniform(key, k) - 1) / Math.sqrt(units[depth]));
        }
        transpose();
    }

    /** Brings what depends on the parameters up to date; to be called when they were changed from outside. */
    void transpose() {
        for (int l = 1; l <= depth; l++) {
            for (int i = 0; i < steps[l]; i++) {
                for (int r = 0; r < units[l]; r++) {
                    transposed[l][r * units[l - 1] + i] = parameters[weightsAt[l] + i * units[l] + r];
                }
            }
        }
        for (int r = 0; r < units[depth]; r++) {
            output[r * LANES] = parameters[outputAt + r];
        }
    }

    /**
     * Makes a step of Adam on a fresh minibatch.
     *
     * @param p coordinate d of point i of the target at d * (length / D) + i
     * @param pShares sums of its weights up to each point
     * @param q the particles, likewise
     * @param qShares sums of their weights up to each point
     * @param rate learning rate
     */
    void train(float[] p, double[] pShares, float[] q, double[] qShares, double rate) {
        choose(qShares, 0);
        choose(pShares, batch);
        load(q, 0);
        load(p, batch);
        differentiate();
        Adam.step(parameters, gradient, first, second, rate, ++trained);
        transpose();
    }

    /** Draws points by their weights, one from each of as many equal shares of the mass as a minibatch has points. */
    private void choose(double[] shares, int from) {
        int last = shares.length - 1;
        int point = 0;
        for (int k = 0; k < batch; k++) {
            double share = (k + CounterRandom.uniform(sampleKey, 2 * trained * batch + from + k)) / batch * shares[last];
            while (point < last && shares[point] <= share) {
                point++;
            }
            chosen[from + k] = point;
        }
    }

    private void load(float[] points, int from) {
        int column = points.length / dimension;
        for (int k = from; k < from + batch; k++) {
            float[] input = tiles[k / TILE].value[0];
            for (int d = 0; d < dimension; d++) {
                input[k % TILE * units[0] + d] = points[d * column + chosen[k]];
            }
        }
    }

    /** Computes the gradient on the minibatch that is loaded, without moving. */
    private void differentiate() {
        scheduler.run(tiles.length, sweepTask);
        double sumOfQ = 0;
        double sumOfP = 0;
        double squares = 0;
        double slope = 0;
        for (int k = 0; k < batch; k++) {
            Tile q = tiles[k / TILE];
            double u = q.function[k % TILE * LANES];
            sumOfQ += u;
            squares += u * u;
            sumOfP += tiles[(batch + k) / TILE].function[k % TILE * LANES];
            for (int d = 0; d < dimension; d++) {
                double g = q.error[0][k % TILE * units[0] + d];
                slope += g * g;
            }
        }
        meanOfQ = sumOfQ / batch;
        gap = sumOfP / batch - meanOfQ;
        norm = slope / batch + alpha * (squares / batch - meanOfQ * meanOfQ);
        scheduler.run(tiles.length, gradientTask);
        scheduler.run((parameters.length + BLOCK - 1) / BLOCK, sumTask);
    }

    private void sweep(int tile, int worker) {
        tiles[tile].sweep();
    }

    private void differentiate(int tile, int worker) {
        if (tile < tiles.length / 2) {
            tiles[tile].differentiateSource();
        } else {
            tiles[tile].differentiateTarget();
        }
    }

    private void sum(int block, int worker) {
        int from = block * BLOCK;
        int to = Math.min(parameters.length, from + BLOCK);
        Arrays.fill(gradient, from, to, 0f);
        for (Tile tile : tiles) {
            add(tile.sums, from, to, gradient);
        }
    }

    /**
     * Computes u and its gradient.
     *
     * @param points coordinate d of point i at d * step + i
     * @param step from one coordinate to the next
     * @param count number of points
     * @param u receives u, or null
     * @param gradients receives the gradient, laid out as points, or null
     */
    void evaluate(float[] points, int step, int count, float[] u, float[] gradients) {
        x = points;
        stride = step;
        size = count;
        values = u;
        slopes = gradients;
        scheduler.run((count + TILE - 1) / TILE, evaluateTask);
    }

    private void evaluate(int tile, int worker) {
        Tile t = evaluation[worker];
        int from = tile * TILE;
        int count = Math.min(TILE, size - from);
        for (int d = 0; d < dimension; d++) {
            for (int i = 0; i < count; i++) {
                t.value[0][i * units[0] + d] = x[d * stride + from + i];
            }
        }
        t.sweep();
        for (int i = 0; values != null && i < count; i++) {
            values[from + i] = t.function[i * LANES];
        }
        for (int d = 0; slopes != null && d < dimension; d++) {
            for (int i = 0; i < count; i++) {
                slopes[d * stride + from + i] = t.error[0][i * units[0] + d];
            }
        }
    }

    /** s(z) in place of z, and s'(z). */
    private static void activate(float[] z, float[] slope) {
        for (int k = 0; k < z.length; k++) {
            float root = (float) Math.sqrt(z[k] * z[k] + 1f);
            slope[k] = 0.5f + 0.5f * z[k] / root;
            z[k] = 0.5f * (z[k] + root);
        }
    }

    /** {@code s''(z) e y} with {@code d = s'(z) e}, and {@code s'(z) y} in place of y: s'' = 4 (s' (1 - s'))^(3/2). */
    private static void bend(float[] d, float[] slope, float[] y, float[] curved) {
        for (int k = 0; k < y.length; k++) {
            float rest = 1f - slope[k];
            curved[k] = 4f * d[k] * y[k] * rest * (float) Math.sqrt(slope[k] * rest);
            y[k] *= slope[k];
        }
    }

    private static void scale(float[] values, float[] by) {
        for (int k = 0; k < values.length; k++) {
            values[k] *= by[k];
        }
    }

    private static void addScaled(float[] values, float[] by, float[] to) {
        for (int k = 0; k < to.length; k++) {
            to[k] += values[k] * by[k];
        }
    }

    private static void multiplied(float[] values, float factor, float[] to) {
        for (int k = 0; k < to.length; k++) {
            to[k] = factor * values[k];
        }
    }

    private static void add(float[] values, int from, int to, float[] sums) {
        for (int k = from; k < to; k++) {
            sums[k] += values[k];
        }
    }

    private static void addRow(float[] values, int at, float factor, int count, float[] sums, int sumsAt) {
        for (int k = 0; k < count; k++) {
            sums[sumsAt + k] += factor * values[at + k];
        }
    }

    private static void addRows(float[] values, int count, float[] sums, int sumsAt) {
        for (int at = 0; at < values.length; at += count) {
            addRow(values, at, 1f, count, sums, sumsAt);
        }
    }
}
