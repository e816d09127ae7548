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
class MatrixProductTest {

    private static final int[] COLUMNS = {0, 16, 32, 48, 64, 80, 112, 128, 144};

    /** A product in arrays with odd starts and strides; whatever is not an element is NaN, so that a stray read or write shows. */
    private static final class Case {
        private final int rows;
        private final int columns;
        private final int steps;
        private final int pRow;
        private final int pStep;
        private final int qRow;
        private final int outRow;
        private final float[] p;
        private final float[] q;
        private final float[] out;

        private Case(int rows, int columns, int steps, boolean transposed, boolean hostile) {
            this.rows = rows;
            this.columns = columns;
            this.steps = steps;
            pRow = transposed ? 1 : 2 * steps + 3;
            pStep = transposed ? rows + 2 : 2;
            qRow = columns + 5;
            outRow = columns + 7;
            p = nan(3 + rows * pRow + steps * pStep);
            q = nan(1 + steps * qRow);
            out = nan(7 + rows * outRow);
            int count = rows * steps;
            float[] left = hostile ? Floats.hostile(1, count) : Floats.random(1, count, 3f);
            float[] right = hostile ? Floats.hostile(2, steps * columns) : Floats.random(2, steps * columns, 3f);
            float[] start = hostile ? Floats.hostile(3, rows * columns) : Floats.random(3, rows * columns, 3f);
            for (int r = 0; r < rows; r++) {
                for (int i = 0; i < steps; i++) {
                    p[3 + r * pRow + i * pStep] = left[r * steps + i];
                }
                System.arraycopy(start, r * columns, out, 7 + r * outRow, columns);
            }
            for (int i = 0; i < steps; i++) {
                System.arraycopy(right, i * columns, q, 1 + i * qRow, columns);
            }
        }

        private float[] byVectors() {
            float[] result = out.clone();
            org.pontoon.engine.internal.vector.MatrixProduct.accumulate(p, 3, pRow, pStep, q, 1, qRow, rows, columns, steps, result, 7,
                outRow);
            return result;
        }

        private float[] byScalars() {
            float[] result = out.clone();
            org.pontoon.engine.internal.scalar.MatrixProduct.accumulate(p, 3, pRow, pStep, q, 1, qRow, rows, columns, steps, result, 7,
                outRow);
            return result;
        }

        private void assertTwinsAgree() {
            Floats.assertSameBits(rows + " x " + steps + " times " + steps + " x " + columns, byVectors(), byScalars());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Tag("widths-small")
    void twinsAgreeAtEveryBlockShape(boolean transposed) {
        for (int rows = 0; rows <= 11; rows++) {
            for (int columns : COLUMNS) {
                for (int steps : new int[] {0, 1, 2, 15, 17}) {
                    new Case(rows, columns, steps, transposed, false).assertTwinsAgree();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void twinsAgreeAtEverySize(boolean transposed) {
        for (int size : Floats.SIZES) {
            new Case(size, 32, 5, transposed, false).assertTwinsAgree();
            new Case(6, size + 15 & -16, 5, transposed, false).assertTwinsAgree();
            new Case(6, 80, size, transposed, false).assertTwinsAgree();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Tag("widths-small")
    void twinsAgreeOnHostileValues(boolean transposed) {
        for (int rows : new int[] {1, 5, 7, 11}) {
            for (int columns : COLUMNS) {
                // one step gives every sign of zero and every subnormal; many steps run into infinity
                for (int steps : new int[] {1, 2, 33}) {
                    new Case(rows, columns, steps, transposed, true).assertTwinsAgree();
                }
            }
        }
    }

    @Test
    void compilationDoesNotChangeTheBits() {
        Case hostile = new Case(11, 112, 9, false, true);
        Floats.assertSameBitsWhenHot("hostile", 3_000, hostile::byVectors);
        Case plain = new Case(11, 112, 9, true, false);
        Floats.assertSameBitsWhenHot("vectors", 12_000, plain::byVectors);
        Floats.assertSameBitsWhenHot("scalars", 3_000, plain::byScalars);
        plain.assertTwinsAgree();
    }

    @Test
    @Tag("widths-small")
    void theProductIsTheProduct() {
        int rows = 7;
        int columns = 48;
        int steps = 33;
        float[] p = Floats.random(4, rows * steps, 1f);
        float[] q = Floats.random(5, steps * columns, 1f);
        float[] out = new float[rows * columns];
        Arrays.fill(out, 10f);
        org.pontoon.engine.internal.vector.MatrixProduct.accumulate(p, 0, steps, 1, q, 0, columns, rows, columns, steps, out, 0, columns);
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                double sum = 10;
                for (int i = 0; i < steps; i++) {
                    sum += (double) p[r * steps + i] * q[i * columns + c];
                }
                assertThat((double) out[r * columns + c]).isCloseTo(sum, within(3e-5));
            }
        }
    }

    private static float[] nan(int length) {
        float[] values = new float[length];
        Arrays.fill(values, Float.NaN);
        return values;
    }
}
