package org.pontoon.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.random.Shape;
import org.pontoon.engine.transport.KernelNorm;
import org.pontoon.engine.transport.Loss;
import org.pontoon.engine.transport.LossGradient;
import org.pontoon.engine.transport.PairKernel;
import org.pontoon.engine.transport.Precision;
import org.pontoon.engine.transport.Sinkhorn;
import org.pontoon.engine.transport.SinkhornOptions;

class ParticleFlowTest {

    private static final TileScheduler ONE = new TileScheduler(1);

    /** Half the weighted mean of squares: the flow is x' = -factor x, point by point, whatever the weights. */
    private static Functional bowl(double factor) {
        return x -> {
            double[] points = new double[x.size() * x.dimension()];
            double total = 0;
            for (int n = 0; n < x.size(); n++) {
                double weight = x.hasWeights() ? x.weight(n) : 1.0 / x.size();
                for (int d = 0; d < x.dimension(); d++) {
                    double v = x.get(n, d);
                    points[n * x.dimension() + d] = factor * weight * v;
                    total += factor * weight * v * v / 2;
                }
            }
            return new LossGradient(total, points, new double[x.size()]);
        };
    }

    private static PointCloud cloud(float... rows) {
        return PointCloud.ofRows(rows, rows.length / 2, 2);
    }

    private static FlowResult run(FlowOptions options, PointCloud start, Functional functional) {
        return run(options, start, functional, 0);
    }

    private static FlowResult run(FlowOptions options, PointCloud start, Functional functional, double momentum) {
        try (ParticleFlow flow = new ParticleFlow(start, functional, momentum)) {
            return new Flow(options).run(flow, Progress.NONE);
        }
    }

    @Test
    void eulerStepsMultiplyByOneLessTheRate() {
        try (PointCloud start = cloud(1, 2, -4, 8).withWeights(new float[] {0.25f, 3})) {
            FlowResult result = run(FlowOptions.builder().stepSize(0.25).steps(3).snapshotTimes(List.of(0., .5)).build(), start,
                bowl(1));
            assertThat(result.status()).isEqualTo(FlowResult.Status.COMPLETED);
            assertThat(result.steps()).isEqualTo(3);
            assertThat(result.times()).containsExactly(0, 0.25, 0.5, 0.75);
            assertThat(result.snapshots()).hasSize(2);
            assertThat(result.snapshots().get(0).points()).containsExactly(1, 2, -4, 8);
            assertThat(result.snapshots().get(0).velocity()).containsExactly(-1, -2, 4, -8);
            Snapshot half = result.snapshots().get(1);
            assertThat(half.step()).isEqualTo(2);
            assertThat(half.points()).containsExactly(0.5625f, 1.125f, -2.25f, 4.5f);
            assertThat(result.last().points()).containsExactly(0.421875f, 0.84375f, -1.6875f, 3.375f);
            assertThat(result.values()[1]).isEqualTo(0.5625 * result.values()[0]);
            assertThat(start.toRows()).containsExactly(1, 2, -4, 8);
        }
    }

    @Test
    void notebookSnapshotsFallOnTheirSteps() {
        try (PointCloud start = cloud(1, 2)) {
            FlowResult result = run(FlowOptions.builder().build(), start, bowl(1));
            assertThat(result.snapshots().stream().map(Snapshot::step)).containsExactly(0, 5, 10, 20, 40, 100);
            assertThat(result.times()[100]).isCloseTo(5, within(1e-12));
            assertThat(result.last().points()).containsExactly(result.snapshots().get(5).points());
        }
    }

    @Test
    void pointsWithoutWeightStay() {
        try (PointCloud start = cloud(1, 2, -4, 8).withWeights(new float[] {1, 0})) {
            FlowResult result = run(FlowOptions.builder().steps(19).build(), start, bowl(1));
            assertThat(Arrays.copyOfRange(result.last().points(), 2, 4)).containsExactly(-4, 8);
            assertThat(result.last().velocity()[2]).isZero();
            assertThat(result.last().velocity()[3]).isZero();
            assertThat(result.last().points()[0]).isLessThan(0.5f);
        }
    }

    @Test
    void momentumIsTheHeavyBall() {
        try (PointCloud start = cloud(1, 2)) {
            FlowOptions options = FlowOptions.builder().stepSize(0.1).steps(49).build();
            FlowResult result = run(options, start, bowl(1), 0.5);
            double x = 1;
            double move = 0;
            for (int step = 1; step < 50; step++) {
                move = 0.5 * move - 0.1 * (float) x;
                x += move;
            }
            assertThat(result.last().points()[0]).isEqualTo((float) x);
        }
    }

    @Test
    void adaptiveStepsNeverRaiseTheLossWhereFixedOnesDiverge() {
        try (PointCloud start = cloud(1, 2, 3, -1)) {
            assertThatIllegalStateException()
                .isThrownBy(() -> run(FlowOptions.builder().stepSize(1).steps(99).build(), start, bowl(30)))
                .withMessageContaining("diverges").withMessageContaining("step size");
            FlowResult result = run(
                FlowOptions.builder().stepSize(1).steps(199).adaptive(true).snapshotTimes(List.of(0., .3, .7)).build(), start,
                bowl(30));
            for (int i = 1; i < result.values().length; i++) {
                assertThat(result.values()[i]).isLessThanOrEqualTo(result.values()[i - 1]);
                assertThat(result.times()[i]).isGreaterThan(result.times()[i - 1]);
            }
            assertThat(result.undone()).isPositive();
            assertThat(result.steps()).isEqualTo(199);
            assertThat(result.snapshots().stream().map(Snapshot::time)).containsExactly(0., .3, .7);
            assertThat(result.values()[result.steps()]).isLessThan(1e-6);
        }
    }

    /** A loss whose gradient points uphill: no step helps. */
    @Test
    void adaptiveFlowSaysThatItStalls() {
        Functional wrong = x -> {
            LossGradient right = bowl(1).at(x);
            return new LossGradient(right.value(), Arrays.stream(right.points()).map(g -> -g).toArray(), right.weights());
        };
        try (PointCloud start = cloud(1, 2)) {
            FlowResult result = run(FlowOptions.builder().steps(999).adaptive(true).build(), start, wrong);
            assertThat(result.status()).isEqualTo(FlowResult.Status.STALLED);
            // moves that float32 does not see raise nothing
            assertThat(result.last().time()).isLessThan(1e-6);
            assertThat(result.last().points()).containsExactly(1, 2);
        }
    }

    @Test
    void progressCancels() {
        try (PointCloud start = cloud(1, 2)) {
            ParticleFlow flow = new ParticleFlow(start, bowl(1));
            FlowResult result = new Flow(FlowOptions.builder().build()).run(flow, (done, total) -> done < 7);
            flow.close();
            assertThat(result.status()).isEqualTo(FlowResult.Status.CANCELLED);
            assertThat(result.steps()).isEqualTo(7);
            assertThat(result.values()).hasSize(8);
        }
    }

    @Test
    void badOptionsAndStartsAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> FlowOptions.builder().stepSize(0).build()).withMessageContaining("0.0");
        assertThatIllegalArgumentException().isThrownBy(() -> FlowOptions.builder().stepSize(Double.NaN).build());
        assertThatIllegalArgumentException().isThrownBy(() -> FlowOptions.builder().steps(-1).build()).withMessageContaining("steps");
        assertThatIllegalArgumentException().isThrownBy(() -> FlowOptions.builder().snapshotTimes(List.of(1., 1.)).build())
            .withMessageContaining("rising");
        try (PointCloud start = cloud(1, Float.NaN)) {
            assertThatIllegalArgumentException().isThrownBy(() -> run(FlowOptions.builder().build(), start, bowl(1)))
                .withMessageContaining("row 0, column 1");
        }
        try (PointCloud start = cloud(1, 2)) {
            assertThatIllegalArgumentException().isThrownBy(() -> new ParticleFlow(start, bowl(1), 1))
                .withMessageContaining("momentum is 1");
        }
    }

    /** A step of 2.5 times the inverse of the curvature multiplies by -1.5. */
    @Test
    void aFlowThatRunsAwayFailsBeforeItIsInfinite() {
        try (PointCloud start = cloud(1, 2, -4, 8)) {
            FlowOptions options = FlowOptions.builder().stepSize(2.5).steps(100).build();
            assertThatIllegalStateException().isThrownBy(() -> run(options, start, bowl(1)))
                .withMessageContaining("the flow diverges at step 1: the loss rose from")
                .withMessageContaining("adaptive steps or a step size below 2.5 may help");
        }
    }

    @Test
    void aFlowThatSwingsAroundItsEndDoesNotRunAway() {
        try (PointCloud start = cloud(1, 2, -4, 8)) {
            FlowOptions options = FlowOptions.builder().stepSize(1.9).steps(59).build();
            assertThat(run(options, start, bowl(1)).status()).isEqualTo(FlowResult.Status.COMPLETED);
            // equal clouds, where the energy kernel's kink lets a step raise a loss of nothing
            Functional energy = Functional.towards(new KernelNorm(PairKernel.energy(), Precision.FLOAT64), start, ONE);
            try (PointCloud near = cloud(1, 2, -4, 8.000001f)) {
                FlowResult result = run(FlowOptions.builder().stepSize(0.05).steps(59).build(), near, energy);
                assertThat(result.status()).isEqualTo(FlowResult.Status.COMPLETED);
                assertThat(result.values()[result.steps()]).isLessThan(0.1);
            }
        }
    }

    @Test
    void aFlowThatBeginsBeyondNumbersSaysSo() {
        try (PointCloud start = cloud(1, 2)) {
            assertThatIllegalStateException().isThrownBy(() -> run(FlowOptions.builder().build(), start, x -> new LossGradient(
                Double.POSITIVE_INFINITY, new double[2], new double[1]))).withMessage("the functional is Infinity where the flow begins");
        }
    }

    /** Translation law: the Sinkhorn divergence pulls a shifted copy straight back, whatever the blur. */
    @Test
    void sinkhornFlowOfAShiftedCopyIsATranslation() {
        try (PointCloud y = Shape.MOONS.sample(2, 60, 1); PointCloud x = shifted(y, 0.5f, -0.25f)) {
            SinkhornOptions solver = SinkhornOptions.builder().blur(0.1).tolerance(1e-9).precision(Precision.FLOAT64).build();
            FlowResult result = run(FlowOptions.builder().stepSize(0.5).steps(2).build(), x,
                new SinkhornFunctional(new Sinkhorn(solver), y, ONE));
            for (int n = 0; n < 60; n++) {
                assertThat(result.last().points()[2 * n]).isCloseTo(y.get(n, 0) + 0.125f, within(1e-6f));
                assertThat(result.last().points()[2 * n + 1]).isCloseTo(y.get(n, 1) - 0.0625f, within(1e-6f));
            }
            assertThat(result.values()[0]).isCloseTo(0.15625, within(1e-6));
        }
    }

    private static PointCloud shifted(PointCloud cloud, float... shift) {
        float[] rows = cloud.toRows();
        for (int k = 0; k < rows.length; k++) {
            rows[k] += shift[k % shift.length];
        }
        return PointCloud.ofRows(rows, cloud.size(), cloud.dimension());
    }

    @Test
    void warmStartsSaveIterationsAndLeaveTheFlow() {
        Sinkhorn solver = new Sinkhorn(SinkhornOptions.builder().blur(0.1).tolerance(1e-7).precision(Precision.FLOAT64).build());
        FlowOptions options = FlowOptions.builder().steps(5).build();
        try (PointCloud x = Shape.DISK.sample(2, 50, 1); PointCloud y = Shape.HEART.sample(2, 70, 2)) {
            SinkhornFunctional warm = new SinkhornFunctional(solver, y, ONE);
            long[] cold = new long[1];
            FlowResult a = run(options, x, warm);
            FlowResult b = run(options, x, p -> {
                SinkhornFunctional fresh = new SinkhornFunctional(solver, y, ONE);
                LossGradient gradient = fresh.at(p);
                cold[0] += fresh.iterations();
                return gradient;
            });
            assertThat(warm.calls()).isEqualTo(6);
            assertThat(warm.unconverged()).isZero();
            assertThat(warm.largestMarginalError()).isLessThanOrEqualTo(1e-7);
            assertThat(warm.last()).isNotNull();
            assertThat(warm.iterations()).isLessThan(cold[0]);
            for (int k = 0; k < 100; k++) {
                assertThat(a.last().points()[k]).isCloseTo(b.last().points()[k], within(1e-5f));
            }
        }
    }

    /** One iteration is too few for any state, and none of the other loss's is. */
    @Test
    void statesWhoseLossDidNotConvergeAreCounted() {
        Sinkhorn hasty = new Sinkhorn(SinkhornOptions.builder().blur(0.01).maxIterations(1).build());
        try (PointCloud x = Shape.DISK.sample(2, 50, 1); PointCloud y = Shape.HEART.sample(2, 70, 2)) {
            FlowOptions options = FlowOptions.of(0.05, 3);
            assertThat(run(options, x, new SinkhornFunctional(hasty, y, ONE)).unconverged()).isEqualTo(4);
            Functional energy = Functional.towards(new KernelNorm(PairKernel.energy(), Precision.FLOAT64), y, ONE);
            assertThat(run(options, x, energy).unconverged()).isZero();
            assertThat(run(options, x, Functional.weightedSum(List.of(energy, new SinkhornFunctional(hasty, y, ONE)), 1, 1)).unconverged())
                .isEqualTo(4);
        }
    }

    /** The barycentre of two shifted copies is the copy between them. */
    @Test
    void barycentreByFlow() {
        SinkhornOptions solver = SinkhornOptions.builder().blur(0.2).tolerance(1e-8).precision(Precision.FLOAT64).build();
        try (PointCloud left = Shape.DISK.sample(2, 40, 3);
                PointCloud right = shifted(left, 1, 0.5f);
                PointCloud start = shifted(left, 0.6f, -0.2f)) {
            Functional sum = Functional.weightedSum(List.of(Functional.towards(new Sinkhorn(solver), left, ONE),
                Functional.towards(new Sinkhorn(solver), right, ONE)), 0.75, 0.25);
            FlowResult result = run(FlowOptions.builder().stepSize(1).steps(1).build(), start, sum);
            for (int n = 0; n < 40; n++) {
                assertThat(result.last().points()[2 * n]).isCloseTo(left.get(n, 0) + 0.25f, within(2e-5f));
                assertThat(result.last().points()[2 * n + 1]).isCloseTo(left.get(n, 1) + 0.125f, within(2e-5f));
            }
            assertThatIllegalArgumentException().isThrownBy(() -> Functional.weightedSum(List.of(sum), 1, 2))
                .withMessageContaining("1 terms");
        }
    }

    @Test
    void sameBytesForAnyNumberOfThreads() {
        Loss loss = new KernelNorm(PairKernel.energy(), Precision.FLOAT64);
        FlowOptions options = FlowOptions.builder().steps(4).build();
        try (TileScheduler three = new TileScheduler(3);
                PointCloud x = Shape.RING.sample(2, 300, 1);
                PointCloud y = Shape.SQUARE.sample(2, 200, 2)) {
            FlowResult a = run(options, x, Functional.towards(loss, y, ONE));
            FlowResult b = run(options, x, Functional.towards(loss, y, three));
            assertThat(a.last().points()).isEqualTo(b.last().points());
            assertThat(a.values()).isEqualTo(b.values()).isSortedAccordingTo((u, v) -> Double.compare(v, u));
        }
    }

    /** Half the squared energy distance to one atom moves quantiles at speed 2 (1 - s) and 2 s, until they are there. */
    @Test
    void quantilesFallOntoAnAtomAsTheLawSays() {
        int size = 20;
        float[] x = new float[size];
        for (int i = 0; i < size; i++) {
            x[i] = -1 + 0.15f * i + 0.02f * (i % 3);
        }
        double time = 0.4;
        float[] last = energyFlow(x, new float[1], 0.01, 40);
        for (int i = 0; i < size; i++) {
            double s = (i + 0.5) / size;
            double expected = x[i] > 0 ? x[i] - 2 * (1 - s) * time : x[i] + 2 * s * time;
            if (Math.abs(x[i]) > Math.abs(x[i] - expected)) {
                assertThat((double) last[i]).isCloseTo(expected, within(1e-4));
            }
        }
    }

    /** Towards the uniform measure on [0, 1] quantiles go straight home, {@code Q(s, t) = s + (Q(s, 0) - s) e^-2t}. */
    @Test
    void quantilesRelaxToTheUniformAsTheLawSays() {
        int size = 16;
        int atoms = 4096;
        float[] x = new float[size];
        float[] y = new float[atoms];
        for (int i = 0; i < size; i++) {
            x[i] = 0.1f + 0.2f * (i + 0.5f) / size;
        }
        for (int j = 0; j < atoms; j++) {
            y[j] = (j + 0.5f) / atoms;
        }
        float[] coarse = energyFlow(x, y, 0.02, 25);
        float[] fine = energyFlow(x, y, 0.01, 50);
        for (int i = 0; i < size; i++) {
            double s = (i + 0.5) / size;
            // Richardson: Euler's error is of first order
            assertThat(2.0 * fine[i] - coarse[i]).isCloseTo(s + (x[i] - s) * Math.exp(-1), within(1e-4));
        }
    }

    private static float[] energyFlow(float[] x, float[] y, double step, int steps) {
        try (PointCloud start = PointCloud.ofRows(x, x.length, 1); PointCloud target = PointCloud.ofRows(y, y.length, 1);
                TileScheduler one = new TileScheduler(1)) {
            return run(FlowOptions.of(step, steps), start,
                Functional.towards(new KernelNorm(PairKernel.energy(), Precision.FLOAT64), target,
                    one))
                .last().points();
        }
    }
}
