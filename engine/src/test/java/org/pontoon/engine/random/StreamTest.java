package org.pontoon.engine.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

class StreamTest {

    /** Neighbouring seeds and steps are what users take for replicates. */
    @Test
    void noTwoSeedsStreamsOrStepsShareAKey() {
        Set<Long> keys = new HashSet<>();
        int count = 0;
        for (Stream stream : Stream.values()) {
            for (long seed = -3; seed < 30; seed++) {
                keys.add(stream.key(seed));
                count++;
                for (long step = 0; step < 30; step++) {
                    keys.add(stream.key(seed, step));
                    count++;
                }
            }
        }
        assertThat(keys).hasSize(count);
    }

    /** A number is part of what a seed means. */
    @Test
    void numbersStayWhatTheyAre() {
        assertThat(Stream.FEATURE_NORMALS.key(7)).isEqualTo(CounterRandom.key(7, 0));
        assertThat(Stream.FEATURE_TURNS.key(7)).isEqualTo(CounterRandom.key(7, 3));
        assertThat(Stream.LANGEVIN_NOISE.key(7)).isEqualTo(CounterRandom.key(7, 100));
        for (Stream stream : Stream.values()) {
            if (stream.compareTo(Stream.LANGEVIN_NOISE) >= 0) {
                long number = 100 + stream.ordinal() - Stream.LANGEVIN_NOISE.ordinal();
                assertThat(stream.key(7)).as(stream.name()).isEqualTo(CounterRandom.key(7, number));
            }
        }
    }

    /** Densities are older: point n of a sample has a stream of its own, and so have the pixels of a picture. */
    @Test
    void flowsAndFeaturesDrawFromRegisteredStreamsOnly() throws IOException {
        List<Path> files = new ArrayList<>();
        List<String> findings = new ArrayList<>();
        for (String room : List.of("flow", "feature")) {
            try (java.util.stream.Stream<Path> found = Files.walk(Path.of("src/main/java/org/pontoon/engine", room))) {
                found.filter(f -> f.toString().endsWith(".java")).forEach(files::add);
            }
        }
        assertThat(files).hasSizeGreaterThan(40);
        for (Path file : files) {
            if (!file.endsWith("Density.java") && Files.readString(file).contains("CounterRandom.key(")) {
                findings.add(file.toString());
            }
        }
        assertThat(findings).isEmpty();
    }
}
