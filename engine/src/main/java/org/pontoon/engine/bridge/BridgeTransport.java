package org.pontoon.engine.bridge;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.parallel.TileTask;

/**
 * Moves whole clouds with a fitted bridge, on all threads of a scheduler.
 *
 * <p>A row whose answer overflows float32 is refused, and nothing is returned. Row n, draw j is a function of the row, the seed and {@code n * samplesPerPoint + j} alone, so results do not depend on threads and equal
 * those of {@link BridgeSampler}. Inputs are checked for shape and finite values. Safe for any thread.
 */
public final class BridgeTransport {

    private static final int TILE = 128;

    private final LightBridge bridge;
    private final TileScheduler scheduler;
    private final PackedMixture plan;
    private final float[] spread;

    /**
     * Makes a transport.
     *
     * @param bridge the fitted bridge
     * @param scheduler runs tiles of points
     */
    public BridgeTransport(LightBridge bridge, TileScheduler scheduler) {
        this.bridge = Objects.requireNonNull(bridge, "bridge");
        this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
        this.plan = PackedMixture.plan(bridge);
        this.spread = BridgeSampler.spread(bridge);
    }

    /**
     * Draws from the conditional plan of every point.
     *
     * @param source source points, dimension D
     * @param samplesPerPoint draws J for each point, at least 1
     * @param seed chooses the random numbers
     * @return a cloud of N J points; draw j of point n is row {@code n * J + j}
     * @throws IllegalArgumentException if a shape or count is wrong, a value is not finite or an answer overflows
     */
    public PointCloud sample(PointCloud source, int samplesPerPoint, long seed) {
        return map(source, samplesPerPoint, (sampler, index, x, y) -> {
            if (index % samplesPerPoint == 0 || index % TILE == 0) {
                sampler.condition(x, 0);
            }
            sampler.draw(seed, index, y, 0);
        });
    }

    /**
     * Maps every point to the mean of its conditional plan.
     *
     * @param source source points, dimension D
     * @return a cloud of N points
     * @throws IllegalArgumentException if the dimension differs, a value is not finite or an answer overflows
     */
    public PointCloud mean(PointCloud source) {
        return map(source, 1, (sampler, index, x, y) -> sampler.mean(x, 0, y, 0));
    }

    /**
     * Draws positions of the bridge at time t, exactly.
     *
     * @param source source points, dimension D
     * @param t time in [0, 1]
     * @param samplesPerPoint draws J for each point, at least 1
     * @param seed chooses the random numbers
     * @return a cloud of N J points; draw j of point n is row {@code n * J + j}
     * @throws IllegalArgumentException if t, a shape or count is wrong or a value is not finite
     */
    public PointCloud sampleAt(PointCloud source, double t, int samplesPerPoint, long seed) {
        requireTime(t);
        return map(source, samplesPerPoint, (sampler, index, x, y) -> sampler.sampleAt(t, seed, index, x, 0, y, 0));
    }

    /**
     * Evaluates the drift g(x, t) at many positions.
     *
     * @param positions dimension D
     * @param t time in [0, 1]
     * @return a cloud of N drifts
     * @throws IllegalArgumentException if t or a dimension is wrong, a value is not finite or an answer overflows
     */
    public PointCloud drift(PointCloud positions, double t) {
        requireTime(t);
        PackedMixture drift = PackedMixture.drift(bridge, t);
        return map(positions, 1, (sampler, index, x, y) -> sampler.drift(drift, x, 0, y, 0));
    }

    /**
     * Draws one path for every point.
     *
     * @param source source points, dimension D
     * @param steps number of time steps, at least 1
     * @param method exact or Euler-Maruyama
     * @param seed chooses the random numbers
     * @param receiver takes the paths in the order of the points
     * @throws IllegalArgumentException if steps or a dimension is wrong, a value is not finite or an answer overflows
     */
    public void paths(PointCloud source, int steps, PathMethod method, long seed, PathReceiver receiver) {
        if (steps < 1) {
            throw new IllegalArgumentException("steps is " + steps + ", expected at least 1");
        }
        source.requireDimension(bridge.dimension(), "source").requireFinite("source");
        PackedMixture[] drifts = new PackedMixture[method == PathMethod.EULER_MARUYAMA ? steps : 0];
        for (int i = 0; i < drifts.length; i++) {
            drifts[i] = PackedMixture.drift(bridge, (double) i / steps);
        }
        int dimension = bridge.dimension();
        int length = Math.multiplyExact(steps + 1, dimension);
        // tiles small enough that a wave of paths stays within some tens of megabytes
        int tile = Math.clamp((1 << 20) / length, 1, TILE);
        int wave = 2 * scheduler.threads();
        float[][][] paths = new float[wave][tile][length];
        BridgeSampler[] samplers = new BridgeSampler[scheduler.threads()];
        AtomicInteger firstFar = new AtomicInteger(Integer.MAX_VALUE);
        float[][] points = new float[scheduler.threads()][dimension];
        for (int start = 0; start < source.size(); start += wave * tile) {
            int first = start;
            int tiles = Math.min(wave, (source.size() - first + tile - 1) / tile);
            scheduler.run(tiles, (number, worker) -> {
                BridgeSampler sampler = sampler(samplers, worker);
                int end = Math.min(source.size(), first + (number + 1) * tile);
                for (int n = first + number * tile; n < end; n++) {
                    source.copyPoint(n, points[worker], 0);
                    float[] path = paths[number][n - first - number * tile];
                    if (method == PathMethod.BROWNIAN_BRIDGE) {
                        sampler.bridgePath(steps, seed, n, points[worker], 0, path, 0);
                    } else {
                        sampler.eulerPath(steps, drifts, seed, n, points[worker], 0, path, 0);
                    }
                    if (!sampler.isAnswerFinite()) {
                        firstFar.accumulateAndGet(n, Math::min);
                    }
                }
            });
            requireWithinRange(firstFar);
            int end = Math.min(source.size(), first + wave * tile);
            for (int n = first; n < end; n++) {
                receiver.accept(n, paths[(n - first) / tile][(n - first) % tile]);
            }
        }
    }

    private interface PointMap {
        void apply(BridgeSampler sampler, long index, float[] x, float[] y);
    }

    private PointCloud map(PointCloud source, int samplesPerPoint, PointMap map) {
        if (samplesPerPoint < 1) {
            throw new IllegalArgumentException("samples per point is " + samplesPerPoint + ", expected at least 1");
        }
        int dimension = bridge.dimension();
        source.requireDimension(dimension, "source").requireFinite("source");
        int size = Math.multiplyExact(source.size(), samplesPerPoint);
        PointCloud result = PointCloud.allocate(size, dimension);
        BridgeSampler[] samplers = new BridgeSampler[scheduler.threads()];
        float[][] columns = new float[scheduler.threads()][TILE * dimension];
        float[][] points = new float[scheduler.threads()][dimension];
        AtomicInteger firstFar = new AtomicInteger(Integer.MAX_VALUE);
        TileTask task = (tile, worker) -> {
            BridgeSampler sampler = sampler(samplers, worker);
            float[] x = points[worker];
            float[] y = new float[dimension];
            float[] out = columns[worker];
            int first = tile * TILE;
            int count = Math.min(TILE, size - first);
            int loaded = -1;
            for (int i = 0; i < count; i++) {
                int n = (first + i) / samplesPerPoint;
                if (n != loaded) {
                    source.copyPoint(n, x, 0);
                    loaded = n;
                }
                map.apply(sampler, first + i, x, y);
                if (!sampler.isAnswerFinite()) {
                    firstFar.accumulateAndGet(n, Math::min);
                }
                for (int d = 0; d < dimension; d++) {
                    out[d * TILE + i] = y[d];
                }
            }
            for (int d = 0; d < dimension; d++) {
                result.setColumn(d, first, out, d * TILE, count);
            }
        };
        try {
            scheduler.run((size + TILE - 1) / TILE, task);
            requireWithinRange(firstFar);
        } catch (RuntimeException | Error e) {
            result.close();
            throw e;
        }
        return result;
    }

    /** Refuses the first row whose answer overflows, whichever thread found one first. */
    private static void requireWithinRange(AtomicInteger firstFar) {
        if (firstFar.get() < Integer.MAX_VALUE) {
            throw new IllegalArgumentException("row " + firstFar.get() + " is so far away that its answer overflows");
        }
    }

    private BridgeSampler sampler(BridgeSampler[] samplers, int worker) {
        if (samplers[worker] == null) {
            samplers[worker] = new BridgeSampler(bridge, plan, spread);
        }
        return samplers[worker];
    }

    private static void requireTime(double t) {
        if (!(t >= 0 && t <= 1)) {
            throw new IllegalArgumentException("time is " + t + ", expected within [0, 1]");
        }
    }
}
