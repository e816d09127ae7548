package org.pontoon.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs JMH suites and writes what they measured, with all that is needed to judge it, into a folder of its own: {@code environment.json},
 * the raw {@code jmh/*.json}, what the latency rig, cold starts and the comparisons with peers wrote, charts, and a {@code REPORT.md} made
 * of these files alone. The machine's yardsticks ({@link PeakProbe}) are measured in the same run, before and after.
 *
 * <p>Benchmarks run in JVMs of their own, with the options of their {@code @Fork}. One that fails, or finds its answer wrong, is named in the
 * report and fails the command; the others run all the same.
 */
public final class BenchReport {

    /** What can be measured, in the order of the report. */
    public enum Suite {
        /** Steps of a fit. */
        FIT("Steps of a fit"),
        /** Whole clouds through a bridge. */
        TRANSPORT("Clouds through a bridge"),
        /** Single points through a bridge. */
        SAMPLER("Single points through a bridge"),
        /** The drift of a bridge. */
        DRIFT("The drift of a bridge"),
        /** Sums over pairs of points. */
        LOSSES("Losses between clouds: sums over pairs, log-sum-exp"),
        /** Entropic transport. */
        SINKHORN("Sinkhorn divergence and plan"),
        /** Sorts. */
        SORT("Sorts"),
        /** Transport on the line and along projections. */
        WASSERSTEIN("Wasserstein distances on the line and sliced"),
        /** Steps of particle flows. */
        FLOWS("Flows of particles"),
        /** Kernels beside their scalar twins. */
        KERNELS("Kernels of the bridge"),
        /** More threads. */
        SCALING("Scaling with threads"),
        /** Single translations on a schedule; {@link LatencyRig}. */
        LATENCY("Latency"),
        /** Whole processes and first calls; {@link ColdStarts}. */
        COLD("Cold starts"),
        /** In turn with other people's programs. */
        PEERS("In turn with peers"),
        /** Experiments with the Vector API, no part of Pontoon. */
        FACTS("Experiments with the Vector API");

        private final String title;

        Suite(String title) {
            this.title = title;
        }

        /** What the report calls it. */
        String title() {
            return title;
        }

        /**
         * Returns the name that the command line takes.
         *
         * @return lower case
         */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * How long to measure.
     *
     * @param name says it in the report
     * @param forks JVMs per benchmark
     * @param warmUps warm-up iterations
     * @param iterations measured iterations
     * @param milliseconds length of each
     */
    public record Settings(String name, int forks, int warmUps, int iterations, int milliseconds) {

        /** For numbers that are quoted: about a quarter of a minute for each benchmark. */
        public static final Settings FULL = new Settings("full", 3, 6, 5, 400);
        /** For a first look: about three seconds for each benchmark, and fewer parameters. */
        public static final Settings QUICK = new Settings("quick", 1, 4, 3, 250);
        /** To see that everything runs; its numbers mean nothing. */
        public static final Settings SMOKE = new Settings("smoke", 1, 1, 1, 100);

        /** Whether fewer parameters and rounds do. */
        boolean brief() {
            return forks == 1;
        }
    }

    /**
     * What to run and where to write.
     *
     * @param host neutral label of the machine, as in {@code epyc-genoa-2c}: letters, digits and hyphens; never its real name
     * @param suites suites to run, in this order
     * @param include regular expression that a benchmark's name must contain; empty for all
     * @param parameters values of JMH parameters to run instead of a benchmark's own
     * @param settings how long to measure
     * @param folder where the report's folder is made
     * @param commit what was measured; empty to ask git
     */
    public record Request(String host, List<Suite> suites, String include, Map<String, List<String>> parameters, Settings settings,
            Path folder,
            String commit) {

        /** Checks the label. */
        public Request {
            if (!host.matches("[a-z0-9][a-z0-9-]*")) {
                throw new IllegalArgumentException("host label is '" + host + "', expected lower-case letters, digits and hyphens");
            }
            if (suites.isEmpty()) {
                throw new IllegalArgumentException("no suites, expected at least one");
            }
            try {
                Pattern.compile(include);
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException("--include is '" + include + "', expected a regular expression: " + e.getDescription(),
                    e);
            }
            if (Files.exists(folder) && !Files.isDirectory(folder)) {
                throw new IllegalArgumentException("folder for reports is " + folder + ", which is a file, expected a directory");
            }
            Objects.requireNonNull(settings, "settings");
        }
    }

    /** Of what was not compiled when it was measured: so many times the warm-up. */
    private static final int LONGER = 8;
    /** An iteration that takes longer hangs. */
    private static final TimeValue PATIENCE = TimeValue.minutes(2);
    /** For the machine's limits, before and after. */
    private static final double PROBE_SECONDS = 25;

    private final Request request;
    private final Consumer<String> log;
    private final Map<String, Object> environment = new LinkedHashMap<>();
    private final List<Object> suites = new ArrayList<>();
    private final List<Object> remarks = new ArrayList<>();
    private final TreeSet<String> jvmOptions = new TreeSet<>();
    private final Progress progress;
    private int failures;
    private Path folder;

    private BenchReport(Request request, Consumer<String> log) {
        this.request = request;
        this.log = log;
        this.progress = new Progress(plan(request));
    }

    /**
     * Returns the suites that are run when none are named: all but the experiments.
     *
     * @return the suites
     */
    public static List<Suite> defaultSuites() {
        return Stream.of(Suite.values()).filter(suite -> suite != Suite.FACTS).toList();
    }

    /**
     * A suite before it runs.
     *
     * @param suite its name on the command line; "limits" for the probes before and after
     * @param benchmarks how many benchmarks, each set of parameters counted; none where none matches
     * @param seconds how long they will take, about
     */
    public record Planned(String suite, int benchmarks, double seconds) {
    }

    /**
     * Tells what a run would measure and how long it would take, without running it.
     *
     * @param request what to run
     * @return its suites, in order, and last what the probes of the machine's limits take
     */
    public static List<Planned> plan(Request request) {
        List<Planned> plan = new ArrayList<>();
        for (Suite suite : request.suites()) {
            plan.add(SuitePlan.plan(suite, request, Runtime.getRuntime().availableProcessors()));
        }
        plan.add(new Planned("limits", 0, PROBE_SECONDS));
        return plan;
    }

    /**
     * Runs the suites and writes the report.
     *
     * @param request what to run
     * @param painter draws the charts
     * @param log hears one line for each benchmark
     * @return the report's folder, new
     * @throws IOException if it cannot be written
     * @throws IllegalArgumentException if no benchmark matches
     * @throws IllegalStateException if a benchmark fails; the report of the others is in the folder all the same
     */
    public static Path run(Request request, Chart.Painter painter, Consumer<String> log) throws IOException {
        return new BenchReport(request, log).run(painter);
    }

    private Path run(Chart.Painter painter) throws IOException {
        if (progress.benchmarks == 0) {
            throw new IllegalArgumentException("no benchmark matches '" + request.include() + "' in " + request.suites().stream().map(
                Suite::label).toList());
        }
        Instant begin = Instant.now();
        environment.put("host", request.host());
        environment.put("begun", begin.truncatedTo(ChronoUnit.SECONDS).toString());
        environment.put("commit", request.commit().isEmpty() ? Environment.commit() : request.commit());
        environment.putAll(Environment.capture());
        environment.put("loadBefore", Environment.load());
        log.accept(progress.begin() + ", probing the machine's limits");
        environment.put("peaksBefore", probe());
        folder = newFolder(request.folder(), LocalDate.now(ZoneOffset.UTC) + "-" + request.host());
        int number = 0;
        for (Suite suite : request.suites()) {
            log.accept("suite " + suite.label() + ", " + ++number + " of " + request.suites().size());
            long start = System.nanoTime();
            try {
                if (runSuite(suite)) {
                    suites.add(Map.of("name", suite.label(), "seconds", (System.nanoTime() - start) * 1e-9));
                }
            } catch (IllegalStateException e) {
                failed("suite " + suite.label() + ": " + e.getMessage());
            }
            // what is killed later leaves a report that can be read
            writeEnvironment(begin);
        }
        PeakProbe.forget();
        environment.put("peaksAfter", probe());
        environment.put("loadAfter", Environment.load());
        writeEnvironment(begin);
        write(folder, painter);
        log.accept("wrote " + folder);
        if (failures > 0) {
            throw new IllegalStateException(failures + " of " + progress.benchmarks + " benchmarks failed, named at the end of " + folder
                .resolve("REPORT.md"));
        }
        return folder;
    }

    private void failed(String what) {
        failures++;
        remarks.add("Failed: " + what + ".");
        log.accept("FAILED: " + what);
    }

    private void writeEnvironment(Instant begin) throws IOException {
        environment.put("settings", settings());
        environment.put("suites", suites);
        environment.put("remarks", remarks);
        environment.put("seconds", (double) ChronoUnit.SECONDS.between(begin, Instant.now()));
        Files.writeString(folder.resolve("environment.json"), Json.write(environment));
    }

    /** Makes charts and text of what lies in a folder. */
    static void write(Path folder, Chart.Painter painter) throws IOException {
        RecordedRun run = RecordedRun.read(folder);
        Map<Suite, List<String>> charts = new EnumMap<>(Suite.class);
        for (Chart chart : ReportCharts.of(run)) {
            Path file = Files.createDirectories(folder.resolve("charts")).resolve(chart.name() + ".svg");
            painter.paint(chart, file);
            if (Files.exists(file)) {
                charts.computeIfAbsent(chart.suite(), s -> new ArrayList<>()).add(chart.name());
            }
        }
        Files.writeString(folder.resolve("REPORT.md"), ReportText.report(run, charts));
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("name", request.settings().name());
        settings.put("forks", request.settings().forks());
        settings.put("warmUps", request.settings().warmUps());
        settings.put("iterations", request.settings().iterations());
        settings.put("milliseconds", request.settings().milliseconds());
        settings.put("jvmOptions", List.copyOf(jvmOptions));
        return settings;
    }

    private static List<Object> probe() {
        List<Object> peaks = new ArrayList<>();
        for (int t : SuitePlan.threadCounts(Runtime.getRuntime().availableProcessors())) {
            peaks.add(new ReportText.Peak(t, PeakProbe.fmaPeak(t), PeakProbe.expThroughput(t), PeakProbe.memoryBandwidth(t)).toMap());
        }
        return peaks;
    }

    /** Runs a suite into the folder, and tells whether there was anything to run. */
    private boolean runSuite(Suite suite) throws IOException {
        if (SuitePlan.plan(suite, request, 1).benchmarks() == 0) {
            return false;
        }
        boolean brief = request.settings().brief();
        switch (suite) {
            case LATENCY -> {
                ReportPrograms.latency(Files.createDirectory(folder.resolve("latency")), brief, log);
                log.accept(progress.next("latency"));
                return true;
            }
            case PEERS -> {
                remarks.addAll(ReportPrograms.peers(Files.createDirectory(folder.resolve("peers")), brief, log));
                log.accept(progress.next("peers"));
                return true;
            }
            case COLD -> {
                cold(Files.createDirectory(folder.resolve("cold")));
                return true;
            }
            default -> {
                List<RunResult> results = new ArrayList<>();
                for (SuitePlan.Part part : SuitePlan.of(suite, brief, Runtime.getRuntime().availableProcessors())) {
                    results.addAll(runPart(part));
                }
                results.replaceAll(this::hot);
                if (results.isEmpty()) {
                    return false;
                }
                Files.writeString(Files.createDirectories(folder.resolve("jmh")).resolve(suite.label() + ".json"), raw(results));
                results.forEach(result -> jvmOptions.addAll(result.getParams().getJvmArgs()));
                return true;
            }
        }
    }

    private void cold(Path into) throws IOException {
        ColdStarts.Outcome outcome = ColdStarts.run(ColdStarts.Request.of(request.settings().brief(), Pattern.compile(request.include())),
            log);
        Files.writeString(into.resolve("cold.json"), Json.write(outcome.json()));
        remarks.addAll(ColdText.absent(outcome.json()));
        ColdText.lines(outcome.json()).forEach(line -> log.accept(progress.next(line)));
        outcome.failures().forEach(failure -> {
            log.accept(progress.next("cold"));
            failed("cold: " + failure);
        });
    }

    /** The same result, or one that was measured again after a longer warm-up where it was not compiled. */
    private RunResult hot(RunResult result) {
        ReportText.Row row = RecordedRun.rows(raw(List.of(result))).getFirst();
        if (row.isHot()) {
            return result;
        }
        log.accept("not compiled, again with a longer warm-up: " + row.benchmark() + " " + ReportText.parameters(row.parameters()));
        BenchmarkParams params = result.getParams();
        ChainedOptionsBuilder options = options(params.getForks(), LONGER).include("^" + Pattern.quote(params.getBenchmark()) + "$");
        params.getParamsKeys().forEach(key -> options.param(key, params.getParam(key)));
        try {
            return new Runner(options.build(), new Lines(false)).runSingle();
        } catch (RunnerException e) {
            log.accept(e.getMessage());
            return result;
        }
    }

    private ChainedOptionsBuilder options(int forks, int timesAsWarm) {
        Settings settings = request.settings();
        TimeValue time = TimeValue.milliseconds(settings.milliseconds());
        return new OptionsBuilder().forks(forks).warmupIterations(timesAsWarm * settings.warmUps()).warmupTime(time)
            .measurementIterations(settings.iterations()).measurementTime(time).timeout(PATIENCE).addProfiler(GCProfiler.class)
            .shouldFailOnError(false);
    }

    private Collection<RunResult> runPart(SuitePlan.Part part) {
        ChainedOptionsBuilder options = options(Math.min(request.settings().forks(), part.mostForks()), 1).include(part.pattern()
            .pattern());
        if (!request.include().isEmpty()) {
            // several includes of JMH's are alternatives; this one is a further condition
            options.exclude("^(?!.*(?:" + request.include() + "))");
        }
        Map<String, List<String>> parameters = new LinkedHashMap<>(part.parameters());
        parameters.putAll(request.parameters());
        parameters.forEach((name, values) -> options.param(name, values.toArray(String[]::new)));
        Lines lines = new Lines(true);
        try {
            return new Runner(options.build(), lines).run();
        } catch (NoBenchmarksException e) {
            return List.of();
        } catch (RunnerException e) {
            lines.last.forEach(log);
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** JMH's JSON as it is, but for the path of the java command, which belongs to the machine. */
    private static String raw(Collection<RunResult> results) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
        ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(results);
        out.flush();
        return withoutPaths(bytes.toString(StandardCharsets.UTF_8));
    }

    static String withoutPaths(String json) {
        return json.replaceAll("(\"jvm\"\\s*:\\s*)\"[^\"]*\"", "$1\"java\"");
    }

    /** Reports are never written over. */
    static Path newFolder(Path parent, String name) throws IOException {
        Files.createDirectories(parent);
        for (int n = 1;; n++) {
            Path folder = parent.resolve(n == 1 ? name : name + "-" + n);
            if (!Files.exists(folder)) {
                return Files.createDirectory(folder);
            }
        }
    }

    /** Counts benchmarks against the plan. */
    private static final class Progress {

        private final int benchmarks;
        private final double seconds;
        private final long start = System.nanoTime();
        private int done;

        Progress(List<Planned> plan) {
            this.benchmarks = plan.stream().mapToInt(Planned::benchmarks).sum();
            this.seconds = plan.stream().mapToDouble(Planned::seconds).sum();
        }

        String begin() {
            return benchmarks + " benchmarks, about " + minutes(seconds);
        }

        /** A line for what has just ended. */
        String next(String text) {
            double elapsed = (System.nanoTime() - start) * 1e-9;
            return String.format(Locale.ROOT, "[%d of %d, %s of about %s] %s", ++done, benchmarks, minutes(elapsed), minutes(Math.max(
                elapsed, seconds)), text);
        }

        private static String minutes(double seconds) {
            return seconds < 100 ? Math.round(seconds) + " s" : Math.round(seconds / 60) + " min";
        }
    }

    /** Hears JMH: a line for each result or failure, and the last lines kept for its reason. */
    private final class Lines implements OutputFormat {

        private final Deque<String> last = new ArrayDeque<>();
        private final boolean counting;
        private BenchmarkParams running;

        /** Counts results against the plan, or is about one that has been counted. */
        Lines(boolean counting) {
            this.counting = counting;
        }

        @Override
        public void iteration(BenchmarkParams benchParams, IterationParams params, int iteration) {
            // quiet
        }

        @Override
        public void iterationResult(BenchmarkParams benchParams, IterationParams params, int iteration, IterationResult data) {
            // quiet
        }

        @Override
        public void startBenchmark(BenchmarkParams benchParams) {
            settle();
            running = benchParams;
            last.clear();
        }

        @Override
        public void endBenchmark(BenchmarkResult result) {
            if (result != null) {
                running = null;
                Result<?> score = result.getPrimaryResult();
                String text = name(result.getParams()) + ": " + ReportText.number(score.getScore()) + " " + score.getScoreUnit();
                log.accept(counting ? progress.next(text) : text);
            }
        }

        /** JMH does not say that a benchmark has failed, it goes on to the next. */
        private void settle() {
            if (running != null) {
                String reason = last.stream().flatMap(String::lines).filter(line -> line.contains("Exception") || line.contains("Error"))
                    .findFirst().orElse("JMH gives no reason");
                if (counting) {
                    log.accept(progress.next(name(running)));
                }
                failed(name(running) + ": " + reason.strip());
                running = null;
            }
        }

        private static String name(BenchmarkParams params) {
            Map<String, String> parameters = new LinkedHashMap<>();
            params.getParamsKeys().forEach(key -> parameters.put(key, params.getParam(key)));
            return params.getBenchmark().replaceAll(".*\\.(\\w+\\.\\w+)$", "$1") + (parameters.isEmpty() ? "" : " " + ReportText.parameters(
                parameters));
        }

        @Override
        public void startRun() {
            // quiet
        }

        @Override
        public void endRun(Collection<RunResult> result) {
            settle();
        }

        @Override
        public void print(String s) {
            println(s);
        }

        @Override
        public void println(String s) {
            last.add(s);
            if (last.size() > 40) {
                last.remove();
            }
        }

        @Override
        public void flush() {
            // nothing is buffered
        }

        @Override
        public void close() {
            // nothing is open
        }

        @Override
        public void verbosePrintln(String s) {
            // quiet
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b});
        }

        @Override
        public void write(byte[] b) {
            println(new String(b, StandardCharsets.UTF_8));
        }
    }

    /**
     * Runs suites from the command line.
     *
     * @param args {@code --host LABEL [--suite fit,kernels] [--quick | --smoke] [--include REGEX] [--param name=a,b] [--out DIR]
     *     [--commit C]}
     * @throws IOException if the report cannot be written
     */
    public static void main(String[] args) throws IOException {
        try {
            run(parse(args), (chart, file) -> {
                // drawn by the command, which has what draws
            }, line -> System.err.println(line));
        } catch (IllegalArgumentException e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(2);
        } catch (IllegalStateException e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(1);
        }
    }

    static Request parse(String... args) {
        String host = null;
        List<Suite> suites = defaultSuites();
        String include = "";
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        Settings settings = Settings.FULL;
        Path folder = Path.of("perf-reports");
        String commit = "";
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--quick" -> settings = Settings.QUICK;
                case "--smoke" -> settings = Settings.SMOKE;
                case "--host" -> host = value(args, ++i);
                case "--suite" -> suites = suites(value(args, ++i));
                case "--include" -> include = value(args, ++i);
                case "--out" -> folder = Path.of(value(args, ++i));
                case "--commit" -> commit = value(args, ++i);
                case "--param" -> {
                    String[] parts = value(args, ++i).split("=", 2);
                    if (parts.length != 2) {
                        throw new IllegalArgumentException("--param is '" + parts[0] + "', expected name=value,value");
                    }
                    parameters.put(parts[0], List.of(parts[1].split(",")));
                }
                default -> throw new IllegalArgumentException("unknown option " + args[i]);
            }
        }
        if (host == null) {
            throw new IllegalArgumentException("--host is missing, expected a neutral label of this machine, as in epyc-genoa-2c");
        }
        return new Request(host, suites, include, parameters, settings, folder, commit);
    }

    /**
     * Reads a list of suites.
     *
     * @param names labels, separated by commas
     * @return the suites, each once
     * @throws IllegalArgumentException if there is no such suite
     */
    public static List<Suite> suites(String names) {
        Set<Suite> suites = new LinkedHashSet<>();
        for (String name : names.split(",")) {
            try {
                suites.add(Suite.valueOf(name.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("no suite '" + name + "', expected some of " + List.of(Suite.values()).stream().map(
                    Suite::label).toList(), e);
            }
        }
        return List.copyOf(suites);
    }

    private static String value(String[] args, int i) {
        if (i == args.length) {
            throw new IllegalArgumentException(args[i - 1] + " needs a value");
        }
        return args[i];
    }
}
