package org.pontoon.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.sun.management.ThreadMXBean;
import org.HdrHistogram.Histogram;
import org.pontoon.engine.bridge.BridgeSampler;
import org.pontoon.engine.bridge.WarmUp;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.service.LatencyFiles;
import org.pontoon.service.LatencySummary;

/**
 * Latency of one translation within a process, open-loop: a call is due every few microseconds, and its latency runs from when it was due
 * to when it has returned. A loop on the same schedule that does nothing takes turns with it, 50 milliseconds each, and shows what the
 * machine itself does to a thread that spins.
 *
 * <p>Before that, calls back to back give the throughput and the garbage.
 */
public final class LatencyRig {

    private static final long HIGHEST_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int ROWS = 1024;
    private static final int COMPONENTS = 10;
    private static final long SEED = 42;
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final String NOTHING = "nothing beside ";
    /** Points of a curve for each ten times fewer calls. */
    private static final int CURVE_STEPS = 10;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private LatencyRig() {
    }

    /** What is called, once for each due time. */
    private interface Call {
        void run(int number);
    }

    /**
     * One operation's figures.
     *
     * @param summary latencies on the schedule
     * @param nothing latenesses of the loop that does nothing, in turns with it
     * @param calls calls back to back
     * @param nanosPerCall mean time of these
     * @param bytes garbage of all of these
     */
    private record Row(LatencySummary summary, LatencySummary nothing, long calls, double nanosPerCall, long bytes) {

        /** What a report is made of; curves are pairs of "one call in so many takes longer" and microseconds. */
        private Map<String, Object> toMap(Histogram latencies, Histogram latenesses) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("name", summary.name());
            map.put("latency", summary.toMap());
            map.put("nothing", nothing.toMap());
            map.put("calls", calls);
            map.put("nanosPerCall", nanosPerCall);
            map.put("bytes", bytes);
            map.put("latencyCurve", curve(latencies));
            map.put("nothingCurve", curve(latenesses));
            return map;
        }

        private String line() {
            return String.format(Locale.ROOT, "%-28s %,d calls back to back: %.1f ns a call, %d bytes", summary.name(), calls, nanosPerCall,
                bytes);
        }
    }

    /**
     * Runs the rig.
     *
     * @param args {@code [--seconds S]} on the schedule for each of four operations (default 5), {@code [--calls N]} back to back (default
     *     1,000,000), {@code [--out DIR]} for .hgrm files, a picture and latency.json
     * @throws IOException if the files cannot be written
     */
    public static void main(String[] args) throws IOException {
        double seconds = 5;
        long calls = 1_000_000;
        Path out = null;
        for (int i = 0; i + 1 < args.length; i += 2) {
            switch (args[i]) {
                case "--seconds" -> seconds = Double.parseDouble(args[i + 1]);
                case "--calls" -> calls = Long.parseLong(args[i + 1]);
                case "--out" -> out = Path.of(args[i + 1]);
                default -> throw new IllegalArgumentException("option " + args[i] + ", expected --seconds, --calls or --out");
            }
        }
        double clock = clockNanos();
        System.out.printf(Locale.ROOT, "a reading of the clock takes %.1f ns%n", clock);
        Map<String, Histogram> histograms = new LinkedHashMap<>();
        List<Row> rows = new ArrayList<>();
        for (int dimension : new int[] {50, 512}) {
            measure(dimension, seconds, calls, rows, histograms);
        }
        System.out.println(LatencySummary.HEADER);
        for (Row row : rows) {
            System.out.println(row.summary.row());
            System.out.println(row.nothing.row());
        }
        System.out.println();
        rows.forEach(row -> System.out.println(row.line()));
        if (out != null) {
            LatencyFiles.write(out, "Latency of one translation in process, from when it was due", histograms);
            List<Object> operations = new ArrayList<>();
            for (Row row : rows) {
                Map<String, Object> operation = row.toMap(histograms.get(row.summary.name()), histograms.get(NOTHING + row.summary.name()));
                operation.put("clockNanos", clock);
                operations.add(operation);
            }
            Files.writeString(out.resolve("latency.json"), Json.write(Map.of("operations", operations)));
        }
    }

    private static void measure(int dimension, double seconds, long calls, List<Row> rows, Map<String, Histogram> histograms) {
        BridgeSampler sampler = new BridgeSampler(Synthetic.bridge(dimension, COMPONENTS));
        float[] x;
        try (PointCloud source = Synthetic.source(ROWS, dimension)) {
            x = source.toRows();
        }
        float[] y = new float[dimension];
        WarmUp warm = sampler.warmUp(Duration.ofSeconds(20));
        System.out.printf(Locale.ROOT, "D=%d, K=%d: first call and warm-up %.2f s, %d calls, compiled: %b%n", dimension, COMPONENTS, warm
            .seconds(), warm.calls(), warm.compiled());
        long interval = dimension <= 64 ? 5_000 : 20_000;
        Call sample = n -> sampler.sample(SEED, n, x, (n & ROWS - 1) * dimension, y, 0);
        Call mean = n -> sampler.mean(x, (n & ROWS - 1) * dimension, y, 0);
        rows.add(measure("sample D=" + dimension, sample, interval, seconds, calls, histograms));
        rows.add(measure("mean D=" + dimension, mean, interval, seconds, calls, histograms));
    }

    private static Row measure(String name, Call call, long interval, double seconds, long calls, Map<String, Histogram> histograms) {
        // until the loop itself is compiled
        backToBack(call, Math.min(calls, 100_000));
        long before = THREADS.getCurrentThreadAllocatedBytes();
        long took = backToBack(call, calls);
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
        Histogram latency = new Histogram(HIGHEST_NANOS, 3);
        Histogram nothing = new Histogram(HIGHEST_NANOS, 3);
        Call idle = n -> {
        };
        for (int round = -4; round < seconds * 1e9 / TURN_NANOS; round++) {
            if (round == 0) {
                latency.reset();
                nothing.reset();
            }
            onSchedule(call, interval, latency);
            onSchedule(idle, interval, nothing);
        }
        histograms.put(name, latency);
        histograms.put(NOTHING + name, nothing);
        double each = Math.ceil(seconds * 1e9 / TURN_NANOS) * TURN_NANOS * 1e-9;
        return new Row(LatencySummary.of(name, latency, each), LatencySummary.of("nothing beside it", nothing, each), calls, (double) took
            / calls, bytes);
    }

    private static List<Object> curve(Histogram nanos) {
        List<Object> points = new ArrayList<>();
        double most = nanos.getTotalCount();
        for (int i = 0;; i++) {
            double oneIn = Math.min(most, Math.pow(10, (double) i / CURVE_STEPS));
            points.add(List.of(oneIn, nanos.getValueAtPercentile(100 - 100 / oneIn) * 1e-3));
            if (oneIn == most) {
                return points;
            }
        }
    }

    /** What {@link System#nanoTime()} takes: the best of some thousand readings in a row. */
    private static double clockNanos() {
        int readings = 10_000;
        double best = Double.POSITIVE_INFINITY;
        for (int round = 0; round < 100; round++) {
            long start = System.nanoTime();
            long last = start;
            for (int i = 0; i < readings; i++) {
                last = System.nanoTime();
            }
            best = Math.min(best, (double) (last - start) / readings);
        }
        return best;
    }

    private static long backToBack(Call call, long calls) {
        long start = System.nanoTime();
        for (long n = 0; n < calls; n++) {
            call.run((int) n & Integer.MAX_VALUE);
        }
        return System.nanoTime() - start;
    }

    private static void onSchedule(Call call, long interval, Histogram histogram) {
        long start = System.nanoTime() + interval;
        int count = (int) (TURN_NANOS / interval);
        for (int n = 0; n < count; n++) {
            long due = start + n * interval;
            while (System.nanoTime() < due) {
                Thread.onSpinWait();
            }
            call.run(n);
            histogram.recordValue(Math.min(System.nanoTime() - due, HIGHEST_NANOS));
        }
    }

}
