package org.pontoon.engine.internal.vector;

import static org.pontoon.engine.internal.scalar.Threefry.PARITY;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** The loops on lanes; what they do stands at the door of the same name. */
public final class Threefry {

    private Threefry() {
    }

    public static void fillBits(long key, long firstIndex, int[] low, int[] high, int count) {
        int k0 = (int) key;
        int k1 = (int) (key >>> 32);
        int k2 = PARITY ^ k0 ^ k1;
        IntVector lanes = IntVector.zero(VectorSupport.INTS).addIndex(1);
        for (int i = 0; i < count; i += VectorSupport.LANES) {
            // counters start at a multiple of 16, so the low word never carries within a vector
            long counter = firstIndex + i;
            lanes.add((int) counter + k0).intoArray(low, i);
            IntVector.broadcast(VectorSupport.INTS, (int) (counter >>> 32) + k1).intoArray(high, i);
        }
        evenRounds(low, high, count, k1, k2 + 1);
        oddRounds(low, high, count, k2, k0 + 2);
        evenRounds(low, high, count, k0, k1 + 3);
        oddRounds(low, high, count, k1, k2 + 4);
        evenRounds(low, high, count, k2, k0 + 5);
    }

    // Four rounds and a key injection to a pass: all twenty in one loop are more than C2 inlines (measured: 100 times slower, boxed).

    private static void evenRounds(int[] low, int[] high, int count, int addLow, int addHigh) {
        for (int i = 0; i < count; i += VectorSupport.LANES) {
            IntVector x = IntVector.fromArray(VectorSupport.INTS, low, i);
            IntVector y = IntVector.fromArray(VectorSupport.INTS, high, i);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 13).lanewise(VectorOperators.XOR, x);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 15).lanewise(VectorOperators.XOR, x);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 26).lanewise(VectorOperators.XOR, x);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 6).lanewise(VectorOperators.XOR, x);
            x.add(addLow).intoArray(low, i);
            y.add(addHigh).intoArray(high, i);
        }
    }

    private static void oddRounds(int[] low, int[] high, int count, int addLow, int addHigh) {
        for (int i = 0; i < count; i += VectorSupport.LANES) {
            IntVector x = IntVector.fromArray(VectorSupport.INTS, low, i);
            IntVector y = IntVector.fromArray(VectorSupport.INTS, high, i);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 17).lanewise(VectorOperators.XOR, x);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 29).lanewise(VectorOperators.XOR, x);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 16).lanewise(VectorOperators.XOR, x);
            x = x.add(y);
            y = y.lanewise(VectorOperators.ROL, 24).lanewise(VectorOperators.XOR, x);
            x.add(addLow).intoArray(low, i);
            y.add(addHigh).intoArray(high, i);
        }
    }
}
