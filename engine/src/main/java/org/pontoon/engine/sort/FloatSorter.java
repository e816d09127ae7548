package org.pontoon.engine.sort;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * Sorts float32 numbers in ascending order, alone, with their order, or with a second number each. The order is total: -0 comes before +0,
 * infinities at the ends; NaN is refused. Whatever carries something is stable: equal values stay in the order of their input.
 *
 * <p>A sorter owns its scratch, which grows to 28 bytes a number and is kept, so that a call allocates nothing once a larger one has gone
 * before. It belongs to one thread.
 */
public final class FloatSorter {

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    // up to here insertion is cheaper than clearing and adding up the buckets of a radix sort
    private static final int SMALL = 64;

    private final KeySort keySort = new KeySort();
    private final PlaceSort placeSort = new PlaceSort(keySort);
    private final RadixSort radix = new RadixSort();
    private int[] keys = new int[0];
    private long[] words = new long[0];
    private long[] scratch = new long[0];
    private float[] copy = new float[0];

    /** Makes a sorter with empty scratch. */
    public FloatSorter() {
    }

    /**
     * Sorts a stretch of an array.
     *
     * @param values the array
     * @param offset where the stretch starts
     * @param count its length
     * @throws IllegalArgumentException if a value is NaN, naming its place in the stretch; the array is as it was then
     * @throws IndexOutOfBoundsException if the array is too short
     */
    public void sort(float[] values, int offset, int count) {
        Objects.checkFromIndexSize(offset, count, values.length);
        keySort.sort(values, offset, count);
    }

    /**
     * Sorts float32 values in memory, in native byte order.
     *
     * @param values a whole number of floats, fewer than 2^31 - 64 of them
     * @throws IllegalArgumentException if a value is NaN, or the size is not a number of floats
     */
    public void sort(MemorySegment values) {
        int count = count(values);
        copyOf(values, count);
        keySort.sort(copy, 0, count);
        MemorySegment.copy(copy, 0, values, FLOAT, 0, count);
    }

    /**
     * Finds the order of a stretch of an array: {@code values[offset + order[0]]} is its least value. Stable.
     *
     * @param values the array, which stays as it is
     * @param offset where the stretch starts
     * @param count its length
     * @param order receives positions in the stretch, from 0
     * @throws IllegalArgumentException if a value is NaN
     * @throws IndexOutOfBoundsException if an array is too short
     */
    public void argsort(float[] values, int offset, int count, int[] order) {
        if (placesFound(values, offset, count, order)) {
            return;
        }
        long[] sorted = sortedWords(count, null, 0);
        for (int i = 0; i < count; i++) {
            order[i] = (int) sorted[i];
        }
    }

    /**
     * Finds the order of float32 values in memory, in native byte order. Stable.
     *
     * @param values a whole number of floats, fewer than 2^31 - 64 of them, which stay as they are
     * @param order receives positions, from 0
     * @throws IllegalArgumentException if a value is NaN, or the size is not a number of floats
     * @throws IndexOutOfBoundsException if the order's array is too short
     */
    public void argsort(MemorySegment values, int[] order) {
        int count = count(values);
        copyOf(values, count);
        argsort(copy, 0, count, order);
    }

    /**
     * Sorts a stretch of an array and says where each value came from. Stable.
     *
     * @param values the array
     * @param offset where the stretch starts
     * @param count its length
     * @param order receives, for each place in the sorted stretch, the position before, from 0
     * @throws IllegalArgumentException if a value is NaN; the array is as it was then
     * @throws IndexOutOfBoundsException if an array is too short
     */
    public void sortWithOrder(float[] values, int offset, int count, int[] order) {
        if (placesFound(values, offset, count, order)) {
            FloatKeys.toValues(placeSort.keys(), 0, count, values, offset);
            return;
        }
        long[] sorted = sortedWords(count, null, 0);
        for (int i = 0; i < count; i++) {
            long word = sorted[i];
            values[offset + i] = FloatKeys.value((int) (word >> 32));
            order[i] = (int) word;
        }
    }

    /**
     * Sorts a stretch of an array and takes along a second number of each value, its weight for instance. Stable.
     *
     * @param values the array
     * @param offset where the stretch starts
     * @param companions receives the same exchanges; any bits
     * @param companionOffset where its stretch starts
     * @param count length of both stretches
     * @throws IllegalArgumentException if a value is NaN; the arrays are as they were then
     * @throws IndexOutOfBoundsException if an array is too short
     */
    public void sortPairs(float[] values, int offset, float[] companions, int companionOffset, int count) {
        Objects.checkFromIndexSize(companionOffset, count, companions.length);
        toKeys(values, offset, count);
        long[] sorted = sortedWords(count, companions, companionOffset);
        for (int i = 0; i < count; i++) {
            long word = sorted[i];
            values[offset + i] = FloatKeys.value((int) (word >> 32));
            companions[companionOffset + i] = Float.intBitsToFloat((int) word);
        }
    }

    /**
     * Sorts float32 values in memory with a second number each, in native byte order. Stable.
     *
     * @param values a whole number of floats, fewer than 2^31 - 64 of them
     * @param companions as many floats; any bits
     * @throws IllegalArgumentException if a value is NaN, or the sizes do not match
     */
    public void sortPairs(MemorySegment values, MemorySegment companions) {
        int count = count(values);
        if (companions.byteSize() != values.byteSize()) {
            throw new IllegalArgumentException("companions have " + companions.byteSize() + " bytes, expected the values' "
                + values.byteSize());
        }
        if (copy.length < 2 * count) {
            copy = new float[Math.multiplyExact(2, count)];
        }
        MemorySegment.copy(values, FLOAT, 0, copy, 0, count);
        MemorySegment.copy(companions, FLOAT, 0, copy, count, count);
        sortPairs(copy, 0, copy, count, count);
        MemorySegment.copy(copy, 0, values, FLOAT, 0, count);
        MemorySegment.copy(copy, count, companions, FLOAT, 0, count);
    }

    private void toKeys(float[] values, int offset, int count) {
        Objects.checkFromIndexSize(offset, count, values.length);
        if (keys.length < count) {
            keys = new int[count];
        }
        FloatKeys.toKeys(values, offset, count, keys);
    }

    /** Makes the keys, and finds the order by 32-bit words where those do; else words of 64 bits are to be sorted. */
    private boolean placesFound(float[] values, int offset, int count, int[] order) {
        Objects.checkFromIndexSize(0, count, order.length);
        toKeys(values, offset, count);
        return count > SMALL && count <= PlaceSort.MOST && placeSort.sort(values, offset, keys, count, order);
    }

    /** Sorted words of a key above and the companion's bits, or the position, below. */
    private long[] sortedWords(int count, float[] companions, int companionOffset) {
        if (words.length < count) {
            words = new long[count];
            scratch = new long[count];
        }
        if (companions == null) {
            for (int i = 0; i < count; i++) {
                words[i] = (long) keys[i] << 32 | i;
            }
        } else {
            for (int i = 0; i < count; i++) {
                words[i] = (long) keys[i] << 32 | Float.floatToRawIntBits(companions[companionOffset + i]) & 0xFFFFFFFFL;
            }
        }
        if (count <= SMALL) {
            insertionSort(words, count);
            return words;
        }
        return radix.sort(keys, words, scratch, count);
    }

    private static void insertionSort(long[] words, int count) {
        for (int i = 1; i < count; i++) {
            long word = words[i];
            int key = (int) (word >> 32);
            int j = i;
            while (j > 0 && (int) (words[j - 1] >> 32) > key) {
                words[j] = words[j - 1];
                j--;
            }
            words[j] = word;
        }
    }

    private static int count(MemorySegment values) {
        long count = values.byteSize() / Float.BYTES;
        if (count * Float.BYTES != values.byteSize() || count > Integer.MAX_VALUE - 64) {
            throw new IllegalArgumentException("values have " + values.byteSize() + " bytes, expected a multiple of 4 below 2^33 - 256");
        }
        return (int) count;
    }

    private void copyOf(MemorySegment values, int count) {
        if (copy.length < count) {
            copy = new float[count];
        }
        MemorySegment.copy(values, FLOAT, 0, copy, 0, count);
    }
}
