package org.pontoon.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Small inputs with right values, of the kinds that users of similar tools reported trouble with: {@code src/test/resources/cases}. */
final class Cases {

    private Cases() {
    }

    /** Copies a case into a directory, where a test may do with it as it likes, and returns the copy. */
    static Path copy(String name, Path directory) throws IOException {
        Path file = directory.resolve(name);
        try (InputStream in = Cases.class.getResourceAsStream("/cases/" + name)) {
            if (in == null) {
                throw new IllegalArgumentException("there is no case " + name);
            }
            Files.deleteIfExists(file);
            Files.copy(in, file);
        }
        return file;
    }
}
