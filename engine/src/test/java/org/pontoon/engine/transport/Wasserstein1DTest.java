package org.pontoon.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Wasserstein1DTest {

    private final Wasserstein1D solver = new Wasserstein1D();

    private static float[] random(long seed, int count) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static float[] weights(long seed, int count) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextInt(6) == 0 ? 0f : random.nextFloat();
        }
        values[0] = 1;
        return values;
    }

    @Test
    void rationalCasesAreExact() {
        solver.solve(new float[] {0, 1}, null, new float[] {0, 1, 2, 3}, null);
        assertThat(solver.cost(1)).isCloseTo(1, within(1e-12));
        assertThat(solver.cost(2)).isCloseTo(1.5, within(1e-12));
        assertThat(solver.cost(3)).isCloseTo(2.5, within(1e-12));
        assertThat(solver.distance(3)).isCloseTo(Math.cbrt(2.5), within(1e-12));
        assertThat(solver.distance(Double.POSITIVE_INFINITY)).isEqualTo(2);
        assertThat(solver.energyDistance()).isCloseTo(0.75, within(1e-12));
        solver.solve(new float[] {0, 1, 2}, null, new float[] {0.5f, 4}, null);
        assertThat(solver.cost(2)).isCloseTo((2 * 0.25 + 0.25 + 9 + 2 * 4) / 6, within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 1.5, 2, 3, 7})
    void unsortedTiesAndZeroWeightsCostTheSameForEveryExponent(double p) {
        solver.solve(new float[] {2, 0, 0.5f, 2}, new float[] {2, 8, 0, 10}, new float[] {3, -1, 1}, new float[] {5, 5, 10});
        assertThat(solver.cost(p)).isCloseTo(1, within(1e-12));
        assertThat(solver.distance(Double.POSITIVE_INFINITY)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 1.7, 2, 4})
    void planAndPotentialsAgreeWithTheCost(double p) {
        float[] x = random(1, 40);
        float[] y = random(2, 31);
        float[] a = weights(3, 40);
        float[] b = weights(4, 31);
        solver.solve(x, a, y, b);
        double cost = solver.cost(p);
        Wasserstein1D.Plan plan = solver.plan();
        assertThat(plan.mass().length).isLessThan(71);
        double sumA = 0;
        double sumB = 0;
        for (float v : a) {
            sumA += v;
        }
        for (float v : b) {
            sumB += v;
        }
        double[] rows = new double[40];
        double[] columns = new double[31];
        double total = 0;
        for (int k = 0; k < plan.mass().length; k++) {
            rows[plan.source()[k]] += plan.mass()[k];
            columns[plan.target()[k]] += plan.mass()[k];
            total += plan.mass()[k] * Math.pow(Math.abs((double) x[plan.source()[k]] - y[plan.target()[k]]), p);
        }
        assertThat(total).isCloseTo(cost, within(1e-12));
        double[] f = new double[40];
        double[] g = new double[31];
        solver.potentials(p, f, g);
        double dual = 0;
        for (int i = 0; i < 40; i++) {
            assertThat(rows[i]).isCloseTo(a[i] / sumA, within(1e-12));
            dual += f[i] * a[i] / sumA;
            for (int j = 0; j < 31; j++) {
                assertThat(f[i] + g[j]).isLessThanOrEqualTo(Math.pow(Math.abs((double) x[i] - y[j]), p) + 1e-11);
            }
        }
        assertThat(dual).isCloseTo(0, within(1e-12));
        for (int j = 0; j < 31; j++) {
            assertThat(columns[j]).isCloseTo(b[j] / sumB, within(1e-12));
            dual += g[j] * b[j] / sumB;
        }
        assertThat(dual).isCloseTo(cost, within(1e-11));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 1.7, 2, 3})
    void gradientsAreCentralDifferences(double p) {
        float[] x = random(1, 20);
        float[] y = random(2, 13);
        float[] a = random(3, 20);
        float[] b = weights(4, 13);
        for (int i = 0; i < 20; i++) {
            a[i] = Math.abs(a[i]) + 0.1f;
        }
        solver.solve(x, a, y, b);
        double[] points = new double[20];
        double[] weights = new double[20];
        solver.pointGradient(p, points);
        solver.weightGradient(p, weights, new double[13]);
        for (int i = 0; i < 20; i++) {
            float[] up = x.clone();
            float[] down = x.clone();
            // a power of two below every gap and every distance to a kink
            up[i] += 0x1p-11f;
            down[i] -= 0x1p-11f;
            double numeric = (solver.solve(up, a, y, b).cost(p) - solver.solve(down, a, y, b).cost(p)) / ((double) up[i] - down[i]);
            assertThat(points[i]).isCloseTo(numeric, within(p == 2 || p == 1 ? 1e-10 : 1e-6));
            up = a.clone();
            down = a.clone();
            up[i] += 0x1p-14f;
            down[i] -= 0x1p-14f;
            numeric = (solver.solve(x, up, y, b).cost(p) - solver.solve(x, down, y, b).cost(p)) / ((double) up[i] - down[i]);
            assertThat(weights[i]).isCloseTo(numeric, within(1e-6));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {900, 700})
    void answersDoNotDependOnWhatWasAskedBefore(int count) {
        float[] x = random(1, 900);
        float[] y = random(2, count);
        x[3] = x[500];
        double[] expected = new double[900];
        solver.solve(x, null, y, null).pointGradient(2, expected);
        double cost = solver.cost(2);
        double energy = solver.energyDistance();
        double circle = solver.solve(positive(x), null, positive(y), null).circleCost(2, 10);
        solver.plan();
        assertThat(solver.circleCost(2, 10)).isEqualTo(circle);
        double[] gradient = new double[900];
        assertThat(solver.solve(x, null, y, null).cost(2)).isEqualTo(cost);
        Arrays.fill(x, 7f);
        assertThat(solver.energyDistance()).isEqualTo(energy);
        solver.pointGradient(2, gradient);
        assertThat(gradient).isEqualTo(expected);
        assertThat(solver.cost(2)).isEqualTo(cost);
        assertThat(solver.plan().mass().length).isBetween(900, 900 + count);
    }

    private static float[] positive(float[] values) {
        float[] result = values.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] = Math.abs(result[i]);
        }
        return result;
    }

    @Test
    void matchedCostIsThatOfEqualWeights() {
        float[] x = random(1, 501);
        float[] y = random(2, 501);
        float[] equal = new float[501];
        Arrays.fill(equal, 0.5f);
        for (double p : new double[] {1, 2, 2.5}) {
            double weighted = solver.solve(x, equal, y, equal).cost(p);
            assertThat(solver.solve(x, null, y, null).cost(p)).isCloseTo(weighted, within(1e-12));
        }
    }

    @Test
    void circleKnowsTheShorterWay() {
        solver.solve(new float[] {0.2f, 0.5f, 0.8f}, null, new float[] {0.4f, 0.5f, 0.7f}, null);
        assertThat(solver.circleCost(1, 1)).isCloseTo(0.1, within(1e-7));
        solver.solve(new float[] {0.0625f}, null, new float[] {0.9375f}, null);
        assertThat(solver.circleCost(2, 1)).isCloseTo(0.125 * 0.125, within(1e-15));
        solver.solve(new float[] {0.9375f}, null, new float[] {0.0625f}, null);
        assertThat(solver.circleCost(1, 1)).isCloseTo(0.125, within(1e-15));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 2, 2.5})
    void circleIsTheLeastOverAllShifts(double p) {
        Random random = new Random(5);
        for (int trial = 0; trial < 20; trial++) {
            int n = 12;
            float[] x = new float[n];
            float[] y = new float[n];
            for (int i = 0; i < n; i++) {
                x[i] = random.nextFloat();
                y[i] = random.nextFloat() * random.nextFloat();
            }
            double found = solver.solve(x, null, y, null).circleCost(p, 1);
            Arrays.sort(x);
            Arrays.sort(y);
            double best = Double.POSITIVE_INFINITY;
            for (int k = -n; k <= n; k++) {
                double sum = 0;
                for (int i = 0; i < n; i++) {
                    int j = Math.floorMod(i + k, n);
                    sum += Math.pow(Math.abs(x[i] - (y[j] + (double) Math.floorDiv(i + k, n))), p) / n;
                }
                best = Math.min(best, sum);
            }
            assertThat(found).isCloseTo(best, within(1e-12));
        }
    }

    @Test
    void quantilesAreLeftContinuous() {
        solver.solve(new float[] {3, 1, 2}, new float[] {1, 2, 1}, new float[] {5}, null);
        assertThat(solver.sourceQuantile(0)).isEqualTo(1);
        assertThat(solver.sourceQuantile(0.5)).isEqualTo(1);
        assertThat(solver.sourceQuantile(0.6)).isEqualTo(2);
        assertThat(solver.sourceQuantile(1)).isEqualTo(3);
        assertThat(solver.targetQuantile(0.3)).isEqualTo(5);
        assertThatThrownBy(() -> solver.sourceQuantile(1.5)).hasMessageContaining("level is 1.5");
    }

    @Test
    void energyDistanceIsTheDoubleSum() {
        float[] x = random(1, 50);
        float[] y = random(2, 70);
        double[] sums = new double[3];
        for (float u : x) {
            for (float v : y) {
                sums[0] += Math.abs((double) u - v) / 3500;
            }
            for (float v : x) {
                sums[1] += Math.abs((double) u - v) / 2500;
            }
        }
        for (float u : y) {
            for (float v : y) {
                sums[2] += Math.abs((double) u - v) / 4900;
            }
        }
        assertThat(solver.solve(x, null, y, null).energyDistance()).isCloseTo(2 * sums[0] - sums[1] - sums[2], within(1e-12));
    }

    @Test
    void badInputIsRefused() {
        float[] two = {1, 2};
        assertThatThrownBy(() -> new Wasserstein1D().cost(1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> solver.solve(two, null, new float[0], null)).hasMessage("y has no points, expected at least 1");
        assertThatThrownBy(() -> solver.solve(two, new float[3], two, null)).hasMessageContaining("weights of x have 3 values");
        assertThatThrownBy(() -> solver.solve(two, new float[2], two, null)).hasMessageContaining("all 2 weights of x are 0");
        assertThatThrownBy(() -> solver.solve(two, new float[] {1, -1}, two, null)).hasMessageContaining("weight 1 of x is -1.0");
        assertThatThrownBy(() -> solver.solve(two, null, new float[] {1, Float.NaN}, null)).hasMessageContaining("point 1 of y is NaN");
        solver.solve(two, null, two, null);
        for (double p : new double[] {0.5, Double.NaN, -1, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> solver.cost(p)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("p is " + p);
        }
        assertThatThrownBy(() -> solver.circleCost(2, 2)).hasMessageContaining("x holds 2.0");
        assertThatThrownBy(() -> solver.circleCost(2, -2)).hasMessageContaining("period is -2.0");
    }
}
