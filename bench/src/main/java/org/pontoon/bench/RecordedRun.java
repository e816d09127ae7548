package org.pontoon.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a run has written into its folder, read back: all that its report is made of.
 *
 * @param environment machine, settings and remarks
 * @param suites measured rows of the suites that JMH ran
 * @param latency what {@link LatencyRig} wrote, empty where it did not run
 * @param cold what {@link ColdStarts} wrote, empty where it did not run
 * @param peers texts of the comparisons with peers by file name, and parsed JSON where there is any
 */
record RecordedRun(Map<String, Object> environment, Map<BenchReport.Suite, List<ReportText.Row>> suites, List<Map<String, Object>> latency,
        Map<String, Object> cold, Map<String, Object> peers) {

    /**
     * Reads a folder.
     *
     * @param folder a report's folder, whole or not
     * @return what is there
     * @throws IOException if a file cannot be read
     * @throws IllegalArgumentException if one is not what a run writes
     */
    static RecordedRun read(Path folder) throws IOException {
        Map<BenchReport.Suite, List<ReportText.Row>> suites = new EnumMap<>(BenchReport.Suite.class);
        for (BenchReport.Suite suite : BenchReport.Suite.values()) {
            Path file = folder.resolve("jmh").resolve(suite.label() + ".json");
            if (Files.exists(file)) {
                suites.put(suite, rows(Files.readString(file)));
            }
        }
        List<Map<String, Object>> latency = new ArrayList<>();
        Path latencies = folder.resolve("latency").resolve("latency.json");
        if (Files.exists(latencies)) {
            for (Object entry : list(Json.parseObject(Files.readString(latencies)).get("operations"))) {
                latency.add(map(entry));
            }
        }
        Path coldFile = folder.resolve("cold").resolve("cold.json");
        Map<String, Object> cold = Files.exists(coldFile) ? Json.parseObject(Files.readString(coldFile)) : Map.of();
        Map<String, Object> peers = new TreeMap<>();
        Path peersFolder = folder.resolve("peers");
        if (Files.isDirectory(peersFolder)) {
            try (var files = Files.list(peersFolder)) {
                for (Path file : files.sorted().toList()) {
                    String text = Files.readString(file);
                    peers.put(file.getFileName().toString(), file.toString().endsWith(".json") ? Json.parseObject(text) : text);
                }
            }
        }
        return new RecordedRun(Json.parseObject(Files.readString(folder.resolve("environment.json"))), suites, latency, cold, peers);
    }

    /** Reads what JMH wrote. */
    static List<ReportText.Row> rows(String json) {
        List<ReportText.Row> rows = new ArrayList<>();
        for (Object entry : list(Json.parse(json))) {
            rows.add(row(map(entry)));
        }
        return rows;
    }

    /** Reads one result of JMH's. */
    static ReportText.Row row(Map<String, Object> result) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (result.get("params") != null) {
            map(result.get("params")).forEach((name, value) -> parameters.put(name, value.toString()));
        }
        Map<String, Object> metric = map(result.get("primaryMetric"));
        double score = number(metric.get("score"));
        String unit = (String) metric.get("scoreUnit");
        boolean rate = unit.startsWith("ops/");
        double seconds = unitSeconds(rate ? unit.substring("ops/".length()) : unit.substring(0, unit.indexOf('/')));
        double[] bytes = {Double.NaN};
        if (result.get("secondaryMetrics") != null) {
            for (Map.Entry<String, Object> secondary : map(result.get("secondaryMetrics")).entrySet()) {
                if (secondary.getKey().endsWith("gc.alloc.rate.norm")) {
                    // an iteration in which JMH sets up or checks is not the benchmark's
                    bytes = sorted(map(secondary.getValue()));
                }
            }
        }
        String name = (String) result.get("benchmark");
        int method = name.lastIndexOf('.');
        return new ReportText.Row(name.substring(name.lastIndexOf('.', method - 1) + 1), parameters, score, number(metric.get(
            "scoreError")), unit, rate ? seconds / score : seconds * score, PeerComparison.median(bytes), bytes[0]);
    }

    /** All measured iterations of a metric, one array for each fork; none where JMH wrote none. */
    static double[][] forks(Map<String, Object> metric) {
        return metric.get("rawData") == null ? new double[0][] : list(metric.get("rawData")).stream().map(fork -> list(fork).stream()
            .mapToDouble(RecordedRun::number).toArray()).toArray(double[][]::new);
    }

    /** All iterations of all forks in ascending order; the score where JMH wrote no single ones. */
    private static double[] sorted(Map<String, Object> metric) {
        double[] values = Arrays.stream(forks(metric)).flatMapToDouble(Arrays::stream).sorted().toArray();
        return values.length == 0 ? new double[] {number(metric.get("score"))} : values;
    }

    private static double unitSeconds(String unit) {
        return switch (unit) {
            case "s" -> 1;
            case "ms" -> 1e-3;
            case "us" -> 1e-6;
            case "ns" -> 1e-9;
            default -> throw new IllegalArgumentException("unit of a score is '" + unit + "', expected s, ms, us or ns");
        };
    }

    /** Yardsticks of the machine, from the environment. */
    Map<Integer, ReportText.Peak> peaks(String when) {
        Map<Integer, ReportText.Peak> peaks = new TreeMap<>();
        for (Object entry : list(environment.getOrDefault(when, List.of()))) {
            Map<String, Object> peak = map(entry);
            int threads = (int) number(peak.get("threads"));
            peaks.put(threads, new ReportText.Peak(threads, number(peak.get("fmaPerSecond")), number(peak.get("expPerSecond")), number(peak
                .get("triadBytesPerSecond"))));
        }
        return peaks;
    }

    /** The higher yardsticks of before and after. */
    Map<Integer, ReportText.Peak> bestPeaks() {
        Map<Integer, ReportText.Peak> best = peaks("peaksBefore");
        peaks("peaksAfter").forEach((threads, peak) -> best.merge(threads, peak, ReportText.Peak::max));
        return best;
    }

    /** Rows of a suite, none where it was not run. */
    List<ReportText.Row> rows(BenchReport.Suite suite) {
        return suites.getOrDefault(suite, List.of());
    }

    /** Whether a suite has left anything. */
    boolean has(BenchReport.Suite suite) {
        return switch (suite) {
            case LATENCY -> !latency.isEmpty();
            case COLD -> !cold.isEmpty();
            case PEERS -> !peers.isEmpty();
            default -> suites.containsKey(suite);
        };
    }

    /** Text of a comparison with peers. */
    Optional<String> peerText(String file) {
        return peers.get(file) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    @SuppressWarnings("unchecked") // the keys of JSON are text
    static Map<String, Object> map(Object value) {
        if (!(value instanceof Map)) {
            throw new IllegalArgumentException("found " + value + ", expected an object");
        }
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked") // any list is one of objects
    static List<Object> list(Object value) {
        if (!(value instanceof List)) {
            throw new IllegalArgumentException("found " + value + ", expected a list");
        }
        return (List<Object>) value;
    }

    /** A number, NaN where JSON has none: JMH and {@link Json} write what is not finite as text or null. */
    static double number(Object value) {
        return value instanceof Number n ? n.doubleValue() : Double.NaN;
    }
}
