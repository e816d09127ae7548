package org.pontoon.engine.bridge;

import java.util.Objects;

/**
 * A bridge that can be replaced while other threads translate with it: the hot swap.
 *
 * <p>A replacement is made ready by the thread that brings it, and becomes current in one volatile write. A translating thread owns a
 * {@link Reader} and asks it for a sampler at the start of each request: one volatile read, no lock, no wait. A sampler keeps the bridge that
 * it was made with, so a request is answered by one version from beginning to end, and the old version goes when its last sampler does.
 * After a replacement each reader makes one sampler, a few kilobytes of scratch; nothing else ever allocates.
 *
 * <p>All versions have the same dimension, so that no caller's buffer can become too small. Safe for any thread; readers are not.
 */
public final class LiveBridge {

    private volatile Version current;

    private record Version(long number, LightBridge bridge, PackedMixture plan, float[] spread) {

        private Version(long number, LightBridge bridge) {
            this(number, bridge, PackedMixture.plan(bridge), BridgeSampler.spread(bridge));
        }
    }

    /**
     * Starts with a bridge, as version 1.
     *
     * @param first the bridge
     */
    public LiveBridge(LightBridge first) {
        this.current = new Version(1, first);
    }

    /**
     * Makes another bridge current: whoever asks from now on gets it.
     *
     * @param next the bridge
     * @return its version, one more than the last one
     * @throws IllegalArgumentException if its dimension is another one
     */
    public synchronized long replace(LightBridge next) {
        Objects.requireNonNull(next, "next");
        int dimension = current.bridge.dimension();
        if (next.dimension() != dimension) {
            throw new IllegalArgumentException("the new bridge has dimension " + next.dimension() + ", expected that of the old one, "
                + dimension);
        }
        Version version = new Version(current.number + 1, next);
        current = version;
        return version.number;
    }

    /**
     * Returns the current bridge.
     *
     * @return the bridge
     */
    public LightBridge bridge() {
        return current.bridge;
    }

    /**
     * Returns the number of the current version.
     *
     * @return 1 for the first bridge, and one more for each replacement
     */
    public long version() {
        return current.number;
    }

    /**
     * Makes a reader, for one thread.
     *
     * @return the reader
     */
    public Reader reader() {
        return new Reader(this);
    }

    /** One thread's access to the current version. Belongs to that thread. */
    public static final class Reader {

        private final LiveBridge live;
        private Version version;
        private BridgeSampler sampler;

        private Reader(LiveBridge live) {
            this.live = live;
            take(live.current);
        }

        private void take(Version next) {
            version = next;
            sampler = new BridgeSampler(next.bridge, next.plan, next.spread);
        }

        /**
         * Returns a sampler of the current version: ask once for each request.
         *
         * @return the sampler, the same one until the bridge is replaced
         */
        public BridgeSampler sampler() {
            Version now = live.current;
            if (now != version) {
                take(now);
            }
            return sampler;
        }

        /**
         * Returns the version of the sampler that was last returned.
         *
         * @return the number of the version
         */
        public long version() {
            return version.number;
        }
    }
}
