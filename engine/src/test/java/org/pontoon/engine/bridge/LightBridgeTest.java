package org.pontoon.engine.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

class LightBridgeTest {

    private static LightBridge golden(Covariance covariance) {
        GoldenNumbers g = new GoldenNumbers(covariance == Covariance.DIAGONAL ? "diagonal" : "full");
        double[] s;
        if (covariance == Covariance.DIAGONAL) {
            s = g.get("logS");
            for (int i = 0; i < s.length; i++) {
                s[i] = Math.exp(s[i]);
            }
            return LightBridge.diagonal(g.number("epsilon"), g.get("logAlpha"), g.get("r"), s).build();
        }
        double[] l = g.get("L");
        s = new double[l.length];
        for (int k = 0; k < 2; k++) {
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < 3; j++) {
                    for (int c = 0; c < 3; c++) {
                        s[k * 9 + i * 3 + j] += l[k * 9 + i * 3 + c] * l[k * 9 + j * 3 + c];
                    }
                }
            }
        }
        return LightBridge.full(g.number("epsilon"), g.get("logAlpha"), g.get("r"), s).build();
    }

    @ParameterizedTest
    @EnumSource
    void lossAndDriftEqualAutomaticDifferentiation(Covariance covariance) {
        GoldenNumbers g = new GoldenNumbers(covariance == Covariance.DIAGONAL ? "diagonal" : "full");
        LightBridge bridge = golden(covariance);
        double[] source = g.get("source");
        double[] target = g.get("target");
        double c = 0;
        for (int n = 0; n < source.length / 3; n++) {
            c += bridge.logNormalizer(GoldenNumbers.row(source, n, 3)) / (source.length / 3);
        }
        double v = 0;
        for (int n = 0; n < target.length / 3; n++) {
            v += bridge.logPotential(GoldenNumbers.row(target, n, 3)) / (target.length / 3);
        }
        assertThat(c).isCloseTo(g.number("meanLogC"), within(1e-11));
        assertThat(v).isCloseTo(g.number("meanLogV"), within(1e-11));
        double[] times = g.get("times");
        double[] points = g.get("points");
        double[] drifts = g.get("values");
        assertThat(times).hasSize(5);
        for (int t = 0; t < times.length; t++) {
            for (int p = 0; p < 3; p++) {
                double[] drift = bridge.drift(GoldenNumbers.row(points, p, 3), times[t]);
                assertThat(drift).containsExactly(GoldenNumbers.row(drifts, t * 3 + p, 3), within(1e-9));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void planDensityIsPotentialTimesKernelOverNormalizer(Covariance covariance) {
        for (int seed = 0; seed < 20; seed++) {
            LightBridge bridge = TestClouds.bridge(4, 5, covariance, 0.4, seed);
            double[] x = TestClouds.point(5, 10 + seed);
            double[] y = TestClouds.point(5, 50 + seed);
            double expected = bridge.logPotential(y) + LightBridge.dot(x, y) / bridge.epsilon() - bridge.logNormalizer(x);
            assertThat(bridge.planLogDensity(x, y)).isCloseTo(expected, within(1e-9 * (1 + Math.abs(expected))));
        }
    }

    @ParameterizedTest
    @EnumSource
    void slicePotentialsMeetBothEnds(Covariance covariance) {
        LightBridge bridge = TestClouds.bridge(3, 4, covariance, 0.7, 3);
        double[] x = TestClouds.point(4, 9);
        double norm = LightBridge.dot(x, x) / (2 * bridge.epsilon());
        double constant = 2 * Math.log(2 * Math.PI * bridge.epsilon());
        assertThat(bridge.at(0).logPotential(x)).isCloseTo(bridge.logNormalizer(x) - norm - constant, within(1e-9));
        assertThat(bridge.at(1).logPotential(x)).isCloseTo(bridge.logPotential(x) + norm, within(1e-9));
        assertThat(bridge.at(0).weights(x)).containsExactly(bridge.planWeights(x), within(1e-12));
    }

    @ParameterizedTest
    @EnumSource
    void driftIsTheGradientOfTheLogPotentialAndJacobianItsDerivative(Covariance covariance) {
        LightBridge bridge = TestClouds.bridge(3, 4, covariance, 0.5, 8);
        double h = 1e-5;
        for (double t : new double[] {0, 0.3, 0.9, 1}) {
            BridgeSlice slice = bridge.at(t);
            double[] x = TestClouds.point(4, 4);
            double[] drift = slice.drift(x);
            double[] jacobian = slice.jacobian(x);
            for (int d = 0; d < 4; d++) {
                double[] up = x.clone();
                double[] down = x.clone();
                up[d] += h;
                down[d] -= h;
                double gradient = bridge.epsilon() * (slice.logPotential(up) - slice.logPotential(down)) / (2 * h);
                assertThat(drift[d]).isCloseTo(gradient, within(1e-6));
                double[] gUp = slice.drift(up);
                double[] gDown = slice.drift(down);
                for (int i = 0; i < 4; i++) {
                    assertThat(jacobian[i * 4 + d]).isCloseTo((gUp[i] - gDown[i]) / (2 * h), within(1e-5));
                    assertThat(jacobian[i * 4 + d]).isCloseTo(jacobian[d * 4 + i], within(1e-12));
                }
            }
        }
    }

    @Test
    void diagonalMatricesGivenAsFullOnesMakeTheSameBridge() {
        LightBridge diagonal = TestClouds.bridge(3, 4, Covariance.DIAGONAL, 0.3, 5);
        double[] scales = diagonal.scales();
        double[] full = new double[3 * 16];
        for (int k = 0; k < 3; k++) {
            for (int d = 0; d < 4; d++) {
                full[k * 16 + d * 5] = scales[k * 4 + d];
            }
        }
        LightBridge same = LightBridge.full(0.3, diagonal.logWeights(), diagonal.locations(), full).means(diagonal.sourceMean(), diagonal
            .targetMean()).build();
        double[] x = TestClouds.point(4, 1);
        assertThat(same.conditionalMean(x)).containsExactly(diagonal.conditionalMean(x), within(1e-12));
        assertThat(same.conditionalCovariance(x)).containsExactly(diagonal.conditionalCovariance(x), within(1e-12));
        assertThat(same.drift(x, 0.4)).containsExactly(diagonal.drift(x, 0.4), within(1e-11));
        assertThat(same.at(0.4).jacobian(x)).containsExactly(diagonal.at(0.4).jacobian(x), within(1e-11));
    }

    @Test
    void movingTheOriginsDoesNotMoveThePlan() {
        LightBridge bridge = TestClouds.bridge(3, 2, Covariance.DIAGONAL, 0.5, 6);
        double[] a = bridge.sourceMean();
        double[] b = bridge.targetMean();
        double[] r = bridge.locations();
        double[] s = bridge.scales();
        double[] logWeights = bridge.logWeights();
        // the same bridge in coordinates that are not centred
        for (int k = 0; k < 3; k++) {
            for (int d = 0; d < 2; d++) {
                double old = r[k * 2 + d];
                r[k * 2 + d] = old - s[k * 2 + d] * a[d] + b[d];
                logWeights[k] += (s[k * 2 + d] * a[d] * a[d] - 2 * (old + b[d]) * a[d]) / (2 * 0.5);
            }
        }
        LightBridge plain = LightBridge.diagonal(0.5, logWeights, r, s).build();
        double[] x = TestClouds.point(2, 2);
        double[] y = TestClouds.point(2, 3);
        assertThat(plain.planLogDensity(x, y)).isCloseTo(bridge.planLogDensity(x, y), within(1e-10));
        assertThat(plain.drift(x, 0.6)).containsExactly(bridge.drift(x, 0.6), within(1e-10));
        double difference = plain.logNormalizer(x) - bridge.logNormalizer(x);
        assertThat(plain.logPotential(y) - bridge.logPotential(y)).isCloseTo(difference, within(1e-10));
    }

    @Test
    void objectiveWeighsPointsAndIsTheSameOnAnyNumberOfThreads() {
        LightBridge bridge = TestClouds.bridge(3, 2, Covariance.DIAGONAL, 0.5, 6);
        try (PointCloud x = TestClouds.blobs(700, 2, 0, 1); PointCloud y = TestClouds.blobs(900, 2, 1,
            2); PointCloud first = TestClouds.blobs(
                700, 2, 0, 1); TileScheduler one = new TileScheduler(1); TileScheduler three = new TileScheduler(3)) {
            BridgeObjective objective = bridge.objective(x, y, one);
            assertThat(bridge.objective(x, y, three)).isEqualTo(objective);
            assertThat(objective.value()).isEqualTo(objective.meanLogNormalizer() - objective.meanLogPotential());
            float[] weights = new float[700];
            weights[5] = 2;
            first.withWeights(weights);
            double[] point = {x.get(5, 0), x.get(5, 1)};
            assertThat(bridge.objective(first, y, one).meanLogNormalizer()).isEqualTo(bridge.logNormalizer(point));
        }
    }

    @Test
    void badNumbersAndShapesAreNamed() {
        assertThatThrownBy(() -> LightBridge.diagonal(0, new double[1], new double[2], new double[] {1, 1}).build()).isInstanceOf(
            IllegalArgumentException.class).hasMessageContaining("epsilon is 0.0");
        assertThatThrownBy(() -> LightBridge.diagonal(1, new double[1], new double[2], new double[] {1, -1}).build()).hasMessageContaining(
            "eigenvalue -1.0");
        assertThatThrownBy(() -> LightBridge.diagonal(1, new double[1], new double[2], new double[] {1, Double.NaN}).build())
            .hasMessageContaining("scales holds NaN at index 1");
        assertThatThrownBy(() -> LightBridge.full(1, new double[1], new double[2], new double[] {1, 0.5, -0.5, 1}).build())
            .hasMessageContaining(
                "not symmetric");
        assertThatThrownBy(() -> LightBridge.diagonal(1, new double[2], new double[3], new double[3]).build()).hasMessageContaining(
            "locations has 3 values");
        LightBridge bridge = TestClouds.bridge(2, 3, Covariance.DIAGONAL, 0.5, 1);
        assertThatThrownBy(() -> bridge.at(1.5)).hasMessageContaining("time is 1.5, expected within [0, 1]");
        assertThatThrownBy(() -> bridge.at(Double.NaN)).hasMessageContaining("time is NaN");
        assertThatThrownBy(() -> bridge.planWeights(new double[2])).hasMessageContaining("x has dimension 2, expected 3");
        assertThatThrownBy(() -> bridge.logPotential(new double[] {0, Double.POSITIVE_INFINITY, 0})).hasMessageContaining(
            "y holds Infinity at coordinate 1");
    }
}
