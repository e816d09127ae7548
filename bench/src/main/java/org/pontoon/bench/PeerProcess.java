package org.pontoon.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A Python peer that waits for requests: one line of JSON in, one line out. */
final class PeerProcess implements AutoCloseable {

    private final String name;
    private final Process process;
    private final BufferedWriter requests;
    private final BufferedReader answers;

    /**
     * Starts a peer.
     *
     * @param name what errors call it
     * @param command interpreter, script and options
     * @throws IOException if it does not start
     */
    PeerProcess(String name, List<String> command) throws IOException {
        this.name = name;
        this.process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        this.requests = process.outputWriter();
        this.answers = process.inputReader();
    }

    /**
     * Looks for a Python that has a module.
     *
     * @param candidates commands, in order of preference
     * @param module module to import
     * @return the first that has it
     */
    static Optional<String> python(List<String> candidates, String module) {
        for (String candidate : candidates) {
            try {
                Process probe = new ProcessBuilder(candidate, "-c", "import " + module).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
                if (probe.waitFor(60, TimeUnit.SECONDS) && probe.exitValue() == 0) {
                    return Optional.of(candidate);
                }
                probe.destroy();
            } catch (IOException e) {
                // no such command: try the next
                continue;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** The command of a peer on two clouds. */
    static List<String> command(String python, Path script, List<String> options, Path source, Path target, int components, int batch,
            double epsilon) {
        List<String> command = new ArrayList<>(
            List.of(python, script.toString(), "--source", source.toString(), "--target", target.toString(),
                "--components", Integer.toString(components), "--batch", Integer.toString(batch), "--epsilon", Double.toString(epsilon),
                "--serve"));
        command.addAll(options);
        return command;
    }

    /**
     * Has it fit.
     *
     * @param steps number of steps
     * @param seed chooses its minibatches
     * @return what it answered
     * @throws IOException if it ended, answered with an error or with no JSON
     */
    Map<String, Object> fit(int steps, long seed) throws IOException {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("steps", steps);
        request.put("seed", seed);
        return ask(request, List.of("steps", "secondsPerStep", "objective"));
    }

    /**
     * Sends a request.
     *
     * @param request what to do
     * @param numbers fields of the answer that must be numbers
     * @return what it answered
     * @throws IOException if it ended, answered with an error or with no JSON
     */
    Map<String, Object> ask(Map<String, Object> request, List<String> numbers) throws IOException {
        requests.write(Json.line(request));
        requests.newLine();
        requests.flush();
        return answer(name, answers.readLine(), numbers);
    }

    /** Reads an answer. */
    static Map<String, Object> answer(String name, String line, List<String> numbers) throws IOException {
        if (line == null) {
            throw new IOException(name + " ended without an answer");
        }
        Map<String, Object> answer;
        try {
            answer = Json.parseObject(line);
        } catch (IllegalArgumentException e) {
            throw new IOException(name + " answered '" + line + "': " + e.getMessage(), e);
        }
        if (answer.containsKey("error")) {
            throw new IOException(name + ": " + answer.get("error"));
        }
        for (String field : numbers) {
            if (!(answer.get(field) instanceof Double)) {
                throw new IOException(name + " answered without a number for " + field + ": " + line);
            }
        }
        return answer;
    }

    /** Lets it end. */
    @Override
    public void close() {
        try {
            requests.close();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroy();
            }
        } catch (IOException e) {
            process.destroy();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
    }
}
