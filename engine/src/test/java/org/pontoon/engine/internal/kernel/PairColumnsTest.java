package org.pontoon.engine.internal.kernel;

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
                for (int count = PairColumns.LEAST; count <= PairColumns.MOST; count++) {
                    float[] squares = squares(points, scale);
                    float[] columns = Floats.random(5, 7 + count * (points + 5), 2f);
                    float[] fast = new float[3 + 2 * count * LANES];
                    float[] truth = fast.clone();
                    org.pontoon.engine.internal.vector.PairColumns.gaussian(squares, 2, points, columns, 7, points + 5, count, fast, 3);
                    org.pontoon.engine.internal.scalar.PairColumns.gaussian(squares, 2, points, columns, 7, points + 5, count, truth, 3);
                    Floats.assertSameBits(points + " points, " + count + " columns", fast, truth);
                }
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
        for (int count = PairColumns.LEAST; count <= PairColumns.MOST; count++) {
            float[] columns = Floats.random(5, count * 256, 2f);
            float[] lanes = new float[2 * count * LANES];
            org.pontoon.engine.internal.vector.PairColumns.gaussian(squares, 0, 256, columns, 0, 256, count, lanes, 0);
            for (int k = 0; k < 2 * count; k++) {
                double sum = 0;
                double size = 0;
                for (int n = 0; n < 256; n++) {
                    double term = Math.pow(2, -squares[k / count * 256 + n]) * columns[k % count * 256 + n];
                    sum += term;
                    size += Math.abs(term);
                }
                assertThat((double) PairTile.fold(lanes, k * LANES)).isCloseTo(sum, within(1e-6 * size));
            }
        }
    }
}
