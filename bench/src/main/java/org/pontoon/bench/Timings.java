package org.pontoon.bench;

import java.util.Arrays;
import java.util.Locale;

/**
 * Repeated timings of one thing: their median and their spread, or why they say nothing. A time that is not positive, or shorter than the
 * machine's limits allow, is no time: where half of the repeats are such, nothing was measured.
 *
 * @param median median, seconds; NaN where it was not measured
 * @param least shortest of the repeats, seconds
 * @param most longest of the repeats, seconds
 * @param fault why nothing was measured, empty where something was
 */
public record Timings(double median, double least, double most, String fault) {

    /** A limit is a measurement too, good to some percent. */
    private static final double LIMIT_TOLERANCE = 0.98;

    /**
     * Sums up repeats.
     *
     * @param seconds one time for each repeat, at least one, in any order
     * @param limit what the thing takes at the least on this machine, seconds; 0 where that is not known
     * @return their median, if it can be believed
     * @throws IllegalArgumentException if there are no repeats, or the limit is negative or NaN
     */
    public static Timings of(double[] seconds, double limit) {
        if (seconds.length == 0 || !(limit >= 0)) {
            throw new IllegalArgumentException(seconds.length + " repeats and a limit of " + limit
                + " s, expected at least one and a limit that is not negative");
        }
        double[] sorted = seconds.clone();
        Arrays.sort(sorted);
        double least = sorted[0];
        double most = sorted[sorted.length - 1];
        // of an even number the lower one, so that two repeats must both be good
        double lower = sorted[(sorted.length - 1) / 2];
        String fault = "";
        if (!Double.isFinite(most)) {
            fault = "a repeat took " + most + " s";
        } else if (!(lower > 0)) {
            fault = String.format(Locale.ROOT, "the median of %d repeats is %s, which is no time", sorted.length, ReportText.time(lower));
        } else if (lower < LIMIT_TOLERANCE * limit) {
            fault = String.format(Locale.ROOT, "the median of %d repeats is %s, less than the %s that this machine needs at the least",
                sorted.length, ReportText.time(lower), ReportText.time(limit));
        }
        return new Timings(fault.isEmpty() ? PeerComparison.median(sorted) : Double.NaN, least, most, fault);
    }

    /**
     * Tells whether there is a median.
     *
     * @return false where the repeats say nothing
     */
    public boolean isMeasured() {
        return fault.isEmpty();
    }
}
