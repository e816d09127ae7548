package org.pontoon.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

import org.pontoon.engine.kernel.PairGaussian;
import org.pontoon.engine.kernel.PairLogSumExp;
import org.pontoon.engine.kernel.PairTile;

/**
 * The pair kernels in turn with {@code bench/peers/pair_sums.c}, which does the same with AVX-512 intrinsics, and with a plain scalar loop:
 * nanoseconds per pair on one thread, the median of the rounds, and the fraction of the machine's multiply-adds.
 *
 * <p>A program, not a JMH suite: only strict alternation within one run, on one processor, compares two processes on a machine whose clock
 * wanders. Its arguments are the compiled peer (without one, or where it does not run, a line says so and the peer is left out), the number of points
 * (default 9728) and of rounds (default 9).
 */
public final class PairPeerBenchmark {

    /** Points of the peer's tile. */
    private static final int TILE = 512;
    private static final int ROWS = 64;
    /** The engine's: floats of a tile, bounds of its points, and points between folds. */
    private static final int CACHED = 4096;
    private static final int LEAST_POINTS = 128;
    private static final int MOST_POINTS = 512;
    private static final int FOLDED = 2048;
    private static final double LOG2_E = 1 / Math.log(2);
    private static final double WARM_NANOS = 2e9;

    private final String kernel;
    private final boolean products;
    private final int dimension;
    private final int points;
    private final int tile;
    private final float scale;
    private final float[] x;
    private final float[] y;
    private final float[] weights;
    private final float[] groups;
    private final float[][] tiles;
    private final float[] norms;
    private final float[] rowNorms;
    private final float[] squares = new float[PairTile.ROWS * MOST_POINTS];
    private final float[] lanes = new float[64];
    private final float[] kernelLanes = new float[16 * ROWS];
    private final float[] reference;
    private final double[] sums;
    private int state = 1;

    private PairPeerBenchmark(String kernel, int dimension, int points) {
        this.kernel = kernel;
        this.products = kernel.equals("gaussian-product");
        this.dimension = dimension;
        this.points = points;
        this.tile = Math.clamp(CACHED / dimension & -ROWS, LEAST_POINTS, MOST_POINTS);
        this.scale = (float) Math.sqrt(LOG2_E / 2 / (kernel.equals("logsumexp") ? 0.05 : 0.25 * dimension));
        this.x = coordinates();
        this.y = coordinates();
        this.weights = new float[points];
        for (int j = 0; j < points; j++) {
            weights[j] = uniform();
        }
        this.groups = new float[points * dimension];
        this.tiles = new float[(points + tile - 1) / tile][];
        for (int t = 0; t < tiles.length; t++) {
            tiles[t] = new float[size(t) * dimension];
        }
        this.norms = new float[points];
        this.rowNorms = new float[points];
        this.reference = new float[points];
        this.sums = new double[points];
        for (int i = 0; i < points; i++) {
            for (int d = 0; d < dimension; d++) {
                float u = scale * x[i * dimension + d];
                float v = scale * y[i * dimension + d];
                int n = i % tile;
                groups[(i & -PairTile.ROWS) * dimension + d * PairTile.ROWS + i % PairTile.ROWS] = products ? -2 * u : u;
                tiles[i / tile][(n / PairTile.PANEL * dimension + d) * PairTile.PANEL + n % PairTile.PANEL] = v;
                norms[i] += v * v;
                rowNorms[i] += u * u;
            }
        }
    }

    private int size(int t) {
        return Math.min(tile, points - t * tile);
    }

    private float[] coordinates() {
        float[] values = new float[points * dimension];
        for (int i = 0; i < values.length; i++) {
            values[i] = uniform() - 0.5f;
        }
        return values;
    }

    /** The peer's generator. */
    private float uniform() {
        state = state * 1664525 + 1013904223;
        return (state >>> 8) * 0x1p-24f;
    }

    /**
     * Runs the comparison.
     *
     * @param args path of the peer, number of points, rounds: all optional
     * @throws IOException if the peer breaks off
     */
    public static void main(String[] args) throws IOException {
        PrintStream out = System.out;
        int points = args.length > 1 ? Integer.parseInt(args[1]) : 9728;
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 9;
        if (points < TILE || points % TILE != 0) {
            throw new IllegalArgumentException("points is " + points + ", expected a positive multiple of " + TILE);
        }
        Path program = Path.of(args.length > 0 ? args[0] : "bench/target/pair_sums");
        if (!Files.isExecutable(program)) {
            out.println("no peer: " + program + " is not there; build it as bench/peers/pair_sums.c says");
            program = null;
        }
        out.printf(Locale.ROOT, "nanoseconds per pair, N = M = %d, one thread, median of %d rounds in turn%n", points, rounds);
        out.printf("%-18s %3s %8s %8s %8s %8s %8s%n", "kernel", "D", "engine", "C", "C/engine", "scalar", "of peak");
        double peak = PeakProbe.fmaPeak(1);
        for (int dimension : new int[] {3, 10, 50}) {
            compare(out, program, "gaussian", dimension, points, rounds, peak);
            if (dimension > 3) {
                compare(out, program, "gaussian-product", dimension, points, rounds, peak);
            }
        }
        compare(out, program, "logsumexp", 3, points, rounds, peak);
    }

    private static void compare(PrintStream out, Path program, String kernel, int dimension, int points, int rounds, double peak)
            throws IOException {
        PairPeerBenchmark engine = new PairPeerBenchmark(kernel, dimension, points);
        long start = System.nanoTime();
        do {
            engine.sweep();
        } while (System.nanoTime() - start < WARM_NANOS);
        double[] ours = new double[rounds];
        double[] theirs = new double[rounds];
        OneProcessor processor = OneProcessor.hold();
        Process process = program == null ? null
            : new ProcessBuilder(program.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (processor; BufferedWriter requests = process == null ? null : process.outputWriter();
                BufferedReader answers = process == null ? null : process.inputReader()) {
            for (int round = 0; round < rounds; round++) {
                ours[round] = engine.sweep();
                if (process != null) {
                    requests.write(kernel + " " + dimension + " " + points + "\n");
                    requests.flush();
                    String answer = answers.readLine();
                    if (answer == null || answer.startsWith("error")) {
                        throw new IOException("the peer answered " + answer + " to " + kernel + " " + dimension + " " + points);
                    }
                    String[] words = answer.split(" ");
                    theirs[round] = Double.parseDouble(words[0]);
                    engine.requireSameSum(Double.parseDouble(words[1]));
                }
            }
        } finally {
            if (process != null) {
                process.destroy();
            }
        }
        double own = median(ours);
        double peer = program == null ? Double.NaN : median(theirs);
        double perPair = dimension + (kernel.equals("logsumexp") ? 5 : 6);
        out.printf(Locale.ROOT, "%-18s %3d %8.4f %8.4f %8.2f %8.2f %8.2f%n", kernel, dimension, own, peer, peer / own, engine.scalar(),
            perPair / (own * 1e-9) / peak);
    }

    private void requireSameSum(double expected) {
        double total = Arrays.stream(sums).sum();
        if (!(Math.abs(total - expected) <= 1e-5 * Math.abs(expected))) {
            throw new IllegalStateException("sum of " + kernel + " is " + total + ", the peer has " + expected);
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private double sweep() {
        long start = System.nanoTime();
        Arrays.fill(sums, 0);
        Arrays.fill(reference, Float.POSITIVE_INFINITY);
        for (int first = 0; first < points; first += ROWS) {
            for (int t = 0; t < tiles.length; t++) {
                rows(first, t);
                if ((t + 1) % (FOLDED / tile) == 0 || t == tiles.length - 1) {
                    for (int i = 0; i < Math.min(ROWS, points - first); i++) {
                        sums[first + i] += PairTile.fold(kernelLanes, 16 * i);
                    }
                    Arrays.fill(kernelLanes, 0);
                }
            }
        }
        if (kernel.equals("logsumexp")) {
            for (int i = 0; i < points; i++) {
                sums[i] = Math.log(sums[i]) - reference[i] / LOG2_E;
            }
        }
        return (double) (System.nanoTime() - start) / points / points;
    }

    private static final PairGaussian GAUSSIAN = new PairGaussian();

    private void rows(int first, int t) {
        int size = size(t);
        int at = t * tile;
        for (int row = first; row < Math.min(points, first + ROWS); row += PairTile.ROWS) {
            if (products) {
                PairTile.products(groups, row * dimension, dimension, tiles[t], size, rowNorms, row, norms, at, squares);
            } else {
                PairTile.squares(groups, row * dimension, dimension, tiles[t], size, 1, squares);
            }
            for (int i = 0; i < PairTile.ROWS; i += 2) {
                if (kernel.equals("logsumexp")) {
                    exponentials(row + i, i, t);
                } else {
                    GAUSSIAN.sums(squares, i * size, size, weights, at, false, kernelLanes, (row - first + i) * 16);
                }
            }
        }
    }

    private void exponentials(int row, int i, int t) {
        if (reference[row] == Float.POSITIVE_INFINITY) {
            PairLogSumExp.least(squares, i * size(t), size(t), weights, t * tile, false, lanes);
            lower(row, 0);
            lower(row + 1, 16);
        }
        PairLogSumExp.sums(squares, i * size(t), size(t), weights, t * tile, reference[row], reference[row + 1], false, null, null, lanes);
        sums[row] += PairTile.fold(lanes, 0);
        sums[row + 1] += PairTile.fold(lanes, 32);
    }

    private void lower(int row, int at) {
        float least = lanes[at];
        for (int lane = 1; lane < 16; lane++) {
            least = Math.min(least, lanes[at + lane]);
        }
        reference[row] = (float) Math.floor(least);
    }

    /** Nanoseconds per pair of the loop that one would write, on a few rows. */
    private double scalar() {
        int rows = Math.max(1, (int) Math.min(points, 4_000_000L / points));
        double best = Double.POSITIVE_INFINITY;
        double kept = 0;
        for (int round = 0; round < 3; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < rows; i++) {
                kept += scalarRow(i);
            }
            best = Math.min(best, (double) (System.nanoTime() - start) / rows / points);
        }
        return kept == 0 ? TimeUnit.DAYS.toNanos(1) : best;
    }

    private double scalarRow(int i) {
        double sum = 0;
        double factor = scale * scale / LOG2_E;
        for (int j = 0; j < points; j++) {
            double square = 0;
            for (int d = 0; d < dimension; d++) {
                double u = x[i * dimension + d] - y[j * dimension + d];
                square += u * u;
            }
            sum += kernel.equals("logsumexp") ? Math.exp(-factor * square - weights[j]) : weights[j] * Math.exp(-factor * square);
        }
        return sum;
    }
}
