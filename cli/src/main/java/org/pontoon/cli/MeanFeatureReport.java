package org.pontoon.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.pontoon.cli.report.Table;
import org.pontoon.engine.feature.MeanFeatures;
import org.pontoon.engine.flow.FlowResult;
import org.pontoon.engine.flow.Snapshot;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;

/** How far the states of a flow are, in random features, from the part of Y that it saw and from the part that it did not. */
final class MeanFeatureReport {

    private final Table table = new Table("").column("time").column("step").column("mmd", "%.5f").column("mmdHeldOut", "%.5f")
        .column("mass", "%.4f").column("effectivePoints", "%.0f");
    private final double first;
    private Row last;

    private record Row(double seen, double unseen, double mass, double effective) {
    }

    MeanFeatureReport(FlowResult result, Inputs.Split y, long seed, TileScheduler scheduler) {
        MeanFeatures metric = DescentOptions.metric(y.kept(), seed);
        double[] seen = metric.of(y.kept(), true, scheduler);
        double[] heldOut = metric.of(y.heldOut(), true, scheduler);
        List<Snapshot> states = new ArrayList<>(result.snapshots());
        if (states.isEmpty() || states.getLast().step() != result.steps()) {
            states.add(result.last());
        }
        double begin = Double.NaN;
        for (Snapshot state : states) {
            double[] mean;
            try (PointCloud cloud = state.toCloud()) {
                mean = metric.of(cloud, true, scheduler);
            }
            last = new Row(MeanFeatures.distance(mean, seen), MeanFeatures.distance(mean, heldOut), state.mass(), state.effectiveSize());
            begin = Double.isNaN(begin) ? last.seen : begin;
            table.row(state.time(), state.step(), last.seen, last.unseen, last.mass, last.effective);
        }
        first = begin;
        table
            .note("Distances are the norms of differences of mean random Fourier features, 300 of a Gaussian kernel whose bandwidth is the "
                + "median distance in Y, from the part of Y that the flow saw and from the part that it did not.");
    }

    Table table() {
        return table;
    }

    /** Whether the particles end farther from Y than they began. */
    boolean rises() {
        return last.seen > first;
    }

    void put(Map<String, Object> summary) {
        summary.put("firstMmd", first);
        summary.put("mmd", last.seen);
        summary.put("mmdHeldOut", last.unseen);
        summary.put("mass", last.mass);
        summary.put("effectivePoints", last.effective);
    }
}
