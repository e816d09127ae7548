package org.pontoon.cli.report;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.pontoon.engine.file.WholeFile;

/** A table that is printed as Markdown and written as Markdown, CSV and JSON. */
public final class Table {

    private final String title;
    private final List<String> names = new ArrayList<>();
    private final List<String> formats = new ArrayList<>();
    private final List<Object[]> rows = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /**
     * Starts a table.
     *
     * @param title what stands above it
     */
    public Table(String title) {
        this.title = title;
    }

    /**
     * Adds a column.
     *
     * @param name its heading
     * @return this table
     */
    public Table column(String name) {
        return column(name, null);
    }

    /**
     * Adds a column of floating-point numbers.
     *
     * @param name its heading
     * @param format how Markdown shows its numbers, see {@link String#format}; CSV and JSON hold every digit
     * @return this table
     */
    public Table column(String name, String format) {
        names.add(name);
        formats.add(format);
        return this;
    }

    /**
     * Adds a row.
     *
     * @param cells one for each column: text, numbers, or null for nothing to be said
     * @return this table
     */
    public Table row(Object... cells) {
        if (cells.length != names.size()) {
            throw new IllegalArgumentException("row has " + cells.length + " cells, expected " + names.size());
        }
        rows.add(cells.clone());
        return this;
    }

    /**
     * Adds a sentence that stands below the table.
     *
     * @param sentence what must be known to read it
     * @return this table
     */
    public Table note(String sentence) {
        notes.add(sentence);
        return this;
    }

    /**
     * Formats the table as Markdown whose columns line up as plain text too.
     *
     * @return lines, without a final line end
     */
    public String markdown() {
        int columns = names.size();
        int[] widths = new int[columns];
        boolean[] numbers = new boolean[columns];
        List<String[]> shown = new ArrayList<>();
        for (int c = 0; c < columns; c++) {
            widths[c] = Math.max(3, width(names.get(c)));
            int column = c;
            numbers[c] = rows.stream().allMatch(row -> row[column] == null || row[column] instanceof Number);
        }
        for (Object[] row : rows) {
            String[] cells = new String[columns];
            for (int c = 0; c < columns; c++) {
                boolean formatted = row[c] instanceof Double d && Double.isFinite(d) && formats.get(c) != null;
                cells[c] = (formatted ? String.format(Locale.ROOT, formats.get(c), row[c]) : Text.of(row[c])).replace("|", "\\|");
                widths[c] = Math.max(widths[c], width(cells[c]));
            }
            shown.add(cells);
        }
        StringBuilder text = new StringBuilder();
        if (!title.isEmpty()) {
            text.append("### ").append(title).append("\n\n");
        }
        line(text, names.toArray(String[]::new), widths, numbers);
        for (int c = 0; c < columns; c++) {
            text.append(c == 0 ? "| " : " ").append("-".repeat(widths[c] - (numbers[c] ? 1 : 0))).append(numbers[c] ? ": |" : " |");
        }
        text.append('\n');
        for (String[] cells : shown) {
            line(text, cells, widths, numbers);
        }
        for (String note : notes) {
            text.append('\n').append(note).append('\n');
        }
        return text.toString().stripTrailing();
    }

    private static void line(StringBuilder text, String[] cells, int[] widths, boolean[] numbers) {
        for (int c = 0; c < cells.length; c++) {
            String space = " ".repeat(widths[c] - width(cells[c]));
            text.append(c == 0 ? "| " : " ").append(numbers[c] ? space + cells[c] : cells[c] + space).append(" |");
        }
        text.append('\n');
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }

    /**
     * Formats the table as CSV (RFC 4180) with a heading.
     *
     * @return lines that end in line feeds
     */
    public String csv() {
        StringBuilder text = new StringBuilder(String.join(",", names.stream().map(Table::csvCell).toList())).append('\n');
        for (Object[] row : rows) {
            for (int c = 0; c < row.length; c++) {
                text.append(c == 0 ? "" : ",").append(row[c] == null ? "" : csvCell(row[c].toString()));
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static String csvCell(String cell) {
        return cell.matches("[^\",\r\n]*") ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }

    /**
     * Returns the rows as maps from column names to cells.
     *
     * @return one map per row
     */
    public List<Map<String, Object>> records() {
        List<Map<String, Object>> records = new ArrayList<>();
        for (Object[] row : rows) {
            Map<String, Object> entry = new LinkedHashMap<>();
            for (int c = 0; c < row.length; c++) {
                entry.put(names.get(c), row[c]);
            }
            records.add(entry);
        }
        return records;
    }

    /**
     * Writes the table as Markdown, CSV and JSON.
     *
     * @param directory where to
     * @param name name of the files without their endings
     * @throws IOException if one cannot be written
     */
    public void write(Path directory, String name) throws IOException {
        writeText(directory.resolve(name + ".md"), markdown() + "\n");
        writeText(directory.resolve(name + ".csv"), csv());
        writeText(directory.resolve(name + ".json"), Json.of(records()) + "\n");
    }

    private static void writeText(Path file, String text) throws IOException {
        try (WholeFile whole = WholeFile.create(file)) {
            OutputStream out = whole.stream();
            out.write(text.getBytes(StandardCharsets.UTF_8));
            whole.commit();
        }
    }
}
