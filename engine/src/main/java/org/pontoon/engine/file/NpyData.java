package org.pontoon.engine.file;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Supplier;

import org.pontoon.engine.memory.PointCloud;

/**
 * The values behind a header, in and out, in blocks: never a whole file's worth of heap beside its destination.
 *
 * <p>Blocks are decoded into small heap arrays first, because loops over plain arrays are fast from the first call on, while loops over
 * segments are only after the last compiler has seen them; a command that reads one file never gets that far.
 */
final class NpyData {

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

    /** Values of one block: 64 KiB of float32, which the second-level cache holds together with its transpose. */
    private static final int BLOCK = 1 << 14;
    /** Values of one call of a loop: after few calls a compiler takes it over. */
    private static final int PIECE = 512;
    /** Rows that a block should have even if they are long, so that every column gets a cache line's worth at a time. */
    private static final int ROWS = 16;
    private static final int LARGEST_BLOCK = 1 << 22;
    private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;
    /** Bytes of the longest text, which is read as a whole. */
    private static final int LONGEST_TEXT = 1 << 22;

    private NpyData() {
    }

    /** The bytes of the values, one stretch after the other. */
    interface Source {

        /** The next bytes; valid until the next call. */
        MemorySegment take(int bytes) throws IOException;
    }

    static Source of(MemorySegment mapped) {
        return new Source() {

            private long at;

            @Override
            public MemorySegment take(int bytes) {
                MemorySegment next = mapped.asSlice(at, bytes);
                at += bytes;
                return next;
            }
        };
    }

    static Source of(InputStream in) {
        return new Source() {

            private byte[] buffer = {};

            @Override
            public MemorySegment take(int bytes) throws IOException {
                if (buffer.length < bytes) {
                    buffer = new byte[bytes];
                }
                if (in.readNBytes(buffer, 0, bytes) < bytes) {
                    throw new EOFException("the values end early");
                }
                return MemorySegment.ofArray(buffer).asSlice(0, bytes);
            }
        };
    }

    /** Reads a cloud whose header has passed {@link NpyHeader#asCloud()}, transposing rows into columns on the way. */
    static PointCloud cloud(NpyHeader header, Source source) throws IOException {
        return cloud(header, source, null);
    }

    /** The same of placed coordinates; null leaves them where they are. */
    static PointCloud cloud(NpyHeader header, Source source, Placement placement) throws IOException {
        int rows = Math.toIntExact(header.shape().get(0));
        int columns = Math.toIntExact(header.shape().get(1));
        PointCloud cloud = allocate(header, () -> PointCloud.allocate(rows, columns));
        try {
            Floats floats = new Floats(header, source, placement);
            if (header.fortranOrder() || columns == 1) {
                readColumns(cloud, floats);
            } else if (columns > LARGEST_BLOCK) {
                readPointwise(cloud, floats);
            } else {
                readRows(cloud, floats);
            }
            return cloud;
        } catch (Throwable t) {
            cloud.close();
            throw t;
        }
    }

    private static void readRows(PointCloud cloud, Floats floats) throws IOException {
        int dimension = cloud.dimension();
        int most = Math.min(cloud.size(), rowsOfBlock(dimension));
        float[] block = new float[most * dimension];
        float[] column = new float[most];
        for (int first = 0; first < cloud.size(); first += most) {
            int rows = Math.min(most, cloud.size() - first);
            floats.next(block, rows * dimension);
            for (int d = 0; d < dimension; d++) {
                takeColumn(block, d, dimension, rows, column);
                cloud.setColumn(d, first, column, 0, rows);
            }
        }
    }

    private static void takeColumn(float[] block, int d, int dimension, int rows, float[] column) {
        for (int n = 0, at = d; n < rows; n++, at += dimension) {
            column[n] = block[at];
        }
    }

    private static void readColumns(PointCloud cloud, Floats floats) throws IOException {
        float[] block = new float[Math.min(BLOCK, cloud.size())];
        for (int d = 0; d < cloud.dimension(); d++) {
            for (int first = 0; first < cloud.size(); first += block.length) {
                int count = Math.min(block.length, cloud.size() - first);
                floats.next(block, count);
                cloud.setColumn(d, first, block, 0, count);
            }
        }
    }

    private static void readPointwise(PointCloud cloud, Floats floats) throws IOException {
        float[] block = new float[BLOCK];
        for (int n = 0; n < cloud.size(); n++) {
            for (int first = 0; first < cloud.dimension(); first += BLOCK) {
                int count = Math.min(BLOCK, cloud.dimension() - first);
                floats.next(block, count);
                for (int i = 0; i < count; i++) {
                    cloud.set(n, first + i, block[i]);
                }
            }
        }
    }

    private static int rowsOfBlock(int dimension) {
        return Math.max(1, Math.min(Math.max(ROWS, BLOCK / dimension), LARGEST_BLOCK / dimension));
    }

    /** Refuses NaN and infinity in values that are used where they lie. */
    static void requireFinite(NpyHeader header, Source source) throws IOException {
        Floats floats = new Floats(header, source, null);
        float[] block = new float[(int) Math.min(BLOCK, header.count())];
        for (long left = header.count(); left > 0; left -= block.length) {
            floats.next(block, (int) Math.min(left, block.length));
        }
    }

    /** Finds the range of every column of a cloud, all values finite in float64. */
    static ColumnRanges ranges(NpyHeader header, Source source) throws IOException {
        int columns = Math.toIntExact(header.shape().get(1));
        double[] low = new double[columns];
        double[] high = new double[columns];
        Arrays.fill(low, Double.POSITIVE_INFINITY);
        Arrays.fill(high, Double.NEGATIVE_INFINITY);
        Floats floats = new Floats(header, source, Placement.none(columns));
        for (long left = header.count(); left > 0; left -= BLOCK) {
            long first = floats.at;
            int count = (int) Math.min(left, BLOCK);
            floats.nextWide(count);
            for (int i = 0; i < count; i++) {
                int column = floats.column(first + i);
                low[column] = Math.min(low[column], floats.wide[i]);
                high[column] = Math.max(high[column], floats.wide[i]);
            }
        }
        return new ColumnRanges(low, high, header.isFloat(Float.BYTES));
    }

    /** Reads an array of any shape and any supported type. */
    static NpyArray array(NpyHeader header, Source source) throws IOException {
        NpyArray.Type type = type(header);
        header.requireData();
        long count = header.count();
        if (count > LONGEST_ARRAY || header.shape().stream().anyMatch(axis -> axis > Integer.MAX_VALUE)) {
            throw new IllegalArgumentException(header.name() + " has shape " + ArrayDescription.shapeText(header.shape())
                + ", expected at most " + LONGEST_ARRAY + " values");
        }
        int[] shape = header.shape().stream().mapToInt(Long::intValue).toArray();
        Object values = allocate(header, () -> switch (type) {
            case FLOAT32 -> new float[(int) count];
            case FLOAT64 -> new double[(int) count];
            case INT32 -> new int[(int) count];
            case INT64 -> new long[(int) count];
            case TEXT -> new String[(int) count];
        });
        int block = Math.max(1, 4 * BLOCK / header.itemSize());
        for (int at = 0; at < count;) {
            int items = (int) Math.min(block, count - at);
            decode(header, source.take(items * header.itemSize()), values, at, items);
            at += items;
        }
        return new NpyArray(type, header.fortranOrder() && shape.length > 1 ? rowMajor(values, shape) : values, shape);
    }

    private static NpyArray.Type type(NpyHeader header) {
        int size = header.itemSize();
        if (header.kind() == 'U' && size > 0 && size <= LONGEST_TEXT) {
            return NpyArray.Type.TEXT;
        }
        return switch (header.kind() + Integer.toString(size)) {
            case "f4" -> NpyArray.Type.FLOAT32;
            case "f8" -> NpyArray.Type.FLOAT64;
            case "b1", "i1", "i2", "i4", "u1", "u2" -> NpyArray.Type.INT32;
            case "i8", "u4" -> NpyArray.Type.INT64;
            default -> throw header.unsupported("float32, float64, bool, integers of up to 64 bits (not u8) or text (<U)");
        };
    }

    private static void decode(NpyHeader header, MemorySegment bytes, Object values, int at, int count) {
        ByteOrder order = header.order();
        switch (values) {
            case float[] v -> MemorySegment.copy(bytes, FLOAT.withOrder(order), 0, v, at, count);
            case double[] v -> MemorySegment.copy(bytes, DOUBLE.withOrder(order), 0, v, at, count);
            case long[] v when header.kind() == 'i' -> MemorySegment.copy(bytes, LONG.withOrder(order), 0, v, at, count);
            case long[] v -> {
                for (int i = 0; i < count; i++) {
                    v[at + i] = Integer.toUnsignedLong(bytes.getAtIndex(INT.withOrder(order), i));
                }
            }
            case int[] v when header.itemSize() == 4 -> MemorySegment.copy(bytes, INT.withOrder(order), 0, v, at, count);
            case int[] v -> {
                for (int i = 0; i < count; i++) {
                    int value = header.itemSize() == 1 ? bytes.get(ValueLayout.JAVA_BYTE, i)
                        : bytes.getAtIndex(SHORT.withOrder(order), i);
                    v[at + i] = switch (header.kind()) {
                        case 'b' -> value == 0 ? 0 : 1;
                        case 'u' -> value & (header.itemSize() == 1 ? 0xff : 0xffff);
                        default -> value;
                    };
                }
            }
            case String[] v -> {
                for (int i = 0; i < count; i++) {
                    v[at + i] = text(header, bytes.asSlice((long) i * header.itemSize(), header.itemSize()), at + i);
                }
            }
            default -> throw new AssertionError(header);
        }
    }

    /** A text in a field of 4 bytes per character, filled up with NUL. */
    private static String text(NpyHeader header, MemorySegment field, int index) {
        int[] characters = field.toArray(INT.withOrder(header.order()));
        int length = characters.length;
        while (length > 0 && characters[length - 1] == 0) {
            length--;
        }
        for (int i = 0; i < length; i++) {
            int c = characters[i];
            if (!Character.isValidCodePoint(c) || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                throw new IllegalArgumentException(header.name() + " holds the character 0x" + Integer.toHexString(c) + " in text " + index
                    + ", expected Unicode");
            }
        }
        return new String(characters, 0, length);
    }

    /** Reorders values whose first axis varies fastest. */
    private static Object rowMajor(Object values, int[] shape) {
        int[] strides = new int[shape.length];
        int count = 1;
        for (int axis = 0; axis < shape.length; axis++) {
            strides[axis] = count;
            count *= shape[axis];
        }
        int[] from = new int[count];
        int[] index = new int[shape.length];
        for (int to = 0, at = 0; to < count; to++) {
            from[to] = at;
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                at += strides[axis];
                if (++index[axis] < shape[axis]) {
                    break;
                }
                at -= strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }
        Object sorted = switch (values) {
            case float[] v -> new float[count];
            case double[] v -> new double[count];
            case int[] v -> new int[count];
            case long[] v -> new long[count];
            default -> new String[count];
        };
        for (int to = 0; to < count; to++) {
            switch (values) {
                case float[] v -> ((float[]) sorted)[to] = v[from[to]];
                case double[] v -> ((double[]) sorted)[to] = v[from[to]];
                case int[] v -> ((int[]) sorted)[to] = v[from[to]];
                case long[] v -> ((long[]) sorted)[to] = v[from[to]];
                default -> ((String[]) sorted)[to] = ((String[]) values)[from[to]];
            }
        }
        return sorted;
    }

    /** Writes an array, header and values, as numpy would. */
    static void write(OutputStream out, NpyArray array) throws IOException {
        Object values = array.values();
        int itemSize = switch (array.type()) {
            case FLOAT32, INT32 -> 4;
            case FLOAT64, INT64 -> 8;
            case TEXT -> 4 * Math.max(1, Arrays.stream((String[]) values).mapToInt(t -> t.codePointCount(0, t.length())).max().orElse(1));
        };
        String dtype = switch (array.type()) {
            case FLOAT32 -> "<f4";
            case FLOAT64 -> "<f8";
            case INT32 -> "<i4";
            case INT64 -> "<i8";
            case TEXT -> "<U" + itemSize / 4;
        };
        out.write(NpyHeader.bytes(dtype, array.longShape()));
        int count = array.size();
        int block = Math.max(1, Math.min(count, 4 * BLOCK / itemSize));
        byte[] bytes = new byte[Math.multiplyExact(block, itemSize)];
        for (int at = 0; at < count; at += block) {
            int items = Math.min(block, count - at);
            encode(values, at, items, itemSize, bytes);
            out.write(bytes, 0, items * itemSize);
        }
    }

    private static void encode(Object values, int at, int count, int itemSize, byte[] bytes) {
        ByteOrder order = ByteOrder.LITTLE_ENDIAN;
        MemorySegment target = MemorySegment.ofArray(bytes);
        switch (values) {
            case float[] v -> MemorySegment.copy(v, at, target, FLOAT.withOrder(order), 0, count);
            case double[] v -> MemorySegment.copy(v, at, target, DOUBLE.withOrder(order), 0, count);
            case int[] v -> MemorySegment.copy(v, at, target, INT.withOrder(order), 0, count);
            case long[] v -> MemorySegment.copy(v, at, target, LONG.withOrder(order), 0, count);
            case String[] v -> {
                Arrays.fill(bytes, (byte) 0);
                for (int i = 0; i < count; i++) {
                    int[] characters = v[at + i].codePoints().toArray();
                    MemorySegment.copy(characters, 0, target, INT.withOrder(order), (long) i * itemSize, characters.length);
                }
            }
            default -> throw new AssertionError(values);
        }
    }

    /** Writes a cloud, header and values in rows. */
    static void write(OutputStream out, PointCloud cloud) throws IOException {
        int dimension = cloud.dimension();
        out.write(NpyHeader.bytes("<f4", cloud.size(), dimension));
        FloatSink sink = new FloatSink(out);
        if (dimension > LARGEST_BLOCK) {
            float[] point = new float[dimension];
            for (int n = 0; n < cloud.size(); n++) {
                cloud.copyPoint(n, point, 0);
                sink.write(point, 0, dimension);
            }
            return;
        }
        int most = Math.min(cloud.size(), rowsOfBlock(dimension));
        float[] block = new float[most * dimension];
        float[] column = new float[most];
        for (int first = 0; first < cloud.size(); first += most) {
            int rows = Math.min(most, cloud.size() - first);
            for (int d = 0; d < dimension; d++) {
                cloud.copyColumn(d, first, column, 0, rows);
                for (int n = 0, at = d; n < rows; n++, at += dimension) {
                    block[at] = column[n];
                }
            }
            sink.write(block, 0, rows * dimension);
        }
    }

    /** Turns too little memory into a failure that gets the name of the file, instead of an error that ends the process. */
    private static <T> T allocate(NpyHeader header, Supplier<T> allocation) throws IOException {
        try {
            return allocation.get();
        } catch (OutOfMemoryError e) {
            throw new IOException("not enough memory for shape " + ArrayDescription.shapeText(header.shape()), e);
        }
    }

    /** Writes float32 values, little-endian, through one buffer. */
    static final class FloatSink {

        private final OutputStream out;
        private final byte[] bytes = new byte[4 * BLOCK];
        private final MemorySegment target = MemorySegment.ofArray(bytes);

        FloatSink(OutputStream out) {
            this.out = out;
        }

        void write(float[] values, int offset, int count) throws IOException {
            for (int done = 0; done < count;) {
                int items = Math.min(BLOCK, count - done);
                MemorySegment.copy(values, offset + done, target, FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN), 0, items);
                out.write(bytes, 0, 4 * items);
                done += items;
            }
        }
    }

    /** Reads the values of a cloud in the order of the file, as finite float32. */
    private static final class Floats {

        private final NpyHeader header;
        private final Source source;
        private final Placement placement;
        private final long rows;
        private final long columns;
        private final double[] wide;
        private long at;

        /** Placed before they are rounded, or not where the placement is null. */
        Floats(NpyHeader header, Source source, Placement placement) {
            this.header = header;
            this.source = source;
            this.placement = placement;
            this.rows = header.shape().get(0);
            this.columns = header.shape().get(1);
            this.wide = new double[header.isFloat(Float.BYTES) && placement == null ? 0 : BLOCK];
        }

        void next(float[] values, int count) throws IOException {
            if (wide.length == 0) {
                MemorySegment.copy(source.take(4 * count), FLOAT.withOrder(header.order()), 0, values, 0, count);
                boolean finite = true;
                for (int from = 0; from < count; from += PIECE) {
                    finite &= areFinite(values, from, Math.min(count, from + PIECE));
                }
                for (int i = 0; !finite; i++) {
                    refuseUnlessFinite(values[i], at + i);
                }
                at += count;
                return;
            }
            for (int done = 0; done < count;) {
                int items = Math.min(BLOCK, count - done);
                long first = at;
                nextWide(items);
                for (int i = 0; i < items; i++) {
                    double value = placement == null ? wide[i] : placement.place(wide[i], column(first + i));
                    values[done + i] = (float) value;
                    if (!(Math.abs(values[done + i]) <= Float.MAX_VALUE)) {
                        refuseUnlessFinite(wide[i], first + i);
                    }
                }
                done += items;
            }
        }

        private static boolean areFinite(float[] values, int from, int to) {
            for (int i = from; i < to; i++) {
                if (!(Math.abs(values[i]) <= Float.MAX_VALUE)) {
                    return false;
                }
            }
            return true;
        }

        /** Reads the next values, at most a block, as they are and in float64; they must be finite there. */
        void nextWide(int count) throws IOException {
            MemorySegment bytes = source.take(header.itemSize() * count);
            if (header.isFloat(Float.BYTES)) {
                for (int i = 0; i < count; i++) {
                    wide[i] = bytes.getAtIndex(FLOAT.withOrder(header.order()), i);
                }
            } else {
                widen(bytes, count);
            }
            for (int i = 0; i < count; i++) {
                if (!Double.isFinite(wide[i])) {
                    refuseUnlessFinite(wide[i], at + i);
                }
            }
            at += count;
        }

        int column(long index) {
            return (int) (header.fortranOrder() ? index / rows : index % columns);
        }

        /** Integers beyond 2^53 are rounded. */
        private void widen(MemorySegment bytes, int items) {
            ByteOrder order = header.order();
            boolean unsigned = header.kind() != 'i';
            switch (header.kind() == 'f' ? 0 : header.itemSize()) {
                case 0 -> MemorySegment.copy(bytes, DOUBLE.withOrder(order), 0, wide, 0, items);
                case 1 -> {
                    for (int i = 0; i < items; i++) {
                        byte value = bytes.get(ValueLayout.JAVA_BYTE, i);
                        wide[i] = header.kind() == 'b' ? value == 0 ? 0 : 1 : unsigned ? value & 0xff : value;
                    }
                }
                case 2 -> {
                    for (int i = 0; i < items; i++) {
                        short value = bytes.getAtIndex(SHORT.withOrder(order), i);
                        wide[i] = unsigned ? value & 0xffff : value;
                    }
                }
                case 4 -> {
                    for (int i = 0; i < items; i++) {
                        int value = bytes.getAtIndex(INT.withOrder(order), i);
                        wide[i] = unsigned ? Integer.toUnsignedLong(value) : value;
                    }
                }
                default -> {
                    for (int i = 0; i < items; i++) {
                        long value = bytes.getAtIndex(LONG.withOrder(order), i);
                        // the halves of an unsigned one are exact, and their sum is rounded once
                        wide[i] = unsigned ? (value >>> 32) * 0x1p32 + (value & 0xffffffffL) : value;
                    }
                }
            }
        }

        private void refuseUnlessFinite(double value, long index) {
            if (Math.abs((float) value) <= Float.MAX_VALUE) {
                return;
            }
            long row = header.fortranOrder() ? index % rows : index / columns;
            throw new IllegalArgumentException(header.name() + " holds " + value + " at row " + row + ", column " + column(index)
                + " (counted from 0), expected " + (Double.isFinite(value) ? "at most " + Float.MAX_VALUE + " in magnitude (float32)"
                    : "finite values"));
        }
    }
}
