package org.pontoon.bench;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

import org.pontoon.engine.file.BridgeFile;
import org.pontoon.engine.file.NpyArray;
import org.pontoon.engine.file.NpyFile;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.transport.SlicedDirections;

/**
 * Whole commands, from files to a result, in turn with the peers of {@code bench/peers/cold_*.py} as whole processes. Everybody reads the
 * same files, uses one thread, and says what came of it: a row whose values differ is not reported.
 */
final class ColdCommands {

    private static final int SAMPLES = 1_000_000;
    private static final int CLOUD = 10_000;
    private static final int DIRECTIONS = 100;
    private static final int DIMENSION = 50;
    private static final int TARGETS = 8485;
    private static final int SINKHORN_POINTS = 2000;
    private static final int FLOW_POINTS = 1000;
    private static final int COMPONENTS = 10;
    private static final String STEPS = "10000";
    private static final String BLUR = "0.05";
    /** The command's default, which its directions come from. */
    private static final long SEED = 42;
    private static final int LEVELS = 4;

    private final List<String> pontoon;
    private final List<String> pythons;
    private final Path peers;
    private final Path folder;
    private final Map<String, Optional<String>> found = new TreeMap<>();

    /**
     * Gets ready.
     *
     * @param pontoon what runs the command, without its arguments
     * @param pythons commands to try for Python
     * @param peers folder of the peers
     * @param folder for input and results
     */
    ColdCommands(List<String> pontoon, List<String> pythons, Path peers, Path folder) {
        this.pontoon = pontoon;
        this.pythons = pythons;
        this.peers = peers;
        this.folder = folder;
    }

    /** What is run. */
    enum Work {
        /** Nothing but a start. */
        VERSION("--version", "", 0, 0.1, true),
        /** The options of everything. */
        HELP("--help", "", 0, 0.2, true),
        /** Two samples on the line; peers sort in float32. */
        LINE("distance wasserstein-1d", "2 x 1,000,000 values", 1e-5, 1.0, true),
        /** Along directions; peers project in float32. */
        SLICED("distance sliced", "2 x 10,000 points, D = 50, 100 directions", 1e-3, 3.1, true),
        /** Three matrices of distances. */
        ENERGY("distance energy", "6071 and 8485 points, D = 50", 1e-6, 5.5, false),
        /** The debiased divergence; peers stop at three digits. */
        SINKHORN("distance sinkhorn", "2 x 2000 points, D = 3, blur .05, gradient", 1e-2, 13, false),
        /** A fit of its own minibatches, as the official code does it: objectives differ as those of two seeds do. */
        FIT("fit", "6071 and 8485 points, D = 50, the official optimiser, 10,000 steps", 5e-2, 2.1, true),
        /** Draws of its own random numbers: their mean square. */
        TRANSPORT("transport", "6071 points, D = 50, K = 10", 2e-2, 0.8, true),
        /** A flow with its pictures. */
        FLOW("flow energy", "2 x 1000 points, D = 2, 101 steps, pictures", 0, 1.7, true);

        private final String title;
        private final String what;
        private final double tolerance;
        private final double seconds;
        private final boolean brief;

        Work(String title, String what, double tolerance, double seconds, boolean brief) {
            this.title = title;
            this.what = what;
            this.tolerance = tolerance;
            this.seconds = seconds;
            this.brief = brief;
        }

        /** The command and its subcommand. */
        String title() {
            return title;
        }

        /** Seconds of a round, peers included, about. */
        double seconds() {
            return seconds;
        }

        /** Whether a quick run has it. */
        boolean brief() {
            return brief;
        }
    }

    /**
     * What a process found.
     *
     * @param value a number, NaN where there is none to find
     * @param versions of the software that found it, empty for ours
     */
    record Found(double value, Map<String, String> versions) {
    }

    /** Reads what a process found from what it printed, or from what it wrote. */
    interface Answer {
        Found of(String out) throws IOException;
    }

    /** Starts a process and waits for its end. */
    interface Starter {
        TimedProcess.Ended start(List<String> command) throws IOException;
    }

    /** Somebody who does the work of a row. */
    record Contender(String who, List<String> command, Answer answer) {
    }

    /**
     * One kind of work.
     *
     * @param title the command
     * @param what on what
     * @param tolerance relative difference up to which two values are the same
     * @param contenders ours first
     * @param absent peers that are left out, and why
     */
    record Row(String title, String what, double tolerance, List<Contender> contenders, Map<String, String> absent) {
    }

    /** What runs the command: the launcher if it can be found, so that its shell work counts, or else a JVM like this one. */
    static List<String> command(String root, String classPath) {
        if (root != null) {
            Path launcher = Path.of(root, "pontoon");
            if (!Files.isExecutable(launcher)) {
                throw new IllegalArgumentException("PONTOON_ROOT is " + root + ", which has no launcher 'pontoon'");
            }
            return List.of(launcher.toString());
        }
        Path place = Path.of(classPath.split(File.pathSeparator)[0]).toAbsolutePath();
        for (int level = 0; level < LEVELS && place.getParent() != null; level++) {
            place = place.getParent();
            Path launcher = place.resolve("pontoon");
            if (Files.isRegularFile(launcher) && Files.isExecutable(launcher)) {
                return List.of(launcher.toString());
            }
        }
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", classPath, "org.pontoon.cli.Pontoon"));
        return command;
    }

    /** The row of some work, with its input written. */
    Row row(Work work) throws IOException {
        List<Contender> contenders = new ArrayList<>();
        Map<String, String> absent = new LinkedHashMap<>();
        switch (work) {
            case VERSION -> contenders.add(ours(saying("pontoon"), "--version"));
            case HELP -> contenders.add(ours(saying("Usage: pontoon"), "--help"));
            case LINE -> {
                String x = file("line-x", Synthetic.normals(SAMPLES, 1), SAMPLES);
                String y = file("line-y", moved(Synthetic.normals(SAMPLES, 2), 1.5f, 1), SAMPLES);
                contenders.add(ours(field("power"), "distance", "wasserstein-1d", x, y, "--threads", "1", "--json"));
                peer("numpy", "numpy", contenders, absent, "cold_wasserstein.py", x, y);
            }
            case SLICED -> {
                String x = file("sliced-x", Synthetic.source(CLOUD, DIMENSION));
                String y = file("sliced-y", Synthetic.target(CLOUD, DIMENSION));
                String along = file("directions", directions(), DIRECTIONS, DIMENSION);
                contenders.add(ours(field("power"), "distance", "sliced", x, y, "--projections", Integer.toString(DIRECTIONS), "--seed",
                    Long.toString(SEED), "--threads", "1", "--json"));
                peer("numpy", "numpy", contenders, absent, "cold_sliced.py", "numpy", x, y, along);
                peer("POT", "ot", contenders, absent, "cold_sliced.py", "pot", x, y, along);
            }
            case ENERGY -> {
                contenders.add(ours(field("value"), "distance", "energy", source(), target(), "--threads", "1", "--json"));
                peer("scipy, cdist", "numpy, scipy", contenders, absent, "cold_energy.py", source(), target());
            }
            case SINKHORN -> {
                String x = file("sinkhorn-x", Synthetic.cube(SINKHORN_POINTS, 3, 1));
                String y;
                try (PointCloud cube = Synthetic.cube(SINKHORN_POINTS, 3, 2)) {
                    y = file("sinkhorn-y", moved(cube.toRows(), 0.75f, 0.25f), SINKHORN_POINTS, 3);
                }
                String gradient = folder.resolve("gradient.npy").toString();
                contenders.add(ours(field("value"), "distance", "sinkhorn", x, y, "--blur", BLUR, "--gradient", gradient, "--threads", "1",
                    "--json"));
                peer("POT, sinkhorn", "ot", contenders, absent, "cold_sinkhorn.py", "kernel", x, y, BLUR, gradient);
                peer("POT, sinkhorn_log", "ot", contenders, absent, "cold_sinkhorn.py", "log", x, y, BLUR, gradient);
            }
            case FIT -> {
                String model = folder.resolve("model.npz").toString();
                contenders.add(ours(field("objective"), "fit", "--source", source(), "--target", target(), "--out", model, "--steps",
                    STEPS, "--no-revive", "--threads", "1", "--json"));
                peer("numpy, tuned", "numpy", contenders, absent, "cold_fit.py", source(), target(), STEPS, model);
            }
            case TRANSPORT -> {
                Path bridge = folder.resolve("bridge.npz");
                BridgeFile.write(bridge, Synthetic.bridge(DIMENSION, COMPONENTS));
                Path moved = folder.resolve("moved.npy");
                contenders.add(ours(out -> new Found(meanSquare(NpyFile.read(moved).toFloats()), Map.of()), "transport", "--model", bridge
                    .toString(), "--source", source(), "--out", moved.toString(), "--threads", "1", "--json"));
                peer("numpy", "numpy", contenders, absent, "cold_transport.py", bridge.toString(), source(), folder.resolve(
                    "moved-by-peer.npy").toString());
            }
            case FLOW -> contenders.add(ours(field("value"), "flow", "energy", file("flow-x", Synthetic.source(FLOW_POINTS, 2)), file(
                "flow-y", Synthetic.target(FLOW_POINTS, 2)), "--out", folder.resolve("flow").toString(), "--overwrite", "--threads", "1",
                "--json"));
        }
        return new Row(work.title, work.what, work.tolerance, contenders, absent);
    }

    private Contender ours(Answer answer, String... arguments) {
        List<String> command = new ArrayList<>(pontoon);
        command.addAll(List.of(arguments));
        return new Contender("Pontoon", command, answer);
    }

    private void peer(String who, String modules, List<Contender> contenders, Map<String, String> absent, String script,
            String... arguments) {
        Path file = peers.resolve(script);
        Optional<String> python = found.computeIfAbsent(modules, m -> PeerProcess.python(pythons, m));
        if (!Files.exists(file)) {
            absent.put(who, "no " + script);
        } else if (python.isEmpty()) {
            absent.put(who, "no Python with " + modules);
        } else {
            List<String> command = new ArrayList<>(List.of(python.get(), file.toString()));
            command.addAll(List.of(arguments));
            contenders.add(new Contender(who, command, ColdCommands::peerFound));
        }
    }

    /** What a peer's line of JSON says: a value, and versions. */
    static Found peerFound(String out) throws IOException {
        Map<String, Object> answer = PeerProcess.answer("the peer", out.isBlank() ? null : out.strip(), List.of("value"));
        Map<String, String> versions = new LinkedHashMap<>();
        answer.forEach((name, value) -> {
            if (value instanceof String version) {
                versions.put(name, version);
            }
        });
        return new Found((Double) answer.get("value"), versions);
    }

    private static Answer saying(String text) {
        return out -> {
            if (!out.contains(text)) {
                throw new IOException("printed no '" + text + "'");
            }
            return new Found(Double.NaN, Map.of());
        };
    }

    private static Answer field(String name) {
        return out -> new Found((Double) PeerProcess.answer("the command", out.isBlank() ? null : out.strip(), List.of(name)).get(name), Map
            .of());
    }

    private String source() throws IOException {
        return file("source", Synthetic.source(Synthetic.POINTS, DIMENSION));
    }

    private String target() throws IOException {
        return file("target", Synthetic.target(TARGETS, DIMENSION));
    }

    private String file(String name, PointCloud cloud) throws IOException {
        Path file = folder.resolve(name + ".npy");
        try (cloud) {
            NpyFile.writeCloud(file, cloud);
        }
        return file.toString();
    }

    private String file(String name, float[] values, int... shape) throws IOException {
        Path file = folder.resolve(name + ".npy");
        NpyFile.write(file, NpyArray.of(values, shape));
        return file.toString();
    }

    private static float[] moved(float[] values, float factor, float shift) {
        for (int i = 0; i < values.length; i++) {
            values[i] = factor * values[i] + shift;
        }
        return values;
    }

    /** Those that the command draws. */
    private static float[] directions() {
        SlicedDirections directions = SlicedDirections.orthonormal(SEED, DIRECTIONS, DIMENSION);
        float[] rows = new float[DIRECTIONS * DIMENSION];
        for (int l = 0; l < DIRECTIONS; l++) {
            System.arraycopy(directions.direction(l), 0, rows, l * DIMENSION, DIMENSION);
        }
        return rows;
    }

    private static double meanSquare(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return sum / values.length;
    }

    /** All that was measured of a contender. */
    private static final class Times {

        private final List<Double> seconds = new ArrayList<>();
        private final List<Double> processorSeconds = new ArrayList<>();
        private Found found;
    }

    /**
     * Runs everybody in turn, row by row within each round. A row in which a process fails, or finds another value than ours, is not
     * run again, and not reported.
     *
     * @param rows what to run
     * @param rounds how often
     * @param starter runs a process
     * @param log hears of rounds
     * @param failures gets the reason for each row that is not reported
     * @return a map for each row that is reported, as it goes into JSON
     * @throws IOException if a process cannot be started at all
     */
    static List<Map<String, Object>> takeTurns(List<Row> rows, int rounds, Starter starter, Consumer<String> log, List<String> failures)
            throws IOException {
        Map<Row, List<Times>> measured = new LinkedHashMap<>();
        rows.forEach(row -> measured.put(row, row.contenders.stream().map(contender -> new Times()).toList()));
        for (int round = 0; round < rounds; round++) {
            log.accept(String.format(Locale.ROOT, "commands, round %d of %d", round + 1, rounds));
            for (Row row : List.copyOf(measured.keySet())) {
                try {
                    run(row, measured.get(row), starter);
                } catch (IllegalStateException e) {
                    failures.add(row.title + ": " + e.getMessage());
                    measured.remove(row);
                }
            }
        }
        return measured.entrySet().stream().map(entry -> map(entry.getKey(), entry.getValue())).toList();
    }

    /** One round of a row. */
    private static void run(Row row, List<Times> measured, Starter starter) throws IOException {
        for (int c = 0; c < measured.size(); c++) {
            Contender contender = row.contenders.get(c);
            Times times = measured.get(c);
            TimedProcess.Ended ended = starter.start(contender.command);
            if (ended.code() != 0) {
                throw new IllegalStateException(contender.who + " ended with " + ended.code() + (ended.lastError().isEmpty() ? "" : ": "
                    + ended.lastError()));
            }
            Found now = found(contender, ended.out());
            // the bits of a peer may depend on where its arrays lie
            if (c == 0 && times.found != null && Double.compare(times.found.value, now.value) != 0) {
                throw new IllegalStateException(contender.who + " found " + now.value + ", and " + times.found.value + " in an earlier "
                    + "round");
            }
            times.found = now;
            double expected = measured.getFirst().found.value;
            if (c > 0 && !(Math.abs(now.value - expected) <= row.tolerance * Math.abs(expected))) {
                throw new IllegalStateException(contender.who + " found " + now.value + ", Pontoon " + expected + ", expected the same "
                    + "within " + row.tolerance);
            }
            times.seconds.add(ended.seconds());
            times.processorSeconds.add(ended.processorSeconds());
        }
    }

    private static Found found(Contender contender, String out) {
        try {
            return contender.answer.of(out);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalStateException(contender.who + " left no answer: " + e.getMessage(), e);
        }
    }

    private static Map<String, Object> map(Row row, List<Times> measured) {
        List<Object> contenders = new ArrayList<>();
        for (int c = 0; c < measured.size(); c++) {
            Times times = measured.get(c);
            Map<String, Object> contender = new LinkedHashMap<>();
            contender.put("who", row.contenders.get(c).who);
            contender.put("seconds", times.seconds);
            contender.put("processorSeconds", times.processorSeconds);
            contender.put("value", times.found.value);
            contender.put("versions", times.found.versions);
            contenders.add(contender);
        }
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("command", row.title);
        map.put("what", row.what);
        map.put("tolerance", row.tolerance);
        map.put("contenders", contenders);
        map.put("absent", row.absent);
        return map;
    }
}
