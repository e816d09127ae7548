package org.pontoon.engine.internal.kernel;

import java.util.Random;

/**
 * Sorts floats in their total order, with their positions or a second number each. Stable, so that the order is unique, and the rooms go
 * different ways to it: in vectors by place in buckets that fit a cache, in plain Java by a radix sort of whole arrays. Owns scratch, which grows
 * to 36 bytes a number at most and is kept.
 */
public final class PairSort {

    /** As long as so many operations of loops that compilers turn into vectors takes a pair, which they do not: four nanoseconds. */
    private static final long OPERATIONS = 80;
    private static final Tier TIER = Tier.of("PairSort", PairSort::primer);

    private org.pontoon.engine.internal.scalar.PairSort plain;
    private org.pontoon.engine.internal.vector.PairSort lanes;

    /** Makes a sort with empty scratch. */
    public PairSort() {
    }

    /**
     * Finds the order of a stretch of an array.
     *
     * @param values the array, which stays as it is
     * @param offset where the stretch starts
     * @param count its length
     * @param order receives positions in the stretch, from 0
     * @throws IllegalArgumentException if a value is NaN, naming its place in the stretch
     */
    public void argsort(float[] values, int offset, int count, int[] order) {
        if (vector(count)) {
            lanes.argsort(values, offset, count, order);
        } else {
            plain.argsort(values, offset, count, order);
        }
    }

    /**
     * Sorts a stretch of an array and says where each value came from.
     *
     * @param values the array
     * @param offset where the stretch starts
     * @param count its length
     * @param order receives, for each place in the sorted stretch, the position before, from 0
     * @throws IllegalArgumentException if a value is NaN; the array is as it was then
     */
    public void sortWithOrder(float[] values, int offset, int count, int[] order) {
        if (vector(count)) {
            lanes.sortWithOrder(values, offset, count, order);
        } else {
            plain.sortWithOrder(values, offset, count, order);
        }
    }

    /**
     * Sorts a stretch of an array and takes along a second number of each value.
     *
     * @param values the array
     * @param offset where the stretch starts
     * @param companions receives the same exchanges; any bits
     * @param companionOffset where its stretch starts
     * @param count length of both stretches
     * @throws IllegalArgumentException if a value is NaN; the arrays are as they were then
     */
    public void sortPairs(float[] values, int offset, float[] companions, int companionOffset, int count) {
        if (vector(count)) {
            lanes.sortPairs(values, offset, companions, companionOffset, count);
        } else {
            plain.sortPairs(values, offset, companions, companionOffset, count);
        }
    }

    /** Chooses the room of a call, which has its scratch then, and the other has none. */
    private boolean vector(int count) {
        if (TIER.vector) {
            if (lanes == null) {
                lanes = new org.pontoon.engine.internal.vector.PairSort();
                plain = null;
            }
            return true;
        }
        TIER.scalar(OPERATIONS * count);
        if (plain == null) {
            plain = new org.pontoon.engine.internal.scalar.PairSort();
            lanes = null;
        }
        return false;
    }

    private static Runnable primer() {
        Random random = new Random(1);
        int few = 600;
        float[][] inputs = {new float[12], new float[100], new float[few], new float[few], new float[1100]};
        for (int n = 0; n < inputs.length; n++) {
            for (int i = 0; i < inputs[n].length; i++) {
                inputs[n][i] = (float) random.nextGaussian();
            }
        }
        // all but one crowd in one place
        inputs[3][few / 2] = 1e30f;
        float[] work = new float[inputs[4].length];
        float[] companions = new float[work.length];
        int[] order = new int[work.length];
        org.pontoon.engine.internal.vector.PairSort sort = new org.pontoon.engine.internal.vector.PairSort(few);
        return () -> {
            for (float[] input : inputs) {
                System.arraycopy(input, 0, work, 0, input.length);
                sort.sortPairs(work, 0, companions, 0, input.length);
                System.arraycopy(input, 0, work, 0, input.length);
                sort.sortWithOrder(work, 0, input.length, order);
            }
        };
    }
}
