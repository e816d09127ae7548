package org.pontoon.cli;

import java.util.Arrays;
import java.util.Locale;

import org.pontoon.cli.report.BadInput;
import org.pontoon.engine.feature.MeanFeatures;
import org.pontoon.engine.feature.RandomFeatures;
import org.pontoon.engine.flow.Scheme;
import org.pontoon.engine.flow.descent.NeuralOptions;
import org.pontoon.engine.flow.descent.NeuralSobolevDescent;
import org.pontoon.engine.flow.descent.SobolevDescent;
import org.pontoon.engine.flow.descent.SobolevOptions;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.random.CounterRandom;
import org.pontoon.engine.transport.PairKernel;
import picocli.CommandLine.Option;

/** Options of {@code flow} for descents in feature space and towards densities. */
final class DescentOptions {

    /** What finds the direction of a descent in feature space. */
    enum Critic {
        FEATURES, NEURAL;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final long FEATURE_STREAM = 1030;
    private static final long METRIC_STREAM = 1031;
    private static final int METRIC_FEATURES = 300;
    /** Bandwidths over the median distance between the clouds: the smallest tells details apart, the largest sees across. */
    private static final double[] SHARES = {0.25, 0.5, 1};

    @Option(names = "--hold-out", paramLabel = "F", description = "Share of Y that no flow sees and that its end is measured on too (default: "
        + "0.2).")
    private Double holdOut;

    @Option(names = "--critic", paramLabel = "C", description = "Critic of usd, birth-death and sobolev: features (linear in random Fourier "
        + "features, in closed form) or neural (a network that is trained as the particles go) (default: features).")
    private Critic critic;

    @Option(names = "--features", paramLabel = "M", description = "Random Fourier features of the critic of usd, birth-death, sobolev and mmd "
        + "(default: 300).")
    private Integer features;

    @Option(names = "--bandwidths", paramLabel = "S,S,...", split = ",", description = "Bandwidths of the features (default: 1/4, 1/2 and 1 "
        + "times the median distance between X and Y), or the one of the kernel of svgd (default: found anew in every step) and ksd (default: median "
        + "distance in Y).")
    private double[] bandwidths;

    @Option(names = "--alpha", paramLabel = "A", description = "Weight of the reaction of usd and birth-death (default: 0.6).")
    private Double alpha;

    @Option(names = "--reaction-ratio", paramLabel = "R", description = "Length of a reaction step over alpha times that of an advection step; "
        + "the paper's code has 10 to 17 (default: 1).")
    private Double reactionRatio;

    @Option(names = "--ridge", paramLabel = "L", description = "Ridge of the critic's system (default: 0.01).")
    private Double ridge;

    @Option(names = "--free-mass", description = "Let the total mass of usd go to that of Y.")
    private boolean freeMass;

    @Option(names = "--noise", paramLabel = "S", description = "Deviation, at the start, of the noise under which velocities of usd, birth-death, "
        + "sobolev and mmd are looked up; it halves every tenth of the run (default: 0).")
    private Double noise;

    /** Refuses every option, for a flow that descends a loss. */
    void checkNone(String flow) {
        LossOptions.refuse("--hold-out", holdOut, flow);
        refuseFeatures(flow);
        LossOptions.refuse("--bandwidths", bandwidths, flow);
    }

    private void refuseFeatures(String flow) {
        LossOptions.refuse("--critic", critic, flow);
        refuseOfFeatures(flow);
        refuseReaction(flow);
    }

    private void refuseOfFeatures(String flow) {
        LossOptions.refuse("--features", features, flow);
        LossOptions.refuse("--ridge", ridge, flow);
        LossOptions.refuse("--noise", noise, flow);
    }

    private void refuseReaction(String flow) {
        LossOptions.refuse("--alpha", alpha, flow);
        LossOptions.refuse("--reaction-ratio", reactionRatio, flow);
        LossOptions.refuse("--free-mass", freeMass ? Boolean.TRUE : null, flow);
    }

    void check(FlowTable descent) {
        String flow = descent.toString();
        if (!descent.hasCritic()) {
            refuseFeatures(flow);
            BadInput.unless(bandwidths == null || bandwidths.length == 1, "--bandwidths has %d values, expected one for %s",
                bandwidths == null ? 0 : bandwidths.length, flow);
        } else if (!descent.reacts()) {
            refuseReaction(flow);
        }
        if (neural()) {
            BadInput.unless(descent != FlowTable.MMD, "--critic does not apply to %s, whose critic is that of its kernel", flow);
            refuseOfFeatures(flow + " with a neural critic");
            LossOptions.refuse("--bandwidths", bandwidths, flow + " with a neural critic");
            LossOptions.refuse("--free-mass", freeMass ? Boolean.TRUE : null, flow + " with a neural critic");
        }
        if (descent != FlowTable.USD) {
            LossOptions.refuse("--free-mass", freeMass ? Boolean.TRUE : null, flow);
        }
        BadInput.unless(holdOut == null || holdOut > 0 && holdOut < 1, "--hold-out is %s, expected a share between 0 and 1", holdOut);
        BadInput.unless(features == null || features >= 1 && features <= 20_000, "--features is %d, expected 1 to 20000", features);
        for (int i = 0; bandwidths != null && i < bandwidths.length; i++) {
            LossOptions.positive("--bandwidths", bandwidths[i]);
        }
        LossOptions.positive("--alpha", alpha);
        LossOptions.positive("--reaction-ratio", reactionRatio);
        LossOptions.positive("--ridge", ridge);
        BadInput.unless(noise == null || noise >= 0 && noise < Double.POSITIVE_INFINITY, "--noise is %s, expected a number of at least 0",
            noise);
    }

    double holdOut() {
        return holdOut == null ? 0.2 : holdOut;
    }

    /** Whether a network is the critic. */
    boolean neural() {
        return critic == Critic.NEURAL;
    }

    boolean freeMass() {
        return freeMass;
    }

    /** The kernel of Stein variational descent; null for one that is found anew in every step. */
    PairKernel kernel() {
        return bandwidths == null ? null : PairKernel.gaussian(bandwidths[0]);
    }

    /** The bandwidth of a kernel, that between the points of a cloud where none was given. */
    double bandwidth(PointCloud y) {
        return bandwidths == null ? MeanFeatures.usualBandwidth(y, y) : bandwidths[0];
    }

    /** The metric that flows are reported in: its bandwidth is the median distance in Y. */
    static MeanFeatures metric(PointCloud y, long seed) {
        return new MeanFeatures(RandomFeatures.draw(RandomFeatures.Spectrum.GAUSSIAN, y.dimension(), METRIC_FEATURES,
            CounterRandom.key(seed, METRIC_STREAM), MeanFeatures.usualBandwidth(y, y)));
    }

    /** The scheme of a descent by a critic. */
    Scheme scheme(FlowTable.Given given, SobolevOptions.Method method, SobolevOptions.Reaction reaction) {
        PointCloud x = given.x();
        PointCloud y = given.y();
        if (neural()) {
            return new NeuralSobolevDescent(x, y, neural(reaction, given.seed()), given.scheduler());
        }
        double[] widths = bandwidths != null ? bandwidths : Arrays.stream(SHARES).map(share -> share * MeanFeatures.usualBandwidth(x, y))
            .toArray();
        RandomFeatures map = RandomFeatures.draw(RandomFeatures.Spectrum.ORTHOGONAL_GAUSSIAN, x.dimension(), features == null ? 300
            : features, CounterRandom.key(given.seed(), FEATURE_STREAM), widths);
        SobolevOptions chosen = sobolev(method, reaction, given.seed());
        return freeMass
            ? new SobolevDescent(x, new MeanFeatures(map).of(y, given.mass(), given.scheduler()), map, chosen, given.scheduler())
            : new SobolevDescent(x, y, map, chosen, given.scheduler());
    }

    private SobolevOptions sobolev(SobolevOptions.Method method, SobolevOptions.Reaction reaction, long seed) {
        SobolevOptions.Builder builder = SobolevOptions.builder().method(method).reaction(reaction).conserveMass(!freeMass).seed(seed)
            .ridge(
                ridge == null ? 0.01 : ridge);
        if (alpha != null) {
            builder.alpha(alpha);
        }
        if (reactionRatio != null) {
            builder.reactionRatio(reactionRatio);
        }
        if (noise != null) {
            builder.noise(noise);
        }
        return builder.build();
    }

    private NeuralOptions neural(SobolevOptions.Reaction reaction, long seed) {
        NeuralOptions.Builder builder = NeuralOptions.builder().reaction(reaction).seed(seed);
        if (reaction == SobolevOptions.Reaction.NONE) {
            builder.alpha(0);
        }
        if (alpha != null) {
            builder.alpha(alpha);
        }
        if (reactionRatio != null) {
            builder.reactionRatio(reactionRatio);
        }
        return builder.build();
    }
}
