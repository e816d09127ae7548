package org.pontoon.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.pontoon.engine.bridge.BridgeTransport;
import org.pontoon.engine.bridge.Covariance;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.parallel.TileScheduler;

class ValidationReportTest {

    @TestFactory
    Stream<DynamicTest> everyRowPasses() {
        ValidationReport report;
        try (TileScheduler scheduler = new TileScheduler(2)) {
            report = ValidationReport.run(42, scheduler);
        }
        assertThat(report.complete()).isTrue();
        assertThat(report.checks()).hasSizeGreaterThan(100);
        assertThat(report.passed()).isEqualTo(report.failures().isEmpty());
        return report.checks().stream().map(check -> DynamicTest.dynamicTest(check.group() + ": " + check.quantity(),
            () -> assertThat(check.error()).as(check.toString()).isLessThanOrEqualTo(check.bound())));
    }

    @Test
    void exactRowsPassForOtherSeeds() {
        for (long seed = 0; seed < 10; seed++) {
            assertThat(GaussianChecks.all(seed)).allMatch(Check::pass);
            assertThat(IdentityChecks.all(seed)).allMatch(Check::pass);
        }
    }

    @Test
    void cancelledRunSaysSo() {
        try (TileScheduler scheduler = new TileScheduler(1)) {
            ValidationReport report = ValidationReport.run(1, scheduler, (done, total) -> false);
            assertThat(report.complete()).isFalse();
            assertThat(report.passed()).isFalse();
            assertThat(report.checks()).isNotEmpty().allMatch(check -> check.group().startsWith("Gaussian"));
        }
    }

    // What follows makes sure that rows can fail.

    private static List<String> failures(List<Check> checks) {
        return checks.stream().filter(Predicate.not(Check::pass)).map(Check::quantity).toList();
    }

    @Test
    void bridgeThatIsSlightlyOffFails() {
        GaussianChecks.Problem p = GaussianChecks.Problem.random(new RandomProblem(1, 1), Covariance.FULL, 3, 0.5);
        double[] s = p.solution().scale();
        s[4] *= 1 + 1e-6;
        LightBridge off = LightBridge.full(0.5, new double[1], p.solution().location(), s).build();
        List<Check> rows = GaussianChecks.closedForm("off", p, off, new RandomProblem(1, 2));
        // the marginal's mean is that of the plan's at the source mean; L* and the costs are flat at the optimum
        assertThat(failures(rows)).contains("plan mean", "plan covariance", "plan log-density", "marginal covariance, t = 0 to 1",
            "drift, t = 0 to 1", "drift's Jacobian, t = 0 to 1", "log p0(x) plan(y|x) = log p1(y) reversed plan(x|y)");
        s[4] *= 1.01;
        LightBridge further = LightBridge.full(0.5, new double[1], p.solution().location(), s).build();
        rows = GaussianChecks.closedForm("off", p, further, new RandomProblem(1, 2));
        assertThat(failures(rows)).hasSize(rows.size());
    }

    @Test
    void samplerOfAnotherBridgeFails() {
        RandomProblem random = new RandomProblem(2, 1);
        LightBridge truth = random.bridge(Covariance.DIAGONAL, 3, 4, 0.4);
        double[] scales = truth.scales();
        for (int i = 0; i < scales.length; i++) {
            scales[i] *= 1.1;
        }
        LightBridge other = LightBridge.diagonal(0.4, truth.logWeights(), truth.locations(), scales).means(truth.sourceMean(),
            truth.targetMean()).build();
        try (TileScheduler scheduler = new TileScheduler(2)) {
            assertThat(failures(SamplingChecks.samples("off", truth, new BridgeTransport(other, scheduler), random, 3))).contains(
                "mean of y given x", "covariance of y given x", "characteristic function of y given x",
                "covariance of X_t given x, t=0.8", "covariance between times of exact paths");
            assertThat(failures(SamplingChecks.singlePrecision("off", truth, new BridgeTransport(other, scheduler), random))).contains(
                "conditional mean", "drift at t=0.99", "drift at t=1.0");
        }
    }

    @Test
    void nothingPassesByBeingNotANumberOrMissing() {
        Checks checks = new Checks("group");
        checks.equal("not a number", 1, Double.NaN, 1e9);
        checks.residual("not a number", Double.NaN, 1e9);
        checks.statistical("no spread", 1, new Estimate(1, 0), 5);
        checks.worst("one among many", 1e9).equal(1, 1).equal(1, Double.NaN).equal(1, 1).relative();
        checks.worst("other lengths", 1e9).equal(new double[2], new double[3]).relative();
        checks.worst("nothing compared", 1e9).relative();
        assertThat(checks.rows()).hasSize(6).noneMatch(Check::pass);
    }

    @Test
    void worstComparisonIsShown() {
        Checks checks = new Checks("group");
        checks.worst("numbers", 0.05).equal(new double[] {1, 100, 2}, new double[] {1.01, 110, 2}).relative();
        assertThat(checks.rows()).containsExactly(new Check("group", "numbers", Check.Measure.RELATIVE, 100, 110, 0.1, 0.05));
        assertThat(checks.rows().getFirst().pass()).isFalse();
    }
}
