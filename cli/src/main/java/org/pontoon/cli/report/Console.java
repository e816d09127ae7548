package org.pontoon.cli.report;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private final PrintStream out;
    private final PrintStream err;
    private final boolean terminal;
    private final Set<Path> outputDirectories = ConcurrentHashMap.newKeySet();
    private volatile boolean interrupted;
    private boolean json;
    private boolean quiet;

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
     * Checks, before long work begins, that an output can be written, and sees to it that nothing half-written stays in its directory when
     * the command is interrupted.
     *
     * @param file the output
     * @return the same name
     * @throws BadInput if it cannot be written
     */
    public Path claim(Path file) {
        try {
            WholeFile.requireWritable(file);
        } catch (IOException e) {
            throw new BadInput("cannot write " + e.getMessage(), e);
        }
        outputDirectories.add(file.toAbsolutePath().getParent());
        return file;
    }

    /**
     * Makes a directory for outputs, with its parents, unless it exists.
     *
     * @param directory the directory
     * @return the same name
     * @throws BadInput if it cannot be made or written to
     */
    public Path claimDirectory(Path directory) {
        BadInput.unless(!Files.exists(directory) || Files.isDirectory(directory), "%s is a file, expected a directory", directory);
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new BadInput("cannot make directory " + directory + ": " + e.getMessage(), e);
        }
        claim(directory.resolve(".pontoon-probe"));
        return directory;
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
