package org.pontoon.engine.flow.diffusion;

import java.util.List;
import java.util.Objects;

import org.pontoon.engine.flow.Potential;
import org.pontoon.engine.flow.Scheme;
import org.pontoon.engine.flow.Snapshot;
import org.pontoon.engine.internal.particle.Columns;
import org.pontoon.engine.internal.particle.ParticleTile;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.parallel.TileTask;
import org.pontoon.engine.random.CounterRandom;
import org.pontoon.engine.random.Stream;

/**
 * Langevin dynamics {@code dX = -grad V(X) dt + sqrt(2) dW}, whose law descends {@code KL(. | exp(-V))} in the 2-Wasserstein space (Jordan,
 * Kinderlehrer, Otto 1998): unadjusted steps {@code x <- x - h grad V(x) + sqrt(2 h) xi} (Euler and Maruyama), and steps adjusted by a
 * Metropolis test (Roberts and Tweedie 1996), taken with the probability that leaves exp(-V) stationary. The stationary law of unadjusted
 * ones is off by O(h): for the quadratic potential of A its covariance is {@code A^-1 (I - h A / 2)^-1}.
 *
 * <p>Positions are float64. Normal d of particle n in step k is a function of (seed, k, n, d) alone, so results have the same bits for any
 * number of threads. Adjusted steps tell one quantity, "acceptance", the share of the last step's proposals that were taken.
 */
public final class Langevin implements Scheme {

    private final Potential potential;
    private final boolean adjusted;
    private final long seed;
    private final TileScheduler scheduler;
    private final TileTask unadjustedTile = this::unadjustedTile;
    private final TileTask adjustedTile = this::adjustedTile;
    private final double[] weights;
    private final ParticleTile[] tiles;
    /** Potential and gradient where the particles are, for each tile; empty where steps are not adjusted. */
    private final double[][] values;
    private final double[][] gradients;
    private final int[] taken;
    private final Scratch[] scratch;
    private double acceptance = Double.NaN;
    private long normals;
    private long uniforms;
    private double duration;

    /** What one worker holds. */
    private static final class Scratch {

        final double[] gradient;
        final double[] proposal;
        final double[] values = new double[ParticleTile.POINTS];
        final float[] normals;
        final CounterRandom random = new CounterRandom();

        Scratch(int dimension) {
            gradient = new double[dimension * ParticleTile.POINTS];
            proposal = new double[gradient.length];
            normals = new float[gradient.length];
        }
    }

    private Langevin(PointCloud start, Potential potential, boolean adjusted, long seed, TileScheduler scheduler) {
        start.requireFinite("start of the flow").requireDimension(potential.dimension(), "start of the flow");
        this.potential = potential;
        this.adjusted = adjusted;
        this.seed = seed;
        this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
        this.weights = Columns.weights(start);
        this.tiles = ParticleTile.of(start);
        this.values = new double[adjusted ? tiles.length : 0][ParticleTile.POINTS];
        this.gradients = new double[values.length][tiles[0].columns.length];
        this.taken = new int[values.length];
        this.scratch = new Scratch[scheduler.threads()];
        for (int t = 0; t < values.length; t++) {
            potential.evaluate(tiles[t].columns, ParticleTile.POINTS, tiles[t].count, values[t], gradients[t]);
        }
    }

    /**
     * Makes a flow of unadjusted steps.
     *
     * @param start where the particles begin, N x D; weights are kept
     * @param potential V
     * @param seed the seed
     * @param scheduler runs the tiles
     * @return the flow
     * @throws IllegalArgumentException if a coordinate is not finite or the dimension is not the potential's
     */
    public static Langevin unadjusted(PointCloud start, Potential potential, long seed, TileScheduler scheduler) {
        return new Langevin(start, potential, false, seed, scheduler);
    }

    /**
     * Makes a flow of adjusted steps.
     *
     * @param start where the particles begin, N x D; weights are kept
     * @param potential V
     * @param seed the seed
     * @param scheduler runs the tiles
     * @return the flow
     * @throws IllegalArgumentException if a coordinate is not finite or the dimension is not the potential's
     */
    public static Langevin adjusted(PointCloud start, Potential potential, long seed, TileScheduler scheduler) {
        return new Langevin(start, potential, true, seed, scheduler);
    }

    @Override
    public List<String> quantities() {
        return adjusted ? List.of("acceptance") : List.of();
    }

    @Override
    public void read(double[] row) {
        if (adjusted) {
            row[0] = acceptance;
        }
    }

    @Override
    public void step(int step, int of, double length) {
        duration = length;
        normals = Stream.LANGEVIN_NOISE.key(seed, step);
        uniforms = Stream.LANGEVIN_TESTS.key(seed, step);
        scheduler.run(tiles.length, adjusted ? adjustedTile : unadjustedTile);
        if (adjusted) {
            long sum = 0;
            for (int t : taken) {
                sum += t;
            }
            acceptance = (double) sum / weights.length;
        }
    }

    /** The particles, for a scheme that does more to them. */
    ParticleTile[] tiles() {
        return tiles;
    }

    private Scratch draw(int number, int worker) {
        if (scratch[worker] == null) {
            scratch[worker] = new Scratch(potential.dimension());
        }
        Scratch s = scratch[worker];
        s.random.fillNormals(normals, (long) number * s.normals.length, s.normals, 0, s.normals.length);
        return s;
    }

    private void unadjustedTile(int number, int worker) {
        Scratch s = draw(number, worker);
        ParticleTile tile = tiles[number];
        potential.evaluate(tile.columns, ParticleTile.POINTS, tile.count, null, s.gradient);
        propose(tile, s.gradient, s.normals, tile.columns);
    }

    private void adjustedTile(int number, int worker) {
        Scratch s = draw(number, worker);
        ParticleTile tile = tiles[number];
        double[] here = values[number];
        double[] slope = gradients[number];
        propose(tile, slope, s.normals, s.proposal);
        potential.evaluate(s.proposal, ParticleTile.POINTS, tile.count, s.values, s.gradient);
        int count = 0;
        for (int n = 0; n < tile.count; n++) {
            double chance = here[n] - s.values[n] + logProposalRatio(tile.columns, slope, s, n);
            if (Math.log(CounterRandom.uniform(uniforms, (long) tile.first + n)) < chance) {
                here[n] = s.values[n];
                for (int at = n; at < slope.length; at += ParticleTile.POINTS) {
                    tile.columns[at] = s.proposal[at];
                    slope[at] = s.gradient[at];
                }
                count++;
            }
        }
        taken[number] = count;
    }

    private void propose(ParticleTile tile, double[] gradient, float[] noise, double[] proposal) {
        float spread = (float) Math.sqrt(2 * duration);
        for (int at = 0; at < gradient.length; at += ParticleTile.POINTS) {
            propose(tile.columns, gradient, noise, at, tile.count, duration, spread, proposal);
        }
    }

    private static void propose(double[] x, double[] gradient, float[] normals, int at, int count, double step, float spread,
            double[] proposal) {
        for (int n = at; n < at + count; n++) {
            proposal[n] = x[n] - step * gradient[n] + (double) spread * normals[n];
        }
    }

    /** {@code log q(x | x') - log q(x' | x)} of a particle's proposal x'. */
    private double logProposalRatio(double[] x, double[] slope, Scratch s, int n) {
        double difference = 0;
        for (int at = n; at < slope.length; at += ParticleTile.POINTS) {
            double move = s.proposal[at] - x[at];
            double there = move + duration * slope[at];
            double back = -move + duration * s.gradient[at];
            difference += there * there - back * back;
        }
        return difference / (4 * duration);
    }

    @Override
    public Snapshot snapshot(int step, double time) {
        return new Snapshot(step, time, ParticleTile.rows(tiles), weights.clone());
    }
}
