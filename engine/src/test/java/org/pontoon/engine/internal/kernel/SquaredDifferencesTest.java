package org.pontoon.engine.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pontoon.engine.memory.Floats;

@Tag("widths")
class SquaredDifferencesTest {

    @Test
    @Tag("widths-small")
    void twinsAgreeAtEverySize() {
        for (int count : Floats.SIZES) {
            assertTwinsAgree(Floats.random(1, count + 5, 3f), Floats.random(2, count + 9, 3f), count);
            assertTwinsAgree(Floats.hostile(1, count + 5), Floats.hostile(2, count + 9), count);
        }
    }

    private static void assertTwinsAgree(float[] xs, float[] ys, int count) {
        assertThat(org.pontoon.engine.internal.vector.SquaredDifferences.sum(xs, 3, ys, 7, count)).as("%d values", count)
            .isEqualTo(org.pontoon.engine.internal.scalar.SquaredDifferences.sum(xs, 3, ys, 7, count));
    }

    @Test
    @Tag("widths-small")
    void twinsOfSlopesAgreeAtEverySize() {
        for (int count : Floats.SIZES) {
            float[] xs = Floats.hostile(1, count + 5);
            float[] ys = Floats.hostile(2, count + 9);
            float[] expected = xs.clone();
            org.pontoon.engine.internal.vector.SquaredDifferences.slopes(xs, 3, ys, 7, count, 0.3f);
            org.pontoon.engine.internal.scalar.SquaredDifferences.slopes(expected, 3, ys, 7, count, 0.3f);
            Floats.assertSameBits("slopes of " + count, xs, expected);
        }
    }

    @Test
    void bitsStayWhenHot() {
        float[] xs = Floats.random(1, 4099, 3f);
        float[] ys = Floats.random(2, 4099, 3f);
        double expected = org.pontoon.engine.internal.scalar.SquaredDifferences.sum(xs, 0, ys, 0, 4099);
        for (int call = 0; call < 5000; call++) {
            assertThat(org.pontoon.engine.internal.vector.SquaredDifferences.sum(xs, 0, ys, 0, 4099)).isEqualTo(expected);
        }
    }

    private interface Copy {
        boolean copy(float[] from, float[] to, int count);
    }

    @Test
    @Tag("widths-small")
    void copiesSayWhetherAllIsFinite() {
        assertCopies(org.pontoon.engine.internal.vector.SquaredDifferences::copyFinite);
        assertCopies(org.pontoon.engine.internal.scalar.SquaredDifferences::copyFinite);
    }

    private static void assertCopies(Copy finite) {
        for (int count : Floats.SIZES) {
            float[] values = Floats.hostile(3, count + 1);
            float[] copy = new float[count + 1];
            values[count] = Float.NaN;
            assertThat(finite.copy(values, copy, count)).isTrue();
            assertThat(copy[count]).isZero();
            Floats.assertSameBits("copy", copy, values, count);
            for (int bad = 0; bad < Math.min(count, 40); bad++) {
                for (float value : new float[] {Float.NaN, Float.intBitsToFloat(-1), Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                    float[] refused = values.clone();
                    refused[count - 1 - bad] = value;
                    assertThat(finite.copy(refused, copy, count)).isFalse();
                }
            }
        }
    }

    @Test
    void stretchesBeyondTheArraysAreRefused() {
        assertThatThrownBy(() -> org.pontoon.engine.internal.vector.SquaredDifferences.sum(new float[4], 1, new float[9], 0, 4))
            .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> org.pontoon.engine.internal.scalar.SquaredDifferences.sum(new float[4], 1, new float[9], 0, 4))
            .isInstanceOf(IndexOutOfBoundsException.class);
    }
}
