package org.pontoon.cli.report;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.BooleanSupplier;

import org.pontoon.engine.parallel.Progress;

/**
 * Progress of one piece of work: a bar that overwrites itself on a terminal, a line every ten seconds elsewhere (a log file). Work that is
 * done within a fraction of a second shows nothing.
 */
public final class ProgressBar implements Progress, AutoCloseable {

    private static final int WIDTH = 24;
    private static final long TERMINAL_NANOS = 100_000_000L;
    private static final long LOG_NANOS = 10_000_000_000L;

    private final String activity;
    private final PrintStream err;
    private final boolean terminal;
    private final BooleanSupplier cancelled;
    private final boolean totalIsKnown;
    private long began = System.nanoTime();
    private long firstDone = -1;
    private long lastDone;
    private long expected;
    private long shownAt;
    private int shownLength;

    /**
     * Begins.
     *
     * @param activity what is done
     * @param err where to show it; null shows nothing
     * @param terminal whether a line there can be overwritten
     * @param cancelled asked at every report
     * @param totalIsKnown false where the total is only a limit, which iterations to a tolerance do not reach
     */
    ProgressBar(String activity, PrintStream err, boolean terminal, BooleanSupplier cancelled, boolean totalIsKnown) {
        this.activity = activity;
        this.err = err;
        this.terminal = terminal;
        this.cancelled = cancelled;
        this.totalIsKnown = totalIsKnown;
        this.shownAt = began + (terminal ? TERMINAL_NANOS : 0);
    }

    @Override
    public boolean advance(long done, long total) {
        if (err != null) {
            long now = System.nanoTime();
            if (firstDone < 0) {
                firstDone = done;
            } else if (done < lastDone) {
                // one problem after another, such as the three of a debiased divergence
                firstDone = done;
                began = now;
                expected = 0;
            }
            lastDone = done;
            if (now - shownAt >= (terminal ? TERMINAL_NANOS : LOG_NANOS)) {
                shownAt = now;
                double seconds = (now - began) * 1e-9;
                show(totalIsKnown ? line(activity, done, total, firstDone, seconds)
                    : iterations(activity, done, total, firstDone, expected, seconds));
            }
        }
        return !cancelled.getAsBoolean();
    }

    @Override
    public void expect(long units) {
        expected = units;
    }

    /**
     * Formats the state of iterations to a tolerance.
     *
     * @param activity what is done
     * @param done iterations done
     * @param limit the most there may be
     * @param firstDone iterations that were done when the clock started
     * @param expected how many there will be at the speed of late, 0 if that is not known
     * @param seconds time since then
     * @return for example {@code distance  iteration 483 of at most 10000  20.1 s, about 12.0 s left}
     */
    static String iterations(String activity, long done, long limit, long firstDone, long expected, double seconds) {
        String left = expected > done && done > firstDone
            ? ", about " + duration(seconds * (expected - done) / (done - firstDone)) + " left" : "";
        return String.format(Locale.ROOT, "%s  iteration %d of at most %d  %s%s", activity, done, limit, duration(seconds), left);
    }

    private void show(String line) {
        if (terminal) {
            err.print("\r" + line + " ".repeat(Math.max(0, shownLength - line.length())));
            shownLength = line.length();
        } else {
            err.println(line);
        }
        err.flush();
    }

    /**
     * Formats one state.
     *
     * @param activity what is done
     * @param done units done
     * @param total units in all
     * @param firstDone units that were done when the clock started (a resumed run)
     * @param seconds time since then
     * @return for example {@code fit  [######------]  50 %  5000/10000  0.4 s, 0.4 s left}
     */
    static String line(String activity, long done, long total, long firstDone, double seconds) {
        double fraction = total == 0 ? 1 : (double) done / total;
        int filled = (int) (WIDTH * fraction);
        String left = done > firstDone && done < total ? String.format(Locale.ROOT, ", %s left",
            duration(seconds * (total - done) / (done - firstDone))) : "";
        return String.format(Locale.ROOT, "%s  [%s%s] %3d %%  %d/%d  %s%s", activity, "#".repeat(filled), "-".repeat(WIDTH - filled),
            (int) (100 * fraction), done, total, duration(seconds), left);
    }

    private static String duration(double seconds) {
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        return whole < 3600 ? String.format(Locale.ROOT, "%d:%02d min", whole / 60, whole % 60)
            : String.format(Locale.ROOT, "%d:%02d h", whole / 3600, whole / 60 % 60);
    }

    /** Removes the bar from the terminal. */
    @Override
    public void close() {
        if (shownLength > 0) {
            err.print("\r" + " ".repeat(shownLength) + "\r");
            err.flush();
            shownLength = 0;
        }
    }
}
