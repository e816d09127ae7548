package org.pontoon.cli;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import org.pontoon.cli.report.BadInput;
import org.pontoon.engine.file.Placement;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.transport.KernelNorm;
import org.pontoon.engine.transport.MeasureLoss;
import org.pontoon.engine.transport.MixtureLikelihood;
import org.pontoon.engine.transport.PairKernel;
import org.pontoon.engine.transport.Precision;
import org.pontoon.engine.transport.Sinkhorn;
import org.pontoon.engine.transport.SinkhornOptions;
import org.pontoon.engine.transport.SoftHausdorff;
import picocli.CommandLine.Option;

/** How a loss between two clouds is measured, as {@code distance} and {@code flow} are told of it. */
final class LossOptions {

    static final String NAMES = "energy (half the energy distance 2E|X-Y| - E|X-X'| - E|Y-Y'|), gaussian or laplacian (kernel norms), likelihood (of Y under a mixture of Gaussians at X), "
        + "hausdorff, sinkhorn (debiased), sinkhorn-biased, wasserstein-1d, sliced or max-sliced";

    /** The length where none is given. */
    static final double BLUR = 0.05;

    /** Losses by the names they have on the command line. */
    enum Loss {
        ENERGY, GAUSSIAN, LAPLACIAN, LIKELIHOOD, HAUSDORFF, SINKHORN, SINKHORN_BIASED, WASSERSTEIN_1D, SLICED, MAX_SLICED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        boolean hasBlur() {
            return this != ENERGY && !isProjected();
        }

        boolean hasExponent() {
            return this == HAUSDORFF || isSinkhorn() || isProjected();
        }

        boolean hasProjections() {
            return this == SLICED || this == MAX_SLICED;
        }

        boolean isProjected() {
            return this == WASSERSTEIN_1D || hasProjections();
        }

        boolean hasPairs() {
            return !isProjected();
        }

        boolean isSinkhorn() {
            return this == SINKHORN || this == SINKHORN_BIASED;
        }
    }

    /** For shell completion. */
    static final class Names implements Iterable<String> {

        @Override
        public Iterator<String> iterator() {
            return Stream.of(Loss.values()).map(Loss::toString).iterator();
        }
    }

    @Option(names = "--p", paramLabel = "P", description = "1 for the cost |x-y|, 2 for |x-y|^2/2; for the last three losses any exponent "
        + "from 1 (default: 2).")
    private Double p;

    @Option(names = "--blur", paramLabel = "S", description = "Length below which details do not count: a kernel's or mixture's width, or "
        + "the blur of transport, whose epsilon is blur^p (default: 0.05).")
    private Double blur;

    @Option(names = "--reach", paramLabel = "R", description = "Length beyond which transport rather leaves mass behind (default: none).")
    private Double reach;

    @Option(names = "--scaling", paramLabel = "Q", description = "Ratio of successive blurs of the annealing (default: 0.5).")
    private Double scaling;

    @Option(names = "--tolerance", paramLabel = "T", description = "L1 error of the marginals at which Sinkhorn's iterations stop (default: "
        + "1e-6 in float64, 1e-4 in float32).")
    private Double tolerance;

    @Option(names = "--projections", paramLabel = "L", description = "Directions of sliced, starts of max-sliced (default: 100).")
    private Integer projections;

    @Option(names = "--precision", paramLabel = "T", description = "Arithmetic of the sums over pairs, float32 (fast) or float64 (default: "
        + "float64 for a distance, float32 for a flow).")
    private Precision precision;

    /** The width of kernels and mixtures, null where none was given. */
    Double blur() {
        return blur;
    }

    /** How many directions, null where none was given. */
    Integer projections() {
        return projections;
    }

    /** Refuses every option but perhaps the blur and the directions, for a flow that descends none of the losses. */
    void checkNone(String flow, boolean blurToo, boolean projectionsToo) {
        refuse("--p", p, flow);
        refuse("--reach", reach, flow);
        refuse("--scaling", scaling, flow);
        refuse("--tolerance", tolerance, flow);
        refuse("--precision", precision, flow);
        if (!projectionsToo) {
            refuse("--projections", projections, flow);
        }
        BadInput.unless(projections == null || projections >= 1, "--projections is %d, expected at least 1", projections);
        if (!blurToo) {
            refuse("--blur", blur, flow);
        }
        positive("--blur", blur);
    }

    /** The clouds that a loss is measured between; in a unit of their own, which {@link #degree} brings back, only where that is said. */
    List<PointCloud> read(Loss loss, CloudPair pair, Path x, Path y, long seed, boolean scales) {
        return loss == Loss.WASSERSTEIN_1D ? pair.readLines(x, y, seed, scales) : pair.read(x, y, seed, reach == null, scales);
    }

    /** The power of a common factor of all lengths by which a loss grows, that of W_p^p for those that take a root. */
    double degree(Loss loss) {
        return switch (loss) {
            case ENERGY -> 1;
            case GAUSSIAN, LAPLACIAN, LIKELIHOOD -> 0;
            default -> p == null ? 2 : p;
        };
    }

    void check(Loss loss) {
        allowed("--p", p, loss.hasExponent(), loss);
        allowed("--blur", blur, loss.hasBlur(), loss);
        allowed("--reach", reach, loss.isSinkhorn(), loss);
        allowed("--scaling", scaling, loss.isSinkhorn(), loss);
        allowed("--tolerance", tolerance, loss.isSinkhorn(), loss);
        allowed("--projections", projections, loss.hasProjections(), loss);
        allowed("--precision", precision, loss.hasPairs(), loss);
        if (loss.isProjected()) {
            BadInput.unless(p == null || p >= 1 && p < Double.POSITIVE_INFINITY, "--p is %s, expected a number of at least 1", p);
        } else {
            BadInput.unless(p == null || p == 1 || p == 2, "--p is %s, expected 1 or 2", p);
        }
        BadInput.unless(projections == null || projections >= 1, "--projections is %d, expected at least 1", projections);
        positive("--blur", blur);
        positive("--reach", reach);
        BadInput.unless(scaling == null || scaling > 0 && scaling < 1, "--scaling is %s, expected a ratio between 0 and 1", scaling);
        BadInput.unless(tolerance == null || tolerance >= 0 && tolerance < Double.POSITIVE_INFINITY,
            "--tolerance is %s, expected a number of at least 0", tolerance);
    }

    private static void allowed(String option, Object value, boolean applies, Loss loss) {
        if (!applies) {
            refuse(option, value, loss.toString());
        }
    }

    static void refuse(String option, Object value, String flow) {
        BadInput.unless(value == null, "%s says nothing to %s", option, flow);
    }

    static void positive(String option, Double value) {
        BadInput.unless(value == null || value > 0 && value < Double.POSITIVE_INFINITY, "%s is %s, expected a positive number", option,
            value);
    }

    MeasureLoss make(Loss loss, Precision usual, long seed, Placement placement) {
        Precision pairs = precision == null ? usual : precision;
        double width = InFileUnits.length("--blur", blur == null ? BLUR : blur, loss.hasBlur() ? placement : null);
        double power = p == null ? 2 : p;
        int exponent = (int) power;
        int lines = projections == null ? 100 : projections;
        return switch (loss) {
            case ENERGY -> new KernelNorm(PairKernel.energy(), pairs);
            case GAUSSIAN -> new KernelNorm(PairKernel.gaussian(width), pairs);
            case LAPLACIAN -> new KernelNorm(PairKernel.laplacian(width), pairs);
            case LIKELIHOOD -> new MixtureLikelihood(width, pairs);
            case HAUSDORFF -> new SoftHausdorff(exponent, width, pairs);
            case SINKHORN, SINKHORN_BIASED -> new Sinkhorn(sinkhorn(loss, exponent, width, pairs, placement));
            case WASSERSTEIN_1D -> new ProjectedWasserstein.Line(power);
            case SLICED -> new ProjectedWasserstein.Sliced(power, lines, seed);
            case MAX_SLICED -> new ProjectedWasserstein.MaxSliced(power, lines, seed);
        };
    }

    private SinkhornOptions sinkhorn(Loss loss, int exponent, double width, Precision pairs, Placement placement) {
        SinkhornOptions.Builder builder = SinkhornOptions.builder().p(exponent).blur(width).debias(loss == Loss.SINKHORN).precision(pairs)
            .tolerance(pairs == Precision.FLOAT64 ? 1e-6 : 1e-4);
        if (reach != null) {
            builder.reach(InFileUnits.length("--reach", reach, placement));
        }
        if (scaling != null) {
            builder.scaling(scaling);
        }
        if (tolerance != null) {
            builder.tolerance(tolerance);
        }
        return builder.build();
    }
}
