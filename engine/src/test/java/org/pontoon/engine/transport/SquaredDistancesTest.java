package org.pontoon.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("widths")
class SquaredDistancesTest {

    private static final double[] HOSTILE = {0, -0.0, Double.MIN_VALUE, -1e-300, 1e150, -1e150, 1, 1};

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9, 50, 51})
    void everyDistanceIsOneChainInTheOrderOfTheCoordinates(int dimension) {
        for (int count : new int[] {0, 1, 2, 7, 8, 15, 16, 17, 31, 33, 63, 65, 255, 256}) {
            double[][] y = random(dimension, dimension, count);
            double[] x = random(1, 1, dimension)[0];
            double[] z = random(2, 1, dimension)[0];
            for (int j = 0; j < Math.min(count, HOSTILE.length); j++) {
                y[0][j] = HOSTILE[j];
            }
            double[] xs = new double[count];
            double[] zs = new double[count];
            SquaredDistances.between(x, z, y, dimension, xs, zs, count);
            for (int j = 0; j < count; j++) {
                assertThat(xs[j]).isEqualTo(square(x, y, j));
                assertThat(zs[j]).isEqualTo(square(z, y, j));
            }
        }
    }

    private static double square(double[] x, double[][] y, int j) {
        double sum = (x[0] - y[0][j]) * (x[0] - y[0][j]);
        for (int d = 1; d < x.length; d++) {
            double difference = x[d] - y[d][j];
            sum = Math.fma(difference, difference, sum);
        }
        return sum;
    }

    private static double[][] random(long seed, int rows, int columns) {
        Random random = new Random(seed);
        double[][] values = new double[rows][columns];
        for (double[] row : values) {
            for (int k = 0; k < columns; k++) {
                row[k] = random.nextGaussian();
            }
        }
        return values;
    }
}
