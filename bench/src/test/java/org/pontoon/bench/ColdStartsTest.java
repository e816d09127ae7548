package org.pontoon.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

class ColdStartsTest {

    private static BenchReport.Planned plan(String... options) {
        List<String> line = new ArrayList<>(List.of("--host", "x", "--suite", "cold"));
        line.addAll(List.of(options));
        return BenchReport.plan(BenchReport.parse(line.toArray(String[]::new))).getFirst();
    }

    @Test
    void planTellsHowMuchThereIsAndHowLongItTakes() {
        BenchReport.Planned full = plan();
        BenchReport.Planned quick = plan("--quick");
        assertThat(full.suite()).isEqualTo("cold");
        assertThat(full.benchmarks()).isEqualTo(ColdCommands.Work.values().length + FirstCalls.cells(false).size());
        assertThat(full.seconds()).isBetween(60.0, 600.0);
        assertThat(quick.benchmarks()).isPositive().isLessThan(full.benchmarks());
        assertThat(quick.seconds()).isBetween(10.0, 90.0);
    }

    @Test
    void someOfItCanBeChosenByName() {
        assertThat(plan("--include", "ColdStarts.distance").benchmarks()).isEqualTo(4);
        assertThat(plan("--include", "FirstCalls.Sinkhorn").benchmarks()).isEqualTo(3);
        assertThat(plan("--quick", "--include", "distance sinkhorn").benchmarks()).isZero();
        assertThat(plan("--include", "nothing").seconds()).isZero();
    }

    @Test
    void roundsOfBothCanBeChosen() {
        Pattern all = Pattern.compile("");
        double one = new ColdStarts.Request(false, all, 1, List.of(), Path.of("x")).seconds();
        assertThat(new ColdStarts.Request(false, all, 3, List.of(), Path.of("x")).seconds()).isCloseTo(3 * one, within(1e-9));
    }

    @Test
    void nothingIsRunWhereNothingIsChosen() throws IOException {
        ColdStarts.Outcome outcome = ColdStarts.run(ColdStarts.Request.of(true, Pattern.compile("nothing")), line -> {
        });
        assertThat(outcome.failures()).isEmpty();
        assertThat(ColdText.text(outcome.json())).isEmpty();
    }

    @Test
    void unknownOptionsAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> ColdStarts.main(new String[] {"--slow"})).withMessageContaining("--slow");
        assertThatIllegalArgumentException().isThrownBy(() -> ColdStarts.main(new String[] {"--rounds"}));
    }
}
