package org.pontoon.engine.flow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.pontoon.engine.parallel.Progress;

/**
 * Drives a {@link Scheme}: makes its steps, keeps what each state tells and the states at the times that were asked for, listens to whoever
 * may cancel, and shortens steps that go uphill where that is wanted. It allocates nothing per step but for snapshots.
 *
 * <p>Immutable and thread-safe; each run has a scheme of its own.
 */
public final class Flow {

    /** An adaptive step shorter than this share of the longest moves nothing worth waiting for. */
    private static final double SHORTEST = 1e-9;
    private static final double RECOVERY = 1.1;
    /** The last step may end a rounding error before the time that was asked for. */
    private static final double SLACK = 1e-9;

    private final FlowOptions options;

    /**
     * Makes a driver.
     *
     * @param options how many steps of what length, and what to keep
     */
    public Flow(FlowOptions options) {
        this.options = Objects.requireNonNull(options, "options");
    }

    /**
     * Runs a scheme. It stays the caller's, can be asked more afterwards, and is to be closed; but it makes one run: another would number its
     * steps from 0 again, and so draw the same random numbers.
     *
     * @param scheme what moves
     * @param progress hears of every state, the start included, while the scheme stands in it, and of every step that is undone, and may
     *     cancel before the next; done is the number of steps
     * @return how it went
     * @throws IllegalArgumentException if steps are adaptive and the scheme cannot undo any
     * @throws IllegalStateException if the flow diverges
     */
    public FlowResult run(Scheme scheme, Progress progress) {
        if (options.adaptive() && !(scheme instanceof Scheme.Reversible)) {
            throw new IllegalArgumentException(scheme.getClass().getSimpleName() + " cannot undo steps, expected steps of one length");
        }
        Run run = new Run(scheme, progress);
        long began = System.nanoTime();
        FlowResult.Status status = run.all();
        return run.result(status, (System.nanoTime() - began) * 1e-9);
    }

    /** One run: what has been recorded, and how long the next step may be. */
    private final class Run {

        private final Scheme scheme;
        private final Progress progress;
        private final List<String> names;
        private final double[] row;
        private final double[][] columns;
        private final double[] times = new double[options.steps() + 1];
        private final List<Snapshot> snapshots = new ArrayList<>();
        private int done;
        private int undone;
        private int unconverged;
        private double time;
        private double length = options.stepSize();

        Run(Scheme scheme, Progress progress) {
            this.scheme = scheme;
            this.progress = progress;
            this.names = scheme.quantities();
            this.row = new double[names.size()];
            this.columns = new double[names.size()][options.steps() + 1];
        }

        FlowResult.Status all() {
            scheme.measure(0, options.steps());
            scheme.read(row);
            while (true) {
                record();
                boolean goOn = progress.advance(done, options.steps());
                if (done == options.steps()) {
                    return FlowResult.Status.COMPLETED;
                }
                if (!goOn) {
                    return FlowResult.Status.CANCELLED;
                }
                if (options.adaptive()) {
                    FlowResult.Status end = attempt((Scheme.Reversible) scheme);
                    if (end != null) {
                        return end;
                    }
                } else {
                    make(options.stepSize());
                    // a product, not a sum: the hundredth step of 0.05 ends at 5
                    time = (done + 1) * options.stepSize();
                }
                done++;
            }
        }

        private void make(double duration) {
            scheme.step(done, options.steps(), duration);
            scheme.measure(done + 1, options.steps());
            scheme.read(row);
        }

        /** Steps ever shorter until one does not go uphill, to the next snapshot at most; says why if there is none. */
        private FlowResult.Status attempt(Scheme.Reversible reversible) {
            double before = columns[0][done];
            double limit = before + reversible.rounding() * Math.abs(before);
            reversible.save();
            while (length >= SHORTEST * options.stepSize()) {
                double toSnapshot = nextSnapshotTime() - time;
                double taken = Math.min(length, toSnapshot);
                make(taken);
                if (row[0] <= limit) {
                    time = taken == toSnapshot ? nextSnapshotTime() : time + taken;
                    length = Math.min(options.stepSize(), length * RECOVERY);
                    return null;
                }
                reversible.restore();
                undone++;
                length = taken / 2;
                if (!progress.advance(done, options.steps())) {
                    return FlowResult.Status.CANCELLED;
                }
            }
            return FlowResult.Status.STALLED;
        }

        private double nextSnapshotTime() {
            return snapshots.size() < options.snapshotTimes().size() ? options.snapshotTimes().get(snapshots.size())
                : Double.POSITIVE_INFINITY;
        }

        private void record() {
            times[done] = time;
            unconverged += scheme.converged() ? 0 : 1;
            for (int q = 0; q < row.length; q++) {
                columns[q][done] = row[q];
            }
            while (time >= nextSnapshotTime() - SLACK * options.stepSize()) {
                snapshots.add(scheme.snapshot(done, time));
            }
        }

        FlowResult result(FlowResult.Status status, double seconds) {
            Map<String, double[]> quantities = new LinkedHashMap<>();
            for (int q = 0; q < columns.length; q++) {
                quantities.put(names.get(q), Arrays.copyOf(columns[q], done + 1));
            }
            return new FlowResult(options, List.copyOf(snapshots), scheme.snapshot(done, time), Arrays.copyOf(times, done + 1),
                Collections.unmodifiableMap(quantities), undone, unconverged, status, seconds);
        }
    }
}
