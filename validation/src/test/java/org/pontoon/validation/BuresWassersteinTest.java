package org.pontoon.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class BuresWassersteinTest {

    private static double between(double[] m0, double[] a, double[] m1, double[] b) {
        return BuresWasserstein.halfSquaredDistance(m0, a, m1, b);
    }

    @Test
    void commutingCovariances() {
        // half of (3^2 + (1 - 2)^2) and half of (1 + (2 - 3)^2 + (1 - 4)^2)
        assertThat(between(new double[] {0}, new double[] {1}, new double[] {3}, new double[] {4})).isCloseTo(5, within(1e-14));
        assertThat(between(new double[] {0, 1}, new double[] {4, 0, 0, 1}, new double[] {0, 0}, new double[] {9, 0, 0, 16})).isCloseTo(5.5,
            within(1e-14));
    }

    @Test
    void fullCovariancesOfAKnownMap() {
        // T = diag(2, 1/2) rotated by 45 degrees is symmetric, so it is the optimal map from N(0, A) to N(0, T A T)
        double[] a = {2, 0.3, 0.3, 1};
        var t = Matrices.of(new double[] {1.25, 0.75, 0.75, 1.25}, 2, 2);
        var moved = Matrices.combine(1, t, -1, Matrices.identity(2));
        double expected = 0.5 * Matrices.trace(Matrices.multiply(Matrices.multiply(moved, Matrices.of(a, 2, 2)), moved));
        double[] b = Matrices.rows(Matrices.multiply(Matrices.multiply(t, Matrices.of(a, 2, 2)), t));
        double[] zero = new double[2];
        assertThat(between(zero, a, zero, b)).isCloseTo(expected, within(1e-14));
        assertThat(between(zero, b, zero, a)).isCloseTo(expected, within(1e-14));
    }

    @Test
    void pointMassesAndEqualGaussians() {
        double[] zero = new double[2];
        double[] a = {2, 1, 1, 3};
        assertThat(between(new double[] {3, 4}, new double[4], zero, a)).isCloseTo(12.5 + 2.5, within(1e-14));
        assertThat(between(zero, a, new double[] {3, 4}, new double[4])).isCloseTo(12.5 + 2.5, within(1e-14));
        assertThat(between(zero, a, zero, a)).isCloseTo(0, within(1e-14));
        assertThat(between(zero, new double[] {1, 1, 1, 1}, zero, new double[] {1, 1, 1, 1})).isCloseTo(0, within(1e-7));
    }

    @Test
    void shapesAreChecked() {
        assertThatThrownBy(() -> between(new double[2], new double[4], new double[2], new double[2])).isInstanceOf(
            IllegalArgumentException.class).hasMessageContaining("covariances 4 and 2");
    }
}
