package org.pontoon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script {@code pontoon}, in a folder of its own where it finds itself built from the classes under test. */
@Tag("process")
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {

    @TempDir
    private Path folder;
    private Path launcher;

    @BeforeEach
    void layOut() throws IOException {
        Path project = Path.of("..").toRealPath();
        Path root = Files.createDirectory(folder.resolve("root"));
        launcher = Files.copy(project.resolve("pontoon"), root.resolve("pontoon"));
        Files.copy(project.resolve(".mvn/find-jdk"), Files.createDirectories(root.resolve(".mvn")).resolve("find-jdk"));
        Files.createFile(root.resolve("pom.xml"));
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH,
            Stream.of(System.getProperty("java.class.path").split(File.pathSeparator)).map(entry -> Path.of(entry).toUri())
                .map(URI::toASCIIString).collect(Collectors.joining(" ")));
        Path jar = Files.createDirectories(root.resolve("cli/target")).resolve("pontoon.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        Path built = Files.createFile(Files.createDirectory(root.resolve(".pontoon")).resolve("built"));
        Files.setLastModifiedTime(built, FileTime.from(Instant.now().plusSeconds(60)));
    }

    private String run(Map<String, String> environment, Object... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        Stream.of(args).map(Object::toString).forEach(command::add);
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
        builder.environment().put("PONTOON_JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return out;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "C", "POSIX", "xx_XX.UTF-8"})
    void aFileNameBeyondAsciiIsFoundInEveryLocale(String locale) throws IOException, InterruptedException {
        assumeThat(System.getProperty("sun.jnu.encoding")).as("this JVM's own file names").isEqualTo("UTF-8");
        Files.copy(Cases.copy("pair-x.npy", folder), folder.resolve("ö.npy"));
        Cases.copy("pair-y.npy", folder);
        assertThat(run(locale.isEmpty() ? Map.of() : Map.of("LC_ALL", locale), "distance", "energy", "ö.npy", "pair-y.npy", "--gradient",
            "größe.npy")).contains("0.114305");
        assertThat(folder.resolve("größe.npy")).exists();
    }

    @Test
    void optionsForTheVirtualMachineArePassedOn() throws IOException, InterruptedException {
        assertThat(run(Map.of("PONTOON_JAVA_OPTS", "-Dsome.thing=1 -Xmx123m -XshowSettings:vm"), "--version")).contains("123.00M");
    }
}
