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
 * Kinetic (underdamped) Langevin dynamics {@code dX = P dt, dP = -grad V(X) dt - gamma P dt + sqrt(2 gamma) dW}, whose positions have the
 * stationary law exp(-V), by the splitting BAOAB (Leimkuhler and Matthews 2013, "Rational construction of stochastic numerical methods for
 * molecular sampling"): half a kick, half a drift, the friction's exact law, half a drift, half a kick. For a quadratic potential of
 * curvature a the stationary law of positions is exact for every stable step, h below {@code 2 / sqrt(a)}, where unadjusted Langevin
 * steps are off by O(h).
 *
 * <p>Momenta begin as standard normals. The scheme tells one quantity, "temperature", the mean square of a momentum's coordinate, which is
 * 1 in the stationary law but for O(h^2). Its time is that of the process: at high friction gamma t of it go as far as t of {@link
 * Langevin}'s. Float64; random numbers are functions of (seed, step, particle, coordinate), the same bits for any number of threads.
 */
public final class KineticLangevin implements Scheme {

    private final Potential potential;
    private final double friction;
    private final long seed;
    private final TileScheduler scheduler;
    private final TileTask task = this::tile;
    private final double[] weights;
    private final ParticleTile[] positions;
    private final double[][] momenta;
    /** Gradients where the particles are. */
    private final double[][] gradients;
    private final Noise[] noise;
    private long key;
    private double duration;

    /** What one worker holds. */
    private static final class Noise {

        final CounterRandom random = new CounterRandom();
        final float[] normals;

        Noise(int values) {
            normals = new float[values];
        }
    }

    /**
     * Makes a flow.
     *
     * @param start where the particles begin, N x D; weights are kept
     * @param potential V
     * @param friction gamma, positive
     * @param seed the seed
     * @param scheduler runs the tiles
     * @throws IllegalArgumentException if a coordinate is not finite, the dimension is not the potential's or the friction out of range
     */
    public KineticLangevin(PointCloud start, Potential potential, double friction, long seed, TileScheduler scheduler) {
        start.requireFinite("start of the flow").requireDimension(potential.dimension(), "start of the flow");
        if (!(friction > 0) || friction == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("friction is " + friction + ", expected positive and finite");
        }
        this.potential = potential;
        this.friction = friction;
        this.seed = seed;
        this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
        this.weights = Columns.weights(start);
        this.positions = ParticleTile.of(start);
        this.momenta = new double[positions.length][positions[0].columns.length];
        this.gradients = new double[positions.length][positions[0].columns.length];
        this.noise = new Noise[scheduler.threads()];
        long first = Stream.KINETIC_START.key(seed);
        for (int t = 0; t < positions.length; t++) {
            for (int k = 0; k < momenta[t].length; k++) {
                momenta[t][k] = CounterRandom.normal(first, (long) t * momenta[t].length + k);
            }
            potential.evaluate(positions[t].columns, ParticleTile.POINTS, positions[t].count, null, gradients[t]);
        }
    }

    @Override
    public List<String> quantities() {
        return List.of("temperature");
    }

    @Override
    public void read(double[] row) {
        double sum = 0;
        for (int t = 0; t < positions.length; t++) {
            for (int at = 0; at < momenta[t].length; at += ParticleTile.POINTS) {
                for (int n = at; n < at + positions[t].count; n++) {
                    sum += momenta[t][n] * momenta[t][n];
                }
            }
        }
        row[0] = sum / ((double) weights.length * potential.dimension());
    }

    @Override
    public void step(int step, int of, double length) {
        key = Stream.KINETIC_NOISE.key(seed, step);
        duration = length;
        scheduler.run(positions.length, task);
    }

    private void tile(int number, int worker) {
        double[] x = positions[number].columns;
        double[] p = momenta[number];
        double[] slope = gradients[number];
        if (noise[worker] == null) {
            noise[worker] = new Noise(x.length);
        }
        float[] normals = noise[worker].normals;
        noise[worker].random.fillNormals(key, (long) number * normals.length, normals, 0, normals.length);
        double kept = Math.exp(-friction * duration);
        double drawn = Math.sqrt(-Math.expm1(-2 * friction * duration));
        add(-0.5 * duration, slope, p);
        add(0.5 * duration, p, x);
        for (int k = 0; k < p.length; k++) {
            p[k] = kept * p[k] + drawn * normals[k];
        }
        add(0.5 * duration, p, x);
        potential.evaluate(x, ParticleTile.POINTS, positions[number].count, null, slope);
        add(-0.5 * duration, slope, p);
    }

    private static void add(double factor, double[] from, double[] to) {
        for (int k = 0; k < to.length; k++) {
            to[k] += factor * from[k];
        }
    }

    @Override
    public Snapshot snapshot(int step, double time) {
        return new Snapshot(step, time, ParticleTile.rows(positions), weights.clone()).withVelocity(ParticleTile.rows(positions, momenta));
    }
}
