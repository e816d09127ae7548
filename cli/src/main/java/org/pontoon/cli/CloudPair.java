package org.pontoon.cli;

import java.nio.file.Path;
import java.util.List;

import org.pontoon.cli.report.BadInput;
import org.pontoon.cli.report.Console;
import org.pontoon.engine.file.ColumnRanges;
import org.pontoon.engine.file.Placement;
import org.pontoon.engine.memory.PointCloud;
import picocli.CommandLine.Option;

/** How two clouds are read, as {@code distance} and {@code flow} are told of it. */
final class CloudPair {

    static final String NAMES = "a file, a greyscale .png that is dark where there is mass, or a shape: disk, ring, square, cross, crescent, "
        + "moons, heart, disks; on the line left, right, gap";

    @Option(names = "--weights-x", paramLabel = "A", description = "Weights of the first cloud's points, shape (N,), or (B, N) for "
        + "a batch. Weights are normalised unless a reach or --free-mass is given.")
    private Path weightsX;

    @Option(names = "--weights-y", paramLabel = "B", description = "Weights of the second cloud's points, shape (M,) or (B, M).")
    private Path weightsY;

    @Option(names = "--points", paramLabel = "N", defaultValue = "200", description = "Points drawn from a .png or a shape (default: "
        + "${DEFAULT-VALUE}).")
    private int points;

    /** An origin is taken off a column where that makes its values smaller by this factor: two bits. */
    private static final double WORTHWHILE = 4;
    /** Between 2 to the power of this and of its negative, squares of float32 coordinates are far from the ends of float32. */
    private static final int MOST_EXPONENT = 60;

    private Placement placement;
    private Console console;

    /** Whether the first cloud's points are given weights. */
    boolean weighsFirst() {
        return weightsX != null;
    }

    /** File of the second cloud's weights, null where its points count alike. */
    Path secondWeights() {
        return weightsY;
    }

    /** Whether any points are given weights. */
    boolean weighs() {
        return weightsX != null || weightsY != null;
    }

    /** Checks the options; whatever a file leaves open is remarked on the console when it is read. */
    void check(Console remarks) {
        console = remarks;
        BadInput.unless(points >= 1, "--points is %d, expected at least 1", points);
    }

    /** Where the coordinates of the clouds that were read last lie among the values of their files. */
    Placement placement() {
        return placement;
    }

    /**
     * Reads a first cloud that has no second.
     *
     * @param invariant whether it may be moved, since what is asked of it does not change with it
     */
    List<PointCloud> readFirst(Path x, long seed, boolean invariant) {
        BadInput.unless(weightsY == null, "--weights-y has no second cloud, expected X and Y");
        placement = invariant ? choose(x, x, true, false) : null;
        return List.of(cloud(x, weightsX, seed, 0, true));
    }

    /**
     * Reads the clouds, of one dimension, with weights that add up to 1 or as they are. What is asked of them must not change when both are
     * moved: where that spares bits of files that are not in float32, their coordinates are those less a common origin.
     */
    List<PointCloud> read(Path x, Path y, long seed, boolean normalised) {
        return read(x, y, seed, normalised, false);
    }

    /** The same where it is known, too, how the answer changes with a common factor: coordinates may then also be in a unit. */
    List<PointCloud> read(Path x, Path y, long seed, boolean normalised, boolean scales) {
        return read(x, y, seed, normalised, scales, true);
    }

    /** The same where it is also said whether the answer does not change when both are moved. */
    List<PointCloud> read(Path x, Path y, long seed, boolean normalised, boolean scales, boolean moves) {
        placement = choose(x, y, moves, scales);
        PointCloud first = cloud(x, weightsX, seed, 0, normalised);
        try {
            PointCloud second = cloud(y, weightsY, seed, 1, normalised);
            if (second.dimension() != first.dimension()) {
                int dimension = second.dimension();
                second.close();
                throw new BadInput(y + " has dimension " + dimension + ", expected the " + first.dimension() + " of " + x);
            }
            return List.of(first, second);
        } catch (RuntimeException e) {
            first.close();
            throw e;
        }
    }

    /** Reads the clouds, which must lie on the line. */
    List<PointCloud> readLines(Path x, Path y, long seed, boolean scales) {
        List<PointCloud> clouds = read(x, y, seed, true, scales);
        int dimension = clouds.get(0).dimension();
        if (dimension != 1) {
            clouds.forEach(PointCloud::close);
            throw new BadInput(x + " has dimension " + dimension + ", expected 1 for wasserstein-1d");
        }
        return clouds;
    }

    /** Reads the first (side 0) or the second cloud (side 1) alone, placed unless the placement is null. */
    PointCloud cloud(Path name, int side, long seed, boolean normalised, Placement place) {
        return cloud(name, weights(side), seed, side, normalised, place);
    }

    /** The file of one side's weights, null where all points count alike. */
    Path weights(int side) {
        return side == 0 ? weightsX : weightsY;
    }

    private PointCloud cloud(Path name, Path weights, long seed, int side, boolean normalised) {
        return cloud(name, weights, seed, side, normalised, placement);
    }

    private PointCloud cloud(Path name, Path weights, long seed, int side, boolean normalised, Placement place) {
        PointCloud cloud = place == null ? Inputs.measure(name, points, seed, side, console) : Inputs.cloud(name, place, console);
        if (weights == null) {
            return cloud;
        }
        try (cloud) {
            return Inputs.weighted(cloud, name, weights, console, normalised ? Inputs.Weighing.NORMALISED : Inputs.Weighing.AS_THEY_ARE);
        }
    }

    /** A placement of two files; null where both may be read as they are. */
    private static Placement choose(Path x, Path y, boolean moves, boolean scales) {
        if (!Inputs.isCloudFile(x) || !Inputs.isCloudFile(y)) {
            return null;
        }
        ColumnRanges first = Inputs.wideRanges(x);
        ColumnRanges second = x.equals(y) ? first : Inputs.wideRanges(y);
        if (first == null && second == null) {
            return null;
        }
        first = first == null ? Inputs.ranges(x) : first;
        second = second == null ? Inputs.ranges(y) : second;
        return choose(x, first, y, second, moves, scales);
    }

    /** A placement of the values of two files, which may be moved or scaled; null where both may be read as they are. */
    static Placement choose(Path x, ColumnRanges first, Path y, ColumnRanges second, boolean moves, boolean scales) {
        if (first.low().length != second.low().length) {
            return null;
        }
        double[] origin = new double[first.low().length];
        double extent = 0;
        for (int d = 0; d < origin.length; d++) {
            double low = Math.min(first.low()[d], second.low()[d]);
            double high = Math.max(first.high()[d], second.high()[d]);
            double middle = low / 2 + high / 2;
            double largest = Math.max(Math.abs(low), Math.abs(high));
            origin[d] = moves && largest > WORTHWHILE * (high - middle) ? middle : 0;
            extent = Math.max(extent, origin[d] == 0 ? largest : Math.max(middle - low, high - middle));
        }
        int exponent = Math.getExponent(extent);
        boolean outside = extent > 0 && Math.abs(exponent) > MOST_EXPONENT;
        BadInput.unless(!outside || exponent > 0 || scales, "%s and %s spread over %s at most, expected more than %s, below which squares "
            + "are lost in float32: multiply both by a power of ten", x, y, extent, Math.scalb(1.0, -MOST_EXPONENT));
        Placement found = new Placement(origin, outside && scales ? Math.scalb(1.0, Math.max(Double.MIN_EXPONENT, exponent)) : 1);
        return found.isNone() ? null : found;
    }
}
