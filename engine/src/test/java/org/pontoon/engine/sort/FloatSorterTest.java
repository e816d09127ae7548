package org.pontoon.engine.sort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.memory.Floats;
import org.pontoon.engine.parallel.TileScheduler;

@Tag("widths")
class FloatSorterTest {

    private static final int[] SIZES = {0, 1, 2, 15, 16, 17, 31, 33, 63, 64, 65, 100, 255, 256, 257, 1000, 4098, 9000, 66_001};

    private final FloatSorter sorter = new FloatSorter();

    enum Input {
        RANDOM, SORTED, REVERSED, FEW, SAWTOOTH, EQUAL, CROWDED, TAILED, BITS;

        float[] values(int count) {
            Random random = new Random(count);
            float[] values = new float[count];
            for (int i = 0; i < count; i++) {
                values[i] = switch (this) {
                    case RANDOM -> (float) random.nextGaussian();
                    case SORTED -> i;
                    case REVERSED -> -i;
                    case FEW -> random.nextInt(5) - 2;
                    case SAWTOOTH -> i % (count / 10 + 1);
                    case EQUAL -> 7f;
                    case CROWDED -> random.nextInt(3) > 0 ? (float) random.nextGaussian() * 1e-3f : random.nextFloat();
                    case TAILED -> (float) Math.exp(10 * random.nextGaussian());
                    case BITS -> anything(random);
                };
            }
            return values;
        }

        private static float anything(Random random) {
            if (random.nextInt(4) == 0) {
                float[] special = {0f, -0f, Float.MIN_VALUE, -Float.MIN_VALUE, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
                return special[random.nextInt(special.length)];
            }
            float value = Float.intBitsToFloat(random.nextInt());
            return Float.isNaN(value) ? Float.MAX_VALUE : value;
        }
    }

    @ParameterizedTest
    @EnumSource
    void valuesComeInTheOrderOfTheLibrary(Input input) {
        for (int count : SIZES) {
            float[] values = input.values(count);
            float[] padded = new float[count + 9];
            Arrays.fill(padded, 42f);
            System.arraycopy(values, 0, padded, 4, count);
            sorter.sort(padded, 4, count);
            Arrays.sort(values);
            Floats.assertSameBits(input + " " + count, Arrays.copyOfRange(padded, 4, 4 + count), values);
            assertThat(padded[3]).isEqualTo(42f);
            assertThat(padded[4 + count]).isEqualTo(42f);
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {1e30f, 1e3f, 2f, 1e-30f, 0f, Float.POSITIVE_INFINITY, Float.MAX_VALUE})
    void orderOfCrowdedValuesIsStable(float outlier) {
        for (int count : new int[] {65, 1000, 16_384, 16_385, 40_000}) {
            Random random = new Random(count);
            float[] values = new float[count];
            for (int i = 0; i < count; i++) {
                values[i] = random.nextInt(3) == 0 ? random.nextInt(2) - 0.5f : (float) random.nextGaussian();
            }
            values[count / 2] = outlier;
            values[count / 3] = -outlier;
            Integer[] expected = new Integer[count];
            Arrays.setAll(expected, i -> i);
            Arrays.sort(expected, (i, j) -> Float.compare(values[i], values[j]));
            int[] order = new int[count];
            sorter.argsort(values, 0, count, order);
            assertThat(order).isEqualTo(Arrays.stream(expected).mapToInt(i -> i).toArray());
        }
    }

    @ParameterizedTest
    @EnumSource
    void orderIsStable(Input input) {
        for (int count : SIZES) {
            float[] values = input.values(count);
            Integer[] expected = new Integer[count];
            Arrays.setAll(expected, i -> i);
            Arrays.sort(expected, (i, j) -> Float.compare(values[i], values[j]));
            int[] order = new int[count];
            sorter.argsort(values, 0, count, order);
            assertThat(order).isEqualTo(Arrays.stream(expected).mapToInt(i -> i).toArray());
            float[] sorted = values.clone();
            int[] moved = new int[count];
            sorter.sortWithOrder(sorted, 0, count, moved);
            assertThat(moved).isEqualTo(order);
            float[] pairs = values.clone();
            float[] companions = new float[count];
            for (int i = 0; i < count; i++) {
                companions[i] = i;
            }
            sorter.sortPairs(pairs, 0, companions, 0, count);
            Floats.assertSameBits("values of pairs", pairs, sorted);
            for (int i = 0; i < count; i++) {
                moved[i] = (int) companions[i];
            }
            assertThat(moved).isEqualTo(order);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 16, 300, 5000})
    void memoryIsSortedAsArraysAre(int count) {
        float[] values = Input.RANDOM.values(count);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
            MemorySegment other = arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
            int[] order = new int[count];
            sorter.argsort(segment, order);
            MemorySegment same = arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
            sorter.sortPairs(same, other);
            sorter.sort(segment);
            float[] sorted = segment.toArray(ValueLayout.JAVA_FLOAT);
            assertThat(same.toArray(ValueLayout.JAVA_FLOAT)).isEqualTo(sorted);
            assertThat(other.toArray(ValueLayout.JAVA_FLOAT)).isEqualTo(sorted);
            float[] gathered = new float[count];
            for (int i = 0; i < count; i++) {
                gathered[i] = values[order[i]];
            }
            assertThat(gathered).isEqualTo(sorted);
            assertThatThrownBy(() -> sorter.sort(segment.asSlice(0, 7))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("7 bytes");
            assertThatThrownBy(() -> sorter.sortPairs(segment, other.asSlice(0, 4))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("4 bytes");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 17, 40, 5000})
    void nanIsRefusedWithItsPlace(int count) {
        float[] values = new float[count + 2];
        values[count] = Float.intBitsToFloat(0xFFC00001);
        float[] before = values.clone();
        assertThatThrownBy(() -> sorter.sort(values, 1, count)).isInstanceOf(IllegalArgumentException.class)
            .hasMessage("value " + (count - 1) + " of " + count + " is NaN, expected a number");
        assertThatThrownBy(() -> sorter.argsort(values, 1, count, new int[count])).isInstanceOf(IllegalArgumentException.class);
        Floats.assertSameBits("after the refusal", values, before);
    }

    @Test
    void stretchesOutsideOfTheArrayAreRefused() {
        assertThatThrownBy(() -> sorter.sort(new float[3], 1, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> sorter.argsort(new float[3], 0, 3, new int[2])).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> sorter.sortPairs(new float[3], 0, new float[3], 1, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @ParameterizedTest
    @EnumSource
    void threadsSortAsOneDoes(Input input) {
        float[] values = input.values(300_007);
        float[] expected = values.clone();
        Arrays.sort(expected);
        for (int threads = 1; threads <= 3; threads++) {
            try (TileScheduler scheduler = new TileScheduler(threads)) {
                float[] sorted = values.clone();
                SortedRuns.sort(sorted, scheduler);
                Floats.assertSameBits(threads + " threads", sorted, expected);
            }
        }
    }

    @Test
    void rowsAreSortedEachByItself() {
        float[] values = Input.RANDOM.values(40 * 112);
        float[] expected = values.clone();
        for (int row = 0; row < 40; row++) {
            Arrays.sort(expected, row * 112, row * 112 + 100);
        }
        try (TileScheduler scheduler = new TileScheduler(2)) {
            SortedRuns.sortRows(values, 40, 112, 100, SortedRuns.sorters(2), scheduler);
            assertThat(values).isEqualTo(expected);
            assertThatThrownBy(() -> SortedRuns.sortRows(values, 40, 99, 100, SortedRuns.sorters(2), scheduler))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("stride is 99");
            assertThatThrownBy(() -> SortedRuns.sortRows(values, 40, 112, 100, SortedRuns.sorters(1), scheduler))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("1 sorters");
        }
    }

    @Test
    void runsMergeAndHaveQuantiles() {
        float[] a = {-1, -0f, 2, 5};
        float[] b = {-3, 0f, 2};
        float[] out = new float[8];
        SortedRuns.merge(a, 0, 4, b, 0, 3, out, 1);
        assertThat(out).isEqualTo(new float[] {0, -3, -1, -0f, 0f, 2, 2, 5});
        assertThat(SortedRuns.quantile(a, 0, 4, 0)).isEqualTo(-1);
        assertThat(SortedRuns.quantile(a, 0, 4, 1)).isEqualTo(5);
        assertThat(SortedRuns.quantile(a, 0, 4, 0.5)).isEqualTo(1);
        assertThatThrownBy(() -> SortedRuns.quantile(a, 0, 4, Double.NaN)).hasMessageContaining("level is NaN");
        assertThatThrownBy(() -> SortedRuns.quantile(a, 0, 0, 0.5)).hasMessageContaining("0 values");
    }
}
