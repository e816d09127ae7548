package org.pontoon.engine.transport;

import java.util.Arrays;
import java.util.stream.IntStream;

import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.transport.ExactTransportResult.Status;

/**
 * Exact transport between weights, whatever the costs are of: makes whole numbers of the weights, leaves out what has none, solves, and brings
 * plan and potentials back to all points. Potentials are in units of {@link #unit}.
 */
final class ExactSolution {

    /** Binary digits of a sum of weights, as a whole number. */
    private static final int DIGITS = 60;

    private final double[] f;
    private final double[] g;
    private final double unit;
    private final SparsePlan plan;
    private final double gap;
    private final double violation;
    private final long iterations;
    private final Status status;

    /** The costs between some points. */
    interface Costs {

        GroundCosts between(int[] rows, int[] columns);
    }

    /**
     * Solves.
     *
     * @param a weights of the first measure, not all 0
     * @param b weights of the second, of the same sum but for rounding
     * @param costs what it costs
     * @param near by what neighbours are chosen
     */
    ExactSolution(double[] a, double[] b, Costs costs, Costs near, long maxIterations, TileScheduler scheduler, Progress progress) {
        WholeWeights weights = WholeWeights.of(a, b);
        int[] rows = weights.rows;
        int[] columns = weights.columns;
        GroundCosts ground = costs.between(rows, columns);
        ArcGeneration solver = new ArcGeneration(ground, weights.supply, weights.demand, maxIterations, scheduler, progress);
        status = solver.solve(near.between(rows, columns));
        iterations = solver.simplex().pivots();
        unit = ground.unit();
        plan = plan(solver.simplex(), weights, a.length);
        f = new double[a.length];
        g = new double[b.length];
        spread(solver.f(), rows, f);
        spread(solver.g(), columns, g);
        gap = gap(solver, ground, weights);
        double most = solver.violation();
        int[] idleRows = others(rows, a.length);
        if (idleRows.length > 0) {
            ArcGeneration.Conjugate conjugate = ArcGeneration.conjugate(scaled(costs.between(idleRows, columns), ground), solver.g(),
                scheduler);
            spread(conjugate.potential(), idleRows, f);
            most = Math.max(most, conjugate.violation());
        }
        int[] idleColumns = others(columns, b.length);
        if (idleColumns.length > 0) {
            int[] all = IntStream.range(0, a.length).toArray();
            ArcGeneration.Conjugate conjugate = ArcGeneration.conjugate(scaled(costs.between(all, idleColumns), ground).transposed(), f,
                scheduler);
            spread(conjugate.potential(), idleColumns, g);
            most = Math.max(most, conjugate.violation());
        }
        violation = most;
    }

    private static GroundCosts scaled(GroundCosts costs, GroundCosts like) {
        costs.scale(like.scale());
        return costs;
    }

    private static void spread(double[] values, int[] places, double[] all) {
        for (int k = 0; k < places.length; k++) {
            all[places[k]] = values[k];
        }
    }

    private static int[] others(int[] chosen, int count) {
        boolean[] is = new boolean[count];
        for (int i : chosen) {
            is[i] = true;
        }
        return IntStream.range(0, count).filter(i -> !is[i]).toArray();
    }

    double[] f() {
        return f;
    }

    double[] g() {
        return g;
    }

    /** What potentials are in units of; infinite or 0 where that is beyond double. */
    double unit() {
        return unit;
    }

    SparsePlan plan() {
        return plan;
    }

    /** Cost of the plan less that of the potentials, in units. */
    double gap() {
        return gap;
    }

    /** The largest excess of potentials over costs, in units. */
    double violation() {
        return violation;
    }

    long iterations() {
        return iterations;
    }

    Status status() {
        return status;
    }

    /** The weights that are positive, as flows; a flow of 1 has mass {@code factor 2^exponent}. */
    private record WholeWeights(int[] rows, long[] supply, int[] columns, long[] demand, double factor, int exponent) {

        double mass(long amount) {
            return Math.scalb(amount * factor, exponent);
        }

        static WholeWeights of(double[] a, double[] b) {
            int[] rows = IntStream.range(0, a.length).filter(i -> a[i] > 0).toArray();
            int[] columns = IntStream.range(0, b.length).filter(j -> b[j] > 0).toArray();
            if (equal(a, rows) && equal(b, columns)) {
                // each weight a whole number, and as small as can be
                long divisor = gcd(rows.length, columns.length);
                long[] supply = new long[rows.length];
                long[] demand = new long[columns.length];
                Arrays.fill(supply, columns.length / divisor);
                Arrays.fill(demand, rows.length / divisor);
                return new WholeWeights(rows, supply, columns, demand, a[rows[0]] / supply[0], 0);
            }
            int shift = DIGITS - Math.getExponent(Arrays.stream(a).sum());
            int[] positiveRows = positive(a, shift);
            int[] positiveColumns = positive(b, shift);
            long[] supply = whole(a, positiveRows, shift);
            long[] demand = whole(b, positiveColumns, shift);
            level(supply, demand);
            return new WholeWeights(positiveRows, supply, positiveColumns, demand, 1, -shift);
        }

        private static boolean equal(double[] weights, int[] places) {
            return IntStream.of(places).allMatch(i -> weights[i] == weights[places[0]]);
        }

        private static long gcd(long u, long v) {
            return v == 0 ? u : gcd(v, u % v);
        }

        private static int[] positive(double[] weights, int shift) {
            return IntStream.range(0, weights.length).filter(i -> whole(weights[i], shift) > 0).toArray();
        }

        private static long[] whole(double[] weights, int[] places, int shift) {
            return IntStream.of(places).mapToLong(i -> whole(weights[i], shift)).toArray();
        }

        private static long whole(double weight, int shift) {
            return Math.round(Math.scalb(weight, shift));
        }

        /** Gives the largest demand what rounding has left over. */
        private static void level(long[] supply, long[] demand) {
            long left = Arrays.stream(supply).sum() - Arrays.stream(demand).sum();
            int largest = 0;
            for (int j = 1; j < demand.length; j++) {
                largest = demand[j] > demand[largest] ? j : largest;
            }
            demand[largest] += left;
        }
    }

    private static double gap(ArcGeneration solver, GroundCosts costs, WholeWeights weights) {
        // slackness, flow by flow: sums of costs and of potentials would be larger than what they differ by
        double[] sum = new double[1];
        solver.simplex().flows((source, target, amount) -> sum[0] += weights.mass(amount)
            * (costs.cost(source, target) - solver.f()[source] - solver.g()[target]));
        return sum[0];
    }

    private static SparsePlan plan(NetworkSimplex simplex, WholeWeights weights, int rowCount) {
        int most = weights.rows.length + weights.columns.length;
        int[] sources = new int[most];
        int[] targets = new int[most];
        long[] amounts = new long[most];
        int[] starts = new int[rowCount + 1];
        int[] size = new int[1];
        simplex.flows((source, target, amount) -> {
            int k = size[0]++;
            sources[k] = weights.rows[source];
            targets[k] = weights.columns[target];
            amounts[k] = amount;
            starts[sources[k] + 1]++;
        });
        for (int i = 0; i < rowCount; i++) {
            starts[i + 1] += starts[i];
        }
        int[] columns = new int[size[0]];
        double[] masses = new double[size[0]];
        int[] next = Arrays.copyOf(starts, rowCount);
        for (int k : byTarget(targets, size[0])) {
            int to = next[sources[k]]++;
            columns[to] = targets[k];
            masses[to] = weights.mass(amounts[k]);
        }
        return new SparsePlan(starts, columns, masses);
    }

    private static int[] byTarget(int[] targets, int count) {
        long[] keys = new long[count];
        for (int k = 0; k < count; k++) {
            keys[k] = (long) targets[k] << 32 | k;
        }
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
    }
}
