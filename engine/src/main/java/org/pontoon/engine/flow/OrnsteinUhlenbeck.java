package org.pontoon.engine.flow;

import java.util.Arrays;

import org.pontoon.engine.bridge.SymmetricEigen;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.random.CounterRandom;

/**
 * The Ornstein-Uhlenbeck process {@code dX = -A (X - m) dt + sqrt(2) dW} without any error of discretisation: its moments and its samples
 * at any time. It is the Langevin diffusion of a quadratic potential; with A = 0 it is the heat flow {@code X_t = X_0 + sqrt(2 t) Z}.
 *
 * <p>Immutable and thread-safe; float64 but for the cloud's float32. Samples are functions of the seed.
 */
public final class OrnsteinUhlenbeck {

    private static final long STREAM = 3;

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
        QuadraticPotential.requireSymmetric(matrix, dimension, "matrix of the process");
        QuadraticPotential.requireFinite(centre, "centre of the process");
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
     * Moves particles by a stretch of time, in place, exactly: {@code x <- m + exp(-t A) (x - m) + (A^-1 (I - exp(-2 t A)))^(1/2) xi}.
     *
     * @param particles the particles, N x D; weights are kept
     * @param time how far, not negative
     * @param seed the seed; another one for every call on the same particles
     * @param scheduler runs the tiles
     * @throws IllegalArgumentException if a coordinate is not finite, the dimension is another one or the time is negative
     */
    public void advance(PointCloud particles, double time, long seed, TileScheduler scheduler) {
        particles.requireFinite("particles").requireDimension(centre.length, "particles");
        double[] decay = spectral(requireTime(time), false, false);
        double[] spread = spectral(time, true, true);
        long key = CounterRandom.key(seed, STREAM);
        int dimension = centre.length;
        scheduler.run(ParticleTile.tiles(particles.size()), (number, worker) -> {
            ParticleTile from = new ParticleTile(dimension);
            ParticleTile to = new ParticleTile(dimension);
            float[] normals = new float[from.columns.length];
            from.load(particles, number);
            to.count = from.count;
            new CounterRandom().fillNormals(key, (long) number * normals.length, normals, 0, normals.length);
            for (int d = 0; d < dimension; d++) {
                Arrays.fill(to.columns, d * ParticleTile.POINTS, (d + 1) * ParticleTile.POINTS, centre[d]);
                for (int e = 0; e < dimension; e++) {
                    add(decay[d * dimension + e], from.columns, e * ParticleTile.POINTS, centre[e], to.columns, d * ParticleTile.POINTS);
                    addNormals(spread[d * dimension + e], normals, e * ParticleTile.POINTS, to.columns, d * ParticleTile.POINTS);
                }
            }
            to.store(particles, number);
        });
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
