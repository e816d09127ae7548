package org.pontoon.engine.internal.vector;

import static org.pontoon.engine.internal.scalar.FloatKeys.value;

import java.util.Arrays;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sorts floats by their keys. Pieces are halved with vector compression: the lesser keys close up where they are, the greater ones go to the
 * piece's spare room, so that nothing is counted first; each half gets as spare what the other one left. Keys that equal a frequent pivot are
 * done with. Pieces that fit the second-level cache go to a radix sort if two digits tell their keys apart, or else their places; those of
 * up to {@link SortingNetwork#CAPACITY} go to a sorting network. Not stable, which among equal bits nobody can see.
 */
public final class KeySort {

    private static final VectorSpecies<Integer> I = VectorSupport.INTS;
    private static final int L = VectorSupport.LANES;
    private static final int MANY = 4096;
    private static final int SAMPLE = 64;
    private static final int DEPTH_LIMIT = 64;
    // measured: below it a radix sort counts more buckets than keys, above it it leaves the second-level cache
    private static final int RADIX_LEAST = 2048;
    private static final int PLACE_LEAST = 8192;
    private static final int RADIX_MOST = PlaceSort.MOST;

    private int[] near = new int[0];
    private int[] far = new int[0];
    private final int[] leaf = new int[SortingNetwork.CAPACITY];
    private final int[] otherLeaf = new int[SortingNetwork.CAPACITY];
    private final RadixSort radix = new RadixSort();
    private final PlaceSort placeSort = new PlaceSort();
    private float[] out;
    private long random;
    private boolean repeated;

    public void sort(float[] values, int offset, int count) {
        if (near.length < count + L) {
            near = new int[count + L];
        }
        FloatKeys.toKeys(values, offset, count, near);
        if (ascending(near, count)) {
            return;
        }
        if (descending(near, count)) {
            reverse(values, offset, count);
            return;
        }
        if (count > SortingNetwork.CAPACITY && far.length < count + L) {
            far = new int[count + L];
        }
        out = values;
        random = count;
        sort(near, 0, far, 0, count, offset, 0);
        out = null;
    }

    private static boolean ascending(int[] keys, int count) {
        int i = 1;
        for (; i <= count - L; i += L) {
            if (IntVector.fromArray(I, keys, i).compare(VectorOperators.LT, IntVector.fromArray(I, keys, i - 1)).anyTrue()) {
                return false;
            }
        }
        for (; i < count; i++) {
            if (keys[i] < keys[i - 1]) {
                return false;
            }
        }
        return true;
    }

    private static boolean descending(int[] keys, int count) {
        int i = 1;
        for (; i <= count - L; i += L) {
            if (IntVector.fromArray(I, keys, i).compare(VectorOperators.GT, IntVector.fromArray(I, keys, i - 1)).anyTrue()) {
                return false;
            }
        }
        for (; i < count; i++) {
            if (keys[i] > keys[i - 1]) {
                return false;
            }
        }
        return true;
    }

    /** Where few values are frequent, most small pieces hold but one. */
    private static boolean equal(int[] keys, int at, int count) {
        int key = keys[at];
        for (int i = at + 1; i < at + count; i++) {
            if (keys[i] != key) {
                return false;
            }
        }
        return true;
    }

    private static void reverse(float[] values, int offset, int count) {
        for (int i = offset, j = offset + count - 1; i < j; i++, j--) {
            float value = values[i];
            values[i] = values[j];
            values[j] = value;
        }
    }

    /**
     * Sorts the keys at {@code at} into the result at {@code outAt}. Both stretches are overwritten, and up to a vector behind the spare one:
     * the greater half is always sorted first, so that only what is done with or never used lies there.
     */
    private void sort(int[] keys, int at, int[] spare, int spareAt, int count, int outAt, int depth) {
        if (count <= SortingNetwork.CAPACITY) {
            if (equal(keys, at, count)) {
                Arrays.fill(out, outAt, outAt + count, value(keys[at]));
                return;
            }
            System.arraycopy(keys, at, leaf, 0, count);
            FloatKeys.toValues(SortingNetwork.sort(leaf, otherLeaf, count), 0, count, out, outAt);
            return;
        }
        int pivot = choosePivot(keys, at, count);
        boolean apart = repeated;
        boolean small = !apart && count >= RADIX_LEAST && count <= RADIX_MOST;
        if (depth == DEPTH_LIMIT || small && radix.digits(keys, at, count) <= 2) {
            boolean moved = radix.sort(keys, at, spare, spareAt, count);
            FloatKeys.toValues(moved ? spare : keys, moved ? spareAt : at, count, out, outAt);
            return;
        }
        if (small && count >= PLACE_LEAST && placeSort.sort(keys, at, spare, spareAt, count)) {
            FloatKeys.toValues(keys, at, count, out, outAt);
            return;
        }
        int lesser = split(keys, at, spare, spareAt, count, pivot);
        if (lesser < count) {
            sort(spare, spareAt, keys, at + lesser, count - lesser, outAt + lesser, depth + 1);
        }
        if (apart || lesser == count) {
            // the pivot is a frequent key or the greatest one: set all that equal it apart
            int below = split(keys, at, spare, spareAt, lesser, pivot - 1);
            Arrays.fill(out, outAt + below, outAt + lesser, value(pivot));
            lesser = below;
        }
        if (lesser > 0) {
            sort(keys, at, spare, spareAt + count - lesser, lesser, outAt, depth + 1);
        }
    }

    /** Chooses a key near the median, and leaves whether it was met more than once. */
    private int choosePivot(int[] keys, int at, int count) {
        if (count <= MANY) {
            int a = median(sample(keys, at, count), sample(keys, at, count), sample(keys, at, count));
            int b = median(sample(keys, at, count), sample(keys, at, count), sample(keys, at, count));
            int c = median(sample(keys, at, count), sample(keys, at, count), sample(keys, at, count));
            int pivot = median(a, b, c);
            repeated = a == b && b == pivot || b == c && c == pivot || a == c && c == pivot;
            return pivot;
        }
        for (int i = 0; i < SAMPLE; i++) {
            leaf[i] = sample(keys, at, count);
        }
        int[] sorted = SortingNetwork.sort(leaf, otherLeaf, SAMPLE);
        int pivot = sorted[SAMPLE / 2];
        repeated = pivot == sorted[SAMPLE / 2 - 1];
        return pivot;
    }

    private int sample(int[] keys, int at, int count) {
        random = random * 6364136223846793005L + 1442695040888963407L;
        return keys[at + (int) ((random >>> 33) * count >>> 31)];
    }

    private static int median(int a, int b, int c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }

    /**
     * Closes up the keys up to the pivot where they are, copies the others to the spare room and returns the number of the former. Four vectors
     * a turn make it longer than the 325 bytecodes that C2 inlines: inside the recursion it is a fifth slower.
     */
    private static int split(int[] keys, int at, int[] spare, int spareAt, int count, int pivot) {
        int lesser = at;
        int greater = spareAt;
        int end = at + count;
        int i = at;
        IntVector v;
        VectorMask<Integer> up;
        int moved;
        for (; i <= end - 4 * L; i += 4 * L) {
            v = IntVector.fromArray(I, keys, i);
            up = v.compare(VectorOperators.GT, pivot);
            moved = up.trueCount();
            v.compress(up).intoArray(spare, greater);
            v.compress(up.not()).intoArray(keys, lesser);
            greater += moved;
            lesser += L - moved;
            v = IntVector.fromArray(I, keys, i + L);
            up = v.compare(VectorOperators.GT, pivot);
            moved = up.trueCount();
            v.compress(up).intoArray(spare, greater);
            v.compress(up.not()).intoArray(keys, lesser);
            greater += moved;
            lesser += L - moved;
            v = IntVector.fromArray(I, keys, i + 2 * L);
            up = v.compare(VectorOperators.GT, pivot);
            moved = up.trueCount();
            v.compress(up).intoArray(spare, greater);
            v.compress(up.not()).intoArray(keys, lesser);
            greater += moved;
            lesser += L - moved;
            v = IntVector.fromArray(I, keys, i + 3 * L);
            up = v.compare(VectorOperators.GT, pivot);
            moved = up.trueCount();
            v.compress(up).intoArray(spare, greater);
            v.compress(up.not()).intoArray(keys, lesser);
            greater += moved;
            lesser += L - moved;
        }
        for (; i <= end - L; i += L) {
            v = IntVector.fromArray(I, keys, i);
            up = v.compare(VectorOperators.GT, pivot);
            moved = up.trueCount();
            v.compress(up).intoArray(spare, greater);
            v.compress(up.not()).intoArray(keys, lesser);
            greater += moved;
            lesser += L - moved;
        }
        for (; i < end; i++) {
            int key = keys[i];
            if (key > pivot) {
                spare[greater++] = key;
            } else {
                keys[lesser++] = key;
            }
        }
        return lesser - at;
    }
}
