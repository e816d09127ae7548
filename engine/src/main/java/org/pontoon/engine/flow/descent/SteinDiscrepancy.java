package org.pontoon.engine.flow.descent;

import java.util.Objects;

import org.pontoon.engine.flow.Functional;
import org.pontoon.engine.flow.ParticleFlow;
import org.pontoon.engine.flow.Potential;
import org.pontoon.engine.internal.particle.Columns;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.LossGradient;
import org.pontoon.engine.transport.PairKernel;

/**
 * Half the squared kernel Stein discrepancy of a cloud from the density exp(-V), {@code 1/2 sum_ij a_i a_j k_pi(x_i, x_j)} with the Stein
 * kernel {@code k_pi = s(x).s(y) k + s(x).grad_y k + s(y).grad_x k + div_x grad_y k}, s = -grad V (Korba et al. 2021, "Kernel Stein
 * Discrepancy Descent"): with {@link ParticleFlow} that paper's descent.
 *
 * <p>All pairs in float64, in plain Java, O(N^2 D): it is for thousands of particles, not for millions. The Hessian of V meets vectors
 * only, as a central difference of gradients. Particles that start on a plane of symmetry of V stay on it. The same bits for any number of
 * threads; immutable and thread-safe.
 */
public final class SteinDiscrepancy implements Functional {

    private static final int TILE = 64;
    private static final double DIFFERENCE = 1e-5;

    private final Potential potential;
    private final boolean gaussian;
    private final double inverseSquare;
    private final TileScheduler scheduler;

    /**
     * Makes a functional.
     *
     * @param potential V
     * @param kernel Gaussian or inverse multiquadric of one bandwidth
     * @param scheduler runs the tiles
     * @throws IllegalArgumentException if it is another kernel
     */
    public SteinDiscrepancy(Potential potential, PairKernel kernel, TileScheduler scheduler) {
        this.potential = Objects.requireNonNull(potential, "potential");
        this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
        this.gaussian = kernel.profile() == PairKernel.Profile.GAUSSIAN;
        if (kernel.bandwidths().size() != 1 || !gaussian && kernel.profile() != PairKernel.Profile.INVERSE_MULTIQUADRIC) {
            throw new IllegalArgumentException("kernel is " + kernel + ", expected Gaussian or inverse multiquadric with one bandwidth");
        }
        this.inverseSquare = 1 / (kernel.bandwidths().get(0) * kernel.bandwidths().get(0));
    }

    @Override
    public LossGradient at(PointCloud cloud) {
        int dimension = potential.dimension();
        cloud.requireFinite("cloud").requireDimension(dimension, "cloud");
        int size = cloud.size();
        double[] x = new double[dimension * size];
        for (int d = 0; d < dimension; d++) {
            for (int i = 0; i < size; i++) {
                x[d * size + i] = cloud.get(i, d);
            }
        }
        double[] weights = Columns.weights(cloud);
        double[] score = score(x, size);
        double[] potentials = new double[size];
        double[] gradient = new double[size * dimension];
        double[] stein = new double[dimension * size];
        scheduler.run((size + TILE - 1) / TILE, (tile, worker) -> {
            double[] z = new double[dimension];
            for (int i = tile * TILE; i < Math.min(size, (tile + 1) * TILE); i++) {
                row(x, score, weights, size, i, z, potentials, gradient, stein);
            }
        });
        addCurvature(x, stein, size, gradient);
        double value = 0;
        for (int i = 0; i < size; i++) {
            value += 0.5 * weights[i] * potentials[i];
            for (int d = 0; d < dimension; d++) {
                gradient[i * dimension + d] *= weights[i];
            }
        }
        return new LossGradient(value, gradient, potentials);
    }

    /**
     * Sums the Stein kernel and what of its derivative needs no Hessian over one row, and the Stein velocity {@code sum_j a_j (k s_j +
     * grad_j k)} that the Hessian meets. The kernel is a function of r^2 with k' = -g / 2 there, so that grad_x k = -g z for z = x - y.
     */
    private void row(double[] x, double[] score, double[] weights, int size, int i, double[] z, double[] potentials, double[] gradient,
            double[] stein) {
        int dimension = z.length;
        double potentialSum = 0;
        for (int j = 0; j < size; j++) {
            double square = 0;
            double products = 0;
            double along = 0;
            for (int d = 0; d < dimension; d++) {
                double si = score[d * size + i];
                double sj = score[d * size + j];
                z[d] = x[d * size + i] - x[d * size + j];
                square += z[d] * z[d];
                products += si * sj;
                along += z[d] * (si - sj);
            }
            // k and its g, and g' and g'' by r^2
            double k;
            double g;
            double g1;
            double g2;
            if (gaussian) {
                k = Math.exp(-0.5 * inverseSquare * square);
                g = inverseSquare * k;
                g1 = -0.5 * inverseSquare * g;
                g2 = -0.5 * inverseSquare * g1;
            } else {
                double base = 1 / (1 + inverseSquare * square);
                k = Math.sqrt(base);
                g = inverseSquare * base * k;
                g1 = -1.5 * inverseSquare * base * g;
                g2 = -2.5 * inverseSquare * base * g1;
            }
            double a = weights[j];
            potentialSum += a * (k * products + g * along + dimension * g + 2 * square * g1);
            double alongZ = -g * products + 2 * g1 * along + (2 * dimension + 4) * g1 + 4 * square * g2;
            for (int d = 0; d < dimension; d++) {
                double si = score[d * size + i];
                double sj = score[d * size + j];
                gradient[i * dimension + d] += a * (alongZ * z[d] + g * (si - sj));
                stein[d * size + i] += a * (k * sj + g * z[d]);
            }
        }
        potentials[i] = potentialSum;
    }

    /** Adds the Hessian of -V times the Stein velocity. */
    private void addCurvature(double[] x, double[] stein, int size, double[] gradient) {
        int dimension = potential.dimension();
        double[] right = x.clone();
        double[] left = x.clone();
        double[] step = new double[size];
        for (int i = 0; i < size; i++) {
            double norm = 0;
            double extent = 1;
            for (int d = 0; d < dimension; d++) {
                norm += stein[d * size + i] * stein[d * size + i];
                extent = Math.max(extent, Math.abs(x[d * size + i]));
            }
            step[i] = norm == 0 ? 0 : DIFFERENCE * extent / Math.sqrt(norm);
            for (int d = 0; d < dimension; d++) {
                right[d * size + i] += step[i] * stein[d * size + i];
                left[d * size + i] -= step[i] * stein[d * size + i];
            }
        }
        double[] scoreRight = score(right, size);
        double[] scoreLeft = score(left, size);
        for (int i = 0; i < size; i++) {
            for (int d = 0; d < dimension && step[i] > 0; d++) {
                gradient[i * dimension + d] += (scoreRight[d * size + i] - scoreLeft[d * size + i]) / (2 * step[i]);
            }
        }
    }

    private double[] score(double[] x, int size) {
        double[] gradient = new double[x.length];
        potential.evaluate(x, size, size, null, gradient);
        for (int k = 0; k < gradient.length; k++) {
            gradient[k] = -gradient[k];
        }
        return gradient;
    }
}
