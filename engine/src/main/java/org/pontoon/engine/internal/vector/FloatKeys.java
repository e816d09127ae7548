package org.pontoon.engine.internal.vector;

import static org.pontoon.engine.internal.scalar.FloatKeys.INFINITY;
import static org.pontoon.engine.internal.scalar.FloatKeys.key;
import static org.pontoon.engine.internal.scalar.FloatKeys.refuse;
import static org.pontoon.engine.internal.scalar.FloatKeys.value;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Keys of floats, see the scalar class of this name, by whole stretches.
 *
 * <p>The flip is written out in both loops: where callers have spent C2's budget of nodes, a helper is called with boxed vectors.
 */
final class FloatKeys {

    private static final int L = VectorSupport.LANES;

    private FloatKeys() {
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
            largest = bits.and(Integer.MAX_VALUE).max(largest);
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
}
