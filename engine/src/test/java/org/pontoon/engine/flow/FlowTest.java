package org.pontoon.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.transport.LossGradient;

/** The driver, on schemes whose every number is known. */
class FlowTest {

    /** Decays by Euler's steps, and writes down what it is asked. */
    private static class Decay implements Scheme {

        final List<String> calls = new ArrayList<>();
        double x = 1;
        boolean converged = true;

        @Override
        public List<String> quantities() {
            return List.of("value", "steps");
        }

        @Override
        public void measure(int step, int of) {
            calls.add("measure " + step + "/" + of);
        }

        @Override
        public void read(double[] row) {
            row[0] = Math.abs(x);
            row[1] = calls.stream().filter(c -> c.startsWith("step")).count();
        }

        @Override
        public void step(int step, int of, double duration) {
            calls.add("step " + step + "/" + of + " " + duration);
            x -= duration * x;
            converged = step != 1;
        }

        @Override
        public boolean converged() {
            return converged;
        }

        @Override
        public Snapshot snapshot(int step, double time) {
            calls.add("snapshot " + step + " " + time);
            return new Snapshot(step, time, new float[] {(float) x}, 1);
        }

        @Override
        public void close() {
            calls.add("close");
        }
    }

    /** The same, whose steps can be undone. */
    private static final class Reversed extends Decay implements Scheme.Reversible {

        private double before;

        @Override
        public void save() {
            calls.add("save");
            before = x;
        }

        @Override
        public void restore() {
            calls.add("restore");
            x = before;
        }

        @Override
        public double rounding() {
            return 0;
        }
    }

    private static FlowOptions options(double stepSize, int steps, boolean adaptive, Double... times) {
        return new FlowOptions(stepSize, steps, adaptive, List.of(times));
    }

    @Test
    void everyStateIsMeasuredReadAndToldInTurn() {
        Decay scheme = new Decay();
        List<Long> heard = new ArrayList<>();
        FlowResult result = new Flow(options(0.5, 2, false, 0.0, 0.6)).run(scheme, (done, total) -> {
            assertThat(total).isEqualTo(2);
            scheme.calls.add("progress");
            return heard.add(done);
        });
        assertThat(scheme.calls).containsExactly("measure 0/2", "snapshot 0 0.0", "progress", "step 0/2 0.5", "measure 1/2", "progress",
            "step 1/2 0.5", "measure 2/2", "snapshot 2 1.0", "progress", "snapshot 2 1.0");
        assertThat(heard).containsExactly(0L, 1L, 2L);
        assertThat(result.status()).isEqualTo(FlowResult.Status.COMPLETED);
        assertThat(result.steps()).isEqualTo(2);
        assertThat(result.times()).containsExactly(0, 0.5, 1);
        assertThat(result.values()).containsExactly(1, 0.5, 0.25);
        assertThat(result.quantity("steps")).containsExactly(0, 1, 2);
        assertThat(result.quantities().keySet()).containsExactly("value", "steps");
        assertThat(result.unconverged()).isOne();
        assertThat(result.last().points()).containsExactly(0.25f);
        assertThatIllegalArgumentException().isThrownBy(() -> result.quantity("speed")).withMessageContaining("[value, steps]");
    }

    @Test
    void noStepAtAllIsARun() {
        FlowResult result = new Flow(FlowOptions.of(1, 0)).run(new Decay(), Progress.NONE);
        assertThat(result.status()).isEqualTo(FlowResult.Status.COMPLETED);
        assertThat(result.times()).containsExactly(0);
        assertThat(result.last().step()).isZero();
    }

    @Test
    void cancellingKeepsWhatThereIs() {
        FlowResult result = new Flow(options(0.5, 9, false, 0.5, 4.0)).run(new Decay(), (done, total) -> done < 3);
        assertThat(result.status()).isEqualTo(FlowResult.Status.CANCELLED);
        assertThat(result.values()).containsExactly(1, 0.5, 0.25, 0.125);
        assertThat(result.snapshots()).hasSize(1);
        assertThat(result.last().step()).isEqualTo(3);
    }

    /** A cancel that comes with the last state is too late: everything is done. */
    @Test
    void theLastStateCannotBeCancelled() {
        assertThat(new Flow(FlowOptions.of(0.5, 2)).run(new Decay(), (done, total) -> done < 2).status()).isEqualTo(
            FlowResult.Status.COMPLETED);
    }

    /** A step of h multiplies by 1 - h: 3 doubles, half of it halves; the first one ends at the snapshot. */
    @Test
    void stepsThatGoUphillAreUndoneAndHalved() {
        Reversed scheme = new Reversed();
        FlowResult result = new Flow(options(3, 3, true, 1.75)).run(scheme, Progress.NONE);
        assertThat(scheme.calls).containsExactly("measure 0/3", "save", "step 0/3 1.75", "measure 1/3", "snapshot 1 1.75", "save",
            "step 1/3 3.0", "measure 2/3", "restore", "step 1/3 1.5", "measure 2/3", "save", "step 2/3 1.6500000000000001",
            "measure 3/3", "snapshot 3 4.9");
        assertThat(result.undone()).isOne();
        assertThat(result.times()).containsExactly(0, 1.75, 3.25, 4.9);
        assertThat(result.values()).containsExactly(new double[] {1, 0.75, 0.375, 0.24375}, within(1e-15));
    }

    @Test
    void aStepThatAlwaysGoesUphillStalls() {
        Reversed scheme = new Reversed();
        Scheme.Reversible uphill = new Scheme.Reversible() {

            private double x = 1;
            private double before;

            @Override
            public List<String> quantities() {
                return List.of("value");
            }

            @Override
            public void read(double[] row) {
                row[0] = x;
            }

            @Override
            public void step(int step, int of, double duration) {
                x += duration;
            }

            @Override
            public Snapshot snapshot(int step, double time) {
                return scheme.snapshot(step, time);
            }

            @Override
            public void save() {
                before = x;
            }

            @Override
            public void restore() {
                x = before;
            }

            @Override
            public double rounding() {
                return 0;
            }
        };
        FlowResult result = new Flow(options(1, 5, true)).run(uphill, Progress.NONE);
        assertThat(result.status()).isEqualTo(FlowResult.Status.STALLED);
        assertThat(result.steps()).isZero();
        assertThat(result.undone()).isEqualTo(30);
        int[] heard = {0};
        assertThat(new Flow(options(1, 5, true)).run(uphill, (done, total) -> heard[0]++ < 4).status()).isEqualTo(
            FlowResult.Status.CANCELLED);
    }

    @Test
    void onlyStepsThatCanBeUndoneAdapt() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Flow(options(1, 1, true)).run(new Decay(), Progress.NONE))
            .withMessageContaining("Decay cannot undo steps");
    }

    /** The scheme is the caller's: it may be asked more. */
    @Test
    void aRunClosesNothing() {
        Decay scheme = new Decay();
        new Flow(FlowOptions.of(0.5, 1)).run(scheme, Progress.NONE);
        assertThat(scheme.calls).doesNotContain("close");
        assertThat(scheme.snapshot(1, 0.5).points()).containsExactly(0.5f);
    }

    /** Half the mean square is told of a scheme that tells something else, with its slopes for velocities. */
    @Test
    void aMeasuredSchemeTellsTheFunctionalToo() {
        Functional bowl = cloud -> {
            double x = cloud.get(0, 0);
            return new LossGradient(x * x / 2, new double[] {x}, new double[1]);
        };
        try (PointCloud start = PointCloud.ofRows(new float[] {1}, 1, 1)) {
            Decay inner = new Decay();
            MeasuredScheme scheme = new MeasuredScheme(start, inner, bowl);
            FlowResult result = new Flow(options(0.5, 2, false, 0.5)).run(scheme, Progress.NONE);
            scheme.close();
            assertThat(result.quantities().keySet()).containsExactly("loss", "value", "steps");
            assertThat(result.values()).containsExactly(0.5, 0.125, 0.03125);
            assertThat(result.quantity("value")).containsExactly(1, 0.5, 0.25);
            assertThat(result.snapshots().getFirst().velocity()).containsExactly(-0.5f);
            assertThat(result.unconverged()).isOne();
            assertThat(inner.calls).contains("close");
            // a step of 5 quadruples the distance: no points, no box in which they began, so that any rise is one too many
            assertThatIllegalStateException().isThrownBy(() -> Runs.of(new MeasuredScheme(start, new Decay(), bowl), 5, 2))
                .withMessageContaining("the flow diverges at step 1").withMessageContaining("a step size below 5.0");
        }
    }

    @Test
    void statesKnowTheirMassAndHowManyPointsCount() {
        Snapshot state = new Snapshot(0, 0, new float[6], new double[] {1, 1, 2});
        assertThat(state.mass()).isEqualTo(4);
        assertThat(state.effectiveSize()).isCloseTo(16 / 6.0, within(1e-15));
        assertThat(state.ancestors()).containsExactly(0, 1, 2);
        try (PointCloud cloud = state.toCloud(); PointCloud points = state.toUnweightedCloud()) {
            assertThat(cloud.weight(2)).isEqualTo(2);
            assertThat(points.hasWeights()).isFalse();
            assertThat(points.dimension()).isEqualTo(2);
        }
        assertThat(Arrays.stream(new Snapshot(0, 0, new float[6], 3).weights()).sum()).isEqualTo(1);
    }
}
