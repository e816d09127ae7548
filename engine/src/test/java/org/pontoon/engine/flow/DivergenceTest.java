package org.pontoon.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pontoon.engine.flow.Divergence.Kind;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.KernelEntropy;
import org.pontoon.engine.transport.LossGradient;
import org.pontoon.engine.transport.Precision;

/** Against closed forms between Gaussians, which points with weights stand for without any sampling error. */
class DivergenceTest {

    private static final TileScheduler SCHEDULER = new TileScheduler(2);
    private static final int LINE = 500;
    private static final double WIDEST = 7;
    private static final double SQUARE = 0.25;

    @AfterAll
    static void close() {
        SCHEDULER.close();
    }

    /** Equispaced points of N(mean, variance) with weights of sum 1. */
    private static PointCloud line(double mean, double variance) {
        PointCloud cloud = PointCloud.allocate(LINE, 1);
        float[] weights = new float[LINE];
        for (int n = 0; n < LINE; n++) {
            double z = WIDEST * ((2 * n + 1.0) / LINE - 1);
            cloud.set(n, 0, (float) (mean + Math.sqrt(variance) * z));
            weights[n] = (float) (2 * WIDEST / LINE * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI));
        }
        return cloud.withWeights(weights);
    }

    private static Divergence towards(Kind kind, PointCloud target) {
        return new Divergence(kind, target, Math.sqrt(SQUARE), Precision.FLOAT64, SCHEDULER);
    }

    private static double logNormal(double x, double mean, double variance) {
        return -0.5 * ((x - mean) * (x - mean) / variance + Math.log(2 * Math.PI * variance));
    }

    /** f, f' and r f'' as the table of the literature has them. */
    private static double[] function(Kind kind, double r) {
        return switch (kind) {
            case KULLBACK_LEIBLER -> new double[] {r * Math.log(r), Math.log(r) + 1, 1};
            case REVERSE_KULLBACK_LEIBLER -> new double[] {-Math.log(r), -1 / r, 1 / r};
            case CHI_SQUARED -> new double[] {(r - 1) * (r - 1), 2 * (r - 1), 2 * r};
            case JENSEN_SHANNON -> new double[] {r * Math.log(r) - (1 + r) * Math.log((1 + r) / 2), Math.log(2 * r / (1 + r)), 1 / (1 + r)};
            case HELLINGER -> new double[] {(Math.sqrt(r) - 1) * (Math.sqrt(r) - 1), 1 - 1 / Math.sqrt(r), 0.5 / Math.sqrt(r)};
        };
    }

    @ParameterizedTest
    @EnumSource
    void firstVariationBetweenGaussiansIsTheClosedForm(Kind kind) {
        double mean = 0.4;
        double s = 0.6;
        double goal = 0.9;
        try (PointCloud x = line(mean, s); PointCloud y = line(0, goal)) {
            LossGradient found = towards(kind, y).at(x);
            double value = 0;
            for (int n = 0; n < LINE; n++) {
                double at = x.get(n, 0);
                double l = logNormal(at, mean, s + SQUARE) - logNormal(at, 0, goal + SQUARE);
                double slope = -(at - mean) / (s + SQUARE) + at / (goal + SQUARE);
                // further out the weights are below float32's smallest normal numbers
                if (Math.abs(at - mean) < 4) {
                    double[] f = function(kind, Math.exp(l));
                    assertThat(found.weights()[n]).isCloseTo(f[1], within(1e-5 * Math.max(1, Math.abs(f[1]))));
                    assertThat(found.points()[n] / x.weight(n)).isCloseTo(f[2] * slope, within(1e-5 * Math.max(1, Math.abs(f[2] * slope))));
                }
                double there = y.get(n, 0);
                double ratio = Math.exp(logNormal(there, mean, s + SQUARE) - logNormal(there, 0, goal + SQUARE));
                double[] f = function(kind, ratio);
                value += switch (kind) {
                    case KULLBACK_LEIBLER -> x.weight(n) * l;
                    case JENSEN_SHANNON -> x.weight(n) * function(kind, Math.exp(l))[1] + y.weight(n) * Math.log(2 / (1 + ratio));
                    default -> y.weight(n) * f[0];
                };
            }
            assertThat(found.value()).isCloseTo(value, within(1e-5));
        }
    }

    /** {@code m' = -(m - m*) / (s* + h^2)}, {@code s' = 2 s (1 / (s + h^2) - 1 / (s* + h^2))}. */
    @Test
    void kullbackLeiblerFlowOfAGaussianIsTheSmoothedOrnsteinUhlenbeckProcess() {
        double h = 0.02;
        int steps = 50;
        try (PointCloud x = line(1, 0.5); PointCloud y = line(0, 1)) {
            float[] end = Runs.of(new ParticleFlow(x, towards(Kind.KULLBACK_LEIBLER, y)), h, steps).last().points();
            double factor = 1;
            double mean = 1;
            for (int k = 0; k < steps; k++) {
                double s = 0.5 * factor * factor;
                mean -= h * mean / (1 + SQUARE);
                factor *= 1 + h * (1 / (s + SQUARE) - 1 / (1 + SQUARE));
            }
            for (int n = 0; n < LINE; n++) {
                if (Math.abs(x.get(n, 0) - 1) < 2.5) {
                    assertThat((double) end[n]).isCloseTo(mean + factor * (x.get(n, 0) - 1), within(1e-5));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void flowsDecreaseTheirDivergenceAndEndAtTheTarget(Kind kind) {
        try (PointCloud x = Moments.normals(120, 2, 0.5, 0.7, 3); PointCloud y = Moments.normals(150, 2, 0, 1, 4)) {
            Divergence divergence = new Divergence(kind, y, 0.5, Precision.FLOAT32, SCHEDULER);
            FlowResult result = Runs.of(new ParticleFlow(x, divergence), 0.05, 199);
            double[] values = result.values();
            for (int k = 10; k < values.length; k += 10) {
                assertThat(values[k]).isLessThan(values[k - 10] + 1e-6);
            }
            assertThat(values[199]).isLessThan(0.1 * values[0]);
            try (PointCloud end = PointCloud.ofRows(result.last().points(), 120, 2)) {
                assertThat(Moments.of(end).mean()).containsExactly(Moments.of(y).mean(), within(0.05));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theTargetItselfIsAtRest(Kind kind) {
        try (PointCloud y = Moments.normals(60, 3, 0, 1, 4)) {
            LossGradient found = towards(kind, y).at(y);
            assertThat(found.value()).isCloseTo(0, within(1e-12));
            assertThat(found.points()).containsOnly(0);
        }
    }

    /** Neither overflow nor 0 / 0: the divergences that are bounded stay so, and Kullback and Leibler's pulls. */
    @Test
    void cloudsFarApartHaveFiniteGradients() {
        try (PointCloud x = Moments.normals(30, 2, 40, 1, 3); PointCloud y = Moments.normals(30, 2, 0, 1, 4)) {
            assertThat(towards(Kind.JENSEN_SHANNON, y).at(x).value()).isCloseTo(2 * Math.log(2), within(1e-9));
            assertThat(towards(Kind.HELLINGER, y).at(x).value()).isCloseTo(1, within(1e-9));
            LossGradient pulled = towards(Kind.KULLBACK_LEIBLER, y).at(x);
            assertThat(pulled.value()).isGreaterThan(1000).isFinite();
            for (double slope : pulled.points()) {
                assertThat(slope).isPositive().isFinite();
            }
        }
    }

    @Test
    void badInputIsRefused() {
        try (PointCloud y = Moments.normals(5, 2, 0, 1, 4); PointCloud other = Moments.normals(5, 3, 0, 1, 4)) {
            assertThatIllegalArgumentException().isThrownBy(() -> new Divergence(Kind.HELLINGER, y, 0, Precision.FLOAT32, SCHEDULER))
                .withMessageContaining("bandwidth is 0.0");
            assertThatIllegalArgumentException().isThrownBy(() -> towards(Kind.HELLINGER, y).at(other)).withMessageContaining("dimension");
        }
    }

    /** Of a sample whose median distance is that of a normal's, Scott's bandwidth for its deviation; 1 stands for no distance at all. */
    @Test
    void usualBandwidthIsScottsForTheMedianDistance() {
        try (PointCloud line = PointCloud.ofRows(new float[] {0, 2, 6}, 3, 1);
                PointCloud point = PointCloud.ofRows(new float[] {5}, 1, 1)) {
            assertThat(Divergence.usualBandwidth(line)).isEqualTo(KernelEntropy.scottBandwidth(4 / Math.sqrt(2), 3, 1));
            assertThat(Divergence.usualBandwidth(point)).isEqualTo(KernelEntropy.scottBandwidth(1 / Math.sqrt(2), 1, 1));
        }
    }
}
