package org.pontoon.engine.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pontoon.engine.memory.PointCloud;

/** Damages valid files in thousands of ways: whatever comes, the readers answer with a message or with values, in little memory and without hanging. */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MutatedFilesTest {

    private static final int MUTATIONS = 1500;
    /** The largest seed holds 8 KiB, and deflate can promise at most 1032 times the bytes that are there. */
    private static final long HEAP_PER_READ = 32L << 20;
    private static final List<String> TOKENS = List.of("<f4", ">f8", "|O", "<i8", "<U4", "<U9999999", "|b1", "True", "False", "(", ")",
        "()",
        ",", "{", "}", "'", "\"", "\\", "\n", "\0", "0", "-1", "9223372036854775807", "9223372036854775808", "4294967296", "2147483647",
        "(0, 99999999999)", "'shape': (2, 3)", "'descr'", "L", "PK\u0001\u0002", "PK\u0005\u0006", "\u0093NUMPY",
        "\u00ff\u00ff\u00ff\u00ff");

    private final SplittableRandom random = new SplittableRandom(20_250_101);

    @TempDir
    Path folder;

    @Test
    void mutatedNpyFilesGiveValuesOrAMessage() throws IOException {
        float[] values = new float[600];
        Arrays.fill(values, 0.5f);
        List<byte[]> seeds = List.of(
            NpyBytes.npy("<f4", false, "(200, 3)", NpyBytes.floats(ByteOrder.LITTLE_ENDIAN, values)),
            NpyBytes.npy("<f4", true, "(200, 3)", NpyBytes.floats(ByteOrder.LITTLE_ENDIAN, values)),
            NpyBytes.npy(">f8", true, "(5, 3)", NpyBytes.doubles(ByteOrder.BIG_ENDIAN, new double[15])),
            NpyBytes.npy(2, "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2, 3), }",
                NpyBytes.doubles(ByteOrder.LITTLE_ENDIAN, new double[6])),
            NpyBytes.npy(3, "{'descr': '<U3', 'fortran_order': True, 'shape': (2, 2), }", new byte[48]),
            NpyBytes.npy("<i8", false, "(4,)", new byte[32]), NpyBytes.npy("<u2", false, "()", new byte[2]));
        for (byte[] seed : seeds) {
            mutate("npy", seed);
        }
    }

    @Test
    void mutatedNpzFilesGiveValuesOrAMessage() throws IOException {
        byte[] cloud = NpyBytes.npy("<f4", false, "(50, 3)", NpyBytes.floats(ByteOrder.LITTLE_ENDIAN, new float[150]));
        byte[] text = NpyBytes.npy("<U3", false, "(2,)", new byte[24]);
        for (boolean compressed : new boolean[] {false, true}) {
            mutate("npz", NpzFileTest.zip(compressed, "x.npy", cloud));
            mutate("npz", NpzFileTest.zip(compressed, "x.npy", cloud, "folder/y.npy", text, "z.npy", cloud));
        }
    }

    private void mutate(String kind, byte[] seed) throws IOException {
        Path file = folder.resolve("mutated." + kind);
        Files.write(file, seed);
        readEverything(file);
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] bytes = seed;
            for (int times = 1 + random.nextInt(3); times > 0; times--) {
                bytes = mutation(bytes);
            }
            // A new file each time: writing over one that is still mapped would shorten it under the mapping.
            Files.delete(file);
            Files.write(file, bytes);
            refused += readEverything(file);
        }
        assertThat(refused).as("readings refused").isBetween(MUTATIONS / 10, 10 * MUTATIONS);
    }

    private interface Reading {

        void read() throws IOException;
    }

    private int readEverything(Path file) {
        List<Reading> readings = new ArrayList<>();
        if (file.toString().endsWith("npz")) {
            readings.add(() -> NpzFile.read(file));
            readings.add(() -> NpzFile.describe(file));
            readings.add(() -> NpzFile.readCloud(file).close());
            readings.add(() -> NpzFile.readCloud(file, "x").close());
        } else {
            readings.add(() -> NpyFile.read(file));
            readings.add(() -> NpyFile.describe(file));
            readings.add(() -> sum(NpyFile.readCloud(file)));
        }
        int refused = 0;
        for (Reading reading : readings) {
            long before = allocated();
            try {
                reading.read();
            } catch (IllegalArgumentException | IOException e) {
                refused++;
                assertThat(e.getMessage()).startsWith(file.toString()).doesNotContain("\n").hasSizeLessThan(1000);
            }
            assertThat(allocated() - before).as("bytes of heap").isLessThan(HEAP_PER_READ);
        }
        return refused;
    }

    private static void sum(PointCloud cloud) {
        try (cloud) {
            float sum = 0;
            for (int d = 0; d < cloud.dimension(); d++) {
                sum += cloud.get(cloud.size() - 1, d);
            }
            assertThat(sum).isNotNaN();
        }
    }

    private byte[] mutation(byte[] bytes) {
        if (bytes.length == 0) {
            return new byte[] {1};
        }
        byte[] copy = bytes.clone();
        int at = place(bytes);
        return switch (random.nextInt(8)) {
            case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            case 1 -> splice(bytes, at, at, random.nextBoolean() ? token() : noise());
            case 2 -> splice(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(20)), new byte[0]);
            case 3 -> splice(bytes, at, Math.min(bytes.length, at + 4), token());
            case 4 -> {
                copy[at] = (byte) random.nextInt();
                yield copy;
            }
            case 5 -> {
                Arrays.fill(copy, at, Math.min(copy.length, at + 1 + random.nextInt(8)), (byte) (random.nextBoolean() ? 0xff : 0));
                yield copy;
            }
            case 6 -> digit(copy);
            default -> {
                copy[at] ^= (byte) (1 << random.nextInt(8));
                yield copy;
            }
        };
    }

    /** Half of the damage goes to the start, where the header is, a quarter to the end, where a zip has its directory. */
    private int place(byte[] bytes) {
        return switch (random.nextInt(4)) {
            case 0, 1 -> random.nextInt(Math.min(bytes.length, 100));
            case 2 -> bytes.length - 1 - random.nextInt(Math.min(bytes.length, 150));
            default -> random.nextInt(bytes.length);
        };
    }

    private byte[] digit(byte[] bytes) {
        int start = random.nextInt(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            int at = (start + i) % bytes.length;
            if (bytes[at] >= '0' && bytes[at] <= '9') {
                bytes[at] = (byte) ('0' + random.nextInt(10));
                break;
            }
        }
        return bytes;
    }

    private byte[] token() {
        return TOKENS.get(random.nextInt(TOKENS.size())).getBytes(StandardCharsets.ISO_8859_1);
    }

    private byte[] noise() {
        byte[] noise = new byte[1 + random.nextInt(12)];
        random.nextBytes(noise);
        return noise;
    }

    private static byte[] splice(byte[] bytes, int from, int to, byte[] replacement) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, from);
        out.writeBytes(replacement);
        out.write(bytes, to, bytes.length - to);
        return out.toByteArray();
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
