package org.pontoon.engine.flow.jko;

import java.util.List;
import java.util.Objects;

import org.pontoon.engine.flow.InteractionEnergy;
import org.pontoon.engine.flow.Potential;
import org.pontoon.engine.flow.Scheme;
import org.pontoon.engine.flow.Snapshot;
import org.pontoon.engine.internal.particle.Columns;
import org.pontoon.engine.internal.particle.Directions;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.random.Stream;
import org.pontoon.engine.transport.Anderson;

/**
 * The sliced-Wasserstein JKO scheme of the Fokker-Planck equation on a grid (Bonet, Courty, Septier, Drumetz 2022): each step minimises
 * {@code SW_2^2(rho, rho_k) / (2 tau) + sum_i V_i rho_i + sum_i rho_i log(rho_i / l)} over weights rho on the simplex, with l a cell's
 * volume. On the line, where the sliced distance is the Wasserstein distance, this is the JKO scheme itself.
 *
 * <p>Where asked for, the functional has the interaction energy {@code sum_ij W(x_i - x_j) rho_i rho_j / 2} too, and the entropy has a
 * factor lambda other than 1; lambda must be positive, since without entropy the minimum is at the edge of the simplex, where these steps
 * do not come to an end: aggregation alone is regularised by a small one, at the price of more iterations.
 *
 * <p>The minimum is the fixed point {@code lambda log rho = -V - W * rho - phi / (2 tau)} up to a constant, phi being the derivative of the
 * distance: the step of mirror descent of full length. Such steps are taken at a part of that length and accelerated by Anderson's method,
 * in the logarithm, so weights stay positive; a step that raises the objective by much is taken back. The residual is the
 * root mean square of a step's full change of log rho, under rho_k.
 *
 * <p>It tells the functional as "loss" and, of the last step, the squared sliced distance as "movement", the last "residual" and the
 * "iterations".
 *
 * <p>Float64; one set of directions, in O(N) memory. A state is the cells' middles with their weights. Same bits for any number of threads. A step
 * allocates the memory of its acceleration.
 */
public final class SwJkoGrid implements Scheme {

    private static final double MAX_MIXING = 0.1;
    private static final double RECOVERY = 1.2;
    private static final double ROUNDING = 1e-12;
    /** Share of what a step has gained that an accelerated iteration may lose for a while. */
    private static final double SLACK = 0.1;
    private static final double MIN_WEIGHT = 1e-300;

    private final SwJkoOptions options;
    private final GridTransport transport;
    private final double[] potential;
    private final GridInteraction interaction;
    private final double[] interactionPotential;
    private final double entropy;
    private final double[] centres;
    private final int dimension;
    private final double logVolume;
    private final double[] logWeights;
    private final double[] weights;
    private final double[] before;
    private final double[] slope;
    private final double[] image;
    private final double[] norm;
    private final double[] best;
    private final double[] bestImage;
    private double mixing = MAX_MIXING;
    private double movement;
    private double residual;
    private int iterations;
    private boolean converged = true;

    /**
     * Makes a scheme.
     *
     * @param grid the cells
     * @param start weight of every cell, not negative, normalised here; a cell without weight gets next to none
     * @param potential V
     * @param options how steps are made; one set of directions serves them all
     * @param scheduler runs the directions
     * @throws IllegalArgumentException if shapes do not fit, a weight is negative or not finite, or all are 0
     */
    public SwJkoGrid(Grid grid, double[] start, Potential potential, SwJkoOptions options, TileScheduler scheduler) {
        this(grid, start, Objects.requireNonNull(potential, "potential"), null, 1, options, scheduler);
    }

    /**
     * Makes a scheme of potential, interaction and entropy. Every iteration costs O(N^2) for N cells where there is an interaction.
     *
     * @param grid the cells
     * @param start weight of every cell, not negative, normalised here; a cell without weight gets next to none
     * @param potential V, or null
     * @param kernel W, or null
     * @param entropy factor lambda of the entropy, positive
     * @param options how steps are made; one set of directions serves them all
     * @param scheduler runs the directions and the interaction
     * @throws IllegalArgumentException if shapes do not fit, a number is out of range, a weight is negative or not finite, or all are 0
     */
    public SwJkoGrid(Grid grid, double[] start, Potential potential, InteractionEnergy.Kernel kernel, double entropy, SwJkoOptions options,
            TileScheduler scheduler) {
        this.options = Objects.requireNonNull(options, "options");
        this.dimension = grid.dimension();
        if (!(entropy > 0) || entropy == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("factor of the entropy is " + entropy + ", expected positive and finite");
        }
        if (potential != null && potential.dimension() != dimension) {
            throw new IllegalArgumentException("potential has dimension " + potential.dimension() + ", expected the grid's " + dimension);
        }
        int size = grid.size();
        if (start.length != size) {
            throw new IllegalArgumentException("start has " + start.length + " weights, expected one for each of " + size + " cells");
        }
        double total = 0;
        for (int i = 0; i < size; i++) {
            if (!(start[i] >= 0) || start[i] == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException("weight " + i + " is " + start[i] + ", expected finite and not negative");
            }
            total += start[i];
        }
        if (!(total > 0)) {
            throw new IllegalArgumentException("all " + size + " weights are 0, expected a positive sum");
        }
        this.centres = grid.centres();
        this.logVolume = Math.log(grid.cellVolume());
        this.potential = new double[size];
        if (potential != null) {
            potential.evaluate(centres, size, size, this.potential, null);
        }
        this.interaction = kernel == null ? null : new GridInteraction(grid, kernel, scheduler);
        this.interactionPotential = new double[size];
        this.entropy = entropy;
        this.transport = new GridTransport(centres, dimension, grid.leastWidth(),
            Directions.of(dimension, options.directions(), Stream.SLICED_DIRECTIONS.key(options.seed(), 0)), scheduler);
        this.logWeights = new double[size];
        this.weights = new double[size];
        this.before = new double[size];
        this.slope = new double[size];
        this.image = new double[size];
        this.norm = new double[size];
        this.best = new double[size];
        this.bestImage = new double[size];
        for (int i = 0; i < size; i++) {
            logWeights[i] = Math.log(Math.max(MIN_WEIGHT, start[i] / total));
        }
        settle();
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
        System.arraycopy(weights, 0, before, 0, weights.length);
        for (int i = 0; i < norm.length; i++) {
            norm[i] = 0.5 * (before[i] + 1.0 / norm.length);
        }
        Anderson anderson = new Anderson(norm);
        residual = Double.POSITIVE_INFINITY;
        double objective = Double.POSITIVE_INFINITY;
        double start = Double.POSITIVE_INFINITY;
        iterations = 0;
        int accelerated = 0;
        converged = false;
        while (!converged && iterations < options.iterations()) {
            double distance = transport.distance(weights, before, slope);
            double value = distance / (2 * tau) + functional();
            iterations++;
            boolean better = value <= objective + ROUNDING * Math.max(1, Math.abs(objective));
            start = iterations == 1 ? value : start;
            if (better || value <= objective + SLACK * (start - objective)) {
                double found = mirrorStep(tau);
                converged = found <= options.tolerance();
                if (better || converged) {
                    objective = value;
                    movement = distance;
                    residual = found;
                    System.arraycopy(logWeights, 0, best, 0, best.length);
                    System.arraycopy(image, 0, bestImage, 0, image.length);
                }
                mixing = Math.min(MAX_MIXING, RECOVERY * mixing);
                mix(image, logWeights);
                if (!converged) {
                    anderson.step(logWeights, image, found);
                    accelerated++;
                }
            } else {
                // the objective has risen: a plain step of mirror descent from the best weights, a shorter one where this was one
                if (accelerated <= 1) {
                    mixing /= 2;
                }
                accelerated = 0;
                anderson = new Anderson(norm);
                System.arraycopy(bestImage, 0, logWeights, 0, best.length);
                mix(logWeights, best);
            }
            settle();
        }
        System.arraycopy(best, 0, logWeights, 0, best.length);
        settle();
    }

    @Override
    public Snapshot snapshot(int step, double time) {
        return new Snapshot(step, time, Columns.rows(centres, weights.length, weights.length), weights.clone());
    }

    /** Shortens the way from one vector of logarithms to another. */
    private void mix(double[] to, double[] from) {
        for (int i = 0; i < to.length; i++) {
            to[i] = from[i] + mixing * (to[i] - from[i]);
        }
    }

    /** Finds the image of the logarithms, and how far it is from them but for a constant. */
    private double mirrorStep(double tau) {
        double shift = 0;
        for (int i = 0; i < image.length; i++) {
            image[i] = -(potential[i] + interactionPotential[i] + slope[i] / (2 * tau)) / entropy;
            shift += before[i] * (image[i] - logWeights[i]);
        }
        double square = 0;
        for (int i = 0; i < image.length; i++) {
            image[i] -= shift;
            double change = image[i] - logWeights[i];
            square += before[i] * change * change;
        }
        return Math.sqrt(square);
    }

    /** Takes the logarithms' weights. */
    private void settle() {
        normalize(logWeights, weights);
        if (interaction != null) {
            interaction.potential(weights, interactionPotential);
        }
    }

    private static void normalize(double[] logarithms, double[] weights) {
        double top = Double.NEGATIVE_INFINITY;
        for (double v : logarithms) {
            top = Math.max(top, v);
        }
        double sum = 0;
        for (double v : logarithms) {
            sum += Math.exp(v - top);
        }
        double shift = top + Math.log(sum);
        for (int i = 0; i < weights.length; i++) {
            logarithms[i] -= shift;
            weights[i] = Math.exp(logarithms[i]);
        }
    }

    /**
     * Returns the weights of the cells.
     *
     * @return one for each cell, of sum 1
     */
    public double[] weights() {
        return weights.clone();
    }

    /**
     * Returns the free energy {@code sum_i V_i rho_i + sum_ij W_ij rho_i rho_j / 2 + lambda sum_i rho_i log(rho_i / l)}.
     *
     * @return its value
     */
    public double functional() {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * (potential[i] + 0.5 * interactionPotential[i] + entropy * (logWeights[i] - logVolume));
        }
        return sum;
    }

    /**
     * Returns the mean of the weights.
     *
     * @return D values
     */
    public double[] mean() {
        int size = weights.length;
        double[] mean = new double[dimension];
        for (int d = 0; d < dimension; d++) {
            for (int i = 0; i < size; i++) {
                mean[d] += weights[i] * centres[d * size + i];
            }
        }
        return mean;
    }

    /**
     * Returns the covariance of the weights.
     *
     * @return D x D row-major
     */
    public double[] covariance() {
        int size = weights.length;
        double[] mean = mean();
        double[] covariance = new double[dimension * dimension];
        for (int d = 0; d < dimension; d++) {
            for (int e = 0; e <= d; e++) {
                for (int i = 0; i < size; i++) {
                    covariance[d * dimension + e] += weights[i] * (centres[d * size + i] - mean[d]) * (centres[e * size + i] - mean[e]);
                }
                covariance[e * dimension + d] = covariance[d * dimension + e];
            }
        }
        return covariance;
    }
}
