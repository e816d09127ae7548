package org.pontoon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the rooms' manuals and the guide for those who extend them show must compile, and lead somewhere. */
class GuidesTest {

    private static final Path ROOT = root();
    private static final Path ENGINE = ROOT.resolve("engine/src/main/java/org/pontoon/engine");
    /** What the text around an example lets the reader assume. */
    private static final String ASSUMED = "PointCloud start, PointCloud target, PointCloud unseen, TileScheduler scheduler, long seed, "
        + "long noiseSeed, long step, int particle, int dimension, int d, double[] matrix, double[] centre, Functional functional, "
        + "Potential potential";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"flow", "flow/descent", "flow/sliced", "flow/diffusion", "flow/jko", "random"})
    void examplesOfManualsCompile(String room) throws IOException {
        List<String> examples = Pattern.compile("\\{@snippet :\n(.*?)\n \\* }\n(?= \\*(?:/|\n))", Pattern.DOTALL)
            .matcher(Files.readString(ENGINE.resolve(
                room).resolve("package-info.java")))
            .results().map(found -> found.group(1).replaceAll("(?m)^ \\* ?", "")).toList();
        assertThat(examples).isNotEmpty().allSatisfy(this::compiles);
    }

    @Test
    void theGuidesExampleCompilesAndItsRowIsInTheTable() throws IOException {
        List<String> blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(ROOT.resolve(
            "docs/extending.md"))).results().map(found -> found.group(1)).toList();
        assertThat(blocks).hasSize(2);
        String table = Files.readString(ROOT.resolve("cli/src/main/java/org/pontoon/cli/FlowTable.java"));
        assertThat(words(table)).contains(words(blocks.get(0)).replaceAll(",$", ""));
        compiles(blocks.get(1));
    }

    private static String words(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"extending.md", "architecture.md"})
    void linksLeadSomewhere(String guide) throws IOException {
        List<String> links = Pattern.compile("\\]\\(([^)#]+)[^)]*\\)").matcher(Files.readString(ROOT.resolve("docs").resolve(guide)))
            .results().map(found -> found.group(1)).filter(link -> !link.contains("://")).toList();
        assertThat(links).isNotEmpty().allSatisfy(link -> assertThat(ROOT.resolve("docs").resolve(link)).exists());
    }

    private void compiles(String example) throws IOException {
        String imports = Stream.of("bridge", "feature", "file", "memory", "parallel", "random", "transport", "flow", "flow.descent",
            "flow.sliced", "flow.diffusion", "flow.jko").map(room -> "import org.pontoon.engine." + room + ".*;\n").collect(Collectors
                .joining());
        Path source = directory.resolve("Example.java");
        Files.writeString(source, imports + "class Example {\n    static void run(" + ASSUMED + ") throws Exception {\n" + example
            + "\n    }\n}\n");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        String path = Stream.of("java.class.path", "jdk.module.path").map(System::getProperty).filter(Objects::nonNull).collect(Collectors
            .joining(File.pathSeparator));
        boolean compiled = compiler.getTask(messages, null, null, List.of("-d", directory.toString(), "-cp", path, "--add-modules",
            "jdk.incubator.vector"), null, compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source)).call();
        assertThat(compiled).as("%s%n%s", example, messages).isTrue();
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
