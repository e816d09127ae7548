package org.pontoon.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pontoon.engine.flow.InteractionEnergy.Kernel;
import org.pontoon.engine.internal.particle.Columns;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.KernelEntropy;
import org.pontoon.engine.transport.LossGradient;
import org.pontoon.engine.transport.Precision;

class InteractionEnergyTest {

    private static final TileScheduler SCHEDULER = new TileScheduler(2);

    @AfterAll
    static void close() {
        SCHEDULER.close();
    }

    static Stream<Functional> functionals() {
        KernelEntropy entropy = new KernelEntropy(0.5, Precision.FLOAT64);
        return Stream.of(InteractionEnergy.of(Kernel.QUARTIC, SCHEDULER), InteractionEnergy.quarticOverPairs(SCHEDULER),
            InteractionEnergy.of(Kernel.LOGARITHMIC, SCHEDULER), InteractionEnergy.of(Kernel.DISTANCE, SCHEDULER),
            x -> entropy.gradient(x, SCHEDULER),
            new PotentialEnergy(Potential.logarithmic(2, 0.25)),
            new PotentialEnergy(Potential.gaussianMixture(new double[] {1, 2}, new double[] {0, 0, 1, 1}, 0.7)));
    }

    @ParameterizedTest
    @MethodSource("functionals")
    void gradientIsThatOfTheValue(Functional functional) {
        try (PointCloud cloud = Gradients.lattice(20, 2, 5);
                PointCloud weighted = Gradients.lattice(5, 2, 6).withWeights(new float[] {0.25f, 0.5f, 1, 0.125f, 0.375f})) {
            Gradients.check(functional, cloud, 1e-6);
            Gradients.check(functional, weighted, 1e-6);
        }
    }

    /** The derivative in a weight, for all but the entropy's mass, which these energies are quadratic or linear in. */
    @ParameterizedTest
    @MethodSource("functionals")
    void derivativeInTheWeightsIsThatOfTheValue(Functional functional) {
        float[] weights = {0.25f, 0.5f, 1, 0.125f, 0.375f};
        for (int n = 0; n < weights.length; n++) {
            double[] values = new double[2];
            double expected;
            try (PointCloud cloud = Gradients.lattice(5, 2, 6).withWeights(weights)) {
                expected = functional.at(cloud).weights()[n];
            }
            for (int side = 0; side < 2; side++) {
                float[] moved = weights.clone();
                moved[n] += (side == 0 ? 1 : -1) / 4096f;
                try (PointCloud cloud = Gradients.lattice(5, 2, 6).withWeights(moved)) {
                    values[side] = functional.at(cloud).value();
                }
            }
            assertThat(expected).isCloseTo((values[0] - values[1]) * 2048, within(1e-6));
        }
    }

    @Test
    void momentsAgreeWithPairs() {
        for (int dimension = 1; dimension <= 4; dimension++) {
            try (PointCloud cloud = Gradients.lattice(300, dimension, 7)) {
                LossGradient moments = InteractionEnergy.of(Kernel.QUARTIC, SCHEDULER).at(cloud);
                LossGradient pairs = InteractionEnergy.quarticOverPairs(SCHEDULER).at(cloud);
                assertThat(moments.value()).isCloseTo(pairs.value(), within(1e-12));
                assertThat(moments.points()).containsExactly(pairs.points(), within(1e-14));
                assertThat(moments.weights()).containsExactly(pairs.weights(), within(1e-11));
            }
        }
    }

    @Test
    void logarithmAgreesWithItsDefinition() {
        try (PointCloud cloud = Gradients.lattice(301, 2, 8)) {
            double sum = 0;
            for (int i = 0; i < 301; i++) {
                for (int j = 0; j < i; j++) {
                    double r = Math.hypot(cloud.get(i, 0) - cloud.get(j, 0), cloud.get(i, 1) - cloud.get(j, 1));
                    sum += (r * r / 2 - Math.log(r)) / (301.0 * 301);
                }
            }
            assertThat(InteractionEnergy.of(Kernel.LOGARITHMIC, SCHEDULER).at(cloud).value()).isCloseTo(sum, within(1e-12));
        }
    }

    /** To the circle of radius 3^-1/2 at the energy -1/12, the second moment isotropic. */
    @Test
    void quarticFlowEndsOnTheCircle() {
        try (PointCloud start = Moments.normals(1000, 2, 0, 0.25, 1)) {
            FlowResult result = Runs.of(new ParticleFlow(start, InteractionEnergy.of(Kernel.QUARTIC, SCHEDULER)), 0.1, 400);
            assertThat(result.values()[400]).isCloseTo(-1.0 / 12, within(1e-6));
            try (PointCloud end = result.last().toUnweightedCloud()) {
                Moments moments = Moments.of(end);
                assertThat(moments.covariance()).containsExactly(new double[] {1.0 / 6, 0, 0, 1.0 / 6}, within(1e-4));
                for (int n = 0; n < 1000; n++) {
                    double r = Math.hypot(end.get(n, 0) - moments.mean()[0], end.get(n, 1) - moments.mean()[1]);
                    assertThat(r).isCloseTo(1 / Math.sqrt(3), within(1e-4));
                }
            }
        }
    }

    /** {@code m2(t) = m_inf + (m2(0) - m_inf) exp(-2 t)} with {@code m_inf = (N - 1) / (2 N)}, for any start; Heun's steps by hand. */
    @Test
    void logarithmicFlowObeysTheVirialLaw() {
        int n = 200;
        InteractionEnergy energy = InteractionEnergy.of(Kernel.LOGARITHMIC, SCHEDULER);
        double h = 0.0025;
        try (PointCloud cloud = Moments.normals(n, 2, 0, 0.25, 2)) {
            double start = trace(cloud);
            double[] x = Columns.of(cloud);
            float[] scratch = new float[n];
            for (int k = 0; k < 400; k++) {
                double[] slope = energy.at(cloud).points();
                double[] middle = x.clone();
                add(middle, slope, -h * n);
                Columns.write(middle, cloud, scratch);
                add(x, slope, -h / 2 * n);
                add(x, energy.at(cloud).points(), -h / 2 * n);
                Columns.write(x, cloud, scratch);
            }
            double end = (n - 1) / (2.0 * n);
            assertThat(trace(cloud)).isCloseTo(end + (start - end) * Math.exp(-2), within(1e-4));
        }
    }

    private static double trace(PointCloud cloud) {
        Moments moments = Moments.of(cloud);
        return moments.covariance()[0] + moments.covariance()[3];
    }

    private static void add(double[] columns, double[] rows, double factor) {
        int size = columns.length / 2;
        for (int n = 0; n < size; n++) {
            columns[n] += factor * rows[2 * n];
            columns[size + n] += factor * rows[2 * n + 1];
        }
    }

    @Test
    void sameBitsForAnyNumberOfThreads() {
        try (PointCloud cloud = Moments.normals(1000, 2, 0, 1, 4); TileScheduler one = new TileScheduler(1)) {
            for (Kernel kernel : Kernel.values()) {
                LossGradient a = InteractionEnergy.of(kernel, one).at(cloud);
                LossGradient b = InteractionEnergy.of(kernel, SCHEDULER).at(cloud);
                assertThat(a.value()).isEqualTo(b.value());
                assertThat(a.points()).isEqualTo(b.points());
            }
        }
    }

    @Test
    void equalPointsDoNotPush() {
        try (PointCloud cloud = PointCloud.allocate(40, 2)) {
            LossGradient found = InteractionEnergy.of(Kernel.LOGARITHMIC, SCHEDULER).at(cloud);
            assertThat(found.points()).containsOnly(0);
            assertThat(found.value()).isFinite();
            cloud.set(3, 1, Float.POSITIVE_INFINITY);
            assertThatIllegalArgumentException().isThrownBy(() -> InteractionEnergy.of(Kernel.QUARTIC, SCHEDULER).at(cloud));
        }
    }

    /** On the line by sorting, in the plane over pairs; some points coincide. */
    @Test
    void distancesOnTheLineAreThoseOverPairs() {
        InteractionEnergy energy = InteractionEnergy.of(Kernel.DISTANCE, SCHEDULER);
        float[] weights = new float[301];
        for (int n = 0; n < 301; n++) {
            weights[n] = (n % 4) / 500f;
        }
        try (PointCloud line = Moments.normals(301, 1, 50, 1, 3).withWeights(weights);
                PointCloud plane = PointCloud.allocate(301, 2).withWeights(weights)) {
            for (int n = 0; n < 301; n++) {
                line.set(n, 0, Math.round(line.get(n, 0) * 64) / 64f);
                plane.set(n, 1, line.get(n, 0));
            }
            LossGradient sorted = energy.at(line);
            LossGradient pairs = energy.at(plane);
            assertThat(sorted.value()).isCloseTo(pairs.value(), within(1e-13));
            assertThat(sorted.weights()).containsExactly(pairs.weights(), within(1e-12));
            for (int n = 0; n < 301; n++) {
                assertThat(sorted.points()[n]).isCloseTo(pairs.points()[2 * n + 1], within(1e-15));
            }
        }
    }

    /** Between meetings point k of n moves at (n - 1 - 2 k) / n; the extent shrinks to nothing at time 1/2 of a uniform start. */
    @Test
    void distanceContractsAUniformLineAtItsSpeed() {
        int size = 64;
        try (PointCloud line = PointCloud.allocate(size, 1)) {
            for (int n = 0; n < size; n++) {
                line.set(n, 0, n / (float) size);
            }
            Snapshot last = Runs.of(new ParticleFlow(line, InteractionEnergy.of(Kernel.DISTANCE, SCHEDULER)), 1.0 / 64, 16).last();
            for (int n = 0; n < size; n++) {
                assertThat((double) last.points()[n]).isCloseTo(n / 64.0 + 0.25 * (size - 1 - 2 * n) / size, within(1e-6));
            }
        }
    }
}
