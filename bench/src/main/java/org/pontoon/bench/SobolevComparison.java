package org.pontoon.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.pontoon.engine.feature.MeanFeatures;
import org.pontoon.engine.feature.RandomFeatures;
import org.pontoon.engine.feature.RandomFeatures.Spectrum;
import org.pontoon.engine.file.NpyArray;
import org.pontoon.engine.file.NpyFile;
import org.pontoon.engine.flow.Flow;
import org.pontoon.engine.flow.FlowOptions;
import org.pontoon.engine.flow.FlowResult;
import org.pontoon.engine.flow.descent.SobolevDescent;
import org.pontoon.engine.flow.descent.SobolevOptions;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;
import org.pontoon.engine.random.CounterRandom;

/**
 * Unbalanced Sobolev descent with weights on the first task of Mroueh and Rigotti (2020), a Gaussian to a mixture of eight: whole runs of the
 * engine in turn with {@code bench/peers/usd_numpy.py}, the same algorithm in numpy, on the same particles, target and features, one thread
 * each. Both ends are measured with the same draw of the published metric.
 *
 * <p>A program, not a JMH suite: only strict alternation within one run compares two processes on a machine whose clock wanders.
 */
public final class SobolevComparison {

    private static final int POINTS = 4000;
    private static final int FEATURES = 300;
    private static final double STEP = 0.025;
    private static final double ALPHA = 0.6;
    private static final double RIDGE = 1e-2;
    /** One that reaches the published distances, and finer ones, with which the engine sums over all points. */
    private static final List<List<Double>> BANDWIDTHS = List.of(List.of(0.5), List.of(0.15, 0.3, 0.6));
    /** The metric's kernel is exp(-|z|^2). */
    private static final double METRIC = Math.sqrt(0.5);
    private static final long SEED = 20260103;
    private static final double WARM_NANOS = 3e9;
    private static final int PRODUCTS = 40;
    /** Floating-point operations of a run of the authors' critic: 800 iterations of 20 steps of 1.2e9 and a bit. */
    private static final double NEURAL_OPERATIONS = 20e12;
    private static final List<String> FILES = List.of("start", "target", "frequencies", "phases", "end", "weights");

    private SobolevComparison() {
    }

    /** One run: seconds of the whole and how far its end is from the target's sample. */
    private record Run(double seconds, double distance) {
    }

    /**
     * Runs the comparison, prints it as Markdown and, where a folder is given, writes it there as {@code sobolev.md} and {@code
     * sobolev.json}. Without numpy a line says so and the peer is left out.
     *
     * @param args {@code [--rounds 5] [--steps 400] [--peers bench/peers] [--out DIR]}
     * @throws IOException if the peer fails or a file cannot be written
     */
    public static void main(String[] args) throws IOException {
        Map<String, String> values = new LinkedHashMap<>(Map.of("--rounds", "5", "--steps", "400", "--peers", "bench/peers"));
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length || !values.containsKey(args[i]) && !args[i].equals("--out")) {
                throw new IllegalArgumentException("unknown option or no value: " + args[i] + ", expected --out DIR or one of "
                    + values.keySet());
            }
            values.put(args[i], args[i + 1]);
        }
        int rounds = Integer.parseInt(values.get("--rounds"));
        int steps = Integer.parseInt(values.get("--steps"));
        if (rounds < 1 || steps < 1) {
            throw new IllegalArgumentException("rounds is " + rounds + " and steps " + steps + ", expected at least 1 of each");
        }
        Map<String, Object> json = compare(rounds, steps, Path.of(values.get("--peers")));
        String text = text(json);
        System.out.print(text);
        if (values.containsKey("--out")) {
            Path folder = Files.createDirectories(Path.of(values.get("--out")));
            Files.writeString(folder.resolve("sobolev.json"), Json.write(json));
            Files.writeString(folder.resolve("sobolev.md"), text);
        }
    }

    private static Map<String, Object> compare(int rounds, int steps, Path peers) throws IOException {
        MeanFeatures metric = new MeanFeatures(RandomFeatures.draw(Spectrum.GAUSSIAN, 2, FEATURES, SEED + 1, METRIC));
        Path folder = Files.createTempDirectory("pontoon-sobolev");
        try (PointCloud start = cloud(2, 0, 0.1); PointCloud target = cloud(3, 0.75, 0.075); TileScheduler one = new TileScheduler(1)) {
            NpyFile.writeCloud(folder.resolve("start.npy"), start);
            NpyFile.writeCloud(folder.resolve("target.npy"), target);
            double[] goal = metric.of(target, true, one);
            Optional<List<String>> command = command(peers, folder, steps);
            double peak = PeakProbe.fmaPeak(1);
            double product = product();
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("points", POINTS);
            json.put("features", FEATURES);
            json.put("steps", steps);
            json.put("rounds", rounds);
            json.put("firstDistance", MeanFeatures.distance(metric.of(start, true, one), goal));
            List<Map<String, Object>> settings = new ArrayList<>();
            for (List<Double> bandwidths : BANDWIDTHS) {
                RandomFeatures features = features(bandwidths, folder);
                settings.add(compare(bandwidths, rounds, steps, command, () -> ours(features, steps, start, target, metric, goal, one),
                    () -> distance(folder, metric, goal, one)));
                product = Math.min(product, product());
            }
            json.put("settings", settings);
            PeakProbe.forget();
            peak = Math.max(peak, PeakProbe.fmaPeak(1));
            json.put("fmaPeak", peak);
            json.put("productSeconds", product);
            json.put("productShareOfPeak", multiplyAdds() / product / peak);
            json.put("neuralSecondsAtPeak", NEURAL_OPERATIONS / (2 * peak));
            return json;
        } finally {
            for (String file : FILES) {
                Files.deleteIfExists(folder.resolve(file + ".npy"));
            }
            Files.deleteIfExists(folder);
        }
    }

    /** Measures the distance at the peer's end. */
    private interface Distance {
        double get() throws IOException;
    }

    private static Map<String, Object> compare(List<Double> bandwidths, int rounds, int steps, Optional<List<String>> command,
            Supplier<Run> run, Distance distance) throws IOException {
        for (long begin = System.nanoTime(); System.nanoTime() - begin < WARM_NANOS;) {
            run.get();
        }
        List<Run> ours = new ArrayList<>();
        List<Run> theirs = new ArrayList<>();
        Map<String, Object> answer = Map.of();
        for (int round = 0; round < rounds; round++) {
            ours.add(run.get());
            if (command.isPresent()) {
                answer = ask(command.get());
                theirs.add(new Run((Double) answer.get("seconds"), distance.get()));
            }
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("bandwidths", bandwidths);
        json.put("ours", contender(ours, steps));
        if (command.isPresent()) {
            json.put("numpy", contender(theirs, steps));
            json.put("numpyVersion", answer.get("numpy"));
            json.put("numpyParts", answer.get("parts"));
            json.put("ratios", IntStream.range(0, rounds).mapToObj(r -> theirs.get(r).seconds() / ours.get(r).seconds()).toList());
        }
        return json;
    }

    /** Draws features and leaves them to the peer. */
    private static RandomFeatures features(List<Double> bandwidths, Path folder) throws IOException {
        double[] frequencies = new double[2 * FEATURES];
        double[] phases = new double[FEATURES];
        RandomFeatures drawn = RandomFeatures.draw(Spectrum.ORTHOGONAL_GAUSSIAN, 2, FEATURES, SEED, bandwidths.stream().mapToDouble(
            v -> v).toArray());
        for (int j = 0; j < FEATURES; j++) {
            frequencies[2 * j] = drawn.frequency(j, 0);
            frequencies[2 * j + 1] = drawn.frequency(j, 1);
            phases[j] = drawn.phase(j);
        }
        NpyFile.write(folder.resolve("frequencies.npy"), NpyArray.of(frequencies, FEATURES, 2));
        NpyFile.write(folder.resolve("phases.npy"), NpyArray.of(phases, FEATURES));
        return RandomFeatures.of(2, frequencies, phases);
    }

    /** Normals around the origin or, in turn, around eight points of a circle. */
    private static PointCloud cloud(long stream, double radius, double deviation) {
        long key = CounterRandom.key(SEED, stream);
        float[] rows = new float[2 * POINTS];
        for (int i = 0; i < POINTS; i++) {
            double angle = Math.PI / 4 * (i % 8);
            rows[2 * i] = (float) (radius * Math.cos(angle) + deviation * CounterRandom.normal(key, 2L * i));
            rows[2 * i + 1] = (float) (radius * Math.sin(angle) + deviation * CounterRandom.normal(key, 2L * i + 1));
        }
        return PointCloud.ofRows(rows, POINTS, 2);
    }

    /** The peer's command, if there is a Python that can run it. */
    private static Optional<List<String>> command(Path peers, Path folder, int steps) {
        Path script = peers.resolve("usd_numpy.py");
        Optional<String> python = PeerProcess.python(List.of("/usr/bin/python3", "python3"), "numpy");
        if (python.isEmpty() || !Files.exists(script)) {
            System.err.println("numpy: left out, " + (python.isEmpty() ? "no Python with numpy" : "no " + script));
            return Optional.empty();
        }
        return Optional
            .of(List.of(python.get(), script.toString(), "--folder", folder.toString(), "--steps", Integer.toString(steps), "--step",
                Double.toString(STEP), "--alpha", Double.toString(ALPHA), "--ridge", Double.toString(RIDGE), "--profile"));
    }

    private static Run ours(RandomFeatures features, int steps, PointCloud start, PointCloud target, MeanFeatures metric, double[] goal,
            TileScheduler scheduler) {
        SobolevOptions options = SobolevOptions.builder().alpha(ALPHA).ridge(RIDGE).build();
        long begin = System.nanoTime();
        FlowResult result = new Flow(FlowOptions.of(STEP, steps)).run(new SobolevDescent(start, target, features, options, scheduler),
            Progress.NONE);
        double seconds = (System.nanoTime() - begin) * 1e-9;
        try (PointCloud end = result.last().toCloud()) {
            return new Run(seconds, MeanFeatures.distance(metric.of(end, true, scheduler), goal));
        }
    }

    private static Map<String, Object> ask(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try {
            return PeerProcess.answer("usd_numpy.py", process.inputReader().readLine(), List.of("seconds", "lastDistance"));
        } finally {
            process.destroy();
        }
    }

    /** How far the peer's end is. */
    private static double distance(Path folder, MeanFeatures metric, double[] goal, TileScheduler scheduler) throws IOException {
        try (PointCloud end = NpyFile.readCloud(folder.resolve("end.npy"));
                PointCloud weights = NpyFile.readCloud(folder.resolve("weights.npy"))) {
            return MeanFeatures.distance(metric.of(end.withWeights(weights.toRows()), true, scheduler), goal);
        }
    }

    /** Seconds of a symmetric product by itself, the best of some. */
    private static double product() {
        SobolevBenchmark.Panels panels = new SobolevBenchmark.Panels();
        panels.particles = POINTS;
        panels.features = FEATURES;
        panels.start();
        double best = Double.POSITIVE_INFINITY;
        for (int k = 0; k < PRODUCTS; k++) {
            long begin = System.nanoTime();
            panels.addProduct();
            best = Math.min(best, (System.nanoTime() - begin) * 1e-9);
        }
        return best;
    }

    private static double multiplyAdds() {
        return 0.5 * FEATURES * (FEATURES + 1) * POINTS;
    }

    private static Map<String, Object> contender(List<Run> runs, int steps) {
        List<Double> seconds = runs.stream().map(Run::seconds).toList();
        double median = PeerComparison.median(sorted(seconds));
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("seconds", seconds);
        map.put("medianSeconds", median);
        map.put("millisecondsPerStep", 1e3 * median / steps);
        map.put("distance", runs.getLast().distance());
        return map;
    }

    private static String text(Map<String, Object> json) {
        StringBuilder out = new StringBuilder(String.format(Locale.ROOT,
            "Unbalanced Sobolev descent with weights, Gaussian to a mixture of eight, in turn: %s particles, D=2, %s random Fourier features, "
                + "%s steps of %s, one thread each, %s rounds. RFF-MMD against the target's sample, %.4f at the start; published at the end "
                + "with weights: .0021.%n%n",
            json.get("points"), json.get("features"), json.get("steps"), STEP, json.get("rounds"), json.get("firstDistance")));
        out.append("| bandwidths | contender | ms a step: median | least | most | whole run, s | RFF-MMD at the end |\n"
            + "|---|---|---:|---:|---:|---:|---:|\n");
        StringBuilder ratios = new StringBuilder();
        for (Object each : (List<?>) json.get("settings")) {
            Map<?, ?> setting = (Map<?, ?>) each;
            String bandwidths = ((List<?>) setting.get("bandwidths")).stream().map(String::valueOf).collect(Collectors.joining(", "));
            for (String name : List.of("ours", "numpy")) {
                if (setting.get(name) instanceof Map<?, ?> contender) {
                    double[] seconds = sorted(contender.get("seconds"));
                    double scale = 1e3 / (Integer) json.get("steps");
                    out.append(String.format(Locale.ROOT, "| %s | %s | %.2f | %.2f | %.2f | %.3f | %.5f |%n", bandwidths,
                        name.equals("ours") ? "pontoon" : "numpy " + setting.get("numpyVersion"), scale * PeerComparison.median(seconds),
                        scale * seconds[0], scale * seconds[seconds.length - 1], PeerComparison.median(seconds), contender.get(
                            "distance")));
                }
            }
            ratios.append(ratios(setting, bandwidths, (Integer) json.get("steps")));
        }
        return out.append('\n').append(ratios).append(String.format(Locale.ROOT,
            "A symmetric product of %s x %s by itself takes %.2f ms, %s of the %.1f GFMA/s that one thread can do here. The authors' "
                + "neural critic is estimated at 20 Tflop a run: %.0f s at that peak.%n",
            json.get("points"), json.get("features"), 1e3 * (Double) json.get("productSeconds"),
            ReportText.share((Double) json.get("productShareOfPeak")),
            1e-9 * (Double) json.get("fmaPeak"), json.get("neuralSecondsAtPeak"))).toString();
    }

    private static String ratios(Map<?, ?> setting, String bandwidths, int steps) {
        if (!setting.containsKey("ratios")) {
            return "";
        }
        double[] ratios = sorted(setting.get("ratios"));
        String text = String.format(Locale.ROOT,
            "Bandwidths %s: numpy takes %.2f times as long, round by round: median; least %.2f, most %.2f.",
            bandwidths, PeerComparison.median(ratios), ratios[0], ratios[ratios.length - 1]);
        if (setting.get("numpyParts") instanceof Map<?, ?> parts) {
            text += parts.entrySet().stream()
                .map(part -> String.format(Locale.ROOT, "%s %.2f", part.getKey(), 1e3 * (Double) part.getValue()
                    / steps))
                .collect(Collectors.joining(", ", " Its milliseconds a step: ", "."));
        }
        return text + "\n\n";
    }

    private static double[] sorted(Object list) {
        return ((List<?>) list).stream().mapToDouble(v -> (Double) v).sorted().toArray();
    }
}
