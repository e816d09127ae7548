package org.pontoon.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import org.pontoon.cli.report.BadInput;
import org.pontoon.cli.report.ProgressBar;
import org.pontoon.engine.flow.Divergence;
import org.pontoon.engine.flow.FlowOptions;
import org.pontoon.engine.flow.FlowResult;
import org.pontoon.engine.flow.FlowResult.Status;
import org.pontoon.engine.flow.Functional;
import org.pontoon.engine.flow.InteractionEnergy;
import org.pontoon.engine.flow.Langevin;
import org.pontoon.engine.flow.ParticleFlow;
import org.pontoon.engine.flow.Potential;
import org.pontoon.engine.flow.PotentialEnergy;
import org.pontoon.engine.flow.RunawayCheck;
import org.pontoon.engine.flow.SlicedEnergy;
import org.pontoon.engine.flow.SlicedFlow;
import org.pontoon.engine.flow.SlicedFlowOptions;
import org.pontoon.engine.flow.Snapshot;
import org.pontoon.engine.flow.SwJkoOptions;
import org.pontoon.engine.flow.SwJkoParticles;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.KernelEntropy;
import org.pontoon.engine.transport.LossGradient;
import org.pontoon.engine.transport.Precision;
import picocli.CommandLine.Option;

/** Flows of functionals that need no target, or only a density, by several schemes; f-divergences; the sliced-Wasserstein flow. */
final class FunctionalFlow {

    static final String NAMES = "potential, entropy or free-energy (in the potential of the standard Gaussian, or of the density that Y is "
        + "a sample of), quartic, logarithmic or distance (interaction energies), kullback-leibler, reverse-kullback-leibler, chi-squared, "
        + "jensen-shannon or hellinger (divergences from Y by a density ratio), or sliced-flow (sliced-Wasserstein flow)";

    private static final int PROJECTIONS = 60;
    private static final int INNER_ITERATIONS = 40;
    private static final double RESIDUAL = 1e-3;
    private static final double ROUNDING = 1e-9;

    /** Flows by the names they have on the command line. */
    enum Kind {
        // @formatter:off
        POTENTIAL, ENTROPY, FREE_ENERGY, QUARTIC, LOGARITHMIC, DISTANCE, KULLBACK_LEIBLER, REVERSE_KULLBACK_LEIBLER, CHI_SQUARED,
        JENSEN_SHANNON, HELLINGER, SLICED_FLOW;
        // @formatter:on

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        boolean isDivergence() {
            return ordinal() >= KULLBACK_LEIBLER.ordinal() && this != SLICED_FLOW;
        }

        boolean hasPotential() {
            return this == POTENTIAL || this == FREE_ENERGY;
        }

        /** Whether there is no flow without Y. */
        boolean needsTarget() {
            return isDivergence() || this == SLICED_FLOW;
        }
    }

    /** How a step is made. */
    enum Scheme {
        EULER, SW_JKO, ULA, MALA;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        boolean isLangevin() {
            return this == ULA || this == MALA;
        }
    }

    /** What the command is told of it. */
    static final class Options {

        @Option(names = "--scheme", paramLabel = "S", description = "Steps of a functional: euler, sw-jko (implicit, in the sliced distance), or "
            + "for free-energy ula or mala, which are Langevin's, unadjusted or adjusted (default: euler).")
        private String scheme;

        @Option(names = "--entropy", paramLabel = "L", description = "Factor of the entropy, by noise, in sliced-flow (default: 0).")
        private Double entropy;

        /** Refuses every option, for another flow. */
        void checkNone(String flow) {
            LossOptions.refuse("--scheme", scheme, flow);
            LossOptions.refuse("--entropy", entropy, flow);
        }

        Scheme scheme() {
            if (scheme == null) {
                return Scheme.EULER;
            }
            return Stream.of(Scheme.values()).filter(value -> value.toString().equalsIgnoreCase(scheme)).findFirst().orElseThrow(
                () -> new BadInput("--scheme is '" + scheme + "', expected euler, sw-jko, ula or mala"));
        }

        void check(Kind kind) {
            if (kind == Kind.SLICED_FLOW) {
                LossOptions.refuse("--scheme", scheme, kind.toString());
            } else {
                LossOptions.refuse("--entropy", entropy, kind.toString());
            }
            BadInput.unless(!scheme().isLangevin() || kind == Kind.FREE_ENERGY,
                "--scheme %s says nothing to %s, expected the functional free-energy", scheme(), kind);
            BadInput.unless(entropy == null || entropy >= 0 && entropy < Double.POSITIVE_INFINITY,
                "--entropy is %s, expected a number of at least 0", entropy);
        }
    }

    private final Kind kind;
    private final Scheme scheme;
    private final double entropy;
    private final FlowOptions integration;
    private final Double blur;
    private final int projections;
    private final long seed;
    private final TileScheduler scheduler;
    private final Map<String, Object> summary = new LinkedHashMap<>();

    FunctionalFlow(Kind kind, Options options, FlowOptions integration, Double blur, Integer projections, long seed,
            TileScheduler scheduler) {
        this.kind = kind;
        this.scheme = options.scheme();
        this.entropy = options.entropy == null ? 0 : options.entropy;
        this.integration = integration;
        this.blur = blur;
        this.projections = projections == null ? PROJECTIONS : projections;
        this.seed = seed;
        this.scheduler = scheduler;
    }

    /** What is to be said of the run beyond its result. */
    Map<String, Object> summary() {
        return summary;
    }

    /**
     * Runs the flow.
     *
     * @param x where the particles begin
     * @param y the target's sample, or null
     */
    FlowResult run(PointCloud x, PointCloud y, ProgressBar progress) {
        if (kind == Kind.SLICED_FLOW) {
            SlicedFlow flow = new SlicedFlow(x, y, new SlicedFlowOptions(integration.learningRate(), projections, entropy, 0, seed),
                scheduler);
            return record(new SlicedEnergy(x.size(), y, projections, seed, scheduler), progress, step -> {
                if (step > 0) {
                    flow.step();
                }
                return flow.particles();
            });
        }
        summary.put("scheme", scheme.toString());
        Potential potential = !kind.hasPotential() ? null : potential(x, y);
        Functional functional = functional(x, y, potential);
        return switch (scheme) {
            case EULER -> new ParticleFlow(integration).run(x, functional, progress);
            case SW_JKO -> jko(x, functional, progress);
            case ULA, MALA -> langevin(x, potential, functional, progress);
        };
    }

    /** The standard Gaussian's, or the one of the density that Y stands for. */
    private Potential potential(PointCloud x, PointCloud y) {
        if (y != null) {
            return blur == null ? Potential.gaussian(y) : Potential.kernelDensity(y, blur);
        }
        int dimension = x.dimension();
        double[] unit = new double[dimension * dimension];
        for (int d = 0; d < dimension; d++) {
            unit[d * dimension + d] = 1;
        }
        return Potential.quadratic(unit, new double[dimension]);
    }

    private Functional functional(PointCloud x, PointCloud y, Potential potential) {
        KernelEntropy negative = KernelEntropy.whitened(KernelEntropy.scottBandwidth(1, x.size(), x.dimension()), Precision.FLOAT32);
        Functional spread = cloud -> negative.gradient(cloud, scheduler);
        return switch (kind) {
            case POTENTIAL -> new PotentialEnergy(potential);
            case ENTROPY -> spread;
            case FREE_ENERGY -> Functional.weightedSum(List.of(new PotentialEnergy(potential), spread), 1, 1);
            case QUARTIC, LOGARITHMIC, DISTANCE -> InteractionEnergy.of(InteractionEnergy.Kernel.valueOf(kind.name()), scheduler);
            default -> divergence(y);
        };
    }

    private Functional divergence(PointCloud y) {
        double bandwidth = blur == null
            ? KernelEntropy.scottBandwidth(DescentOptions.positiveMedian(y, y) / Math.sqrt(2 * y.dimension()), y.size(), y.dimension())
            : blur;
        summary.put("bandwidth", bandwidth);
        return new Divergence(Divergence.Kind.valueOf(kind.name()), y, bandwidth, Precision.FLOAT32, scheduler);
    }

    private FlowResult jko(PointCloud x, Functional functional, ProgressBar progress) {
        // D tau is the step in Wasserstein time
        SwJkoOptions options = new SwJkoOptions(integration.learningRate() / x.dimension(), projections, INNER_ITERATIONS, RESIDUAL, seed);
        int[] unconverged = new int[1];
        try (SwJkoParticles steps = new SwJkoParticles(x, functional, options, scheduler)) {
            FlowResult result = record(functional, progress, step -> {
                if (step > 0 && !steps.step().converged()) {
                    unconverged[0]++;
                }
                return steps.particles();
            });
            summary.put("unconvergedSteps", unconverged[0]);
            return result;
        }
    }

    private FlowResult langevin(PointCloud x, Potential potential, Functional functional, ProgressBar progress) {
        Langevin dynamics = new Langevin(potential, integration.learningRate(), seed);
        double[] taken = new double[1];
        PointCloud[] state = {x};
        FlowResult result = record(functional, progress, step -> {
            PointCloud next = copy(state[0]);
            if (step > 0 && scheme == Scheme.ULA) {
                dynamics.unadjusted(next, step - 1, 1, scheduler);
            } else if (step > 0) {
                taken[0] += dynamics.adjusted(next, step - 1, 1, scheduler);
            }
            state[0] = next;
            return next;
        });
        if (scheme == Scheme.MALA && integration.steps() > 1) {
            summary.put("acceptance", taken[0] / (integration.steps() - 1));
        }
        return result;
    }

    private static PointCloud copy(PointCloud cloud) {
        PointCloud copy = PointCloud.ofRows(cloud.toRows(), cloud.size(), cloud.dimension());
        if (cloud.hasWeights()) {
            float[] weights = new float[cloud.size()];
            for (int n = 0; n < weights.length; n++) {
                weights[n] = cloud.weight(n);
            }
            copy.withWeights(weights);
        }
        return copy;
    }

    /** States of a scheme, one for each step from 0; each is closed here, after the next one is made. */
    private interface States {
        PointCloud at(int step);
    }

    /** Keeps values and snapshots of a scheme as the Euler scheme does of itself. */
    private FlowResult record(Functional functional, ProgressBar progress, States states) {
        long began = System.nanoTime();
        int steps = integration.steps();
        double[] times = new double[steps];
        double[] values = new double[steps];
        List<Snapshot> snapshots = new ArrayList<>();
        List<Double> wanted = integration.snapshotTimes();
        Snapshot last = null;
        PointCloud before = null;
        RunawayCheck runaway = null;
        for (int step = 0; step < steps; step++) {
            PointCloud state = states.at(step);
            double move = 0;
            if (before == null) {
                runaway = new RunawayCheck(state);
            } else {
                move = distance(before, state);
                before.close();
            }
            before = state;
            LossGradient found = functional.at(state);
            runaway.state(step, found.value(), move, "a --learning-rate below " + integration.learningRate() + " may help");
            times[step] = step * integration.learningRate();
            values[step] = found.value();
            boolean wantsOne = snapshots.size() < wanted.size() && times[step] >= wanted.get(snapshots.size()) - ROUNDING;
            if (wantsOne || step == steps - 1) {
                last = new Snapshot(times[step], step, found.value(), state.toRows(), velocity(state, found.points()));
            }
            while (snapshots.size() < wanted.size() && times[step] >= wanted.get(snapshots.size()) - ROUNDING) {
                snapshots.add(last);
            }
            if (!progress.advance(step + 1, steps)) {
                state.close();
                return new FlowResult(integration, snapshots, last, times, values, step + 1, Status.CANCELLED, 0);
            }
        }
        before.close();
        return new FlowResult(integration, snapshots, last, times, values, steps, Status.COMPLETED, (System.nanoTime() - began)
            * 1e-9);
    }

    /** Root mean square of how far the points of two states are from each other. */
    private static double distance(PointCloud from, PointCloud to) {
        float[] before = from.toRows();
        float[] after = to.toRows();
        double square = 0;
        for (int k = 0; k < before.length; k++) {
            double move = (double) after[k] - before[k];
            square += move * move;
        }
        return Math.sqrt(square / from.size());
    }

    private static float[] velocity(PointCloud state, double[] slope) {
        float[] velocity = new float[slope.length];
        for (int k = 0; k < velocity.length; k++) {
            double weight = state.hasWeights() ? state.weight(k / state.dimension()) : 1.0 / state.size();
            velocity[k] = weight > 0 ? (float) (-slope[k] / weight) : 0;
        }
        return velocity;
    }

    /** Says what is wrong with a line for this flow before anything is read. */
    static void check(Kind kind, Options options, CloudPair pair, Path y, FlowOptions integration) {
        options.check(kind);
        BadInput.unless(y != null || !kind.needsTarget(), "%s needs a second cloud, expected X and Y", kind);
        BadInput.unless(y == null || kind.needsTarget() || kind.hasPotential(), "%s has no second cloud, expected X alone", kind);
        boolean euler = options.scheme() == Scheme.EULER && kind != Kind.SLICED_FLOW;
        String name = euler ? kind.toString() : kind == Kind.SLICED_FLOW ? "sliced-flow" : "scheme " + options.scheme();
        BadInput.unless(euler || integration.momentum() == 0, "--momentum says nothing to %s", name);
        BadInput.unless(euler || !integration.adaptive(), "--adaptive says nothing to %s", name);
        boolean alike = kind == Kind.SLICED_FLOW || options.scheme() == Scheme.SW_JKO;
        BadInput.unless(!alike || !pair.weighs(), "--weights-x and --weights-y say nothing to %s, whose points count alike", name);
    }
}
