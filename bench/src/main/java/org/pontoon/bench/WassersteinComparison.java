package org.pontoon.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import org.pontoon.engine.file.NpyArray;
import org.pontoon.engine.file.NpyFile;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.sort.FloatSorter;
import org.pontoon.engine.transport.SlicedDirections;
import org.pontoon.engine.transport.SlicedWasserstein;
import org.pontoon.engine.transport.Wasserstein1D;

/**
 * Sorts and Wasserstein distances in turn with their peers, on the same numbers and one thread: {@code bench/peers/wasserstein_numpy.py} in
 * each Python that has numpy, with POT where that is installed, {@code bench/peers/sort_vqsort.cpp}, and the JDK's sort. Answers are held
 * against each other.
 *
 * <p>Options: {@code --rounds N}, after one that does not count, {@code --out DIR} for {@code wasserstein.json} and {@code wasserstein.md},
 * {@code --peers DIR}, {@code --vqsort PROGRAM}.
 */
public final class WassersteinComparison {

    private static final int SAMPLES = 1_000_000;
    private static final int POINTS = 10_000;
    private static final int DIMENSION = 50;
    private static final int DIRECTIONS = 100;
    private static final int[] SORTED = {1_000, 10_000, 100_000, SAMPLES};
    private static final int[] ORDERED = {10_000, SAMPLES};
    private static final long LEAST_NANOS = 50_000_000L;
    private static final long WARM_NANOS = 1_500_000_000L;
    /** Peers compute in float32. */
    private static final double TOLERANCE = 1e-3;
    private static final List<String> PYTHONS = List.of("/usr/bin/python3", "python3");

    private final List<Contender> contenders = new ArrayList<>();
    private final List<String> absent = new ArrayList<>();

    private WassersteinComparison() {
    }

    /** Mean seconds of a call, and what it found. */
    private record Timed(double seconds, double value) {}

    private interface Work {
        Timed run() throws IOException;
    }

    private interface Call {
        double value();
    }

    /** Somebody who does a task; the first of a task is ours. */
    private record Contender(String task, String name, Work work, List<Double> seconds) {}

    private void add(String task, String name, Work work) {
        contenders.add(new Contender(task, name, work, new ArrayList<>()));
    }

    private void leaveOut(String line) {
        absent.add(line);
        System.err.println(line);
    }

    private static Work ours(Call call) {
        return () -> {
            long begin = System.nanoTime();
            int calls = 0;
            long elapsed;
            double value;
            do {
                value = call.value();
                calls++;
                elapsed = System.nanoTime() - begin;
            } while (elapsed < LEAST_NANOS);
            return new Timed(elapsed * 1e-9 / calls, value);
        };
    }

    private static Work peer(PeerProcess process, String field, String work, int count) {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put(field, work);
        request.put("count", count);
        return () -> {
            Map<String, Object> answer = process.ask(request, List.of("seconds", "value"));
            return new Timed((Double) answer.get("seconds"), (Double) answer.get("value"));
        };
    }

    private static float[] normals(long seed, int count) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static void write(Path folder, String name, float[] values, int... shape) throws IOException {
        NpyFile.write(folder.resolve(name + ".npy"), NpyArray.of(values, shape));
    }

    private void compare(int rounds, Path peers, Path vqsort) throws IOException {
        Path folder = Files.createTempDirectory("pontoon-wasserstein");
        List<PeerProcess> processes = new ArrayList<>();
        float[] x = normals(1, SAMPLES);
        float[] y = normals(2, SAMPLES);
        float[] a = normals(3, POINTS * DIMENSION);
        float[] b = normals(4, POINTS * DIMENSION);
        SlicedDirections directions = SlicedDirections.random(1, DIRECTIONS, DIMENSION);
        float[] rows = new float[DIRECTIONS * DIMENSION];
        for (int l = 0; l < DIRECTIONS; l++) {
            System.arraycopy(directions.direction(l), 0, rows, l * DIMENSION, DIMENSION);
        }
        try (TileScheduler one = new TileScheduler(1); PointCloud source = PointCloud.ofRows(a, POINTS, DIMENSION);
                PointCloud target = PointCloud.ofRows(b, POINTS, DIMENSION);
                PointCloud gradient = PointCloud.allocate(POINTS, DIMENSION)) {
            write(folder, "x", x, SAMPLES);
            write(folder, "y", y, SAMPLES);
            write(folder, "a", a, POINTS, DIMENSION);
            write(folder, "b", b, POINTS, DIMENSION);
            write(folder, "directions", rows, DIRECTIONS, DIMENSION);
            ByteBuffer raw = ByteBuffer.allocate(SAMPLES * Float.BYTES).order(ByteOrder.nativeOrder());
            raw.asFloatBuffer().put(x);
            Files.write(folder.resolve("x.raw"), raw.array());

            String line = String.format(Locale.ROOT, "W2^2 on the line, %,d values", SAMPLES);
            String sliced = String.format(Locale.ROOT, "sliced W2^2, %,d points, D=%d, %d directions", POINTS, DIMENSION, DIRECTIONS);
            Wasserstein1D solver = new Wasserstein1D();
            SlicedWasserstein slicer = new SlicedWasserstein(one);
            add(line, "Pontoon", ours(() -> solver.solve(x, null, y, null).cost(2)));
            add(sliced, "Pontoon", ours(() -> slicer.cost(source, target, directions, 2).mean()));
            add(sliced, "Pontoon, with gradient", ours(() -> slicer.pointGradient(source, target, directions, 2, gradient).mean()));
            addSorts(x);
            addPythons(peers, folder, line, sliced, processes);
            if (Files.isExecutable(vqsort)) {
                PeerProcess process = new PeerProcess("vqsort", List.of(vqsort.toString(), folder.resolve("x.raw").toString()));
                processes.add(process);
                for (int count : SORTED) {
                    add(sort(count), "vqsort", peer(process, "type", "float", count));
                }
                for (int count : ORDERED) {
                    add(order(count), "vqsort, 64-bit keys", peer(process, "type", "uint64", count));
                }
            } else {
                leaveOut("vqsort: left out, no " + vqsort + "; build it as bench/peers/sort_vqsort.cpp says");
            }
            takeTurns(rounds);
        } finally {
            processes.forEach(PeerProcess::close);
            for (String file : List.of("x.npy", "y.npy", "a.npy", "b.npy", "directions.npy", "x.raw")) {
                Files.deleteIfExists(folder.resolve(file));
            }
            Files.deleteIfExists(folder);
        }
    }

    private static String sort(int count) {
        return String.format(Locale.ROOT, "sort of %,d values", count);
    }

    private static String order(int count) {
        return String.format(Locale.ROOT, "sort of %,d values with positions", count);
    }

    private void addSorts(float[] x) {
        FloatSorter sorter = new FloatSorter();
        float[] work = new float[SAMPLES];
        int[] order = new int[SAMPLES];
        for (int count : SORTED) {
            add(sort(count), "Pontoon", ours(() -> {
                System.arraycopy(x, 0, work, 0, count);
                sorter.sort(work, 0, count);
                return work[0];
            }));
            add(sort(count), "the JDK's Arrays.sort", ours(() -> {
                System.arraycopy(x, 0, work, 0, count);
                Arrays.sort(work, 0, count);
                return work[0];
            }));
        }
        for (int count : ORDERED) {
            add(order(count), "Pontoon", ours(() -> {
                System.arraycopy(x, 0, work, 0, count);
                sorter.sortWithOrder(work, 0, count, order);
                return x[order[0]];
            }));
        }
    }

    private void addPythons(Path peers, Path folder, String line, String sliced, List<PeerProcess> processes) throws IOException {
        Set<String> versions = new HashSet<>();
        boolean pot = false;
        for (String python : PYTHONS) {
            if (PeerProcess.python(List.of(python), "numpy").isEmpty()) {
                leaveOut("numpy: left out for " + python + ", which has none");
                continue;
            }
            PeerProcess process = new PeerProcess(python, List.of(python, peers.resolve("wasserstein_numpy.py").toString(), "--serve",
                folder.toString()));
            processes.add(process);
            Map<String, Object> about = process.ask(Map.of("work", "about"), List.of());
            String numpy = "numpy " + about.get("numpy");
            if (!versions.add(numpy)) {
                continue;
            }
            add(line, numpy, peer(process, "work", "line", 0));
            add(sliced, numpy + ", as POT does", peer(process, "work", "sliced", 0));
            add(sliced, numpy + ", row by row", peer(process, "work", "sliced-rows", 0));
            if (!about.get("pot").equals("")) {
                add(sliced, "POT " + about.get("pot") + " on " + numpy, peer(process, "work", "sliced-pot", 0));
                pot = true;
            }
            for (int count : SORTED) {
                add(sort(count), numpy, peer(process, "work", "sort", count));
            }
        }
        if (!pot) {
            leaveOut("POT: left out, no Python with ot");
        }
    }

    private List<List<Contender>> tasks() {
        Map<String, List<Contender>> tasks = new LinkedHashMap<>();
        for (Contender contender : contenders) {
            tasks.computeIfAbsent(contender.task, task -> new ArrayList<>()).add(contender);
        }
        return List.copyOf(tasks.values());
    }

    /** Everybody in turn, task by task within each round. */
    private void takeTurns(int rounds) throws IOException {
        for (int round = -1; round < rounds; round++) {
            for (List<Contender> task : tasks()) {
                double expected = Double.NaN;
                for (Contender contender : task) {
                    boolean inHere = contender.name.startsWith("Pontoon") || contender.name.startsWith("the JDK");
                    // the JVM's compilers need more than one call to come
                    long warm = System.nanoTime() + (round < 0 && inHere ? WARM_NANOS : 0);
                    Timed timed;
                    do {
                        timed = contender.work.run();
                    } while (System.nanoTime() < warm);
                    if (contender == task.getFirst()) {
                        expected = timed.value;
                    }
                    Checks.near(contender.name + ", " + contender.task, expected, timed.value, TOLERANCE);
                    if (round >= 0) {
                        contender.seconds.add(timed.seconds);
                    }
                }
            }
        }
    }

    /** Least, median and greatest of the rounds. */
    private static double[] spread(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return new double[] {sorted[0], sorted[sorted.length / 2], sorted[sorted.length - 1]};
    }

    private static List<Double> ratios(Contender contender, Contender ours) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < ours.seconds.size(); round++) {
            ratios.add(contender.seconds.get(round) / ours.seconds.get(round));
        }
        return ratios;
    }

    private String text(int rounds) {
        StringBuilder out = new StringBuilder(String.format(Locale.ROOT,
            "Sorts and Wasserstein distances of normal float32 numbers in turn with peers, one thread, %d rounds. A round takes the mean of "
                + "calls that fill 50 ms (vqsort: of 5 million values); ratios are of times to Pontoon's, round by round.%n%n"
                + "| task | who | median ms | least | most | times ours | least | most |%n|---|---|---:|---:|---:|---:|---:|---:|%n",
            rounds));
        for (List<Contender> task : tasks()) {
            for (Contender contender : task) {
                double[] ms = spread(contender.seconds);
                double[] ratio = spread(ratios(contender, task.getFirst()));
                out.append(String.format(Locale.ROOT, "| %s | %s | %.4g | %.4g | %.4g |", contender.task, contender.name, ms[1] * 1e3, ms[0]
                    * 1e3, ms[2] * 1e3));
                out.append(contender == task.getFirst() ? " | | |" : String.format(Locale.ROOT, " %.2f | %.2f | %.2f |", ratio[1], ratio[0],
                    ratio[2])).append(System.lineSeparator());
            }
        }
        for (String line : absent) {
            out.append(System.lineSeparator()).append(line).append(System.lineSeparator());
        }
        return out.toString();
    }

    private Map<String, Object> json(int rounds) {
        List<Object> rows = new ArrayList<>();
        for (List<Contender> task : tasks()) {
            for (Contender contender : task) {
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("task", contender.task);
                row.put("who", contender.name);
                row.put("seconds", contender.seconds);
                row.put("timesOurs", ratios(contender, task.getFirst()));
                rows.add(row);
            }
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("rounds", rounds);
        json.put("threads", 1);
        json.put("rows", rows);
        json.put("absent", absent);
        return json;
    }

    /**
     * Runs the comparison and prints its table.
     *
     * @param args options
     * @throws IOException if a peer breaks off or a file cannot be written
     * @throws IllegalArgumentException if an option is unknown
     * @throws IllegalStateException if two answers differ
     */
    public static void main(String[] args) throws IOException {
        Map<String, String> values = new LinkedHashMap<>(Map.of("--rounds", "5", "--out", "", "--peers", "bench/peers", "--vqsort",
            "bench/target/sort_vqsort"));
        for (int i = 0; i < args.length; i++) {
            if (i + 1 == args.length || !values.containsKey(args[i])) {
                throw new IllegalArgumentException("unknown option " + args[i] + ", expected one of " + values.keySet() + " with a value");
            }
            values.put(args[i], args[++i]);
        }
        int rounds = Integer.parseInt(values.get("--rounds"));
        if (rounds < 1) {
            throw new IllegalArgumentException("rounds is " + rounds + ", expected at least 1");
        }
        WassersteinComparison comparison = new WassersteinComparison();
        comparison.compare(rounds, Path.of(values.get("--peers")), Path.of(values.get("--vqsort")));
        String text = comparison.text(rounds);
        System.out.print(text);
        if (!values.get("--out").isEmpty()) {
            Path folder = Files.createDirectories(Path.of(values.get("--out")));
            Files.writeString(folder.resolve("wasserstein.json"), Json.write(comparison.json(rounds)));
            Files.writeString(folder.resolve("wasserstein.md"), text);
        }
    }
}
