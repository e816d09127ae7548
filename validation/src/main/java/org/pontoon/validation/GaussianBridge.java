package org.pontoon.validation;

import org.ejml.data.DMatrixRMaj;
import org.pontoon.engine.bridge.Covariance;
import org.pontoon.engine.bridge.LightBridge;

/**
 * The Schrödinger bridge between two Gaussians N(m0, A) and N(m1, B) in closed form, float64 (Janati, Muzellec, Peyré, Cuturi 2020,
 * "Entropic optimal transport between unbalanced Gaussian measures has a closed form"; Bunne, Hsieh, Cuturi, Krause 2023, "The Schrödinger
 * bridge between Gaussian measures has a closed form").
 *
 * <p>Cost |x - y|^2 / 2, entropic parameter epsilon, which is the variance of the Wiener prior over the time interval [0, 1]. With
 * D = (4 A^(1/2) B A^(1/2) + epsilon^2 I)^(1/2)
 *
 * <pre>
 *   S = (1/2) A^(-1/2) (D - epsilon I) A^(-1/2),   r = m1 - S m0,   y | x ~ N(r + S x, epsilon S)
 * </pre>
 *
 * <p>so a light bridge of one component is exact, see {@link #toBridge(Covariance)}. Matrices come and go as row-major arrays of D x D
 * values. Immutable and safe for any thread.
 */
public final class GaussianBridge {

    private final int dimension;
    private final double epsilon;
    private final double[] sourceMean;
    private final double[] targetMean;
    private final DMatrixRMaj sourceCovariance;
    private final DMatrixRMaj targetCovariance;
    private final DMatrixRMaj scale;
    private final double[] location;
    /** Eigenvalues of A^(1/2) B A^(1/2). */
    private final double[] spectrum;

    private GaussianBridge(double epsilon, double[] m0, DMatrixRMaj a, double[] m1, DMatrixRMaj b) {
        this.dimension = m0.length;
        this.epsilon = epsilon;
        this.sourceMean = m0;
        this.targetMean = m1;
        this.sourceCovariance = a;
        this.targetCovariance = b;
        DMatrixRMaj root = Matrices.spectral(a, Math::sqrt);
        DMatrixRMaj inverseRoot = Matrices.spectral(a, v -> 1 / Math.sqrt(v));
        DMatrixRMaj product = Matrices.multiply(Matrices.multiply(root, b), root);
        this.spectrum = Matrices.eigenvalues(product);
        // half of (D - epsilon I), without the cancellation that a large epsilon brings
        DMatrixRMaj half = Matrices.spectral(product, v -> 2 * v / (Math.sqrt(4 * v + epsilon * epsilon) + epsilon));
        DMatrixRMaj s = Matrices.multiply(Matrices.multiply(inverseRoot, half), inverseRoot);
        this.scale = Matrices.combine(0.5, s, 0.5, Matrices.transpose(s));
        double[] moved = Matrices.multiply(scale, m0);
        this.location = new double[dimension];
        for (int d = 0; d < dimension; d++) {
            location[d] = m1[d] - moved[d];
        }
    }

    /**
     * Solves the bridge between N(m0, A) and N(m1, B).
     *
     * @param sourceMean m0, D values
     * @param sourceCovariance A, shape (D, D), symmetric positive definite
     * @param targetMean m1, D values
     * @param targetCovariance B, shape (D, D), symmetric positive definite
     * @param epsilon entropic parameter, positive
     * @return the bridge
     * @throws IllegalArgumentException if a shape, epsilon or the definiteness of a covariance is wrong
     */
    public static GaussianBridge between(double[] sourceMean, double[] sourceCovariance, double[] targetMean, double[] targetCovariance,
            double epsilon) {
        if (!(epsilon > 0) || epsilon == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("epsilon is " + epsilon + ", expected positive and finite");
        }
        int dimension = sourceMean.length;
        if (dimension < 1 || targetMean.length != dimension) {
            throw new IllegalArgumentException("means have " + dimension + " and " + targetMean.length + " values, expected equal lengths");
        }
        return new GaussianBridge(epsilon, sourceMean.clone(), Matrices.covariance(sourceCovariance, dimension, "source covariance"),
            targetMean.clone(), Matrices.covariance(targetCovariance, dimension, "target covariance"));
    }

    /**
     * Returns the same problem with the roles of source and target swapped. Its plan is this plan read backwards:
     * p0(x) pi(y | x) = p1(y) pi'(x | y).
     *
     * @return the bridge from target to source
     */
    public GaussianBridge reversed() {
        return new GaussianBridge(epsilon, targetMean, targetCovariance, sourceMean, sourceCovariance);
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
     * Returns the intercept of the plan's affine map.
     *
     * @return r, D values
     */
    public double[] location() {
        return location.clone();
    }

    /**
     * Returns the slope of the plan's affine map.
     *
     * @return S, shape (D, D)
     */
    public double[] scale() {
        return Matrices.rows(scale);
    }

    /**
     * Returns the mean of the plan given a source point.
     *
     * @param x source point, D values
     * @return r + S x
     */
    public double[] planMean(double[] x) {
        double[] y = Matrices.multiply(scale, x);
        for (int d = 0; d < dimension; d++) {
            y[d] += location[d];
        }
        return y;
    }

    /**
     * Returns the covariance of the plan given a source point; it does not depend on the point.
     *
     * @return epsilon S, shape (D, D)
     */
    public double[] planCovariance() {
        return Matrices.rows(Matrices.combine(epsilon, scale, 0, scale));
    }

    /**
     * Returns the log-density of the plan.
     *
     * @param x source point, D values
     * @param y target point, D values
     * @return log pi(y | x)
     */
    public double planLogDensity(double[] x, double[] y) {
        return logDensity(y, planMean(x), Matrices.combine(epsilon, scale, 0, scale));
    }

    /**
     * Returns the log-density of the source.
     *
     * @param x source point, D values
     * @return log N(x | m0, A)
     */
    public double sourceLogDensity(double[] x) {
        return logDensity(x, sourceMean, sourceCovariance);
    }

    /**
     * Returns the covariance between source and target under the plan.
     *
     * @return C = A S, shape (D, D)
     */
    public double[] crossCovariance() {
        return Matrices.rows(Matrices.multiply(sourceCovariance, scale));
    }

    /**
     * Returns the mean of the bridge at one time.
     *
     * @param t time in [0, 1]
     * @return (1 - t) m0 + t m1, D values
     * @throws IllegalArgumentException if t lies outside [0, 1]
     */
    public double[] marginalMean(double t) {
        checkTime(t);
        double[] mean = new double[dimension];
        for (int d = 0; d < dimension; d++) {
            mean[d] = (1 - t) * sourceMean[d] + t * targetMean[d];
        }
        return mean;
    }

    /**
     * Returns the covariance of the bridge at one time.
     *
     * @param t time in [0, 1]
     * @return (1 - t)^2 A + t^2 B + t (1 - t) (C + C' + epsilon I), shape (D, D)
     * @throws IllegalArgumentException if t lies outside [0, 1]
     */
    public double[] marginalCovariance(double t) {
        return Matrices.rows(marginal(t));
    }

    private DMatrixRMaj marginal(double t) {
        checkTime(t);
        DMatrixRMaj cross = Matrices.multiply(sourceCovariance, scale);
        DMatrixRMaj ends = Matrices.combine((1 - t) * (1 - t), sourceCovariance, t * t, targetCovariance);
        DMatrixRMaj middle = Matrices.combine(1, Matrices.combine(1, cross, 1, Matrices.transpose(cross)), epsilon,
            Matrices.identity(dimension));
        return Matrices.combine(1, ends, t * (1 - t), middle);
    }

    /**
     * Returns the slope of the drift at one time.
     *
     * @param t time in [0, 1]
     * @return ((1 - t) I + t S)^-1 (S - I), shape (D, D)
     * @throws IllegalArgumentException if t lies outside [0, 1]
     */
    public double[] driftSlope(double t) {
        checkTime(t);
        return Matrices.rows(Matrices.spectral(scale, s -> (s - 1) / (1 - t + t * s)));
    }

    /**
     * Returns the intercept of the drift at one time.
     *
     * @param t time in [0, 1]
     * @return ((1 - t) I + t S)^-1 r, D values
     * @throws IllegalArgumentException if t lies outside [0, 1]
     */
    public double[] driftIntercept(double t) {
        checkTime(t);
        return Matrices.multiply(Matrices.spectral(scale, s -> 1 / (1 - t + t * s)), location);
    }

    /**
     * Returns the drift of the bridge.
     *
     * @param x position, D values
     * @param t time in [0, 1]
     * @return g(x, t), D values
     * @throws IllegalArgumentException if t lies outside [0, 1]
     */
    public double[] drift(double[] x, double t) {
        double[] g = Matrices.multiply(Matrices.of(driftSlope(t), dimension, dimension), x);
        double[] intercept = driftIntercept(t);
        for (int d = 0; d < dimension; d++) {
            g[d] += intercept[d];
        }
        return g;
    }

    /**
     * Returns the mean square of the drift at one time, over the bridge's own marginal there.
     *
     * @param t time in [0, 1]
     * @return E |g(X_t, t)|^2
     * @throws IllegalArgumentException if t lies outside [0, 1]
     */
    public double driftPower(double t) {
        DMatrixRMaj slope = Matrices.of(driftSlope(t), dimension, dimension);
        double power = Matrices.trace(Matrices.multiply(Matrices.multiply(slope, marginal(t)), slope));
        for (double g : drift(marginalMean(t), t)) {
            power += g * g;
        }
        return power;
    }

    /**
     * Returns the entropic transport cost, E |x - y|^2 / 2 + epsilon KL(plan || p0 x p1) at its minimum.
     *
     * @return the cost, in squared units of the coordinates
     */
    public double entropicCost() {
        double sum = Matrices.trace(sourceCovariance) + Matrices.trace(targetCovariance)
            + dimension * epsilon * (1 - Math.log(2 * epsilon));
        for (double v : spectrum) {
            double d = Math.sqrt(4 * v + epsilon * epsilon);
            sum += epsilon * Math.log(d + epsilon) - d;
        }
        for (int i = 0; i < dimension; i++) {
            sum += (sourceMean[i] - targetMean[i]) * (sourceMean[i] - targetMean[i]);
        }
        return 0.5 * sum;
    }

    /**
     * Returns the entropic transport cost in its weak form, E |x - y|^2 / 2 - epsilon E H(plan(. | x)) at its minimum: the KL form less
     * epsilon H(p1).
     *
     * @return the cost, in squared units of the coordinates
     */
    public double weakCost() {
        double entropy = 0.5 * (dimension * Math.log(2 * Math.PI * Math.E) + Matrices.logDeterminant(targetCovariance));
        return entropicCost() - epsilon * entropy;
    }

    /**
     * Returns the least value of the light bridge's training objective, L* = E log c(x) - E log v(y).
     *
     * @return L*
     */
    public double optimalLoss() {
        double squares = Matrices.trace(sourceCovariance) + Matrices.trace(targetCovariance);
        for (int d = 0; d < dimension; d++) {
            squares += sourceMean[d] * sourceMean[d] + targetMean[d] * targetMean[d];
        }
        return (0.5 * squares - weakCost()) / epsilon;
    }

    /**
     * Returns the control energy, one half of the integral of E |g(X_t, t)|^2 over [0, 1].
     *
     * @return the energy, in squared units of the coordinates
     */
    public double controlEnergy() {
        return weakCost() + 0.5 * dimension * epsilon * Math.log(2 * Math.PI * epsilon);
    }

    /**
     * Returns how far a bridge of one component is from this one: the mean over the source of the divergence between the two conditional
     * plans, which is also the divergence between the two processes.
     *
     * @param model a bridge of one component in D dimensions
     * @return KL(this plan || plan of the model), at least 0
     * @throws IllegalArgumentException if the model has another dimension or more components
     */
    public double divergence(LightBridge model) {
        if (model.components() != 1 || model.dimension() != dimension) {
            throw new IllegalArgumentException("the model has " + model.components() + " components in " + model.dimension()
                + " dimensions, expected 1 in " + dimension);
        }
        DMatrixRMaj other = Matrices.of(slope(model), dimension, dimension);
        double ratio = model.epsilon() / epsilon;
        DMatrixRMaj precision = Matrices.inverse(other);
        double[] mean = model.conditionalMean(sourceMean);
        double[] gap = new double[dimension];
        double[] own = planMean(sourceMean);
        for (int d = 0; d < dimension; d++) {
            gap[d] = own[d] - mean[d];
        }
        DMatrixRMaj column = Matrices.column(gap);
        DMatrixRMaj slopeGap = Matrices.combine(1, scale, -1, other);
        DMatrixRMaj spread = Matrices.multiply(Matrices.multiply(slopeGap, sourceCovariance), slopeGap);
        DMatrixRMaj second = Matrices.combine(1, spread, 1, Matrices.multiplyTransposed(column, column));
        double quadratic = Matrices.trace(Matrices.multiply(precision, second)) / model.epsilon();
        double shape = Matrices.trace(Matrices.multiply(precision, scale)) / ratio - dimension;
        double volume = Matrices.logDeterminant(other) - Matrices.logDeterminant(scale) + dimension * Math.log(ratio);
        return 0.5 * (quadratic + shape + volume);
    }

    /** The slope S of a one-component bridge as a full matrix. */
    static double[] slope(LightBridge model) {
        double[] scales = model.scales();
        int n = model.dimension();
        if (model.covariance() == Covariance.FULL) {
            return scales;
        }
        double[] full = new double[n * n];
        for (int d = 0; d < n; d++) {
            full[d * n + d] = scales[d];
        }
        return full;
    }

    /**
     * Returns this bridge as a light bridge of one component, log alpha = 0.
     *
     * @param covariance shape of S; diagonal where A and B are
     * @return the light bridge whose plan is this one
     * @throws IllegalArgumentException if a diagonal is asked for and S has other entries
     */
    public LightBridge toBridge(Covariance covariance) {
        double[] s = scale();
        if (covariance == Covariance.FULL) {
            return LightBridge.full(epsilon, new double[1], location, s).build();
        }
        double[] diagonal = new double[dimension];
        for (int i = 0; i < dimension; i++) {
            diagonal[i] = s[i * dimension + i];
            for (int j = 0; j < i; j++) {
                if (Math.abs(s[i * dimension + j]) > 1e-10 * Math.sqrt(s[i * dimension + i] * s[j * dimension + j])) {
                    throw new IllegalArgumentException("S has " + s[i * dimension + j] + " at (" + i + ", " + j
                        + "), expected a diagonal matrix");
                }
            }
        }
        return LightBridge.diagonal(epsilon, new double[1], location, diagonal).build();
    }

    private void checkTime(double t) {
        if (!(t >= 0 && t <= 1)) {
            throw new IllegalArgumentException("time is " + t + ", expected within [0, 1]");
        }
    }

    private static double logDensity(double[] point, double[] mean, DMatrixRMaj covariance) {
        double[] gap = new double[mean.length];
        for (int d = 0; d < gap.length; d++) {
            gap[d] = point[d] - mean[d];
        }
        double[] solved = Matrices.multiply(Matrices.inverse(covariance), gap);
        double quadratic = 0;
        for (int d = 0; d < gap.length; d++) {
            quadratic += gap[d] * solved[d];
        }
        return -0.5 * (quadratic + Matrices.logDeterminant(covariance) + gap.length * Math.log(2 * Math.PI));
    }

    @Override
    public String toString() {
        return "GaussianBridge[D=" + dimension + ", epsilon=" + epsilon + "]";
    }
}
