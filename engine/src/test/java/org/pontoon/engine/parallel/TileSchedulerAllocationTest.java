package org.pontoon.engine.parallel;

import java.util.concurrent.atomic.AtomicLongArray;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.memory.AllocatedBytes;

@Tag("allocation")
class TileSchedulerAllocationTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void aRunMakesNoGarbageForItsCaller(int threads) {
        AtomicLongArray sums = new AtomicLongArray(8);
        TileTask task = (tile, worker) -> sums.getAndAdd(tile, worker);
        try (TileScheduler scheduler = new TileScheduler(threads)) {
            AllocatedBytes.assertNoneWhenHot("a run on " + threads + " threads", 2_000, () -> scheduler.run(8, task));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void wakingSleepingWorkersMakesNoGarbageEither(int threads) {
        AtomicLongArray sums = new AtomicLongArray(8);
        TileTask task = (tile, worker) -> sums.getAndAdd(tile, worker);
        try (TileScheduler scheduler = new TileScheduler(threads)) {
            AllocatedBytes.assertNoneWhenHot("a run on " + threads + " threads after a pause", 200, () -> {
                // long enough for the workers to go back to their pool
                long end = System.nanoTime() + 300_000;
                while (System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
                scheduler.run(8, task);
            });
        }
    }
}
