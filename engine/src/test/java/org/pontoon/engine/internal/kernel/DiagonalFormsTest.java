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
class DiagonalFormsTest {

    private static final int SIZE = PointTile.SIZE;

    private static float[] values(boolean hostile, long seed, int length) {
        return hostile ? Floats.hostile(seed, length) : Floats.random(seed, length, 2f);
    }

    private static void checkForward(int components, int dimension, int stride, boolean hostile) {
        float[] slope = nanBehind(values(hostile, 1, components * stride), components, dimension, stride);
        float[] curve = nanBehind(values(hostile, 2, components * stride), components, dimension, stride);
        float[] columns = values(hostile, 3, dimension * SIZE);
        // one component more than is asked for: it must stay as it is
        float[] byVectors = values(hostile, 4, (components + 1) * SIZE);
        float[] byScalars = byVectors.clone();
        org.pontoon.engine.internal.vector.DiagonalForms.forward(slope, curve, stride, components, dimension, columns, byVectors);
        org.pontoon.engine.internal.scalar.DiagonalForms.forward(slope, curve, stride, components, dimension, columns, byScalars);
        Floats.assertSameBits(components + " components, dimension " + dimension + ", stride " + stride, byVectors, byScalars);
    }

    /** What lies between D and the stride is not read. */
    private static float[] nanBehind(float[] values, int components, int dimension, int stride) {
        for (int k = 0; k < components; k++) {
            Arrays.fill(values, k * stride + dimension, (k + 1) * stride, Float.NaN);
        }
        return values;
    }

    private static void checkBackward(int components, int points, int stride, int rowStride, boolean hostile) {
        float[] weights = values(hostile, 1, components * SIZE);
        for (int k = 0; k < components; k++) {
            Arrays.fill(weights, k * SIZE + points, (k + 1) * SIZE, Float.NaN);
        }
        float[] rows = nanBehind(values(hostile, 2, points * rowStride), points, stride, rowStride);
        float[] first = values(hostile, 3, (components + 1) * stride);
        float[] second = values(hostile, 4, (components + 1) * stride);
        float[] scalarFirst = first.clone();
        float[] scalarSecond = second.clone();
        org.pontoon.engine.internal.vector.DiagonalForms.backward(weights, components, points, rows, rowStride, stride, first, second);
        org.pontoon.engine.internal.scalar.DiagonalForms.backward(weights, components, points, rows, rowStride, stride, scalarFirst,
            scalarSecond);
        String what = components + " components, " + points + " points, stride " + stride + ", row stride " + rowStride;
        Floats.assertSameBits(what + ", first", first, scalarFirst);
        Floats.assertSameBits(what + ", second", second, scalarSecond);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Tag("widths-small")
    void formsAgreeAtEveryBlockShape(boolean hostile) {
        for (int components = 0; components <= 11; components++) {
            for (int dimension : new int[] {0, 1, 2, 3, 15, 16, 17, 33}) {
                checkForward(components, dimension, dimension + 15 & -16, hostile);
                checkForward(components, dimension, (dimension + 15 & -16) + 32, hostile);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Tag("widths-small")
    void sumsAgreeAtEveryBlockShape(boolean hostile) {
        for (int components = 0; components <= 11; components++) {
            for (int stride : new int[] {0, 16, 32, 48, 64, 80}) {
                for (int points : new int[] {0, 1, 2, 31, 63, 64}) {
                    checkBackward(components, points, stride, stride, hostile);
                }
                checkBackward(components, 17, stride, stride + 32, hostile);
            }
        }
    }

    @Test
    void twinsAgreeAtEverySize() {
        for (int size : Floats.SIZES) {
            checkForward(6, size, size + 15 & -16, false);
            checkForward(size, 5, 16, false);
            checkBackward(6, 33, size + 15 & -16, size + 15 & -16, false);
            checkBackward(size, 3, 16, 16, false);
        }
        for (int points = 0; points <= SIZE; points++) {
            checkBackward(7, points, 48, 64, false);
        }
    }

    @Test
    @Tag("widths-small")
    void resultsAreWhatTheFormulasSay() {
        int components = 7;
        int dimension = 33;
        int stride = 48;
        float[] slope = Floats.random(1, components * stride, 1f);
        float[] curve = Floats.random(2, components * stride, 1f);
        float[] rows = Floats.random(3, SIZE * stride, 1f);
        float[] columns = new float[dimension * SIZE];
        org.pontoon.engine.internal.vector.PointTile.transpose(rows, stride, dimension, columns);
        float[] logits = new float[components * SIZE];
        Arrays.fill(logits, 5f);
        org.pontoon.engine.internal.vector.DiagonalForms.forward(slope, curve, stride, components, dimension, columns, logits);
        float[] weights = Floats.random(4, components * SIZE, 1f);
        float[] first = new float[components * stride];
        float[] second = new float[components * stride];
        Arrays.fill(first, 3f);
        org.pontoon.engine.internal.vector.DiagonalForms.backward(weights, components, 50, rows, stride, stride, first, second);
        for (int k = 0; k < components; k++) {
            for (int b = 0; b < SIZE; b++) {
                double logit = 5;
                for (int d = 0; d < dimension; d++) {
                    double x = rows[b * stride + d];
                    logit += slope[k * stride + d] * x + curve[k * stride + d] * x * x;
                }
                assertThat((double) logits[k * SIZE + b]).isCloseTo(logit, within(2e-5));
            }
            for (int d = 0; d < stride; d++) {
                double one = 3;
                double two = 0;
                for (int b = 0; b < 50; b++) {
                    double x = rows[b * stride + d];
                    one += weights[k * SIZE + b] * x;
                    two += weights[k * SIZE + b] * x * x;
                }
                assertThat((double) first[k * stride + d]).isCloseTo(one, within(2e-5));
                assertThat((double) second[k * stride + d]).isCloseTo(two, within(2e-5));
            }
        }
    }

    @Test
    void compilationDoesNotChangeTheBits() {
        int components = 12;
        int stride = 48;
        float[] slope = Floats.random(1, components * stride, 1f);
        float[] curve = Floats.random(2, components * stride, 1f);
        float[] rows = Floats.random(3, SIZE * stride, 1f);
        float[] columns = new float[stride * SIZE];
        float[] logits = new float[components * SIZE];
        float[] first = new float[components * stride];
        float[] second = new float[components * stride];
        org.pontoon.engine.internal.vector.PointTile.transpose(rows, stride, stride, columns);
        Floats.assertSameBitsWhenHot("logits", 8_000, () -> {
            Arrays.fill(logits, 0.5f);
            org.pontoon.engine.internal.vector.DiagonalForms.forward(slope, curve, stride, components, stride, columns, logits);
            return logits;
        });
        Floats.assertSameBitsWhenHot("sums", 8_000, () -> {
            Arrays.fill(first, 0.5f);
            Arrays.fill(second, 0.5f);
            org.pontoon.engine.internal.vector.DiagonalForms.backward(logits, components, 63, rows, stride, stride, first, second);
            org.pontoon.engine.internal.vector.DiagonalForms.backward(logits, components, 63, rows, stride, stride, second, first);
            return first;
        });
    }
}
