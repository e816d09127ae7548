package org.pontoon.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleSupplier;

import org.pontoon.cli.report.Interrupted;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.BoundingBox;
import org.pontoon.engine.transport.LossGradient;
import org.pontoon.engine.transport.MaxSlicedWasserstein;
import org.pontoon.engine.transport.MeasureLoss;
import org.pontoon.engine.transport.Precision;
import org.pontoon.engine.transport.Sinkhorn;
import org.pontoon.engine.transport.SinkhornOptions;
import org.pontoon.engine.transport.SinkhornResult;
import org.pontoon.engine.transport.SinkhornResult.Status;
import org.pontoon.engine.transport.SlicedResult;

/**
 * A loss between two clouds, with what is known of its error.
 *
 * @param entries of the summary, in its order: always a value, for iterations their numbers and a status
 * @param gradient in the first cloud, null unless it was asked for
 * @param transport what Sinkhorn found, null for other losses
 * @param remark why the iterations did not converge and which options would help, null where they did or there are none
 */
record Measurement(Map<String, Object> entries, LossGradient gradient, SinkhornResult transport, String remark) {

    /** Blurs from this share of the clouds' diameter on take few iterations. */
    private static final double EASY_BLUR = 0.01;

    /** Measures; safe from several threads, each with a scheduler of its own. */
    static Measurement of(MeasureLoss loss, PointCloud x, PointCloud y, boolean withGradient, Progress progress, TileScheduler scheduler) {
        Map<String, Object> entries = new LinkedHashMap<>();
        if (loss instanceof Sinkhorn sinkhorn) {
            return transport(sinkhorn.solve(x, y, null, progress, scheduler), withGradient, () -> BoundingBox.of(x, y).diagonal());
        }
        if (loss instanceof ProjectedWasserstein projected) {
            return projected(projected, x, y, withGradient, scheduler);
        }
        LossGradient gradient = withGradient ? loss.gradient(x, y, scheduler) : null;
        entries.put("value", withGradient ? gradient.value() : loss.value(x, y, scheduler));
        return new Measurement(entries, gradient, null, null);
    }

    private static Measurement transport(SinkhornResult result, boolean withGradient, DoubleSupplier diagonal) {
        if (result.status() == Status.CANCELLED) {
            throw new Interrupted("interrupted");
        }
        Map<String, Object> entries = new LinkedHashMap<>();
        entries.put("value", result.value());
        entries.put("linearCost", result.linearCost());
        entries.put("dual", result.dual());
        entries.put("gap", result.gap());
        entries.put("marginalError", result.marginalError());
        entries.put("iterations", result.iterations());
        entries.put("activeIterations", result.activeIterations());
        entries.put("newtonSteps", result.newtonSteps());
        entries.put("sweeps", result.sweeps());
        entries.put("status", result.status().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        String remark = result.status() == Status.CONVERGED ? null
            : String.format(Locale.ROOT, "not converged after %d iterations and %d over active pairs: the marginal error is %.2g, above the"
                + " tolerance of %s; %s", result.iterations(), result.activeIterations(), result.marginalError(),
                result.options().tolerance(), help(result.options(), result.status(), result.marginalError(), diagonal.getAsDouble()));
        return new Measurement(entries, withGradient ? result.gradientX() : null, result, remark);
    }

    private static Measurement projected(ProjectedWasserstein loss, PointCloud x, PointCloud y, boolean withGradient,
            TileScheduler scheduler) {
        Map<String, Object> details = new LinkedHashMap<>();
        LossGradient gradient = null;
        String remark = null;
        double power = 0;
        switch (loss) {
            case ProjectedWasserstein.Line line -> {
                power = line.value(x, y, scheduler);
                gradient = withGradient ? line.gradient(x, y, scheduler) : null;
            }
            case ProjectedWasserstein.Sliced sliced -> {
                SlicedResult result = sliced.result(x, y, scheduler);
                details.put("standardError", result.standardError());
                power = result.mean();
                gradient = withGradient ? sliced.gradient(x, y, scheduler) : null;
            }
            case ProjectedWasserstein.MaxSliced maximum -> {
                MaxSlicedWasserstein.Result result = maximum.result(x, y);
                List<Float> direction = new ArrayList<>();
                for (float v : result.direction()) {
                    direction.add(v);
                }
                details.put("direction", direction);
                details.put("iterations", result.iterations());
                details.put("status", result.converged() ? "converged" : "max iterations");
                remark = result.converged() ? null
                    : "not converged: the cost still rose after " + result.iterations() + " steps; what may help: "
                        + moreIterations(maximum.maxIterations());
                power = result.cost();
                gradient = withGradient ? maximum.gradient(x, y, result) : null;
            }
        }
        Map<String, Object> entries = new LinkedHashMap<>();
        entries.put("value", Math.pow(Math.max(0, power), 1 / loss.p()));
        entries.put("power", power);
        entries.putAll(details);
        return new Measurement(entries, gradient, null, remark);
    }

    /** The same with another derivative in the points. */
    Measurement withPointGradient(double[] points) {
        return new Measurement(entries, new LossGradient(gradient.value(), points, gradient.weights()), transport, remark);
    }

    /** The options that would let Sinkhorn's iterations between clouds of this extent end at their tolerance. */
    static String help(SinkhornOptions options, Status status, double error, double diagonal) {
        List<String> found = new ArrayList<>();
        if (status == Status.STALLED) {
            if (options.precision() == Precision.FLOAT32) {
                found.add("--precision float64");
            }
            found.add(String.format(Locale.ROOT, "--tolerance %.0e", 2 * error));
        } else {
            found.add(moreIterations(options.maxIterations()));
        }
        if (options.blur() < EASY_BLUR * diagonal) {
            found.add(String.format(Locale.ROOT, "--blur %.2g (1 %% of the clouds' diameter; now %.2g)", EASY_BLUR * diagonal,
                options.blur()));
        }
        return "what may help: " + String.join(", ", found);
    }

    private static String moreIterations(int limit) {
        return "--max-iterations " + Math.min(10L * limit, Integer.MAX_VALUE);
    }
}
