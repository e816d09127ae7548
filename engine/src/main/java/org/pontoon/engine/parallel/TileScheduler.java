package org.pontoon.engine.parallel;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Runs tiles on the calling thread and, where it was made with more than one thread, on workers of its own {@link ForkJoinPool}.
 *
 * <p>Workers claim tiles one by one from a shared cursor, so uneven tiles balance themselves. A worker that has run out of tiles stays
 * attentive for some tens of microseconds before it goes back to the pool, so that a loop of short runs (a training step) does not pay a
 * thread's wake-up in each of them. A run allocates nothing.
 *
 * <p>Thread-safety: {@link #run(int, TileTask)} may be called from any thread; runs of several callers follow one another. A tile must not
 * call back into its own scheduler. Not final, so that a measurement can leave tiles out.
 */
public class TileScheduler implements AutoCloseable {

    private static final long ATTENTION_NANOS = 100_000;
    private static final int SPINS_BEFORE_YIELD = 2_000;

    private final int threads;
    private final ForkJoinPool pool;
    private final Worker[] workers;
    private final ReentrantLock turn = new ReentrantLock();
    private final AtomicInteger cursor = new AtomicInteger();
    private final AtomicInteger finished = new AtomicInteger();
    private final AtomicInteger inside = new AtomicInteger();
    private volatile int round;
    private volatile boolean open;
    private volatile boolean closed;
    private TileTask task;
    private int tiles;
    private Throwable failure;
    private int failedTile;

    /**
     * Makes a scheduler.
     *
     * @param threads number of threads in all, the caller's own included, at least 1
     * @throws IllegalArgumentException if threads is below 1
     */
    public TileScheduler(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + ", expected at least 1");
        }
        this.threads = threads;
        this.workers = new Worker[threads - 1];
        for (int w = 0; w < workers.length; w++) {
            workers[w] = new Worker(w + 1);
        }
        this.pool = threads == 1 ? null : new ForkJoinPool(threads - 1);
    }

    /**
     * Makes a scheduler with as many threads as the JVM sees processors.
     *
     * @return the scheduler
     */
    public static TileScheduler ofAllCores() {
        return new TileScheduler(Runtime.getRuntime().availableProcessors());
    }

    /**
     * Returns the number of threads, the caller's included: an upper bound of worker numbers.
     *
     * @return at least 1
     */
    public int threads() {
        return threads;
    }

    /**
     * Runs every tile once and returns when all are done. If a tile throws, the tiles that have not begun are skipped and its exception is
     * thrown here (the lowest tile's, where several failed).
     *
     * @param tileCount number of tiles, not negative
     * @param work what to do for each
     * @throws IllegalStateException if the scheduler is closed, or called from one of its own tiles
     */
    public void run(int tileCount, TileTask work) {
        if (turn.isHeldByCurrentThread() || Thread.currentThread() instanceof ForkJoinWorkerThread t && t.getPool() == pool) {
            throw new IllegalStateException("a tile called back into its own scheduler");
        }
        turn.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the scheduler is closed");
            }
            if (threads == 1 || tileCount <= 1) {
                for (int tile = 0; tile < tileCount; tile++) {
                    work.run(tile, 0);
                }
            } else {
                runShared(tileCount, work);
            }
        } finally {
            turn.unlock();
        }
    }

    private void runShared(int tileCount, TileTask work) {
        task = work;
        tiles = tileCount;
        failure = null;
        failedTile = Integer.MAX_VALUE;
        cursor.set(0);
        finished.set(0);
        open = true;
        round++;
        int helpers = Math.min(workers.length, tileCount - 1);
        for (int w = 0; w < helpers; w++) {
            workers[w].wake();
        }
        claimTiles(0);
        await(finished, tileCount);
        // no worker may still look at this round's fields when the next one sets them
        open = false;
        await(inside, 0);
        task = null;
        Throwable thrown = failure;
        failure = null;
        if (thrown != null) {
            throw TileScheduler.<RuntimeException>unchanged(thrown);
        }
    }

    /** Lets an exception out as it is, even a checked one that a tile smuggled past the compiler. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T unchanged(Throwable e) throws T {
        throw (T) e;
    }

    private void claimTiles(int worker) {
        int tile;
        while ((tile = cursor.getAndIncrement()) < tiles) {
            try {
                if (failedTile == Integer.MAX_VALUE) {
                    task.run(tile, worker);
                }
            } catch (Throwable e) {
                recordFailure(tile, e);
            } finally {
                finished.getAndIncrement();
            }
        }
    }

    private synchronized void recordFailure(int tile, Throwable e) {
        if (tile < failedTile) {
            failedTile = tile;
            failure = e;
        }
    }

    private static void await(AtomicInteger counter, int value) {
        int spins = 0;
        while (counter.get() != value) {
            if (++spins < SPINS_BEFORE_YIELD) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }

    /** Ends the pool; running tiles finish first. Closing again does nothing. */
    @Override
    public void close() {
        turn.lock();
        try {
            closed = true;
        } finally {
            turn.unlock();
        }
        if (pool != null) {
            pool.close();
        }
    }

    /** One fork-join task per worker number, submitted again and again: it never completes, so it needs no reinitialisation. */
    private final class Worker extends ForkJoinTask<Void> {

        private static final long serialVersionUID = 1L;

        private final int number;
        private final transient AtomicBoolean awake = new AtomicBoolean();

        Worker(int number) {
            this.number = number;
        }

        void wake() {
            if (awake.compareAndSet(false, true)) {
                pool.execute(this);
            }
        }

        @Override
        protected boolean exec() {
            int seen = round - 1;
            long idleSince = System.nanoTime();
            while (!closed) {
                int now = round;
                if (now != seen) {
                    seen = now;
                    inside.getAndIncrement();
                    if (open) {
                        claimTiles(number);
                    }
                    inside.getAndDecrement();
                    idleSince = System.nanoTime();
                } else if (System.nanoTime() - idleSince > ATTENTION_NANOS) {
                    awake.set(false);
                    // a round that began just now saw this worker awake and did not wake it
                    if (round == seen || !awake.compareAndSet(false, true)) {
                        return false;
                    }
                } else {
                    Thread.onSpinWait();
                }
            }
            awake.set(false);
            return false;
        }

        @Override
        public Void getRawResult() {
            return null;
        }

        @Override
        protected void setRawResult(Void value) {
            // there is no result
        }
    }
}
