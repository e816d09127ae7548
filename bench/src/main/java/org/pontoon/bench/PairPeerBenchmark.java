package org.pontoon.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.pontoon.engine.internal.kernel.PairLogSumExp;
import org.pontoon.engine.internal.kernel.PairTile;
import org.pontoon.engine.internal.kernel.PairWideGaussian;

/**
 * The pair kernels in turn with {@code bench/peers/pair_sums.c}, which does the same with AVX-512 intrinsics, and with a plain scalar loop:
 * nanoseconds per pair on one thread, the median of the rounds, and the fraction of the machine's multiply-adds.
 *
 * <p>A program, not a JMH suite: only strict alternation within one run, on one processor, compares two processes on a machine whose clock
 * wanders. It runs in several JVMs, one after the other, and gives the median over them with the least and the most: which code C2 makes,
 * and where it lies, is drawn anew with each start and moves a row by up to a third.
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
    private static final String FILE = "pairs";

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
     * One line of the table: nanoseconds a pair and shares of the peak, one value for each start.
     *
     * @param kernel name
     * @param dimension number of coordinates D
     * @param engine our nanoseconds
     * @param peer the C peer's, empty where it is left out
     * @param scalar the plain loop's
     * @param share of the machine's multiply-adds that ours reaches
     */
    private record Row(String kernel, int dimension, List<Double> engine, List<Double> peer, List<Double> scalar, List<Double> share) {

        static Row of(Object json) {
            Map<String, Object> map = RecordedRun.map(json);
            return new Row(map.get("kernel").toString(), (int) RecordedRun.number(map.get("dimension")), numbers(map.get("engine")),
                numbers(map.get("c")), numbers(map.get("scalar")), numbers(map.get("shareOfPeak")));
        }

        private static List<Double> numbers(Object list) {
            return RecordedRun.list(list).stream().map(RecordedRun::number).toList();
        }

        Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("kernel", kernel);
            map.put("dimension", dimension);
            map.put("engine", engine);
            map.put("c", peer);
            map.put("scalar", scalar);
            map.put("shareOfPeak", share);
            return map;
        }

        /** The same line with the starts of another run of it. */
        Row and(Row other) {
            return new Row(kernel, dimension, joined(engine, other.engine), joined(peer, other.peer), joined(scalar, other.scalar),
                joined(share, other.share));
        }

        private static List<Double> joined(List<Double> first, List<Double> second) {
            List<Double> all = new ArrayList<>(first);
            all.addAll(second);
            return all;
        }

        String line() {
            double[] ratios = IntStream.range(0, peer.size()).mapToDouble(start -> peer.get(start) / engine.get(start)).sorted().toArray();
            double[] own = engine.stream().mapToDouble(v -> v).sorted().toArray();
            return String.format(Locale.ROOT, "| %s | %d | %.4f | %.4f | %.4f | %s | %.2f | %s |%n", kernel, dimension, PeerComparison
                .median(own), own[0], own[own.length - 1],
                peer.isEmpty() ? "| | |"
                    : String.format(Locale.ROOT, "%.4f | %.2f | %.2f | %.2f", median(peer), PeerComparison.median(ratios), ratios[0],
                        ratios[ratios.length - 1]),
                median(scalar), ReportText.shareOfOne(median(share)));
        }

        private static double median(List<Double> values) {
            return PeerComparison.median(values.stream().mapToDouble(v -> v).sorted().toArray());
        }
    }

    /**
     * Runs the comparison, prints it as Markdown and, where a folder is given, writes it there as {@code pairs.md} and {@code pairs.json}.
     * Where the peer is not built, a line says so and it is left out.
     *
     * @param args {@code [--peer bench/target/pair_sums] [--points 9728] [--rounds 9] [--starts 5] [--out DIR]}
     * @throws IOException if the peer breaks off or a file cannot be written
     */
    public static void main(String[] args) throws IOException {
        Map<String, String> values = new LinkedHashMap<>(Map.of("--peer", "bench/target/pair_sums", "--points", "9728", "--rounds", "9",
            "--starts", "5"));
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length || !values.containsKey(args[i]) && !args[i].equals("--out")) {
                throw new IllegalArgumentException("unknown option or no value: " + args[i] + ", expected --out DIR or one of "
                    + values.keySet());
            }
            values.put(args[i], args[i + 1]);
        }
        int points = Integer.parseInt(values.get("--points"));
        int rounds = Integer.parseInt(values.get("--rounds"));
        int starts = Integer.parseInt(values.get("--starts"));
        if (points < TILE || points % TILE != 0 || rounds < 1 || starts < 1) {
            throw new IllegalArgumentException("points is " + points + ", rounds " + rounds + " and starts " + starts
                + ", expected a positive multiple of " + TILE + ", and at least 1 of each");
        }
        Path program = Path.of(values.get("--peer"));
        if (!Files.isExecutable(program)) {
            System.err.println("C: left out, no " + program + "; build it as bench/peers/pair_sums.c says");
        }
        List<Row> rows = starts == 1 ? compare(Files.isExecutable(program) ? program : null, points, rounds)
            : restarted(program, points, rounds, starts);
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT,
            "Sums over pairs in turn with C and a scalar loop, nanoseconds a pair: N = M = %d, one thread, medians of %d rounds, then of %d "
                + "starts of the JVM, with the least and the most of them.%n%n"
                + "| kernel | D | Pontoon | least | most | C | C/Pontoon | least | most | scalar | of peak |%n"
                + "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|%n",
            points, rounds, starts));
        rows.forEach(row -> text.append(row.line()));
        System.out.print(text);
        if (values.containsKey("--out")) {
            Path folder = Files.createDirectories(Path.of(values.get("--out")));
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("points", points);
            json.put("rounds", rounds);
            json.put("starts", starts);
            json.put("rows", rows.stream().map(Row::toMap).toList());
            Files.writeString(folder.resolve(FILE + ".json"), Json.write(json));
            Files.writeString(folder.resolve(FILE + ".md"), text);
        }
    }

    /** Has a new JVM do each start, and joins their rows. */
    private static List<Row> restarted(Path program, int points, int rounds, int starts) throws IOException {
        Path folder = Files.createTempDirectory("pontoon-pairs");
        try {
            List<Row> rows = new ArrayList<>();
            for (int start = 0; start < starts; start++) {
                ReportPrograms.java(PairPeerBenchmark.class, List.of("--peer", program.toString(), "--points", Integer.toString(points),
                    "--rounds", Integer.toString(rounds), "--starts", "1", "--out", folder.toString()), line -> {
                        // said once, by the first
                    });
                List<Object> list = RecordedRun.list(Json.parseObject(Files.readString(folder.resolve(FILE + ".json"))).get("rows"));
                for (int i = 0; i < list.size(); i++) {
                    Row row = Row.of(list.get(i));
                    if (start == 0) {
                        rows.add(row);
                    } else {
                        rows.set(i, rows.get(i).and(row));
                    }
                }
            }
            return rows;
        } finally {
            Files.deleteIfExists(folder.resolve(FILE + ".json"));
            Files.deleteIfExists(folder.resolve(FILE + ".md"));
            Files.deleteIfExists(folder);
        }
    }

    private static List<Row> compare(Path program, int points, int rounds) throws IOException {
        double peak = PeakProbe.fmaPeak(1);
        List<Row> rows = new ArrayList<>();
        for (int dimension : new int[] {3, 10, 50}) {
            rows.add(compare(program, "gaussian", dimension, points, rounds, peak));
            if (dimension > 3) {
                rows.add(compare(program, "gaussian-product", dimension, points, rounds, peak));
            }
        }
        rows.add(compare(program, "logsumexp", 3, points, rounds, peak));
        return rows;
    }

    private static Row compare(Path program, String kernel, int dimension, int points, int rounds, double peak) throws IOException {
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
        double perPair = dimension + (kernel.equals("logsumexp") ? 5 : 6);
        return new Row(kernel, dimension, List.of(own), program == null ? List.of() : List.of(median(theirs)), List.of(engine.scalar()),
            List
                .of(perPair / (own * 1e-9) / peak));
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

    private static final PairWideGaussian GAUSSIAN = new PairWideGaussian();

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
