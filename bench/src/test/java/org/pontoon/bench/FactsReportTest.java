package org.pontoon.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;

class FactsReportTest {

    @Test
    void theEnginesOperationsKeepTheirBits() {
        List<FactsReport.Change> changes = FactsReport.measure(0.2);
        assertThat(changes).filteredOn(c -> c.operation().startsWith("engine:")).hasSize(3).allSatisfy(c -> {
            assertThat(c.results()).isPositive();
            assertThat(c.changed()).isZero();
        });
        assertThat(changes).hasSizeGreaterThan(3);
    }
}
