package org.pontoon.engine.flow;

/**
 * The Fisher-Rao flow of {@code KL(rho | exp(-V))} on a fixed support, {@code d rho / dt = -rho (log rho + V - E[log rho + V])}, solved
 * exactly: {@code rho_t} is proportional to {@code rho_0^(e^-t) exp(-(1 - e^-t) V)}. Between Gaussians this interpolates precisions, and
 * precisions times means.
 */
public final class FisherRao {

    private FisherRao() {
    }

    /**
     * Moves the weights of a support, grid points or particles whose density is known.
     *
     * @param weights weights at time 0, positive; each the density at its point times the point's share of the volume
     * @param volumes share of the volume of every point, positive
     * @param potentials V at every point; the target's density is exp(-V) up to a factor
     * @param time t, not negative
     * @return weights at time t, of the same sum
     * @throws IllegalArgumentException if the arrays differ in length or a value is out of range
     */
    public static double[] weights(double[] weights, double[] volumes, double[] potentials, double time) {
        int size = weights.length;
        if (size == 0 || volumes.length != size || potentials.length != size) {
            throw new IllegalArgumentException(size + " weights, " + volumes.length + " volumes and " + potentials.length
                + " potentials, expected as many of each, at least one");
        }
        if (!(time >= 0) || time == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("time is " + time + ", expected not negative and finite");
        }
        double share = Math.exp(-time);
        double[] logs = new double[size];
        double most = Double.NEGATIVE_INFINITY;
        double mass = 0;
        for (int i = 0; i < size; i++) {
            if (!(weights[i] > 0 && weights[i] <= Double.MAX_VALUE && volumes[i] > 0 && volumes[i] <= Double.MAX_VALUE)
                || !Double.isFinite(potentials[i])) {
                throw new IllegalArgumentException("point " + i + " has weight " + weights[i] + ", volume " + volumes[i] + " and potential "
                    + potentials[i] + ", expected finite values and a positive weight and volume");
            }
            logs[i] = share * Math.log(weights[i] / volumes[i]) + Math.expm1(-time) * potentials[i] + Math.log(volumes[i]);
            most = Math.max(most, logs[i]);
            mass += weights[i];
        }
        double sum = 0;
        for (double l : logs) {
            sum += Math.exp(l - most);
        }
        double[] result = new double[size];
        for (int i = 0; i < size; i++) {
            result[i] = mass * Math.exp(logs[i] - most) / sum;
        }
        return result;
    }
}
