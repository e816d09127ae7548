package org.pontoon.engine.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

class TrainingStepTest {

    /** Central differences of the float64 objective, which is itself held against automatic differentiation. */
    @Tag("widths")
    @ParameterizedTest
    @CsvSource({"DIAGONAL,1,1,40,30", "DIAGONAL,3,4,65,64", "DIAGONAL,17,7,100,130", "DIAGONAL,50,10,128,128", "FULL,1,2,40,30",
        "FULL,3,4,65,64", "FULL,6,5,100,130"})
    void gradientIsTheDerivativeOfTheObjective(Covariance covariance, int dimension, int components, int sourceSize, int targetSize) {
        TrainingOptions options = TrainingOptions.builder().epsilon(0.5).components(components).covariance(covariance).batch(1000).build();
        try (PointCloud x = TestClouds.blobs(sourceSize, dimension, 0.5, 1);
                PointCloud y = TestClouds.blobs(targetSize, dimension, -0.5, 2);
                TrainingPoints source = TrainingPoints.of(x, 1000, 1);
                TrainingPoints target = TrainingPoints.of(y, 1000, 2);
                TileScheduler scheduler = new TileScheduler(1)) {
            TrainingStep step = new TrainingStep(options, dimension, source, target, scheduler);
            LightBridge start = TestClouds.bridge(components, dimension, covariance, 0.5, 7);
            int perComponent = start.scales().length / components;
            for (int k = 0; k < components; k++) {
                step.set(k, start.logWeights()[k], GoldenNumbers.row(start.locations(), k, dimension), GoldenNumbers.row(start.scales(), k,
                    perComponent));
            }
            source.draw(0);
            target.draw(0);
            step.computeGradient();
            double size = 0;
            for (float g : step.gradient) {
                size = Math.max(size, Math.abs(g));
            }
            int checked = 0;
            for (int i = 0; i < step.parameters.length; i += 1 + i / 40) {
                float value = step.parameters[i];
                float h = 2e-3f;
                step.parameters[i] = value + h;
                float up = step.parameters[i];
                double above = objective(step, source, target, x, y, scheduler);
                step.parameters[i] = value - h;
                float down = step.parameters[i];
                double below = objective(step, source, target, x, y, scheduler);
                step.parameters[i] = value;
                assertThat((double) step.gradient[i]).as("parameter %d", i).isCloseTo((above - below) / ((double) up - down), within(1e-4
                    * size));
                checked++;
            }
            assertThat(checked).isGreaterThan(5);
        }
    }

    private static double objective(TrainingStep step, TrainingPoints source, TrainingPoints target, PointCloud x, PointCloud y,
            TileScheduler scheduler) {
        LightBridge bridge = step.bridge(step.parameters, source.mean(), target.mean(), Double.POSITIVE_INFINITY);
        // the normalisation of alpha cancels in the objective
        return bridge.objective(x, y, scheduler).value();
    }

    @ParameterizedTest
    @EnumSource
    void aRevivedComponentTakesStepsOfTheUsualLength(Covariance covariance) {
        int dimension = 8;
        float rate = 1e-3f;
        TrainingOptions options = TrainingOptions.builder().components(4).batch(64).covariance(covariance).learningRate(rate).build();
        try (PointCloud x = TestClouds.blobs(400, dimension, 0, 1); PointCloud y = TestClouds.blobs(400, dimension, 2, 2);
                TileScheduler scheduler = new TileScheduler(1);
                TrainingPoints source = TrainingPoints.of(x, 64, 1);
                TrainingPoints target = TrainingPoints.of(y, 64, 2)) {
            TrainingStep step = new TrainingStep(options, dimension, source, target, scheduler);
            int entries = covariance == Covariance.FULL ? dimension * dimension : dimension;
            for (int k = 0; k < 4; k++) {
                double[] scale = new double[entries];
                for (int d = 0; d < dimension; d++) {
                    scale[covariance == Covariance.FULL ? d * (dimension + 1) : d] = 1;
                }
                float[] point = new float[dimension];
                y.copyPoint(k, point, 0);
                double[] r = new double[dimension];
                Arrays.setAll(r, d -> point[d]);
                step.set(k, 0, r, scale);
                step.usage[k] = 0.25f;
            }
            for (int n = 0; n < 500; n++) {
                step.run(n);
            }
            step.usage[2] = 0;
            step.revive(7, 500);
            float[] before = step.parameters.clone();
            step.run(500);
            double[] moves = new double[dimension];
            for (int d = 0; d < dimension; d++) {
                int at = step.locationStart + 2 * step.locationStride + d;
                moves[d] = Math.abs(step.parameters[at] - before[at]);
            }
            Arrays.sort(moves);
            assertThat(moves[dimension / 2]).isBetween(0.0, 1.5 * rate);
        }
    }

    @Test
    void sampleWeightsCountLikeRepetition() {
        TrainingOptions options = TrainingOptions.builder().components(3).batch(1000).build();
        int dimension = 4;
        float[][] rows = new float[30][dimension];
        float[][] repeated = new float[40][];
        float[] weights = new float[30];
        try (PointCloud cloud = TestClouds.blobs(30, dimension, 0, 3)) {
            for (int n = 0; n < 30; n++) {
                cloud.copyPoint(n, rows[n], 0);
                weights[n] = n < 10 ? 2 : 1;
                repeated[n] = rows[n];
                if (n < 10) {
                    repeated[30 + n] = rows[n];
                }
            }
        }
        try (PointCloud weighted = PointCloud.ofRows(rows).withWeights(weights);
                PointCloud copies = PointCloud.ofRows(repeated);
                PointCloud y = TestClouds.blobs(50, dimension, 1, 4);
                TileScheduler scheduler = new TileScheduler(1)) {
            float[] a = gradient(options, weighted, y, scheduler);
            float[] b = gradient(options, copies, y, scheduler);
            for (int i = 0; i < a.length; i++) {
                assertThat(a[i]).isCloseTo(b[i], within(2e-4f + 1e-4f * Math.abs(b[i])));
            }
        }
    }

    private static float[] gradient(TrainingOptions options, PointCloud x, PointCloud y, TileScheduler scheduler) {
        try (TrainingPoints source = TrainingPoints.of(x, 1000, 1); TrainingPoints target = TrainingPoints.of(y, 1000, 2)) {
            TrainingStep step = new TrainingStep(options, x.dimension(), source, target, scheduler);
            LightBridge start = TestClouds.bridge(options.components(), x.dimension(), Covariance.DIAGONAL, 0.5, 7);
            for (int k = 0; k < options.components(); k++) {
                step.set(k, 0, GoldenNumbers.row(start.locations(), k, x.dimension()), GoldenNumbers.row(start.scales(), k, x.dimension()));
            }
            source.draw(0);
            target.draw(0);
            step.computeGradient();
            return step.gradient.clone();
        }
    }

    @Test
    void minibatchesAreDrawnWithoutReplacementAndEvenly() {
        try (PointCloud cloud = TestClouds.blobs(50, 1, 0, 1)) {
            for (int n = 0; n < 50; n++) {
                cloud.set(n, 0, n);
            }
            // sparse draws reject repeats, dense ones shuffle, full ones take all
            for (int batch : new int[] {10, 25, 40, 50}) {
                int[] count = new int[50];
                try (TrainingPoints points = TrainingPoints.of(cloud, batch, 9)) {
                    float[] rows = new float[64 * 16];
                    float[] columns = new float[64];
                    float[] shares = new float[64];
                    for (int step = 0; step < 2000; step++) {
                        points.draw(step);
                        points.pack(0, rows, 16, columns, shares);
                        boolean[] seen = new boolean[50];
                        for (int b = 0; b < 64; b++) {
                            assertThat(shares[b]).isEqualTo(b < batch ? 1f / batch : 0f);
                            if (b < batch) {
                                int n = Math.round(columns[b] + (float) points.mean()[0]);
                                assertThat(seen[n]).isFalse();
                                seen[n] = true;
                                count[n]++;
                            } else {
                                assertThat(columns[b]).isZero();
                            }
                        }
                    }
                }
                double expected = 2000.0 * batch / 50;
                for (int c : count) {
                    assertThat((double) c).isCloseTo(expected, within(5 * Math.sqrt(expected) + 1e-9));
                }
            }
        }
    }
}
