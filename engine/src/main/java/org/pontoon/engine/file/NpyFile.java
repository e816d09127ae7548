package org.pontoon.engine.file;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Objects;

import org.pontoon.engine.memory.PointCloud;

/**
 * Reads and writes numpy's {@code .npy} files.
 *
 * <p>Format versions 1.0, 2.0 and 3.0, C or Fortran order, little or big endian. What is written is always version 1.0, C order, little
 * endian, with the values at a multiple of 64 bytes: the same bytes as numpy's own {@code save} writes.
 *
 * <p>All methods may be called from any thread. A file that another program shortens during a call, or while a mapped cloud is in use, is
 * not guarded against: an access may then throw {@link InternalError}.
 */
public final class NpyFile {

    private NpyFile() {
    }

    /**
     * Reads a cloud of shape (N, D), or (N,) for N points on the line: float32, float64, bool or integers of up to 64 bits. Values are rounded
     * to the nearest float32.
     *
     * <p>Where the file already holds whole columns of native float32 (a Fortran-ordered array, or one with a single row or column) the cloud
     * is a read-only view of the mapped file: nothing is copied and {@link PointCloud#set} throws. The mapping lasts as long as anything
     * refers to the cloud or to a view of it, because {@link PointCloud#close()} frees nothing for memory that it does not own and a column
     * may outlive it; the garbage collector ends it. Every other layout is mapped for the time of the call and transposed block by block
     * into a cloud that owns its memory.
     *
     * @param file the file
     * @return the cloud, all values finite
     * @throws IllegalArgumentException naming the file, what was found and what was expected, if there is no such file, it is no intact
     *     {@code .npy} file, its array is not of shape (N, D) or (N,) with at least one row and column, its element type is another one, or it holds
     *     NaN, infinity or a value beyond the range of float32 (with row and column)
     * @throws IOException naming the file, if reading fails or memory does not suffice
     */
    public static PointCloud readCloud(Path file) throws IOException {
        return open(file, (channel, found) -> {
            NpyHeader header = found.asCloud();
            if (holdsColumns(header)) {
                MemorySegment columns = channel.map(MapMode.READ_ONLY, header.offset(), header.available(), Arena.ofAuto());
                NpyData.requireFinite(header, NpyData.of(columns));
                int rows = Math.toIntExact(header.shape().get(0));
                return PointCloud.wrap(columns, rows, Math.toIntExact(header.shape().get(1)), rows);
            }
            try (Arena arena = Arena.ofConfined()) {
                return NpyData.cloud(header, NpyData.of(channel.map(MapMode.READ_ONLY, header.offset(), header.available(), arena)));
            }
        });
    }

    /**
     * Reads a cloud of shape (N, D) whose coordinates are placed before they are rounded to float32.
     *
     * @param file the file
     * @param placement of its columns
     * @return the placed cloud, owner of its memory, all values finite
     * @throws IllegalArgumentException as for {@link #readCloud(Path)}, where values must be finite in float64 and their placed ones within
     *     the range of float32; or if the placement is for another number of columns
     * @throws IOException naming the file, if reading fails or memory does not suffice
     */
    public static PointCloud readCloud(Path file, Placement placement) throws IOException {
        return open(file, (channel, found) -> {
            NpyHeader header = found.asCloud(placement);
            try (Arena arena = Arena.ofConfined()) {
                return NpyData.cloud(header, NpyData.of(channel.map(MapMode.READ_ONLY, header.offset(), header.available(), arena)),
                    placement);
            }
        });
    }

    /**
     * Finds the range of every column of a cloud of shape (N, D) in float64, in one pass that keeps nothing.
     *
     * @param file the file
     * @return the ranges
     * @throws IllegalArgumentException as for {@link #readCloud(Path)}; values beyond the range of float32 are allowed
     * @throws IOException naming the file, if reading fails
     */
    public static ColumnRanges readRanges(Path file) throws IOException {
        return open(file, (channel, found) -> {
            NpyHeader header = found.asCloud();
            try (Arena arena = Arena.ofConfined()) {
                return NpyData.ranges(header, NpyData.of(channel.map(MapMode.READ_ONLY, header.offset(), header.available(), arena)));
            }
        });
    }

    private static boolean holdsColumns(NpyHeader header) {
        return header.isFloat(Float.BYTES) && header.order() == ByteOrder.nativeOrder()
            && (header.fortranOrder() || header.shape().contains(1L));
    }

    /**
     * Reads an array of any shape into the heap: float32, float64, bool, signed integers, unsigned integers of up to 32 bits, or text. NaN and
     * infinity are kept.
     *
     * @param file the file
     * @return the array, row-major whatever the order of the file
     * @throws IllegalArgumentException naming the file, what was found and what was expected, if there is no such file, it is no intact
     *     {@code .npy} file or its element type is another one; pickled objects are never read
     * @throws IOException naming the file, if reading fails or memory does not suffice
     */
    public static NpyArray read(Path file) throws IOException {
        return open(file, (channel, header) -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment values = header.available() == 0 ? MemorySegment.NULL
                    : channel.map(MapMode.READ_ONLY, header.offset(), header.available(), arena);
                return NpyData.array(header, NpyData.of(values));
            }
        });
    }

    /**
     * Reads the header alone, and checks that all values are there. Element types that {@link #read(Path)} refuses are described too.
     *
     * @param file the file
     * @return what the header says
     * @throws IllegalArgumentException naming the file and what is wrong, if there is no such file, its header is damaged or values are missing
     * @throws IOException naming the file, if reading fails
     */
    public static ArrayDescription describe(Path file) throws IOException {
        return open(file, (channel, header) -> {
            if (header.itemSize() > 0) {
                header.requireData();
            }
            return header.describe("");
        });
    }

    /**
     * Writes a cloud as float32 of shape (N, D). Weights are not written.
     *
     * @param file the file, which appears whole or not at all; an existing one is replaced
     * @param cloud the points
     * @throws IOException naming the file, if it cannot be written
     * @throws IllegalStateException if the cloud is closed
     */
    public static void writeCloud(Path file, PointCloud cloud) throws IOException {
        try (WholeFile whole = WholeFile.create(file)) {
            NpyData.write(whole.stream(), cloud);
            whole.commit();
        }
    }

    /**
     * Writes an array.
     *
     * @param file the file, which appears whole or not at all; an existing one is replaced
     * @param array the array
     * @throws IOException naming the file, if it cannot be written
     */
    public static void write(Path file, NpyArray array) throws IOException {
        try (WholeFile whole = WholeFile.create(file)) {
            NpyData.write(whole.stream(), array);
            whole.commit();
        }
    }

    /**
     * Begins a float32 array whose values come in blocks, so that it never has to fit into memory: trajectories of shape (N, T, D), say.
     *
     * @param file the file, which appears whole or not at all; an existing one is replaced
     * @param shape lengths of the axes
     * @return the writer, to be filled, committed and closed
     * @throws IllegalArgumentException if a length is negative or the shape holds more values than can be counted
     * @throws IOException naming the file, if it cannot be written
     */
    public static Writer writer(Path file, long... shape) throws IOException {
        return new Writer(file, shape);
    }

    /** What is done with an open file and its header. */
    private interface Reading<T> {

        T read(FileChannel channel, NpyHeader header) throws IOException;
    }

    private static <T> T open(Path file, Reading<T> reading) throws IOException {
        requireFile(file, "an .npy file");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return reading.read(channel, NpyHeader.read(file.toString(), Channels.newInputStream(channel), channel.size()));
        } catch (IOException e) {
            throw WholeFile.named(file, e);
        }
    }

    static void requireFile(Path file, String expected) {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(file + (Files.isDirectory(file) ? " is a directory, expected "
                : Files.exists(file) ? " is not an ordinary file, expected " : " does not exist, expected ") + expected);
        }
    }

    /**
     * Writes a float32 array block by block, in row-major order.
     *
     * {@snippet :
     * try (NpyFile.Writer writer = NpyFile.writer(file, points, steps + 1, dimension)) {
     *     for (float[] block : blocks) {
     *         writer.write(block, 0, block.length);
     *     }
     *     writer.commit();
     * }
     * }
     *
     * <p>Not for use by several threads at a time.
     */
    public static final class Writer implements AutoCloseable {

        private final WholeFile whole;
        private final NpyData.FloatSink sink;
        private final String name;
        private final long expected;
        private long written;

        private Writer(Path file, long... shape) throws IOException {
            name = file.toString();
            long count = 1;
            for (long axis : shape) {
                if (axis < 0 || axis > 0 && count > Long.MAX_VALUE / Float.BYTES / axis) {
                    throw new IllegalArgumentException(name + " cannot have shape " + Arrays.toString(shape));
                }
                count *= axis;
            }
            expected = count;
            whole = WholeFile.create(file);
            try {
                whole.stream().write(NpyHeader.bytes("<f4", shape));
            } catch (Throwable t) {
                whole.close();
                throw t;
            }
            sink = new NpyData.FloatSink(whole.stream());
        }

        /**
         * Appends values.
         *
         * @param values holds the next values in row-major order
         * @param offset first one
         * @param count how many
         * @throws IndexOutOfBoundsException if the array does not hold them
         * @throws IllegalStateException if there are more values than the shape holds
         * @throws IOException naming the file, if it cannot be written
         */
        public void write(float[] values, int offset, int count) throws IOException {
            Objects.checkFromIndexSize(offset, count, values.length);
            if (count > expected - written) {
                throw new IllegalStateException(
                    name + " holds " + expected + " values; " + written + " are written and " + count + " more came");
            }
            sink.write(values, offset, count);
            written += count;
        }

        /**
         * Puts the finished file in place.
         *
         * @throws IllegalStateException if values are missing; the file then does not appear
         * @throws IOException naming the file, if it cannot be written
         */
        public void commit() throws IOException {
            if (written != expected) {
                throw new IllegalStateException(name + " holds " + expected + " values; only " + written + " are written");
            }
            whole.commit();
        }

        /** Throws the file away unless it was committed; closing again does nothing. */
        @Override
        public void close() {
            whole.close();
        }
    }
}
