package org.pontoon.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.pontoon.engine.file.NpyFile;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.random.CounterRandom;

/**
 * What the launcher runs once after a build, under a JVM that takes notes: the commands that people wait for, on small data. The next
 * starts then find their classes loaded and their profiles known. It is no command.
 */
public final class Rehearsal {

    private static final int DIMENSION = 50;

    private Rehearsal() {
    }

    /**
     * Runs the commands in one process.
     *
     * @param args a folder that does not exist, for files
     * @throws IOException if they cannot be written
     */
    public static void main(String[] args) throws IOException {
        Path folder = Files.createDirectory(Path.of(args[0]));
        String x = cloud(folder.resolve("x.npy"), 600, DIMENSION, 1);
        String y = cloud(folder.resolve("y.npy"), 700, DIMENSION, 2);
        String space = cloud(folder.resolve("space.npy"), 400, 3, 3);
        String line = cloud(folder.resolve("line.npy"), 30_000, 1, 4);
        String model = folder.resolve("model.npz").toString();
        String moved = folder.resolve("moved.npy").toString();
        String gradient = folder.resolve("gradient.npy").toString();
        String flow = folder.resolve("flow").toString();
        List<List<String>> commands = List.of(
            List.of("--help"),
            List.of("fit", "--source", x, "--target", y, "--out", model, "--steps", "3000"),
            List.of("transport", "--model", model, "--source", x, "--out", moved),
            List.of("distance", "wasserstein-1d", line, line),
            List.of("distance", "sliced", x, y),
            List.of("distance", "energy", x, y),
            List.of("distance", "sinkhorn", space, space, "--blur", "0.05", "--gradient", gradient),
            List.of("flow", "energy", space, space, "--steps", "11", "--out", flow),
            List.of("info", model));
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        for (List<String> command : commands) {
            int code = Pontoon.run(command.toArray(String[]::new), nowhere, nowhere);
            if (code != Pontoon.DONE) {
                throw new IllegalStateException("pontoon " + String.join(" ", command) + " ended with code " + code);
            }
        }
    }

    private static String cloud(Path file, int size, int dimension, long seed) throws IOException {
        try (PointCloud cloud = PointCloud.allocate(size, dimension)) {
            long key = CounterRandom.key(seed, 0);
            for (int i = 0; i < size; i++) {
                for (int d = 0; d < dimension; d++) {
                    cloud.set(i, d, CounterRandom.normal(key, (long) i * dimension + d));
                }
            }
            NpyFile.writeCloud(file, cloud);
        }
        return file.toString();
    }
}
