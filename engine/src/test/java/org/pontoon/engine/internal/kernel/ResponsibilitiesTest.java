package org.pontoon.engine.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.memory.Floats;

@Tag("widths")
@Tag("widths-small")
class ResponsibilitiesTest {

    private static float[] byVectors(float[] logits, int components, int points, float[] weights) {
        // one guard value behind the end
        float[] result = Arrays.copyOf(logits, components * points + 1);
        result[components * points] = 77f;
        org.pontoon.engine.internal.vector.Responsibilities.softmax(result, components, points, weights);
        assertThat(result[components * points]).isEqualTo(77f);
        return Arrays.copyOf(result, components * points);
    }

    private static float[] byScalars(float[] logits, int components, int points, float[] weights) {
        float[] result = logits.clone();
        org.pontoon.engine.internal.scalar.Responsibilities.softmax(result, components, points, weights);
        return result;
    }

    private static void assertTwinsAgree(float[] logits, int components, int points, float[] weights) {
        Floats.assertSameBits(components + " components, " + points + " points", byVectors(logits, components, points, weights),
            byScalars(logits, components, points, weights));
    }

    @Test
    void twinsAgreeAtEverySize() {
        for (int size : Floats.SIZES) {
            int points = size + 15 & -16;
            for (int components : new int[] {1, 2, 5, 17}) {
                assertTwinsAgree(Floats.random(1, components * points, 30f), components, points, Floats.random(2, points, 1f));
            }
            int components = Math.max(size, 1);
            assertTwinsAgree(Floats.random(3, components * 16, 100f), components, 16, Floats.random(4, 16, 1f));
        }
    }

    @Test
    void twinsAgreeOnHostileValues() {
        for (int components : new int[] {1, 2, 3, 50}) {
            for (int seed = 0; seed < 20; seed++) {
                assertTwinsAgree(Floats.hostile(seed, components * 48), components, 48, Floats.hostile(100 + seed, 48));
            }
        }
    }

    @Test
    void twinsAgreeWhereTheExponentialEnds() {
        int points = 64;
        float[] logits = new float[2 * points];
        for (int b = 0; b < points; b++) {
            // differences around -87, where the exponential is cut to zero
            logits[points + b] = org.pontoon.engine.internal.scalar.FloatMath.EXP_LEAST
                + (b - 32) * Math.ulp(org.pontoon.engine.internal.scalar.FloatMath.EXP_LEAST);
        }
        float[] weights = new float[points];
        Arrays.fill(weights, 1f);
        assertTwinsAgree(logits, 2, points, weights);
        float[] result = byVectors(logits, 2, points, weights);
        for (int b = 0; b < points; b++) {
            assertThat(result[points + b] == 0f).as("difference %s", logits[points + b]).isEqualTo(b < 32);
            assertThat(result[b]).isEqualTo(1f);
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {-88f, -1000f, -1e30f, -Float.MAX_VALUE})
    void veryNegativeLogitsBecomeExactlyZero(float logit) {
        float[] logits = new float[3 * 16];
        Arrays.fill(logits, 16, 48, logit);
        float[] weights = new float[16];
        Arrays.fill(weights, 0.25f);
        float[] result = byVectors(logits, 3, 16, weights);
        for (int b = 0; b < 16; b++) {
            assertThat(result[b]).isEqualTo(0.25f);
            assertThat(Float.floatToRawIntBits(result[16 + b])).isZero();
            assertThat(Float.floatToRawIntBits(result[32 + b])).isZero();
        }
    }

    @Test
    void theFullRangeOfFloatsDoesNotOverflow() {
        float[] logits = new float[2 * 16];
        Arrays.fill(logits, 0, 16, -Float.MAX_VALUE);
        Arrays.fill(logits, 16, 32, Float.MAX_VALUE);
        float[] weights = new float[16];
        Arrays.fill(weights, 2f);
        float[] result = byVectors(logits, 2, 16, weights);
        for (int b = 0; b < 16; b++) {
            assertThat(result[b]).isZero();
            assertThat(result[16 + b]).isEqualTo(2f);
        }
    }

    @Test
    void equalLogitsShareTheWeightAlike() {
        for (float level : new float[] {0f, -0f, 1e30f, -1e30f, Float.MIN_VALUE}) {
            float[] logits = new float[4 * 32];
            Arrays.fill(logits, level);
            float[] weights = Floats.random(5, 32, 1f);
            float[] result = byVectors(logits, 4, 32, weights);
            for (int i = 0; i < result.length; i++) {
                assertThat(result[i]).isEqualTo(weights[i % 32] / 4);
            }
        }
    }

    @Test
    void resultsAreCloseToSoftmaxInDoubles() {
        int components = 50;
        int points = 64;
        float[] logits = Floats.random(6, components * points, 20f);
        float[] weights = Floats.random(7, points, 1f);
        float[] result = byVectors(logits, components, points, weights);
        for (int b = 0; b < points; b++) {
            double sum = 0;
            for (int k = 0; k < components; k++) {
                sum += StrictMath.exp(logits[k * points + b]);
            }
            for (int k = 0; k < components; k++) {
                double expected = weights[b] * StrictMath.exp(logits[k * points + b]) / sum;
                // the rounding of a difference of 40 is 2e-6
                assertThat((double) result[k * points + b]).isCloseTo(expected, within(5e-6 * Math.abs(expected) + 1e-44));
            }
        }
    }

    private static void assertSumsAgree(int components, int points, boolean hostile) {
        float[] weights = hostile ? Floats.hostile(components, components * points) : Floats.random(components, components * points, 1f);
        float[] byVectors = hostile ? Floats.hostile(2, components + 1) : Floats.random(2, components + 1, 1f);
        float[] byScalars = byVectors.clone();
        org.pontoon.engine.internal.vector.Responsibilities.addSums(weights, components, points, byVectors, Floats.random(3, 16, 1f));
        org.pontoon.engine.internal.scalar.Responsibilities.addSums(weights, components, points, byScalars, Floats.random(4, 16, 1f));
        Floats.assertSameBits(components + " components, " + points + " points", byVectors, byScalars);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sumsAgreeWithTheirTwin(boolean hostile) {
        for (int size : Floats.SIZES) {
            int points = size + 15 & -16;
            for (int components : new int[] {0, 1, 2, 5, 17}) {
                assertSumsAgree(components, points, hostile);
            }
            assertSumsAgree(size, 64, hostile);
        }
    }

    @Test
    void sumsAreSums() {
        float[] weights = Floats.random(1, 3 * 64, 1f);
        float[] sums = {1f, 2f, 3f};
        org.pontoon.engine.internal.vector.Responsibilities.addSums(weights, 3, 64, sums, new float[16]);
        for (int k = 0; k < 3; k++) {
            double expected = 1 + k;
            for (int b = 0; b < 64; b++) {
                expected += weights[k * 64 + b];
            }
            assertThat((double) sums[k]).isCloseTo(expected, within(3e-6));
        }
    }

    @Test
    void compilationDoesNotChangeTheBits() {
        float[] logits = Floats.random(8, 20 * 64, 60f);
        float[] weights = Floats.random(9, 64, 1f);
        Floats.assertSameBitsWhenHot("vectors", 2_000, () -> byVectors(logits, 20, 64, weights));
        Floats.assertSameBitsWhenHot("scalars", 500, () -> byScalars(logits, 20, 64, weights));
        Floats.assertSameBitsWhenHot("sums", 4_000, () -> {
            float[] sums = new float[20];
            org.pontoon.engine.internal.vector.Responsibilities.addSums(logits, 20, 64, sums, new float[16]);
            return sums;
        });
    }
}
