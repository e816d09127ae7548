package org.pontoon.engine.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pontoon.engine.memory.Floats;

@Tag("widths")
class SymmetricProductTest {

    private static final int PANEL = SymmetricProduct.PANEL;

    private static float[] wanted(double[] out, int columns, boolean diagonal) {
        float[] values = new float[2 * PANEL * PANEL];
        for (int r = 0; r < (diagonal ? columns : PANEL); r++) {
            for (int c = diagonal ? r : 0; c < columns; c++) {
                double v = out[3 + r * PANEL + c];
                values[2 * (r * PANEL + c)] = (float) v;
                values[2 * (r * PANEL + c) + 1] = (float) (v - (float) v);
            }
        }
        return values;
    }

    private static void assertTwinsAgree(int columns, int steps, boolean diagonal, boolean hostile) {
        int length = 5 + steps * PANEL;
        float[] p = hostile ? Floats.hostile(1, length) : Floats.random(1, length, 2f);
        float[] q = diagonal ? p : hostile ? Floats.hostile(2, length) : Floats.random(2, length, 2f);
        double[] fast = new double[3 + PANEL * PANEL];
        double[] truth = new double[3 + PANEL * PANEL];
        Arrays.fill(fast, 7);
        Arrays.fill(truth, 7);
        org.pontoon.engine.internal.vector.SymmetricProduct.add(p, 5, q, 5, columns, steps, diagonal, new float[PANEL * PANEL], fast, 3);
        org.pontoon.engine.internal.scalar.SymmetricProduct.add(p, 5, q, 5, columns, steps, diagonal, new float[PANEL * PANEL], truth, 3);
        Floats.assertSameBits(columns + " columns, " + steps + " steps, diagonal " + diagonal, wanted(fast, columns, diagonal),
            wanted(truth, columns, diagonal));
    }

    @Test
    @Tag("widths-small")
    void twinsAgreeAtEveryShape() {
        for (int columns = 16; columns <= PANEL; columns += 16) {
            for (int steps : new int[] {0, 1, 2, 17, 33}) {
                assertTwinsAgree(columns, steps, false, false);
                assertTwinsAgree(columns, steps, true, false);
                assertTwinsAgree(columns, steps, true, true);
            }
        }
    }

    @Test
    void twinsAgreeAcrossFlushes() {
        for (int steps : new int[] {255, 256, 257, 1000}) {
            assertTwinsAgree(PANEL, steps, false, false);
            assertTwinsAgree(48, steps, true, false);
        }
    }

    @Test
    @Tag("widths-small")
    void sumsAreThoseOfFloat64() {
        int steps = 600;
        float[] p = Floats.random(3, steps * PANEL, 1f);
        double[] out = new double[PANEL * PANEL];
        org.pontoon.engine.internal.vector.SymmetricProduct.add(p, 0, p, 0, PANEL, steps, true, new float[PANEL * PANEL], out, 0);
        for (int r = 0; r < PANEL; r++) {
            for (int c = r; c < PANEL; c++) {
                double sum = 0;
                for (int i = 0; i < steps; i++) {
                    sum += (double) p[i * PANEL + r] * p[i * PANEL + c];
                }
                assertThat(out[r * PANEL + c]).isCloseTo(sum, within(1e-6 * steps / 3));
            }
        }
    }
}
