package org.pontoon.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Turns what {@link ColdStarts} measured into Markdown. Pure text: it runs nothing. */
final class ColdText {

    private ColdText() {
    }

    /** Median, least and greatest. */
    record Spread(double median, double least, double most) {

        static Spread of(Object numbers) {
            double[] sorted = sorted(numbers);
            return new Spread(PeerComparison.median(sorted), sorted[0], sorted[sorted.length - 1]);
        }

        private String cells(String format, double scale) {
            return String.format(Locale.ROOT, (" " + format + " |").repeat(3), median * scale, least * scale, most * scale);
        }
    }

    private static double[] sorted(Object numbers) {
        return RecordedRun.list(numbers).stream().mapToDouble(RecordedRun::number).sorted().toArray();
    }

    /** Maps in a list, none where there is no list. */
    static List<Map<String, Object>> rows(Map<String, Object> json, String field) {
        return json.get(field) == null ? List.of() : RecordedRun.list(json.get(field)).stream().map(RecordedRun::map).toList();
    }

    /** Both tables. */
    static String text(Map<String, Object> json) {
        List<Map<String, Object>> commands = rows(json, "commands");
        List<Map<String, Object>> calls = rows(json, "calls");
        StringBuilder out = new StringBuilder();
        if (!commands.isEmpty()) {
            commands(out, json, commands);
        }
        List<Map<String, Object>> single = calls.stream().filter(row -> !row.containsKey("largestNanos")).toList();
        if (!single.isEmpty()) {
            out.append(out.isEmpty() ? "" : "\n");
            calls(out, json, single);
        }
        calls.stream().filter(row -> row.containsKey("largestNanos")).forEach(row -> {
            out.append(out.isEmpty() ? "" : "\n");
            draws(out, row);
        });
        return out.toString();
    }

    /** A line for each peer that a command has not been run in turn with. */
    static List<String> absent(Map<String, Object> json) {
        List<String> lines = new ArrayList<>();
        for (Map<String, Object> row : rows(json, "commands")) {
            RecordedRun.map(row.get("absent"))
                .forEach((who, why) -> lines.add("Cold starts: " + row.get("command") + " without " + who + ", "
                    + why + "."));
        }
        return lines;
    }

    /** A line for each that was measured. */
    static List<String> lines(Map<String, Object> json) {
        List<String> lines = new ArrayList<>();
        for (Map<String, Object> row : rows(json, "commands")) {
            lines.add(row.get("command") + ": " + ReportText.time(Spread.of(rows(row, "contenders").getFirst().get("seconds")).median()));
        }
        for (Map<String, Object> row : rows(json, "calls")) {
            lines.add(name(row) + ": " + ReportText.time(1e-9 * spread(row, "nanos", "auto").median()) + ", in plain Java "
                + ReportText.time(1e-9 * spread(row, "nanos", "scalar").median()));
        }
        return lines;
    }

    private static void commands(StringBuilder out, Map<String, Object> json, List<Map<String, Object>> rows) {
        out.append(String.format(Locale.ROOT, "Whole processes, from files to a result, one thread, started by %s, in turn; %.0f rounds%s. "
            + "User and system time is that of all their threads, compilers included. Ratios are of times to Pontoon's, round by round; "
            + "values were the same within the tolerance, or there is no row.%n%n", json.get("startedBy"),
            RecordedRun.number(json.get(
                "commandRounds")),
            quick(json)));
        out.append(
            "| command | who | s, median | least | most | user + system s, median | least | most | times ours, median | least | most "
                + "| value | within |\n|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
        Set<String> versions = new LinkedHashSet<>();
        for (Map<String, Object> row : rows) {
            String name = row.get("command") + (row.get("what").equals("") ? "" : ", " + row.get("what"));
            List<Map<String, Object>> contenders = rows(row, "contenders");
            for (Map<String, Object> contender : contenders) {
                boolean ours = contender == contenders.getFirst();
                out.append("| ").append(ours ? name : "").append(" | ").append(contender.get("who")).append(" |")
                    .append(Spread.of(contender.get("seconds")).cells("%.3f", 1))
                    .append(Spread.of(contender.get("processorSeconds")).cells("%.3f", 1))
                    .append(ours ? " | | |" : Spread.of(ratios(contender.get("seconds"), contenders.getFirst().get("seconds")))
                        .cells("%.2f", 1))
                    .append(' ').append(number(contender.get("value"))).append(" | ")
                    .append(ours ? "" : String.format(Locale.ROOT, "%.0e", RecordedRun.number(row.get("tolerance")))).append(" |\n");
                RecordedRun.map(contender.get("versions")).forEach((software, version) -> versions.add(software + " " + version));
            }
            RecordedRun.map(row.get("absent")).forEach((who, why) -> out.append("| | ").append(who).append(" | left out: ").append(why)
                .append(" | | | | | | | | | | |\n"));
        }
        if (!versions.isEmpty()) {
            out.append("\nPeers: ").append(String.join(", ", versions)).append(".\n");
        }
    }

    private static String quick(Map<String, Object> json) {
        return Boolean.TRUE.equals(json.get("quick")) ? ", and less than all of it: quick" : "";
    }

    private static String number(Object value) {
        double number = RecordedRun.number(value);
        return Double.isNaN(number) ? "" : String.format(Locale.ROOT, "%.6g", number);
    }

    private static List<Object> ratios(Object theirs, Object ours) {
        List<Object> ratios = new ArrayList<>();
        List<Object> ourTimes = RecordedRun.list(ours);
        for (Object time : RecordedRun.list(theirs)) {
            ratios.add(RecordedRun.number(time) / RecordedRun.number(ourTimes.get(ratios.size())));
        }
        return ratios;
    }

    private static Spread spread(Map<String, Object> row, String field, String tier) {
        return Spread.of(RecordedRun.map(row.get(field)).get(tier));
    }

    /** Median of a first call as tiers come, over that in plain Java. */
    static double ratio(Map<String, Object> row) {
        return spread(row, "nanos", "auto").median() / spread(row, "nanos", "scalar").median();
    }

    /** A first call in words. */
    static String name(Map<String, Object> row) {
        return String.format(Locale.ROOT, "%s, %,.0f", row.get("entry"), RecordedRun.number(row.get("size")));
    }

    /** What a first call's ratio says. */
    static String verdict(double ratio) {
        return ratio <= FirstCalls.BAR ? "" : "above " + FirstCalls.BAR;
    }

    private static void calls(StringBuilder out, Map<String, Object> json, List<Map<String, Object>> rows) {
        out.append(String.format(Locale.ROOT,
            "First calls in fresh JVMs, one thread, data made before: with tiers as they come and in plain "
                + "Java, in turn; %.0f rounds%s. The bits of their answers were the same. What grows with the square of the size stops at 10,000, "
                + "Sinkhorn at 3,000.%n%n",
            RecordedRun.number(json.get("callRounds")), quick(json)));
        out.append("| entry point | call | size | auto ms, median | least | most | scalar ms, median | least | most | auto / scalar | |\n"
            + "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---|\n");
        Map<String, Double> above = new LinkedHashMap<>();
        for (Map<String, Object> row : rows) {
            double ratio = ratio(row);
            if (!verdict(ratio).isEmpty()) {
                above.put(name(row), ratio);
            }
            out.append(String.format(Locale.ROOT, "| %s | %s | %,.0f |", row.get("entry"), row.get("what"), RecordedRun.number(row.get(
                "size")))).append(spread(row, "nanos", "auto").cells("%.2f", 1e-6)).append(spread(row, "nanos", "scalar").cells("%.2f",
                    1e-6))
                .append(String.format(Locale.ROOT, " %.2f | %s |%n", ratio, verdict(ratio)));
        }
        out.append(String.format(Locale.ROOT, "%nOf %d ratios %d are above %s%s.%n", rows.size(), above.size(), FirstCalls.BAR, above
            .isEmpty() ? "" : ": " + String.join("; ", above.keySet())));
    }

    private static void draws(StringBuilder out, Map<String, Object> row) {
        out.append(String.format(Locale.ROOT,
            "The first %,.0f draws of a BridgeSampler in a fresh JVM, D = 50, K = 10, no warm-up, each by "
                + "the clock.%n%n| tier | p50 µs, median | least | most | largest µs, median | least | most |%n|---|---:|---:|---:|---:|---:|---:"
                + "|%n",
            RecordedRun.number(row.get("size"))));
        for (String tier : FirstCalls.TIERS) {
            out.append("| ").append(tier).append(" |").append(spread(row, "nanos", tier).cells("%.2f", 1e-3)).append(spread(row,
                "largestNanos", tier).cells("%.0f", 1e-3)).append('\n');
        }
    }
}
