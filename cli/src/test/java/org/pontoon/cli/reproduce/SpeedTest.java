package org.pontoon.cli.reproduce;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pontoon.bench.Timings;

/** What speed makes of times; they are made up, so that nothing depends on the machine. */
class SpeedTest {

    private static final double PEAK = 50e9;

    private static Timings[][] times(Timings first) {
        Timings[][] times = new Timings[4][1];
        Arrays.setAll(times, d -> new Timings[] {Timings.of(new double[] {1e-3, 2e-3, 3e-3}, 0)});
        times[0][0] = first;
        return times;
    }

    @Test
    void aTimeIsHeldAgainstThePeak() {
        // 8 x 10 x 50 x 128 multiply-adds in 20.48 us are 25 G a second
        Results results = Speed.results(new int[] {1}, times(Timings.of(new double[] {20e-6, 20.48e-6, 21e-6}, 10e-6)),
            new double[] {PEAK});
        assertThat(results.failures()).isEmpty();
        assertThat(results.markdown()).contains("0.0205", "0.0200", "0.0210", " 25.0 ", " 50.0 ").doesNotContain("not measured");
    }

    @Test
    void whatIsNoTimeIsNotPrintedAsOneAndFails(@TempDir Path folder) throws IOException {
        for (Timings bad : new Timings[] {Timings.of(new double[] {-2e-4, -1e-5, 3e-4}, 10e-6), Timings.of(new double[] {1e-7}, 10e-6)}) {
            Results results = Speed.results(new int[] {1}, times(bad), new double[] {PEAK});
            assertThat(results.failures()).hasSize(1).first().asString()
                .startsWith("not measured: a step at D = 50 on 1 thread: the median of");
            results.write(folder);
            String row = Files.readAllLines(folder.resolve("speed.csv")).get(1);
            assertThat(row).isEqualTo("50,1,6.5,3.2 to 4.3,,,,,50.0,");
            assertThat(results.markdown()).contains("not measured: a step at D = 50").doesNotContain("NaN");
            assertThat(folder.resolve("speed.svg")).content().doesNotContain("NaN");
        }
    }
}
