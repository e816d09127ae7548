package org.pontoon.cli.report;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.pontoon.engine.file.WholeFile;

/**
 * Where a command speaks: results to standard output, everything else to standard error.
 *
 * <p>With {@code --json} standard output carries exactly one JSON object; with {@code --quiet} progress and remarks are left out,
 * results never.
 */
public final class Console {

    /** Options that change how a command runs, and not what it finds. */
    private static final Set<String> MANNERS = Set.of("--json", "--quiet", "--overwrite");

    private final PrintStream out;
    private final PrintStream err;
    private final boolean terminal;
    private final Set<Path> outputDirectories = ConcurrentHashMap.newKeySet();
    private final List<NamedFile> namedFiles = new ArrayList<>();
    private String commandLine = "pontoon";
    private volatile boolean interrupted;
    private boolean json;
    private boolean quiet;

    /** A file as the user names it, and what the command calls it: an option or a parameter. */
    private record NamedFile(String role, Path file) {
    }

    /**
     * Makes a console.
     *
     * @param out results
     * @param err messages and progress
     * @param terminal whether err is a terminal, on which a line can be overwritten
     */
    public Console(PrintStream out, PrintStream err, boolean terminal) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
    }

    /**
     * Tells whether the process's standard error is a terminal.
     *
     * @return true if it is
     */
    public static boolean isErrorTerminal() {
        // Java only tells about standard input and output together; Linux tells about each stream.
        Path stream = Path.of("/proc/self/fd/2");
        try {
            String target = Files.readSymbolicLink(stream).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            java.io.Console console = System.console();
            return console != null && console.isTerminal();
        }
    }

    /**
     * Sets what the common options ask for.
     *
     * @param onlyJson one JSON object on standard output
     * @param onlyErrors no progress and no remarks
     */
    public void use(boolean onlyJson, boolean onlyErrors) {
        this.json = onlyJson;
        this.quiet = onlyErrors;
    }

    /**
     * Returns the stream for results, for commands whose result is a text of its own.
     *
     * @return standard output
     */
    public PrintStream out() {
        return out;
    }

    /**
     * Prints a command's result: as JSON, or as one line per entry.
     *
     * @param result names in camel case and values: numbers, texts, booleans, lists and maps of them
     */
    public void report(Map<String, ?> result) {
        if (json) {
            out.println(Json.of(result));
        } else {
            int width = result.keySet().stream().mapToInt(name -> words(name).length()).max().orElse(0);
            result.forEach((name, value) -> out.println(words(name) + " ".repeat(width - words(name).length() + 2) + Text.of(value)));
        }
        out.flush();
    }

    /**
     * Prints a result that has a form of its own for people: JSON with {@code --json}, else the text.
     *
     * @param result for {@code --json}
     * @param text for people, lines without a final line end
     */
    public void report(Map<String, ?> result, String text) {
        if (json) {
            out.println(Json.of(result));
        } else {
            out.println(text);
        }
        out.flush();
    }

    /**
     * Prints a remark on standard error.
     *
     * @param line the remark
     */
    public void remark(String line) {
        if (!quiet) {
            err.println(line);
        }
    }

    /**
     * Prints the one line that says why the command fails.
     *
     * @param message the reason; line breaks in it become spaces
     */
    public void error(String message) {
        err.println("pontoon: " + message.strip().replaceAll("\\s*\\R\\s*", " "));
        err.flush();
    }

    /**
     * Begins to show the progress of one piece of work.
     *
     * @param activity what is done, one or two words
     * @return what the work reports to; close it when the work ends. It cancels the work once the user has interrupted the command
     */
    public ProgressBar progress(String activity) {
        return new ProgressBar(activity, quiet ? null : err, terminal, () -> interrupted, true);
    }

    /**
     * Begins to show iterations that end when a tolerance is met, before their largest number.
     *
     * @param activity what is done
     * @return to be told of iterations, and to be closed
     */
    public ProgressBar iterations(String activity) {
        return new ProgressBar(activity, quiet ? null : err, terminal, () -> interrupted, false);
    }

    /**
     * Takes note of a file that the command line names, input or output: an output may be none of the others.
     *
     * @param role the option or parameter that names it
     * @param file the file, whether or not it exists
     */
    public void name(String role, Path file) {
        namedFiles.add(new NamedFile(role, file));
    }

    /**
     * Takes note of the command line.
     *
     * @param words the words after {@code pontoon}
     */
    public void command(List<String> words) {
        StringBuilder line = new StringBuilder("pontoon");
        for (Iterator<String> i = words.iterator(); i.hasNext();) {
            String word = i.next();
            if (word.equals("--threads") && i.hasNext()) {
                i.next();
            } else if (!word.startsWith("--threads=") && !MANNERS.contains(word)) {
                String plain = word.replaceAll("\\p{Cntrl}", "?");
                line.append(' ').append(plain.matches("[^\\s'\"\\\\$`*?;&|<>()#!{}~]+") ? plain : "'" + plain.replace("'", "'\\''") + "'");
            }
        }
        commandLine = line.toString();
    }

    /** The command line as a shell takes it, without what says nothing about its results. */
    String commandLine() {
        return commandLine;
    }

    /**
     * Checks, before long work begins, that an output can be written and is no other file that the command line names, and sees to it that
     * nothing half-written stays in its directory when the command is interrupted.
     *
     * @param file the output
     * @return the same name
     * @throws BadInput if it cannot be written, or is the file of an input or of another output under whatever name
     */
    public Path claim(Path file) {
        requireOwn(file);
        try {
            WholeFile.requireWritable(file);
        } catch (IOException e) {
            throw new BadInput("cannot write " + e.getMessage(), e);
        }
        outputDirectories.add(file.toAbsolutePath().getParent());
        return file;
    }

    private void requireOwn(Path output) {
        List<NamedFile> same = namesOf(output);
        if (same.size() > 1) {
            throw new BadInput(same.get(0).role + " and " + same.get(1).role + " are the same file " + output
                + ", expected an output of its own");
        }
        if (!same.isEmpty() && !same.getFirst().file.equals(output)) {
            requireUnnamed(output);
        }
    }

    /** Refuses to replace a file that the command line names. */
    void requireUnnamed(Path output) {
        for (NamedFile named : namesOf(output)) {
            throw new BadInput(named.role + " is " + output + ", which the results would replace");
        }
    }

    private List<NamedFile> namesOf(Path file) {
        return namedFiles.stream().filter(named -> isSame(named.file, file)).toList();
    }

    /** Tells whether two names lead to one file: by links of any kind, by another case, or where neither exists yet. */
    private static boolean isSame(Path a, Path b) {
        try {
            if (Files.exists(a) || Files.exists(b)) {
                return Files.exists(a) && Files.exists(b) && Files.isSameFile(a, b);
            }
            return a.getFileName() != null && b.getFileName() != null
            // some file systems tell cases apart; names of two outputs that differ in nothing else are a slip there
                && a.getFileName().toString().equalsIgnoreCase(b.getFileName().toString()) && parent(a).equals(parent(b));
        } catch (IOException e) {
            return a.toAbsolutePath().normalize().equals(b.toAbsolutePath().normalize());
        }
    }

    private static Path parent(Path file) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        return Files.exists(parent) ? parent.toRealPath() : parent.normalize();
    }

    /** Makes a directory for outputs, with its parents, unless it exists. */
    void claimDirectory(Path directory) {
        BadInput.unless(!Files.exists(directory) || Files.isDirectory(directory), "%s is a file, expected a directory", directory);
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new BadInput("cannot make directory " + directory + ": " + e.getMessage(), e);
        }
        claim(directory.resolve(ResultFolder.RECORD));
    }

    /** Asks running work to stop: for a shutdown hook. */
    public void interrupt() {
        interrupted = true;
    }

    /**
     * Throws if the user has interrupted the command.
     *
     * @throws Interrupted if so
     */
    public void checkInterrupted() {
        if (interrupted) {
            throw new Interrupted("interrupted");
        }
    }

    /** Removes what is half-written in the directories of all outputs: for a shutdown hook. */
    public void discardUnfinished() {
        for (Path directory : outputDirectories) {
            try {
                WholeFile.discardUnfinished(directory);
            } catch (IOException e) {
                error("cannot clean up " + directory + ": " + e.getMessage());
            }
        }
    }

    /** {@code secondsPerStep} becomes {@code seconds per step}. */
    private static String words(String camelCase) {
        return camelCase.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(java.util.Locale.ROOT);
    }
}
