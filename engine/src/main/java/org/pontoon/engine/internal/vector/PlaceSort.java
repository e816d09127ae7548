package org.pontoon.engine.internal.vector;

import static org.pontoon.engine.internal.scalar.FloatKeys.value;

import java.util.Arrays;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Sorts keys by their place: where on an even scale from the least to the greatest their value lies, in two digits of at most 11 bits. Two
 * passes of a radix sort put places in order, and an insertion, which is stable and hardly ever moves anything, keys of the same place. So
 * two passes do what the keys' own 32 bits need three for, unless values crowd in few places: then it gives up.
 *
 * <p>With companions, words of 32 bits are sorted that hold a key's place above and its position below.
 */
final class PlaceSort {

    /** The most keys: they stay in the second-level cache. */
    static final int MOST = 1 << 15;
    /** The most with companions: with more, positions leave too few bits for places. */
    static final int MOST_WITH_COMPANIONS = 1 << 14;

    private static final int PATIENCE = 2;
    private static final int L = VectorSupport.LANES;

    private final KeyRange range = new KeyRange();
    private final int[] low = new int[RadixPass.BUCKETS];
    private final int[] high = new int[RadixPass.BUCKETS];
    private final int[] leaf = new int[SortingNetwork.CAPACITY];
    private final int[] otherLeaf = new int[SortingNetwork.CAPACITY];
    private final int[] piece = new int[RadixPass.PIECE];
    private int[] words = new int[0];
    private int[] otherWords = new int[0];

    /**
     * Sorts a stretch of keys.
     *
     * @param keys the keys, which stay in disorder on failure
     * @param at where they start
     * @param scratch as many integers, which are overwritten
     * @param scratchAt where they start
     * @param count from 1 to {@link #MOST}
     * @return whether they are sorted
     */
    boolean sort(int[] keys, int at, int[] scratch, int scratchAt, int count) {
        range.find(keys, at, at + count);
        int digit = Math.clamp(bits(count) - 2, 1, RadixPass.LONGEST_DIGIT);
        float scale = scale(2 * digit);
        if (!usable(scale)) {
            return false;
        }
        growTo(count);
        toPlaces(keys, at, count, value(range.least()), scale, words);
        if (!findStarts(words, count, 0, digit, scratchAt, at)) {
            return false;
        }
        deal(keys, at, count, scale, 0, digit, low, scratch);
        deal(scratch, scratchAt, count, scale, digit, digit, high, keys);
        return putInOrder(keys, at, count);
    }

    /**
     * Sorts a stretch of keys, and companions with them. Stable.
     *
     * @param keys the keys, which stay as they are
     * @param companions as many numbers, from the same place on; null for the keys' positions from there
     * @param at where both start
     * @param count from 1 to {@link #MOST_WITH_COMPANIONS}
     * @param sorted receives the keys; both results are undefined on failure
     * @param carried receives the companions
     * @param out where both results start
     * @return whether they are sorted
     */
    boolean sort(int[] keys, int[] companions, int at, int count, int[] sorted, int[] carried, int out) {
        range.find(keys, at, at + count);
        int positionBits = bits(count);
        int positions = (1 << positionBits) - 1;
        if (count <= SortingNetwork.CAPACITY) {
            // the network compares with sign
            float scale = scale(Math.min(2 * RadixPass.LONGEST_DIGIT, Integer.SIZE - 1 - positionBits));
            if (!usable(scale)) {
                return false;
            }
            toWords(keys, at, count, value(range.least()), scale, positionBits, leaf);
            gather(SortingNetwork.sort(leaf, otherLeaf, count), positions, count, keys, companions, at, sorted, carried, out);
        } else {
            int digit = Math.min(Math.min(RadixPass.LONGEST_DIGIT, (Integer.SIZE - positionBits) / 2), positionBits - 3);
            float scale = scale(2 * digit);
            if (!usable(scale)) {
                return false;
            }
            growTo(count);
            toWords(keys, at, count, value(range.least()), scale, positionBits, words);
            if (!findStarts(words, count, positionBits, digit, 0, 0)) {
                return false;
            }
            deal(words, count, positionBits, digit, low, otherWords);
            deal(otherWords, count, positionBits + digit, digit, high, words);
            gather(words, positions, count, keys, companions, at, sorted, carried, out);
        }
        return putInOrder(sorted, carried, out, count);
    }

    /** Bits that tell so many positions apart. */
    private static int bits(int count) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(count - 1);
    }

    private float scale(int bits) {
        // less 2: rounding up must not reach the next power
        return ((1 << bits) - 2) / (value(range.greatest()) - value(range.least()));
    }

    /** Not where all values are equal, nearly so, or infinitely far apart. */
    private static boolean usable(float scale) {
        return scale > 0 && scale < Float.POSITIVE_INFINITY;
    }

    private void growTo(int count) {
        if (words.length < count) {
            words = new int[count];
            otherWords = new int[count];
        }
    }

    /** Writes the places of keys. */
    static void toPlaces(int[] keys, int at, int count, float origin, float scale, int[] places) {
        int i = 0;
        for (; i <= count - L; i += L) {
            IntVector key = IntVector.fromArray(VectorSupport.INTS, keys, at + i);
            key.lanewise(VectorOperators.ASHR, 31).lanewise(VectorOperators.LSHR, 1).lanewise(VectorOperators.XOR, key)
                .reinterpretAsFloats().sub(origin).mul(scale).convert(VectorOperators.F2I, 0).reinterpretAsInts().intoArray(places, i);
        }
        for (; i < count; i++) {
            places[i] = (int) ((value(keys[at + i]) - origin) * scale);
        }
    }

    private static void toWords(int[] keys, int at, int count, float origin, float scale, int positionBits, int[] words) {
        IntVector positions = IntVector.zero(VectorSupport.INTS).addIndex(1);
        IntVector next = IntVector.broadcast(VectorSupport.INTS, L);
        int i = 0;
        for (; i <= count - L; i += L) {
            IntVector key = IntVector.fromArray(VectorSupport.INTS, keys, at + i);
            IntVector place = (IntVector) key.lanewise(VectorOperators.ASHR, 31).lanewise(VectorOperators.LSHR, 1)
                .lanewise(VectorOperators.XOR, key).reinterpretAsFloats().sub(origin).mul(scale).convert(VectorOperators.F2I, 0);
            place.lanewise(VectorOperators.LSHL, positionBits).or(positions).intoArray(words, i);
            positions = next.add(positions);
        }
        for (; i < count; i++) {
            words[i] = (int) ((value(keys[at + i]) - origin) * scale) << positionBits | i;
        }
    }

    /** Finds where the buckets of two digits start; false if values crowd, so that insertion would have too much to move. */
    private boolean findStarts(int[] words, int count, int shift, int digit, int lowStart, int highStart) {
        int buckets = 1 << digit;
        Arrays.fill(low, 0, buckets, 0);
        Arrays.fill(high, 0, buckets, 0);
        for (int i = 0; i < count; i += piece.length) {
            int length = Math.min(piece.length, count - i);
            RadixPass.toDigits(words, i, length, 0, shift, buckets - 1, piece);
            RadixPass.count(piece, length, low);
            RadixPass.toDigits(words, i, length, 0, shift + digit, buckets - 1, piece);
            RadixPass.count(piece, length, high);
        }
        long lowSquares = RadixPass.starts(low, buckets, lowStart);
        long highSquares = RadixPass.starts(high, buckets, highStart);
        // first: pairs of the same place, were values spread evenly over the places of their bucket of the upper digit; second: where the
        // lower digit takes few values too, few values are distinct, and equal ones need no moving
        return highSquares <= (long) count * buckets || lowSquares * (buckets / 8) >= (long) count * count;
    }

    /** Deals words out by one of their digits. */
    private void deal(int[] words, int count, int shift, int digit, int[] starts, int[] to) {
        for (int i = 0; i < count; i += piece.length) {
            int length = Math.min(piece.length, count - i);
            RadixPass.toDigits(words, i, length, 0, shift, (1 << digit) - 1, piece);
            RadixPass.deal(piece, length, words, i, starts, to);
        }
    }

    /** Deals keys out by one digit of their places. */
    private void deal(int[] keys, int at, int count, float scale, int shift, int digit, int[] starts, int[] to) {
        float origin = value(range.least());
        for (int i = 0; i < count; i += piece.length) {
            int length = Math.min(piece.length, count - i);
            toPlaces(keys, at + i, length, origin, scale, piece);
            RadixPass.toDigits(piece, 0, length, 0, shift, (1 << digit) - 1, piece);
            RadixPass.deal(piece, length, keys, at + i, starts, to);
        }
    }

    /** Brings keys and companions from where the words say. */
    private static void gather(int[] words, int positions, int count, int[] keys, int[] companions, int at, int[] sorted, int[] carried,
            int out) {
        if (companions == null) {
            for (int i = 0; i < count; i++) {
                int position = words[i] & positions;
                sorted[out + i] = keys[at + position];
                carried[out + i] = position;
            }
        } else {
            for (int i = 0; i < count; i++) {
                int from = at + (words[i] & positions);
                sorted[out + i] = keys[from];
                carried[out + i] = companions[from];
            }
        }
    }

    /** Insertion, only where a vector of keys held against the one before finds it needed; false if it has too much to move. */
    private static boolean putInOrder(int[] keys, int at, int count) {
        int moves = PATIENCE * count;
        int end = at + count;
        int i = at + 1;
        while (i < end && moves >= 0) {
            if (i <= end - L) {
                VectorMask<Integer> wrong = IntVector.fromArray(VectorSupport.INTS, keys, i)
                    .compare(VectorOperators.LT, IntVector.fromArray(VectorSupport.INTS, keys, i - 1));
                // a branch, which is foreseen: the next address must not wait for this mask
                if (!wrong.anyTrue()) {
                    i += L;
                    continue;
                }
                i += wrong.firstTrue();
            }
            int key = keys[i];
            int j = i;
            while (j > at && keys[j - 1] > key) {
                keys[j] = keys[j - 1];
                j--;
            }
            keys[j] = key;
            moves -= i - j;
            i++;
        }
        return moves >= 0;
    }

    private static boolean putInOrder(int[] keys, int[] companions, int at, int count) {
        int moves = PATIENCE * count;
        int end = at + count;
        int i = at + 1;
        while (i < end && moves >= 0) {
            if (i <= end - L) {
                VectorMask<Integer> wrong = IntVector.fromArray(VectorSupport.INTS, keys, i)
                    .compare(VectorOperators.LT, IntVector.fromArray(VectorSupport.INTS, keys, i - 1));
                // a branch, which is foreseen: the next address must not wait for this mask
                if (!wrong.anyTrue()) {
                    i += L;
                    continue;
                }
                i += wrong.firstTrue();
            }
            int key = keys[i];
            int companion = companions[i];
            int j = i;
            while (j > at && keys[j - 1] > key) {
                keys[j] = keys[j - 1];
                companions[j] = companions[j - 1];
                j--;
            }
            keys[j] = key;
            companions[j] = companion;
            moves -= i - j;
            i++;
        }
        return moves >= 0;
    }
}
