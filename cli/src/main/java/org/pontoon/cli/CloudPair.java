package org.pontoon.cli;

import java.nio.file.Path;
import java.util.List;

import org.pontoon.cli.report.BadInput;
import org.pontoon.cli.report.Console;
import org.pontoon.engine.memory.PointCloud;
import picocli.CommandLine.Option;

/** How two clouds are read, as {@code distance} and {@code flow} are told of it. */
final class CloudPair {

    static final String NAMES = "a file, a greyscale .png that is dark where there is mass, or a shape: disk, ring, square, cross, crescent, "
        + "moons, heart, disks; on the line left, right, gap";

    @Option(names = "--weights-x", paramLabel = "A", description = "Weights of the first cloud's points, shape (N,). Weights are normalised "
        + "unless --reach or --free-mass is given.")
    private Path weightsX;

    @Option(names = "--weights-y", paramLabel = "B", description = "Weights of the second cloud's points, shape (M,).")
    private Path weightsY;

    @Option(names = "--points", paramLabel = "N", defaultValue = "200", description = "Points drawn from a .png or a shape (default: "
        + "${DEFAULT-VALUE}).")
    private int points;

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

    /** Reads a first cloud that has no second. */
    List<PointCloud> readFirst(Path x, long seed) {
        BadInput.unless(weightsY == null, "--weights-y has no second cloud, expected X and Y");
        return List.of(cloud(x, weightsX, seed, 0, true));
    }

    /** Reads the clouds, of one dimension, with weights that add up to 1 or as they are. */
    List<PointCloud> read(Path x, Path y, long seed, boolean normalised) {
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
    List<PointCloud> readLines(Path x, Path y, long seed) {
        List<PointCloud> clouds = read(x, y, seed, true);
        int dimension = clouds.get(0).dimension();
        if (dimension != 1) {
            clouds.forEach(PointCloud::close);
            throw new BadInput(x + " has dimension " + dimension + ", expected 1 for wasserstein-1d");
        }
        return clouds;
    }

    private PointCloud cloud(Path name, Path weights, long seed, int side, boolean normalised) {
        PointCloud cloud = Inputs.measure(name, points, seed, side, console);
        if (weights == null) {
            return cloud;
        }
        try (cloud) {
            PointCloud weighted = Inputs.weighted(cloud, name, weights, console);
            return normalised ? Inputs.normalised(weighted) : weighted;
        }
    }
}
