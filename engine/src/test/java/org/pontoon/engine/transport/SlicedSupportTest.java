package org.pontoon.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

class SlicedSupportTest {

    private static final TileScheduler SCHEDULER = new TileScheduler(2);

    @AfterAll
    static void close() {
        SCHEDULER.close();
    }

    private static PointCloud cloud(long seed, int size, int dimension) {
        Random random = new Random(seed);
        PointCloud cloud = PointCloud.allocate(size, dimension);
        for (int n = 0; n < size; n++) {
            for (int d = 0; d < dimension; d++) {
                cloud.set(n, d, (float) random.nextGaussian());
            }
        }
        return cloud;
    }

    /** Weights that float32 holds exactly. */
    private static float[] weights(long seed, int count) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextInt(8) / 8f;
        }
        values[0] = 1;
        return values;
    }

    private static double[] doubles(float[] values) {
        double[] copy = new double[values.length];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = values[i];
        }
        return copy;
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 2, 2.5})
    void costAndGradientAreThoseThatSortEveryTime(double p) {
        SlicedDirections directions = SlicedDirections.random(3, 70, 3);
        float[] a = weights(5, 40);
        float[] b = weights(6, 30);
        try (PointCloud x = cloud(1, 40, 3).withWeights(a); PointCloud y = cloud(2, 30, 3).withWeights(b)) {
            SlicedSupport support = new SlicedSupport(x, directions, SCHEDULER);
            SlicedSupport target = new SlicedSupport(y, directions, SCHEDULER);
            double[] expected = new double[40];
            double[] found = new double[40];
            SlicedResult truth = new SlicedWasserstein(SCHEDULER).weightGradient(x, y, directions, p, expected);
            assertThat(support.size()).isEqualTo(40);
            assertThat(support.weightGradient(doubles(a), target, doubles(b), p, found).mean()).isCloseTo(truth.mean(), within(1e-6));
            assertThat(found).containsExactly(expected, within(1e-6));
            assertThat(support.cost(doubles(a), target, doubles(b), p).standardError()).isCloseTo(truth.standardError(), within(1e-6));
        }
    }

    @Test
    void equalWeightsOnOneSupportCostNothing() {
        try (PointCloud x = cloud(1, 40, 2)) {
            SlicedSupport support = new SlicedSupport(x, SlicedDirections.equispaced(16), SCHEDULER);
            double[] a = doubles(weights(5, 40));
            double[] gradient = new double[40];
            assertThat(support.weightGradient(a, support, a, 2, gradient).mean()).isZero();
            double[] doubled = a.clone();
            for (int i = 0; i < 40; i++) {
                doubled[i] *= 2;
            }
            assertThat(support.cost(doubled, support, a, 2).mean()).isZero();
        }
    }

    @Test
    void sameBitsForAnyNumberOfThreads() {
        SlicedDirections directions = SlicedDirections.equispaced(50);
        try (PointCloud x = cloud(1, 300, 2); TileScheduler one = new TileScheduler(1); TileScheduler three = new TileScheduler(3)) {
            double[] a = doubles(weights(5, 300));
            double[] b = doubles(weights(6, 300));
            double[] first = new double[300];
            double[] second = new double[300];
            SlicedSupport alone = new SlicedSupport(x, directions, one);
            SlicedSupport many = new SlicedSupport(x, directions, three);
            assertThat(alone.weightGradient(a, alone, b, 2, first)).isEqualTo(many.weightGradient(a, many, b, 2, second));
            assertThat(first).isEqualTo(second);
        }
    }

    @Test
    void badInputIsRefused() {
        try (PointCloud x = cloud(1, 4, 2)) {
            SlicedSupport support = new SlicedSupport(x, SlicedDirections.equispaced(3), SCHEDULER);
            SlicedSupport turned = new SlicedSupport(x, SlicedDirections.equispaced(4), SCHEDULER);
            double[] a = {1, 1, 1, 1};
            assertThatIllegalArgumentException().isThrownBy(() -> new SlicedSupport(x, SlicedDirections.random(1, 3, 3), SCHEDULER))
                .withMessageContaining("directions have dimension 3, expected 2");
            assertThatIllegalArgumentException().isThrownBy(() -> support.cost(a, turned, a, 2)).withMessageContaining("the same 3");
            assertThatIllegalArgumentException().isThrownBy(() -> support.cost(a, support, a, 0.5)).withMessageContaining("p is 0.5");
            assertThatIllegalArgumentException().isThrownBy(() -> support.cost(new double[3], support, a, 2))
                .withMessageContaining("weights of x have 3 values, expected one for each of 4 points");
            assertThatIllegalArgumentException().isThrownBy(() -> support.cost(a, support, new double[4], 2))
                .withMessageContaining("all 4 weights of y are 0");
            assertThatIllegalArgumentException().isThrownBy(() -> support.cost(new double[] {1, -2, 1, 1}, support, a, 2))
                .withMessageContaining("weight 1 of x is -2.0");
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> support.weightGradient(a, support, a, 2, new double[3]));
        }
    }
}
