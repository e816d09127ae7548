package org.pontoon.engine.sort;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.pontoon.engine.simd.VectorSupport;

/**
 * Finds the order of up to {@link #MOST} floats by sorting 32-bit words as {@link KeySort} does: the upper bits say where a value lies between
 * the least and the greatest, the lower ones hold its position. What has the same upper bits is put in order by insertion, which is stable
 * and cheap unless values crowd: then it gives up.
 */
final class PlaceSort {

    /** The most values: with twice as many the insertions cost more than a radix sort saves (measured). */
    static final int MOST = 1 << 14;

    private static final int WORD_BITS = 31;
    private static final int MOST_PLACE_BITS = 20;
    private static final int PATIENCE = 4;
    private static final int L = VectorSupport.LANES;

    private final KeySort keySort;
    private int[] sorted = new int[0];

    /**
     * Makes a sort.
     *
     * @param keySort sorts the words
     */
    PlaceSort(KeySort keySort) {
        this.keySort = keySort;
    }

    /** The sorted keys of the last success. */
    int[] keys() {
        return sorted;
    }

    /**
     * Finds the order of a stretch of values.
     *
     * @param values no NaN
     * @param keys their keys, from 0
     * @param count from 1 to {@link #MOST}
     * @param order receives positions, from 0
     * @return whether it was found; values that crowd, are infinite or all equal are left to others
     */
    boolean sort(float[] values, int offset, int[] keys, int count, int[] order) {
        int least = keys[0];
        int greatest = least;
        for (int i = 1; i < count; i++) {
            least = Math.min(least, keys[i]);
            greatest = Math.max(greatest, keys[i]);
        }
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(count - 1);
        int places = (1 << Math.min(MOST_PLACE_BITS, WORD_BITS - bits)) - 2;
        float origin = FloatKeys.value(least);
        float scale = places / (FloatKeys.value(greatest) - origin);
        if (!(scale > 0 && scale < Float.POSITIVE_INFINITY)) {
            return false;
        }
        if (sorted.length < count) {
            sorted = new int[count];
        }
        toWords(values, offset, count, origin, scale, bits, keySort.room(count));
        return putInOrder(keySort.sortRoom(count), (1 << bits) - 1, keys, count, sorted, order);
    }

    private static void toWords(float[] values, int offset, int count, float origin, float scale, int bits, int[] words) {
        IntVector positions = IntVector.zero(VectorSupport.INTS).addIndex(1);
        int i = 0;
        for (; i <= count - L; i += L) {
            IntVector places = (IntVector) FloatVector.fromArray(VectorSupport.FLOATS, values, offset + i).sub(origin).mul(scale)
                .convert(VectorOperators.F2I, 0);
            places.lanewise(VectorOperators.LSHL, bits).or(positions).intoArray(words, i);
            positions = positions.add(L);
        }
        for (; i < count; i++) {
            words[i] = (int) ((values[offset + i] - origin) * scale) << bits | i;
        }
    }

    private static boolean putInOrder(int[] words, int mask, int[] keys, int count, int[] sorted, int[] order) {
        int moves = PATIENCE * count;
        for (int i = 0; i < count; i++) {
            int position = words[i] & mask;
            int key = keys[position];
            int j = i;
            while (j > 0 && sorted[j - 1] > key) {
                sorted[j] = sorted[j - 1];
                order[j] = order[j - 1];
                j--;
            }
            sorted[j] = key;
            order[j] = position;
            moves -= i - j;
            if (moves < 0) {
                return false;
            }
        }
        return true;
    }
}
