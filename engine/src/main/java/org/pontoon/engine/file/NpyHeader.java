package org.pontoon.engine.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The header of an {@code .npy} file, read with distrust and written byte for byte as numpy writes it.
 *
 * <p>Format: numpy's NEP 1 ("A Simple File Format for NumPy Arrays"), versions 1.0, 2.0 and 3.0.
 *
 * @param name what the array is called in messages
 * @param dtype element type as it is spelled in the file
 * @param fortranOrder true if the first axis varies fastest
 * @param shape lengths of the axes
 * @param offset first byte of the values, counted from the first byte of the header
 * @param available bytes of values that are really there
 */
record NpyHeader(String name, String dtype, boolean fortranOrder, List<Long> shape, long offset, long available) {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int ALIGNMENT = 64;
    /** numpy leaves room for the longest first axis, so that a file can grow in place. */
    private static final int GROWTH_DIGITS = 21;
    private static final int LONGEST_HEADER = 1 << 16;
    private static final int MOST_AXES = 64;

    /**
     * Reads a header and leaves the stream at the first value.
     *
     * @param name what the array is called in messages
     * @param in the bytes, from the magic string on
     * @param length number of bytes that the stream holds
     */
    static NpyHeader read(String name, InputStream in, long length) throws IOException {
        byte[] start = in.readNBytes(8);
        if (start.length < MAGIC.length || !Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new IllegalArgumentException(name + " is not an .npy file: " + (start.length == 0 ? "it is empty"
                : "it starts with " + hex(start, Math.min(start.length, MAGIC.length))) + ", expected " + hex(MAGIC, MAGIC.length)
                + " (\\x93NUMPY)");
        }
        if (start.length < 8) {
            throw truncated(name, 8, start.length);
        }
        int major = start[6] & 0xff;
        int minor = start[7] & 0xff;
        if (major < 1 || major > 3 || minor != 0) {
            throw new IllegalArgumentException(name + " has .npy format version " + major + "." + minor + ", expected 1.0, 2.0 or 3.0");
        }
        int lengthBytes = major == 1 ? 2 : 4;
        byte[] lengthField = in.readNBytes(lengthBytes);
        if (lengthField.length < lengthBytes) {
            throw truncated(name, 8 + lengthBytes, 8 + lengthField.length);
        }
        long headerLength = 0;
        for (int i = lengthBytes - 1; i >= 0; i--) {
            headerLength = headerLength << 8 | lengthField[i] & 0xff;
        }
        long offset = 8 + lengthBytes + headerLength;
        if (headerLength > LONGEST_HEADER) {
            throw new IllegalArgumentException(
                name + " declares a header of " + headerLength + " bytes, expected at most " + LONGEST_HEADER);
        }
        byte[] header = in.readNBytes((int) headerLength);
        if (header.length < headerLength || length < offset) {
            throw truncated(name, offset, Math.min(length, 8L + lengthBytes + header.length));
        }
        Charset charset = major == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
        return new Parser(name, new String(header, charset)).header(offset, length - offset);
    }

    /** The header of a C-ordered array as numpy writes it, with the values' offset a multiple of 64. */
    static byte[] bytes(String dtype, long... shape) {
        StringBuilder text = new StringBuilder("{'descr': '").append(dtype).append("', 'fortran_order': False, 'shape': ")
            .append(ArrayDescription.shapeText(Arrays.stream(shape).boxed().toList())).append(", }");
        if (shape.length > 0) {
            text.append(" ".repeat(Math.max(0, GROWTH_DIGITS - Long.toString(shape[0]).length())));
        }
        int prefix = MAGIC.length + 4;
        int padding = ALIGNMENT - (prefix + text.length() + 1) % ALIGNMENT;
        text.append(" ".repeat(padding)).append('\n');
        byte[] bytes = Arrays.copyOf(MAGIC, prefix + text.length());
        bytes[6] = 1;
        bytes[8] = (byte) text.length();
        bytes[9] = (byte) (text.length() >> 8);
        System.arraycopy(text.toString().getBytes(StandardCharsets.ISO_8859_1), 0, bytes, prefix, text.length());
        return bytes;
    }

    /** Number of values; checked against what is there by {@link #requireData()}. */
    long count() {
        long count = 1;
        for (long axis : shape) {
            if (axis == 0) {
                return 0;
            }
        }
        for (long axis : shape) {
            if (count > Long.MAX_VALUE / axis) {
                throw new IllegalArgumentException(
                    name + " has shape " + ArrayDescription.shapeText(shape) + ", more values than can be counted");
            }
            count *= axis;
        }
        return count;
    }

    /** The kind of element, numpy's letter: f, i, u, b, U, ... */
    char kind() {
        return dtype.charAt("<>|=".indexOf(dtype.charAt(0)) < 0 ? 0 : 1);
    }

    /** Bytes of one element, 0 if the spelling has no plain number. */
    int itemSize() {
        int digits = dtype.indexOf(kind()) + 1;
        if (digits >= dtype.length() || dtype.length() - digits > 8) {
            return 0;
        }
        int size = 0;
        for (int i = digits; i < dtype.length(); i++) {
            char c = dtype.charAt(i);
            if (c < '0' || c > '9') {
                return 0;
            }
            size = size * 10 + (c - '0');
        }
        return kind() == 'U' ? 4 * size : size;
    }

    ByteOrder order() {
        return switch (dtype.charAt(0)) {
            case '<' -> ByteOrder.LITTLE_ENDIAN;
            case '>' -> ByteOrder.BIG_ENDIAN;
            default -> ByteOrder.nativeOrder();
        };
    }

    boolean isFloat(int size) {
        return kind() == 'f' && itemSize() == size;
    }

    boolean isInteger() {
        int size = itemSize();
        return kind() == 'b' ? size == 1 : (kind() == 'i' || kind() == 'u') && size >= 1 && size <= 8 && Integer.bitCount(size) == 1;
    }

    /** Refuses an element type, naming those that are read. */
    IllegalArgumentException unsupported(String expected) {
        return new IllegalArgumentException(kind() == 'O'
            ? name + " holds pickled Python objects (dtype " + printable(dtype) + "), which are never read; expected " + expected
            : name + " has dtype " + printable(dtype) + ", expected " + expected);
    }

    /** Refuses values that are missing or too many, and returns their number in bytes. */
    long requireData() {
        long count = count();
        long itemSize = itemSize();
        if (count > Long.MAX_VALUE / Math.max(1, itemSize) || count * itemSize != available) {
            String expected = count > Long.MAX_VALUE / Math.max(1, itemSize) ? "more than can be counted" : Long.toString(count * itemSize);
            throw new IllegalArgumentException(name + " has " + available + " bytes of values, expected " + expected + " for shape "
                + ArrayDescription.shapeText(shape) + " and dtype " + printable(dtype)
                + (count <= available / Math.max(1, itemSize) ? "" : " (file truncated?)"));
        }
        return available;
    }

    /** The header of the same values as a cloud (N, D): a vector is a column of points on the line. Refuses everything that is no cloud. */
    NpyHeader asCloud() {
        if (shape.size() == 1) {
            return new NpyHeader(name, dtype, fortranOrder, List.of(shape.getFirst(), 1L), offset, available).asCloud();
        }
        if (!isFloat(4) && !isFloat(8) && !isInteger()) {
            throw unsupported("float32, float64, bool or integers");
        }
        if (shape.size() != 2) {
            throw new IllegalArgumentException(name + " has shape " + ArrayDescription.shapeText(shape) + ", expected two axes (N, D),"
                + " or one (N,) of points on the line");
        }
        if (shape.get(0) == 0 || shape.get(1) == 0) {
            throw new IllegalArgumentException(name + " has " + (shape.get(0) == 0 ? "zero rows" : "zero columns") + ", shape "
                + ArrayDescription.shapeText(shape) + ", expected at least one row and one column");
        }
        if (shape.get(0) > Integer.MAX_VALUE - 64 || shape.get(1) > Integer.MAX_VALUE - 64) {
            throw new IllegalArgumentException(
                name + " has shape " + ArrayDescription.shapeText(shape) + ", expected axes below 2^31 - 64");
        }
        requireData();
        return this;
    }

    /** The same, with as many columns as are placed. */
    NpyHeader asCloud(Placement placement) {
        NpyHeader cloud = asCloud();
        if (cloud.shape.get(1) != placement.origin().length) {
            throw new IllegalArgumentException(name + " has " + cloud.shape.get(1) + " columns, expected the " + placement.origin().length
                + " that are placed");
        }
        return cloud;
    }

    ArrayDescription describe(String member) {
        return new ArrayDescription(member, printable(dtype), shape, fortranOrder, offset);
    }

    /** Text from a file, fit for one line of a message. */
    static String printable(String text) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < text.length() && i < 60; i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) || Character.isSurrogate(c) || c == '\u2028' || c == '\u2029') {
                line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                line.append(c);
            }
        }
        return text.length() > 60 ? line + "..." : line.toString();
    }

    private static IllegalArgumentException truncated(String name, long expected, long found) {
        return new IllegalArgumentException(name + " ends inside its .npy header: " + found + " bytes, expected at least " + expected);
    }

    private static String hex(byte[] bytes, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(String.format(Locale.ROOT, i == 0 ? "%02x" : " %02x", bytes[i] & 0xff));
        }
        return text.toString();
    }

    /** Reads the Python dictionary of a header: exactly the three keys, in any order, as numpy has ever written them. */
    private static final class Parser {

        private final String name;
        private final String text;
        private int at;

        Parser(String name, String text) {
            this.name = name;
            this.text = text;
        }

        NpyHeader header(long offset, long available) {
            String dtype = null;
            Boolean fortranOrder = null;
            List<Long> shape = null;
            expect('{');
            while (!accept('}')) {
                int start = at;
                String key = string();
                expect(':');
                if (key.equals("descr") && dtype == null) {
                    dtype = dtype();
                } else if (key.equals("fortran_order") && fortranOrder == null) {
                    fortranOrder = bool();
                } else if (key.equals("shape") && shape == null) {
                    shape = tuple();
                } else {
                    at = start;
                    throw wrong("one each of the keys 'descr', 'fortran_order' and 'shape'");
                }
                if (!accept(',') && peek() != '}') {
                    throw wrong("',' or '}'");
                }
            }
            if (dtype == null || fortranOrder == null || shape == null) {
                throw wrong("the keys 'descr', 'fortran_order' and 'shape'");
            }
            peek();
            if (at < text.length()) {
                throw wrong("spaces and a line feed");
            }
            return new NpyHeader(name, dtype, fortranOrder, List.copyOf(shape), offset, available);
        }

        private String dtype() {
            if (peek() == '[') {
                throw new IllegalArgumentException(name + " has a structured dtype " + printable(text.substring(at))
                    + ", expected a plain one such as <f4 or <f8");
            }
            int start = at;
            String dtype = string();
            int letter = dtype.isEmpty() || "<>|=".indexOf(dtype.charAt(0)) < 0 ? 0 : 1;
            if (dtype.length() <= letter || !isLetter(dtype.charAt(letter))) {
                at = start;
                throw wrong("a dtype such as '<f4'");
            }
            return dtype;
        }

        private static boolean isLetter(char c) {
            return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '?';
        }

        private boolean bool() {
            peek();
            for (String word : List.of("True", "False")) {
                if (text.startsWith(word, at)) {
                    at += word.length();
                    return word.equals("True");
                }
            }
            throw wrong("True or False");
        }

        private List<Long> tuple() {
            expect('(');
            List<Long> axes = new ArrayList<>();
            boolean comma = true;
            while (!accept(')')) {
                if (!comma) {
                    throw wrong("',' or ')'");
                }
                if (axes.size() == MOST_AXES) {
                    throw wrong("at most " + MOST_AXES + " axes");
                }
                axes.add(integer());
                comma = accept(',');
            }
            if (axes.size() == 1 && !comma) {
                at--;
                throw wrong("a tuple such as (3,)");
            }
            return axes;
        }

        private long integer() {
            peek();
            int start = at;
            long value = 0;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                int digit = text.charAt(at) - '0';
                if (value > (Long.MAX_VALUE - digit) / 10) {
                    at = start;
                    throw wrong("a length of at most 2^63 - 1");
                }
                value = 10 * value + digit;
                at++;
            }
            if (at == start) {
                throw wrong("a length of at least 0");
            }
            if (at < text.length() && text.charAt(at) == 'L') {
                at++;
            }
            return value;
        }

        private String string() {
            char quote = peek();
            if (quote != '\'' && quote != '"') {
                throw wrong("a quoted string");
            }
            int end = text.indexOf(quote, at + 1);
            if (end < 0 || text.substring(at, end).indexOf('\\') >= 0) {
                throw wrong("a closed string without escapes");
            }
            String value = text.substring(at + 1, end);
            at = end + 1;
            return value;
        }

        /** Skips white space and returns the next character, 0 at the end. */
        private char peek() {
            while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            return at < text.length() ? text.charAt(at) : 0;
        }

        private boolean accept(char c) {
            if (peek() != c) {
                return false;
            }
            at++;
            return true;
        }

        private void expect(char c) {
            if (!accept(c)) {
                throw wrong("'" + c + "'");
            }
        }

        private IllegalArgumentException wrong(String expected) {
            String rest = text.substring(Math.min(at, text.length()));
            return new IllegalArgumentException(
                name + " has a damaged .npy header: " + (rest.isBlank() ? "it ends" : "'" + printable(rest) + "'")
                    + " at character " + at + ", expected " + expected);
        }
    }
}
