package org.pontoon.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.memory.PointCloud;

class PeerComparisonTest {

    private static final List<String> NUMBERS = List.of("steps", "secondsPerStep", "objective");

    private static PeerComparison.Fit fit(String contender, int round, double micros, double objective) {
        return new PeerComparison.Fit(contender, round, 1000, micros * 1e-6, micros * 1.1e-6, objective);
    }

    @Test
    void ratiosAreTakenRoundByRound() {
        // the second round is twice as slow for both: the ratio is 10 in each, though medians over rounds say so too only by luck
        PeerComparison.Outcome outcome = new PeerComparison.Outcome("data", List.of("ours", "theirs"), Map.of("theirs", "numpy 1"),
            List.of(fit(
                "ours", -1, 500, 9), fit("ours", 0, 20, 5), fit("theirs", 0, 200, 6), fit("ours", 1, 40, 4), fit("theirs", 1, 400, 6),
                fit("ours",
                    2, 20, 3),
                fit("theirs", 2, 200, 6)),
            512000, 51.2e9);
        String text = PeerComparison.text(outcome);
        assertThat(text).contains("| ours | 1000 | 20.00 | 20.00 | 40.00 | 22.00 | 4.00 |").contains(
            "| theirs | 1000 | 200.0 | 200.0 | 400.0 | 220.0 | 6.00 |");
        assertThat(text).contains("| theirs | 10.00 | 10.00 | 10.00 | 10.00 |");
        assertThat(text).contains("A step is 512000 multiply-adds; ours does 25.6 of the 51.2 GFMA/s that one thread can do here, 50.0 %");
        assertThat(text).contains("First fit of ours, compilers at work: 500.0 µs a step").contains("theirs (numpy 1)");
    }

    @Test
    void medianOfEvenAndOddCounts() {
        assertThat(PeerComparison.median(new double[] {1, 2, 9})).isEqualTo(2);
        assertThat(PeerComparison.median(new double[] {1, 2, 4, 9})).isEqualTo(3);
    }

    @Test
    void answerOfAPeerIsRead() throws IOException {
        Map<String, Object> answer = PeerProcess.answer("x",
            "{\"steps\": 10, \"secondsPerStep\": 2e-4, \"objective\": 1.5, \"dtype\": \"float32\"}", NUMBERS);
        assertThat(answer).containsEntry("secondsPerStep", 2e-4).containsEntry("dtype", "float32");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"error\": \"ValueError: a batch\"}", "{\"steps\": 10, \"secondsPerStep\": null, \"objective\": 1}",
        "Traceback",
        "{}"})
    void anAnswerWithoutNumbersIsRefused(String line) {
        assertThatIOException().isThrownBy(() -> PeerProcess.answer("the peer", line, NUMBERS))
            .withMessageContaining("the peer");
    }

    @Test
    void aPeerThatEndedIsNoticed() {
        assertThatIOException().isThrownBy(() -> PeerProcess.answer("the peer", null, NUMBERS))
            .withMessage("the peer ended without an answer");
    }

    @Test
    void noPythonIsNoError() {
        assertThat(PeerProcess.python(List.of("no-such-python-here"), "numpy")).isEmpty();
    }

    @Test
    void comparisonWithoutPeersRunsAlone() throws IOException {
        List<String> lines = new ArrayList<>();
        PeerComparison.Request request = new PeerComparison.Request(3, null, 3, 2, 40, 20, 2, 16, List.of(1),
            List.of("no-such-python-here"), Path
                .of("nowhere"));
        PeerComparison.Outcome outcome = PeerComparison.run(request, lines::add);
        assertThat(outcome.contenders()).containsExactly("pontoon, 1 thread");
        assertThat(outcome.fits()).hasSize(3).allSatisfy(f -> {
            assertThat(f.secondsPerStep()).isPositive();
            assertThat(f.objective()).isFinite();
        });
        assertThat(lines).anySatisfy(line -> assertThat(line).contains("numpy, tuned: left out"));
        assertThat(PeerComparison.text(outcome)).contains("D=3");
    }

    @Test
    void wrongRequestsAreRefused() {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> new PeerComparison.Request(50, null, 5, 1, 10, 10, 10, 128, List.of(1), List.of(),
                Path.of("x")));
    }

    @Test
    void scaleIsTheMeanDeviationOfAllCloudsTogether() {
        try (PointCloud a = PointCloud.ofRows(new float[][] {{0, 0}, {2, 0}});
                PointCloud b = PointCloud.ofRows(new float[][] {{2, 0}, {0, 0}})) {
            assertThat(PeerComparison.meanDeviation(a, b)).isCloseTo(0.5, within(1e-12));
        }
    }
}
