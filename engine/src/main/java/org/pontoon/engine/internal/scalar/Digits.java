package org.pontoon.engine.internal.scalar;

import java.util.Arrays;

/** The digits of unsigned keys of 32 bits, and where the buckets of each digit start, for radix sorts by the least digit first. */
final class Digits {

    /** Keys of one call of a loop: after few calls a compiler takes it over. */
    static final int PIECE = 256;

    private static final int LONG = 11;
    private static final int SHORT = 8;
    private static final int MOST = Integer.SIZE / SHORT;
    /** Fewer keys pass once more through fewer buckets in less time. */
    private static final int MANY = 2048;

    private final int[][] starts = new int[MOST][1 << LONG];
    private int bits;

    /** Counts the digits of keys. */
    void count(int[] keys, int count) {
        bits = count < MANY ? SHORT : LONG;
        for (int[] counts : starts) {
            Arrays.fill(counts, 0, 1 << bits, 0);
        }
        for (int from = 0; from < count; from += PIECE) {
            int to = Math.min(count, from + PIECE);
            for (int digit = 0; digit < number(); digit++) {
                count(keys, from, to, shift(digit), mask(), starts[digit]);
            }
        }
    }

    private static void count(int[] keys, int from, int to, int shift, int mask, int[] counts) {
        for (int i = from; i < to; i++) {
            counts[keys[i] >>> shift & mask]++;
        }
    }

    int number() {
        return Math.ceilDiv(Integer.SIZE, bits);
    }

    int shift(int digit) {
        return digit * bits;
    }

    int mask() {
        return (1 << bits) - 1;
    }

    /** Turns the counts of a digit into where its buckets start; false if all of so many keys have the same one. */
    boolean begin(int digit, int count) {
        int[] counts = starts[digit];
        int start = 0;
        for (int bucket = 0; bucket < 1 << bits; bucket++) {
            int here = counts[bucket];
            if (here == count) {
                return false;
            }
            counts[bucket] = start;
            start += here;
        }
        return true;
    }

    /** Where the next key of each of a digit's buckets goes. */
    int[] starts(int digit) {
        return starts[digit];
    }
}
