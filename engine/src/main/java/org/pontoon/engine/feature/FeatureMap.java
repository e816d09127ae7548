package org.pontoon.engine.feature;

import org.pontoon.engine.internal.kernel.SymmetricProduct;
import org.pontoon.engine.memory.PointCloud;

/**
 * A map from points to m features, with its derivatives, a tile of points at a time: what flows in feature space are made of.
 *
 * <p>Features come in panels of {@value SymmetricProduct#PANEL}; a panel's values are a matrix of points x 64, row-major. Derivatives come
 * as one or more slope matrices of the same shape, from which the Gramian of derivatives of a weighted cloud is {@code D_jk =
 * slopeFactor(j, k) sum_s sum_i a_i slope_s[i][j] slope_s[i][k]}. Values and slopes of features beyond the last are finite and mean
 * nothing.
 *
 * <p>Implementations are immutable and thread-safe.
 */
public interface FeatureMap {

    /** Points of a tile at most. */
    int TILE = 256;

    /**
     * Returns the dimension of the points.
     *
     * @return D, at least 1
     */
    int dimension();

    /**
     * Returns the number of features.
     *
     * @return m, at least 1
     */
    int count();

    /**
     * Returns the number of panels.
     *
     * @return m / 64, rounded up
     */
    default int panels() {
        return (count() + SymmetricProduct.PANEL - 1) / SymmetricProduct.PANEL;
    }

    /**
     * Returns how far from the origin a coordinate may lie.
     *
     * @return the largest absolute value that features are computed for
     */
    double reach();

    /**
     * Returns the number of slope matrices.
     *
     * @return 1 where one is enough, D where every coordinate has its own
     */
    int slopes();

    /**
     * Returns the factor that turns products of slopes into products of gradients.
     *
     * @param j a feature
     * @param k another
     * @return the factor
     */
    double slopeFactor(int j, int k);

    /**
     * Computes one panel of the features of a tile and of their slopes.
     *
     * @param panel number of the panel
     * @param x coordinates; coordinate d of point i lies at {@code d * stride + i}
     * @param start index of the first point's first coordinate
     * @param stride distance between coordinates
     * @param points number of points, at most {@value #TILE}
     * @param scale factor of every point's features and slopes
     * @param values receives the values
     * @param valuesStart where to start
     * @param slopes receives the slopes, or null
     * @param slopesStart where to start
     * @param slopesStride distance between slope matrices
     */
    void fill(int panel, float[] x, int start, int stride, int points, float[] scale, float[] values, int valuesStart, float[] slopes,
            int slopesStart, int slopesStride);

    /**
     * Computes a function {@code u(x) = sum_j w_j phi_j(x)} and its gradient at the points of a tile.
     *
     * @param coefficients w, padded with zeros to whole panels
     * @param x coordinates; coordinate d of point i lies at {@code d * stride + i}, readable to a multiple of 16 points
     * @param start index of the first point's first coordinate
     * @param stride distance between coordinates
     * @param points number of points, at most {@value #TILE}
     * @param scratch at least {@link #scratchSize()} floats
     * @param values receives u, {@value #TILE} values of which the first count, or null
     * @param gradient receives the gradient; coordinate d of point i at {@code d * 256 + i}; or null
     */
    void evaluate(float[] coefficients, float[] x, int start, int stride, int points, float[] scratch, float[] values, float[] gradient);

    /**
     * Returns how much scratch {@link #evaluate} needs.
     *
     * @return a number of floats
     */
    int scratchSize();

    /**
     * Copies a cloud into the columns that {@link #fill} reads, after a look at every value.
     *
     * @param cloud N x D
     * @param name what it is called in messages
     * @return columns of padded length, {@link PointCloud#paddedSize} of N
     * @throws IllegalArgumentException if a coordinate is not finite or out of {@link #reach}
     */
    default float[] columns(PointCloud cloud, String name) {
        cloud.requireFinite(name);
        int stride = PointCloud.paddedSize(cloud.size());
        float[] x = new float[Math.multiplyExact(cloud.dimension(), stride)];
        double reach = reach();
        for (int d = 0; d < cloud.dimension(); d++) {
            cloud.copyColumn(d, 0, x, d * stride, cloud.size());
            for (int i = 0; i < cloud.size(); i++) {
                if (Math.abs(x[d * stride + i]) > reach) {
                    throw new IllegalArgumentException(name + " holds " + x[d * stride + i] + " at row " + i + ", column " + d
                        + " (counted from 0), expected at most " + reach + ", which the frequencies of the features can tell apart");
                }
            }
        }
        return x;
    }
}
