package org.pontoon.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Turns measurements into the Markdown of a report. Pure text: it runs nothing. */
final class ReportText {

    /** Below this, bytes per operation are the harness's own noise. */
    private static final double NO_BYTES = 0.1;

    private ReportText() {
    }

    /**
     * One measured benchmark.
     *
     * @param benchmark class and method
     * @param parameters its parameters
     * @param score mean
     * @param error half of the 99.9 % confidence interval, NaN where there are too few measurements
     * @param unit of score and error
     * @param secondsPerOperation the score in seconds
     * @param bytes bytes allocated per operation, the median over iterations; NaN where not measured
     */
    record Row(String benchmark, Map<String, String> parameters, double score, double error, String unit, double secondsPerOperation,
            double bytes) {

        int threads() {
            return Integer.parseInt(parameters.getOrDefault("threads", "1"));
        }

        /** Rate of work per second, empty where no work is counted. */
        Optional<Double> rate() {
            return Work.of(benchmark, parameters).map(w -> w.count() / secondsPerOperation);
        }
    }

    /**
     * The machine's yardsticks for a number of threads.
     *
     * @param threads number of threads
     * @param fma multiply-adds per second
     * @param exp exponentials per second
     * @param bandwidth bytes per second
     */
    record Peak(int threads, double fma, double exp, double bandwidth) {

        /** The higher of two, yardstick by yardstick. */
        Peak max(Peak other) {
            return new Peak(threads, Math.max(fma, other.fma), Math.max(exp, other.exp), Math.max(bandwidth, other.bandwidth));
        }

        Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("threads", threads);
            map.put("fmaPerSecond", fma);
            map.put("expPerSecond", exp);
            map.put("triadBytesPerSecond", bandwidth);
            return map;
        }
    }

    /** Share of the multiply-add peak of its threads that a row reaches, empty where it counts something else. */
    static Optional<Double> fraction(Row row, Map<Integer, Peak> peaks) {
        Peak peak = peaks.get(row.threads());
        Optional<Work> work = Work.of(row.benchmark(), row.parameters());
        if (peak == null || work.isEmpty() || work.get().unit() != Work.Unit.FMA) {
            return Optional.empty();
        }
        return row.rate().map(r -> r / peak.fma());
    }

    /** The table of all rows. */
    static String results(List<Row> rows, Map<Integer, Peak> peaks) {
        StringBuilder out = new StringBuilder();
        out.append("| benchmark | parameters | score | error | unit | B/op | rate | of peak |\n|---|---|---:|---:|---|---:|---:|---:|\n");
        for (Row row : rows) {
            out.append("| ").append(row.benchmark()).append(" | ").append(parameters(row.parameters())).append(" | ")
                .append(number(row.score())).append(" | ").append(Double.isNaN(row.error()) ? "" : "± " + number(row.error())).append(" | ")
                .append(row.unit()).append(" | ").append(bytes(row.bytes())).append(" | ");
            Optional<Work> work = Work.of(row.benchmark(), row.parameters());
            row.rate().ifPresent(rate -> out.append(number(rate * work.get().unit().scale())).append(' ').append(work.get().unit().rate()));
            out.append(" | ");
            fraction(row, peaks).ifPresent(f -> out.append(percent(f)));
            out.append(" |\n");
        }
        return out.toString();
    }

    /** Kernels beside their scalar twins; empty where there are no such pairs. */
    static String twins(List<Row> rows) {
        Map<String, Row> byName = new LinkedHashMap<>();
        for (Row row : rows) {
            byName.put(row.benchmark() + parameters(row.parameters()), row);
        }
        StringBuilder out = new StringBuilder();
        for (Row row : rows) {
            Row scalar = byName.get(row.benchmark() + "Scalar" + parameters(row.parameters()));
            if (scalar != null) {
                out.append("| ").append(row.benchmark()).append(" | ").append(parameters(row.parameters())).append(" | ")
                    .append(time(row.secondsPerOperation())).append(" | ").append(time(scalar.secondsPerOperation())).append(" | ")
                    .append(number(scalar.secondsPerOperation() / row.secondsPerOperation())).append(" |\n");
            }
        }
        return out.isEmpty() ? "" : "| kernel | parameters | vector | scalar twin | times |\n|---|---|---:|---:|---:|\n" + out;
    }

    /**
     * Where the time of a training step on one thread goes, by the times of its kernels on their own; empty where fit or kernels were not
     * measured at the same dimension.
     */
    static String stepBudget(List<Row> rows) {
        Map<Integer, Row> steps = new TreeMap<>();
        for (Row row : rows) {
            if (row.benchmark().equals("FitStepBenchmark.step") && row.threads() == 1
                && row.parameters().entrySet().containsAll(Map.of("components",
                    "10", "batch", "128", "covariance", "DIAGONAL").entrySet())) {
                steps.put(Integer.parseInt(row.parameters().get("dimension")), row);
            }
        }
        StringBuilder out = new StringBuilder();
        steps.forEach((dimension, step) -> {
            // 128 points a side are four tiles of 64
            Map<String, Double> parts = new LinkedHashMap<>();
            part(rows, dimension, parts, "forwardForms", 4);
            part(rows, dimension, parts, "backwardForms", 4);
            part(rows, dimension, parts, "softmax", 4);
            part(rows, dimension, parts, "gather", 4);
            part(rows, dimension, parts, "transpose", 4);
            part(rows, dimension, parts, "coefficients", 1);
            part(rows, dimension, parts, "gradients", 1);
            part(rows, dimension, parts, "adam", 1);
            if (parts.isEmpty()) {
                return;
            }
            double rest = step.secondsPerOperation();
            out.append("D = ").append(dimension).append(": a step takes ").append(time(rest))
                .append(".\n\n| part | calls | time | share |\n")
                .append("|---|---:|---:|---:|\n");
            for (Map.Entry<String, Double> part : parts.entrySet()) {
                rest -= part.getValue();
                out.append("| ").append(part.getKey()).append(" | ").append(time(part.getValue())).append(" | ")
                    .append(percent(part.getValue() / step.secondsPerOperation())).append(" |\n");
            }
            out.append("| the rest: drawing minibatches, folding tiles, memory that the kernels alone find in a nearer cache | | ")
                .append(time(
                    rest))
                .append(" | ").append(percent(rest / step.secondsPerOperation())).append(" |\n\n");
        });
        return out.toString();
    }

    private static void part(List<Row> rows, int dimension, Map<String, Double> parts, String kernel, int calls) {
        for (Row row : rows) {
            if (row.benchmark().equals("KernelBenchmark." + kernel)
                && row.parameters().get("dimension").equals(Integer.toString(dimension))) {
                parts.put(kernel + " | " + calls, calls * row.secondsPerOperation());
            }
        }
    }

    /** The table of yardsticks. */
    static String peaks(Map<Integer, Peak> before, Map<Integer, Peak> after) {
        StringBuilder out = new StringBuilder("| threads | when | GFMA/s | Gexp/s | triad GB/s |\n|---:|---|---:|---:|---:|\n");
        before.forEach((threads, peak) -> {
            peak(out, peak, "before");
            if (after.containsKey(threads)) {
                peak(out, after.get(threads), "after");
            }
        });
        return out.toString();
    }

    private static void peak(StringBuilder out, Peak peak, String when) {
        out.append("| ").append(peak.threads()).append(" | ").append(when).append(" | ").append(number(peak.fma() * 1e-9)).append(" | ")
            .append(number(peak.exp() * 1e-9)).append(" | ").append(number(peak.bandwidth() * 1e-9)).append(" |\n");
    }

    /** Parameters as "dimension=50, threads=1". */
    static String parameters(Map<String, String> parameters) {
        List<String> parts = new ArrayList<>();
        parameters.forEach((name, value) -> parts.add(name + "=" + value));
        return String.join(", ", parts);
    }

    /** Four significant digits. */
    static String number(double value) {
        if (value == 0 || Double.isNaN(value)) {
            return Double.isNaN(value) ? "" : "0";
        }
        int digits = Math.clamp(3 - (int) Math.floor(Math.log10(Math.abs(value))), 0, 9);
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    /** A time with the unit that suits it. */
    static String time(double seconds) {
        double size = Math.abs(seconds);
        if (size >= 1) {
            return number(seconds) + " s";
        }
        if (size >= 1e-3) {
            return number(seconds * 1e3) + " ms";
        }
        return size >= 1e-6 ? number(seconds * 1e6) + " µs" : number(seconds * 1e9) + " ns";
    }

    static String percent(double fraction) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * fraction);
    }

    private static String bytes(double bytes) {
        return Double.isNaN(bytes) ? "" : Math.abs(bytes) < NO_BYTES ? "0" : number(bytes);
    }
}
