package org.pontoon.engine.flow.jko;

import java.util.Arrays;
import java.util.List;

import org.pontoon.engine.flow.QuadraticPotential;
import org.pontoon.engine.flow.Scheme;
import org.pontoon.engine.flow.Snapshot;
import org.pontoon.engine.internal.kernel.CholeskyFactor;
import org.pontoon.engine.internal.particle.Directions;
import org.pontoon.engine.internal.particle.Matrices;
import org.pontoon.engine.random.Stream;

/**
 * The sliced-Wasserstein JKO scheme of the Fokker-Planck equation on Gaussians: each step minimises
 * {@code SW_2^2(mu, mu_k) / (2 tau) + E V(x) + E log rho(x)} over the images of N(0, I) under affine maps. Where V is quadratic, Gaussians
 * stay Gaussian, and the minimum over them is the minimum over all measures; it solves
 *
 * <pre>{@code
 * m = (I + D tau A)^-1 (m_k + D tau A m*)
 * mean_theta theta theta' (1 - sigma_k(theta) / sigma(theta)) / tau + A - S^-1 = 0,  sigma(theta)^2 = theta' S theta
 * }</pre>
 *
 * <p>The covariance is found by damped Newton steps on the convex objective, so there is no error but that of the quadrature over
 * directions: none where S and A are isotropic, none beyond rounding in the plane for a moderate number of equispaced angles, a Monte
 * Carlo error above. The residual is the largest entry of the equation's left side relative to the largest of A and S^-1.
 *
 * <p>It tells the functional as "loss" and, of the last step, the squared sliced distance as "movement", the last "residual" and the
 * "iterations".
 *
 * <p>Float64. A state is 2 D points of equal weights with the Gaussian's mean and covariance: the mean, moved either way along the columns of
 * the covariance's root times the root of D. A step allocates its matrices.
 */
public final class SwJkoGaussian implements Scheme {

    private static final double ARMIJO = 1e-4;
    private static final int MAX_HALVINGS = 60;
    private static final double ROUNDING = 1e-10;

    private final int dimension;
    private final double[] matrix;
    private final double[] centre;
    private final SwJkoOptions options;
    private final double[] directions;
    private double[] mean;
    private double[] covariance;
    private double movement;
    private double residual;
    private int iterations;
    private boolean converged = true;

    /**
     * Makes a scheme.
     *
     * @param mean of the start, D values
     * @param covariance of the start, D x D row-major, symmetric and positive definite
     * @param potential V, whose matrix A is positive definite
     * @param options how steps are made; one set of directions serves them all
     * @throws IllegalArgumentException if a matrix is not such, the shapes differ or a value is not finite
     */
    public SwJkoGaussian(double[] mean, double[] covariance, QuadraticPotential potential, SwJkoOptions options) {
        this.dimension = potential.dimension();
        this.matrix = potential.matrix();
        this.centre = potential.centre();
        Matrices.requireSymmetric(covariance, dimension, "covariance of the start");
        Matrices.requireFinite(mean, "mean of the start");
        if (mean.length != dimension) {
            throw new IllegalArgumentException("mean of the start has " + mean.length + " values, expected " + dimension);
        }
        if (!isPositiveDefinite(matrix, dimension) || !isPositiveDefinite(covariance, dimension)) {
            throw new IllegalArgumentException("matrix of the potential or covariance of the start is not positive definite");
        }
        this.mean = mean.clone();
        this.covariance = covariance.clone();
        this.options = options;
        this.directions = Directions.of(dimension, options.directions(), Stream.SLICED_DIRECTIONS.key(options.seed(), 0));
    }

    @Override
    public List<String> quantities() {
        return SwJkoOptions.QUANTITIES;
    }

    @Override
    public void read(double[] row) {
        row[0] = functional();
        row[1] = movement;
        row[2] = residual;
        row[3] = iterations;
    }

    @Override
    public boolean converged() {
        return converged;
    }

    @Override
    public void step(int step, int of, double duration) {
        double tau = duration / dimension;
        double[] nextMean = nextMean(tau);
        double[] start = covariance;
        double[] deviations = deviations(start);
        double[] point = start.clone();
        residual = Double.POSITIVE_INFINITY;
        iterations = 0;
        while (iterations < options.iterations()) {
            double[] inverse = CholeskyFactor.inverse(factor(point, dimension));
            double[] gradient = gradient(point, inverse, deviations, tau);
            residual = largest(gradient) / Math.max(largest(matrix), largest(inverse));
            if (residual <= options.tolerance()) {
                break;
            }
            iterations++;
            double[] newton = newton(point, inverse, gradient, deviations, tau);
            double slope = 0;
            for (int k = 0; k < gradient.length; k++) {
                slope += gradient[k] * newton[k];
            }
            double value = objective(point, deviations, tau);
            double length = 1;
            double[] next = moved(point, newton, length);
            // where rounding hides the objective's fall, Newton's step is trusted
            boolean near = -slope <= ROUNDING * Math.max(1, Math.abs(value)) && isPositiveDefinite(next, dimension);
            for (int h = 0; !near && h < MAX_HALVINGS && !(objective(next, deviations, tau) <= value + ARMIJO * length * slope); h++) {
                length /= 2;
                next = moved(point, newton, length);
            }
            point = next;
        }
        movement = 0;
        for (int d = 0; d < dimension; d++) {
            movement += (nextMean[d] - mean[d]) * (nextMean[d] - mean[d]) / dimension;
        }
        double[] after = deviations(point);
        for (int l = 0; l < after.length; l++) {
            movement += (after[l] - deviations[l]) * (after[l] - deviations[l]) / after.length;
        }
        mean = nextMean;
        covariance = point;
        converged = residual <= options.tolerance();
    }

    @Override
    public Snapshot snapshot(int step, double time) {
        double[][] root = factor(covariance, dimension);
        float[] points = new float[2 * dimension * dimension];
        for (int k = 0; k < points.length; k++) {
            int point = k / dimension;
            int d = k % dimension;
            double along = Math.sqrt(dimension) * root[point / 2][d];
            points[k] = (float) (mean[d] + (point % 2 == 0 ? along : -along));
        }
        return new Snapshot(step, time, points, 2 * dimension);
    }

    /**
     * Returns the mean.
     *
     * @return D values
     */
    public double[] mean() {
        return mean.clone();
    }

    /**
     * Returns the covariance.
     *
     * @return D x D row-major
     */
    public double[] covariance() {
        return covariance.clone();
    }

    /**
     * Returns the free energy {@code E V(x) + E log rho(x)}.
     *
     * @return its value
     */
    public double functional() {
        double sum = -dimension * Math.log(2 * Math.PI * Math.E) - CholeskyFactor.logDeterminant(factor(covariance, dimension));
        for (int i = 0; i < dimension; i++) {
            for (int j = 0; j < dimension; j++) {
                sum += matrix[i * dimension + j] * (covariance[i * dimension + j] + (mean[i] - centre[i]) * (mean[j] - centre[j]));
            }
        }
        return 0.5 * sum;
    }

    private static boolean isPositiveDefinite(double[] matrix, int size) {
        return CholeskyFactor.factorise(CholeskyFactor.rows(matrix, size));
    }

    private static double[][] factor(double[] matrix, int size) {
        double[][] factor = CholeskyFactor.rows(matrix, size);
        if (!CholeskyFactor.factorise(factor)) {
            throw new IllegalStateException("a matrix of the step is not positive definite; a shorter step may help");
        }
        return factor;
    }

    private double[] nextMean(double tau) {
        double factor = dimension * tau;
        double[] system = new double[dimension * dimension];
        double[] right = mean.clone();
        for (int i = 0; i < dimension; i++) {
            for (int j = 0; j < dimension; j++) {
                system[i * dimension + j] = factor * matrix[i * dimension + j] + (i == j ? 1 : 0);
                right[i] += factor * matrix[i * dimension + j] * centre[j];
            }
        }
        CholeskyFactor.solve(factor(system, dimension), right);
        return right;
    }

    private double[] deviations(double[] s) {
        double[] deviations = new double[directions.length / dimension];
        for (int l = 0; l < deviations.length; l++) {
            double square = 0;
            for (int i = 0; i < dimension; i++) {
                for (int j = 0; j < dimension; j++) {
                    square += directions[l * dimension + i] * s[i * dimension + j] * directions[l * dimension + j];
                }
            }
            deviations[l] = Math.sqrt(square);
        }
        return deviations;
    }

    /** Twice the objective in the covariance; infinite where that is not positive definite. */
    private double objective(double[] s, double[] before, double tau) {
        double[][] factor = CholeskyFactor.rows(s, dimension);
        if (!CholeskyFactor.factorise(factor)) {
            return Double.POSITIVE_INFINITY;
        }
        double[] now = deviations(s);
        double sum = 0;
        for (int l = 0; l < now.length; l++) {
            sum += (now[l] - before[l]) * (now[l] - before[l]);
        }
        sum /= tau * now.length;
        for (int k = 0; k < s.length; k++) {
            sum += matrix[k] * s[k];
        }
        return sum - CholeskyFactor.logDeterminant(factor);
    }

    private double[] gradient(double[] s, double[] inverse, double[] before, double tau) {
        double[] gradient = new double[s.length];
        double[] now = deviations(s);
        for (int l = 0; l < now.length; l++) {
            double factor = (1 - before[l] / now[l]) / (tau * now.length);
            for (int i = 0; i < dimension; i++) {
                for (int j = 0; j < dimension; j++) {
                    gradient[i * dimension + j] += factor * directions[l * dimension + i] * directions[l * dimension + j];
                }
            }
        }
        for (int k = 0; k < s.length; k++) {
            gradient[k] += matrix[k] - inverse[k];
        }
        return gradient;
    }

    /** Newton's direction, over the entries of the lower triangle. */
    private double[] newton(double[] s, double[] inverse, double[] gradient, double[] before, double tau) {
        int unknowns = dimension * (dimension + 1) / 2;
        int[] row = new int[unknowns];
        int[] column = new int[unknowns];
        int q = 0;
        for (int i = 0; i < dimension; i++) {
            for (int j = 0; j <= i; j++) {
                row[q] = i;
                column[q++] = j;
            }
        }
        double[] hessian = new double[unknowns * unknowns];
        double[] now = deviations(s);
        double[] squares = new double[unknowns];
        for (int l = 0; l < now.length; l++) {
            double factor = before[l] / (2 * now[l] * now[l] * now[l] * tau * now.length);
            for (int u = 0; u < unknowns; u++) {
                squares[u] = directions[l * dimension + row[u]] * directions[l * dimension + column[u]] * (row[u] == column[u] ? 1 : 2);
            }
            for (int u = 0; u < unknowns; u++) {
                for (int v = 0; v <= u; v++) {
                    hessian[u * unknowns + v] += factor * squares[u] * squares[v];
                }
            }
        }
        double[] right = new double[unknowns];
        for (int u = 0; u < unknowns; u++) {
            int a = row[u];
            int b = column[u];
            right[u] = -gradient[a * dimension + b] * (a == b ? 1 : 2);
            for (int v = 0; v <= u; v++) {
                int c = row[v];
                int e = column[v];
                // the trace of S^-1 E_u S^-1 E_v, with E the symmetric unit matrices
                double pair = inverse[a * dimension + c] * inverse[b * dimension + e]
                    + inverse[a * dimension + e] * inverse[b * dimension + c];
                hessian[u * unknowns + v] += pair * (a == b ? 1 : 2) * (c == e ? 1 : 2) / 2;
                hessian[v * unknowns + u] = hessian[u * unknowns + v];
            }
        }
        CholeskyFactor.solve(factor(hessian, unknowns), right);
        double[] direction = new double[s.length];
        for (int u = 0; u < unknowns; u++) {
            direction[row[u] * dimension + column[u]] = right[u];
            direction[column[u] * dimension + row[u]] = right[u];
        }
        return direction;
    }

    private static double[] moved(double[] point, double[] direction, double length) {
        double[] next = new double[point.length];
        Arrays.setAll(next, k -> point[k] + length * direction[k]);
        return next;
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElse(0);
    }
}
