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
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;

/** Many problems of one loss: small ones side by side, a thread each, large ones one after the other, with the same bits either way. */
final class DistanceBatch {

    /** Problems of up to so many pairs are small, where there is one for each thread. */
    private static final long SMALL = 1 << 22;

    private final CloudBatch x;
    private final CloudBatch y;
    private final int count;

    /** Measures between two clouds. */
    interface Problem {

        Measurement measure(PointCloud x, PointCloud y, TileScheduler scheduler);
    }

    DistanceBatch(CloudBatch x, CloudBatch y) {
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
        try (PointCloud first = x.cloud(k); PointCloud second = y.cloud(k)) {
            return problem.measure(first, second, scheduler);
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
                case "value", "power", "linearCost", "dual", "gap", "standardError" -> summary.put(name + "s", all);
                case "marginalError" -> summary.put(name, all.stream().mapToDouble(each -> (double) each).max().orElseThrow());
                case "status" -> {
                    Map<String, Integer> counts = new TreeMap<>();
                    all.forEach(each -> counts.merge(each.toString(), 1, Integer::sum));
                    summary.put(name, counts);
                }
                case "direction" -> summary.put(name + "s", all);
                default -> summary.put(name, all.stream().mapToLong(each -> ((Number) each).longValue()).sum());
            }
        }
        return summary;
    }
}
