package org.pontoon.engine.sort;

import java.util.Arrays;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.pontoon.engine.simd.VectorSupport;

/**
 * Radix sorts by the least digit first, which are stable: of keys, and of 64-bit words by their upper halves. Keys count from the least one
 * of the stretch, in as few digits of at most 11 bits as their range takes, all of about the same length: a digit of few
 * values would send neighbours to the same bucket, each of which waits for the one before it.
 */
final class RadixSort {

    private static final int LONGEST_DIGIT = 11;
    private static final int BUCKETS = 1 << LONGEST_DIGIT;
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
    private int digitBits;

    /**
     * Finds how far apart the keys of a stretch lie.
     *
     * @return the number of digits that tell the keys apart, 0 if all are equal
     */
    int digits(int[] keys, int at, int count) {
        findRange(keys, at, at + count);
        return digits;
    }

    /**
     * Sorts a stretch of keys, with as many numbers of another array as scratch.
     *
     * @return whether the sorted keys are in the scratch
     */
    boolean sort(int[] keys, int at, int[] scratch, int scratchAt, int count) {
        findRange(keys, at, at + count);
        countDigits(keys, at, count, scratchAt, at);
        if (digits > 0) {
            scatter(keys, scratch, at, at + count, least, low, 0, digitBits);
        }
        if (digits > 1) {
            scatter(scratch, keys, scratchAt, scratchAt + count, least, middle, digitBits, digitBits);
        }
        if (digits > 2) {
            scatter(keys, scratch, at, at + count, least, top, 2 * digitBits, digitBits);
        }
        return digits % 2 == 1;
    }

    /**
     * Sorts words by their upper halves, which are the keys.
     *
     * @return the one of the two arrays of words that now holds the sorted words
     */
    long[] sort(int[] keys, long[] words, long[] scratch, int count) {
        findRange(keys, 0, count);
        countDigits(keys, 0, count, 0, 0);
        if (digits > 0) {
            scatter(words, scratch, count, least, low, 0, digitBits);
        }
        if (digits > 1) {
            scatter(scratch, words, count, least, middle, digitBits, digitBits);
        }
        if (digits > 2) {
            scatter(words, scratch, count, least, top, 2 * digitBits, digitBits);
        }
        return digits % 2 == 0 ? words : scratch;
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
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(max - min);
        digits = (bits + LONGEST_DIGIT - 1) / LONGEST_DIGIT;
        digitBits = digits == 0 ? 0 : (bits + digits - 1) / digits;
    }

    /** Finds where each bucket of each digit starts: of the first and third digit from one place on, of the second from another. */
    private void countDigits(int[] keys, int at, int count, int oddStart, int evenStart) {
        int buckets = 1 << digitBits;
        Arrays.fill(low, 0, buckets, 0);
        Arrays.fill(middle, 0, buckets, 0);
        if (digits == 3) {
            Arrays.fill(top, 0, buckets, 0);
            countThree(keys, at, at + count, least, low, middle, top, digitBits);
            starts(top, buckets, oddStart);
        } else {
            countTwo(keys, at, at + count, least, low, middle, digitBits);
        }
        starts(low, buckets, oddStart);
        starts(middle, buckets, evenStart);
    }

    // Buckets are masked with an array's own length less 1 as well, a form for which C2 drops the bounds check. The loops over keys are
    // written out until they are longer than the 325 bytecodes that C2 inlines: inside a longer method they took a third longer.

    private static void countThree(int[] keys, int from, int to, int least, int[] low, int[] middle, int[] top, int bits) {
        int mask = (1 << bits) - 1;
        int i = from;
        for (; i <= to - 6; i += 6) {
            int key;
            key = keys[i] - least;
            low[key & mask & low.length - 1]++;
            middle[key >>> bits & mask & middle.length - 1]++;
            top[key >>> 2 * bits & top.length - 1]++;
            key = keys[i + 1] - least;
            low[key & mask & low.length - 1]++;
            middle[key >>> bits & mask & middle.length - 1]++;
            top[key >>> 2 * bits & top.length - 1]++;
            key = keys[i + 2] - least;
            low[key & mask & low.length - 1]++;
            middle[key >>> bits & mask & middle.length - 1]++;
            top[key >>> 2 * bits & top.length - 1]++;
            key = keys[i + 3] - least;
            low[key & mask & low.length - 1]++;
            middle[key >>> bits & mask & middle.length - 1]++;
            top[key >>> 2 * bits & top.length - 1]++;
            key = keys[i + 4] - least;
            low[key & mask & low.length - 1]++;
            middle[key >>> bits & mask & middle.length - 1]++;
            top[key >>> 2 * bits & top.length - 1]++;
            key = keys[i + 5] - least;
            low[key & mask & low.length - 1]++;
            middle[key >>> bits & mask & middle.length - 1]++;
            top[key >>> 2 * bits & top.length - 1]++;
        }
        for (; i < to; i++) {
            int key = keys[i] - least;
            low[key & mask & low.length - 1]++;
            middle[key >>> bits & mask & middle.length - 1]++;
            top[key >>> 2 * bits & top.length - 1]++;
        }
    }

    private static void countTwo(int[] keys, int from, int to, int least, int[] low, int[] middle, int bits) {
        int mask = (1 << bits) - 1;
        int i = from;
        for (; i <= to - 8; i += 8) {
            int key;
            key = keys[i] - least;
            low[key & mask & low.length - 1]++;
            middle[key >>> bits & middle.length - 1]++;
            key = keys[i + 1] - least;
            low[key & mask & low.length - 1]++;
            middle[key >>> bits & middle.length - 1]++;
            key = keys[i + 2] - least;
            low[key & mask & low.length - 1]++;
            middle[key >>> bits & middle.length - 1]++;
            key = keys[i + 3] - least;
            low[key & mask & low.length - 1]++;
            middle[key >>> bits & middle.length - 1]++;
            key = keys[i + 4] - least;
            low[key & mask & low.length - 1]++;
            middle[key >>> bits & middle.length - 1]++;
            key = keys[i + 5] - least;
            low[key & mask & low.length - 1]++;
            middle[key >>> bits & middle.length - 1]++;
            key = keys[i + 6] - least;
            low[key & mask & low.length - 1]++;
            middle[key >>> bits & middle.length - 1]++;
            key = keys[i + 7] - least;
            low[key & mask & low.length - 1]++;
            middle[key >>> bits & middle.length - 1]++;
        }
        for (; i < to; i++) {
            int key = keys[i] - least;
            low[key & mask & low.length - 1]++;
            middle[key >>> bits & middle.length - 1]++;
        }
    }

    private static void starts(int[] counts, int buckets, int from) {
        int start = from;
        for (int i = 0; i < buckets; i++) {
            int next = start + counts[i];
            counts[i] = start;
            start = next;
        }
    }

    private static void scatter(int[] keys, int[] result, int from, int to, int least, int[] starts, int shift, int bits) {
        int mask = (1 << bits) - 1;
        int i = from;
        for (; i <= to - 8; i += 8) {
            int key;
            int bucket;
            int place;
            key = keys[i];
            bucket = key - least >>> shift & mask & starts.length - 1;
            place = starts[bucket];
            result[place] = key;
            starts[bucket] = place + 1;
            key = keys[i + 1];
            bucket = key - least >>> shift & mask & starts.length - 1;
            place = starts[bucket];
            result[place] = key;
            starts[bucket] = place + 1;
            key = keys[i + 2];
            bucket = key - least >>> shift & mask & starts.length - 1;
            place = starts[bucket];
            result[place] = key;
            starts[bucket] = place + 1;
            key = keys[i + 3];
            bucket = key - least >>> shift & mask & starts.length - 1;
            place = starts[bucket];
            result[place] = key;
            starts[bucket] = place + 1;
            key = keys[i + 4];
            bucket = key - least >>> shift & mask & starts.length - 1;
            place = starts[bucket];
            result[place] = key;
            starts[bucket] = place + 1;
            key = keys[i + 5];
            bucket = key - least >>> shift & mask & starts.length - 1;
            place = starts[bucket];
            result[place] = key;
            starts[bucket] = place + 1;
            key = keys[i + 6];
            bucket = key - least >>> shift & mask & starts.length - 1;
            place = starts[bucket];
            result[place] = key;
            starts[bucket] = place + 1;
            key = keys[i + 7];
            bucket = key - least >>> shift & mask & starts.length - 1;
            place = starts[bucket];
            result[place] = key;
            starts[bucket] = place + 1;
        }
        for (; i < to; i++) {
            int key = keys[i];
            int bucket = key - least >>> shift & mask & starts.length - 1;
            int place = starts[bucket];
            result[place] = key;
            starts[bucket] = place + 1;
        }
    }

    private static void scatter(long[] words, long[] result, int count, int least, int[] starts, int shift, int bits) {
        int mask = (1 << bits) - 1;
        int i = 0;
        for (; i <= count - 8; i += 8) {
            long word;
            int bucket;
            int place;
            word = words[i];
            bucket = (int) (word >> 32) - least >>> shift & mask & starts.length - 1;
            place = starts[bucket];
            result[place] = word;
            starts[bucket] = place + 1;
            word = words[i + 1];
            bucket = (int) (word >> 32) - least >>> shift & mask & starts.length - 1;
            place = starts[bucket];
            result[place] = word;
            starts[bucket] = place + 1;
            word = words[i + 2];
            bucket = (int) (word >> 32) - least >>> shift & mask & starts.length - 1;
            place = starts[bucket];
            result[place] = word;
            starts[bucket] = place + 1;
            word = words[i + 3];
            bucket = (int) (word >> 32) - least >>> shift & mask & starts.length - 1;
            place = starts[bucket];
            result[place] = word;
            starts[bucket] = place + 1;
            word = words[i + 4];
            bucket = (int) (word >> 32) - least >>> shift & mask & starts.length - 1;
            place = starts[bucket];
            result[place] = word;
            starts[bucket] = place + 1;
            word = words[i + 5];
            bucket = (int) (word >> 32) - least >>> shift & mask & starts.length - 1;
            place = starts[bucket];
            result[place] = word;
            starts[bucket] = place + 1;
            word = words[i + 6];
            bucket = (int) (word >> 32) - least >>> shift & mask & starts.length - 1;
            place = starts[bucket];
            result[place] = word;
            starts[bucket] = place + 1;
            word = words[i + 7];
            bucket = (int) (word >> 32) - least >>> shift & mask & starts.length - 1;
            place = starts[bucket];
            result[place] = word;
            starts[bucket] = place + 1;
        }
        for (; i < count; i++) {
            long word = words[i];
            int bucket = (int) (word >> 32) - least >>> shift & mask & starts.length - 1;
            int place = starts[bucket];
            result[place] = word;
            starts[bucket] = place + 1;
        }
    }
}
