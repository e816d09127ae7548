package org.pontoon.engine.bridge;

import java.util.Arrays;

import org.pontoon.engine.internal.kernel.Adam;
import org.pontoon.engine.internal.kernel.DiagonalForms;
import org.pontoon.engine.internal.kernel.DiagonalMixture;
import org.pontoon.engine.internal.kernel.MatrixProduct;
import org.pontoon.engine.internal.kernel.PointTile;
import org.pontoon.engine.internal.kernel.QuadraticFeatures;
import org.pontoon.engine.internal.kernel.Responsibilities;
import org.pontoon.engine.internal.scalar.Lanes;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.parallel.TileTask;
import org.pontoon.engine.random.CounterRandom;

/**
 * The arithmetic of one training step: parameters to coefficients, tiles of points to feature sums, feature sums to gradients, and Adam.
 *
 * <p>Both sides of the loss are mixtures whose logits are quadratic forms of a point; so a tile is one product with the coefficients, a
 * softmax, and one product back into sums of w, w x and w x^2 (or w x x'). Tiles hold 64 points and write into slots of their own, which are
 * folded in tile order: the gradient does not depend on the number of threads. Nothing is allocated in a step.
 *
 * <p>Points and parameters are in the unit of length that {@link TrainingSchedule} sets. Flat layout of the parameters: log alpha times a
 * unit of its own, about epsilon (K), r (K rows), shape (K rows), each part padded to 16. A shape row is log S for diagonal, and for full
 * covariance the lower triangle of L (S = L L'), row by row, with its diagonal as logarithms.
 */
final class TrainingStep {

    private static final int TILE = PointTile.SIZE;
    private static final float LEAST_LOG_SCALE = -18f;
    private static final float MOST_LOG_SCALE = 8f;
    /** Below this many multiply-adds a step is done on one thread: waking another costs more. */
    private static final long WORTH_SHARING = 2_000_000;
    private static final double USAGE_DECAY = 0.99;
    /**
     * Most that Adam moves log alpha in a step, unless the learning rate is larger: at learningRate / epsilon, as elsewhere, components would
     * die in the noise. The least is the learning rate itself: else weights would not arrive where epsilon lies above the squared spread.
     */
    private static final double MOST_WEIGHT_RATE = 0.2;

    final int components;
    final int dimension;
    final boolean full;
    final int locationStride;
    final int shapeStride;
    final int locationStart;
    final int shapeStart;
    final float[] parameters;
    final float[] gradient;
    final float[] firstMoment;
    final float[] secondMoment;
    final float[] usage;

    private final TrainingOptions options;
    /** Length that counts as 1 in parameters and points. */
    private double unit = 1;
    /** Entropic parameter in the square of that unit. */
    private double epsilon;
    private double learningRate;
    /** The parameter of a weight is this times log alpha. */
    private double weightUnit;
    private float leastLogScale = LEAST_LOG_SCALE;
    private final TrainingPoints source;
    private final TrainingPoints target;
    private final int sourceTiles;
    private final int targetTiles;
    private final TileScheduler tiles;
    private final TileScheduler componentTiles;
    private final Side sourceSide;
    private final Side targetSide;
    private final Sums[] tileSums;
    private final float[] inverseScale;
    private final float[] terms;
    private final Scratch[] scratch;
    private final FullShape[] shapes;
    private final int rowStride;
    /** Whether points end in a 1 (see {@link TrainingPoints}), which the sums then hold the weight of. */
    private final boolean sumsHoldWeights;
    private final float[] location;
    private final float[] shape;
    private final float[] byLocation;
    private final float[] byShape;
    private final TileTask coefficientTask = (k, worker) -> coefficients(k);
    private final TileTask sumTask = this::sumTile;
    private final TileTask gradientTask = (k, worker) -> gradients(k);

    /** Sums over points of w, w x and w times the quadratics of x, per component. */
    private static final class Sums {

        private final float[] weights;
        private final float[] first;
        private final float[] second;

        Sums(int components, int firstLength, int secondLength) {
            weights = new float[components];
            first = new float[firstLength];
            second = new float[secondLength];
        }

        void clear() {
            Arrays.fill(weights, 0f);
            Arrays.fill(first, 0f);
            Arrays.fill(second, 0f);
        }

        void add(Sums other) {
            add(weights, other.weights);
            add(first, other.first);
            add(second, other.second);
        }

        private static void add(float[] total, float[] part) {
            for (int i = 0; i < total.length; i++) {
                total[i] += part[i];
            }
        }
    }

    /** Logit coefficients of one side, and its sums over the batch. For full covariance slope holds all features' coefficients. */
    private static final class Side {

        private final float[] bias;
        private final float[] slope;
        private final float[] curve;
        private final Sums sums;

        Side(int components, int slopeLength, int curveLength, int firstLength) {
            bias = new float[components];
            slope = new float[slopeLength];
            curve = new float[curveLength];
            sums = new Sums(components, firstLength, curveLength);
        }
    }

    private static final class Scratch {

        private final float[] rows;
        private final float[] columns;
        private final float[] logits;
        private final float[] weights = new float[TILE];
        private final float[] lanes = new float[Lanes.VIRTUAL];

        Scratch(int rowStride, int features, int components) {
            rows = new float[Math.multiplyExact(TILE, rowStride)];
            columns = new float[Math.multiplyExact(TILE, features)];
            logits = new float[Math.multiplyExact(components, TILE)];
        }
    }

    TrainingStep(TrainingOptions options, int dimension, TrainingPoints source, TrainingPoints target, TileScheduler scheduler) {
        this.components = options.components();
        this.dimension = dimension;
        this.full = options.covariance() == Covariance.FULL;
        this.options = options;
        this.epsilon = options.epsilon();
        this.learningRate = options.learningRate();
        this.weightUnit = weightUnit(epsilon);
        this.source = source;
        this.target = target;
        int quadratics = new QuadraticFeatures(dimension, full).quadratics();
        this.locationStride = PointCloud.paddedSize(dimension);
        this.shapeStride = PointCloud.paddedSize(quadratics);
        this.locationStart = PointCloud.paddedSize(components);
        this.shapeStart = Math.addExact(locationStart, Math.multiplyExact(components, locationStride));
        int length = Math.addExact(shapeStart, Math.multiplyExact(components, shapeStride));
        this.parameters = new float[length];
        this.gradient = new float[length];
        this.firstMoment = new float[length];
        this.secondMoment = new float[length];
        this.usage = new float[components];
        this.location = new float[components * locationStride];
        this.shape = new float[components * shapeStride];
        this.byLocation = new float[components * locationStride];
        this.byShape = new float[components * shapeStride];
        this.inverseScale = new float[full ? 0 : components * locationStride];
        this.terms = new float[full ? 0 : components * locationStride];
        // diagonal: x alone, squares are formed in registers; full: x and all products of two coordinates
        int features = full ? dimension + quadratics : dimension;
        this.rowStride = PointCloud.paddedSize(features);
        this.sumsHoldWeights = !full && dimension < locationStride;
        int featureRows = Math.multiplyExact(components, rowStride);
        int curves = full ? 0 : featureRows;
        this.sourceSide = new Side(components, featureRows, curves, featureRows);
        this.targetSide = new Side(components, featureRows, curves, featureRows);
        this.sourceTiles = (source.batch() + TILE - 1) / TILE;
        this.targetTiles = (target.batch() + TILE - 1) / TILE;
        this.tileSums = new Sums[sourceTiles + targetTiles];
        for (int t = 0; t < tileSums.length; t++) {
            tileSums[t] = new Sums(components, featureRows, curves);
        }
        TileScheduler alone = new TileScheduler(1);
        long work = 2L * components * (dimension + quadratics) * (source.batch() + target.batch());
        this.tiles = work >= WORTH_SHARING ? scheduler : alone;
        this.scratch = new Scratch[tiles.threads()];
        for (int w = 0; w < scratch.length; w++) {
            scratch[w] = new Scratch(rowStride, features, components);
        }
        // the matrix work of a full component is cubic in D, and components are independent
        this.componentTiles = full && dimension >= 24 ? scheduler : alone;
        this.shapes = new FullShape[full ? components : 0];
        for (int k = 0; k < shapes.length; k++) {
            shapes[k] = new FullShape(dimension);
        }
    }

    /** Floating-point multiply-adds of one step's products. */
    static long multiplyAdds(int components, int dimension, int sourceBatch, int targetBatch) {
        return 4L * components * dimension * ((long) sourceBatch + targetBatch);
    }

    /**
     * Sets the length that counts as 1, the entropic parameter in the caller's units and the learning rate, and takes parameters and
     * Adam's moments along: S, r and the potential epsilon log alpha stay what they are.
     */
    void setUnits(double length, double entropy, double rate) {
        learningRate = rate;
        double relative = entropy / length / length;
        if (length == unit && relative == epsilon) {
            return;
        }
        double grows = unit / length;
        double logAlpha = epsilon / relative * grows * grows;
        rescale(0, locationStart, logAlpha / weightUnit * weightUnit(relative));
        rescale(locationStart, shapeStart, grows);
        source.setUnit(length);
        target.setUnit(length);
        unit = length;
        epsilon = relative;
        weightUnit = weightUnit(epsilon);
        // epsilon S is a variance of the data's size, however large epsilon is
        leastLogScale = (float) (LEAST_LOG_SCALE - Math.max(0, StrictMath.log(epsilon)));
    }

    /** Epsilon as in the official code, within what {@link #MOST_WEIGHT_RATE} says. */
    private double weightUnit(double relativeEpsilon) {
        return Math.min(1, Math.max(relativeEpsilon, options.learningRate() / MOST_WEIGHT_RATE));
    }

    private void rescale(int from, int to, double factor) {
        for (int i = from; i < to; i++) {
            parameters[i] = (float) (parameters[i] * factor);
            // before the first step there are none, and the factor may be anything
            if (secondMoment[i] != 0) {
                firstMoment[i] = (float) (firstMoment[i] / factor);
                secondMoment[i] = (float) (secondMoment[i] / (factor * factor));
            }
        }
    }

    /** Does one step. The number of the step, from 0, chooses the minibatches. */
    void run(int step) {
        source.draw(step);
        target.draw(step);
        computeGradient();
        Adam.step(parameters, gradient, firstMoment, secondMoment, learningRate, step + 1L);
        keepInRange();
        for (int k = 0; k < components; k++) {
            usage[k] = (float) (USAGE_DECAY * usage[k] + (1 - USAGE_DECAY) * targetSide.sums.weights[k]);
        }
    }

    /** Sets the gradient of the loss on the drawn batches at the present parameters. */
    void computeGradient() {
        System.arraycopy(parameters, locationStart, location, 0, location.length);
        System.arraycopy(parameters, shapeStart, shape, 0, shape.length);
        componentTiles.run(components, coefficientTask);
        tiles.run(sourceTiles + targetTiles, sumTask);
        fold(0, sourceTiles, sourceSide.sums);
        fold(sourceTiles, targetTiles, targetSide.sums);
        componentTiles.run(components, gradientTask);
        for (int k = 0; k < components; k++) {
            gradient[k] = (float) ((sourceSide.sums.weights[k] - targetSide.sums.weights[k]) / weightUnit);
        }
        System.arraycopy(byLocation, 0, gradient, locationStart, byLocation.length);
        System.arraycopy(byShape, 0, gradient, shapeStart, byShape.length);
    }

    private void coefficients(int k) {
        double logAlpha = parameters[k] / weightUnit;
        double constant;
        if (full) {
            constant = shapes[k].coefficients(location, k * locationStride, shape, k * shapeStride, epsilon, sourceSide.slope,
                targetSide.slope, k * rowStride);
        } else {
            int at = k * locationStride;
            DiagonalMixture.coefficients(location, shape, at, locationStride, (float) epsilon, sourceSide.slope, sourceSide.curve,
                targetSide.slope, targetSide.curve, inverseScale, terms);
            constant = sum(terms, at, dimension);
        }
        sourceSide.bias[k] = (float) logAlpha;
        targetSide.bias[k] = (float) (logAlpha - 0.5 * constant);
    }

    /** Sums in float64, in four interleaved chains. */
    private static double sum(float[] values, int start, int count) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = start;
        for (; i <= start + count - 4; i += 4) {
            a += values[i];
            b += values[i + 1];
            c += values[i + 2];
            d += values[i + 3];
        }
        for (; i < start + count; i++) {
            a += values[i];
        }
        return a + b + (c + d);
    }

    private void sumTile(int tile, int worker) {
        Scratch s = scratch[worker];
        boolean isSource = tile < sourceTiles;
        TrainingPoints points = isSource ? source : target;
        Side side = isSource ? sourceSide : targetSide;
        int first = (isSource ? tile : tile - sourceTiles) * TILE;
        int count = Math.min(TILE, points.batch() - first);
        points.pack(first, s.rows, rowStride, s.columns, s.weights);
        for (int k = 0; k < components; k++) {
            Arrays.fill(s.logits, k * TILE, (k + 1) * TILE, side.bias[k]);
        }
        Sums sums = tileSums[tile];
        sums.clear();
        if (full) {
            PointTile.products(dimension, s.rows, rowStride, s.columns);
            MatrixProduct.accumulate(side.slope, 0, rowStride, 1, s.columns, 0, TILE, components, TILE, s.columns.length / TILE, s.logits,
                0,
                TILE);
            Responsibilities.softmax(s.logits, components, TILE, s.weights);
            MatrixProduct.accumulate(s.logits, 0, TILE, 1, s.rows, 0, rowStride, components, rowStride, count, sums.first, 0, rowStride);
        } else {
            DiagonalForms.forward(side.slope, side.curve, rowStride, components, dimension, s.columns, s.logits);
            Responsibilities.softmax(s.logits, components, TILE, s.weights);
            DiagonalForms.backward(s.logits, components, count, s.rows, rowStride, rowStride, sums.first, sums.second);
        }
        if (!sumsHoldWeights) {
            Responsibilities.addSums(s.logits, components, TILE, sums.weights, s.lanes);
        }
    }

    private void fold(int firstTile, int count, Sums total) {
        total.clear();
        for (int tile = firstTile; tile < firstTile + count; tile++) {
            total.add(tileSums[tile]);
        }
        for (int k = 0; k < components && sumsHoldWeights; k++) {
            total.weights[k] = total.first[k * rowStride + dimension];
        }
    }

    private void gradients(int k) {
        float weight = targetSide.sums.weights[k];
        if (full) {
            shapes[k].gradients(sourceSide.sums.first, targetSide.sums.first, k * rowStride, weight, location, k * locationStride, epsilon,
                byLocation, byShape, k * shapeStride);
        } else {
            DiagonalMixture.gradients(sourceSide.sums.first, sourceSide.sums.second, targetSide.sums.first, targetSide.sums.second, weight,
                location, inverseScale, k * locationStride, dimension, (float) epsilon, byLocation, byShape);
        }
    }

    /** Clamps scales, and removes the common constant of log alpha, which the loss does not see. */
    private void keepInRange() {
        float most = parameters[0];
        for (int k = 1; k < components; k++) {
            most = Math.max(most, parameters[k]);
        }
        for (int k = 0; k < components; k++) {
            parameters[k] -= most;
        }
        for (int k = 0; k < components; k++) {
            int at = shapeStart + k * shapeStride;
            if (full) {
                for (int i = 0; i < dimension; i++) {
                    int diagonal = at + i * (i + 1) / 2 + i;
                    parameters[diagonal] = Math.clamp(parameters[diagonal], leastLogScale / 2, MOST_LOG_SCALE / 2);
                }
            } else {
                for (int d = 0; d < dimension; d++) {
                    parameters[at + d] = Math.clamp(parameters[at + d], leastLogScale, MOST_LOG_SCALE);
                }
            }
        }
    }

    /** Replaces components that explain almost nothing by a half of the busiest one, shifted by a fraction of its spread. */
    void revive(long key, int step) {
        for (int k = 0; k < components; k++) {
            if (usage[k] >= 0.01f / components) {
                continue;
            }
            int busiest = 0;
            for (int j = 1; j < components; j++) {
                busiest = usage[j] > usage[busiest] ? j : busiest;
            }
            usage[busiest] *= 0.5f;
            usage[k] = usage[busiest];
            parameters[busiest] -= (float) (weightUnit * Math.log(2));
            split(busiest, k, 0, 1);
            split(busiest, k, locationStart, locationStride);
            split(busiest, k, shapeStart, shapeStride);
            for (int d = 0; d < dimension; d++) {
                float logScale = full ? 2 * parameters[shapeStart + k * shapeStride + d * (d + 1) / 2 + d] : parameters[shapeStart + k
                    * shapeStride + d];
                double deviation = Math.sqrt(epsilon * StrictMath.exp(logScale));
                long index = ((long) step * components + k) * dimension + d;
                parameters[locationStart + k * locationStride + d] += (float) (0.5 * deviation
                    * CounterRandom.normal(key, index));
            }
        }
    }

    /**
     * Gives a component the parameters of another, and both of them the moments of one that explains half as much. Without moments it would
     * take steps three to six times too long, since they are corrected for the number of all steps.
     */
    private void split(int from, int to, int start, int stride) {
        for (int i = start + from * stride; i < start + (from + 1) * stride; i++) {
            int other = i + (to - from) * stride;
            firstMoment[i] *= 0.5f;
            secondMoment[i] *= 0.25f;
            parameters[other] = parameters[i];
            firstMoment[other] = firstMoment[i];
            secondMoment[other] = secondMoment[i];
        }
    }

    /** Sets the parameters of one component. */
    void set(int k, double logWeight, double[] r, double[] scale) {
        parameters[k] = (float) (weightUnit * logWeight);
        for (int d = 0; d < dimension; d++) {
            parameters[locationStart + k * locationStride + d] = (float) (r[d] / unit);
        }
        int at = shapeStart + k * shapeStride;
        if (full) {
            FullShape.store(scale, dimension, parameters, at);
        } else {
            for (int d = 0; d < dimension; d++) {
                parameters[at + d] = (float) StrictMath.log(scale[d]);
            }
        }
    }

    /** Builds the bridge of the given parameters; alpha is normalised to sum to 1. */
    LightBridge bridge(float[] values, double[] sourceMean, double[] targetMean, double supportThreshold) {
        // epsilon log alpha stays the same where this step's epsilon is still above the one asked for
        double potential = epsilon * unit / options.epsilon() * unit / weightUnit;
        double[] logWeights = new double[components];
        double[] locations = new double[components * dimension];
        int perComponent = full ? dimension * dimension : dimension;
        double[] scales = new double[components * perComponent];
        for (int k = 0; k < components; k++) {
            logWeights[k] = potential * values[k];
            for (int d = 0; d < dimension; d++) {
                locations[k * dimension + d] = values[locationStart + k * locationStride + d] * unit;
            }
            int at = shapeStart + k * shapeStride;
            if (full) {
                FullShape.load(values, at, dimension, scales, k * perComponent);
            } else {
                for (int d = 0; d < dimension; d++) {
                    scales[k * dimension + d] = StrictMath.exp(values[at + d]);
                }
            }
        }
        double total = LightBridge.logSumExp(logWeights);
        for (int k = 0; k < components; k++) {
            logWeights[k] -= total;
        }
        LightBridge.Builder builder = full ? LightBridge.full(options.epsilon(), logWeights, locations, scales)
            : LightBridge.diagonal(options.epsilon(),
                logWeights, locations, scales);
        try {
            return builder.means(sourceMean, targetMean).supportThreshold(supportThreshold).build();
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("the fit diverged: " + e.getMessage() + "; lower the learning rate", e);
        }
    }
}
