package org.pontoon.engine.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

import org.pontoon.engine.bridge.Covariance;
import org.pontoon.engine.bridge.LightBridge;
import org.pontoon.engine.bridge.TrainingOptions;
import org.pontoon.engine.bridge.TrainingState;

/**
 * Fitted bridges and training checkpoints as {@code .npz} files of plain named arrays, which numpy opens.
 *
 * <p>A bridge holds {@code format} ("pontoon.bridge"), {@code version} (1), {@code covariance} ("diagonal" or "full"), {@code epsilon},
 * {@code log_alpha} (K), {@code r} (K, D), {@code S} (K, D) or (K, D, D), {@code source_mean} (D), {@code target_mean} (D) and
 * {@code support_threshold}; numbers are float64, and parameters are in coordinates centred on the two means. A checkpoint's format is
 * "pontoon.checkpoint"; its parameter vectors are in the trainer's own layout.
 *
 * <p>Files appear whole or not at all. Methods are stateless and safe for any thread.
 */
public final class BridgeFile {

    private static final String BRIDGE = "pontoon.bridge";
    private static final String CHECKPOINT = "pontoon.checkpoint";
    private static final long BRIDGE_VERSION = 1;
    /** Version 1 kept its parameters in the data's units. */
    private static final long CHECKPOINT_VERSION = 2;

    private BridgeFile() {
    }

    /**
     * Writes a bridge.
     *
     * @param file where to; an existing file is replaced
     * @param bridge what
     * @throws IOException if the file cannot be written
     */
    public static void write(Path file, LightBridge bridge) throws IOException {
        int k = bridge.components();
        int d = bridge.dimension();
        SequencedMap<String, NpyArray> arrays = header(BRIDGE, bridge.covariance(), bridge.epsilon());
        arrays.put("log_alpha", NpyArray.of(bridge.logWeights(), k));
        arrays.put("r", NpyArray.of(bridge.locations(), k, d));
        arrays.put("S",
            bridge.covariance() == Covariance.DIAGONAL ? NpyArray.of(bridge.scales(), k, d) : NpyArray.of(bridge.scales(), k, d, d));
        arrays.put("source_mean", NpyArray.of(bridge.sourceMean(), d));
        arrays.put("target_mean", NpyArray.of(bridge.targetMean(), d));
        arrays.put("support_threshold", NpyArray.scalar(bridge.supportThreshold()));
        NpzFile.write(file, arrays);
    }

    /**
     * Reads a bridge.
     *
     * @param file a file that {@link #write(Path, LightBridge)} wrote, or numpy with the same arrays
     * @return the bridge
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it is not a bridge, of another version, or its arrays do not fit together
     */
    public static LightBridge read(Path file) throws IOException {
        SequencedMap<String, NpyArray> arrays = NpzFile.read(file);
        Covariance covariance = checkHeader(file, arrays, BRIDGE);
        int[] shape = get(file, arrays, "r").shape();
        if (shape.length != 2) {
            throw new IllegalArgumentException(file + ": r has shape " + get(file, arrays, "r").shapeText() + ", expected (K, D)");
        }
        int k = shape[0];
        int d = shape[1];
        double[] logWeights = doubles(file, arrays, "log_alpha", k);
        double[] locations = doubles(file, arrays, "r", k, d);
        double[] scales = covariance == Covariance.DIAGONAL ? doubles(file, arrays, "S", k, d) : doubles(file, arrays, "S", k, d, d);
        double epsilon = get(file, arrays, "epsilon").asDouble();
        LightBridge.Builder builder = covariance == Covariance.DIAGONAL ? LightBridge.diagonal(epsilon, logWeights, locations, scales)
            : LightBridge.full(epsilon, logWeights, locations, scales);
        builder.means(doubles(file, arrays, "source_mean", d), doubles(file, arrays, "target_mean", d));
        builder.supportThreshold(get(file, arrays, "support_threshold").asDouble());
        try {
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Writes a training checkpoint, forced to the disk before it replaces an earlier one.
     *
     * @param file where to; an existing file is replaced
     * @param state what
     * @throws IOException if the file cannot be written
     */
    public static void writeState(Path file, TrainingState state) throws IOException {
        SequencedMap<String, NpyArray> arrays = header(CHECKPOINT, state.options().covariance(), state.options().epsilon());
        TrainingOptions options = state.options();
        arrays.put("components", NpyArray.scalar((long) options.components()));
        arrays.put("steps", NpyArray.scalar((long) options.steps()));
        arrays.put("source_batch", NpyArray.scalar((long) options.sourceBatch()));
        arrays.put("target_batch", NpyArray.scalar((long) options.targetBatch()));
        arrays.put("learning_rate", NpyArray.scalar(options.learningRate()));
        arrays.put("initial_scale", NpyArray.scalar(options.initialScale()));
        arrays.put("seed", NpyArray.scalar(options.seed()));
        arrays.put("revive_dead_components", NpyArray.scalar(options.reviveDeadComponents() ? 1L : 0L));
        arrays.put("fingerprint", NpyArray.scalar(state.fingerprint()));
        arrays.put("step", NpyArray.scalar((long) state.step()));
        arrays.put("dimension", NpyArray.scalar((long) state.dimension()));
        put(arrays, "parameters", state.parameters());
        put(arrays, "first_moment", state.firstMoment());
        put(arrays, "second_moment", state.secondMoment());
        put(arrays, "usage", state.usage());
        arrays.put("best_objective", NpyArray.scalar(state.bestObjective()));
        put(arrays, "best_parameters", state.bestParameters());
        arrays.put("evaluations_since_best", NpyArray.scalar((long) state.evaluationsSinceBest()));
        NpzFile.write(file, arrays);
    }

    /**
     * Reads a training checkpoint.
     *
     * @param file a file that {@link #writeState(Path, TrainingState)} wrote
     * @return the state
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it is not a checkpoint, of another version, or its arrays do not fit together
     */
    public static TrainingState readState(Path file) throws IOException {
        SequencedMap<String, NpyArray> arrays = NpzFile.read(file);
        Covariance covariance = checkHeader(file, arrays, CHECKPOINT);
        try {
            TrainingOptions options = new TrainingOptions(get(file, arrays, "epsilon").asDouble(), integer(file, arrays, "components"),
                covariance, integer(file, arrays, "steps"), integer(file, arrays, "source_batch"), integer(file, arrays, "target_batch"),
                get(file, arrays, "learning_rate").asDouble(), get(file, arrays, "initial_scale").asDouble(), get(file, arrays, "seed")
                    .asLong(),
                integer(file, arrays, "revive_dead_components") != 0);
            return new TrainingState(integer(file, arrays, "step"), options, integer(file, arrays, "dimension"), get(file, arrays,
                "fingerprint").asLong(), floats(file, arrays, "parameters"), floats(file, arrays, "first_moment"), floats(file, arrays,
                    "second_moment"),
                floats(file, arrays, "usage"), get(file, arrays, "best_objective").asDouble(), floats(file, arrays,
                    "best_parameters"),
                integer(file, arrays, "evaluations_since_best"));
        } catch (IllegalArgumentException e) {
            throw e.getMessage().startsWith(file.toString()) ? e : new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private static SequencedMap<String, NpyArray> header(String format, Covariance covariance, double epsilon) {
        SequencedMap<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("format", NpyArray.scalar(format));
        arrays.put("version", NpyArray.scalar(version(format)));
        arrays.put("covariance", NpyArray.scalar(covariance == Covariance.DIAGONAL ? "diagonal" : "full"));
        arrays.put("epsilon", NpyArray.scalar(epsilon));
        return arrays;
    }

    private static long version(String format) {
        return format.equals(BRIDGE) ? BRIDGE_VERSION : CHECKPOINT_VERSION;
    }

    private static Covariance checkHeader(Path file, SequencedMap<String, NpyArray> arrays, String format) {
        if (!arrays.containsKey("format") || arrays.get("format").type() != NpyArray.Type.TEXT
            || !format.equals(arrays.get("format").asText())) {
            throw new IllegalArgumentException(file + ": not a " + format + " file: it holds " + String.join(", ", arrays.keySet()));
        }
        long version = get(file, arrays, "version").asLong();
        if (version != version(format)) {
            throw new IllegalArgumentException(file + ": " + format + " version " + version + ", expected version " + version(format));
        }
        String covariance = get(file, arrays, "covariance").asText();
        return switch (covariance) {
            case "diagonal" -> Covariance.DIAGONAL;
            case "full" -> Covariance.FULL;
            default -> throw new IllegalArgumentException(file + ": covariance is '" + covariance + "', expected diagonal or full");
        };
    }

    private static void put(SequencedMap<String, NpyArray> arrays, String name, float[] values) {
        arrays.put(name, NpyArray.of(values, values.length));
    }

    private static NpyArray get(Path file, SequencedMap<String, NpyArray> arrays, String name) {
        NpyArray array = arrays.get(name);
        if (array == null) {
            throw new IllegalArgumentException(file + ": array '" + name + "' is missing");
        }
        return array;
    }

    private static double[] doubles(Path file, SequencedMap<String, NpyArray> arrays, String name, int... shape) {
        NpyArray array = get(file, arrays, name);
        if (!Arrays.equals(array.shape(), shape)) {
            throw new IllegalArgumentException(file + ": " + name + " has shape " + array.shapeText() + ", expected "
                + Arrays.toString(shape));
        }
        return array.toDoubles();
    }

    private static float[] floats(Path file, SequencedMap<String, NpyArray> arrays, String name) {
        NpyArray array = get(file, arrays, name);
        if (array.shape().length != 1) {
            throw new IllegalArgumentException(file + ": " + name + " has shape " + array.shapeText() + ", expected one dimension");
        }
        return array.toFloats();
    }

    private static int integer(Path file, SequencedMap<String, NpyArray> arrays, String name) {
        long value = get(file, arrays, name).asLong();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(file + ": " + name + " is " + value + ", expected within [0, 2^31)");
        }
        return (int) value;
    }
}
