package org.pontoon.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pontoon.engine.flow.SobolevOptions.Reaction;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

class NeuralSobolevDescentTest {

    private static final TileScheduler ONE = new TileScheduler(1);

    private static NeuralOptions.Builder small() {
        return NeuralOptions.builder().hidden(List.of(16, 16)).batch(128).startup(20).training(3).steps(6).step(0.05);
    }

    private static double mean(SobolevResult.State state, int dimension, int d) {
        double sum = 0;
        double mass = 0;
        for (int i = 0; i < state.weights().length; i++) {
            sum += state.weights()[i] * state.points()[i * dimension + d];
            mass += state.weights()[i];
        }
        return sum / mass;
    }

    /** With x for a test function, the equation of the critic says that the mean goes to the target's as e^-t if mass moves as it should. */
    @ParameterizedTest
    @EnumSource(Reaction.class)
    void meansApproachExponentially(Reaction reaction) {
        NeuralOptions options = NeuralOptions.builder().reaction(reaction).alpha(reaction == Reaction.NONE ? 0 : 0.6)
            .hidden(List.of(32, 32))
            .startup(300).training(6).step(0.05).steps(20).learningRate(2e-3).build();
        try (PointCloud start = Moments.normals(1500, 2, 0, 1, 1); PointCloud target = Moments.normals(1500, 2, 1, 1, 2)) {
            NeuralSobolevDescent.Result result = new NeuralSobolevDescent(options).run(start, target, ONE, (step, of) -> true);
            assertThat(result.status()).isEqualTo(FlowResult.Status.COMPLETED);
            assertThat(result.times()[20]).isEqualTo(1);
            double goal = 0;
            double begin = 0;
            for (int i = 0; i < 1500; i++) {
                goal += target.get(i, 0) / 1500;
                begin += start.get(i, 0) / 1500;
            }
            double left = (goal - mean(result.last(), 2, 0)) / (goal - begin);
            assertThat(left).isCloseTo(Math.exp(-1), within(0.06));
            assertThat(Arrays.stream(result.last().weights()).sum()).isCloseTo(1, within(1e-12));
        }
    }

    @Tag("widths")
    @ParameterizedTest
    @EnumSource(Reaction.class)
    void bitsDoNotDependOnThreads(Reaction reaction) {
        try (PointCloud start = Moments.normals(333, 3, 0, 1, 1); PointCloud target = Moments.normals(210, 3, 1, 1, 2);
                TileScheduler two = new TileScheduler(2); TileScheduler three = new TileScheduler(3)) {
            NeuralSobolevDescent flow = new NeuralSobolevDescent(small().reaction(reaction).build());
            NeuralSobolevDescent.Result one = flow.run(start, target, ONE, (step, of) -> true);
            for (TileScheduler many : List.of(two, three)) {
                NeuralSobolevDescent.Result other = flow.run(start, target, many, (step, of) -> true);
                assertThat(other.last().points()).isEqualTo(one.last().points());
                assertThat(other.last().weights()).isEqualTo(one.last().weights());
                assertThat(other.discrepancies()).isEqualTo(one.discrepancies());
            }
        }
    }

    @Test
    void unitOfTheCoordinatesOnlyMattersForAlpha() {
        try (PointCloud start = Moments.normals(300, 2, 0, 1, 1); PointCloud target = Moments.normals(300, 2, 1, 1, 2);
                PointCloud larger = scaled(start); PointCloud largerTarget = scaled(target)) {
            NeuralSobolevDescent.Result result = new NeuralSobolevDescent(small().alpha(0.8).build()).run(start, target, ONE,
                (step, of) -> true);
            NeuralSobolevDescent.Result other = new NeuralSobolevDescent(small().alpha(0.05).build()).run(larger, largerTarget, ONE,
                (step, of) -> true);
            for (int k = 0; k < 600; k++) {
                assertThat(other.last().points()[k]).isEqualTo(4 * result.last().points()[k]);
            }
            assertThat(other.last().weights()).isEqualTo(result.last().weights());
            assertThat(other.discrepancies()[3]).isCloseTo(16 * result.discrepancies()[3], within(1e-12));
        }
    }

    private static PointCloud scaled(PointCloud cloud) {
        float[] rows = cloud.toRows();
        for (int k = 0; k < rows.length; k++) {
            rows[k] *= 4;
        }
        return PointCloud.ofRows(rows, cloud.size(), cloud.dimension());
    }

    @Test
    void snapshotsLieAtTheirTimesAndRunsCanBeCancelled() {
        NeuralSobolevDescent flow = new NeuralSobolevDescent(small().reaction(Reaction.BIRTH_DEATH).snapshotTimes(List.of(0.0, 0.07, 0.3))
            .build());
        try (PointCloud start = Moments.normals(200, 2, 0, 1, 1); PointCloud target = Moments.normals(200, 2, 1, 1, 2)) {
            NeuralSobolevDescent.Result result = flow.run(start, target, ONE, (step, of) -> true);
            assertThat(result.snapshots().stream().map(SobolevResult.State::step)).containsExactly(0, 2, 6);
            assertThat(Arrays.stream(result.last().ancestors()).allMatch(i -> i >= 0 && i < 200)).isTrue();
            assertThat(result.discrepancies()).hasSize(6);
            NeuralSobolevDescent.Result cancelled = flow.run(start, target, ONE, (step, of) -> step < 2);
            assertThat(cancelled.status()).isEqualTo(FlowResult.Status.CANCELLED);
            assertThat(cancelled.last().step()).isEqualTo(2);
            assertThat(cancelled.discrepancies()).hasSize(2);
        }
    }

    @Test
    void absurdStepsFailClearly() {
        try (PointCloud start = Moments.normals(200, 2, 0, 1, 1); PointCloud target = Moments.normals(200, 2, 1, 1, 2)) {
            assertThatThrownBy(() -> new NeuralSobolevDescent(small().step(1e9).build()).run(start, target, ONE, (step, of) -> true))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("diverges in step 1");
            assertThatThrownBy(
                () -> new NeuralSobolevDescent(small().learningRate(1e30).build()).run(start, target, ONE, (step, of) -> true))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("diverges in step 1");
        }
    }

    @Test
    void badInputIsRefused() {
        NeuralSobolevDescent flow = new NeuralSobolevDescent(small().reaction(Reaction.BIRTH_DEATH).build());
        try (PointCloud start = Moments.normals(20, 2, 0, 1, 1); PointCloud target = Moments.normals(20, 3, 1, 1, 2)) {
            assertThatIllegalArgumentException().isThrownBy(() -> flow.run(start, target, ONE, (step, of) -> true));
            float[] weights = new float[20];
            Arrays.fill(weights, 1);
            weights[7] = 2;
            PointCloud weighted = start.withWeights(weights);
            assertThatIllegalArgumentException().isThrownBy(() -> flow.run(weighted, weighted, ONE, (step, of) -> true))
                .withMessageContaining("weight of point 7 is");
            start.set(3, 1, Float.NaN);
            assertThatIllegalArgumentException().isThrownBy(() -> flow.run(start, start, ONE, (step, of) -> true));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> small().hidden(List.of(20)).build()).withMessageContaining("[20]");
        assertThatIllegalArgumentException().isThrownBy(() -> small().hidden(List.of()).build());
        assertThatIllegalArgumentException().isThrownBy(() -> small().batch(100).build()).withMessageContaining("100");
        assertThatIllegalArgumentException().isThrownBy(() -> small().step(0).build());
        assertThatIllegalArgumentException().isThrownBy(() -> small().alpha(0).build());
        assertThatIllegalArgumentException().isThrownBy(() -> small().training(0).build());
        assertThatIllegalArgumentException().isThrownBy(() -> small().learningRate(Double.NaN).build());
        assertThatIllegalArgumentException().isThrownBy(() -> small().snapshotTimes(List.of(1.0, 0.5)).build());
    }
}
