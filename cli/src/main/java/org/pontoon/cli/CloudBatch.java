package org.pontoon.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.pontoon.cli.report.BadInput;
import org.pontoon.engine.file.ArrayDescription;
import org.pontoon.engine.file.ColumnRanges;
import org.pontoon.engine.file.NpyArray;
import org.pontoon.engine.file.Placement;
import org.pontoon.engine.memory.PointCloud;

/**
 * The first or the second clouds of a batch of problems: those of a file of shape (B, N, D), or one cloud for all problems. Weights are of
 * shape (N,) for all problems or (B, N). Every problem is read as if it stood alone. Safe for several readers.
 */
final class CloudBatch {

    private final Path file;
    private final CloudPair pair;
    private final int side;
    private final long seed;
    private final boolean normalised;
    private final int count;
    private final int size;
    private final int dimension;
    /** The values, or null where one cloud serves for all problems. */
    private final double[] values;
    private final double[] weights;
    private final boolean weightsForEach;
    /** The range of the single cloud, null if it comes from no file of points. */
    private final ColumnRanges singleRanges;
    private final boolean exact;

    /** One cloud for all problems. */
    private CloudBatch(Path file, CloudPair pair, int side, long seed, boolean normalised) {
        this.file = file;
        this.pair = pair;
        this.side = side;
        this.seed = seed;
        this.normalised = normalised;
        boolean fromFile = Inputs.isCloudFile(file);
        this.singleRanges = fromFile ? Inputs.ranges(file) : null;
        this.exact = fromFile && Inputs.wideRanges(file) == null;
        try (PointCloud cloud = pair.cloud(file, side, seed, normalised, null)) {
            this.size = cloud.size();
            this.dimension = cloud.dimension();
        }
        this.count = 1;
        this.values = null;
        this.weights = null;
        this.weightsForEach = false;
    }

    /** A cloud for each. */
    private CloudBatch(Path file, NpyArray points, CloudPair pair, int side, boolean normalised) {
        this.file = file;
        this.pair = pair;
        this.side = side;
        this.seed = 0;
        this.normalised = normalised;
        this.singleRanges = null;
        this.exact = points.type() == NpyArray.Type.FLOAT32;
        this.count = points.shape()[0];
        this.size = points.shape()[1];
        this.dimension = points.shape()[2];
        BadInput.unless(points.size() > 0, "%s has shape %s, expected (B, N, D) with at least one of each", file, points.shapeText());
        this.values = points.toDoubles();
        for (int k = 0; k < values.length; k++) {
            BadInput.unless(Double.isFinite(values[k]), "%s holds %s at problem %d, row %d, column %d, expected finite values", file,
                values[k],
                k / dimension / size, k / dimension % size, k % dimension);
        }
        Path weightsFile = pair.weights(side);
        NpyArray array = weightsFile == null ? null : Inputs.array(weightsFile);
        BadInput.unless(
            array == null || Arrays.equals(array.shape(), new int[] {size}) || Arrays.equals(array.shape(), new int[] {count, size}),
            "%s has shape %s, expected (%d,) or (%d, %d) for the points of %s", weightsFile, array == null ? "" : array.shapeText(), size,
            count, size, file);
        this.weights = array == null ? null : array.toDoubles();
        this.weightsForEach = array != null && array.shape().length == 2;
    }

    /** Whether a name is that of a file with three axes. */
    static boolean is(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        if (!Files.isRegularFile(file) || !name.endsWith(".npy") && !name.endsWith(".npz")) {
            return false;
        }
        try {
            List<ArrayDescription> arrays = CloudFiles.describe(file, remark -> {
            });
            return arrays.size() == 1 && arrays.getFirst().shape().size() == 3;
        } catch (IOException e) {
            throw Inputs.unreadable(e);
        }
    }

    /** Reads one side of a batch; whatever has no third axis is read as it is elsewhere. */
    static CloudBatch read(Path file, CloudPair pair, int side, long seed, boolean normalised) {
        return is(file) ? new CloudBatch(file, Inputs.array(file), pair, side, normalised)
            : new CloudBatch(file, pair, side, seed, normalised);
    }

    /** How many problems there are between two sides, of which one may serve for all. */
    int problemsWith(CloudBatch other) {
        BadInput.unless(count == other.count || count == 1 || other.count == 1, "%s has %d clouds, expected the %d of %s, or one",
            other.file,
            other.count, count, file);
        BadInput.unless(dimension == other.dimension, "%s has dimension %d, expected the %d of %s", other.file, other.dimension, dimension,
            file);
        return Math.max(count, other.count);
    }

    int size() {
        return size;
    }

    int dimension() {
        return dimension;
    }

    /** How the clouds of one problem are placed, as they would be if each were a file; null where they are read as they are. */
    Placement placementWith(CloudBatch other, int problem, boolean moves) {
        ColumnRanges first = ranges(problem);
        ColumnRanges second = other.ranges(problem);
        return first == null || second == null || exact && other.exact ? null
            : CloudPair.choose(file, first, other.file, second, moves, true);
    }

    private ColumnRanges ranges(int problem) {
        if (values == null) {
            return singleRanges;
        }
        double[] low = new double[dimension];
        double[] high = new double[dimension];
        Arrays.fill(low, Double.POSITIVE_INFINITY);
        Arrays.fill(high, Double.NEGATIVE_INFINITY);
        int from = first(problem);
        for (int k = 0; k < size * dimension; k++) {
            int d = k % dimension;
            low[d] = Math.min(low[d], values[from + k]);
            high[d] = Math.max(high[d], values[from + k]);
        }
        return new ColumnRanges(low, high, exact);
    }

    private int first(int problem) {
        return (count == 1 ? 0 : problem) * size * dimension;
    }

    /** The cloud of one problem, placed unless the placement is null, to be closed by the caller. */
    PointCloud cloud(int problem, Placement placement) {
        if (values == null) {
            return pair.cloud(file, side, seed, normalised, placement);
        }
        double[] rows = Arrays.copyOfRange(values, first(problem), first(problem) + size * dimension);
        if (placement != null) {
            Arrays.setAll(rows, k -> placement.place(rows[k], k % dimension));
        }
        PointCloud cloud = PointCloud.ofRows(NpyArray.of(rows, rows.length).toFloats(), size, dimension);
        if (weights != null) {
            int from = weightsForEach && count > 1 ? problem * size : 0;
            cloud.withWeights(Inputs.narrowed(Arrays.copyOfRange(weights, from, from + size), pair.weights(side),
                normalised ? Inputs.Weighing.NORMALISED : Inputs.Weighing.AS_THEY_ARE));
        }
        return cloud;
    }
}
