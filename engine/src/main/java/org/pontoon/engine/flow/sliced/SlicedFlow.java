package org.pontoon.engine.flow.sliced;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.pontoon.engine.flow.Scheme;
import org.pontoon.engine.flow.Snapshot;
import org.pontoon.engine.internal.particle.Columns;
import org.pontoon.engine.internal.particle.Directions;
import org.pontoon.engine.internal.particle.ParticleTile;
import org.pontoon.engine.internal.particle.ProjectionOrder;
import org.pontoon.engine.internal.particle.SlicedMatching;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.random.CounterRandom;
import org.pontoon.engine.random.Stream;

/**
 * The sliced-Wasserstein flow (Liutkus, Simsekli, Majewski, Durmus, Stoeter 2019, "Sliced-Wasserstein flows"): particles descend
 * {@code SW_2^2(mu, nu) / 2 + lambda E log mu} towards a target's sample by {@code x <- x + h v(x) + sqrt(2 lambda h) xi}, with
 * {@code v(x) = mean_theta theta (F_nu^-1(F_mu(theta.x)) - theta.x)}.
 *
 * <p>Distribution functions are the samples' own, without the paper's table of quantiles, and directions are blocks whose second moment is
 * I / D: the mean moves by exactly the factor 1 - h / D of its distance, up to rounding. Where maps are kept, points that the flow has not
 * seen follow it afterwards.
 *
 * <p>It tells one quantity, "distance": the squared sliced distance to the target over the directions of the next step. Steps of more than D
 * overshoot.
 *
 * <p>Float64. The same bits for any number of threads. Steps allocate directions, and maps where they are kept.
 */
public final class SlicedFlow implements Scheme {

    private static final long MAX_KNOTS = 1L << 28;

    private final SlicedFlowOptions options;
    private final TileScheduler scheduler;
    private final int size;
    private final int dimension;
    private final double[] target;
    private final double[] position;
    private final double[] pull;
    private final SlicedMatching matching;
    private final List<StepMaps> maps = new ArrayList<>();
    private double[] directions;
    private double distance;

    /** A step's maps: its length and, for each direction, the knots of the particles' and of the target's quantile functions. */
    private record StepMaps(double duration, double[] directions, float[] from, float[] to) {
    }

    /**
     * Makes a flow.
     *
     * @param start where the particles begin, N x D without weights; it is not changed
     * @param target sample of the target, M x D without weights
     * @param options how the flow is integrated
     * @param scheduler runs the directions
     * @throws IllegalArgumentException if dimensions differ, a value is not finite or a cloud has weights
     */
    public SlicedFlow(PointCloud start, PointCloud target, SlicedFlowOptions options, TileScheduler scheduler) {
        Columns.requireUnweighted(start.requireFinite("start of the flow"), "start of the flow");
        target.requireFinite("target of the flow").requireDimension(start.dimension(), "target of the flow");
        Columns.requireUnweighted(target, "target of the flow");
        this.options = Objects.requireNonNull(options, "options");
        this.scheduler = scheduler;
        this.size = start.size();
        this.dimension = start.dimension();
        this.target = Columns.of(target);
        this.position = Columns.of(start);
        this.pull = new double[position.length];
        this.matching = new SlicedMatching(size, dimension, directions(0), scheduler);
    }

    private double[] directions(int step) {
        return Directions.of(dimension, options.directions(), Stream.SLICED_DIRECTIONS.key(options.seed(), step));
    }

    @Override
    public List<String> quantities() {
        return List.of("distance");
    }

    @Override
    public void read(double[] row) {
        row[0] = distance;
    }

    @Override
    public void measure(int step, int of) {
        directions = directions(step);
        matching.directions(directions);
        matching.target(target);
        distance = matching.match(position, pull);
    }

    /**
     * Makes a step.
     *
     * @throws IllegalStateException if maps are to be kept and there is no more room for them
     */
    @Override
    public void step(int step, int of, double duration) {
        if (options.quantiles() > 0) {
            keep(duration);
        }
        for (int k = 0; k < position.length; k++) {
            position[k] += duration * (pull[k] - position[k] / dimension);
        }
        addNoise(position, size, duration, options.seed(), step);
    }

    private void addNoise(double[] columns, int count, double duration, long seed, int step) {
        if (options.entropy() == 0) {
            return;
        }
        long key = Stream.SLICED_NOISE.key(seed, step);
        double spread = Math.sqrt(2 * options.entropy() * duration);
        scheduler.run(ParticleTile.tiles(count), (tile, worker) -> {
            int first = tile * ParticleTile.POINTS;
            for (int n = first; n < Math.min(count, first + ParticleTile.POINTS); n++) {
                for (int d = 0; d < dimension; d++) {
                    columns[d * count + n] += spread * CounterRandom.normal(key, (long) n * dimension + d);
                }
            }
        });
    }

    private void keep(double duration) {
        int knots = options.quantiles();
        int count = directions.length / dimension;
        if ((long) (maps.size() + 1) * count * knots > MAX_KNOTS) {
            throw new IllegalStateException("the flow's maps have more than " + MAX_KNOTS + " knots after " + maps.size()
                + " steps; fewer quantiles or directions would fit");
        }
        StepMaps map = new StepMaps(duration, directions, new float[count * knots], new float[count * knots]);
        scheduler.run(count, (l, worker) -> {
            sketch(position, map.directions, l, map.from);
            sketch(target, map.directions, l, map.to);
        });
        maps.add(map);
    }

    private void sketch(double[] columns, double[] directions, int l, float[] knots) {
        ProjectionOrder order = new ProjectionOrder(columns.length / dimension);
        order.sort(columns, directions, l * dimension, dimension);
        double[] averages = new double[options.quantiles()];
        SlicedMatching.resample(order, averages, 0, averages.length);
        for (int q = 0; q < averages.length; q++) {
            knots[l * averages.length + q] = (float) averages[q];
        }
    }

    @Override
    public Snapshot snapshot(int step, double time) {
        return new Snapshot(step, time, Columns.rows(position, size, size), size);
    }

    /**
     * Takes points that the flow has not seen through all its steps so far. On each direction their projections are moved by the map
     * between the knots of the particles' and the target's quantile functions, linearly in between and by the end's displacement beyond.
     *
     * @param points the points, of the law that the particles began with; not changed
     * @param noiseSeed seed of their own noise, where the flow has noise
     * @return where they end, the caller's to close
     * @throws IllegalArgumentException if the dimension is another one or a value is not finite
     * @throws IllegalStateException if the options say that no maps are kept
     */
    public PointCloud apply(PointCloud points, long noiseSeed) {
        points.requireFinite("points").requireDimension(dimension, "points");
        if (options.quantiles() == 0) {
            throw new IllegalStateException("the flow has kept no maps, expected options with quantiles");
        }
        int count = points.size();
        double[] columns = Columns.of(points);
        for (int k = 0; k < maps.size(); k++) {
            StepMaps map = maps.get(k);
            scheduler.run(ParticleTile.tiles(count), (tile, worker) -> {
                double[] point = new double[dimension];
                int first = tile * ParticleTile.POINTS;
                for (int n = first; n < Math.min(count, first + ParticleTile.POINTS); n++) {
                    move(map, columns, count, n, point);
                }
            });
            addNoise(columns, count, map.duration, noiseSeed, k);
        }
        PointCloud cloud = PointCloud.allocate(count, dimension);
        Columns.write(columns, cloud, new float[count]);
        return cloud;
    }

    private void move(StepMaps map, double[] columns, int count, int n, double[] point) {
        for (int d = 0; d < dimension; d++) {
            point[d] = columns[d * count + n];
        }
        int lines = map.directions.length / dimension;
        for (int l = 0; l < lines; l++) {
            double projection = 0;
            for (int d = 0; d < dimension; d++) {
                projection += map.directions[l * dimension + d] * point[d];
            }
            double shift = map.duration / lines * displacement(map, l, projection);
            for (int d = 0; d < dimension; d++) {
                columns[d * count + n] += shift * map.directions[l * dimension + d];
            }
        }
    }

    private double displacement(StepMaps map, int l, double projection) {
        int knots = options.quantiles();
        int low = l * knots;
        int high = low + knots - 1;
        if (projection <= map.from[low]) {
            return map.to[low] - map.from[low];
        }
        if (projection >= map.from[high]) {
            return map.to[high] - map.from[high];
        }
        while (high - low > 1) {
            int middle = low + high >>> 1;
            if (map.from[middle] <= projection) {
                low = middle;
            } else {
                high = middle;
            }
        }
        double share = (projection - map.from[low]) / (map.from[high] - map.from[low]);
        return map.to[low] + share * (map.to[high] - map.to[low]) - projection;
    }
}
