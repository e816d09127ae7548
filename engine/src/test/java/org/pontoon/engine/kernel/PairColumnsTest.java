package org.pontoon.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pontoon.engine.memory.Floats;

@Tag("widths")
@Tag("widths-small")
class PairColumnsTest {

    private static final int LANES = 16;

    @Test
    void twinsAgree() {
        for (int points : new int[] {0, 16, 32, 48, 64, 96, 256, 512}) {
            for (float scale : new float[] {1e-30f, 1f, 40f, 1e4f, 1e38f}) {
                float[] squares = squares(points, scale);
                float[] columns = Floats.random(5, 7 + 3 * (points + 5), 2f);
                float[] fast = new float[3 + 6 * LANES];
                float[] truth = fast.clone();
                PairColumns.gaussian(squares, 2, points, columns, 7, points + 5, fast, 3);
                PairColumns.scalarGaussian(squares, 2, points, columns, 7, points + 5, truth, 3);
                Floats.assertSameBits(points + " points", fast, truth);
            }
        }
    }

    private static float[] squares(int points, float scale) {
        float[] squares = Floats.random(3, 2 + 2 * points, scale);
        for (int k = 0; k < squares.length; k++) {
            squares[k] = k % 9 == 0 ? 0 : Math.abs(squares[k]);
        }
        return squares;
    }

    @Test
    void sumsAreTheirFormula() {
        float[] squares = squares(256, 3f);
        float[] columns = Floats.random(5, 3 * 256, 2f);
        float[] lanes = new float[6 * LANES];
        PairColumns.gaussian(squares, 0, 256, columns, 0, 256, lanes, 0);
        for (int row = 0; row < 2; row++) {
            for (int c = 0; c < 3; c++) {
                double sum = 0;
                double size = 0;
                for (int n = 0; n < 256; n++) {
                    double term = Math.pow(2, -squares[row * 256 + n]) * columns[c * 256 + n];
                    sum += term;
                    size += Math.abs(term);
                }
                assertThat((double) PairTile.fold(lanes, (row * 3 + c) * LANES)).isCloseTo(sum, within(1e-6 * size));
            }
        }
    }
}
