package org.pontoon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

/** What neither the compiler nor the formatter checks, in the sources of every module. */
class SourceStyleTest {

    private static final Pattern IMPORT = Pattern.compile("(?m)^import (?:static )?[\\w.]+\\.(\\w+);$");

    @Test
    void everyImportIsUsed() throws IOException {
        List<String> findings = new ArrayList<>();
        for (Path file : sources()) {
            String source = Files.readString(file);
            String body = IMPORT.matcher(source).replaceAll("");
            Matcher imported = IMPORT.matcher(source);
            while (imported.find()) {
                if (!Pattern.compile("\\b" + imported.group(1) + "\\b").matcher(body).find()) {
                    findings.add(file + ": unused " + imported.group());
                }
            }
        }
        assertThat(findings).isEmpty();
    }

    /** Surefire looks for allocation tests by name and by tag: one without the other would never run. */
    @Test
    void allocationTestsHaveTheTagAndTheName() throws IOException {
        List<String> findings = new ArrayList<>();
        for (Path file : sources()) {
            boolean named = file.toString().endsWith("AllocationTest.java");
            boolean tagged = Files.readString(file).contains("@Tag(" + "\"allocation\")");
            if (named != tagged) {
                findings.add(file + ": named *AllocationTest: " + named + ", tagged allocation: " + tagged);
            }
        }
        assertThat(findings).isEmpty();
    }

    private static List<Path> sources() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("mvnw"))) {
            root = root.getParent();
        }
        List<Path> found = new ArrayList<>();
        for (String module : List.of("engine", "validation", "service", "bench", "cli")) {
            Path folder = root.resolve(module).resolve("src");
            if (Files.isDirectory(folder)) {
                try (Stream<Path> files = Files.walk(folder)) {
                    files.filter(f -> f.toString().endsWith(".java")).sorted().forEach(found::add);
                }
            }
        }
        assertThat(found).isNotEmpty();
        return found;
    }
}
