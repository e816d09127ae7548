package org.pontoon.engine.internal.particle;

import java.util.Arrays;

import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.parallel.TileTask;

/**
 * Matches particles with a target on each of some directions: where the particles would go, {@code b_i = mean_theta theta y_theta(rank_i)},
 * and the squared sliced distance. The gradient of {@code SW_2^2} in particle i of N is {@code 2 / N (x_i / D - b_i)} where the directions'
 * second moment is I / D (Bonneel, Rabin, Peyre, Pfister 2015). Clouds come in columns, coordinate d of point n at {@code d N + n}.
 *
 * <p>Float64 throughout, but for ranks of projections that agree in float32. Directions are folded in groups whose number does not depend
 * on the threads. Not thread-safe; allocates nothing once it is warm.
 */
public final class SlicedMatching {

    private static final int MAX_GROUPS = 32;
    private static final int MIN_GROUPS = 4;
    private static final long MAX_VALUES = 1 << 23;

    private final int particles;
    private final int dimension;
    private final int count;
    private final int groups;
    private final TileScheduler scheduler;
    private final double[] directions;
    private final double[] matched;
    private final double[][] sums;
    private final double[] costs;
    private final double[] spreads;
    private final Scratch[] scratch;
    private final TileTask task = this::matchGroup;
    private double[] columns;

    /**
     * Makes a matching.
     *
     * @param particles N
     * @param dimension D
     * @param directions L x D row-major, of second moment I / D
     * @param scheduler runs the directions
     */
    public SlicedMatching(int particles, int dimension, double[] directions, TileScheduler scheduler) {
        this.particles = particles;
        this.dimension = dimension;
        this.directions = directions.clone();
        this.count = directions.length / dimension;
        this.scheduler = scheduler;
        long values = (long) particles * dimension;
        this.groups = Math.min(count, Math.clamp(MAX_VALUES / values, MIN_GROUPS, MAX_GROUPS));
        this.matched = new double[Math.multiplyExact(count, particles)];
        this.sums = new double[groups][Math.toIntExact(values)];
        this.costs = new double[groups];
        this.spreads = new double[count];
        this.scratch = new Scratch[scheduler.threads()];
    }

    /**
     * Exchanges the directions; the target must then be set again.
     *
     * @param rows as many others
     */
    public void directions(double[] rows) {
        System.arraycopy(rows, 0, directions, 0, directions.length);
    }

    /**
     * Sets the target.
     *
     * @param points columns of its points, which need not be as many as the particles are
     */
    public void target(double[] points) {
        int size = points.length / dimension;
        scheduler.run(count, (l, worker) -> {
            ProjectionOrder order = size == particles ? scratch(worker).order : scratch(worker).targetOrder(size);
            order.sort(points, directions, l * dimension, dimension);
            spreads[l] = resample(order, matched, l * particles, particles);
        });
    }

    /**
     * Averages the quantile function of sorted points over equal intervals of mass, one for each particle.
     *
     * @param order the sorted points
     * @param averages receives the averages
     * @param at where to start
     * @param particles how many
     * @return the sum of its variances over the intervals, which the distance has beside those to the averages
     */
    public static double resample(ProjectionOrder order, double[] averages, int at, int particles) {
        int size = order.order.length;
        if (size == particles) {
            for (int r = 0; r < particles; r++) {
                averages[at + r] = order.projections[order.order[r]];
            }
            return 0;
        }
        // masses in units of 1 / (size particles), so that they are whole
        double spread = 0;
        int j = 0;
        long left = particles;
        for (int r = 0; r < particles; r++) {
            long wanted = size;
            double sum = 0;
            double squares = 0;
            double origin = order.projections[order.order[j]];
            while (wanted > 0) {
                long part = Math.min(wanted, left);
                double gap = order.projections[order.order[j]] - origin;
                sum += part * gap;
                squares += part * gap * gap;
                wanted -= part;
                left -= part;
                if (left == 0) {
                    j++;
                    left = particles;
                }
            }
            averages[at + r] = origin + sum / size;
            spread += (squares - sum * sum / size) / size;
        }
        return spread;
    }

    /**
     * Matches particles with the target.
     *
     * @param points the particles' columns
     * @param pull receives b in columns
     * @return the squared sliced distance
     */
    public double match(double[] points, double[] pull) {
        columns = points;
        scheduler.run(groups, task);
        double cost = 0;
        Arrays.fill(pull, 0);
        for (int g = 0; g < groups; g++) {
            ProjectionOrder.addScaled(1.0 / count, sums[g], 0, pull);
            cost += costs[g];
        }
        return cost / ((double) count * particles);
    }

    private void matchGroup(int group, int worker) {
        Scratch s = scratch(worker);
        double[] sum = sums[group];
        Arrays.fill(sum, 0);
        double cost = 0;
        for (int l = (int) ((long) count * group / groups); l < (long) count * (group + 1) / groups; l++) {
            ProjectionOrder order = s.order;
            order.sort(columns, directions, l * dimension, dimension);
            for (int r = 0; r < particles; r++) {
                s.goals[order.order[r]] = matched[l * particles + r];
            }
            for (int n = 0; n < particles; n++) {
                double gap = order.projections[n] - s.goals[n];
                cost += gap * gap;
            }
            cost += spreads[l];
            for (int d = 0; d < dimension; d++) {
                add(directions[l * dimension + d], s.goals, sum, d * particles);
            }
        }
        costs[group] = cost;
    }

    private static void add(double factor, double[] from, double[] to, int at) {
        for (int n = 0; n < from.length; n++) {
            to[at + n] += factor * from[n];
        }
    }

    private Scratch scratch(int worker) {
        if (scratch[worker] == null) {
            scratch[worker] = new Scratch(particles);
        }
        return scratch[worker];
    }

    /** What one worker holds. */
    private static final class Scratch {

        final ProjectionOrder order;
        final double[] goals;
        private ProjectionOrder target;

        Scratch(int particles) {
            order = new ProjectionOrder(particles);
            goals = new double[particles];
        }

        ProjectionOrder targetOrder(int size) {
            if (target == null || target.order.length != size) {
                target = new ProjectionOrder(size);
            }
            return target;
        }
    }
}
