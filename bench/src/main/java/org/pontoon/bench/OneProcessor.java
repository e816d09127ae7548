package org.pontoon.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Holds this process, and those that it starts meanwhile, on one processor. Two processes that take turns share its clock and its neighbours
 * then; left to the scheduler each may keep a core of its own, and on a virtual machine one of the two was seen a quarter slower for
 * seconds, in the same code. Threads that work at the same time must not be measured so.
 */
final class OneProcessor implements AutoCloseable {

    private final String before;

    private OneProcessor(String before) {
        this.before = before;
    }

    /**
     * Goes to the last of the processors that this process may use; stays on all of them, with a line that says so, where the system has no
     * {@code taskset}.
     *
     * @return to be closed for the way back
     */
    static OneProcessor hold() {
        String before = null;
        try {
            // prints "pid 1's current affinity list: 0,1" or "0-3"
            String answer = taskset("-pc", pid());
            String list = answer.substring(answer.lastIndexOf(' ') + 1);
            // before the threads move: if one of them ends meanwhile, taskset fails after it has moved others
            before = list;
            taskset("-apc", list.substring(Math.max(list.lastIndexOf(','), list.lastIndexOf('-')) + 1), pid());
        } catch (IOException e) {
            System.err.println("not held on one processor: " + e.getMessage());
        }
        return new OneProcessor(before);
    }

    private static String pid() {
        return Long.toString(ProcessHandle.current().pid());
    }

    private static String taskset(String... arguments) throws IOException {
        Process process = new ProcessBuilder(Stream.concat(Stream.of("taskset"), Arrays.stream(arguments)).toList())
            .redirectErrorStream(true).start();
        try (var output = process.getInputStream()) {
            String text = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new IOException(text);
            }
            return text;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        try {
            if (before != null) {
                taskset("-apc", before, pid());
            }
        } catch (IOException e) {
            System.err.println("still held on one processor: " + e.getMessage());
        }
    }
}
