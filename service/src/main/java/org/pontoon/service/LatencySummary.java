package org.pontoon.service;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import org.HdrHistogram.Histogram;

/**
 * A distribution of latencies, as reports state it.
 *
 * @param name what was measured
 * @param count number of samples
 * @param seconds how long it took
 * @param p50 median, in microseconds
 * @param p90 in microseconds
 * @param p99 in microseconds
 * @param p999 99.9th percentile, in microseconds
 * @param p9999 99.99th percentile, in microseconds
 * @param max in microseconds
 */
public record LatencySummary(String name, long count, double seconds, double p50, double p90, double p99, double p999, double p9999,
        double max) {

    /** The header of a table of summaries. */
    public static final String HEADER = "| what | count | per second | p50 µs | p90 | p99 | p99.9 | p99.99 | max |\n"
        + "|---|---|---|---|---|---|---|---|---|";

    /**
     * Summarises a histogram.
     *
     * @param name what was measured
     * @param nanos latencies in nanoseconds
     * @param seconds how long it took
     * @return the summary
     */
    public static LatencySummary of(String name, Histogram nanos, double seconds) {
        return new LatencySummary(name, nanos.getTotalCount(), seconds, at(nanos, 50), at(nanos, 90), at(nanos, 99), at(nanos, 99.9),
            at(nanos, 99.99), nanos.getTotalCount() == 0 ? Double.NaN : nanos.getMaxValue() * 1e-3);
    }

    private static double at(Histogram nanos, double percentile) {
        return nanos.getTotalCount() == 0 ? Double.NaN : nanos.getValueAtPercentile(percentile) * 1e-3;
    }

    /**
     * Returns how many a second.
     *
     * @return count by seconds
     */
    public double perSecond() {
        return count / seconds;
    }

    /**
     * Returns the summary as a row of a Markdown table below {@link #HEADER}.
     *
     * @return the row
     */
    public String row() {
        return String.format(Locale.ROOT, "| %s | %d | %.0f | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f |", name, count, perSecond(), p50,
            p90,
            p99, p999, p9999, max);
    }

    /**
     * Returns the summary for JSON, in microseconds.
     *
     * @return names and values
     */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", name);
        map.put("count", count);
        map.put("seconds", seconds);
        map.put("perSecond", perSecond());
        map.put("p50", p50);
        map.put("p90", p90);
        map.put("p99", p99);
        map.put("p999", p999);
        map.put("p9999", p9999);
        map.put("max", max);
        return map;
    }
}
