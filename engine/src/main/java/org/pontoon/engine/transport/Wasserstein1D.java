package org.pontoon.engine.transport;

import java.util.Arrays;
import java.util.Objects;

import org.pontoon.engine.internal.kernel.SquaredDifferences;
import org.pontoon.engine.sort.FloatSorter;

/**
 * Exact optimal transport between two weighted samples on the line, and on the circle, for the costs {@code |x - y|^p} with p at least 1.
 * Once the samples are sorted, each question costs one pass over the at most n + m - 1 stretches of equal quantiles (Peyré and Cuturi 2019,
 * section 2.6). Points are float32; differences, cumulative weights and sums are float64.
 *
 * <p>{@link #solve} takes copies of the samples. Those without weights are sorted when the first question comes: by their values alone for
 * costs and quantiles, which takes a third of the time, and with their positions for plans, potentials and gradients. Who asks for both asks
 * for those first, or sorts twice; the answers are the same bits.
 *
 * <p>Weights count in proportion: each sample is brought to total mass 1. Points of weight zero are allowed.
 *
 * <p>An instance belongs to one thread. Its scratch grows to its largest problem and stays, so that hot calls allocate nothing, except for
 * {@link #plan()}, which returns arrays of its own.
 */
public final class Wasserstein1D {

    private static final double NO_MASS = 1e-12;
    private static final int MAX_STEPS = 200;
    /** Terms that have underflowed are below its rounding. */
    private static final double LEAST_COST = 1e-290;

    private final FloatSorter sorter = new FloatSorter();
    private final Sample x = new Sample(sorter);
    private final Sample y = new Sample(sorter);
    private boolean solved;
    /** The exponent of the last cost of these samples, of which its root may be asked next; NaN before the first. */
    private double knownExponent = Double.NaN;
    private double knownCost;

    // right derivative of the last circleCost
    private double slope;

    /** Makes a solver with empty scratch. */
    public Wasserstein1D() {
    }

    /**
     * The monotone plan, optimal for every p: {@code mass[k]} goes from point {@code source[k]} to point {@code target[k]}.
     *
     * @param source positions in x
     * @param target positions in y
     * @param mass positive masses, sum 1
     */
    public record Plan(int[] source, int[] target, double[] mass) {}

    /** One sample, sorted as far as it was asked for, with its cumulative weights. */
    private static final class Sample {

        private final FloatSorter sorter;
        private float[] given = new float[0];
        private float[] points = new float[0];
        private int[] order = new int[0];
        private double[] upTo = new double[0];
        private int count;
        private double total;
        // what of the fields above holds for the sample
        private boolean sorted;
        private boolean ordered;
        private boolean accumulated;
        private boolean weighted;

        Sample(FloatSorter sorter) {
            this.sorter = sorter;
        }

        void set(String name, float[] values, float[] weights, int size) {
            Objects.checkFromIndexSize(0, size, values.length);
            if (size < 1) {
                throw new IllegalArgumentException(name + " has no points, expected at least 1");
            }
            if (weights != null && weights.length != size) {
                throw new IllegalArgumentException("weights of " + name + " have " + weights.length + " values, expected one for each of "
                    + size + " points");
            }
            grow(size);
            if (!SquaredDifferences.copyFinite(values, given, size)) {
                refuse(name, values, size);
            }
            sorted = false;
            ordered = false;
            accumulated = false;
            weighted = weights != null;
            total = size;
            if (weighted) {
                sortWithOrder();
                accumulate(name, weights);
            }
        }

        private static void refuse(String name, float[] values, int size) {
            for (int i = 0; i < size; i++) {
                if (!Float.isFinite(values[i])) {
                    throw new IllegalArgumentException("point " + i + " of " + name + " is " + values[i] + ", expected a finite value");
                }
            }
        }

        void sort() {
            if (!sorted) {
                System.arraycopy(given, 0, points, 0, count);
                sorter.sort(points, 0, count);
                sorted = true;
            }
        }

        void sortWithOrder() {
            if (!ordered) {
                growOrder();
                System.arraycopy(given, 0, points, 0, count);
                sorter.sortWithOrder(points, 0, count, order);
                sorted = true;
                ordered = true;
            }
        }

        /** Cumulative weights of a sample without weights. */
        void accumulate() {
            if (!accumulated) {
                growUpTo();
                // a correctly rounded quotient: equal fractions of two sizes are equal numbers
                for (int i = 0; i < count; i++) {
                    upTo[i] = (i + 1) / (double) count;
                }
                accumulated = true;
            }
        }

        /** A sample that is sorted already, by the order that comes with it, with weights in the order before. */
        void setSorted(String name, float[] values, int[] orderOfPoints, double[] weights) {
            int size = values.length;
            if (weights.length != size) {
                throw new IllegalArgumentException("weights of " + name + " have " + weights.length + " values, expected one for each of "
                    + size + " points");
            }
            grow(size);
            growOrder();
            growUpTo();
            System.arraycopy(values, 0, points, 0, size);
            System.arraycopy(orderOfPoints, 0, order, 0, size);
            double sum = 0;
            for (int i = 0; i < size; i++) {
                double weight = weights[order[i]];
                if (!(weight >= 0) || weight == Double.POSITIVE_INFINITY) {
                    throw new IllegalArgumentException("weight " + order[i] + " of " + name + " is " + weight
                        + ", expected a finite value of at least 0");
                }
                sum += weight;
                upTo[i] = sum;
            }
            normalise(name, sum);
            sorted = true;
            ordered = true;
            weighted = true;
        }

        private void grow(int size) {
            if (points.length < size) {
                given = new float[size];
                points = new float[size];
            }
            count = size;
        }

        // costs of equal weights need neither of these

        private void growOrder() {
            if (order.length < count) {
                order = new int[count];
            }
        }

        private void growUpTo() {
            if (upTo.length < count) {
                upTo = new double[count];
            }
        }

        private void accumulate(String name, float[] weights) {
            growUpTo();
            double sum = 0;
            for (int i = 0; i < count; i++) {
                float weight = weights[order[i]];
                if (!(weight >= 0) || weight == Float.POSITIVE_INFINITY) {
                    throw new IllegalArgumentException("weight " + order[i] + " of " + name + " is " + weight
                        + ", expected a finite value of at least 0");
                }
                sum += weight;
                upTo[i] = sum;
            }
            normalise(name, sum);
        }

        private void normalise(String name, double sum) {
            if (!(sum > 0)) {
                throw new IllegalArgumentException("all " + count + " weights of " + name + " are 0, expected a positive sum");
            }
            for (int i = 0; i < count; i++) {
                upTo[i] /= sum;
            }
            total = sum;
            accumulated = true;
        }

        /** The first point whose cumulative weight reaches the level. */
        int reaching(double level) {
            int low = 0;
            int high = count - 1;
            while (low < high) {
                int middle = low + high >>> 1;
                if (upTo[middle] >= level) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            return low;
        }
    }

    /**
     * Takes two samples, which the other methods then speak of.
     *
     * @param xs first sample, finite
     * @param xWeights its weights: as many, finite, not negative, not all zero; null for equal ones
     * @param ys second sample, finite
     * @param yWeights its weights; null for equal ones
     * @return this solver
     * @throws IllegalArgumentException if a sample or its weights are not so, naming the place
     */
    public Wasserstein1D solve(float[] xs, float[] xWeights, float[] ys, float[] yWeights) {
        return solve(xs, xs.length, xWeights, ys, ys.length, yWeights);
    }

    /** The same for the first values of longer arrays. */
    Wasserstein1D solve(float[] xs, int n, float[] xWeights, float[] ys, int m, float[] yWeights) {
        solved = false;
        knownExponent = Double.NaN;
        x.set("x", xs, xWeights, n);
        y.set("y", ys, yWeights, m);
        solved = true;
        return this;
    }

    /** Takes two samples that are sorted already; the orders say where their weights and gradients stand. */
    Wasserstein1D solveSorted(float[] xs, int[] xOrder, double[] xWeights, float[] ys, int[] yOrder, double[] yWeights) {
        solved = false;
        knownExponent = Double.NaN;
        x.setSorted("x", xs, xOrder, xWeights);
        y.setSorted("y", ys, yOrder, yWeights);
        solved = true;
        return this;
    }

    /**
     * Returns the optimal cost, {@code W_p^p}: no root is taken.
     *
     * @param p exponent, at least 1 and finite
     * @return the cost; infinite or 0 where it leaves the range of float64, as 50^200 does, but {@link #distance} does not
     * @throws IllegalArgumentException if p is below 1, infinite or NaN
     * @throws IllegalStateException before the first {@link #solve}
     */
    public double cost(double p) {
        if (p != knownExponent) {
            knownCost = cost(p, 1);
            knownExponent = p;
        }
        return knownCost;
    }

    /** The cost of distances that are multiplied by a factor. */
    private double cost(double p, double factor) {
        requireExponent(p);
        if (solved && x.count == y.count && !x.weighted && !y.weighted) {
            x.sort();
            y.sort();
            return matchedCost(x.points, 0, y.points, 0, x.count, p, factor);
        }
        sort();
        double cost = 0;
        double start = 0;
        int i = 0;
        int j = 0;
        while (i < x.count && j < y.count) {
            double u = x.upTo[i];
            double v = y.upTo[j];
            double end = Math.min(u, v);
            cost += (end - start) * power(Math.abs((double) x.points[i] - y.points[j]) * factor, p);
            start = end;
            if (u <= v) {
                i++;
            } else {
                j++;
            }
        }
        // no mass over an infinite power is the only way to it
        return Double.isNaN(cost) ? Double.POSITIVE_INFINITY : cost;
    }

    /** Mean of |x_i - y_i|^p over sorted samples of one size, with distances multiplied by a factor. */
    static double matchedCost(float[] xs, int xAt, float[] ys, int yAt, int count, double p, double factor) {
        double sum = 0;
        if (p == 2 && factor == 1) {
            sum = SquaredDifferences.sum(xs, xAt, ys, yAt, count);
        } else {
            for (int i = 0; i < count; i++) {
                sum += power(Math.abs((double) xs[xAt + i] - ys[yAt + i]) * factor, p);
            }
        }
        return sum / count;
    }

    /**
     * Returns the Wasserstein distance {@code W_p}, the p-th root of {@link #cost}. Where the cost leaves the range of float64, powers are
     * taken relative to the greatest distance that any mass goes, so that the root is right for every p.
     *
     * @param p exponent, at least 1; infinity gives the greatest distance that any mass must go
     * @return the distance
     * @throws IllegalArgumentException if p is below 1 or NaN
     * @throws IllegalStateException before the first {@link #solve}
     */
    public double distance(double p) {
        if (p == Double.POSITIVE_INFINITY) {
            // what rounding of the weights leaves over is no mass
            return greatestMove(NO_MASS);
        }
        double cost = cost(p);
        if (!leavesRange(cost, p)) {
            return root(cost, p);
        }
        double greatest = greatestMove(0);
        return greatest == 0 ? 0 : greatest * Math.pow(cost(p, 1 / greatest), 1 / p);
    }

    /** Whether a cost may have lost what its root needs; squares of differences of float32 never do. */
    static boolean leavesRange(double cost, double p) {
        return p != 1 && p != 2 && !(cost >= LEAST_COST && cost < Double.POSITIVE_INFINITY);
    }

    private double greatestMove(double noMass) {
        sort();
        double greatest = 0;
        double start = 0;
        int i = 0;
        int j = 0;
        while (i < x.count && j < y.count) {
            double u = x.upTo[i];
            double v = y.upTo[j];
            double end = Math.min(u, v);
            if (end - start > noMass) {
                greatest = Math.max(greatest, Math.abs((double) x.points[i] - y.points[j]));
            }
            start = end;
            if (u <= v) {
                i++;
            } else {
                j++;
            }
        }
        return greatest;
    }

    /**
     * Returns the optimal plan.
     *
     * @return at most n + m - 1 entries, in the order of the quantiles
     * @throws IllegalStateException before the first {@link #solve}
     */
    public Plan plan() {
        sortWithOrder();
        int[] source = new int[x.count + y.count];
        int[] target = new int[source.length];
        double[] mass = new double[source.length];
        int entries = 0;
        double start = 0;
        int i = 0;
        int j = 0;
        while (i < x.count && j < y.count) {
            double u = x.upTo[i];
            double v = y.upTo[j];
            double end = Math.min(u, v);
            if (end > start) {
                source[entries] = x.order[i];
                target[entries] = y.order[j];
                mass[entries++] = end - start;
            }
            start = end;
            if (u <= v) {
                i++;
            } else {
                j++;
            }
        }
        return new Plan(Arrays.copyOf(source, entries), Arrays.copyOf(target, entries),
            Arrays.copyOf(mass, entries));
    }

    /**
     * Computes optimal dual potentials: f and g with {@code f_i + g_j <= |x_i - y_j|^p} everywhere, equal wherever the plan moves mass, so
     * that the weighted sums of f and of g add up to {@link #cost}. They are fixed up to a constant by a weighted mean of f of zero.
     *
     * @param p exponent, at least 1 and finite
     * @param f receives a value for each point of x, in the order of the input
     * @param g receives a value for each point of y
     * @throws IllegalArgumentException if p is below 1, infinite or NaN
     * @throws IndexOutOfBoundsException if an array is too short
     * @throws IllegalStateException before the first {@link #solve}
     */
    public void potentials(double p, double[] f, double[] g) {
        requireExponent(p);
        sortWithOrder();
        Objects.checkFromIndexSize(0, x.count, f.length);
        Objects.checkFromIndexSize(0, y.count, g.length);
        int i = 0;
        int j = 0;
        double fi = 0;
        double gj = power(Math.abs((double) x.points[0] - y.points[0]), p);
        f[x.order[0]] = fi;
        g[y.order[0]] = gj;
        double mean = 0;
        // a staircase over the sorted points, one step at a time, on which every pair is tight; points without mass are on it, too
        while (i < x.count - 1 || j < y.count - 1) {
            if (j == y.count - 1 || i < x.count - 1 && x.upTo[i] <= y.upTo[j]) {
                i++;
                fi = power(Math.abs((double) x.points[i] - y.points[j]), p) - gj;
                f[x.order[i]] = fi;
                mean += (x.upTo[i] - x.upTo[i - 1]) * fi;
            } else {
                j++;
                gj = power(Math.abs((double) x.points[i] - y.points[j]), p) - fi;
                g[y.order[j]] = gj;
            }
        }
        for (int k = 0; k < x.count; k++) {
            f[k] -= mean;
        }
        for (int k = 0; k < y.count; k++) {
            g[k] += mean;
        }
    }

    /**
     * Computes the gradient of {@link #cost} for the points of x: the share of each in the derivative of the cost along its moves. Where
     * points coincide, or |.| has its kink for p = 1, it is one subgradient, with sign(0) = 0.
     *
     * @param p exponent, at least 1 and finite
     * @param gradient receives a value for each point of x, in the order of the input
     * @throws IllegalArgumentException if p is below 1, infinite or NaN, or a value is beyond the range of float64, as those of
     *     {@link #distanceGradient} never are
     * @throws IndexOutOfBoundsException if the array is too short
     * @throws IllegalStateException before the first {@link #solve}
     */
    public void pointGradient(double p, double[] gradient) {
        slopes(p, 1, gradient);
        requireInRange(gradient, x.count, p);
    }

    /**
     * Computes the gradient of {@link #distance} for the points of x. It stays in range where that of the cost does not.
     *
     * @param p exponent, at least 1 and finite
     * @param gradient receives a value for each point of x, in the order of the input; zeros where the distance is 0
     * @throws IllegalArgumentException if p is below 1, infinite or NaN
     * @throws IndexOutOfBoundsException if the array is too short
     * @throws IllegalStateException before the first {@link #solve}
     */
    public void distanceGradient(double p, double[] gradient) {
        distanceGradient(p, gradient, x, y);
    }

    /** The same for the points of y. */
    void targetDistanceGradient(double p, double[] gradient) {
        distanceGradient(p, gradient, y, x);
    }

    private void distanceGradient(double p, double[] gradient, Sample of, Sample to) {
        requireSolved();
        requireExponent(p);
        of.sortWithOrder();
        double distance = distance(p);
        Objects.checkFromIndexSize(0, of.count, gradient.length);
        if (distance == 0) {
            Arrays.fill(gradient, 0, of.count, 0);
            return;
        }
        // p (d / W)^(p - 1) over p
        gradient(p, 1 / distance, gradient, of, to);
        for (int i = 0; i < of.count; i++) {
            gradient[i] /= p;
        }
    }

    /** The slopes of the cost at distances that are multiplied by a factor, for the points of x. */
    void slopes(double p, double factor, double[] gradient) {
        gradient(p, factor, gradient, x, y);
    }

    /** The gradient of the cost for the points of y. */
    void targetGradient(double p, double[] gradient) {
        gradient(p, 1, gradient, y, x);
    }

    private static void requireInRange(double[] gradient, int count, double p) {
        for (int i = 0; i < count; i++) {
            if (!Double.isFinite(gradient[i])) {
                throw new IllegalArgumentException("the gradient of W_p^p for p = " + p + " is beyond the range of float64 at point " + i
                    + ", expected a lesser p or shorter distances; that of W_p, its root, is in range");
            }
        }
    }

    private void gradient(double p, double factor, double[] gradient, Sample of, Sample to) {
        requireSolved();
        requireExponent(p);
        of.sortWithOrder();
        sort();
        Objects.checkFromIndexSize(0, of.count, gradient.length);
        double start = 0;
        int j = 0;
        for (int i = 0; i < of.count; i++) {
            double u = of.upTo[i];
            double sum = 0;
            while (start < u) {
                double end = Math.min(u, to.upTo[j]);
                sum += (end - start) * slope(((double) of.points[i] - to.points[j]) * factor, p);
                start = end;
                if (to.upTo[j] <= u && j < to.count - 1) {
                    j++;
                }
            }
            gradient[of.order[i]] = sum;
        }
    }

    /**
     * Computes the gradient of {@link #cost} for the weights of x as they were given: the potential f less its mean, over the total weight.
     * It says how the cost changes when one weight changes and all are brought to mass 1 again.
     *
     * @param p exponent, at least 1 and finite
     * @param gradient receives a value for each point of x, in the order of the input
     * @param scratch of at least as many values as y has points
     * @throws IllegalArgumentException if p is below 1, infinite or NaN, or a value is beyond the range of float64
     * @throws IndexOutOfBoundsException if an array is too short
     * @throws IllegalStateException before the first {@link #solve}
     */
    public void weightGradient(double p, double[] gradient, double[] scratch) {
        potentials(p, gradient, scratch);
        for (int i = 0; i < x.count; i++) {
            gradient[i] /= x.total;
        }
        requireInRange(gradient, x.count, p);
    }

    /**
     * Returns the quantile function of x, the least point up to which the share of mass reaches a level.
     *
     * @param level in [0, 1]
     * @return a point of x
     * @throws IllegalArgumentException if the level is not in [0, 1]
     * @throws IllegalStateException before the first {@link #solve}
     */
    public double sourceQuantile(double level) {
        return quantile(x, level);
    }

    /**
     * Returns the quantile function of y.
     *
     * @param level in [0, 1]
     * @return a point of y
     * @throws IllegalArgumentException if the level is not in [0, 1]
     * @throws IllegalStateException before the first {@link #solve}
     */
    public double targetQuantile(double level) {
        return quantile(y, level);
    }

    private double quantile(Sample sample, double level) {
        sort();
        if (!(level >= 0 && level <= 1)) {
            throw new IllegalArgumentException("level is " + level + ", expected a number in [0, 1]");
        }
        return sample.points[sample.reaching(level == 0 ? Double.MIN_VALUE : level)];
    }

    /**
     * Returns the squared energy distance of the two samples, {@code 2 E|X-Y| - E|X-X'| - E|Y-Y'|}, as twice the integral of the squared
     * difference of their distribution functions (Székely and Rizzo 2013), in one pass.
     *
     * @return the squared distance, not negative
     * @throws IllegalStateException before the first {@link #solve}
     */
    public double energyDistance() {
        sort();
        int i = 0;
        int j = 0;
        double sum = 0;
        double previous = 0;
        double difference = 0;
        while (i < x.count || j < y.count) {
            boolean fromX = j == y.count || i < x.count && x.points[i] <= y.points[j];
            double point = fromX ? x.points[i] : y.points[j];
            sum += difference == 0 ? 0 : difference * difference * (point - previous);
            previous = point;
            if (fromX) {
                i++;
            } else {
                j++;
            }
            difference = (i == 0 ? 0 : x.upTo[i - 1]) - (j == 0 ? 0 : y.upTo[j - 1]);
        }
        return 2 * sum;
    }

    /**
     * Returns the optimal cost {@code W_p^p} on a circle for the p-th power of the distance along the shorter arc. The cost as a function of
     * the shift between the two quantile functions is convex and piecewise linear (Delon, Salomon and Sobolevskii 2010); its tangents are
     * followed to their lowest point.
     *
     * @param p exponent, at least 1 and finite
     * @param period length of the circle; all points must lie in [0, period)
     * @return the cost
     * @throws IllegalArgumentException if p or the period is not so, a point lies outside or a power is beyond the range of float64
     * @throws IllegalStateException before the first {@link #solve}
     */
    public double circleCost(double p, double period) {
        requireExponent(p);
        sort();
        if (!(period > 0) || period == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("period is " + period + ", expected a positive finite number");
        }
        requireInside(x, "x", period);
        requireInside(y, "y", period);
        // no arc that the shifts below look at is longer than two turns
        if (leavesRange(power(2 * period, p), p)) {
            throw new IllegalArgumentException("p is " + p + ", expected one for which powers of the period " + period
                + " stay in the range of float64");
        }
        double low = -1;
        double high = 1;
        double atLow = shiftedCost(low, p, period);
        double slopeLow = slope;
        double atHigh = shiftedCost(high, p, period);
        double slopeHigh = slope;
        double best = Math.min(atLow, atHigh);
        for (int step = 0; step < MAX_STEPS && slopeLow < 0 && slopeHigh > 0; step++) {
            double shift = (atHigh - atLow + slopeLow * low - slopeHigh * high) / (slopeLow - slopeHigh);
            if (!(shift > low && shift < high)) {
                break;
            }
            double bound = atLow + slopeLow * (shift - low);
            double at = shiftedCost(shift, p, period);
            best = Math.min(best, at);
            if (at - bound <= 1e-15 * (Math.abs(atLow) + Math.abs(atHigh))) {
                break;
            }
            if (slope < 0) {
                low = shift;
                atLow = at;
                slopeLow = slope;
            } else {
                high = shift;
                atHigh = at;
                slopeHigh = slope;
            }
        }
        return best;
    }

    /** Cost of the plan that sends quantile t of x to quantile t + shift of y, which goes round the circle; leaves its right derivative. */
    private double shiftedCost(double shift, double p, double period) {
        double turns = Math.floor(shift);
        double begin = shift - turns;
        int j = y.reaching(begin == 0 ? Double.MIN_VALUE : begin);
        // quantile t of y ends at its cumulative weight less the shift
        if (y.upTo[j] == begin) {
            j++;
        }
        double moved = turns;
        if (j == y.count) {
            j = 0;
            moved++;
        }
        double cost = 0;
        double derivative = 0;
        double start = 0;
        int i = 0;
        while (i < x.count) {
            double u = x.upTo[i];
            double v = y.upTo[j] + moved - shift;
            double end = Math.min(Math.min(u, v), 1);
            double here = power(Math.abs(x.points[i] - (y.points[j] + moved * period)), p);
            cost += Math.max(0, end - start) * here;
            start = Math.max(start, end);
            if (u < v) {
                i++;
            } else {
                int next = j + 1 == y.count ? 0 : j + 1;
                double nextMoved = next == 0 ? moved + 1 : moved;
                derivative += power(Math.abs(x.points[i] - (y.points[next] + nextMoved * period)), p) - here;
                j = next;
                moved = nextMoved;
                if (u == v) {
                    i++;
                }
            }
        }
        slope = derivative;
        return cost;
    }

    private static void requireInside(Sample sample, String name, double period) {
        float first = sample.points[0];
        float last = sample.points[sample.count - 1];
        if (first < 0 || last >= period) {
            throw new IllegalArgumentException(name + " holds " + (first < 0 ? first : last) + ", expected points in [0, " + period + ")");
        }
    }

    /** Makes points and cumulative weights of both samples ready. */
    private void sort() {
        requireSolved();
        x.sort();
        y.sort();
        x.accumulate();
        y.accumulate();
    }

    /** The same and their orders. */
    private void sortWithOrder() {
        requireSolved();
        x.sortWithOrder();
        y.sortWithOrder();
        sort();
    }

    private void requireSolved() {
        if (!solved) {
            throw new IllegalStateException("there are no samples yet: call solve first");
        }
    }

    static void requireExponent(double p) {
        if (!(p >= 1) || p == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("p is " + p + ", expected a finite number of at least 1: below it sorting is not optimal");
        }
    }

    static double power(double distance, double p) {
        return p == 2 ? distance * distance : p == 1 ? distance : Math.pow(distance, p);
    }

    /** Derivative of |d|^p. */
    static double slope(double d, double p) {
        return p == 2 ? 2 * d : p == 1 ? Math.signum(d) : Math.signum(d) * p * Math.pow(Math.abs(d), p - 1);
    }

    static double root(double cost, double p) {
        return p == 2 ? Math.sqrt(cost) : p == 1 ? cost : Math.pow(cost, 1 / p);
    }
}
