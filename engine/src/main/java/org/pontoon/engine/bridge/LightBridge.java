package org.pontoon.engine.bridge;

import java.util.Arrays;
import java.util.Objects;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * A light Schrödinger bridge: the stochastic process between two clouds whose adjusted potential is a Gaussian mixture (Korotin, Gushchin,
 * Burnaev 2024, "Light Schrödinger Bridge").
 *
 * <p>With source points x, target points y and the entropic parameter epsilon (the variance of the Wiener prior over the time interval
 * [0, 1]) the model is
 *
 * <pre>
 *   v(y)      = sum_k alpha_k N(y | r_k, epsilon S_k)                                   adjusted potential, eq. 8
 *   pi(y | x) = exp(&lt;x, y&gt; / epsilon) v(y) / c(x)
 *             = sum_k w_k(x) N(y | r_k + S_k x, epsilon S_k)                            conditional plan, eq. 9
 *   log w_k(x) = log alpha_k + (x' S_k x + 2 r_k' x) / (2 epsilon) - log c(x)
 * </pre>
 *
 * <p>Parameters are kept in coordinates in which the source is shifted by {@link #sourceMean()} and the target by {@link #targetMean()}; a
 * plan does not change under such a shift, and float32 arithmetic is far better off. Points that go in and come out are always in the
 * caller's coordinates, and so are {@link #logNormalizer(double[])} and {@link #logPotential(double[])}.
 *
 * <p>This class answers for single points, in float64, from the formulas as they stand: it is the truth that the float32 kernels of
 * {@link BridgeSampler} are tested against. Clouds go through {@link BridgeTransport}. A point that is not finite, or so far away that its
 * squares overflow float64, is refused with an {@link IllegalArgumentException}. A bridge is immutable and safe for any thread.
 */
public final class LightBridge {

    private final double epsilon;
    private final Covariance covariance;
    private final int components;
    private final int dimension;
    private final double[] logWeights;
    private final double[] locations;
    private final double[] scales;
    private final double[] sourceMean;
    private final double[] targetMean;
    private final double supportThreshold;
    /** Eigenvalues of S_k, (K, D); the diagonal itself for diagonal S. */
    private final double[] eigenvalues;
    /** Eigenvectors of S_k as columns, (K, D, D); null for diagonal S. */
    private final double[] eigenvectors;

    private LightBridge(Builder b) {
        this.epsilon = b.epsilon;
        this.covariance = b.covariance;
        this.components = b.logWeights.length;
        this.dimension = b.locations.length / Math.max(1, components);
        this.logWeights = b.logWeights.clone();
        this.locations = b.locations.clone();
        this.scales = b.scales.clone();
        this.sourceMean = b.sourceMean == null ? new double[dimension] : b.sourceMean.clone();
        this.targetMean = b.targetMean == null ? new double[dimension] : b.targetMean.clone();
        this.supportThreshold = b.supportThreshold;
        check();
        if (covariance == Covariance.DIAGONAL) {
            this.eigenvalues = scales;
            this.eigenvectors = null;
        } else {
            int square = dimension * dimension;
            this.eigenvalues = new double[components * dimension];
            this.eigenvectors = new double[components * square];
            double[] values = new double[dimension];
            double[] vectors = new double[square];
            for (int k = 0; k < components; k++) {
                SymmetricEigen.decompose(Arrays.copyOfRange(scales, k * square, (k + 1) * square), dimension, vectors, values);
                System.arraycopy(values, 0, eigenvalues, k * dimension, dimension);
                System.arraycopy(vectors, 0, eigenvectors, k * square, square);
            }
        }
        for (int i = 0; i < eigenvalues.length; i++) {
            if (!(eigenvalues[i] > 0) || eigenvalues[i] == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException("component " + i / dimension + " has an S with eigenvalue " + eigenvalues[i]
                    + ", expected positive and finite");
            }
        }
    }

    private void check() {
        if (!(epsilon > 0) || epsilon == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("epsilon is " + epsilon + ", expected positive and finite");
        }
        if (components < 1) {
            throw new IllegalArgumentException("the bridge has no components, expected at least 1");
        }
        if (dimension < 1 || locations.length != components * dimension) {
            throw new IllegalArgumentException("locations has " + locations.length + " values, expected a multiple of the " + components
                + " components");
        }
        int perComponent = covariance == Covariance.DIAGONAL ? dimension : dimension * dimension;
        if (scales.length != components * perComponent) {
            throw new IllegalArgumentException("scales has " + scales.length + " values, expected " + components + " x " + perComponent);
        }
        if (sourceMean.length != dimension || targetMean.length != dimension) {
            throw new IllegalArgumentException("means have " + sourceMean.length + " and " + targetMean.length + " values, expected "
                + dimension);
        }
        requireFinite(logWeights, "log weights");
        requireFinite(locations, "locations");
        requireFinite(scales, "scales");
        requireFinite(sourceMean, "source mean");
        requireFinite(targetMean, "target mean");
        if (Double.isNaN(supportThreshold)) {
            throw new IllegalArgumentException("support threshold is NaN");
        }
        if (covariance == Covariance.FULL) {
            for (int k = 0; k < components; k++) {
                for (int i = 0; i < dimension; i++) {
                    for (int j = 0; j < i; j++) {
                        double a = scales[(k * dimension + i) * dimension + j];
                        double b = scales[(k * dimension + j) * dimension + i];
                        if (Math.abs(a - b) > 1e-6 * (Math.abs(a) + Math.abs(b))) {
                            throw new IllegalArgumentException("S of component " + k + " is not symmetric: " + a + " and " + b + " at (" + i
                                + ", " + j + ")");
                        }
                    }
                }
            }
        }
    }

    private static void requireFinite(double[] values, String name) {
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new IllegalArgumentException(name + " holds " + values[i] + " at index " + i + ", expected finite values");
            }
        }
    }

    /**
     * Starts a bridge with diagonal matrices S_k.
     *
     * @param epsilon entropic parameter, positive
     * @param logWeights log alpha_k, K values; a common constant does not change the bridge
     * @param locations r_k, shape (K, D) row-major
     * @param scales the diagonals of S_k, shape (K, D) row-major, positive
     * @return a builder
     */
    public static Builder diagonal(double epsilon, double[] logWeights, double[] locations, double[] scales) {
        return new Builder(epsilon, Covariance.DIAGONAL, logWeights, locations, scales);
    }

    /**
     * Starts a bridge with full matrices S_k.
     *
     * @param epsilon entropic parameter, positive
     * @param logWeights log alpha_k, K values; a common constant does not change the bridge
     * @param locations r_k, shape (K, D) row-major
     * @param scales S_k, shape (K, D, D) row-major, symmetric positive definite
     * @return a builder
     */
    public static Builder full(double epsilon, double[] logWeights, double[] locations, double[] scales) {
        return new Builder(epsilon, Covariance.FULL, logWeights, locations, scales);
    }

    /** Collects the parts of a bridge. Arrays are copied by {@link #build()}. */
    public static final class Builder {

        private final double epsilon;
        private final Covariance covariance;
        private final double[] logWeights;
        private final double[] locations;
        private final double[] scales;
        private double[] sourceMean;
        private double[] targetMean;
        private double supportThreshold = Double.POSITIVE_INFINITY;

        private Builder(double epsilon, Covariance covariance, double[] logWeights, double[] locations, double[] scales) {
            this.epsilon = epsilon;
            this.covariance = covariance;
            this.logWeights = Objects.requireNonNull(logWeights, "logWeights");
            this.locations = Objects.requireNonNull(locations, "locations");
            this.scales = Objects.requireNonNull(scales, "scales");
        }

        /**
         * Says where the parameters' coordinates have their origins (default: zero).
         *
         * @param source subtracted from source points, D values
         * @param target subtracted from target points, D values
         * @return this builder
         */
        public Builder means(double[] source, double[] target) {
            this.sourceMean = source;
            this.targetMean = target;
            return this;
        }

        /**
         * Sets the value of {@link LightBridge#supportScore(double[])} above which a source point counts as out of support.
         *
         * @param threshold the highest score within the support; infinity (the default) admits every point
         * @return this builder
         */
        public Builder supportThreshold(double threshold) {
            this.supportThreshold = threshold;
            return this;
        }

        /**
         * Builds the bridge.
         *
         * @return the bridge
         * @throws IllegalArgumentException if a shape, a number or the definiteness of an S_k is wrong
         */
        public LightBridge build() {
            return new LightBridge(this);
        }
    }

    /**
     * Returns the entropic parameter.
     *
     * @return epsilon, the Wiener variance over [0, 1]
     */
    public double epsilon() {
        return epsilon;
    }

    /**
     * Returns the shape of the matrices S_k.
     *
     * @return diagonal or full
     */
    public Covariance covariance() {
        return covariance;
    }

    /**
     * Returns the number of components K.
     *
     * @return K
     */
    public int components() {
        return components;
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
     * Returns log alpha_k in centred coordinates.
     *
     * @return a copy, K values
     */
    public double[] logWeights() {
        return logWeights.clone();
    }

    /**
     * Returns r_k in centred coordinates.
     *
     * @return a copy, shape (K, D)
     */
    public double[] locations() {
        return locations.clone();
    }

    /**
     * Returns S_k.
     *
     * @return a copy, shape (K, D) for diagonal and (K, D, D) for full covariance
     */
    public double[] scales() {
        return scales.clone();
    }

    /**
     * Returns the origin of the source coordinates.
     *
     * @return a copy, D values
     */
    public double[] sourceMean() {
        return sourceMean.clone();
    }

    /**
     * Returns the origin of the target coordinates.
     *
     * @return a copy, D values
     */
    public double[] targetMean() {
        return targetMean.clone();
    }

    /**
     * Returns the highest {@link #supportScore(double[])} within the support.
     *
     * @return the threshold; infinity where none was learnt
     */
    public double supportThreshold() {
        return supportThreshold;
    }

    /**
     * Returns the bridge at one time: drift, potential and responsibilities there.
     *
     * @param t time in [0, 1]
     * @return the slice, immutable
     * @throws IllegalArgumentException if t lies outside [0, 1]
     */
    public BridgeSlice at(double t) {
        return new BridgeSlice(this, t);
    }

    /**
     * Returns log c(x), the log-normaliser of the conditional plan.
     *
     * @param x source point, D values
     * @return log c(x)
     */
    public double logNormalizer(double[] x) {
        double[] centred = centre(x, sourceMean, "x");
        return logSumExp(planLogits(centred)) + (dot(centred, targetMean) + dot(sourceMean, targetMean)) / epsilon;
    }

    /**
     * Returns log v(y), the logarithm of the adjusted potential: a mixture of normalised Gaussian densities with unnormalised weights.
     *
     * @param y target point, D values
     * @return log v(y)
     */
    public double logPotential(double[] y) {
        double[] centred = centre(y, targetMean, "y");
        double[] logits = new double[components];
        double[] difference = new double[dimension];
        double[] rotated = new double[dimension];
        for (int k = 0; k < components; k++) {
            for (int d = 0; d < dimension; d++) {
                difference[d] = centred[d] - locations[k * dimension + d];
            }
            logits[k] = logWeights[k] + logGaussian(k, difference, rotated);
        }
        return logSumExp(requireFinite(logits)) - dot(sourceMean, centred) / epsilon;
    }

    /**
     * Returns the responsibilities of the components for a source point: the mixture weights of its conditional plan.
     *
     * @param x source point, D values
     * @return w_k(x), K values that sum to 1
     */
    public double[] planWeights(double[] x) {
        return softmax(planLogits(centre(x, sourceMean, "x")));
    }

    /**
     * Returns the mean of the conditional plan, the barycentric map.
     *
     * @param x source point, D values
     * @return E[y | x], D values
     */
    public double[] conditionalMean(double[] x) {
        double[] centred = centre(x, sourceMean, "x");
        double[] weights = softmax(planLogits(centred));
        double[] mean = new double[dimension];
        double[] component = new double[dimension];
        for (int k = 0; k < components; k++) {
            componentMean(k, centred, component);
            for (int d = 0; d < dimension; d++) {
                mean[d] += weights[k] * component[d];
            }
        }
        for (int d = 0; d < dimension; d++) {
            mean[d] += targetMean[d];
        }
        return mean;
    }

    /**
     * Returns the covariance of the conditional plan.
     *
     * @param x source point, D values
     * @return Cov[y | x], shape (D, D) row-major
     */
    public double[] conditionalCovariance(double[] x) {
        double[] centred = centre(x, sourceMean, "x");
        double[] weights = softmax(planLogits(centred));
        double[][] means = new double[components][dimension];
        double[] mean = new double[dimension];
        for (int k = 0; k < components; k++) {
            componentMean(k, centred, means[k]);
            for (int d = 0; d < dimension; d++) {
                mean[d] += weights[k] * means[k][d];
            }
        }
        double[] result = new double[dimension * dimension];
        for (int k = 0; k < components; k++) {
            if (weights[k] == 0) {
                continue;
            }
            for (int i = 0; i < dimension; i++) {
                double u = weights[k] * (means[k][i] - mean[i]);
                for (int j = 0; j < dimension; j++) {
                    result[i * dimension + j] += u * (means[k][j] - mean[j]);
                }
                if (covariance == Covariance.DIAGONAL) {
                    result[i * dimension + i] += weights[k] * epsilon * scales[k * dimension + i];
                } else {
                    for (int j = 0; j < dimension; j++) {
                        result[i * dimension + j] += weights[k] * epsilon * scales[(k * dimension + i) * dimension + j];
                    }
                }
            }
        }
        return result;
    }

    /**
     * Returns the log-density of the conditional plan, in the mixture form that does not cancel.
     *
     * @param x source point, D values
     * @param y target point, D values
     * @return log pi(y | x)
     */
    public double planLogDensity(double[] x, double[] y) {
        double[] cx = centre(x, sourceMean, "x");
        double[] cy = centre(y, targetMean, "y");
        double[] logits = planLogits(cx);
        double logNormalizer = logSumExp(logits);
        double[] difference = new double[dimension];
        double[] rotated = new double[dimension];
        for (int k = 0; k < components; k++) {
            componentMean(k, cx, difference);
            for (int d = 0; d < dimension; d++) {
                difference[d] = cy[d] - difference[d];
            }
            logits[k] += logGaussian(k, difference, rotated);
        }
        return logSumExp(requireFinite(logits)) - logNormalizer;
    }

    /**
     * Returns the drift of the bridge, g(x, t), in the form of one softmax without a division by 1 - t.
     *
     * @param x position, D values
     * @param t time in [0, 1]
     * @return the drift, D values
     */
    public double[] drift(double[] x, double t) {
        return at(t).drift(x);
    }

    /**
     * Returns how far outside the source cloud a point lies: log c(x) in centred coordinates. It is convex in x and rises without bound in
     * every direction, so the points that score at most a given value form a bounded convex region. Outside the region of the training cloud
     * one component wins and its affine map extrapolates.
     *
     * @param x source point, D values
     * @return the score; higher is further out
     */
    public double supportScore(double[] x) {
        return logSumExp(planLogits(centre(x, sourceMean, "x")));
    }

    /**
     * Tells whether a source point scores above the threshold that was learnt from the training cloud.
     *
     * @param x source point, D values
     * @return true if its score lies above {@link #supportThreshold()}
     */
    public boolean isOutOfSupport(double[] x) {
        return supportScore(x) > supportThreshold;
    }

    /**
     * Evaluates the training objective and what follows from it, in float64, on all points of two clouds (weighted where they have
     * weights).
     *
     * @param source source cloud, dimension D
     * @param target target cloud, dimension D
     * @param scheduler runs the tiles
     * @return objective and bounds
     * @throws IllegalArgumentException if a dimension differs or a value is not finite
     */
    public BridgeObjective objective(PointCloud source, PointCloud target, TileScheduler scheduler) {
        return BridgeObjective.of(this, source, target, scheduler);
    }

    // What follows works in centred coordinates.

    /** Writes S-eigenbasis coordinates of a vector; for diagonal S the vector itself. */
    void rotate(int k, double[] vector, double[] rotated) {
        if (eigenvectors == null) {
            System.arraycopy(vector, 0, rotated, 0, dimension);
            return;
        }
        int base = k * dimension * dimension;
        for (int j = 0; j < dimension; j++) {
            rotated[j] = 0;
        }
        for (int i = 0; i < dimension; i++) {
            double v = vector[i];
            for (int j = 0; j < dimension; j++) {
                rotated[j] += eigenvectors[base + i * dimension + j] * v;
            }
        }
    }

    /** Adds scale times the vector with the given S-eigenbasis coordinates. */
    void addUnrotated(int k, double[] rotated, double scale, double[] sum) {
        if (eigenvectors == null) {
            for (int d = 0; d < dimension; d++) {
                sum[d] += scale * rotated[d];
            }
            return;
        }
        int base = k * dimension * dimension;
        for (int i = 0; i < dimension; i++) {
            double s = 0;
            for (int j = 0; j < dimension; j++) {
                s += eigenvectors[base + i * dimension + j] * rotated[j];
            }
            sum[i] += scale * s;
        }
    }

    double eigenvalue(int k, int d) {
        return eigenvalues[k * dimension + d];
    }

    /** Element (i, j) of a matrix function of S_k, given its eigenvalues. */
    double spectral(int k, int i, int j, double[] values) {
        if (eigenvectors == null) {
            return i == j ? values[i] : 0;
        }
        int base = k * dimension * dimension;
        double s = 0;
        for (int d = 0; d < dimension; d++) {
            s += eigenvectors[base + i * dimension + d] * values[d] * eigenvectors[base + j * dimension + d];
        }
        return s;
    }

    double location(int k, int d) {
        return locations[k * dimension + d];
    }

    double logWeight(int k) {
        return logWeights[k];
    }

    double sourceMean(int d) {
        return sourceMean[d];
    }

    double targetMean(int d) {
        return targetMean[d];
    }

    private double[] planLogits(double[] centred) {
        double[] logits = new double[components];
        planLogits(centred, logits, new double[dimension]);
        return requireFinite(logits);
    }

    /** Refuses a point whose logits overflow: even the largest numbers have an end. */
    static double[] requireFinite(double[] logits) {
        for (double l : logits) {
            if (!Double.isFinite(l)) {
                throw new IllegalArgumentException("the point is so far away that its answer overflows");
            }
        }
        return logits;
    }

    /** Writes the logits of the plan's weights, with scratch of D values. */
    void planLogits(double[] centred, double[] logits, double[] rotated) {
        for (int k = 0; k < components; k++) {
            rotate(k, centred, rotated);
            double quadratic = 0;
            double linear = 0;
            for (int d = 0; d < dimension; d++) {
                quadratic += eigenvalue(k, d) * rotated[d] * rotated[d];
                linear += location(k, d) * centred[d];
            }
            logits[k] = logWeights[k] + (quadratic + 2 * linear) / (2 * epsilon);
        }
    }

    /** Writes r_k + S_k x. */
    void componentMean(int k, double[] centred, double[] mean) {
        if (covariance == Covariance.DIAGONAL) {
            for (int d = 0; d < dimension; d++) {
                mean[d] = location(k, d) + scales[k * dimension + d] * centred[d];
            }
            return;
        }
        for (int i = 0; i < dimension; i++) {
            double s = location(k, i);
            for (int j = 0; j < dimension; j++) {
                s += scales[(k * dimension + i) * dimension + j] * centred[j];
            }
            mean[i] = s;
        }
    }

    private double logGaussian(int k, double[] difference, double[] rotated) {
        rotate(k, difference, rotated);
        double sum = 0;
        for (int d = 0; d < dimension; d++) {
            double variance = epsilon * eigenvalue(k, d);
            sum += rotated[d] * rotated[d] / variance + Math.log(2 * Math.PI * variance);
        }
        return -0.5 * sum;
    }

    double[] centre(double[] point, double[] mean, String name) {
        if (point.length != dimension) {
            throw new IllegalArgumentException(name + " has dimension " + point.length + ", expected " + dimension);
        }
        double[] centred = new double[dimension];
        for (int d = 0; d < dimension; d++) {
            if (!Double.isFinite(point[d])) {
                throw new IllegalArgumentException(name + " holds " + point[d] + " at coordinate " + d + ", expected finite values");
            }
            centred[d] = point[d] - mean[d];
        }
        return centred;
    }

    static double dot(double[] a, double[] b) {
        double s = 0;
        for (int i = 0; i < a.length; i++) {
            s += a[i] * b[i];
        }
        return s;
    }

    static double logSumExp(double[] logits) {
        double most = Double.NEGATIVE_INFINITY;
        for (double l : logits) {
            most = Math.max(most, l);
        }
        double sum = 0;
        for (double l : logits) {
            sum += Math.exp(l - most);
        }
        return most + Math.log(sum);
    }

    /** Weights that sum to 1 however large the logits are; the log of their sum would drown beside them. */
    static double[] softmax(double[] logits) {
        double most = Double.NEGATIVE_INFINITY;
        for (double l : logits) {
            most = Math.max(most, l);
        }
        double sum = 0;
        for (int k = 0; k < logits.length; k++) {
            logits[k] = Math.exp(logits[k] - most);
            sum += logits[k];
        }
        for (int k = 0; k < logits.length; k++) {
            logits[k] /= sum;
        }
        return logits;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LightBridge b && epsilon == b.epsilon && covariance == b.covariance
            && Arrays.equals(logWeights, b.logWeights)
            && Arrays.equals(locations, b.locations) && Arrays.equals(scales, b.scales) && Arrays.equals(sourceMean, b.sourceMean)
            && Arrays.equals(targetMean, b.targetMean) && supportThreshold == b.supportThreshold;
    }

    @Override
    public int hashCode() {
        return Objects.hash(epsilon, covariance, Arrays.hashCode(logWeights), Arrays.hashCode(locations), Arrays.hashCode(scales));
    }

    @Override
    public String toString() {
        return "LightBridge[D=" + dimension + ", K=" + components + ", " + covariance + ", epsilon=" + epsilon + "]";
    }
}
