package org.pontoon.engine.bridge;

/**
 * A light bridge at one time t in [0, 1], both ends included, in float64.
 *
 * <p>With Lambda_k = (1 - t) I + t S_k, the potential phi_t is a mixture whose logits are
 *
 * <pre>
 *   log omega_k(x) = log alpha_k - (1/2) log det Lambda_k
 *                    + (1 / 2 epsilon) [ x' (S_k - I) Lambda_k^-1 x + 2 x' Lambda_k^-1 r_k - t r_k' Lambda_k^-1 r_k ]
 *   drift of component k:  d_k(x) = Lambda_k^-1 (r_k + (S_k - I) x)
 *   g(x, t) = sum_k softmax(omega)_k d_k(x) = epsilon grad log phi_t(x)
 * </pre>
 *
 * <p>which is the paper's drift (eq. 16) rewritten without its division by 1 - t: at t = 0 the weights are those of the plan, at t = 1
 * those of the adjusted potential. Immutable and safe for any thread.
 */
public final class BridgeSlice {

    private final LightBridge bridge;
    private final double t;
    private final double[] origin;
    private final double[] meanShift;
    /** Per component, in its eigenbasis: bias, and per coordinate the logit's quadratic and linear coefficient. */
    private final double[] bias;
    private final double[] quadratic;
    private final double[] linear;
    private final double[] inverseLambda;
    private final double logConstant;

    BridgeSlice(LightBridge bridge, double t) {
        if (!(t >= 0 && t <= 1)) {
            throw new IllegalArgumentException("time is " + t + ", expected within [0, 1]");
        }
        this.bridge = bridge;
        this.t = t;
        int components = bridge.components();
        int dimension = bridge.dimension();
        double epsilon = bridge.epsilon();
        this.origin = new double[dimension];
        this.meanShift = new double[dimension];
        for (int d = 0; d < dimension; d++) {
            origin[d] = (1 - t) * bridge.sourceMean(d) + t * bridge.targetMean(d);
            meanShift[d] = bridge.targetMean(d) - bridge.sourceMean(d);
        }
        this.bias = new double[components];
        this.quadratic = new double[components * dimension];
        this.linear = new double[components * dimension];
        this.inverseLambda = new double[components * dimension];
        double[] r = new double[dimension];
        double[] rotated = new double[dimension];
        for (int k = 0; k < components; k++) {
            for (int d = 0; d < dimension; d++) {
                r[d] = bridge.location(k, d);
            }
            bridge.rotate(k, r, rotated);
            double b = bridge.logWeight(k);
            for (int d = 0; d < dimension; d++) {
                double s = bridge.eigenvalue(k, d);
                double lambda = (1 - t) + t * s;
                b -= 0.5 * Math.log(lambda) + t * rotated[d] * rotated[d] / (2 * epsilon * lambda);
                inverseLambda[k * dimension + d] = 1 / lambda;
                quadratic[k * dimension + d] = (s - 1) / (2 * epsilon * lambda);
                linear[k * dimension + d] = rotated[d] / (epsilon * lambda);
            }
            bias[k] = b;
        }
        this.logConstant = -0.5 * dimension * Math.log(2 * Math.PI * epsilon);
    }

    /**
     * Returns the time of this slice.
     *
     * @return t in [0, 1]
     */
    public double time() {
        return t;
    }

    /**
     * Returns log phi_t(x), the log-potential whose gradient, times epsilon, is the drift; phi_1(y) = exp(|y|^2 / 2 epsilon) v(y).
     *
     * @param x position, D values, in the caller's coordinates
     * @return log phi_t(x)
     */
    public double logPotential(double[] x) {
        double[] centred = bridge.centre(x, origin, "x");
        // the potential in the caller's coordinates carries the tilt of the two shifts
        double tilt = 0;
        for (int d = 0; d < centred.length; d++) {
            double b = bridge.targetMean(d);
            tilt += (x[d] - b) * meanShift[d] + 0.5 * (1 - t) * meanShift[d] * meanShift[d] + 0.5 * b * b;
        }
        return LightBridge.logSumExp(logits(centred)) + logConstant + tilt / bridge.epsilon();
    }

    /**
     * Returns the responsibilities of the components at a position.
     *
     * @param x position, D values
     * @return K values that sum to 1
     */
    public double[] weights(double[] x) {
        return LightBridge.softmax(logits(bridge.centre(x, origin, "x")));
    }

    /**
     * Returns the drift at a position.
     *
     * @param x position, D values
     * @return g(x, t), D values
     */
    public double[] drift(double[] x) {
        double[] centred = bridge.centre(x, origin, "x");
        double[] weights = LightBridge.softmax(logits(centred));
        double[] drift = meanShift.clone();
        double[] rotated = new double[centred.length];
        for (int k = 0; k < weights.length; k++) {
            componentDrift(k, centred, rotated);
            bridge.addUnrotated(k, rotated, weights[k], drift);
        }
        return drift;
    }

    /**
     * Returns the Jacobian of the drift at a position, a symmetric matrix:
     * {@code sum_k w_k (S_k - I) Lambda_k^-1 + Cov_w(d) / epsilon}.
     *
     * @param x position, D values
     * @return dg/dx, shape (D, D) row-major
     */
    public double[] jacobian(double[] x) {
        double[] centred = bridge.centre(x, origin, "x");
        int dimension = centred.length;
        double[] weights = LightBridge.softmax(logits(centred));
        double[] rotated = new double[dimension];
        double[] mean = new double[dimension];
        double[][] drifts = new double[weights.length][dimension];
        double[] result = new double[dimension * dimension];
        double[] spectrum = new double[dimension];
        for (int k = 0; k < weights.length; k++) {
            componentDrift(k, centred, rotated);
            bridge.addUnrotated(k, rotated, 1, drifts[k]);
            for (int d = 0; d < dimension; d++) {
                mean[d] += weights[k] * drifts[k][d];
                spectrum[d] = (bridge.eigenvalue(k, d) - 1) * inverseLambda[k * dimension + d];
            }
            for (int i = 0; i < dimension; i++) {
                for (int j = 0; j < dimension; j++) {
                    result[i * dimension + j] += weights[k] * bridge.spectral(k, i, j, spectrum);
                }
            }
        }
        for (int k = 0; k < weights.length; k++) {
            for (int i = 0; i < dimension; i++) {
                double u = weights[k] * (drifts[k][i] - mean[i]) / bridge.epsilon();
                for (int j = 0; j < dimension; j++) {
                    result[i * dimension + j] += u * (drifts[k][j] - mean[j]);
                }
            }
        }
        return result;
    }

    // What follows works in centred coordinates.

    double bias(int k) {
        return bias[k];
    }

    /** Logit coefficients of component k in its eigenbasis: quadratic, linear, and 1 / Lambda. */
    double quadratic(int k, int d) {
        return quadratic[k * bridge.dimension() + d];
    }

    double linear(int k, int d) {
        return linear[k * bridge.dimension() + d];
    }

    double inverseLambda(int k, int d) {
        return inverseLambda[k * bridge.dimension() + d];
    }

    private double[] logits(double[] centred) {
        double[] logits = new double[bias.length];
        logits(centred, logits, new double[centred.length]);
        return LightBridge.requireFinite(logits);
    }

    /** Writes the logits of the components, with scratch of D values. */
    void logits(double[] centred, double[] logits, double[] rotated) {
        int dimension = centred.length;
        for (int k = 0; k < logits.length; k++) {
            bridge.rotate(k, centred, rotated);
            double sum = bias[k];
            for (int d = 0; d < dimension; d++) {
                int at = k * dimension + d;
                sum += rotated[d] * (quadratic[at] * rotated[d] + linear[at]);
            }
            logits[k] = sum;
        }
    }

    /** Writes d_k in the eigenbasis of S_k. */
    void componentDrift(int k, double[] centred, double[] drift) {
        int dimension = centred.length;
        bridge.rotate(k, centred, drift);
        for (int d = 0; d < dimension; d++) {
            int at = k * dimension + d;
            drift[d] = linear[at] * bridge.epsilon() + (bridge.eigenvalue(k, d) - 1) * inverseLambda[at] * drift[d];
        }
    }
}
