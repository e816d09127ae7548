package org.pontoon.engine.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pontoon.engine.memory.Floats;

@Tag("widths")
@Tag("widths-small")
class PairMatrixTest {

    @Test
    void twinsAgree() {
        for (int dimension : new int[] {1, 2, 3, 7, 16}) {
            for (int columns : new int[] {0, 16, 48, 256}) {
                for (int rows : new int[] {0, 1, 2, 17}) {
                    float[] x = Floats.random(1, 3 + dimension * 260, 2f);
                    float[] y = Floats.hostile(2, 5 + dimension * 19);
                    float[] fast = new float[rows * columns];
                    float[] truth = new float[rows * columns];
                    org.pontoon.engine.internal.vector.PairMatrix.squares(x, 3, 260, columns, y, 5, 19, rows, dimension, fast);
                    org.pontoon.engine.internal.scalar.PairMatrix.squares(x, 3, 260, columns, y, 5, 19, rows, dimension, truth);
                    Floats.assertSameBits(dimension + " dimensions", fast, truth);
                }
            }
        }
    }

    @Test
    void twinsOfTheInverseMultiquadricAgree() {
        for (int count : Floats.SIZES) {
            float[] squares = Floats.hostile(4, count);
            for (int k = 0; k < count; k++) {
                squares[k] = Math.abs(squares[k]);
            }
            float[] expected = squares.clone();
            float[] cubes = new float[count];
            float[] expectedCubes = new float[count];
            org.pontoon.engine.internal.vector.PairMatrix.inverseMultiquadric(squares, cubes, count, 0.7f);
            org.pontoon.engine.internal.scalar.PairMatrix.inverseMultiquadric(expected, expectedCubes, count, 0.7f);
            Floats.assertSameBits(count + " values", squares, expected);
            Floats.assertSameBits(count + " cubes", cubes, expectedCubes);
        }
    }

    @Test
    void kernelsAreTheirFormulas() {
        float[] squares = Floats.random(3, 37, 5f);
        for (int k = 0; k < 37; k++) {
            squares[k] = Math.abs(squares[k]);
        }
        float[] gaussian = squares.clone();
        PairMatrix.gaussian(gaussian, 37, 0.7f);
        float[] multiquadric = squares.clone();
        float[] cubes = new float[37];
        PairMatrix.inverseMultiquadric(multiquadric, cubes, 37, 0.7f);
        for (int k = 0; k < 37; k++) {
            double q = 0.7f * (double) squares[k];
            assertThat((double) gaussian[k]).isCloseTo(Math.exp(-q), within(1e-6));
            assertThat((double) multiquadric[k]).isCloseTo(1 / Math.sqrt(1 + q), within(3e-7));
            assertThat((double) cubes[k]).isCloseTo(Math.pow(1 + q, -1.5), within(6e-7));
        }
    }
}
