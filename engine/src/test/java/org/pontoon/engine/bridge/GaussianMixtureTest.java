package org.pontoon.engine.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;

class GaussianMixtureTest {

    @ParameterizedTest
    @EnumSource
    void likelihoodRisesAndThreadsDoNotChangeABit(Covariance covariance) {
        try (PointCloud x = TestClouds.blobs(1500, 3, 0, 4); TileScheduler one = new TileScheduler(1);
                TileScheduler two = new TileScheduler(2)) {
            double before = Double.NEGATIVE_INFINITY;
            for (int iterations : new int[] {1, 2, 5, 20, 100}) {
                GaussianMixture m = GaussianMixture.fit(x, 3, covariance, iterations, 0, 1, one, Progress.NONE);
                assertThat(m.meanLogLikelihood()).isGreaterThanOrEqualTo(before - 1e-9);
                before = m.meanLogLikelihood();
                GaussianMixture same = GaussianMixture.fit(x, 3, covariance, iterations, 0, 1, two, Progress.NONE);
                assertThat(same.means()).isEqualTo(m.means());
                assertThat(same.meanLogLikelihood()).isEqualTo(m.meanLogLikelihood());
            }
            GaussianMixture m = GaussianMixture.fit(x, 3, covariance, 500, 1e-9, 1, one, Progress.NONE);
            assertThat(m.converged()).isTrue();
            double mean = 0;
            for (int n = 0; n < x.size(); n++) {
                mean += m.logDensity(new double[] {x.get(n, 0), x.get(n, 1), x.get(n, 2)}) / x.size();
            }
            assertThat(mean).isCloseTo(m.meanLogLikelihood(), within(1e-6));
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneComponentIsTheMeanAndCovarianceOfTheCloud(Covariance covariance) {
        try (PointCloud x = TestClouds.blobs(800, 2, 1, 4); TileScheduler one = new TileScheduler(1)) {
            GaussianMixture m = GaussianMixture.fit(x, 1, covariance, 10, 1e-12, 1, one, Progress.NONE);
            double mean = 0;
            for (int n = 0; n < 800; n++) {
                mean += x.get(n, 0) / 800.0;
            }
            assertThat(m.means()[0]).isCloseTo(mean, within(1e-9));
            try (PointCloud drawn = m.sample(50_000, 3)) {
                double drawnMean = 0;
                for (int n = 0; n < drawn.size(); n++) {
                    drawnMean += drawn.get(n, 0) / (double) drawn.size();
                }
                assertThat(drawnMean).isCloseTo(mean, within(0.05));
            }
        }
    }

    @Test
    void theCompletePlanIntegratesToOne() {
        LightBridge bridge = TestClouds.bridge(3, 1, Covariance.DIAGONAL, 0.5, 2);
        try (PointCloud x = TestClouds.blobs(300, 1, 0, 4); TileScheduler one = new TileScheduler(1)) {
            CompletePlan plan = new CompletePlan(GaussianMixture.fit(x, 2, Covariance.DIAGONAL, 50, 1e-9, 1, one, Progress.NONE), bridge);
            double sum = 0;
            double h = 0.05;
            for (double a = -12; a < 12; a += h) {
                for (double b = -40; b < 40; b += h) {
                    sum += h * h * Math.exp(plan.logDensity(new double[] {a}, new double[] {b}));
                }
            }
            assertThat(sum).isCloseTo(1, within(1e-3));
        }
    }

    @Test
    void badInputIsNamed() {
        try (PointCloud x = TestClouds.blobs(5, 2, 0, 4); TileScheduler one = new TileScheduler(1)) {
            assertThatThrownBy(() -> GaussianMixture.fit(x, 6, Covariance.DIAGONAL, 1, 0, 1, one, Progress.NONE)).hasMessageContaining(
                "components is 6, expected from 1 to the 5 points");
            GaussianMixture m = GaussianMixture.fit(x, 1, Covariance.DIAGONAL, 1, 0, 1, one, Progress.NONE);
            assertThatThrownBy(() -> new CompletePlan(m, TestClouds.bridge(2, 3, Covariance.DIAGONAL, 0.5, 1))).hasMessageContaining(
                "marginal has dimension 2");
        }
    }

    @Test
    void aFitDoesNotDependOnUnits() {
        try (PointCloud cloud = TestClouds.blobs(400, 3, 1, 9); TileScheduler scheduler = new TileScheduler(1)) {
            GaussianMixture plain = GaussianMixture.fit(cloud, 3, Covariance.FULL, 50, 1e-6, 4, scheduler, Progress.NONE);
            for (double unit : new double[] {0x1p-100, 0x1p80}) {
                try (PointCloud scaled = PointCloud.allocate(400, 3)) {
                    for (int n = 0; n < 400; n++) {
                        for (int d = 0; d < 3; d++) {
                            scaled.set(n, d, (float) (unit * cloud.get(n, d)));
                        }
                    }
                    GaussianMixture mixture = GaussianMixture.fit(scaled, 3, Covariance.FULL, 50, 1e-6, 4, scheduler, Progress.NONE);
                    assertThat(mixture.meanLogLikelihood()).isCloseTo(plain.meanLogLikelihood() - 3 * Math.log(unit), within(1e-6));
                    for (int i = 0; i < 9; i++) {
                        assertThat(mixture.means()[i] / unit).isCloseTo(plain.means()[i], within(1e-6));
                    }
                }
            }
        }
    }
}
