package org.pontoon.engine.flow.descent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.flow.FlowResult;
import org.pontoon.engine.flow.ParticleFlow;
import org.pontoon.engine.flow.Potential;
import org.pontoon.engine.flow.Runs;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.LossGradient;
import org.pontoon.engine.transport.PairKernel;
import org.pontoon.engine.transport.PairKernel.Profile;

class SteinFlowsTest {

    private static final TileScheduler ONE = new TileScheduler(1);
    private static final Potential MIXTURE = Potential.gaussianMixture(new double[] {0.3, 0.7}, new double[] {-1, 0, 1, 0.5}, 0.6);

    private static PointCloud gaussian(int size, int dimension, long seed, double mean, double deviation) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] rows = new float[dimension * size];
        for (int k = 0; k < rows.length; k++) {
            rows[k] = (float) (mean + deviation * random.nextGaussian());
        }
        return PointCloud.ofRows(rows, size, dimension);
    }

    private static Potential normal(int dimension) {
        double[] identity = new double[dimension * dimension];
        for (int d = 0; d < dimension; d++) {
            identity[d * (dimension + 1)] = 1;
        }
        return Potential.quadratic(identity, new double[dimension]);
    }

    private static PairKernel kernel(Profile profile, double bandwidth) {
        return new PairKernel(profile, List.of(bandwidth));
    }

    @ParameterizedTest
    @EnumSource(value = Profile.class, names = {"GAUSSIAN", "INVERSE_MULTIQUADRIC"})
    void steinVelocitiesAreTheirSums(Profile profile) {
        PairKernel kernel = kernel(profile, 0.8);
        try (PointCloud x = gaussian(300, 2, 1, 3, 1)) {
            double[] velocity = new SteinVariationalDescent(x, MIXTURE, kernel, ONE).velocity();
            double[] at = new double[600];
            for (int k = 0; k < 600; k++) {
                at[k] = x.get(k % 300, k / 300);
            }
            double[] gradient = new double[600];
            MIXTURE.evaluate(at, 300, 300, null, gradient);
            for (int i = 0; i < 300; i++) {
                double[] sum = new double[2];
                for (int j = 0; j < 300; j++) {
                    double u = at[i] - at[j];
                    double v = at[300 + i] - at[300 + j];
                    double k = kernel.value(u * u + v * v);
                    double slope = kernel.slope(u * u + v * v);
                    sum[0] += -k * gradient[j] - slope * u;
                    sum[1] += -k * gradient[300 + j] - slope * v;
                }
                assertThat(velocity[2 * i]).isCloseTo(sum[0] / 300, within(3e-5));
                assertThat(velocity[2 * i + 1]).isCloseTo(sum[1] / 300, within(3e-5));
            }
        }
    }

    @Test
    void steinParticlesTakeTheTargetsMoments() {
        try (PointCloud x = gaussian(200, 2, 1, 4, 0.3)) {
            Potential target = Potential.quadratic(new double[] {0.25, 0, 0, 4}, new double[] {1, -2});
            float[] end = Runs.of(new SteinVariationalDescent(x, target, null, ONE), 0.2, 1500).last().points();
            double[] mean = new double[2];
            double[] square = new double[2];
            for (int i = 0; i < 200; i++) {
                for (int d = 0; d < 2; d++) {
                    mean[d] += end[2 * i + d] / 200.0;
                    square[d] += end[2 * i + d] * end[2 * i + d] / 200.0;
                }
            }
            assertThat(mean[0]).isCloseTo(1, within(0.05));
            assertThat(mean[1]).isCloseTo(-2, within(0.02));
            assertThat(square[0] - mean[0] * mean[0]).isCloseTo(4, within(0.5));
            assertThat(square[1] - mean[1] * mean[1]).isCloseTo(0.25, within(0.04));
        }
    }

    /** Four coordinates go by way of a matrix, one in columns of which one is empty; 1300 particles are three spans. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void longSumsAreTheirSumsToo(int dimension) {
        PairKernel kernel = PairKernel.gaussian(0.6);
        int size = 1300;
        try (PointCloud x = gaussian(size, dimension, 1, 5, 1)) {
            double[] velocity = new SteinVariationalDescent(x, normal(dimension), kernel, ONE).velocity();
            for (int i = 0; i < size; i += 61) {
                double[] sum = new double[dimension];
                for (int j = 0; j < size; j++) {
                    double square = 0;
                    for (int d = 0; d < dimension; d++) {
                        square += Math.pow((double) x.get(i, d) - x.get(j, d), 2);
                    }
                    for (int d = 0; d < dimension; d++) {
                        sum[d] -= kernel.value(square) * x.get(j, d) + kernel.slope(square) * ((double) x.get(i, d) - x.get(j, d));
                    }
                }
                for (int d = 0; d < dimension; d++) {
                    assertThat(velocity[i * dimension + d]).isCloseTo(sum[d] / size, within(1e-5));
                }
            }
        }
    }

    /** Kernel x.y + 1, target N(0, I), centred particles: the covariance is {@code (I + (S^-1 - I) e^-2t)^-1} for any number of them. */
    @Test
    void covariancesObeyTheLogisticLaw() {
        float[] rows = new float[80];
        SplittableRandom random = new SplittableRandom(3);
        for (int k = 0; k < 40; k++) {
            rows[k] = (float) ((k % 2 == 0 ? 0.4 : 1.6) * random.nextGaussian() + (k % 2 == 1 ? 0.7 * rows[k - 1] : 0));
            rows[79 - k] = -rows[k];
        }
        // rows of mirrored points hold their coordinates the other way round
        for (int i = 20; i < 40; i++) {
            float swap = rows[2 * i];
            rows[2 * i] = rows[2 * i + 1];
            rows[2 * i + 1] = swap;
        }
        double[] start = covariance(rows);
        double determinant = start[0] * start[2] - start[1] * start[1];
        double share = Math.exp(-2 * 0.7);
        double a = 1 + (start[2] / determinant - 1) * share;
        double b = -start[1] / determinant * share;
        double c = 1 + (start[0] / determinant - 1) * share;
        double[] law = {c / (a * c - b * b), -b / (a * c - b * b), a / (a * c - b * b)};
        double[] coarse = flown(rows, 700);
        double[] fine = flown(rows, 1400);
        for (int k = 0; k < 3; k++) {
            // Richardson: Euler's error is of first order
            assertThat(2 * fine[k] - coarse[k]).isCloseTo(law[k], within(1e-5));
        }
    }

    private static double[] flown(float[] rows, int steps) {
        try (PointCloud x = PointCloud.ofRows(rows, rows.length / 2, 2)) {
            return covariance(Runs.of(SteinVariationalDescent.bilinear(x, normal(2), ONE), 0.7 / steps, steps).last().points());
        }
    }

    /** xx, xy and yy of points whose mean is 0. */
    private static double[] covariance(float[] rows) {
        double[] sums = new double[3];
        for (int i = 0; i < rows.length; i += 2) {
            sums[0] += 2.0 * rows[i] * rows[i] / rows.length;
            sums[1] += 2.0 * rows[i] * rows[i + 1] / rows.length;
            sums[2] += 2.0 * rows[i + 1] * rows[i + 1] / rows.length;
        }
        return sums;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void bitsDoNotDependOnThreads(int threads) {
        try (PointCloud x = gaussian(700, 2, 1, 0, 1); TileScheduler many = new TileScheduler(threads)) {
            assertThat(new SteinVariationalDescent(x, MIXTURE, null, many).velocity()).isEqualTo(
                new SteinVariationalDescent(x, MIXTURE, null, ONE).velocity());
            assertThat(new SteinDiscrepancy(MIXTURE, PairKernel.gaussian(1), many).at(x).points()).isEqualTo(
                new SteinDiscrepancy(MIXTURE, PairKernel.gaussian(1), ONE).at(x).points());
        }
    }

    /** sigma is the squared bandwidth. */
    @ParameterizedTest
    @ValueSource(doubles = {0.5, 1.5})
    void discrepancyOfGaussiansIsItsClosedForm(double sigma) {
        int size = 1500;
        PairKernel kernel = PairKernel.gaussian(Math.sqrt(sigma));
        for (int p = 1; p <= 2; p++) {
            try (PointCloud shifted = gaussian(size, p, 3, 0.8, 1); PointCloud scaled = gaussian(size, p, 4, 0, 1.5)) {
                double shift = p * 0.64 * Math.pow(1 + 2 / sigma, -p / 2.0);
                assertThat(unbiased(shifted, p, sigma, kernel)).isCloseTo(shift, within(0.12 * p));
                double s = 2.25;
                double scale = (s - 1) * (s - 1) * p / (sigma + 2 * s) * Math.pow(1 + 2 * s / sigma, -p / 2.0);
                assertThat(unbiased(scaled, p, sigma, kernel)).isCloseTo(scale, within(0.12 * p));
            }
        }
    }

    /** Leaves out the diagonal, where the Stein kernel is |s|^2 + p / sigma. */
    private static double unbiased(PointCloud x, int dimension, double sigma, PairKernel kernel) {
        double all = 2 * new SteinDiscrepancy(normal(dimension), kernel, ONE).at(x).value() * x.size() * x.size();
        for (int i = 0; i < x.size(); i++) {
            all -= dimension / sigma;
            for (int d = 0; d < dimension; d++) {
                all -= (double) x.get(i, d) * x.get(i, d);
            }
        }
        return all / x.size() / (x.size() - 1);
    }

    @ParameterizedTest
    @EnumSource(value = Profile.class, names = {"GAUSSIAN", "INVERSE_MULTIQUADRIC"})
    void gradientsAreDifferences(Profile profile) {
        try (PointCloud x = gaussian(12, 2, 5, 0.2, 1).withWeights(new float[] {.1f, .2f, .1f, .05f, .1f, .1f, .05f, .05f, .05f, .1f, .05f,
            .05f})) {
            SteinDiscrepancy functional = new SteinDiscrepancy(MIXTURE, kernel(profile, 0.9), ONE);
            LossGradient at = functional.at(x);
            for (int i = 0; i < 12; i++) {
                for (int d = 0; d < 2; d++) {
                    float middle = x.get(i, d);
                    float left = middle - 0x1p-10f;
                    float right = middle + 0x1p-10f;
                    x.set(i, d, right);
                    double above = functional.at(x).value();
                    x.set(i, d, left);
                    double below = functional.at(x).value();
                    x.set(i, d, middle);
                    assertThat(at.points()[2 * i + d]).isCloseTo((above - below) / ((double) right - left), within(2e-5));
                }
            }
        }
    }

    @Test
    void oneParticleContractsAndPlanesOfSymmetryTrap() {
        try (PointCloud one = PointCloud.ofRows(new float[] {0.5f, -1}, 1, 2)) {
            LossGradient at = new SteinDiscrepancy(normal(2), PairKernel.gaussian(1), ONE).at(one);
            assertThat(at.value()).isCloseTo((1.25 + 2) / 2, within(1e-9));
            assertThat(at.points()[0]).isCloseTo(0.5, within(1e-8));
            assertThat(at.points()[1]).isCloseTo(-1, within(1e-8));
        }
        Potential symmetric = Potential.gaussianMixture(new double[] {1, 1}, new double[] {-1, 0, 1, 0}, 0.5);
        try (PointCloud plane = PointCloud.ofRows(new float[] {0, -0.5f, 0, 0.1f, 0, 0.7f}, 3, 2)) {
            FlowResult r = Runs.of(new ParticleFlow(plane, new SteinDiscrepancy(symmetric, PairKernel.gaussian(0.5), ONE)), 0.05, 49);
            for (int i = 0; i < 3; i++) {
                assertThat((double) r.last().points()[2 * i]).isCloseTo(0, within(1e-6));
            }
        }
    }

    @Test
    void otherKernelsAreRefused() {
        assertThatThrownBy(() -> new SteinDiscrepancy(MIXTURE, PairKernel.energy(), ONE)).isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("expected Gaussian");
        try (PointCloud x = gaussian(5, 2, 1, 0, 1)) {
            assertThatThrownBy(() -> new SteinVariationalDescent(x, MIXTURE, PairKernel.gaussian(1, 2), ONE))
                .hasMessageContaining("one bandwidth");
            try {
                Runs.of(new SteinVariationalDescent(x, MIXTURE, null, ONE), 1e30, 20);
            } catch (IllegalStateException e) {
                assertThat(e).hasMessageContaining("a step below");
            }
            x.withWeights(new float[] {1, 1, 1, 1, 2});
            assertThatThrownBy(() -> new SteinVariationalDescent(x, MIXTURE, null, ONE)).hasMessageContaining("has weights, expected none");
        }
    }
}
