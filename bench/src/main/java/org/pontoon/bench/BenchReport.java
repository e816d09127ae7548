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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;

import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs JMH suites and writes what they measured, with all that is needed to judge it, into a folder of its own: {@code environment.json},
 * the raw {@code jmh/*.json} and a {@code REPORT.md}. The machine's yardsticks ({@link PeakProbe}) are measured in the same run, before and
 * after.
 *
 * <p>Benchmarks run in JVMs of their own, with the options of their {@code @Fork}. One that fails, or finds its answer wrong, ends the run;
 * what its predecessors measured is then in the folder already, without a report.
 */
public final class BenchReport {

    /** What can be measured. */
    public enum Suite {
        /** Steps of a fit. */
        FIT("FitStepBenchmark"),
        /** Whole clouds through a bridge. */
        TRANSPORT("TransportBenchmark"),
        /** Single points through a bridge. */
        SAMPLER("SamplerBenchmark"),
        /** The drift of a bridge. */
        DRIFT("DriftBenchmark"),
        /** Kernels beside their scalar twins. */
        KERNELS("KernelBenchmark"),
        /** Experiments with the Vector API. */
        FACTS("(PairSum|Vector)FactsBenchmark");

        private final Pattern pattern;

        Suite(String classes) {
            this.pattern = Pattern.compile("^org\\.pontoon\\.bench\\." + classes + "\\.");
        }

        /** Finds the names of its benchmarks. */
        Pattern pattern() {
            return pattern;
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

        /** For numbers that are quoted: about half a minute for each benchmark. */
        public static final Settings FULL = new Settings("full", 3, 5, 5, 1000);
        /** For a first look: about four seconds for each benchmark. */
        public static final Settings QUICK = new Settings("quick", 1, 4, 3, 500);
        /** To see that everything runs; its numbers mean nothing. */
        public static final Settings SMOKE = new Settings("smoke", 1, 1, 1, 200);
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
            Pattern.compile(include);
            Objects.requireNonNull(settings, "settings");
        }
    }

    private BenchReport() {
    }

    /**
     * Runs the suites and writes the report.
     *
     * @param request what to run
     * @param log hears one line for each benchmark
     * @return the report's folder, new
     * @throws IOException if it cannot be written
     * @throws IllegalStateException if a benchmark fails, or none matches
     */
    public static Path run(Request request, Consumer<String> log) throws IOException {
        Instant begin = Instant.now();
        Map<String, Object> environment = new LinkedHashMap<>();
        environment.put("host", request.host());
        environment.put("begun", begin.truncatedTo(ChronoUnit.SECONDS).toString());
        environment.put("commit", request.commit().isEmpty() ? Environment.commit() : request.commit());
        environment.putAll(Environment.capture());
        double loadBefore = Environment.load();

        log.accept("probing the machine's peaks");
        TreeSet<Integer> threads = new TreeSet<>(List.of(1, Math.min(2, Runtime.getRuntime().availableProcessors())));
        Map<Integer, ReportText.Peak> before = probe(threads);
        Path folder = null;
        List<ReportText.Row> rows = new ArrayList<>();
        TreeSet<String> jvmOptions = new TreeSet<>();
        for (Suite suite : request.suites()) {
            Collection<RunResult> result = runSuite(suite, request, log);
            if (result.isEmpty()) {
                continue;
            }
            if (folder == null) {
                folder = newFolder(request.folder(), LocalDate.now(ZoneOffset.UTC) + "-" + request.host());
                Files.createDirectory(folder.resolve("jmh"));
            }
            Files.writeString(folder.resolve("jmh").resolve(suite.label() + ".json"), raw(result));
            for (RunResult r : result) {
                rows.add(row(r));
                jvmOptions.addAll(r.getParams().getJvmArgs());
            }
        }
        if (folder == null) {
            throw new IllegalStateException("no benchmark matches '" + request.include() + "' in " + request.suites().stream().map(
                Suite::label).toList());
        }
        PeakProbe.forget();
        Map<Integer, ReportText.Peak> after = probe(threads);

        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("name", request.settings().name());
        settings.put("forks", request.settings().forks());
        settings.put("warmUps", request.settings().warmUps());
        settings.put("iterations", request.settings().iterations());
        settings.put("milliseconds", request.settings().milliseconds());
        settings.put("jvmOptions", List.copyOf(jvmOptions));
        environment.put("settings", settings);
        environment.put("loadBefore", loadBefore);
        environment.put("loadAfter", Environment.load());
        environment.put("seconds", (double) ChronoUnit.SECONDS.between(begin, Instant.now()));
        environment.put("peaksBefore", before.values().stream().map(p -> (Object) p.toMap()).toList());
        environment.put("peaksAfter", after.values().stream().map(p -> (Object) p.toMap()).toList());

        Files.writeString(folder.resolve("environment.json"), Json.write(environment));
        Files.writeString(folder.resolve("REPORT.md"), text(environment, before, after, rows));
        log.accept("wrote " + folder);
        return folder;
    }

    private static Map<Integer, ReportText.Peak> probe(Collection<Integer> threads) {
        Map<Integer, ReportText.Peak> peaks = new TreeMap<>();
        for (int t : threads) {
            peaks.put(t, new ReportText.Peak(t, PeakProbe.fmaPeak(t), PeakProbe.expThroughput(t), PeakProbe.memoryBandwidth(t)));
        }
        return peaks;
    }

    private static Collection<RunResult> runSuite(Suite suite, Request request, Consumer<String> log) {
        Settings settings = request.settings();
        TimeValue time = TimeValue.milliseconds(settings.milliseconds());
        ChainedOptionsBuilder options = new OptionsBuilder().include(suite.pattern().pattern()).forks(settings.forks())
            .warmupIterations(settings.warmUps())
            .warmupTime(time).measurementIterations(settings.iterations()).measurementTime(time).addProfiler(GCProfiler.class)
            .shouldFailOnError(true);
        if (!request.include().isEmpty()) {
            // several includes of JMH's are alternatives; this one is a further condition
            options.exclude("^(?!.*(?:" + request.include() + "))");
        }
        request.parameters().forEach((name, values) -> options.param(name, values.toArray(String[]::new)));
        Lines lines = new Lines(log);
        try {
            return new Runner(options.build(), lines).run();
        } catch (RunnerException e) {
            if (e.getMessage() != null && e.getMessage().contains("No matching benchmarks")) {
                return List.of();
            }
            lines.last.forEach(log);
            throw new IllegalStateException("suite " + suite.label() + ": " + e.getMessage(), e);
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

    private static ReportText.Row row(RunResult result) {
        BenchmarkParams params = result.getParams();
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String key : params.getParamsKeys()) {
            parameters.put(key, params.getParam(key));
        }
        Result<?> primary = result.getPrimaryResult();
        double unit = params.getTimeUnit().toNanos(1) * 1e-9;
        double seconds = params.getMode() == Mode.Throughput ? unit / primary.getScore() : unit * primary.getScore();
        double bytes = Double.NaN;
        for (Map.Entry<String, ? extends Result<?>> secondary : secondaries(result).entrySet()) {
            if (secondary.getKey().endsWith("gc.alloc.rate.norm")) {
                // the median: an iteration in which JMH sets up or checks is not the benchmark's
                bytes = secondary.getValue().getStatistics().getPercentile(50);
            }
        }
        String name = params.getBenchmark();
        int method = name.lastIndexOf('.');
        return new ReportText.Row(name.substring(name.lastIndexOf('.', method - 1) + 1), parameters, primary.getScore(), primary
            .getScoreError(), primary.getScoreUnit(), seconds, bytes);
    }

    @SuppressWarnings("rawtypes") // JMH's own signature
    private static Map<String, Result<?>> secondaries(RunResult result) {
        Map<String, Result<?>> secondaries = new TreeMap<>();
        for (Map.Entry<String, Result> entry : result.getSecondaryResults().entrySet()) {
            secondaries.put(entry.getKey(), entry.getValue());
        }
        return secondaries;
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

    @SuppressWarnings("unchecked") // our own maps
    static String text(Map<String, Object> environment, Map<Integer, ReportText.Peak> before, Map<Integer, ReportText.Peak> after,
            List<ReportText.Row> rows) {
        Map<String, Object> cpu = (Map<String, Object>) environment.get("cpu");
        Map<String, Object> jdk = (Map<String, Object>) environment.get("jdk");
        Map<String, Object> system = (Map<String, Object>) environment.get("system");
        Map<String, Object> settings = (Map<String, Object>) environment.get("settings");
        Map<Integer, ReportText.Peak> best = new TreeMap<>(before);
        after.forEach((threads, peak) -> best.merge(threads, peak, ReportText.Peak::max));
        StringBuilder out = new StringBuilder();
        out.append("# ").append(environment.get("host")).append(", ").append(environment.get("begun")).append("\n\n");
        out.append("How to read this, and how to run it again: [../README.md](../README.md). All of the set-up: [environment.json](")
            .append("environment.json).\n\n## Set-up\n\n| | |\n|---|---|\n");
        line(out, "commit", environment.get("commit"));
        line(out, "processor", cpu.get("model") + ", " + cpu.get("processors") + " processors" + (Boolean.TRUE.equals(cpu.get("virtual"))
            ? ", virtual machine" : "") + ", governor " + cpu.get("governor"));
        line(out, "caches", String.join(", ", ((List<Object>) cpu.get("caches")).stream().map(Object::toString).toList()));
        line(out, "vectors", jdk.get("vectors"));
        line(out, "system", system.get("name") + " " + system.get("kernel") + ", transparent huge pages " + system.get(
            "transparentHugePages"));
        line(out, "JDK", jdk.get("version") + ", " + jdk.get("vendor"));
        line(out, "JVM options", "`" + String.join(" ", ((List<Object>) settings.get("jvmOptions")).stream().map(Object::toString).toList())
            + "`");
        line(out, "settings", settings.get("name") + ": " + settings.get("forks") + " forks, " + settings.get("warmUps") + " warm-up and "
            + settings.get("iterations") + " measured iterations of " + settings.get("milliseconds") + " ms");
        line(out, "load average", String.format(Locale.ROOT, "%.2f before, %.2f after", (Double) environment.get("loadBefore"),
            (Double) environment.get("loadAfter")));
        out.append("\n## The machine's peaks, measured in this run\n\n").append(ReportText.peaks(before, after));
        out.append("\nPercentages below are of the higher of the two.\n");
        out.append("\n## Results\n\n").append(ReportText.results(rows, best));
        section(out, "Kernels beside their scalar twins", ReportText.twins(rows));
        section(out, "Where a step's time goes", ReportText.stepBudget(rows));
        out.append("\n## Limits\n\n");
        if (!settings.get("name").equals(Settings.FULL.name())) {
            out.append("- Measured with the ").append(settings.get("name")).append(" settings: a first look, not to be quoted.\n");
        }
        if ((Double) environment.get("loadBefore") > 0.5) {
            out.append("- The machine was not idle when the run began.\n");
        }
        if (Boolean.TRUE.equals(cpu.get("virtual"))) {
            out.append(
                "- A virtual machine: clock, neighbours and the share of caches are not ours to fix; hardware counters are not read.\n");
        }
        out.append("- Bytes of FitStepBenchmark are its checkpoint's, taken every ").append(FitStepBenchmark.STEPS).append(" steps.\n");
        return out.toString();
    }

    private static void line(StringBuilder out, String name, Object value) {
        out.append("| ").append(name).append(" | ").append(value).append(" |\n");
    }

    private static void section(StringBuilder out, String title, String body) {
        if (!body.isEmpty()) {
            out.append("\n## ").append(title).append("\n\n").append(body);
        }
    }

    /** Hears JMH: a line for each result, and the last lines kept in case of an error. */
    private static final class Lines implements OutputFormat {

        private final Consumer<String> log;
        private final Deque<String> last = new ArrayDeque<>();

        Lines(Consumer<String> log) {
            this.log = log;
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
            // quiet
        }

        @Override
        public void endBenchmark(BenchmarkResult result) {
            if (result != null) {
                ReportText.Row row = row(new RunResult(result.getParams(), List.of(result)));
                log.accept(
                    row.benchmark() + " " + ReportText.parameters(row.parameters()) + ": " + ReportText.number(row.score()) + " " + row
                        .unit());
            }
        }

        @Override
        public void startRun() {
            // quiet
        }

        @Override
        public void endRun(Collection<RunResult> result) {
            // quiet
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
            run(parse(args), line -> System.err.println(line));
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
        List<Suite> suites = List.of(Suite.values());
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
     * @return the suites
     * @throws IllegalArgumentException if there is no such suite
     */
    public static List<Suite> suites(String names) {
        List<Suite> suites = new ArrayList<>();
        for (String name : names.split(",")) {
            try {
                suites.add(Suite.valueOf(name.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("no suite '" + name + "', expected some of " + List.of(Suite.values()).stream().map(
                    Suite::label).toList(), e);
            }
        }
        return suites;
    }

    private static String value(String[] args, int i) {
        if (i == args.length) {
            throw new IllegalArgumentException(args[i - 1] + " needs a value");
        }
        return args[i];
    }
}
