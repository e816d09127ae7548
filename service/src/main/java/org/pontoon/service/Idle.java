package org.pontoon.service;

import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;

/** What a thread does while there is nothing to do: the trade between latency and the processor's time. */
public enum Idle {

    /** Spins: the lowest latency, for a core of its own. */
    BUSY_SPIN,

    /** Spins, and lets other threads of the machine have the core when they want it. */
    YIELDING,

    /** Spins and yields a little, then sleeps 1 to 100 microseconds at a time: costs almost nothing when there is no traffic. */
    PARKING;

    /** Makes a strategy, for one thread. */
    IdleStrategy strategy() {
        return switch (this) {
            case BUSY_SPIN -> new BusySpinIdleStrategy();
            case YIELDING -> new YieldingIdleStrategy();
            case PARKING -> new BackoffIdleStrategy(100, 10, 1_000, 100_000);
        };
    }
}
