package org.pontoon.engine.file;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

import org.pontoon.engine.memory.PointCloud;

/**
 * Reads and writes numpy's {@code .npz} archives: named arrays in one zip file.
 *
 * <p>Reads what {@code numpy.savez} and {@code numpy.savez_compressed} write, beyond 4 GiB too, and checks every array against its
 * checksum. Entries that are no arrays are passed over. Writes stored entries without compression, in the order they are given and with a
 * fixed time, so that the same arrays make the same bytes.
 *
 * <p>All methods may be called from any thread. Archives must lie in the default file system.
 */
public final class NpzFile {

    private static final String SUFFIX = ".npy";
    /** Not the first of January, which numpy writes: the JDK takes it for a time before 1980 and adds a field that depends on the time zone. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);
    /** Deflate cannot do better: 258 bytes for 2 bits. A greater ratio is a lie about the size. */
    private static final long BEST_COMPRESSION = 1032;

    private NpzFile() {
    }

    /**
     * Reads all arrays.
     *
     * @param file the archive
     * @return the arrays by name, in the order of the archive
     * @throws IllegalArgumentException naming the file, what was found and what was expected, if there is no such file, it is no intact
     *     archive, or an array in it is one that {@link NpyFile#read(Path)} refuses
     * @throws IOException naming the file, if reading fails or memory does not suffice
     */
    public static SequencedMap<String, NpyArray> read(Path file) throws IOException {
        return open(file, archive -> {
            SequencedMap<String, NpyArray> arrays = new LinkedHashMap<>();
            for (String name : archive.names()) {
                arrays.put(name, archive.read(name, NpyData::array));
            }
            return arrays;
        });
    }

    /**
     * Reads one array.
     *
     * @param file the archive
     * @param name name of the array, without {@code .npy}
     * @return the array
     * @throws IllegalArgumentException as for {@link #read(Path)}, or if there is no array of that name (the message lists the names)
     * @throws IOException naming the file, if reading fails or memory does not suffice
     */
    public static NpyArray read(Path file, String name) throws IOException {
        return open(file, archive -> archive.read(name, NpyData::array));
    }

    /**
     * Reads the only array of an archive.
     *
     * @param file the archive
     * @return the array
     * @throws IllegalArgumentException as for {@link #read(Path)}, or if the archive does not hold exactly one array (the message lists the
     *     names)
     * @throws IOException naming the file, if reading fails or memory does not suffice
     */
    public static NpyArray readSingle(Path file) throws IOException {
        return open(file, archive -> archive.read(archive.onlyName(), NpyData::array));
    }

    /**
     * Reads the cloud of shape (N, D) that is the only array of an archive.
     *
     * @param file the archive
     * @return the cloud, all values finite, owner of its memory
     * @throws IllegalArgumentException as for {@link NpyFile#readCloud(Path)}, or if the archive does not hold exactly one array (the message
     *     lists the names)
     * @throws IOException naming the file, if reading fails or memory does not suffice
     */
    public static PointCloud readCloud(Path file) throws IOException {
        return open(file, archive -> archive.read(archive.onlyName(), NpzFile::cloud));
    }

    /**
     * Reads the only array of an archive as a cloud whose coordinates are placed before they are rounded to float32.
     *
     * @param file the archive
     * @param placement of its columns
     * @return the placed cloud, owner of its memory, all values finite
     * @throws IllegalArgumentException as for {@link NpyFile#readCloud(Path, Placement)}, or if the archive does not hold exactly one array
     * @throws IOException naming the file, if reading fails or memory does not suffice
     */
    public static PointCloud readCloud(Path file, Placement placement) throws IOException {
        return open(file, archive -> archive.read(archive.onlyName(), (header, source) -> {
            return NpyData.cloud(header.asCloud(placement), source, placement);
        }));
    }

    /**
     * Finds the range of every column of the cloud that is the only array of an archive, in float64.
     *
     * @param file the archive
     * @return the ranges
     * @throws IllegalArgumentException as for {@link NpyFile#readRanges(Path)}, or if the archive does not hold exactly one array
     * @throws IOException naming the file, if reading fails
     */
    public static ColumnRanges readRanges(Path file) throws IOException {
        return open(file, archive -> archive.read(archive.onlyName(), (header, source) -> {
            return NpyData.ranges(header.asCloud(), source);
        }));
    }

    /**
     * Reads one array as a cloud of shape (N, D).
     *
     * @param file the archive
     * @param name name of the array, without {@code .npy}
     * @return the cloud, all values finite, owner of its memory
     * @throws IllegalArgumentException as for {@link NpyFile#readCloud(Path)}, or if there is no array of that name (the message lists the
     *     names)
     * @throws IOException naming the file, if reading fails or memory does not suffice
     */
    public static PointCloud readCloud(Path file, String name) throws IOException {
        return open(file, archive -> archive.read(name, NpzFile::cloud));
    }

    /**
     * Reads the headers of all arrays.
     *
     * @param file the archive
     * @return one description an array, in the order of the archive
     * @throws IllegalArgumentException naming the file and what is wrong, if there is no such file, it is no archive or a header is damaged
     * @throws IOException naming the file, if reading fails
     */
    public static List<ArrayDescription> describe(Path file) throws IOException {
        return open(file, archive -> {
            List<ArrayDescription> descriptions = new ArrayList<>();
            for (String name : archive.names()) {
                descriptions.add(archive.describe(name));
            }
            return List.copyOf(descriptions);
        });
    }

    /**
     * Writes an archive.
     *
     * @param file the archive, which appears whole or not at all; an existing one is replaced
     * @param arrays the arrays by name, written in this order
     * @throws IllegalArgumentException if a name is empty
     * @throws IOException naming the file, if it cannot be written
     */
    public static void write(Path file, SequencedMap<String, NpyArray> arrays) throws IOException {
        Map<String, Content> contents = new LinkedHashMap<>();
        arrays.forEach((name, array) -> contents.put(name, out -> NpyData.write(out, array)));
        writeContents(file, contents);
    }

    /**
     * Writes an archive with a cloud as its only array, float32 of shape (N, D). Weights are not written.
     *
     * @param file the archive, which appears whole or not at all; an existing one is replaced
     * @param name name of the array; numpy's own choice is {@code arr_0}
     * @param cloud the points
     * @throws IllegalArgumentException if the name is empty
     * @throws IOException naming the file, if it cannot be written
     * @throws IllegalStateException if the cloud is closed
     */
    public static void writeCloud(Path file, String name, PointCloud cloud) throws IOException {
        writeContents(file, Map.of(name, out -> NpyData.write(out, cloud)));
    }

    /** Writes one array; called twice, because a stored entry says its length and checksum before its bytes. */
    private interface Content {

        void write(OutputStream out) throws IOException;
    }

    private static void writeContents(Path file, Map<String, Content> contents) throws IOException {
        if (contents.containsKey("")) {
            throw new IllegalArgumentException(file + " cannot hold an array without a name");
        }
        try (WholeFile whole = WholeFile.create(file)) {
            try (ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(whole.stream(), 1 << 16))) {
                zip.setMethod(ZipOutputStream.STORED);
                for (Map.Entry<String, Content> content : contents.entrySet()) {
                    Counter counter = new Counter();
                    CheckedOutputStream checked = new CheckedOutputStream(counter, new CRC32());
                    content.getValue().write(checked);
                    ZipEntry entry = new ZipEntry(content.getKey() + SUFFIX);
                    entry.setTimeLocal(TIME);
                    entry.setSize(counter.bytes);
                    entry.setCrc(checked.getChecksum().getValue());
                    zip.putNextEntry(entry);
                    content.getValue().write(zip);
                    zip.closeEntry();
                }
            }
            whole.commit();
        }
    }

    private static final class Counter extends OutputStream {

        private long bytes;

        @Override
        public void write(int b) {
            bytes++;
        }

        @Override
        public void write(byte[] b, int offset, int length) {
            bytes += length;
        }
    }

    private static PointCloud cloud(NpyHeader header, NpyData.Source source) throws IOException {
        return NpyData.cloud(header.asCloud(), source);
    }

    /** What is done with an open archive. */
    private interface Reading<T> {

        T read(Archive archive) throws IOException;
    }

    private static <T> T open(Path file, Reading<T> reading) throws IOException {
        NpyFile.requireFile(file, "an .npz file");
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return reading.read(new Archive(file, zip));
        } catch (ZipException | EOFException e) {
            throw new IllegalArgumentException(
                file + " is not an intact .npz archive: " + NpyHeader.printable(String.valueOf(e.getMessage())), e);
        } catch (IOException e) {
            throw WholeFile.named(file, e);
        }
    }

    /** Turns the bytes behind a header into a value. */
    private interface Decoder<T> {

        T decode(NpyHeader header, NpyData.Source source) throws IOException;
    }

    private static final class Archive {

        private final Path file;
        private final ZipFile zip;
        private final SequencedMap<String, ZipEntry> entries = new LinkedHashMap<>();

        Archive(Path file, ZipFile zip) {
            this.file = file;
            this.zip = zip;
            zip.stream().filter(entry -> entry.getName().endsWith(SUFFIX)).forEach(entry -> {
                String name = entry.getName().substring(0, entry.getName().length() - SUFFIX.length());
                if (entries.put(name, entry) != null) {
                    throw new IllegalArgumentException(file + " holds two arrays named " + NpyHeader.printable(name));
                }
            });
        }

        List<String> names() {
            return List.copyOf(entries.keySet());
        }

        String onlyName() {
            if (entries.size() != 1) {
                throw new IllegalArgumentException(file + " holds " + listing() + ", expected a single array");
            }
            return entries.firstEntry().getKey();
        }

        String listing() {
            return entries.isEmpty() ? "no arrays" : entries.size() + " arrays ("
                + entries.keySet().stream().limit(20).map(NpyHeader::printable).collect(Collectors.joining(", "))
                + (entries.size() > 20 ? ", ...)" : ")");
        }

        ArrayDescription describe(String name) throws IOException {
            ZipEntry entry = entry(name);
            try (InputStream in = zip.getInputStream(entry)) {
                return NpyHeader.read(title(name), in, entry.getSize()).describe(name);
            }
        }

        <T> T read(String name, Decoder<T> decoder) throws IOException {
            ZipEntry entry = entry(name);
            try (CheckedInputStream in = new CheckedInputStream(zip.getInputStream(entry), new CRC32())) {
                T value = decoder.decode(NpyHeader.read(title(name), in, entry.getSize()), NpyData.of(in));
                try {
                    if (in.read() >= 0) {
                        throw new IllegalArgumentException(title(name) + " has more bytes than the " + entry.getSize() + " it declares");
                    }
                    if (in.getChecksum().getValue() != entry.getCrc()) {
                        throw new IllegalArgumentException(title(name) + " is damaged: its checksum is "
                            + Long.toHexString(in.getChecksum().getValue()) + ", expected " + Long.toHexString(entry.getCrc()));
                    }
                } catch (Throwable t) {
                    if (value instanceof PointCloud cloud) {
                        cloud.close();
                    }
                    throw t;
                }
                return value;
            }
        }

        private ZipEntry entry(String name) throws ZipException {
            ZipEntry entry = entries.get(name);
            if (entry == null) {
                throw new IllegalArgumentException(file + " holds no array " + NpyHeader.printable(name) + ", only " + listing());
            }
            // Sizes are what the memory is taken by, so they must be possible for the bytes that are there.
            long most = Math.min(entry.getCompressedSize(), file.toFile().length());
            if (entry.getMethod() != ZipEntry.STORED) {
                most = (most + 1) * BEST_COMPRESSION;
            }
            if (entry.getSize() < 0 || entry.getSize() > most) {
                throw new ZipException(NpyHeader.printable(name) + " declares " + entry.getSize() + " bytes, more than can be there");
            }
            return entry;
        }

        private String title(String name) {
            return file + "[" + NpyHeader.printable(name) + "]";
        }
    }
}
