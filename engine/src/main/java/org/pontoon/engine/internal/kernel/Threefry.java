package org.pontoon.engine.internal.kernel;

/** The block cipher Threefry-2x32-20 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"), used in counter mode. */
public final class Threefry {

    private static final Tier TIER = Tier.of("Threefry", Threefry::primer);

    private Threefry() {
    }

    /**
     * Encrypts a counter.
     *
     * @param key its low word is the cipher's first key word
     * @param index the counter; its low word is the cipher's first word
     * @return the two output words, the first one low
     */
    public static long bits(long key, long index) {
        return org.pontoon.engine.internal.scalar.Threefry.bits(key, index);
    }

    /**
     * Fills two arrays with the words of consecutive counters, as {@link #bits} does for one.
     *
     * @param key the stream's key
     * @param firstIndex first counter, a multiple of 16
     * @param low receives the first words
     * @param high receives the second words
     * @param count how many, a multiple of 16
     */
    public static void fillBits(long key, long firstIndex, int[] low, int[] high, int count) {
        if (TIER.vector) {
            org.pontoon.engine.internal.vector.Threefry.fillBits(key, firstIndex, low, high, count);
            return;
        }
        TIER.scalar(60L * count);
        org.pontoon.engine.internal.scalar.Threefry.fillBits(key, firstIndex, low, high, count);
    }

    private static Runnable primer() {
        int[] low = new int[320];
        int[] high = new int[320];
        return () -> org.pontoon.engine.internal.vector.Threefry.fillBits(1, 0, low, high, low.length);
    }
}
