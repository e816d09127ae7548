package org.pontoon.cli.report;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.pontoon.engine.file.WholeFile;

/**
 * A folder with the results of one run of a command and of no other.
 *
 * <p>Beside the results lies a record, {@value #RECORD}: the command line, and the files that it wrote. The same command line may run again
 * and replaces them; another one is refused, or, told to overwrite, clears them first. Nothing that is not in the record is ever deleted or
 * replaced. Other files may lie in the folder as long as no result could have their names.
 */
public final class ResultFolder {

    /** Name of the record. */
    public static final String RECORD = "pontoon-run.txt";
    /** Description of the option that tells a command to overwrite. */
    public static final String OVERWRITE = "Clear the results of another command line that lie in the folder; nothing else goes.";

    private static final String UNFINISHED = "(unfinished)";

    private final Path directory;
    private final String command;
    private final PathMatcher results;
    /** Results of an earlier run, which are ours to delete. */
    private final Set<String> old;
    private final boolean same;

    private ResultFolder(Path directory, String command, PathMatcher results, Set<String> old, boolean same) {
        this.directory = directory;
        this.command = command;
        this.results = results;
        this.old = old;
        this.same = same;
    }

    /**
     * Checks, before long work begins, that a folder can take the results of a command, and makes it with its parents unless it exists.
     *
     * @param directory the folder
     * @param pattern glob of all names that results may have
     * @param overwrite whether the results of another command line may be cleared
     * @param console knows the command line, and the files that it names
     * @return the folder, with everything in it as it was
     * @throws BadInput if it cannot be written to, holds results of another command line or a file that is in the way, or one of the results
     *     in it is an input
     */
    public static ResultFolder claim(Path directory, String pattern, boolean overwrite, Console console) {
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        console.claimDirectory(directory);
        try {
            List<String> record = record(directory);
            Set<String> old = new TreeSet<>();
            boolean unfinished = record.contains(UNFINISHED);
            List<String> recorded = record.isEmpty() ? List.of() : record.subList(1, record.size());
            for (Path file : list(directory)) {
                String name = file.getFileName().toString();
                boolean isResult = matcher.matches(file.getFileName());
                if (isResult && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && (unfinished || recorded.contains(name))) {
                    console.requireUnnamed(file);
                    old.add(name);
                } else {
                    BadInput.unless(!isResult, "%s holds %s, which is in the way and in no record of a run (%s), expected another folder",
                        directory, name, RECORD);
                }
            }
            String command = console.commandLine();
            boolean same = record.isEmpty() || record.getFirst().equals(command);
            BadInput.unless(same || overwrite, "%s holds the results of '%s', expected another folder or --overwrite", directory,
                record.isEmpty() ? "" : record.getFirst());
            return new ResultFolder(directory, command, matcher, old, same);
        } catch (IOException e) {
            throw new BadInput("cannot use " + directory + ": " + e.getMessage(), e);
        }
    }

    /** Writes results into a folder and returns their files. */
    @FunctionalInterface
    public interface Writer {

        /**
         * Writes the results.
         *
         * @param directory where to
         * @return the files
         * @throws IOException if one cannot be written
         */
        List<Path> write(Path directory) throws IOException;
    }

    /**
     * Has the results written: those of another command line go before, what the same one had left and does not replace goes after.
     *
     * @param writer writes them
     * @return the files, as the user would name them
     * @throws IOException if a file cannot be written or deleted
     */
    public List<String> write(Writer writer) throws IOException {
        // from here on every result in the folder is known for one, even if the process is killed
        writeRecord(List.of(UNFINISHED));
        if (!same) {
            delete(old);
        }
        Set<String> names = new TreeSet<>();
        List<String> files = new ArrayList<>();
        for (Path file : writer.write(directory)) {
            if (!results.matches(file.getFileName())) {
                throw new IllegalStateException(file + " is no name of a result");
            }
            names.add(file.getFileName().toString());
            files.add(file.toString());
        }
        Set<String> left = new HashSet<>(old);
        left.removeAll(names);
        delete(left);
        writeRecord(List.copyOf(names));
        return files;
    }

    private void delete(Set<String> names) throws IOException {
        for (String name : names) {
            Files.deleteIfExists(directory.resolve(name));
        }
    }

    private void writeRecord(List<String> names) throws IOException {
        try (WholeFile file = WholeFile.create(directory.resolve(RECORD))) {
            file.stream().write((command + "\n" + String.join("\n", names) + "\n").getBytes(StandardCharsets.UTF_8));
            file.commit();
        }
    }

    /** Lines of the record, the command line first; empty if there is none. */
    private static List<String> record(Path directory) throws IOException {
        Path file = directory.resolve(RECORD);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try {
            List<String> lines = Files.readAllLines(file);
            BadInput.unless(!lines.isEmpty() && lines.getFirst().startsWith("pontoon "), "%s is no record of a run", file);
            return lines;
        } catch (MalformedInputException e) {
            throw new BadInput(file + " is no record of a run", e);
        }
    }

    private static List<Path> list(Path directory) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            files.forEach(entries::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        entries.sort(null);
        return entries;
    }
}
