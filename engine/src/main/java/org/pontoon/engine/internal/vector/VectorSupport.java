package org.pontoon.engine.internal.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The species of every kernel. All of them are fixed when this class loads, so that C2 sees constants.
 *
 * <p>There is one species of each type of lane, and no kernel but one uses another: once vectors of two lengths have gone through a method of
 * FloatVector, C2's profile of it no longer says which, and loops that carry many vectors are compiled with all of them boxed, twenty
 * times slower (measured). Half a vector of floats becomes doubles by way of {@link #UPPER_HALF}.
 *
 * <p>Kernels promise the same bits at every width because no lane ever meets another one inside a loop, or only in the order of 16 virtual
 * lanes.
 */
public final class VectorSupport {

    /** Float lanes of the widest vectors of this machine, at most 512 bits. */
    public static final VectorSpecies<Float> FLOATS = VectorSpecies.of(float.class, shape()); // allowed: it is the one

    /** Int lanes of the same shape. */
    public static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, shape()); // allowed: it is the one

    /** Double lanes of the same shape. */
    public static final VectorSpecies<Double> DOUBLES = VectorSpecies.of(double.class, shape()); // allowed: it is the one

    /** Number of float lanes: 4, 8 or 16. */
    public static final int LANES = FLOATS.length();

    /** Virtual lanes: all layouts are padded to this many floats whatever the machine's width. */
    public static final int VIRTUAL_LANES = 16;

    /** Whether the machine has the 32 vector registers of AVX-512, or only 16: decides how wide a register block may be. */
    public static final boolean MANY_REGISTERS = LANES == 16;

    /** Exchanges the halves of the float lanes: conversions to doubles and from them go by the lower half. */
    public static final VectorShuffle<Float> UPPER_HALF = FLOATS.shuffleFromOp(lane -> lane + LANES / 2 & LANES - 1);

    /** The upper half of the float lanes. */
    public static final VectorMask<Float> UPPER_LANES = VectorMask.fromLong(FLOATS, (1L << LANES) - (1L << LANES / 2));

    private VectorSupport() {
    }

    private static VectorShape shape() {
        VectorShape preferred = FloatVector.SPECIES_PREFERRED.vectorShape();
        if (preferred.vectorBitSize() > 512) {
            return VectorShape.S_512_BIT;
        }
        return preferred.vectorBitSize() < 128 ? VectorShape.S_128_BIT : preferred;
    }

    /**
     * Describes the vectors in use.
     *
     * @return for example "512-bit vectors, 16 float lanes"
     */
    public static String describe() {
        return FLOATS.vectorBitSize() + "-bit vectors, " + LANES + " float lanes"
            + (IntVector.SPECIES_PREFERRED.length() < LANES ? " (narrow integers)" : "");
    }
}
