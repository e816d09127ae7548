package org.pontoon.engine.random;

/** What draws from densities share. */
final class Sampling {

    /** Rejections after which a density counts as empty. */
    static final int ATTEMPTS = 1_000_000;

    private Sampling() {
    }

    /** Finds the first of rising sums above a value, which is below the last one; a sum that equals its predecessor is never found. */
    static int firstAbove(double[] sums, double value) {
        int low = 0;
        int high = sums.length - 1;
        while (low < high) {
            int middle = low + high >>> 1;
            if (sums[middle] > value) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
