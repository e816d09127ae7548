package org.pontoon.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.pontoon.cli.report.BadInput;
import org.pontoon.cli.report.Interrupted;
import org.pontoon.engine.file.Placement;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;

/** Many problems of one loss: small ones side by side, a thread each, large ones one after the other, with the same bits either way. */
final class DistanceBatch {

    /** Problems of up to so many pairs are small, where there is one for each thread. */
    private static final long SMALL = 1 << 22;

    private final CloudBatch x;
    private final CloudBatch y;
    private final boolean moves;
    private final int count;

    /** Measures between two clouds, which were placed unless the placement is null. */
    interface Problem {

        Measurement measure(PointCloud x, PointCloud y, Placement placement, TileScheduler scheduler);
    }

    /** Moves: whether what is measured does not change when both clouds of a problem are moved. */
    DistanceBatch(CloudBatch x, CloudBatch y, boolean moves) {
        this.moves = moves;
        this.x = x;
        this.y = y;
        this.count = x.problemsWith(y);
    }

    int count() {
        return count;
    }

    List<Measurement> measure(Problem problem, TileScheduler scheduler, Progress progress) {
        Measurement[] found = new Measurement[count];
        if (scheduler.threads() > count || (long) x.size() * y.size() > SMALL) {
            for (int k = 0; k < count; k++) {
                goOn(progress, k);
                found[k] = measure(problem, k, scheduler);
            }
        } else {
            TileScheduler[] own = new TileScheduler[scheduler.threads()];
            Arrays.setAll(own, worker -> new TileScheduler(1));
            AtomicInteger done = new AtomicInteger();
            scheduler.run(count, (k, worker) -> {
                if (worker == 0) {
                    // the thread that called, whose progress it is
                    goOn(progress, done.get());
                }
                found[k] = measure(problem, k, own[worker]);
                done.incrementAndGet();
            });
            for (TileScheduler each : own) {
                each.close();
            }
        }
        progress.advance(count, count);
        return Arrays.asList(found);
    }

    private void goOn(Progress progress, int done) {
        if (!progress.advance(done, count)) {
            throw new Interrupted("interrupted");
        }
    }

    private Measurement measure(Problem problem, int k, TileScheduler scheduler) {
        Placement placement = x.placementWith(y, k, moves);
        try (PointCloud first = x.cloud(k, placement); PointCloud second = y.cloud(k, placement)) {
            return problem.measure(first, second, placement, scheduler);
        } catch (IllegalArgumentException e) {
            throw new BadInput("problem " + k + ": " + e.getMessage(), e);
        }
    }

    /** Values of all problems; of errors the largest, of iterations the sum, of statuses how many there are. */
    static Map<String, Object> summary(List<Measurement> found) {
        Map<String, Object> summary = new LinkedHashMap<>();
        for (String name : found.getFirst().entries().keySet()) {
            List<Object> all = new ArrayList<>();
            found.forEach(each -> all.add(each.entries().get(name)));
            switch (name) {
                case "value", "power", "linearCost", "dual", "gap", "standardError", "valueError", "energyDistance" ->
                    summary.put(name + "s", all);
                case "marginalError", "largestViolation" ->
                    summary.put(name, all.stream().mapToDouble(each -> (double) each).max().orElseThrow());
                case "status" -> {
                    Map<String, Integer> counts = new TreeMap<>();
                    all.forEach(each -> counts.merge(each.toString(), 1, Integer::sum));
                    summary.put(name, counts);
                }
                case "direction" -> summary.put(name + "s", all);
                case "gradientOf" -> {
                    Object first = all.getFirst();
                    summary.put(name, all.stream().allMatch(first::equals) ? first : all);
                }
                default -> summary.put(name, all.stream().mapToLong(each -> ((Number) each).longValue()).sum());
            }
        }
        return summary;
    }
}
