package org.pontoon.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * First calls of the engine in fresh JVMs, one for each: with the tiers as they come, and in plain Java alone, in turn. A first call that
 * waits for vectors takes many times as long as plain Java would have; one that does not takes about as long or less.
 */
final class FirstCalls {

    /** A first call may take so many times as long as one in plain Java. */
    static final double BAR = 1.3;
    /** Single draws of a sampler, from its first. */
    static final int DRAWS = 1000;
    static final List<String> TIERS = List.of("auto", "scalar");

    private static final int[] SIZES = {10, 1000, 100_000};
    private static final int BRIEF_SIZE = 1000;

    private FirstCalls() {
    }

    /**
     * What is called.
     *
     * @param title entry point
     * @param what how it is called
     * @param argument its name for {@link FirstCall}
     * @param size points or values
     */
    record Cell(String title, String what, String argument, int size) {

        /** A start of the JVM and the call, in both tiers, about. */
        double seconds() {
            return size < BRIEF_SIZE || argument.equals(FirstCall.DRAWS) ? 0.5 : size == BRIEF_SIZE ? 1 : 3.2;
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s, %,d", title, size);
        }
    }

    /** Runs a JVM to its end. */
    interface Starter {
        TimedProcess.Ended start(String tier, Cell cell) throws IOException;
    }

    /** Everything that is called: the single draws come last. */
    static List<Cell> cells(boolean brief) {
        List<Cell> cells = new ArrayList<>();
        for (FirstCall.Entry entry : FirstCall.Entry.values()) {
            for (int size : SIZES) {
                if (!brief || size == BRIEF_SIZE) {
                    cells.add(new Cell(entry.title(), entry.what(), entry.name(), Math.min(size, entry.largest())));
                }
            }
        }
        cells.add(new Cell("BridgeSampler, single draws", "each by the clock, no warm-up", FirstCall.DRAWS, DRAWS));
        return cells;
    }

    /** What starts a JVM with options that any application has. */
    static Starter starter(Path scratch) {
        return (tier, cell) -> TimedProcess.run(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            ForkFlags.VECTOR, ForkFlags.EXPORTS, ForkFlags.UNSAFE, ForkFlags.COLLECTOR, "-Dpontoon.tier=" + tier, "-cp", System.getProperty(
                "java.class.path"),
            FirstCall.class.getName(), cell.argument, Integer.toString(cell.size)), scratch);
    }

    /** What was measured of a cell. */
    private static final class Times {

        private final Map<String, List<Long>> nanos = new LinkedHashMap<>();
        private final Map<String, List<Long>> largest = new LinkedHashMap<>();
        private double value = Double.NaN;

        private Times() {
            for (String tier : TIERS) {
                nanos.put(tier, new ArrayList<>());
                largest.put(tier, new ArrayList<>());
            }
        }
    }

    /**
     * Runs all cells in turn, the tiers one after the other. A cell that fails, or whose value is not the same in every JVM, is not run
     * again, and not reported.
     *
     * @param cells what to call
     * @param rounds how often
     * @param starter runs a JVM
     * @param log hears of rounds
     * @param failures gets the reason for each cell that is not reported
     * @return a map for each cell that is reported, as it goes into JSON
     * @throws IOException if no JVM can be started at all
     */
    static List<Map<String, Object>> takeTurns(List<Cell> cells, int rounds, Starter starter, Consumer<String> log, List<String> failures)
            throws IOException {
        Map<Cell, Times> measured = new LinkedHashMap<>();
        cells.forEach(cell -> measured.put(cell, new Times()));
        for (int round = 0; round < rounds; round++) {
            log.accept(String.format(Locale.ROOT, "first calls, round %d of %d", round + 1, rounds));
            for (Cell cell : List.copyOf(measured.keySet())) {
                try {
                    for (String tier : TIERS) {
                        run(cell, tier, measured.get(cell), starter);
                    }
                } catch (IllegalStateException e) {
                    failures.add(cell + ": " + e.getMessage());
                    measured.remove(cell);
                }
            }
        }
        return measured.entrySet().stream().map(entry -> map(entry.getKey(), entry.getValue())).toList();
    }

    private static void run(Cell cell, String tier, Times times, Starter starter) throws IOException {
        TimedProcess.Ended ended = starter.start(tier, cell);
        if (ended.code() != 0) {
            throw new IllegalStateException(tier + " ended with " + ended.code() + ": " + ended.lastError());
        }
        boolean draws = cell.argument.equals(FirstCall.DRAWS);
        Map<String, Object> answer;
        try {
            answer = PeerProcess.answer(tier, ended.out().isBlank() ? null : ended.out().strip(), draws ? List.of("nanos", "largestNanos",
                "value") : List.of("nanos", "value"));
        } catch (IOException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
        double value = (Double) answer.get("value");
        if (!Double.isNaN(times.value) && Double.compare(times.value, value) != 0) {
            throw new IllegalStateException(tier + " found " + value + ", another JVM " + times.value + ", expected the same bits");
        }
        times.value = value;
        times.nanos.get(tier).add(((Double) answer.get("nanos")).longValue());
        if (draws) {
            times.largest.get(tier).add(((Double) answer.get("largestNanos")).longValue());
        }
    }

    private static Map<String, Object> map(Cell cell, Times times) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("entry", cell.title);
        map.put("what", cell.what);
        map.put("size", cell.size);
        map.put("nanos", times.nanos);
        if (cell.argument.equals(FirstCall.DRAWS)) {
            map.put("largestNanos", times.largest);
        }
        map.put("value", times.value);
        return map;
    }
}
