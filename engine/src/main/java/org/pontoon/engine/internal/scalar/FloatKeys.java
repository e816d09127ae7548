package org.pontoon.engine.internal.scalar;

/**
 * Floats as integers of the same order. The bits of a negative float run backwards, so all of them but the sign are flipped: -0 becomes -1
 * and +0 becomes 0. NaN falls outside of the keys of the two infinities. Radix sorts take keys as unsigned numbers, with the sign flipped too.
 */
public final class FloatKeys {

    public static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

    private FloatKeys() {
    }

    /** Returns the key of a value. */
    public static int key(float value) {
        int bits = Float.floatToRawIntBits(value);
        return bits ^ bits >> 31 >>> 1;
    }

    /** Returns the value of a key. */
    public static float value(int key) {
        return Float.intBitsToFloat(key ^ key >> 31 >>> 1);
    }

    static void toUnsigned(float[] values, int offset, int count, int[] keys) {
        boolean numbers = true;
        for (int from = 0; from < count; from += Digits.PIECE) {
            numbers &= toUnsigned(values, offset, from, Math.min(count, from + Digits.PIECE), keys);
        }
        if (!numbers) {
            refuse(values, offset, count);
        }
    }

    private static boolean toUnsigned(float[] values, int offset, int from, int to, int[] keys) {
        int largest = 0;
        for (int i = from; i < to; i++) {
            int bits = Float.floatToRawIntBits(values[offset + i]);
            largest = Math.max(largest, bits & Integer.MAX_VALUE);
            keys[i] = bits ^ (bits >> 31 | Integer.MIN_VALUE);
        }
        return largest <= INFINITY;
    }

    static void ofUnsigned(int[] keys, int count, float[] values, int offset) {
        for (int from = 0; from < count; from += Digits.PIECE) {
            ofUnsigned(keys, from, Math.min(count, from + Digits.PIECE), values, offset);
        }
    }

    private static void ofUnsigned(int[] keys, int from, int to, float[] values, int offset) {
        for (int i = from; i < to; i++) {
            int key = keys[i];
            values[offset + i] = Float.intBitsToFloat(key ^ (~key >> 31 | Integer.MIN_VALUE));
        }
    }

    /** Refuses a stretch of values that holds a NaN, naming the first. */
    public static void refuse(float[] values, int offset, int count) {
        for (int i = 0; i < count; i++) {
            if (Float.isNaN(values[offset + i])) {
                throw new IllegalArgumentException("value " + i + " of " + count + " is NaN, expected a number");
            }
        }
    }
}
