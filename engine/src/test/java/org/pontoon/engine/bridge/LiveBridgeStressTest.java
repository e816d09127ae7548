package org.pontoon.engine.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs {@link LiveBridgeStress}: in a test, each case for a second at the machine's own settings. {@code -Djcstress=quick}, {@code default} or
 * {@code tough} runs that mode of jcstress instead, with all its variants of the JVM's compilers, for minutes or hours.
 */
class LiveBridgeStressTest {

    /** For the JVM that jcstress runs in: it gives them to those that it starts. */
    private static final List<String> JVM = List.of("--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
        "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");
    private static final List<String> SHORT = List.of("-sc", "false", "-f", "1", "-fsm", "1", "-iters", "3", "-time", "300", "-jvmArgs",
        "-XX:+UseSerialGC");

    @Test
    void everyOrderOfSwapsAndRequestsIsAllowed(@TempDir Path folder) throws IOException, InterruptedException {
        String mode = System.getProperty("jcstress", "");
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(JVM);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "org.openjdk.jcstress.Main", "-t", LiveBridgeStress.class
            .getSimpleName(), "-r", folder.toString()));
        command.addAll(mode.isEmpty() ? SHORT : List.of("-m", mode));
        File log = folder.resolve("log").toFile();
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).redirectOutput(log).start();
        try {
            assertThat(process.waitFor(mode.isEmpty() ? 15 : 600, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroy();
        }
        String text = Files.readString(log.toPath());
        assertThat(text).contains("Failed tests: No matches", "Error tests: No matches", "All remaining tests: 3 matching");
        assertThat(process.exitValue()).as(text).isZero();
    }
}
