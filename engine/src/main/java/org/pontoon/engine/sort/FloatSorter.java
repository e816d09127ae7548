package org.pontoon.engine.sort;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

import org.pontoon.engine.internal.kernel.KeySort;
import org.pontoon.engine.internal.kernel.PairSort;

/**
 * Sorts float32 numbers in ascending order, alone, with their order, or with a second number each. The order is total: -0 comes before +0,
 * infinities at the ends; NaN is refused. Whatever carries something is stable: equal values stay in the order of their input.
 *
 * <p>A sorter owns its scratch, which grows to 52 bytes a number at most and is kept, so that a call allocates nothing once a larger one has gone
 * before. It belongs to one thread.
 */
public final class FloatSorter {

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private final KeySort keySort = new KeySort();
    private final PairSort pairSort = new PairSort();
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
        check(values, offset, count, order);
        pairSort.argsort(values, offset, count, order);
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
        check(values, offset, count, order);
        pairSort.sortWithOrder(values, offset, count, order);
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
        Objects.checkFromIndexSize(offset, count, values.length);
        pairSort.sortPairs(values, offset, companions, companionOffset, count);
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

    private static void check(float[] values, int offset, int count, int[] order) {
        Objects.checkFromIndexSize(0, count, order.length);
        Objects.checkFromIndexSize(offset, count, values.length);
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
