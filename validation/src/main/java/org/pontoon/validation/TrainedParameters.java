package org.pontoon.validation;

import java.util.Arrays;

import org.ejml.data.DMatrixRMaj;
import org.pontoon.engine.bridge.Covariance;
import org.pontoon.engine.bridge.LightBridge;

/**
 * Parameters in the form they are trained in: log alpha, r, and log S or the Cholesky factors of S (entries above the diagonal are
 * ignored).
 */
record TrainedParameters(Covariance covariance, int dimension, int components, double epsilon, double[] logWeights, double[] locations,
        double[] factors) {

    static TrainedParameters random(Covariance covariance, int dimension, int components, double epsilon, RandomProblem random) {
        int square = dimension * dimension;
        double[] factors = covariance == Covariance.DIAGONAL ? random.normals(components * dimension, 0.5)
            : new double[components * square];
        if (covariance == Covariance.FULL) {
            for (int k = 0; k < components; k++) {
                double[] l = Matrices.rows(Matrices.cholesky(Matrices.of(random.covariance(dimension, 0.3), dimension, dimension)));
                System.arraycopy(l, 0, factors, k * square, square);
            }
        }
        return new TrainedParameters(covariance, dimension, components, epsilon, random.normals(components, 0.5),
            random.normals(components * dimension, 1), factors);
    }

    double[] scales() {
        double[] scales = new double[factors.length];
        if (covariance == Covariance.DIAGONAL) {
            for (int i = 0; i < scales.length; i++) {
                scales[i] = Math.exp(factors[i]);
            }
            return scales;
        }
        int square = dimension * dimension;
        for (int k = 0; k < components; k++) {
            DMatrixRMaj l = Matrices.of(Arrays.copyOfRange(factors, k * square, (k + 1) * square), dimension, dimension);
            for (int i = 0; i < dimension; i++) {
                for (int j = i + 1; j < dimension; j++) {
                    l.set(i, j, 0);
                }
            }
            System.arraycopy(Matrices.rows(Matrices.multiplyTransposed(l, l)), 0, scales, k * square, square);
        }
        return scales;
    }

    LightBridge bridge(double[] sourceMean, double[] targetMean) {
        return (covariance == Covariance.DIAGONAL ? LightBridge.diagonal(epsilon, logWeights, locations, scales())
            : LightBridge.full(epsilon, logWeights, locations, scales())).means(sourceMean, targetMean).build();
    }

    LightBridge bridge() {
        return bridge(new double[dimension], new double[dimension]);
    }

    ReferenceLoss.Gradient gradient(ReferenceLoss loss) {
        return covariance == Covariance.DIAGONAL ? loss.diagonal(logWeights, locations, scales())
            : loss.full(logWeights, locations, scales());
    }

    /** The chain rule from dL / dS to log S or the Cholesky factor. */
    double[] factorGradient(double[] scaleGradient) {
        double[] result = new double[factors.length];
        if (covariance == Covariance.DIAGONAL) {
            double[] scales = scales();
            for (int i = 0; i < result.length; i++) {
                result[i] = scales[i] * scaleGradient[i];
            }
            return result;
        }
        int square = dimension * dimension;
        for (int k = 0; k < components; k++) {
            double[] g = Arrays.copyOfRange(scaleGradient, k * square, (k + 1) * square);
            double[] l = Arrays.copyOfRange(factors, k * square, (k + 1) * square);
            System.arraycopy(ReferenceLoss.choleskyGradient(g, l, dimension), 0, result, k * square, square);
        }
        return result;
    }

    TrainedParameters withLogWeights(double[] values) {
        return new TrainedParameters(covariance, dimension, components, epsilon, values, locations, factors);
    }

    TrainedParameters withLocations(double[] values) {
        return new TrainedParameters(covariance, dimension, components, epsilon, logWeights, values, factors);
    }

    TrainedParameters withFactors(double[] values) {
        return new TrainedParameters(covariance, dimension, components, epsilon, logWeights, locations, values);
    }
}
