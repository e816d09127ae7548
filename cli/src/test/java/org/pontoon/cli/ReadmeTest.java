package org.pontoon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's examples are what a newcomer copies first: they must compile, and every path that it links to must exist. */
class ReadmeTest {

    private static final Path ROOT = root();
    /** What the text around an example lets the reader assume. */
    private static final String ASSUMED = "long seed, long request, float[] x, float[] y";

    @TempDir
    private Path directory;

    @Test
    void examplesCompile() throws Exception {
        List<String> examples = blocks("java");
        assertThat(examples).hasSizeGreaterThanOrEqualTo(2);
        String imports = Stream.of("bridge", "file", "memory", "parallel", "transport").map(
            room -> "import org.pontoon.engine." + room + ".*;\n").collect(Collectors.joining());
        for (int i = 0; i < examples.size(); i++) {
            Path source = directory.resolve("Example" + i + ".java");
            Files.writeString(source, imports + "import java.nio.file.*;\nclass Example" + i + " {\n    static void run(" + ASSUMED
                + ") throws Exception {\n" + examples.get(i) + "    }\n}\n");
            JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
            StringWriter messages = new StringWriter();
            boolean compiled = compiler.getTask(messages, null, null, List.of("-d", directory.toString(), "-cp", classPath(),
                "--add-modules", "jdk.incubator.vector"), null,
                compiler.getStandardFileManager(null, null, null).getJavaFileObjects(
                    source))
                .call();
            assertThat(compiled).as("%s%n%s", examples.get(i), messages).isTrue();
        }
    }

    @Test
    void linksLeadSomewhere() throws Exception {
        List<String> links = Pattern.compile("\\]\\(([^)#]+)[^)]*\\)").matcher(Files.readString(ROOT.resolve("README.md"))).results().map(
            match -> match.group(1)).filter(link -> !link.contains("://")).toList();
        assertThat(links).isNotEmpty().allSatisfy(link -> assertThat(ROOT.resolve(link)).exists());
    }

    @Test
    void commandsParse() throws Exception {
        List<String> lines = blocks("sh").stream().flatMap(String::lines).map(line -> line.replaceAll("\\s+#.*", "").strip()).filter(
            line -> line.startsWith("./pontoon ")).toList();
        assertThat(lines).isNotEmpty().allSatisfy(line -> {
            String[] words = line.substring("./pontoon ".length()).split("\\s+");
            String[] help = Stream.concat(Stream.of(words), words[0].startsWith("-") ? Stream.empty() : Stream.of("--help")).toArray(
                String[]::new);
            Run.of((Object[]) help).done();
        });
    }

    private static List<String> blocks(String language) throws Exception {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(ROOT.resolve("README.md")))
            .results().map((MatchResult match) -> match.group(1)).toList();
    }

    private static String classPath() {
        return Stream.of("java.class.path", "jdk.module.path").map(System::getProperty).filter(Objects::nonNull).collect(Collectors.joining(
            File.pathSeparator));
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
