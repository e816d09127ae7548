package org.pontoon.bench;

import java.lang.management.ManagementFactory;

import com.sun.management.ThreadMXBean;
import org.pontoon.engine.parallel.Progress;

/**
 * Times the steps of one fit from within: a trainer reports after its first step and after its last, and between the two lie all others and
 * nothing else. Nothing is subtracted, so noise makes a time longer or shorter but never negative.
 *
 * <p>Belongs to the thread that fits, and to one fit.
 */
public final class StepTimer implements Progress {

    /**
     * Bytes a step on the calling thread beyond which vectors are still objects: where they are, a step leaves tens of thousands; what a
     * compiled one leaves now and then, for a component that it revives or a line of progress, is far less.
     */
    private static final double BOXED_BYTES = 256;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean() instanceof ThreadMXBean bean ? bean : null;

    private final Progress inner;
    private long firstStep = -1;
    private long firstNanos;
    private long firstBytes;
    private long lastStep = -1;
    private long lastNanos;
    private long lastBytes;

    /**
     * Makes a timer.
     *
     * @param inner hears everything too, and decides whether to cancel
     */
    public StepTimer(Progress inner) {
        this.inner = inner;
    }

    @Override
    public boolean advance(long done, long total) {
        lastStep = done;
        lastNanos = System.nanoTime();
        lastBytes = THREADS == null ? 0 : THREADS.getCurrentThreadAllocatedBytes();
        if (firstStep < 0) {
            firstStep = lastStep;
            firstNanos = lastNanos;
            firstBytes = lastBytes;
        }
        return inner.advance(done, total);
    }

    /**
     * Returns the mean time of a step.
     *
     * @return seconds, without the first step; NaN where no second one was done
     */
    public double secondsPerStep() {
        return lastStep > firstStep ? (lastNanos - firstNanos) * 1e-9 / (lastStep - firstStep) : Double.NaN;
    }

    /**
     * Tells whether the steps ran in code that C2 has compiled, by what they left on the heap.
     *
     * @return false where a step left more than a compiled one does, and where no second one was done
     */
    public boolean isHot() {
        return lastStep > firstStep && (double) (lastBytes - firstBytes) / (lastStep - firstStep) < BOXED_BYTES;
    }
}
