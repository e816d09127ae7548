package org.pontoon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the rooms' manuals and the guide for those who extend them show must compile, and lead somewhere. */
class GuidesTest {

    private static final Path ENGINE = Snippets.ROOT.resolve("engine/src/main/java/org/pontoon/engine");
    /** What the text around an example lets the reader assume. */
    private static final String ASSUMED = "PointCloud start, PointCloud target, PointCloud unseen, TileScheduler scheduler, long seed, "
        + "long noiseSeed, long step, int particle, int dimension, int d, double[] matrix, double[] centre, Functional functional, "
        + "Potential potential";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"flow", "flow/descent", "flow/sliced", "flow/diffusion", "flow/jko", "random"})
    void examplesOfManualsCompile(String room) throws IOException {
        List<String> examples = Pattern.compile("\\{@snippet :\n(.*?)\n \\* }\n(?= \\*(?:/|\n))", Pattern.DOTALL).matcher(Files.readString(
            ENGINE.resolve(room).resolve("package-info.java"))).results().map(found -> found.group(1).replaceAll("(?m)^ \\* ?", ""))
            .toList();
        assertThat(examples).isNotEmpty();
        for (String example : examples) {
            Snippets.compile(example, ASSUMED, directory);
        }
    }

    @Test
    void theGuidesExampleCompilesAndItsRowIsInTheTable() throws IOException {
        List<String> blocks = Snippets.blocks(Files.readString(Snippets.ROOT.resolve("docs/extending.md")), "java");
        assertThat(blocks).hasSize(2);
        String table = Files.readString(Snippets.ROOT.resolve("cli/src/main/java/org/pontoon/cli/FlowTable.java"));
        assertThat(words(table)).contains(words(blocks.get(0)).replaceAll(",$", ""));
        Snippets.compile(blocks.get(1), ASSUMED, directory);
    }

    private static String words(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"docs/extending.md", "docs/architecture.md"})
    void linksLeadSomewhere(String guide) throws IOException {
        Snippets.linksLeadSomewhere(Snippets.ROOT.resolve(guide));
    }
}
