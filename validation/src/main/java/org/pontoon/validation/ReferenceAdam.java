package org.pontoon.validation;

import java.util.function.LongFunction;

import org.pontoon.engine.bridge.Covariance;

/**
 * The paper's optimiser in float64: Adam (Kingma, Ba 2015; beta 0.9 and 0.999, 1e-8 outside the root) on epsilon log alpha_k, r_k, and
 * log S_k or, for S_k = L L' with L = diag(l) U and U of unit diagonal, log l and U.
 */
final class ReferenceAdam {

    private final double[] first;
    private final double[] second;

    private ReferenceAdam(int length) {
        this.first = new double[length];
        this.second = new double[length];
    }

    static TrainedParameters run(TrainedParameters start, int steps, double learningRate, LongFunction<ReferenceLoss> losses) {
        TrainedParameters at = start;
        ReferenceAdam weights = new ReferenceAdam(at.logWeights().length);
        ReferenceAdam locations = new ReferenceAdam(at.locations().length);
        ReferenceAdam factors = new ReferenceAdam(at.factors().length);
        for (int step = 0; step < steps; step++) {
            ReferenceLoss.Gradient gradient = at.gradient(losses.apply(step));
            double[] logWeights = at.logWeights().clone();
            double[] moved = weights.direction(divided(gradient.logWeights(), at.epsilon()), step + 1);
            for (int k = 0; k < logWeights.length; k++) {
                logWeights[k] -= learningRate * moved[k] / at.epsilon();
            }
            double[] r = at.locations().clone();
            moved = locations.direction(gradient.locations(), step + 1);
            for (int i = 0; i < r.length; i++) {
                r[i] -= learningRate * moved[i];
            }
            boolean full = at.covariance() == Covariance.FULL;
            double[] byFactor = at.factorGradient(gradient.scales());
            double[] shape = full ? scaledRows(at.factors(), at.dimension(), byFactor) : at.factors().clone();
            moved = factors.direction(byFactor, step + 1);
            for (int i = 0; i < shape.length; i++) {
                shape[i] -= learningRate * moved[i];
            }
            if (full) {
                factors(shape, at.dimension());
            }
            at = at.withLogWeights(logWeights).withLocations(r).withFactors(shape);
        }
        return at;
    }

    /** Returns U with log l on its diagonal, and turns the gradient by L into that by them. */
    private static double[] scaledRows(double[] factors, int dimension, double[] gradient) {
        double[] shape = new double[factors.length];
        for (int row = 0; row < factors.length; row += dimension) {
            int i = row / dimension % dimension;
            double scale = factors[row + i];
            double byLogScale = 0;
            for (int j = 0; j <= i; j++) {
                byLogScale += gradient[row + j] * factors[row + j];
                shape[row + j] = factors[row + j] / scale;
                gradient[row + j] *= scale;
            }
            gradient[row + i] = byLogScale;
            shape[row + i] = Math.log(scale);
        }
        return shape;
    }

    /** The inverse, in place. */
    private static void factors(double[] shape, int dimension) {
        for (int row = 0; row < shape.length; row += dimension) {
            int i = row / dimension % dimension;
            double scale = Math.exp(shape[row + i]);
            for (int j = 0; j < i; j++) {
                shape[row + j] *= scale;
            }
            shape[row + i] = scale;
        }
    }

    private static double[] divided(double[] values, double by) {
        double[] result = values.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] /= by;
        }
        return result;
    }

    private double[] direction(double[] gradient, int step) {
        double[] direction = new double[gradient.length];
        for (int i = 0; i < gradient.length; i++) {
            first[i] = 0.9 * first[i] + 0.1 * gradient[i];
            second[i] = 0.999 * second[i] + 0.001 * gradient[i] * gradient[i];
            double mean = first[i] / (1 - Math.pow(0.9, step));
            double square = second[i] / (1 - Math.pow(0.999, step));
            direction[i] = mean / (Math.sqrt(square) + 1e-8);
        }
        return direction;
    }
}
