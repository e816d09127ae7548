package org.pontoon.cli;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

import org.pontoon.cli.report.BadInput;
import org.pontoon.engine.flow.Divergence;
import org.pontoon.engine.flow.Functional;
import org.pontoon.engine.flow.InteractionEnergy;
import org.pontoon.engine.flow.MeasuredScheme;
import org.pontoon.engine.flow.ParticleFlow;
import org.pontoon.engine.flow.Potential;
import org.pontoon.engine.flow.PotentialEnergy;
import org.pontoon.engine.flow.Scheme;
import org.pontoon.engine.flow.descent.SobolevOptions.Method;
import org.pontoon.engine.flow.descent.SobolevOptions.Reaction;
import org.pontoon.engine.flow.descent.SteinDiscrepancy;
import org.pontoon.engine.flow.descent.SteinVariationalDescent;
import org.pontoon.engine.flow.diffusion.KineticLangevin;
import org.pontoon.engine.flow.diffusion.Langevin;
import org.pontoon.engine.flow.jko.SwJkoOptions;
import org.pontoon.engine.flow.jko.SwJkoParticles;
import org.pontoon.engine.flow.sliced.SlicedEnergy;
import org.pontoon.engine.flow.sliced.SlicedFlow;
import org.pontoon.engine.flow.sliced.SlicedFlowOptions;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.KernelEntropy;
import org.pontoon.engine.transport.PairKernel;
import org.pontoon.engine.transport.Precision;
import picocli.CommandLine.Option;

/** The flows of the command line beside those down a loss: names, and the schemes that they stand for. A new flow is a row here. */
enum FlowTable {

    // @formatter:off
    // functionals, stepped by any of the schemes of --scheme
    POTENTIAL(Second.MAY_BE, given -> new PotentialEnergy(given.density())),
    ENTROPY(Second.NONE, Given::entropy),
    FREE_ENERGY(Second.MAY_BE, given -> Functional.weightedSum(List.of(new PotentialEnergy(given.density()), given.entropy()), 1, 1)),
    QUARTIC(Second.NONE, given -> InteractionEnergy.of(InteractionEnergy.Kernel.QUARTIC, given.scheduler)),
    LOGARITHMIC(Second.NONE, given -> InteractionEnergy.of(InteractionEnergy.Kernel.LOGARITHMIC, given.scheduler)),
    DISTANCE(Second.NONE, given -> InteractionEnergy.of(InteractionEnergy.Kernel.DISTANCE, given.scheduler)),
    KULLBACK_LEIBLER(Second.MUST_BE, given -> given.divergence(Divergence.Kind.KULLBACK_LEIBLER)),
    REVERSE_KULLBACK_LEIBLER(Second.MUST_BE, given -> given.divergence(Divergence.Kind.REVERSE_KULLBACK_LEIBLER)),
    CHI_SQUARED(Second.MUST_BE, given -> given.divergence(Divergence.Kind.CHI_SQUARED)),
    JENSEN_SHANNON(Second.MUST_BE, given -> given.divergence(Divergence.Kind.JENSEN_SHANNON)),
    HELLINGER(Second.MUST_BE, given -> given.divergence(Divergence.Kind.HELLINGER)),

    // schemes of their own; descents are measured against the part of Y that they do not see
    SLICED_FLOW(Second.MUST_BE, "loss", Given::slicedFlow, Trait.ALIKE),
    USD(Second.MUST_BE, Axis.MEAN_FEATURES, given -> given.descents.scheme(given, Method.UNBALANCED, Reaction.WEIGHTS),
        Trait.DESCENT, Trait.CRITIC, Trait.REACTS, Trait.MAY_ADAPT),
    SOBOLEV(Second.MUST_BE, Axis.MEAN_FEATURES, given -> given.descents.scheme(given, Method.SOBOLEV, Reaction.NONE),
        Trait.DESCENT, Trait.CRITIC, Trait.MAY_ADAPT),
    BIRTH_DEATH(Second.MUST_BE, Axis.MEAN_FEATURES, given -> given.descents.scheme(given, Method.UNBALANCED, Reaction.BIRTH_DEATH),
        Trait.DESCENT, Trait.CRITIC, Trait.REACTS, Trait.PARTICLES_ALIKE),
    MMD(Second.MUST_BE, Axis.MEAN_FEATURES, given -> given.descents.scheme(given, Method.MMD, Reaction.NONE),
        Trait.DESCENT, Trait.CRITIC, Trait.MAY_ADAPT),
    SVGD(Second.MUST_BE, "", given -> new SteinVariationalDescent(given.x, given.density(), given.descents.kernel(), given.scheduler),
        Trait.DESCENT, Trait.DENSITY, Trait.PARTICLES_ALIKE),
    KSD(Second.MUST_BE, "half the squared kernel Stein discrepancy",
        given -> new ParticleFlow(given.x, given.steinDiscrepancy(), given.schemes.momentum),
        Trait.DESCENT, Trait.DENSITY, Trait.MOMENTUM, Trait.MAY_ADAPT, Trait.ADAPTS);
    // @formatter:on

    static final String FUNCTIONALS = "potential, entropy or free-energy (in the potential of the standard Gaussian, or of the density that "
        + "Y is a sample of), quartic, logarithmic or distance (interaction energies), kullback-leibler, reverse-kullback-leibler, "
        + "chi-squared, jensen-shannon or hellinger (divergences from Y by a density ratio), or sliced-flow (sliced-Wasserstein flow)";
    static final String DESCENTS = "usd (unbalanced Sobolev descent with weights), birth-death (the same with births and deaths), sobolev, mmd, "
        + "or, towards a density that is fitted to Y, svgd or ksd";

    private static final int PROJECTIONS = 60;
    private static final int INNER_ITERATIONS = 40;
    private static final double RESIDUAL = 1e-3;
    /** Critical where the curvature is 1. */
    private static final double FRICTION = 2;

    /** What several flows have drawn over time; apart, because rows come before the table's own constants. */
    private static final class Axis {
        private static final String MEAN_FEATURES = "distance of the critic's mean features";
    }

    /** What the rest of the line may say of a flow, and what its clouds must be. */
    private enum Trait {
        /** It is measured against the part of Y that it does not see. */
        DESCENT,
        /** The critic is linear in random features, or a network. */
        CRITIC,
        /** Mass is moved apart from points. */
        REACTS,
        /** Y only says what density is meant. */
        DENSITY,
        /** Steps can be undone. */
        MAY_ADAPT,
        /** The curvature is so uneven that no length of a step would do for all. */
        ADAPTS,
        /** Moves may repeat. */
        MOMENTUM,
        /** Points of X count alike. */
        PARTICLES_ALIKE,
        /** Points of both clouds do. */
        ALIKE
    }

    /** Whether a flow has a second cloud. */
    private enum Second {
        NONE, MAY_BE, MUST_BE
    }

    /** What a flow is made of. */
    static final class Given {

        private final PointCloud x;
        private final PointCloud y;
        private final double mass;
        private final Double blur;
        private final Integer projections;
        private final Options schemes;
        private final DescentOptions descents;
        private final long seed;
        private final TileScheduler scheduler;
        private final Map<String, Object> summary = new LinkedHashMap<>();

        Given(PointCloud x, PointCloud y, double mass, Double blur, Integer projections, Options schemes, DescentOptions descents,
                long seed,
                TileScheduler scheduler) {
            this.x = x;
            this.y = y;
            this.mass = mass;
            this.blur = blur;
            this.projections = projections;
            this.schemes = schemes;
            this.descents = descents;
            this.seed = seed;
            this.scheduler = scheduler;
        }

        PointCloud x() {
            return x;
        }

        PointCloud y() {
            return y;
        }

        /** What Y weighs, also where a part of it is held out. */
        double mass() {
            return mass;
        }

        long seed() {
            return seed;
        }

        TileScheduler scheduler() {
            return scheduler;
        }

        /** What is to be said of the flow beyond its result. */
        Map<String, Object> summary() {
            return summary;
        }

        private int lines() {
            return projections == null ? PROJECTIONS : projections;
        }

        /** The standard Gaussian's potential, or the one of the density that Y stands for. */
        private Potential density() {
            return y == null ? Potential.standardGaussian(x.dimension())
                : blur == null ? Potential.gaussian(y) : Potential.kernelDensity(y, blur);
        }

        private Functional entropy() {
            KernelEntropy negative = KernelEntropy.whitened(KernelEntropy.scottBandwidth(1, x.size(), x.dimension()), Precision.FLOAT32);
            return cloud -> negative.gradient(cloud, scheduler);
        }

        private SwJkoOptions implicit() {
            return new SwJkoOptions(lines(), INNER_ITERATIONS, RESIDUAL, seed);
        }

        private Scheme measured(Scheme moved, Functional functional) {
            return new MeasuredScheme(x, moved, functional);
        }

        private Scheme slicedFlow() {
            SlicedFlowOptions options = new SlicedFlowOptions(lines(), schemes.entropy(), 0, seed);
            return measured(new SlicedFlow(x, y, options, scheduler), new SlicedEnergy(x.size(), y, lines(), seed, scheduler));
        }

        private Functional steinDiscrepancy() {
            return new SteinDiscrepancy(density(), PairKernel.gaussian(descents.bandwidth(y)), scheduler);
        }

        private Functional divergence(Divergence.Kind kind) {
            double bandwidth = blur == null ? Divergence.usualBandwidth(y) : blur;
            summary.put("bandwidth", bandwidth);
            return new Divergence(kind, y, bandwidth, Precision.FLOAT32, scheduler);
        }
    }

    /** How steps go down a functional. */
    enum Steps {
        // @formatter:off
        EULER((given, functional) -> new ParticleFlow(given.x, functional, given.schemes.momentum)),
        SW_JKO((given, functional) -> new SwJkoParticles(given.x, functional, given.implicit(), given.scheduler)),
        ULA((given, functional) -> given.measured(Langevin.unadjusted(given.x, given.density(), given.seed, given.scheduler), functional)),
        MALA((given, functional) -> given.measured(Langevin.adjusted(given.x, given.density(), given.seed, given.scheduler), functional)),
        KINETIC((given, functional) -> given.measured(new KineticLangevin(given.x, given.density(), FRICTION, given.seed, given.scheduler),
            functional));
        // @formatter:on

        private interface Maker {
            Scheme make(Given given, Functional functional);
        }

        private final Maker maker;

        Steps(Maker maker) {
            this.maker = maker;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        boolean isLangevin() {
            return this == ULA || this == MALA || this == KINETIC;
        }
    }

    /** What the command is told of the steps. */
    static final class Options {

        @Option(names = "--scheme", paramLabel = "S", description = "Steps of a functional: euler, sw-jko (implicit, in the sliced distance), or "
            + "for free-energy ula, mala or kinetic, which are Langevin's, unadjusted, adjusted or with momenta (default: euler).")
        private String scheme;

        @Option(names = "--entropy", paramLabel = "L", description = "Factor of the entropy, by noise, in sliced-flow (default: 0).")
        private Double entropy;

        @Option(names = "--momentum", paramLabel = "M", defaultValue = "0", description = "Share of the last move that the next one repeats "
            + "(default: ${DEFAULT-VALUE}).")
        private double momentum;

        double momentum() {
            return momentum;
        }

        /** Refuses every option but the momentum, for another flow. */
        void checkNone(String flow) {
            LossOptions.refuse("--scheme", scheme, flow);
            LossOptions.refuse("--entropy", entropy, flow);
        }

        Steps steps() {
            if (scheme == null) {
                return Steps.EULER;
            }
            return Stream.of(Steps.values()).filter(value -> value.toString().equalsIgnoreCase(scheme)).findFirst().orElseThrow(
                () -> new BadInput("--scheme is '" + scheme + "', expected euler, sw-jko, ula, mala or kinetic"));
        }

        private double entropy() {
            return entropy == null ? 0 : entropy;
        }

        private void check(FlowTable flow) {
            if (flow.functional == null) {
                LossOptions.refuse("--scheme", scheme, flow.toString());
            }
            if (flow != SLICED_FLOW) {
                LossOptions.refuse("--entropy", entropy, flow.toString());
            }
            BadInput.unless(!steps().isLangevin() || flow == FREE_ENERGY,
                "--scheme %s does not apply to %s, expected the functional free-energy", steps(), flow);
            BadInput.unless(entropy == null || entropy >= 0 && entropy < Double.POSITIVE_INFINITY,
                "--entropy is %s, expected a number of at least 0", entropy);
        }
    }

    private final Second second;
    private final Function<Given, Functional> functional;
    private final String axis;
    private final Function<Given, Scheme> scheme;
    private final Set<Trait> traits = EnumSet.noneOf(Trait.class);

    FlowTable(Second second, Function<Given, Functional> functional) {
        this.second = second;
        this.functional = functional;
        this.axis = "loss";
        this.scheme = given -> given.schemes.steps().maker.make(given, functional.apply(given));
    }

    FlowTable(Second second, String axis, Function<Given, Scheme> scheme, Trait... traits) {
        this.second = second;
        this.functional = null;
        this.axis = axis;
        this.scheme = scheme;
        this.traits.addAll(List.of(traits));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Makes the scheme, the caller's to close. */
    Scheme scheme(Given given) {
        if (functional != null) {
            given.summary.put("scheme", given.schemes.steps().toString());
        }
        return scheme.apply(given);
    }

    /** What is drawn over time. */
    String axis() {
        return axis;
    }

    /** Whether it is measured against the part of Y that it does not see. */
    boolean isDescent() {
        return traits.contains(Trait.DESCENT);
    }

    /** Whether the critic is linear in random features, or a network. */
    boolean hasCritic() {
        return traits.contains(Trait.CRITIC);
    }

    /** Whether mass is moved apart from points. */
    boolean reacts() {
        return traits.contains(Trait.REACTS);
    }

    /** Whether its steps always adapt. */
    boolean adapts() {
        return traits.contains(Trait.ADAPTS);
    }

    /** Whether --blur says something. */
    boolean hasBlur(boolean withSecond) {
        return traits.contains(Trait.DENSITY) || functional != null && (second == Second.MUST_BE || second == Second.MAY_BE && withSecond);
    }

    /** Whether a flow of X alone does not change when X is moved: a potential stands where it stands. */
    boolean isInvariant() {
        return second != Second.MAY_BE;
    }

    /** Says what is wrong with a line for this flow before anything is read. */
    void check(Options options, CloudPair pair, boolean withSecond, boolean adaptive, boolean neural) {
        options.check(this);
        BadInput.unless(withSecond || second != Second.MUST_BE, "%s needs a second cloud, expected X and Y", this);
        BadInput.unless(!withSecond || second != Second.NONE, "%s has no second cloud, expected X alone", this);
        boolean euler = functional != null && options.steps() == Steps.EULER;
        String whose = functional != null && !euler ? "scheme " + options.steps() : neural ? this + " with a neural critic" : toString();
        BadInput.unless(options.momentum == 0 || euler || traits.contains(Trait.MOMENTUM), "--momentum does not apply to %s", whose);
        BadInput.unless(!adaptive || euler || traits.contains(Trait.MAY_ADAPT) && !neural, "--adaptive does not apply to %s", whose);
        BadInput.unless(!traits.contains(Trait.PARTICLES_ALIKE) || !pair.weighsFirst(),
            "--weights-x does not apply to %s, whose particles count alike", whose);
        boolean alike = traits.contains(Trait.ALIKE) || options.steps() == Steps.SW_JKO;
        BadInput.unless(!alike || !pair.weighs(), "--weights-x and --weights-y do not apply to %s, whose points count alike", whose);
    }
}
