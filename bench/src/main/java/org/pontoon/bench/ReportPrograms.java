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
    private static final List<String> COMPILE = List.of("gcc", "-O3", "-march=native", "-o");

    private ReportPrograms() {
    }

    /** What a suite that is no suite of JMH's runs first: its name is what a choice of benchmarks is held against. */
    static Class<?> main(BenchReport.Suite suite) {
        return suite == BenchReport.Suite.LATENCY ? LatencyRig.class : PeerComparison.class;
    }

    /** How long such a suite takes, about. */
    static double seconds(BenchReport.Suite suite, boolean brief) {
        return suite == BenchReport.Suite.LATENCY ? brief ? 23 : 160 : brief ? 72 : 330;
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
            if (line.contains("left out") || line.startsWith("no peer")) {
                remarks.add("Peers: " + line + ".");
            }
            log.accept(line);
        };
        attempt("fits", remarks, () -> java(PeerComparison.class, List.of("--out", folder.toString(), "--rounds", brief ? "3" : "7",
            "--steps", brief ? "3000" : "10000", "--slow-steps", brief ? "100" : "300", "--dimension", "50"), hear));
        attempt("losses", remarks, () -> java(LossComparison.class, List.of("--points", brief ? "1000" : "2000", "--rounds", brief ? "3"
            : "7", "--out", folder.resolve("losses.md").toString()), hear));
        Path program = Files.createTempFile("pontoon-pair-sums", "");
        try {
            List<String> command = new ArrayList<>(COMPILE);
            command.addAll(List.of(program.toString(), PEERS.resolve("pair_sums.c").toString(), "-lm"));
            if (!compiled(command)) {
                remarks.add("Peers: C left out of the loops over pairs, gcc or its source is missing.");
                Files.delete(program);
            }
            attempt("pairs", remarks, () -> Files.writeString(folder.resolve("pairs.txt"), String.join("\n", java(PairPeerBenchmark.class,
                List.of(program.toString(), brief ? "2048" : "9728", brief ? "5" : "9"), hear)) + "\n"));
        } finally {
            Files.deleteIfExists(program);
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

    private static boolean compiled(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
            return process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0;
        } catch (IOException e) {
            // no such compiler
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Runs a main class, and returns what it printed. */
    private static List<String> java(Class<?> main, List<String> arguments, Consumer<String> log) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), ForkFlags.VECTOR,
            ForkFlags.EXPORTS, ForkFlags.UNSAFE, ForkFlags.COLLECTOR, ForkFlags.LEAST_HEAP, ForkFlags.MOST_HEAP, "-cp", System.getProperty(
                "java.class.path"),
            main.getName()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).start();
        List<String> errors = new ArrayList<>();
        List<String> output = new ArrayList<>();
        Thread errorReader = Thread.ofVirtual().start(() -> process.errorReader().lines().forEach(errors::add));
        Thread outputReader = Thread.ofVirtual().start(() -> process.inputReader().lines().forEach(output::add));
        try {
            if (!process.waitFor(MOST_MINUTES, TimeUnit.MINUTES)) {
                throw new IllegalStateException(main.getSimpleName() + " did not end within " + MOST_MINUTES + " minutes");
            }
            errorReader.join();
            outputReader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(main.getSimpleName() + " was interrupted", e);
        } finally {
            process.destroy();
        }
        errors.stream().filter(line -> !line.contains("incubator")).forEach(log);
        output.stream().filter(line -> line.startsWith("no peer")).forEach(log);
        if (process.exitValue() != 0) {
            throw new IllegalStateException(main.getSimpleName() + " ended with " + process.exitValue() + (errors.isEmpty() ? ""
                : ": " + errors.stream().filter(line -> line.contains("Exception")).findFirst().orElse(errors.getLast())));
        }
        return output;
    }
}
