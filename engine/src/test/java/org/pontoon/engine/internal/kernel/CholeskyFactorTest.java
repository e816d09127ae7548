package org.pontoon.engine.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CholeskyFactorTest {

    private static double[][] definite(int size) {
        SplittableRandom random = new SplittableRandom(size);
        double[][] a = new double[size][size];
        for (int i = 0; i < size; i++) {
            for (int j = i; j < size; j++) {
                a[i][j] = random.nextDouble() - 0.5;
                a[j][i] = a[i][j];
            }
            a[i][i] += size;
        }
        return a;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 8, 17, 64, 101})
    void solutionsSolve(int size) {
        double[][] a = definite(size);
        double[] b = new SplittableRandom(1).doubles(size).toArray();
        double[] x = b.clone();
        double[][] u = definite(size);
        assertThat(CholeskyFactor.factorise(u)).isTrue();
        CholeskyFactor.solve(u, x);
        for (int i = 0; i < size; i++) {
            double sum = 0;
            for (int j = 0; j < size; j++) {
                sum += a[i][j] * x[j];
            }
            assertThat(sum).isCloseTo(b[i], within(1e-13 * size));
        }
    }

    @Test
    void whatIsNotPositiveDefiniteIsRefused() {
        assertThat(CholeskyFactor.factorise(new double[][] {{1, 2}, {2, 1}})).isFalse();
        assertThat(CholeskyFactor.factorise(new double[][] {{1, 1}, {1, 1}})).isFalse();
        assertThat(CholeskyFactor.factorise(new double[][] {{0}})).isFalse();
        assertThat(CholeskyFactor.factorise(new double[][] {{Double.NaN}})).isFalse();
        assertThat(CholeskyFactor.factorise(new double[][] {{Double.POSITIVE_INFINITY}})).isFalse();
    }

    @Test
    void inverseAndDeterminantAreThoseOfTheMatrix() {
        double[] a = {4, 2, 0.4, 2, 5, 1, 0.4, 1, 3};
        double[][] u = CholeskyFactor.rows(a, 3);
        assertThat(CholeskyFactor.factorise(u)).isTrue();
        double determinant = 4 * (15 - 1) - 2 * (6 - 0.4) + 0.4 * (2 - 2);
        assertThat(CholeskyFactor.logDeterminant(u)).isCloseTo(Math.log(determinant), within(1e-14));
        double[] inverse = CholeskyFactor.inverse(u);
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                double sum = 0;
                for (int k = 0; k < 3; k++) {
                    sum += a[3 * i + k] * inverse[3 * k + j];
                }
                assertThat(sum).isCloseTo(i == j ? 1 : 0, within(1e-14));
            }
        }
    }
}
