package org.pontoon.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class PeakProbeTest {

    @Test
    void probeAnswersOnceForEachNumberOfThreads() {
        double first = PeakProbe.fmaPeak(1);
        assertThat(first).isPositive().isFinite();
        assertThat(PeakProbe.fmaPeak(1)).isEqualTo(first);
        PeakProbe.forget();
    }

    @Test
    void noThreadsAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> PeakProbe.fmaPeak(0));
        assertThatIllegalArgumentException().isThrownBy(() -> PeakProbe.memoryBandwidth(0));
        assertThatIllegalArgumentException().isThrownBy(() -> PeakProbe.expThroughput(-1));
    }
}
