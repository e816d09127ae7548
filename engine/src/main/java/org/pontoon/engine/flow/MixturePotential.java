package org.pontoon.engine.flow;

import org.pontoon.engine.internal.particle.Matrices;

/** {@code -log sum_k w_k N(x; m_k, s^2 I)}. */
final class MixturePotential implements Potential {

    private final double[] logWeights;
    private final double[] means;
    private final int dimension;
    private final double precision;

    MixturePotential(double[] weights, double[] means, double deviation) {
        if (weights.length == 0 || means.length == 0 || means.length % weights.length != 0) {
            throw new IllegalArgumentException("means has " + means.length + " values, expected a multiple of the " + weights.length
                + " weights");
        }
        if (!(deviation > 0) || deviation == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("deviation is " + deviation + ", expected positive and finite");
        }
        Matrices.requireFinite(means, "means");
        this.means = means.clone();
        this.dimension = means.length / weights.length;
        this.precision = 1 / (deviation * deviation);
        double total = 0;
        for (int k = 0; k < weights.length; k++) {
            if (!(weights[k] > 0) || weights[k] == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException("weight " + k + " is " + weights[k] + ", expected positive and finite");
            }
            total += weights[k];
        }
        this.logWeights = new double[weights.length];
        for (int k = 0; k < weights.length; k++) {
            logWeights[k] = Math.log(weights[k] / total) - 0.5 * dimension * Math.log(2 * Math.PI * deviation * deviation);
        }
    }

    @Override
    public int dimension() {
        return dimension;
    }

    @Override
    public void evaluate(double[] points, int stride, int count, double[] values, double[] gradient) {
        for (int n = 0; n < count; n++) {
            double top = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < logWeights.length; k++) {
                top = Math.max(top, exponent(points, stride, n, k));
            }
            double sum = 0;
            for (int d = 0; gradient != null && d < dimension; d++) {
                gradient[d * stride + n] = 0;
            }
            for (int k = 0; k < logWeights.length; k++) {
                double term = Math.exp(exponent(points, stride, n, k) - top);
                sum += term;
                for (int d = 0; gradient != null && d < dimension; d++) {
                    gradient[d * stride + n] += term * (points[d * stride + n] - means[k * dimension + d]);
                }
            }
            for (int d = 0; gradient != null && d < dimension; d++) {
                gradient[d * stride + n] *= precision / sum;
            }
            if (values != null) {
                values[n] = -top - Math.log(sum);
            }
        }
    }

    private double exponent(double[] points, int stride, int n, int k) {
        double square = 0;
        for (int d = 0; d < dimension; d++) {
            double gap = points[d * stride + n] - means[k * dimension + d];
            square += gap * gap;
        }
        return logWeights[k] - 0.5 * precision * square;
    }
}
