package org.pontoon.cli;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import org.pontoon.cli.report.BadInput;
import org.pontoon.engine.file.Placement;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.transport.ExactTransport;
import org.pontoon.engine.transport.KernelNorm;
import org.pontoon.engine.transport.Loss;
import org.pontoon.engine.transport.MixtureLikelihood;
import org.pontoon.engine.transport.PairKernel;
import org.pontoon.engine.transport.Precision;
import org.pontoon.engine.transport.ProjectedWasserstein;
import org.pontoon.engine.transport.Sinkhorn;
import org.pontoon.engine.transport.SinkhornOptions;
import org.pontoon.engine.transport.SoftHausdorff;
import picocli.CommandLine.Option;

/** How a loss between two clouds is measured, as {@code distance} and {@code flow} are told of it. */
final class LossOptions {

    static final String NAMES = "energy (half the energy distance 2E|X-Y| - E|X-X'| - E|Y-Y'|), gaussian or laplacian (kernel norms), "
        + "likelihood (of Y under a mixture of Gaussians at X), hausdorff, sinkhorn (debiased), sinkhorn-biased, wasserstein (exact), "
        + "wasserstein-1d, sliced or max-sliced";

    private static final Length USUAL_BLUR = new Length(0.05, false);
    private static final int MOST_ITERATIONS = 1000;

    /** Losses by the names they have on the command line. */
    enum LossName {
        ENERGY, GAUSSIAN, LAPLACIAN, LIKELIHOOD, HAUSDORFF, SINKHORN, SINKHORN_BIASED, WASSERSTEIN, WASSERSTEIN_1D, SLICED, MAX_SLICED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        boolean hasBlur() {
            return this != ENERGY && !isWasserstein();
        }

        boolean hasExponent() {
            return this == HAUSDORFF || isSinkhorn() || isWasserstein();
        }

        boolean hasProjections() {
            return this == SLICED || this == MAX_SLICED;
        }

        /** Whether it is a distance W_p without blur, of any p from 1. */
        boolean isWasserstein() {
            return this == WASSERSTEIN || this == WASSERSTEIN_1D || hasProjections();
        }

        /** Whether it is a sum over pairs, which may be in float32. */
        boolean hasPairs() {
            return !isWasserstein();
        }

        /** Whether it has a transport plan. */
        boolean hasPlan() {
            return isSinkhorn() || isExact();
        }

        /** Whether it has a plan with few entries. */
        boolean isExact() {
            return this == WASSERSTEIN || this == WASSERSTEIN_1D;
        }

        boolean isKernelNorm() {
            return this == ENERGY || this == GAUSSIAN || this == LAPLACIAN;
        }

        /** Whether it is found by iterations that a tolerance or their number ends. */
        boolean iterates() {
            return isSinkhorn() || this == WASSERSTEIN || this == MAX_SLICED;
        }

        boolean isSinkhorn() {
            return this == SINKHORN || this == SINKHORN_BIASED;
        }
    }

    /** For shell completion. */
    static final class Names implements Iterable<String> {

        @Override
        public Iterator<String> iterator() {
            return Stream.of(LossName.values()).map(LossName::toString).iterator();
        }
    }

    @Option(names = "--p", paramLabel = "P", description = "1 for the cost |x-y|, 2 for |x-y|^2/2; for the last four losses any exponent "
        + "from 1 (default: 2).")
    private Double p;

    @Option(names = "--blur", paramLabel = "S", converter = Length.Converter.class, description = "Length below which details do not count: "
        + "a kernel's or mixture's width, or the blur of transport, whose epsilon is blur^p; " + Length.EITHER + ", as in 5%% (default: "
        + "0.05).")
    private Length blur;

    @Option(names = "--reach", paramLabel = "R", converter = Length.Converter.class, description = "Length beyond which transport rather "
        + "leaves mass behind, of both clouds; like --blur a number or a percentage (default: none).")
    private Length reach;

    @Option(names = "--reach-x", paramLabel = "R", converter = Length.Converter.class, description = "The reach of the first cloud's mass "
        + "alone (default: --reach).")
    private Length reachX;

    @Option(names = "--reach-y", paramLabel = "R", converter = Length.Converter.class, description = "The reach of the second cloud's mass "
        + "alone (default: --reach).")
    private Length reachY;

    @Option(names = "--scaling", paramLabel = "Q", description = "Ratio of successive blurs of the annealing (default: 0.5).")
    private Double scaling;

    @Option(names = "--tolerance", paramLabel = "T", description = "L1 error of the marginals at which Sinkhorn's iterations stop (default: "
        + "1e-6 in float64, 1e-4 in float32).")
    private Double tolerance;

    @Option(names = "--max-iterations", paramLabel = "N", description = "Most iterations of Sinkhorn, between the clouds and of each "
        + "against itself (default: 10000), pivots of wasserstein (default: 1e9), or steps of max-sliced's ascent (default: 1000).")
    private Integer maxIterations;

    @Option(names = "--projections", paramLabel = "L", description = "Directions of sliced, starts of max-sliced (default: 100).")
    private Integer projections;

    @Option(names = "--precision", paramLabel = "T", description = "Arithmetic of the sums over pairs, float32 (fast) or float64 (default: "
        + "float64 for a distance, float32 for a flow).")
    private Precision precision;

    /** The width of kernels and mixtures between two clouds, of which the second may be null; null where none was given. */
    Double blur(PointCloud x, PointCloud y) {
        return blur == null ? null : blur.between("--blur", null, x, y);
    }

    /** How many directions, null where none was given. */
    Integer projections() {
        return projections;
    }

    /** Refuses every option but perhaps the blur and the directions, for a flow that descends none of the losses. */
    void checkNone(String flow, boolean blurToo, boolean projectionsToo) {
        refuse("--p", p, flow);
        refuse("--reach", reach, flow);
        refuse("--reach-x", reachX, flow);
        refuse("--reach-y", reachY, flow);
        refuse("--scaling", scaling, flow);
        refuse("--tolerance", tolerance, flow);
        refuse("--max-iterations", maxIterations, flow);
        refuse("--precision", precision, flow);
        if (!projectionsToo) {
            refuse("--projections", projections, flow);
        }
        BadInput.unless(projections == null || projections >= 1, "--projections is %d, expected at least 1", projections);
        if (!blurToo) {
            refuse("--blur", blur, flow);
        }
        Length.check("--blur", blur);
    }

    /** Whether all mass is transported, so that only the proportions of weights count. */
    boolean balanced() {
        return reach == null && reachX == null && reachY == null;
    }

    /** The exponent of the cost. */
    double exponent() {
        return p == null ? 2 : p;
    }

    /** The clouds that a loss is measured between; in a unit of their own, which {@link #degree} brings back, only where that is said. */
    List<PointCloud> read(LossName loss, CloudPair pair, Path x, Path y, long seed, boolean scales) {
        return loss == LossName.WASSERSTEIN_1D ? pair.readLines(x, y, seed, scales) : pair.read(x, y, seed, balanced(), scales);
    }

    /** The power of a common factor of all lengths by which a loss grows, that of W_p^p for those that take a root. */
    double degree(LossName loss) {
        return switch (loss) {
            case ENERGY -> 1;
            case GAUSSIAN, LAPLACIAN, LIKELIHOOD -> 0;
            default -> exponent();
        };
    }

    void check(LossName loss) {
        allowed("--p", p, loss.hasExponent(), loss);
        allowed("--blur", blur, loss.hasBlur(), loss);
        allowed("--reach", reach, loss.isSinkhorn(), loss);
        allowed("--reach-x", reachX, loss.isSinkhorn(), loss);
        allowed("--reach-y", reachY, loss.isSinkhorn(), loss);
        allowed("--scaling", scaling, loss.isSinkhorn(), loss);
        allowed("--tolerance", tolerance, loss.isSinkhorn(), loss);
        allowed("--max-iterations", maxIterations, loss.iterates(), loss);
        allowed("--projections", projections, loss.hasProjections(), loss);
        allowed("--precision", precision, loss.hasPairs(), loss);
        if (loss.isWasserstein()) {
            BadInput.unless(p == null || p >= 1 && p < Double.POSITIVE_INFINITY, "--p is %s, expected a number of at least 1", p);
        } else {
            BadInput.unless(p == null || p == 1 || p == 2, "--p is %s, expected 1 or 2", p);
        }
        BadInput.unless(projections == null || projections >= 1, "--projections is %d, expected at least 1", projections);
        Length.check("--blur", blur);
        Length.check("--reach", reach);
        Length.check("--reach-x", reachX);
        Length.check("--reach-y", reachY);
        BadInput.unless(maxIterations == null || maxIterations >= 1, "--max-iterations is %d, expected at least 1", maxIterations);
        BadInput.unless(scaling == null || scaling > 0 && scaling < 1, "--scaling is %s, expected a ratio between 0 and 1", scaling);
        BadInput.unless(tolerance == null || tolerance >= 0 && tolerance < Double.POSITIVE_INFINITY,
            "--tolerance is %s, expected a number of at least 0", tolerance);
    }

    /** Refuses what a matrix of costs leaves no room for: its unit is its own, and its arithmetic float64. */
    void checkCosts(String whose) {
        refuse("--p", p, whose);
        refuse("--precision", precision, whose);
        for (Length length : new Length[] {blur, reach, reachX, reachY}) {
            BadInput.unless(length == null || !length.relative(), "%s has no bounding box, expected lengths without %%", whose);
        }
    }

    /** How Sinkhorn solves for a matrix of costs, where epsilon is the blur and rho the reach. */
    SinkhornOptions sinkhornOfCosts() {
        return sinkhorn(LossName.SINKHORN_BIASED, 1, Precision.FLOAT64, null, null, null);
    }

    /** How many pivots exact transport may take. */
    long pivots() {
        return maxIterations == null ? ExactTransport.DEFAULT_MAX_ITERATIONS : maxIterations;
    }

    private static void allowed(String option, Object value, boolean applies, LossName loss) {
        if (!applies) {
            refuse(option, value, loss.toString());
        }
    }

    static void refuse(String option, Object value, String flow) {
        BadInput.unless(value == null, "%s does not apply to %s", option, flow);
    }

    static void positive(String option, Double value) {
        BadInput.unless(value == null || value > 0 && value < Double.POSITIVE_INFINITY, "%s is %s, expected a positive number", option,
            value);
    }

    /** The loss between two clouds, which tell what lengths that are relative to them mean. */
    Loss make(LossName loss, Precision usual, long seed, Placement placement, PointCloud x, PointCloud y) {
        Precision pairs = precision == null ? usual : precision;
        int lines = projections == null ? 100 : projections;
        int steps = maxIterations == null ? MOST_ITERATIONS : maxIterations;
        return switch (loss) {
            case ENERGY, GAUSSIAN, LAPLACIAN -> new KernelNorm(kernel(loss, placement, x, y), pairs);
            case LIKELIHOOD -> new MixtureLikelihood(width(placement, x, y), pairs);
            case HAUSDORFF -> new SoftHausdorff((int) exponent(), width(placement, x, y), pairs);
            case SINKHORN, SINKHORN_BIASED -> new Sinkhorn(sinkhorn(loss, (int) exponent(), pairs, placement, x, y));
            case WASSERSTEIN ->
                new ExactTransport(exponent(), pivots());
            case WASSERSTEIN_1D -> new ProjectedWasserstein.Line(exponent());
            case SLICED -> new ProjectedWasserstein.Sliced(exponent(), lines, seed);
            case MAX_SLICED -> new ProjectedWasserstein.MaxSliced(exponent(), lines, seed, steps);
        };
    }

    /** The kernel of a kernel norm. */
    PairKernel kernel(LossName loss, Placement placement, PointCloud x, PointCloud y) {
        return switch (loss) {
            case ENERGY -> PairKernel.energy();
            case GAUSSIAN -> PairKernel.gaussian(width(placement, x, y));
            case LAPLACIAN -> PairKernel.laplacian(width(placement, x, y));
            default -> throw new IllegalArgumentException(loss + " has no kernel");
        };
    }

    /** The blur, given or not, in the unit that the clouds were placed in. */
    double width(Placement placement, PointCloud x, PointCloud y) {
        return (blur == null ? USUAL_BLUR : blur).between("--blur", placement, x, y);
    }

    private SinkhornOptions sinkhorn(LossName loss, int power, Precision pairs, Placement placement, PointCloud x, PointCloud y) {
        SinkhornOptions.Builder builder = SinkhornOptions.builder().p(power).blur(width(placement, x, y))
            .debias(loss == LossName.SINKHORN)
            .precision(pairs).tolerance(pairs == Precision.FLOAT64 ? 1e-6 : 1e-4);
        if (reach != null) {
            builder.reach(reach.between("--reach", placement, x, y));
        }
        if (reachX != null) {
            builder.reachX(reachX.between("--reach-x", placement, x, y));
        }
        if (reachY != null) {
            builder.reachY(reachY.between("--reach-y", placement, x, y));
        }
        if (scaling != null) {
            builder.scaling(scaling);
        }
        if (tolerance != null) {
            builder.tolerance(tolerance);
        }
        if (maxIterations != null) {
            builder.maxIterations(maxIterations);
        }
        return builder.build();
    }
}
