package org.pontoon.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.pontoon.engine.parallel.Progress;

class TimingsTest {

    @Test
    void theMedianOfTheRepeatsCounts() {
        Timings timings = Timings.of(new double[] {3, 1, 2, 50, 2.5}, 0.5);
        assertThat(timings.isMeasured()).isTrue();
        assertThat(timings).isEqualTo(new Timings(2.5, 1, 50, ""));
        assertThat(Timings.of(new double[] {3, 1}, 0).median()).isEqualTo(2);
    }

    @Test
    void oneWrongRepeatIsOutvoted() {
        assertThat(Timings.of(new double[] {-4, 1, 1.1, 1.2, 1.3}, 0.5).median()).isEqualTo(1.1);
    }

    @Test
    void whatIsNotPositiveIsNotMeasured() {
        for (double[] seconds : new double[][] {{-4e-3, -1e-3, 2}, {0}, {-0.0, 1}, {Double.NaN, 1, 1}, {Double.POSITIVE_INFINITY, 1, 1}}) {
            Timings timings = Timings.of(seconds, 0);
            assertThat(timings.isMeasured()).isFalse();
            assertThat(timings.median()).isNaN();
        }
        assertThat(Timings.of(new double[] {-4e-3, -1e-3, 2}, 0).fault())
            .isEqualTo("the median of 3 repeats is -1.000 ms, which is no time");
    }

    @Test
    void whatIsFasterThanTheMachineCanBeIsNotMeasured() {
        Timings timings = Timings.of(new double[] {1e-6, 2e-6, 9e-6}, 1e-4);
        assertThat(timings.fault()).isEqualTo("the median of 3 repeats is 2.000 µs, less than the 100.0 µs that this machine needs at the "
            + "least");
        // the limit is a measurement as well
        assertThat(Timings.of(new double[] {0.99e-4}, 1e-4).isMeasured()).isTrue();
    }

    @Test
    void noRepeatsAndNoLimitAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Timings.of(new double[0], 0));
        assertThatIllegalArgumentException().isThrownBy(() -> Timings.of(new double[] {1}, Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> Timings.of(new double[] {1}, -1));
    }

    @Test
    void aTimerTakesTheStepsAfterTheFirst() {
        StepTimer timer = new StepTimer(Progress.NONE);
        assertThat(timer.secondsPerStep()).isNaN();
        assertThat(timer.advance(1, 100)).isTrue();
        assertThat(timer.secondsPerStep()).isNaN();
        assertThat(timer.isHot()).isFalse();
        timer.advance(1, 100);
        assertThat(timer.secondsPerStep()).as("the same step twice is no step").isNaN();
        StepTimer hot = new StepTimer(Progress.NONE);
        hot.advance(1, 100);
        hot.advance(100, 100);
        assertThat(hot.secondsPerStep()).isPositive();
        assertThat(hot.isHot()).isTrue();
        assertThat(new StepTimer((done, total) -> false).advance(1, 2)).as("it cancels for whom it hears").isFalse();
    }

    @Test
    void aTimerSeesVectorsOnTheHeap() {
        StepTimer timer = new StepTimer(Progress.NONE);
        timer.advance(1, 100);
        byte[][] kept = new byte[100][];
        for (int step = 0; step < 100; step++) {
            kept[step] = new byte[10_000];
        }
        timer.advance(100, 100);
        assertThat(kept[99]).hasSize(10_000);
        assertThat(timer.isHot()).isFalse();
    }
}
