package org.pontoon.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.pontoon.cli.report.BadInput;
import org.pontoon.engine.file.ArrayDescription;
import org.pontoon.engine.file.NpyArray;
import org.pontoon.engine.file.NpyFile;
import org.pontoon.engine.file.NpzFile;
import org.pontoon.engine.memory.PointCloud;

/**
 * The first or the second clouds of a batch of problems: those of a file of shape (B, N, D), or one cloud for all problems. Weights are of
 * shape (N,) for all problems or (B, N). Safe for several readers.
 */
final class CloudBatch implements AutoCloseable {

    /** The cloud of all problems, or null where the file has one for each. */
    private final PointCloud single;
    private final Path file;
    private final double[] values;
    private final float[] weights;
    private final boolean weightsForEach;
    private final boolean normalised;
    private final int count;
    private final int size;
    private final int dimension;

    private CloudBatch(PointCloud single, Path file) {
        this.single = single;
        this.file = file;
        this.values = null;
        this.weights = null;
        this.weightsForEach = false;
        this.normalised = false;
        this.count = 1;
        this.size = single.size();
        this.dimension = single.dimension();
    }

    private CloudBatch(Path file, NpyArray points, Path weightsFile, boolean normalised) {
        this.single = null;
        this.file = file;
        this.values = points.toDoubles();
        this.normalised = normalised;
        this.count = points.shape()[0];
        this.size = points.shape()[1];
        this.dimension = points.shape()[2];
        BadInput.unless(points.size() > 0, "%s has shape %s, expected (B, N, D) with at least one of each", file, points.shapeText());
        for (int k = 0; k < values.length; k++) {
            BadInput.unless(Double.isFinite(values[k]), "%s holds %s at problem %d, row %d, column %d, expected finite values", file,
                values[k],
                k / dimension / size, k / dimension % size, k % dimension);
        }
        if (weightsFile == null) {
            this.weights = null;
            this.weightsForEach = false;
            return;
        }
        NpyArray array = array(weightsFile);
        int[] shape = array.shape();
        this.weightsForEach = shape.length == 2;
        BadInput.unless(Arrays.equals(shape, new int[] {size}) || Arrays.equals(shape, new int[] {count, size}),
            "%s has shape %s, expected (%d,) or (%d, %d) for the points of %s", weightsFile, array.shapeText(), size, count, size, file);
        this.weights = array.toFloats();
        for (int k = 0; k < weights.length; k++) {
            BadInput.unless(weights[k] >= 0 && weights[k] < Float.POSITIVE_INFINITY,
                "%s holds %s at %d, expected finite weights of at least 0",
                weightsFile, weights[k], k);
        }
    }

    /** Whether a name is that of a file with three axes. */
    static boolean is(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        if (!Files.isRegularFile(file) || !name.endsWith(".npy") && !name.endsWith(".npz")) {
            return false;
        }
        try {
            List<ArrayDescription> arrays = CloudFiles.describe(file);
            return arrays.size() == 1 && arrays.getFirst().shape().size() == 3;
        } catch (IOException e) {
            throw Inputs.unreadable(e);
        }
    }

    /** Reads one side of a batch; whatever has no third axis is read as it is elsewhere. */
    static CloudBatch read(Path file, CloudPair pair, int side, long seed, boolean normalised) {
        return is(file) ? new CloudBatch(file, array(file), pair.weights(side), normalised)
            : new CloudBatch(pair.cloud(file, side, seed, normalised), file);
    }

    private static NpyArray array(Path file) {
        try {
            return file.toString().toLowerCase(Locale.ROOT).endsWith(".npz") ? NpzFile.read(file).firstEntry().getValue()
                : NpyFile.read(file);
        } catch (IOException e) {
            throw Inputs.unreadable(e);
        }
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

    /** The cloud of one problem, to be closed by the caller. */
    PointCloud cloud(int problem) {
        if (single != null) {
            return copy(single);
        }
        int at = count == 1 ? 0 : problem;
        int length = size * dimension;
        PointCloud cloud = PointCloud.ofRows(rows(at * length, length), size, dimension);
        if (weights == null) {
            return cloud;
        }
        int first = weightsForEach ? at * size : 0;
        cloud.withWeights(Arrays.copyOfRange(weights, first, first + size));
        return normalised ? Inputs.normalised(cloud) : cloud;
    }

    private float[] rows(int from, int length) {
        double[] slice = Arrays.copyOfRange(values, from, from + length);
        return NpyArray.of(slice, length).toFloats();
    }

    private static PointCloud copy(PointCloud cloud) {
        PointCloud copy = PointCloud.ofRows(cloud.toRows(), cloud.size(), cloud.dimension());
        if (cloud.hasWeights()) {
            float[] weights = new float[cloud.size()];
            for (int n = 0; n < weights.length; n++) {
                weights[n] = cloud.weight(n);
            }
            copy.withWeights(weights);
        }
        return copy;
    }

    @Override
    public void close() {
        if (single != null) {
            single.close();
        }
    }
}
