package org.pontoon.engine.feature;

import java.util.Arrays;
import java.util.Objects;

import org.pontoon.engine.internal.kernel.MatrixProduct;
import org.pontoon.engine.internal.kernel.SymmetricProduct;
import org.pontoon.engine.internal.particle.Columns;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * Mean features of weighted clouds and the distance between them: with random Fourier features an estimate of the maximum mean discrepancy
 * {@code |mu(p) - mu(q)|} (Gretton et al. 2012; Rahimi and Recht 2007), in linear time.
 *
 * <p>Sums are float32 within a tile of 256 points and float64 beyond. The same bits for any number of threads. Immutable and thread-safe.
 */
public final class MeanFeatures {

    private static final int PANEL = SymmetricProduct.PANEL;
    private static final int TILE = FeatureMap.TILE;

    private static final int MEDIAN_POINTS = 512;

    private static final float[] ONES = new float[TILE];

    static {
        Arrays.fill(ONES, 1f);
    }

    private final FeatureMap map;

    /**
     * Makes a metric.
     *
     * @param map the features
     */
    public MeanFeatures(FeatureMap map) {
        this.map = Objects.requireNonNull(map, "map");
    }

    /**
     * Computes {@code sum_i a_i phi(x_i)}.
     *
     * @param cloud the points; without weights every point weighs 1/N
     * @param normalised whether weights are divided by their sum
     * @param scheduler runs the tiles
     * @return m values
     * @throws IllegalArgumentException if the dimension is not that of the features, or a coordinate is not finite or out of their reach
     */
    public double[] of(PointCloud cloud, boolean normalised, TileScheduler scheduler) {
        cloud.requireDimension(map.dimension(), "cloud");
        float[] x = map.columns(cloud, "cloud");
        double[] weights = Columns.weights(cloud);
        double mass = normalised ? Arrays.stream(weights).sum() : 1;
        return of(x, cloud.size(), i -> weights[i] / mass, scheduler);
    }

    /**
     * Computes the sums of a cloud whose weights are scaled to a mass.
     *
     * @param cloud the points; without weights all weigh the same
     * @param mass what they weigh together
     * @param scheduler runs the tiles
     * @return m values
     * @throws IllegalArgumentException as {@link #of(PointCloud, boolean, TileScheduler)}
     */
    public double[] of(PointCloud cloud, double mass, TileScheduler scheduler) {
        double[] mean = of(cloud, true, scheduler);
        for (int j = 0; j < mean.length; j++) {
            mean[j] *= mass;
        }
        return mean;
    }

    /**
     * Computes the distance between normalised clouds.
     *
     * @param x one cloud; without weights every point weighs 1/N
     * @param y the other
     * @param scheduler runs the tiles
     * @return the norm of the difference of their mean features, not squared
     * @throws IllegalArgumentException as {@link #of(PointCloud, boolean, TileScheduler)}
     */
    public double distance(PointCloud x, PointCloud y, TileScheduler scheduler) {
        return distance(of(x, true, scheduler), of(y, true, scheduler));
    }

    /**
     * Computes the distance between mean features.
     *
     * @param a m values
     * @param b m values
     * @return the norm of their difference
     */
    public static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += (a[j] - b[j]) * (a[j] - b[j]);
        }
        return Math.sqrt(sum);
    }

    /**
     * Computes the median distance from the points of one cloud to those of another, the usual bandwidth of a kernel between them. At most
     * {@value #MEDIAN_POINTS} points of each are looked at, at equal intervals.
     *
     * @param x one cloud
     * @param y the other, of the same dimension; or the same one, whose points are then not held against themselves
     * @return the median, at least 0
     * @throws IllegalArgumentException if the dimensions differ
     */
    public static double medianDistance(PointCloud x, PointCloud y) {
        y.requireDimension(x.dimension(), "second cloud");
        int rows = Math.min(x.size(), MEDIAN_POINTS);
        int columns = Math.min(y.size(), MEDIAN_POINTS);
        double[] squares = new double[rows * columns];
        int count = 0;
        for (int r = 0; r < rows; r++) {
            int i = (int) ((long) r * x.size() / rows);
            for (int c = 0; c < columns; c++) {
                int j = (int) ((long) c * y.size() / columns);
                double square = 0;
                for (int d = 0; d < x.dimension(); d++) {
                    double z = x.get(i, d) - y.get(j, d);
                    square += z * z;
                }
                if (x != y || i != j) {
                    squares[count++] = square;
                }
            }
        }
        Arrays.sort(squares, 0, count);
        return count == 0 ? 0 : Math.sqrt(squares[count / 2]);
    }

    /**
     * Computes the bandwidth that a kernel between two clouds usually has.
     *
     * @param x one cloud
     * @param y the other, or the same one
     * @return their {@link #medianDistance median distance}; 1 where that is 0
     * @throws IllegalArgumentException if the dimensions differ
     */
    public static double usualBandwidth(PointCloud x, PointCloud y) {
        double median = medianDistance(x, y);
        return median > 0 ? median : 1;
    }

    /** A point's weight. */
    interface Weights {

        double at(int point);
    }

    private double[] of(float[] x, int size, Weights weights, TileScheduler scheduler) {
        int tiles = (size + TILE - 1) / TILE;
        int padded = map.panels() * PANEL;
        int stride = PointCloud.paddedSize(size);
        float[] sums = new float[Math.multiplyExact(tiles, padded)];
        float[][] scratch = new float[scheduler.threads()][];
        scheduler.run(tiles, (tile, worker) -> {
            if (scratch[worker] == null) {
                scratch[worker] = new float[TILE * (PANEL + 1)];
            }
            float[] s = scratch[worker];
            int points = Math.min(TILE, size - tile * TILE);
            for (int i = 0; i < points; i++) {
                s[TILE * PANEL + i] = (float) weights.at(tile * TILE + i);
            }
            for (int panel = 0; panel < map.panels(); panel++) {
                map.fill(panel, x, tile * TILE, stride, points, ONES, s, 0, null, 0, 0);
                MatrixProduct.accumulate(s, TILE * PANEL, 0, 1, s, 0, PANEL, 1, PANEL, points, sums, tile * padded + panel * PANEL,
                    PANEL);
            }
        });
        return fold(sums, tiles, padded, map.count());
    }

    /** Adds up the sums of tiles in their order. */
    static double[] fold(float[] sums, int tiles, int padded, int count) {
        double[] mean = new double[count];
        for (int tile = 0; tile < tiles; tile++) {
            for (int j = 0; j < count; j++) {
                mean[j] += sums[tile * padded + j];
            }
        }
        return mean;
    }
}
