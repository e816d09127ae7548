package org.pontoon.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

import org.pontoon.engine.file.NpyArray;
import org.pontoon.engine.file.NpyFile;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.ExactTransport;
import org.pontoon.engine.transport.ExactTransportResult;

/**
 * Exact transport in turn with POT's {@code emd2}, costs included, between clouds of standard normal float32 points, one thread, both
 * processes on one processor: {@code bench/peers/exact_pot.py} in the first Python that has POT. Values are held against each other to 1e-9.
 *
 * <p>Options: {@code --rounds N}, after one that does not count, {@code --points N} and {@code --dimensions D,D}, {@code --large N} for
 * one solve by ourselves of that many points in each dimension, 0 for none, {@code --python COMMAND}, {@code --peers DIR}, {@code --out DIR}
 * for {@code exact.md} and {@code exact.json}.
 */
public final class ExactComparison {

    private static final long LEAST_NANOS = 250_000_000L;
    private static final long WARM_NANOS = 3_000_000_000L;
    private static final double TOLERANCE = 1e-9;
    private static final double[] EXPONENTS = {1, 2};

    private final List<Row> rows = new ArrayList<>();

    private ExactComparison() {
    }

    /** Seconds of the rounds, ours and POT's; none of POT's where it is left out. */
    private record Row(int points, int dimension, double p, List<Double> ours, List<Double> peer, ExactTransportResult result) {}

    private static float[] normals(long seed, int count) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private void compare(int points, int dimension, int rounds, Path folder, PeerProcess peer) throws IOException {
        float[] xs = normals(1, points * dimension);
        float[] ys = normals(2, points * dimension);
        NpyFile.write(folder.resolve(points + "-" + dimension + "-x.npy"), NpyArray.of(xs, new int[] {points, dimension}));
        NpyFile.write(folder.resolve(points + "-" + dimension + "-y.npy"), NpyArray.of(ys, new int[] {points, dimension}));
        try (TileScheduler one = new TileScheduler(1); PointCloud x = PointCloud.ofRows(xs, points, dimension);
                PointCloud y = PointCloud.ofRows(ys, points, dimension)) {
            for (double p : EXPONENTS) {
                ExactTransport solver = new ExactTransport(p);
                Row row = new Row(points, dimension, p, new ArrayList<>(), new ArrayList<>(), solver.solve(x, y, one));
                double power = row.result.power();
                Map<String, Object> request = new LinkedHashMap<>();
                request.put("points", points);
                request.put("dimension", dimension);
                request.put("p", p);
                for (int round = -1; round < rounds; round++) {
                    double ours = seconds(solver, x, y, one, power, round < 0 ? WARM_NANOS : LEAST_NANOS);
                    double theirs = Double.NaN;
                    if (peer != null) {
                        Map<String, Object> answer = peer.ask(request, List.of("seconds", "value"));
                        Checks.near("POT, D=" + dimension + ", p=" + p, power, (Double) answer.get("value"), TOLERANCE);
                        theirs = (Double) answer.get("seconds");
                    }
                    if (round >= 0) {
                        row.ours.add(ours);
                        if (peer != null) {
                            row.peer.add(theirs);
                        }
                    }
                }
                rows.add(row);
            }
        }
    }

    /** Mean seconds of the calls that fill a time; all must have one value. */
    private static double seconds(ExactTransport solver, PointCloud x, PointCloud y, TileScheduler scheduler, double power, long nanos) {
        long begin = System.nanoTime();
        int calls = 0;
        long elapsed;
        do {
            Checks.sameBits("another solve", power, solver.solve(x, y, scheduler).power());
            calls++;
            elapsed = System.nanoTime() - begin;
        } while (elapsed < nanos);
        return elapsed * 1e-9 / calls;
    }

    private void solveLarge(int points, int dimension) {
        try (TileScheduler one = new TileScheduler(1);
                PointCloud x = PointCloud.ofRows(normals(1, points * dimension), points, dimension);
                PointCloud y = PointCloud.ofRows(normals(2, points * dimension), points, dimension)) {
            for (double p : EXPONENTS) {
                long begin = System.nanoTime();
                ExactTransportResult result = new ExactTransport(p).solve(x, y, one);
                rows.add(new Row(points, dimension, p, List.of((System.nanoTime() - begin) * 1e-9), List.of(), result));
            }
        }
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private String text(String peer, int rounds) {
        StringBuilder out = new StringBuilder(String.format(Locale.ROOT,
            "Exact transport of normal float32 points, one thread, in turn with %s, costs included; medians of %d rounds, of the ratio round "
                + "by round. Peak of the heap in all: %.0f MB.%n%n| N | D | p | ms | POT ms | ratio | least | most | W_p^p | gap | violation "
                + "| pivots | status |%n|---|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|%n",
            peer, rounds, peakHeap() / 1e6));
        for (Row row : rows) {
            out.append(String.format(Locale.ROOT, "| %d | %d | %.0f | %.1f |", row.points, row.dimension, row.p, 1e3 * median(row.ours)));
            if (row.peer.isEmpty()) {
                out.append(" | | | |");
            } else {
                List<Double> ratios = ratios(row);
                double[] sorted = ratios.stream().mapToDouble(Double::doubleValue).sorted().toArray();
                out.append(String.format(Locale.ROOT, " %.1f | %.2f | %.2f | %.2f |", 1e3 * median(row.peer), median(ratios), sorted[0],
                    sorted[sorted.length - 1]));
            }
            ExactTransportResult result = row.result;
            out.append(String.format(Locale.ROOT, " %.12g | %.1e | %.1e | %d | %s |%n", result.power(), result.gap(), result
                .largestViolation(), result.iterations(), result.status()));
        }
        return out.toString();
    }

    private static List<Double> ratios(Row row) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < row.ours.size(); round++) {
            ratios.add(row.peer.get(round) / row.ours.get(round));
        }
        return ratios;
    }

    private static long peakHeap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getType() == MemoryType.HEAP)
            .map(MemoryPoolMXBean::getPeakUsage).mapToLong(usage -> usage.getUsed()).sum();
    }

    private Map<String, Object> json(String peer) {
        List<Object> list = new ArrayList<>();
        for (Row row : rows) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("points", row.points);
            fields.put("dimension", row.dimension);
            fields.put("p", row.p);
            fields.put("seconds", row.ours);
            fields.put("peerSeconds", row.peer);
            fields.put("power", row.result.power());
            fields.put("gap", row.result.gap());
            fields.put("largestViolation", row.result.largestViolation());
            fields.put("iterations", row.result.iterations());
            fields.put("status", row.result.status().name());
            list.add(fields);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("peer", peer);
        json.put("threads", 1);
        json.put("peakHeapBytes", peakHeap());
        json.put("rows", list);
        return json;
    }

    /**
     * Runs the comparison and prints its table.
     *
     * @param args options
     * @throws IOException if the peer breaks off or a file cannot be written
     * @throws IllegalArgumentException if an option is unknown
     * @throws IllegalStateException if two answers differ
     */
    public static void main(String[] args) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("--rounds", "5");
        values.put("--points", "1000");
        values.put("--dimensions", "2,5,50");
        values.put("--large", "10000");
        values.put("--python", "python3");
        values.put("--peers", "bench/peers");
        values.put("--out", "");
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
        int[] dimensions = Arrays.stream(values.get("--dimensions").split(",")).mapToInt(Integer::parseInt).toArray();
        ExactComparison comparison = new ExactComparison();
        Path folder = Files.createTempDirectory("pontoon-exact");
        String name = "POT (left out: no Python with ot)";
        try (OneProcessor _ = OneProcessor.hold()) {
            Optional<String> python = PeerProcess.python(List.of(values.get("--python"), "/usr/bin/python3"), "ot");
            PeerProcess peer = python.isEmpty() ? null : new PeerProcess("POT", List.of(python.get(), Path.of(values.get("--peers"))
                .resolve("exact_pot.py").toString(), "--serve", folder.toString()));
            try {
                if (peer != null) {
                    Map<String, Object> about = peer.ask(Map.of("work", "about"), List.of());
                    name = "POT " + about.get("pot") + " on numpy " + about.get("numpy");
                }
                for (int dimension : dimensions) {
                    comparison.compare(Integer.parseInt(values.get("--points")), dimension, rounds, folder, peer);
                }
            } finally {
                if (peer != null) {
                    peer.close();
                }
            }
            int large = Integer.parseInt(values.get("--large"));
            for (int k = 0; k < dimensions.length && large > 0; k++) {
                comparison.solveLarge(large, dimensions[k]);
            }
        } finally {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
        String text = comparison.text(name, rounds);
        System.out.print(text);
        if (!values.get("--out").isEmpty()) {
            Path out = Files.createDirectories(Path.of(values.get("--out")));
            Files.writeString(out.resolve("exact.json"), Json.write(comparison.json(name)));
            Files.writeString(out.resolve("exact.md"), text);
        }
    }
}
