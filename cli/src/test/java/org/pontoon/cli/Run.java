package org.pontoon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

import org.pontoon.cli.report.JsonReader;
import org.pontoon.engine.file.NpyArray;
import org.pontoon.engine.file.NpyFile;
import org.pontoon.engine.random.CounterRandom;

/** A command that was run within this JVM. */
record Run(int code, String out, String err) {

    static Run of(Object... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        String[] texts = new String[args.length];
        for (int i = 0; i < args.length; i++) {
            texts[i] = args[i].toString();
        }
        int code = Pontoon.run(texts, new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** The command must succeed without a word on standard error. */
    Run done() {
        assertThat(err).isEmpty();
        assertThat(code).isZero();
        return this;
    }

    /** The one JSON object on standard output. */
    Map<String, Object> json() {
        assertThat(out.lines()).hasSize(1);
        return JsonReader.object(out);
    }

    /** Writes a Gaussian cloud (N, D) with its mean at shift. */
    static Path cloud(Path file, int size, int dimension, double shift, long seed) throws IOException {
        float[] rows = new float[size * dimension];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) (shift + CounterRandom.normal(seed, i));
        }
        NpyFile.write(file, NpyArray.of(rows, size, dimension));
        return file;
    }
}
