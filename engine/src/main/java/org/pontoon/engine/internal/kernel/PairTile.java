package org.pontoon.engine.internal.kernel;

import org.pontoon.engine.internal.scalar.Lanes;

/**
 * The geometry of pairs: four points x, the rows, against a packed tile of points y. Squared distances on the way in, weighted sums of
 * differences (gradients) on the way out; the kernels in between never see a coordinate.
 *
 * <p>A tile lies in panels of 32 points, coordinate-major within a panel: coordinate d of point n is at
 * {@code (n / 32 * dimension + d) * 32 + n % 32}. So do the four rows of a step: coordinate d of row r is at {@code rowsAt + 4 * d + r}.
 * Distances are direct differences in every dimension, exactly 0 between equal points; the relative error of a square is below
 * {@code (D + 2) 2^-24}.
 *
 * <p>The loops that hold many constants are over 325 bytecodes long, so that C2 compiles them by themselves. Inlined into a loop with calls
 * they would reload every constant at every use.
 */
public final class PairTile {

    /** Rows of a step. */
    public static final int ROWS = org.pontoon.engine.internal.scalar.PairTile.ROWS;

    /** Points of a panel; tiles are padded to whole panels. */
    public static final int PANEL = org.pontoon.engine.internal.scalar.PairTile.PANEL;

    /** Up to here adding up the lanes costs less than the lanes that padding to 16 coordinates wastes: measured, 13 are even. */
    private static final int MOST_BY_PANELS = 12;

    /** Up to here {@link #products} save nothing that is worth their rounding. */
    private static final int MOST_BY_DIFFERENCES = 8;

    private static final int V = Lanes.VIRTUAL;
    /** For 1, 2 and 3 dimensions, and for more: loops of their own. */
    private static final Tier[] SQUARES = {Tier.of("PairTile.squares, 1 dimension", () -> squaresPrimer(1)),
        Tier.of("PairTile.squares, 2 dimensions", () -> squaresPrimer(2)),
        Tier.of("PairTile.squares, 3 dimensions", () -> squaresPrimer(3)),
        Tier.of("PairTile.squares, many dimensions", () -> squaresPrimer(16))};
    private static final Tier PRODUCTS = Tier.of("PairTile.products", PairTile::productsPrimer);
    /** For one coordinate and for two. */
    private static final Tier[] DIFFERENCES = {Tier.of("PairTile.differences, 1 coordinate", () -> differencesPrimer(1)),
        Tier.of("PairTile.differences, 2 coordinates", () -> differencesPrimer(2))};
    private static final Tier POINT_DIFFERENCES = Tier.of("PairTile.pointDifferences", PairTile::pointDifferencesPrimer);

    private PairTile() {
    }

    /**
     * Returns the stride of row-major points and sums: D, or D padded to a multiple of 16 where gradients take coordinates for lanes.
     *
     * @param dimension D
     * @return floats from one row to the next
     */
    public static int rowStride(int dimension) {
        return pointMajor(dimension) ? dimension + V - 1 & -V : dimension;
    }

    /**
     * Whether gradients in so many dimensions are summed by {@link #pointDifferences} rather than {@link #differences}.
     *
     * @param dimension D
     * @return true for many dimensions
     */
    public static boolean pointMajor(int dimension) {
        return dimension > MOST_BY_PANELS;
    }

    /**
     * Whether {@link #products} are faster than {@link #squares} in so many dimensions.
     *
     * @param dimension D
     * @return true for many dimensions
     */
    public static boolean productsPay(int dimension) {
        return dimension > MOST_BY_DIFFERENCES;
    }

    /**
     * Computes {@code factor * |x_r - y_n|^2}, each a chain in coordinate order.
     *
     * @param rows coordinate-major groups of four rows
     * @param rowsAt where the first of four rows starts
     * @param dimension D, at least 1
     * @param tile packed points
     * @param points padded number of points, a multiple of 32
     * @param factor scale of the squares
     * @param squares receives (4, points)
     */
    public static void squares(float[] rows, int rowsAt, int dimension, float[] tile, int points, float factor, float[] squares) {
        Tier tier = SQUARES[Math.min(dimension, SQUARES.length) - 1];
        if (tier.vector) {
            org.pontoon.engine.internal.vector.PairTile.squares(rows, rowsAt, dimension, tile, points, factor, squares);
            return;
        }
        tier.scalar(2L * ROWS * points * (dimension + 1));
        org.pontoon.engine.internal.scalar.PairTile.squares(rows, rowsAt, dimension, tile, points, factor, squares);
    }

    /**
     * Computes {@code |x_r - y_n|^2} as {@code |x|^2 - 2 <x, y> + |y|^2}: faster than {@link #squares} in many dimensions, by a half of it
     * in the limit. The absolute error is that of the norms, some {@code 3 * 2^-24 (|x|^2 + |y|^2)}, so that small squares may come out
     * negative by as much: for smooth kernels of centred points only. A scale of the squares is in the rows and in the norms.
     *
     * @param rows coordinate-major groups of four rows, holding -2 x
     * @param rowsAt where the first of four rows starts
     * @param dimension D
     * @param tile packed points
     * @param points padded number of points, a multiple of 32
     * @param rowNorms squared norms of the rows
     * @param rowNormsAt where the first row's is
     * @param norms squared norms of the points
     * @param normsAt where the first point's is
     * @param squares receives (4, points)
     */
    public static void products(float[] rows, int rowsAt, int dimension, float[] tile, int points, float[] rowNorms, int rowNormsAt,
            float[] norms, int normsAt, float[] squares) {
        if (PRODUCTS.vector) {
            org.pontoon.engine.internal.vector.PairTile.products(rows, rowsAt, dimension, tile, points, rowNorms, rowNormsAt, norms,
                normsAt, squares);
            return;
        }
        PRODUCTS.scalar(2L * ROWS * points * (dimension + 1));
        org.pontoon.engine.internal.scalar.PairTile.products(rows, rowsAt, dimension, tile, points, rowNorms, rowNormsAt, norms, normsAt,
            squares);
    }

    /**
     * Sums {@code c_rn (y_n - x_r)} over a tile, two coordinates at most, in 16 virtual lanes: each a chain in point order. Three at once
     * would need more registers than C2 finds, and cost more for each.
     *
     * @param rows coordinate-major groups of four rows
     * @param rowsAt where the first of four rows starts
     * @param dimension D, few enough not to be {@link #pointMajor}
     * @param tile packed points
     * @param points padded number of points, a multiple of 32
     * @param coefficients c, (4, points)
     * @param first first coordinate
     * @param count number of coordinates, 1 or 2
     * @param lanes receives (count, 4 rows, 16)
     */
    public static void differences(float[] rows, int rowsAt, int dimension, float[] tile, int points, float[] coefficients, int first,
            int count, float[] lanes) {
        Tier tier = DIFFERENCES[count - 1];
        if (tier.vector) {
            org.pontoon.engine.internal.vector.PairTile.differences(rows, rowsAt, dimension, tile, points, coefficients, first, count,
                lanes);
            return;
        }
        tier.scalar(3L * ROWS * points * count);
        org.pontoon.engine.internal.scalar.PairTile.differences(rows, rowsAt, dimension, tile, points, coefficients, first, count, lanes);
    }

    /**
     * Sums {@code c_rn (y_n - x_r)} over a tile with coordinates for lanes: each a chain in point order. For many dimensions, where the
     * lanes of {@link #differences} would have to be added up too often.
     *
     * @param rows row-major rows, stride floats each
     * @param rowsAt where the first of four rows starts
     * @param stride padded dimension, a multiple of 16
     * @param points row-major points, stride floats each
     * @param count number of points
     * @param coefficients c, (4, padded)
     * @param padded row stride of the coefficients
     * @param sums receives (4, stride)
     */
    public static void pointDifferences(float[] rows, int rowsAt, int stride, float[] points, int count, float[] coefficients, int padded,
            float[] sums) {
        if (POINT_DIFFERENCES.vector) {
            org.pontoon.engine.internal.vector.PairTile.pointDifferences(rows, rowsAt, stride, points, count, coefficients, padded, sums);
            return;
        }
        POINT_DIFFERENCES.scalar(2L * ROWS * stride * count);
        org.pontoon.engine.internal.scalar.PairTile.pointDifferences(rows, rowsAt, stride, points, count, coefficients, padded, sums);
    }

    /**
     * Adds 16 lanes in a fixed tree: halves onto halves.
     *
     * @param lanes lanes
     * @param at where they start
     * @return the sum
     */
    public static float fold(float[] lanes, int at) {
        float a = lanes[at] + lanes[at + 8] + (lanes[at + 4] + lanes[at + 12]);
        float b = lanes[at + 1] + lanes[at + 9] + (lanes[at + 5] + lanes[at + 13]);
        float c = lanes[at + 2] + lanes[at + 10] + (lanes[at + 6] + lanes[at + 14]);
        float d = lanes[at + 3] + lanes[at + 11] + (lanes[at + 7] + lanes[at + 15]);
        return a + c + (b + d);
    }

    private static Runnable squaresPrimer(int dimension) {
        int points = dimension > 3 ? 3 * PANEL : 8 * PANEL;
        float[] rows = new float[ROWS * dimension];
        float[] tile = new float[points * dimension];
        float[] squares = new float[ROWS * points];
        return () -> {
            org.pontoon.engine.internal.vector.PairTile.squares(rows, 0, dimension, tile, points, 1f, squares);
            org.pontoon.engine.internal.vector.PairTile.squares(rows, 0, dimension, tile, points, 2f, squares);
        };
    }

    private static Runnable productsPrimer() {
        int dimension = 16;
        int points = 3 * PANEL;
        float[] rows = new float[ROWS * dimension];
        float[] tile = new float[points * dimension];
        float[] norms = new float[points];
        float[] squares = new float[ROWS * points];
        return () -> org.pontoon.engine.internal.vector.PairTile.products(rows, 0, dimension, tile, points, norms, 0, norms, 0, squares);
    }

    private static Runnable differencesPrimer(int count) {
        int points = 8 * PANEL;
        float[] rows = new float[ROWS * count];
        float[] tile = new float[points * count];
        float[] coefficients = new float[ROWS * points];
        float[] lanes = new float[ROWS * count * V];
        return () -> org.pontoon.engine.internal.vector.PairTile.differences(rows, 0, count, tile, points, coefficients, 0, count, lanes);
    }

    private static Runnable pointDifferencesPrimer() {
        int stride = 3 * V;
        int count = PANEL;
        float[] rows = new float[ROWS * stride];
        float[] points = new float[count * stride];
        float[] coefficients = new float[ROWS * count];
        float[] sums = new float[ROWS * stride];
        return () -> org.pontoon.engine.internal.vector.PairTile.pointDifferences(rows, 0, stride, points, count, coefficients, count,
            sums);
    }
}
