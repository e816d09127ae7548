package org.pontoon.engine.transport;

import java.util.Arrays;

/**
 * The primal network simplex method for a transport problem, over those of its arcs that it was told (Ahuja, Magnanti and Orlin 1993,
 * "Network flows", chapter 11). A basis is a spanning tree of sources, targets and a root, which every point is joined to at first by an
 * artificial arc: flow through the root costs {@link #DETOUR} and stands for mass that no known arc carries for less. Flows are whole
 * numbers, so no rounding ever adds up in them, and trees stay strongly feasible (all tree arcs without flow point to the root), so degenerate
 * pivots cannot cycle. An entering arc is the best of a block of arcs, the next block at every pivot.
 *
 * <p>Potentials satisfy {@code f_i + g_j = C_ij} on the tree. They are followed by differences and computed afresh by {@link #refresh()}.
 *
 * <p>Not thread-safe.
 */
final class NetworkSimplex {

    /** Cost of a path through the root. */
    static final double DETOUR = 1;

    private static final int NONE = -1;
    private static final int LEAST_BLOCK = 16;
    /** Units of rounding of the largest potentials that a reduced cost has to be below zero by. */
    private static final double ROUNDINGS = 8 * 0x1p-52;

    private final int sources;
    private final int root;
    private final int[] parent;
    private final int[] child;
    private final int[] next;
    private final int[] previous;
    private final int[] depth;
    /** Of the arc between a node and its parent, which always goes from a source to a target, the root being either. */
    private final long[] flow;
    private final double[] cost;
    private final double[] potential;

    private int[] arcSource = new int[1024];
    private int[] arcTarget = new int[1024];
    private double[] arcCost = new double[1024];
    private int arcs;
    private int cursor;
    private long pivots;
    private double gain;
    private double slack = 1;
    private double tolerance;

    /**
     * Starts from the tree of artificial arcs.
     *
     * @param supply flow that leaves every source, positive
     * @param demand flow that every target takes, positive, of the same sum
     */
    NetworkSimplex(long[] supply, long[] demand) {
        sources = supply.length;
        root = supply.length + demand.length;
        parent = new int[root + 1];
        child = new int[root + 1];
        next = new int[root + 1];
        previous = new int[root + 1];
        depth = new int[root + 1];
        flow = new long[root];
        cost = new double[root];
        potential = new double[root];
        Arrays.fill(child, NONE);
        parent[root] = NONE;
        next[root] = NONE;
        for (int u = root - 1; u >= 0; u--) {
            boolean source = u < sources;
            flow[u] = source ? supply[u] : demand[u - sources];
            cost[u] = source ? 0 : DETOUR;
            link(u, root);
        }
        refresh();
    }

    /** Makes an arc known. */
    void add(int source, int target, double itsCost) {
        if (arcs == arcCost.length) {
            arcSource = Arrays.copyOf(arcSource, 2 * arcs);
            arcTarget = Arrays.copyOf(arcTarget, 2 * arcs);
            arcCost = Arrays.copyOf(arcCost, 2 * arcs);
        }
        arcSource[arcs] = source;
        arcTarget[arcs] = sources + target;
        arcCost[arcs++] = itsCost;
    }

    int arcs() {
        return arcs;
    }

    long pivots() {
        return pivots;
    }

    /** The potential of a source. */
    double f(int source) {
        return potential[source];
    }

    /** The potential of a target. */
    double g(int target) {
        return potential[sources + target];
    }

    /** By how much a reduced cost must be below zero to be no rounding. */
    double tolerance() {
        return tolerance;
    }

    /** Doubles what is taken for rounding, for the rest of the work. */
    void loosen() {
        slack *= 2;
        tolerance *= 2;
    }

    /** What the pivots since the last call have made the flow cheaper by, as far as rounding tells. */
    double takeGain() {
        double taken = gain;
        gain = 0;
        return taken;
    }

    /** Keeps only the so many arcs of least reduced cost; those of the tree stay in it anyway. */
    void keep(int most) {
        if (arcs <= most) {
            return;
        }
        double[] reduced = new double[arcs];
        for (int e = 0; e < arcs; e++) {
            reduced[e] = arcCost[e] - potential[arcSource[e]] - potential[arcTarget[e]];
        }
        double[] sorted = reduced.clone();
        Arrays.sort(sorted);
        double limit = sorted[most];
        int kept = 0;
        for (int e = 0; e < arcs; e++) {
            if (reduced[e] < limit) {
                arcSource[kept] = arcSource[e];
                arcTarget[kept] = arcTarget[e];
                arcCost[kept++] = arcCost[e];
            }
        }
        arcs = kept;
    }

    /**
     * Pivots until no known arc has a negative reduced cost.
     *
     * @param most pivots that there may be
     * @return whether it came so far
     */
    boolean run(long most) {
        int block = Math.max(LEAST_BLOCK, (int) Math.sqrt(arcs));
        for (long k = 0; k < most; k++) {
            int entering = entering(block);
            if (entering == NONE) {
                return true;
            }
            pivot(arcSource[entering], arcTarget[entering], arcCost[entering]);
        }
        return false;
    }

    private int entering(int block) {
        int[] source = arcSource;
        int[] target = arcTarget;
        int from = cursor < arcs ? cursor : 0;
        for (int left = arcs; left > 0;) {
            int to = Math.min(arcs, from + Math.min(block, left));
            int best = NONE;
            double least = -tolerance;
            for (int e = from; e < to; e++) {
                double reduced = arcCost[e] - potential[source[e]] - potential[target[e]];
                if (reduced < least) {
                    least = reduced;
                    best = e;
                }
            }
            left -= to - from;
            from = to == arcs ? 0 : to;
            if (best != NONE) {
                cursor = from;
                return best;
            }
        }
        return NONE;
    }

    /**
     * Sends flow over an arc and back through the tree, until an arc of the tree is empty, which then leaves it.
     */
    private void pivot(int source, int target, double itsCost) {
        pivots++;
        // flow falls on the arcs from sources up, on the way from the source, and on those from targets up, on the way from the target
        int onSourceSide = NONE;
        long leastOnSourceSide = Long.MAX_VALUE;
        int onTargetSide = NONE;
        long leastOnTargetSide = Long.MAX_VALUE;
        int u = source;
        int v = target;
        while (u != v) {
            if (depth[u] >= depth[v]) {
                if (u < sources && flow[u] < leastOnSourceSide) {
                    leastOnSourceSide = flow[u];
                    onSourceSide = u;
                }
                u = parent[u];
            } else {
                if (v >= sources && flow[v] <= leastOnTargetSide) {
                    leastOnTargetSide = flow[v];
                    onTargetSide = v;
                }
                v = parent[v];
            }
        }
        // the last empty arc round the cycle, seen from where it is nearest to the root: that keeps the tree strongly feasible
        boolean leavesTargetSide = leastOnTargetSide <= leastOnSourceSide;
        long moved = leavesTargetSide ? leastOnTargetSide : leastOnSourceSide;
        int join = u;
        if (moved > 0) {
            for (u = source; u != join; u = parent[u]) {
                flow[u] += u < sources ? -moved : moved;
            }
            for (v = target; v != join; v = parent[v]) {
                flow[v] += v < sources ? moved : -moved;
            }
        }
        double reduced = itsCost - potential[source] - potential[target];
        gain -= reduced * moved;
        int top = leavesTargetSide ? target : source;
        hang(top, leavesTargetSide ? source : target, leavesTargetSide ? onTargetSide : onSourceSide, moved, itsCost);
        shift(top, top < sources ? reduced : -reduced);
    }

    /** Makes a node the top of the part of the tree that is cut off below a leaving arc, and joins it to its new parent. */
    private void hang(int top, int newParent, int leaving, long itsFlow, double itsCost) {
        int above = newParent;
        long flowAbove = itsFlow;
        double costAbove = itsCost;
        int u = top;
        while (true) {
            int was = parent[u];
            long flowWas = flow[u];
            double costWas = cost[u];
            unlink(u);
            link(u, above);
            flow[u] = flowAbove;
            cost[u] = costAbove;
            if (u == leaving) {
                return;
            }
            above = u;
            flowAbove = flowWas;
            costAbove = costWas;
            u = was;
        }
    }

    /** Adds to the potentials of the sources below a node, itself included, and subtracts from those of the targets; sets their depths. */
    private void shift(int top, double change) {
        int u = top;
        while (u != NONE) {
            depth[u] = depth[parent[u]] + 1;
            potential[u] += u < sources ? change : -change;
            u = following(u, top);
        }
    }

    /** The node after this one in a walk through what is below another, NONE at its end. */
    private int following(int node, int top) {
        if (child[node] != NONE) {
            return child[node];
        }
        int u = node;
        while (u != top && next[u] == NONE) {
            u = parent[u];
        }
        return u == top ? NONE : next[u];
    }

    private void link(int node, int newParent) {
        int first = child[newParent];
        parent[node] = newParent;
        next[node] = first;
        previous[node] = NONE;
        if (first != NONE) {
            previous[first] = node;
        }
        child[newParent] = node;
    }

    private void unlink(int node) {
        int before = previous[node];
        int after = next[node];
        if (before == NONE) {
            child[parent[node]] = after;
        } else {
            next[before] = after;
        }
        if (after != NONE) {
            previous[after] = before;
        }
    }

    /** Computes potentials, depths and tolerance from the tree. */
    void refresh() {
        // where no source hangs at the root, the detour's cost is in all potentials alike, and only rounds them
        double offset = DETOUR;
        for (int u = child[root]; u != NONE; u = next[u]) {
            offset = u < sources ? 0 : offset;
        }
        double mostF = 0;
        double mostG = 0;
        for (int u = child[root]; u != NONE; u = following(u, root)) {
            int above = parent[u];
            depth[u] = depth[above] + 1;
            potential[u] = above == root ? cost[u] - (u < sources ? 0 : offset) : cost[u] - potential[above];
            if (u < sources) {
                mostF = Math.max(mostF, Math.abs(potential[u]));
            } else {
                mostG = Math.max(mostG, Math.abs(potential[u]));
            }
        }
        tolerance = slack * ROUNDINGS * (mostF + mostG);
    }

    /** Takes new costs for all arcs. Tree arcs without flow that cost more than a detour make room for one. */
    void reprice(GroundCosts costs) {
        for (int e = 0; e < arcs; e++) {
            arcCost[e] = costs.cost(arcSource[e], arcTarget[e] - sources);
        }
        for (int u = 0; u < root; u++) {
            int above = parent[u];
            if (above == root) {
                continue;
            }
            cost[u] = u < sources ? costs.cost(u, above - sources) : costs.cost(above, u - sources);
            if (flow[u] == 0 && cost[u] > DETOUR) {
                // strongly feasible: it goes from a source up
                unlink(u);
                link(u, root);
                cost[u] = 0;
            }
        }
        refresh();
    }

    /** Whether any flow takes the detour through the root. */
    boolean detours() {
        for (int u = child[root]; u != NONE; u = next[u]) {
            if (flow[u] > 0) {
                return true;
            }
        }
        return false;
    }

    /** Flow of every source that takes the detour through the root. */
    long[] unservedSupply() {
        long[] unserved = new long[sources];
        for (int u = child[root]; u != NONE; u = next[u]) {
            if (u < sources) {
                unserved[u] = flow[u];
            }
        }
        return unserved;
    }

    /** Flow of every target that comes by the detour through the root. */
    long[] unservedDemand() {
        long[] unserved = new long[root - sources];
        for (int u = child[root]; u != NONE; u = next[u]) {
            if (u >= sources) {
                unserved[u - sources] = flow[u];
            }
        }
        return unserved;
    }

    /** What is told of flows. */
    interface Flows {

        /** Positive flow from a source to a target. */
        void flow(int source, int target, long amount);
    }

    /** Tells all positive flows, each once but for those through the root, which go from the first such source to the first such target. */
    void flows(Flows told) {
        long[] left = new long[root];
        for (int u = 0; u < root; u++) {
            if (parent[u] == root) {
                left[u] = flow[u];
            } else if (flow[u] > 0) {
                told.flow(u < sources ? u : parent[u], (u < sources ? parent[u] : u) - sources, flow[u]);
            }
        }
        int target = sources;
        for (int source = 0; source < sources; source++) {
            while (left[source] > 0) {
                if (left[target] == 0) {
                    target++;
                    continue;
                }
                long amount = Math.min(left[source], left[target]);
                left[source] -= amount;
                left[target] -= amount;
                told.flow(source, target - sources, amount);
            }
        }
    }
}
