package org.pontoon.engine.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TimeZone;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pontoon.engine.memory.PointCloud;

class NpzFileTest {

    private static final byte[] CLOUD = NpyBytes.npy("<f4", false, "(3, 2)",
        NpyBytes.floats(ByteOrder.LITTLE_ENDIAN, 1, 2, 3, 4, 5, 6));

    @TempDir
    Path folder;

    @Test
    void arraysAreReadBackInTheirOrder() throws IOException {
        SequencedMap<String, NpyArray> arrays = arrays();
        Path file = folder.resolve("model.npz");
        NpzFile.write(file, arrays);
        assertThat(NpzFile.read(file)).containsExactlyEntriesOf(arrays);
        assertThat(NpzFile.read(file, "format").asText()).isEqualTo("pontoon");
        assertThat(NpzFile.describe(file)).extracting(ArrayDescription::name).containsExactly("format", "version", "weights", "empty");
        assertThat(NpzFile.describe(file).get(2)).isEqualTo(new ArrayDescription("weights", "<f8", List.of(2L, 2L), false, 128));
    }

    @Test
    void theSameArraysMakeTheSameBytesInEveryTimeZone() throws IOException {
        Path file = folder.resolve("model.npz");
        NpzFile.write(file, arrays());
        byte[] bytes = Files.readAllBytes(file);
        TimeZone zone = TimeZone.getDefault();
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Auckland"));
            NpzFile.write(file, arrays());
        } finally {
            TimeZone.setDefault(zone);
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertThat(zip.stream()).allSatisfy(entry -> {
                assertThat(entry.getMethod()).isEqualTo(ZipEntry.STORED);
                assertThat(entry.getTimeLocal()).hasToString("1980-02-01T00:00");
            });
        }
    }

    @Test
    void aCloudIsReadBack() throws IOException {
        Path file = folder.resolve("cloud.npz");
        try (PointCloud cloud = PointCloud.ofRows(new float[] {1, 2, 3, 4, 5, 6}, 3, 2)) {
            NpzFile.writeCloud(file, "arr_0", cloud);
        }
        try (PointCloud cloud = NpzFile.readCloud(file); PointCloud named = NpzFile.readCloud(file, "arr_0")) {
            assertThat(cloud.toRows()).containsExactly(1, 2, 3, 4, 5, 6).isEqualTo(named.toRows());
            assertThat(cloud.size()).isEqualTo(3);
        }
        assertThat(NpzFile.read(file, "arr_0")).isEqualTo(NpyArray.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2));
    }

    @Test
    void compressedArchivesAreRead() throws IOException {
        float[] values = new float[200_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 100;
        }
        byte[] fortran = NpyBytes.npy(">f8", true, "(100, 2000)", NpyBytes.doubles(ByteOrder.BIG_ENDIAN, new double[200_000]));
        byte[] rows = NpyBytes.npy("<f4", false, "(2000, 100)", NpyBytes.floats(ByteOrder.LITTLE_ENDIAN, values));
        Path file = write(zip(true, "x.npy", rows, "y.npy", fortran));
        assertThat(Files.size(file)).isLessThan(20_000);
        try (PointCloud x = NpzFile.readCloud(file, "x"); PointCloud y = NpzFile.readCloud(file, "y")) {
            assertThat(x.toRows()).isEqualTo(values);
            assertThat(y.dimension()).isEqualTo(2000);
            assertThat(x.column(0).isMapped()).isFalse();
        }
        assertThat(NpzFile.read(file, "x").toFloats()).isEqualTo(values);
    }

    @Test
    void whereACloudIsExpectedThereMustBeOneArray() throws IOException {
        refuses(write(zip(false, "x.npy", CLOUD, "y.npy", CLOUD)), "holds 2 arrays (x, y), expected a single array");
        refuses(write(zip(false, "readme.txt", new byte[3])), "holds no arrays, expected a single array");
        Path single = write(zip(false, "x.npy", CLOUD, "readme.txt", new byte[3]));
        NpzFile.readCloud(single).close();
        assertThat(NpzFile.readSingle(single)).isEqualTo(NpzFile.read(single, "x"));
        Path two = write(zip(false, "x.npy", CLOUD, "y.npy", CLOUD));
        assertThatIllegalArgumentException().isThrownBy(() -> NpzFile.readSingle(two))
            .withMessage(two + " holds 2 arrays (x, y), expected a single array");
    }

    @Test
    void aMissingArrayIsAnsweredWithTheNames() throws IOException {
        Path file = write(zip(false, "x.npy", CLOUD, "y.npy", CLOUD));
        assertThatIllegalArgumentException().isThrownBy(() -> NpzFile.read(file, "z"))
            .withMessage(file + " holds no array z, only 2 arrays (x, y)");
    }

    @Test
    void anArrayInAnArchiveIsNamedInTheMessage() throws IOException {
        Path file = write(zip(true, "x.npy", NpyBytes.npy("<f4", false, "(3, 1, 1)", new byte[12])));
        refuses(file, "cloud.npz[x] has shape (3, 1, 1), expected two axes (N, D)");
        refuses(write(zip(true, "x.npy", "no".getBytes(StandardCharsets.UTF_8))), "cloud.npz[x] is not an .npy file");
        refuses(write(zip(true, "x.npy", Arrays.copyOf(CLOUD, 140))), "cloud.npz[x] has 12 bytes of values, expected 24");
        refuses(write(zip(true, "x\n.npy", Arrays.copyOf(CLOUD, 140))), "cloud.npz[x\\u000a] has 12 bytes");
    }

    @Test
    void whatIsNoArchiveIsRefused() throws IOException {
        refuses(folder.resolve("missing.npz"), "missing.npz does not exist");
        refuses(folder, "is a directory");
        refuses(write(new byte[0]), "not an intact .npz archive");
        refuses(write(CLOUD), "not an intact .npz archive");
        byte[] bytes = zip(true, "x.npy", CLOUD);
        refuses(write(Arrays.copyOf(bytes, bytes.length - 30)), "not an intact .npz archive");
    }

    @Test
    void aDamagedArrayIsFoundByItsChecksum() throws IOException {
        byte[] bytes = zip(false, "x.npy", CLOUD);
        int values = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("NUMPY") - 1 + 128;
        bytes[values] ^= 1;
        refuses(write(bytes), "cloud.npz[x] is damaged: its checksum is");
    }

    @Test
    void aSizeThatCannotBeIsRefusedBeforeAnythingIsAllocated() throws IOException {
        byte[] bytes = zip(true, "x.npy", NpyBytes.npy("<f4", false, "(500000000, 2)", new byte[0]));
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int directory = text.indexOf("PK\u0001\u0002");
        // Uncompressed size in the central directory: 4,000,000,128 bytes.
        byte[] size = {(byte) 0x80, 0x28, 0x6b, (byte) 0xee};
        System.arraycopy(size, 0, bytes, directory + 24, 4);
        refuses(write(bytes), "declares 4000000128 bytes, more than can be there");
    }

    @Test
    void aFailureWhileWritingLeavesNothing() {
        Path file = folder.resolve("cloud.npz");
        PointCloud cloud = PointCloud.allocate(3, 2);
        cloud.close();
        assertThatThrownBy(() -> NpzFile.writeCloud(file, "x", cloud)).isInstanceOf(IllegalStateException.class);
        assertThatIllegalArgumentException().isThrownBy(() -> NpzFile.write(file, new LinkedHashMap<>(Map.of("", NpyArray.scalar(1L)))));
        assertThat(folder).isEmptyDirectory();
    }

    private static SequencedMap<String, NpyArray> arrays() {
        SequencedMap<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("format", NpyArray.scalar("pontoon"));
        arrays.put("version", NpyArray.scalar(1L));
        arrays.put("weights", NpyArray.of(new double[] {1, 2, 3, 4}, 2, 2));
        arrays.put("empty", NpyArray.of(new float[0], 0, 4));
        return arrays;
    }

    static byte[] zip(boolean compressed, Object... namesAndBytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (int i = 0; i < namesAndBytes.length; i += 2) {
                ZipEntry entry = new ZipEntry((String) namesAndBytes[i]);
                byte[] bytes = (byte[]) namesAndBytes[i + 1];
                if (!compressed) {
                    CRC32 checksum = new CRC32();
                    checksum.update(bytes);
                    entry.setMethod(ZipEntry.STORED);
                    entry.setSize(bytes.length);
                    entry.setCrc(checksum.getValue());
                }
                zip.putNextEntry(entry);
                zip.write(bytes);
                zip.closeEntry();
            }
        }
        return out.toByteArray();
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("cloud.npz"), bytes);
    }

    private static void refuses(Path file, String... parts) {
        assertThatIllegalArgumentException().isThrownBy(() -> NpzFile.readCloud(file)).withMessageStartingWith(file.toString())
            .satisfies(e -> assertThat(e.getMessage()).contains(parts).doesNotContain("\n"));
    }
}
