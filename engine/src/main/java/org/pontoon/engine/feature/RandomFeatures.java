package org.pontoon.engine.feature;

import java.util.Arrays;

import org.pontoon.engine.internal.kernel.FloatMath;
import org.pontoon.engine.internal.kernel.MatrixProduct;
import org.pontoon.engine.internal.kernel.SymmetricProduct;
import org.pontoon.engine.random.CounterRandom;
import org.pontoon.engine.random.Stream;

/**
 * Random Fourier features {@code phi_j(x) = sqrt(2/m) cos(w_j . x + b_j)} (Rahimi and Recht 2007): their inner products estimate the kernel
 * whose spectrum the frequencies are drawn from. Frequency and phase j are a function of the seed and j.
 *
 * <p>Frequencies are kept divided by pi, so that no angle has to be reduced by a rounded pi; angles may reach 2^20 pi. With {@code S_ij =
 * -sqrt(2/m) sin(w_j . x_i + b_j)} the gradient of a feature is {@code S_ij w_j} and the Gramian of derivatives is {@code (W^T W) o (S^T
 * diag(a) S)}: one slope matrix is enough.
 *
 * <p>Immutable and thread-safe.
 */
public final class RandomFeatures implements FeatureMap {

    /** What frequencies are drawn from. */
    public enum Spectrum {
        /** Independent normals: the kernel {@code exp(-|z|^2 / (2 s^2))}. */
        GAUSSIAN,
        /** The same in blocks of D orthogonal directions (Yu et al. 2016), which estimate the kernel with less variance. */
        ORTHOGONAL_GAUSSIAN,
        /** Multivariate Cauchy: the kernel {@code exp(-|z| / s)}. */
        LAPLACIAN
    }

    private static final int PANEL = SymmetricProduct.PANEL;
    private static final int ATTEMPTS = 8;

    private final int dimension;
    private final int count;
    private final int padded;
    /** Frequencies over pi, a row for each coordinate. */
    private final float[] byCoordinate;
    /** The same, a row for each feature. */
    private final float[] byFeature;
    /** Phases over pi. */
    private final float[] phases;
    /** Frequencies as the engine uses them, a row for each feature. */
    private final double[] frequencies;
    private final float amplitude;

    private RandomFeatures(int dimension, double[] frequencies, double[] phases) {
        this.dimension = dimension;
        this.count = phases.length;
        this.padded = panels() * PANEL;
        this.byCoordinate = new float[dimension * padded];
        this.byFeature = new float[padded * dimension];
        this.phases = new float[padded];
        this.frequencies = new double[count * dimension];
        this.amplitude = (float) Math.sqrt(2.0 / count);
        for (int j = 0; j < count; j++) {
            this.phases[j] = (float) (phases[j] / Math.PI);
            for (int d = 0; d < dimension; d++) {
                float halfTurns = (float) (frequencies[j * dimension + d] / Math.PI);
                byCoordinate[d * padded + j] = halfTurns;
                byFeature[j * dimension + d] = halfTurns;
                this.frequencies[j * dimension + d] = Math.PI * halfTurns;
            }
        }
    }

    /**
     * Makes features of given frequencies and phases.
     *
     * @param dimension D
     * @param frequencies m x D, a row for each feature
     * @param phases m values
     * @return the features
     * @throws IllegalArgumentException if the sizes do not fit or a value is not finite
     */
    public static RandomFeatures of(int dimension, double[] frequencies, double[] phases) {
        if (dimension < 1 || phases.length == 0 || frequencies.length != (long) phases.length * dimension) {
            throw new IllegalArgumentException(frequencies.length + " frequencies and " + phases.length + " phases in " + dimension
                + " dimensions, expected a row of frequencies for each phase");
        }
        for (double f : frequencies) {
            if (!(Math.abs(f) <= Float.MAX_VALUE)) {
                throw new IllegalArgumentException("a frequency is " + f + ", expected finite float32 values");
            }
        }
        return new RandomFeatures(dimension, frequencies, phases);
    }

    /**
     * Draws features. With several bandwidths every feature takes one in turn, and the kernel is their average.
     *
     * @param spectrum what to draw from
     * @param dimension D, at least 1
     * @param count m, at least 1
     * @param seed the seed
     * @param bandwidths s, in the unit of the coordinates, at least one
     * @return the features
     * @throws IllegalArgumentException if a number is out of range
     */
    public static RandomFeatures draw(Spectrum spectrum, int dimension, int count, long seed, double... bandwidths) {
        if (dimension < 1 || count < 1 || bandwidths.length == 0) {
            throw new IllegalArgumentException(count + " features in " + dimension + " dimensions with " + bandwidths.length
                + " bandwidths, expected at least 1 of each");
        }
        for (double s : bandwidths) {
            if (!(s > 0) || s == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException("bandwidth is " + s + ", expected positive and finite");
            }
        }
        long normals = Stream.FEATURE_NORMALS.key(seed);
        long angles = Stream.FEATURE_ANGLES.key(seed);
        long tails = Stream.FEATURE_TAILS.key(seed);
        double[] directions = new double[count * dimension];
        double[] lengths = new double[count];
        double[] phases = new double[count];
        for (int j = 0; j < count; j++) {
            double square = 0;
            for (int d = 0; d < dimension; d++) {
                double z = CounterRandom.normal(normals, (long) j * dimension + d);
                directions[j * dimension + d] = z;
                square += z * z;
            }
            lengths[j] = Math.sqrt(square);
            phases[j] = Math.PI * (2 * CounterRandom.uniform(angles, j) - 1);
        }
        if (spectrum == Spectrum.ORTHOGONAL_GAUSSIAN) {
            orthogonalise(directions, lengths, dimension, Stream.FEATURE_TURNS.key(seed));
        }
        for (int j = 0; j < count; j++) {
            // features of one orthogonal block share a bandwidth
            int turn = spectrum == Spectrum.ORTHOGONAL_GAUSSIAN ? j / dimension : j;
            double factor = 1 / bandwidths[turn % bandwidths.length];
            if (spectrum == Spectrum.LAPLACIAN) {
                factor /= Math.max(Math.abs(CounterRandom.normal(tails, j)), 1e-6);
            }
            for (int d = 0; d < dimension; d++) {
                directions[j * dimension + d] *= factor;
            }
        }
        return new RandomFeatures(dimension, directions, phases);
    }

    /** Gram and Schmidt in blocks of D rows, which keep their lengths. */
    private static void orthogonalise(double[] rows, double[] lengths, int dimension, long key) {
        double[] row = new double[dimension];
        for (int j = 0; j < lengths.length; j++) {
            int block = j / dimension * dimension;
            double norm = 0;
            for (int attempt = 0; attempt < ATTEMPTS && !(norm > 1e-3); attempt++) {
                for (int d = 0; d < dimension; d++) {
                    row[d] = attempt == 0 ? rows[j * dimension + d] / lengths[j]
                        : CounterRandom.normal(key, ((long) j * ATTEMPTS + attempt) * dimension + d);
                }
                // twice is enough
                for (int pass = 0; pass < 2; pass++) {
                    for (int k = block; k < j; k++) {
                        double dot = 0;
                        for (int d = 0; d < dimension; d++) {
                            dot += row[d] * rows[k * dimension + d];
                        }
                        dot /= lengths[k] * lengths[k];
                        for (int d = 0; d < dimension; d++) {
                            row[d] -= dot * rows[k * dimension + d];
                        }
                    }
                }
                norm = 0;
                for (double v : row) {
                    norm += v * v;
                }
                norm = Math.sqrt(norm);
            }
            for (int d = 0; d < dimension; d++) {
                rows[j * dimension + d] = row[d] * lengths[j] / norm;
            }
        }
    }

    @Override
    public int dimension() {
        return dimension;
    }

    @Override
    public int count() {
        return count;
    }

    /**
     * Returns one coordinate of a frequency.
     *
     * @param feature j
     * @param coordinate d
     * @return w_jd
     */
    public double frequency(int feature, int coordinate) {
        return frequencies[feature * dimension + coordinate];
    }

    /**
     * Returns the phase of a feature.
     *
     * @param feature j
     * @return b_j
     */
    public double phase(int feature) {
        return Math.PI * phases[feature];
    }

    /**
     * Returns the mean features of an isotropic Gaussian, {@code sqrt(2/m) exp(-s^2 |w|^2 / 2) cos(w . mean + b)}.
     *
     * @param mean D values
     * @param deviation s, not negative
     * @return m values
     */
    public double[] gaussianMean(double[] mean, double deviation) {
        double[] features = new double[count];
        for (int j = 0; j < count; j++) {
            double angle = phase(j);
            double square = 0;
            for (int d = 0; d < dimension; d++) {
                double w = frequency(j, d);
                angle += w * mean[d];
                square += w * w;
            }
            features[j] = Math.sqrt(2.0 / count) * Math.exp(-0.5 * deviation * deviation * square) * Math.cos(angle);
        }
        return features;
    }

    @Override
    public double reach() {
        double fastest = 0;
        for (int j = 0; j < count; j++) {
            double sum = 0;
            for (int d = 0; d < dimension; d++) {
                sum += Math.abs(byFeature[j * dimension + d]);
            }
            fastest = Math.max(fastest, sum);
        }
        return (0x1p20 - 1) / Math.max(fastest, 1e-30);
    }

    @Override
    public int slopes() {
        return 1;
    }

    @Override
    public double slopeFactor(int j, int k) {
        double dot = 0;
        for (int d = 0; d < dimension; d++) {
            dot += frequencies[j * dimension + d] * frequencies[k * dimension + d];
        }
        return dot;
    }

    @Override
    public void fill(int panel, float[] x, int start, int stride, int points, float[] scale, float[] values, int valuesStart,
            float[] slopes, int slopesStart, int slopesStride) {
        for (int i = 0; i < points; i++) {
            System.arraycopy(phases, panel * PANEL, values, valuesStart + i * PANEL, PANEL);
        }
        MatrixProduct.accumulate(x, start, 1, stride, byCoordinate, panel * PANEL, padded, points, PANEL, dimension, values, valuesStart,
            PANEL);
        if (slopes == null) {
            FloatMath.sinCosPi(values, valuesStart, values, valuesStart, values, valuesStart, points * PANEL);
        } else {
            FloatMath.sinCosPi(values, valuesStart, slopes, slopesStart, values, valuesStart, points * PANEL);
        }
        for (int i = 0; i < points; i++) {
            float factor = amplitude * scale[i];
            multiply(values, valuesStart + i * PANEL, factor);
            if (slopes != null) {
                multiply(slopes, slopesStart + i * PANEL, -factor);
            }
        }
    }

    private static void multiply(float[] row, int start, float factor) {
        for (int j = start; j < start + PANEL; j++) {
            row[j] *= factor;
        }
    }

    @Override
    public int scratchSize() {
        return 2 * PANEL * TILE + PANEL * dimension;
    }

    @Override
    public void evaluate(float[] coefficients, float[] x, int start, int stride, int points, float[] scratch, float[] values,
            float[] gradient) {
        int columns = points + 15 & -16;
        int sines = PANEL * TILE;
        int weights = 2 * PANEL * TILE;
        if (values != null) {
            Arrays.fill(values, 0, columns, 0f);
        }
        if (gradient != null) {
            for (int d = 0; d < dimension; d++) {
                Arrays.fill(gradient, d * TILE, d * TILE + columns, 0f);
            }
        }
        for (int panel = 0; panel < panels(); panel++) {
            int first = panel * PANEL;
            int features = Math.min(PANEL, count - first);
            for (int j = 0; j < features; j++) {
                Arrays.fill(scratch, j * TILE, j * TILE + columns, phases[first + j]);
            }
            MatrixProduct.accumulate(byFeature, first * dimension, dimension, 1, x, start, stride, features, columns, dimension, scratch, 0,
                TILE);
            for (int j = 0; j < features; j++) {
                FloatMath.sinCosPi(scratch, j * TILE, scratch, sines + j * TILE, scratch, j * TILE, columns);
            }
            if (values != null) {
                for (int j = 0; j < features; j++) {
                    scratch[weights + j] = amplitude * coefficients[first + j];
                }
                MatrixProduct.accumulate(scratch, weights, PANEL, 1, scratch, 0, TILE, 1, columns, features, values, 0, TILE);
            }
            if (gradient != null) {
                for (int d = 0; d < dimension; d++) {
                    for (int j = 0; j < features; j++) {
                        scratch[weights + d * PANEL + j] = (float) (-amplitude * coefficients[first + j] * frequency(first + j, d));
                    }
                }
                MatrixProduct.accumulate(scratch, weights, PANEL, 1, scratch, sines, TILE, dimension, columns, features, gradient, 0, TILE);
            }
        }
    }
}
