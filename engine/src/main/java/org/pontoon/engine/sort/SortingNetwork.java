package org.pontoon.engine.sort;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.pontoon.engine.simd.VectorSupport;

/**
 * Bitonic sort (Batcher 1968) of up to {@link #CAPACITY} integers in an array of exactly that length, in the form without directions: each
 * merge first holds one half against the mirror image of the other, then halves the distance, and every comparison puts the lesser first.
 */
final class SortingNetwork {

    /** The most integers that fit. */
    static final int CAPACITY = 256;

    private static final VectorSpecies<Integer> I = VectorSupport.INTS;
    private static final int L = VectorSupport.LANES;

    // allowed: on integers it is one instruction
    private static final VectorOperators.Associative MIN = VectorOperators.MIN;
    // allowed: on integers it is one instruction
    private static final VectorOperators.Associative MAX = VectorOperators.MAX;

    // Partner of each lane: the mirror image within blocks of 2, 4, 8, 16 lanes, and the lane at distance 1, 2, 4, 8.
    private static final VectorShuffle<Integer> MIRROR2 = I.shuffleFromOp(lane -> lane ^ 1);
    private static final VectorShuffle<Integer> MIRROR4 = I.shuffleFromOp(lane -> lane ^ 3);
    private static final VectorShuffle<Integer> MIRROR8 = I.shuffleFromOp(lane -> (lane ^ 7) & L - 1);
    private static final VectorShuffle<Integer> MIRROR = I.shuffleFromOp(lane -> lane ^ L - 1);
    private static final VectorShuffle<Integer> AT2 = I.shuffleFromOp(lane -> lane ^ 2);
    private static final VectorShuffle<Integer> AT4 = I.shuffleFromOp(lane -> (lane ^ 4) & L - 1);
    private static final VectorShuffle<Integer> AT8 = I.shuffleFromOp(lane -> (lane ^ 8) & L - 1);

    // The lanes that keep the greater of each pair.
    private static final VectorMask<Integer> UPPER1 = VectorMask.fromLong(I, 0xAAAAL);
    private static final VectorMask<Integer> UPPER2 = VectorMask.fromLong(I, 0xCCCCL);
    private static final VectorMask<Integer> UPPER4 = VectorMask.fromLong(I, 0xF0F0L);
    private static final VectorMask<Integer> UPPER8 = VectorMask.fromLong(I, 0xFF00L);

    private SortingNetwork() {
    }

    /**
     * Sorts keys in place. What lies between the count and the next power of two vectors is overwritten.
     *
     * @param keys an array of length {@link #CAPACITY}
     * @param count number of keys, at most its length
     */
    static void sort(int[] keys, int count) {
        int size = L;
        while (size < count) {
            size *= 2;
        }
        for (int i = count; i < size; i++) {
            keys[i] = Integer.MAX_VALUE;
        }
        sortVectors(keys, size);
        for (int block = 2 * L; block <= size; block *= 2) {
            mirrorStep(keys, size, block);
            for (int distance = block / 4; distance >= L; distance /= 2) {
                distanceStep(keys, size, distance);
            }
            mergeVectors(keys, size);
        }
    }

    // The steps are written out: once C2 has spent its budget of nodes it inlines no helper, and a call boxes its vectors.

    /** Sorts every vector by itself. */
    private static void sortVectors(int[] keys, int size) {
        for (int i = 0; i < size; i += L) {
            IntVector v = IntVector.fromArray(I, keys, i);
            IntVector w;
            w = v.rearrange(MIRROR2);
            v = v.lanewise(MIN, w).blend(v.lanewise(MAX, w), UPPER1);
            w = v.rearrange(MIRROR4);
            v = v.lanewise(MIN, w).blend(v.lanewise(MAX, w), UPPER2);
            w = v.rearrange(MIRROR2);
            v = v.lanewise(MIN, w).blend(v.lanewise(MAX, w), UPPER1);
            if (L >= 8) {
                w = v.rearrange(MIRROR8);
                v = v.lanewise(MIN, w).blend(v.lanewise(MAX, w), UPPER4);
                w = v.rearrange(AT2);
                v = v.lanewise(MIN, w).blend(v.lanewise(MAX, w), UPPER2);
                w = v.rearrange(MIRROR2);
                v = v.lanewise(MIN, w).blend(v.lanewise(MAX, w), UPPER1);
            }
            if (L >= 16) {
                w = v.rearrange(MIRROR);
                v = v.lanewise(MIN, w).blend(v.lanewise(MAX, w), UPPER8);
                w = v.rearrange(AT4);
                v = v.lanewise(MIN, w).blend(v.lanewise(MAX, w), UPPER4);
                w = v.rearrange(AT2);
                v = v.lanewise(MIN, w).blend(v.lanewise(MAX, w), UPPER2);
                w = v.rearrange(MIRROR2);
                v = v.lanewise(MIN, w).blend(v.lanewise(MAX, w), UPPER1);
            }
            v.intoArray(keys, i);
        }
    }

    /**
     * Sorts every vector by itself where each is bitonic already, two at a time: that alone would not be worth it, but makes the method too
     * long to be inlined where others have spent the budget of nodes.
     */
    private static void mergeVectors(int[] keys, int size) {
        for (int i = 0; i < size; i += 2 * L) {
            IntVector v = IntVector.fromArray(I, keys, i);
            IntVector w = IntVector.fromArray(I, keys, i + L);
            IntVector u;
            if (L >= 16) {
                u = v.rearrange(AT8);
                v = v.lanewise(MIN, u).blend(v.lanewise(MAX, u), UPPER8);
                u = w.rearrange(AT8);
                w = w.lanewise(MIN, u).blend(w.lanewise(MAX, u), UPPER8);
            }
            if (L >= 8) {
                u = v.rearrange(AT4);
                v = v.lanewise(MIN, u).blend(v.lanewise(MAX, u), UPPER4);
                u = w.rearrange(AT4);
                w = w.lanewise(MIN, u).blend(w.lanewise(MAX, u), UPPER4);
            }
            u = v.rearrange(AT2);
            v = v.lanewise(MIN, u).blend(v.lanewise(MAX, u), UPPER2);
            u = w.rearrange(AT2);
            w = w.lanewise(MIN, u).blend(w.lanewise(MAX, u), UPPER2);
            u = v.rearrange(MIRROR2);
            v = v.lanewise(MIN, u).blend(v.lanewise(MAX, u), UPPER1);
            u = w.rearrange(MIRROR2);
            w = w.lanewise(MIN, u).blend(w.lanewise(MAX, u), UPPER1);
            v.intoArray(keys, i);
            w.intoArray(keys, i + L);
        }
    }

    /** First step of a merge: the greater ones stay mirrored, which the later steps do not mind. */
    private static void mirrorStep(int[] keys, int size, int block) {
        for (int start = 0; start < size; start += block) {
            int j = start + block - L;
            for (int i = start; i < j; i += L) {
                IntVector v = IntVector.fromArray(I, keys, i);
                IntVector w = IntVector.fromArray(I, keys, j).rearrange(MIRROR);
                v.lanewise(MIN, w).intoArray(keys, i);
                v.lanewise(MAX, w).intoArray(keys, j);
                j -= L;
            }
        }
    }

    private static void distanceStep(int[] keys, int size, int distance) {
        for (int start = 0; start < size; start += 2 * distance) {
            for (int i = start; i < start + distance; i += L) {
                IntVector v = IntVector.fromArray(I, keys, i);
                IntVector w = IntVector.fromArray(I, keys, i + distance);
                v.lanewise(MIN, w).intoArray(keys, i);
                v.lanewise(MAX, w).intoArray(keys, i + distance);
            }
        }
    }
}
