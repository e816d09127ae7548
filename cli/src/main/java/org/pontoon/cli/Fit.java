package org.pontoon.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

import org.pontoon.cli.report.BadInput;
import org.pontoon.cli.report.Console;
import org.pontoon.cli.report.Interrupted;
import org.pontoon.cli.report.ProgressBar;
import org.pontoon.engine.bridge.BridgeObjective;
import org.pontoon.engine.bridge.BridgeTrainer;
import org.pontoon.engine.bridge.Covariance;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.bridge.TrainingOptions;
import org.pontoon.engine.bridge.TrainingResult;
import org.pontoon.engine.bridge.TrainingState;
import org.pontoon.engine.file.BridgeFile;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pontoon fit}. */
@Command(name = "fit", mixinStandardHelpOptions = true, sortOptions = false, description = "Fits a light Schrödinger bridge "
    + "between two clouds of points.", footer = {
        "", "For the reverse direction swap --source and --target: a bridge draws targets for given sources."})
final class Fit implements Callable<Integer> {

    private final Console console;

    @Option(names = "--source", required = true, paramLabel = "X", description = "Source cloud (N, D).")
    private Path source;

    @Option(names = "--target", required = true, paramLabel = "Y", description = "Target cloud (M, D).")
    private Path target;

    @Option(names = "--out", required = true, paramLabel = "MODEL.npz", description = "The fitted bridge.")
    private Path out;

    @Option(names = "--epsilon", paramLabel = "E", defaultValue = "0.1", description = "Entropic parameter: the variance of "
        + "the Wiener prior over [0, 1] (default: ${DEFAULT-VALUE}).")
    private double epsilon;

    @Option(names = "--components", paramLabel = "K", defaultValue = "10", description = "Mixture components (default: ${DEFAULT-VALUE}).")
    private int components;

    @Option(names = "--covariance", paramLabel = "SHAPE", defaultValue = "diagonal", description = "Shape of their matrices "
        + "S: diagonal or full (default: ${DEFAULT-VALUE}).")
    private Covariance covariance;

    @Option(names = "--steps", paramLabel = "N", defaultValue = "10000", description = "Optimiser steps (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--batch", paramLabel = "B", defaultValue = "128", description = "Points per step and side (default: "
        + "${DEFAULT-VALUE}).")
    private int batch;

    @Option(names = "--source-batch", paramLabel = "B", description = "Source points per step, where the sides shall differ.")
    private Integer sourceBatch;

    @Option(names = "--target-batch", paramLabel = "B", description = "Target points per step, where the sides shall differ.")
    private Integer targetBatch;

    @Option(names = "--learning-rate", paramLabel = "R", defaultValue = "0.01", description = "Adam's step size, in units of "
        + "the data's spread (default: ${DEFAULT-VALUE}).")
    private double learningRate;

    @Option(names = "--initial-scale", paramLabel = "S", defaultValue = "0.1", description = "S at the start; it has no units, and "
        + "a component begins with the covariance E times S (default: ${DEFAULT-VALUE}).")
    private double initialScale;

    @Option(names = "--revive", negatable = true, description = "Whether to replace components that explain next to no point "
        + "(default: yes).")
    private Boolean revive;

    @Option(names = "--weights-source", paramLabel = "A", description = "Weights of the source points, shape (N,).")
    private Path weightsSource;

    @Option(names = "--weights-target", paramLabel = "B", description = "Weights of the target points, shape (M,).")
    private Path weightsTarget;

    @Option(names = "--warm-start", paramLabel = "MODEL.npz", description = "Start from this bridge instead of random target points.")
    private Path warmStart;

    @Option(names = "--hold-out", paramLabel = "FRACTION", description = "Hold this share of both clouds out, and stop when "
        + "the objective there no longer improves.")
    private Double holdOut;

    @Option(names = "--evaluate-every", paramLabel = "N", defaultValue = "100", description = "Steps between evaluations on "
        + "held-out points (default: ${DEFAULT-VALUE}).")
    private int evaluateEvery;

    @Option(names = "--patience", paramLabel = "N", defaultValue = "10", description = "Evaluations without improvement after "
        + "which to stop (default: ${DEFAULT-VALUE}).")
    private int patience;

    @Option(names = "--checkpoint", paramLabel = "FILE.npz", description = "Write the state of the fit here now and then, and "
        + "when interrupted.")
    private Path checkpoint;

    @Option(names = "--checkpoint-every", paramLabel = "N", defaultValue = "1000", description = "Steps between checkpoints "
        + "(default: ${DEFAULT-VALUE}).")
    private int checkpointEvery;

    @Option(names = "--resume", description = "Go on from the checkpoint if there is one. The bridge has the same bytes as "
        + "that of an unbroken run.")
    private boolean resume;

    @Mixin
    private CommonOptions common;

    private int resumedFrom;

    Fit(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        common.apply(console);
        TrainingOptions options = options();
        claim("--out", out);
        if (checkpoint != null) {
            claim("--checkpoint", checkpoint);
        }
        try (PointCloud x = read(source, weightsSource); PointCloud y = read(target, weightsTarget);
                TileScheduler scheduler = common.scheduler()) {
            BadInput.unless(x.dimension() == y.dimension(), "%s has dimension %d, expected the %d of %s", target, y.dimension(),
                x.dimension(), source);
            TrainingResult result = fit(options, x, y, scheduler);
            if (result.status() == TrainingResult.Status.CANCELLED) {
                throw new Interrupted("interrupted after step " + result.steps() + " of " + steps + keepForLater(result.state()));
            }
            result.remarks().forEach(console::remark);
            LightBridge bridge = result.bridge();
            BridgeObjective objective = bridge.objective(x, y, scheduler);
            console.checkInterrupted();
            BridgeFile.write(out, bridge);
            console.report(summary(result, objective));
            return Pontoon.DONE;
        } catch (UncheckedIOException e) {
            // A checkpoint could not be written: the disk's fault by now, the name was checked.
            throw e.getCause();
        }
    }

    private TrainingOptions options() {
        BadInput.unless(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY, "--epsilon is %s, expected a positive number", epsilon);
        BadInput.unless(components >= 1, "--components is %d, expected at least 1", components);
        BadInput.unless(steps >= 1, "--steps is %d, expected at least 1", steps);
        BadInput.unless(batch >= 1, "--batch is %d, expected at least 1", batch);
        BadInput.unless(sourceBatch == null || sourceBatch >= 1, "--source-batch is %d, expected at least 1", sourceBatch);
        BadInput.unless(targetBatch == null || targetBatch >= 1, "--target-batch is %d, expected at least 1", targetBatch);
        BadInput.unless(learningRate > 0 && learningRate < Double.POSITIVE_INFINITY, "--learning-rate is %s, expected a positive number",
            learningRate);
        BadInput.unless(initialScale > 0 && initialScale < Double.POSITIVE_INFINITY, "--initial-scale is %s, expected a positive number",
            initialScale);
        BadInput.unless(holdOut == null || holdOut > 0 && holdOut < 1, "--hold-out is %s, expected a fraction between 0 and 1", holdOut);
        BadInput.unless(evaluateEvery >= 1, "--evaluate-every is %d, expected at least 1", evaluateEvery);
        BadInput.unless(patience >= 1, "--patience is %d, expected at least 1", patience);
        BadInput.unless(checkpointEvery >= 1, "--checkpoint-every is %d, expected at least 1", checkpointEvery);
        BadInput.unless(!resume || checkpoint != null, "--resume needs --checkpoint FILE");
        TrainingOptions.Builder options = TrainingOptions.builder().epsilon(epsilon).components(components).covariance(covariance)
            .steps(steps)
            .sourceBatch(sourceBatch == null ? batch : sourceBatch).targetBatch(targetBatch == null ? batch : targetBatch)
            .learningRate(learningRate).initialScale(initialScale).seed(common.seed);
        if (revive != null) {
            options.reviveDeadComponents(revive);
        }
        return options.build();
    }

    private void claim(String option, Path file) {
        console.claim(file);
        BadInput.unless(file.toString().toLowerCase(Locale.ROOT).endsWith(".npz"), "%s is %s, expected a name that ends in .npz", option,
            file);
    }

    private PointCloud read(Path file, Path weights) {
        PointCloud cloud = Inputs.cloud(file, console);
        Inputs.remarkPrecision(file, console);
        BadInput.unless(cloud.size() >= 2, "%s has 1 row, expected at least 2", file);
        return weights == null ? cloud : Inputs.weighted(cloud, file, weights, console, Inputs.Weighing.IN_PROPORTION);
    }

    private TrainingResult fit(TrainingOptions options, PointCloud x, PointCloud y, TileScheduler scheduler) {
        PointCloud fitX = x;
        PointCloud fitY = y;
        Inputs.Split xs = null;
        Inputs.Split ys = null;
        if (holdOut != null) {
            xs = Inputs.split(x, holdOut, common.seed, 0, source, weightsSource);
            ys = Inputs.split(y, holdOut, common.seed, 1, target, weightsTarget);
            fitX = xs.kept();
            fitY = ys.kept();
        }
        BadInput.unless(components <= fitY.size(), "--components is %d, expected at most the %d rows of %s%s", components, fitY.size(),
            target,
            holdOut == null ? "" : " that are not held out");
        BridgeTrainer trainer = BridgeTrainer.on(options, fitX, fitY);
        if (xs != null) {
            trainer.holdOut(xs.heldOut(), ys.heldOut(), evaluateEvery, patience);
        }
        if (warmStart != null) {
            trainer.startFrom(warmStart(x.dimension()));
        }
        if (checkpoint != null) {
            if (resume && Files.exists(checkpoint)) {
                resume(trainer, checkpointed(x.dimension(), options));
            }
            trainer.checkpoint(checkpointEvery, this::writeState);
        }
        try (ProgressBar progress = console.progress("fit")) {
            return trainer.fit(scheduler, progress);
        } finally {
            if (xs != null) {
                xs.kept().close();
                xs.heldOut().close();
                ys.kept().close();
                ys.heldOut().close();
            }
        }
    }

    private LightBridge warmStart(int dimension) {
        LightBridge bridge = Inputs.bridge(warmStart);
        BadInput.unless(bridge.dimension() == dimension && bridge.components() == components && bridge.covariance() == covariance,
            "%s has dimension %d, %d components and %s covariance, expected %d, %d and %s", warmStart, bridge.dimension(),
            bridge.components(),
            name(bridge.covariance()), dimension, components, name(covariance));
        return bridge;
    }

    private TrainingState checkpointed(int dimension, TrainingOptions options) {
        TrainingState state;
        try {
            state = BridgeFile.readState(checkpoint);
        } catch (IOException e) {
            throw Inputs.unreadable(e);
        }
        TrainingOptions theirs = state.options();
        BadInput.unless(state.dimension() == dimension, "%s is of a fit with dimension %d, expected %d", checkpoint, state.dimension(),
            dimension);
        same("--components", theirs.components(), options.components());
        same("--covariance", name(theirs.covariance()), name(options.covariance()));
        same("--epsilon", theirs.epsilon(), options.epsilon());
        same("--batch", theirs.sourceBatch() + " and " + theirs.targetBatch(), options.sourceBatch() + " and " + options.targetBatch());
        same("--learning-rate", theirs.learningRate(), options.learningRate());
        same("--initial-scale", theirs.initialScale(), options.initialScale());
        same("--seed", theirs.seed(), options.seed());
        same("--revive", theirs.reviveDeadComponents(), options.reviveDeadComponents());
        BadInput.unless(state.step() <= steps, "%s is of step %d, expected at most the %d of --steps", checkpoint, state.step(), steps);
        return state;
    }

    private void same(String option, Object theirs, Object ours) {
        BadInput.unless(theirs.equals(ours), "%s is of a fit with %s %s, expected %s", checkpoint, option, theirs, ours);
    }

    /** Options are the same by now: what the engine may still refuse are other clouds. */
    private void resume(BridgeTrainer trainer, TrainingState state) {
        try {
            trainer.resume(state);
        } catch (IllegalArgumentException e) {
            throw new BadInput(checkpoint + " does not belong to " + source + " and " + target + ": " + e.getMessage(), e);
        }
        resumedFrom = state.step();
        console.remark("resuming " + checkpoint + " from step " + state.step());
    }

    private void writeState(TrainingState state) {
        try {
            BridgeFile.writeState(checkpoint, state);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String keepForLater(TrainingState state) {
        if (checkpoint == null) {
            return "; nothing was written";
        }
        writeState(state);
        return "; --resume goes on from " + checkpoint;
    }

    private Map<String, Object> summary(TrainingResult result, BridgeObjective objective) {
        Map<String, Object> summary = new LinkedHashMap<>();
        LightBridge bridge = result.bridge();
        summary.put("model", out.toString());
        summary.put("dimension", bridge.dimension());
        summary.put("components", bridge.components());
        summary.put("covariance", name(bridge.covariance()));
        summary.put("epsilon", bridge.epsilon());
        summary.put("threads", common.threads());
        summary.put("status", result.status().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        summary.put("steps", result.steps());
        summary.put("seconds", result.seconds());
        summary.put("secondsPerStep", result.seconds() / Math.max(1, result.steps() - resumedFrom));
        summary.put("objective", objective.value());
        summary.put("objectiveStandardError", objective.standardError());
        summary.put("dualBound", objective.dualBound());
        if (holdOut != null) {
            summary.put("heldOutObjective", result.state().bestObjective());
        }
        summary.put("activeComponents", result.activeComponents());
        return summary;
    }

    private static String name(Covariance covariance) {
        return covariance.name().toLowerCase(Locale.ROOT);
    }
}
