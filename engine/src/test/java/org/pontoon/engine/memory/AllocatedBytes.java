package org.pontoon.engine.memory;

import static org.assertj.core.api.Assertions.fail;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.LongSupplier;

import com.sun.management.ThreadMXBean;

/** Measures garbage: for tests tagged "allocation", which have a JVM to themselves. */
public final class AllocatedBytes {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    /** What has not been compiled by then never will be: the compilers take seconds, and on a busy machine minutes. */
    public static final Duration DEADLINE = Duration.ofMinutes(10);

    private AllocatedBytes() {
    }

    /** Runs the work until so many calls on end have allocated nothing on this thread, and fails if none have by the deadline. */
    public static void assertNoneWhenHot(String what, int window, Runnable work) {
        assertAtMostWhenHot(what, 0, window, work);
    }

    /** The same for work that may leave some bytes a call: a small result. */
    public static void assertAtMostWhenHot(String what, int allowed, int window, Runnable work) {
        long end = System.nanoTime() + DEADLINE.toNanos();
        long last = 0;
        long calls = 0;
        // a call that is not compiled yet may take a hundred times as long: the window starts anew with it rather than being played out
        for (int clean = 0; clean < window; calls++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            work.run();
            long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
            last = bytes > allowed ? bytes : last;
            clean = bytes > allowed ? 0 : clean + 1;
            if (clean < window && System.nanoTime() > end) {
                fail(what + " still allocates after " + calls + " calls: " + last + " bytes " + clean + " calls ago, expected at most "
                    + allowed);
            }
        }
    }

    /** Repeats a window, which says how many bytes too many it has allocated, until there are none; fails if that is never so. */
    public static void assertNoneInAWindowWhenHot(String what, LongSupplier window) {
        long end = System.nanoTime() + DEADLINE.toNanos();
        long bytes;
        long windows = 0;
        do {
            bytes = window.getAsLong();
            windows++;
        } while (bytes != 0 && System.nanoTime() < end);
        if (bytes != 0) {
            fail(what + " still allocate after " + windows + " windows: " + bytes + " bytes in the last, expected none");
        }
    }
}
