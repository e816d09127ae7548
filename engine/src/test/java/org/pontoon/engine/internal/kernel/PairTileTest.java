package org.pontoon.engine.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pontoon.engine.memory.Floats;

@Tag("widths")
@Tag("widths-small")
class PairTileTest {

    private static final int AT = 3;
    private static final int[] DIMENSIONS = {1, 2, 3, 4, 5, 8, 9, 12, 16, 17, 33};

    private static int padded(int size) {
        return size + 31 & -32;
    }

    private static float[] squares(boolean vectors, float[] rows, int dimension, float[] tile, int points, float factor) {
        float[] squares = new float[4 * points];
        if (vectors) {
            org.pontoon.engine.internal.vector.PairTile.squares(rows, AT, dimension, tile, points, factor, squares);
        } else {
            org.pontoon.engine.internal.scalar.PairTile.squares(rows, AT, dimension, tile, points, factor, squares);
        }
        return squares;
    }

    private static float[] differences(boolean vectors, float[] rows, int dimension, float[] tile, int points, float[] coefficients,
            int first, int count) {
        float[] lanes = new float[4 * 16 * count];
        if (vectors) {
            org.pontoon.engine.internal.vector.PairTile.differences(rows, AT, dimension, tile, points, coefficients, first, count, lanes);
        } else {
            org.pontoon.engine.internal.scalar.PairTile.differences(rows, AT, dimension, tile, points, coefficients, first, count, lanes);
        }
        return lanes;
    }

    private static float[] pointDifferences(boolean vectors, float[] rows, int stride, float[] points, int count, float[] coefficients) {
        float[] sums = new float[4 * stride];
        if (vectors) {
            org.pontoon.engine.internal.vector.PairTile.pointDifferences(rows, AT, stride, points, count, coefficients, padded(count),
                sums);
        } else {
            org.pontoon.engine.internal.scalar.PairTile.pointDifferences(rows, AT, stride, points, count, coefficients, padded(count),
                sums);
        }
        return sums;
    }

    private static void assertTwinsAgree(float[] rows, int dimension, float[] tile, int points, float[] coefficients) {
        String what = points + " points in " + dimension + " dimensions";
        Floats.assertSameBits(what + ", squares", squares(true, rows, dimension, tile, points, 0.7f),
            squares(false, rows, dimension, tile, points, 0.7f));
        float[] norms = Floats.random(4, points + 4, 1f);
        float[] products = new float[4 * points];
        float[] expected = new float[4 * points];
        org.pontoon.engine.internal.vector.PairTile.products(rows, AT, dimension, tile, points, norms, points, norms, 0, products);
        org.pontoon.engine.internal.scalar.PairTile.products(rows, AT, dimension, tile, points, norms, points, norms, 0, expected);
        Floats.assertSameBits(what + ", products", products, expected);
        for (int count = 1; !PairTile.pointMajor(dimension) && count <= Math.min(2, dimension); count++) {
            Floats.assertSameBits(what + ", differences", differences(true, rows, dimension, tile, points, coefficients, dimension - count,
                count), differences(false, rows, dimension, tile, points, coefficients, dimension - count, count));
        }
    }

    @Test
    void twinsAgreeAtEverySize() {
        for (int size : Floats.SIZES) {
            int points = padded(size);
            for (int dimension : DIMENSIONS) {
                if (size <= 257 || dimension < 4) {
                    int rows = AT + 4 * dimension;
                    assertTwinsAgree(Floats.random(1, rows, 3f), dimension, Floats.random(2, points * dimension, 3f), points,
                        Floats.random(3, 4 * points, 1f));
                }
            }
        }
    }

    @Test
    void twinsOfPointDifferencesAgreeAtEverySize() {
        for (int count : Floats.SIZES) {
            for (int stride : new int[] {16, 32, 48, 80}) {
                if (count <= 257 || stride == 48) {
                    float[] rows = Floats.random(1, AT + 4 * stride, 3f);
                    float[] points = Floats.random(2, count * stride, 3f);
                    float[] coefficients = Floats.random(3, 4 * padded(count), 1f);
                    Floats.assertSameBits(count + " points of " + stride, pointDifferences(true, rows, stride, points, count, coefficients),
                        pointDifferences(false, rows, stride, points, count, coefficients));
                }
            }
        }
    }

    @Test
    void twinsAgreeOnHostileValues() {
        for (int seed = 0; seed < 20; seed++) {
            for (int dimension : new int[] {1, 2, 3, 17}) {
                int rows = AT + 4 * dimension;
                assertTwinsAgree(Floats.hostile(seed, rows), dimension, Floats.hostile(100 + seed, 64 * dimension), 64,
                    Floats.hostile(200 + seed, 256));
            }
            float[] rows = Floats.hostile(300 + seed, AT + 4 * 48);
            float[] points = Floats.hostile(400 + seed, 33 * 48);
            float[] coefficients = Floats.hostile(500 + seed, 4 * 64);
            Floats.assertSameBits("points", pointDifferences(true, rows, 48, points, 33, coefficients),
                pointDifferences(false, rows, 48, points, 33, coefficients));
        }
    }

    @Test
    void squaresOfEqualPointsAreZeroExactly() {
        for (int dimension : DIMENSIONS) {
            float[] rows = new float[AT + 4 * dimension];
            float[] tile = new float[32 * dimension];
            Arrays.fill(rows, 1e10f / 3);
            Arrays.fill(tile, 1e10f / 3);
            assertThat(squares(true, rows, dimension, tile, 32, 2f)).containsOnly(0f);
        }
    }

    @Test
    void squaresAreWithinTheirBound() {
        for (int dimension : new int[] {1, 2, 3, 7, 10, 50, 128, 1024}) {
            float[] rows = Floats.random(1, AT + 4 * dimension, 1f);
            float[] tile = Floats.random(2, 64 * dimension, 1f);
            float[] squares = squares(true, rows, dimension, tile, 64, 3f);
            for (int r = 0; r < 4; r++) {
                for (int n = 0; n < 64; n++) {
                    double expected = 0;
                    for (int d = 0; d < dimension; d++) {
                        double u = (double) tile[(n / 32 * dimension + d) * 32 + n % 32] - rows[AT + 4 * d + r];
                        expected += 3 * u * u;
                    }
                    assertThat(squares[r * 64 + n]).isCloseTo((float) expected, within((float) expected * (dimension + 4) * 0x1p-24f));
                }
            }
        }
    }

    @Test
    void lanesFoldInAFixedTree() {
        float[] lanes = Floats.random(1, 21, 1f);
        float[] half = new float[16];
        System.arraycopy(lanes, 5, half, 0, 16);
        for (int width = 8; width > 0; width /= 2) {
            for (int i = 0; i < width; i++) {
                half[i] += half[i + width];
            }
        }
        assertThat(PairTile.fold(lanes, 5)).isEqualTo(half[0]);
    }

    @Test
    void bitsAreThoseOfEveryMachine() {
        float[] all = new float[0];
        for (int dimension : new int[] {1, 2, 3, 8}) {
            float[] rows = Floats.random(1, AT + 4 * dimension, 1f);
            float[] tile = Floats.random(2, 96 * dimension, 1f);
            float[] squares = squares(true, rows, dimension, tile, 96, 0.3f);
            float[] lanes = differences(true, rows, dimension, tile, 96, squares, 0, Math.min(2, dimension));
            int start = all.length;
            all = Arrays.copyOf(all, start + squares.length + lanes.length);
            System.arraycopy(squares, 0, all, start, squares.length);
            System.arraycopy(lanes, 0, all, start + squares.length, lanes.length);
        }
        assertThat(Floats.checksum(all)).isEqualTo("865c00ff");
        assertThat(Floats.checksum(pointDifferences(true, Floats.random(1, AT + 4 * 48, 1f), 48, Floats.random(2, 33 * 48, 1f), 33,
            Floats.random(3, 256, 1f)))).isEqualTo("2853470f");
    }

    @Test
    void compilationDoesNotChangeTheBits() {
        float[] rows = Floats.random(1, AT + 4 * 3, 1f);
        float[] tile = Floats.random(2, 64 * 3, 1f);
        Floats.assertSameBitsWhenHot("squares", 6_000, () -> squares(true, rows, 3, tile, 64, 0.3f));
        float[] coefficients = Floats.random(3, 256, 1f);
        Floats.assertSameBitsWhenHot("differences", 6_000, () -> differences(true, rows, 3, tile, 64, coefficients, 1, 2));
    }
}
