package org.pontoon.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pontoon.engine.memory.Floats;

@Tag("widths")
@Tag("widths-small")
class PairDistanceTest {

    private static final int OFFSET = 3;

    private static float[] byVectors(float[] x, float[] tile, int points, int dimension, float[] weights, float[] lanes) {
        float[] result = lanes.clone();
        PairDistance.add(x, OFFSET, tile, points, dimension, weights, result);
        return result;
    }

    private static float[] byScalars(float[] x, float[] tile, int points, int dimension, float[] weights, float[] lanes) {
        float[] result = lanes.clone();
        PairDistance.scalarAdd(x, OFFSET, tile, points, dimension, weights, result);
        return result;
    }

    private static void assertTwinsAgree(float[] x, float[] tile, int points, int dimension, float[] weights, float[] lanes) {
        Floats.assertSameBits(points + " points in " + dimension + " dimensions", byVectors(x, tile, points, dimension, weights, lanes),
            byScalars(x, tile, points, dimension, weights, lanes));
    }

    @Test
    void twinsAgreeAtEverySize() {
        for (int size : Floats.SIZES) {
            int points = size + 15 & -16;
            for (int dimension : new int[] {0, 1, 2, 3, 4, 5, 8, 9}) {
                assertTwinsAgree(Floats.random(1, OFFSET + dimension, 3f), Floats.random(2, points * dimension, 3f), points, dimension,
                    Floats.random(3, points, 1f), Floats.random(4, 16, 1f));
            }
            assertTwinsAgree(Floats.random(5, OFFSET + size, 3f), Floats.random(6, 32 * size, 3f), 32, size, Floats.random(7, 32, 1f),
                Floats.random(8, 16, 1f));
        }
    }

    @Test
    void twinsAgreeOnHostileValues() {
        for (int seed = 0; seed < 30; seed++) {
            for (int dimension : new int[] {1, 2, 3, 17}) {
                assertTwinsAgree(Floats.hostile(seed, OFFSET + dimension), Floats.hostile(100 + seed, 64 * dimension), 64, dimension,
                    Floats.hostile(200 + seed, 64), Floats.hostile(300 + seed, 16));
            }
        }
    }

    @Test
    void equalPointsAreAtDistanceZeroExactly() {
        for (float value : Floats.HOSTILE) {
            float[] x = new float[OFFSET + 7];
            float[] tile = new float[7 * 32];
            float[] weights = new float[32];
            Arrays.fill(x, value);
            Arrays.fill(tile, value);
            Arrays.fill(weights, 1f);
            for (float lane : byVectors(x, tile, 32, 7, weights, new float[16])) {
                assertThat(lane).isZero();
            }
        }
    }

    @Test
    void pointsOfWeightZeroAddNothing() {
        int points = 48;
        float[] tile = Floats.random(1, 3 * points, 1e3f);
        float[] weights = new float[points];
        Arrays.fill(weights, 0, 20, 1f);
        float[] x = Floats.random(2, OFFSET + 3, 1f);
        float[] before = byVectors(x, tile, points, 3, weights, new float[16]);
        for (int d = 0; d < 3; d++) {
            Arrays.fill(tile, d * points + 20, (d + 1) * points, 1e15f);
        }
        Floats.assertSameBits("sums", byVectors(x, tile, points, 3, weights, new float[16]), before);
    }

    @Test
    void sumsAreSumsOfDistances() {
        int points = 256;
        int dimension = 11;
        float[] x = Floats.random(1, OFFSET + dimension, 2f);
        float[] tile = Floats.random(2, dimension * points, 2f);
        float[] weights = Floats.random(3, points, 1f);
        double[] expected = new double[16];
        for (int n = 0; n < points; n++) {
            double square = 0;
            for (int d = 0; d < dimension; d++) {
                double u = (double) tile[d * points + n] - x[OFFSET + d];
                square += u * u;
            }
            expected[n % 16] += weights[n] * Math.sqrt(square);
        }
        float[] lanes = byVectors(x, tile, points, dimension, weights, new float[16]);
        for (int lane = 0; lane < 16; lane++) {
            assertThat((double) lanes[lane]).isCloseTo(expected[lane], within(2e-5));
        }
    }

    @Test
    void compilationDoesNotChangeTheBits() {
        float[] x = Floats.random(1, OFFSET + 5, 2f);
        float[] tile = Floats.random(2, 5 * 64, 2f);
        float[] weights = Floats.random(3, 64, 1f);
        float[] lanes = new float[16];
        Floats.assertSameBitsWhenHot("vectors", 12_000, () -> byVectors(x, tile, 64, 5, weights, lanes));
        Floats.assertSameBitsWhenHot("scalars", 6_000, () -> byScalars(x, tile, 64, 5, weights, lanes));
    }
}
