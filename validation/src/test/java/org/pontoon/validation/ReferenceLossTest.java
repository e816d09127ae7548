package org.pontoon.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.pontoon.engine.bridge.LightBridge;

/** Against a golden file of loss, gradients and drift by automatic differentiation in float64 (bench/peers/golden_lightsb.py). */
class ReferenceLossTest {

    private static Map<?, ?> golden(String covariance) throws IOException {
        try (InputStream in = ReferenceLossTest.class.getResourceAsStream("lightsb.json")) {
            return (Map<?, ?>) Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8)).get(covariance);
        }
    }

    private static double number(Map<?, ?> golden, String name) {
        return (Double) golden.get(name);
    }

    private static double[] numbers(Map<?, ?> golden, String name) {
        return Json.numbers(golden.get(name));
    }

    private static ReferenceLoss loss(Map<?, ?> golden) {
        return new ReferenceLoss(number(golden, "epsilon"), 3, numbers(golden, "source"), numbers(golden, "target"));
    }

    @Test
    void diagonalLossAndGradientsAreThoseOfAutomaticDifferentiation() throws IOException {
        Map<?, ?> golden = golden("diagonal");
        Map<?, ?> gradient = (Map<?, ?>) golden.get("gradient");
        double[] scales = Arrays.stream(numbers(golden, "logS")).map(Math::exp).toArray();
        ReferenceLoss.Gradient got = loss(golden).diagonal(numbers(golden, "logAlpha"), numbers(golden, "r"), scales);
        assertThat(got.loss()).isCloseTo(number(golden, "loss"), within(1e-12));
        assertThat(got.logWeights()).containsExactly(numbers(gradient, "logAlpha"), within(1e-12));
        assertThat(got.locations()).containsExactly(numbers(gradient, "r"), within(1e-12));
        double[] byLogarithm = got.scales();
        for (int i = 0; i < scales.length; i++) {
            byLogarithm[i] *= scales[i];
        }
        assertThat(byLogarithm).containsExactly(numbers(gradient, "logS"), within(1e-12));
        checkBridge(golden,
            LightBridge.diagonal(number(golden, "epsilon"), numbers(golden, "logAlpha"), numbers(golden, "r"), scales).build());
    }

    @Test
    void fullLossAndGradientsAreThoseOfAutomaticDifferentiation() throws IOException {
        Map<?, ?> golden = golden("full");
        Map<?, ?> gradient = (Map<?, ?>) golden.get("gradient");
        double[] factors = numbers(golden, "L");
        double[] scales = new double[factors.length];
        for (int k = 0; k < factors.length / 9; k++) {
            var l = Matrices.of(Arrays.copyOfRange(factors, 9 * k, 9 * k + 9), 3, 3);
            System.arraycopy(Matrices.rows(Matrices.multiplyTransposed(l, l)), 0, scales, 9 * k, 9);
        }
        ReferenceLoss.Gradient got = loss(golden).full(numbers(golden, "logAlpha"), numbers(golden, "r"), scales);
        assertThat(got.loss()).isCloseTo(number(golden, "loss"), within(1e-12));
        assertThat(got.logWeights()).containsExactly(numbers(gradient, "logAlpha"), within(1e-12));
        assertThat(got.locations()).containsExactly(numbers(gradient, "r"), within(1e-12));
        for (int k = 0; k < factors.length / 9; k++) {
            double[] byFactor = ReferenceLoss.choleskyGradient(Arrays.copyOfRange(got.scales(), 9 * k, 9 * k + 9),
                Arrays.copyOfRange(factors, 9 * k, 9 * k + 9), 3);
            assertThat(byFactor).containsExactly(Arrays.copyOfRange(numbers(gradient, "L"), 9 * k, 9 * k + 9), within(1e-12));
        }
        checkBridge(golden, LightBridge.full(number(golden, "epsilon"), numbers(golden, "logAlpha"), numbers(golden, "r"), scales).build());
    }

    /** The engine's own log c, log v and drift at the same parameters. */
    private static void checkBridge(Map<?, ?> golden, LightBridge bridge) {
        assertThat(mean(numbers(golden, "source"), bridge, true)).isCloseTo(number(golden, "meanLogC"), within(1e-12));
        assertThat(mean(numbers(golden, "target"), bridge, false)).isCloseTo(number(golden, "meanLogV"), within(1e-12));
        Map<?, ?> drift = (Map<?, ?>) golden.get("drift");
        double[] points = numbers(drift, "points");
        double[] values = numbers(drift, "values");
        int at = 0;
        for (double t : numbers(drift, "times")) {
            for (int n = 0; n < points.length / 3; n++) {
                double[] got = bridge.drift(Arrays.copyOfRange(points, 3 * n, 3 * n + 3), t);
                assertThat(got).as("drift at t=" + t).containsExactly(Arrays.copyOfRange(values, at, at + 3), within(1e-11));
                at += 3;
            }
        }
        assertThat(at).isEqualTo(values.length);
    }

    private static double mean(double[] points, LightBridge bridge, boolean source) {
        double sum = 0;
        for (int n = 0; n < points.length / 3; n++) {
            double[] point = Arrays.copyOfRange(points, 3 * n, 3 * n + 3);
            sum += source ? bridge.logNormalizer(point) : bridge.logPotential(point);
        }
        return sum / (points.length / 3);
    }

    @Test
    void badBatchesAreRefused() {
        assertThatThrownBy(() -> new ReferenceLoss(0, 1, new double[1], new double[1])).hasMessageContaining("epsilon is 0.0");
        assertThatThrownBy(() -> new ReferenceLoss(1, 2, new double[3], new double[2]))
            .hasMessageContaining("multiples of the dimension 2");
        assertThatThrownBy(() -> new ReferenceLoss(1, 2, new double[0], new double[2])).hasMessageContaining("0 and 2 values");
    }
}
