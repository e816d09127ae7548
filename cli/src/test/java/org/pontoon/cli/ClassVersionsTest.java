package org.pontoon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The step of the build that gives picocli's classes a version which the JVM keeps in its cache. */
class ClassVersionsTest {

    @TempDir
    private Path directory;

    @Test
    void everyRewrittenClassIsVerifiedByTheJvm() throws Exception {
        Path jar = directory.resolve("picocli.jar");
        Files.copy(Path.of(CommandLine.class.getProtectionDomain().getCodeSource().getLocation().toURI()), jar);
        long before = Files.size(jar);
        assertThat(rewrite(jar)).isZero();
        assertThat(Files.size(jar)).isNotEqualTo(before);
        try (JarFile file = new JarFile(jar.toFile()); URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
            List<String> names = file.stream().map(entry -> entry.getName()).filter(name -> name.startsWith("picocli/") && name.endsWith(
                ".class") && !name.contains("Groovy")).toList();
            assertThat(names).hasSizeGreaterThan(200);
            for (String name : names) {
                Class<?> type = Class.forName(name.substring(0, name.length() - 6).replace('/', '.'), false, loader);
                // linking verifies
                MethodHandles.privateLookupIn(type, MethodHandles.lookup()).ensureInitialized(type);
            }
        }
        byte[] once = Files.readAllBytes(jar);
        assertThat(rewrite(jar)).isZero();
        assertThat(Files.readAllBytes(jar)).isEqualTo(once);
        try (var files = Files.list(directory)) {
            assertThat(files).hasSize(1);
        }
    }

    private static int rewrite(Path jar) throws IOException, InterruptedException {
        Path step = Path.of(System.getProperty("basedir", "."), "src", "build", "ClassVersions.java");
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), step.toString(), jar.toString())
            .inheritIO().start().waitFor();
    }
}
