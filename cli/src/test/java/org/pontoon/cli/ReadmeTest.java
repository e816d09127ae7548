package org.pontoon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's examples are what a newcomer copies first: they must compile, and every path that it links to must exist. */
class ReadmeTest {

    private static final Path README = Snippets.ROOT.resolve("README.md");
    /** What the text around an example lets the reader assume. */
    private static final String ASSUMED = "long seed, long request, float[] x, float[] y";

    @TempDir
    private Path directory;

    @Test
    void examplesCompile() throws Exception {
        List<String> examples = blocks("java");
        assertThat(examples).hasSizeGreaterThanOrEqualTo(2);
        for (String example : examples) {
            Snippets.compile(example, ASSUMED, directory);
        }
    }

    @Test
    void linksLeadSomewhere() throws Exception {
        Snippets.linksLeadSomewhere(README);
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

    private static List<String> blocks(String language) throws IOException {
        return Snippets.blocks(Files.readString(README), language);
    }
}
