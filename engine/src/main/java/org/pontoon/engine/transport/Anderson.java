package org.pontoon.engine.transport;

/**
 * Anderson's acceleration of a fixed-point iteration (Anderson 1965; Walker and Ni 2011, "Anderson acceleration for fixed-point
 * iterations"): the next point combines the last images so that the combined residual is least in the measure's norm. For Sinkhorn's map,
 * whose derivative is self-adjoint in that norm, this attains the rate of conjugate gradients without knowing the spectrum that an
 * over-relaxation factor needs. Not thread-safe.
 */
public final class Anderson {

    private static final int DEPTH = 10;
    /** A step whose squared sine to the span of the later ones is below this repeats them, but for rounding. */
    private static final double DEPENDENT = 1e-12;
    /** Steps whose residuals differ by less than this, relatively, tell nothing. */
    private static final double NOISE = 1e-8;
    /** The plain iteration never raises the error: a mixed step that doubles it was none. */
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
     * @param currentError the error found there; where it has doubled, the step is taken back: the point becomes the image before, and the
     *     history is dropped
     */
    public void step(double[] current, double[] image, double currentError) {
        if (currentError > WORSE * error) {
            for (int i = 0; i < weights.length; i++) {
                current[i] = point[i] + residual[i];
            }
            steps = 0;
            error = Double.POSITIVE_INFINITY;
            return;
        }
        boolean first = error == Double.POSITIVE_INFINITY;
        error = currentError;
        int slot = steps % DEPTH;
        if (!first && pointSteps[slot] == null) {
            pointSteps[slot] = new double[weights.length];
            residualSteps[slot] = new double[weights.length];
        }
        if (first) {
            System.arraycopy(current, 0, point, 0, point.length);
            subtract(image, current, residual);
            System.arraycopy(image, 0, current, 0, image.length);
            return;
        }
        // each loop is a method of its own, so that C2 has little to do in a cold process
        subtract(current, point, pointSteps[slot]);
        System.arraycopy(current, 0, point, 0, point.length);
        System.arraycopy(residual, 0, residualSteps[slot], 0, residual.length);
        subtract(image, current, residual);
        subtract(residual, residualSteps[slot], residualSteps[slot]);
        System.arraycopy(image, 0, current, 0, image.length);
        steps++;
        int kept = Math.min(steps, DEPTH);
        for (int k = 0; k < kept; k++) {
            gram[slot][k] = dot(residualSteps[slot], residualSteps[k]);
            gram[k][slot] = gram[slot][k];
        }
        double[] mix = leastSquares(kept);
        for (int k = 0; k < kept; k++) {
            int s = slot(k);
            subtractSums(mix[k], pointSteps[s], residualSteps[s], current);
        }
    }

    private static void subtract(double[] u, double[] v, double[] difference) {
        for (int i = 0; i < difference.length; i++) {
            difference[i] = u[i] - v[i];
        }
    }

    private static void subtractSums(double factor, double[] u, double[] v, double[] from) {
        for (int i = 0; i < from.length; i++) {
            from[i] -= factor * (u[i] + v[i]);
        }
    }

    /** Where the step is that was taken so many steps ago. */
    private int slot(int age) {
        return Math.floorMod(steps - 1 - age, DEPTH);
    }

    /**
     * Minimises |residual - sum mix_k residualSteps_k| through the normal equations of unit diagonal, by Cholesky, from the latest step
     * back; one that depends on later ones is left out.
     */
    private double[] leastSquares(int count) {
        double[] scale = new double[count];
        double[] mix = new double[count];
        double noise = NOISE * NOISE * dot(residual, residual);
        for (int k = 0; k < count; k++) {
            int s = slot(k);
            scale[k] = gram[s][s] > noise ? 1 / Math.sqrt(gram[s][s]) : 0;
            mix[k] = scale[k] * dot(residualSteps[s], residual);
        }
        double[][] lower = new double[count][count];
        for (int i = 0; i < count; i++) {
            double pivot = 1;
            for (int j = 0; j < i; j++) {
                double sum = scale[i] * scale[j] * gram[slot(i)][slot(j)];
                for (int k = 0; k < j; k++) {
                    sum -= lower[i][k] * lower[j][k];
                }
                lower[i][j] = lower[j][j] == 0 ? 0 : sum / lower[j][j];
                pivot -= lower[i][j] * lower[i][j];
            }
            lower[i][i] = scale[i] > 0 && pivot > DEPENDENT ? Math.sqrt(pivot) : 0;
        }
        for (int i = 0; i < count; i++) {
            for (int k = 0; k < i; k++) {
                mix[i] -= lower[i][k] * mix[k];
            }
            mix[i] = lower[i][i] == 0 ? 0 : mix[i] / lower[i][i];
        }
        for (int i = count - 1; i >= 0; i--) {
            for (int k = i + 1; k < count; k++) {
                mix[i] -= lower[k][i] * mix[k];
            }
            mix[i] = lower[i][i] == 0 ? 0 : mix[i] / lower[i][i];
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
