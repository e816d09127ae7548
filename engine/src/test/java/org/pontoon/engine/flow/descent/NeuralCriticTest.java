package org.pontoon.engine.flow.descent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.ToDoubleFunction;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.random.CounterRandom;

class NeuralCriticTest {

    private static final int BATCH = NeuralCritic.TILE;
    private static final double ALPHA = 0.6;
    private static final TileScheduler ONE = new TileScheduler(1);

    /** The network and its objective in float64, from the definition. */
    private static final class Twin {

        private final int dimension;
        private final int[] hidden;
        private final double[] parameters;

        Twin(int dimension, int[] hidden, float[] parameters) {
            this.dimension = dimension;
            this.hidden = hidden;
            this.parameters = new double[parameters.length];
            for (int k = 0; k < parameters.length; k++) {
                this.parameters[k] = parameters[k];
            }
        }

        double value(double... point) {
            double[] a = point;
            int at = 0;
            for (int units : hidden) {
                double[] next = new double[units];
                for (int r = 0; r < units; r++) {
                    double z = parameters[at + a.length * units + r];
                    for (int i = 0; i < a.length; i++) {
                        z += parameters[at + i * units + r] * a[i];
                    }
                    next[r] = (z + Math.sqrt(z * z + 1)) / 2;
                }
                at += (a.length + 1) * units;
                a = next;
            }
            double u = 0;
            for (int r = 0; r < a.length; r++) {
                u += parameters[at + r] * a[r];
            }
            return u;
        }

        /** Differences of fourth order. */
        double slope(double[] point, int d) {
            double[] moved = point.clone();
            double h = 1e-3;
            return difference(v -> {
                moved[d] = point[d] + v;
                return value(moved);
            }, h);
        }

        /** Half the norm less the gap. */
        double objective(float[] p, float[] q) {
            double norm = 0;
            double mean = 0;
            double squares = 0;
            double target = 0;
            for (int i = 0; i < BATCH; i++) {
                double[] x = point(q, i);
                double u = value(x);
                mean += u / BATCH;
                squares += u * u / BATCH;
                target += value(point(p, i)) / BATCH;
                for (int d = 0; d < dimension; d++) {
                    norm += Math.pow(slope(x, d), 2) / BATCH;
                }
            }
            return 0.5 * (norm + ALPHA * (squares - mean * mean)) - (target - mean);
        }

        private double[] point(float[] columns, int i) {
            double[] x = new double[dimension];
            for (int d = 0; d < dimension; d++) {
                x[d] = columns[d * BATCH + i];
            }
            return x;
        }
    }

    private static double difference(ToDoubleFunction<Double> f, double h) {
        double near = (f.applyAsDouble(h) - f.applyAsDouble(-h)) / (2 * h);
        double far = (f.applyAsDouble(2 * h) - f.applyAsDouble(-2 * h)) / (4 * h);
        return (4 * near - far) / 3;
    }

    private static float[] points(int dimension, int size, long stream, double shift) {
        float[] columns = new float[dimension * size];
        for (int k = 0; k < columns.length; k++) {
            columns[k] = (float) (CounterRandom.normal(CounterRandom.key(11, stream), k) + shift);
        }
        return columns;
    }

    /** Minibatches as large as the clouds with a point from each share: every point once. */
    private static double[] shares(int size) {
        double[] shares = new double[size];
        for (int i = 0; i < size; i++) {
            shares[i] = i + 1;
        }
        return shares;
    }

    private static int[] hidden(int depth) {
        return depth == 1 ? new int[] {32} : depth == 2 ? new int[] {16, 32} : new int[] {32, 16, 16};
    }

    @Tag("widths")
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void derivativesAreDifferences(int depth) {
        int dimension = depth + 1;
        int[] hidden = hidden(depth);
        NeuralCritic critic = new NeuralCritic(dimension, hidden, BATCH, ALPHA, 3, ONE);
        float[] p = points(dimension, BATCH, 1, 0.5);
        float[] q = points(dimension, BATCH, 2, 0);
        // larger weights than the first ones, so that every term counts
        for (int k = 0; k < critic.parameters.length; k++) {
            critic.parameters[k] *= 2;
        }
        critic.transpose();
        Twin twin = new Twin(dimension, hidden, critic.parameters);
        critic.train(p, shares(BATCH), q, shares(BATCH), 1e-3);
        assertThat(0.5 * critic.norm - critic.gap).isCloseTo(twin.objective(p, q), within(1e-5));
        double largest = 0;
        for (float g : critic.gradient) {
            largest = Math.max(largest, Math.abs(g));
        }
        for (int k = 0; k < critic.parameters.length; k += 11) {
            int index = k;
            double at = twin.parameters[k];
            double expected = difference(v -> {
                twin.parameters[index] = at + v;
                return twin.objective(p, q);
            }, 2e-3);
            twin.parameters[k] = at;
            assertThat((double) critic.gradient[k]).as("parameter %d", k).isCloseTo(expected, within(2e-5 * largest));
        }
    }

    @Tag("widths")
    @Test
    void valuesAndGradientsAreThoseOfTheNetwork() {
        NeuralCritic critic = new NeuralCritic(3, hidden(2), BATCH, ALPHA, 5, ONE);
        Twin twin = new Twin(3, hidden(2), critic.parameters);
        for (int size : new int[] {1, 127, 128, 129, 300}) {
            float[] x = points(3, size, 4, 0);
            float[] u = new float[size];
            float[] gradient = new float[3 * size];
            critic.evaluate(x, size, size, u, gradient);
            for (int i = 0; i < size; i += 13) {
                double[] point = {x[i], x[size + i], x[2 * size + i]};
                assertThat((double) u[i]).isCloseTo(twin.value(point), within(1e-6));
                for (int d = 0; d < 3; d++) {
                    assertThat((double) gradient[d * size + i]).isCloseTo(twin.slope(point, d), within(1e-6));
                }
            }
        }
    }

    /** The critic of N(.8, 1) against N(0, 1) is {@code sum_n m^n / (n! (n + alpha)) He_n}, that of the objective 0.492601. */
    @Test
    void trainedCriticReachesTheClosedForm() {
        int size = 4096;
        NeuralCritic critic = new NeuralCritic(1, new int[] {32, 32}, 512, ALPHA, 1, ONE);
        float[] p = points(1, size, 1, 0.8);
        float[] q = points(1, size, 2, 0);
        double[] shares = shares(size);
        double sum = 0;
        int last = 300;
        int steps = 800;
        for (int k = 0; k < steps; k++) {
            critic.train(p, shares, q, shares, 2e-3 * (steps - k) / steps);
            sum += k < steps - last ? 0 : 2 * critic.gap - critic.norm;
        }
        assertThat(sum / last).isCloseTo(0.492601, within(0.05));
        float[] x = {-1, 0, 1};
        float[] gradient = new float[3];
        critic.evaluate(x, 3, 3, null, gradient);
        for (int i = 0; i < 3; i++) {
            // He_n' = n He_(n-1)
            double expected = 0;
            double term = 0.8;
            double before = 0;
            double hermite = 1;
            for (int n = 1; n < 20; n++) {
                expected += term * n / (n + ALPHA) * hermite;
                double next = x[i] * hermite - (n - 1) * before;
                before = hermite;
                hermite = next;
                term *= 0.8 / (n + 1);
            }
            assertThat((double) gradient[i]).isCloseTo(expected, within(0.1));
        }
    }

    @Tag("widths")
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void bitsDoNotDependOnThreads(int threads) {
        try (TileScheduler many = new TileScheduler(threads)) {
            NeuralCritic one = new NeuralCritic(2, hidden(3), 3 * BATCH, ALPHA, 3, ONE);
            NeuralCritic other = new NeuralCritic(2, hidden(3), 3 * BATCH, ALPHA, 3, many);
            float[] p = points(2, 700, 1, 0.5);
            float[] q = points(2, 500, 2, 0);
            for (int k = 0; k < 5; k++) {
                one.train(p, shares(700), q, shares(500), 1e-3);
                other.train(p, shares(700), q, shares(500), 1e-3);
            }
            assertThat(other.parameters).isEqualTo(one.parameters);
        }
    }
}
