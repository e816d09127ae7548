package org.pontoon.engine.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pontoon.engine.memory.Floats;

@Tag("widths")
@Tag("widths-small")
class PairLogSumExpTest {

    private static final int AT = 5;

    private static float[] positive(long seed, int length, float size) {
        float[] values = Floats.random(seed, length, size);
        for (int i = 0; i < length; i++) {
            values[i] = Math.abs(values[i]);
        }
        return values;
    }

    /** Lanes of the least exponents, lanes of the sums, terms, slopes. */
    private static float[] run(boolean vectors, float[] squares, int points, float[] biases, float reference, boolean roots, boolean terms,
            boolean slopes) {
        float[] least = new float[32];
        float[] lanes = new float[64];
        float[] t = terms ? new float[squares.length] : null;
        float[] s = slopes ? new float[squares.length] : null;
        if (vectors) {
            org.pontoon.engine.internal.vector.PairLogSumExp.least(squares, AT, points, biases, 2, roots, least);
            org.pontoon.engine.internal.vector.PairLogSumExp.sums(squares, AT, points, biases, 2, reference, reference + 1, roots, t, s,
                lanes);
        } else {
            org.pontoon.engine.internal.scalar.PairLogSumExp.least(squares, AT, points, biases, 2, roots, least);
            org.pontoon.engine.internal.scalar.PairLogSumExp.sums(squares, AT, points, biases, 2, reference, reference + 1, roots, t, s,
                lanes);
        }
        float[] all = Arrays.copyOf(least, 96 + 2 * squares.length);
        System.arraycopy(lanes, 0, all, 32, 64);
        if (terms) {
            System.arraycopy(t, 0, all, 96, t.length);
        }
        if (slopes) {
            System.arraycopy(s, 0, all, 96 + squares.length, s.length);
        }
        return all;
    }

    private static void assertTwinsAgree(float[] squares, int points, float[] biases, float reference) {
        for (boolean roots : new boolean[] {false, true}) {
            for (int keep = 0; keep < 3; keep++) {
                Floats.assertSameBits(points + " points, roots " + roots + ", keep " + keep,
                    run(true, squares, points, biases, reference, roots, keep > 0, keep > 1),
                    run(false, squares, points, biases, reference, roots, keep > 0, keep > 1));
            }
        }
    }

    @Test
    void twinsAgreeAtEverySize() {
        for (int size : Floats.SIZES) {
            int points = size + 15 & -16;
            assertTwinsAgree(positive(1, AT + 2 * points + 3, 60f), points, positive(2, points + 2, 60f), 17f);
        }
    }

    @Test
    void twinsAgreeOnHostileValues() {
        for (int seed = 0; seed < 30; seed++) {
            float[] squares = Floats.hostile(seed, AT + 128);
            float[] biases = Floats.hostile(100 + seed, 66);
            for (int i = 0; i < squares.length; i++) {
                squares[i] = Math.abs(squares[i]);
            }
            for (int i = 0; i < biases.length; i++) {
                biases[i] = i % 7 == 0 ? Float.POSITIVE_INFINITY : Math.abs(biases[i]);
            }
            assertTwinsAgree(squares, 64, biases, 0f);
        }
    }

    @Test
    void sumsAreThoseOfFloat64() {
        int points = 256;
        float[] squares = positive(1, AT + 2 * points, 20f);
        float[] biases = positive(2, points + 2, 10f);
        for (boolean roots : new boolean[] {false, true}) {
            float[] result = run(true, squares, points, biases, 4f, roots, true, true);
            for (int row = 0; row < 2; row++) {
                double expected = 0;
                double least = Double.POSITIVE_INFINITY;
                for (int n = 0; n < points; n++) {
                    double q = squares[AT + row * points + n];
                    double exponent = (roots ? Math.sqrt(q) : q) + biases[2 + n];
                    expected += Math.pow(2, -(exponent - 4 - row));
                    least = Math.min(least, exponent);
                }
                double sum = 0;
                for (int lane = 0; lane < 16; lane++) {
                    sum += result[32 + 32 * row + lane];
                }
                assertThat(sum).isCloseTo(expected, within(2e-6 * expected));
                float[] lanes = Arrays.copyOfRange(result, 16 * row, 16 * row + 16);
                float[] again = Arrays.copyOfRange(result, 48 + 32 * row, 64 + 32 * row);
                Arrays.sort(lanes);
                Arrays.sort(again);
                assertThat((double) lanes[0]).isCloseTo(least, within(1e-5));
                assertThat(again).isEqualTo(lanes);
            }
        }
    }

    @Test
    void pointsOfInfiniteBiasAddNothingThatCounts() {
        float[] biases = new float[34];
        Arrays.fill(biases, Float.POSITIVE_INFINITY);
        biases[2 + 17] = 3f;
        float[] result = run(true, new float[AT + 64], 32, biases, 3f, false, true, false);
        double sum = 0;
        for (int lane = 0; lane < 16; lane++) {
            sum += result[32 + lane];
        }
        assertThat(sum).isCloseTo(1, within(1e-28));
    }

    @Test
    void bitsAreThoseOfEveryMachine() {
        float[] squares = positive(1, AT + 256, 60f);
        float[] biases = positive(2, 130, 60f);
        assertThat(Floats.checksum(run(true, squares, 128, biases, 9f, false, true, true))).isEqualTo("8cbcde99");
        assertThat(Floats.checksum(run(true, squares, 128, biases, 9f, true, true, true))).isEqualTo("380c5756");
    }

    @Test
    void compilationDoesNotChangeTheBits() {
        float[] squares = positive(1, AT + 128, 60f);
        float[] biases = positive(2, 66, 60f);
        for (boolean roots : new boolean[] {false, true}) {
            for (boolean keep : new boolean[] {false, true}) {
                Floats.assertSameBitsWhenHot("sums", 4_000, () -> run(true, squares, 64, biases, 9f, roots, keep, keep));
            }
        }
    }
}
