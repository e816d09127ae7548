package org.pontoon.engine.internal.kernel;

import java.util.Random;

/**
 * Sorts floats in their total order, by keys: the bits as integers of the same order. Keys that are equal are the same, so one order is as good
 * as another, and the rooms go different ways to it: in vectors halving by compression, radix sorts and a network; in plain Java a radix sort
 * of whole arrays. Owns scratch, which grows to 8 bytes a number and is kept.
 */
public final class KeySort {

    /** As long as so many operations of loops that compilers turn into vectors takes a key, which they do not: four nanoseconds. */
    private static final long OPERATIONS = 80;
    private static final Tier TIER = Tier.of("KeySort", KeySort::primer);

    private org.pontoon.engine.internal.scalar.KeySort plain;
    private org.pontoon.engine.internal.vector.KeySort lanes;

    /** Makes a sort with empty scratch. */
    public KeySort() {
    }

    /**
     * Sorts a stretch of an array.
     *
     * @param values the array
     * @param offset where the stretch starts
     * @param count its length
     * @throws IllegalArgumentException if a value is NaN, naming its place in the stretch; the array is as it was then
     */
    public void sort(float[] values, int offset, int count) {
        if (TIER.vector) {
            if (lanes == null) {
                lanes = new org.pontoon.engine.internal.vector.KeySort();
                plain = null;
            }
            lanes.sort(values, offset, count);
            return;
        }
        TIER.scalar(OPERATIONS * count);
        if (plain == null) {
            plain = new org.pontoon.engine.internal.scalar.KeySort();
            lanes = null;
        }
        plain.sort(values, offset, count);
    }

    private static Runnable primer() {
        Random random = new Random(1);
        float[][] inputs = {new float[40], new float[100], new float[519], new float[519], new float[1500], new float[1500],
            new float[2100], new float[8200]};
        for (int n = 0; n < inputs.length; n++) {
            for (int i = 0; i < inputs[n].length; i++) {
                inputs[n][i] = switch (n) {
                    case 2 -> i;
                    case 3 -> -i;
                    // few values
                    case 4 -> random.nextInt(3);
                    // near each other: two digits
                    case 6 -> 1 + random.nextFloat() / 8;
                    default -> (float) random.nextGaussian();
                };
            }
        }
        float[] work = new float[8200];
        org.pontoon.engine.internal.vector.KeySort sort = new org.pontoon.engine.internal.vector.KeySort();
        return () -> {
            for (float[] input : inputs) {
                System.arraycopy(input, 0, work, 0, input.length);
                sort.sort(work, 0, input.length);
            }
        };
    }
}
