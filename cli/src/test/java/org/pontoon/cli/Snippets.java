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

/** Examples and links in texts. */
final class Snippets {

    /** The project's folder. */
    static final Path ROOT = root();

    private static final List<String> ROOMS = List.of("bridge", "feature", "file", "memory", "parallel", "random", "transport", "flow",
        "flow.descent", "flow.sliced", "flow.diffusion", "flow.jko");

    private Snippets() {
    }

    /** The blocks of a language in a text. */
    static List<String> blocks(String text, String language) {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(text).results().map(found -> found.group(1))
            .toList();
    }

    /** Compiles statements, given parameters that the text around them lets the reader assume. */
    static void compile(String statements, String assumed, Path directory) throws IOException {
        String imports = ROOMS.stream().map(room -> "import org.pontoon.engine." + room + ".*;\n").collect(Collectors.joining());
        Path source = directory.resolve("Example.java");
        Files.writeString(source, imports + "import java.nio.file.*;\nclass Example {\n    static void run(" + assumed
            + ") throws Exception {\n" + statements + "\n    }\n}\n");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        String path = Stream.of("java.class.path", "jdk.module.path").map(System::getProperty).filter(Objects::nonNull).collect(Collectors
            .joining(File.pathSeparator));
        boolean compiled = compiler.getTask(messages, null, null, List.of("-d", directory.toString(), "-cp", path, "--add-modules",
            "jdk.incubator.vector"), null, compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source)).call();
        assertThat(compiled).as("%s%n%s", statements, messages).isTrue();
    }

    /** Fails where a text links to what is not there. */
    static void linksLeadSomewhere(Path text) throws IOException {
        List<String> links = Pattern.compile("\\]\\(([^)#]+)[^)]*\\)").matcher(Files.readString(text)).results()
            .map(found -> found.group(1))
            .filter(link -> !link.contains("://")).toList();
        assertThat(links).isNotEmpty().allSatisfy(link -> assertThat(text.resolveSibling(link)).exists());
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
