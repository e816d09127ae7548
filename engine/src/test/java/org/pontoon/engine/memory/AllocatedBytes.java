package org.pontoon.engine.memory;

import static org.assertj.core.api.Assertions.fail;

import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

import com.sun.management.ThreadMXBean;

/** Measures garbage: for tests tagged "allocation", which have a JVM to themselves. */
public final class AllocatedBytes {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    /** Time for the compilers to come: seconds on a machine of its own, many times that on a busy one. */
    private static final long DEADLINE_SECONDS = 60;

    private AllocatedBytes() {
    }

    /** Runs the work until so many calls on end have allocated nothing on this thread, and fails if none have in 60 seconds. */
    public static void assertNoneWhenHot(String what, int window, Runnable work) {
        assertAtMostWhenHot(what, 0, window, work);
    }

    /** The same for work that may leave some bytes a call: a small result. */
    public static void assertAtMostWhenHot(String what, int allowed, int window, Runnable work) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
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
}
