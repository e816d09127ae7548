package org.pontoon.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import org.pontoon.engine.file.NpyFile;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.parallel.TileTask;
import org.pontoon.engine.random.CounterRandom;
import org.pontoon.engine.transport.KernelNorm;
import org.pontoon.engine.transport.Loss;
import org.pontoon.engine.transport.MixtureLikelihood;
import org.pontoon.engine.transport.PairKernel;
import org.pontoon.engine.transport.Precision;
import org.pontoon.engine.transport.Sinkhorn;
import org.pontoon.engine.transport.SinkhornOptions;
import org.pontoon.engine.transport.SinkhornResult;
import org.pontoon.engine.transport.SoftHausdorff;

/**
 * Losses between clouds: in turn with the Python peers of {@code bench/peers/losses.py}, and a table of their cost per pair of points over
 * dimensions, sizes and threads. Clouds are uniform in the unit cube, weights equal.
 *
 * <p>A pair's cost is time over the number of (sweep, row, column) triples, so that losses that sweep more often can be compared.
 */
public final class LossComparison {

    private static final double BLUR = 0.05;
    private static final double KERNEL_SCALE = 0.2;
    private static final int POT_ITERATIONS = 25;
    private static final int FIXED_ITERATIONS = 2;
    /** A kernel as wide as the C peer's, for which products are good enough in many dimensions. */
    private static final double WIDE = 0.5;
    private static final double CELL_SECONDS = 0.4;
    /** The rows that come first and have a peer are warmed up for so long. */
    private static final double FIRST_SECONDS = 1.5;
    /** What the first rows of a run that is too long should take, and the rows that the engine gives to a thread at a time. */
    private static final double BLOCK_SECONDS = 0.5;
    private static final int TILE_ROWS = 64;
    /** What disturbs one of them is multiplied by the rows that are reckoned. */
    private static final int BLOCK_RUNS = 5;
    private static final int WARM_POINTS = 1000;
    private static final int LEAST_RUNS = 4;
    private static final long PATIENCE_NANOS = 1_500_000_000L;
    private static final double WARM_SECONDS = 3;
    private static final double PEER_WARM_SECONDS = 1;
    private static final int PEER_ROUNDS = 5;
    private static final int PEER_POINTS = 9728;
    private static final long SEED = 20260102;

    private LossComparison() {
    }

    /** One line of the comparison: seconds of each round, sorted. */
    private record Row(String name, List<Double> seconds, double pairs, double value) {

        double median() {
            return PeerComparison.median(seconds.stream().mapToDouble(v -> v).toArray());
        }

        double nanosPerPair() {
            return median() * 1e9 / pairs;
        }

        Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("name", name);
            map.put("seconds", seconds);
            map.put("pairs", pairs);
            map.put("value", value);
            return map;
        }
    }

    /** What came of a comparison, for people and for charts. */
    private record Outcome(String text, Map<String, Object> json) {
    }

    /** Something to be timed: returns the number of pairs it swept over, and a value. */
    private interface Work {
        double[] run() throws IOException;
    }

    private static PointCloud cube(int size, int dimension, long stream) {
        long key = CounterRandom.key(SEED, stream);
        PointCloud cloud = PointCloud.allocate(size, dimension);
        for (int n = 0; n < size; n++) {
            for (int d = 0; d < dimension; d++) {
                cloud.set(n, d, CounterRandom.uniformInt(key, (long) n * dimension + d, 1 << 24) * 0x1p-24f);
            }
        }
        return cloud;
    }

    private static SinkhornOptions.Builder sinkhorn(Precision precision) {
        return SinkhornOptions.builder().blur(BLUR).precision(precision);
    }

    private static Work loss(Loss loss, int sweeps, PointCloud x, PointCloud y, TileScheduler scheduler) {
        return () -> new double[] {(double) sweeps * x.size() * y.size(), loss.gradient(x, y, scheduler).value()};
    }

    private static Work sinkhorn(SinkhornOptions options, PointCloud x, PointCloud y, TileScheduler scheduler) {
        Sinkhorn solver = new Sinkhorn(options);
        return () -> {
            SinkhornResult result = solver.solve(x, y, scheduler);
            return new double[] {(double) result.sweeps() * x.size() * y.size(), result.value()};
        };
    }

    /** Runs everything in turn, so many rounds, after one round that does not count. */
    private static List<Row> inTurn(Map<String, Work> contenders, int rounds) throws IOException {
        Map<String, List<Double>> seconds = new LinkedHashMap<>();
        Map<String, List<double[]>> answers = new LinkedHashMap<>();
        for (int round = -1; round < rounds; round++) {
            for (Map.Entry<String, Work> contender : contenders.entrySet()) {
                long first = System.nanoTime();
                double[] answer;
                double elapsed;
                double warm;
                do {
                    long begin = System.nanoTime();
                    answer = contender.getValue().run();
                    boolean peer = answer.length > 2;
                    elapsed = peer ? answer[2] : (System.nanoTime() - begin) * 1e-9;
                    // the JVM's compilers need more than one call to come
                    warm = round >= 0 ? 0 : peer ? PEER_WARM_SECONDS : WARM_SECONDS;
                } while (System.nanoTime() - first < warm * 1e9);
                if (round >= 0) {
                    seconds.computeIfAbsent(contender.getKey(), name -> new ArrayList<>()).add(elapsed);
                    answers.computeIfAbsent(contender.getKey(), name -> new ArrayList<>()).add(answer);
                }
            }
        }
        List<Row> rows = new ArrayList<>();
        seconds.forEach((name, values) -> {
            double[] last = answers.get(name).getLast();
            rows.add(new Row(name, values.stream().sorted().toList(), last[0], last[1]));
        });
        return rows;
    }

    private static Work peer(PeerProcess process, double pairs, Object... request) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < request.length; i += 2) {
            map.put((String) request[i], request[i + 1]);
        }
        return () -> {
            Map<String, Object> answer = process.ask(map, List.of("seconds", "value", "sweeps"));
            return new double[] {(Double) answer.get("sweeps") * pairs, (Double) answer.get("value"), (Double) answer.get("seconds")};
        };
    }

    private static Outcome compare(int points, int dimension, int rounds, Path peers) throws IOException {
        Path folder = Files.createTempDirectory("pontoon-losses");
        PeerProcess process = null;
        try (PointCloud x = cube(points, dimension, 1); PointCloud y = cube(points, dimension, 2);
                TileScheduler one = new TileScheduler(1)) {
            NpyFile.writeCloud(folder.resolve("x.npy"), x);
            NpyFile.writeCloud(folder.resolve("y.npy"), y);
            double exact = new Sinkhorn(sinkhorn(Precision.FLOAT64).tolerance(1e-10).build()).solve(x, y, one).value();
            Map<String, Work> work = new LinkedHashMap<>();
            work.put("pontoon: Sinkhorn divergence, gradient, to 1e-3", sinkhorn(sinkhorn(Precision.FLOAT32).build(), x, y, one));
            work.put("pontoon: the same in float64", sinkhorn(sinkhorn(Precision.FLOAT64).build(), x, y, one));
            PairKernel[] kernels = {PairKernel.gaussian(KERNEL_SCALE), PairKernel.laplacian(KERNEL_SCALE), PairKernel.energy()};
            for (PairKernel kernel : kernels) {
                work.put("pontoon: " + kernel.profile().name().toLowerCase(Locale.ROOT) + " norm, gradient",
                    loss(new KernelNorm(kernel, Precision.FLOAT32), 3, x, y, one));
            }
            Optional<String> torch = PeerProcess.python(List.of("/usr/bin/python3", "python3"), "torch");
            if (torch.isPresent()) {
                process = new PeerProcess("losses.py", List.of(torch.get(), peers.resolve("losses.py").toString(), "--source", folder
                    .resolve("x.npy").toString(), "--target", folder.resolve("y.npy").toString()));
                double pairs = (double) points * points;
                for (double scaling : new double[] {0.5, 0.9}) {
                    work.put("torch: Sinkhorn divergence, gradient, scaling " + scaling,
                        peer(process, pairs, "loss", "sinkhorn-torch", "blur",
                            BLUR, "scaling", scaling));
                }
                for (PairKernel kernel : kernels) {
                    String name = kernel.profile().name().toLowerCase(Locale.ROOT);
                    work.put("torch: " + name + " norm, gradient", peer(process, pairs, "loss", name + "-torch", "blur", KERNEL_SCALE));
                }
                if (PeerProcess.python(List.of(torch.get()), "ot").isPresent()) {
                    work.put("POT: sinkhorn_log, " + POT_ITERATIONS + " iterations, no divergence, no gradient",
                        peer(process, pairs, "loss",
                            "sinkhorn-pot", "blur", BLUR, "iterations", POT_ITERATIONS));
                } else {
                    System.err.println("POT: left out, no Python with ot");
                }
            } else {
                System.err.println("torch: left out, no Python with torch");
            }
            StringBuilder out = new StringBuilder(String.format(Locale.ROOT,
                "Losses in turn: %d and %d points uniform in the unit cube, D=%d, "
                    + "one thread, blur %s, kernels at %s, %d rounds. Error: against float64 at a tolerance of 1e-10, %.9f.%n%n",
                points, points,
                dimension, BLUR, KERNEL_SCALE, rounds, exact));
            out.append(
                "| what | median ms | least | most | sweeps | ns a pair and sweep | value | error |\n|---|---:|---:|---:|---:|---:|---:|---:|\n");
            List<Row> rows = inTurn(work, rounds);
            for (Row row : rows) {
                boolean divergence = row.name().contains("divergence,") && !row.name().startsWith("POT");
                out.append(String.format(Locale.ROOT, "| %s | %.2f | %.2f | %.2f | %.0f | %.3f | %s | %s |%n", row.name(),
                    row.median() * 1e3, row.seconds().getFirst() * 1e3, row.seconds().getLast() * 1e3, row.pairs() / points / points,
                    row.nanosPerPair(), row.value() == 0 ? "" : String.format(
                        Locale.ROOT, "%.7f", row.value()),
                    divergence ? String.format(Locale.ROOT, "%.1e", Math.abs(row.value() - exact)) : ""));
            }
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("points", points);
            json.put("dimension", dimension);
            json.put("rounds", rounds);
            json.put("blur", BLUR);
            json.put("kernelScale", KERNEL_SCALE);
            json.put("exactDivergence", exact);
            json.put("rows", rows.stream().map(Row::toMap).toList());
            return new Outcome(out.toString(), json);
        } finally {
            if (process != null) {
                process.close();
            }
            Files.deleteIfExists(folder.resolve("x.npy"));
            Files.deleteIfExists(folder.resolve("y.npy"));
            Files.deleteIfExists(folder);
        }
    }

    /** The table, and the fractions of the C peer and of the peak at the size nearest to 10000 that one thread runs. */
    private static String table(List<Integer> dimensions, List<Integer> sizes, List<Integer> threads, double mostSeconds, Path program)
            throws IOException {
        int reference = sizes.stream().min(Comparator.comparingInt(size -> Math.abs(size - 10_000))).orElseThrow();
        boolean peer = Files.isExecutable(program);
        if (!peer) {
            System.err.println("C: left out, no " + program + "; build it as bench/peers/pair_sums.c says");
        }
        double peak = PeakProbe.fmaPeak(1);
        StringBuilder out = new StringBuilder(String.format(Locale.ROOT,
            "Nanoseconds for a pair of points and a sweep, float32, best of the runs that fit into %.1f s (at least one). With a tilde: "
                + "one run would take more than %.0f s, so that the first rows of each sweep were timed, against all columns, and the rest "
                + "of them reckoned alike; what a run does beside its sweeps is in it once. Of C: the time of bench/peers/pair_sums.c, by "
                + "direct differences, over ours, one thread, N=%d, in turn, where it has the case. Of peak: multiply-adds over those of the machine, one thread, "
                + "N=%d.%n%n| loss | D |",
            CELL_SECONDS, mostSeconds, reference, reference));
        for (int size : sizes) {
            for (int t : threads) {
                out.append(String.format(Locale.ROOT, " N=%d, %d thread%s |", size, t, t == 1 ? "" : "s"));
            }
        }
        out.append(" of C | of peak |\n|---|---:|").append("---:|".repeat(sizes.size() * threads.size() + 2)).append('\n');
        for (Recipe recipe : losses()) {
            for (int dimension : dimensions) {
                out.append("| ").append(recipe.name).append(" | ").append(dimension).append(" |");
                double expected = Double.NaN;
                String fractions = " | |";
                warm(recipe, dimension, recipe.peer == null ? CELL_SECONDS : FIRST_SECONDS);
                for (int size : sizes) {
                    try (PointCloud x = cube(size, dimension, 1); PointCloud y = cube(size, dimension, 2)) {
                        double runSeconds = expected * recipe.sweeps * size * size * 1e-9;
                        for (int t : threads) {
                            boolean whole = !(runSeconds / t > mostSeconds);
                            double nanos = whole ? cell(recipe, x, y, t)
                                : firstRows(recipe, x, y, t, BLOCK_SECONDS / (runSeconds / t), recipe.multiplyAdds(dimension) / peak / t);
                            out.append(Double.isNaN(nanos) ? " not measured |"
                                : String.format(Locale.ROOT, whole ? " %.3f |" : " ~%.3f |", nanos));
                            expected = Double.isNaN(expected) ? nanos * t : Double.isNaN(nanos) ? expected : Math.min(expected, nanos * t);
                            if (t == 1 && size == reference) {
                                double c = peer && recipe.peer != null ? peerFraction(program, recipe, dimension, x, y) : Double.NaN;
                                double share = recipe.multiplyAdds(dimension) / (nanos * 1e-9) / peak;
                                fractions = String.format(Locale.ROOT, " %s | %s |",
                                    Double.isNaN(c) ? "" : String.format(Locale.ROOT, "%.2f", c), ReportText.shareOfOne(share));
                            }
                        }
                    }
                }
                out.append(fractions).append('\n');
                System.err.print('.');
            }
        }
        System.err.println();
        return out.toString();
    }

    /** Makes a loss's work on two clouds. */
    private interface Maker {
        Work apply(PointCloud x, PointCloud y, TileScheduler scheduler);
    }

    /**
     * A row of the table for each dimension: sweeps at least, multiply-adds of a pair beside those of the coordinates, how often a pair's
     * coordinates are met, and the C peer's kernel that does the same, or null.
     */
    private record Recipe(String name, int sweeps, int terms, int passes, String peer, Maker of) {

        double multiplyAdds(int dimension) {
            return (double) passes * dimension + terms;
        }
    }

    private static List<Recipe> losses() {
        List<Recipe> losses = new ArrayList<>();
        Map<PairKernel, Integer> kernels = new LinkedHashMap<>();
        kernels.put(PairKernel.gaussian(KERNEL_SCALE), 6);
        kernels.put(PairKernel.laplacian(KERNEL_SCALE), 6);
        kernels.put(PairKernel.inverseMultiquadric(KERNEL_SCALE), 1);
        kernels.put(PairKernel.energy(), 1);
        losses.add(new Recipe("gaussian norm, no gradient", 3, 6, 1, "gaussian",
            (x, y, s) -> value(new KernelNorm(PairKernel.gaussian(WIDE), Precision.FLOAT32), 3, x, y, s)));
        losses.add(new Recipe("mixture likelihood, no gradient", 1, 5, 1, "logsumexp",
            (x, y, s) -> value(new MixtureLikelihood(WIDE, Precision.FLOAT32), 1, x, y, s)));
        kernels.forEach((kernel, terms) -> losses.add(
            new Recipe(kernel.profile().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " norm", 3, terms, 2, null,
                (x, y, s) -> loss(new KernelNorm(kernel, Precision.FLOAT32), 3, x, y, s))));
        losses.add(new Recipe("mixture likelihood", 2, 5, 2, null,
            (x, y, s) -> loss(new MixtureLikelihood(KERNEL_SCALE, Precision.FLOAT32), 2, x, y, s)));
        losses.add(new Recipe("soft Hausdorff", 6, 5, 2, null,
            (x, y, s) -> loss(new SoftHausdorff(2, KERNEL_SCALE, Precision.FLOAT32), 6, x, y, s)));
        for (int p : new int[] {1, 2}) {
            losses.add(new Recipe("Sinkhorn, p = " + p + ", " + FIXED_ITERATIONS + " iterations", 2 * FIXED_ITERATIONS, 5, 1, null,
                (x, y, s) -> sinkhorn(
                    sinkhorn(Precision.FLOAT32).p(p).debias(false).tolerance(0).maxIterations(FIXED_ITERATIONS).build(), x, y, s)));
        }
        return losses;
    }

    private static Work value(Loss loss, int sweeps, PointCloud x, PointCloud y, TileScheduler scheduler) {
        return () -> new double[] {(double) sweeps * x.size() * y.size(), loss.value(x, y, scheduler)};
    }

    /** Nanoseconds a pair: the best of the runs that fit, of one at least; earlier cells are the warm-up of long ones. */
    private static double cell(Recipe recipe, PointCloud x, PointCloud y, int threads) throws IOException {
        double best = Double.POSITIVE_INFINITY;
        long end = System.nanoTime() + (long) (CELL_SECONDS * 1e9);
        try (TileScheduler scheduler = new TileScheduler(threads)) {
            Work work = recipe.of.apply(x, y, scheduler);
            int runs = 0;
            do {
                best = Math.min(best, nanos(work));
                runs++;
                // a new size can send the loops back to the interpreter for a run
            } while (System.nanoTime() < end || runs < LEAST_RUNS && System.nanoTime() - end < PATIENCE_NANOS);
        }
        return best;
    }

    /** Runs the first of the tiles only: a block of rows of each sweep over pairs. */
    private static final class FirstTiles extends TileScheduler {

        private double share;

        FirstTiles(int threads) {
            super(threads);
        }

        @Override
        public void run(int tileCount, TileTask work) {
            super.run(share == 0 ? 0 : first(tileCount), work);
        }

        /** Whole rounds of all threads, so that none waits for another. */
        int first(int tileCount) {
            return (int) Math.min(tileCount, Math.max(2, Math.round(share * tileCount / threads())) * threads());
        }
    }

    /**
     * Nanoseconds a pair of the whole, from runs without rows and with about such a share of them, in turn; NaN where the difference cannot
     * be told from noise.
     */
    private static double firstRows(Recipe recipe, PointCloud x, PointCloud y, int threads, double share, double limit)
            throws IOException {
        try (FirstTiles scheduler = new FirstTiles(threads)) {
            Work work = recipe.of.apply(x, y, scheduler);
            double without = Double.POSITIVE_INFINITY;
            double[] rows = new double[BLOCK_RUNS];
            scheduler.share = share;
            int tiles = Math.ceilDiv(x.size(), TILE_ROWS);
            double times = (double) tiles / scheduler.first(tiles);
            for (int run = 0; run < BLOCK_RUNS; run++) {
                scheduler.share = 0;
                double before = nanos(work);
                scheduler.share = share;
                rows[run] = 1e-9 * times * (nanos(work) - before);
                without = Math.min(without, before);
            }
            Timings timings = Timings.of(rows, limit);
            if (!timings.isMeasured()) {
                System.err.println(recipe.name + ", D=" + x.dimension() + ", N=" + x.size() + ": not measured, " + timings.fault());
            }
            return without + 1e9 * timings.median();
        }
    }

    /** Runs a small case until C2 has compiled its loops. */
    private static void warm(Recipe recipe, int dimension, double seconds) throws IOException {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        try (PointCloud x = cube(WARM_POINTS, dimension, 1); PointCloud y = cube(WARM_POINTS, dimension, 2)) {
            while (System.nanoTime() < end) {
                cell(recipe, x, y, 1);
            }
        }
    }

    private static double nanos(Work work) throws IOException {
        long begin = System.nanoTime();
        double[] answer = work.run();
        return (System.nanoTime() - begin) / answer[0];
    }

    /** The peer's time over ours, medians of some rounds in turn; NaN where it does not have the dimension. */
    private static double peerFraction(Path program, Recipe recipe, int dimension, PointCloud x, PointCloud y) throws IOException {
        double[] ours = new double[PEER_ROUNDS];
        double[] theirs = new double[PEER_ROUNDS];
        OneProcessor processor = OneProcessor.hold();
        Process process = new ProcessBuilder(program.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (processor; TileScheduler one = new TileScheduler(1); BufferedWriter requests = process.outputWriter();
                BufferedReader answers = process.inputReader()) {
            Work work = recipe.of.apply(x, y, one);
            for (int round = 0; round < PEER_ROUNDS; round++) {
                ours[round] = nanos(work);
                requests.write(recipe.peer + " " + dimension + " " + PEER_POINTS + "\n");
                requests.flush();
                String answer = answers.readLine();
                if (answer == null) {
                    throw new IOException("the peer broke off at " + recipe.peer + " " + dimension);
                }
                if (answer.startsWith("error")) {
                    return Double.NaN;
                }
                theirs[round] = Double.parseDouble(answer.split(" ")[0]);
            }
        } finally {
            process.destroy();
        }
        Arrays.sort(ours);
        Arrays.sort(theirs);
        return theirs[PEER_ROUNDS / 2] / ours[PEER_ROUNDS / 2];
    }

    /**
     * Runs the comparison, or with {@code --table} the table, and prints Markdown. Where a folder is given, the comparison is written there
     * as {@code losses.md} and {@code losses.json}, the table as {@code losses-table.md}.
     *
     * @param args {@code [--table] [--points N] [--dimension D] [--rounds R] [--dimensions 1,2,3] [--sizes 1000,10000] [--threads 1,2]
     *     [--most-seconds S] [--pair-sums PROGRAM] [--peers DIR] [--out DIR]}
     * @throws IOException if a peer fails or a file cannot be written
     */
    public static void main(String[] args) throws IOException {
        Map<String, String> values = new LinkedHashMap<>(Map.of("--points", "2000", "--dimension", "3", "--rounds", "5", "--dimensions",
            "1,2,3,10,50,128", "--sizes", "1000,10000,50000", "--threads", "1,2", "--most-seconds", "2", "--peers", "bench/peers"));
        values.put("--pair-sums", "bench/target/pair_sums");
        boolean table = false;
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--table")) {
                table = true;
            } else if (i + 1 < args.length && (values.containsKey(args[i]) || args[i].equals("--out"))) {
                values.put(args[i], args[++i]);
            } else {
                throw new IllegalArgumentException(
                    "unknown option " + args[i] + ", expected --table, --out DIR or one of " + values.keySet());
            }
        }
        Outcome outcome = table
            ? new Outcome(table(numbers(values.get("--dimensions")), numbers(values.get("--sizes")), numbers(values.get("--threads")),
                Double.parseDouble(values.get("--most-seconds")), Path.of(values.get("--pair-sums"))), Map.of())
            : compare(Integer.parseInt(values.get("--points")), Integer.parseInt(values.get("--dimension")), Integer.parseInt(values.get(
                "--rounds")), Path.of(values.get("--peers")));
        System.out.print(outcome.text());
        if (values.containsKey("--out")) {
            Path folder = Files.createDirectories(Path.of(values.get("--out")));
            Files.writeString(folder.resolve(table ? "losses-table.md" : "losses.md"), outcome.text());
            if (!table) {
                Files.writeString(folder.resolve("losses.json"), Json.write(outcome.json()));
            }
        }
    }

    private static List<Integer> numbers(String text) {
        return Arrays.stream(text.split(",")).map(Integer::valueOf).toList();
    }
}
