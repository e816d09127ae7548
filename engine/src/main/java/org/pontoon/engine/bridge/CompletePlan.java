package org.pontoon.engine.bridge;

/**
 * The complete plan of a bridge: a joint density of source and target, from a Gaussian-mixture marginal of the source and the bridge's
 * conditional plan (light-bridge paper, appendix E). The two are fitted apart, because the objective decouples. Immutable and safe for any
 * thread.
 *
 * @param marginal density of the source
 * @param bridge conditional plan, of the same dimension
 */
public record CompletePlan(GaussianMixture marginal, LightBridge bridge) {

    /** Checks that the two belong together. */
    public CompletePlan {
        if (marginal.dimension() != bridge.dimension()) {
            throw new IllegalArgumentException("marginal has dimension " + marginal.dimension() + ", expected the bridge's "
                + bridge.dimension());
        }
    }

    /**
     * Returns the joint log-density.
     *
     * @param x source point, D values
     * @param y target point, D values
     * @return log p(x) + log pi(y | x)
     */
    public double logDensity(double[] x, double[] y) {
        return marginal.logDensity(x) + bridge.planLogDensity(x, y);
    }
}
