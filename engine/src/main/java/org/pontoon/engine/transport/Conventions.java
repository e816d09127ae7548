package org.pontoon.engine.transport;

/**
 * The same problem in the numbers of other libraries.
 *
 * <table>
 * <caption>Names and scales</caption>
 * <tr><th></th><th>here and GeomLoss</th><th>POT ({@code sqeuclidean}, {@code euclidean})</th><th>OTT ({@code SqEuclidean},
 * {@code Euclidean})</th></tr>
 * <tr><td>cost, p = 2</td><td>|x - y|^2 / 2</td><td>|x - y|^2</td><td>|x - y|^2</td></tr>
 * <tr><td>cost, p = 1</td><td>|x - y|</td><td>|x - y|</td><td>|x - y|</td></tr>
 * <tr><td>regularisation, p = 2</td><td>epsilon = blur^2</td><td>reg = 2 blur^2</td><td>epsilon = 2 blur^2</td></tr>
 * <tr><td>regularisation, p = 1</td><td>epsilon = blur</td><td>reg = blur</td><td>epsilon = blur</td></tr>
 * <tr><td>relaxed marginals</td><td>rho = reach^p</td><td>reg_m = 2 reach^2 or reach</td><td>tau = rho / (rho + epsilon)</td></tr>
 * <tr><td>reference of the entropy</td><td>a x b</td><td>a x b, or none in some functions</td><td>a x b</td></tr>
 * <tr><td>potentials</td><td>pi = a b exp((f + g - C) / epsilon)</td><td>pi = u K v, with the weights in u and v</td><td>with the weights in f
 * and g</td></tr>
 * </table>
 *
 * <p>The plan of a balanced problem is the same in all. A light bridge's epsilon, the variance of the Wiener process over [0, 1], is
 * {@code blur^2} at p = 2.
 */
public final class Conventions {

    private Conventions() {
    }

    /**
     * Returns what costs, values, potentials and regularisations of p have to be multiplied by for POT and OTT.
     *
     * @param p 1 or 2
     * @return 1 for p = 1, 2 for p = 2
     * @throws IllegalArgumentException if p is neither
     */
    public static double costScale(int p) {
        SinkhornOptions.requireExponent(p);
        return p;
    }

    /**
     * Converts a blur to POT's {@code reg}, which is OTT's {@code epsilon}.
     *
     * @param p 1 or 2
     * @param blur a length
     * @return reg
     */
    public static double toPotRegularization(int p, double blur) {
        return costScale(p) * Math.pow(blur, p);
    }

    /**
     * Converts POT's {@code reg} or OTT's {@code epsilon} to a blur.
     *
     * @param p 1 or 2
     * @param regularization reg
     * @return the blur, a length
     */
    public static double fromPotRegularization(int p, double regularization) {
        return p == 1 ? regularization : Math.sqrt(regularization / costScale(p));
    }

    /**
     * Converts a reach to POT's {@code reg_m}.
     *
     * @param p 1 or 2
     * @param reach a length, or infinity
     * @return reg_m, infinite for a hard marginal
     */
    public static double toPotMarginalPenalty(int p, double reach) {
        return toPotRegularization(p, reach);
    }

    /**
     * Converts POT's {@code reg_m} to a reach.
     *
     * @param p 1 or 2
     * @param penalty reg_m, or infinity
     * @return the reach, a length
     */
    public static double fromPotMarginalPenalty(int p, double penalty) {
        return fromPotRegularization(p, penalty);
    }

    /**
     * Converts a reach to OTT's {@code tau}.
     *
     * @param p 1 or 2
     * @param reach a length, or infinity
     * @param blur a length
     * @return {@code rho / (rho + epsilon)}, 1 for a hard marginal
     */
    public static double toOttTau(int p, double reach, double blur) {
        return 1 / (1 + Math.pow(blur / reach, p));
    }

    /**
     * Converts OTT's {@code tau} to a reach.
     *
     * @param p 1 or 2
     * @param tau in (0, 1]
     * @param blur a length
     * @return the reach, infinite for tau = 1
     */
    public static double fromOttTau(int p, double tau, double blur) {
        SinkhornOptions.requireExponent(p);
        return blur * Math.pow(tau / (1 - tau), 1.0 / p);
    }

    /**
     * Converts a potential to POT's {@code reg log u}, which is OTT's {@code f}: scaled, with the weights inside.
     *
     * @param p 1 or 2
     * @param blur a length
     * @param potential f
     * @param weights a, all positive
     * @return {@code reg log u}
     */
    public static double[] toPotPotential(int p, double blur, double[] potential, double[] weights) {
        double[] result = new double[potential.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = costScale(p) * potential[i] + toPotRegularization(p, blur) * Math.log(weights[i]);
        }
        return result;
    }

    /**
     * Converts POT's {@code reg log u} or OTT's {@code f} to a potential.
     *
     * @param p 1 or 2
     * @param blur a length
     * @param scaled {@code reg log u}
     * @param weights a, all positive
     * @return f
     */
    public static double[] fromPotPotential(int p, double blur, double[] scaled, double[] weights) {
        double[] result = new double[scaled.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = (scaled[i] - toPotRegularization(p, blur) * Math.log(weights[i])) / costScale(p);
        }
        return result;
    }

    /**
     * Converts a balanced transport cost between probabilities, whose entropy is relative to a x b, to the objective {@code <pi, M> + reg sum
     * pi log pi} of POT's scale.
     *
     * @param p 1 or 2
     * @param blur a length
     * @param cost entropic transport cost
     * @param a weights of the first cloud, of sum 1
     * @param b weights of the second, of sum 1
     * @return POT's objective
     */
    public static double toPotEntropicCost(int p, double blur, double cost, double[] a, double[] b) {
        return costScale(p) * cost + toPotRegularization(p, blur) * (negativeEntropy(a) + negativeEntropy(b));
    }

    /**
     * Converts POT's {@code <pi, M> + reg sum pi log pi} between probabilities to the transport cost with entropy relative to a x b.
     *
     * @param p 1 or 2
     * @param blur a length
     * @param objective POT's
     * @param a weights of the first cloud, of sum 1
     * @param b weights of the second, of sum 1
     * @return the entropic transport cost
     */
    public static double fromPotEntropicCost(int p, double blur, double objective, double[] a, double[] b) {
        return (objective - toPotRegularization(p, blur) * (negativeEntropy(a) + negativeEntropy(b))) / costScale(p);
    }

    private static double negativeEntropy(double[] weights) {
        double sum = 0;
        for (double w : weights) {
            sum += w == 0 ? 0 : w * Math.log(w);
        }
        return sum;
    }
}
