package org.pontoon.engine.internal.vector;

import java.util.Arrays;

/**
 * Radix sorts of keys by the least digit first, which are stable. Keys count from the least one of the stretch, in as few digits of at most
 * 11 bits as their range takes, all of about the same length: a digit of few values would send neighbours to the same bucket, each of which
 * waits for the one before it.
 */
final class RadixSort {

    private static final int DIGITS = 3;

    private final KeyRange range = new KeyRange();
    private final int[][] starts = new int[DIGITS][RadixPass.BUCKETS];
    private final int[] piece = new int[RadixPass.PIECE];
    private int least;
    private int digits;
    private int digitBits;

    /**
     * Finds how far apart the keys of a stretch lie.
     *
     * @return the number of digits that tell the keys apart, 0 if all are equal
     */
    int digits(int[] keys, int at, int count) {
        range.find(keys, at, at + count);
        least = range.least();
        // the difference is right as an unsigned number
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(range.greatest() - least);
        digits = (bits + RadixPass.LONGEST_DIGIT - 1) / RadixPass.LONGEST_DIGIT;
        digitBits = digits == 0 ? 0 : (bits + digits - 1) / digits;
        return digits;
    }

    /**
     * Sorts a stretch of keys, with as many numbers of another array as scratch.
     *
     * @return whether the sorted keys are in the scratch
     */
    boolean sort(int[] keys, int at, int[] scratch, int scratchAt, int count) {
        return sort(keys, null, at, scratch, null, scratchAt, count);
    }

    /**
     * Sorts a stretch of keys, and companions with them.
     *
     * @param keys the keys
     * @param companions their companions, from the same place on; null for none
     * @param at where both start
     * @param scratch as many numbers
     * @param companionScratch as many again; null for none
     * @param scratchAt where both start
     * @param count how many
     * @return whether what is sorted is in the scratch
     */
    boolean sort(int[] keys, int[] companions, int at, int[] scratch, int[] companionScratch, int scratchAt, int count) {
        digits(keys, at, count);
        findStarts(keys, at, count, scratchAt);
        int mask = (1 << digitBits) - 1;
        for (int digit = 0; digit < digits; digit++) {
            boolean even = digit % 2 == 0;
            int[] from = even ? keys : scratch;
            int[] to = even ? scratch : keys;
            int fromAt = even ? at : scratchAt;
            for (int i = 0; i < count; i += piece.length) {
                int length = Math.min(piece.length, count - i);
                RadixPass.toDigits(from, fromAt + i, length, least, digit * digitBits, mask, piece);
                if (companions == null) {
                    RadixPass.deal(piece, length, from, fromAt + i, starts[digit], to);
                } else {
                    RadixPass.deal(piece, length, from, even ? companions : companionScratch, fromAt + i, starts[digit], to,
                        even ? companionScratch : companions);
                }
            }
        }
        return digits % 2 == 1;
    }

    /** Finds where each bucket of each digit starts; every other pass writes to the scratch. */
    private void findStarts(int[] keys, int at, int count, int scratchAt) {
        int buckets = 1 << digitBits;
        int mask = buckets - 1;
        for (int digit = 0; digit < digits; digit++) {
            Arrays.fill(starts[digit], 0, buckets, 0);
        }
        for (int i = 0; i < count; i += piece.length) {
            int length = Math.min(piece.length, count - i);
            for (int digit = 0; digit < digits; digit++) {
                RadixPass.toDigits(keys, at + i, length, least, digit * digitBits, mask, piece);
                RadixPass.count(piece, length, starts[digit]);
            }
        }
        for (int digit = 0; digit < digits; digit++) {
            RadixPass.starts(starts[digit], buckets, digit % 2 == 0 ? scratchAt : at);
        }
    }
}
