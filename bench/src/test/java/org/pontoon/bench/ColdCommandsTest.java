package org.pontoon.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Turns and verdicts on processes that answer by a script; none is started. */
class ColdCommandsTest {

    private static final double TOLERANCE = 1e-3;

    private final Map<String, Deque<TimedProcess.Ended>> script = new HashMap<>();
    private final List<String> started = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    @TempDir
    private Path folder;

    private static TimedProcess.Ended ended(double seconds, String out) {
        return new TimedProcess.Ended(0, out, "", seconds, 2 * seconds);
    }

    private static String value(double value) {
        return "{\"value\": " + value + ", \"numpy\": \"9.9\"}\n";
    }

    private void answers(String command, TimedProcess.Ended... answers) {
        script.put(command, new ArrayDeque<>(List.of(answers)));
    }

    private static ColdCommands.Row row(String title, String... who) {
        List<ColdCommands.Contender> contenders = new ArrayList<>();
        for (String name : who) {
            contenders.add(new ColdCommands.Contender(name, List.of(title, name), ColdCommands::peerFound));
        }
        return new ColdCommands.Row(title, "some points", TOLERANCE, contenders, Map.of());
    }

    private Map<String, Object> run(int rounds, ColdCommands.Row... rows) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("startedBy", "the launcher");
        json.put("commandRounds", rounds);
        json.put("commands", ColdCommands.takeTurns(List.of(rows), rounds, command -> {
            String name = String.join(" ", command);
            started.add(name);
            return script.get(name).remove();
        }, line -> {
        }, failures));
        return Json.parseObject(Json.write(json));
    }

    @Test
    void everybodyTakesTurnsAndRatiosAreThoseOfARound() throws IOException {
        answers("a Pontoon", ended(1, value(5)), ended(2, value(5)), ended(1, value(5)));
        answers("a numpy", ended(3, value(5.001)), ended(6, value(5)), ended(4, value(5)));
        answers("b Pontoon", ended(.5, value(1)), ended(.5, value(1)), ended(.5, value(1)));
        String text = ColdText.text(run(3, row("a", "Pontoon", "numpy"), row("b", "Pontoon")));
        assertThat(started.subList(0, 3)).containsExactly("a Pontoon", "a numpy", "b Pontoon");
        assertThat(started).hasSize(9);
        assertThat(failures).isEmpty();
        assertThat(text).contains("| a, some points | Pontoon | 1.000 | 1.000 | 2.000 | 2.000 | 2.000 | 4.000 | | | | 5.00000 |  |",
            "|  | numpy | 4.000 | 3.000 | 6.000 | 8.000 | 6.000 | 12.000 | 3.00 | 3.00 | 4.00 | 5.00000 | 1e-03 |", "| b, some points | ",
            "Peers: numpy 9.9.", "3 rounds");
    }

    @Test
    void aPeerThatFoundSomethingElseTakesItsRowWithIt() throws IOException {
        answers("a Pontoon", ended(1, value(5)));
        answers("a numpy", ended(1, value(5.1)));
        answers("b Pontoon", ended(1, value(7)), ended(1, value(7)));
        String text = ColdText.text(run(2, row("a", "Pontoon", "numpy"), row("b", "Pontoon")));
        assertThat(failures).singleElement().asString().contains("a: numpy found 5.1, Pontoon 5.0", "within 0.001");
        assertThat(text).doesNotContain("| a, some points").contains("| b, some points");
        assertThat(started).containsExactly("a Pontoon", "a numpy", "b Pontoon", "b Pontoon");
    }

    @Test
    void aProcessThatFailsIsNamedWithItsReason() throws IOException {
        answers("a Pontoon", ended(1, value(5)));
        answers("a POT", new TimedProcess.Ended(1, "", "Traceback\nValueError: no such thing\n", 1, 1));
        answers("b Pontoon", new TimedProcess.Ended(3, value(7), "", 1, 1));
        assertThat(ColdText.text(run(2, row("a", "Pontoon", "POT"), row("b", "Pontoon")))).isEmpty();
        assertThat(failures).containsExactly("a: POT ended with 1: ValueError: no such thing", "b: Pontoon ended with 3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"value\": null}", "{\"error\": \"broken\"}", "no JSON", "{\"value\": 1"})
    void noAnswerIsNoRow(String answer) throws IOException {
        answers("a Pontoon", ended(1, answer));
        assertThat(ColdText.text(run(1, row("a", "Pontoon")))).isEmpty();
        assertThat(failures).singleElement().asString().startsWith("a: Pontoon left no answer: ");
    }

    @Test
    void notANumberIsNotOurs() throws IOException {
        answers("a Pontoon", ended(1, value(5)));
        answers("a numpy", ended(1, "{\"value\": NaN}"));
        assertThat(ColdText.text(run(1, row("a", "Pontoon", "numpy")))).isEmpty();
        assertThat(failures).hasSize(1);
    }

    @Test
    void ourOwnAnswerIsTheSameInEveryRound() throws IOException {
        answers("a Pontoon", ended(1, value(5)), ended(1, value(5.000001)));
        assertThat(ColdText.text(run(2, row("a", "Pontoon")))).isEmpty();
        assertThat(failures).singleElement().asString().contains("5.000001", "earlier round");
    }

    @Test
    void aPeerThatIsMissingIsSaidToBe() throws IOException {
        ColdCommands commands = new ColdCommands(List.of("pontoon"), List.of("no-such-python-here"), Path.of("nowhere"), folder);
        ColdCommands.Row row = commands.row(ColdCommands.Work.TRANSPORT);
        assertThat(row.contenders()).hasSize(1);
        assertThat(row.absent()).containsEntry("numpy", "no cold_transport.py");
        answers("a Pontoon", ended(1, value(5)));
        Map<String, Object> json = run(1, new ColdCommands.Row("a", "", 0, row("a", "Pontoon").contenders(), Map.of("POT",
            "no Python with ot")));
        assertThat(ColdText.absent(json)).containsExactly("Cold starts: a without POT, no Python with ot.");
        assertThat(ColdText.text(json)).contains("| | POT | left out: no Python with ot |");
    }

    @ParameterizedTest
    @EnumSource(ColdCommands.Work.class)
    void everyCommandHasItsFilesAndOneThread(ColdCommands.Work work) throws IOException {
        ColdCommands commands = new ColdCommands(List.of("pontoon"), List.of("no-such-python-here"), Path.of("nowhere"), folder);
        List<String> command = commands.row(work).contenders().getFirst().command();
        assertThat(command).startsWith("pontoon").doesNotContain("");
        if (command.size() > 2) {
            assertThat(command).containsSequence("--threads", "1").contains("--json");
            Optional<String> input = command.stream().filter(word -> word.startsWith(folder.toString())).findFirst();
            assertThat(Path.of(input.orElseThrow())).exists();
        }
    }

    @Test
    void versionsOfAPeerAreRead() throws IOException {
        ColdCommands.Found found = ColdCommands.peerFound("{\"value\": 1.5, \"pot\": \"0.9\", \"numpy\": \"2.4\"}\n");
        assertThat(found.value()).isEqualTo(1.5);
        assertThat(found.versions()).containsEntry("pot", "0.9").containsEntry("numpy", "2.4").hasSize(2);
        assertThatIOException().isThrownBy(() -> ColdCommands.peerFound("\n"));
    }

    @Test
    void launcherIsFoundFromTheRootOrTheJar() throws IOException {
        Path launcher = Files.writeString(folder.resolve("pontoon"), "");
        assertThatIllegalArgumentException().isThrownBy(() -> ColdCommands.command(folder.toString(), "x.jar")).withMessageContaining(
            "PONTOON_ROOT");
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
        assertThat(ColdCommands.command(folder.toString(), "x.jar")).containsExactly(launcher.toString());
        String jar = folder.resolve("cli").resolve("target").resolve("pontoon.jar").toString();
        assertThat(ColdCommands.command(null, jar)).containsExactly(launcher.toString());
        assertThat(ColdCommands.command(null, jar + File.pathSeparator + "other.jar")).containsExactly(launcher.toString());
    }

    @Test
    void withoutALauncherAJvmLikeThisOneRuns() {
        String jar = folder.resolve("a/b/c/d/e/pontoon.jar").toString();
        assertThat(ColdCommands.command(null, jar)).endsWith("-cp", jar, "org.pontoon.cli.Pontoon").first().asString().endsWith("java");
    }
}
