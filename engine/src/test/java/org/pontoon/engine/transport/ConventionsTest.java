package org.pontoon.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

/** Solves in the other libraries' form, u = a / K v, and compares. */
class ConventionsTest {

    @ParameterizedTest
    @CsvSource({"1,.5", "2,.5"})
    void aPlainScalingLoopInPotsNumbersFindsTheSame(int p, double blur) {
        try (TileScheduler scheduler = new TileScheduler(1); PointCloud x = SampledMeasures.weighted(1, 9, 2, 1);
                PointCloud y = SampledMeasures.weighted(2, 7, 2, 1)) {
            double reg = Conventions.toPotRegularization(p, blur);
            double[] costs = DenseMatrices.denseCosts(p, x, y);
            Arrays.setAll(costs, k -> Conventions.costScale(p) * costs[k]);
            double[] a = Measure.of(x, "x").weights();
            double[] b = Measure.of(y, "y").weights();
            double[] u = new double[9];
            double[] v = new double[7];
            Arrays.fill(v, 1);
            for (int iteration = 0; iteration < 3000; iteration++) {
                for (int i = 0; i < 9; i++) {
                    double sum = 0;
                    for (int j = 0; j < 7; j++) {
                        sum += Math.exp(-costs[i * 7 + j] / reg) * v[j];
                    }
                    u[i] = a[i] / sum;
                }
                for (int j = 0; j < 7; j++) {
                    double sum = 0;
                    for (int i = 0; i < 9; i++) {
                        sum += Math.exp(-costs[i * 7 + j] / reg) * u[i];
                    }
                    v[j] = b[j] / sum;
                }
            }
            double objective = 0;
            for (int k = 0; k < costs.length; k++) {
                double mass = u[k / 7] * Math.exp(-costs[k] / reg) * v[k % 7];
                objective += mass * (costs[k] + reg * Math.log(mass));
            }
            SinkhornResult result = new Sinkhorn(SinkhornOptions.builder().p(p).blur(blur).debias(false).tolerance(1e-13)
                .precision(Precision.FLOAT64).build()).solve(x, y, scheduler);
            assertThat(Conventions.toPotEntropicCost(p, blur, result.value(), a, b)).isCloseTo(objective, within(1e-11));
            assertThat(Conventions.fromPotEntropicCost(p, blur, objective, a, b)).isCloseTo(result.value(), within(1e-11));
            double[] scaled = Conventions.toPotPotential(p, blur, result.f(), a);
            // potentials are fixed up to a constant
            double constant = scaled[0] - reg * Math.log(u[0]);
            for (int i = 0; i < 9; i++) {
                assertThat(scaled[i] - constant).isCloseTo(reg * Math.log(u[i]), within(1e-11));
            }
            assertThat(Conventions.fromPotPotential(p, blur, scaled, a)).containsExactly(result.f(), within(1e-14));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void everyConversionHasItsInverse(int p) {
        assertThat(Conventions.fromPotRegularization(p, Conventions.toPotRegularization(p, 0.3))).isCloseTo(0.3, within(1e-15));
        assertThat(Conventions.fromPotMarginalPenalty(p, Conventions.toPotMarginalPenalty(p, 0.7))).isCloseTo(0.7, within(1e-15));
        assertThat(Conventions.toPotMarginalPenalty(p, Double.POSITIVE_INFINITY)).isInfinite();
        assertThat(Conventions.fromOttTau(p, Conventions.toOttTau(p, 0.7, 0.3), 0.3)).isCloseTo(0.7, within(1e-15));
        assertThat(Conventions.toOttTau(p, Double.POSITIVE_INFINITY, 0.3)).isEqualTo(1);
        assertThat(Conventions.fromOttTau(p, 1, 0.3)).isInfinite();
    }

    @Test
    void knownNumbers() {
        assertThat(Conventions.toPotRegularization(2, 0.5)).isEqualTo(0.5);
        assertThat(Conventions.toPotRegularization(1, 0.5)).isEqualTo(0.5);
        assertThat(Conventions.toPotMarginalPenalty(2, 3)).isEqualTo(18);
        assertThat(Conventions.toOttTau(2, 1, 1)).isEqualTo(0.5);
        assertThatIllegalArgumentException().isThrownBy(() -> Conventions.costScale(3)).withMessageContaining("3");
    }
}
