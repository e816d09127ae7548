package org.pontoon.engine.sort;

import java.util.Arrays;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.pontoon.engine.simd.VectorSupport;

/**
 * Sorts floats by their keys: partitions into four with vector compression, back and forth between two arrays, then a radix sort of the
 * pieces that fit the second-level cache, or a sorting network for those of up to {@link SortingNetwork#CAPACITY}. Not stable, which among equal bits nobody can see.
 */
final class KeySort {

    private static final VectorSpecies<Integer> I = VectorSupport.INTS;
    private static final int L = VectorSupport.LANES;
    private static final int MANY = 4096;
    private static final int SAMPLE = 64;
    private static final int SMALL_SAMPLE = 16;
    private static final int DEPTH_LIMIT = 32;
    // radix sort wins in between, measured: below it counts more buckets than keys, above it leaves the second-level cache
    private static final int RADIX_LEAST = 4096;
    private static final int RADIX_MOST = 1 << 16;

    private int[] near = new int[0];
    private int[] far = new int[0];
    private final int[] leaf = new int[SortingNetwork.CAPACITY];
    // per depth: starts of the four parts and the end of the last, then the three pivots
    private final int[] frames = new int[(DEPTH_LIMIT + 1) * 8];
    // the first vectors of each part, which the part before it overwrites with the unused lanes of its last store
    private final int[] heads = new int[4 * 2 * VectorSupport.VIRTUAL_LANES];
    private final RadixSort radix = new RadixSort();
    private float[] out;
    private int outOffset;
    private long random;

    /** Sorts a stretch of an array. */
    void sort(float[] values, int offset, int count) {
        if (near.length < count + L) {
            near = new int[count + L];
        }
        FloatKeys.toKeys(values, offset, count, near);
        if (count > SortingNetwork.CAPACITY && far.length < count + L) {
            far = new int[count + L];
        }
        out = values;
        outOffset = offset;
        random = count;
        sort(near, far, 0, count, 0);
        out = null;
    }

    /** Sorts a stretch of the array {@code from} into the result; both arrays are overwritten there and up to a vector behind it. */
    private void sort(int[] from, int[] to, int low, int high, int depth) {
        int count = high - low;
        if (count <= SortingNetwork.CAPACITY) {
            System.arraycopy(from, low, leaf, 0, count);
            SortingNetwork.sort(leaf, count);
            FloatKeys.toValues(leaf, 0, count, out, outOffset + low);
            return;
        }
        if (count >= RADIX_LEAST && (count <= RADIX_MOST || depth == DEPTH_LIMIT)) {
            FloatKeys.toValues(radix.sort(from, to, low, count), low, count, out, outOffset + low);
            return;
        }
        int frame = depth * 8;
        choosePivots(from, low, high, frame + 5);
        int p = frames[frame + 5];
        int q = frames[frame + 6];
        int r = frames[frame + 7];
        countParts(from, low, high, p, q, r, frame);
        partition(from, to, low, high, p, q, r, frame);
        // from the last to the first: what a part's own parts spill behind their end is done with by then
        sortPart(to, from, frame + 3, false, 0, depth);
        sortPart(to, from, frame + 2, q + 1 == r, r, depth);
        sortPart(to, from, frame + 1, p + 1 == q, q, depth);
        sortPart(to, from, frame, false, 0, depth);
    }

    private void sortPart(int[] from, int[] to, int at, boolean equal, int key, int depth) {
        int low = frames[at];
        int high = frames[at + 1];
        if (equal) {
            Arrays.fill(out, outOffset + low, outOffset + high, FloatKeys.value(key));
        } else if (low < high) {
            sort(from, to, low, high, depth + 1);
        }
    }

    /** Quartiles of a random sample. Where two of them agree, one moves down by one, so that all keys of a part are equal. */
    private void choosePivots(int[] keys, int low, int high, int at) {
        int samples = high - low > MANY ? SAMPLE : SMALL_SAMPLE;
        for (int i = 0; i < samples; i++) {
            random = random * 6364136223846793005L + 1442695040888963407L;
            leaf[i] = keys[low + (int) ((random >>> 33) * (high - low) >>> 31)];
        }
        SortingNetwork.sort(leaf, samples);
        int p = leaf[samples / 4];
        int q = leaf[samples / 2];
        int r = leaf[samples * 3 / 4];
        if (p == q) {
            p--;
        } else if (q == r) {
            q--;
        }
        frames[at] = p;
        frames[at + 1] = q;
        frames[at + 2] = r;
    }

    /** Counts the keys up to p, up to q and up to r, and writes where the four parts start and the last one ends. */
    private void countParts(int[] keys, int low, int high, int p, int q, int r, int frame) {
        int upToP = 0;
        int upToQ = 0;
        int upToR = 0;
        int i = low;
        for (; i <= high - L; i += L) {
            IntVector v = IntVector.fromArray(I, keys, i);
            upToP += v.compare(VectorOperators.LE, p).trueCount();
            upToQ += v.compare(VectorOperators.LE, q).trueCount();
            upToR += v.compare(VectorOperators.LE, r).trueCount();
        }
        for (; i < high; i++) {
            int key = keys[i];
            upToP += key <= p ? 1 : 0;
            upToQ += key <= q ? 1 : 0;
            upToR += key <= r ? 1 : 0;
        }
        frames[frame] = low;
        frames[frame + 1] = low + upToP;
        frames[frame + 2] = low + upToQ;
        frames[frame + 3] = low + upToR;
        frames[frame + 4] = high;
    }

    /** Writes each part to its place. Whole vectors are stored, so each store spills behind its part; the heads are mended at the end. */
    private void partition(int[] from, int[] to, int low, int high, int p, int q, int r, int frame) {
        int a = frames[frame];
        int b = frames[frame + 1];
        int c = frames[frame + 2];
        int d = frames[frame + 3];
        int bHead = b + L;
        int cHead = c + L;
        int dHead = d + L;
        int i = low;
        for (; i <= high - L; i += L) {
            IntVector v = IntVector.fromArray(I, from, i);
            VectorMask<Integer> first = v.compare(VectorOperators.LE, p);
            VectorMask<Integer> second = v.compare(VectorOperators.LE, q);
            VectorMask<Integer> third = v.compare(VectorOperators.LE, r);
            int upToP = first.trueCount();
            int upToQ = second.trueCount();
            int upToR = third.trueCount();
            v.compress(first).intoArray(to, a);
            IntVector w = v.compress(second.andNot(first));
            w.intoArray(to, b);
            if (b < bHead) {
                w.intoArray(heads, b - bHead + L);
            }
            w = v.compress(third.andNot(second));
            w.intoArray(to, c);
            if (c < cHead) {
                w.intoArray(heads, c - cHead + 3 * L);
            }
            w = v.compress(third.not());
            w.intoArray(to, d);
            if (d < dHead) {
                w.intoArray(heads, d - dHead + 5 * L);
            }
            a += upToP;
            b += upToQ - upToP;
            c += upToR - upToQ;
            d += L - upToR;
        }
        mend(to, frames[frame + 1], b, 0);
        mend(to, frames[frame + 2], c, 2 * L);
        mend(to, frames[frame + 3], d, 4 * L);
        for (; i < high; i++) {
            int key = from[i];
            if (key <= p) {
                to[a++] = key;
            } else if (key <= q) {
                to[b++] = key;
            } else if (key <= r) {
                to[c++] = key;
            } else {
                to[d++] = key;
            }
        }
    }

    private void mend(int[] to, int start, int end, int head) {
        System.arraycopy(heads, head, to, start, Math.min(end - start, L));
    }
}
