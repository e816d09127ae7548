package org.pontoon.engine.internal.scalar;

/**
 * Another way to the order of the vector room, which is unique: a radix sort by the digits of keys, the least digit first. Words hold a key
 * in their upper half, and in the lower one what it carries.
 */
public final class PairSort {

    private final Digits digits = new Digits();
    private int[] keys = new int[0];
    private long[] words = new long[0];
    private long[] spare = new long[0];

    public void argsort(float[] values, int offset, int count, int[] order) {
        toKeys(values, offset, count);
        for (int from = 0; from < count; from += Digits.PIECE) {
            carryPositions(keys, from, Math.min(count, from + Digits.PIECE), words);
        }
        sort(count);
        for (int from = 0; from < count; from += Digits.PIECE) {
            toPositions(words, from, Math.min(count, from + Digits.PIECE), order);
        }
    }

    public void sortWithOrder(float[] values, int offset, int count, int[] order) {
        argsort(values, offset, count, order);
        toValues(values, offset, count);
    }

    public void sortPairs(float[] values, int offset, float[] companions, int companionOffset, int count) {
        toKeys(values, offset, count);
        for (int from = 0; from < count; from += Digits.PIECE) {
            carry(keys, companions, companionOffset, from, Math.min(count, from + Digits.PIECE), words);
        }
        sort(count);
        toValues(values, offset, count);
        for (int from = 0; from < count; from += Digits.PIECE) {
            toCompanions(words, from, Math.min(count, from + Digits.PIECE), companions, companionOffset);
        }
    }

    private void toKeys(float[] values, int offset, int count) {
        if (keys.length < count) {
            keys = new int[count];
            words = new long[count];
            spare = new long[count];
        }
        FloatKeys.toUnsigned(values, offset, count, keys);
        digits.count(keys, count);
    }

    private void toValues(float[] values, int offset, int count) {
        for (int from = 0; from < count; from += Digits.PIECE) {
            toKeys(words, from, Math.min(count, from + Digits.PIECE), keys);
        }
        FloatKeys.ofUnsigned(keys, count, values, offset);
    }

    /** Sorts the words, which stay the words. */
    private void sort(int count) {
        for (int digit = 0; digit < digits.number(); digit++) {
            if (digits.begin(digit, count)) {
                for (int from = 0; from < count; from += Digits.PIECE) {
                    deal(words, from, Math.min(count, from + Digits.PIECE), Integer.SIZE + digits.shift(digit), digits.mask(),
                        digits.starts(digit), spare);
                }
                long[] dealt = spare;
                spare = words;
                words = dealt;
            }
        }
    }

    private static void deal(long[] words, int from, int to, int shift, int mask, int[] starts, long[] out) {
        for (int i = from; i < to; i++) {
            long word = words[i];
            int bucket = (int) (word >>> shift) & mask;
            int place = starts[bucket];
            out[place] = word;
            starts[bucket] = place + 1;
        }
    }

    private static void carryPositions(int[] keys, int from, int to, long[] words) {
        for (int i = from; i < to; i++) {
            words[i] = (long) keys[i] << Integer.SIZE | i;
        }
    }

    private static void carry(int[] keys, float[] companions, int offset, int from, int to, long[] words) {
        for (int i = from; i < to; i++) {
            words[i] = (long) keys[i] << Integer.SIZE | Integer.toUnsignedLong(Float.floatToRawIntBits(companions[offset + i]));
        }
    }

    private static void toPositions(long[] words, int from, int to, int[] order) {
        for (int i = from; i < to; i++) {
            order[i] = (int) words[i];
        }
    }

    private static void toCompanions(long[] words, int from, int to, float[] companions, int offset) {
        for (int i = from; i < to; i++) {
            companions[offset + i] = Float.intBitsToFloat((int) words[i]);
        }
    }

    private static void toKeys(long[] words, int from, int to, int[] keys) {
        for (int i = from; i < to; i++) {
            keys[i] = (int) (words[i] >>> Integer.SIZE);
        }
    }
}
