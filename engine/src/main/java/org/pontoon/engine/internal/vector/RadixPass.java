package org.pontoon.engine.internal.vector;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The steps of one pass of a radix sort: a piece's digits, their counts, where their buckets start, and dealing out. Digits are found in
 * vectors and wait in a small array: a loop that shifts and masks as it deals has more variables than there are registers and takes twice
 * as long (measured). Loops are written out until they are longer than the 325 bytecodes that C2 inlines, and buckets masked with the length
 * of their array less 1, a form for which C2 drops the bounds check: arrays of buckets have {@link #BUCKETS} elements.
 */
final class RadixPass {

    /** Bits of the longest digit. */
    static final int LONGEST_DIGIT = 11;
    /** Length of every array of counts or starts. */
    static final int BUCKETS = 1 << LONGEST_DIGIT;
    /** Keys whose digits are found at once, so that they stay in the first-level cache. */
    static final int PIECE = 1024;

    private static final int L = VectorSupport.LANES;

    private RadixPass() {
    }

    /** Writes {@code (keys - least >>> shift) & mask}. */
    static void toDigits(int[] keys, int at, int count, int least, int shift, int mask, int[] digits) {
        int i = 0;
        for (; i <= count - L; i += L) {
            IntVector.fromArray(VectorSupport.INTS, keys, at + i).sub(least).lanewise(VectorOperators.LSHR, shift).and(mask)
                .intoArray(digits, i);
        }
        for (; i < count; i++) {
            digits[i] = keys[at + i] - least >>> shift & mask;
        }
    }

    /** Adds how often each digit occurs. */
    static void count(int[] digits, int count, int[] counts) {
        int i = 0;
        for (; i <= count - 8; i += 8) {
            counts[digits[i] & counts.length - 1]++;
            counts[digits[i + 1] & counts.length - 1]++;
            counts[digits[i + 2] & counts.length - 1]++;
            counts[digits[i + 3] & counts.length - 1]++;
            counts[digits[i + 4] & counts.length - 1]++;
            counts[digits[i + 5] & counts.length - 1]++;
            counts[digits[i + 6] & counts.length - 1]++;
            counts[digits[i + 7] & counts.length - 1]++;
        }
        for (; i < count; i++) {
            counts[digits[i] & counts.length - 1]++;
        }
    }

    /**
     * Replaces counts by where buckets start.
     *
     * @return the sum of the counts' squares
     */
    static long starts(int[] counts, int buckets, int from) {
        int start = from;
        long squares = 0;
        for (int i = 0; i < buckets; i++) {
            int count = counts[i];
            counts[i] = start;
            start += count;
            squares += (long) count * count;
        }
        return squares;
    }

    /** Copies each key to where its bucket starts, which then starts one later. */
    static void deal(int[] digits, int count, int[] keys, int at, int[] starts, int[] to) {
        int i = 0;
        for (; i <= count - 8; i += 8) {
            int bucket;
            int place;
            bucket = digits[i] & starts.length - 1;
            place = starts[bucket];
            to[place] = keys[at + i];
            starts[bucket] = place + 1;
            bucket = digits[i + 1] & starts.length - 1;
            place = starts[bucket];
            to[place] = keys[at + i + 1];
            starts[bucket] = place + 1;
            bucket = digits[i + 2] & starts.length - 1;
            place = starts[bucket];
            to[place] = keys[at + i + 2];
            starts[bucket] = place + 1;
            bucket = digits[i + 3] & starts.length - 1;
            place = starts[bucket];
            to[place] = keys[at + i + 3];
            starts[bucket] = place + 1;
            bucket = digits[i + 4] & starts.length - 1;
            place = starts[bucket];
            to[place] = keys[at + i + 4];
            starts[bucket] = place + 1;
            bucket = digits[i + 5] & starts.length - 1;
            place = starts[bucket];
            to[place] = keys[at + i + 5];
            starts[bucket] = place + 1;
            bucket = digits[i + 6] & starts.length - 1;
            place = starts[bucket];
            to[place] = keys[at + i + 6];
            starts[bucket] = place + 1;
            bucket = digits[i + 7] & starts.length - 1;
            place = starts[bucket];
            to[place] = keys[at + i + 7];
            starts[bucket] = place + 1;
        }
        for (; i < count; i++) {
            int bucket = digits[i] & starts.length - 1;
            int place = starts[bucket];
            to[place] = keys[at + i];
            starts[bucket] = place + 1;
        }
    }

    /** Copies each key, and its companion, to where its bucket starts, which then starts one later. */
    static void deal(int[] digits, int count, int[] keys, int[] companions, int at, int[] starts, int[] toKeys, int[] toCompanions) {
        int i = 0;
        for (; i <= count - 8; i += 8) {
            int bucket;
            int place;
            bucket = digits[i] & starts.length - 1;
            place = starts[bucket];
            toKeys[place] = keys[at + i];
            toCompanions[place] = companions[at + i];
            starts[bucket] = place + 1;
            bucket = digits[i + 1] & starts.length - 1;
            place = starts[bucket];
            toKeys[place] = keys[at + i + 1];
            toCompanions[place] = companions[at + i + 1];
            starts[bucket] = place + 1;
            bucket = digits[i + 2] & starts.length - 1;
            place = starts[bucket];
            toKeys[place] = keys[at + i + 2];
            toCompanions[place] = companions[at + i + 2];
            starts[bucket] = place + 1;
            bucket = digits[i + 3] & starts.length - 1;
            place = starts[bucket];
            toKeys[place] = keys[at + i + 3];
            toCompanions[place] = companions[at + i + 3];
            starts[bucket] = place + 1;
            bucket = digits[i + 4] & starts.length - 1;
            place = starts[bucket];
            toKeys[place] = keys[at + i + 4];
            toCompanions[place] = companions[at + i + 4];
            starts[bucket] = place + 1;
            bucket = digits[i + 5] & starts.length - 1;
            place = starts[bucket];
            toKeys[place] = keys[at + i + 5];
            toCompanions[place] = companions[at + i + 5];
            starts[bucket] = place + 1;
            bucket = digits[i + 6] & starts.length - 1;
            place = starts[bucket];
            toKeys[place] = keys[at + i + 6];
            toCompanions[place] = companions[at + i + 6];
            starts[bucket] = place + 1;
            bucket = digits[i + 7] & starts.length - 1;
            place = starts[bucket];
            toKeys[place] = keys[at + i + 7];
            toCompanions[place] = companions[at + i + 7];
            starts[bucket] = place + 1;
        }
        for (; i < count; i++) {
            int bucket = digits[i] & starts.length - 1;
            int place = starts[bucket];
            toKeys[place] = keys[at + i];
            toCompanions[place] = companions[at + i];
            starts[bucket] = place + 1;
        }
    }
}
