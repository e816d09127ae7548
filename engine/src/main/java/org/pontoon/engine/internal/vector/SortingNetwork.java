package org.pontoon.engine.internal.vector;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sorts up to {@link #CAPACITY} integers. They fill 4, 8 or 16 rows of one vector each, whose columns are sorted side by side; columns
 * then merge two by two, so that the order runs down one column after the other, and rows are zipped until it runs along them. All is
 * Batcher's bitonic merge (1968) in the form without directions: one half is first held against the mirror image of the other, then the
 * distance halves, and every comparison puts the lesser first. Only steps between columns move lanes.
 */
public final class SortingNetwork {

    private static final VectorSpecies<Integer> I = VectorSupport.INTS;
    private static final int L = VectorSupport.LANES;
    private static final int ROWS = 16;

    /** The most integers that fit. */
    public static final int CAPACITY = ROWS * L;

    // allowed: on integers it is one instruction
    private static final VectorOperators.Associative MIN = VectorOperators.MIN;
    // allowed: on integers it is one instruction
    private static final VectorOperators.Associative MAX = VectorOperators.MAX;

    // Partner of each lane: the mirror image within blocks of 2, 4, 8, 16 lanes, and the lane at distance 2, 4.
    private static final VectorShuffle<Integer> MIRROR2 = I.shuffleFromOp(lane -> lane ^ 1);
    private static final VectorShuffle<Integer> MIRROR4 = I.shuffleFromOp(lane -> lane ^ 3);
    private static final VectorShuffle<Integer> MIRROR8 = I.shuffleFromOp(lane -> (lane ^ 7) & L - 1);
    private static final VectorShuffle<Integer> MIRROR16 = I.shuffleFromOp(lane -> lane ^ L - 1);
    private static final VectorShuffle<Integer> AT2 = I.shuffleFromOp(lane -> lane ^ 2);
    private static final VectorShuffle<Integer> AT4 = I.shuffleFromOp(lane -> (lane ^ 4) & L - 1);

    // The lanes that keep the greater of each pair.
    private static final VectorMask<Integer> UPPER1 = VectorMask.fromLong(I, 0xAAAAL);
    private static final VectorMask<Integer> UPPER2 = VectorMask.fromLong(I, 0xCCCCL);
    private static final VectorMask<Integer> UPPER4 = VectorMask.fromLong(I, 0xF0F0L);
    private static final VectorMask<Integer> UPPER8 = VectorMask.fromLong(I, 0xFF00L);

    // Lanes of two vectors in turn, of their first and of their second halves.
    private static final IntVector ZIP_FIRST = IntVector.broadcast(I, 0).addIndex(1).lanewise(VectorOperators.LSHR, 1)
        .add(IntVector.broadcast(I, L), UPPER1);
    private static final IntVector ZIP_SECOND = ZIP_FIRST.add(L / 2);

    private SortingNetwork() {
    }

    /**
     * Sorts keys. Both arrays are overwritten beyond the count.
     *
     * @param keys an array of length {@link #CAPACITY} that holds the keys
     * @param spare another one
     * @param count number of keys, at most that length
     * @return the one of the two arrays that holds the sorted keys
     */
    public static int[] sort(int[] keys, int[] spare, int count) {
        int rows = count <= 4 * L ? 4 : count <= 8 * L ? 8 : ROWS;
        for (int i = count; i < rows * L; i++) {
            keys[i] = Integer.MAX_VALUE;
        }
        sortColumns(keys, rows);
        if (rows == ROWS) {
            sortLongColumns(keys);
        }
        for (int columns = 2; columns <= L; columns *= 2) {
            switch (columns) {
                case 2 -> mergeColumns2(keys, rows);
                case 4 -> mergeColumns4(keys, rows);
                case 8 -> mergeColumns8(keys, rows);
                default -> mergeColumns16(keys, rows);
            }
            if (rows == ROWS) {
                mergeLongRows(keys);
            } else {
                mergeRows(keys, rows);
            }
        }
        return zip(keys, spare, rows);
    }

    // The steps are written out: once C2 has spent its budget of nodes it inlines no helper, and a call boxes its vectors. All methods but
    // one are longer than the 325 bytecodes that C2 inlines: all of them in one would spend that budget.

    /** Sorts columns of 4 rows, then of 8 where there are so many. */
    private static void sortColumns(int[] keys, int rows) {
        IntVector u;
        for (int i = 0; i < rows * L; i += 4 * L) {
            IntVector a = IntVector.fromArray(I, keys, i);
            IntVector b = IntVector.fromArray(I, keys, i + L);
            IntVector c = IntVector.fromArray(I, keys, i + 2 * L);
            IntVector d = IntVector.fromArray(I, keys, i + 3 * L);
            u = a.lanewise(MIN, b);
            b = a.lanewise(MAX, b);
            a = u;
            u = c.lanewise(MIN, d);
            d = c.lanewise(MAX, d);
            c = u;
            u = a.lanewise(MIN, c);
            c = a.lanewise(MAX, c);
            a = u;
            u = b.lanewise(MIN, d);
            d = b.lanewise(MAX, d);
            b = u;
            a.intoArray(keys, i);
            b.lanewise(MIN, c).intoArray(keys, i + L);
            b.lanewise(MAX, c).intoArray(keys, i + 2 * L);
            d.intoArray(keys, i + 3 * L);
        }
        for (int i = 0; i <= (rows - 8) * L; i += 8 * L) {
            IntVector a = IntVector.fromArray(I, keys, i);
            IntVector b = IntVector.fromArray(I, keys, i + L);
            IntVector c = IntVector.fromArray(I, keys, i + 2 * L);
            IntVector d = IntVector.fromArray(I, keys, i + 3 * L);
            IntVector e = IntVector.fromArray(I, keys, i + 4 * L);
            IntVector f = IntVector.fromArray(I, keys, i + 5 * L);
            IntVector g = IntVector.fromArray(I, keys, i + 6 * L);
            IntVector h = IntVector.fromArray(I, keys, i + 7 * L);
            u = a.lanewise(MIN, h);
            h = a.lanewise(MAX, h);
            a = u;
            u = b.lanewise(MIN, g);
            g = b.lanewise(MAX, g);
            b = u;
            u = c.lanewise(MIN, f);
            f = c.lanewise(MAX, f);
            c = u;
            u = d.lanewise(MIN, e);
            e = d.lanewise(MAX, e);
            d = u;
            u = a.lanewise(MIN, c);
            c = a.lanewise(MAX, c);
            a = u;
            u = b.lanewise(MIN, d);
            d = b.lanewise(MAX, d);
            b = u;
            u = e.lanewise(MIN, g);
            g = e.lanewise(MAX, g);
            e = u;
            u = f.lanewise(MIN, h);
            h = f.lanewise(MAX, h);
            f = u;
            a.lanewise(MIN, b).intoArray(keys, i);
            a.lanewise(MAX, b).intoArray(keys, i + L);
            c.lanewise(MIN, d).intoArray(keys, i + 2 * L);
            c.lanewise(MAX, d).intoArray(keys, i + 3 * L);
            e.lanewise(MIN, f).intoArray(keys, i + 4 * L);
            e.lanewise(MAX, f).intoArray(keys, i + 5 * L);
            g.lanewise(MIN, h).intoArray(keys, i + 6 * L);
            g.lanewise(MAX, h).intoArray(keys, i + 7 * L);
        }
    }

    /** Merges eight rows with eight. */
    private static void sortLongColumns(int[] keys) {
        IntVector u;
        for (int i = 0; i < 4 * L; i += L) {
            int j = 11 * L - i;
            IntVector a = IntVector.fromArray(I, keys, i);
            IntVector b = IntVector.fromArray(I, keys, i + 4 * L);
            IntVector c = IntVector.fromArray(I, keys, j);
            IntVector d = IntVector.fromArray(I, keys, j + 4 * L);
            u = a.lanewise(MIN, d);
            d = a.lanewise(MAX, d);
            a = u;
            u = b.lanewise(MIN, c);
            c = b.lanewise(MAX, c);
            b = u;
            a.lanewise(MIN, b).intoArray(keys, i);
            a.lanewise(MAX, b).intoArray(keys, i + 4 * L);
            c.lanewise(MIN, d).intoArray(keys, j);
            c.lanewise(MAX, d).intoArray(keys, j + 4 * L);
        }
        for (int i = 0; i < ROWS * L; i += 4 * L) {
            IntVector a = IntVector.fromArray(I, keys, i);
            IntVector b = IntVector.fromArray(I, keys, i + L);
            IntVector c = IntVector.fromArray(I, keys, i + 2 * L);
            IntVector d = IntVector.fromArray(I, keys, i + 3 * L);
            u = a.lanewise(MIN, c);
            c = a.lanewise(MAX, c);
            a = u;
            u = b.lanewise(MIN, d);
            d = b.lanewise(MAX, d);
            b = u;
            a.lanewise(MIN, b).intoArray(keys, i);
            a.lanewise(MAX, b).intoArray(keys, i + L);
            c.lanewise(MIN, d).intoArray(keys, i + 2 * L);
            c.lanewise(MAX, d).intoArray(keys, i + 3 * L);
        }
    }

    /** Ends the merge of columns, which are bitonic now: distances of 8, 4, 2 and 1 rows. */
    private static void mergeLongRows(int[] keys) {
        IntVector a = IntVector.fromArray(I, keys, 0);
        IntVector b = IntVector.fromArray(I, keys, L);
        IntVector c = IntVector.fromArray(I, keys, 2 * L);
        IntVector d = IntVector.fromArray(I, keys, 3 * L);
        IntVector e = IntVector.fromArray(I, keys, 4 * L);
        IntVector f = IntVector.fromArray(I, keys, 5 * L);
        IntVector g = IntVector.fromArray(I, keys, 6 * L);
        IntVector h = IntVector.fromArray(I, keys, 7 * L);
        IntVector i = IntVector.fromArray(I, keys, 8 * L);
        IntVector j = IntVector.fromArray(I, keys, 9 * L);
        IntVector k = IntVector.fromArray(I, keys, 10 * L);
        IntVector l = IntVector.fromArray(I, keys, 11 * L);
        IntVector m = IntVector.fromArray(I, keys, 12 * L);
        IntVector n = IntVector.fromArray(I, keys, 13 * L);
        IntVector o = IntVector.fromArray(I, keys, 14 * L);
        IntVector p = IntVector.fromArray(I, keys, 15 * L);
        IntVector u;
        u = a.lanewise(MIN, i);
        i = a.lanewise(MAX, i);
        a = u;
        u = b.lanewise(MIN, j);
        j = b.lanewise(MAX, j);
        b = u;
        u = c.lanewise(MIN, k);
        k = c.lanewise(MAX, k);
        c = u;
        u = d.lanewise(MIN, l);
        l = d.lanewise(MAX, l);
        d = u;
        u = e.lanewise(MIN, m);
        m = e.lanewise(MAX, m);
        e = u;
        u = f.lanewise(MIN, n);
        n = f.lanewise(MAX, n);
        f = u;
        u = g.lanewise(MIN, o);
        o = g.lanewise(MAX, o);
        g = u;
        u = h.lanewise(MIN, p);
        p = h.lanewise(MAX, p);
        h = u;
        u = a.lanewise(MIN, e);
        e = a.lanewise(MAX, e);
        a = u;
        u = b.lanewise(MIN, f);
        f = b.lanewise(MAX, f);
        b = u;
        u = c.lanewise(MIN, g);
        g = c.lanewise(MAX, g);
        c = u;
        u = d.lanewise(MIN, h);
        h = d.lanewise(MAX, h);
        d = u;
        u = i.lanewise(MIN, m);
        m = i.lanewise(MAX, m);
        i = u;
        u = j.lanewise(MIN, n);
        n = j.lanewise(MAX, n);
        j = u;
        u = k.lanewise(MIN, o);
        o = k.lanewise(MAX, o);
        k = u;
        u = l.lanewise(MIN, p);
        p = l.lanewise(MAX, p);
        l = u;
        u = a.lanewise(MIN, c);
        c = a.lanewise(MAX, c);
        a = u;
        u = b.lanewise(MIN, d);
        d = b.lanewise(MAX, d);
        b = u;
        u = e.lanewise(MIN, g);
        g = e.lanewise(MAX, g);
        e = u;
        u = f.lanewise(MIN, h);
        h = f.lanewise(MAX, h);
        f = u;
        u = i.lanewise(MIN, k);
        k = i.lanewise(MAX, k);
        i = u;
        u = j.lanewise(MIN, l);
        l = j.lanewise(MAX, l);
        j = u;
        u = m.lanewise(MIN, o);
        o = m.lanewise(MAX, o);
        m = u;
        u = n.lanewise(MIN, p);
        p = n.lanewise(MAX, p);
        n = u;
        a.lanewise(MIN, b).intoArray(keys, 0);
        a.lanewise(MAX, b).intoArray(keys, L);
        c.lanewise(MIN, d).intoArray(keys, 2 * L);
        c.lanewise(MAX, d).intoArray(keys, 3 * L);
        e.lanewise(MIN, f).intoArray(keys, 4 * L);
        e.lanewise(MAX, f).intoArray(keys, 5 * L);
        g.lanewise(MIN, h).intoArray(keys, 6 * L);
        g.lanewise(MAX, h).intoArray(keys, 7 * L);
        i.lanewise(MIN, j).intoArray(keys, 8 * L);
        i.lanewise(MAX, j).intoArray(keys, 9 * L);
        k.lanewise(MIN, l).intoArray(keys, 10 * L);
        k.lanewise(MAX, l).intoArray(keys, 11 * L);
        m.lanewise(MIN, n).intoArray(keys, 12 * L);
        m.lanewise(MAX, n).intoArray(keys, 13 * L);
        o.lanewise(MIN, p).intoArray(keys, 14 * L);
        o.lanewise(MAX, p).intoArray(keys, 15 * L);
    }

    /** The same for 4 or 8 rows. */
    private static void mergeRows(int[] keys, int rows) {
        IntVector u;
        if (rows == 8) {
            IntVector a = IntVector.fromArray(I, keys, 0);
            IntVector b = IntVector.fromArray(I, keys, L);
            IntVector c = IntVector.fromArray(I, keys, 2 * L);
            IntVector d = IntVector.fromArray(I, keys, 3 * L);
            IntVector e = IntVector.fromArray(I, keys, 4 * L);
            IntVector f = IntVector.fromArray(I, keys, 5 * L);
            IntVector g = IntVector.fromArray(I, keys, 6 * L);
            IntVector h = IntVector.fromArray(I, keys, 7 * L);
            u = a.lanewise(MIN, e);
            e = a.lanewise(MAX, e);
            a = u;
            u = b.lanewise(MIN, f);
            f = b.lanewise(MAX, f);
            b = u;
            u = c.lanewise(MIN, g);
            g = c.lanewise(MAX, g);
            c = u;
            u = d.lanewise(MIN, h);
            h = d.lanewise(MAX, h);
            d = u;
            u = a.lanewise(MIN, c);
            c = a.lanewise(MAX, c);
            a = u;
            u = b.lanewise(MIN, d);
            d = b.lanewise(MAX, d);
            b = u;
            u = e.lanewise(MIN, g);
            g = e.lanewise(MAX, g);
            e = u;
            u = f.lanewise(MIN, h);
            h = f.lanewise(MAX, h);
            f = u;
            a.lanewise(MIN, b).intoArray(keys, 0);
            a.lanewise(MAX, b).intoArray(keys, L);
            c.lanewise(MIN, d).intoArray(keys, 2 * L);
            c.lanewise(MAX, d).intoArray(keys, 3 * L);
            e.lanewise(MIN, f).intoArray(keys, 4 * L);
            e.lanewise(MAX, f).intoArray(keys, 5 * L);
            g.lanewise(MIN, h).intoArray(keys, 6 * L);
            g.lanewise(MAX, h).intoArray(keys, 7 * L);
        } else {
            IntVector a = IntVector.fromArray(I, keys, 0);
            IntVector b = IntVector.fromArray(I, keys, L);
            IntVector c = IntVector.fromArray(I, keys, 2 * L);
            IntVector d = IntVector.fromArray(I, keys, 3 * L);
            u = a.lanewise(MIN, c);
            c = a.lanewise(MAX, c);
            a = u;
            u = b.lanewise(MIN, d);
            d = b.lanewise(MAX, d);
            b = u;
            a.lanewise(MIN, b).intoArray(keys, 0);
            a.lanewise(MAX, b).intoArray(keys, L);
            c.lanewise(MIN, d).intoArray(keys, 2 * L);
            c.lanewise(MAX, d).intoArray(keys, 3 * L);
        }
    }

    // Merges of columns: rows meet the mirrored lanes of their own mirror image, then each row's lanes halve the distance.

    private static void mergeColumns2(int[] keys, int rows) {
        int j = (rows - 1) * L;
        for (int i = 0; i < j; i += L) {
            IntVector v = IntVector.fromArray(I, keys, i);
            IntVector w = IntVector.fromArray(I, keys, j).rearrange(MIRROR2);
            IntVector least = v.lanewise(MIN, w);
            IntVector most = v.lanewise(MAX, w);
            least.blend(most, UPPER1).intoArray(keys, i);
            most.blend(least, UPPER1).rearrange(MIRROR2).intoArray(keys, j);
            j -= L;
        }
    }

    private static void mergeColumns4(int[] keys, int rows) {
        int j = (rows - 1) * L;
        IntVector least;
        IntVector most;
        IntVector u;
        for (int i = 0; i < j; i += 2 * L) {
            IntVector v = IntVector.fromArray(I, keys, i);
            IntVector w = IntVector.fromArray(I, keys, j).rearrange(MIRROR4);
            least = v.lanewise(MIN, w);
            most = v.lanewise(MAX, w);
            v = least.blend(most, UPPER2);
            w = most.blend(least, UPPER2).rearrange(MIRROR4);
            u = v.rearrange(MIRROR2);
            v.lanewise(MIN, u).blend(v.lanewise(MAX, u), UPPER1).intoArray(keys, i);
            u = w.rearrange(MIRROR2);
            w.lanewise(MIN, u).blend(w.lanewise(MAX, u), UPPER1).intoArray(keys, j);
            IntVector x = IntVector.fromArray(I, keys, i + L);
            IntVector y = IntVector.fromArray(I, keys, j - L).rearrange(MIRROR4);
            least = x.lanewise(MIN, y);
            most = x.lanewise(MAX, y);
            x = least.blend(most, UPPER2);
            y = most.blend(least, UPPER2).rearrange(MIRROR4);
            u = x.rearrange(MIRROR2);
            x.lanewise(MIN, u).blend(x.lanewise(MAX, u), UPPER1).intoArray(keys, i + L);
            u = y.rearrange(MIRROR2);
            y.lanewise(MIN, u).blend(y.lanewise(MAX, u), UPPER1).intoArray(keys, j - L);
            j -= 2 * L;
        }
    }

    private static void mergeColumns8(int[] keys, int rows) {
        int j = (rows - 1) * L;
        IntVector least;
        IntVector most;
        IntVector u;
        for (int i = 0; i < j; i += 2 * L) {
            IntVector v = IntVector.fromArray(I, keys, i);
            IntVector w = IntVector.fromArray(I, keys, j).rearrange(MIRROR8);
            least = v.lanewise(MIN, w);
            most = v.lanewise(MAX, w);
            v = least.blend(most, UPPER4);
            w = most.blend(least, UPPER4).rearrange(MIRROR8);
            u = v.rearrange(AT2);
            v = v.lanewise(MIN, u).blend(v.lanewise(MAX, u), UPPER2);
            u = w.rearrange(AT2);
            w = w.lanewise(MIN, u).blend(w.lanewise(MAX, u), UPPER2);
            u = v.rearrange(MIRROR2);
            v.lanewise(MIN, u).blend(v.lanewise(MAX, u), UPPER1).intoArray(keys, i);
            u = w.rearrange(MIRROR2);
            w.lanewise(MIN, u).blend(w.lanewise(MAX, u), UPPER1).intoArray(keys, j);
            IntVector x = IntVector.fromArray(I, keys, i + L);
            IntVector y = IntVector.fromArray(I, keys, j - L).rearrange(MIRROR8);
            least = x.lanewise(MIN, y);
            most = x.lanewise(MAX, y);
            x = least.blend(most, UPPER4);
            y = most.blend(least, UPPER4).rearrange(MIRROR8);
            u = x.rearrange(AT2);
            x = x.lanewise(MIN, u).blend(x.lanewise(MAX, u), UPPER2);
            u = y.rearrange(AT2);
            y = y.lanewise(MIN, u).blend(y.lanewise(MAX, u), UPPER2);
            u = x.rearrange(MIRROR2);
            x.lanewise(MIN, u).blend(x.lanewise(MAX, u), UPPER1).intoArray(keys, i + L);
            u = y.rearrange(MIRROR2);
            y.lanewise(MIN, u).blend(y.lanewise(MAX, u), UPPER1).intoArray(keys, j - L);
            j -= 2 * L;
        }
    }

    private static void mergeColumns16(int[] keys, int rows) {
        int j = (rows - 1) * L;
        for (int i = 0; i < j; i += L) {
            IntVector v = IntVector.fromArray(I, keys, i);
            IntVector w = IntVector.fromArray(I, keys, j).rearrange(MIRROR16);
            IntVector least = v.lanewise(MIN, w);
            IntVector most = v.lanewise(MAX, w);
            v = least.blend(most, UPPER8);
            w = most.blend(least, UPPER8).rearrange(MIRROR16);
            IntVector u;
            u = v.rearrange(AT4);
            v = v.lanewise(MIN, u).blend(v.lanewise(MAX, u), UPPER4);
            u = w.rearrange(AT4);
            w = w.lanewise(MIN, u).blend(w.lanewise(MAX, u), UPPER4);
            u = v.rearrange(AT2);
            v = v.lanewise(MIN, u).blend(v.lanewise(MAX, u), UPPER2);
            u = w.rearrange(AT2);
            w = w.lanewise(MIN, u).blend(w.lanewise(MAX, u), UPPER2);
            u = v.rearrange(MIRROR2);
            v.lanewise(MIN, u).blend(v.lanewise(MAX, u), UPPER1).intoArray(keys, i);
            u = w.rearrange(MIRROR2);
            w.lanewise(MIN, u).blend(w.lanewise(MAX, u), UPPER1).intoArray(keys, j);
            j -= L;
        }
    }

    /** Takes turns between the first and the second half of all rows until columns have become rows, and returns the array of the result. */
    private static int[] zip(int[] keys, int[] spare, int rows) {
        int part = rows / 4 * L;
        for (int i = 0; i < part; i += L) {
            IntVector a = IntVector.fromArray(I, keys, i);
            IntVector b = IntVector.fromArray(I, keys, i + part);
            IntVector c = IntVector.fromArray(I, keys, i + 2 * part);
            IntVector d = IntVector.fromArray(I, keys, i + 3 * part);
            IntVector u = ZIP_FIRST.selectFrom(a, c);
            IntVector v = ZIP_FIRST.selectFrom(b, d);
            ZIP_FIRST.selectFrom(u, v).intoArray(spare, 4 * i);
            ZIP_SECOND.selectFrom(u, v).intoArray(spare, 4 * i + L);
            u = ZIP_SECOND.selectFrom(a, c);
            v = ZIP_SECOND.selectFrom(b, d);
            ZIP_FIRST.selectFrom(u, v).intoArray(spare, 4 * i + 2 * L);
            ZIP_SECOND.selectFrom(u, v).intoArray(spare, 4 * i + 3 * L);
        }
        if (rows == 4) {
            return spare;
        }
        if (rows == 8) {
            for (int i = 0; i < 4 * L; i += L) {
                IntVector a = IntVector.fromArray(I, spare, i);
                IntVector b = IntVector.fromArray(I, spare, i + 4 * L);
                ZIP_FIRST.selectFrom(a, b).intoArray(keys, 2 * i);
                ZIP_SECOND.selectFrom(a, b).intoArray(keys, 2 * i + L);
            }
            return keys;
        }
        for (int i = 0; i < part; i += L) {
            IntVector a = IntVector.fromArray(I, spare, i);
            IntVector b = IntVector.fromArray(I, spare, i + part);
            IntVector c = IntVector.fromArray(I, spare, i + 2 * part);
            IntVector d = IntVector.fromArray(I, spare, i + 3 * part);
            IntVector u = ZIP_FIRST.selectFrom(a, c);
            IntVector v = ZIP_FIRST.selectFrom(b, d);
            ZIP_FIRST.selectFrom(u, v).intoArray(keys, 4 * i);
            ZIP_SECOND.selectFrom(u, v).intoArray(keys, 4 * i + L);
            u = ZIP_SECOND.selectFrom(a, c);
            v = ZIP_SECOND.selectFrom(b, d);
            ZIP_FIRST.selectFrom(u, v).intoArray(keys, 4 * i + 2 * L);
            ZIP_SECOND.selectFrom(u, v).intoArray(keys, 4 * i + 3 * L);
        }
        return keys;
    }
}
