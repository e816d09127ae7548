package org.pontoon.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.pontoon.cli.LossOptions.LossName;
import org.pontoon.cli.report.Interrupted;
import org.pontoon.engine.file.Placement;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.BoundingBox;
import org.pontoon.engine.transport.ExactTransport;
import org.pontoon.engine.transport.ExactTransportResult;
import org.pontoon.engine.transport.Loss;
import org.pontoon.engine.transport.LossResult;
import org.pontoon.engine.transport.MaxSlicedWasserstein;
import org.pontoon.engine.transport.Precision;
import org.pontoon.engine.transport.ProjectedWasserstein;
import org.pontoon.engine.transport.Sinkhorn;
import org.pontoon.engine.transport.SinkhornOptions;
import org.pontoon.engine.transport.SinkhornResult;
import org.pontoon.engine.transport.SinkhornResult.Status;
import org.pontoon.engine.transport.SlicedResult;
import org.pontoon.engine.transport.Wasserstein1D;

/**
 * A loss between two clouds, with what is known of its error, in the units of the clouds' files.
 *
 * @param entries of the summary, in its order: always a value, for iterations their numbers and a status
 * @param slopes derivatives in the points of the first cloud, N x D, null unless they were asked for
 * @param transport what Sinkhorn found, in the units that the clouds were placed in; null for other losses
 * @param exact what exact transport found, the same
 * @param remarks what else is to be said
 * @param unconverged why the iterations did not converge and which options would help, null where they did or there are none
 */
record Measurement(Map<String, Object> entries, double[] slopes, SinkhornResult transport, ExactTransportResult exact,
        List<String> remarks, String unconverged) {

    /** Blurs from this share of the clouds' diameter on take few iterations. */
    private static final double EASY_BLUR = 0.01;

    /** Measures clouds as they are; safe from several threads, each with a scheduler of its own. */
    static Measurement of(Loss loss, PointCloud x, PointCloud y, boolean withGradient, Progress progress, TileScheduler scheduler) {
        if (loss instanceof Sinkhorn sinkhorn) {
            return transport(sinkhorn.solve(x, y, null, scheduler, progress), withGradient);
        }
        if (loss instanceof ExactTransport transport) {
            return exact(transport.solve(x, y, scheduler, progress), transport.maxIterations(), withGradient);
        }
        if (loss instanceof ProjectedWasserstein projected) {
            return projected(projected, x, y, withGradient, scheduler, progress);
        }
        LossResult result = loss.measure(x, y, withGradient ? Loss.Derivatives.POINTS : Loss.Derivatives.NONE, scheduler, progress);
        Map<String, Object> entries = new LinkedHashMap<>();
        entries.put("value", result.value());
        return new Measurement(entries, withGradient ? result.gradient().points() : null, null, null, List.of(), null);
    }

    /** What Sinkhorn found, between clouds or for a matrix of costs. */
    static Measurement transport(SinkhornResult result, boolean withGradient) {
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
        String unconverged = result.status() == Status.CONVERGED ? null
            : String.format(Locale.ROOT, "not converged after %d iterations and %d over active pairs: the marginal error is %.2g, above the"
                + " tolerance of %s", result.iterations(), result.activeIterations(), result.marginalError(), result.options().tolerance());
        return new Measurement(entries, withGradient ? result.gradientX().points() : null, result, null, List.of(), unconverged);
    }

    /** What exact transport found, between clouds or for a matrix of costs. */
    static Measurement exact(ExactTransportResult result, long maxIterations, boolean withGradient) {
        if (result.status() == ExactTransportResult.Status.CANCELLED) {
            throw new Interrupted("interrupted");
        }
        Map<String, Object> entries = new LinkedHashMap<>();
        entries.put("value", result.value());
        entries.put("power", result.power());
        entries.put("dual", result.dual());
        entries.put("gap", result.gap());
        entries.put("largestViolation", result.largestViolation());
        entries.put("marginalError", result.marginalError());
        entries.put("iterations", result.iterations());
        entries.put("status", result.status().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        if (withGradient) {
            entries.put("gradientOf", "power");
        }
        String unconverged = result.status() == ExactTransportResult.Status.OPTIMAL ? null
            : unconverged(result.iterations(), result.gap(), maxIterations);
        return new Measurement(entries, withGradient ? result.gradientX().points() : null, null, result, List.of(), unconverged);
    }

    /** Why exact transport is not optimal, and what would help. */
    private static String unconverged(long iterations, double gap, long maxIterations) {
        return String.format(Locale.ROOT, "not converged after %d pivots: the power may be too large by the gap of %.2g; what may help: %s",
            iterations, gap, moreIterations(maxIterations));
    }

    /** Why iterations of a loss did not converge, and what would help, as far as the loss tells. */
    static String unconverged(Loss loss, LossResult result) {
        return switch (loss) {
            case ExactTransport exact -> unconverged(result.iterations(), result.error(), exact.maxIterations());
            case ProjectedWasserstein.MaxSliced maximum -> unconverged(result.iterations(), maximum);
            default -> "not converged after " + result.iterations() + " iterations";
        };
    }

    private static Measurement projected(ProjectedWasserstein loss, PointCloud x, PointCloud y, boolean withGradient,
            TileScheduler scheduler, Progress progress) {
        Map<String, Object> details = new LinkedHashMap<>();
        String unconverged = null;
        MaxSlicedWasserstein.Result ascent = null;
        double distance;
        double power;
        switch (loss) {
            case ProjectedWasserstein.Line line -> {
                Wasserstein1D solver = line.solve(x, y);
                distance = solver.distance(line.p());
                power = solver.cost(line.p());
            }
            case ProjectedWasserstein.Sliced sliced -> {
                SlicedResult result = sliced.result(x, y, scheduler);
                details.put("standardError", result.standardError());
                details.put("valueError", result.distanceError());
                distance = result.distance();
                power = result.mean();
            }
            case ProjectedWasserstein.MaxSliced maximum -> {
                ascent = maximum.result(x, y, progress);
                LossResult.Status status = maximum.measure(x, y, ascent, Loss.Derivatives.NONE).status();
                if (status == LossResult.Status.CANCELLED) {
                    throw new Interrupted("interrupted");
                }
                List<Float> direction = new ArrayList<>();
                for (float v : ascent.direction()) {
                    direction.add(v);
                }
                details.put("direction", direction);
                details.put("iterations", ascent.iterations());
                details.put("status", ascent.converged() ? "converged" : "max iterations");
                unconverged = ascent.converged() ? null : unconverged(ascent.iterations(), maximum);
                distance = ascent.distance();
                power = ascent.cost();
            }
        }
        Map<String, Object> entries = new LinkedHashMap<>();
        entries.put("value", distance);
        entries.put("power", power);
        entries.putAll(details);
        if (!withGradient) {
            return new Measurement(entries, null, null, null, List.of(), unconverged);
        }
        boolean ofPower = loss.powerHasGradient(distance);
        entries.put("gradientOf", ofPower ? "power" : "value");
        return new Measurement(entries, slopes(loss, ascent, ofPower, x, y, scheduler), null, null,
            ofPower ? List.of() : List.of("derivatives of W_p^p leave the range of numbers for p = " + loss.p()
                + ": the gradient is that of the value W_p"),
            unconverged);
    }

    private static double[] slopes(ProjectedWasserstein loss, MaxSlicedWasserstein.Result ascent, boolean ofPower, PointCloud x,
            PointCloud y,
            TileScheduler scheduler) {
        if (loss instanceof ProjectedWasserstein.MaxSliced maximum) {
            return ofPower ? maximum.measure(x, y, ascent, Loss.Derivatives.POINTS).gradient().points()
                : maximum.distanceGradient(x, y, ascent);
        }
        return ofPower ? loss.measure(x, y, Loss.Derivatives.POINTS, scheduler, Progress.NONE).gradient().points()
            : loss.distanceGradient(x, y, scheduler);
    }

    /** Why an ascent did not converge, and what would help. */
    private static String unconverged(long iterations, ProjectedWasserstein.MaxSliced loss) {
        return "not converged: the cost still rose after " + iterations + " steps; what may help: "
            + moreIterations(loss.maxIterations());
    }

    /** The same with other derivatives in the points. */
    Measurement withSlopes(double[] other) {
        return new Measurement(entries, other, transport, exact, remarks, unconverged);
    }

    /** The same with the options that would help Sinkhorn between these clouds. */
    Measurement withHelp(Placement placement, PointCloud x, PointCloud y) {
        return unconverged == null || transport == null ? this
            : withHelp(BoundingBox.of(x, y).diagonal(), placement == null ? 1 : placement.unit(), "clouds' diameter");
    }

    /** The same with the options that would help Sinkhorn where lengths, in a unit, go up to an extent. */
    Measurement withHelp(double extent, double unit, String name) {
        return unconverged == null || transport == null ? this
            : new Measurement(entries, slopes, transport, exact, remarks, unconverged + "; " + help(transport.options(), transport.status(),
                transport.marginalError(), extent, unit, name));
    }

    /**
     * Brings what was found of placed clouds to the units of their files.
     *
     * @param loss what was measured
     * @param placement of the clouds, null where they were read as they are
     * @param degree of the loss
     */
    Measurement inFileUnits(LossName loss, Placement placement, double degree) {
        Map<String, Object> found = new LinkedHashMap<>(entries);
        List<String> said = new ArrayList<>(remarks);
        InFileUnits back = new InFileUnits(placement, degree);
        InFileUnits root = new InFileUnits(placement, 1);
        if (loss.isWasserstein()) {
            root.restore(found, "value", "valueError");
            back.restore(found, "power", "standardError", "dual", "gap", "largestViolation");
            double power = (double) found.get("power");
            if (Double.isInfinite(power) || power == 0 && (double) found.get("value") > 0) {
                said.add("the power is beyond the range of float64, the value is not");
            }
            // JSON has no number for them, and null would say that nothing was found
            found.replaceAll((name, entry) -> entry instanceof Double d && Double.isInfinite(d) ? d.toString() : entry);
        } else {
            back.restore(found, "value", "linearCost", "dual", "gap");
            double value = (double) found.get("value");
            if (!Double.isFinite(value) && !loss.isSinkhorn()) {
                throw new IllegalStateException(
                    loss + " is " + value + ": the clouds are beyond the range of its arithmetic; rescale them");
            }
        }
        if (loss == LossName.ENERGY) {
            found.put("energyDistance", 2 * (double) found.get("value"));
        }
        double[] restored = slopes == null ? null : ("value".equals(found.get("gradientOf")) ? root : back).gradient(slopes);
        return new Measurement(found, restored, transport, exact, said, unconverged);
    }

    /** The options that would let Sinkhorn's iterations end at their tolerance where lengths, in a unit, go up to an extent. */
    static String help(SinkhornOptions options, Status status, double error, double extent, double unit, String name) {
        List<String> found = new ArrayList<>();
        if (status == Status.STALLED) {
            if (options.precision() == Precision.FLOAT32) {
                found.add("--precision float64");
            }
            found.add(String.format(Locale.ROOT, "--tolerance %.0e", 2 * error));
        } else {
            found.add(moreIterations(options.maxIterations()));
        }
        if (options.blur() < EASY_BLUR * extent) {
            found.add(String.format(Locale.ROOT, "--blur %.2g (1 %% of the %s; now %.2g)", EASY_BLUR * extent * unit, name,
                options.blur() * unit));
        }
        return "what may help: " + String.join(", ", found);
    }

    private static String moreIterations(long limit) {
        return "--max-iterations " + Math.min(10 * limit, Integer.MAX_VALUE);
    }
}
