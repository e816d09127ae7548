package org.pontoon.engine.flow.diffusion;

import java.util.Arrays;

import org.pontoon.engine.bridge.SymmetricEigen;
import org.pontoon.engine.flow.Scheme;
import org.pontoon.engine.flow.Snapshot;
import org.pontoon.engine.internal.particle.Columns;
import org.pontoon.engine.internal.particle.Matrices;
import org.pontoon.engine.internal.particle.ParticleTile;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.random.CounterRandom;
import org.pontoon.engine.random.Stream;

/**
 * The Ornstein-Uhlenbeck process {@code dX = -A (X - m) dt + sqrt(2) dW} without any error of discretisation: its moments and its samples
 * at any time. It is the Langevin diffusion of a quadratic potential; with A = 0 it is the heat flow {@code X_t = X_0 + sqrt(2 t) Z}.
 *
 * <p>Immutable and thread-safe; float64 but for the cloud's float32. Samples are functions of the seed.
 */
public final class OrnsteinUhlenbeck {

    private final double[] centre;
    private final double[] vectors;
    private final double[] rates;

    /**
     * Makes a process.
     *
     * @param matrix A, D x D row-major, symmetric and positive semidefinite
     * @param centre m, D values
     * @throws IllegalArgumentException if the matrix is not such, or a value is not finite
     */
    public OrnsteinUhlenbeck(double[] matrix, double[] centre) {
        int dimension = centre.length;
        Matrices.requireSymmetric(matrix, dimension, "matrix of the process");
        Matrices.requireFinite(centre, "centre of the process");
        this.centre = centre.clone();
        this.vectors = new double[dimension * dimension];
        this.rates = new double[dimension];
        SymmetricEigen.decompose(matrix.clone(), dimension, vectors, rates);
        double largest = Arrays.stream(rates).map(Math::abs).max().orElse(0);
        for (int k = 0; k < dimension; k++) {
            if (rates[k] < -1e-9 * largest) {
                throw new IllegalArgumentException("matrix of the process has the eigenvalue " + rates[k] + ", expected none below 0");
            }
            rates[k] = Math.max(0, rates[k]);
        }
    }

    /**
     * Makes the heat flow.
     *
     * @param dimension D, at least 1
     * @return the process with A = 0
     */
    public static OrnsteinUhlenbeck heat(int dimension) {
        return new OrnsteinUhlenbeck(new double[dimension * dimension], new double[dimension]);
    }

    /**
     * Returns the mean at a time, {@code m + exp(-t A) (m_0 - m)}.
     *
     * @param start m_0, mean at time 0
     * @param time not negative
     * @return D values
     */
    public double[] mean(double[] start, double time) {
        int dimension = requireLength(start, centre.length, "mean at the start");
        double[] decay = spectral(requireTime(time), false, false);
        double[] mean = centre.clone();
        for (int i = 0; i < dimension; i++) {
            for (int j = 0; j < dimension; j++) {
                mean[i] += decay[i * dimension + j] * (start[j] - centre[j]);
            }
        }
        return mean;
    }

    /**
     * Returns the covariance at a time, {@code exp(-t A) S_0 exp(-t A) + A^-1 (I - exp(-2 t A))}.
     *
     * @param start S_0, covariance at time 0, D x D row-major
     * @param time not negative
     * @return D x D row-major
     */
    public double[] covariance(double[] start, double time) {
        int dimension = centre.length;
        requireLength(start, dimension * dimension, "covariance at the start");
        double[] decay = spectral(requireTime(time), false, false);
        double[] covariance = spectral(time, true, false);
        double[] half = product(decay, start, dimension);
        double[] both = product(half, decay, dimension);
        for (int i = 0; i < covariance.length; i++) {
            covariance[i] += both[i];
        }
        return covariance;
    }

    /**
     * Makes the flow of particles: {@code x <- m + exp(-h A) (x - m) + (A^-1 (I - exp(-2 h A)))^(1/2) xi} in a step of length h, which is
     * exact for any h. Positions are float64; random numbers are functions of (seed, step, particle, coordinate).
     *
     * @param start where the particles begin, N x D; weights are kept
     * @param seed the seed
     * @param scheduler runs the tiles
     * @return the flow, which tells no quantity
     * @throws IllegalArgumentException if a coordinate is not finite or the dimension is another one
     */
    public Scheme flow(PointCloud start, long seed, TileScheduler scheduler) {
        return new Paths(start, seed, scheduler);
    }

    /** Particles under way. */
    private final class Paths implements Scheme {

        private final long seed;
        private final TileScheduler scheduler;
        private final double[] weights;
        private final ParticleTile[] tiles;

        Paths(PointCloud start, long seed, TileScheduler scheduler) {
            start.requireFinite("start of the flow").requireDimension(centre.length, "start of the flow");
            this.seed = seed;
            this.scheduler = scheduler;
            this.weights = Columns.weights(start);
            this.tiles = ParticleTile.of(start);
        }

        /** Makes a step; it allocates the matrices of its length. */
        @Override
        public void step(int step, int of, double duration) {
            double[] decay = spectral(duration, false, false);
            double[] spread = spectral(duration, true, true);
            long key = Stream.ORNSTEIN_UHLENBECK.key(seed, step);
            scheduler.run(tiles.length, (number, worker) -> {
                double[] from = tiles[number].columns.clone();
                double[] to = tiles[number].columns;
                float[] normals = new float[from.length];
                new CounterRandom().fillNormals(key, (long) number * normals.length, normals, 0, normals.length);
                int dimension = centre.length;
                for (int d = 0; d < dimension; d++) {
                    Arrays.fill(to, d * ParticleTile.POINTS, (d + 1) * ParticleTile.POINTS, centre[d]);
                    for (int e = 0; e < dimension; e++) {
                        add(decay[d * dimension + e], from, e * ParticleTile.POINTS, centre[e], to, d * ParticleTile.POINTS);
                        addNormals(spread[d * dimension + e], normals, e * ParticleTile.POINTS, to, d * ParticleTile.POINTS);
                    }
                }
            });
        }

        @Override
        public Snapshot snapshot(int step, double time) {
            return new Snapshot(step, time, ParticleTile.rows(tiles), weights.clone());
        }
    }

    private static void add(double factor, double[] from, int at, double origin, double[] to, int toAt) {
        for (int n = 0; n < ParticleTile.POINTS; n++) {
            to[toAt + n] += factor * (from[at + n] - origin);
        }
    }

    private static void addNormals(double factor, float[] from, int at, double[] to, int toAt) {
        for (int n = 0; n < ParticleTile.POINTS; n++) {
            to[toAt + n] += factor * from[at + n];
        }
    }

    /** {@code exp(-t A)}, or the covariance that the noise adds, or that covariance's square root. */
    private double[] spectral(double time, boolean noise, boolean root) {
        int dimension = centre.length;
        double[] result = new double[dimension * dimension];
        for (int k = 0; k < dimension; k++) {
            double value = noise ? noise(rates[k], time) : Math.exp(-time * rates[k]);
            double factor = root ? Math.sqrt(value) : value;
            for (int i = 0; i < dimension; i++) {
                for (int j = 0; j < dimension; j++) {
                    result[i * dimension + j] += factor * vectors[i * dimension + k] * vectors[j * dimension + k];
                }
            }
        }
        return result;
    }

    /** {@code (1 - exp(-2 t a)) / a}, 2 t where a is 0. */
    private static double noise(double rate, double time) {
        return rate == 0 ? 2 * time : -Math.expm1(-2 * time * rate) / rate;
    }

    private static double[] product(double[] a, double[] b, int n) {
        double[] c = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < n; k++) {
                for (int j = 0; j < n; j++) {
                    c[i * n + j] += a[i * n + k] * b[k * n + j];
                }
            }
        }
        return c;
    }

    private static double requireTime(double time) {
        if (!(time >= 0) || time == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("time is " + time + ", expected finite and not negative");
        }
        return time;
    }

    private int requireLength(double[] values, int expected, String name) {
        if (values.length != expected) {
            throw new IllegalArgumentException(name + " has " + values.length + " values, expected " + expected);
        }
        return centre.length;
    }
}
