package org.pontoon.engine.flow.jko;

import java.util.List;
import java.util.Objects;

import org.pontoon.engine.flow.Functional;
import org.pontoon.engine.flow.RunawayCheck;
import org.pontoon.engine.flow.Scheme;
import org.pontoon.engine.flow.Snapshot;
import org.pontoon.engine.internal.particle.Columns;
import org.pontoon.engine.internal.particle.Directions;
import org.pontoon.engine.internal.particle.SlicedMatching;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.random.Stream;
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
 * <p>It tells the functional as "loss" and, of the last step, the squared sliced distance as "movement", the last "residual" and the
 * "iterations".
 *
 * <p>Positions are float64; the functional sees them rounded to float32. Reproducible as far as the functional is, for any number of
 * threads. A step allocates directions and what the functional does.
 */
public final class SwJkoParticles implements Scheme {

    private static final double RECOVERY = 1.1;
    private static final double MIN_DAMPING = 1.0 / 64;
    private static final double MIN_START = 0.25;

    private final Functional functional;
    private final SwJkoOptions options;
    private final PointCloud cloud;
    private final int size;
    private final int dimension;
    private final SlicedMatching matching;
    private final double[] position;
    private final double[] start;
    private final double[] before;
    private final double[] image;
    private final double[] move;
    private final float[] column;
    private final RunawayCheck runaway;
    private double damping = 1;
    private LossGradient gradient;
    private double movement;
    private double residual;
    private int iterations;
    private boolean converged = true;
    private double duration;
    private double lastMove;

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
        Columns.requireUnweighted(start.requireFinite("start of the scheme"), "start of the scheme");
        this.functional = Objects.requireNonNull(functional, "functional");
        this.options = Objects.requireNonNull(options, "options");
        this.size = start.size();
        this.dimension = start.dimension();
        this.matching = new SlicedMatching(size, dimension, directions(0), scheduler);
        this.position = Columns.of(start);
        this.start = new double[position.length];
        this.before = new double[position.length];
        this.image = new double[position.length];
        this.move = new double[position.length];
        this.column = new float[size];
        this.cloud = PointCloud.allocate(size, dimension);
        Columns.write(position, cloud, column);
        this.runaway = new RunawayCheck(cloud);
    }

    private double[] directions(int step) {
        return Directions.of(dimension, options.directions(), Stream.SLICED_DIRECTIONS.key(options.seed(), step));
    }

    @Override
    public List<String> quantities() {
        return SwJkoOptions.QUANTITIES;
    }

    @Override
    public void read(double[] row) {
        row[0] = gradient.value();
        row[1] = movement;
        row[2] = residual;
        row[3] = iterations;
    }

    @Override
    public boolean converged() {
        return converged;
    }

    /** Evaluates the functional where the particles begin; later ones are known from their step. */
    @Override
    public void measure(int step, int of) {
        if (gradient == null) {
            gradient = functional.at(cloud);
        }
        runaway.state(step, gradient.value(), lastMove, "a step size below " + duration + " may help");
    }

    @Override
    public void step(int step, int of, double length) {
        duration = length;
        double tau = length / dimension;
        matching.directions(directions(step));
        matching.target(position);
        System.arraycopy(position, 0, start, 0, position.length);
        double scale = Columns.spread(position, dimension);
        damping = Math.max(damping, MIN_START);
        residual = Double.POSITIVE_INFINITY;
        iterations = 0;
        do {
            movement = matching.match(position, image);
            gradient = functional.at(cloud);
            double found = residual(tau) / scale;
            iterations++;
            converged = found <= options.tolerance();
            if (found > residual && damping > MIN_DAMPING && !converged) {
                damping /= 2;
                System.arraycopy(before, 0, position, 0, position.length);
            } else {
                residual = found;
                System.arraycopy(position, 0, before, 0, position.length);
                System.arraycopy(image, 0, move, 0, position.length);
                damping = Math.min(1, damping * RECOVERY);
            }
            if (!converged && iterations < options.iterations()) {
                for (int k = 0; k < position.length; k++) {
                    position[k] += damping * (move[k] - position[k]);
                }
                Columns.write(position, cloud, column);
            }
        } while (!converged && iterations < options.iterations());
        double square = 0;
        for (int k = 0; k < position.length; k++) {
            square += (position[k] - start[k]) * (position[k] - start[k]);
        }
        lastMove = Math.sqrt(square / size);
    }

    /** Turns the pull into the image of the particles and measures how far it is. */
    private double residual(double tau) {
        double[] slope = gradient.points();
        double factor = dimension * tau * size;
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

    @Override
    public Snapshot snapshot(int step, double time) {
        Snapshot state = new Snapshot(step, time, Columns.rows(position, size, size), size);
        return state.withVelocity(Columns.velocity(gradient.points(), state.weights()));
    }

    /** Frees the memory of the cloud that the functional sees. */
    @Override
    public void close() {
        cloud.close();
    }
}
