package org.pontoon.engine.bridge;

import java.util.Arrays;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.random.CounterRandom;

/**
 * A mixture of Gaussians fitted to a cloud by expectation maximisation, in float64: the marginal of the complete plan (light-bridge paper,
 * appendix E). Immutable and safe for any thread.
 */
public final class GaussianMixture {

    private static final int TILE = 512;
    private static final long START_STREAM = 21;
    private static final long COMPONENT_STREAM = 22;
    private static final long POINT_STREAM = 23;

    private final int components;
    private final int dimension;
    private final Covariance covariance;
    private final double[] logWeights;
    private final double[] means;
    /** Variances (K, D), or lower Cholesky factors (K, D, D). */
    private final double[] factors;
    private final double[] logNormalizers;
    private final double meanLogLikelihood;
    private final int iterations;
    private final boolean converged;

    private GaussianMixture(int components, int dimension, Covariance covariance, double[] logWeights, double[] means, double[] covariances,
            double meanLogLikelihood, int iterations, boolean converged) {
        this.components = components;
        this.dimension = dimension;
        this.covariance = covariance;
        this.logWeights = logWeights;
        this.means = means;
        this.factors = covariances.clone();
        this.logNormalizers = new double[components];
        this.meanLogLikelihood = meanLogLikelihood;
        this.iterations = iterations;
        this.converged = converged;
        for (int k = 0; k < components; k++) {
            double logDeterminant = 0;
            if (covariance == Covariance.DIAGONAL) {
                for (int d = 0; d < dimension; d++) {
                    logDeterminant += Math.log(factors[k * dimension + d]);
                }
            } else {
                choleskyInPlace(factors, k * dimension * dimension, dimension);
                for (int d = 0; d < dimension; d++) {
                    logDeterminant += 2 * Math.log(factors[(k * dimension + d) * dimension + d]);
                }
            }
            logNormalizers[k] = logWeights[k] - 0.5 * (dimension * Math.log(2 * Math.PI) + logDeterminant);
        }
    }

    /**
     * Fits a mixture. Starts from k-means++ seeds with the cloud's own covariance; a ridge of 1e-6 of the cloud's mean variance keeps every
     * component proper. The fit of the cloud times c is that of the cloud times c.
     *
     * @param cloud the points, weights counted where there are some
     * @param components number of components, at most the number of points
     * @param covariance shape of the covariance matrices
     * @param mostIterations upper bound of iterations, at least 1
     * @param tolerance stop when the mean log-likelihood gains less than this, not negative
     * @param seed chooses the first means
     * @param scheduler runs tiles of points; its thread count does not change the result
     * @param progress hears (iterations done, upper bound), and may cancel
     * @return the mixture; {@link #converged()} tells whether the tolerance was met
     * @throws IllegalArgumentException if a count is out of range or a value is not finite
     */
    public static GaussianMixture fit(PointCloud cloud, int components, Covariance covariance, int mostIterations, double tolerance,
            long seed,
            TileScheduler scheduler, Progress progress) {
        if (components < 1 || components > cloud.size()) {
            throw new IllegalArgumentException("components is " + components + ", expected from 1 to the " + cloud.size() + " points");
        }
        if (mostIterations < 1 || !(tolerance >= 0)) {
            throw new IllegalArgumentException("iterations " + mostIterations + " and tolerance " + tolerance
                + ", expected at least 1 and not negative");
        }
        cloud.requireFinite("cloud");
        return new Fit(cloud, components, covariance, scheduler).run(mostIterations, tolerance, seed, progress);
    }

    /**
     * Returns the number of components.
     *
     * @return K
     */
    public int components() {
        return components;
    }

    /**
     * Returns the number of coordinates.
     *
     * @return D
     */
    public int dimension() {
        return dimension;
    }

    /**
     * Returns the logarithms of the component weights, which sum to 1.
     *
     * @return a copy, K values
     */
    public double[] logWeights() {
        return logWeights.clone();
    }

    /**
     * Returns the component means.
     *
     * @return a copy, shape (K, D)
     */
    public double[] means() {
        return means.clone();
    }

    /**
     * Returns the mean log-likelihood of the fitted points.
     *
     * @return nats per point
     */
    public double meanLogLikelihood() {
        return meanLogLikelihood;
    }

    /**
     * Returns the number of iterations done.
     *
     * @return a count
     */
    public int iterations() {
        return iterations;
    }

    /**
     * Tells whether the fit met its tolerance.
     *
     * @return false if it stopped at the bound or was cancelled
     */
    public boolean converged() {
        return converged;
    }

    /**
     * Returns the log-density.
     *
     * @param x point, D values
     * @return log p(x)
     */
    public double logDensity(double[] x) {
        if (x.length != dimension) {
            throw new IllegalArgumentException("x has dimension " + x.length + ", expected " + dimension);
        }
        double[] logits = new double[components];
        logits(x, logits, new double[dimension]);
        return LightBridge.logSumExp(logits);
    }

    /**
     * Draws points.
     *
     * @param size how many, at least 1
     * @param seed chooses them; point n is a function of (seed, n)
     * @return a cloud of points
     */
    public PointCloud sample(int size, long seed) {
        PointCloud cloud = PointCloud.allocate(size, dimension);
        long componentKey = CounterRandom.key(seed, COMPONENT_STREAM);
        long pointKey = CounterRandom.key(seed, POINT_STREAM);
        double[] z = new double[dimension];
        float[] x = new float[dimension];
        for (int n = 0; n < size; n++) {
            double u = CounterRandom.uniform(componentKey, n);
            int k = 0;
            double cumulative = Math.exp(logWeights[0]);
            while (k < components - 1 && u >= cumulative) {
                cumulative += Math.exp(logWeights[++k]);
            }
            for (int d = 0; d < dimension; d++) {
                z[d] = CounterRandom.normal(pointKey, (long) n * dimension + d);
            }
            for (int i = 0; i < dimension; i++) {
                double value = means[k * dimension + i];
                if (covariance == Covariance.DIAGONAL) {
                    value += Math.sqrt(factors[k * dimension + i]) * z[i];
                } else {
                    for (int j = 0; j <= i; j++) {
                        value += factors[(k * dimension + i) * dimension + j] * z[j];
                    }
                }
                x[i] = (float) value;
            }
            cloud.setPoint(n, x, 0);
        }
        return cloud;
    }

    private void logits(double[] x, double[] logits, double[] solved) {
        for (int k = 0; k < components; k++) {
            double form = 0;
            for (int i = 0; i < dimension; i++) {
                double value = x[i] - means[k * dimension + i];
                if (covariance == Covariance.DIAGONAL) {
                    form += value * value / factors[k * dimension + i];
                } else {
                    int row = (k * dimension + i) * dimension;
                    for (int j = 0; j < i; j++) {
                        value -= factors[row + j] * solved[j];
                    }
                    solved[i] = value / factors[row + i];
                    form += solved[i] * solved[i];
                }
            }
            logits[k] = logNormalizers[k] - 0.5 * form;
        }
    }

    private static void choleskyInPlace(double[] a, int at, int n) {
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                if (j > i) {
                    a[at + i * n + j] = 0;
                    continue;
                }
                double sum = a[at + i * n + j];
                for (int k = 0; k < j; k++) {
                    sum -= a[at + i * n + k] * a[at + j * n + k];
                }
                a[at + i * n + j] = i == j ? Math.sqrt(sum) : sum / a[at + j * n + j];
            }
        }
    }

    /** One fit: points in float64 rows, sufficient statistics per tile, folded in tile order. */
    private static final class Fit {

        private final int size;
        private final int dimension;
        private final int components;
        private final Covariance covariance;
        private final int perComponent;
        private final double[][] points;
        private final double[] pointWeights;
        private final TileScheduler scheduler;

        Fit(PointCloud cloud, int components, Covariance covariance, TileScheduler scheduler) {
            this.size = cloud.size();
            this.dimension = cloud.dimension();
            this.components = components;
            this.covariance = covariance;
            this.perComponent = covariance == Covariance.DIAGONAL ? dimension : dimension * dimension;
            this.points = new double[size][dimension];
            this.pointWeights = new double[size];
            this.scheduler = scheduler;
            float[] row = new float[dimension];
            double total = 0;
            for (int n = 0; n < size; n++) {
                cloud.copyPoint(n, row, 0);
                for (int d = 0; d < dimension; d++) {
                    points[n][d] = row[d];
                }
                pointWeights[n] = cloud.weight(n);
                total += pointWeights[n];
            }
            for (int n = 0; n < size; n++) {
                pointWeights[n] /= total;
            }
        }

        GaussianMixture run(int mostIterations, double tolerance, long seed, Progress progress) {
            double[] spread = overallCovariance();
            double trace = 0;
            for (int d = 0; d < dimension; d++) {
                trace += spread[covariance == Covariance.DIAGONAL ? d : d * dimension + d];
            }
            double squares = 0;
            for (int n = 0; n < size; n++) {
                for (int d = 0; d < dimension; d++) {
                    squares += pointWeights[n] * points[n][d] * points[n][d];
                }
            }
            // a cloud of equal points has no variance of its own to scale the ridge by, and one at the origin no length at all
            double ridge = trace + squares > 0 ? Math.max(1e-6 * trace, 1e-20 * squares) / dimension : 1e-12;
            double[] covariances = new double[components * perComponent];
            for (int k = 0; k < components; k++) {
                System.arraycopy(spread, 0, covariances, k * perComponent, perComponent);
                addRidge(covariances, k, ridge);
            }
            double[] logWeights = new double[components];
            Arrays.fill(logWeights, -Math.log(components));
            GaussianMixture mixture = new GaussianMixture(components, dimension, covariance, logWeights, seeds(seed), covariances,
                Double.NEGATIVE_INFINITY, 0, false);
            for (int iteration = 1; iteration <= mostIterations; iteration++) {
                double before = mixture.meanLogLikelihood;
                mixture = step(mixture, ridge, iteration, before, tolerance);
                if (!progress.advance(iteration, mostIterations) || mixture.converged) {
                    break;
                }
            }
            return mixture;
        }

        private void addRidge(double[] covariances, int k, double ridge) {
            for (int d = 0; d < dimension; d++) {
                covariances[k * perComponent + (covariance == Covariance.DIAGONAL ? d : d * dimension + d)] += ridge;
            }
        }

        private double[] overallCovariance() {
            double[] mean = new double[dimension];
            for (int n = 0; n < size; n++) {
                for (int d = 0; d < dimension; d++) {
                    mean[d] += pointWeights[n] * points[n][d];
                }
            }
            double[] result = new double[perComponent];
            for (int n = 0; n < size; n++) {
                addSquares(points[n], mean, pointWeights[n], result, 0);
            }
            return result;
        }

        private void addSquares(double[] x, double[] mean, double weight, double[] sums, int at) {
            for (int i = 0; i < dimension; i++) {
                double u = weight * (x[i] - mean[i]);
                if (covariance == Covariance.DIAGONAL) {
                    sums[at + i] += u * (x[i] - mean[i]);
                } else {
                    for (int j = 0; j < dimension; j++) {
                        sums[at + i * dimension + j] += u * (x[j] - mean[j]);
                    }
                }
            }
        }

        /** k-means++ (Arthur and Vassilvitskii 2007): each mean is a point drawn in proportion to its squared distance from the others. */
        private double[] seeds(long seed) {
            long key = CounterRandom.key(seed, START_STREAM);
            double[] means = new double[components * dimension];
            double[] distance = new double[size];
            Arrays.fill(distance, 1);
            for (int k = 0; k < components; k++) {
                double total = 0;
                for (int n = 0; n < size; n++) {
                    total += pointWeights[n] * distance[n];
                }
                double u = CounterRandom.uniform(key, k) * total;
                int chosen = 0;
                for (double cumulative = pointWeights[0] * distance[0]; cumulative <= u && chosen < size - 1;) {
                    chosen++;
                    cumulative += pointWeights[chosen] * distance[chosen];
                }
                System.arraycopy(points[chosen], 0, means, k * dimension, dimension);
                for (int n = 0; n < size; n++) {
                    double d2 = 0;
                    for (int d = 0; d < dimension; d++) {
                        double u2 = points[n][d] - points[chosen][d];
                        d2 += u2 * u2;
                    }
                    distance[n] = k == 0 ? d2 : Math.min(distance[n], d2);
                }
            }
            return means;
        }

        /** One iteration; the new mixture carries the likelihood of the old one, which is what the E step computed. */
        private GaussianMixture step(GaussianMixture old, double ridge, int iteration, double before, double tolerance) {
            int statistics = 1 + dimension + perComponent;
            int tiles = (size + TILE - 1) / TILE;
            double[][] sums = new double[tiles][components * statistics];
            double[] likelihoods = new double[tiles];
            scheduler.run(tiles, (tile, worker) -> {
                double[] logits = new double[components];
                double[] solved = new double[dimension];
                double[] origin = new double[dimension];
                double[] sum = sums[tile];
                for (int n = tile * TILE; n < Math.min(size, (tile + 1) * TILE); n++) {
                    old.logits(points[n], logits, solved);
                    double log = LightBridge.logSumExp(logits);
                    likelihoods[tile] += pointWeights[n] * log;
                    for (int k = 0; k < components; k++) {
                        double w = pointWeights[n] * Math.exp(logits[k] - log);
                        if (w == 0) {
                            continue;
                        }
                        int at = k * statistics;
                        sum[at] += w;
                        for (int d = 0; d < dimension; d++) {
                            origin[d] = old.means[k * dimension + d];
                            sum[at + 1 + d] += w * (points[n][d] - origin[d]);
                        }
                        addSquares(points[n], origin, w, sum, at + 1 + dimension);
                    }
                }
            });
            double likelihood = 0;
            double[] total = new double[components * statistics];
            for (int tile = 0; tile < tiles; tile++) {
                likelihood += likelihoods[tile];
                for (int i = 0; i < total.length; i++) {
                    total[i] += sums[tile][i];
                }
            }
            boolean converged = Math.abs(likelihood - before) <= tolerance;
            return maximise(old, total, statistics, ridge, likelihood, iteration, converged);
        }

        private GaussianMixture maximise(GaussianMixture old, double[] total, int statistics, double ridge, double likelihood,
                int iteration,
                boolean converged) {
            double[] logWeights = new double[components];
            double[] means = new double[components * dimension];
            double[] covariances = new double[components * perComponent];
            for (int k = 0; k < components; k++) {
                int at = k * statistics;
                // a component that no point chooses stays where it is, with next to no weight
                double weight = Math.max(total[at], 1e-300);
                logWeights[k] = Math.log(weight);
                for (int i = 0; i < dimension; i++) {
                    double shift = total[at + 1 + i] / weight;
                    means[k * dimension + i] = old.means[k * dimension + i] + shift;
                    if (covariance == Covariance.DIAGONAL) {
                        covariances[k * perComponent + i] = Math.max(0, total[at + 1 + dimension + i] / weight - shift * shift);
                    } else {
                        for (int j = 0; j < dimension; j++) {
                            covariances[k * perComponent + i * dimension + j] = total[at + 1 + dimension + i * dimension + j] / weight
                                - shift
                                    * total[at + 1 + j] / weight;
                        }
                    }
                }
                addRidge(covariances, k, ridge);
            }
            double log = LightBridge.logSumExp(logWeights);
            for (int k = 0; k < components; k++) {
                logWeights[k] -= log;
            }
            return new GaussianMixture(components, dimension, covariance, logWeights, means, covariances, likelihood, iteration, converged);
        }
    }
}
