package org.pontoon.cli.reproduce;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.pontoon.cli.report.Machine;
import org.pontoon.cli.report.Picture;
import org.pontoon.cli.report.Pixels;
import org.pontoon.cli.report.Table;

/** What an experiment found: tables, pictures and images under the names of their files. */
public final class Results {

    /** Glob of the names that files of results may have. */
    public static final String NAMES = "*.{md,csv,json,png,svg}";

    private final Map<String, Table> tables = new LinkedHashMap<>();
    private final Map<String, Picture> pictures = new LinkedHashMap<>();
    private final Map<String, Pixels> images = new LinkedHashMap<>();
    private final List<String> failures = new ArrayList<>();

    /** Makes empty results. */
    public Results() {
    }

    /**
     * Adds a table.
     *
     * @param name name of its files without ending
     * @param table the table
     * @return these results
     */
    public Results table(String name, Table table) {
        tables.put(name, table);
        return this;
    }

    /**
     * Adds a picture.
     *
     * @param name name of its files without ending
     * @param picture the picture
     * @return these results
     */
    public Results picture(String name, Picture picture) {
        pictures.put(name, picture);
        return this;
    }

    /**
     * Adds an image.
     *
     * @param name name of its file without ending
     * @param image the image
     * @return these results
     */
    public Results image(String name, Pixels image) {
        images.put(name, image);
        return this;
    }

    /**
     * Says that a part of the experiment failed: the rest is reported all the same, and the command fails.
     *
     * @param reason what failed, and why
     * @return these results
     */
    public Results failure(String reason) {
        failures.add(reason);
        return this;
    }

    /**
     * Returns what failed.
     *
     * @return a sentence for each part that did, mostly none
     */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /**
     * Formats all tables as Markdown.
     *
     * @return lines, without a final line end
     */
    public String markdown() {
        return String.join("\n\n", tables.values().stream().map(Table::markdown).toList());
    }

    /**
     * Returns the rows of all tables.
     *
     * @return records under the tables' names
     */
    public Map<String, Object> records() {
        Map<String, Object> records = new LinkedHashMap<>();
        tables.forEach((name, table) -> records.put(name, table.records()));
        return records;
    }

    /**
     * Writes every table as Markdown, CSV and JSON, every picture as PNG and SVG and every image as PNG.
     *
     * @param directory where to
     * @return the files
     * @throws IOException if one cannot be written
     */
    public List<Path> write(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Map.Entry<String, Table> entry : tables.entrySet()) {
            entry.getValue().note(machine()).write(directory, entry.getKey());
            for (String ending : List.of(".md", ".csv", ".json")) {
                files.add(directory.resolve(entry.getKey() + ending));
            }
        }
        for (Map.Entry<String, Picture> entry : pictures.entrySet()) {
            for (String ending : List.of(".png", ".svg")) {
                Path file = directory.resolve(entry.getKey() + ending);
                entry.getValue().write(file);
                files.add(file);
            }
        }
        for (Map.Entry<String, Pixels> entry : images.entrySet()) {
            Path file = directory.resolve(entry.getKey() + ".png");
            entry.getValue().write(file);
            files.add(file);
        }
        return files;
    }

    private static String machine() {
        Map<String, Object> machine = Machine.describe();
        return "Computed on " + machine.get("processor") + ", " + machine.get("cores") + " cores, " + machine.get("vectors") + ", Java "
            + machine.get("java") + ".";
    }
}
