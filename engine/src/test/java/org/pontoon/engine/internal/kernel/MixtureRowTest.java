package org.pontoon.engine.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.memory.Floats;

@Tag("widths")
@Tag("widths-small")
class MixtureRowTest {

    private static final int[] STRIDES = {16, 32, 48, 64, 112, 256, 272};
    private static final float GUARD = 77f;

    private static float[] values(boolean hostile, long seed, int length) {
        return hostile ? Floats.hostile(seed, length) : Floats.random(seed, length, 2f);
    }

    /** The values, and a guard value that no call may touch. */
    private static float[] guarded(boolean hostile, long seed, int length) {
        float[] values = values(hostile, seed, length + 1);
        values[length] = GUARD;
        return values;
    }

    private static void assertSame(String what, float[] byVectors, float[] byScalars) {
        Floats.assertSameBits(what, byVectors, byScalars);
        assertThat(byVectors[byVectors.length - 1]).isEqualTo(GUARD);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void logitsAgreeWithTheirTwin(boolean hostile) {
        for (int stride : STRIDES) {
            for (int count : new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 15, 16, 17, 31, 33, 65, 257}) {
                checkLogits(stride, count, hostile);
            }
        }
        for (int size : Floats.SIZES) {
            checkLogits(16, size, hostile);
            checkLogits(size + 15 & -16, 5, hostile);
        }
    }

    private static void checkLogits(int stride, int count, boolean hostile) {
        float[] coefficients = values(hostile, 1, count * stride);
        float[] features = values(hostile, 2, count);
        float[] byVectors = guarded(hostile, 3, stride);
        float[] byScalars = byVectors.clone();
        org.pontoon.engine.internal.vector.MixtureRow.logits(null, MemorySegment.ofArray(coefficients), stride, features, count, byVectors);
        org.pontoon.engine.internal.scalar.MixtureRow.logits(coefficients, null, stride, features, count, byScalars);
        assertSame(stride + " components, " + count + " features", byVectors, byScalars);
    }

    @ParameterizedTest
    @ValueSource(floats = {1e-3f, 1f, 60f, 1e4f, 1e37f})
    void softmaxAgreesWithItsTwin(float size) {
        for (int components : new int[] {1, 2, 10, 15, 16, 17, 31, 33, 63, 64, 65, 100, 255, 256, 257, 1000, 4098}) {
            int stride = components + 15 & -16;
            float[] byVectors = Floats.random(components, stride + 1, size);
            Arrays.fill(byVectors, components, stride, -1e38f);
            byVectors[stride] = GUARD;
            checkSoftmax(byVectors, components, stride);
        }
    }

    @Test
    void softmaxOfHostileLogitsAgreesWithItsTwin() {
        for (int components : new int[] {1, 2, 15, 16, 17, 33, 100}) {
            int stride = components + 15 & -16;
            float[] logits = guarded(true, components, stride);
            Arrays.fill(logits, components, stride, -1e30f);
            checkSoftmax(logits, components, stride);
            float[] equal = new float[stride + 1];
            Arrays.fill(equal, 0, components, -0f);
            Arrays.fill(equal, components, stride, -1e30f);
            equal[stride] = GUARD;
            checkSoftmax(equal, components, stride);
        }
    }

    private static void checkSoftmax(float[] byVectors, int components, int stride) {
        String what = components + " components";
        float[] byScalars = byVectors.clone();
        int[] active = new int[components];
        int[] expected = new int[components];
        int count = org.pontoon.engine.internal.vector.MixtureRow.softmax(byVectors, components, stride, active);
        assertThat(count).as(what)
            .isEqualTo(org.pontoon.engine.internal.scalar.MixtureRow.softmax(byScalars, components, stride, expected));
        assertSame(what, byVectors, byScalars);
        double sum = 0;
        int listed = 0;
        for (int k = 0; k < components; k++) {
            sum += byVectors[k];
            if (byVectors[k] != 0f) {
                assertThat(active[listed]).isEqualTo(k).isEqualTo(expected[listed++]);
            }
        }
        assertThat(listed).as(what).isEqualTo(count);
        assertThat(sum).as(what).isCloseTo(1, within(1e-4));
    }

    @Test
    void oneNumberThatIsNotFiniteIsFoundWhereverItIs() {
        for (int stride : STRIDES) {
            float[] values = guarded(true, 1, stride);
            assertThat(org.pontoon.engine.internal.vector.MixtureRow.isFinite(values, stride)).isTrue();
            assertThat(org.pontoon.engine.internal.scalar.MixtureRow.isFinite(values, stride)).isTrue();
            for (int d = 0; d < stride; d++) {
                for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                    float good = values[d];
                    values[d] = bad;
                    assertThat(org.pontoon.engine.internal.vector.MixtureRow.isFinite(values, stride)).isFalse();
                    assertThat(org.pontoon.engine.internal.scalar.MixtureRow.isFinite(values, stride)).isFalse();
                    values[d] = good;
                }
            }
            values[stride] = Float.NaN;
            assertThat(org.pontoon.engine.internal.vector.MixtureRow.isFinite(values, stride)).as("beyond the end").isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void affineMapsAgreeWithTheirTwin(boolean hostile) {
        for (int stride : STRIDES) {
            for (int components : new int[] {0, 1, 2, 3, 5, 15, 16, 17, 50, 100}) {
                checkAffine(stride, components, hostile);
            }
        }
        for (int size : Floats.SIZES) {
            checkAffine(16, size, hostile);
            checkAffine(size + 15 & -16, 3, hostile);
        }
    }

    private static void checkAffine(int stride, int components, boolean hostile) {
        float[] weights = values(hostile, 1, components);
        float[] shift = values(hostile, 2, components * stride);
        float[] slope = values(hostile, 3, components * stride);
        float[] x = values(hostile, 4, stride);
        float[] offset = values(hostile, 5, stride);
        int[] all = IntStream.range(0, components).toArray();
        int[] third = IntStream.range(0, components).filter(k -> k % 3 == 1).toArray();
        for (int[] active : new int[][] {all, third}) {
            float[] byVectors = guarded(hostile, 6, stride);
            float[] byScalars = byVectors.clone();
            org.pontoon.engine.internal.vector.MixtureRow.affine(weights, active, active.length, shift, slope, stride, offset, x,
                byVectors);
            org.pontoon.engine.internal.scalar.MixtureRow.affine(weights, active, active.length, shift, slope, stride, offset, x,
                byScalars);
            assertSame(active.length + " of " + components + " components, stride " + stride, byVectors, byScalars);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void drawsAgreeWithTheirTwin(boolean hostile) {
        for (int size : Floats.SIZES) {
            int stride = size + 15 & -16;
            for (int component = 0; component < 3; component++) {
                float[] shift = values(hostile, 1, 3 * stride);
                float[] slope = values(hostile, 2, 3 * stride);
                float[] spread = values(hostile, 3, 3 * stride);
                float[] x = values(hostile, 4, stride);
                float[] z = values(hostile, 5, stride);
                float[] byVectors = guarded(hostile, 6, stride);
                float[] byScalars = byVectors.clone();
                org.pontoon.engine.internal.vector.MixtureRow.addDraw(shift, slope, spread, component * stride, stride, x, z, byVectors);
                org.pontoon.engine.internal.scalar.MixtureRow.addDraw(shift, slope, spread, component * stride, stride, x, z, byScalars);
                assertSame("component " + component + ", stride " + stride, byVectors, byScalars);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void matrixProductsAgreeWithTheirTwin(boolean hostile) {
        for (int dimension = 0; dimension <= 40; dimension++) {
            checkProduct(dimension, hostile);
        }
        for (int dimension : new int[] {63, 64, 65, 100, 255, 256, 257}) {
            checkProduct(dimension, hostile);
        }
    }

    private static void checkProduct(int dimension, boolean hostile) {
        int stride = dimension + 15 & -16;
        int at = 2 * dimension * stride;
        float[] matrix = values(hostile, 1, at + dimension * stride);
        float[] x = values(hostile, 2, dimension);
        float[] byVectors = guarded(hostile, 3, stride);
        float[] byScalars = byVectors.clone();
        org.pontoon.engine.internal.vector.MixtureRow.addProduct(matrix, at, stride, dimension, 0.3f, x, byVectors);
        org.pontoon.engine.internal.scalar.MixtureRow.addProduct(matrix, at, stride, dimension, 0.3f, x, byScalars);
        assertSame("dimension " + dimension, byVectors, byScalars);
    }

    @Test
    void resultsAreWhatTheFormulasSay() {
        int stride = 48;
        int count = 33;
        float[] a = Floats.random(1, count * stride, 1f);
        float[] b = Floats.random(2, count * stride, 1f);
        float[] w = Floats.random(3, count, 1f);
        float[] x = Floats.random(4, stride, 1f);
        float[] z = Floats.random(5, stride, 1f);
        float[] logits = new float[stride];
        org.pontoon.engine.internal.vector.MixtureRow.logits(null, MemorySegment.ofArray(a), stride, w, count, logits);
        float[] affine = new float[stride];
        org.pontoon.engine.internal.vector.MixtureRow.affine(w, IntStream.range(0, count).toArray(), count, a, b, stride, x, x, affine);
        float[] draw = x.clone();
        org.pontoon.engine.internal.vector.MixtureRow.addDraw(a, b, a, 2 * stride, stride, x, z, draw);
        float[] product = x.clone();
        org.pontoon.engine.internal.vector.MixtureRow.addProduct(a, 0, stride, count, 0.5f, w, product);
        for (int d = 0; d < stride; d++) {
            double sumA = 0;
            double sumB = 0;
            for (int k = 0; k < count; k++) {
                sumA += (double) w[k] * a[k * stride + d];
                sumB += (double) w[k] * b[k * stride + d];
            }
            int at = 2 * stride + d;
            assertThat((double) logits[d]).isCloseTo(sumA, within(1e-5));
            assertThat((double) affine[d]).isCloseTo(x[d] + sumA + x[d] * sumB, within(1e-5));
            assertThat((double) draw[d]).isCloseTo(x[d] + a[at] + (double) b[at] * x[d] + (double) a[at] * z[d], within(1e-5));
            assertThat((double) product[d]).isCloseTo(x[d] + 0.5 * sumA, within(1e-5));
        }
    }

    @Test
    void compilationDoesNotChangeTheBits() {
        int stride = 32;
        int components = 50;
        float[] a = Floats.random(1, components * stride, 1f);
        float[] b = Floats.random(2, components * stride, 1f);
        float[] w = Floats.random(3, components, 1f);
        float[] x = Floats.random(4, stride, 1f);
        int[] all = IntStream.range(0, components).toArray();
        int[] active = new int[stride];
        Floats.assertSameBitsWhenHot("all five", 12_000, () -> {
            float[] out = new float[stride];
            org.pontoon.engine.internal.vector.MixtureRow.logits(null, MemorySegment.ofArray(a), stride, w, components, out);
            org.pontoon.engine.internal.vector.MixtureRow.softmax(out, stride, stride, active);
            org.pontoon.engine.internal.vector.MixtureRow.affine(w, all, components, a, b, stride, out, x, out);
            org.pontoon.engine.internal.vector.MixtureRow.addDraw(a, b, a, stride, stride, x, x, out);
            org.pontoon.engine.internal.vector.MixtureRow.addProduct(b, 0, stride, stride, 0.1f, x, out);
            return out;
        });
    }
}
