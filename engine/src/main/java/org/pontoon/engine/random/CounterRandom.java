package org.pontoon.engine.random;

import java.util.Objects;

import org.pontoon.engine.internal.kernel.FloatMath;
import org.pontoon.engine.internal.kernel.Threefry;

/**
 * Random numbers as a function of (seed, stream, index): Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror, Shaw 2011, "Parallel random
 * numbers: as easy as 1, 2, 3"). Whoever asks for number i of a stream gets the same bits, in any order, on any thread, at any vector width.
 *
 * <p>A stream is named by a 64-bit key made of seed and stream number with {@link #key(long, long)}. The scalar methods are stateless; an
 * instance holds the scratch of the vector methods, belongs to one thread and allocates nothing once it has grown to its largest request.
 */
public final class CounterRandom {

    /** Normals come in blocks of this many. */
    public static final int NORMAL_BLOCK = 32;

    private int[] first = new int[64];
    private int[] second = new int[64];

    /** Makes an instance with empty scratch. */
    public CounterRandom() {
    }

    /**
     * Names a stream.
     *
     * @param seed the user's seed
     * @param stream number of the stream under that seed
     * @return the stream's key
     */
    public static long key(long seed, long stream) {
        return bits(seed, stream);
    }

    /**
     * Returns 64 random bits: the Threefry-2x32-20 block of a counter.
     *
     * @param key the stream's key; its low word is the cipher's first key word
     * @param index the counter; its low word is the cipher's first word
     * @return the two output words, the first one low
     */
    public static long bits(long key, long index) {
        return Threefry.bits(key, index);
    }

    /**
     * Returns a uniform number in [0, 1), a multiple of 2^-53.
     *
     * @param key the stream's key
     * @param index the counter
     * @return the number
     */
    public static double uniform(long key, long index) {
        return (bits(key, index) >>> 11) * 0x1p-53;
    }

    /**
     * Returns a uniform integer in [0, bound), without modulo bias beyond 2^-32.
     *
     * @param key the stream's key
     * @param index the counter
     * @param bound upper end, exclusive, positive
     * @return the integer
     */
    public static int uniformInt(long key, long index, int bound) {
        return (int) Math.unsignedMultiplyHigh(bits(key, index), Integer.toUnsignedLong(bound));
    }

    /**
     * Returns one standard normal: the scalar truth of {@link #fillNormals(long, long, float[], int, int)}.
     *
     * @param key the stream's key
     * @param index number of the normal in the stream, not negative
     * @return the normal, at most 6.7 in size
     */
    public static float normal(long key, long index) {
        long word = bits(key, (index >>> 5 << 4) + (index & 15));
        float u = Math.fma((float) ((int) word >>> 1), 0x1p-31f, 0x1p-32f);
        float r = (float) Math.sqrt(FloatMath.log(u) * -2f);
        float v = (int) (word >>> 32) * 0x1p-31f;
        return r * ((index & 16) == 0 ? FloatMath.cosPi(v) : FloatMath.sinPi(v));
    }

    /**
     * Fills an array with standard normals.
     *
     * @param key the stream's key
     * @param firstIndex number of the first normal in the stream, a multiple of {@value #NORMAL_BLOCK}
     * @param normals receives them
     * @param offset where to start
     * @param count how many, a multiple of {@value #NORMAL_BLOCK}
     * @throws IllegalArgumentException if index or count is not such a multiple
     * @throws IndexOutOfBoundsException if the array is too short
     */
    public void fillNormals(long key, long firstIndex, float[] normals, int offset, int count) {
        if ((firstIndex & NORMAL_BLOCK - 1) != 0 || (count & NORMAL_BLOCK - 1) != 0) {
            throw new IllegalArgumentException(
                "first index " + firstIndex + " and count " + count + " must be multiples of " + NORMAL_BLOCK);
        }
        Objects.checkFromIndexSize(offset, count, normals.length);
        int pairs = count / 2;
        grow(pairs);
        Threefry.fillBits(key, firstIndex >>> 1, first, second, pairs);
        FloatMath.boxMuller(first, second, pairs, normals, offset);
    }

    /**
     * Fills an array with uniform integers in [0, bound): the vector twin of {@link #uniformInt(long, long, int)}.
     *
     * @param key the stream's key
     * @param firstIndex first counter, a multiple of 16
     * @param integers receives them, from index 0
     * @param count how many, a multiple of 16
     * @param bound upper end, exclusive, positive
     * @throws IllegalArgumentException if first index or count is not a multiple of 16
     */
    public void fillUniformInts(long key, long firstIndex, int[] integers, int count, int bound) {
        if ((firstIndex & 15) != 0 || (count & 15) != 0) {
            throw new IllegalArgumentException("first index " + firstIndex + " and count " + count + " must be multiples of 16");
        }
        Objects.checkFromIndexSize(0, count, integers.length);
        grow(count);
        Threefry.fillBits(key, firstIndex, first, second, count);
        long range = Integer.toUnsignedLong(bound);
        for (int i = 0; i < count; i++) {
            long high = Integer.toUnsignedLong(second[i]) * range;
            long low = Integer.toUnsignedLong(first[i]) * range;
            integers[i] = (int) (high + (low >>> 32) >>> 32);
        }
    }

    private void grow(int count) {
        if (first.length < count) {
            first = new int[count];
            second = new int[count];
        }
    }
}
