package org.pontoon.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FirstCallsTest {

    private static final FirstCalls.Cell SORT = new FirstCalls.Cell("FloatSorter", "sort", "SORT", 10);
    private static final FirstCalls.Cell PLAN = new FirstCalls.Cell("Sinkhorn", "solve", "SINKHORN", 1000);
    private static final FirstCalls.Cell DRAWS = new FirstCalls.Cell("BridgeSampler, single draws", "", FirstCall.DRAWS, 1000);

    private final List<String> started = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    private Map<String, Object> run(int rounds, FirstCalls.Starter starter, FirstCalls.Cell... cells) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("callRounds", rounds);
        json.put("calls", FirstCalls.takeTurns(List.of(cells), rounds, (tier, cell) -> {
            started.add(tier + " " + cell);
            return starter.start(tier, cell);
        }, line -> {
        }, failures));
        return Json.parseObject(Json.write(json));
    }

    private static TimedProcess.Ended answer(long nanos, double value) {
        return new TimedProcess.Ended(0, "{\"nanos\": " + nanos + ", \"largestNanos\": " + 10 * nanos + ", \"value\": " + value + "}\n", "",
            1, 1);
    }

    @Test
    void tiersTakeTurnsAndRatiosOfMediansMeetTheBar() throws IOException {
        String text = ColdText.text(run(3, (tier, cell) -> answer(tier.equals("scalar") ? 1_000_000 : cell == SORT ? 1_300_000
            : 2_000_000, 1), SORT, PLAN));
        assertThat(started.subList(0, 4)).containsExactly("auto FloatSorter, 10", "scalar FloatSorter, 10", "auto Sinkhorn, 1,000",
            "scalar Sinkhorn, 1,000");
        assertThat(started).hasSize(12);
        assertThat(failures).isEmpty();
        assertThat(text).contains("| FloatSorter | sort | 10 | 1.30 | 1.30 | 1.30 | 1.00 | 1.00 | 1.00 | 1.30 |  |",
            "| Sinkhorn | solve | 1,000 | 2.00 | 2.00 | 2.00 | 1.00 | 1.00 | 1.00 | 2.00 | above 1.3 |",
            "Of 2 ratios 1 are above 1.3: Sinkhorn, 1,000.");
    }

    @Test
    void otherBitsInATierAreNamedAndNotReported() throws IOException {
        String text = ColdText.text(run(2, (tier, cell) -> answer(1, cell == SORT && tier.equals("scalar") ? 1 : 2), SORT, PLAN));
        assertThat(failures).containsExactly("FloatSorter, 10: scalar found 1.0, another JVM 2.0, expected the same bits");
        assertThat(text).doesNotContain("FloatSorter").contains("Sinkhorn");
        assertThat(started).hasSize(6);
    }

    @Test
    void aJvmThatFailsIsNamed() throws IOException {
        String text = ColdText.text(run(2, (tier, cell) -> cell == SORT ? new TimedProcess.Ended(1, "", "Exception in main\n", 1, 1)
            : new TimedProcess.Ended(0, "", "", 1, 1), SORT, PLAN));
        assertThat(text).isEmpty();
        assertThat(failures).containsExactly("FloatSorter, 10: auto ended with 1: Exception in main",
            "Sinkhorn, 1,000: auto ended without an answer");
    }

    @Test
    void singleDrawsHaveTheirOwnTable() throws IOException {
        String text = ColdText.text(run(1, (tier, cell) -> answer(tier.equals("auto") ? 2000 : 3000, 1), DRAWS));
        assertThat(text).contains("The first 1,000 draws", "| auto | 2.00 | 2.00 | 2.00 | 20 | 20 | 20 |",
            "| scalar | 3.00 | 3.00 | 3.00 | 30 | 30 | 30 |").doesNotContain("entry point");
    }

    @Test
    void sizesStopWhereAllPairsTakeTooLong() {
        List<FirstCalls.Cell> cells = FirstCalls.cells(false);
        assertThat(cells).doesNotHaveDuplicates().hasSize(31).last().isEqualTo(new FirstCalls.Cell("BridgeSampler, single draws",
            "each by the clock, no warm-up", FirstCall.DRAWS, FirstCalls.DRAWS));
        assertThat(cells).extracting(FirstCalls.Cell::toString).contains("Wasserstein1D, 100,000", "KernelNorm, energy, 10,000",
            "Sinkhorn, 3,000", "ParticleFlow, 10,000", "FloatSorter, 10");
        assertThat(FirstCalls.cells(true)).hasSize(11).allMatch(cell -> cell.size() == 1000);
    }

    @ParameterizedTest
    @EnumSource(FirstCall.Entry.class)
    void everyEntryPointHasOneAnswer(FirstCall.Entry entry) {
        double value = FirstCall.time(entry, 10).value();
        assertThat(value).isFinite();
        assertThat(FirstCall.time(entry, 10).value()).isEqualTo(value);
    }

    @Test
    void drawsAreInOrderOfTheirTimes() {
        FirstCall.Draws draws = FirstCall.draw(20);
        assertThat(draws.middleNanos()).isPositive().isLessThanOrEqualTo(draws.largestNanos());
        assertThat(draws.value()).isFinite();
    }
}
