package org.pontoon.service.examples;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;

import org.pontoon.engine.bridge.BridgeSampler;
import org.pontoon.engine.bridge.LightBridge;

/** Translates in a loop, from and into memory off the heap: one sampler for the thread, compiled before the first point that matters. */
final class PlainLoop {

    private PlainLoop() {
    }

    static double run(LightBridge bridge, int points) {
        BridgeSampler sampler = new BridgeSampler(bridge);
        sampler.warmUp(Duration.ofSeconds(5));
        int dimension = bridge.dimension();
        long row = 4L * dimension;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment x = arena.allocate(points * row, 64);
            MemorySegment y = arena.allocate(points * row, 64);
            for (int n = 0; n < points; n++) {
                sampler.sample(42, n, x, n * row, y, n * row);
            }
            return y.getAtIndex(ValueLayout.JAVA_FLOAT, (long) points * dimension - 1);
        }
    }
}
