package org.pontoon.engine.flow.descent;

import java.util.Arrays;
import java.util.Objects;

import org.pontoon.engine.flow.Potential;
import org.pontoon.engine.flow.Scheme;
import org.pontoon.engine.flow.Snapshot;
import org.pontoon.engine.internal.kernel.MatrixProduct;
import org.pontoon.engine.internal.kernel.PairColumns;
import org.pontoon.engine.internal.kernel.PairMatrix;
import org.pontoon.engine.internal.kernel.PairTile;
import org.pontoon.engine.internal.particle.Columns;
import org.pontoon.engine.internal.scalar.Lanes;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.parallel.TileTask;
import org.pontoon.engine.transport.PairKernel;

/**
 * Stein variational gradient descent (Liu and Wang 2016): particles follow {@code phi(x_i) = 1/N sum_j [k(x_j, x_i) s(x_j) + grad_{x_j}
 * k(x_j, x_i)]} with the score {@code s = -grad V} of the target exp(-V).
 *
 * <p>Positions and scores are float64, kernel values float32, their sums float32 over at most 512 particles and float64 beyond. In up to
 * three dimensions a Gaussian kernel's sums {@code sum_j k (s_j - x_j / h^2)} and {@code sum_j k} are formed as kernel values are; else
 * kernel values are written out and multiplied as a matrix. The same bits for any number of threads.
 */
public final class SteinVariationalDescent implements Scheme {

    private static final int TILE = 256;
    /** Particles of a sum in float32 where no matrix is written. */
    private static final int SPAN = 512;
    private static final int LANES = Lanes.VIRTUAL;
    private static final double LOG2_E = 1 / Math.log(2);
    /** Rows of the kernel's matrix at a time: with 256 columns they fill a first-level cache. */
    private static final int ROWS = 32;
    /** Particles of a side that the median is taken over at most, at equal distances in the cloud. */
    private static final int MEDIAN_POINTS = 512;

    private final Potential potential;
    private final PairKernel kernel;
    private final boolean bilinear;
    private final TileScheduler scheduler;
    private final int dimension;
    private final int columnCount;
    private final TileTask scoreTask = this::scores;
    private final TileTask velocityTask = this::velocities;
    private final TileTask columnTask = this::velocitiesInColumns;
    private final TileTask linearTask = this::linearVelocities;
    private final double[] centre;
    private final int size;
    private final int stride;
    private final double[] position;
    private final double[] score;
    private final double[] velocity;
    private final float[] x;
    /** D rows of scores, D of positions, one of ones. */
    private final float[] right;
    /** Positions in panels, in groups of four rows, and a one and the two terms of the velocity for each particle. */
    private final float[] panels;
    private final float[] groups;
    private final float[] columns;
    private final Scratch[] scratch;
    private final double[] squares;
    /** Mean of the products of positions and scores, and the mean score. */
    private final double[] moments;
    private double bandwidth;

    private static final class Scratch {
        private final float[] kernel = new float[ROWS * TILE];
        private final float[] slopes = new float[ROWS * TILE];
        private final float[] sums;
        private final double[] totals;
        private final float[] span;
        private final float[] squares = new float[PairTile.ROWS * SPAN];
        private final float[] lanes = new float[PairTile.ROWS * PairColumns.MOST * LANES];
        private final double[] points;
        private final double[] gradient;

        Scratch(int dimension) {
            sums = new float[(2 * dimension + 1) * TILE];
            totals = new double[Math.max(sums.length, PairColumns.MOST * TILE)];
            span = new float[dimension * SPAN];
            points = new double[dimension * TILE];
            gradient = new double[dimension * TILE];
        }
    }

    /**
     * Makes a flow.
     *
     * @param start where the particles begin, N x D without weights
     * @param potential V
     * @param kernel Gaussian or inverse multiquadric of one bandwidth; null for a Gaussian whose squared bandwidth is the median of the
     *     squared distances over {@code 2 log(N + 1)}, found anew in every step
     * @param scheduler runs the tiles
     * @throws IllegalArgumentException if it is another kernel, a coordinate is not finite, there are weights or the dimension is not the
     *     potential's
     */
    public SteinVariationalDescent(PointCloud start, Potential potential, PairKernel kernel, TileScheduler scheduler) {
        this(start, potential, kernel, false, scheduler);
        if (kernel != null && (kernel.bandwidths().size() != 1 || kernel.profile() != PairKernel.Profile.GAUSSIAN
            && kernel.profile() != PairKernel.Profile.INVERSE_MULTIQUADRIC)) {
            throw new IllegalArgumentException("kernel is " + kernel + ", expected Gaussian or inverse multiquadric with one bandwidth");
        }
    }

    private SteinVariationalDescent(PointCloud start, Potential potential, PairKernel kernel, boolean bilinear, TileScheduler scheduler) {
        start.requireFinite("start of the flow").requireDimension(potential.dimension(), "start of the flow");
        Columns.requireUnweighted(start, "start of the flow");
        this.potential = potential;
        this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
        this.kernel = kernel;
        this.bilinear = bilinear;
        this.dimension = potential.dimension();
        this.columnCount = Math.max(PairColumns.LEAST, dimension + 1);
        this.centre = new double[dimension];
        this.size = start.size();
        this.stride = (size + TILE - 1) / TILE * TILE;
        this.position = new double[Math.multiplyExact(dimension, stride)];
        this.score = new double[position.length];
        this.velocity = new double[position.length];
        this.x = new float[position.length];
        this.right = new float[inColumns() || bilinear ? 0 : Math.multiplyExact(2 * dimension + 1, stride)];
        int padded = (size + SPAN - 1) / SPAN * SPAN;
        this.panels = new float[inColumns() ? dimension * padded : 0];
        this.groups = new float[inColumns() ? dimension * stride : 0];
        this.columns = new float[inColumns() ? columnCount * padded : 0];
        int sampled = Math.min(size, MEDIAN_POINTS);
        this.moments = new double[bilinear ? dimension * (dimension + 1) : 0];
        this.squares = new double[kernel == null && !bilinear ? sampled * (sampled - 1) / 2 : 0];
        this.scratch = new Scratch[scheduler.threads()];
        Arrays.setAll(scratch, w -> new Scratch(dimension));
        for (int d = 0; d < dimension; d++) {
            for (int i = 0; i < size; i++) {
                position[d * stride + i] = start.get(i, d);
            }
        }
    }

    /**
     * Makes a flow with the kernel {@code x.y + 1}, which matches means and covariances and nothing beyond: Gaussians stay Gaussian, and a
     * step takes O(N D^2) (Liu and Wang 2018, "Stein Variational Gradient Descent as Moment Matching"). Sums are float64.
     *
     * @param start where the particles begin, N x D without weights
     * @param potential V
     * @param scheduler runs the tiles
     * @return the flow
     * @throws IllegalArgumentException if a coordinate is not finite, there are weights or the dimension is not the potential's
     */
    public static SteinVariationalDescent bilinear(PointCloud start, Potential potential, TileScheduler scheduler) {
        return new SteinVariationalDescent(start, potential, null, true, scheduler);
    }

    /** Makes a step {@code x <- x + h phi(x)}. */
    @Override
    public void step(int step, int of, double duration) {
        findVelocities();
        for (int n = 0; n < position.length; n++) {
            position[n] += duration * velocity[n];
            if (!(Math.abs(position[n]) <= Float.MAX_VALUE)) {
                throw new IllegalStateException("the particles diverge: coordinate " + n / stride + " of particle " + n % stride + " is "
                    + position[n] + " in step " + step + "; a step below " + duration + " may help");
            }
        }
    }

    @Override
    public Snapshot snapshot(int step, double time) {
        return new Snapshot(step, time, Columns.rows(position, stride, size), size);
    }

    /**
     * Computes the velocity of every particle where it is.
     *
     * @return phi, N x D row-major
     */
    public double[] velocity() {
        findVelocities();
        double[] rows = new double[size * dimension];
        for (int k = 0; k < rows.length; k++) {
            rows[k] = velocity[k % dimension * stride + k / dimension];
        }
        return rows;
    }

    private boolean isGaussian() {
        return !bilinear && (kernel == null || kernel.profile() == PairKernel.Profile.GAUSSIAN);
    }

    /** Whether the sums of a particle fit the columns of a sweep. */
    private boolean inColumns() {
        return isGaussian() && dimension < PairColumns.MOST;
    }

    private void findVelocities() {
        // differences are taken between particles, so the middle of the cloud is as good an origin as any, and the most precise
        for (int d = 0; d < dimension; d++) {
            double sum = 0;
            for (int i = 0; i < size; i++) {
                sum += position[d * stride + i];
            }
            centre[d] = sum / size;
        }
        scheduler.run(stride / TILE, scoreTask);
        if (bilinear) {
            sumMoments();
            scheduler.run(stride / TILE, linearTask);
            return;
        }
        bandwidth = kernel == null ? medianBandwidth() : kernel.bandwidths().get(0);
        if (inColumns()) {
            pack();
        }
        scheduler.run(stride / TILE, inColumns() ? columnTask : velocityTask);
    }

    private void scores(int tile, int worker) {
        int first = tile * TILE;
        int count = Math.min(TILE, size - first);
        double[] points = scratch[worker].points;
        double[] gradient = scratch[worker].gradient;
        for (int d = 0; d < dimension; d++) {
            System.arraycopy(position, d * stride + first, points, d * TILE, count);
        }
        potential.evaluate(points, TILE, count, null, gradient);
        for (int i = 0; i < count; i++) {
            for (int d = 0; d < dimension; d++) {
                int at = d * stride + first + i;
                score[at] = -gradient[d * TILE + i];
                x[at] = (float) (position[at] - centre[d]);
            }
        }
        for (int i = 0; right.length > 0 && i < count; i++) {
            for (int d = 0; d < dimension; d++) {
                int at = d * stride + first + i;
                right[at] = (float) score[at];
                right[(dimension + d) * stride + first + i] = x[at];
            }
            right[2 * dimension * stride + first + i] = 1f;
        }
    }

    private void sumMoments() {
        Arrays.fill(moments, 0);
        for (int d = 0; d < dimension; d++) {
            for (int e = 0; e <= dimension; e++) {
                double sum = 0;
                for (int i = 0; i < size; i++) {
                    sum += score[d * stride + i] * (e == dimension ? 1 : position[e * stride + i]);
                }
                moments[d * (dimension + 1) + e] = sum / size;
            }
        }
    }

    private void linearVelocities(int tile, int worker) {
        int first = tile * TILE;
        int end = Math.min(size, first + TILE);
        for (int d = 0; d < dimension; d++) {
            for (int i = first; i < end; i++) {
                double sum = moments[d * (dimension + 1) + dimension] + position[d * stride + i];
                for (int e = 0; e < dimension; e++) {
                    sum += moments[d * (dimension + 1) + e] * position[e * stride + i];
                }
                velocity[d * stride + i] = sum;
            }
        }
    }

    private void pack() {
        double slope = 1 / (bandwidth * bandwidth);
        int padded = columns.length / columnCount;
        for (int i = 0; i < size; i++) {
            columns[i] = 1f;
            for (int d = 0; d < dimension; d++) {
                int at = d * stride + i;
                panels[(i / PairTile.PANEL * dimension + d) * PairTile.PANEL + i % PairTile.PANEL] = x[at];
                groups[(i / PairTile.ROWS * dimension + d) * PairTile.ROWS + i % PairTile.ROWS] = x[at];
                columns[(1 + d) * padded + i] = (float) (score[at] - slope * x[at]);
            }
        }
    }

    private void velocitiesInColumns(int tile, int worker) {
        Scratch s = scratch[worker];
        int first = tile * TILE;
        int count = Math.min(TILE, size - first);
        int padded = columns.length / columnCount;
        double slope = 1 / (bandwidth * bandwidth);
        float factor = (float) (0.5 * slope * LOG2_E);
        Arrays.fill(s.totals, 0);
        for (int from = 0; from < size; from += SPAN) {
            System.arraycopy(panels, dimension * from, s.span, 0, s.span.length);
            for (int row = 0; row < count; row += PairTile.ROWS) {
                PairTile.squares(groups, (first + row) * dimension, dimension, s.span, SPAN, factor, s.squares);
                PairColumns.gaussian(s.squares, 0, SPAN, columns, from, padded, columnCount, s.lanes, 0);
                PairColumns.gaussian(s.squares, 2 * SPAN, SPAN, columns, from, padded, columnCount, s.lanes, 2 * columnCount * LANES);
                for (int k = 0; k < PairTile.ROWS * columnCount; k++) {
                    s.totals[row * columnCount + k] += PairTile.fold(s.lanes, k * LANES);
                }
            }
        }
        for (int i = 0; i < count; i++) {
            for (int d = 0; d < dimension; d++) {
                int at = d * stride + first + i;
                velocity[at] = (s.totals[i * columnCount + 1 + d] + slope * x[at] * s.totals[i * columnCount]) / size;
            }
        }
    }

    private void velocities(int tile, int worker) {
        Scratch s = scratch[worker];
        int first = tile * TILE;
        boolean gaussian = isGaussian();
        double slope = 1 / (bandwidth * bandwidth);
        Arrays.fill(s.totals, 0);
        for (int from = 0; from < size; from += TILE) {
            Arrays.fill(s.sums, 0f);
            for (int row = from; row < Math.min(from + TILE, size); row += ROWS) {
                int rows = Math.min(ROWS, size - row);
                PairMatrix.squares(x, first, stride, TILE, x, row, stride, rows, dimension, s.kernel);
                if (gaussian) {
                    PairMatrix.gaussian(s.kernel, rows * TILE, (float) (slope / 2));
                } else {
                    PairMatrix.inverseMultiquadric(s.kernel, s.slopes, rows * TILE, (float) slope);
                }
                MatrixProduct.accumulate(right, row, stride, 1, s.kernel, 0, TILE, dimension, TILE, rows, s.sums, 0, TILE);
                MatrixProduct.accumulate(right, dimension * stride + row, stride, 1, gaussian ? s.kernel : s.slopes, 0, TILE, dimension + 1,
                    TILE, rows, s.sums, dimension * TILE, TILE);
            }
            for (int k = 0; k < s.sums.length; k++) {
                s.totals[k] += s.sums[k];
            }
        }
        int count = Math.min(TILE, size - first);
        for (int d = 0; d < dimension; d++) {
            for (int i = 0; i < count; i++) {
                double repulsion = x[d * stride + first + i] * s.totals[2 * dimension * TILE + i] - s.totals[(dimension + d) * TILE + i];
                velocity[d * stride + first + i] = (s.totals[d * TILE + i] + slope * repulsion) / size;
            }
        }
    }

    /** Liu and Wang's rule, over a part of the particles where there are many. */
    private double medianBandwidth() {
        int points = Math.min(size, MEDIAN_POINTS);
        int count = 0;
        for (int i = 0; i < points; i++) {
            int a = (int) ((long) i * size / points);
            for (int j = 0; j < i; j++) {
                int b = (int) ((long) j * size / points);
                double sum = 0;
                for (int d = 0; d < dimension; d++) {
                    double z = position[d * stride + a] - position[d * stride + b];
                    sum += z * z;
                }
                squares[count++] = sum;
            }
        }
        // the full matrix holds every pair twice and the zeros of its diagonal
        int middle = points * points / 2;
        double upper = ofMatrix(middle, points);
        double median = points % 2 == 1 ? upper : (upper + ofMatrix(middle - 1, points)) / 2;
        return median > 0 ? Math.sqrt(median / (2 * Math.log(size + 1.0))) : 1;
    }

    /** The element at a place of the sorted matrix. */
    private double ofMatrix(int place, int points) {
        return place < points ? 0 : select((place - points) / 2);
    }

    /** Hoare's quickselect on the squares. */
    private double select(int place) {
        int low = 0;
        int high = squares.length - 1;
        while (low < high) {
            double pivot = squares[low + high >>> 1];
            int i = low;
            int j = high;
            while (i <= j) {
                while (squares[i] < pivot) {
                    i++;
                }
                while (squares[j] > pivot) {
                    j--;
                }
                if (i <= j) {
                    double swap = squares[i];
                    squares[i++] = squares[j];
                    squares[j--] = swap;
                }
            }
            if (place <= j) {
                high = j;
            } else if (place >= i) {
                low = i;
            } else {
                break;
            }
        }
        return squares[place];
    }
}
