package org.pontoon.validation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * The engine held against closed forms, identities and float64 references: one row per quantity.
 *
 * <p>Rows that compare float64 with float64 are bounded near rounding; rows with float32 on one side by 2^-24 times the size of what is
 * summed; rows with random draws by five of their standard errors, so that a sound engine fails one of them in some thousands of seeds.
 *
 * @param seed seed of every random input
 * @param checks the rows in the order they were run
 * @param complete false if the run was cancelled, and rows are missing
 * @param seconds wall time
 */
public record ValidationReport(long seed, List<Check> checks, boolean complete, double seconds) {

    /** Copies the rows. */
    public ValidationReport {
        checks = List.copyOf(checks);
    }

    /**
     * Runs every check: bridges of one component, gradients, identities, the benchmark pair, samples and paths, fits, transport, flows.
     * Some seconds' work.
     *
     * @param seed seed of every random input; the same seed gives the same rows
     * @param scheduler runs the engine's tiles
     * @return the report
     */
    public static ValidationReport run(long seed, TileScheduler scheduler) {
        return run(seed, scheduler, Progress.NONE);
    }

    /**
     * Runs every check, saying how far it has come.
     *
     * @param seed seed of every random input; the same seed gives the same rows
     * @param scheduler runs the engine's tiles
     * @param progress hears of groups of checks done and may cancel before the next one
     * @return the report
     */
    public static ValidationReport run(long seed, TileScheduler scheduler, Progress progress) {
        long start = System.nanoTime();
        List<Supplier<List<Check>>> groups = List.of(() -> GaussianChecks.all(seed), () -> GradientChecks.all(seed, scheduler),
            () -> IdentityChecks.all(seed), () -> TwinChecks.all(seed, scheduler), () -> SamplingChecks.all(seed, scheduler),
            () -> FitChecks.all(seed, scheduler), () -> TransportChecks.all(seed, scheduler), () -> FlowChecks.all(seed, scheduler),
            () -> FeatureFlowChecks.all(seed, scheduler));
        List<Check> rows = new ArrayList<>();
        boolean complete = true;
        for (int i = 0; i < groups.size() && complete; i++) {
            rows.addAll(groups.get(i).get());
            complete = progress.advance(i + 1, groups.size()) || i + 1 == groups.size();
        }
        return new ValidationReport(seed, rows, complete, (System.nanoTime() - start) / 1e9);
    }

    /**
     * Returns the rows that did not pass.
     *
     * @return failures, in the order of the report
     */
    public List<Check> failures() {
        return checks.stream().filter(check -> !check.pass()).toList();
    }

    /**
     * Tells whether the run is complete and every row passed.
     *
     * @return true if all is well
     */
    public boolean passed() {
        return complete && failures().isEmpty();
    }
}
