package org.pontoon.engine.transport;

import java.util.Arrays;

import org.pontoon.engine.internal.kernel.PairEnergy;
import org.pontoon.engine.internal.kernel.PairGaussian;
import org.pontoon.engine.internal.kernel.PairInverseMultiquadric;
import org.pontoon.engine.internal.kernel.PairLaplacian;
import org.pontoon.engine.internal.kernel.PairLogSumExp;
import org.pontoon.engine.internal.kernel.PairProfile;
import org.pontoon.engine.internal.kernel.PairTile;
import org.pontoon.engine.internal.kernel.PairWideGaussian;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.parallel.TileTask;

/**
 * Sums over pairs in float32 inside tiles and float64 across them: vectorized. Distances are direct differences, exactly 0 between equal
 * points. Smooth kernels (Gaussian, inverse multiquadric, p = 2) that are no narrower than a tenth of the clouds or so bear less: up to
 * 8 dimensions their coordinates are rounded once more, in the kernel's units; from 9 on they use products of the centred points, which
 * adds an error of at most about 1e-5, and mostly below 1e-6, to the exponent.
 *
 * <p>Both clouds are packed once, O((N + M) D) floats: centred on the middle of their common box and divided by a power of two so that
 * coordinates lie in [-1, 1]. Relative to the sum of the absolute values of its terms, a kernel sum has an error below about 1e-6. The
 * exponent of a term of a log-sum-exp or plan, {@code (max bias - bias_j + C / epsilon)}, is rounded to float32, and its absolute error,
 * some 1e-7 of its size, is the relative error of the term: 1e-3 where {@code C / epsilon} reaches 10^4.
 *
 * <p>Terms less than 2^-100 of the kernel's value at the origin, or of the row's largest term, count as 2^-100 of it.
 */
final class FloatPairSums implements PairSums {

    private static final int ROWS = 64;
    private static final int LANES = 16;
    private static final int MOST_POINTS = 512;
    /** Points whose terms are added in float32, 16 lanes a row, before they go into a float64. */
    private static final int FOLDED = 2048;
    private static final int LEAST_POINTS = 128;
    /** Floats of a tile that should stay in the first-level cache, beside the squares and lanes of its rows. */
    private static final int CACHED = 4096;
    private static final double LOG2_E = 1 / Math.log(2);
    private static final double LN_2 = Math.log(2);
    private static final double MOST_FACTOR = 1e30;
    /** Exponents from norms below this are wrong by less than about 1e-5, and at most twice this. */
    private static final double MOST_NORMS = 60;

    private final TileScheduler scheduler;
    private final Side x;
    private final Side y;
    /** Length of the packed coordinates' 1. */
    private final double unit;
    private final Scratch[] scratch;
    /** Weights or biases of the sweep, padded. */
    private final float[] coefficients;
    /** How the sweep computes squares. */
    private final Geometry geometry = new Geometry();
    private final KernelSweep kernelSweep = new KernelSweep();
    private final PlanSweep planSweep = new PlanSweep();
    private Side valueSide;

    FloatPairSums(TileScheduler scheduler, PointCloud x, PointCloud y) {
        this(scheduler, x, new double[x.dimension()], y, new double[y.dimension()]);
    }

    /** Origins are subtracted from the coordinates before they are rounded. */
    FloatPairSums(TileScheduler scheduler, PointCloud x, double[] xOrigin, PointCloud y, double[] yOrigin) {
        this.scheduler = scheduler;
        double[] centre = new double[x.dimension()];
        double extent = 0;
        for (int d = 0; d < centre.length; d++) {
            double[] range = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
            widen(range, x, d, xOrigin[d]);
            widen(range, y, d, yOrigin[d]);
            centre[d] = 0.5 * (range[0] + range[1]);
            extent = Math.max(extent, range[1] - centre[d]);
        }
        this.unit = extent > 0 ? Math.scalb(1.0, Math.getExponent(extent) + 1) : 1;
        this.x = new Side(x, xOrigin, centre, unit);
        this.y = x == y && Arrays.equals(xOrigin, yOrigin) ? this.x : new Side(y, yOrigin, centre, unit);
        this.scratch = new Scratch[scheduler.threads()];
        this.coefficients = new float[this.y.tiles.length * this.y.points];
    }

    private FloatPairSums(TileScheduler scheduler, Side x, Side y, double unit) {
        this.scheduler = scheduler;
        this.x = x;
        this.y = y;
        this.unit = unit;
        this.scratch = new Scratch[scheduler.threads()];
        this.coefficients = new float[y.tiles.length * y.points];
    }

    private static void widen(double[] range, PointCloud cloud, int d, double origin) {
        float[] column = new float[Math.min(cloud.size(), 1024)];
        for (int first = 0; first < cloud.size(); first += column.length) {
            int count = Math.min(column.length, cloud.size() - first);
            cloud.copyColumn(d, first, column, 0, count);
            for (int i = 0; i < count; i++) {
                range[0] = Math.min(range[0], column[i] - origin);
                range[1] = Math.max(range[1], column[i] - origin);
            }
        }
    }

    @Override
    public PairSums transposed() {
        return new FloatPairSums(scheduler, y, x, unit);
    }

    @Override
    public void kernelSums(PairKernel kernel, double[] weights, double[] sums, double[] gradient) {
        Arrays.fill(coefficients, 0f);
        for (int j = 0; j < y.size; j++) {
            coefficients[j] = (float) weights[j];
        }
        if (gradient != null) {
            y.prepareGradient();
        }
        if (!kernel.equals(kernelSweep.kernel)) {
            kernelSweep.kernel = kernel;
            kernelSweep.bandwidths = new Bandwidths(kernel, unit);
        }
        kernelSweep.sums = sums;
        kernelSweep.gradient = gradient;
        Bandwidths bandwidths = kernelSweep.bandwidths;
        geometry.choose(bandwidths.factor[0], bandwidths.mostFactor, bandwidths.smooth);
        scheduler.run(rowTiles(), kernelSweep);
    }

    @Override
    public void logSumExp(int p, double epsilon, double[] bias, double[] result, double[] gradient) {
        double top = biases(bias);
        if (top == Double.NEGATIVE_INFINITY) {
            Arrays.fill(result, top);
            zero(gradient);
            return;
        }
        planSweep.alpha = null;
        planSweep.sums = result;
        planSweep.values = null;
        planSweep.valueCount = 0;
        planSweep.gradient = gradient;
        sweep(p, epsilon, top);
    }

    @Override
    public void flatSoftMinimum(int p, double epsilon, Marginal side, double[] potential, double[] result, double[] gradient) {
        throw new UnsupportedOperationException("float32 cannot tell exponents close to zero apart");
    }

    @Override
    public void planSums(int p, double epsilon, double[] alpha, double[] beta, double[] values, int valueCount, double[] applied,
            double[] rowSums, double[] gradient) {
        double top = biases(beta);
        if (top == Double.NEGATIVE_INFINITY) {
            zero(applied);
            zero(rowSums);
            zero(gradient);
            return;
        }
        planSweep.alpha = alpha;
        planSweep.sums = rowSums;
        planSweep.values = values == null ? null : packed(values, valueCount);
        planSweep.valueCount = valueCount;
        planSweep.applied = applied;
        planSweep.gradient = gradient;
        sweep(p, epsilon, top);
    }

    /** Values in tiles like those of the y side, kept for as long as calls bring as many for each point. */
    private Side packed(double[] values, int valueCount) {
        if (valueSide == null || valueSide.dimension != valueCount) {
            valueSide = new Side(y.size, valueCount, y.points);
        }
        valueSide.fill(values);
        return valueSide;
    }

    private static void zero(double[] values) {
        if (values != null) {
            Arrays.fill(values, 0);
        }
    }

    private void sweep(int p, double epsilon, double top) {
        if (planSweep.gradient != null) {
            y.prepareGradient();
        }
        planSweep.roots = p == 1;
        planSweep.top = top;
        planSweep.slope = costScale(p, epsilon);
        double scale = unit / epsilon * LOG2_E;
        float factor = factor(planSweep.roots ? scale * scale : 0.5 * scale * unit);
        geometry.choose(factor, factor, !planSweep.roots);
        scheduler.run(rowTiles(), planSweep);
        // a sweep's arrays are the caller's
        planSweep.values = null;
    }

    /** Weighted sums of a kernel for one tile of rows: an object that lives on, because a lambda would be garbage of every call. */
    private final class KernelSweep implements TileTask {

        private PairKernel kernel;
        private Bandwidths bandwidths;
        private double[] sums;
        private double[] gradient;

        @Override
        public void run(int rowTile, int worker) {
            Scratch s = scratch(worker);
            boolean slopes = gradient != null;
            s.begin(rowTile, slopes, 0);
            int tilesPerFold = Math.max(1, FOLDED / y.points);
            for (int t = 0; t < y.tiles.length; t++) {
                int points = y.padded(t);
                for (int row = 0; row < s.rows; row += PairTile.ROWS) {
                    s.squares(row, t, bandwidths.factor.length == 1 ? s.terms : s.squares);
                    s.kernelTerms(bandwidths, row, points, t * y.points, slopes);
                    if (slopes) {
                        s.addDifferences(row, t, s.terms);
                    }
                }
                if ((t + 1) % tilesPerFold == 0 || t == y.tiles.length - 1) {
                    s.foldRows();
                }
            }
            for (int i = 0; sums != null && i < s.rows; i++) {
                sums[s.first + i] = s.sum[i] * bandwidths.sumScale;
            }
            for (int i = 0; slopes && i < s.rows; i++) {
                s.copyGradient(i, bandwidths.gradientScale, gradient);
            }
        }
    }

    /** The same of log-sum-exp, where alpha is null, and of the plan. */
    private final class PlanSweep implements TileTask {

        private boolean roots;
        private double top;
        private double slope;
        private double[] alpha;
        private double[] sums;
        private Side values;
        private int valueCount;
        private double[] applied;
        private double[] gradient;

        @Override
        public void run(int rowTile, int worker) {
            Scratch s = scratch(worker);
            boolean slopes = gradient != null;
            s.begin(rowTile, slopes, valueCount);
            for (int t = 0; t < y.tiles.length; t++) {
                for (int row = 0; row < s.rows; row += PairTile.ROWS) {
                    s.squares(row, t, s.squares);
                    s.planTerms(row, t, roots, values != null || slopes, slopes);
                    if (values != null) {
                        s.addValues(row, t, values);
                    }
                    if (slopes) {
                        s.addDifferences(row, t, roots ? s.slopes : s.terms);
                    }
                }
            }
            for (int i = 0; i < s.rows; i++) {
                if (alpha == null) {
                    endLogSumExp(s, i);
                } else {
                    endPlan(s, i);
                }
            }
        }

        private void endLogSumExp(Scratch s, int i) {
            sums[s.first + i] = s.logarithm(i, top);
            if (gradient != null) {
                s.copyGradient(i, -slope / s.sum[i], gradient);
            }
        }

        private void endPlan(Scratch s, int i) {
            // the row's own factor, once for all that was summed relative to its reference
            double factor = Math.exp(alpha[s.first + i] + top - s.reference[i] * LN_2);
            if (sums != null) {
                sums[s.first + i] = s.sum[i] * factor;
            }
            for (int v = 0; values != null && applied != null && v < valueCount; v++) {
                applied[(s.first + i) * valueCount + v] = s.applied[i * s.valueStride + v] * factor;
            }
            if (gradient != null) {
                s.copyGradient(i, -slope * factor, gradient);
            }
        }
    }

    /** Turns log-weights into biases in base 2 below the largest, which it returns. */
    private double biases(double[] bias) {
        double top = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < y.size; j++) {
            top = Math.max(top, bias[j]);
        }
        Arrays.fill(coefficients, Float.POSITIVE_INFINITY);
        for (int j = 0; j < y.size && top != Double.NEGATIVE_INFINITY; j++) {
            coefficients[j] = (float) ((top - bias[j]) * LOG2_E);
        }
        return top;
    }

    /** Factor of the gradient of the cost: packed differences are in units, and slopes for p = 1 over distances in base-2 exponents. */
    private double costScale(int p, double epsilon) {
        return p == 1 ? unit / epsilon * LOG2_E : unit;
    }

    private static float factor(double value) {
        return (float) Math.clamp(value, 1 / MOST_FACTOR, MOST_FACTOR);
    }

    private int rowTiles() {
        return (x.size + ROWS - 1) / ROWS;
    }

    private Scratch scratch(int worker) {
        if (scratch[worker] == null) {
            scratch[worker] = new Scratch();
        }
        return scratch[worker];
    }

    /**
     * How a sweep computes squares. A smooth kernel that is not narrow bears coordinates that are rounded once more, in units of its own:
     * directly, or by products in many dimensions. Others take exact differences and scale their squares.
     */
    private final class Geometry {

        private boolean wide;
        private boolean products;
        /** What squares are still to be multiplied by. */
        private float factor;
        /** What the rows' coordinates are multiplied by, and their differences where gradients are made of those. */
        private double rowScale;
        private double differenceScale;
        private float normScale;
        /** The y side's tiles in the kernel's units, and its squared norms: this sweep's. */
        private float[][] tiles;
        private float[][] scaledTiles;
        private float[] norms;

        void choose(float scale, float mostScale, boolean smooth) {
            wide = smooth && mostScale * (x.mostNorm + y.mostNorm) < MOST_NORMS;
            products = wide && PairTile.productsPay(x.dimension);
            factor = wide ? 1 : scale;
            rowScale = products ? -2.0 * scale : wide ? Math.sqrt(scale) : 1;
            differenceScale = products ? 1 : rowScale;
            normScale = scale;
            tiles = wide && !products ? scaled() : y.tiles;
            if (products) {
                scaleNorms();
            }
        }

        private float[][] scaled() {
            if (scaledTiles == null) {
                scaledTiles = new float[y.tiles.length][];
            }
            for (int t = 0; t < scaledTiles.length; t++) {
                float[] from = y.tiles[t];
                if (scaledTiles[t] == null) {
                    scaledTiles[t] = new float[from.length];
                }
                float[] to = scaledTiles[t];
                for (int n = 0; n < to.length; n++) {
                    to[n] = (float) (from[n] * rowScale);
                }
            }
            return scaledTiles;
        }

        private void scaleNorms() {
            if (norms == null) {
                norms = new float[y.norms.length];
            }
            for (int n = 0; n < norms.length; n++) {
                norms[n] = y.norms[n] * normScale;
            }
        }
    }

    /** A kernel's profile, and per bandwidth the factor of the squares and the weight of the slopes relative to the first. */
    private static final class Bandwidths {

        private final PairProfile profile;
        /** The same where the geometry is wide. */
        private final PairProfile wideProfile;
        private final float[] factor;
        private final float[] slope;
        /** Whether the kernel is a function of the square without a kink at 0. */
        private final boolean smooth;
        private final float mostFactor;
        private final double sumScale;
        private final double gradientScale;

        Bandwidths(PairKernel kernel, double unit) {
            int count = Math.max(1, kernel.bandwidths().size());
            profile = switch (kernel.profile()) {
                case GAUSSIAN -> new PairGaussian();
                case LAPLACIAN -> new PairLaplacian();
                case ENERGY -> new PairEnergy();
                case INVERSE_MULTIQUADRIC -> new PairInverseMultiquadric();
            };
            wideProfile = kernel.profile() == PairKernel.Profile.GAUSSIAN ? new PairWideGaussian() : profile;
            factor = new float[count];
            slope = new float[count];
            double firstSlope = 0;
            for (int b = 0; b < count; b++) {
                double length = kernel.bandwidths().isEmpty() ? unit : kernel.bandwidths().get(b);
                double relative = unit / length;
                double square = switch (kernel.profile()) {
                    case GAUSSIAN -> 0.5 * LOG2_E * relative * relative;
                    case LAPLACIAN -> LOG2_E * relative * (LOG2_E * relative);
                    default -> relative * relative;
                };
                double gradient = switch (kernel.profile()) {
                    case ENERGY -> 1;
                    case LAPLACIAN -> LOG2_E * relative / length;
                    default -> relative / length;
                };
                factor[b] = FloatPairSums.factor(square);
                firstSlope = b == 0 ? gradient : firstSlope;
                slope[b] = (float) (gradient / firstSlope);
            }
            smooth = kernel.profile() == PairKernel.Profile.GAUSSIAN || kernel.profile() == PairKernel.Profile.INVERSE_MULTIQUADRIC;
            float most = 0;
            for (float f : factor) {
                most = Math.max(most, f);
            }
            mostFactor = most;
            sumScale = kernel.profile() == PairKernel.Profile.ENERGY ? -unit : 1.0 / count;
            gradientScale = firstSlope / count;
        }
    }

    /** One cloud, packed for both of its roles. */
    private static final class Side {

        private final int size;
        private final int dimension;
        private final int points;
        private final float[][] tiles;
        /** Squared norms of the points, padded, and the largest. */
        private final float[] norms;
        private double mostNorm;
        private float[][] rowTiles;

        Side(PointCloud cloud, double[] origin, double[] centre, double unit) {
            size = cloud.size();
            dimension = cloud.dimension();
            points = Math.clamp(CACHED / dimension & -ROWS, LEAST_POINTS, MOST_POINTS);
            tiles = new float[(size + points - 1) / points][];
            norms = new float[tiles.length * points];
            float[] column = new float[points];
            for (int t = 0; t < tiles.length; t++) {
                int count = Math.min(points, size - t * points);
                tiles[t] = new float[padded(t) * dimension];
                for (int d = 0; d < dimension; d++) {
                    cloud.copyColumn(d, t * points, column, 0, count);
                    for (int n = 0; n < count; n++) {
                        tiles[t][at(n, d)] = (float) ((column[n] - origin[d] - centre[d]) / unit);
                    }
                }
                squaredNorms(t);
            }
        }

        /** Room for values of points. */
        Side(int size, int dimension, int points) {
            this.size = size;
            this.dimension = dimension;
            this.points = points;
            this.tiles = new float[(size + points - 1) / points][];
            this.norms = null;
            for (int t = 0; t < tiles.length; t++) {
                tiles[t] = new float[padded(t) * dimension];
            }
            prepareGradient();
        }

        /** Row-major values of the points, as they are. */
        void fill(double[] values) {
            int stride = PairTile.rowStride(dimension);
            for (int t = 0; t < tiles.length; t++) {
                int first = t * points;
                for (int n = 0; n < Math.min(points, size - first); n++) {
                    for (int d = 0; d < dimension; d++) {
                        float value = (float) values[(first + n) * dimension + d];
                        if (rowTiles == null) {
                            tiles[t][at(n, d)] = value;
                        } else {
                            rowTiles[t][n * stride + d] = value;
                        }
                    }
                }
            }
        }

        private void squaredNorms(int t) {
            for (int n = 0; n < Math.min(points, size - t * points); n++) {
                double square = 0;
                for (int d = 0; d < dimension; d++) {
                    double v = tiles[t][at(n, d)];
                    square += v * v;
                }
                mostNorm = Math.max(mostNorm, square);
                norms[t * points + n] = (float) square;
            }
        }

        private int at(int n, int d) {
            return (n / PairTile.PANEL * dimension + d) * PairTile.PANEL + n % PairTile.PANEL;
        }

        int padded(int t) {
            return Math.min(points, size - t * points) + PairTile.PANEL - 1 & -PairTile.PANEL;
        }

        /** Copies points first to first + count of one tile into groups of four rows, scaled. */
        void copyGroups(int first, int count, double scale, float[] rows) {
            float[] tile = tiles[first / points];
            for (int i = 0; i < count; i++) {
                int group = (i & -PairTile.ROWS) * dimension + i % PairTile.ROWS;
                for (int d = 0; d < dimension; d++) {
                    rows[group + d * PairTile.ROWS] = (float) (tile[at(first % points + i, d)] * scale);
                }
            }
        }

        /** The same into row-major rows. */
        void copyRows(int first, int count, float[] rows) {
            float[] tile = tiles[first / points];
            int stride = PairTile.rowStride(dimension);
            for (int i = 0; i < count; i++) {
                for (int d = 0; d < dimension; d++) {
                    rows[i * stride + d] = tile[at(first % points + i, d)];
                }
            }
        }

        void prepareGradient() {
            if (rowTiles != null || !PairTile.pointMajor(dimension)) {
                return;
            }
            rowTiles = new float[tiles.length][];
            for (int t = 0; t < tiles.length; t++) {
                rowTiles[t] = new float[padded(t) * PairTile.rowStride(dimension)];
                copyRows(t * points, Math.min(points, size - t * points), rowTiles[t]);
            }
        }
    }

    /** What a worker needs for one tile of rows. */
    private final class Scratch {

        private final int stride = PairTile.rowStride(x.dimension);
        private final float[] groups = new float[ROWS * x.dimension];
        /** The same rows unscaled for gradients beside products, and by rows where gradients take coordinates for lanes. */
        private final float[] row = new float[PairTile.productsPay(x.dimension) ? ROWS * stride : 0];
        private final float[] squares = new float[PairTile.ROWS * y.points];
        private final float[] terms = new float[PairTile.ROWS * y.points];
        private final float[] slopes = new float[PairTile.ROWS * y.points];
        private final float[] lanes = new float[Math.max(2 * PairTile.ROWS * LANES, PairTile.ROWS * stride)];
        private final float[] rowNorms = new float[ROWS];
        private final float[] kernelLanes = new float[ROWS * LANES];
        private final float[] reference = new float[ROWS];
        private final double[] sum = new double[ROWS];
        private final double[] gradient = new double[ROWS * stride];
        private double[] applied = new double[0];
        private float[] zeros = new float[0];
        private float[] valueLanes = new float[0];
        private int valueStride;
        private int first;
        private int rows;

        void begin(int rowTile, boolean withGradient, int valueCount) {
            first = rowTile * ROWS;
            rows = Math.min(ROWS, x.size - first);
            x.copyGroups(first, rows, geometry.rowScale, groups);
            for (int i = 0; geometry.products && i < rows; i++) {
                rowNorms[i] = x.norms[first + i] * geometry.normScale;
            }
            if (withGradient && PairTile.pointMajor(x.dimension)) {
                x.copyRows(first, rows, row);
            } else if (withGradient && geometry.products) {
                x.copyGroups(first, rows, 1, row);
            }
            Arrays.fill(sum, 0);
            Arrays.fill(kernelLanes, 0);
            Arrays.fill(reference, Float.POSITIVE_INFINITY);
            if (withGradient) {
                Arrays.fill(gradient, 0);
            }
            valueStride = PairTile.rowStride(valueCount);
            if (zeros.length < PairTile.ROWS * valueStride) {
                zeros = new float[PairTile.ROWS * valueStride];
                valueLanes = new float[Math.max(2 * PairTile.ROWS * LANES, PairTile.ROWS * valueStride)];
                applied = new double[ROWS * valueStride];
            }
            Arrays.fill(applied, 0);
        }

        void squares(int r, int t, float[] target) {
            if (geometry.products) {
                PairTile.products(groups, r * x.dimension, x.dimension, y.tiles[t], y.padded(t), rowNorms, r, geometry.norms, t * y.points,
                    target);
            } else {
                PairTile.squares(groups, r * x.dimension, x.dimension, geometry.tiles[t], y.padded(t), geometry.factor, target);
            }
        }

        /** Adds the sums of four rows over a tile, and leaves their weighted slopes in terms, where one bandwidth's squares are. */
        void kernelTerms(Bandwidths bandwidths, int r, int points, int weightsAt, boolean withSlopes) {
            PairProfile profile = geometry.wide ? bandwidths.wideProfile : bandwidths.profile;
            int end = PairTile.ROWS * points;
            for (int b = 0; b < bandwidths.factor.length; b++) {
                float[] q = b == 0 ? terms : slopes;
                if (bandwidths.factor.length > 1) {
                    float ratio = bandwidths.factor[b] / bandwidths.factor[0];
                    for (int n = 0; n < end; n++) {
                        q[n] = squares[n] * ratio;
                    }
                }
                for (int i = 0; i < PairTile.ROWS; i += 2) {
                    profile.sums(q, i * points, points, coefficients, weightsAt, withSlopes, kernelLanes, (r + i) * LANES);
                }
                if (withSlopes && b > 0) {
                    float slope = bandwidths.slope[b];
                    for (int n = 0; n < end; n++) {
                        terms[n] += slope * q[n];
                    }
                }
            }
        }

        /** Moves what the rows' lanes hold into their sums. */
        void foldRows() {
            for (int i = 0; i < rows; i++) {
                sum[i] += PairTile.fold(kernelLanes, i * LANES);
            }
            Arrays.fill(kernelLanes, 0);
        }

        /** Adds the terms of four rows over a tile to their sums, relative to their references, and keeps them for what else needs them. */
        void planTerms(int r, int t, boolean roots, boolean keep, boolean withSlopes) {
            int points = y.padded(t);
            int at = t * y.points;
            float[] kept = keep ? terms : null;
            float[] keptSlopes = withSlopes && roots ? slopes : null;
            for (int i = 0; i < PairTile.ROWS; i += 2) {
                int a = r + i;
                if (reference[a] == Float.POSITIVE_INFINITY) {
                    PairLogSumExp.least(squares, i * points, points, coefficients, at, roots, lanes);
                    lower(a, least(0));
                    lower(a + 1, least(LANES));
                }
                PairLogSumExp.sums(squares, i * points, points, coefficients, at, reference[a], reference[a + 1], roots, kept, keptSlopes,
                    lanes);
                float least0 = least(LANES);
                float least1 = least(3 * LANES);
                if (least0 < reference[a] - PairLogSumExp.MARGIN || least1 < reference[a + 1] - PairLogSumExp.MARGIN) {
                    lower(a, least0);
                    lower(a + 1, least1);
                    PairLogSumExp.sums(squares, i * points, points, coefficients, at, reference[a], reference[a + 1], roots, kept,
                        keptSlopes, lanes);
                }
                sum[a] += PairTile.fold(lanes, 0);
                sum[a + 1] += PairTile.fold(lanes, 2 * LANES);
            }
        }

        private float least(int at) {
            float least = lanes[at];
            for (int lane = 1; lane < LANES; lane++) {
                least = Math.min(least, lanes[at + lane]);
            }
            return least;
        }

        /** Lowers a row's reference to below the exponent, if it is higher; to a whole number, so that rescaling is exact. */
        private void lower(int r, float exponent) {
            float whole = (float) Math.floor(exponent);
            if (whole >= reference[r]) {
                return;
            }
            double scale = reference[r] == Float.POSITIVE_INFINITY ? 0 : Math.scalb(1.0, (int) (whole - reference[r]));
            reference[r] = whole;
            sum[r] *= scale;
            for (int d = 0; d < stride; d++) {
                gradient[r * stride + d] *= scale;
            }
            for (int v = 0; v < valueStride; v++) {
                applied[r * valueStride + v] *= scale;
            }
        }

        double logarithm(int r, double top) {
            return reference[r] == Float.MAX_VALUE ? Double.NEGATIVE_INFINITY : top + Math.log(sum[r]) - reference[r] * LN_2;
        }

        void addDifferences(int r, int t, float[] factors) {
            float[] from = PairTile.pointMajor(x.dimension) || geometry.products ? row : groups;
            add(from, r * stride, y, geometry.tiles, t, factors, lanes, gradient, r * stride);
        }

        void addValues(int r, int t, Side values) {
            add(zeros, 0, values, values.tiles, t, terms, valueLanes, applied, r * valueStride);
        }

        /** Adds {@code sum_n c_rn (y_n - x_r)} of four rows to their totals. */
        private void add(float[] from, int fromAt, Side side, float[][] tiles, int t, float[] factors, float[] partial, double[] totals,
                int totalsAt) {
            int dimension = side.dimension;
            int points = y.padded(t);
            int step = PairTile.rowStride(dimension);
            if (PairTile.pointMajor(dimension)) {
                PairTile.pointDifferences(from, fromAt, step, side.rowTiles[t], Math.min(points, y.size - t * y.points), factors, points,
                    partial);
                for (int n = 0; n < PairTile.ROWS * step; n++) {
                    totals[totalsAt + n] += partial[n];
                }
                return;
            }
            for (int d = 0; d < dimension; d += 2) {
                int count = Math.min(2, dimension - d);
                PairTile.differences(from, fromAt, dimension, tiles[t], points, factors, d, count, partial);
                for (int c = 0; c < count; c++) {
                    for (int i = 0; i < PairTile.ROWS; i++) {
                        totals[totalsAt + i * step + d + c] += PairTile.fold(partial, (c * PairTile.ROWS + i) * LANES);
                    }
                }
            }
        }

        /** Writes a row's gradient: the sums are of differences y - x, whose sign the scale makes right. */
        void copyGradient(int r, double scale, double[] target) {
            double perDifference = scale / geometry.differenceScale;
            for (int d = 0; d < x.dimension; d++) {
                target[(first + r) * x.dimension + d] = gradient[r * stride + d] * perDifference;
            }
        }
    }
}
