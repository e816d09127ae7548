package org.pontoon.engine.sort;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.pontoon.engine.internal.vector.VectorSupport;

/**
 * Floats as integers of the same order. The bits of a negative float run backwards, so all of them but the sign are flipped: -0 becomes -1
 * and +0 becomes 0. NaN falls outside of the keys of the two infinities.
 *
 * <p>The flip is written out in both loops: where callers have spent C2's budget of nodes, a helper is called with boxed vectors.
 */
final class FloatKeys {

    private static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);
    private static final int L = VectorSupport.LANES;

    private FloatKeys() {
    }

    /** Returns the key of a value. */
    static int key(float value) {
        int bits = Float.floatToRawIntBits(value);
        return bits ^ bits >> 31 >>> 1;
    }

    /** Returns the value of a key. */
    static float value(int key) {
        return Float.intBitsToFloat(key ^ key >> 31 >>> 1);
    }

    /**
     * Writes the keys of a stretch of values.
     *
     * @throws IllegalArgumentException naming the first NaN
     */
    static void toKeys(float[] values, int offset, int count, int[] keys) {
        IntVector largest = IntVector.zero(VectorSupport.INTS);
        int i = 0;
        for (; i <= count - L; i += L) {
            IntVector bits = FloatVector.fromArray(VectorSupport.FLOATS, values, offset + i).reinterpretAsInts();
            // allowed: on integers it is one instruction
            largest = largest.max(bits.and(Integer.MAX_VALUE));
            bits.lanewise(VectorOperators.ASHR, 31).lanewise(VectorOperators.LSHR, 1).lanewise(VectorOperators.XOR, bits).intoArray(keys,
                i);
        }
        boolean refused = largest.compare(VectorOperators.GT, INFINITY).anyTrue();
        for (; i < count; i++) {
            refused |= values[offset + i] != values[offset + i];
            keys[i] = key(values[offset + i]);
        }
        if (refused) {
            refuse(values, offset, count);
        }
    }

    /** Writes the values of a stretch of keys. */
    static void toValues(int[] keys, int from, int count, float[] values, int offset) {
        int i = 0;
        for (; i <= count - L; i += L) {
            IntVector bits = IntVector.fromArray(VectorSupport.INTS, keys, from + i);
            bits.lanewise(VectorOperators.ASHR, 31).lanewise(VectorOperators.LSHR, 1).lanewise(VectorOperators.XOR, bits)
                .reinterpretAsFloats()
                .intoArray(values, offset + i);
        }
        for (; i < count; i++) {
            values[offset + i] = value(keys[from + i]);
        }
    }

    /** Writes the bits of a stretch of values. */
    static void toBits(float[] values, int offset, int count, int[] bits) {
        int i = 0;
        for (; i <= count - L; i += L) {
            FloatVector.fromArray(VectorSupport.FLOATS, values, offset + i).reinterpretAsInts().intoArray(bits, i);
        }
        for (; i < count; i++) {
            bits[i] = Float.floatToRawIntBits(values[offset + i]);
        }
    }

    /** Writes the values of which these are the bits. */
    static void ofBits(int[] bits, int count, float[] values, int offset) {
        int i = 0;
        for (; i <= count - L; i += L) {
            IntVector.fromArray(VectorSupport.INTS, bits, i).reinterpretAsFloats().intoArray(values, offset + i);
        }
        for (; i < count; i++) {
            values[offset + i] = Float.intBitsToFloat(bits[i]);
        }
    }

    private static void refuse(float[] values, int offset, int count) {
        for (int i = 0; i < count; i++) {
            if (Float.isNaN(values[offset + i])) {
                throw new IllegalArgumentException("value " + i + " of " + count + " is NaN, expected a number");
            }
        }
    }
}
