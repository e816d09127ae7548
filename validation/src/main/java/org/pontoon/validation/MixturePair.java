package org.pontoon.validation;

import java.util.Arrays;

import org.ejml.data.DMatrixRMaj;
import org.pontoon.engine.bridge.BatchSource;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.internal.kernel.MatrixProduct;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.random.CounterRandom;

/**
 * A pair of distributions whose entropic plan and Schrödinger bridge are known: the construction of the entropic optimal transport
 * benchmark (Gushchin, Kolesov, Mokrov, Karpikova, Spiridonov, Burnaev, Korotin 2023, "Building the bridge of Schrödinger: a continuous
 * entropic optimal transport benchmark"), drawn from a seed instead of downloaded.
 *
 * <p>The source is N(0, I / 4). The Schrödinger potential is a mixture of five Gaussians of equal weight, p_n = 1/5, with means mu_n
 * uniform on the sphere of radius 5:
 *
 * <pre>
 *   phi(y) = sum_n p_n N(y | mu_n, Sigma_n)
 *   plan(y | x) = sum_n w_n(x) N(y | C_n (Sigma_n^-1 mu_n + x / epsilon), C_n),   C_n = (Sigma_n^-1 + I / epsilon)^-1
 *   w_n(x) proportional to p_n N(x | mu_n, Sigma_n + epsilon I)
 * </pre>
 *
 * <p>and the target is whatever the plan makes of the source. In the terms of the light bridge
 *
 * <pre>
 *   S_n = Sigma_n (Sigma_n + epsilon I)^-1,   r_n = epsilon (Sigma_n + epsilon I)^-1 mu_n
 *   log alpha_n = log p_n - (1/2) log det (I + Sigma_n / epsilon) - (1/2) mu_n' (Sigma_n + epsilon I)^-1 mu_n
 * </pre>
 *
 * <p>Draw n of a stream is a function of (seed, stream, n) alone, so any number of draws may be repeated, in any order, on any thread.
 * Streams of different numbers are independent, and so are the source, the target and the pairs of one stream. Immutable and safe for any
 * thread.
 */
public final class MixturePair {

    /** How the covariances of the potential's components are drawn. */
    public enum Difficulty {
        /** Sigma_n = 0.02 I: within the reach of diagonal S_k. */
        EASY,
        /** Sigma_n = Q_n diag(s_n) Q_n', Q_n a random rotation, s_n log-uniform in [0.01, 0.1]: out of reach of few diagonal S_k. */
        HARD
    }

    /**
     * Source and target points drawn together from the plan, row by row; closing frees both.
     *
     * @param source source points, shape (N, D)
     * @param target target points, shape (N, D)
     */
    public record Pairs(PointCloud source, PointCloud target) implements AutoCloseable {

        /** Frees both clouds. */
        @Override
        public void close() {
            source.close();
            target.close();
        }
    }

    /** Number of components of the potential. */
    public static final int COMPONENTS = 5;
    /** Variance of each coordinate of the source. */
    public static final double SOURCE_VARIANCE = 0.25;

    private static final double RADIUS = 5;
    private static final int BLOCK = 64;
    private static final int TILE = 4096;
    /** Draws of negative steps start here. */
    private static final long BEFORE_FIRST_STEP = 1L << 40;

    // what a key is for, under (seed, stream)
    private static final int PARAMETERS = 0;
    private static final int SOURCE = 1;
    private static final int TARGET = 2;
    private static final int PAIRS = 5;

    private final Difficulty difficulty;
    private final int dimension;
    private final double epsilon;
    private final long seed;
    private final double[] means;
    /** Sigma_n, (N, D, D). */
    private final double[] covariances;
    private final LightBridge bridge;
    // for drawing: parameters of the plan in the eigenbasis of Sigma_n
    private final int padded;
    private final double[] logWeights;
    private final double[] locations;
    private final double[] eigenvalues;
    /** Q_n side by side: row i holds row i of Q_0, Q_1, ..., each padded; null where S is a multiple of I. */
    private final float[] rotations;
    /** Q_n transposed, (N, D, D). */
    private final float[] transposed;

    private MixturePair(Difficulty difficulty, int dimension, double epsilon, long seed) {
        this.difficulty = difficulty;
        this.dimension = dimension;
        this.epsilon = epsilon;
        this.seed = seed;
        this.padded = (dimension + 15) / 16 * 16;
        this.means = new double[COMPONENTS * dimension];
        this.covariances = new double[COMPONENTS * dimension * dimension];
        this.logWeights = new double[COMPONENTS];
        this.locations = new double[COMPONENTS * dimension];
        this.eigenvalues = new double[COMPONENTS * dimension];
        boolean hard = difficulty == Difficulty.HARD;
        this.rotations = hard ? new float[dimension * COMPONENTS * padded] : null;
        this.transposed = hard ? new float[COMPONENTS * dimension * dimension] : null;
        double[] scales = new double[hard ? COMPONENTS * dimension * dimension : COMPONENTS * dimension];
        for (int n = 0; n < COMPONENTS; n++) {
            long parameters = CounterRandom.key(CounterRandom.key(seed, n), PARAMETERS);
            double[] mean = sphere(CounterRandom.key(parameters, 0));
            System.arraycopy(mean, 0, means, n * dimension, dimension);
            double[] sigma = new double[dimension];
            DMatrixRMaj q = Matrices.identity(dimension);
            if (hard) {
                q = rotation(CounterRandom.key(parameters, 1));
                for (int d = 0; d < dimension; d++) {
                    sigma[d] = 0.01 * Math.pow(10, CounterRandom.uniform(CounterRandom.key(parameters, 2), d));
                }
            } else {
                Arrays.fill(sigma, 0.02);
            }
            setComponent(n, mean, sigma, q, scales);
        }
        this.bridge = hard ? LightBridge.full(epsilon, logWeights, locations, scales).build()
            : LightBridge.diagonal(epsilon, logWeights, locations, scales).build();
    }

    private void setComponent(int n, double[] mean, double[] sigma, DMatrixRMaj q, double[] scales) {
        DMatrixRMaj qt = Matrices.transpose(q);
        double[] rotated = Matrices.multiply(qt, mean);
        double logWeight = -Math.log(COMPONENTS);
        double[] location = new double[dimension];
        for (int d = 0; d < dimension; d++) {
            logWeight -= 0.5 * (Math.log1p(sigma[d] / epsilon) + rotated[d] * rotated[d] / (sigma[d] + epsilon));
            eigenvalues[n * dimension + d] = sigma[d] / (sigma[d] + epsilon);
            location[d] = epsilon / (sigma[d] + epsilon) * rotated[d];
        }
        logWeights[n] = logWeight;
        System.arraycopy(Matrices.multiply(q, location), 0, locations, n * dimension, dimension);
        for (int i = 0; i < dimension; i++) {
            for (int j = 0; j < dimension; j++) {
                double covariance = 0;
                double scale = 0;
                for (int d = 0; d < dimension; d++) {
                    double product = q.get(i, d) * q.get(j, d);
                    covariance += product * sigma[d];
                    scale += product * eigenvalues[n * dimension + d];
                }
                covariances[(n * dimension + i) * dimension + j] = covariance;
                if (rotations == null) {
                    if (i == j) {
                        scales[n * dimension + i] = scale;
                    }
                } else {
                    scales[(n * dimension + i) * dimension + j] = scale;
                    rotations[(i * COMPONENTS + n) * padded + j] = (float) q.get(i, j);
                    transposed[(n * dimension + i) * dimension + j] = (float) qt.get(i, j);
                }
            }
        }
    }

    private double[] sphere(long key) {
        double[] point = new double[dimension];
        double norm = 0;
        for (int d = 0; d < dimension; d++) {
            point[d] = CounterRandom.normal(key, d);
            norm += point[d] * point[d];
        }
        for (int d = 0; d < dimension; d++) {
            point[d] *= RADIUS / Math.sqrt(norm);
        }
        return point;
    }

    /** A rotation (or reflection) of uniform law: Gram-Schmidt on the columns of a matrix of normals. */
    private DMatrixRMaj rotation(long key) {
        DMatrixRMaj q = new DMatrixRMaj(dimension, dimension);
        for (int j = 0; j < dimension; j++) {
            for (int i = 0; i < dimension; i++) {
                q.set(i, j, CounterRandom.normal(key, (long) j * dimension + i));
            }
            // twice, so that rounding does not tilt the columns
            for (int pass = 0; pass < 2; pass++) {
                for (int before = 0; before < j; before++) {
                    double dot = 0;
                    for (int i = 0; i < dimension; i++) {
                        dot += q.get(i, before) * q.get(i, j);
                    }
                    for (int i = 0; i < dimension; i++) {
                        q.add(i, j, -dot * q.get(i, before));
                    }
                }
            }
            double norm = 0;
            for (int i = 0; i < dimension; i++) {
                norm += q.get(i, j) * q.get(i, j);
            }
            for (int i = 0; i < dimension; i++) {
                q.set(i, j, q.get(i, j) / Math.sqrt(norm));
            }
        }
        return q;
    }

    /**
     * Draws a pair of distributions.
     *
     * @param difficulty shape of the potential's covariances
     * @param dimension number of coordinates D, at least 1
     * @param epsilon entropic parameter, positive
     * @param seed names the pair; the same means and rotations for every epsilon
     * @return the pair
     * @throws IllegalArgumentException if the dimension or epsilon is not positive
     */
    public static MixturePair of(Difficulty difficulty, int dimension, double epsilon, long seed) {
        if (dimension < 1) {
            throw new IllegalArgumentException("dimension is " + dimension + ", expected at least 1");
        }
        if (!(epsilon > 0) || epsilon == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("epsilon is " + epsilon + ", expected positive and finite");
        }
        return new MixturePair(difficulty, dimension, epsilon, seed);
    }

    /**
     * Returns the number of coordinates D.
     *
     * @return D
     */
    public int dimension() {
        return dimension;
    }

    /**
     * Returns the entropic parameter.
     *
     * @return epsilon
     */
    public double epsilon() {
        return epsilon;
    }

    /**
     * Returns the difficulty.
     *
     * @return easy or hard
     */
    public Difficulty difficulty() {
        return difficulty;
    }

    /**
     * Returns the exact solution. Its conditional means and covariances are those of the plan.
     *
     * @return the bridge of five components, diagonal for the easy pair and full for the hard one
     */
    public LightBridge bridge() {
        return bridge;
    }

    /**
     * Returns the mean of one component of the potential.
     *
     * @param component n, from 0
     * @return mu_n, D values
     */
    public double[] potentialMean(int component) {
        return Arrays.copyOfRange(means, component * dimension, (component + 1) * dimension);
    }

    /**
     * Returns the covariance of one component of the potential.
     *
     * @param component n, from 0
     * @return Sigma_n, shape (D, D)
     */
    public double[] potentialCovariance(int component) {
        return Arrays.copyOfRange(covariances, component * dimension * dimension, (component + 1) * dimension * dimension);
    }

    /**
     * Draws from the source.
     *
     * @param stream number of the stream
     * @param count number of points, at least 1
     * @return draws 0 to count - 1 of the stream
     */
    public PointCloud source(long stream, int count) {
        return cloud(sourceBatches(stream), count);
    }

    /**
     * Draws from the target, independently of {@link #source(long, int)}: a hidden source point each, then the plan.
     *
     * @param stream number of the stream
     * @param count number of points, at least 1
     * @return draws 0 to count - 1 of the stream
     */
    public PointCloud target(long stream, int count) {
        return cloud(targetBatches(stream), count);
    }

    /**
     * Draws from the plan.
     *
     * @param stream number of the stream
     * @param count number of pairs, at least 1
     * @return draws 0 to count - 1 of the stream
     */
    public Pairs pairs(long stream, int count) {
        PointCloud source = PointCloud.allocate(count, dimension);
        PointCloud target = PointCloud.allocate(count, dimension);
        Draws draws = new Draws(stream, PAIRS);
        float[] x = new float[BLOCK * dimension];
        float[] y = new float[BLOCK * dimension];
        for (int first = 0; first < count; first += BLOCK) {
            int rows = Math.min(BLOCK, count - first);
            draws.fillPairs(first, rows, x, y);
            for (int n = 0; n < rows; n++) {
                source.setPoint(first + n, x, n * dimension);
                target.setPoint(first + n, y, n * dimension);
            }
        }
        return new Pairs(source, target);
    }

    /**
     * Returns an endless stream of source batches for training.
     *
     * @param stream number of the stream
     * @return the stream; one thread at a time
     */
    public Batches sourceBatches(long stream) {
        return new Batches(stream, false);
    }

    /**
     * Returns an endless stream of target batches for training.
     *
     * @param stream number of the stream
     * @return the stream; one thread at a time
     */
    public Batches targetBatches(long stream) {
        return new Batches(stream, true);
    }

    private PointCloud cloud(Batches batches, int count) {
        PointCloud cloud = PointCloud.allocate(count, dimension);
        float[] rows = new float[BLOCK * dimension];
        for (int first = 0; first < count; first += BLOCK) {
            int n = Math.min(BLOCK, count - first);
            batches.fillFrom(first, n, rows);
            for (int i = 0; i < n; i++) {
                cloud.setPoint(first + i, rows, i * dimension);
            }
        }
        return cloud;
    }

    /**
     * Estimates the total variance of the target, the trace of its covariance.
     *
     * @param stream number of the stream of targets
     * @param draws number of draws, at least 2
     * @param scheduler runs the tiles
     * @return E |y - E y|^2 with its standard error
     */
    public Estimate targetVariance(long stream, int draws, TileScheduler scheduler) {
        double[] origin = new double[dimension];
        try (PointCloud first = target(stream, Math.min(draws, TILE))) {
            float[] row = new float[dimension];
            for (int n = 0; n < first.size(); n++) {
                first.copyPoint(n, row, 0);
                for (int d = 0; d < dimension; d++) {
                    origin[d] += row[d] / first.size();
                }
            }
        }
        int tiles = (draws + TILE - 1) / TILE;
        double[][] sums = new double[tiles][dimension];
        Estimate.Mean[] squares = new Estimate.Mean[tiles];
        scheduler.run(tiles, (tile, worker) -> {
            Batches batches = targetBatches(stream);
            float[] rows = new float[BLOCK * dimension];
            Estimate.Mean mean = new Estimate.Mean();
            int end = Math.min(draws, (tile + 1) * TILE);
            for (int at = tile * TILE; at < end; at += BLOCK) {
                int count = Math.min(BLOCK, end - at);
                batches.fillFrom(at, count, rows);
                for (int n = 0; n < count; n++) {
                    double square = 0;
                    for (int d = 0; d < dimension; d++) {
                        double gap = rows[n * dimension + d] - origin[d];
                        sums[tile][d] += gap;
                        square += gap * gap;
                    }
                    mean.add(square);
                }
            }
            squares[tile] = mean;
        });
        Estimate.Mean total = new Estimate.Mean();
        double[] sum = new double[dimension];
        for (int tile = 0; tile < tiles; tile++) {
            total.add(squares[tile]);
            for (int d = 0; d < dimension; d++) {
                sum[d] += sums[tile][d];
            }
        }
        double variance = total.value();
        for (double s : sum) {
            variance -= s / draws * (s / draws);
        }
        return new Estimate(variance, total.estimate().standardError());
    }

    /**
     * Estimates the divergence of a model from the truth on pairs drawn from the plan: the mean of log plan(y | x) - log model(y | x). It
     * equals the model's training objective less its least value, and the divergence of the processes.
     *
     * @param model a bridge in D dimensions
     * @param stream number of the stream of pairs
     * @param draws number of pairs, at least 2
     * @param scheduler runs the tiles
     * @return KL(plan || model) with its standard error
     * @throws IllegalArgumentException if the model has another dimension
     */
    public Estimate divergence(LightBridge model, long stream, int draws, TileScheduler scheduler) {
        checkModel(model);
        return overPairs(stream, draws, scheduler, (index, x, y) -> bridge.planLogDensity(x, y) - model.planLogDensity(x, y));
    }

    /**
     * Estimates the divergence of a model's process from the true one along the true paths: by Girsanov's theorem the integral over [0, 1]
     * of E |g(X_t, t) - g_model(X_t, t)|^2 / (2 epsilon), each draw at one uniform time. It equals {@link #divergence} up to the two
     * standard errors.
     *
     * @param model a bridge in D dimensions of the same epsilon
     * @param stream number of the stream of pairs
     * @param draws number of pairs, at least 2
     * @param scheduler runs the tiles
     * @return KL(process || process of the model) with its standard error
     * @throws IllegalArgumentException if the model has another dimension or epsilon
     */
    public Estimate pathDivergence(LightBridge model, long stream, int draws, TileScheduler scheduler) {
        checkModel(model);
        if (model.epsilon() != epsilon) {
            throw new IllegalArgumentException("the model has epsilon " + model.epsilon() + ", expected " + epsilon);
        }
        long times = key(stream, PAIRS + 3);
        long noise = key(stream, PAIRS + 4);
        return overPairs(stream, draws, scheduler, (index, x, y) -> {
            double t = CounterRandom.uniform(times, index);
            double[] at = new double[dimension];
            for (int d = 0; d < dimension; d++) {
                at[d] = (1 - t) * x[d] + t * y[d] + Math.sqrt(epsilon * t * (1 - t)) * CounterRandom.normal(noise, index * dimension + d);
            }
            double[] truth = bridge.drift(at, t);
            double[] other = model.drift(at, t);
            double sum = 0;
            for (int d = 0; d < dimension; d++) {
                sum += (truth[d] - other[d]) * (truth[d] - other[d]);
            }
            return sum / (2 * epsilon);
        });
    }

    private void checkModel(LightBridge model) {
        if (model.dimension() != dimension) {
            throw new IllegalArgumentException("the model has dimension " + model.dimension() + ", expected " + dimension);
        }
    }

    private interface PairFunction {

        double of(long index, double[] x, double[] y);
    }

    private Estimate overPairs(long stream, int count, TileScheduler scheduler, PairFunction f) {
        int tiles = (count + TILE / 16 - 1) / (TILE / 16);
        Estimate.Mean[] parts = new Estimate.Mean[tiles];
        scheduler.run(tiles, (tile, worker) -> {
            Draws draws = new Draws(stream, PAIRS);
            float[] xs = new float[BLOCK * dimension];
            float[] ys = new float[BLOCK * dimension];
            double[] x = new double[dimension];
            double[] y = new double[dimension];
            Estimate.Mean mean = new Estimate.Mean();
            int end = Math.min(count, (tile + 1) * (TILE / 16));
            for (int at = tile * (TILE / 16); at < end; at += BLOCK) {
                int rows = Math.min(BLOCK, end - at);
                draws.fillPairs(at, rows, xs, ys);
                for (int n = 0; n < rows; n++) {
                    for (int d = 0; d < dimension; d++) {
                        x[d] = xs[n * dimension + d];
                        y[d] = ys[n * dimension + d];
                    }
                    mean.add(f.of(at + n, x, y));
                }
            }
            parts[tile] = mean;
        });
        Estimate.Mean total = new Estimate.Mean();
        for (Estimate.Mean part : parts) {
            total.add(part);
        }
        return total.estimate();
    }

    private long key(long stream, int purpose) {
        return CounterRandom.key(CounterRandom.key(seed, stream), purpose);
    }

    /** An endless stream of batches, one side of the pair. Holds scratch: one thread at a time. */
    public final class Batches implements BatchSource {

        private final boolean targets;
        private final Draws draws;
        private float[] hidden = new float[0];

        private Batches(long stream, boolean targets) {
            this.targets = targets;
            this.draws = new Draws(stream, targets ? TARGET : SOURCE);
        }

        /**
         * Fills one batch: draws step * count to step * count + count - 1 of the stream. Batches of negative steps are of their own.
         *
         * @param step number of the batch
         * @param count its number of points
         * @param rows receives the points, shape (count, D) row-major
         */
        @Override
        public void fill(long step, int count, float[] rows) {
            fillFrom(step < 0 ? BEFORE_FIRST_STEP * -step : step * count, count, rows);
        }

        private void fillFrom(long first, int count, float[] rows) {
            if (!targets) {
                draws.fillSource(first, count, rows);
                return;
            }
            if (hidden.length < count * dimension) {
                hidden = new float[count * dimension];
            }
            draws.fillPairs(first, count, hidden, rows);
        }
    }

    /** Draws of one stream for one purpose: its keys and scratch. */
    private final class Draws {

        private final CounterRandom random = new CounterRandom();
        private final int normals = (dimension + CounterRandom.NORMAL_BLOCK - 1) / CounterRandom.NORMAL_BLOCK * CounterRandom.NORMAL_BLOCK;
        private final long sourceKey;
        private final long componentKey;
        private final long noiseKey;
        private final float[] noise = new float[BLOCK * normals];
        private final float[] rotated = rotations == null ? null : new float[BLOCK * COMPONENTS * padded];
        private final float[] sum = new float[dimension];
        private final double[] logits = new double[COMPONENTS];

        Draws(long stream, int purpose) {
            this.sourceKey = key(stream, purpose);
            this.componentKey = key(stream, purpose + 1);
            this.noiseKey = key(stream, purpose + 2);
        }

        void fillSource(long first, int count, float[] rows) {
            float deviation = (float) Math.sqrt(SOURCE_VARIANCE);
            for (int from = 0; from < count; from += BLOCK) {
                int block = Math.min(BLOCK, count - from);
                random.fillNormals(sourceKey, (first + from) * normals, noise, 0, block * normals);
                for (int n = 0; n < block; n++) {
                    for (int d = 0; d < dimension; d++) {
                        rows[(from + n) * dimension + d] = deviation * noise[n * normals + d];
                    }
                }
            }
        }

        void fillPairs(long first, int count, float[] x, float[] y) {
            fillSource(first, count, x);
            for (int from = 0; from < count; from += BLOCK) {
                int block = Math.min(BLOCK, count - from);
                random.fillNormals(noiseKey, (first + from) * normals, noise, 0, block * normals);
                if (rotated != null) {
                    Arrays.fill(rotated, 0);
                    MatrixProduct.accumulate(x, from * dimension, dimension, 1, rotations, 0, COMPONENTS * padded, block,
                        COMPONENTS * padded,
                        dimension, rotated, 0, COMPONENTS * padded);
                }
                for (int n = 0; n < block; n++) {
                    int component = component(x, (from + n) * dimension, n, CounterRandom.uniform(componentKey, first + from + n));
                    conditional(component, x, y, (from + n) * dimension, n);
                }
            }
        }

        private int component(float[] x, int at, int n, double uniform) {
            double most = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < COMPONENTS; k++) {
                double quadratic = rotated == null ? form(k, x, at) : form(k, rotated, (n * COMPONENTS + k) * padded);
                double linear = product(k, x, at);
                logits[k] = logWeights[k] + (quadratic + 2 * linear) / (2 * epsilon);
                most = Math.max(most, logits[k]);
            }
            double total = 0;
            for (int k = 0; k < COMPONENTS; k++) {
                // StrictMath: the same component on every machine
                logits[k] = StrictMath.exp(logits[k] - most);
                total += logits[k];
            }
            double rest = uniform * total;
            int k = 0;
            while (k < COMPONENTS - 1 && rest >= logits[k]) {
                rest -= logits[k];
                k++;
            }
            return k;
        }

        // Four chains of additions each: one would wait for its own last sum.

        /** sum_d s_d u_d^2 of component k. */
        private double form(int k, float[] u, int at) {
            double a = 0;
            double b = 0;
            double c = 0;
            double e = 0;
            int d = 0;
            for (int i = k * dimension; d + 4 <= dimension; d += 4, i += 4) {
                a += eigenvalues[i] * u[at + d] * u[at + d];
                b += eigenvalues[i + 1] * u[at + d + 1] * u[at + d + 1];
                c += eigenvalues[i + 2] * u[at + d + 2] * u[at + d + 2];
                e += eigenvalues[i + 3] * u[at + d + 3] * u[at + d + 3];
            }
            for (; d < dimension; d++) {
                a += eigenvalues[k * dimension + d] * u[at + d] * u[at + d];
            }
            return a + b + (c + e);
        }

        /** r_k' x. */
        private double product(int k, float[] x, int at) {
            double a = 0;
            double b = 0;
            double c = 0;
            double e = 0;
            int d = 0;
            for (int i = k * dimension; d + 4 <= dimension; d += 4, i += 4) {
                a += locations[i] * x[at + d];
                b += locations[i + 1] * x[at + d + 1];
                c += locations[i + 2] * x[at + d + 2];
                e += locations[i + 3] * x[at + d + 3];
            }
            for (; d < dimension; d++) {
                a += locations[k * dimension + d] * x[at + d];
            }
            return a + b + (c + e);
        }

        /** y = r + Q (s u + sqrt(epsilon s) z), u = Q'x. */
        private void conditional(int k, float[] x, float[] y, int at, int n) {
            if (rotated == null) {
                for (int d = 0; d < dimension; d++) {
                    double s = eigenvalues[k * dimension + d];
                    y[at + d] = (float) (locations[k * dimension + d] + s * x[at + d] + Math.sqrt(epsilon * s) * noise[n * normals + d]);
                }
                return;
            }
            for (int d = 0; d < dimension; d++) {
                sum[d] = (float) locations[k * dimension + d];
            }
            for (int j = 0; j < dimension; j++) {
                double s = eigenvalues[k * dimension + j];
                float weight = (float) (s * rotated[(n * COMPONENTS + k) * padded + j] + Math.sqrt(epsilon * s) * noise[n * normals + j]);
                int row = (k * dimension + j) * dimension;
                for (int d = 0; d < dimension; d++) {
                    sum[d] += weight * transposed[row + d];
                }
            }
            System.arraycopy(sum, 0, y, at, dimension);
        }
    }

    @Override
    public String toString() {
        return "MixturePair[" + difficulty + ", D=" + dimension + ", epsilon=" + epsilon + ", seed=" + seed + "]";
    }
}
