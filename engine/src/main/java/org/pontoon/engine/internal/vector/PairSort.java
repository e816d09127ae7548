package org.pontoon.engine.internal.vector;

import static org.pontoon.engine.internal.scalar.FloatKeys.value;

import java.util.Arrays;

/**
 * Sorts keys and companions with them. Stable. Few go to a {@link PlaceSort} at once; many are first dealt out to buckets on an even scale
 * from the least key's value to the greatest one's, each of which then fits a first- or second-level cache. What crowds there is left to a
 * radix sort.
 */
public final class PairSort {

    private static final int FEW = 16;
    private static final int BUCKET = 2048;
    // with fewer, neighbours often go to the same bucket and wait for each other
    private static final int LEAST_BUCKETS = 256;

    private final PlaceSort placeSort = new PlaceSort();
    private final RadixSort radix = new RadixSort();
    private final KeyRange range = new KeyRange();
    private final int[] starts = new int[RadixPass.BUCKETS];
    private final int[] counts = new int[RadixPass.BUCKETS];
    private final int[] piece = new int[RadixPass.PIECE];
    private final int most;
    private int[] keys = new int[0];
    private int[] sorted = new int[0];
    private int[] companionBits = new int[0];
    private int[] carried = new int[0];
    private int[] dealtKeys = new int[0];
    private int[] dealtCompanions = new int[0];
    // 0, 1, 2 and so on
    private int[] positions = new int[0];
    private int[] spareKeys = new int[0];
    private int[] spareCompanions = new int[0];

    public PairSort() {
        this(PlaceSort.MOST_WITH_COMPANIONS);
    }

    /** Deals out more pairs than so many, which is for priming: at most {@link PlaceSort#MOST_WITH_COMPANIONS}. */
    public PairSort(int most) {
        this.most = most;
    }

    public void argsort(float[] values, int offset, int count, int[] order) {
        toKeys(values, offset, count);
        sort(keys, null, count, sorted, order);
    }

    public void sortWithOrder(float[] values, int offset, int count, int[] order) {
        argsort(values, offset, count, order);
        FloatKeys.toValues(sorted, 0, count, values, offset);
    }

    public void sortPairs(float[] values, int offset, float[] companions, int companionOffset, int count) {
        toKeys(values, offset, count);
        if (carried.length < count) {
            carried = new int[count];
            companionBits = new int[count];
        }
        FloatKeys.toBits(companions, companionOffset, count, companionBits);
        sort(keys, companionBits, count, sorted, carried);
        FloatKeys.toValues(sorted, 0, count, values, offset);
        FloatKeys.ofBits(carried, count, companions, companionOffset);
    }

    private void toKeys(float[] values, int offset, int count) {
        if (keys.length < count) {
            keys = new int[count];
            sorted = new int[count];
        }
        FloatKeys.toKeys(values, offset, count, keys);
    }

    /**
     * Sorts keys and companions.
     *
     * @param keys the keys, from 0; they stay as they are
     * @param companions as many numbers, from 0, which stay as they are; null for the keys' positions
     * @param count how many
     * @param sorted receives the keys
     * @param carried receives the companions
     */
    private void sort(int[] keys, int[] companions, int count, int[] sorted, int[] carried) {
        if (count > most && dealt(keys, companions, count)) {
            int at = 0;
            for (int bucket : counts) {
                sort(dealtKeys, dealtCompanions, at, bucket, sorted, carried);
                at += bucket;
            }
        } else {
            sort(keys, companions, 0, count, sorted, carried);
        }
    }

    /** Sorts a stretch of keys and companions to the same place of the results. */
    private void sort(int[] keys, int[] companions, int at, int count, int[] sorted, int[] carried) {
        if (count <= FEW) {
            insertionSort(keys, companions, at, count, sorted, carried);
        } else if (count > PlaceSort.MOST_WITH_COMPANIONS || !placeSort.sort(keys, companions, at, count, sorted, carried, at)) {
            radixSort(keys, companions, at, count, sorted, carried);
        }
    }

    private static void insertionSort(int[] keys, int[] companions, int at, int count, int[] sorted, int[] carried) {
        for (int i = at; i < at + count; i++) {
            int key = keys[i];
            int j = i;
            while (j > at && sorted[j - 1] > key) {
                sorted[j] = sorted[j - 1];
                carried[j] = carried[j - 1];
                j--;
            }
            sorted[j] = key;
            carried[j] = companions == null ? i - at : companions[i];
        }
    }

    private void radixSort(int[] keys, int[] companions, int at, int count, int[] sorted, int[] carried) {
        if (spareKeys.length < count) {
            spareKeys = new int[count];
            spareCompanions = new int[count];
        }
        System.arraycopy(keys, at, sorted, at, count);
        if (companions == null) {
            for (int i = 0; i < count; i++) {
                carried[at + i] = i;
            }
        } else {
            System.arraycopy(companions, at, carried, at, count);
        }
        if (radix.sort(sorted, carried, at, spareKeys, spareCompanions, 0, count)) {
            System.arraycopy(spareKeys, 0, sorted, at, count);
            System.arraycopy(spareCompanions, 0, carried, at, count);
        }
    }

    /** Deals keys and companions out to buckets, in the order of their values; not if most would be in buckets that are too large. */
    private boolean dealt(int[] keys, int[] companions, int count) {
        range.find(keys, 0, count);
        int buckets = Math.clamp(Integer.highestOneBit(count / BUCKET), LEAST_BUCKETS, RadixPass.BUCKETS);
        float origin = value(range.least());
        float scale = (buckets - 0.5f) / (value(range.greatest()) - origin);
        if (!(scale > 0 && scale < Float.POSITIVE_INFINITY)) {
            return false;
        }
        Arrays.fill(counts, 0);
        for (int from = 0; from < count; from += RadixPass.PIECE) {
            int length = Math.min(RadixPass.PIECE, count - from);
            PlaceSort.toPlaces(keys, from, length, origin, scale, piece);
            RadixPass.count(piece, length, counts);
        }
        int crowded = 0;
        for (int bucket : counts) {
            crowded += bucket > PlaceSort.MOST_WITH_COMPANIONS ? bucket : 0;
        }
        if (crowded > count / 2) {
            return false;
        }
        if (dealtKeys.length < count) {
            dealtKeys = new int[count];
            dealtCompanions = new int[count];
        }
        if (companions == null && positions.length < count) {
            positions = new int[count];
            Arrays.setAll(positions, i -> i);
        }
        int[] taken = companions == null ? positions : companions;
        System.arraycopy(counts, 0, starts, 0, buckets);
        RadixPass.starts(starts, buckets, 0);
        for (int from = 0; from < count; from += RadixPass.PIECE) {
            int length = Math.min(RadixPass.PIECE, count - from);
            PlaceSort.toPlaces(keys, from, length, origin, scale, piece);
            RadixPass.deal(piece, length, keys, taken, from, starts, dealtKeys, dealtCompanions);
        }
        return true;
    }
}
