package org.pontoon.engine.memory;

import static org.assertj.core.api.Assertions.fail;

import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

import com.sun.management.ThreadMXBean;

/** Measures garbage: for tests tagged "allocation", which have a JVM to themselves. */
public final class AllocatedBytes {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long DEADLINE_SECONDS = 20;

    private AllocatedBytes() {
    }

    /** Runs the work until a whole window of calls has allocated nothing on this thread, and fails if none has in 20 seconds. */
    public static void assertNoneWhenHot(String what, int window, Runnable work) {
        assertAtMostWhenHot(what, 0, window, work);
    }

    /** The same for work that may leave some bytes a call: a small result. */
    public static void assertAtMostWhenHot(String what, int allowed, int window, Runnable work) {
        long start = System.nanoTime();
        long bytes;
        long calls = 0;
        do {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < window; i++) {
                work.run();
            }
            bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
            calls += window;
        } while (bytes > (long) allowed * window && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS));
        if (bytes > (long) allowed * window) {
            fail(what + " still allocates " + (double) bytes / window + " bytes a call after " + calls + " calls, expected at most "
                + allowed);
        }
    }
}
