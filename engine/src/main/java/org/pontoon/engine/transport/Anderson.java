package org.pontoon.engine.transport;

/**
 * Anderson's acceleration of a fixed-point iteration (Anderson 1965; Walker and Ni 2011, "Anderson acceleration for fixed-point
 * iterations"): the next point combines the last images so that the combined residual is least in the measure's norm. For Sinkhorn's map,
 * whose derivative is self-adjoint in that norm, this attains the rate of conjugate gradients without knowing the spectrum that an
 * over-relaxation factor needs. Not thread-safe.
 */
public final class Anderson {

    private static final int DEPTH = 10;
    /** Added to a Gram matrix of unit diagonal. */
    private static final double REGULARIZATION = 1e-12;
    /** The plain iteration never raises the error; a step that doubles it has left the region where the history means anything. */
    private static final double WORSE = 2;

    private final double[] weights;
    private final double[] point;
    private final double[] residual;
    private final double[][] pointSteps = new double[DEPTH][];
    private final double[][] residualSteps = new double[DEPTH][];
    private final double[][] gram = new double[DEPTH][DEPTH];
    private int steps;
    private double error = Double.POSITIVE_INFINITY;

    /**
     * Starts without a history.
     *
     * @param weights of the coordinates in the norm; read as long as this is used
     */
    public Anderson(double[] weights) {
        this.weights = weights;
        this.point = new double[weights.length];
        this.residual = new double[weights.length];
    }

    /**
     * Replaces a point by the next one.
     *
     * @param current the point
     * @param image its image under the map
     * @param currentError the error found there; the history is dropped where it has doubled
     */
    public void step(double[] current, double[] image, double currentError) {
        boolean first = error == Double.POSITIVE_INFINITY;
        if (currentError > WORSE * error) {
            steps = 0;
            first = true;
        }
        error = currentError;
        int slot = steps % DEPTH;
        if (!first && pointSteps[slot] == null) {
            pointSteps[slot] = new double[weights.length];
            residualSteps[slot] = new double[weights.length];
        }
        for (int i = 0; i < weights.length; i++) {
            double r = image[i] - current[i];
            if (!first) {
                pointSteps[slot][i] = current[i] - point[i];
                residualSteps[slot][i] = r - residual[i];
            }
            point[i] = current[i];
            residual[i] = r;
        }
        System.arraycopy(image, 0, current, 0, image.length);
        if (first) {
            return;
        }
        steps++;
        int kept = Math.min(steps, DEPTH);
        for (int k = 0; k < kept; k++) {
            gram[slot][k] = dot(residualSteps[slot], residualSteps[k]);
            gram[k][slot] = gram[slot][k];
        }
        double[] mix = leastSquares(kept);
        for (int k = 0; k < kept; k++) {
            for (int i = 0; i < weights.length; i++) {
                current[i] -= mix[k] * (pointSteps[k][i] + residualSteps[k][i]);
            }
        }
    }

    /** Minimises |residual - sum mix_k residualSteps_k| through the normal equations, by Cholesky. */
    private double[] leastSquares(int count) {
        double[] scale = new double[count];
        double[] mix = new double[count];
        for (int k = 0; k < count; k++) {
            scale[k] = gram[k][k] > 0 ? 1 / Math.sqrt(gram[k][k]) : 0;
            mix[k] = scale[k] * dot(residualSteps[k], residual);
        }
        double[][] lower = new double[count][count];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = i == j ? 1 + REGULARIZATION : scale[i] * scale[j] * gram[i][j];
                for (int k = 0; k < j; k++) {
                    sum -= lower[i][k] * lower[j][k];
                }
                // a pivot lost to rounding: the step repeats earlier ones and is left out
                lower[i][j] = i == j ? Math.sqrt(Math.max(sum, REGULARIZATION)) : sum / lower[j][j];
            }
        }
        for (int i = 0; i < count; i++) {
            for (int k = 0; k < i; k++) {
                mix[i] -= lower[i][k] * mix[k];
            }
            mix[i] /= lower[i][i];
        }
        for (int i = count - 1; i >= 0; i--) {
            for (int k = i + 1; k < count; k++) {
                mix[i] -= lower[k][i] * mix[k];
            }
            mix[i] /= lower[i][i];
        }
        for (int k = 0; k < count; k++) {
            mix[k] *= scale[k];
        }
        return mix;
    }

    private double dot(double[] u, double[] v) {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * u[i] * v[i];
        }
        return sum;
    }
}
