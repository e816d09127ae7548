package org.pontoon.bench;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * What somebody waits for who has nothing running yet: whole commands in turn with Python as whole processes ({@link ColdCommands}), and
 * first calls of the engine in fresh JVMs ({@link FirstCalls}).
 *
 * <p>Options: {@code --quick}, {@code --include REGEX}, {@code --rounds N} of both, {@code --python COMMAND}, {@code --peers DIR},
 * {@code --out DIR} for {@code cold.json}. The environment variable PONTOON_ROOT names the folder of the launcher that is to be measured.
 */
public final class ColdStarts {

    private static final int COMMAND_ROUNDS = 9;
    private static final int CALL_ROUNDS = 5;
    private static final int BRIEF_ROUNDS = 3;
    private static final String COMMANDS = "ColdStarts.";
    private static final String CALLS = "FirstCalls.";

    private ColdStarts() {
    }

    /**
     * What to run.
     *
     * @param brief whether three rounds of less do
     * @param include what a name must contain, as in {@code ColdStarts.distance sliced} or {@code FirstCalls.Sinkhorn, 1,000}
     * @param rounds in place of the usual ones, 0 for those
     * @param pythons commands to try for Python
     * @param peers folder of the peers
     */
    record Request(boolean brief, Pattern include, int rounds, List<String> pythons, Path peers) {

        /** The usual peers. */
        static Request of(boolean brief, Pattern include) {
            return new Request(brief, include, 0, List.of("python3", "/usr/bin/python3"), Path.of("bench", "peers"));
        }

        /** Commands that are to be run. */
        List<ColdCommands.Work> commands() {
            return List.of(ColdCommands.Work.values()).stream().filter(work -> !brief || work.brief()).filter(work -> include.matcher(
                COMMANDS + work.title()).find()).toList();
        }

        /** First calls that are to be made. */
        List<FirstCalls.Cell> calls() {
            return FirstCalls.cells(brief).stream().filter(cell -> include.matcher(CALLS + cell).find()).toList();
        }

        private int commandRounds() {
            return rounds > 0 ? rounds : brief ? BRIEF_ROUNDS : COMMAND_ROUNDS;
        }

        private int callRounds() {
            return rounds > 0 ? rounds : brief ? BRIEF_ROUNDS : CALL_ROUNDS;
        }

        /** How many there are of both. */
        int count() {
            return commands().size() + calls().size();
        }

        /** How long they take, about. */
        double seconds() {
            return commandRounds() * commands().stream().mapToDouble(ColdCommands.Work::seconds).sum()
                + callRounds() * calls().stream().mapToDouble(FirstCalls.Cell::seconds).sum();
        }
    }

    /**
     * What came of it.
     *
     * @param json all that was measured
     * @param failures what failed, or found a wrong answer, and why
     */
    record Outcome(Map<String, Object> json, List<String> failures) {
    }

    /**
     * Runs commands and first calls.
     *
     * @param request what to run
     * @param log hears of every round
     * @return all times
     * @throws IOException if no process can be started, or the input cannot be written
     */
    static Outcome run(Request request, Consumer<String> log) throws IOException {
        Path folder = Files.createTempDirectory("pontoon-cold");
        try {
            Path scratch = Files.createDirectory(folder.resolve("scratch"));
            List<String> failures = new ArrayList<>();
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("quick", request.brief());
            json.put("commandRounds", request.commandRounds());
            json.put("callRounds", request.callRounds());
            List<Map<String, Object>> commands = List.of();
            if (!request.commands().isEmpty()) {
                List<String> pontoon = ColdCommands.command(System.getenv("PONTOON_ROOT"), System.getProperty("java.class.path"));
                json.put("startedBy", pontoon.size() == 1 ? "the launcher" : "java");
                // a launcher may want to build first
                TimedProcess.run(append(pontoon, "--version"), scratch);
                ColdCommands all = new ColdCommands(pontoon, request.pythons(), request.peers(), folder);
                List<ColdCommands.Row> rows = new ArrayList<>();
                for (ColdCommands.Work work : request.commands()) {
                    rows.add(all.row(work));
                }
                commands = ColdCommands.takeTurns(rows, request.commandRounds(), command -> TimedProcess.run(command, scratch), log,
                    failures);
            }
            json.put("commands", commands);
            json.put("calls", FirstCalls.takeTurns(request.calls(), request.calls().isEmpty() ? 0 : request.callRounds(), FirstCalls
                .starter(scratch), log, failures));
            return new Outcome(json, failures);
        } finally {
            delete(folder);
        }
    }

    private static List<String> append(List<String> command, String argument) {
        List<String> all = new ArrayList<>(command);
        all.add(argument);
        return all;
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /**
     * Runs the suite from the command line and prints its tables.
     *
     * @param args options
     * @throws IOException if no process can be started, or a file cannot be written
     * @throws IllegalArgumentException if an option is unknown
     */
    public static void main(String[] args) throws IOException {
        Map<String, String> values = new LinkedHashMap<>(Map.of("--include", "", "--rounds", "0", "--python", "python3", "--peers",
            "bench/peers", "--out", ""));
        boolean brief = false;
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--quick")) {
                brief = true;
            } else if (i + 1 == args.length || !values.containsKey(args[i])) {
                throw new IllegalArgumentException("unknown option " + args[i] + ", expected --quick, or one of " + values.keySet()
                    + " with a value");
            } else {
                values.put(args[i], args[++i]);
            }
        }
        Outcome outcome = run(new Request(brief, Pattern.compile(values.get("--include")), Integer.parseInt(values.get("--rounds")), List
            .of(values.get("--python"), "/usr/bin/python3"), Path.of(values.get("--peers"))), System.err::println);
        System.out.print(ColdText.text(outcome.json()));
        outcome.failures().forEach(failure -> System.err.println("FAILED: " + failure));
        if (!values.get("--out").isEmpty()) {
            Files.writeString(Files.createDirectories(Path.of(values.get("--out"))).resolve("cold.json"), Json.write(outcome.json()));
        }
        if (!outcome.failures().isEmpty()) {
            System.exit(1);
        }
    }
}
