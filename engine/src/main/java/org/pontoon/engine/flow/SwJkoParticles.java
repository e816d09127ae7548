package org.pontoon.engine.flow;

import java.util.Objects;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.LossGradient;

/**
 * The sliced-Wasserstein JKO scheme on particles (Bonet, Courty, Septier, Drumetz 2022, "Efficient gradient flows in sliced-Wasserstein
 * space"): each step minimises {@code SW_2^2(mu, mu_k) / (2 tau) + F(mu)} over the positions of N equally weighted particles.
 *
 * <p>Directions are fixed within a step and drawn anew for the next. Where their second moment is I / D, as here, the minimum is a fixed
 * point of {@code x_i <- D b_i - D tau N dF/dx_i}, with b from matching x with the step's start on every direction. This map is iterated
 * with damping: the damping halves where the residual grows and recovers by a tenth an iteration. The residual is the root mean square over
 * particles of the distance between a particle and its image, relative to the particles' root mean square distance from their mean.
 *
 * <p>Positions are float64; the functional sees them rounded to float32. Reproducible as far as the functional is, for any number of
 * threads. Not thread-safe.
 */
public final class SwJkoParticles implements AutoCloseable {

    private static final double RECOVERY = 1.1;
    private static final double LEAST_DAMPING = 1.0 / 64;
    private static final double LEAST_START = 0.25;

    private final Functional functional;
    private final SwJkoOptions options;
    private final PointCloud cloud;
    private final int size;
    private final int dimension;
    private final SlicedMatching matching;
    private final double[] position;
    private final double[] before;
    private final double[] image;
    private final double[] move;
    private final float[] column;
    private double damping = 1;
    private int steps;

    /**
     * Makes a scheme.
     *
     * @param start where the particles begin, N x D without weights; it is not changed
     * @param functional F
     * @param options how steps are made
     * @param scheduler runs the directions
     * @throws IllegalArgumentException if a coordinate is not finite or there are weights
     */
    public SwJkoParticles(PointCloud start, Functional functional, SwJkoOptions options, TileScheduler scheduler) {
        start.requireFinite("start of the scheme");
        if (start.hasWeights()) {
            throw new IllegalArgumentException("start of the scheme has weights, expected none: particles weigh 1/N each");
        }
        this.functional = Objects.requireNonNull(functional, "functional");
        this.options = Objects.requireNonNull(options, "options");
        this.size = start.size();
        this.dimension = start.dimension();
        this.matching = new SlicedMatching(size, dimension, directions(0), scheduler);
        this.position = Columns.of(start);
        this.before = new double[position.length];
        this.image = new double[position.length];
        this.move = new double[position.length];
        this.column = new float[size];
        this.cloud = PointCloud.allocate(size, dimension);
        Columns.write(position, cloud, column);
    }

    private double[] directions(int step) {
        return Directions.of(dimension, options.directions(), options.seed() + step);
    }

    /**
     * Makes a step.
     *
     * @return how it went
     * @throws IllegalStateException if the particles diverge
     */
    public SwJkoStep step() {
        matching.directions(directions(steps));
        matching.target(position);
        double scale = Columns.spread(position, dimension);
        damping = Math.max(damping, LEAST_START);
        double residual = Double.POSITIVE_INFINITY;
        double movement = 0;
        int iteration = 0;
        LossGradient gradient;
        boolean converged;
        do {
            movement = matching.match(position, image);
            gradient = functional.at(cloud);
            double found = residual(gradient) / scale;
            iteration++;
            converged = found <= options.tolerance();
            if (found > residual && damping > LEAST_DAMPING && !converged) {
                damping /= 2;
                System.arraycopy(before, 0, position, 0, position.length);
            } else {
                residual = found;
                System.arraycopy(position, 0, before, 0, position.length);
                System.arraycopy(image, 0, move, 0, position.length);
                damping = Math.min(1, damping * RECOVERY);
            }
            if (!converged && iteration < options.iterations()) {
                for (int k = 0; k < position.length; k++) {
                    position[k] += damping * (move[k] - position[k]);
                }
                Columns.write(position, cloud, column);
            }
        } while (!converged && iteration < options.iterations());
        steps++;
        return new SwJkoStep(steps * options.step(), gradient.value(), movement, iteration, residual, converged);
    }

    /** Turns the pull into the image of the particles and measures how far it is. */
    private double residual(LossGradient gradient) {
        double[] slope = gradient.points();
        double factor = dimension * options.step() * size;
        double square = 0;
        for (int d = 0; d < dimension; d++) {
            for (int n = 0; n < size; n++) {
                int k = d * size + n;
                image[k] = dimension * image[k] - factor * slope[n * dimension + d];
                double gap = image[k] - position[k];
                square += gap * gap;
            }
        }
        return Math.sqrt(square / size);
    }

    /**
     * Returns the particles, rounded to float32.
     *
     * @return a cloud that is the caller's to close
     */
    public PointCloud particles() {
        PointCloud copy = PointCloud.allocate(size, dimension);
        Columns.write(position, copy, column);
        return copy;
    }

    /** Frees the memory of the cloud that the functional sees. */
    @Override
    public void close() {
        cloud.close();
    }
}
