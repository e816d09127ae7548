package org.pontoon.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs whole processes by the shell's clock: bash's {@code time} knows the processor time of a process and of all that it started, which
 * Java does not tell of a process that has ended.
 */
final class TimedProcess {

    private static final long MOST_MINUTES = 5;
    /** Writes seconds, user and system time into the file that is the first argument, to the millisecond. */
    private static final String SCRIPT = "TIMEFORMAT='%3R %3U %3S'; times=$1; shift; { time \"$@\" 2>&3 3>&-; } 3>&2 2>\"$times\"";
    /** Some locales have a decimal comma. */
    private static final Pattern TIMES = Pattern.compile("(\\d+)[.,](\\d+) (\\d+)[.,](\\d+) (\\d+)[.,](\\d+)\\s*$");

    private TimedProcess() {
    }

    /**
     * A process that has ended.
     *
     * @param code its exit code
     * @param out what it printed
     * @param err what it printed on standard error
     * @param seconds from its start to its end
     * @param processorSeconds of all its threads, and of the processes that it started, in user and system mode
     */
    record Ended(int code, String out, String err, double seconds, double processorSeconds) {

        /** The last line that it printed on standard error, empty if there is none. */
        String lastError() {
            return err.lines().filter(line -> !line.isBlank()).reduce("", (first, second) -> second).strip();
        }
    }

    /**
     * Runs a process to its end.
     *
     * @param command program and arguments
     * @param scratch a folder for what it prints
     * @return how it ended
     * @throws IOException if there is no bash, or the process did not end in some minutes
     */
    static Ended run(List<String> command, Path scratch) throws IOException {
        Path out = scratch.resolve("out");
        Path err = scratch.resolve("err");
        Path times = scratch.resolve("times");
        List<String> line = new ArrayList<>(List.of("bash", "-c", SCRIPT, "bash", times.toString()));
        line.addAll(command);
        Process process = new ProcessBuilder(line).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        process.getOutputStream().close();
        try {
            if (!process.waitFor(MOST_MINUTES, TimeUnit.MINUTES)) {
                throw new IOException(command.getFirst() + " did not end within " + MOST_MINUTES + " minutes");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(command.getFirst() + " was interrupted", e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
        double[] seconds = times(Files.readString(times, StandardCharsets.UTF_8));
        return new Ended(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8),
            seconds[0], seconds[1] + seconds[2]);
    }

    /** Seconds, user and system time from what bash wrote, whatever stands before it. */
    static double[] times(String text) {
        Matcher matcher = TIMES.matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException(
                String.format(Locale.ROOT, "bash timed a process by '%s', expected three numbers", text.strip()));
        }
        double[] seconds = new double[3];
        for (int k = 0; k < seconds.length; k++) {
            seconds[k] = Double.parseDouble(matcher.group(2 * k + 1) + "." + matcher.group(2 * k + 2));
        }
        return seconds;
    }
}
