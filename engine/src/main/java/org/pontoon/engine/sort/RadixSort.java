package org.pontoon.engine.sort;

import java.util.Arrays;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.pontoon.engine.simd.VectorSupport;

/**
 * Radix sorts by the least digit first, which are stable: of keys, and of 64-bit words by their upper halves. Keys count from the least one
 * of the stretch, in as many digits of 11 bits as their range has.
 */
final class RadixSort {

    private static final int DIGIT = 11;
    private static final int BUCKETS = 1 << DIGIT;
    private static final int L = VectorSupport.LANES;
    // allowed: on integers it is one instruction
    private static final VectorOperators.Associative MIN = VectorOperators.MIN;
    // allowed: on integers it is one instruction
    private static final VectorOperators.Associative MAX = VectorOperators.MAX;

    private final int[] low = new int[BUCKETS];
    private final int[] middle = new int[BUCKETS];
    private final int[] top = new int[BUCKETS];
    private final int[] lanes = new int[L];
    private int least;
    private int digits;

    /**
     * Sorts a stretch of an array of keys with the same stretch of another as scratch.
     *
     * @return the one of the two that now holds the sorted keys
     */
    int[] sort(int[] keys, int[] scratch, int from, int count) {
        prepare(keys, from, count);
        if (digits == 0) {
            return keys;
        }
        scatter(keys, scratch, from, from + count, least, low, 0);
        if (digits == 1) {
            return scratch;
        }
        scatter(scratch, keys, from, from + count, least, middle, DIGIT);
        if (digits == 2) {
            return keys;
        }
        scatter(keys, scratch, from, from + count, least, top, 2 * DIGIT);
        return scratch;
    }

    /**
     * Sorts words by their upper halves, which are the keys.
     *
     * @return the one of the two arrays of words that now holds the sorted words
     */
    long[] sort(int[] keys, long[] words, long[] scratch, int count) {
        prepare(keys, 0, count);
        if (digits == 0) {
            return words;
        }
        scatter(words, scratch, count, least, low, 0);
        if (digits == 1) {
            return scratch;
        }
        scatter(scratch, words, count, least, middle, DIGIT);
        if (digits == 2) {
            return words;
        }
        scatter(words, scratch, count, least, top, 2 * DIGIT);
        return scratch;
    }

    /** Finds least key and number of digits, and where each bucket of each digit starts. */
    private void prepare(int[] keys, int from, int count) {
        findRange(keys, from, from + count);
        Arrays.fill(low, 0);
        Arrays.fill(middle, 0);
        if (digits == 3) {
            Arrays.fill(top, 0);
            countThree(keys, from, from + count, least, low, middle, top);
            starts(top, from);
        } else {
            countTwo(keys, from, from + count, least, low, middle);
        }
        starts(low, from);
        starts(middle, from);
    }

    private void findRange(int[] keys, int from, int to) {
        IntVector least = IntVector.broadcast(VectorSupport.INTS, Integer.MAX_VALUE);
        IntVector greatest = IntVector.broadcast(VectorSupport.INTS, Integer.MIN_VALUE);
        int i = from;
        for (; i <= to - L; i += L) {
            IntVector v = IntVector.fromArray(VectorSupport.INTS, keys, i);
            least = least.lanewise(MIN, v);
            greatest = greatest.lanewise(MAX, v);
        }
        int min = Integer.MAX_VALUE;
        int max = Integer.MIN_VALUE;
        for (; i < to; i++) {
            min = Math.min(min, keys[i]);
            max = Math.max(max, keys[i]);
        }
        least.intoArray(lanes, 0);
        for (int lane : lanes) {
            min = Math.min(min, lane);
        }
        greatest.intoArray(lanes, 0);
        for (int lane : lanes) {
            max = Math.max(max, lane);
        }
        this.least = min;
        // the difference is right as an unsigned number
        digits = (Integer.SIZE - Integer.numberOfLeadingZeros(max - min) + DIGIT - 1) / DIGIT;
    }

    // Buckets are masked with an array's own length less 1, a form for which C2 drops the bounds check.

    private static void countThree(int[] keys, int from, int to, int least, int[] low, int[] middle, int[] top) {
        for (int i = from; i < to; i++) {
            int key = keys[i] - least;
            low[key & low.length - 1]++;
            middle[key >>> DIGIT & middle.length - 1]++;
            top[key >>> 2 * DIGIT & top.length - 1]++;
        }
    }

    private static void countTwo(int[] keys, int from, int to, int least, int[] low, int[] middle) {
        for (int i = from; i < to; i++) {
            int key = keys[i] - least;
            low[key & low.length - 1]++;
            middle[key >>> DIGIT & middle.length - 1]++;
        }
    }

    private static void starts(int[] counts, int from) {
        int start = from;
        for (int i = 0; i < counts.length; i++) {
            int next = start + counts[i];
            counts[i] = start;
            start = next;
        }
    }

    private static void scatter(int[] keys, int[] result, int from, int to, int least, int[] starts, int shift) {
        for (int i = from; i < to; i++) {
            int key = keys[i];
            int bucket = key - least >>> shift & starts.length - 1;
            int at = starts[bucket];
            result[at] = key;
            starts[bucket] = at + 1;
        }
    }

    private static void scatter(long[] words, long[] result, int count, int least, int[] starts, int shift) {
        for (int i = 0; i < count; i++) {
            long word = words[i];
            int bucket = (int) (word >> 32) - least >>> shift & starts.length - 1;
            int at = starts[bucket];
            result[at] = word;
            starts[bucket] = at + 1;
        }
    }
}
