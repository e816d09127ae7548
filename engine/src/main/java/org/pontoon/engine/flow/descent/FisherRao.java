package org.pontoon.engine.flow.descent;

import java.util.Arrays;
import java.util.List;

import org.pontoon.engine.flow.Potential;
import org.pontoon.engine.flow.Scheme;
import org.pontoon.engine.flow.Snapshot;
import org.pontoon.engine.internal.particle.Columns;
import org.pontoon.engine.memory.PointCloud;

/**
 * The Fisher-Rao flow of {@code KL(rho | exp(-V))} on a fixed support, {@code d rho / dt = -rho (log rho + V - E[log rho + V])}, solved
 * exactly: {@code rho_t} is proportional to {@code rho_0^(e^-t) exp(-(1 - e^-t) V)}. Between Gaussians this interpolates precisions, and
 * precisions times means. Steps are as exact as the whole. It tells one quantity, "free energy": {@code E[log rho + V]}.
 *
 * <p>Float64.
 */
public final class FisherRao implements Scheme {

    private final float[] support;
    private final double[] volumes;
    private final double[] potentials;
    private final double[] first;
    private double[] weights;
    private double time;

    /**
     * Makes a flow.
     *
     * @param start the support, grid points or particles whose density is known, N x D with positive weights, each the density at its point
     *     times the point's share of the volume, or without for 1/N each
     * @param volumes share of the volume of every point, positive
     * @param potential V; the target's density is exp(-V) up to a factor
     * @throws IllegalArgumentException if the shapes differ or a value is out of range
     */
    public FisherRao(PointCloud start, double[] volumes, Potential potential) {
        start.requireFinite("start of the flow").requireDimension(potential.dimension(), "start of the flow");
        this.support = start.toRows();
        this.volumes = volumes.clone();
        this.potentials = new double[start.size()];
        potential.evaluate(Columns.of(start), start.size(), start.size(), potentials, null);
        this.first = Columns.weights(start);
        this.weights = weights(first, volumes, potentials, 0);
    }

    @Override
    public List<String> quantities() {
        return List.of("free energy");
    }

    @Override
    public void read(double[] row) {
        double mass = Arrays.stream(weights).sum();
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] > 0 ? weights[i] / mass * (Math.log(weights[i] / (mass * volumes[i])) + potentials[i]) : 0;
        }
        row[0] = sum;
    }

    /** Makes a step; it allocates the weights. */
    @Override
    public void step(int step, int of, double duration) {
        // from the start each time: what has become too small for a number can grow again
        time += duration;
        weights = weights(first, volumes, potentials, time);
    }

    @Override
    public Snapshot snapshot(int step, double at) {
        return new Snapshot(step, at, support.clone(), weights.clone());
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
