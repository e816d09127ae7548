package org.pontoon.engine.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pontoon.engine.memory.Floats;

@Tag("widths")
@Tag("widths-small")
class RowProductTest {

    private static final int[] COUNTS = {16, 32, 48, 64, 80, 176, 1040};

    @Test
    void chainsOfTwinsAgree() {
        for (int count : COUNTS) {
            for (int rows = 1; rows <= 9; rows++) {
                int row = count + 5;
                float[] p = Floats.random(1, 3 + 4 * row, 2f);
                float[] q = Floats.random(2, 7 + (rows + 3) * row, 2f);
                float[] chains = Floats.random(3, RowProduct.chains(rows), 1f);
                float[] expected = chains.clone();
                org.pontoon.engine.internal.vector.RowProduct.accumulate(p, 3, row, q, 7, row, rows, count, chains);
                org.pontoon.engine.internal.scalar.RowProduct.accumulate(p, 3, row, q, 7, row, rows, count, expected);
                for (int a = 0; a < 4; a++) {
                    double[] sums = new double[rows + 2];
                    double[] scalarSums = new double[rows + 2];
                    RowProduct.addSums(chains, a, rows, sums, 1);
                    RowProduct.addSums(expected, a, rows, scalarSums, 1);
                    assertThat(sums).as("row %d of %d rows of %d", a, rows, count).isEqualTo(scalarSums);
                }
            }
        }
    }

    @Test
    void sumsAreProductsOfRows() {
        int count = 176;
        float[] p = Floats.random(4, 4 * count, 1f);
        float[] q = Floats.random(5, 8 * count, 1f);
        float[] chains = new float[RowProduct.chains(6)];
        org.pontoon.engine.internal.vector.RowProduct.accumulate(p, 0, count, q, 0, count, 6, 160, chains);
        org.pontoon.engine.internal.vector.RowProduct.accumulate(p, 160, count, q, 160, count, 6, 16, chains);
        for (int a = 0; a < 4; a++) {
            double[] sums = new double[6];
            RowProduct.addSums(chains, a, 6, sums, 0);
            for (int b = 0; b < 6; b++) {
                double exact = 0;
                for (int i = 0; i < count; i++) {
                    exact += (double) p[a * count + i] * q[b * count + i];
                }
                assertThat(sums[b]).isCloseTo(exact, within(1e-5));
            }
        }
    }

    @Test
    void columnsOfTwinsAgree() {
        for (int count : COUNTS) {
            for (int rows = 0; rows <= 5; rows++) {
                int row = count + 3;
                float[] p = Floats.hostile(1, rows * row);
                float[] q = Floats.hostile(2, rows * row);
                float[] out = new float[count + 4];
                float[] expected = new float[count + 4];
                Arrays.fill(out, Float.NaN);
                Arrays.fill(expected, Float.NaN);
                org.pontoon.engine.internal.vector.RowProduct.columns(p, q, row, rows, count, out, 3);
                org.pontoon.engine.internal.scalar.RowProduct.columns(p, q, row, rows, count, expected, 3);
                Floats.assertSameBits(rows + " rows of " + count, out, expected);
            }
        }
    }

    @Test
    void rowsAreMultipliedElementByElement() {
        float[] p = Floats.random(1, 100, 2f);
        float[] q = Floats.random(2, 100, 2f);
        float[] out = new float[90];
        float[] expected = new float[90];
        org.pontoon.engine.internal.vector.RowProduct.multiply(p, 5, q, 9, 3f, 80, out, 7);
        org.pontoon.engine.internal.scalar.RowProduct.multiply(p, 5, q, 9, 3f, 80, expected, 7);
        Floats.assertSameBits("products", out, expected);
        for (int i = 0; i < 80; i++) {
            assertThat(out[7 + i]).isEqualTo(p[5 + i] * (q[9 + i] * 3f));
        }
        assertThat(out[6]).isZero();
        assertThat(out[87]).isZero();
    }
}
