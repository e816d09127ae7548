package org.pontoon.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimedProcessTest {

    @TempDir
    private Path scratch;

    @Test
    void outputErrorsAndExitCodeAreThoseOfTheProcess() throws IOException {
        TimedProcess.Ended ended = TimedProcess
            .run(List.of("sh", "-c", "echo \"$1\"; echo first >&2; echo last >&2; echo >&2; exit 3", "sh",
                "two words"), scratch);
        assertThat(ended.code()).isEqualTo(3);
        assertThat(ended.out()).isEqualTo("two words\n");
        assertThat(ended.lastError()).isEqualTo("last");
        assertThat(ended.seconds()).isNotNegative();
        assertThat(ended.processorSeconds()).isNotNegative();
    }

    @Test
    void aProgramThatIsNotThereEndsWithACode() throws IOException {
        TimedProcess.Ended ended = TimedProcess.run(List.of("no-such-program-here"), scratch);
        assertThat(ended.code()).isEqualTo(127);
        assertThat(ended.lastError()).contains("no-such-program-here");
    }

    @Test
    void timesAreReadInAnyLocale() {
        assertThat(TimedProcess.times("0.310 0.250 0.040\n")).containsExactly(0.31, 0.25, 0.04);
        assertThat(TimedProcess.times("12,005 0,250 0,040\n")).containsExactly(12.005, 0.25, 0.04);
        assertThat(TimedProcess.times("bash: warning: setlocale: 1.5\n1.000 2.000 3.000\n")).containsExactly(1, 2, 3);
        assertThatIllegalStateException().isThrownBy(() -> TimedProcess.times("real 1s")).withMessageContaining("real 1s");
    }

    @Test
    void aScratchFolderThatIsMissingIsAnError() {
        assertThat(Files.exists(scratch.resolve("missing"))).isFalse();
        assertThatIOException().isThrownBy(() -> TimedProcess.run(List.of("true"), scratch.resolve("missing")));
    }
}
