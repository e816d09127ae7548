package org.pontoon.engine.flow;

import java.util.Objects;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.parallel.TileTask;
import org.pontoon.engine.random.CounterRandom;

/**
 * Langevin dynamics {@code dX = -grad V(X) dt + sqrt(2) dW}, whose law descends {@code KL(. | exp(-V))} in the 2-Wasserstein space (Jordan,
 * Kinderlehrer, Otto 1998): unadjusted steps (Euler and Maruyama), and steps adjusted by a Metropolis test (Roberts and Tweedie 1996).
 *
 * <p>A tile of particles makes all its steps before the next one is touched, in float64; positions are rounded to the cloud's float32 when
 * a call ends. Normal d of particle n in step k is a function of (seed, k, n, d) alone, so results have the same bits for any number of
 * threads. A call allocates nothing once every worker has its scratch.
 *
 * <p>Not thread-safe: one call at a time.
 */
public final class Langevin {

    private static final long NORMALS = 1;
    private static final long UNIFORMS = 2;

    private final Potential potential;
    private final double step;
    private final long normals;
    private final long uniforms;
    private final TileTask unadjustedTile = this::unadjustedTile;
    private final TileTask adjustedTile = this::adjustedTile;
    private Scratch[] scratch = new Scratch[0];
    private long[] accepted = new long[0];
    private PointCloud cloud;
    private long first;
    private int steps;

    /**
     * Makes a sampler.
     *
     * @param potential V
     * @param step length h of a step in time, positive
     * @param seed the seed
     * @throws IllegalArgumentException if the step is out of range
     */
    public Langevin(Potential potential, double step, long seed) {
        this.potential = Objects.requireNonNull(potential, "potential");
        if (!(step > 0) || step == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("step is " + step + ", expected positive and finite");
        }
        this.step = step;
        this.normals = CounterRandom.key(seed, NORMALS);
        this.uniforms = CounterRandom.key(seed, UNIFORMS);
    }

    /**
     * Makes unadjusted steps {@code x <- x - h grad V(x) + sqrt(2 h) xi} in place. Their stationary law is off by O(h): for the quadratic
     * potential of A its covariance is {@code A^-1 (I - h A / 2)^-1}.
     *
     * @param particles the particles, N x D; weights are kept
     * @param firstStep number of the first step, which names its random numbers; go on with firstStep + count
     * @param count number of steps, not negative
     * @param scheduler runs the tiles
     * @throws IllegalArgumentException if a coordinate is not finite, the dimension is not the potential's or a number is negative
     * @throws IllegalStateException if the particles diverge, because the step is too long for the potential
     */
    public void unadjusted(PointCloud particles, long firstStep, int count, TileScheduler scheduler) {
        run(particles, firstStep, count, unadjustedTile, scheduler);
    }

    /**
     * Makes adjusted steps in place: each proposal is an unadjusted step, taken with the probability that leaves exp(-V) stationary.
     *
     * @param particles the particles, N x D; weights are kept
     * @param firstStep number of the first step, which names its random numbers; go on with firstStep + count
     * @param count number of steps, not negative
     * @param scheduler runs the tiles
     * @return the share of proposals that were taken, 1 where there was none
     * @throws IllegalArgumentException if a coordinate is not finite, the dimension is not the potential's or a number is negative
     * @throws IllegalStateException if the particles diverge
     */
    public double adjusted(PointCloud particles, long firstStep, int count, TileScheduler scheduler) {
        int tiles = ParticleTile.tiles(particles.size());
        if (accepted.length < tiles) {
            accepted = new long[tiles];
        }
        run(particles, firstStep, count, adjustedTile, scheduler);
        long sum = 0;
        for (int t = 0; t < tiles; t++) {
            sum += accepted[t];
        }
        return count == 0 ? 1 : (double) sum / ((double) count * particles.size());
    }

    private void run(PointCloud particles, long firstStep, int count, TileTask tile, TileScheduler scheduler) {
        particles.requireFinite("particles").requireDimension(potential.dimension(), "particles");
        if (firstStep < 0 || count < 0) {
            throw new IllegalArgumentException("first step is " + firstStep + " and count " + count + ", expected neither below 0");
        }
        if (scratch.length < scheduler.threads()) {
            scratch = new Scratch[scheduler.threads()];
        }
        cloud = particles;
        first = firstStep;
        steps = count;
        try {
            scheduler.run(ParticleTile.tiles(particles.size()), tile);
        } finally {
            cloud = null;
        }
    }

    private Scratch scratch(int worker) {
        if (scratch[worker] == null) {
            scratch[worker] = new Scratch(potential.dimension());
        }
        return scratch[worker];
    }

    private void unadjustedTile(int number, int worker) {
        Scratch s = scratch(worker);
        s.tile.load(cloud, number);
        double[] x = s.tile.columns;
        float spread = (float) Math.sqrt(2 * step);
        for (int k = 0; k < steps; k++) {
            s.drawNormals(CounterRandom.key(normals, first + k), number);
            potential.evaluate(x, ParticleTile.POINTS, s.tile.count, null, s.gradient);
            for (int d = 0; d < x.length; d += ParticleTile.POINTS) {
                propose(x, s.gradient, s.normals, d, s.tile.count, step, spread, x);
            }
        }
        s.tile.store(cloud, number);
    }

    private void adjustedTile(int number, int worker) {
        Scratch s = scratch(worker);
        s.tile.load(cloud, number);
        double[] x = s.tile.columns;
        int count = s.tile.count;
        float spread = (float) Math.sqrt(2 * step);
        potential.evaluate(x, ParticleTile.POINTS, count, s.values, s.gradient);
        long taken = 0;
        for (int k = 0; k < steps; k++) {
            s.drawNormals(CounterRandom.key(normals, first + k), number);
            for (int d = 0; d < x.length; d += ParticleTile.POINTS) {
                propose(x, s.gradient, s.normals, d, count, step, spread, s.proposal);
            }
            potential.evaluate(s.proposal, ParticleTile.POINTS, count, s.proposalValues, s.proposalGradient);
            long key = CounterRandom.key(uniforms, first + k);
            for (int n = 0; n < count; n++) {
                double chance = s.values[n] - s.proposalValues[n] + s.logProposalRatio(n, step);
                if (Math.log(CounterRandom.uniform(key, (long) number * ParticleTile.POINTS + n)) < chance) {
                    s.take(n);
                    taken++;
                }
            }
        }
        accepted[number] = taken;
        s.tile.store(cloud, number);
    }

    private static void propose(double[] x, double[] gradient, float[] normals, int at, int count, double step, float spread,
            double[] proposal) {
        for (int n = at; n < at + count; n++) {
            proposal[n] = x[n] - step * gradient[n] + (double) spread * normals[n];
        }
    }

    /** What one worker holds. */
    private static final class Scratch {

        final ParticleTile tile;
        final double[] gradient;
        final double[] proposal;
        final double[] proposalGradient;
        final double[] values = new double[ParticleTile.POINTS];
        final double[] proposalValues = new double[ParticleTile.POINTS];
        final float[] normals;
        private final CounterRandom random = new CounterRandom();

        Scratch(int dimension) {
            tile = new ParticleTile(dimension);
            gradient = new double[tile.columns.length];
            proposal = new double[tile.columns.length];
            proposalGradient = new double[tile.columns.length];
            normals = new float[tile.columns.length];
        }

        void drawNormals(long key, int number) {
            random.fillNormals(key, (long) number * normals.length, normals, 0, normals.length);
        }

        /** {@code log q(x | x') - log q(x' | x)} of a particle's proposal x'. */
        double logProposalRatio(int n, double step) {
            double difference = 0;
            for (int at = n; at < gradient.length; at += ParticleTile.POINTS) {
                double move = proposal[at] - tile.columns[at];
                double there = move + step * gradient[at];
                double back = -move + step * proposalGradient[at];
                difference += there * there - back * back;
            }
            return difference / (4 * step);
        }

        void take(int n) {
            for (int at = n; at < gradient.length; at += ParticleTile.POINTS) {
                tile.columns[at] = proposal[at];
                gradient[at] = proposalGradient[at];
            }
            values[n] = proposalValues[n];
        }
    }
}
