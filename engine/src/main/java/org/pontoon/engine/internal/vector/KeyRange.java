package org.pontoon.engine.internal.vector;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** The least and the greatest key of a stretch. */
final class KeyRange {

    private static final int L = VectorSupport.LANES;
    // allowed: on integers it is one instruction
    private static final VectorOperators.Associative MIN = VectorOperators.MIN;
    // allowed: on integers it is one instruction
    private static final VectorOperators.Associative MAX = VectorOperators.MAX;

    private final int[] lanes = new int[L];
    private int least;
    private int greatest;

    /** Looks at the keys from one place up to another, at least one. */
    void find(int[] keys, int from, int to) {
        IntVector low = IntVector.broadcast(VectorSupport.INTS, Integer.MAX_VALUE);
        IntVector high = IntVector.broadcast(VectorSupport.INTS, Integer.MIN_VALUE);
        int i = from;
        for (; i <= to - L; i += L) {
            IntVector v = IntVector.fromArray(VectorSupport.INTS, keys, i);
            low = v.lanewise(MIN, low);
            high = v.lanewise(MAX, high);
        }
        least = Integer.MAX_VALUE;
        greatest = Integer.MIN_VALUE;
        for (; i < to; i++) {
            least = Math.min(least, keys[i]);
            greatest = Math.max(greatest, keys[i]);
        }
        low.intoArray(lanes, 0);
        for (int lane : lanes) {
            least = Math.min(least, lane);
        }
        high.intoArray(lanes, 0);
        for (int lane : lanes) {
            greatest = Math.max(greatest, lane);
        }
    }

    int least() {
        return least;
    }

    int greatest() {
        return greatest;
    }
}
