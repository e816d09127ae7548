package org.pontoon.engine.parallel;

/** Hears of long work's progress and may cancel it. */
@FunctionalInterface
public interface Progress {

    /** Hears nothing and never cancels. */
    Progress NONE = (done, total) -> true;

    /**
     * Called now and then by the working thread; keep it short.
     *
     * @param done units of work done
     * @param total units of work in all
     * @return false to cancel: the work stops soon and says that it was cancelled
     */
    boolean advance(long done, long total);

    /**
     * Called beside {@link #advance} where the total is only a limit: iterations to a tolerance tell when they will get there at the speed
     * of late.
     *
     * @param units units of work that there may be in all, from now on
     */
    default void expect(long units) {
    }
}
