package org.pontoon.engine.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.internal.vector.SortingNetwork;
import org.pontoon.engine.memory.Floats;

/** {@link KeySort} and {@link PairSort}: both rooms, which go different ways to the same order. */
@Tag("widths")
class SortTest {

    private static final int[] SIZES = {0, 1, 2, 12, 15, 16, 17, 33, 64, 65, 255, 257, 1000, 2047, 2048, 2500, 9000, 16_385, 66_001};

    private final org.pontoon.engine.internal.vector.KeySort keysByVectors = new org.pontoon.engine.internal.vector.KeySort();
    private final org.pontoon.engine.internal.scalar.KeySort keysByScalars = new org.pontoon.engine.internal.scalar.KeySort();
    private final org.pontoon.engine.internal.vector.PairSort pairsByVectors = new org.pontoon.engine.internal.vector.PairSort();
    private final org.pontoon.engine.internal.vector.PairSort pairsByBuckets = new org.pontoon.engine.internal.vector.PairSort(600);
    private final org.pontoon.engine.internal.scalar.PairSort pairsByScalars = new org.pontoon.engine.internal.scalar.PairSort();

    enum Input {
        NORMAL, SORTED, REVERSED, SAWTOOTH, NEAR, FEW, EQUAL, CROWDED, OUTLIER, TAILED, BITS;

        float value(Random random, int i, int count) {
            return switch (this) {
                case NORMAL -> (float) random.nextGaussian();
                case SORTED -> i;
                case REVERSED -> -i;
                case SAWTOOTH -> i % (count / 10 + 1);
                case NEAR -> 1 + random.nextFloat() / 8;
                case FEW -> random.nextInt(3) - 1;
                case EQUAL -> -7f;
                case CROWDED -> random.nextInt(50) > 0 ? (float) random.nextGaussian() * 1e-3f : random.nextFloat() * 1e30f;
                case OUTLIER -> i == count / 2 ? 1e30f : random.nextInt(3) == 0 ? random.nextInt(2) - 0.5f : (float) random.nextGaussian();
                case TAILED -> (float) Math.exp(10 * random.nextGaussian());
                case BITS -> bits(random);
            };
        }

        private static float bits(Random random) {
            float[] special = {0f, -0f, Float.MIN_VALUE, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
            float value = Float.intBitsToFloat(random.nextInt());
            return Float.isNaN(value) ? special[random.nextInt(special.length)] : value;
        }
    }

    /** A network that sorts all zeros and ones sorts everything; all those that are one block of ones in a row of keys, here. */
    @Test
    @Tag("widths-small")
    void networkSortsBlocksOfOnes() {
        int size = SortingNetwork.CAPACITY;
        for (int count : new int[] {1, size / 4, size / 2 - 1, size}) {
            for (int from = 0; from < count; from += 3) {
                for (int ones = 1; from + ones <= count; ones += 5) {
                    int[] keys = new int[size];
                    Arrays.fill(keys, from, from + ones, 1);
                    int[] sorted = SortingNetwork.sort(keys, new int[size], count);
                    for (int i = 0; i < count; i++) {
                        assertThat(sorted[i]).isEqualTo(i < count - ones ? 0 : 1);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("widths-small")
    void roomsAgreeOnValues(Input input) {
        for (int count : SIZES) {
            float[] byVectors = values(input, count);
            float[] byScalars = byVectors.clone();
            float[] expected = byVectors.clone();
            keysByVectors.sort(byVectors, 3, count);
            keysByScalars.sort(byScalars, 3, count);
            Arrays.sort(expected, 3, 3 + count);
            Floats.assertSameBits(input + " " + count + " by vectors", byVectors, expected);
            Floats.assertSameBits(input + " " + count + " by scalars", byScalars, expected);
        }
    }

    @Test
    void everySizeOfTheNetworkIsSorted() {
        for (int count = 0; count <= 530; count++) {
            float[] values = values(Input.BITS, count);
            float[] expected = values.clone();
            Arrays.sort(expected, 3, 3 + count);
            keysByVectors.sort(values, 3, count);
            Floats.assertSameBits("bits " + count, values, expected);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 40, 3000})
    void frequentKeysAreSetApart(int distinct) {
        Random random = new Random(distinct);
        float[] byVectors = new float[30_000];
        for (int i = 0; i < byVectors.length; i++) {
            int k = random.nextInt(distinct);
            byVectors[i] = k == 0 ? -0f : k == 1 ? 0f : k * (random.nextInt(9) == 0 ? -1e-30f : 1e20f);
        }
        float[] byScalars = byVectors.clone();
        float[] expected = byVectors.clone();
        Arrays.sort(expected);
        keysByVectors.sort(byVectors, 0, byVectors.length);
        keysByScalars.sort(byScalars, 0, byScalars.length);
        Floats.assertSameBits(distinct + " distinct values by vectors", byVectors, expected);
        Floats.assertSameBits(distinct + " distinct values by scalars", byScalars, expected);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("widths-small")
    void roomsAgreeOnPairs(Input input) {
        for (int count : SIZES) {
            float[] values = values(input, count);
            float[] companions = new float[count + 5];
            Random random = new Random(count);
            for (int i = 0; i < companions.length; i++) {
                companions[i] = Float.intBitsToFloat(random.nextInt());
            }
            float[] byVectors = values.clone();
            float[] companionsByVectors = companions.clone();
            pairsByVectors.sortPairs(byVectors, 3, companionsByVectors, 1, count);
            float[] byBuckets = values.clone();
            float[] companionsByBuckets = companions.clone();
            pairsByBuckets.sortPairs(byBuckets, 3, companionsByBuckets, 1, count);
            float[] byScalars = values.clone();
            float[] companionsByScalars = companions.clone();
            pairsByScalars.sortPairs(byScalars, 3, companionsByScalars, 1, count);
            Floats.assertSameBits(input + " " + count, byScalars, byVectors);
            Floats.assertSameBits(input + " " + count + " by buckets", byBuckets, byVectors);
            assertThat(bits(companionsByScalars)).isEqualTo(bits(companionsByVectors)).isEqualTo(bits(companionsByBuckets));
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("widths-small")
    void roomsAgreeOnTheOrder(Input input) {
        for (int count : SIZES) {
            float[] byVectors = values(input, count);
            float[] byScalars = byVectors.clone();
            int[] order = new int[count + 1];
            int[] orderByScalars = new int[count + 1];
            pairsByVectors.argsort(byVectors, 3, count, order);
            pairsByScalars.argsort(byScalars, 3, count, orderByScalars);
            assertThat(orderByScalars).isEqualTo(order);
            Floats.assertSameBits("argsort moves nothing", byScalars, byVectors);
            Arrays.fill(order, 0);
            Arrays.fill(orderByScalars, 0);
            pairsByVectors.sortWithOrder(byVectors, 3, count, order);
            pairsByScalars.sortWithOrder(byScalars, 3, count, orderByScalars);
            assertThat(orderByScalars).isEqualTo(order);
            Floats.assertSameBits(input + " " + count, byScalars, byVectors);
        }
    }

    @Test
    @Tag("widths-small")
    void bothRoomsNameTheFirstNan() {
        float[] values = values(Input.NORMAL, 3000);
        values[3 + 2000] = Float.intBitsToFloat(0xFFC00001);
        values[3 + 2500] = Float.NaN;
        float[] before = values.clone();
        String message = "value 2000 of 3000 is NaN, expected a number";
        assertThatThrownBy(() -> keysByVectors.sort(values, 3, 3000)).hasMessage(message);
        assertThatThrownBy(() -> keysByScalars.sort(values, 3, 3000)).hasMessage(message);
        assertThatThrownBy(() -> pairsByVectors.sortPairs(values, 3, values.clone(), 0, 3000)).hasMessage(message);
        assertThatThrownBy(() -> pairsByScalars.sortPairs(values, 3, values.clone(), 0, 3000)).hasMessage(message);
        Floats.assertSameBits("after the refusal", values, before);
    }

    /** With some values before the stretch and behind it, which must stay where they are. */
    private static float[] values(Input input, int count) {
        Random random = new Random(count);
        float[] values = new float[count + 8];
        for (int i = 0; i < values.length; i++) {
            values[i] = input.value(random, i, values.length);
        }
        return values;
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }
}
