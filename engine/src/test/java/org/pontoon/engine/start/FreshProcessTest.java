package org.pontoon.engine.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.agrona.DirectBuffer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pontoon.engine.memory.PointCloud;

/** Starts JVMs as applications do: with the README's options, with none, with a compiler less; and holds their results together. */
class FreshProcessTest {

    private static final String LANES = "--add-modules jdk.incubator.vector";
    private static final String WARNING = "Pontoon computes without vectors";

    @TempDir
    private static Path folder;
    private static List<String> truth;

    private record Outcome(int code, List<String> out, String err) {
    }

    private static String place(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Outcome start(String options, boolean asModules, String... args) throws IOException, InterruptedException {
        String engine = place(PointCloud.class) + File.pathSeparator + place(DirectBuffer.class);
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g"));
        if (!options.isEmpty()) {
            command.addAll(List.of(options.split(" ")));
        }
        if (asModules) {
            command.addAll(List.of("-p", engine, "--add-modules", "org.pontoon.engine", "-cp", place(FreshProcess.class)));
        } else {
            command.addAll(List.of("-cp", engine + File.pathSeparator + place(FreshProcess.class)));
        }
        command.add(FreshProcess.class.getName());
        command.addAll(List.of(args));
        Path errors = folder.resolve("errors");
        Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), out.lines().toList(), Files.readString(errors));
    }

    @BeforeAll
    static void asTheReadmeSays() throws IOException, InterruptedException {
        Outcome readme = start(LANES, false, folder.toString());
        assertThat(readme.err).doesNotContain("Exception", "Error", WARNING);
        assertThat(readme.code).isZero();
        assertThat(readme.out).hasSizeGreaterThan(40);
        truth = readme.out;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noOptionAtAllGivesTheSameBytesAndOneWarning(boolean asModules) throws IOException, InterruptedException {
        Outcome plain = start("", asModules, folder.toString());
        assertThat(plain.out).as(plain.err).isEqualTo(truth);
        assertThat(plain.err.split(WARNING, -1)).as(plain.err).hasSize(2);
        assertThat(plain.err).contains("start java with --add-modules jdk.incubator.vector");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Dpontoon.tier=scalar", "-Dpontoon.tier=vector", "-XX:TieredStopAtLevel=1", "-XX:-TieredCompilation"})
    void everyTierAndCompilerGivesTheSameBytes(String option) throws IOException, InterruptedException {
        Outcome outcome = start(LANES + " " + option, false, folder.toString());
        assertThat(outcome.out).as(outcome.err).isEqualTo(truth);
    }

    @Test
    void modulesGiveTheSameBytes() throws IOException, InterruptedException {
        Outcome modules = start(LANES, true, folder.toString());
        assertThat(modules.out).as(modules.err).isEqualTo(truth);
        assertThat(modules.err).doesNotContain(WARNING);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void agronaBuffersAloneNeedAnOptionThatTheExceptionNames(boolean asModules) throws IOException, InterruptedException {
        String option = "--add-exports java.base/jdk.internal.misc=" + (asModules ? "org.agrona" : "ALL-UNNAMED");
        assertThat(start(LANES + " " + option, asModules, folder.toString(), "agrona").out).containsExactly("agrona");
        Outcome closed = start(LANES, asModules, folder.toString(), "agrona");
        assertThat(closed.code).isEqualTo(1);
        assertThat(closed.err).contains("IllegalStateException", option);
    }
}
