package org.pontoon.engine.sort;

import java.util.Arrays;
import java.util.Objects;

import org.pontoon.engine.internal.scalar.FloatKeys;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * Work on sorted runs of floats: two merged into one, quantiles, and large or many arrays sorted by all threads. The order is that of
 * {@link FloatSorter}. The methods keep no state.
 */
public final class SortedRuns {

    private static final int RUN = 1 << 16;
    private static final int PIECE = 1 << 15;

    private SortedRuns() {
    }

    /**
     * Merges two sorted runs.
     *
     * @param a holds the first run
     * @param aFrom where it starts
     * @param aCount its length
     * @param b holds the second run
     * @param bFrom where it starts
     * @param bCount its length
     * @param out receives all values in order; another array than a and b
     * @param outFrom where to start
     * @throws IndexOutOfBoundsException if an array is too short
     */
    public static void merge(float[] a, int aFrom, int aCount, float[] b, int bFrom, int bCount, float[] out, int outFrom) {
        Objects.checkFromIndexSize(aFrom, aCount, a.length);
        Objects.checkFromIndexSize(bFrom, bCount, b.length);
        Objects.checkFromIndexSize(outFrom, Math.addExact(aCount, bCount), out.length);
        int i = aFrom;
        int j = bFrom;
        int aEnd = aFrom + aCount;
        int bEnd = bFrom + bCount;
        int at = outFrom;
        while (i < aEnd && j < bEnd) {
            // no branch on the values: which run comes next cannot be predicted
            int take = FloatKeys.key(b[j]) < FloatKeys.key(a[i]) ? 1 : 0;
            out[at++] = take == 1 ? b[j] : a[i];
            j += take;
            i += 1 - take;
        }
        System.arraycopy(a, i, out, at, aEnd - i);
        System.arraycopy(b, j, out, at + aEnd - i, bEnd - j);
    }

    /**
     * Returns a quantile of a sorted run, interpolated linearly between neighbours (type 7 of Hyndman and Fan 1996, numpy's default).
     *
     * @param sorted holds the run
     * @param from where it starts
     * @param count its length, at least 1
     * @param level between 0, the least value, and 1, the greatest
     * @return the quantile
     * @throws IllegalArgumentException if the run is empty or the level is outside of [0, 1]
     */
    public static double quantile(float[] sorted, int from, int count, double level) {
        Objects.checkFromIndexSize(from, count, sorted.length);
        if (count < 1) {
            throw new IllegalArgumentException("run has " + count + " values, expected at least 1");
        }
        if (!(level >= 0 && level <= 1)) {
            throw new IllegalArgumentException("level is " + level + ", expected a number in [0, 1]");
        }
        double place = level * (count - 1);
        int below = (int) place;
        double value = sorted[from + below];
        double share = place - below;
        return share == 0 ? value : value + share * (sorted[from + below + 1] - value);
    }

    /**
     * Sorts an array with all threads of a scheduler: runs of 65,536, merged two by two, each merge cut into pieces. Allocates as much again.
     *
     * @param values the array, sorted in place
     * @param scheduler runs the pieces
     * @throws IllegalArgumentException if a value is NaN; the array is partly sorted then
     */
    public static void sort(float[] values, TileScheduler scheduler) {
        int count = values.length;
        FloatSorter[] sorters = new FloatSorter[scheduler.threads()];
        scheduler.run((int) (((long) count + RUN - 1) / RUN), (tile, worker) -> {
            if (sorters[worker] == null) {
                sorters[worker] = new FloatSorter();
            }
            sorters[worker].sort(values, tile * RUN, Math.min(RUN, count - tile * RUN));
        });
        if (count <= RUN) {
            return;
        }
        float[] from = values;
        float[] to = new float[count];
        for (long run = RUN; run < count; run *= 2) {
            float[] source = from;
            float[] target = to;
            long length = run;
            scheduler.run((int) (((long) count + PIECE - 1) / PIECE),
                (tile, worker) -> mergePiece(source, target, count, length, tile * PIECE));
            from = target;
            to = source;
        }
        if (from != values) {
            System.arraycopy(from, 0, values, 0, count);
        }
    }

    /** Writes one piece of the merged runs: where it starts in each of the two follows from its place in the result. */
    private static void mergePiece(float[] from, float[] to, int count, long run, int start) {
        int end = Math.min(count, start + PIECE);
        int a = (int) (start / (2 * run) * (2 * run));
        int b = (int) Math.min(count, a + run);
        int stop = (int) Math.min(count, a + 2 * run);
        int low = ofFirst(from, a, b, stop, start - a);
        int high = ofFirst(from, a, b, stop, end - a);
        merge(from, a + low, high - low, from, b + start - a - low, end - start - (high - low), to, start);
    }

    /** How many of the least values of two neighbouring runs are the first run's. */
    private static int ofFirst(float[] values, int a, int b, int stop, int least) {
        int low = Math.max(0, least - (stop - b));
        int high = Math.min(least, b - a);
        while (low < high) {
            int middle = low + high >>> 1;
            if (FloatKeys.key(values[a + middle]) <= FloatKeys.key(values[b + least - middle - 1])) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /**
     * Sorts the rows of a matrix, each by itself, with all threads of a scheduler.
     *
     * @param values the matrix; row r starts at {@code r * stride}
     * @param rows number of rows
     * @param stride distance between rows, at least count
     * @param count length of a row
     * @param sorters one for each thread, which keep their scratch
     * @param scheduler runs the rows
     * @throws IllegalArgumentException if a value is NaN, the stride is too short, or there are fewer sorters than threads
     * @throws IndexOutOfBoundsException if the array is too short
     */
    public static void sortRows(float[] values, int rows, int stride, int count, FloatSorter[] sorters, TileScheduler scheduler) {
        if (stride < count) {
            throw new IllegalArgumentException("stride is " + stride + ", expected at least the " + count + " values of a row");
        }
        if (sorters.length < scheduler.threads()) {
            throw new IllegalArgumentException("there are " + sorters.length + " sorters, expected one for each of " + scheduler.threads()
                + " threads");
        }
        scheduler.run(rows, (row, worker) -> sorters[worker].sort(values, Math.multiplyExact(row, stride), count));
    }

    /**
     * Makes sorters for {@link #sortRows}.
     *
     * @param threads how many
     * @return as many sorters
     */
    public static FloatSorter[] sorters(int threads) {
        FloatSorter[] sorters = new FloatSorter[threads];
        Arrays.setAll(sorters, i -> new FloatSorter());
        return sorters;
    }
}
