package org.pontoon.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

import org.pontoon.engine.bridge.BridgeTrainer;
import org.pontoon.engine.bridge.TrainingOptions;
import org.pontoon.engine.bridge.TrainingResult;
import org.pontoon.engine.file.NpyFile;
import org.pontoon.engine.memory.PointCloud;
import org.pontoon.engine.parallel.Progress;
import org.pontoon.engine.parallel.TileScheduler;

/**
 * Fits by {@link BridgeTrainer} and by the Python peers under {@code bench/peers}, in turn, in one run: A B C A B C and so on, so that what
 * else happens to the machine happens to all. Every contender gets the same clouds and hyper-parameters, draws minibatches of its own, and
 * is ready before the first round: a fit of ours (the JVM's compilers have come), some hundred steps of each peer.
 *
 * <p>Times per step are those of the training loop with the drawing of its minibatches, of all contenders alike; ours is also given as the
 * whole call of {@code fit}, with its preparation and the evaluation of its support threshold. Objectives are mean log c(x) - mean log v(y)
 * on all points, in float64.
 */
public final class PeerComparison {

    private static final double EPSILON = 0.1;
    private static final int WARM_UP_STEPS = 500;

    /**
     * What to compare.
     *
     * @param dimension number of coordinates D
     * @param data folder of the paper's single-cell data, for D = 50 or 100; null for synthetic clouds
     * @param evaluationDay 3 (from day 2 to day 4) or 4 (from day 3 to day 7), of the single-cell data
     * @param rounds rounds
     * @param steps steps of a fit
     * @param slowSteps steps of a fit with automatic differentiation, fewer because it is slow
     * @param components number of components K
     * @param batch points of each side in a step
     * @param threads numbers of threads of our contenders, the first being what peers are compared with
     * @param pythons commands to try for Python
     * @param peers folder of the peers
     */
    public record Request(int dimension, Path data, int evaluationDay, int rounds, int steps, int slowSteps, int components, int batch,
            List<Integer> threads, List<String> pythons, Path peers) {

        /** Checks the ranges. */
        public Request {
            if (rounds < 1 || steps < 2 || slowSteps < 2 || threads.isEmpty() || evaluationDay != 3 && evaluationDay != 4) {
                throw new IllegalArgumentException("rounds is " + rounds + ", steps " + steps + " and " + slowSteps + ", evaluation day "
                    + evaluationDay + ", threads " + threads + ", expected at least 1, 2 and 2, 3 or 4, and one number");
            }
        }
    }

    /**
     * One fit.
     *
     * @param contender who
     * @param round round, from 0; -1 for our first fit, in a JVM that has compiled nothing yet
     * @param steps number of steps
     * @param secondsPerStep of the training loop
     * @param wholeSecondsPerStep of the whole call, NaN where unknown
     * @param objective full-data objective
     */
    public record Fit(String contender, int round, int steps, double secondsPerStep, double wholeSecondsPerStep, double objective) {

        Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("contender", contender);
            map.put("round", round);
            map.put("steps", steps);
            map.put("secondsPerStep", secondsPerStep);
            map.put("wholeSecondsPerStep", wholeSecondsPerStep);
            map.put("objective", objective);
            return map;
        }
    }

    /**
     * What came of it.
     *
     * @param description data and hyper-parameters in words
     * @param contenders names, ours first
     * @param versions of the peers' software, by contender
     * @param fits all fits, in the order in which they ran
     * @param multiplyAdds multiply-adds in a step
     * @param peak multiply-adds per second of one thread, the higher of before and after
     */
    public record Outcome(String description, List<String> contenders, Map<String, String> versions, List<Fit> fits, double multiplyAdds,
            double peak) {
    }

    private interface Contender extends AutoCloseable {
        Fit fit(int round, int steps, long seed) throws IOException;

        @Override
        void close();
    }

    private record Peer(String name, String script, String module, boolean slow, List<String> options) {
    }

    private static final List<Peer> PEERS = List.of(
        new Peer("numpy, tuned", "lightsb_numpy.py", "numpy", false, List.of()),
        new Peer("numpy, plain", "lightsb_numpy_plain.py", "numpy", false, List.of()),
        new Peer("numpy, plain, legacy draws", "lightsb_numpy_plain.py", "numpy", false, List.of("--draws", "legacy")),
        new Peer("torch autograd", "lightsb_torch.py", "torch", true, List.of()));

    private PeerComparison() {
    }

    /**
     * Runs the comparison. A peer whose software is not installed is left out, with a line to the log.
     *
     * @param request what to compare
     * @param log hears one line for each fit
     * @return all fits
     * @throws IOException if data cannot be read or a peer fails
     */
    public static Outcome run(Request request, Consumer<String> log) throws IOException {
        Path folder = Files.createTempDirectory("pontoon-peers");
        List<Contender> contenders = new ArrayList<>();
        try (Clouds clouds = Clouds.of(request)) {
            Path source = folder.resolve("source.npy");
            Path target = folder.resolve("target.npy");
            NpyFile.writeCloud(source, clouds.source());
            NpyFile.writeCloud(target, clouds.target());
            List<String> names = new ArrayList<>();
            List<Integer> steps = new ArrayList<>();
            Map<String, String> versions = new LinkedHashMap<>();
            List<Fit> fits = new ArrayList<>();
            for (int threads : request.threads()) {
                String name = "pontoon, " + threads + (threads == 1 ? " thread" : " threads");
                Contender ours = new Engine(name, clouds, request, threads);
                contenders.add(ours);
                names.add(name);
                steps.add(request.steps());
                fits.add(heard(ours.fit(-1, request.steps(), 1), log));
            }
            for (Peer peer : PEERS) {
                Optional<String> python = PeerProcess.python(request.pythons(), peer.module());
                Path script = request.peers().resolve(peer.script());
                if (python.isEmpty() || !Files.exists(script)) {
                    log.accept(
                        peer.name() + ": left out, " + (python.isEmpty() ? "no Python with " + peer.module() : "no " + peer.script()));
                    continue;
                }
                PeerProcess process = new PeerProcess(peer.name(), PeerProcess.command(python.get(), script, peer.options(), source, target,
                    request.components(), request.batch(), EPSILON));
                contenders.add(new Python(peer.name(), process));
                names.add(peer.name());
                steps.add(peer.slow() ? request.slowSteps() : request.steps());
                Map<String, Object> first = process.fit(peer.slow() ? Math.min(50, request.slowSteps()) : WARM_UP_STEPS, 1);
                versions.put(peer.name(), first.get("dtype") + ", " + versionText(first.get("versions")));
            }
            double peak = PeakProbe.fmaPeak(1);
            for (int round = 0; round < request.rounds(); round++) {
                for (int c = 0; c < contenders.size(); c++) {
                    fits.add(heard(contenders.get(c).fit(round, steps.get(c), 42 + round), log));
                }
            }
            PeakProbe.forget();
            peak = Math.max(peak, PeakProbe.fmaPeak(1));
            double multiplyAdds = 8.0 * request.components() * request.dimension() * request.batch();
            return new Outcome(
                clouds.description() + ", K=" + request.components() + ", batches of " + request.batch() + ", epsilon=" + EPSILON,
                names, versions, fits, multiplyAdds, peak);
        } finally {
            contenders.forEach(Contender::close);
            Files.deleteIfExists(folder.resolve("source.npy"));
            Files.deleteIfExists(folder.resolve("target.npy"));
            Files.deleteIfExists(folder);
        }
    }

    private static Fit heard(Fit fit, Consumer<String> log) {
        log.accept(String.format(Locale.ROOT, "%s, %s: %.2f µs a step over %d steps, objective %.3f", fit.round() < 0 ? "first fit"
            : "round " + (fit.round() + 1), fit.contender(), fit.secondsPerStep() * 1e6, fit.steps(), fit.objective()));
        return fit;
    }

    private static String versionText(Object versions) {
        List<String> parts = new ArrayList<>();
        if (versions instanceof Map<?, ?> map) {
            map.forEach((name, version) -> parts.add(name + " " + (version instanceof Double d ? Long.toString(Math.round(d)) : version)));
        }
        return String.join(", ", parts);
    }

    /** The two clouds. */
    private record Clouds(PointCloud source, PointCloud target, String description) implements AutoCloseable {

        static Clouds of(Request request) throws IOException {
            int dimension = request.dimension();
            if (request.data() == null) {
                return new Clouds(Synthetic.source(Synthetic.POINTS, dimension), Synthetic.target(Synthetic.POINTS, dimension),
                    "synthetic clouds of " + Synthetic.POINTS + " points, D=" + dimension);
            }
            int[] days = request.evaluationDay() == 3 ? new int[] {2, 4, 3} : new int[] {3, 7, 4};
            PointCloud[] clouds = new PointCloud[3];
            try {
                for (int i = 0; i < 3; i++) {
                    clouds[i] = NpyFile.readCloud(request.data().resolve("full_cite_pcas_" + dimension + "_day_" + days[i] + ".npy"));
                }
                double scale = meanDeviation(clouds);
                return new Clouds(scaled(clouds[0], scale), scaled(clouds[1], scale), String.format(Locale.ROOT,
                    "single-cell data from day %d to day %d, divided by %.4f, D=%d", days[0], days[1], scale, dimension));
            } finally {
                for (PointCloud cloud : clouds) {
                    if (cloud != null) {
                        cloud.close();
                    }
                }
            }
        }

        @Override
        public void close() {
            source.close();
            target.close();
        }
    }

    /** Mean over coordinates of the standard deviation of all clouds together: the scale of the paper's experiment. */
    static double meanDeviation(PointCloud... clouds) {
        double total = 0;
        for (int d = 0; d < clouds[0].dimension(); d++) {
            double sum = 0;
            double squares = 0;
            double count = 0;
            for (PointCloud cloud : clouds) {
                for (int n = 0; n < cloud.size(); n++) {
                    double x = cloud.get(n, d);
                    sum += x;
                    squares += x * x;
                    count++;
                }
            }
            total += Math.sqrt(squares / count - sum / count * (sum / count));
        }
        return total / clouds[0].dimension();
    }

    private static PointCloud scaled(PointCloud cloud, double scale) {
        float[] rows = cloud.toRows();
        for (int i = 0; i < rows.length; i++) {
            rows[i] /= (float) scale;
        }
        return PointCloud.ofRows(rows, cloud.size(), cloud.dimension());
    }

    private static final class Engine implements Contender {

        private final String name;
        private final Clouds clouds;
        private final Request request;
        private final TileScheduler scheduler;

        Engine(String name, Clouds clouds, Request request, int threads) {
            this.name = name;
            this.clouds = clouds;
            this.request = request;
            this.scheduler = new TileScheduler(threads);
        }

        @Override
        public Fit fit(int round, int steps, long seed) {
            TrainingOptions options = TrainingOptions.builder().epsilon(EPSILON).components(request.components()).batch(request.batch())
                .steps(
                    steps)
                .seed(seed).build();
            StepTimer timer = new StepTimer(Progress.NONE);
            TrainingResult result = BridgeTrainer.on(options, clouds.source(), clouds.target()).fit(scheduler, timer);
            double objective = result.bridge().objective(clouds.source(), clouds.target(), scheduler).value();
            return new Fit(name, round, steps, timer.secondsPerStep(), result.seconds() / steps, objective);
        }

        @Override
        public void close() {
            scheduler.close();
        }
    }

    private static final class Python implements Contender {

        private final String name;
        private final PeerProcess process;

        Python(String name, PeerProcess process) {
            this.name = name;
            this.process = process;
        }

        @Override
        public Fit fit(int round, int steps, long seed) throws IOException {
            Map<String, Object> answer = process.fit(steps, seed);
            double prepare = answer.get("prepareSeconds") instanceof Double p ? p : Double.NaN;
            double perStep = (Double) answer.get("secondsPerStep");
            return new Fit(name, round, steps, perStep, perStep + prepare / steps, (Double) answer.get("objective"));
        }

        @Override
        public void close() {
            process.close();
        }
    }

    /**
     * Writes an outcome as Markdown tables.
     *
     * @param outcome what came of a comparison
     * @return the text
     */
    public static String text(Outcome outcome) {
        StringBuilder out = new StringBuilder("Fits in turn: ").append(outcome.description()).append(".\n\n");
        out.append("| contender | steps | µs a step: median | least | most | whole call, median | objective, median |\n");
        out.append("|---|---:|---:|---:|---:|---:|---:|\n");
        String ours = outcome.contenders().getFirst();
        for (String name : outcome.contenders()) {
            List<Fit> fits = rounds(outcome, name);
            double[] loop = values(fits, f -> 1e6 * f.secondsPerStep());
            out.append(String.format(Locale.ROOT, "| %s | %d | %s | %s | %s | %s | %.2f |%n", name, fits.getFirst().steps(),
                ReportText.number(
                    median(loop)),
                ReportText.number(loop[0]), ReportText.number(loop[loop.length - 1]), ReportText.number(median(values(fits,
                    f -> 1e6 * f.wholeSecondsPerStep()))),
                median(values(fits, Fit::objective))));
        }
        out.append("\n| contender | times as long as ").append(ours)
            .append(", round by round: median | least | most | as our whole call, median |\n");
        out.append("|---|---:|---:|---:|---:|\n");
        for (String name : outcome.contenders().subList(1, outcome.contenders().size())) {
            double[] loop = ratios(outcome, name, ours, Fit::secondsPerStep);
            double[] whole = ratios(outcome, name, ours, Fit::wholeSecondsPerStep);
            out.append(String.format(Locale.ROOT, "| %s | %s | %s | %s | %s |%n", name, ReportText.number(median(loop)), ReportText.number(
                loop[0]), ReportText.number(loop[loop.length - 1]), ReportText.number(median(whole))));
        }
        double perStep = median(values(rounds(outcome, ours), Fit::secondsPerStep));
        out.append(
            String.format(Locale.ROOT, "%nA step is %.0f multiply-adds; %s does %.1f of the %.1f GFMA/s that one thread can do here, %s.%n",
                outcome.multiplyAdds(), ours, outcome.multiplyAdds() / perStep * 1e-9, outcome.peak() * 1e-9, ReportText.share(outcome
                    .multiplyAdds() / perStep / outcome.peak())));
        for (Fit fit : outcome.fits()) {
            if (fit.round() < 0) {
                out.append(String.format(Locale.ROOT, "First fit of %s, compilers at work: %s µs a step, %s for the whole call.%n", fit
                    .contender(), ReportText.number(1e6 * fit.secondsPerStep()), ReportText.time(fit.wholeSecondsPerStep() * fit.steps())));
            }
        }
        if (!outcome.versions().isEmpty()) {
            out.append("\nPeers: ");
            List<String> parts = new ArrayList<>();
            outcome.versions().forEach((name, version) -> parts.add(name + " (" + version + ")"));
            out.append(String.join("; ", parts)).append(".\n");
        }
        return out.toString();
    }

    private static List<Fit> rounds(Outcome outcome, String contender) {
        return outcome.fits().stream().filter(f -> f.round() >= 0 && f.contender().equals(contender)).toList();
    }

    private static double[] values(List<Fit> fits, ToDoubleFunction<Fit> value) {
        return fits.stream().mapToDouble(value).sorted().toArray();
    }

    /** Ratios of two contenders' values in the same round, sorted. */
    private static double[] ratios(Outcome outcome, String contender, String to, ToDoubleFunction<Fit> value) {
        List<Fit> a = rounds(outcome, contender);
        List<Fit> b = rounds(outcome, to);
        double[] ratios = new double[a.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = value.applyAsDouble(a.get(i)) / value.applyAsDouble(b.get(i));
        }
        Arrays.sort(ratios);
        return ratios;
    }

    /** Median of sorted values. */
    static double median(double[] sorted) {
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /**
     * Runs a comparison from the command line, prints its tables, and writes them beside the raw numbers where a folder is given.
     *
     * @param args {@code [--dimension 50] [--data DIR [--day 3|4]] [--rounds 5] [--steps 10000] [--slow-steps 300] [--components 10]
     *     [--batch 128] [--threads 1,2] [--python COMMAND] [--peers DIR] [--out DIR] [--commit C]}
     * @throws IOException if data cannot be read, a peer fails, or a file cannot be written
     */
    public static void main(String[] args) throws IOException {
        Map<String, String> values = new LinkedHashMap<>(Map.of("--dimension", "50", "--day", "3", "--rounds", "5", "--steps", "10000",
            "--slow-steps", "300", "--components", "10", "--batch", "128", "--threads", "1", "--peers", "bench/peers"));
        List<String> others = List.of("--data", "--python", "--out", "--commit");
        for (int i = 0; i < args.length; i += 2) {
            if (!values.containsKey(args[i]) && !others.contains(args[i]) || i + 1 == args.length) {
                System.err.println("peers: unknown option or no value: " + args[i]);
                System.exit(2);
            }
            values.put(args[i], args[i + 1]);
        }
        Request request = new Request(number(values, "--dimension"), values.containsKey("--data") ? Path.of(values.get("--data")) : null,
            number(
                values, "--day"),
            number(values, "--rounds"), number(values, "--steps"), number(values, "--slow-steps"), number(values,
                "--components"),
            number(values, "--batch"), Arrays.stream(values.get("--threads").split(",")).map(Integer::valueOf).toList(),
            values.containsKey("--python") ? List.of(values.get("--python")) : List.of("/usr/bin/python3", "python3"), Path.of(values.get(
                "--peers")));
        Map<String, Object> environment = new LinkedHashMap<>();
        environment.put("commit", values.getOrDefault("--commit", Environment.commit()));
        environment.putAll(Environment.capture());
        environment.put("loadBefore", Environment.load());
        Outcome outcome = run(request, System.err::println);
        environment.put("loadAfter", Environment.load());
        String text = text(outcome);
        System.out.print(text);
        if (values.containsKey("--out")) {
            Path folder = Files.createDirectories(Path.of(values.get("--out")));
            String name = "peers-" + (request.data() == null ? "synthetic" : "day" + request.evaluationDay()) + "-d" + request.dimension();
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("description", outcome.description());
            json.put("environment", environment);
            json.put("versions", new LinkedHashMap<String, Object>(outcome.versions()));
            json.put("multiplyAddsPerStep", outcome.multiplyAdds());
            json.put("fmaPeakPerSecond", outcome.peak());
            json.put("fits", outcome.fits().stream().map(f -> (Object) f.toMap()).toList());
            Files.writeString(folder.resolve(name + ".json"), Json.write(json));
            Files.writeString(folder.resolve(name + ".md"), text);
        }
    }

    private static int number(Map<String, String> values, String option) {
        try {
            return Integer.parseInt(values.get(option));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " is '" + values.get(option) + "', expected a number", e);
        }
    }
}
