package org.pontoon.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Programs that a report runs beside JMH's suites, each in a JVM of its own with the options of the benchmarks. */
final class ReportPrograms {

    private static final Path PEERS = Path.of("bench", "peers");
    private static final long MOST_MINUTES = 15;

    private ReportPrograms() {
    }

    /** What a suite that is no suite of JMH's runs first: its name is what a choice of benchmarks is held against. */
    static Class<?> main(BenchReport.Suite suite) {
        return suite == BenchReport.Suite.LATENCY ? LatencyRig.class : PeerComparison.class;
    }

    /** How long such a suite takes, about. */
    static double seconds(BenchReport.Suite suite, boolean brief) {
        return suite == BenchReport.Suite.LATENCY ? brief ? 23 : 160 : brief ? 90 : 360;
    }

    /**
     * Runs the latency rig.
     *
     * @param folder where it writes
     * @param brief whether two seconds for each operation do
     * @param log hears its lines
     * @throws IllegalStateException if it fails
     */
    static void latency(Path folder, boolean brief, Consumer<String> log) throws IOException {
        java(LatencyRig.class, List.of("--seconds", brief ? "2" : "15", "--calls", brief ? "1000000" : "10000000", "--out", folder
            .toString()), log);
    }

    /**
     * Runs the comparisons with peers. What a comparison lacks, or that it failed, is a remark.
     *
     * @param folder where they write
     * @param brief whether few rounds do
     * @param log hears their lines
     * @return remarks, none empty
     */
    static List<String> peers(Path folder, boolean brief, Consumer<String> log) throws IOException {
        List<String> remarks = new ArrayList<>();
        if (!Files.isDirectory(PEERS)) {
            remarks.add("Peers: left out, there is no folder " + PEERS + " here.");
        }
        Consumer<String> hear = line -> {
            if (line.contains("left out")) {
                remarks.add("Peers: " + line + ".");
            }
            log.accept(line);
        };
        String out = folder.toString();
        attempt("fits", remarks, () -> java(PeerComparison.class, List.of("--out", out, "--rounds", brief ? "3" : "7", "--steps", brief
            ? "3000" : "10000", "--slow-steps", brief ? "100" : "300", "--dimension", "50"), hear));
        attempt("losses", remarks, () -> java(LossComparison.class, List.of("--out", out, "--rounds", brief ? "3" : "7", "--points", brief
            ? "1000" : "2000"), hear));
        attempt("Sobolev descent", remarks, () -> java(SobolevComparison.class, List.of("--out", out, "--rounds", brief ? "3" : "7",
            "--steps", brief ? "50" : "400"), hear));
        Path programs = Files.createTempDirectory("pontoon-peers");
        try {
            Path pairs = compiled(List.of("gcc", "-O3", "-march=native"), programs, "pair_sums.c", "-lm");
            attempt("pairs", remarks,
                () -> java(PairPeerBenchmark.class, List.of("--out", out, "--peer", pairs.toString(), "--points", brief
                    ? "2048" : "9728", "--rounds", brief ? "5" : "9", "--starts", brief ? "1" : "5"), hear));
            Path sort = compiled(List.of("g++", "-O3", "-march=native"), programs, "sort_vqsort.cpp", "-lhwy_contrib", "-lhwy");
            attempt("sorts", remarks, () -> java(WassersteinComparison.class, List.of("--out", out, "--vqsort", sort.toString(), "--rounds",
                brief ? "2" : "7"), hear));
        } finally {
            try (var files = Files.list(programs)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(programs);
        }
        return remarks;
    }

    private interface Attempt {
        void run() throws IOException;
    }

    private static void attempt(String name, List<String> remarks, Attempt attempt) throws IOException {
        try {
            attempt.run();
        } catch (IllegalStateException e) {
            remarks.add("Peers: " + name + " failed: " + e.getMessage());
        }
    }

    /** The compiled peer, or where one would look for it if it cannot be compiled here. */
    private static Path compiled(List<String> compiler, Path folder, String source, String... libraries) throws IOException {
        String name = source.replaceAll("\\..*", "");
        Path program = folder.resolve(name);
        List<String> command = new ArrayList<>(compiler);
        command.addAll(List.of("-o", program.toString(), PEERS.resolve(source).toString()));
        command.addAll(List.of(libraries));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
            if (process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0) {
                return program;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // no such compiler
            return Path.of("bench", "target", name);
        }
        return Path.of("bench", "target", name);
    }

    /**
     * Runs a main class.
     *
     * @param main what to run
     * @param arguments its arguments
     * @param log hears what it says on standard error
     * @throws IllegalStateException if it fails
     */
    static void java(Class<?> main, List<String> arguments, Consumer<String> log) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), ForkFlags.VECTOR,
            ForkFlags.EXPORTS, ForkFlags.UNSAFE, ForkFlags.COLLECTOR, ForkFlags.LEAST_HEAP, ForkFlags.MOST_HEAP, "-cp", System.getProperty(
                "java.class.path"),
            main.getName()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        List<String> errors = new ArrayList<>();
        Thread errorReader = Thread.ofVirtual().start(() -> process.errorReader().lines().forEach(errors::add));
        try {
            if (!process.waitFor(MOST_MINUTES, TimeUnit.MINUTES)) {
                throw new IllegalStateException(main.getSimpleName() + " did not end within " + MOST_MINUTES + " minutes");
            }
            errorReader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(main.getSimpleName() + " was interrupted", e);
        } finally {
            process.destroy();
        }
        errors.stream().filter(line -> !line.contains("incubator")).forEach(log);
        if (process.exitValue() != 0) {
            throw new IllegalStateException(main.getSimpleName() + " ended with " + process.exitValue() + (errors.isEmpty() ? ""
                : ": " + errors.stream().filter(line -> line.contains("Exception")).findFirst().orElse(errors.getLast())));
        }
    }
}
