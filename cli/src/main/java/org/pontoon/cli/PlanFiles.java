package org.pontoon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.Stream;

import org.pontoon.cli.LossOptions.LossName;
import org.pontoon.cli.report.BadInput;
import org.pontoon.engine.file.NpyArray;
import org.pontoon.engine.file.NpyFile;
import org.pontoon.engine.file.NpzFile;
import org.pontoon.engine.file.Placement;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.transport.SinkhornResult;
import org.pontoon.engine.transport.SparsePlan;
import org.pontoon.engine.transport.TransportPlan;
import picocli.CommandLine.Option;

/** What of a transport plan {@code distance} writes, beside the value. */
final class PlanFiles {

    private static final int USUAL_TOP = 10;

    @Option(names = "--plan", paramLabel = "P.npz", description = "Write the plan's entries: arrays rows, columns and values (masses), and "
        + "shape, which is N, M. Of sinkhorn the largest of each row; of exact plans all, of which there are fewer than N + M.")
    private Path plan;

    @Option(names = "--top-k", paramLabel = "K", description = "Entries of each row in --plan (default: " + USUAL_TOP
        + "). The summary says "
        + "what share of the mass they hold.")
    private Integer top;

    @Option(names = "--potentials", paramLabel = "F.npz", description = "Write the dual potentials, in the unit of the cost: arrays f (N,) and "
        + "g (M,), and for sinkhorn faa and gbb, those of each cloud against itself.")
    private Path potentials;

    @Option(names = "--map", paramLabel = "T.npy", description = "Write the barycentric map of X, shape (N, D): for each point the mean of "
        + "where the plan takes it.")
    private Path map;

    @Option(names = "--draws", paramLabel = "S.npy", description = "Write points of Y drawn from the plan for each point of X, shape (N * S, "
        + "D); sample j of point n is row n * S + j.")
    private Path draws;

    @Option(names = "--samples", paramLabel = "S", description = "Draws for each point (default: 1).")
    private Integer samples;

    /** Refuses what the loss has not, before work begins. */
    void check(LossName loss) {
        check(loss.toString(), loss.hasPlan());
        if (loss.isExact()) {
            LossOptions.refuse("--top-k", top, loss + ", whose plan is written whole");
        }
        requireEnding("--plan", plan, ".npz");
        requireEnding("--potentials", potentials, ".npz");
        requireEnding("--map", map, ".npy");
        requireEnding("--draws", draws, ".npy");
        BadInput.unless(top == null || plan != null, "--top-k says nothing without --plan");
        BadInput.unless(samples == null || draws != null, "--samples says nothing without --draws");
        BadInput.unless(top == null || top >= 1, "--top-k is %d, expected at least 1", top);
        BadInput.unless(samples == null || samples >= 1, "--samples is %d, expected at least 1", samples);
    }

    /** Refuses everything where there is no plan. */
    void check(String whose, boolean hasPlan) {
        if (!hasPlan) {
            LossOptions.refuse("--plan", plan, whose);
            LossOptions.refuse("--top-k", top, whose);
            LossOptions.refuse("--potentials", potentials, whose);
            LossOptions.refuse("--map", map, whose);
            LossOptions.refuse("--draws", draws, whose);
            LossOptions.refuse("--samples", samples, whose);
        }
    }

    static void requireEnding(String option, Path file, String ending) {
        BadInput.unless(file == null || file.toString().toLowerCase(Locale.ROOT).endsWith(ending),
            "%s is %s, expected a name that ends in %s", option, file, ending);
    }

    /** The files that were asked for. */
    List<Path> files() {
        return Stream.of(plan, potentials, map, draws).filter(Objects::nonNull).toList();
    }

    /**
     * The way back from what was compared.
     *
     * @param placement of the clouds, null where they were read as they are
     * @param degree of the loss
     */
    record Units(Placement placement, double degree) {

        double[] potential(double[] values) {
            return new InFileUnits(placement, degree + 1).gradient(values);
        }

        double[] points(double[] placed) {
            if (placement == null) {
                return placed;
            }
            double[] origin = placement.origin();
            double[] back = new double[placed.length];
            Arrays.setAll(back, k -> origin[k % origin.length] + placement.unit() * placed[k]);
            return back;
        }
    }

    /** Writes what was asked for of an entropic plan. */
    void write(TransportPlan transport, SinkhornResult result, PointCloud x, PointCloud y, Units units, long seed,
            Map<String, Object> summary) throws IOException {
        if (plan != null) {
            writePlan(transport.largestPerRow(top()), Arrays.stream(transport.rowSums()).sum(), x.size(), y.size(), summary);
        }
        if (potentials != null) {
            SequencedMap<String, NpyArray> arrays = new LinkedHashMap<>();
            arrays.put("f", vector(units.potential(result.f())));
            arrays.put("g", vector(units.potential(result.g())));
            if (result.options().debias()) {
                arrays.put("faa", vector(units.potential(result.faa())));
                arrays.put("gbb", vector(units.potential(result.gbb())));
            }
            writePotentials(arrays, summary);
        }
        if (map != null) {
            writeMap(units.points(transport.mapX(x)), x, summary);
        }
        if (draws != null) {
            writeDraws(transport.draws(perPoint(x), seed), y, units, summary);
        }
    }

    /** How many entries of each row are asked for. */
    int top() {
        return top == null ? USUAL_TOP : top;
    }

    /** Refuses what needs points. */
    void checkCosts(String whose) {
        LossOptions.refuse("--map", map, whose);
        LossOptions.refuse("--draws", draws, whose);
    }

    boolean hasPlan() {
        return plan != null;
    }

    /** Writes the plan and the potentials for a matrix of costs. */
    void write(SparsePlan entries, double mass, double[] f, double[] g, Map<String, Object> summary) throws IOException {
        if (plan != null) {
            writePlan(entries, mass, f.length, g.length, summary);
        }
        if (potentials != null) {
            SequencedMap<String, NpyArray> arrays = new LinkedHashMap<>();
            arrays.put("f", vector(f));
            arrays.put("g", vector(g));
            writePotentials(arrays, summary);
        }
    }

    /** Writes what was asked for of an exact plan. */
    void write(SparsePlan transport, double[] f, double[] g, PointCloud x, PointCloud y, Units units, long seed,
            Map<String, Object> summary) throws IOException {
        write(transport, Arrays.stream(transport.masses()).sum(), units.potential(f), units.potential(g), summary);
        if (map != null) {
            float[] rows = y.toRows();
            double[] values = new double[rows.length];
            Arrays.setAll(values, k -> rows[k]);
            writeMap(units.points(transport.means(values, y.dimension())), x, summary);
        }
        if (draws != null) {
            writeDraws(transport.draws(perPoint(x), seed), y, units, summary);
        }
    }

    private int perPoint(PointCloud x) {
        int count = samples == null ? 1 : samples;
        int most = (Integer.MAX_VALUE - 16) / Math.multiplyExact(x.size(), x.dimension());
        BadInput.unless(count <= most, "--samples is %d, expected at most %d for %d points", count, most, x.size());
        return count;
    }

    private static NpyArray vector(double[] values) {
        return NpyArray.of(values, values.length);
    }

    private void writePlan(SparsePlan entries, double mass, int rows, int columns, Map<String, Object> summary) throws IOException {
        SequencedMap<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("rows", NpyArray.of(entries.rows(), entries.size()));
        arrays.put("columns", NpyArray.of(entries.columns(), entries.size()));
        arrays.put("values", NpyArray.of(entries.masses(), entries.size()));
        arrays.put("shape", NpyArray.of(new long[] {rows, columns}, 2));
        NpzFile.write(plan, arrays);
        summary.put("plan", plan.toString());
        summary.put("planEntries", entries.size());
        summary.put("planShare", Math.min(1, Arrays.stream(entries.masses()).sum() / mass));
    }

    private void writePotentials(SequencedMap<String, NpyArray> arrays, Map<String, Object> summary) throws IOException {
        NpzFile.write(potentials, arrays);
        summary.put("potentials", potentials.toString());
    }

    private void writeMap(double[] images, PointCloud x, Map<String, Object> summary) throws IOException {
        NpyFile.write(map, NpyArray.of(images, x.size(), x.dimension()));
        summary.put("map", map.toString());
    }

    private void writeDraws(int[] drawn, PointCloud y, Units units, Map<String, Object> summary) throws IOException {
        int dimension = y.dimension();
        float[] rows = new float[Math.multiplyExact(drawn.length, dimension)];
        for (int k = 0; k < drawn.length; k++) {
            y.copyPoint(drawn[k], rows, k * dimension);
        }
        NpyFile.write(draws, units.placement() == null ? NpyArray.of(rows, drawn.length, dimension)
            : NpyArray.of(units.placement().putBack(rows), drawn.length, dimension));
        summary.put("draws", draws.toString());
    }
}
