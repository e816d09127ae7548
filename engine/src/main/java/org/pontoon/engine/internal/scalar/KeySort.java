package org.pontoon.engine.internal.scalar;

/** Another way to the order of the vector room, which is unique: a radix sort by the digits of keys, the least digit first. */
public final class KeySort {

    private final Digits digits = new Digits();
    private int[] keys = new int[0];
    private int[] spare = new int[0];

    public void sort(float[] values, int offset, int count) {
        if (keys.length < count) {
            keys = new int[count];
            spare = new int[count];
        }
        FloatKeys.toUnsigned(values, offset, count, keys);
        digits.count(keys, count);
        for (int digit = 0; digit < digits.number(); digit++) {
            if (digits.begin(digit, count)) {
                for (int from = 0; from < count; from += Digits.PIECE) {
                    deal(keys, from, Math.min(count, from + Digits.PIECE), digits.shift(digit), digits.mask(), digits.starts(digit), spare);
                }
                int[] dealt = spare;
                spare = keys;
                keys = dealt;
            }
        }
        FloatKeys.ofUnsigned(keys, count, values, offset);
    }

    private static void deal(int[] keys, int from, int to, int shift, int mask, int[] starts, int[] out) {
        for (int i = from; i < to; i++) {
            int key = keys[i];
            int bucket = key >>> shift & mask;
            int place = starts[bucket];
            out[place] = key;
            starts[bucket] = place + 1;
        }
    }
}
