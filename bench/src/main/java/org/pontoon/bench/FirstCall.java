package org.pontoon.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

import org.pontoon.engine.bridge.BridgeSampler;
import org.pontoon.engine.bridge.BridgeTrainer;
import org.pontoon.engine.bridge.BridgeTransport;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.bridge.TrainingOptions;
import org.pontoon.engine.flow.Flow;
import org.pontoon.engine.flow.FlowOptions;
import org.pontoon.engine.flow.Functional;
import org.pontoon.engine.flow.ParticleFlow;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.sort.FloatSorter;
import org.pontoon.engine.transport.KernelNorm;
import org.pontoon.engine.transport.PairKernel;
import org.pontoon.engine.transport.Precision;
import org.pontoon.engine.transport.Sinkhorn;
import org.pontoon.engine.transport.SinkhornOptions;
import org.pontoon.engine.transport.SlicedDirections;
import org.pontoon.engine.transport.SlicedWasserstein;
import org.pontoon.engine.transport.Wasserstein1D;

/**
 * The first call of an entry point of the engine in the life of a JVM, on one thread. {@link FirstCalls} starts it, once for each time.
 *
 * <p>Data are made before the clock starts, by the JDK alone, so that no loop of the engine has run.
 */
final class FirstCall {

    private static final int DIMENSION = 3;
    private static final int BRIDGE_DIMENSION = 50;
    private static final int COMPONENTS = 10;
    private static final int BATCH = 128;
    private static final int STEPS = 10;
    private static final int DIRECTIONS = 10;
    private static final double BLUR = 0.05;
    private static final double KERNEL_SCALE = 0.2;
    private static final long SEED = 42;
    private static final int LARGE = 100_000;
    private static final int PAIRS = 10_000;
    private static final int SWEEPS = 3_000;
    /** In place of an entry point: single draws, each by the clock. */
    static final String DRAWS = "DRAWS";

    private FirstCall() {
    }

    /** Public entry points of the engine. */
    enum Entry {
        /** Transport between two samples on the line. */
        LINE("Wasserstein1D", "solve, cost", FirstCall.LARGE),
        /** Along directions, in space. */
        SLICED("SlicedWasserstein", "cost, D = 3, 10 directions", FirstCall.LARGE),
        /** A sum over pairs. */
        GAUSSIAN("KernelNorm, Gaussian", "gradient, D = 3", FirstCall.PAIRS),
        /** A sum over pairs. */
        ENERGY("KernelNorm, energy", "gradient, D = 3", FirstCall.PAIRS),
        /** The debiased divergence. */
        SINKHORN("Sinkhorn", "solve, D = 3, blur .05, float32", FirstCall.SWEEPS),
        /** Steps of a fit. */
        TRAINER("BridgeTrainer", "10 steps, D = 50, K = 10", FirstCall.LARGE),
        /** Single draws, as many as the size. */
        SAMPLER("BridgeSampler", "so many draws, D = 50, K = 10", FirstCall.LARGE),
        /** A draw for each point of a cloud. */
        TRANSPORT("BridgeTransport", "sample, D = 50, K = 10", FirstCall.LARGE),
        /** A step of a flow. */
        FLOW("ParticleFlow", "one step down the energy distance, D = 2", FirstCall.PAIRS),
        /** A sort. */
        SORT("FloatSorter", "sort", FirstCall.LARGE);

        private final String title;
        private final String what;
        private final int largest;

        Entry(String title, String what, int largest) {
            this.title = title;
            this.what = what;
            this.largest = largest;
        }

        /** The class, and what tells it from others of the same class. */
        String title() {
            return title;
        }

        /** What is called. */
        String what() {
            return what;
        }

        /** The largest size that ends in seconds in plain Java: less where time grows with its square. */
        int largest() {
            return largest;
        }
    }

    /** What is timed: returns a number that depends on all that was computed. */
    private interface Call {
        double run();
    }

    /** What a first call took and found. */
    record Timed(long nanos, double value) {
    }

    /** The middle and the largest of single draws, and the sum of what they drew. */
    record Draws(long middleNanos, long largestNanos, double value) {
    }

    /**
     * Makes the data and calls once.
     *
     * @param entry what to call
     * @param size points or values
     * @return time and value
     */
    static Timed time(Entry entry, int size) {
        try (TileScheduler one = new TileScheduler(1)) {
            Call call = prepare(entry, size, one);
            long begin = System.nanoTime();
            double value = call.run();
            return new Timed(System.nanoTime() - begin, value);
        }
    }

    private static Call prepare(Entry entry, int size, TileScheduler one) {
        return switch (entry) {
            case LINE -> {
                float[] x = normals(1, size);
                float[] y = normals(2, size);
                yield () -> new Wasserstein1D().solve(x, null, y, null).cost(2);
            }
            case SLICED -> {
                PointCloud x = cloud(1, size, DIMENSION);
                PointCloud y = cloud(2, size, DIMENSION);
                yield () -> new SlicedWasserstein(one).cost(x, y, SlicedDirections.random(SEED, DIRECTIONS, DIMENSION), 2).mean();
            }
            case GAUSSIAN, ENERGY -> {
                PointCloud x = cloud(1, size, DIMENSION);
                PointCloud y = cloud(2, size, DIMENSION);
                yield () -> kernelNorm(entry).gradient(x, y, one).value();
            }
            case SINKHORN -> {
                PointCloud x = cube(1, size);
                PointCloud y = cube(2, size);
                yield () -> new Sinkhorn(SinkhornOptions.builder().blur(BLUR).precision(Precision.FLOAT32).build()).solve(x, y, one)
                    .value();
            }
            case TRAINER -> {
                PointCloud x = cloud(1, size, BRIDGE_DIMENSION);
                PointCloud y = cloud(2, size, BRIDGE_DIMENSION);
                TrainingOptions options = TrainingOptions.builder().components(COMPONENTS).batch(Math.min(BATCH, size)).steps(STEPS)
                    .build();
                yield () -> sum(BridgeTrainer.on(options, x, y).fit(one, Progress.NONE).bridge().locations());
            }
            case SAMPLER -> {
                float[] x = normals(1, BRIDGE_DIMENSION);
                float[] y = new float[BRIDGE_DIMENSION];
                LightBridge bridge = bridge();
                yield () -> {
                    BridgeSampler sampler = new BridgeSampler(bridge);
                    double sum = 0;
                    for (int n = 0; n < size; n++) {
                        sampler.sample(SEED, n, x, 0, y, 0);
                        sum += y[0];
                    }
                    return sum;
                };
            }
            case TRANSPORT -> {
                PointCloud x = cloud(1, size, BRIDGE_DIMENSION);
                LightBridge bridge = bridge();
                yield () -> {
                    try (PointCloud moved = new BridgeTransport(bridge, one).sample(x, 1, SEED)) {
                        return moved.get(size - 1, 0);
                    }
                };
            }
            case FLOW -> {
                PointCloud x = cloud(1, size, 2);
                PointCloud y = cloud(2, size, 2);
                Flow flow = new Flow(FlowOptions.of(0.05, 1));
                yield () -> {
                    try (ParticleFlow particles = new ParticleFlow(x, Functional.towards(kernelNorm(Entry.ENERGY), y, one))) {
                        return flow.run(particles, Progress.NONE).values()[1];
                    }
                };
            }
            case SORT -> {
                float[] x = normals(1, size);
                yield () -> {
                    new FloatSorter().sort(x, 0, size);
                    return x[size / 2];
                };
            }
        };
    }

    private static KernelNorm kernelNorm(Entry entry) {
        return new KernelNorm(entry == Entry.ENERGY ? PairKernel.energy() : PairKernel.gaussian(KERNEL_SCALE), Precision.FLOAT32);
    }

    private static LightBridge bridge() {
        Random random = new Random(SEED);
        int count = COMPONENTS * BRIDGE_DIMENSION;
        double[] logWeights = new double[COMPONENTS];
        Arrays.fill(logWeights, -Math.log(COMPONENTS));
        return LightBridge.diagonal(0.1, logWeights, random.doubles(count, -1, 1).toArray(), random.doubles(count, 0.1, 0.15).toArray())
            .build();
    }

    private static float[] normals(long seed, int count) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static PointCloud cloud(long seed, int size, int dimension) {
        return PointCloud.ofRows(normals(seed, size * dimension), size, dimension);
    }

    private static PointCloud cube(long seed, int size) {
        Random random = new Random(seed);
        float[] values = new float[size * DIMENSION];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        return PointCloud.ofRows(values, size, DIMENSION);
    }

    private static double sum(double[] values) {
        return Arrays.stream(values).sum();
    }

    /**
     * Draws single points without a warm-up.
     *
     * @param count how many
     * @return times of single draws
     */
    static Draws draw(int count) {
        float[] x = normals(1, BRIDGE_DIMENSION);
        float[] y = new float[BRIDGE_DIMENSION];
        long[] nanos = new long[count];
        BridgeSampler sampler = new BridgeSampler(bridge());
        double sum = 0;
        for (int n = 0; n < count; n++) {
            long begin = System.nanoTime();
            sampler.sample(SEED, n, x, 0, y, 0);
            nanos[n] = System.nanoTime() - begin;
            sum += y[0];
        }
        Arrays.sort(nanos);
        return new Draws(nanos[count / 2], nanos[count - 1], sum);
    }

    /**
     * Calls once and prints a line of JSON.
     *
     * @param args the name of an {@link Entry}, or {@value #DRAWS}, and a size
     */
    public static void main(String[] args) {
        int size = Integer.parseInt(args[1]);
        Map<String, Object> line = new LinkedHashMap<>();
        if (args[0].equals(DRAWS)) {
            Draws draws = draw(size);
            line.put("nanos", draws.middleNanos());
            line.put("largestNanos", draws.largestNanos());
            line.put("value", draws.value());
        } else {
            Timed timed = time(Entry.valueOf(args[0]), size);
            line.put("nanos", timed.nanos());
            line.put("value", timed.value());
        }
        System.out.println(Json.line(line));
    }
}
