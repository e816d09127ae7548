package org.pontoon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The command as a process of its own, interrupted and killed. */
@Tag("process")
@DisabledOnOs(OS.WINDOWS)
class ProcessTest {

    private static final int FEWEST_STEPS = 30_000;

    @TempDir
    private Path directory;
    private Path x;
    private Path y;
    private Path checkpoint;
    private Path model;

    @BeforeEach
    void writeClouds() throws IOException {
        x = Run.cloud(directory.resolve("x.npy"), 200, 2, 0, 1);
        y = Run.cloud(directory.resolve("y.npy"), 200, 2, 1, 2);
        checkpoint = directory.resolve("checkpoint.npz");
        model = directory.resolve("model.npz");
    }

    private List<Object> fit(Path out, Object... more) {
        List<Object> args = new ArrayList<>(List.of("fit", "--source", x, "--target", y, "--out", out, "--components", 3, "--batch", 16,
            "--threads", 1, "--quiet"));
        args.addAll(List.of(more));
        return args;
    }

    /** Starts a fit that writes a checkpoint every few steps, and waits for the first. */
    private Process startAndAwaitCheckpoint(Object... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--add-modules",
            "jdk.incubator.vector", "--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED", "-cp",
            System.getProperty("java.class.path"),
            Pontoon.class.getName()));
        fit(model, more).forEach(arg -> command.add(arg.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(directory.resolve("log").toFile()).start();
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
        while (!Files.exists(checkpoint)) {
            assertThat(process.isAlive() || Files.exists(checkpoint)).as(() -> log()).isTrue();
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(2);
        }
        return process;
    }

    private String log() {
        try {
            return Files.readString(directory.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private List<Path> partialFiles() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".partial")).toList();
        }
    }

    @Test
    void fitThatWasKilledResumesToTheBytesOfAnUnbrokenOne() throws IOException, InterruptedException {
        int steps = FEWEST_STEPS;
        startAndAwaitCheckpoint("--steps", steps, "--checkpoint", checkpoint, "--checkpoint-every", 20).destroyForcibly().waitFor();
        while (Files.exists(model)) {
            // it was done before a busy machine got round to killing it
            steps *= 2;
            Files.delete(model);
            Files.delete(checkpoint);
            startAndAwaitCheckpoint("--steps", steps, "--checkpoint", checkpoint, "--checkpoint-every", 20).destroyForcibly().waitFor();
        }
        Run resumed = Run.of(fit(model, "--steps", steps, "--checkpoint", checkpoint, "--checkpoint-every", steps, "--resume").toArray());
        assertThat(resumed.code()).isZero();
        Path unbroken = directory.resolve("unbroken.npz");
        Run.of(fit(unbroken, "--steps", steps).toArray()).done();
        assertThat(Files.readAllBytes(model)).isEqualTo(Files.readAllBytes(unbroken));
    }

    @Test
    void interruptedFitKeepsItsCheckpointAndLeavesNothingHalfWritten() throws IOException, InterruptedException {
        assumeThat(ignoresInterrupts()).as("a background job's ignored SIGINT, which processes inherit").isFalse();
        Process process = startAndAwaitCheckpoint("--steps", 100_000_000, "--checkpoint", checkpoint, "--checkpoint-every", 20);
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isEqualTo(130);
        assertThat(log()).contains("pontoon: interrupted after step ", "--resume goes on from");
        assertThat(partialFiles()).isEmpty();
        assertThat(model).doesNotExist();
        assertThat(Run.of("info", checkpoint).done().out()).contains("a checkpoint of step");
    }

    /** Whether this process was started with SIGINT ignored, as shells start what they put in the background. */
    private static boolean ignoresInterrupts() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return false;
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("SigIgn:")).anyMatch(
                line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
        }
    }
}
