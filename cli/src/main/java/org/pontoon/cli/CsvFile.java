package org.pontoon.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import org.pontoon.engine.file.ColumnRanges;
import org.pontoon.engine.file.Placement;
import org.pontoon.engine.file.WholeFile;
import org.pontoon.engine.memory.PointCloud;

/**
 * Clouds as comma-separated values: one point a line, UTF-8, with or without a header.
 *
 * <p>The first line is a header if none of its cells is a number or stands for a missing one, and that is remarked: no point goes without a
 * word. A line that mixes them is refused. Blank lines are passed over. Lines and columns in messages count from 1, as text editors do.
 */
final class CsvFile {

    private static final int MOST_VALUES = Integer.MAX_VALUE - 8;
    /** What numpy, pandas, R, spreadsheets and databases write for a number that is not there. */
    private static final Set<String> MISSING = Set.of("", "na", "n/a", "#n/a", "nan", "+nan", "-nan", "<na>", "none", "null", "nil",
        "missing",
        "-", "--", ".", "?", "*");
    private static final int SHOWN = 5;

    private CsvFile() {
    }

    /**
     * Reads a cloud.
     *
     * @param file the file
     * @param remarks is told if the first line is taken for a header, or might be one and is taken for a point
     * @return the cloud, all values finite, owner of its memory
     * @throws IllegalArgumentException with one line that names the file, the line and the column
     * @throws IOException naming the file, if reading fails
     */
    static PointCloud read(Path file, Consumer<String> remarks) throws IOException {
        return parse(file, new Rows(file, null)).cloud(remarks);
    }

    /** The same with coordinates that are placed before they are rounded to float32. */
    static PointCloud read(Path file, Placement placement, Consumer<String> remarks) throws IOException {
        return parse(file, new Rows(file, placement)).cloud(remarks);
    }

    /** Finds the range of every column in float64. */
    static ColumnRanges readRanges(Path file) throws IOException {
        Ranges ranges = new Ranges(file);
        parse(file, ranges);
        return new ColumnRanges(ranges.low, ranges.high, false);
    }

    private static <T extends Rows> T parse(Path file, T rows) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(
                file + (Files.isDirectory(file) ? " is a directory" : " does not exist") + ", expected a .csv file");
        }
        // Rows of other lengths come through, because the message about them is better made here.
        try (CsvReader<CsvRecord> records = CsvReader.builder().detectBomHeader(true).allowUnclosedQuote(false)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE).missingFieldStrategy(FieldMismatchStrategy.IGNORE).ofCsvRecord(file)) {
            rows.read(records);
            return rows;
        } catch (CsvParseException e) {
            throw new IllegalArgumentException(file + " is not a .csv file: " + printable(String.valueOf(e.getMessage()), 200), e);
        } catch (UncheckedIOException e) {
            throw named(file, e.getCause());
        } catch (IOException e) {
            throw named(file, e);
        }
    }

    /**
     * Writes a cloud without a header, each number as short as reads back to the same float32.
     *
     * @param file the file, which appears whole or not at all
     * @param cloud the points
     * @throws IOException naming the file, if it cannot be written
     */
    static void write(Path file, PointCloud cloud) throws IOException {
        try (WholeFile whole = WholeFile.create(file)) {
            try (Writer out = new BufferedWriter(new OutputStreamWriter(whole.stream(), StandardCharsets.US_ASCII), 1 << 16)) {
                float[] point = new float[cloud.dimension()];
                for (int n = 0; n < cloud.size(); n++) {
                    cloud.copyPoint(n, point, 0);
                    for (int d = 0; d < point.length; d++) {
                        if (d > 0) {
                            out.write(',');
                        }
                        out.write(Float.toString(point[d]));
                    }
                    out.write('\n');
                }
            }
            whole.commit();
        }
    }

    private static IOException named(Path file, IOException failure) {
        FileSystemException named = new FileSystemException(file.toString(), null, String.valueOf(failure.getMessage()));
        named.initCause(failure);
        return named;
    }

    /** Text from a file, fit for one line of a message. */
    private static String printable(String text, int length) {
        String line = text.replaceAll("\\p{Cntrl}", "?");
        return line.length() > length ? line.substring(0, length) + "..." : line;
    }

    /** Collects rows while they come: how many there are is known at the end only. */
    private static class Rows {

        private final Path file;
        private final Placement placement;
        private float[] values = new float[1 << 12];
        private int count;
        private int dimension;
        private long firstLine;
        private boolean fractions;
        private boolean numbered;
        private String header;

        /** Placed before they are rounded, or not where the placement is null. */
        Rows(Path file, Placement placement) {
            this.file = file;
            this.placement = placement;
        }

        void read(CsvReader<CsvRecord> records) {
            for (CsvRecord record : records) {
                if (record.getFieldCount() == 1 && record.getField(0).isBlank() && !record.getField(0).isEmpty()) {
                    continue;
                }
                if (dimension == 0) {
                    dimension = record.getFieldCount();
                    firstLine = record.getStartingLineNumber();
                    if (isHeader(record)) {
                        header = shown(record);
                        continue;
                    }
                    numbered = isNumbered(record);
                    add(record);
                    fractions = false;
                } else {
                    add(record);
                }
            }
            if (count == 0) {
                throw new IllegalArgumentException(file + " has zero rows of numbers, expected at least one");
            }
        }

        PointCloud cloud(Consumer<String> remarks) {
            PointCloud cloud = PointCloud.allocate(count / dimension, dimension);
            for (int n = 0; n < cloud.size(); n++) {
                cloud.setPoint(n, values, n * dimension);
            }
            if (header != null) {
                remarks.accept(file + ": line " + firstLine + " is taken for a header (" + header + ")");
            }
            // 0, 1 may well be the first point of a lattice, 0, 1, 2 hardly is
            if (numbered && cloud.size() > 1 && (fractions || dimension > 2)) {
                remarks
                    .accept(file + ": line " + firstLine + " is taken for a point, though it counts 0, 1, ... like the header that pandas"
                        + " writes where columns have no names; if it is one, delete it (pandas: to_csv(header=False))");
            }
            return cloud;
        }

        /** Tells whether the first line is a header, and refuses what is neither a header nor a point. */
        private boolean isHeader(CsvRecord record) {
            int numbers = 0;
            int names = 0;
            for (String cell : record.getFields()) {
                if (isName(cell)) {
                    names++;
                } else if (isNumber(cell)) {
                    numbers++;
                }
            }
            if (names == 0 || numbers > 0) {
                if (numbers < dimension) {
                    refuseSeparator(record);
                    if (dimension > 1 && record.getField(0).isBlank()) {
                        throw emptyName(0);
                    }
                }
                return false;
            }
            for (int d = 0; d < dimension; d++) {
                if (record.getField(d).isBlank()) {
                    throw emptyName(d);
                }
            }
            return true;
        }

        private IllegalArgumentException emptyName(int d) {
            return new IllegalArgumentException(file + " line " + firstLine + ", column " + (d + 1)
                + " is empty, expected a number, or a name in a header without numbers; " + (d == 0
                    ? "an index column is no coordinate (pandas leaves it out with index=False, R with row.names=FALSE)"
                    : "no line may end in a separator"));
        }

        /** A cell that names a column; what begins like a number is none, but a number with something wrong. */
        private static boolean isName(String cell) {
            String text = cell.strip();
            return !isNumber(cell) && !MISSING.contains(text.toLowerCase(Locale.ROOT)) && !text.matches("[+-]?[.,]?[0-9].*");
        }

        private static boolean isNumber(String cell) {
            return !Double.isNaN(number(cell).orElse(Double.NaN));
        }

        private boolean isNumbered(CsvRecord record) {
            for (int d = 0; d < dimension; d++) {
                if (!record.getField(d).strip().equals(Integer.toString(d))) {
                    return false;
                }
            }
            return true;
        }

        private static String shown(CsvRecord record) {
            List<String> cells = record.getFields();
            return printable(String.join(", ", cells.subList(0, Math.min(SHOWN, cells.size()))), 60)
                + (cells.size() > SHOWN ? ", ..." : "");
        }

        private void add(CsvRecord record) {
            if (record.getFieldCount() != dimension) {
                refuseSeparator(record);
                throw new IllegalArgumentException(file + " line " + record.getStartingLineNumber() + " has " + record.getFieldCount()
                    + " columns, expected " + dimension + " as in line " + firstLine);
            }
            if (placement != null && placement.origin().length != dimension) {
                throw new IllegalArgumentException(file + " has " + dimension + " columns, expected the " + placement.origin().length
                    + " that are placed");
            }
            if (count > MOST_VALUES - dimension) {
                throw new IllegalArgumentException(file + " has more than " + MOST_VALUES + " values; convert it to .npy");
            }
            if (count + dimension > values.length) {
                values = Arrays.copyOf(values, (int) Math.min(MOST_VALUES, Math.max(2L * values.length, (long) count + dimension)));
            }
            for (int d = 0; d < dimension; d++) {
                OptionalDouble number = number(record.getField(d));
                double wide = number.orElse(Double.NaN);
                float value = (float) (placement == null ? wide : placement.place(wide, d));
                if (!accept(wide, value, d)) {
                    throw noNumber(record, d, number);
                }
                fractions |= value != Math.rint(value);
                values[count++] = value;
            }
        }

        /** Whether a number is taken, which it is where it fits float32. */
        boolean accept(double wide, float value, int column) {
            return Float.isFinite(value);
        }

        private IllegalArgumentException noNumber(CsvRecord record, int d, OptionalDouble number) {
            refuseSeparator(record);
            String expected = number.isPresent() ? "a finite number of at most " + Float.MAX_VALUE + " in magnitude (float32)"
                : record.getStartingLineNumber() == firstLine && dimension > 1 ? "a number (a header has no numbers in it)" : "a number";
            String cell = record.getField(d).isBlank() ? " is empty" : " holds '" + printable(record.getField(d), 40) + "'";
            return new IllegalArgumentException(file + " line " + record.getStartingLineNumber() + ", column " + (d + 1) + cell
                + ", expected " + expected);
        }

        /** Refuses a line that makes sense with another separator than commas. */
        private void refuseSeparator(CsvRecord record) {
            String line = String.join(",", record.getFields());
            for (String separator : List.of(";", "\t", "|", " ")) {
                String[] cells = (separator.equals(" ") ? line.strip() : line).split(separator.equals(" ") ? "\\s+"
                    : Pattern.quote(separator), -1);
                boolean commas = line.indexOf(',') >= 0;
                if (cells.length > 1 && Arrays.stream(cells).allMatch(cell -> number(commas ? cell.replace(',', '.') : cell).isPresent())) {
                    String name = separator.equals("\t") ? "tabs" : separator.equals(" ") ? "spaces" : "'" + separator + "'";
                    throw new IllegalArgumentException(file + " line " + firstLine + ": the columns seem to be separated by " + name
                        + (commas ? " and the decimals by ','" : "") + ", expected ',' between columns"
                        + (commas ? " and '.' in numbers" : ""));
                }
            }
        }

        /** The number in a cell; empty if it is none. What only Java takes for a number (0x1p3, 1f) is none. */
        private static OptionalDouble number(String cell) {
            String text = cell.strip();
            if (text.isEmpty()) {
                return OptionalDouble.empty();
            }
            char last = text.charAt(text.length() - 1);
            if (last >= '0' && last <= '9' || last == '.') {
                try {
                    return text.indexOf('x') >= 0 || text.indexOf('X') >= 0 ? OptionalDouble.empty()
                        : OptionalDouble.of(Double.parseDouble(text));
                } catch (NumberFormatException e) {
                    return OptionalDouble.empty();
                }
            }
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "nan", "+nan", "-nan" -> OptionalDouble.of(Double.NaN);
                case "inf", "+inf", "infinity", "+infinity" -> OptionalDouble.of(Double.POSITIVE_INFINITY);
                case "-inf", "-infinity" -> OptionalDouble.of(Double.NEGATIVE_INFINITY);
                default -> OptionalDouble.empty();
            };
        }
    }
    /** Keeps the ranges of the columns beside the rows, which need not fit float32. */
    private static final class Ranges extends Rows {

        private double[] low = {};
        private double[] high = {};

        Ranges(Path file) {
            super(file, null);
        }

        @Override
        boolean accept(double wide, float value, int column) {
            if (column >= low.length) {
                low = Arrays.copyOf(low, column + 1);
                high = Arrays.copyOf(high, column + 1);
                low[column] = wide;
                high[column] = wide;
            }
            low[column] = Math.min(low[column], wide);
            high[column] = Math.max(high[column], wide);
            return Double.isFinite(wide);
        }
    }
}
