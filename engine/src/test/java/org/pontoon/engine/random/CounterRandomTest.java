package org.pontoon.engine.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.internal.kernel.FloatMath;
import org.pontoon.engine.memory.Floats;

class CounterRandomTest {

    private static final long[] CORNERS = {0, 16, 32, 0xffff_ffe0L, 0xffff_fff0L, 0x1_0000_0000L, 0x7fff_ffff_ffff_ffe0L};

    /** The known answers of Random123, threefry 2x32 with 20 rounds; words as printed there, the first one first. */
    @ParameterizedTest
    @CsvSource({"00000000,00000000,00000000,00000000,6b200159,99ba4efe", "ffffffff,ffffffff,ffffffff,ffffffff,1cb996fc,bb002be7",
        "243f6a88,85a308d3,13198a2e,03707344,c4923a9c,483df7a0"})
    @Tag("widths")
    @Tag("widths-small")
    void blocksAreThoseOfRandom123(String counter0, String counter1, String key0, String key1, String result0, String result1) {
        long key = words(key0, key1);
        long counter = words(counter0, counter1);
        assertThat(CounterRandom.bits(key, counter)).isEqualTo(words(result0, result1));
        // the vector loop starts at a multiple of 16
        int[] low = new int[16];
        int[] high = new int[16];
        org.pontoon.engine.internal.vector.Threefry.fillBits(key, counter & -16, low, high, 16);
        int lane = (int) counter & 15;
        assertThat(Integer.toUnsignedLong(low[lane]) | (long) high[lane] << 32).isEqualTo(words(result0, result1));
    }

    private static long words(String low, String high) {
        return Long.parseLong(low, 16) | Long.parseLong(high, 16) << 32;
    }

    @Test
    void keysAreBlocksOfSeedAndStream() {
        assertThat(CounterRandom.key(5, 9)).isEqualTo(CounterRandom.bits(5, 9)).isNotEqualTo(CounterRandom.key(9, 5));
        assertThat(Arrays.stream(new long[] {0, 1, 2, 1L << 32, -1}).flatMap(seed -> Arrays.stream(new long[] {0, 1, 2, 1L << 32, -1})
            .map(stream -> CounterRandom.key(seed, stream))).distinct().count()).isEqualTo(25);
    }

    @Test
    @Tag("widths")
    @Tag("widths-small")
    void vectorBlocksAreTheScalarOnes() {
        SplittableRandom random = new SplittableRandom(1);
        for (int count = 0; count <= 272; count += 16) {
            for (long first : CORNERS) {
                long key = random.nextLong();
                int[] low = new int[count + 1];
                int[] high = new int[count + 1];
                org.pontoon.engine.internal.vector.Threefry.fillBits(key, first, low, high, count);
                for (int i = 0; i < count; i++) {
                    long bits = CounterRandom.bits(key, first + i);
                    assertThat(low[i]).isEqualTo((int) bits);
                    assertThat(high[i]).isEqualTo((int) (bits >>> 32));
                }
                assertThat(low[count] | high[count]).isZero();
            }
        }
    }

    @Test
    @Tag("widths")
    @Tag("widths-small")
    void filledNormalsAreTheSingleOnes() {
        CounterRandom random = new CounterRandom();
        for (int count : new int[] {0, 32, 64, 96, 128, 1024, 32, 4128}) {
            for (long first : CORNERS) {
                if (first % CounterRandom.NORMAL_BLOCK != 0) {
                    continue;
                }
                long key = CounterRandom.key(count, first);
                float[] normals = new float[count + 20];
                random.fillNormals(key, first, normals, 7, count);
                float[] expected = new float[count + 20];
                for (int i = 0; i < count; i++) {
                    expected[7 + i] = CounterRandom.normal(key, first + i);
                }
                Floats.assertSameBits(count + " normals from " + first, normals, expected);
            }
        }
    }

    @Test
    @Tag("widths")
    @Tag("widths-small")
    void extremeWordsGiveFiniteNormals() {
        int[] words = {0, 1, 2, 3, -1, -2, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x40000000, 0xc0000000, 0x3fffffff, 0x20000000, 0xe0000000,
            0x00ffffff, 0x55555555, 0xaaaaaaaa};
        float most = 0;
        for (int angle : words) {
            int[] angles = new int[16];
            Arrays.fill(angles, angle);
            float[] normals = new float[32];
            FloatMath.boxMuller(words, angles, 16, normals, 0);
            for (int i = 0; i < 32; i++) {
                assertThat(normals[i]).isFinite();
                most = Math.max(most, Math.abs(normals[i]));
                float u = Math.fma((float) (words[i & 15] >>> 1), 0x1p-31f, 0x1p-32f);
                float v = angle * 0x1p-31f;
                float expected = (float) Math.sqrt(FloatMath.log(u) * -2f) * (i < 16 ? FloatMath.cosPi(v) : FloatMath.sinPi(v));
                assertThat(Float.floatToRawIntBits(normals[i])).isEqualTo(Float.floatToRawIntBits(expected));
            }
        }
        assertThat(most).isBetween(6.6f, 6.7f);
    }

    @Test
    @Tag("widths")
    @Tag("widths-small")
    void filledIntegersAreTheSingleOnes() {
        CounterRandom random = new CounterRandom();
        for (int bound : new int[] {1, 2, 3, 10, 1000, 60_000, 1 << 20, 1_000_000_007, Integer.MAX_VALUE}) {
            for (int count : new int[] {0, 16, 32, 272, 1008}) {
                for (long first : CORNERS) {
                    long key = CounterRandom.key(bound, first);
                    int[] integers = new int[count + 1];
                    integers[count] = -77;
                    random.fillUniformInts(key, first, integers, count, bound);
                    for (int i = 0; i < count; i++) {
                        assertThat(integers[i]).isEqualTo(CounterRandom.uniformInt(key, first + i, bound)).isBetween(0, bound - 1);
                    }
                    assertThat(integers[count]).isEqualTo(-77);
                }
            }
        }
    }

    @Test
    @Tag("widths")
    @Tag("widths-small")
    void theBitsAreTheSameAtEveryWidth() {
        CounterRandom random = new CounterRandom();
        float[] normals = new float[4096];
        random.fillNormals(CounterRandom.key(1, 2), 64, normals, 0, 4096);
        assertThat(Floats.checksum(normals)).isEqualTo("8da514e9");
        int[] integers = new int[4096];
        random.fillUniformInts(CounterRandom.key(3, 4), 64, integers, 4096, 1_000_000);
        assertThat(Arrays.hashCode(integers)).isEqualTo(-1830041124);
    }

    @Test
    @Tag("widths")
    void compilationDoesNotChangeTheBits() {
        CounterRandom random = new CounterRandom();
        float[] normals = new float[256];
        Floats.assertSameBitsWhenHot("normals", 8_000, () -> {
            random.fillNormals(9, 32, normals, 0, 256);
            return normals;
        });
        Floats.assertSameBitsWhenHot("single normals", 400, () -> {
            for (int i = 0; i < normals.length; i++) {
                normals[i] = CounterRandom.normal(9, 32 + i);
            }
            return normals;
        });
        filledNormalsAreTheSingleOnes();
        filledIntegersAreTheSingleOnes();
    }

    @Test
    void whoAsksFirstDoesNotMatter() {
        float[] whole = new float[512];
        new CounterRandom().fillNormals(3, 0, whole, 0, 512);
        CounterRandom random = new CounterRandom();
        float[] pieces = new float[512];
        for (int block : new int[] {9, 3, 15, 0, 7, 1, 14, 2, 4, 5, 6, 8, 10, 11, 12, 13}) {
            random.fillNormals(3, 32L * block, pieces, 32 * block, 32);
        }
        Floats.assertSameBits("pieces", pieces, whole);
    }

    @Test
    void normalsAreNormal() {
        int count = 1 << 20;
        float[] normals = new float[count];
        new CounterRandom().fillNormals(CounterRandom.key(2024, 7), 0, normals, 0, count);
        double[] moments = new double[5];
        double product = 0;
        double pair = 0;
        for (int i = 0; i < count; i++) {
            double power = 1;
            for (int m = 1; m <= 4; m++) {
                power *= normals[i];
                moments[m] += power / count;
            }
            product += i == 0 ? 0 : (double) normals[i] * normals[i - 1] / count;
            // the two halves of one Box-Muller pair
            pair += (i & 16) == 0 ? 2.0 * normals[i] * normals[i + 16] / count : 0;
        }
        // five standard errors of 2^20 draws: sqrt(1, 2, 15, 96) / 2^10
        assertThat(moments[1]).isCloseTo(0, within(0.0049));
        assertThat(moments[2]).isCloseTo(1, within(0.0070));
        assertThat(moments[3]).isCloseTo(0, within(0.019));
        assertThat(moments[4]).isCloseTo(3, within(0.048));
        assertThat(product).isCloseTo(0, within(0.0049));
        assertThat(pair).isCloseTo(0, within(0.0070));
        Arrays.sort(normals);
        double largest = 0;
        for (int i = 0; i < count; i += 16) {
            largest = Math.max(largest, Math.abs((i + 0.5) / count - normalDistribution(normals[i])));
        }
        // the 0.999 quantile of the Kolmogorov statistic is 1.95 / sqrt(n)
        assertThat(largest).isLessThan(1.95 / 1024);
        assertThat(normals[0]).isBetween(-6.7f, -4.2f);
        assertThat(normals[count - 1]).isBetween(4.2f, 6.7f);
    }

    /** Simpson's rule from 0, exact to 1e-9. */
    private static double normalDistribution(double x) {
        int steps = 64;
        double h = x / steps;
        double sum = 1 + Math.exp(-0.5 * x * x);
        for (int i = 1; i < steps; i++) {
            double t = i * h;
            sum += (i % 2 == 0 ? 2 : 4) * Math.exp(-0.5 * t * t);
        }
        return 0.5 + sum * h / 3 / Math.sqrt(2 * Math.PI);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 100, 1009})
    void uniformIntegersFillTheirRangeEvenly(int bound) {
        int draws = 200_000;
        int[] counts = new int[bound];
        for (int i = 0; i < draws; i++) {
            counts[CounterRandom.uniformInt(77, i, bound)]++;
        }
        double square = 0;
        double expected = (double) draws / bound;
        for (int count : counts) {
            square += (count - expected) * (count - expected) / expected;
        }
        // chi square with bound - 1 degrees of freedom, five standard deviations
        assertThat(square).isLessThanOrEqualTo(bound - 1 + 5 * Math.sqrt(2.0 * (bound - 1)) + (bound == 2 ? 10 : 0));
    }

    @Test
    void uniformNumbersStayBelowOne() {
        double sum = 0;
        double least = 1;
        double most = 0;
        for (int i = 0; i < 100_000; i++) {
            double u = CounterRandom.uniform(5, i);
            sum += u;
            least = Math.min(least, u);
            most = Math.max(most, u);
            assertThat(u * 0x1p53 % 1).isZero();
        }
        assertThat(least).isBetween(0.0, 1e-4);
        assertThat(most).isBetween(1 - 1e-4, Math.nextDown(1.0));
        assertThat(sum / 100_000).isCloseTo(0.5, within(0.0046));
    }

    @Test
    void anUnalignedRequestIsRefused() {
        CounterRandom random = new CounterRandom();
        assertThatIllegalArgumentException().isThrownBy(() -> random.fillNormals(1, 16, new float[64], 0, 32)).withMessageContaining("16");
        assertThatIllegalArgumentException().isThrownBy(() -> random.fillNormals(1, 0, new float[64], 0, 33)).withMessageContaining("33");
        assertThatIllegalArgumentException().isThrownBy(() -> random.fillUniformInts(1, 8, new int[64], 16, 5)).withMessageContaining("8");
        assertThatIllegalArgumentException().isThrownBy(() -> random.fillUniformInts(1, 16, new int[64], 17, 5))
            .withMessageContaining("17");
    }

    @Test
    void anArrayThatIsTooShortIsRefusedBeforeItIsTouched() {
        CounterRandom random = new CounterRandom();
        float[] normals = new float[63];
        assertThatThrownBy(() -> random.fillNormals(1, 0, normals, 0, 64)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> random.fillNormals(1, 0, normals, -1, 32)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> random.fillNormals(1, 0, normals, 32, 32)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(normals).containsOnly(0f);
        assertThatThrownBy(() -> random.fillUniformInts(1, 0, new int[31], 32, 9)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
