package org.pontoon.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.random.CounterRandom;
import org.pontoon.engine.transport.Sinkhorn;
import org.pontoon.engine.transport.SinkhornOptions;
import org.pontoon.engine.transport.SinkhornResult;

/**
 * One large transport problem, once: the entropic plan between two clouds of uniform points in the cube, to a marginal error of 1e-3.
 * Prints the time, the status and the error, the most memory that was resident (Linux), and a hash of the value and the potentials, which
 * is to be the same for any number of threads.
 *
 * <p>{@code java --add-modules jdk.incubator.vector -Xmx256m -cp benchmarks.jar org.pontoon.bench.LargeSinkhorn --points 100000
 * --dimension 3 --blur 0.05 --threads 2}, which are the defaults; {@code --debias} for the divergence.
 */
public final class LargeSinkhorn {

    private LargeSinkhorn() {
    }

    /**
     * Runs it.
     *
     * @param args options and their values
     * @throws IOException if the process's status cannot be read
     */
    public static void main(String[] args) throws IOException {
        int points = 100_000;
        int dimension = 3;
        int threads = 2;
        SinkhornOptions.Builder options = SinkhornOptions.builder().debias(false).tolerance(1e-3);
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--points" -> points = Integer.parseInt(args[++i]);
                case "--dimension" -> dimension = Integer.parseInt(args[++i]);
                case "--threads" -> threads = Integer.parseInt(args[++i]);
                case "--blur" -> options.blur(Double.parseDouble(args[++i]));
                case "--debias" -> options.debias(true);
                default -> throw new IllegalArgumentException("there is no option " + args[i]);
            }
        }
        try (PointCloud x = cube(points, dimension, 1); PointCloud y = cube(points, dimension, 2);
                TileScheduler scheduler = new TileScheduler(threads)) {
            long began = System.nanoTime();
            SinkhornResult result = new Sinkhorn(options.build()).solve(x, y, null, scheduler, Progress.NONE);
            double seconds = (System.nanoTime() - began) * 1e-9;
            System.out.printf(Locale.ROOT,
                "N = M = %d, D = %d, blur %s, %d threads: %.1f s, %s, marginal error %.3g, value %.9g, %d sweeps, "
                    + "%d active iterations, peak resident memory %s, hash %s%n",
                points, dimension, result.options().blur(), threads, seconds, result.status(), result.marginalError(), result.value(),
                result.sweeps(), result.activeIterations(), peakMemory(), hash(result));
        }
    }

    private static PointCloud cube(int size, int dimension, long seed) {
        long key = CounterRandom.key(seed, 0);
        PointCloud cloud = PointCloud.allocate(size, dimension);
        for (int n = 0; n < size; n++) {
            for (int d = 0; d < dimension; d++) {
                cloud.set(n, d, CounterRandom.uniformInt(key, (long) n * dimension + d, 1 << 24) * 0x1p-24f);
            }
        }
        return cloud;
    }

    private static String peakMemory() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return "unknown";
        }
        return Files.readAllLines(status).stream().filter(line -> line.startsWith("VmHWM")).map(line -> line.substring(6).strip())
            .findFirst()
            .orElse("unknown");
    }

    private static String hash(SinkhornResult result) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * (1 + result.f().length + result.g().length));
            bytes.putDouble(result.value());
            bytes.asDoubleBuffer().put(result.f()).put(result.g());
            digest.update(bytes.array());
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
