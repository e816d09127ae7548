package org.pontoon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

import org.pontoon.engine.file.ArrayDescription;
import org.pontoon.engine.file.ColumnRanges;
import org.pontoon.engine.file.NpyFile;
import org.pontoon.engine.file.NpzFile;
import org.pontoon.engine.file.Placement;
import org.pontoon.engine.file.WholeFile;
import org.pontoon.engine.memory.PointCloud;

/** Clouds in files of any kind that the command line takes, told apart by the ending of the name: .npy, .npz or .csv. */
public final class CloudFiles {

    private CloudFiles() {
    }

    /**
     * Reads a cloud of shape (N, D); an array of shape (N,) holds points on the line.
     *
     * @param file a .npy file, a .npz archive with a single array, or a .csv file with or without a header
     * @param remarks is told what a file leaves open and how it was read: a line each, without a line end
     * @return the cloud, all values finite
     * @throws IllegalArgumentException with one line that names the file, what was found and what was expected, if there is no such file, its
     *     ending is another one or its content is not a cloud
     * @throws IOException naming the file, if reading fails
     */
    public static PointCloud read(Path file, Consumer<String> remarks) throws IOException {
        return switch (Kind.of(file)) {
            case NPY -> NpyFile.readCloud(file);
            case NPZ -> NpzFile.readCloud(file);
            case CSV -> CsvFile.read(file, remarks);
        };
    }

    /** Reads a cloud whose coordinates are placed before they are rounded to float32. */
    static PointCloud read(Path file, Placement placement, Consumer<String> remarks) throws IOException {
        return switch (Kind.of(file)) {
            case NPY -> NpyFile.readCloud(file, placement);
            case NPZ -> NpzFile.readCloud(file, placement);
            case CSV -> CsvFile.read(file, placement, remarks);
        };
    }

    /** Finds the range of every column in float64. */
    static ColumnRanges readRanges(Path file) throws IOException {
        return switch (Kind.of(file)) {
            case NPY -> NpyFile.readRanges(file);
            case NPZ -> NpzFile.readRanges(file);
            case CSV -> CsvFile.readRanges(file);
        };
    }

    /** Whether every value of a file is a float32. */
    static boolean isExact(Path file) throws IOException {
        return Kind.of(file) != Kind.CSV && describe(file, remark -> {
        }).stream().allMatch(array -> array.dtype().endsWith("f4"));
    }

    /**
     * Writes a cloud as float32 of shape (N, D); in an archive it is called {@code arr_0}, as numpy calls it; .csv gets no header.
     *
     * @param file a name that ends in .npy, .npz or .csv; the file appears whole or not at all, an existing one is replaced
     * @param cloud the points
     * @throws IllegalArgumentException if the name ends differently
     * @throws IOException naming the file, if it cannot be written
     */
    public static void write(Path file, PointCloud cloud) throws IOException {
        switch (Kind.of(file)) {
            case NPY -> NpyFile.writeCloud(file, cloud);
            case NPZ -> NpzFile.writeCloud(file, "arr_0", cloud);
            case CSV -> CsvFile.write(file, cloud);
        }
    }

    /**
     * Checks, before long work begins, that {@link #write(Path, PointCloud)} would accept a file.
     *
     * @param file the file to be written later
     * @throws IllegalArgumentException if its name does not end in .npy, .npz or .csv
     * @throws IOException naming the file and what stands in the way
     */
    public static void requireWritable(Path file) throws IOException {
        Kind.of(file);
        WholeFile.requireWritable(file);
    }

    /**
     * Describes the arrays of a file: of .npy and .npz by their headers alone; a .csv file is read, its element type is {@code text}.
     *
     * @param file a .npy, .npz or .csv file
     * @param remarks is told what a file leaves open and how it was read: a line each, without a line end
     * @return one description an array
     * @throws IllegalArgumentException with one line that names the file and what is wrong
     * @throws IOException naming the file, if reading fails
     */
    public static List<ArrayDescription> describe(Path file, Consumer<String> remarks) throws IOException {
        return switch (Kind.of(file)) {
            case NPY -> List.of(NpyFile.describe(file));
            case NPZ -> NpzFile.describe(file);
            case CSV -> {
                try (PointCloud cloud = CsvFile.read(file, remarks)) {
                    yield List.of(new ArrayDescription("", "text", List.of((long) cloud.size(), (long) cloud.dimension()), false, 0));
                }
            }
        };
    }

    private enum Kind {
        NPY, NPZ, CSV;

        static Kind of(Path file) {
            String name = file.toString().toLowerCase(Locale.ROOT);
            for (Kind kind : values()) {
                if (name.endsWith("." + kind.name().toLowerCase(Locale.ROOT))) {
                    return kind;
                }
            }
            throw new IllegalArgumentException(file + " is of no known kind, expected a name that ends in .npy, .npz or .csv");
        }
    }
}
